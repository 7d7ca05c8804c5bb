//! The plane of Morris: mean size µ* of a factor's elementary effects across, their spread σ upwards.
//!
//! Far right matters much; high up matters differently from place to place: the effect bends or hangs on other factors.
//! Rays σ = 0.1 µ*, 0.5 µ* and µ* part effects that are nearly linear, monotonic, nearly monotonic, and neither
//! (Garcia Sanchez et al. 2014). µ* is that of Campolongo et al. (2007).

mod finding;
mod labelling;

use self::finding::{description, title};
use self::labelling::Labelling;
use super::axes::{AXIS_NAME, YEARS_HEIGHT, draw_axis_names, draw_base_line, draw_labels_below};
use super::axes::{draw_values, labels_width, value_labels};
use super::canvas::{Canvas, Plane, Rect};
use super::frame::{Frame, Key, place_and_period};
use super::marks::Mark;
use super::numbers::{Ticks, bounded, fixed};
use super::points::{Scene, draw_label, draw_rays};
use super::text::{fit, sign};
use super::theme::{BAD, FALLS, MARGIN, SMALL};
use super::{Caption, Figure, Lang, Quantity};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Name of the outcome, in the language of the chart.
    pub outcome: String,
    /// What the outcome is.
    pub quantity: Quantity,
    /// Trajectories of the design.
    pub trajectories: u64,
    /// One point a factor.
    pub points: Vec<Point>,
}

/// The elementary effects of one factor over its whole range; NaN where unknown.
#[derive(Clone, Debug)]
pub struct Point {
    /// Name of the factor, in the language of the chart.
    pub factor: String,
    /// Mean size of the effects, in units of the outcome.
    pub mu_star: f64,
    /// Standard deviation of the effects.
    pub sigma: f64,
}

impl Point {
    /// Where the point lies, if both values are there.
    fn position(&self) -> Option<(f64, f64)> {
        Some((bounded(self.mu_star)?.max(0.0), bounded(self.sigma)?.max(0.0)))
    }

    /// How the factor acts.
    fn kind(&self) -> Kind {
        match self.position() {
            Some((mu, sigma)) if sigma > mu => Kind::Neither,
            Some((mu, sigma)) if sigma > 0.5 * mu => Kind::NearlyMonotonic,
            _ => Kind::Monotonic,
        }
    }
}

/// How a factor acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Monotonic,
    NearlyMonotonic,
    Neither,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Monotonic, Kind::NearlyMonotonic, Kind::Neither];

    fn look(self) -> (Mark, RGBColor) {
        match self {
            Kind::Monotonic => (Mark::Dot, FALLS),
            Kind::NearlyMonotonic => (Mark::Ring, FALLS),
            Kind::Neither => (Mark::Triangle, BAD),
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        match self {
            Kind::Monotonic => lang.pick("σ≤0.5μ*：作用单向", "σ ≤ 0.5 μ*: one direction"),
            Kind::NearlyMonotonic => {
                lang.pick("0.5μ*<σ≤μ*：大体单向", "σ ≤ μ*: mostly one direction")
            }
            Kind::Neither => lang.pick("σ>μ*：非线性或有交互", "σ > μ*: non-linear or interacting"),
        }
    }
}

