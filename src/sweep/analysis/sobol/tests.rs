use super::*;
use crate::experiment::design::{Design, Kind, Spec};

const SETTINGS: Settings = Settings { second_order: true, resamples: 200, level: 0.95, seed: 2 };

/// An outcome by row of a Saltelli design.
fn outcomes(
    d: usize,
    n_base: u64,
    (scramble, second_order): (bool, bool),
    seed: u64,
    of: fn(&[f64]) -> f64,
) -> Vec<f64> {
    let kind = Kind::Saltelli { scramble, second_order };
    let spec = Spec { kind, n_factors: d, draws: n_base, seed, block: None };
    let design = Design::new(spec).expect("a design");
    let mut point = vec![0.0; d];
    (0..design.n_points())
        .map(|i| {
            design.point(i, &mut point);
            of(&point)
        })
        .collect()
}

/// Ishigami & Homma 1990 with a = 7, b = 0.1, on the unit cube.
fn ishigami(u: &[f64]) -> f64 {
    let x = |j: usize| std::f64::consts::PI * (2.0 * u[j] - 1.0);
    x(0).sin() + 7.0 * x(1).sin().powi(2) + 0.1 * x(2).powi(4) * x(0).sin()
}

/// SALib 1.6.0, `sample.sobol(scramble=False)` and `analyze.sobol` of the Ishigami function: N; first order; total;
/// second order of 1-2, 1-3, 2-3.
const SALIB: [(u64, [f64; 9]); 3] = [
    (
        256,
        [
            0.32603897195923004,
            0.4820072841939925,
            0.011125510338570368,
            0.5646024820275063,
            0.457007142980521,
            0.2506488435437758,
            -0.018110907981888857,
            0.2648898732606022,
            -0.005645845624610537,
        ],
    ),
    (
        1024,
        [
            0.33295510535317324,
            0.4413139385440669,
            0.018578437929572516,
            0.5581790457114659,
            0.4432845840303481,
            0.2421493733549653,
            -4.955281413510093e-05,
            0.22760710553788024,
            0.0048765516488903544,
        ],
    ),
    (
        16384,
        [
            0.3153377714980241,
            0.4424184393390445,
            0.0014217089307185888,
            0.5583336020963269,
            0.4424225543368491,
            0.24365293793425974,
            2.9985126497600323e-05,
            0.24225675686440817,
            3.904823824165023e-06,
        ],
    ),
];
/// Its `conf` at N = 256, from 100 resamples: random numbers. First order, then total.
const SALIB_HALF_WIDTHS: [f64; 6] = [
    0.12795874560351006,
    0.10290674731656786,
    0.14564084147161785,
    0.19403655802958059,
    0.07797673985651969,
    0.056320276164674936,
];

fn all(indices: &Indices) -> Vec<Estimate> {
    let second = indices.second.iter().map(|(_, _, estimate)| estimate);
    indices.first.iter().chain(&indices.total).chain(second).copied().collect()
}

#[test]
fn indices_of_salibs_sample_are_those_of_salib() {
    for (n_base, expected) in SALIB {
        let y = outcomes(3, n_base, (false, true), 0, ishigami);
        let found = indices(&y, 3, &Settings { resamples: 0, ..SETTINGS }).expect("indices");
        assert_eq!(found.n_base as u64, n_base);
        assert_eq!(all(&found).len(), 9);
        for (found, expected) in all(&found).iter().zip(expected) {
            assert!((found.value - expected).abs() < 1e-12, "{n_base}: {found:?}, {expected}");
            assert_eq!(found.half_width, None);
        }
    }
}

/// SALib's widths are known to 1/√200 = 7 % (100 resamples), those here, of 2,000, to 1.6 %; 4.5 of them.
#[test]
fn intervals_are_as_wide_as_those_of_salib() {
    let y = outcomes(3, 256, (false, true), 0, ishigami);
    let found = indices(&y, 3, &Settings { resamples: 2000, ..SETTINGS }).expect("indices");
    for (found, expected) in all(&found).iter().zip(SALIB_HALF_WIDTHS) {
        let half = found.half_width.expect("an interval");
        assert!((half / expected - 1.0).abs() < 4.5 * 0.073, "{half} against {expected}");
    }
}

