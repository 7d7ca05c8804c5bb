//! Tails and densities of the normal law for many numbers at a time, with the bits of the functions for one.
//!
//! The steps are those of `erfc` and `exp` of the `libm` crate (after FreeBSD's `s_erf.c` and `e_exp.c`, Sun Microsystems 1993), in the
//! same order and without fused products, so that nothing is rounded otherwise. Numbers are sorted by the interval of the
//! approximation first; then a loop has no branches, and the widest vectors of the processor work on it.

use std::f64::consts::FRAC_1_SQRT_2;

/// Standard deviations beyond which an upper tail is 0 or 1 to the last bit.
pub const REACH: f64 = 8.5;

/// Ends of the intervals of the approximation of `erfc`, as the library compares them: by their upper halves.
const FIRST: f64 = 0.84375;
const SECOND: f64 = 1.25;
const THIRD: f64 = f64::from_bits(0x4006_db6d_0000_0000);

/// Intervals of the approximation.
const N_INTERVALS: usize = 4;

/// The most numbers that are computed together: they stay in the nearest memory.
pub const MOST: usize = 2048;

/// Numbers of one interval, and where their tails belong.
#[derive(Debug, Clone)]
struct Interval {
    n: usize,
    /// Arguments of `erfc`, then tails.
    x: [f64; MOST],
    places: [u32; MOST],
}

/// Upper tails `1 − Φ(z)` to be computed together, and densities beside them.
#[derive(Debug, Clone)]
pub struct Tails {
    intervals: Box<[Interval; N_INTERVALS]>,
    n: usize,
    /// The tails in the order in which they were asked for.
    pub tails: Box<[f64; MOST]>,
    /// What densities are asked for, then `e^(−z²/2)`.
    pub densities: Vec<f64>,
}

impl Default for Tails {
    fn default() -> Self {
        let interval = || Interval { n: 0, x: [0.0; MOST], places: [0; MOST] };
        let intervals = Box::new(std::array::from_fn(|_| interval()));
        Tails { intervals, n: 0, tails: Box::new([0.0; MOST]), densities: Vec::new() }
    }
}

impl Tails {
    /// Forgets everything but the memory.
    pub fn clear(&mut self) {
        self.intervals.iter_mut().for_each(|interval| interval.n = 0);
        self.n = 0;
        self.densities.clear();
    }

    /// Asks for the tails of the first `n` numbers, of [`MOST`] at most in all; returns where they will begin.
    #[inline(always)]
    pub fn ask<const N: usize>(&mut self, all: &[f64; N], n: usize) -> usize {
        let first = self.n;
        self.n += n;
        let (mut x, mut intervals) = ([0.0; N], [0_u64; N]);
        for k in 0..N {
            x[k] = -all[k] * FRAC_1_SQRT_2;
            let size = x[k].abs();
            intervals[k] =
                u64::from(size >= FIRST) + u64::from(size >= SECOND) + u64::from(size >= THIRD);
        }
        for k in 0..n.min(N) {
            let place = (first + k) % MOST;
            self.tails[place] = if all[k] < -REACH { 1.0 } else { 0.0 };
            if all[k].abs() > REACH {
                continue;
            }
            let interval = &mut self.intervals[intervals[k] as usize % N_INTERVALS];
            let at = interval.n % MOST;
            interval.x[at] = x[k];
            interval.places[at] = place as u32;
            interval.n = at + 1;
        }
        first
    }

    /// Computes everything that was asked for.
    #[inline(always)]
    pub fn settle(&mut self) {
        let [near, second, third, far] = &mut *self.intervals;
        for x in &mut near.x[..near.n] {
            *x = tail(erfc_near(*x));
        }
        for x in &mut second.x[..second.n] {
            *x = tail(erfc_second(*x));
        }
        for x in &mut third.x[..third.n] {
            *x = tail(erfc_outer(*x, &RA, &SA));
        }
        for x in &mut far.x[..far.n] {
            *x = tail(erfc_outer(*x, &RB, &SB));
        }
        for interval in &*self.intervals {
            let n = interval.n;
            for (&place, &tail) in interval.places[..n].iter().zip(&interval.x[..n]) {
                self.tails[place as usize % MOST] = tail;
            }
        }
        for z in &mut self.densities {
            *z = exp(-0.5 * *z * *z);
        }
    }
}

