use super::*;

/// SciPy 1.17.1, `qmc.Sobol(d=256, scramble=False, bits=30)`, times 2³⁰: the point and its coordinates in dimensions
/// 0, 1, 2, 5, 11, 38, 127 and 255.
const DIMENSIONS: [usize; 8] = [0, 1, 2, 5, 11, 38, 127, 255];
const SCIPY: [(u64, [u64; 8]); 5] = [
    (2, [805306368, 268435456, 268435456, 805306368, 805306368, 268435456, 268435456, 805306368]),
    (
        1000,
        [235929600, 103809024, 556793856, 974127104, 273678336, 330301440, 584056832, 267386880],
    ),
    (1023, [1048576, 808452096, 657457152, 470810624, 38797312, 967835648, 751828992, 904921088]),
    (
        123_456_789,
        [1047862216, 850867304, 6878296, 914141784, 1053427096, 144204712, 719844664, 140913400],
    ),
    (
        987_654_321,
        [634299257, 588744139, 441832943, 8391713, 438429533, 757550603, 788426261, 316816977],
    ),
];
/// FNV-1a over the first 1,024 points of all 256 dimensions of the same sequence, as little-endian words of 32 bits.
const SCIPY_FINGERPRINT: u64 = 0xda41_d5b6_fd89_a2a5;

/// The leading `bits` of a coordinate.
fn leading(coordinate: f64, bits: u32) -> u64 {
    (coordinate * (1_u64 << bits) as f64) as u64
}

