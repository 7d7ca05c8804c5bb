//! Schools: who goes where, how many classes they form, and what events do to rooms.
//!
//! In: scenarios that differ only in numbers, one a lane; the demand of every year; dated events; a [`Layout`]. Out: what a
//! [`Recorder`] keeps of every year. Method: model section 4. A year is, for every stage: ageing; events; moving; intake;
//! relief. The rules stand here once: a single run has one lane in doubles and keeps a [`History`] of every school, a sweep
//! sixteen lanes in single precision and keeps the stocks of the city (`batch`).
//!
//! Schools of a stage lie pool by pool in arrays of lanes, grades in a ring, so that ageing moves nothing. What every school
//! does every year is done for all lanes at once and without branches; what happens seldom (an entry place missing, a dated
//! event) is done lane by lane. Nothing is allocated for a year without events but what keeps it.

mod age;
mod attend;
pub mod classes;
mod displaced;
mod events;
mod history;
mod intake;
mod layout;
mod place;
mod record;
mod relief;
mod state;
mod tail;
mod tally;
mod thresholds;

use std::sync::Arc;

use crate::axes::{N_STAGES, Stage};
use crate::city::{City, Site};
use crate::demand::Demand;
use crate::event::Event;
use crate::scenario::Scenario;
use crate::units::Year as CalendarYear;
use crate::width::{Lane, Real};

pub use history::{Closure, History, LimitsOf, SchoolYear, Year as KeptYear};
pub use intake::entry_capacity;
pub use layout::{Layout, Slot, StageLayout};
pub use record::{Outcome, Row, Settled, run, run_telling, settle};
pub use state::State;

use events::{Conversion, OutOfUse};
use place::Scratch;
use thresholds::{have_same_thresholds, thresholds};

/// A school year as the rules see it.
pub struct Year<'a, const W: usize> {
    /// The city.
    pub city: &'a City,
    /// One scenario a lane; fewer than lanes at the end of a sweep.
    pub scenarios: &'a [&'a Scenario],
    /// Pupils by residence, `[area · 18 + grade]`.
    pub residents: &'a [Lane<W>],
    /// Calendar year in which it begins.
    pub year: f64,
}

impl<'a, const W: usize> Year<'a, W> {
    /// Lanes in use.
    pub fn n_lanes(&self) -> usize {
        self.scenarios.len().min(W)
    }

    /// Scenario of a lane.
    pub fn scenario(&self, l: usize) -> &'a Scenario {
        self.scenarios[l.min(self.scenarios.len() - 1)]
    }
}

/// What keeps the years of a run.
pub trait Recorder<R, const W: usize> {
    /// Hears of a year when all its stages have been computed.
    fn year(&mut self, layout: &Layout, schools: &Schools<R, W>, year_idx: usize);
}

/// The schools of all stages between two years, with the memory that a year works in; kept from block to block.
#[derive(Debug, Clone)]
pub struct Schools<R, const W: usize> {
    /// By stage.
    pub stages: [State<R, W>; N_STAGES],
    /// Dated events of each lane in their stated order.
    pub events: Vec<Vec<Event>>,
    next_event: [usize; W],
    /// Row of the register that the next new school gets.
    next_row: [usize; W],
    /// Site and stage of the schools that have opened, by lane, in the order of their rows.
    opened: Vec<Vec<(usize, Stage)>>,
    /// Events whose school was not there, by lane: indices into its events.
    pub ignored: Vec<Vec<usize>>,
    /// Schools closed by standing rules, by lane.
    pub closures: Vec<Vec<Closure>>,
    conversions: Vec<Vec<Conversion>>,
    /// Rooms out of use for a time, by lane.
    out_of_use: Vec<Vec<OutOfUse>>,
    /// Years in a row that a closing rule has found a school small: `[rule · base schools + row]`.
    small_years: Vec<[i32; W]>,
    scratch: Scratch,
}

impl<R: Real, const W: usize> Default for Schools<R, W> {
    fn default() -> Self {
        Schools {
            stages: Stage::ALL.map(State::new),
            events: vec![Vec::new(); W],
            next_event: [0; W],
            next_row: [0; W],
            opened: vec![Vec::new(); W],
            ignored: vec![Vec::new(); W],
            closures: vec![Vec::new(); W],
            conversions: vec![Vec::new(); W],
            out_of_use: vec![Vec::new(); W],
            small_years: Vec::new(),
            scratch: Scratch::default(),
        }
    }
}

impl<R: Real, const W: usize> Schools<R, W> {
    /// Runs the schools from the base year to the horizon; the events of every lane stand in [`Schools::events`].
    #[inline(always)]
    pub fn run(
        &mut self,
        layout: &Layout,
        scenarios: &[&Scenario],
        demand: &Demand<W>,
        recorder: &mut impl Recorder<R, W>,
    ) {
        let city = &*layout.city;
        self.begin(layout, scenarios, demand);
        let with_thresholds =
            if have_same_thresholds(scenarios) { &scenarios[..1] } else { scenarios };
        for year_idx in 0..city.n_years() {
            let year = city.base_year + year_idx as CalendarYear;
            let residents = demand.of_year(year_idx);
            let at = Year { city, scenarios, residents, year: f64::from(year) };
            for state in &mut self.stages {
                let mut of_year = thresholds(with_thresholds, state.stage, year);
                of_year.cap(scenarios, state.stage, year);
                state.take_thresholds(of_year, state.stage.n_grades());
                state.year_idx = year_idx;
            }
            match year_idx {
                0 => self.base_year(layout),
                _ => self.one_year(layout, &at),
            }
            recorder.year(layout, self, year_idx);
        }
    }

    /// The base year.
    #[inline(always)]
    fn begin(&mut self, layout: &Layout, scenarios: &[&Scenario], demand: &Demand<W>) {
        for state in &mut self.stages {
            let stage = state.stage.idx();
            state.begin(layout, &layout.stages[stage], scenarios, &demand.attendance[stage]);
        }
        self.next_event = [0; W];
        let n_base = layout.city.schools.len();
        self.next_row = [n_base; W];
        self.ignored.iter_mut().for_each(Vec::clear);
        self.opened.iter_mut().for_each(Vec::clear);
        self.closures.iter_mut().for_each(Vec::clear);
        self.conversions.iter_mut().for_each(Vec::clear);
        self.out_of_use.iter_mut().for_each(Vec::clear);
        self.small_years.clear();
        self.small_years.resize(scenarios[0].rules.closing.len() * n_base, [0; W]);
    }

    #[inline(always)]
    fn base_year(&mut self, layout: &Layout) {
        for state in &mut self.stages {
            state.tally_base_year(layout, &layout.stages[state.stage.idx()]);
        }
    }

    /// One school year of all stages.
    #[inline(always)]
    fn one_year(&mut self, layout: &Layout, at: &Year<'_, W>) {
        for state in &mut self.stages {
            state.age(&layout.tail, &layout.stages[state.stage.idx()], at.residents);
        }
        self.apply_events(layout, at);
        for state in &mut self.stages {
            let places = &layout.stages[state.stage.idx()];
            state.place_displaced(places, at, &mut self.scratch);
            state.admit(&layout.tail, places, at, &mut self.scratch);
            state.relieve(places, at);
            state.recount(&layout.tail, places);
        }
        self.count_small_years(layout, at);
    }
}
