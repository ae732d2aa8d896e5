//! Arithmetic at 34 digits.
//!
//! Operands are exact; the result is rounded half up to [`PRECISION`]
//! significant digits, its exponent being the one that the operation gives by itself (the smaller
//! of two for a sum, the sum for a product). This holds for `int` too: beyond 34 digits cue's
//! integers are rounded (`99999999999999999999999999999999999 + 1` is
//! `1.000000000000000000000000000000000E+35`). The integer divisions are exact.
//!
//! A quotient is computed to 34 digits and its trailing zeros removed, but where digits behind the
//! point are removed altogether one zero stays: `10 / 2` is `5.0`, `1000 / 1` is `1.0E+3`.

use super::decimal::{Coefficient, power_of_ten};
use super::{ArithmeticError, Decimal, Form, MAX_EXPONENT, PRECISION};
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::Zero;

/// To which neighbour [`Decimal::to_integral`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The nearest; half-way away from zero.
    HalfUp,
    /// The nearest; half-way to the even one.
    HalfEven,
    /// Towards zero.
    Down,
    /// Towards negative infinity.
    Floor,
    /// Towards positive infinity.
    Ceiling,
}

type Result<T = Decimal> = std::result::Result<T, ArithmeticError>;

impl Decimal {
    /// The sum.
    ///
    /// # Errors
    /// [`ArithmeticError::ExponentOutOfRange`].
    pub fn add(&self, other: &Self) -> Result {
        if let (Coefficient::Small(a), Coefficient::Small(b), Form::Finite, Form::Finite) =
            (&self.coefficient, &other.coefficient, self.form, other.form)
            && self.exponent == other.exponent
        {
            let a = if self.negative {
                -i128::from(*a)
            } else {
                i128::from(*a)
            };
            let b = if other.negative {
                -i128::from(*b)
            } else {
                i128::from(*b)
            };
            let sum = a + b;
            let negative = if sum == 0 {
                self.negative && other.negative
            } else {
                sum < 0
            };
            // two 64-bit magnitudes make 20 digits at most: nothing to round
            return Self::from_parts(
                negative,
                Coefficient::from(sum.unsigned_abs()),
                self.exponent,
            )
            .in_range();
        }
        match (self.form, other.form) {
            (Form::Finite, Form::Finite) => {}
            (Form::NaN, _) | (_, Form::NaN) => return Ok(Self::not_a_number()),
            (Form::Infinite, Form::Infinite) if self.negative != other.negative => {
                return Err(ArithmeticError::Invalid);
            }
            (Form::Infinite, _) => return Ok(self.clone()),
            (_, Form::Infinite) => return Ok(other.clone()),
        }
        let exponent = self.exponent.min(other.exponent);
        let a = self.scaled_to(exponent)?;
        let b = other.scaled_to(exponent)?;
        let sum = a + b;
        let negative = if sum.is_zero() {
            self.negative && other.negative
        } else {
            sum.sign() == num_bigint::Sign::Minus
        };
        Self::from_parts(negative, Coefficient::from(sum.into_parts().1), exponent).rounded()
    }

    /// The difference.
    ///
    /// # Errors
    /// [`ArithmeticError::ExponentOutOfRange`].
    pub fn sub(&self, other: &Self) -> Result {
        let flipped = Self {
            negative: !other.negative,
            ..other.clone()
        };
        self.add(&flipped)
    }

    /// The product.
    ///
    /// # Errors
    /// [`ArithmeticError::ExponentOutOfRange`].
    pub fn mul(&self, other: &Self) -> Result {
        let negative = self.negative != other.negative;
        match (self.form, other.form) {
            (Form::Finite, Form::Finite) => {}
            (Form::NaN, _) | (_, Form::NaN) => return Ok(Self::not_a_number()),
            _ if self.is_zero() || other.is_zero() => return Err(ArithmeticError::Invalid),
            _ => return Ok(Self::infinity(negative)),
        }
        let exponent = self
            .exponent
            .checked_add(other.exponent)
            .ok_or(ArithmeticError::ExponentOutOfRange)?;
        let coefficient = match (&self.coefficient, &other.coefficient) {
            (Coefficient::Small(a), Coefficient::Small(b)) => {
                Coefficient::from(u128::from(*a) * u128::from(*b))
            }
            (a, b) => Coefficient::from(a.to_big() * b.to_big()),
        };
        Self::from_parts(negative, coefficient, exponent).rounded()
    }

