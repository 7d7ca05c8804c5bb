//! Classes by size band over the years: one stacked bar a year, one panel a stage.
//!
//! The largest classes stand at the bottom, so that the share of oversized ones is read from the axis.
//! Oversized bands are in warning colours, the others in quiet ones; lightness falls with size. A dot marks
//! the year from which the oversized share stays at or below the cleared level.

mod finding;

use self::finding::{description, remark, title};
use super::axes::{
    YEARS_HEIGHT, draw_base_line, draw_values, draw_year_labels, labels_width, value_labels,
    year_range,
};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type, centred_baseline};
use super::font::width;
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::labels::spread;
use super::marks::Mark;
use super::numbers::{Ticks, at, known, percent};
use super::oversized::{Outcome, Plan, outcome};
use super::series::{ends_of_plan, plan_key, shade_plan_of_bars};
use super::text::capitalised;
use super::theme::{self, INK, LEADING, REFERENCE, SMALL, SOFT_INK};
use super::{Caption, Definition, Figure, Lang, Stage, stage_name};
use plotters::style::{RGBColor, WHITE};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years of the values, ascending.
    pub years: Vec<i32>,
    /// What counts as oversized and as cleared. [`Definition::oversized_from`] should be one more than one of
    /// [`Input::limits`]; where it is not, no band counts as oversized.
    pub definition: Definition,
    /// Most pupils of a class in each band but the last, ascending: `[45, 50, 55, 60, 65]` gives the six
    /// bands ≤45, 46–50, 51–55, 56–60, 61–65 and ≥66.
    pub limits: Vec<u32>,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
    /// One panel a stage, from top to bottom.
    pub panels: Vec<Panel>,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The stage.
    pub stage: Stage,
    /// Share of all classes of the stage (0 to 1) by year, one series a band, the smallest classes first;
    /// one more than there are [`Input::limits`]. A year in which a band is NaN or missing is left out.
    pub shares: Vec<Vec<f64>>,
}

/// Width of a bar, in years.
const BAR: f64 = 0.84;
/// White space between the bands of a bar.
const SEAM: f64 = 0.7;
/// The axis goes on beyond the whole by this part, so that the shaded period is seen above the bars.
const ABOVE: f64 = 0.035;
/// Gap between the last bar and the labels.
const LEADER: f64 = 22.0;
/// Side of the sample of colour before a label.
const SAMPLE: f64 = 12.0;
/// Height of a label.
const LABEL: f64 = SMALL * LEADING;
/// Gap between the columns of the labels.
const COLUMN_GAP: f64 = 10.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let colours = colours(input);
    let base = [300.0, 200.0, 158.0][input.panels.len().clamp(1, 3) - 1];
    let base = input.caption.size.plot_height(base);
    let height = if labels_fit(input, base) { base } else { base.max(200.0) };
    let has_labels = labels_fit(input, height);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &colours, has_labels, lang),
        remarks: remarks(input, lang),
        description: description(input, lang),
    };
    if input.years.is_empty() || input.panels.is_empty() {
        return frame.paint_empty();
    }
    let pitch = PANEL_STRIP + height + YEARS_HEIGHT + 6.0;
    frame.paint(input.panels.len() as f64 * pitch, |canvas, area| {
        let ticks = Ticks::spanning(0.0, 1.0, 5.0);
        let labels = value_labels(&ticks, 0.01, "%");
        for (i, panel) in input.panels.iter().enumerate() {
            let top = area.top + i as f64 * pitch;
            let plot = Rect {
                left: area.left + labels_width(&labels),
                top: top + PANEL_STRIP,
                right: area.right - room_beside(input, has_labels, lang),
                bottom: top + PANEL_STRIP + height,
            };
            let name = capitalised(stage_name(panel.stage, lang));
            let strip = Rect { top, ..plot };
            draw_panel_name(
                canvas,
                Rect { left: area.left, ..strip },
                &name,
                &remark(input, panel, lang),
                lang,
            );
            let range = year_range(&input.years, true);
            let plane = canvas.plane(plot, range, (0.0, 1.0 + ABOVE));
            shade_plan_of_bars(&plane, input.plan.as_ref());
            draw_values(canvas, &plane, &ticks, &labels);
            draw_bars(&plane, input, panel, &colours);
            draw_plan_edges(canvas, &plane, input.plan.as_ref());
            draw_base_line(canvas, &plane, 0.0);
            draw_year_labels(canvas, &plane, &input.years);
            mark_clearing(canvas, &plane, input, panel);
            if has_labels {
                draw_labels(canvas, &plane, input, panel, &colours, lang);
            }
        }
    })
}

impl Input {
    /// How many bands there are.
    fn bands(&self) -> usize {
        self.limits.len() + 1
    }

