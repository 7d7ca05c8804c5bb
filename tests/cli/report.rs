//! `xuewei report`: every number of its text is looked up again, every case of its sentences is told, broken folders are
//! refused.

mod cases;
mod refused;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use xuewei::report::chart::Lang;
use xuewei::report::document::{Block, Document, Number, Span, Table};
use xuewei::report::told::{MOST_ROWS, outputs, tell};

use super::{files_of, xuewei};
use crate::support::root;

/// Folders of the small city: two scenarios with charts, their comparison, and a small sweep, analysed.
fn made() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    MADE.get_or_init(|| {
        let out = tempfile::tempdir().expect("a folder");
        let small = root().join("tests/small");
        let (plan, no_build) = (small.join("small-plan.toml"), small.join("small-no-build.toml"));
        let run = |words: &[&str], files: &[&Path]| {
            let mut command = xuewei();
            command.args(words).args(files);
            let output = command.output().expect("the binary runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let folder = out.path().to_str().expect("a plain path").to_string();
        run(&["run", "--quiet", "--lang", "zh", "--out", &folder], &[&plan, &no_build]);
        if cfg!(feature = "parquet") {
            let sweep = small.join("sweeps/small-futures.toml");
            run(&["sweep", "--quiet", "--draws", "64", "--out", &folder], &[&sweep]);
            let analyse = ["analyse", "--quiet", "--resamples", "20", "--charts", "none"];
            run(&analyse, &[&out.path().join("small-futures")]);
        }
        out
    })
    .path()
}

/// A copy of some of the folders that a test may spoil.
struct Copy(tempfile::TempDir);

impl Copy {
    fn of(names: &[&str]) -> Copy {
        let copy = tempfile::tempdir().expect("a folder");
        for name in names {
            for (file, content) in files_of(&made().join(name)) {
                let path = copy.path().join(name).join(file);
                fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
                fs::write(path, content).expect("a file");
            }
        }
        Copy(copy)
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn paths(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| self.path(name)).collect()
    }

    /// Changes a JSON file.
    fn json(&self, file: &str, change: impl Fn(&mut Value)) -> &Copy {
        let text = fs::read_to_string(self.path(file)).expect("a file");
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut value);
        fs::write(self.path(file), value.to_string()).expect("a file");
        self
    }

    /// Changes the summary of a stage of the plan.
    fn stage(&self, stage: &str, change: impl Fn(&mut Value)) -> &Copy {
        self.json("small-plan/summary.json", |summary| {
            let stages = summary["stages"].as_array_mut().expect("stages");
            change(stages.iter_mut().find(|s| s["stage"] == stage).expect("the stage"));
        })
    }

    /// Replaces a text in a file, which must be there.
    fn replace(&self, file: &str, from: &str, to: &str) -> &Copy {
        let text = fs::read_to_string(self.path(file)).expect("a file");
        assert!(text.contains(from), "{file}: {from}");
        fs::write(self.path(file), text.replace(from, to)).expect("a file");
        self
    }

    /// The text of a report in a language.
    fn told(&self, names: &[&str], lang: Lang) -> String {
        text_of(&document(&self.paths(names), lang))
    }

    /// What is said of folders that cannot be reported.
    fn refused(&self, names: &[&str]) -> String {
        match outputs::read(&self.paths(names)) {
            Ok(_) => String::new(),
            Err(problems) => problems.render("error"),
        }
    }
}

fn document(folders: &[PathBuf], lang: Lang) -> Document {
    let outputs = outputs::read(folders).map_err(|problems| problems.render("error"));
    let outputs = outputs.expect("whole folders");
    tell(&outputs, Some(lang)).map_err(|problems| problems.render("error")).expect("a report")
}

fn sentences(document: &Document) -> Vec<&Vec<Span>> {
    let mut all = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(spans) | Block::Remark(spans) => all.push(spans),
            Block::List(points) => all.extend(points),
            _ => {}
        }
    }
    all
}

