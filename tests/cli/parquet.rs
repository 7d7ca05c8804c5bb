//! `--format parquet`: the rows of the CSV, the same bytes on any number of threads, and what is refused.

use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::{files_of, run_into, xuewei};
use crate::support::root;

/// Header and rows of a Parquet file; what is absent is an empty text.
fn rows_of(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
    let fields = reader.metadata().file_metadata().schema().get_fields();
    let header = fields.iter().map(|field| field.name().to_string()).collect();
    let rows = reader.get_row_iter(None).expect("rows").map(|row| {
        let row = row.expect("a row");
        let cell = |(_, field): (&String, &Field)| match field {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            Field::Long(whole) => whole.to_string(),
            Field::Double(number) => number.to_string(),
            other => panic!("{other:?}"),
        };
        row.get_column_iter().map(cell).collect()
    });
    let rows = rows.collect();
    (header, rows)
}

/// Every table of a folder that stands there as CSV and as Parquet holds the same; returns how many there are.
fn compare_tables(folder: &Path) -> usize {
    let names: Vec<String> = files_of(folder).into_keys().collect();
    let tables = names.iter().filter_map(|name| name.strip_suffix(".parquet"));
    let tables: Vec<&str> = tables.collect();
    for name in &tables {
        let (header, rows) = rows_of(&folder.join(format!("{name}.parquet")));
        let mut csv = csv::Reader::from_path(folder.join(format!("{name}.csv"))).expect("a CSV");
        let expected: Vec<String> =
            csv.headers().expect("a header").iter().map(str::to_string).collect();
        assert_eq!(header, expected, "{name}");
        let expected: Vec<Vec<String>> = csv
            .records()
            .map(|record| record.expect("a record").iter().map(str::to_string).collect())
            .collect();
        assert_eq!(rows.len(), expected.len(), "{name}");
        for (at, (row, expected)) in rows.iter().zip(&expected).enumerate() {
            assert_eq!(row, expected, "{name}, row {at}");
        }
    }
    tables.len()
}

#[test]
fn parquet_holds_the_rows_of_the_csv() {
    let out = tempfile::tempdir().expect("a folder");
    let scenarios = ["small-plan", "small-no-build", "levers"]
        .map(|name| root().join(format!("tests/small/{name}.toml")));
    let options = ["--format", "csv,parquet", "--charts", "none", "--lang", "en", "--quiet"];
    run_into(out.path(), &scenarios, &options);
    for scenario in ["small-plan", "small-no-build", "levers"] {
        assert_eq!(compare_tables(&out.path().join(scenario)), 9, "{scenario}");
    }
    assert_eq!(compare_tables(&out.path().join("compare")), 5);
}

/// A city with several blocks of rows a table.
#[test]
fn parquet_has_the_same_bytes_on_one_thread_and_two() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let scenario = root().join("scenarios/jiaozuo/plan.toml");
    for (out, threads) in [(&one, "1"), (&two, "2")] {
        let options = ["--format", "parquet,json,csv", "--charts", "none", "--threads", threads];
        run_into(out, std::slice::from_ref(&scenario), &[&options[..], &["--quiet"]].concat());
    }
    let (first, second) = (files_of(&one), files_of(&two));
    assert!(first.keys().any(|name| name.ends_with("schools.parquet")));
    for (name, content) in &first {
        assert!(content == &second[name], "{name} differs between one thread and two");
    }
    let plan = one.join("plan");
    let file = File::open(plan.join("indicators.parquet")).expect("a file");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    assert!(reader.num_row_groups() > 20, "{} groups", reader.num_row_groups());
    let n_rows = reader.metadata().file_metadata().num_rows() as usize;
    let csv = std::fs::read_to_string(plan.join("indicators.csv")).expect("a CSV");
    assert_eq!(n_rows, csv.lines().count() - 1);
    let json = std::fs::read(plan.join("indicators.json")).expect("JSON");
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(json.as_array().expect("a list").len(), n_rows);
}

#[test]
fn a_binary_form_is_not_printed() {
    let scenarios = ["tests/small/small-plan.toml", "tests/small/small-no-build.toml"];
    let told = xuewei()
        .arg("compare")
        .args(scenarios)
        .args(["--stdout", "--format", "parquet"])
        .output()
        .expect("the binary runs");
    let error = String::from_utf8_lossy(&told.stderr);
    assert_eq!(told.status.code(), Some(2), "{error}");
    assert!(
        told.stdout.is_empty() && error.contains("expected csv or json with --stdout"),
        "{error}"
    );
}

/// A report reads CSV: what to do stands beside every table that is missing.
#[test]
fn a_report_says_how_to_have_its_tables() {
    let out = tempfile::tempdir().expect("a folder");
    let scenario = root().join("tests/small/small-no-build.toml");
    run_into(out.path(), &[scenario], &["--format", "parquet", "--charts", "none", "--quiet"]);
    let folder = out.path().join("small-no-build");
    let told = xuewei().arg("report").arg(&folder).output().expect("the binary runs");
    let error = String::from_utf8_lossy(&told.stderr);
    assert_eq!(told.status.code(), Some(2), "{error}");
    assert!(error.contains("the table is there as Parquet only"), "{error}");
    assert!(error.contains("run the scenario again with --format csv,parquet"), "{error}");
    // A chart computes the run again and needs no table.
    let chart = out.path().join("chart.svg");
    let told = xuewei()
        .args(["chart", "oversized"])
        .arg(&folder)
        .args(["--charts", "svg", "--out"])
        .arg(&chart)
        .output()
        .expect("the binary runs");
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
}
