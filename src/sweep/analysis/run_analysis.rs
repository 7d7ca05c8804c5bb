//! The analysis of a sweep: every outcome asked for, in every scenario, and the scenarios against each other.
//!
//! In: the draws, what is asked, and a way to read the columns of outcomes a few at a time (a million draws of all outcomes of all years would fill
//! the memory). Out: plain results for tables and charts, in the order of what was asked.

use super::bands::{Band, ShareOfDraws, band, cleared_by, share};
use super::case::{Condition, Relation};
use super::dominance::{self, Pair};
use super::draws::{Draws, LeftOut, Outcome, gather, is_clearing_year, only_round, yearly};
use super::regret::{Better, Regret, regrets};
use super::study::{self, Discovery, Sensitivity, Settings};
use crate::indicators::clearing::cleared_from;
use crate::units::Year;

/// Probabilities of the bands.
pub const PROBABILITIES: [f64; 7] = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95];

/// Outcomes read at once: every reading compares all parts with their checksums, and all that is read stays in memory.
const AT_ONCE: usize = 8;

/// What is asked of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Columns that are studied.
    pub outcomes: Vec<String>,
    /// Yearly outcomes without their year, for bands.
    pub yearly: Vec<String>,
    /// All columns of the sweep's outcomes.
    pub columns: Vec<String>,
    /// Positions of the scenarios.
    pub scenarios: Vec<usize>,
    /// Futures of interest. Where none is named: a clearing year after the plan's end, if some futures are such and some not;
    /// else the worse half of the draws.
    pub cases: Vec<Condition>,
    /// Last year of the plan, where it is known.
    pub plan_end: Option<Year>,
    /// Conditions whose shares of draws are told.
    pub bounds: Vec<Condition>,
    /// Outcomes of which high values are better; of all others low ones.
    pub high: Vec<String>,
    /// Yearly shares of oversized classes count as gone from the year from which they stay at or below this.
    pub cleared_at: Option<f64>,
    /// How.
    pub settings: Settings,
}

/// One outcome of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Studied {
    /// Name of the outcome.
    pub outcome: String,
    /// Position of the scenario.
    pub scenario: usize,
    /// Mean and quantiles; none without draws.
    pub band: Option<Band>,
    /// Draws that were not used.
    pub left_out: LeftOut,
    /// The year that stands for never.
    pub never: Option<Year>,
    /// Sensitivity to every factor.
    pub sensitivity: Sensitivity,
    /// Boxes and rules, one a condition.
    pub discoveries: Vec<Discovery>,
}

/// One outcome of all scenarios over the draws that all of them have.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Name of the outcome.
    pub outcome: String,
    /// Which values are better.
    pub better: Better,
    /// Draws that all scenarios have.
    pub n_draws: usize,
    /// Draws that were not used.
    pub left_out: LeftOut,
    /// By scenario asked for.
    pub regrets: Vec<Regret>,
    /// Positions are those among the scenarios asked for.
    pub pairs: Vec<Pair>,
}

/// How often a condition is met.
#[derive(Debug, Clone, PartialEq)]
pub struct Satisfied {
    /// The condition.
    pub condition: Condition,
    /// By scenario asked for; none without draws.
    pub shares: Vec<Option<ShareOfDraws>>,
}

/// Quantiles of a yearly outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct YearBand {
    /// Name of the outcome without the year.
    pub outcome: String,
    /// Position of the scenario.
    pub scenario: usize,
    /// Year.
    pub year: Year,
    /// Quantiles at [`PROBABILITIES`].
    pub band: Band,
}

/// The share of futures in which oversized classes are gone, by year.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleared {
    /// The outcome that says so.
    pub outcome: String,
    /// Position of the scenario.
    pub scenario: usize,
    /// Years.
    pub years: Vec<Year>,
    /// By year.
    pub shares: Vec<ShareOfDraws>,
}

