//! Timestamps: RFC 3339 to nanoseconds since 1970 and to the fields of a calendar, all in UTC.

/// Nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// A timestamp, or a date at midnight.
pub(super) fn parse(text: &str) -> Option<i128> {
    let number = |part: Option<&str>, digits: usize| {
        let part = part?;
        let fits = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<i64>().ok()).flatten()
    };
    let date = text.get(..10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (
        number(parts.next(), 4)?,
        number(parts.next(), 2)?,
        number(parts.next(), 2)?,
    );
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = days(year, month, day) * DAY;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(i128::from(midnight) * SECOND);
    };
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let mut parts = time.get(..8)?.split(':');
    let (hour, minute, second) = (
        number(parts.next(), 2)?,
        number(parts.next(), 2)?,
        number(parts.next(), 2)?,
    );
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let rest = time.get(8..)?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (fraction, zone) = rest.split_at(zone_at);
    let nanos = match fraction.strip_prefix('.') {
        None if fraction.is_empty() => 0,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            let padded: String = digits.chars().chain("000000000".chars()).take(9).collect();
            padded.parse::<i128>().ok()?
        }
        _ => return None,
    };
    let offset = match zone {
        "Z" | "z" => 0,
        zone => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            sign * (number(Some(hours), 2)? * 3600 + number(Some(minutes), 2)? * 60)
        }
    };
    let seconds = midnight + hour * 3600 + minute * 60 + second - offset;
    Some(i128::from(seconds) * SECOND + nanos)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar: years of 400 have 146097 days, and a year that begins in March
/// has its leap day at the end.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A field of a timestamp by the name of the function that gives it, in UTC.
pub(super) fn field(nanos: i128, name: &str) -> Option<i64> {
    let seconds = i64::try_from(nanos.div_euclid(SECOND)).ok()?;
    let milliseconds = i64::try_from(nanos.rem_euclid(SECOND) / 1_000_000).ok()?;
    let day = seconds.div_euclid(DAY);
    let of_day = seconds.rem_euclid(DAY);
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let full = year + era * 400 + i64::from(month <= 2);
    Some(match name {
        "getFullYear" => full,
        "getMonth" => month - 1,
        "getDate" => of_month,
        "getDayOfMonth" => of_month - 1,
        "getDayOfWeek" => (day + 4).rem_euclid(7),
        "getDayOfYear" => day - days(full, 1, 1),
        "getHours" => of_day / 3600,
        "getMinutes" => of_day / 60 % 60,
        "getSeconds" => of_day % 60,
        "getMilliseconds" => milliseconds,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_the_fields_of_their_date() {
        let leap = parse("2024-02-29T23:59:58.5Z").unwrap();
        for (name, expected) in [
            ("getFullYear", 2024),
            ("getMonth", 1),
            ("getDate", 29),
            ("getDayOfWeek", 4),
            ("getDayOfYear", 59),
            ("getHours", 23),
            ("getMilliseconds", 500),
        ] {
            assert_eq!(field(leap, name), Some(expected), "{name}");
        }
        assert_eq!(parse("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(parse("1970-01-02"), Some(86_400 * SECOND));
        assert_eq!(parse("yesterday"), None);
    }
}
