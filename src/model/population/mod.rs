//! Population: cohort component by single years of age, area by area.
//!
//! In: a scenario's base population and vital rates. Out: people by area, sex and age on every 1 September, births of
//! every school year. Method: model section 2; the step itself is in [`step`], which see for the source. The order of
//! a year is: moves inside the city, first half of the net migrants, survival, second half, births.

pub mod life_table;
pub mod moves;
pub mod step;

use crate::axes::{N_AGES, Sex};
use crate::city::City;
use crate::numeric::sum;
use crate::scenario::{Scenario, Vital};
use crate::units::Year;

/// People and births of a whole run.
#[derive(Debug, Clone)]
pub struct Projection {
    /// Residents in households on 1 September: `[year][(area · 2 + sex) · 101 + age]`.
    pub people: Vec<Vec<f64>>,
    /// Births of the school year that begins then: `[year][area]`.
    pub births: Vec<Vec<f64>>,
    /// Deaths of the school year that begins then, all areas.
    pub deaths: Vec<f64>,
    /// Net migrants of the school year that begins then, all areas.
    pub net_migrants: Vec<f64>,
    /// Migrants whom a rate asked for but who were not there to leave.
    pub clamped_migrants: f64,
    /// Observed births relative to what the pattern and the fertility path give: the local level.
    pub fertility_level: f64,
    /// The same year by year: school year, observed births, modelled births at level 1.
    pub births_check: Vec<(Year, f64, f64)>,
}

impl Projection {
    /// Residents of one age, both sexes, in an area.
    pub fn children(&self, year_idx: usize, area_idx: usize, age: usize) -> f64 {
        let people = &self.people[year_idx];
        people[City::people_start(area_idx, Sex::Female) + age]
            + people[City::people_start(area_idx, Sex::Male) + age]
    }
}

/// Observed births of school year `t`: a third of calendar year `t` and two thirds of `t + 1`, where both are known.
pub fn school_year_births(observed: &[(Year, f64)], year: Year) -> Option<f64> {
    let of = |y: Year| observed.iter().find(|(known, _)| *known == y).map(|(_, births)| *births);
    Some(of(year)? / 3.0 + of(year + 1)? * 2.0 / 3.0)
}

/// Projects the population from the base year to the horizon.
///
/// Years before the first observed births are projected at the level that these imply, found by a first pass.
pub fn project(scenario: &Scenario) -> Projection {
    let projection = project_at(scenario, 1.0);
    match projection.births_check.first() {
        Some((first, _, _)) if *first > scenario.city.base_year => {
            project_at(scenario, projection.fertility_level)
        }
        _ => projection,
    }
}

/// One pass; `level` is that of years before any births are observed.
fn project_at(scenario: &Scenario, level: f64) -> Projection {
    let city = &*scenario.city;
    let n_years = city.n_years();
    let mut projection = Projection {
        people: Vec::with_capacity(n_years),
        births: Vec::with_capacity(n_years),
        deaths: Vec::with_capacity(n_years),
        net_migrants: Vec::with_capacity(n_years),
        clamped_migrants: 0.0,
        fertility_level: 1.0,
        births_check: Vec::new(),
    };
    let groups = moves::age_groups(&scenario.vital.moves);
    let residents = moves::base_residents(city);
    let mut level = Level { before: level, observed: 0.0, modelled: 0.0 };
    let mut people = city.population.people.clone();
    recount(&mut people, scenario.vital.preschool_error);
    for year in city.years() {
        projection.people.push(people.clone());
        moves::apply(&residents, &scenario.vital.moves, &groups, year, &mut people);
        people = age_one_year(city, &scenario.vital, year, &people, &mut level, &mut projection);
    }
    projection.fertility_level = level.ratio();
    projection
}

/// Ages whose number in the base year is doubted most: the children before school.
const PRESCHOOL: std::ops::RangeInclusive<usize> = 0..=5;

/// Multiplies the children before school of the base year; by 1 nothing changes, not even a bit.
fn recount(people: &mut [f64], error: f64) {
    for ages in people.chunks_mut(N_AGES) {
        ages[PRESCHOOL].iter_mut().for_each(|children| *children *= error);
    }
}

/// Observed and modelled births so far, from which the local level of fertility follows.
struct Level {
    before: f64,
    observed: f64,
    modelled: f64,
}

