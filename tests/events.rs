//! What single events do, in small cases worked by hand: rooms out of use for a time, rooms that are lost, mergers into schools that
//! open, flows that are dated, whole children.

use xuewei::axes::{MAX_GRADES, N_AGES};
use xuewei::city::Site;
use xuewei::event::{
    Choice, Concerned, Event, Objection, Opening, Part, Placement, PlannedEvent, PlannedKind,
    Receiver, UnitType, When, timeline,
};
use xuewei::scenario::Scenario;
use xuewei::schools::{self, Outcome};
use xuewei::units::Path;
use xuewei::{indicators, input, model, programmes};

use crate::support::{self, stage};

/// An event of primary schools; `rows` are the schools with the rooms that they have by then.
fn event(key: &str, kind: PlannedKind, year: i32, rows: &[(usize, i32)]) -> PlannedEvent {
    let concerned = |&(row, rooms): &(usize, i32)| Concerned { row, rooms, reserved: 0, area: 0 };
    PlannedEvent {
        key: key.to_string(),
        kind,
        stage: Some(stage("primary")),
        schools: rows.iter().map(concerned).collect(),
        year,
        origin: String::new(),
    }
}

fn reserve(part: Part, year: i32, until: Option<i32>) -> PlannedEvent {
    event("away", PlannedKind::Reserve { part, until }, year, &[(0, 24)])
}

/// Two primary schools of one area with 24 rooms, 100 pupils and 3 classes a grade each.
fn twins() -> Scenario {
    let mut city = support::city(2020, 2028, 1);
    for _ in 0..2 {
        support::add_school(&mut city, 0, stage("primary"), 24, 0.0, 100.0, 3);
    }
    support::scenario(city)
}

/// The first school closes in 2023; the same school is to gain rooms that are begun in 2022 and open in 2023. That is late: both
/// are named. A closure of 2024 leaves the school there, with the rooms that it gained.
#[test]
fn an_event_at_a_school_that_has_ended_is_objected_to() {
    let city = twins().city;
    let choices = vec![vec![Choice::Site(city.schools[0].site); 2]];
    let of = |closes: i32| {
        let close = event("close", PlannedKind::Close, closes, &[]);
        let extend = event("extend", PlannedKind::Extend { rooms: 6 }, 2022, &[]);
        timeline::follow(&city, &[support::programme(vec![close, extend])], &choices)
    };
    let when = |event, year| When { programme: 0, event, year };
    let ended = Objection::SchoolEnded { row: 0, ended: when(0, 2023) };
    assert_eq!(of(2023).objections, [(when(1, 2023), ended)]);
    let later = of(2024);
    assert_eq!(later.objections, []);
    let rooms = later.schools[0].iter().map(|schools| schools[0].rooms);
    assert_eq!(rooms.collect::<Vec<_>>(), [30, 24]);
}

/// What the events of a scenario come to, its sites and its schools, with so many entrants a year.
fn ran(scenario: &Scenario, entrants: f64) -> (Vec<Event>, Vec<Site>, Outcome) {
    let mut events = Vec::new();
    programmes::dated(scenario, &mut events);
    let sites = programmes::sites(scenario);
    let years = vec![vec![entrants, 0.0]; scenario.city.n_years() - 1];
    let demand = support::demand(scenario, stage("primary"), &years, 1.0);
    let outcome = schools::run(scenario, &demand, &sites, &events);
    (events, sites, outcome)
}

/// Rooms of a school by year from the base year on.
fn rooms_of(outcome: &Outcome, row: usize, n_years: usize) -> Vec<i32> {
    (0..n_years).map(|year_idx| outcome.history.school(year_idx, row).rooms).collect()
}

/// Pupils of all schools in a year.
fn all_pupils(outcome: &Outcome, year_idx: usize) -> f64 {
    let rows = 0..outcome.history.n_schools[year_idx];
    rows.map(|row| outcome.history.school(year_idx, row).pupils.iter().sum::<f64>()).sum()
}

