//! Nothing is half there: every kind of event, every lever and every indicator is read, checked, applied, shown and documented. A kind
//! that is added does not compile here before it is listed, and fails until it stands everywhere.

use std::collections::BTreeSet;

use xuewei::event::{EventKind, Opening, Part, PlannedEvent, PlannedKind, Receiver, Reuse};
use xuewei::indicators::{self, INDICATORS, Stocks};
use xuewei::input::keys::{KEYS, Key, Kind};
use xuewei::input::{self, Loaded};
use xuewei::model::{self, Run};
use xuewei::report::dictionary::dictionary;
use xuewei::report::rows::Format;
use xuewei::report::tables::{ADDED, CONSTRUCTION, Style};
use xuewei::scenario::{Levers, Scenario};
use xuewei::units::Path;

use crate::support::{no_levers, root, stage, stages};

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|_| panic!("{path} can be read"))
}

fn loaded(path: &str) -> Loaded {
    let loaded = input::load(&root().join(path), &[]);
    loaded.unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")))
}

/// The row of `dictionary.csv` for a column or an indicator.
fn told_in_dictionary(table: &str, name: &str) -> String {
    let style = Style { format: Format::Csv, with_bom: false };
    let all = String::from_utf8(dictionary(stages(), style)).expect("UTF-8");
    let start = format!("{table},{name},");
    let row = all.lines().find(|line| line.starts_with(&start));
    row.unwrap_or_else(|| panic!("{name} is in the dictionary")).to_string()
}

fn key(pattern: &str) -> &'static Key {
    KEYS.iter().find(|key| key.pattern == pattern).unwrap_or_else(|| panic!("no key {pattern}"))
}

/// Name of a planned kind in files, and its word in Chinese.
fn words_of(kind: &PlannedKind) -> (&'static str, &'static str) {
    match kind {
        PlannedKind::Open { .. } => ("open", "新建"),
        PlannedKind::Extend { .. } => ("extend", "扩建"),
        PlannedKind::Relocate { .. } => ("relocate", "迁建"),
        PlannedKind::Convert { .. } => ("convert", "转用"),
        PlannedKind::Close => ("close", "关闭"),
        PlannedKind::Merge { .. } => ("merge", "合并"),
        PlannedKind::Upgrade { .. } => ("upgrade", "提升"),
        PlannedKind::Reserve { .. } => ("reserve", "预留"),
    }
}

/// One of each planned kind, and of each form that is told apart.
fn planned_kinds() -> Vec<PlannedKind> {
    let reuse = Some(Reuse { stage: stage("junior"), rooms: 6, years_later: 1 });
    let opening = Opening { programme: 0, event: 0 };
    vec![
        PlannedKind::Open { area: 0, rooms: vec![], all_grades: false, name: String::new() },
        PlannedKind::Extend { rooms: 1 },
        PlannedKind::Relocate { area: 0, rooms_added: 0, reuse },
        PlannedKind::Convert { to: stage("junior"), rooms: None },
        PlannedKind::Close,
        PlannedKind::Merge { into: Receiver::Site(0) },
        PlannedKind::Merge { into: Receiver::Opened(opening) },
        PlannedKind::Upgrade { quality: 0.0, boarding: 0 },
        PlannedKind::Reserve { part: Part::Share(0.5), until: None },
    ]
}

/// Name of a dated event in tables, and its word in Chinese. A reserve that ends and an extension below zero have names of their own.
fn told_as(kind: &EventKind) -> (&'static str, &'static str) {
    match kind {
        EventKind::Restore(_) => ("restore", "恢复"),
        EventKind::Close => ("close", "关闭"),
        EventKind::Merge { .. } => ("merge", "合并"),
        EventKind::Relocate { .. } => ("relocate", "迁建"),
        EventKind::Convert { .. } => ("convert", "转用"),
        EventKind::Reserve { .. } => ("reserve", "预留"),
        EventKind::Extend(rooms) if *rooms < 0 => ("reduce", "撤除教室"),
        EventKind::Extend(_) => ("extend", "扩建"),
        EventKind::Open { .. } => ("open", "新建"),
        EventKind::Upgrade { .. } => ("upgrade", "提升"),
    }
}

/// One of each dated kind.
fn dated_kinds() -> Vec<EventKind> {
    vec![
        EventKind::Restore(1),
        EventKind::Close,
        EventKind::Merge { into: 0, is_new: false },
        EventKind::Relocate { area: 0, rooms_added: 0 },
        EventKind::Convert { to: stage("junior"), rooms: None },
        EventKind::Reserve { rooms: 1, until: None },
        EventKind::Extend(-1),
        EventKind::Extend(1),
        EventKind::Merge { into: 0, is_new: true },
        EventKind::Open { rooms: 1, all_grades: false, quality: 0.0 },
        EventKind::Upgrade { quality: 0.0, boarding: 0 },
    ]
}

