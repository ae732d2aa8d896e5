//! `math` and `math/bits`.
//!
//! Functions of decimals (`Floor`, `Pow`, `Log`) have 34 digits, and a result that is whole becomes
//! an int. The others work on 64-bit floats: [`elementary`], [`trigonometry`], [`error`], [`gamma`]
//! and [`bessel`] have the algorithms of the reference, since their last digit shows.

mod bessel;
mod elementary;
mod error;
mod gamma;
mod trigonometry;

use crate::list::whole_or_float;
use crate::package::{Builder, count, failed, float_argument};
use cue_eval::builtin::{Answer, Call, Failure};
use cue_eval::number::{self, ArithmeticError, Decimal, Form, Rounding};
use cue_eval::{Kind, Number};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};

const N: Kind = Kind::NUMBER;
const I: Kind = Kind::INT;

/// `c₀ + c₁x + c₂x² + …`, the highest power first.
fn ascending(x: f64, coefficients: &[f64]) -> f64 {
    coefficients
        .iter()
        .rev()
        .copied()
        .reduce(|sum, coefficient| sum * x + coefficient)
        .unwrap_or_default()
}

/// The same of coefficients that are written from the highest power down.
fn descending(x: f64, coefficients: &[f64]) -> f64 {
    coefficients
        .iter()
        .copied()
        .reduce(|sum, coefficient| sum * x + coefficient)
        .unwrap_or_default()
}

/// A float of CUE, which may be infinite or not a number.
fn float(value: f64) -> Answer {
    Number::float(Decimal::from_f64(value)).into()
}

fn on_floats(b: &mut Builder, name: &str, body: fn(f64) -> f64) {
    b.function(name, &[N], N, move |c| {
        Ok(float(body(float_argument(c, 0)?)))
    });
}

fn on_float_pairs(b: &mut Builder, name: &str, body: fn(f64, f64) -> f64) {
    b.function(name, &[N, N], N, move |c| {
        Ok(float(body(float_argument(c, 0)?, float_argument(c, 1)?)))
    });
}

fn on_decimals(
    b: &mut Builder,
    name: &str,
    body: fn(&Decimal) -> Result<Decimal, ArithmeticError>,
) {
    b.function(name, &[N], N, move |c| {
        let x = c.decimal(0)?;
        body(&x).map(whole_or_float).map_err(failed)
    });
}

fn rounding(b: &mut Builder, name: &str, to: Rounding) {
    b.function(name, &[N], I, move |c| {
        let x = c.decimal(0)?;
        if x.form() == Form::Finite {
            Ok(Number::int(x.to_integral(to).0).into())
        } else {
            Err(Failure::eval(format!("`{x}` has no integer near it")))
        }
    });
}

fn jacobi(mut a: BigInt, mut n: BigInt) -> Option<i64> {
    if n.is_even() {
        return None;
    }
    let mut sign = 1;
    if n.is_negative() {
        if a.is_negative() {
            sign = -1;
        }
        n = -n;
    }
    a = a.mod_floor(&n);
    while !a.is_zero() {
        while a.is_even() {
            a /= 2;
            let rest = (&n % 8u32).to_u32_digits().1;
            if matches!(rest.first(), Some(3 | 5)) {
                sign = -sign;
            }
        }
        std::mem::swap(&mut a, &mut n);
        let four = BigInt::from(4);
        if (&a % &four) == BigInt::from(3) && (&n % &four) == BigInt::from(3) {
            sign = -sign;
        }
        a = a.mod_floor(&n);
    }
    Some(if n == BigInt::from(1) { sign } else { 0 })
}

fn constants(b: &mut Builder) {
    for (name, value) in [
        ("MaxExp", 2_147_483_647i64),
        ("MinExp", -2_147_483_648),
        ("MaxPrec", 4_294_967_295),
        ("ToNearestEven", 0),
        ("ToNearestAway", 1),
        ("ToZero", 2),
        ("AwayFromZero", 3),
        ("ToNegativeInf", 4),
        ("ToPositiveInf", 5),
        ("Below", -1),
        ("Exact", 0),
        ("Above", 1),
        ("MaxBase", 62),
    ] {
        b.constant(name, value);
    }
    for (name, digits) in [
        (
            "E",
            "2.71828182845904523536028747135266249775724709369995957496696763",
        ),
        (
            "Pi",
            "3.14159265358979323846264338327950288419716939937510582097494459",
        ),
        (
            "Phi",
            "1.61803398874989484820458683436563811772030917980576286213544861",
        ),
        (
            "Sqrt2",
            "1.41421356237309504880168872420969807856967187537694807317667974",
        ),
        (
            "SqrtE",
            "1.64872127070012814684865078781416357165377610071014801157507931",
        ),
        (
            "SqrtPi",
            "1.77245385090551602729816748334114518279754945612238712821380779",
        ),
        (
            "SqrtPhi",
            "1.27201964951406896425242246173749149171560804184009624861664038",
        ),
        (
            "Ln2",
            "0.693147180559945309417232121458176568075500134360255254120680009",
        ),
        (
            "Log2E",
            "1.442695040888963407359924681001892137426645954152985934135449408",
        ),
        (
            "Ln10",
            "2.3025850929940456840179914546843642076011014886287729760333278",
        ),
        (
            "Log10E",
            "0.43429448190325182765112891891660508229439700580366656611445378",
        ),
    ] {
        if let Some(value) = Decimal::parse_text(digits) {
            b.constant(name, Number::float(value));
        }
    }
}

