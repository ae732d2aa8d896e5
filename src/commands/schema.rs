//! `schema`: the schema of the parameters of an addon or a definition.

use super::addon_source;
use super::definition_source;
use super::findings::Findings;
use crate::cli::schema::{Arguments, Format};
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::WorkingWorld;
use addon_render::definition::{self, FoundDefinition, schema};
use cue_engine::Session;
use goyaml::Value;
use source_vocab::{Diagnostic, Outcome, Severity};
use std::path::Path;

/// Prints the schema.
///
/// # Errors
/// A failure when the source cannot be read, or does not say which definition is meant.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    if arguments.definition.is_some() || is_definition_file(&arguments.source) {
        return of_definition(arguments, printer);
    }
    let loaded = addon_source::load(&arguments.source, &arguments.connection, printer)?;
    let made = match loaded.addon.effective_parameter() {
        Some(file) => schema::of_file(&loaded.session, &file.source),
        None => {
            printer.note("the addon declares no parameters");
            Outcome {
                value: Some(Value::Null),
                diagnostics: Vec::new(),
            }
        }
    };
    let findings = Findings {
        list: &made.diagnostics,
        sources: loaded.session.sources(),
        world: &*loaded.world,
    };
    findings.show(Severity::Info, printer);
    let name = &loaded.addon.meta().name.value;
    Ok(print(arguments.format, name, made, printer))
}

/// Whether a path names a file of definitions rather than an addon.
fn is_definition_file(source: &Path) -> bool {
    let extension = source.extension().and_then(|extension| extension.to_str());
    let is_named = source.to_str().is_some_and(|text| text.contains('#'));
    !is_named && matches!(extension, Some("cue" | "yaml" | "yml" | "json"))
}

fn of_definition(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let files = definition_source::read(&arguments.source, &arguments.connection, printer)?;
    let mut session = Session::new().with_budget(addon_render::BUDGET);
    let wanted = arguments.definition.as_deref();
    let found = definition::find(&mut session, files, wanted);
    let mut diagnostics = found.diagnostics;
    // files that hold something else are none of our business
    diagnostics.retain(|found| found.severity == Severity::Error);
    let definitions = found.value.unwrap_or_default();
    let [only] = definitions.as_slice() else {
        if show(&session, &diagnostics, printer)? {
            return Ok(Exit::Findings);
        }
        return Err(unclear(&arguments.source, wanted, &definitions));
    };
    let made = match &only.template {
        Some(template) => schema::of_template(&session, template.clone()),
        None => {
            return Err(Failure::new(
                Exit::Findings,
                format!("the definition `{}` has no template in CUE", only.name),
            ));
        }
    };
    diagnostics.extend(made.diagnostics.iter().cloned());
    if show(&session, &diagnostics, printer)? {
        return Ok(Exit::Findings);
    }
    Ok(print(arguments.format, &only.name, made, printer))
}

/// Shows findings; gives whether one is an error.
fn show(session: &Session, list: &[Diagnostic], printer: &Printer) -> Result<bool, Failure> {
    let world = WorkingWorld::new()?;
    let findings = Findings {
        list,
        sources: session.sources(),
        world: &world,
    };
    findings.show(Severity::Info, printer);
    Ok(list.iter().any(|found| found.severity == Severity::Error))
}

/// Why it is not clear which definition is meant.
fn unclear(source: &Path, wanted: Option<&str>, found: &[FoundDefinition]) -> Failure {
    let source = source.display();
    match (wanted, found) {
        (Some(wanted), []) => Failure::new(
            Exit::Input,
            format!("`{source}` has no definition `{wanted}`"),
        ),
        (None, []) => Failure::new(Exit::Input, format!("`{source}` holds no definition")),
        (_, several) => {
            let names: Vec<String> = several
                .iter()
                .map(|found| {
                    format!(
                        "`{}` ({}, in {})",
                        found.name,
                        found.kind.word(),
                        found.file
                    )
                })
                .collect();
            let message = format!("`{source}` holds several definitions: {}", names.join(", "));
            Failure::new(Exit::Usage, message).help("name one with --definition")
        }
    }
}

fn print(format: Format, name: &str, made: Outcome<Value>, printer: &Printer) -> Exit {
    let Some(schema) = made.value else {
        return Exit::Findings;
    };
    let shown = match format {
        Format::Openapi => schema,
        Format::Jsonschema => definition::json_schema(name, &schema),
    };
    printer.json(&serde_json::Value::from(&shown));
    Exit::Success
}
