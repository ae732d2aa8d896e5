//! All of an addon that a change can be seen in, as a value of its own.
//!
//! What KubeVela writes the addon's version into (the label `addons.oam.dev/version`) is left out, so that a version step
//! alone changes nothing.

use crate::object::{self, ObjectsOfCase};
use addon_check::Proof;
use addon_check::proof::CaseName;
use addon_model::{Addon, Element, TextFile};
use addon_render::definition::schema;
use cue_engine::syntax::ast;
use goyaml::Value;
use indexmap::IndexMap;
use source_vocab::{Place, Span, VPath};

/// An addon at one version.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// Its version as written; empty when it has none.
    pub version: String,
    /// Where the version is written.
    pub version_place: Place,
    /// The schema of its parameters; `None` when there is none to be had, as of parameters that do not evaluate.
    pub parameters: Option<Value>,
    /// Where each parameter is declared, by its path.
    pub(crate) declared: IndexMap<Vec<String>, Place>,
    /// Its definitions, by kind and name.
    pub definitions: IndexMap<(String, String), Definition>,
    /// What it applies with its defaults and with each example that renders.
    pub(crate) cases: IndexMap<String, ObjectsOfCase>,
    /// What it needs from the cluster, and other addons, with their constraints.
    pub(crate) requirements: IndexMap<String, (String, Place)>,
    /// The texts of its files, `metadata.yaml` without the version.
    pub(crate) files: IndexMap<VPath, String>,
}

/// A definition that an addon brings.
#[derive(Clone, Debug)]
pub struct Definition {
    /// `spec.version`; empty when it has none.
    pub version: String,
    /// The schema of its parameters, if there is one.
    pub parameters: Option<Value>,
    /// The object.
    pub object: Value,
    /// Where it stands.
    pub place: Place,
    pub(crate) declared: IndexMap<Vec<String>, Place>,
}

/// What makes two objects the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// The API group; empty for the core.
    pub group: String,
    /// `kind`.
    pub kind: String,
    /// The namespace it lands in; empty where none is said.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
}

/// An object, and who holds it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The component that it belongs to; `None` for one that is applied beside the Application.
    pub component: Option<String>,
    /// The object.
    pub object: Value,
    /// Where it stands.
    pub place: Place,
}

impl Snapshot {
    /// Takes what counts out of an addon that was rendered. Needs a stack of [`cue_engine::Budget::STACK`] bytes.
    pub fn of(proof: &Proof<'_>) -> Self {
        let addon = proof.addon();
        let meta = addon.meta();
        let mut declared = IndexMap::new();
        let parameters = match addon.effective_parameter() {
            Some(file) => {
                let parsed = cue_engine::syntax::parse(&file.source);
                declare_all(&parsed.file, &mut declared);
                schema::of_file(proof.session(), &file.source).value
            }
            None => Some(Value::Map(goyaml::Map::new())),
        };
        let file = Place::Path(addon.tree.root.child("metadata.yaml"));
        let version_place = place_of(meta.version.span, &file);
        let definitions = proof.definitions().iter().map(|known| {
            let mut declared = IndexMap::new();
            let mut parameters = None;
            if let Some(template) = &known.template {
                declare_all(template, &mut declared);
                parameters = schema::of_template(proof.session(), template.clone()).value;
            }
            let object = object::without_version(known.object.clone());
            let version = crate::immutable::at(&object, "spec.version").and_then(Value::as_str);
            let made = Definition {
                version: version.unwrap_or_default().to_owned(),
                parameters,
                place: place_of(known.span, &file),
                object,
                declared,
            };
            ((known.kind.word().to_owned(), known.name.clone()), made)
        });
        let mut cases = IndexMap::new();
        for (at, case) in proof.cases().iter().enumerate() {
            let is_meant = !matches!(case.name, CaseName::Arguments(_));
            if is_meant && case.renders() {
                cases.insert(case.name.to_string(), object::of_case(proof, at));
            }
        }
        Self {
            name: meta.name.value.clone(),
            version: meta.version.value.clone(),
            version_place,
            parameters,
            declared,
            definitions: definitions.collect(),
            cases,
            requirements: requirements(addon, &file),
            files: files(proof),
        }
    }