/// The order of a Bessel function; those beyond 32 bits are refused, as their time grows with it.
fn order(c: &mut Call<'_>) -> Result<i32, Failure> {
    let order = c.i64(0)?;
    i32::try_from(order)
        .ok()
        .filter(|order| order.unsigned_abs() <= 1_000_000)
        .ok_or_else(|| Failure::eval(format!("the order `{order}` is too large")))
}

/// Functions that are no elementary ones.
fn special(b: &mut Builder) {
    on_floats(b, "Erf", error::erf);
    on_floats(b, "Erfc", error::erfc);
    on_floats(b, "Erfinv", error::erfinv);
    on_floats(b, "Erfcinv", |x| error::erfinv(1.0 - x));
    on_floats(b, "Gamma", gamma::gamma);
    on_floats(b, "J0", bessel::j0);
    on_floats(b, "Y0", bessel::y0);
    on_floats(b, "J1", bessel::j1);
    on_floats(b, "Y1", bessel::y1);
    b.function("Jn", &[I, N], N, |c| {
        let order = order(c)?;
        Ok(float(bessel::jn(order, float_argument(c, 1)?)))
    });
    b.function("Yn", &[I, N], N, |c| {
        let order = order(c)?;
        Ok(float(bessel::yn(order, float_argument(c, 1)?)))
    });
}

/// Fills `math`.
pub(crate) fn fill(b: &mut Builder) {
    constants(b);
    b.function("Jacobi", &[I, I], I, |c| {
        jacobi(c.integer(0)?, c.integer(1)?)
            .map(Into::into)
            .ok_or_else(|| Failure::eval("the second argument must be odd"))
    });
    rounding(b, "Floor", Rounding::Floor);
    rounding(b, "Ceil", Rounding::Ceiling);
    rounding(b, "Trunc", Rounding::Down);
    rounding(b, "Round", Rounding::HalfUp);
    rounding(b, "RoundToEven", Rounding::HalfEven);
    b.function("MultipleOf", &[N, N], Kind::BOOL, |c| {
        let (x, y) = (c.decimal(0)?, c.decimal(1)?);
        let quotient = x.quo(&y).map_err(failed)?;
        Ok(quotient.is_integral().into())
    });
    on_decimals(b, "Abs", |x| Ok(x.abs()));
    on_floats(b, "Acosh", elementary::acosh);
    on_floats(b, "Asin", trigonometry::asin);
    on_floats(b, "Acos", trigonometry::acos);
    on_floats(b, "Asinh", elementary::asinh);
    on_floats(b, "Atan", trigonometry::atan);
    on_float_pairs(b, "Atan2", trigonometry::atan2);
    on_floats(b, "Atanh", elementary::atanh);
    on_decimals(b, "Cbrt", number::cbrt);
    b.function("Copysign", &[N, N], N, |c| {
        let (x, y) = (c.decimal(0)?, c.decimal(1)?);
        Ok(whole_or_float(x.copy_sign(&y)))
    });
    b.function("Dim", &[N, N], N, |c| {
        let (x, y) = (c.decimal(0)?, c.decimal(1)?);
        let difference = x.sub(&y).map_err(failed)?;
        Ok(whole_or_float(if difference.is_negative() {
            Decimal::ZERO
        } else {
            difference
        }))
    });
    on_decimals(b, "Exp", number::exp);
    on_decimals(b, "Exp2", |x| number::pow(&Decimal::from(2i64), x));
    on_floats(b, "Expm1", f64::exp_m1);
    on_float_pairs(b, "Hypot", elementary::hypot);
    b.function("Ldexp", &[N, I], N, |c| {
        let exponent = c.i64(1)?;
        Ok(float(elementary::ldexp(float_argument(c, 0)?, exponent)))
    });
    special(b);
    on_decimals(b, "Log", number::ln);
    on_decimals(b, "Log10", number::log10);
    on_decimals(b, "Log2", number::log2);
    on_floats(b, "Log1p", elementary::log1p);
    on_floats(b, "Logb", |x| match x {
        x if x.abs() <= 0.0 => f64::NEG_INFINITY,
        x if x.is_infinite() => f64::INFINITY,
        x if x.is_nan() => x,
        x => f64::from(elementary::exponent(x)),
    });
    b.function("Ilogb", &[N], I, |c| {
        Ok(match float_argument(c, 0)? {
            x if x.abs() <= 0.0 => i64::from(i32::MIN),
            x if !x.is_finite() => i64::from(i32::MAX),
            x => i64::from(elementary::exponent(x)),
        }
        .into())
    });
    on_float_pairs(b, "Mod", |x, y| x % y);
    b.function("Pow", &[N, N], N, |c| {
        let (x, y) = (c.decimal(0)?, c.decimal(1)?);
        number::pow(&x, &y).map(whole_or_float).map_err(failed)
    });
    b.function("Pow10", &[I], N, |c| {
        let exponent = i32::try_from(c.i64(0)?)
            .ok()
            .filter(|exponent| exponent.unsigned_abs() <= 100_000)
            .ok_or_else(|| Failure::eval("exponent out of range"))?;
        Ok(whole_or_float(Decimal::new(1, exponent)))
    });
    on_float_pairs(b, "Remainder", elementary::remainder);
    b.function("Signbit", &[N], Kind::BOOL, |c| {
        Ok(c.decimal(0)?.is_negative().into())
    });
    on_floats(b, "Cos", trigonometry::cos);
    on_floats(b, "Sin", trigonometry::sin);
    on_floats(b, "Sinh", elementary::sinh);
    on_floats(b, "Cosh", elementary::cosh);
    on_floats(b, "Sqrt", f64::sqrt);
    on_floats(b, "Tan", trigonometry::tan);
    on_floats(b, "Tanh", elementary::tanh);
}

