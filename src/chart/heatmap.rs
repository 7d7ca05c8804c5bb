//! Share of oversized classes by district and year, one panel a stage.
//!
//! Shares fall into classes with fixed bounds, so that pictures can be compared; the first class is what
//! counts as cleared. Lightness falls from class to class. A cell without a value has a dash.

mod finding;

use self::finding::{description, panel_finding, title};
use super::axes::{YEARS_HEIGHT, draw_years, year_range};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type, centred_baseline};
use super::font::width;
use super::frame::{Frame, PANEL_STRIP, draw_panel_name, place_and_period};
use super::numbers::{at, fixed, threshold};
use super::text::{capitalised, fit};
use super::theme::{AXIS, FAINT, HEAT, INK, MISSING, SMALL, SOFT_INK};
use super::{Caption, Definition, Figure, Lang, Stage, stage_name};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// What counts as oversized and as cleared.
    pub definition: Definition,
    /// One panel a stage, from top to bottom.
    pub panels: Vec<Panel>,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The stage.
    pub stage: Stage,
    /// Districts from top to bottom.
    pub rows: Vec<Row>,
    /// Share of oversized classes of the whole city by year (0 to 1), set off below the districts.
    pub total: Option<Vec<f64>>,
}

/// One district.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name, in the language of the chart.
    pub district: String,
    /// Share of oversized classes by year, 0 to 1; NaN where there are no classes.
    pub share: Vec<f64>,
}

/// Height of a row, and its least height where there are many.
const ROW: f64 = 22.0;
/// Width of a class in the colour bar.
const BLOCK: f64 = 52.0;
/// Widest name of a district at the standard size.
const NAME_WIDTH: f64 = 150.0;
/// Gap above the row of the whole city.
const TOTAL_GAP: f64 = 5.0;
/// Height of the colour bar with its labels.
pub(super) const BAR_HEIGHT: f64 = 46.0;
/// Least distance between the numbers of neighbouring cells.
const NUMBER_GAP: f64 = 4.0;

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
        remarks: Vec::new(),
        description: description(input, lang),
    };
    let panels: Vec<&Panel> = input.panels.iter().filter(|p| rows(p) > 0).collect();
    if input.years.is_empty() || panels.is_empty() {
        return frame.paint_empty();
    }
    let height = |panel: &Panel| {
        let gap = if panel.total.is_some() { TOTAL_GAP } else { 0.0 };
        PANEL_STRIP + rows(panel) as f64 * ROW + gap + YEARS_HEIGHT + 6.0
    };
    let total = BAR_HEIGHT + panels.iter().map(|panel| height(panel)).sum::<f64>();
    frame.paint(total, |canvas, area| {
        draw_colour_bar(canvas, area, has_missing(input), lang);
        let mut top = area.top + BAR_HEIGHT;
        let left = area.left + names_width(input, lang);
        for panel in panels {
            let strip = Rect { top, ..area };
            let name = capitalised(stage_name(panel.stage, lang));
            draw_panel_name(canvas, strip, &name, &panel_finding(input, panel, lang), lang);
            let next = top + height(panel);
            let plot = Rect {
                left,
                top: top + PANEL_STRIP,
                right: area.right,
                bottom: next - YEARS_HEIGHT - 6.0,
            };
            draw_panel(canvas, input, panel, plot, lang);
            top = next;
        }
    })
}

fn rows(panel: &Panel) -> usize {
    panel.rows.len() + usize::from(panel.total.is_some())
}

fn draw_panel(canvas: &Canvas<'_>, input: &Input, panel: &Panel, plot: Rect, lang: Lang) {
    let range = year_range(&input.years, true);
    // One unit of y is one unit of the picture, counted from the top.
    let plane = canvas.plane(plot, range, (plot.height(), 0.0));
    for (i, row) in panel.rows.iter().enumerate() {
        let top = i as f64 * ROW;
        draw_row(canvas, &plane, input, top, &row.district, &row.share, lang);
    }
    if let Some(total) = &panel.total {
        let name = lang.pick("全市", "Whole city");
        draw_row(canvas, &plane, input, plot.height() - ROW, name, total, lang);
    }
    draw_years(canvas, &plane, &input.years);
}

/// Draws one district: its name and one cell a year.
fn draw_row(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    top: f64,
    name: &str,
    shares: &[f64],
    lang: Lang,
) {
    let middle = plane.frame.top + top + ROW / 2.0;
    let baseline = centred_baseline(middle, SMALL);
    let name = fit(name, lang, SMALL, false, input.caption.in_proportion(NAME_WIDTH));
    let set = Type::new(SMALL, INK).align(Align::Right);
    canvas.text(plane.frame.left - 7.0, baseline, &name, set);
    let cell = cell_width(input, plane.frame.width());
    let gap = (cell * 0.03).min(0.7) * (plane.x.1 - plane.x.0) / plane.frame.width();
    let has_numbers = numbers_fit(input, cell);
    for (i, &year) in input.years.iter().enumerate() {
        let share = at(shares, i);
        let (fill, ink) = share.map_or((MISSING, FAINT), colours);
        let (from, to) = (f64::from(year) - 0.5 + gap, f64::from(year) + 0.5 - gap);
        plane.bar((from, top + 0.7), (to, top + ROW - 0.7), fill);
        let (x, _) = plane.at((f64::from(year), 0.0));
        match share {
            None => {
                let half = (cell * 0.22).min(5.0);
                canvas.line(&[(x - half, middle), (x + half, middle)], Stroke::solid(FAINT, 1.2));
            }
            Some(share) if has_numbers => {
                let set = Type::new(SMALL, ink).align(Align::Centre);
                canvas.text(x, baseline, &cell_number(share), set);
            }
            Some(_) => {}
        }
    }
}

