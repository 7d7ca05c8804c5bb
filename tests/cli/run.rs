//! `xuewei run`: the same bytes, whole folders, languages, exit codes.

use std::fs;
use std::path::PathBuf;

use super::{files_of, run_into, shipped_scenarios, xuewei};
use crate::support::root;

fn small(name: &str) -> PathBuf {
    root().join("tests/small").join(name)
}

/// The five scenarios of Jiaozuo and three of the small city.
fn eight() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = ["plan", "no-build", "delayed", "low-births", "entry-cap"]
        .iter()
        .map(|name| root().join(format!("scenarios/jiaozuo/{name}.toml")))
        .collect();
    all.extend(["levers.toml", "small-plan.toml", "small-no-build.toml"].map(small));
    all
}

#[test]
fn same_bytes_on_one_thread_and_two_and_from_the_resolved_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two, again) =
        (folder.path().join("one"), folder.path().join("two"), folder.path().join("again"));
    let scenarios = eight();
    run_into(&one, &scenarios, &["--threads", "1", "--quiet"]);
    run_into(&two, &scenarios, &["--threads", "2", "--quiet"]);
    let (first, second) = (files_of(&one), files_of(&two));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (name, content) in &first {
        assert!(content == &second[name], "{name} differs between one thread and two");
    }
    for scenario in &scenarios {
        let key = scenario.file_stem().expect("a name").to_string_lossy().into_owned();
        let resolved = one.join(&key).join("resolved.toml");
        run_into(&again, &[resolved], &["--quiet"]);
        let (before, after) = (files_of(&one.join(&key)), files_of(&again.join(&key)));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        // The manifest holds the hashes of the input files, which are others.
        for (name, content) in before.iter().filter(|(name, _)| *name != "manifest.json") {
            assert!(content == &after[name], "{key}/{name} differs when run from resolved.toml");
        }
    }
}

#[test]
fn every_file_of_the_contract_is_there() {
    let out = tempfile::tempdir().expect("a folder");
    run_into(out.path(), &[small("plan.toml")], &["--format", "csv,json"]);
    let files = files_of(&out.path().join("plan"));
    for name in [
        "indicators.csv",
        "population.csv",
        "schools.csv",
        "events.csv",
        "shortages.csv",
        "dictionary.csv",
        "summary.json",
        "changes.csv",
        "provenance.csv",
        "manifest.json",
        "resolved.toml",
        "indicators.json",
        "charts/oversized.svg",
        "charts/oversized.png",
        "charts/heatmap.svg",
        "charts/seats.svg",
        "charts/entrants.svg",
        "charts/gaps.png",
    ] {
        assert!(files.contains_key(name), "{name} is missing");
    }
    let indicators = String::from_utf8_lossy(&files["indicators.csv"]).into_owned();
    assert!(indicators.starts_with("year,district,zone,stage,indicator,value,unit\n"));
    let provenance = String::from_utf8_lossy(&files["provenance.csv"]).into_owned();
    assert!(!provenance.contains(&*root().to_string_lossy()), "a path of the machine");
}

/// An overlay that changes nothing changes no byte.
#[test]
fn empty_overlay_is_the_base() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = small("empty-overlay.toml");
    run_into(&folder.path().join("a"), &[small("no-build.toml")], &["--charts", "none"]);
    run_into(&folder.path().join("b"), &[empty], &["--charts", "none"]);
    let a = files_of(&folder.path().join("a/no-build"));
    let b = files_of(&folder.path().join("b/empty-overlay"));
    for name in ["indicators.csv", "population.csv", "schools.csv", "events.csv"] {
        assert!(a[name] == b[name], "{name} differs");
    }
}

#[test]
fn chinese_tables_open_in_excel() {
    let out = tempfile::tempdir().expect("a folder");
    run_into(out.path(), &[small("plan.toml")], &["--lang", "zh", "--charts", "none"]);
    let files = files_of(&out.path().join("plan"));
    assert!(files["dictionary.csv"].starts_with("\u{feff}".as_bytes()));
    assert!(!files.keys().any(|name| name.starts_with("charts/")));
}

