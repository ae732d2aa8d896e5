//! IP addresses: as texts, or as lists of 4 or 16 bytes.
//!
//! An IPv6 address may have a zone (`fe80::1%eth0`), and one that holds an IPv4 address
//! (`::ffff:1.2.3.4`) is IPv6 all the same; only the classes (loopback, multicast, …) look at the
//! inner address. Rules as in cue v0.14.1 `pkg/net/ip.go` and Go's package `net/netip`.

use crate::package::{Builder, Outcome, concrete};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind, Shape};

/// An address with its zone; the zone is empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    ip: IpAddr,
    zone: String,
}

impl Address {
    /// Reads an address; `None` when the text is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, zone) = match text.split_once('%') {
            Some((_, "")) => return None,
            Some((address, zone)) => (address, zone),
            None => (text, ""),
        };
        let ip: IpAddr = address.parse().ok()?;
        (zone.is_empty() || ip.is_ipv6()).then(|| Self {
            ip,
            zone: zone.to_owned(),
        })
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let ip = match <[u8; 4]>::try_from(bytes) {
            Ok(four) => IpAddr::V4(Ipv4Addr::from(four)),
            Err(_) => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        };
        Some(Self {
            ip,
            zone: String::new(),
        })
    }

    /// Whether it is an IPv4 address, not one in IPv6 clothing.
    pub(super) fn is_v4(&self) -> bool {
        self.ip.is_ipv4()
    }

    fn bytes(&self) -> Vec<i64> {
        match self.ip {
            IpAddr::V4(ip) => ip.octets().into_iter().map(i64::from).collect(),
            IpAddr::V6(ip) => ip.octets().into_iter().map(i64::from).collect(),
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.ip.fmt(f)?;
        if !self.zone.is_empty() {
            write!(f, "%{}", self.zone)?;
        }
        Ok(())
    }
}

/// A byte of a list.
fn byte(c: &mut Call<'_>, item: cue_eval::Term) -> Result<Option<u8>, Failure> {
    match c.number_of(item) {
        Ok(number) => Ok(number.decimal.to_i64().and_then(|n| u8::try_from(n).ok())),
        Err(Failure::Suspended) => Err(Failure::Suspended),
        Err(_) => Ok(None),
    }
}

/// The address that an argument is; `None` when it is none, incomplete while it is not known.
pub(super) fn argument(c: &mut Call<'_>, index: usize) -> Result<Option<Address>, Failure> {
    let term = concrete(c, index)?;
    match c.view(term).shape() {
        Shape::String(text) => Ok(Address::parse(text)),
        Shape::Bytes(bytes) => Ok(std::str::from_utf8(bytes).ok().and_then(Address::parse)),
        Shape::List(_) => {
            let mut bytes = Vec::new();
            for item in c.elements_of(term)? {
                match byte(c, item)? {
                    Some(byte) => bytes.push(byte),
                    None => return Ok(None),
                }
            }
            Ok(Address::of_bytes(&bytes))
        }
        _ => Ok(None),
    }
}

fn required(c: &mut Call<'_>) -> Result<Address, Failure> {
    argument(c, 0)?.ok_or_else(|| Failure::eval("not an IP address"))
}

fn predicate(b: &mut Builder, name: &str, test: fn(&Address) -> bool) {
    b.function(name, &[Kind::TOP], Kind::BOOL, move |c| {
        Ok(argument(c, 0)?.is_some_and(|address| test(&address)).into())
    });
}

/// A predicate of the address that counts: an IPv4 address inside an IPv6 one.
fn class(b: &mut Builder, name: &str, test: fn(IpAddr) -> bool) {
    b.function(name, &[Kind::TOP], Kind::BOOL, move |c| {
        let address = argument(c, 0)?;
        Ok(address
            .is_some_and(|address| test(address.ip.to_canonical()))
            .into())
    });
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

/// `1.2.3.4/8`: an address without zone, and as many bits as it may have.
fn is_prefix(text: &str) -> bool {
    text.rsplit_once('/').is_some_and(|(address, bits)| {
        let most = match Address::parse(address) {
            Some(address) if address.is_v4() => 32,
            Some(address) if address.zone.is_empty() => 128,
            _ => return false,
        };
        let digits = bits.bytes().all(|byte| byte.is_ascii_digit());
        let plain = bits.len() == 1 || !bits.starts_with('0');
        digits && plain && bits.parse::<u32>().is_ok_and(|bits| bits <= most)
    })
}

fn cidr(c: &mut Call<'_>) -> Outcome {
    let term = concrete(c, 0)?;
    let fine = match c.view(term).shape() {
        Shape::String(text) => is_prefix(text),
        Shape::Bytes(bytes) => std::str::from_utf8(bytes).is_ok_and(is_prefix),
        // only texts are looked at
        _ => true,
    };
    if fine {
        Ok(true.into())
    } else {
        Err(Failure::eval("not an address in CIDR notation"))
    }
}

fn bytes(address: &Address) -> Answer {
    Answer::Data(Data::from(address.bytes()))
}

/// Adds the functions of addresses to `net`.
pub(super) fn fill(b: &mut Builder) {
    let (s, top, list) = (Kind::STRING, Kind::TOP, Kind::LIST);
    b.constant("IPv4len", 4i64).constant("IPv6len", 16i64);
    b.function("ParseIP", &[s], list, |c| Ok(bytes(&required(c)?)));
    predicate(b, "IPv4", Address::is_v4);
    predicate(b, "IPv6", |address| !address.is_v4());
    predicate(b, "IP", |_| true);
    predicate(b, "UnspecifiedIP", |address| {
        address.zone.is_empty() && address.ip.is_unspecified()
    });
    b.function("IPCIDR", &[top], Kind::BOOL, cidr);
    class(b, "LoopbackIP", |ip| ip.is_loopback());
    class(b, "MulticastIP", |ip| ip.is_multicast());
    class(b, "InterfaceLocalMulticastIP", |ip| multicast_scope(ip, 1));
    class(b, "LinkLocalMulticastIP", |ip| multicast_scope(ip, 2));
    class(b, "LinkLocalUnicastIP", is_link_local);
    class(b, "GlobalUnicastIP", is_global);
    b.function("ToIP4", &[top], list, |c| {
        let address = required(c)?;
        if address.is_v4() {
            Ok(bytes(&address))
        } else {
            Err(Failure::eval("not an IPv4 address"))
        }
    });
    b.function("ToIP16", &[top], list, |c| {
        let mut address = required(c)?;
        if let IpAddr::V4(ip) = address.ip {
            address.ip = IpAddr::V6(ip.to_ipv6_mapped());
        }
        Ok(bytes(&address))
    });
    b.function("IPString", &[top], s, |c| {
        Ok(required(c)?.to_string().into())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_prefixes() {
        let shown = |text: &str| Address::parse(text).map(|address| address.to_string());
        assert_eq!(shown("fe80::1%eth0").as_deref(), Some("fe80::1%eth0"));
        assert_eq!(shown("::ffff:1.2.3.4").as_deref(), Some("::ffff:1.2.3.4"));
        for wrong in ["fe80::1%", "1.2.3.4%eth0", "01.2.3.4", "1.2.3", ""] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        assert!(is_prefix("10.0.0.0/8") && is_prefix("::1/128"));
        for wrong in [
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/",
            "::1%a/64",
            "10.0.0.0",
        ] {
            assert!(!is_prefix(wrong), "{wrong}");
        }
    }
}
