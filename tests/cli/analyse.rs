//! `xuewei analyse` on sweeps whose outcomes are made by hand.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use xuewei::experiment::design::{Design, Kind as DesignKind, Spec};
use xuewei::experiment::{DesignSpec, Kind};
use xuewei::sweep::labels::Labels;
use xuewei::sweep::store::{Columns, Manifest, Part, Shard, Store, gather, prepare};

use super::xuewei;

const N_FACTORS: usize = 3;

fn design(kind: Kind, draws: u64) -> (DesignSpec, Design) {
    let written = DesignSpec {
        kind,
        draws,
        seed: 3,
        scramble: true,
        second_order: true,
        levels: 4,
        levels_by_factor: vec![],
        candidates: 20,
        block: None,
        table: None,
        rows: vec![],
    };
    let kind = match kind {
        Kind::Saltelli => DesignKind::Saltelli { scramble: true, second_order: true },
        Kind::Morris => DesignKind::Morris { levels: 4, candidates: 20 },
        _ => DesignKind::Sobol { scramble: true },
    };
    let spec = Spec { kind, n_factors: N_FACTORS, draws, seed: 3, block: None };
    (written, Design::new(spec).expect("a design"))
}

/// A sweep of two scenarios. Factors are 10 times the point of the cube. The plan's total is 3 a + 2 b + 5, that of building nothing 10
/// more; oversized classes are gone in 2030 where a is below 4, in 2032 where it is below 8, else never; without building
/// never. Draw 5 fails there.
fn sweep(folder: &Path, kind: Kind, draws: u64) -> PathBuf {
    let (written, design) = design(kind, draws);
    let names = |all: &[&str]| all.iter().map(|name| name.to_string()).collect();
    let columns = Columns {
        scenarios: names(&["plan", "no-build"]),
        factors: names(&["a", "b", "c"]),
        outcomes: names(&[
            "primary.clearing_year",
            "all.total",
            "primary.oversized_share[2030]",
            "primary.oversized_share[2031]",
            "primary.oversized_share[2032]",
        ]),
    };
    let n = design.n_points();
    let manifest = Manifest::new(("city", "sweep"), &written, n, &columns, []);
    let into = folder.join("sweep");
    let prepared = prepare(&into, manifest, Shard::WHOLE, false).expect("a free folder");
    for &number in &prepared.todo {
        let draws = prepared.store.draws_of(number);
        let mut part = Part {
            first_draw: draws.start,
            n_draws: (draws.end - draws.start) as usize,
            factors: vec![vec![]; N_FACTORS],
            outcomes: vec![vec![]; 5],
            failed: vec![],
        };
        for draw in draws.clone() {
            let mut point = [0.0; N_FACTORS];
            design.point(draw, &mut point);
            let x = point.map(|u| 10.0 * u);
            part.factors.iter_mut().zip(x).for_each(|(column, value)| column.push(value));
            let year = if x[0] < 4.0 {
                2030.0
            } else if x[0] < 8.0 {
                2032.0
            } else {
                f64::NAN
            };
            let share = |y: f64| if year <= y { 0.0 } else { 0.02 * x[0] };
            let total = 3.0 * x[0] + 2.0 * x[1] + 5.0;
            let plan = [year, total, share(2030.0), share(2031.0), share(2032.0)];
            let none = [f64::NAN, total + 10.0, 0.3, 0.3, 0.3];
            for ((column, plan), none) in part.outcomes.iter_mut().zip(plan).zip(none) {
                column.extend([plan, none]);
            }
            if draw == 5 {
                part.failed.push(((draw - draws.start) as usize * 2 + 1, "no room".into()));
            }
        }
        let bytes = prepared.store.encode(number, &part).expect("a part");
        prepared.store.write(number, &bytes).expect("a written part");
    }
    prepared.finish().expect("checksums");
    into
}

fn analyse(folder: &Path, more: &[&str]) -> Output {
    xuewei().arg("analyse").arg(folder).args(more).output().expect("an output")
}

/// A table as rows of cells, without the byte order mark.
fn table(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let path = folder.join("analysis").join(name);
    let text = std::fs::read_to_string(&path).expect(name);
    let rows = text.trim_start_matches('\u{feff}').lines();
    rows.map(|line| line.split(',').map(String::from).collect()).collect()
}

