//! The error function, its complement and its inverse.
//!
//! Each interval of the argument has a quotient of polynomials of its own (W. J. Cody; P. J. Acklam
//! and M. J. Wichura for the inverse), in the form and order of operations of Go's package `math`.

use super::ascending;
use super::elementary::{exp, log};
use std::f64::consts::SQRT_2;

/// The value at 1, as far as 32 bits go.
const AT_ONE: f64 = 0.845_062_911_510_467_5;
/// `2/sqrt(pi) - 1`.
const SLOPE: f64 = 0.128_379_167_095_512_6;
const SMALL_OVER: [f64; 5] = [
    0.128_379_167_095_512_56,
    -0.325_042_107_247_001_5,
    -0.028_481_749_575_598_51,
    -0.005_770_270_296_489_442,
    -2.376_301_665_665_016_3e-5,
];
const SMALL_UNDER: [f64; 6] = [
    1.0,
    0.397_917_223_959_155_35,
    0.065_022_249_988_767_3,
    0.005_081_306_281_875_766,
    0.000_132_494_738_004_321_64,
    -3.960_228_278_775_368e-6,
];
const MIDDLE_OVER: [f64; 7] = [
    -0.002_362_118_560_752_659_4,
    0.414_856_118_683_748_33,
    -0.372_207_876_035_701_3,
    0.318_346_619_901_161_75,
    -0.110_894_694_282_396_68,
    0.035_478_304_325_618_236,
    -0.002_166_375_594_868_791,
];
const MIDDLE_UNDER: [f64; 7] = [
    1.0,
    0.106_420_880_400_844_23,
    0.540_397_917_702_171,
    0.071_828_654_414_196_27,
    0.126_171_219_808_761_64,
    0.013_637_083_912_029_05,
    0.011_984_499_846_799_107,
];
const LARGE_OVER: [f64; 8] = [
    -0.009_864_944_034_847_148,
    -0.693_858_572_707_181_8,
    -10.558_626_225_323_291,
    -62.375_332_450_326_006,
    -162.396_669_462_573_47,
    -184.605_092_906_711_04,
    -81.287_435_506_306_6,
    -9.814_329_344_169_145,
];
const LARGE_UNDER: [f64; 9] = [
    1.0,
    19.651_271_667_439_257,
    137.657_754_143_519_04,
    434.565_877_475_229_23,
    645.387_271_733_267_9,
    429.008_140_027_567_83,
    108.635_005_541_779_44,
    6.570_249_770_319_282,
    -0.060_424_415_214_858_1,
];
const HUGE_OVER: [f64; 7] = [
    -0.009_864_942_924_700_1,
    -0.799_283_237_680_523,
    -17.757_954_917_754_752,
    -160.636_384_855_821_92,
    -637.566_443_368_389_6,
    -1_025.095_131_611_077_2,
    -483.519_191_608_651_4,
];
const HUGE_UNDER: [f64; 8] = [
    1.0,
    30.338_060_743_482_46,
    325.792_512_996_573_9,
    1_536.729_586_084_437,
    3_199.858_219_508_595_5,
    2_553.050_406_433_164_4,
    474.528_541_206_955_37,
    -22.440_952_446_585_82,
];
const CENTRE_OVER: [f64; 8] = [
    1.197_532_311_567_091_3,
    47.072_688_112_383_98,
    697.062_665_343_896,
    4_854.886_889_384_388,
    16_235.862_515_167_575,
    23_782.041_382_114_385,
    11_819.493_347_062_295,
    887.094_069_625_455_2,
];
const CENTRE_UNDER: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const SIDE_OVER: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    0.000_774_545_014_278_341_4,
];
const SIDE_UNDER: [f64; 8] = [
    SQRT_2,
    2.903_651_444_541_994_8,
    2.370_766_162_602_453_4,
    0.975_478_320_017_874_3,
    0.209_450_652_105_127_5,
    0.021_494_160_384_252_878,
    0.000_774_414_590_651_577_1,
    1.485_985_001_984_035_5e-9,
];
const TAIL_OVER: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const TAIL_UNDER: [f64; 8] = [
    SQRT_2,
    0.848_290_841_659_516_4,
    0.193_648_094_695_065_91,
    0.021_036_937_682_720_69,
    0.001_112_800_997_078_859_7,
    2.611_088_405_080_593_5e-5,
    2.010_321_207_683_943e-7,
    2.891_024_605_872_965_5e-15,
];