#[inline(always)]
fn tail(erfc: f64) -> f64 {
    1.0 - 0.5 * erfc
}

/// A polynomial by Horner's rule, the constant first.
#[inline(always)]
fn horner<const N: usize>(terms: &[f64; N], x: f64) -> f64 {
    let mut value = terms[N - 1];
    for k in (0..N - 1).rev() {
        value = terms[k] + x * value;
    }
    value
}

/// `erfc(x)` for `|x| < 0.84375`.
#[inline(always)]
fn erfc_near(x: f64) -> f64 {
    const TINY: f64 = f64::from_bits(0x3c70_0000_0000_0000);
    let z = x * x;
    let y = horner(&PP, z) / horner(&QQ, z);
    let below = 1.0 - (x + x * y);
    let above = 0.5 - (x - 0.5 + x * y);
    let tiny = 1.0 - x;
    let size = x.abs();
    let value = if (x < 0.0) | (size < 0.25) { below } else { above };
    if size < TINY { tiny } else { value }
}

/// `erfc(x)` for `0.84375 ≤ |x| < 1.25`.
#[inline(always)]
fn erfc_second(x: f64) -> f64 {
    const ERX: f64 = 0.845_062_911_510_467_5;
    let s = x.abs() - 1.0;
    of_sign(x, 1.0 - ERX - horner(&PA, s) / horner(&QA, s))
}

/// `erfc(x)` for `1.25 ≤ |x|`.
#[inline(always)]
fn erfc_outer<const R: usize, const S: usize>(x: f64, r: &[f64; R], s: &[f64; S]) -> f64 {
    let size = x.abs();
    let inverse = 1.0 / (size * size);
    let ratio = horner(r, inverse) / horner(s, inverse);
    let z = f64::from_bits(size.to_bits() & 0xffff_ffff_0000_0000);
    // The first argument is below −1.5 ln 2, the second between −½ ln 2 and −2⁻²⁸: of the cases of `exp` one each.
    let value =
        exp_below(-z * z - 0.5625) * exp_around(1.0, (z - size) * (z + size) + ratio, 0.0) / size;
    of_sign(x, value)
}

#[inline(always)]
fn of_sign(x: f64, value: f64) -> f64 {
    if x < 0.0 { 2.0 - value } else { value }
}

/// `e^(high − low)·scale` with `|high − low| ≤ ½ ln 2` and a power of two.
#[inline(always)]
fn exp_around(scale: f64, high: f64, low: f64) -> f64 {
    let x = high - low;
    let xx = x * x;
    let c = x - xx * horner(&P, xx);
    (1.0 + (x * c / (2.0 - c) - low + high)) * scale
}

/// 2 to the power of a whole number from −1022 to 1023.
#[inline(always)]
fn power_of_two(k: f64) -> f64 {
    // The low bits of a sum with 1.5·2⁵² are the whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    f64::from_bits(((k + ROUND).to_bits().wrapping_add(1023)) << 52)
}

/// `e^x` for `−700 < x ≤ −1.5 ln 2`.
#[inline(always)]
fn exp_below(x: f64) -> f64 {
    let k = (INVERSE_LN2 * x - 0.5).trunc();
    exp_around(power_of_two(k), x - k * LN2_HIGH, k * LN2_LOW)
}

/// `e^x` for `−700 < x ≤ 0`.
#[inline(always)]
fn exp(x: f64) -> f64 {
    const FAR: f64 = f64::from_bits(0x3ff0_a2b2_0000_0000);
    const HALF_LN2: f64 = f64::from_bits(0x3fd6_2e43_0000_0000);
    const TINY: f64 = f64::from_bits(0x3e30_0001_0000_0000);
    let size = x.abs();
    let k = (INVERSE_LN2 * x - 0.5).trunc();
    let k = if size >= FAR { k } else { -1.0 };
    let k = if size >= HALF_LN2 { k } else { 0.0 };
    let value = exp_around(power_of_two(k), x - k * LN2_HIGH, k * LN2_LOW);
    if size >= TINY { value } else { 1.0 + x }
}

