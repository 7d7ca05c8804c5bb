//! From published totals to a model city: people by single age, and a synthetic register.
//!
//! In: a city's keys, its observations (census groups, published counts), the figures under `[calibration]`. Out: the
//! tables `population.csv`, `group_quarters.csv`, `schools.csv`, the fitted θ in `calibrated.toml`, and the residual of
//! every observation. Method: model section 8; what cannot be reconciled is shown and never forced.

pub mod ages;
pub mod between;
mod calibrated;
mod census;
pub mod children;
mod equations;
pub mod fit;
mod forward;
mod layout;
pub mod least_squares;
pub mod migration;
mod people;
mod polish;
pub mod posterior;
mod published;
pub mod rates;
pub mod readiness;
mod real;
pub mod register;
mod residuals;
mod search;
pub mod spin_up;
pub mod tables;
pub mod targets;
mod trial;
mod zones;

use xuewei_experiment::random;
use xuewei_input as input;
use xuewei_model::{axes, city, demand, numeric, scenario, schools, units};

use crate::axes::{Stage, Stages};
use crate::input::CityKeys;
use crate::input::keys::{Kind, key_of};
use crate::numeric::sum;
use crate::scenario::{Enrolment, Scenario};
use crate::units::{Year, unit_factor};

pub use calibrated::{Calibrated, LARGE, Residual, Role};
pub use people::People;
use register::StageTargets;
pub use targets::FittedStage;

/// Calibrates a city.
///
/// # Errors
/// A sentence for every figure or observation that is missing.
pub fn calibrate(keys: &CityKeys) -> Result<Calibrated, Vec<String>> {
    let mut missing = Vec::new();
    let people = people::build(keys, &mut missing);
    let stages = keys.scenario.city.stages;
    let targets: Vec<Option<StageTargets>> = stages.map(|stage| targets(keys, stage, &mut missing));
    let seed = needed(keys, "calibration.seed", &mut missing) as u64;
    if !missing.is_empty() {
        return Err(missing);
    }
    let outside = figures_outside(keys, &people);
    if !outside.is_empty() {
        return Err(outside);
    }
    let mut city = (*keys.scenario.city).clone();
    city.population.people = people.residents.clone();
    city.population.group_quarters = people.group_quarters.clone();
    let mut scenario = keys.scenario.clone();
    scenario.city = std::sync::Arc::new(city);
    if let Some(children) = &people.children {
        for path in &keys.estimated {
            if let Some((values, _, _)) = children.figure(path) {
                rates::put(&mut scenario.enrolment, stages, path, &values);
            }
        }
    }
    let wanted = wanted_pupils(&scenario, &targets);
    let mut calibrated = Calibrated {
        people,
        sites: Vec::new(),
        schools: Vec::new(),
        stages: Vec::new(),
        residuals: Vec::new(),
    };
    for stage in stages.iter() {
        let Some(targets) = &targets[stage.idx()] else {
            continue;
        };
        let (fitted, sites, schools) = match keys.register(stage) {
            Some(rows) => real::take_stage(&scenario, stage, targets, rows, &wanted),
            None => fit::fit_stage(&scenario, stage, targets, &wanted, seed),
        };
        calibrated.add(fitted, sites, schools);
    }
    let clashes = calibrated.site_clashes();
    if !clashes.is_empty() {
        return Err(clashes);
    }
    calibrated.residuals = residuals::of(keys, &scenario, &calibrated);
    Ok(calibrated)
}

/// A sentence for every estimated figure that a city may not have: it would be written and then refused.
fn figures_outside(keys: &CityKeys, people: &People) -> Vec<String> {
    let Some(children) = &people.children else { return Vec::new() };
    let of = |path: &String| {
        let (mut values, low, high) = children.figure(path)?;
        values.extend([low, high]);
        outside(keys.scenario.city.stages, path, &values)
    };
    keys.estimated.iter().filter_map(of).collect()
}

/// What is wrong with the values of a figure (parts of 1) that lie outside the bounds of its key, as they are written.
fn outside(stages: &'static Stages, path: &str, values: &[f64]) -> Option<String> {
    let parts: Vec<&str> = path.split('.').collect();
    let Kind::Figure { units, least, most, .. } = key_of(stages, &parts)?.kind else { return None };
    let percent = |share: f64| (share * 1e5).round() / 1e3;
    let factor = unit_factor(units.first()?);
    let (least, most) = (percent(least * factor), percent(most * factor));
    let wrong = values.iter().map(|v| percent(*v)).find(|v| !(least..=most).contains(v))?;
    Some(format!(
        "{path}: the observations give {wrong} % (value, low or high), expected {least} to {most} %; look at the observations of pupils and of the census"
    ))
}

fn needed(keys: &CityKeys, path: &str, missing: &mut Vec<String>) -> f64 {
    match keys.checked.figures.get(path) {
        Some(figure) => figure.scalar(),
        None => {
            missing.push(format!("{path}: calibration needs this figure"));
            0.0
        }
    }
}

