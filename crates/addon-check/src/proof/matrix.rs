//! The argument sets that an addon is rendered with beside its defaults and its examples.
//!
//! They come from the schema that KubeVela makes of the parameters. Beginning with arguments that render (the defaults, else the
//! first example that does), one parameter is changed at a time: each boolean both ways, each value of an enumeration, null, the
//! bounds of numbers and just outside them, lists without and with elements, optional parts left out and given in full. What the
//! declaration itself refuses is no set. Example: of `parameter: {size: *"s" | "m", tls?: {host: string}}` come
//!
//! ```text
//! size=m    tls.host=a    tls.host=
//! ```
//!
//! A set is [`Sense::Meant`] when its values are those that the declaration lists; [`Sense::Sampled`] when it gives a part that
//! somebody has to fill in, with the plainest values of its types; [`Sense::Invented`] when its values were made up to be hard,
//! such as a text without a letter. What is rendered with invented values shows whether the templates can take them, but is no
//! object that anybody would apply, so rules do not see it. What is rendered with sampled ones they do see, and what they say
//! of it is a warning at most.
//!
//! There are at most [`MOST`] sets, what is meant first, each group in the order of the schema.

use goyaml::{Data, Entry, Magnitude, Map, Tree, Value};
use source_vocab::Span;

/// The most sets of an addon.
const MOST: usize = 64;
/// How deep parameters are looked into.
const DEEPEST: usize = 4;
/// How many elements a long list has.
const LONG: usize = 3;
/// A number that is larger than the usual ones, and small enough to count to.
const MANY: i64 = 12;
/// How many letters a long text has.
const LONG_TEXT: usize = 70;

/// Where the values of a set come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sense {
    /// The declaration lists them.
    Meant,
    /// They are plain values of the right type for something that has to be filled in.
    Sampled,
    /// They are of the right type, and no more is known of them.
    Invented,
}

/// One change to the arguments.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// The names from the outermost parameter inwards.
    pub(super) path: Vec<String>,
    /// The value that it gets.
    pub(super) value: Tree,
    pub(super) sense: Sense,
}

/// All changes that a schema suggests, given the arguments that they are made to.
pub(super) fn changes(schema: &Value, base: &Tree) -> Vec<Change> {
    let mut found = Vec::new();
    properties(schema, Some(base), &mut Vec::new(), &mut found);
    let mut seen: Vec<Change> = Vec::new();
    for change in found {
        let is_known = |other: &Change| other.path == change.path && other.value == change.value;
        if !seen.iter().any(is_known) {
            seen.push(change);
        }
    }
    seen.sort_by_key(|change| change.sense);
    seen.truncate(MOST);
    seen
}

/// The plainest arguments that give everything that a schema requires; none where it does not tell what that is.
pub(super) fn required(schema: &Value) -> Option<Change> {
    let value = sample(schema, 0)?;
    (!value.entries().is_empty()).then(|| Change {
        path: Vec::new(),
        value,
        sense: Sense::Sampled,
    })
}

