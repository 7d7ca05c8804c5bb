//! What scenarios cost against what they relieve: one point a scenario.
//!
//! A scenario is outdone when another, or building nothing, relieves as much or more for the same money or less, and is
//! better in one of the two. A scenario that leaves more pupils without a place than nothing built is marked with a
//! warning and compared with none: whoever is turned away sits in no oversized class.

mod finding;
mod labelling;

use self::finding::{Findings, description, title};
use self::labelling::Labelling;
use super::axes::{AXIS_NAME, YEARS_HEIGHT, draw_axis_names, draw_base_line, draw_labels_below};
use super::axes::{draw_values, labels_width, value_labels};
use super::canvas::{Canvas, Plane, Rect, Stroke};
use super::frame::{Frame, Key, place_and_period};
use super::marks::Mark;
use super::numbers::{Scale, Ticks, fixed};
use super::points::{Scene, draw_label, draw_rays, ray_stroke, shifted};
use super::text::{fit, sign};
use super::theme::{BAD, GOOD, MARGIN, SMALL, SOFT_INK};
use super::{Caption, Figure, Lang, Size, Stage, stage_name};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Years over which pupil-years are summed.
    pub years: Vec<i32>,
    /// The stage, or all stages together.
    pub stage: Option<Stage>,
    /// Pupils from which a class is oversized (大班额), e.g. 56.
    pub oversized_from: u32,
    /// One point a scenario.
    pub points: Vec<Point>,
}

/// One scenario; NaN where a value is unknown.
#[derive(Clone, Debug)]
pub struct Point {
    /// Name, in the language of the chart.
    pub name: String,
    /// Investment in yuan.
    pub investment: f64,
    /// Pupil-years in oversized classes fewer than with nothing built; negative where there are more.
    pub relieved: f64,
    /// Pupil-years without a place beyond those with nothing built; above zero, or unknown, it
    /// gets a warning.
    pub unplaced: f64,
}

impl Point {
    /// Where the point lies, if both values are there.
    fn position(&self) -> Option<(f64, f64)> {
        let is_there = self.investment.is_finite() && self.relieved.is_finite();
        is_there
            .then(|| (self.investment.clamp(0.0, LARGEST), self.relieved.clamp(-LARGEST, LARGEST)))
    }

    /// Whether pupils may be left without a place.
    fn is_warned(&self) -> bool {
        self.unplaced.is_nan() || self.unplaced >= 0.5
    }
}

/// Points nearer than this share a label.
const NEAR: f64 = 9.0;
/// Largest value drawn; whatever is larger is drawn as this.
const LARGEST: f64 = 1e12;
/// Height of the plot.
const PLOT_HEIGHT: f64 = 390.0;
/// Height of the labels of rays above the plot.
const RAY_LABELS: f64 = 22.0;
/// Room to the right of the plot for labels of rays.
const RIGHT: f64 = 106.0;
/// Steepest and flattest ray, in height over width of the picture, and how many are drawn.
const RAY_SLOPES: (f64, f64) = (0.14, 5.0);
const MOST_RAYS: usize = 4;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let findings = Findings::of(&input.points);
    let geometry = Geometry::for_points(&input.points, input.caption.size, lang);
    let labelling =
        Labelling::of(&input.points, &findings, &geometry.scene(input, &findings), lang);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, &findings, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &findings, &geometry, &labelling, lang),
        remarks: remarks(input, lang),
        description: description(input, &findings, lang),
    };
    if input.points.iter().all(|point| point.position().is_none()) {
        return frame.paint_empty();
    }
    frame.paint(geometry.plot.bottom + YEARS_HEIGHT + AXIS_NAME, |canvas, area| {
        let plot = geometry.plot;
        let plot = Rect { top: area.top + plot.top, bottom: area.top + plot.bottom, ..plot };
        let plane = canvas.plane(plot, geometry.x, geometry.y);
        geometry.draw_axes(canvas, &plane, area.top, lang);
        geometry.draw_rays(canvas, area.top, lang);
        let front = shifted(&geometry.front(input, &findings), area.top);
        canvas.line(&front, Stroke::solid(GOOD, 2.0));
        for label in &labelling.labels {
            draw_label(canvas, label, area.top);
        }
        // A warning lies on top of whatever lies in the same place.
        let indexed = || input.points.iter().enumerate();
        let calm = indexed().filter(|(_, point)| !point.is_warned());
        for (i, point) in calm.chain(indexed().filter(|(_, point)| point.is_warned())) {
            if let Some(position) = point.position() {
                let (x, y) = geometry.at(position);
                let (mark, colour) = look(point, findings.is_efficient(i));
                mark.draw(canvas, (x, y + area.top), colour);
            }
        }
    })
}

