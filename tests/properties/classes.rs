//! Class sizes for a fixed intake.

use proptest::prelude::*;
use xuewei::schools::classes::{Forming, bands, classes_from, pupils_from, spread};

/// Share of oversized classes and pupils in them, for `pupils` entrants in `rooms` free rooms.
fn outcome(pupils: f64, rooms: i32, open_at: f64, limit: f64) -> (f64, f64) {
    let forming = Forming {
        each_open: [1.0 / open_at],
        each_limit: [1.0 / limit],
        relief: [55.0],
        limit: [limit],
        n_grades: 1.0,
    };
    let rooms = [f64::from(rooms)];
    let formed = forming.classes(&[pupils], (&rooms, &[0.0], &rooms), &[limit]);
    let classes = formed.classes[0] as i32;
    let width = spread(classes, pupils / f64::from(classes), formed.limits[0], 2.5);
    let large = classes_from(pupils, classes, width, 56.0, false);
    (large / f64::from(classes), pupils_from(pupils, classes, width, 56.0, false))
}

proptest! {
    #[test]
    fn bands_sum_to_classes(pupils in 1.0..3000.0_f64, classes in 1..60_i32, width in 0.0..6.0_f64, whole: bool) {
        let pupils = if whole { pupils.round() } else { pupils };
        let bands = bands(pupils, classes, width, whole);
        let total: f64 = bands.iter().sum();
        prop_assert!((total - f64::from(classes)).abs() < 1e-9);
        prop_assert!(bands.iter().all(|&band| band >= -1e-12));
    }

    /// One more room never raises the share of oversized classes, nor at the ceiling the pupils in them.
    #[test]
    fn one_more_room_never_hurts(pupils in 1.0..2000.0_f64, rooms in 1..40_i32) {
        let (share, inside) = outcome(pupils, rooms, 45.0, 65.0);
        let (share_more, inside_more) = outcome(pupils, rooms + 1, 45.0, 65.0);
        prop_assert!(share_more <= share + 1e-9, "share {share} → {share_more}");
        prop_assert!(inside_more <= inside + 1e-6, "pupils {inside} → {inside_more}");
    }

    /// Expected classes from a threshold never exceed the classes, and pupils in them never the pupils.
    #[test]
    fn expectations_are_bounded(pupils in 0.0..3000.0_f64, classes in 1..60_i32, width in 0.0..6.0_f64) {
        let large = classes_from(pupils, classes, width, 56.0, false);
        let inside = pupils_from(pupils, classes, width, 56.0, false);
        prop_assert!((0.0..=f64::from(classes)).contains(&large));
        prop_assert!((0.0..=pupils + 1e-9).contains(&inside));
    }
}
