//! The table of parameters, from the schema that KubeVela makes of them.
//!
//! Each parameter is a row; the fields of a struct follow it as `parent.field`, those of the elements of a list as
//! `parent[].field`, those of a map as `parent.*.field`. Where a parameter has one of several forms, the fields of each form
//! follow in turn and their rows say which form they belong to. A parameter is required when KubeVela refuses to go on
//! without it: a struct whose fields all have defaults is not.
//!
//! The description is the text of `+usage=`, else the whole comment, as KubeVela takes it; lines of other tags are not
//! shown, and what has the tag `+ignore` is left out, as in KubeVela's own references.

use super::markdown::{cell, code, or, table};
use goyaml::{Map, Value};
use std::fmt::Write as _;

/// How deep structs are followed, and the most rows of a table.
const DEEPEST: usize = 10;
const MOST: usize = 2_000;

/// The table of a schema; `None` when it has no parameters.
pub(super) fn of_schema(schema: &Value) -> Option<String> {
    let mut rows = Vec::new();
    if let Value::Map(root) = schema {
        fields("", root, "", 0, &mut rows);
        // a parameter that is no struct
        if rows.is_empty()
            && root.get("type").and_then(Value::as_str) != Some("object")
            && !root.is_empty()
        {
            row("parameter", root, true, "", 0, &mut rows);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let is_cut = rows.len() >= MOST;
    let header = ["name", "type", "required", "default", "description"];
    let mut text = table(&header, &rows);
    if is_cut {
        let _ = writeln!(text, "\nThe table has the first {MOST} parameters.");
    }
    Some(text)
}

/// The rows of the fields of a struct, of the elements of a list, of the values of a map.
fn fields(path: &str, schema: &Map, form: &str, depth: usize, rows: &mut Vec<Vec<String>>) {
    if depth > DEEPEST {
        return;
    }
    if let Some(Value::Map(properties)) = schema.get("properties") {
        for (name, property) in properties {
            let Value::Map(property) = property else {
                continue;
            };
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let is_required = is_listed(schema, name) && is_needed(property, depth);
            row(&path, property, is_required, form, depth, rows);
        }
    }
    for (key, step) in [("items", "[]"), ("additionalProperties", ".*")] {
        if let Some(Value::Map(inner)) = schema.get(key) {
            fields(&format!("{path}{step}"), inner, form, depth + 1, rows);
        }
    }
    let forms = alternatives(schema);
    for (number, alternative) in forms.iter().enumerate() {
        let form = format!(
            "in form {} of {}",
            number + 1,
            code(if path.is_empty() { "parameter" } else { path })
        );
        fields(path, alternative, &form, depth + 1, rows);
    }
}

fn row(
    path: &str,
    schema: &Map,
    is_required: bool,
    form: &str,
    depth: usize,
    rows: &mut Vec<Vec<String>>,
) {
    let comment = Comment::read(
        schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    );
    if rows.len() >= MOST || comment.is_ignored {
        return;
    }
    let mut description = cell(&comment.usage);
    let mut add = |sentence: String| {
        if !description.is_empty() {
            description.push(' ');
        }
        description.push_str(&sentence);
    };
    if comment.is_immutable || schema.get("x-immutable").is_some() {
        add("*Immutable.*".to_owned());
    }
    if let Some(short) = &comment.short {
        add(format!("*Short:* {}", code(&format!("-{short}"))));
    }
    if !form.is_empty() {
        add(format!("({form})"));
    }
    let default = schema.get("default").map(|value| code(&json(value)));
    rows.push(vec![
        code(path),
        type_text(schema, depth),
        if is_required { "yes" } else { "no" }.to_owned(),
        default.unwrap_or_default(),
        description,
    ]);
    fields(path, schema, "", depth + 1, rows);
}

/// What the comment of a parameter says.
struct Comment {
    usage: String,
    short: Option<String>,
    is_immutable: bool,
    is_ignored: bool,
}

impl Comment {
    fn read(text: &str) -> Self {
        let lines = || text.lines().map(str::trim);
        let has = |tag: &str| lines().any(|line| line == tag);
        let short = lines().find_map(|line| line.strip_prefix("+short="));
        let usage = text.split("+usage=").nth(1).unwrap_or(text);
        let usage: Vec<&str> = usage.lines().filter(|line| !is_tag(line)).collect();
        Self {
            usage: usage.join("\n").trim().to_owned(),
            short: short.filter(|short| !short.is_empty()).map(str::to_owned),
            is_immutable: has("+immutable"),
            is_ignored: has("+ignore"),
        }
    }
}

/// Whether a line is a tag: a plus, a word, and perhaps a value.
fn is_tag(line: &str) -> bool {
    line.trim()
        .strip_prefix('+')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn is_listed(schema: &Map, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_list);
    required.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)))
}

