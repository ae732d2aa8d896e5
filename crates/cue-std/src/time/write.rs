//! Moments written in a layout.

use super::layout::{DAYS, MONTHS, Piece, name, pieces};
use super::moment::{Time, days_from_civil};
use std::fmt::Write as _;

/// Writes a time in a layout.
pub(super) fn format(time: &Time, layout: &str) -> String {
    let mut out = String::new();
    let number = |value: i64, width: usize, pad: char| {
        let text = value.unsigned_abs().to_string();
        let mut padded = String::from(if value < 0 { "-" } else { "" });
        padded.extend(std::iter::repeat_n(pad, width.saturating_sub(text.len())));
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
                    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
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
