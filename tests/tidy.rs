//! The house rules that reading the source can show.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::support::root;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: PathBuf, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(root().join(folder), &mut found);
    found.sort();
    found
}

/// Crates under `src/` and those of ours that each depends on.
const CRATES: [(&str, &[&str]); 7] = [
    ("model", &[]),
    ("experiment", &["model"]),
    ("input", &["experiment", "model"]),
    ("sweep", &["experiment", "input", "model"]),
    ("calibrate", &["experiment", "input", "model"]),
    // Its tests have the stages of the national base.
    ("chart", &["input", "model"]),
    ("report", &["calibrate", "chart", "experiment", "input", "model", "sweep"]),
];

/// Crates of several rooms, and their rooms from the top down; a room imports only from those below it.
const HOUSE: [(&str, &[&str]); 3] = [
    ("sweep", &["analysis", "sweep"]),
    ("experiment", &["experiment", "parallel", "random"]),
    (
        "model",
        &[
            "hindcast",
            "comparison",
            "scorecard",
            "observed",
            "indicators",
            "model",
            "batch",
            "schools",
            "programmes",
            "demand",
            "population",
            "scenario",
            "target",
            "level",
            "event",
            "city",
            "axes",
            "stages",
            "units",
            "width",
            "numeric",
        ],
    ),
];

fn manifest(folder: &str) -> toml::Table {
    let path = root().join(folder).join("Cargo.toml");
    let text = std::fs::read_to_string(&path).expect("a manifest");
    text.parse().expect("TOML")
}

/// Names under the tables of dependencies of a manifest, those of tests too.
fn dependencies(folder: &str) -> BTreeSet<String> {
    let manifest = manifest(folder);
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = tables.iter().filter_map(|table| manifest.get(*table)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

#[test]
fn crates_depend_as_the_house_says() {
    let ours = |folder: &str| -> Vec<String> {
        let all = dependencies(folder);
        all.iter().filter_map(|name| Some(name.strip_prefix("xuewei-")?.to_string())).collect()
    };
    for (name, below) in CRATES {
        assert_eq!(ours(&format!("src/{name}")), below, "{name}");
    }
    // What draws is reached through what has it drawn.
    let mut all: Vec<&str> = CRATES.map(|(name, _)| name).to_vec();
    all.retain(|name| *name != "chart");
    all.sort();
    assert_eq!(ours("."), all);
    let model = dependencies("src/model");
    for outside in ["rayon", "rand", "rand_chacha", "csv", "toml"] {
        assert!(!model.contains(outside), "the model depends on {outside}");
    }
}

/// `cargo test` at the top tests every crate.
#[test]
fn every_crate_is_a_default_member() {
    let workspace = &manifest(".")["workspace"];
    let list = |key: &str| -> Vec<String> {
        let all = workspace[key].as_array().expect("a list").iter();
        all.map(|member| member.as_str().expect("a path").to_string()).collect()
    };
    let crates = CRATES.map(|(name, _)| format!("src/{name}"));
    assert_eq!(list("members"), crates);
    assert_eq!(list("default-members"), [&[".".to_string()], &crates[..]].concat());
}

#[test]
fn no_import_runs_back_up() {
    let mut n_checked = 0;
    for (name, rooms) in HOUSE {
        let folder = root().join("src").join(name);
        for (path, text) in sources(&format!("src/{name}")) {
            let inside = path.strip_prefix(&folder).expect("below the crate");
            let first = inside.components().next().expect("a part").as_os_str().to_string_lossy();
            let own = first.trim_end_matches(".rs");
            if own == "lib" {
                continue;
            }
            let rank = |room: &str| rooms.iter().position(|r| *r == room);
            let own = rank(own).unwrap_or_else(|| panic!("{} has no room", path.display()));
            for part in text.split("crate::").skip(1) {
                let other: String =
                    part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if let Some(other_rank) = rank(&other) {
                    assert!(
                        other_rank >= own,
                        "{} imports from {other}, which stands above it",
                        path.display()
                    );
                    n_checked += 1;
                }
            }
        }
    }
    assert!(n_checked > 100);
}

#[test]
fn the_model_touches_nothing_outside() {
    let outside =
        ["std::fs", "std::env::", "std::time", "std::io", "std::thread", "println!", "eprint"];
    let mut n_files = 0;
    for (path, text) in sources("src/model") {
        n_files += 1;
        for word in outside {
            let found = text.lines().any(|line| {
                let code = line.split("//").next().unwrap_or_default();
                code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':' || c == '!'))
                    .any(|token| token.starts_with(word))
            });
            assert!(!found, "{} uses {word}", path.display());
        }
    }
    assert!(n_files > 40);
}

