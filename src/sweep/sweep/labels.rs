//! `labels.json` beside a sweep's manifest: the words that charts need, so that they can be drawn where the scenario files are
//! not. No row of a sweep depends on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::store::Manifest;
use crate::axes::{Stage, Stages};
use crate::city::{City, Name};
use crate::input::sweep::LoadedSweep;
use crate::units::Year;
use xuewei_model::stages::StageRow;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Name> for Words {
    fn from(name: &Name) -> Words {
        Words { zh: name.zh.clone(), en: name.en.clone() }
    }
}

impl Words {
    /// A key that stands for a name.
    fn key(key: &str) -> Words {
        Words { zh: key.to_string(), en: key.to_string() }
    }
}

/// What charts say of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioLabel {
    /// Its title.
    pub title: Words,
    /// Whether it builds anything; one that does not is what others are compared with.
    pub builds: bool,
}

/// What charts say of a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorLabel {
    /// Its name.
    pub name: Words,
    /// Unit of its values, as in the sweep file; empty where it is not known.
    pub unit: String,
    /// Whether its range is an assumption.
    pub is_assumed: bool,
}

/// A stage of the city, as its files have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageLabel {
    key: String,
    name: Words,
    grades: Vec<String>,
    first_age: usize,
    follows: Option<String>,
    shares_source_with: Option<String>,
    schools_en: Option<String>,
    together: Option<[String; 2]>,
    is_by_rate: bool,
    is_compulsory: bool,
}

impl StageLabel {
    fn of(row: &StageRow) -> StageLabel {
        StageLabel {
            key: row.key.clone(),
            name: Words { zh: row.zh.clone(), en: row.en.clone() },
            grades: row.grades.clone(),
            first_age: row.first_age,
            follows: row.follows.clone(),
            shares_source_with: row.shares_source_with.clone(),
            schools_en: row.schools_en.clone(),
            together: row.together.clone(),
            is_by_rate: row.is_by_rate,
            is_compulsory: row.is_compulsory,
        }
    }

    fn row(&self) -> StageRow {
        StageRow {
            key: self.key.clone(),
            zh: self.name.zh.clone(),
            en: self.name.en.clone(),
            also: Vec::new(),
            schools_en: self.schools_en.clone(),
            grades: self.grades.clone(),
            first_age: self.first_age,
            follows: self.follows.clone(),
            shares_source_with: self.shares_source_with.clone(),
            together: self.together.clone(),
            is_by_rate: self.is_by_rate,
            is_compulsory: self.is_compulsory,
        }
    }
}

/// What counts as oversized and as gone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Pupils from which a class of the primary stage is oversized in the base year.
    pub oversized_from: u32,
    /// The same for super-oversized ones.
    pub super_oversized_from: u32,
    /// Share of classes up to which oversized ones count as gone.
    pub cleared_at: f64,
}

/// The words for the charts of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// Always `xuewei`.
    pub program: String,
    /// Always `labels`.
    pub kind: String,
    /// Language of the city, `zh` or `en`.
    pub language: String,
    /// The city.
    pub city: Words,
    /// Title of the sweep.
    pub title: Words,
    /// What it asks.
    pub question: Words,
    /// Year of the stocks from which runs start; none where it is not known.
    pub base_year: Option<Year>,
    /// Last year of runs.
    pub horizon: Option<Year>,
    /// First and last year of the plan.
    pub plan: Option<(Year, Year)>,
    /// What counts as oversized; none where it is not known.
    pub limits: Option<Limits>,
    /// Names of the levels at which oversized classes count as gone, by key.
    #[serde(default)]
    pub levels: BTreeMap<String, Words>,
    /// Stages of the city in their order; none where they are not known.
    #[serde(default)]
    pub stages: Vec<StageLabel>,
    /// Stages some of whose schools are synthetic; none where it is not known.
    pub synthetic: Option<Vec<String>>,
    /// By key.
    pub scenarios: BTreeMap<String, ScenarioLabel>,
    /// By key.
    pub factors: BTreeMap<String, FactorLabel>,
}