/// Indices of functions whose parts are known: first order, total and second order must lie in the intervals of 95 %,
/// and the intervals must not be so wide that this means nothing.
fn expect_within(
    found: &Indices,
    first: &[f64],
    total: &[f64],
    second: impl Fn(usize, usize) -> f64,
) {
    let check = |what: &str, estimate: &Estimate, expected: f64, widest: f64| {
        let (low, high) = estimate.interval().expect("an interval");
        assert!(low <= expected && expected <= high, "{what}: {estimate:?} against {expected}");
        assert!(high - low < widest, "{what}: {estimate:?}");
    };
    for j in 0..first.len() {
        check(&format!("first {j}"), &found.first[j], first[j], 0.25);
        check(&format!("total {j}"), &found.total[j], total[j], 0.2);
    }
    for (j, k, estimate) in &found.second {
        check(&format!("second {j}-{k}"), estimate, second(*j, *k), 0.3);
    }
}

/// Ishigami & Homma 1990: V1 = ½(1 + bπ⁴/5)², V2 = a²/8, V13 = 8b²π⁸/225.
#[test]
fn ishigami_lies_in_the_intervals() {
    let first = [0.31390519114781146, 0.4424111447900409, 0.0];
    let total = [0.5575888552099592, 0.4424111447900409, 0.2436836640621477];
    for seed in 1..4 {
        let y = outcomes(3, 2048, (true, true), seed, ishigami);
        let found = indices(&y, 3, &SETTINGS).expect("indices");
        let second = |j, k| if (j, k) == (0, 2) { 0.2436836640621477 } else { 0.0 };
        expect_within(&found, &first, &total, second);
        // Over the whole sample: mean a/2 and the square root of V.
        assert!(
            (found.mean - 3.5).abs() < 0.02
                && (found.sd - 13.844587940719254_f64.sqrt()).abs() < 0.03
        );
    }
}

const G: [f64; 12] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0, 0.5, 3.0, 9.0, 50.0];

