//! Addressed random numbers: a generator for every (seed, path), so that no draw depends on the order of drawing.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The generator of a named purpose under a seed. The path is folded into the stream number by FNV-1a, which is
/// fixed by its definition, so results do not change with the platform or the standard library.
pub fn stream(seed: u64, path: &str) -> ChaCha8Rng {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in path.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(hash);
    generator
}

/// A standard normal number.
pub fn normal(generator: &mut ChaCha8Rng) -> f64 {
    // The middle of one of 2⁵³ equal parts of the unit interval: never 0 or 1.
    let middle = ((generator.next_u64() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0;
    crate::numeric::normal_quantile(middle)
}

/// A number between 0 and 1, neither of them: the first of the stream at a path.
pub fn uniform(seed: u64, path: &str) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    ((stream(seed, path).next_u64() >> 11) as f64 + 0.5) * STEP
}

/// A key of 64 bits: the first of the stream at a path.
pub fn key(seed: u64, path: &str) -> u64 {
    stream(seed, path).next_u64()
}

/// Number `counter` of the addressed sequence of 64-bit numbers under a key: the finaliser of SplitMix64 (Steele, Lea
/// & Flood 2014, doi:10.1145/2660193.2660195; constants of its variant 13) at step `counter` of its Weyl sequence.
/// Random access in a few operations, where a generator of its own would cost more than what it is used for.
pub fn mixed(key: u64, counter: u64) -> u64 {
    let mut x = key.wrapping_add(counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A whole number below `bound`.
pub fn below(bound: usize, generator: &mut ChaCha8Rng) -> usize {
    // Multiply-shift, as in `permutation`.
    ((u128::from(generator.next_u64()) * bound as u128) >> 64) as usize
}

/// A random order of `0..n` (Fisher-Yates).
pub fn permutation(n: usize, generator: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for last in (1..n).rev() {
        let bound = last as u64 + 1;
        // Multiply-shift: the bias of 2^-64 per choice is far below what any register could show.
        let choice = ((u128::from(generator.next_u64()) * u128::from(bound)) >> 64) as usize;
        order.swap(last, choice);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_addressed_and_repeatable() {
        let draw = |seed, path| stream(seed, path).next_u64();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    /// The mean of n uniform numbers is within four standard errors, 4/√(12 n), of a half.
    #[test]
    fn uniform_numbers_lie_between_nought_and_one() {
        let draws: Vec<f64> = (0..4000).map(|i| uniform(3, &format!("u/{i}"))).collect();
        assert!(draws.iter().all(|u| *u > 0.0 && *u < 1.0));
        let mean = crate::numeric::sum(draws.iter().copied()) / 4000.0;
        assert!((mean - 0.5).abs() < 4.0 / (12.0_f64 * 4000.0).sqrt(), "{mean}");
    }

    /// The first numbers of SplitMix64 from state 0 and from 1234567, as published with its reference implementation.
    #[test]
    fn mixed_numbers_are_those_of_splitmix64() {
        assert_eq!(mixed(0, 0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mixed(0, 1), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!(mixed(1_234_567, 0), 6_457_827_717_110_365_317);
        assert_eq!(mixed(1_234_567, 4), 16_408_922_859_458_223_821);
    }

    /// 60,000 throws of a die: chi-squared with 5 degrees of freedom is above 30 once in 70,000 times.
    #[test]
    fn numbers_below_a_bound_are_equally_likely() {
        let mut generator = stream(5, "die");
        let mut n_by_face = [0.0_f64; 6];
        for _ in 0..60_000 {
            n_by_face[below(6, &mut generator)] += 1.0;
        }
        let chi_squared: f64 = n_by_face.iter().map(|n| (n - 1e4) * (n - 1e4) / 1e4).sum();
        assert!(chi_squared < 30.0, "{n_by_face:?}");
    }

    #[test]
    fn permutation_has_everything_once() {
        let mut order = permutation(100, &mut stream(7, "p"));
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
