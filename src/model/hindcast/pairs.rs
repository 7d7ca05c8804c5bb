//! Published values of later years beside what a start projects for them, and which of these are forecasts.

use crate::city::Name;
use crate::observed::Quantity;
use crate::units::{Year, unit_factor};

/// A published value of the whole city.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// What.
    pub quantity: Quantity,
    /// When.
    pub year: Year,
    /// Value in the units used inside (shares, counts).
    pub value: f64,
    /// Unit in which it is published.
    pub unit: String,
    /// Source key.
    pub source: String,
}

/// A quantity by year from the base year of a start, in the units used inside; `None` where a run has no value.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// What.
    pub quantity: Quantity,
    /// On the central figures.
    pub model: Vec<Option<f64>>,
    /// 10th percentile of the draws.
    pub low: Vec<Option<f64>>,
    /// 90th percentile of the draws.
    pub high: Vec<Option<f64>>,
    /// Pure grade progression; `None` where the program has no such mode.
    pub progression: Option<Vec<Option<f64>>>,
}

/// Whether a pair says how well the start forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The start did not know the figure.
    Counted,
    /// The figure went into the start.
    Used,
    /// The start was made with later figures, without a stated limit.
    NotForecast,
    /// The city says that the published figure counts something else.
    Incomparable,
}

impl Status {
    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Status::Counted => "counted",
            Status::Used => "used",
            Status::NotForecast => "not_a_forecast",
            Status::Incomparable => "incomparable",
        }
    }
}

/// What a start knew.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Year of the stocks from which it runs.
    pub base_year: Year,
    /// The last year whose figures went into it, where it says so.
    pub until: Option<Year>,
    /// Later observations that went into it.
    pub used: Vec<(String, Year)>,
    /// Why they did.
    pub used_note: String,
    /// Calendar years whose births it is given.
    pub births: Vec<Year>,
    /// Published figures that count something else than the model: quantity, year (or every one), and why.
    pub incomparable: Vec<(String, Option<Year>, Name)>,
}

impl Known {
    /// Whether a published figure is a forecast of this start, and why not.
    pub fn status(&self, quantity: Quantity, year: Year) -> (Status, Name) {
        let Some(until) = self.until else {
            let zh = "起点城市使用了后来的数据".to_string();
            let en = "the city was made with later figures".to_string();
            return (Status::NotForecast, Name { zh, en });
        };
        let key = quantity.key();
        let is_it = |(name, of, _): &&(String, Option<Year>, Name)| {
            *name == key && of.is_none_or(|of| of == year)
        };
        if let Some((_, _, reason)) = self.incomparable.iter().find(is_it) {
            return (Status::Incomparable, reason.clone());
        }
        if self.used.iter().any(|(name, known)| *name == key && *known == year) {
            let note = match self.used_note.is_empty() {
                true => "listed as used by the start".to_string(),
                false => self.used_note.clone(),
            };
            return (Status::Used, Name { zh: note.clone(), en: note });
        }
        if key == "births" && self.births.contains(&year) {
            let zh = "起点给定了当年的出生人数".to_string();
            let en = "population.births gives the year".to_string();
            return (Status::Used, Name { zh, en });
        }
        if year <= until {
            let zh = format!("起点知道{until}年及以前的数据");
            let en = format!("the start knows figures up to {until}");
            return (Status::Used, Name { zh, en });
        }
        (Status::Counted, Name::default())
    }
}

/// A published figure and what a start says of it. Values are in the units used inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The published figure.
    pub published: Published,
    /// Years after the base year.
    pub lead: i32,
    /// What the start projects.
    pub model: f64,
    /// The 80 % interval.
    pub interval: Option<(f64, f64)>,
    /// The latest published value up to the base year, with its year.
    pub last_value: Option<(Year, f64)>,
    /// Pure grade progression.
    pub progression: Option<f64>,
    /// Whether it is a forecast.
    pub status: Status,
    /// Why not.
    pub reason: Name,
}

impl Pair {
    /// Error of a value: in percent, of shares in percentage points; `None` for a percentage of nothing.
    pub fn error(&self, value: f64) -> Option<f64> {
        let published = self.published.value;
        if self.published.quantity.family.is_share() {
            Some(100.0 * (value - published))
        } else {
            (published != 0.0).then(|| 100.0 * (value - published) / published)
        }
    }

