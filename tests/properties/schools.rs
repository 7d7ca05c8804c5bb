//! Schools: pupils are conserved, rooms are respected, and the base is a fixed point.

use proptest::prelude::*;
use xuewei::axes::Stage;
use xuewei::calibrate::spin_up::SpinUp;
use xuewei::city::Site;
use xuewei::demand::Demand;
use xuewei::event::{Event, EventKind};
use xuewei::scenario::{Additions, Scenario, StandingRelief};
use xuewei::schools::{self, Outcome};
use xuewei::units::Path;
use xuewei::{indicators, model};

use crate::support::{self, N_GRADES};

/// A school of a random city: area, rooms, quality, pupils a grade.
type RandomSchool = (usize, i32, f64, f64);

#[derive(Debug, Clone)]
struct RandomCase {
    stage: Stage,
    schools: Vec<RandomSchool>,
    entrants: Vec<f64>,
    growth: f64,
    share: f64,
    cap: Option<f64>,
    levers: bool,
    /// Year, register row, kind of event, another row or area.
    events: Vec<(i32, usize, usize, usize)>,
}

fn cases() -> impl Strategy<Value = RandomCase> {
    let stage = prop::sample::select(vec![
        support::stage("kindergarten"),
        support::stage("primary"),
        support::stage("junior"),
        support::stage("senior"),
    ]);
    let schools =
        prop::collection::vec((0..4_usize, 1..40_i32, -2.0..2.0_f64, 5.0..150.0_f64), 3..14);
    let entrants = prop::collection::vec(0.0..900.0_f64, 40);
    let cap = prop::option::of(30.0..60.0_f64);
    let event = (2021..2030_i32, 0..14_usize, 0..9_usize, 0..14_usize);
    let events = prop::collection::vec(event, 0..5);
    (stage, schools, entrants, 0.7..1.4_f64, 0.0..0.6_f64, cap, any::<bool>(), events).prop_map(
        |(stage, schools, entrants, growth, share, cap, levers, events)| RandomCase {
            stage,
            schools,
            entrants,
            growth,
            share,
            cap,
            levers,
            events,
        },
    )
}

/// Base classes that fit the rooms of a grade.
fn base_classes(stage: Stage, rooms: i32, pupils: f64) -> i32 {
    let most = (rooms / stage.n_grades() as i32).max(1);
    ((pupils / 45.0).ceil() as i32).clamp(1, most)
}

fn build(case: &RandomCase) -> (Scenario, Demand, Vec<Site>, Vec<Event>) {
    let mut city = support::city(2020, 2030, 2);
    for &(area, rooms, quality, pupils) in &case.schools {
        let classes = base_classes(case.stage, rooms, pupils);
        support::add_school(&mut city, area, case.stage, rooms, quality, pupils, classes);
    }
    let flow = support::rural_to_urban(&city, case.stage, case.share);
    let n_schools = city.schools.len();
    let mut scenario = support::scenario(city);
    scenario.attendance = vec![flow];
    let s = case.stage.idx();
    scenario.levers.entry_cap[s] = case.cap.map(|cap| Path::through(vec![(2023, cap)]));
    if case.levers {
        scenario.levers.split_from[s] = Some(2022);
        scenario.levers.rebalance[s] = Some(Path::constant(0.5));
        scenario.levers.merge_below[s] = Some(Path::constant(20.0));
        scenario.levers.relief[s] = Some(Path::through(vec![(2024, 0.5)]));
        let (hazard, deadline) = (0.6, Some(2025));
        scenario.rules.relief[s] = Some(StandingRelief { hazard, deadline, choice_decay: 0.1 });
        let (rate, most_per_year, seat_yuan) = (0.5, None, None);
        let rule = Additions { rate, target_class: 42.0, most_per_year, seat_yuan };
        scenario.rules.additions[s] = Some(rule);
    }
    let entrants: Vec<Vec<f64>> = case.entrants.chunks(4).map(<[f64]>::to_vec).collect();
    let demand = support::demand(&scenario, case.stage, &entrants, case.growth);
    let mut sites = scenario.city.sites.to_vec();
    let mut events: Vec<Event> = Vec::new();
    for &(year, row, kind, other) in &case.events {
        let row = row % n_schools;
        let kind = match kind {
            0 => EventKind::Close,
            1 => EventKind::Merge { into: other % n_schools, is_new: false },
            8 => EventKind::Merge { into: sites.len() - 1, is_new: true },
            2 => EventKind::Relocate { area: other % 4, rooms_added: other as i32 - 5 },
            3 => EventKind::Convert { to: support::stage("vocational"), rooms: Some(other as i32) },
            4 => {
                EventKind::Reserve { rooms: other as i32, until: Some(year + 1 + other as i32 % 3) }
            }
            5 => EventKind::Extend(other as i32 - 3),
            6 => EventKind::Upgrade { quality: other as f64 / 7.0 - 1.0, boarding: 0 },
            _ => EventKind::Open {
                rooms: other as i32 + 1,
                all_grades: other % 2 == 0,
                quality: 0.5,
            },
        };
        let site = if matches!(kind, EventKind::Open { .. }) {
            let (key, area) = (format!("new{}", sites.len()), other % 4);
            sites.push(Site { key: key.clone(), name: key, area, origin: "test".to_string() });
            sites.len() - 1
        } else {
            row
        };
        let mut push = |year: i32, kind: EventKind| {
            events.push(Event {
                year,
                site,
                area: sites[site].area,
                stage: case.stage,
                kind,
                rooms_net: 0,
                investment_yuan: 0.0,
                begun: year,
                rooms_built: 0,
                programme: None,
            });
        };
        if let EventKind::Reserve { rooms, until: Some(until) } = kind {
            push(until, EventKind::Restore(rooms));
        }
        push(year, kind);
    }
    events.sort_by_key(|event| (event.year, event.kind.rank(), event.site));
    (scenario, demand, sites, events)
}

