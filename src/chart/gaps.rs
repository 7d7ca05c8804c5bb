//! Seats short above and seats empty below one axis: stacked bars by stage, one stack a year.

use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_year_labels, labels_width, value_labels,
    year_range,
};
use super::canvas::{Align, Canvas, Plane, Rect, Type};
use super::font::width;
use super::frame::{Frame, Key, place_and_period};
use super::numbers::{Scale, Ticks, at, count, known, peak, span};
use super::text::capitalised;
use super::theme::{INK, SMALL, stage};
use super::{Caption, Figure, Lang, Stage, stage_name};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// One layer a stage, nearest to the axis first.
    pub layers: Vec<Layer>,
}

/// One stage; seats by year, zero or more, NaN where unknown.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The stage.
    pub stage: Stage,
    /// Seats short where pupils exceed seats.
    pub short: Vec<f64>,
    /// Seats empty where seats exceed pupils.
    pub empty: Vec<f64>,
}

/// Height of the plot.
const PLOT_HEIGHT: f64 = 360.0;
/// Height of the strips above and below the plot that name the two sides.
const SIDE_STRIP: f64 = 28.0;
/// Width of a bar, in years.
const BAR: f64 = 0.78;
/// White space between the layers of a bar.
const SEAM: f64 = 0.8;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let stages = input.layers.iter().filter(|layer| {
        peak(&input.years, &layer.short).is_some() || peak(&input.years, &layer.empty).is_some()
    });
    let keys = stages.map(|layer| {
        Key::area(stage(layer.stage).line, capitalised(stage_name(layer.stage, lang)))
    });
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys.collect(),
        remarks: Vec::new(),
        description: description(input, lang),
    };
    if input.years.is_empty() || input.layers.is_empty() {
        return frame.paint_empty();
    }
    let height = input.caption.size.plot_height(PLOT_HEIGHT);
    frame.paint(2.0 * SIDE_STRIP + height + YEARS_HEIGHT, |canvas, area| {
        let (short, empty) = (totals(input, |l| &l.short), totals(input, |l| &l.empty));
        let top = |totals: &[f64]| totals.iter().copied().fold(0.0, f64::max);
        let (high, low) = (top(&short), top(&empty));
        let least = (high + low).max(100.0) * 0.08;
        // Room beyond the bars for the numbers at the longest of them.
        let room = (high.max(least) + low.max(least)) * 0.07;
        let ticks = Ticks::spanning(-(low.max(least) + room), high.max(least) + room, 8.0);
        let scale = Scale::for_numbers_up_to(high.max(low), lang);
        let labels = value_labels(&ticks, scale.divisor, "");
        let labels: Vec<String> = labels.iter().map(|l| l.replace('−', "")).collect();
        let plot = Rect {
            left: area.left + labels_width(&labels),
            top: area.top + SIDE_STRIP,
            right: area.right,
            bottom: area.top + SIDE_STRIP + height,
        };
        let years = year_range(&input.years, true);
        let plane = canvas.plane(plot, years, (ticks.low(), ticks.high()));
        draw_values(canvas, &plane, &ticks, &labels);
        draw_bars(&plane, input);
        draw_base_line(canvas, &plane, 0.0);
        draw_extreme(canvas, &plane, input, &short, 1.0, lang);
        draw_extreme(canvas, &plane, input, &empty, -1.0, lang);
        let unit = scale.unit(lang, "个", "seats");
        let (above, below) = sides(&unit, lang);
        let set = Type::new(SMALL, INK).bold();
        canvas.text(area.left, area.top + 14.0, &above, set);
        canvas.text(area.left, plot.bottom + SIDE_STRIP - 6.0, &below, set);
        let below = Rect { bottom: plot.bottom + SIDE_STRIP, ..plot };
        draw_year_labels(canvas, &canvas.plane(below, years, (0.0, 1.0)), &input.years);
    })
}

fn sides(unit: &str, lang: Lang) -> (String, String) {
    match lang {
        Lang::Zh => (format!("↑ 学位不足（{unit}）"), format!("↓ 学位空余（{unit}）")),
        Lang::En => (format!("↑ Seats short ({unit})"), format!("↓ Seats empty ({unit})")),
    }
}

/// Stacks the layers away from the axis on both sides.
fn draw_bars(plane: &Plane<'_>, input: &Input) {
    let seam = SEAM * (plane.y.1 - plane.y.0) / plane.frame.height();
    for (i, &year) in input.years.iter().enumerate() {
        let (from, to) = (f64::from(year) - BAR / 2.0, f64::from(year) + BAR / 2.0);
        let (mut above, mut below) = (0.0, 0.0);
        for layer in &input.layers {
            let colour = stage(layer.stage).line;
            for (values, side, end) in
                [(&layer.short, 1.0, &mut above), (&layer.empty, -1.0, &mut below)]
            {
                let size = at(values, i).unwrap_or(0.0);
                let start = *end;
                *end += size * side;
                let gap = if start == 0.0 { 0.0 } else { seam * side };
                if size > seam {
                    plane.bar((from, start + gap), (to, *end), colour);
                }
            }
        }
    }
}

