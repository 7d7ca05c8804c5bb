//! A made-up city or nation: a whole folder that runs, for trials, tests and timings. No figure of it is of a real place, and
//! every one says so.
//!
//! In: counties, schools, a seed. Out: the files of a folder with counties of two zones, people by single age, a register with
//! pupils and classes, a scenario that builds nothing, a small plan, a sweep, and the observations from which `calibrate`
//! would make a register of its own. Method: everything is drawn directly; nothing is fitted. The same seed gives the same
//! bytes.

mod people;
mod register;

use std::fmt::Write as _;

use crate::axes::{Stage, Zone};
use crate::input::china;
use crate::input::tree::quote;
use crate::numeric::apportion;
use crate::random;
use crate::units::Year;

use super::chart::Lang;
use super::new_city::NATIONAL;

/// What a made-up city is made from.
#[derive(Debug, Clone)]
pub struct MadeUp {
    /// Name, in the language of the folder.
    pub name: String,
    /// Key: the output folder.
    pub key: String,
    /// Counties, each of two zones.
    pub n_counties: usize,
    /// Rows of the register: at least [`LEAST_SCHOOLS`] a county.
    pub n_schools: usize,
    /// Everything is drawn from it.
    pub seed: u64,
    /// Base year.
    pub base_year: Year,
    /// Language of messages.
    pub lang: Lang,
}

/// Schools that a county needs at least: one of every stage, and in both zones of those that children attend nearby.
pub const LEAST_SCHOOLS: usize = 8;
/// Schools of a county where no number is asked for; 2,844 counties have half a million.
pub const USUAL_SCHOOLS: usize = 176;
/// Most counties: as many as their keys can count.
pub const MOST_COUNTIES: usize = 9_999;

/// Years of a run after the base year.
const YEARS: Year = 15;
/// Years from the base year to the end of the plan.
const PLAN: Year = 5;
/// Counties for each new school of a stage in the plan.
const COUNTIES_A_UNIT: usize = 20;

/// A county before its people are counted.
struct County {
    /// `c0001`.
    key: String,
    /// `县0001`.
    name: String,
    /// Its built-up zone and its rural one.
    zones: [Zone; 2],
    /// Residents of both zones.
    people: [f64; 2],
    /// Schools of every stage in both zones.
    schools: Vec<[usize; 2]>,
}

/// The files of the folder with their names.
pub fn files(made_up: &MadeUp) -> Vec<(String, Vec<u8>)> {
    let counties = counties(made_up);
    let fill = |template: &str| filled(template, made_up, &counties);
    let city = fill(include_str!("made_up/city.toml")) + &districts(&counties);
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("city.toml".to_string(), city.into_bytes()),
        ("no-build.toml".to_string(), fill(include_str!("made_up/no-build.toml")).into_bytes()),
        ("plan.toml".to_string(), fill(include_str!("made_up/plan.toml")).into_bytes()),
        (
            "sweeps/futures.toml".to_string(),
            fill(include_str!("made_up/futures.toml")).into_bytes(),
        ),
        ("population.csv".to_string(), people::table(&counties).into_bytes()),
        ("schools.csv".to_string(), register::table(made_up.seed, &counties).into_bytes()),
        (
            "observations.csv".to_string(),
            people::observations(&counties, made_up.base_year).into_bytes(),
        ),
    ];
    let national = NATIONAL.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec()));
    files.extend(national);
    files
}

/// Counties of 200,000 to 780,000 people, 40 to 70 % of them rural, with schools in proportion to people.
fn counties(made_up: &MadeUp) -> Vec<County> {
    let key = random::key(made_up.seed, "made-up/counties");
    let draw = |at: usize, what: u64| unit(random::mixed(key, 2 * at as u64 + what));
    let people: Vec<f64> =
        (0..made_up.n_counties).map(|c| (200_000.0 + 580_000.0 * draw(c, 0)).round()).collect();
    let spare = made_up.n_schools.saturating_sub(LEAST_SCHOOLS * made_up.n_counties);
    let schools = apportion(spare as u64, &people);
    (0..made_up.n_counties)
        .map(|c| {
            let rural = 0.4 + 0.3 * draw(c, 1);
            let built_up = if c % 3 == 0 { Zone::Urban } else { Zone::Town };
            County {
                key: format!("c{:04}", c + 1),
                name: format!("{}{:04}", if c % 3 == 0 { '区' } else { '县' }, c + 1),
                zones: [built_up, Zone::Rural],
                people: [people[c] * (1.0 - rural), people[c] * rural],
                schools: schools_of_county(schools[c], rural),
            }
        })
        .collect()
}

/// Shares of the stages of China in the schools of a county.
const STAGE_SHARES: [f64; 5] = [0.37, 0.44, 0.14, 0.03, 0.02];
/// Shares of super-oversized classes of the compulsory stages, percent.
const SUPER_OVERSIZED: [&str; 2] = ["4.75", "10.49"];

/// Schools by stage and zone: the least a county needs, and the rest by the shares. Rural schools are smaller and so more; those of
/// the stages that share a source stand in the built-up zone.
fn schools_of_county(spare: u64, rural_people: f64) -> Vec<[usize; 2]> {
    let more = apportion(spare, &STAGE_SHARES);
    let pair = china().pair();
    china().map(|stage| {
        let s = stage.idx();
        if pair.is_some_and(|pair| pair.contains(&stage)) {
            return [1 + more[s] as usize, 0];
        }
        let all = 2 + more[s] as usize;
        let rural = (all as f64 * (1.1 * rural_people).min(0.75)).round() as usize;
        let rural = rural.clamp(1, all - 1);
        [all - rural, rural]
    })
}