/// Half of 24 rooms in 2022 and 2023: 24, 24, 12, 12, 24. Pupils stay, and nothing is booked as built. Five grades of three
/// classes run on in the 12 rooms of 2022, so three of those out of use are still full.
#[test]
fn rooms_out_of_use_for_a_time_come_back() {
    for part in [Part::Share(0.5), Part::Rooms(12)] {
        let mut scenario = twins();
        scenario.programmes = vec![support::programme(vec![reserve(part, 2022, Some(2024))])];
        let (events, _, outcome) = ran(&scenario, 200.0);
        assert_eq!(rooms_of(&outcome, 0, 6), [24, 24, 12, 12, 24, 24]);
        assert_eq!(rooms_of(&outcome, 1, 6), [24; 6]);
        for year_idx in 0..9 {
            assert!((all_pupils(&outcome, year_idx) - 1200.0).abs() < 1e-9, "{year_idx}");
        }
        let told: Vec<(i32, &str, i32, i32)> =
            events.iter().map(|e| (e.year, e.kind.key(), e.rooms_net, e.rooms_built)).collect();
        assert_eq!(told, [(2022, "reserve", -12, 0), (2024, "restore", 12, 0)]);
        assert_eq!(outcome.history.backlog_rooms[1], 0);
        assert!(outcome.history.backlog_rooms[2] >= 3);
        assert_eq!(outcome.history.backlog_rooms[4..], [0; 5]);
        assert!(outcome.ignored.is_empty());
    }
}

/// The other half is taken on the day on which the first half is back; a delay of a year moves both ends.
#[test]
fn a_school_is_rebuilt_half_by_half() {
    let mut scenario = twins();
    let halves = vec![
        reserve(Part::Rooms(12), 2022, Some(2024)),
        reserve(Part::Rooms(12), 2024, Some(2026)),
    ];
    scenario.programmes = vec![support::programme(halves)];
    let rooms = |scenario: &Scenario| rooms_of(&ran(scenario, 200.0).2, 0, 9);
    assert_eq!(rooms(&scenario), [24, 24, 12, 12, 12, 12, 24, 24, 24]);
    scenario.programmes[0].delay_years = 1;
    assert_eq!(rooms(&scenario), [24, 24, 24, 12, 12, 12, 12, 24, 24]);
}

/// What comes back is what was taken: of a school with 24 rooms, of which a conversion has taken 16, a reserve of 12 takes 8.
/// A school that has closed gets nothing back, and another one that opens there keeps its own rooms.
#[test]
fn what_comes_back_is_what_was_taken() {
    let mut scenario = twins();
    let to = stage("junior");
    let events = vec![
        event("c", PlannedKind::Convert { to, rooms: Some(16) }, 2021, &[(0, 24)]),
        reserve(Part::Rooms(12), 2022, Some(2024)),
    ];
    scenario.programmes = vec![support::programme(events)];
    assert_eq!(rooms_of(&ran(&scenario, 200.0).2, 0, 6), [24, 8, 0, 0, 8, 8]);
    let events = vec![
        reserve(Part::Rooms(12), 2022, Some(2024)),
        event("c", PlannedKind::Close, 2023, &[(0, 24)]),
    ];
    scenario.programmes = vec![support::programme(events)];
    let (events, _, outcome) = ran(&scenario, 200.0);
    assert_eq!(rooms_of(&outcome, 0, 6), [24, 24, 12, 0, 0, 0]);
    assert_eq!(events[outcome.ignored[0]].kind.key(), "restore");
}

/// 24 rooms less 12 from 2022, 12 more from 2024: 24, 24, 12, 12, 24. Only the 12 that are added are built. In 2022 the school
/// has 15 classes beside its entrants: at least 3 rooms that are gone are full.
#[test]
fn a_site_loses_rooms() {
    let mut scenario = twins();
    let events = vec![
        event("less", PlannedKind::Extend { rooms: -12 }, 2021, &[(0, 24)]),
        event("more", PlannedKind::Extend { rooms: 12 }, 2023, &[(0, 12)]),
    ];
    scenario.programmes = vec![support::programme(events)];
    let (events, _, outcome) = ran(&scenario, 200.0);
    assert_eq!(rooms_of(&outcome, 0, 6), [24, 24, 12, 12, 24, 24]);
    let told: Vec<(i32, &str, i32, i32)> =
        events.iter().map(|e| (e.year, e.kind.key(), e.rooms_net, e.rooms_built)).collect();
    assert_eq!(told, [(2022, "reduce", -12, 0), (2024, "extend", 12, 12)]);
    assert!(outcome.history.backlog_rooms[2] >= 3);
    assert_eq!(outcome.history.backlog_rooms[4], 0);
    for year_idx in 0..9 {
        assert!((all_pupils(&outcome, year_idx) - 1200.0).abs() < 1e-9, "{year_idx}");
    }
}

