//! The record of what is read against what moves: every figure of the shipped scenarios, and of seeded ones, is changed alone, the
//! scenario is built again, and the numbers that moved are held against the parts that the record names. What moved is found from
//! two builds and knows nothing of the record; that no number is passed over is seen from the text of the scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path as FilePath, PathBuf};

use super::*;
use crate::input::figure_change::{Change, change_figure, node_at};
use crate::input::rebuilt::rebuilt;
use crate::input::tree::Node;
use crate::input::{Loaded, load};
use crate::{parallel, random};

fn root() -> &'static FilePath {
    FilePath::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn loaded(path: impl AsRef<FilePath>) -> Loaded {
    load(&root().join(path), &[])
        .unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")))
}

/// The paths of all figures of a tree, those among them that no run uses.
fn figures(tree: &Node) -> Vec<String> {
    fn walk(node: &Node, path: &str, found: &mut Vec<String>) {
        if node.is_figure() && !path.is_empty() {
            found.push(path.to_string());
            return;
        }
        for (key, _, inner) in node.table().iter().flat_map(|table| &table.entries) {
            walk(inner, format!("{path}.{key}").trim_start_matches('.'), found);
        }
    }
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found
}

/// The numbers of a scenario by part, and its text without the city.
fn seen(scenario: &Scenario) -> (BTreeMap<Part, Vec<f64>>, String) {
    let mut scenario = scenario.clone();
    let mut numbers: BTreeMap<Part, Vec<f64>> = BTreeMap::new();
    visit(&mut scenario, |_, part, number| numbers.entry(part).or_default().push(number.get()));
    let text = format!("{:?}", split(&mut scenario));
    (numbers, text)
}

/// The scenario with one figure changed; `None` where the rules of the input refuse it.
fn changed(of: &Loaded, path: &str, change: Change) -> Option<Scenario> {
    let mut tree = of.tree.clone();
    let base_year = of.scenario.city.base_year;
    change_figure(node_at(&mut tree, path)?, path, change, base_year, None);
    rebuilt(of, tree).ok()
}

/// Faults of the record, and the parts that moved.
fn tried(of: &Loaded, seed: u64) -> (Vec<String>, BTreeSet<Part>) {
    let (before, text) = seen(&of.scenario);
    let of_figure = |path: &String| {
        let by = 0.02 + 0.1 * random::uniform(seed, path);
        let recorded: BTreeSet<Part> = of.reads.parts(path).collect();
        let (mut faults, mut all_moved) = (Vec::new(), BTreeSet::new());
        // The second is for small whole numbers, and where the rules refuse the first.
        for change in [Change::Multiply(1.0 - by), Change::Add(1.0)] {
            if !all_moved.is_empty() {
                break;
            }
            let Some(scenario) = changed(of, path, change) else { continue };
            let (after, other_text) = seen(&scenario);
            let parts: BTreeSet<Part> = before.keys().chain(after.keys()).copied().collect();
            let moved = parts.into_iter().filter(|part| before.get(part) != after.get(part));
            let moved: BTreeSet<Part> = moved.collect();
            let key = &of.scenario.key;
            if !moved.is_subset(&recorded) {
                faults.push(format!("{key}: {path}: moves {moved:?}, read into {recorded:?}"));
            }
            if moved.is_empty() != (text == other_text) {
                faults.push(format!("{key}: {path}: a number is not among those of a scenario"));
            }
            all_moved.extend(moved);
        }
        (faults, all_moved)
    };
    let (mut faults, mut moved) = (Vec::new(), BTreeSet::new());
    for (of_one, parts) in parallel::map(&figures(&of.tree), of_figure) {
        faults.extend(of_one);
        moved.extend(parts);
    }
    (faults, moved)
}

