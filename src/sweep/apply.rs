//! Drawn values put into a scenario without reading its files again.
//!
//! A figure reaches a scenario by way of units, paths and products of figures. Which numbers of it a factor touches, and how, is
//! found by trying: the scenario is built from its files with the factor at several values and the others at their medians. Where
//! every touched number is a straight line in the factor (or follows a whole number that is), a draw only sets these numbers.
//! Where one is not, every draw builds the scenario anew, which gives the same and takes milliseconds.

use crate::event::PlacedUnit;
use crate::experiment::{Factor, Sweep};
use crate::input::Loaded;
use crate::parallel;
use crate::programmes::{keep_places, places};
use crate::scenario::Scenario;

use super::moved::moved_all;
use super::numbers::{Number, count_of_people, visit};
use super::possible::Shares;
use super::same::have_same_people;

/// Probabilities at which a factor is tried; lines go through the first and the last.
const TRIED: [f64; 6] = [0.001, 0.13, 0.41, 0.62, 0.9, 0.999];
/// Probabilities at which a law may have left the bounds of its figure.
const ENDS: [f64; 2] = [1e-15, 1.0 - 1e-15];
/// How far a number may lie from its line, relative to it: rounding of a sum or two.
const ON_LINE: f64 = 1e-11;

/// One number that a factor touches.
#[derive(Debug, Clone, PartialEq)]
struct Touched {
    /// Position among the numbers of the scenario.
    position: usize,
    factor: usize,
    line: Line,
    /// Least and most: the bounds of the figure's key, where the law of the factor reaches them.
    bounds: (f64, f64),
}

/// No bounds.
const EVERYWHERE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// How a number follows its factor.
#[derive(Debug, Clone, PartialEq)]
enum Line {
    /// `at + slope·value`; a whole number is rounded.
    Straight { at: f64, slope: f64 },
    /// So many times the whole number `at + slope·value`.
    Follows { times: f64, at: f64, slope: f64 },
}

impl Line {
    fn of(&self, value: f64) -> f64 {
        match self {
            Line::Straight { at, slope } => at + slope * value,
            Line::Follows { times, at, slope } => times * (at + slope * value).round(),
        }
    }
}

/// A scenario of a sweep, ready to take draws.
#[derive(Debug)]
pub struct Prepared {
    /// The scenario with all factors at their medians and every unit at its place.
    pub base: Scenario,
    /// Positions of the factors that touch no number of the scenario: it has nothing of the kind.
    pub lacking: Vec<usize>,
    touched: Option<Vec<Touched>>,
    places: Option<Vec<Vec<PlacedUnit>>>,
    /// What no draw may break.
    shares: Shares,
}

impl Prepared {
    /// Finds out which numbers of a scenario the factors touch.
    ///
    /// # Errors
    /// A factor that the scenario cannot take even at its median, in a sentence.
    pub fn new(sweep: &Sweep, loaded: &Loaded) -> Result<Prepared, String> {
        let places = (!sweep.replan).then(|| places(&loaded.scenario));
        let medians: Vec<f64> =
            sweep.factors.iter().map(|factor| factor.distribution.quantile(0.5)).collect();
        let mut base = built(sweep, loaded, &medians)?;
        if let Some(places) = &places {
            keep_places(&mut base, places);
        }
        let touched = if sweep.replan { None } else { touched(sweep, loaded, &medians, &base) };
        let lacking = lacking(sweep, loaded, &medians, touched.as_deref());
        let shares = Shares::of(&base);
        Ok(Prepared { base, lacking, touched, places, shares })
    }

    /// Whether a draw only sets numbers.
    pub fn is_direct(&self) -> bool {
        self.touched.is_some()
    }

    /// Whether two scenarios have the same people and pupils by residence in every draw.
    pub fn shares_people(&self, other: &Prepared) -> bool {
        let (Some(own), Some(others)) = (&self.touched, &other.touched) else { return false };
        // The same figures are as many numbers, and numbers of people come first.
        let n = count_of_people(&self.base);
        let of_people = |touched: &[Touched]| -> Vec<Touched> {
            touched.iter().filter(|t| t.position < n).cloned().collect()
        };
        have_same_people(&self.base, &other.base) && of_people(own) == of_people(others)
    }