    /// The quotient, which CUE always takes for a float.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`], [`ArithmeticError::ExponentOutOfRange`].
    pub fn quo(&self, other: &Self) -> Result {
        Ok(self.quo_full(other)?.reduced_keeping_point())
    }

    /// The quotient with all its 34 digits, trailing zeros included.
    pub(super) fn quo_full(&self, other: &Self) -> Result {
        let negative = self.negative != other.negative;
        match (self.form, other.form) {
            (Form::Finite, Form::Finite) => {}
            (Form::NaN, _) | (_, Form::NaN) => return Ok(Self::not_a_number()),
            (Form::Infinite, Form::Infinite) => return Err(ArithmeticError::Invalid),
            (Form::Infinite, _) => return Ok(Self::infinity(negative)),
            (_, Form::Infinite) => return Ok(Self::ZERO),
        }
        if other.is_zero() {
            return Err(ArithmeticError::DivisionByZero);
        }
        let ideal = i64::from(self.exponent) - i64::from(other.exponent);
        if self.is_zero() {
            let exponent = i32::try_from(ideal).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
            return Self::from_parts(negative, Coefficient::Small(0), exponent).in_range();
        }
        // scale so that the quotient has 34 or 35 digits
        let shift = i64::from(PRECISION) + i64::from(other.coefficient.digits())
            - i64::from(self.coefficient.digits());
        let mut dividend = self.coefficient.to_big();
        let mut divisor = other.coefficient.to_big();
        let shift_abs =
            u32::try_from(shift.unsigned_abs()).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
        if shift >= 0 {
            dividend *= power_of_ten(shift_abs);
        } else {
            divisor *= power_of_ten(shift_abs);
        }
        let (mut quotient, mut remainder) = dividend.div_rem(&divisor);
        let mut exponent = ideal - shift;
        if Coefficient::from(quotient.clone()).digits() > PRECISION {
            let (shorter, digit) = quotient.div_rem(&BigUint::from(10u32));
            quotient = shorter;
            remainder += digit * &divisor;
            divisor *= 10u32;
            exponent += 1;
        }
        if remainder * 2u32 >= divisor {
            quotient += 1u32;
        }
        let exponent = i32::try_from(exponent).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
        Self::from_parts(negative, Coefficient::from(quotient), exponent).rounded()
    }

    /// Removes trailing zeros, but keeps one behind a point that was there.
    #[must_use]
    pub fn reduced_keeping_point(&self) -> Self {
        let before = self.exponent;
        let mut out = self.reduced();
        if before < 0 && out.exponent >= 0 && out.form == Form::Finite {
            out.exponent -= 1;
            out.coefficient = Coefficient::from(out.coefficient.to_big() * 10u32);
        }
        out
    }

    /// Removes trailing zeros of the coefficient; zero becomes `0`.
    #[must_use]
    pub fn reduced(&self) -> Self {
        if self.form != Form::Finite {
            return self.clone();
        }
        if self.coefficient.is_zero() {
            return Self {
                negative: self.negative,
                ..Self::ZERO
            };
        }
        let mut exponent = self.exponent;
        let coefficient = match &self.coefficient {
            Coefficient::Small(small) => {
                let mut small = *small;
                while small % 10 == 0 {
                    small /= 10;
                    exponent += 1;
                }
                Coefficient::Small(small)
            }
            Coefficient::Big(big) => {
                let digits = big.to_string();
                let zeros = digits.len() - digits.trim_end_matches('0').len();
                let zeros = u32::try_from(zeros).unwrap_or(0);
                exponent = exponent.saturating_add_unsigned(zeros);
                Coefficient::from(big / power_of_ten(zeros))
            }
        };
        Self::from_parts(self.negative, coefficient, exponent)
    }

