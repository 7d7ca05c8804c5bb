//! One rate of one stage by district over the years: a small panel a district, one line a scenario.
//!
//! All panels share both scales, so that districts can be compared at a glance; the last panel is the whole city.

mod finding;

use self::finding::{Peak, description, highest_of, title};
use super::axes::{draw_base_line, draw_values, labels_width, value_labels};
use super::axes::{draw_few_years, year_range};
use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::font::width;
use super::frame::{Frame, Key, draw_panel_name, place_and_period};
use super::numbers::{Ticks, percent, runs, threshold};
use super::oversized::Plan;
use super::series::{self, plan_key, reference, scenario_keys, shade_plan};
use super::theme::{AXIS, PANEL, SMALL};
use super::tiles::{Shape, Tiles};
use super::{Caption, Definition, Figure, Lang, Stage, stage_name};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// The stage.
    pub stage: Stage,
    /// The rate that is shown.
    pub measure: Measure,
    /// Names of the scenarios, in the language of the chart.
    pub scenarios: Vec<String>,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
    /// One panel a district, row by row.
    pub panels: Vec<Panel>,
    /// The whole city, in the last panel: one line a scenario.
    pub total: Option<Vec<Vec<f64>>>,
}

/// A rate by district and year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// Oversized classes as a share of all classes, 0 to 1.
    Oversized(Definition),
    /// Pupils as a share of seats; 1 is full.
    Utilisation,
}

/// One district.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Name, in the language of the chart.
    pub district: String,
    /// The rate by year, as a fraction, NaN where unknown; one line a scenario, in the order of
    /// [`Input::scenarios`].
    pub lines: Vec<Vec<f64>>,
}

/// Utilisation beyond this is drawn as this.
const MOST_USED: f64 = 5.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let (input, is_cut) = &input.within_bounds();
    let panels = input.all_panels(lang);
    let shows_highest = highest_fit(input, &panels, lang);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, lang),
        remarks: remarks(shows_highest, *is_cut, lang),
        description: description(input, &panels, lang),
    };
    if input.years.is_empty() || panels.is_empty() {
        return frame.paint_empty();
    }
    let grid = Grid::for_panels(input, &panels);
    let tiles = &grid.tiles;
    frame.paint(tiles.total_height(), |canvas, area| {
        for (i, panel) in panels.iter().enumerate() {
            let highest = highest_of(input, panel).map(|peak| percent(peak.value));
            let remark = highest.filter(|_| shows_highest).unwrap_or_default();
            draw_panel_name(canvas, tiles.strip(i, area), &panel.district, &remark, lang);
            let plot = tiles.plot(i, area);
            let plane = draw_panel(canvas, input, panel, plot, &grid.ticks, tiles.begins_row(i));
            if tiles.ends_column(i) {
                draw_few_years(canvas, &plane, &input.years, (plot.left, plot.right));
            }
            if input.total.is_some() && i + 1 == panels.len() {
                outline(canvas, plot);
            }
        }
    })
}

/// How the panels are laid out, and their common scale.
struct Grid {
    tiles: Tiles,
    ticks: Ticks,
}

impl Grid {
    fn for_panels(input: &Input, panels: &[Panel]) -> Grid {
        let mut shape = Shape::of(panels.len(), input.caption.room());
        shape.height = input.caption.size.plot_height(shape.height);
        let peaks = panels.iter().filter_map(|panel| highest_of(input, panel));
        let highest = peaks.map(|peak| peak.value).fold(0.0, f64::max);
        let count = shape.height / 34.0;
        let ticks = match input.measure {
            Measure::Oversized(definition) => {
                let least = (definition.cleared_at * 2.0).clamp(0.0, 1.0);
                Ticks::close_above(highest.max(least), count)
            }
            // Multiples of a half or a whole, so that full seats have a tick.
            Measure::Utilisation => Ticks::spanning(0.0, highest.max(1.1), count),
        };
        let labels_width = labels_width(&value_labels(&ticks, 0.01, "%"));
        Grid { tiles: Tiles::new(panels.len(), shape, input.caption.room(), labels_width), ticks }
    }
}

