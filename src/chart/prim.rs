//! Scenario discovery by PRIM (Friedman and Fisher 1999, Bryant and Lempert 2010): how a box was reached, and its limits.
//!
//! A box holds the futures whose factors lie within limits. Coverage is the share of all futures of
//! interest that lie in it, density the share of its futures that are of interest.

pub mod limits;
pub mod trajectory;
