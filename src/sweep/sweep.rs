//! Many draws of one model: factors put into scenarios, the outcomes of a draw, and the store of its parts.

pub mod apply;
pub mod drive;
pub mod engine;
pub mod labels;
pub mod moved;
mod numbers;
pub mod outcome;
mod possible;
mod same;
pub mod slow;
mod split;
pub mod start;
pub mod store;
mod touched;
