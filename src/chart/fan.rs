//! The share of oversized classes over the years in many futures: bands of quantiles, one panel a scenario, one scale.
//!
//! Quantiles are taken in each year by itself: no single future runs along the edge of a band.

mod finding;

use self::finding::{description, title, years_below};
use super::axes::year_range;
use super::axes::{draw_base_line, draw_few_years, draw_values, labels_width, value_labels};
use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::font::width;
use super::frame::{Frame, Key, draw_panel_name, place_and_period};
use super::numbers::{Ticks, fixed, largest, runs, threshold};
use super::oversized::Plan;
use super::series::{draw_band, oversized_classes, plan_key, reference, shade_plan};
use super::text::clean;
use super::theme::{INK, PANEL, SMALL, scenario, tint};
use super::tiles::{Shape, Tiles, even};
use super::{Caption, Definition, Figure, Lang, Stage};
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
    /// The stage, or all stages together.
    pub stage: Option<Stage>,
    /// How many futures every scenario met.
    pub futures: u64,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
    /// One panel a scenario; the first is the one the title speaks of.
    pub panels: Vec<Panel>,
    /// Index of the scenario the first is compared with.
    pub baseline: Option<usize>,
}

/// Quantiles of one scenario by year: shares of all classes from 0 to 1, NaN where unknown.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// Name of the scenario, in the language of the chart.
    pub scenario: String,
    /// 5th percentile.
    pub p5: Vec<f64>,
    /// 25th percentile.
    pub p25: Vec<f64>,
    /// Median.
    pub median: Vec<f64>,
    /// 75th percentile.
    pub p75: Vec<f64>,
    /// 95th percentile.
    pub p95: Vec<f64>,
}

/// How much of a colour is left in the outer and in the inner band.
const BANDS: (f64, f64) = (0.2, 0.48);

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let input = &input.with_shares_up_to_one();
    let mut shape = shape(input.panels.len(), input.caption.room());
    shape.height = input.caption.size.plot_height(shape.height);
    let ticks = ticks(input, shape.height);
    let labels = value_labels(&ticks, 0.01, "%");
    let tiles = Tiles::new(input.panels.len(), shape, input.caption.room(), labels_width(&labels));
    let shows_years = years_fit(input, &tiles, lang);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, lang),
        remarks: remarks(input, shows_years, lang),
        description: description(input, lang),
    };
    if input.years.is_empty() || input.panels.is_empty() {
        return frame.paint_empty();
    }
    frame.paint(tiles.total_height(), |canvas, area| {
        for (i, panel) in input.panels.iter().enumerate() {
            let years = years_below(input, panel, lang);
            let years = if shows_years { years.as_str() } else { "" };
            draw_panel_name(canvas, tiles.strip(i, area), &panel.scenario, years, lang);
            let plot = tiles.plot(i, area);
            let plane = draw_panel(canvas, input, i, plot, &ticks, tiles.begins_row(i));
            if tiles.ends_column(i) {
                draw_few_years(canvas, &plane, &input.years, (plot.left, plot.right));
            }
        }
    })
}

/// Few panels stand high, so that the end of the bands can be read.
fn shape(count: usize, room: f64) -> Shape {
    match count {
        0..=1 => Shape { columns: 1, height: 280.0 },
        2..=4 => Shape { columns: 2, height: 190.0 },
        _ => Shape {
            columns: even(count, ((room / 220.0) as usize).clamp(2, 4), room),
            height: 140.0,
        },
    }
}

fn ticks(input: &Input, height: f64) -> Ticks {
    let quantiles = input.panels.iter().flat_map(|panel| panel.quantiles());
    let least = (input.definition.cleared_at * 2.0).clamp(0.0, 1.0);
    let highest = largest(quantiles.map(Vec::as_slice)).min(1.0).max(least);
    Ticks::close_above(if highest.is_finite() { highest } else { 1.0 }, height / 36.0)
}

impl Panel {
    fn quantiles(&self) -> [&Vec<f64>; 5] {
        [&self.p5, &self.p25, &self.median, &self.p75, &self.p95]
    }
}

