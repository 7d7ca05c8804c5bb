//! What the investment shows, in words: its sum, the year with most of it, and how long it lasts.

use super::super::Lang;
use super::super::numbers::{count, fixed, known, peak, percent};
use super::super::text::clauses;
use super::Input;

/// A sum of money: 2.31亿元, 231.0 million yuan.
pub(super) fn money(yuan: f64, lang: Lang) -> String {
    match (lang, yuan.abs()) {
        (Lang::Zh, _) => format!("{}元", count(yuan, lang)),
        (Lang::En, size) if size >= 0.9995e9 => format!("{} bn yuan", fixed(yuan / 1e9, 2)),
        (Lang::En, size) if size >= 0.9995e6 => format!("{} million yuan", fixed(yuan / 1e6, 1)),
        (Lang::En, _) => format!("{} yuan", count(yuan, lang)),
    }
}

/// The finding: the sum, the year with most, and its part of the sum.
pub(super) fn title(input: &Input, totals: &[f64], lang: Lang) -> String {
    let known = known(&input.years, totals);
    if known.is_empty() {
        return lang.pick("投资未知", "Investment is not known").to_owned();
    }
    let sum: f64 = known.iter().map(|(_, total)| total).sum();
    let Some((year, most)) = peak(&input.years, totals) else {
        return lang.pick("各年都没有投资", "No year has any investment").to_owned();
    };
    let mut spent = known.iter().filter(|(_, total)| *total > 0.0).map(|(year, _)| *year);
    let first = spent.next().unwrap_or(year);
    let last = spent.next_back().unwrap_or(first);
    let (total, most, part) = (money(sum, lang), money(most, lang), percent(most / sum));
    if first == last {
        return match lang {
            Lang::Zh => format!("投资共{total}，都在{year}年"),
            Lang::En => format!("{} of investment, all of it in {year}", total),
        };
    }
    let (opening, further) = match lang {
        Lang::Zh => (
            format!("{first}—{last}年投资共{total}"),
            vec![format!("，{year}年最多"), format!("，为{most}（{part}）")],
        ),
        Lang::En => (
            format!("Investment of {total} from {first} to {last}"),
            vec![format!(", most of it in {year}"), format!(": {most} ({part})")],
        ),
    };
    // Most of all years is not more than half of the sum.
    let further = match lang {
        Lang::En if most_is_less_than_half(totals, sum) => {
            vec![format!(", the largest part in {year}"), format!(": {most} ({part})")]
        }
        _ => further,
    };
    clauses(opening, further, input.caption.room(), lang)
}

fn most_is_less_than_half(totals: &[f64], sum: f64) -> bool {
    let most = totals.iter().copied().filter(|total| total.is_finite()).fold(0.0, f64::max);
    most <= sum / 2.0
}

/// The investment of every year that has any.
pub(super) fn description(input: &Input, totals: &[f64], lang: Lang) -> String {
    let known = known(&input.years, totals);
    let spent: Vec<(i32, f64)> = known.into_iter().filter(|(_, total)| *total > 0.0).collect();
    let year = |(year, total): &(i32, f64)| match lang {
        Lang::Zh => format!("{year}年{}", money(*total, lang)),
        Lang::En => format!("{year}: {}", money(*total, lang)),
    };
    let years: Vec<String> = spent.iter().map(year).collect();
    match lang {
        _ if years.is_empty() => title(input, totals, lang),
        Lang::Zh => format!("{}。", years.join("，")),
        Lang::En => format!("{}.", years.join("; ")),
    }
}