/// Pupils of the schools of a pool in a grade of the stage.
fn held(
    scenario: &Scenario,
    outcome: &Outcome,
    stage: Stage,
    year: usize,
    pool: usize,
    g: usize,
) -> f64 {
    let mut pupils = 0.0;
    for row in (0..outcome.history.n_schools[year]).filter(|&r| outcome.register[r].stage == stage)
    {
        let school = outcome.history.school(year, row);
        if scenario.city.pool_of_area[stage.idx()][school.area] == pool {
            pupils += school.pupils[g];
        }
    }
    pupils
}

fn expected(
    scenario: &Scenario,
    outcome: &Outcome,
    stage: Stage,
    year: usize,
    pool: usize,
    g: usize,
) -> f64 {
    let mut at = 0;
    for other in support::stages().iter() {
        let n_pools = scenario.city.pools[other.idx()].len();
        if other == stage {
            return outcome.history.expected[year][at + pool * stage.n_grades() + g];
        }
        at += n_pools * other.n_grades();
    }
    unreachable!("a stage is in the list of stages")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Pupils in a pool's schools are Σ A·N in every grade and year; with those without a place they are all residents;
    /// nothing is negative or not a number; classes fit the rooms unless the school is multi-grade or overflows.
    #[test]
    fn pupils_are_conserved(case in cases()) {
        let (scenario, demand, sites, events) = build(&case);
        let outcome = schools::run(&scenario, &demand, &sites, &events);
        let stage = case.stage;
        for year in 0..scenario.city.n_years() {
            let mut placed = 0.0;
            for pool in 0..scenario.city.pools[stage.idx()].len() {
                for g in 0..stage.n_grades() {
                    let (in_schools, by_shares) = (
                        held(&scenario, &outcome, stage, year, pool, g),
                        expected(&scenario, &outcome, stage, year, pool, g),
                    );
                    prop_assert!(
                        (in_schools - by_shares).abs() <= 1e-6 * by_shares.max(1.0),
                        "year {year}, pool {pool}, grade {g}: {in_schools} in schools, {by_shares} by shares"
                    );
                    placed += in_schools;
                }
            }
            let residents: f64 = (0..4)
                .flat_map(|a| stage.grades().map(move |g| a * N_GRADES + g))
                .map(|cell| demand.of_year(year)[cell][0])
                .sum();
            let unplaced: f64 = (0..4).map(|a| outcome.history.unplaced(year, stage, a)).sum();
            prop_assert!((placed + unplaced - residents).abs() <= 1e-6 * residents.max(1.0));
            for row in 0..outcome.history.n_schools[year] {
                let school = outcome.history.school(year, row);
                prop_assert!(school.pupils.iter().all(|&n| n >= 0.0 && n.is_finite()));
                prop_assert!(school.classes.iter().all(|&c| c >= 0));
                // A mixed-age class stands in the first of its grades.
                let is_mixed = school.rooms > 0 && school.rooms < stage.n_grades() as i32;
                let has_class = |(&n, &c): (&f64, &i32)| n <= 1e-6 || c > 0;
                prop_assert!(is_mixed || school.pupils.iter().zip(school.classes).all(has_class));
                let n_classes: i32 = school.classes.iter().sum();
                prop_assert!(!is_mixed || n_classes <= school.rooms);
            }
        }
    }

    /// Classes stay within the rooms of a school that had room for them, as long as nobody closes.
    #[test]
    fn classes_fit_the_rooms(case in cases()) {
        let (scenario, demand, sites, _) = build(&case);
        let outcome = schools::run(&scenario, &demand, &sites, &[]);
        let n_grades = case.stage.n_grades() as i32;
        for year in 0..scenario.city.n_years() {
            for row in 0..outcome.history.n_schools[year] {
                let school = outcome.history.school(year, row);
                let classes: i32 = school.classes.iter().sum();
                prop_assert!(
                    classes <= school.rooms || school.rooms < n_grades,
                    "year {year}, row {row}: {classes} classes in {} rooms", school.rooms
                );
            }
        }
    }
}

