//! X-definitions as objects, and the annotations of the Application that name them.

use super::bond::Components;
use crate::SYSTEM_NAMESPACE;
use crate::failure::{Fault, Stage, Step};
use crate::object;
use crate::rendered::{Auxiliary, AuxiliaryRole};
use crate::tree;
use addon_model::{Addon, Element};
use cue_engine::Session;
use goyaml::Tree;
use source_vocab::{Diagnostic, Span};

/// The kinds of definitions, each with the annotation that lists their names.
const ANNOTATIONS: [(&str, &str); 4] = [
    ("ComponentDefinition", "addon.oam.dev/componentDefinitions"),
    ("TraitDefinition", "addon.oam.dev/traitDefinitions"),
    (
        "WorkflowStepDefinition",
        "addon.oam.dev/workflowStepDefinitions",
    ),
    ("PolicyDefinition", "addon.oam.dev/policyDefinitions"),
];

/// The objects, YAML files first; the namespace is KubeVela's (`RenderDefinitions`).
pub(super) fn render(
    addon: &Addon,
    session: &Session,
    warnings: &mut Vec<Diagnostic>,
) -> Step<Vec<Auxiliary>> {
    let mut all = Vec::new();
    let mut push = |source: &source_vocab::VPath, mut object: Tree| {
        object::set_namespace(&mut object, SYSTEM_NAMESPACE);
        all.push(Auxiliary {
            role: AuxiliaryRole::Definition,
            source: source.clone(),
            object,
        });
    };
    for yaml in addon.definitions.iter().filter_map(Element::as_yaml) {
        let made = object::read(yaml, warnings).map_err(|found| {
            let said = format!("render definition file {}: ", yaml.file.name());
            Fault::new(Stage::Definitions, said, vec![*found])
        })?;
        push(&yaml.file.path, made);
    }
    for file in addon.definitions.iter().filter_map(Element::as_cue) {
        let mut outcome = crate::definition::object(session, &file.source);
        let Some(made) = outcome.value.take() else {
            let name = file.name();
            let said = format!("fail to render definition: {name} in cue's format: ");
            let fault = Fault::new(Stage::Definitions, said, outcome.diagnostics);
            return Err(fault);
        };
        warnings.append(&mut outcome.diagnostics);
        push(
            &file.path,
            tree::of_value(&made.object, file.source.span().start()),
        );
    }
    Ok(all)
}

/// Names the definitions in the annotations of the Application (`passDefInAppAnnotation`).
pub(crate) fn annotate(application: &mut Tree, definitions: &[Auxiliary]) -> Step<()> {
    let components = Components::of(application);
    let mut names: [Vec<&str>; ANNOTATIONS.len()] = Default::default();
    for definition in definitions {
        let object = &definition.object;
        if components.lack_what_binds(object) {
            continue;
        }
        let (kind, name) = (object::kind(object), object::name(object));
        let known = ANNOTATIONS.iter().zip(&mut names);
        match known.into_iter().find(|((known, _), _)| *known == kind) {
            Some((_, names)) => names.push(name),
            None => {
                let message = format!(
                    "`{}` is a `{kind}`, only definitions of components, traits, policies and workflow steps can stand there",
                    definition.source
                );
                let place = object.get("kind").map_or(object.span, |kind| kind.span);
                let found = Diagnostic::error("render/definition-kind", message, place)
                    .help("put other objects into `resources/`");
                let said = format!(
                    "cannot pass definition to addon app's annotation: cannot handle definition types {kind}, name {name}"
                );
                return Err(Fault::new(Stage::Annotations, said, vec![found]));
            }
        }
    }
    let lists: Vec<(&str, String)> = ANNOTATIONS
        .iter()
        .zip(&names)
        .filter(|(_, names)| !names.is_empty())
        .map(|((_, annotation), names)| (*annotation, names.join(",")))
        .collect();
    for (annotation, names) in lists {
        let metadata = tree::slot(application, "metadata");
        let annotations = tree::slot(metadata, "annotations");
        tree::set(annotations, annotation, tree::text(names, Span::DETACHED));
    }
    Ok(())
}
