//! The search for a register that meets its targets.
//!
//! The mean class size rises with the tightness of rooms, the share of oversized classes mostly with θ, and the share of
//! super-oversized ones with whatever else may vary: three nested searches for a zero, each of which starts where the one
//! before ended. Rooms and classes are whole, so none of these is smooth, and with a strong pull none is monotone: every
//! register that is made is scored, the best of all is kept, and small steps around it follow.

use crate::city::School;
use crate::numeric::{exp, ln, sum};

use super::spin_up::Measured;
use super::targets::{Attempt, ClassTarget, Shape, What};
use super::trial::{Candidate, Problem, Trial};

/// Bounds of pupils over seats.
pub(super) const FILLS: (f64, f64) = (0.3, 1.8);
/// Values of θ at which a sign change is looked for.
const CHOICES: [f64; 11] = [0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.9, 1.3];
/// θ is written with so many digits.
pub(super) const CHOICE_DIGITS: f64 = 1e5;
/// A mean is near enough to go on within this distance, pupils.
const NEAR_MEAN: f64 = 0.01;
/// A pupil of mean class size weighs as much as so many points of a share: means are the harder fact.
pub(super) const WEIGHT_OF_MEAN: f64 = 2.0;
/// Shares of zones give way to those of the city.
pub(super) const WEIGHT_OF_ZONE: f64 = 0.25;

/// The search for one stage.
pub(super) struct Search<'a> {
    pub(super) problem: Problem<'a>,
    pub(super) best: Option<Candidate>,
}

impl<'a> Search<'a> {
    /// Nothing tried yet.
    pub fn new(problem: Problem<'a>) -> Self {
        Search { problem, best: None }
    }

    /// Tries shapes, the simplest first, until one meets everything. The register that was taken, every shape that was
    /// tried, and the problem.
    pub fn run(mut self) -> (Candidate, Vec<Attempt>, Problem<'a>) {
        let mut taken: Option<Candidate> = None;
        let mut attempts: Vec<Attempt> = Vec::new();
        for shape in Shape::SYNTHETIC {
            if shape != Shape::Choice && !self.may_try(shape) {
                continue;
            }
            self.best = None;
            let from = attempts.first().map(|attempt| attempt.choice);
            self.try_shape(shape, from.zip(taken.as_ref().map(|t| t.trial.fills.clone())));
            let Some(best) = self.best.take() else {
                continue;
            };
            let mets = self
                .problem
                .class_targets
                .iter()
                .map(|target| target.met(&best.measured))
                .collect();
            let (value, choice) = (best.trial.value, best.trial.choice);
            let attempt = Attempt { shape, value, choice, mets };
            let is_met = attempt.is_met();
            attempts.push(attempt);
            if is_met || taken.as_ref().is_none_or(|t| best.score < t.score - 1e-9) {
                taken = Some(best);
            }
            if is_met {
                break;
            }
        }
        let taken = taken.unwrap_or_else(|| {
            let trial = self.neutral(Shape::Choice);
            let (schools, measured) = self.problem.evaluate(&trial);
            Candidate { schools, measured, trial, score: 0.0 }
        });
        (taken, attempts, self.problem)
    }

    /// A given θ stands; and without a share to meet nothing speaks for another shape.
    fn may_try(&self, shape: Shape) -> bool {
        let has_share =
            self.problem.class_targets.iter().any(|target| target.what != What::MeanClass);
        self.problem.targets.choice.is_none()
            && (has_share || shape == Shape::OpenAt)
            && !(shape == Shape::OpenAt && self.problem.targets.has_own_open_at)
            && self.problem.can_vary(shape)
    }

    fn neutral(&self, shape: Shape) -> Trial {
        let targets = self.problem.targets;
        let fill = if targets.fill > 0.0 { targets.fill } else { 0.9 };
        Trial {
            shape,
            choice: targets.choice.unwrap_or(0.0),
            value: neutral(shape, targets.size_spread),
            fills: vec![fill; self.problem.group_means.len()],
        }
    }

    /// Makes a register, scores it, and keeps it if it is the best.
    pub(super) fn evaluate(&mut self, trial: &Trial) -> Measured {
        let (schools, measured) = self.problem.evaluate(trial);
        self.keep(trial, schools, measured);
        measured
    }

    fn keep(&mut self, trial: &Trial, schools: Vec<School>, measured: Measured) {
        let score = score(&self.problem.class_targets, &measured);
        if self.best.as_ref().is_none_or(|best| score < best.score) {
            self.best = Some(Candidate { schools, measured, trial: trial.clone(), score });
        }
    }

    pub(super) fn is_met(&self) -> bool {
        self.best.as_ref().is_some_and(|best| best.score <= 0.0)
    }

    /// Finds the best register of a shape, starting from a θ and tightness that did well before.
    fn try_shape(&mut self, shape: Shape, from: Option<(f64, Vec<f64>)>) {
        let mut trial = self.neutral(shape);
        if let Some((choice, fills)) = from {
            (trial.choice, trial.fills) = (choice, fills);
        }
        match shape {
            Shape::Choice | Shape::Register => {
                self.meet_share(&mut trial);
            }
            _ => self.meet_second_share(&trial),
        }
        if !self.is_met() && !self.problem.class_targets.is_empty() {
            self.polish();
        }
    }