    /// Whether it could be rendered in any case that its author wrote.
    pub fn is_rendered(&self) -> bool {
        !self.cases.is_empty()
    }
}

/// The place of a span, else another.
fn place_of(span: Span, otherwise: &Place) -> Place {
    if span.is_detached() {
        otherwise.clone()
    } else {
        Place::Text(span)
    }
}

fn requirements(addon: &Addon, file: &Place) -> IndexMap<String, (String, Place)> {
    let meta = addon.meta();
    let mut found = IndexMap::new();
    if let Some(system) = &meta.system {
        for (name, wanted) in [
            ("the requirement `system.vela`", &system.value.vela),
            (
                "the requirement `system.kubernetes`",
                &system.value.kubernetes,
            ),
        ] {
            if !wanted.value.is_empty() {
                let place = place_of(wanted.span, file);
                found.insert(name.to_owned(), (wanted.value.clone(), place));
            }
        }
    }
    for dependency in meta.dependencies() {
        let wanted = dependency.value.version.value.clone();
        let place = place_of(dependency.span, file);
        let name = format!("the dependency `{}`", dependency.value.name.value);
        found.insert(name, (wanted, place));
    }
    found
}

fn files(proof: &Proof<'_>) -> IndexMap<VPath, String> {
    let addon = proof.addon();
    let mut found = IndexMap::new();
    let mut add = |file: &TextFile| {
        found.insert(file.path.clone(), file.text().to_owned());
    };
    let yaml = addon.template_yaml.as_ref().map(|yaml| &yaml.file);
    let single = [
        &addon.readme,
        &addon.template_cue,
        &addon.parameter,
        &addon.resource_parameter,
        &addon.notes,
    ];
    single.into_iter().flatten().chain(yaml).for_each(&mut add);
    let elements = [&addon.resources, &addon.definitions, &addon.views];
    elements
        .into_iter()
        .flatten()
        .map(Element::file)
        .for_each(&mut add);
    addon
        .config_templates
        .iter()
        .chain(&addon.schemas)
        .for_each(&mut add);
    let version = addon.meta().version.span;
    for yaml in &addon.metadata.files {
        let text = yaml.file.text();
        let located = proof.sources().locate(version);
        let rest = located
            .filter(|(file, _)| file.id() == yaml.file.source.id())
            .and_then(|(_, range)| {
                Some(format!(
                    "{}{}",
                    text.get(..range.start)?,
                    text.get(range.end..)?
                ))
            });
        found.insert(
            yaml.file.path.clone(),
            rest.unwrap_or_else(|| text.to_owned()),
        );
    }
    found
}

/// Adds where the fields below `parameter` are declared.
fn declare_all(file: &ast::File, into: &mut IndexMap<Vec<String>, Place>) {
    for decl in &file.decls {
        if let ast::Decl::Field(field) = decl
            && field.label.name() == ast::LabelName::Ident("parameter".into())
        {
            into.entry(Vec::new())
                .or_insert_with(|| field.label.span().into());
            declare(&field.value, &[], into);
        }
    }
}

fn declare(value: &ast::Expr, path: &[String], into: &mut IndexMap<Vec<String>, Place>) {
    let ast::Expr::Struct(literal) = value else {
        return;
    };
    for decl in &literal.elts {
        let ast::Decl::Field(field) = decl else {
            continue;
        };
        if let ast::LabelName::Ident(name) | ast::LabelName::Quoted(name) = field.label.name() {
            let mut path = path.to_vec();
            path.push(name);
            into.entry(path.clone())
                .or_insert_with(|| field.label.span().into());
            declare(&field.value, &path, into);
        }
    }
}