/// Whether a listed property has to be given: it has no default, and no struct whose fields all do without.
fn is_needed(schema: &Map, depth: usize) -> bool {
    if schema.contains_key("default") {
        return false;
    }
    let Some(Value::Map(properties)) = schema.get("properties") else {
        return true;
    };
    depth > DEEPEST
        || !alternatives(schema).is_empty()
        || properties.iter().any(|(name, property)| match property {
            Value::Map(property) => is_listed(schema, name) && is_needed(property, depth + 1),
            _ => false,
        })
}

/// The forms that a value may have besides what is said of all of them.
fn alternatives(schema: &Map) -> Vec<&Map> {
    let lists = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_list());
    lists.flatten().filter_map(Value::as_map).collect()
}

/// What kind of value it is, with its bounds.
fn type_text(schema: &Map, depth: usize) -> String {
    let mut text = base_type(schema, depth);
    for bound in bounds(schema) {
        text.push_str(", ");
        text.push_str(&bound);
    }
    if schema.get("nullable").and_then(Value::as_bool) == Some(true) {
        text.push_str(" or null");
    }
    text
}

fn base_type(schema: &Map, depth: usize) -> String {
    if let Some(values) = schema.get("enum").and_then(Value::as_list) {
        let values: Vec<String> = values
            .iter()
            .map(|value| {
                code(
                    &value
                        .as_str()
                        .filter(|text| !text.trim().is_empty())
                        .map_or_else(|| json(value), str::to_owned),
                )
            })
            .collect();
        return or(&values);
    }
    let inner = |key: &str| match schema.get(key) {
        Some(Value::Map(inner)) if !inner.is_empty() && depth <= DEEPEST => {
            Some(type_text(inner, depth + 1))
        }
        _ => None,
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => match inner("items").as_deref() {
            None | Some("any") => "list".to_owned(),
            Some(items) => format!("list of {items}"),
        },
        Some("object") => match inner("additionalProperties").as_deref() {
            None => "struct".to_owned(),
            Some("any") => "map".to_owned(),
            Some(values) => format!("map of {values}"),
        },
        Some(word) => cell(word),
        None => {
            let mut forms: Vec<String> = Vec::new();
            for form in alternatives(schema) {
                let form = if depth > DEEPEST {
                    "any".to_owned()
                } else {
                    type_text(form, depth + 1)
                };
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
            match forms.as_slice() {
                [] if schema.contains_key("properties") => "struct".to_owned(),
                [] => "any".to_owned(),
                forms => or(forms),
            }
        }
    }
}

/// What is said of a value beyond its type.
fn bounds(schema: &Map) -> Vec<String> {
    let flag = |key: &str| schema.get(key).and_then(Value::as_bool) == Some(true);
    let number = |key: &str| {
        schema
            .get(key)
            .filter(|value| matches!(value, Value::Number(_)))
            .map(json)
    };
    let mut said = Vec::new();
    let range =
        |low: Option<String>, high: Option<String>, unit: &str, said: &mut Vec<String>| match (
            low, high,
        ) {
            (Some(low), Some(high)) if low == high => said.push(format!("exactly {low}{unit}")),
            (Some(low), Some(high)) => said.push(format!("{low} to {high}{unit}")),
            (Some(low), None) => said.push(format!("at least {low}{unit}")),
            (None, Some(high)) => said.push(format!("at most {high}{unit}")),
            (None, None) => {}
        };
    let (low, high) = (number("minimum"), number("maximum"));
    let (low_open, high_open) = (flag("exclusiveMinimum"), flag("exclusiveMaximum"));
    if let Some(low) = low.clone().filter(|_| low_open) {
        said.push(format!("more than {low}"));
    }
    range(
        low.filter(|_| !low_open),
        high.clone().filter(|_| !high_open),
        "",
        &mut said,
    );
    if let Some(high) = high.filter(|_| high_open) {
        said.push(format!("less than {high}"));
    }
    for (from, to, unit) in [
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " elements"),
        ("minProperties", "maxProperties", " fields"),
    ] {
        range(number(from), number(to), unit, &mut said);
    }
    if let Some(step) = number("multipleOf") {
        said.push(format!("a multiple of {step}"));
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        said.push(format!("matches {}", code(pattern)));
    }
    said
}

