//! The gamma function.
//!
//! Between 2 and 3 a quotient of polynomials, to which the recurrence brings other arguments;
//! Stirling's formula beyond 33, and reflection for what is negative there. As in Go's package
//! `math`, which follows S. L. Moshier's Cephes.

use super::descending;
use super::elementary::{exp, pow, sin};
use std::f64::consts::PI;

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;
const OVER: [f64; 7] = [
    0.000_160_119_522_476_751_85,
    0.001_191_351_470_065_863_8,
    0.010_421_379_756_176_158,
    0.047_636_780_045_713_72,
    0.207_448_227_648_435_98,
    0.494_214_826_801_497_1,
    1.0,
];
const UNDER: [f64; 8] = [
    -2.315_818_733_241_201_4e-5,
    0.000_539_605_580_493_303_4,
    -0.004_456_419_138_517_973,
    0.011_813_978_522_206_043,
    0.035_823_639_860_549_865,
    -0.234_591_795_718_243_35,
    0.071_430_491_703_027_3,
    1.0,
];
const STIRLING: [f64; 5] = [
    0.000_787_311_395_793_093_7,
    -0.000_229_549_961_613_378_13,
    -0.002_681_326_178_057_812_4,
    0.003_472_222_216_054_586_6,
    0.083_333_333_333_348_22,
];

/// The value as two factors, of which one alone may be out of range.
fn stirling(x: f64) -> (f64, f64) {
    if x > 200.0 {
        return (f64::INFINITY, 1.0);
    }
    let w = 1.0 / x;
    let w = 1.0 + w * descending(w, &STIRLING);
    let (first, second) = if x > 143.016_08 {
        let root = pow(x, 0.5 * x - 0.25);
        (root, root / exp(x))
    } else {
        (pow(x, x - 0.5) / exp(x), 1.0)
    };
    (first, 2.506_628_274_631_000_7 * w * second)
}

/// The gamma function; not a number for negative integers.
pub(super) fn gamma(x: f64) -> f64 {
    if x.is_nan() || (x < 0.0 && (x.is_infinite() || x.fract().abs() <= 0.0)) {
        return f64::NAN;
    }
    if x.is_infinite() {
        return x;
    }
    if x.abs() <= 0.0 {
        return 1.0 / x;
    }
    if x.abs() > 33.0 {
        return large(x);
    }
    let (mut x, mut z) = (x, 1.0);
    while x >= 3.0 {
        x -= 1.0;
        z *= x;
    }
    while x < 0.0 {
        if x > -1e-9 {
            return tiny(x, z);
        }
        z /= x;
        x += 1.0;
    }
    while x < 2.0 {
        if x < 1e-9 {
            return tiny(x, z);
        }
        z /= x;
        x += 1.0;
    }
    x -= 2.0;
    if x.abs() <= 0.0 {
        return z;
    }
    z * descending(x, &OVER) / descending(x, &UNDER)
}

fn tiny(x: f64, z: f64) -> f64 {
    if x.abs() <= 0.0 {
        f64::INFINITY
    } else {
        z / ((1.0 + EULER * x) * x)
    }
}

/// Beyond 33 in magnitude.
fn large(x: f64) -> f64 {
    if x >= 0.0 {
        let (first, second) = stirling(x);
        return first * second;
    }
    let q = x.abs();
    let floor = q.floor();
    let sign = if (floor / 2.0).fract().abs() <= 0.0 {
        -1.0
    } else {
        1.0
    };
    let mut z = q - floor;
    if z > 0.5 {
        z = q - (floor + 1.0);
    }
    let z = (q * sin(PI * z)).abs();
    if z <= 0.0 {
        return sign * f64::INFINITY;
    }
    let (first, second) = stirling(q);
    let d = z * first * second;
    let value = if d.is_infinite() {
        PI / z / first / second
    } else {
        PI / d
    };
    sign * value
}
