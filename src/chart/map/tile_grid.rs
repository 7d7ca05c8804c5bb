//! Districts as tiles on a grid: name and value in each.

use super::super::Lang;
use super::super::canvas::{Align, Canvas, Rect, Stroke, Type};
use super::super::font::width;
use super::super::heatmap::{cell_number, colours};
use super::super::text::{clean, fit, wrap};
use super::super::theme::{FAINT, LEADING, MISSING, SMALL};
use super::Input;

/// Gap between tiles.
const GAP: f64 = 3.0;
/// Empty border within a tile, left and right together.
const INSIDE: f64 = 6.0;
/// A tile is as high as it is wide, up to this.
const HIGHEST: f64 = 68.0;
/// Most columns and rows of tiles that are drawn where they are put.
const MOST: usize = 20;

/// A grid of tiles for panels of a width.
pub(super) struct Grid {
    /// Column and row of each district.
    places: Vec<(usize, usize)>,
    /// Lines of each name.
    names: Vec<Vec<String>>,
    is_legible: bool,
    tile: (f64, f64),
    rows: usize,
}

impl Grid {
    pub fn new(input: &Input, tiles: &[Option<(u16, u16)>], wide: f64, lang: Lang) -> Grid {
        let places = places(input.districts.len(), tiles);
        let columns = places.iter().map(|(column, _)| column + 1).max().unwrap_or(1);
        let rows = places.iter().map(|(_, row)| row + 1).max().unwrap_or(1);
        let across = wide / columns as f64;
        let limit = (across - GAP - INSIDE).max(SMALL);
        let (mut names, mut is_legible) = (Vec::new(), true);
        for district in &input.districts {
            let (lines, is_whole) = name_lines(&district.name, lang, limit);
            is_legible &= is_whole;
            names.push(lines);
        }
        let years = 0..input.years.len();
        let mut values =
            years.flat_map(|i| input.districts.iter().filter_map(move |d| super::at(&d.share, i)));
        is_legible &= values.all(|share| width(&cell_number(share), SMALL, false) <= limit);
        let lines = 1 + names.iter().map(Vec::len).max().unwrap_or(1);
        let least = lines as f64 * SMALL * LEADING + INSIDE + GAP;
        // Tiles that names make wide stay low.
        let high = if across > HIGHEST * 1.3 { least } else { across.min(HIGHEST) };
        let tile = (across, high.max(least));
        Grid { places, names, is_legible, tile, rows }
    }

    /// Whether all names and values find room.
    pub fn is_legible(&self) -> bool {
        self.is_legible
    }

    pub fn height(&self) -> f64 {
        self.rows as f64 * self.tile.1
    }

    /// Draws the tiles with the share of each district.
    pub fn draw(&self, canvas: &Canvas<'_>, area: Rect, shares: &[Option<f64>]) {
        for ((&(column, row), lines), share) in self.places.iter().zip(&self.names).zip(shares) {
            let left = area.left + column as f64 * self.tile.0;
            let top = area.top + row as f64 * self.tile.1;
            let (right, bottom) = (left + self.tile.0 - GAP, top + self.tile.1 - GAP);
            let tile = Rect { left, top, right, bottom };
            draw_tile(canvas, tile, lines, *share);
        }
    }
}

fn draw_tile(canvas: &Canvas<'_>, tile: Rect, name: &[String], share: Option<f64>) {
    let (fill, ink) = share.map_or((MISSING, super::MISSING_INK), colours);
    canvas.fill(tile, fill);
    let edge = [
        (tile.left, tile.top),
        (tile.right, tile.top),
        (tile.right, tile.bottom),
        (tile.left, tile.bottom),
        (tile.left, tile.top),
    ];
    canvas.line(&edge, Stroke::solid(FAINT, 0.8));
    let middle = (tile.left + tile.right) / 2.0;
    let set = Type::new(SMALL, super::name_ink(ink)).align(Align::Centre);
    let mut lines: Vec<(String, Type)> = name.iter().map(|line| (line.clone(), set)).collect();
    // A line of its own, empty, keeps the names of all tiles at one height.
    let value = share.map_or_else(String::new, cell_number);
    lines.push((value, set.bold()));
    let centre = (tile.top + tile.bottom) / 2.0;
    canvas.text_block(middle, centre, &lines);
    if share.is_none() {
        let y = centre + (lines.len() as f64 - 1.0) / 2.0 * set.leading();
        canvas.line(&[(middle - 5.0, y), (middle + 5.0, y)], Stroke::solid(FAINT, 1.4));
    }
}

