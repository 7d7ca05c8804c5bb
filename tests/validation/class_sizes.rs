//! Tails of the class-size law against values computed with SciPy's normal distribution (continuity-corrected).

use xuewei::schools::classes::classes_from;

/// Mean, standard deviation, share of classes of 56 or more, share of 66 or more.
const TAILS: [(f64, f64, f64, f64); 12] = [
    (40.0, 3.0, 1.191528533201391e-07, 9.47953482220325e-18),
    (40.0, 10.0, 0.06057075800205901, 0.005386145954066687),
    (45.0, 5.0, 0.017864420562816542, 2.0657506912546717e-05),
    (45.0, 8.0, 0.09467574302164256, 0.005196079382091158),
    (50.0, 3.0, 0.03337650758481726, 1.191528533201391e-07),
    (50.0, 8.0, 0.24588385038026145, 0.026342126689141446),
    (52.0, 5.0, 0.24196365222307303, 0.0034669738030406647),
    (55.0, 3.0, 0.43381616738909634, 0.00023262907903552502),
    (58.0, 10.0, 0.5987063256829237, 0.2266273523768682),
    (60.0, 3.0, 0.9331927987311419, 0.03337650758481726),
    (65.0, 10.0, 0.8289438736915182, 0.4800611941616275),
    (70.0, 5.0, 0.998134186699616, 0.8159398746532405),
];

/// `1 − Φ` loses digits in the far tail; shares matter to a millionth of a class.
const TOLERANCE: f64 = 1e-14;

#[test]
fn tails_of_the_normal_law() {
    for (mean, sd, from_56, from_66) in TAILS {
        let share =
            |threshold: f64| classes_from(mean * 1000.0, 1000, sd, threshold, false) / 1000.0;
        assert!((share(56.0) - from_56).abs() < TOLERANCE, "≥56 at {mean} ± {sd}: {}", share(56.0));
        assert!((share(66.0) - from_66).abs() < TOLERANCE, "≥66 at {mean} ± {sd}: {}", share(66.0));
    }
}
