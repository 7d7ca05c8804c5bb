//! The schools of all stages from year to year: the order in which the rules act.

use std::ops::Range;

use crate::axes::Stage;
use crate::demand::Demand;
use crate::event::{Event, EventKind};
use crate::scenario::Scenario;
use crate::units::Year as CalendarYear;
use crate::width::Real;

use super::additions::Credit;
use super::admission::Plan;
use super::history::{Added, Closure};
use super::layout::{Layout, StageLayout};
use super::place::Scratch;
use super::rooms::{Conversion, OutOfUse};
use super::state::State;
use super::thresholds::have_same_thresholds;
use super::year::Year;

/// What keeps the years of a run.
pub trait Recorder<R, const W: usize> {
    /// Hears of a stage when a year of it has been computed.
    fn stage(&mut self, state: &State<R, W>, places: &StageLayout);

    /// Hears of a year when all its stages have been computed, if they are computed year by year.
    fn year(&mut self, layout: &Layout, schools: &Schools<R, W>, year_idx: usize);
}

/// The schools of all stages between two years, with the memory that a year works in; kept from block to block.
#[derive(Debug, Clone)]
pub struct Schools<R, const W: usize> {
    /// By stage.
    pub stages: Vec<State<R, W>>,
    /// Dated events of each lane in their stated order.
    pub events: Vec<Vec<Event>>,
    pub(super) next_event: [usize; W],
    /// Row of the register that the next new school gets: by lane, as all events before it in order have opened theirs.
    pub(super) next_row: [usize; W],
    /// Site and stage of the schools that have opened, by lane, in the order of their rows.
    pub(super) opened: Vec<Vec<(usize, Stage)>>,
    /// Events whose school was not there, by lane: indices into its events.
    pub ignored: Vec<Vec<usize>>,
    /// Schools closed by standing rules, by lane.
    pub closures: Vec<Vec<Closure>>,
    /// Rooms that the city added of itself, by lane.
    pub added: Vec<Vec<Added>>,
    /// Rooms of programmes, which come off additions, by lane.
    pub(super) credits: Vec<Vec<Credit>>,
    /// Admission by plan.
    pub(super) plan: Plan<W>,
    pub(super) conversions: Vec<Vec<Conversion>>,
    /// Rooms out of use for a time, by lane.
    pub(super) out_of_use: Vec<Vec<OutOfUse>>,
    /// Whether the thresholds of all lanes are those of the first.
    same_thresholds: bool,
    pub(super) scratch: Scratch,
}

impl<R: Real, const W: usize> Default for Schools<R, W> {
    fn default() -> Self {
        Schools {
            stages: Vec::new(),
            events: vec![Vec::new(); W],
            next_event: [0; W],
            next_row: [0; W],
            opened: vec![Vec::new(); W],
            ignored: vec![Vec::new(); W],
            closures: vec![Vec::new(); W],
            added: vec![Vec::new(); W],
            credits: vec![Vec::new(); W],
            plan: Plan::default(),
            conversions: vec![Vec::new(); W],
            out_of_use: vec![Vec::new(); W],
            same_thresholds: false,
            scratch: Scratch::default(),
        }
    }
}

impl<R: Real, const W: usize> Schools<R, W> {
    /// Runs the schools from the base year to the horizon; the events of every lane stand in [`Schools::events`].
    ///
    /// Stages know of one another only by conversions, and by the numbers of schools that open. Where a recorder asks for no whole
    /// years and nothing is converted, a stage runs through all its years before the next one: its state stays near the processor.
    #[inline(always)]
    pub fn run(
        &mut self,
        layout: &Layout,
        scenarios: &[&Scenario],
        demand: &Demand<W>,
        (recorder, by_years): (&mut impl Recorder<R, W>, bool),
    ) {
        let city = &*layout.city;
        self.begin(layout, scenarios, demand);
        let together = by_years || !self.are_independent(layout, scenarios.len().min(W));
        let n_stages = self.stages.len();
        for first in 0..if together { 1 } else { n_stages } {
            let stages = if together { 0..n_stages } else { first..first + 1 };
            self.next_event = [0; W];
            self.next_row = [city.schools.len(); W];
            for year_idx in 0..city.n_years() {
                self.run_year(layout, scenarios, demand, stages.clone(), year_idx);
                for stage in stages.clone() {
                    recorder.stage(&self.stages[stage], &layout.stages[stage]);
                }
                if together {
                    recorder.year(layout, self, year_idx);
                }
            }
        }
    }

