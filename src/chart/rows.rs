//! Rows with a name to the left, a common scale in the middle and columns of words to the right: one row a factor.

use super::Lang;
use super::axes::{YEARS_HEIGHT, draw_labels_below, draw_upright_grid};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type, centred_baseline};
use super::font::width;
use super::numbers::{Ticks, fixed};
use super::size::in_proportion;
use super::text::{clean, fit, wrap_at_most};
use super::theme::{AXIS, GRID, INK, LEADING, SMALL, SOFT_INK};
use plotters::style::RGBColor;

/// Widest name at the standard size, and most lines of it.
const NAME: (f64, usize) = (212.0, 2);
/// Widest cell of a column at the standard size.
const CELL: f64 = 130.0;
/// Least width that a cell may have.
const LEAST_CELL: f64 = 112.0;
/// Least width that a name may have.
const LEAST_NAME: f64 = 156.0;
/// Gap between names, plot and columns.
const GAP: f64 = 12.0;
/// Height of the line that names the columns.
const HEADER: f64 = 24.0;
/// Least width of the scale.
const LEAST_PLOT: f64 = 60.0;
/// Room between the labels of the scale.
const TICK_PITCH: f64 = 64.0;

/// Words at the right of the rows.
pub(super) struct Column {
    pub header: String,
    /// One cell a row.
    pub cells: Vec<(String, RGBColor)>,
}

impl Column {
    /// A column of words in the common colour.
    pub fn plain(header: &str, cells: Vec<String>) -> Column {
        let cells = cells.into_iter().map(|cell| (cell, INK)).collect();
        Column { header: header.to_owned(), cells }
    }

    fn width(&self) -> f64 {
        let words = self.cells.iter().map(|(cell, _)| cell).chain([&self.header]);
        words.map(|word| width(word, SMALL, false)).fold(0.0, f64::max)
    }
}

/// The rows before they are drawn.
pub(super) struct Rows {
    names: Vec<Vec<String>>,
    columns: Vec<Column>,
    names_width: f64,
    pitch: f64,
}

impl Rows {
    /// Rows of at least a height in so much room; names that are too long are shortened.
    pub fn new(
        names: &[&str],
        mut columns: Vec<Column>,
        least_pitch: f64,
        room: f64,
        lang: Lang,
    ) -> Rows {
        let limit = in_proportion(room, NAME.0).clamp(LEAST_NAME, NAME.0 * 1.5);
        let most = if room < 600.0 { NAME.1 + 2 } else { NAME.1 };
        for (cell, _) in columns.iter_mut().flat_map(|column| &mut column.cells) {
            *cell = fit(cell, lang, SMALL, false, in_proportion(room, CELL).max(LEAST_CELL));
        }
        let wrapped = |name: &&str| match clean(name, lang).is_empty() {
            true => vec!["—".to_owned()],
            false => wrap_at_most(name, lang, SMALL, limit, most),
        };
        let names: Vec<Vec<String>> = names.iter().map(wrapped).collect();
        let most = names.iter().map(Vec::len).max().unwrap_or(1);
        let names_width = names.iter().flatten().map(|line| width(line, SMALL, false));
        let names_width = names_width.fold(0.0, f64::max);
        let pitch = (most as f64 * SMALL * LEADING + 6.0).max(least_pitch);
        Rows { names, columns, names_width, pitch }
    }

    /// Height with the names of the columns and the labels of the scale.
    pub fn height(&self) -> f64 {
        HEADER + self.names.len() as f64 * self.pitch + YEARS_HEIGHT
    }

    /// The rectangle of the scale.
    pub fn plot(&self, area: Rect) -> Rect {
        let columns = self.columns.iter().map(|column| column.width() + GAP);
        let top = area.top + HEADER;
        let left = area.left + self.names_width + GAP;
        Rect {
            left,
            top,
            right: (area.right - columns.sum::<f64>() - 6.0).max(left + LEAST_PLOT),
            bottom: top + self.names.len() as f64 * self.pitch,
        }
    }

    /// Middle of a row in the picture.
    pub fn middle(&self, plane: &Plane<'_>, i: usize) -> f64 {
        plane.frame.top + (i as f64 + 0.5) * self.pitch
    }

