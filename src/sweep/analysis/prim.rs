//! Scenario discovery by PRIM: the box of factors in which the futures of interest lie close together.
//!
//! In: factors by draw, and which draws are of interest. Out: the trajectory of boxes, from all draws to a small pure box, each with
//! its coverage (share of the cases that lie in it), density (share of its draws that are cases) and mass (share of the draws).
//!
//! The box is peeled: of all ways to take about a share α off one end of one factor, the one is taken that raises the density
//! most per draw taken off (the objective `lenient1`), until the next box would be too small or gain nothing. Then it is pasted:
//! limits are moved out again where that raises the density. A limit lies midway between two values, so draws of equal values
//! stay together. Categories are read as numbers in their order.
//!
//! Source: Friedman and Fisher, "Bump hunting in high-dimensional data", *Stat. Comput.* 9, 1999; Bryant and Lempert, "Thinking inside
//! the box", *Technol. Forecast. Soc. Change* 77, 2010 (coverage and density, quasi-p-values); Kwakkel, "The Exploratory Modeling
//! Workbench", *Environ. Model. Softw.* 96, 2017, whose objective, order of candidates and stopping rules these are.

use crate::analysis::ranks::order;
use crate::numeric::{exp, ln};

/// How a box is sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Share of a box's draws that a peel takes off.
    pub peel: f64,
    /// Share of the draws beyond a limit that a paste takes in.
    pub paste: f64,
    /// Smallest share of all draws that a box may hold.
    pub smallest_mass: f64,
}

/// One box of a trajectory.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Draws in the box.
    pub n: usize,
    /// Cases in the box.
    pub n_cases: usize,
    /// Share of all cases that lie in the box.
    pub coverage: f64,
    /// Share of the box's draws that are cases.
    pub density: f64,
    /// Share of all draws that lie in the box.
    pub mass: f64,
    /// Factors with a limit.
    pub n_restricted: usize,
    /// Lowest and highest value by factor; without a limit those of all draws.
    pub limits: Vec<[f64; 2]>,
}

impl Step {
    /// Harmonic mean of coverage and density.
    pub fn balance(&self) -> f64 {
        let total = self.coverage + self.density;
        if total > 0.0 { 2.0 * self.coverage * self.density / total } else { 0.0 }
    }
}

/// A trajectory, and the box chosen from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// From the box of all draws on.
    pub steps: Vec<Step>,
    /// Position of the box with the highest harmonic mean of coverage and density; of equal ones the first.
    pub chosen: usize,
    /// Quasi-p-values of the chosen box's limits, by factor low and high; none where there is no limit.
    pub quasi_p: Vec<[Option<f64>; 2]>,
}

/// Boxes one after the other: each is sought among the draws that lie in none of the boxes chosen before, until there are `n_boxes`, no
/// case is left, or a box is no denser than all draws. None without cases.
pub fn boxes(
    x: &[Vec<f64>],
    is_case: &[bool],
    options: &Options,
    n_boxes: usize,
) -> Vec<Trajectory> {
    let mut left = vec![true; is_case.len()];
    let mut found = Vec::new();
    while found.len() < n_boxes && left.iter().zip(is_case).any(|(left, case)| *left && *case) {
        let search = Search::new(x, is_case, &left, options);
        let trajectory = search.run();
        let step = &trajectory.steps[trajectory.chosen];
        if !found.is_empty() && step.density <= share_of_cases(is_case) {
            break;
        }
        for (i, left) in left.iter_mut().enumerate() {
            *left &= !lies_in(x, &step.limits, i);
        }
        found.push(trajectory);
    }
    found
}

fn share_of_cases(is_case: &[bool]) -> f64 {
    is_case.iter().filter(|case| **case).count() as f64 / is_case.len() as f64
}

fn lies_in(x: &[Vec<f64>], limits: &[[f64; 2]], draw: usize) -> bool {
    x.iter().zip(limits).all(|(column, limit)| limit[0] <= column[draw] && column[draw] <= limit[1])
}

/// A candidate for the next box: the limit moved and what the box then holds.
struct Candidate {
    factor: usize,
    side: usize,
    limit: f64,
    n: usize,
    n_cases: usize,
}

struct Search<'a> {
    x: &'a [Vec<f64>],
    is_case: &'a [bool],
    options: &'a Options,
    /// Draws that may be in a box.
    open: Vec<usize>,
    /// Lowest and highest value of all draws.
    whole: Vec<[f64; 2]>,
    n_cases: usize,
}

