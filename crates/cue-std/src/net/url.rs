//! URLs: escapes, and whether a text is a URL.
//!
//! A text is taken apart as Go's package `net/url` does it (scheme, user, host, port, path), with no
//! more care than that: `a b` is a URL, `a:b` is one with a scheme, `http://a:x` is none.

use super::ip::Address;

/// What may stay in a URL as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A path, or a fragment.
    Path,
    /// A query.
    Query,
}

/// Escapes what may not stand in that part.
pub(super) fn escape(text: &[u8], part: Part) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for &byte in text {
        let safe = byte.is_ascii_alphanumeric()
            || b"-_.~".contains(&byte)
            || (part == Part::Path && b"$&+=:@".contains(&byte));
        if safe {
            out.push(char::from(byte));
        } else if byte == b' ' && part == Part::Query {
            out.push('+');
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

/// Undoes escapes; `None` for one that is broken.
pub(super) fn unescape(text: &str, part: Part) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            b'+' if part == Part::Query => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    Some(crate::go_text::into_text(bytes))
}

/// What a URL is, if the text is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Url {
    /// With a scheme.
    Absolute,
    /// Without.
    Relative,
}

/// Takes a text apart; `None` when it is no URL.
pub(super) fn parse(text: &str) -> Option<Url> {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    unescape(fragment, Part::Path)?;
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    let (scheme, rest) = split_scheme(text)?;
    let kind = if scheme.is_empty() {
        Url::Relative
    } else {
        Url::Absolute
    };
    let rest = rest.split('?').next().unwrap_or_default();
    if !rest.starts_with('/') {
        if kind == Url::Absolute {
            // all the rest is opaque
            return Some(kind);
        }
        if rest
            .split('/')
            .next()
            .is_some_and(|first| first.contains(':'))
        {
            return None;
        }
    }
    let mut path = rest;
    if let Some(after) = rest.strip_prefix("//")
        && (kind == Url::Absolute || !rest.starts_with("///"))
    {
        let end = after.find('/').unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        if !is_authority(authority) {
            return None;
        }
        path = rest;
    }
    unescape(path, Part::Path)?;
    Some(kind)
}

/// The scheme, empty for none, and what follows; `None` for a colon without scheme.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let length = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
        .unwrap_or(text.len());
    let (scheme, rest) = text.split_at(length);
    match rest.strip_prefix(':') {
        Some(_) if scheme.is_empty() => None,
        Some(rest) if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => Some((scheme, rest)),
        _ => Some(("", text)),
    }
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    let is_user = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    is_host(host) && user.chars().all(is_user) && unescape(user, Part::Path).is_some()
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(inner) => inner.rsplit_once(']').is_some_and(|(name, port)| {
            let (address, zone) = match name.split_once("%25") {
                Some((address, zone)) => (address, format!("%{zone}")),
                None => (name, String::new()),
            };
            if address.contains('%') {
                return false;
            }
            let address = Address::parse(&format!("{address}{zone}"));
            is_port(port) && address.is_some_and(|address| !address.is_v4())
        }),
        None => {
            let port = host.rfind(':').and_then(|at| host.get(at..));
            is_port(port.unwrap_or_default()) && is_host_text(host)
        }
    }
}

fn is_port(port: &str) -> bool {
    port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Only characters that may stand in a host; escapes are for those beyond ASCII.
fn is_host_text(host: &str) -> bool {
    let plain = |byte: &u8| {
        !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~".contains(byte)
    };
    let mut bytes = host.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            if !plain(&byte) {
                return false;
            }
            continue;
        }
        let digits = (bytes.next(), bytes.next());
        let (Some(high), Some(low)) = digits else {
            return false;
        };
        let beyond_ascii = matches!(high, b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F');
        if !low.is_ascii_hexdigit() || !(beyond_ascii || (high, low) == (b'2', b'5')) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (text, want) in [
            ("https://a.b/c?d#e", Some(Url::Absolute)),
            ("mailto:x@y", Some(Url::Absolute)),
            ("/a/b", Some(Url::Relative)),
            ("http://[fe80::1%25eth0]:80/", Some(Url::Absolute)),
            ("http://a<b:80:90/", Some(Url::Absolute)),
            ("%zz", None),
            (":a", None),
            ("1a:b", None),
            ("http://a:x/", None),
            ("http://%41/", None),
            ("http://a/#%zz", None),
            ("http://u u@h", None),
            ("http://[a]/", None),
        ] {
            assert_eq!(parse(text), want, "{text}");
        }
    }

    #[test]
    fn escapes() {
        assert_eq!(escape(b"a b/c", Part::Query), "a+b%2Fc");
        assert_eq!(unescape("a%20b", Part::Path).unwrap(), "a b");
    }
}