fn bit_pair(b: &mut Builder, name: &str, body: fn(BigInt, BigInt) -> BigInt) {
    b.function(name, &[I, I], I, move |c| {
        Ok(Number::from(body(c.integer(0)?, c.integer(1)?)).into())
    });
}

/// Fills `math/bits`.
pub(crate) fn bits(b: &mut Builder) {
    b.function("Lsh", &[I, I], I, |c| {
        let (value, by) = (c.integer(0)?, count(c.i64(1)?, "shift")?);
        // a shift by half a million bits is more than any number in range has
        c.charge(by.saturating_mul(256))?;
        Ok(Number::from(value << by).into())
    });
    b.function("Rsh", &[I, I], I, |c| {
        let (value, by) = (c.integer(0)?, count(c.i64(1)?, "shift")?);
        Ok(Number::from(value >> by).into())
    });
    b.function("At", &[I, I], I, |c| {
        let at = count(c.i64(1)?, "bit index")?;
        let bit = c.integer(0)?.bit(at as u64);
        Ok(i64::from(bit).into())
    });
    b.function("Set", &[I, I, I], I, |c| {
        let (mut value, at) = (c.integer(0)?, count(c.i64(1)?, "bit index")?);
        c.charge(at.saturating_mul(256))?;
        let bit = match c.i64(2)? {
            0 => false,
            1 => true,
            other => return Err(Failure::eval(format!("`{other}` is no bit"))),
        };
        value.set_bit(at as u64, bit);
        Ok(Number::from(value).into())
    });
    bit_pair(b, "And", |x, y| x & y);
    bit_pair(b, "Or", |x, y| x | y);
    bit_pair(b, "Xor", |x, y| x ^ y);
    bit_pair(b, "Clear", |x, y| x & !y);
    b.function("OnesCount", &[I], I, |c| {
        let ones = c.integer(0)?.magnitude().count_ones();
        Ok(i64::try_from(ones).unwrap_or(i64::MAX).into())
    });
    b.function("Len", &[I], I, |c| {
        let bits = c.integer(0)?.bits();
        Ok(i64::try_from(bits).unwrap_or(i64::MAX).into())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jacobi_symbols() {
        let symbol = |a: i64, n: i64| jacobi(BigInt::from(a), BigInt::from(n));
        assert_eq!(symbol(1000, 2001), Some(1));
        assert_eq!(symbol(5, 21), Some(1));
        assert_eq!(symbol(2, 15), Some(1));
        assert_eq!(symbol(2, 3), Some(-1));
        assert_eq!(symbol(6, 9), Some(0));
        assert_eq!(symbol(1, 2), None);
    }
}
