//! What the bars show, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::{bounded, fixed};
use super::super::rows::by_size;
use super::super::text::{capitalised, clauses, clean, leading_factor, quoted};
use super::super::theme::FACTOR_NAME;
use super::{Bars, Input, swing_size};

/// Factor, size and what is said of it, the largest first.
fn ranked(input: &Input, lang: Lang) -> Vec<(String, String)> {
    let all: Vec<(&str, Option<f64>, String)> = match &input.bars {
        Bars::Coefficients { rows, .. } => rows
            .iter()
            .map(|row| {
                let value = row.estimate.known();
                let words = fixed(value.unwrap_or(0.0), 2);
                (row.factor.as_str(), value.map(f64::abs), words)
            })
            .collect(),
        Bars::Swings { quantity, base, rows } => rows
            .iter()
            .map(|row| {
                let ends = bounded(row.at_low).zip(bounded(row.at_high)).zip(bounded(*base));
                let words = ends.map_or_else(String::new, |((low, high), _)| {
                    let dash = lang.pick("至", " to ");
                    format!("{}{dash}{}", quantity.level(low, lang), quantity.level(high, lang))
                });
                (row.factor.as_str(), ends.map(|_| swing_size(row, *base)), words)
            })
            .collect(),
    };
    let sizes: Vec<Option<f64>> = all.iter().map(|(_, size, _)| *size).collect();
    let known = by_size(&sizes).into_iter().filter(|&i| sizes[i].is_some());
    known.map(|i| (all[i].0.to_owned(), all[i].2.clone())).collect()
}

/// Which factor matters most, the next one, and how many are told from nothing.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let ranked = ranked(input, lang);
    let outcome = clean(&input.outcome, lang);
    let Some((first, size)) = ranked.first() else {
        return match lang {
            Lang::Zh => format!("各因素对{outcome}的影响"),
            Lang::En => format!("What matters for {outcome}"),
        };
    };
    let first = leading_factor(first, lang);
    let title = match lang {
        Lang::Zh => format!("对{outcome}影响最大的是{first}（{size}）"),
        Lang::En => format!("{first} matters most for {outcome} ({size})"),
    };
    let second =
        ranked.get(1).and_then(|(name, size)| Some((quoted(name, lang, FACTOR_NAME)?, size)));
    let second = second.map(|(name, size)| match lang {
        Lang::Zh => format!("，其次是{name}（{size}）"),
        Lang::En => format!(", then {name} ({size})"),
    });
    let further = second.into_iter().chain(told_from_nothing(input, lang)).collect();
    capitalised(&clauses(title, further, input.caption.room(), lang))
}

/// How many intervals leave out zero.
fn told_from_nothing(input: &Input, lang: Lang) -> Option<String> {
    let Bars::Coefficients { rows, .. } = &input.bars else {
        return None;
    };
    let intervals: Vec<(f64, f64)> =
        rows.iter().filter_map(|row| row.estimate.interval()).collect();
    let all = intervals.len();
    let clear = intervals.iter().filter(|(low, high)| *low > 0.0 || *high < 0.0).count();
    (all > 1).then(|| match lang {
        Lang::Zh if clear == 0 => format!("；{all}个因素的区间都含零"),
        Lang::En if clear == 0 => "; every interval holds zero".to_owned(),
        Lang::Zh => format!("；{all}个因素中{clear}个的区间不含零"),
        Lang::En => format!("; {clear} of {all} intervals leave out zero"),
    })
}

/// Every factor with its value.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let colon = lang.pick("：", ": ");
    let told = ranked(input, lang).into_iter();
    let told: Vec<String> = told.map(|(name, size)| format!("{name}{colon}{size}")).collect();
    let words = told.join(lang.pick("；", "; "));
    format!("{}{colon}{words}{}", input.outcome, lang.pick("。", "."))
}
