//! What cities do of themselves, by hand: large classes relieved grade by grade, rooms added as classes fill, choice that fades.

use xuewei::event::{Concerned, PlannedEvent, PlannedKind};
use xuewei::indicators::{self, Stocks};
use xuewei::model::{self, Run};
use xuewei::report::rows::Format;
use xuewei::report::tables;
use xuewei::scenario::{Additions, DemandMode, Frame, Scenario, StandingRelief};
use xuewei::units::Path;

use crate::support::{self, stage};

/// Primary schools of one area by rooms, pupils and classes a grade, with constant cohorts and whole children in classes.
fn city_of(schools: &[(i32, f64, i32)]) -> Scenario {
    let mut city = support::city(2020, 2030, 1);
    for &(rooms, pupils, classes) in schools {
        support::add_school(&mut city, 0, stage("primary"), rooms, 0.0, pupils, classes);
    }
    let mut scenario = support::scenario(city);
    scenario.enrolment.mode = DemandMode::GradeProgression;
    scenario.rules.class_spread = 0.0;
    scenario
}

fn primary() -> usize {
    stage("primary").idx()
}

fn pupils_of(run: &Run, year: i32, row: usize) -> Vec<f64> {
    let school = run.schools.history.school((year - 2020) as usize, row);
    school.pupils.iter().map(|pupils| (pupils * 1e6).round() / 1e6).collect()
}

fn classes_of(run: &Run, year: i32, row: usize) -> Vec<i32> {
    run.schools.history.school((year - 2020) as usize, row).classes.to_vec()
}

fn rooms_of(run: &Run, row: usize) -> Vec<i32> {
    (0..run.schools.history.n_schools.len())
        .map(|year_idx| run.schools.history.school(year_idx, row).rooms)
        .collect()
}

fn stocks(scenario: &Scenario, run: &Run, year: i32) -> Stocks {
    indicators::table(scenario, run).city_years(Some(stage("primary")))[(year - 2020) as usize]
}

/// Two schools of 18 rooms: grades of 180 pupils in three classes, 60 each, and of 100 in three. Entrants spread evenly, 140 each. In
/// 2021 five grades of the first school are large, 15 classes; two fifths are six classes, two grades: of equal means the lower ones. 180
/// − 3·55 = 15 pupils of each go to the other school, whose classes hold 135. In 2022 two large grades are left, six classes, of which 2.4 are
/// due: one grade. Its class limit is that of relief.
#[test]
fn whole_grades_are_relieved_by_moving() {
    let mut scenario = city_of(&[(18, 180.0, 3), (18, 100.0, 3)]);
    scenario.levers.relief[primary()] = Some(Path::through(vec![(2021, 0.4)]));
    let run = model::run(&scenario);
    assert_eq!(pupils_of(&run, 2021, 0), [140.0, 165.0, 165.0, 180.0, 180.0, 180.0]);
    assert_eq!(pupils_of(&run, 2021, 1), [140.0, 115.0, 115.0, 100.0, 100.0, 100.0]);
    assert_eq!(pupils_of(&run, 2022, 0), [140.0, 140.0, 165.0, 165.0, 165.0, 180.0]);
    assert_eq!(stocks(&scenario, &run, 2021).oversized, 9.0);
    assert_eq!(stocks(&scenario, &run, 2022).oversized, 3.0);
    let limits = run.schools.history.school(1, 0).limits;
    assert_eq!([limits.of(2), limits.of(3)], [55.0, 65.0]);
}

/// A school alone of 18 rooms cannot relieve anything: nobody has a place for its pupils. With 24 rooms every year's entrants have
/// four of them; five are free in 2021, and one more class a grade leaves every entry its rooms: 4 classes of 45.
#[test]
fn whole_grades_are_relieved_by_rooms() {
    for (rooms, classes) in [(18, [3; 6]), (24, [4; 6])] {
        let mut scenario = city_of(&[(rooms, 180.0, 3)]);
        scenario.levers.relief[primary()] = Some(Path::constant(1.0));
        let run = model::run(&scenario);
        assert_eq!(classes_of(&run, 2021, 0), classes, "{rooms} rooms");
        assert_eq!(pupils_of(&run, 2021, 0), [180.0; 6], "{rooms} rooms");
    }
}

