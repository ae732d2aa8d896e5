//! Functions: those of the language, of its extensions for strings and sets, and of Kubernetes.
//!
//! A function that is not here, or that is called with a value it does not take here, gives [`Stop::Unknown`].

use super::super::format;
use super::ast::Op;
use super::time;
use super::value::{Outcome, Stop, Value, failed};
use crate::semantic::Quantity;
use std::cmp::Ordering;
use std::net::IpAddr;
use std::rc::Rc;

/// An index, if the value is one that is not negative.
pub(super) fn position(value: &Value<'_>) -> Option<usize> {
    match value {
        Value::Int(at) => usize::try_from(*at).ok(),
        Value::Uint(at) => usize::try_from(*at).ok(),
        Value::Double(at) if at.fract() == 0.0 && (0.0..9e15).contains(at) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and in range"
            )]
            Some(*at as usize)
        }
        _ => None,
    }
}

/// What looking at a value costs.
pub(super) fn size_of(value: &Value<'_>) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        other => other.count().unwrap_or_default(),
    }
}

fn int(count: usize) -> Value<'static> {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// `+`, `-`, `*`, `/`, `%`.
pub(super) fn arithmetic<'t>(op: Op, left: &Value<'t>, right: &Value<'t>) -> Outcome<'t> {
    const OVERFLOW: &str = "integer overflow";
    let checked = |value: Option<i64>| {
        value
            .map(Value::Int)
            .ok_or(Stop::Error(OVERFLOW.to_owned()))
    };
    let is_division = matches!(op, Op::Divide | Op::Remainder);
    match (left, right) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) if is_division => {
            failed("division by zero")
        }
        (Value::Int(left), Value::Int(right)) => checked(match op {
            Op::Add => left.checked_add(*right),
            Op::Subtract => left.checked_sub(*right),
            Op::Multiply => left.checked_mul(*right),
            Op::Divide => left.checked_div(*right),
            _ => left.checked_rem(*right),
        }),
        (Value::Uint(left), Value::Uint(right)) => {
            let value = match op {
                Op::Add => left.checked_add(*right),
                Op::Subtract => left.checked_sub(*right),
                Op::Multiply => left.checked_mul(*right),
                Op::Divide => left.checked_div(*right),
                _ => left.checked_rem(*right),
            };
            value
                .map(Value::Uint)
                .ok_or(Stop::Error(OVERFLOW.to_owned()))
        }
        (Value::Double(left), Value::Double(right)) => Ok(Value::Double(match op {
            Op::Add => left + right,
            Op::Subtract => left - right,
            Op::Multiply => left * right,
            Op::Divide => left / right,
            _ => return failed("no such overload: double % double"),
        })),
        (Value::String(left), Value::String(right)) if op == Op::Add => {
            Ok(Value::String(format!("{left}{right}").into()))
        }
        (Value::Bytes(left), Value::Bytes(right)) if op == Op::Add => Ok(Value::Bytes(
            [left.as_ref(), right.as_ref()].concat().into(),
        )),
        (Value::List(left), Value::List(right)) if op == Op::Add => Ok(Value::list(
            left.iter().chain(right.iter()).cloned().collect(),
        )),
        (Value::Timestamp(at), Value::Duration(by))
        | (Value::Duration(by), Value::Timestamp(at))
            if op == Op::Add =>
        {
            Ok(Value::Timestamp(at + i128::from(*by)))
        }
        (Value::Timestamp(at), Value::Duration(by)) if op == Op::Subtract => {
            Ok(Value::Timestamp(at - i128::from(*by)))
        }
        (Value::Timestamp(left), Value::Timestamp(right)) if op == Op::Subtract => {
            let value = i64::try_from(left - right).ok();
            value
                .map(Value::Duration)
                .ok_or(Stop::Error(OVERFLOW.to_owned()))
        }
        (Value::Duration(left), Value::Duration(right)) if matches!(op, Op::Add | Op::Subtract) => {
            let value = match op {
                Op::Add => left.checked_add(*right),
                _ => left.checked_sub(*right),
            };
            value
                .map(Value::Duration)
                .ok_or(Stop::Error(OVERFLOW.to_owned()))
        }
        _ => failed(format!(
            "no such overload: {} {} {}",
            left.kind(),
            op.sign(),
            right.kind()
        )),
    }
}

