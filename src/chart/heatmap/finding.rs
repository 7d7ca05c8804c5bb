//! What the shares by district show, in words: titles and description.

use super::super::numbers::{known, percent, span, threshold};
use super::super::text::{capitalised, fit};
use super::super::theme::SMALL;
use super::super::{Lang, stage_name};
use super::{Input, Panel};
use xuewei_model::indicators::clearing::lasting_from;

/// Widest name of a district within a title; a longer one is shortened.
const NAME_WIDTH: f64 = 200.0;

/// Districts with values in a year, and those of them above the threshold.
fn above(input: &Input, panel: &Panel, year: i32) -> (usize, Vec<(String, f64)>) {
    let mut with_values = 0;
    let mut above = Vec::new();
    for row in &panel.rows {
        let shares = known(&input.years, &row.share);
        if let Some(&(_, share)) = shares.iter().find(|(y, _)| *y == year) {
            with_values += 1;
            if share > input.definition.cleared_at {
                above.push((row.district.clone(), share));
            }
        }
    }
    above.sort_by(|a, b| b.1.total_cmp(&a.1));
    (with_values, above)
}

/// The first year from which no district is above the threshold, if it is not the first of all.
fn all_cleared_from(input: &Input, panel: &Panel) -> Option<i32> {
    let mut years = input.years.clone();
    years.sort_unstable();
    let is_clear = |&year: &i32| above(input, panel, year).1.is_empty();
    lasting_from(years.iter().map(is_clear)).filter(|idx| *idx > 0).map(|idx| years[idx])
}

/// How many districts of a stage are above the threshold at the beginning and at the end.
pub(super) fn panel_finding(input: &Input, panel: &Panel, lang: Lang) -> String {
    let Some((first, last)) = span(&input.years) else {
        return String::new();
    };
    let limit = threshold(input.definition.cleared_at);
    let ((_, then), (_, now)) = (above(input, panel, first), above(input, panel, last));
    if panel.rows.iter().all(|row| known(&input.years, &row.share).is_empty()) {
        return lang.pick("无数据", "no data").to_owned();
    }
    match (lang, then.len(), now.len(), all_cleared_from(input, panel)) {
        (Lang::Zh, 0, 0, None) => format!("始终没有区县超过{limit}"),
        (Lang::En, 0, 0, None) => format!("no district ever above {limit}"),
        (Lang::Zh, n, _, Some(year)) => format!("超过{limit}的区县{first}年{n}个，{year}年起没有"),
        (Lang::En, n, _, Some(year)) => {
            format!("above {limit}: {n} districts in {first}, none from {year}")
        }
        (Lang::Zh, n, _, None) if first == last => format!("超过{limit}的区县{n}个"),
        (Lang::En, n, _, None) if first == last => format!("above {limit}: {n} districts"),
        (Lang::Zh, n, m, None) => format!("超过{limit}的区县{first}年{n}个，{last}年{m}个"),
        (Lang::En, n, m, None) => format!("above {limit}: {n} districts in {first}, {m} in {last}"),
    }
}

/// The name of a district within a title.
fn short(name: &str, lang: Lang) -> String {
    fit(name, lang, SMALL, false, NAME_WIDTH)
}

/// The stage that is worst at the end, or clears last.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let neutral = lang.pick("各区县大班额占比", "Oversized classes by district");
    let Some((first, last)) = span(&input.years) else {
        return neutral.to_owned();
    };
    let limit = threshold(input.definition.cleared_at);
    let left = |panel: &&Panel| above(input, panel, last).1.len();
    if let Some(panel) = input.panels.iter().filter(|p| left(p) > 0).max_by_key(left) {
        let (all, worst) = above(input, panel, last);
        let (stage, n) = (stage_name(panel.stage, lang), worst.len());
        let (name, share) = (short(&worst[0].0, lang), percent(worst[0].1));
        return match lang {
            Lang::Zh => format!(
                "{stage}到{last}年仍有{n}个区县（共{all}个）大班额超过{limit}，最高为{name}（{share}）"
            ),
            Lang::En => capitalised(&format!(
                "{stage}: {n} of {all} districts still above {limit} oversized in {last}, {name} highest at {share}"
            )),
        };
    }
    let last_to_clear = input
        .panels
        .iter()
        .filter_map(|panel| Some((all_cleared_from(input, panel)?, panel)))
        .max_by_key(|(year, _)| *year);
    let Some((year, panel)) = last_to_clear else {
        return match (input.panels.iter().any(|p| above(input, p, first).0 > 0), lang) {
            (false, _) => neutral.to_owned(),
            (_, Lang::Zh) => format!("各区县大班额占比始终不超过{limit}"),
            (_, Lang::En) => format!("Oversized classes never exceed {limit} in any district"),
        };
    };
    let stage = stage_name(panel.stage, lang);
    let (_, before) = above(input, panel, year - 1);
    let name = before.first().map_or_else(String::new, |(name, _)| short(name, lang));
    match (lang, name.is_empty()) {
        (Lang::Zh, true) => format!("{stage}大班额{year}年起在各区县全部清零"),
        (Lang::Zh, false) => format!("{stage}大班额{year}年起在各区县全部清零，{name}最晚"),
        (Lang::En, true) => {
            capitalised(&format!("{stage} oversized classes clear in every district by {year}"))
        }
        (Lang::En, false) => capitalised(&format!(
            "{stage} oversized classes clear in every district by {year}, {name} last"
        )),
    }
}

/// The finding of every panel and the shares of its districts at the beginning and the end.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for panel in &input.panels {
        let stage = capitalised(stage_name(panel.stage, lang));
        let (colon, stop) = (lang.pick("：", ": "), lang.pick("。", ". "));
        words += &format!("{stage}{colon}{}{stop}", panel_finding(input, panel, lang));
        for row in &panel.rows {
            let shares = known(&input.years, &row.share);
            let (Some(first), Some(last)) = (shares.first(), shares.last()) else {
                continue;
            };
            words += &match lang {
                Lang::Zh => format!(
                    "{}{}年{}，{}年{}；",
                    row.district,
                    first.0,
                    percent(first.1),
                    last.0,
                    percent(last.1)
                ),
                Lang::En => format!(
                    "{} {} in {}, {} in {}; ",
                    row.district,
                    percent(first.1),
                    first.0,
                    percent(last.1),
                    last.0
                ),
            };
        }
    }
    words
}
