//! Rates that are estimated together with the children: their priors, and what became of them.

use crate::axes::{Stage, Stages};
use crate::city::Name;
use crate::input::CityKeys;
use crate::numeric::{exp, ln, normal_quantile};
use crate::scenario::Enrolment;
use crate::units::Path;

use super::least_squares::{Equation, Form, Solution};

/// A rate; its logarithm is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Pupils of a stage per child of its ages; two stages that share a source have [`Rate::Entry`] instead.
    Pupils(Stage),
    /// Retention a year inside a stage of cohorts.
    Retention(Stage),
    /// Entrants of a stage that alone follows another, over the highest grade of that one the year before.
    Promotion(Stage),
    /// Entrants of one of two stages that share a source, over the highest grade of that one the year before: κγ, κ(1 − γ).
    Entry(Stage),
    /// Registered births over births.
    BirthsCounted,
    /// Children of 1 to 4 counted by an earlier census over those who were there.
    CountedUnder5,
    /// Children under 1 counted by an earlier census over those who were there: far fewer, for births are registered late.
    CountedUnder1,
}

/// Whether a stage shares its source with another.
pub(super) fn is_shared(stage: Stage) -> bool {
    stage.stages().pair().is_some_and(|pair| pair.contains(&stage))
}

/// Whether all who stay in school after the stage before enter this one.
pub(super) fn follows_alone(stage: Stage) -> bool {
    stage.follows().is_some() && !is_shared(stage)
}

/// Rates whose product makes pupils of the children of a stage's ages.
pub(super) fn of_pupils(stage: Stage) -> Vec<Rate> {
    match stage.follows() {
        Some(source) if is_shared(stage) => vec![Rate::Pupils(source), Rate::Entry(stage)],
        _ => vec![Rate::Pupils(stage)],
    }
}

/// Where a rate stands among those of a city; `None` where it has no such rate.
pub(super) fn position(rates: &[Rate], rate: Rate) -> Option<usize> {
    rates.iter().position(|other| *other == rate)
}

/// Names in use where those that stages make are none.
const CUSTOMARY: [(&str, &str); 3] = [
    ("幼儿园毛入园率", "学前毛入园率"),
    ("初中升中等职业学校率", "初中升中职率"),
    ("中等职业学校年巩固率", "中职年巩固率"),
];

impl Rate {
    /// Every rate of a city with these stages, in the order of the unknowns.
    pub fn all(stages: &'static Stages) -> Vec<Rate> {
        let shared: Vec<Stage> = stages.pair().into_iter().flatten().collect();
        let others = || stages.iter().filter(|stage| !is_shared(*stage));
        let kept = |stage: Stage| (stage.n_grades() > 1).then_some(Rate::Retention(stage));
        let mut rates: Vec<Rate> = others().map(Rate::Pupils).collect();
        for stage in others().filter(|stage| !stage.is_by_rate()) {
            rates.extend(follows_alone(stage).then_some(Rate::Promotion(stage)));
            rates.extend(kept(stage));
        }
        rates.extend(shared.iter().copied().map(Rate::Entry));
        rates.extend(shared.iter().copied().filter_map(kept));
        rates.extend([Rate::BirthsCounted, Rate::CountedUnder5, Rate::CountedUnder1]);
        rates
    }

    /// Name in tables.
    pub fn key(self) -> String {
        match self {
            Rate::Pupils(stage) if stage.is_by_rate() => format!("{}_rate", stage.key()),
            Rate::Pupils(stage) => format!("{}_coverage", stage.key()),
            Rate::Retention(stage) => format!("{}_retention", stage.key()),
            Rate::Promotion(stage) => {
                let is_first =
                    stage.stages().iter().find(|other| follows_alone(*other)) == Some(stage);
                if is_first {
                    "promotion".to_string()
                } else {
                    format!("{}_promotion", stage.key())
                }
            }
            Rate::Entry(stage) => format!("{}_entry", stage.key()),
            Rate::BirthsCounted => "births_counted".to_string(),
            Rate::CountedUnder5 => "counted_under_5".to_string(),
            Rate::CountedUnder1 => "counted_under_1".to_string(),
        }
    }