    /// The whole number next to this one in the given direction, and whether it is another value.
    ///
    /// The exponent of the result is zero: `1e3` becomes `1000`.
    pub fn to_integral(&self, rounding: Rounding) -> (Self, bool) {
        if self.form != Form::Finite || self.exponent == 0 {
            return (self.clone(), false);
        }
        if self.exponent > 0 {
            let whole = self.coefficient.to_big() * power_of_ten(self.exponent.unsigned_abs());
            return (
                Self::from_parts(self.negative, Coefficient::from(whole), 0),
                false,
            );
        }
        let places = self.exponent.unsigned_abs();
        if places > self.coefficient.digits() {
            // |x| < 0.1: no need to build a huge power of ten
            let inexact = !self.coefficient.is_zero();
            let up = inexact
                && match rounding {
                    Rounding::Floor => self.negative,
                    Rounding::Ceiling => !self.negative,
                    Rounding::HalfUp | Rounding::HalfEven | Rounding::Down => false,
                };
            let whole = Self::from_parts(self.negative, Coefficient::Small(u64::from(up)), 0);
            return (whole, inexact);
        }
        let unit = power_of_ten(places);
        let (mut whole, rest) = self.coefficient.to_big().div_rem(&unit);
        let inexact = !rest.is_zero();
        let twice = rest * 2u32;
        let up = inexact
            && match rounding {
                Rounding::Down => false,
                Rounding::Floor => self.negative,
                Rounding::Ceiling => !self.negative,
                Rounding::HalfUp => twice >= unit,
                Rounding::HalfEven => twice > unit || (twice == unit && whole.is_odd()),
            };
        if up {
            whole += 1u32;
        }
        (
            Self::from_parts(self.negative, Coefficient::from(whole), 0),
            inexact,
        )
    }

    /// Euclidean quotient (`div`).
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`].
    pub fn int_div(&self, other: &Self) -> Result {
        let (x, y) = int_operands(self, other)?;
        Ok(Self::from(euclidean(&x, &y).0))
    }

    /// Euclidean remainder (`mod`): never negative.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`].
    pub fn int_mod(&self, other: &Self) -> Result {
        let (x, y) = int_operands(self, other)?;
        Ok(Self::from(euclidean(&x, &y).1))
    }

    /// Truncated quotient (`quo`).
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`].
    pub fn int_quo(&self, other: &Self) -> Result {
        let (x, y) = int_operands(self, other)?;
        Ok(Self::from(x / y))
    }

    /// Remainder of the truncated quotient (`rem`): with the sign of the dividend.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`].
    pub fn int_rem(&self, other: &Self) -> Result {
        let (x, y) = int_operands(self, other)?;
        Ok(Self::from(x % y))
    }

    /// The signed coefficient brought to a smaller exponent.
    fn scaled_to(&self, exponent: i32) -> Result<BigInt> {
        let shift = i64::from(self.exponent) - i64::from(exponent);
        if shift == 0 {
            return Ok(self.coefficient());
        }
        if shift > MAX_EXPONENT {
            return Err(ArithmeticError::ExponentOutOfRange);
        }
        let shift = u32::try_from(shift).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
        Ok(self.coefficient() * BigInt::from(power_of_ten(shift)))
    }

    /// Rounds to the precision and checks the range.
    pub(super) fn rounded(self) -> Result {
        self.rounded_to(PRECISION)?.in_range()
    }

    pub(super) fn rounded_to(self, precision: u32) -> Result {
        let digits = self.coefficient.digits();
        if digits <= precision {
            return Ok(self);
        }
        let cut = digits - precision;
        let unit = power_of_ten(cut);
        let (mut kept, rest) = self.coefficient.to_big().div_rem(&unit);
        let mut exponent = i64::from(self.exponent) + i64::from(cut);
        if rest * 2u32 >= unit {
            kept += 1u32;
            if Coefficient::from(kept.clone()).digits() > precision {
                kept /= 10u32;
                exponent += 1;
            }
        }
        let exponent = i32::try_from(exponent).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
        Ok(Self::from_parts(
            self.negative,
            Coefficient::from(kept),
            exponent,
        ))
    }

    fn in_range(self) -> Result {
        let adjusted = if self.coefficient.is_zero() {
            i64::from(self.exponent)
        } else {
            self.adjusted()
        };
        if adjusted.abs() > MAX_EXPONENT {
            return Err(ArithmeticError::ExponentOutOfRange);
        }
        Ok(self)
    }
}

fn int_operands(x: &Decimal, y: &Decimal) -> Result<(BigInt, BigInt)> {
    if y.is_zero() {
        return Err(ArithmeticError::DivisionByZero);
    }
    let whole = |n: &Decimal| {
        n.to_integral(Rounding::HalfUp)
            .0
            .to_bigint()
            .ok_or(ArithmeticError::Invalid)
    };
    let divisor = whole(y)?;
    if divisor.is_zero() {
        return Err(ArithmeticError::DivisionByZero);
    }
    Ok((whole(x)?, divisor))
}

