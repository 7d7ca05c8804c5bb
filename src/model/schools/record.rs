//! A single run: one lane in doubles, with every school and year kept.

use std::sync::Arc;

use crate::city::{Ownership, Site};
use crate::demand::Demand;
use crate::event::Event;
use crate::scenario::Scenario;

use super::history::{Added, Closure, Flows, History, Row, Year as KeptYear};
use super::kernel::{Recorder, Schools};
use super::layout::{Layout, StageLayout};
use super::state::State;

/// What the school part of a run gives.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Every school and year.
    pub history: History,
    /// Every row of the history.
    pub register: Vec<Row>,
    /// Schools closed by standing rules.
    pub closures: Vec<Closure>,
    /// Rooms that the city added of itself, in the order in which they opened.
    pub added: Vec<Added>,
    /// Events that found no school to act on: indices into the events of the run.
    pub ignored: Vec<usize>,
}

/// Runs the schools from the base year to the horizon. `events` are in their stated order (year, kind, site).
pub fn run(scenario: &Scenario, demand: &Demand, sites: &[Site], events: &[Event]) -> Outcome {
    run_telling(scenario, demand, (sites, events), &mut |_, _| {})
}

/// The same; `told` hears of every year as soon as it has been computed.
pub fn run_telling(
    scenario: &Scenario,
    demand: &Demand,
    (sites, events): (&[Site], &[Event]),
    told: &mut dyn FnMut(usize, &Arc<KeptYear>),
) -> Outcome {
    let city = &scenario.city;
    let layout = Layout::new(city, &scenario.attendance, sites, events, false);
    let register = base_register(scenario, sites);
    let mut keeper = Keeper {
        demand,
        history: History::new(city.n_years(), &register, city.stages.len(), city.areas.len()),
        register,
        told,
    };
    let mut schools = one_lane(events);
    schools.run(&layout, &[scenario], demand, (&mut keeper, true));
    Outcome {
        history: keeper.history,
        register: keeper.register,
        closures: std::mem::take(&mut schools.closures[0]),
        added: std::mem::take(&mut schools.added[0]),
        ignored: std::mem::take(&mut schools.ignored[0]),
    }
}

fn one_lane(events: &[Event]) -> Schools<f64, 1> {
    let mut schools = Schools::default();
    schools.events[0] = events.to_vec();
    for state in &mut schools.stages {
        state.counts = false;
    }
    schools
}

fn base_register(scenario: &Scenario, sites: &[Site]) -> Vec<Row> {
    let row = |school: &crate::city::School| Row {
        site: school.site,
        stage: school.stage,
        area: sites[school.site].area,
        is_private: school.ownership == Ownership::Private,
        is_inclusive: school.is_inclusive,
    };
    scenario.city.schools.iter().map(row).collect()
}

/// Pupils, classes and class limits of a school by grade of its stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// Pupils.
    pub pupils: Vec<f64>,
    /// Classes.
    pub classes: Vec<i32>,
    /// Class limits.
    pub limits: Vec<f64>,
}

/// The schools of the register at the horizon of a run without events of which no year is kept.
pub fn settle(scenario: &Scenario, demand: &Demand) -> Vec<Settled> {
    struct Nothing;
    impl Recorder<f64, 1> for Nothing {
        fn stage(&mut self, _: &State<f64, 1>, _: &StageLayout) {}
        fn year(&mut self, _: &Layout, _: &Schools<f64, 1>, _: usize) {}
    }
    let city = &scenario.city;
    let layout = Layout::new(city, &scenario.attendance, &city.sites, &[], false);
    let mut schools = one_lane(&[]);
    schools.run(&layout, &[scenario], demand, (&mut Nothing, false));
    let mut settled = vec![Settled::default(); city.schools.len()];
    for (state, places) in schools.stages.iter().zip(&layout.stages) {
        for (slot, place) in places.slots.iter().enumerate() {
            let Some(row) = place.base else { continue };
            let cells = || (0..state.stage.n_grades()).map(|g| state.cell(g, slot));
            settled[row] = Settled {
                pupils: cells().map(|cell| state.pupils[cell][0]).collect(),
                classes: cells().map(|cell| state.classes[cell][0] as i32).collect(),
                limits: cells().map(|cell| state.limits[cell][0]).collect(),
            };
        }
    }
    settled
}

