//! Moments read in a layout.

use super::layout::{DAYS, MONTHS, Piece, pieces};
use super::moment::{Time, civil_from_days, days_from_civil, days_in};

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
    // 24 hours and 60 minutes are let through, as in Go
    let mut total = digits(rest, 2, 2).filter(|hours| *hours <= 24)? * 3600;
    let colon = |rest: &mut &str| {
        if colons {
            *rest = rest.strip_prefix(':')?;
        }
        Some(())
    };
    if !hours_only {
        colon(rest)?;
        total += digits(rest, 2, 2).filter(|minutes| *minutes <= 60)? * 60;
    }
    if seconds {
        colon(rest)?;
        total += digits(rest, 2, 2).filter(|seconds| *seconds <= 60)?;
    }
    Some(sign * total)
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

/// The length of a zone's abbreviation: letters, mostly three, or an offset in hours; its meaning
/// is not known.
fn zone_length(text: &str) -> Option<usize> {
    let signed = |text: &str| {
        let digits = text.strip_prefix(['+', '-'])?;
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        let hours: u32 = digits.get(..count)?.parse().ok()?;
        (hours <= 23).then_some(count + 1)
    };
    if text.starts_with("UTC") {
        return Some(3);
    }
    if text.starts_with("ChST") || text.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix("GMT") {
        return Some(3 + signed(rest).unwrap_or(0));
    }
    if text.starts_with(['+', '-']) {
        return signed(text);
    }
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let zone = text.get(..letters)?;
    match letters {
        3 => Some(3),
        4 if zone.ends_with('T') || zone == "WITA" => Some(4),
        5 if zone.ends_with('T') => Some(5),
        _ => None,
    }
}

/// Reads a time in a layout; `None` when the text does not follow it or is out of range.
pub(super) fn parse(layout: &str, text: &str) -> Option<Time> {
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
                let mut least = 3;
                if *pad == ' ' {
                    least = 1;
                    for _ in 0..2 {
                        rest = rest.strip_prefix(' ').unwrap_or(rest);
                    }
                }
                year_day = Some(digits(&mut rest, least, 3)?);
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
                let (zone, tail) = rest.split_at_checked(zone_length(rest)?)?;
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
        let (first, next) = (
            days_from_civil(time.year, 1, 1),
            days_from_civil(time.year + 1, 1, 1),
        );
        let (_, month, of_month) = civil_from_days(first + day - 1);
        let given = |test: fn(&Piece) -> bool| layout.iter().any(test);
        let is_month = |piece: &Piece| {
            matches!(
                piece,
                Piece::LongMonth | Piece::Month | Piece::NumMonth { .. }
            )
        };
        let is_day = |piece: &Piece| matches!(piece, Piece::Day { .. });
        if !(1..=next - first).contains(&day)
            || (given(is_month) && time.month != month)
            || (given(is_day) && time.day != of_month)
        {
            return None;
        }
        (time.month, time.day) = (month, of_month);
    }
    (1..=days_in(time.month, time.year))
        .contains(&time.day)
        .then_some(time)
}
