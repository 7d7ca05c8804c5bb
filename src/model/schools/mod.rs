//! Schools: who goes where, how many classes they form, and what events do to rooms.
//!
//! In: scenarios that differ only in numbers, one a lane; the demand of every year; dated events; a [`Layout`]. Out: what a
//! [`Recorder`] keeps of every year. Method: model section 4. A year is, for every stage: ageing; events; moving; intake;
//! relief. The rules stand here once: a single run has one lane in doubles and keeps a [`History`] of every school, a sweep
//! sixteen lanes in single precision and keeps the stocks of the city (`batch`).
//!
//! Schools of a stage lie pool by pool in arrays of lanes, grades in a ring, so that ageing moves nothing. What every school
//! does every year is done for all lanes at once and without branches; what happens seldom (an entry place missing, a dated
//! event) is done lane by lane. Nothing is allocated for a year without events but what keeps it.

mod additions;
mod admission;
mod age;
mod attend;
pub mod classes;
mod count;
mod displaced;
mod events;
mod history;
mod intake;
mod kernel;
mod layout;
mod place;
mod record;
mod relief;
mod rooms;
mod standing;
mod state;
mod tail;
mod tally;
mod thresholds;
mod whole;
mod whole_grades;
mod year;

pub use history::{Added, Closure, History, LimitsOf, Row, SchoolYear, Year as KeptYear};
pub use intake::entry_capacity;
pub use kernel::{Recorder, Schools};
pub use layout::{Layout, Slot, StageLayout};
pub use record::{Outcome, Settled, run, run_telling, settle};
pub use state::State;
pub use whole::{Whole, WholeChildren};
pub use year::Year;