/// Keeps every school and year.
struct Keeper<'a> {
    demand: &'a Demand,
    history: History,
    register: Vec<Row>,
    told: &'a mut dyn FnMut(usize, &Arc<KeptYear>),
}

impl Recorder<f64, 1> for Keeper<'_> {
    fn stage(&mut self, _: &State<f64, 1>, _: &StageLayout) {}

    fn year(&mut self, layout: &Layout, schools: &Schools<f64, 1>, year_idx: usize) {
        self.add_new_schools(layout, schools);
        self.history.begin_year(&self.register);
        for (state, places) in schools.stages.iter().zip(&layout.stages) {
            for (slot, place) in places.slots.iter().enumerate() {
                if !state.is_open[slot][0] {
                    continue;
                }
                let row = state.row[slot][0] as usize;
                self.register[row].area = place.area;
                let rooms = state.rooms[slot][0] as i32;
                let n_grades = state.stage.n_grades();
                let mixed = state.is_multi_grade(slot, 0).then(|| state.mixed_classes(slot, 0));
                let cells = (0..n_grades).map(|g| {
                    let cell = state.cell(g, slot);
                    let classes = match &mixed {
                        Some(mixed) => i32::from(mixed[g] > 0.0),
                        None => state.classes[cell][0] as i32,
                    };
                    (state.pupils[cell][0], classes, state.limits[cell][0])
                });
                self.history.record(row, place.area, rooms, cells);
            }
        }
        let backlog = schools.backlog_rooms(0);
        self.history.backlog_rooms.push(backlog);
        for stage in 0..layout.stages.len() {
            self.flows(layout, schools, stage, year_idx);
        }
        (self.told)(year_idx, self.history.keep());
    }
}

impl Keeper<'_> {
    /// Rows of the schools that have opened.
    fn add_new_schools(&mut self, layout: &Layout, schools: &Schools<f64, 1>) {
        let n_base = layout.city.schools.len();
        let new = &schools.opened[0][self.register.len() - n_base..];
        self.register.extend(new.iter().filter_map(|&(site, stage)| {
            let slot = layout.home(site, stage)?;
            let area = layout.stages[stage.idx()].slots[slot].area;
            let is_inclusive = stage.is_by_rate();
            Some(Row { site, stage, area, is_private: false, is_inclusive })
        }));
    }

    /// Pupils of the pools, and those above the ceiling and without a place.
    fn flows(&mut self, layout: &Layout, schools: &Schools<f64, 1>, stage: usize, year_idx: usize) {
        let (state, places) = (&schools.stages[stage], &layout.stages[stage]);
        let residents = schools.plan.residents_or(self.demand.of_year(year_idx));
        let n_pools = places.catchment.n_pools;
        let of_area = |grades: &[[f64; 1]]| crate::numeric::sum(grades.iter().map(|n| n[0]));
        let mut flows = Flows {
            stage: state.stage,
            expected: Vec::new(),
            unplaced: Vec::new(),
            residents: state.memory.residents.chunks(state.stage.n_grades()).map(of_area).collect(),
        };
        let mut pools = vec![[0.0]; n_pools];
        let n_grades = state.stage.n_grades();
        flows.expected.resize(n_pools * n_grades, 0.0);
        for (g, grade) in state.stage.grades().enumerate() {
            let ring = state.ring(g);
            state.flows.pupils_of_pools(ring, residents, grade, &mut pools);
            for (pool, pupils) in pools.iter().enumerate() {
                flows.expected[pool * n_grades + g] = pupils[0];
            }
            let pairs = &state.flows.pairs;
            for &at in pairs.of_column(places.catchment.left()) {
                let area = pairs.at(at as usize).area();
                let share = state.flows.shares[ring][at as usize][0];
                let pupils = share * residents[area * state.stage.stages().n_grades() + grade][0];
                if pupils > 0.0 {
                    flows.unplaced.push((area, pupils, g == 0));
                }
            }
        }
        let overflow = if state.any_overflow { state.area_overflow.as_slice() } else { &[] };
        self.history.add_flows(&flows, overflow);
    }
}
