//! What the charts with one line a scenario share: the look of the lines, their key, the period of the plan.

use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::frame::Key;
use super::labels::spread;
use super::numbers::{period, runs};
use super::oversized::Plan;
use super::text::quoted;
use super::theme::{PERIOD, REFERENCE, scenario};
use super::{Lang, Stage, stage_name};
use plotters::style::RGBColor;

/// Widest name of a scenario within a title; a longer one is not spelled out.
pub(super) const NAME_WIDTH: f64 = 200.0;
/// Gap between the end of a line and its label.
pub(super) const LEADER: f64 = 16.0;

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

/// Fills the band between two ends, where both are known.
pub(super) fn draw_band(
    plane: &Plane<'_>,
    years: &[i32],
    (low, high): (&[f64], &[f64]),
    colour: RGBColor,
) {
    let (low, high) = (runs(years, low), runs(years, high));
    for (low, high) in low.iter().zip(&high) {
        if low.len() > 1 && low.len() == high.len() {
            let corners = low.iter().chain(high.iter().rev()).copied().collect();
            plane.polygon(corners, colour);
        }
    }
}

/// The middle heights of labels beside the ends of lines, and a leader from each end to its label. An
/// end is a scenario, its place in the picture and the height of its label.
pub(super) fn lead_to_labels(
    canvas: &Canvas<'_>,
    frame: Rect,
    ends: &[(usize, (f64, f64), f64)],
) -> Vec<f64> {
    let wanted: Vec<f64> = ends.iter().map(|(_, (_, y), _)| *y).collect();
    let heights: Vec<f64> = ends.iter().map(|(_, _, height)| *height).collect();
    let centres = spread(&wanted, &heights, frame.top - 10.0, frame.bottom + 10.0);
    for ((i, (x, y), _), &centre) in ends.iter().zip(&centres) {
        let label_x = frame.right + LEADER;
        let elbow = [(x + 1.5, *y), (label_x - 8.0, centre), (label_x - 3.0, centre)];
        canvas.line(&elbow, Stroke::solid(scenario(*i).line, 0.9));
    }
    centres
}

/// The oversized classes of a stage, or of all.
pub(super) fn oversized_classes(stage: Option<Stage>, lang: Lang) -> String {
    match (stage, lang) {
        (None, _) => lang.pick("大班额", "oversized classes").to_owned(),
        (Some(stage), Lang::Zh) => format!("{}大班额", stage_name(stage, lang)),
        (Some(stage), Lang::En) => format!("{} oversized classes", stage_name(stage, lang)),
    }
}

/// The name of the scenario that a title compares with, or other words for it where it is too long.
pub(super) fn compared_name(name: &str, lang: Lang) -> String {
    let name = quoted(name, lang, NAME_WIDTH);
    name.unwrap_or_else(|| lang.pick("对照情景", "the baseline").to_owned())
}

/// The entry of the shaded period.
pub(super) fn plan_key(plan: &Plan, lang: Lang) -> Key {
    let (gap, years) = (lang.pick("", " "), period(&[plan.first, plan.last], lang));
    Key::area(PERIOD, format!("{}{gap}{years}", plan.label))
}

/// Shades the years of the plan that lie within a panel of lines.
pub(super) fn shade_plan(plane: &Plane<'_>, plan: Option<&Plan>) {
    shade_period(plane, plan, 0.0);
}

/// Shades the years of the plan that lie within a panel of bars, from the left of the first year's bar to
/// the right of the last year's.
pub(super) fn shade_plan_of_bars(plane: &Plane<'_>, plan: Option<&Plan>) {
    shade_period(plane, plan, 0.5);
}

/// The ends of the plan on an axis where every year has so much room to both sides, as far as they lie on it.
pub(super) fn ends_of_plan(plane: &Plane<'_>, plan: &Plan, side: f64) -> (f64, f64) {
    let within = |year: f64| year.clamp(plane.x.0, plane.x.1);
    (within(f64::from(plan.first) - side), within(f64::from(plan.last) + side))
}

fn shade_period(plane: &Plane<'_>, plan: Option<&Plan>, side: f64) {
    if let Some((first, last)) = plan.map(|plan| ends_of_plan(plane, plan, side))
        && first < last
    {
        plane.bar((first, plane.y.0), (last, plane.y.1), PERIOD);
    }
}
