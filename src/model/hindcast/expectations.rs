//! What a plan expected against what came.
//!
//! In: the targets of plans, published figures, the courses of a start. Out: for every target that speaks of something published
//! for its year: the value at the start, the plan's, the published one, the model's, and who was nearer. Behind them
//! quantities that were published at the start and later and for which no plan had a target.

use crate::city::Name;
use crate::observed::{Family, Quantity};
use crate::target::{Force, Target};
use crate::units::{Year, unit_factor};

use super::pairs::{Course, Known, Published, Status, last_value};

/// Whose value is nearer to the published one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearer {
    /// The plan's.
    Plan,
    /// The model's.
    Model,
    /// Both as near.
    Both,
}

impl Nearer {
    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Nearer::Plan => "plan",
            Nearer::Model => "model",
            Nearer::Both => "both",
        }
    }
}

/// What a plan expected of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Key of the target.
    pub target: String,
    /// Its title.
    pub title: Name,
    /// Key of the plan.
    pub plan: String,
    /// Its value, in the units used inside.
    pub value: f64,
    /// A floor; else a ceiling.
    pub is_floor: bool,
    /// Whether the plan binds itself, where it says so.
    pub force: Option<Force>,
    /// Whether the published value meets it.
    pub is_met: bool,
    /// The input from which the model's value follows.
    pub input: Option<String>,
}

/// A quantity at the start and later. Values are in the units used inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// What.
    pub quantity: Quantity,
    /// For when.
    pub year: Year,
    /// The latest published value up to the base year, with its year.
    pub at_start: Option<(Year, f64)>,
    /// What a plan expected, if one did.
    pub expected: Option<Expected>,
    /// What came.
    pub published: f64,
    /// Unit in which it is published.
    pub unit: String,
    /// What the start projects.
    pub model: Option<f64>,
    /// Whether that is a forecast.
    pub status: Status,
    /// Who was nearer.
    pub nearer: Option<Nearer>,
    /// Source key of what came.
    pub source: String,
}

/// Part of a value by which two distances may differ and be as near.
const AS_NEAR: f64 = 1e-9;

/// The quantity that a target speaks of: one stage of the whole city.
pub fn quantity_of(target: &Target) -> Option<Quantity> {
    let indicator = target.indicator.as_deref()?;
    let stage = match target.stages.as_slice() {
        [stage] => Some(*stage),
        _ => None,
    };
    let of_stage = Family::ALL.into_iter().find(|f| f.indicator() == Some(indicator));
    match of_stage {
        Some(family) => Some(Quantity { family, stage: Some(stage?), grade: None }),
        None => Family::ALL
            .into_iter()
            .find(|family| family.indicator().is_none() && family.key() == indicator)
            .map(|family| Quantity { family, stage: None, grade: None }),
    }
}

/// What plans expected and what came, after the base year: targets in their order, then quantities without a target.
pub fn expectations(
    known: &Known,
    targets: &[Target],
    published: &[Published],
    courses: &[Course],
) -> Vec<Expectation> {
    let later: Vec<&Published> = published.iter().filter(|p| p.year > known.base_year).collect();
    let mut all = Vec::new();
    for target in targets {
        let (Some(quantity), Some(bound)) = (quantity_of(target), &target.bound) else { continue };
        for figure in later.iter().filter(|p| p.quantity == quantity && p.year == target.year) {
            let slack = bound.tolerance + AS_NEAR * bound.value.abs().max(1.0);
            let is_met = match bound.is_floor {
                true => figure.value >= bound.value - slack,
                false => figure.value <= bound.value + slack,
            };
            let expected = Expected {
                target: target.key.clone(),
                title: target.title.clone(),
                plan: target.plan.clone(),
                value: bound.value,
                is_floor: bound.is_floor,
                force: target.force,
                is_met,
                input: target.input.clone(),
            };
            all.push(expectation(known, figure, Some(expected), published, courses));
        }
    }
    let mut rest: Vec<Expectation> = Vec::new();
    for figure in later {
        let is_told = |e: &Expectation| e.quantity == figure.quantity && e.year == figure.year;
        let is_new = !all.iter().any(is_told) && !rest.iter().any(is_told);
        let had_value = last_value(known.base_year, published, figure.quantity).is_some();
        if is_new && had_value && figure.quantity.grade.is_none() {
            rest.push(expectation(known, figure, None, published, courses));
        }
    }
    rest.sort_by_key(|expectation| (expectation.quantity, expectation.year));
    all.extend(rest);
    all
}

