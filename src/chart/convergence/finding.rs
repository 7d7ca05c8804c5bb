//! What the panels show, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::fixed;
use super::super::text::{capitalised, quoted};
use super::super::theme::FACTOR_NAME;
use super::{Input, Line, known};

/// Width of the interval with all points.
pub(super) fn width_at_last(input: &Input, line: &Line) -> Option<f64> {
    let last = input.points.len().checked_sub(1)?;
    let (low, high) = line.estimates.get(last)?.interval()?;
    Some(high - low)
}

/// How many indices are settled, and which is the least.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let widths: Vec<(&Line, f64)> =
        input.lines.iter().filter_map(|line| Some((line, width_at_last(input, line)?))).collect();
    let points = fixed(input.points.last().copied().unwrap_or(0) as f64, 0);
    let (index, all) = (&input.index, widths.len());
    let widest = widths.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((widest, size)) = widest else {
        return match lang {
            Lang::Zh => format!("{index}随基点数的变化"),
            Lang::En => format!("{} as base points are added", capitalised(index)),
        };
    };
    let open = widths.iter().filter(|(_, width)| *width > input.settled_within + 1e-12).count();
    let (limit, size) = (fixed(input.settled_within, 2), fixed(size, size_decimals(size)));
    let name = quoted(&widest.factor, lang, FACTOR_NAME);
    let name = name.unwrap_or_else(|| lang.pick("其中之一", "one of them").to_owned());
    match (open, lang) {
        (0, Lang::Zh) => {
            format!("N={points}时{all}个因素的{index}都已稳定（区间最宽{size}，限{limit}）")
        }
        (0, Lang::En) => format!(
            "All {all} indices are settled at N = {points}: no interval is wider than {size} (limit {limit})"
        ),
        (open, Lang::Zh) => format!(
            "N={points}时{all}个因素中{open}个的{index}尚未稳定，最宽的是{name}（{size}，限{limit}）"
        ),
        (open, Lang::En) => format!(
            "{open} of {all} indices {} not settled at N = {points}; the widest interval is that of {name} ({size}, limit {limit})",
            if open == 1 { "is" } else { "are" }
        ),
    }
}

fn size_decimals(size: f64) -> usize {
    if size < 0.1 { 3 } else { 2 }
}

/// The index with all points, and its interval.
pub(super) fn description(input: &Input, lines: &[&Line], lang: Lang) -> String {
    let told = lines.iter().filter_map(|line| {
        let (_, last) = known(input, line).last().copied()?;
        let value = fixed(last.value, 2);
        let colon = lang.pick("：", ": ");
        Some(match last.interval() {
            Some((low, high)) => {
                format!("{}{colon}{value} ({} – {})", line.factor, fixed(low, 2), fixed(high, 2))
            }
            None => format!("{}{colon}{value}", line.factor),
        })
    });
    let told: Vec<String> = told.collect();
    let words = told.join(lang.pick("；", "; "));
    format!("{}{}{words}{}", input.index, lang.pick("：", ": "), lang.pick("。", "."))
}
