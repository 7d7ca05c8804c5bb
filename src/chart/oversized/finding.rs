//! What the shares of oversized classes show, in words: the title and the description.

use super::super::font::width;
use super::super::numbers::{at, known, percent, threshold};
use super::super::text::{capitalised, clean};
use super::super::theme::SMALL;
use super::super::{Lang, Stage, stage_name};
use super::Input;
use xuewei_model::indicators::clearing::cleared_from;

/// Widest name of a scenario within a title; a longer one is not spelled out.
const NAME_WIDTH: f64 = 200.0;

/// When a share is cleared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Outcome {
    /// At or below the threshold in every year.
    Always,
    /// From this year on.
    From(i32),
    /// Not by the last year, in which this share is left.
    Left(i32, f64),
    /// No value at all.
    Unknown,
}

/// The outcome of shares by year; a year without classes, which has none, counts as at or below the threshold.
pub(in super::super) fn outcome(years: &[i32], shares: &[f64], cleared_at: f64) -> Outcome {
    let Some(&(last_year, last)) = known(years, shares).last() else {
        return Outcome::Unknown;
    };
    let shares = (0..years.len()).map(|idx| at(shares, idx));
    match cleared_from(shares, cleared_at) {
        Some(0) => Outcome::Always,
        Some(idx) => Outcome::From(years[idx]),
        None => Outcome::Left(last_year, last),
    }
}

pub(in super::super) fn outcome_in_words(outcome: Outcome, cleared_at: f64, lang: Lang) -> String {
    let limit = threshold(cleared_at);
    match (outcome, lang) {
        (Outcome::Always, Lang::Zh) => format!("始终不超过{limit}"),
        (Outcome::Always, Lang::En) => format!("never above {limit}"),
        (Outcome::From(year), Lang::Zh) => format!("{year}年清零"),
        (Outcome::From(year), Lang::En) => format!("cleared in {year}"),
        (Outcome::Left(year, share), Lang::Zh) => format!("{year}年仍有{}", percent(share)),
        (Outcome::Left(year, share), Lang::En) => format!("{} in {year}", percent(share)),
        (Outcome::Unknown, _) => lang.pick("无数据", "no data").to_owned(),
    }
}

/// The outcome of a scenario at every stage where it has values.
fn outcomes(input: &Input, scenario: usize) -> Vec<(Stage, Outcome)> {
    let cleared_at = input.definition.cleared_at;
    let panels = input.panels.iter().filter_map(|panel| {
        let shares = &panel.lines.get(scenario)?.oversized;
        Some((panel.stage, outcome(&input.years, shares, cleared_at)))
    });
    panels.filter(|(_, outcome)| *outcome != Outcome::Unknown).collect()
}

/// The finding: which stages clear when, compared with the baseline, and what is left.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let all = outcomes(input, 0);
    let cleared = all.iter().filter(|(_, outcome)| matches!(outcome, Outcome::From(_)));
    let left = all.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Left(..)));
    let told: Vec<(Stage, Outcome)> = cleared.chain(left).copied().collect();
    let limit = threshold(input.definition.cleared_at);
    let Some(&(first, outcome)) = told.first() else {
        return match (all.is_empty(), lang) {
            (true, _) => lang.pick("大班额占比", "Share of oversized classes").to_owned(),
            (_, Lang::Zh) => format!("大班额占比始终不超过{limit}"),
            (_, Lang::En) => format!("Oversized classes never exceed {limit} of classes"),
        };
    };
    let mut title = opening(first, outcome, lang);
    title += &comparison(input, first, outcome, lang).unwrap_or_default();
    title += &further(&told[1..], matches!(outcome, Outcome::Left(..)), lang);
    capitalised(&title)
}

fn opening(stage: Stage, outcome: Outcome, lang: Lang) -> String {
    let name = stage_name(stage, lang);
    match (outcome, lang) {
        (Outcome::From(year), Lang::Zh) => format!("{name}大班额{year}年清零"),
        (Outcome::From(year), Lang::En) => format!("{name} oversized classes clear in {year}"),
        (Outcome::Left(year, share), Lang::Zh) => {
            format!("{name}大班额到{year}年仍有{}", percent(share))
        }
        (Outcome::Left(year, share), Lang::En) => {
            format!("{name} classes are still {} oversized in {year}", percent(share))
        }
        _ => String::new(),
    }
}

