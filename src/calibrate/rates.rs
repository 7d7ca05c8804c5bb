//! Rates that are estimated together with the children: their priors, and what became of them.

use crate::axes::Stage;
use crate::city::Name;
use crate::input::CityKeys;
use crate::numeric::{exp, ln, normal_quantile};
use crate::scenario::Enrolment;
use crate::units::Path;

use super::least_squares::{Equation, Form, Solution};

/// A rate; its logarithm is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Kindergarten pupils per child aged 3-5.
    Kindergarten,
    /// Primary pupils per child aged 6-11.
    Primary,
    /// Junior pupils per child aged 12-14.
    Junior,
    /// Retention a year inside primary school.
    PrimaryRetention,
    /// G7 over G6 of the year before.
    Promotion,
    /// Retention a year inside junior school.
    JuniorRetention,
    /// Entrants of senior schools over G9 of the year before: κγ.
    Senior,
    /// Entrants of vocational schools over G9 of the year before: κ(1 − γ).
    Vocational,
    /// Retention a year inside senior school.
    SeniorRetention,
    /// Retention a year inside vocational school.
    VocationalRetention,
    /// Registered births over births.
    BirthsCounted,
    /// Children of 1 to 4 counted by an earlier census over those who were there.
    CountedUnder5,
    /// Children under 1 counted by an earlier census over those who were there: far fewer, for births are registered late.
    CountedUnder1,
}

impl Rate {
    /// Every rate.
    pub const ALL: [Rate; 13] = [
        Rate::Kindergarten,
        Rate::Primary,
        Rate::Junior,
        Rate::PrimaryRetention,
        Rate::Promotion,
        Rate::JuniorRetention,
        Rate::Senior,
        Rate::Vocational,
        Rate::SeniorRetention,
        Rate::VocationalRetention,
        Rate::BirthsCounted,
        Rate::CountedUnder5,
        Rate::CountedUnder1,
    ];

    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Rate::Kindergarten => "kindergarten_rate",
            Rate::Primary => "primary_coverage",
            Rate::Junior => "junior_coverage",
            Rate::PrimaryRetention => "primary_retention",
            Rate::Promotion => "promotion",
            Rate::JuniorRetention => "junior_retention",
            Rate::Senior => "senior_entry",
            Rate::Vocational => "vocational_entry",
            Rate::SeniorRetention => "senior_retention",
            Rate::VocationalRetention => "vocational_retention",
            Rate::BirthsCounted => "births_counted",
            Rate::CountedUnder5 => "counted_under_5",
            Rate::CountedUnder1 => "counted_under_1",
        }
    }

    /// Name to show.
    pub fn name(self) -> Name {
        let (zh, en) = match self {
            Rate::Kindergarten => ("学前毛入园率", "kindergarten rate"),
            Rate::Primary => ("小学在校生与适龄儿童之比", "primary coverage"),
            Rate::Junior => ("初中在校生与适龄儿童之比", "junior coverage"),
            Rate::PrimaryRetention => ("小学年巩固率", "primary retention"),
            Rate::Promotion => ("小学升初中率", "promotion to junior"),
            Rate::JuniorRetention => ("初中年巩固率", "junior retention"),
            Rate::Senior => ("初中升普通高中率", "senior entry"),
            Rate::Vocational => ("初中升中职率", "vocational entry"),
            Rate::SeniorRetention => ("普通高中年巩固率", "senior retention"),
            Rate::VocationalRetention => ("中职年巩固率", "vocational retention"),
            Rate::BirthsCounted => ("出生登记比例", "births counted"),
            Rate::CountedUnder5 => ("前次普查1—4岁查到率", "counted under 5"),
            Rate::CountedUnder1 => ("前次普查0岁查到率", "counted under 1"),
        };
        Name { zh: zh.to_string(), en: en.to_string() }
    }

    /// Figure of the city that says it, and which of its numbers.
    fn figure(self) -> Option<(&'static str, usize)> {
        Some(match self {
            Rate::Kindergarten => ("enrolment.kindergarten.gross_rate", 0),
            Rate::Primary => ("enrolment.primary.coverage", 0),
            Rate::PrimaryRetention => ("enrolment.primary.retention", 0),
            Rate::Promotion => ("enrolment.primary.retention", 5),
            Rate::JuniorRetention => ("enrolment.junior.retention", 0),
            Rate::SeniorRetention => ("enrolment.senior.retention", 0),
            Rate::VocationalRetention => ("enrolment.vocational.retention", 0),
            _ => return None,
        })
    }
}