    /// Puts the values of a draw into a scenario that is a copy of the base or has had other draws put into it.
    ///
    /// # Errors
    /// Why this draw cannot be: what the rules of the input refuse.
    pub fn put(
        &self,
        (sweep, loaded): (&Sweep, &Loaded),
        values: &[f64],
        scenario: &mut Scenario,
    ) -> Result<(), String> {
        let Some(touched) = &self.touched else {
            let mut anew = built(sweep, loaded, values)?;
            if let Some(places) = &self.places {
                keep_places(&mut anew, places);
            }
            *scenario = anew;
            return Ok(());
        };
        let mut touched = touched.iter().peekable();
        visit(scenario, |position, mut number| {
            if let Some(next) = touched.peek()
                && next.position == position
            {
                let (least, most) = next.bounds;
                number.set(next.line.of(values[next.factor]).max(least).min(most));
                touched.next();
            }
        });
        self.shares.check(scenario)
    }
}

/// The scenario with these values, built from its files.
fn built(sweep: &Sweep, loaded: &Loaded, values: &[f64]) -> Result<Scenario, String> {
    let values: Vec<(&Factor, f64)> = sweep.factors.iter().zip(values.iter().copied()).collect();
    moved_all(loaded, &values).map_err(|refused| {
        let problem = refused.problems.list.first();
        problem.map_or("refused".to_string(), |p| format!("{}: {}", p.path, p.message))
    })
}

/// The numbers that the factors touch, by position; `None` where one is no line, or two factors touch the same.
fn touched(
    sweep: &Sweep,
    loaded: &Loaded,
    medians: &[f64],
    base: &Scenario,
) -> Option<Vec<Touched>> {
    let at_medians = numbers(base);
    let positions: Vec<usize> = (0..sweep.factors.len()).collect();
    let of_factor = |&idx: &usize| -> Option<Vec<Touched>> {
        let tried = TRIED.map(|p| sweep.factors[idx].distribution.quantile(p));
        let mut rows = Vec::new();
        for &value in &tried {
            let mut values = medians.to_vec();
            values[idx] = value;
            let row = numbers(&built(sweep, loaded, &values).ok()?);
            if row.len() != at_medians.len() {
                return None;
            }
            rows.push(row);
        }
        let mut found = lines(idx, &tried, &rows)?;
        for p in ENDS {
            let mut values = medians.to_vec();
            values[idx] = sweep.factors[idx].distribution.quantile(p);
            // Where the rules of the input refuse the end of a law, so will every draw that comes there.
            let Ok(scenario) = built(sweep, loaded, &values) else { continue };
            bound(&mut found, &tried, values[idx], &numbers(&scenario));
        }
        Some(found)
    };
    let found: Option<Vec<Vec<Touched>>> =
        parallel::map(&positions, of_factor).into_iter().collect();
    let mut all: Vec<Touched> = found?.into_iter().flatten().collect();
    all.sort_by_key(|touched| touched.position);
    let is_alone = all.windows(2).all(|pair| pair[0].position != pair[1].position);
    is_alone.then_some(all)
}

/// The factors that touch no number. Where numbers are not set one by one, the scenario is built at the values that are tried: a factor
/// without which it cannot be built touches it.
fn lacking(
    sweep: &Sweep,
    loaded: &Loaded,
    medians: &[f64],
    touched: Option<&[Touched]>,
) -> Vec<usize> {
    let is_still = |idx: &usize| match touched {
        Some(touched) => touched.iter().all(|touched| touched.factor != *idx),
        None => {
            let at = |p: f64| {
                let mut values = medians.to_vec();
                values[*idx] = sweep.factors[*idx].distribution.quantile(p);
                built(sweep, loaded, &values).ok().map(|scenario| numbers(&scenario))
            };
            let first = at(TRIED[0]);
            first.is_some() && TRIED[1..].iter().all(|p| at(*p) == first)
        }
    };
    (0..sweep.factors.len()).filter(is_still).collect()
}

