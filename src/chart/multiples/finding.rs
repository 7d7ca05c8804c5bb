//! What the panels show, in words: the title and the description.

use super::super::font::width;
use super::super::numbers::{at, fixed, known, peak, percent};
use super::super::text::{capitalised, clean};
use super::super::theme::SMALL;
use super::super::{Lang, stage_name};
use super::{Input, Measure, Panel};

/// Widest name within a title; a longer one is not spelled out.
const NAME_WIDTH: f64 = 180.0;
/// Differences between scenarios below this are not told.
const LEAST_DIFFERENCE: f64 = 0.0005;

/// The highest value of a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Peak {
    pub scenario: usize,
    pub year: i32,
    pub value: f64,
}

/// The highest value of a panel above zero; the first where several are as high.
pub(super) fn highest_of(input: &Input, panel: &Panel) -> Option<Peak> {
    let lines = panel.lines.iter().enumerate().take(input.scenarios.len());
    let peaks = lines.filter_map(|(scenario, line)| {
        let (year, value) = peak(&input.years, line)?;
        Some(Peak { scenario, year, value })
    });
    peaks.reduce(|a, b| if b.value > a.value { b } else { a })
}

/// Year and size of the largest distance between two scenarios of a panel.
fn difference(input: &Input, panel: &Panel) -> Option<(i32, f64)> {
    let mut most: Option<(i32, f64)> = None;
    for (i, &year) in input.years.iter().enumerate() {
        let lines = panel.lines.iter().take(input.scenarios.len());
        let values: Vec<f64> = lines.filter_map(|line| at(line, i)).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if values.len() > 1 && high - low > most.map_or(LEAST_DIFFERENCE, |(_, size)| size) {
            most = Some((year, high - low));
        }
    }
    most
}

/// Where the rate is highest, and where the scenarios differ most.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let panels =
        if input.panels.is_empty() { input.all_panels(lang) } else { input.panels.clone() };
    let peaks = panels.iter().filter_map(|panel| Some((panel, highest_of(input, panel)?)));
    let highest = peaks.reduce(|a, b| if b.1.value > a.1.value { b } else { a });
    let Some((panel, peak)) = highest else {
        return without_peak(input, &panels, lang);
    };
    let (stage, value, year) = (stage_name(input.stage, lang), percent(peak.value), peak.year);
    let place = short(&panel.district, lang, lang.pick("一个县区", "one district"));
    let scenario = peak_scenario(input, panel, peak, lang);
    let title = match (input.measure, lang) {
        (Measure::Oversized(_), Lang::Zh) => {
            format!("{stage}大班额占比{place}最高，{year}年{value}{scenario}")
        }
        (Measure::Oversized(_), Lang::En) => {
            format!("{stage} oversized classes peak in {place}, at {value} in {year}{scenario}")
        }
        (Measure::Utilisation, Lang::Zh) => {
            format!("{stage}学位利用率{place}最高，{year}年{value}{scenario}")
        }
        (Measure::Utilisation, Lang::En) => {
            format!("{stage} seats are fullest in {place}, at {value} in {year}{scenario}")
        }
    };
    capitalised(&title) + &widest_difference(input, &panels, lang).unwrap_or_default()
}

/// The title where no value lies above zero.
fn without_peak(input: &Input, panels: &[Panel], lang: Lang) -> String {
    let mut lines = panels.iter().flat_map(|p| p.lines.iter().take(input.scenarios.len()));
    let any_value = lines.any(|line| !known(&input.years, line).is_empty());
    let stage = stage_name(input.stage, lang);
    let title = match (input.measure, any_value, lang) {
        (Measure::Oversized(_), true, Lang::Zh) => format!("{stage}各地各年都没有大班额"),
        (Measure::Oversized(_), true, Lang::En) => {
            format!("no {stage} class is oversized in any district")
        }
        (Measure::Oversized(_), false, Lang::Zh) => format!("{stage}大班额占比"),
        (Measure::Oversized(_), false, Lang::En) => format!("share of oversized {stage} classes"),
        (Measure::Utilisation, _, Lang::Zh) => format!("{stage}学位利用率"),
        (Measure::Utilisation, _, Lang::En) => format!("use of {stage} seats"),
    };
    capitalised(&title)
}

/// The scenario of the highest value, where no other is as high in that year.
fn peak_scenario(input: &Input, panel: &Panel, peak: Peak, lang: Lang) -> String {
    let index = input.years.iter().position(|&year| year == peak.year);
    let lines = panel.lines.iter().enumerate().take(input.scenarios.len());
    let mut others = lines.filter(|(i, _)| *i != peak.scenario);
    let is_shared = others.any(|(_, line)| {
        index.and_then(|i| at(line, i)).is_some_and(|other| peak.value - other < LEAST_DIFFERENCE)
    });
    let is_told = input.scenarios.len() > 1 && !is_shared;
    let name = input.scenarios.get(peak.scenario).filter(|_| is_told);
    let name = name.map(|name| short(name, lang, "")).filter(|name| !name.is_empty());
    name.map_or_else(String::new, |name| match lang {
        Lang::Zh => format!("（“{name}”）"),
        Lang::En => format!(" (\"{name}\")"),
    })
}

fn widest_difference(input: &Input, panels: &[Panel], lang: Lang) -> Option<String> {
    let all = panels.iter().filter_map(|panel| Some((panel, difference(input, panel)?)));
    let (panel, (year, size)) = all.reduce(|a, b| if b.1.1 > a.1.1 { b } else { a })?;
    let place = short(&panel.district, lang, lang.pick("另一县区", "one district"));
    let size = fixed(size * 100.0, 1);
    Some(match lang {
        Lang::Zh => format!("；各情景{place}相差最大，{year}年差{size}个百分点"),
        Lang::En => format!("; scenarios differ most in {place}, by {size} points in {year}"),
    })
}

/// A name that is not too long for a title, or other words for it.
fn short(name: &str, lang: Lang, otherwise: &str) -> String {
    let name = clean(name, lang);
    match width(&name, SMALL, false) <= NAME_WIDTH {
        true => name,
        false => otherwise.to_owned(),
    }
}

/// Highest and last value of every line.
pub(super) fn description(input: &Input, panels: &[Panel], lang: Lang) -> String {
    let mut words = String::new();
    for panel in panels {
        let mut told = Vec::new();
        for (name, line) in input.scenarios.iter().zip(&panel.lines) {
            let highest =
                peak(&input.years, line).or_else(|| known(&input.years, line).first().copied());
            let (Some((year, high)), Some(&(to, last))) =
                (highest, known(&input.years, line).last())
            else {
                continue;
            };
            let (high, last) = (percent(high), percent(last));
            told.push(match lang {
                Lang::Zh => format!("{name}最高{high}（{year}年），{to}年{last}"),
                Lang::En => format!("{name} at most {high} ({year}), {last} in {to}"),
            });
        }
        if !told.is_empty() {
            words += &format!("{}{}", panel.district, lang.pick("：", ": "));
            words += &told.join(lang.pick("；", "; "));
            words += lang.pick("。", ". ");
        }
    }
    words
}