impl Rate {
    /// Whether it is the first number of a figure.
    pub(super) fn is_at(self, path: &str) -> bool {
        self.figure().is_some_and(|(own, idx)| own == path && idx == 0)
    }
}

/// The numbers of an estimated figure of the city, from the rates.
pub(super) fn figure(path: &str, of: impl Fn(Rate) -> f64) -> Option<Vec<f64>> {
    let (senior, vocational) = (of(Rate::Senior), of(Rate::Vocational));
    Some(match path {
        "enrolment.kindergarten.gross_rate" => vec![of(Rate::Kindergarten)],
        "enrolment.primary.coverage" => vec![of(Rate::Primary)],
        "enrolment.primary.retention" => {
            let mut grades = vec![of(Rate::PrimaryRetention); 5];
            grades.push(of(Rate::Promotion));
            grades
        }
        "enrolment.junior.retention" => vec![of(Rate::JuniorRetention); 2],
        "enrolment.senior.retention" => vec![of(Rate::SeniorRetention); 2],
        "enrolment.vocational.retention" => vec![of(Rate::VocationalRetention); 2],
        "enrolment.senior.continuation" => vec![senior + vocational],
        "enrolment.senior.academic_share" => vec![senior / (senior + vocational)],
        _ => return None,
    })
}

/// Puts the numbers of a figure into the rates of schooling, for every year.
pub(super) fn put(enrolment: &mut Enrolment, path: &str, values: &[f64]) {
    let first = Path::constant(values.first().copied().unwrap_or(1.0));
    let mut grades = |stage: Stage| {
        for (grade, value) in stage.grades().zip(values) {
            enrolment.retention[grade] = Path::constant(*value);
        }
    };
    match path {
        "enrolment.kindergarten.gross_rate" => enrolment.kindergarten_rate = first,
        "enrolment.primary.coverage" => enrolment.coverage = first,
        "enrolment.primary.retention" => grades(Stage::Primary),
        "enrolment.junior.retention" => grades(Stage::Junior),
        "enrolment.senior.retention" => grades(Stage::Senior),
        "enrolment.vocational.retention" => grades(Stage::Vocational),
        "enrolment.senior.continuation" => enrolment.continuation = first,
        "enrolment.senior.academic_share" => enrolment.academic_share = first,
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
        Rate::Senior | Rate::Vocational => {
            let mut of = |path: &'static str, stand_in: &str| {
                let known = keys.checked.figures.contains_key(path);
                read(keys, if known { path } else { stand_in }, 0, missing)
            };
            let onward = of("enrolment.senior.continuation", "calibration.priors.continuation");
            let academic =
                of("enrolment.senior.academic_share", "calibration.priors.academic_share");
            let share = if rate == Rate::Senior { academic.value } else { 1.0 - academic.value };
            // d ln(1 − γ) = γ/(1 − γ)·d ln γ.
            let pull = if rate == Rate::Senior { 1.0 } else { academic.value / share.max(0.01) };
            let of_share = pull * academic.error;
            Prior {
                value: onward.value * share.max(0.01),
                error: (onward.error * onward.error + of_share * of_share).sqrt(),
                is_fixed: onward.is_fixed && academic.is_fixed,
            }
        }
        _ => {
            let stand_in = format!("calibration.priors.{}", rate.key());
            match rate.figure() {
                Some((path, idx)) if !keys.estimated.contains(&path) => {
                    read(keys, path, idx, missing)
                }
                _ => read(keys, &stand_in, 0, missing),
            }
        }
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

/// The equation that a prior is.
pub(super) fn equation(rate: Rate, prior: &Prior) -> Equation {
    Equation {
        form: Form::Linear,
        cells: Vec::new(),
        rates: vec![(rate as usize, 1.0)],
        value: ln(prior.value),
        error: prior.error,
    }
}

/// Every rate at the solution.
pub(super) fn fits(solution: &Solution, priors: &[Prior]) -> Vec<RateFit> {
    Rate::ALL
        .into_iter()
        .zip(priors)
        .map(|(rate, &prior)| RateFit {
            rate,
            prior,
            value: exp(solution.point.rates[rate as usize]),
            error: solution.rate_error(rate as usize),
        })
        .collect()
}
