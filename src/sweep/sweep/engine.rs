//! The engine of a sweep: draws to rows, a block of draws at a time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::batch::{self, LANES, People, Plan, Workspace};
use crate::experiment::design::{self, Design};
use crate::experiment::{DesignSpec, Kind, Sweep};
use crate::indicators;
use crate::input::figures;
use crate::input::sweep::LoadedSweep;
use crate::model;
use crate::scenario::Scenario;

use super::apply::Prepared;
use super::drive;
use super::outcome::{self, CityYears, Outcome};
use super::slow::Slow;
use super::store::{Columns, Part};

/// See the module.
pub struct Engine<'a> {
    loaded: &'a LoadedSweep,
    design: Design,
    scenarios: Vec<Ready>,
    /// The scenarios in the order of being run, those with the same people one after the other: a thread keeps those of one.
    scenario_order: Vec<usize>,
    outcomes: Vec<Outcome>,
    /// What threads have worked in and left for the next part.
    kept: Mutex<Vec<Memory>>,
}

/// One scenario, ready to be run.
struct Ready {
    prepared: Prepared,
    /// How its numbers lie in a block; `None` where its draws are run one by one.
    plan: Option<Plan>,
    /// An earlier scenario with the same people and pupils by residence in every draw.
    people_of: usize,
    /// What keeps it from the speed of a block.
    slow: Vec<Slow>,
}

/// What a thread works in.
#[derive(Default)]
struct Memory {
    people: People,
    workspace: Workspace,
    run: batch::Run,
    years: CityYears,
    /// By scenario, by lane.
    scenarios: Vec<Vec<Scenario>>,
}

/// The design as the modules of designs want it.
///
/// # Errors
/// A design that cannot be, in a sentence.
pub fn design_of(spec: &DesignSpec, n_factors: usize) -> Result<Design, String> {
    let kind = match spec.kind {
        Kind::MonteCarlo => design::Kind::MonteCarlo,
        Kind::LatinHypercube => design::Kind::LatinHypercube,
        Kind::Sobol => design::Kind::Sobol { scramble: spec.scramble },
        Kind::Saltelli => {
            design::Kind::Saltelli { scramble: spec.scramble, second_order: spec.second_order }
        }
        Kind::Morris => {
            design::Kind::Morris { levels: spec.levels as u32, candidates: spec.candidates }
        }
        Kind::Grid => {
            let points = spec.levels_by_factor.iter().map(|&n| design::mid_points(n as u32));
            design::Kind::Grid { points: points.collect() }
        }
        Kind::Table => design::Kind::Table { rows: spec.rows.clone() },
    };
    let (draws, seed, block) = (spec.draws, spec.seed, spec.block);
    Design::new(design::Spec { kind, n_factors, draws, seed, block })
}

/// Most memory that the attendance of one block may take. It is kept for the areas and pools between which pupils go, sixteen
/// numbers a grade; where everybody may go everywhere these are areas times pools.
const MOST_ATTENDANCE_BYTES: usize = 4 << 30;

