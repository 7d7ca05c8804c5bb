//! Share of oversized classes by stage over the years, one line a scenario.
//!
//! Panels stand below each other on one time axis, so that the years in which stages clear can be
//! compared. Thin and dashed: super-oversized. The labels at the line ends say when a scenario is
//! cleared: the first year from which the share stays at or below the threshold to the horizon. More than four
//! scenarios are named in the key instead, and the years of clearing stand beside the name of the panel.

mod finding;
mod keyed;
mod names;

pub(super) use self::finding::{Outcome, outcome, outcome_in_words};
use self::finding::{description, title};
use self::keyed::{clearing_years, lines_coincide};
use self::names::{LABEL_GAP, Labels};
use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_years, labels_width, value_labels, year_range,
};
use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::font::width;
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::numbers::{Ticks, known, largest, runs, span, threshold};
use super::series::{self, LEADER, lead_to_labels, plan_key, reference, scenario_keys, shade_plan};
use super::text::{capitalised, sign};
use super::theme::{INK, LEADING, PANEL, SMALL, scenario};
use super::{Caption, Definition, Figure, Lang, Stage, stage_name};
use plotters::style::WHITE;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// What counts as oversized and as cleared.
    pub definition: Definition,
    /// Names of the scenarios, in the language of the chart; the first is the one the title speaks of.
    pub scenarios: Vec<String>,
    /// Index of the scenario the first is compared with, e.g. the one without building.
    pub baseline: Option<usize>,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
    /// One panel a stage, from top to bottom.
    pub panels: Vec<Panel>,
}

/// A period that is shaded.
#[derive(Clone, Debug)]
pub struct Plan {
    /// First year.
    pub first: i32,
    /// Last year.
    pub last: i32,
    /// Its name, in the language of the chart; the years are added.
    pub label: String,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The stage.
    pub stage: Stage,
    /// One line a scenario, in the order of [`Input::scenarios`].
    pub lines: Vec<Line>,
}

/// One scenario of one stage; shares of all classes from 0 to 1, NaN where unknown.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Share of oversized classes, including super-oversized ones, by year.
    pub oversized: Vec<f64>,
    /// Share of super-oversized classes by year; may be empty.
    pub super_oversized: Vec<f64>,
}

/// More scenarios than this show super-oversized classes for the first one only.
const MOST_WITH_SUPER: usize = 3;
/// Widest name of a scenario within the label of another entry of the key.
const NAME_WIDTH: f64 = 200.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let input = &input.with_shares_up_to_one();
    let labels = Labels::for_scenarios(input, lang);
    let base = [300.0, 190.0, 148.0][input.panels.len().clamp(1, 3) - 1];
    let base = input.caption.size.plot_height(base);
    let heights: Vec<f64> =
        input.panels.iter().map(|panel| labels.height(input, panel, lang).max(base)).collect();
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &labels, lang),
        remarks: remarks(input, &labels, &heights, lang),
        description: description(input, lang),
    };
    if input.years.is_empty() || input.panels.is_empty() {
        return frame.paint_empty();
    }
    let strips = PANEL_STRIP + YEARS_HEIGHT + 6.0;
    let total = heights.iter().map(|height| height + strips).sum();
    frame.paint(total, |canvas, area| {
        let mut top = area.top;
        let left = axis_width(input, &heights);
        for (panel, height) in input.panels.iter().zip(heights) {
            let plot_top = top + PANEL_STRIP;
            let plot = Rect {
                left: area.left + left,
                top: plot_top,
                right: area.right - room_beside(input, &labels, lang),
                bottom: plot_top + height,
            };
            let strip = Rect { top, ..area };
            let name = capitalised(stage_name(panel.stage, lang));
            let room = strip.width() - width(&name, PANEL, true) - 8.0;
            let years = matches!(labels, Labels::InKey)
                .then(|| clearing_years(input, panel, room, lang))
                .unwrap_or_default();
            draw_panel_name(canvas, strip, &name, &years, lang);
            draw_panel(canvas, input, panel, plot, &labels, lang);
            top = plot.bottom + YEARS_HEIGHT + 6.0;
        }
    })
}

