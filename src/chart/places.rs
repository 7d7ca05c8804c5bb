//! Pupils against seats by stage: two lines a panel and the gap between them shaded.

use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_years, labels_width, value_labels, year_range,
};
use super::canvas::{Canvas, Plane, Rect, Stroke, Type};
use super::font::width;
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::labels::spread;
use super::numbers::{Scale, Ticks, at, count, known, largest, runs, span};
use super::text::capitalised;
use super::theme::{LEADING, PUPILS, SEATS, SHORT, SMALL, SPARE};
use super::{Caption, Figure, Lang, Stage, stage_name};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// One panel a stage.
    pub panels: Vec<Panel>,
}

/// One stage; numbers by year, NaN where unknown.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The stage.
    pub stage: Stage,
    /// Pupils.
    pub pupils: Vec<f64>,
    /// Seats.
    pub seats: Vec<f64>,
}

/// Height of a plot where there are one, two, more rows of panels.
const PLOT_HEIGHTS: [f64; 3] = [280.0, 190.0, 142.0];
/// Gap between panels side by side.
const GUTTER: f64 = 22.0;
/// Gap between the end of a line and its label.
const LEADER: f64 = 9.0;

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
        keys: vec![
            Key::line(Stroke::solid(PUPILS, 2.8), lang.pick("在校生", "pupils")),
            Key::line(Stroke::solid(SEATS, 2.0), lang.pick("学位", "seats")),
            Key::area(SHORT, lang.pick("学位不足", "seats short")),
            Key::area(SPARE, lang.pick("学位空余", "seats to spare")),
        ],
        remarks: match input.panels.len() {
            0 | 1 => Vec::new(),
            _ => vec![
                lang.pick("各图纵轴刻度不同", "the panels differ in their vertical scale").into(),
            ],
        },
        description: description(input, lang),
    };
    if input.years.is_empty() || input.panels.is_empty() {
        return frame.paint_empty();
    }
    let columns = input.panels.len().min(2);
    let rows = input.panels.len().div_ceil(columns);
    let plot_height = input.caption.size.plot_height(PLOT_HEIGHTS[rows.min(3) - 1]);
    let row_height = PANEL_STRIP + plot_height + YEARS_HEIGHT + 8.0;
    frame.paint(rows as f64 * row_height, |canvas, area| {
        let wide = (area.width() - GUTTER * (columns - 1) as f64) / columns as f64;
        let (axis, labels) =
            (axis_width(input, plot_height, lang), names_width(input, lang) + LEADER);
        for (i, panel) in input.panels.iter().enumerate() {
            let left = area.left + (i % columns) as f64 * (wide + GUTTER);
            let top = area.top + (i / columns) as f64 * row_height;
            let strip = Rect { left, top, right: left + wide, bottom: top + PANEL_STRIP };
            let plot = Rect {
                left: left + axis,
                top: top + PANEL_STRIP,
                right: left + wide - labels,
                bottom: top + PANEL_STRIP + plot_height,
            };
            let name = capitalised(stage_name(panel.stage, lang));
            let unit = scale_name(panel, lang);
            draw_panel_name(canvas, strip, &name, &unit, lang);
            draw_panel(canvas, input, panel, plot, lang);
        }
    })
}

fn draw_panel(canvas: &Canvas<'_>, input: &Input, panel: &Panel, plot: Rect, lang: Lang) {
    let ticks = ticks(input, panel, plot.height());
    let plane = canvas.plane(plot, year_range(&input.years, false), (ticks.low(), ticks.high()));
    let labels = axis_labels(panel, &ticks, lang);
    for (corners, colour) in gaps(input, panel) {
        plane.polygon(corners, colour);
    }
    draw_values(canvas, &plane, &ticks, &labels);
    draw_base_line(canvas, &plane, ticks.low());
    draw_years(canvas, &plane, &input.years);
    for run in runs(&input.years, &panel.seats) {
        plane.series(&run, Stroke::solid(SEATS, 2.0));
    }
    for run in runs(&input.years, &panel.pupils) {
        plane.series(&run, Stroke::solid(PUPILS, 2.8));
    }
    draw_labels(canvas, &plane, input, panel, lang);
}

