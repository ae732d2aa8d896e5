//! What may stand in an index, as vela decodes it.
//!
//! vela and Helm read `index.yaml` with `sigs.k8s.io/yaml`, strictly, into helm v3.14.4 `pkg/repo/index.go`: one value
//! of another type, one unknown key, and the registry is rejected as a whole. Two things are odd, and are as seen in
//! runs of vela. Keys fit in any case. And a number or boolean becomes a text where the type of the field is known to
//! the YAML reader, which it is for the fields of the index and of an entry's own (`urls`, `digest`), but not for those
//! that an entry takes over from `Chart.yaml`: there `version: 1.10` without quotes rejects the registry.

use goyaml::{Data, Tree};
use serde_json::{Map, Value as Json};
use source_vocab::{Diagnostic, Severity};

/// The type of a value. `null` fits each.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// A text and nothing else.
    Text,
    /// A text, or what is made one.
    AsText,
    /// True or false.
    Bool,
    /// A moment, as Go reads RFC 3339.
    Time,
    /// A list of one shape.
    List(&'static Shape),
    /// A mapping to one shape.
    Map(&'static Shape),
    /// A mapping with these keys.
    Record(&'static [(&'static str, Shape)]),
    /// Anything.
    Any,
}

const TEXTS: Shape = Shape::List(&Shape::Text);
const AS_TEXTS: Shape = Shape::List(&Shape::AsText);

const MAINTAINER: Shape = Shape::Record(&[
    ("email", Shape::Text),
    ("name", Shape::Text),
    ("url", Shape::Text),
]);

const DEPENDENCY: Shape = Shape::Record(&[
    ("alias", Shape::Text),
    ("condition", Shape::Text),
    ("enabled", Shape::Bool),
    ("import-values", Shape::List(&Shape::Any)),
    ("name", Shape::Text),
    ("repository", Shape::Text),
    ("tags", TEXTS),
    ("version", Shape::Text),
]);

/// The keys of an index.
pub(crate) const TOP: &[(&str, Shape)] = &[
    ("annotations", Shape::Map(&Shape::AsText)),
    ("apiVersion", Shape::AsText),
    ("entries", Shape::Map(&Shape::List(&Shape::Any))),
    ("generated", Shape::Time),
    ("publicKeys", AS_TEXTS),
    ("serverInfo", Shape::Map(&Shape::Any)),
];

/// The keys of an entry: those of `Chart.yaml`, and its own.
pub(crate) const ENTRY: &[(&str, Shape)] = &[
    ("annotations", Shape::Map(&Shape::Text)),
    ("apiVersion", Shape::Text),
    ("appVersion", Shape::Text),
    ("checksum", Shape::AsText),
    ("condition", Shape::Text),
    ("created", Shape::Time),
    ("dependencies", Shape::List(&DEPENDENCY)),
    ("deprecated", Shape::Bool),
    ("description", Shape::Text),
    ("digest", Shape::AsText),
    ("engine", Shape::AsText),
    ("home", Shape::Text),
    ("icon", Shape::Text),
    ("keywords", TEXTS),
    ("kubeVersion", Shape::Text),
    ("maintainers", Shape::List(&MAINTAINER)),
    ("name", Shape::Text),
    ("removed", Shape::Bool),
    ("sources", TEXTS),
    ("tags", Shape::Text),
    ("tillerVersion", Shape::AsText),
    ("type", Shape::Text),
    ("url", Shape::AsText),
    ("urls", AS_TEXTS),
    ("version", Shape::Text),
];

/// Reads the keys of a mapping under the names that they stand for; what does not fit is found and left out. `what`
/// says in which mapping they stand.
pub(crate) fn record(
    tree: &Tree,
    keys: &[(&'static str, Shape)],
    what: &str,
    findings: &mut Vec<Diagnostic>,
) -> Map<String, Json> {
    let mut fields = Map::new();
    for entry in tree.entries() {
        let exact = keys.iter().find(|(name, _)| *name == &*entry.key);
        let known = exact.or_else(|| {
            keys.iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&entry.key))
        });
        let Some((name, shape)) = known else {
            let message = format!("`{}` is no field of {what}", entry.key);
            let found = Diagnostic::error("REG01", message, entry.key_span);
            findings.push(found.help("remove it: KubeVela rejects the whole registry"));
            continue;
        };
        if exact.is_none() {
            let message = format!("`{}` of {what} is read as `{name}`", entry.key);
            let found = Diagnostic::new(Severity::Warning, "REG01", message, entry.key_span);
            findings.push(found.help(format!("write `{name}`")));
        }
        if let Some(value) = value(&entry.value, *shape, name, what, findings) {
            fields.insert((*name).to_owned(), value);
        }
    }
    fields
}

