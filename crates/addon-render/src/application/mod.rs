//! The Application of an addon: the template, then the namespaces, the resources and a policy that KubeVela adds.
//!
//! The order is that of kubevela 5a44b5f10 `RenderApp`: framework, namespaces, YAML objects as one component, CUE resources one
//! by one, the topology policy of old addons. Name, namespace and three labels are KubeVela's own, whatever the template says.

mod component;
mod frozen;
mod making;
pub(crate) mod shape;
mod template;
mod topology;

pub(crate) use frozen::Frozen;
pub(crate) use making::Making;

use crate::SYSTEM_NAMESPACE;
use crate::failure::{Fault, Stage, Step};
use crate::object;
use crate::rendered::{Application, Auxiliary, ComponentSource};
use crate::renderer::Extent;
use crate::tree::{self, text_at};
use addon_model::{Addon, Element, YamlFile};
use goyaml::{Data, Tree};
use shape::Keys;
use source_vocab::{Diagnostic, Span};

/// The label that names the addon of an object.
pub(crate) const LABEL_NAME: &str = "addons.oam.dev/name";
/// The label that names the addon's version.
pub(crate) const LABEL_VERSION: &str = "addons.oam.dev/version";
/// The label that names the registry that the addon is installed from.
const LABEL_REGISTRY: &str = "addons.oam.dev/registry";
/// The name KubeVela gives to the directory that an addon is enabled from.
const LOCAL_REGISTRY: &str = "local";

/// Makes the Application and the objects of the template's `outputs`.
pub(crate) fn make(making: &mut Making<'_>) -> Step<(Application, Vec<Auxiliary>)> {
    let within = |fault: Fault| fault.within("render addon application fail: ");
    assemble(making).map_err(within)
}

fn assemble(making: &mut Making<'_>) -> Step<(Application, Vec<Auxiliary>)> {
    let (mut object, auxiliary) = framework(making)?;
    let components = tree::slot(tree::slot(&mut object, "spec"), "components");
    let mut sources = vec![ComponentSource::Template; components.items().len()];
    let mut added = namespaces(making.addon);
    sources.resize(sources.len() + added.len(), ComponentSource::Namespace);
    if let Some(objects) = objects(making)? {
        added.push(objects);
        sources.push(ComponentSource::Objects);
    }
    for file in making.addon.resources.iter().filter_map(Element::as_cue) {
        if let Some(made) = component::make(making, file)? {
            added.push(made);
            sources.push(ComponentSource::Resource(file.path.clone()));
        }
    }
    match &mut components.data {
        Data::List(items) => items.append(&mut added),
        // nothing appended to no list is still no list
        _ if added.is_empty() => {}
        data => *data = Data::List(added),
    }
    topology::attach(making, &mut object)?;
    let registry = [(LABEL_REGISTRY, LOCAL_REGISTRY, Span::DETACHED)];
    object::set_labels(&mut object, registry);
    let application = Application {
        object,
        components: sources,
    };
    Ok((application, auxiliary))
}

/// The template with KubeVela's name, namespace and labels (`generateAppFramework`).
fn framework(making: &mut Making<'_>) -> Step<(Tree, Vec<Auxiliary>)> {
    let addon = making.addon;
    let (mut object, mut auxiliary) = match (making.cue_template(), &addon.template_yaml) {
        (Some(cue), Some(yaml)) => {
            let message = "the addon has both `template.cue` and `template.yaml`, one is expected";
            let found =
                Diagnostic::error("render/two-templates", message, cue.source.span().start())
                    .label(yaml.file.source.span().start(), "the other template")
                    .help("remove one of the two");
            let said = "yaml and cue app template are exist in addon, should only keep one of them";
            return Err(Fault::new(Stage::Application, said, vec![found]));
        }
        (Some(_), None) => template::render(making)?,
        (None, Some(yaml)) => (from_yaml(yaml, making.warnings)?, Vec::new()),
        (None, None) => (empty(making)?, Vec::new()),
    };
    if making.cue_template().is_none() {
        let components = tree::slot(tree::slot(&mut object, "spec"), "components");
        if components.data == Data::Null {
            components.data = Data::List(Vec::new());
        }
    }
    warn_of_other_kind(making, &object);
    own_name(making, &mut object);
    let meta = addon.meta();
    let labels = [
        (LABEL_NAME, meta.name.as_str(), meta.name.span),
        (LABEL_VERSION, meta.version.as_str(), meta.version.span),
    ];
    object::set_labels(&mut object, labels);
    for made in &mut auxiliary {
        object::set_labels(&mut made.object, labels);
    }
    Ok((object, auxiliary))
}

