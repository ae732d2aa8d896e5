//! A parameter schema as JSON Schema 2020-12, for editors and validators.
//!
//! The schema that KubeVela makes ([`schema`](super::schema)) is one of OpenAPI 3.0 that forms are drawn from. As a test of
//! arguments it would refuse much that KubeVela takes, for three reasons that are mended here:
//!
//! - every field without `?` is required, also one that has a default or a fixed value, which nobody has to give;
//! - alternatives are a `oneOf` with `not`, although CUE takes a value that fits several: they become an `anyOf`;
//! - `nullable` and the two exclusive bounds are flags that JSON Schema does not know.
//!
//! Everything else stays, `x-immutable` too, which validators pass over.

use goyaml::{Map, Value};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of a parameter schema, with a title.
pub fn json_schema(title: &str, schema: &Value) -> Value {
    let mut made = Map::new();
    made.insert("$schema".to_owned(), Value::from(DIALECT));
    // no schema at all admits everything
    if let Value::Map(map) = converted(schema) {
        made.extend(map);
    }
    made.insert("title".to_owned(), Value::from(title));
    Value::Map(made)
}

fn converted(schema: &Value) -> Value {
    let Value::Map(schema) = schema else {
        return schema.clone();
    };
    let mut made = Map::new();
    for (key, value) in schema {
        let value = match key.as_str() {
            "nullable" => continue,
            "items" | "additionalProperties" | "not" => converted(value),
            "properties" => each(value, converted),
            "allOf" | "anyOf" | "allOff" => list(value, converted),
            "oneOf" => list(value, |one| converted(&without_exclusion(one))),
            "required" => needed(value, schema.get("properties")),
            _ => value.clone(),
        };
        let key = match key.as_str() {
            "oneOf" => "anyOf",
            // as cue writes the bounds that a number must not have
            "allOff" => "allOf",
            key => key,
        };
        if key != "required" || value.as_list().is_some_and(|names| !names.is_empty()) {
            made.insert(key.to_owned(), value);
        }
    }
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let is_exclusive = made.shift_remove(flag) == Some(Value::Bool(true));
        if is_exclusive && let Some(limit) = made.shift_remove(bound) {
            made.insert(flag.to_owned(), limit);
        }
    }
    if schema.get("nullable").and_then(Value::as_bool) == Some(true) {
        return nullable(made);
    }
    Value::Map(made)
}

fn each(map: &Value, convert: impl Fn(&Value) -> Value) -> Value {
    let entries = map.as_map().into_iter().flatten();
    entries
        .map(|(name, value)| (name.clone(), convert(value)))
        .collect()
}

fn list(items: &Value, convert: impl Fn(&Value) -> Value) -> Value {
    Value::List(
        items
            .as_list()
            .unwrap_or_default()
            .iter()
            .map(convert)
            .collect(),
    )
}

/// The same schema for a value that may be null too.
fn nullable(mut schema: Map) -> Value {
    let restricts = ["enum", "anyOf", "allOf", "not"]
        .iter()
        .any(|key| schema.contains_key(*key));
    if !restricts {
        if let Some(Value::String(typ)) = schema.get("type") {
            let both = vec![Value::from(typ.as_str()), Value::from("null")];
            schema.insert("type".to_owned(), Value::List(both));
        }
        return Value::Map(schema);
    }
    // what speaks of the value to people stays outside
    let mut outer = Map::new();
    for key in [
        "title",
        "description",
        "default",
        "x-immutable",
        "deprecated",
    ] {
        if let Some(value) = schema.shift_remove(key) {
            outer.insert(key.to_owned(), value);
        }
    }
    let null: Value = [("type", "null")].into_iter().collect();
    outer.insert(
        "anyOf".to_owned(),
        Value::List(vec![Value::Map(schema), null]),
    );
    Value::Map(outer)
}

/// An alternative without the clause that keeps others out.
fn without_exclusion(alternative: &Value) -> Value {
    let excludes = |value: &Value| {
        value
            .as_map()
            .is_some_and(|map| map.len() == 1 && value.get("not").is_some_and(is_any_of))
    };
    if excludes(alternative) {
        return Value::Map(Map::new());
    }
    match alternative.get("allOf").and_then(Value::as_list) {
        Some([own, other]) if excludes(other) => own.clone(),
        _ => alternative.clone(),
    }
}

fn is_any_of(value: &Value) -> bool {
    value
        .as_map()
        .is_some_and(|map| map.len() == 1 && map.contains_key("anyOf"))
}

/// The names of properties that somebody has to give.
fn needed(required: &Value, properties: Option<&Value>) -> Value {
    let names = required.as_list().unwrap_or_default().iter();
    let names = names.filter(|name| {
        let property = name.as_str().and_then(|name| properties?.get(name));
        property.is_none_or(is_needed)
    });
    Value::List(names.cloned().collect())
}

/// Whether a value has to be given: it has no default, is not fixed, and is no struct whose fields need not be given.
fn is_needed(schema: &Value) -> bool {
    let is_fixed = schema
        .get("enum")
        .and_then(Value::as_list)
        .is_some_and(|values| values.len() == 1);
    if schema.get("default").is_some() || is_fixed {
        return false;
    }
    let has_alternatives = schema.get("oneOf").is_some();
    match schema.get("type").and_then(Value::as_str) {
        Some("object") if !has_alternatives => {
            let required = schema.get("required").and_then(Value::as_list);
            required.unwrap_or_default().iter().any(|name| {
                let property = name
                    .as_str()
                    .and_then(|name| schema.get("properties")?.get(name));
                property.is_none_or(is_needed)
            })
        }
        // an open list is complete when it is empty
        Some("array") if !has_alternatives => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn converted_json(schema: &serde_json::Value) -> serde_json::Value {
        let made = converted(&Value::from(schema));
        serde_json::Value::from(&made)
    }

    #[test]
    fn only_what_nobody_else_gives_is_required() {
        let schema = json!({
            "type": "object",
            "required": ["a", "b", "c", "d", "e"],
            "properties": {
                "a": {"type": "integer", "default": 1},
                "b": {"type": "string"},
                "c": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string", "default": ""}}},
                "d": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}},
                "e": {"type": "string", "enum": ["fixed"]},
            },
        });
        let made = converted_json(&schema);
        assert_eq!(made["required"], json!(["b", "d"]));
        assert_eq!(made["properties"]["c"]["required"], json!(null));
    }

    #[test]
    fn null_and_exclusive_bounds_are_said_in_words_of_json_schema() {
        assert_eq!(
            converted_json(&json!({"type": "string", "nullable": true})),
            json!({"type": ["string", "null"]})
        );
        assert_eq!(
            converted_json(
                &json!({"type": "string", "enum": ["a"], "nullable": true, "title": "t"})
            ),
            json!({"title": "t", "anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]})
        );
        assert_eq!(
            converted_json(
                &json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 9})
            ),
            json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 9})
        );
    }

    #[test]
    fn alternatives_do_not_keep_each_other_out() {
        let schema = json!({"oneOf": [
            {"enum": ["a"]},
            {"not": {"anyOf": [{}]}},
            {"allOf": [{"required": ["x"]}, {"not": {"anyOf": [{"required": ["x"]}]}}]},
        ]});
        assert_eq!(
            converted_json(&schema),
            json!({"anyOf": [{"enum": ["a"]}, {}, {"required": ["x"]}]})
        );
    }
}
