//! Which numbers of a scenario each factor of a sweep touches, and how.
//!
//! Which ones it can touch is known from the record of what was read ([`Reads`](crate::input::figures::Reads)): the numbers of the
//! parts that read its figures. How they follow it is measured: the scenario is built from its files with the factor at several values
//! and the others at their medians. Factors that share no part are moved in the same builds, each through its values in an order
//! of its own, so that a number that followed another factor than the record says would lie on no line.
//!
//! A line is measured and not stated from the change of the figure, because the change is the lesser part of it: bounds cut it
//! off, paths begin in a year, whole numbers are rounded, and the cost of a unit is a product.

use std::collections::BTreeSet;

use crate::experiment::{Factor, Sweep};
use crate::input::Loaded;
use crate::input::figures::Part;
use crate::parallel;
use crate::scenario::Scenario;

use super::moved::moved_all;
use super::numbers::{Number, visit};

/// Probabilities at which a factor is tried; lines go through the first and the last.
const TRIED: [f64; 6] = [0.001, 0.13, 0.41, 0.62, 0.9, 0.999];
/// Probabilities at which a law may have left the bounds of its figure.
const ENDS: [f64; 2] = [1e-15, 1.0 - 1e-15];
/// How far a number may lie from its line, relative to it: rounding of a sum or two.
const ON_LINE: f64 = 1e-11;

/// One number that a factor touches.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Touched {
    /// Position among the numbers of the scenario.
    pub position: usize,
    pub factor: usize,
    line: Line,
    /// Least and most: the bounds of the figure's key, where the law of the factor reaches them.
    bounds: (f64, f64),
}

/// No bounds.
const EVERYWHERE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

impl Touched {
    /// The number where its factor has a value; a whole one is still to be rounded.
    pub fn at(&self, value: f64) -> f64 {
        self.line.of(value).max(self.bounds.0).min(self.bounds.1)
    }
}

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

/// The scenario with these values, built from its files.
///
/// # Errors
/// What the rules of the input refuse first.
pub(super) fn built(sweep: &Sweep, loaded: &Loaded, values: &[f64]) -> Result<Scenario, String> {
    let values: Vec<(&Factor, f64)> = sweep.factors.iter().zip(values.iter().copied()).collect();
    moved_all(loaded, &values).map_err(|refused| {
        let problem = refused.problems.list.first();
        problem.map_or("refused".to_string(), |p| format!("{}: {}", p.path, p.message))
    })
}

/// By factor what it touches; `None` where a number follows it in no line, or the scenario is refused at a value that is tried.
pub(super) fn touched(
    sweep: &Sweep,
    loaded: &Loaded,
    medians: &[f64],
    base: &Scenario,
) -> Vec<Option<Vec<Touched>>> {
    let trial = Trial { sweep, loaded, medians, at_medians: numbers(base) };
    let mut found: Vec<Option<Vec<Touched>>> = vec![Some(Vec::new()); sweep.factors.len()];
    for round in rounds(sweep, loaded) {
        let of_round = trial.run(&round).unwrap_or_else(|| match round.as_slice() {
            [_] => vec![None],
            // What is refused together, as two flows at their most, may be fine alone.
            all => all.iter().map(|one| trial.run(std::slice::from_ref(one))?.pop()?).collect(),
        });
        for (tried, lines) in round.iter().zip(of_round) {
            found[tried.factor] = lines;
        }
    }
    found
}

/// Whether a figure of a factor was read into a number of the scenario.
pub(super) fn has_numbers(factor: &Factor, loaded: &Loaded) -> bool {
    factor.paths.iter().flat_map(|path| loaded.reads.parts(path)).any(|part| part != Part::Aside)
}

/// A factor that is tried, and the parts whose numbers it may move.
#[derive(Debug, Clone)]
struct Tried {
    factor: usize,
    parts: BTreeSet<Part>,
}

/// The factors of which figures were read, so that no two of a round were read into the same part.
fn rounds(sweep: &Sweep, loaded: &Loaded) -> Vec<Vec<Tried>> {
    let mut rounds: Vec<Vec<Tried>> = Vec::new();
    for (factor, of) in sweep.factors.iter().enumerate() {
        let mut parts: BTreeSet<Part> =
            of.paths.iter().flat_map(|path| loaded.reads.parts(path)).collect();
        if parts.is_empty() {
            continue;
        }
        parts.remove(&Part::Aside);
        let is_apart = |round: &&mut Vec<Tried>| round.iter().all(|t| t.parts.is_disjoint(&parts));
        match rounds.iter_mut().find(is_apart) {
            Some(round) => round.push(Tried { factor, parts }),
            None => rounds.push(vec![Tried { factor, parts }]),
        }
    }
    rounds
}

