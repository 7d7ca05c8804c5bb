//! Whole children, where classes have no spread: largest remainder in each pool and grade, the first of equal ones first. Pupils are
//! taken to a thousandth, so that schools which are equally large remain so whatever the last digit.

use crate::numeric::{PUPIL_EPSILON, PUPIL_TIE};
use crate::width::{Lane, Real, splat};

/// Whole numbers of every lane that single precision holds: children of a school, remainders in steps.
pub type Whole<const W: usize> = [f32; W];

/// Steps of a pupil by which remainders are told apart.
const STEPS: f64 = 1.0 / PUPIL_TIE;

/// Whole children, with the memory that they are found in.
#[derive(Debug, Clone, Default)]
pub struct WholeChildren<const W: usize> {
    children: Vec<Whole<W>>,
    steps: Vec<Whole<W>>,
}

impl<const W: usize> WholeChildren<W> {
    /// Whole children of the schools of a pool in one grade, which has as many as it is expected to have, rounded.
    #[inline(always)]
    pub fn of<R: Real>(&mut self, pupils: &[[R; W]]) -> &[Whole<W>] {
        let WholeChildren { children, steps } = self;
        children.clear();
        steps.clear();
        let (mut all, mut whole): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for pupils in pupils {
            let (mut floors, mut remainders) = ([0.0; W], [0.0; W]);
            for l in 0..W {
                let rounded = (pupils[l].get() * STEPS).round();
                let floor = (rounded * PUPIL_TIE + 1e-9).floor();
                floors[l] = floor as f32;
                remainders[l] = (rounded - floor * STEPS) as f32;
                all[l] += rounded;
                whole[l] += floor;
            }
            children.push(floors);
            steps.push(remainders);
        }
        let mut missing = [0.0; W];
        for l in 0..W {
            missing[l] = ((all[l] * PUPIL_TIE + PUPIL_EPSILON).round() - whole[l]) as f32;
        }
        let (level, mut of_level) = level_of_remainders(steps, &missing);
        for (children, step) in children.iter_mut().zip(steps) {
            for l in 0..W {
                let is_at = step[l] == level[l] && of_level[l] > 0.0;
                of_level[l] -= if is_at { 1.0 } else { 0.0 };
                children[l] += if step[l] > level[l] || is_at { 1.0 } else { 0.0 };
            }
        }
        children
    }
}

/// The remainder, in steps, above which every school gets one child more, and how many of those at it do.
///
/// Between a level with too many schools above it and one with few enough the next is looked for where it would lie if remainders
/// were spread evenly, and every third time in the middle, so that an end is certain. A level with exactly as many schools above it
/// as children are missing need not be the least one.
#[inline(always)]
fn level_of_remainders<const W: usize>(
    steps: &[Whole<W>],
    missing: &Whole<W>,
) -> (Whole<W>, Whole<W>) {
    let (mut low, mut high): (Whole<W>, Whole<W>) = ([-1.0; W], [STEPS as f32; W]);
    let (mut above_low, mut above_high): (Whole<W>, Whole<W>) = ([steps.len() as f32; W], [0.0; W]);
    for round in 1.. {
        let (mut middle, mut is_open) = ([0.0; W], [0.0_f32; W]);
        let halves = round % 3 == 0;
        for l in 0..W {
            let width = high[l] - low[l];
            let part = (above_low[l] - missing[l]) / (above_low[l] - above_high[l]);
            let part = if halves { 0.5 } else { part };
            let next = (low[l] + width * part).floor();
            let next = if next > low[l] { next } else { low[l] + 1.0 };
            middle[l] = if next < high[l] { next } else { high[l] - 1.0 };
            let is_found = above_high[l] == missing[l] || width <= 1.0;
            is_open[l] = if is_found { 0.0 } else { 1.0 };
        }
        if is_open.iter().all(|&is_open| is_open <= 0.0) {
            break;
        }
        let above = n_above(steps, &middle);
        for l in 0..W {
            let is_enough = above[l] <= missing[l];
            let (falls, rises) = (is_open[l] > 0.0 && is_enough, is_open[l] > 0.0 && !is_enough);
            high[l] = if falls { middle[l] } else { high[l] };
            above_high[l] = if falls { above[l] } else { above_high[l] };
            low[l] = if rises { middle[l] } else { low[l] };
            above_low[l] = if rises { above[l] } else { above_low[l] };
        }
    }
    let mut of_level = [0.0; W];
    for l in 0..W {
        of_level[l] = missing[l] - above_high[l];
    }
    (high, of_level)
}

/// Schools whose remainder is above a level.
#[inline(always)]
fn n_above<const W: usize>(steps: &[Whole<W>], level: &Whole<W>) -> Whole<W> {
    let mut above = [0.0; W];
    for step in steps {
        for l in 0..W {
            above[l] += if step[l] > level[l] { 1.0 } else { 0.0 };
        }
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10.4, 20.4 and 30.4 are 61.2 children: 61, the one that is missing goes to the first of equal remainders; 1.2 and 2.8 are 4.
    #[test]
    fn whole_children_by_hand() {
        let whole = |pupils: &[[f64; 1]]| WholeChildren::default().of(pupils).concat();
        assert_eq!(whole(&[[10.4], [20.4], [30.4]]), [11.0, 20.0, 30.0]);
        assert_eq!(whole(&[[1.2], [2.8]]), [1.0, 3.0]);
        assert_eq!(whole(&[]), [0.0; 0]);
    }
}
