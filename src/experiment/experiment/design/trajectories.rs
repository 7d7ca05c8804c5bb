//! Morris trajectories: from a random start each factor is moved once, in random order (Morris 1991,
//! doi:10.1080/00401706.1991.10484804).
//!
//! **Levels.** The p levels of a factor are the middles (k + ½)/p of p parts of equal probability, not 0, 1/(p−1), …,
//! 1: the quantile of 0 or 1 is infinite for a normal law and an accident of the range for others. A step is p/2
//! levels, half the unit cube, so that all levels are equally likely, as with Morris's p/(2(p−1)) on his grid.
//!
//! **Choice.** Of `candidates` random trajectories those are taken that lie far apart: the distance of two is the sum
//! of the distances of all pairs of their points, that of a set the root of the sum of squares (Campolongo, Cariboni
//! & Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004). The set is built up from the farthest pair, each time by the
//! candidate that adds most: the first branch of the local search of Ruano et al. (2012,
//! doi:10.1016/j.envsoft.2012.03.008). Their other branches could find a slightly wider set, but one whose members
//! change with its size; built up one by one, the first trajectories stay the same when more are wanted.

use crate::{parallel, random};

/// One factor of one trajectory, in levels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Move {
    from: u32,
    to: u32,
    /// The step, from 1, at which it moves.
    step: u32,
}

/// Trajectories in the order of their choice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trajectories {
    levels: u32,
    n_factors: usize,
    /// Trajectory by trajectory, factor by factor.
    moves: Vec<Move>,
}

impl Trajectories {
    /// `wanted` trajectories; chosen from so many `candidates`, or as they come when that is 0.
    pub(super) fn new(
        n_factors: usize,
        levels: u32,
        wanted: usize,
        candidates: usize,
        seed: u64,
    ) -> Self {
        let n_made = candidates.max(wanted);
        let made: Vec<Vec<Move>> =
            (0..n_made).map(|c| random_trajectory(n_factors, levels, seed, c)).collect();
        let order = if candidates == 0 { (0..wanted).collect() } else { far_apart(&made, wanted) };
        let moves = order.into_iter().flat_map(|c: usize| made[c].iter().copied()).collect();
        Trajectories { levels, n_factors, moves }
    }

    /// Writes row `row` into `out`: point `row mod (d+1)` of trajectory `row / (d+1)`. Rows there are none of are not
    /// a number.
    pub(super) fn point(&self, row: u64, out: &mut [f64]) {
        let n_points = self.n_factors as u64 + 1;
        let first =
            usize::try_from(row / n_points).unwrap_or(usize::MAX).saturating_mul(self.n_factors);
        let step = (row % n_points) as u32;
        let own = self.moves.get(first..first.saturating_add(self.n_factors)).unwrap_or_default();
        out.fill(f64::NAN);
        for (place, own) in out.iter_mut().zip(own) {
            let level = if own.step <= step { own.to } else { own.from };
            *place = (f64::from(level) + 0.5) / f64::from(self.levels);
        }
    }
}

/// A start on any level; a factor of the lower half moves up, one of the upper half down.
fn random_trajectory(n_factors: usize, levels: u32, seed: u64, candidate: usize) -> Vec<Move> {
    let mut generator = random::stream(seed, &format!("trajectory/{candidate}"));
    let order = random::permutation(n_factors, &mut generator);
    order
        .into_iter()
        .map(|place| {
            let from = random::below(levels as usize, &mut generator) as u32;
            let to = if from < levels / 2 { from + levels / 2 } else { from - levels / 2 };
            Move { from, to, step: place as u32 + 1 }
        })
        .collect()
}

/// The squared distance of two trajectories, in levels: (Σ over pairs of points of their Euclidean distance)².
///
/// Two equal trajectories are at distance 0, so that neither is taken for the sake of the other. One step changes one
/// coordinate, so the squared distance of two points follows from that of their predecessors in whole numbers.
fn squared_distance(a: &[Move], b: &[Move]) -> f64 {
    if a == b {
        return 0.0;
    }
    let by_step = |moves: &[Move]| -> Vec<usize> {
        let mut factors: Vec<usize> = (0..moves.len()).collect();
        factors.sort_by_key(|&j| moves[j].step);
        factors
    };
    let (order_a, order_b) = (by_step(a), by_step(b));
    let square = |x: u32, y: u32| i64::from(x.abs_diff(y)).pow(2);
    let mut at_start: i64 = a.iter().zip(b).map(|(a, b)| square(a.from, b.from)).sum();
    let mut total = 0.0;
    for step_a in 0..=a.len() {
        if let Some(&j) = step_a.checked_sub(1).and_then(|k| order_a.get(k)) {
            at_start += square(a[j].to, b[j].from) - square(a[j].from, b[j].from);
        }
        let mut squared = at_start;
        total += (squared as f64).sqrt();
        for &j in &order_b {
            let level = if a[j].step as usize <= step_a { a[j].to } else { a[j].from };
            squared += square(level, b[j].to) - square(level, b[j].from);
            total += (squared as f64).sqrt();
        }
    }
    total * total
}

/// `wanted` candidates, the farthest pair first, then each time the one whose squared distances to those taken sum to
/// most; ties go to the earlier candidate.
fn far_apart(made: &[Vec<Move>], wanted: usize) -> Vec<usize> {
    let rows: Vec<usize> = (0..made.len()).collect();
    let distances = parallel::map(&rows, |&row| -> Vec<f64> {
        (0..row).map(|other| squared_distance(&made[row], &made[other])).collect()
    });
    let between = |a: usize, b: usize| match a.cmp(&b) {
        std::cmp::Ordering::Greater => distances[a][b],
        std::cmp::Ordering::Less => distances[b][a],
        std::cmp::Ordering::Equal => 0.0,
    };
    let mut pair = (0, 0, -1.0);
    for (row, others) in distances.iter().enumerate() {
        for (other, &distance) in others.iter().enumerate() {
            if distance > pair.2 {
                pair = (other, row, distance);
            }
        }
    }
    let mut taken = if made.len() < 2 { vec![0] } else { vec![pair.0, pair.1] };
    let mut gain: Vec<f64> =
        rows.iter().map(|&c| taken.iter().map(|&t| between(c, t)).sum()).collect();
    while taken.len() < wanted.min(made.len()) {
        let mut best: Option<usize> = None;
        for &c in rows.iter().filter(|c| !taken.contains(c)) {
            if best.is_none_or(|b| gain[c] > gain[b]) {
                best = Some(c);
            }
        }
        let Some(best) = best else { break };
        taken.push(best);
        rows.iter().for_each(|&c| gain[c] += between(c, best));
    }
    taken.truncate(wanted);
    taken
}

#[cfg(test)]
mod tests;
