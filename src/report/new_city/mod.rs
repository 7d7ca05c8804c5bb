//! The folder that a new city starts from: commented TOML files, the table of observations to be filled, the national base.
//!
//! In: a name, districts, a base year. Out: the files of a self-contained folder. None holds a figure of a real place: what a
//! user must give is left out, an assumption that holds a place says so in its note.

#[cfg(feature = "xlsx")]
mod workbook;

use crate::calibrate::readiness::{Asked, asked};
use crate::input::china;
use crate::input::tree::quote;
use crate::units::Year;

use super::chart::Lang;

/// What a new city is made from.
#[derive(Debug, Clone)]
pub struct NewCity {
    /// Name, in the language of the folder.
    pub name: String,
    /// Key: the output folder.
    pub key: String,
    /// Districts: key and name.
    pub districts: Vec<(String, String)>,
    /// Base year.
    pub base_year: Year,
    /// Language of comments and headings.
    pub lang: Lang,
}

/// The national base and its tables, by name in the folder. A test compares the list with `scenarios/china`.
pub const NATIONAL: [(&str, &str); 5] = [
    ("china.toml", include_str!("../../../scenarios/china.toml")),
    ("china/fertility.csv", include_str!("../../../scenarios/china/fertility.csv")),
    ("china/mortality.csv", include_str!("../../../scenarios/china/mortality.csv")),
    ("china/likely.toml", include_str!("../../../scenarios/china/likely.toml")),
    ("china/forecast-accuracy.csv", include_str!("../../../scenarios/china/forecast-accuracy.csv")),
];

/// Years of a run after the base year.
const YEARS: Year = 20;
/// Years from the base year to the end of the example's plan.
const PLAN: Year = 5;

/// A text in both languages.
struct Both {
    zh: &'static str,
    en: &'static str,
}

impl Both {
    fn of(&self, lang: Lang) -> &'static str {
        if lang == Lang::Zh { self.zh } else { self.en }
    }
}

macro_rules! template {
    ($name:literal) => {
        Both { zh: include_str!(concat!("zh/", $name)), en: include_str!(concat!("en/", $name)) }
    };
}

const TEMPLATES: [(&str, Both); 6] = [
    ("city.toml", template!("city.toml")),
    ("sources.toml", template!("sources.toml")),
    ("no-build.toml", template!("no-build.toml")),
    ("plan.toml", template!("plan.toml")),
    ("programmes/example.toml", template!("programme.toml")),
    ("targets/example.toml", template!("target.toml")),
];

/// Headings of the observations, Chinese ones under the same order.
const HEADINGS: [Both; 7] = [
    Both { en: "quantity", zh: "指标" },
    Both { en: "place", zh: "地区" },
    Both { en: "year", zh: "年份" },
    Both { en: "value", zh: "数值" },
    Both { en: "unit", zh: "单位" },
    Both { en: "standard_error", zh: "标准误" },
    Both { en: "source", zh: "来源" },
];

/// The files of the folder with their names.
///
/// # Errors
/// A workbook that cannot be made.
pub fn files(city: &NewCity) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut files: Vec<(String, Vec<u8>)> = TEMPLATES
        .iter()
        .map(|(name, text)| (name.to_string(), filled(text.of(city.lang), city).into_bytes()))
        .collect();
    files.push(("observations.csv".to_string(), observations(city).into_bytes()));
    let national = NATIONAL.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec()));
    files.extend(national);
    #[cfg(feature = "xlsx")]
    files.push((workbook::name(city.lang).to_string(), workbook::workbook(city)?));
    Ok(files)
}

/// A template with the city's own words in it.
fn filled(template: &str, city: &NewCity) -> String {
    let base = city.base_year;
    let first = city.districts.first().map(|(key, _)| key.as_str()).unwrap_or_default();
    let pairs: [(&str, String); 10] = [
        ("key", quote(&city.key)),
        ("name", city.name.clone()),
        ("name_quoted", quote(&city.name)),
        ("base_year", base.to_string()),
        ("next_year", (base + 1).to_string()),
        ("plan_end", (base + PLAN).to_string()),
        ("horizon", (base + YEARS).to_string()),
        ("seed", format!("{base}0901")),
        ("first", first.to_string()),
        ("districts", districts(city)),
    ];
    pairs.iter().fold(template.to_string(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

/// The tables of the districts: a county has a town as its seat, any other a city.
fn districts(city: &NewCity) -> String {
    let mut text = String::new();
    for (key, name) in &city.districts {
        let built_up = if name.ends_with('县') { "town" } else { "urban" };
        let others: Vec<String> =
            city.districts.iter().filter(|(k, _)| k != key).map(|(k, _)| quote(k)).collect();
        text.push_str(&format!("[districts.{key}]\nname = {}\n", quote(name)));
        if city.lang == Lang::En {
            text.push_str(&format!("name_en = {}\n", quote(name)));
        }
        text.push_str(&format!("zones = [\"{built_up}\", \"rural\"]\n"));
        text.push_str(&format!("# neighbours = [{}]\n", others.join(", ")));
    }
    text
}

/// The rows that a user is asked to fill.
fn rows(city: &NewCity) -> Vec<Asked> {
    let keys: Vec<String> = city.districts.iter().map(|(key, _)| key.clone()).collect();
    asked(china(), &keys, city.base_year)
}

/// The source that a row most likely has.
fn source(row: &Asked) -> &'static str {
    if row.quantity.starts_with("census.") { "census" } else { "yearbook" }
}

/// `observations.csv` with empty values; with a byte order mark where the headings are Chinese, for spreadsheets.
fn observations(city: &NewCity) -> String {
    let headings = HEADINGS.each_ref().map(|heading| heading.of(city.lang));
    let mark = if city.lang == Lang::Zh { "\u{feff}" } else { "" };
    let mut text = format!("{mark}{}\n", headings.join(","));
    for row in rows(city) {
        let source = source(&row);
        text.push_str(&format!(
            "{},{},{},,{},,{source}\n",
            row.quantity, row.place, row.year, row.unit
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(lang: Lang) -> NewCity {
        NewCity {
            name: "甲\"市".to_string(),
            key: "jia".to_string(),
            districts: vec![
                ("a".to_string(), "甲区".to_string()),
                ("b".to_string(), "乙县".to_string()),
            ],
            base_year: 2020,
            lang,
        }
    }

    #[test]
    fn every_placeholder_is_filled() {
        for lang in [Lang::Zh, Lang::En] {
            for (name, content) in files(&city(lang)).expect("files") {
                if name.ends_with(".toml") {
                    let text = String::from_utf8(content).expect("text");
                    assert!(!text.contains("{{"), "{name}");
                    let (_, errors) = crate::input::tree::parse(&text, 0);
                    assert!(errors.is_empty(), "{name}: {errors:?}");
                }
            }
        }
    }

    #[test]
    fn a_county_has_a_town_and_a_district_a_city() {
        let text = districts(&city(Lang::Zh));
        assert!(text.contains("name = \"甲区\"\nzones = [\"urban\", \"rural\"]"));
        assert!(text.contains("name = \"乙县\"\nzones = [\"town\", \"rural\"]"));
    }

    /// No row has a value: 80 rows of people, 10 of schools and pupils, 11 of classes, 11 of rates and births.
    #[test]
    fn observations_are_empty() {
        let text = observations(&city(Lang::En));
        let rows: Vec<Vec<&str>> =
            text.lines().skip(1).map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), 80 + 10 + 11 + 11);
        assert!(rows.iter().all(|row| row.len() == 7 && row[3].is_empty()));
    }
}
