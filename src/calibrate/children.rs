//! Children by district, sex and single year of age, estimated together with the rates of schooling.
//!
//! In: a first guess from the censuses, the observations, the priors. Out: the estimate, the residual and leverage of every
//! observation, the rates, and draws from the posterior. The unknowns stand on the census day of the base year. Equations
//! (`equations`) are census groups, births, pupils, entrants, graduates and rates; beside them the second
//! difference over age of `ln(children / pattern of births)` is 0 within its error, and the first guess holds loosely what
//! nothing else determines.

use crate::axes::{N_AGES, Sex, Stages};
use crate::input::CityKeys;
use crate::numeric::{exp, ln, normal_quantile};
use crate::units::Year;

use super::between;
use super::census::{Counted, Splitting};
use super::equations::{self, Constraint, Errors};
use super::layout::{Layout, WITH_CENSUS, WITHOUT_CENSUS};
use super::least_squares::{self, Equation, Form, Point, Problem, Solution};
use super::rates::{self, Rate, RateFit};

/// Times that the stocks of the two stages that share a source are linearised.
const PASSES: usize = 3;

/// What an observation became.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Fitted value over observed one.
    pub ratio: f64,
    /// Observed less fitted logarithm, in standard errors; 0 for exact totals.
    pub standardised: f64,
    /// Standard error of the logarithm; 0: exact.
    pub error: f64,
    /// How much of it the estimate follows, 0 to 1.
    pub leverage: f64,
}

/// The estimate.
#[derive(Debug)]
pub struct Children {
    /// Rates.
    pub rates: Vec<RateFit>,
    /// By position of the observation: what it became, where it was used.
    pub fits: Vec<Option<Fit>>,
    /// Standard error of the logarithm of all children of an age: `[age]`.
    pub age_errors: Vec<f64>,
    /// Whether the estimate came to rest.
    pub has_converged: bool,
    stages: &'static Stages,
    n_ages: usize,
    solution: Solution,
}

impl Children {
    /// The rate, where the city has it.
    pub fn rate(&self, rate: Rate) -> Option<&RateFit> {
        self.rates.iter().find(|fit| fit.rate == rate)
    }

    /// An estimated figure of the city by its path: its numbers (by grade where it has them), and the 10th and 90th percentile
    /// of the first; shares.
    pub fn figure(&self, path: &str) -> Option<(Vec<f64>, f64, f64)> {
        let values = rates::figure(self.stages, path, |rate| Some(self.rate(rate)?.value))?;
        let error = match rates::parts(self.stages, path)?.1 {
            "continuation" => self.onward_error()?,
            "academic_share" => {
                let [first, second] = self.entries()?;
                let share = first.value / (first.value + second.value);
                (1.0 - share) * (first.error * first.error + second.error * second.error).sqrt()
            }
            _ => self.rates.iter().find(|fit| fit.rate.is_at(path))?.error,
        };
        let first = *values.first()?;
        let reach = exp(normal_quantile(0.9) * error);
        Some((values, first / reach, first * reach))
    }

    /// Standard error of ln κ, κ = κγ + κ(1 − γ), their errors taken as independent.
    fn onward_error(&self) -> Option<f64> {
        let [first, second] = self.entries()?;
        let onward = first.value + second.value;
        let part = |fit: &RateFit| fit.value / onward * fit.error;
        Some((part(first) * part(first) + part(second) * part(second)).sqrt())
    }

    /// Entry into the two stages that share a source.
    fn entries(&self) -> Option<[&RateFit; 2]> {
        let [first, second] = self.stages.pair()?;
        Some([self.rate(Rate::Entry(first))?, self.rate(Rate::Entry(second))?])
    }

    /// Number of ages that are estimated, from 0.
    pub fn n_ages(&self) -> usize {
        self.n_ages
    }

    /// One draw from the posterior: deviations of the logarithms of children by `[(district · 2 + sex) · n_ages + age]`, and
    /// of the rates in their order. `noise` gives standard normal numbers.
    pub fn draw(&self, noise: impl FnMut() -> f64) -> (Vec<f64>, Vec<f64>) {
        let Point { cells, rates } = self.solution.deviations(noise);
        (cells, rates)
    }
}

