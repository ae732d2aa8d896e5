//! Parameter schemas: which arguments are no longer taken.
//!
//! A schema says which arguments are taken, so what narrows it is breaking and what widens it is not. A parameter needs a
//! value when it is required and neither has a default nor is an object whose own parameters all have one: the schema that
//! `KubeVela` makes lists those with a default as required too.
//!
//! ```text
//! old {replicas: integer, mode: a|b}   new {replicas: integer ≤ 5, mode: a|b|c, size!: string}
//!      replicas: maximum 5 is new (major)   mode: may be `c` (minor)   size: is new and needs a value (major)
//! ```

use crate::Weight;
use goyaml::{Map, Value};

/// What is different about one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) path: Vec<String>,
    pub(crate) weight: Weight,
    pub(crate) message: String,
}

/// Everything that is different between two schemas.
pub(crate) fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Comparison::default();
    found.schema(old, new);
    found.found
}

#[derive(Default)]
struct Comparison {
    path: Vec<String>,
    found: Vec<Difference>,
}

impl Comparison {
    fn add(&mut self, weight: Weight, message: impl Into<String>) {
        self.found.push(Difference {
            path: self.path.clone(),
            weight,
            message: message.into(),
        });
    }

    fn within(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        self.path.push(name.to_owned());
        look(self);
        self.path.pop();
    }

    fn schema(&mut self, old: &Value, new: &Value) {
        let (Value::Map(old), Value::Map(new)) = (old, new) else {
            return;
        };
        let branches = |schema: &Map| {
            ["oneOf", "anyOf"]
                .into_iter()
                .find_map(|key| schema.get(key)?.as_list().map(<[Value]>::to_vec))
        };
        match (branches(old), branches(new)) {
            (None, None) => self.kind(old, new),
            (before, after) => {
                let before = before.unwrap_or_else(|| vec![Value::Map(old.clone())]);
                let after = after.unwrap_or_else(|| vec![Value::Map(new.clone())]);
                self.branches(&before, &after);
            }
        }
        self.defaults(old, new);
        let is_immutable =
            |schema: &Map| schema.get("x-immutable").and_then(Value::as_bool) == Some(true);
        match (is_immutable(old), is_immutable(new)) {
            (false, true) => self.add(Weight::Major, "cannot be changed any more (`+immutable`)"),
            (true, false) => self.add(Weight::Minor, "can be changed now (no `+immutable`)"),
            _ => {}
        }
    }

    /// Forms of which one is taken.
    fn branches(&mut self, old: &[Value], new: &[Value]) {
        let takes = |one: &Value, other: &Value| {
            let all = differences(one, other);
            all.iter().all(|found| found.weight < Weight::Major)
        };
        let is_lost = |one: &Value| !new.iter().any(|other| takes(one, other));
        let is_new = |other: &Value| !old.iter().any(|one| takes(other, one));
        if old.iter().any(is_lost) {
            self.add(Weight::Major, "does not take all the forms that it took");
        } else if new.iter().any(is_new) {
            self.add(Weight::Minor, "takes more forms");
        }
    }