/// The `k`-th order in which the six values can be tried.
fn order(mut k: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..TRIED.len()).collect();
    let mut next = |n: usize| {
        let place = k % n;
        k /= n;
        left.remove(place)
    };
    (1..=TRIED.len()).rev().map(&mut next).collect()
}

/// A number of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    part: Part,
    value: f64,
    is_whole: bool,
}

/// Every number of a scenario.
pub(super) fn numbers(scenario: &Scenario) -> Vec<Found> {
    let mut found = Vec::new();
    visit(&mut scenario.clone(), |_, part, number| {
        let is_whole = matches!(number, Number::Whole(_));
        found.push(Found { part, value: number.get(), is_whole });
    });
    found
}

/// What builds of a scenario are compared with.
struct Trial<'a> {
    sweep: &'a Sweep,
    loaded: &'a Loaded,
    medians: &'a [f64],
    at_medians: Vec<Found>,
}

impl Trial<'_> {
    /// Tries the factors of a round together. `None` where the scenario is refused or of another shape at a value, or a number moves
    /// of a part that read none of them.
    fn run(&self, round: &[Tried]) -> Option<Vec<Option<Vec<Touched>>>> {
        let orders: Vec<Vec<usize>> = (0..round.len()).map(order).collect();
        // In each build the probability of every factor.
        let within = (0..TRIED.len()).map(|b| orders.iter().map(|order| TRIED[order[b]]).collect());
        let builds: Vec<Vec<f64>> = within.chain(ENDS.map(|p| vec![p; round.len()])).collect();
        let rows = parallel::map(&builds, |probabilities| self.row(round, probabilities));
        let (within, ends) = rows.split_at(TRIED.len());
        let within: Vec<&Vec<Found>> = within.iter().flatten().collect();
        // Where the rules of the input refuse the end of the law of one factor, so will every draw that comes there.
        let is_refused =
            within.len() < TRIED.len() || (round.len() > 1 && ends.iter().any(Option::is_none));
        if is_refused || !rows.iter().flatten().all(|row| self.keeps_to(round, row)) {
            return None;
        }
        let lines = round.iter().zip(&orders).map(|(tried, order)| {
            let mut rows = within.clone();
            order.iter().zip(&within).for_each(|(&place, &row)| rows[place] = row);
            self.lines(tried, &rows, ends)
        });
        Some(lines.collect())
    }

    /// The numbers where the factors of a round have values of these probabilities; `None` where they are refused.
    fn row(&self, round: &[Tried], probabilities: &[f64]) -> Option<Vec<Found>> {
        let mut values = self.medians.to_vec();
        for (tried, p) in round.iter().zip(probabilities) {
            values[tried.factor] = self.sweep.factors[tried.factor].distribution.quantile(*p);
        }
        built(self.sweep, self.loaded, &values).ok().map(|scenario| numbers(&scenario))
    }

    /// Whether only numbers differ from those at the medians whose parts read a figure of the round.
    fn keeps_to(&self, round: &[Tried], row: &[Found]) -> bool {
        let is_fine = |(one, other): (&Found, &Found)| {
            one == other || round.iter().any(|tried| tried.parts.contains(&one.part))
        };
        row.len() == self.at_medians.len() && row.iter().zip(&self.at_medians).all(is_fine)
    }

    /// The lines of the numbers that one factor touches; `None` where one is no line.
    fn lines(
        &self,
        tried: &Tried,
        rows: &[&Vec<Found>],
        ends: &[Option<Vec<Found>>],
    ) -> Option<Vec<Touched>> {
        let law = &self.sweep.factors[tried.factor].distribution;
        let at = TRIED.map(|p| law.quantile(p));
        let own = (0..self.at_medians.len())
            .filter(|&position| tried.parts.contains(&self.at_medians[position].part));
        let moving: Vec<(usize, Course)> = own
            .map(|position| (position, std::array::from_fn(|k| rows[k][position].value)))
            .filter(|(_, values): &(usize, Course)| values.iter().any(|value| *value != values[0]))
            .collect();
        let mut found: Vec<Touched> = Vec::new();
        let mut add = |position: usize, line: Line| {
            found.push(Touched { position, factor: tried.factor, line, bounds: EVERYWHERE });
        };
        let mut leaders: Vec<(Course, Line)> = Vec::new();
        let mut late: Vec<&(usize, Course)> = Vec::new();
        for of_number in &moving {
            let (position, values) = of_number;
            let is_whole = self.at_medians[*position].is_whole;
            match straight(&at, values, is_whole) {
                Some(line) => {
                    add(*position, line.clone());
                    leaders.extend(is_whole.then_some((*values, line)));
                }
                None => late.push(of_number),
            }
        }
        // What is no line itself may follow a whole number: the cost of a unit follows its rooms.
        for (position, values) in late {
            add(*position, leaders.iter().find_map(|leader| follows(&at, values, leader))?);
        }
        for (p, row) in ENDS.iter().zip(ends) {
            let value = law.quantile(*p);
            for touched in &mut found {
                if let Some(there) = row.as_ref().map(|row| row[touched.position]) {
                    bound(touched, &at, value, there);
                }
            }
        }
        Some(found)
    }
}

