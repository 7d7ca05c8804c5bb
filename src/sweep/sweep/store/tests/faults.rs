//! Damage, foreign files, other sweeps: a clear answer, and nothing overwritten.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use super::super::{Kind, Manifest, Prepared, Shard, Store, StoreError, prepare};
use super::{manifest, run, snapshot, whole};

const PART: &str = "draws/part-000003.parquet";
const SUM: &str = "draws/part-000003.sha256";

/// A finished sweep in a folder that is removed with the first of the pair.
fn finished() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("sweep");
    whole(&folder);
    (home, folder)
}

fn resume(folder: &Path) -> Result<Prepared, StoreError> {
    run(folder, manifest(100), Shard::WHOLE, true)
}

/// Preparing is refused for a reason, names what is to be named, and leaves every byte as it was.
fn refused(folder: &Path, manifest: Manifest, resume: bool, kind: Kind, says: &[&str]) {
    let before = snapshot(folder);
    let error = prepare(folder, manifest, Shard::WHOLE, resume).expect_err("a refusal");
    assert_eq!(error.kind, kind, "{error}");
    for words in says {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(snapshot(folder), before);
}

/// A part that was damaged is run again, alone, and the folder is as before.
fn mended(damage: impl Fn(&Path), why: &str) {
    let (_home, folder) = finished();
    let before = snapshot(&folder);
    damage(&folder);
    refused(&folder, manifest(100), false, Kind::Begun, &["6 finished parts", "--resume"]);
    let error = Store::open(&folder).expect("a store").read(3, &["delay"]).expect_err("damage");
    assert!(error.to_string().contains("--resume"), "{error}");
    let prepared = resume(&folder).expect("a resumed sweep");
    assert_eq!((prepared.n_finished, prepared.todo.as_slice()), (6, &[3][..]));
    if why.is_empty() {
        assert_eq!(prepared.again, []);
    } else {
        assert_eq!(prepared.again, [(3, why.to_string())]);
    }
    assert_eq!(snapshot(&folder), before);
}

#[test]
fn a_truncated_part_is_run_again() {
    let damage = |folder: &Path| {
        let file = OpenOptions::new().write(true).open(folder.join(PART)).expect("a part");
        file.set_len(100).expect("cut");
    };
    mended(damage, "it does not agree with its checksum");
}

#[test]
fn a_flipped_bit_is_noticed() {
    let damage = |folder: &Path| {
        let mut bytes = fs::read(folder.join(PART)).expect("a part");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(folder.join(PART), bytes).expect("written");
    };
    mended(damage, "it does not agree with its checksum");
}

#[test]
fn a_part_without_checksum_does_not_count() {
    mended(|folder| fs::remove_file(folder.join(SUM)).expect("removed"), "it has no checksum");
    let other = |folder: &Path| {
        fs::copy(folder.join("draws/part-000002.sha256"), folder.join(SUM)).expect("copied");
    };
    mended(other, "it has no checksum");
}

#[test]
fn an_absent_part_is_run() {
    let gone = |folder: &Path| fs::remove_file(folder.join(PART)).expect("removed");
    mended(gone, "it is gone, its checksum is there");
    let both = |folder: &Path| {
        fs::remove_file(folder.join(PART)).expect("removed");
        fs::remove_file(folder.join(SUM)).expect("removed");
    };
    mended(both, "");
}

#[test]
fn what_is_left_of_writing_is_removed() {
    let (_home, folder) = finished();
    let before = snapshot(&folder);
    fs::write(folder.join("draws/.part-000003.parquet.writing-0123456789abcdef"), "half")
        .expect("");
    fs::write(folder.join(".manifest.json.writing-0123456789abcdef"), "half").expect("written");
    resume(&folder).expect("a resumed sweep");
    assert_eq!(snapshot(&folder), before);
}

#[test]
fn a_finished_sweep_is_not_run_again() {
    let (_home, folder) = finished();
    let before = snapshot(&folder);
    for resume in [false, true] {
        let prepared = run(&folder, manifest(100), Shard::WHOLE, resume).expect("nothing to do");
        assert_eq!((prepared.n_finished, prepared.todo.len()), (7, 0));
        assert_eq!(snapshot(&folder), before);
    }
}

#[test]
fn foreign_files_are_named_and_left() {
    for name in
        ["notes.txt", "draws/other.parquet", "draws/part-3.parquet", "draws/part-000007.parquet"]
    {
        let (_home, folder) = finished();
        fs::write(folder.join(name), "mine").expect("written");
        refused(&folder, manifest(100), true, Kind::Foreign, &[name, "move it elsewhere"]);
        let error = Store::open(&folder).expect_err("a foreign file").to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn a_folder_of_something_else_is_left() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    fs::write(folder.join("thesis.docx"), "mine").expect("written");
    refused(folder, manifest(100), false, Kind::Foreign, &["thesis.docx", "--out"]);
    for text in ["{}", "no JSON", r#"{"program": "xuewei", "kind": "run"}"#] {
        fs::write(folder.join("manifest.json"), text).expect("written");
        refused(folder, manifest(100), true, Kind::Foreign, &["manifest of a sweep", "--out"]);
    }
}

#[test]
fn a_manifest_of_another_format_or_size_is_refused() {
    let (_home, folder) = finished();
    let text = manifest(100).text();
    for (from, to) in [
        ("\"format\": 1", "\"format\": 2"),
        ("\"draws_per_part\": 16", "\"draws_per_part\": 0"),
        ("\"draws\": 100,\n  \"draws_per", "\"draws\": 18446744073709551615,\n  \"draws_per"),
        ("\"scenarios\": [", "\"scenario\": ["),
    ] {
        assert!(text.contains(from), "{text}");
        fs::write(folder.join("manifest.json"), text.replace(from, to)).expect("written");
        refused(&folder, manifest(100), true, Kind::Manifest, &["manifest.json", "0.1.0"]);
    }
}

#[test]
fn another_sweep_is_told_apart() {
    let (_home, folder) = finished();
    let with = |change: &dyn Fn(&mut Manifest)| {
        let mut other = manifest(100);
        change(&mut other);
        other
    };
    let others: [(Manifest, &str); 6] = [
        (with(&|m| m.version = "9.0.0".into()), "version: expected 9.0.0, found 0.1.0"),
        (with(&|m| m.sweep = "other".into()), "sweep: expected other, found test"),
        (
            with(&|m| _ = m.design.insert("seed".into(), 2.into())),
            "design.seed: expected 2, found 1",
        ),
        (with(&|m| _ = m.scenarios.pop()), "scenarios: expected plan, found plan, no-build"),
        (
            with(&|m| _ = m.inputs.insert("city.toml".into(), "0123456789abcdef".into())),
            "input city.toml: expected SHA-256 0123456789ab…, found SHA-256 ca978112ca1b…",
        ),
        (with(&|m| m.draws = 99), "holds 100 draws, more than the 99 asked for"),
    ];
    for (other, says) in others {
        refused(&folder, other, true, Kind::Manifest, &[says, "--out"]);
    }
}

/// An earlier finished result of the same sweep gives way, but not one from which something was made, nor for a shard.
#[test]
fn a_finished_result_gives_way_to_another_seed() {
    let (home, folder) = finished();
    let mut other = manifest(100);
    other.design.insert("seed".into(), 2.into());
    fs::create_dir(folder.join("analysis")).expect("a folder");
    refused(&folder, other.clone(), false, Kind::Manifest, &["design.seed", "analysed"]);
    fs::remove_dir(folder.join("analysis")).expect("removed");
    let error = prepare(&folder, other.clone(), Shard { number: 1, of: 2 }, false);
    assert_eq!(error.expect_err("a shard").kind, Kind::Manifest);
    let prepared = run(&folder, other, Shard::WHOLE, false).expect("a sweep");
    assert_eq!(prepared.todo.len(), 7);
    assert_eq!(prepared.set_aside, Some(home.path().join(".sweep.replaced")));
    let names = super::files::names(home.path()).expect("names");
    assert_eq!(names, ["sweep"]);
}

/// 100 draws grown to 200: parts 0 to 5 stay, part 6 had four draws and is run again, 7 to 12 are new.
#[test]
fn a_sweep_grows() {
    let (home, folder) = finished();
    refused(&folder, manifest(200), false, Kind::Begun, &["--resume"]);
    let prepared = run(&folder, manifest(200), Shard::WHOLE, true).expect("a grown sweep");
    assert_eq!(prepared.todo, [6, 7, 8, 9, 10, 11, 12]);
    assert_eq!(prepared.again, [(6, "the sweep has grown since".to_string())]);
    let at_once = home.path().join("at-once");
    run(&at_once, manifest(200), Shard::WHOLE, false).expect("a sweep");
    assert_eq!(snapshot(&folder), snapshot(&at_once));
}

/// A part of another sweep with a checksum that agrees.
#[test]
fn a_part_with_other_columns_is_named() {
    let (_home, folder) = finished();
    let mut other = manifest(100);
    other.outcomes[3] = "all.cost".to_string();
    fs::write(folder.join("manifest.json"), other.text()).expect("written");
    let says =
        ["part-000000.parquet", "column 10: expected all.cost", "found all.investment_total"];
    refused(&folder, other, true, Kind::Part, &says);
}

/// Writing fails after some bytes: finished parts stay, no half one is left, and the rest comes with `--resume`.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let (home, folder) = finished();
    let before = snapshot(&folder);
    // A file where a folder is to be made: refused for the superuser too.
    let place = home.path().join("file");
    fs::write(&place, "mine").expect("written");
    let error =
        run(&place.join("sweep"), manifest(100), Shard::WHOLE, false).expect_err("no folder");
    assert_eq!(error.kind, Kind::Disk);
    assert_eq!(fs::read(&place).expect("a file"), b"mine");
    assert_eq!(snapshot(&folder), before);
}
