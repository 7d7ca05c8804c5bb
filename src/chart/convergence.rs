//! An index against the number of base points: one small panel a factor, one scale, the band of its bootstrap interval.
//!
//! An index is settled when its interval with all points is no wider than a limit (Sarrazin, Pianosi and
//! Wagener 2016 take 0.05).

mod finding;

use self::finding::{description, title, width_at_last};
use super::axes::{draw_base_line, draw_labels_below, draw_values, labels_width, value_labels};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type};
use super::font::width;
use super::frame::{Frame, Key, place_and_period};
use super::numbers::{Ticks, fixed};
use super::rows::by_size;
use super::text::wrap_at_most;
use super::theme::{BAD, INK, LEADING, SEATS, SMALL, SOFT_INK, tint};
use super::tiles::{Shape, Tiles, even};
use super::{Caption, Estimate, Figure, Lang};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Name of the outcome, in the language of the chart.
    pub outcome: String,
    /// Name of the index, in the language of the chart, e.g. total order.
    pub index: String,
    /// Base points of each estimate, ascending.
    pub points: Vec<u64>,
    /// An interval no wider than this is settled, e.g. 0.05.
    pub settled_within: f64,
    /// Probability that the intervals have, e.g. 0.95.
    pub level: f64,
    /// One panel a factor.
    pub lines: Vec<Line>,
}

/// The index of one factor.
#[derive(Clone, Debug)]
pub struct Line {
    /// Name of the factor, in the language of the chart.
    pub factor: String,
    /// One estimate for each number of points.
    pub estimates: Vec<Estimate>,
}

/// Indices are drawn within these bounds.
const BOUNDS: (f64, f64) = (-0.5, 1.5);

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let sizes: Vec<Option<f64>> =
        input.lines.iter().map(|l| known(input, l).last().map(|(_, e)| e.value)).collect();
    let lines: Vec<&Line> = by_size(&sizes).into_iter().map(|i| &input.lines[i]).collect();
    let most = ((input.caption.room() / 220.0) as usize).max(2);
    let columns = even(lines.len(), lines.len().clamp(1, most), input.caption.room());
    let height = if lines.len() > 2 { 104.0 } else { 190.0 };
    let shape = Shape { columns, height: input.caption.size.plot_height(height) };
    let ticks = ticks(input, shape.height);
    let labels = value_labels(&ticks, 1.0, "");
    let tiles = Tiles::new(lines.len(), shape, input.caption.room(), labels_width(&labels));
    let names: Vec<Vec<String>> =
        lines.iter().map(|line| name_lines(input, line, tiles.width, lang)).collect();
    let most = names.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let tiles = tiles.with_strips(most as f64 * SMALL * LEADING + 12.0);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &lines, lang),
        remarks: remarks(input, lang),
        description: description(input, &lines, lang),
    };
    if lines.iter().all(|line| known(input, line).is_empty()) {
        return frame.paint_empty();
    }
    frame.paint(tiles.total_height(), |canvas, area| {
        for (i, line) in lines.iter().enumerate() {
            draw_strip(canvas, tiles.strip(i, area), &names[i], &remark_of(input, line));
            let plot = tiles.plot(i, area);
            let plane = draw_panel(canvas, input, line, plot, &ticks, tiles.begins_row(i));
            if tiles.ends_column(i) {
                draw_numbers(canvas, &plane, input);
            }
        }
    })
}

/// The name of a factor on at most two lines that leave room for a number at their right.
fn name_lines(input: &Input, line: &Line, wide: f64, lang: Lang) -> Vec<String> {
    let room = wide - width(&remark_of(input, line), SMALL, false) - 10.0;
    // Bold letters are a little wider than those that are measured.
    wrap_at_most(&line.factor, lang, SMALL, room * 0.96, 2)
}

/// Writes the name of a panel from the bottom of its strip, and a number to the right.
fn draw_strip(canvas: &Canvas<'_>, strip: Rect, lines: &[String], remark: &str) {
    let set = Type::new(SMALL, INK).bold();
    let bottom = strip.bottom - 14.0;
    for (i, line) in lines.iter().rev().enumerate() {
        canvas.text(strip.left, bottom - i as f64 * set.leading(), line, set);
    }
    let set = Type::new(SMALL, SOFT_INK).align(Align::Right);
    canvas.text(strip.right, bottom, remark, set);
}

/// Exponent of two of a number of points, and the estimate, where it is there.
fn known(input: &Input, line: &Line) -> Vec<(f64, Estimate)> {
    let pairs = input.points.iter().zip(&line.estimates).filter(|(n, _)| **n > 0);
    let known = pairs.filter_map(|(n, estimate)| {
        let value = estimate.known()?.clamp(BOUNDS.0, BOUNDS.1);
        let interval = estimate
            .interval()
            .map(|(low, high)| (low.clamp(BOUNDS.0, BOUNDS.1), high.clamp(BOUNDS.0, BOUNDS.1)));
        let (low, high) = interval.unwrap_or((f64::NAN, f64::NAN));
        Some(((*n as f64).log2(), Estimate { value, low, high }))
    });
    known.collect()
}

/// The scale of all values, and of the intervals with at least half of the numbers of points: those with few
/// points may be so wide that nothing else is seen, and are cut.
fn ticks(input: &Input, height: f64) -> Ticks {
    let half = input.points.get(input.points.len() / 2).map_or(0.0, |n| (*n as f64).log2());
    let estimates = input.lines.iter().flat_map(|line| known(input, line));
    let values = estimates.flat_map(|(x, e)| {
        let (low, high) = if x >= half { (e.low, e.high) } else { (e.value, e.value) };
        [e.value, low, high]
    });
    let values = values.filter(|value| value.is_finite());
    let (low, high) = values.fold((0.0, 0.1), |(a, b): (f64, f64), v| (a.min(v), b.max(v)));
    Ticks::spanning(low, high, height / 24.0)
}

