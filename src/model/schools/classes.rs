//! How many classes a grade forms, and how large they are.

use crate::axes::MAX_GRADES;
use crate::numeric::{PUPIL_EPSILON, PUPIL_TIE, normal_cdf};
use crate::width::{Lane, Real, splat};

/// The seven bands of the yearbooks by their largest class: ≤25, 26-30, 31-35, 36-45, 46-55, 56-65, and ≥66.
pub const BAND_TOPS: [f64; 6] = [25.0, 30.0, 35.0, 45.0, 55.0, 65.0];
/// Names of the bands in tables.
pub const BAND_KEYS: [&str; 7] = [
    "band_le_25",
    "band_26_30",
    "band_31_35",
    "band_36_45",
    "band_46_55",
    "band_56_65",
    "band_ge_66",
];

/// What forming classes takes from a year: the same for all schools.
pub struct Forming<R, const W: usize> {
    /// One over the pupils at which a class is opened.
    pub each_open: Lane<W>,
    /// One over the limit in force.
    pub each_limit: Lane<W>,
    /// Relief limit of the entry grade.
    pub relief: [R; W],
    /// Limit in force.
    pub limit: [R; W],
    /// Grades of the stage.
    pub n_grades: R,
}

/// The entry grade of one school.
pub struct Formed<R, const W: usize> {
    /// Pupils.
    pub pupils: [R; W],
    /// Classes.
    pub classes: [R; W],
    /// Class limit that they remember, pupils.
    pub limits: [R; W],
}

impl<R: Real, const W: usize> Forming<R, W> {
    /// Classes and class limits of the entrants of one school:
    /// `clamp(ceil(n/open_at), 1, max(1, min(free, max(k_t, ceil(n/L)))))`. A class beyond the entry capacity is opened only for
    /// pupils whom the entry rooms cannot hold at the limit. The limit remembered is the relief limit where they were formed with
    /// room to spare, else the limit of the pass that admitted the last pupil.
    ///
    /// Only the two quotients need double precision; numbers of classes and rooms are whole and small.
    #[inline(always)]
    pub fn classes(
        &self,
        placed: &Lane<W>,
        (rooms, occupied, capacity): (&[R; W], &[R; W], &[R; W]),
        admitted: &[R; W],
    ) -> Formed<R, W> {
        let (mut wanted, mut needed): ([R; W], [R; W]) = (splat(R::ZERO), splat(R::ZERO));
        let mut pupils: [R; W] = splat(R::ZERO);
        let (mut classes, mut limits): ([R; W], [R; W]) = (splat(R::ZERO), splat(R::ZERO));
        for l in 0..W {
            let n = placed[l];
            let all = (n * self.each_open[l] - PUPIL_EPSILON).ceil();
            let all = if all > 1.0 { all } else { 1.0 };
            wanted[l] = R::of(if n > PUPIL_EPSILON { all } else { 0.0 });
            needed[l] = R::of((n * self.each_limit[l] - PUPIL_EPSILON).ceil());
            pupils[l] = R::of(n);
        }
        for l in 0..W {
            let k = capacity[l];
            let most = if k > needed[l] { k } else { needed[l] };
            let free = rooms[l] - occupied[l];
            let most = if free < most { free } else { most };
            // Fewer rooms than grades: one class.
            let most = if most > R::ONE && rooms[l] >= self.n_grades { most } else { R::ONE };
            classes[l] = if wanted[l] < most { wanted[l] } else { most };
            // `n ≤ open_at·c`
            let is_relieved = wanted[l] <= classes[l];
            // A choice between two places in memory would become a choice of addresses, which is slow.
            let (relieved, not) = if is_relieved { (R::ONE, R::ZERO) } else { (R::ZERO, R::ONE) };
            limits[l] = self.relief[l] * relieved + admitted[l] * not;
        }
        Formed { pupils, classes, limits }
    }
}

/// The limit that a grade's classes remember: the relief limit if they were formed with room to spare, else the limit
/// of the pass that admitted the last pupil.
pub fn remembered_limit(
    pupils: f64,
    classes: i32,
    open_at: f64,
    relief: f64,
    admitted: f64,
) -> f64 {
    if pupils <= open_at * f64::from(classes) + PUPIL_EPSILON { relief } else { admitted }
}

/// Spread of class sizes in one grade of one school, `σ_c = σ·sqrt(1 − 1/c)`, and at most
/// `max(0, L + 0.5 − μ)/2.5` for classes formed under a limit `L`: a school filled to a cap of 55 has no class of 58.
pub fn spread(classes: i32, mean: f64, limit: f64, sigma: f64) -> f64 {
    limited_spread(free_spread(classes, sigma), mean, limit)
}

/// `σ·sqrt(1 − 1/c)`.
pub fn free_spread(classes: i32, sigma: f64) -> f64 {
    sigma * (1.0 - 1.0 / f64::from(classes)).max(0.0).sqrt()
}

