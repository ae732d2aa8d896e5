//! JSON: `encoding/json`, and the text that `cue export` prints.
//!
//! Numbers keep their digits in both directions (`1.50` stays `1.50`), strings are escaped as Go
//! does without HTML escaping (U+2028 and U+2029 are), bytes are base64. Reading is strict JSON;
//! an object may repeat a key only with an equal value, as unification would have it.

use crate::go_text::into_text;
use crate::package::{Builder, Outcome, concrete, failed, text_kind, writable};
use cue_eval::builtin::{Answer, Call, Check, Failure};
use cue_eval::number::{Decimal, NumberKind};
use cue_eval::{Data, Kind, Number};
use std::fmt::Write as _;
use std::sync::Arc;

/// How deep arrays and objects may nest in a text that is read.
pub const MAX_DEPTH: usize = 1000;

/// How many values one text may have: a short text can name many.
const MAX_VALUES: usize = 1_000_000;

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout<'a> {
    /// On one line without spaces.
    Compact,
    /// On lines, each level indented by this text.
    Indented(&'a str),
}

/// The JSON text of a value, without a final line feed.
pub fn to_text(data: &Data, layout: Layout<'_>) -> String {
    let mut out = String::new();
    write_value(&mut out, data, layout, 0);
    out
}

fn line(out: &mut String, layout: Layout<'_>, depth: usize) {
    if let Layout::Indented(indent) = layout {
        out.push('\n');
        for _ in 0..depth {
            out.push_str(indent);
        }
    }
}

fn write_value(out: &mut String, data: &Data, layout: Layout<'_>, depth: usize) {
    match data {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Number(number) => {
            let _ = write!(out, "{}", number.decimal);
        }
        Data::String(text) => quote(out, text),
        Data::Bytes(bytes) => {
            out.push('"');
            out.push_str(&super::base64::encode(bytes));
            out.push('"');
        }
        Data::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(out, layout, depth + 1);
                write_value(out, item, layout, depth + 1);
            }
            if !items.is_empty() {
                line(out, layout, depth);
            }
            out.push(']');
        }
        Data::Struct(fields) => {
            out.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(out, layout, depth + 1);
                quote(out, name);
                out.push(':');
                if layout != Layout::Compact {
                    out.push(' ');
                }
                write_value(out, value, layout, depth + 1);
            }
            if !fields.is_empty() {
                line(out, layout, depth);
            }
            out.push('}');
        }
    }
}

/// Writes a string in quotes.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong, one lower-case sentence.
    pub message: String,
    /// The byte offset.
    pub offset: usize,
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.message, self.offset)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON value.
///
/// # Errors
/// [`JsonError`] when the text is no JSON or has something behind the value.
pub fn parse(text: &str) -> Result<Data, JsonError> {
    whole(text, Demand::Value)
}

/// Whether a text is one JSON value, whatever it means.
fn is_valid(text: &str) -> Result<(), JsonError> {
    whole(text, Demand::Syntax).map(drop)
}

fn whole(text: &str, demand: Demand) -> Result<Data, JsonError> {
    let mut reader = Reader::new(text, demand);
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return reader.refuse("unexpected text after the value");
    }
    Ok(value)
}

/// What is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    /// That it has a value: no key with two different values, no half of a surrogate pair.
    Value,
    /// That it follows the grammar.
    Syntax,
}