    /// Name to show.
    pub fn name(self) -> Name {
        let step = |stage: Stage| {
            let source = stage.follows().map_or("", |source| source.zh());
            format!("{source}升{}率", stage.zh())
        };
        let (zh, en) = match self {
            Rate::Pupils(stage) if stage.is_by_rate() => {
                (format!("{}毛入园率", stage.zh()), format!("{} rate", stage.en()))
            }
            Rate::Pupils(stage) => {
                (format!("{}在校生与适龄儿童之比", stage.zh()), format!("{} coverage", stage.en()))
            }
            Rate::Retention(stage) => {
                (format!("{}年巩固率", stage.zh()), format!("{} retention", stage.en()))
            }
            Rate::Promotion(stage) => (step(stage), format!("promotion to {}", stage.en())),
            Rate::Entry(stage) => (step(stage), format!("{} entry", stage.en())),
            Rate::BirthsCounted => ("出生登记比例".to_string(), "births counted".to_string()),
            Rate::CountedUnder5 => {
                ("前次普查1—4岁查到率".to_string(), "counted under 5".to_string())
            }
            Rate::CountedUnder1 => ("前次普查0岁查到率".to_string(), "counted under 1".to_string()),
        };
        let customary = CUSTOMARY.iter().find(|(made, _)| *made == zh);
        Name { zh: customary.map_or(zh, |(_, used)| used.to_string()), en }
    }

    /// Figure of the city that says it, and which of its numbers.
    fn figure(self) -> Option<(String, usize)> {
        let of = |stage: Stage, what: &str| format!("enrolment.{}.{what}", stage.key());
        match self {
            Rate::Pupils(stage) if stage.is_by_rate() => Some((of(stage, "gross_rate"), 0)),
            Rate::Pupils(stage) if stage.starts_cohorts() => Some((of(stage, "coverage"), 0)),
            Rate::Retention(stage) => Some((of(stage, "retention"), 0)),
            Rate::Promotion(stage) => {
                let source = stage.follows()?;
                Some((of(source, "retention"), source.n_grades() - 1))
            }
            _ => None,
        }
    }

    /// Whether it is the first number of a figure.
    pub(super) fn is_at(self, path: &str) -> bool {
        self.figure().is_some_and(|(own, idx)| own == path && idx == 0)
    }
}

/// The stage of a figure under `enrolment`, and its last word.
pub(super) fn parts<'p>(stages: &'static Stages, path: &'p str) -> Option<(Stage, &'p str)> {
    let (stage, what) = path.strip_prefix("enrolment.")?.split_once('.')?;
    Some((stages.parse(stage)?, what))
}

/// The numbers of an estimated figure of the city, from the rates.
pub(super) fn figure(
    stages: &'static Stages,
    path: &str,
    of: impl Fn(Rate) -> Option<f64>,
) -> Option<Vec<f64>> {
    let (stage, what) = parts(stages, path)?;
    let entries = || {
        let [first, second] = stages.pair()?;
        Some((of(Rate::Entry(first))?, of(Rate::Entry(second))?))
    };
    Some(match what {
        "gross_rate" | "coverage" => vec![of(Rate::Pupils(stage))?],
        "retention" => {
            let mut grades = Vec::new();
            if stage.n_grades() > 1 {
                grades = vec![of(Rate::Retention(stage))?; stage.n_grades() - 1];
            }
            if let Some(next) = stage.next() {
                grades.push(of(Rate::Promotion(next))?);
            }
            grades
        }
        "continuation" => entries().map(|(first, second)| vec![first + second])?,
        "academic_share" => entries().map(|(first, second)| vec![first / (first + second)])?,
        _ => return None,
    })
}

/// Puts the numbers of a figure into the rates of schooling, for every year.
pub(super) fn put(enrolment: &mut Enrolment, stages: &'static Stages, path: &str, values: &[f64]) {
    let Some((stage, what)) = parts(stages, path) else { return };
    let first = Path::constant(values.first().copied().unwrap_or(1.0));
    match what {
        "gross_rate" => enrolment.gross_rate[stage.idx()] = first,
        "coverage" => enrolment.coverage[stage.idx()] = first,
        "retention" => {
            for (grade, value) in stage.grades().zip(values) {
                enrolment.retention[grade] = Path::constant(*value);
            }
        }
        "continuation" => enrolment.continuation = first,
        "academic_share" => enrolment.academic_share = first,
        _ => {}
    }
}

/// What is held of a rate before any observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Middle.
    pub value: f64,
    /// Standard error of its logarithm.
    pub error: f64,
    /// The city gives it without a range: it is not estimated.
    pub is_fixed: bool,
}

