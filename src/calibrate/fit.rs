//! The form of a synthetic register: θ, the tightness of rooms and at most one more shape, so that the mean class size and
//! the shares of oversized and super-oversized classes come out as published.
//!
//! In: targets of a stage, pupils by residence. Out: the schools of the nearest register, and by how much every shape that
//! was tried misses. Schools and pupils are met exactly by construction (`trial`). A mean or a share is met
//! within the rounding of its published figure, or within one class where the register is too small for that. The simplest
//! shape that meets everything is taken, else the nearest.

use crate::axes::Stage;
use crate::city::{School, Site};
use crate::scenario::Scenario;

use super::register::{self, StageTargets};
use super::search::Search;
use super::targets::{FittedStage, Shape};
use super::trial::Problem;

/// Fits a stage: what was found, and its sites and schools.
pub fn fit_stage(
    scenario: &Scenario,
    stage: Stage,
    targets: &StageTargets,
    wanted: &[f64],
    seed: u64,
) -> (FittedStage, Vec<Site>, Vec<School>) {
    let problem = Problem::new(scenario, stage, targets, wanted, seed);
    let (best, attempts, problem) = Search::new(problem).run();
    let sites = problem.plan.sites();
    let mut schools = best.schools;
    register::assign_ownership(stage, targets, &mut schools, seed);
    let trial = &best.trial;
    let open_at_factor = match trial.shape {
        Shape::OpenAt => problem.open_at(trial.value) / problem.open_at(1.0),
        _ => 1.0,
    };
    let rooms: i32 = schools.iter().map(|s| s.rooms_total).sum();
    let seats =
        f64::from(rooms) * scenario.thresholds.at(scenario.city.base_year).room_standard(stage);
    let measured = &best.measured;
    let fitted = FittedStage {
        stage,
        choice: trial.choice,
        fill: measured.all.pupils / seats.max(1e-9),
        mean_class: measured.all.mean_class(),
        oversized_share: measured.all.oversized_share(),
        super_share: measured.all.super_share(),
        rooms,
        pupils: measured.all.pupils,
        shape: trial.shape,
        shape_value: trial.value,
        open_at_factor,
        mets: problem.class_targets.iter().map(|target| target.met(measured)).collect(),
        attempts,
    };
    (fitted, sites, schools)
}
