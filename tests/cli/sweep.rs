//! `xuewei sweep` on the small city: the same bytes however it is run, and the values that `run` gives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use xuewei::random;
use xuewei::sweep::store::Store;

use super::{files_of, small, xuewei};
use crate::support::root;

const SWEEP: &str = "tests/small/sweeps/small-futures.toml";
const FOLDER: &str = "small-futures";

/// Runs the shipped small sweep into a folder.
fn sweep(out: &Path, arguments: &[&str]) -> Output {
    let mut command = xuewei();
    command.args(["sweep", SWEEP, "--out"]).arg(out).args(arguments);
    command.output().expect("the binary runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn fine(out: &Path, arguments: &[&str]) -> String {
    let output = sweep(out, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// Every file of a finished sweep, which must be there whole.
fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let found = files_of(&out.join(FOLDER));
    assert!(found.contains_key("manifest.json") && found.contains_key("sha256sums.txt"));
    found
}

fn assert_same(
    found: &BTreeMap<String, Vec<u8>>,
    expected: &BTreeMap<String, Vec<u8>>,
    what: &str,
) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{what}");
    for (name, bytes) in found {
        assert!(*bytes == expected[name], "{what}: {name} has other bytes");
    }
}

/// Columns of all rows of a folder, bit by bit.
fn columns(folder: &Path, names: &[&str]) -> Vec<Vec<u64>> {
    let store = Store::open(folder).expect("a sweep");
    let mut all = vec![Vec::new(); names.len()];
    for part in 0..store.n_parts() {
        let rows = store.read(part, names).expect("a part");
        assert!(rows.failed.is_empty(), "{:?}", rows.failed);
        for (all, column) in all.iter_mut().zip(&rows.columns) {
            all.extend(column.iter().map(|value| value.to_bits()));
        }
    }
    all
}

fn all_columns(folder: &Path) -> Vec<Vec<u64>> {
    let columns_of = Store::open(folder).expect("a sweep").columns().clone();
    let names: Vec<&str> =
        columns_of.factors.iter().chain(&columns_of.outcomes).map(String::as_str).collect();
    columns(folder, &names)
}

/// Factors of the sweep.
const N_FACTORS: usize = 5;
const PARTS: [&str; 2] = ["--draws-per-part", "8"];

#[test]
fn threads_and_shards_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fine(&at("one"), &[&["--threads", "1"], &PARTS[..]].concat());
    let expected = files(&at("one"));
    assert_eq!(expected.keys().filter(|name| name.ends_with(".parquet")).count(), 12);
    fine(&at("two"), &[&["--threads", "2"], &PARTS[..]].concat());
    assert_same(&files(&at("two")), &expected, "two threads");
    let mut shards: Vec<PathBuf> = Vec::new();
    for shard in 1..=8 {
        let number = format!("{shard}/8");
        fine(&at(&number), &[&["--shard", &number], &PARTS[..]].concat());
        shards.push(at(&number).join(FOLDER));
    }
    let mut merge = xuewei();
    let merged = merge.arg("merge").args(&shards).arg("--out").arg(at("merged")).output();
    let merged = merged.expect("the binary runs");
    assert!(merged.status.success(), "{}", said(&merged));
    assert_same(&files(&at("merged")), &expected, "eight shards merged");
    for shard in 1..=8 {
        fine(
            &at("shared"),
            &[&["--shard", &format!("{shard}/8"), "--resume"], &PARTS[..]].concat(),
        );
    }
    assert_same(&files(&at("shared")), &expected, "eight shards in one folder");
}

/// A process that is killed when it has written a part more, after a random while; whether it was still running.
fn killed(out: &Path, arguments: &[&str], wait: Duration) -> bool {
    let parts = || {
        let folder = out.join(FOLDER).join("draws");
        std::fs::read_dir(folder).map_or(0, |entries| entries.flatten().count())
    };
    let before = parts();
    let mut command = xuewei();
    command.args(["sweep", SWEEP, "--out"]).arg(out).args(arguments);
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let started = Instant::now();
    while parts() <= before && started.elapsed() < Duration::from_secs(30) {
        if child.try_wait().expect("a process").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    std::thread::sleep(wait);
    let is_running = child.try_wait().expect("a process").is_none();
    child.kill().expect("a process that can be ended");
    child.wait().expect("an ended process");
    is_running
}

#[test]
fn five_kills_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let parts = ["--draws-per-part", "2", "--threads", "2"];
    fine(&at("whole"), &parts);
    let mut n_killed = 0;
    for kill in 0..5 {
        let wait = Duration::from_micros((random::uniform(kill, "kill") * 20_000.0) as u64);
        n_killed += u32::from(killed(&at("killed"), &[&parts[..], &["--resume"]].concat(), wait));
    }
    assert_eq!(n_killed, 5);
    fine(&at("killed"), &[&parts[..], &["--resume"]].concat());
    assert_same(&files(&at("killed")), &files(&at("whole")), "five kills");
}

