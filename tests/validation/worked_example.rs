//! The worked example of intake in the model's section 4 (two independent implementations agree on it): one pool, a
//! junior stage, schools A and B in register rows 0 and 1 with 6 and 7 rooms and 2-2-2 and 2-2-3 classes in 2020.

use xuewei::schools;
use xuewei::schools::classes::{classes_from, spread};

use crate::support::{self, stage};

/// Year, entrants; then for A and B: classes of older grades, free, k, pupils, classes, class limit, mean, σ_c,
/// oversized, super-oversized.
type Row = (i32, i32, i32, i32, f64, i32, f64, f64, f64, f64, f64);

const ENTRANTS: [f64; 5] = [300.0, 420.0, 250.0, 150.0, 330.0];

const EXPECTED: [Row; 10] = [
    (2021, 4, 2, 2, 130.0, 2, 65.0, 65.0, 0.2, 2.0, 0.012419331),
    (2021, 4, 3, 2, 170.0, 3, 65.0, 56.666666667, 2.041241452, 2.148557251, 2.2629e-05),
    (2022, 4, 2, 2, 219.784738377, 2, 65.0, 109.892369189, 0.0, 2.0, 2.0),
    (2022, 5, 2, 2, 200.215261623, 2, 65.0, 100.107630811, 0.0, 2.0, 2.0),
    (2023, 4, 2, 2, 130.0, 2, 65.0, 65.0, 0.2, 2.0, 0.012419331),
    (2023, 5, 2, 3, 120.0, 2, 65.0, 60.0, 1.767766953, 1.989090502, 0.001862846),
    (2024, 4, 2, 2, 84.173192229, 2, 55.0, 42.086596114, 1.767766953, 0.0, 0.0),
    (2024, 4, 3, 2, 65.826807771, 2, 55.0, 32.913403886, 1.767766953, 0.0, 0.0),
    (2025, 4, 2, 2, 132.805773074, 2, 65.0, 66.402886537, 0.0, 2.0, 2.0),
    (2025, 4, 3, 2, 197.194226926, 3, 65.0, 65.731408975, 0.0, 3.0, 3.0),
];

/// Half a unit of the last printed digit.
const PRINTED: f64 = 6e-10;

#[test]
fn intake_of_five_years() {
    let mut city = support::city(2020, 2025, 1);
    support::add_school(&mut city, 0, stage("junior"), 6, 1.0, 100.0, 2);
    support::add_school(&mut city, 0, stage("junior"), 7, -1.0, 100.0, 2);
    city.schools[1].classes[2] = 3;
    let scenario = support::scenario(city);
    let entrants: Vec<Vec<f64>> = ENTRANTS.iter().map(|&e| vec![e, 0.0]).collect();
    let demand = support::demand(&scenario, stage("junior"), &entrants, 1.0);
    let outcome = schools::run(&scenario, &demand, &scenario.city.sites, &[]);
    for (position, row) in EXPECTED.iter().enumerate() {
        let (year, older, free, k, pupils, classes, limit, mean, sigma, large, huge) = *row;
        let school = position % 2;
        let found = outcome.history.school((year - 2020) as usize, school);
        let of_older: i32 = found.classes[1..].iter().sum();
        let place = format!("{year}, school {school}");
        assert_eq!(of_older, older, "classes of older grades, {place}");
        assert_eq!(found.rooms - of_older, free, "free rooms, {place}");
        assert_eq!(
            schools::entry_capacity(found.rooms.into(), school as f64, year.into(), 3.0),
            f64::from(k),
            "entry capacity, {place}"
        );
        assert_eq!(found.classes[0], classes, "classes, {place}");
        assert_eq!(found.limits.of(0), limit, "class limit, {place}");
        let close = |name: &str, value: f64, expected: f64| {
            assert!(
                (value - expected).abs() < PRINTED,
                "{name}, {place}: {value} against {expected}"
            );
        };
        close("pupils", found.pupils[0], pupils);
        let own_mean = found.pupils[0] / f64::from(classes);
        close("mean", own_mean, mean);
        let width = spread(classes, own_mean, limit, 2.5);
        close("spread", width, sigma);
        close("oversized", classes_from(found.pupils[0], classes, width, 56.0, false), large);
        close("super-oversized", classes_from(found.pupils[0], classes, width, 66.0, false), huge);
    }
}

/// A's admission weight is 6/3·e^0.2 and B's 7/3·e^−0.2: 100 entrants, whom both have room for, come in this proportion.
#[test]
fn admission_weights() {
    let mut city = support::city(2020, 2021, 1);
    support::add_school(&mut city, 0, stage("junior"), 6, 1.0, 100.0, 2);
    support::add_school(&mut city, 0, stage("junior"), 7, -1.0, 100.0, 2);
    let scenario = support::scenario(city);
    let demand = support::demand(&scenario, stage("junior"), &[vec![100.0, 0.0]], 1.0);
    let outcome = schools::run(&scenario, &demand, &scenario.city.sites, &[]);
    let (a, b) = (2.442805516, 1.910371757);
    for (school, weight) in [a, b].into_iter().enumerate() {
        let entrants = outcome.history.school(1, school).pupils[0];
        assert!((entrants - 100.0 * weight / (a + b)).abs() < 1e-6, "{entrants}");
    }
}