    fn kind(&mut self, old: &Map, new: &Map) {
        let name = |schema: &Map| {
            schema
                .get("type")
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        match (name(old), name(new)) {
            (before, after) if before == after => {}
            (Some(before), None) => {
                self.add(Weight::Minor, format!("takes anything, not only {before}"));
                return;
            }
            (Some(before), Some(after)) if before == "integer" && after == "number" => {
                self.add(Weight::Minor, "takes any number, not only an integer");
            }
            (None, Some(after)) => {
                self.add(
                    Weight::Major,
                    format!("takes only {after} now, and took anything"),
                );
                return;
            }
            (before, after) => {
                let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
                self.add(
                    Weight::Major,
                    format!("takes {after} now, and took {before}"),
                );
                return;
            }
        }
        self.choices(old, new);
        self.bounds(old, new);
        self.properties(old, new);
        match (old.get("items"), new.get("items")) {
            (Some(before), Some(after)) => self.within("[]", |inner| inner.schema(before, after)),
            (None, Some(_)) => self.add(Weight::Major, "takes only certain elements now"),
            _ => {}
        }
        let more = "additionalProperties";
        match (old.get(more), new.get(more)) {
            (Some(before), Some(after)) => self.within("*", |inner| inner.schema(before, after)),
            (Some(_), None) if new.contains_key("properties") => {
                self.add(Weight::Major, "does not take keys of any name any more");
            }
            _ => {}
        }
        for key in ["allOf", "not"] {
            if old.get(key) != new.get(key) {
                let weight = if new.contains_key(key) {
                    Weight::Major
                } else {
                    Weight::Minor
                };
                self.add(weight, format!("has other conditions (`{key}`)"));
            }
        }
    }

    fn choices(&mut self, old: &Map, new: &Map) {
        let list = |schema: &Map| {
            schema
                .get("enum")
                .and_then(Value::as_list)
                .map(<[Value]>::to_vec)
        };
        match (list(old), list(new)) {
            (Some(before), Some(after)) => {
                for value in before.iter().filter(|value| !after.contains(value)) {
                    self.add(
                        Weight::Major,
                        format!("does not take {} any more", shown(value)),
                    );
                }
                for value in after.iter().filter(|value| !before.contains(value)) {
                    self.add(Weight::Minor, format!("takes {} too", shown(value)));
                }
            }
            (None, Some(after)) => {
                let all: Vec<String> = after.iter().map(shown).collect();
                self.add(Weight::Major, format!("takes only {} now", all.join(", ")));
            }
            (Some(_), None) => self.add(Weight::Minor, "takes values of any choice"),
            (None, None) => {}
        }
    }

    fn bounds(&mut self, old: &Map, new: &Map) {
        const LOW: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];
        const HIGH: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
        for (keys, sign) in [(LOW, 1.0), (HIGH, -1.0)] {
            for key in keys {
                let number = |schema: &Map| match schema.get(key) {
                    Some(Value::Number(number)) => Some(number.clone()),
                    _ => None,
                };
                match (number(old), number(new)) {
                    (None, Some(after)) => {
                        self.add(
                            Weight::Major,
                            format!("has the bound `{key}` {} now", after.as_str()),
                        );
                    }
                    (Some(before), None) => {
                        self.add(
                            Weight::Minor,
                            format!("has no `{key}` any more, it was {}", before.as_str()),
                        );
                    }
                    (Some(before), Some(after)) => {
                        let moved = (after.as_f64() - before.as_f64()) * sign;
                        if moved != 0.0 {
                            let weight = if moved > 0.0 {
                                Weight::Major
                            } else {
                                Weight::Minor
                            };
                            let text = format!(
                                "has the `{key}` {}, it was {}",
                                after.as_str(),
                                before.as_str()
                            );
                            self.add(weight, text);
                        }
                    }
                    (None, None) => {}
                }
            }
        }
        for key in ["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"] {
            let is_set = |schema: &Map| schema.get(key).and_then(Value::as_bool) == Some(true);
            match (is_set(old), is_set(new)) {
                (false, true) => self.add(Weight::Major, format!("is bound by `{key}` now")),
                (true, false) => {
                    self.add(Weight::Minor, format!("is not bound by `{key}` any more"));
                }
                _ => {}
            }
        }
        match (old.get("pattern"), new.get("pattern")) {
            (before, Some(after)) if before != Some(after) => {
                self.add(Weight::Major, format!("has to match {} now", shown(after)));
            }
            (Some(_), None) => self.add(Weight::Minor, "need not match a pattern any more"),
            _ => {}
        }
        let is_nullable =
            |schema: &Map| schema.get("nullable").and_then(Value::as_bool) == Some(true);
        match (is_nullable(old), is_nullable(new)) {
            (true, false) => self.add(Weight::Major, "does not take null any more"),
            (false, true) => self.add(Weight::Minor, "takes null too"),
            _ => {}
        }
    }

    fn defaults(&mut self, old: &Map, new: &Map) {
        match (old.get("default"), new.get("default")) {
            (Some(before), Some(after)) if before != after => {
                let text = format!("is {} by default, it was {}", shown(after), shown(before));
                self.add(Weight::Minor, text);
            }
            (None, Some(after)) => {
                self.add(Weight::Minor, format!("is {} by default", shown(after)));
            }
            (Some(before), None) => {
                self.add(
                    Weight::Minor,
                    format!("has no default any more, it was {}", shown(before)),
                );
            }
            _ => {}
        }
    }

    fn properties(&mut self, old: &Map, new: &Map) {
        let none = Map::new();
        let of = |schema: &Map| schema.get("properties").and_then(Value::as_map).cloned();
        let (before, after) = (of(old), of(new));
        let (before, after) = (
            before.as_ref().unwrap_or(&none),
            after.as_ref().unwrap_or(&none),
        );
        for (name, schema) in before {
            self.within(name, |inner| match after.get(name) {
                None => inner.add(Weight::Major, "is there no more"),
                Some(other) => {
                    inner.schema(schema, other);
                    match (needs(old, name, schema), needs(new, name, other)) {
                        (false, true) => inner.add(Weight::Major, "needs a value now"),
                        (true, false) => inner.add(Weight::Minor, "needs no value any more"),
                        _ => {}
                    }
                }
            });
        }
        for (name, schema) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let (weight, text) = if needs(new, name, schema) {
                (Weight::Major, "is new and needs a value")
            } else {
                (Weight::Minor, "is new")
            };
            self.within(name, |inner| inner.add(weight, text));
        }
    }
}

/// Whether an argument must be given for this property of `parent`.
fn needs(parent: &Map, name: &str, schema: &Value) -> bool {
    let required = parent.get("required").and_then(Value::as_list);
    let is_required =
        required.is_some_and(|list| list.iter().any(|one| one.as_str() == Some(name)));
    is_required && lacks(schema)
}

/// Whether a schema has no value without an argument.
fn lacks(schema: &Value) -> bool {
    let Value::Map(map) = schema else { return true };
    if map.contains_key("default") {
        return false;
    }
    if map.get("type").and_then(Value::as_str) == Some("array") {
        let least = map.get("minItems");
        return least.is_some();
    }
    if map.get("type").and_then(Value::as_str) != Some("object") {
        return true;
    }
    let Some(properties) = map.get("properties").and_then(Value::as_map) else {
        return false;
    };
    properties
        .iter()
        .any(|(name, inner)| needs(map, name, inner))
}

/// A value in a message.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "`null`".to_owned(),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Number(number) => format!("`{}`", number.as_str()),
        Value::String(text) => format!("`{text:?}`"),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Map(_) => "an object".to_owned(),
    }
}