#[test]
fn only_the_command_line_prints() {
    for (path, text) in sources("src") {
        if !path.starts_with(root().join("src/cli")) {
            for word in ["println!", "print!", "eprintln!", "eprint!"] {
                assert!(!text.contains(&format!(" {word}(")), "{} prints", path.display());
            }
        }
    }
}

#[test]
fn randomness_and_threads_have_one_user_each() {
    for (path, text) in sources("src") {
        let uses =
            |word: &str| text.lines().any(|l| l.trim_start().starts_with(&format!("use {word}")));
        let is = |room: &str| path.ends_with(format!("src/experiment/{room}.rs"));
        assert!(!uses("rayon") || is("parallel"), "{}", path.display());
        assert!(!(uses("rand") || uses("rand_chacha")) || is("random"), "{}", path.display());
    }
}

#[test]
fn nothing_is_left_unfinished() {
    let words = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("dbg", "!("),
        concat!("#[", "ignore"),
    ];
    for folder in ["src", "benches"] {
        for (path, text) in sources(folder) {
            for word in words {
                assert!(!text.contains(word), "{} has {word}", path.display());
            }
        }
    }
}

/// Names of the stages of one country. Rules ask a stage for its properties; these stand in files, and in tables of words.
#[test]
fn rules_know_no_stage_by_name() {
    let names = [
        "kindergarten",
        "primary",
        "junior",
        "senior",
        "vocational",
        "幼儿园",
        "小学",
        "初中",
        "高中",
        "中职",
        "中等职业",
    ];
    let tables =
        ["src/model/indicators.rs", "src/calibrate/rates.rs", "src/report/new_city/workbook.rs"];
    let mut n_checked = 0;
    for room in [
        "model",
        "experiment",
        "input",
        "sweep",
        "calibrate",
        "chart",
        "report",
        "cli",
        "facade.rs",
    ] {
        for (path, text) in sources("src") {
            if !path.starts_with(root().join("src").join(room)) {
                continue;
            }
            // Made-up samples of charts and documents are data.
            let is_data = path.components().any(|part| {
                let part = part.as_os_str().to_str();
                matches!(part, Some("tests" | "tests.rs" | "samples" | "samples.rs"))
            });
            if is_data || tables.iter().any(|table| path == root().join(table)) {
                continue;
            }
            let rules = text.split("mod tests {").next().unwrap_or_default();
            for line in rules.lines() {
                // A command to copy names stages of the city that it names; 中小学 are schools of any stage.
                let code = if line.contains("  xuewei ") { "" } else { line };
                let code = code.split("//").next().unwrap_or_default().to_lowercase();
                let code = code.replace("中小学", "");
                let found = names.iter().find(|name| code.contains(*name));
                assert!(found.is_none(), "{} knows {found:?}", path.display());
            }
            n_checked += 1;
        }
    }
    assert!(n_checked > 250, "{n_checked} files");
}

#[test]
fn files_stay_short() {
    for (path, text) in sources("src") {
        let lines = text.lines().count();
        let is_table = path.ends_with("keys.rs");
        let most = if is_table { 600 } else { 490 };
        assert!(lines <= most, "{} has {lines} lines", path.display());
    }
}

#[test]
fn functions_stay_short() {
    let mut n_checked = 0;
    for (path, text) in sources("src") {
        let lines: Vec<&str> = text.lines().collect();
        for (first, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            let starts = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn "];
            if !starts.iter().any(|start| code.starts_with(start)) || line.ends_with(';') {
                continue;
            }
            let end = format!("{}}}", " ".repeat(line.len() - code.len()));
            let n = lines[first..].iter().position(|line| *line == end).map_or(1, |n| n + 1);
            assert!(n <= 60, "{}:{}: a function of {n} lines", path.display(), first + 1);
            n_checked += 1;
        }
    }
    assert!(n_checked > 800, "{n_checked} functions");
}

/// Every character of the shipped scenarios' names has a glyph in the charts' font.
#[test]
fn every_name_can_be_drawn() {
    let mut folders = vec![root().join("scenarios"), root().join("tests/small")];
    let mut n_checked = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let text = std::fs::read_to_string(&path).expect("a file");
                for line in text.lines().filter(|l| l.contains("name") || l.contains("title")) {
                    for c in line.chars().filter(|c| !c.is_control()) {
                        assert!(xuewei::report::chart::has_glyph(c), "{}: {c:?}", path.display());
                        n_checked += 1;
                    }
                }
            }
        }
    }
    assert!(n_checked > 500);
}
