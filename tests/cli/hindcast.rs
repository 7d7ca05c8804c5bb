//! `hindcast`: the small city, compared with observations of its own later years and with made-up ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use super::{files_of, run_into, xuewei};
use crate::support::root;

/// A copy of the small city whose observations are these rows, with more text in its city file and in its calibration.
fn city(folder: &Path, rows: &str, calibration: &str, more: &str) {
    let copy = |from: &str| {
        let target = folder.join(from);
        std::fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        std::fs::copy(root().join(from), target).expect("a copy");
    };
    for file in
        ["china.toml", "china/mortality.csv", "china/fertility.csv", "china/forecast-accuracy.csv"]
    {
        copy(&format!("scenarios/{file}"));
    }
    for file in
        ["city.toml", "calibrated.toml", "population.csv", "schools.csv", "group_quarters.csv"]
    {
        copy(&format!("tests/small/{file}"));
    }
    let observations = format!("quantity,place,year,value,unit,standard_error,source\n{rows}");
    std::fs::write(folder.join("tests/small/observations.csv"), observations).expect("a file");
    let path = folder.join("tests/small/city.toml");
    let text = std::fs::read_to_string(&path).expect("a city");
    let text = text.replace("[calibration]\n", &format!("[calibration]\n{calibration}\n"));
    std::fs::write(&path, format!("{text}\n{more}")).expect("a file");
}

const KNOWN: &str = "known_until = 2020";

fn hindcast(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = xuewei();
    command.arg("hindcast").arg(folder.join("tests/small")).args(arguments);
    command.output().expect("the binary runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Rows of a CSV by heading.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> =
        reader.headers().expect("headings").iter().map(String::from).collect();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            headings.iter().cloned().zip(record.iter().map(String::from)).collect()
        })
        .collect()
}

fn pairs(folder: &Path, arguments: &[&str]) -> Vec<BTreeMap<String, String>> {
    let mut all = vec!["--stdout", "--quiet"];
    all.extend(arguments);
    let output = hindcast(folder, &all);
    assert!(output.status.success(), "{}", said(&output));
    rows(&String::from_utf8(output.stdout).expect("UTF-8"))
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// A city whose later figures are what its own run says is met without error, and so is its error table. Shares stand in percent.
#[test]
fn a_citys_own_run_is_met_without_error() {
    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), "births,all,2020,1500,births,,made-up\n", KNOWN, "");
    let out = folder.path().join("out");
    run_into(&out, &[folder.path().join("tests/small/city.toml")], &["--charts", "none"]);
    let table = std::fs::read_to_string(out.join("city/indicators.csv")).expect("indicators");
    let mut observed = String::new();
    for row in rows(&table).iter().filter(|r| r["district"] == "all" && r["zone"] == "all") {
        let (quantity, factor, unit) = match (row["indicator"].as_str(), row["stage"].as_str()) {
            ("pupils", stage) if stage != "all" => (format!("pupils.{stage}"), 1.0, "pupils"),
            ("entrants", "primary") => ("entrants.primary".to_string(), 1.0, "pupils"),
            ("mean_class_size", "junior") => {
                ("mean_class.junior".to_string(), 1.0, "pupils per class")
            }
            ("oversized_share", "junior") => {
                ("oversized_share.junior".to_string(), 100.0, "percent")
            }
            ("gross_enrolment_rate", "senior") => {
                ("gross_rate.senior".to_string(), 100.0, "percent")
            }
            _ => continue,
        };
        if ["2020", "2023", "2026"].contains(&row["year"].as_str()) {
            let value = number(row, "value") * factor;
            observed += &format!("{quantity},all,{},{value},{unit},,made-up\n", row["year"]);
        }
    }
    city(folder.path(), &observed, KNOWN, "");
    let output = hindcast(
        folder.path(),
        &["--out", &out.to_string_lossy(), "--draws", "2", "--format", "csv", "--charts", "svg"],
    );
    assert!(output.status.success(), "{}", said(&output));
    let files = files_of(&out.join("hindcast"));
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    let pairs = rows(&text("pairs.csv"));
    assert_eq!(pairs.len(), 18, "nine quantities, two later years");
    for pair in &pairs {
        assert!(number(pair, "error").abs() < 1e-6, "{pair:?}");
        assert_eq!(pair["status"], "counted");
    }
    let errors = rows(&text("errors.csv"));
    assert!(!errors.is_empty());
    for row in &errors {
        assert!(number(row, "mean_absolute_error") < 1e-6 && number(row, "bias").abs() < 1e-6);
        assert_eq!(row["worse_than"], "", "nobody is better than right: {row:?}");
    }
    let of_pupils = errors.iter().find(|row| row["family"] == "pupils").expect("pupils");
    // Nothing is drawn that matters to pupils: intervals without width are not counted.
    assert_eq!(of_pupils["coverage_note"], "n = 0: too few");
    assert!(of_pupils["references"].contains("England, primary: 1.85 % at 3 years"));
    for name in ["expectations.csv", "not_compared.csv", "summary.json", "charts/hindcast.svg"] {
        assert!(files.contains_key(name), "{name}");
    }
    headings_are_explained(&files);
}

