//! Demand: how many pupils of each grade live in each area, and the shares in which they attend.
//!
//! In: a scenario and its projected population. Out: residents in school by area and grade for every year, which do not
//! depend on any school, and the attendance of the base year. Method: model section 3; or, as a plain rival of it, pure
//! grade progression ([`grade_progression`]), which of the population uses the base year alone.

pub mod attendance;
pub mod grade_progression;
mod progression;

use crate::axes::{N_GRADES, Stage};
use crate::population::Projection;
use crate::scenario::{DemandMode, Scenario};

pub use attendance::Attendance;

/// Pupils by residence for a whole run.
#[derive(Debug, Clone)]
pub struct Demand {
    /// Pupils who live in an area: `[year][area · 18 + grade]`.
    pub residents: Vec<Vec<f64>>,
    /// Pupils of technical schools (技工学校) who live in an area: `[year][area]`. They are in the gross rate of upper
    /// secondary education and in no school of the register.
    pub technical: Vec<Vec<f64>>,
    /// Attendance of the pupils of the base year, and the shares that later entrants start from.
    pub attendance: Attendance,
    /// Nine-year retention rate of the cohort in G9: `[year]`, the product of its yearly retentions.
    pub retention_nine_year: Vec<f64>,
}

impl Demand {
    /// Pupils of one grade who live in an area.
    pub fn of(&self, year_idx: usize, area_idx: usize, grade: usize) -> f64 {
        self.residents[year_idx][area_idx * N_GRADES + grade]
    }

    /// Pupils of a stage who live in an area.
    pub fn of_stage(&self, year_idx: usize, area_idx: usize, stage: Stage) -> f64 {
        crate::numeric::sum(stage.grades().map(|grade| self.of(year_idx, area_idx, grade)))
    }
}

/// Projects the demand of every year from the register of the base year and the population, in the scenario's mode.
pub fn project(scenario: &Scenario, population: &Projection) -> Demand {
    let (attendance, base_residents) = attendance::of_base_year(scenario, population);
    let mode = scenario.enrolment.mode;
    let n_years = scenario.city.n_years();
    let mut residents = Vec::with_capacity(n_years);
    residents.push(base_residents);
    for year_idx in 1..n_years {
        let before = &residents[year_idx - 1];
        let next = match mode {
            DemandMode::Cohort => progression::one_year(scenario, population, year_idx, before),
            DemandMode::GradeProgression => {
                progression::one_year_by_ratios(scenario, year_idx, &residents[0], before)
            }
        };
        residents.push(next);
    }
    let mut technical = progression::technical(scenario, population);
    if mode == DemandMode::GradeProgression {
        let base = technical[0].clone();
        technical.fill(base);
    }
    let retention_nine_year = scenario
        .city
        .years()
        .map(|year| progression::nine_year_retention(scenario, year))
        .collect();
    Demand { residents, technical, attendance, retention_nine_year }
}
