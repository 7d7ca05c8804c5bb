//! Quantities projected from earlier years beside what was published later: one small panel a quantity.
//!
//! Each panel has its own scale, since a scale of schools says nothing of pupils. A line begins at the base year of its start,
//! with the 80 % band of its draws; published values are dots, hollow where none of the starts forecast them. The thin level line
//! is what a start would say that knew only the latest published value.

mod finding;

use self::finding::{description, title};
use super::axes::{YEARS_HEIGHT, draw_few_years, labels_width, value_labels, year_range};
use super::axes::{draw_base_line, draw_values};
use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::marks::Mark;
use super::numbers::{Scale, Ticks, at, runs};
use super::series::draw_band;
use super::theme::{INK, scenario, tint};
use super::tiles::even;
use super::{Caption, Figure, Lang};
use plotters::style::{RGBColor, WHITE};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// The starts, in the order of the lines.
    pub starts: Vec<Start>,
    /// One panel a quantity.
    pub panels: Vec<Panel>,
    /// What the title tells.
    pub finding: Finding,
}

/// A start.
#[derive(Clone, Debug)]
pub struct Start {
    /// Name, in the language of the chart.
    pub name: String,
    /// Whether what it says of later years are forecasts.
    pub is_forecast: bool,
}

/// One quantity.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Name, in the language of the chart.
    pub name: String,
    /// Shares are shown in percent.
    pub is_share: bool,
    /// Published values.
    pub published: Vec<Dot>,
    /// One line a start that has the quantity.
    pub lines: Vec<Line>,
}

/// A published value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Its year.
    pub year: i32,
    /// The value; shares from 0 to 1.
    pub value: f64,
    /// Whether a start forecast it, or it lies before the starts.
    pub is_open: bool,
}

/// What a start says.
#[derive(Clone, Debug)]
pub struct Line {
    /// Index of the start.
    pub start: usize,
    /// Values by year; NaN before the base year.
    pub model: Vec<f64>,
    /// 10th percentile of the draws, likewise.
    pub low: Vec<f64>,
    /// 90th percentile of the draws, likewise.
    pub high: Vec<f64>,
    /// The latest published value up to the base year, and that year of the run from which it is kept.
    pub last_value: Option<(i32, f64)>,
}

/// Errors of the counted forecasts, for the title.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Finding {
    /// Forecasts of pupils.
    pub n_pupils: usize,
    /// Their mean absolute error, percent.
    pub error_percent: f64,
    /// Shortest and longest lead time of them.
    pub leads: (i32, i32),
    /// Forecasts beside which there is a last value.
    pub n_beside_last: usize,
    /// Of these, those that are nearer than it.
    pub n_nearer: usize,
}

/// Gap between columns.
const GAP: f64 = 20.0;
/// Height of a panel's plot.
const HEIGHT: f64 = 118.0;
/// A scale whose lowest value is below this part of the highest begins at zero.
const FROM_ZERO: f64 = 0.45;
/// How much of a colour is left in its band.
const BAND: f64 = 0.22;

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
        keys: keys(input, lang),
        remarks: remarks(input, lang),
        description: description(input, lang),
    };
    if input.years.is_empty() || input.panels.is_empty() {
        return frame.paint_empty();
    }
    let room = input.caption.room();
    // Many panels are narrower than few.
    let narrowest = if input.panels.len() > 4 { 220.0 } else { 330.0 };
    let columns = ((room / narrowest) as usize).clamp(1, input.panels.len());
    let columns = even(input.panels.len(), columns, room);
    let height = input.caption.size.plot_height(HEIGHT);
    let rows = input.panels.len().div_ceil(columns);
    let pitch = PANEL_STRIP + 6.0 + height + YEARS_HEIGHT;
    let cell = (room - (columns - 1) as f64 * GAP) / columns as f64;
    frame.paint(rows as f64 * pitch, |canvas, area| {
        for (i, panel) in input.panels.iter().enumerate() {
            let left = area.left + (i % columns) as f64 * (cell + GAP);
            let top = area.top + (i / columns) as f64 * pitch;
            let bounds = Rect { left, top, right: left + cell, bottom: top + pitch };
            draw_panel(canvas, input, panel, bounds, lang);
        }
    })
}

/// A value as it is drawn: at least zero and not endless.
fn drawable(value: f64) -> Option<f64> {
    at(&[value], 0)
}

/// The scale of a panel: its values with a little room, from zero where they reach near it.
fn ticks_of(input: &Input, panel: &Panel) -> Ticks {
    let lines = panel.lines.iter().flat_map(|line| [&line.model, &line.low, &line.high]);
    let dots = panel.published.iter().map(|dot| dot.value);
    let last = panel.lines.iter().filter_map(|line| Some(line.last_value?.1));
    let values = lines.flat_map(|line| line.iter().take(input.years.len()).copied());
    let all = values.chain(dots).chain(last).filter_map(drawable);
    let (low, high) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let least = if panel.is_share { 0.002 } else { 4.0 };
    let spread = (high - low).max(least);
    let low = if low < FROM_ZERO * high { 0.0 } else { (low - 0.04 * spread).max(0.0) };
    Ticks::spanning(low, high.max(low + least), 4.0)
}

