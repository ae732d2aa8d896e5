//! The formats of texts that the server checks.
//!
//! They are those of go-openapi's `strfmt` as k8s.io/kube-openapi has them, with its leniencies: a date-time may have any
//! character before the fraction, a uuid no dashes, a duration may be `3 days`. Dashes in the name of a format do not
//! count: `date-time` is `datetime`. A format that is not listed checks nothing.

use goyaml::base64;
use regex::bytes::Regex;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Whether a text is of a format; `None` when the server does not know the format.
pub(super) fn is_of(format: &str, text: &str) -> Option<bool> {
    let name = format.replace('-', "");
    Some(match name.as_str() {
        "date" => is_date(text),
        "datetime" => is_date_time(text),
        "duration" => is_duration(text),
        "uri" => is_request_uri(text),
        "email" => is_email(text),
        "hostname" => is_hostname(text),
        "ipv4" => text.contains('.') && is_ip(&without_zeros(text)),
        "ipv6" => text.contains(':') && is_ip(text),
        "cidr" => is_cidr(&without_zeros(text)),
        "mac" => is_mac(text),
        "uuid" => is_uuid(text, None),
        "uuid3" => is_uuid(text, Some('3')),
        "uuid4" => is_uuid(text, Some('4')),
        "uuid5" => is_uuid(text, Some('5')),
        "isbn" => is_isbn10(text) || is_isbn13(text),
        "isbn10" => is_isbn10(text),
        "isbn13" => is_isbn13(text),
        "creditcard" => is_card(text),
        "ssn" => text.len() == 11 && matches(&SSN, text),
        "hexcolor" => matches(&HEX_COLOR, text),
        "rgbcolor" => matches(&RGB_COLOR, text),
        "byte" => is_base64(text),
        "password" => true,
        "bsonobjectid" => text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        _ => return None,
    })
}

/// A pattern of ours, compiled at its first use; one that does not compile matches nothing.
type Lazy = LazyLock<Option<Regex>>;

static SSN: Lazy = LazyLock::new(|| Regex::new(r"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$").ok());
static HEX_COLOR: Lazy = LazyLock::new(|| Regex::new("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$").ok());
static RGB_COLOR: Lazy = LazyLock::new(|| {
    let part = "(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    let space = "[\\t\\n\\f\\r ]*";
    let inside = format!("{space}{part}{space},{space}{part}{space},{space}{part}{space}");
    Regex::new(&format!("^rgb\\({inside}\\)$")).ok()
});
static HOST: Lazy = LazyLock::new(|| {
    let any = r"[a-zA-Z0-9\p{S}\p{L}]";
    let inner = r"[a-zA-Z0-9\-\p{S}\p{L}]";
    let single = format!("{any}((-?{any}{{0,62}})?)");
    let dotted = format!("({any}(({inner}{{0,61}}{any})?)(\\.)){{1,}}([a-zA-Z\\p{{L}}]){{2,63}}");
    Regex::new(&format!("^({single}|{dotted})$")).ok()
});

fn matches(pattern: &Lazy, text: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|regex| regex.is_match(text.as_bytes()))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

fn is_date_time(text: &str) -> bool {
    let lower = text.to_lowercase();
    let Some((date, time)) = lower.split_once('t') else {
        return false;
    };
    let time = time.split('t').next().unwrap_or_default();
    if !is_date(date) {
        return false;
    }
    let (Some(clock), Some(rest)) = (time.get(..8), time.get(8..)) else {
        return false;
    };
    let mut parts = clock.split(':').map(|part| number(part, 2));
    let is_clock = parts.next().flatten().is_some_and(|hour| hour <= 23)
        && parts.next().flatten().is_some_and(|minute| minute <= 59)
        && parts.next().flatten().is_some_and(|second| second <= 59)
        && parts.next().is_none();
    let zone = rest.find(['z', '+', '-']).map(|at| rest.split_at(at));
    // the character before the fraction may be any, also one that begins a zone
    is_clock && zone.is_some_and(|(fraction, zone)| is_fraction(fraction) && is_zone(zone))
}

