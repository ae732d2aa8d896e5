//! Exponentials, logarithms, powers and roots to 34 digits.
//!
//! All run in fixed point: integers that count units of 10⁻¹²⁰. Arguments are first brought near
//! one, where the series are short: `exp` takes out whole powers of ten
//! (`eˣ = 10ᵏ·eʳ`, `r = x - k·ln 10`), `ln` takes out the decimal exponent and three square roots
//! (`ln m = 8·ln ⁸√m`). 120 places leave more than 34 right digits in every result, also of a
//! logarithm close to zero. Powers with whole exponents are multiplied out and stay exact when
//! they fit (`1.5²` is `2.25`); all else has its 34 digits, trailing zeros included, as cue's.

use super::arith::Rounding;
use super::decimal::{Coefficient, power_of_ten};
use super::{ArithmeticError, Decimal, Form, MAX_EXPONENT, PRECISION};
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Signed, ToPrimitive, Zero};

const SCALE: u32 = 120;
const GUARD: u32 = 60;

type Result<T = Decimal> = std::result::Result<T, ArithmeticError>;

fn unit() -> BigInt {
    BigInt::from(power_of_ten(SCALE))
}

fn times(a: &BigInt, b: &BigInt) -> BigInt {
    (a * b) / unit()
}

/// The decimal as a count of units; digits below the unit are dropped.
fn to_fixed(x: &Decimal) -> Result<BigInt> {
    let shift = i64::from(x.exponent) + i64::from(SCALE);
    if x.adjusted() > 60_000 {
        return Err(ArithmeticError::ExponentOutOfRange);
    }
    let size = u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX);
    if shift >= 0 {
        Ok(x.coefficient() * BigInt::from(power_of_ten(size)))
    } else if size > x.coefficient.digits() {
        Ok(BigInt::zero())
    } else {
        Ok(x.coefficient() / BigInt::from(power_of_ten(size)))
    }
}

/// The count of units, times ten to `exponent`, rounded to the precision.
fn from_fixed(value: &BigInt, exponent: i64) -> Result {
    let exponent = i32::try_from(exponent - i64::from(SCALE))
        .map_err(|_| ArithmeticError::ExponentOutOfRange)?;
    Decimal::from_parts(
        value.is_negative(),
        Coefficient::from(value.magnitude().clone()),
        exponent,
    )
    .rounded()
}

/// `2·atanh(z)`, for a small z.
fn twice_atanh(z: &BigInt) -> BigInt {
    let square = times(z, z);
    let mut power = z.clone();
    let mut sum = z.clone();
    let mut divisor = 1u32;
    loop {
        power = times(&power, &square);
        divisor += 2;
        let term = &power / divisor;
        if term.is_zero() {
            return sum * 2;
        }
        sum += term;
    }
}

/// The logarithm of a fixed-point number in [1, 10).
fn ln_near_one(m: &BigInt) -> BigInt {
    let mut root = m.clone();
    for _ in 0..3 {
        root = (root * unit()).sqrt();
    }
    let z = (&root - unit()) * unit() / (&root + unit());
    twice_atanh(&z) * 8
}

fn ln_ten() -> BigInt {
    ln_near_one(&(unit() * 10))
}

/// `ln x` of a positive finite number, in units.
fn ln_fixed(x: &Decimal) -> BigInt {
    let adjusted = x.adjusted();
    let digits = x.coefficient.digits();
    let mut mantissa = x.coefficient.to_big();
    let scale_to = i64::from(SCALE) - (i64::from(digits) - 1);
    let size = u32::try_from(scale_to.unsigned_abs()).unwrap_or(u32::MAX);
    if scale_to >= 0 {
        mantissa *= power_of_ten(size);
    } else {
        mantissa /= power_of_ten(size);
    }
    let mantissa = BigInt::from_biguint(Sign::Plus, mantissa);
    ln_near_one(&mantissa) + ln_ten() * adjusted
}

/// `e` to a number given in units.
fn exp_fixed(x: &BigInt) -> Result {
    let ln_ten = ln_ten();
    let power = x / &ln_ten;
    let power = power
        .to_i64()
        .filter(|power| power.abs() <= MAX_EXPONENT + 1)
        .ok_or(ArithmeticError::ExponentOutOfRange)?;
    let rest = x - &ln_ten * power;
    // (e^(r/256))^256 needs few terms
    let small = &rest / 256;
    let mut term = unit();
    let mut sum = unit();
    let mut n = 0u32;
    loop {
        n += 1;
        term = times(&term, &small) / n;
        if term.is_zero() {
            break;
        }
        sum += &term;
    }
    for _ in 0..8 {
        sum = times(&sum, &sum);
    }
    from_fixed(&sum, power)
}