/// The value of a shape; `None` with a finding when it does not fit.
fn value(
    tree: &Tree,
    shape: Shape,
    name: &str,
    what: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<Json> {
    let mut wrong = |expected: &str, help: &str| {
        let message = format!(
            "`{name}` of {what} must be {expected}, found {}",
            tree.kind()
        );
        findings.push(Diagnostic::error("REG01", message, tree.span).help(help));
        None
    };
    let rejects = "KubeVela rejects the whole registry";
    match (shape, &tree.data) {
        (_, Data::Null) => Some(Json::Null),
        (Shape::Any, _) => Some(any(tree)),
        (Shape::Text | Shape::AsText, Data::String(text)) => Some(Json::String(text.to_string())),
        (Shape::AsText, Data::Bool(_) | Data::Number(_)) => {
            tree.coerced().map(|text| Json::String(text.into_owned()))
        }
        (Shape::Text, Data::Bool(_) | Data::Number(_)) => wrong(
            "a text",
            "write it in quotes: KubeVela rejects the whole registry",
        ),
        (Shape::Text | Shape::AsText, _) => wrong("a text", rejects),
        (Shape::Bool, Data::Bool(flag)) => Some(Json::Bool(*flag)),
        (Shape::Bool, _) => wrong("true or false", rejects),
        (Shape::Time, Data::String(text)) if is_time(text) => Some(Json::String(text.to_string())),
        (Shape::Time, _) => wrong("a time such as `\"2024-01-31T12:00:00Z\"`", rejects),
        (Shape::List(of), Data::List(items)) => {
            let items = items.iter().enumerate().filter_map(|(at, item)| {
                value(item, *of, &format!("{name}[{at}]"), what, findings)
            });
            Some(Json::Array(items.collect()))
        }
        (Shape::List(_), _) => wrong("a list", rejects),
        (Shape::Map(of), Data::Map(entries)) => {
            let mut map = Map::new();
            for entry in entries {
                let name = format!("{name}.{}", entry.key);
                if let Some(value) = value(&entry.value, *of, &name, what, findings) {
                    map.insert(entry.key.to_string(), value);
                }
            }
            Some(Json::Object(map))
        }
        (Shape::Record(keys), Data::Map(_)) => {
            let what = format!("`{name}` of {what}");
            Some(Json::Object(record(tree, keys, &what, findings)))
        }
        (Shape::Map(_) | Shape::Record(_), _) => wrong("a mapping", rejects),
    }
}

/// A value as it is.
fn any(tree: &Tree) -> Json {
    match &tree.data {
        Data::Null => Json::Null,
        Data::Bool(flag) => Json::Bool(*flag),
        Data::String(text) => Json::String(text.to_string()),
        Data::Number(_) => {
            let text = tree.coerced().unwrap_or_default();
            serde_json::from_str(&text).unwrap_or(Json::Null)
        }
        Data::List(items) => Json::Array(items.iter().map(any).collect()),
        Data::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.to_string(), any(&entry.value)))
            .collect(),
    }
}

/// Whether Go's `time.Time` reads a text from JSON: `2006-01-02T15:04:05Z` or with an offset, with a fraction behind a
/// dot or a comma, a day that the month has, and hours of the offset up to 24 (go 1.19 `time.Parse`).
fn is_time(text: &str) -> bool {
    let number = |from: usize, to: usize| -> Option<u32> {
        let digits = text.get(from..to)?;
        let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then(|| digits.parse().ok()).flatten()
    };
    let read = || -> Option<bool> {
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let signs = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
        let has_signs = signs
            .iter()
            .all(|(at, sign)| text.get(*at..*at + 1) == Some(sign));
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let rest = text.get(19..)?;
        let zone = match rest.strip_prefix(['.', ',']) {
            Some(fraction) => {
                let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                (zone.len() < fraction.len()).then_some(zone)?
            }
            None => rest,
        };
        Some(
            has_signs
                && (1..=days).contains(&day)
                && hour < 24
                && minute < 60
                && second < 60
                && is_zone(zone),
        )
    };
    read().unwrap_or(false)
}

/// `Z`, or an offset such as `+02:00`.
fn is_zone(zone: &str) -> bool {
    let Some(offset) = zone.strip_prefix(['+', '-']) else {
        return zone == "Z";
    };
    let number = |text: &str| -> Option<u32> {
        let is_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then(|| text.parse().ok()).flatten()
    };
    offset.split_once(':').is_some_and(|(hours, minutes)| {
        number(hours).is_some_and(|hours| hours <= 24)
            && number(minutes).is_some_and(|minutes| minutes <= 60)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_that_vela_reads() {
        for time in [
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00.123456789+02:00",
            "2024-01-01T00:00:00,5Z",
            "2024-01-01T00:00:00+24:00",
            "2024-02-29T00:00:00-11:30",
        ] {
            assert!(is_time(time), "{time}");
        }
        for text in [
            "",
            "yesterday",
            "2024-01-01",
            "2024-01-01 00:00:00Z",
            "2024-01-01t00:00:00z",
            "2024-01-01T00:00:00",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00.Z",
            "2024-13-01T00:00:00Z",
            "２024-01-01T00:00:00Z",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }
}