/// Values of factors do not depend on how many rows there are, and outcomes not but for their last digits; another seed gives others.
#[test]
fn a_grown_design_keeps_its_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fine(&at("grown"), &["--draws", "20", "--draws-per-part", "8"]);
    let few = all_columns(&at("grown").join(FOLDER));
    fine(&at("grown"), &["--draws", "43", "--draws-per-part", "8", "--resume"]);
    let grown = all_columns(&at("grown").join(FOLDER));
    fine(&at("whole"), &["--draws", "43", "--draws-per-part", "8"]);
    assert_same(&files(&at("grown")), &files(&at("whole")), "grown");
    for (k, few) in few.iter().enumerate() {
        for (few, grown) in few.iter().zip(&grown[k]) {
            let (few, grown) = (f64::from_bits(*few), f64::from_bits(*grown));
            let is_same = few.to_bits() == grown.to_bits()
                || k >= N_FACTORS && (few - grown).abs() <= 1e-9 * (1.0 + grown.abs());
            assert!(is_same, "column {k} of a grown design: {few} and then {grown}");
        }
    }
    fine(&at("seed"), &["--draws", "43", "--seed", "2"]);
    let other = all_columns(&at("seed").join(FOLDER));
    assert!(other[..N_FACTORS].iter().zip(&grown).all(|(other, grown)| other != grown));
}

/// Rows do not depend on the size of parts or on how many there are, to the bit.
#[test]
fn parts_of_another_size_have_the_same_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = |size: &str| {
        let out = folder.path().join(size);
        fine(&out, &["--draws", "43", "--draws-per-part", size]);
        all_columns(&out.join(FOLDER))
    };
    let narrow = rows("8");
    let out = folder.path().join("grown");
    fine(&out, &["--draws", "20", "--draws-per-part", "8"]);
    fine(&out, &["--draws", "43", "--draws-per-part", "8", "--resume"]);
    assert!(all_columns(&out.join(FOLDER)) == narrow, "grown");
    for size in ["1", "20", "43"] {
        assert!(rows(size) == narrow, "parts of {size} draws");
    }
}

#[test]
fn a_damaged_part_is_run_again() {
    let folder = tempfile::tempdir().expect("a folder");
    fine(folder.path(), &PARTS);
    let expected = files(folder.path());
    let part = folder.path().join(FOLDER).join("draws/part-000003.parquet");
    let mut bytes = std::fs::read(&part).expect("a part");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&part, bytes).expect("a part");
    let said = fine(folder.path(), &[&PARTS[..], &["--resume"]].concat());
    assert!(said.contains("part 3 is run again"), "{said}");
    assert_same(&files(folder.path()), &expected, "mended");
}

/// What is in the way stays as it is, and the message names it.
fn assert_refused(out: &Path, arguments: &[&str], word: &str) {
    let before = files_of(out);
    let output = sweep(out, arguments);
    let said = said(&output);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{}: {said}", output.status);
    assert!(said.contains("error: ") && said.contains(word), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(files_of(out) == before, "{word}: files were changed");
}

#[test]
fn what_is_in_the_way_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        path
    };
    let foreign = out("foreign");
    std::fs::create_dir_all(foreign.join(FOLDER)).expect("a folder");
    std::fs::write(foreign.join(FOLDER).join("thesis.docx"), "years of work").expect("a file");
    assert_refused(&foreign, &[], "thesis.docx");
    assert_refused(&foreign, &["--resume"], "thesis.docx");

    let file = out("file");
    std::fs::write(file.join(FOLDER), "not a folder").expect("a file");
    assert_refused(&file, &[], FOLDER);

    let other = out("other");
    fine(&other, &["--draws", "8"]);
    let manifest = other.join(FOLDER).join("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, text.replace("small-futures", "others-futures")).expect("a file");
    assert_refused(&other, &["--draws", "8"], "others-futures");
    assert_refused(&other, &["--draws", "8", "--resume"], "others-futures");

    let seed = out("seed");
    fine(&seed, &["--draws", "8"]);
    assert_refused(&seed, &["--draws", "8", "--seed", "2", "--resume"], "seed");
}

/// Values of `indicators.csv` of the whole city: `STAGE.INDICATOR[YEAR]`.
fn indicators(folder: &Path) -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(folder.join("indicators.csv")).expect("indicators");
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let of_city = rows.filter(|row| row[1] == "all" && row[2] == "all");
    let named = of_city.filter_map(|row| {
        Some((format!("{}.{}[{}]", row[3], row[4], row[0]), row[5].parse().ok()?))
    });
    named.collect()
}