    /// The first of the oversized bands; the number of bands where none begins at the definition.
    fn first_oversized(&self) -> usize {
        let from = self.definition.oversized_from;
        let before =
            from.checked_sub(1).and_then(|most| self.limits.iter().position(|&l| l == most));
        before.map_or(self.bands(), |band| band + 1)
    }

    /// The shares of a year, the smallest classes first; none where one is not known or all are zero.
    fn shares(&self, panel: &Panel, i: usize) -> Option<Vec<f64>> {
        let share = |band: usize| Some(at(panel.shares.get(band)?, i)?.min(1.0));
        let shares: Vec<f64> = (0..self.bands()).map(share).collect::<Option<_>>()?;
        (shares.iter().sum::<f64>() > 0.0).then_some(shares)
    }

    /// Share of oversized classes by year, NaN where it is not known.
    fn oversized(&self, panel: &Panel) -> Vec<f64> {
        let first = self.first_oversized();
        let share = |i: usize| match self.shares(panel, i) {
            Some(shares) if first < shares.len() => shares[first..].iter().sum::<f64>().min(1.0),
            _ => f64::NAN,
        };
        (0..self.years.len()).map(share).collect()
    }

    /// The name of a band, in pupils a class: ≤45, 46–50, ≥66.
    fn name(&self, band: usize) -> String {
        let above = band.checked_sub(1).and_then(|i| self.limits.get(i));
        let least = above.map(|limit| limit.saturating_add(1));
        match (least, self.limits.get(band)) {
            (None, Some(most)) => format!("≤{most}"),
            (Some(least), Some(most)) if least == *most => most.to_string(),
            (Some(least), Some(most)) => format!("{least}–{most}"),
            (Some(least), None) => format!("≥{least}"),
            (None, None) => "≥1".to_owned(),
        }
    }
}

fn colours(input: &Input) -> Vec<RGBColor> {
    let first = input.first_oversized();
    theme::bands(first, input.bands() - first)
}

/// Stacks the bands of every year, the largest classes at the bottom.
fn draw_bars(plane: &Plane<'_>, input: &Input, panel: &Panel, colours: &[RGBColor]) {
    let seam = SEAM * (plane.y.1 - plane.y.0) / plane.frame.height();
    for (i, &year) in input.years.iter().enumerate() {
        let Some(shares) = input.shares(panel, i) else {
            continue;
        };
        let (from, to) = (f64::from(year) - BAR / 2.0, f64::from(year) + BAR / 2.0);
        let mut start = 0.0;
        for (share, colour) in shares.iter().zip(colours).rev() {
            let end = (start + share).min(1.0);
            let gap = if start > 0.0 && end - start > 2.0 * seam { seam } else { 0.0 };
            if end - start > 1e-4 {
                plane.bar((from, start + gap), (to, end), *colour);
            }
            start = end;
        }
    }
}

/// Lines at both ends of the plan, over the bars.
fn draw_plan_edges(canvas: &Canvas<'_>, plane: &Plane<'_>, plan: Option<&Plan>) {
    let ends = plan.map(|plan| ends_of_plan(plane, plan, 0.5)).filter(|(first, last)| first < last);
    for year in ends.into_iter().flat_map(|(first, last)| [first, last]) {
        if plane.x.0 < year && year < plane.x.1 {
            let ends = plane.path(&[(year, plane.y.0), (year, plane.y.1)]);
            canvas.line(&ends, Stroke::dashed(REFERENCE, 1.1, 4.0, 3.0));
        }
    }
}

/// Marks the year from which oversized classes are cleared.
fn mark_clearing(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input, panel: &Panel) {
    let shares = input.oversized(panel);
    if let Outcome::From(year) = outcome(&input.years, &shares, input.definition.cleared_at) {
        let share = known(&input.years, &shares).into_iter().find(|(known, _)| *known == year);
        let point = plane.at((f64::from(year), share.map_or(0.0, |(_, share)| share)));
        canvas.dot(point, 5.6, WHITE);
        canvas.dot(point, 4.0, INK);
    }
}

/// The last year in which every band is known, and its shares.
fn last_known(input: &Input, panel: &Panel) -> Option<(i32, Vec<f64>)> {
    let years = input.years.iter().enumerate().rev();
    { years }.find_map(|(i, &year)| Some((year, input.shares(panel, i)?)))
}

/// Whether the names of the bands find room beside a panel.
fn labels_fit(input: &Input, height: f64) -> bool {
    input.bands() as f64 * LABEL <= height + 4.0
}

/// Widths of the two columns of the labels: the bands, their shares in the last year.
fn columns(input: &Input, lang: Lang) -> (f64, f64) {
    let names = (0..input.bands()).map(|band| width(&input.name(band), SMALL, false));
    let name = names.fold(width(size_header(lang), SMALL, true), f64::max);
    let years = input.years.iter().map(|year| width(&year.to_string(), SMALL, true));
    (name, years.fold(width("100.0%", SMALL, false), f64::max))
}

