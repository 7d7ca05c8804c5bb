//! Figures that `calibrate` estimates where a city does not give them.

use super::tree::Node;

/// A figure that calibration estimates.
#[derive(Debug, Clone, Copy)]
pub struct Estimated {
    /// Path of the figure.
    pub path: &'static str,
    /// The prior that stands in until it is estimated.
    pub prior: &'static str,
}

/// Source key of what calibration wrote: no knowledge of its own.
const CALIBRATION: &str = "calibration";

/// Every such figure.
pub const ESTIMATED: [Estimated; 8] = [
    of("enrolment.kindergarten.gross_rate", "calibration.priors.kindergarten_rate"),
    of("enrolment.primary.coverage", "calibration.priors.primary_coverage"),
    of("enrolment.primary.retention", "calibration.priors.primary_retention"),
    of("enrolment.junior.retention", "calibration.priors.junior_retention"),
    of("enrolment.senior.continuation", "calibration.priors.continuation"),
    of("enrolment.senior.academic_share", "calibration.priors.academic_share"),
    of("enrolment.senior.retention", "calibration.priors.senior_retention"),
    of("enrolment.vocational.retention", "calibration.priors.vocational_retention"),
];

const fn of(path: &'static str, prior: &'static str) -> Estimated {
    Estimated { path, prior }
}

/// Puts the priors where the city gives no figure of its own (or only what calibration wrote earlier); returns their paths.
pub(super) fn stand_in(tree: &mut Node) -> Vec<&'static str> {
    let mut absent = Vec::new();
    for estimated in ESTIMATED {
        let given = tree.at(estimated.path);
        let is_own = given
            .is_some_and(|figure| figure.at("source").and_then(Node::text) != Some(CALIBRATION));
        if is_own {
            continue;
        }
        if let Some(prior) = tree.at(estimated.prior).cloned() {
            tree.put(estimated.path, prior);
            absent.push(estimated.path);
        }
    }
    absent
}
