//! What the shares of futures show, in words: the title and the description.

use super::super::numbers::{known, odds};
use super::super::series::{NAME_WIDTH, compared_name, oversized_classes};
use super::super::text::{capitalised, quoted};
use super::super::{Lang, stage_name};
use super::{Input, Panel};

/// Half of the futures.
pub(super) const HALF: f64 = 0.5;
/// Nine tenths of the futures.
pub(super) const NINE_TENTHS: f64 = 0.9;
/// Shares nearer than this are the same: counts of futures are divided by their number.
const ROUNDING: f64 = 1e-9;

/// When a part of the futures is clear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reached {
    /// In every year; the first is given.
    Always(i32),
    /// From this year on.
    From(i32),
    /// Not by the last year, in which this share is clear.
    Not(i32, f64),
    /// No value at all.
    Unknown,
}

impl Reached {
    /// The first year of clearing.
    pub fn year(self) -> Option<i32> {
        match self {
            Reached::Always(year) | Reached::From(year) => Some(year),
            Reached::Not(..) | Reached::Unknown => None,
        }
    }
}

/// The first year from which the share of futures stays at or above a part.
pub(super) fn reached(years: &[i32], shares: &[f64], part: f64) -> Reached {
    let shares = known(years, shares);
    let (Some(&(first, _)), Some(&(last, share))) = (shares.first(), shares.last()) else {
        return Reached::Unknown;
    };
    match shares.iter().rposition(|&(_, share)| share < part - ROUNDING) {
        None => Reached::Always(first),
        Some(i) => shares.get(i + 1).map_or(Reached::Not(last, share), |p| Reached::From(p.0)),
    }
}

fn outcome(input: &Input, panel: &Panel, scenario: usize, part: f64) -> Reached {
    panel.lines.get(scenario).map_or(Reached::Unknown, |line| reached(&input.years, line, part))
}

/// When nine of ten futures are clear in the first scenario and in the baseline, stage by stage.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let nine = |panel: &Panel| outcome(input, panel, 0, NINE_TENTHS);
    let mut told: Vec<&Panel> =
        input.panels.iter().filter(|panel| nine(panel) != Reached::Unknown).collect();
    // Stages that are cleared in some year come first.
    told.sort_by_key(|panel| match nine(panel) {
        Reached::From(_) => 0,
        Reached::Not(..) => 1,
        Reached::Always(_) | Reached::Unknown => 2,
    });
    let Some((first, others)) = told.split_first() else {
        let words = ("大班额清零的未来", "Futures without oversized classes");
        return lang.pick(words.0, words.1).to_owned();
    };
    let mut title = opening(input, first, lang);
    title += &comparison(input, first, lang).unwrap_or_default();
    // The last year is said once.
    let mut is_last_said = matches!(nine(first), Reached::Not(..));
    for panel in others {
        title += &further(panel, nine(panel), is_last_said, lang);
        is_last_said |= matches!(nine(panel), Reached::Not(..));
    }
    capitalised(&title)
}

fn opening(input: &Input, panel: &Panel, lang: Lang) -> String {
    let classes = oversized_classes(panel.stage, lang);
    let name = input.scenarios.first().and_then(|name| quoted(name, lang, NAME_WIDTH));
    let is_told = input.scenarios.len() > 1;
    let name = name.filter(|_| is_told).map_or_else(String::new, |name| match lang {
        Lang::Zh => format!("（{}）", name.trim_matches(['“', '”'])),
        Lang::En => format!(" ({})", name.trim_matches('"')),
    });
    let half = outcome(input, panel, 0, HALF).year();
    match (outcome(input, panel, 0, NINE_TENTHS), half, lang) {
        (Reached::From(year), _, Lang::Zh) => format!("到{year}年九成未来{classes}清零{name}"),
        (Reached::From(year), _, Lang::En) => {
            format!("{classes} are gone in nine of ten futures by {year}{name}")
        }
        (Reached::Always(year), _, Lang::Zh) => {
            format!("九成未来{classes}自{year}年起就已清零{name}")
        }
        (Reached::Always(year), _, Lang::En) => {
            format!("{classes} are gone in nine of ten futures from {year} on{name}")
        }
        (Reached::Not(last, share), Some(half), Lang::Zh) => {
            format!("到{half}年半数未来{classes}清零，{last}年为{}{name}", odds(share))
        }
        (Reached::Not(last, share), Some(half), Lang::En) => format!(
            "{classes} are gone in half of all futures by {half}, in {} by {last}{name}",
            odds(share)
        ),
        (Reached::Not(last, share), None, Lang::Zh) if share < ROUNDING => {
            format!("到{last}年没有一个未来{classes}清零{name}")
        }
        (Reached::Not(last, share), None, Lang::En) if share < ROUNDING => {
            format!("{classes} are gone in no future by {last}{name}")
        }
        (Reached::Not(last, share), None, Lang::Zh) => {
            format!("到{last}年只有{}的未来{classes}清零{name}", odds(share))
        }
        (Reached::Not(last, share), None, Lang::En) => {
            format!("{classes} are gone in only {} of futures by {last}{name}", odds(share))
        }
        (Reached::Unknown, ..) => String::new(),
    }
}