impl Cleared {
    /// The first year in which the share is at least this.
    pub fn reached(&self, share: f64) -> Option<Year> {
        self.shares.iter().position(|s| s.share >= share).map(|place| self.years[place])
    }
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysed {
    /// Outcome by outcome, in it scenario by scenario.
    pub studied: Vec<Studied>,
    /// By outcome; empty with one scenario.
    pub compared: Vec<Compared>,
    /// By condition.
    pub satisfied: Vec<Satisfied>,
    /// By outcome, scenario and year.
    pub bands: Vec<YearBand>,
    /// By outcome and scenario.
    pub cleared: Vec<Cleared>,
}

/// Analyses a sweep. `read` gives outcomes by the names of their columns; `told` hears how many of the given number of outcomes are done.
///
/// # Errors
/// Those of `read`.
pub fn analyse<E>(
    draws: &Draws,
    asked: &Asked,
    mut read: impl FnMut(&[String]) -> Result<Vec<Outcome>, E>,
    mut told: impl FnMut(usize, usize),
) -> Result<Analysed, E> {
    let mut all = Analysed::default();
    let n_outcomes = asked.outcomes.len() + asked.yearly.len();
    let mut n_done = 0;
    for names in asked.outcomes.chunks(AT_ONCE) {
        for outcome in read(names)? {
            study_outcome(draws, asked, outcome, &mut all);
            n_done += 1;
            told(n_done, n_outcomes);
        }
    }
    for condition in &asked.bounds {
        for mut outcome in read(std::slice::from_ref(&condition.outcome))? {
            prepare(draws, &mut outcome);
            let shares = asked.scenarios.iter().map(|&s| {
                let sample = draws.sample(&outcome, &[s]);
                let values = gather(&outcome.values[s], &sample.draws);
                let n = values.iter().filter(|v| condition.holds(**v)).count();
                share(n, values.len(), asked.settings.level)
            });
            let shares = shares.collect();
            all.satisfied.push(Satisfied { condition: condition.clone(), shares });
        }
    }
    for base in &asked.yearly {
        let columns = years_of(&asked.columns, base);
        let names: Vec<String> = columns.iter().map(|(_, name)| name.to_string()).collect();
        let years: Vec<Year> = columns.iter().map(|(year, _)| *year).collect();
        let outcomes = read(&names)?;
        over_years(draws, asked, base, &years, &outcomes, &mut all);
        n_done += 1;
        told(n_done, n_outcomes);
    }
    Ok(all)
}

/// Columns of a yearly outcome with their years, ascending.
fn years_of<'a>(columns: &'a [String], base: &str) -> Vec<(Year, &'a str)> {
    let of_base = |name: &'a String| {
        let (own, year) = yearly(name)?;
        (own == base).then_some((year, name.as_str()))
    };
    let mut years: Vec<(Year, &str)> = columns.iter().filter_map(of_base).collect();
    years.sort_unstable();
    years
}

fn prepare(draws: &Draws, outcome: &mut Outcome) -> Option<Year> {
    if is_clearing_year(&outcome.name) { draws.fill_never(outcome) } else { None }
}

fn study_outcome(draws: &Draws, asked: &Asked, mut outcome: Outcome, all: &mut Analysed) {
    let is_high = asked.high.iter().any(|name| {
        *name == outcome.name || yearly(&outcome.name).is_some_and(|(base, _)| base == name)
    });
    let better = if is_high { Better::High } else { Better::Low };
    let never = prepare(draws, &mut outcome);
    for &scenario in &asked.scenarios {
        let sample = draws.sample(&outcome, &[scenario]);
        let values = gather(&outcome.values[scenario], &sample.draws);
        let mut conditions: Vec<Condition> =
            asked.cases.iter().filter(|case| case.outcome == outcome.name).cloned().collect();
        if asked.cases.is_empty() {
            let late = late(asked.plan_end.filter(|_| never.is_some()), &outcome.name, &values);
            // Of draws that differ by rounding alone none is worse.
            let half = || Condition::worse_half(&outcome.name, &values, better);
            conditions.extend(late.or_else(|| (!only_round(&values)).then(half).flatten()));
        }
        let discover = |condition| {
            study::discovery(draws, &outcome, scenario, &sample, condition, &asked.settings)
        };
        let discoveries = conditions.into_iter().map(discover).collect();
        all.studied.push(Studied {
            outcome: outcome.name.clone(),
            scenario,
            band: band(&values, &PROBABILITIES),
            left_out: sample.left_out,
            never,
            sensitivity: study::sensitivity(draws, &outcome, scenario, &sample, &asked.settings),
            discoveries,
        });
    }
    if let Some(never) = never {
        clear(draws, asked, &outcome, never, all);
    }
    if asked.scenarios.len() > 1 {
        let sample = draws.sample(&outcome, &asked.scenarios);
        let values: Vec<Vec<f64>> =
            asked.scenarios.iter().map(|&s| gather(&outcome.values[s], &sample.draws)).collect();
        all.compared.push(Compared {
            outcome: outcome.name.clone(),
            better,
            n_draws: sample.draws.len(),
            left_out: sample.left_out,
            regrets: regrets(&values, better),
            pairs: dominance::pairs(&values, better),
        });
    }
}

