//! One sweep in one piece or in shards, by one thread or more: the same bytes.

use std::fs;

use super::super::{Kind, Shard, Store, gather};
use super::{manifest, run, snapshot, whole};

#[test]
fn shards_of_one_folder_make_the_whole() {
    let home = tempfile::tempdir().expect("a folder");
    let (at_once, shared) = (home.path().join("at-once"), home.path().join("shared"));
    whole(&at_once);
    for number in [3, 1, 8, 2, 4, 7, 5, 6] {
        let shard = Shard { number, of: 8 };
        let prepared = run(&shared, manifest(100), shard, false).expect("a shard");
        assert_eq!(prepared.todo, shard.parts(7).collect::<Vec<_>>());
    }
    assert_eq!(snapshot(&shared), snapshot(&at_once));
}

#[test]
fn shards_of_folders_of_their_own_are_merged() {
    let home = tempfile::tempdir().expect("a folder");
    let (at_once, merged) = (home.path().join("at-once"), home.path().join("merged"));
    let total = whole(&at_once).store.sums().expect("all parts").total;
    let folders: Vec<_> = (1..=8).map(|k| home.path().join(format!("shard-{k}"))).collect();
    for (k, folder) in (1..=8).zip(&folders) {
        run(folder, manifest(100), Shard { number: k, of: 8 }, false).expect("a shard");
    }
    let error = gather(&folders[1..], &merged).expect_err("a part is missing");
    assert_eq!(error.kind, Kind::Part);
    assert!(
        error.to_string().contains("expected 7 parts, found 1 missing or damaged: 0"),
        "{error}"
    );
    assert!(!merged.exists());
    let gathered = gather(&folders, &merged).expect("merged");
    assert_eq!((gathered.n_copied, gathered.sums.total), (7, total));
    assert_eq!(snapshot(&merged), snapshot(&at_once));
    // Into the folder of the first shard, which has part 0.
    let gathered = gather(&folders, &folders[0]).expect("merged");
    assert_eq!(gathered.n_copied, 6);
    assert_eq!(snapshot(&folders[0]), snapshot(&at_once));
}

#[test]
fn a_damaged_part_is_not_merged_but_its_twin_is() {
    let home = tempfile::tempdir().expect("a folder");
    let (first, second) = (home.path().join("first"), home.path().join("second"));
    let merged = home.path().join("merged");
    whole(&first);
    whole(&second);
    fs::write(first.join("draws/part-000003.parquet"), "damaged").expect("written");
    let error = gather(std::slice::from_ref(&first), &merged).expect_err("damaged").to_string();
    assert!(error.contains("does not agree with its checksum"), "{error}");
    assert!(!merged.exists());
    gather(&[first, second.clone()], &merged).expect("merged");
    assert_eq!(snapshot(&merged), snapshot(&second));
}

#[test]
fn folders_of_different_sweeps_are_not_merged() {
    let home = tempfile::tempdir().expect("a folder");
    let (first, second) = (home.path().join("first"), home.path().join("second"));
    whole(&first);
    run(&second, manifest(200), Shard::WHOLE, false).expect("a sweep");
    let error = gather(&[first, second], &home.path().join("merged")).expect_err("two sweeps");
    assert_eq!(error.kind, Kind::Manifest);
    assert!(error.to_string().contains("draws: expected 100, found 200"), "{error}");
}

#[test]
fn a_folder_that_is_no_sweep_is_not_opened() {
    let home = tempfile::tempdir().expect("a folder");
    let error = Store::open(home.path()).expect_err("an empty folder");
    assert_eq!(error.kind, Kind::Foreign);
    let error = Store::open(&home.path().join("absent")).expect_err("no folder");
    assert_eq!(error.kind, Kind::Foreign);
}