/// Reads all JSON values of a stream.
///
/// # Errors
/// [`JsonError`] when the text is no JSON.
pub fn parse_stream(text: &str) -> Result<Vec<Data>, JsonError> {
    let mut reader = Reader::new(text, Demand::Value);
    let mut values = Vec::new();
    loop {
        reader.space();
        if reader.at >= text.len() {
            return Ok(values);
        }
        values.push(reader.value(0)?);
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    demand: Demand,
    values: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, demand: Demand) -> Self {
        Self {
            text,
            at: 0,
            demand,
            values: 0,
        }
    }

    fn refuse<T>(&self, message: impl Into<String>) -> Result<T, JsonError> {
        Err(JsonError {
            message: message.into(),
            offset: self.at,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Data, JsonError> {
        if depth > MAX_DEPTH {
            return self.refuse(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.values += 1;
        if self.values > MAX_VALUES {
            return self.refuse(format!("more than {MAX_VALUES} values"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Data::from(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, value) in [
                    ("null", Data::Null),
                    ("true", Data::Bool(true)),
                    ("false", Data::Bool(false)),
                ] {
                    if self.rest().starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                self.refuse("expected a value")
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Data, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Data::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(b']') {
                return Ok(Data::List(items));
            }
            if !self.eat(b',') {
                return self.refuse("expected `,` or `]`");
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Data, JsonError> {
        self.at += 1;
        let mut fields: indexmap::IndexMap<Arc<str>, Data> = indexmap::IndexMap::new();
        if self.eat(b'}') {
            return Ok(Data::Struct(Vec::new()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return self.refuse("expected a key");
            }
            let key: Arc<str> = self.string()?.into();
            if !self.eat(b':') {
                return self.refuse("expected `:`");
            }
            let value = self.value(depth + 1)?;
            match fields.get(&key) {
                Some(before) if *before != value && self.demand == Demand::Value => {
                    return self.refuse(format!("the key `{key}` has two different values"));
                }
                _ => fields.insert(key, value),
            };
            if self.eat(b'}') {
                return Ok(Data::Struct(fields.into_iter().collect()));
            }
            if !self.eat(b',') {
                return self.refuse("expected `,` or `}`");
            }
        }
    }

    fn number(&mut self) -> Result<Data, JsonError> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, _) = digits.split_once(['e', 'E']).unwrap_or((digits, ""));
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let malformed = whole.is_empty()
            || (whole.len() > 1 && whole.starts_with('0'))
            || fraction.is_some_and(str::is_empty);
        let decimal = Decimal::parse_text(text).filter(|_| !malformed);
        let Some(decimal) = decimal else {
            return self.refuse(format!("`{text}` is not a number"));
        };
        self.at += end;
        // as in CUE, where the sign is an operator and zero has none
        let decimal = if decimal.is_zero() {
            decimal.abs()
        } else {
            decimal
        };
        let kind = if fraction.is_some() || digits.contains(['e', 'E']) {
            NumberKind::Float
        } else {
            NumberKind::Int
        };
        Ok(Data::Number(Number { kind, decimal }))
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let code = self
            .rest()
            .get(..4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.refuse("malformed `\\u` escape"),
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let end = rest
                .find(|c: char| c == '"' || c == '\\' || c < ' ')
                .unwrap_or(rest.len());
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let Some(escape) = self.peek() else {
                        return self.refuse("unterminated string");
                    };
                    self.at += 1;
                    match escape {
                        b'"' => out.push('"'),
                        b'\\' => out.push('\\'),
                        b'/' => out.push('/'),
                        b'b' => out.push('\u{8}'),
                        b'f' => out.push('\u{c}'),
                        b'n' => out.push('\n'),
                        b'r' => out.push('\r'),
                        b't' => out.push('\t'),
                        b'u' => {
                            let mut code = self.hex()?;
                            if (0xD800..0xDC00).contains(&code) && self.rest().starts_with("\\u") {
                                let mark = self.at;
                                self.at += 2;
                                let low = self.hex()?;
                                if (0xDC00..0xE000).contains(&low) {
                                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                                } else {
                                    self.at = mark;
                                }
                            }
                            match char::from_u32(code) {
                                Some(c) => out.push(c),
                                None if self.demand == Demand::Value => {
                                    return self.refuse("half of a surrogate pair");
                                }
                                None => out.push('\u{fffd}'),
                            }
                        }
                        _ => return self.refuse("unknown escape"),
                    }
                }
                Some(_) => return self.refuse("control character in a string"),
                None => return self.refuse("unterminated string"),
            }
        }
    }
}

/// The text argument of a call as UTF-8.
pub(crate) fn text(c: &mut Call<'_>, index: usize) -> Result<String, Failure> {
    let bytes = c.bytes(index)?;
    String::from_utf8(bytes.to_vec()).map_err(failed)
}

fn stream(c: &mut Call<'_>) -> Outcome {
    concrete(c, 0)?;
    let mut out = String::new();
    for item in c.list(0)? {
        let data = writable(c, item)?;
        out.push_str(&to_text(&data, Layout::Compact));
        out.push('\n');
    }
    c.charge(out.len())?;
    Ok(out.into())
}

fn validate(c: &mut Call<'_>) -> Outcome {
    let data = parse(&text(c, 0)?).map_err(failed)?;
    let schema = c.term(1);
    let given = c.insert(data);
    let unified = c.unify(&[schema, given])?;
    match c.validate(unified, Check::Final) {
        Some(found) => Err(found),
        None => Ok(true.into()),
    }
}

/// Re-lays out JSON text; numbers keep their spelling.
fn relaid(source: &str, prefix: &str, indent: Option<&str>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut opened = false;
    let fresh_line = |out: &mut String, depth: usize| {
        if let Some(indent) = indent {
            out.push('\n');
            out.push_str(prefix);
            for _ in 0..depth {
                out.push_str(indent);
            }
        }
    };
    for c in source.chars() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            continue;
        }
        let closing = matches!(c, '}' | ']');
        if opened && !closing {
            depth += 1;
            fresh_line(&mut out, depth);
        }
        match c {
            '{' | '[' => {
                out.push(c);
                opened = true;
                continue;
            }
            ',' => {
                out.push(c);
                fresh_line(&mut out, depth);
            }
            ':' => {
                out.push(c);
                if indent.is_some() {
                    out.push(' ');
                }
            }
            '}' | ']' => {
                if !opened {
                    depth = depth.saturating_sub(1);
                    fresh_line(&mut out, depth);
                }
                out.push(c);
            }
            c => {
                in_string = c == '"';
                out.push(c);
            }
        }
        opened = false;
    }
    out
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let s = Kind::STRING;
    b.function("Valid", &[text_kind()], Kind::BOOL, |c| {
        let bytes = c.bytes(0)?;
        let valid = std::str::from_utf8(&bytes).is_ok_and(|text| is_valid(text).is_ok());
        Ok(valid.into())
    });
    b.function("Compact", &[text_kind()], s, |c| {
        let source = text(c, 0)?;
        is_valid(&source).map_err(failed)?;
        Ok(relaid(&source, "", None).into())
    });
    b.function("Indent", &[text_kind(), s, s], s, |c| {
        let source = text(c, 0)?;
        is_valid(&source).map_err(failed)?;
        let (prefix, indent) = (c.string(1)?, c.string(2)?);
        c.charge(source.len().saturating_mul(indent.len() + prefix.len() + 2))?;
        Ok(relaid(&source, &prefix, Some(&indent)).into())
    });
    b.function("HTMLEscape", &[text_kind()], s, |c| {
        let mut out = String::new();
        for ch in into_text(c.bytes(0)?.to_vec()).chars() {
            match ch {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(out, "\\u{:04x}", u32::from(ch));
                }
                ch => out.push(ch),
            }
        }
        Ok(out.into())
    });
    b.function("Marshal", &[Kind::TOP], s, |c| {
        let term = c.term(0);
        let data = writable(c, term)?;
        let out = to_text(&data, Layout::Compact);
        c.charge(out.len())?;
        Ok(out.into())
    });
    b.function("MarshalStream", &[Kind::TOP], s, stream);
    b.function("UnmarshalStream", &[text_kind()], Kind::TOP, |c| {
        let values = parse_stream(&text(c, 0)?).map_err(failed)?;
        Ok(Answer::Data(Data::List(values)))
    });
    b.function("Unmarshal", &[text_kind()], Kind::TOP, |c| {
        let value = parse(&text(c, 0)?).map_err(failed)?;
        Ok(Answer::Data(value))
    });
    b.schema_function("Validate", &[text_kind(), Kind::TOP], Kind::BOOL, validate);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_order_survive() {
        let text = r#"{"b":1.50,"a":[1E+3,-0,{"x":null}],"e":"\u2028<\n"}"#;
        assert_eq!(
            to_text(&parse(text).unwrap(), Layout::Compact),
            text.replace("-0", "0")
        );
    }

    #[test]
    fn lines_are_indented_as_in_go() {
        let data = parse(r#"{"a":[1,2],"b":{},"c":[]}"#).unwrap();
        assert_eq!(
            to_text(&data, Layout::Indented("    ")),
            "{\n    \"a\": [\n        1,\n        2\n    ],\n    \"b\": {},\n    \"c\": []\n}"
        );
        assert_eq!(
            relaid("{ \"a\" : [1, {} ] }", ">", Some(" ")),
            "{\n> \"a\": [\n>  1,\n>  {}\n> ]\n>}"
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "01",
            "1.",
            "+1",
            "nul",
            "\"\\x\"",
            "\"a",
            "{a:1}",
            "1 2",
            "\"\n\"",
            "{\"a\":1,\"a\":2}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert_eq!(parse(r#""\ud83d\ude00""#).unwrap(), Data::from("\u{1F600}"));
    }
}