/// φ = 0.6 towards 2025: a fifth of it in 2021, half in 2024, whole in 2025 and after; without a deadline nothing.
#[test]
fn the_share_relieved_rises_towards_the_deadline() {
    let rule = StandingRelief { hazard: 0.6, deadline: Some(2025), choice_decay: 0.0 };
    let shares = [2021, 2024, 2025, 2030].map(|year| rule.share(year));
    for (share, expected) in shares.into_iter().zip([0.12, 0.3, 0.6, 0.6]) {
        assert!((share - expected).abs() < 1e-12, "{share}");
    }
    assert_eq!(StandingRelief { deadline: None, ..rule }.share(2025), 0.0);
}

/// The baseline does what a lever of the same share does, and the larger of the two counts.
#[test]
fn relief_of_the_baseline_is_the_lever_s() {
    let by_lever = |share: f64, standing: Option<StandingRelief>| {
        let mut scenario = city_of(&[(18, 180.0, 3), (18, 100.0, 3)]);
        scenario.levers.relief[primary()] = (share > 0.0).then(|| Path::constant(share));
        scenario.rules.relief[primary()] = standing;
        let run = model::run(&scenario);
        (2020..=2030).map(|year| pupils_of(&run, year, 0)).collect::<Vec<_>>()
    };
    let after =
        |hazard: f64| Some(StandingRelief { hazard, deadline: Some(2015), choice_decay: 0.0 });
    assert_eq!(by_lever(0.0, after(0.4)), by_lever(0.4, None));
    assert_eq!(by_lever(0.2, after(0.4)), by_lever(0.4, None));
    assert_eq!(by_lever(0.4, after(0.2)), by_lever(0.4, None));
}

/// θ falls by a tenth a year, on the log: from 0.2 to 0.2·exp(−0.5) after five. With θ = 0 both schools take half of the entrants.
#[test]
fn choice_fades() {
    let mut scenario = city_of(&[(18, 100.0, 3), (18, 100.0, 3)]);
    std::sync::Arc::make_mut(&mut scenario.city).schools[0].quality = 1.0;
    scenario.rules.choice[primary()] = 0.2;
    let decay = |choice_decay: f64| StandingRelief { hazard: 0.0, deadline: None, choice_decay };
    scenario.rules.relief[primary()] = Some(decay(0.1));
    let run = model::run(&scenario);
    for (years, year) in [(1, 2021), (5, 2025), (10, 2030)] {
        let pull = (0.2 * (-0.1 * f64::from(years)).exp()).exp();
        let expected = 200.0 * pull / (1.0 + pull);
        let entrants = run.schools.history.school(years as usize, 0).pupils[0];
        assert!((entrants - expected).abs() < 1e-9, "{year}: {entrants}, {expected}");
    }
}

fn adding(rate: f64) -> Additions {
    Additions { rate, target_class: 45.0, most_per_year: None, seat_yuan: Some(1000.0) }
}

/// 1,080 pupils at 45 are 24 rooms, and there are 18. Half of what is short: 3 of 6; 1.5 of 3, one and a half carried; 1 + 0.5 of 2, one;
/// 0.5 + 0.5 of 1, the last. 45 seats of 1,000 yuan a room, booked in the year before.
#[test]
fn rooms_are_added_as_classes_fill() {
    let mut scenario = city_of(&[(18, 180.0, 3)]);
    scenario.rules.additions[primary()] = Some(adding(0.5));
    let run = model::run(&scenario);
    assert_eq!(rooms_of(&run, 0), [18, 21, 22, 23, 24, 24, 24, 24, 24, 24, 24]);
    let told = [2020, 2021, 2022].map(|year| stocks(&scenario, &run, year));
    assert_eq!(told.map(|s| s.rooms_added), [0.0, 3.0, 1.0]);
    assert_eq!(told.map(|s| s.additions_yuan), [135_000.0, 45_000.0, 45_000.0]);
    assert_eq!(told.map(|s| s.investment_yuan), [0.0; 3]);
    scenario.rules.additions[primary()] = Some(Additions { seat_yuan: None, ..adding(0.5) });
    let unknown = stocks(&scenario, &model::run(&scenario), 2020);
    let cost = indicators::INDICATORS.iter().find(|i| i.key == "additions_investment");
    assert_eq!(cost.and_then(|cost| (cost.value)(&unknown)), None);
    // At most two a year: 2 of 3, 2 of 4·½, then as above.
    let most = Some(2);
    scenario.rules.additions[primary()] = Some(Additions { most_per_year: most, ..adding(0.5) });
    assert_eq!(rooms_of(&model::run(&scenario), 0)[..6], [18, 20, 22, 23, 23, 24]);
}

