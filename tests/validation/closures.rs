//! Schools that close and merge, by hand: constant cohorts of 100 and 200 pupils a grade in two primary schools of 18 and 36 rooms.

use xuewei::event::{Concerned, PlannedEvent, PlannedKind, Receiver};
use xuewei::indicators::{self, Stocks};
use xuewei::model::{self, Run};
use xuewei::report::rows::Format;
use xuewei::report::tables;
use xuewei::scenario::{DemandMode, Scenario};

use crate::support::{self, stage};

/// A city of one district; schools by area, rooms, pupils and classes a grade.
fn city_of(schools: &[(usize, i32, f64, i32)]) -> Scenario {
    let mut city = support::city(2020, 2030, 1);
    for &(area, rooms, pupils, classes) in schools {
        support::add_school(&mut city, area, stage("primary"), rooms, 0.0, pupils, classes);
    }
    let mut scenario = support::scenario(city);
    // Every grade holds for ever what it holds: no births are needed.
    scenario.enrolment.mode = DemandMode::GradeProgression;
    scenario.rules.class_spread = 0.0;
    scenario
}

/// Lets something happen to the school of the first row in 2023.
fn in_2023(scenario: &mut Scenario, kind: PlannedKind) {
    let school = &scenario.city.schools[0];
    let (rooms, area) = (school.rooms_total, scenario.city.sites[school.site].area);
    let event = PlannedEvent {
        key: "e".to_string(),
        kind,
        stage: Some(stage("primary")),
        schools: vec![Concerned { row: 0, rooms, reserved: 0, area }],
        year: 2023,
        origin: String::new(),
    };
    scenario.programmes.push(support::programme(vec![event]));
}

fn stocks(scenario: &Scenario, run: &Run, year: i32) -> Stocks {
    let table = indicators::table(scenario, run);
    let areas: Vec<usize> = (0..scenario.city.areas.len()).collect();
    table.sum((year - 2020) as usize, &areas, stage("primary"))
}

/// 1,800 pupils in 36 rooms are six classes of 50 in every grade. Of the 36 rooms six are the entry's, so the five grades above have
/// 30: the school comes with five classes a grade of 200, each grade now holds 300, 60 in a class, and the five rooms that are
/// free go one to each.
#[test]
fn the_receiver_re_forms_its_classes() {
    for kind in [PlannedKind::Close, PlannedKind::Merge { into: Receiver::Site(1) }] {
        let mut scenario = city_of(&[(0, 18, 100.0, 3), (0, 36, 200.0, 5)]);
        in_2023(&mut scenario, kind.clone());
        let run = model::run(&scenario);
        for year in 2023..=2030 {
            let school = run.schools.history.school((year - 2020) as usize, 1);
            assert_eq!(school.classes, [6; 6], "{kind:?}, {year}");
            for pupils in school.pupils {
                assert!((pupils - 300.0).abs() < 1e-6, "{kind:?}, {year}: {pupils}");
            }
            assert_eq!(stocks(&scenario, &run, year).oversized, 0.0, "{kind:?}, {year}");
        }
    }
}

/// The receiver has 12 rooms: two are the entry's, ten are left for five grades of 150 + 100 = 250 pupils, two each, as it had:
/// 125 in a class, above the ceiling of 65. Its ten rooms hold 650 and have 500 pupils; the 150 who come to the lowest grade find
/// room, the 4 · 150 above them do not. Compulsory pupils are placed all the same and counted as overflow, and so are
/// 250 − 2 · 65 = 120 of the entrants.
#[test]
fn a_closure_into_too_few_rooms_overfills_them() {
    let mut scenario = city_of(&[(0, 18, 150.0, 3), (0, 12, 100.0, 2)]);
    in_2023(&mut scenario, PlannedKind::Close);
    let run = model::run(&scenario);
    let school = run.schools.history.school(3, 1);
    assert_eq!(school.classes, [2; 6]);
    assert!(school.pupils.iter().all(|pupils| (pupils - 250.0).abs() < 1e-6));
    let stocks = stocks(&scenario, &run, 2023);
    assert!((stocks.overflow - (600.0 + 120.0)).abs() < 1e-6, "{}", stocks.overflow);
    assert_eq!((stocks.unplaced, stocks.classes_without_room), (0.0, 0.0));
}

/// The only school of its area closes; that of the other area takes who lived there, its entrants and the others, as its pool is
/// the one that the area's entrants go to: six grades of 100 more.
#[test]
fn pupils_of_an_emptied_area_go_where_its_entrants_go() {
    let mut scenario = city_of(&[(0, 18, 100.0, 3), (1, 36, 200.0, 5)]);
    in_2023(&mut scenario, PlannedKind::Close);
    let run = model::run(&scenario);
    let school = run.schools.history.school(3, 1);
    assert_eq!(school.classes, [6; 6]);
    assert!(school.pupils.iter().all(|pupils| (pupils - 300.0).abs() < 1e-6));
    assert_eq!(stocks(&scenario, &run, 2023).unplaced, 0.0);
}