/// What a whole run comes to, of `summary.json`; NaN where it never clears.
fn of_run(summary: &serde_json::Value, stage: &str, key: &str) -> f64 {
    let stages = summary["stages"].as_array().expect("stages");
    let stage = stages.iter().find(|s| s["stage"] == stage).expect("a stage");
    if key != "clearing_year" {
        return stage[key].as_f64().expect("a number");
    }
    let years = stage[key].as_array().expect("years by share");
    let cleared = years.iter().find(|pair| pair[0] == "1%").expect("one per cent");
    cleared[1].as_f64().unwrap_or(f64::NAN)
}

/// Outcomes that are counted in single precision; all others are the same to the last digits but three.
const COUNTED: [&str; 8] = [
    "oversized",
    "mean_class_size",
    "pupils",
    "entrants",
    "gap",
    "empty_seats",
    "utilisation",
    "stranded_seats",
];

/// What `run` is told of a draw's values.
fn sets_of(scenario: &str, value: impl Fn(usize) -> f64) -> Vec<String> {
    let set = |path: &str, k: usize| format!("{path}={}", value(k));
    let mut sets = vec![
        set("enrolment.senior.continuation", 0),
        set("enrolment.senior.academic_share", 1),
        set("schools.class_spread", 2),
        set("schools.choice.primary", 3),
    ];
    if scenario == "small-plan" {
        sets.push(set("programmes.schools-4.delay", 4));
    }
    sets
}

/// Each outcome of a draw is what `run` gives with the same values: four draws of both scenarios, whose block keeps schools in
/// single precision and `run` in double.
#[test]
fn a_draw_is_a_run_of_its_values() {
    let folder = tempfile::tempdir().expect("a folder");
    fine(&folder.path().join("sweep"), &["--draws", "8"]);
    let store = Store::open(&folder.path().join("sweep").join(FOLDER)).expect("a sweep");
    let names = store.columns().clone();
    let outcomes: Vec<&str> = names.outcomes.iter().map(String::as_str).collect();
    let factors: Vec<&str> = names.factors.iter().map(String::as_str).collect();
    let (mut values, mut drawn) =
        (vec![Vec::new(); outcomes.len()], vec![Vec::new(); factors.len()]);
    for part in 0..store.n_parts() {
        let rows = store.read(part, &outcomes).expect("a part");
        values.iter_mut().zip(rows.columns).for_each(|(all, more)| all.extend(more));
        let rows = store.read(part, &factors).expect("a part");
        drawn.iter_mut().zip(rows.columns).for_each(|(all, more)| all.extend(more));
    }
    for draw in [0, 1, 4, 7] {
        for (s, key) in names.scenarios.iter().enumerate() {
            let row = draw * names.scenarios.len() + s;
            let sets = sets_of(key, |k| drawn[k][row]);
            let out = folder.path().join(format!("{draw}"));
            let mut command = xuewei();
            command.args([
                "run",
                &format!("tests/small/{key}.toml"),
                "--quiet",
                "--charts",
                "none",
            ]);
            sets.iter().for_each(|set| {
                command.args(["--set", set]);
            });
            let output = command.arg("--out").arg(&out).output().expect("the binary runs");
            assert!(output.status.success(), "{}", said(&output));
            let expected = indicators(&out.join(key));
            let text = std::fs::read(out.join(key).join("summary.json")).expect("a summary");
            let summary: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
            for (name, values) in outcomes.iter().zip(&values) {
                let wanted = match expected.get(*name) {
                    Some(value) => *value,
                    None => {
                        let (stage, of) = name.split_once('.').expect("a stage");
                        of_run(&summary, stage, of)
                    }
                };
                let found = values[row];
                let is_counted = COUNTED.iter().any(|counted| name.contains(counted));
                let tolerance = if is_counted { 1e-5 } else { 1e-9 };
                let is_same = (found.is_nan() && wanted.is_nan())
                    || (found - wanted).abs() <= tolerance * (1.0 + wanted.abs());
                assert!(is_same, "draw {draw} of {key}: {name} is {found}, `run` has {wanted}");
            }
        }
    }
}

#[test]
fn the_small_sweep_is_checked() {
    let output = xuewei().args(["check", SWEEP]).output().expect("the binary runs");
    assert!(output.status.success(), "{}", said(&output));
    assert!(root().join(SWEEP).is_file());
}