fn expectation(
    known: &Known,
    figure: &Published,
    expected: Option<Expected>,
    published: &[Published],
    courses: &[Course],
) -> Expectation {
    let course = courses.iter().find(|course| course.quantity == figure.quantity);
    let lead = (figure.year - known.base_year) as usize;
    let model = course.and_then(|course| course.model.get(lead).copied().flatten());
    let distance = |value: f64| (value - figure.value).abs();
    let nearer = expected.as_ref().zip(model).map(|(expected, model)| {
        let (plan, own) = (distance(expected.value), distance(model));
        match (plan - own).abs() <= AS_NEAR * figure.value.abs().max(AS_NEAR) {
            true => Nearer::Both,
            false if plan < own => Nearer::Plan,
            false => Nearer::Model,
        }
    });
    Expectation {
        quantity: figure.quantity,
        year: figure.year,
        at_start: last_value(known.base_year, published, figure.quantity),
        expected,
        published: figure.value,
        unit: figure.unit.clone(),
        model,
        status: known.status(figure.quantity, figure.year).0,
        nearer,
        source: figure.source.clone(),
    }
}

impl Expectation {
    /// A value in the unit of the published one.
    pub fn shown(&self, value: f64) -> f64 {
        value / unit_factor(&self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::super::pairs::tests::{course, published};
    use super::*;
    use crate::axes::Stage;
    use crate::stages::tests::{china, stage};
    use crate::target::Bound;

    fn target(indicator: &str, stages: &[Stage], value: f64, is_floor: bool) -> Target {
        Target {
            key: "t".to_string(),
            title: Name::default(),
            plan: "plan".to_string(),
            plan_title: "plan".to_string(),
            year: 2020,
            bound: Some(Bound { value, tolerance: 0.0, is_floor, unit: "pupils".to_string() }),
            indicator: Some(indicator.to_string()),
            not_modelled: Name::default(),
            stages: stages.to_vec(),
            areas: vec![0],
            place: "all".to_string(),
            force: Some(Force::Expected),
            input: None,
            contradicted: Name::default(),
        }
    }

    /// Jiaozuo's 13th plan: 63,000 vocational pupils expected from 52,000, 28,000 came; a model that says 40,000 is nearer.
    /// 803 kindergartens became 853 without a target.
    #[test]
    fn a_plan_beside_what_came() {
        let figures = [
            published("pupils.vocational", 2015, 52_000.0, "pupils"),
            published("pupils.vocational", 2020, 28_000.0, "pupils"),
            published("schools.kindergarten", 2015, 803.0, "schools"),
            published("schools.kindergarten", 2020, 853.0, "schools"),
        ];
        let known = Known { base_year: 2015, until: Some(2015), ..Known::default() };
        let courses = [course("pupils.vocational", &[52_000.0, 0.0, 0.0, 0.0, 0.0, 40_000.0])];
        let targets = [target("pupils", &[stage("vocational")], 63_000.0, true)];
        let all = expectations(&known, &targets, &figures, &courses);
        let [first, second] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(first.at_start, Some((2015, 52_000.0)));
        let expected = first.expected.as_ref().expect("a target");
        assert_eq!((expected.value, expected.is_met, first.published), (63_000.0, false, 28_000.0));
        assert_eq!((first.model, first.nearer), (Some(40_000.0), Some(Nearer::Model)));
        assert_eq!((second.at_start, second.published), (Some((2015, 803.0)), 853.0));
        assert_eq!((second.model, second.nearer, &second.expected), (None, None, &None));
    }

    #[test]
    fn a_target_speaks_of_one_quantity() {
        let of = |indicator: &str, stages: &[Stage]| {
            quantity_of(&target(indicator, stages, 1.0, true)).map(|quantity| quantity.key())
        };
        assert_eq!(of("pupils", &[stage("senior")]).as_deref(), Some("pupils.senior"));
        assert_eq!(
            of("gross_enrolment_rate", &[stage("senior")]).as_deref(),
            Some("gross_rate.senior")
        );
        let all = china().map(|stage| stage);
        assert_eq!(of("retention_nine_year", &all).as_deref(), Some("retention_nine_year"));
        assert_eq!(of("births", &all).as_deref(), Some("births"));
        assert_eq!(of("pupils", &[stage("primary"), stage("junior")]), None);
        assert_eq!(of("private_share", &[stage("primary")]), None);
    }
}