fn room_beside(input: &Input, has_labels: bool, lang: Lang) -> f64 {
    let (names, shares) = columns(input, lang);
    match has_labels {
        true => LEADER + SAMPLE + 6.0 + names + COLUMN_GAP + shares,
        false => 2.0,
    }
}

fn size_header(lang: Lang) -> &'static str {
    lang.pick("班额", "size")
}

/// Names of the bands and their shares in the last year, beside the last bar.
fn draw_labels(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    input: &Input,
    panel: &Panel,
    colours: &[RGBColor],
    lang: Lang,
) {
    let Some((year, shares)) = last_known(input, panel) else {
        return;
    };
    let (names, numbers) = columns(input, lang);
    let mut middles = Vec::new();
    let mut end = 0.0;
    // From the bottom up; bands without any height keep their order.
    for (i, share) in shares.iter().rev().enumerate() {
        let middle = (end + share / 2.0).min(1.0);
        middles.push(plane.at((plane.x.1, middle)).1 - i as f64 * 0.01);
        end = (end + share).min(1.0);
    }
    let heights = vec![LABEL; middles.len()];
    let frame = plane.frame;
    let centres = spread(&middles, &heights, frame.top, frame.bottom + 4.0);
    let x = frame.right + LEADER;
    let name_x = x + SAMPLE + 6.0;
    let right = name_x + names + COLUMN_GAP + numbers;
    let header = Type::new(SMALL, SOFT_INK).bold();
    let baseline = frame.top - PANEL_STRIP + 17.0;
    canvas.text(name_x, baseline, size_header(lang), header);
    canvas.text(right, baseline, &year.to_string(), header.align(Align::Right));
    let (edge, _) = plane.at((f64::from(year) + BAR / 2.0, 0.0));
    for (i, (&middle, centre)) in middles.iter().zip(centres).enumerate() {
        let band = shares.len() - 1 - i;
        let (Some(&share), Some(&colour)) = (shares.get(band), colours.get(band)) else {
            continue;
        };
        if share > 0.000_5 {
            let elbow = [(edge + 1.5, middle), (x - 8.0, centre), (x - 3.0, centre)];
            canvas.line(&elbow, Stroke::solid(theme::FAINT, 0.9));
        }
        let half = SAMPLE / 2.0;
        let sample = Rect { left: x, top: centre - half, right: x + SAMPLE, bottom: centre + half };
        canvas.fill(sample, colour);
        let baseline = centred_baseline(centre, SMALL);
        let set = Type::new(SMALL, INK);
        canvas.text(name_x, baseline, &input.name(band), set);
        canvas.text(right, baseline, &percent(share), set.align(Align::Right));
    }
}

fn keys(input: &Input, colours: &[RGBColor], has_labels: bool, lang: Lang) -> Vec<Key> {
    let mut keys = Vec::new();
    let pupils = |name: String| match lang {
        Lang::Zh => format!("{name}人"),
        Lang::En => format!("{name} pupils"),
    };
    if !has_labels {
        let bands = colours.iter().enumerate();
        keys.extend(bands.map(|(band, colour)| Key::area(*colour, pupils(input.name(band)))));
    } else if let Some(&colour) = colours.get(input.first_oversized()) {
        let from = input.definition.oversized_from;
        keys.push(Key::area(
            colour,
            match lang {
                Lang::Zh => format!("大班额（≥{from}人）为深暖色"),
                Lang::En => format!("oversized ({from} or more) in dark warm colours"),
            },
        ));
    }
    let is_marked = |panel: &Panel| {
        let outcome = outcome(&input.years, &input.oversized(panel), input.definition.cleared_at);
        matches!(outcome, Outcome::From(_))
    };
    if input.panels.iter().any(is_marked) {
        let limit = super::numbers::threshold(input.definition.cleared_at);
        let label = match lang {
            Lang::Zh => format!("清零年份（不超过{limit}）"),
            Lang::En => format!("cleared (at most {limit})"),
        };
        keys.push(Key::mark(Mark::Dot, INK, label));
    }
    keys.extend(input.plan.as_ref().map(|plan| plan_key(plan, lang)));
    keys
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let is_gap = |panel: &Panel| {
        let mut years = 0..input.years.len();
        years.any(|i| input.shares(panel, i).is_none())
    };
    let words = lang
        .pick("空白年份没有班级或数据不全", "years left blank have no classes or unknown bands");
    input.panels.iter().any(is_gap).then(|| words.to_owned()).into_iter().collect()
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    match lang {
        Lang::Zh => format!("{place}，各班额段（每班人数）占班级总数的比例（%）"),
        Lang::En => format!("{place}: classes by size (pupils a class) as % of all classes"),
    }
}
