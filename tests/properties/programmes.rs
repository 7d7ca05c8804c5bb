//! Programmes come to what they say: their events add up to count, rooms and investment, whatever is late or not built.

use xuewei::event::{Concerned, EventKind, PlannedKind, Programme};
use xuewei::scenario::Scenario;
use xuewei::{input, model};

use crate::cli::shipped_scenarios;

/// Rooms and events that a programme plans: a unit of its mix has one event for each stage, a single event one for each
/// school that it found.
fn planned(scenario: &Scenario, programme: &Programme) -> (i32, usize) {
    let unit = |unit: usize| &scenario.unit_types[unit];
    let of_mix = programme.mix.iter().map(|&(idx, n)| {
        (
            n * unit(idx).rooms.iter().map(|(_, rooms)| rooms).sum::<i32>(),
            n as usize * unit(idx).rooms.len(),
        )
    });
    let of_events = programme.events.iter().map(|event| match &event.kind {
        PlannedKind::Open { rooms, .. } => (rooms.iter().map(|(_, n)| n).sum(), rooms.len()),
        PlannedKind::Extend { rooms } => {
            (rooms.max(&0) * event.schools.len() as i32, event.schools.len())
        }
        PlannedKind::Relocate { rooms_added, reuse, .. } => {
            let old = |at: &Concerned| scenario.city.schools[at.row].rooms_total;
            let reused = reuse.as_ref().map_or(0, |reuse| {
                event.schools.iter().map(|at| reuse.rooms.min(old(at))).sum::<i32>()
            });
            (rooms_added + reused, event.schools.len() * if reuse.is_some() { 2 } else { 1 })
        }
        _ => (0, event.schools.len()),
    });
    of_mix.chain(of_events).fold((0, 0), |total, one| (total.0 + one.0, total.1 + one.1))
}

/// What the events of a programme come to: rooms added, events, yuan. Boarding places of a unit are not counted.
fn expanded(scenario: &Scenario, programme: usize) -> (i32, usize, f64) {
    let run = model::run(scenario);
    let has_boarding_units = !scenario.programmes[programme].mix.is_empty();
    let counts =
        |kind: &EventKind| !(has_boarding_units && matches!(kind, EventKind::Upgrade { .. }));
    let events = || run.events.iter().filter(|e| e.programme == Some(programme) && counts(&e.kind));
    let rooms = events().filter(|e| e.kind.is_built()).map(|e| e.rooms_net).sum();
    (rooms, events().count(), events().map(|e| e.investment_yuan).sum())
}

#[test]
fn events_add_up_to_count_rooms_and_investment() {
    let mut n_checked = 0;
    for path in shipped_scenarios() {
        let loaded = input::load(&path, &[]).expect("a shipped scenario");
        let scenario = &loaded.scenario;
        for (idx, programme) in scenario.programmes.iter().enumerate() {
            let at = format!("{}: {}", path.display(), programme.key);
            let (rooms, units) = planned(scenario, programme);
            let (rooms_found, units_found, investment) = expanded(scenario, idx);
            let share = programme.delivered_share;
            if share == 1.0 {
                assert_eq!(units_found, units, "{at}: events");
                assert_eq!(rooms_found, rooms, "{at}: rooms");
            }
            if let (Some(published), true) = (programme.investment_yuan, share == 1.0) {
                let wanted = published * programme.cost_ratio;
                assert!((investment - wanted).abs() < 1.0, "{at}: {investment} of {wanted} yuan");
            }
            n_checked += 1;
        }
    }
    assert!(n_checked > 60);
}

/// Half of 89 schools is 44.5 and of 13 is 6.5, rounded up as halves are: 45 and 7; of 40 it is 20; of two senior campuses the
/// first moves, and its old campus opens. Each costs what it does in the whole plan: 45/89, 20/40, 1/2 and 7/13 of the money
/// but for the 89, whose units differ in price.
#[test]
fn half_of_a_programme_is_half_of_its_schools() {
    let path = crate::support::root().join("scenarios/jiaozuo/half-delivered.toml");
    let scenario = input::load(&path, &[]).expect("the scenario").scenario;
    let found: Vec<(&str, usize, f64)> = (0..scenario.programmes.len())
        .map(|idx| {
            let (_, events, yuan) = expanded(&scenario, idx);
            (scenario.programmes[idx].key.as_str(), events, yuan)
        })
        .collect();
    let expected = [
        ("k12-89", 45, None),
        ("kindergarten-40", 20, Some(2.0e8)),
        ("senior-relocation", 2, Some(7.2e8)),
        ("vocational-13", 7, Some(3.3e8 * 7.0 / 13.0)),
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((found.0, found.1), (expected.0, expected.1));
        assert!(expected.2.is_none_or(|yuan| (found.2 - yuan).abs() < 1.0), "{found:?}");
    }
}

