//! Demand by grade progression alone: the plain rival of the cohort model.

use proptest::prelude::*;
use xuewei::axes::{N_AGES, Sex};
use xuewei::city::City;
use xuewei::demand::{self, Demand};
use xuewei::scenario::{DemandMode, MigrationRule, Scenario};
use xuewei::units::Path;
use xuewei::{indicators, input, model, population};

use crate::support::{self, N_GRADES};

/// A school of every stage in area 0, with these pupils by dense grade; everything else is empty.
fn one_place(pupils: [f64; N_GRADES], years: i32) -> Scenario {
    let mut city = support::city(2020, 2020 + years, 1);
    for stage in support::stages().iter() {
        support::add_school(&mut city, 0, stage, 12, 0.0, 0.0, 2);
        let school = city.schools.last_mut().expect("a school was added");
        for (g, grade) in stage.grades().enumerate() {
            school.pupils[g] = pupils[grade];
        }
    }
    by_ratios(support::scenario(city))
}

fn by_ratios(mut scenario: Scenario) -> Scenario {
    scenario.enrolment.mode = DemandMode::GradeProgression;
    scenario
}

fn project(scenario: &Scenario) -> Demand {
    demand::project(scenario, &population::project(scenario))
}

/// Kindergarten, compulsory and upper grades hold one cohort each; half of G9 goes on to S1 and half to V1.
fn constant(kindergarten: f64, compulsory: f64) -> [f64; N_GRADES] {
    std::array::from_fn(|grade| match grade {
        0..3 => kindergarten,
        3..12 => compulsory,
        _ => compulsory / 2.0,
    })
}

/// K1-K3, G1-G9, S1-S3, V1-V3.
const BASE: [f64; N_GRADES] = [
    100.0, 90.0, 95.0, 60.0, 58.0, 56.0, 54.0, 52.0, 50.0, 48.0, 46.0, 44.0, 30.0, 28.0, 26.0,
    20.0, 18.0, 16.0,
];
/// A year later: K2 = 100·1.25, K3 = 90·0.9; G2 = 60·0.95; G7 = 50·1.0 (2021); G8 = 48·0.5; S1 = 44·1.0·0.6,
/// V1 = 44·1.0·0.4; S2 = 30·0.9, S3 = 28; V2 = 20, V3 = 18.
const AFTER_1: [f64; N_GRADES] = [
    100.0, 125.0, 81.0, 60.0, 57.0, 58.0, 56.0, 54.0, 52.0, 50.0, 24.0, 46.0, 26.4, 27.0, 28.0,
    17.6, 20.0, 18.0,
];
/// Two years later: K3 = 125·0.9; G7 = 52·0.9 (2022); G8 = 50·0.5; S1 = 46·0.5·0.6, V1 = 46·0.5·0.4; S2 = 26.4·0.9.
const AFTER_2: [f64; N_GRADES] = [
    100.0, 125.0, 112.5, 60.0, 57.0, 57.0, 58.0, 56.0, 54.0, 46.8, 25.0, 24.0, 13.8, 23.76, 27.0,
    9.2, 17.6, 20.0,
];

#[test]
fn two_years_by_hand() {
    let mut scenario = one_place(BASE, 3);
    let enrolment = &mut scenario.enrolment;
    enrolment.weights[..3].copy_from_slice(&[0.8, 1.0, 0.9]);
    enrolment.retention[3] = Path::constant(0.95);
    enrolment.retention[8] = Path::through(vec![(2021, 1.0), (2022, 0.9)]);
    enrolment.retention[9] = Path::constant(0.5);
    enrolment.retention[12] = Path::constant(0.9);
    enrolment.continuation = Path::through(vec![(2021, 1.0), (2022, 0.5)]);
    enrolment.academic_share = Path::constant(0.6);
    enrolment.technical_rate = Path::through(vec![(2020, 0.1), (2021, 0.5)]);
    // 100 of each sex at 15, 16 and 17: 60 in technical schools, whatever becomes of rate and cohorts.
    let city = std::sync::Arc::get_mut(&mut scenario.city).expect("nobody else has it");
    for sex in Sex::ALL {
        let start = City::people_start(0, sex);
        city.population.people[start + 15..start + 18].fill(100.0);
    }
    let demand = project(&scenario);
    for (year_idx, expected) in [BASE, AFTER_1, AFTER_2].iter().enumerate() {
        for (grade, expected) in expected.iter().enumerate() {
            let found = demand.of(year_idx, 0, grade);
            assert!(
                (found - expected).abs() < 1e-9,
                "year {year_idx}, grade {grade}: {found} against {expected}"
            );
            assert_eq!(demand.of(year_idx, 1, grade), 0.0);
        }
    }
    for year_idx in 0..3 {
        assert!((demand.of_technical(year_idx, 0) - 60.0).abs() < 1e-9);
        assert_eq!(demand.of_technical(year_idx, 1), 0.0);
    }
}