/// A function by its name: of a value, or by itself.
pub(super) fn call<'t>(target: Option<&Value<'t>>, name: &str, args: &[Value<'t>]) -> Outcome<'t> {
    let all: Vec<&Value<'t>> = target.into_iter().chain(args).collect();
    match (name, all.as_slice()) {
        ("size", [value]) => match value {
            Value::String(text) => Ok(int(text.chars().count())),
            Value::Bytes(bytes) => Ok(int(bytes.len())),
            other => other.count().map(int).ok_or(Stop::Unknown),
        },
        ("dyn", [value]) => Ok((*value).clone()),
        ("type", [value]) => Ok(Value::Type(value.kind())),
        ("int" | "uint" | "double" | "string" | "bool" | "bytes", [value]) => convert(name, value),
        ("timestamp", [Value::String(text)]) => match time::parse(text) {
            Some(at) if text.len() > 10 => Ok(Value::Timestamp(at)),
            _ => failed(format!("`{text}` is no timestamp")),
        },
        ("duration", [Value::String(text)]) => match format::go_duration(text) {
            Some(nanos) => Ok(Value::Duration(nanos)),
            None => failed(format!("`{text}` is no duration")),
        },
        ("timestamp", [value @ Value::Timestamp(_)])
        | ("duration", [value @ Value::Duration(_)]) => Ok((*value).clone()),
        (_, [Value::Timestamp(at)]) => time::field(*at, name).map(Value::Int).ok_or(Stop::Unknown),
        (_, [Value::Duration(nanos)]) => {
            let scale = match name {
                "getHours" => 3_600_000_000_000,
                "getMinutes" => 60_000_000_000,
                "getSeconds" => 1_000_000_000,
                "getMilliseconds" => 1_000_000,
                _ => return Err(Stop::Unknown),
            };
            Ok(Value::Int(nanos / scale))
        }
        ("contains", [Value::String(text), Value::String(part)]) => {
            Ok(Value::Bool(text.contains(&**part)))
        }
        ("startsWith", [Value::String(text), Value::String(part)]) => {
            Ok(Value::Bool(text.starts_with(&**part)))
        }
        ("endsWith", [Value::String(text), Value::String(part)]) => {
            Ok(Value::Bool(text.ends_with(&**part)))
        }
        (
            "matches" | "find" | "findAll",
            [Value::String(text), Value::String(pattern), limit @ ..],
        ) => searched(name, text, pattern, limit),
        (
            "sets.contains" | "sets.intersects" | "sets.equivalent",
            [Value::List(left), Value::List(right)],
        ) => {
            let holds =
                |all: &[Value<'t>], one: &Value<'t>| all.iter().any(|other| other.is_equal(one));
            Ok(Value::Bool(match name {
                "sets.contains" => right.iter().all(|one| holds(left, one)),
                "sets.intersects" => right.iter().any(|one| holds(left, one)),
                _ => {
                    right.iter().all(|one| holds(left, one))
                        && left.iter().all(|one| holds(right, one))
                }
            }))
        }
        (_, [Value::String(text), rest @ ..]) => of_text(name, text, rest),
        (_, [Value::List(items), rest @ ..]) => of_list(name, items, rest),
        (_, [Value::Optional(inside), rest @ ..]) => of_optional(name, inside.as_ref(), rest),
        ("optional.none", []) => Ok(Value::Optional(None)),
        ("optional.of", [value]) => Ok(Value::Optional(Some(Rc::new((*value).clone())))),
        (_, [Value::Url(url), ..]) => of_url(name, url),
        (_, [Value::Ip(ip)]) => of_ip(name, *ip),
        (_, [Value::Cidr(ip, bits), rest @ ..]) => of_cidr(name, *ip, *bits, rest),
        (_, [Value::Quantity(quantity), rest @ ..]) => of_quantity(name, *quantity, rest),
        _ => Err(Stop::Unknown),
    }
}

fn convert<'t>(to: &str, value: &Value<'t>) -> Outcome<'t> {
    let bad = || {
        failed(format!(
            "type conversion error from {} to {to}",
            value.kind()
        ))
    };
    match (to, value) {
        ("int", Value::Int(_))
        | ("uint", Value::Uint(_))
        | ("double", Value::Double(_))
        | ("string", Value::String(_))
        | ("bool", Value::Bool(_))
        | ("bytes", Value::Bytes(_)) => Ok(value.clone()),
        ("int", Value::String(text)) => text.parse().map(Value::Int).or_else(|_| bad()),
        ("int", Value::Uint(value)) => match i64::try_from(*value) {
            Ok(value) => Ok(Value::Int(value)),
            Err(_) => failed("integer overflow"),
        },
        ("int", Value::Double(value)) if value.abs() < 9.2e18 =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "in range; the fraction goes"
            )]
            Ok(Value::Int(*value as i64))
        }
        ("int", Value::Timestamp(at)) => {
            let seconds = i64::try_from(at.div_euclid(1_000_000_000));
            seconds.map(Value::Int).map_err(|_| Stop::Unknown)
        }
        ("uint", Value::Int(value)) => match u64::try_from(*value) {
            Ok(value) => Ok(Value::Uint(value)),
            Err(_) => failed("unsigned integer overflow"),
        },
        ("uint", Value::String(text)) => text.parse().map(Value::Uint).or_else(|_| bad()),
        ("double", Value::String(text)) => text.parse().map(Value::Double).or_else(|_| bad()),
        ("double", value) => value.number().map(Value::Double).ok_or(Stop::Unknown),
        ("string", Value::Int(value)) => Ok(Value::String(value.to_string().into())),
        ("string", Value::Uint(value)) => Ok(Value::String(value.to_string().into())),
        ("string", Value::Bool(value)) => Ok(Value::String(value.to_string().into())),
        ("string", Value::Url(text)) => Ok(Value::String(Rc::clone(text))),
        ("string", Value::Ip(ip)) => Ok(Value::String(ip.to_string().into())),
        ("string", Value::Cidr(ip, bits)) => Ok(Value::String(format!("{ip}/{bits}").into())),
        ("string", Value::Bytes(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::text(text)),
            Err(_) => failed("invalid UTF-8 in bytes"),
        },
        ("bytes", Value::String(text)) => Ok(Value::Bytes(text.as_bytes().into())),
        ("bool", Value::String(text)) => match &**text {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(Value::Bool(false)),
            _ => bad(),
        },
        _ => Err(Stop::Unknown),
    }
}

