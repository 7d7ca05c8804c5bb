//! The arithmetic that every room shares: the same bits on every platform and any number of threads.
//!
//! In: plain slices of `f64`. Out: numbers or slices filled in place. No allocation except where a
//! `Vec` is returned. Transcendental functions come from the `libm` crate (pure Rust, so a result
//! does not depend on the C library of the machine); sums run in slice order.

pub mod tails;

/// Tolerance for counts that come out of sums of `f64` pupils: below a millionth of a child.
pub const PUPIL_EPSILON: f64 = 1e-6;
/// Pupils within which two schools or grades are equally large: an order among them must not hang on the last digit of a sum, nor
/// on the precision in which schools are kept.
pub const PUPIL_TIE: f64 = 1e-3;

/// Pupils by steps in which they are told apart.
pub fn in_ties(pupils: f64) -> i64 {
    (pupils / PUPIL_TIE).round() as i64
}

/// `e^x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln Γ(x)` for `x > 0`.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Density of the standard normal law, φ(z).
pub fn normal_density(z: f64) -> f64 {
    const ROOT_OF_2_PI: f64 = 2.506_628_274_631_000_5;
    exp(-0.5 * z * z) / ROOT_OF_2_PI
}

/// Sum in the order of the iterator.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |total, value| total + value)
}

/// Quantile of values in ascending order, linear between order statistics: position `p·(n − 1)` from 0 (Hyndman and Fan,
/// *Am. Stat.* 50, 1996, type 7). None without values.
pub fn quantile(sorted: &[f64], probability: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = probability.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    Some(low + (place - below as f64) * (high - low))
}

/// Distribution function of the standard normal law, Φ(z).
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Quantile of the standard normal law for `0 < p < 1`, by bisection on [`normal_cdf`] (to 1e-12).
pub fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0_f64, 40.0_f64);
    while high - low > 1e-12 {
        let middle = 0.5 * (low + high);
        if normal_cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Quantile of the standard normal law for `0 < p < 1`, to about 1e-15 of its size, by rational functions: Wichura, M. J. (1988),
/// "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (3), 477-484 (`PPND16`).
///
/// It costs a tenth of [`normal_quantile`], whose last digits other results stand on.
pub fn normal_quantile_as241(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&AS241_A, r) / polynomial(&AS241_B, r);
    }
    let r = libm::sqrt(-ln(if q < 0.0 { p } else { 1.0 - p }));
    let z = if r <= 5.0 {
        polynomial(&AS241_C, r - 1.6) / polynomial(&AS241_D, r - 1.6)
    } else {
        polynomial(&AS241_E, r - 5.0) / polynomial(&AS241_F, r - 5.0)
    };
    if q < 0.0 { -z } else { z }
}

/// A polynomial by Horner's rule, the constant first.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, coefficient| value * x + coefficient)
}

/// Numerator and denominator of AS 241 for `|p − 0.5| ≤ 0.425`.
const AS241_A: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const AS241_B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_545e3,
];
/// The same nearer to 0 or 1: `r = √(−ln p) ≤ 5`.
const AS241_C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const AS241_D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
/// The same in the far tails.
const AS241_E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const AS241_F: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

/// `⌈x⌉` as a count of classes or rooms; a value within [`PUPIL_EPSILON`] above a whole number is that number.
pub fn ceil_count(x: f64) -> i32 {
    (x - PUPIL_EPSILON).ceil() as i32
}

/// Exact water-filling: shares `amount` over slots in proportion to `weights`, none above its `room`.
///
/// Adds to `filled[i]` the value `min(room[i], λ·weights[i])` with the one λ for which the additions sum
/// to `min(amount, Σ room)`; slots of weight 0 or room 0 receive nothing. λ is found by sorting the slots by
/// `room / weight`, so the answer is exact and does not depend on an iteration limit.
/// `order` is scratch space. Returns what could not be placed (0 or more).
pub fn fill_by_weight(
    amount: f64,
    weights: &[f64],
    room: &[f64],
    filled: &mut [f64],
    order: &mut Vec<(f64, usize)>,
) -> f64 {
    if amount <= 0.0 {
        return 0.0;
    }
    order.clear();
    let mut weight_left = 0.0;
    for i in 0..weights.len() {
        if weights[i] > 0.0 && room[i] > 0.0 {
            order.push((room[i] / weights[i], i));
            weight_left += weights[i];
        }
    }
    // Where no room binds, everybody gets the share of the weight and nothing needs sorting.
    let is_free = |&(ratio, _): &(f64, usize)| ratio * weight_left > amount;
    if !order.iter().all(is_free) {
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }
    let mut amount_left = amount;
    for (rank, &(_, i)) in order.iter().enumerate() {
        if room[i] * weight_left <= amount_left * weights[i] {
            filled[i] += room[i];
            amount_left = (amount_left - room[i]).max(0.0);
            weight_left -= weights[i];
        } else {
            for &(_, j) in &order[rank..] {
                filled[j] += amount_left * weights[j] / weight_left;
            }
            return 0.0;
        }
    }
    amount_left
}

