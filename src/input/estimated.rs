//! Figures that `calibrate` estimates where a city does not give them.

use crate::axes::{Stage, Stages};

use super::tree::Node;

/// A figure that calibration estimates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimated {
    /// Path of the figure.
    pub path: String,
    /// The prior that stands in until it is estimated.
    pub prior: String,
}

/// Source key of what calibration wrote: no knowledge of its own.
const CALIBRATION: &str = "calibration";

/// Every such figure of a city with these stages, in their order.
pub fn estimated(stages: &'static Stages) -> Vec<Estimated> {
    let of_stage = |stage: Stage| {
        let key = stage.key();
        let of = |figure: &str, prior: String| Estimated {
            path: format!("enrolment.{key}.{figure}"),
            prior: format!("calibration.priors.{prior}"),
        };
        let mut figures = Vec::new();
        if stage.is_by_rate() {
            figures.push(of("gross_rate", format!("{key}_rate")));
            return figures;
        }
        if stage.starts_cohorts() {
            figures.push(of("coverage", format!("{key}_coverage")));
        }
        if stage.sharer().is_some() {
            figures.push(of("continuation", "continuation".to_string()));
            figures.push(of("academic_share", "academic_share".to_string()));
        }
        figures.push(of("retention", format!("{key}_retention")));
        figures
    };
    stages.iter().flat_map(of_stage).collect()
}

/// Puts the priors where the city gives no figure of its own (or only what calibration wrote earlier); returns their paths.
pub(super) fn stand_in(tree: &mut Node) -> Vec<String> {
    let mut absent = Vec::new();
    for estimated in estimated(super::stages::read(tree).0) {
        let given = tree.at(&estimated.path);
        let is_own = given
            .is_some_and(|figure| figure.at("source").and_then(Node::text) != Some(CALIBRATION));
        if is_own {
            continue;
        }
        if let Some(prior) = tree.at(&estimated.prior).cloned() {
            tree.put(&estimated.path, prior);
            absent.push(estimated.path);
        }
    }
    absent
}