    /// Error of the model.
    pub fn model_error(&self) -> Option<f64> {
        self.error(self.model)
    }

    /// Error of a rival, where it says anything.
    pub fn rival_error(&self, rival: Rival) -> Option<f64> {
        match rival {
            Rival::LastValue => self.error(self.last_value?.1),
            Rival::Progression => self.error(self.progression?),
        }
    }

    /// Rivals that are nearer to the published value than the model.
    pub fn beaten_by(&self) -> Vec<Rival> {
        let Some(own) = self.model_error() else { return Vec::new() };
        let is_nearer = |rival: &Rival| {
            self.rival_error(*rival).is_some_and(|error| error.abs() < own.abs() - NOT_NEARER)
        };
        Rival::ALL.into_iter().filter(is_nearer).collect()
    }

    /// Whether the published value lies in the interval; `None` for an interval without width, to which no drawn figure matters.
    pub fn is_inside(&self) -> Option<bool> {
        let (low, high) = self.interval.filter(|(low, high)| high > low)?;
        Some((low..=high).contains(&self.published.value))
    }

    /// A value in the unit of the published one.
    pub fn shown(&self, value: f64) -> f64 {
        value / unit_factor(&self.published.unit)
    }
}

/// Errors that differ by less, in percent or points, are as good: the rounding of sums.
pub(super) const NOT_NEARER: f64 = 1e-9;

/// A forecast that needs no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rival {
    /// The latest published value stays.
    LastValue,
    /// Grades move up by constant ratios.
    Progression,
}

impl Rival {
    /// All of them.
    pub const ALL: [Rival; 2] = [Rival::LastValue, Rival::Progression];

    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Rival::LastValue => "last_value",
            Rival::Progression => "grade_progression",
        }
    }
}

/// A published figure with which nothing is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Skipped {
    /// Name of the quantity as published.
    pub quantity: String,
    /// `all`, or `districts`.
    pub place: String,
    /// When.
    pub year: Year,
    /// Value as published, of a single figure.
    pub value: Option<f64>,
    /// Unit as published.
    pub unit: String,
    /// Figures that the row stands for.
    pub n: usize,
    /// Why.
    pub reason: Name,
}

/// Unit of an error.
pub fn error_unit(is_share: bool) -> &'static str {
    if is_share { "percentage points" } else { "percent" }
}

/// Pairs of a start with everything published for later years, and what it cannot be compared with.
pub fn pairs(
    known: &Known,
    published: &[Published],
    courses: &[Course],
) -> (Vec<Pair>, Vec<Skipped>) {
    let (mut pairs, mut skipped) = (Vec::new(), Vec::new());
    for figure in published.iter().filter(|figure| figure.year > known.base_year) {
        let lead = figure.year - known.base_year;
        let course = courses.iter().find(|course| course.quantity == figure.quantity);
        let at = |values: &[Option<f64>]| values.get(lead as usize).copied().flatten();
        let Some(model) = course.and_then(|course| at(&course.model)) else {
            skipped.push(Skipped {
                quantity: figure.quantity.key(),
                place: "all".to_string(),
                year: figure.year,
                value: Some(figure.value / unit_factor(&figure.unit)),
                unit: figure.unit.clone(),
                n: 1,
                reason: Name {
                    zh: "测算没有该年的数值".to_string(),
                    en: "the run has no value for that year".to_string(),
                },
            });
            continue;
        };
        let (status, reason) = known.status(figure.quantity, figure.year);
        pairs.push(Pair {
            lead,
            model,
            interval: course.and_then(|course| Some((at(&course.low)?, at(&course.high)?))),
            last_value: last_value(known.base_year, published, figure.quantity),
            progression: course.and_then(|course| at(course.progression.as_ref()?)),
            status,
            reason,
            published: figure.clone(),
        });
    }
    pairs.sort_by_key(|pair| (pair.published.quantity, pair.published.year));
    (pairs, skipped)
}

