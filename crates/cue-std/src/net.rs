//! `net`: addresses, host names and URLs as texts; no network is asked.
//!
//! An IP is a string or a list of 4 or 16 bytes; functions of this package take both.

use crate::package::{Builder, failed};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};

const S: Kind = Kind::STRING;

fn ip_of(data: &Data) -> Option<IpAddr> {
    match data {
        Data::String(text) => text.parse().ok(),
        Data::Bytes(bytes) => ip_of_bytes(bytes),
        Data::List(items) => {
            let bytes: Option<Vec<u8>> = items
                .iter()
                .map(|item| match item {
                    Data::Number(number) => u8::try_from(number.decimal.to_i64()?).ok(),
                    _ => None,
                })
                .collect();
            ip_of_bytes(&bytes?)
        }
        _ => None,
    }
}

fn ip_of_bytes(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::V4(Ipv4Addr::from(four)));
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(IpAddr::V6(Ipv6Addr::from(sixteen)))
}

fn ip(c: &mut Call<'_>, index: usize) -> Result<IpAddr, Failure> {
    let data = c.data(index)?;
    ip_of(&data).ok_or_else(|| Failure::eval("not an IP address"))
}

/// An IPv4 address in IPv6 clothing counts as IPv4, as in Go.
fn plain(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

fn predicate(b: &mut Builder, name: &str, test: fn(IpAddr) -> bool) {
    b.function(name, &[Kind::TOP], Kind::BOOL, move |c| {
        let data = c.data(0)?;
        Ok(ip_of(&data).is_some_and(|ip| test(plain(ip))).into())
    });
}

fn bytes_of(ip: IpAddr) -> Answer {
    let bytes: Vec<i64> = match ip {
        IpAddr::V4(ip) => ip.octets().into_iter().map(i64::from).collect(),
        IpAddr::V6(ip) => ip.octets().into_iter().map(i64::from).collect(),
    };
    bytes.into()
}

fn is_global(ip: IpAddr) -> bool {
    let broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
    !broadcast
        && !ip.is_unspecified()
        && !ip.is_loopback()
        && !ip.is_multicast()
        && !is_link_local(ip)
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.segments()[0] & 0xffc0 == 0xfe80,
    }
}

fn multicast_scope(ip: IpAddr, scope: u16) -> bool {
    match ip {
        IpAddr::V4(ip) => scope == 2 && ip.octets()[..3] == [224, 0, 0],
        IpAddr::V6(ip) => ip.segments()[0] & 0xff0f == 0xff00 | scope,
    }
}

/// A fully qualified domain name: labels of letters, digits and inner dashes.
fn is_fqdn(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
        && name
            .rsplit('.')
            .next()
            .is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()))
}

/// `host:port`, with brackets around an IPv6 host.
fn split_host_port(text: &str) -> Result<(String, String), String> {
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

/// What may stay in a URL as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Query,
}