#[test]
fn folder_of_an_earlier_run_is_replaced_and_a_foreign_one_refused() {
    let out = tempfile::tempdir().expect("a folder");
    let plan = small("plan.toml");
    run_into(out.path(), std::slice::from_ref(&plan), &["--charts", "none"]);
    fs::write(out.path().join("plan/old.txt"), "left over").expect("a file");
    run_into(out.path(), std::slice::from_ref(&plan), &["--charts", "none"]);
    assert!(!out.path().join("plan/old.txt").exists(), "the earlier run is replaced whole");
    fs::create_dir(out.path().join("no-build")).expect("a folder");
    fs::write(out.path().join("no-build/thesis.doc"), "years of work").expect("a file");
    let output = xuewei()
        .args(["run", "--charts", "none", "--out"])
        .arg(out.path())
        .arg(small("no-build.toml"))
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("was not made by xuewei"));
    let left = files_of(&out.path().join("no-build"));
    assert_eq!(left.keys().collect::<Vec<_>>(), ["thesis.doc"]);
}

#[test]
fn a_figure_changed_on_the_command_line_is_recorded() {
    let out = tempfile::tempdir().expect("a folder");
    let set = "programmes.schools-4.delay=2";
    run_into(out.path(), &[small("plan.toml")], &["--set", set, "--charts", "none"]);
    let files = files_of(&out.path().join("plan"));
    let changes = String::from_utf8_lossy(&files["changes.csv"]).into_owned();
    assert!(changes.contains("programmes.schools-4.delay") && changes.contains("command line"));
    let events = String::from_utf8_lossy(&files["events.csv"]).into_owned();
    let of_programme = events.lines().filter(|line| line.ends_with(",schools-4"));
    let mut effects = of_programme.clone().filter(|line| !line.contains(",construction,"));
    let [begins, opens] = [of_programme.clone().next(), effects.next()].map(|l| l.map(|l| &l[..4]));
    let expected = (Some("2023"), Some("2024"));
    assert_eq!((begins, opens), expected, "begun in 2021 + 2, open the year after");
}