/// A spread as far as a limit allows it.
#[inline(always)]
pub fn limited_spread(free: f64, mean: f64, limit: f64) -> f64 {
    free.min((limit + 0.5 - mean).max(0.0) / 2.5)
}

/// Expected number of classes of `threshold` pupils or more: `c·(1 − Φ((threshold − ½ − μ)/σ_c))`.
///
/// Without spread the sizes of whole classes are exact: `pupils` is taken as whole children and
/// `n mod c` classes have `⌈μ⌉`, the rest `⌊μ⌋`; with a spread of 0 from a single class or a full limit and
/// `whole = false`, every class has the size μ.
pub fn classes_from(pupils: f64, classes: i32, spread: f64, threshold: f64, whole: bool) -> f64 {
    if classes <= 0 {
        return 0.0;
    }
    let count = f64::from(classes);
    let mean = pupils / count;
    if whole {
        let small = mean.floor();
        let n_large = pupils - small * count;
        let large = if n_large > 0.0 { small + 1.0 } else { small };
        return (if large >= threshold { n_large } else { 0.0 })
            + (if small >= threshold { count - n_large } else { 0.0 });
    }
    if spread <= 0.0 {
        return if mean >= threshold - 0.5 { count } else { 0.0 };
    }
    count * upper_tail((threshold - 0.5 - mean) / spread)
}

/// `1 − Φ(z)`. Beyond 8.5 standard deviations that is 0 or 1 to the last bit.
fn upper_tail(z: f64) -> f64 {
    if z > 8.5 {
        0.0
    } else if z < -8.5 {
        1.0
    } else {
        1.0 - normal_cdf(z)
    }
}

/// Expected pupils in classes of `threshold` or more, of one grade of one school.
///
/// For a normal law truncated below at `c = threshold − ½`: `count·(μ·(1 − Φ(z)) + σ_c·φ(z))`, `z = (c − μ)/σ_c`.
pub fn pupils_from(pupils: f64, classes: i32, spread: f64, threshold: f64, whole: bool) -> f64 {
    if classes <= 0 {
        return 0.0;
    }
    let count = f64::from(classes);
    let mean = pupils / count;
    if whole {
        let small = mean.floor();
        let n_large = pupils - small * count;
        return (if small + 1.0 >= threshold { n_large * (small + 1.0) } else { 0.0 })
            + (if small >= threshold { (count - n_large) * small } else { 0.0 });
    }
    if spread <= 0.0 {
        return if mean >= threshold - 0.5 { pupils } else { 0.0 };
    }
    let z = (threshold - 0.5 - mean) / spread;
    if z > 8.5 {
        return 0.0;
    }
    if z < -8.5 {
        return pupils;
    }
    let density = crate::numeric::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
    (count * (mean * (1.0 - normal_cdf(z)) + spread * density)).min(pupils)
}

/// Expected classes of more pupils than the top of each band: what is counted by several thresholds is computed once.
#[derive(Debug, Clone, Copy)]
pub struct Tails {
    pupils: f64,
    classes: i32,
    spread: f64,
    whole: bool,
    above: [f64; BAND_TOPS.len()],
}

impl Tails {
    /// The tails of one grade of one school.
    pub fn new(pupils: f64, classes: i32, spread: f64, whole: bool) -> Self {
        let above = BAND_TOPS.map(|top| classes_from(pupils, classes, spread, top + 1.0, whole));
        Tails { pupils, classes, spread, whole, above }
    }

    /// [`classes_from`] a threshold.
    pub fn classes_from(&self, threshold: f64) -> f64 {
        match BAND_TOPS.iter().position(|top| top + 1.0 == threshold) {
            Some(band) => self.above[band],
            None => classes_from(self.pupils, self.classes, self.spread, threshold, self.whole),
        }
    }

    /// Expected classes in each of the seven bands; they sum to the classes.
    pub fn bands(&self) -> [f64; 7] {
        let mut bands = [0.0; 7];
        let mut above = f64::from(self.classes.max(0));
        for (band, &from_next) in self.above.iter().enumerate() {
            bands[band] = above - from_next;
            above = from_next;
        }
        bands[6] = above;
        bands
    }
}

/// Expected classes in each of the seven bands; they sum to `classes`.
pub fn bands(pupils: f64, classes: i32, spread: f64, whole: bool) -> [f64; 7] {
    Tails::new(pupils, classes, spread, whole).bands()
}

