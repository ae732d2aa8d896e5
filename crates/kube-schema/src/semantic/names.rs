//! The forms that names, keys and values must have.
//!
//! A [`Form`] looks at a text and says what is wrong with it, as the rest of a sentence that begins with the text. The
//! forms are those of Kubernetes' `k8s.io/apimachinery/pkg/util/validation`; lengths count bytes.
//!
//! ```text
//! subdomain   a.b-c.example        253   most names
//! label       a-b                   63   namespaces, containers, volumes
//! label 1035  a-b, letter first     63   Services
//! qualified   prefix.example/Na_m.e      keys of labels and annotations, finalizers
//! ```

use std::net::Ipv4Addr;

/// What is wrong with a text, `None` when nothing is.
pub(super) type Form = fn(&str) -> Option<&'static str>;

fn is_lower_alnum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Lower-case letters, digits and dashes inside.
fn is_label_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|&byte| is_lower_alnum(byte))
        && bytes.last().is_some_and(|&byte| is_lower_alnum(byte))
        && bytes
            .iter()
            .all(|&byte| is_lower_alnum(byte) || byte == b'-')
}

/// Letters, digits, and dashes, underscores and dots inside.
fn is_qualified_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// A DNS name of RFC 1123: labels with dots between them.
pub(super) fn subdomain(text: &str) -> Option<&'static str> {
    if text.len() > 253 {
        return Some("is longer than 253 characters");
    }
    (!text.split('.').all(is_label_text)).then_some(
        "is no DNS name: lower-case letters, digits, `-` and `.` are allowed, with a letter or digit at both ends of each part",
    )
}

/// A search path of DNS as releases from 1.33 on allow it: each part may begin with an underscore and contain more.
pub(super) fn search_path(text: &str) -> Option<&'static str> {
    let is_part = |part: &str| {
        let rest = part.strip_prefix('_').unwrap_or(part);
        rest.bytes().next().is_some_and(is_lower_alnum)
            && rest.bytes().next_back().is_some_and(is_lower_alnum)
            && rest
                .bytes()
                .all(|byte| is_lower_alnum(byte) || matches!(byte, b'-' | b'_'))
    };
    (text.len() > 253 || !text.split('.').all(is_part))
        .then_some("is no DNS name: lower-case letters, digits, `-`, `_` and `.` are allowed")
}

/// A DNS label of RFC 1123.
pub(super) fn label(text: &str) -> Option<&'static str> {
    if text.len() > 63 {
        return Some("is longer than 63 characters");
    }
    (!is_label_text(text)).then_some(
        "is no DNS label: lower-case letters, digits and `-` are allowed, with a letter or digit at both ends",
    )
}

/// A DNS label of RFC 1035, which begins with a letter.
pub(crate) fn label_1035(text: &str) -> Option<&'static str> {
    if text.len() > 63 {
        return Some("is longer than 63 characters");
    }
    (!(is_label_text(text) && text.starts_with(|first: char| first.is_ascii_lowercase()))).then_some(
        "is no DNS label: lower-case letters, digits and `-` are allowed, a letter is first and a letter or digit last",
    )
}

/// A DNS name whose first part is `*`.
pub(super) fn wildcard_subdomain(text: &str) -> Option<&'static str> {
    if text.len() > 253 {
        return Some("is longer than 253 characters");
    }
    let rest = text.strip_prefix("*.");
    rest.is_none_or(|rest| subdomain(rest).is_some())
        .then_some("is no DNS name with a wildcard: `*.` and a DNS name are expected")
}

/// A DNS name of at least two parts, a dot at the end allowed (`IsFullyQualifiedDomainName`).
pub(super) fn full_domain(text: &str) -> Option<&'static str> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Some("is empty, a DNS name is expected");
    }
    if let Some(complaint) = subdomain(text) {
        return Some(complaint);
    }
    if !text.contains('.') {
        return Some("is no full DNS name: at least two parts are expected");
    }
    text.split('.').find_map(label)
}

/// A DNS name of at least three parts (`IsFullyQualifiedName`).
pub(super) fn full_name(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("is empty, a name such as `check.example.com` is expected");
    }
    if let Some(complaint) = subdomain(text) {
        return Some(complaint);
    }
    (text.split('.').count() < 3).then_some("needs at least three parts with dots between them")
}

/// A key of labels and annotations, a finalizer: a name with an optional DNS name and `/` before it.
pub(super) fn qualified(text: &str) -> Option<&'static str> {
    let name = match text.split_once('/') {
        None => text,
        Some((_, name)) if name.contains('/') => return Some("has more than one `/`"),
        Some(("", _)) => return Some("has nothing before the `/`"),
        Some((prefix, name)) => {
            if subdomain(prefix).is_some() {
                return Some("has no DNS name before the `/`");
            }
            name
        }
    };
    if name.is_empty() {
        return Some("has no name");
    }
    if name.len() > 63 {
        return Some("has a name of more than 63 characters");
    }
    (!is_qualified_text(name)).then_some(
        "is no qualified name: letters, digits, `-`, `_` and `.` are allowed, with a letter or digit at both ends",
    )
}

/// [`qualified`] without regard to upper case, as for keys of annotations.
pub(super) fn qualified_any_case(text: &str) -> Option<&'static str> {
    qualified(&text.to_lowercase())
}