/// The Application of an addon without a template.
fn empty(making: &mut Making<'_>) -> Step<Tree> {
    let detached = |text: &str| tree::text(text, Span::DETACHED);
    let bare = tree::map([
        ("apiVersion", detached("core.oam.dev/v1beta1")),
        ("kind", detached("Application")),
    ]);
    shape::application(&bare, Keys::Exact, making.warnings)
        .map_err(|found| Fault::new(Stage::Application, "", vec![*found]))
}

/// `template.yaml` under its type. It was read once before, when the addon was loaded.
fn from_yaml(yaml: &YamlFile, warnings: &mut Vec<Diagnostic>) -> Step<Tree> {
    let root = object::root(yaml);
    root.and_then(|root| shape::application(&root, Keys::Exact, warnings))
        .map_err(|found| Fault::new(Stage::Read, "", vec![*found]))
}

/// Whatever the template says it is, KubeVela applies it under that name.
fn warn_of_other_kind(making: &mut Making<'_>, object: &Tree) {
    let (kind, version) = (text_at(object, "kind"), text_at(object, "apiVersion"));
    if kind == "Application" && version.starts_with("core.oam.dev/") {
        return;
    }
    let place = object
        .get("kind")
        .or_else(|| object.get("apiVersion"))
        .map_or(object.span.start(), |found| found.span);
    let message = format!(
        "the template is a `{kind}` of `{version}`, an `Application` of `core.oam.dev/v1beta1` is expected"
    );
    let found = Diagnostic::warning("render/not-an-application", message, place)
        .note("KubeVela applies it all the same, and nothing comes of it");
    making.warnings.push(found);
}

/// Overwrites name and namespace, and says so when the template has others.
fn own_name(making: &mut Making<'_>, object: &mut Tree) {
    let meta = making.addon.meta();
    let name = format!("addon-{}", meta.name.value);
    let metadata = tree::slot(object, "metadata");
    for (key, own) in [("name", name.as_str()), ("namespace", SYSTEM_NAMESPACE)] {
        let written = metadata.get(key);
        if let Some(written) = written
            && text_at(metadata, key) != own
            && !text_at(metadata, key).is_empty()
        {
            let message = format!(
                "the `metadata.{key}` of the template is `{}`, KubeVela makes it `{own}`",
                text_at(metadata, key)
            );
            let found = Diagnostic::warning("render/overwritten", message, written.span)
                .help(format!("remove `metadata.{key}` from the template"));
            making.warnings.push(found);
        }
        let place = if key == "name" {
            meta.name.span
        } else {
            Span::DETACHED
        };
        tree::set(metadata, key, tree::text(own, place));
    }
}

/// A component for each namespace of `needNamespace` (`renderNeededNamespaceAsComps`).
fn namespaces(addon: &Addon) -> Vec<Tree> {
    let detached = |text: &str| tree::text(text, Span::DETACHED);
    let needed = addon.meta().need_namespace.iter();
    needed
        .filter(|namespace| namespace.value != SYSTEM_NAMESPACE)
        .map(|namespace| {
            let name = tree::text(namespace.as_str(), namespace.span);
            let properties = tree::map([
                ("apiVersion", detached("v1")),
                ("kind", detached("Namespace")),
                ("metadata", tree::map([("name", name)])),
            ]);
            let name = format!("{}-namespace", namespace.value);
            tree::map([
                ("name", tree::text(name, namespace.span)),
                ("properties", properties),
                ("type", detached("raw")),
            ])
        })
        .collect()
}

/// All YAML resources as one component (`renderK8sObjectsComponent`); `None` without any.
fn objects(making: &mut Making<'_>) -> Step<Option<Tree>> {
    let mut objects = Vec::new();
    let files = making.addon.resources.iter().filter_map(Element::as_yaml);
    let has_files = files.clone().next().is_some();
    for yaml in files.filter(|_| making.extent == Extent::Whole) {
        let made = object::read(yaml, making.warnings).map_err(|found| {
            let name = yaml.file.name();
            let said =
                format!("render components from yaml template: render resource file {name}: ");
            Fault::new(Stage::Application, said, vec![*found])
        })?;
        objects.push(made);
    }
    if !has_files {
        return Ok(None);
    }
    let name = &making.addon.meta().name;
    let text = format!("{}-resources", name.value);
    Ok(Some(tree::map([
        ("name", tree::text(text, name.span)),
        ("properties", tree::map([("objects", tree::list(objects))])),
        ("type", tree::text("k8s-objects", Span::DETACHED)),
    ])))
}
