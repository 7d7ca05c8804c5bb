//! What observations say about children and rates, as equations (see [`least_squares`](super::least_squares)).
//!
//! A cohort is followed from the year of an observation to the base year: entrants of primary schools three years ago are the
//! nine-year-olds of now, survived back; each year between adds an error for those who came and went.

use std::ops::Range;

use crate::axes::{Sex, Stage};
use crate::city::City;
use crate::input::{CityKeys, Observation};
use crate::numeric::{ln, sum};
use crate::units::{Year, unit_factor};

use super::ages::{GROUP_KEYS, GROUP_STARTS};
use super::census::Counted;
use super::layout::Layout;
use super::least_squares::{Equation, Form};
use super::rates::{self, Rate};

/// Oldest observations of schools that are used, in years before the base year.
const MOST_YEARS: Year = 6;
/// Ages under which people of a census surely live at home.
const AT_HOME_UNDER: usize = 15;

/// Errors of kinds of observations, relative.
#[derive(Debug, Clone, Copy)]
pub(super) struct Errors {
    pub census: f64,
    pub migration: f64,
    pub births: f64,
    pub pupils: f64,
    pub entrants: f64,
    pub gross_rate: f64,
    pub smoothness: f64,
    pub first_guess: f64,
}

impl Errors {
    /// Reads them; what is missing is named.
    pub fn read(keys: &CityKeys, missing: &mut Vec<String>) -> Errors {
        let mut of = |kind: &str| {
            let path = format!("calibration.errors.{kind}");
            match keys.checked.figures.get(&path) {
                Some(figure) => figure.scalar().max(1e-5),
                None => {
                    missing.push(format!("{path}: calibration needs this figure"));
                    1.0
                }
            }
        };
        Errors {
            census: of("census"),
            migration: of("migration"),
            births: of("births"),
            pupils: of("pupils"),
            entrants: of("entrants"),
            gross_rate: of("gross_rate"),
            smoothness: of("smoothness"),
            first_guess: of("first_guess"),
        }
    }

    /// An error with that of so many years of coming and going.
    fn after(self, error: f64, years: Year) -> f64 {
        let moved = self.migration * f64::from(years.abs());
        (error * error + moved * moved).sqrt()
    }
}

/// An equation and the observations that it is.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub equation: Equation,
    /// Positions among the city's observations.
    pub observations: Vec<usize>,
}

/// Equations of a census of the base year: every group under 15 is an exact total unless it states an error.
pub(super) fn census_of_base(keys: &CityKeys, layout: &Layout) -> Vec<Constraint> {
    let city = &*keys.scenario.city;
    let mut constraints = Vec::new();
    for (district, sex, group, idx) in groups(keys, city.base_year) {
        let observation = &keys.observations[idx];
        let ages = GROUP_STARTS[group]..GROUP_STARTS[group + 1];
        if ages.end > layout.n_ages || observation.value <= 0.0 {
            continue;
        }
        let error = observation.standard_error.unwrap_or(0.0) / observation.value;
        let cells = ages.map(|age| (layout.cell(district, sex, age), 1.0)).collect();
        constraints.push(log_of_sum(cells, Vec::new(), observation.value, error, idx));
    }
    constraints
}

/// A row of a census group: district, sex, group, position among the observations.
pub(super) type GroupRow = (usize, Sex, usize, usize);

/// Rows of the census groups of a year.
pub(super) fn groups(keys: &CityKeys, year: Year) -> Vec<GroupRow> {
    let city = &*keys.scenario.city;
    let of = |(idx, o): (usize, &Observation)| {
        if o.year != year {
            return None;
        }
        let mut parts = o.quantity.strip_prefix("census.")?.splitn(2, '.');
        let sex = Sex::parse(parts.next()?)?;
        let name = parts.next()?;
        let group = GROUP_KEYS.iter().position(|key| *key == name)?;
        let district = city.districts.iter().position(|d| d.key == o.place)?;
        (group + 1 < GROUP_STARTS.len()).then_some((district, sex, group, idx))
    };
    keys.observations.iter().enumerate().filter_map(of).collect()
}

