//! Investment by year: one stacked bar a year, one layer a programme or stage; below it what was spent to date.

mod finding;

use self::finding::{description, title};
use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_year_labels, labels_width, value_labels,
    year_range, year_ticks,
};
use super::canvas::{Align, Canvas, Plane, Rect, Type};
use super::font::width;
use super::frame::{Frame, Key, place_and_period};
use super::numbers::{Scale, Ticks, at, fixed, largest, peak};
use super::oversized::Plan;
use super::series::{plan_key, shade_plan_of_bars};
use super::text::clean;
use super::theme::{self, FAINT, INK, SMALL, SOFT_INK};
use super::{Caption, Figure, Lang, Stage};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart; say in the note of which year the prices are.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// Programmes or stages, the lowest layer first. Of more than eight those with the least investment are
    /// summed as others.
    pub series: Vec<Series>,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
}

/// One programme or stage.
#[derive(Clone, Debug)]
pub struct Series {
    /// Name, in the language of the chart.
    pub name: String,
    /// The stage, if the layer is one: it gets the stage's colour when every layer is another stage.
    pub stage: Option<Stage>,
    /// Investment booked in each year, in yuan; zero where nothing is built, NaN where it is not known.
    pub yuan: Vec<f64>,
}

/// Most layers that are named.
const MOST: usize = 8;
/// Height of the plot.
const PLOT_HEIGHT: f64 = 300.0;
/// Height of the strip with the unit of the axis.
const UNIT_STRIP: f64 = 26.0;
/// Height of the row of sums to date.
const TO_DATE: f64 = 22.0;
/// Width of a bar, in years.
const BAR: f64 = 0.74;
/// White space between layers.
const SEAM: f64 = 0.8;
/// Room above the bars for their totals, as a part of the highest.
const ABOVE: f64 = 0.08;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let layers = layers(input, lang);
    let totals = totals(input);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, &totals, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &layers, lang),
        remarks: remarks(input, &totals, lang),
        description: description(input, &totals, lang),
    };
    if input.years.is_empty() || totals.iter().all(|total| total.is_nan()) {
        let words =
            lang.pick("投资未知：没有造价数据", "No investment is known: costs are not given");
        return frame.paint_words(words);
    }
    let height = input.caption.size.plot_height(PLOT_HEIGHT);
    frame.paint(UNIT_STRIP + height + YEARS_HEIGHT + TO_DATE, |canvas, area| {
        let highest = largest([totals.as_slice()]);
        let scale = Scale::for_numbers_up_to(highest, lang);
        let ticks = Ticks::spanning(0.0, highest.max(1.0) * (1.0 + ABOVE), 6.0);
        let labels = value_labels(&ticks, scale.divisor, "");
        let top = area.top + UNIT_STRIP;
        let row = width(to_date(lang), SMALL, false) + 8.0;
        let plot = Rect {
            left: area.left + labels_width(&labels).max(row),
            top,
            right: area.right,
            bottom: top + height,
        };
        let unit = scale.unit(lang, "元", "yuan");
        canvas.text(area.left, area.top + 13.0, &unit, Type::new(SMALL, SOFT_INK));
        let plane = canvas.plane(plot, year_range(&input.years, true), (0.0, ticks.high()));
        shade_plan_of_bars(&plane, input.plan.as_ref());
        draw_values(canvas, &plane, &ticks, &labels);
        draw_bars(&plane, input, &layers);
        draw_base_line(canvas, &plane, 0.0);
        draw_year_labels(canvas, &plane, &input.years);
        let number = |yuan: f64, fewer: usize| {
            let decimals = match highest / scale.divisor {
                size if size >= 100.0 => 0,
                size if size >= 10.0 => 1_usize,
                _ => 2,
            };
            fixed(yuan / scale.divisor, decimals.saturating_sub(fewer))
        };
        draw_totals(canvas, &plane, input, &totals, &number);
        draw_to_date(canvas, &plane, input, &totals, &number, lang);
    })
}

/// A layer as it is drawn.
struct Layer {
    name: String,
    colour: RGBColor,
    /// Yuan by year, zero where not known.
    yuan: Vec<f64>,
}

impl Layer {
    fn total(&self) -> f64 {
        self.yuan.iter().sum()
    }
}