impl<'a> Search<'a> {
    fn new(x: &'a [Vec<f64>], is_case: &'a [bool], left: &[bool], options: &'a Options) -> Self {
        let range = |column: &Vec<f64>| {
            column.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], v| {
                [low.min(*v), high.max(*v)]
            })
        };
        Self {
            x,
            is_case,
            options,
            open: (0..is_case.len()).filter(|&i| left[i]).collect(),
            whole: x.iter().map(range).collect(),
            n_cases: is_case.iter().filter(|case| **case).count(),
        }
    }

    fn run(&self) -> Trajectory {
        let n_open_cases = self.open.iter().filter(|&&i| self.is_case[i]).count();
        let mut steps = vec![self.step(self.whole.clone(), self.open.len(), n_open_cases)];
        self.peel(&mut steps);
        self.paste(&mut steps);
        let better = |best: usize, i: usize| {
            if steps[i].balance() > steps[best].balance() { i } else { best }
        };
        let chosen = (0..steps.len()).fold(0, better);
        let quasi_p = self.quasi_p(&steps[chosen]);
        Trajectory { steps, chosen, quasi_p }
    }

    fn step(&self, limits: Vec<[f64; 2]>, n: usize, n_cases: usize) -> Step {
        Step {
            n,
            n_cases,
            coverage: n_cases as f64 / self.n_cases as f64,
            density: if n > 0 { n_cases as f64 / n as f64 } else { 0.0 },
            mass: n as f64 / self.is_case.len() as f64,
            n_restricted: limits.iter().zip(&self.whole).filter(|(a, b)| a != b).count(),
            limits,
        }
    }

    fn peel(&self, steps: &mut Vec<Step>) {
        let mut is_open = vec![false; self.is_case.len()];
        self.open.iter().for_each(|&i| is_open[i] = true);
        let mut sorted: Vec<Vec<usize>> = crate::parallel::map(self.x, |column| {
            order(column).into_iter().filter(|&i| is_open[i]).collect()
        });
        loop {
            let step = &steps[steps.len() - 1];
            let candidates = (0..self.x.len())
                .flat_map(|factor| [1, 0].map(|side| (factor, side)))
                .map(|(factor, side)| self.peeled(step, &sorted[factor], factor, side));
            let Some(best) = self.best(step, candidates) else { return };
            if best.n >= step.n
                || (best.n as f64 / self.is_case.len() as f64) < self.options.smallest_mass
            {
                return;
            }
            let stays = |&i: &usize| {
                let value = self.x[best.factor][i];
                if best.side == 0 { value >= best.limit } else { value <= best.limit }
            };
            sorted.iter_mut().for_each(|draws| draws.retain(stays));
            let next = self.moved(step, &best);
            steps.push(next);
        }
    }

    /// A side of a factor taken off: the limit midway between the two values at the quantile, or the next ones that differ.
    fn peeled(&self, step: &Step, sorted: &[usize], factor: usize, side: usize) -> Candidate {
        let column = &self.x[factor];
        let value = |place: usize| column[sorted[place]];
        let share = if side == 0 { self.options.peel } else { 1.0 - self.options.peel };
        let (below, above) = parted(sorted.len(), share, side == 1, value);
        let limit = 0.5 * (value(below) + value(above));
        let off = if side == 0 {
            &sorted[..sorted.partition_point(|&i| column[i] < limit)]
        } else {
            &sorted[sorted.partition_point(|&i| column[i] <= limit)..]
        };
        let n_cases_off = off.iter().filter(|&&i| self.is_case[i]).count();
        let (n, n_cases) = (step.n - off.len(), step.n_cases - n_cases_off);
        Candidate { factor, side, limit, n, n_cases }
    }

    fn paste(&self, steps: &mut Vec<Step>) {
        loop {
            let step = &steps[steps.len() - 1];
            let beyond = self.beyond(step);
            let candidates = (0..self.x.len())
                .flat_map(|factor| [0, 1].map(|side| (factor, side)))
                .filter(|&(factor, side)| step.limits[factor][side] != self.whole[factor][side])
                .map(|(factor, side)| self.pasted(step, &beyond[factor][side], factor, side));
            let Some(best) = self.best(step, candidates) else { return };
            if best.n <= step.n || best.n_cases * step.n <= step.n_cases * best.n {
                return;
            }
            let next = self.moved(step, &best);
            steps.push(next);
        }
    }

    /// Draws that only one limit keeps out, by factor and side.
    fn beyond(&self, step: &Step) -> Vec<[Vec<usize>; 2]> {
        let mut beyond = vec![[Vec::new(), Vec::new()]; self.x.len()];
        for &i in &self.open {
            let mut broken = step.limits.iter().enumerate().filter_map(|(factor, limit)| {
                let value = self.x[factor][i];
                if value < limit[0] {
                    Some((factor, 0))
                } else if value > limit[1] {
                    Some((factor, 1))
                } else {
                    None
                }
            });
            if let (Some((factor, side)), None) = (broken.next(), broken.next()) {
                beyond[factor][side].push(i);
            }
        }
        beyond
    }

    /// A limit moved out to take in a share of the draws beyond it.
    fn pasted(&self, step: &Step, beyond: &[usize], factor: usize, side: usize) -> Candidate {
        let column = &self.x[factor];
        let mut sorted = beyond.to_vec();
        sorted.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
        let mut limit = self.whole[factor][side];
        if !sorted.is_empty() {
            let value = |place: usize| column[sorted[place]];
            let share = if side == 0 { 1.0 - self.options.paste } else { self.options.paste };
            let (below, above) = parted(sorted.len(), share, side == 0, value);
            limit = 0.5 * (value(below) + value(above));
        }
        let is_in = |&&i: &&usize| if side == 0 { column[i] >= limit } else { column[i] <= limit };
        let n_in = sorted.iter().filter(is_in).count();
        let n_cases_in = sorted.iter().filter(is_in).filter(|&&i| self.is_case[i]).count();
        Candidate { factor, side, limit, n: step.n + n_in, n_cases: step.n_cases + n_cases_in }
    }

    /// The candidate that raises the density most per draw; of equal ones that with the fewest limits, then the first. None if it
    /// does not raise it.
    fn best(&self, step: &Step, candidates: impl Iterator<Item = Candidate>) -> Option<Candidate> {
        let mut best: Option<(f64, usize, Candidate)> = None;
        for candidate in candidates {
            let density = |n_cases: usize, n: usize| {
                if n > 0 { n_cases as f64 / n as f64 } else { 0.0 }
            };
            let gain = density(candidate.n_cases, candidate.n) - density(step.n_cases, step.n);
            let moved = step.n.abs_diff(candidate.n);
            let score = if gain != 0.0 && moved > 0 { gain / moved as f64 } else { 0.0 };
            let mut limit = step.limits[candidate.factor];
            limit[candidate.side] = candidate.limit;
            let n_others = (0..self.x.len())
                .filter(|&j| j != candidate.factor && step.limits[j] != self.whole[j])
                .count();
            let n_restricted = n_others + usize::from(limit != self.whole[candidate.factor]);
            let is_better = best
                .as_ref()
                .is_none_or(|(s, n, _)| score > *s || (score == *s && n_restricted < *n));
            if is_better {
                best = Some((score, n_restricted, candidate));
            }
        }
        best.filter(|(score, ..)| *score > 0.0).map(|(.., candidate)| candidate)
    }

    fn moved(&self, step: &Step, candidate: &Candidate) -> Step {
        let mut limits = step.limits.clone();
        limits[candidate.factor][candidate.side] = candidate.limit;
        self.step(limits, candidate.n, candidate.n_cases)
    }

    /// For every limit the odds of so many cases among the box's draws, or more, if they were as frequent as in the box without
    /// that limit: a one-sided binomial test. Quasi, because the limit was chosen on the same draws.
    fn quasi_p(&self, step: &Step) -> Vec<[Option<f64>; 2]> {
        let beyond = self.beyond(step);
        let of_limit = |factor: usize, side: usize| {
            if step.limits[factor][side] == self.whole[factor][side] {
                return None;
            }
            let more = &beyond[factor][side];
            let n_more_cases = more.iter().filter(|&&i| self.is_case[i]).count();
            let share = (step.n_cases + n_more_cases) as f64 / (step.n + more.len()) as f64;
            Some(binomial_tail(step.n, share, step.n_cases))
        };
        (0..self.x.len()).map(|factor| [0, 1].map(|side| of_limit(factor, side))).collect()
    }
}