/// Every heading of every table is in the dictionary.
fn headings_are_explained(files: &BTreeMap<String, Vec<u8>>) {
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    let dictionary = rows(&text("dictionary.csv"));
    for table in ["pairs", "errors", "expectations", "not_compared"] {
        let content = text(&format!("{table}.csv"));
        let heading = content.trim_start_matches('\u{feff}').lines().next().expect("a heading");
        for name in heading.split(',') {
            let is_told = dictionary
                .iter()
                .any(|row| (row["table"] == table || row["table"] == "*") && row["name"] == name);
            assert!(is_told, "{table}: {name}");
        }
    }
}

const PUPILS: &str = "pupils.primary,all,2018,5000,pupils,,made-up
pupils.primary,all,2020,8000,pupils,,made-up
pupils.primary,all,2022,10000,pupils,,made-up
graduates.primary,all,2022,1500,pupils,,made-up
pupils.primary,north,2022,5000,pupils,,made-up
pupils.primary,south,2022,5000,pupils,,made-up
";

/// The last value up to 2020 is 8,000, 20 % below the 10,000 of 2022. Graduates, districts and a rate in pupils are told as not compared.
#[test]
fn the_last_value_and_what_is_not_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), PUPILS, KNOWN, "");
    let out = folder.path().join("out");
    let output = hindcast(
        folder.path(),
        &["--out", &out.to_string_lossy(), "--draws", "0", "--charts", "none"],
    );
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("figures compared: 1, of them forecasts: 1, not compared: 3"));
    let files = files_of(&out.join("hindcast"));
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("UTF-8");
    let pairs = rows(&text("pairs.csv"));
    let [pair] = pairs.as_slice() else { panic!("{pairs:?}") };
    assert_eq!((pair["last_value"].as_str(), pair["last_value_year"].as_str()), ("8000", "2020"));
    assert!((number(pair, "last_value_error") + 20.0).abs() < 1e-9);
    let model = number(pair, "model");
    assert!((number(pair, "error") - (model - 10_000.0) / 100.0).abs() < 1e-9);
    assert!((number(pair, "absolute_error") - (model - 10_000.0).abs()).abs() < 1e-9);
    assert_eq!(pair["low_80"], "", "no draws, no interval");
    let not_compared = rows(&text("not_compared.csv"));
    let find = |quantity: &str, place: &str| {
        let found = not_compared.iter().find(|r| r["quantity"] == quantity && r["place"] == place);
        found.unwrap_or_else(|| panic!("{quantity} {place} in {not_compared:?}")).clone()
    };
    assert!(find("graduates.primary", "all")["reason"].contains("graduates"));
    assert_eq!(find("pupils", "districts")["n"], "2");
}

const RANGE: &str = "enrolment.primary.coverage={ value = 1.0, unit = \"ratio\", low = 0.9, high = 1.1, source = \"made-up\" }";

/// Draws depend on the seed alone: the same files on one thread and two, others under another seed; and the interval holds the
/// central value, which is the median of a law with a tenth to each side.
#[test]
fn draws_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), PUPILS, KNOWN, "");
    let write = |name: &str, arguments: &[&str]| {
        let out = folder.path().join(name);
        let out_text = out.to_string_lossy().into_owned();
        let mut all = vec!["--out", &out_text, "--draws", "40", "--set", RANGE, "--quiet"];
        all.extend(arguments);
        let output = hindcast(folder.path(), &all);
        assert!(output.status.success(), "{}", said(&output));
        files_of(&out.join("hindcast"))
    };
    let one = write("one", &["--threads", "1"]);
    assert_eq!(one, write("two", &["--threads", "2"]));
    let other = write("other", &["--seed", "2"]);
    assert_ne!(one["pairs.csv"], other["pairs.csv"]);
    let pairs = rows(&String::from_utf8(one["pairs.csv"].clone()).expect("UTF-8"));
    let (low, model, high) =
        (number(&pairs[0], "low_80"), number(&pairs[0], "model"), number(&pairs[0], "high_80"));
    assert!(low < model && model < high, "{low} {model} {high}");
}

