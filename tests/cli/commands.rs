//! `xuewei compare` and `xuewei show`: what they refuse, write and print.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use super::{files_of, run_into, xuewei};
use crate::support::root;

const PLAN: &str = "tests/small/plan.toml";
const NO_BUILD: &str = "tests/small/no-build.toml";
const LEVERS: &str = "tests/small/levers.toml";

fn said(arguments: &[&str]) -> Output {
    xuewei().args(arguments).output().expect("the binary runs")
}

/// Standard output of a command that succeeds.
fn printed(arguments: &[&str]) -> String {
    let output = said(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The rows of a CSV table below its headings, which are checked.
fn rows(text: &str, headings: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    assert_eq!(text.lines().next(), Some(headings));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.expect("a row"));
    records.map(|record| record.iter().map(String::from).collect()).collect()
}

fn assert_refused(arguments: &[&str], sentences: &[&str]) {
    let output = said(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    for sentence in sentences {
        assert!(errors.contains(sentence), "{arguments:?}: {errors}");
    }
}

#[test]
fn compare_refuses_what_cannot_be_set_side_by_side() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("out");
    let folder = folder.to_str().expect("a plain path");
    let refused = |scenarios: &[&str], sentences: &[&str]| {
        assert_refused(&[&["compare", "--out", folder], scenarios].concat(), sentences);
        assert!(!Path::new(folder).exists(), "{scenarios:?}: something was written");
    };
    refused(&[PLAN], &["2 values required", "only 1 was provided"]);
    refused(
        &[PLAN, "scenarios/jiaozuo/no-build.toml"],
        &[
            "expected scenarios of one city with the same places, schools and years",
            "give them the same",
        ],
    );
    refused(
        &[PLAN, NO_BUILD, PLAN],
        &["two of the scenarios have the key plan", "give one of them another"],
    );
    refused(
        &[PLAN, NO_BUILD, "--against", "no-biuld"],
        &["--against: no scenario \"no-biuld\"", "did you mean `no-build`? known: plan, no-build"],
    );
    // The decisions of a larger city must not be tried on the schools of a smaller one.
    refused(
        &["scenarios/jiaozuo/plan.toml", PLAN, "--against", "plan"],
        &["two of the scenarios have the key plan"],
    );
    refused(
        &[NO_BUILD, "scenarios/jiaozuo/plan.toml", "--against", "plan"],
        &["expected scenarios of one city"],
    );
    refused(&[PLAN, "tests/small/nowhere.toml"], &["nowhere.toml", "does not exist"]);
}

/// The plan's only investment is the 0.9 亿元 of its four schools, all of which are built at the planned cost: 90 million
/// yuan. The two others build nothing, so they share the first place and the plan is third.
#[test]
fn compare_writes_its_files_and_the_same_on_two_threads() {
    let out = tempfile::tempdir().expect("a folder");
    let compared = |threads: &str| {
        let folder = out.path().join(threads);
        let folder_text = folder.to_str().expect("a plain path");
        let arguments = ["compare", "--quiet", "--threads", threads, "--out", folder_text];
        let silent = printed(&[arguments.as_slice(), &[PLAN, NO_BUILD, LEVERS]].concat());
        assert_eq!(silent, "", "a folder is written instead");
        files_of(&folder.join("compare"))
    };
    let files = compared("1");
    assert!(files == compared("2"), "one thread and two threads differ");
    let mut named: Vec<String> = [
        "comparison.csv",
        "dictionary.csv",
        "manifest.json",
        "ranking.csv",
        "targets.csv",
        "years.csv",
    ]
    .map(String::from)
    .into();
    for chart in ["cost-effect", "oversized", "districts-primary", "districts-junior"] {
        named.extend(["svg", "png"].map(|format| format!("charts/{chart}.{format}")));
    }
    for name in &named {
        assert!(files.get(name).is_some_and(|content| !content.is_empty()), "{name}");
    }
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.json")).expect("JSON");
    assert_eq!(manifest["kind"], "compare");
    assert_eq!(manifest["city"], "small");
    assert_eq!(manifest["scenarios"].as_array().map(Vec::len), Some(3));

    let ranking = rows(
        &text("ranking.csv"),
        "criterion,scenario,title,value,unit,rank,comparable_with,dominated_by",
    );
    let money: Vec<(&str, f64, &str)> = ranking
        .iter()
        .filter(|row| row[0] == "investment_total")
        .map(|row| (row[1].as_str(), row[3].parse().expect("yuan"), row[5].as_str()))
        .collect();
    let expected = [("plan", 9e7, "3"), ("no-build", 0.0, "1"), ("levers", 0.0, "1")];
    assert_eq!(money.len(), expected.len());
    for (found, expected) in money.iter().zip(expected) {
        assert_eq!((found.0, found.2), (expected.0, expected.2));
        assert!((found.1 - expected.1).abs() < 1.0, "{found:?}");
    }
}

/// Every heading of the tables of a comparison, and every indicator of the years, is in its dictionary.
#[test]
fn the_dictionary_of_a_comparison_is_whole() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().to_str().expect("a plain path");
    printed(&["compare", "--quiet", "--charts", "none", "--out", folder, PLAN, NO_BUILD]);
    let files = files_of(&out.path().join("compare"));
    assert!(!files.keys().any(|name| name.starts_with("charts/")));
    let text = |name: &str| String::from_utf8_lossy(&files[name]).into_owned();
    let dictionary =
        rows(&text("dictionary.csv"), "table,name,name_zh,unit,meaning,meaning_zh,additive");
    let is_told = |table: &str, name: &str| {
        dictionary.iter().any(|row| (row[0] == table || row[0] == "*") && row[1] == name)
    };
    for table in ["comparison", "ranking", "targets", "years"] {
        let table_text = text(&format!("{table}.csv"));
        for heading in table_text.lines().next().expect("headings").split(',') {
            assert!(is_told(table, heading), "{table}: {heading}");
        }
    }
    for row in rows(&text("years.csv"), "year,stage,scenario,indicator,value,unit") {
        assert!(is_told("indicators", &row[3]), "years: {}", row[3]);
    }
}

