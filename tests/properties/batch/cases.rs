//! Scenarios for the comparison of blocks with single runs: as they ship, made so that what is rare happens, and changed at random.

use std::sync::Arc;

use xuewei::axes::Stage;
use xuewei::input;
use xuewei::programmes::{keep_places, places};
use xuewei::random;
use xuewei::scenario::Scenario;
use xuewei::units::Path;

use crate::support;

/// Random numbers of one case.
pub(super) struct Dice(u64, u64);

impl Dice {
    pub(super) fn of(case: &str) -> Self {
        Dice(random::key(20_201, case), 0)
    }

    /// Between two numbers, all equally likely.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        self.1 += 1;
        let unit = (random::mixed(self.0, self.1) >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * unit
    }

    pub(super) fn whole(&mut self, low: i32, high: i32) -> i32 {
        self.between(f64::from(low), f64::from(high) + 1.0).floor() as i32
    }
}

/// A scenario of the shipped city or of the small one, its units at the places of its own path.
pub(super) fn placed(path: &str) -> Scenario {
    let loaded = input::load(&support::root().join(path), &[]);
    let loaded = loaded.unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")));
    kept(loaded.scenario)
}

pub(super) fn kept(mut scenario: Scenario) -> Scenario {
    let places = places(&scenario);
    keep_places(&mut scenario, &places);
    scenario
}

/// The small city with relocations (one school twice), a reserve, extensions, new schools and an upgrade, made up.
pub(super) fn with_events() -> Scenario {
    let folder = tempfile::tempdir().expect("a folder");
    let base = support::root().join("tests/small/city.toml");
    let text = EVENTS.replace("BASE", &base.to_string_lossy());
    let path = folder.path().join("events.toml");
    std::fs::write(&path, text).expect("a file");
    let loaded = input::load(&path, &[]);
    let loaded = loaded.unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")));
    kept(loaded.scenario)
}

pub(super) const EVENTS: &str = r#"
format = 1
base = "BASE"
[attendance.later]
stages = ["primary", "senior"]
from_zones = ["rural"]
to_zones = ["urban", "town"]
share = { by_year = { 2022 = 0, 2025 = 20 }, unit = "percent", source = "assumption" }
[unit_types.new-12]
kind = "new"
rooms.primary = { value = 12, unit = "rooms", source = "assumption" }
rooms.junior = { value = 9, unit = "rooms", source = "assumption" }
cost_per_seat = { value = 30000, unit = "yuan per seat", source = "assumption" }
[unit_types.wider-6]
kind = "extension"
rooms.junior = { value = 6, unit = "rooms", source = "assumption" }
cost_per_seat = { value = 20000, unit = "yuan per seat", source = "assumption" }
[programmes.units]
title = "units"
count = { value = 5, unit = "schools", source = "assumption" }
investment = { value = 0.9, unit = "100m yuan", source = "assumption" }
years = [2021, 2024]
placement = "gap"
delay = { value = 0, unit = "years", source = "assumption" }
delivered = { value = 100, unit = "percent", source = "assumption" }
cost_overrun = { value = 0, unit = "percent", source = "assumption" }
[programmes.units.mix]
new-12 = { value = 2, unit = "schools", source = "assumption" }
wider-6 = { value = 3, unit = "schools", source = "assumption" }
[programmes.single]
title = "single"
years = [2021, 2028]
investment = { value = 2.0, unit = "100m yuan", source = "assumption" }
delay = { value = 0, unit = "years", source = "assumption" }
delivered = { value = 100, unit = "percent", source = "assumption" }
cost_overrun = { value = 0, unit = "percent", source = "assumption" }
[programmes.single.events.reserve]
kind = "reserve"
stage = "senior"
pick = "all"
year = 2022
until = 2026
share = { value = 20, unit = "percent", source = "assumption" }
[programmes.single.events.fewer]
kind = "extend"
stage = "junior"
pick = "largest"
year = 2023
rooms = { value = -3, unit = "rooms", source = "assumption" }
[programmes.single.events.move]
kind = "relocate"
stage = "senior"
site = "north-urban-senior-001"
year = 2022
to_district = "south"
to_zone = "town"
rooms = { value = 3, unit = "rooms", source = "assumption" }
reuse_stage = "junior"
reuse_rooms = { value = 6, unit = "rooms", source = "assumption" }
reuse_after = { value = 1, unit = "years", source = "assumption" }
[programmes.single.events.move-on]
kind = "relocate"
stage = "senior"
site = "north-urban-senior-001"
year = 2026
to_district = "north"
to_zone = "rural"
rooms = { value = -6, unit = "rooms", source = "assumption" }
[programmes.single.events.move-junior]
kind = "relocate"
stage = "junior"
site = "south-town-junior-001"
year = 2023
to_district = "south"
to_zone = "rural"
[programmes.single.events.extend]
kind = "extend"
stage = "senior"
site = "north-urban-senior-001"
year = 2024
rooms = { value = 6, unit = "rooms", source = "assumption" }
[programmes.single.events.open]
kind = "open"
name = "k"
year = 2022
to_district = "south"
to_zone = "town"
rooms_of.kindergarten = { value = 2, unit = "rooms", source = "assumption" }
rooms_of.primary = { value = 5, unit = "rooms", source = "assumption" }
[programmes.single.events.upgrade]
kind = "upgrade"
stage = "junior"
pick = "weakest"
year = 2022
quality = { value = 1.0, unit = "standard deviations", source = "assumption" }
"#;