fn targets(keys: &CityKeys, stage: Stage, missing: &mut Vec<String>) -> Option<StageTargets> {
    let at = |what: &str| format!("calibration.{}.{what}", stage.key());
    let get = |what: &str| published::published(keys, stage, what);
    let is_real = keys.register(stage).is_some();
    let mut need = |path: &str| match is_real {
        true => keys.checked.figures.get(path).map_or(0.0, |figure| figure.scalar()),
        false => needed(keys, path, missing),
    };
    let schools = match keys.register(stage) {
        Some(rows) => rows.len(),
        None => {
            let number = get("schools").unwrap_or_else(|| need(&at("schools")));
            match school_count(stage, number) {
                Ok(number) => number,
                Err(sentence) => {
                    missing.push(sentence);
                    return None;
                }
            }
        }
    };
    if schools == 0 {
        return None;
    }
    let mut targets = StageTargets {
        schools,
        pupils: get("pupils").unwrap_or(0.0),
        mean_class: get("mean_class"),
        fill: if get("mean_class").is_some() { 0.0 } else { need(&at("fill")) },
        oversized_share: get("oversized_share"),
        super_share: get("super_oversized_share"),
        choice: get("choice"),
        has_own_open_at: keys.changed.contains(&format!("thresholds.{}.open_at", stage.key())),
        zones: zones::zone_targets(keys, stage),
        rural_ratio: need(&at("rural_ratio")),
        private_share: get("private_share").unwrap_or(0.0),
        inclusive_share: get("inclusive_share").unwrap_or(0.0),
        size_spread: need("calibration.size_spread"),
    };
    missing.extend(zones::settle_zones(&keys.scenario.city, stage, &mut targets));
    Some(targets)
}

/// A published number of schools of a stage.
///
/// # Errors
/// A sentence if it is negative, too large or no number.
fn school_count(stage: Stage, number: f64) -> Result<usize, String> {
    const MOST: f64 = 100_000.0;
    if (0.0..=MOST).contains(&number) {
        return Ok(number as usize);
    }
    Err(format!(
        "schools.{}: expected a number of schools from 0 to {MOST}, found {number}",
        stage.key()
    ))
}

/// Pupils by residence and grade that the register must hold: the enrolment account of the residents, scaled to the
/// published pupils of a stage where there are any. `[area · grades + grade]`.
fn wanted_pupils(scenario: &Scenario, targets: &[Option<StageTargets>]) -> Vec<f64> {
    let city = &*scenario.city;
    let enrolment = &scenario.enrolment;
    let base = city.base_year;
    let children = |area: usize, age: usize| {
        let start = |sex| crate::city::City::people_start(area, sex) + age;
        city.population.people[start(crate::axes::Sex::Female)]
            + city.population.people[start(crate::axes::Sex::Male)]
    };
    let of_age = |age: usize| sum((0..city.areas.len()).map(|area| children(area, age)));
    let stages = city.stages;
    let n_grades = stages.n_grades();
    // By stage: pupils in its entry grade per child of that age before weights, in every area.
    let at_entry = stages.map(|stage| {
        if !stage.is_by_rate() {
            return kept_at_entry(enrolment, stage, base);
        }
        let weights = stage.grades().map(|grade| enrolment.weights[grade]);
        let weighted = sum(weights.zip(stage.ages()).map(|(weight, age)| weight * of_age(age)));
        let rate = enrolment.gross_rate[stage.idx()].at(base);
        rate * sum(stage.ages().map(of_age)) / weighted.max(1e-9)
    });
    let mut wanted = vec![0.0; city.areas.len() * n_grades];
    for area in 0..city.areas.len() {
        for stage in stages.iter() {
            let mut kept = at_entry[stage.idx()];
            for (grade, age) in stage.grades().zip(stage.ages()) {
                if grade > stage.first_grade() && is_account(stage) {
                    kept *= enrolment.retention[grade - 1].at(base);
                }
                wanted[area * n_grades + grade] =
                    kept * enrolment.weights[grade] * children(area, age);
            }
        }
    }
    for stage in stages.iter() {
        let published = targets[stage.idx()].as_ref().map_or(0.0, |t| t.pupils);
        if published > 0.0 {
            let cells = |area: usize| stage.grades().map(move |g| area * n_grades + g);
            let total = sum((0..city.areas.len()).flat_map(cells).map(|cell| wanted[cell]));
            for cell in (0..city.areas.len()).flat_map(cells) {
                wanted[cell] *= published / total.max(1e-9);
            }
        }
    }
    wanted
}

/// Whether the pupils of a stage follow from its children and rates: those of two stages that share a source are published.
fn is_account(stage: Stage) -> bool {
    !stage.is_by_rate() && !rates::is_shared(stage)
}

/// Pupils in the entry grade of a stage of cohorts per child of its age, all years alike.
fn kept_at_entry(enrolment: &Enrolment, stage: Stage, base: Year) -> f64 {
    match stage.follows() {
        _ if !is_account(stage) => 1.0,
        None => enrolment.coverage[stage.idx()].at(base),
        Some(before) => {
            before.grades().fold(kept_at_entry(enrolment, before, base), |kept, grade| {
                kept * enrolment.retention[grade].at(base)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_schools_is_looked_at_before_it_is_used() {
        let junior = crate::input::china().parse("junior").expect("a stage");
        assert_eq!(school_count(junior, 0.0), Ok(0));
        assert_eq!(school_count(junior, 100_000.0), Ok(100_000));
        for wrong in [-1.0, 100_001.0, f64::NAN] {
            let sentence = school_count(junior, wrong).expect_err("no such number");
            assert!(sentence.starts_with("schools.junior: expected"), "{sentence}");
        }
    }

    /// The loader takes kindergarten rates up to 130 % and coverage up to twice the children.
    #[test]
    fn a_figure_that_would_be_refused_is_told() {
        assert_eq!(
            outside(crate::input::china(), "enrolment.kindergarten.gross_rate", &[1.3, 0.0]),
            None
        );
        assert_eq!(outside(crate::input::china(), "enrolment.primary.coverage", &[1.99]), None);
        let told =
            outside(crate::input::china(), "enrolment.kindergarten.gross_rate", &[0.9, 1.42])
                .expect("too much");
        assert!(told.contains("give 142 %") && told.contains("expected 0 to 130 %"), "{told}");
        assert!(outside(crate::input::china(), "enrolment.primary.coverage", &[2.5]).is_some());
    }
}
