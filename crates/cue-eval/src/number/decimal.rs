//! The number itself: sign, coefficient, exponent.
//!
//! Coefficients below 2^64 are held without allocation; nearly all numbers of configuration files
//! stay there. Invariant: [`Coefficient::Big`] only holds what does not fit [`Coefficient::Small`],
//! so derived equality of coefficients is equality of their values.

use super::MAX_EXPONENT;
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{ToPrimitive, Zero};
use std::cmp::Ordering;

/// A natural number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coefficient {
    Small(u64),
    Big(BigUint),
}

impl Coefficient {
    pub(super) fn is_zero(&self) -> bool {
        matches!(self, Self::Small(0))
    }

    pub(super) fn to_big(&self) -> BigUint {
        match self {
            Self::Small(small) => BigUint::from(*small),
            Self::Big(big) => big.clone(),
        }
    }

    /// Number of decimal digits, 1 for zero.
    pub(super) fn digits(&self) -> u32 {
        match self {
            Self::Small(small) => small.checked_ilog10().unwrap_or(0) + 1,
            Self::Big(big) => digits_of(big),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) => a.cmp(b),
            (Self::Small(_), Self::Big(_)) => Ordering::Less,
            (Self::Big(_), Self::Small(_)) => Ordering::Greater,
            (Self::Big(a), Self::Big(b)) => a.cmp(b),
        }
    }
}

impl From<BigUint> for Coefficient {
    fn from(big: BigUint) -> Self {
        match big.to_u64() {
            Some(small) => Self::Small(small),
            None => Self::Big(big),
        }
    }
}

impl From<u128> for Coefficient {
    fn from(value: u128) -> Self {
        match u64::try_from(value) {
            Ok(small) => Self::Small(small),
            Err(_) => Self::Big(BigUint::from(value)),
        }
    }
}

impl std::fmt::Display for Coefficient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Small(small) => write!(f, "{small}"),
            Self::Big(big) => write!(f, "{big}"),
        }
    }
}

/// Number of decimal digits: a bound from the bit length, corrected by one comparison.
pub(super) fn digits_of(big: &BigUint) -> u32 {
    let bits = big.bits();
    if bits == 0 {
        return 1;
    }
    // bits·log10(2) is at most one above the digits' true number less one
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the bit length is far below 2^40"
    )]
    let low = ((bits - 1) * 30_103 / 100_000) as u32;
    let mut digits = low.max(1);
    while *big >= power_of_ten(digits) {
        digits += 1;
    }
    while digits > 1 && *big < power_of_ten(digits - 1) {
        digits -= 1;
    }
    digits
}

/// 10^`exponent`.
pub(super) fn power_of_ten(exponent: u32) -> BigUint {
    if exponent < 20 {
        return BigUint::from(10u64.pow(exponent));
    }
    BigUint::from(10u32).pow(exponent)
}

/// What sort of number a [`Decimal`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A number.
    Finite,
    /// Positive or negative infinity; some functions of `math` give it.
    Infinite,
    /// Not a number; some functions of `math` give it.
    NaN,
}

/// A decimal number as it was written or computed: `-1^negative · coefficient · 10^exponent`.
///
/// `==` compares the representation (`1.0` and `1.00` differ); [`Decimal::compare`] the value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    pub(super) form: Form,
    pub(super) negative: bool,
    pub(super) coefficient: Coefficient,
    pub(super) exponent: i32,
}

impl Decimal {
    /// 0.
    pub const ZERO: Self = Self {
        form: Form::Finite,
        negative: false,
        coefficient: Coefficient::Small(0),
        exponent: 0,
    };

    /// 1.
    pub const ONE: Self = Self {
        form: Form::Finite,
        negative: false,
        coefficient: Coefficient::Small(1),
        exponent: 0,
    };