impl<'a> Engine<'a> {
    /// Prepares the scenarios of a sweep.
    ///
    /// # Errors
    /// A design or an outcome that cannot be, or a factor that a scenario cannot take, in a sentence.
    pub fn new(loaded: &'a LoadedSweep) -> Result<Self, String> {
        let sweep = &loaded.sweep;
        let design = design_of(&sweep.design, sweep.factors.len())?;
        let mut scenarios: Vec<Ready> = Vec::new();
        for (idx, file) in loaded.scenarios.iter().enumerate() {
            let prepared = Prepared::new(sweep, file)?;
            let plan = if sweep.replan {
                Err(Slow::Replan)
            } else {
                let plan = Plan::new(&prepared.base);
                let is_small = plan.attendance_bytes() <= MOST_ATTENDANCE_BYTES;
                if is_small { Ok(plan) } else { Err(Slow::Routes) }
            };
            let is_anew = !prepared.is_direct() && !sweep.replan;
            let slow =
                plan.as_ref().err().copied().into_iter().chain(is_anew.then_some(Slow::Anew));
            let slow = slow.collect();
            let same = |other: &Ready| {
                other.plan.is_some() && plan.is_ok() && prepared.shares_people(&other.prepared)
            };
            let people_of = scenarios.iter().position(same).unwrap_or(idx);
            scenarios.push(Ready { plan: plan.ok(), people_of, slow, prepared });
        }
        let city = &loaded.scenarios.first().ok_or("no scenario")?.scenario.city;
        let of_one_kind = |file: &crate::input::Loaded| {
            let other = &file.scenario.city;
            let years = (other.base_year, other.horizon) == (city.base_year, city.horizon);
            years && std::ptr::eq(other.stages, city.stages)
        };
        if !loaded.scenarios.iter().all(of_one_kind) {
            let message = "the scenarios have not all the same base year, horizon and stages";
            return Err(message.to_string());
        }
        let years = (city.base_year, city.horizon);
        let outcomes = outcome::columns(city.stages, &sweep.outcomes, years)?;
        let mut scenario_order: Vec<usize> = (0..scenarios.len()).collect();
        scenario_order.sort_by_key(|&s| (scenarios[s].people_of, s));
        let kept = Mutex::default();
        Ok(Engine { loaded, design, scenarios, scenario_order, outcomes, kept })
    }

    /// By key of a scenario that has such: what keeps it from the speed of a block.
    pub fn slow(&self) -> BTreeMap<String, Vec<Slow>> {
        let ready = self.loaded.scenarios.iter().zip(&self.scenarios);
        let slow = ready.filter(|(_, ready)| !ready.slow.is_empty());
        slow.map(|(file, ready)| (file.scenario.key.clone(), ready.slow.clone())).collect()
    }

    /// By key of a scenario that has such: the factors that move no number of it.
    pub fn not_in_scenario(&self) -> BTreeMap<String, Vec<String>> {
        let ready = self.loaded.scenarios.iter().zip(&self.scenarios);
        let of = |(file, ready): (&crate::input::Loaded, &Ready)| {
            let lacking = ready.prepared.lacking.iter();
            let keys = lacking.map(|&factor| self.sweep().factors[factor].key.clone());
            (file.scenario.key.clone(), keys.collect::<Vec<String>>())
        };
        ready.map(of).filter(|(_, keys)| !keys.is_empty()).collect()
    }

    fn sweep(&self) -> &Sweep {
        &self.loaded.sweep
    }

    /// Values of the factors in a draw.
    pub fn values(&self, draw: u64, values: &mut [f64]) {
        match self.design.given(draw) {
            Some(row) => values.copy_from_slice(row),
            None => {
                self.design.point(draw, values);
                self.sweep().to_values(values);
            }
        }
    }

    fn memory(&self) -> Memory {
        let base = |ready: &Ready| vec![ready.prepared.base.clone(); LANES];
        Memory { scenarios: self.scenarios.iter().map(base).collect(), ..Memory::default() }
    }

    /// The draws of a part in the order of being run: those with a like spread of class sizes together, because a block looks at
    /// the tail of a law wherever one of its lanes must. No result depends on it.
    fn draw_order(&self, part: &Part) -> Vec<usize> {
        let mut order: Vec<usize> = (0..part.n_draws).collect();
        let is_spread = |path: &String| {
            let mut files = self.loaded.scenarios.iter();
            files.any(|file| file.reads.parts(path).any(|part| part == figures::Part::ClassSpread))
        };
        let mut factors = self.sweep().factors.iter();
        if let Some(spread) = factors.position(|factor| factor.paths.iter().any(is_spread)) {
            let values = &part.factors[spread];
            order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
        }
        order
    }

