//! The schema of `parameter`, as KubeVela shows it to users and stores it beside a definition.
//!
//! Three steps, as `schema.ParsePropertiesToSchema` of kubevela (commit 5a44b5f10):
//!
//! 1. the text is evaluated together with the base context, `context: {name: string, …}`; an error anywhere in it, even
//!    one that has nothing to do with the parameters, leaves no schema;
//! 2. `parameter` becomes an OpenAPI schema ([`cue_engine::export::openapi`]), that of `{}` when there is none, and is
//!    read by a library that knows fewer forms ([`read`]): a tuple of `items` is refused, empty keywords vanish;
//! 3. titles are the names of the properties, and the tags `+usage=`, `+short` and `+immutable` are taken out of the
//!    descriptions ([`title_and_describe`]). Parts of `oneOf` and `additionalProperties` keep theirs.

use super::providers::{self, Importer};
use crate::evaluate;
use crate::parameter::without_package;
use crate::parameter_schema;
use cue_engine::export::openapi;
use cue_engine::syntax::ast::File;
use cue_engine::{Data, Evaluation, Injected, Session};
use goyaml::{Map, Value};
use source_vocab::{Diagnostic, Outcome, Place, SourceFile};

/// Which tags a reader of schemas knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tags {
    /// Those of definitions and of an addon's parameters.
    All,
    /// Those of config templates, whose reader does not know `+immutable`.
    WithoutImmutable,
}

/// The schema of the parameters that a file declares: an addon's `parameter.cue`.
///
/// Needs a stack of [`cue_engine::Budget::STACK`] bytes. `source` is a file of the session's source map.
pub fn of_file(session: &Session, source: &SourceFile) -> Outcome<Value> {
    let parsed = cue_engine::syntax::parse(source);
    if !parsed.errors.is_empty() {
        return Outcome {
            value: None,
            diagnostics: parsed.errors,
        };
    }
    of_template(session, parsed.file)
}

/// The schema of the parameters of a definition's template, see
/// [`Definition::template_file`](super::Definition::template_file).
///
/// Needs a stack of [`cue_engine::Budget::STACK`] bytes.
pub fn of_template(session: &Session, template: File) -> Outcome<Value> {
    let made = evaluated(session, template).and_then(|evaluation| {
        let named = |mut found: Diagnostic| {
            found.code = "definition/schema-form".into();
            found
        };
        parameters(session, evaluation)
            .map_err(|found| found.into_iter().map(named).collect::<Vec<_>>())
    });
    match made {
        Ok(schema) => Outcome {
            value: Some(schema),
            diagnostics: Vec::new(),
        },
        Err(diagnostics) => Outcome {
            value: None,
            diagnostics,
        },
    }
}

/// The schema of `template.parameter` of a config template that has been evaluated.
///
/// # Errors
/// Why there is none.
pub(crate) fn of_config_template(
    session: &Session,
    evaluation: &Evaluation,
) -> Result<Value, Vec<Diagnostic>> {
    let path = "template.parameter";
    let made = openapi::schema_of_field(evaluation.clone(), path, session.budget())?;
    finished(&made.unwrap_or_else(empty), Tags::WithoutImmutable).map_err(|found| vec![found])
}

/// As [`of_template`], with the comments of the parameters in the descriptions as they are written, tags and all, and
/// without titles: for who wants to know more than KubeVela shows.
///
/// Needs a stack of [`cue_engine::Budget::STACK`] bytes.
pub fn with_comments(session: &Session, template: File) -> Outcome<Value> {
    let made = evaluated(session, template)
        .and_then(|evaluation| openapi::schema_of_field(evaluation, "parameter", session.budget()))
        .and_then(|made| read(&made.unwrap_or_else(empty)).map_err(|found| vec![found]));
    match made {
        Ok(schema) => Outcome {
            value: Some(Value::Map(schema)),
            diagnostics: Vec::new(),
        },
        Err(diagnostics) => Outcome {
            value: None,
            diagnostics,
        },
    }
}

/// A text with the base context, without an error in it.
fn evaluated(session: &Session, template: File) -> Result<Evaluation, Vec<Diagnostic>> {
    let session = providers::session(session, Importer::Workflow);
    let base = parameter_schema::base_context(&[]);
    let injected = [
        Injected::file(without_package(template)),
        Injected::file(base),
    ];
    let evaluation = evaluate::package(&session, Vec::new(), &injected);
    evaluate::root(&evaluation)?;
    Ok(evaluation)
}

/// The finished schema of `parameter`.
fn parameters(session: &Session, evaluation: Evaluation) -> Result<Value, Vec<Diagnostic>> {
    let made = openapi::schema_of_field(evaluation, "parameter", session.budget())?;
    finished(&made.unwrap_or_else(empty), Tags::All).map_err(|found| vec![found])
}

