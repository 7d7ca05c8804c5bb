//! Designs: which points of the unit cube are run.
//!
//! In: kind, number of factors, size, seed. Out: point `i`, a pure function of the design and `i` that allocates
//! nothing. A point is strictly inside the cube, so that every quantile function can be applied to it. Whatever must
//! be drawn beforehand (keys, scrambles, trajectories) is drawn in [`Design::new`].
//!
//! **Growth.** Asked for more draws, a design keeps its first rows. A Latin hypercube is one only for its own number
//! of points: it keeps the size of its first block and goes on with further hypercubes of that size
//! ([`Spec::block`]).

mod hypercube;
mod trajectories;

use super::sequence::{MOST_DIMENSIONS, Sequence, middle};
use crate::random;
use trajectories::Trajectories;

/// The most random trajectories of which some are chosen: all their pairs are compared.
const MOST_CANDIDATES: u64 = 5000;
/// The most trajectories of a design.
const MOST_TRAJECTORIES: u64 = 100_000;
/// The most levels of a factor in a Morris design.
const MOST_LEVELS: u32 = 10_000;

/// What kind of design.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Independent uniform points.
    MonteCarlo,
    /// Latin hypercubes, one after the other.
    LatinHypercube,
    /// A Sobol' sequence.
    Sobol {
        /// Nested uniform scrambling.
        scramble: bool,
    },
    /// Saltelli's blocks on a Sobol' sequence of twice the dimensions, point by point in SALib's row order: A; AB_1 …
    /// AB_d, which are A with factor j of B; with second order BA_1 … BA_d, which are B with factor j of A; B.
    /// `draws` counts the base points.
    Saltelli {
        /// Nested uniform scrambling. Without it the first base point has A = B and tells nothing.
        scramble: bool,
        /// Whether the rows BA are there.
        second_order: bool,
    },
    /// Morris trajectories of d + 1 rows; `draws` counts the trajectories.
    Morris {
        /// Levels of a factor: even.
        levels: u32,
        /// So many random trajectories are made, and those taken that lie far apart; 0: the first ones.
        candidates: u64,
    },
    /// Every combination of the given points of the unit interval of each factor; the last factor changes fastest.
    /// See [`mid_points`].
    Grid {
        /// By factor.
        points: Vec<Vec<f64>>,
    },
    /// The user's own values, in the factors' units; see [`Design::given`].
    Table {
        /// Row by row, a value a factor.
        rows: Vec<Vec<f64>>,
    },
}

/// What a design is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Kind, with what belongs to it alone.
    pub kind: Kind,
    /// Number of factors d.
    pub n_factors: usize,
    /// Rows of Monte Carlo, Latin hypercube and Sobol'; base points of Saltelli; trajectories of Morris; of no
    /// meaning for grid and table.
    pub draws: u64,
    /// Seed of everything random.
    pub seed: u64,
    /// Points of one Latin hypercube; absent: `draws`. A design that grew has that of its beginning.
    pub block: Option<u64>,
}

/// A design that is ready to be asked for points.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Kind, with what belongs to it alone.
    pub kind: Kind,
    /// Number of factors d.
    pub n_factors: usize,
    /// As in [`Spec::draws`]; the number of rows of a grid or table.
    pub draws: u64,
    /// Seed of everything random.
    pub seed: u64,
    /// Points of one Latin hypercube.
    pub block: u64,
    n_points: u64,
    prepared: Prepared,
}

#[derive(Debug, Clone, PartialEq)]
enum Prepared {
    /// A key a factor.
    Keys(Vec<u64>),
    Sequence(Sequence),
    Trajectories(Trajectories),
    Nothing,
}

/// The middles of `levels` parts of equal probability.
pub fn mid_points(levels: u32) -> Vec<f64> {
    (0..levels).map(|k| (f64::from(k) + 0.5) / f64::from(levels)).collect()
}

