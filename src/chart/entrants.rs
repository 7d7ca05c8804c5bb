//! The wave of entrants: pupils entering each stage, one line a stage, its peak marked.

use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_years, labels_width, value_labels, year_range,
};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type};
use super::font::width;
use super::frame::{Frame, Key, place_and_period};
use super::labels::{place, spread};
use super::numbers::{Scale, Ticks, count, known, largest, peak, runs};
use super::text::capitalised;
use super::theme::{FAINT, LEADING, SMALL, SOFT_INK, stage};
use super::{Caption, Figure, Lang, Stage, stage_name};
use plotters::style::{RGBColor, WHITE};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// One line a stage, youngest first.
    pub lines: Vec<Line>,
    /// Births by year, drawn faintly behind.
    pub births: Option<Vec<f64>>,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Line {
    /// The stage.
    pub stage: Stage,
    /// Pupils entering the first grade of the stage by year; NaN where unknown.
    pub entrants: Vec<f64>,
}

/// Height of the plot.
const PLOT_HEIGHT: f64 = 330.0;
/// Gap between the end of a line and its label.
const LEADER: f64 = 16.0;
/// Height of the strip with the unit of the axis.
const UNIT_STRIP: f64 = 28.0;

/// A line as it is drawn.
struct Drawn<'a> {
    name: String,
    values: &'a [f64],
    stroke: Stroke,
    words: RGBColor,
    /// Shape of the course; none for births, whose peak is not marked.
    peak: Option<Peak>,
}

/// Where the largest value of a line lies.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Peak {
    /// In the first year: the peak lies behind.
    Before,
    /// In this year, with this value.
    In(i32, f64),
    /// In the last year: still rising.
    After,
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
        keys: Vec::<Key>::new(),
        remarks: Vec::new(),
        description: description(input, lang),
    };
    let drawn = drawn(input, lang);
    if input.years.is_empty() || drawn.is_empty() {
        return frame.paint_empty();
    }
    let labels: Vec<Vec<(String, Type)>> = drawn.iter().map(|l| label(input, l, lang)).collect();
    let lines: usize = labels.iter().map(Vec::len).sum();
    let needed = lines as f64 * SMALL * LEADING + 6.0 * labels.len() as f64;
    let height = input.caption.size.plot_height(PLOT_HEIGHT).max(needed - 10.0);
    frame.paint(UNIT_STRIP + height + YEARS_HEIGHT, |canvas, area| {
        let scale = Scale::for_numbers_up_to(highest(input), lang);
        let ticks = Ticks::spanning(0.0, highest(input).max(10.0) * 1.04, 6.0);
        let axis_labels = value_labels(&ticks, scale.divisor, "");
        let widths = labels.iter().flatten().map(|(l, set)| width(l, SMALL, set.bold));
        let top = area.top + UNIT_STRIP;
        let plot = Rect {
            left: area.left + labels_width(&axis_labels),
            top,
            right: area.right - widths.fold(0.0, f64::max) - LEADER,
            bottom: top + height,
        };
        let unit = scale.unit(lang, "人", "pupils a year");
        canvas.text(area.left, area.top + 13.0, &unit, Type::new(SMALL, SOFT_INK));
        let plane = canvas.plane(plot, year_range(&input.years, false), (0.0, ticks.high()));
        draw_values(canvas, &plane, &ticks, &axis_labels);
        draw_base_line(canvas, &plane, 0.0);
        draw_years(canvas, &plane, &input.years);
        draw_lines(canvas, &plane, input, &drawn, lang);
        draw_labels(canvas, &plane, input, &drawn, &labels);
    })
}

