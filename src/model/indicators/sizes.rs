//! Class sizes of the grades of many schools at a time: expected classes by band and from the thresholds on.
//!
//! The numbers are those of [`crate::schools::classes`], to the last bit; here the tails of the normal law are computed together.

use crate::numeric::tails::{MOST, REACH, Tails};
use crate::scenario::YearThresholds;
use crate::schools::classes::{BAND_TOPS, free_spread, limited_spread};

use super::stocks::Stocks;

/// Thresholds of a grade: those of the bands, and two that may be among them.
const MOST_THRESHOLDS: usize = BAND_TOPS.len() + 2;
/// Grades that are computed together.
const TOGETHER: usize = MOST / MOST_THRESHOLDS;
/// Numbers of classes whose spread is computed once.
const KNOWN_SPREADS: usize = 64;

/// Half a pupil below each threshold of a grade.
#[derive(Debug, Clone, Copy)]
struct GradeLimits {
    below: [f64; MOST_THRESHOLDS],
    n: usize,
    oversized: usize,
    super_oversized: usize,
}

impl GradeLimits {
    fn new(oversized: f64, super_oversized: f64) -> Self {
        let mut below = [f64::INFINITY; MOST_THRESHOLDS];
        let mut n = BAND_TOPS.len();
        for (limit, top) in below.iter_mut().zip(BAND_TOPS) {
            *limit = top + 1.0 - 0.5;
        }
        let mut place = |threshold: f64| {
            let limit = threshold - 0.5;
            below[..n].iter().position(|known| *known == limit).unwrap_or_else(|| {
                below[n] = limit;
                n += 1;
                n - 1
            })
        };
        let (oversized, super_oversized) = (place(oversized), place(super_oversized));
        GradeLimits { below, n, oversized, super_oversized }
    }
}

/// One grade of a school that waits for its tails.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    /// Cell of the stocks.
    at: u32,
    row: u32,
    grade: u32,
    pupils: f64,
    classes: f64,
    /// Class limit, then the spread of class sizes.
    spread: f64,
    mean: f64,
    /// Where its tails begin.
    first: u32,
    /// Standard deviations from the mean to the threshold of oversized classes.
    to_oversized: f64,
}

/// Grades that wait, and what was counted.
pub(super) struct Sizes {
    limits: Vec<GradeLimits>,
    sigma: f64,
    spreads: [f64; KNOWN_SPREADS],
    waiting: Vec<Waiting>,
    tails: Tails,
    /// Expected oversized and super-oversized classes by register row.
    pub(super) crowded: Vec<[f64; 2]>,
}

impl Sizes {
    pub(super) fn new(thresholds: &YearThresholds, sigma: f64, n_schools: usize) -> Self {
        let by_grade = thresholds.oversized.iter().zip(&thresholds.super_oversized);
        let limits = by_grade.map(|(large, huge)| GradeLimits::new(*large, *huge)).collect();
        let spreads = std::array::from_fn(|n| free_spread(n as i32, sigma));
        let waiting = Vec::with_capacity(TOGETHER);
        let crowded = vec![[0.0; 2]; n_schools];
        Sizes { limits, sigma, spreads, waiting, tails: Tails::default(), crowded }
    }

    /// Takes in a grade with classes; the stocks have it after [`Self::settle`].
    pub(super) fn add(
        &mut self,
        (pupils, classes, limit): (f64, i32, f64),
        (row, at, grade): (usize, usize, usize),
        stocks: &mut [Stocks],
    ) {
        self.waiting.push(Waiting {
            at: at as u32,
            row: row as u32,
            grade: grade as u32,
            pupils,
            classes: f64::from(classes),
            spread: limit,
            mean: 0.0,
            first: 0,
            to_oversized: 0.0,
        });
        if self.waiting.len() == TOGETHER {
            self.settle(stocks);
        }
    }

