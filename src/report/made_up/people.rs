//! People of a made-up county: one pyramid for all, and the pupils that follow from it.

use std::fmt::Write as _;

use crate::axes::{MAX_GRADES, N_AGES, Sex, Stage};
use crate::units::Year;

use super::County;

/// Groups of a census: first and last age, and of 1,000 people of one sex how many are in it.
const GROUPS: [(usize, usize, f64); 19] = [
    (0, 0, 10.0),
    (1, 4, 48.0),
    (5, 9, 70.0),
    (10, 14, 72.0),
    (15, 19, 62.0),
    (20, 24, 55.0),
    (25, 29, 60.0),
    (30, 34, 75.0),
    (35, 39, 70.0),
    (40, 44, 62.0),
    (45, 49, 70.0),
    (50, 54, 78.0),
    (55, 59, 70.0),
    (60, 64, 55.0),
    (65, 69, 50.0),
    (70, 74, 40.0),
    (75, 79, 28.0),
    (80, 84, 15.0),
    (85, 100, 10.0),
];
/// Share of each sex.
const SEX_SHARE: [f64; 2] = [0.48, 0.52];

/// Of one person of a sex, the part that has each age.
fn pyramid() -> [f64; N_AGES] {
    let mut shares = [0.0; N_AGES];
    for (first, last, per_mille) in GROUPS {
        for share in &mut shares[first..=last] {
            *share = per_mille / 1000.0 / (last - first + 1) as f64;
        }
    }
    shares
}

/// `population.csv`.
pub(super) fn table(counties: &[County]) -> String {
    let shares = pyramid();
    let mut text = String::with_capacity(counties.len() * 4 * N_AGES * 28);
    text.push_str("district,zone,sex,age,count\n");
    for county in counties {
        for (zone, people) in county.zones.iter().zip(county.people) {
            for sex in Sex::ALL {
                for (age, share) in shares.iter().enumerate() {
                    let count = (people * SEX_SHARE[sex as usize] * share).round();
                    let (key, zone, sex) = (&county.key, zone.key(), sex.key());
                    let _ = writeln!(text, "{key},{zone},{sex},{age},{count}");
                }
            }
        }
    }
    text
}

/// `observations.csv`: a census by county, sex and group of ages.
pub(super) fn observations(counties: &[County], year: Year) -> String {
    let mut text = String::from("quantity,place,year,value,unit,standard_error,source\n");
    for county in counties {
        let mut row = |quantity: &str, value: f64| {
            let _ = writeln!(
                text,
                "{quantity},{},{year},{:.0},people,,made-up",
                county.key,
                value.round()
            );
        };
        row("census.urban", county.people[0]);
        row("census.rural", county.people[1]);
        let people = county.people[0] + county.people[1];
        for sex in Sex::ALL {
            for (first, last, per_mille) in GROUPS {
                let group = match (first, last) {
                    (85, _) => "85+".to_string(),
                    (a, b) if a == b => a.to_string(),
                    (a, b) => format!("{a}-{b}"),
                };
                let count = people * SEX_SHARE[sex as usize] * per_mille / 1000.0;
                row(&format!("census.{}.{group}", sex.key()), count);
            }
        }
    }
    text
}

/// By stage of China: pupils per child, and of the rural ones the part that goes to school in town. The last two share the 90 % who
/// continue.
const ATTENDING: [(f64, f64); 5] =
    [(0.85, 0.0), (1.0, 0.25), (0.98, 0.25), (0.90 * 0.60, 1.0), (0.90 * 0.40, 1.0)];

/// Pupils of the schools of a stage by zone and grade: what the city file's rates make of the children.
pub(super) fn pupils(county: &County, stage: Stage) -> [[f64; MAX_GRADES]; 2] {
    let shares = pyramid();
    let (rate, moving) = ATTENDING[stage.idx()];
    let mut pupils = [[0.0; MAX_GRADES]; 2];
    for g in 0..stage.n_grades() {
        let share = shares[stage.first_age() + g];
        let [built_up, rural] = county.people.map(|people| rate * share * people);
        pupils[0][g] = built_up + moving * rural;
        pupils[1][g] = (1.0 - moving) * rural;
    }
    pupils
}
