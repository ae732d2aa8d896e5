//! Quantities: `500m`, `1.5Gi`, `1e3`.
//!
//! A quantity is a decimal number and a scale. It is kept exactly, as nanos in 128 bits: the server rounds up what is finer
//! than a nano, and what does not fit is capped by it at values that no cluster has, so only the order of such giants is
//! lost here.
//!
//! ```text
//! text      = sign? digits suffix?
//! suffix    = Ki Mi Gi Ti Pi Ei | n u m k M G T P E | (e|E) sign? digits
//! ```
//! The rules are those of `k8s.io/apimachinery/pkg/api/resource` (`ParseQuantity`): `1GB`, `128mi` and an empty text are
//! no quantities. No digit at all is a zero there: `Mi` and `-` are accepted.

const NANOS: i128 = 1_000_000_000;

/// A quantity, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quantity {
    nanos: i128,
}

enum Scale {
    Binary(u32),
    Decimal(i32),
}

fn scale(suffix: &str) -> Option<Scale> {
    Some(match suffix {
        "Ki" => Scale::Binary(1),
        "Mi" => Scale::Binary(2),
        "Gi" => Scale::Binary(3),
        "Ti" => Scale::Binary(4),
        "Pi" => Scale::Binary(5),
        "Ei" => Scale::Binary(6),
        "n" => Scale::Decimal(-9),
        "u" => Scale::Decimal(-6),
        "m" => Scale::Decimal(-3),
        "" => Scale::Decimal(0),
        "k" => Scale::Decimal(3),
        "M" => Scale::Decimal(6),
        "G" => Scale::Decimal(9),
        "T" => Scale::Decimal(12),
        "P" => Scale::Decimal(15),
        "E" => Scale::Decimal(18),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            Scale::Decimal(
                exponent
                    .parse::<i64>()
                    .ok()?
                    .clamp(-400, 400)
                    .try_into()
                    .ok()?,
            )
        }
    })
}

impl Quantity {
    /// One.
    pub(super) const ONE: Self = Self { nanos: NANOS };

    /// The quantity that a text stands for; `None` when it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let end = rest
            .find(|one: char| !one.is_ascii_digit() && one != '.')
            .unwrap_or(rest.len());
        let (digits, suffix) = rest.split_at_checked(end)?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if fraction.contains('.') {
            return None;
        }
        let scale = scale(suffix)?;
        let magnitude = Self::magnitude(whole, fraction, &scale);
        Some(Self {
            nanos: if negative { -magnitude } else { magnitude },
        })
    }

    /// The nanos of an unsigned number, rounded up, capped at the largest value.
    fn magnitude(whole: &str, fraction: &str, scale: &Scale) -> i128 {
        const CAP: i128 = i128::MAX;
        let (factor, exponent) = match scale {
            Scale::Binary(power) => (1i128 << (10 * power), 0),
            Scale::Decimal(exponent) => (1, *exponent),
        };
        let mut value: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = i128::from(digit - b'0');
            let Some(next) = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(digit))
            else {
                return CAP;
            };
            value = next;
        }
        let Some(value) = value.checked_mul(factor) else {
            return CAP;
        };
        let fraction = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let power = 9 + i64::from(exponent) - fraction;
        if value == 0 {
            return 0;
        }
        let Some(ten) = u32::try_from(power.unsigned_abs())
            .ok()
            .and_then(|power| 10i128.checked_pow(power))
        else {
            return if power < 0 { 1 } else { CAP };
        };
        if power < 0 {
            (value / ten) + i128::from(value % ten != 0)
        } else {
            value.checked_mul(ten).unwrap_or(CAP)
        }
    }

    /// The sum.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            nanos: self.nanos.saturating_add(other.nanos),
        }
    }

    /// Whether it is below zero.
    pub(crate) fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Whether it is above zero.
    pub(crate) fn is_positive(self) -> bool {
        self.nanos > 0
    }

    /// Whether it is zero.
    pub(super) fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether it is a whole number, thousandths counted and what is finer rounded up as the server does.
    pub(super) fn is_whole(self) -> bool {
        self.milli() % 1000 == 0
    }

    /// Thousandths, rounded up.
    pub(super) fn milli(self) -> i128 {
        let step = NANOS / 1000;
        self.nanos.div_euclid(step) + i128::from(self.nanos.rem_euclid(step) != 0)
    }

    /// The whole number at or above it.
    pub(super) fn value(self) -> i128 {
        self.nanos.div_euclid(NANOS) + i128::from(self.nanos.rem_euclid(NANOS) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn nanos(text: &str) -> Option<i128> {
        Quantity::parse(text).map(|quantity| quantity.nanos)
    }

    #[test]
    fn suffixes_scale() {
        assert_eq!(nanos("1"), Some(1_000_000_000));
        assert_eq!(nanos("500m"), Some(500_000_000));
        assert_eq!(nanos("1.5Ki"), Some(1536 * 1_000_000_000));
        assert_eq!(nanos("1e3"), nanos("1k"));
        assert_eq!(nanos("1E3"), nanos("1k"));
        assert_eq!(nanos("1E"), nanos("1e18"));
        assert_eq!(nanos("-.5"), Some(-500_000_000));
        assert_eq!(nanos("5."), nanos("5"));
        assert_eq!(nanos("0.1n"), Some(1));
        assert_eq!(nanos("+1"), nanos("1"));
        for zero in ["Mi", "-", "."] {
            assert_eq!(nanos(zero), Some(0), "{zero}");
        }
    }

    #[test]
    fn what_is_no_quantity() {
        for text in [
            "", "1GB", "64MiB", "128mi", "1 Gi", "1K", "1g", "1e", "abc", "1.2.3", "1ee3", "0x10",
        ] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }

    #[test]
    fn giants_do_not_overflow() {
        assert!(nanos("99999999999999999999999999999999999999999999Ei").is_some());
        assert_eq!(nanos("1e-400"), Some(1));
        assert_eq!(nanos("0e400"), Some(0));
        assert!(Quantity::parse("1e400") > Quantity::parse("1E"));
    }

    #[test]
    fn whole_numbers() {
        assert!(Quantity::parse("1000m").is_some_and(Quantity::is_whole));
        assert!(!Quantity::parse("100m").is_some_and(Quantity::is_whole));
    }
}