fn searched<'t>(name: &str, text: &str, pattern: &str, limit: &[&Value<'t>]) -> Outcome<'t> {
    let Ok(regex) = goregexp::compile(pattern) else {
        return failed(format!("`{pattern}` is no regular expression"));
    };
    let found = |bytes: &[u8]| Value::String(String::from_utf8_lossy(bytes).into());
    Ok(match (name, limit) {
        ("matches", []) => Value::Bool(regex.is_match(text.as_bytes())),
        ("find", []) => match regex.find(text.as_bytes()) {
            Some(one) => found(one.as_bytes()),
            None => Value::text(""),
        },
        ("findAll", [] | [Value::Int(_)]) => {
            let most = match limit {
                [Value::Int(most)] => usize::try_from(*most).unwrap_or(usize::MAX),
                _ => usize::MAX,
            };
            let all = regex.find_iter(text.as_bytes()).take(most);
            Value::list(all.map(|one| found(one.as_bytes())).collect())
        }
        _ => return Err(Stop::Unknown),
    })
}

fn of_text<'t>(name: &str, text: &Rc<str>, rest: &[&Value<'t>]) -> Outcome<'t> {
    let made = |text: String| Ok(Value::String(text.into()));
    let length = || text.chars().count();
    let characters = |from: usize, to: usize| -> Outcome<'t> {
        if from > to || to > length() {
            return failed("index out of range");
        }
        Ok(Value::String(
            text.chars()
                .skip(from)
                .take(to - from)
                .collect::<String>()
                .into(),
        ))
    };
    match (name, rest) {
        ("lowerAscii", []) => made(text.to_ascii_lowercase()),
        ("upperAscii", []) => made(text.to_ascii_uppercase()),
        ("trim", []) => Ok(Value::text(text.trim())),
        ("charAt", [at]) => {
            let at = position(at).ok_or(Stop::Unknown)?;
            characters(at.min(length()), (at + 1).min(length()))
        }
        ("substring", [from]) => characters(position(from).ok_or(Stop::Unknown)?, length()),
        ("substring", [from, to]) => characters(
            position(from).ok_or(Stop::Unknown)?,
            position(to).ok_or(Stop::Unknown)?,
        ),
        ("indexOf" | "lastIndexOf", [Value::String(part)]) => {
            let found = match name {
                "indexOf" => text.find(&**part),
                _ => text.rfind(&**part),
            };
            let before = found
                .and_then(|at| text.get(..at))
                .map(|text| text.chars().count());
            Ok(before.map_or(Value::Int(-1), int))
        }
        ("replace", [Value::String(from), Value::String(to)]) => made(text.replace(&**from, to)),
        ("replace", [Value::String(from), Value::String(to), Value::Int(most)]) => {
            match usize::try_from(*most) {
                Ok(most) => made(text.replacen(&**from, to, most)),
                Err(_) => made(text.replace(&**from, to)),
            }
        }
        ("split", [Value::String(by)]) => Ok(split(text, by, usize::MAX)),
        ("split", [Value::String(by), Value::Int(most)]) => Ok(split(
            text,
            by,
            usize::try_from(*most).unwrap_or(usize::MAX),
        )),
        ("isURL", []) => Ok(Value::Bool(format::is_request_uri(text))),
        ("url", []) if format::is_request_uri(text) => Ok(Value::Url(Rc::clone(text))),
        ("url", []) => failed(format!("`{text}` is no URL")),
        ("isIP", []) => Ok(Value::Bool(format::is_ip(text))),
        ("ip", []) => match text.parse() {
            Ok(ip) => Ok(Value::Ip(ip)),
            Err(_) => failed(format!("`{text}` is no IP address")),
        },
        ("ip.isCanonical", []) => match text.parse::<IpAddr>() {
            Ok(ip) => Ok(Value::Bool(ip.to_string() == **text)),
            Err(_) => failed(format!("`{text}` is no IP address")),
        },
        ("isCIDR", []) => Ok(Value::Bool(format::is_cidr(text))),
        ("cidr", []) => cidr(text).ok_or_else(|| Stop::Error(format!("`{text}` is no CIDR"))),
        ("isQuantity", []) => Ok(Value::Bool(Quantity::parse(text).is_some())),
        ("quantity", []) => match Quantity::parse(text) {
            Some(quantity) => Ok(Value::Quantity(quantity)),
            None => failed(format!("`{text}` is no quantity")),
        },
        ("optional.of", []) => Ok(Value::Optional(Some(Rc::new(Value::String(Rc::clone(
            text,
        )))))),
        _ => Err(Stop::Unknown),
    }
}

