//! `xuewei report`: every number of its text is looked up again, every case of its sentences is told, broken folders are
//! refused.

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
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
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
                        && (name == key || *name == key)
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

/// Clearing years of the small plan: primary 2029 either way, junior 2031 and 2034 without, senior 2023; plan 2021-2025.
#[test]
fn clearing_is_told_in_every_case() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let zh = copy.told(&plan, Lang::Zh);
    assert!(
        zh.contains("小学大班额2029年清零（不建设时相同）；初中大班额2031年清零（不建设为2034年）"),
        "{zh}"
    );
    assert!(zh.contains("规划期末的2025年，已清零的是普通高中。"), "{zh}");
    let never = |s: &mut Value| s["clearing_year"][3][1] = Value::Null;
    let unbuilt = |to: Value| {
        move |s: &mut Value| s["against_no_build"]["clearing_year_no_build"] = to.clone()
    };
    copy.stage("junior", never);
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("初中大班额至2035年仍未清零，当年比例为")
            && told.contains("（不建设时2034年即可清零）"),
        "{told}"
    );
    copy.stage("junior", unbuilt(Value::Null));
    let told = copy.told(&plan, Lang::En);
    assert!(
        told.contains("junior schools do not clear by 2035")
            && told.contains("(nor with nothing built)"),
        "{told}"
    );
    copy.stage("primary", unbuilt(Value::Null));
    assert!(
        copy.told(&plan, Lang::Zh).contains("小学大班额2029年清零（不建设则至2035年不能清零）")
    );
    copy.stage("primary", unbuilt(2027.into()));
    assert!(copy.told(&plan, Lang::Zh).contains("（晚于不建设时的2027年）"));
    copy.replace("small-plan/resolved.toml", "period = [2021, 2025]", "period = [2025, 2030]");
    let told = copy.told(&plan, Lang::Zh);
    assert!(told.contains("普通高中在规划期开始前即已清零，不是规划的成效"), "{told}");
    copy.replace("small-plan/resolved.toml", "period = [2025, 2030]", "period = [2021, 2022]");
    assert!(copy.told(&plan, Lang::Zh).contains("规划期末的2022年，上述学段大班额均未清零。"));
    copy.replace("small-plan/resolved.toml", "period = [2021, 2022]", "");
    let told = copy.told(&plan, Lang::Zh);
    assert!(told.contains("该情景未载明规划期。") && !told.contains("规划期末"), "{told}");
    let all_clear = |s: &mut Value| s["clearing_year"][3][1] = 2024.into();
    let copy = Copy::of(&plan);
    for stage in ["primary", "junior", "senior", "vocational"] {
        copy.stage(stage, all_clear);
    }
    assert!(copy.told(&plan, Lang::Zh).contains("规划期末的2025年，上述学段大班额已全部清零。"));
    copy.stage("senior", |s| s["clearing_year"][3][1] = 2020.into());
    assert!(copy.told(&plan, Lang::Zh).contains("普通高中大班额比例自基年起即不高于1%"));
    copy.stage("all", |s| s["unplaced_pupil_years"] = 1234.4.into());
    copy.stage("all", |s| s["overflow_total"] = 77.0.into());
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("累计有1,234个学生年没有学位") && told.contains("累计有77名学生"),
        "{told}"
    );
}

#[test]
fn cost_and_empty_seats_are_told_in_every_case() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let zh = copy.told(&plan, Lang::Zh);
    assert!(zh.contains("至2035年共投资9,000万元"), "{zh}");
    copy.stage("all", |s| s["against_no_build"]["cost_per_pupil_year_relieved"] = Value::Null);
    assert!(copy.told(&plan, Lang::Zh).contains("但与不建设相比没有减少大班额学生年"));
    copy.stage("all", |s| s["against_no_build"]["stranded_seats"][0][1] = 0.0.into());
    assert!(copy.told(&plan, Lang::Zh).contains("规划没有增加2035年的空余学位"));
    copy.stage("all", |s| s["investment_total"] = 0.0.into());
    let told = copy.told(&plan, Lang::En);
    assert!(told.contains("No investment is known for the scenario's programmes"), "{told}");
    copy.stage("all", |s| s["empty_seats_horizon"] = 0.0.into());
    let told = copy.told(&plan, Lang::Zh);
    assert!(told.contains("至2035年没有空余学位") && told.contains("不存在闲置风险"), "{told}");
    let none = ["small-no-build"];
    let told = Copy::of(&none).told(&none, Lang::Zh);
    assert!(told.contains("该情景不含建设工程，没有新增投资"), "{told}");
    assert!(told.contains("该情景没有新建") && !told.contains("不建设时"), "{told}");
}

