//! Axes of a panel: years below, values to the left, a light grid behind.

use super::canvas::{Align, Canvas, Plane, Stroke, Type, centred_baseline};
use super::font::width;
use super::numbers::{Ticks, fixed, span};
use super::theme::{AXIS, GRID, INK, MARGIN, SMALL, SOFT_INK};

/// Height of the year labels below a panel.
pub(super) const YEARS_HEIGHT: f64 = 27.0;
/// Height of the name of an axis, above or below a panel.
pub(super) const AXIS_NAME: f64 = 25.0;
/// Room between the years on an axis.
const YEAR_PITCH: f64 = 50.0;
/// Room that the labels of the first and the last year of a narrow panel take from the others.
const YEAR_WIDTH: f64 = 40.0;

/// Range of the year axis; a single year gets room to both sides. Half a year to each side for bars.
pub(super) fn year_range(years: &[i32], for_bars: bool) -> (f64, f64) {
    let (first, last) = span(years).unwrap_or((0, 0));
    let side = if for_bars || first == last { 0.5 } else { 0.0 };
    (f64::from(first) - side, f64::from(last) + side)
}

/// The labels of a value axis.
pub(super) fn value_labels(ticks: &Ticks, divisor: f64, suffix: &str) -> Vec<String> {
    let decimals = ticks.decimals(divisor);
    let label = |value: &f64| format!("{}{suffix}", fixed(value / divisor, decimals));
    ticks.values.iter().map(label).collect()
}

/// Width of the widest label, with the gap to the axis.
pub(super) fn labels_width(labels: &[String]) -> f64 {
    let widths = labels.iter().map(|label| width(label, SMALL, false));
    widths.fold(0.0, f64::max) + 8.0
}

/// Draws the grid lines and labels of the values.
pub(super) fn draw_values(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    ticks: &Ticks,
    labels: &[String],
) {
    let set = Type::new(SMALL, SOFT_INK).align(Align::Right);
    for (&value, label) in ticks.values.iter().zip(labels) {
        let (_, y) = plane.at((plane.x.0, value));
        let ends = [(plane.frame.left, y), (plane.frame.right, y)];
        canvas.line(&ends, Stroke::solid(GRID, 1.0));
        canvas.text(plane.frame.left - 7.0, centred_baseline(y, SMALL), label, set);
    }
}

/// Draws the axis line at a value.
pub(super) fn draw_base_line(canvas: &Canvas<'_>, plane: &Plane<'_>, value: f64) {
    let (_, y) = plane.at((plane.x.0, value));
    let ends = [(plane.frame.left, y), (plane.frame.right, y)];
    canvas.line(&ends, Stroke::solid(AXIS, 1.2));
}

/// Draws ticks and labels of the years below the panel.
pub(super) fn draw_years(canvas: &Canvas<'_>, plane: &Plane<'_>, years: &[i32]) {
    let bottom = plane.frame.bottom;
    for year in year_ticks(years, plane.frame.width()) {
        let (x, _) = plane.at((f64::from(year), plane.y.0));
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], Stroke::solid(AXIS, 1.2));
    }
    draw_year_labels(canvas, plane, years);
}

/// Draws the labels of the years alone.
pub(super) fn draw_year_labels(canvas: &Canvas<'_>, plane: &Plane<'_>, years: &[i32]) {
    let set = Type::new(SMALL, SOFT_INK).align(Align::Centre);
    for year in year_ticks(years, plane.frame.width()) {
        let (x, _) = plane.at((f64::from(year), plane.y.0));
        canvas.text(x, plane.frame.bottom + 21.0, &year.to_string(), set);
    }
}

/// Labels the years below a narrow panel; the labels stay between two positions.
pub(super) fn draw_few_years(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    years: &[i32],
    bounds: (f64, f64),
) {
    let years = year_ticks(years, plane.frame.width() - YEAR_WIDTH);
    let labels: Vec<String> = years.iter().map(i32::to_string).collect();
    let positions: Vec<f64> = years.into_iter().map(f64::from).collect();
    draw_labels_below(canvas, plane, &positions, &labels, bounds, 4.0);
}

/// Draws ticks at positions across and their labels below, as far as they find room side by side and
/// between two places of the picture.
pub(super) fn draw_labels_below(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    positions: &[f64],
    labels: &[String],
    (left, right): (f64, f64),
    gap: f64,
) {
    let bottom = plane.frame.bottom;
    let mut free_from = f64::NEG_INFINITY;
    for (&position, label) in positions.iter().zip(labels) {
        let (x, _) = plane.at((position, plane.y.0));
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], Stroke::solid(AXIS, 1.2));
        let half = width(label, SMALL, false) / 2.0;
        let centre = x.clamp(left + half, (right - half).max(left + half));
        if centre - half >= free_from {
            let set = Type::new(SMALL, SOFT_INK).align(Align::Centre);
            canvas.text(centre, bottom + 21.0, label, set);
            free_from = centre + half + gap;
        }
    }
}

/// Draws upright grid lines at positions across.
pub(super) fn draw_upright_grid(canvas: &Canvas<'_>, plane: &Plane<'_>, positions: &[f64]) {
    for &position in positions {
        let (x, _) = plane.at((position, plane.y.0));
        canvas.line(&[(x, plane.frame.top), (x, plane.frame.bottom)], Stroke::solid(GRID, 1.0));
    }
}

/// Writes the name of the upright axis at a height and that of the other one below the labels.
pub(super) fn draw_axis_names(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    top: f64,
    up: &str,
    across: &str,
) {
    let set = Type::new(SMALL, INK).bold();
    canvas.text(MARGIN, top + 15.0, up, set);
    let baseline = plane.frame.bottom + YEARS_HEIGHT + 17.0;
    canvas.text(plane.frame.right, baseline, across, set.align(Align::Right));
}

/// Years that are labelled on an axis of a width: multiples of 1, 2, 5, 10 ... with room between.
pub(super) fn year_ticks(years: &[i32], wide: f64) -> Vec<i32> {
    let Some((first, last)) = span(years) else {
        return Vec::new();
    };
    let length = i64::from(last) - i64::from(first);
    let pitch = wide / length.max(1) as f64;
    let steps = [1, 2, 5, 10, 20, 50, 100, 1_000];
    let step = steps.into_iter().find(|&step| pitch * step as f64 >= YEAR_PITCH);
    let step = step.unwrap_or(10_000);
    let ticks: Vec<i32> = (0..=length.min(10_000))
        .map(|after| first.saturating_add(after as i32))
        .filter(|year| i64::from(*year) % step == 0)
        .collect();
    if ticks.is_empty() { vec![first] } else { ticks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_not_crowded() {
        let years: Vec<i32> = (2020..=2040).collect();
        assert_eq!(
            year_ticks(&years, 500.0),
            [2020, 2022, 2024, 2026, 2028, 2030, 2032, 2034, 2036, 2038, 2040]
        );
        assert_eq!(year_ticks(&years, 300.0), [2020, 2025, 2030, 2035, 2040]);
        assert_eq!(year_ticks(&[2031], 300.0), [2031]);
        assert_eq!(year_ticks(&[2031, 2033], 60.0), [2032]);
        assert!(year_ticks(&[], 300.0).is_empty());
    }
}