/// A lag of three years opens everything two years later, spreads the same money over three, and shows the rooms as under
/// construction for three years instead of one.
#[test]
fn a_lag_opens_later_and_spreads_the_same_money() {
    let path = crate::support::root().join("scenarios/jiaozuo/plan.toml");
    let plan = input::load(&path, &[]).expect("the plan").scenario;
    let mut slow = plan.clone();
    slow.programmes[0].lag_years = 3;
    let (first, second) = (model::run(&plan), model::run(&slow));
    let of = |run: &model::Run| -> Vec<(i32, i32, f64)> {
        let events = run.events.iter().filter(|e| e.programme == Some(0));
        let mut all: Vec<_> = events.map(|e| (e.year, e.begun, e.investment_yuan)).collect();
        all.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
        all
    };
    let (fast, late) = (of(&first), of(&second));
    assert_eq!(fast.len(), late.len());
    assert!(fast.iter().zip(&late).all(|(a, b)| b.0 == a.0 + 2 && a.1 == b.1));
    let table = |scenario: &Scenario, run: &model::Run| {
        let table = xuewei::indicators::table(scenario, run);
        let areas: Vec<usize> = (0..scenario.city.areas.len()).collect();
        let years = (0..scenario.city.n_years()).map(|y| table.sum_stages(y, &areas));
        years.map(|s| (s.investment_yuan, s.rooms_under_construction)).collect::<Vec<_>>()
    };
    let (fast, late) = (table(&plan, &first), table(&slow, &second));
    let sum = |years: &[(f64, f64)]| years.iter().fold((0.0, 0.0), |t, y| (t.0 + y.0, t.1 + y.1));
    let ((money, rooms), (late_money, late_rooms)) = (sum(&fast), sum(&late));
    assert!((money - late_money).abs() < 1.0);
    // The 22 + 12 new schools of 24 rooms and 55 extensions of 8 are built for two years more: 2 · 1,256 room-years.
    assert!((late_rooms - rooms - 2.0 * 1256.0).abs() < 1e-6, "{rooms} {late_rooms}");
}

/// A scenario on the small made-up city, written for one test.
fn try_small(content: &str) -> Result<Scenario, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let base = crate::support::root().join("tests/small/city.toml");
    let path = folder.path().join("case.toml");
    let text = format!("format = 1\nbase = {:?}\n{content}", base.to_string_lossy());
    std::fs::write(&path, text).expect("a file");
    let loaded = input::load(&path, &[]);
    loaded.map(|loaded| loaded.scenario).map_err(|refused| refused.problems.render("error"))
}

/// The same, which must have no problems.
fn small(content: &str) -> Scenario {
    try_small(content).unwrap_or_else(|said| panic!("{said}"))
}

/// The head of a programme that holds single events.
const HEAD: &str = r#"
[programmes.p]
title = "p"
years = [2022, 2023]
delay = { value = 0, unit = "years", source = "assumption" }
delivered = { value = 100, unit = "percent", source = "assumption" }
cost_overrun = { value = 0, unit = "percent", source = "assumption" }
"#;

/// Written upside down, the events of one site and year happen in the stated order: convert, reserve, extend, upgrade. Of
/// 30 rooms 6 go to another stage, a fifth of the other 24 is reserved, 5 rooms, and 5 are added: 24 are left for classes.
#[test]
fn events_of_one_site_and_year_have_a_stated_order() {
    let at = "stage = \"primary\"\nsite = \"north-urban-primary-002\"\n";
    let scenario = small(&format!(
        r#"{HEAD}
[programmes.p.events.d]
kind = "upgrade"
{at}year = 2023
quality = {{ value = 1.0, unit = "standard deviations", source = "assumption" }}
[programmes.p.events.c]
kind = "extend"
{at}year = 2022
rooms = {{ value = 5, unit = "rooms", source = "assumption" }}
[programmes.p.events.b]
kind = "reserve"
{at}year = 2023
share = {{ value = 20, unit = "percent", source = "assumption" }}
[programmes.p.events.a]
kind = "convert"
{at}year = 2023
to_stage = "junior"
rooms = {{ value = 6, unit = "rooms", source = "assumption" }}
"#
    ));
    let run = model::run(&scenario);
    let kinds: Vec<&str> = run.events.iter().map(|event| event.kind.key()).collect();
    assert_eq!(kinds, ["convert", "reserve", "extend", "upgrade"]);
    assert!(run.events.iter().all(|event| event.year == 2023));
    let city = &scenario.city;
    let site = city.sites.iter().position(|s| s.key == "north-urban-primary-002").expect("a site");
    let row = city.schools.iter().position(|s| s.site == site).expect("a school");
    let rooms = |year: i32| run.schools.history.school((year - city.base_year) as usize, row).rooms;
    assert_eq!((city.schools[row].rooms_total, rooms(2022), rooms(2023)), (30, 30, 24));
}

