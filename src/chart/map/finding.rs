//! What the map shows, in words: title, remarks of the panels and description.

use super::super::font::width;
use super::super::numbers::{at, fixed, percent, span, threshold};
use super::super::text::{capitalised, clean};
use super::super::theme::TITLE;
use super::super::{Lang, stage_name};
use super::{District, Input};

/// Widest list of names in a title.
const NAMES_WIDTH: f64 = 400.0;

/// How many districts have a value at a year (by its position), and those above the threshold, the
/// highest first.
fn above(input: &Input, i: usize) -> (usize, Vec<(&District, f64)>) {
    let known = input.districts.iter().filter_map(|d| Some((d, at(&d.share, i)?)));
    let known: Vec<(&District, f64)> = known.collect();
    let count = known.len();
    let mut above: Vec<_> =
        known.into_iter().filter(|(_, share)| *share > input.definition.cleared_at).collect();
    above.sort_by(|a, b| b.1.total_cmp(&a.1));
    (count, above)
}

/// Positions of the first and the last year.
fn ends(input: &Input) -> Option<(usize, usize)> {
    let (first, last) = span(&input.years)?;
    let position = |year| input.years.iter().position(|y| *y == year);
    Some((position(first)?, position(last)?))
}

/// How many districts are above the threshold in a panel.
pub(super) fn panel_finding(input: &Input, i: usize, lang: Lang) -> String {
    let (all, above) = above(input, i);
    let (n, limit) = (above.len(), threshold(input.definition.cleared_at));
    match (all, n, lang) {
        (0, ..) => lang.pick("无数据", "no data").to_owned(),
        (_, 0, Lang::Zh) => format!("没有区县超过{limit}"),
        (_, 0, Lang::En) => format!("none above {limit}"),
        (_, _, Lang::Zh) => format!("{n}个区县超过{limit}"),
        (_, _, Lang::En) => format!("{n} of {all} above {limit}"),
    }
}

/// The names of districts, as many as find room, and how many more there are.
fn names(districts: &[(&District, f64)], lang: Lang) -> String {
    let (comma, mut words) = (lang.pick("、", ", "), String::new());
    for (shown, (district, _)) in districts.iter().enumerate() {
        let name = clean(&district.name, lang);
        let longer = if shown == 0 { name } else { format!("{words}{comma}{name}") };
        if width(&longer, TITLE, true) > NAMES_WIDTH {
            let more = districts.len() - shown;
            return match (shown, lang) {
                (0, _) => String::new(),
                (_, Lang::Zh) => format!("：{words}等"),
                (_, Lang::En) => format!(": {words} and {} more", fixed(more as f64, 0)),
            };
        }
        words = longer;
    }
    format!("{}{words}", lang.pick("：", ": "))
}

/// Which districts are above the threshold in the last year.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let stage = stage_name(input.stage, lang);
    let neutral = || match lang {
        Lang::Zh => format!("各区县{stage}大班额占比"),
        Lang::En => format!("Oversized {stage} classes by district"),
    };
    let Some((first, last)) = ends(input) else {
        return neutral();
    };
    let limit = threshold(input.definition.cleared_at);
    let ((_, then), (all, now)) = (above(input, first), above(input, last));
    let (n, before) = (now.len(), then.len());
    let (from, to) = (input.years[first], input.years[last]);
    if all == 0 {
        return neutral();
    }
    match (n, before, lang) {
        (0, 0, Lang::Zh) => format!("{to}年各区县{stage}大班额占比都不超过{limit}"),
        (0, 0, Lang::En) => {
            format!("No district is above {limit} oversized {stage} classes in {to}")
        }
        (0, _, Lang::Zh) => {
            format!("{stage}大班额到{to}年在各区县都已清零，{from}年还有{before}个区县超过{limit}")
        }
        (0, _, Lang::En) => capitalised(&format!(
            "{stage} oversized classes are gone from every district by {to}; {before} were above {limit} in {from}"
        )),
        (_, _, Lang::Zh) => {
            let still = if first == last { "有" } else { "仍有" };
            format!("{stage}大班额{to}年{still}{n}个区县超过{limit}{}", names(&now, lang))
        }
        (_, _, Lang::En) => {
            let still = if first == last { "" } else { "still " };
            capitalised(&format!(
                "{stage}: {n} of {all} districts {still}above {limit} oversized in {to}{}",
                names(&now, lang)
            ))
        }
    }
}

/// The finding of every panel and the shares of the districts in it.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for (i, year) in input.years.iter().enumerate() {
        let finding = panel_finding(input, i, lang);
        words += &match lang {
            Lang::Zh => format!("{year}年：{finding}。"),
            Lang::En => format!("{year}: {finding}. "),
        };
        let shares = input.districts.iter().filter_map(|d| Some((d, at(&d.share, i)?)));
        let shares: Vec<String> = shares
            .map(|(d, share)| match lang {
                Lang::Zh => format!("{}{}", d.name, percent(share)),
                Lang::En => format!("{} {}", d.name, percent(share)),
            })
            .collect();
        if !shares.is_empty() {
            words += &shares.join(lang.pick("，", ", "));
            words += lang.pick("。", ". ");
        }
    }
    words
}
