//! Draws of a start: every figure with a range at a quantile of its own, children and estimated rates as calibration leaves
//! them open, one run a draw.
//!
//! Draw `i` is a pure function of the seed, `i` and the path of each figure, so it does not depend on how many draws there are,
//! on their order or on threads.

use std::io::{IsTerminal, stderr};

use crate::calibrate::posterior::Posterior;
use crate::indicators;
use crate::input::Loaded;
use crate::input::ranges::{Uncertain, uncertain};
use crate::model;
use crate::numeric::quantile;
use crate::observed::{self, Quantity};
use crate::parallel;
use crate::random;
use crate::scenario::Scenario;
use crate::sweep::moved::shifted;

/// Values by quantity, then year from the base year.
pub(super) type Values = Vec<Vec<Option<f64>>>;

/// 10th and 90th percentile by year from the base year.
type Interval = (Vec<Option<f64>>, Vec<Option<f64>>);

/// What is to be drawn.
pub(super) struct Wanted<'a> {
    /// Draws.
    pub(super) n: u32,
    /// Seed.
    pub(super) seed: u64,
    /// What is kept of each run.
    pub(super) quantities: &'a [Quantity],
}

/// All draws of a start.
pub(super) struct Drawn {
    /// Figures that were drawn.
    pub(super) factors: Vec<Uncertain>,
    /// Draws that the rules of the input refuse.
    pub(super) n_refused: usize,
    /// Of the others, in order.
    values: Vec<Values>,
}

/// The quantities of a run of a scenario.
pub(super) fn values(scenario: &Scenario, quantities: &[Quantity]) -> Values {
    let run = model::run(scenario);
    let table = indicators::table(scenario, &run);
    let of = |&quantity: &Quantity| {
        let years = scenario.city.years();
        years.map(|year| observed::value(scenario, (&run, &table), quantity, year)).collect()
    };
    quantities.iter().map(of).collect()
}

/// Runs all draws.
pub(super) fn run(
    loaded: &Loaded,
    wanted: &Wanted,
    posterior: Option<&Posterior>,
    told: impl Fn(usize) + Sync + Send,
) -> Drawn {
    let mut factors = uncertain(loaded);
    // What calibration estimated is drawn together with the children, and not a second time from its range.
    if let Some(posterior) = posterior {
        factors.retain(|factor| !posterior.figures().contains(&factor.path));
    }
    let draws: Vec<usize> = (0..wanted.n as usize).collect();
    let one = |&draw: &usize| {
        let shifts: Vec<(&str, f64)> = factors
            .iter()
            .map(|f| (f.path.as_str(), random::uniform(wanted.seed, &format!("{draw}/{}", f.path))))
            .collect();
        let mut scenario = shifted(loaded, &shifts).ok()?;
        if let Some(posterior) = posterior {
            posterior.draw(wanted.seed, draw as u64).put_into(&mut scenario);
        }
        Some(values(&scenario, wanted.quantities))
    };
    let all = parallel::map_telling(&draws, one, told);
    let n_refused = all.iter().filter(|draw| draw.is_none()).count();
    Drawn { factors, n_refused, values: all.into_iter().flatten().collect() }
}

impl Drawn {
    /// 10th and 90th percentile of every quantity by year.
    pub(super) fn intervals(&self, n_quantities: usize, n_years: usize) -> Vec<Interval> {
        let at = |quantity: usize, year: usize| -> Vec<f64> {
            let draws = self.values.iter();
            let values = draws.filter_map(|draw| draw.get(quantity)?.get(year).copied().flatten());
            let mut sorted: Vec<f64> = values.collect();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        (0..n_quantities)
            .map(|quantity| {
                let sorted: Vec<Vec<f64>> = (0..n_years).map(|y| at(quantity, y)).collect();
                let of = |p: f64| sorted.iter().map(|values| quantile(values, p)).collect();
                (of(0.1), of(0.9))
            })
            .collect()
    }
}

/// Says on a terminal how many draws are done.
pub(super) fn progress(name: &str, n: u32, shows: bool) -> impl Fn(usize) + Sync + Send {
    let shows = shows && stderr().is_terminal();
    let name = name.to_string();
    move |done| {
        if shows {
            eprint!("\r{name}: {done}/{n}");
            if done == n as usize {
                eprintln!();
            }
        }
    }
}