/// The same stage in the baseline scenario.
fn comparison(input: &Input, panel: &Panel, lang: Lang) -> Option<String> {
    let baseline = input.baseline.filter(|&index| index > 0)?;
    let name = input.scenarios.get(baseline)?;
    let name = compared_name(name, lang);
    let own = outcome(input, panel, 0, NINE_TENTHS);
    Some(match (own, outcome(input, panel, baseline, NINE_TENTHS), lang) {
        (Reached::Unknown, ..) | (_, Reached::Unknown, _) => return None,
        (own, other, Lang::Zh) if own == other && own.year().is_some() => {
            format!("，与{name}同年")
        }
        (own, other, Lang::En) if own == other && own.year().is_some() => {
            format!(", as under {name}")
        }
        (Reached::Not(..), Reached::Not(_, share), Lang::Zh) => {
            format!("，{name}为{}", odds(share))
        }
        (Reached::Not(..), Reached::Not(_, share), Lang::En) => {
            format!("; under {name} in {}", odds(share))
        }
        (_, Reached::From(year), Lang::Zh) => format!("，{name}到{year}年达九成"),
        (_, Reached::From(year), Lang::En) => format!(", under {name} nine of ten by {year}"),
        (_, Reached::Always(year), Lang::Zh) => format!("，{name}自{year}年起就达九成"),
        (_, Reached::Always(year), Lang::En) => {
            format!(", under {name} nine of ten from {year} on")
        }
        (_, Reached::Not(last, share), Lang::Zh) => {
            format!("，{name}到{last}年只有{}", odds(share))
        }
        (_, Reached::Not(last, share), Lang::En) => {
            format!(", under {name} in only {} by {last}", odds(share))
        }
    })
}

/// Another stage in the first scenario.
fn further(panel: &Panel, outcome: Reached, is_last_said: bool, lang: Lang) -> String {
    let all = lang.pick("各学段", "all stages");
    let stage = panel.stage.map_or(all, |stage| stage_name(stage, lang));
    match (outcome, lang) {
        (Reached::From(year), Lang::Zh) => format!("；{stage}{year}年"),
        (Reached::From(year), Lang::En) => format!("; {stage} by {year}"),
        (Reached::Always(year), Lang::Zh) => format!("；{stage}{year}年起已是"),
        (Reached::Always(year), Lang::En) => format!("; {stage} from {year} on"),
        (Reached::Not(_, share), Lang::Zh) if is_last_said => format!("；{stage}{}", odds(share)),
        (Reached::Not(_, share), Lang::En) if is_last_said => {
            format!("; {stage} in {}", odds(share))
        }
        (Reached::Not(last, share), Lang::Zh) => format!("；{stage}到{last}年{}", odds(share)),
        (Reached::Not(last, share), Lang::En) => {
            format!("; {stage} in {} of futures by {last}", odds(share))
        }
        (Reached::Unknown, _) => String::new(),
    }
}

/// Years of half and nine tenths, and the last share, of every line.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for panel in &input.panels {
        for (name, line) in input.scenarios.iter().zip(&panel.lines) {
            let Some(&(last, share)) = known(&input.years, line).last() else { continue };
            let stage =
                panel.stage.map_or(lang.pick("各学段", "all stages"), |s| stage_name(s, lang));
            let never = lang.pick("未达到", "never");
            let year = |part: f64| {
                let year = reached(&input.years, line, part).year();
                year.map_or_else(|| never.to_owned(), |year| year.to_string())
            };
            let (half, nine, share) = (year(HALF), year(NINE_TENTHS), odds(share));
            words += &match lang {
                Lang::Zh => {
                    format!("{stage}，{name}：半数{half}，九成{nine}，{last}年{share}。")
                }
                Lang::En => format!(
                    "{}, {name}: half {half}, nine tenths {nine}, {share} in {last}. ",
                    capitalised(stage)
                ),
            };
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEARS: [i32; 4] = [2020, 2021, 2022, 2023];

    #[test]
    fn a_part_is_reached_when_the_share_stays_above_it() {
        let nine = |shares: &[f64]| reached(&YEARS, shares, NINE_TENTHS);
        assert_eq!(nine(&[0.0, 0.4, 0.9, 1.0]), Reached::From(2022));
        assert_eq!(nine(&[0.0, 0.95, 0.8, 0.9]), Reached::From(2023));
        assert_eq!(nine(&[0.9, 0.95, 1.0, 1.0]), Reached::Always(2020));
        assert_eq!(nine(&[0.0, 0.1, 0.2, 0.89]), Reached::Not(2023, 0.89));
        assert_eq!(nine(&[0.0, 0.9, f64::NAN, 0.95]), Reached::From(2021));
        assert_eq!(nine(&[f64::NAN; 4]), Reached::Unknown);
        // 9 of 10 futures, whose share is not quite 0.9 in binary.
        assert_eq!(nine(&[0.0, 0.3 * 3.0, 1.0, 1.0]), Reached::From(2021));
    }
}
