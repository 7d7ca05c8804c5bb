//! Hindcast: a start of an earlier year, run to a later one, beside what was published then.
//!
//! In: the courses of quantities in a run and in its draws, and published figures. Out: [`pairs`] of published and projected
//! values with their errors, [`errors`] by kind and lead time, [`expectations`] of plans. Nothing here runs a model or opens a
//! file. Errors are model − published: in percent of the published value for counts and means, in percentage points for shares.
//!
//! A pair is a forecast only if the start did not know the figure: see [`Status`]. The 80 % interval reaches from the 10th to the
//! 90th percentile of the draws ([`crate::numeric::quantile`]); it holds the uncertainty of the figures that have a range, not that of the rules.

pub mod errors;
pub mod expectations;
mod pairs;

pub use pairs::{
    Course, Known, Pair, Published, Rival, Skipped, Status, error_unit, last_value, pairs,
};
