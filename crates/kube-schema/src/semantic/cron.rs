//! Schedules of cron and names of time zones.
//!
//! ```text
//! ┌ minute 0-59
//! │ ┌ hour 0-23
//! │ │ ┌ day of the month 1-31
//! │ │ │ ┌ month 1-12 or jan-dec
//! │ │ │ │ ┌ day of the week 0-6 or sun-sat
//! 0 3 * * 1-5,0/2     or @hourly @daily @midnight @weekly @monthly @yearly @annually, @every 1h30m
//! ```
//! A field is a list of ranges: `*`, `?`, `a`, `a-b`, each with an optional `/step`.
//!
//! Source: `github.com/robfig/cron/v3` (`ParseStandard`), which the server uses; time zones as `time.LoadLocation` finds
//! them, by the names in `timezones.txt` (IANA, as in Go's `lib/time/zoneinfo.zip`).

use super::field::quoted;

/// The names of all time zones, sorted.
const ZONES: &str = include_str!("timezones.txt");

struct Bounds {
    what: &'static str,
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const FIELDS: [Bounds; 5] = [
    Bounds {
        what: "minute",
        low: 0,
        high: 59,
        names: &[],
    },
    Bounds {
        what: "hour",
        low: 0,
        high: 23,
        names: &[],
    },
    Bounds {
        what: "day of the month",
        low: 1,
        high: 31,
        names: &[],
    },
    Bounds {
        what: "month",
        low: 1,
        high: 12,
        names: &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    },
    Bounds {
        what: "day of the week",
        low: 0,
        high: 6,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

/// What is wrong with a schedule, as a sentence.
pub(super) fn schedule(text: &str) -> Option<String> {
    if text.contains("TZ") {
        return Some("a time zone is not set here but in `timeZone`".to_owned());
    }
    if let Some(word) = text.strip_prefix('@') {
        return descriptor(word).then_some(()).map_or_else(
            || Some(format!("{} is no schedule, such as `@daily`", quoted(text))),
            |()| None,
        );
    }
    let given: Vec<&str> = text.split_whitespace().collect();
    if given.len() != FIELDS.len() {
        return Some(format!(
            "{} has {} fields, exactly 5 are expected",
            quoted(text),
            given.len()
        ));
    }
    FIELDS.iter().zip(given).find_map(|(bounds, field)| {
        field
            .split(',')
            .filter(|range| !range.is_empty())
            .find_map(|range| range_fault(range, bounds))
    })
}

fn descriptor(word: &str) -> bool {
    match word.strip_prefix("every ") {
        Some(span) => is_duration(span),
        None => matches!(
            word,
            "yearly" | "annually" | "monthly" | "weekly" | "daily" | "midnight" | "hourly"
        ),
    }
}

/// A number as Go's `strconv.Atoi` reads it, not negative.
fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

fn range_fault(range: &str, bounds: &Bounds) -> Option<String> {
    let Bounds {
        what,
        low,
        high,
        names,
    } = bounds;
    let wrong = |why: String| Some(format!("{} is no {what}: {why}", quoted(range)));
    let value = |text: &str| {
        names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text))
            .and_then(|at| u32::try_from(at).ok())
            .map(|at| at + low)
            .or_else(|| number(text))
    };
    let (ends, step) = match range.split_once('/') {
        None => (range, None),
        Some((_, rest)) if rest.contains('/') => {
            return wrong("it has more than one `/`".to_owned());
        }
        Some((ends, step)) => (ends, Some(step)),
    };
    let mut parts = ends.split('-');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let (start, mut end) = if matches!(first, "*" | "?") {
        (*low, *high)
    } else {
        let last = match rest.as_slice() {
            [] => first,
            [last] => last,
            _ => return wrong("it has more than one `-`".to_owned()),
        };
        let (Some(start), Some(end)) = (value(first), value(last)) else {
            return wrong("a number is expected".to_owned());
        };
        (start, end)
    };
    if let Some(step) = step {
        match number(step) {
            None => return wrong("its step is no number".to_owned()),
            Some(0) => return wrong("its step must be greater than 0".to_owned()),
            Some(_) => {}
        }
        if rest.is_empty() {
            end = *high;
        }
    }
    if start < *low || end > *high {
        return wrong(format!("{low} to {high} is expected"));
    }
    if start > end {
        return wrong("its begin is greater than its end".to_owned());
    }
    None
}

/// Whether a text is a duration as Go's `time.ParseDuration` reads it: `1h30m`, `1.5s`.
pub(super) fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let end = rest
            .find(|one: char| !one.is_ascii_digit() && one != '.')
            .unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        let is_number =
            digits.bytes().any(|byte| byte.is_ascii_digit()) && digits.matches('.').count() <= 1;
        let unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"]
            .iter()
            .find_map(|unit| {
                let after = tail.strip_prefix(unit)?;
                let is_whole = after.is_empty()
                    || after.starts_with(|one: char| one.is_ascii_digit() || one == '.');
                is_whole.then_some(after)
            });
        match unit {
            Some(after) if is_number => rest = after,
            _ => return false,
        }
    }
    true
}

/// What is wrong with the name of a time zone, as a sentence.
pub(super) fn time_zone(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("must not be empty".to_owned());
    }
    if name.eq_ignore_ascii_case("local") {
        return Some("must name a time zone, the server's own is none".to_owned());
    }
    (!ZONES.lines().any(|zone| zone == name)).then(|| format!("{} is no time zone", quoted(name)))
}

/// The time zone that was meant by a name that is none: in other letters, or without its region.
pub(super) fn zone_meant(name: &str) -> Option<&'static str> {
    ZONES.lines().find(|zone| {
        zone.eq_ignore_ascii_case(name)
            || zone
                .rsplit('/')
                .next()
                .is_some_and(|city| city.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_duration, schedule, time_zone, zone_meant};

    #[test]
    fn schedules() {
        for text in [
            "* * * * *",
            "*/5 0-6 1,15 jan-mar MON",
            "0 0 ? * 0/2",
            "@every 1h30m",
            "@every 0",
            "@midnight",
            "  1   2 3 4 5 ",
            "1,,2 * * * *",
            "*-5 * * * *",
        ] {
            assert_eq!(schedule(text), None, "{text}");
        }
        for text in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "*/0 * * * *",
            "*/x * * * *",
            "5-1 * * * *",
            "1-2-3 * * * *",
            "1/2/3 * * * *",
            "* * L * *",
            "* * * foo *",
            "-1 * * * *",
            "@fortnightly",
            "@every",
            "@every 1",
            "TZ=UTC * * * * *",
        ] {
            assert!(schedule(text).is_some(), "{text}");
        }
    }

    #[test]
    fn durations() {
        for text in ["1h", "1h30m", "1.5s", "-3ms", "100ns", "5µs", ".5m"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "1", "h", "1d", "1h 30m", "1..5s", "."] {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn time_zones() {
        for name in [
            "UTC",
            "Etc/UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
        ] {
            assert_eq!(time_zone(name), None, "{name}");
        }
        for name in [
            "",
            "Local",
            "local",
            "Europe/berlin",
            "Mars/Phobos",
            "../UTC",
            "+02:00",
        ] {
            assert!(time_zone(name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_was_meant() {
        assert_eq!(zone_meant("Berlin"), Some("Europe/Berlin"));
        assert_eq!(zone_meant("europe/berlin"), Some("Europe/Berlin"));
        assert_eq!(zone_meant("Atlantis"), None);
    }
}