impl Input {
    /// No share is larger than the whole.
    fn with_shares_up_to_one(&self) -> Input {
        let mut input = self.clone();
        for panel in &mut input.panels {
            let all =
                [&mut panel.p5, &mut panel.p25, &mut panel.median, &mut panel.p75, &mut panel.p95];
            let values = all.into_iter().flatten().filter(|share| share.is_finite());
            values.for_each(|share| *share = share.min(1.0));
        }
        input
    }
}

fn draw_panel<'a>(
    canvas: &Canvas<'a>,
    input: &Input,
    i: usize,
    plot: Rect,
    ticks: &Ticks,
    is_first: bool,
) -> Plane<'a> {
    let plane = canvas.plane(plot, year_range(&input.years, false), (ticks.low(), ticks.high()));
    shade_plan(&plane, input.plan.as_ref());
    let mut labels = value_labels(ticks, 0.01, "%");
    if !is_first {
        labels.iter_mut().for_each(String::clear);
    }
    if let Some(panel) = input.panels.get(i) {
        let (outer, inner) = colours(i);
        draw_band(&plane, &input.years, (&panel.p5, &panel.p95), outer);
        draw_band(&plane, &input.years, (&panel.p25, &panel.p75), inner);
        draw_values(canvas, &plane, ticks, &labels);
        draw_base_line(canvas, &plane, 0.0);
        for run in runs(&input.years, &panel.median) {
            plane.series(&run, Stroke::solid(scenario(i).line, 2.6));
        }
    }
    let limit = input.definition.cleared_at;
    if limit > 0.0 && limit < ticks.high() {
        canvas.line(&plane.path(&[(plane.x.0, limit), (plane.x.1, limit)]), reference());
    }
    plane
}

fn colours(i: usize) -> (RGBColor, RGBColor) {
    let line = scenario(i).line;
    (tint(line, BANDS.0), tint(line, BANDS.1))
}

/// Whether the years below the limit find room beside every name.
fn years_fit(input: &Input, tiles: &Tiles, lang: Lang) -> bool {
    input.panels.iter().all(|panel| {
        let name = width(&clean(&panel.scenario, lang), PANEL, true);
        let years = width(&years_below(input, panel, lang), SMALL, false);
        name + 8.0 + years <= tiles.width
    })
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let (outer, inner) = (tint(INK, BANDS.0), tint(INK, BANDS.1));
    let limit = threshold(input.definition.cleared_at);
    let cleared = match lang {
        Lang::Zh => format!("清零线 {limit}"),
        Lang::En => format!("cleared at {limit}"),
    };
    let mut keys = vec![
        Key::line(Stroke::solid(INK, 2.6), lang.pick("中位数", "median")),
        Key::area(inner, lang.pick("半数未来", "half of futures")),
        Key::area(outer, lang.pick("九成未来", "nine tenths")),
        Key::line(reference(), cleared),
    ];
    keys.extend(input.plan.as_ref().map(|plan| plan_key(plan, lang)));
    keys
}

fn remarks(input: &Input, shows_years: bool, lang: Lang) -> Vec<String> {
    let bands = lang.pick(
        "深色带为第25至75百分位，浅色带为第5至95百分位，逐年计算",
        "dark bands run from the 25th to the 75th percentile, light ones from the 5th to the 95th, year by year",
    );
    let limit = threshold(input.definition.cleared_at);
    let years = match lang {
        Lang::Zh => format!("名称旁为中位数和第95百分位不再高于{limit}的首年"),
        Lang::En => format!(
            "beside a name: the first year from which the median, then the 95th percentile, stays within {limit}"
        ),
    };
    [Some(bands.to_owned()), shows_years.then_some(years)].into_iter().flatten().collect()
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let (from, futures) = (input.definition.oversized_from, fixed(input.futures as f64, 0));
    let classes = oversized_classes(input.stage, lang);
    match (lang, from) {
        (Lang::Zh, 0) => format!("{place}，{futures}个未来中{classes}占班级总数的比例（%）"),
        (Lang::En, 0) => {
            format!("{place}: {classes} as % of all classes in {futures} futures")
        }
        (Lang::Zh, _) => {
            format!(
                "{place}，{futures}个未来中{classes}（每班{from}人及以上）占班级总数的比例（%）"
            )
        }
        (Lang::En, _) => format!(
            "{place}: {classes} ({from} or more pupils) as % of all classes in {futures} futures"
        ),
    }
}