/// A scenario of the small city with one programme of these events, as a file.
fn small(events: &str) -> Scenario {
    let folder = tempfile::tempdir().expect("a folder");
    let base = support::root().join("tests/small/city.toml");
    let figures: String = ["delay", "delivered", "cost_overrun"]
        .iter()
        .map(|key| {
            let (value, unit) = match *key {
                "delay" => (0, "years"),
                "delivered" => (100, "percent"),
                _ => (0, "percent"),
            };
            format!("{key} = {{ value = {value}, unit = \"{unit}\", source = \"assumption\" }}\n")
        })
        .collect();
    let base = base.to_string_lossy();
    let text = format!(
        "format = 1\nbase = \"{base}\"\n[programmes.p]\ntitle = \"p\"\nyears = [2021, 2028]\n{figures}{events}"
    );
    let path = folder.path().join("events.toml");
    std::fs::write(&path, text).expect("a file");
    let loaded = input::load(&path, &[]);
    loaded.unwrap_or_else(|refused| panic!("{}", refused.problems.render("error"))).scenario
}

/// The school's 24 rooms in a file: a quarter out of use in 2022 and 2023, six lost for good from 2025.
#[test]
fn files_say_it_too() {
    let scenario = small(
        r#"
[programmes.p.events.away]
kind = "reserve"
stage = "senior"
site = "north-urban-senior-002"
year = 2022
until = 2024
share = { value = 25, unit = "percent", source = "assumption" }
[programmes.p.events.lost]
kind = "extend"
stage = "senior"
site = "north-urban-senior-002"
year = 2024
rooms = { value = -6, unit = "rooms", source = "assumption" }
"#,
    );
    let city = &scenario.city;
    let site = city.sites.iter().position(|site| site.key == "north-urban-senior-002");
    let row = city.schools.iter().position(|school| Some(school.site) == site).expect("a school");
    let run = model::run(&scenario);
    assert_eq!(rooms_of(&run.schools, row, 7), [24, 24, 18, 18, 24, 18, 18]);
    assert_eq!(run.events.iter().map(|event| event.rooms_built).sum::<i32>(), 0);
}

/// A merger into a site that the file opens: in 2024 the new school has the five upper grades of the old one.
#[test]
fn files_name_a_site_that_opens() {
    let scenario = small(
        r#"
[programmes.p.events.merge]
kind = "merge"
stage = "primary"
site = "south-rural-primary-003"
into = "p-new"
year = 2024
[programmes.p.events.new]
kind = "open"
year = 2023
to_district = "south"
to_zone = "rural"
rooms_of.primary = { value = 12, unit = "rooms", source = "assumption" }
"#,
    );
    let run = model::run(&scenario);
    let city = &scenario.city;
    let row = |key: &str| {
        let site = run.sites.iter().position(|site| site.key == key).expect("a site");
        run.schools.register.iter().position(|row| row.site == site).expect("a school")
    };
    let of = |year_idx: usize, key: &str| run.schools.history.school(year_idx, row(key));
    assert!(run.schools.ignored.is_empty());
    assert!(!of(4, "south-rural-primary-003").is_open);
    let (before, after) = (of(3, "south-rural-primary-003"), of(4, "p-new"));
    // Nobody dies or moves between the two, but a cohort may grow or shrink a little; the school moves as a whole.
    assert_eq!(after.classes[1..], before.classes[..5], "base year {}", city.base_year);
    assert!(
        before.pupils[..5].iter().zip(&after.pupils[1..]).all(|(a, b)| (a / b - 1.0).abs() < 0.1)
    );
}