    /// `coefficient · 10^exponent`.
    ///
    /// `exponent` is limited to ±[`MAX_EXPONENT`].
    pub fn new(coefficient: i64, exponent: i32) -> Self {
        let bound = i32::try_from(MAX_EXPONENT).unwrap_or(i32::MAX);
        Self {
            form: Form::Finite,
            negative: coefficient < 0,
            coefficient: Coefficient::Small(coefficient.unsigned_abs()),
            exponent: exponent.clamp(-bound, bound),
        }
    }

    /// Infinity with the sign of `sign`, which must not be zero to be negative.
    pub(super) fn infinity(negative: bool) -> Self {
        Self {
            form: Form::Infinite,
            negative,
            ..Self::ZERO
        }
    }

    pub(super) fn not_a_number() -> Self {
        Self {
            form: Form::NaN,
            ..Self::ZERO
        }
    }

    pub(super) fn from_parts(negative: bool, coefficient: Coefficient, exponent: i32) -> Self {
        Self {
            form: Form::Finite,
            negative,
            coefficient,
            exponent,
        }
    }

    /// Finite, infinite or not a number.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether there is a minus sign; a zero may have one.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the value is zero.
    pub fn is_zero(&self) -> bool {
        self.form == Form::Finite && self.coefficient.is_zero()
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// The exponent of ten.
    pub fn exponent(&self) -> i32 {
        self.exponent
    }

    /// The coefficient with its sign.
    pub fn coefficient(&self) -> BigInt {
        let sign = if self.negative {
            Sign::Minus
        } else {
            Sign::Plus
        };
        BigInt::from_biguint(sign, self.coefficient.to_big())
    }

    /// The exponent of the first digit in scientific notation.
    pub(super) fn adjusted(&self) -> i64 {
        i64::from(self.exponent) + i64::from(self.coefficient.digits()) - 1
    }

    /// The other sign; zero becomes positive, as cue's unary minus does.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self {
            negative: !self.negative && !self.is_zero(),
            ..self.clone()
        }
    }

    /// Without sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self {
            negative: false,
            ..self.clone()
        }
    }

    /// The same digits with the sign of `other`.
    #[must_use]
    pub fn copy_sign(&self, other: &Self) -> Self {
        Self {
            negative: other.negative,
            ..self.clone()
        }
    }

    /// Whether the value is a whole number.
    pub fn is_integral(&self) -> bool {
        if self.form != Form::Finite {
            return false;
        }
        if self.exponent >= 0 || self.coefficient.is_zero() {
            return true;
        }
        let places = self.exponent.unsigned_abs();
        if places >= self.coefficient.digits() {
            return false;
        }
        match &self.coefficient {
            Coefficient::Small(small) => small % 10u64.pow(places) == 0,
            Coefficient::Big(big) => (big % power_of_ten(places)).is_zero(),
        }
    }

    /// The value as an integer when it is whole.
    pub fn to_bigint(&self) -> Option<BigInt> {
        if !self.is_integral() {
            return None;
        }
        let magnitude = if self.exponent >= 0 {
            self.coefficient.to_big() * power_of_ten(self.exponent.unsigned_abs())
        } else if self.coefficient.is_zero() {
            BigUint::ZERO
        } else {
            self.coefficient.to_big() / power_of_ten(self.exponent.unsigned_abs())
        };
        let sign = if self.negative {
            Sign::Minus
        } else {
            Sign::Plus
        };
        Some(BigInt::from_biguint(sign, magnitude))
    }

    /// The value as an `i64` when it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.form == Form::Finite
            && self.exponent == 0
            && let Coefficient::Small(small) = self.coefficient
        {
            let signed = i128::from(small) * if self.negative { -1 } else { 1 };
            return i64::try_from(signed).ok();
        }
        if self.adjusted() > 20 {
            return None;
        }
        self.to_bigint()?.to_i64()
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        match (self.form, self.negative) {
            (Form::NaN, _) => f64::NAN,
            (Form::Infinite, false) => f64::INFINITY,
            (Form::Infinite, true) => f64::NEG_INFINITY,
            (Form::Finite, _) => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// The shortest decimal that stands for `value`.
    pub fn from_f64(value: f64) -> Self {
        if value.is_nan() {
            return Self::not_a_number();
        }
        if value.is_infinite() {
            return Self::infinity(value < 0.0);
        }
        let text = format!("{value:E}");
        Self::parse_text(&text).unwrap_or(Self::ZERO)
    }

    /// The order of the values; not-a-number is below all and equal to itself.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self.form, other.form) {
            (Form::NaN, Form::NaN) => return Ordering::Equal,
            (Form::NaN, _) => return Ordering::Less,
            (_, Form::NaN) => return Ordering::Greater,
            (Form::Infinite, Form::Infinite) => return other.negative.cmp(&self.negative),
            (Form::Infinite, Form::Finite) => return sign_order(self.negative),
            (Form::Finite, Form::Infinite) => return sign_order(!other.negative),
            (Form::Finite, Form::Finite) => {}
        }
        match (self.signum(), other.signum()) {
            (a, b) if a != b => return a.cmp(&b),
            (0, _) => return Ordering::Equal,
            _ => {}
        }
        let by_size = self.compare_magnitude(other);
        if self.negative {
            by_size.reverse()
        } else {
            by_size
        }
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        if self.exponent == other.exponent {
            return self.coefficient.compare(&other.coefficient);
        }
        let by_first_digit = self.adjusted().cmp(&other.adjusted());
        if by_first_digit != Ordering::Equal {
            return by_first_digit;
        }
        // equal first digits' places: the exponents differ by no more than the digits' numbers
        let (low, high, swap) = if self.exponent < other.exponent {
            (self, other, false)
        } else {
            (other, self, true)
        };
        let shift = high.exponent.abs_diff(low.exponent);
        let raised = Coefficient::from(high.coefficient.to_big() * power_of_ten(shift));
        let order = low.coefficient.compare(&raised);
        if swap { order.reverse() } else { order }
    }
}