/// Least share of the draws on either side of the plan's end that is worth a search for boxes.
const WORTH: f64 = 0.05;

/// Clearing after the plan's end or never, where some draws are such and some not.
fn late(plan_end: Option<Year>, outcome: &str, values: &[f64]) -> Option<Condition> {
    let bound = f64::from(plan_end?);
    let outcome = outcome.to_string();
    let late = Condition { outcome, relation: Relation::Above, bound };
    let n = values.iter().filter(|value| late.holds(**value)).count() as f64;
    let share = n / values.len() as f64;
    (WORTH..=1.0 - WORTH).contains(&share).then_some(late)
}

/// The shares cleared by year, from an outcome that is the year of clearing.
fn clear(draws: &Draws, asked: &Asked, outcome: &Outcome, never: Year, all: &mut Analysed) {
    let yearly_years = asked.columns.iter().filter_map(|name| Some(yearly(name)?.1));
    let found = outcome.values.iter().flatten().filter(|v| v.is_finite()).map(|v| *v as Year);
    let Some(first) = yearly_years.min().or(found.min()) else { return };
    let years: Vec<Year> = (first..never).collect();
    for &scenario in &asked.scenarios {
        let sample = draws.sample(outcome, &[scenario]);
        let year = |v: f64| (v < f64::from(never)).then_some(v as Year);
        let clearing: Vec<Option<Year>> =
            gather(&outcome.values[scenario], &sample.draws).into_iter().map(year).collect();
        put_cleared(asked, &outcome.name, scenario, &years, &clearing, all);
    }
}

fn put_cleared(
    asked: &Asked,
    outcome: &str,
    scenario: usize,
    years: &[Year],
    clearing: &[Option<Year>],
    all: &mut Analysed,
) {
    let shares: Option<Vec<ShareOfDraws>> =
        cleared_by(years, clearing, asked.settings.level).into_iter().collect();
    if let Some(shares) = shares {
        let (outcome, years) = (outcome.to_string(), years.to_vec());
        all.cleared.push(Cleared { outcome, scenario, years, shares });
    }
}

fn over_years(
    draws: &Draws,
    asked: &Asked,
    base: &str,
    years: &[Year],
    outcomes: &[Outcome],
    all: &mut Analysed,
) {
    for &scenario in &asked.scenarios {
        for (year, outcome) in years.iter().zip(outcomes) {
            let sample = draws.sample(outcome, &[scenario]);
            let values = gather(&outcome.values[scenario], &sample.draws);
            if let Some(band) = band(&values, &PROBABILITIES) {
                let outcome = base.to_string();
                all.bands.push(YearBand { outcome, scenario, year: *year, band });
            }
        }
        let Some(bound) = asked.cleared_at.filter(|_| base.ends_with(".oversized_share")) else {
            continue;
        };
        // A draw that did not fail has no share in a year without classes.
        let is_sound = |i: &usize| draws.is_there[*i] && !draws.has_failed[scenario][*i];
        let of_draw = |i: usize| {
            let shares = outcomes.iter().map(|o| o.values[scenario][i]);
            let shares = shares.map(|share| (!share.is_nan()).then_some(share));
            cleared_from(shares, bound).map(|idx| years[idx])
        };
        let clearing: Vec<Option<Year>> =
            (0..draws.n_draws()).filter(is_sound).map(of_draw).collect();
        put_cleared(asked, base, scenario, years, &clearing, all);
    }
}