/// Jiaozuo's register with rooms for a multiple of the grades, constant cohorts, every grade of a stage holding the mean
/// cohort: nothing moves in twenty years.
#[test]
fn twin_register_is_a_fixed_point() {
    let path = support::root().join("scenarios/jiaozuo/no-build.toml");
    let loaded = xuewei::input::load(&path, &[]).expect("Jiaozuo loads");
    let scenario = twin_of(&loaded.scenario);
    let run = xuewei::model::run(&scenario);
    let history = &run.schools.history;
    for year in 1..scenario.city.n_years() {
        for (row, school) in scenario.city.schools.iter().enumerate() {
            let now = history.school(year, row);
            for g in 0..school.stage.n_grades() {
                let place = format!("year {year}, {} row {row}, grade {g}", school.stage.key());
                assert_eq!(school.classes[g], now.classes[g], "classes, {place}");
                let (before, after) = (school.pupils[g], now.pupils[g]);
                assert!((before - after).abs() < 1e-6, "pupils, {place}: {before} → {after}");
            }
        }
    }
}

/// The same city with as many people at every age, nobody dying or moving, births that replace them, and a register
/// spun up on the mean cohorts.
fn twin_of(base: &Scenario) -> Scenario {
    use xuewei::axes::N_AGES;
    let mut scenario = base.clone();
    let mut city = (*base.city).clone();
    for cohort in city.population.people.chunks_mut(N_AGES) {
        let mean = cohort[3..18].iter().sum::<f64>() / 15.0;
        cohort.fill(mean);
    }
    for area in city.population.people.chunks_mut(2 * N_AGES) {
        let mean = (area[0] + area[N_AGES]) / 2.0;
        area.fill(mean);
    }
    let births: f64 = city.population.people.iter().step_by(N_AGES).sum();
    scenario.vital.survival = [[1.0; N_AGES]; 2];
    scenario.vital.migration.clear();
    scenario.vital.moves.clear();
    scenario.vital.sex_ratio = Path::constant(1.0);
    scenario.vital.births_observed = (2019..=2041).map(|year| (year, births)).collect();
    scenario.thresholds = support::thresholds();
    let enrolment = &mut scenario.enrolment;
    enrolment.retention.fill(Path::constant(1.0));
    enrolment.gross_rate[support::stage("kindergarten").idx()] = Path::constant(0.95);
    enrolment.coverage[support::stage("primary").idx()] = Path::constant(1.0);
    let (continuation, academic) =
        (enrolment.continuation.at(2020), enrolment.academic_share.at(2020));
    let weights = enrolment.weights[..3].to_vec();
    let weight_sum: f64 = weights.iter().sum();
    let mut wanted = vec![0.0; city.areas.len() * N_GRADES];
    for area in 0..city.areas.len() {
        let children = 2.0 * city.population.people[area * 2 * N_AGES];
        for grade in 0..N_GRADES {
            let rate = match grade {
                0..3 => 0.95 * 3.0 * weights[grade] / weight_sum,
                3..12 => 1.0,
                12..15 => continuation * academic,
                _ => continuation * (1.0 - academic),
            };
            wanted[area * N_GRADES + grade] = rate * children;
        }
    }
    scenario.city = std::sync::Arc::new(city.clone());
    let sites = city.sites.to_vec();
    let mut schools = Vec::new();
    for stage in support::stages().iter() {
        let mut empty: Vec<_> = city.schools.iter().filter(|s| s.stage == stage).cloned().collect();
        for school in &mut empty {
            (school.pupils, school.classes) = ([0.0; support::GRADES], [0; support::GRADES]);
        }
        let (sites, choice) = (sites.clone(), scenario.rules.choice[stage.idx()]);
        let open_at = scenario.thresholds.open_at[stage.idx()].at(city.base_year);
        let mut spin_up = SpinUp::new(&scenario, stage, sites, &wanted, Vec::new());
        schools.extend(spin_up.run(choice, open_at, empty));
    }
    city.schools = schools;
    scenario.city = std::sync::Arc::new(city);
    scenario
}