/// Writes the total at the longest bar of a side.
fn draw_extreme(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    totals: &[f64],
    side: f64,
    lang: Lang,
) {
    let Some((year, total)) = peak(&input.years, totals) else {
        return;
    };
    let words = count(total, lang);
    let (x, y) = plane.at((f64::from(year), total * side));
    let half = width(&words, SMALL, true) / 2.0;
    let x =
        x.clamp(plane.frame.left + half, (plane.frame.right - half).max(plane.frame.left + half));
    let set = Type::new(SMALL, INK).bold().align(Align::Centre);
    canvas.text_block(x, y - side * 11.0, &[(words, set)]);
}

/// The sum of the layers by year; NaN where no layer has a value.
fn totals(input: &Input, side: impl Fn(&Layer) -> &Vec<f64>) -> Vec<f64> {
    let years = 0..input.years.len();
    let total = |i: usize| {
        let values = input.layers.iter().filter_map(|layer| at(side(layer), i));
        values.reduce(|a, b| a + b).unwrap_or(f64::NAN)
    };
    years.map(total).collect()
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    match lang {
        Lang::Zh => format!("{place}，各学段不足与空余的学位（个）"),
        Lang::En => format!("{place}: seats short and seats empty, by stage"),
    }
}

/// The year with most seats short, the end of the shortage, and what stands empty at the horizon.
fn title(input: &Input, lang: Lang) -> String {
    let (short, empty) = (totals(input, |l| &l.short), totals(input, |l| &l.empty));
    let most_short = peak(&input.years, &short).filter(|(_, total)| *total >= 0.5);
    let Some((_, last_year)) = span(&input.years) else {
        return lang.pick("学位不足与空余", "Seats short and seats empty").to_owned();
    };
    let index = input.years.iter().position(|&year| year == last_year);
    let left = index.and_then(|i| at(&empty, i)).filter(|total| *total >= 0.5);
    let mut clauses = Vec::new();
    match (most_short, lang) {
        (Some((year, total)), Lang::Zh) => {
            let end = end_of_shortage(input, &short).map(|year| format!("，{year}年起不再缺"));
            let (total, end) = (count(total, lang), end.unwrap_or_default());
            clauses.push(format!("学位{year}年最缺，共{total}个{end}"));
        }
        (Some((year, total)), Lang::En) => {
            let end =
                end_of_shortage(input, &short).map(|year| format!(", and not at all from {year}"));
            let (total, end) = (count(total, lang), end.unwrap_or_default());
            clauses.push(format!("Seats fall short most in {year}, by {total}{end}"));
        }
        (None, _) if left.is_some() => {
            clauses.push(lang.pick("各年都不缺学位", "No year is short of seats").to_owned());
        }
        (None, _) => {}
    }
    if let Some(total) = left {
        let total = count(total, lang);
        let most = index.and_then(|i| emptiest(input, i)).map(|stage| stage_name(stage, lang));
        let most = most.unwrap_or_default();
        clauses.push(match lang {
            Lang::Zh => format!("到{last_year}年空余{total}个，{most}最多"),
            Lang::En => format!("{total} stand empty in {last_year}, most of them in {most}"),
        });
    }
    match clauses.is_empty() {
        true => lang.pick("学位不足与空余", "Seats short and seats empty").to_owned(),
        false => clauses.join(lang.pick("；", "; ")),
    }
}

/// The year from which no seat is short to the horizon.
fn end_of_shortage(input: &Input, short: &[f64]) -> Option<i32> {
    let totals = known(&input.years, short);
    let last = totals.iter().rposition(|(_, total)| *total >= 0.5)?;
    totals.get(last + 1).map(|(year, _)| *year)
}

/// The stage with most empty seats in a year.
fn emptiest(input: &Input, index: usize) -> Option<Stage> {
    let seats = |layer: &Layer| Some((layer.stage, at(&layer.empty, index)?));
    let stages = input.layers.iter().filter_map(seats);
    let most = stages.reduce(|a, b| if b.1 > a.1 { b } else { a });
    most.map(|(stage, _)| stage)
}

/// Totals of both sides in the first, the worst and the last year.
fn description(input: &Input, lang: Lang) -> String {
    let (short, empty) = (totals(input, |l| &l.short), totals(input, |l| &l.empty));
    let mut told: Vec<i32> = span(&input.years).map_or(Vec::new(), |(a, b)| vec![a, b]);
    told.extend(peak(&input.years, &short).map(|(year, _)| year));
    told.sort_unstable();
    told.dedup();
    let mut words = String::new();
    for year in told {
        let index = input.years.iter().position(|&y| y == year).unwrap_or(0);
        let number = |totals: &[f64]| count(at(totals, index).unwrap_or(0.0), lang);
        let (short, empty) = (number(&short), number(&empty));
        words += &match lang {
            Lang::Zh => format!("{year}年不足{short}个，空余{empty}个。"),
            Lang::En => format!("{year}: {short} short, {empty} empty. "),
        };
    }
    words
}