/// Value and wholeness of every number of a scenario.
fn numbers(scenario: &Scenario) -> Vec<(f64, bool)> {
    let mut scenario = scenario.clone();
    let mut found = Vec::new();
    visit(&mut scenario, |_, number| {
        found.push((number.get(), matches!(number, Number::Whole(_))));
    });
    found
}

/// The lines of the numbers that one factor touches; `None` where one is no line.
fn lines(factor: usize, tried: &[f64], rows: &[Vec<(f64, bool)>]) -> Option<Vec<Touched>> {
    let mut found: Vec<Touched> = Vec::new();
    let mut late: Vec<usize> = Vec::new();
    let (first, last) = (0, tried.len() - 1);
    let values_at = |position: usize| -> Vec<f64> { rows.iter().map(|r| r[position].0).collect() };
    for position in 0..rows[0].len() {
        let values = values_at(position);
        if values.iter().all(|value| *value == values[0]) {
            continue;
        }
        let is_whole = rows[0][position].1;
        let candidates = if is_whole {
            whole_lines(tried, &values)
        } else {
            let slope = (values[last] - values[first]) / (tried[last] - tried[first]);
            vec![Line::Straight { at: values[first] - slope * tried[first], slope }]
        };
        match candidates.into_iter().find(|line| fits(line, tried, &values, is_whole)) {
            Some(line) => found.push(Touched { position, factor, line, bounds: EVERYWHERE }),
            None => late.push(position),
        }
    }
    // What is no line itself may follow a whole number: the cost of a unit follows its rooms.
    for position in late {
        let values = values_at(position);
        let line = found.iter().find_map(|leader| {
            let Line::Straight { at, slope } = leader.line else { return None };
            let led = rows[0][leader.position];
            if !led.1 || led.0 == 0.0 {
                return None;
            }
            let line = Line::Follows { times: values[0] / led.0, at, slope };
            fits(&line, tried, &values, false).then_some(line)
        })?;
        found.push(Touched { position, factor, line, bounds: EVERYWHERE });
    }
    Some(found)
}

/// Keeps the numbers that leave their line at the end of a law within what the files give there.
fn bound(found: &mut [Touched], tried: &[f64], value: f64, row: &[(f64, bool)]) {
    for touched in found {
        let Some(&(there, is_whole)) = row.get(touched.position) else { continue };
        let on_line = touched.line.of(value);
        let on_line = if is_whole { on_line.round() } else { on_line };
        // Rounding is measured by the size that the number has where it was tried.
        let sizes = tried.iter().map(|&value| touched.line.of(value).abs());
        let rounding = 1e-9 * sizes.fold(0.0, f64::max);
        if there < on_line - rounding {
            touched.bounds.1 = touched.bounds.1.min(there);
        } else if there > on_line + rounding {
            touched.bounds.0 = touched.bounds.0.max(there);
        }
    }
}

/// Lines that a whole number may round: the factor itself, in its own steps, or a multiple of it.
fn whole_lines(tried: &[f64], values: &[f64]) -> Vec<Line> {
    let last = tried.len() - 1;
    // A multiple of a whole number: its value where the factor is 1.
    let most = (values[last] / tried[last]).abs().ceil().min(1e4) + 2.0;
    let mut lines: Vec<Line> =
        (1..=most as i32).map(|n| Line::Straight { at: 0.0, slope: f64::from(n) }).collect();
    lines.push(Line::Straight { at: values[0] - tried[0].round(), slope: 1.0 });
    lines
}

fn fits(line: &Line, tried: &[f64], values: &[f64], is_whole: bool) -> bool {
    tried.iter().zip(values).all(|(&value, &expected)| {
        let found = if is_whole { line.of(value).round() } else { line.of(value) };
        (found - expected).abs() <= ON_LINE * expected.abs().max(found.abs())
    })
}