/// The arguments with a change made to them.
pub(super) fn changed(base: &Tree, change: &Change) -> Tree {
    let mut whole = base.clone();
    let mut at = &mut whole;
    for key in &change.path {
        if !matches!(at.data, Data::Map(_)) {
            at.data = Data::Map(Vec::new());
        }
        let Data::Map(entries) = &mut at.data else {
            return whole;
        };
        let index = entries.iter().position(|entry| *entry.key == **key);
        let index = index.unwrap_or_else(|| {
            entries.push(Entry {
                key: key.as_str().into(),
                key_span: Span::DETACHED,
                value: tree(Data::Null),
            });
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(index) else {
            return whole;
        };
        at = &mut entry.value;
    }
    *at = change.value.clone();
    whole
}

/// A change as a word of `vela addon enable`; none where it cannot be written as one.
pub(super) fn word(change: &Change) -> Option<String> {
    let is_plain = |key: &String| {
        !key.is_empty() && !key.contains(['.', '=', ',', '[', ']', '{', '}', '\\', ' '])
    };
    if !change.path.iter().all(is_plain) {
        return None;
    }
    let value = match &change.value.data {
        Data::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(scalar).collect();
            format!("{{{}}}", items?.join(","))
        }
        Data::Map(entries) => {
            // one key after the other, each a word of its own
            let words: Option<Vec<String>> = entries
                .iter()
                .map(|entry| {
                    let mut path = change.path.clone();
                    path.push(entry.key.to_string());
                    word(&Change {
                        path,
                        value: entry.value.clone(),
                        sense: change.sense,
                    })
                })
                .collect();
            return words
                .filter(|words| !words.is_empty())
                .map(|words| words.join(" "));
        }
        _ => scalar(&change.value)?,
    };
    Some(format!("{}={value}", change.path.join(".")))
}

fn scalar(value: &Tree) -> Option<String> {
    match &value.data {
        Data::Null => Some("null".to_owned()),
        Data::String(text) => {
            let looks_other = matches!(&**text, "null" | "true" | "false")
                || text.parse::<i64>().is_ok()
                || text.contains([',', '\\', '{', '}', '"', ' ', '\'']);
            (!looks_other).then(|| text.to_string())
        }
        Data::Bool(_) | Data::Number(_) => value.coerced().map(std::borrow::Cow::into_owned),
        Data::List(_) | Data::Map(_) => None,
    }
}

fn tree(data: Data) -> Tree {
    Tree {
        span: Span::DETACHED,
        data,
    }
}

fn text(text: &str) -> Tree {
    tree(Data::String(text.into()))
}

fn number(value: i64) -> Tree {
    tree(Data::Number(Magnitude::Int(value)))
}

/// The changes to the properties of an object.
fn properties(
    schema: &Value,
    base: Option<&Tree>,
    path: &mut Vec<String>,
    found: &mut Vec<Change>,
) {
    if path.len() >= DEEPEST {
        return;
    }
    let properties = schema.get("properties").and_then(Value::as_map);
    for (name, property) in properties.into_iter().flatten() {
        path.push(name.clone());
        let given = base.and_then(|base| base.get(name));
        let is_cluster = name == "clusters" && path.len() == 1;
        one(property, given, is_cluster, path, found);
        path.pop();
    }
}

/// The changes to one value.
fn one(
    schema: &Value,
    given: Option<&Tree>,
    is_cluster: bool,
    path: &mut Vec<String>,
    found: &mut Vec<Change>,
) {
    let mut add = |value: Tree, sense: Sense| {
        if given.is_none_or(|given| given.data != value.data) {
            found.push(Change {
                path: path.clone(),
                value,
                sense,
            });
        }
    };
    add(tree(Data::Null), Sense::Meant);
    for value in values(schema, is_cluster) {
        add(value.0, value.1);
    }
    if schema.get("properties").is_some() {
        if !requires(schema) {
            add(tree(Data::Map(Vec::new())), Sense::Meant);
        }
        match (given, sample(schema, 0)) {
            (None, Some(whole)) => {
                // an optional part, given as far as it has to be, and then changed
                let mut inner = Vec::new();
                if path.len() < DEEPEST {
                    properties(schema, Some(&whole), &mut Vec::new(), &mut inner);
                }
                add(whole.clone(), Sense::Sampled);
                for change in inner {
                    add(changed(&whole, &change), change.sense);
                }
            }
            _ => properties(schema, given, path, found),
        }
    }
}

/// The values of a type that tell most, those that it lists first.
fn values(schema: &Value, is_cluster: bool) -> Vec<(Tree, Sense)> {
    let default = schema.get("default");
    let mut all = Vec::new();
    let listed = schema.get("enum").and_then(Value::as_list);
    if let Some(listed) = listed {
        let meant = listed.iter().filter(|value| Some(*value) != default);
        all.extend(meant.map(|value| (of_value(value), Sense::Meant)));
        return all;
    }
    for branch in ["oneOf", "anyOf"] {
        let branches = schema.get(branch).and_then(Value::as_list);
        for branch in branches.into_iter().flatten() {
            all.extend(values(branch, is_cluster));
            all.extend(sample(branch, 0).map(|value| (value, Sense::Invented)));
        }
    }
    let integer = |key: &str| integer(schema.get(key));
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean") => {
            for flag in [true, false] {
                let value = Value::Bool(flag);
                if Some(&value) != default {
                    all.push((tree(Data::Bool(flag)), Sense::Meant));
                }
            }
        }
        Some("integer" | "number") => {
            let (low, high) = (integer("minimum"), integer("maximum"));
            let excludes = |key: &str| schema.get(key) == Some(&Value::Bool(true));
            let (above, below) = (excludes("exclusiveMinimum"), excludes("exclusiveMaximum"));
            let low = low.map(|low| low.saturating_add(i64::from(above)));
            let high = high.map(|high| high.saturating_sub(i64::from(below)));
            all.extend(low.map(|low| (number(low), Sense::Meant)));
            all.extend(high.map(|high| (number(high), Sense::Meant)));
            all.extend(low.is_none().then(|| (number(0), Sense::Invented)));
            all.extend(high.is_none().then(|| (number(MANY), Sense::Invented)));
        }
        Some("string") => {
            all.push((text(""), Sense::Invented));
            all.push((text("a"), Sense::Invented));
            all.push((text(&"a".repeat(LONG_TEXT)), Sense::Invented));
        }
        Some("array") => {
            all.push((tree(Data::List(Vec::new())), Sense::Meant));
            let item = if is_cluster {
                Some(text("local"))
            } else {
                schema.get("items").and_then(|items| sample(items, 0))
            };
            if let Some(item) = item {
                let sense = if is_cluster {
                    Sense::Meant
                } else {
                    Sense::Invented
                };
                all.push((tree(Data::List(vec![item.clone()])), sense));
                if !is_cluster {
                    all.push((tree(Data::List(vec![item; LONG])), Sense::Invented));
                }
            }
        }
        Some("object") if schema.get("properties").is_none() => {
            all.push((tree(Data::Map(Vec::new())), Sense::Meant));
            let inner = schema.get("additionalProperties");
            let inner = inner.and_then(|inner| sample(inner, 0));
            if let Some(value) = inner {
                let entry = Entry {
                    key: "a".into(),
                    key_span: Span::DETACHED,
                    value,
                };
                all.push((tree(Data::Map(vec![entry])), Sense::Invented));
            }
        }
        _ => {}
    }
    all
}