/// Estimates the children of every district and puts them into `counted`; every figure that is missing is named.
pub(super) fn estimate(
    keys: &CityKeys,
    splitting: &Splitting,
    others: &[(Year, Vec<usize>, Counted)],
    counted: &mut [Counted],
    missing: &mut Vec<String>,
) -> Option<Children> {
    let errors = Errors::read(keys, missing);
    let stages = keys.scenario.city.stages;
    let rates = Rate::all(stages);
    let priors: Vec<_> = rates.iter().map(|&rate| rates::prior(keys, rate, missing)).collect();
    if !missing.is_empty() {
        return None;
    }
    let has_census = others.is_empty();
    let layout = Layout {
        n_ages: if has_census { WITH_CENSUS } else { WITHOUT_CENSUS },
        shift: splitting.shift,
        share_15_17: splitting.share_15_17,
        survival: keys.scenario.vital.survival,
    };
    let mut constraints = equations::census_of_base(keys, &layout);
    let mut rows = (0, Vec::new());
    for census in others {
        if rows.0 != census.0 {
            rows = (census.0, equations::groups(keys, census.0));
        }
        let of_census =
            equations::census_of_another_year(keys, &layout, &errors, &rates, census, &rows.1);
        constraints.extend(of_census);
    }
    let (layout, errors, rates, priors) = (&layout, &errors, &rates, &priors);
    let given = Given { keys, splitting, layout, errors, rates, priors };
    let Some((solution, constraints)) = solved(&given, counted, constraints) else {
        missing.push("observations: they leave the number of children undetermined".to_string());
        return None;
    };
    put_back(layout, splitting, &solution, counted);
    let city_ages = |age: usize| -> Vec<usize> {
        (0..counted.len()).flat_map(|d| Sex::ALL.map(|sex| layout.cell(d, sex, age))).collect()
    };
    Some(Children {
        rates: rates::fits(&solution, rates, priors),
        fits: fits(keys.observations.len(), &constraints, &solution),
        age_errors: (0..layout.n_ages).map(|age| solution.sum_error(&city_ages(age))).collect(),
        has_converged: solution.has_converged,
        stages,
        n_ages: layout.n_ages,
        solution,
    })
}

/// What an estimate rests on beside the equations.
struct Given<'a> {
    keys: &'a CityKeys,
    splitting: &'a Splitting,
    layout: &'a Layout,
    errors: &'a Errors,
    rates: &'a [Rate],
    priors: &'a [rates::Prior],
}

/// The solution, and all its constraints; `constraints` has those of the censuses.
fn solved(
    given: &Given,
    counted: &[Counted],
    mut constraints: Vec<Constraint>,
) -> Option<(Solution, Vec<Constraint>)> {
    let Given { keys, layout, errors, rates, priors, .. } = *given;
    let n_censuses = constraints.len();
    let mut point = Point {
        cells: first_guess(layout, counted),
        rates: priors.iter().map(|prior| ln(prior.value)).collect(),
    };
    // Stocks of the two stages that share a source are linear in the logarithm of retention only near a point: a pass stands at
    // the estimate of the one before.
    let mut solution = None;
    for _ in 0..PASSES {
        let kept = keys.scenario.city.stages.map(|stage| {
            let of_stage = rates::position(rates, Rate::Retention(stage));
            let linearised = of_stage.filter(|_| rates::is_shared(stage));
            linearised.map_or(1.0, |idx| exp(point.rates[idx]))
        });
        constraints.truncate(n_censuses);
        constraints.extend(equations::of_schools(keys, layout, errors, rates, &kept));
        let problem = problem(given, counted, &constraints);
        let found = least_squares::solve(&problem, point)?;
        point = found.point.clone();
        solution = Some(found);
    }
    Some((solution?, constraints))
}

/// Logarithms of the first guess; a cell without people counts as one with half a child.
fn first_guess(layout: &Layout, counted: &[Counted]) -> Vec<f64> {
    let of =
        |people: &[f64; N_AGES]| people[..layout.n_ages].iter().map(|&n| ln(n.max(0.5))).collect();
    counted
        .iter()
        .flat_map(|c| c.residents.iter().map(of).collect::<Vec<Vec<f64>>>())
        .flatten()
        .collect()
}

