//! Published quantities and the same quantities of a run.
//!
//! In: the name of a quantity as it stands in a table of observations, and a run with its stocks. Out: the value of the whole
//! city in a year, in the units used inside (shares, counts), or why the model has none. The one place that says what a
//! published quantity is in the model:
//!
//! | quantity | of the run |
//! |---|---|
//! | `pupils.<stage>`, `entrants.<stage>`, `schools.<stage>`, `classes.<stage>` | stocks of the stage on 1 September |
//! | `pupils.<stage>.<grade>` | pupils of one grade of the stage, from 1 |
//! | `mean_class.<stage>` | pupils over classes |
//! | `gross_rate.<stage>` | pupils over residents of the ages; senior: 高中阶段 with vocational and technical schools |
//! | `oversized_share.<stage>`, `super_oversized_share.<stage>` | expected classes of 56 (66) and more over classes |
//! | `births` | of a calendar year `y`: 2/3 of the school year that begins in `y − 1` and 1/3 of that which begins in `y` |
//! | `population` | residents in households and group quarters on 1 September |
//! | `retention_nine_year` | Π of the retentions of the cohort in G9 |

use crate::axes::{Stage, Stages};
use crate::city::Name;
use crate::indicators::{INDICATORS, Table};
use crate::model::Run;
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

/// What is published, without stage and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Pupils of a stage, or of one of its grades.
    Pupils,
    /// Pupils in the entry grade.
    Entrants,
    /// Schools.
    Schools,
    /// Classes.
    Classes,
    /// Pupils over classes.
    MeanClass,
    /// Pupils over residents.
    GrossRate,
    /// Oversized classes over classes.
    OversizedShare,
    /// Super-oversized classes over classes.
    SuperOversizedShare,
    /// Births of a calendar year.
    Births,
    /// Residents of all ages.
    Population,
    /// Nine-year retention.
    Retention,
}

impl Family {
    /// All families in the order of tables.
    pub const ALL: [Family; 11] = [
        Family::Pupils,
        Family::Entrants,
        Family::Schools,
        Family::Classes,
        Family::MeanClass,
        Family::GrossRate,
        Family::OversizedShare,
        Family::SuperOversizedShare,
        Family::Births,
        Family::Population,
        Family::Retention,
    ];

    /// Name in files.
    pub fn key(self) -> &'static str {
        match self {
            Family::Pupils => "pupils",
            Family::Entrants => "entrants",
            Family::Schools => "schools",
            Family::Classes => "classes",
            Family::MeanClass => "mean_class",
            Family::GrossRate => "gross_rate",
            Family::OversizedShare => "oversized_share",
            Family::SuperOversizedShare => "super_oversized_share",
            Family::Births => "births",
            Family::Population => "population",
            Family::Retention => "retention_nine_year",
        }
    }

    /// Name in both languages.
    pub fn name(self) -> Name {
        let (zh, en) = match self {
            Family::Pupils => ("在校生", "pupils"),
            Family::Entrants => ("招生", "entrants"),
            Family::Schools => ("学校数", "schools"),
            Family::Classes => ("班数", "classes"),
            Family::MeanClass => ("平均班额", "mean class size"),
            Family::GrossRate => ("毛入学（园）率", "gross rate"),
            Family::OversizedShare => ("大班额比例", "oversized classes"),
            Family::SuperOversizedShare => ("超大班额比例", "super-oversized"),
            Family::Births => ("出生人数", "births"),
            Family::Population => ("常住人口", "residents"),
            Family::Retention => ("九年义务教育巩固率", "nine-year retention"),
        };
        Name { zh: zh.to_string(), en: en.to_string() }
    }

    /// Whether it is a share: differences are percentage points.
    pub fn is_share(self) -> bool {
        matches!(
            self,
            Family::GrossRate
                | Family::OversizedShare
                | Family::SuperOversizedShare
                | Family::Retention
        )
    }

    /// Whether it depends on how many pupils there are: in all others grade progression is no rival but the model itself.
    pub fn is_of_pupils(self) -> bool {
        !matches!(self, Family::Schools | Family::Births | Family::Population | Family::Retention)
    }

    /// Key of the indicator that it is, if it belongs to a stage.
    pub fn indicator(self) -> Option<&'static str> {
        match self {
            Family::MeanClass => Some("mean_class_size"),
            Family::GrossRate => Some("gross_enrolment_rate"),
            Family::Births | Family::Population | Family::Retention => None,
            other => Some(other.key()),
        }
    }
}

/// A quantity that a run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    /// What.
    pub family: Family,
    /// Of which stage.
    pub stage: Option<Stage>,
    /// Of which grade of it, from 0.
    pub grade: Option<usize>,
}

impl Quantity {
    /// The quantity of a name in a table of observations.
    ///
    /// # Errors
    /// Why the model has no such quantity.
    pub fn parse(stages: &'static Stages, name: &str) -> Result<Quantity, Name> {
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or_default();
        let Some(family) = Family::ALL.into_iter().find(|family| family.key() == first) else {
            return Err(unknown(first));
        };
        let rest: Vec<&str> = parts.collect();
        let quantity = |stage, grade| Quantity { family, stage, grade };
        match (family.indicator().is_some(), rest.as_slice()) {
            (false, []) => Ok(quantity(None, None)),
            (true, []) => Err(reason(
                "合计含模型没有的学校类型",
                "a total over kinds of schools that the model does not have",
            )),
            (true, [stage]) => match stages.parse(stage) {
                Some(second) if family == Family::GrossRate && second.is_sharer() => {
                    Err(under_the_first(stages))
                }
                Some(stage) => Ok(quantity(Some(stage), None)),
                None => Err(reason("模型没有这个学段", "the model has no such stage")),
            },
            (true, [stage, grade]) if family == Family::Pupils => {
                let stage = stages.parse(stage);
                let grade = grade.parse::<usize>().ok().and_then(|grade| grade.checked_sub(1));
                match (stage, grade) {
                    (Some(stage), Some(grade)) if grade < stage.n_grades() => {
                        Ok(quantity(Some(stage), Some(grade)))
                    }
                    _ => Err(reason("模型没有这个年级", "the model has no such grade")),
                }
            }
            _ => Err(reason("模型没有这个指标", "the model has no such quantity")),
        }
    }