/// What became of a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateFit {
    /// Which.
    pub rate: Rate,
    /// What was held before.
    pub prior: Prior,
    /// Estimate.
    pub value: f64,
    /// Standard error of its logarithm.
    pub error: f64,
}

/// What an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The city gives it without a range.
    Given,
    /// The observations determine it more than its prior does.
    Determined,
    /// Its prior.
    Prior,
}

impl Verdict {
    /// Word in tables.
    pub fn key(self) -> &'static str {
        match self {
            Verdict::Given => "given",
            Verdict::Determined => "determined",
            Verdict::Prior => "prior",
        }
    }

    /// Word to show.
    pub fn name(self) -> Name {
        let zh = match self {
            Verdict::Given => "给定",
            Verdict::Determined => "由数据确定",
            Verdict::Prior => "取先验",
        };
        Name { zh: zh.to_string(), en: self.key().to_string() }
    }
}

/// Standard error of what is given without a range.
const FIXED: f64 = 1e-6;
/// A rate is determined by the observations when they take away so much of its prior variance.
const DETERMINED: f64 = 0.5;

impl RateFit {
    /// Part of the prior variance that the observations took away.
    pub fn learnt(&self) -> f64 {
        (1.0 - (self.error / self.prior.error) * (self.error / self.prior.error)).max(0.0)
    }

    /// Whether the observations determine it more than its prior does.
    pub fn is_determined(&self) -> bool {
        !self.prior.is_fixed && self.learnt() >= DETERMINED
    }

    /// What the estimate rests on.
    pub fn verdict(&self) -> Verdict {
        match (self.prior.is_fixed, self.is_determined()) {
            (true, _) => Verdict::Given,
            (false, true) => Verdict::Determined,
            (false, false) => Verdict::Prior,
        }
    }

    /// 10th and 90th percentile.
    pub fn range(&self) -> (f64, f64) {
        let reach = exp(normal_quantile(0.9) * self.error);
        (self.value / reach, self.value * reach)
    }
}

/// The prior of a rate; what is missing is named.
pub(super) fn prior(keys: &CityKeys, rate: Rate, missing: &mut Vec<String>) -> Prior {
    match rate {
        Rate::Entry(stage) => {
            let first = stage.stages().pair().map_or(stage, |[first, _]| first);
            let mut of = |what: &str| {
                let path = format!("enrolment.{}.{what}", first.key());
                let stand_in = format!("calibration.priors.{what}");
                let known = keys.checked.figures.contains_key(&path);
                read(keys, if known { &path } else { &stand_in }, 0, missing)
            };
            let (onward, academic) = (of("continuation"), of("academic_share"));
            let share = if stage == first { academic.value } else { 1.0 - academic.value };
            // d ln(1 − γ) = γ/(1 − γ)·d ln γ.
            let pull = if stage == first { 1.0 } else { academic.value / share.max(0.01) };
            let of_share = pull * academic.error;
            Prior {
                value: onward.value * share.max(0.01),
                error: (onward.error * onward.error + of_share * of_share).sqrt(),
                is_fixed: onward.is_fixed && academic.is_fixed,
            }
        }
        _ => match rate.figure() {
            Some((path, idx)) if !keys.estimated.contains(&path) => read(keys, &path, idx, missing),
            _ => read(keys, &format!("calibration.priors.{}", rate.key()), 0, missing),
        },
    }
}

fn read(keys: &CityKeys, path: &str, idx: usize, missing: &mut Vec<String>) -> Prior {
    let Some(figure) = keys.checked.figures.get(path) else {
        missing.push(format!("{path}: calibration needs this figure"));
        return Prior { value: 1.0, error: 1.0, is_fixed: true };
    };
    let value = figure.path(idx).at(keys.scenario.city.base_year).max(1e-6);
    let reach = 2.0 * normal_quantile(0.9);
    match (figure.low, figure.high) {
        (Some(low), Some(high)) if low > 0.0 && high > low => {
            Prior { value, error: ln(high / low) / reach, is_fixed: false }
        }
        // A range down to nothing has no logarithm: its upper half stands for both.
        (_, Some(high)) if high > value => {
            Prior { value, error: ln(high / value) / (0.5 * reach), is_fixed: false }
        }
        _ => Prior { value, error: FIXED, is_fixed: true },
    }
}

