//! Pupils by residence of a block: the people of [`population`](crate::population), for the ages that schools depend on, and year by
//! year what they ask for.
//!
//! Women up to the last fertile age and boys up to the age of the highest grade; nobody older changes how many children there are.

use crate::axes::{Sex, Stage};
use crate::demand::{Children, Demand};
use crate::population::cohorts::{Ages, Cohorts, Flows, Keeper, PARENTS};
use crate::scenario::Scenario;
use crate::units::Year;

use super::{LANES, Lane, Plan, splat};

/// People, births and pupils by residence of a block: everything that does not depend on schools.
#[derive(Debug, Clone, Default)]
pub struct People {
    cohorts: Cohorts<LANES>,
    pub(super) pupils: Pupils,
}

/// Children and pupils by residence of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Pupils {
    /// Children of both sexes in a year and the one before: `[(year mod 2 · areas + area) · ages + age]`, up to the highest grade.
    children: Vec<Lane>,
    n_ages: usize,
    /// Births of every school year, the whole city.
    births: Vec<Lane>,
    /// Pupils by residence and their attendance.
    pub demand: Demand<LANES>,
    /// What the whole city comes to: `[stage · years + year]`.
    pub whole: Vec<Whole>,
}

/// People and pupils by residence of a stage in a year, the whole city.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    /// Children of the stage's ages.
    pub population: Lane,
    /// Pupils by residence, and with the first of two stages that share a source those of all schools of its ages.
    pub residents: Lane,
    pub upper_secondary: Lane,
    /// Births of the year, told with the first stage.
    pub births: Lane,
}

impl Default for Whole {
    fn default() -> Self {
        let none = splat(0.0);
        Whole { population: none, residents: none, upper_secondary: none, births: none }
    }
}

/// Children of the years at hand.
struct Kept<'a> {
    children: &'a [Lane],
    n_areas: usize,
    n_ages: usize,
}

impl Children<LANES> for Kept<'_> {
    #[inline(always)]
    fn children(&self, year_idx: usize, area: usize, age: usize) -> Lane {
        self.children[(year_idx % 2 * self.n_areas + area) * self.n_ages + age]
    }
}

impl Pupils {
    /// Pupils by residence of a year, whose children must be there, and in the base year the attendance.
    #[inline(always)]
    fn enrol(&mut self, plan: &Plan, scenarios: &[&Scenario], year_idx: usize) {
        let (n_areas, n_years) = (plan.city().areas.len(), plan.city().n_years());
        let children = Kept { children: &self.children, n_areas, n_ages: self.n_ages };
        if year_idx == 0 {
            let catchments = plan.layout.stages.iter().map(|stage| &stage.catchment);
            self.demand.begin(catchments, scenarios, &children);
            self.whole.clear();
            self.whole.resize(plan.city().stages.len() * n_years, Whole::default());
        } else {
            self.demand.one_year(scenarios, &plan.exchanges, &children, year_idx);
        }
        for stage in plan.city().stages.iter() {
            self.whole[stage.idx() * n_years + year_idx] =
                self.whole_city(n_areas, stage, year_idx);
        }
    }

    /// Tells the births of all years with the first stage.
    fn tell_births(&mut self, n_years: usize) {
        for (whole, births) in self.whole[..n_years].iter_mut().zip(&self.births) {
            whole.births = *births;
        }
    }

    /// A stage in a year, the whole city, without its births.
    #[inline(always)]
    fn whole_city(&self, n_areas: usize, stage: Stage, year_idx: usize) -> Whole {
        let none = splat(0.0);
        let (mut population, mut upper_secondary) = (none, none);
        let residents = self.pupils_of(n_areas, year_idx, stage);
        for area in 0..n_areas {
            for age in stage.ages() {
                let children = *self.child(n_areas, year_idx, area, age);
                for l in 0..LANES {
                    population[l] += children[l];
                }
            }
        }
        if let Some(sharer) = stage.sharer() {
            let others = self.pupils_of(n_areas, year_idx, sharer);
            for l in 0..LANES {
                upper_secondary[l] = residents[l] + others[l];
            }
            for technical in &self.demand.technical[year_idx * n_areas..][..n_areas] {
                for l in 0..LANES {
                    upper_secondary[l] += technical[l];
                }
            }
        }
        Whole { population, residents, upper_secondary, births: none }
    }

    /// Pupils by residence of a stage in a year.
    #[inline(always)]
    fn pupils_of(&self, n_areas: usize, year_idx: usize, stage: Stage) -> Lane {
        let (mut all, n_grades) = (splat(0.0), stage.stages().n_grades());
        for area in 0..n_areas {
            for grade in stage.grades() {
                let pupils = self.demand.of_year(year_idx)[area * n_grades + grade];
                for l in 0..LANES {
                    all[l] += pupils[l];
                }
            }
        }
        all
    }

    /// Children of one age in an area, in the year at hand or the one before.
    #[inline(always)]
    fn child(&self, n_areas: usize, year_idx: usize, area: usize, age: usize) -> &Lane {
        &self.children[(year_idx % 2 * n_areas + area) * self.n_ages + age]
    }

    /// Keeps the children of a year.
    #[inline(always)]
    fn keep_children(&mut self, cohorts: &Cohorts<LANES>, year_idx: usize) {
        for area in 0..cohorts.n_areas() {
            let to = (year_idx % 2 * cohorts.n_areas() + area) * self.n_ages;
            let (girls, boys) = (cohorts.of(Sex::Female, area), cohorts.of(Sex::Male, area));
            for age in 0..self.n_ages {
                let (mut both, boys) = (girls[age], boys[age]);
                for l in 0..LANES {
                    both[l] += boys[l];
                }
                self.children[to + age] = both;
            }
        }
    }
}

impl People {
    /// Projects the people of a block, and year by year the pupils by residence. Memory is reused from block to block.
    #[inline(always)]
    pub(super) fn project(&mut self, plan: &Plan, scenarios: &[&Scenario]) {
        let (city, pupils) = (&**plan.city(), &mut self.pupils);
        pupils.n_ages = city.stages.last_age() + 1;
        pupils.children.resize(2 * city.areas.len() * pupils.n_ages, splat(0.0));
        pupils.births.clear();
        // Of men nobody older than pupils counts, but who brings children.
        let bring = scenarios.iter().any(|s| s.vital.children_per_migrant.is_some());
        let n = match bring {
            true => [plan.last_fertile_age + 1, pupils.n_ages].map(|n| n.max(PARENTS.end)),
            false => [plan.last_fertile_age + 1, pupils.n_ages],
        };
        let ages = Ages { n, fertile: plan.first_fertile_age..plan.last_fertile_age + 1 };
        self.cohorts.project(city, scenarios, &ages, &mut Enrolling { plan, scenarios, pupils });
        self.pupils.tell_births(city.n_years());
    }
}

/// Enrols the children of every year.
struct Enrolling<'a> {
    plan: &'a Plan,
    scenarios: &'a [&'a Scenario],
    pupils: &'a mut Pupils,
}

impl Keeper<LANES> for Enrolling<'_> {
    const COUNTS: bool = false;

    #[inline(always)]
    fn people(&mut self, year_idx: usize, cohorts: &Cohorts<LANES>) {
        self.pupils.keep_children(cohorts, year_idx);
        self.pupils.enrol(self.plan, self.scenarios, year_idx);
    }

    #[inline(always)]
    fn flows(&mut self, _: Year, flows: &Flows<LANES>) {
        let mut births = splat(0.0);
        for born in flows.births {
            for l in 0..LANES {
                births[l] += born[l];
            }
        }
        self.pupils.births.push(births);
    }
}