    /// Counts everybody who waits.
    pub(super) fn settle(&mut self, stocks: &mut [Stocks]) {
        struct Task<'a>(&'a mut Sizes);
        impl pulp::NullaryFnOnce for Task<'_> {
            type Output = ();
            #[inline(always)]
            fn call(self) {
                self.0.compute();
            }
        }
        pulp::Arch::new().dispatch(Task(self));
        let root = (2.0 * std::f64::consts::PI).sqrt();
        for (grade, density) in self.waiting.iter().zip(&self.tails.densities) {
            let limits = &self.limits[grade.grade as usize];
            let tails = &self.tails.tails[grade.first as usize..][..limits.n];
            let (count, cell) = (grade.classes, &mut stocks[grade.at as usize]);
            let mut above = count;
            for (band, tail) in tails[..BAND_TOPS.len()].iter().enumerate() {
                let from_next = count * tail;
                cell.bands[band] += above - from_next;
                above = from_next;
            }
            cell.bands[BAND_TOPS.len()] += above;
            let oversized = count * tails[limits.oversized];
            let super_oversized = count * tails[limits.super_oversized];
            cell.oversized += oversized;
            cell.super_oversized += super_oversized;
            let z = grade.to_oversized;
            cell.pupils_in_oversized += if z > REACH {
                0.0
            } else if z < -REACH {
                grade.pupils
            } else {
                let spread = grade.spread * (density / root);
                (count * (grade.mean * tails[limits.oversized] + spread)).min(grade.pupils)
            };
            let school = &mut self.crowded[grade.row as usize];
            school[0] += oversized;
            school[1] += super_oversized;
        }
        self.waiting.clear();
    }

    /// Means, spreads and tails.
    #[inline(always)]
    fn compute(&mut self) {
        self.tails.clear();
        for grade in &mut self.waiting {
            let classes = grade.classes as usize;
            let free = if classes < KNOWN_SPREADS {
                self.spreads[classes]
            } else {
                free_spread(classes as i32, self.sigma)
            };
            let mean = grade.pupils / grade.classes;
            let spread = limited_spread(free, mean, grade.spread);
            let limits = &self.limits[grade.grade as usize];
            let mut z = [0.0; MOST_THRESHOLDS];
            for (z, below) in z.iter_mut().zip(&limits.below) {
                let distance = below - mean;
                // Without spread all classes are on one side.
                let side = if distance <= 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
                *z = if spread > 0.0 { distance / spread } else { side };
            }
            grade.first = self.tails.ask(&z, limits.n) as u32;
            self.tails.densities.push(z[limits.oversized]);
            grade.mean = mean;
            grade.spread = spread;
            grade.to_oversized = z[limits.oversized];
        }
        self.tails.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schools::classes::{classes_from, pupils_from, spread};

    /// The plain functions, grade by grade: sizes around every threshold, single classes, limits that bind.
    #[test]
    fn stocks_have_the_bits_of_the_plain_functions() {
        let (sigma, mut rows) = (2.5, Vec::new());
        let mut bits = 1_u64;
        for row in 0..20_000_usize {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let classes = 1 + (bits >> 60) as i32 * if row % 100 == 0 { 9 } else { 1 };
            let mean = if row % 7 == 0 { 55.5 } else { (bits >> 40) as f64 / 16_777_216.0 * 90.0 };
            let limit = [65.0, 55.0, 75.0, 45.0][row % 4];
            rows.push((row, mean * f64::from(classes), classes, limit));
        }
        let grades = [0, 1, 2, 9];
        let mut thresholds = YearThresholds {
            standard: vec![45.0; 18],
            open_at: vec![45.0; 5],
            relief_limit: vec![55.0; 18],
            ceiling: vec![65.0; 18],
            oversized: vec![56.0; 18],
            super_oversized: vec![66.0; 18],
        };
        thresholds.oversized[..3].copy_from_slice(&[36.0, 41.0, 46.0]);
        thresholds.super_oversized[..3].copy_from_slice(&[46.0, 51.0, 56.0]);
        let mut sizes = Sizes::new(&thresholds, sigma, rows.len());
        let (mut found, mut expected) = (vec![Stocks::default()], Stocks::default());
        let mut of_school = Vec::new();
        for &(row, pupils, classes, limit) in &rows {
            let grade = grades[row % grades.len()];
            sizes.add((pupils, classes, limit), (row, 0, grade), &mut found);
            let width = spread(classes, pupils / f64::from(classes), limit, sigma);
            let from = |threshold: f64| classes_from(pupils, classes, width, threshold, false);
            let mut above = f64::from(classes);
            for (band, top) in BAND_TOPS.iter().enumerate() {
                expected.bands[band] += above - from(top + 1.0);
                above = from(top + 1.0);
            }
            expected.bands[6] += above;
            let (large, huge) = (thresholds.oversized[grade], thresholds.super_oversized[grade]);
            expected.oversized += from(large);
            expected.super_oversized += from(huge);
            expected.pupils_in_oversized += pupils_from(pupils, classes, width, large, false);
            of_school.push([from(large), from(huge)]);
        }
        sizes.settle(&mut found);
        assert_eq!(found[0], expected);
        assert_eq!(sizes.crowded, of_school);
    }
}