fn euclidean(x: &BigInt, y: &BigInt) -> (BigInt, BigInt) {
    let mut quotient = x / y;
    let mut remainder = x - &quotient * y;
    if remainder.sign() == num_bigint::Sign::Minus {
        if y.sign() == num_bigint::Sign::Minus {
            quotient += 1;
            remainder -= y;
        } else {
            quotient -= 1;
            remainder += y;
        }
    }
    (quotient, remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse_text(text).unwrap()
    }

    /// Expectations are what `cue export` of v0.14.1 prints for the same expression.
    #[test]
    fn results_keep_the_exponents_of_cue() {
        let sum = |a: &str, b: &str| number(a).add(&number(b)).unwrap().to_string();
        assert_eq!(sum("1e3", "1"), "1001");
        assert_eq!(sum("0.1", "0.2"), "0.3");
        assert_eq!(sum("100.00", "0"), "100.00");
        assert_eq!(sum("1e3", "-1e3"), "0E+3");
        assert_eq!(
            sum("99999999999999999999999999999999999", "1"),
            "1.000000000000000000000000000000000E+35"
        );
        assert_eq!(
            sum("1e99999", "1"),
            "1.000000000000000000000000000000000E+99999"
        );
        let product = |a: &str, b: &str| number(a).mul(&number(b)).unwrap().to_string();
        assert_eq!(product("1.50", "2"), "3.00");
        assert_eq!(product("0.0", "-1"), "-0.0");
        assert_eq!(product("5000000", "1e3"), "5.000000E+9");
        let quotient = |a: &str, b: &str| number(a).quo(&number(b)).unwrap().to_string();
        assert_eq!(quotient("10", "2"), "5.0");
        assert_eq!(quotient("1000", "1"), "1.0E+3");
        assert_eq!(quotient("100", "10"), "10");
        assert_eq!(quotient("1", "3"), "0.3333333333333333333333333333333333");
        assert_eq!(quotient("2", "3"), "0.6666666666666666666666666666666667");
        assert_eq!(quotient("4000", "3"), "1333.333333333333333333333333333333");
        assert_eq!(quotient("0", "5"), "0");
        assert_eq!(quotient("0.0", "5"), "0.0");
        assert_eq!(quotient("-5", "2"), "-2.5");
    }

    #[test]
    fn impossible_results_are_errors() {
        let huge = number("1e99999");
        assert_eq!(
            huge.mul(&number("1e5")),
            Err(ArithmeticError::ExponentOutOfRange)
        );
        assert_eq!(
            number("1e-99999").quo(&number("1e6")),
            Err(ArithmeticError::ExponentOutOfRange)
        );
        assert_eq!(
            number("1").quo(&number("0.0")),
            Err(ArithmeticError::DivisionByZero)
        );
    }

    #[test]
    fn integer_divisions_differ_for_negative_operands() {
        let all = |a: i64, b: i64| {
            let (a, b) = (Decimal::from(a), Decimal::from(b));
            [
                a.int_div(&b).unwrap().to_i64().unwrap(),
                a.int_mod(&b).unwrap().to_i64().unwrap(),
                a.int_quo(&b).unwrap().to_i64().unwrap(),
                a.int_rem(&b).unwrap().to_i64().unwrap(),
            ]
        };
        assert_eq!(all(-7, 2), [-4, 1, -3, -1]);
        assert_eq!(all(7, -2), [-3, 1, -3, 1]);
        assert_eq!(all(-7, -2), [4, 1, 3, -1]);
    }

    #[test]
    fn rounding_goes_where_it_is_told() {
        let to = |text: &str, rounding| number(text).to_integral(rounding).0.to_string();
        assert_eq!(to("2.5", Rounding::HalfUp), "3");
        assert_eq!(to("2.5", Rounding::HalfEven), "2");
        assert_eq!(to("-2.5", Rounding::Floor), "-3");
        assert_eq!(to("-2.5", Rounding::Ceiling), "-2");
        assert_eq!(to("0.00001", Rounding::Ceiling), "1");
        assert_eq!(to("-2.9", Rounding::Down), "-2");
    }
}
