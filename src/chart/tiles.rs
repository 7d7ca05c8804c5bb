//! Small panels in rows, with one scale of values at the left of each row and one of years or numbers below each column.

use super::axes::YEARS_HEIGHT;
use super::canvas::Rect;
use super::frame::PANEL_STRIP;

/// Gap between columns.
const GAP: f64 = 18.0;
/// Gap between rows.
const ROW_GAP: f64 = 7.0;

/// How many columns, and how high their plots are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    pub columns: usize,
    pub height: f64,
}

impl Shape {
    /// The shape for a number of panels in so much room.
    pub fn of(count: usize, room: f64) -> Shape {
        let fitting = |wide: f64| even(count, ((room / wide) as usize).max(2).min(count), room);
        match count {
            0..=2 => Shape { columns: count.max(1), height: 190.0 },
            3..=9 => Shape { columns: fitting(230.0), height: 122.0 },
            _ => Shape { columns: fitting(172.0), height: 104.0 },
        }
    }
}

/// As few columns as make no more rows; the standard size keeps its columns.
pub(super) fn even(count: usize, most: usize, room: f64) -> usize {
    if room < 700.0 {
        return most;
    }
    count.div_ceil(count.div_ceil(most.max(1)).max(1)).max(1)
}

/// Where each panel stands.
pub(super) struct Tiles {
    count: usize,
    shape: Shape,
    labels_width: f64,
    strip_height: f64,
    /// Width of a plot.
    pub width: f64,
}

impl Tiles {
    /// Panels of a shape in so much room, beside labels of a width.
    pub fn new(count: usize, shape: Shape, room: f64, labels_width: f64) -> Tiles {
        let room = room - labels_width;
        let width = (room - (shape.columns - 1) as f64 * GAP) / shape.columns as f64;
        Tiles { count, shape, labels_width, strip_height: PANEL_STRIP, width }
    }

    /// The panels with strips of another height.
    pub fn with_strips(self, strip_height: f64) -> Tiles {
        Tiles { strip_height, ..self }
    }

    /// Height of all rows.
    pub fn total_height(&self) -> f64 {
        let rows = self.count.div_ceil(self.shape.columns);
        rows as f64 * self.pitch() + YEARS_HEIGHT - ROW_GAP
    }

    fn pitch(&self) -> f64 {
        self.strip_height + self.shape.height + ROW_GAP
    }

    /// The strip with the name of a panel.
    pub fn strip(&self, i: usize, area: Rect) -> Rect {
        let (row, column) = (i / self.shape.columns, i % self.shape.columns);
        let left = area.left + self.labels_width + column as f64 * (self.width + GAP);
        let top = area.top + row as f64 * self.pitch();
        Rect { left, top, right: left + self.width, bottom: top + self.strip_height }
    }

    /// The plot of a panel, below its strip.
    pub fn plot(&self, i: usize, area: Rect) -> Rect {
        let strip = self.strip(i, area);
        let top = strip.bottom - 4.0;
        Rect { top, bottom: top + self.shape.height, ..strip }
    }

    /// Whether the labels of the values stand beside the panel.
    pub fn begins_row(&self, i: usize) -> bool {
        i.is_multiple_of(self.shape.columns)
    }

    /// Whether the panel is the lowest of its column.
    pub fn ends_column(&self, i: usize) -> bool {
        i + self.shape.columns >= self.count
    }
}