/// Apportions a whole `total` in proportion to `weights` by largest remainder (ties: the earlier slot).
///
/// The result sums to `total` exactly; all weights zero gives everything to the first slot.
pub fn apportion(total: u64, weights: &[f64]) -> Vec<u64> {
    let weight_sum = sum(weights.iter().copied());
    let mut parts = vec![0_u64; weights.len()];
    if parts.is_empty() || total == 0 {
        return parts;
    }
    if weight_sum <= 0.0 {
        parts[0] = total;
        return parts;
    }
    let exact: Vec<f64> = weights.iter().map(|w| total as f64 * w / weight_sum).collect();
    for (part, share) in parts.iter_mut().zip(&exact) {
        *part = share.floor() as u64;
    }
    let assigned: u64 = parts.iter().sum();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| {
        (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b))
    });
    for &slot in order.iter().cycle().take(total.saturating_sub(assigned) as usize) {
        parts[slot] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three slots of weight 2, 1, 1 and room 10, 100, 3 share 20: by weight 10/5/5, the third is full at 3;
    /// 17 left over weights 2 and 1: 11.3 exceeds room 10, so 10, and 7 remain for the second.
    #[test]
    fn water_filling_by_hand() {
        let mut filled = [0.0; 3];
        let left =
            fill_by_weight(20.0, &[2.0, 1.0, 1.0], &[10.0, 100.0, 3.0], &mut filled, &mut vec![]);
        assert_eq!((left, filled), (0.0, [10.0, 7.0, 3.0]));
    }

    #[test]
    fn water_filling_returns_what_does_not_fit() {
        let mut filled = [0.0; 2];
        let left = fill_by_weight(20.0, &[1.0, 0.0], &[5.0, 100.0], &mut filled, &mut vec![]);
        assert_eq!((left, filled), (15.0, [5.0, 0.0]));
    }

    /// 7 over weights 1, 1, 1: 2.33 each; one remainder goes to the earliest.
    #[test]
    fn apportionment_by_hand() {
        assert_eq!(apportion(7, &[1.0, 1.0, 1.0]), vec![3, 2, 2]);
        assert_eq!(apportion(5, &[0.0, 0.0]), vec![5, 0]);
    }

    /// Of 1, 2, 3, 4, 5 the 10th percentile lies 0.4 above the first: position 0.1 · 4.
    #[test]
    fn quantiles_are_linear_between_order_statistics() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert!((quantile(&values, 0.1).expect("one") - 1.4).abs() < 1e-12);
        assert!((quantile(&values, 0.9).expect("one") - 4.6).abs() < 1e-12);
        assert_eq!(quantile(&values, 0.5), Some(3.0));
        assert_eq!(quantile(&values, 1.0), Some(5.0));
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
        assert_eq!(quantile(&[], 0.3), None);
    }

    #[test]
    fn counts_ignore_rounding_dust() {
        assert_eq!(ceil_count(2.000_000_000_1), 2);
        assert_eq!(ceil_count(2.001), 3);
    }

    /// Φ(1.96) and its quantile, as in every table of the normal law.
    #[test]
    fn normal_law() {
        assert!((normal_cdf(1.96) - 0.975_002_104_851_779_5).abs() < 1e-15);
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-11);
    }

    /// Values to check with from Wichura (1988), section "Accuracy", and Φ⁻¹(0.975) as in every table.
    #[test]
    fn normal_quantiles_are_those_of_as_241() {
        let published = [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_409),
            (0.975, 1.959_963_984_540_054),
        ];
        for (p, expected) in published {
            let z = normal_quantile_as241(p);
            assert!((z - expected).abs() <= 4e-15 * expected.abs(), "{p}: {z}");
        }
        for i in 1..4000 {
            let p = f64::from(i) / 4000.0;
            assert!((normal_quantile_as241(p) - normal_quantile(p)).abs() < 2e-11, "{p}");
        }
        assert_eq!(normal_quantile_as241(0.5), 0.0);
    }
}