/// How values lie in the picture; y is counted from the top of the body.
struct Geometry {
    plot: Rect,
    x: (f64, f64),
    y: (f64, f64),
    x_ticks: Ticks,
    y_ticks: Ticks,
    x_scale: (f64, &'static str),
    y_scale: Scale,
}

impl Geometry {
    fn for_points(points: &[Point], size: Size, lang: Lang) -> Geometry {
        let positions: Vec<(f64, f64)> = points.iter().filter_map(Point::position).collect();
        let widest = positions.iter().map(|p| p.0).fold(1e6, f64::max);
        let highest = positions.iter().map(|p| p.1).fold(10.0, f64::max);
        let lowest = positions.iter().map(|p| p.1).fold(0.0, f64::min);
        let x_ticks = Ticks::spanning(0.0, widest * 1.04, 6.0);
        let room = (highest - lowest) * 0.05;
        let low = if lowest < 0.0 { lowest - room } else { 0.0 };
        let y_ticks = Ticks::spanning(low, highest + room, 7.0);
        let y_scale = Scale::for_numbers_up_to(highest.max(-lowest), lang);
        let labels = labels_width(&value_labels(&y_ticks, y_scale.divisor, ""));
        let top = AXIS_NAME + RAY_LABELS;
        Geometry {
            plot: Rect {
                left: MARGIN + labels,
                top,
                right: size.width() - MARGIN - RIGHT,
                bottom: top + size.plot_height(PLOT_HEIGHT),
            },
            // What costs nothing stands clear of the numbers on the axis.
            x: (-0.03 * x_ticks.high(), x_ticks.high()),
            y: (y_ticks.low(), y_ticks.high()),
            x_scale: match (lang, widest) {
                (Lang::Zh, _) => (1e8, "亿元"),
                (Lang::En, widest) if widest >= 5e8 => (1e9, "bn yuan"),
                (Lang::En, _) => (1e6, "million yuan"),
            },
            x_ticks,
            y_ticks,
            y_scale,
        }
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (self.plot.left + across * self.plot.width(), self.plot.bottom - up * self.plot.height())
    }

    /// What the labels must keep clear of.
    fn scene(&self, input: &Input, findings: &Findings) -> Scene {
        let places = input.points.iter().map(|point| point.position().map(|p| self.at(p)));
        let zero = [(self.x.0, 0.0), (self.x.1, 0.0)].map(|p| self.at(p)).to_vec();
        Scene {
            places: places.collect(),
            bounds: self.plot,
            lines: vec![self.front(input, findings), zero],
            faint_lines: self.rays().into_iter().map(|(_, ends)| ends.to_vec()).collect(),
            near: NEAR,
        }
    }

    /// The steps that join what is not outdone, from where nothing is built.
    fn front(&self, input: &Input, findings: &Findings) -> Vec<(f64, f64)> {
        let mut corners = vec![(0.0, 0.0)];
        for position in findings.front(&input.points) {
            let (_, level) = corners.last().copied().unwrap_or_default();
            corners.extend([(position.0, level), position]);
        }
        corners.into_iter().map(|corner| self.at(corner)).collect()
    }

    /// Lines of equal cost per pupil-year: the cost, and both ends.
    fn rays(&self) -> Vec<(f64, [(f64, f64); 2])> {
        let powers = (0..=9).map(|exponent| 10_f64.powi(exponent));
        let costs = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * power));
        let per_yuan = self.plot.width() / (self.x.1 - self.x.0);
        let per_pupil = self.plot.height() / (self.y.1 - self.y.0);
        let is_readable = |cost: &f64| {
            let slope = per_pupil / per_yuan / cost;
            (RAY_SLOPES.0..=RAY_SLOPES.1).contains(&slope)
        };
        let rays = costs.filter(is_readable).take(MOST_RAYS);
        rays.map(|cost| {
            let end = match self.x.1 / cost <= self.y.1 {
                true => (self.x.1, self.x.1 / cost),
                false => (self.y.1 * cost, self.y.1),
            };
            (cost, [self.at((0.0, 0.0)), self.at(end)])
        })
        .collect()
    }

    fn draw_axes(&self, canvas: &Canvas<'_>, plane: &Plane<'_>, top: f64, lang: Lang) {
        let (divisor, unit) = self.x_scale;
        draw_values(
            canvas,
            plane,
            &self.y_ticks,
            &value_labels(&self.y_ticks, self.y_scale.divisor, ""),
        );
        draw_base_line(canvas, plane, 0.0);
        let labels = value_labels(&self.x_ticks, divisor, "");
        let bounds = (f64::NEG_INFINITY, f64::INFINITY);
        draw_labels_below(canvas, plane, &self.x_ticks.values, &labels, bounds, 6.0);
        let unit_of_pupils = self.y_scale.unit(lang, "人年", "pupil-years");
        let name = match lang {
            Lang::Zh => format!("↑ 减少的大班额就读（{unit_of_pupils}）"),
            Lang::En => format!("↑ Oversized relieved ({unit_of_pupils})"),
        };
        let across =
            format!("{}{unit}{} →", lang.pick("投资（", "Investment ("), lang.pick("）", ")"));
        draw_axis_names(canvas, plane, top, &name, &across);
    }

    /// Draws the rays and names those whose names do not meet.
    fn draw_rays(&self, canvas: &Canvas<'_>, top: f64, lang: Lang) {
        let rays = self.rays();
        let named: Vec<_> = rays
            .iter()
            .map(|(cost, ends)| (yuan(*cost, lang), [ends[0], ends[1]].map(|(x, y)| (x, y + top))))
            .collect();
        let plot = Rect { top: self.plot.top + top, bottom: self.plot.bottom + top, ..self.plot };
        draw_rays(canvas, &named, plot, RIGHT, lang);
    }
}