    /// Its name in a table of observations.
    pub fn key(&self) -> String {
        let mut key = self.family.key().to_string();
        if let Some(stage) = self.stage {
            key = format!("{key}.{}", stage.key());
        }
        if let Some(grade) = self.grade {
            key = format!("{key}.{}", grade + 1);
        }
        key
    }

    /// Its name to show.
    pub fn name(&self) -> Name {
        let family = self.family.name();
        let Some(stage) = self.stage else { return family };
        let [zh_stage, en_stage] = match self.family {
            Family::GrossRate => stage.together(),
            _ => [stage.zh(), stage.en()],
        };
        if self.family == Family::Schools {
            return Name { zh: format!("{zh_stage}数"), en: stage.schools_en() };
        }
        match self.grade {
            Some(grade) => Name {
                zh: format!("{zh_stage}{}年级{}", grade + 1, family.zh),
                en: format!("{en_stage} {}, grade {}", family.en, grade + 1),
            },
            None => Name {
                zh: format!("{zh_stage}{}", family.zh),
                en: format!("{en_stage} {}", family.en),
            },
        }
    }
}

/// Where the rate of two stages that share a source stands.
fn under_the_first(stages: &'static Stages) -> Name {
    let [first, _] = stages.pair().unwrap_or([stages.first(); 2]);
    let [zh, en] = first.together();
    let key = first.key();
    Name {
        zh: format!("{zh}毛入学率记在 gross_rate.{key}"),
        en: format!("the {en} rate stands under gross_rate.{key}"),
    }
}

fn reason(zh: &str, en: &str) -> Name {
    Name { zh: zh.to_string(), en: en.to_string() }
}

/// Why the model has no such quantity.
fn unknown(family: &str) -> Name {
    match family {
        "graduates" => reason("模型没有毕业生数", "the model has no graduates"),
        "census" => reason(
            "普查分组用于推算起点人口",
            "census groups are what the people of a start are made from",
        ),
        _ => reason("模型没有这个指标", "the model has no such quantity"),
    }
}

/// The value of the whole city in a year, in the units used inside; `None` where a run has none.
pub fn value(
    scenario: &Scenario,
    (run, table): (&Run, &Table),
    quantity: Quantity,
    year: Year,
) -> Option<f64> {
    let city = &*scenario.city;
    let year_idx = usize::try_from(year - city.base_year).ok().filter(|&y| y < city.n_years())?;
    let areas: Vec<usize> = (0..city.areas.len()).collect();
    match (quantity.family, quantity.stage, quantity.grade) {
        (Family::Pupils, Some(stage), Some(grade)) => Some(of_grade(run, year_idx, stage, grade)),
        (Family::Births, ..) => {
            let births = |y: usize| table.sum(y, &areas, city.stages.first()).births;
            let before = year_idx.checked_sub(1)?;
            Some(births(before) * 2.0 / 3.0 + births(year_idx) / 3.0)
        }
        (Family::Population, ..) => {
            let people = sum(run.outlook.population.people.get(year_idx)?.iter().copied());
            Some(people + sum(city.population.group_quarters.iter().copied()))
        }
        (Family::Retention, ..) => run.outlook.demand.retention_nine_year.get(year_idx).copied(),
        (family, Some(stage), None) => {
            let key = family.indicator()?;
            let indicator = INDICATORS.iter().find(|indicator| indicator.key == key)?;
            (indicator.value)(&table.sum(year_idx, &areas, stage))
        }
        _ => None,
    }
}

/// Pupils of one grade of a stage in all open schools.
fn of_grade(run: &Run, year_idx: usize, stage: Stage, grade: usize) -> f64 {
    let history = &run.schools.history;
    sum((0..history.n_schools[year_idx])
        .filter(|&row| run.schools.register[row].stage == stage)
        .map(|row| history.school(year_idx, row))
        .filter(|school| school.is_open)
        .map(|school| school.pupils.get(grade).copied().unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::tests::china;

    #[test]
    fn names_go_there_and_back() {
        for name in ["pupils.primary", "pupils.primary.6", "gross_rate.senior", "births"] {
            let quantity = Quantity::parse(china(), name);
            assert_eq!(quantity.map(|quantity| quantity.key()), Ok(name.to_string()));
        }
    }

    #[test]
    fn what_the_model_does_not_have_is_told() {
        for (name, word) in [
            ("graduates.senior", "graduates"),
            ("census.male.5-9", "census"),
            ("pupils", "total"),
            ("pupils.junior.4", "grade"),
            ("schools.special", "stage"),
            ("gross_rate.vocational", "gross_rate.senior"),
            ("private_pupils.kindergarten", "no such quantity"),
            ("births.urban", "no such quantity"),
        ] {
            let reason = Quantity::parse(china(), name).expect_err(name);
            assert!(reason.en.contains(word), "{name}: {}", reason.en);
        }
    }
}
