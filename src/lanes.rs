//! The model for several draws at a time: every number is an array of lanes, one lane a draw.
//!
//! In: a [`Layout`] made once from a scenario whose units have their places, and as many scenarios as there are lanes, which
//! differ from it only in numbers. Out: the stocks of the whole city by lane, stage and year. The rules are those of
//! [`population`](crate::population), [`demand`](crate::demand) and [`schools`](crate::schools), which stay the reference;
//! `tests` compare the two school by school (see [`TOLERANCE`]).
//!
//! What is different is the order of work. Schools of a stage lie pool by pool in arrays of lanes, grades in a ring, so that
//! ageing moves nothing; a stage runs through all its years before the next one, so that its state stays near the processor.
//! All lanes do the same arithmetic without branches. What happens seldom (an entry place missing, a dated event) is done lane
//! by lane, the first with the very code of the reference. What no lane can do ([`Layout::new`] says what) runs on the reference
//! itself.
//!
//! Lanes never mix, and each operation is one of IEEE 754, so the result of a draw does not depend on its neighbours, on the
//! width of the machine's vectors or on threads.

use crate::scenario::Scenario;

mod attendance;
mod count;
mod entry;
mod events;
mod exp;
mod intake;
mod layout;
mod pairs;
mod people;
mod pupils;
mod rescue;
mod stage;
mod tail;
mod tally;
mod thresholds;

pub use count::Count;
pub use events::Dated;
pub use layout::{Layout, Unfit};
pub use people::People;
pub use stage::{Run, Workspace};

/// Draws that are computed at a time: two of the widest vectors there are. With eight the loops are unrolled before they become
/// vectors.
pub const LANES: usize = 16;

/// One number of every draw of a block.
pub type Lane = [f64; LANES];

/// One number of every draw in single precision: for whole numbers, and for what is only counted and decides nothing.
pub(crate) type Lane32 = [f32; LANES];

/// The same number in every lane.
pub(crate) const fn splat32(value: f32) -> Lane32 {
    [value; LANES]
}

/// The same number in every lane.
pub(crate) const fn splat(value: f64) -> Lane {
    [value; LANES]
}

/// A lane in single precision.
#[inline(always)]
pub(crate) fn rounded(lane: &Lane) -> Lane32 {
    lane.map(|value| value as f32)
}

/// How far people, places, classes and rooms of the lanes may lie from those of the reference, relative to the stock or to the
/// pupils concerned.
///
/// Sums run in another order, which moves the last digits of a number; the number of classes is the same unless a school's
/// intake lies within rounding of a whole number of classes.
pub const TOLERANCE: f64 = 1e-9;

/// The same for what pupils in schools come to: pupils and entrants, gaps, empty seats, oversized classes and the pupils in them,
/// relative to all pupils, seats or classes.
///
/// They are held and added up in single precision, tails of the normal law only as far as they come to 3e-7 of a class. No
/// admission, class or room depends on them, and a share of classes is told to three digits; a clearing year or the year of a
/// peak is another one only where two years or a share and its bound lie as near to one another.
pub const TOLERANCE_OF_COUNTS: f64 = 1e-5;

/// A number of a scenario in every lane.
#[inline(always)]
pub(crate) fn gather<T>(items: &[T], f: impl Fn(&T) -> f64) -> Lane {
    if let [item] = items {
        return splat(f(item));
    }
    let mut lane = splat(0.0);
    for l in 0..LANES {
        lane[l] = f(&items[l.min(items.len() - 1)]);
    }
    lane
}

/// One scenario a lane (fewer than [`LANES`] at the end of a sweep: the last one fills up) and the block's memory.
struct Block<'a> {
    layout: &'a Layout,
    scenarios: &'a [&'a Scenario],
}

/// Projects the people of a block and what they ask for: shared by layouts that differ only in buildings.
pub fn project(layout: &Layout, scenarios: &[&Scenario], people: &mut People) {
    struct Task<'a>(Block<'a>, &'a mut People);
    impl pulp::NullaryFnOnce for Task<'_> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            let Task(Block { layout, scenarios }, people) = self;
            people.project(layout, scenarios);
        }
    }
    pulp::Arch::new().dispatch(Task(Block { layout, scenarios }, people));
}

/// Runs the schools of a block.
pub fn run(
    layout: &Layout,
    scenarios: &[&Scenario],
    people: &People,
    workspace: &mut Workspace,
    run: &mut Run,
) {
    struct Task<'a>(Block<'a>, &'a People, &'a mut Workspace, &'a mut Run);
    impl pulp::NullaryFnOnce for Task<'_> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            let Task(Block { layout, scenarios }, people, workspace, run) = self;
            workspace.run(layout, scenarios, people, run);
        }
    }
    pulp::Arch::new().dispatch(Task(Block { layout, scenarios }, people, workspace, run));
}