fn look(point: &Point, is_efficient: bool) -> (Mark, RGBColor) {
    match (point.is_warned(), is_efficient) {
        (true, _) => (Mark::Warning, BAD),
        (_, true) => (Mark::Dot, GOOD),
        _ => (Mark::Ring, SOFT_INK),
    }
}

/// A round sum of money: 5,000元, 2万元, 20,000 yuan.
fn yuan(value: f64, lang: Lang) -> String {
    match lang {
        Lang::Zh if value >= 1e8 => format!("{}亿元", fixed(value / 1e8, 0)),
        Lang::Zh if value >= 1e4 => format!("{}万元", fixed(value / 1e4, 0)),
        Lang::Zh => format!("{}元", fixed(value, 0)),
        Lang::En if value >= 1e6 => format!("{}m yuan", fixed(value / 1e6, 0)),
        Lang::En => format!("{} yuan", fixed(value, 0)),
    }
}

fn keys(
    input: &Input,
    findings: &Findings,
    geometry: &Geometry,
    labelling: &Labelling,
    lang: Lang,
) -> Vec<Key> {
    let drawn = || input.points.iter().enumerate().filter(|(_, point)| point.position().is_some());
    let mut keys = Vec::new();
    let is_narrow = input.caption.room() < 600.0;
    for (mark, colour, zh, en) in [
        (Mark::Dot, GOOD, "有效：无他案更省且减得更多", "not outdone"),
        (
            Mark::Ring,
            SOFT_INK,
            "被超过：他案花费不多而减得不少",
            if is_narrow {
                "outdone by a cheaper or better one"
            } else {
                "outdone: another relieves as much or more for no more money"
            },
        ),
        (
            Mark::Warning,
            BAD,
            "比不建设有更多学生无学位，不参与比较",
            if is_narrow {
                "more pupils without a place; not compared"
            } else {
                "leaves more pupils without a place than nothing built; not compared"
            },
        ),
    ] {
        if drawn().any(|(i, point)| look(point, findings.is_efficient(i)).0 == mark) {
            keys.push(Key::mark(mark, colour, lang.pick(zh, en)));
        }
    }
    if !geometry.rays().is_empty() {
        let label = lang.pick("每减少1人年的投资相同", "equal cost per pupil-year relieved");
        keys.push(Key::line(ray_stroke(), label));
    }
    if labelling.are_signs {
        let names =
            drawn().map(|(i, point)| Key::words(sign(i), labelling::full_name(point, lang)));
        keys.extend(names);
    }
    keys
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let missing = input.points.iter().filter(|point| point.position().is_none());
    let names: Vec<String> =
        missing.map(|point| fit(&point.name, lang, SMALL, false, 300.0)).collect();
    let words = lang.pick("无数据：", "no data: ");
    let list = names.join(lang.pick("、", ", "));
    if names.is_empty() { Vec::new() } else { vec![format!("{words}{list}")] }
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &input.years, lang);
    let from = input.oversized_from;
    let stage =
        input.stage.map_or(lang.pick("各学段", "all stages"), |stage| stage_name(stage, lang));
    match lang {
        Lang::Zh => {
            format!("{place}，{stage}：投资，与比不建设减少的大班额（每班{from}人及以上）就读人年")
        }
        Lang::En => format!(
            "{place}, {stage}: investment, and pupil-years in classes of {from} or more relieved against nothing built"
        ),
    }
}