impl Design {
    /// Prepares a design. Refuses, with a sentence that says what would do: no factor, no draws, more dimensions than
    /// there are direction numbers for, odd levels, fewer candidates than trajectories, a point of a grid outside the
    /// open unit interval, rows of the wrong length, more rows than can be counted.
    pub fn new(spec: Spec) -> Result<Self, String> {
        let Spec { kind, n_factors, draws, seed, block } = spec;
        if n_factors == 0 {
            return Err("a design needs at least one factor".to_string());
        }
        let counts_draws = !matches!(kind, Kind::Grid { .. } | Kind::Table { .. });
        if counts_draws && draws == 0 {
            return Err("draws = 0: a design needs at least one".to_string());
        }
        let block = block.unwrap_or(draws);
        if block == 0 && counts_draws {
            return Err("a Latin hypercube of no points".to_string());
        }
        let n_points = n_points(&kind, n_factors, draws)?;
        let prepared = prepare(&kind, n_factors, draws, seed)?;
        let draws = if counts_draws { draws } else { n_points };
        Ok(Design { kind, n_factors, draws, seed, block, n_points, prepared })
    }

    /// The same design with another number of draws; the rows both have are the same.
    pub fn grown(&self, draws: u64) -> Result<Self, String> {
        let (kind, block) = (self.kind.clone(), Some(self.block));
        Design::new(Spec { kind, n_factors: self.n_factors, draws, seed: self.seed, block })
    }

    /// How many rows it has.
    pub fn n_points(&self) -> u64 {
        self.n_points
    }

    /// How many rows in succession belong together, so that an analysis must do without all of them if one is
    /// missing: those of a base point of Saltelli's design or of a trajectory; otherwise 1.
    pub fn group_size(&self) -> u64 {
        group_size(&self.kind, self.n_factors)
    }

    /// Writes point `i` of the unit cube into `out`, a place a factor: strictly between 0 and 1.
    ///
    /// Beyond [`Design::n_points`] a random design or sequence goes on; a trajectory or grid writes what is not a
    /// number. A table has values and no points: it does so for every row.
    pub fn point(&self, i: u64, out: &mut [f64]) {
        match (&self.kind, &self.prepared) {
            (Kind::MonteCarlo, Prepared::Keys(keys)) => {
                for (place, &key) in out.iter_mut().zip(keys) {
                    *place = middle(random::mixed(key, i) >> 12);
                }
            }
            (_, Prepared::Keys(keys)) => {
                for (place, &key) in out.iter_mut().zip(keys) {
                    *place = hypercube::coordinate(i, self.block, key);
                }
            }
            (Kind::Saltelli { .. }, Prepared::Sequence(sequence)) => {
                self.saltelli(sequence, i, out);
            }
            (_, Prepared::Sequence(sequence)) => {
                for (j, place) in out.iter_mut().enumerate().take(self.n_factors) {
                    *place = sequence.coordinate(i, j);
                }
            }
            (_, Prepared::Trajectories(trajectories)) => trajectories.point(i, out),
            (Kind::Grid { points }, Prepared::Nothing) if i < self.n_points => {
                let mut rest = i;
                for (place, points) in out.iter_mut().zip(points).rev() {
                    *place = points[(rest % points.len() as u64) as usize];
                    rest /= points.len() as u64;
                }
            }
            (_, Prepared::Nothing) => out.fill(f64::NAN),
        }
    }

    /// Row `i` of a table: values in the factors' units. Absent for other designs and beyond the last row.
    pub fn given(&self, i: u64) -> Option<&[f64]> {
        match &self.kind {
            Kind::Table { rows } => rows.get(usize::try_from(i).ok()?).map(Vec::as_slice),
            _ => None,
        }
    }

    /// A row of Saltelli's design: factor j comes from dimension j of the sequence (A) or from d + j (B).
    fn saltelli(&self, sequence: &Sequence, i: u64, out: &mut [f64]) {
        let d = self.n_factors as u64;
        let (base, row) = (i / self.group_size(), i % self.group_size());
        let is_last = row + 1 == self.group_size();
        // Rows after AB_d are B, but for the factor of a row BA.
        let mostly_b = row > d;
        let exchanged = match row {
            0 => None,
            _ if is_last => None,
            _ if mostly_b => Some(row - d - 1),
            _ => Some(row - 1),
        };
        for (j, place) in out.iter_mut().enumerate().take(self.n_factors) {
            let from_b = mostly_b != (exchanged == Some(j as u64));
            *place = sequence.coordinate(base, if from_b { self.n_factors + j } else { j });
        }
    }
}