/// The other stages: first those that clear, then those that do not.
fn further(stages: &[(Stage, Outcome)], goes_on_left: bool, lang: Lang) -> String {
    let (mut cleared, mut left) = (Vec::new(), Vec::new());
    for &(stage, outcome) in stages {
        let name = stage_name(stage, lang);
        match (outcome, lang, left.is_empty() && !goes_on_left) {
            (Outcome::From(year), Lang::Zh, _) => cleared.push(format!("{name}{year}年")),
            (Outcome::From(year), Lang::En, _) => cleared.push(format!("{name} in {year}")),
            (Outcome::Left(year, share), Lang::Zh, true) => {
                left.push(format!("{name}到{year}年仍有{}", percent(share)));
            }
            (Outcome::Left(year, share), Lang::En, true) => {
                left.push(format!("{name} still has {} in {year}", percent(share)));
            }
            (Outcome::Left(_, share), Lang::Zh, _) => {
                left.push(format!("{name}{}", percent(share)))
            }
            (Outcome::Left(_, share), Lang::En, _) => {
                left.push(format!("{name} {}", percent(share)))
            }
            _ => {}
        }
    }
    let (comma, stop) = (lang.pick("、", ", "), lang.pick("；", "; "));
    let mut words = String::new();
    if !cleared.is_empty() {
        words += &format!("{stop}{}{}", cleared.join(comma), lang.pick("清零", ""));
    }
    if !left.is_empty() {
        words += &format!("{stop}{}", left.join(comma));
    }
    words
}

/// The stage in the baseline scenario against the first scenario.
fn comparison(input: &Input, stage: Stage, outcome: Outcome, lang: Lang) -> Option<String> {
    let baseline = input.baseline.filter(|&index| index > 0)?;
    let name = clean(input.scenarios.get(baseline)?, lang);
    let name = match width(&name, SMALL, false) <= NAME_WIDTH {
        true => lang.pick("“", "\"").to_owned() + &name + lang.pick("”", "\""),
        false => lang.pick("对照情景", "the baseline").to_owned(),
    };
    let others = outcomes(input, baseline);
    let (_, other) = others.into_iter().find(|(other, _)| *other == stage)?;
    Some(match (outcome, other, lang) {
        (Outcome::From(year), Outcome::From(then), Lang::Zh) => match then - year {
            0 => format!("，与{name}同年"),
            earlier if earlier > 0 => format!("，比{name}早{earlier}年"),
            later => format!("，比{name}晚{}年", -later),
        },
        (Outcome::From(year), Outcome::From(then), Lang::En) => {
            let years = |n: i32| format!("{n} year{}", if n == 1 { "" } else { "s" });
            match then - year {
                0 => format!(", as in {name}"),
                earlier if earlier > 0 => format!(", {} before {name}", years(earlier)),
                later => format!(", {} after {name}", years(-later)),
            }
        }
        (_, Outcome::Left(year, share), Lang::Zh) => match outcome {
            Outcome::Left(..) => format!("（{name}{}）", percent(share)),
            _ => format!("，{name}到{year}年仍有{}", percent(share)),
        },
        (_, Outcome::Left(year, share), Lang::En) => match outcome {
            Outcome::Left(..) => format!(" ({name}: {})", percent(share)),
            _ => format!(", while {name} still has {} in {year}", percent(share)),
        },
        (_, Outcome::From(then), Lang::Zh) => format!("，{name}{then}年清零"),
        (_, Outcome::From(then), Lang::En) => format!(", while {name} clears in {then}"),
        _ => return None,
    })
}

/// First and last share and the outcome of every line.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut sentences = Vec::new();
    for panel in &input.panels {
        for (name, line) in input.scenarios.iter().zip(&panel.lines) {
            let shares = known(&input.years, &line.oversized);
            let (Some(&(from, first)), Some(&(to, last))) = (shares.first(), shares.last()) else {
                continue;
            };
            let outcome = outcome(&input.years, &line.oversized, input.definition.cleared_at);
            let outcome = outcome_in_words(outcome, input.definition.cleared_at, lang);
            let stage = capitalised(stage_name(panel.stage, lang));
            let (first, last) = (percent(first), percent(last));
            sentences.push(match lang {
                Lang::Zh => format!("{stage}，{name}：{from}年{first}，{to}年{last}，{outcome}。"),
                Lang::En => {
                    format!("{stage}, {name}: {first} in {from}, {last} in {to}; {outcome}. ")
                }
            });
        }
    }
    sentences.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEARS: [i32; 4] = [2020, 2021, 2022, 2023];

    #[test]
    fn cleared_means_at_or_below_the_threshold_to_the_horizon() {
        let outcome = |shares: &[f64]| outcome(&YEARS, shares, 0.01);
        assert_eq!(outcome(&[0.03, 0.01, 0.02, 0.01]), Outcome::From(2023));
        assert_eq!(outcome(&[0.03, 0.01, 0.00, 0.01]), Outcome::From(2021));
        assert_eq!(outcome(&[0.01, 0.00, 0.00, 0.00]), Outcome::Always);
        assert_eq!(outcome(&[0.00, 0.00, 0.00, 0.02]), Outcome::Left(2023, 0.02));
        // A year without classes counts as at or below.
        assert_eq!(outcome(&[0.03, f64::NAN, 0.00, f64::NAN]), Outcome::From(2021));
        assert_eq!(outcome(&[0.03, 0.02, 0.00, f64::NAN]), Outcome::From(2022));
        assert_eq!(outcome(&[f64::NAN, 0.00, 0.03, 0.02]), Outcome::Left(2023, 0.02));
        assert_eq!(outcome(&[f64::NAN; 4]), Outcome::Unknown);
    }
}
