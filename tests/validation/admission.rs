//! Admission by plan, by hand: 300 leave the junior schools every year, half of them to a senior school of nine rooms, three classes of
//! 50 a grade, and half to a vocational one of the same size; 195 = 3·65 have a place in three free rooms.

use xuewei::event::{Concerned, PlannedEvent, PlannedKind};
use xuewei::indicators::{self, Stocks};
use xuewei::model::{self, Run};
use xuewei::scenario::{Admission, DemandMode, Scenario};
use xuewei::units::Path;

use crate::support::{self, stage};

fn planned(elasticity: f64, share_max: f64) -> Scenario {
    let mut city = support::city(2020, 2026, 1);
    for (name, rooms, pupils, classes) in [
        ("primary", 42, 300.0, 7),
        ("junior", 18, 300.0, 6),
        ("senior", 9, 150.0, 3),
        ("vocational", 9, 150.0, 3),
    ] {
        support::add_school(&mut city, 0, stage(name), rooms, 0.0, pupils, classes);
    }
    let mut scenario = support::scenario(city);
    scenario.enrolment.mode = DemandMode::GradeProgression;
    let planned_class = Some(Path::constant(50.0));
    let admission = Admission { elasticity, share_min: 0.8, share_max, planned_class };
    scenario.rules.admission = Some(admission);
    scenario
}

/// Three rooms more at the senior school from 2022 on: places for 200 where 150 were.
fn wider(mut scenario: Scenario) -> Scenario {
    let event = PlannedEvent {
        key: "wider".to_string(),
        kind: PlannedKind::Extend { rooms: 3 },
        stage: Some(stage("senior")),
        schools: vec![Concerned { row: 2, rooms: 9, reserved: 0, area: 0 }],
        year: 2021,
        origin: String::new(),
    };
    scenario.programmes = vec![support::programme(vec![event])];
    scenario
}

fn capped(mut scenario: Scenario, name: &str, cap: f64) -> Scenario {
    scenario.levers.entry_cap[stage(name).idx()] = Some(Path::through(vec![(2021, cap)]));
    scenario
}

fn stocks(scenario: &Scenario, run: &Run, name: &str) -> Vec<Stocks> {
    indicators::table(scenario, run).city_years(Some(stage(name)))
}

/// Entrants of the senior and the vocational school, and vocational pupils without a place, from 2021 on.
fn admitted(scenario: &Scenario) -> Vec<[f64; 3]> {
    let run = model::run(scenario);
    let [senior, vocational] = ["senior", "vocational"].map(|name| stocks(scenario, &run, name));
    assert!(senior.iter().all(|s| s.unplaced.abs() < 1e-9 && s.overflow.abs() < 1e-9));
    let told = senior.iter().zip(&vocational);
    let told = told.map(|(s, v)| [s.entrants, v.entrants, v.unplaced]);
    told.map(|year| year.map(|n| (n * 1e6).round() / 1e6)).skip(1).collect()
}

/// Places and leavers as in the base year: half of them, whatever ε is.
#[test]
fn nothing_moves_where_places_stay() {
    for elasticity in [0.0, 0.75, 1.0] {
        assert_eq!(admitted(&planned(elasticity, 1.25)), vec![[150.0, 150.0, 0.0]; 6]);
    }
}

/// With a third more places ε = 1 admits 200 of 300, ε = ½ 150·√(4/3), and ε = 0 150; at most 1.25 times γ is 187.5.
#[test]
fn the_share_follows_places() {
    for (elasticity, most, senior) in
        [(1.0, 2.0, 200.0), (0.5, 2.0, 173.205081), (0.0, 2.0, 150.0), (1.0, 1.25, 187.5)]
    {
        let found = admitted(&wider(planned(elasticity, most)));
        assert_eq!(found[0], [150.0, 150.0, 0.0]);
        for year in &found[1..] {
            assert_eq!(*year, [senior, 300.0 - senior, 0.0], "{elasticity} {most}");
        }
    }
}

/// Where no class is planned, rooms relieve crowded classes before they admit anybody. 180 of 360 leavers in three classes of 60, with a
/// standard of 50: of three rooms more, four classes for three, a part brings 180 to 50 a class, and ε = 1 admits 200, four of 50;
/// one room more, 10 for 9, brings them to 54 and admits nobody more.
#[test]
fn rooms_relieve_classes_first() {
    for (rooms, entrants) in [(3, 200.0), (1, 180.0)] {
        let mut scenario = wider(planned(1.0, 2.0));
        let city = std::sync::Arc::make_mut(&mut scenario.city);
        for school in &mut city.schools {
            school.pupils.iter_mut().for_each(|pupils| *pupils *= 1.2);
        }
        scenario.thresholds.standard.fill(Path::constant(50.0));
        if let Some(admission) = &mut scenario.rules.admission {
            admission.planned_class = None;
        }
        scenario.programmes[0].events[0].kind = PlannedKind::Extend { rooms };
        let found = admitted(&scenario);
        assert_eq!(found[0], [180.0, 180.0, 0.0]);
        assert_eq!(found[1], [entrants, 360.0 - entrants, 0.0], "{rooms} rooms");
    }
}

/// Who has been admitted stays: 200 enter in 2022, and in 2024 all three grades hold 200.
#[test]
fn a_cohort_keeps_who_was_admitted() {
    let scenario = wider(planned(1.0, 2.0));
    let run = model::run(&scenario);
    for (name, expected) in
        [("senior", [450.0, 500.0, 550.0, 600.0]), ("vocational", [450.0, 400.0, 350.0, 300.0])]
    {
        let all = stocks(&scenario, &run, name);
        for (stocks, expected) in all[1..].iter().zip(expected) {
            assert!((stocks.pupils - expected).abs() < 1e-6, "{name}: {}", stocks.pupils);
            assert!((stocks.residents - expected).abs() < 1e-6, "{name}: {}", stocks.residents);
        }
    }
}

/// A cap of 40 leaves 3·40 = 120 places; the other 180 find one in the vocational school.
#[test]
fn who_is_not_admitted_enters_the_other_stage() {
    let found = admitted(&capped(planned(0.75, 1.25), "senior", 40.0));
    assert_eq!(found[0], [120.0, 180.0, 0.0]);
}

/// The vocational school holds 3·30 = 90 of 150: the senior one takes 45 back, up to its 195 places, and 15 are without a place, once, in
/// the vocational stage; two years later so are 45. With 3·50 = 150 there nobody comes back.
#[test]
fn who_finds_no_place_goes_back_and_is_counted_once() {
    let found = admitted(&capped(planned(0.75, 1.25), "vocational", 30.0));
    assert_eq!(found[0], [195.0, 90.0, 15.0]);
    let both = admitted(&capped(capped(planned(0.75, 1.25), "vocational", 50.0), "senior", 40.0));
    assert_eq!(both[0], [120.0, 150.0, 30.0]);
    assert_eq!(both[2], [120.0, 150.0, 90.0]);
}