/// The scenario files of a folder.
fn scenario_files(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(root().join(folder)).expect("a folder").flatten();
    let is_scenario = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        path.extension().is_some_and(|e| e == "toml") && text.contains("[scenario]")
    };
    let files = files.map(|entry| entry.path()).filter(is_scenario);
    let mut names: Vec<String> =
        files.map(|path| path.strip_prefix(root()).expect("below").display().to_string()).collect();
    names.sort();
    names
}

/// A scenario with teachers, and with every figure that allows it moved a little, by a seed.
fn seeded(path: &str, seed: u64) -> Loaded {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("seeded.toml");
    let base = root().join(path);
    let teachers = "{ by_year = { 2020 = 18, 2030 = 16 }, unit = \"pupils per teacher\", source = \"made-up\" }";
    let text = format!(
        "format = 1\nbase = {base:?}\n[staffing.primary]\npupils_per_teacher = {teachers}\n"
    );
    std::fs::write(&file, text).expect("a scenario");
    let mut of = loaded(&file);
    for path in figures(&of.tree) {
        let by = 0.95 + 0.1 * random::uniform(seed, &format!("{path} at first"));
        let mut tree = of.tree.clone();
        let base_year = of.scenario.city.base_year;
        let Some(node) = node_at(&mut tree, &path) else { continue };
        change_figure(node, &path, Change::Multiply(by), base_year, None);
        if let Ok(scenario) = rebuilt(&of, tree.clone()) {
            (of.scenario, of.tree) = (scenario, tree);
        }
    }
    of
}

#[test]
fn what_moves_is_what_was_read() {
    let folders = ["scenarios/jiaozuo", "scenarios/jiaozuo-2015", "scenarios/zhengzhou"];
    let shipped: Vec<String> = folders.iter().flat_map(|folder| scenario_files(folder)).collect();
    assert!(shipped.len() > 25, "{shipped:?}");
    let mut all: Vec<Loaded> = shipped.iter().map(loaded).collect();
    for seed in 1..=3 {
        all.extend(["tests/small/plan.toml", "tests/small/levers.toml"].map(|p| seeded(p, seed)));
    }
    let (mut faults, mut moved, mut there) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (seed, of) in all.iter().enumerate() {
        let (of_one, parts) = tried(of, seed as u64);
        faults.extend(of_one);
        moved.extend(parts);
        there.extend(seen(&of.scenario).0.into_keys());
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    // Tables in files are no figures of numbers; every other part was seen to move.
    let still: Vec<&Part> = there.difference(&moved).collect();
    assert_eq!(still, [&Part::Survival, &Part::FertilityPattern]);
}

/// What each figure of the small plan is read into, by hand: three unit types (of primary, primary and junior, junior rooms), whose cost
/// follows the standard of their stages; a count that only a check looks at.
#[test]
fn what_is_read_into_what_by_hand() {
    let of = loaded("tests/small/plan.toml");
    let [primary, nine_year, junior] = [0, 1, 2].map(Part::UnitType);
    let expected: [(&str, &[Part]); 12] = [
        ("population.fertility.total", &[Part::TotalFertility]),
        ("population.moves.rural-to-built-up.rate", &[Part::Move(0)]),
        ("enrolment.junior.retention", &[Part::Retention]),
        ("thresholds.primary.standard", &[Part::Standard, primary, nine_year]),
        ("thresholds.junior.standard", &[Part::Standard, nine_year, junior]),
        ("thresholds.senior.standard", &[Part::Standard]),
        ("unit_types.new-nine-year-18.rooms.junior", &[nine_year]),
        ("programmes.schools-4.mix.extension-junior-6", &[Part::Programme(0)]),
        ("programmes.schools-4.count", &[Part::Aside]),
        ("programmes.schools-4.delay", &[Part::Timeline]),
        ("programmes.single.events.reserve.share", &[Part::Timeline]),
        ("programmes.nowhere.delay", &[]),
    ];
    for (path, parts) in expected {
        assert_eq!(of.reads.parts(path).collect::<Vec<_>>(), parts, "{path}");
    }
}
