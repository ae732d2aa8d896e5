//! Texts with a grammar that Go code reads while decoding: quantities, points in time, base64.

/// Whether `resource.Quantity` reads a text (apimachinery v0.31 `pkg/api/resource/quantity.go`, `parseQuantityString`,
/// and `suffix.go`): a sign, digits with a point, and a suffix. Blanks around it do not matter.
///
/// More is taken than people think: `.`, `-` and `1.` are quantities. Less, too: `1GB`, `128mi` and `1 Gi` are none.
pub(crate) fn is_quantity(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = unsigned.get(digits(unsigned)..).unwrap_or_default();
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.get(digits(fraction)..).unwrap_or_default(),
        None => rest,
    };
    is_suffix(rest)
}

fn is_suffix(text: &str) -> bool {
    const SUFFIXES: &[&str] = &[
        "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
    ];
    let exponent = || {
        text.strip_prefix(['e', 'E'])
            .is_some_and(|text| text.parse::<i64>().is_ok())
    };
    SUFFIXES.contains(&text) || exponent()
}

/// Whether Go's base64 reads a text: padded, line breaks do not count.
pub(crate) fn is_base64(text: &str) -> bool {
    let breaks = |c: char| matches!(c, '\r' | '\n');
    if text.contains(breaks) {
        return goyaml::base64::decode(&text.replace(breaks, "")).is_some();
    }
    goyaml::base64::decode(text).is_some()
}

/// How many digits a second may have behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fraction {
    /// Any number, or no point at all: `metav1.Time`.
    Any,
    /// Six: `metav1.MicroTime`.
    Micro,
}

/// Whether Go's `time.Parse` reads a text by the layout of RFC 3339 (Go 1.22 `src/time/format.go`). It takes an hour of
/// one digit, a comma for the point, and zones up to 24:60.
pub(crate) fn is_time(text: &str, fraction: Fraction) -> bool {
    parse_time(text, fraction).is_some()
}

fn parse_time(text: &str, fraction: Fraction) -> Option<()> {
    let mut left = Left(text.as_bytes());
    let year = left.number(4)?;
    left.exactly(b'-')?;
    let month = left.number(2).filter(|month| (1..=12).contains(month))?;
    left.exactly(b'-')?;
    let day = left.number(2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=days).contains(&day).then_some(())?;
    left.exactly(b'T')?;
    let hour = left.number(2).or_else(|| left.number(1))?;
    left.exactly(b':')?;
    let minute = left.number(2)?;
    left.exactly(b':')?;
    let second = left.number(2)?;
    (hour < 24 && minute < 60 && second < 60).then_some(())?;
    match fraction {
        Fraction::Micro => {
            left.point()?;
            left.number(6)?;
        }
        Fraction::Any => {
            if left.point().is_some() {
                left.number(1)?;
                while left.number(1).is_some() {}
            }
        }
    }
    if left.exactly(b'Z').is_none() {
        left.exactly(b'+').or_else(|| left.exactly(b'-'))?;
        left.number(2).filter(|hours| *hours <= 24)?;
        left.exactly(b':')?;
        left.number(2).filter(|minutes| *minutes <= 60)?;
    }
    left.0.is_empty().then_some(())
}

/// What is still to be read.
struct Left<'a>(&'a [u8]);

impl Left<'_> {
    /// `count` digits, all or none.
    fn number(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut value = 0;
        for digit in digits {
            value = value * 10 + u32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        self.0 = rest;
        Some(value)
    }

    fn exactly(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }

    fn point(&mut self) -> Option<()> {
        self.exactly(b'.').or_else(|| self.exactly(b','))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_the_server_reads_them() {
        for text in [
            "1", "0.5", "100m", "1Gi", "1e3", "1E-3", "1E", ".5", "1.", "+1k", "-1", " 1Gi ",
            "12e+2", "00",
        ] {
            assert!(is_quantity(text), "{text}");
        }
        for text in [
            "", " ", "1GB", "64MiB", "128mi", "1 Gi", "abc", "1e", "1e1.5", "0x10", "1,5", "--1",
            "1Kii",
        ] {
            // `1e` alone has no exponent
            assert!(!is_quantity(text), "{text}");
        }
    }

    #[test]
    fn points_in_time_are_read_as_go_reads_them() {
        for text in [
            "2024-02-29T12:00:00Z",
            "2024-01-01T1:00:00Z",
            "2024-01-01T10:00:00.5+02:00",
            "2024-01-01T10:00:00,25Z",
        ] {
            assert!(is_time(text, Fraction::Any), "{text}");
        }
        for text in [
            "2023-02-29T12:00:00Z",
            "2024-01-01",
            "2024-01-01T24:00:00Z",
            "2024-01-01T10:00:00",
            "2024-01-01t10:00:00z",
            "2024-01-01T10:00:00.Z",
            "2024-01-01 10:00:00Z",
            "2024-01-01T10:00:00+25:00",
            "",
        ] {
            assert!(!is_time(text, Fraction::Any), "{text}");
        }
        assert!(is_time("2024-01-01T10:00:00.000001Z", Fraction::Micro));
        for text in [
            "2024-01-01T10:00:00Z",
            "2024-01-01T10:00:00.001Z",
            "2024-01-01T10:00:00.0000001Z",
        ] {
            assert!(!is_time(text, Fraction::Micro), "{text}");
        }
    }

    #[test]
    fn base64_is_padded() {
        assert!(is_base64("") && is_base64("YQ==") && is_base64("YQ\n==\n"));
        assert!(!is_base64("YQ") && !is_base64("a b=") && !is_base64("hello!"));
    }
}
