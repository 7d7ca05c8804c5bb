//! A school year as the rules see it: what is the same for all stages.

use crate::city::City;
use crate::scenario::Scenario;
use crate::units::Year as CalendarYear;
use crate::width::Lane;

/// A school year as the rules see it.
pub struct Year<'a, const W: usize> {
    /// The city.
    pub city: &'a City,
    /// One scenario a lane; fewer than lanes at the end of a sweep.
    pub scenarios: &'a [&'a Scenario],
    /// Pupils by residence, `[area · 18 + grade]`.
    pub residents: &'a [Lane<W>],
    /// The same as the demand has them, whatever has been admitted by plan.
    pub expected: &'a [Lane<W>],
    /// Calendar year in which it begins.
    pub year: f64,
}

impl<'a, const W: usize> Year<'a, W> {
    /// Lanes in use.
    pub fn n_lanes(&self) -> usize {
        self.scenarios.len().min(W)
    }

    /// Years since the base year.
    pub fn since_base(&self) -> CalendarYear {
        self.year as CalendarYear - self.city.base_year
    }

    /// Scenario of a lane.
    pub fn scenario(&self, l: usize) -> &'a Scenario {
        self.scenarios[l.min(self.scenarios.len() - 1)]
    }
}
