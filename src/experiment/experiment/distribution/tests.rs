use super::*;
use crate::random::uniform;

fn of(kind: &str, numbers: &[(&str, f64)]) -> Distribution {
    let number = |key: &str| numbers.iter().find(|(name, _)| *name == key).map(|(_, n)| *n);
    Distribution::of(kind, &number, &[], &[]).expect("a law")
}

/// A law, a distribution function written anew for the test, its mean and its standard deviation in closed form.
type Case = (Distribution, Box<dyn Fn(f64) -> f64>, f64, f64);

/// Φ by its own series, z·φ(z)·(1 + z²/3 + z⁴/15 + …) (Abramowitz & Stegun 26.2.11), not by the error function of the program.
fn phi(z: f64) -> f64 {
    if z.abs() > 8.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut term, mut total, mut odd) = (z, z, 1.0);
    while term.abs() > 1e-18 {
        odd += 2.0;
        term *= z * z / odd;
        total += term;
    }
    0.5 + total * (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// The beta law of whole shapes is a binomial sum (DLMF 8.17.5): I_x(a, b) = Σ_{j ≥ a} C(a+b−1, j) x^j (1−x)^(a+b−1−j).
fn whole_beta(a: u32, b: u32, x: f64) -> f64 {
    let n = a + b - 1;
    let ways = |j: u32| (0..j).map(|i| f64::from(n - i) / f64::from(i + 1)).product::<f64>();
    (a..=n).map(|j| ways(j) * x.powi(j as i32) * (1.0 - x).powi((n - j) as i32)).sum()
}

fn continuous() -> Vec<Case> {
    let root = f64::sqrt;
    let truncated = |x: f64| (phi((x - 1.0) / 0.5) - phi(-1.0)) / (phi(2.0) - phi(-1.0));
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let mass = phi(2.0) - phi(-1.0);
    let shift = (density(-1.0) - density(2.0)) / mass;
    let spread = 1.0 + (-density(-1.0) - 2.0 * density(2.0)) / mass - shift * shift;
    vec![
        (
            of("uniform", &[("low", -1.0), ("high", 3.0)]),
            Box::new(|x| (x + 1.0) / 4.0),
            1.0,
            root(16.0 / 12.0),
        ),
        (of("normal", &[("mean", 2.0), ("sd", 3.0)]), Box::new(|x| phi((x - 2.0) / 3.0)), 2.0, 3.0),
        (
            of("truncated-normal", &[("mean", 1.0), ("sd", 0.5), ("low", 0.5), ("high", 2.0)]),
            Box::new(truncated),
            1.0 + 0.5 * shift,
            0.5 * root(spread),
        ),
        (
            of("triangular", &[("low", 0.0), ("mode", 1.0), ("high", 4.0)]),
            Box::new(|x| if x < 1.0 { x * x / 4.0 } else { 1.0 - (4.0 - x).powi(2) / 12.0 }),
            5.0 / 3.0,
            root((16.0 + 1.0 - 4.0) / 18.0),
        ),
        // Shape 4 and the mode in the middle: beta(3, 3), variance 9/(36·7) of a length of 2.
        (
            of("pert", &[("low", 1.0), ("mode", 2.0), ("high", 3.0)]),
            Box::new(|x| whole_beta(3, 3, (x - 1.0) / 2.0)),
            2.0,
            2.0 * root(1.0 / 28.0),
        ),
        (
            of("lognormal", &[("median", 2.0), ("sigma", 0.5)]),
            Box::new(|x| phi((x / 2.0).ln() / 0.5)),
            2.0 * 0.125_f64.exp(),
            2.0 * 0.125_f64.exp() * root(0.25_f64.exp() - 1.0),
        ),
        (
            of("beta", &[("alpha", 2.0), ("beta", 5.0), ("low", 10.0), ("high", 20.0)]),
            Box::new(|x| whole_beta(2, 5, (x - 10.0) / 10.0)),
            10.0 + 20.0 / 7.0,
            10.0 * root(10.0 / (49.0 * 8.0)),
        ),
        // The arcsine law.
        (
            of("beta", &[("alpha", 0.5), ("beta", 0.5), ("low", 0.0), ("high", 1.0)]),
            Box::new(|x| 2.0 / std::f64::consts::PI * x.clamp(0.0, 1.0).sqrt().asin()),
            0.5,
            root(0.125),
        ),
    ]
}

/// The distribution function of the test at the quantile is the probability, also far out.
#[test]
fn quantiles_invert_a_distribution_function_written_anew() {
    for (law, cdf, _, _) in continuous() {
        let (low, high) = law.bounds();
        let mut last = low;
        let far = [1e-12, 1e-9, 1e-6, 1e-4];
        let inner = (1..2000).map(|i| f64::from(i) / 2000.0);
        for u in far.into_iter().chain(inner).chain(far.into_iter().rev().map(|u| 1.0 - u)) {
            let x = law.quantile(u);
            assert!(x >= last && x <= high, "{} falls at {u}", law.kind());
            assert!((cdf(x) - u).abs() < 2e-9, "{} at {u}: {x}, {}", law.kind(), cdf(x));
            assert!((law.cdf(x) - u).abs() < 2e-9, "{} at {u}: {x}, {}", law.kind(), law.cdf(x));
            last = x;
        }
    }
}

/// Kolmogorov-Smirnov of 20,000 random draws at 0.1 %; their mean and standard deviation within five standard errors.
#[test]
fn draws_follow_their_law() {
    let n = 20_000;
    for (idx, (law, cdf, mean, sd)) in continuous().into_iter().enumerate() {
        let draw = |i| law.quantile(uniform(5, &format!("{idx}/{i}")));
        let mut draws: Vec<f64> = (0..n).map(draw).collect();
        draws.sort_by(f64::total_cmp);
        let size = f64::from(n);
        let gap = draws.iter().enumerate().map(|(i, x)| (cdf(*x) - (i as f64 + 0.5) / size).abs());
        assert!(gap.fold(0.0, f64::max) < 1.95 / size.sqrt(), "{}", law.kind());
        let found = draws.iter().sum::<f64>() / size;
        let variance = draws.iter().map(|x| (x - found).powi(2)).sum::<f64>() / size;
        assert!((found - mean).abs() < 5.0 * sd / size.sqrt(), "{}: {found}", law.kind());
        assert!((variance.sqrt() / sd - 1.0).abs() < 0.04, "{}: {}", law.kind(), variance.sqrt());
        assert!((law.mean() - mean).abs() < 1e-9, "{}: {}", law.kind(), law.mean());
    }
}

/// Quantiles of beta laws by SciPy 1.17.1, scipy.stats.beta.ppf.
#[test]
fn beta_quantiles_are_those_of_scipy() {
    for (a, b, u, expected) in SCIPY {
        let law = Distribution::beta((*a, *b), (0.0, 1.0)).expect("a law");
        let found = law.quantile(*u);
        assert!((found - expected).abs() < 1e-9, "{a}, {b}, {u}: {found} and {expected}");
        assert!((found / expected - 1.0).abs() < 1e-7, "{a}, {b}, {u}: {found} and {expected}");
    }
}

/// Chi-square of 60,000 draws on six values, 5 degrees of freedom: 20.5 at 0.1 %.
#[test]
fn single_values_come_as_often_as_they_should() {
    let values = [3.0, 1.0, 2.0, 4.0, 6.0, 5.0];
    let weights = [1.0, 3.0, 2.0, 2.0, 0.5, 1.5];
    let choice = Distribution::choice(&values, &weights).expect("a law");
    let integer = of("integer", &[("low", 1.0), ("high", 6.0)]);
    let odds_of_choice = [0.3, 0.2, 0.1, 0.2, 0.15, 0.05];
    for (law, odds) in [(choice, odds_of_choice), (integer, [1.0 / 6.0; 6])] {
        let mut counts = [0.0_f64; 6];
        for i in 0..60_000 {
            let u = uniform(9, &format!("{}/{i}", law.kind()));
            counts[law.quantile(u) as usize - 1] += 1.0;
        }
        let square = |(count, odd): (&f64, &f64)| (count - 6e4 * odd).powi(2) / (6e4 * odd);
        let chi = counts.iter().zip(&odds).map(square).sum::<f64>();
        assert!(chi < 20.5, "{}: {chi}", law.kind());
        let mean: f64 = odds.iter().enumerate().map(|(i, odd)| (i as f64 + 1.0) * odd).sum();
        assert!((law.mean() - mean).abs() < 1e-12);
        assert!((law.cdf(2.5) - odds[0] - odds[1]).abs() < 1e-12);
        assert!(law.is_discrete() && law.is_whole());
        assert_eq!(law.bounds(), (1.0, 6.0));
    }
}

/// Definition 7 of Hyndman & Fan: of 1, 2, 4, 8 the median is 3 and the first quartile 1.75. With the weights 1, 1, 2 the spans of
/// 0, 1, 3 are 1 and 1.5: the median lies (0.5 − 0.4)/0.6 of the way from 1 to 3.
#[test]
fn the_line_through_listed_values_by_hand() {
    let even = Distribution::empirical(&[4.0, 1.0, 8.0, 2.0], &[]).expect("a law");
    assert!((even.quantile(0.5) - 3.0).abs() < 1e-12);
    assert!((even.quantile(0.25) - 1.75).abs() < 1e-12);
    assert!((even.mean() - (1.5 + 3.0 + 6.0) / 3.0).abs() < 1e-12);
    let weighted = Distribution::empirical(&[0.0, 1.0, 3.0], &[1.0, 1.0, 2.0]).expect("a law");
    assert!((weighted.quantile(0.5) - (1.0 + 2.0 / 6.0)).abs() < 1e-12);
    assert!((weighted.cdf(1.0) - 0.4).abs() < 1e-12);
    // A value that comes twice is met with the probability between the two.
    let twice = Distribution::empirical(&[1.0, 2.0, 2.0, 3.0], &[]).expect("a law");
    assert_eq!((twice.quantile(0.4), twice.quantile(0.6)), (2.0, 2.0));
}

/// As `input::ranges` has it: the 90th percentile is `high`, the 10th `low`, the median the value; the mean of two half normal laws
/// is (σ₂ − σ₁)/√(2π).
#[test]
fn a_figure_is_two_piece_normal() {
    let law = Distribution::two_piece(10.0, 7.0, 11.0).expect("a law");
    for (u, x) in [(0.1, 7.0), (0.5, 10.0), (0.9, 11.0)] {
        assert!((law.quantile(u) - x).abs() < 1e-12);
        assert!((law.cdf(x) - u).abs() < 1e-12);
    }
    let sigma = |side: f64| side / 1.281_551_565_544_600_4;
    let mean = 10.0 + (sigma(1.0) - sigma(3.0)) / (2.0 * std::f64::consts::PI).sqrt();
    assert!((law.mean() - mean).abs() < 1e-9);
    let flat = Distribution::two_piece(10.0, 7.0, 10.0).expect("a law");
    assert_eq!((flat.quantile(0.99), flat.cdf(10.0), flat.bounds().1), (10.0, 1.0, 10.0));
}

#[test]
fn a_truncated_tail_keeps_its_digits() {
    let law = Distribution::truncated_normal(0.0, 1.0, (5.0, 6.0)).expect("a law");
    // Φ(−5) = 2.866515718791933e−7, Φ(−6) = 9.865876450376946e−10 (tables of the normal law).
    let middle = 0.5 * (2.866515718791933e-7 + 9.865876450376946e-10);
    assert!((phi(-law.quantile(0.5)) - middle).abs() < 1e-15);
    assert!(law.mean() > 5.0 && law.mean() < 5.25);
    let low = Distribution::truncated_normal(0.0, 1.0, (-6.0, -5.0)).expect("a law");
    assert!((low.quantile(0.5) + law.quantile(0.5)).abs() < 1e-9);
}

#[test]
fn impossible_laws_are_refused_with_a_way_out() {
    let faults = [
        Distribution::uniform(2.0, 1.0).err(),
        Distribution::uniform(1.0, 1.0).err(),
        Distribution::normal(0.0, 0.0).err(),
        Distribution::normal(0.0, f64::NAN).err(),
        Distribution::truncated_normal(0.0, 1.0, (7.0, 8.0)).err(),
        Distribution::triangular(0.0, 2.0, 1.0).err(),
        Distribution::pert(0.0, 0.5, 1.0, 0.0).err(),
        Distribution::lognormal(-1.0, 1.0).err(),
        Distribution::beta((0.0, 1.0), (0.0, 1.0)).err(),
        Distribution::integer(0.5, 2.0).err(),
        Distribution::choice(&[], &[]).err(),
        Distribution::choice(&[1.0, 2.0], &[1.0]).err(),
        Distribution::choice(&[1.0, 2.0], &[0.0, 0.0]).err(),
        Distribution::choice(&[1.0, 2.0], &[-1.0, 2.0]).err(),
        Distribution::empirical(&[1.0, 1.0], &[]).err(),
        Distribution::two_piece(1.0, 2.0, 3.0).err(),
    ];
    for (idx, fault) in faults.iter().enumerate() {
        let fault = fault.as_ref().map(|fault| fault.message.starts_with("expected"));
        assert_eq!(fault, Some(true), "case {idx}");
    }
}

/// Every kind of the table can be made, and from no other numbers than it names.
#[test]
fn every_kind_reads_the_numbers_that_it_names() {
    for law in LAWS.iter().filter(|law| law.key != "figure") {
        let value = |key: &str| match key {
            "low" => 1.0,
            "mode" | "mean" | "median" => 2.0,
            "high" => 3.0,
            _ => 1.5,
        };
        let known = |key: &str| {
            let is_known = law.numbers.contains(&key) || law.optional.contains(&key);
            is_known.then(|| value(key))
        };
        let values: &[f64] = if law.has_values { &[1.0, 2.0] } else { &[] };
        let made = Distribution::of(law.key, &known, values, &[]).expect("a law");
        assert_eq!(made.kind(), law.key);
        for left_out in law.numbers {
            let without = |key: &str| known(key).filter(|_| key != *left_out);
            let fault =
                Distribution::of(law.key, &without, values, &[]).expect_err("a number less");
            assert_eq!(fault.message, format!("expected `{left_out}`"));
        }
    }
}

#[rustfmt::skip]
const SCIPY: &[(f64, f64, f64, f64)] = &[
    (0.3, 0.7, 1e-10, 7.721676616361378e-34),
    (0.3, 0.7, 1e-05, 3.584084795927194e-17),
    (0.3, 0.7, 0.01, 3.5840844994888017e-07),
    (0.3, 0.7, 0.2, 0.0077689850454393024),
    (0.3, 0.7, 0.5, 0.15877468697850153),
    (0.3, 0.7, 0.77, 0.5848146364486633),
    (0.3, 0.7, 0.999, 0.9997838965329151),
    (1.0, 3.0, 1e-10, 3.3333333334444445e-11),
    (1.0, 3.0, 1e-05, 3.333344444506174e-06),
    (1.0, 3.0, 0.01, 0.0033445065874036367),
    (1.0, 3.0, 0.2, 0.07168223327744422),
    (1.0, 3.0, 0.5, 0.20629947401590026),
    (1.0, 3.0, 0.77, 0.3873074324771583),
    (1.0, 3.0, 0.999, 0.9),
    (2.5, 1.5, 1e-10, 7.523027113637953e-05),
    (2.5, 1.5, 1e-05, 0.007531067153289791),
    (2.5, 1.5, 0.01, 0.12141857377563646),
    (2.5, 1.5, 0.2, 0.42520434054768785),
    (2.5, 1.5, 0.5, 0.647547720122869),
    (2.5, 1.5, 0.77, 0.812960629576081),
    (2.5, 1.5, 0.999, 0.9955614743117241),
    (4.2, 9.7, 1e-10, 0.000849545490933954),
    (4.2, 9.7, 1e-05, 0.01345422577489766),
    (4.2, 9.7, 0.01, 0.07782476767592457),
    (4.2, 9.7, 0.2, 0.19656808855443528),
    (4.2, 9.7, 0.5, 0.2924416712907047),
    (4.2, 9.7, 0.77, 0.388823315352521),
    (4.2, 9.7, 0.999, 0.7020493497555016),
    (60.0, 3.0, 1e-10, 0.6199254022017608),
    (60.0, 3.0, 1e-05, 0.7622396643283729),
    (60.0, 3.0, 0.01, 0.8712374628336423),
    (60.0, 3.0, 0.2, 0.932243678958333),
    (60.0, 3.0, 0.5, 0.9571036289641095),
    (60.0, 3.0, 0.77, 0.9732880562337766),
    (60.0, 3.0, 0.999, 0.9968810827762401),
    (0.05, 5.0, 1e-05, 1.2890340234049707e-101),
    (0.05, 5.0, 0.01, 1.2890340234049588e-41),
    (0.05, 5.0, 0.2, 1.3516501401258816e-15),
    (0.05, 5.0, 0.5, 1.229319216799976e-07),
    (0.05, 5.0, 0.77, 0.0006937870475181602),
    (0.05, 5.0, 0.999, 0.4514160282570287),
    (900.0, 2500.0, 1e-10, 0.21851423053118074),
    (900.0, 2500.0, 1e-05, 0.23326657289779068),
    (900.0, 2500.0, 0.01, 0.2473139495945394),
    (900.0, 2500.0, 0.2, 0.258324864999928),
    (900.0, 2500.0, 0.5, 0.26465974174009893),
    (900.0, 2500.0, 0.77, 0.27027498600841604),
    (900.0, 2500.0, 0.999, 0.2884670110770677),
];