/// The two places of `n` sorted values between which a limit lies: around the quantile, and where values are equal there moved on
/// until they differ, down for a limit from above (`down`), else up.
fn parted(n: usize, share: f64, down: bool, value: impl Fn(usize) -> f64) -> (usize, usize) {
    let last = n.saturating_sub(1);
    let place = last as f64 * share;
    let (mut below, mut above) =
        ((place.floor() as usize).min(last), (place.ceil() as usize).min(last));
    while n > 0 && value(below) == value(above) {
        if down && below > 0 {
            below -= 1;
        } else if !down && above < last {
            above += 1;
        } else {
            break;
        }
    }
    (below, above)
}

/// Odds of `k` or more successes in `n` trials of odds `p`.
pub fn binomial_tail(n: usize, p: f64, k: usize) -> f64 {
    if k == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 || k > n {
        return 0.0;
    }
    let few = k.min(n - k);
    let choices = crate::numeric::sum((1..=few).map(|i| ln((n - few + i) as f64 / i as f64)));
    let first = exp(choices + k as f64 * ln(p) + (n - k) as f64 * ln(1.0 - p));
    // Summed away from the mean, where terms fall.
    let (mut term, mut total) = (first, 0.0);
    if k as f64 > n as f64 * p {
        for successes in k..=n {
            total += term;
            term *= (n - successes) as f64 / (successes + 1) as f64 * p / (1.0 - p);
        }
        return total.min(1.0);
    }
    for successes in (1..=k).rev() {
        term *= successes as f64 / (n - successes + 1) as f64 * (1.0 - p) / p;
        total += term;
    }
    (1.0 - total).max(0.0)
}

#[cfg(test)]
mod tests;
