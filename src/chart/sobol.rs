//! Shares of an outcome's variance: first and total order of every factor with their intervals, sorted by total.
//!
//! The first order is what a factor explains alone, the total what it explains together with all others
//! (Sobol' 2001, Saltelli et al. 2010). The first orders of independent factors add up to at most one; the rest is interaction.

mod finding;

use self::finding::{description, title};
use super::axes::value_labels;
use super::frame::{Frame, Key, place_and_period};
use super::numbers::fixed;
use super::rows::intervals_in_words;
use super::rows::{Column, Rows, by_size, draw_bar, draw_interval, draw_upright};
use super::theme::{INK, scenario};
use super::{Caption, Estimate, Figure, Lang};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Name of the outcome, in the language of the chart.
    pub outcome: String,
    /// Base points N of the design.
    pub base_points: u64,
    /// Probability that the intervals have, e.g. 0.95.
    pub level: f64,
    /// One row a factor.
    pub rows: Vec<Row>,
}

/// The indices of one factor.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name of the factor, in the language of the chart.
    pub factor: String,
    /// Share of the variance that the factor explains alone.
    pub first: Estimate,
    /// Share that the factor explains alone and together with others.
    pub total: Estimate,
}

/// Height of a bar, distance between the two of a row, least height of a row.
const BAR: f64 = 10.0;
const BETWEEN: f64 = 12.0;
const PITCH: f64 = 33.0;
/// Indices are drawn within these bounds; estimates beyond are cut.
const BOUNDS: (f64, f64) = (-0.5, 1.5);

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let totals: Vec<Option<f64>> = input.rows.iter().map(|row| row.total.known()).collect();
    let rows: Vec<&Row> = by_size(&totals).into_iter().map(|i| &input.rows[i]).collect();
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(lang),
        remarks: remarks(input, lang),
        description: description(input, &rows, lang),
    };
    if !rows.iter().any(|row| row.total.known().or(row.first.known()).is_some()) {
        return frame.paint_empty();
    }
    let names: Vec<&str> = rows.iter().map(|row| row.factor.as_str()).collect();
    let cell = |estimate: &Estimate| {
        estimate.known().map_or_else(|| "—".to_owned(), |value| fixed(value, 2))
    };
    let first = rows.iter().map(|row| cell(&row.first)).collect();
    let total = rows.iter().map(|row| cell(&row.total)).collect();
    let columns = vec![
        Column::plain(lang.pick("一阶", "first"), first),
        Column::plain(lang.pick("总阶", "total"), total),
    ];
    let layout = Rows::new(&names, columns, PITCH, input.caption.room(), lang);
    let (low, high) = range(&rows);
    let ticks = layout.ticks(low, high, input.caption.room());
    let ends = (low.max(ticks.low()).min(0.0), ticks.high());
    frame.paint(layout.height(), |canvas, area| {
        let shown: Vec<f64> =
            ticks.values.iter().copied().filter(|t| *t >= ends.0 - 1e-9).collect();
        let labels = value_labels(&ticks, 1.0, "");
        let labels = &labels[ticks.values.len() - shown.len()..];
        let plane = layout.draw(canvas, area, ends, &shown, labels);
        for (i, row) in rows.iter().enumerate() {
            let middle = layout.middle(&plane, i);
            let lines = [(&row.first, -BETWEEN / 2.0), (&row.total, BETWEEN / 2.0)];
            for ((estimate, offset), (fill, line)) in lines.into_iter().zip(colours()) {
                let y = middle + offset;
                if let Some(value) = estimate.known() {
                    draw_bar(canvas, &plane, (0.0, value), (y, BAR), fill);
                }
                if let Some(interval) = estimate.interval() {
                    draw_interval(canvas, &plane, interval, y, line);
                }
            }
        }
        draw_upright(canvas, &plane, 0.0);
    })
}

/// Fill and interval of first and total order.
fn colours() -> [(RGBColor, RGBColor); 2] {
    [(scenario(0).line, RGBColor(0x9A, 0xA8, 0xBC)), (scenario(5).line, INK)]
}

/// The least range that shows all estimates within the bounds.
fn range(rows: &[&Row]) -> (f64, f64) {
    let estimates = rows.iter().flat_map(|row| [&row.first, &row.total]);
    let values = estimates.flat_map(|e| {
        let (low, high) = e.interval().unzip();
        [e.known(), low, high]
    });
    let (low, high) =
        values.flatten().fold((0.0, 0.1), |(a, b): (f64, f64), v| (a.min(v), b.max(v)));
    (low.max(BOUNDS.0), high.min(BOUNDS.1))
}

fn keys(lang: Lang) -> Vec<Key> {
    let [(first, _), (total, _)] = colours();
    vec![
        Key::area(first, lang.pick("一阶：单独解释的部分", "first order: explained alone")),
        Key::area(total, lang.pick("总阶：连同交互作用", "total: with interactions")),
    ]
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let mut remarks = Vec::new();
    let estimates = || input.rows.iter().flat_map(|row| [&row.first, &row.total]);
    if estimates().any(|e| e.interval().is_some()) {
        remarks.push(intervals_in_words(input.level, lang));
    }
    let beyond = |value: f64| !(0.0..=1.0).contains(&value);
    let is_beyond = estimates().any(|e| {
        e.known().is_some_and(beyond) || e.interval().is_some_and(|(a, b)| beyond(a) || beyond(b))
    });
    if is_beyond {
        let words =
            ("小于0或大于1的部分是抽样误差", "what lies below 0 or above 1 is sampling error");
        remarks.push(lang.pick(words.0, words.1).to_owned());
    }
    let is_cut = estimates().any(|e| {
        let cut = |value: f64| !(BOUNDS.0..=BOUNDS.1).contains(&value);
        e.known().is_some_and(cut) || e.interval().is_some_and(|(a, b)| cut(a) || cut(b))
    });
    if is_cut {
        let words = ("超出−0.5至1.5的部分未画出", "what exceeds −0.5 to 1.5 is cut off");
        remarks.push(lang.pick(words.0, words.1).to_owned());
    }
    remarks
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &[], lang);
    let (outcome, points) = (&input.outcome, fixed(input.base_points as f64, 0));
    match lang {
        Lang::Zh => format!("{place}，{outcome}方差的Sobol'指数（N={points}）"),
        Lang::En => format!("{place}: Sobol' indices of the variance of {outcome} (N = {points})"),
    }
}