fn draw_panel(canvas: &Canvas<'_>, input: &Input, panel: &Panel, bounds: Rect, lang: Lang) {
    let ticks = ticks_of(input, panel);
    let scale = Scale::for_numbers_up_to(ticks.high(), lang);
    let labels = match panel.is_share {
        true => value_labels(&ticks, 0.01, "%"),
        false => value_labels(&ticks, scale.divisor, suffix(&scale, lang)),
    };
    let strip = Rect { bottom: bounds.top + PANEL_STRIP, ..bounds };
    draw_panel_name(canvas, strip, &panel.name, "", lang);
    let top = strip.bottom + 2.0;
    let plot = Rect {
        left: bounds.left + labels_width(&labels),
        top,
        right: bounds.right - 6.0,
        bottom: top + input.caption.size.plot_height(HEIGHT),
    };
    let plane = canvas.plane(plot, year_range(&input.years, false), (ticks.low(), ticks.high()));
    for line in &panel.lines {
        draw_band(&plane, &input.years, (&line.low, &line.high), band_colour(line.start));
    }
    if panel.lines.len() > 1 {
        panel.lines.iter().for_each(|line| draw_ends(&plane, input, line));
    }
    draw_values(canvas, &plane, &ticks, &labels);
    draw_base_line(canvas, &plane, ticks.low());
    draw_few_years(canvas, &plane, &input.years, (bounds.left, bounds.right));
    for line in &panel.lines {
        let last = line.last_value.and_then(|(from, value)| Some((from, drawable(value)?)));
        if let Some((from, value)) = last {
            let from = f64::from(from).clamp(plane.x.0, plane.x.1);
            plane.series(&[(from, value), (plane.x.1, value)], level(line.start));
        }
    }
    for line in panel.lines.iter().rev() {
        for run in runs(&input.years, &line.model) {
            plane.series(&run, stroke(input, line.start));
        }
    }
    for dot in &panel.published {
        let x = f64::from(dot.year);
        if let (Some(value), true) = (drawable(dot.value), (plane.x.0..=plane.x.1).contains(&x)) {
            let at = plane.at((x, value));
            canvas.dot(at, 4.4, WHITE);
            canvas.dot(at, 3.4, INK);
            if !dot.is_open {
                canvas.dot(at, 2.0, WHITE);
            }
        }
    }
}

/// What stands behind a number of a scale; there is no room for words beside every name.
fn suffix(scale: &Scale, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => scale.zh,
        Lang::En if scale.divisor >= 1e6 => "m",
        Lang::En if scale.divisor >= 1e3 => "k",
        Lang::En => "",
    }
}

/// The ends of the band, which another band may cover.
fn draw_ends(plane: &Plane<'_>, input: &Input, line: &Line) {
    let colour = tint(scenario(line.start).line, 2.0 * BAND);
    for end in [&line.low, &line.high] {
        for run in runs(&input.years, end).iter().filter(|run| run.len() > 1) {
            plane.series(run, Stroke::solid(colour, 0.8));
        }
    }
}

fn band_colour(start: usize) -> RGBColor {
    tint(scenario(start).line, BAND)
}

fn stroke(input: &Input, start: usize) -> Stroke {
    let colour = scenario(start).line;
    match input.starts.get(start).is_some_and(|start| start.is_forecast) {
        true => Stroke::solid(colour, 2.4),
        false => Stroke::dashed(colour, 2.0, 6.0, 3.0),
    }
}

fn level(start: usize) -> Stroke {
    Stroke::dashed(scenario(start).line, 0.9, 1.6, 2.2)
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for (i, start) in input.starts.iter().enumerate() {
        let name = match start.is_forecast {
            true => start.name.clone(),
            false => format!("{}{}", start.name, lang.pick("（不是预测）", " (not a forecast)")),
        };
        keys.push(Key::line(stroke(input, i), name).coloured(scenario(i).words));
    }
    let first = input.panels.iter().flat_map(|panel| &panel.lines).map(|line| line.start).min();
    let first = first.unwrap_or(0);
    let has_band = |line: &Line| line.low.iter().any(|value| value.is_finite());
    if input.panels.iter().flat_map(|panel| &panel.lines).any(has_band) {
        let label = lang.pick("80%区间", "80 % interval");
        keys.push(Key::area(band_colour(first), label));
    }
    keys.push(Key::line(level(first), lang.pick("沿用上次数值", "last value kept")));
    keys.push(Key::mark(Mark::Dot, INK, lang.pick("公布值", "published")));
    if input.panels.iter().flat_map(|panel| &panel.published).any(|dot| !dot.is_open) {
        let label = lang.pick("公布值（不计入）", "published, not counted");
        keys.push(Key::mark(Mark::Ring, INK, label));
    }
    keys
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let cut = input.panels.iter().any(|panel| ticks_of(input, panel).low() > 0.0);
    let words = lang.pick(
        "各图纵轴不同，不都从零开始",
        "each panel has a scale of its own, and not all begin at zero",
    );
    if cut { vec![words.to_owned()] } else { Vec::new() }
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    match lang {
        Lang::Zh => format!("{place}，自早年起点测算与后来公布的数字"),
        Lang::En => format!("{place}: projected from earlier years, and published later"),
    }
}