/// A school is short, not its pool: the other one has 12 pupils a room to spare, and the first gets all that is added.
#[test]
fn full_schools_are_short_beside_empty_ones() {
    let mut scenario = city_of(&[(18, 180.0, 3), (18, 90.0, 2)]);
    scenario.rules.additions[primary()] = Some(adding(0.5));
    let run = model::run(&scenario);
    assert_eq!((rooms_of(&run, 0)[1], rooms_of(&run, 1)[1]), (21, 18));
}

/// Two rooms of a programme that begins in 2022 and opens in 2023 come off what is added from 2022 on: 3 of 6 in 2021; 1.5 of 3 in 2022
/// are theirs; in 2023 two open, one is short, and their last half comes off; 0.5 in 2024 is carried, and the last room comes in 2025.
#[test]
fn programmes_come_off_additions() {
    let mut scenario = city_of(&[(18, 180.0, 3)]);
    scenario.rules.additions[primary()] = Some(adding(0.5));
    let event = PlannedEvent {
        key: "e".to_string(),
        kind: PlannedKind::Extend { rooms: 2 },
        stage: Some(stage("primary")),
        schools: vec![Concerned { row: 0, rooms: 18, reserved: 0, area: 0 }],
        year: 2022,
        origin: String::new(),
    };
    scenario.programmes = vec![support::programme(vec![event])];
    let run = model::run(&scenario);
    assert_eq!(rooms_of(&run, 0)[..7], [18, 21, 21, 23, 23, 24, 24]);
}

/// A school whose rooms all become those of another stage in 2022 is not filled again, though its pupils of running grades sit in none.
#[test]
fn a_school_that_is_converted_gets_no_rooms() {
    let mut scenario = city_of(&[(18, 180.0, 3), (18, 100.0, 3)]);
    scenario.rules.additions[primary()] = Some(adding(0.5));
    let event = PlannedEvent {
        key: "e".to_string(),
        kind: PlannedKind::Convert { to: stage("junior"), rooms: None },
        stage: Some(stage("primary")),
        schools: vec![Concerned { row: 0, rooms: 18, reserved: 0, area: 0 }],
        year: 2022,
        origin: String::new(),
    };
    scenario.programmes = vec![support::programme(vec![event])];
    let run = model::run(&scenario);
    assert!(rooms_of(&run, 0)[2..].iter().all(|&rooms| rooms == 0), "{:?}", rooms_of(&run, 0));
    assert!(rooms_of(&run, 1)[10] > 18);
}

/// `events.csv` has a row for every school and year; their cost is no investment that anybody promised.
#[test]
fn additions_stand_among_the_events() {
    let mut scenario = city_of(&[(18, 180.0, 3)]);
    scenario.rules.additions[primary()] = Some(adding(0.5));
    let run = model::run(&scenario);
    let style = tables::Style { format: Format::Csv, with_bom: false };
    let text = String::from_utf8(tables::events(&scenario, &run, style)).expect("text");
    let rows: Vec<&str> = text.lines().skip(1).take(3).collect();
    assert_eq!(
        rows,
        [
            "2021,s0,d0,urban,primary,add,3,0,rules.additions",
            "2022,s0,d0,urban,primary,add,1,0,rules.additions",
            "2023,s0,d0,urban,primary,add,1,0,rules.additions",
        ],
        "{text}"
    );
}

/// Constant cohorts at the target class and below the relief limit: nothing moves, with all rules on.
#[test]
fn a_fixed_point_stays_with_every_rule_on() {
    let mut scenario = city_of(&[(18, 135.0, 3), (12, 90.0, 2)]);
    assert_eq!(scenario.frame(), Frame::WhatStands);
    let rule = StandingRelief { hazard: 0.7, deadline: Some(2022), choice_decay: 0.3 };
    scenario.rules.relief.fill(Some(rule));
    scenario.rules.additions.fill(Some(adding(0.8)));
    scenario.levers.relief.fill(Some(Path::constant(1.0)));
    assert_eq!(scenario.frame(), Frame::Likely);
    let run = model::run(&scenario);
    for year in 2020..=2030 {
        assert_eq!(pupils_of(&run, year, 0), [135.0; 6], "{year}");
        assert_eq!(classes_of(&run, year, 0), [3; 6], "{year}");
        assert_eq!(pupils_of(&run, year, 1), [90.0; 6], "{year}");
        assert_eq!(stocks(&scenario, &run, year).rooms, 30.0, "{year}");
    }
}