fn cidr(text: &str) -> Option<Value<'static>> {
    let (address, bits) = text.split_once('/').filter(|_| format::is_cidr(text))?;
    Some(Value::Cidr(address.parse().ok()?, bits.parse().ok()?))
}

fn split(text: &str, by: &str, most: usize) -> Value<'static> {
    if most == 0 {
        return Value::list(Vec::new());
    }
    if by.is_empty() {
        return Value::list(
            text.chars()
                .map(|c| Value::text(c.encode_utf8(&mut [0; 4])))
                .collect(),
        );
    }
    Value::list(text.splitn(most, by).map(Value::text).collect())
}

fn of_list<'t>(name: &str, items: &Rc<[Value<'t>]>, rest: &[&Value<'t>]) -> Outcome<'t> {
    let least = |wanted: Ordering| {
        let mut best: Option<&Value<'t>> = None;
        for item in items.iter() {
            let is_better = best.is_none_or(|best| item.order(best) == Some(wanted));
            if is_better {
                best = Some(item);
            }
        }
        best.cloned()
    };
    match (name, rest) {
        ("isSorted", []) => {
            let mut pairs = items.windows(2).map(|pair| match pair {
                [left, right] => left.order(right).is_none_or(Ordering::is_le),
                _ => true,
            });
            Ok(Value::Bool(pairs.all(|sorted| sorted)))
        }
        ("sum", []) => {
            let mut sum: Option<Value<'t>> = None;
            for item in items.iter() {
                sum = Some(match sum {
                    None => item.clone(),
                    Some(sum) => arithmetic(Op::Add, &sum, item)?,
                });
            }
            Ok(sum.unwrap_or(Value::Int(0)))
        }
        ("min", []) => least(Ordering::Less).ok_or(Stop::Error("min of an empty list".to_owned())),
        ("max", []) => {
            least(Ordering::Greater).ok_or(Stop::Error("max of an empty list".to_owned()))
        }
        ("indexOf", [wanted]) => {
            let at = items.iter().position(|item| item.is_equal(wanted));
            Ok(at.map_or(Value::Int(-1), int))
        }
        ("lastIndexOf", [wanted]) => {
            let at = items.iter().rposition(|item| item.is_equal(wanted));
            Ok(at.map_or(Value::Int(-1), int))
        }
        ("join", [] | [Value::String(_)]) => {
            let texts: Option<Vec<&str>> = items
                .iter()
                .map(|item| match item {
                    Value::String(text) => Some(&**text),
                    _ => None,
                })
                .collect();
            let by = match rest {
                [Value::String(by)] => by,
                _ => "",
            };
            texts
                .map(|texts| Value::String(texts.join(by).into()))
                .ok_or(Stop::Unknown)
        }
        ("reverse", []) => Ok(Value::list(items.iter().rev().cloned().collect())),
        ("optional.of", []) => Ok(Value::Optional(Some(Rc::new(Value::List(Rc::clone(
            items,
        )))))),
        _ => Err(Stop::Unknown),
    }
}

fn of_optional<'t>(name: &str, inside: Option<&Rc<Value<'t>>>, rest: &[&Value<'t>]) -> Outcome<'t> {
    match (name, inside, rest) {
        ("hasValue", inside, []) => Ok(Value::Bool(inside.is_some())),
        ("value", Some(inside), []) => Ok((**inside).clone()),
        ("value", None, []) => failed("optional.none() dereference"),
        ("or" | "orValue", None, [other]) => Ok((*other).clone()),
        _ => Err(Stop::Unknown),
    }
}

fn of_url<'t>(name: &str, url: &str) -> Outcome<'t> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = match (scheme, rest.find('/')) {
        ("", _) => ("", rest),
        (_, Some(at)) => rest.split_at(at),
        (_, None) => (rest, ""),
    };
    let host = authority.split('?').next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let (name_of_host, port) = match host.rfind(':') {
        Some(at) if !host.ends_with(']') => host.split_at(at),
        _ => (host, ""),
    };
    let text = match name {
        "getScheme" => scheme,
        "getHost" => host,
        "getHostname" => name_of_host.trim_start_matches('[').trim_end_matches(']'),
        "getPort" => port.trim_start_matches(':'),
        "getEscapedPath" => path.split('?').next().unwrap_or_default(),
        _ => return Err(Stop::Unknown),
    };
    Ok(Value::text(text))
}

fn of_ip<'t>(name: &str, ip: IpAddr) -> Outcome<'t> {
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    Ok(match name {
        "family" => Value::Int(if ip.is_ipv4() { 4 } else { 6 }),
        "isUnspecified" => Value::Bool(ip.is_unspecified()),
        "isLoopback" => Value::Bool(ip.is_loopback()),
        "isLinkLocalUnicast" => Value::Bool(link_local),
        "isLinkLocalMulticast" => Value::Bool(match ip {
            IpAddr::V4(ip) => matches!(ip.octets(), [224, 0, 0, _]),
            IpAddr::V6(ip) => ip
                .segments()
                .first()
                .is_some_and(|first| first & 0xff0f == 0xff02),
        }),
        "isGlobalUnicast" => {
            let is_broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
            let is_special = ip.is_unspecified() || ip.is_loopback() || ip.is_multicast();
            Value::Bool(!is_special && !link_local && !is_broadcast)
        }
        _ => return Err(Stop::Unknown),
    })
}

fn bits_of(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()), 32),
        IpAddr::V6(ip) => (ip.to_bits(), 128),
    }
}