/// The constraints first, in their order; then smoothness, first guesses and priors.
fn problem(given: &Given, counted: &[Counted], constraints: &[Constraint]) -> Problem {
    let Given { keys, splitting, layout, errors, rates, priors } = *given;
    let base = keys.scenario.city.base_year;
    let mut equations: Vec<Equation> = constraints.iter().map(|one| one.equation.clone()).collect();
    let linear = |cells: Vec<(usize, f64)>, value: f64, error: f64| Equation {
        form: Form::Linear,
        cells,
        rates: Vec::new(),
        value,
        error,
    };
    let born = |sex: Sex, age: usize| {
        let year = base - age as Year;
        let births = splitting.births.at(year) * (1.0 - splitting.shift)
            + splitting.births.at(year - 1) * splitting.shift;
        ln(births.max(1.0) * layout.survived_from_birth(sex, age))
    };
    let guess = first_guess(layout, counted);
    for (district, sex) in (0..counted.len()).flat_map(|d| Sex::ALL.map(|sex| (d, sex))) {
        for age in 1..layout.n_ages - 1 {
            let at = |age: usize| layout.cell(district, sex, age);
            let bend = born(sex, age - 1) - 2.0 * born(sex, age) + born(sex, age + 1);
            let cells = vec![(at(age - 1), 1.0), (at(age), -2.0), (at(age + 1), 1.0)];
            equations.push(linear(cells, bend, errors.smoothness));
        }
        for age in 0..layout.n_ages {
            let cell = layout.cell(district, sex, age);
            equations.push(linear(vec![(cell, 1.0)], guess[cell], errors.first_guess));
        }
    }
    equations.extend(priors.iter().enumerate().map(|(rate, prior)| rates::equation(rate, prior)));
    let cells_of_district = 2 * layout.n_ages;
    let group_of_cell =
        (0..counted.len() * cells_of_district).map(|cell| cell / cells_of_district).collect();
    Problem { group_of_cell, n_rates: rates.len(), equations }
}

/// Puts the estimate into the people of the census day.
fn put_back(layout: &Layout, splitting: &Splitting, solution: &Solution, counted: &mut [Counted]) {
    for (district, people) in counted.iter_mut().enumerate() {
        for sex in Sex::ALL {
            let s = sex as usize;
            let estimate = |age: usize| exp(solution.point.cells[layout.cell(district, sex, age)]);
            let had_nobody = |n: f64| n <= 0.0;
            if layout.n_ages == WITH_CENSUS {
                for age in 0..layout.n_ages {
                    let n = people.all[s][age];
                    people.all[s][age] = if had_nobody(n) { 0.0 } else { estimate(age) };
                }
                let (residents, group_quarters) =
                    super::ages::without_group_quarters(&people.all[s], splitting.share_15_17);
                (people.residents[s], people.group_quarters[s]) = (residents, group_quarters);
                continue;
            }
            for age in 0..layout.n_ages {
                let n = people.residents[s][age];
                people.residents[s][age] = if had_nobody(n) { 0.0 } else { estimate(age) };
                people.all[s][age] = people.residents[s][age] + people.group_quarters[s][age];
            }
        }
    }
}

fn fits(
    n_observations: usize,
    constraints: &[Constraint],
    solution: &Solution,
) -> Vec<Option<Fit>> {
    let mut fits = vec![None; n_observations];
    for (idx, one) in constraints.iter().enumerate() {
        let off = one.equation.value - solution.left_side(idx);
        let is_exact = one.equation.error <= 0.0;
        let is_flow = one.equation.form == Form::Linear && one.observations.len() > 1;
        if is_flow {
            continue;
        }
        let fit = Fit {
            ratio: exp(-off),
            standardised: if is_exact { 0.0 } else { off / one.equation.error },
            error: one.equation.error,
            leverage: solution.leverage(idx),
        };
        for &observation in &one.observations {
            if let Some(slot) = fits.get_mut(observation) {
                *slot = Some(fit);
            }
        }
    }
    fits
}

/// The censuses before and after a base year that has none of its own, each for districts that are counted together.
pub(super) fn other_censuses(
    keys: &CityKeys,
    splitting: &Splitting,
    missing: &mut Vec<String>,
) -> Vec<(Year, Vec<usize>, Counted)> {
    let mut others = Vec::new();
    let (earlier, later) = between::nearest_censuses(keys);
    if let Some(year) = earlier {
        others.extend(
            between::together(keys, year, splitting, missing)
                .into_iter()
                .map(|(districts, people)| (year, districts, people)),
        );
    }
    if let Some(year) = later {
        for district in 0..keys.scenario.city.districts.len() {
            let key = &keys.scenario.city.districts[district].key;
            let people = super::census::count(keys, key, year, splitting, missing);
            others.push((year, vec![district], people));
        }
    }
    others
}
