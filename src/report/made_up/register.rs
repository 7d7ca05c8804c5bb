//! The register of a made-up city: sizes by a lognormal law, classes by the crowding of each school.

use std::fmt::Write as _;

use crate::axes::{MAX_GRADES, Stage};
use crate::input::china;
use crate::numeric::{exp, normal_quantile_as241, sum};
use crate::random;

use super::{County, people, unit};

const HEADING: &str =
    "site,name,district,zone,stage,ownership,inclusive,rooms,reserved,quality,origin";
/// Standard deviation of the logarithm of a school's size.
const SIZE_SPREAD: f64 = 0.5;
/// Smallest and largest number of pupils for which a school opens another class, by stage of China: some are crowded.
const CLASS_OF: [[f64; 2]; 5] =
    [[24.0, 38.0], [36.0, 58.0], [42.0, 60.0], [46.0, 62.0], [30.0, 50.0]];
/// Most rooms that a school has beside those of its classes.
const SPARE_ROOMS: u64 = 2;
/// Numbers drawn for a school: size, crowding, quality, and one for everything else.
const DRAWS: u64 = 4;

/// `schools.csv`.
pub(super) fn table(seed: u64, counties: &[County]) -> String {
    let n_schools: usize = counties.iter().flat_map(|c| c.schools.iter().flatten()).sum();
    let mut text = String::with_capacity(n_schools * 160);
    text.push_str(HEADING);
    for what in ["pupils", "classes"] {
        for grade in 1..=china().most_grades() {
            let _ = write!(text, ",{what}_{grade}");
        }
    }
    text.push('\n');
    let mut draws = Draws { key: random::key(seed, "made-up/schools"), school: 0 };
    for county in counties {
        for zone in 0..2 {
            for stage in china().iter() {
                write_schools(&mut text, county, zone, stage, &mut draws);
            }
        }
    }
    text
}

/// Numbers of one school after another.
struct Draws {
    key: u64,
    school: u64,
}

impl Draws {
    fn bits(&self, what: u64) -> u64 {
        random::mixed(self.key, self.school * DRAWS + what)
    }

    fn uniform(&self, what: u64) -> f64 {
        unit(self.bits(what))
    }

    fn normal(&self, what: u64) -> f64 {
        normal_quantile_as241(self.uniform(what))
    }
}

/// The schools of one stage in one zone of a county.
fn write_schools(text: &mut String, county: &County, zone: usize, stage: Stage, draws: &mut Draws) {
    let n_schools = county.schools[stage.idx()][zone];
    let pupils = people::pupils(county, stage)[zone];
    let first = draws.school;
    let sizes: Vec<f64> = (first..first + n_schools as u64)
        .map(|school| exp(SIZE_SPREAD * Draws { school, ..*draws }.normal(0)))
        .collect();
    let all = sum(sizes.iter().copied());
    let zone = county.zones[zone];
    for (idx, size) in sizes.iter().enumerate() {
        let crowding = draws.uniform(1);
        let [least, most] = CLASS_OF[stage.idx()];
        // Few schools are very crowded: the square keeps most of them near the smaller size.
        let class_of = least + (most - least) * crowding * crowding;
        let mut held = [0.0; MAX_GRADES];
        let mut classes = [0; MAX_GRADES];
        for g in 0..stage.n_grades() {
            held[g] = (pupils[g] * size / all).round().max(1.0);
            classes[g] = ((held[g] / class_of).ceil() as i32).max(1);
        }
        let bits = draws.bits(3);
        let rooms = classes.iter().sum::<i32>() + (bits % (SPARE_ROOMS + 1)) as i32;
        let is_private = stage.is_by_rate() && bits & 0x100 != 0;
        let is_inclusive = stage.is_by_rate() && (!is_private || bits & 0x200 != 0);
        let number = idx + 1;
        let (key, name, zone_key, zone_zh) = (&county.key, &county.name, zone.key(), zone.zh());
        let _ = write!(
            text,
            "{key}-{zone_key}-{}-{number:03},{name}{zone_zh}{}{number:03}（合成）,{key},{zone_key},{},{},{},{rooms},0,{:.6},synthetic",
            stage.key(),
            stage.zh(),
            stage.key(),
            if is_private { "private" } else { "public" },
            if is_inclusive { "yes" } else { "no" },
            draws.normal(2),
        );
        let n_grades = stage.n_grades();
        write_cells(text, held[..n_grades].iter());
        write_cells(text, classes[..n_grades].iter());
        text.push('\n');
        draws.school += 1;
    }
}

/// The cells of the grades that a stage has; the others are empty.
fn write_cells<T: std::fmt::Display>(text: &mut String, cells: impl ExactSizeIterator<Item = T>) {
    let n_empty = china().most_grades() - cells.len();
    for cell in cells {
        let _ = write!(text, ",{cell}");
    }
    text.extend(std::iter::repeat_n(',', n_empty));
}
