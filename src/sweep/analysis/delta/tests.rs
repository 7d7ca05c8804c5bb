//! Tests of δ against SALib, against sums without bins, and against cases that can be worked by hand.

use super::*;
use crate::analysis::points::{corput, halton3, ishigami};
use crate::numeric::normal_quantile;

fn options(n_resamples: usize) -> Options {
    Options { n_resamples, seed: 1, level: 0.95 }
}

fn deltas(x: &[Vec<f64>], y: &[f64], n_resamples: usize) -> Vec<Delta> {
    delta(x, y, &options(n_resamples)).into_iter().map(|d| d.expect("an estimate")).collect()
}

/// SALib 1.6.0: `int(min(ceil(n ** (2/(7 + tanh((1500 - n)/500)))), 48))`.
#[test]
fn classes_are_as_many_as_in_salib() {
    let expected = [(50, 3), (500, 5), (1000, 6), (1500, 9), (10_000, 22), (1_000_000, 48)];
    for (n, classes) in expected {
        assert_eq!(n_classes(n), classes, "{n}");
    }
}

/// SALib 1.6.0, `calc_delta` and `sobol_first` on 1,000 points of Halton's sequence under Ishigami's function.
#[test]
fn the_estimate_is_salibs() {
    let x = halton3(1000);
    let found = deltas(&x, &ishigami(&x), 0);
    let expected = [
        (0.183_918_326_176_939_18, 0.286_575_388_389_301_6),
        (0.253_361_922_430_690_6, 0.294_732_055_968_455_64),
        (0.145_991_327_204_297_2, 0.000_353_478_933_848_939_7),
    ];
    for (found, (delta, first_order)) in found.iter().zip(expected) {
        assert!((found.delta - delta).abs() < BINNING_ERROR, "{} for {delta}", found.delta);
        assert!((found.first_order - first_order).abs() < 1e-12);
    }
}

/// SALib's own regression test of 10,000 draws (`test_regression_delta`): 0.210, 0.358, 0.155 within 0.05.
#[test]
fn ishigami_as_salib_publishes_it() {
    let x = halton3(6000);
    let found = deltas(&x, &ishigami(&x), 20);
    for (found, expected) in found.iter().zip([0.210, 0.358, 0.155]) {
        assert!((found.delta - expected).abs() < 0.05, "{found:?}");
        assert!(found.delta_half_width > 0.0 && found.delta_half_width < 0.03, "{found:?}");
    }
}

/// y = 2a + b with standard normal a and b: y is N(0, 5), given a it is N(2a, 1), given b N(b, 4). Half the distance of these
/// densities, integrated over the factor (scipy 1.17 `quad` in both directions): 0.505497 and 0.160394.
#[test]
fn sum_of_normal_factors() {
    let x: Vec<Vec<f64>> =
        [2, 3].map(|base| corput(8000, base).into_iter().map(normal_quantile).collect()).to_vec();
    let y: Vec<f64> = x[0].iter().zip(&x[1]).map(|(a, b)| 2.0 * a + b).collect();
    let found = deltas(&x, &y, 20);
    for (found, expected) in found.iter().zip([0.505_497, 0.160_394]) {
        assert!((found.delta - expected).abs() < 0.02, "{found:?} for {expected}");
    }
}

/// y is the class of x, of M equally frequent ones: ½(|1 − 1/M| + (M − 1)·1/M) = 1 − 1/M, all variance between classes.
#[test]
fn a_counted_outcome_by_hand() {
    let x = corput(10_000, 2);
    let m = n_classes(10_000);
    let mut y = vec![0.0; 10_000];
    for (rank, i) in order(&x).into_iter().enumerate() {
        y[i] = (0..m).filter(|class| 10_000 * (class + 1) / m <= rank).count() as f64;
    }
    let found = deltas(&[x], &y, 0)[0];
    // Classes differ by one draw.
    assert!((found.delta - (1.0 - 1.0 / m as f64)).abs() < 1e-4, "{found:?}");
    assert!((found.first_order - 1.0).abs() < 1e-12);
}

/// y = 9·(rank mod 20) + class: 180 values, each of one class only, that lie among each other. Counted, as each comes again and again,
/// δ is 1 − 1/9, however many values there are; smoothed the classes would look alike.
#[test]
fn an_outcome_of_many_values_is_counted() {
    let x = corput(1500, 2);
    let m = n_classes(1500);
    assert_eq!(m, 9);
    let mut y = vec![0.0; 1500];
    for (rank, i) in order(&x).into_iter().enumerate() {
        let class = (0..m).filter(|class| 1500 * (class + 1) / m <= rank).count();
        y[i] = (9 * (rank % 20) + class) as f64;
    }
    let found = deltas(&[x], &y, 0)[0];
    assert!((found.delta - (1.0 - 1.0 / 9.0)).abs() < 1e-3, "{found:?}");
}

