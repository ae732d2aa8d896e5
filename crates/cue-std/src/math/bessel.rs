//! Bessel functions of the first (J) and second (Y) kind, of integer order.
//!
//! Below 2 a quotient of polynomials, above it the asymptotic form with sine and cosine; higher
//! orders by recurrence, upwards where that is stable and otherwise by a continued fraction and
//! downwards. As in Go's package `math`, which follows FreeBSD's `e_j0.c`, `e_j1.c` and `e_jn.c`.
#![expect(
    clippy::many_single_char_names,
    reason = "formulas keep the letters of the literature"
)]

use super::ascending;
use super::elementary::{cos, log, sin};
use std::f64::consts::{FRAC_2_PI, FRAC_2_SQRT_PI};

/// `1/sqrt(pi)`.
const INVERSE_SQRT_PI: f64 = FRAC_2_SQRT_PI / 2.0;

const J0_OVER: [f64; 4] = [
    0.015_624_999_999_999_995,
    -0.000_189_979_294_238_854_72,
    1.829_540_495_327_006_7e-6,
    -4.618_326_885_321_032e-9,
];
const J0_UNDER: [f64; 5] = [
    1.0,
    0.015_619_102_946_489_001,
    0.000_116_926_784_663_337_45,
    5.135_465_502_073_181e-7,
    1.166_140_033_337_9e-9,
];
const Y0_OVER: [f64; 7] = [
    -0.073_804_295_108_687_23,
    0.176_666_452_509_181_12,
    -0.013_818_567_194_559_69,
    0.000_347_453_432_093_683_65,
    -3.814_070_537_243_641_6e-6,
    1.955_901_370_350_229_2e-8,
    -3.982_051_941_321_034e-11,
];
const Y0_UNDER: [f64; 5] = [
    1.0,
    0.012_730_483_483_412_37,
    7.600_686_273_503_533e-5,
    2.591_508_518_404_578e-7,
    4.411_103_113_326_754_7e-10,
];
const J1_OVER: [f64; 4] = [
    -0.062_5,
    0.001_407_056_669_551_897,
    -1.599_556_310_840_356e-5,
    4.967_279_996_095_844_5e-8,
];
const J1_UNDER: [f64; 6] = [
    1.0,
    0.019_153_759_953_836_346,
    0.000_185_946_785_588_630_92,
    1.177_184_640_426_236_8e-6,
    5.046_362_570_762_170_4e-9,
    1.235_422_744_261_379_1e-11,
];
const Y1_OVER: [f64; 5] = [
    -0.196_057_090_646_238_94,
    0.050_443_871_663_981_13,
    -0.001_912_568_958_757_635_5,
    2.352_526_005_616_105e-5,
    -9.190_991_580_398_789e-8,
];
const Y1_UNDER: [f64; 6] = [
    1.0,
    0.019_916_731_823_664_99,
    0.000_202_552_581_025_135_17,
    1.356_088_010_975_162_3e-6,
    6.227_414_523_646_215e-9,
    1.665_592_462_079_920_8e-11,
];
/// For arguments from 8, 4.5454, 2.8571 and 2 upwards: numerator and denominator.
const P0: [([f64; 6], [f64; 6]); 4] = [
    (
        [
            0.0,
            -0.070_312_499_999_990_04,
            -8.081_670_412_753_498,
            -257.063_105_679_704_85,
            -2_485.216_410_094_288,
            -5_253.043_804_907_295,
        ],
        [
            1.0,
            116.534_364_619_668_18,
            3_833.744_753_641_218_3,
            40_597.857_264_847_255,
            116_752.972_564_375_92,
            47_627.728_414_673_096,
        ],
    ),
    (
        [
            -1.141_254_646_918_945e-11,
            -0.070_312_494_087_359_93,
            -4.159_610_644_705_878,
            -67.674_765_226_516_73,
            -331.231_299_649_172_97,
            -346.433_388_365_604_9,
        ],
        [
            1.0,
            60.753_938_269_230_034,
            1_051.252_305_957_045_8,
            5_978.970_943_338_558,
            9_625.445_143_577_745,
            2_406.058_159_229_391,
        ],
    ),
    (
        [
            -2.547_046_017_719_519e-9,
            -0.070_311_961_638_148_17,
            -2.409_032_215_495_296,
            -21.965_977_473_488_31,
            -58.079_170_470_173_76,
            -31.447_947_059_488_85,
        ],
        [
            1.0,
            35.856_033_805_520_97,
            361.513_983_050_303_86,
            1_193.607_837_921_115_3,
            1_127.996_798_569_074_1,
            173.580_930_813_335_75,
        ],
    ),
    (
        [
            -8.875_343_330_325_264e-8,
            -0.070_303_099_548_362_47,
            -1.450_738_467_809_529_9,
            -7.635_696_138_235_278,
            -11.193_166_886_035_675,
            -3.233_645_793_513_353_4,
        ],
        [
            1.0,
            22.220_299_753_208_88,
            136.206_794_218_215_2,
            270.470_278_658_083_5,
            153.875_394_208_320_33,
            14.657_617_694_825_62,
        ],
    ),
];
/// For arguments from 8, 4.5454, 2.8571 and 2 upwards: numerator and denominator.
const Q0: [([f64; 6], [f64; 7]); 4] = [
    (
        [
            0.0,
            0.073_242_187_499_993_5,
            11.768_206_468_225_27,
            557.673_380_256_401_9,
            8_859.197_207_564_686,
            37_014.626_777_688_78,
        ],
        [
            1.0,
            163.776_026_895_689_82,
            8_098.344_946_564_498,
            142_538.291_419_120_48,
            803_309.257_119_514_4,
            840_501.579_819_060_5,
            -343_899.293_537_866_6,
        ],
    ),
    (
        [
            1.840_859_635_945_155_3e-11,
            0.073_242_176_661_268_48,
            5.835_635_089_620_569_5,
            135.111_577_286_449_83,
            1_027.243_765_961_641,
            1_989.977_858_646_053_8,
        ],
        [
            1.0,
            82.776_610_223_653_78,
            2_077.814_164_213_93,
            18_847.288_778_571_81,
            56_751.112_289_494_73,
            35_976.753_842_511_45,
            -5_354.342_756_019_448,
        ],
    ),
    (
        [
            4.377_410_140_897_386e-9,
            0.073_241_118_004_291_14,
            3.344_231_375_161_707,
            42.621_844_074_541_265,
            170.808_091_340_565_6,
            166.733_948_696_651_17,
        ],
        [
            1.0,
            48.758_872_972_458_72,
            709.689_221_056_606,
            3_704.148_226_201_113_6,
            6_460.425_167_525_689,
            2_516.333_689_203_689_6,
            -149.247_451_836_156_4,
        ],
    ),
    (
        [
            1.504_444_448_869_832_7e-7,
            0.073_223_426_596_307_93,
            1.998_191_740_938_16,
            14.495_602_934_788_574,
            31.666_231_750_478_154,
            16.252_707_571_092_927,
        ],
        [
            1.0,
            30.365_584_835_521_92,
            269.348_118_608_049_84,
            844.783_757_595_320_1,
            882.935_845_112_488_6,
            212.666_388_511_798_83,
            -5.310_954_938_826_669_5,
        ],
    ),
];
/// For arguments from 8, 4.5454, 2.8571 and 2 upwards: numerator and denominator.
const P1: [([f64; 6], [f64; 6]); 4] = [
    (
        [
            0.0,
            0.117_187_499_999_988_65,
            13.239_480_659_307_358,
            412.051_854_307_378_56,
            3_874.745_389_139_605_3,
            7_914.479_540_318_917,
        ],
        [
            1.0,
            114.207_370_375_678_41,
            3_650.930_834_208_534_6,
            36_956.206_026_903_346,
            97_602.793_593_495_08,
            30_804.272_062_788_88,
        ],
    ),
    (
        [
            1.319_905_195_562_435_2e-11,
            0.117_187_493_190_614_1,
            6.802_751_278_684_329,
            108.308_182_990_189_11,
            517.636_139_533_199_8,
            528.715_201_363_337_5,
        ],
        [
            1.0,
            59.280_598_722_113_13,
            991.401_418_733_614_4,
            5_353.266_952_914_88,
            7_844.690_317_495_512,
            1_504.046_888_103_610_6,
        ],
    ),
    (
        [
            3.025_039_161_373_736e-9,
            0.117_186_865_567_253_59,
            3.932_977_500_333_156_4,
            35.119_403_559_163_69,
            91.055_011_075_078_13,
            48.559_068_519_736_49,
        ],
        [
            1.0,
            34.791_309_500_125_15,
            336.762_458_747_825_75,
            1_046.871_399_757_751_3,
            890.811_346_398_256_4,
            103.787_932_439_639_28,
        ],
    ),
    (
        [
            1.077_108_301_068_737_4e-7,
            0.117_176_219_462_683_35,
            2.368_514_966_676_088,
            12.242_610_914_826_123,
            17.693_971_127_168_773,
            5.073_523_125_888_185,
        ],
        [
            1.0,
            21.436_485_936_382_14,
            125.290_227_168_402_75,
            232.276_469_057_162_8,
            117.679_373_287_147_1,
            8.364_638_933_716_183,
        ],
    ),
];
/// For arguments from 8, 4.5454, 2.8571 and 2 upwards: numerator and denominator.
const Q1: [([f64; 6], [f64; 7]); 4] = [
    (
        [
            0.0,
            -0.102_539_062_499_992_71,
            -16.271_753_454_459,
            -759.601_722_513_950_1,
            -11_849.806_670_242_959,
            -48_438.512_428_575_035,
        ],
        [
            1.0,
            161.395_369_700_722_9,
            7_825.385_999_233_485,
            133_875.336_287_249_58,
            719_657.723_683_240_9,
            666_601.232_617_776_4,
            -294_490.264_303_834_64,
        ],
    ),
    (
        [
            -2.089_799_311_417_641e-11,
            -0.102_539_050_241_375_43,
            -8.056_448_281_239_36,
            -183.669_607_474_888_38,
            -1_373.193_760_655_081_6,
            -2_612.444_404_532_156_6,
        ],
        [
            1.0,
            81.276_550_138_433_58,
            1_991.798_734_604_859_6,
            17_468.485_192_490_89,
            49_851.427_091_035_23,
            27_948.075_163_891_812,
            -4_719.183_547_951_285,
        ],
    ),
    (
        [
            -5.078_312_264_617_666e-9,
            -0.102_537_829_820_837_09,
            -4.610_115_811_394_734,
            -57.847_221_656_278_364,
            -228.244_540_737_631_7,
            -219.210_128_478_909_33,
        ],
        [
            1.0,
            47.665_155_032_372_95,
            673.865_112_676_699_7,
            3_380.152_866_795_263_4,
            5_547.729_097_207_228,
            1_903.119_193_388_108,
            -135.201_191_444_307_34,
        ],
    ),
    (
        [
            -1.783_817_275_109_588_7e-7,
            -0.102_517_042_607_985_55,
            -2.752_205_682_781_874_6,
            -19.663_616_264_370_372,
            -42.325_313_337_283_05,
            -21.371_921_170_370_406,
        ],
        [
            1.0,
            29.533_362_906_052_385,
            252.981_549_982_190_53,
            757.502_834_868_645_4,
            739.393_205_320_467_2,
            155.949_003_336_666_12,
            -4.959_498_988_226_282,
        ],
    ),
];