#[test]
fn the_plain_sequence_is_that_of_scipy() {
    let sequence = Sequence::new(256, None).expect("256 dimensions");
    for (i, expected) in SCIPY {
        for (dimension, expected) in DIMENSIONS.into_iter().zip(expected) {
            let found = sequence.coordinate(i, dimension);
            assert_eq!(leading(found, 30), expected, "point {i}, dimension {dimension}");
            assert_eq!(found - expected as f64 / (1 << 30) as f64, 0.5_f64.powi(53));
        }
    }
    let mut fingerprint = 0xcbf2_9ce4_8422_2325_u64;
    for i in 0..1024 {
        for dimension in 0..256 {
            let word = leading(sequence.coordinate(i, dimension), 30) as u32;
            for byte in word.to_le_bytes() {
                fingerprint = (fingerprint ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    assert_eq!(fingerprint, SCIPY_FINGERPRINT);
}

#[test]
fn impossible_dimensions_are_refused() {
    assert!(Sequence::new(0, None).is_err());
    assert!(Sequence::new(257, Some(1)).is_err_and(|message| message.contains("1 to 256")));
}

/// Any 2^k points from a multiple of 2^k on have one in each of 2^k equal parts, in every dimension (Sobol' 1967).
#[test]
fn every_block_is_stratified_in_every_dimension() {
    for seed in [None, Some(1), Some(2)] {
        let sequence = Sequence::new(256, seed).expect("256 dimensions");
        for dimension in 0..256 {
            for (k, block) in [(3, 0), (3, 5), (8, 0), (8, 3), (6, (1_u64 << 50) + 7)] {
                let mut seen = vec![false; 1 << k];
                for i in 0..1_u64 << k {
                    let coordinate = sequence.coordinate((block << k) + i, dimension);
                    assert!(coordinate > 0.0 && coordinate < 1.0);
                    let stratum = &mut seen[leading(coordinate, k) as usize];
                    assert!(!*stratum, "dimension {dimension}, block {block} of 2^{k}");
                    *stratum = true;
                }
            }
        }
    }
}

/// In two dimensions of polynomials of degrees r and s (1 for the first, which has none), every box of 2^-a by 2^-b
/// holds 2^t of 2^(a+b+t) points from a multiple of that on, t = r + s − 2 (Sobol' 1967); scrambling changes nothing
/// of it.
#[test]
fn two_dimensional_projections_are_nets() {
    let degree = |dimension: usize| match dimension {
        0 => 1,
        other => POLYNOMIALS[other - 1].1.len() as u32,
    };
    let n_bits = 9;
    for seed in [None, Some(11), Some(12)] {
        let sequence = Sequence::new(8, seed).expect("eight dimensions");
        for (first, second) in (0..8).flat_map(|j| (0..j).map(move |k| (k, j))) {
            let t = degree(first) + degree(second) - 2;
            for block in [0, 3] {
                let points: Vec<(f64, f64)> = (0..1 << n_bits)
                    .map(|i| (block << n_bits) + i)
                    .map(|i| (sequence.coordinate(i, first), sequence.coordinate(i, second)))
                    .collect();
                for a in 0..=n_bits - t {
                    let b = n_bits - t - a;
                    let mut n_by_box = vec![0_u32; 1 << (a + b)];
                    for (x, y) in &points {
                        n_by_box[((leading(*x, a) << b) | leading(*y, b)) as usize] += 1;
                    }
                    assert!(n_by_box.iter().all(|n| *n == 1 << t), "{first}, {second}: {a} + {b}");
                }
            }
        }
    }
}

/// Over seeds every coordinate is uniform, also of the origin and of its neighbours, and the coordinates of a point
/// are independent. 4,000 seeds: the standard error of a mean is 1/√(12·4000), that of a correlation 1/√4000; the
/// bounds are 4.5 of them, for 64 means and 48 correlations. Chi-squared with 15 degrees of freedom is above 52 five
/// times in a million.
#[test]
fn a_scrambled_point_is_uniform_over_seeds() {
    let n = 4000;
    let sequences: Vec<Sequence> =
        (0..n).map(|seed| Sequence::new(4, Some(seed)).expect("four dimensions")).collect();
    for i in (0..15).chain([1 << 40]) {
        let columns: Vec<Vec<f64>> = (0..4)
            .map(|dimension| sequences.iter().map(|s| s.coordinate(i, dimension)).collect())
            .collect();
        for (j, column) in columns.iter().enumerate() {
            let mean = column.iter().sum::<f64>() / n as f64;
            assert!((mean - 0.5).abs() < 4.5 / (12.0 * n as f64).sqrt(), "{i}, {j}: {mean}");
            let mut n_by_cell = [0.0_f64; 16];
            column.iter().for_each(|u| n_by_cell[leading(*u, 4) as usize] += 1.0);
            let chi_squared: f64 = n_by_cell.iter().map(|n| (n - 250.0).powi(2) / 250.0).sum();
            assert!(chi_squared < 52.0, "{i}, {j}: {chi_squared}");
        }
        for j in 1..4 {
            let product: f64 = columns[j - 1]
                .iter()
                .zip(&columns[j])
                .map(|(a, b)| 12.0 * (a - 0.5) * (b - 0.5))
                .sum();
            assert!((product / n as f64).abs() < 4.5 / (n as f64).sqrt(), "{i}, {j}: {product}");
        }
    }
}

/// The coins of a node are fair and those of two nodes of one depth independent: given that two points fall into
/// different halves, their lower bits agree half of the time. 4,000 seeds, 4.5 standard errors.
#[test]
fn bits_below_different_nodes_are_scrambled_independently() {
    let n = 4000;
    for k in (1..8).chain([10, 11, 12, 13, 47, 48, 51]) {
        let mut n_equal = 0.0;
        for seed in 0..n {
            let sequence = Sequence::new(1, Some(seed)).expect("one dimension");
            // Points 0 and 1 of the first dimension are 0 and 1/2: they differ in the leading bit only.
            let bit = |i| (leading(sequence.coordinate(i, 0), 52) >> (51 - k)) & 1;
            n_equal += f64::from(bit(0) == bit(1));
        }
        let share = n_equal / n as f64;
        assert!((share - 0.5).abs() < 4.5 * 0.5 / (n as f64).sqrt(), "bit {k}: {share}");
    }
}

/// The coins of the first 127 nodes, which come from three hashes and are on seven levels, are fair and any two of
/// them independent: over 4,096 keys two coins agree half of the time. Of 8,001 pairs none is 5.5 standard errors of
/// 1/128 away.
#[test]
fn coins_of_a_tree_are_independent() {
    let n_keys = 4096;
    let mut coins = vec![vec![0_u64; n_keys / 64]; 128];
    for k in 0..n_keys {
        let key = random::key(k as u64, "coins");
        for prefix in 0..64_u64 {
            // Below a prefix of six bits lies one node of the seventh level.
            let cell = prefix << (BITS - 6);
            let flips = (cell ^ scramble(cell, key)) >> (BITS - 7);
            for depth in 0..7 {
                let node = (1 << depth) | (prefix >> (6 - depth)) as usize;
                let coin = (flips >> (6 - depth)) & 1;
                coins[node][k / 64] |= coin << (k % 64);
            }
        }
    }
    let n_equal = |a: usize, b: usize| -> u32 {
        coins[a].iter().zip(&coins[b]).map(|(a, b)| (!(a ^ b)).count_ones()).sum()
    };
    for a in 1..128 {
        // Node 0 does not exist: its coins are all 0, so that this says how many of the node are.
        for b in 0..a {
            let away = (f64::from(n_equal(a, b)) - 2048.0) / 32.0;
            assert!(away.abs() < 5.5, "{a} and {b}: {away} standard errors");
        }
    }
}

/// ∫ Π (1 + (x_j − 1/2)) = 1 in four dimensions. Plain random points halve the variance with twice the points: 64
/// times the points, 1/64. The scrambled sequence gives about n⁻³ for smooth functions (Owen 1997,
/// doi:10.1214/aos/1031594731); asked for is n⁻². The mean over 200 seeds is within 4 standard errors of the
/// integral.
#[test]
fn the_variance_of_an_integral_falls_faster_than_one_over_n() {
    let n_seeds = 200;
    let estimates = |n: u64| -> Vec<f64> {
        (0..n_seeds)
            .map(|seed| {
                let sequence = Sequence::new(4, Some(seed)).expect("four dimensions");
                let value = |i| (0..4).map(|j| 0.5 + sequence.coordinate(i, j)).product::<f64>();
                (0..n).map(value).sum::<f64>() / n as f64
            })
            .collect()
    };
    let variance = |estimates: &[f64]| {
        estimates.iter().map(|e| (e - 1.0) * (e - 1.0)).sum::<f64>() / n_seeds as f64
    };
    let (few, many) = (estimates(16), estimates(1024));
    // Plain random points: ((13/12)⁴ − 1)/16 = 0.0236.
    assert!(variance(&few) < 0.0236 / 4.0, "{}", variance(&few));
    assert!(variance(&many) < variance(&few) / (64.0 * 64.0), "{}", variance(&many));
    let mean = few.iter().sum::<f64>() / n_seeds as f64;
    assert!((mean - 1.0).abs() < 4.0 * (variance(&few) / n_seeds as f64).sqrt(), "{mean}");
}