impl Input {
    /// No share is larger than the whole.
    fn with_shares_up_to_one(&self) -> Input {
        let mut input = self.clone();
        let lines = input.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        for share in lines.flat_map(|l| l.oversized.iter_mut().chain(&mut l.super_oversized)) {
            if *share > 1.0 && share.is_finite() {
                *share = 1.0;
            }
        }
        input
    }
}

/// Room to the right of the plots: for the labels at the line ends, or for half the last year below.
fn room_beside(input: &Input, labels: &Labels, lang: Lang) -> f64 {
    match (labels, span(&input.years)) {
        (Labels::InKey, Some((_, last))) => width(&last.to_string(), SMALL, false) / 2.0 + 1.0,
        _ => labels.width(input, lang) + LEADER,
    }
}

fn remarks(input: &Input, labels: &Labels, heights: &[f64], lang: Lang) -> Vec<String> {
    let is_in_key = matches!(labels, Labels::InKey);
    let coincide = input.panels.iter().zip(heights).any(|(panel, &height)| {
        lines_coincide(input, panel, ticks(input, panel, height).high() / height)
    });
    let scales = lang.pick("各图纵轴刻度不同", "the panels differ in their vertical scale");
    let dots = lang.pick("圆点为清零年份", "dots mark the year of clearing");
    let hidden = lang.pick("线条重合时只见其一", "where lines coincide only one is seen");
    let remarks =
        [(input.panels.len() > 1, scales), (is_in_key, dots), (is_in_key && coincide, hidden)];
    remarks.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, words)| words.into()).collect()
}

fn draw_panel(
    canvas: &Canvas<'_>,
    input: &Input,
    panel: &Panel,
    plot: Rect,
    labels: &Labels,
    lang: Lang,
) {
    let ticks = ticks(input, panel, plot.height());
    let plane = canvas.plane(plot, year_range(&input.years, false), (ticks.low(), ticks.high()));
    shade_plan(&plane, input.plan.as_ref());
    draw_values(canvas, &plane, &ticks, &percent_labels(&ticks));
    draw_base_line(canvas, &plane, 0.0);
    draw_years(canvas, &plane, &input.years);
    let cleared_at = input.definition.cleared_at;
    if cleared_at < ticks.high() {
        let ends = plane.path(&[(plane.x.0, cleared_at), (plane.x.1, cleared_at)]);
        canvas.line(&ends, reference());
    }
    for (i, line) in panel.lines.iter().enumerate().take(input.scenarios.len()).rev() {
        if shows_super(input, i) {
            for run in runs(&input.years, &line.super_oversized) {
                plane.series(&run, super_stroke(i));
            }
        }
        for run in runs(&input.years, &line.oversized) {
            plane.series(&run, stroke(i));
        }
    }
    mark_clearing(canvas, &plane, input, panel);
    if !matches!(labels, Labels::InKey) {
        draw_labels(canvas, &plane, input, panel, labels, lang);
    }
}

/// Marks the year from which each scenario is cleared.
fn mark_clearing(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input, panel: &Panel) {
    for (i, line) in panel.lines.iter().enumerate().take(input.scenarios.len()).rev() {
        let outcome = outcome(&input.years, &line.oversized, input.definition.cleared_at);
        let shares = known(&input.years, &line.oversized);
        let cleared = shares.iter().find(|(year, _)| outcome == Outcome::From(*year));
        if let Some(&(year, share)) = cleared {
            let point = plane.at((f64::from(year), share));
            canvas.dot(point, 5.0, WHITE);
            canvas.dot(point, 3.7, scenario(i).line);
        }
    }
}

/// Writes the labels at the line ends and leads from each line to its label.
fn draw_labels(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    panel: &Panel,
    labels: &Labels,
    lang: Lang,
) {
    let (mut ends, mut texts) = (Vec::new(), Vec::new());
    for (i, line) in panel.lines.iter().enumerate().take(input.scenarios.len()) {
        if let Some(&(year, share)) = known(&input.years, &line.oversized).last() {
            let lines = labels.lines(input, panel, i, lang);
            let height = lines.len() as f64 * SMALL * LEADING + LABEL_GAP;
            ends.push((i, plane.at((f64::from(year), share)), height));
            texts.push(lines);
        }
    }
    let centres = lead_to_labels(canvas, plane.frame, &ends);
    for (lines, centre) in texts.iter().zip(centres) {
        canvas.text_block(plane.frame.right + LEADER, centre, lines);
    }
}