/// `e` to the power of `x`.
///
/// # Errors
/// [`ArithmeticError::ExponentOutOfRange`].
pub fn exp(x: &Decimal) -> Result {
    match (x.form(), x.is_negative()) {
        (Form::NaN, _) => return Ok(Decimal::not_a_number()),
        (Form::Infinite, true) => return Ok(Decimal::ZERO),
        (Form::Infinite, false) => return Ok(Decimal::infinity(false)),
        (Form::Finite, _) => {}
    }
    if x.is_zero() {
        return Ok(Decimal::ONE);
    }
    exp_fixed(&to_fixed(x)?)
}

/// Handles what all logarithms share; `None` when there is something to compute.
fn ln_special(x: &Decimal) -> Result<Option<Decimal>> {
    match x.form() {
        Form::NaN => return Ok(Some(Decimal::not_a_number())),
        _ if x.is_zero() => return Ok(Some(Decimal::infinity(true))),
        _ if x.is_negative() => return Err(ArithmeticError::Invalid),
        Form::Infinite => return Ok(Some(Decimal::infinity(false))),
        Form::Finite => {}
    }
    if x.compare(&Decimal::ONE).is_eq() {
        return Ok(Some(Decimal::ZERO));
    }
    Ok(None)
}

/// The natural logarithm; of zero it is negative infinity.
///
/// # Errors
/// [`ArithmeticError::Invalid`] for negative numbers.
pub fn ln(x: &Decimal) -> Result {
    match ln_special(x)? {
        Some(special) => Ok(special),
        None => from_fixed(&ln_fixed(x), 0),
    }
}

/// The logarithm to base 10.
///
/// # Errors
/// [`ArithmeticError::Invalid`] for negative numbers.
pub fn log10(x: &Decimal) -> Result {
    match ln_special(x)? {
        Some(special) => Ok(special),
        None => from_fixed(&(ln_fixed(x) * unit() / ln_ten()), 0),
    }
}

/// The logarithm to base 2: cue divides two rounded logarithms, which shows in the last digit.
///
/// # Errors
/// [`ArithmeticError::Invalid`] for negative numbers.
pub fn log2(x: &Decimal) -> Result {
    match ln_special(x)? {
        Some(special) => Ok(special),
        None => ln(x)?.quo(&ln(&Decimal::from(2i64))?),
    }
}

/// `x` to the power of `y`.
///
/// # Errors
/// [`ArithmeticError::Invalid`] for `0⁰` and for roots of negative numbers,
/// [`ArithmeticError::ExponentOutOfRange`].
pub fn pow(x: &Decimal, y: &Decimal) -> Result {
    if x.form() == Form::NaN || y.form() == Form::NaN {
        return Ok(Decimal::not_a_number());
    }
    if x.form() == Form::Infinite || y.form() == Form::Infinite {
        return Ok(Decimal::from_f64(x.to_f64().powf(y.to_f64())));
    }
    match (x.signum(), y.signum()) {
        (0, 0) => return Err(ArithmeticError::Invalid),
        (0, -1) => return Ok(Decimal::infinity(false)),
        (0, _) => return Ok(Decimal::ZERO),
        (_, 0) => return Ok(Decimal::ONE),
        _ => {}
    }
    if let Some(whole) = y.to_i64() {
        let magnitude = whole_power(x, whole.unsigned_abs())?;
        return if whole < 0 {
            Decimal::ONE.quo_full(&magnitude)
        } else {
            magnitude.rounded()
        };
    }
    if x.is_negative() {
        return Err(ArithmeticError::Invalid);
    }
    let exponent = to_fixed(y)?;
    exp_fixed(&times(&exponent, &ln_fixed(x)))
}

fn whole_power(x: &Decimal, mut n: u64) -> Result {
    let mut base = x.clone();
    let mut out = Decimal::ONE;
    let limited = |number: Decimal| -> Result {
        let number = number.rounded_to(GUARD)?;
        if number.adjusted().abs() > 2 * MAX_EXPONENT {
            return Err(ArithmeticError::ExponentOutOfRange);
        }
        Ok(number)
    };
    loop {
        if n & 1 == 1 {
            out = limited(exact_product(&out, &base)?)?;
        }
        n >>= 1;
        if n == 0 {
            return Ok(out);
        }
        base = limited(exact_product(&base, &base)?)?;
    }
}

fn exact_product(a: &Decimal, b: &Decimal) -> Result {
    let exponent = a
        .exponent
        .checked_add(b.exponent)
        .ok_or(ArithmeticError::ExponentOutOfRange)?;
    Ok(Decimal::from_parts(
        a.negative != b.negative,
        Coefficient::from(a.coefficient.to_big() * b.coefficient.to_big()),
        exponent,
    ))
}