fn group_size(kind: &Kind, n_factors: usize) -> u64 {
    match kind {
        Kind::Saltelli { second_order: true, .. } => 2 * n_factors as u64 + 2,
        Kind::Saltelli { .. } => n_factors as u64 + 2,
        Kind::Morris { .. } => n_factors as u64 + 1,
        _ => 1,
    }
}

/// Rows of a design.
fn n_points(kind: &Kind, n_factors: usize, draws: u64) -> Result<u64, String> {
    let too_many = || "more rows than can be counted".to_string();
    match kind {
        Kind::Grid { points } => {
            if points.len() != n_factors {
                return Err(format!("a grid of {} factors for {n_factors}", points.len()));
            }
            for (j, points) in points.iter().enumerate() {
                if points.is_empty() || points.iter().any(|u| !(*u > 0.0 && *u < 1.0)) {
                    return Err(format!(
                        "the grid of factor {}: expected points between 0 and 1, at least one",
                        j + 1
                    ));
                }
            }
            let count = |n: u64, points: &Vec<f64>| n.checked_mul(points.len() as u64);
            points.iter().try_fold(1, count).ok_or_else(too_many)
        }
        Kind::Table { rows } => {
            if rows.is_empty() {
                return Err("a table without rows".to_string());
            }
            match rows.iter().position(|row| row.len() != n_factors) {
                Some(row) => Err(format!(
                    "row {} of the table has {} values for {n_factors} factors",
                    row + 1,
                    rows[row].len()
                )),
                None => Ok(rows.len() as u64),
            }
        }
        _ => draws.checked_mul(group_size(kind, n_factors)).ok_or_else(too_many),
    }
}

fn prepare(kind: &Kind, n_factors: usize, draws: u64, seed: u64) -> Result<Prepared, String> {
    let keys = |name: &str| {
        Prepared::Keys((0..n_factors).map(|j| random::key(seed, &format!("{name}/{j}"))).collect())
    };
    match *kind {
        Kind::MonteCarlo => Ok(keys("monte-carlo")),
        Kind::LatinHypercube => Ok(keys("latin-hypercube")),
        Kind::Sobol { scramble } => {
            Sequence::new(n_factors, scramble.then_some(seed)).map(Prepared::Sequence)
        }
        Kind::Saltelli { scramble, .. } => {
            if n_factors > MOST_DIMENSIONS / 2 {
                return Err(format!(
                    "a Saltelli design of {n_factors} factors: at most {}",
                    MOST_DIMENSIONS / 2
                ));
            }
            Sequence::new(2 * n_factors, scramble.then_some(seed)).map(Prepared::Sequence)
        }
        Kind::Morris { levels, candidates } => {
            if levels == 0 || levels % 2 == 1 || levels > MOST_LEVELS {
                return Err(format!("levels = {levels}: expected an even number to {MOST_LEVELS}"));
            }
            if candidates > MOST_CANDIDATES || draws > MOST_TRAJECTORIES {
                return Err(format!(
                    "at most {MOST_TRAJECTORIES} trajectories, chosen from at most {MOST_CANDIDATES} candidates"
                ));
            }
            if candidates > 0 && candidates < draws {
                return Err(format!(
                    "candidates = {candidates}: expected at least the {draws} trajectories, or 0 to take them as they come"
                ));
            }
            let (wanted, candidates) = (draws as usize, candidates as usize);
            let chosen = Trajectories::new(n_factors, levels, wanted, candidates, seed);
            Ok(Prepared::Trajectories(chosen))
        }
        Kind::Grid { .. } | Kind::Table { .. } => Ok(Prepared::Nothing),
    }
}

#[cfg(test)]
mod tests;