/// The equation that a prior is, of the rate at a position.
pub(super) fn equation(rate: usize, prior: &Prior) -> Equation {
    Equation {
        form: Form::Linear,
        cells: Vec::new(),
        rates: vec![(rate, 1.0)],
        value: ln(prior.value),
        error: prior.error,
    }
}

/// Every rate at the solution.
pub(super) fn fits(solution: &Solution, rates: &[Rate], priors: &[Prior]) -> Vec<RateFit> {
    let one = |(idx, (&rate, &prior)): (usize, (&Rate, &Prior))| RateFit {
        rate,
        prior,
        value: exp(solution.point.rates[idx]),
        error: solution.rate_error(idx),
    };
    rates.iter().zip(priors).enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use xuewei_model::stages::StageRow;

    /// A nursery at 3, seven years of primary school from 4, five of secondary: no two stages share a source.
    fn english() -> &'static Stages {
        let row = |key: &str, n: usize, first_age: usize, follows: Option<&str>| StageRow {
            key: key.to_string(),
            zh: key.to_string(),
            en: key.to_string(),
            grades: (0..n).map(|g| format!("{key}{g}")).collect(),
            first_age,
            follows: follows.map(str::to_string),
            is_by_rate: key == "nursery",
            ..StageRow::default()
        };
        let rows = vec![
            row("nursery", 1, 3, None),
            row("primary", 7, 4, None),
            row("secondary", 5, 11, Some("primary")),
        ];
        Stages::new(rows).expect("sound rows")
    }

    fn keys(stages: &'static Stages) -> Vec<String> {
        Rate::all(stages).into_iter().map(Rate::key).collect()
    }

    #[test]
    fn every_rate_has_a_key_of_its_stage() {
        let china = [
            "kindergarten_rate",
            "primary_coverage",
            "junior_coverage",
            "primary_retention",
            "promotion",
            "junior_retention",
            "senior_entry",
            "vocational_entry",
            "senior_retention",
            "vocational_retention",
            "births_counted",
            "counted_under_5",
            "counted_under_1",
        ];
        assert_eq!(keys(crate::input::china()), china);
        let english = [
            "nursery_rate",
            "primary_coverage",
            "secondary_coverage",
            "primary_retention",
            "promotion",
            "secondary_retention",
            "births_counted",
            "counted_under_5",
            "counted_under_1",
        ];
        assert_eq!(keys(self::english()), english);
    }

    #[test]
    fn names_in_chinese_are_those_in_use() {
        let zh = Rate::all(crate::input::china()).into_iter().map(|rate| rate.name().zh);
        let zh: Vec<String> = zh.take(10).collect();
        let expected = [
            "学前毛入园率",
            "小学在校生与适龄儿童之比",
            "初中在校生与适龄儿童之比",
            "小学年巩固率",
            "小学升初中率",
            "初中年巩固率",
            "初中升普通高中率",
            "初中升中职率",
            "普通高中年巩固率",
            "中职年巩固率",
        ];
        assert_eq!(zh, expected);
    }

    /// The numbers of a figure are as many as its stage has retentions, the last one promotion; without two stages that share a
    /// source there is no continuation.
    #[test]
    fn figures_have_the_numbers_of_their_stage() {
        let value = |rate: Rate| {
            Some(match rate {
                Rate::Promotion(_) => 0.9,
                Rate::Retention(_) => 0.8,
                _ => 0.3,
            })
        };
        let of = |stages: &'static Stages, path: &str| figure(stages, path, value);
        let china = crate::input::china();
        let six = vec![0.8, 0.8, 0.8, 0.8, 0.8, 0.9];
        assert_eq!(of(china, "enrolment.primary.retention"), Some(six));
        assert_eq!(of(china, "enrolment.junior.retention"), Some(vec![0.8, 0.8]));
        assert_eq!(of(china, "enrolment.senior.continuation"), Some(vec![0.6]));
        let seven = vec![0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9];
        assert_eq!(of(english(), "enrolment.primary.retention"), Some(seven));
        assert_eq!(of(english(), "enrolment.secondary.retention"), Some(vec![0.8; 4]));
        assert_eq!(of(english(), "enrolment.nursery.gross_rate"), Some(vec![0.3]));
        assert_eq!(of(english(), "enrolment.secondary.continuation"), None);
    }
}