#[test]
fn compare_to_standard_output_is_the_table_and_nothing_else() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("out");
    let folder_text = folder.to_str().expect("a plain path");
    let table = printed(&["compare", "--stdout", "--out", folder_text, PLAN, NO_BUILD]);
    assert!(!folder.exists(), "a folder was written");
    assert!(table.starts_with("scenario,title,stage,"));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let keys: Vec<(String, String)> = reader
        .records()
        .map(|record| record.expect("every row has as many cells as the headings"))
        .map(|record| (record[0].to_string(), record[2].to_string()))
        .collect();
    let stages = ["kindergarten", "primary", "junior", "senior", "vocational", "all"];
    let expected: Vec<(String, String)> = ["plan", "no-build"]
        .iter()
        .flat_map(|key| stages.map(|stage| (key.to_string(), stage.to_string())))
        .collect();
    assert_eq!(keys, expected);
}

const SHOWN: &str = "path,value,unit,source,title,basis,low,high,note,file,line";

/// In the small city two sources are assumptions: `made-up` and the national `assumption`.
#[test]
fn show_lists_assumptions_alone() {
    let all = rows(&printed(&["show", PLAN, "--format", "csv"]), SHOWN);
    let assumed = rows(&printed(&["show", PLAN, "--assumptions", "--format", "csv"]), SHOWN);
    let expected: Vec<&Vec<String>> =
        all.iter().filter(|row| ["made-up", "assumption"].contains(&row[3].as_str())).collect();
    assert_eq!(assumed.iter().collect::<Vec<_>>(), expected);
    assert!(assumed.iter().all(|row| row[5] == "assumption"));
    let paths: BTreeSet<&str> = assumed.iter().map(|row| row[0].as_str()).collect();
    assert!(paths.contains("programmes.schools-4.delay"));
    // It is fitted, and the standard is published.
    assert!(!paths.contains("schools.choice.junior"));
    assert!(!paths.contains("thresholds.primary.standard"));
}