fn quotient<const N: usize, const M: usize>(x: f64, table: &[([f64; N], [f64; M]); 4]) -> f64 {
    let row = match x {
        x if x >= 8.0 => 0,
        x if x >= 4.5454 => 1,
        x if x >= 2.8571 => 2,
        _ => 3,
    };
    let z = 1.0 / (x * x);
    table.get(row).map_or(0.0, |(over, under)| {
        ascending(z, over) / ascending(z, under)
    })
}

/// Which function the asymptotic form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    J,
    Y,
}

/// The asymptotic form of order zero for `x` of 2 and more.
fn far_zero(x: f64, family: Family) -> f64 {
    let (s, c) = (sin(x), cos(x));
    let (mut ss, mut cc) = (s - c, s + c);
    if x < f64::MAX / 2.0 {
        let z = -cos(x + x);
        if s * c < 0.0 {
            cc = z / ss;
        } else {
            ss = z / cc;
        }
    }
    let (u, v) = if x > 2f64.powi(129) {
        (1.0, 0.0)
    } else {
        (1.0 + quotient(x, &P0), (-0.125 + quotient(x, &Q0)) / x)
    };
    far(x, family, (u, v), (ss, cc))
}

/// The asymptotic form of order one for `x` of 2 and more.
fn far_one(x: f64, family: Family) -> f64 {
    let (s, c) = (sin(x), cos(x));
    let (mut ss, mut cc) = (-s - c, s - c);
    if x < f64::MAX / 2.0 {
        let z = cos(x + x);
        if s * c > 0.0 {
            cc = z / ss;
        } else {
            ss = z / cc;
        }
    }
    let (u, v) = if x > 2f64.powi(129) {
        (1.0, 0.0)
    } else {
        (1.0 + quotient(x, &P1), (0.375 + quotient(x, &Q1)) / x)
    };
    far(x, family, (u, v), (ss, cc))
}