/// The small city without one stage's schools in an area: a pool that nobody can attend until a school opens there.
pub(super) fn with_closed_pools() -> Scenario {
    let mut scenario = with_events();
    let mut city = (*scenario.city).clone();
    for (stage, area) in [
        (support::stage("primary"), 0),
        (support::stage("kindergarten"), 3),
        (support::stage("junior"), 1),
    ] {
        for row in 0..city.schools.len() {
            let at = city.sites[city.schools[row].site].area;
            let school = &mut city.schools[row];
            if school.stage == stage && at == area {
                school.rooms_total = 0;
                school.rooms_reserved = 0;
                school.pupils = Default::default();
                school.classes = Default::default();
            }
        }
    }
    scenario.city = Arc::new(city);
    scenario
}

/// The small city without any place of two stages, of which one opens a school later.
pub(super) fn with_absent_stages() -> Scenario {
    let mut scenario = with_events();
    let mut city = (*scenario.city).clone();
    let is_absent = |stage: Stage| ["kindergarten", "vocational"].contains(&stage.key());
    for school in city.schools.iter_mut().filter(|school| is_absent(school.stage)) {
        school.rooms_total = 0;
        school.rooms_reserved = 0;
        school.pupils = Default::default();
        school.classes = Default::default();
    }
    scenario.city = Arc::new(city);
    scenario
}

/// The same with class-size standards that move every year, by another part in every stage.
pub(super) fn with_dated_standards(mut scenario: Scenario) -> Scenario {
    let (first, last) = (scenario.city.base_year, scenario.city.horizon);
    for (grade, path) in scenario.thresholds.standard.iter_mut().enumerate() {
        let now = path.at(first);
        *path = Path::through(vec![(first, now), (last, now * (0.7 + 0.011 * grade as f64))]);
    }
    scenario
}

pub(super) fn scale(path: &mut Path, by: f64) {
    *path = path.scaled(by);
}

pub(super) fn shift(path: &mut Path, by: f64) {
    path.values_mut().for_each(|value| *value += by);
}

/// The scenario with everything that a factor may move moved at random.
pub(super) fn changed(base: &Scenario, dice: &mut Dice) -> Scenario {
    let mut scenario = base.clone();
    let vital = &mut scenario.vital;
    scale(&mut vital.total_fertility, dice.between(0.5, 1.6));
    vital.migration.iter_mut().for_each(|rule| shift(&mut rule.rate, dice.between(-0.03, 0.03)));
    vital.moves.iter_mut().for_each(|rule| scale(&mut rule.rate, dice.between(0.0, 3.0)));
    vital.preschool_error = dice.between(0.9, 1.1);
    let enrolment = &mut scenario.enrolment;
    let [by_rate, first] = ["kindergarten", "primary"].map(|name| support::stage(name).idx());
    scale(&mut enrolment.gross_rate[by_rate], dice.between(0.7, 1.1));
    scale(&mut enrolment.coverage[first], dice.between(0.9, 1.1));
    enrolment.retention.iter_mut().for_each(|ratio| scale(ratio, dice.between(0.96, 1.02)));
    scale(&mut enrolment.continuation, dice.between(0.8, 1.1));
    scale(&mut enrolment.academic_share, dice.between(0.7, 1.3));
    scale(&mut enrolment.technical_rate, dice.between(0.5, 1.5));
    for flow in &mut scenario.attendance {
        flow.share = flow.share.scaled(dice.between(0.0, 1.5));
    }
    let rules = &mut scenario.rules;
    rules.choice.iter_mut().for_each(|choice| *choice = dice.between(0.0, 1.2));
    rules.class_spread = dice.between(0.3, 5.0);
    let limits = &mut scenario.thresholds;
    let (crowded, normal) = (dice.between(-6.0, 6.0), dice.between(-4.0, 4.0));
    limits.ceiling.iter_mut().for_each(|p| shift(p, crowded));
    limits.relief_limit.iter_mut().for_each(|p| shift(p, crowded));
    limits.standard.iter_mut().for_each(|p| shift(p, normal));
    limits.open_at.iter_mut().for_each(|p| shift(p, dice.between(-4.0, 4.0)));
    limits.oversized.iter_mut().for_each(|p| shift(p, crowded));
    limits.super_oversized.iter_mut().for_each(|p| shift(p, crowded));
    for unit in &mut scenario.unit_types {
        let by = dice.between(0.5, 1.5);
        unit.rooms.iter_mut().for_each(|(_, n)| *n = (f64::from(*n) * by).round() as i32);
        unit.cost_yuan *= dice.between(0.5, 2.0);
        unit.quality = dice.between(-1.0, 1.0);
    }
    for programme in &mut scenario.programmes {
        programme.delay_years = dice.whole(0, 4);
        programme.lag_years = dice.whole(0, 3);
        programme.delivered_share = dice.between(0.3, 1.0);
        programme.cost_ratio = dice.between(0.5, 2.0);
    }
    scenario
}

/// An entry cap of about so many pupils in every stage, from a year of its own.
pub(super) fn capped(mut scenario: Scenario, dice: &mut Dice, (low, high): (f64, f64)) -> Scenario {
    for stage in support::stages().iter() {
        let cap = dice.between(low, high);
        let cap = if stage == support::stage("kindergarten") { 0.6 * cap } else { cap };
        let path = Path::through(vec![(dice.whole(2021, 2024), cap)]);
        scenario.levers.entry_cap[stage.idx()] = (cap < high - 2.0).then_some(path);
    }
    scenario
}