/// A start without `known_until` forecasts nothing; one that lists a figure as used does not forecast it; figures beyond the
/// horizon of 2035 lengthen the run.
#[test]
fn what_counts_as_a_forecast() {
    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), PUPILS, "", "");
    let all = pairs(folder.path(), &["--draws", "0"]);
    assert_eq!(all[0]["status"], "not_a_forecast");
    let late = format!("{PUPILS}pupils.primary,all,2044,5000,pupils,,made-up\n");
    let start = "[hindcast.own]\ncity = \"city.toml\"\nused = [\"pupils.primary 2022\"]\nused_note = \"made up\"\n";
    city(folder.path(), &late, KNOWN, start);
    let all = pairs(folder.path(), &["--draws", "0"]);
    let told: Vec<(&str, &str, &str)> = all
        .iter()
        .map(|row| (row["start"].as_str(), row["year"].as_str(), row["status"].as_str()))
        .collect();
    assert_eq!(told, [("own", "2022", "used"), ("own", "2044", "counted")]);
    assert_eq!(all[0]["reason"], "made up");
}

#[test]
fn broken_starts_are_told_with_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |rows: &str, more: &str, words: &[&str]| {
        city(folder.path(), rows, KNOWN, more);
        let out = folder.path().join("never");
        let output = hindcast(folder.path(), &["--out", &out.to_string_lossy()]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(!out.exists());
        for word in words {
            assert!(said.contains(word), "{word} in {said}");
        }
    };
    let missing = "[hindcast.early]\ncity = \"2012/city.toml\"\n";
    refused(PUPILS, missing, &["city.toml:", "hindcast.early.city", "found no", "2012/city.toml"]);
    let targets = "[hindcast.early]\ncity = \"city.toml\"\ntargets = [\"plan.toml\"]\n";
    refused(PUPILS, targets, &["hindcast.early.targets", "expected a file with targets"]);
    let used = "[hindcast.early]\ncity = \"city.toml\"\nused = [\"pupils.primary\"]\n";
    refused(PUPILS, used, &["hindcast.early.used", "expected a quantity and a year"]);
    let used = "[hindcast.early]\ncity = \"city.toml\"\nused = [\"pupils.primery 2022\", \"pupils.primary 2023\"]\n";
    let words = ["the model has no such stage", "did you mean \"pupils.primary 20"];
    refused(PUPILS, used, &words);
    refused(
        PUPILS,
        "[hindcast.early]\nused = [\"a 2020\"]\n",
        &["hindcast.early.city", "is missing"],
    );
    let early = "pupils.primary,all,2018,5000,pupils,,made-up\n";
    refused(early, "", &["nothing to compare with", "starts in 2020", "the last one is of 2018"]);
    refused("", "", &["nothing to compare with", "there is none"]);
}

/// A start of 2020 cannot have known only what was published until 2019; a city without observations is told so at its own file.
#[test]
fn a_start_knows_its_own_year_and_a_city_its_observations() {
    let folder = tempfile::tempdir().expect("a folder");
    city(folder.path(), PUPILS, "known_until = 2019", "");
    let output = hindcast(folder.path(), &["--stdout"]);
    assert_eq!(output.status.code(), Some(2));
    let words = "calibration.known_until: expected a year not before the base year of 2020";
    assert!(said(&output).contains(words), "{}", said(&output));
    city(folder.path(), PUPILS, KNOWN, "");
    let path = folder.path().join("tests/small/city.toml");
    let text = std::fs::read_to_string(&path).expect("a city");
    std::fs::write(&path, text.replace("observations = \"observations.csv\"\n", ""))
        .expect("a file");
    let output = hindcast(folder.path(), &["--stdout"]);
    assert_eq!(output.status.code(), Some(2));
    let words = "small/city.toml:";
    assert!(said(&output).contains(words), "{}", said(&output));
}

/// A plan that a start names expected 11,000 primary pupils; 10,000 came, and the floor is missed.
#[test]
fn a_named_plan_stands_beside_what_came() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = "[hindcast.own]\ncity = \"city.toml\"\ntargets = [\"plan.toml\"]\n";
    city(folder.path(), PUPILS, KNOWN, start);
    let plan = "format = 1\n[targets.more]\ntitle = \"more\"\nindicator = \"pupils\"\nstages = [\"primary\"]\nyear = 2022\nat_least = { value = 11000, unit = \"pupils\", source = \"made-up\" }\n";
    std::fs::write(folder.path().join("tests/small/plan.toml"), plan).expect("a file");
    let out = folder.path().join("out");
    let out_text = out.to_string_lossy().into_owned();
    let output = hindcast(folder.path(), &["--out", &out_text, "--draws", "0", "--charts", "none"]);
    assert!(output.status.success(), "{}", said(&output));
    let text = std::fs::read_to_string(out.join("hindcast/expectations.csv")).expect("a table");
    let all = rows(&text);
    let row = all.iter().find(|row| row["target"] == "more").expect("the target");
    assert_eq!((row["value_at_start"].as_str(), row["expected"].as_str()), ("8000", "11000"));
    assert_eq!((row["published"].as_str(), row["met"].as_str()), ("10000", "no"));
}