/// Two targets by hand: one met by its input, one that the model cannot tell.
#[test]
fn targets_are_told_in_every_case() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let none = copy.told(&plan, Lang::Zh);
    assert!(
        none.contains("该情景未设规划目标。")
            && none.contains("该情景未附规划目标，本节不作对照。")
    );
    let score = |key: &str, status: &str, input: Value| {
        serde_json::json!({ "target": key, "title": key, "title_en": key, "year": 2025, "direction": "at_least",
            "target_value": 96.0, "run_value": 95.0, "unit": "percent", "status": status, "input": input,
            "reason": "", "reason_en": "" })
    };
    let heading = "plan,target,place,year,target_value,run_value,unit,status,reason\n";
    let row = |key: &str, status: &str| format!("p,{key},all,2025,96,95,percent,{status},\n");
    let set = |rows: &[(&str, &str, Value)]| {
        let text: String = rows.iter().map(|(key, status, _)| row(key, status)).collect();
        fs::write(copy.path("small-plan/scorecard.csv"), format!("{heading}{text}"))
            .expect("a file");
        let scores = rows.iter().map(|(key, status, input)| score(key, status, input.clone()));
        let scores = Value::Array(scores.collect());
        copy.json("small-plan/summary.json", |summary| summary["scorecard"] = scores.clone());
    };
    set(&[("甲", "met", "rate".into()), ("乙", "not_modelled", Value::Null)]);
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("2项规划目标中，达成1项，模型不能测算1项。达成的目标中，“甲”由输入参数决定"),
        "{told}"
    );
    assert!(told.contains("2项目标中1项达成"), "{told}");
    set(&[("甲", "met", Value::Null)]);
    assert!(copy.told(&plan, Lang::Zh).contains("1项目标全部达成。"));
    set(&[
        ("甲", "missed", Value::Null),
        ("乙", "contradicted", Value::Null),
        ("丙", "outside_years", Value::Null),
    ]);
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("3项目标均未达成")
            && told.contains("与规划其他指标相矛盾1项，目标年在测算期之外1项"),
        "{told}"
    );
}

#[test]
fn scenarios_stand_side_by_side_with_and_without_a_comparison() {
    let runs = ["small-plan", "small-no-build"];
    let with = document(&all_folders()[..3], Lang::Zh);
    let without = document(&all_folders()[..2], Lang::Zh);
    let table = |document: &Document| {
        tables(document)
            .into_iter()
            .find(|table| table.key == "scenarios")
            .expect("a table")
            .rows
            .clone()
    };
    // Without it the same numbers come from the summaries; what is relieved is measured against nothing built in both.
    assert_eq!(table(&with), table(&without));
    assert!(text_of(&with).contains("各情景中，大班额学生年最少的是“小城规划”"));
    let one = document(&all_folders()[..1], Lang::Zh);
    assert!(tables(&one).iter().all(|table| table.key != "scenarios"));
    assert!(!text_of(&one).contains("作为对照"));
    // A dominated scenario is named.
    let names = ["small-plan", "small-no-build", "compare"];
    let copy = Copy::of(&names);
    copy.replace("compare/ranking.csv", ",small-plan,\n", ",small-plan,small-no-build\n");
    let told = copy.told(&names, Lang::En);
    assert!(told.contains("can be set aside: “nothing built” needs no more investment"), "{told}");
    assert!(Copy::of(&runs).told(&runs, Lang::Zh).contains("以“小城规划”为主方案"));
}