/// The last school of the city closes: its 600 pupils are without a place where they live, which is short of 600 seats, and nobody
/// is enrolled.
#[test]
fn a_lost_last_school_is_a_shortage() {
    let mut scenario = city_of(&[(0, 18, 100.0, 3)]);
    let people = &mut std::sync::Arc::make_mut(&mut scenario.city).population.people;
    people[6..12].fill(100.0);
    in_2023(&mut scenario, PlannedKind::Close);
    let run = model::run(&scenario);
    let stocks = stocks(&scenario, &run, 2023);
    assert_eq!(stocks.pupils, 0.0);
    assert!((stocks.unplaced - 600.0).abs() < 1e-6 && (stocks.seat_gap - 600.0).abs() < 1e-6);
    let rate = indicators::INDICATORS.iter().find(|i| i.key == "gross_enrolment_rate");
    let value = rate.and_then(|rate| (rate.value)(&Stocks { population: 600.0, ..stocks }));
    assert!(value.expect("a rate").abs() < 1e-9);
    let table = indicators::table(&scenario, &run);
    assert!((table.cell(3, 0, stage("primary")).seat_gap - 600.0).abs() < 1e-6);
    // One row: the stages that never have a school are not modelled. An area without seats has no utilisation.
    let style = tables::Style { format: Format::Csv, with_bom: false };
    let text = String::from_utf8(tables::shortages(&scenario, &table, style)).expect("text");
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(rows.len(), 1, "{text}");
    assert!(
        rows[0].starts_with("1,d0,urban,primary,2023,2030,") && rows[0].contains(",,"),
        "{text}"
    );
}

/// A town of 400 and a village of 40 children an age, of whom a twentieth moves to the town every year: the pupils of six grades
/// stay 2,640 and of three 1,320, though the village's cohorts are below the 50 people that count alone.
#[test]
fn who_moves_is_counted_once() {
    use xuewei::axes::N_AGES;
    use xuewei::scenario::MoveRule;
    use xuewei::units::Path;
    let mut city = support::city(2020, 2030, 1);
    for (area, pupils, rooms) in [(0, 400.0, 60), (1, 40.0, 12)] {
        support::add_school(&mut city, area, stage("primary"), rooms, 0.0, pupils, rooms / 6);
        support::add_school(&mut city, area, stage("junior"), rooms, 0.0, pupils, rooms / 6);
        for sex in 0..2 {
            let start = (area * 2 + sex) * N_AGES;
            city.population.people[start..start + N_AGES].fill(pupils / 2.0);
        }
    }
    let mut scenario = support::scenario(city);
    scenario.vital.births_observed = (2019..=2031).map(|year| (year, 440.0)).collect();
    scenario.vital.fertility_pattern[25] = 1.0;
    scenario.vital.total_fertility = Path::constant(1.0);
    let routes = vec![(1, vec![0])];
    scenario.vital.moves.push(MoveRule { ages: (0, 100), routes, rate: Path::constant(0.05) });
    let run = model::run(&scenario);
    let table = indicators::table(&scenario, &run);
    for year_idx in 0..=10 {
        let pupils = |stage| table.sum(year_idx, &[0, 1], stage).pupils;
        assert!((pupils(stage("primary")) - 2_640.0).abs() < 1e-6, "{}", pupils(stage("primary")));
        assert!((pupils(stage("junior")) - 1_320.0).abs() < 1e-6, "{}", pupils(stage("junior")));
    }
}

/// Eight rules of −20 % each take more women of 20 to 40 than there are: nobody of them is left to bear a child, and births, those
/// of the women below 20 who stay, are never below zero.
#[test]
fn births_are_never_below_zero() {
    use xuewei::axes::N_AGES;
    use xuewei::scenario::{MigrationRule, MigrationTiming};
    use xuewei::units::Path;
    for timing in [MigrationTiming::Even, MigrationTiming::End] {
        let mut city = support::city(2020, 2024, 1);
        city.population.people[..N_AGES].fill(100.0);
        let mut scenario = support::scenario(city);
        scenario.vital.timing = timing;
        scenario.vital.fertility_pattern[20..40].fill(0.05);
        scenario.vital.total_fertility = Path::constant(1.0);
        let leave = || MigrationRule { ages: (18, 45), areas: vec![0], rate: Path::constant(-0.2) };
        scenario.vital.migration = (0..12).map(|_| leave()).collect();
        let population = xuewei::population::project(&scenario);
        for (births, people) in population.births.iter().zip(&population.people) {
            assert!(births.iter().all(|&n| n >= 0.0), "{births:?}");
            assert!(people.iter().all(|&n| n >= 0.0));
        }
    }
}
