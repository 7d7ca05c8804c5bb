//! Blocks of draws against single runs: every stock of the city, stage by stage and year by year, for scenarios as they are, for
//! random changes of them, and for cases made so that what is rare happens.

use std::collections::BTreeMap;

use xuewei::axes::Stage;
use xuewei::batch::{self, Count, LANES, People, Plan, TOLERANCE, TOLERANCE_OF_COUNTS, Workspace};
use xuewei::event::{Concerned, PlannedEvent, PlannedKind};
use xuewei::indicators::{self, Stocks};
use xuewei::model;
use xuewei::scenario::Scenario;

use crate::support;

mod cases;

use cases::{
    Dice, capped, changed, placed, with_absent_stages, with_closed_pools, with_dated_standards,
    with_events,
};

fn run(plan: &Plan, scenarios: &[&Scenario]) -> batch::Run {
    let (mut people, mut workspace) = (People::default(), Workspace::default());
    let mut run = batch::Run::default();
    batch::project(plan, scenarios, &mut people);
    batch::run(plan, scenarios, &people, &mut workspace, &mut run);
    run
}

/// Name, value in a lane, value of a single run, and what the gap is measured against.
fn pairs(count: &Count, l: usize, s: &Stocks) -> [(&'static str, f64, f64, f64); 23] {
    let (pupils, classes) = (1.0 + s.pupils, s.classes.max(1e-300));
    [
        ("population", count.population[l], s.population, 1.0 + s.population),
        ("births", count.births[l], s.births, 1.0 + s.births),
        ("residents", count.residents[l], s.residents, 1.0 + s.residents),
        ("upper_secondary", count.upper_secondary[l], s.upper_secondary, 1.0 + s.upper_secondary),
        ("pupils", count.pupils[l], s.pupils, pupils),
        ("entrants", count.entrants[l], s.entrants, 1.0 + s.entrants),
        ("classes", count.classes[l], s.classes, 1e-300),
        ("classes_without_room", count.classes_without_room[l], s.classes_without_room, 1e-300),
        ("rooms", count.rooms[l], s.rooms, 1e-300),
        ("seats", count.seats[l], s.seats, 1.0 + s.seats),
        ("seat_gap", count.seat_gap[l], s.seat_gap, pupils),
        ("crowding_gap", count.crowding_gap[l], s.crowding_gap, pupils),
        ("empty_seats", count.empty_seats[l], s.empty_seats, 1.0 + s.empty_seats + s.pupils),
        ("oversized", count.oversized[l], s.oversized, classes),
        ("super_oversized", count.super_oversized[l], s.super_oversized, classes),
        ("pupils_in_oversized", count.pupils_in_oversized[l], s.pupils_in_oversized, pupils),
        ("overflow", count.overflow[l], s.overflow, pupils),
        ("unplaced", count.unplaced[l], s.unplaced, pupils),
        ("unplaced_entrants", count.unplaced_entrants[l], s.unplaced_entrants, pupils),
        ("investment_yuan", count.investment_yuan[l], s.investment_yuan, 1.0 + s.investment_yuan),
        ("rooms_added", count.rooms_added[l], s.rooms_added, 1e-300),
        ("additions_yuan", count.additions_yuan[l], s.additions_yuan, 1.0 + s.additions_yuan),
        (
            "rooms_added_without_cost",
            count.rooms_added_without_cost[l],
            s.rooms_added_without_cost,
            1e-300,
        ),
    ]
}

/// What happened in the runs of a test, and the gaps that are too wide.
#[derive(Default)]
struct Found {
    n_lanes: usize,
    worst: f64,
    overflow: f64,
    unplaced: f64,
    without_room: f64,
    /// Values that depend on the other lanes of a block, by name.
    impure: BTreeMap<&'static str, usize>,
    faults: Vec<String>,
}

impl Found {
    /// Compares each draw of a block with a single run of it.
    fn compare(&mut self, what: &str, base: &Scenario, draws: &[Scenario]) {
        let plan = Plan::new(base);
        let block: Vec<&Scenario> = draws.iter().collect();
        let together = run(&plan, &block);
        for (l, draw) in draws.iter().enumerate() {
            self.n_lanes += 1;
            self.with_single_run(&format!("{what}, lane {l}"), draw, &together, l);
        }
    }

    /// Compares each draw of a block with itself alone, to the bit.
    fn compare_alone(&mut self, what: &str, base: &Scenario, draws: &[Scenario]) {
        let plan = Plan::new(base);
        let block: Vec<&Scenario> = draws.iter().collect();
        let together = run(&plan, &block);
        for (l, draw) in draws.iter().enumerate() {
            self.n_lanes += 1;
            let alone = run(&plan, &[draw]);
            self.same(&format!("{what}, lane {l}"), (&alone, 0), (&together, l));
        }
    }

    fn with_single_run(&mut self, what: &str, draw: &Scenario, found: &batch::Run, l: usize) {
        let table = indicators::table(draw, &model::run(draw));
        let areas: Vec<usize> = (0..draw.city.areas.len()).collect();
        let n_years = draw.city.n_years();
        for (stage, year_idx) in cells(n_years) {
            let stocks = table.sum(year_idx, &areas, stage);
            self.overflow += stocks.overflow;
            self.unplaced += stocks.unplaced;
            self.without_room += stocks.classes_without_room;
            let count = &found.counts[stage.idx() * n_years + year_idx];
            for (name, lane, single, size) in pairs(count, l, &stocks) {
                let gap = (lane - single).abs();
                let tolerance = match name {
                    "oversized"
                    | "super_oversized"
                    | "pupils_in_oversized"
                    | "pupils"
                    | "entrants"
                    | "seat_gap"
                    | "crowding_gap"
                    | "empty_seats"
                    | "overflow"
                    | "unplaced"
                    | "unplaced_entrants"
                    | "upper_secondary" => TOLERANCE_OF_COUNTS,
                    _ => TOLERANCE,
                };
                let part = gap / (tolerance * size);
                self.worst = if gap > 0.0 { self.worst.max(part) } else { self.worst };
                if gap.is_nan() || part > 1.0 {
                    let year = draw.city.base_year + year_idx as i32;
                    let stage = stage.key();
                    self.faults.push(format!(
                        "{what}: {stage}.{name}[{year}] is {lane:.12e}, of a single run {single:.12e}"
                    ));
                }
            }
        }
    }

    /// Whether a draw, given with its lane, has the same bits alone and among others.
    fn same(
        &mut self,
        what: &str,
        (alone, own): (&batch::Run, usize),
        (together, l): (&batch::Run, usize),
    ) {
        let none = Stocks::default();
        let n_years = alone.counts.len() / support::stages().len();
        for (stage, year_idx) in cells(n_years) {
            let at = stage.idx() * n_years + year_idx;
            let own = pairs(&alone.counts[at], own, &none);
            let others = pairs(&together.counts[at], l, &none);
            for (own, other) in own.iter().zip(&others) {
                if own.1.to_bits() != other.1.to_bits() {
                    let (name, stage) = (own.0, stage.key());
                    *self.impure.entry(name).or_default() += 1;
                    self.faults.push(format!(
                        "{what}: {stage}.{name}[+{year_idx}] is {:e} alone and {:e} among others",
                        own.1, other.1
                    ));
                }
            }
        }
    }

    /// Fails with the first faults.
    fn end(&self) {
        println!(
            "{} lanes, widest gap {:.1e} of what may be, overflow {:.0}, unplaced {:.0}, without room {:.0}; {:?}",
            self.n_lanes, self.worst, self.overflow, self.unplaced, self.without_room, self.impure
        );
        let first: Vec<&str> = self.faults.iter().take(20).map(String::as_str).collect();
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), first.join("\n"));
    }
}

