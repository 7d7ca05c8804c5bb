//! The share of futures in which oversized classes are gone, by year: one panel a stage, one line a scenario.
//!
//! A future is one draw of the uncertain factors; every scenario meets the same futures. Oversized classes are gone in a year when
//! their share is at or below the threshold from that year to the horizon, so a line never falls. Rings mark the
//! year from which half of the futures are clear, dots the year from which nine tenths are.

mod finding;
mod labels;

use self::finding::{HALF, NINE_TENTHS, description, reached, title};
use self::labels::Labels;
use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_years, labels_width, value_labels, year_range,
};
use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::marks::Mark;
use super::numbers::{Ticks, fixed, known, runs, threshold};
use super::oversized::Plan;
use super::series::{self, LEADER, plan_key, reference, shade_plan};
use super::text::{capitalised, sign};
use super::theme::{INK, scenario};
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
    /// How many futures every scenario met.
    pub futures: u64,
    /// Names of the scenarios, in the language of the chart; the first is the one the title speaks of.
    pub scenarios: Vec<String>,
    /// Index of the scenario the first is compared with, e.g. the one without building.
    pub baseline: Option<usize>,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
    /// One panel a stage, from top to bottom.
    pub panels: Vec<Panel>,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The stage, or all stages together.
    pub stage: Option<Stage>,
    /// By scenario, in the order of [`Input::scenarios`], and year: the share of futures (0 to 1) in which
    /// oversized classes are gone; NaN where unknown.
    pub lines: Vec<Vec<f64>>,
}

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let input = &input.with_shares_up_to_one();
    let labels = Labels::for_scenarios(input, lang);
    let base = [300.0, 190.0, 160.0][input.panels.len().clamp(1, 3) - 1];
    let height = labels.height(input, lang).max(input.caption.size.plot_height(base));
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &labels, lang),
        remarks: vec![remark(input, lang)],
        description: description(input, lang),
    };
    if input.years.is_empty() || input.panels.is_empty() || input.scenarios.is_empty() {
        return frame.paint_empty();
    }
    let pitch = PANEL_STRIP + height + YEARS_HEIGHT + 6.0;
    frame.paint(input.panels.len() as f64 * pitch, |canvas, area| {
        let ticks = ticks(height);
        let left = area.left + labels_width(&value_labels(&ticks, 0.01, "%"));
        let right = area.right - labels.width(input, lang) - LEADER;
        for (i, panel) in input.panels.iter().enumerate() {
            let strip = Rect { top: area.top + i as f64 * pitch, ..area };
            let top = strip.top + PANEL_STRIP;
            let plot = Rect { left, top, right, bottom: top + height };
            let name =
                panel.stage.map_or(lang.pick("各学段", "all stages"), |s| stage_name(s, lang));
            draw_panel_name(canvas, strip, &capitalised(name), "", lang);
            let plane = draw_panel(canvas, input, panel, plot, &ticks);
            labels.draw(canvas, &plane, input, panel, lang);
        }
    })
}

impl Input {
    /// No share is larger than the whole.
    fn with_shares_up_to_one(&self) -> Input {
        let mut input = self.clone();
        let lines = input.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        lines.flatten().filter(|share| share.is_finite()).for_each(|s| *s = s.clamp(0.0, 1.0));
        input
    }

    /// The lines of a panel that belong to a scenario, the first scenario last.
    fn lines<'a>(&self, panel: &'a Panel) -> impl Iterator<Item = (usize, &'a Vec<f64>)> {
        panel.lines.iter().enumerate().take(self.scenarios.len()).rev()
    }
}

fn ticks(height: f64) -> Ticks {
    Ticks::spanning(0.0, 1.0, if height > 200.0 { 5.0 } else { 2.0 })
}

fn draw_panel<'a>(
    canvas: &Canvas<'a>,
    input: &Input,
    panel: &Panel,
    plot: Rect,
    ticks: &Ticks,
) -> Plane<'a> {
    let plane = canvas.plane(plot, year_range(&input.years, false), (0.0, 1.0));
    shade_plan(&plane, input.plan.as_ref());
    draw_values(canvas, &plane, ticks, &value_labels(ticks, 0.01, "%"));
    draw_base_line(canvas, &plane, 0.0);
    draw_years(canvas, &plane, &input.years);
    for part in [HALF, NINE_TENTHS] {
        canvas.line(&plane.path(&[(plane.x.0, part), (plane.x.1, part)]), reference());
    }
    for (i, line) in input.lines(panel) {
        for run in runs(&input.years, line) {
            plane.series(&run, stroke(i));
        }
    }
    for (i, line) in input.lines(panel) {
        mark_years(canvas, &plane, input, i, line);
    }
    plane
}

/// Marks the years from which half and nine tenths of the futures are clear.
fn mark_years(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input, i: usize, line: &[f64]) {
    for (part, is_filled) in [(HALF, false), (NINE_TENTHS, true)] {
        let year = reached(&input.years, line, part).year();
        let point = year.and_then(|year| {
            let shares = known(&input.years, line);
            shares.into_iter().find(|(other, _)| *other == year)
        });
        if let Some((year, share)) = point {
            let point = plane.at((f64::from(year), share));
            canvas.dot(point, 5.6, WHITE);
            canvas.dot(point, 4.4, scenario(i).line);
            if !is_filled {
                canvas.dot(point, 2.4, WHITE);
            }
        }
    }
}

fn stroke(i: usize) -> Stroke {
    series::stroke(i, 3.0, 2.1)
}

fn keys(input: &Input, labels: &Labels, lang: Lang) -> Vec<Key> {
    let mut keys = vec![
        Key::mark(Mark::Ring, INK, lang.pick("半数未来已清零", "half of futures clear")),
        Key::mark(Mark::Dot, INK, lang.pick("九成未来已清零", "nine tenths clear")),
        Key::line(reference(), lang.pick("50%、90%", "50%, 90%")),
    ];
    keys.extend(input.plan.as_ref().map(|plan| plan_key(plan, lang)));
    if matches!(labels, Labels::Table) {
        let names = input.scenarios.iter().enumerate();
        keys.extend(
            names.map(|(i, name)| Key::words(sign(i), name.clone()).coloured(scenario(i).words)),
        );
    }
    keys
}

fn remark(input: &Input, lang: Lang) -> String {
    let limit = threshold(input.definition.cleared_at);
    match lang {
        Lang::Zh => format!("清零指从该年起到末年大班额占比一直不超过{limit}"),
        Lang::En => {
            format!("gone means that their share stays at or below {limit} to the last year")
        }
    }
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let (from, futures) = (input.definition.oversized_from, fixed(input.futures as f64, 0));
    match (lang, from) {
        (Lang::Zh, 0) => format!("{place}，{futures}个未来中大班额已清零的比例（%）"),
        (Lang::En, 0) => {
            format!("{place}: % of {futures} futures in which oversized classes are gone")
        }
        (Lang::Zh, _) => {
            format!("{place}，{futures}个未来中大班额（每班{from}人及以上）已清零的比例（%）")
        }
        (Lang::En, _) => format!(
            "{place}: % of {futures} futures in which classes of {from} or more pupils are gone"
        ),
    }
}
