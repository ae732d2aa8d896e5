//! `time`: RFC 3339 times and Go's layouts by example.
//!
//! A layout spells the moment `Mon Jan 2 15:04:05 MST 2006` in the form that is wanted. It is cut
//! into pieces ([`Piece`]) once, and the same pieces read and write. Times are a Gregorian date, a
//! time of day with nanoseconds and an offset from UTC; there is no zone database.

use crate::duration::{format_duration, parse_duration};
use crate::package::{Builder, Outcome, failed};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::{Data, Kind};
use std::fmt::Write as _;
use std::sync::Arc;

const S: Kind = Kind::STRING;
const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A moment with the offset it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    /// Seconds east of UTC.
    offset: i64,
    /// The abbreviation, when one was read.
    zone: Option<String>,
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Time {
    fn seconds(&self) -> i64 {
        days_from_civil(self.year, self.month, self.day) * 86_400
            + self.hour * 3600
            + self.minute * 60
            + self.second
            - self.offset
    }

    pub(crate) fn from_unix(seconds: i64, nanoseconds: i64) -> Option<Self> {
        let seconds = seconds.checked_add(nanoseconds.div_euclid(1_000_000_000))?;
        if seconds.abs() > 400_000_000_000 {
            return None;
        }
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400);
        Some(Self {
            year,
            month,
            day,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
            nanosecond: nanoseconds.rem_euclid(1_000_000_000),
            offset: 0,
            zone: None,
        })
    }

    fn utc(&self) -> Option<Self> {
        Self::from_unix(self.seconds(), self.nanosecond)
    }

    fn weekday(&self) -> usize {
        let days = days_from_civil(self.year, self.month, self.day);
        usize::try_from((days + 4).rem_euclid(7)).unwrap_or_default()
    }
}

/// A piece of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    LongMonth,
    Month,
    NumMonth {
        padded: bool,
    },
    LongWeekday,
    Weekday,
    Day {
        pad: Option<char>,
    },
    YearDay {
        pad: char,
    },
    Hour24,
    Hour12 {
        padded: bool,
    },
    Minute {
        padded: bool,
    },
    Second {
        padded: bool,
    },
    Year {
        digits: usize,
    },
    UpperMeridiem,
    LowerMeridiem,
    Zone,
    /// `Z07:00` and its kin: whether `Z` stands for zero, and the digits' form.
    Offset {
        z: bool,
        colons: bool,
        seconds: bool,
        hours_only: bool,
    },
    Fraction {
        digits: usize,
        trim: bool,
        mark: char,
    },
}

#[expect(
    clippy::fn_params_excessive_bools,
    reason = "the four switches of an offset, in a table of literals"
)]
fn offset_piece(z: bool, colons: bool, seconds: bool, hours_only: bool) -> Piece {
    Piece::Offset {
        z,
        colons,
        seconds,
        hours_only,
    }
}

/// The piece that begins a text, and its length.
fn piece(rest: &str) -> Option<(Piece, usize)> {
    let word = |text: &str| rest.starts_with(text);
    let next_is_lower = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase);
    let table: &[(&str, Piece)] = &[
        ("-07:00:00", offset_piece(false, true, true, false)),
        ("-070000", offset_piece(false, false, true, false)),
        ("-07:00", offset_piece(false, true, false, false)),
        ("-0700", offset_piece(false, false, false, false)),
        ("-07", offset_piece(false, false, false, true)),
        ("Z07:00:00", offset_piece(true, true, true, false)),
        ("Z070000", offset_piece(true, false, true, false)),
        ("Z07:00", offset_piece(true, true, false, false)),
        ("Z0700", offset_piece(true, false, false, false)),
        ("Z07", offset_piece(true, false, false, true)),
        ("2006", Piece::Year { digits: 4 }),
        ("002", Piece::YearDay { pad: '0' }),
        ("__2", Piece::YearDay { pad: ' ' }),
        ("01", Piece::NumMonth { padded: true }),
        ("02", Piece::Day { pad: Some('0') }),
        ("03", Piece::Hour12 { padded: true }),
        ("04", Piece::Minute { padded: true }),
        ("05", Piece::Second { padded: true }),
        ("06", Piece::Year { digits: 2 }),
        ("15", Piece::Hour24),
        ("MST", Piece::Zone),
        ("PM", Piece::UpperMeridiem),
        ("pm", Piece::LowerMeridiem),
        ("1", Piece::NumMonth { padded: false }),
        ("2", Piece::Day { pad: None }),
        ("3", Piece::Hour12 { padded: false }),
        ("4", Piece::Minute { padded: false }),
        ("5", Piece::Second { padded: false }),
    ];
    if word("January") {
        return Some((Piece::LongMonth, 7));
    }
    if word("Jan") && !next_is_lower(3) {
        return Some((Piece::Month, 3));
    }
    if word("Monday") {
        return Some((Piece::LongWeekday, 6));
    }
    if word("Mon") && !next_is_lower(3) {
        return Some((Piece::Weekday, 3));
    }
    if word("_2") && !word("_2006") {
        return Some((Piece::Day { pad: Some(' ') }, 2));
    }
    if word(".0") || word(".9") || word(",0") || word(",9") {
        let mark = rest.chars().next()?;
        let digit = rest.chars().nth(1)?;
        let digits = rest.chars().skip(1).take_while(|c| *c == digit).count();
        let after = rest.as_bytes().get(1 + digits);
        if !after.is_some_and(u8::is_ascii_digit) {
            let trim = digit == '9';
            return Some((Piece::Fraction { digits, trim, mark }, 1 + digits));
        }
    }
    table
        .iter()
        .find(|(text, _)| word(text))
        .map(|(text, piece)| (piece.clone(), text.len()))
}

