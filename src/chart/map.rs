//! Share of oversized classes of a stage by district, one small map a year.
//!
//! Districts are drawn as tiles that stand roughly where the districts lie, or with their outlines from
//! a GeoJSON. The colours are those of `heatmap`: classes with fixed bounds, so that pictures
//! can be compared; the first class is what counts as cleared. A district without classes is grey with a dash.

mod finding;
mod geojson;
mod geometry;
mod outlines;
mod tile_grid;

use self::finding::{description, panel_finding, title};
pub use self::geojson::{GeoError, Regions};
use self::outlines::Outlines;
use self::tile_grid::Grid;
use super::canvas::{Canvas, Rect};
use super::frame::{Frame, PANEL_STRIP, draw_panel_name, place_and_period};
use super::heatmap::{BAR_HEIGHT, draw_colour_bar};
use super::numbers::{at, period};
use super::theme::{INK, PALE_INK};
use super::{Caption, Definition, Figure, Lang, Stage, stage_name};
use plotters::style::{RGBColor, WHITE};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years shown, ascending, one panel each. Two to six read well.
    pub years: Vec<i32>,
    /// What counts as oversized and as cleared.
    pub definition: Definition,
    /// The stage.
    pub stage: Stage,
    /// The districts, in the city's order.
    pub districts: Vec<District>,
    /// How the districts are drawn.
    pub layout: Layout,
}

/// One district.
#[derive(Clone, Debug)]
pub struct District {
    /// Name, in the language of the chart. A Chinese 区, 县 or 市 at its end is left out where it
    /// finds no room.
    pub name: String,
    /// Share of oversized classes by year shown, 0 to 1; NaN where there are no classes.
    pub share: Vec<f64>,
}

/// How the districts are drawn.
#[derive(Clone, Debug)]
pub enum Layout {
    /// As tiles, each at its column and row from the top left, in the order of the districts (`tile` in the
    /// city's file). Without any, they stand in rows in their order; those of some
    /// districts only, or two on one place, are put below the others.
    Tiles(Vec<Option<(u16, u16)>>),
    /// With their outlines, in the order of the districts.
    Regions(Regions),
}

/// Gap between panels.
const GAP: f64 = 22.0;
/// Gap between rows of panels.
const ROW_GAP: f64 = 10.0;

/// How one panel is drawn.
enum Drawn {
    Tiles(Grid),
    Outlines(Outlines),
}

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: Vec::new(),
        remarks: remarks(input, lang),
        description: description(input, lang),
    };
    if input.years.is_empty() || input.districts.is_empty() {
        return frame.paint_empty();
    }
    let room = input.caption.room();
    let columns = (1..=input.years.len().min(6)).rev();
    let wide = |columns: usize| (room - (columns - 1) as f64 * GAP) / columns as f64;
    let (columns, drawn) = match &input.layout {
        Layout::Tiles(tiles) => {
            let fitting = columns.map(|n| (n, Grid::new(input, tiles, wide(n), lang)));
            let mut fitting = fitting.filter(|(n, grid)| *n == 1 || grid.is_legible());
            match fitting.next() {
                Some((columns, grid)) => (columns, Drawn::Tiles(grid)),
                None => return frame.paint_empty(),
            }
        }
        Layout::Regions(regions) => {
            let columns = columns.into_iter().filter(|n| *n == 1 || wide(*n) >= LEAST_OUTLINES);
            let maps = columns.map(|n| (n, Outlines::new(input, regions, wide(n), lang)));
            let mut maps = maps.into_iter().filter(|(n, map)| *n == 1 || map.is_legible());
            match maps.next() {
                Some((columns, outlines)) => (columns, Drawn::Outlines(outlines)),
                None => return frame.paint_empty(),
            }
        }
    };
    let high = PANEL_STRIP
        + match &drawn {
            Drawn::Tiles(grid) => grid.height(),
            Drawn::Outlines(outlines) => outlines.height(),
        };
    let rows = input.years.len().div_ceil(columns) as f64;
    frame.paint(BAR_HEIGHT + 8.0 + rows * (high + ROW_GAP), |canvas, area| {
        draw_colour_bar(canvas, area, has_missing(input), lang);
        for i in 0..input.years.len() {
            let left = area.left + (i % columns) as f64 * (wide(columns) + GAP);
            let top = area.top + BAR_HEIGHT + 8.0 + (i / columns) as f64 * (high + ROW_GAP);
            let panel = Rect { left, top, right: left + wide(columns), bottom: top + high };
            draw_panel(canvas, input, &drawn, i, panel, lang);
        }
    })
}

/// Least width of a panel with outlines.
const LEAST_OUTLINES: f64 = 290.0;

fn draw_panel(
    canvas: &Canvas<'_>,
    input: &Input,
    drawn: &Drawn,
    i: usize,
    panel: Rect,
    lang: Lang,
) {
    let name = period(&input.years[i..=i], lang);
    draw_panel_name(canvas, panel, &name, &panel_finding(input, i, lang), lang);
    let body = Rect { top: panel.top + PANEL_STRIP, ..panel };
    let shares: Vec<Option<f64>> = input.districts.iter().map(|d| at(&d.share, i)).collect();
    match drawn {
        Drawn::Tiles(grid) => grid.draw(canvas, body, &shares),
        Drawn::Outlines(outlines) => outlines.draw(canvas, body, &shares),
    }
}

/// Colour of words where there is no value.
const MISSING_INK: RGBColor = PALE_INK;

/// The colour of a name where the value has a colour: on the lightest class, values stand back, names do not.
fn name_ink(value: RGBColor) -> RGBColor {
    if value == WHITE { WHITE } else { INK }
}

fn has_missing(input: &Input) -> bool {
    let years = 0..input.years.len();
    years.into_iter().any(|i| input.districts.iter().any(|d| at(&d.share, i).is_none()))
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let (comma, mut remarks) = (lang.pick("、", ", "), Vec::new());
    match &input.layout {
        Layout::Tiles(tiles) if tiles.iter().any(Option::is_some) => {
            let words = (
                "方格大致按方位排列，大小无含义",
                "tiles stand roughly where the districts lie; their size means nothing",
            );
            remarks.push(lang.pick(words.0, words.1).to_owned());
        }
        Layout::Tiles(_) => {}
        Layout::Regions(regions) => {
            let missing = regions.without_outline();
            let missing = missing.iter().filter_map(|i| input.districts.get(*i));
            let missing: Vec<&str> = missing.map(|district| district.name.as_str()).collect();
            if !missing.is_empty() {
                let words = lang.pick("地图中没有", "not on the map: ");
                remarks.push(format!("{words}{}", missing.join(comma)));
            }
            if !regions.unmatched.is_empty() {
                let words = lang.pick("空白处不属于本市区县：", "empty areas are no district: ");
                let shown: Vec<&str> =
                    regions.unmatched.iter().take(8).map(String::as_str).collect();
                let more = lang.pick("等", ", ...");
                let more = if regions.unmatched.len() > shown.len() { more } else { "" };
                remarks.push(format!("{words}{}{more}", shown.join(comma)));
            }
        }
    }
    remarks
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let (from, stage) = (input.definition.oversized_from, stage_name(input.stage, lang));
    match lang {
        Lang::Zh => format!("{place}，各区县{stage}大班额（每班≥{from}人）占比（%）"),
        Lang::En => {
            format!("{place}: % of {stage} classes that have {from} or more pupils")
        }
    }
}
