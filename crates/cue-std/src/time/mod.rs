//! `time`: RFC 3339 times, Go's layouts by example, and durations.
//!
//! There is no clock and no zone database: a time is a text, and its offset is the one that is
//! written ([`moment`]). Layouts are cut by [`layout`], and [`mod@read`] and [`mod@write`] follow them.

mod duration;
mod layout;
mod moment;
mod read;
mod write;

use crate::package::{Builder, Outcome, failed};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};
use duration::{format_duration, parse_duration};
use layout::{DAYS, MONTHS};
use moment::Time;
use read::parse;
use std::sync::Arc;
use write::format;

const S: Kind = Kind::STRING;
const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

fn wrong(text: &str, what: &str) -> Failure {
    Failure::eval(format!("`{text}` is not a valid {what}"))
}

fn unix(c: &mut Call<'_>) -> Outcome {
    let time = Time::from_unix(c.i64(0)?, c.i64(1)?)
        .ok_or_else(|| Failure::eval("the time is out of range"))?;
    Ok(format(&time, RFC3339_NANO).into())
}

fn split(c: &mut Call<'_>) -> Outcome {
    let text = c.string(0)?;
    let time = parse(RFC3339_NANO, &text).ok_or_else(|| wrong(&text, "time"))?;
    let fields = [
        ("year", time.year),
        ("month", time.month),
        ("day", time.day),
        ("hour", time.hour),
        ("minute", time.minute),
        ("second", time.second),
        ("nanosecond", time.nanosecond),
    ];
    Ok(Answer::Data(Data::Struct(
        fields
            .into_iter()
            .map(|(name, value)| (Arc::from(name), Data::from(value)))
            .collect(),
    )))
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    for (name, value) in [
        ("Nanosecond", 1),
        ("Microsecond", 1_000),
        ("Millisecond", 1_000_000),
        ("Second", 1_000_000_000),
        ("Minute", 60_000_000_000),
        ("Hour", 3_600_000_000_000),
    ] {
        b.constant(name, value);
    }
    for (name, layout) in [
        ("ANSIC", "Mon Jan _2 15:04:05 2006"),
        ("UnixDate", "Mon Jan _2 15:04:05 MST 2006"),
        ("RubyDate", "Mon Jan 02 15:04:05 -0700 2006"),
        ("RFC822", "02 Jan 06 15:04 MST"),
        ("RFC822Z", "02 Jan 06 15:04 -0700"),
        ("RFC850", "Monday, 02-Jan-06 15:04:05 MST"),
        ("RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"),
        ("RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"),
        ("RFC3339", "2006-01-02T15:04:05Z07:00"),
        ("RFC3339Nano", RFC3339_NANO),
        ("RFC3339Date", "2006-01-02"),
        ("Kitchen", "3:04PM"),
        ("Kitchen24", "15:04"),
    ] {
        b.constant(name, layout);
    }
    for (at, name) in (1i64..).zip(MONTHS) {
        b.constant(name, at);
    }
    for (at, name) in (0i64..).zip(DAYS) {
        b.constant(name, at);
    }
    b.function("Duration", &[S], Kind::BOOL, |c| {
        let text = c.string(0)?;
        parse_duration(&text).ok_or_else(|| wrong(&text, "duration"))?;
        Ok(true.into())
    });
    b.function("FormatDuration", &[Kind::INT], S, |c| {
        Ok(format_duration(c.i64(0)?).into())
    });
    b.function("ParseDuration", &[S], Kind::INT, |c| {
        let text = c.string(0)?;
        let value = parse_duration(&text).ok_or_else(|| wrong(&text, "duration"))?;
        Ok(value.into())
    });
    b.function("Time", &[S], Kind::BOOL, |c| {
        let text = c.string(0)?;
        parse(RFC3339_NANO, &text).ok_or_else(|| wrong(&text, "time"))?;
        Ok(true.into())
    });
    b.function("Format", &[S, S], Kind::BOOL, |c| {
        let (text, layout) = (c.string(0)?, c.string(1)?);
        parse(&layout, &text).ok_or_else(|| wrong(&text, "time in this layout"))?;
        Ok(true.into())
    });
    b.function("FormatString", &[S, S], S, |c| {
        let (layout, text) = (c.string(0)?, c.string(1)?);
        let time = parse(RFC3339_NANO, &text).ok_or_else(|| wrong(&text, "time"))?;
        Ok(format(&time, &layout).into())
    });
    b.function("Parse", &[S, S], S, |c| {
        let (layout, text) = (c.string(0)?, c.string(1)?);
        let time = parse(&layout, &text)
            .and_then(|time| time.utc())
            .ok_or_else(|| failed(format!("cannot read `{text}` in the layout `{layout}`")))?;
        Ok(format(&time, RFC3339_NANO).into())
    });
    b.function("Unix", &[Kind::INT, Kind::INT], S, unix);
    b.function("Split", &[S], Kind::STRUCT, split);
}

#[cfg(test)]
mod tests {
    use super::moment::{civil_from_days, days_from_civil};
    use super::*;

    #[test]
    fn dates_go_round() {
        for days in [-719_468, -1, 0, 59, 60, 11_016, 2_932_896] {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(days_from_civil(2006, 1, 2), 13_150);
    }

    #[test]
    fn layouts_read_and_write() {
        let time = parse(RFC3339_NANO, "2019-01-02T15:04:05.01+02:00").unwrap();
        assert_eq!(
            format(&time, "Mon Jan _2 3:04PM 06 -0700"),
            "Wed Jan  2 3:04PM 19 +0200"
        );
        assert_eq!(format(&time, RFC3339_NANO), "2019-01-02T15:04:05.01+02:00");
        assert_eq!(
            format(&time.utc().unwrap(), RFC3339_NANO),
            "2019-01-02T13:04:05.01Z"
        );
        assert!(parse("02 Jan 06 15:04 MST", "15 Feb 20 10:11 GMT").is_some());
    }

    #[test]
    fn what_does_not_follow_the_layout_is_refused() {
        for text in [
            "2019-02-29T15:04:05Z",
            "2019-13-01T15:04:05Z",
            "2019-01-02T25:04:05Z",
            "2019-01-02 15:04:05Z",
            "2019-01-02T15:04:05",
            "2019-01-02T15:04:05Zx",
            "",
        ] {
            assert_eq!(parse(RFC3339_NANO, text), None, "{text}");
        }
    }
}