/// A value of a label.
pub(super) fn label_value(text: &str) -> Option<&'static str> {
    if text.len() > 63 {
        return Some("is longer than 63 characters");
    }
    (!text.is_empty() && !is_qualified_text(text)).then_some(
        "is no label value: letters, digits, `-`, `_` and `.` are allowed, with a letter or digit at both ends",
    )
}

/// A name that can be a segment of a URL.
pub(super) fn path_segment(text: &str) -> Option<&'static str> {
    match text {
        "." | ".." => Some("cannot be a name"),
        _ if text.contains('/') => Some("contains a `/`"),
        _ if text.contains('%') => Some("contains a `%`"),
        _ => None,
    }
}

/// The name of a port of a container.
pub(super) fn port_name(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    if bytes.len() > 15 {
        return Some("is longer than 15 characters, as no name of a port may be");
    }
    if !bytes
        .iter()
        .all(|&byte| is_lower_alnum(byte) || byte == b'-')
        || bytes.is_empty()
    {
        return Some("is no name of a port: lower-case letters, digits and `-` are allowed");
    }
    if !bytes.iter().any(u8::is_ascii_lowercase) {
        return Some("is no name of a port: at least one letter is expected");
    }
    if text.contains("--") {
        return Some("is no name of a port: `--` is not allowed");
    }
    (text.starts_with('-') || text.ends_with('-'))
        .then_some("is no name of a port: a `-` may not be first or last")
}

/// A key of a ConfigMap or Secret.
pub(super) fn config_key(text: &str) -> Option<&'static str> {
    if text.len() > 253 {
        return Some("is longer than 253 characters");
    }
    if text.is_empty()
        || !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    {
        return Some("is no key: letters, digits, `-`, `_` and `.` are allowed");
    }
    if text == "." {
        return Some("cannot be a key");
    }
    text.starts_with("..")
        .then_some("is no key: `..` may not be first")
}

/// The name of an environment variable.
pub(super) fn env_name(text: &str) -> Option<&'static str> {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let bytes = text.as_bytes();
    if bytes.first().is_none_or(u8::is_ascii_digit) || !bytes.iter().all(|&byte| is_inner(byte)) {
        return Some(
            "is no name of an environment variable: letters, digits, `_`, `-` and `.` are allowed, and no digit first",
        );
    }
    match text {
        "." | ".." => Some("cannot be the name of an environment variable"),
        _ => text
            .starts_with("..")
            .then_some("is no name of an environment variable: `..` may not be first"),
    }
}

/// The name of an environment variable as releases from 1.32 on allow it.
pub(super) fn env_name_relaxed(text: &str) -> Option<&'static str> {
    (!text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'=')).then_some(
        "is no name of an environment variable: printable ASCII characters other than `=` are allowed",
    )
}

/// The name of an HTTP header.
pub(super) fn http_header(text: &str) -> Option<&'static str> {
    (text.is_empty()
        || !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    .then_some("is no name of an HTTP header: letters, digits and `-` are allowed")
}

/// A percentage: digits and `%`.
pub(super) fn percent(text: &str) -> Option<&'static str> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    (digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some("is no percentage: digits and `%`, or a number without quotes, are expected")
}

/// A DNS name, `/` and a path (`IsDomainPrefixedPath`).
pub(super) fn domain_prefixed_path(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("is empty, a name such as `example.com/path` is expected");
    }
    let Some((domain, path)) = text
        .split_once('/')
        .filter(|(domain, path)| !domain.is_empty() && !path.is_empty())
    else {
        return Some("is no DNS name, `/` and path");
    };
    if subdomain(domain).is_some() {
        return Some("has no DNS name before the `/`");
    }
    (!path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || br"/-._~%!$&'()*+,;=:".contains(&byte)))
    .then_some("has a path with characters that are not allowed in one")
}

/// The name of a sysctl: segments with `.` or `/` between them.
pub(super) fn sysctl(text: &str) -> Option<&'static str> {
    let is_segment = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && segment.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit())
            && segment
                .bytes()
                .all(|byte| is_lower_alnum(byte) || matches!(byte, b'-' | b'_'))
    };
    (text.len() > 253 || !text.split(['.', '/']).all(is_segment))
        .then_some("is no name of a sysctl, such as `net.core.somaxconn`")
}

/// A name of a CSI driver.
pub(super) fn csi_driver(text: &str) -> Option<&'static str> {
    subdomain(&text.to_lowercase())
}

/// An IP address.
pub(super) fn ip_address(text: &str) -> Option<&'static str> {
    super::address::parse(text)
        .is_none()
        .then_some("is no IP address")
}

/// A name of the prefix that `generateName` gives: the server looks at it with its last two characters replaced.
pub(super) fn masked(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            // half of a character is no character
            match rest.get(..rest.len() - 1) {
                Some(kept) => format!("{kept}a"),
                None => format!("{rest}a"),
            }
        }
        _ => prefix.to_owned(),
    }
}

/// Whether the text is an address of IP version 4 as Go's lenient parser reads it (leading zeros are decimal).
pub(super) fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut parts = [0u8; 4];
    let mut given = text.split('.');
    for part in &mut parts {
        let digits = given.next()?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let trimmed = digits.trim_start_matches('0');
        *part = if trimmed.is_empty() {
            0
        } else {
            trimmed.parse().ok()?
        };
    }
    given.next().is_none().then(|| Ipv4Addr::from(parts))
}
