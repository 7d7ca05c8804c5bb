//! What the bands show, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::{known, percent, threshold};
use super::super::oversized::{Outcome, outcome, outcome_in_words};
use super::super::series::{NAME_WIDTH, compared_name, oversized_classes};
use super::super::text::{capitalised, clauses, quoted};
use super::{Input, Panel};

/// What becomes of the median and of the 95th percentile.
fn outcomes(input: &Input, panel: &Panel) -> [Outcome; 2] {
    let cleared_at = input.definition.cleared_at;
    [&panel.median, &panel.p95].map(|shares| outcome(&input.years, shares, cleared_at))
}

/// When the median and the 95th percentile clear in the first scenario, and in the baseline.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let classes = oversized_classes(input.stage, lang);
    let known = |panel: &&Panel| !outcomes(input, panel).contains(&Outcome::Unknown);
    let Some(first) = input.panels.first().filter(known) else {
        return match lang {
            Lang::Zh => format!("{classes}占比的不确定范围"),
            Lang::En => format!("Range of the share of {classes}"),
        };
    };
    let name = quoted(&first.scenario, lang, NAME_WIDTH).filter(|_| input.panels.len() > 1);
    let own = both_in_words(input, first, true, lang);
    let opening = match (name, lang) {
        (Some(name), Lang::Zh) => format!("{name}下{classes}占比{own}"),
        (Some(name), Lang::En) => format!("{classes} under {name}: {own}"),
        (None, Lang::Zh) => format!("{classes}占比{own}"),
        (None, Lang::En) => format!("{classes}: {own}"),
    };
    let baseline = input.baseline.filter(|&index| index > 0);
    let baseline = baseline.and_then(|index| input.panels.get(index)).filter(known);
    let comparison = baseline.map(|panel| {
        let name = compared_name(&panel.scenario, lang);
        let words = both_in_words(input, panel, false, lang);
        match lang {
            Lang::Zh => format!("；{name}{words}"),
            Lang::En => format!("; {name}: {words}"),
        }
    });
    capitalised(&clauses(opening, comparison.into_iter().collect(), input.caption.room(), lang))
}

/// What becomes of the median and of the 95th percentile, in words; their names may go without saying.
fn both_in_words(input: &Input, panel: &Panel, is_named: bool, lang: Lang) -> String {
    let both = outcomes(input, panel);
    let [median, high] =
        both.map(|outcome| outcome_in_words(outcome, input.definition.cleared_at, lang));
    match (both, is_named, lang) {
        ([Outcome::From(median), Outcome::From(high)], true, Lang::Zh) => {
            format!("中位数{median}年、95%分位{high}年清零")
        }
        ([Outcome::From(median), Outcome::From(high)], false, Lang::Zh) => {
            format!("为{median}年、{high}年")
        }
        ([Outcome::From(median), Outcome::From(high)], true, Lang::En) => {
            format!("median cleared in {median}, 95th percentile in {high}")
        }
        ([Outcome::From(median), Outcome::From(high)], false, Lang::En) => {
            format!("{median} and {high}")
        }
        (_, true, Lang::Zh) => format!("中位数{median}，95%分位{high}"),
        (_, true, Lang::En) => format!("median {median}, 95th percentile {high}"),
        (_, false, _) => format!("{median}{}{high}", lang.pick("，", ", ")),
    }
}

/// The first years of the median and of the 95th percentile within the limit, short.
pub(super) fn years_below(input: &Input, panel: &Panel, lang: Lang) -> String {
    let [median, high] = outcomes(input, panel).map(|outcome| match (outcome, lang) {
        (Outcome::From(year), _) => year.to_string(),
        (Outcome::Always, _) => lang.pick("始终", "always").to_owned(),
        (Outcome::Left(..), _) => lang.pick("未到", "never").to_owned(),
        (Outcome::Unknown, _) => "—".to_owned(),
    });
    let limit = threshold(input.definition.cleared_at);
    format!("≤{limit}{}{median}{}{high}", lang.pick("：", ": "), lang.pick("、", ", "))
}

/// Median and both ends of the outer band in the last year of every scenario.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for panel in &input.panels {
        let last = |values: &[f64]| known(&input.years, values).last().copied();
        let (Some((year, median)), Some((_, low)), Some((_, high))) =
            (last(&panel.median), last(&panel.p5), last(&panel.p95))
        else {
            continue;
        };
        let (name, median, low, high) =
            (&panel.scenario, percent(median), percent(low), percent(high));
        words += &match lang {
            Lang::Zh => format!("{name}：{year}年中位数{median}，九成未来在{low}至{high}之间。"),
            Lang::En => format!(
                "{name}: median {median} in {year}, nine tenths of futures between {low} and {high}. "
            ),
        };
    }
    words
}
