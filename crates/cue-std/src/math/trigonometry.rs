//! Sine, cosine, tangent and their inverses.
//!
//! An angle is reduced to an eighth of a circle: by a three-part pi/4 up to 2^29, beyond it with as
//! many bits of 4/pi as the angle needs (M. Payne and R. Hanek). As in Go's package `math`, which
//! follows S. L. Moshier's Cephes; results have the same bits on every machine.
#![expect(
    clippy::many_single_char_names,
    reason = "formulas keep the letters of the literature"
)]

use super::descending;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const SIN: [f64; 6] = [
    1.589_623_015_765_465_6e-10,
    -2.505_074_776_285_780_7e-8,
    2.755_731_362_138_572_2e-6,
    -0.000_198_412_698_295_895_4,
    0.008_333_333_333_322_118,
    -0.166_666_666_666_666_3,
];
const COS: [f64; 6] = [
    -1.135_853_652_138_768_2e-11,
    2.087_570_084_197_473e-9,
    -2.755_731_417_929_674e-7,
    2.480_158_728_885_170_4e-5,
    -0.001_388_888_888_887_305_6,
    0.041_666_666_666_666_595,
];
const TAN_OVER: [f64; 3] = [
    -13_093.693_918_138_379,
    1_153_516.648_385_874_2,
    -17_956_525.197_648_488,
];
const TAN_UNDER: [f64; 5] = [
    1.0,
    13_681.296_347_069_296,
    -1_320_892.344_402_109_7,
    25_008_380.182_335_79,
    -53_869_575.592_945_464,
];
const ATAN_OVER: [f64; 5] = [
    -0.875_060_860_003_190_4,
    -16.157_537_187_333_652,
    -75.008_557_923_147_05,
    -122.886_668_449_013_61,
    -64.850_219_049_420_25,
];
const ATAN_UNDER: [f64; 6] = [
    1.0,
    24.858_464_901_423_062,
    165.027_009_831_698_85,
    432.881_060_491_290_27,
    485.390_399_635_913_7,
    194.550_657_148_261_4,
];
/// pi/4 in three parts, the first two with zeros at their ends.
const PARTS: [f64; 3] = [
    0.785_398_125_648_498_5,
    3.774_894_707_930_798e-8,
    2.695_151_429_079_059_5e-15,
];
/// The bits of 4/pi, the first word being its whole part.
const FOUR_OVER_PI: [u64; 20] = [
    0x0000_0000_0000_0001,
    0x45f3_06dc_9c88_2a53,
    0xf84e_afa3_ea69_bb81,
    0xb6c5_2b32_7887_2083,
    0xfca2_c757_bd77_8ac3,
    0x6e48_dc74_849b_a5c0,
    0x0c92_5dd4_13a3_2439,
    0xfc3b_d639_6253_4e7d,
    0xd104_6bea_5d76_8909,
    0xd338_e04d_68be_fc82,
    0x7323_ac73_06a6_73e9,
    0x3908_bf17_7bf2_5076,
    0x3ff1_2fff_bc0b_301f,
    0xde5e_2316_b414_da3e,
    0xda6c_fd9e_4f96_136e,
    0x9e8c_7ecd_3cbf_d45a,
    0xea4f_758f_d7cb_e2f6,
    0x7a0e_73ef_14a5_25d4,
    0xd7f6_bf62_3f1a_ba10,
    0xac06_608d_f8f6_d757,
];

/// The octant of an angle that is not negative, and what is left of the angle there.
fn reduce(x: f64) -> (u64, f64) {
    if x >= f64::from(1 << 29) {
        return reduce_large(x);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the angle is below 2^29 and not negative"
    )]
    let mut octant = (x * (4.0 / PI)) as u64;
    octant += octant & 1;
    #[expect(clippy::cast_precision_loss, reason = "it is below 2^30")]
    let y = octant as f64;
    let [a, b, c] = PARTS;
    (octant & 7, ((x - y * a) - y * b) - y * c)
}

fn reduce_large(x: f64) -> (u64, f64) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff).saturating_sub(1023 + 52 - 61);
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    let (digit, shift) = (usize::try_from(exponent / 64).unwrap_or(0), exponent % 64);
    let word = |at: usize| {
        let get = |at: usize| FOUR_OVER_PI.get(at).copied().unwrap_or(0);
        let low = if shift == 0 {
            0
        } else {
            get(digit + at + 1) >> (64 - shift)
        };
        get(digit + at) << shift | low
    };
    let product = |word: u64| u128::from(word) * u128::from(mantissa);
    // the words that count of the product: its whole part modulo 8, and the fraction
    let high = u128::from(word(0).wrapping_mul(mantissa)) << 64;
    let sum = high
        .wrapping_add(product(word(1)))
        .wrapping_add(product(word(2)) >> 64);
    let octant = u64::try_from(sum >> 125).unwrap_or(0);
    let fraction = sum << 3;
    let lead = u64::from((u64::try_from(fraction >> 64).unwrap_or(0)).leading_zeros());
    let digits = u64::try_from(fraction << lead << 1 >> 76).unwrap_or(0);
    let z = f64::from_bits(digits | (1023 - (lead + 1)) << 52);
    if octant & 1 == 1 {
        ((octant + 1) & 7, (z - 1.0) * FRAC_PI_4)
    } else {
        (octant, z * FRAC_PI_4)
    }
}