fn far(x: f64, family: Family, (u, v): (f64, f64), (ss, cc): (f64, f64)) -> f64 {
    let wave = match family {
        Family::J => u * cc - v * ss,
        Family::Y => u * ss + v * cc,
    };
    INVERSE_SQRT_PI * wave / x.sqrt()
}

/// J of order zero.
pub(super) fn j0(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let x = x.abs();
    if x.is_infinite() {
        return 0.0;
    }
    if x >= 2.0 {
        return far_zero(x, Family::J);
    }
    if x < 2f64.powi(-13) {
        return if x < 2f64.powi(-27) {
            1.0
        } else {
            1.0 - 0.25 * x * x
        };
    }
    let z = x * x;
    let (r, s) = (z * ascending(z, &J0_OVER), ascending(z, &J0_UNDER));
    if x < 1.0 {
        return 1.0 + z * (-0.25 + (r / s));
    }
    let u = 0.5 * x;
    (1.0 + u) * (1.0 - u) + z * (r / s)
}

/// What Y of every order is where there is nothing to compute.
fn y_special(x: f64) -> Option<f64> {
    match x {
        x if x < 0.0 || x.is_nan() => Some(f64::NAN),
        f64::INFINITY => Some(0.0),
        x if x <= 0.0 => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Y of order zero.
pub(super) fn y0(x: f64) -> f64 {
    if let Some(value) = y_special(x) {
        return value;
    }
    if x >= 2.0 {
        return far_zero(x, Family::Y);
    }
    if x <= 2f64.powi(-27) {
        return Y0_OVER[0] + FRAC_2_PI * log(x);
    }
    let z = x * x;
    ascending(z, &Y0_OVER) / ascending(z, &Y0_UNDER) + FRAC_2_PI * j0(x) * log(x)
}

/// J of order one.
pub(super) fn j1(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return 0.0;
    }
    let (magnitude, negative) = (x.abs(), x < 0.0);
    let value = if magnitude >= 2.0 {
        far_one(magnitude, Family::J)
    } else if magnitude < 2f64.powi(-27) {
        0.5 * magnitude
    } else {
        let z = magnitude * magnitude;
        let r = z * ascending(z, &J1_OVER) * magnitude;
        0.5 * magnitude + r / ascending(z, &J1_UNDER)
    };
    if negative { -value } else { value }
}

/// Y of order one.
pub(super) fn y1(x: f64) -> f64 {
    if let Some(value) = y_special(x) {
        return value;
    }
    if x >= 2.0 {
        return far_one(x, Family::Y);
    }
    if x <= 2f64.powi(-54) {
        return -FRAC_2_PI / x;
    }
    let z = x * x;
    let near = ascending(z, &Y1_OVER) / ascending(z, &Y1_UNDER);
    x * near + FRAC_2_PI * (j1(x) * log(x) - 1.0 / x)
}

/// The wave of very large arguments, whose phase depends on the order's remainder by four.
fn enormous(order: i32, x: f64, family: Family) -> f64 {
    let (s, c) = (sin(x), cos(x));
    let wave = match (family, order & 3) {
        (Family::J, 0) | (Family::Y, 3) => s + c,
        (Family::J, 1) | (Family::Y, 0) => s - c,
        (Family::J, 2) | (Family::Y, 1) => -s - c,
        _ => c - s,
    };
    INVERSE_SQRT_PI * wave / x.sqrt()
}

/// J of any order; orders beyond `i32` are refused before.
pub(super) fn jn(order: i32, x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return 0.0;
    }
    if order == 0 {
        return j0(x);
    }
    if x.abs() <= 0.0 {
        return 0.0;
    }
    let (order, x) = if order < 0 { (-order, -x) } else { (order, x) };
    if order == 1 {
        return j1(x);
    }
    let negative = x < 0.0 && order & 1 == 1;
    let x = x.abs();
    let value = if f64::from(order) <= x {
        if x >= 2f64.powi(302) {
            enormous(order, x, Family::J)
        } else {
            let (mut a, mut b) = (j0(x), j1(x));
            for i in 1..order {
                (a, b) = (b, b * (f64::from(i + i) / x) - a);
            }
            b
        }
    } else if x < 2f64.powi(-29) {
        first_term(order, x)
    } else {
        downwards(order, x)
    };
    if negative { -value } else { value }
}