/// Read by hand out of `levers.toml`, whose base is that of `no-build.toml`, which sets nothing.
#[test]
fn show_lists_what_two_scenarios_set_differently() {
    let table = printed(&["show", "--format", "csv", "--diff", NO_BUILD, LEVERS]);
    let found = rows(&table, "path,first,second,first_origin,second_origin");
    let expected = [
        ("levers.merge_below.primary", "", "20 pupils per class [made-up]", "levers.toml:16"),
        ("levers.rebalance.primary", "", "{ 2022 = 0.5 } share [made-up]", "levers.toml:14"),
        ("levers.split_from.junior", "", "2021 year [made-up]", "levers.toml:12"),
        ("levers.split_from.primary", "", "2021 year [made-up]", "levers.toml:11"),
        ("rules.close.small.active", "", "true", "levers.toml:18"),
        ("rules.close.small.from", "", "2023 year [made-up]", "levers.toml:22"),
        ("rules.close.small.most_per_year", "", "2 schools [made-up]", "levers.toml:23"),
        ("rules.close.small.stage", "", "\"kindergarten\"", "levers.toml:19"),
        ("rules.close.small.under", "", "120 pupils [made-up]", "levers.toml:20"),
        ("rules.close.small.years", "", "2 years [made-up]", "levers.toml:21"),
        (
            "schools.class_spread",
            "2.5 pupils [assumption]",
            "0.0 pupils [made-up]",
            "levers.toml:26",
        ),
    ];
    let cells = |row: &Vec<String>| {
        (row[0].clone(), row[1].clone(), row[2].trim_matches('\n').to_string(), row[4].clone())
    };
    let expected =
        expected.map(|(a, b, c, d)| (a.to_string(), b.to_string(), c.to_string(), d.to_string()));
    assert_eq!(found.iter().map(cells).collect::<Vec<_>>(), expected);
    let none = printed(&["show", "--format", "csv", "--diff", PLAN, "tests/small/small-plan.toml"]);
    assert_eq!(none, "path,first,second,first_origin,second_origin\n", "only the name differs");
}

#[test]
fn show_prints_json_that_holds_what_its_table_holds() {
    let json: serde_json::Value =
        serde_json::from_str(&printed(&["show", PLAN, "--format", "json"])).expect("JSON");
    let table = rows(&printed(&["show", PLAN, "--format", "csv"]), SHOWN);
    let headings: Vec<&str> = SHOWN.split(',').collect();
    let of_json: Vec<Vec<String>> = json
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| {
            let cell = |heading: &&str| row[*heading].as_str().expect("a text").to_string();
            headings.iter().map(cell).collect()
        })
        .collect();
    assert_eq!(of_json, table);
    let diff = printed(&["show", "--format", "json", "--diff", NO_BUILD, LEVERS]);
    let diff: serde_json::Value = serde_json::from_str(&diff).expect("JSON");
    assert_eq!(diff.as_array().map(Vec::len), Some(11));
}

/// The resolved file of a run holds every figure, with the place where it stood.
#[test]
fn show_of_a_resolved_file_gives_the_same_figures() {
    let out = tempfile::tempdir().expect("a folder");
    run_into(out.path(), &[root().join(PLAN)], &["--charts", "none", "--quiet"]);
    let resolved = out.path().join("plan/resolved.toml");
    let resolved = resolved.to_str().expect("a plain path");
    let of_file = printed(&["show", PLAN, "--format", "csv"]);
    assert_eq!(printed(&["show", resolved, "--format", "csv"]), of_file);
    let differences = printed(&["show", "--format", "csv", "--diff", PLAN, resolved]);
    let differences = rows(&differences, "path,first,second,first_origin,second_origin");
    let paths: Vec<&str> = differences.iter().map(|row| row[0].as_str()).collect();
    // What only hindcast reads is left out of the resolved file.
    let tables = ["accuracy", "group_quarters", "observations", "population", "schools"];
    assert_eq!(paths, tables.map(|table| format!("tables.{table}")), "copies stand elsewhere");
}

#[test]
fn show_refuses_what_is_not_there() {
    assert_refused(&["show"], &["required arguments"]);
    assert_refused(&["show", "--diff", PLAN], &["2 values required"]);
    assert_refused(&["show", "nowhere"], &["does not exist"]);
    assert_refused(
        &["show", PLAN, "--under", "programes"],
        &["--under: no path \"programes\"", "did you mean `programmes`?"],
    );
    let delay =
        printed(&["show", PLAN, "--under", "programmes.schools-4.delay", "--format", "csv"]);
    let place = fs::read_to_string(root().join(PLAN)).expect("the plan");
    let line = place.lines().position(|line| line.starts_with("delay = ")).expect("a delay") + 1;
    let line = line.to_string();
    let expected = [
        "programmes.schools-4.delay",
        "0",
        "years",
        "made-up",
        "Made up for tests",
        "assumption",
        "",
        "",
        "",
        "plan.toml",
        &line,
    ];
    assert_eq!(rows(&delay, SHOWN), [expected]);
}