fn pieces(layout: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        if let Some((found, length)) = piece(rest) {
            if !text.is_empty() {
                out.push(Piece::Text(std::mem::take(&mut text)));
            }
            out.push(found);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            text.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    if !text.is_empty() {
        out.push(Piece::Text(text));
    }
    out
}

fn name(names: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at)
        .ok()
        .and_then(|at| names.get(at))
        .copied()
        .unwrap_or_default()
}

/// Writes a time in a layout.
pub(crate) fn format(time: &Time, layout: &str) -> String {
    let mut out = String::new();
    let number = |value: i64, width: usize, pad: char| {
        let text = value.to_string();
        let mut padded = String::new();
        for _ in text.len()..width {
            padded.push(pad);
        }
        padded.push_str(&text);
        padded
    };
    for piece in pieces(layout) {
        let text = match piece {
            Piece::Text(text) => text,
            Piece::LongMonth => name(&MONTHS, time.month - 1).to_owned(),
            Piece::Month => name(&MONTHS, time.month - 1).chars().take(3).collect(),
            Piece::NumMonth { padded } => number(time.month, if padded { 2 } else { 1 }, '0'),
            Piece::LongWeekday => DAYS
                .get(time.weekday())
                .copied()
                .unwrap_or_default()
                .to_owned(),
            Piece::Weekday => DAYS
                .get(time.weekday())
                .copied()
                .unwrap_or_default()
                .chars()
                .take(3)
                .collect(),
            Piece::Day { pad } => number(
                time.day,
                if pad.is_some() { 2 } else { 1 },
                pad.unwrap_or('0'),
            ),
            Piece::YearDay { pad } => {
                let first = days_from_civil(time.year, 1, 1);
                let day = days_from_civil(time.year, time.month, time.day) - first + 1;
                number(day, 3, pad)
            }
            Piece::Hour24 => number(time.hour, 2, '0'),
            Piece::Hour12 { padded } => {
                let hour = (time.hour + 11) % 12 + 1;
                number(hour, if padded { 2 } else { 1 }, '0')
            }
            Piece::Minute { padded } => number(time.minute, if padded { 2 } else { 1 }, '0'),
            Piece::Second { padded } => number(time.second, if padded { 2 } else { 1 }, '0'),
            Piece::Year { digits: 2 } => number(time.year.rem_euclid(100), 2, '0'),
            Piece::Year { .. } => number(time.year, 4, '0'),
            Piece::UpperMeridiem => if time.hour >= 12 { "PM" } else { "AM" }.to_owned(),
            Piece::LowerMeridiem => if time.hour >= 12 { "pm" } else { "am" }.to_owned(),
            Piece::Zone => match &time.zone {
                Some(zone) => zone.clone(),
                None if time.offset == 0 => "UTC".to_owned(),
                None => {
                    let minutes = time.offset.abs() / 60;
                    let sign = if time.offset < 0 { '-' } else { '+' };
                    if minutes % 60 == 0 {
                        format!("{sign}{:02}", minutes / 60)
                    } else {
                        format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
                    }
                }
            },
            Piece::Offset {
                z,
                colons,
                seconds,
                hours_only,
            } => {
                if z && time.offset == 0 {
                    "Z".to_owned()
                } else {
                    let all = time.offset.abs();
                    let sign = if time.offset < 0 { '-' } else { '+' };
                    let colon = if colons { ":" } else { "" };
                    let mut text = format!("{sign}{:02}", all / 3600);
                    if !hours_only {
                        let _ = write!(text, "{colon}{:02}", all / 60 % 60);
                    }
                    if seconds {
                        let _ = write!(text, "{colon}{:02}", all % 60);
                    }
                    text
                }
            }
            Piece::Fraction { digits, trim, mark } => {
                let all = format!("{:09}", time.nanosecond);
                let kept: String = all.chars().take(digits.min(9)).collect();
                let kept = if trim {
                    kept.trim_end_matches('0')
                } else {
                    &kept
                };
                if kept.is_empty() {
                    String::new()
                } else {
                    format!("{mark}{kept}")
                }
            }
        };
        out.push_str(&text);
    }
    out
}