/// Equations of a census of another year, for districts that are taken together; `counted` are their people in it by single
/// age.
pub(super) fn census_of_another_year(
    keys: &CityKeys,
    layout: &Layout,
    errors: &Errors,
    rates: &[Rate],
    (year, together, counted): &(Year, Vec<usize>, Counted),
    rows: &[GroupRow],
) -> Vec<Constraint> {
    let base = keys.scenario.city.base_year;
    let years = base - year;
    let mut constraints = Vec::new();
    for sex in Sex::ALL {
        for group in 0..GROUP_STARTS.len() - 1 {
            // Ages at the census whose cohorts are children in the base year.
            let ages = (GROUP_STARTS[group]..GROUP_STARTS[group + 1]).filter(|&age| {
                let then = age as Year + years;
                age < AT_HOME_UNDER && (0..layout.n_ages as Year).contains(&then)
            });
            let mut cells = Vec::new();
            let mut value = 0.0;
            for age in ages {
                let now = (age as Year + years) as usize;
                value += counted.residents[sex as usize][age];
                let lived = layout.survived(sex, age, now);
                cells.extend(together.iter().map(|&d| (layout.cell(d, sex, now), 1.0 / lived)));
            }
            if cells.is_empty() || value <= 0.0 {
                continue;
            }
            let counted_by = match GROUP_STARTS[group] {
                0 if years > 0 => Some(Rate::CountedUnder1),
                1..5 if years > 0 => Some(Rate::CountedUnder5),
                _ => None,
            };
            let at = counted_by.and_then(|rate| rates::position(rates, rate));
            let terms = at.into_iter().map(|idx| (idx, 1.0)).collect();
            let observations: Vec<usize> = rows
                .iter()
                .filter(|row| row.1 == sex && row.2 == group && together.contains(&row.0))
                .map(|row| row.3)
                .collect();
            let error = errors.after(errors.census, years);
            let mut one = log_of_sum(cells, terms, value, error, 0);
            one.observations = observations;
            constraints.push(one);
        }
    }
    constraints
}

/// Equations of births, pupils, entrants, graduates and rates, of the base year and the years before it. `kept` are by stage the
/// retentions about which the stocks of stages that share a source are linearised; 1 of the others.
pub(super) fn of_schools(
    keys: &CityKeys,
    layout: &Layout,
    errors: &Errors,
    rates: &[Rate],
    kept: &[f64],
) -> Vec<Constraint> {
    let city = &*keys.scenario.city;
    let mut constraints = Vec::new();
    for (idx, observation) in keys.observations.iter().enumerate() {
        let years = city.base_year - observation.year;
        let Some(districts) = place(city, &observation.place) else { continue };
        if !(0..=MOST_YEARS).contains(&years) || observation.value <= 0.0 {
            continue;
        }
        let years = years as usize;
        let source = Source { layout, errors, rates, districts: &districts, years, kept };
        let parse = |stage: &str| city.stages.parse(stage);
        let found = match observation.quantity.split_once('.') {
            None if observation.quantity == "births" => source.births(observation),
            Some(("pupils", stage)) => parse(stage).and_then(|s| source.pupils(observation, s)),
            Some(("entrants", stage)) => parse(stage).and_then(|s| source.entrants(observation, s)),
            Some(("graduates", stage)) => {
                parse(stage).and_then(|s| source.graduates(observation, s))
            }
            Some(("gross_rate", stage)) => {
                parse(stage).and_then(|s| source.gross_rate(observation, s))
            }
            _ => None,
        };
        if let Some(equation) = found {
            constraints.push(Constraint { equation, observations: vec![idx] });
        }
    }
    constraints.extend(flows(keys, errors, rates));
    constraints
}

/// Districts of a place.
fn place(city: &City, place: &str) -> Option<Vec<usize>> {
    match place {
        "all" => Some((0..city.districts.len()).collect()),
        _ => Some(vec![city.districts.iter().position(|d| d.key == place)?]),
    }
}

/// Error of an observation: what its kind brings, and what it states itself (its rounding).
fn relative(observation: &Observation, kind: f64) -> f64 {
    let stated = observation.standard_error.unwrap_or(0.0) / observation.value.max(1e-9);
    (kind * kind + stated * stated).sqrt()
}

fn log_of_sum(
    cells: Vec<(usize, f64)>,
    rates: Vec<(usize, f64)>,
    value: f64,
    error: f64,
    observation: usize,
) -> Constraint {
    let equation = Equation { form: Form::LogOfSum, cells, rates, value: ln(value), error };
    Constraint { equation, observations: vec![observation] }
}