fn text_of(document: &Document) -> String {
    let word = |span: &Span| match span {
        Span::Text(text) | Span::Strong(text) => text.clone(),
        Span::Number(number) => number.text.clone(),
    };
    let line = |spans: &&Vec<Span>| spans.iter().map(word).collect::<String>();
    sentences(document).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn tables(document: &Document) -> Vec<&Table> {
    let mut all = Vec::new();
    for block in &document.blocks {
        if let Block::Table(table) = block {
            all.push(table);
        }
    }
    all
}

/// The number at a place, read again without the program's own reader: every row is looked at, nothing is kept.
fn looked_up(root: &Path, number: &Number) -> f64 {
    let from = &number.from;
    let conditions = &from.rows;
    if let Some((file, part)) = from.table.split_once('#') {
        let text = fs::read_to_string(root.join(file)).expect("the file");
        let tree: Value = match file.ends_with(".toml") {
            true => toml::from_str(&text).expect("TOML"),
            false => serde_json::from_str(&text).expect("JSON"),
        };
        let mut value = if part.is_empty() { tree } else { tree[part].clone() };
        if from.column == "*" {
            return value
                .as_object()
                .map_or_else(|| value.as_array().expect("a list").len(), |o| o.len())
                as f64;
        }
        if !conditions.is_empty() {
            let mut entries = value.as_array().expect("a list").clone();
            for (key, wanted) in conditions {
                entries.retain(|entry| entry[key] == wanted.as_str());
            }
            assert_eq!(entries.len(), 1, "{from:?}");
            value = entries.remove(0);
        }
        for key in from.column.split('.') {
            let pair = value.as_array().and_then(|list| {
                list.iter().find(|pair| {
                    let name = &pair[0];
                    pair.as_array().is_some_and(|pair| pair.len() == 2)
                        && (name == key
                            || name.as_i64().is_some_and(|year| year.to_string() == *key))
                })
            });
            let next = match pair {
                Some(pair) => pair[1].clone(),
                None if value.is_array() => {
                    value[key.parse::<usize>().expect("a position")].clone()
                }
                None => value[key].clone(),
            };
            value = next;
        }
        return value.as_f64().unwrap_or_else(|| panic!("{from:?}: {value}"));
    }
    let bytes = fs::read(root.join(&from.table)).expect("the table");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> =
        reader.headers().expect("headings").iter().map(String::from).collect();
    let position = |name: &str| headings.iter().position(|h| h == name).expect("the column");
    let (mut n, mut sum) = (0.0, 0.0);
    for record in reader.records() {
        let record = record.expect("a row");
        if conditions.iter().all(|(name, wanted)| record[position(name)] == **wanted) {
            n += 1.0;
            if from.column != "*" {
                sum += record[position(&from.column)].parse::<f64>().expect("a number");
            }
        }
    }
    assert!(n > 0.0 || from.column == "*", "{from:?}: no row");
    if from.column == "*" { n } else { sum }
}

/// Lowest and highest value that a printed number can stand for, by the weight of its last digit.
fn meant(text: &str) -> (f64, f64) {
    match text {
        "0.1%以下" | "under 0.1%" => return (0.0, 0.0005),
        "1%以下" | "under 1%" => return (0.0, 0.005),
        "99%以上" | "over 99%" => return (0.995, 1.0),
        _ => {}
    }
    let scales = [("%", 0.01), ("万", 1e4), ("亿", 1e8), (" million", 1e6), (" billion", 1e9)];
    let scale = scales.iter().find(|(sign, _)| text.ends_with(sign));
    let digits = scale.map_or(text, |(sign, _)| text.trim_end_matches(sign));
    let plain = digits.replace(',', "").replace('−', "-");
    let value: f64 = plain.parse().unwrap_or_else(|_| panic!("{text}"));
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    // In English large counts are rounded to hundreds.
    let is_rounded =
        scale.is_none() && decimals == 0 && value.abs() >= 10_000.0 && digits.contains(',');
    let last = if is_rounded { 100.0 } else { 10_f64.powi(-(decimals as i32)) };
    let scale = scale.map_or(1.0, |(_, scale)| *scale);
    let slack = last * 0.500_001;
    ((value - slack) * scale, (value + slack) * scale)
}

fn all_folders() -> Vec<PathBuf> {
    let mut names = vec!["small-plan", "small-no-build", "compare"];
    if cfg!(feature = "parquet") {
        names.push("small-futures");
    }
    names.iter().map(|name| made().join(name)).collect()
}

#[test]
fn every_number_of_the_text_stands_in_a_table() {
    for lang in [Lang::Zh, Lang::En] {
        let document = document(&all_folders(), lang);
        let mut n = 0;
        for span in sentences(&document).into_iter().flatten() {
            if let Span::Number(number) = span {
                let (low, high) = meant(&number.text);
                let value = looked_up(made(), number);
                // A count without a sign of its own may lie just above one per cent: 1.01% is the least shown there.
                let is_just_above = number.text == "1.01%" && value > 0.01 && value < 0.0101;
                assert!(
                    (low..=high).contains(&value) || is_just_above,
                    "{} is printed for {value}: {:?}",
                    number.text,
                    number.from
                );
                n += 1;
            }
        }
        assert!(n > 100, "{n} numbers");
    }
}

#[test]
fn tables_fit_the_page_and_keys_are_unique() {
    let document = document(&all_folders(), Lang::Zh);
    let mut keys = BTreeSet::new();
    for table in tables(&document) {
        assert!(table.rows.len() <= MOST_ROWS, "{}", table.key);
    }
    for table in tables(&document).into_iter().chain(&document.annex) {
        assert!(keys.insert(table.key.clone()), "{} stands twice", table.key);
        assert!(table.key.is_ascii() && !table.rows.is_empty(), "{}", table.key);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.key);
        if let Some(chart) = &table.chart {
            let columns = chart.series.iter().chain([&chart.categories]);
            assert!(columns.max() < Some(&table.columns.len()), "{}", table.key);
        }
    }
    for block in &document.blocks {
        if let Block::Figure(picture) = block {
            assert!(keys.insert(picture.key.clone()), "{} stands twice", picture.key);
            assert!(picture.png.starts_with(b"\x89PNG") && picture.svg.contains("<svg"));
            assert!((300..2000).contains(&picture.width), "{}", picture.key);
        }
    }
}
