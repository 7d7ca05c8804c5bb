//! `calibrate` for a base year between two censuses: the small city with its census moved five years back and forward.

use std::path::Path;
use std::process::Output;

use super::xuewei;
use crate::support::root;

/// A copy of the small city whose census rows stand in 2015 and 2025; rows that `keep` refuses are left out.
fn city(folder: &Path, keep: impl Fn(&str) -> bool, calibration: &str) {
    let copy = |from: &str, to: &str| {
        let target = folder.join(to);
        std::fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        std::fs::copy(root().join(from), target).expect("a copy");
    };
    for file in ["china.toml", "china/mortality.csv", "china/fertility.csv"] {
        copy(&format!("scenarios/{file}"), &format!("scenarios/{file}"));
    }
    for file in ["city.toml", "calibrated.toml", "observations.csv"] {
        copy(&format!("tests/small/{file}"), &format!("tests/small/{file}"));
    }
    let path = folder.join("tests/small/observations.csv");
    let mut rows = String::new();
    for row in std::fs::read_to_string(&path).expect("observations").lines() {
        let moved = match row.starts_with("census.") {
            true => vec![row.replace(",2020,", ",2015,"), row.replace(",2020,", ",2025,")],
            false => vec![row.to_string()],
        };
        moved.iter().filter(|row| keep(row)).for_each(|row| rows.push_str(&format!("{row}\n")));
    }
    std::fs::write(&path, rows).expect("a writable folder");
    let path = folder.join("tests/small/city.toml");
    let text = std::fs::read_to_string(&path).expect("a city");
    let changed = text.replace("[calibration]\n", &format!("[calibration]\n{calibration}"));
    std::fs::write(&path, changed).expect("a writable folder");
}

fn calibrate(folder: &Path) -> Output {
    let out = folder.join("out");
    let mut command = xuewei();
    command.arg("calibrate").arg(folder.join("tests/small")).arg("--out").arg(out);
    command.output().expect("the binary runs")
}

const MISSED: &str = "missed_under_5 = { value = 0, unit = \"percent\", source = \"made-up\" }\n";

/// Both censuses count the same, so people of 80 and over, who are taken at the same age, are the same half-way: in the north
/// 378 women of 85 and over. The base day is two months earlier, so a sixth of those aged 85 are not yet in the group and
/// nobody else has left it: at least 5/6 of 378 = 315.
#[test]
fn two_censuses_make_a_base_year() {
    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), |_| true, MISSED);
    let output = calibrate(folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = std::fs::read_to_string(folder.path().join("out/calibration/population.csv"))
        .expect("people");
    let mut old = 0.0;
    for row in table.lines().filter(|row| row.starts_with("north,")) {
        if let [_, _, "female", age, count] = row.split(',').collect::<Vec<_>>()[..] {
            let age: usize = age.parse().expect("an age");
            old += if age >= 85 { count.parse::<f64>().expect("a count") } else { 0.0 };
        }
    }
    assert!((315.0..=378.0).contains(&old), "{old}");
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let keep =
        |row: &str| !(row.contains(",south,2015,") || row.contains("census.male.0,north,2025"));
    city(folder.path(), keep, MISSED);
    let output = calibrate(folder.path());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("no census of south in 2015; give its rows, or name it in"),
        "{errors}"
    );
    assert!(errors.contains("no census.male.0 of north in 2025"), "{errors}");

    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), |_| true, "");
    let errors = String::from_utf8_lossy(&calibrate(folder.path()).stderr).into_owned();
    assert!(
        errors.contains("calibration.missed_under_5: calibration needs this figure"),
        "{errors}"
    );
}
