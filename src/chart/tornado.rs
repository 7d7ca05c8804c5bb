//! What matters most for an outcome: one bar a factor, the longest at the top.
//!
//! Either coefficients with their intervals (PRCC, SRC), coloured by sign, or the outcome with each
//! factor at its low and at its high end and all others unmoved, coloured by the end.

mod finding;

use self::finding::{description, title};
use super::axes::value_labels;
use super::canvas::{Canvas, Plane};
use super::frame::{Frame, Key, place_and_period};
use super::numbers::{bounded, fixed};
use super::rows::{Column, Rows, by_size, draw_bar, draw_interval, draw_upright};
use super::theme::{FALLS, INK, PALE_INK, RISES};
use super::{Caption, Estimate, Figure, Lang, Quantity};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Name of the outcome, in the language of the chart.
    pub outcome: String,
    /// The bars.
    pub bars: Bars,
}

/// What the bars measure.
#[derive(Clone, Debug)]
pub enum Bars {
    /// Coefficients from −1 to 1.
    Coefficients {
        /// What they are called, e.g. PRCC.
        name: String,
        /// Probability that the intervals have, e.g. 0.95.
        level: f64,
        /// One a factor.
        rows: Vec<Coefficient>,
    },
    /// The outcome at both ends of each factor.
    Swings {
        /// What the outcome is.
        quantity: Quantity,
        /// The outcome with no factor moved.
        base: f64,
        /// One a factor.
        rows: Vec<Swing>,
    },
}

/// A coefficient of a factor.
#[derive(Clone, Debug)]
pub struct Coefficient {
    /// Name of the factor, in the language of the chart.
    pub factor: String,
    /// The coefficient with its interval.
    pub estimate: Estimate,
}

/// The outcome with a factor at its ends; NaN where unknown.
#[derive(Clone, Debug)]
pub struct Swing {
    /// Name of the factor, in the language of the chart.
    pub factor: String,
    /// With the factor at its low end.
    pub at_low: f64,
    /// With the factor at its high end.
    pub at_high: f64,
}

/// Height of a bar, and least height of a row.
const BAR: f64 = 15.0;
const PITCH: f64 = 28.0;
/// The longest bar reaches at least so far.
const LEAST: f64 = 1e-6;

/// One bar, from whatever the chart was given.
struct Bar {
    factor: String,
    /// From, to and colour; none where nothing is known.
    parts: Vec<(f64, f64, RGBColor)>,
    interval: Option<(f64, f64)>,
    size: Option<f64>,
    words: (String, RGBColor),
}

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let (bars, base) = sorted_bars(input, lang);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, lang),
        remarks: remarks(input, lang),
        description: description(input, lang),
    };
    let Some(base) = base.filter(|_| bars.iter().any(|bar| bar.size.is_some())) else {
        return frame.paint_empty();
    };
    let names: Vec<&str> = bars.iter().map(|bar| bar.factor.as_str()).collect();
    let cells = bars.iter().map(|bar| bar.words.clone()).collect();
    let header = match &input.bars {
        Bars::Coefficients { name, .. } => name.clone(),
        Bars::Swings { .. } => lang.pick("低、高", "low, high").to_owned(),
    };
    let rows = Rows::new(&names, vec![Column { header, cells }], PITCH, input.caption.room(), lang);
    let (ticks, labels) = scale(input, &bars, base, &rows, lang);
    frame.paint(rows.height(), |canvas, area| {
        let range = (ticks.0, ticks.1);
        let plane = rows.draw(canvas, area, range, &ticks.2, &labels);
        for (i, bar) in bars.iter().enumerate() {
            draw_row(canvas, &plane, bar, rows.middle(&plane, i));
        }
        draw_upright(canvas, &plane, base);
    })
}

fn draw_row(canvas: &Canvas<'_>, plane: &Plane<'_>, bar: &Bar, y: f64) {
    for &(from, to, colour) in &bar.parts {
        draw_bar(canvas, plane, (from, to), (y, BAR), colour);
    }
    if let Some(interval) = bar.interval {
        draw_interval(canvas, plane, interval, y, INK);
    }
}

/// Ends and ticks of the scale, and the labels of the ticks.
fn scale(
    input: &Input,
    bars: &[Bar],
    base: f64,
    rows: &Rows,
    lang: Lang,
) -> ((f64, f64, Vec<f64>), Vec<String>) {
    let parts = bars.iter().flat_map(|bar| bar.parts.iter().flat_map(|p| [p.0, p.1]));
    let ends = bars.iter().filter_map(|bar| bar.interval).flat_map(|(low, high)| [low, high]);
    let (low, high) =
        parts.chain(ends).fold((base, base + LEAST), |(a, b), v| (a.min(v), b.max(v)));
    let ticks = rows.ticks(low, high, input.caption.room());
    let labels = match &input.bars {
        Bars::Swings { quantity, .. } => quantity.labels(&ticks, lang),
        Bars::Coefficients { .. } => value_labels(&ticks, 1.0, ""),
    };
    ((ticks.low(), ticks.high(), ticks.values), labels)
}