    /// Runs a year of some stages. All that every school does every year is put into the caller, so that it is compiled for the
    /// vectors that the machine has.
    #[inline(always)]
    fn run_year(
        &mut self,
        layout: &Layout,
        scenarios: &[&Scenario],
        demand: &Demand<W>,
        stages: Range<usize>,
        year_idx: usize,
    ) {
        let city = &*layout.city;
        let year = city.base_year + year_idx as CalendarYear;
        let expected = demand.of_year(year_idx);
        let mut plan = std::mem::take(&mut self.plan);
        if plan.is_on {
            plan.take_residents(layout, expected, year_idx);
        }
        let with_thresholds = if self.same_thresholds { &scenarios[..1] } else { scenarios };
        for state in &mut self.stages[stages.clone()] {
            state.take_thresholds((with_thresholds, scenarios), year);
            state.turn(year_idx);
        }
        let year = f64::from(year);
        if year_idx == 0 {
            self.base_year(layout, stages);
            if let (true, Some([first, _])) = (plan.is_on, city.stages.pair()) {
                plan.take_base_year(layout, scenarios, &self.stages[first.idx()], expected);
            }
        } else {
            let residents = plan.residents_or(expected);
            let at = Year { city, scenarios, residents, expected, year };
            self.begin_year(layout, stages.clone(), &at);
            if plan.is_on {
                plan.admit(layout, scenarios, &mut self.stages, year_idx);
            }
            let residents = plan.residents_or(expected);
            let at = Year { city, scenarios, residents, expected, year };
            self.end_year(layout, stages, &at);
        }
        if plan.is_on {
            plan.tell(layout, &mut self.stages);
        }
        self.plan = plan;
    }

    /// Whether stages may run one after the other: nobody is admitted by plan, nothing is converted, and every school that opens stands on a new site, so that
    /// its number follows from the order of events alone.
    fn are_independent(&self, layout: &Layout, n_lanes: usize) -> bool {
        let n_sites = layout.city.sites.len();
        !self.plan.is_on
            && self.events[..n_lanes].iter().flatten().all(|event| match event.kind {
                EventKind::Convert { .. } => false,
                EventKind::Open { .. } => event.site >= n_sites,
                _ => true,
            })
    }

    /// The base year.
    #[inline(always)]
    fn begin(&mut self, layout: &Layout, scenarios: &[&Scenario], demand: &Demand<W>) {
        let stages = layout.city.stages;
        if !self.stages.iter().map(|state| state.stage).eq(stages.iter()) {
            self.stages = stages.map(State::new);
        }
        for state in &mut self.stages {
            let stage = state.stage.idx();
            state.begin(layout, &layout.stages[stage], scenarios, &demand.attendance[stage]);
        }
        self.begin_additions(scenarios);
        self.plan.begin(layout, scenarios);
        self.same_thresholds = have_same_thresholds(scenarios);
        self.ignored.iter_mut().for_each(Vec::clear);
        self.opened.iter_mut().for_each(Vec::clear);
        self.closures.iter_mut().for_each(Vec::clear);
        self.conversions.iter_mut().for_each(Vec::clear);
        self.out_of_use.iter_mut().for_each(Vec::clear);
    }

    #[inline(always)]
    fn base_year(&mut self, layout: &Layout, stages: Range<usize>) {
        for state in &mut self.stages[stages] {
            state.tally_base_year(layout, &layout.stages[state.stage.idx()]);
        }
    }

    /// A school year of some stages up to admission.
    #[inline(always)]
    fn begin_year(&mut self, layout: &Layout, stages: Range<usize>, at: &Year<'_, W>) {
        for state in &mut self.stages[stages.clone()] {
            state.counts_late = state.counts && state.is_relieved(at);
            state.remember_pupils(at);
            state.fade_choice(at);
            state.age(&layout.tail, &layout.stages[state.stage.idx()], at.residents);
        }
        self.apply_events(layout, stages.clone(), at);
        self.add_rooms(layout, stages.clone(), at);
        for state in &mut self.stages[stages] {
            let places = &layout.stages[state.stage.idx()];
            state.share_entrants(places, at);
            state.place_displaced(places, at, &mut self.scratch);
        }
    }

    /// Admission and what comes after it.
    #[inline(always)]
    fn end_year(&mut self, layout: &Layout, stages: Range<usize>, at: &Year<'_, W>) {
        for state in &mut self.stages[stages.clone()] {
            let places = &layout.stages[state.stage.idx()];
            state.admit(&layout.tail, places, at, &mut self.scratch);
            state.relieve(places, at);
            state.recount(&layout.tail, places);
        }
        self.count_small_years(layout, stages, at);
    }
}