    /// Runs up to [`LANES`] draws of the part, `block` saying which.
    fn run_block(
        &self,
        memory: &mut Memory,
        block: &[usize],
        values: &[Vec<f64>],
        part: &mut Part,
    ) {
        let n_scenarios = self.scenarios.len();
        for &s in &self.scenario_order {
            let (ready, file) = (&self.scenarios[s], &self.loaded.scenarios[s]);
            let mut lanes_of: Vec<usize> = Vec::with_capacity(LANES);
            for (d, values) in values.iter().enumerate() {
                let scenario = &mut memory.scenarios[s][d];
                match ready.prepared.put((self.sweep(), file), values, scenario) {
                    Ok(()) => lanes_of.push(d),
                    Err(reason) => part.failed.push((block[d] * n_scenarios + s, reason)),
                }
            }
            self.run_scenario(memory, s, (block, &lanes_of), part);
        }
    }

    /// Runs one scenario of a block; rows of lanes that are not among `fine` stay empty.
    fn run_scenario(
        &self,
        memory: &mut Memory,
        s: usize,
        (draws, fine): (&[usize], &[usize]),
        part: &mut Part,
    ) {
        let ready = &self.scenarios[s];
        let n_scenarios = self.scenarios.len();
        let Memory { people, workspace, run, years, scenarios } = memory;
        let block: Vec<&Scenario> = scenarios[s][..draws.len()].iter().collect();
        if let Some(plan) = ready.plan.as_ref().filter(|_| !fine.is_empty()) {
            if ready.people_of == s {
                batch::project(plan, &block, people);
            }
            batch::run(plan, &block, people, workspace, run);
        }
        for &d in fine {
            if ready.plan.is_some() {
                years.take_lane(&ready.prepared.base.city, run, d);
            } else {
                let scenario = block[d];
                let alone = model::run(scenario);
                years.take_table(scenario, &indicators::table(scenario, &alone));
            }
            let row = draws[d] * n_scenarios + s;
            for (outcome, column) in self.outcomes.iter().zip(&mut part.outcomes) {
                column[row] = years.value(outcome, block[d]);
            }
        }
    }
}

impl drive::Engine for Engine<'_> {
    fn n_draws(&self) -> u64 {
        self.design.n_points()
    }

    fn columns(&self) -> Columns {
        Columns {
            scenarios: self.loaded.scenarios.iter().map(|s| s.scenario.key.clone()).collect(),
            factors: self.sweep().factors.iter().map(|factor| factor.key.clone()).collect(),
            outcomes: self.outcomes.iter().map(|outcome| outcome.name.clone()).collect(),
        }
    }

    fn run_part(&self, draws: Range<u64>, cancel: &AtomicBool) -> Part {
        let n_draws = (draws.end - draws.start) as usize;
        let n_factors = self.sweep().factors.len();
        let n_rows = n_draws * self.scenarios.len();
        let mut part = Part {
            first_draw: draws.start,
            n_draws,
            factors: vec![vec![0.0; n_draws]; n_factors],
            outcomes: vec![vec![f64::NAN; n_rows]; self.outcomes.len()],
            failed: Vec::new(),
        };
        let mut row = vec![0.0; n_factors];
        for d in 0..n_draws {
            self.values(draws.start + d as u64, &mut row);
            for (factor, &value) in part.factors.iter_mut().zip(&row) {
                factor[d] = value;
            }
        }
        let kept = self.kept.lock().ok().and_then(|mut kept| kept.pop());
        let mut memory = kept.unwrap_or_else(|| self.memory());
        for block in self.draw_order(&part).chunks(LANES) {
            if cancel.load(Ordering::Relaxed) {
                return part;
            }
            let of_draw = |&d: &usize| part.factors.iter().map(|factor| factor[d]).collect();
            let values: Vec<Vec<f64>> = block.iter().map(of_draw).collect();
            self.run_block(&mut memory, block, &values, &mut part);
        }
        if let Ok(mut kept) = self.kept.lock() {
            kept.push(memory);
        }
        part.failed.sort_by_key(|(row, _)| *row);
        part
    }
}
