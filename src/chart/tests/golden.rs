//! One picture of every chart, kept under `tests/golden/charts/`: a change of look is seen in review. They show
//! change, not truth. `UPDATE_GOLDEN=1` rewrites them.

use super::super::samples::{self, hindcasts, maps, plans, stocks, sweeps, timelines};
use super::super::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Every chart in Chinese, under its name in the table of the module.
fn all() -> Vec<(&'static str, Figure)> {
    let lang = Lang::Zh;
    vec![
        ("oversized", oversized::draw(&samples::oversized(lang), lang)),
        ("heatmap", heatmap::draw(&samples::heatmap(lang), lang)),
        ("bands", bands::draw(&stocks::bands(lang), lang)),
        ("places", places::draw(&samples::places(lang), lang)),
        ("entrants", entrants::draw(&samples::entrants(lang), lang)),
        ("pyramid", pyramid::draw(&stocks::pyramid(lang), lang)),
        ("gaps", gaps::draw(&samples::gaps(lang), lang)),
        ("scorecard", scorecard::draw(&plans::scorecard(lang), lang)),
        ("map", map::draw(&maps::tiles(lang), lang)),
        ("multiples", multiples::draw(&plans::multiples(lang), lang)),
        ("hindcast", hindcast::draw(&hindcasts::hindcast(lang), lang)),
        ("investment", investment::draw(&stocks::investment(lang), lang)),
        ("timeline", timeline::draw(&timelines::timeline(lang), lang)),
        ("cost_effect", cost_effect::draw(&plans::cost_effect(lang), lang)),
        ("cleared", cleared::draw(&sweeps::cleared(lang), lang)),
        ("fan", fan::draw(&sweeps::fan(lang), lang)),
        ("tornado", tornado::draw(&sweeps::tornado_of(6, lang), lang)),
        ("sobol", sobol::draw(&sweeps::sobol_of(6, lang), lang)),
        ("morris", morris::draw(&sweeps::morris_of(8, lang), lang)),
        ("convergence", convergence::draw(&sweeps::convergence_of(4, lang), lang)),
        ("prim", prim::limits::draw(&sweeps::limits_of(4, lang), lang)),
    ]
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/charts"))
}

#[test]
fn every_chart_looks_as_it_did() {
    let is_rewritten = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let mut faults = Vec::new();
    for (name, figure) in all() {
        let file = folder().join(format!("{name}.svg"));
        if is_rewritten {
            std::fs::create_dir_all(folder()).expect("a writable folder");
            std::fs::write(&file, &figure.svg).expect("a writable folder");
            continue;
        }
        match std::fs::read_to_string(&file) {
            Err(_) => faults.push(format!("{} is missing", file.display())),
            Ok(expected) => {
                let mut lines = expected.lines().zip(figure.svg.lines()).enumerate();
                let differing = lines.find(|(_, (a, b))| a != b);
                if let Some((i, (expected, found))) = differing {
                    let file = file.display();
                    faults.push(format!("{file}, line {}:\n- {expected}\n+ {found}", i + 1));
                } else if expected != figure.svg {
                    faults.push(format!("{} has another number of lines", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}\nUPDATE_GOLDEN=1 rewrites them", faults.join("\n"));
}

#[test]
fn every_chart_of_the_table_has_its_picture() {
    let table = include_str!("../lib.rs").lines().filter_map(|line| {
        line.strip_prefix("//! | `").and_then(|rest| Some(rest.split_once('`')?.0))
    });
    let named: BTreeSet<&str> = all().iter().map(|(name, _)| *name).collect();
    assert_eq!(table.collect::<BTreeSet<_>>(), named);
}