/// Files take the kinds that there are; a file of broken inputs has each, and the documents tell each in both languages.
#[test]
fn every_planned_kind_is_read_checked_and_documented() {
    let names: BTreeSet<&str> = planned_kinds().iter().map(|kind| words_of(kind).0).collect();
    let Kind::Choice(choices) = key("programmes.<name>.events.<name>.kind").kind else {
        panic!("a kind is one of some words")
    };
    assert_eq!(choices.iter().copied().collect::<BTreeSet<_>>(), names);
    let (lacking, docs) =
        (text("tests/cli/broken/event-lacks-keys/broken.toml"), text("docs/events.md"));
    let plan = text("tests/small/plan.toml");
    for kind in planned_kinds() {
        let (name, zh) = words_of(&kind);
        assert!(lacking.contains(&format!("kind = \"{name}\"")), "{name} is checked");
        assert!(plan.contains(&format!("kind = \"{name}\"")), "{name} is read");
        assert!(docs.contains(&format!("| `{name}` | {zh} |")), "{name} is documented");
    }
    for key in KEYS.iter().filter(|key| key.pattern.starts_with("programmes.<name>.events.")) {
        let name = key.pattern.trim_start_matches("programmes.<name>.events.<name>.");
        let name = name.trim_end_matches(".<stage>");
        assert!(docs.contains(name), "{name} is documented");
    }
}

/// Every dated kind has its own name, and stands in the dictionary and in the words of reports, in both languages; so do years of
/// construction, which are rows among the events.
#[test]
fn every_dated_kind_is_shown() {
    let dictionary = told_in_dictionary("events", "kind");
    let (annex, achieved) = (text("src/report/told/annex.rs"), text("src/report/told/achieved.rs"));
    for kind in dated_kinds() {
        let (name, zh) = told_as(&kind);
        assert_eq!((kind.key(), kind.zh()), (name, zh));
        assert!(dictionary.contains(name) && dictionary.contains(zh), "{name} in the dictionary");
        assert!(annex.contains(&format!("\"{name}\" => t.pick(")), "{name} in the annex");
        assert!(achieved.contains(&format!("(\"{name}\", ")), "{name} in what a plan achieves");
    }
    assert!(dictionary.contains(CONSTRUCTION) && dictionary.contains("建设为"));
    assert!(annex.contains("CONSTRUCTION => t.pick(\"建设\", "));
    assert!(dictionary.contains(&format!("; {ADDED} is ")) && dictionary.contains("自行增建"));
    assert!(annex.contains("ADDED => t.pick(\"自行增建\", "));
    assert!(achieved.contains("(ADDED, ADD)"));
    let ranks: Vec<u8> = dated_kinds().iter().map(EventKind::rank).collect();
    let of_planned: Vec<u8> = planned_kinds().iter().map(PlannedKind::rank).collect();
    assert!(of_planned.iter().all(|rank| ranks.contains(rank)));
}

/// A run without one of the planned events of a scenario.
fn without(scenario: &Scenario, programme: usize, event: usize) -> Run {
    let mut less = scenario.clone();
    less.programmes[programme].events.remove(event);
    model::run(&less)
}

/// Whether schools differ in some year: rooms, classes, pupils or where they stand.
fn differ(one: &Run, other: &Run) -> bool {
    let n_years = one.schools.history.n_schools.len();
    let told = |run: &Run, year_idx: usize| {
        let year = run.schools.history.year(year_idx);
        let school = |row: usize| {
            let school = year.school(row);
            (
                school.is_open,
                school.area,
                school.rooms,
                school.classes.to_vec(),
                school.pupils.to_vec(),
            )
        };
        (0..year.n_schools()).map(school).collect::<Vec<_>>()
    };
    (0..n_years).any(|year_idx| told(one, year_idx) != told(other, year_idx))
}

