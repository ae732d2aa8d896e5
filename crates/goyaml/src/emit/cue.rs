//! Values as `cue export --out yaml` and CUE's `yaml.Marshal` write them.
//!
//! Fields stay in the order given. Strings that an old YAML reader could take for something else
//! are double quoted (cue v0.14.1 `internal/encoding/yaml/encode.go`, `shouldQuote`); text with
//! line breaks becomes a `|` block; bytes become `!!binary`. Numbers are written as they are.

use super::scalar::Tabs;
use super::writer::{BlockHeader, ListIndent};
use super::{Profile, Style, Styled, Writer};
use crate::scalar::{Dialect, Resolved, resolve_plain};
use crate::value::Value;
use std::borrow::Cow;

const PROFILE: Profile = Profile {
    width: usize::MAX,
    lists: ListIndent::Indented,
    tabs: Tabs::QuotedInLine,
    header: BlockHeader::Open,
};

/// A CUE value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as the text that is to be written.
    Number(Cow<'a, str>),
    /// A string.
    String(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// A list.
    List(Vec<Item<'a>>),
    /// A struct: labels and values in order.
    Struct(Vec<(Cow<'a, str>, Item<'a>)>),
}

impl<'a> From<&'a Value> for Item<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(Cow::Borrowed(number.as_str())),
            Value::String(text) => Self::String(Cow::Borrowed(text)),
            Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Map(map) => Self::Struct(
                map.iter()
                    .map(|(key, value)| (Cow::Borrowed(key.as_str()), Self::from(value)))
                    .collect(),
            ),
        }
    }
}

/// The YAML text of one document, without `---`, ending in a line feed.
pub fn to_string(item: &Item<'_>) -> String {
    Writer::new(PROFILE).document(&styled(item))
}

fn styled<'a>(item: &'a Item<'_>) -> Styled<'a> {
    match item {
        Item::Null => Styled::scalar("null", Style::Plain),
        Item::Bool(true) => Styled::scalar("true", Style::Plain),
        Item::Bool(false) => Styled::scalar("false", Style::Plain),
        Item::Number(text) => Styled::scalar(text.as_ref(), Style::Plain),
        Item::String(text) => string(text),
        Item::Bytes(bytes) => Styled::Scalar {
            text: crate::base64::encode(bytes).into(),
            style: if bytes.contains(&b'\n') {
                Style::Literal
            } else {
                Style::Plain
            },
            tag: Some("!!binary"),
        },
        Item::List(items) => Styled::List(items.iter().map(styled).collect()),
        Item::Struct(fields) => Styled::Map(
            fields
                .iter()
                .map(|(label, value)| (string(label), styled(value)))
                .collect(),
        ),
    }
}

fn string(text: &str) -> Styled<'_> {
    let style = if should_quote(text) {
        Style::DoubleQuoted
    } else if text.contains('\n') {
        Style::Literal
    } else if resolve_plain(Dialect::Cue, text) == Resolved::String {
        Style::Plain
    } else {
        Style::DoubleQuoted
    };
    Styled::scalar(text, style)
}

/// Whether CUE quotes a string for the sake of YAML 1.1 readers: words for booleans, and
/// whatever resembles a date, a time, a number of base 60 or a hexadecimal one.
fn should_quote(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "n"
            | "N"
            | "t"
            | "T"
            | "f"
            | "F"
            | "no"
            | "No"
            | "NO"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "on"
            | "On"
            | "ON"
            | "off"
            | "Off"
            | "OFF"
            | ".Nan"
    ) || is_hexadecimal(text)
        || resembles_time(text)
}

fn is_hexadecimal(text: &str) -> bool {
    text.strip_prefix("0x")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Two runs of signs, digits, colons, points and blanks, with a `-`, `:`, `t` or `T` between
/// them, and perhaps a `z` at the end.
fn resembles_time(text: &str) -> bool {
    let filler = |b: u8| matches!(b, b'-' | b'+' | b'0'..=b'9' | b':' | b'.' | b' ' | b'\t');
    let body = text.strip_suffix(['z', 'Z']).unwrap_or(text).as_bytes();
    let Some(last) = body.len().checked_sub(1) else {
        return false;
    };
    // the separator: any byte but the first and last, with only fillers on both sides
    let mut letters = body.iter().enumerate().filter(|(_, byte)| !filler(**byte));
    match (letters.next(), letters.next()) {
        (None, _) => body
            .iter()
            .take(last)
            .skip(1)
            .any(|byte| matches!(byte, b'-' | b':')),
        (Some((at, byte)), None) => matches!(byte, b't' | b'T') && (1..last).contains(&at),
        (Some(_), Some(_)) => false,
    }
}
