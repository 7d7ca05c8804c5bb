//! Population: cohort component by single years of age, area by area.
//!
//! In: a scenario's base population and vital rates. Out: people by area, sex and age on every 1 September, births of
//! every school year. Method: model section 2; the step itself is in [`step`], which see for the source. The order of
//! a year is: moves inside the city, first half of the net migrants, survival, second half, births.

pub mod cohorts;
pub mod life_table;
pub mod moves;
pub mod step;

use crate::axes::Sex;
use crate::city::City;
use crate::scenario::Scenario;
use crate::units::Year;

use cohorts::{Ages, Cohorts, Flows, Keeper};

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
pub fn project(scenario: &Scenario) -> Projection {
    let n_years = scenario.city.n_years();
    let mut projection = Projection {
        people: Vec::with_capacity(n_years),
        births: Vec::with_capacity(n_years),
        deaths: Vec::with_capacity(n_years),
        net_migrants: Vec::with_capacity(n_years),
        clamped_migrants: 0.0,
        fertility_level: 1.0,
        births_check: Vec::new(),
    };
    let mut cohorts = Cohorts::<1>::default();
    let [level] = cohorts.project(&scenario.city, &[scenario], &Ages::ALL, &mut projection);
    projection.fertility_level = level;
    projection
}

impl Keeper<1> for Projection {
    const COUNTS: bool = true;

    fn people(&mut self, _: usize, cohorts: &Cohorts<1>) {
        let of_area = |area: usize| Sex::ALL.into_iter().flat_map(move |sex| cohorts.of(sex, area));
        let people = (0..cohorts.n_areas()).flat_map(of_area).map(|[people]| *people);
        self.people.push(people.collect());
    }

    fn flows(&mut self, year: Year, flows: &Flows<1>) {
        let ([expected], [observed]) = (flows.expected, flows.observed);
        self.births_check.extend(observed.map(|observed| (year, observed, expected)));
        self.births.push(flows.births.concat());
        self.deaths.push(flows.deaths[0]);
        self.net_migrants.push(flows.migrants[0] + flows.clamped[0]);
        self.clamped_migrants += flows.clamped[0];
    }
}
