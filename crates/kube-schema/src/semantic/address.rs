//! IP addresses and ranges as the server reads them.
//!
//! It uses the lenient parsers of `k8s.io/utils/net` (`ParseIPSloppy`, `ParseCIDRSloppy`), which take leading zeros of a
//! part for decimal: `010.0.0.1` is `10.0.0.1`. An address of version 4 inside one of version 6 counts as version 4.

use super::field::{Faults, Field, quoted};
use super::names::ipv4;
use std::net::{IpAddr, Ipv6Addr};

/// The address that a text stands for.
pub(super) fn parse(text: &str) -> Option<IpAddr> {
    if let Some(address) = ipv4(text) {
        return Some(IpAddr::V4(address));
    }
    let address: Ipv6Addr = text.parse().ok()?;
    Some(match address.to_ipv4_mapped() {
        Some(inner) => IpAddr::V4(inner),
        None => IpAddr::V6(address),
    })
}

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    first: IpAddr,
    bits: u32,
}

impl Range {
    /// The range that a text such as `10.0.0.0/8` stands for.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let first = match ipv4(address) {
            Some(address) => IpAddr::V4(address),
            None => IpAddr::V6(address.parse().ok()?),
        };
        if bits.is_empty() || !bits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let bits: u32 = bits.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        (bits <= most).then_some(Self { first, bits })
    }

    /// The first `bits` bits of an address.
    fn prefix(address: IpAddr, bits: u32) -> u128 {
        let (value, width) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        value.checked_shr(width - bits).unwrap_or_default()
    }

    /// Whether `other` lies inside and is smaller.
    pub(super) fn holds(self, other: Self) -> bool {
        self.first.is_ipv4() == other.first.is_ipv4()
            && self.bits < other.bits
            && Self::prefix(self.first, self.bits) == Self::prefix(other.first, self.bits)
    }
}

/// The field has to be an address.
pub(super) fn address(out: &mut Faults, field: &Field<'_, '_>) {
    if parse(field.text()).is_none() {
        not_an_address(out, field);
    }
}

fn not_an_address(out: &mut Faults, field: &Field<'_, '_>) {
    let text = quoted(field.text());
    out.invalid(
        field,
        format!("{text} is no IP address, such as `10.9.8.7` or `2001:db8::ffff`"),
    );
}

/// The field has to be an address of a version.
pub(super) fn address_of_version(out: &mut Faults, field: &Field<'_, '_>, version: &str) {
    if parse(field.text()).is_none_or(|address| address.is_ipv4() != (version == "IPv4")) {
        let text = quoted(field.text());
        out.invalid(field, format!("{text} is no {version} address"));
    }
}

/// The field has to be an address that is not special: neither unspecified, loopback nor link-local.
pub(super) fn ordinary_address(out: &mut Faults, field: &Field<'_, '_>) {
    let Some(address) = parse(field.text()) else {
        not_an_address(out, field);
        return;
    };
    let (link_local, local_multicast) = match address {
        IpAddr::V4(address) => (
            address.is_link_local(),
            address.octets().starts_with(&[224, 0, 0]),
        ),
        IpAddr::V6(address) => (
            address.is_unicast_link_local(),
            address.segments().first() == Some(&0xff02),
        ),
    };
    let text = quoted(field.text());
    if address.is_unspecified() {
        out.invalid(field, format!("{text} is the unspecified address"));
    } else if address.is_loopback() {
        out.invalid(field, format!("{text} is a loopback address"));
    } else if link_local || local_multicast {
        out.invalid(field, format!("{text} is a link-local address"));
    }
}

/// A text of the field has to be a range of addresses.
pub(super) fn range(out: &mut Faults, field: &Field<'_, '_>, text: &str) {
    if Range::parse(text).is_none() {
        let text = quoted(text);
        out.invalid(
            field,
            format!("{text} is no range of addresses, such as `10.9.8.0/24` or `2001:db8::/64`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, parse};

    #[test]
    fn lenient_addresses() {
        assert_eq!(parse("010.0.0.1"), parse("10.0.0.1"));
        assert!(parse("::ffff:10.0.0.1").is_some_and(|address| address.is_ipv4()));
        for text in ["", "1.2.3", "1.2.3.256", "none", "1.2.3.4.5", "a"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_inside_ranges() {
        let range = |text| Range::parse(text).expect("a range");
        assert!(range("10.0.0.0/8").holds(range("10.1.0.0/16")));
        assert!(!range("10.0.0.0/8").holds(range("10.0.0.0/8")));
        assert!(!range("10.0.0.0/24").holds(range("10.1.0.0/28")));
        assert!(range("0.0.0.0/0").holds(range("10.0.0.0/8")));
        assert!(!range("0.0.0.0/0").holds(range("2001:db8::/64")));
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "/8"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