/// The lines from back to front: births, then the stages.
fn drawn(input: &Input, lang: Lang) -> Vec<Drawn<'_>> {
    let births = input.births.as_deref().map(|values| Drawn {
        name: lang.pick("出生人数", "births").to_owned(),
        values,
        stroke: Stroke::dashed(FAINT, 1.6, 5.0, 3.0),
        words: SOFT_INK,
        peak: None,
    });
    let stages = input.lines.iter().map(|line| Drawn {
        name: stage_name(line.stage, lang).to_owned(),
        values: &line.entrants,
        stroke: Stroke::solid(stage(line.stage).line, 2.6),
        words: stage(line.stage).words,
        peak: shape(&input.years, &line.entrants),
    });
    births.into_iter().chain(stages).collect()
}

fn draw_lines(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    drawn: &[Drawn<'_>],
    lang: Lang,
) {
    let mut paths = Vec::new();
    for line in drawn {
        for run in runs(&input.years, line.values) {
            plane.series(&run, line.stroke);
            paths.push(plane.path(&run));
        }
    }
    let mut taken: Vec<Rect> = Vec::new();
    for line in drawn {
        let Some(Peak::In(year, value)) = line.peak else {
            continue;
        };
        let point = plane.at((f64::from(year), value));
        canvas.dot(point, 5.2, WHITE);
        canvas.dot(point, 3.8, line.stroke.colour);
        let words = match lang {
            Lang::Zh => format!("{year}年"),
            Lang::En => year.to_string(),
        };
        let size = (width(&words, SMALL, false) + 4.0, SMALL + 2.0);
        let bounds = Rect { top: plane.frame.top - 8.0, ..plane.frame };
        if let Some(area) = place(point, size, bounds, &paths, &taken) {
            let set = Type::new(SMALL, line.words).align(Align::Centre);
            let middle = (area.top + area.bottom) / 2.0;
            canvas.text_block((area.left + area.right) / 2.0, middle, &[(words, set)]);
            taken.push(area);
        }
    }
}

/// Writes the labels at the line ends and leads from each line to its label.
fn draw_labels(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    drawn: &[Drawn<'_>],
    labels: &[Vec<(String, Type)>],
) {
    let mut ends = Vec::new();
    for (line, label) in drawn.iter().zip(labels) {
        if let Some(&(year, value)) = known(&input.years, line.values).last() {
            ends.push((plane.at((f64::from(year), value)), line.stroke.colour, label));
        }
    }
    let wanted: Vec<f64> = ends.iter().map(|((_, y), ..)| *y).collect();
    let height = |label: &[(String, Type)]| label.len() as f64 * SMALL * LEADING + 6.0;
    let heights: Vec<f64> = ends.iter().map(|(_, _, label)| height(label)).collect();
    let frame = plane.frame;
    let centres = spread(&wanted, &heights, frame.top - 10.0, frame.bottom + 10.0);
    for (((x, y), colour, label), centre) in ends.into_iter().zip(centres) {
        let label_x = frame.right + LEADER;
        let elbow = [(x + 1.5, y), (label_x - 8.0, centre), (label_x - 3.0, centre)];
        canvas.line(&elbow, Stroke::solid(colour, 0.9));
        canvas.text_block(label_x, centre, label);
    }
}

/// Name and last value, then the peak.
fn label(input: &Input, line: &Drawn<'_>, lang: Lang) -> Vec<(String, Type)> {
    let set = Type::new(SMALL, line.words);
    let last = known(&input.years, line.values).last().map(|&(_, value)| value);
    let name = capitalised(&line.name);
    let last = last.map_or_else(String::new, |value| count(value, lang));
    let mut lines = match lang {
        Lang::Zh => vec![(format!("{name} {last}"), set.bold())],
        Lang::En => vec![(format!("{name} {last}"), set.bold())],
    };
    if let Some(Peak::In(year, value)) = line.peak {
        let value = count(value, lang);
        lines.push((
            match lang {
                Lang::Zh => format!("峰值{year}年 {value}"),
                Lang::En => format!("peak {value} in {year}"),
            },
            set,
        ));
    }
    lines
}

fn highest(input: &Input) -> f64 {
    let stages = input.lines.iter().map(|line| line.entrants.as_slice());
    largest(stages.chain(input.births.as_deref()))
}

fn shape(years: &[i32], values: &[f64]) -> Option<Peak> {
    let known = known(years, values);
    let (year, value) = peak(years, values)?;
    match (known.first()?.0, known.last()?.0) {
        (first, last) if first == last => None,
        (first, _) if first == year => Some(Peak::Before),
        (_, last) if last == year => Some(Peak::After),
        _ => Some(Peak::In(year, value)),
    }
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    match lang {
        Lang::Zh => format!("{place}，各学段每年入学人数"),
        Lang::En => format!("{place}: pupils entering each stage, by year"),
    }
}

/// When each stage peaks; which are past it, which still rise.
fn title(input: &Input, lang: Lang) -> String {
    let shapes = input.lines.iter().filter_map(|line| {
        Some((stage_name(line.stage, lang), shape(&input.years, &line.entrants)?))
    });
    let shapes: Vec<(&str, Peak)> = shapes.collect();
    let named = |wanted: Peak| -> Vec<&str> {
        let found = shapes.iter().filter(|(_, peak)| *peak == wanted);
        found.map(|(name, _)| *name).collect()
    };
    let peaks = shapes.iter().filter_map(|(name, peak)| match (peak, lang) {
        (Peak::In(year, _), Lang::Zh) => Some(format!("{name}{year}年")),
        (Peak::In(year, _), Lang::En) => Some(format!("{name} in {year}")),
        _ => None,
    });
    let peaks: Vec<String> = peaks.collect();
    let (past, rising) = (named(Peak::Before), named(Peak::After));
    let mut clauses = Vec::new();
    match lang {
        Lang::Zh => {
            let clause = |start: &str, names: String, end: &str| format!("{start}{names}{end}");
            clauses.extend((!peaks.is_empty()).then(|| clause("入学高峰：", peaks.join("、"), "")));
            clauses.extend((!past.is_empty()).then(|| clause("", past.join("、"), "已过峰")));
            clauses.extend((!rising.is_empty()).then(|| clause("", rising.join("、"), "仍在上升")));
        }
        Lang::En => {
            let verb = |names: &[&str], one, many| if names.len() == 1 { one } else { many };
            clauses
                .extend((!peaks.is_empty()).then(|| format!("entrants peak at {}", list(&peaks))));
            let is = verb(&past, "is past its peak", "are past their peaks");
            clauses.extend((!past.is_empty()).then(|| format!("{} {is}", list(&past))));
            let is = verb(&rising, "is still rising", "are still rising");
            clauses.extend((!rising.is_empty()).then(|| format!("{} {is}", list(&rising))));
        }
    }
    match clauses.is_empty() {
        true => lang.pick("各学段入学人数", "Entrants by stage").to_owned(),
        false => capitalised(&clauses.join(lang.pick("；", "; "))),
    }
}

/// "a, b and c".
fn list<T: AsRef<str>>(items: &[T]) -> String {
    let mut words = String::new();
    for (i, item) in items.iter().enumerate() {
        words += match i {
            0 => "",
            _ if i + 1 == items.len() => " and ",
            _ => ", ",
        };
        words += item.as_ref();
    }
    words
}

/// First, largest and last value of every line.
fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for line in drawn(input, lang) {
        let values = known(&input.years, line.values);
        let (Some(first), Some(last)) = (values.first(), values.last()) else {
            continue;
        };
        let top = peak(&input.years, line.values).unwrap_or(*first);
        let [a, b, c] = [*first, top, *last].map(|(year, value)| (year, count(value, lang)));
        let name = capitalised(&line.name);
        words += &match lang {
            Lang::Zh => {
                format!("{name}：{}年{}人，最多{}年{}人，{}年{}人。", a.0, a.1, b.0, b.1, c.0, c.1)
            }
            Lang::En => {
                format!("{name}: {} in {}, most {} in {}, {} in {}. ", a.1, a.0, b.1, b.0, c.1, c.0)
            }
        };
    }
    words
}
