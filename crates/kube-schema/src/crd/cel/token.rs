//! The tokens of an expression.
//!
//! Strings are taken apart here: quotes of one or three, `r` for raw, `b` for bytes, and the escapes of the language.

use super::SyntaxError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Int(i64),
    /// A number of digits that only fits with a sign before it.
    IntMin,
    Uint(u64),
    Double(f64),
    String(Box<str>),
    Bytes(Box<[u8]>),
    Ident(Box<str>),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// Signs, the longer before those that they begin with.
const SIGNS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "<", ">",
    "+", "-", "*", "/", "%", "!", "`",
];

/// The tokens with their places, in bytes; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let skipped = rest.len()
            - rest
                .trim_start_matches([' ', '\t', '\n', '\r', '\u{c}'])
                .len();
        if skipped > 0 {
            at += skipped;
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.is_empty() {
            found.push((at, Token::End));
            return Ok(found);
        }
        let (token, length) = token(rest).map_err(|message| SyntaxError { at, message })?;
        found.push((at, token));
        at += length;
    }
}

fn token(rest: &str) -> Result<(Token, usize), String> {
    if let Some(string) = string(rest) {
        return string;
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let is_fraction = rest
        .strip_prefix('.')
        .is_some_and(|after| after.starts_with(is_digit));
    if rest.starts_with(is_digit) || is_fraction {
        return number(rest);
    }
    if rest.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) {
        let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        return Ok((Token::Ident(name.into()), end));
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => {
            let odd = rest.chars().next().unwrap_or_default();
            Err(format!("`{odd}` cannot stand here"))
        }
    }
}

fn number(rest: &str) -> Result<(Token, usize), String> {
    let bad = |text: &str| format!("`{text}` is no number in range");
    if let Some(after) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let end = after
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(after.len());
        let digits = after.get(..end).unwrap_or_default();
        let value = u64::from_str_radix(digits, 16).map_err(|_| bad(digits))?;
        if after
            .get(end..)
            .is_some_and(|rest| rest.starts_with(['u', 'U']))
        {
            return Ok((Token::Uint(value), end + 3));
        }
        let value = i64::try_from(value).map_err(|_| bad(digits))?;
        return Ok((Token::Int(value), end + 2));
    }
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        from + rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len())
    };
    let starts =
        |from: usize, with: &[char]| rest.get(from..).is_some_and(|rest| rest.starts_with(with));
    let mut end = digits(0);
    let mut is_double = false;
    if starts(end, &['.']) && digits(end + 1) > end + 1 {
        is_double = true;
        end = digits(end + 1);
    }
    if starts(end, &['e', 'E']) {
        let sign = usize::from(starts(end + 1, &['+', '-']));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            is_double = true;
            end = after;
        }
    }
    let text = rest.get(..end).unwrap_or_default();
    if is_double {
        let value = text.parse().map_err(|_| bad(text))?;
        return Ok((Token::Double(value), end));
    }
    if starts(end, &['u', 'U']) {
        return Ok((Token::Uint(text.parse().map_err(|_| bad(text))?), end + 1));
    }
    let value: u64 = text.parse().map_err(|_| bad(text))?;
    let token = match i64::try_from(value) {
        Ok(value) => Token::Int(value),
        Err(_) if value == 1 << 63 => Token::IntMin,
        Err(_) => return Err(bad(text)),
    };
    Ok((token, end))
}

/// A string or bytes, if one begins here.
fn string(rest: &str) -> Option<Result<(Token, usize), String>> {
    // at most two letters stand before the quote
    let quote_at = rest
        .bytes()
        .take(3)
        .position(|b| matches!(b, b'"' | b'\''))?;
    let prefix = rest.get(..quote_at)?.to_ascii_lowercase();
    let (is_raw, is_bytes) = match prefix.as_str() {
        "" => (false, false),
        "r" => (true, false),
        "b" => (false, true),
        "rb" | "br" => (true, true),
        _ => return None,
    };
    let after = rest.get(quote_at..)?;
    let quote = if after.starts_with("\"\"\"") {
        "\"\"\""
    } else if after.starts_with("'''") {
        "'''"
    } else {
        after.get(..1)?
    };
    let inside = after.get(quote.len()..)?;
    let mut end = 0;
    loop {
        let rest = inside.get(end..).unwrap_or_default();
        let Some(c) = rest.chars().next() else {
            return Some(Err("a string has no end".to_owned()));
        };
        if rest.starts_with(quote) {
            break;
        }
        if c == '\\' && !is_raw {
            end += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            continue;
        }
        if quote.len() == 1 && matches!(c, '\n' | '\r') {
            return Some(Err("a string has no end on its line".to_owned()));
        }
        end += c.len_utf8();
    }
    let text = inside.get(..end).unwrap_or_default();
    let length = quote_at + quote.len() * 2 + end;
    let bytes = if is_raw {
        Ok(text.as_bytes().to_vec())
    } else {
        unescape(text, is_bytes)
    };
    Some(bytes.and_then(|bytes| {
        if is_bytes {
            return Ok((Token::Bytes(bytes.into()), length));
        }
        let text = String::from_utf8(bytes).map_err(|_| "a string is no text".to_owned())?;
        Ok((Token::String(text.into()), length))
    }))
}

fn unescape(text: &str, is_bytes: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    let mut buffer = [0; 4];
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let escape = chars.next().unwrap_or_default();
        let plain = match escape {
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            '\\' | '\'' | '"' | '`' | '?' => Some(escape),
            _ => None,
        };
        if let Some(plain) = plain {
            out.extend_from_slice(plain.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let bad = || format!("`\\{escape}` is no escape");
        let (digits, radix) = match escape {
            'x' | 'X' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='3' => (2, 8),
            _ => return Err(bad()),
        };
        let mut code = if radix == 8 {
            escape.to_digit(8).unwrap_or(0)
        } else {
            0
        };
        for _ in 0..digits {
            let digit = chars
                .next()
                .and_then(|c| c.to_digit(radix))
                .ok_or_else(bad)?;
            code = code.wrapping_mul(radix).wrapping_add(digit);
        }
        if is_bytes && digits == 2 {
            out.push(u8::try_from(code).map_err(|_| bad())?);
        } else {
            let c = char::from_u32(code).ok_or_else(bad)?;
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
    }
    Ok(out)
}
