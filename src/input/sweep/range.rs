//! What a value of a factor does to a figure, and whether its law stays inside the bounds of the figures that it moves.

use crate::experiment::{Factor, How};
use crate::figure_change::{Change, bounds_of, changing, last_value};
use crate::load::Load;
use crate::loaded::Loaded;
use crate::problem::Position;
use crate::tree::Node;
use crate::units::unit_factor;

use super::factor::Context;

/// Of a law without an end, all but so many draws must lie inside; those beyond are set to the bound.
const BEYOND: f64 = 0.001;
/// Rounding that is no fault.
const DUST: f64 = 1e-9;

/// Notes a law that takes a figure outside the bounds of its key, or a whole figure to a fraction. `at`: path and place of the law.
pub(super) fn check(load: &mut Load, context: &Context, factor: &Factor, at: (&str, Position)) {
    let law = &factor.distribution;
    let end = |bound: f64, u: f64| if bound.is_finite() { bound } else { law.quantile(u) };
    let (low, high) = law.bounds();
    // The range of a figure is given by two of its percentiles; what lies beyond is kept inside as `sweep` does.
    let ends = match law.kind() {
        "figure" => [law.quantile(0.1), law.quantile(0.9)],
        _ => [end(low, BEYOND), end(high, 1.0 - BEYOND)],
    };
    for path in &factor.paths {
        let is_whole = context.scenarios.iter().find_map(|loaded| {
            let figure = loaded.tree.at(path)?;
            Some(bounds_of(figure, path)?.2)
        });
        if is_whole == Some(true) && factor.how != How::Multiply && !law.is_whole() {
            let message = format!("expected whole numbers for {path}, found {}", law.kind());
            let help = "write kind = \"integer\", low = …, high = …, or kind = \"choice\"";
            load.problem(at.1, at.0, message, help);
            continue;
        }
        for value in ends {
            let wrong = context.scenarios.iter().find_map(|loaded| {
                outside(loaded, factor, path, value).map(|wrong| (&loaded.scenario.key, wrong))
            });
            if let Some((scenario, message)) = wrong {
                let message = format!("{message} in the scenario {scenario}");
                let help = match low.is_finite() && high.is_finite() {
                    true => "narrow the range",
                    false => "write kind = \"truncated-normal\" with low and high, or narrow it",
                };
                load.problem(at.1, at.0, message, help);
                break;
            }
        }
    }
}

/// What a value of a factor does to the numbers of a figure, in the figure's own unit.
pub fn change_of(factor: &Factor, value: f64, figure: &Node) -> Option<Change> {
    let unit = figure.at("unit").and_then(Node::text).unwrap_or_default();
    let in_unit = value * (unit_factor(&factor.unit) / unit_factor(unit));
    Some(match factor.how {
        How::Set => Change::Add(in_unit - last_value(figure)?),
        How::Add => Change::Add(in_unit),
        How::Multiply => Change::Multiply(value),
    })
}

/// Why a value of a factor takes a figure of a scenario outside its bounds.
pub(super) fn outside(loaded: &Loaded, factor: &Factor, path: &str, value: f64) -> Option<String> {
    let figure = loaded.tree.at(path)?;
    let (least, most, _) = bounds_of(figure, path)?;
    let change = change_of(factor, value, figure)?;
    let numbers = changing(figure, loaded.scenario.city.base_year, factor.from_year);
    let slack = |bound: f64| DUST * (1.0 + bound.abs());
    let found = numbers.into_iter().map(|number| change.of(number));
    let found = found
        .into_iter()
        .find(|number| *number < least - slack(least) || *number > most + slack(most))?;
    let unit = figure.at("unit").and_then(Node::text).unwrap_or_default();
    let tidy = |number: f64| (number * 1e6).round() / 1e6;
    Some(format!(
        "expected {path} from {} to {} {unit}, found {} where the factor is {}",
        tidy(least),
        tidy(most),
        tidy(found),
        tidy(value)
    ))
}
