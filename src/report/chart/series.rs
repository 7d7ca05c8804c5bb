//! What the charts with one line a scenario share: the look of the lines, their key, the period of the plan.

use super::Lang;
use super::canvas::{Plane, Stroke};
use super::frame::Key;
use super::numbers::period;
use super::oversized::Plan;
use super::theme::{PERIOD, REFERENCE, scenario};

/// Scenarios before this one are told apart by lightness, the others by dashes as well.
const DASHED_FROM: usize = 4;
/// Dash and gap of the scenarios from [`DASHED_FROM`] on, in turn.
const DASHES: [(f64, f64); 4] = [(13.0, 3.0), (7.0, 3.0), (3.6, 2.2), (1.8, 2.2)];

/// The line of a scenario; the first one is wider.
pub(super) fn stroke(i: usize, first: f64, others: f64) -> Stroke {
    let wide = if i == 0 { first } else { others };
    let colour = scenario(i).line;
    match i.checked_sub(DASHED_FROM).and_then(|after| DASHES.get(after % DASHES.len())) {
        Some(&(dash, gap)) => Stroke::dashed(colour, wide, dash, gap),
        None => Stroke::solid(colour, wide),
    }
}

/// The line of a limit.
pub(super) fn reference() -> Stroke {
    Stroke::dashed(REFERENCE, 1.0, 2.0, 3.0)
}

/// One entry a scenario: its line and its name in its colour.
pub(super) fn scenario_keys(names: &[String], stroke: fn(usize) -> Stroke) -> Vec<Key> {
    let key = |(i, name): (usize, &String)| {
        Key::line(stroke(i), name.clone()).coloured(scenario(i).words)
    };
    names.iter().enumerate().map(key).collect()
}

/// The entry of the shaded period.
pub(super) fn plan_key(plan: &Plan, lang: Lang) -> Key {
    let (gap, years) = (lang.pick("", " "), period(&[plan.first, plan.last], lang));
    Key::area(PERIOD, format!("{}{gap}{years}", plan.label))
}

/// Shades the years of the plan that lie within a panel.
pub(super) fn shade_plan(plane: &Plane<'_>, plan: Option<&Plan>) {
    let within = |year: i32| f64::from(year).clamp(plane.x.0, plane.x.1);
    if let Some((first, last)) = plan.map(|plan| (within(plan.first), within(plan.last)))
        && first < last
    {
        plane.bar((first, plane.y.0), (last, plane.y.1), PERIOD);
    }
}
