//! Properties against the schema of a built-in definition.
//!
//! The schemas are OpenAPI as KubeVela makes them of CUE, and say less than the CUE did: alternatives are lists of required
//! names, what closed them is gone, and a condition between fields is not there at all. So only what the schema does say is
//! judged:
//!
//! - `{}` admits everything, and so does an object without `properties`: the template hands on what it is given;
//! - of a `oneOf` one alternative has to fit, and it does not matter when several do;
//! - `null` fits where the schema says `nullable`, as `*null | string` does in CUE.
//!
//! A number without a fraction is an integer however it is written, since the Application reaches KubeVela as JSON.

use super::fault::{Cursor, Fault, FaultKind, described};
use goyaml::{Data, Tree};
use regex::Regex;
use serde_json::{Map, Value};

/// Who reads the properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// A template.
    Template,
    /// A struct of Go, which takes `null` for everything and misses nothing.
    Code,
}

/// What is wrong with a value.
pub(super) fn check(schema: &Value, tree: &Tree, at: &Cursor, reader: Reader) -> Vec<Fault> {
    let mut found = Vec::new();
    if let Value::Object(schema) = schema {
        value(schema, tree, at, reader, &mut found);
    }
    if reader == Reader::Code {
        found.retain(|fault| fault.kind != FaultKind::Missing);
    }
    found
}

fn value(
    schema: &Map<String, Value>,
    tree: &Tree,
    at: &Cursor,
    reader: Reader,
    found: &mut Vec<Fault>,
) {
    let is_null = matches!(tree.data, Data::Null);
    let may_be_null = reader == Reader::Code || flag(schema, "nullable");
    if schema.is_empty() || is_null && may_be_null {
        return;
    }
    if let Some(typ) = text(schema, "type")
        && !fits(typ, tree)
    {
        let expected = format!("must be {}, found {}", named(typ), described(tree));
        found.push(Fault::wrong(at, expected));
        return;
    }
    if let Some(values) = list(schema, "enum") {
        let own = Value::from(&tree.to_value());
        // the number 8 and the number 8.0 are one
        let is_same =
            |value: &Value| *value == own || own.is_f64() && value.as_f64() == own.as_f64();
        if !values.iter().any(is_same) {
            let names: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            let expected = format!(
                "must be one of {}, found {}",
                names.join(", "),
                described(tree)
            );
            found.push(Fault::wrong(at, expected));
            return;
        }
    }
    bounds(schema, tree, at, found);
    match &tree.data {
        Data::Map(_) => object(schema, tree, at, reader, found),
        Data::List(items) => {
            if let Some(Value::Object(element)) = schema.get("items") {
                for (index, item) in items.iter().enumerate() {
                    value(element, item, &at.element(index, item), reader, found);
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
    alternatives(schema, tree, at, reader, found);
}

fn object(
    schema: &Map<String, Value>,
    tree: &Tree,
    at: &Cursor,
    reader: Reader,
    found: &mut Vec<Fault>,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    for entry in tree.entries() {
        let known = properties.and_then(|properties| properties.get(&*entry.key));
        match (known.or(others), properties) {
            (Some(Value::Object(own)), _) => {
                value(own, &entry.value, &at.value(entry), reader, found);
            }
            (None, Some(properties)) => {
                let names: Vec<&str> = properties.keys().map(String::as_str).collect();
                found.push(Fault::unknown(&at.key(entry), &entry.key, &names));
            }
            _ => {}
        }
    }
    missing(schema, Some(tree), at, found);
}

/// The required properties that are not there. Where nothing is given at all, those that such a property needs itself.
fn missing(schema: &Map<String, Value>, tree: Option<&Tree>, at: &Cursor, found: &mut Vec<Fault>) {
    for name in list(schema, "required").into_iter().flatten() {
        let Some(name) = name.as_str() else { continue };
        if tree.is_some_and(|tree| tree.get(name).is_some()) {
            continue;
        }
        let at = at.absent(name);
        let own = schema
            .get("properties")
            .and_then(|properties| properties.get(name)?.as_object());
        let before = found.len();
        if let Some(own) = own {
            missing(own, None, &at, found);
        }
        if found.len() == before {
            found.push(Fault::missing(&at));
        }
    }
}

/// One of the alternatives has to fit.
fn alternatives(
    schema: &Map<String, Value>,
    tree: &Tree,
    at: &Cursor,
    reader: Reader,
    found: &mut Vec<Fault>,
) {
    let all: Vec<&Map<String, Value>> = list(schema, "oneOf")
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    if all.is_empty() {
        return;
    }
    let of_each: Vec<Vec<Fault>> = all
        .iter()
        .map(|one| {
            let mut own = Vec::new();
            // one that only lists names is an alternative of structs, whose fields were judged above
            if one.contains_key("required") && !one.contains_key("properties") {
                missing(one, Some(tree), at, &mut own);
            } else {
                value(one, tree, at, reader, &mut own);
            }
            own
        })
        .collect();
    if of_each.iter().any(Vec::is_empty) {
        return;
    }
    let only_names = all.iter().all(|one| one.contains_key("required"));
    if only_names {
        let names: Vec<String> = of_each
            .iter()
            .flatten()
            .map(|fault| format!("`{}`", fault.path))
            .collect();
        let mut fault = of_each.into_iter().flatten().next();
        if let Some(fault) = &mut fault {
            fault
                .notes
                .push(format!("one of {} is expected", names.join(", ")));
        }
        found.extend(fault);
    } else {
        let reasons: Vec<String> = of_each
            .iter()
            .flatten()
            .map(|fault| fault.expected.clone())
            .filter(|reason| !reason.is_empty())
            .collect();
        let mut fault = Fault::wrong(
            at,
            format!("fits no alternative, found {}", described(tree)),
        );
        fault.notes = reasons;
        found.push(fault);
    }
}

fn bounds(schema: &Map<String, Value>, tree: &Tree, at: &Cursor, found: &mut Vec<Fault>) {
    if let Some(number) = tree.as_number().map(|number| number.as_f64()) {
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let broken = limit("minimum")
            .filter(|least| number < *least || flag(schema, "exclusiveMinimum") && number <= *least)
            .map(|least| format!("must be at least {least}"))
            .or_else(|| {
                limit("maximum")
                    .filter(|most| {
                        number > *most || flag(schema, "exclusiveMaximum") && number >= *most
                    })
                    .map(|most| format!("must be at most {most}"))
            });
        if let Some(broken) = broken {
            found.push(Fault::wrong(
                at,
                format!("{broken}, found {}", described(tree)),
            ));
        }
    }
    if let Data::String(value) = &tree.data
        && let Some(pattern) = text(schema, "pattern")
        && Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(value))
    {
        let expected = format!("must match `{pattern}`, found {}", described(tree));
        found.push(Fault::wrong(at, expected));
    }
}

fn fits(typ: &str, tree: &Tree) -> bool {
    match typ {
        "object" => matches!(tree.data, Data::Map(_)),
        "array" => matches!(tree.data, Data::List(_)),
        "string" => matches!(tree.data, Data::String(_)),
        "boolean" => matches!(tree.data, Data::Bool(_)),
        "number" => matches!(tree.data, Data::Number(_)),
        "integer" => tree
            .as_number()
            .is_some_and(|number| number.as_f64().fract() == 0.0),
        _ => true,
    }
}

fn named(typ: &str) -> &'static str {
    match typ {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a string",
        "boolean" => "a boolean",
        "number" => "a number",
        "integer" => "an integer",
        _ => "something else",
    }
}

fn text<'s>(schema: &'s Map<String, Value>, key: &str) -> Option<&'s str> {
    schema.get(key).and_then(Value::as_str)
}