/// 90 draws of a number without ties that has nothing to do with the factor: as many values as draws are no counts. Counted, every value
/// would belong to one class: 1 − 1/4 with 4 classes.
#[test]
fn a_number_of_few_draws_is_smoothed() {
    let found = deltas(&[corput(90, 2)], &corput(90, 3), 0)[0];
    assert!(found.delta < 0.25, "{found:?}");
    assert!(is_counted(90, 20, 15) && !is_counted(90, 90, 0));
    // Nought in 900 of 1,000 draws and another number in each of the others; every row of a table twice.
    assert!(!is_counted(1000, 101, 1) && !is_counted(1000, 500, 500));
}

/// y = x, uniform, in 22 classes of width w = 1/22: without smoothing ½(|22 − 1|·w + 1·(1 − w)) = 1 − w = 0.955. The classes are
/// smoothed with b = 0.7/99: 22·Φ(−t/b) falls below 1 at t = 1.69 b, so class and whole share w + 2·1.69 b on that width and
/// 2·22 b (φ(1.69) − 1.69 Φ(−1.69)) beyond it, 0.0752. The whole is smoothed with 0.2887·7500^(−1/5) = 0.0485 and loses 2·φ(0)
/// times that beyond the ends, 0.0387. ½(1 − 0.0387) + ½ − 0.0752 = 0.9055.
#[test]
fn an_outcome_that_is_the_factor() {
    let x = corput(10_000, 2);
    let found = deltas(std::slice::from_ref(&x), &x, 0)[0];
    assert!((found.delta - 0.9055).abs() < 0.005, "{found:?}");
}

/// Every bandwidth that occurs: the binned density is within h²/8·max|K″| = φ(0)/(8·16²·b) of the sum over draws.
#[test]
fn bins_stand_for_the_draws() {
    for spread in [0.002, 0.02, 0.1, 0.5, 1.0] {
        let mut density = Density::new(None);
        let positions: Vec<f64> =
            corput(700, 3).iter().map(|u| 99.0 * (0.5 + spread * (u - 0.5))).collect();
        density.begin();
        positions.iter().enumerate().for_each(|(i, p)| density.add(*p, (i % 3) as f64));
        let (total, b) = bandwidth(&density.members);
        let found = density.finish().to_vec();
        let root = (2.0 * std::f64::consts::PI).sqrt();
        let bound = 1.0 / (root * b * 8.0 * FINENESS * FINENESS) + 1e-8;
        let integral = sum(found.iter().copied());
        assert!(spread > 0.6 || (integral - 1.0).abs() < 1e-3, "{spread}: {integral}");
        for (point, found) in found.iter().enumerate() {
            let kernel = |p: f64| libm::exp(-0.5 * ((point as f64 - p) / b).powi(2));
            let direct: f64 =
                positions.iter().enumerate().map(|(i, p)| (i % 3) as f64 * kernel(*p)).sum();
            let direct = direct / (total * b * root);
            assert!((found - direct).abs() < bound, "{spread} {point}: {found} for {direct}");
        }
    }
}

/// A draw counted three times is three equal draws.
#[test]
fn times_are_repetitions() {
    let x = halton3(300);
    let y = ishigami(&x);
    let times: Vec<u32> = (0..300).map(|i| [1, 0, 3, 0, 1][i % 5]).collect();
    let repeat = |column: &[f64]| -> Vec<f64> {
        let values = column.iter().zip(&times);
        values.flat_map(|(v, n)| std::iter::repeat_n(*v, *n as usize)).collect()
    };
    let mut outcome = Outcome::new(&y).expect("an outcome");
    let orders: Vec<Vec<usize>> = x.iter().map(|column| order(column)).collect();
    let found = outcome.estimates(&orders, &times);
    let repeated = repeat(&outcome.centred);
    outcome.positions = repeat(&outcome.positions);
    outcome.centred = repeated;
    let orders: Vec<Vec<usize>> = x.iter().map(|column| order(&repeat(column))).collect();
    let expected = outcome.estimates(&orders, &[1; 300]);
    for (found, expected) in found.iter().zip(expected) {
        assert!((found.0 - expected.0).abs() < 1e-12 && (found.1 - expected.1).abs() < 1e-12);
    }
}

#[test]
fn what_has_no_delta_has_a_reason() {
    let x = [corput(100, 2), vec![1.0; 100]];
    let found = delta(&x, &corput(100, 3), &options(3));
    assert!(found[0].is_ok());
    assert_eq!(found[1], Err(Absence::ConstantFactor));
    assert_eq!(delta(&x, &[2.0; 100], &options(3))[0], Err(Absence::ConstantOutcome));
    let few = [vec![1.0, 2.0]];
    assert_eq!(delta(&few, &[1.0, 2.0], &options(3))[0], Err(Absence::TooFewDraws));
}