    /// Values of a shape: outward from the neutral one to both sides, until the share of super-oversized classes passes
    /// its target; then between the last two. Without such a share, until everything is met.
    fn meet_second_share(&mut self, neutral: &Trial) {
        let limits = limits(neutral.shape, self.problem.targets.size_spread);
        let target =
            self.problem.class_targets.iter().find(|w| w.what == What::SuperOversized).cloned();
        let mut start = neutral.clone();
        let at_neutral = self.distance_of_value(&mut start, &target);
        for limit in [limits.0, limits.1] {
            if limit == neutral.value {
                continue;
            }
            let (mut before, mut distance_before) = (start.clone(), at_neutral);
            for step in 1..=4 {
                let mut trial = before.clone();
                trial.value = neutral.value + (limit - neutral.value) * f64::from(step) / 4.0;
                let distance = self.distance_of_value(&mut trial, &target);
                if self.is_met() {
                    return;
                }
                if target.is_some() && distance * distance_before <= 0.0 {
                    self.between_values((before, distance_before), (trial, distance), &target);
                    return;
                }
                let is_worse = distance.abs() > distance_before.abs() + 0.5;
                (before, distance_before) = (trial, distance);
                if target.is_some() && is_worse {
                    break;
                }
            }
        }
    }

    fn between_values(
        &mut self,
        mut low: (Trial, f64),
        mut high: (Trial, f64),
        target: &Option<ClassTarget>,
    ) {
        for step in 0..7 {
            let mut trial = low.0.clone();
            trial.value = inside((low.0.value, low.1), (high.0.value, high.1), step);
            let distance = self.distance_of_value(&mut trial, target);
            if self.is_met() {
                return;
            }
            if distance * low.1 > 0.0 { low = (trial, distance) } else { high = (trial, distance) }
        }
    }

    /// Meets the mean and the first share at the value of a trial; how far the second share is above its target then.
    fn distance_of_value(&mut self, trial: &mut Trial, target: &Option<ClassTarget>) -> f64 {
        let measured = self.meet_share(trial);
        target.as_ref().map_or(0.0, |target| target.of(&measured) - target.published)
    }

    /// θ for the share of oversized classes (of super-oversized ones where the others are not published), with rooms that
    /// bring the mean at each θ. The trial becomes the nearest one.
    fn meet_share(&mut self, trial: &mut Trial) -> Measured {
        let goal = Goal::of(&self.problem);
        let is_free = self.problem.targets.choice.is_none();
        if !is_free || goal.class_targets.is_empty() {
            return self.meet_means(trial);
        }
        let mut nearest: Option<(f64, Trial, Measured)> = None;
        let mut at = |search: &mut Self, choice: f64, trial: &mut Trial| {
            trial.choice = (choice * CHOICE_DIGITS).round() / CHOICE_DIGITS;
            let measured = search.meet_means(trial);
            let distance = goal.distance(&measured);
            let cost = distance.abs() + WEIGHT_OF_MEAN * search.mean_miss(&measured);
            if nearest.as_ref().is_none_or(|(least, _, _)| cost < *least) {
                nearest = Some((cost, trial.clone(), measured));
            }
            distance
        };
        let mut bracket = None;
        let mut before: Option<(f64, f64)> = None;
        for choice in around(trial.choice) {
            let distance = at(self, choice, trial);
            if let Some((c, d)) = before
                && d * distance <= 0.0
            {
                bracket = Some(((c, d), (choice, distance)));
                break;
            }
            before = Some((choice, distance));
        }
        if let Some((mut low, mut high)) = bracket {
            for step in 0..10 {
                if (high.0 - low.0).abs() < 2.0 / CHOICE_DIGITS {
                    break;
                }
                let choice = inside(low, high, step);
                let distance = at(self, choice, trial);
                if distance.abs() < 0.003 {
                    break;
                }
                if distance * low.1 > 0.0 {
                    low = (choice, distance);
                } else {
                    high = (choice, distance);
                }
            }
        }
        match nearest {
            Some((_, best, measured)) => {
                *trial = best;
                measured
            }
            None => self.meet_means(trial),
        }
    }

    fn mean_miss(&self, measured: &Measured) -> f64 {
        let class_targets = self.problem.group_means.iter().flatten();
        sum(class_targets.map(|target| (target.of(measured) - target.published).abs()))
    }