/// The middle of one of 2⁵³ equal parts of the unit interval.
fn unit(bits: u64) -> f64 {
    ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// The tables of the districts; each names the next one as its neighbour.
fn districts(counties: &[County]) -> String {
    let mut text = String::new();
    for (c, county) in counties.iter().enumerate() {
        let _ = writeln!(
            text,
            "[districts.{}]\nname = \"{}\"\nname_en = \"County {}\"\nzones = [\"{}\", \"{}\"]",
            county.key,
            county.name,
            c + 1,
            county.zones[0].key(),
            county.zones[1].key()
        );
        let next = &counties[(c + 1) % counties.len()];
        if next.key != county.key {
            let _ = writeln!(text, "neighbours = [\"{}\"]", next.key);
        }
    }
    text
}

/// A template with the city's own words in it.
fn filled(template: &str, made_up: &MadeUp, counties: &[County]) -> String {
    let base = made_up.base_year;
    let schools = |stage: Stage| {
        counties.iter().map(|c| c.schools[stage.idx()].iter().sum::<usize>()).sum::<usize>()
    };
    let pupils = |stage: Stage| {
        counties.iter().map(|c| people::pupils(c, stage).iter().flatten().sum::<f64>()).sum::<f64>()
    };
    // Classes of 66 and more are possible up to the year from which the ceiling is 65.
    let very_large = |share: &str| match base < 2018 {
        true => format!(
            "super_oversized_share = {{ value = {share}, unit = \"percent\", source = \"made-up\" }}"
        ),
        false => String::new(),
    };
    let mut pairs: Vec<(String, String)> = [
        ("key", quote(&made_up.key)),
        ("name", made_up.name.clone()),
        ("name_quoted", quote(&made_up.name)),
        ("language", (if made_up.lang == Lang::Zh { "zh" } else { "en" }).to_string()),
        ("counties", made_up.n_counties.to_string()),
        ("schools", made_up.n_schools.to_string()),
        ("seed", made_up.seed.to_string()),
        ("base_year", base.to_string()),
        ("next_year", (base + 1).to_string()),
        ("plan_end", (base + PLAN).to_string()),
        ("horizon", (base + YEARS).to_string()),
        ("units", made_up.n_counties.div_ceil(COUNTIES_A_UNIT).to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_string(), value))
    .collect();
    for stage in china().iter() {
        let key = stage.key();
        pairs.push((format!("n_{key}"), schools(stage).to_string()));
        pairs.push((format!("pupils_{key}"), format!("{:.0}", pupils(stage))));
    }
    for (stage, share) in china().compulsory().into_iter().zip(SUPER_OVERSIZED) {
        pairs.push((format!("super_{}", stage.key()), very_large(share)));
    }
    pairs.iter().fold(template.to_string(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up(n_counties: usize, n_schools: usize, seed: u64) -> MadeUp {
        MadeUp {
            name: "虚构市".to_string(),
            key: "made-up".to_string(),
            n_counties,
            n_schools,
            seed,
            base_year: 2020,
            lang: Lang::Zh,
        }
    }

    fn rows(made_up: &MadeUp, file: &str) -> Vec<Vec<String>> {
        let (_, bytes) = files(made_up).into_iter().find(|(name, _)| name == file).expect("it");
        let text = String::from_utf8(bytes).expect("text");
        text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
        let of = |seed| files(&made_up(3, 100, seed));
        assert!(of(7) == of(7));
        assert!(of(7) != of(8));
    }

    #[test]
    fn nothing_is_left_to_be_filled() {
        for (name, bytes) in files(&made_up(2, 16, 1)) {
            if name.ends_with(".toml") {
                let text = String::from_utf8(bytes).expect("text");
                assert!(!text.contains("{{"), "{name}");
            }
        }
    }

    /// As many schools as asked for, every row of 23 cells, synthetic, and with a room for every class; of 100 schools in three
    /// counties 24 are the least they need.
    #[test]
    fn the_register_has_the_schools_that_were_asked_for() {
        for n_schools in [24, 25, 100] {
            let rows = rows(&made_up(3, n_schools, 5), "schools.csv");
            let heading = rows[0].clone();
            assert_eq!(rows.len() - 1, n_schools);
            let column = |name: &str| heading.iter().position(|h| h == name).expect("a column");
            for row in &rows[1..] {
                assert_eq!(row.len(), 23);
                assert_eq!(row[column("origin")], "synthetic");
                let number = |at: usize| row[at].parse::<i64>().unwrap_or(0);
                let classes: i64 = (1..=6).map(|g| number(column(&format!("classes_{g}")))).sum();
                assert!(classes > 0 && classes <= number(column("rooms")), "{row:?}");
            }
        }
    }

    /// Every age of every sex and zone once: 3 counties × 2 zones × 2 sexes × 101 ages.
    #[test]
    fn people_are_counted_by_single_age() {
        assert_eq!(rows(&made_up(3, 24, 1), "population.csv").len() - 1, 3 * 2 * 2 * 101);
    }
}
