//! Values as sigs.k8s.io/yaml v1.4.0 `Marshal` writes them.
//!
//! Keys are sorted in goyaml's natural order (`a2` before `a10`, digits and signs before
//! letters); a string is quoted when it would read as something else. Two things are kept
//! that Go loses or refuses, because it takes a detour over JSON text: a next-line character
//! (Go makes a blank of it) and control characters such as U+007F (Go fails); both are escaped.

use super::scalar::Tabs;
use super::writer::{BlockHeader, ListIndent};
use super::{Profile, Style, Styled, Writer};
use crate::scalar::{Dialect, Resolved, resolve_plain};
use crate::value::Value;

const PROFILE: Profile = Profile {
    width: 80,
    lists: ListIndent::Flush,
    tabs: Tabs::Unprintable,
    header: BlockHeader::Ended,
};

/// The YAML text of a value, ending in a line feed.
pub fn to_string(value: &Value) -> String {
    Writer::new(PROFILE).document(&styled(value))
}

fn styled(value: &Value) -> Styled<'_> {
    match value {
        Value::Null => Styled::scalar("null", Style::Plain),
        Value::Bool(true) => Styled::scalar("true", Style::Plain),
        Value::Bool(false) => Styled::scalar("false", Style::Plain),
        Value::Number(number) => Styled::scalar(number.read().to_yaml(), Style::Plain),
        Value::String(text) => string(text),
        Value::List(items) => Styled::List(items.iter().map(styled).collect()),
        Value::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            crate::order::sort_by(&mut entries, |a, b| crate::order::is_less(a.0, b.0));
            Styled::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (string(key), styled(value)))
                    .collect(),
            )
        }
    }
}

fn string(text: &str) -> Styled<'_> {
    let style = if text.contains('\n') {
        Style::Literal
    } else if resolve_plain(Dialect::Kubernetes, text) == Resolved::String && !is_base60(text) {
        Style::Plain
    } else {
        Style::DoubleQuoted
    };
    Styled::scalar(text, style)
}

/// Whether YAML 1.1 readers would see a number of base 60 (`12:30:45`): digits, then groups of
/// up to two digits below 60 after colons, then perhaps a fraction.
fn is_base60(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let mut groups = whole.split(':');
    let first = groups.next().unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut count = 0;
    let small = groups.all(|group| {
        count += 1;
        matches!(group.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
    });
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && small
        && count > 0
}