    /// Tightness of every group of areas for its mean class size, all groups at once. The trial becomes the nearest one.
    fn meet_means(&mut self, trial: &mut Trial) -> Measured {
        let means: Vec<Option<ClassTarget>> = self.problem.group_means.clone();
        let mut sides: Vec<Sides> = means.iter().map(|_| Sides::default()).collect();
        let mut nearest: Option<(f64, Vec<f64>, Measured)> = None;
        for step in 0..14 {
            let measured = self.evaluate(trial);
            let miss = self.mean_miss(&measured);
            if nearest.as_ref().is_none_or(|(least, _, _)| miss < *least) {
                nearest = Some((miss, trial.fills.clone(), measured));
            }
            let mut has_moved = false;
            for (group, mean) in means.iter().enumerate() {
                let Some(mean) = mean else { continue };
                let distance = mean.of(&measured) - mean.published;
                if distance.abs() <= NEAR_MEAN {
                    continue;
                }
                let next = sides[group].next(trial.fills[group], distance, mean.published, step);
                if let Some(next) = next {
                    trial.fills[group] = next;
                    has_moved = true;
                }
            }
            if !has_moved {
                break;
            }
        }
        match nearest {
            Some((_, fills, measured)) => {
                trial.fills = fills;
                measured
            }
            None => self.evaluate(trial),
        }
    }
}

/// By how much a register misses, beyond what counts as met: points of a share, pupils of a mean times their weight.
fn score(class_targets: &[ClassTarget], measured: &Measured) -> f64 {
    sum(class_targets.iter().map(|target| {
        let met = target.met(measured);
        let miss = (met.miss().abs() - met.tolerance).max(0.0);
        match (target.what, target.zone) {
            (What::MeanClass, _) => WEIGHT_OF_MEAN * miss,
            (_, Some(_)) => WEIGHT_OF_ZONE * miss,
            _ => miss,
        }
    }))
}

/// The share that θ is to meet: the city's, else the mean of its zones' weighted with their classes.
struct Goal {
    class_targets: Vec<ClassTarget>,
}

impl Goal {
    fn of(problem: &Problem) -> Self {
        let find = |what: What, of_city: bool| -> Vec<ClassTarget> {
            let fits = |w: &&ClassTarget| w.what == what && w.zone.is_none() == of_city;
            problem.class_targets.iter().filter(fits).cloned().collect()
        };
        let choices = [
            find(What::Oversized, true),
            find(What::Oversized, false),
            find(What::SuperOversized, true),
        ];
        let class_targets = choices.into_iter().find(|w| !w.is_empty()).unwrap_or_default();
        Goal { class_targets }
    }

    fn distance(&self, measured: &Measured) -> f64 {
        let classes = |target: &ClassTarget| match target.zone {
            None => measured.all.classes,
            Some(zone) => measured.zones[zone as usize].classes,
        };
        let weighted =
            |target: &ClassTarget| classes(target) * (target.of(measured) - target.published);
        sum(self.class_targets.iter().map(weighted))
            / sum(self.class_targets.iter().map(classes)).max(1e-9)
    }
}

/// The nearest points on both sides of a zero.
#[derive(Default)]
struct Sides {
    low: Option<(f64, f64)>,
    high: Option<(f64, f64)>,
}

impl Sides {
    /// Takes in a point of a function that mostly rises; the next one to try, `None` at a bound or where the sides meet.
    fn next(&mut self, fill: f64, distance: f64, target: f64, step: usize) -> Option<f64> {
        let side = if distance < 0.0 { &mut self.low } else { &mut self.high };
        *side = Some((fill, distance));
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                ((high.0 - low.0).abs() > 1e-5).then(|| inside(low, high, step))
            }
            _ => {
                let factor = target / (target + distance);
                // A step too short to pass the zero is doubled, and doubled again.
                let factor = exp(1.1 * f64::from(1 << (step / 2).min(5)) * ln(factor));
                let next = (fill * factor.clamp(0.6, 1.7)).clamp(FILLS.0, FILLS.1);
                (next != fill).then_some(next)
            }
        }
    }
}

/// Between two points of opposite sign: by proportion, every third time the middle, never nearer than a twentieth to one.
fn inside(low: (f64, f64), high: (f64, f64), step: usize) -> f64 {
    let share = if step % 3 == 2 || low.1 == high.1 { 0.5 } else { low.1 / (low.1 - high.1) };
    low.0 + (high.0 - low.0) * share.clamp(0.05, 0.95)
}

/// Values of θ to look at: near a value that did well first, then all.
fn around(choice: f64) -> Vec<f64> {
    let mut choices = Vec::new();
    if choice > 0.0 {
        choices.extend([choice, 0.8 * choice, 1.25 * choice, 0.5 * choice, 2.0 * choice]);
    }
    choices.extend(CHOICES);
    choices
}

/// The value at which a shape changes nothing.
fn neutral(shape: Shape, size_spread: f64) -> f64 {
    match shape {
        Shape::OpenAt => 1.0,
        Shape::SizeSpread => size_spread,
        _ => 0.0,
    }
}

/// Values between which a shape is searched. `open_at` stays below the limit of relief, 55 pupils where the standard is
/// 45 to 50.
pub(super) fn limits(shape: Shape, size_spread: f64) -> (f64, f64) {
    match shape {
        Shape::OpenAt => (0.7, 1.1),
        Shape::SizeSpread => (0.3 * size_spread, (2.5 * size_spread).min(2.0)),
        Shape::QualitySkew => (-1.2, 1.2),
        Shape::ZoneTightness => (-0.3, 0.9),
        Shape::AreaTightness => (0.0, 0.6),
        Shape::Choice | Shape::Register => (0.0, 0.0),
    }
}
