//! The trajectory: density against coverage of every box on the way, by the number of factors it limits.

use super::super::axes::{AXIS_NAME, YEARS_HEIGHT, draw_axis_names, draw_base_line};
use super::super::axes::{draw_labels_below, draw_values, labels_width, value_labels};
use super::super::canvas::{Canvas, Plane, Rect, Stroke, Type};
use super::super::font::width;
use super::super::frame::{Frame, Key, place_and_period};
use super::super::labels::{place, place_with_leader};
use super::super::marks::Mark;
use super::super::numbers::{Ticks, odds};
use super::super::points::{Label, draw_label};
use super::super::text::{clauses, clean};
use super::super::theme::{AXIS, BAD, INK, LEADING, SMALL, restricted};
use super::super::{Caption, Figure, Lang};
use plotters::style::{RGBColor, WHITE};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// What makes a future one of interest, in the language of the chart.
    pub interest: String,
    /// Share of all futures that are of interest.
    pub base_rate: f64,
    /// The boxes, from that of all futures to the smallest.
    pub boxes: Vec<Peeled>,
    /// Index of the box that was chosen.
    pub chosen: Option<usize>,
}

/// A box on the way.
#[derive(Clone, Copy, Debug)]
pub struct Peeled {
    /// Share of all futures of interest that it holds, 0 to 1.
    pub coverage: f64,
    /// Share of its futures that are of interest, 0 to 1.
    pub density: f64,
    /// Factors that it limits.
    pub restricted: usize,
}

impl Peeled {
    fn position(&self) -> Option<(f64, f64)> {
        let is_there = self.coverage.is_finite() && self.density.is_finite();
        is_there.then(|| (self.coverage.clamp(0.0, 1.0), self.density.clamp(0.0, 1.0)))
    }
}

/// Height of the plot.
const HEIGHT: f64 = 400.0;
/// Boxes that limit so many factors or more look alike.
const MOST_TOLD: usize = 5;
/// Radius of a point, and what each limited factor adds.
const RADIUS: (f64, f64) = (3.4, 0.75);

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, lang),
        remarks: Vec::new(),
        description: description(input, lang),
    };
    if input.boxes.iter().all(|step| step.position().is_none()) {
        return frame.paint_empty();
    }
    let height = input.caption.size.plot_height(HEIGHT);
    frame.paint(AXIS_NAME + 8.0 + height + YEARS_HEIGHT + AXIS_NAME, |canvas, area| {
        let ticks = Ticks::spanning(0.0, 1.0, 5.0);
        let labels = value_labels(&ticks, 0.01, "%");
        let top = area.top + AXIS_NAME + 8.0;
        let plot = Rect {
            left: area.left + labels_width(&labels),
            top,
            right: area.right - 14.0,
            bottom: top + height,
        };
        let plane = canvas.plane(plot, (-0.02, 1.02), (0.0, 1.02));
        draw_values(canvas, &plane, &ticks, &labels);
        draw_base_line(canvas, &plane, 0.0);
        draw_labels_below(canvas, &plane, &ticks.values, &labels, (0.0, canvas.width), 6.0);
        let up = lang.pick("↑ 密度（箱内未来中所关注的比例）", "↑ Density (share of the box)");
        let across = lang.pick(
            "覆盖（所关注的未来落在箱内的比例） →",
            "Coverage (share of futures of interest) →",
        );
        draw_axis_names(canvas, &plane, area.top, up, across);
        let base = input.base_rate.clamp(0.0, 1.0);
        if base.is_finite() {
            let ends = plane.path(&[(plane.x.0, base), (plane.x.1, base)]);
            canvas.line(&ends, super::super::series::reference());
        }
        draw_steps(canvas, &plane, input);
        draw_chosen(canvas, &plane, input, lang);
    })
}

fn draw_steps(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input) {
    let path: Vec<(f64, f64)> =
        input.boxes.iter().filter_map(Peeled::position).map(|p| plane.at(p)).collect();
    canvas.line(&path, Stroke::solid(AXIS, 0.9));
    for step in &input.boxes {
        if let Some(position) = step.position() {
            let radius = RADIUS.0 + RADIUS.1 * step.restricted.min(MOST_TOLD) as f64;
            let centre = plane.at(position);
            canvas.dot(centre, radius + 0.9, WHITE);
            canvas.dot(centre, radius, colour(step.restricted));
        }
    }
}

fn colour(restricted_factors: usize) -> RGBColor {
    restricted(restricted_factors.min(MOST_TOLD))
}

fn chosen(input: &Input) -> Option<(&Peeled, (f64, f64))> {
    let step = input.boxes.get(input.chosen?)?;
    Some((step, step.position()?))
}

