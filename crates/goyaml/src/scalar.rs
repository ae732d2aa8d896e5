//! What a scalar means: the resolution tables of goyaml.v2 and yaml.v3.
//!
//! The two agree but in two points: v2 reads `y yes on n no off` (in three spellings each) as
//! booleans, v3 does not; v3 also reads `0o17`-style octals with underscores. Both look at the
//! first byte before anything else, so `=` or `<<` are strings when written out again.
//! Sources: sigs.k8s.io/yaml v1.4.0 `goyaml.v2/resolve.go`, gopkg.in/yaml.v3 v3.0.1 `resolve.go`.

use crate::number::{Magnitude, parse_go_float, parse_integer, parse_yaml_float};
use crate::timestamp::is_timestamp;

/// Whose rules read a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// sigs.k8s.io/yaml v1.4.0 over goyaml.v2: what Kubernetes, Helm and KubeVela use.
    Kubernetes,
    /// gopkg.in/yaml.v3: what CUE's `encoding/yaml` uses.
    Cue,
}

/// The value of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(Magnitude),
    /// A float, not-a-number and infinities included.
    Float(f64),
    /// Looks like a time; its value is the text.
    Timestamp,
    /// The text itself.
    String,
}

impl Resolved {
    /// The tag of the value, in short form.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::String => "!!str",
        }
    }
}

/// What a plain scalar without a tag means.
pub fn resolve_plain(dialect: Dialect, text: &str) -> Resolved {
    let Some(first) = text.bytes().next() else {
        return Resolved::Null;
    };
    match first {
        b'+' | b'-' | b'0'..=b'9' => {
            special_float(text).unwrap_or_else(|| numeric(dialect, text, Timestamps::Read))
        }
        b'.' => special_float(text)
            .or_else(|| parse_go_float(text).map(Resolved::Float))
            .unwrap_or(Resolved::String),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            word(dialect, text)
        }
        _ => Resolved::String,
    }
}

/// What a scalar with an explicit tag of the core schema means.
///
/// `None` when the text is no such thing: Go fails with "cannot decode". Tags that are not about
/// plain values (`!local`, `!!binary`) give [`Resolved::String`].
pub fn resolve_tagged(dialect: Dialect, tag: &str, text: &str) -> Option<Resolved> {
    let found = match tag {
        "!!bool" | "!!int" | "!!float" | "!!null" | "!!timestamp" => {
            let starts_number = matches!(text.bytes().next(), Some(b'+' | b'-' | b'0'..=b'9'));
            if starts_number && tag != "!!timestamp" {
                special_float(text).unwrap_or_else(|| numeric(dialect, text, Timestamps::Skip))
            } else {
                resolve_plain(dialect, text)
            }
        }
        _ => return Some(Resolved::String),
    };
    match (tag, found) {
        ("!!float", Resolved::Int(Magnitude::Int(value))) => {
            #[expect(clippy::cast_precision_loss, reason = "Go converts in the same way")]
            let float = value as f64;
            Some(Resolved::Float(float))
        }
        _ => (found.tag() == tag).then_some(found),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Timestamps {
    Read,
    Skip,
}

fn word(dialect: Dialect, text: &str) -> Resolved {
    match text {
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        _ if dialect == Dialect::Cue => Resolved::String,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        _ => Resolved::String,
    }
}

fn special_float(text: &str) -> Option<Resolved> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Resolved::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            Some(Resolved::Float(f64::INFINITY))
        }
        "-.inf" | "-.Inf" | "-.INF" => Some(Resolved::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn numeric(dialect: Dialect, text: &str, timestamps: Timestamps) -> Resolved {
    if timestamps == Timestamps::Read && is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain = text.replace('_', "");
    if let Some(value) = parse_integer(&plain) {
        return Resolved::Int(value);
    }
    if let Some(value) = parse_yaml_float(&plain) {
        return Resolved::Float(value);
    }
    // After "0b" (v3: also "0o") Go parses once more, and there a second sign passes: `0b-1`.
    let again = |prefix: &str, radix| {
        let body = plain.strip_prefix(prefix)?;
        i64::from_str_radix(body, radix).ok()
    };
    let octal = || (dialect == Dialect::Cue).then(|| again("0o", 8)).flatten();
    again("0b", 2)
        .or_else(octal)
        .map_or(Resolved::String, |value| {
            Resolved::Int(Magnitude::Int(value))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values as goyaml.v2 and yaml.v3 print them with `%T %v` from an `interface{}`.
    #[test]
    fn plain_scalars_mean_what_go_says() {
        use Dialect::{Cue, Kubernetes};
        let int = |value| Resolved::Int(Magnitude::Int(value));
        for (text, kubernetes, cue) in [
            ("y", Resolved::Bool(true), Resolved::String),
            ("Off", Resolved::Bool(false), Resolved::String),
            ("yES", Resolved::String, Resolved::String),
            ("True", Resolved::Bool(true), Resolved::Bool(true)),
            ("~", Resolved::Null, Resolved::Null),
            ("", Resolved::Null, Resolved::Null),
            ("1_000", int(1000), int(1000)),
            ("0o17", int(15), int(15)),
            ("017", int(15), int(15)),
            ("08", Resolved::Float(8.0), Resolved::Float(8.0)),
            ("0x1F", int(31), int(31)),
            ("1e3", Resolved::Float(1000.0), Resolved::Float(1000.0)),
            ("1.", Resolved::Float(1.0), Resolved::Float(1.0)),
            (".5", Resolved::Float(0.5), Resolved::Float(0.5)),
            (".", Resolved::String, Resolved::String),
            ("1e400", Resolved::String, Resolved::String),
            ("12:30:45", Resolved::String, Resolved::String),
            ("2001-12-14", Resolved::Timestamp, Resolved::Timestamp),
            ("<<", Resolved::String, Resolved::String),
            ("1.2.3", Resolved::String, Resolved::String),
            (
                "-.inf",
                Resolved::Float(f64::NEG_INFINITY),
                Resolved::Float(f64::NEG_INFINITY),
            ),
            ("nan", Resolved::String, Resolved::String),
            ("+1", int(1), int(1)),
            (
                "18446744073709551615",
                Resolved::Int(Magnitude::Uint(u64::MAX)),
                Resolved::Int(Magnitude::Uint(u64::MAX)),
            ),
        ] {
            assert_eq!(resolve_plain(Kubernetes, text), kubernetes, "{text}");
            assert_eq!(resolve_plain(Cue, text), cue, "{text}");
        }
    }

    #[test]
    fn tags_demand_their_kind() {
        let tagged = |tag, text| resolve_tagged(Dialect::Kubernetes, tag, text);
        assert_eq!(tagged("!!int", "5"), Some(Resolved::Int(Magnitude::Int(5))));
        assert_eq!(tagged("!!float", "5"), Some(Resolved::Float(5.0)));
        assert_eq!(tagged("!!int", "x"), None);
        assert_eq!(tagged("!!null", "x"), None);
        assert_eq!(tagged("!!bool", "on"), Some(Resolved::Bool(true)));
        assert_eq!(tagged("!!str", "5"), Some(Resolved::String));
        assert_eq!(tagged("!custom", "5"), Some(Resolved::String));
        assert_eq!(
            tagged("!!timestamp", "2001-12-14"),
            Some(Resolved::Timestamp)
        );
        assert_eq!(tagged("!!int", "2001-12-14"), None);
    }
}
