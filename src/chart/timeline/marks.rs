//! The marks of a row: one a year, stage and kind, side by side where several fall into one year.

use super::super::Stage;
use super::super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type, centred_baseline};
use super::super::font::width;
use super::super::theme::{FAINT, INK, SMALL, SOFT_INK, stage, tint};
use super::grouping::{Grouped, Row};
use super::{Event, Kind};
use plotters::style::{RGBColor, WHITE};
use std::collections::BTreeMap;

/// Largest and least distance from the centre of a mark to its edge.
const REACH: (f64, f64) = (10.5, 4.0);
/// White space between marks of one year.
const GAP: f64 = 1.5;
/// Height of the bar from the beginning of building to the opening.
const BAR: f64 = 6.0;

/// What falls into one year of a row and is of one stage and kind; `None` where marks are merged.
struct Cell {
    stage: Option<Stage>,
    kind: Option<Kind>,
    starts: Option<i32>,
    units: u64,
    rooms: Option<f64>,
}

/// What marks of one year are told apart by; `None` where they are merged.
type Sort = Option<(Stage, Kind)>;

/// How large marks are.
pub(super) struct Sizes {
    /// Distance from the centre to the edge of the largest mark.
    reach: f64,
    most_rooms: f64,
    /// Marks of one year are drawn as one, because there is no room for them side by side.
    are_merged: bool,
}

impl Sizes {
    /// The sizes for years at a distance from each other.
    pub fn for_rows(grouped: &Grouped<'_>, pitch: f64) -> Sizes {
        let sizes = |are_merged: bool| {
            let rows = grouped.rows.iter().map(|row| cells(row, are_merged));
            let years: Vec<Vec<Cell>> = rows.flat_map(BTreeMap::into_values).collect();
            let most = years.iter().map(Vec::len).max().unwrap_or(1).max(1);
            let rooms = years.iter().flatten().filter_map(|cell| cell.rooms);
            let reach = ((pitch - 2.0) / most as f64 - GAP) / 2.0;
            Sizes { reach, most_rooms: rooms.fold(0.0, f64::max), are_merged }
        };
        let apart = sizes(false);
        let sizes = if apart.reach < REACH.1 + 1.0 { sizes(true) } else { apart };
        Sizes { reach: sizes.reach.clamp(REACH.1, REACH.0), ..sizes }
    }

    /// Whether a mark stands for several stages or kinds.
    pub fn has_mixed(&self, grouped: &Grouped<'_>) -> bool {
        let mut rows = grouped.rows.iter().map(|row| cells(row, self.are_merged));
        rows.any(|years| {
            years.values().flatten().any(|cell| cell.stage.is_none() || cell.kind.is_none())
        })
    }

    /// The area of a mark is in proportion to its rooms.
    fn reach(&self, cell: &Cell) -> f64 {
        let reach = match cell.rooms {
            Some(rooms) if self.most_rooms > 0.0 => {
                (self.reach * (rooms / self.most_rooms).sqrt()).max(REACH.1)
            }
            _ => self.reach.min(6.0),
        };
        // Thin strokes are lost sooner than what is filled.
        if cell.kind == Some(Kind::Closing) {
            reach.max(6.0).min(self.reach.max(REACH.1))
        } else {
            reach
        }
    }
}

/// The marks of a row by year.
fn cells(row: &Row<'_>, are_merged: bool) -> BTreeMap<i32, Vec<Cell>> {
    let mut years: BTreeMap<i32, BTreeMap<Sort, Vec<&Event>>> = BTreeMap::new();
    for event in &row.events {
        let sort = (!are_merged).then_some((event.stage, event.kind));
        years.entry(event.opens).or_default().entry(sort).or_default().push(event);
    }
    let cell = |events: Vec<&Event>| {
        let first = events.first();
        let stage = first.map(|e| e.stage).filter(|stage| events.iter().all(|e| e.stage == *stage));
        let kind = first.map(|e| e.kind).filter(|kind| events.iter().all(|e| e.kind == *kind));
        Cell {
            stage,
            kind,
            starts: events.iter().filter_map(|event| event.starts).min(),
            units: events.iter().map(|event| event.units()).sum(),
            rooms: events.iter().filter_map(|event| event.known_rooms()).reduce(|a, b| a + b),
        }
    };
    let years = years.into_iter();
    years.map(|(year, sorts)| (year, sorts.into_values().map(cell).collect())).collect()
}

