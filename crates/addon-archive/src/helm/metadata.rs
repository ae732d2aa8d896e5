//! `Chart.yaml` and `Chart.lock` as Helm holds them: read, validated and written anew.
//!
//! Helm does not copy these files into an archive. It reads them into structs and writes the structs, so keys
//! are sorted, what it does not know is gone and texts are cleaned. As helm v3.14.4 `pkg/chart/metadata.go`
//! (`Validate`) and `pkg/chart/dependency.go`.

use super::decode::{Wrong, decode, without_empty};
use crate::chart::clean;
use crate::chart_fields::{CHART, DEPENDENCY, Field, Shape};
use gosemver::Version;
use goyaml::{Data, Map, Tree, Value};
use std::collections::BTreeSet;

/// The struct behind `Chart.yaml`.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata(Map);

impl Metadata {
    pub(super) fn new(fields: Map) -> Self {
        Self(fields)
    }

    /// Reads a file into it; `name` is the file's.
    pub(super) fn read(&mut self, root: &Tree, name: &str) -> Result<(), Wrong> {
        decode(root, CHART, name, &mut self.0)
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.0
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether it is a chart of the first format, whose dependencies have a file of their own.
    pub(super) fn is_v1(&self) -> bool {
        self.text("apiVersion") == "v1"
    }

    /// A chart that does not say is of the first format.
    pub(super) fn default_to_v1(&mut self) {
        if self.text("apiVersion").is_empty() {
            self.0.insert("apiVersion".to_owned(), "v1".into());
        }
    }

    /// The fields as they are written.
    pub(super) fn written(&self) -> Map {
        let mut map = without_empty(&self.0, &[]);
        if self.is_v1() {
            map.shift_remove("dependencies");
        } else if let Some(dependencies) = map.get_mut("dependencies") {
            write_dependencies(dependencies);
        }
        if let Some(Value::List(maintainers)) = map.get_mut("maintainers") {
            for maintainer in maintainers {
                if let Value::Map(fields) = maintainer {
                    *fields = without_empty(fields, &[]);
                }
            }
        }
        map
    }

    /// Cleans the texts, and says what Helm refuses.
    pub(super) fn validate(&mut self) -> Result<(), String> {
        for field in [
            "name",
            "description",
            "home",
            "icon",
            "condition",
            "tags",
            "appVersion",
            "kubeVersion",
            "sources",
            "keywords",
        ] {
            if let Some(value) = self.0.get_mut(field) {
                clean_value(value);
            }
        }
        for field in ["apiVersion", "name", "version"] {
            if self.text(field).is_empty() {
                return Err(format!("has no `{field}`"));
            }
        }
        let name = self.text("name");
        if name.contains('/') || matches!(name, "." | "..") {
            return Err(format!(
                "has the `name` {name:?}, which cannot name a folder"
            ));
        }
        let version = self.text("version");
        if Version::parse(version).is_err() {
            return Err(format!("has the `version` {version:?}, which is none"));
        }
        if !matches!(self.text("type"), "" | "application" | "library") {
            return Err("has a `type` other than `application` or `library`".to_owned());
        }
        for maintainer in self.records("maintainers") {
            let Value::Map(fields) = maintainer else {
                return Err("has an empty element in `maintainers`".to_owned());
            };
            fields.values_mut().for_each(clean_value);
        }
        let mut names = BTreeSet::new();
        for dependency in self.records("dependencies") {
            let Value::Map(fields) = dependency else {
                return Err("has an empty element in `dependencies`".to_owned());
            };
            for field in ["name", "version", "repository", "condition", "tags"] {
                if let Some(value) = fields.get_mut(field) {
                    clean_value(value);
                }
            }
            let text = |field: &str| {
                fields
                    .get(field)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let alias = text("alias");
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            if !alias.chars().all(plain) {
                return Err(format!("has a dependency with the alias {alias:?}"));
            }
            let key = if alias.is_empty() {
                text("name")
            } else {
                alias
            };
            if !names.insert(key.to_owned()) {
                return Err(format!(
                    "has two dependencies with the name or alias {key:?}"
                ));
            }
        }
        Ok(())
    }

    fn records(&mut self, field: &str) -> impl Iterator<Item = &mut Value> {
        let list = match self.0.get_mut(field) {
            Some(Value::List(items)) => Some(items),
            _ => None,
        };
        list.into_iter().flatten()
    }
}

fn clean_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean(text),
        Value::List(items) => items.iter_mut().for_each(clean_value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Map(_) => {}
    }
}

fn write_dependencies(dependencies: &mut Value) {
    let Value::List(items) = dependencies else {
        return;
    };
    for item in items {
        if let Value::Map(fields) = item {
            *fields = without_empty(fields, &["name", "repository"]);
        }
    }
}

const LOCK: &[Field] = &[
    ("dependencies", Shape::Records(DEPENDENCY)),
    ("digest", Shape::Text),
    ("generated", Shape::Text),
];

/// The time that Go has where none is set.
const NO_TIME: &str = "0001-01-01T00:00:00Z";

/// The text of `Chart.lock` for a lock file with this content; `None` for an empty one.
pub(super) fn lock(root: &Tree, name: &str) -> Result<Option<String>, Wrong> {
    if root.data == Data::Null {
        return Ok(None);
    }
    let mut map = Map::new();
    decode(root, LOCK, name, &mut map)?;
    let written = map
        .get("generated")
        .and_then(Value::as_str)
        .unwrap_or(NO_TIME);
    let generated = time(written).ok_or_else(|| Wrong {
        span: root.get("generated").map_or(root.span, |tree| tree.span),
        message: format!(
            "`generated` must be a time such as `2024-05-01T10:00:00Z`, found {written:?}"
        ),
    })?;
    map.insert("generated".to_owned(), Value::String(generated));
    map.entry("digest".to_owned()).or_insert_with(|| "".into());
    write_dependencies(map.entry("dependencies".to_owned()).or_insert(Value::Null));
    Ok(Some(goyaml::to_string(&Value::Map(map))))
}

/// A time of RFC 3339 as Go writes it again: up to nine digits of a second, none of them a zero at the end.
fn time(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    let separated = is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && is(16, b':');
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let in_range = (1..=12).contains(&month)
        && (1..=days).contains(&day)
        && digits(11, 13)? < 24
        && digits(14, 16)? < 60
        && digits(17, 19)? < 60;
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
        None => ("", rest),
    };
    if !separated || !in_range || (rest.starts_with('.') && fraction.is_empty()) {
        return None;
    }
    let zone = match zone.as_bytes() {
        b"Z" | b"+00:00" | b"-00:00" => "Z",
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            let number = |a: &u8, b: &u8| {
                let two = a.is_ascii_digit() && b.is_ascii_digit();
                two.then(|| (a - b'0') * 10 + (b - b'0'))
            };
            (number(h1, h2)? < 24 && number(m1, m2)? < 60).then_some(zone)?
        }
        _ => return None,
    };
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{}{point}{fraction}{zone}", text.get(..19)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_go() {
        for (text, written) in [
            ("2024-05-01T10:00:00Z", Some("2024-05-01T10:00:00Z")),
            (
                "2024-05-01T10:00:00.120+00:00",
                Some("2024-05-01T10:00:00.12Z"),
            ),
            (
                "2024-05-01T10:00:00.1234567891-02:30",
                Some("2024-05-01T10:00:00.123456789-02:30"),
            ),
            ("2024-05-01T10:00:00.000Z", Some("2024-05-01T10:00:00Z")),
            ("2024-02-30T10:00:00Z", None),
            ("2024-05-01T24:00:00Z", None),
            ("2024-05-01T10:00:00", None),
            ("2024-05-01 10:00:00Z", None),
            ("2024-05-01T10:00:00.Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(time(text).as_deref(), written, "{text}");
        }
    }
}