/// Whether an object of a schema cannot be empty: what is required has no default.
fn requires(schema: &Value) -> bool {
    let names = schema.get("required").and_then(Value::as_list);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let property = |name: &str| schema.get("properties")?.get(name)?.get("default");
    names.into_iter().any(|name| property(name).is_none())
}

/// The smallest value that a schema admits: a default, the first of a list of values, else one of its type with what it
/// requires.
fn sample(schema: &Value, depth: usize) -> Option<Tree> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(default) = schema.get("default") {
        return Some(of_value(default));
    }
    let first = |key: &str| schema.get(key).and_then(Value::as_list)?.first();
    if let Some(value) = first("enum") {
        return Some(of_value(value));
    }
    if let Some(branch) = first("oneOf").or_else(|| first("anyOf")) {
        return sample(branch, depth + 1);
    }
    Some(match schema.get("type").and_then(Value::as_str)? {
        "boolean" => tree(Data::Bool(true)),
        "integer" | "number" => {
            let low = integer(schema.get("minimum"));
            let high = integer(schema.get("maximum"));
            number(
                low.map_or(1, |low| low.saturating_add(1))
                    .min(high.unwrap_or(i64::MAX)),
            )
        }
        "string" => text("a"),
        "array" => tree(Data::List(Vec::new())),
        "object" => {
            let empty = Map::new();
            let properties = schema.get("properties").and_then(Value::as_map);
            let required = schema.get("required").and_then(Value::as_list);
            let is_required = |name: &str| {
                let mut names = required.into_iter().flatten();
                names.any(|required| required.as_str() == Some(name))
            };
            let mut entries = Vec::new();
            for (name, property) in properties.unwrap_or(&empty) {
                // what has a default is given by the declaration
                if is_required(name) && property.get("default").is_none() {
                    entries.push(Entry {
                        key: name.as_str().into(),
                        key_span: Span::DETACHED,
                        value: sample(property, depth + 1)?,
                    });
                }
            }
            tree(Data::Map(entries))
        }
        _ => return None,
    })
}

