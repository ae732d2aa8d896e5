//! Layouts by example.
//!
//! A layout spells the moment `Mon Jan 2 15:04:05 MST 2006` in the form that is wanted. It is cut
//! into pieces once, and the same pieces read and write: `Jan _2` is the short month, a blank, and
//! the day filled with a blank.

/// Names of the months.
pub(super) const MONTHS: [&str; 12] = [
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
/// Names of the days of a week.
pub(super) const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A piece of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
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

/// Cuts a layout.
pub(super) fn pieces(layout: &str) -> Vec<Piece> {
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

/// The name at an index.
pub(super) fn name(names: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at)
        .ok()
        .and_then(|at| names.get(at))
        .copied()
        .unwrap_or_default()
}
