//! Errors of many pairs: mean absolute error and bias by kind and lead time, rivals on the same pairs, coverage.
//!
//! Only pairs that are forecasts are counted. Errors of counts are percentages, so their mean absolute error is the MAPE; those
//! of shares are percentage points. A rival is set beside the model on the pairs on which it says anything.

use crate::axes::Stage;
use crate::city::Name;
use crate::numeric::sum;
use crate::observed::{Family, Quantity};

use super::pairs::{NOT_NEARER, Pair, Rival, Status};

/// Stages that are told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A stage by rate.
    ByRate(Stage),
    /// Compulsory schooling.
    Compulsory,
    /// What follows it: the first of the stages that share its leavers, with the other, or one stage.
    After(Stage),
    /// Quantities that belong to no stage.
    City,
}

impl Group {
    /// The group of a quantity.
    pub fn of(quantity: Quantity) -> Group {
        match quantity.stage {
            Some(stage) if stage.is_by_rate() => Group::ByRate(stage),
            Some(stage) if stage.is_compulsory() => Group::Compulsory,
            Some(stage) => Group::After(match stage.stages().pair() {
                Some([first, second]) if second == stage => first,
                _ => stage,
            }),
            None => Group::City,
        }
    }

    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Group::ByRate(stage) => stage.key(),
            Group::Compulsory => "compulsory",
            Group::After(stage) if stage.sharer().is_some() => "upper_secondary",
            Group::After(stage) => stage.key(),
            Group::City => "city",
        }
    }

    /// Name to show.
    pub fn name(self) -> Name {
        let (zh, en) = match self {
            Group::ByRate(stage) => (stage.zh(), stage.en()),
            Group::Compulsory => ("义务教育", "compulsory"),
            Group::After(stage) => stage.together().into(),
            Group::City => ("全市", "city"),
        };
        Name { zh: zh.to_string(), en: en.to_string() }
    }
}

/// A rival on the pairs on which it says anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RivalError {
    /// The rival.
    pub rival: Rival,
    /// Pairs.
    pub n: usize,
    /// Its mean absolute error.
    pub mean_absolute: f64,
    /// That of the model on the same pairs.
    pub model_mean_absolute: f64,
}

impl RivalError {
    /// Whether the model is worse.
    pub fn is_better(&self) -> bool {
        self.mean_absolute < self.model_mean_absolute - NOT_NEARER
    }
}

/// Errors of the pairs of one kind and lead time.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorRow {
    /// Index of the start; `None` for all.
    pub start: Option<usize>,
    /// What.
    pub family: Family,
    /// Stages; `None` for all.
    pub group: Option<Group>,
    /// Years ahead; `None` for all.
    pub lead: Option<i32>,
    /// Pairs.
    pub n: usize,
    /// Mean absolute error.
    pub mean_absolute: f64,
    /// Mean error.
    pub bias: f64,
    /// Pairs with an interval.
    pub n_interval: usize,
    /// Of them, those whose published value lies inside.
    pub n_inside: usize,
    /// Rivals that say anything.
    pub rivals: Vec<RivalError>,
}

/// Fewest pairs from which a coverage is told.
pub const LEAST_FOR_COVERAGE: usize = 20;

impl ErrorRow {
    /// Share of published values inside the 80 % interval, where there are enough of them.
    pub fn coverage(&self) -> Option<f64> {
        (self.n_interval >= LEAST_FOR_COVERAGE)
            .then(|| self.n_inside as f64 / self.n_interval as f64)
    }

    /// Rivals that are better than the model.
    pub fn beaten_by(&self) -> Vec<Rival> {
        self.rivals.iter().filter(|r| r.is_better()).map(|r| r.rival).collect()
    }
}

/// Errors of each start, and of all where there are several: by family, stages and lead time, and totals of each.
pub fn errors(starts: &[Vec<Pair>]) -> Vec<ErrorRow> {
    let mut choices: Vec<Option<usize>> = (0..starts.len()).map(Some).collect();
    if starts.len() != 1 {
        choices.insert(0, None);
    }
    let mut rows = Vec::new();
    for start in choices {
        let counted: Vec<&Pair> = starts
            .iter()
            .enumerate()
            .filter(|(idx, _)| start.is_none_or(|start| start == *idx))
            .flat_map(|(_, pairs)| pairs)
            .filter(|pair| pair.status == Status::Counted)
            .collect();
        for family in Family::ALL {
            let of_family: Vec<&Pair> =
                counted.iter().copied().filter(|p| p.published.quantity.family == family).collect();
            for (group, lead) in kinds(&of_family) {
                let chosen: Vec<&Pair> = of_family
                    .iter()
                    .copied()
                    .filter(|p| group.is_none_or(|group| Group::of(p.published.quantity) == group))
                    .filter(|p| lead.is_none_or(|lead| p.lead == lead))
                    .collect();
                rows.extend(row((start, family, group, lead), &chosen));
            }
        }
    }
    rows
}