impl Labels {
    /// Those of a sweep that was read from its file.
    pub fn of(loaded: &LoadedSweep) -> Labels {
        let sweep = &loaded.sweep;
        let first = loaded.scenarios.first();
        let city = first.map(|file| &*file.scenario.city);
        let factor = |factor: &crate::experiment::Factor| FactorLabel {
            name: (&factor.name).into(),
            unit: factor.unit.clone(),
            is_assumed: factor.source == "assumption",
        };
        let scenario = |file: &crate::input::Loaded| ScenarioLabel {
            title: (&file.scenario.title).into(),
            builds: !file.scenario.programmes.is_empty(),
        };
        Labels {
            language: first.map(|file| file.language.clone()).unwrap_or_default(),
            city: city.map(|city| (&city.name).into()).unwrap_or_default(),
            title: (&sweep.title).into(),
            question: (&sweep.question).into(),
            base_year: city.map(|city| city.base_year),
            horizon: city.map(|city| city.horizon),
            plan: loaded.scenarios.iter().find_map(|file| file.scenario.plan_period),
            limits: first.map(limits),
            levels: first.map(levels).unwrap_or_default(),
            stages: city
                .map(|city| city.stages.rows().iter().map(StageLabel::of).collect())
                .unwrap_or_default(),
            synthetic: city.map(synthetic),
            scenarios: loaded
                .scenarios
                .iter()
                .map(|file| (file.scenario.key.clone(), scenario(file)))
                .collect(),
            factors: sweep.factors.iter().map(|f| (f.key.clone(), factor(f))).collect(),
            ..Labels::unknown()
        }
    }

    fn unknown() -> Labels {
        Labels {
            program: "xuewei".to_string(),
            kind: "labels".to_string(),
            language: String::new(),
            city: Words::default(),
            title: Words::default(),
            question: Words::default(),
            base_year: None,
            horizon: None,
            plan: None,
            limits: None,
            levels: BTreeMap::new(),
            stages: Vec::new(),
            synthetic: None,
            scenarios: BTreeMap::new(),
            factors: BTreeMap::new(),
        }
    }

    /// What can be said where there are none: keys instead of names.
    pub fn keys(manifest: &Manifest) -> Labels {
        let scenario =
            |key: &String| (key.clone(), ScenarioLabel { title: Words::key(key), builds: true });
        let factor = |key: &String| {
            let name = Words::key(key);
            (key.clone(), FactorLabel { name, unit: String::new(), is_assumed: false })
        };
        Labels {
            city: Words::key(&manifest.city),
            title: Words::key(&manifest.sweep),
            scenarios: manifest.scenarios.iter().map(scenario).collect(),
            factors: manifest.factors.iter().map(factor).collect(),
            ..Labels::unknown()
        }
    }

    /// The stages of the city; those of China where they are not known.
    pub fn stages(&self) -> &'static Stages {
        let rows = self.stages.iter().map(StageLabel::row).collect();
        Stages::new(rows).unwrap_or_else(|_| crate::input::china())
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads the text of the file; `None` where it is none.
    pub fn parse(text: &str) -> Option<Labels> {
        let labels: Labels = serde_json::from_str(text).ok()?;
        (labels.program == "xuewei" && labels.kind == "labels").then_some(labels)
    }
}

fn limits(file: &crate::input::Loaded) -> Limits {
    let scenario = &file.scenario;
    let thresholds = scenario.thresholds.at(scenario.city.base_year);
    let grade = scenario.city.stages.example().first_grade();
    Limits {
        oversized_from: thresholds.oversized[grade] as u32,
        super_oversized_from: thresholds.super_oversized[grade] as u32,
        cleared_at: scenario.working_share(),
    }
}

fn levels(file: &crate::input::Loaded) -> BTreeMap<String, Words> {
    let levels = file.scenario.levels.iter();
    levels.map(|level| (level.key.clone(), (&level.name).into())).collect()
}

/// Stages with schools that stand for no real ones.
fn synthetic(city: &City) -> Vec<String> {
    let has = |stage: &Stage| {
        city.schools.iter().any(|s| s.stage == *stage && city.sites[s.site].origin == "synthetic")
    };
    city.stages.iter().filter(has).map(|stage| stage.key().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_back() {
        let labels = Labels {
            plan: Some((2021, 2025)),
            factors: [(
                "a".to_string(),
                FactorLabel {
                    name: Words { zh: "甲".into(), en: "first".into() },
                    unit: "percent".into(),
                    is_assumed: true,
                },
            )]
            .into(),
            ..Labels::unknown()
        };
        assert_eq!(Labels::parse(&labels.text()), Some(labels));
        assert_eq!(Labels::parse("{}"), None);
        assert_eq!(Labels::parse(r#"{"program": "other"}"#), None);
    }
}
