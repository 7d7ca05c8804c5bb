//! People: nobody appears or vanishes unaccounted for.

use proptest::prelude::*;
use xuewei::axes::{N_AGES, Sex};
use xuewei::city::City;
use xuewei::population;
use xuewei::scenario::{MigrationRule, MigrationTiming, MoveRule, Scenario};
use xuewei::units::Path;

use crate::support;

fn scenario(
    counts: &[f64],
    migration: f64,
    moves: f64,
    mortality: f64,
    fertility: f64,
) -> Scenario {
    let mut city = support::city(2020, 2032, 2);
    for (cell, people) in city.population.people.iter_mut().enumerate() {
        *people = counts[cell % counts.len()];
    }
    let n_areas = city.areas.len();
    let mut scenario = support::scenario(city);
    for sex in &mut scenario.vital.survival {
        sex.fill(1.0 - mortality);
    }
    for age in 15..50 {
        scenario.vital.fertility_pattern[age] = 1.0 / 35.0;
    }
    scenario.vital.total_fertility = Path::constant(fertility);
    scenario.vital.migration = vec![MigrationRule {
        ages: (0, 100),
        areas: (0..n_areas).collect(),
        rate: Path::constant(migration),
    }];
    scenario.vital.moves = vec![MoveRule {
        ages: (0, 44),
        routes: vec![(1, vec![0]), (3, vec![0, 2])],
        rate: Path::constant(moves),
    }];
    scenario
}

fn total(people: &[f64]) -> f64 {
    people.iter().sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// people(t+1) = people(t) + births − deaths + net migration, and nothing is negative.
    #[test]
    fn people_balance(
        counts in prop::collection::vec(0.0..500.0_f64, 1..50),
        migration in -0.19..0.19_f64,
        moves in 0.0..0.5_f64,
        mortality in 0.0..0.2_f64,
        fertility in 0.0..4.0_f64,
    ) {
        let scenario = scenario(&counts, migration, moves, mortality, fertility);
        let projection = population::project(&scenario);
        for year in 0..scenario.city.n_years() - 1 {
            let (before, after) = (total(&projection.people[year]), total(&projection.people[year + 1]));
            let births: f64 = projection.births[year].iter().sum();
            let expected = before + births - projection.deaths[year] + projection.net_migrants[year];
            prop_assert!((after - expected).abs() <= 1e-9 * before.max(1.0), "{after} against {expected}");
            prop_assert!(projection.people[year + 1].iter().all(|&p| p >= 0.0 && p.is_finite()));
        }
    }

    /// Nobody dies, is born or crosses the border: moves inside the city conserve people exactly up to rounding.
    #[test]
    fn moves_conserve_people(counts in prop::collection::vec(0.0..500.0_f64, 1..50), moves in 0.0..0.5_f64) {
        let scenario = scenario(&counts, 0.0, moves, 0.0, 0.0);
        let projection = population::project(&scenario);
        let first = total(&projection.people[0]);
        for people in &projection.people {
            prop_assert!((total(people) - first).abs() <= 1e-9 * first.max(1.0));
        }
    }

    /// Nobody dies, is born or moves: everybody is a year older.
    #[test]
    fn null_conditions_only_age(counts in prop::collection::vec(0.0..500.0_f64, 1..50)) {
        let scenario = scenario(&counts, 0.0, 0.0, 0.0, 0.0);
        let projection = population::project(&scenario);
        for year in 0..5 {
            for area in 0..scenario.city.areas.len() {
                for sex in Sex::ALL {
                    let start = City::people_start(area, sex);
                    for age in 0..N_AGES - 2 {
                        let (before, after) =
                            (projection.people[year][start + age], projection.people[year + 1][start + age + 1]);
                        prop_assert_eq!(before, after);
                    }
                }
            }
        }
    }
}

/// Observed births override the model, and later births are at the level that they imply.
#[test]
fn observed_births_are_met_and_carried_on() {
    let mut scenario = scenario(&[100.0], 0.0, 0.0, 0.0, 1.0);
    scenario.vital.births_observed = vec![(2020, 900.0), (2021, 600.0), (2022, 600.0)];
    let projection = population::project(&scenario);
    let births = |year: usize| projection.births[year].iter().sum::<f64>();
    // A third of 900 and two thirds of 600; then 600.
    assert!((births(0) - 700.0).abs() < 1e-9);
    assert!((births(1) - 600.0).abs() < 1e-9);
    // 100 women at each of 35 ages in 4 areas, a child each over 35 years: 400 births at level 1, 1300/800 as level.
    assert!((projection.fertility_level - 1300.0 / 800.0).abs() < 1e-9);
    assert!((births(2) - 650.0).abs() < 1e-9, "{}", births(2));
}

/// Of 100 people at each age and sex, 110 are counted below school age where the count is a tenth too low; age 6 stays.
#[test]
fn only_children_before_school_are_counted_anew() {
    let mut scenario = scenario(&[100.0], 0.0, 0.0, 0.0, 1.0);
    scenario.vital.preschool_error = 1.1;
    let people = &population::project(&scenario).people[0];
    for start in [0, N_AGES] {
        let counted = [0, 5, 6, 100].map(|age| people[start + age]);
        let expected = [110.0, 110.0, 100.0, 100.0];
        assert!(counted.iter().zip(expected).all(|(n, there)| (n - there).abs() < 1e-9));
    }
}

/// 200 people an age and area, of whom a tenth of those of 25-44 come in: 20 · 20 = 400, with 0.02 children of each age, eight. They
/// join at the end of the year, when the others are a year older; at 18 nobody comes with parents. Where as many adults leave, children
/// stay, though a rule for all ages would have taken a tenth of them away.
#[test]
fn children_move_with_their_parents() {
    let children = |rate: f64, ages: (usize, usize)| {
        let mut scenario = scenario(&[100.0], rate, 0.0, 0.0, 0.0);
        scenario.vital.timing = MigrationTiming::End;
        scenario.vital.migration[0].ages = ages;
        scenario.vital.children_per_migrant = Some(0.02);
        let projection = population::project(&scenario);
        (0..20).map(|age| projection.children(1, 0, age)).collect::<Vec<f64>>()
    };
    let with = |come: f64| {
        let of_age = |age: usize| match age {
            0 => come,
            1..18 => 200.0 + come,
            _ => 200.0,
        };
        (0..20).map(of_age).collect::<Vec<f64>>()
    };
    let close = |found: Vec<f64>, expected: Vec<f64>| {
        assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    };
    close(children(0.1, (25, 44)), with(8.0));
    close(children(-0.1, (25, 44)), with(0.0));
    let mut all = with(0.0);
    all[18..].fill(180.0);
    close(children(-0.1, (0, 100)), all);
}