    /// Draws names, columns, lines between the rows and the scale, and gives the plane of the values.
    pub fn draw<'a>(
        &self,
        canvas: &Canvas<'a>,
        area: Rect,
        range: (f64, f64),
        ticks: &[f64],
        labels: &[String],
    ) -> Plane<'a> {
        let plot = self.plot(area);
        let plane = canvas.plane(plot, range, (0.0, 1.0));
        for i in 0..=self.names.len() {
            let y = plot.top + i as f64 * self.pitch;
            canvas.line(&[(area.left, y), (area.right, y)], Stroke::solid(GRID, 0.8));
        }
        draw_upright_grid(canvas, &plane, ticks);
        draw_labels_below(canvas, &plane, ticks, labels, (area.left, area.right), 6.0);
        let set = Type::new(SMALL, INK);
        for (i, lines) in self.names.iter().enumerate() {
            let lines: Vec<_> = lines.iter().map(|line| (line.clone(), set)).collect();
            canvas.text_block(area.left, self.middle(&plane, i), &lines);
        }
        let mut right = area.right;
        for column in self.columns.iter().rev() {
            let set = Type::new(SMALL, SOFT_INK).align(Align::Right);
            canvas.text(right, plot.top - 8.0, &column.header, set);
            for (i, (cell, colour)) in column.cells.iter().enumerate() {
                let baseline = centred_baseline(self.middle(&plane, i), SMALL);
                canvas.text(right, baseline, cell, Type { colour: *colour, ..set });
            }
            right -= column.width() + GAP;
        }
        plane
    }

    /// Round ticks for a range, as many as the scale has room for.
    pub fn ticks(&self, low: f64, high: f64, area_width: f64) -> Ticks {
        let area = Rect { left: 0.0, top: 0.0, right: area_width, bottom: 1.0 };
        Ticks::spanning(low, high, self.plot(area).width() / TICK_PITCH)
    }
}

/// Draws a bar between two values, so high, its middle at y; what lies outside the scale is cut.
pub(super) fn draw_bar(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    (from, to): (f64, f64),
    (y, high): (f64, f64),
    colour: RGBColor,
) {
    let across = |value: f64| plane.at((value.clamp(plane.x.0, plane.x.1), 0.0)).0;
    let (left, right) = (across(from.min(to)), across(from.max(to)));
    let area = Rect { left, top: y - high / 2.0, right, bottom: y + high / 2.0 };
    canvas.fill(area, colour);
}

/// Draws an interval as a line with short strokes at the ends that lie within the scale.
pub(super) fn draw_interval(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    (low, high): (f64, f64),
    y: f64,
    colour: RGBColor,
) {
    let across = |value: f64| plane.at((value.clamp(plane.x.0, plane.x.1), 0.0)).0;
    let stroke = Stroke::solid(colour, 1.4);
    canvas.line(&[(across(low), y), (across(high), y)], stroke);
    for end in [low, high] {
        if (plane.x.0..=plane.x.1).contains(&end) {
            canvas.line(&[(across(end), y - 3.5), (across(end), y + 3.5)], stroke);
        }
    }
}

/// What the intervals are, for the remarks of a chart; the level is a probability.
pub(super) fn intervals_in_words(level: f64, lang: Lang) -> String {
    let level = fixed(level * 100.0, 0);
    match lang {
        Lang::Zh => format!("细线为{level}%自助法区间"),
        Lang::En => format!("thin lines are {level}% bootstrap intervals"),
    }
}

/// Draws the upright line at a value, from top to bottom of the rows.
pub(super) fn draw_upright(canvas: &Canvas<'_>, plane: &Plane<'_>, value: f64) {
    if (plane.x.0..=plane.x.1).contains(&value) {
        let (x, _) = plane.at((value, 0.0));
        let ends = [(x, plane.frame.top), (x, plane.frame.bottom)];
        canvas.line(&ends, Stroke::solid(AXIS, 1.2));
    }
}

/// Positions of rows sorted by size, the largest first; those without a size last. Equal ones keep their order.
pub(super) fn by_size(sizes: &[Option<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let size = |i: &usize| sizes[*i].unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| size(b).total_cmp(&size(a)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_by_size_and_ties_keep_their_order() {
        assert_eq!(by_size(&[Some(0.1), None, Some(0.4), Some(0.1), Some(0.0)]), [2, 0, 3, 4, 1]);
        assert!(by_size(&[]).is_empty());
    }
}