/// Name and last value at the end of each line.
fn draw_labels(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input, panel: &Panel, lang: Lang) {
    let mut ends = Vec::new();
    for (values, name, colour) in lines(panel, lang) {
        if let Some(&(year, value)) = known(&input.years, values).last() {
            let (_, y) = plane.at((f64::from(year), value));
            ends.push((y, name, count(value, lang), colour));
        }
    }
    let wanted: Vec<f64> = ends.iter().map(|end| end.0).collect();
    let heights = vec![2.0 * SMALL * LEADING + 3.0; ends.len()];
    let frame = plane.frame;
    let centres = spread(&wanted, &heights, frame.top - 4.0, frame.bottom + 12.0);
    for ((_, name, value, colour), centre) in ends.into_iter().zip(centres) {
        let set = Type::new(SMALL, colour);
        let words = [(name.to_owned(), set.bold()), (value, set)];
        canvas.text_block(frame.right + LEADER, centre, &words);
    }
}

/// The two lines of a panel: values, name, colour of the words.
fn lines(panel: &Panel, lang: Lang) -> [(&[f64], &'static str, RGBColor); 2] {
    let dark_pupils = RGBColor(0xA8, 0x46, 0x00);
    [
        (&panel.pupils, lang.pick("在校生", "Pupils"), dark_pupils),
        (&panel.seats, lang.pick("学位", "Seats"), SEATS),
    ]
}

/// The areas between the lines: corners and colour, parted where the lines cross or have a gap.
fn gaps(input: &Input, panel: &Panel) -> Vec<(Vec<(f64, f64)>, RGBColor)> {
    let mut gaps = Vec::new();
    let mut open = Gap::default();
    for (i, &year) in input.years.iter().enumerate() {
        let year = f64::from(year);
        let (Some(pupils), Some(seats)) = (at(&panel.pupils, i), at(&panel.seats, i)) else {
            gaps.extend(open.close());
            continue;
        };
        if let Some((year0, pupils0, seats0)) = open.last() {
            let (gap0, gap1) = (pupils0 - seats0, pupils - seats);
            if gap0 * gap1 < 0.0 {
                let part = gap0 / (gap0 - gap1);
                let crossing = pupils0 + (pupils - pupils0) * part;
                let crossing_year = year0 + (year - year0) * part;
                open.add(crossing_year, crossing, crossing);
                gaps.extend(open.close());
                open.add(crossing_year, crossing, crossing);
            }
        }
        open.add(year, pupils, seats);
        if pupils == seats {
            gaps.extend(open.close());
            open.add(year, pupils, seats);
        }
    }
    gaps.extend(open.close());
    gaps
}

/// An area between the lines while it is traced along the years.
#[derive(Default)]
struct Gap {
    pupils: Vec<(f64, f64)>,
    seats: Vec<(f64, f64)>,
}

impl Gap {
    fn add(&mut self, year: f64, pupils: f64, seats: f64) {
        self.pupils.push((year, pupils));
        self.seats.push((year, seats));
    }

    fn last(&self) -> Option<(f64, f64, f64)> {
        let (&(year, pupils), &(_, seats)) = (self.pupils.last()?, self.seats.last()?);
        Some((year, pupils, seats))
    }

    /// The traced area, if it has any extent; the trace begins anew.
    fn close(&mut self) -> Option<(Vec<(f64, f64)>, RGBColor)> {
        let Gap { pupils, seats } = std::mem::take(self);
        let pairs = pupils.iter().zip(&seats);
        let gap: f64 = pairs.map(|(pupils, seats)| pupils.1 - seats.1).sum();
        let colour = if gap > 0.0 { SHORT } else { SPARE };
        let corners = pupils.iter().chain(seats.iter().rev()).copied().collect();
        (gap != 0.0 && pupils.len() > 1).then_some((corners, colour))
    }
}

fn scale(panel: &Panel, lang: Lang) -> Scale {
    Scale::for_numbers_up_to(largest([panel.pupils.as_slice(), &panel.seats]), lang)
}

fn ticks(input: &Input, panel: &Panel, height: f64) -> Ticks {
    let both = [&panel.pupils, &panel.seats].map(|values| known(&input.years, values));
    let highest = both.iter().flatten().fold(0.0, |high: f64, (_, value)| high.max(*value));
    Ticks::spanning(0.0, highest.max(10.0) * 1.02, (height / 34.0).min(6.0))
}

/// The unit of the axis in brackets: 万, thousand.
fn scale_name(panel: &Panel, lang: Lang) -> String {
    let Scale { zh, en, .. } = scale(panel, lang);
    match lang {
        _ if zh.is_empty() => String::new(),
        Lang::Zh => format!("（{zh}）"),
        Lang::En => format!("({en})"),
    }
}

fn axis_labels(panel: &Panel, ticks: &Ticks, lang: Lang) -> Vec<String> {
    value_labels(ticks, scale(panel, lang).divisor, "")
}

fn axis_width(input: &Input, plot_height: f64, lang: Lang) -> f64 {
    let widths = input
        .panels
        .iter()
        .map(|panel| labels_width(&axis_labels(panel, &ticks(input, panel, plot_height), lang)));
    widths.fold(0.0, f64::max)
}

fn names_width(input: &Input, lang: Lang) -> f64 {
    let words = input.panels.iter().flat_map(|panel| {
        lines(panel, lang).into_iter().flat_map(|(values, name, _)| {
            let last = known(&input.years, values).last().map(|(_, value)| count(*value, lang));
            [(name.to_owned(), true), (last.unwrap_or_default(), false)]
        })
    });
    let widths = words.map(|(text, bold)| width(&text, SMALL, bold));
    widths.fold(0.0, f64::max)
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    match lang {
        Lang::Zh => format!("{place}，各学段在校生与学位（个）"),
        Lang::En => format!("{place}: pupils and seats by stage"),
    }
}

/// Seats short (positive) or to spare (negative) by year.
fn shortage(input: &Input, panel: &Panel) -> Vec<(i32, f64)> {
    let years = input.years.iter().enumerate();
    let gaps =
        years.filter_map(|(i, &year)| Some((year, at(&panel.pupils, i)? - at(&panel.seats, i)?)));
    gaps.collect()
}

/// The largest shortage of all, and the stage with most to spare at the end.
fn title(input: &Input, lang: Lang) -> String {
    let all = input.panels.iter();
    let gaps =
        all.flat_map(|panel| shortage(input, panel).into_iter().map(|gap| (panel.stage, gap)));
    let gaps: Vec<(Stage, (i32, f64))> = gaps.collect();
    let most_short = gaps.iter().filter(|(_, (_, gap))| *gap >= 0.5).copied();
    let most_short = most_short.reduce(|a, b| if b.1.1 > a.1.1 { b } else { a });
    let last_year = span(&input.years).map(|(_, last)| last);
    let spare = gaps.iter().filter(|(_, (year, gap))| Some(*year) == last_year && *gap <= -0.5);
    let most_spare = spare.copied().reduce(|a, b| if b.1.1 < a.1.1 { b } else { a });
    let short = most_short.map(|(stage, (year, gap))| {
        let (stage, gap) = (stage_name(stage, lang), count(gap, lang));
        match lang {
            Lang::Zh => format!("{stage}学位{year}年最紧，缺{gap}个"),
            Lang::En => format!("{stage} seats fall short most in {year}, by {gap}"),
        }
    });
    let spare = most_spare.map(|(stage, (year, gap))| {
        let (stage, gap) = (stage_name(stage, lang), count(-gap, lang));
        match lang {
            Lang::Zh => format!("到{year}年{stage}空余{gap}个"),
            Lang::En => format!("{stage} has {gap} to spare in {year}"),
        }
    });
    let title = match (short, spare) {
        (Some(short), Some(spare)) => format!("{short}{}{spare}", lang.pick("；", "; ")),
        (Some(short), None) => short,
        (None, Some(spare)) => {
            format!("{}{spare}", lang.pick("各学段学位充足，", "No stage is short of seats; "))
        }
        (None, None) => lang.pick("各学段在校生与学位", "Pupils and seats by stage").to_owned(),
    };
    capitalised(&title)
}

/// First and last pupils and seats of every stage.
fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for panel in &input.panels {
        let ends = |values: &[f64]| {
            let known = known(&input.years, values);
            Some((*known.first()?, *known.last()?))
        };
        let (Some((p0, p1)), Some((s0, s1))) = (ends(&panel.pupils), ends(&panel.seats)) else {
            continue;
        };
        let stage = capitalised(stage_name(panel.stage, lang));
        let number = |value: f64| count(value, lang);
        words += &match lang {
            Lang::Zh => format!(
                "{stage}：在校生{}年{}人，{}年{}人；学位{}年{}个，{}年{}个。",
                p0.0,
                number(p0.1),
                p1.0,
                number(p1.1),
                s0.0,
                number(s0.1),
                s1.0,
                number(s1.1)
            ),
            Lang::En => format!(
                "{stage}: {} pupils in {}, {} in {}; {} seats in {}, {} in {}. ",
                number(p0.1),
                p0.0,
                number(p1.1),
                p1.0,
                number(s0.1),
                s0.0,
                number(s1.1),
                s1.0
            ),
        };
    }
    words
}