/// Takes digits off the front: at least `min`, at most `max`.
fn digits(rest: &mut &str, min: usize, max: usize) -> Option<i64> {
    let length = rest
        .bytes()
        .take(max)
        .take_while(u8::is_ascii_digit)
        .count();
    if length < min {
        return None;
    }
    let (text, tail) = rest.split_at(length);
    *rest = tail;
    text.parse().ok()
}

fn one_of(rest: &mut &str, names: &[&str], length: usize) -> Option<i64> {
    names.iter().enumerate().find_map(|(at, name)| {
        let name: String = name.chars().take(length).collect();
        let head = rest.get(..name.len())?;
        if !head.eq_ignore_ascii_case(&name) {
            return None;
        }
        *rest = rest.get(name.len()..)?;
        i64::try_from(at).ok()
    })
}

/// `+hh:mm` in one of its forms.
fn offset(rest: &mut &str, colons: bool, seconds: bool, hours_only: bool) -> Option<i64> {
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    *rest = rest.get(1..)?;
    let mut total = digits(rest, 2, 2)? * 3600;
    let colon = |rest: &mut &str| {
        if colons {
            *rest = rest.strip_prefix(':')?;
        }
        Some(())
    };
    if !hours_only {
        colon(rest)?;
        total += digits(rest, 2, 2).filter(|minutes| *minutes < 60)? * 60;
    }
    if seconds {
        colon(rest)?;
        total += digits(rest, 2, 2)?;
    }
    (total <= 24 * 3600).then_some(sign * total)
}

/// A fraction of a second behind a point, when there is one.
fn fraction(rest: &mut &str, time: &mut Time) -> Option<()> {
    *rest = rest.get(1..)?;
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (text, tail) = rest.split_at(length);
    if text.is_empty() {
        return None;
    }
    *rest = tail;
    let padded: String = text.chars().chain("000000000".chars()).take(9).collect();
    time.nanosecond = padded.parse().ok()?;
    Some(())
}