/// A kindergarten grade whose grade below has no weight stays as it was: 0/0 and 1/0 are no ratios.
#[test]
fn weights_of_zero_give_no_infinite_pupils() {
    for (weights, k2, k3) in [([0.0, 1.0, 0.5], 90.0, 45.0), ([0.0, 0.0, 0.0], 90.0, 95.0)] {
        let mut scenario = one_place(BASE, 2);
        scenario.enrolment.weights[..3].copy_from_slice(&weights);
        let demand = project(&scenario);
        assert_eq!([0, 1, 2].map(|grade| demand.of(1, 0, grade)), [100.0, k2, k3]);
    }
}

/// The mode is read from a file, and a whole run in it holds every pupil that demand has.
#[test]
fn a_whole_run_by_ratios() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = support::root().join("tests/small/plan.toml");
    let load = |content: &str| {
        let path = folder.path().join("case.toml");
        let text = format!("format = 1\nbase = {:?}\n{content}", base.to_string_lossy());
        std::fs::write(&path, text).expect("a file");
        let loaded = input::load(&path, &[]);
        loaded.unwrap_or_else(|r| panic!("{}", r.problems.render("error"))).scenario
    };
    assert_eq!(load("").enrolment.mode, DemandMode::Cohort);
    let cohort = "[add.demand]\nmode = \"cohort\"";
    assert_eq!(load(cohort).enrolment.mode, DemandMode::Cohort);
    let scenario = load("[add.demand]\nmode = \"grade-progression\"");
    assert_eq!(scenario.enrolment.mode, DemandMode::GradeProgression);
    let run = model::run(&scenario);
    let first = &run.outlook.demand;
    let n_entrants = |year_idx: usize| -> f64 {
        let areas = 0..scenario.city.areas.len();
        areas.map(|area| first.of(year_idx, area, support::stage("primary").first_grade())).sum()
    };
    for year_idx in 1..scenario.city.n_years() {
        assert_eq!(n_entrants(year_idx), n_entrants(0));
    }
    assert!(run.notes.iter().any(|note| note.en.contains("grade progression")));
    let table = indicators::table(&scenario, &run);
    let years = table.city_years(Some(support::stage("junior")));
    for (year_idx, year) in years.iter().enumerate() {
        let residents: f64 = (0..scenario.city.areas.len())
            .map(|area| first.of_stage(year_idx, area, support::stage("junior")))
            .sum();
        assert!((year.pupils - residents).abs() < 1e-6 * residents);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Constant cohorts and ratios of 1: nothing changes. Nobody lives in the second area, nor anywhere else.
    #[test]
    fn constant_cohorts_stay(kindergarten in 0.0..500.0_f64, compulsory in 0.0..500.0_f64) {
        let demand = project(&one_place(constant(kindergarten, compulsory), 12));
        for year_idx in 0..13 {
            prop_assert_eq!(demand.of_year(year_idx), demand.of_year(0));
        }
        prop_assert!(demand.of_year(0).iter().all(|n| n[0].is_finite()));
    }

    /// Births and migration change nothing, and nothing is negative or no number, in areas with people and without.
    #[test]
    fn people_after_the_base_year_do_not_count(
        pupils in prop::collection::vec(0.0..400.0_f64, N_GRADES),
        people in prop::collection::vec(0.0..300.0_f64, 1..40),
        retention in 0.0..1.3_f64,
        migration in -0.19..0.19_f64,
        fertility in 0.0..4.0_f64,
    ) {
        let mut scenario = one_place(std::array::from_fn(|g| pupils[g]), 10);
        let city = std::sync::Arc::get_mut(&mut scenario.city).expect("nobody else has it");
        for (age, cell) in city.population.people[..2 * N_AGES].iter_mut().enumerate() {
            *cell = people[age % people.len()];
        }
        scenario.enrolment.retention.fill(Path::constant(retention));
        scenario.enrolment.technical_rate = Path::constant(0.1);
        let quiet = project(&scenario);
        scenario.vital.fertility_pattern[20..30].fill(0.1);
        scenario.vital.total_fertility = Path::constant(fertility);
        scenario.vital.migration = vec![MigrationRule {
            ages: (0, 100),
            areas: vec![0, 1],
            rate: Path::constant(migration),
        }];
        let moved = project(&scenario);
        prop_assert_eq!(&quiet.residents, &moved.residents);
        prop_assert_eq!(&quiet.technical, &moved.technical);
        for residents in quiet.residents.iter().chain(&quiet.technical) {
            prop_assert!(residents.iter().all(|n| n.is_finite() && *n >= 0.0));
        }
    }
}