/// `x` with the upper half of its bits.
fn coarse(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xffff_ffff_0000_0000)
}

/// `erfc(x) * x` for `x` of 1.25 and more.
fn tail(x: f64) -> f64 {
    let s = 1.0 / (x * x);
    let (over, under) = if x < 1.0 / 0.35 {
        (ascending(s, &LARGE_OVER), ascending(s, &LARGE_UNDER))
    } else {
        (ascending(s, &HUGE_OVER), ascending(s, &HUGE_UNDER))
    };
    let z = coarse(x);
    exp(-z * z - 0.5625) * exp((z - x) * (z + x) + over / under)
}

fn small(x: f64) -> f64 {
    let z = x * x;
    ascending(z, &SMALL_OVER) / ascending(z, &SMALL_UNDER)
}

fn middle(x: f64) -> f64 {
    let s = x - 1.0;
    ascending(s, &MIDDLE_OVER) / ascending(s, &MIDDLE_UNDER)
}

/// The error function.
pub(super) fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let (magnitude, sign) = (x.abs(), if x < 0.0 { -1.0 } else { 1.0 });
    let value = if magnitude < 0.843_75 {
        if magnitude < 1.0 / f64::from(1 << 28) {
            magnitude + SLOPE * magnitude
        } else {
            magnitude + magnitude * small(magnitude)
        }
    } else if magnitude < 1.25 {
        AT_ONE + middle(magnitude)
    } else if magnitude >= 6.0 {
        1.0
    } else {
        1.0 - tail(magnitude) / magnitude
    };
    sign * value
}

/// One minus the error function.
pub(super) fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let (magnitude, negative) = (x.abs(), x < 0.0);
    if magnitude < 0.843_75 {
        let value = if magnitude < 2f64.powi(-56) {
            magnitude
        } else {
            let y = small(magnitude);
            if magnitude < 0.25 {
                magnitude + magnitude * y
            } else {
                0.5 + (magnitude * y + (magnitude - 0.5))
            }
        };
        return if negative { 1.0 + value } else { 1.0 - value };
    }
    if magnitude < 1.25 {
        let value = middle(magnitude);
        return if negative {
            1.0 + AT_ONE + value
        } else {
            1.0 - AT_ONE - value
        };
    }
    let far = if negative { 6.0 } else { 28.0 };
    let value = if magnitude < 28.0 && (magnitude <= far || magnitude < 1.0 / 0.35) {
        tail(magnitude) / magnitude
    } else {
        0.0
    };
    if negative { 2.0 - value } else { value }
}

/// The number whose error function is `x`.
pub(super) fn erfinv(x: f64) -> f64 {
    let magnitude = x.abs();
    if x.is_nan() || magnitude > 1.0 {
        return f64::NAN;
    }
    let value = if magnitude >= 1.0 {
        f64::INFINITY
    } else if magnitude <= 0.85 {
        let r = 0.180_625 - 0.25 * magnitude * magnitude;
        (magnitude * ascending(r, &CENTRE_OVER)) / ascending(r, &CENTRE_UNDER)
    } else {
        let r = (std::f64::consts::LN_2 - log(1.0 - magnitude)).sqrt();
        if r <= 5.0 {
            ascending(r - 1.6, &SIDE_OVER) / ascending(r - 1.6, &SIDE_UNDER)
        } else {
            ascending(r - 5.0, &TAIL_OVER) / ascending(r - 5.0, &TAIL_UNDER)
        }
    };
    if x < 0.0 { -value } else { value }
}
