//! From a register that is near its targets, or cannot meet all of them, to the nearest: least squares on all parameters at
//! once (Levenberg 1944, Marquardt 1963; derivatives by differences), then small steps along each.
//!
//! Rooms and classes are whole, so that neither is sure to find the best; both only ever add to what was tried.

use nalgebra::{DMatrix, DVector};

use super::search::{CHOICE_DIGITS, FILLS, Search, WEIGHT_OF_MEAN, WEIGHT_OF_ZONE, limits};
use super::spin_up::Measured;
use super::targets::{ClassTarget, What};
use super::trial::Trial;

/// School rows that may be made in polishing one shape: a small register has a few hundred trials, a large one few.
const MOST_ROWS: usize = 400_000;
/// Bounds of the number of trials.
const TRIALS: (usize, usize) = (40, 300);
/// Largest θ.
const MOST_CHOICE: f64 = 3.0;

impl Search<'_> {
    /// Goes on from the best, and then from other values of its shape.
    pub(super) fn polish(&mut self) {
        let most = (MOST_ROWS / self.problem.targets.schools.max(1)).clamp(TRIALS.0, TRIALS.1);
        let mut left = most;
        self.least_squares(None, &mut left);
        let Some(best) = self.best.as_ref().map(|best| best.trial.clone()) else {
            return;
        };
        let (low, high) = limits(best.shape, self.problem.targets.size_spread);
        for share in [0.25, 0.5, 0.75] {
            if high > low && left > most / 2 {
                let value = low + share * (high - low);
                self.least_squares(Some(Trial { value, ..best.clone() }), &mut left);
            }
        }
        self.small_steps(&mut left);
    }

    fn try_once(&mut self, trial: &Trial, left: &mut usize) -> DVector<f64> {
        *left = left.saturating_sub(1);
        let measured = self.evaluate(trial);
        misses(&self.problem.class_targets, &measured)
    }

    /// Least squares from a trial, or from the best.
    fn least_squares(&mut self, from: Option<Trial>, left: &mut usize) {
        let Some(mut trial) = from.or_else(|| self.best.as_ref().map(|b| b.trial.clone())) else {
            return;
        };
        let mut residuals = self.try_once(&trial, left);
        let mut damping = 0.01;
        for _ in 0..6 {
            if self.is_met() || *left < 10 {
                return;
            }
            let axes = self.axes(&trial);
            let mut slopes = DMatrix::zeros(residuals.len(), axes.len());
            for (column, &(axis, step)) in axes.iter().enumerate() {
                let beside = self.moved(&trial, axis, step);
                let change = self.try_once(&beside, left) - &residuals;
                slopes.set_column(column, &change);
            }
            let mut is_better = false;
            for _ in 0..4 {
                let normal = slopes.transpose() * &slopes;
                let ridge = DMatrix::identity(axes.len(), axes.len())
                    * (damping * normal.diagonal().max().max(1e-9));
                let gradient = slopes.transpose() * &residuals;
                let Some(steps) = (normal + ridge).lu().solve(&gradient) else {
                    return;
                };
                let mut next = trial.clone();
                for (&(axis, step), amount) in axes.iter().zip(steps.iter()) {
                    next = self.moved(&next, axis, -amount.clamp(-20.0, 20.0) * step);
                }
                let after = self.try_once(&next, left);
                if after.norm_squared() < residuals.norm_squared() {
                    (trial, residuals, is_better) = (next, after, true);
                    damping *= 0.2;
                    break;
                }
                damping = (damping * 8.0).max(0.01);
            }
            if !is_better {
                return;
            }
        }
    }

    /// Parameters that may move, and a step of each that is large against the whole numbers of rooms.
    fn axes(&self, trial: &Trial) -> Vec<(usize, f64)> {
        let n_fills = trial.fills.len();
        let (low, high) = limits(trial.shape, self.problem.targets.size_spread);
        let means = self.problem.group_means.iter().enumerate();
        let mut axes: Vec<(usize, f64)> =
            means.filter(|(_, mean)| mean.is_some()).map(|(group, _)| (group, 0.01)).collect();
        if self.problem.targets.choice.is_none() {
            axes.push((n_fills, 0.01));
        }
        if high > low {
            let step = 0.03 * (high - low);
            axes.push((n_fills + 1, if trial.value + step > high { -step } else { step }));
        }
        axes
    }

    /// A trial with one parameter moved: tightness by a share of itself, θ and the value of the shape by an amount.
    fn moved(&self, trial: &Trial, axis: usize, step: f64) -> Trial {
        let mut moved = trial.clone();
        let n_fills = trial.fills.len();
        if axis < n_fills {
            moved.fills[axis] = (trial.fills[axis] * (1.0 + step)).clamp(FILLS.0, FILLS.1);
        } else if axis == n_fills {
            let choice = (trial.choice + step).clamp(0.0, MOST_CHOICE);
            moved.choice = (choice * CHOICE_DIGITS).round() / CHOICE_DIGITS;
        } else {
            let (low, high) = limits(trial.shape, self.problem.targets.size_spread);
            moved.value = (trial.value + step).clamp(low, high);
        }
        moved
    }

    /// Steps along every parameter around the best, halved when none is better.
    fn small_steps(&mut self, left: &mut usize) {
        let mut size = 1.0;
        while size > 0.01 {
            let Some((score, axes)) =
                self.best.as_ref().map(|best| (best.score, self.axes(&best.trial)))
            else {
                return;
            };
            for (axis, step) in axes {
                for sign in [1.0, -1.0] {
                    let Some(best) = self.best.as_ref().map(|best| best.trial.clone()) else {
                        return;
                    };
                    let trial = self.moved(&best, axis, sign * size * step);
                    if trial == best {
                        continue;
                    }
                    self.try_once(&trial, left);
                    if self.is_met() || *left == 0 {
                        return;
                    }
                }
            }
            if self.best.as_ref().is_none_or(|best| best.score > score - 1e-6) {
                size *= 0.5;
            }
        }
    }
}

/// Weighted misses of all targets.
fn misses(class_targets: &[ClassTarget], measured: &Measured) -> DVector<f64> {
    let weighted = |target: &ClassTarget| {
        let weight = match (target.what, target.zone) {
            (What::MeanClass, _) => WEIGHT_OF_MEAN,
            (_, Some(_)) => WEIGHT_OF_ZONE,
            _ => 1.0,
        };
        weight * (target.of(measured) - target.published)
    };
    DVector::from_iterator(class_targets.len(), class_targets.iter().map(weighted))
}