/// The bars, the longest first, and where they begin.
fn sorted_bars(input: &Input, lang: Lang) -> (Vec<Bar>, Option<f64>) {
    let (bars, base): (Vec<Bar>, _) = match &input.bars {
        Bars::Coefficients { rows, .. } => {
            (rows.iter().map(|row| of_coefficient(row, lang)).collect(), Some(0.0))
        }
        Bars::Swings { quantity, base, rows } => {
            let base = bounded(*base);
            let bar = |row| of_swing(row, base.unwrap_or(0.0), quantity, lang);
            (rows.iter().map(bar).collect(), base)
        }
    };
    let sizes: Vec<Option<f64>> = bars.iter().map(|bar| bar.size).collect();
    let mut bars: Vec<Option<Bar>> = bars.into_iter().map(Some).collect();
    let sorted = by_size(&sizes).into_iter().filter_map(|i| bars.get_mut(i)?.take());
    (sorted.collect(), base)
}

/// A bar without a value.
fn unknown(factor: &str, lang: Lang) -> Bar {
    let words = (lang.pick("无数据", "no data").to_owned(), PALE_INK);
    Bar { factor: factor.to_owned(), parts: Vec::new(), interval: None, size: None, words }
}

fn of_coefficient(row: &Coefficient, lang: Lang) -> Bar {
    let Some(value) = row.estimate.known() else {
        return unknown(&row.factor, lang);
    };
    Bar {
        parts: vec![(0.0, value, if value < 0.0 { FALLS } else { RISES })],
        interval: row.estimate.interval(),
        size: Some(value.abs()),
        words: (fixed(value, 2), INK),
        ..unknown(&row.factor, lang)
    }
}

fn of_swing(row: &Swing, base: f64, quantity: &Quantity, lang: Lang) -> Bar {
    let (Some(at_low), Some(at_high)) = (bounded(row.at_low), bounded(row.at_high)) else {
        return unknown(&row.factor, lang);
    };
    let words = [at_low, at_high].map(|value| quantity.level(value, lang));
    // The longer part is drawn first, so that the shorter one on the same side is seen.
    let mut parts = vec![(base, at_low, FALLS), (base, at_high, RISES)];
    parts.sort_by(|a, b| (b.1 - base).abs().total_cmp(&(a.1 - base).abs()));
    Bar {
        parts,
        size: Some(swing_size(row, base)),
        words: (words.join(lang.pick("、", ", ")), INK),
        ..unknown(&row.factor, lang)
    }
}

/// Distance between the lowest and the highest of both ends and the base.
fn swing_size(row: &Swing, base: f64) -> f64 {
    let low = row.at_low.min(row.at_high).min(base);
    row.at_low.max(row.at_high).max(base) - low
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    match &input.bars {
        Bars::Coefficients { .. } => vec![
            Key::area(RISES, lang.pick("因素越大，结果越大", "raises the outcome")),
            Key::area(FALLS, lang.pick("因素越大，结果越小", "lowers the outcome")),
        ],
        Bars::Swings { .. } => vec![
            Key::area(FALLS, lang.pick("因素取低值", "factor at its low end")),
            Key::area(RISES, lang.pick("因素取高值", "factor at its high end")),
        ],
    }
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let Bars::Coefficients { level, rows, .. } = &input.bars else {
        return Vec::new();
    };
    if rows.iter().all(|row| row.estimate.interval().is_none()) {
        return Vec::new();
    }
    let level = fixed(level * 100.0, 0);
    vec![match lang {
        Lang::Zh => format!("细线为{level}%区间"),
        Lang::En => format!("thin lines are {level}% intervals"),
    }]
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &[], lang);
    let outcome = &input.outcome;
    match (&input.bars, lang) {
        (Bars::Coefficients { name, .. }, Lang::Zh) => {
            format!("{place}，各因素与{outcome}的{name}")
        }
        (Bars::Coefficients { name, .. }, Lang::En) => {
            format!("{place}: {name} of each factor with {outcome}")
        }
        (Bars::Swings { quantity, base, .. }, _) => {
            let base = bounded(*base).map_or("—".to_owned(), |base| quantity.level(base, lang));
            let unit = quantity.unit(lang);
            match lang {
                Lang::Zh => {
                    format!(
                        "{place}，各因素单独取低值、高值时的{outcome}（{unit}；都不变时{base}）"
                    )
                }
                Lang::En => format!(
                    "{place}: {outcome} ({unit}) with one factor at its low or high end; {base} with none moved"
                ),
            }
        }
    }
}