fn list<'s>(schema: &'s Map<String, Value>, key: &str) -> Option<&'s Vec<Value>> {
    schema.get(key).and_then(Value::as_array)
}

fn flag(schema: &Map<String, Value>, key: &str) -> bool {
    schema.get(key) == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use source_vocab::Span;

    fn faults(schema: &Value, text: &str) -> Vec<(FaultKind, String)> {
        let tree = goyaml::read_tree(text.as_bytes(), 0, goyaml::Strictness::Strict).unwrap();
        check(
            schema,
            &tree,
            &Cursor::root(Span::DETACHED),
            Reader::Template,
        )
        .into_iter()
        .map(|fault| (fault.kind, fault.path))
        .collect()
    }

    #[test]
    fn alternatives_are_lists_of_names() {
        let schema = json!({
            "type": "object",
            "properties": {"value": {"type": "string"}, "secretRef": {"type": "object"}},
            "oneOf": [{"required": ["value"]}, {"required": ["secretRef"]}],
        });
        assert_eq!(faults(&schema, "{value: a}"), []);
        assert_eq!(faults(&schema, "{value: a, secretRef: {x: 1}}"), []);
        assert_eq!(
            faults(&schema, "{}"),
            [(FaultKind::Missing, "value".to_owned())]
        );
        assert_eq!(
            faults(&schema, "{valeu: a}"),
            [
                (FaultKind::Unknown, "valeu".to_owned()),
                (FaultKind::Missing, "value".to_owned())
            ]
        );
    }

    #[test]
    fn alternatives_of_scalars_need_one_that_fits() {
        let schema = json!({"oneOf": [{"enum": [0]}, {"minimum": 1024, "maximum": 65535}], "type": "integer"});
        assert_eq!(faults(&schema, "0"), []);
        assert_eq!(faults(&schema, "8080.0"), []);
        assert_eq!(faults(&schema, "80"), [(FaultKind::Wrong, String::new())]);
        let free = json!({"oneOf": [{"properties": {"git": {"type": "string"}}, "required": ["git"]}, {}]});
        assert_eq!(faults(&free, "a text"), []);
    }

    #[test]
    fn null_fits_only_where_the_schema_says_so() {
        let schema = json!({"type": "object", "properties": {
            "a": {"type": "string"}, "b": {"type": "string", "nullable": true}}});
        assert_eq!(
            faults(&schema, "{a: null, b: null}"),
            [(FaultKind::Wrong, "a".to_owned())]
        );
        let text = "{a: null}";
        let tree = goyaml::read_tree(text.as_bytes(), 0, goyaml::Strictness::Strict).unwrap();
        let at = Cursor::root(Span::DETACHED);
        assert_eq!(check(&schema, &tree, &at, Reader::Code), []);
    }
}
