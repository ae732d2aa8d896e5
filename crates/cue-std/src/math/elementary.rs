//! Exponential, logarithm, powers and what is made of them, on 64-bit floats.
//!
//! The operations and their order are those of Go's package `math` on its most common processor, so
//! that all digits agree; only additions, multiplications, divisions and square roots are used,
//! which have one result on every machine.
#![expect(
    clippy::many_single_char_names,
    reason = "formulas keep the letters of the literature"
)]

pub(super) use super::trigonometry::{cos, sin};

use super::{ascending, descending};
use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

/// ln 2 in two parts.
const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const LOG: [f64; 7] = [
    0.666_666_666_666_673_5,
    0.399_999_999_994_094_2,
    0.285_714_287_436_623_9,
    0.222_221_984_321_497_84,
    0.181_835_721_616_180_5,
    0.153_138_376_992_093_73,
    0.147_981_986_051_165_86,
];
const SINH_OVER: [f64; 4] = [
    -26.305_632_133_974_97,
    -2_894.211_355_989_564,
    -89_912.720_220_395_09,
    -630_767.364_049_771_7,
];
const SINH_UNDER: [f64; 4] = [
    1.0,
    -173.678_953_558_233_7,
    15_215.173_787_900_19,
    -630_767.364_049_771_7,
];
const TANH_OVER: [f64; 3] = [
    -0.964_399_179_425_052_3,
    -99.287_723_100_191_85,
    -1_614.687_684_417_084_5,
];
const TANH_UNDER: [f64; 4] = [
    1.0,
    112.811_678_491_632_93,
    2_235.488_390_601_004_5,
    4_844.063_053_251_255,
];

/// A fraction between a half and one, and a power of two.
fn frexp(x: f64) -> (f64, i32) {
    if x.abs() <= 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (x, shift) = if x.abs() < f64::MIN_POSITIVE {
        (x * 2f64.powi(52), -52)
    } else {
        (x, 0)
    };
    let bits = x.to_bits();
    let exponent = i32::try_from(bits >> 52 & 0x7ff).unwrap_or_default();
    let fraction = f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52);
    (fraction, exponent - 1022 + shift)
}

/// `x * 2^exponent`, rounded once.
pub(super) fn ldexp(x: f64, exponent: i64) -> f64 {
    let mut exponent = i32::try_from(exponent.clamp(-5000, 5000)).unwrap_or_default();
    let mut x = x;
    while exponent > 1000 {
        x *= 2f64.powi(1000);
        exponent -= 1000;
    }
    // the fraction is brought above the subnormal numbers first, so that it is rounded once only
    while exponent < -1000 && x.abs() > 2f64.powi(60) {
        x *= 2f64.powi(-1000);
        exponent += 1000;
    }
    if exponent < -960 {
        let (fraction, own) = frexp(x);
        let all = own + exponent;
        if all < -1080 {
            return 0.0f64.copysign(x);
        }
        return fraction * 2f64.powi(53) * 2f64.powi(all + 1000 - 53) * 2f64.powi(-1000);
    }
    x * 2f64.powi(exponent)
}

/// e to the power of `x`.
pub(super) fn exp(x: f64) -> f64 {
    const SERIES: [f64; 8] = [
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
    ];
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x > 709.782_712_893_384 {
        return f64::INFINITY;
    }
    if x < -800.0 {
        return 0.0;
    }
    let exponent = (x * LOG2_E).round_ties_even();
    let r = exponent.mul_add(-0.693_147_180_559_663, x);
    let r = exponent.mul_add(-2.823_529_056_303_157_6e-13, r) * 0.0625;
    let mut sum = SERIES[0];
    for term in SERIES.iter().skip(1) {
        sum = r.mul_add(sum, *term);
    }
    // e^r - 1, squared up four times: (y + 1)^2 - 1 = y * (y + 2)
    let mut y = r * sum;
    for _ in 0..3 {
        y *= y + 2.0;
    }
    let y = (y + 2.0).mul_add(y, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the exponent is between -1155 and 1024"
    )]
    let exponent = exponent as i64;
    match exponent {
        exponent if exponent >= 1024 => f64::INFINITY,
        exponent if exponent < -1074 => 0.0,
        exponent => ldexp(y, exponent),
    }
}

