//! Writing strings and bytes as literals.
//!
//! As cue v0.14.1 `cue/literal/quote.go`: printable characters stand for themselves, others are
//! escaped (`\n`, `\u00ad`, in bytes `\x00`); a multi-line literal takes as many `#` as it needs so
//! that no `"""` inside ends it.

use super::unicode::is_print;

/// How a value is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    lines: Lines,
    ascii: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    Single,
    Multi { tabs: usize },
    Auto { tabs: usize },
}

impl Form {
    /// On one line.
    pub const STRING: Self = Self {
        lines: Lines::Single,
        ascii: false,
    };

    /// Always on several lines, indented by `tabs` tabs.
    #[must_use]
    pub const fn with_tab_indent(mut self, tabs: usize) -> Self {
        self.lines = Lines::Multi { tabs };
        self
    }

    /// On several lines, indented by `tabs` tabs, when the value has a line feed.
    #[must_use]
    pub const fn with_optional_tab_indent(mut self, tabs: usize) -> Self {
        self.lines = Lines::Auto { tabs };
        self
    }

    /// With escapes for everything that is not ASCII.
    #[must_use]
    pub const fn ascii_only(mut self) -> Self {
        self.ascii = true;
        self
    }
}

#[derive(Clone, Copy)]
struct Writer {
    quote: char,
    hashes: usize,
    tabs: Option<usize>,
    ascii: bool,
    bytes: bool,
}

/// The string literal for `value`.
pub fn quote(value: &str, form: Form) -> String {
    let mut writer = Writer::new('"', form, value.contains('\n'));
    writer.hashes = writer.required_hashes(value);
    let mut out = String::with_capacity(value.len() + 2);
    writer.open(&mut out, value.as_bytes().first().copied());
    writer.escape_str(&mut out, value, None);
    writer.close(&mut out, value.is_empty());
    out
}

/// The bytes literal for `value`, on one line.
pub fn quote_bytes(value: &[u8]) -> String {
    quote_bytes_as(value, Form::STRING)
}

/// The bytes literal for `value`.
pub fn quote_bytes_as(value: &[u8], form: Form) -> String {
    let mut writer = Writer::new('\'', form, value.contains(&b'\n'));
    writer.hashes = writer.required_hashes(&String::from_utf8_lossy(value));
    let mut out = String::with_capacity(value.len() + 2);
    writer.open(&mut out, value.first().copied());
    let mut chunks = value.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let after = chunk
            .invalid()
            .first()
            .copied()
            .or_else(|| chunks.peek()?.valid().as_bytes().first().copied());
        writer.escape_str(&mut out, chunk.valid(), after);
        for byte in chunk.invalid() {
            writer.backslash(&mut out);
            push_hex(&mut out, 'x', u32::from(*byte), 2);
        }
    }
    writer.close(&mut out, value.is_empty());
    out
}

fn push_hex(out: &mut String, letter: char, value: u32, digits: u32) {
    out.push(letter);
    for place in (0..digits).rev() {
        out.push(char::from_digit((value >> (4 * place)) & 15, 16).unwrap_or('0'));
    }
}

impl Writer {
    fn new(quote: char, form: Form, has_line_feed: bool) -> Self {
        Self {
            quote,
            hashes: 0,
            tabs: match form.lines {
                Lines::Multi { tabs } => Some(tabs),
                Lines::Auto { tabs } if has_line_feed => Some(tabs),
                Lines::Single | Lines::Auto { .. } => None,
            },
            ascii: form.ascii,
            bytes: quote == '\'',
        }
    }

    /// One more than the longest row of `#` behind three or more quotes, 0 when there is none.
    fn required_hashes(self, value: &str) -> usize {
        if self.tabs.is_none() {
            return 0;
        }
        let triple: String = std::iter::repeat_n(self.quote, 3).collect();
        let mut required = 0;
        let mut rest = value;
        while let Some((_, after)) = rest.split_once(&triple) {
            let after = after.trim_start_matches(self.quote);
            let tail = after.trim_start_matches('#');
            required = required.max(after.len() - tail.len() + 1);
            rest = tail;
        }
        required
    }

    fn indent(self, out: &mut String) {
        out.extend(std::iter::repeat_n('\t', self.tabs.unwrap_or(0)));
    }

    fn open(self, out: &mut String, first: Option<u8>) {
        out.extend(std::iter::repeat_n('#', self.hashes));
        if self.tabs.is_none() {
            out.push(self.quote);
            return;
        }
        out.extend(std::iter::repeat_n(self.quote, 3));
        out.push('\n');
        if first.is_some_and(|byte| byte != b'\n') {
            self.indent(out);
        }
    }

    fn close(self, out: &mut String, empty: bool) {
        if self.tabs.is_some() {
            if !empty {
                out.push('\n');
            }
            self.indent(out);
            out.extend(std::iter::repeat_n(self.quote, 3));
        } else {
            out.push(self.quote);
        }
        out.extend(std::iter::repeat_n('#', self.hashes));
    }

    /// Writes `value`; `after` is the byte that follows it in the whole.
    fn escape_str(self, out: &mut String, value: &str, after: Option<u8>) {
        let mut chars = value.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\n' && self.tabs.is_some() {
                out.push('\n');
                let blank_line = match chars.peek() {
                    Some(next) => *next == '\n',
                    None => after.is_none(),
                };
                if !blank_line {
                    self.indent(out);
                }
            } else {
                self.escape_char(out, c);
            }
        }
    }

    fn backslash(self, out: &mut String) {
        out.push('\\');
        out.extend(std::iter::repeat_n('#', self.hashes));
    }

    fn escape_char(self, out: &mut String, c: char) {
        if c == '\\' || (c == self.quote && self.tabs.is_none()) {
            self.backslash(out);
            out.push(c);
            return;
        }
        if is_print(c) && (c.is_ascii() || !self.ascii) {
            out.push(c);
            return;
        }
        self.backslash(out);
        let code = u32::from(c);
        match c {
            '\x07' => out.push('a'),
            '\x08' => out.push('b'),
            '\x0c' => out.push('f'),
            '\n' => out.push('n'),
            '\r' => out.push('r'),
            '\t' => out.push('t'),
            '\x0b' => out.push('v'),
            c if c < ' ' && self.bytes => push_hex(out, 'x', code, 2),
            _ if code < 0x1_0000 => push_hex(out, 'u', code, 4),
            _ => push_hex(out, 'U', code, 8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_line_strings_escape_what_is_not_printable() {
        let quoted = quote("a\"b\\\n\t\u{7f}\u{e9}\u{200b}\u{e0001}", Form::STRING);
        assert_eq!(
            quoted,
            "\"a\\\"b\\\\\\n\\t\\u007f\u{e9}\\u200b\\U000e0001\""
        );
        assert_eq!(quote("\u{e9}", Form::STRING.ascii_only()), r#""\u00e9""#);
    }

    #[test]
    fn multi_line_strings_are_indented_and_fenced() {
        let form = Form::STRING.with_optional_tab_indent(1);
        assert_eq!(quote("one", form), "\"one\"");
        assert_eq!(
            quote("a\n\n\"\"\"#b", form),
            "##\"\"\"\n\ta\n\n\t\"\"\"#b\n\t\"\"\"##"
        );
        assert_eq!(
            quote("", Form::STRING.with_tab_indent(1)),
            "\"\"\"\n\t\"\"\""
        );
    }

    #[test]
    fn bytes_keep_what_is_not_utf8() {
        assert_eq!(quote_bytes(b"a'\xff\x01\n"), r"'a\'\xff\x01\n'");
    }
}