fn sine_series(z: f64) -> f64 {
    let zz = z * z;
    z + z * zz * descending(zz, &SIN)
}

fn cosine_series(z: f64) -> f64 {
    let zz = z * z;
    1.0 - 0.5 * zz + zz * zz * descending(zz, &COS)
}

/// The sine.
pub(super) fn sin(x: f64) -> f64 {
    if x.is_nan() || x.abs() <= 0.0 {
        return x;
    }
    if x.is_infinite() {
        return f64::NAN;
    }
    let (octant, z) = reduce(x.abs());
    let y = match octant & 3 {
        1 | 2 => cosine_series(z),
        _ => sine_series(z),
    };
    if (x < 0.0) == (octant > 3) { y } else { -y }
}

/// The cosine.
pub(super) fn cos(x: f64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    let (octant, z) = reduce(x.abs());
    let y = match octant & 3 {
        1 | 2 => sine_series(z),
        _ => cosine_series(z),
    };
    if (octant > 3) == (octant & 3 > 1) {
        y
    } else {
        -y
    }
}

/// The tangent.
pub(super) fn tan(x: f64) -> f64 {
    if x.is_nan() || x.abs() <= 0.0 {
        return x;
    }
    if x.is_infinite() {
        return f64::NAN;
    }
    let (octant, z) = reduce(x.abs());
    let zz = z * z;
    let mut y = z;
    if zz > 1e-14 {
        y = z + z * (zz * descending(zz, &TAN_OVER) / descending(zz, &TAN_UNDER));
    }
    if octant & 2 == 2 {
        y = -1.0 / y;
    }
    if x < 0.0 { -y } else { y }
}

/// The arc tangent of 0.66 at most.
fn atan_series(x: f64) -> f64 {
    let z = x * x;
    let z = z * descending(z, &ATAN_OVER) / descending(z, &ATAN_UNDER);
    x * z + x
}

/// The arc tangent of a number that is not negative.
fn atan_positive(x: f64) -> f64 {
    // what pi/2 lacks as a float
    const MORE: f64 = 6.123_233_995_736_766e-17;
    if x <= 0.66 {
        return atan_series(x);
    }
    if x > 2.414_213_562_373_095 {
        return FRAC_PI_2 - atan_series(1.0 / x) + MORE;
    }
    FRAC_PI_4 + atan_series((x - 1.0) / (x + 1.0)) + 0.5 * MORE
}

/// The arc tangent.
pub(super) fn atan(x: f64) -> f64 {
    if x.abs() <= 0.0 {
        x
    } else if x > 0.0 {
        atan_positive(x)
    } else {
        -atan_positive(-x)
    }
}

/// The angle of a point.
pub(super) fn atan2(y: f64, x: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if y.abs() <= 0.0 {
        let angle = if x.is_sign_negative() { PI } else { 0.0 };
        return angle.copysign(y);
    }
    if x.abs() <= 0.0 {
        return FRAC_PI_2.copysign(y);
    }
    if x.is_infinite() {
        let angle = match (x > 0.0, y.is_infinite()) {
            (true, true) => FRAC_PI_4,
            (true, false) => 0.0,
            (false, true) => 3.0 * FRAC_PI_4,
            (false, false) => PI,
        };
        return angle.copysign(y);
    }
    if y.is_infinite() {
        return FRAC_PI_2.copysign(y);
    }
    let q = atan(y / x);
    match (x < 0.0, q <= 0.0) {
        (true, true) => q + PI,
        (true, false) => q - PI,
        (false, _) => q,
    }
}

/// The arc sine; not a number beyond 1.
pub(super) fn asin(x: f64) -> f64 {
    if x.abs() <= 0.0 {
        return x;
    }
    let magnitude = x.abs();
    if magnitude > 1.0 || x.is_nan() {
        return f64::NAN;
    }
    let other = (1.0 - magnitude * magnitude).sqrt();
    let angle = if magnitude > 0.7 {
        FRAC_PI_2 - atan_positive(other / magnitude)
    } else {
        atan_positive(magnitude / other)
    };
    if x < 0.0 { -angle } else { angle }
}

/// The arc cosine; not a number beyond 1.
pub(super) fn acos(x: f64) -> f64 {
    FRAC_PI_2 - asin(x)
}