fn integer(value: Option<&Value>) -> Option<i64> {
    match value {
        Some(Value::Number(number)) => number.as_i64(),
        _ => None,
    }
}

fn of_value(value: &Value) -> Tree {
    tree(match value {
        Value::Null => Data::Null,
        Value::Bool(flag) => Data::Bool(*flag),
        Value::Number(number) => Data::Number(number.read()),
        Value::String(text) => Data::String(text.as_str().into()),
        Value::List(items) => Data::List(items.iter().map(of_value).collect()),
        Value::Map(map) => Data::Map(
            map.iter()
                .map(|(key, value)| Entry {
                    key: key.as_str().into(),
                    key_span: Span::DETACHED,
                    value: of_value(value),
                })
                .collect(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(schema: &str, base: &str) -> Vec<String> {
        let schema = goyaml::from_slice(schema.as_bytes()).unwrap();
        let base = of_value(&goyaml::from_slice(base.as_bytes()).unwrap());
        let all = changes(&schema, &base);
        all.iter()
            .map(|change| word(change).unwrap_or_else(|| format!("{:?}", change.path)))
            .collect()
    }

    #[test]
    fn what_the_schema_lists_comes_first() {
        let schema = "{properties: {size: {type: string, enum: [s, m], default: s}, tls: {type: boolean, default: true}, port: {type: integer, minimum: 1, maximum: 9}}}";
        assert_eq!(
            words(schema, "{}"),
            [
                "size=null",
                "size=m",
                "tls=null",
                "tls=false",
                "port=null",
                "port=1",
                "port=9"
            ]
        );
        let texts = words("{properties: {name: {type: string}}}", "{}");
        assert_eq!(&texts[..3], ["name=null", "name=", "name=a"]);
    }

    #[test]
    fn an_optional_part_is_given_with_what_it_requires() {
        let schema = "{properties: {s: {type: object, required: [h], properties: {h: {type: string}, o: {type: boolean}}}}}";
        let all = words(schema, "{}");
        assert!(all.contains(&"s.h=a".to_owned()), "{all:?}");
        assert!(all.contains(&"s.h=a s.o=true".to_owned()), "{all:?}");
    }

    #[test]
    fn a_change_is_made_in_place() {
        let base = of_value(&goyaml::from_slice(b"{a: {b: 1, c: 2}}").unwrap());
        let change = Change {
            path: vec!["a".to_owned(), "b".to_owned()],
            value: number(3),
            sense: Sense::Meant,
        };
        let text = goyaml::to_string(&changed(&base, &change).to_value());
        assert_eq!(text, "a:\n  b: 3\n  c: 2\n");
    }

    #[test]
    fn there_are_never_too_many() {
        let properties: Vec<String> = (0..500)
            .map(|at| format!("p{at}: {{type: boolean}}"))
            .collect();
        let schema = format!("{{properties: {{{}}}}}", properties.join(", "));
        let all = words(&schema, "{}");
        assert_eq!(all.len(), MOST);
    }
}