/// The cube root.
///
/// # Errors
/// [`ArithmeticError::ExponentOutOfRange`] never happens for numbers in range.
pub fn cbrt(x: &Decimal) -> Result {
    if x.form() != Form::Finite || x.is_zero() {
        return Ok(x.clone());
    }
    let magnitude = root(x, 3)?;
    Ok(magnitude.copy_sign(x))
}

/// The square root, with zeros behind the point removed but one.
///
/// # Errors
/// [`ArithmeticError::Invalid`] for negative numbers.
pub fn sqrt(x: &Decimal) -> Result {
    if x.form() == Form::NaN || x.is_zero() {
        return Ok(x.clone());
    }
    if x.is_negative() {
        return Err(ArithmeticError::Invalid);
    }
    if x.form() == Form::Infinite {
        return Ok(x.clone());
    }
    Ok(root(x, 2)?.reduced_keeping_point())
}

/// The `n`-th root of the magnitude by integer roots of a scaled coefficient.
fn root(x: &Decimal, n: u32) -> Result {
    let degree = i64::from(n);
    // enough digits, and an exponent that the degree divides
    let wanted = i64::from(PRECISION + 6) * degree;
    let mut shift = (wanted - i64::from(x.coefficient.digits())).max(0);
    let rest = (i64::from(x.exponent) - shift).rem_euclid(degree);
    shift += rest;
    let size = u32::try_from(shift).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
    let scaled: BigUint = x.coefficient.to_big() * power_of_ten(size);
    let mut value = scaled.nth_root(n);
    if value.pow(n) != scaled {
        // a digit below all others keeps half-way rounding honest
        value = value * 10u32 + BigUint::one();
    } else {
        value *= 10u32;
    }
    let exponent = (i64::from(x.exponent) - shift) / degree - 1;
    let exponent = i32::try_from(exponent).map_err(|_| ArithmeticError::ExponentOutOfRange)?;
    Decimal::from_parts(false, Coefficient::from(value), exponent).rounded()
}

impl Decimal {
    /// The whole number that this one is, with exponent zero, when it is one.
    pub fn as_integral(&self) -> Option<Self> {
        if !self.is_integral() {
            return None;
        }
        Some(self.to_integral(Rounding::Down).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse_text(text).unwrap()
    }

    /// Expectations are what `cue export` of v0.14.1 prints for the same call of `math`.
    #[test]
    fn results_agree_with_cue() {
        let text = |result: Result| {
            let value = result.unwrap();
            value.as_integral().unwrap_or(value).to_string()
        };
        assert_eq!(
            text(exp(&number("1"))),
            "2.718281828459045235360287471352662"
        );
        assert_eq!(
            text(exp(&number("-1.5"))),
            "0.2231301601484298289332804707640125"
        );
        assert_eq!(
            text(exp(&number("100"))),
            "26881171418161354484126255515800140000000000"
        );
        assert_eq!(
            text(ln(&number("10"))),
            "2.302585092994045684017991454684364"
        );
        assert_eq!(
            text(ln(&number("2.5"))),
            "0.9162907318741550651835272117680111"
        );
        assert_eq!(
            text(log10(&number("5"))),
            "0.6989700043360188047862611052755070"
        );
        assert_eq!(text(log10(&number("100"))), "2");
        assert_eq!(
            text(log2(&number("5"))),
            "2.321928094887362347870319429489391"
        );
        assert_eq!(
            text(pow(&number("2"), &number("0.5"))),
            "1.414213562373095048801688724209698"
        );
        assert_eq!(text(pow(&number("1.5"), &number("2.0"))), "2.25");
        assert_eq!(
            text(pow(&number("10"), &number("-2"))),
            "0.01000000000000000000000000000000000"
        );
        assert_eq!(
            text(pow(&number("2"), &number("200"))),
            "1606938044258990275541962092341163000000000000000000000000000"
        );
        assert_eq!(
            text(cbrt(&number("-2"))),
            "-1.259921049894873164767210607278228"
        );
        assert_eq!(
            text(cbrt(&number("0.001"))),
            "0.1000000000000000000000000000000000"
        );
        assert_eq!(text(cbrt(&number("27"))), "3");
    }

    #[test]
    fn hostile_arguments_end_in_errors() {
        for result in [
            exp(&number("1e6")),
            exp(&number("1e90000")),
            pow(&number("10"), &number("1e9")),
            pow(&number("10"), &number("123456.5")),
        ] {
            assert_eq!(result, Err(ArithmeticError::ExponentOutOfRange));
        }
        assert_eq!(ln(&number("-1")), Err(ArithmeticError::Invalid));
        assert_eq!(
            pow(&Decimal::ZERO, &Decimal::ZERO),
            Err(ArithmeticError::Invalid)
        );
    }
}