/// The gap of seats does not see rooms that come back: a unit goes where it would go without.
#[test]
fn rooms_that_come_back_are_no_reason_to_build() {
    let place = |until: Option<i32>| {
        let mut city = (*twins().city).clone();
        support::add_school(&mut city, 1, stage("primary"), 24, 0.0, 120.0, 3);
        let mut scenario = support::scenario(city);
        let unit = UnitType {
            key: "u".to_string(),
            rooms: vec![(stage("primary"), 6)],
            is_extension: false,
            opens_all_grades: false,
            cost_yuan: 1.0,
            quality: 0.0,
            boarding_places: 0,
        };
        scenario.unit_types = vec![unit];
        let part = Part::Share(1.0);
        let rows = [(0, 24), (1, 24)];
        let away = event("away", PlannedKind::Reserve { part, until }, 2022, &rows);
        let mut programme = support::programme(vec![away]);
        programme.mix = vec![(0, 1)];
        programme.placement = Placement::Gap;
        scenario.programmes = vec![programme];
        programmes::places(&scenario)[0][0].area
    };
    // With the unit's 6 rooms area 0 has 200 pupils a grade for 54 rooms, area 1 120 for 30: the unit goes to area 1. Where all
    // rooms of area 0 are gone for good its pupils are short of them.
    assert_eq!((place(Some(2024)), place(None)), (1, 0));
}

fn new_school(rooms: i32, year: i32, all_grades: bool) -> PlannedEvent {
    let (rooms, name) = (vec![(stage("primary"), rooms)], "new".to_string());
    event("new", PlannedKind::Open { area: 0, rooms, all_grades, name }, year, &[])
}

/// An old school of 18 rooms with 100 pupils and 3 classes a grade, and another of 36 rooms with 200 and 5, merged by `mergers`.
fn old_and_other(events: Vec<PlannedEvent>) -> Scenario {
    let mut city = support::city(2020, 2028, 1);
    support::add_school(&mut city, 0, stage("primary"), 18, 0.0, 100.0, 3);
    support::add_school(&mut city, 0, stage("primary"), 36, 0.0, 200.0, 5);
    let mut scenario = support::scenario(city);
    scenario.programmes = vec![support::programme(events)];
    scenario
}

fn merger(opening: Opening, year: i32) -> PlannedEvent {
    event("merger", PlannedKind::Merge { into: Receiver::Opened(opening) }, year, &[(0, 18)])
}

/// The old school merges into one of 18 rooms that opens in 2023, on that day. Its five upper grades come with 15 classes; of the
/// 300 entrants 18 / 54 = 100 come in 3 classes: 600 pupils in 18 classes. Nobody else's pupils move. The event that opens may stand
/// before or after it, or in a later programme; opening all grades finds nobody above the standard of 45 a class.
#[test]
fn a_school_merges_into_one_that_opens_that_day() {
    let (first, second) = (Opening { programme: 0, event: 0 }, Opening { programme: 0, event: 1 });
    for all_grades in [false, true] {
        let open = || new_school(18, 2022, all_grades);
        let mut apart = old_and_other(vec![merger(Opening { programme: 1, event: 0 }, 2023)]);
        apart.programmes.push(support::programme(vec![open()]));
        apart.programmes[1].key = "q".to_string();
        let scenarios = [
            old_and_other(vec![open(), merger(first, 2023)]),
            old_and_other(vec![merger(second, 2023), open()]),
            apart,
        ];
        for scenario in &scenarios {
            let (events, sites, outcome) = ran(scenario, 300.0);
            assert!(outcome.ignored.is_empty());
            let kinds: Vec<&str> = events.iter().map(|event| event.kind.key()).collect();
            assert_eq!(kinds, ["open", "merge"]);
            let (old, other, new) = (
                outcome.history.school(3, 0),
                outcome.history.school(3, 1),
                outcome.history.school(3, 2),
            );
            assert!(sites[outcome.register[2].site].key.ends_with("-new"));
            assert!(!old.is_open);
            for g in 0..6 {
                assert!((new.pupils[g] - 100.0).abs() < 1e-9, "{:?}", new.pupils);
                assert!((other.pupils[g] - 200.0).abs() < 1e-9, "{:?}", other.pupils);
            }
            assert_eq!(new.classes, [3; 6]);
        }
    }
}