/// The series of the logarithm: what `s * (hfsq + R)` needs of `f`.
fn log_series(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let [l1, l2, l3, l4, l5, l6, l7] = LOG;
    let odd = s2 * (l1 + s4 * (l3 + s4 * (l5 + s4 * l7)));
    let even = s4 * (l2 + s4 * (l4 + s4 * l6));
    (s, odd + even)
}

/// The natural logarithm.
pub(super) fn log(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x <= 0.0 {
        return if x < 0.0 { f64::NAN } else { f64::NEG_INFINITY };
    }
    let (mut fraction, mut exponent) = frexp(x);
    if fraction < SQRT_2 / 2.0 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let (f, k) = (fraction - 1.0, f64::from(exponent));
    let (s, r) = log_series(f);
    let half = 0.5 * f * f;
    k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
}

/// The logarithm of `1 + x`.
pub(super) fn log1p(x: f64) -> f64 {
    if x.is_nan() || x < -1.0 {
        return f64::NAN;
    }
    if x <= -1.0 {
        return f64::NEG_INFINITY;
    }
    if x == f64::INFINITY {
        return x;
    }
    let magnitude = x.abs();
    if magnitude < 2f64.powi(-29) {
        return if magnitude < 2f64.powi(-54) {
            x
        } else {
            x - x * x * 0.5
        };
    }
    let (mut k, mut f, mut c, mut near_zero) = (0.0, x, 0.0, false);
    if !(-0.292_893_218_813_452_5..0.414_213_562_373_095_03).contains(&x)
        || x <= -0.292_893_218_813_452_5
    {
        let u = if magnitude < 2f64.powi(53) {
            1.0 + x
        } else {
            x
        };
        let bits = u.to_bits();
        let mut exponent = i32::try_from(bits >> 52).unwrap_or_default() - 1023;
        if magnitude < 2f64.powi(53) {
            c = if exponent > 0 {
                1.0 - (u - x)
            } else {
                x - (u - 1.0)
            };
            c /= u;
        }
        let mut mantissa = bits & 0x000f_ffff_ffff_ffff;
        let u = if mantissa < 0x0006_a09e_667f_3bcd {
            f64::from_bits(mantissa | 0x3ff0_0000_0000_0000)
        } else {
            exponent += 1;
            let halved = f64::from_bits(mantissa | 0x3fe0_0000_0000_0000);
            mantissa = (0x0010_0000_0000_0000 - mantissa) >> 2;
            halved
        };
        near_zero = mantissa == 0;
        f = u - 1.0;
        k = f64::from(exponent);
    }
    let half = 0.5 * f * f;
    let low = k * LN2_LOW + c;
    if near_zero {
        if f.abs() <= 0.0 {
            return k * LN2_HIGH + low;
        }
        let r = half * (1.0 - 0.666_666_666_666_666_6 * f);
        return k * LN2_HIGH - ((r - low) - f);
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * ascending(z, &LOG);
    if k.abs() <= 0.0 {
        return f - (half - s * (half + r));
    }
    k * LN2_HIGH - ((half - (s * (half + r) + low)) - f)
}

/// A positive number to a finite power.
pub(super) fn pow(x: f64, y: f64) -> f64 {
    let (mut whole, mut part) = (y.abs().trunc(), y.abs().fract());
    let mut product = 1.0;
    let mut exponent = 0i64;
    if part.abs() > 0.0 {
        if part > 0.5 {
            part -= 1.0;
            whole += 1.0;
        }
        product = exp(part * log(x));
    }
    let (mut factor, own) = frexp(x);
    let mut own = i64::from(own);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "powers of this size are out of range long before"
    )]
    let mut count = whole as u64;
    while count != 0 {
        if own.abs() > 1 << 12 {
            exponent += own;
            break;
        }
        if count & 1 == 1 {
            product *= factor;
            exponent += own;
        }
        factor *= factor;
        own <<= 1;
        if factor < 0.5 {
            factor += factor;
            own -= 1;
        }
        count >>= 1;
    }
    if y < 0.0 {
        product = 1.0 / product;
        exponent = -exponent;
    }
    ldexp(product, exponent)
}

