use super::*;

/// SALib 1.6.0, `sample.morris` of the Ishigami function (a = 7, b = 0.1) with 20 trajectories on 4 levels: the rows
/// of each trajectory as levels 0 to 3 of x1, x2, x3, which are −π, −π/3, π/3 and π.
const SALIB_SAMPLE: [&str; 20] = [
    "100 300 302 322",
    "012 032 030 230",
    "203 003 001 021",
    "311 111 131 133",
    "123 103 303 301",
    "113 313 333 331",
    "023 021 221 201",
    "301 101 103 123",
    "301 303 323 123",
    "131 331 333 313",
    "033 013 213 211",
    "112 110 310 330",
    "202 222 022 020",
    "210 230 030 032",
    "101 121 321 323",
    "322 302 300 100",
    "203 223 023 021",
    "211 213 013 033",
    "231 031 011 013",
    "331 131 133 113",
];
/// What its `analyze.morris` finds: µ, µ*, σ, then the three with scaled effects.
const SALIB_RESULT: [[f64; 6]; 3] = [
    [
        8.95381333225973,
        8.95381333225973,
        6.281598407997585,
        0.6786311850348611,
        0.6786311850348611,
        0.4587607612294169,
    ],
    [
        1.3322676295501878e-16,
        7.874999999999998,
        8.079579522670587,
        0.0424589531176657,
        0.6753123338173561,
        0.732739821574364,
    ],
    [
        -2.6645352591003756e-16,
        3.7492776619998707,
        7.023040523818528,
        -0.028211383957599222,
        0.26408563967145826,
        0.5090091333216202,
    ],
];
/// Half the width of its interval of µ*, from 1,000 resamples: a random number.
const SALIB_HALF_WIDTH: [f64; 3] = [2.687796007637452, 3.4885586267299722e-15, 2.4519288719090055];

const SETTINGS: Settings = Settings { unit: Unit::Cube, resamples: 1000, level: 0.95, seed: 1 };

