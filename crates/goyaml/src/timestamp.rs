//! Which plain scalars goyaml takes for a time.
//!
//! Both Go libraries try four layouts with `time.Parse`. The value never matters here (it stays
//! a string), only whether the text is one: it is quoted on the way out, and `!!timestamp` on
//! other text is an error.

/// Whether `text` fits one of the layouts `2006-1-2T15:4:5.999999999Z07:00` (also with `t`),
/// `2006-1-2 15:4:5.999999999` and `2006-1-2`, as Go's `time.Parse` reads them.
pub fn is_timestamp(text: &str) -> bool {
    let Some((date, rest)) = date(text) else {
        return false;
    };
    if rest.is_empty() {
        return date;
    }
    if let Some(rest) = rest.strip_prefix(['T', 't']) {
        return date && clock(rest).is_some_and(is_zone);
    }
    // a blank in a layout stands for any number of them
    rest.starts_with(' ') && date && clock(rest.trim_start_matches(' ')).is_some_and(str::is_empty)
}

/// The date at the start: whether it exists in the calendar, and what follows.
fn date(text: &str) -> Option<(bool, &str)> {
    let year = text
        .get(..4)
        .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
    let year: u32 = year.parse().ok()?;
    let (month, rest) = number(text.get(4..)?.strip_prefix('-')?)?;
    let (day, rest) = number(rest.strip_prefix('-')?)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    Some(((1..=days).contains(&day), rest))
}

/// The time of day at the start; gives what follows.
fn clock(text: &str) -> Option<&str> {
    let (hour, rest) = number(text)?;
    let (minute, rest) = number(rest.strip_prefix(':')?)?;
    let (second, rest) = number(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(['.', ',']) else {
        return Some(rest);
    };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Some(rest);
    }
    fraction.get(digits..)
}

fn is_zone(text: &str) -> bool {
    if text == "Z" {
        return true;
    }
    let [b'+' | b'-', h1, h2, b':', m1, m2] = text.as_bytes() else {
        return false;
    };
    let two = |a: u8, b: u8| {
        (a.is_ascii_digit() && b.is_ascii_digit())
            .then(|| u32::from(a - b'0') * 10 + u32::from(b - b'0'))
    };
    two(*h1, *h2).is_some_and(|hour| hour <= 24) && two(*m1, *m2).is_some_and(|minute| minute <= 60)
}

/// One or two digits.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let value = text.get(..digits)?.parse().ok()?;
    Some((value, text.get(digits..)?))
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn times_are_told_from_other_text() {
        for yes in [
            "2001-12-14",
            "2001-1-2",
            "2001-12-14T21:59:43.10Z",
            "2001-12-14t21:59:43-05:00",
            "2001-12-14 21:59:43.10",
            "2001-12-14   1:2:3",
            "2000-02-29",
        ] {
            assert!(is_timestamp(yes), "{yes}");
        }
        for no in [
            "2001-12",
            "2001-13-01",
            "2001-02-29",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14 21:59:43Z",
            "20010-1-1",
            "2001-12-14T24:00:00Z",
            "2001-12-1x",
            "201-1-1",
            "2001-\u{e9}",
        ] {
            assert!(!is_timestamp(no), "{no}");
        }
    }
}
