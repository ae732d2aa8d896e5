//! The reference of the definitions that an addon brings: each with its description and its parameters.

use super::markdown::{cell, code};
use super::parameters;
use addon_check::Proof;
use addon_check::proof::KnownDefinition;
use addon_render::definition::{Kind, schema};
use goyaml::Value;
use source_vocab::{Diagnostic, Severity};
use std::fmt::Write as _;

/// The annotation that describes a definition.
const DESCRIPTION: &str = "definition.oam.dev/description";

/// The reference, by kind and name; `None` when there are no definitions.
pub(super) fn of(proof: &Proof<'_>, found: &mut Vec<Diagnostic>) -> Option<String> {
    let mut all: Vec<&KnownDefinition> = proof.definitions().iter().collect();
    all.sort_by(|a, b| (a.kind, &a.name, &a.file).cmp(&(b.kind, &b.name, &b.file)));
    let mut text = String::new();
    for definition in all {
        if !text.is_empty() {
            text.push('\n');
        }
        one(proof, definition, &mut text, found);
    }
    (!text.is_empty()).then_some(text)
}

fn one(
    proof: &Proof<'_>,
    definition: &KnownDefinition,
    text: &mut String,
    found: &mut Vec<Diagnostic>,
) {
    let _ = writeln!(
        text,
        "### {} {}",
        name_of(definition.kind),
        code(&definition.name)
    );
    let annotations = definition
        .object
        .get("metadata")
        .and_then(|metadata| metadata.get("annotations"));
    let description = annotations
        .and_then(|all| all.get(DESCRIPTION)?.as_str())
        .map(cell);
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        let _ = writeln!(text, "\n{description}");
    }
    let Some(template) = &definition.template else {
        return;
    };
    let made = schema::with_comments(proof.session(), template.clone());
    let table = match &made.value {
        Some(schema) => parameters::of_schema(schema),
        None => {
            found.extend(made.diagnostics.into_iter().map(|mut one| {
                // the definition works all the same, only its table is not made
                one.severity = one.severity.min(Severity::Warning);
                one.note(format!(
                    "KubeVela makes no schema of the parameters of `{}`",
                    definition.name
                ))
            }));
            Some("KubeVela makes no schema of its parameters.\n".to_owned())
        }
    };
    match table {
        Some(table) => {
            let _ = write!(text, "\n{table}");
        }
        None => text.push_str("\nIt has no parameters.\n"),
    }
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Component => "Component",
        Kind::Trait => "Trait",
        Kind::Policy => "Policy",
        Kind::WorkflowStep => "Workflow step",
        Kind::Workload => "Workload",
    }
}

/// Whether a value is an empty schema, as that of an addon without parameters.
pub(super) fn is_empty(schema: &Value) -> bool {
    schema.as_map().is_none_or(goyaml::Map::is_empty)
}