/// A cohort that shrinks shrinks alike in every school; one that grows fills places below the standard first.
#[test]
fn newcomers_fill_small_classes_first() {
    let mut city = support::city(2020, 2021, 1);
    support::add_school(&mut city, 0, support::stage("junior"), 6, 0.0, 40.0, 1);
    support::add_school(&mut city, 0, support::stage("junior"), 6, 0.0, 60.0, 1);
    let scenario = support::scenario(city);
    let demand = support::demand(&scenario, support::stage("junior"), &[vec![100.0, 0.0]], 1.08);
    let outcome = schools::run(&scenario, &demand, &scenario.city.sites, &[]);
    let second_grade = |row: usize| outcome.history.school(1, row).pupils[1];
    // 8 newcomers to a cohort of 100; the first school has 10 places below the standard of 50, the second none.
    assert!((second_grade(0) - 48.0).abs() < 1e-9 && (second_grade(1) - 60.0).abs() < 1e-9);
    let demand = support::demand(&scenario, support::stage("junior"), &[vec![100.0, 0.0]], 0.9);
    let outcome = schools::run(&scenario, &demand, &scenario.city.sites, &[]);
    let second_grade = |row: usize| outcome.history.school(1, row).pupils[1];
    assert!((second_grade(0) - 36.0).abs() < 1e-9 && (second_grade(1) - 54.0).abs() < 1e-9);
}

/// Cities that react, with everything else that seeded cities have: in every year and stage the pupils of schools and those without a
/// place are the pupils by residence, nothing is negative, and upper secondary pupils change stages without getting lost.
#[test]
fn nobody_gets_lost_in_cities_that_react() {
    for seed in 0..60 {
        let scenario = crate::kept::reacting(seed);
        let run = model::run(&scenario);
        let table = indicators::table(&scenario, &run);
        for stage in scenario.city.stages.iter() {
            let years = table.city_years(Some(stage)).into_iter().enumerate();
            for (year_idx, s) in years.filter(|(_, s)| s.schools > 0.0) {
                let gap = (s.pupils + s.unplaced - s.residents).abs();
                let what = format!("seed {seed}, {} in year {year_idx}", stage.key());
                assert!(gap < 1e-6 * (1.0 + s.residents), "{what}: {gap}");
                let least = [s.pupils, s.unplaced, s.residents, s.rooms, s.rooms_added];
                assert!(least.iter().all(|n| *n >= -1e-9), "{what}: {least:?}");
            }
        }
        let Some(pair) = scenario.city.stages.pair() else { continue };
        for year_idx in 1..scenario.city.n_years() {
            let entrants = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
                let grades = pair.map(|stage| stage.first_grade());
                let areas = 0..scenario.city.areas.len();
                areas.map(|area| of(area, grades[0]) + of(area, grades[1])).sum()
            };
            let n_grades = scenario.city.stages.n_grades();
            let demand = run.outlook.demand.of_year(year_idx);
            let expected = entrants(&|area, grade| demand[area * n_grades + grade][0]);
            let found: f64 = pair
                .iter()
                .map(|stage| table.city_years(Some(*stage))[year_idx])
                .map(|s| s.entrants + s.unplaced_entrants)
                .sum();
            let gap = (found - expected).abs();
            assert!(gap < 1e-6 * (1.0 + expected), "seed {seed}, year {year_idx}: {gap}");
        }
    }
}