/// The values of a factor that are tried, or what a number is there.
type Course = [f64; TRIED.len()];

/// The straight line of a number.
fn straight(at: &Course, values: &Course, is_whole: bool) -> Option<Line> {
    let last = TRIED.len() - 1;
    let candidates = if is_whole {
        whole_lines(at, values)
    } else {
        let slope = (values[last] - values[0]) / (at[last] - at[0]);
        vec![Line::Straight { at: values[0] - slope * at[0], slope }]
    };
    candidates.into_iter().find(|line| fits(line, at, values, is_whole))
}

/// The line of a number that is so many times a whole one.
fn follows(of: &Course, values: &Course, (led, line): &(Course, Line)) -> Option<Line> {
    let Line::Straight { at, slope } = *line else { return None };
    let line = Line::Follows { times: values[0] / led[0], at, slope };
    (led[0] != 0.0 && fits(&line, of, values, false)).then_some(line)
}

/// Keeps a number that leaves its line at the end of a law within what the files give there.
fn bound(touched: &mut Touched, at: &Course, value: f64, there: Found) {
    let on_line = touched.line.of(value);
    let on_line = if there.is_whole { on_line.round() } else { on_line };
    // Rounding is measured by the size that the number has where it was tried.
    let sizes = at.iter().map(|&value| touched.line.of(value).abs());
    let rounding = 1e-9 * sizes.fold(0.0, f64::max);
    if there.value < on_line - rounding {
        touched.bounds.1 = touched.bounds.1.min(there.value);
    } else if there.value > on_line + rounding {
        touched.bounds.0 = touched.bounds.0.max(there.value);
    }
}

/// Lines that a whole number may round: the factor itself, in its own steps, or a multiple of it.
fn whole_lines(at: &Course, values: &Course) -> Vec<Line> {
    let last = TRIED.len() - 1;
    // A multiple of a whole number: its value where the factor is 1.
    let most = (values[last] / at[last]).abs().ceil().min(1e4) + 2.0;
    let mut lines: Vec<Line> =
        (1..=most as i32).map(|n| Line::Straight { at: 0.0, slope: f64::from(n) }).collect();
    lines.push(Line::Straight { at: values[0] - at[0].round(), slope: 1.0 });
    lines
}

fn fits(line: &Line, at: &Course, values: &Course, is_whole: bool) -> bool {
    at.iter().zip(values).all(|(&value, &expected)| {
        let found = if is_whole { line.of(value).round() } else { line.of(value) };
        (found - expected).abs() <= ON_LINE * expected.abs().max(found.abs())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six values have 720 orders; the first and the last are as they stand and turned round.
    #[test]
    fn orders_are_all_different() {
        let orders: BTreeSet<Vec<usize>> = (0..720).map(order).collect();
        assert_eq!(orders.len(), 720);
        assert_eq!((order(0), order(719)), (vec![0, 1, 2, 3, 4, 5], vec![5, 4, 3, 2, 1, 0]));
    }
}
