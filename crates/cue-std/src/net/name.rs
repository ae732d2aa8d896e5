//! Host names and ports.
//!
//! A name is judged by the rules of internationalized names, for ASCII only: lengths and the place
//! of dashes count, the characters do not, and a label that starts with `xn--` has to decode.
//! Rules as in cue v0.14.1 `pkg/net/host.go` (`golang.org/x/net/idna`) and Go's package `net`.

use super::ip;
use crate::package::{Outcome, concrete};
use cue_eval::Shape;
use cue_eval::builtin::{Call, Failure};

/// Whether the name is a fully qualified domain name.
pub(super) fn is_fqdn(name: &str) -> bool {
    let labels = name.strip_suffix('.').unwrap_or(name);
    name.is_ascii() && labels.len() <= 253 && labels.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let dashes = lower.starts_with('-') || lower.ends_with('-');
    let fine = match lower.strip_prefix("xn--") {
        Some(encoded) => decodes(encoded),
        None => lower.get(2..4) != Some("--"),
    };
    (1..=63).contains(&label.len()) && !dashes && fine
}

/// Whether a text is Punycode (RFC 3492) of something that is not all ASCII.
fn decodes(encoded: &str) -> bool {
    let (plain, extended) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut length = u32::try_from(plain.len()).unwrap_or(u32::MAX);
    let (mut code, mut at, mut bias) = (128u32, 0u32, 72u32);
    let mut digits = extended.bytes().peekable();
    let mut seen = 0;
    while digits.peek().is_some() {
        let start = at;
        let mut weight = 1u32;
        let mut k = 0u32;
        loop {
            k = k.saturating_add(36);
            let digit = match digits.next() {
                Some(byte @ b'a'..=b'z') => u32::from(byte - b'a'),
                Some(byte @ b'0'..=b'9') => u32::from(byte - b'0') + 26,
                _ => return false,
            };
            let Some(sum) = digit
                .checked_mul(weight)
                .and_then(|part| at.checked_add(part))
            else {
                return false;
            };
            at = sum;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            let Some(next) = weight.checked_mul(36 - threshold) else {
                return false;
            };
            weight = next;
        }
        length += 1;
        bias = adapt(at - start, length, seen == 0);
        let Some(next) = code.checked_add(at / length) else {
            return false;
        };
        code = next;
        at = at % length + 1;
        seen += 1;
        if char::from_u32(code).is_none_or(|c| !c.is_alphanumeric()) {
            return false;
        }
    }
    seen > 0
}

/// How far the next number reaches, after `length` characters (RFC 3492, 6.1).
fn adapt(distance: u32, length: u32, first: bool) -> u32 {
    let mut delta = distance / if first { 700 } else { 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// `host:port`, with brackets around an IPv6 host.
pub(super) fn split_host_port(text: &str) -> Result<(String, String), String> {
    let (host, port) = text
        .rsplit_once(':')
        .ok_or_else(|| format!("address `{text}`: missing port in address"))?;
    let host = match host.strip_prefix('[') {
        Some(inner) => inner
            .strip_suffix(']')
            .ok_or_else(|| format!("address `{text}`: missing `]` in address"))?,
        None if host.contains(':') => {
            return Err(format!("address `{text}`: too many colons in address"));
        }
        None => host,
    };
    if host.contains(['[', ']']) || port.contains(['[', ']']) {
        return Err(format!("address `{text}`: unexpected bracket in address"));
    }
    Ok((host.to_owned(), port.to_owned()))
}

/// The text of a host or port.
fn text(c: &mut Call<'_>, index: usize) -> Result<Option<String>, Failure> {
    let term = concrete(c, index)?;
    Ok(match c.view(term).shape() {
        Shape::String(text) => Some(text.to_string()),
        Shape::Bytes(bytes) => Some(crate::go_text::into_text(bytes.to_vec())),
        _ => None,
    })
}

/// A host, a text or an address, and a port, a text or a number, as one text.
pub(super) fn join_host_port(c: &mut Call<'_>) -> Outcome {
    let host = concrete(c, 0)?;
    concrete(c, 1)?;
    let host = match c.view(host).shape() {
        Shape::List(_) => ip::argument(c, 0)?.map(|address| address.to_string()),
        _ => text(c, 0)?,
    };
    let host = host.ok_or_else(|| Failure::eval("not a host"))?;
    let port = match text(c, 1)? {
        Some(text) => text,
        None => c.i64(1)?.to_string(),
    };
    let joined = if host.contains([':', '%']) {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    };
    Ok(joined.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "foo.example.com",
            "a.b.",
            "1.2.3.4",
            "*.a",
            "xn--mnchen-3ya.de",
        ] {
            assert!(is_fqdn(name), "{name}");
        }
        let long = "a".repeat(64);
        for name in [
            "", ".", "a..b", "-a.b", "a-.b", "xn--a.b", "ab--c.d", "\u{e9}.d", &long,
        ] {
            assert!(!is_fqdn(name), "{name}");
        }
    }

    #[test]
    fn hosts_and_ports() {
        assert_eq!(split_host_port("[::1]:80").unwrap().0, "::1");
        assert!(split_host_port("::1:80").is_err());
    }
}
