//! One rate of one stage by district over the years: a small panel a district, one line a scenario.
//!
//! All panels share both scales, so that districts can be compared at a glance; the last panel is the whole city.

mod finding;

use self::finding::{Peak, description, highest_of, title};
use super::axes::{YEARS_HEIGHT, draw_base_line, draw_values, labels_width, value_labels};
use super::axes::{year_range, year_ticks};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type};
use super::font::width;
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::numbers::{Ticks, percent, runs, threshold};
use super::oversized::Plan;
use super::series::{self, plan_key, reference, scenario_keys, shade_plan};
use super::theme::{AXIS, PANEL, SMALL, SOFT_INK};
use super::{Caption, Definition, Figure, Lang, Stage};

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

/// Gap between columns.
const GAP: f64 = 18.0;
/// Room that the labels of the first and the last year take from the others.
const YEAR_WIDTH: f64 = 40.0;
/// Utilisation beyond this is drawn as this.
const MOST_USED: f64 = 5.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
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
    let rows = panels.len().div_ceil(grid.columns);
    let pitch = PANEL_STRIP + grid.height + 7.0;
    frame.paint(rows as f64 * pitch + YEARS_HEIGHT - 7.0, |canvas, area| {
        for (i, panel) in panels.iter().enumerate() {
            let (row, column) = (i / grid.columns, i % grid.columns);
            let left = area.left + grid.labels_width + column as f64 * (grid.width + GAP);
            let top = area.top + row as f64 * pitch;
            let right = left + grid.width;
            let strip = Rect { left, top, right, bottom: top + PANEL_STRIP };
            let highest = highest_of(input, panel).map(|peak| percent(peak.value));
            let remark = highest.filter(|_| shows_highest).unwrap_or_default();
            draw_panel_name(canvas, strip, &panel.district, &remark, lang);
            let (top, bottom) = (strip.bottom - 4.0, strip.bottom - 4.0 + grid.height);
            let plot = Rect { left, top, right, bottom };
            let plane = draw_panel(canvas, input, panel, plot, &grid.ticks, column == 0);
            if i + grid.columns >= panels.len() {
                draw_few_years(canvas, &plane, &input.years);
            }
            if input.total.is_some() && i + 1 == panels.len() {
                outline(canvas, plot);
            }
        }
    })
}

/// How the panels are laid out, and their common scale.
struct Grid {
    columns: usize,
    width: f64,
    height: f64,
    labels_width: f64,
    ticks: Ticks,
}

impl Grid {
    fn for_panels(input: &Input, panels: &[Panel]) -> Grid {
        let (columns, height) = match panels.len() {
            count @ 0..=2 => (count.max(1), 190.0),
            3..=9 => (3, 122.0),
            _ => (4, 104.0),
        };
        let peaks = panels.iter().filter_map(|panel| highest_of(input, panel));
        let highest = peaks.map(|peak| peak.value).fold(0.0, f64::max);
        let count = height / 34.0;
        let ticks = match input.measure {
            Measure::Oversized(definition) => {
                let least = (definition.cleared_at * 2.0).clamp(0.0, 1.0);
                Ticks::close_above(highest.max(least), count)
            }
            // Multiples of a half or a whole, so that full seats have a tick.
            Measure::Utilisation => Ticks::spanning(0.0, highest.max(1.1), count),
        };
        let labels_width = labels_width(&value_labels(&ticks, 0.01, "%"));
        let room = super::theme::WIDTH - 2.0 * super::theme::MARGIN - labels_width;
        let width = (room - (columns - 1) as f64 * GAP) / columns as f64;
        Grid { columns, width, height, labels_width, ticks }
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
        width(&name, PANEL, true) + 8.0 + width(&value, SMALL, false) <= grid.width
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

/// Labels the years below a narrow panel; the labels stay within it.
fn draw_few_years(canvas: &Canvas<'_>, plane: &Plane<'_>, years: &[i32]) {
    let frame = plane.frame;
    let mut free_from = f64::NEG_INFINITY;
    for year in year_ticks(years, frame.width() - YEAR_WIDTH) {
        let (x, _) = plane.at((f64::from(year), plane.y.0));
        canvas.line(&[(x, frame.bottom), (x, frame.bottom + 4.0)], Stroke::solid(AXIS, 1.2));
        let label = year.to_string();
        let half = width(&label, SMALL, false) / 2.0;
        let centre = x.clamp(frame.left + half, (frame.right - half).max(frame.left + half));
        if centre - half >= free_from {
            let set = Type::new(SMALL, SOFT_INK).align(Align::Centre);
            canvas.text(centre, frame.bottom + 21.0, &label, set);
            free_from = centre + half + 4.0;
        }
    }
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
    let stage = input.stage.name(lang);
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