/// The plan of the small city has every kind; each is expanded, happens, and moves something: a run without it is another one.
#[test]
fn every_kind_is_expanded_and_applied() {
    let scenario = loaded("tests/small/plan.toml").scenario;
    let run = model::run(&scenario);
    assert!(run.schools.ignored.is_empty());
    let happened: BTreeSet<&str> = run.events.iter().map(|event| event.kind.key()).collect();
    let all: BTreeSet<&str> = dated_kinds().iter().map(EventKind::key).collect();
    // What the plan of the small city does not have is worked by hand.
    let by_hand = text("tests/events.rs");
    for name in all.difference(&happened) {
        assert!(by_hand.contains(&format!("\"{name}\"")), "{name} is applied by a test");
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (p, programme) in scenario.programmes.iter().enumerate() {
        for (e, PlannedEvent { key, kind, .. }) in programme.events.iter().enumerate() {
            assert!(differ(&run, &without(&scenario, p, e)), "{key} moves something");
            seen.insert(words_of(kind).0);
        }
    }
    let planned: BTreeSet<&str> = planned_kinds().iter().map(|kind| words_of(kind).0).collect();
    assert_eq!(seen, planned);
}

/// The levers of a scenario by name, each alone.
fn levers_alone(levers: &Levers) -> Vec<(&'static str, Levers)> {
    let Levers { entry_cap, split_from, rebalance, merge_below, relief } = levers;
    vec![
        ("entry_cap", Levers { entry_cap: entry_cap.clone(), ..no_levers() }),
        ("split_from", Levers { split_from: split_from.clone(), ..no_levers() }),
        ("rebalance", Levers { rebalance: rebalance.clone(), ..no_levers() }),
        ("merge_below", Levers { merge_below: merge_below.clone(), ..no_levers() }),
        ("relief", Levers { relief: relief.clone(), ..no_levers() }),
    ]
}

/// Every lever has its key, stands in the documents, and alone moves the schools of the small city.
#[test]
fn every_lever_is_read_applied_and_documented() {
    let docs = text("docs/events.md");
    let mut scenario = loaded("tests/small/levers.toml").scenario;
    scenario.rules.closing.clear();
    let primary = stage("primary").idx();
    scenario.levers.entry_cap[primary] = Some(Path::through(vec![(2021, 45.0)]));
    scenario.levers.merge_below[primary] = Some(Path::through(vec![(2021, 40.0)]));
    scenario.levers.relief[primary] = Some(Path::through(vec![(2021, 0.5)]));
    let all = levers_alone(&scenario.levers);
    let names: BTreeSet<String> =
        all.iter().map(|(name, _)| format!("levers.{name}.<stage>")).collect();
    let of_files = KEYS.iter().map(|key| key.pattern).filter(|key| key.starts_with("levers."));
    assert_eq!(of_files.map(str::to_string).collect::<BTreeSet<_>>(), names);
    let run = |levers: Levers| {
        let mut scenario = scenario.clone();
        scenario.levers = levers;
        model::run(&scenario)
    };
    let off = run(no_levers());
    for (name, levers) in all {
        assert!(differ(&off, &run(levers)), "{name} moves something");
        let line = docs.lines().find(|line| line.starts_with(&format!("| `{name}` | ")));
        assert!(
            line.is_some_and(|line| !line.is_ascii()),
            "{name} is documented in both languages"
        );
    }
}

/// Indicators that have no value, or only 0, in all of these cities: no made-up city has a staffing figure.
const NOWHERE: [&str; 1] = ["teachers_needed"];

/// Every indicator has words in both languages and a formula, stands in the dictionary, and has a value other than 0 somewhere in the
/// plan of the small city or in a seeded city with all kinds of events.
#[test]
fn every_indicator_is_defined_counted_and_told() {
    let cities = (0..12).map(crate::kept::seeded).chain((0..3).map(crate::kept::reacting));
    let all = std::iter::once(loaded("tests/small/plan.toml").scenario).chain(cities);
    let years: Vec<Stocks> = all
        .flat_map(|scenario| {
            let table = indicators::table(&scenario, &model::run(&scenario));
            let stages = scenario.city.stages.iter();
            stages.flat_map(|stage| table.city_years(Some(stage))).collect::<Vec<_>>()
        })
        .collect();
    let mut nothing = Vec::new();
    for indicator in INDICATORS {
        let name = indicator.key;
        assert!(!indicator.zh.is_ascii() && !indicator.meaning_zh.is_empty(), "{name} in Chinese");
        assert!(!indicator.meaning.is_empty(), "{name} has a meaning in English");
        assert!(!indicator.unit.is_empty(), "{name} has a unit");
        assert!(told_in_dictionary("indicators", name).contains(indicator.zh), "{name} is told");
        let has = |stocks: &Stocks| (indicator.value)(stocks).is_some_and(|n| n != 0.0);
        if !years.iter().any(has) {
            nothing.push(name);
        }
    }
    assert_eq!(nothing, NOWHERE);
}