/// The conditions whose shares are told unless others are asked for: that a clearing year comes at all.
pub fn default_bounds(outcomes: &[String], never: Option<Year>) -> Vec<Condition> {
    let condition = |name: &String| {
        Some(Condition {
            outcome: name.clone(),
            relation: Relation::Below,
            bound: f64::from(never?),
        })
    };
    outcomes.iter().filter(|name| is_clearing_year(name)).filter_map(condition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::draws::Rows;
    use crate::analysis::points::halton3;
    use crate::analysis::{cart, prim};

    fn asked() -> Asked {
        let settings = Settings {
            n_resamples: 2,
            seed: 1,
            level: 0.95,
            delta_draws: 100,
            n_slices: 5,
            prim: prim::Options { peel: 0.1, paste: 0.05, smallest_mass: 0.05 },
            n_boxes: 1,
            cart: cart::Options { depth: 2, smallest_leaf: 0.1, complexity: 0.01 },
        };
        let columns = [
            "primary.clearing_year",
            "primary.oversized_share[2021]",
            "primary.oversized_share[2022]",
        ];
        Asked {
            outcomes: vec!["primary.clearing_year".into()],
            yearly: vec!["primary.oversized_share".into()],
            columns: columns.map(String::from).to_vec(),
            scenarios: vec![0, 1],
            cases: vec![],
            plan_end: None,
            bounds: default_bounds(&["primary.clearing_year".into()], Some(2023)),
            high: vec![],
            cleared_at: Some(0.01),
            settings,
        }
    }

    fn draws(x: Vec<Vec<f64>>) -> Draws {
        let mut has_failed = vec![vec![false; 100]; 2];
        has_failed[1][7] = true;
        Draws {
            rows: Rows::Points,
            factors: ["a", "b", "c"].map(String::from).to_vec(),
            scenarios: ["plan", "none"].map(String::from).to_vec(),
            x,
            cube: vec![],
            is_there: vec![true; 100],
            has_failed,
            is_lacking: vec![vec![false; 3]; 2],
            horizon: Some(2022),
        }
    }

    /// Of twenty futures one is early: a twentieth. None early of two, or no plan: nothing.
    #[test]
    fn late_is_after_the_plan() {
        let mut values = vec![2026.0; 20];
        values[3] = 2025.0;
        let text = |end, values: &[f64]| late(end, "a", values).map(|c| c.to_string());
        assert_eq!(text(Some(2025), &values), Some("a > 2025".to_string()));
        assert_eq!(text(Some(2025), &[2026.0; 2]), None);
        assert_eq!(text(None, &values), None);
        assert_eq!(text(Some(2025), &[]), None);
    }

    /// Hundred draws. The plan clears in 2021 where the first factor is below a half, else in 2022; building nothing never does.
    /// One draw of the second scenario failed.
    #[test]
    fn a_sweep_of_two_scenarios() {
        let x = halton3(100);
        let draws = draws(x.clone());
        let early = |i: usize| x[0][i] < 0.5;
        let read = |names: &[String]| -> Result<Vec<Outcome>, ()> {
            let outcome = |name: &String| {
                let plan = |i: usize| match (name.as_str(), early(i)) {
                    ("primary.clearing_year", true) => 2021.0,
                    ("primary.clearing_year", false) => 2022.0,
                    ("primary.oversized_share[2021]", false) => 0.2,
                    _ => 0.0,
                };
                let none = |_| if name.ends_with(']') { 0.3 } else { f64::NAN };
                let values = vec![(0..100).map(plan).collect(), (0..100).map(none).collect()];
                Outcome { name: name.clone(), values }
            };
            Ok(names.iter().map(outcome).collect())
        };
        let mut n_told = 0;
        let found = analyse(&draws, &asked(), read, |done, _| n_told = done).expect("an analysis");
        let n_early = (0..100).filter(|i| early(*i)).count();
        assert_eq!(n_told, 2);
        // By the clearing year and by the yearly shares: the same.
        assert_eq!(found.cleared.len(), 4);
        for cleared in found.cleared.iter().filter(|c| c.scenario == 0) {
            let shares: Vec<usize> = cleared.shares.iter().map(|s| s.n).collect();
            assert_eq!((cleared.years.clone(), shares), (vec![2021, 2022], vec![n_early, 100]));
            assert_eq!((cleared.reached(0.4), cleared.reached(0.9)), (Some(2021), Some(2022)));
        }
        assert!(
            found.cleared.iter().filter(|c| c.scenario == 1).all(|c| c.reached(0.01).is_none())
        );
        let shares: Vec<f64> = found.satisfied[0].shares.iter().map(|s| s.unwrap().share).collect();
        assert_eq!(shares, vec![1.0, 0.0]);
        let compared = &found.compared[0];
        assert_eq!((compared.n_draws, compared.left_out.failed), (99, 1));
        assert_eq!((compared.regrets[0].largest, compared.regrets[1].largest), (0.0, 2.0));
        assert!(compared.pairs[0].first_order && compared.pairs[0].in_every_draw);
        assert_eq!((found.studied.len(), found.bands.len()), (2, 4));
        assert!(found.studied[1].discoveries.is_empty(), "all draws of it are equal");
    }
}
