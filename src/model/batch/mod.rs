//! Several draws at a time: the people of a block, and what its schools come to for the whole city.
//!
//! In: a [`Plan`] made once from a scenario whose units have their places, and as many scenarios as there are lanes, which differ
//! from it only in numbers. Out: the stocks of the city by lane, stage and year. Demand and schools are those of
//! [`demand`](crate::demand) and [`schools`](crate::schools), the very code that a single run goes through, with sixteen lanes
//! and schools in single precision (see [`TOLERANCE`]); people are counted here up to the ages that schools depend on.

mod count;
mod people;

pub use count::{Count, Run, Workspace};
pub use people::People;

use std::sync::Arc;

use crate::city::City;
use crate::demand::Exchanges;
use crate::demand::attendance::attendance_bytes;
use crate::event::Event;
use crate::programmes;
use crate::scenario::Scenario;
use crate::schools::Layout;

/// Draws that are computed at a time: two of the widest vectors there are. With eight the loops are unrolled before they become
/// vectors.
pub const LANES: usize = 16;

/// One number of every draw of a block.
pub type Lane = crate::width::Lane<LANES>;

/// The same number in every lane.
#[inline(always)]
fn splat(value: f64) -> Lane {
    crate::width::splat(value)
}

/// How far people, places, classes and rooms of a block may lie from those of a single run, relative to the stock or to the
/// pupils concerned.
///
/// Sums run in another order, which moves the last digits of a number; the number of classes is the same unless a school's
/// intake lies within rounding of a whole number of classes.
pub const TOLERANCE: f64 = 1e-9;

/// The same for what pupils in schools come to: pupils and entrants, gaps, empty seats, oversized classes and the pupils in them,
/// relative to all pupils, seats or classes.
///
/// They are held and added up in single precision, tails of the normal law only as far as they come to 3e-7 of a class. No
/// admission, class or room depends on them, and a share of classes is told to three digits; a clearing year or the year of a
/// peak is another one only where two years or a share and its bound lie as near to one another.
pub const TOLERANCE_OF_COUNTS: f64 = 1e-5;

/// Where every number of a block lies: made once from a scenario, the same for all its draws.
#[derive(Debug, Clone)]
pub struct Plan {
    layout: Layout,
    exchanges: Exchanges,
    /// Ages at which women bear children; the last one is at least that of the oldest children.
    first_fertile_age: usize,
    last_fertile_age: usize,
}

impl Plan {
    /// Lays out a scenario whose units have explicit places.
    pub fn new(scenario: &Scenario) -> Plan {
        // Draws may deliver more than the scenario does.
        let mut whole = scenario.clone();
        whole.programmes.iter_mut().for_each(|programme| programme.delivered_share = 1.0);
        let sites = programmes::sites(&whole);
        let mut events: Vec<Event> = Vec::new();
        programmes::dated(&whole, &mut events);
        let pattern = &scenario.vital.fertility_pattern;
        let fertile = |age: &usize| pattern[*age] > 0.0;
        Plan {
            layout: Layout::new(&scenario.city, &scenario.attendance, &sites, &events, true),
            exchanges: Exchanges::new(scenario),
            first_fertile_age: (0..pattern.len()).find(fertile).unwrap_or(0),
            last_fertile_age: (0..pattern.len())
                .rfind(fertile)
                .unwrap_or(0)
                .max(scenario.city.stages.last_age()),
        }
    }

    /// The city.
    pub fn city(&self) -> &Arc<City> {
        &self.layout.city
    }

    /// Memory that the attendance of a block takes, people's and schools', bytes. It grows with the routes by which pupils may
    /// leave their area.
    pub fn attendance_bytes(&self) -> usize {
        attendance_bytes(self.layout.stages.iter().map(|stage| &stage.catchment), LANES)
    }
}

/// Projects the people of a block and what they ask for: shared by plans that differ only in buildings.
pub fn project(plan: &Plan, scenarios: &[&Scenario], people: &mut People) {
    struct Task<'a>(&'a Plan, &'a [&'a Scenario], &'a mut People);
    impl pulp::NullaryFnOnce for Task<'_> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            let Task(plan, scenarios, people) = self;
            people.project(plan, scenarios);
        }
    }
    pulp::Arch::new().dispatch(Task(plan, scenarios, people));
}

/// Runs the schools of a block.
pub fn run(
    plan: &Plan,
    scenarios: &[&Scenario],
    people: &People,
    workspace: &mut Workspace,
    run: &mut Run,
) {
    struct Task<'a>(&'a Plan, &'a [&'a Scenario], &'a People, &'a mut Workspace, &'a mut Run);
    impl pulp::NullaryFnOnce for Task<'_> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            let Task(plan, scenarios, people, workspace, run) = self;
            workspace.run(plan, scenarios, people, run);
        }
    }
    pulp::Arch::new().dispatch(Task(plan, scenarios, people, workspace, run));
}