/// The layers with any investment, at most eight of them named.
fn layers(input: &Input, lang: Lang) -> Vec<Layer> {
    let mut stages: Vec<Stage> = input.series.iter().filter_map(|series| series.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    let are_stages = stages.len() == input.series.len();
    let known = |series: &Series| {
        (0..input.years.len()).map(|i| at(&series.yuan, i).unwrap_or(0.0)).collect()
    };
    let mut layers: Vec<Layer> = Vec::new();
    for series in &input.series {
        let yuan: Vec<f64> = known(series);
        let colour = match series.stage.filter(|_| are_stages) {
            Some(stage) => theme::stage(stage).line,
            None => FAINT,
        };
        let name = match clean(&series.name, lang) {
            name if name.is_empty() => "—".to_owned(),
            name => name,
        };
        layers.push(Layer { name, colour, yuan });
    }
    layers.retain(|layer| layer.total() > 0.0);
    let mut order: Vec<usize> = (0..layers.len()).collect();
    order.sort_by(|&a, &b| layers[b].total().total_cmp(&layers[a].total()));
    let mut others: Option<Layer> = None;
    let small: Vec<usize> = order.into_iter().skip(MOST).collect();
    let mut named = Vec::new();
    for (i, layer) in layers.into_iter().enumerate() {
        if small.contains(&i) {
            let name = lang.pick("其他", "others").to_owned();
            let sum = others.get_or_insert_with(|| Layer {
                name,
                colour: FAINT,
                yuan: vec![0.0; input.years.len()],
            });
            sum.yuan.iter_mut().zip(&layer.yuan).for_each(|(sum, yuan)| *sum += yuan);
        } else {
            named.push(layer);
        }
    }
    if !are_stages {
        named.iter_mut().enumerate().for_each(|(i, layer)| layer.colour = theme::scenario(i).line);
    }
    if let Some(others) = &mut others {
        others.name = match lang {
            Lang::Zh => format!("其他{}项", small.len()),
            Lang::En => format!("{} others", small.len()),
        };
    }
    named.into_iter().chain(others).collect()
}

/// The sum of what is known by year; NaN where nothing is.
fn totals(input: &Input) -> Vec<f64> {
    let total = |i: usize| {
        let values = input.series.iter().filter_map(|series| at(&series.yuan, i));
        values.reduce(|a, b| a + b).unwrap_or(f64::NAN)
    };
    (0..input.years.len()).map(total).collect()
}

fn draw_bars(plane: &Plane<'_>, input: &Input, layers: &[Layer]) {
    let seam = SEAM * (plane.y.1 - plane.y.0) / plane.frame.height();
    for (i, &year) in input.years.iter().enumerate() {
        let (from, to) = (f64::from(year) - BAR / 2.0, f64::from(year) + BAR / 2.0);
        let mut start = 0.0;
        for layer in layers {
            let end = start + layer.yuan[i];
            let gap = if start > 0.0 { seam } else { 0.0 };
            if end - start > seam {
                plane.bar((from, start + gap), (to, end), layer.colour);
            }
            start = end;
        }
    }
}

/// Writes the total above each bar, or only above the highest where they find no room.
fn draw_totals(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    totals: &[f64],
    number: &impl Fn(f64, usize) -> String,
) {
    let highest = peak(&input.years, totals);
    let half = |words: &str| width(words, SMALL, true) / 2.0 + 1.0;
    let words = |fewer: usize| -> Vec<(f64, f64, String)> {
        let bars = input.years.iter().enumerate().filter_map(|(i, &year)| {
            let total = at(totals, i).filter(|total| *total > 0.0)?;
            let (x, y) = plane.at((f64::from(year), total));
            Some((x, y, number(total, fewer)))
        });
        bars.collect()
    };
    let fits = |told: &Vec<(f64, f64, String)>| {
        let mut pairs = told.windows(2);
        let are_seen = told.iter().all(|(.., words)| words.contains(|c| ('1'..='9').contains(&c)));
        are_seen && pairs.all(|pair| pair[0].0 + half(&pair[0].2) <= pair[1].0 - half(&pair[1].2))
    };
    // With a decimal less if need be.
    let fitting = [0, 1].map(words).into_iter().find(fits);
    let are_apart = fitting.is_some();
    let told = fitting.unwrap_or_else(|| words(0));
    let at_peak = highest.map(|(year, total)| plane.at((f64::from(year), total)).0);
    let mut is_told = false;
    for (x, y, words) in told {
        let is_peak = at_peak == Some(x) && !is_told;
        is_told |= is_peak;
        if are_apart || is_peak {
            let half = half(&words);
            let room = (plane.frame.left + half, plane.frame.right - half);
            let centre = x.clamp(room.0, room.1.max(room.0));
            let set = Type::new(SMALL, if is_peak { INK } else { SOFT_INK }).align(Align::Centre);
            let set = if is_peak { set.bold() } else { set };
            canvas.text(centre, y - 5.0, &words, set);
        }
    }
}

fn to_date(lang: Lang) -> &'static str {
    lang.pick("累计", "to date")
}

/// Writes what was spent up to each labelled year below it.
fn draw_to_date(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    totals: &[f64],
    number: &impl Fn(f64, usize) -> String,
    lang: Lang,
) {
    let baseline = plane.frame.bottom + YEARS_HEIGHT + 15.0;
    let set = Type::new(SMALL, INK);
    canvas.text(plane.frame.left - 7.0, baseline, to_date(lang), set.align(Align::Right));
    let (mut free_from, mut before) = (plane.frame.left, String::new());
    for year in year_ticks(&input.years, plane.frame.width()) {
        let until = input.years.iter().enumerate().filter(|(_, other)| **other <= year);
        let sum: f64 = until.filter_map(|(i, _)| at(totals, i)).sum();
        let words = number(sum, 0);
        let half = width(&words, SMALL, false) / 2.0;
        let (x, _) = plane.at((f64::from(year), 0.0));
        let centre = x.min(plane.frame.right - half);
        // Written where it has grown.
        if centre - half >= free_from && words != before {
            canvas.text(centre, baseline, &words, set.align(Align::Centre));
            free_from = centre + half + 5.0;
            before = words;
        }
    }
}

fn keys(input: &Input, layers: &[Layer], lang: Lang) -> Vec<Key> {
    let key = |layer: &Layer| {
        let total = finding::money(layer.total(), lang);
        Key::area(layer.colour, format!("{} {total}", layer.name))
    };
    let keys = layers.iter().map(key);
    keys.chain(input.plan.as_ref().map(|plan| plan_key(plan, lang))).collect()
}

fn remarks(input: &Input, totals: &[f64], lang: Lang) -> Vec<String> {
    if totals.iter().all(|total| total.is_nan()) {
        return Vec::new();
    }
    let is_gap = |series: &Series| (0..input.years.len()).any(|i| at(&series.yuan, i).is_none());
    let words = lang.pick("未知的投资未计入", "investment that is not known is left out");
    let gaps = input.series.iter().any(is_gap).then(|| words.to_owned());
    gaps.into_iter().collect()
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    match lang {
        Lang::Zh => format!("{place}，当年计入的投资；图例为各项合计"),
        Lang::En => format!("{place}: investment booked by year; the key gives sums"),
    }
}