/// The hyperbolic sine.
pub(super) fn sinh(x: f64) -> f64 {
    let magnitude = x.abs();
    let value = if magnitude > 21.0 {
        exp(magnitude) * 0.5
    } else if magnitude > 0.5 {
        let e = exp(magnitude);
        (e - 1.0 / e) * 0.5
    } else {
        let square = magnitude * magnitude;
        descending(square, &SINH_OVER) * magnitude / descending(square, &SINH_UNDER)
    };
    if x < 0.0 { -value } else { value }
}

/// The hyperbolic cosine.
pub(super) fn cosh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude > 21.0 {
        return exp(magnitude) * 0.5;
    }
    let e = exp(magnitude);
    (e + 1.0 / e) * 0.5
}

/// The hyperbolic tangent.
pub(super) fn tanh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude > 0.5 * 88.029_691_931_113_05 {
        return 1.0f64.copysign(x);
    }
    if magnitude >= 0.625 {
        let value = 1.0 - 2.0 / (exp(2.0 * magnitude) + 1.0);
        return if x < 0.0 { -value } else { value };
    }
    if magnitude <= 0.0 {
        return x;
    }
    let s = x * x;
    x + x * s * descending(s, &TANH_OVER) / descending(s, &TANH_UNDER)
}

/// The inverse of the hyperbolic sine.
pub(super) fn asinh(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    let magnitude = x.abs();
    let value = if magnitude > 2f64.powi(28) {
        log(magnitude) + LN_2
    } else if magnitude > 2.0 {
        log(2.0 * magnitude + 1.0 / ((magnitude * magnitude + 1.0).sqrt() + magnitude))
    } else if magnitude < 2f64.powi(-28) {
        magnitude
    } else {
        log1p(magnitude + magnitude * magnitude / (1.0 + (1.0 + magnitude * magnitude).sqrt()))
    };
    if x < 0.0 { -value } else { value }
}

/// The inverse of the hyperbolic cosine; not a number below 1.
pub(super) fn acosh(x: f64) -> f64 {
    if x < 1.0 || x.is_nan() {
        return f64::NAN;
    }
    if x <= 1.0 {
        return 0.0;
    }
    if x >= 2f64.powi(28) {
        return log(x) + LN_2;
    }
    if x > 2.0 {
        return log(2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt()));
    }
    let t = x - 1.0;
    log1p(t + (2.0 * t + t * t).sqrt())
}

/// The inverse of the hyperbolic tangent; not a number beyond 1.
pub(super) fn atanh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude > 1.0 || x.is_nan() {
        return f64::NAN;
    }
    let value = if magnitude >= 1.0 {
        f64::INFINITY
    } else if magnitude < 2f64.powi(-28) {
        magnitude
    } else if magnitude < 0.5 {
        let twice = magnitude + magnitude;
        0.5 * log1p(twice + twice * magnitude / (1.0 - magnitude))
    } else {
        0.5 * log1p((magnitude + magnitude) / (1.0 - magnitude))
    };
    if x < 0.0 { -value } else { value }
}

/// The length of the hypotenuse.
pub(super) fn hypot(p: f64, q: f64) -> f64 {
    let (p, q) = (p.abs(), q.abs());
    if p.is_infinite() || q.is_infinite() {
        return f64::INFINITY;
    }
    let (long, short) = if p < q { (q, p) } else { (p, q) };
    if long <= 0.0 {
        return 0.0;
    }
    let ratio = short / long;
    long * (1.0 + ratio * ratio).sqrt()
}

/// What is left of a division whose quotient is the nearest integer.
pub(super) fn remainder(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() || x.is_infinite() || y.abs() <= 0.0 {
        return f64::NAN;
    }
    if y.is_infinite() {
        return x;
    }
    let (mut left, y) = (x.abs(), y.abs());
    if left.total_cmp(&y).is_eq() {
        return 0.0f64.copysign(x);
    }
    if y <= f64::MAX / 2.0 {
        left %= y + y;
    }
    if y < 2.0 * f64::MIN_POSITIVE {
        if left + left > y {
            left -= y;
            if left + left >= y {
                left -= y;
            }
        }
    } else {
        let half = 0.5 * y;
        if left > half {
            left -= y;
            if left >= half {
                left -= y;
            }
        }
    }
    if x < 0.0 { -left } else { left }
}

/// The binary exponent of a finite number other than zero.
pub(super) fn exponent(x: f64) -> i32 {
    frexp(x).1 - 1
}