/// Where an observation stands: its districts, and the years since.
struct Source<'a> {
    layout: &'a Layout,
    errors: &'a Errors,
    rates: &'a [Rate],
    districts: &'a [usize],
    years: usize,
    kept: &'a [f64],
}

impl Source<'_> {
    /// Births of calendar year `b` are five sixths of those aged `base − b` on 1 November and a sixth of those a year younger
    /// (with the share of the year that the census day stands for).
    fn births(&self, observation: &Observation) -> Option<Equation> {
        let (shift, age) = (self.layout.shift, self.years);
        let parts = match age {
            0 => vec![(0, 1.0)],
            _ if age < self.layout.n_ages => vec![(age, 1.0 - shift), (age - 1, shift)],
            _ => return None,
        };
        let mut cells = Vec::new();
        for (age, part) in parts {
            for (&district, sex) in self.districts.iter().flat_map(|d| Sex::ALL.map(|s| (d, s))) {
                let lived = self.layout.survived_from_birth(sex, age);
                cells.push((self.layout.cell(district, sex, age), part / lived));
            }
        }
        let rates = self.terms(&[Rate::BirthsCounted])?;
        self.equation(cells, rates, observation, relative(observation, self.errors.births))
    }

    /// Pupils of a stage: those of its ages times its rate. Where it shares its source grade `g` has kept `r` of its entrants
    /// `g` times: `ln Σ rᵍ·P` is linearised about a retention `r₀`, at which one more per cent of `r` is `ḡ` per cent of the stock,
    /// `ḡ = Σ g·r₀ᵍ / Σ r₀ᵍ`.
    fn pupils(&self, observation: &Observation, stage: Stage) -> Option<Equation> {
        if stage.is_by_rate() && self.years > 0 {
            return None;
        }
        let (n, kept) = (stage.n_grades(), self.kept[stage.idx()]);
        let mut rates = self.terms(&rates::of_pupils(stage))?;
        let mut cells = Vec::new();
        for g in 0..n {
            self.add(stage.first_age() + g, power(kept, g), &mut cells)?;
        }
        let error = relative(observation, self.errors.pupils);
        let retention = rates::position(self.rates, Rate::Retention(stage));
        let Some(retention) = retention.filter(|_| rates::is_shared(stage)) else {
            return self.equation(cells, rates, observation, error);
        };
        let all = sum((0..n).map(|g| power(kept, g)));
        let steps = sum((0..n).map(|g| g as f64 * power(kept, g))) / all;
        rates.push((retention, steps));
        let mut equation = self.equation(cells, rates, observation, error)?;
        equation.value += steps * ln(kept);
        Some(equation)
    }

    fn entrants(&self, observation: &Observation, stage: Stage) -> Option<Equation> {
        if stage.is_by_rate() {
            return None;
        }
        self.of_age(observation, stage.first_age(), &rates::of_pupils(stage))
    }

    fn graduates(&self, observation: &Observation, stage: Stage) -> Option<Equation> {
        if stage.is_by_rate() || rates::is_shared(stage) {
            return None;
        }
        self.of_age(observation, stage.ages().end, &rates::of_pupils(stage))
    }

    /// The rate of a stage by rate, of the base year.
    fn gross_rate(&self, observation: &Observation, stage: Stage) -> Option<Equation> {
        if !stage.is_by_rate() || self.years > 0 {
            return None;
        }
        Some(Equation {
            form: Form::Linear,
            cells: Vec::new(),
            rates: self.terms(&rates::of_pupils(stage))?,
            value: ln(observation.value * unit_factor(&observation.unit)),
            error: relative(observation, self.errors.gross_rate),
        })
    }

    fn of_age(&self, observation: &Observation, age: usize, rates: &[Rate]) -> Option<Equation> {
        let mut cells = Vec::new();
        self.add(age, 1.0, &mut cells)?;
        let rates = self.terms(rates)?;
        self.equation(cells, rates, observation, relative(observation, self.errors.entrants))
    }

    /// Positions of rates, each once.
    fn terms(&self, rates: &[Rate]) -> Option<Vec<(usize, f64)>> {
        let term = |rate: &Rate| Some((rates::position(self.rates, *rate)?, 1.0));
        rates.iter().map(term).collect()
    }

    /// Adds children who were of an age on 1 September of the observation's year; `None` if they are no children any more.
    fn add(&self, age: usize, weight: f64, cells: &mut Vec<(usize, f64)>) -> Option<()> {
        let now = age + self.years;
        for (&district, sex) in self.districts.iter().flat_map(|d| Sex::ALL.map(|s| (d, s))) {
            let lived = self.layout.survived(sex, age, now);
            self.layout.add_on_base_day(district, sex, now, weight / lived, cells)?;
        }
        Some(())
    }

    fn equation(
        &self,
        cells: Vec<(usize, f64)>,
        rates: Vec<(usize, f64)>,
        observation: &Observation,
        error: f64,
    ) -> Option<Equation> {
        let error = self.errors.after(error, self.years as Year);
        let value = ln(observation.value);
        Some(Equation { form: Form::LogOfSum, cells, rates, value, error })
    }
}

