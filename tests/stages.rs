//! Cities with other stages than those of China: five years of primary and four of junior school, and an English one. Both are made
//! up; they go from their files to charts, a comparison, a report, a sweep and a calibration.

use std::path::{Path, PathBuf};

use xuewei::input;
use xuewei::scenario::Scenario;

use crate::cli::{files_of, xuewei};
use crate::support::root;

fn city(name: &str) -> PathBuf {
    root().join("examples/cities").join(name)
}

fn scenario(name: &str) -> Scenario {
    input::load(&city(name).join("plan.toml"), &[]).expect("a made-up city").scenario
}

/// Runs a command and expects success.
fn done(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> String {
    let mut command = xuewei();
    arguments.iter().for_each(|argument| {
        command.arg(argument);
    });
    let output = command.output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// Whether a file is there and holds something.
fn is_written(folder: &Path, names: &[&str]) {
    for name in names {
        let path = folder.join(name);
        assert!(path.metadata().is_ok_and(|file| file.len() > 0), "{}", path.display());
    }
}

/// Takes a made-up city from its files to charts, comparison, report, sweep, analysis and calibration; the folder of its outputs.
fn from_file_to_report(name: &str, key: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, no_build) = (city(name).join("plan.toml"), city(name).join("no-build.toml"));
    let out = folder.path().join("runs");
    done(&[&"run", &plan, &no_build, &"--out", &out]);
    let files = ["indicators.csv", "schools.csv", "charts/oversized.svg", "charts/pyramid.svg"];
    is_written(&out.join("plan"), &files);
    is_written(&out.join("compare"), &["comparison.csv", "charts/cost-effect.svg"]);
    let report = folder.path().join("report");
    done(&[&"report", &out.join("plan"), &out.join("no-build"), &"--out", &report]);
    is_written(&report.join("report"), &["report.html", "report.docx"]);
    let futures = folder.path().join("futures");
    done(&[&"sweep", &city(name).join("sweeps/futures.toml"), &"--out", &futures]);
    let futures = futures.join("futures");
    done(&[&"analyse", &futures]);
    is_written(&futures, &["analysis/summary.json", "charts/cleared.svg"]);
    let calibrated = folder.path().join("calibrated");
    done(&[&"calibrate", &city(name), &"--out", &calibrated]);
    let calibrated = calibrated.join("calibration");
    is_written(&calibrated, &["population.csv", "schools.csv", "calibrated.toml", "rates.csv"]);
    let rates = std::fs::read_to_string(calibrated.join("rates.csv")).expect("rates");
    assert!(rates.contains(&format!("{key}_retention")), "{rates}");
    folder
}

/// A number of a long table of a run: city, stage, indicator and year.
fn value(folder: &Path, stage: &str, indicator: &str, year: i32) -> f64 {
    let text = std::fs::read_to_string(folder.join("indicators.csv")).expect("indicators");
    let start = format!("{year},all,all,{stage},{indicator},");
    let row =
        text.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{start}"));
    row[start.len()..].split(',').next().and_then(|number| number.parse().ok()).expect("a number")
}

#[test]
#[cfg(feature = "parquet")]
fn five_and_four_years_go_from_file_to_report() {
    let folder = from_file_to_report("five-four", "junior");
    let plan = folder.path().join("runs/plan");
    is_written(&plan, &["charts/map-junior.svg", "charts/map-senior.svg"]);
    let head = std::fs::read_to_string(folder.path().join("calibrated/calibration/schools.csv"))
        .expect("rows");
    let head = head.lines().next().expect("a heading");
    assert!(head.contains("pupils_5") && !head.contains("pupils_6"), "{head}");
    let csv = std::fs::read_to_string(city("five-four").join("schools.csv")).expect("rows");
    let pupils: f64 = csv
        .lines()
        .filter(|line| line.split(',').nth(4) == Some("junior"))
        .flat_map(|line| line.split(',').skip(11).take(4))
        .map(|cell| cell.parse::<f64>().expect("pupils of four grades"))
        .sum();
    assert_eq!(value(&plan, "junior", "pupils", 2020), pupils);
}

#[test]
#[cfg(feature = "parquet")]
fn an_english_city_goes_from_file_to_report() {
    let folder = from_file_to_report("england", "secondary");
    let plan = folder.path().join("runs/plan");
    is_written(&plan, &["charts/map-secondary.svg"]);
    is_written(&folder.path().join("runs/compare"), &["charts/districts-primary.svg"]);
    // Nothing of another country's stages is told anywhere.
    let words = [
        "kindergarten",
        "junior",
        "senior",
        "vocational",
        "幼儿园",
        "小学生",
        "初中",
        "高中",
        "中职",
    ];
    for (name, content) in files_of(&folder.path().join("runs")) {
        // The dictionary defines indicators for all cities; pictures are checked as drawings of text.
        if name.ends_with(".png") || name.ends_with("dictionary.csv") {
            continue;
        }
        let text = String::from_utf8_lossy(&content);
        for word in words {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
    // Classes of 31 and more count.
    let text = std::fs::read_to_string(plan.join("resolved.toml")).expect("figures");
    assert!(text.contains("[stages.secondary]") || text.contains("stages"), "no stages");
}

/// Worked by hand: who leaves a grade enters the next one, across the stages, times the growth of the cohort and retention.
#[test]
fn cohorts_pass_from_stage_to_stage() {
    for (name, from, to) in
        [("five-four", "primary", "junior"), ("england", "primary", "secondary")]
    {
        let scenario = scenario(name);
        let stages = scenario.city.stages;
        let stage = |key: &str| stages.parse(key).expect("a stage");
        let (from, to) = (stage(from), stage(to));
        let run = xuewei::model::run(&scenario);
        let children = |year: usize, age: usize| -> Vec<f64> {
            let areas = 0..scenario.city.areas.len();
            areas.map(|area| run.outlook.population.children(year, area, age)).collect()
        };
        let rate = scenario.enrolment.retention[from.last_grade()].at(scenario.city.base_year + 3);
        let (before, after) = (children(2, to.first_age() - 1), children(3, to.first_age()));
        for area in 0..scenario.city.areas.len() {
            let pupils = run.outlook.demand.of(2, area, from.last_grade());
            let expected = pupils * after[area] / before[area] * rate;
            let found = run.outlook.demand.of(3, area, to.first_grade());
            assert!(
                (found - expected).abs() < 1e-9 * expected.max(1.0),
                "{name}: {found} {expected}"
            );
            assert!(pupils > 0.0);
        }
    }
}

/// Any G years in a row admit into every room once, for every number of grades that a stage may have.
#[test]
fn entry_capacity_fills_every_room_once() {
    for n_grades in 1..=xuewei::axes::MAX_GRADES {
        for rooms in [0, 1, 5, 11, 12, 13, 36, 77, 500] {
            for row in [0.0, 1.0, 7.0, 4_711.0] {
                let of = |year: i32| {
                    let (rooms, grades) = (f64::from(rooms), n_grades as f64);
                    xuewei::schools::entry_capacity(rooms, row, f64::from(year), grades)
                };
                let all: f64 = (2020..2020 + n_grades as i32).map(of).sum();
                assert_eq!(all, f64::from(rooms), "{n_grades} grades, {rooms} rooms, row {row}");
            }
        }
    }
}