/// Whether the interval with all points is narrow enough; none where there is no interval.
fn is_settled(input: &Input, line: &Line) -> Option<bool> {
    Some(width_at_last(input, line)? <= input.settled_within + 1e-12)
}

fn colour(input: &Input, line: &Line) -> RGBColor {
    if is_settled(input, line) == Some(false) { BAD } else { SEATS }
}

/// The width of the last interval.
fn remark_of(input: &Input, line: &Line) -> String {
    width_at_last(input, line).map_or_else(String::new, |width| fixed(width, 3))
}

fn draw_panel<'a>(
    canvas: &Canvas<'a>,
    input: &Input,
    line: &Line,
    plot: Rect,
    ticks: &Ticks,
    is_first: bool,
) -> Plane<'a> {
    let plane = canvas.plane(plot, x_range(input), (ticks.low(), ticks.high()));
    let colour = colour(input, line);
    let points = known(input, line);
    let within: Vec<_> = points.iter().filter(|(_, e)| e.interval().is_some()).collect();
    if within.len() > 1 {
        let cut = |value: f64| value.clamp(ticks.low(), ticks.high());
        let lows = within.iter().map(|(x, e)| (*x, cut(e.low)));
        let highs = within.iter().rev().map(|(x, e)| (*x, cut(e.high)));
        plane.polygon(lows.chain(highs).collect(), tint(colour, 0.25));
    }
    let mut labels = value_labels(ticks, 1.0, "");
    if !is_first {
        labels.iter_mut().for_each(String::clear);
    }
    draw_values(canvas, &plane, ticks, &labels);
    draw_base_line(canvas, &plane, 0.0);
    let values: Vec<(f64, f64)> = points.iter().map(|(x, e)| (*x, e.value)).collect();
    if !values.is_empty() {
        plane.series(&values, Stroke::solid(colour, 2.2));
    }
    if let Some(last) = values.last() {
        canvas.dot(plane.at(*last), 3.4, colour);
    }
    plane
}

fn x_range(input: &Input) -> (f64, f64) {
    let exponents = || input.points.iter().filter(|n| **n > 0).map(|n| (*n as f64).log2());
    let low = exponents().fold(f64::INFINITY, f64::min);
    let high = exponents().fold(f64::NEG_INFINITY, f64::max);
    match low < high {
        true => (low, high + 0.03 * (high - low)),
        false if low.is_finite() => (low - 0.5, low + 0.5),
        false => (0.0, 1.0),
    }
}

/// The numbers of points below a panel: all, every second, every third ... from the largest, as there is room.
fn draw_numbers(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input) {
    let frame = plane.frame;
    let numbers = input.points.iter().rev().filter(|n| **n > 0);
    let numbers: Vec<(f64, String)> =
        numbers.map(|n| ((*n as f64).log2(), fixed(*n as f64, 0))).collect();
    let ends = |(position, label): &(f64, String)| {
        let (wide, (x, _)) = (width(label, SMALL, false), plane.at((*position, plane.y.0)));
        let left = (x - wide / 2.0).clamp(frame.left, (frame.right - wide).max(frame.left));
        (left, left + wide)
    };
    let every = |step: usize| numbers.iter().step_by(step).collect::<Vec<_>>();
    let fits = |step: &usize| every(*step).windows(2).all(|p| ends(p[1]).1 + 9.0 <= ends(p[0]).0);
    let step = (1..=numbers.len()).find(fits).unwrap_or(1);
    let shown = every(step).into_iter().rev().cloned();
    let (positions, labels): (Vec<f64>, Vec<String>) = shown.unzip();
    draw_labels_below(canvas, plane, &positions, &labels, (frame.left, frame.right), 4.0);
}

fn keys(input: &Input, lines: &[&Line], lang: Lang) -> Vec<Key> {
    let mut keys = Vec::new();
    let limit = fixed(input.settled_within, 2);
    let settled = match lang {
        Lang::Zh => format!("已稳定：区间宽不超过{limit}"),
        Lang::En => format!("settled: interval no wider than {limit}"),
    };
    let unsettled = lang.pick("未稳定", "not settled").to_owned();
    for (is_wanted, colour, words) in [(true, SEATS, settled), (false, BAD, unsettled)] {
        if lines.iter().any(|line| is_settled(input, line) == Some(is_wanted)) {
            keys.push(Key::line(Stroke::solid(colour, 2.2), words));
        }
    }
    let level = fixed(input.level * 100.0, 0);
    let any = lines.iter().any(|line| width_at_last(input, line).is_some());
    keys.extend(any.then(|| {
        let words = match lang {
            Lang::Zh => format!("{level}%自助法区间"),
            Lang::En => format!("{level}% bootstrap interval"),
        };
        Key::area(tint(SEATS, 0.25), words)
    }));
    keys
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let any = input.lines.iter().any(|line| width_at_last(input, line).is_some());
    let words = lang.pick(
        "名称旁为点数最多时的区间宽度",
        "the number beside a name is the width of the interval with all points",
    );
    let axis = lang.pick("横轴为基点数N（对数刻度）", "across: base points N, on a log scale");
    let widths = any.then(|| words.to_owned());
    [Some(axis.to_owned()), widths].into_iter().flatten().collect()
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &[], lang);
    let (outcome, index) = (&input.outcome, &input.index);
    match lang {
        Lang::Zh => format!("{place}，{outcome}的{index}随基点数的变化"),
        Lang::En => format!("{place}: {index} for {outcome} as base points are added"),
    }
}
