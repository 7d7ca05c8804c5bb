//! `calibrate --write` keeps a register of real schools; and what `calibrate` says, in both languages.

use std::fs;
use std::path::Path;

use super::{files_of, small, xuewei};

/// Runs `calibrate` with these arguments: exit code and what it said.
fn calibrate(city: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = xuewei().arg("calibrate").arg(city).args(arguments).output().expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Gives the first rows of a stage another origin.
fn mark(city: &Path, stage: &str, n_rows: usize, origin: &str) {
    let file = city.join("schools.csv");
    let mut left = n_rows;
    let mut text = String::new();
    for line in fs::read_to_string(&file).expect("a register").lines() {
        let is_one = left > 0 && line.contains(&format!(",{stage},"));
        left -= usize::from(is_one);
        let line = if is_one { line.replace(",synthetic,", origin) } else { line.to_string() };
        text.push_str(&format!("{line}\n"));
    }
    assert_eq!(left, 0);
    fs::write(file, text).expect("a file");
}

/// Refused with these words, and no file of the city is another.
fn is_refused(city: &Path, arguments: &[&str], words: &[&str]) {
    let before = files_of(city);
    let (code, said) = calibrate(city, arguments);
    assert_eq!(code, Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(files_of(city) == before, "something was written");
}

/// The small city has 71 schools.
#[test]
fn real_schools_are_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = small(folder.path());
    mark(&city, "primary", 2, ",city register 2020,");
    mark(&city, "senior", 1, ",,");
    let words = [
        "schools.csv: 3 of 71 rows are not synthetic",
        "calibration.primary.register = \"…\", calibration.senior.register = \"…\"",
        "--out DIR",
        "nothing was written",
    ];
    is_refused(&city, &["--write"], &words);
    let words = ["schools.csv：71 行中有 3 行不是合成的", "calibration.primary.register", "--out"];
    is_refused(&city, &["--write", "--lang", "zh", "--quiet"], &words);
    let kept = fs::read(city.join("schools.csv")).expect("a register");
    let out = folder.path().join("out");
    let (code, said) = calibrate(&city, &["--out", out.to_str().expect("a path")]);
    assert_eq!(code, Some(0), "{said}");
    assert!(out.join("calibration/schools.csv").exists());
    assert!(fs::read(city.join("schools.csv")).expect("a register") == kept);
    // Chinese headings, a byte order mark, no origin: every row is real.
    fs::write(city.join("schools.csv"), "\u{feff}学校代码,学段\np1,小学\nj1,初中\n")
        .expect("a file");
    is_refused(&city, &["--write"], &["2 of 2 rows", "calibration.junior.register"]);
    // What cannot be read may be real.
    fs::write(city.join("schools.csv"), "school,seats\np1,400\n").expect("a file");
    is_refused(&city, &["--write"], &["may hold real schools", "no such column"]);
    for text in ["\n", "site,stage,origin\n", "site,stage,origin\np1,primary,synthetic\n"] {
        fs::write(city.join("schools.csv"), text).expect("a file");
        assert_eq!(calibrate(&city, &["--write", "--quiet"]), (Some(0), String::new()), "{text}");
    }
}

/// Rows of a stage whose register is a file of its own are made again; others beside them are kept.
#[test]
fn rows_of_a_register_of_their_own_are_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = small(folder.path());
    let file = city.join("city.toml");
    let text = fs::read_to_string(&file).expect("a city");
    let named = |name: &str| {
        let heading = "[calibration.senior]\n";
        assert!(text.contains(heading));
        text.replace(heading, &format!("{heading}register = \"{name}\"\n"))
    };
    fs::write(&file, named("real.csv")).expect("a file");
    let rows =
        "site,name,district,zone,stage,pupils,origin\nn1,First,north,urban,senior,900,list\n";
    fs::write(city.join("real.csv"), rows).expect("a file");
    for _ in 0..2 {
        let (code, said) = calibrate(&city, &["--write", "--quiet"]);
        assert_eq!((code, said.as_str()), (Some(0), ""));
        let written = fs::read_to_string(city.join("schools.csv")).expect("a register");
        let seniors: Vec<&str> = written.lines().filter(|line| line.contains(",senior,")).collect();
        assert_eq!(seniors.len(), 1);
        assert!(seniors[0].contains(",list (filled: "), "{seniors:?}");
    }
    mark(&city, "junior", 1, ",list,");
    is_refused(&city, &["--write"], &["1 of 67 rows", "calibration.junior.register"]);
    // The table itself is no register of its own.
    fs::write(&file, named("../small/schools.csv")).expect("a file");
    let words = ["2 of 67 rows", "names this very file", "calibration.senior.register"];
    is_refused(&city, &["--write"], &words);
}

/// Columns that a text takes on a terminal: a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
}

/// Both languages tell the same: as many lines, the same numbers; verdicts stand in one column.
#[test]
fn both_languages_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = small(folder.path());
    let out = folder.path().join("out");
    let say = |language: &str| {
        let out = out.to_str().expect("a path");
        let (code, said) = calibrate(&city, &["--lang", language, "--out", out]);
        assert_eq!(code, Some(0), "{said}");
        said
    };
    let (zh, en) = (say("zh"), say("en"));
    // The city is an English one.
    assert!(calibrate(&city, &["--out", out.to_str().expect("a path")]).1 == en);
    assert_eq!(zh.lines().count(), en.lines().count(), "{zh}\n{en}");
    for (language, said, verdicts) in [
        ("zh", &zh, ["给定", "由数据确定", "取先验"]),
        ("en", &en, ["given", "determined", "prior"]),
    ] {
        let columns: Vec<usize> = said
            .lines()
            .filter_map(|line| verdicts.iter().find_map(|word| line.strip_suffix(word)))
            .map(width)
            .collect();
        assert_eq!(columns.len(), 13, "{language}: {said}");
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{language}: {said}");
        for line in said.lines() {
            let is_english = line.split_whitespace().any(|word| {
                let letters = word.chars().filter(char::is_ascii_alphabetic).count();
                letters > 3 && word.is_ascii() && !word.ends_with(".csv")
            });
            assert!(language == "en" || !is_english, "{line}");
        }
    }
}