/// Per cent with two significant digits: 0, 0.4, 3.1, 24.
pub(super) fn cell_number(share: f64) -> String {
    match share * 100.0 {
        v if v < 0.05 => "0".to_owned(),
        v if v < 9.95 => fixed(v, 1),
        v => fixed(v, 0),
    }
}

fn cell_width(input: &Input, plot_width: f64) -> f64 {
    let (first, last) = year_range(&input.years, true);
    plot_width / (last - first)
}

/// Whether every number fits its cell.
fn numbers_fit(input: &Input, cell: f64) -> bool {
    let panels = input.panels.iter();
    let series = panels.flat_map(|p| p.rows.iter().map(|row| &row.share).chain(&p.total));
    let values = series.flat_map(|shares| (0..input.years.len()).filter_map(|i| at(shares, i)));
    let widths = values.map(|share| width(&cell_number(share), SMALL, false));
    widths.fold(0.0, f64::max) + NUMBER_GAP <= cell
}

/// The fill of a share and the colour of words on it.
pub(super) fn colours(share: f64) -> (RGBColor, RGBColor) {
    let class = HEAT.iter().find(|(bound, ..)| share <= *bound);
    class.map_or((MISSING, INK), |&(_, fill, ink)| (fill, ink))
}

fn names_width(input: &Input, lang: Lang) -> f64 {
    let districts = input.panels.iter().flat_map(|panel| &panel.rows);
    let names = districts.map(|row| row.district.as_str());
    let names = names.chain([lang.pick("全市", "Whole city")]);
    let most = input.caption.in_proportion(NAME_WIDTH);
    let widths = names.map(|n| width(&fit(n, lang, SMALL, false, most), SMALL, false));
    widths.fold(0.0, f64::max) + 9.0
}

/// The classes side by side, their bounds below the seams.
pub(super) fn draw_colour_bar(canvas: &Canvas<'_>, area: Rect, has_missing: bool, lang: Lang) {
    let (top, bottom) = (area.top + 3.0, area.top + 18.0);
    let set = Type::new(SMALL, SOFT_INK);
    let words = lang.pick("大班额占比", "Oversized");
    canvas.text(area.left, centred_baseline((top + bottom) / 2.0, SMALL), words, set);
    let start = area.left + width(words, SMALL, false) + 12.0;
    let missing = if has_missing { width(no_classes(lang), SMALL, false) + 60.0 } else { 0.0 };
    let block = ((area.right - start - missing) / HEAT.len() as f64).min(BLOCK);
    let (mut x, mut lower) = (start, 0.0);
    for (i, &(upper, fill, _)) in HEAT.iter().enumerate() {
        canvas.fill(Rect { left: x, top, right: x + block, bottom }, fill);
        if i > 0 {
            canvas.line(&[(x, top), (x, bottom + 4.0)], Stroke::solid(AXIS, 1.0));
            canvas.text(x, bottom + 18.0, &threshold(lower), set.align(Align::Centre));
        }
        (x, lower) = (x + block, upper);
    }
    let edge = [(start, top), (x, top), (x, bottom), (start, bottom), (start, top)];
    canvas.line(&edge, Stroke::solid(AXIS, 0.8));
    if has_missing {
        draw_missing_sample(canvas, Rect { left: x + 22.0, top, right: x + 46.0, bottom }, lang);
    }
}

/// Explains the cells without a value.
fn draw_missing_sample(canvas: &Canvas<'_>, sample: Rect, lang: Lang) {
    canvas.fill(sample, MISSING);
    let middle = (sample.top + sample.bottom) / 2.0;
    let dash = [(sample.left + 7.0, middle), (sample.right - 7.0, middle)];
    canvas.line(&dash, Stroke::solid(FAINT, 1.2));
    let words = no_classes(lang);
    let baseline = centred_baseline(middle, SMALL);
    canvas.text(sample.right + 7.0, baseline, words, Type::new(SMALL, SOFT_INK));
}

fn no_classes(lang: Lang) -> &'static str {
    lang.pick("无班级", "no classes")
}

fn has_missing(input: &Input) -> bool {
    let panels = input.panels.iter();
    let mut series = panels.flat_map(|p| p.rows.iter().map(|row| &row.share).chain(&p.total));
    series.any(|shares| (0..input.years.len()).any(|i| at(shares, i).is_none()))
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let from = input.definition.oversized_from;
    match lang {
        Lang::Zh => format!("{place}，大班额（每班≥{from}人）占班级总数的比例（%）"),
        Lang::En => {
            format!("{place}: classes of {from} or more pupils as % of all classes")
        }
    }
}
