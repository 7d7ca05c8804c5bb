//! The arithmetic that every room shares: the same bits on every platform and any number of threads.
//!
//! In: plain slices of `f64`. Out: numbers or slices filled in place. No allocation except where a
//! `Vec` is returned. Transcendental functions come from the `libm` crate (pure Rust, so a result
//! does not depend on the C library of the machine); sums run in slice order.

/// Tolerance for counts that come out of sums of `f64` pupils: below a millionth of a child.
pub const PUPIL_EPSILON: f64 = 1e-6;

/// `e^x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Sum in the order of the iterator.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |total, value| total + value)
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
}