#[test]
fn a_requirement_that_is_not_met_exits_with_1() {
    let out = tempfile::tempdir().expect("a folder");
    let run = |requirement: &str| {
        let output = xuewei()
            .args(["run", "--charts", "none", "--quiet", "--require", requirement, "--out"])
            .arg(out.path())
            .arg(small("plan.toml"))
            .output()
            .expect("the binary runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run("primary.oversized_share[2035] <= 0.01").0, Some(0));
    let (code, said) = run("primary.oversized_share[2020] <= 0.01");
    assert_eq!(code, Some(1));
    assert!(said.contains("is not met"), "{said}");
    assert_eq!(run("primary.nonsense[2020] <= 0.01").0, Some(2));
}

#[test]
fn command_line_mistakes_exit_with_2() {
    for arguments in
        [vec!["run"], vec!["walk"], vec!["run", "nowhere.toml"], vec!["check", "nowhere"]]
    {
        let output = xuewei().args(&arguments).output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn shipped_scenarios_have_no_problems() {
    let output =
        xuewei().args(["check", "--strict", "scenarios/jiaozuo"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shipped_scenarios().len() >= 5);
}

#[test]
fn schema_is_json() {
    let output = xuewei().arg("schema").output().expect("the binary runs");
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let delay = &schema["properties"]["programmes"]["additionalProperties"]["properties"]["delay"];
    assert_eq!(delay["properties"]["unit"]["enum"][0], "years");
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_so() {
    let out = tempfile::tempdir().expect("a folder");
    let told = xuewei()
        .arg("run")
        .arg(small("plan.toml"))
        .args(["--format", "csv,parquet", "--out"])
        .arg(out.path())
        .output()
        .expect("the binary runs");
    let error = String::from_utf8_lossy(&told.stderr);
    assert_eq!(told.status.code(), Some(2), "{error}");
    assert!(error.contains("this build of xuewei has no Parquet"), "{error}");
    assert!(files_of(out.path()).is_empty());
}

/// Rolls are whole children where classes have no spread: schools of a pool (here an area, by zone) have as many as the indicator says,
/// to half a child a grade.
#[test]
fn rolls_are_whole_where_classes_have_no_spread() {
    let out = tempfile::tempdir().expect("a folder");
    let set = "schools.class_spread=0";
    run_into(out.path(), &[small("no-build.toml")], &["--set", set, "--charts", "none"]);
    let files = files_of(&out.path().join("no-build"));
    let text = |name: &str| String::from_utf8_lossy(&files[name]).into_owned();
    let mut rolls = std::collections::BTreeMap::new();
    for line in text("schools.csv").lines().skip(1).filter(|line| line.contains(",primary,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let pupils: f64 = cells[7].parse().expect("a number");
        assert_eq!(pupils.fract(), 0.0, "{line}");
        let place = cells[1].split("-primary").next().expect("a place").replace('-', ",");
        *rolls.entry((cells[0].to_string(), place)).or_insert(0.0) += pupils;
    }
    assert!(rolls.len() > 50, "{}", rolls.len());
    let indicators = text("indicators.csv");
    for ((year, place), pupils) in rolls {
        let start = format!("{year},{place},primary,pupils,");
        let line = indicators.lines().find_map(|line| line.strip_prefix(&start));
        let expected: f64 =
            line.expect("a row").split(',').next().expect("a value").parse().expect("a number");
        assert!((pupils - expected).abs() <= 0.5 * 6.0, "{start}: {pupils}, {expected}");
    }
}

/// `events.csv` (cells by row, without the heading) and `indicators.csv` of a scenario of the small city.
fn events_and_indicators(base: &str, changes: &str) -> (Vec<Vec<String>>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let (base, path) = (small(base), folder.path().join("slow.toml"));
    let text = format!("format = 1\nbase = \"{}\"\n{changes}", base.to_string_lossy());
    fs::write(&path, text).expect("a file");
    run_into(folder.path(), &[path], &["--charts", "none"]);
    let files = files_of(&folder.path().join("slow"));
    let text = |name: &str| String::from_utf8_lossy(&files[name]).into_owned();
    let cells = |line: &str| line.split(',').map(str::to_string).collect();
    (text("events.csv").lines().skip(1).map(cells).collect(), text("indicators.csv"))
}

const SCHOOL: &str = r#"
[add.programmes.school]
title = "school"
years = [2021, 2021]
investment = { value = 0.3, unit = "100m yuan", source = "made-up" }
lag = { value = 3, unit = "years", source = "made-up" }
delay = { value = 0, unit = "years", source = "made-up" }
delivered = { value = 100, unit = "percent", source = "made-up" }
cost_overrun = { value = 0, unit = "percent", source = "made-up" }
[add.programmes.school.events.new]
kind = "open"
year = 2021
to_district = "south"
to_zone = "town"
rooms_of.primary = { value = 12, unit = "rooms", source = "made-up" }
"#;

/// A school of 30 million yuan that is begun in 2021 and takes three years to build: 10 million in each, and it opens in 2024. Where
/// the run ends in 2022, two of them are booked.
#[test]
fn a_school_of_30_million_is_three_rows_of_10_million() {
    let row = |year: i32, kind: &str, rooms: i32, yuan: i32| {
        format!("{year},school-new,south,town,primary,{kind},{rooms},{yuan},school")
    };
    for (horizon, n_years) in [(2035, 3), (2022, 2)] {
        let changes = format!("{SCHOOL}[set.city]\nhorizon = {horizon}\n");
        let (rows, _) = events_and_indicators("no-build.toml", &changes);
        let found: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
        let years = 2021..2021 + n_years;
        let mut expected: Vec<String> =
            years.map(|year| row(year, "construction", 0, 10_000_000)).collect();
        expected.push(row(2024, "open", 12, 0));
        assert_eq!(found, expected);
    }
}

/// `events.csv` adds up to the indicator by year, where building takes three years and one programme ends after the horizon too. Its
/// rows are in the order of years, and those of years of construction have no rooms.
#[test]
fn events_add_up_to_the_investment_of_every_year() {
    let lag = "lag = { value = 3, unit = \"years\", source = \"made-up\" }";
    let changes = format!("[add.programmes.schools-4]\n{lag}\n[set.city]\nhorizon = 2026\n");
    let (rows, indicators) = events_and_indicators("plan.toml", &changes);
    assert!(rows.is_sorted_by_key(|cells| cells[0].clone()));
    let under_construction = rows.iter().filter(|cells| cells[5] == "construction");
    assert!(under_construction.clone().count() > 10);
    assert!(under_construction.clone().all(|cells| cells[6] == "0"));
    let mut booked = std::collections::BTreeMap::new();
    for cells in &rows {
        *booked.entry(cells[0].as_str()).or_insert(0.0) += cells[7].parse::<f64>().expect("yuan");
    }
    booked.retain(|_, yuan| *yuan != 0.0);
    assert!(booked.len() > 4, "{booked:?}");
    let mut n_years = 0;
    for line in indicators.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[1..5] == ["all", "all", "all", "investment"] {
            let expected: f64 = cells[5].parse().expect("yuan");
            let found = booked.remove(cells[0]).unwrap_or(0.0);
            assert!((expected - found).abs() < 1e-3, "{line}: {found}");
            n_years += 1;
        }
    }
    assert_eq!((n_years, booked.len()), (7, 0));
}