fn cells(n_years: usize) -> impl Iterator<Item = (Stage, usize)> {
    support::stages().iter().flat_map(move |stage| (0..n_years).map(move |year| (stage, year)))
}

fn draws(base: &Scenario, dice: &mut Dice, n: usize) -> Vec<Scenario> {
    (0..n).map(|_| changed(base, dice)).collect()
}

#[test]
fn scenarios_as_they_are() {
    let mut found = Found::default();
    for path in [
        "tests/small/no-build.toml",
        "scenarios/jiaozuo/no-build.toml",
        "scenarios/jiaozuo/plan.toml",
        "scenarios/jiaozuo/cap-and-plan.toml",
    ] {
        let scenario = placed(path);
        found.compare(path, &scenario, std::slice::from_ref(&scenario));
    }
    for (name, scenario) in [
        ("events", with_events()),
        ("closed", with_closed_pools()),
        ("absent", with_absent_stages()),
    ] {
        found.compare(name, &scenario, std::slice::from_ref(&scenario));
    }
    found.end();
}

/// Fewer draws than lanes, and full blocks.
#[test]
fn random_futures_of_the_small_city() {
    let mut found = Found::default();
    for (name, base) in [
        ("no-build", placed("tests/small/no-build.toml")),
        ("events", with_events()),
        ("closed pools", with_closed_pools()),
        ("absent stages", with_absent_stages()),
    ] {
        let mut dice = Dice::of(name);
        for n in [LANES, 1, 3, LANES] {
            found.compare(name, &base, &draws(&base, &mut dice, n));
        }
    }
    found.end();
}