/// Draws the marks of a row whose middle is at y.
pub(super) fn draw_cells(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    row: &Row<'_>,
    y: f64,
    sizes: &Sizes,
) {
    let years = cells(row, sizes.are_merged);
    let all = || years.iter().flat_map(|(year, cells)| cells.iter().map(move |cell| (*year, cell)));
    let starts = all().filter_map(|(year, cell)| cell.starts.filter(|starts| *starts < year));
    if let (Some(starts), Some((last, _))) = (starts.min(), all().next_back()) {
        // Of several marks no bar could be told from another: one bar leads through them.
        let fill = match all().count() {
            1 => all().next().map_or(FAINT, |(_, cell)| tint(colour(cell), 0.42)),
            _ => tint(FAINT, 0.6),
        };
        let across = |year: i32| plane.at((f64::from(year), 0.0)).0;
        let (top, bottom) = (y - BAR / 2.0, y + BAR / 2.0);
        canvas.fill(Rect { left: across(starts), top, right: across(last), bottom }, fill);
    }
    for (year, cells) in &years {
        let (middle, _) = plane.at((f64::from(*year), 0.0));
        let widths = cells.iter().map(|cell| 2.0 * sizes.reach(cell) + GAP);
        let mut x = middle - widths.sum::<f64>() / 2.0;
        for cell in cells {
            let reach = sizes.reach(cell);
            draw_mark(canvas, cell, (x + GAP / 2.0 + reach, y), reach);
            x += 2.0 * reach + GAP;
        }
    }
}

fn colour(cell: &Cell) -> RGBColor {
    cell.stage.map_or(SOFT_INK, |of| stage(of).line)
}

/// Draws a mark and in it the number of units, where it has room.
fn draw_mark(canvas: &Canvas<'_>, cell: &Cell, (x, y): (f64, f64), reach: f64) {
    let fill = colour(cell);
    let mut ground = Some(fill);
    match cell.kind {
        Some(Kind::Extension) => {
            canvas.dot((x, y), reach, fill);
            canvas.dot((x, y), (reach - 2.2).max(reach * 0.5), WHITE);
            ground = Some(WHITE);
        }
        Some(Kind::Relocation) => {
            let corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
            canvas.polygon(&corners, fill);
        }
        Some(Kind::Conversion) => {
            let half = reach * 0.89;
            let area = Rect { left: x - half, top: y - half, right: x + half, bottom: y + half };
            canvas.fill(area, fill);
        }
        Some(Kind::Closing) => {
            let (half, stroke) = (reach * 0.7, Stroke::solid(fill, 2.4));
            canvas.line(&[(x - half, y - half), (x + half, y + half)], stroke);
            canvas.line(&[(x - half, y + half), (x + half, y - half)], stroke);
            ground = None;
        }
        Some(Kind::NewSchool) | None => canvas.dot((x, y), reach, fill),
    }
    let words = cell.units.to_string();
    let room = if cell.kind == Some(Kind::Relocation) { reach } else { 2.0 * reach - 2.5 };
    if let Some(ground) = ground
        && cell.units > 1
        && reach >= 7.5
        && width(&words, SMALL, true) <= room
    {
        let ink = if is_light(ground) { INK } else { WHITE };
        let set = Type::new(SMALL, ink).bold().align(Align::Centre);
        canvas.text(x, centred_baseline(y, SMALL), &words, set);
    }
}

/// Whether dark words are read better on a colour than white ones.
fn is_light(RGBColor(red, green, blue): RGBColor) -> bool {
    0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue) > 135.0
}