/// Stages and lead times of some pairs, and their totals where there are several.
fn kinds(pairs: &[&Pair]) -> Vec<(Option<Group>, Option<i32>)> {
    let mut groups: Vec<Group> = pairs.iter().map(|p| Group::of(p.published.quantity)).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut leads: Vec<i32> = pairs.iter().map(|pair| pair.lead).collect();
    leads.sort_unstable();
    leads.dedup();
    let mut choices: Vec<Option<Group>> = groups.iter().copied().map(Some).collect();
    if groups.len() != 1 {
        choices.insert(0, None);
    }
    let of_group = |group| {
        let leads = leads.iter().copied().map(Some);
        std::iter::once(None).chain(leads).map(move |lead| (group, lead))
    };
    choices.into_iter().flat_map(of_group).collect()
}

type Kind = (Option<usize>, Family, Option<Group>, Option<i32>);

/// The errors of some pairs of one kind; `None` of none.
fn row((start, family, group, lead): Kind, pairs: &[&Pair]) -> Option<ErrorRow> {
    let errors: Vec<f64> = pairs.iter().filter_map(|pair| pair.model_error()).collect();
    let mean = |values: &[f64]| sum(values.iter().copied()) / values.len() as f64;
    let absolute = |values: &[f64]| mean(&values.iter().map(|v| v.abs()).collect::<Vec<_>>());
    if errors.is_empty() {
        return None;
    }
    let rivals = Rival::ALL.into_iter().filter_map(|rival| {
        let both: Vec<(f64, f64)> = pairs
            .iter()
            .filter_map(|pair| Some((pair.rival_error(rival)?, pair.model_error()?)))
            .collect();
        let (theirs, own): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
        (!own.is_empty()).then(|| RivalError {
            rival,
            n: own.len(),
            mean_absolute: absolute(&theirs),
            model_mean_absolute: absolute(&own),
        })
    });
    let with_error = pairs.iter().filter(|pair| pair.model_error().is_some());
    let inside: Vec<bool> = with_error.filter_map(|pair| pair.is_inside()).collect();
    Some(ErrorRow {
        start,
        family,
        group,
        lead,
        n: errors.len(),
        mean_absolute: absolute(&errors),
        bias: mean(&errors),
        n_interval: inside.len(),
        n_inside: inside.iter().filter(|inside| **inside).count(),
        rivals: rivals.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::pairs::tests::{course, published};
    use super::super::{Known, pairs};
    use super::*;

    fn known() -> Known {
        Known { base_year: 2015, until: Some(2015), ..Known::default() }
    }

    /// Primary pupils 10 % above and 10 % below what was published (110 of 100, 90 of 100) one and two years ahead: mean absolute
    /// error 10 %, bias 0. The last value, 95, is 5 % below both: 5 %, so it beats the model. The intervals 99-121 and 81-99:
    /// 100 lies in the first only.
    #[test]
    fn means_by_hand() {
        let figures = [
            published("pupils.primary", 2015, 95.0, "pupils"),
            published("pupils.primary", 2016, 100.0, "pupils"),
            published("pupils.primary", 2017, 100.0, "pupils"),
        ];
        let (pairs, _) =
            pairs(&known(), &figures, &[course("pupils.primary", &[95.0, 110.0, 90.0])]);
        let rows = errors(&[pairs]);
        assert_eq!(rows.len(), 3, "all leads, one year, two years: {rows:?}");
        let all = &rows[0];
        assert_eq!((all.group, all.lead, all.n), (Some(Group::Compulsory), None, 2));
        assert!((all.mean_absolute - 10.0).abs() < 1e-9 && all.bias.abs() < 1e-9);
        assert!((all.rivals[0].mean_absolute - 5.0).abs() < 1e-9);
        assert_eq!(all.beaten_by(), [Rival::LastValue, Rival::Progression][..1].to_vec());
        assert_eq!((all.n_interval, all.n_inside, all.coverage()), (2, 1, None));
        assert!((rows[2].bias + 10.0).abs() < 1e-9);
    }

    /// Twenty pairs of which fifteen lie inside: 75 %.
    #[test]
    fn coverage_needs_twenty_pairs() {
        let figures: Vec<_> = (1..=20)
            .map(|lead| {
                published("births", 2015 + lead, if lead <= 15 { 100.0 } else { 200.0 }, "births")
            })
            .collect();
        let (pairs, _) = pairs(&known(), &figures, &[course("births", &[100.0; 21])]);
        let rows = errors(&[pairs]);
        assert_eq!(rows[0].coverage(), Some(0.75));
        assert_eq!(rows[1].coverage(), None);
    }

    #[test]
    fn what_is_no_forecast_is_not_counted() {
        let figures = [published("births", 2016, 100.0, "births")];
        let open = Known { base_year: 2015, ..Known::default() };
        let (pairs, _) = pairs(&open, &figures, &[course("births", &[100.0; 2])]);
        assert_eq!(pairs.len(), 1);
        assert!(errors(&[pairs]).is_empty());
    }

    /// Two starts: a row of both comes first, with the pairs of both.
    #[test]
    fn several_starts_are_told_together_first() {
        let figures = [published("births", 2016, 100.0, "births")];
        let of = |value: f64| pairs(&known(), &figures, &[course("births", &[100.0, value])]).0;
        let rows = errors(&[of(104.0), of(98.0)]);
        assert_eq!((rows[0].start, rows[0].n), (None, 2));
        assert!((rows[0].mean_absolute - 3.0).abs() < 1e-9 && (rows[0].bias - 1.0).abs() < 1e-9);
    }
}