fn json(value: &Value) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(schema: &str) -> Vec<String> {
        let schema = goyaml::from_slice(schema.as_bytes()).unwrap();
        let text = of_schema(&schema).unwrap_or_default();
        text.lines().skip(2).map(str::to_owned).collect()
    }

    #[test]
    fn a_row_says_all_that_the_schema_does() {
        assert_eq!(
            rows("{type: object, required: [a, b, kind], properties: {
                a: {type: string, description: \"+usage=Who | what\\n+short=w\\nmore\\n+immutable\"},
                b: {type: string, default: x},
                kind: {type: string, enum: [a, b, c]},
                'n': {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 10},
                m: {type: number, minimum: 1.5},
                p: {type: string, pattern: 'a|b', minLength: 1, maxLength: 1},
                l: {type: array, items: {type: string}, minItems: 1},
                free: {type: object},
                map: {type: object, additionalProperties: {type: string}},
                hidden: {type: string, description: '+ignore'},
                any: {}}}"),
            [
                "| `a` | string | yes | | Who \\| what<br>more *Immutable.* *Short:* `-w` |",
                "| `b` | string | no | `\"x\"` | |",
                "| `kind` | `a`, `b` or `c` | yes | | |",
                "| `n` | integer, more than 0, at most 10 | no | | |",
                "| `m` | number, at least 1.5 | no | | |",
                "| `p` | string, exactly 1 characters, matches `a\\|b` | no | | |",
                "| `l` | list of string, at least 1 elements | no | | |",
                "| `free` | struct | no | | |",
                "| `map` | map of string | no | | |",
                "| `any` | any | no | | |",
            ]
        );
    }

    #[test]
    fn what_lies_inside_follows_and_is_required_where_it_has_to_be_given() {
        assert_eq!(
            rows("{type: object, required: [soft, hard, list], properties: {
                soft: {type: object, required: [x], properties: {x: {type: integer, default: 1}}},
                hard: {type: object, required: ['y'], properties: {'y': {type: integer}}},
                list: {type: array, items: {type: object, required: [name], properties: {name: {type: string}}}},
                map: {type: object, additionalProperties: {type: object, properties: {v: {type: string}}}}}}"),
            [
                "| `soft` | struct | no | | |",
                "| `soft.x` | integer | no | `1` | |",
                "| `hard` | struct | yes | | |",
                "| `hard.y` | integer | yes | | |",
                "| `list` | list of struct | yes | | |",
                "| `list[].name` | string | yes | | |",
                "| `map` | map of struct | no | | |",
                "| `map.*.v` | string | no | | |",
            ]
        );
    }

    #[test]
    fn forms_are_told_apart() {
        assert_eq!(
            rows("{type: object, properties: {
                v: {oneOf: [{type: string}, {type: integer}]},
                s: {type: object, oneOf: [{required: [a], properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}}}"),
            [
                "| `v` | string or integer | no | | |",
                "| `s` | struct | no | | |",
                "| `s.a` | string | yes | | (in form 1 of `s`) |",
                "| `s.b` | string | no | | (in form 2 of `s`) |",
            ]
        );
    }

    #[test]
    fn no_parameters_are_no_table() {
        assert_eq!(
            of_schema(&goyaml::from_slice(b"{type: object}").unwrap()),
            None
        );
        assert_eq!(of_schema(&Value::Null), None);
        assert_eq!(
            rows("{type: string}"),
            ["| `parameter` | string | yes | | |"]
        );
    }
}