/// A ring around the chosen box, and what it holds beside it.
fn draw_chosen(canvas: &Canvas<'_>, plane: &Plane<'_>, input: &Input, lang: Lang) {
    let Some((step, position)) = chosen(input) else { return };
    let (x, y) = plane.at(position);
    let radius = RADIUS.0 + RADIUS.1 * step.restricted.min(MOST_TOLD) as f64;
    canvas.dot((x, y), radius + 5.0, BAD);
    canvas.dot((x, y), radius + 2.4, WHITE);
    canvas.dot((x, y), radius, colour(step.restricted));
    let (coverage, density) = (odds(position.0), odds(position.1));
    let set = Type::new(SMALL, INK);
    let lines = match lang {
        Lang::Zh => [
            format!("选定：限定{}个因素", step.restricted),
            format!("覆盖{coverage}，密度{density}"),
        ],
        Lang::En => [
            format!("Chosen: {}", factors(step.restricted, lang)),
            format!("coverage {coverage}, density {density}"),
        ],
    };
    let lines = lines.map(|line| (line, set.bold()));
    let wide = lines.iter().map(|(line, _)| width(line, SMALL, true)).fold(0.0, f64::max) + 6.0;
    let size = (wide, 2.0 * SMALL * LEADING);
    let mark = |(x, y): (f64, f64), reach: f64| Rect {
        left: x - reach,
        top: y - reach,
        right: x + reach,
        bottom: y + reach,
    };
    let others = input.boxes.iter().filter_map(Peeled::position).map(|p| mark(plane.at(p), 7.0));
    let taken: Vec<Rect> = others.collect();
    let base = plane.path(&[(plane.x.0, input.base_rate), (plane.x.1, input.base_rate)]);
    let lines_to_avoid = if input.base_rate.is_finite() { vec![base] } else { Vec::new() };
    let beside = place((x, y), size, plane.frame, &lines_to_avoid, &taken);
    let beside = beside.map(|area| (area, Vec::new()));
    let mut own: Vec<Rect> = taken.clone();
    own.retain(|other| !other.holds(x, y));
    let found = beside
        .or_else(|| place_with_leader((x, y), size, plane.frame, &lines_to_avoid, &own))
        .or_else(|| place((x, y), size, plane.frame, &[], &[]).map(|area| (area, Vec::new())));
    if let Some((area, leader)) = found {
        let words = Rect { left: area.left + 3.0, right: area.right - 3.0, ..area };
        let (lines, members) = (lines.into(), Vec::new());
        draw_label(canvas, &Label { point: x, area: words, leader, lines, members }, 0.0);
    }
}

fn factors(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{count}个因素"),
        Lang::En if count == 1 => "1 factor".to_owned(),
        Lang::En => format!("{count} factors"),
    }
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let mut numbers: Vec<usize> =
        input.boxes.iter().map(|step| step.restricted.min(MOST_TOLD)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut keys: Vec<Key> = numbers
        .into_iter()
        .map(|number| {
            let words = match (number, lang) {
                (MOST_TOLD, Lang::Zh) => format!("{number}个及以上"),
                (MOST_TOLD, Lang::En) => format!("{number} or more"),
                (0, Lang::Zh) => "不限定因素".to_owned(),
                (0, Lang::En) => "no factor limited".to_owned(),
                (_, Lang::Zh) => format!("限定{number}个"),
                (1, Lang::En) => "1 factor limited".to_owned(),
                (_, Lang::En) => number.to_string(),
            };
            Key::mark(Mark::Dot, colour(number), words)
        })
        .collect();
    if input.base_rate.is_finite() {
        let words = match lang {
            Lang::Zh => format!("全部未来中的比例 {}", odds(input.base_rate)),
            Lang::En => format!("share of all futures, {}", odds(input.base_rate)),
        };
        keys.push(Key::line(super::super::series::reference(), words));
    }
    keys
}

/// What the chosen box holds.
fn title(input: &Input, lang: Lang) -> String {
    let Some((step, (coverage, density))) = chosen(input) else {
        return lang.pick("密度与覆盖的取舍", "Density against coverage").to_owned();
    };
    let (coverage, density) = (odds(coverage), odds(density));
    let base = match (input.base_rate.is_finite(), lang) {
        (false, _) => String::new(),
        (true, Lang::Zh) => format!("（全部未来中{}）", odds(input.base_rate)),
        (true, Lang::En) => format!(" ({} of all futures)", odds(input.base_rate)),
    };
    let factors = factors(step.restricted, lang);
    let opening = match lang {
        Lang::Zh => format!("限定{factors}的箱里{density}是所关注的未来{base}"),
        Lang::En => format!("With {factors} limited, {density} of futures are of interest{base}"),
    };
    let coverage = match lang {
        Lang::Zh => format!("，占此类未来的{coverage}"),
        Lang::En => format!("; these are {coverage} of all such futures"),
    };
    clauses(opening, vec![coverage], input.caption.room(), lang)
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &[], lang);
    let boxes = input.boxes.len();
    let interest = clean(&input.interest, lang);
    match lang {
        Lang::Zh => format!("{place}，PRIM逐步收缩的{boxes}个箱；所关注的未来：{interest}"),
        Lang::En => {
            format!("{place}: {boxes} boxes peeled by PRIM; futures of interest: {interest}")
        }
    }
}

fn description(input: &Input, lang: Lang) -> String {
    let ends = input.boxes.first().into_iter().chain(input.boxes.last());
    let told: Vec<String> = ends
        .chain(chosen(input).map(|(step, _)| step))
        .filter_map(|step| {
            let (coverage, density) = step.position()?;
            let (coverage, density) = (odds(coverage), odds(density));
            let factors = factors(step.restricted, lang);
            Some(match lang {
                Lang::Zh => format!("限定{factors}：覆盖{coverage}，密度{density}"),
                Lang::En => format!("{factors}: coverage {coverage}, density {density}"),
            })
        })
        .collect();
    let words = told.join(lang.pick("；", "; "));
    format!("{}{}{words}{}", input.interest, lang.pick("：", ": "), lang.pick("。", "."))
}