fn is_fraction(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_none() || {
        let digits = chars.as_str();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

fn is_zone(text: &str) -> bool {
    text == "z"
        || text
            .strip_prefix(['+', '-'])
            .and_then(|offset| offset.split_once(':'))
            .is_some_and(|(hours, minutes)| {
                number(hours, 2).is_some() && number(minutes, 2).is_some()
            })
}

/// A duration of Go, such as `1h30m`.
pub(super) fn is_go_duration(text: &str) -> bool {
    go_duration(text).is_some()
}

/// A duration of Go in nanoseconds; `None` when it is none, or too long for 64 bits.
pub(super) fn go_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0.0_f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| c != '.' && !c.is_ascii_digit())?;
        let (digits, after) = rest.split_at(end);
        let value: f64 = digits.parse().ok()?;
        let (unit, after) = [
            ("ns", 1.0),
            ("us", 1e3),
            ("µs", 1e3),
            ("μs", 1e3),
            ("ms", 1e6),
            ("s", 1e9),
            ("m", 6e10),
            ("h", 3.6e12),
        ]
        .iter()
        .find_map(|(unit, scale)| Some((scale, after.strip_prefix(unit)?)))?;
        total += value * unit;
        rest = after;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "compared with the range before"
    )]
    (total < 9.2e18).then_some((sign * total) as i64)
}

fn is_duration(text: &str) -> bool {
    if is_go_duration(text) {
        return true;
    }
    // any number with a known unit somewhere is enough
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (_, from) = rest.split_at(at);
        let after = from.trim_start_matches(|c: char| c.is_ascii_digit());
        let unit = after.trim_start().to_lowercase();
        let end = unit.find(|c: char| !c.is_ascii_alphabetic() && c != 'µ');
        let unit = end.map_or(unit.as_str(), |end| unit.get(..end).unwrap_or_default());
        let is_short = ["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"];
        let is_long = [
            "nano", "micro", "milli", "sec", "min", "hour", "day", "week",
        ];
        if is_short.contains(&unit) || is_long.iter().any(|long| unit.starts_with(long)) {
            return true;
        }
        rest = after;
    }
    false
}

/// Go's `url.ParseRequestURI`: an absolute path, or a scheme and something behind it.
pub(super) fn is_request_uri(text: &str) -> bool {
    if text.is_empty() || text.bytes().any(|b| b.is_ascii_control()) {
        return false;
    }
    if text == "*" || text.starts_with('/') {
        return has_sound_escapes(text) && !text.contains(' ');
    }
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let rest = rest.split('?').next().unwrap_or_default();
    if !is_scheme {
        return false;
    }
    let Some(authority) = rest.strip_prefix("//") else {
        return !rest.starts_with('/') || has_sound_escapes(rest);
    };
    let (host, path) = match authority.find('/') {
        Some(at) => authority.split_at(at),
        None => (authority, ""),
    };
    is_host(host.rsplit('@').next().unwrap_or_default()) && has_sound_escapes(path)
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((inside, after)) if is_ip(inside) => ("", after),
            _ => return false,
        },
        None => match host.rfind(':') {
            Some(at) => host.split_at(at),
            None => (host, ""),
        },
    };
    let is_port = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let is_name = name.chars().all(|c| !" <>\"\\^`{|}:".contains(c));
    is_port && is_name && has_sound_escapes(name)
}

fn has_sound_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        after
            .get(..2)
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

/// An address, with or without a name before it: what Go's `mail.ParseAddress` takes, comments and quoted names apart.
fn is_email(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let address = match text.strip_suffix('>') {
        Some(rest) => match rest.rsplit_once('<') {
            Some((_, address)) => address,
            None => return false,
        },
        None => text,
    };
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let is_atom = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| {
                c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii()
            })
    };
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let is_literal = domain.starts_with('[') && domain.ends_with(']');
    (is_quoted || local.split('.').all(is_atom)) && (is_literal || domain.split('.').all(is_atom))
}

fn is_hostname(text: &str) -> bool {
    text.len() <= 255 && text.split('.').all(|part| part.len() <= 63) && matches(&HOST, text)
}

/// Go's `net.ParseIP`: no leading zeros, no zone.
pub(super) fn is_ip(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok()
}

