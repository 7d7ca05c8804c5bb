//! What the bands show, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::{known, percent};
use super::super::oversized::{Outcome, outcome, outcome_in_words};
use super::super::series::oversized_classes;
use super::super::text::{capitalised, quoted};
use super::{Input, Panel};

/// Widest name of a scenario within a title; a longer one is not spelled out.
const NAME_WIDTH: f64 = 200.0;

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
    let told = |panel: &Panel| {
        let [median, high] =
            outcomes(input, panel).map(|o| outcome_in_words(o, input.definition.cleared_at, lang));
        match lang {
            Lang::Zh => format!("中位数{median}，第95百分位{high}"),
            Lang::En => format!("median {median}, 95th percentile {high}"),
        }
    };
    let name = quoted(&first.scenario, lang, NAME_WIDTH).filter(|_| input.panels.len() > 1);
    let mut title = match (name, lang) {
        (Some(name), Lang::Zh) => format!("{classes}占比{name}{}", told(first)),
        (Some(name), Lang::En) => format!("{classes}, {name}: {}", told(first)),
        (None, Lang::Zh) => format!("{classes}占比{}", told(first)),
        (None, Lang::En) => format!("{classes}: {}", told(first)),
    };
    let baseline = input.baseline.filter(|&index| index > 0);
    let baseline = baseline.and_then(|index| input.panels.get(index)).filter(known);
    if let Some(panel) = baseline {
        let name = quoted(&panel.scenario, lang, NAME_WIDTH);
        let name = name.unwrap_or_else(|| lang.pick("对照情景", "the baseline").to_owned());
        title += &match lang {
            Lang::Zh => format!("；{name}{}", told(panel)),
            Lang::En => format!("; {name}: {}", told(panel)),
        };
    }
    capitalised(&title)
}

/// The first years of the median and of the 95th percentile within the limit, short.
pub(super) fn years_below(input: &Input, panel: &Panel, lang: Lang) -> String {
    let [median, high] = outcomes(input, panel).map(|outcome| match (outcome, lang) {
        (Outcome::From(year), _) => year.to_string(),
        (Outcome::Always, _) => lang.pick("始终", "always").to_owned(),
        (Outcome::Left(..), _) => lang.pick("未到", "never").to_owned(),
        (Outcome::Unknown, _) => "—".to_owned(),
    });
    format!("{median}{}{high}", lang.pick("、", ", "))
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