fn power(rate: f64, times: usize) -> f64 {
    (0..times).fold(1.0, |product, _| product * rate)
}

/// Mean yearly growth of the cohorts that reach these ages in a year, as a run of the city has it: survival and the city's own
/// net migration. What moves in is not retention.
fn growth(keys: &CityKeys, ages: Range<usize>, year: Year) -> f64 {
    let (vital, n_areas) = (&keys.scenario.vital, keys.scenario.city.areas.len());
    let migration = |age: usize| {
        let rules = vital.migration.iter().filter(|r| r.ages.0 <= age && age <= r.ages.1);
        sum(rules.map(|r| r.rate.at(year) * r.areas.len() as f64 / n_areas.max(1) as f64))
    };
    let lived = |age: usize| 0.5 * (vital.survival[0][age] + vital.survival[1][age]);
    let n = ages.len().max(1) as f64;
    (sum(ages.map(|age| lived(age) * (1.0 + migration(age)))) / n).max(1e-3)
}

/// Rates that two summers of a stage give: those who stayed, over those who could and over the growth of their cohorts; entrants
/// of a stage that alone follows another over leavers of that one, likewise.
fn flows(keys: &CityKeys, errors: &Errors, rates: &[Rate]) -> Vec<Constraint> {
    let find = |quantity: String, year: Year| {
        keys.observations
            .iter()
            .position(|o| o.quantity == quantity && o.place == "all" && o.year == year)
    };
    let base = keys.scenario.city.base_year;
    let value = |idx: usize| keys.observations[idx].value;
    let stages = keys.scenario.city.stages;
    let mut constraints = Vec::new();
    let mut add = |rate: Rate, ratio: f64, error: f64, observations: Vec<usize>| {
        if let Some(idx) = rates::position(rates, rate).filter(|_| ratio > 0.0) {
            let (cells, rates) = (Vec::new(), vec![(idx, 1.0)]);
            let equation = Equation { form: Form::Linear, cells, rates, value: ln(ratio), error };
            constraints.push(Constraint { equation, observations });
        }
    };
    for year in base - MOST_YEARS..=base {
        for stage in stages.iter().filter(|stage| !stage.is_by_rate()) {
            let of = |what: &str, year: Year| find(format!("{what}.{}", stage.key()), year);
            let (Some(now), Some(new), Some(before), Some(gone)) = (
                of("pupils", year),
                of("entrants", year),
                of("pupils", year - 1),
                of("graduates", year),
            ) else {
                continue;
            };
            let could_stay = value(before) - value(gone);
            if could_stay > 0.0 {
                let ages = stage.first_age() + 1..stage.first_age() + stage.n_grades();
                let ratio = (value(now) - value(new)) / could_stay / growth(keys, ages, year);
                add(
                    Rate::Retention(stage),
                    ratio,
                    2.0 * errors.pupils,
                    vec![now, new, before, gone],
                );
            }
        }
        for stage in stages.iter().filter(|stage| rates::follows_alone(*stage)) {
            let Some(before) = stage.follows() else { continue };
            let new = find(format!("entrants.{}", stage.key()), year);
            let gone = find(format!("graduates.{}", before.key()), year);
            if let (Some(new), Some(gone)) = (new, gone) {
                let first = stage.first_age();
                let ratio =
                    value(new) / value(gone).max(1.0) / growth(keys, first..first + 1, year);
                add(Rate::Promotion(stage), ratio, errors.entrants, vec![new, gone]);
            }
        }
    }
    constraints
}