fn of_cidr<'t>(name: &str, ip: IpAddr, bits: u8, rest: &[&Value<'t>]) -> Outcome<'t> {
    let (value, width) = bits_of(ip);
    let beyond = width.saturating_sub(u32::from(bits));
    let prefix = |value: u128| value.checked_shr(beyond).unwrap_or_default();
    let other = |value: &Value<'t>| match value {
        Value::String(text) if name == "containsIP" => Some((text.parse().ok()?, None)),
        Value::String(text) => match cidr(text)? {
            Value::Cidr(ip, bits) => Some((ip, Some(bits))),
            _ => None,
        },
        Value::Ip(ip) => Some((*ip, None)),
        Value::Cidr(ip, bits) => Some((*ip, Some(*bits))),
        _ => None,
    };
    match (name, rest) {
        ("ip", []) => Ok(Value::Ip(ip)),
        ("prefixLength", []) => Ok(Value::Int(i64::from(bits))),
        ("masked", []) => {
            let masked = prefix(value).checked_shl(beyond).unwrap_or_default();
            Ok(Value::Cidr(
                match ip {
                    IpAddr::V4(_) => IpAddr::V4(u32::try_from(masked).unwrap_or_default().into()),
                    IpAddr::V6(_) => IpAddr::V6(masked.into()),
                },
                bits,
            ))
        }
        ("containsIP" | "containsCIDR", [wanted]) => {
            let (ip, inner) = other(wanted).ok_or(Stop::Unknown)?;
            let (wanted, of_width) = bits_of(ip);
            let is_inside = of_width == width && prefix(wanted) == prefix(value);
            Ok(Value::Bool(
                is_inside && inner.is_none_or(|inner| inner >= bits),
            ))
        }
        _ => Err(Stop::Unknown),
    }
}

fn of_quantity<'t>(name: &str, quantity: Quantity, rest: &[&Value<'t>]) -> Outcome<'t> {
    let other = match rest {
        [Value::Quantity(other)] => Some(*other),
        _ => None,
    };
    Ok(match (name, other) {
        ("isGreaterThan", Some(other)) => Value::Bool(quantity > other),
        ("isLessThan", Some(other)) => Value::Bool(quantity < other),
        ("compareTo", Some(other)) => Value::Int(quantity.cmp(&other) as i64),
        ("sign", None) if rest.is_empty() => {
            Value::Int(i64::from(quantity.is_positive()) - i64::from(quantity.is_negative()))
        }
        _ => return Err(Stop::Unknown),
    })
}
