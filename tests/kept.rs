//! Outputs kept: every stock of the shipped scenarios, and of seeded cities with all levers and all kinds of events. A change of
//! the code that moves none of them changes no result; one that moves some writes them anew and says which.
//!
//! `KEPT_WRITE=1` writes the tables anew; `KEPT_SEEDS=first..last` with `KEPT_FILE` writes the seeded cities of a range to a
//! file, or compares them with it where it is there.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use xuewei::indicators::{self, Stocks};
use xuewei::scenario::Scenario;
use xuewei::{input, model};

use crate::cli::shipped_scenarios;
use crate::support::root;

mod cases;

pub use cases::{reacting, seeded};

/// How far a stock may lie from the kept one, relative to its size and that of all pupils.
const TOLERANCE: f64 = 1e-9;
/// Seeded cities whose outputs are kept.
const SEEDS: std::ops::Range<u64> = 0..60;

/// The stocks that are kept, and what a gap is measured against besides their own size.
fn stocks(s: &Stocks) -> [f64; 27] {
    [
        s.population,
        s.births,
        s.pupils,
        s.residents,
        s.entrants,
        s.schools,
        s.multi_grade_schools,
        s.classes,
        s.classes_without_room,
        s.rooms,
        s.seats,
        s.seat_gap,
        s.crowding_gap,
        s.empty_seats,
        s.bands[0] + 2.0 * s.bands[1] + 3.0 * s.bands[2],
        s.bands[3] + 2.0 * s.bands[4],
        s.oversized,
        s.super_oversized,
        s.pupils_in_oversized,
        s.overflow,
        s.unplaced,
        s.unplaced_entrants,
        s.upper_secondary,
        s.investment_yuan,
        s.private_pupils,
        s.rooms_under_construction,
        s.boarding_places,
    ]
}

/// A line a year and stage: stocks of the city, then pupils and classes weighted by the number of their area, which tell
/// whether they stand where they stood.
fn lines(scenario: &Scenario) -> Vec<Vec<f64>> {
    let run = model::run(scenario);
    let table = indicators::table(scenario, &run);
    let areas: Vec<usize> = (0..scenario.city.areas.len()).collect();
    let mut lines = Vec::new();
    for stage in scenario.city.stages.iter() {
        for year_idx in 0..scenario.city.n_years() {
            let mut line = stocks(&table.sum(year_idx, &areas, stage)).to_vec();
            let weighted = |of: fn(&Stocks) -> f64| {
                let each =
                    areas.iter().map(|&a| (a as f64 + 1.0) * of(table.cell(year_idx, a, stage)));
                xuewei::numeric::sum(each)
            };
            line.push(weighted(|s| s.pupils));
            line.push(weighted(|s| s.classes));
            line.push(weighted(|s| s.unplaced));
            lines.push(line);
        }
    }
    lines
}

fn text(name: &str, lines: &[Vec<f64>], text: &mut String) {
    let _ = writeln!(text, "# {name}");
    for line in lines {
        let cells: Vec<String> = line
            .iter()
            .map(|&value| if value == 0.0 { "0".to_string() } else { shortest(value) })
            .collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
}

/// A number with thirteen digits at the most.
fn shortest(value: f64) -> String {
    let whole = value.round();
    if (value - whole).abs() < 1e-12 * value.abs() && whole.abs() < 1e13 {
        return format!("{whole:.0}");
    }
    format!("{value:.12e}")
}

/// The blocks of a kept table by name.
fn blocks(text: &str) -> Vec<(String, Vec<Vec<f64>>)> {
    let mut found: Vec<(String, Vec<Vec<f64>>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("# ") {
            Some(name) => found.push((name.to_string(), Vec::new())),
            None => {
                let cells = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
                found.last_mut().expect("a name").1.push(cells);
            }
        }
    }
    found
}

/// The widest gap between two tables, relative to each stock, all pupils of the line and one pupil.
fn widest(name: &str, kept: &[Vec<f64>], found: &[Vec<f64>], faults: &mut Vec<String>) -> f64 {
    assert_eq!(kept.len(), found.len(), "{name}");
    let mut widest = 0.0_f64;
    for (n, (kept, found)) in kept.iter().zip(found).enumerate() {
        for (column, (&old, &new)) in kept.iter().zip(found).enumerate() {
            let size = 1.0 + old.abs() + kept[2].abs();
            let gap = (new - old).abs() / size;
            widest = widest.max(gap);
            if gap.is_nan() || gap > TOLERANCE {
                faults.push(format!("{name}, line {n}, column {column}: {new:e}, kept {old:e}"));
            }
        }
    }
    widest
}

/// Writes a table that is not there or is to be written anew; compares with it otherwise, and returns the widest gap.
fn keep(path: &Path, of: impl Fn() -> Vec<(String, Vec<Vec<f64>>)>, anew: bool) -> Option<f64> {
    let found = of();
    if anew || !path.exists() {
        let mut all = String::new();
        found.iter().for_each(|(name, lines)| text(name, lines, &mut all));
        std::fs::write(path, all).expect("a writable folder");
        return None;
    }
    let kept = blocks(&std::fs::read_to_string(path).expect("a kept table"));
    let names = |blocks: &[(String, Vec<Vec<f64>>)]| -> Vec<String> {
        blocks.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&kept), names(&found));
    let (mut gap, mut faults) = (0.0_f64, Vec::new());
    for ((name, kept), (_, found)) in kept.iter().zip(&found) {
        gap = gap.max(widest(name, kept, found, &mut faults));
    }
    println!("{}: widest gap {gap:.1e}", path.display());
    let first: Vec<&str> = faults.iter().take(30).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} of them\n{}", faults.len(), first.join("\n"));
    Some(gap)
}

fn kept(name: &str) -> PathBuf {
    root().join("tests/kept").join(name)
}

fn anew() -> bool {
    std::env::var_os("KEPT_WRITE").is_some()
}

fn seeded_cities(seeds: std::ops::Range<u64>) -> Vec<(String, Vec<Vec<f64>>)> {
    let each: Vec<u64> = seeds.collect();
    xuewei::parallel::map(&each, |&seed| (format!("seed {seed}"), lines(&seeded(seed))))
}

#[test]
fn shipped_scenarios_come_out_as_kept() {
    let of = || {
        let paths = shipped_scenarios();
        xuewei::parallel::map(&paths, |path| {
            let loaded = input::load(path, &[]);
            let loaded = loaded.unwrap_or_else(|r| panic!("{}", r.problems.render("error")));
            let name = path.strip_prefix(root()).expect("a path below").display().to_string();
            (name, lines(&loaded.scenario))
        })
    };
    keep(&kept("shipped.csv"), of, anew());
}

#[test]
fn seeded_cities_come_out_as_kept() {
    keep(&kept("seeded.csv"), || seeded_cities(SEEDS), anew());
    let (Ok(range), Ok(file)) = (std::env::var("KEPT_SEEDS"), std::env::var("KEPT_FILE")) else {
        return;
    };
    let (first, last) = range.split_once("..").expect("first..last");
    let seeds = first.parse().expect("a seed")..last.parse().expect("a seed");
    keep(Path::new(&file), || seeded_cities(seeds.clone()), false);
}