fn sign_order(negative: bool) -> Ordering {
    if negative {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::new(value, 0)
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Self::from_parts(false, Coefficient::Small(value), 0)
    }
}

impl From<BigInt> for Decimal {
    fn from(value: BigInt) -> Self {
        let (sign, magnitude) = value.into_parts();
        Self::from_parts(sign == Sign::Minus, Coefficient::from(magnitude), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse_text(text).unwrap()
    }

    #[test]
    fn digits_are_counted_at_powers_of_ten() {
        for exponent in [1u32, 18, 19, 20, 33, 34, 35, 300, 4000] {
            let power = power_of_ten(exponent);
            assert_eq!(digits_of(&power), exponent + 1);
            assert_eq!(digits_of(&(power - 1u32)), exponent);
        }
    }

    #[test]
    fn values_are_compared_not_digits() {
        assert_eq!(number("1.0").compare(&number("1.00")), Ordering::Equal);
        assert_eq!(number("-2").compare(&number("1")), Ordering::Less);
        assert_eq!(number("-2").compare(&number("-10")), Ordering::Greater);
        assert_eq!(number("9e4").compare(&number("90001")), Ordering::Less);
        assert_eq!(number("0e9").compare(&number("-0.0")), Ordering::Equal);
        assert_eq!(
            number("1e99999").compare(&number("1e-99999")),
            Ordering::Greater
        );
    }

    #[test]
    fn whole_numbers_are_recognised() {
        assert_eq!(number("12.00").to_i64(), Some(12));
        assert_eq!(number("1e3").to_i64(), Some(1000));
        assert_eq!(number("12.50").to_i64(), None);
        assert_eq!(number("0.000").to_i64(), Some(0));
        assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
        assert_eq!(number("9223372036854775808").to_i64(), None);
    }
}
