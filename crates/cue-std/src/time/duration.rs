//! Durations as Go writes them: `1h15m30.5s` is a sum of numbers with units, kept as nanoseconds.
//!
//! The sum is made in 128 bits and must fit into 64, so a text either names its duration exactly or
//! is refused. Writing starts at the biggest unit that is not zero, with a fraction in the last one.

const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a duration such as `1h15m30.918273645s` as nanoseconds.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && part.is_empty()) || part.contains('.') || number.len() > 40 {
            return None;
        }
        let unit_end = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, next) = tail.split_at(unit_end);
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        total = total.checked_add(whole.checked_mul(i128::from(*size))?)?;
        let mut scale = i128::from(*size);
        let mut fraction = 0i128;
        let mut weight = 1i128;
        for digit in part.bytes().take(18) {
            fraction = fraction * 10 + i128::from(digit - b'0');
            weight *= 10;
        }
        scale = fraction * scale / weight;
        total = total.checked_add(scale)?;
        rest = next;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// Writes nanoseconds as Go does: `1h2m3.5s`, `1.5ms`, `0s`.
pub(super) fn format_duration(nanoseconds: i64) -> String {
    if nanoseconds == 0 {
        return "0s".to_owned();
    }
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    let decimal = |value: u64, unit: u64| {
        let width = unit.ilog10() as usize;
        let fraction = format!("{:0>width$}", value % unit);
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() || width == 0 {
            (value / unit).to_string()
        } else {
            format!("{}.{fraction}", value / unit)
        }
    };
    if all < 1_000 {
        return format!("{sign}{all}ns");
    }
    if all < 1_000_000 {
        return format!("{sign}{}\u{b5}s", decimal(all, 1_000));
    }
    if all < 1_000_000_000 {
        return format!("{sign}{}ms", decimal(all, 1_000_000));
    }
    let seconds = decimal(all % 60_000_000_000, 1_000_000_000);
    let minutes = all / 60_000_000_000;
    if minutes == 0 {
        return format!("{sign}{seconds}s");
    }
    if minutes < 60 {
        return format!("{sign}{minutes}m{seconds}s");
    }
    format!("{sign}{}h{}m{seconds}s", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(parse_duration("1h15m30.5s"), Some(4_530_500_000_000));
        assert_eq!(parse_duration("-1.5ms"), Some(-1_500_000));
        assert_eq!(parse_duration("1"), None);
        assert_eq!(parse_duration("9999999h"), None);
        assert_eq!(format_duration(4_530_500_000_000), "1h15m30.5s");
        assert_eq!(format_duration(1_500_000), "1.5ms");
        assert_eq!(format_duration(-1), "-1ns");
        assert_eq!(format_duration(60_000_000_000), "1m0s");
    }
}