/// The name on one or two lines, and whether it is there in full but for a 区, 县 or 市 at its end.
pub(super) fn name_lines(name: &str, lang: Lang, limit: f64) -> (Vec<String>, bool) {
    let whole = clean(name, lang);
    let fits = |text: &str| width(text, SMALL, false) <= limit;
    if fits(&whole) {
        return (vec![whole], true);
    }
    let short = whole.strip_suffix(['区', '县', '市']).filter(|short| short.chars().count() >= 2);
    if let Some(short) = short.filter(|short| fits(short)) {
        return (vec![short.to_owned()], true);
    }
    // Two lines of about the same width.
    let half = width(&whole, SMALL, false) / 2.0;
    for part in [half, half * 1.15, half * 1.3, half * 1.5, limit] {
        let lines = wrap(&whole, lang, SMALL, false, part.min(limit).max(SMALL));
        if lines.len() == 2
            && lines.concat().chars().count() + 1 >= whole.chars().count()
            && !cut(&lines, &whole)
        {
            return (lines, true);
        }
    }
    (vec![fit(&whole, lang, SMALL, false, limit)], false)
}

/// Whether a Latin word is broken between the lines.
fn cut(lines: &[String], whole: &str) -> bool {
    let first = lines.first().map_or("", String::as_str);
    let after = whole.get(first.len()..).and_then(|rest| rest.chars().next());
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    first.chars().last().is_some_and(is_latin) && after.is_some_and(is_latin)
}

/// Column and row of each district, from zero, without empty columns to the left or rows above.
fn places(count: usize, tiles: &[Option<(u16, u16)>]) -> Vec<(usize, usize)> {
    let mut places: Vec<Option<(usize, usize)>> = Vec::new();
    for i in 0..count {
        let tile = tiles.get(i).copied().flatten().map(|(c, r)| (usize::from(c), usize::from(r)));
        let is_taken = tile.is_some() && places.contains(&tile);
        places.push(tile.filter(|_| !is_taken));
    }
    let known = || places.iter().flatten();
    let least = (known().map(|p| p.0).min().unwrap_or(0), known().map(|p| p.1).min().unwrap_or(0));
    let most = (known().map(|p| p.0).max(), known().map(|p| p.1).max());
    let size = |most: Option<usize>, least: usize| most.map_or(0, |most| most - least + 1);
    let (mut columns, mut rows) = (size(most.0, least.0), size(most.1, least.1));
    if columns == 0 || columns > MOST || rows > MOST {
        places.iter_mut().for_each(|place| *place = None);
        // About three tiles across to two down.
        columns = (1..=MOST).find(|n| n * n * 2 >= count * 3).unwrap_or(MOST).min(count.max(1));
        rows = 0;
    }
    let mut after = 0;
    let mut place = |place: &Option<(usize, usize)>| match place {
        Some((column, row)) => (column - least.0, row - least.1),
        None => {
            after += 1;
            ((after - 1) % columns, rows + (after - 1) / columns)
        }
    };
    places.iter().map(&mut place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_stand_where_they_are_put_and_others_below() {
        let tiles = [Some((3, 2)), Some((5, 1)), None, Some((3, 2))];
        assert_eq!(places(4, &tiles), [(0, 1), (2, 0), (0, 2), (1, 2)]);
    }

    #[test]
    fn without_tiles_districts_stand_in_their_order() {
        assert_eq!(places(6, &[]), [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]);
        assert_eq!(places(1, &[]), [(0, 0)]);
        assert_eq!(places(2, &[Some((1, 1)), Some((u16::MAX, 1))]), [(0, 0), (1, 0)]);
        assert!(places(0, &[]).is_empty());
    }

    #[test]
    fn a_name_without_room_loses_its_suffix_or_takes_two_lines() {
        let lines = |name, limit| name_lines(name, Lang::Zh, limit);
        assert_eq!(lines("示范区", 45.0), (vec!["示范区".to_owned()], true));
        assert_eq!(lines("示范区", 40.0), (vec!["示范".to_owned()], true));
        let two = vec!["管城回".to_owned(), "族区".to_owned()];
        assert_eq!(lines("管城回族区", 50.0), (two, true));
        let english = name_lines("High-tech Zone", Lang::En, 80.0);
        assert_eq!(english, (vec!["High-tech".to_owned(), "Zone".to_owned()], true));
        assert!(!name_lines("Demonstration", Lang::En, 50.0).1);
    }
}
