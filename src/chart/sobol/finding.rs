//! What the indices show, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::fixed;
use super::super::rows::by_size;
use super::super::text::{capitalised, clean, leading_factor};
use super::{Input, Row};

/// The sum of the first orders differs from one by more than this before it is spoken of.
const LEAST_REST: f64 = 0.005;

/// The factor that explains most, the sum of first orders and what remains.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let outcome = clean(&input.outcome, lang);
    let totals: Vec<Option<f64>> =
        input.rows.iter().map(|row| row.total.known().or(row.first.known())).collect();
    let first = by_size(&totals).first().map(|&i| &input.rows[i]);
    let known = first.and_then(|row| Some((row, row.first.known()?)));
    let Some((row, alone)) = known else {
        return match lang {
            Lang::Zh => format!("{outcome}方差的来源"),
            Lang::En => format!("Sources of the variance of {outcome}"),
        };
    };
    let name = leading_factor(&row.factor, lang);
    let alone = whole_percent(alone);
    let mut title = match lang {
        Lang::Zh => format!("{name}单独解释{outcome}方差的{alone}"),
        Lang::En => format!("{name} alone explains {alone} of the variance of {outcome}"),
    };
    if let Some(total) = row.total.known().map(whole_percent).filter(|total| *total != alone) {
        title += &match lang {
            Lang::Zh => format!("，连同交互{total}"),
            Lang::En => format!(", {total} with interactions"),
        };
    }
    title += &remainder(input, lang).unwrap_or_default();
    capitalised(&title)
}

/// The sum of the first orders and the rest.
fn remainder(input: &Input, lang: Lang) -> Option<String> {
    let firsts: Vec<f64> = input.rows.iter().filter_map(|row| row.first.known()).collect();
    if firsts.len() < 2 || firsts.len() < input.rows.len() {
        return None;
    }
    let sum = firsts.iter().sum::<f64>();
    let (words, rest) = (whole_percent(sum), whole_percent(1.0 - sum));
    let is_more = sum > 1.0 + LEAST_REST;
    Some(match (sum < 1.0 - LEAST_REST, lang) {
        (true, Lang::Zh) => format!("；各因素一阶合计{words}，其余{rest}来自交互作用"),
        (true, Lang::En) => {
            format!("; all first orders add up to {words}, the other {rest} is interaction")
        }
        (false, Lang::Zh) if is_more => {
            format!("；各因素一阶合计{words}，超过100%是抽样误差")
        }
        (false, Lang::En) if is_more => {
            format!("; all first orders add up to {words}: what exceeds 100% is sampling error")
        }
        (false, Lang::Zh) => format!("；各因素一阶合计{words}，没有交互作用"),
        (false, Lang::En) => format!("; all first orders add up to {words}: no interaction"),
    })
}

fn whole_percent(share: f64) -> String {
    format!("{}%", fixed(share * 100.0, 0))
}

/// Both indices of every factor.
pub(super) fn description(input: &Input, rows: &[&Row], lang: Lang) -> String {
    let told = rows.iter().filter_map(|row| {
        let (first, total) = (fixed(row.first.known()?, 2), fixed(row.total.known()?, 2));
        let name = &row.factor;
        Some(match lang {
            Lang::Zh => format!("{name}：一阶{first}，总阶{total}"),
            Lang::En => format!("{name}: first {first}, total {total}"),
        })
    });
    let told: Vec<String> = told.collect();
    let words = told.join(lang.pick("；", "; "));
    format!("{}{}{words}{}", input.outcome, lang.pick("：", ": "), lang.pick("。", "."))
}
