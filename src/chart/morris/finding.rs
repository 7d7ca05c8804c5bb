//! What the plane shows, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::brief;
use super::super::rows::by_size;
use super::super::text::{capitalised, clauses, clean, leading_factor};
use super::{Input, Kind, Point};

/// Effects below this part of the largest are called small.
const SMALL_PART: f64 = 0.05;

/// A number in the unit of differences.
fn size(input: &Input, value: f64, lang: Lang) -> String {
    let (unit, divisor) = input.quantity.of_difference(0.0, lang);
    format!("{}{}{unit}", brief(value / divisor, lang), lang.pick("", " "))
}

/// The factor with the largest effects, how many are not linear, how many do little.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let outcome = clean(&input.outcome, lang);
    let sizes: Vec<Option<f64>> =
        input.points.iter().map(|point| point.position().map(|p| p.0)).collect();
    let order = by_size(&sizes);
    let first = order.first().and_then(|&i| Some((&input.points[i], sizes[i]?)));
    let Some((first, largest)) = first.filter(|(_, largest)| *largest > 0.0) else {
        return match lang {
            Lang::Zh => format!("各因素对{outcome}的作用"),
            Lang::En => format!("Effects of factors on {outcome}"),
        };
    };
    let name = leading_factor(&first.factor, lang);
    let largest_words = size(input, largest, lang);
    let title = match lang {
        Lang::Zh => format!("{name}对{outcome}作用最大，平均{largest_words}"),
        Lang::En => format!("{name} moves {outcome} most, by {largest_words} on average"),
    };
    let known: Vec<&Point> = input.points.iter().filter(|p| p.position().is_some()).collect();
    let bent = known.iter().filter(|point| point.kind() == Kind::Neither).count();
    let little = known.iter().filter(|p| p.mu_star < SMALL_PART * largest).count();
    let mut further = Vec::new();
    if known.len() > 1 {
        further.push(match (bent, lang) {
            (0, Lang::Zh) => "；没有因素的作用以非线性或交互为主".to_owned(),
            (0, Lang::En) => "; none acts mainly by bends or interaction".to_owned(),
            (n, Lang::Zh) => format!("；{n}个因素的作用以非线性或交互为主"),
            (1, Lang::En) => "; 1 factor acts mainly by bends or interaction".to_owned(),
            (n, Lang::En) => format!("; {n} factors act mainly by bends or interaction"),
        });
    }
    if little > 0 {
        further.push(match lang {
            Lang::Zh => format!("；{little}个不到其5%"),
            Lang::En => format!("; {little} do less than 5% of that"),
        });
    }
    capitalised(&clauses(title, further, input.caption.room(), lang))
}

/// Both measures of every factor, the largest first.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let sizes: Vec<Option<f64>> =
        input.points.iter().map(|point| point.position().map(|p| p.0)).collect();
    let told = by_size(&sizes).into_iter().filter_map(|i| {
        let point = input.points.get(i)?;
        let (mu, sigma) = point.position()?;
        let (mu, sigma) = (size(input, mu, lang), size(input, sigma, lang));
        Some(format!("{}{}μ* {mu}, σ {sigma}", point.factor, lang.pick("：", ": ")))
    });
    let told: Vec<String> = told.collect();
    let words = told.join(lang.pick("；", "; "));
    format!("{}{}{words}{}", input.outcome, lang.pick("：", ": "), lang.pick("。", "."))
}