/// Height of the plot; room for the labels of rays above it and to its right.
const HEIGHT: f64 = 400.0;
const ABOVE: f64 = 22.0;
const RIGHT: f64 = 74.0;
/// The rays: σ as a part of µ*, the steepest first.
const RAYS: [f64; 3] = [1.0, 0.5, 0.1];
/// Points nearer than this share a label.
const NEAR: f64 = 15.0;
/// Widest name in the key.
const LONGEST_KEY: f64 = 640.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let geometry = Geometry::of(input, lang);
    let labelling = geometry.labels(input, lang);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, &labelling, lang),
        remarks: remarks(input, &labelling, lang),
        description: description(input, lang),
    };
    if input.points.iter().all(|point| point.position().is_none()) {
        return frame.paint_empty();
    }
    frame.paint(geometry.plot.bottom + YEARS_HEIGHT + AXIS_NAME, |canvas, area| {
        let plot = geometry.plot;
        let plot = Rect { top: area.top + plot.top, bottom: area.top + plot.bottom, ..plot };
        let plane = canvas.plane(plot, geometry.x, geometry.y);
        geometry.draw_axes(canvas, &plane, area.top, lang);
        let rays = geometry.rays();
        let rays: Vec<_> = rays
            .into_iter()
            .map(|(name, ends)| (name, ends.map(|(x, y)| (x, y + area.top))))
            .collect();
        draw_rays(canvas, &rays, plot, RIGHT, lang);
        for label in &labelling.labels {
            draw_label(canvas, label, area.top);
        }
        for point in &input.points {
            if let Some(position) = point.position() {
                let (x, y) = geometry.at(position);
                let (mark, colour) = point.kind().look();
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
    divisor: f64,
    unit: String,
}

impl Geometry {
    fn of(input: &Input, lang: Lang) -> Geometry {
        let positions = || input.points.iter().filter_map(Point::position);
        let widest = positions().map(|p| p.0).fold(1e-6, f64::max);
        let highest = positions().map(|p| p.1).fold(widest * 0.2, f64::max);
        let x_ticks = Ticks::spanning(0.0, widest * 1.04, 6.0);
        let y_ticks = Ticks::spanning(0.0, highest * 1.04, 7.0);
        let (unit, divisor) = input.quantity.of_difference(widest.max(highest), lang);
        let labels = labels_width(&value_labels(&y_ticks, divisor, ""));
        let top = AXIS_NAME + ABOVE;
        Geometry {
            plot: Rect {
                left: MARGIN + labels,
                top,
                right: input.caption.size.width() - MARGIN - RIGHT,
                bottom: top + input.caption.size.plot_height(HEIGHT),
            },
            // What has no effect stands clear of the numbers on the axis.
            x: (-0.025 * x_ticks.high(), x_ticks.high()),
            y: (-0.02 * y_ticks.high(), y_ticks.high()),
            x_ticks,
            y_ticks,
            divisor,
            unit,
        }
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (self.plot.left + across * self.plot.width(), self.plot.bottom - up * self.plot.height())
    }

    fn rays(&self) -> Vec<(String, [(f64, f64); 2])> {
        let ray = |part: f64| {
            let end = match self.x.1 * part <= self.y.1 {
                true => (self.x.1, self.x.1 * part),
                false => (self.y.1 / part, self.y.1),
            };
            let name = if part == 1.0 { "σ=μ*".to_owned() } else { format!("σ={part}μ*") };
            (name, [self.at((0.0, 0.0)), self.at(end)])
        };
        RAYS.map(ray).into()
    }

    /// Names where they find a place, numbers that the key explains where only these do.
    fn labels(&self, input: &Input, lang: Lang) -> Labelling {
        let zero = [(self.x.0, 0.0), (self.x.1, 0.0)].map(|p| self.at(p)).to_vec();
        let scene = Scene {
            places: input.points.iter().map(|p| p.position().map(|p| self.at(p))).collect(),
            bounds: self.plot,
            lines: vec![zero],
            faint_lines: self.rays().into_iter().map(|(_, ends)| ends.to_vec()).collect(),
            near: NEAR,
        };
        Labelling::of(&input.points, &scene, lang)
    }

    fn draw_axes(&self, canvas: &Canvas<'_>, plane: &Plane<'_>, top: f64, lang: Lang) {
        let labels = value_labels(&self.y_ticks, self.divisor, "");
        draw_values(canvas, plane, &self.y_ticks, &labels);
        draw_base_line(canvas, plane, 0.0);
        let labels = value_labels(&self.x_ticks, self.divisor, "");
        let bounds = (0.0, canvas.width);
        draw_labels_below(canvas, plane, &self.x_ticks.values, &labels, bounds, 6.0);
        let unit = &self.unit;
        let (up, across) = match lang {
            Lang::Zh => (format!("↑ 作用的离散σ（{unit}）"), format!("平均作用大小μ*（{unit}） →")),
            Lang::En => {
                (format!("↑ Spread of effects σ ({unit})"), format!("Mean size μ* ({unit}) →"))
            }
        };
        draw_axis_names(canvas, plane, top, &up, &across);
    }
}

fn keys(input: &Input, labelling: &Labelling, lang: Lang) -> Vec<Key> {
    let mut keys = Vec::new();
    for kind in Kind::ALL {
        let mut drawn = input.points.iter().filter(|point| point.position().is_some());
        if drawn.any(|point| point.kind() == kind) {
            let (mark, colour) = kind.look();
            keys.push(Key::mark(mark, colour, kind.words(lang)));
        }
    }
    let signed = labelling.signed.iter().filter_map(|&i| Some((i, input.points.get(i)?)));
    keys.extend(signed.map(|(i, point)| {
        Key::words(sign(i), fit(&point.factor, lang, SMALL, false, LONGEST_KEY))
    }));
    keys
}

fn remarks(input: &Input, labelling: &Labelling, lang: Lang) -> Vec<String> {
    let words = lang.pick(
        "作用为因素走过全部范围时结果的变化",
        "an effect is the change of the outcome over the whole range of the factor",
    );
    let missing = (0..input.points.len()).filter(|&i| input.points[i].position().is_none());
    let list = |points: &mut dyn Iterator<Item = usize>| {
        let names = points.filter_map(|i| input.points.get(i));
        let names: Vec<String> =
            names.map(|point| fit(&point.factor, lang, SMALL, false, 300.0)).collect();
        names.join(lang.pick("、", ", "))
    };
    let (missing, nameless) =
        (list(&mut missing.into_iter()), list(&mut labelling.nameless.iter().copied()));
    let mut remarks = vec![words.to_owned()];
    for (names, words) in [
        (nameless, lang.pick("图中未标名：", "not named in the picture: ")),
        (missing, lang.pick("无数据：", "no data: ")),
    ] {
        if !names.is_empty() {
            remarks.push(format!("{words}{names}"));
        }
    }
    remarks
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &[], lang);
    let (outcome, paths) = (&input.outcome, fixed(input.trajectories as f64, 0));
    match lang {
        Lang::Zh => format!("{place}，各因素对{outcome}的基本效应（Morris法，{paths}条轨迹）"),
        Lang::En => {
            format!("{place}: elementary effects on {outcome} (Morris, {paths} trajectories)")
        }
    }
}
