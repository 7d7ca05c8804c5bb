//! Latin hypercubes: of the n points of a block, one lies in each of n equal parts of every dimension (McKay, Beckman
//! & Conover 1979, doi:10.1080/00401706.1979.10489755).
//!
//! The order of the parts is a keyed permutation, so that a row is computed from its number: a Feistel network on
//! pairs `(l, r)` with `l < a`, `r < b`, `a·b` just above n, whose results of n or more are put through it again
//! until they are below n (Black & Rogaway 2002, doi:10.1007/3-540-45760-7_9). Nothing of the size of the block is
//! stored.

use crate::random;

/// Rounds of the network. Four make a pseudo-random permutation of a large set (Luby & Rackoff 1988); small sets need
/// more.
const ROUNDS: u64 = 12;

/// A permutation of `0..n` under a key.
#[derive(Debug, Clone, Copy)]
struct Permutation {
    n: u64,
    /// The two sides of the rectangle that the numbers are written into.
    sides: (u64, u64),
    key: u64,
}

impl Permutation {
    fn new(n: u64, key: u64) -> Self {
        let root = n.isqrt();
        let wide = if root * root == n { root } else { root + 1 };
        Permutation { n, sides: (wide, n.div_ceil(wide)), key }
    }

    /// The image of `item`, which is below n.
    fn of(&self, item: u64) -> u64 {
        let mut image = self.once(item);
        // The rectangle has fewer than √n + 1 numbers too many, so a second round is rare; the walk runs along a
        // cycle that holds `item` itself, so it ends.
        while image >= self.n {
            image = self.once(image);
        }
        image
    }

    fn once(&self, item: u64) -> u64 {
        let (wide, narrow) = self.sides;
        let (mut left, mut right) = (item / narrow, item % narrow);
        for round in (0..ROUNDS).step_by(2) {
            left += self.shift(round, right, wide);
            left -= if left < wide { 0 } else { wide };
            right += self.shift(round + 1, left, narrow);
            right -= if right < narrow { 0 } else { narrow };
        }
        left * narrow + right
    }

    /// A number below `bound` that belongs to a round and to the other half.
    fn shift(&self, round: u64, half: u64, bound: u64) -> u64 {
        let hash = random::mixed(self.key, half * ROUNDS + round);
        ((u128::from(hash) * u128::from(bound)) >> 64) as u64
    }
}

/// The coordinate of point `i` in the dimension of `key`, in hypercubes of `block` points one after the other.
pub(super) fn coordinate(i: u64, block: u64, key: u64) -> f64 {
    let (hypercube, row) = (i / block, i % block);
    let own = random::mixed(key, hypercube);
    let part = Permutation::new(block, own).of(row);
    // The middle of one of 2³² places within the part.
    let place = (random::mixed(!own, row) >> 32) as f64 + 0.5;
    let inside = place / (1_u64 << 32) as f64;
    ((part as f64 + inside) / block as f64).clamp(f64::EPSILON, 1.0 - f64::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_has_everything_once() {
        for n in [1, 2, 3, 5, 16, 17, 1000, 4097] {
            for key in 0..5 {
                let permutation = Permutation::new(n, random::mixed(9, key));
                let mut images: Vec<u64> = (0..n).map(|item| permutation.of(item)).collect();
                images.sort_unstable();
                assert_eq!(images, (0..n).collect::<Vec<_>>());
            }
        }
    }

    /// All 24 orders of four (and 6 of three) are equally likely over keys: chi-squared with 23 degrees of freedom is
    /// above 65 seven times in a million, with 5 above 35 twice.
    #[test]
    fn every_order_is_equally_likely() {
        for (n, n_orders, bound) in [(3, 6.0, 35.0), (4, 24.0, 65.0)] {
            let mut n_by_order = std::collections::BTreeMap::new();
            for key in 0..48_000 {
                let permutation = Permutation::new(n, random::mixed(77, key));
                let order: Vec<u64> = (0..n).map(|item| permutation.of(item)).collect();
                *n_by_order.entry(order).or_insert(0.0_f64) += 1.0;
            }
            let expected = 48_000.0 / n_orders;
            assert_eq!(n_by_order.len() as f64, n_orders);
            let chi_squared: f64 =
                n_by_order.values().map(|n| (n - expected) * (n - expected) / expected).sum();
            assert!(chi_squared < bound, "{n}: {chi_squared}");
        }
    }

    /// Where a row goes says nothing of where the next goes: over 2,000 keys the correlation of neighbours in a
    /// permutation of 100 is −1/99 (their positions differ); the standard error is 1/√2000 = 0.022.
    #[test]
    fn neighbours_are_spread_independently() {
        let n_keys = 2000_u32;
        for row in [0, 1, 50, 98] {
            let correlation: f64 = (0..n_keys)
                .map(|key| {
                    let permutation = Permutation::new(100, random::mixed(5, u64::from(key)));
                    let centred = |item| permutation.of(item) as f64 - 49.5;
                    // The variance of 0..99 is (100² − 1)/12.
                    centred(row) * centred(row + 1) / (9999.0 / 12.0) / f64::from(n_keys)
                })
                .sum();
            assert!((correlation + 1.0 / 99.0).abs() < 4.5 * 0.022, "{row}: {correlation}");
        }
    }
}
