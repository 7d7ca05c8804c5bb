//! What is written is read back; what is damaged is noticed; what is foreign is left alone.

mod faults;
mod kills;
mod shards;

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::*;
use crate::experiment::{DesignSpec, Kind as DesignKind};
use crate::sweep::drive::{Engine, Stop, drive};

/// An engine whose cells are made from their address: two scenarios, three factors, four outcomes.
#[derive(Default)]
pub(super) struct Sample {
    /// Time that a part takes.
    pub(super) pause: Duration,
}

/// A number between 0 and 1 of an address (SplitMix64).
fn cell(draw: u64, column: u64) -> f64 {
    let mut z = (draw * 64 + column).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Engine for Sample {
    fn n_draws(&self) -> u64 {
        100
    }

    fn columns(&self) -> Columns {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_string()).collect();
        Columns {
            scenarios: names(&["plan", "no-build"]),
            factors: names(&["fertility", "net-migration", "delay"]),
            outcomes: names(&[
                "primary.oversized_share[2030]",
                "primary.oversized_share[2035]",
                "primary.clearing_year",
                "all.investment_total",
            ]),
        }
    }

    /// Every tenth draw's clearing year never comes in the second scenario; draw 13 fails there.
    fn run_part(&self, draws: Range<u64>, _: &AtomicBool) -> Part {
        std::thread::sleep(self.pause);
        let n_draws = (draws.end - draws.start) as usize;
        let rows: Vec<(u64, u64)> = draws.clone().flat_map(|draw| [(draw, 0), (draw, 1)]).collect();
        let factor = |column| draws.clone().map(|draw| cell(draw, column)).collect();
        let outcome = |f: &dyn Fn(u64, u64) -> f64| rows.iter().map(|(d, s)| f(*d, *s)).collect();
        let fails = |row: &(usize, &(u64, u64))| *row.1 == (13, 1);
        Part {
            first_draw: draws.start,
            n_draws,
            factors: (0..3).map(factor).collect(),
            outcomes: vec![
                outcome(&|draw, scenario| cell(draw, 3 + scenario)),
                outcome(&|_, _| 0.0),
                outcome(&|draw, scenario| {
                    if draw % 10 == 0 && scenario == 1 { f64::NAN } else { 2030.0 }
                }),
                outcome(&|draw, scenario| 1e9 * cell(draw, 5 + scenario)),
            ],
            failed: rows
                .iter()
                .enumerate()
                .filter(fails)
                .map(|(row, _)| (row, "学位 below 0".to_string()))
                .collect(),
        }
    }
}

/// A manifest of so many draws in parts of 16.
pub(super) fn manifest(draws: u64) -> Manifest {
    let design = DesignSpec {
        kind: DesignKind::Sobol,
        draws,
        block: None,
        seed: 1,
        scramble: true,
        second_order: false,
        levels: 0,
        levels_by_factor: Vec::new(),
        candidates: 0,
        table: None,
        rows: Vec::new(),
    };
    let inputs: [(&str, &[u8]); 2] = [("city.toml", b"a"), ("sweeps/test.toml", b"b")];
    let columns = Sample::default().columns();
    let manifest = Manifest::new(("small", "test"), &design, draws, &columns, inputs);
    Manifest { draws_per_part: 16, ..manifest }
}

/// Prepares a folder, runs what is to be run, and writes the checksums if all is there.
pub(super) fn run(
    folder: &Path,
    manifest: Manifest,
    shard: Shard,
    resume: bool,
) -> Result<Prepared, StoreError> {
    let prepared = prepare(folder, manifest, shard, resume)?;
    drive(&Sample::default(), &prepared.store, &prepared.todo, &Stop::default(), |_| ())?;
    prepared.finish()?;
    Ok(prepared)
}

/// Runs a whole sweep of 100 draws, seven parts, into a folder.
pub(super) fn whole(folder: &Path) -> Prepared {
    run(folder, manifest(100), Shard::WHOLE, false).expect("a sweep")
}

/// Every file below a folder with its bytes.
pub(super) fn snapshot(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for sub in ["", "draws"] {
        for name in files::names(&folder.join(sub)).expect("a folder") {
            let path = folder.join(sub).join(&name);
            if path.is_file() {
                found.push((format!("{sub}/{name}"), fs::read(path).expect("a file")));
            }
        }
    }
    found
}

#[test]
fn rows_come_back_as_they_were() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("sweep");
    whole(&folder);
    let store = Store::open(&folder).expect("a store");
    let columns = ["delay", "primary.clearing_year", "all.investment_total"];
    for part in 0..store.n_parts() {
        let draws = store.draws_of(part);
        let made = Sample::default().run_part(draws.clone(), &AtomicBool::new(false));
        let rows = store.read(part, &columns).expect("rows");
        assert_eq!(
            (rows.first_draw, rows.n_draws, rows.n_scenarios),
            (draws.start, made.n_draws, 2)
        );
        assert_eq!(rows.failed, made.failed);
        for scenario in 0..2 {
            // The drawn value is there for every scenario.
            assert_eq!(rows.of_scenario(0, scenario), made.factors[2]);
            for (at, outcome) in [(1, 2), (2, 3)] {
                let read = rows.of_scenario(at, scenario);
                for (i, value) in read.into_iter().enumerate() {
                    let row = 2 * i + scenario;
                    let has_failed = made.failed.iter().any(|(failed, _)| *failed == row);
                    let expected = if has_failed { f64::NAN } else { made.outcomes[outcome][row] };
                    assert!(
                        value.to_bits() == expected.to_bits()
                            || value.is_nan() && expected.is_nan()
                    );
                }
            }
        }
    }
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("sweep");
    let prepared = whole(&folder);
    let error = prepared.store.read(0, &["fertilty"]).expect_err("no such column").to_string();
    assert!(error.contains("no column fertilty; known: fertility, net-migration"), "{error}");
}

/// 100 draws in parts of 16 are six whole parts and four draws.
#[test]
fn parts_hold_the_draws_of_their_number() {
    let manifest = manifest(100);
    assert_eq!(manifest.n_parts(), 7);
    assert_eq!(manifest.draws_of(0), 0..16);
    assert_eq!(manifest.draws_of(6), 96..100);
}

/// 1,000 / 64 = 15.6, at least 16; 16,384 / 64 = 256; 20,000 / 64 = 312, the power of two below is 256; a million: 1,024.
#[test]
fn parts_are_powers_of_two() {
    for (draws, size) in [(1, 16), (1000, 16), (16_384, 256), (20_000, 256), (1_000_000, 1024)] {
        assert_eq!(draws_per_part(draws), size);
    }
}

#[test]
fn shards_are_read_and_refused() {
    assert_eq!(Shard::parse("3/8"), Ok(Shard { number: 3, of: 8 }));
    assert_eq!(Shard::parse("3/8").map(|s| s.parts(20).collect()), Ok(vec![2, 10, 18]));
    for wrong in ["", "3", "0/8", "9/8", "a/b", "3/", "-1/8", "1/0"] {
        assert!(Shard::parse(wrong).is_err(), "{wrong}");
    }
}

/// The manifest's text: what another program may rely on.
#[test]
fn the_manifest_says_what_was_asked() {
    let text = manifest(100).text();
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["program"], "xuewei");
    assert_eq!(value["kind"], "sweep");
    assert_eq!(value["draws"], 100);
    assert_eq!(value["design"]["kind"], "sobol");
    assert_eq!(value["design"]["seed"], 1);
    // printf a | sha256sum
    assert_eq!(
        value["inputs"]["city.toml"],
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    );
}