fn stroke(i: usize) -> Stroke {
    series::stroke(i, 3.0, 2.1)
}

fn super_stroke(i: usize) -> Stroke {
    Stroke::dashed(scenario(i).line, 1.5, 6.0, 4.0)
}

fn shows_super(input: &Input, i: usize) -> bool {
    i == 0 || input.scenarios.len() <= MOST_WITH_SUPER
}

fn ticks(input: &Input, panel: &Panel, height: f64) -> Ticks {
    let highest = largest(panel.lines.iter().map(|line| line.oversized.as_slice()));
    let lowest_top = input.definition.cleared_at * 2.0;
    Ticks::spanning(0.0, highest.min(1.0).max(lowest_top), (height / 38.0).min(5.0))
}

fn percent_labels(ticks: &Ticks) -> Vec<String> {
    value_labels(ticks, 0.01, "%")
}

fn axis_width(input: &Input, heights: &[f64]) -> f64 {
    let panels = input.panels.iter().zip(heights);
    let widths =
        panels.map(|(panel, &height)| labels_width(&percent_labels(&ticks(input, panel, height))));
    widths.fold(labels_width(&["10%".to_owned()]), f64::max)
}

fn keys(input: &Input, labels: &Labels, lang: Lang) -> Vec<Key> {
    let Definition { oversized_from, cleared_at, .. } = input.definition;
    let limit = threshold(cleared_at);
    let label = match lang {
        Lang::Zh => format!("大班额（≥{oversized_from}人）"),
        Lang::En => format!("oversized ({oversized_from} or more)"),
    };
    let mut keys = match labels {
        Labels::InKey => scenario_keys(&input.scenarios, stroke),
        _ => vec![Key::line(Stroke::solid(INK, 2.4), label)],
    };
    let has_super = |panel: &Panel| {
        let mut lines = panel.lines.iter();
        lines.any(|line| !known(&input.years, &line.super_oversized).is_empty())
    };
    if input.panels.iter().any(has_super) {
        keys.push(super_key(input, labels, lang));
    }
    let label = match lang {
        Lang::Zh => format!("清零线 {limit}"),
        Lang::En => format!("cleared at {limit}"),
    };
    keys.push(Key::line(reference(), label));
    keys.extend(input.plan.as_ref().map(|plan| plan_key(plan, lang)));
    if matches!(labels, Labels::Number) {
        let names = input.scenarios.iter().enumerate();
        keys.extend(
            names.map(|(i, name)| Key::words(sign(i), name.clone()).coloured(scenario(i).words)),
        );
    }
    keys
}

/// The entry of the super-oversized classes, and whose they are if not all scenarios show them.
fn super_key(input: &Input, labels: &Labels, lang: Lang) -> Key {
    let first = input.scenarios.first().filter(|_| input.scenarios.len() > MOST_WITH_SUPER);
    let is_short = |name: &str| width(name, SMALL, false) <= NAME_WIDTH;
    let name = first.map(|name| match labels {
        Labels::Number => "①",
        Labels::InKey if !is_short(name) => lang.pick("首个情景", "first scenario"),
        _ => name,
    });
    let from = input.definition.super_oversized_from;
    let label = match (name, lang) {
        (None, Lang::Zh) => format!("超大班额（≥{from}人）"),
        (None, Lang::En) => format!("super-oversized ({from} or more)"),
        (Some(name), Lang::Zh) => format!("超大班额（≥{from}人，仅{name}）"),
        (Some(name), Lang::En) => format!("super-oversized ({from} or more, {name} only)"),
    };
    match labels {
        Labels::InKey => Key::line(super_stroke(0), label),
        _ => Key::line(Stroke::dashed(INK, 1.5, 6.0, 4.0), label),
    }
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let from = input.definition.oversized_from;
    match lang {
        Lang::Zh => format!("{place}，大班额（每班{from}人及以上）占班级总数的比例（%）"),
        Lang::En => format!("{place}: classes of {from} or more pupils as % of all classes"),
    }
}