/// `(x/2)^n / n!`, all that counts for a tiny argument.
fn first_term(order: i32, x: f64) -> f64 {
    if order > 33 {
        return 0.0;
    }
    let half = x * 0.5;
    let (mut power, mut factorial) = (half, 1.0);
    for i in 2..=order {
        factorial *= f64::from(i);
        power *= half;
    }
    power / factorial
}

/// The continued fraction for the quotient of two orders, then the recurrence down to order zero.
fn downwards(order: i32, x: f64) -> f64 {
    let (w, h) = (f64::from(order + order) / x, 2.0 / x);
    let mut z = w + h;
    let (mut q0, mut q1) = (w, w * z - 1.0);
    let mut terms = 1;
    while q1 < 1e9 {
        terms += 1;
        z += h;
        (q0, q1) = (q1, z * q1 - q0);
    }
    let mut t = 0.0;
    let mut i = 2 * (order + terms);
    while i >= order + order {
        t = 1.0 / (f64::from(i) / x - t);
        i -= 2;
    }
    let (mut a, mut b) = (t, 1.0);
    let size = f64::from(order);
    let scales = size * log((2.0 / x * size).abs()) >= 709.782_712_893_384;
    for i in (1..order).rev() {
        let di = f64::from(i + i);
        (a, b) = (b, b * di / x - a);
        if scales && b > 1e100 {
            a /= b;
            t /= b;
            b = 1.0;
        }
    }
    t * j0(x) / b
}

/// Y of any order; orders beyond `i32` are refused before.
pub(super) fn yn(order: i32, x: f64) -> f64 {
    if order == 0 {
        return y0(x);
    }
    let odd = order & 1 == 1;
    if let Some(value) = y_special(x) {
        return if order < 0 && odd && x.abs() <= 0.0 {
            f64::INFINITY
        } else {
            value
        };
    }
    let negative = order < 0 && odd;
    let order = order.abs();
    let value = if order == 1 {
        y1(x)
    } else if x >= 2f64.powi(302) {
        enormous(order, x, Family::Y)
    } else {
        let (mut a, mut b) = (y0(x), y1(x));
        for i in 1..order {
            if b.is_infinite() {
                break;
            }
            (a, b) = (b, (f64::from(i + i) / x) * b - a);
        }
        b
    };
    if negative { -value } else { value }
}
