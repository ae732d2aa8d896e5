//! YAML into the typed structs of Helm, as `encoding/json` puts it there, and out of them again.
//!
//! A struct is a map that holds its fields only. Reading adds to what is there: `requirements.yaml` is read into the
//! same value as `Chart.yaml`. Keys match in any case, an exact match wins; `null` leaves a text as it is and
//! empties a list; a number becomes a text where one is wanted. Writing leaves out what is empty.
//!
//! Example: `{Name: demo, version: 1.50, tags: null, colour: red}` becomes `{name: demo, version: "1.5"}`.

use crate::chart_fields::{Field, Shape};
use goyaml::{Data, Entry, Magnitude, Map, Tree, Value};
use source_vocab::Span;

/// A value that is not of the type of its field.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) span: Span,
    /// What is wrong: a lower-case sentence.
    pub(super) message: String,
}

/// Reads the mapping `root` into `into`; `name` stands for it in messages.
pub(super) fn decode(
    root: &Tree,
    fields: &'static [Field],
    name: &str,
    into: &mut Map,
) -> Result<(), Wrong> {
    let entries = match &root.data {
        Data::Null => return Ok(()),
        Data::Map(entries) => sorted(entries),
        _ => return Err(wrong(name, "a mapping", root)),
    };
    for entry in entries {
        let exact = fields.iter().find(|(field, _)| **field == *entry.key);
        let field = exact.or_else(|| {
            fields
                .iter()
                .find(|(field, _)| addon_model::folds_equal(field, &entry.key))
        });
        if let Some((field, shape)) = field {
            set(into, field, *shape, &entry.value)?;
        }
    }
    Ok(())
}

/// The order in which Go sees the keys: there is JSON with sorted keys in between.
fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
    entries
}

fn wrong(name: &str, expected: &str, found: &Tree) -> Wrong {
    Wrong {
        span: found.span,
        message: format!("`{name}` must be {expected}, found {}", found.kind()),
    }
}

fn set(into: &mut Map, name: &'static str, shape: Shape, tree: &Tree) -> Result<(), Wrong> {
    if tree.data == Data::Null {
        if !matches!(shape, Shape::Text | Shape::Bool) {
            into.shift_remove(name);
        }
        return Ok(());
    }
    let value = match (shape, &tree.data) {
        (Shape::Text, _) => Value::String(text(tree, name)?),
        (Shape::Bool, Data::Bool(value)) => Value::Bool(*value),
        (Shape::Bool, _) => return Err(wrong(name, "true or false", tree)),
        (Shape::Texts, Data::List(items)) => {
            let items = items.iter().map(|item| text(item, name).map(Value::String));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        (Shape::TextMap, Data::Map(entries)) => {
            let mut map = match into.shift_remove(name) {
                Some(Value::Map(map)) => map,
                _ => Map::new(),
            };
            for entry in sorted(entries) {
                let value = Value::String(text(&entry.value, name)?);
                map.insert(entry.key.as_ref().to_owned(), value);
            }
            Value::Map(map)
        }
        (Shape::Records(fields), Data::List(items)) => {
            let record = |item: &Tree| {
                if item.data == Data::Null {
                    return Ok(Value::Null);
                }
                let mut record = Map::new();
                decode(item, fields, name, &mut record)?;
                Ok(Value::Map(record))
            };
            Value::List(items.iter().map(record).collect::<Result<_, _>>()?)
        }
        (Shape::Values, Data::List(items)) => {
            Value::List(items.iter().map(|item| floats(item.to_value())).collect())
        }
        (Shape::TextMap, _) => return Err(wrong(name, "a mapping of strings", tree)),
        (Shape::Texts | Shape::Records(_) | Shape::Values, _) => {
            return Err(wrong(name, "a list", tree));
        }
    };
    into.insert(name.to_owned(), value);
    Ok(())
}

/// A text; `null` in a list or a map is an empty one.
fn text(tree: &Tree, name: &str) -> Result<String, Wrong> {
    match tree.data {
        Data::Null => Ok(String::new()),
        _ => tree
            .coerced()
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(|| wrong(name, "a string", tree)),
    }
}

/// Numbers without a type are `float64` in Go, so a long integer loses digits.
fn floats(value: Value) -> Value {
    match value {
        Value::Number(number) => Magnitude::Float(number.as_f64())
            .to_number()
            .map_or(Value::Null, Value::Number),
        Value::List(items) => Value::List(items.into_iter().map(floats).collect()),
        Value::Map(map) => map
            .into_iter()
            .map(|(key, value)| (key, floats(value)))
            .collect(),
        other => other,
    }
}

/// The struct without empty fields, except those of `kept`, which are written in any case.
pub(super) fn without_empty(fields: &Map, kept: &[&str]) -> Map {
    let mut written: Map = fields
        .iter()
        .filter(|(name, value)| !is_empty(value) || kept.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for name in kept {
        if !written.contains_key(*name) {
            written.insert((*name).to_owned(), Value::String(String::new()));
        }
    }
    written
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart_fields::CHART;

    fn read(texts: &[&str]) -> Result<String, String> {
        let mut map = Map::new();
        for text in texts {
            let stream = goyaml::parse(text, 0);
            let tree = goyaml::resolve(&stream.documents[0].root).unwrap().tree;
            decode(&tree, CHART, "Chart.yaml", &mut map).map_err(|wrong| wrong.message)?;
        }
        Ok(goyaml::to_string(&Value::Map(without_empty(&map, &[]))))
    }

    #[test]
    fn values_become_the_types_of_their_fields() {
        let text = "Name: demo\nversion: 1.50\ntags: null\ncolour: red\ndeprecated: no\n";
        assert_eq!(
            read(&[text]),
            Ok("name: demo\nversion: \"1.5\"\n".to_owned())
        );
        let text = "keywords: [a, 1, null]\nannotations: {b: yes, a: null}\n";
        let wanted = "annotations:\n  a: \"\"\n  b: \"true\"\nkeywords:\n- a\n- \"1\"\n- \"\"\n";
        assert_eq!(read(&[text]), Ok(wanted.to_owned()));
    }

    #[test]
    fn a_second_text_adds_to_the_first() {
        let texts = [
            "name: a\nhome: h\nkeywords: [x]\nannotations: {a: b}",
            "name: c\nhome: null\nkeywords: null\nannotations: {d: e}",
        ];
        let wanted = "annotations:\n  a: b\n  d: e\nhome: h\nname: c\n";
        assert_eq!(read(&texts), Ok(wanted.to_owned()));
    }

    #[test]
    fn other_types_are_refused() {
        for (text, message) in [
            ("- a", "`Chart.yaml` must be a mapping, found array"),
            ("name: [a]", "`name` must be a string, found array"),
            (
                "deprecated: maybe",
                "`deprecated` must be true or false, found string",
            ),
            (
                "dependencies: {}",
                "`dependencies` must be a list, found object",
            ),
            (
                "dependencies: [a]",
                "`dependencies` must be a mapping, found string",
            ),
        ] {
            assert_eq!(read(&[text]), Err(message.to_owned()), "{text}");
        }
    }
}
