//! What the draws of a sweep say: sensitivity of outcomes to factors, where bad outcomes lie, how scenarios compare.
//!
//! In: columns of factors and outcomes. Out: plain results. Nothing here opens a file.

pub mod convergence;
pub mod morris;
pub mod sobol;
