//! Designs and indices against SALib 1.6.0 (Iwanaga, Usher & Herman 2022, doi:10.18174/sesmo.18155): its own samples,
//! row by row.

use xuewei::analysis::{morris, sobol};
use xuewei::experiment::design::{Design, Kind, Spec};

/// Sums of a few thousand products of order one.
const TOLERANCE: f64 = 1e-12;

/// Columns of a table of SALib: `row`, the factors, the outcome. XUEWEI_ORACLES names the folder; without it there is
/// nothing to read.
fn table(name: &str) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let folder = std::env::var("XUEWEI_ORACLES").ok()?;
    let path = std::path::Path::new(&folder).join(name);
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let (mut x, mut y) = (vec![Vec::new(); 3], Vec::new());
    for record in reader.records() {
        let record = record.expect("a row");
        let numbers: Vec<f64> =
            record.iter().skip(1).map(|text| text.parse().expect("a number")).collect();
        assert_eq!(numbers.len(), 4);
        // The sample is on (−π, π); the cube is wanted.
        let cube = |x: f64| (x / std::f64::consts::PI + 1.0) / 2.0;
        x.iter_mut().zip(&numbers).for_each(|(column, x)| column.push(cube(*x)));
        y.push(numbers[3]);
    }
    Some((x, y))
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < TOLERANCE, "{found} against {expected}");
}

#[test]
fn the_plain_saltelli_design_is_salibs_sample_row_by_row() {
    let Some((x, y)) = table("salib_sobol_unscrambled_N256_D3_ishigami_sample.csv") else {
        return;
    };
    assert_eq!(y.len(), 256 * 8);
    let kind = Kind::Saltelli { scramble: false, second_order: true };
    let spec = Spec { kind, n_factors: 3, draws: 256, seed: 0, block: None };
    let design = Design::new(spec).expect("a design");
    let mut point = [0.0; 3];
    for row in 0..y.len() {
        design.point(row as u64, &mut point);
        (0..3).for_each(|j| assert_close(point[j], x[j][row]));
    }
    let settings = sobol::Settings { second_order: true, resamples: 0, level: 0.95, seed: 0 };
    let found = sobol::indices(&y, 3, &settings).expect("indices");
    let first = [0.32603897195923004, 0.4820072841939925, 0.011125510338570368];
    let total = [0.5646024820275063, 0.457007142980521, 0.2506488435437758];
    let second = [-0.018110907981888857, 0.2648898732606022, -0.005645845624610537];
    for j in 0..3 {
        assert_close(found.first[j].value, first[j]);
        assert_close(found.total[j].value, total[j]);
        assert_close(found.second[j].2.value, second[j]);
    }
}

#[test]
fn effects_of_salibs_trajectories_are_salibs() {
    let Some((x, y)) = table("salib_morris_N20_levels4_ishigami_sample.csv") else {
        return;
    };
    assert_eq!(y.len(), 20 * 4);
    // The sample is not exactly on its levels after the way through (−π, π): a coordinate that did not change is the
    // same to the bit.
    let unit = morris::Unit::Cube;
    let settings = morris::Settings { unit, resamples: 0, level: 0.95, seed: 0 };
    let found = morris::effects(&x, &y, &settings).expect("effects");
    let mu = [8.95381333225973, 0.0, 0.0];
    let mu_star = [8.95381333225973, 7.874999999999998, 3.7492776619998707];
    let sigma = [6.281598407997585, 8.079579522670587, 7.023040523818528];
    for j in 0..3 {
        assert_close(found[j].mu, mu[j]);
        assert_close(found[j].mu_star.value, mu_star[j]);
        assert_close(found[j].sigma, sigma[j]);
    }
}
