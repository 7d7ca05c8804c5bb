//! Targets of plans: what a plan promises, for which year and place, as plain data.

use crate::axes::Stage;
use crate::city::Name;
use crate::units::Year;

/// Share of something; figures in `percent` or `share`.
const SHARE: &[&str] = &["percent", "share"];

/// What a target may speak of: a key of the indicators or of the place indicators, and the units of its figure.
pub const MEASURES: &[(&str, &[&str])] = &[
    ("pupils", &["pupils"]),
    ("residents", &["pupils"]),
    ("entrants", &["pupils"]),
    ("schools", &["schools"]),
    ("classes", &["classes"]),
    ("rooms", &["rooms"]),
    ("seats", &["seats"]),
    ("seat_gap", &["seats"]),
    ("empty_seats", &["seats"]),
    ("utilisation", SHARE),
    ("mean_class_size", &["pupils per class"]),
    ("oversized_share", SHARE),
    ("super_oversized_share", SHARE),
    ("unplaced", &["pupils"]),
    ("overflow", &["pupils"]),
    ("gross_enrolment_rate", SHARE),
    ("inclusive_coverage", SHARE),
    ("private_share", SHARE),
    ("boarding_places", &["places"]),
    ("retention_nine_year", SHARE),
    ("births", &["births"]),
];

/// The keys of [`MEASURES`], for the table of keys.
pub const MEASURE_KEYS: &[&str] = &{
    let mut keys = [""; MEASURES.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = MEASURES[at].0;
        at += 1;
    }
    keys
};

/// How far a value should go.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The published value, in the units used inside (shares, counts).
    pub value: f64,
    /// What a run may differ from it and still count as meeting it, in the same units.
    pub tolerance: f64,
    /// A floor; else a ceiling.
    pub is_floor: bool,
    /// Unit in which the plan states it.
    pub unit: String,
}

/// Whether a plan binds itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// 约束性.
    Binding,
    /// 预期性.
    Expected,
}

/// One target of a plan.
#[derive(Debug, Clone)]
pub struct Target {
    /// Name in files.
    pub key: String,
    /// Title to show.
    pub title: Name,
    /// Source of its figure: the plan.
    pub plan: String,
    /// Title of that source.
    pub plan_title: String,
    /// The year for which it is set.
    pub year: Year,
    /// The published value; absent where a plan gives none.
    pub bound: Option<Bound>,
    /// Key of the indicator, or none where the model cannot say.
    pub indicator: Option<String>,
    /// Why the model cannot say.
    pub not_modelled: Name,
    /// Stages, whose stocks are added before a rate is taken.
    pub stages: Vec<Stage>,
    /// Areas, likewise.
    pub areas: Vec<usize>,
    /// Their name: `all`, or districts and zones.
    pub place: String,
    /// Whether the plan binds itself, where it says so.
    pub force: Option<Force>,
    /// Path of the input from which the run's value follows; it is no result then.
    pub input: Option<String>,
    /// Why the plan's own figures contradict it; empty if they do not.
    pub contradicted: Name,
}