/// Caps so tight that pupils spill into other pools, sit above the ceiling and stay without a place.
#[test]
fn caps_make_the_rare_passes_run() {
    let mut found = Found::default();
    for (name, base) in [("events", with_events()), ("closed pools", with_closed_pools())] {
        let mut dice = Dice::of(&format!("{name}, caps"));
        for caps in [(20.0, 40.0), (35.0, 60.0), (45.0, 70.0)] {
            let draws = draws(&base, &mut dice, LANES);
            let draws: Vec<Scenario> =
                draws.into_iter().map(|draw| capped(draw, &mut dice, caps)).collect();
            found.compare(name, &base, &draws);
        }
    }
    assert!(found.overflow > 1000.0 && found.unplaced > 1000.0);
    found.end();
}

#[test]
fn random_futures_of_jiaozuo() {
    let mut found = Found::default();
    for path in ["scenarios/jiaozuo/no-build.toml", "scenarios/jiaozuo/plan.toml"] {
        let base = placed(path);
        let mut dice = Dice::of(path);
        let mut draws = draws(&base, &mut dice, 8);
        let crowded = draws.pop().expect("a draw");
        draws.push(capped(crowded, &mut dice, (35.0, 60.0)));
        found.compare(path, &base, &draws);
    }
    found.end();
}

/// A draw gives the same bits whatever its neighbours are: parts of a sweep and its shards may have any size.
#[test]
fn a_lane_does_not_know_its_neighbours() {
    let mut found = Found::default();
    for (name, base) in [
        ("events", with_events()),
        ("closed pools", with_closed_pools()),
        ("dated standards", with_dated_standards(with_events())),
    ] {
        let mut dice = Dice::of(&format!("{name}, alone"));
        for caps in [(100.0, 101.0), (20.0, 60.0)] {
            let draws = draws(&base, &mut dice, LANES);
            let draws: Vec<Scenario> =
                draws.into_iter().map(|draw| capped(draw, &mut dice, caps)).collect();
            found.compare_alone(name, &base, &draws);
        }
    }
    let path = "scenarios/jiaozuo/plan.toml";
    let base = placed(path);
    found.compare_alone(path, &base, &draws(&base, &mut Dice::of("alone"), LANES));
    found.end();
}