/// The G-function (Saltelli & Sobol' 1995): Π (|4x − 2| + a)/(1 + a).
fn g_function(u: &[f64]) -> f64 {
    u.iter().zip(G).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

/// Factor j alone has variance v = 1/(3(1 + a)²); together Π(1 + v) − 1, and any set of them the product of its v.
fn g_indices(d: usize) -> (Vec<f64>, Vec<f64>, f64) {
    let v: Vec<f64> = G[..d].iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
    let product: f64 = v.iter().map(|v| 1.0 + v).product();
    let variance = product - 1.0;
    let total = v.iter().map(|v| v * product / (1.0 + v) / variance).collect();
    (v.iter().map(|v| v / variance).collect(), total, variance)
}

#[test]
fn the_g_function_lies_in_the_intervals() {
    // Values of published tables for 8 factors: variance 0.4654244319, first 0.7161921689, total 0.7871441267.
    let (first, total, variance) = g_indices(8);
    assert!((variance - 0.4654244319022067).abs() < 1e-14);
    assert!((first[0] - 0.7161921688790331).abs() < 1e-14);
    assert!((total[0] - 0.7871441266592748).abs() < 1e-14);
    for d in [8, 12] {
        let (first, total, variance) = g_indices(d);
        let (mut n_second, mut n_outside) = (0, 0);
        for seed in 1..4 {
            let y = outcomes(d, 4096, (true, true), seed, g_function);
            let found = indices(&y, d, &SETTINGS).expect("indices");
            let without_pairs = Indices { second: Vec::new(), ..found.clone() };
            expect_within(&without_pairs, &first, &total, |_, _| 0.0);
            // Of many pairs some must be outside: no more than the 5 % that intervals of 95 % leave.
            for (j, k, estimate) in &found.second {
                let (low, high) = estimate.interval().expect("an interval");
                let expected = first[*j] * first[*k] * variance;
                n_second += 1;
                n_outside += usize::from(expected < low || expected > high);
                assert!(high - low < 0.2 && (estimate.value - expected).abs() < 0.02);
            }
        }
        assert_eq!(n_second, 3 * d * (d - 1) / 2);
        assert!(n_outside * 20 <= n_second, "{n_outside} of {n_second}");
    }
}

/// Total indices do not need the rows BA. First-order ones depend a little on the centre, which is then that of fewer
/// rows.
#[test]
fn without_second_order() {
    let settings = Settings { second_order: false, ..SETTINGS };
    let y = outcomes(3, 512, (true, false), 1, ishigami);
    let found = indices(&y, 3, &settings).expect("indices");
    assert!(found.second.is_empty() && found.first.len() == 3 && found.total.len() == 3);
    let with =
        indices(&outcomes(3, 512, (true, true), 1, ishigami), 3, &SETTINGS).expect("indices");
    for (a, b) in found.total.iter().zip(&with.total) {
        assert!((a.value - b.value).abs() < 1e-9, "{a:?} {b:?}");
    }
    for (a, b) in found.first.iter().zip(&with.first) {
        assert!((a.value - b.value).abs() < 0.01, "{a:?} {b:?}");
    }
}

/// Indices of one resample by their definition: the rows it draws are written out, one by one.
fn by_definition(y: &[f64], d: usize, drawn: &[usize]) -> Vec<f64> {
    let size = 2 * d + 2;
    let n = drawn.len() as f64;
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let sd = (y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / y.len() as f64).sqrt();
    let column = |place: usize| -> Vec<f64> {
        drawn.iter().map(|&p| (y[p * size + place] - mean) / sd).collect()
    };
    let (a, b) = (column(0), column(size - 1));
    let both = [a.clone(), b.clone()].concat();
    let centre = both.iter().sum::<f64>() / both.len() as f64;
    let variance = both.iter().map(|y| (y - centre).powi(2)).sum::<f64>() / both.len() as f64;
    let share = |of: &dyn Fn(usize) -> f64| (0..drawn.len()).map(of).sum::<f64>() / n / variance;
    let ab: Vec<Vec<f64>> = (0..d).map(|j| column(1 + j)).collect();
    let ba: Vec<Vec<f64>> = (0..d).map(|j| column(1 + d + j)).collect();
    let first: Vec<f64> = (0..d).map(|j| share(&|p| b[p] * (ab[j][p] - a[p]))).collect();
    let total = (0..d).map(|j| share(&|p| (a[p] - ab[j][p]).powi(2) / 2.0));
    let mut indices: Vec<f64> = first.iter().copied().chain(total).collect();
    for (j, k) in (0..d).flat_map(|j| (j + 1..d).map(move |k| (j, k))) {
        indices.push(share(&|p| ba[j][p] * ab[k][p] - a[p] * b[p]) - first[j] - first[k]);
    }
    indices
}

/// A number of base points that fills neither blocks nor groups of four, and of resamples that fills no bundle.
#[test]
fn resamples_follow_their_definition() {
    let y = outcomes(4, 203, (true, true), 5, g_function);
    let settings = Settings { resamples: 23, ..SETTINGS };
    let resamples: Vec<Vec<f64>> = (0..23)
        .map(|r| {
            let times = times_drawn(203, settings.seed, r);
            assert_eq!(times.iter().sum::<u32>(), 203);
            let drawn: Vec<usize> =
                (0..203).flat_map(|p| std::iter::repeat_n(p, times[p] as usize)).collect();
            by_definition(&y, 4, &drawn)
        })
        .collect();
    let found = indices(&y, 4, &settings).expect("indices");
    let once = by_definition(&y, 4, &(0..203).collect::<Vec<_>>());
    for (index, estimate) in all(&found).iter().enumerate() {
        assert!((estimate.value - once[index]).abs() < 1e-12, "{index}");
        let mean = resamples.iter().map(|r| r[index]).sum::<f64>() / 23.0;
        let squares = resamples.iter().map(|r| (r[index] - mean).powi(2)).sum::<f64>();
        // 1.96 to sixteen digits, as in every table of the normal law.
        let expected = 1.959963984540054 * (squares / 22.0).sqrt();
        let half = estimate.half_width.expect("an interval");
        assert!((half - expected).abs() < 1e-11, "{index}: {half} against {expected}");
    }
}

/// How often a base point is drawn: mean 1, variance 1 − 1/N.
#[test]
fn base_points_are_drawn_evenly() {
    let n = 500;
    let counts: Vec<u32> = (0..200).flat_map(|r| times_drawn(n, 9, r)).collect();
    let variance =
        counts.iter().map(|c| (f64::from(*c) - 1.0).powi(2)).sum::<f64>() / counts.len() as f64;
    // A Poisson count's squared deviation has variance 3, so the standard error of 100,000 is 0.0055.
    assert!((variance - (1.0 - 1.0 / n as f64)).abs() < 4.5 * 0.0055, "{variance}");
    assert_ne!(times_drawn(n, 9, 0), times_drawn(n, 9, 1));
    assert_ne!(times_drawn(n, 9, 0), times_drawn(n, 10, 0));
}

#[test]
fn unit_and_origin_of_the_outcome_do_not_matter() {
    let y = outcomes(3, 128, (true, true), 3, ishigami);
    let moved: Vec<f64> = y.iter().map(|y| 1e6 - 250.0 * y).collect();
    let [a, b] = [&y, &moved].map(|y| indices(y, 3, &SETTINGS).expect("indices"));
    for (a, b) in all(&a).iter().zip(all(&b)) {
        assert!((a.value - b.value).abs() < 1e-9, "{a:?} {b:?}");
        assert!((a.half_width.unwrap_or(9.0) - b.half_width.unwrap_or(0.0)).abs() < 1e-9);
    }
}

#[test]
fn what_cannot_be_told_is_absent_with_its_reason() {
    let of = |y: &[f64], d| indices(y, d, &SETTINGS);
    assert_eq!(of(&[0.1; 8 * 16], 3), Err(Absent::Constant));
    assert_eq!(of(&[1.0; 8], 3), Err(Absent::TooFew { found: 1, needed: 2 }));
    assert_eq!(of(&[], 3), Err(Absent::TooFew { found: 0, needed: 2 }));
    assert!(matches!(of(&[1.0; 9], 3), Err(Absent::Shape(_))));
    assert!(matches!(of(&[1.0; 9], 0), Err(Absent::Shape(_))));
    let mut y = outcomes(3, 4, (true, true), 3, ishigami);
    assert!(of(&y, 3).is_ok());
    y[11] = f64::INFINITY;
    assert_eq!(of(&y, 3), Err(Absent::NotFinite(11)));
    // Only a row AB varies: A and B have no variance to share out.
    let mut flat = vec![2.0; 32];
    flat[1] = 3.0;
    assert_eq!(of(&flat, 3), Err(Absent::Constant));
    let huge: Vec<f64> = (0..32).map(|row| f64::from(row) * 1e306).collect();
    assert!(matches!(of(&huge, 3), Err(Absent::Shape(_))));
    for level in [0.0, 1.0, f64::NAN] {
        assert!(indices(&y[..8], 3, &Settings { level, ..SETTINGS }).is_err());
    }
}

/// One base point of sixteen differs: a third of the resamples miss it and have no variance. The intervals are those
/// of the others.
#[test]
fn resamples_without_variance_are_left_out() {
    let mut y = vec![1.0; 8 * 16];
    y[..8].copy_from_slice(&[3.0, 2.0, 1.0, 5.0, 0.0, 1.0, 2.0, 4.0]);
    let found = indices(&y, 3, &SETTINGS).expect("indices");
    let mut resamples = Vec::new();
    for times in (0..SETTINGS.resamples).map(|r| times_drawn(16, SETTINGS.seed, r)) {
        let drawn: Vec<usize> =
            (0..16).flat_map(|p| std::iter::repeat_n(p, times[p] as usize)).collect();
        if drawn[0] == 0 {
            resamples.push(by_definition(&y, 3, &drawn));
        }
    }
    let n = resamples.len() as f64;
    assert!(n > 100.0 && n < 160.0, "{n}");
    for (index, estimate) in all(&found).iter().enumerate() {
        let mean = resamples.iter().map(|r| r[index]).sum::<f64>() / n;
        let squares = resamples.iter().map(|r| (r[index] - mean).powi(2)).sum::<f64>();
        let expected = 1.959963984540054 * (squares / (n - 1.0)).sqrt();
        let half = estimate.half_width.expect("an interval");
        assert!(estimate.value.is_finite() && (half - expected).abs() < 1e-11, "{index}: {half}");
    }
}