fn escape(text: &[u8], part: Part) -> String {
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

/// Escapes bytes for the query of a URL.
pub(crate) fn query_escape(bytes: &[u8]) -> Vec<u8> {
    escape(bytes, Part::Query).into_bytes()
}

fn unescape(text: &str, part: Part) -> Option<String> {
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
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether Go's `url.Parse` takes the text, and whether it has a scheme.
fn url(text: &str) -> Option<bool> {
    if text.bytes().any(|b| b < b' ' || b == 0x7f) {
        return None;
    }
    let text = text.split('#').next().unwrap_or_default();
    let scheme_end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
        .filter(|at| *at > 0 && text.as_bytes().get(*at) == Some(&b':'));
    if text.starts_with(':') {
        return None;
    }
    let rest = match scheme_end {
        Some(at) if text.starts_with(|c: char| c.is_ascii_alphabetic()) => text.get(at + 1..)?,
        _ => text,
    };
    let has_scheme = rest.len() != text.len();
    let path = rest.split('?').next().unwrap_or_default();
    if !has_scheme
        && path
            .split('/')
            .next()
            .is_some_and(|first| first.contains(':'))
    {
        return None;
    }
    if let Some(authority) = path.strip_prefix("//") {
        let authority = authority.split('/').next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let port = match host.strip_prefix('[') {
            Some(inner) => inner.split_once(']')?.1,
            None => host
                .find(':')
                .and_then(|at| host.get(at..))
                .unwrap_or_default(),
        };
        let digits = port.strip_prefix(':').unwrap_or(port);
        if !digits.bytes().all(|b| b.is_ascii_digit()) || host.contains([' ', '<', '>', '"']) {
            return None;
        }
    }
    unescape(path, Part::Path)?;
    Some(has_scheme)
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let top = Kind::TOP;
    b.constant("IPv4len", 4i64).constant("IPv6len", 16i64);
    b.function("SplitHostPort", &[S], Kind::LIST, |c| {
        let (host, port) = split_host_port(&c.string(0)?).map_err(failed)?;
        Ok(Answer::Data(Data::List(vec![host.into(), port.into()])))
    });
    b.function("JoinHostPort", &[top, top], S, |c| {
        let host = match c.data(0)? {
            Data::String(text) => text.to_string(),
            other => ip_of(&other)
                .map(|ip| ip.to_string())
                .ok_or_else(|| Failure::eval("not a host"))?,
        };
        let port = match c.data(1)? {
            Data::String(text) => text.to_string(),
            Data::Number(number) => number.decimal.to_string(),
            _ => return Err(Failure::eval("not a port")),
        };
        Ok(if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
        .into())
    });
    b.function("FQDN", &[S], Kind::BOOL, |c| {
        Ok(is_fqdn(&c.string(0)?).into())
    });
    b.function("ParseIP", &[S], Kind::LIST, |c| Ok(bytes_of(ip(c, 0)?)));
    predicate(b, "IPv4", |ip| ip.is_ipv4());
    predicate(b, "IPv6", |ip| ip.is_ipv6());
    predicate(b, "IP", |_| true);
    b.function("IPCIDR", &[top], Kind::BOOL, |c| {
        let data = c.data(0)?;
        let Data::String(text) = &data else {
            return Err(Failure::eval("not a string"));
        };
        let valid = text.split_once('/').is_some_and(|(address, bits)| {
            let most = match address.parse() {
                Ok(IpAddr::V4(_)) => 32,
                Ok(IpAddr::V6(_)) => 128,
                Err(_) => return false,
            };
            bits.bytes().all(|b| b.is_ascii_digit())
                && bits.parse::<u32>().is_ok_and(|bits| bits <= most)
        });
        if valid {
            Ok(true.into())
        } else {
            Err(Failure::eval(format!(
                "`{text}` is not an address in CIDR notation"
            )))
        }
    });
    predicate(b, "LoopbackIP", |ip| ip.is_loopback());
    predicate(b, "MulticastIP", |ip| ip.is_multicast());
    predicate(b, "InterfaceLocalMulticastIP", |ip| {
        ip.is_ipv6() && multicast_scope(ip, 1)
    });
    predicate(b, "LinkLocalMulticastIP", |ip| multicast_scope(ip, 2));
    predicate(b, "LinkLocalUnicastIP", is_link_local);
    predicate(b, "GlobalUnicastIP", is_global);
    predicate(b, "UnspecifiedIP", |ip| ip.is_unspecified());
    b.function("ToIP4", &[top], Kind::LIST, |c| match plain(ip(c, 0)?) {
        ip @ IpAddr::V4(_) => Ok(bytes_of(ip)),
        IpAddr::V6(_) => Err(Failure::eval("not an IPv4 address")),
    });
    b.function("ToIP16", &[top], Kind::LIST, |c| {
        Ok(bytes_of(IpAddr::V6(match ip(c, 0)? {
            IpAddr::V4(ip) => ip.to_ipv6_mapped(),
            IpAddr::V6(ip) => ip,
        })))
    });
    b.function("IPString", &[top], S, |c| {
        Ok(plain(ip(c, 0)?).to_string().into())
    });
    for (name, part) in [("PathEscape", Part::Path), ("QueryEscape", Part::Query)] {
        b.function(name, &[S], S, move |c| {
            Ok(escape(c.string(0)?.as_bytes(), part).into())
        });
    }
    for (name, part) in [("PathUnescape", Part::Path), ("QueryUnescape", Part::Query)] {
        b.function(name, &[S], S, move |c| {
            unescape(&c.string(0)?, part)
                .map(Into::into)
                .ok_or_else(|| Failure::eval("invalid URL escape"))
        });
    }
    b.function("URL", &[S], Kind::BOOL, |c| {
        let text = c.string(0)?;
        url(&text).ok_or_else(|| Failure::eval(format!("`{text}` is not a URL")))?;
        Ok(true.into())
    });
    b.function("AbsURL", &[S], Kind::BOOL, |c| {
        let text = c.string(0)?;
        match url(&text) {
            Some(true) => Ok(true.into()),
            _ => Err(Failure::eval(format!("`{text}` is not an absolute URL"))),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_urls() {
        assert!(is_fqdn("foo.example.com"));
        assert!(!is_fqdn("-foo.com"));
        assert!(!is_fqdn("1.2.3.4"));
        assert_eq!(url("https://a.b/c?d#e"), Some(true));
        assert_eq!(url("/a/b"), Some(false));
        assert_eq!(url("%zz"), None);
        assert_eq!(url("http://a:x/"), None);
        assert_eq!(escape(b"a b/c", Part::Query), "a+b%2Fc");
        assert_eq!(unescape("a%20b", Part::Path).unwrap(), "a b");
        assert_eq!(split_host_port("[::1]:80").unwrap().0, "::1");
        assert!(split_host_port("::1:80").is_err());
    }
}
