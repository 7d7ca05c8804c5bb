//! Schools: who goes where, how many classes they form, and what events do to rooms.
//!
//! In: a scenario, the demand of every year, sites and dated events. Out: a [`History`] of every school and year.
//! Method: model section 4. A year is, for every stage: ageing; events; moving; intake; relief. Nothing is allocated
//! for a year without events but what keeps it.

mod age;
pub mod attend;
pub mod classes;
mod events;
mod history;
mod intake;
pub mod place;
pub mod register;
mod relief;

use std::sync::Arc;

use crate::axes::{MAX_GRADES, N_STAGES, Stage};
use crate::city::Site;
use crate::demand::Demand;
use crate::event::Event;
use crate::scenario::{Scenario, YearThresholds};
use crate::units::Year;

pub use history::{Closure, History, LimitsOf, SchoolYear, Year as KeptYear};
pub use register::Register;

/// What the school part of a run gives.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Every school and year.
    pub history: History,
    /// The register at the horizon: site, stage, ownership of every row of the history.
    pub register: Register,
    /// Schools closed by standing rules.
    pub closures: Vec<Closure>,
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
    let mut engine = Engine::new(scenario, demand, sites, events);
    engine.weigh();
    engine.record_year();
    told(0, engine.history.keep());
    for year_idx in 1..scenario.city.n_years() {
        engine.begin_year(year_idx);
        engine.one_year();
        engine.record_year();
        told(year_idx, engine.history.keep());
    }
    Outcome {
        history: engine.history,
        register: engine.register,
        closures: engine.closures,
        ignored: engine.ignored,
    }
}

/// The register at the horizon of a run without events of which no year is kept.
pub fn settle(scenario: &Scenario, demand: &Demand, sites: &[Site]) -> Register {
    let mut engine = Engine::new(scenario, demand, sites, &[]);
    engine.weigh();
    for year_idx in 1..scenario.city.n_years() {
        engine.begin_year(year_idx);
        engine.one_year();
    }
    engine.register
}

/// The state of a run between two years, with the memory that a year works in.
pub(crate) struct Engine<'a> {
    scenario: &'a Scenario,
    demand: &'a Demand,
    sites: &'a [Site],
    events: &'a [Event],
    next_event: usize,
    n_base_schools: usize,
    year: Year,
    year_idx: usize,
    thresholds: YearThresholds,
    register: Register,
    rows: [register::StageRows; N_STAGES],
    attending: attend::Attending,
    /// Pupils to be moved: by stage, `[pool · 6 + grade of the stage]`.
    displaced: [Vec<f64>; N_STAGES],
    conversions: Vec<events::Conversion>,
    closures: Vec<Closure>,
    /// Events whose school was not there.
    ignored: Vec<usize>,
    /// Years in a row that a closing rule has found a school small: `[rule · base schools + row]`.
    small_years: Vec<i32>,
    scratch: place::Scratch,
    free_rooms: Vec<f64>,
    places: Vec<f64>,
    pool_pupils: Vec<f64>,
    /// Admission weights by register row.
    weights: Vec<f64>,
    history: History,
}

impl<'a> Engine<'a> {
    fn new(
        scenario: &'a Scenario,
        demand: &'a Demand,
        sites: &'a [Site],
        events: &'a [Event],
    ) -> Self {
        let city = &*scenario.city;
        let n_new = events::n_new_schools(events, sites);
        let register = Register::of_base_year(city, n_new);
        let n_schools = city.schools.len();
        let mut rows: [register::StageRows; N_STAGES] = Default::default();
        for stage in Stage::ALL {
            rows[stage.idx()].rebuild(scenario, &register, stage);
        }
        let mut history = History::new(city.n_years(), &register, city.areas.len());
        let n_pool_grades: usize =
            Stage::ALL.iter().map(|s| city.pools[s.idx()].len() * s.n_grades()).sum();
        history.expected = vec![vec![0.0; n_pool_grades]; city.n_years()];
        Engine {
            scenario,
            demand,
            sites,
            events,
            next_event: 0,
            n_base_schools: n_schools,
            year: city.base_year,
            year_idx: 0,
            thresholds: scenario.thresholds.at(city.base_year),
            register,
            rows,
            attending: attend::Attending::of_base_year(scenario, &demand.attendance),
            displaced: Stage::ALL.map(|s| vec![0.0; city.pools[s.idx()].len() * MAX_GRADES]),
            conversions: Vec::new(),
            closures: Vec::new(),
            ignored: Vec::new(),
            small_years: vec![0; scenario.rules.closing.len() * n_schools],
            scratch: place::Scratch::default(),
            free_rooms: Vec::with_capacity(n_schools + n_new),
            places: Vec::new(),
            pool_pupils: Vec::new(),
            weights: Vec::with_capacity(n_schools + n_new),
            history,
        }
    }

    /// Admission weights of all schools, after their rooms or quality changed.
    fn weigh(&mut self) {
        let choice = &self.scenario.rules.choice;
        self.weights.clear();
        self.weights.extend((0..self.register.len()).map(|row| self.register.weight(row, choice)));
    }

    /// Goes to a year and its thresholds.
    fn begin_year(&mut self, year_idx: usize) {
        self.year_idx = year_idx;
        self.year = self.scenario.city.base_year + year_idx as Year;
        self.thresholds = self.scenario.thresholds.at(self.year);
    }

    /// One school year of all stages.
    fn one_year(&mut self) {
        self.attending.age_one_year();
        for stage in Stage::ALL {
            self.age_stage(stage);
        }
        self.apply_events();
        for stage in Stage::ALL {
            self.place_displaced(stage);
            self.admit(stage);
            self.relieve(stage);
        }
        self.count_small_years();
    }

    /// Keeps the year.
    fn record_year(&mut self) {
        self.history.record(&self.register);
        let backlog = self.backlog_rooms();
        self.history.backlog_rooms.push(backlog);
        let residents = &self.demand.residents[self.year_idx];
        let mut at = 0;
        for stage in Stage::ALL {
            let (n_pools, n_grades) = (self.rows[stage.idx()].n_pools(), stage.n_grades());
            for (g, grade) in stage.grades().enumerate() {
                self.attending.pupils_of_pools(grade, residents, &mut self.pool_pupils);
                for (pool, &pupils) in self.pool_pupils.iter().enumerate() {
                    self.history.expected[self.year_idx][at + pool * n_grades + g] = pupils;
                }
            }
            at += n_pools * n_grades;
            for (g, grade) in stage.grades().enumerate() {
                let matrix = &self.attending.by_grade[grade];
                for area in matrix.senders(matrix.left()) {
                    let share = matrix.share(area, matrix.left());
                    let pupils = share * self.demand.of(self.year_idx, area, grade);
                    if pupils > 0.0 {
                        self.history.add_unplaced(stage, area, pupils, g == 0);
                    }
                }
            }
        }
    }
}