impl Input {
    /// No share is larger than the whole, and no line leaves its panel; and whether a line was cut.
    fn within_bounds(&self) -> (Input, bool) {
        let (mut input, mut is_cut) = (self.clone(), false);
        let districts = input.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        let lines = districts.chain(input.total.iter_mut().flatten());
        for value in lines.flatten().filter(|value| value.is_finite()) {
            let most = match self.measure {
                Measure::Oversized(_) => 1.0,
                Measure::Utilisation => MOST_USED,
            };
            is_cut |= *value > most && self.measure == Measure::Utilisation;
            *value = value.min(most);
        }
        (input, is_cut)
    }

    /// The districts and the whole city.
    fn all_panels(&self, lang: Lang) -> Vec<Panel> {
        let total = self.total.iter().map(|lines| Panel {
            district: lang.pick("全市", "Whole city").to_owned(),
            lines: lines.clone(),
        });
        self.panels.iter().cloned().chain(total).collect()
    }
}

/// Whether every panel has room for its name and its highest value.
fn highest_fit(input: &Input, panels: &[Panel], lang: Lang) -> bool {
    let grid = Grid::for_panels(input, panels);
    panels.iter().all(|panel| {
        let value =
            highest_of(input, panel).map_or_else(String::new, |Peak { value, .. }| percent(value));
        let name = super::text::clean(&panel.district, lang);
        width(&name, PANEL, true) + 8.0 + width(&value, SMALL, false) <= grid.tiles.width
    })
}

fn draw_panel<'a>(
    canvas: &Canvas<'a>,
    input: &Input,
    panel: &Panel,
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
    draw_values(canvas, &plane, ticks, &labels);
    draw_base_line(canvas, &plane, 0.0);
    let limit = reference_value(input.measure);
    if limit > 0.0 && limit < ticks.high() {
        let ends = plane.path(&[(plane.x.0, limit), (plane.x.1, limit)]);
        canvas.line(&ends, reference());
    }
    for (i, line) in panel.lines.iter().enumerate().take(input.scenarios.len()).rev() {
        for run in runs(&input.years, line) {
            plane.series(&run, stroke(i));
        }
    }
    plane
}

/// Sets the panel of the whole city apart.
fn outline(canvas: &Canvas<'_>, plot: Rect) {
    let Rect { left, top, right, bottom } = plot;
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&corners, Stroke::solid(AXIS, 1.2));
}

fn stroke(i: usize) -> Stroke {
    series::stroke(i, 2.6, 1.8)
}

fn reference_value(measure: Measure) -> f64 {
    match measure {
        Measure::Oversized(definition) => definition.cleared_at,
        Measure::Utilisation => 1.0,
    }
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let mut keys = scenario_keys(&input.scenarios, stroke);
    let label = match (input.measure, lang) {
        (Measure::Oversized(d), Lang::Zh) => format!("清零线 {}", threshold(d.cleared_at)),
        (Measure::Oversized(d), Lang::En) => format!("cleared at {}", threshold(d.cleared_at)),
        (Measure::Utilisation, _) => lang.pick("学位用满 100%", "full at 100%").to_owned(),
    };
    keys.push(Key::line(reference(), label));
    keys.extend(input.plan.as_ref().map(|plan| plan_key(plan, lang)));
    keys
}

fn remarks(shows_highest: bool, is_cut: bool, lang: Lang) -> Vec<String> {
    let highest = lang.pick(
        "地名旁为各情景各年中的最高值",
        "the number beside a name is the highest of all scenarios and years",
    );
    let cut = lang.pick("超过500%的值按500%绘制", "values above 500% are drawn as 500%");
    let remarks = [(shows_highest, highest), (is_cut, cut)];
    remarks.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, words)| words.into()).collect()
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let stage = stage_name(input.stage, lang);
    match (input.measure, lang) {
        (Measure::Oversized(definition), Lang::Zh) => {
            let from = definition.oversized_from;
            format!("{place}，{stage}大班额（每班{from}人及以上）占班级总数的比例（%）")
        }
        (Measure::Oversized(definition), Lang::En) => {
            let from = definition.oversized_from;
            format!("{place}: {stage} classes of {from} or more pupils as % of all classes")
        }
        (Measure::Utilisation, Lang::Zh) => format!("{place}，{stage}在校生占学位的比例（%）"),
        (Measure::Utilisation, Lang::En) => format!("{place}: {stage} pupils as % of seats"),
    }
}