/// Mixed-age classes (复式) of a school with fewer rooms than grades, by grade: the pupils of the class that begins there, 0 where
/// none does.
///
/// It forms as many classes as it has rooms, at most one a grade with pupils: runs of neighbouring grades, cut so that the
/// largest is as small as can be, at the earliest cut where several are. A class stands in the first grade of its run.
pub fn mixed_classes(pupils: &[f64], rooms: usize) -> [f64; MAX_GRADES] {
    let grades: Vec<usize> = (0..pupils.len()).filter(|&g| pupils[g] > PUPIL_EPSILON).collect();
    let n_classes = rooms.min(grades.len());
    let mut formed = [0.0; MAX_GRADES];
    if n_classes == 0 {
        return formed;
    }
    // A set bit says that a class begins at that one of the grades with pupils; the first always does.
    let runs = |begins: u32| {
        let mut runs = [0.0; MAX_GRADES];
        let mut head = 0;
        for (n, &g) in grades.iter().enumerate() {
            head = if n == 0 || begins >> n & 1 == 1 { g } else { head };
            runs[head] += pupils[g];
        }
        runs
    };
    let largest = |runs: &[f64; MAX_GRADES]| runs.iter().fold(0.0, |a: f64, &b| a.max(b));
    let is_cut = |begins: &u32| begins & 1 == 1 && begins.count_ones() as usize == n_classes;
    let earlier = |one: u32, other: u32| one.reverse_bits() > other.reverse_bits();
    let mut best: Option<(f64, u32)> = None;
    for begins in (1..1_u32 << grades.len()).filter(is_cut) {
        let size = largest(&runs(begins));
        let better = best.is_none_or(|(least, cut)| {
            size < least - PUPIL_TIE || (size <= least + PUPIL_TIE && earlier(begins, cut))
        });
        if better {
            best = Some((size, begins));
        }
    }
    if let Some((_, begins)) = best {
        formed = runs(begins);
    }
    formed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 170 pupils, 3 free rooms, k = 2, open at 50, limit 65: ceil(170/50) = 4 wanted; ceil(170/65) = 3 rooms needed. A school
    /// without a room forms a class all the same.
    #[test]
    fn classes_beyond_entry_rooms_only_when_needed() {
        let classes = |pupils: f64, free: f64, capacity: f64| {
            let forming = Forming {
                each_open: [1.0 / 50.0],
                each_limit: [1.0 / 65.0],
                relief: [50.0],
                limit: [65.0],
                n_grades: 1.0,
            };
            forming.classes(&[pupils], (&[free], &[0.0], &[capacity]), &[65.0]).classes[0]
        };
        assert_eq!(classes(170.0, 3.0, 2.0), 3.0);
        assert_eq!(classes(120.0, 3.0, 2.0), 2.0);
        assert_eq!(classes(0.0, 3.0, 2.0), 0.0);
        assert_eq!(classes(10.0, 0.0, 0.0), 1.0);
    }

    /// 115 pupils in 2 whole classes are 58 and 57: both oversized; in 3 classes 39, 38, 38.
    #[test]
    fn whole_classes_are_exact() {
        assert_eq!(classes_from(115.0, 2, 0.0, 56.0, true), 2.0);
        assert_eq!(classes_from(115.0, 2, 0.0, 58.0, true), 1.0);
        assert_eq!(pupils_from(115.0, 2, 0.0, 58.0, true), 58.0);
        assert_eq!(bands(115.0, 3, 0.0, true), [0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0]);
    }

    /// 48 pupils in two rooms are 24 and 24; 3, 9, 4, 8 in two rooms are 12 and 12; 5, 5, 5 in two rooms are 5 and 10 or 10 and 5: the
    /// earliest cut. A grade without pupils begins no class; three rooms for two grades with pupils are two classes.
    #[test]
    fn mixed_classes_by_hand() {
        let formed = |pupils: &[f64], rooms: usize| {
            let all = mixed_classes(pupils, rooms);
            assert!(all[6..].iter().all(|class| *class == 0.0));
            [all[0], all[1], all[2], all[3], all[4], all[5]]
        };
        assert_eq!(formed(&[8.0; 6], 2), [24.0, 0.0, 0.0, 24.0, 0.0, 0.0]);
        assert_eq!(formed(&[3.0, 9.0, 4.0, 8.0], 2), [12.0, 0.0, 12.0, 0.0, 0.0, 0.0]);
        assert_eq!(formed(&[5.0, 5.0, 5.0], 2), [5.0, 10.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(formed(&[0.0, 7.0, 0.0, 6.0], 3), [0.0, 7.0, 0.0, 6.0, 0.0, 0.0]);
        assert_eq!(formed(&[0.0; 3], 2), [0.0; 6]);
        // Twelve grades in three rooms: four grades a class.
        let mut four = [0.0; MAX_GRADES];
        [four[0], four[4], four[8]] = [20.0; 3];
        assert_eq!(mixed_classes(&[5.0; MAX_GRADES], 3), four);
    }

    /// All classes of a normal law above minus infinity hold all pupils.
    #[test]
    fn expected_pupils_reach_the_total() {
        let all = pupils_from(120.0, 2, 1.8, 1.0, false);
        assert!((all - 120.0).abs() < 1e-9);
    }
}