fn ishigami(x: [f64; 3]) -> f64 {
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// Points of the unit cube by factor, and the outcome.
fn salib_sample() -> (Vec<Vec<f64>>, Vec<f64>) {
    let mut x = vec![Vec::new(); 3];
    let mut y = Vec::new();
    for row in SALIB_SAMPLE.iter().flat_map(|rows| rows.split(' ')) {
        let cube: Vec<f64> = row.bytes().map(|level| f64::from(level - b'0') / 3.0).collect();
        y.push(ishigami([0, 1, 2].map(|j| std::f64::consts::PI * (2.0 * cube[j] - 1.0))));
        x.iter_mut().zip(cube).for_each(|(column, u)| column.push(u));
    }
    (x, y)
}

#[test]
fn effects_of_salibs_sample_are_those_of_salib() {
    let (x, y) = salib_sample();
    assert_eq!(y.len(), 80);
    for (unit, first) in [(Unit::Cube, 0), (Unit::Deviations, 3)] {
        let found = effects(&x, &y, &Settings { unit, ..SETTINGS }).expect("effects");
        for (factor, expected) in found.iter().zip(SALIB_RESULT) {
            let found = [factor.mu, factor.mu_star.value, factor.sigma];
            for (found, expected) in found.into_iter().zip(&expected[first..]) {
                assert!((found - expected).abs() < 1e-12, "{found} against {expected}");
            }
        }
    }
}

/// Both are standard deviations of 1,000 resamples: each is known to 1/√2000 = 2.2 %.
#[test]
fn the_interval_is_as_wide_as_that_of_salib() {
    let (x, y) = salib_sample();
    let found = effects(&x, &y, &SETTINGS).expect("effects");
    for (factor, expected) in found.iter().zip(SALIB_HALF_WIDTH) {
        let half = factor.mu_star.half_width.expect("resamples");
        assert!((half - expected).abs() < 4.5 * 0.032 * expected + 1e-12, "{half}, {expected}");
    }
    let without = effects(&x, &y, &Settings { resamples: 0, ..SETTINGS }).expect("effects");
    assert_eq!(without[0].mu_star.half_width, None);
    assert_eq!(without[0].mu, found[0].mu);
}

/// y = 10 x1 + x1 x2, two trajectories with steps of different length and direction.
/// First: (0.2, 0.5) → (0.6, 0.5): 10.5; → (0.6, 0.1): 0.6. Second: (0.9, 0.8) → (0.9, 0.3): 0.9; → (0.1, 0.3): 10.3.
#[test]
fn effects_by_hand() {
    let x = vec![vec![0.2, 0.6, 0.6, 0.9, 0.9, 0.1], vec![0.5, 0.5, 0.1, 0.8, 0.3, 0.3]];
    let y: Vec<f64> = (0..6).map(|k| 10.0 * x[0][k] + x[0][k] * x[1][k]).collect();
    let by_factor = elementary(&x, &y, Unit::Cube).expect("effects");
    for (found, expected) in by_factor.concat().iter().zip([10.5, 10.3, 0.6, 0.9]) {
        assert!((found - expected).abs() < 1e-12, "{found}");
    }
    let found = effects(&x, &y, &SETTINGS).expect("effects");
    assert!((found[0].mu - 10.4).abs() < 1e-12);
    // The standard deviation of 10.5 and 10.3 is 0.2/√2.
    assert!((found[0].sigma - 0.2 / 2.0_f64.sqrt()).abs() < 1e-12);
}

/// A trajectory of the program's own design: a linear outcome has its slopes as µ and no σ; signs cancel in µ alone.
#[test]
fn effects_of_the_own_design() {
    use crate::experiment::design::{Design, Kind, Spec};
    let kind = Kind::Morris { levels: 6, candidates: 50 };
    let spec = Spec { kind, n_factors: 4, draws: 10, seed: 3, block: None };
    let design = Design::new(spec).expect("a design");
    let mut x = vec![Vec::new(); 4];
    let mut y = Vec::new();
    let mut point = [0.0; 4];
    for i in 0..design.n_points() {
        design.point(i, &mut point);
        x.iter_mut().zip(point).for_each(|(column, u)| column.push(u));
        y.push(3.0 * point[0] - 2.0 * point[1]);
    }
    let found = effects(&x, &y, &SETTINGS).expect("effects");
    for (factor, slope) in found.iter().zip([3.0, -2.0, 0.0, 0.0_f64]) {
        assert!((factor.mu - slope).abs() < 1e-12 && factor.sigma < 1e-12, "{factor:?}");
        assert!((factor.mu_star.value - slope.abs()).abs() < 1e-12);
    }
}

#[test]
fn rows_that_are_no_trajectories_are_refused() {
    let x = vec![vec![0.2, 0.6, 0.6, 0.9, 0.9, 0.1], vec![0.5, 0.5, 0.1, 0.8, 0.3, 0.3]];
    let y = vec![1.0, 2.0, 4.0, 1.0, 0.0, 3.0];
    let with = |factor: usize, row: usize, value: f64| {
        let mut x = x.clone();
        x[factor][row] = value;
        effects(&x, &y, &SETTINGS).expect_err("a refusal").to_string()
    };
    assert_eq!(with(0, 1, 0.2), "row 1 changes no factor");
    assert_eq!(with(1, 1, 0.6), "row 1 changes several factors");
    // The last row moves factor 1 once more and leaves factor 0.
    let again = [vec![0.2, 0.6, 0.6, 0.9, 0.9, 0.9], vec![0.5, 0.5, 0.1, 0.8, 0.3, 0.2]];
    let refused = effects(&again, &y, &SETTINGS).expect_err("a refusal").to_string();
    assert_eq!(refused, "row 5 changes factor 1 again");
    let refused = |x: &[Vec<f64>], y: &[f64]| effects(x, y, &SETTINGS).expect_err("a refusal");
    assert!(matches!(refused(&x, &y[..5]), Absent::Shape(_)));
    assert!(matches!(refused(&[], &y), Absent::Shape(_)));
    assert_eq!(refused(&x, &[1.0, 2.0, f64::NAN, 1.0, 0.0, 3.0]), Absent::NotFinite(2));
    assert_eq!(refused(&x, &[5.0; 6]), Absent::Constant);
    let one = [x[0][..3].to_vec(), x[1][..3].to_vec()];
    assert_eq!(refused(&one, &y[..3]), Absent::TooFew { found: 1, needed: 2 });
    assert_eq!(refused(&[vec![], vec![]], &[]), Absent::TooFew { found: 0, needed: 2 });
}
