//! `new --made-up`: a city that nobody lives in, which runs at once.

use std::path::Path;

use super::{files_of, run_into, xuewei};

/// Writes a made-up city and returns what the program says.
fn made_up(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = xuewei()
        .arg("new")
        .arg(folder)
        .args(["--made-up", "3", "--schools", "90", "--lang", "en"])
        .args(arguments)
        .output()
        .expect("the binary runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_made_up_city_has_no_problems_and_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = folder.path().join("three");
    let (code, said) = made_up(&city, &[]);
    assert_eq!(code, Some(0), "{said}");
    let check = xuewei().arg("check").arg(&city).arg("--strict").output().expect("it runs");
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{said}");

    let out = folder.path().join("out");
    let scenarios = ["plan.toml", "no-build.toml"].map(|name| city.join(name));
    run_into(&out, &scenarios, &["--charts", "none"]);
    let files = files_of(&out);
    let schools = String::from_utf8_lossy(&files["no-build/schools.csv"]);
    // A heading, and 90 schools in 16 years.
    assert_eq!(schools.lines().count(), 1 + 90 * 16);
    assert!(schools.lines().skip(1).all(|line| line.contains(",synthetic,")));
    let events = String::from_utf8_lossy(&files["plan/events.csv"]);
    let takes_effect = |line: &&str| !line.contains(",construction,");
    // A heading, one primary and one junior school.
    assert_eq!(events.lines().filter(takes_effect).count(), 1 + 2);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = |name: &str, seed: &str| {
        let city = folder.path().join(name).join("city");
        let (code, said) = made_up(&city, &["--seed", seed]);
        assert_eq!(code, Some(0), "{said}");
        files_of(&city)
    };
    let first = written("a", "7");
    assert!(first == written("b", "7"));
    assert!(first["schools.csv"] != written("c", "8")["schools.csv"]);
}

#[test]
fn too_few_schools_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = xuewei()
        .arg("new")
        .arg(folder.path().join("city"))
        .args(["--made-up", "3", "--schools", "23"])
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("expected at least 24 for 3 counties, found 23"), "{said}");
}