fn summary(folder: &Path) -> Value {
    let text = std::fs::read(folder.join("analysis/summary.json")).expect("a summary");
    serde_json::from_slice(&text).expect("JSON")
}

/// The value of a measure of a factor of `all.total` under the plan.
fn measure(folder: &Path, measure: &str, factor: &str) -> f64 {
    let rows = table(folder, "sensitivity.csv");
    let found = rows.iter().find(|row| row[..4] == ["all.total", "plan", measure, factor]);
    found.expect(measure)[5].parse().expect("a number")
}

#[test]
fn points_have_ranks_bands_regret_and_boxes() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = sweep(temporary.path(), Kind::Sobol, 512);
    let options = ["--resamples", "10", "--cleared-at", "0.01", "--lang", "en"];
    let output = analyse(&folder, &options);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("no-build: 1 of 512 draws failed"), "{text}");
    // The total is linear in uniform factors: 3 and 2 of √13 standard deviations.
    assert!((measure(&folder, "src", "a") - 3.0 / 13.0_f64.sqrt()).abs() < 0.02);
    assert!((measure(&folder, "first_order", "b") - 4.0 / 13.0).abs() < 0.05);
    assert!(measure(&folder, "delta", "a") > measure(&folder, "delta", "b"));
    // 0.4 and 0.8 of a scrambled Sobol' sequence of 512 points, to within two of them; by the year and by the shares.
    for outcome in ["primary.clearing_year", "primary.oversized_share"] {
        let of = |year: &str| -> f64 {
            let rows = table(&folder, "cleared.csv");
            let found = rows.iter().find(|r| r[..3] == [outcome, "plan", year]);
            found.expect(year)[5].parse().expect("a number")
        };
        assert!((of("2030") - 0.4).abs() < 0.005 && (of("2032") - 0.8).abs() < 0.005);
        assert_eq!(of("2030"), of("2031"));
    }
    let dominance = table(&folder, "dominance.csv");
    let row = dominance.iter().find(|r| r[..3] == ["all.total", "plan", "no-build"]);
    assert_eq!(row.expect("a pair")[3..], ["511", "1", "0", "true", "true", "true"]);
    let regret = table(&folder, "regret.csv");
    let row = regret.iter().find(|r| r[..2] == ["all.total", "no-build"]).expect("a regret");
    assert!((row[3].parse::<f64>().expect("a number") - 10.0).abs() < 1e-9);
    let summary = summary(&folder);
    let first = &summary["outcomes"][0];
    assert_eq!(
        (first["never_counts_as"].as_i64(), first["draws"].as_i64()),
        (Some(2033), Some(512))
    );
    // The worse half of the clearing years is where a is above 8 or so.
    assert_eq!(first["discovery"][0]["boxes"][0]["limits"][0]["factor"], "a");
    assert_eq!(summary["failed"]["no-build"]["reasons"][0]["reason"], "no room");
    for name in ["prim.csv", "prim_boxes.csv", "cart.csv", "cart_limits.csv", "bands.csv"] {
        assert!(table(&folder, name).len() > 2, "{name}");
    }
    for chart in
        ["cleared", "fan-primary", "tornado-all-total", "prim-limits-primary-clearing_year"]
    {
        assert!(folder.join("charts").join(format!("{chart}.svg")).exists(), "{chart}");
    }
    let before = super::files_of(&folder.join("analysis"));
    assert!(analyse(&folder, &[&options[..], &["--threads", "1"]].concat()).status.success());
    assert!(before == super::files_of(&folder.join("analysis")), "other bytes on one thread");
}

