//! Demand: how many pupils of each grade live in each area, and the shares in which they attend.
//!
//! In: scenarios that differ only in numbers, one a lane, and their children. Out: residents in school by area and grade for
//! every year, which do not depend on any school, and the attendance of the base year. Method: model section 3; or, as a plain
//! rival of it, pure grade progression ([`grade_progression`]), which of the population uses the base year alone.

pub mod attendance;
pub mod catchment;
mod exchange;
pub mod grade_progression;
pub mod pairs;
mod progression;

use crate::axes::Stage;
use crate::population::Projection;
use crate::scenario::{DemandMode, Scenario};
use crate::units::Year;
use crate::width::{Lane, splat};

pub use attendance::Attendance;
pub use catchment::{Catchment, catchments};
pub use exchange::Exchanges;

/// Children by year, area and single age, both sexes: what demand needs of the people.
pub trait Children<const W: usize> {
    /// Children of one age in an area in a year of the run.
    fn children(&self, year_idx: usize, area: usize, age: usize) -> Lane<W>;
}

impl Children<1> for Projection {
    fn children(&self, year_idx: usize, area: usize, age: usize) -> Lane<1> {
        [Projection::children(self, year_idx, area, age)]
    }
}

/// Pupils by residence for a whole run, a number a lane.
#[derive(Debug, Clone)]
pub struct Demand<const W: usize = 1> {
    n_areas: usize,
    /// Grades of all stages.
    n_grades: usize,
    /// Pupils who live in an area: `[(year · areas + area) · grades + grade]`.
    pub residents: Vec<Lane<W>>,
    /// Pupils of technical schools (技工学校) who live in an area: `[year · areas + area]`. They are in the gross rate of upper
    /// secondary education and in no school of the register.
    pub technical: Vec<Lane<W>>,
    /// By stage: attendance of the pupils of the base year, and the shares that later entrants start from.
    pub attendance: Vec<Attendance<W>>,
    /// Retention of compulsory schooling of the cohort in its highest grade: `[year]`, the product of its yearly retentions; of a single
    /// run, empty in a block.
    pub retention_nine_year: Vec<f64>,
}

impl<const W: usize> Default for Demand<W> {
    fn default() -> Self {
        Demand::empty(0, 0)
    }
}

impl<const W: usize> Demand<W> {
    /// Nobody yet, in a city of so many areas and grades.
    pub fn empty(n_areas: usize, n_grades: usize) -> Self {
        Demand {
            n_areas,
            n_grades,
            residents: Vec::new(),
            technical: Vec::new(),
            attendance: Vec::new(),
            retention_nine_year: Vec::new(),
        }
    }

    /// Pupils of a year, `[area · grades + grade]`.
    #[inline(always)]
    pub fn of_year(&self, year_idx: usize) -> &[Lane<W>] {
        let of_year = self.n_areas * self.n_grades;
        &self.residents[year_idx * of_year..][..of_year]
    }

    /// Pupils of the base year and their attendance; memory is reused.
    #[inline(always)]
    pub fn begin<'a>(
        &mut self,
        catchments: impl Iterator<Item = &'a Catchment>,
        scenarios: &[&Scenario],
        children: &impl Children<W>,
    ) {
        let city = &*scenarios[0].city;
        (self.n_areas, self.n_grades) = (city.areas.len(), city.stages.n_grades());
        self.residents.clear();
        self.residents.resize(city.n_years() * self.n_areas * self.n_grades, splat(0.0));
        self.technical.clear();
        self.technical.resize(city.n_years() * self.n_areas, splat(0.0));
        self.attendance.resize_with(city.stages.len(), Attendance::default);
        for catchment in catchments {
            let attendance = &mut self.attendance[catchment.stage.idx()];
            attendance.begin(catchment, scenarios, children, &mut self.residents);
        }
        self.technical_schools(scenarios, children, 0);
    }

    /// Pupils by residence of a year after the base year, whose children must be known.
    #[inline(always)]
    pub fn one_year(
        &mut self,
        scenarios: &[&Scenario],
        exchanges: &Exchanges,
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        match scenarios[0].enrolment.mode {
            DemandMode::Cohort => {
                let stages = scenarios[0].city.stages;
                for stage in stages.iter().filter(|stage| stage.is_by_rate()) {
                    self.by_rate(scenarios, children, stage, year_idx);
                }
                self.cohorts(scenarios, exchanges, children, year_idx);
                self.technical_schools(scenarios, children, year_idx);
            }
            DemandMode::GradeProgression => self.by_ratios(scenarios, year_idx),
        }
    }
}

impl Demand<1> {
    /// Pupils of one grade who live in an area.
    pub fn of(&self, year_idx: usize, area_idx: usize, grade: usize) -> f64 {
        self.residents[(year_idx * self.n_areas + area_idx) * self.n_grades + grade][0]
    }

    /// Pupils of a stage who live in an area.
    pub fn of_stage(&self, year_idx: usize, area_idx: usize, stage: Stage) -> f64 {
        crate::numeric::sum(stage.grades().map(|grade| self.of(year_idx, area_idx, grade)))
    }

    /// Pupils of technical schools who live in an area.
    pub fn of_technical(&self, year_idx: usize, area_idx: usize) -> f64 {
        self.technical[year_idx * self.n_areas + area_idx][0]
    }
}

/// Projects the demand of every year of a run from the register of the base year and the population, in the scenario's mode.
pub fn project(scenario: &Scenario, population: &Projection) -> Demand {
    let catchments = catchments(&scenario.city, &scenario.attendance);
    let exchanges = Exchanges::new(scenario);
    let mut demand = Demand::empty(scenario.city.areas.len(), scenario.city.stages.n_grades());
    demand.begin(catchments.iter(), &[scenario], population);
    for year_idx in 1..scenario.city.n_years() {
        demand.one_year(&[scenario], &exchanges, population, year_idx);
    }
    let retention = |year: Year| progression::compulsory_retention(scenario, year);
    demand.retention_nine_year = scenario.city.years().map(retention).collect();
    demand
}