/// Two factors of one number: the cost of a unit is that of a seat times its rooms.
const TWO_OF_ONE: &str = r#"
[factors.rooms]
name = "教室"
path = "unit_types.new-primary-12.rooms.primary"
how = "set"
distribution = { kind = "integer", low = 8, high = 16 }
unit = "rooms"
source = "made-up"
optional = true

[factors.price]
name = "造价"
path = "unit_types.new-primary-12.cost_per_seat"
how = "multiply"
distribution = { kind = "uniform", low = 0.8, high = 1.2 }
unit = "ratio"
source = "made-up"
optional = true

[outcomes]"#;

/// Scenarios that are slow to run are told by `check`, by `sweep` before it begins, and by the manifest, with reason and factor;
/// of a sweep at full speed there is nothing to tell.
#[test]
fn slow_scenarios_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = small(folder.path()).join("sweeps/small-futures.toml");
    let plain = std::fs::read_to_string(&file).expect("the small sweep");
    let said_of = |text: &str, arguments: &[&str]| {
        std::fs::write(&file, text).expect("a file");
        let mut command = xuewei();
        command
            .current_dir(folder.path())
            .args(arguments)
            .arg("tests/small/sweeps/small-futures.toml");
        let output = command.output().expect("the binary runs");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        said(&output)
    };
    let both = ["small-no-build", "small-plan"];
    let cases: [(&str, String, &[&str], [&str; 2]); 3] = [
        ("plain", plain.clone(), &[], ["", ""]),
        (
            "replan",
            plain.replace("replan = false", "replan = true"),
            &both,
            ["times slower", "每次抽样重新选址（replan），只能逐个计算，慢约"],
        ),
        (
            "anew",
            plain.replace("\n[outcomes]", TWO_OF_ONE),
            &both[1..],
            ["times slower", "每次抽样须重建情景，慢约"],
        ),
    ];
    for (key, text, slow, [en, zh]) in cases {
        let out = folder.path().join(key);
        let sweep = |more: &[&str]| {
            let all =
                [&["sweep", "--draws", "2", "--out"], &[out.to_str().expect("a path")][..], more];
            said_of(&text, &all.concat())
        };
        let (checked, told) = (said_of(&text, &["check"]), sweep(&["--lang", "zh"]));
        assert_eq!(sweep(&["--quiet"]), "");
        let in_english = sweep(&[]);
        let manifest = std::fs::read(out.join(FOLDER).join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
        for scenario in both {
            let is_slow = slow.contains(&scenario);
            let tells = |said: &str, colon: &str, words: &str| {
                let line =
                    said.lines().find(|line| line.starts_with(&format!("{scenario}{colon}")));
                assert_eq!(line.is_some(), is_slow, "{key}: {said}");
                assert!(line.is_none_or(|line| line.contains(words)), "{key}: {said}");
            };
            tells(&checked, ": ", en);
            tells(&in_english, ": ", en);
            tells(&told, "：", zh);
            let reason = &manifest["slow"][scenario][0];
            assert_eq!(reason["why"] == key, is_slow, "{manifest:#}");
            assert_eq!(reason["en"].as_str().is_some_and(|text| text.contains(en)), is_slow);
            assert_eq!(reason["zh"].as_str().is_some_and(|text| text.contains(zh)), is_slow);
        }
    }
}

/// Broken sweeps under `tests/cli/broken-sweeps`: each with what `check` says of it. `UPDATE_GOLDEN=1` rewrites that.
#[test]
fn broken_sweeps_are_refused_with_their_problems() {
    let cases = root().join("tests/cli/broken-sweeps");
    let mut n_cases = 0;
    for (name, text) in files_of(&cases) {
        let Some(key) = name.strip_suffix(".toml") else { continue };
        n_cases += 1;
        let folder = tempfile::tempdir().expect("a folder");
        let city = small(folder.path());
        std::fs::write(city.join("sweeps").join(&name), text).expect("a file");
        for arguments in [&["check"][..], &["sweep", "--out", "OUT"][..]] {
            let mut command = xuewei();
            command.current_dir(folder.path()).args(arguments);
            let output = command.arg(format!("tests/small/sweeps/{name}")).output();
            let output = output.expect("the binary runs");
            assert_eq!(output.status.code(), Some(2), "{name}: {}", said(&output));
            let said = said(&output);
            let found = said.find("error: ").map_or("", |start| &said[start..]);
            let golden = cases.join(format!("{key}.txt"));
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::write(&golden, found).expect("a file");
            }
            let expected = std::fs::read_to_string(&golden).expect("what is expected");
            assert_eq!(found, expected, "{arguments:?} of {name}");
        }
        assert!(!folder.path().join("OUT").exists());
    }
    assert_eq!(n_cases, 5);
}