/// The parts of a version 4 address without the zeros before them, which the server ignores where it checks a format.
fn without_zeros(text: &str) -> String {
    let (address, rest) = match text.find('/') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let short = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        short => short.to_owned(),
    };
    if address.contains(':') {
        return text.to_owned();
    }
    address.split('.').map(short).collect::<Vec<_>>().join(".") + rest
}

/// Go's `net.ParseCIDR`.
pub(super) fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    let is_number = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
    is_number && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

fn is_mac(text: &str) -> bool {
    let groups = |separator: char, digits: usize| {
        let parts: Vec<&str> = text.split(separator).collect();
        let is_group =
            |part: &&str| part.len() == digits && part.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes = parts.len() * digits / 2;
        parts.iter().all(is_group) && matches!(bytes, 6 | 8 | 20)
    };
    let is_plain =
        matches!(text.len(), 12 | 16 | 40) && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_plain || groups(':', 2) || groups('-', 2) || groups('.', 4)
}

fn is_uuid(text: &str, version: Option<char>) -> bool {
    let mut digits = String::with_capacity(32);
    let mut rest = text;
    for (at, count) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if at > 0 {
            rest = rest.strip_prefix('-').unwrap_or(rest);
        }
        let (Some(group), Some(after)) = (rest.get(..count), rest.get(count..)) else {
            return false;
        };
        digits.push_str(group);
        rest = after;
    }
    let at = |index: usize| digits.chars().nth(index).map(|c| c.to_ascii_lowercase());
    rest.is_empty()
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && version.is_none_or(|version| {
            let is_variant = version == '3' || at(16).is_some_and(|c| "89ab".contains(c));
            at(12) == Some(version) && is_variant
        })
}

/// The digits of a number that people group with dashes and blanks.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '-' | ' ')).collect()
}

fn is_isbn10(text: &str) -> bool {
    let digits = compact(text);
    let mut sum = 0;
    for (at, c) in digits.chars().enumerate() {
        let value = match c {
            'X' | 'x' if at == 9 => 10,
            c => match c.to_digit(10) {
                Some(value) => value,
                None => return false,
            },
        };
        sum += value * u32::try_from(at + 1).unwrap_or(u32::MAX).min(99);
    }
    digits.len() == 10 && sum % 11 == 0
}

fn is_isbn13(text: &str) -> bool {
    let digits = compact(text);
    let values: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(10)).collect();
    values.is_some_and(|values| {
        let weighted = values.iter().enumerate();
        let sum: u32 = weighted
            .map(|(at, value)| if at % 2 == 0 { *value } else { value * 3 })
            .fold(0, u32::wrapping_add);
        values.len() == 13 && sum.is_multiple_of(10)
    })
}

/// A card number: 12 to 19 digits with a sound last one.
fn is_card(text: &str) -> bool {
    let digits = compact(text);
    let values: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(10)).collect();
    values.is_some_and(|values| {
        let doubled = values
            .iter()
            .rev()
            .enumerate()
            .map(|(at, value)| match at % 2 {
                0 => *value,
                _ if *value > 4 => value * 2 - 9,
                _ => value * 2,
            });
        (12..=19).contains(&values.len()) && doubled.fold(0, u32::wrapping_add).is_multiple_of(10)
    })
}

fn is_base64(text: &str) -> bool {
    !text.is_empty() && text.len().is_multiple_of(4) && base64::decode(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::is_of;

    /// What a kube-apiserver of 1.34 said about each.
    #[test]
    fn formats_are_those_of_the_server() {
        for (format, text, expected) in [
            ("date-time", "2020-01-01T10:00:00Z", true),
            ("date-time", "2020-01-01t10:00:00.123+01:00", true),
            ("date-time", "2020-01-01", false),
            ("date", "2020-02-30", false),
            ("duration", "1h30m", true),
            ("duration", "3 days", true),
            ("duration", "soon", false),
            ("uri", "https://example.com/a?b=c", true),
            ("uri", "no uri", false),
            ("email", "nobody", false),
            ("ipv4", "300.1.1.1", false),
            ("uuid", "123e4567e89b12d3a456426614174000", true),
            ("byte", "***", false),
        ] {
            assert_eq!(is_of(format, text), Some(expected), "{format} {text}");
        }
        assert_eq!(is_of("no-such-format", ""), None);
    }
}