/// The plan ends in 2030: six tenths of the draws clear later or never, those with a factor above 4. Runs end in 2035, so that
/// never is 2036. A merged folder keeps the words.
#[test]
fn labels_give_names_horizon_and_the_end_of_the_plan() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = sweep(temporary.path(), Kind::Sobol, 256);
    let store = Store::open(&folder).expect("a sweep");
    let mut labels = Labels::keys(store.manifest());
    labels.plan = Some((2026, 2030));
    labels.horizon = Some(2035);
    labels.synthetic = Some(vec!["primary".into()]);
    labels.factors.get_mut("a").expect("a factor").name.en = "the first of all".into();
    store.write_labels(&labels.text()).expect("a file");
    let into = temporary.path().join("merged");
    gather(std::slice::from_ref(&folder), &into).expect("a merged folder");
    let options = ["--resamples", "2", "--lang", "en", "--charts", "svg"];
    assert!(analyse(&into, &options).status.success());
    let first = &summary(&into)["outcomes"][0];
    assert_eq!(first["never_counts_as"], 2036);
    let found = &first["discovery"][0];
    assert_eq!(found["case"], "primary.clearing_year > 2030");
    assert!((found["cases"].as_f64().expect("a number") / 256.0 - 0.6).abs() < 0.02);
    let chart = into.join("charts/tornado-primary-clearing_year.svg");
    let text = std::fs::read_to_string(chart).expect("a chart");
    assert!(text.contains("the first of all"), "{}", &text[..500]);
    assert!(!into.join("charts/cleared.png").exists());
    assert!(analyse(&into, &["--resamples", "2", "--charts", "none"]).status.success());
    assert!(!into.join("charts").exists());
}

/// Of 3 a + 2 b: 9/13 and 4/13 of the variance, none of it together. A failed row takes its base point with it.
#[test]
fn saltelli_has_sobol_indices() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = sweep(temporary.path(), Kind::Saltelli, 256);
    let output = analyse(&folder, &["--outcome", "all.total", "--quiet"]);
    assert!(output.status.success() && output.stderr.is_empty());
    for (factor, expected) in [("a", 9.0 / 13.0), ("b", 4.0 / 13.0), ("c", 0.0)] {
        assert!((measure(&folder, "sobol_first", factor) - expected).abs() < 0.02, "{factor}");
        assert!((measure(&folder, "sobol_total", factor) - expected).abs() < 0.02, "{factor}");
    }
    assert!(measure(&folder, "sobol_second", "a").abs() < 0.05);
    assert_eq!(table(&folder, "convergence.csv").len(), 1 + 2 * 4 * 6);
    let left_out = &summary(&folder)["outcomes"][1]["left_out"];
    assert_eq!((left_out["failed"].as_i64(), left_out["with_group"].as_i64()), (Some(1), Some(7)));
}

/// The effects of a linear outcome are its slopes over the whole range: 30 and 20. The points of the cube are those of the manifest.
#[test]
fn morris_has_elementary_effects() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = sweep(temporary.path(), Kind::Morris, 10);
    assert!(analyse(&folder, &["--outcome", "all.total"]).status.success());
    for (factor, expected) in [("a", 30.0), ("b", 20.0), ("c", 0.0)] {
        assert!((measure(&folder, "morris_mu_star", factor) - expected).abs() < 1e-9);
        assert!(measure(&folder, "morris_sigma", factor).abs() < 1e-9);
    }
}

#[test]
fn what_cannot_be_analysed_is_refused() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = sweep(temporary.path(), Kind::Sobol, 64);
    let refused = |folder: &Path, more: &[&str], expected: &str| {
        let output = analyse(folder, more);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(expected), "{text}");
    };
    refused(&folder, &["--outcome", "primary.clearing_yea"], "did you mean");
    refused(&folder, &["--scenario", "plam"], "did you mean");
    refused(&folder, &["--case", "all.total = 3"], "expected OUTCOME > NUMBER");
    refused(&folder, &["--meet", "primary.oversized_share > 3"], "[2030]");
    refused(&folder, &["--peel", "0"], "--peel");
    refused(temporary.path(), &[], "manifest.json");
    assert!(!folder.join("analysis").exists());
    std::fs::create_dir(folder.join("analysis")).expect("a folder");
    std::fs::write(folder.join("analysis/notes.txt"), "mine").expect("a file");
    refused(&folder, &[], "not made by xuewei");
    assert!(folder.join("analysis/notes.txt").exists());
    std::fs::remove_dir_all(folder.join("analysis")).expect("removal");
    // A part that is gone is left out and said so; a damaged one is refused.
    std::fs::remove_file(folder.join("draws/part-000001.parquet")).expect("removal");
    let output = analyse(&folder, &["--lang", "en", "--resamples", "2"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && text.contains("16 of 64 draws are missing"), "{text}");
    std::fs::write(folder.join("draws/part-000000.parquet"), "x").expect("a file");
    refused(&folder, &[], "part-000000");
}