/// A thread works with the same memory for scenario after scenario, of one city and of others: each comes out as with new memory.
#[test]
fn memory_does_not_remember_other_scenarios() {
    let (mut people, mut workspace) = (People::default(), Workspace::default());
    let mut shared = batch::Run::default();
    let mut found = Found::default();
    let order = ["events", "jiaozuo", "closed pools", "events", "absent stages", "jiaozuo"];
    for (n, name) in order.into_iter().enumerate() {
        let base = match name {
            "events" => with_events(),
            "closed pools" => with_closed_pools(),
            "absent stages" => with_absent_stages(),
            _ => placed("scenarios/jiaozuo/plan.toml"),
        };
        let mut dice = Dice::of(&format!("{name}, {n}"));
        let mut draws = draws(&base, &mut dice, 3);
        let crowded = draws.pop().expect("a draw");
        draws.push(capped(crowded, &mut dice, (20.0, 60.0)));
        let plan = Plan::new(&base);
        let block: Vec<&Scenario> = draws.iter().collect();
        batch::project(&plan, &block, &mut people);
        batch::run(&plan, &block, &people, &mut workspace, &mut shared);
        let fresh = run(&plan, &block);
        for l in 0..draws.len() {
            found.n_lanes += 1;
            found.same(&format!("{name}, number {n}, lane {l}"), (&fresh, l), (&shared, l));
        }
    }
    found.end();
}

/// Attendance takes memory for the areas and pools between which pupils go: of n districts with an urban and a rural area, 2n pairs
/// of home and, for primary schools, n of the rural children who go to town; every stage has its grades and base shares, and both
/// once more with this year's entrants while schools run.
#[test]
fn memory_grows_with_routes() {
    for n in [3, 30] {
        let mut city = support::city(2020, 2021, n);
        for (area, stage) in (0..2 * n).flat_map(|a| support::stages().map(|stage| (a, stage))) {
            support::add_school(&mut city, area, stage, 12, 0.0, 30.0, 1);
        }
        let flow = support::rural_to_urban(&city, support::stage("primary"), 0.2);
        let mut scenario = support::scenario(city);
        scenario.attendance = vec![flow];
        let plan = Plan::new(&scenario);
        let grades_and_base = 4 * (2 * 3 + 3);
        let lists = 2 * n * grades_and_base + 3 * n * (2 * 6 + 3);
        assert_eq!(plan.attendance_bytes(), lists * 8 * LANES);
    }
}

/// Draws of the seeded cities (seed, lane) in which a school stands on the edge of a class and single precision decides otherwise.
const ON_EDGE: [(u64, usize); 1] = [(23, 2)];
/// What may then differ: how pupils are divided into classes.
const OF_CLASSES: [&str; 6] = [
    ".classes[",
    ".classes_without_room[",
    ".crowding_gap[",
    ".oversized[",
    ".super_oversized[",
    ".pupils_in_oversized[",
];

/// What may differ where the last digit decides which school gets a room or which grade is relieved: single precision tells pupils a
/// room apart as far as a thousandth.
const ON_EDGE_REACTING: [(u64, usize); 0] = [];

/// Cities that relieve large classes and add rooms of themselves, beside all that the seeded ones do.
#[test]
fn seeded_cities_that_react() {
    let (mut found, mut added) = (Found::default(), 0.0);
    for seed in 0..40 {
        let base = cases::kept(crate::kept::reacting(seed));
        let mut dice = Dice::of(&format!("reacting {seed}"));
        let mut draws = draws(&base, &mut dice, 3);
        for draw in &mut draws {
            for rule in draw.rules.additions.iter_mut().flatten() {
                rule.rate = dice.between(0.0, 1.0);
            }
            for rule in draw.rules.relief.iter_mut().flatten() {
                rule.hazard = dice.between(0.0, 1.0);
            }
        }
        draws.push(base.clone());
        if base.rules.class_spread <= 0.0 {
            draws.iter_mut().for_each(|draw| draw.rules.class_spread = 0.0);
        }
        found.compare(&format!("seed {seed}"), &base, &draws);
        added += model::run(&base).schools.added.len() as f64;
    }
    let is_on_edge = |fault: &String| {
        let of = |(seed, l): &(u64, usize)| fault.starts_with(&format!("seed {seed}, lane {l}:"));
        ON_EDGE_REACTING.iter().any(of)
    };
    found.faults.retain(|fault| !is_on_edge(fault));
    assert!(added > 500.0, "{added}");
    found.end();
}