/// The new school opens a year before with entrants of its own, and the old one joins: 18 + 18 + 36 rooms share 300 entrants in
/// 2022, so 75 of them are in the second grade of the new school in 2023 and 75 come with the old one. Where the old school's
/// classes are crowded (70 pupils), those above 45 move when all grades open, and the merger brings the rest: 70·3 = 210 a grade.
#[test]
fn nobody_is_lost_on_the_way_to_a_new_school() {
    let opening = Opening { programme: 0, event: 0 };
    let scenario = old_and_other(vec![new_school(18, 2021, false), merger(opening, 2023)]);
    let (_, _, outcome) = ran(&scenario, 300.0);
    let new = outcome.history.school(3, 2);
    assert!((new.pupils[1] - 150.0).abs() < 1e-9, "{:?}", new.pupils);
    assert!((new.pupils[2] - 100.0).abs() < 1e-9, "{:?}", new.pupils);
    let mut scenario = old_and_other(vec![new_school(24, 2022, true), merger(opening, 2023)]);
    let mut city = (*scenario.city).clone();
    city.schools[0].pupils[..6].fill(210.0);
    scenario.city = std::sync::Arc::new(city);
    let (_, _, outcome) = ran(&scenario, 410.0);
    let new = outcome.history.school(3, 2);
    for g in 3..6 {
        assert!((new.pupils[g] - 210.0).abs() < 1e-9, "{:?}", new.pupils);
    }
    let all = [3, 4, 5].map(|year_idx| all_pupils(&outcome, year_idx));
    assert!(all.iter().all(|pupils| (pupils - 2460.0).abs() < 1e-6), "{all:?}");
}

/// A new school that is not built in the end: the old one closes, and its pupils find places in their admission area.
#[test]
fn a_merger_into_a_school_that_is_not_built_is_a_closure() {
    let mut scenario = old_and_other(vec![
        merger(Opening { programme: 0, event: 1 }, 2023),
        new_school(18, 2022, false),
    ]);
    scenario.programmes[0].delivered_share = 0.5;
    let (events, _, outcome) = ran(&scenario, 300.0);
    assert_eq!(events.len(), 1);
    assert!(!outcome.history.school(3, 0).is_open);
    assert!((all_pupils(&outcome, 3) - 1800.0).abs() < 1e-6);
}

/// A city of a town and its countryside with a town school of `rooms` each, a country school of 24 rooms, and 100 pupils a grade in both
/// places; from 2024 30 % of the country's entrants go to town.
fn redrawn(town: &[(i32, f64)]) -> Scenario {
    let mut city = support::city(2020, 2028, 1);
    for &(rooms, pupils) in town {
        support::add_school(&mut city, 0, stage("primary"), rooms, 0.0, pupils, 2);
    }
    support::add_school(&mut city, 1, stage("primary"), 24, 0.0, 100.0, 3);
    let mut flow = support::rural_to_urban(&city, stage("primary"), 0.0);
    flow.share = Path::through(vec![(2023, 0.0), (2024, 0.3)]);
    let mut scenario = support::scenario(city);
    scenario.attendance = vec![flow];
    scenario
}

/// Pupils of a grade in the town's schools, with 100 entrants a year in both places.
fn in_town(scenario: &Scenario, outcome: &Outcome, year_idx: usize, g: usize) -> f64 {
    let area_of = |row: usize| outcome.history.school(year_idx, row).area;
    let rows = (0..outcome.history.n_schools[year_idx]).filter(|&row| area_of(row) == 0);
    assert_eq!(scenario.city.areas.len(), 2);
    rows.map(|row| outcome.history.school(year_idx, row).pupils[g]).sum()
}

fn ran_in_both(scenario: &Scenario) -> Outcome {
    let mut events = Vec::new();
    programmes::dated(scenario, &mut events);
    let years = vec![vec![100.0, 100.0]; scenario.city.n_years() - 1];
    let demand = support::demand(scenario, stage("primary"), &years, 1.0);
    schools::run(scenario, &demand, &programmes::sites(scenario), &events)
}