impl Level {
    /// Births of a year over the modelled ones: the observed ones where there are any, else the level so far.
    fn factor(
        &mut self,
        vital: &Vital,
        year: Year,
        modelled: f64,
        projection: &mut Projection,
    ) -> f64 {
        match school_year_births(&vital.births_observed, year) {
            Some(observed) if modelled > 0.0 => {
                self.observed += observed;
                self.modelled += modelled;
                projection.births_check.push((year, observed, modelled));
                observed / modelled
            }
            _ => self.ratio(),
        }
    }

    fn ratio(&self) -> f64 {
        if self.modelled > 0.0 { self.observed / self.modelled } else { self.before }
    }
}

/// One school year of every area after the moves; returns the people on the next 1 September.
fn age_one_year(
    city: &City,
    vital: &Vital,
    year: Year,
    people: &[f64],
    level: &mut Level,
    projection: &mut Projection,
) -> Vec<f64> {
    let migrants = net_migrants(vital, year, people);
    let mut next = vec![0.0; people.len()];
    let mut births = Vec::with_capacity(city.areas.len());
    let mut deaths = 0.0;
    let total_fertility = vital.total_fertility.at(year);
    let fertility: [f64; N_AGES] =
        std::array::from_fn(|age| vital.fertility_pattern[age] * total_fertility);
    for area in 0..city.areas.len() {
        for sex in Sex::ALL {
            let start = City::people_start(area, sex);
            let cells = start..start + N_AGES;
            deaths += step::survive(
                &people[cells.clone()],
                &vital.survival[sex as usize],
                &migrants[cells.clone()],
                vital.timing,
                &mut next[cells],
            );
        }
        let start = City::people_start(area, Sex::Female);
        let women = start..start + N_AGES;
        births.push(step::expected_births(
            &people[women.clone()],
            &next[women.clone()],
            &migrants[women],
            &fertility,
            vital.timing,
            1.0,
        ));
    }
    let modelled = sum(births.iter().copied());
    let factor = level.factor(vital, year, modelled, projection);
    let girl_share = 1.0 / (1.0 + vital.sex_ratio.at(year));
    for (area, born) in births.iter_mut().enumerate() {
        *born *= factor;
        for (sex, share) in [(Sex::Female, girl_share), (Sex::Male, 1.0 - girl_share)] {
            let alive = *born * share * vital.survival[sex as usize][0];
            deaths += *born * share - alive;
            next[City::people_start(area, sex)] += alive;
        }
    }
    let clamped = clamp(&mut next);
    projection.clamped_migrants += clamped;
    projection.births.push(births);
    projection.deaths.push(deaths);
    projection.net_migrants.push(sum(migrants.iter().copied()) + clamped);
    next
}

/// Net migrants over a year by the shape of a population vector: rates times the residents after the moves.
fn net_migrants(vital: &Vital, year: Year, people: &[f64]) -> Vec<f64> {
    let mut migrants = vec![0.0; people.len()];
    for rule in &vital.migration {
        let rate = rule.rate.at(year);
        for &area in &rule.areas {
            for sex in Sex::ALL {
                let start = City::people_start(area, sex);
                for cell in start + rule.ages.0..=start + rule.ages.1 {
                    migrants[cell] += rate * people[cell];
                }
            }
        }
    }
    migrants
}

/// Nobody leaves who is not there: cells below zero are set to zero. Returns how many could not leave.
fn clamp(people: &mut [f64]) -> f64 {
    let mut clamped = 0.0;
    for cell in people.iter_mut().filter(|cell| **cell < 0.0) {
        clamped -= *cell;
        *cell = 0.0;
    }
    clamped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two areas × sexes of 101 ages with 10 people each: ages 0 to 5 become 11, age 6 stays.
    #[test]
    fn only_children_before_school_are_counted_anew() {
        let mut people = vec![10.0; 2 * N_AGES];
        recount(&mut people, 1.1);
        for start in [0, N_AGES] {
            assert!(
                (people[start] - 11.0).abs() < 1e-12 && (people[start + 5] - 11.0).abs() < 1e-12
            );
            assert_eq!((people[start + 6], people[start + 100]), (10.0, 10.0));
        }
    }
}