#[cfg(feature = "parquet")]
#[test]
fn uncertainty_is_told_with_and_without_a_sweep() {
    let names = ["small-plan", "small-futures"];
    let copy = Copy::of(&names);
    let told = copy.told(&names, Lang::Zh);
    assert!(
        told.contains("作了64次抽样，每次同时改变5项参数") && told.contains("不是实际发生的概率"),
        "{told}"
    );
    assert!(told.contains("对清零年份影响最大的因素：小学为择校"), "{told}");
    assert!(told.contains("抽样不足千次"), "{told}");
    let null = |key: &'static str| {
        move |summary: &mut Value| {
            for entry in summary["cleared"].as_array_mut().expect("a list") {
                entry[key] = Value::Null;
            }
        }
    };
    let file = "small-futures/analysis/summary.json";
    copy.json(file, null("nine_tenths_by"));
    let told = copy.told(&names, Lang::Zh);
    assert!(told.contains("但至2035年也只有") && told.contains("至2035年尚不能达到"), "{told}");
    copy.json(file, null("half_by"));
    assert!(copy.told(&names, Lang::Zh).contains("的未来中清零"));
    copy.json(file, |summary| summary["cleared"] = Value::Array(Vec::new()));
    assert!(copy.told(&names, Lang::Zh).contains("没有按年份统计清零比例"));
    copy.replace(
        "small-plan/manifest.json",
        "\"scenario\": \"small-plan\"",
        "\"scenario\": \"other\"",
    );
    assert!(copy.told(&names, Lang::Zh).contains("抽样不含“小城规划”"));
    let without = copy.told(&["small-plan"], Lang::En);
    assert!(
        without.contains("No sweep was given") && without.contains("xuewei analyse"),
        "{without}"
    );
}

#[test]
fn charts_that_are_not_there_are_left_out_and_said() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let figures = |copy: &Copy| {
        let document = document(&copy.paths(&plan), Lang::Zh);
        document.blocks.iter().filter(|block| matches!(block, Block::Figure(_))).count()
    };
    let all = figures(&copy);
    assert!(all >= 4, "{all}");
    fs::remove_file(copy.path("small-plan/charts/seats.png")).expect("a file");
    assert_eq!(figures(&copy), all - 1);
    assert!(copy.told(&plan, Lang::Zh).contains("缺少PNG或不能读取，从略：seats。"));
    assert!(copy.told(&plan, Lang::En).contains("The charts of small-plan are in Chinese"));
    fs::remove_dir_all(copy.path("small-plan/charts")).expect("a folder");
    assert_eq!(figures(&copy), 0);
    assert!(copy.told(&plan, Lang::Zh).contains("small-plan 中没有图"));
}

#[test]
fn broken_folders_are_refused_with_the_way_to_mend_them() {
    let names = ["small-plan", "small-no-build", "compare"];
    let copy = Copy::of(&names);
    let says = |told: &str, sentences: &[&str]| {
        for sentence in sentences {
            assert!(told.contains(sentence), "{sentence}: {told}");
        }
    };
    says(
        &copy.refused(&["nowhere"]),
        &["nowhere: there is no such folder", "xuewei run, compare or sweep"],
    );
    says(&copy.refused(&["compare"]), &["is no run of a scenario", "name the folder of a run too"]);
    says(&copy.refused(&["small-plan/manifest.json"]), &["expected a folder, found a file"]);
    says(&copy.refused(&["small-plan/charts"]), &["is no output folder: it has no manifest.json"]);
    says(
        &copy.refused(&["small-plan", "small-plan"]),
        &["is the scenario small-plan, as is", "name one of the two"],
    );
    // All problems of all folders at once.
    fs::remove_file(copy.path("small-plan/events.csv")).expect("a file");
    fs::write(copy.path("small-plan/events.json"), "[]").expect("a file");
    fs::remove_file(copy.path("small-plan/shortages.csv")).expect("a file");
    fs::write(copy.path("small-plan/population.csv"), "year,district\n2020,a,b\n").expect("a file");
    fs::write(copy.path("small-plan/summary.json"), "{").expect("a file");
    copy.replace(
        "small-no-build/indicators.csv",
        "2020,all,all,kindergarten,pupils,",
        "2020,all,all,kindergarten,pupils,x",
    );
    let told = copy.refused(&names);
    says(
        &told,
        &[
            "error: 5 problems in 5 files",
            "events.csv: is missing; the table is there as JSON only\n      a report reads CSV: leave out --format json",
            "shortages.csv: is missing\n      run the scenario again: xuewei run SCENARIO",
            "population.csv: is damaged: line 2: expected 2 cells, found 3",
            "summary.json: is damaged: EOF",
            "indicators.csv: is damaged: row 2, column value: expected a number, found \"x",
        ],
    );
}