const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const INVERSE_LN2: f64 = std::f64::consts::LOG2_E;
/// Of `e^x` near 0.
const P: [f64; 5] = [
    0.166_666_666_666_666_02,
    -0.002_777_777_777_701_559_3,
    6.613_756_321_437_934e-5,
    -1.653_390_220_546_525_2e-6,
    4.138_136_797_057_238_5e-8,
];
/// Numerator and denominator of `erfc` below 0.84375.
const PP: [f64; 5] = [
    0.128_379_167_095_512_56,
    -0.325_042_107_247_001_5,
    -0.028_481_749_575_598_51,
    -0.005_770_270_296_489_442,
    -2.376_301_665_665_016_3e-5,
];
const QQ: [f64; 6] = [
    1.0,
    0.397_917_223_959_155_35,
    0.065_022_249_988_767_3,
    0.005_081_306_281_875_766,
    0.000_132_494_738_004_321_64,
    -3.960_228_278_775_368e-6,
];
/// From there to 1.25.
const PA: [f64; 7] = [
    -0.002_362_118_560_752_659_4,
    0.414_856_118_683_748_33,
    -0.372_207_876_035_701_3,
    0.318_346_619_901_161_75,
    -0.110_894_694_282_396_68,
    0.035_478_304_325_618_236,
    -0.002_166_375_594_868_791,
];
const QA: [f64; 7] = [
    1.0,
    0.106_420_880_400_844_23,
    0.540_397_917_702_171,
    0.071_828_654_414_196_27,
    0.126_171_219_808_761_64,
    0.013_637_083_912_029_05,
    0.011_984_499_846_799_107,
];
/// From there to 1/0.35.
const RA: [f64; 8] = [
    -0.009_864_944_034_847_148,
    -0.693_858_572_707_181_8,
    -10.558_626_225_323_291,
    -62.375_332_450_326_006,
    -162.396_669_462_573_47,
    -184.605_092_906_711_04,
    -81.287_435_506_306_6,
    -9.814_329_344_169_145,
];
const SA: [f64; 9] = [
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
/// Beyond.
const RB: [f64; 7] = [
    -0.009_864_942_924_700_1,
    -0.799_283_237_680_523,
    -17.757_954_917_754_752,
    -160.636_384_855_821_92,
    -637.566_443_368_389_6,
    -1_025.095_131_611_077_2,
    -483.519_191_608_651_4,
];
const SB: [f64; 8] = [
    1.0,
    30.338_060_743_482_46,
    325.792_512_996_573_9,
    1_536.729_586_084_437,
    3_199.858_219_508_595_5,
    2_553.050_406_433_164_4,
    474.528_541_206_955_37,
    -22.440_952_446_585_82,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The library's own functions, one number at a time: at the ends of its intervals, near 0, at both ends of the reach, and
    /// at many numbers between.
    #[test]
    fn every_bit_is_the_librarys() {
        let root = std::f64::consts::SQRT_2;
        let mut all = vec![0.0, 1e-300, 1e-17, 1e-9, REACH];
        for end in [0.25, FIRST, SECOND, THIRD, 1e-16, 0.5] {
            for step in -40..=40 {
                all.push(end * root * (1.0 + f64::from(step) * 1.1e-16));
            }
        }
        let mut bits = 1_u64;
        for _ in 0..300_000 {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            all.push((bits >> 11) as f64 / (1_u64 << 53) as f64 * 8.6);
        }
        let mut tails = Tails::default();
        let all: Vec<f64> = all.into_iter().flat_map(|z| [z, -z]).collect();
        for together in all.chunks(MOST) {
            tails.clear();
            for &z in together {
                tails.ask(&[z], 1);
            }
            tails.densities.extend(together);
            tails.settle();
            for (idx, &z) in together.iter().enumerate() {
                let expected = 1.0 - 0.5 * libm::erfc(-z * FRAC_1_SQRT_2);
                assert_eq!(tails.tails[idx].to_bits(), expected.to_bits(), "{z:e}");
                let expected = libm::exp(-0.5 * z * z);
                assert_eq!(tails.densities[idx].to_bits(), expected.to_bits(), "{z:e}");
            }
        }
    }
}