/// The latest published value of a quantity up to a year, with its year.
pub fn last_value(until: Year, published: &[Published], quantity: Quantity) -> Option<(Year, f64)> {
    let earlier = published.iter().filter(|p| p.quantity == quantity && p.year <= until);
    earlier.max_by_key(|figure| figure.year).map(|figure| (figure.year, figure.value))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::stages::tests::china;

    fn quantity(name: &str) -> Quantity {
        Quantity::parse(china(), name).expect("a quantity")
    }

    /// A published figure of 2015 and later ones.
    pub(crate) fn published(name: &str, year: Year, value: f64, unit: &str) -> Published {
        let (unit, source) = (unit.to_string(), "made-up".to_string());
        Published { quantity: quantity(name), year, value, unit, source }
    }

    /// A course from 2015 that the draws widen by a tenth to each side.
    pub(crate) fn course(name: &str, model: &[f64]) -> Course {
        let of = |factor: f64| model.iter().map(|value| Some(value * factor)).collect();
        Course {
            quantity: quantity(name),
            model: of(1.0),
            low: of(0.9),
            high: of(1.1),
            progression: Some(of(1.02)),
        }
    }

    fn known(until: Option<Year>) -> Known {
        Known { base_year: 2015, until, ..Known::default() }
    }

    /// 110 projected of 100 published: 10 % above, with the interval 99 to 121; last value 90 is 10 % below; progression
    /// 112.2 is 12.2 % above.
    #[test]
    fn an_error_is_model_less_published() {
        let figures = [
            published("pupils.primary", 2014, 80.0, "pupils"),
            published("pupils.primary", 2015, 90.0, "pupils"),
            published("pupils.primary", 2016, 100.0, "pupils"),
        ];
        let (pairs, skipped) =
            pairs(&known(Some(2015)), &figures, &[course("pupils.primary", &[90.0, 110.0])]);
        let [pair] = pairs.as_slice() else { panic!("{pairs:?}") };
        assert!(skipped.is_empty());
        assert!((pair.model_error().expect("an error") - 10.0).abs() < 1e-9);
        assert_eq!(
            (pair.lead, pair.last_value, pair.is_inside()),
            (1, Some((2015, 90.0)), Some(true))
        );
        assert!((pair.rival_error(Rival::LastValue).expect("an error") + 10.0).abs() < 1e-9);
        assert!((pair.rival_error(Rival::Progression).expect("an error") - 12.2).abs() < 1e-9);
        assert!(pair.beaten_by().is_empty());
        assert_eq!(pair.status, Status::Counted);
    }

    /// 5 % of classes projected, 3 % published: two percentage points; a last value of 2 % is one point off, so it is nearer.
    #[test]
    fn shares_differ_by_points() {
        let figures = [
            published("oversized_share.junior", 2015, 0.02, "percent"),
            published("oversized_share.junior", 2016, 0.03, "percent"),
        ];
        let courses = [course("oversized_share.junior", &[0.02, 0.05])];
        let (pairs, _) = pairs(&known(Some(2015)), &figures, &courses);
        assert!((pairs[0].model_error().expect("an error") - 2.0).abs() < 1e-9);
        assert!((pairs[0].shown(pairs[0].model) - 5.0).abs() < 1e-9);
        assert_eq!(pairs[0].beaten_by(), [Rival::LastValue]);
    }

    #[test]
    fn what_the_start_knew_is_no_forecast() {
        let mut start = known(Some(2016));
        start.used = vec![("schools.primary".to_string(), 2020)];
        start.births = vec![2019];
        let status = |name, year| start.status(quantity(name), year).0;
        assert_eq!(status("pupils.primary", 2016), Status::Used);
        assert_eq!(status("pupils.primary", 2017), Status::Counted);
        assert_eq!(status("schools.primary", 2020), Status::Used);
        assert_eq!(status("schools.primary", 2021), Status::Counted);
        assert_eq!(status("births", 2019), Status::Used);
        assert_eq!(known(None).status(quantity("births"), 2030).0, Status::NotForecast);
    }

    #[test]
    fn years_beyond_the_run_are_told() {
        let figures = [published("births", 2018, 5.0, "births")];
        let (pairs, skipped) =
            pairs(&known(Some(2015)), &figures, &[course("births", &[1.0, 2.0])]);
        assert!(pairs.is_empty());
        assert_eq!((skipped.len(), skipped[0].year, skipped[0].value), (1, 2018, Some(5.0)));
    }
}