#[test]
fn folders_that_do_not_belong_together_are_refused() {
    let names = ["small-plan", "small-no-build", "compare"];
    let copy = Copy::of(&names);
    copy.replace("small-no-build/manifest.json", "\"city\": \"small\"", "\"city\": \"other\"");
    let told = copy.refused(&names);
    assert!(told.contains("is of the city other, but") && told.contains("is of small"), "{told}");
    let copy = Copy::of(&names);
    copy.json("small-plan/manifest.json", |manifest| manifest["inputs"][0]["sha256"] = "0".into());
    assert!(
        copy.refused(&names).contains("was made from other files than the comparison in compare")
    );
    copy.json("small-plan/manifest.json", |manifest| manifest["scenario"] = "third".into());
    assert!(copy.refused(&names).contains("the comparison in compare does not hold it"));
    copy.replace("small-no-build/resolved.toml", "horizon = 2035", "horizon = 2034");
    let told = copy.refused(&["small-plan", "small-no-build"]);
    assert!(told.contains("covers 2020 to 2034, but") && told.contains("2020 to 2035"), "{told}");
    copy.json("small-plan/manifest.json", |manifest| manifest["kind"] = "calibrate".into());
    assert!(copy.refused(&["small-plan"]).contains("found one of calibrate"));
    #[cfg(feature = "parquet")]
    {
        let names = ["small-plan", "small-futures"];
        let copy = Copy::of(&names);
        fs::remove_dir_all(copy.path("small-futures/analysis")).expect("a folder");
        let told = copy.refused(&names);
        assert!(
            told.contains("is a sweep that was not analysed\n      run: xuewei analyse"),
            "{told}"
        );
    }
}

/// A number that the text needs and the summary lacks: the file and the place are named, nothing is told.
#[test]
fn a_number_that_is_not_there_is_no_report() {
    let copy = Copy::of(&["small-plan"]);
    copy.stage("junior", |stage| stage["peak_pupils"] = "many".into());
    copy.replace("small-plan/indicators.csv", "2035,all,all,all,seats,", "2035,all,all,all,saets,");
    let outputs = outputs::read(&copy.paths(&["small-plan"])).expect("whole folders");
    let problems = tell(&outputs, None).expect_err("no report").render("error");
    assert!(
        problems.contains("small-plan/indicators.csv: no number in value where year = 2035"),
        "{problems}"
    );
}

#[cfg(feature = "xlsx")]
#[test]
fn the_command_writes_three_forms_whole_or_not_at_all() {
    let copy = Copy::of(&["small-plan", "small-no-build", "compare"]);
    let report = |arguments: &[&str]| {
        let output = xuewei().current_dir(copy.path(".")).arg("report").args(arguments).output();
        let output = output.expect("the binary runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let all = ["small-plan", "small-no-build", "compare"];
    let (code, said) = report(&all);
    assert_eq!(code, Some(0), "{said}");
    let first = files_of(&copy.path("report"));
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, ["manifest.json", "report.docx", "report.html", "report.xlsx"]);
    assert!(said.contains("report.html") && said.contains("report.xlsx"), "{said}");
    // The same again, over the first; then another form alone.
    assert_eq!(report(&all).0, Some(0));
    assert_eq!(files_of(&copy.path("report")), first);
    assert_eq!(
        report(&["small-plan", "--lang", "en", "--format", "html", "--out", "en", "--quiet"]).0,
        Some(0)
    );
    assert_eq!(files_of(&copy.path("en/report")).len(), 2);
    // Nothing is written where something is wrong, or in place of something else.
    let (code, said) = report(&["small-plan", "nowhere", "--out", "bad"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(!copy.path("bad").exists());
    fs::create_dir_all(copy.path("run")).expect("a folder");
    fs::rename(copy.path("small-no-build"), copy.path("run/report")).expect("a folder");
    let (code, said) = report(&["small-plan", "--out", "run"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("holds the output of run: it is left as it is"), "{said}");
    assert!(copy.path("run/report/summary.json").exists());
}