/// 100 entrants in town until 2023, 130 from 2024; those who entered before stay where they are.
#[test]
fn a_dated_flow_holds_for_those_who_enter() {
    let scenario = redrawn(&[(24, 100.0)]);
    let outcome = ran_in_both(&scenario);
    let first: Vec<f64> = (0..7).map(|y| in_town(&scenario, &outcome, y, 0)).collect();
    let second: Vec<f64> = (0..7).map(|y| in_town(&scenario, &outcome, y, 1)).collect();
    let expected = |years: [f64; 7], found: Vec<f64>| {
        assert!(years.iter().zip(&found).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    };
    expected([100.0, 100.0, 100.0, 100.0, 130.0, 130.0, 130.0], first);
    expected([100.0, 100.0, 100.0, 100.0, 100.0, 130.0, 130.0], second);
    for year_idx in 0..9 {
        assert!((all_pupils(&outcome, year_idx) - 1200.0).abs() < 1e-9);
    }
}

/// One of two town schools moves to the country in 2022 with half of the town's places and so half of its base flow: 50 of the
/// town's 100 entrants follow it. The flow that begins in 2024 is to the town as it was: half of the 30 go to the school that has
/// moved, so 50 + 15 enter in town.
#[test]
fn a_dated_flow_follows_a_school_that_has_moved() {
    let mut scenario = redrawn(&[(12, 50.0), (12, 50.0)]);
    let kind = PlannedKind::Relocate { area: 1, rooms_added: 0, reuse: None };
    scenario.programmes = vec![support::programme(vec![event("move", kind, 2021, &[(0, 12)])])];
    let outcome = ran_in_both(&scenario);
    for (year_idx, entrants) in [(1, 100.0), (2, 50.0), (3, 50.0), (4, 65.0), (6, 65.0)] {
        let found = in_town(&scenario, &outcome, year_idx, 0);
        assert!((found - entrants).abs() < 1e-9, "year {year_idx}: {found}");
    }
}

/// The town has 26 rooms for 100 pupils a grade, the country 24: a new school goes to the country. With 30 of the country's 100
/// entrants in town from 2021 on, the town is the fuller one.
#[test]
fn placement_sees_cohorts_by_their_year_of_entry() {
    let place = |share: f64| {
        let mut scenario = redrawn(&[(24, 100.0)]);
        scenario.attendance[0].share = Path::through(vec![(2020, 0.0), (2021, share)]);
        let mut city = (*scenario.city).clone();
        city.schools[0].rooms_total = 26;
        for area in 0..2 {
            for sex in 0..2 {
                let first = (area * 2 + sex) * N_AGES;
                city.population.people[first..first + 18].fill(50.0);
            }
        }
        scenario.city = std::sync::Arc::new(city);
        scenario.unit_types = vec![UnitType {
            key: "u".to_string(),
            rooms: vec![(stage("primary"), 6)],
            is_extension: false,
            opens_all_grades: false,
            cost_yuan: 1.0,
            quality: 0.0,
            boarding_places: 0,
        }];
        let mut programme = support::programme(Vec::new());
        programme.mix = vec![(0, 1)];
        programme.placement = Placement::Gap;
        scenario.programmes = vec![programme];
        programmes::places(&scenario)[0][0].area
    };
    assert_eq!((place(0.0), place(0.3)), (1, 0));
}

/// 100 entrants of three equal schools are 34, 33 and 33 whole children: the remainders are equal and the first school comes first.
/// The 103 of another grade, 40.2, 31.4 and 31.4, are 40, 32 and 31.
#[test]
fn whole_children_by_largest_remainder() {
    let mut city = support::city(2020, 2021, 1);
    for pupils in [40.2, 31.4, 31.4] {
        support::add_school(&mut city, 0, stage("primary"), 12, 0.0, pupils, 1);
    }
    let scenario = support::scenario(city);
    let demand = support::demand(&scenario, stage("primary"), &[vec![100.0, 0.0]], 1.0);
    let outcome = schools::run(&scenario, &demand, &scenario.city.sites, &[]);
    let whole = indicators::whole_pupils(&scenario, outcome.history.year(1));
    let of_grade = |g: usize| [0, 1, 2].map(|row| whole[row * MAX_GRADES + g]);
    assert_eq!(of_grade(0), [34.0, 33.0, 33.0]);
    assert_eq!(of_grade(1), [40.0, 32.0, 31.0]);
}
