//! The register is synthetic: over six seeds of it the base is met, and scenarios keep their order.

use std::path::Path;

use xuewei::indicators;
use xuewei::{input, model};

use super::xuewei;
use crate::support::{root, stage};

const SEEDS: [u32; 6] = [1, 2, 3, 4, 5, 6];
const SCENARIOS: [&str; 5] = ["plan", "no-build", "delayed", "low-births", "entry-cap"];

/// A copy of the city with a register of another seed.
fn calibrated_copy(folder: &Path, seed: u32) {
    let copy = |from: &str| {
        let target = folder.join(from);
        std::fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        std::fs::copy(root().join(from), target).expect("a copy");
    };
    for file in ["china.toml", "china/mortality.csv", "china/fertility.csv"] {
        copy(&format!("scenarios/{file}"));
    }
    for file in std::fs::read_dir(root().join("scenarios/jiaozuo")).expect("Jiaozuo").flatten() {
        if file.path().is_file() {
            copy(&format!("scenarios/jiaozuo/{}", file.file_name().to_string_lossy()));
        }
    }
    for folder in ["programmes", "targets"] {
        let path = root().join("scenarios/jiaozuo").join(folder);
        for file in std::fs::read_dir(path).expect("a folder").flatten() {
            copy(&format!("scenarios/jiaozuo/{folder}/{}", file.file_name().to_string_lossy()));
        }
    }
    let output = xuewei()
        .arg("calibrate")
        .arg(folder.join("scenarios/jiaozuo"))
        .args(["--write", "--quiet", "--set", &format!("calibration.seed={seed}")])
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Pupil-years in oversized classes of compulsory and senior schools after the base year, and the base shares.
fn outcome(folder: &Path, scenario: &str) -> (f64, [f64; 3]) {
    let path = folder.join(format!("scenarios/jiaozuo/{scenario}.toml"));
    let loaded =
        input::load(&path, &[]).unwrap_or_else(|r| panic!("{}", r.problems.render("error")));
    let table = indicators::table(&loaded.scenario, &model::run(&loaded.scenario));
    let mut pupil_years = 0.0;
    let mut base = [0.0; 3];
    for (at, stage) in [stage("primary"), stage("junior"), stage("senior")].into_iter().enumerate()
    {
        let years = table.city_years(Some(stage));
        pupil_years += years[1..].iter().map(|s| s.pupils_in_oversized).sum::<f64>();
        base[at] = years[0].oversized / years[0].classes;
    }
    (pupil_years, base)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    values.iter().map(|v| values.iter().filter(|w| *w < v).count() as f64).collect()
}

/// Spearman's rank correlation without ties.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let distance: f64 = ranks(a).iter().zip(ranks(b)).map(|(x, y)| (x - y) * (x - y)).sum();
    1.0 - 6.0 * distance / (n * (n * n - 1.0))
}

#[test]
fn scenarios_keep_their_order_over_register_seeds() {
    let mut all: Vec<Vec<f64>> = Vec::new();
    for seed in SEEDS {
        let folder = tempfile::tempdir().expect("a folder");
        calibrated_copy(folder.path(), seed);
        let outcomes: Vec<(f64, [f64; 3])> =
            SCENARIOS.iter().map(|scenario| outcome(folder.path(), scenario)).collect();
        let base = outcomes[0].1;
        println!(
            "seed {seed}: base shares {base:.4?}, pupil-years {:.0?}",
            outcomes.iter().map(|o| o.0).collect::<Vec<_>>()
        );
        // The base shares are fitted to Henan's of 2020: primary 2.96 %, junior 4.12 %, senior 21.48 %.
        for (found, published, tolerance) in
            [(base[0], 0.0296, 0.003), (base[1], 0.0412, 0.005), (base[2], 0.2148, 0.03)]
        {
            assert!(
                (found - published).abs() < tolerance,
                "seed {seed}: {found} against {published}"
            );
        }
        all.push(outcomes.iter().map(|o| o.0).collect());
    }
    for (seed, values) in SEEDS.iter().zip(&all) {
        let correlation = rank_correlation(&all[0], values);
        println!("seed {seed}: rank correlation with the first {correlation:.2}");
        assert!(correlation >= 0.8, "seed {seed}: {correlation}");
    }
}