/// Reads a time in a layout; `None` when the text does not follow it or is out of range.
pub(crate) fn parse(layout: &str, text: &str) -> Option<Time> {
    let mut time = Time {
        year: 0,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        offset: 0,
        zone: None,
    };
    let mut afternoon = None;
    let mut year_day = None;
    let mut rest = text;
    let layout = pieces(layout);
    let two = |padded: bool| if padded { 2 } else { 1 };
    for (at, piece) in layout.iter().enumerate() {
        match piece {
            Piece::Text(text) => rest = rest.strip_prefix(text.as_str())?,
            Piece::LongMonth => time.month = one_of(&mut rest, &MONTHS, usize::MAX)? + 1,
            Piece::Month => time.month = one_of(&mut rest, &MONTHS, 3)? + 1,
            Piece::NumMonth { padded } => time.month = digits(&mut rest, two(*padded), 2)?,
            Piece::LongWeekday => drop(one_of(&mut rest, &DAYS, usize::MAX)?),
            Piece::Weekday => drop(one_of(&mut rest, &DAYS, 3)?),
            Piece::Day { pad } => {
                if *pad == Some(' ') {
                    rest = rest.strip_prefix(' ').unwrap_or(rest);
                }
                time.day = digits(&mut rest, if *pad == Some('0') { 2 } else { 1 }, 2)?;
            }
            Piece::YearDay { pad } => {
                if *pad == ' ' {
                    rest = rest.trim_start_matches(' ');
                }
                year_day = Some(digits(&mut rest, 1, 3)?);
            }
            Piece::Hour24 => time.hour = digits(&mut rest, 1, 2).filter(|hour| *hour < 24)?,
            Piece::Hour12 { padded } => {
                time.hour = digits(&mut rest, two(*padded), 2).filter(|hour| *hour <= 12)?;
            }
            Piece::Minute { padded } => {
                time.minute = digits(&mut rest, two(*padded), 2).filter(|minute| *minute < 60)?;
            }
            Piece::Second { padded } => {
                time.second = digits(&mut rest, two(*padded), 2).filter(|second| *second < 60)?;
                let next_is_fraction = matches!(layout.get(at + 1), Some(Piece::Fraction { .. }));
                let after = rest.as_bytes().get(1);
                if !next_is_fraction
                    && rest.starts_with(['.', ','])
                    && after.is_some_and(u8::is_ascii_digit)
                {
                    fraction(&mut rest, &mut time)?;
                }
            }
            Piece::Year { digits: 2 } => {
                let year = digits(&mut rest, 2, 2)?;
                time.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Piece::Year { .. } => time.year = digits(&mut rest, 4, 4)?,
            Piece::UpperMeridiem | Piece::LowerMeridiem => {
                afternoon = Some(match rest.get(..2)?.to_ascii_lowercase().as_str() {
                    "am" => false,
                    "pm" => true,
                    _ => return None,
                });
                rest = rest.get(2..)?;
            }
            Piece::Zone => {
                let length = rest.bytes().take_while(u8::is_ascii_uppercase).count();
                if !(3..=5).contains(&length) {
                    return None;
                }
                let (zone, tail) = rest.split_at(length);
                if zone != "UTC" {
                    time.zone = Some(zone.to_owned());
                }
                rest = tail;
            }
            Piece::Offset {
                z,
                colons,
                seconds,
                hours_only,
            } => {
                if *z && rest.starts_with('Z') {
                    rest = rest.get(1..)?;
                } else {
                    time.offset = offset(&mut rest, *colons, *seconds, *hours_only)?;
                }
            }
            Piece::Fraction {
                digits: wanted,
                trim,
                ..
            } => {
                if !*trim {
                    let given = rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
                    if !rest.starts_with(['.', ',']) || given < *wanted {
                        return None;
                    }
                    let (head, tail) = rest.split_at_checked(1 + *wanted)?;
                    let mut head = head;
                    fraction(&mut head, &mut time)?;
                    rest = tail;
                } else if rest.starts_with(['.', ','])
                    && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
                {
                    fraction(&mut rest, &mut time)?;
                }
            }
        }
    }
    if !rest.is_empty() || !(1..=12).contains(&time.month) {
        return None;
    }
    match afternoon {
        Some(true) if time.hour < 12 => time.hour += 12,
        Some(false) if time.hour == 12 => time.hour = 0,
        _ => {}
    }
    if let Some(day) = year_day {
        let first = days_from_civil(time.year, 1, 1);
        (time.year, time.month, time.day) = civil_from_days(first + day - 1);
    }
    (1..=days_in(time.month, time.year))
        .contains(&time.day)
        .then_some(time)
}
fn wrong(text: &str, what: &str) -> Failure {
    Failure::eval(format!("`{text}` is not a valid {what}"))
}

fn unix(c: &mut Call<'_>) -> Outcome {
    let time = Time::from_unix(c.i64(0)?, c.i64(1)?)
        .filter(|time| (0..=9999).contains(&time.year))
        .ok_or_else(|| Failure::eval("the year is outside of 0 to 9999"))?;
    Ok(format(&time, RFC3339_NANO).into())
}

fn split(c: &mut Call<'_>) -> Outcome {
    let text = c.string(0)?;
    let time = parse(RFC3339_NANO, &text)
        .and_then(|time| time.utc())
        .ok_or_else(|| wrong(&text, "time"))?;
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