/// A merged school's pupils are in the upper grades of the named receiver, one grade up, in its rooms; the merged one ends. The
/// receiver keeps its own classes and forms more in the rooms that the entry does not need.
#[test]
fn a_merger_brings_pupils_to_the_named_school() {
    let scenario = small(&format!(
        r#"{HEAD}
[programmes.p.events.m]
kind = "merge"
stage = "primary"
site = "south-rural-primary-003"
into = "south-rural-primary-001"
year = 2023
"#
    ));
    let run = model::run(&scenario);
    let alone = model::run(&scenario.without_programmes());
    let city = &scenario.city;
    let row = |key: &str| {
        let site = city.sites.iter().position(|s| s.key == key).expect("a site");
        city.schools.iter().position(|s| s.site == site).expect("a school")
    };
    let (from, into) = (row("south-rural-primary-003"), row("south-rural-primary-001"));
    let year_idx = (2023 - city.base_year) as usize;
    let merged = run.schools.history.school(year_idx, from);
    assert!(!merged.is_open && merged.pupils.iter().all(|n| *n == 0.0));
    let received = run.schools.history.school(year_idx, into);
    let one = alone.schools.history.school(year_idx, from);
    let other = alone.schools.history.school(year_idx, into);
    for g in 1..6 {
        let pupils = one.pupils[g] + other.pupils[g];
        assert!((received.pupils[g] - pupils).abs() < 1e-9, "grade {g}");
        assert!(received.classes[g] >= other.classes[g], "grade {g}");
    }
    let running: i32 = received.classes[1..].iter().sum();
    assert!(running <= received.rooms, "{running} in {} rooms", received.rooms);
}

/// A school of 30 rooms is extended by 12 in 2022 and wholly converted in 2026: all 42 rooms go, and the school ends. A fifth
/// reserved after the extension is a fifth of 42.
#[test]
fn what_takes_rooms_counts_those_added_before() {
    let at = "stage = \"primary\"\nsite = \"north-urban-primary-002\"\n";
    let extend = format!(
        r#"{HEAD}
[programmes.p.events.a]
kind = "extend"
{at}year = 2022
rooms = {{ value = 12, unit = "rooms", source = "assumption" }}
"#
    );
    let all = small(&format!(
        "{extend}[programmes.p.events.b]\nkind = \"convert\"\n{at}year = 2026\nto_stage = \"junior\"\n"
    ));
    let run = model::run(&all);
    assert_eq!(run.events.iter().map(|e| e.rooms_net).collect::<Vec<_>>(), [12, -42]);
    let site =
        all.city.sites.iter().position(|s| s.key == "north-urban-primary-002").expect("a site");
    let row = all.city.schools.iter().position(|s| s.site == site).expect("a school");
    let last = all.city.n_years() - 1;
    assert!(!run.schools.history.school(last, row).is_open);
    let reserved = small(&format!(
        "{extend}[programmes.p.events.b]\nkind = \"reserve\"\n{at}year = 2026\nshare = {{ value = 20, unit = \"percent\", source = \"assumption\" }}\n"
    ));
    let nets: Vec<i32> = model::run(&reserved).events.iter().map(|e| e.rooms_net).collect();
    assert_eq!(nets, [12, -8]);
}

/// Of two mergers on one day one would have to come first: a school that takes another in does not end that day.
#[test]
fn a_chain_of_mergers_on_one_day_is_refused() {
    let merge = |key: &str, site: &str, into: &str, year: i32| {
        format!(
            "[programmes.p.events.{key}]\nkind = \"merge\"\nstage = \"primary\"\nsite = \"north-urban-primary-{site}\"\ninto = \"north-urban-primary-{into}\"\nyear = {year}\n"
        )
    };
    for (second, is_refused) in [(2022, true), (2023, false)] {
        let events = merge("a", "004", "003", 2022) + &merge("b", "003", "002", second);
        let loaded = try_small(&format!("{HEAD}{events}"));
        assert_eq!(loaded.is_err(), is_refused, "{second}");
        if let Err(said) = loaded {
            assert!(
                said.contains("takes a school in") && said.contains("1 September 2022"),
                "{said}"
            );
        }
    }
}

/// A school that has moved is extended where it stands: rooms and money are booked there.
#[test]
fn what_follows_a_relocation_is_booked_at_the_new_place() {
    let at = "stage = \"senior\"\nsite = \"north-urban-senior-001\"\n";
    let scenario = small(&format!(
        r#"{HEAD}
[programmes.p.events.a]
kind = "relocate"
{at}year = 2021
to_district = "south"
to_zone = "town"
[programmes.p.events.b]
kind = "extend"
{at}year = 2023
rooms = {{ value = 3, unit = "rooms", source = "assumption" }}
"#
    ).replace("years = [2022, 2023]", "years = [2021, 2023]\ninvestment = { value = 1e8, unit = \"yuan\", source = \"assumption\" }"));
    let run = model::run(&scenario);
    let areas: Vec<usize> = run.events.iter().map(|event| event.area).collect();
    let district = scenario.city.areas[areas[0]].district;
    assert_eq!(scenario.city.districts[district].key, "south");
    assert_eq!(areas[0], areas[1]);
    let table = xuewei::indicators::table(&scenario, &run);
    let money: Vec<f64> = (0..scenario.city.areas.len())
        .map(|area| {
            let years = 0..scenario.city.n_years();
            years
                .map(|y| table.cell(y, area, crate::support::stage("senior")).investment_yuan)
                .sum()
        })
        .collect();
    assert!((money[areas[0]] - 1e8).abs() < 1.0 && money.iter().sum::<f64>() < 1e8 + 1.0);
}