/// The schema of `{}`.
fn empty() -> Data {
    Data::Struct(vec![("type".into(), Data::from("object"))])
}

/// Reads a schema and mends its titles and descriptions.
fn finished(schema: &Data, tags: Tags) -> Result<Value, Diagnostic> {
    let mut made = read(schema)?;
    title_and_describe("", &mut made, tags);
    Ok(Value::Map(made))
}

/// What is left of a schema after kin-openapi has read it (v0.131.0 `openapi3/schema.go`): keywords that say nothing are
/// dropped, unknown ones are kept, and what is not of the expected form is refused.
fn read(schema: &Data) -> Result<Map, Diagnostic> {
    let Data::Struct(entries) = schema else {
        return Err(Diagnostic::error(
            "definition/schema-form",
            "KubeVela reads one schema for all elements of a list, and here each element has its own",
            Place::Nowhere,
        )
        .help("give the list one type for all its elements, such as `[...string]`"));
    };
    let mut made = Map::new();
    for (key, value) in entries {
        let value = match (&**key, value) {
            ("items" | "not" | "additionalProperties", inner) => Value::Map(read(inner)?),
            ("oneOf" | "anyOf" | "allOf", Data::List(all)) => {
                let all: Result<Vec<Value>, Diagnostic> =
                    all.iter().map(|one| Ok(Value::Map(read(one)?))).collect();
                Value::List(all?)
            }
            ("properties", Data::Struct(properties)) => {
                let mut map = Map::new();
                for (name, property) in properties {
                    map.insert(name.to_string(), Value::Map(read(property)?));
                }
                Value::Map(map)
            }
            (_, plain) => json(plain),
        };
        if !says_nothing(key, &value) {
            made.insert(key.to_string(), value);
        }
    }
    Ok(made)
}

fn json(data: &Data) -> Value {
    Value::from(&cue_engine::decode::to_json(data))
}

/// Whether a keyword with this value is the same as none.
fn says_nothing(key: &str, value: &Value) -> bool {
    let is_zero = matches!(value, Value::Number(number) if number.as_i64() == Some(0));
    match value {
        Value::Null => key == "default",
        Value::Bool(flag) => {
            !flag
                && matches!(
                    key,
                    "uniqueItems"
                        | "exclusiveMinimum"
                        | "exclusiveMaximum"
                        | "nullable"
                        | "deprecated"
                )
        }
        Value::Number(_) => is_zero && matches!(key, "minLength" | "minItems" | "minProperties"),
        Value::String(text) => {
            text.is_empty() && matches!(key, "title" | "format" | "description" | "pattern")
        }
        Value::List(items) => {
            items.is_empty() && matches!(key, "oneOf" | "anyOf" | "allOf" | "enum" | "required")
        }
        Value::Map(map) => map.is_empty() && key == "properties",
    }
}

const USAGE: &str = "+usage=";
const SHORT: &str = "+short";
const IMMUTABLE: &str = "+immutable";

/// Titles and descriptions, down to the properties and items. As `FixOpenAPISchema` of kubevela.
fn title_and_describe(name: &str, schema: &mut Map, tags: Tags) {
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            if let Some(Value::Map(properties)) = schema.get_mut("properties") {
                for (name, property) in properties {
                    if let Value::Map(property) = property {
                        title_and_describe(name, property, tags);
                    }
                }
            }
        }
        Some("array") => {
            if let Some(Value::Map(items)) = schema.get_mut("items") {
                title_and_describe("", items, tags);
            }
        }
        _ => {}
    }
    if !name.is_empty() {
        schema.insert("title".to_owned(), Value::from(name));
    }
    let given = schema.get("description").and_then(Value::as_str);
    let mut text = given.unwrap_or_default().to_owned();
    if tags == Tags::All
        && let Some(rest) = without_line(&text, IMMUTABLE)
    {
        text = rest;
        schema.insert("x-immutable".to_owned(), Value::Bool(true));
    }
    let usage = text.split(USAGE).nth(1).unwrap_or(&text);
    let shown = match usage.split_once(SHORT) {
        Some((before, _)) => before.trim(),
        None => usage,
    };
    if shown.is_empty() {
        schema.shift_remove("description");
    } else {
        schema.insert("description".to_owned(), Value::from(shown));
    }
}

/// A text without the lines that are just `marker`; none when there is no such line.
fn without_line(text: &str, marker: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let kept: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|line| line.trim() != marker)
        .collect();
    (kept.len() < lines.len()).then(|| kept.join("\n").trim().to_owned())
}