/// All levers, standing rules and kinds of events, whole children where there is no spread: seeded cities, and each with the
/// numbers of draws moved, together in a block.
#[test]
fn seeded_cities_with_everything() {
    let mut found = Found::default();
    for seed in 0..40 {
        let base = cases::kept(crate::kept::seeded(seed));
        let mut dice = Dice::of(&format!("seed {seed}"));
        let mut draws = draws(&base, &mut dice, 3);
        draws.push(base.clone());
        if base.rules.class_spread <= 0.0 {
            draws.iter_mut().for_each(|draw| draw.rules.class_spread = 0.0);
        }
        found.compare(&format!("seed {seed}"), &base, &draws);
    }
    let may_differ = |fault: &String| {
        let is_on_edge =
            |(seed, l): &(u64, usize)| fault.starts_with(&format!("seed {seed}, lane {l}:"));
        ON_EDGE.iter().any(is_on_edge) && OF_CLASSES.iter().any(|name| fault.contains(name))
    };
    found.faults.retain(|fault| !may_differ(fault));
    assert!(found.without_room > 100.0 && found.overflow > 100.0 && found.unplaced > 100.0);
    found.end();
}

/// A school of 12 rooms with two classes a grade loses eight rooms: it has fewer rooms than grades while its upper grades still have
/// two classes each, of 55 pupils in the mean, which have a spread.
#[test]
fn a_school_that_loses_rooms() {
    let mut city = support::city(2020, 2028, 1);
    for _ in 0..3 {
        support::add_school(&mut city, 0, support::stage("primary"), 12, 0.0, 110.0, 2);
    }
    let mut scenario = support::scenario(city);
    scenario.rules.class_spread = 2.5;
    scenario.programmes = vec![support::programme(vec![PlannedEvent {
        key: "fewer".to_string(),
        kind: PlannedKind::Extend { rooms: -8 },
        stage: Some(support::stage("primary")),
        schools: vec![Concerned { row: 0, rooms: 12, reserved: 0, area: 0 }],
        year: 2021,
        origin: String::new(),
    }])];
    let run = model::run(&scenario);
    let school = run.schools.history.school(2, 0);
    assert!(school.rooms == 4 && school.pupils[2..].iter().all(|&n| n > 100.0), "{school:?}");
    let mut found = Found::default();
    found.compare("a school that loses rooms", &scenario, std::slice::from_ref(&scenario));
    found.end();
}

/// A draw without spread counts whole children beside others that have one.
#[test]
fn a_draw_without_spread() {
    let base = placed("tests/small/no-build.toml");
    let mut draw = base.clone();
    draw.rules.class_spread = 0.0;
    let mut found = Found::default();
    found.compare("no spread", &base, &[base.clone(), draw]);
    found.end();
}

/// The smallest cohort whose own growth is used is a figure like others: every lane has its own.
#[test]
fn every_lane_has_its_own_smallest_cohort() {
    let base = placed("tests/small/no-build.toml");
    let draws: Vec<Scenario> = [50.0, 0.0, 120.0, 400.0, 1000.0]
        .into_iter()
        .map(|people| {
            let mut draw = base.clone();
            draw.enrolment.minimum_people = people;
            draw
        })
        .collect();
    let mut found = Found::default();
    found.compare("smallest cohort", &base, &draws);
    found.end();
}
