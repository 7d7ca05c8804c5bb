//! The drawing surface: plotters on its SVG backend, in units of the picture.
//!
//! Plotters counts in whole pixels, so it is given ten of them for one unit, and the SVG says at
//! its top how large it is meant to be. Drawing into a string cannot fail, and a shape that could
//! not be drawn would be missing from the picture, not end the run: results of plotters are dropped.

use super::font::FAMILY;
use super::theme::LEADING;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Pixels of plotters in one unit.
const FINENESS: f64 = 10.0;
/// Plotters writes this part of a font size into an SVG.
const PLOTTERS_FONT_SIZE: f64 = 1.24;
/// Plotters moves text with a top anchor down by this part of the font size.
const PLOTTERS_TOP: f64 = 0.76;
/// Height of capitals and digits, in font sizes.
const CAP_HEIGHT: f64 = 0.73;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// An upright rectangle; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn holds(&self, x: f64, y: f64) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    pub fn lies_within(&self, outer: &Rect) -> bool {
        outer.holds(self.left, self.top) && outer.holds(self.right, self.bottom)
    }

    pub fn meets(&self, other: &Rect) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub colour: RGBColor,
    pub width: f64,
    /// Length of dash and of gap.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    pub fn solid(colour: RGBColor, width: f64) -> Stroke {
        Stroke { colour, width, dash: None }
    }

    pub fn dashed(colour: RGBColor, width: f64, dash: f64, gap: f64) -> Stroke {
        Stroke { colour, width, dash: Some((dash, gap)) }
    }

    fn style(&self) -> ShapeStyle {
        self.colour.stroke_width(fine(self.width) as u32)
    }
}

/// Where a text stands relative to its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub size: f64,
    pub bold: bool,
    pub colour: RGBColor,
    pub align: Align,
}

impl Type {
    pub fn new(size: f64, colour: RGBColor) -> Type {
        Type { size, bold: false, colour, align: Align::Left }
    }

    pub fn bold(self) -> Type {
        Type { bold: true, ..self }
    }

    pub fn align(self, align: Align) -> Type {
        Type { align, ..self }
    }

    /// Distance between lines.
    pub fn leading(&self) -> f64 {
        self.size * LEADING
    }
}

/// The surface while a picture is drawn.
pub(super) struct Canvas<'a> {
    area: Area<'a>,
    /// Width of the picture.
    pub width: f64,
}

/// Draws a picture of a width and a height.
pub(super) fn paint((width, height): (f64, f64), content: impl FnOnce(&Canvas<'_>)) -> String {
    let (wide, high) = (fine(width), fine(height));
    let mut svg = String::new();
    {
        let backend = SVGBackend::with_string(&mut svg, (wide as u32, high as u32));
        let canvas = Canvas { area: backend.into_drawing_area(), width };
        let _ = canvas.area.fill(&WHITE);
        content(&canvas);
        let _ = canvas.area.present();
    }
    let shapes = svg.split_once('>').map_or("", |(_, shapes)| shapes);
    format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         stroke-linejoin=\"round\" font-family=\"{FAMILY}\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n{}",
        shortened(shapes)
    )
}

/// The shapes without what goes without saying, and the dashes of a line in one path. Quotation
/// marks within words are escaped, so no word can look like an attribute.
fn shortened(shapes: &str) -> String {
    let family = format!(" font-family=\"{FAMILY}\"");
    let shapes = shapes.replace(" opacity=\"1\"", "").replace(&family, "");
    let mut shorter = String::with_capacity(shapes.len());
    let mut open: Option<&str> = None;
    for line in shapes.lines().filter(|line| !line.is_empty()) {
        let dash = line.strip_prefix("<polyline ");
        let dash = dash.and_then(|rest| rest.strip_suffix(" \"/>")?.split_once(" points=\""));
        let attributes = dash.map(|(attributes, _)| attributes);
        if open.is_some() && open != attributes {
            shorter += "\"/>\n";
        }
        match dash {
            Some((attributes, points)) if open == Some(attributes) => {
                shorter += &format!("M{points}");
            }
            Some((attributes, points)) => {
                shorter += &format!("<path {attributes} d=\"M{points}");
            }
            None => shorter += &format!("{line}\n"),
        }
        open = attributes;
    }
    shorter
}

impl<'a> Canvas<'a> {
    pub fn line(&self, points: &[(f64, f64)], stroke: Stroke) {
        let points: Vec<_> = points.iter().map(|&(x, y)| (fine(x), fine(y))).collect();
        let _ = match stroke.dash {
            None => self.area.draw(&PathElement::new(points, stroke.style())),
            Some((dash, gap)) => self.area.draw(&DashedPathElement::new(
                points.iter().copied(),
                fine(dash),
                fine(gap),
                stroke.style(),
            )),
        };
    }

    pub fn fill(&self, area: Rect, colour: RGBColor) {
        let corners = [(fine(area.left), fine(area.top)), (fine(area.right), fine(area.bottom))];
        let _ = self.area.draw(&Rectangle::new(corners, colour.filled()));
    }

    pub fn polygon(&self, corners: &[(f64, f64)], colour: RGBColor) {
        let corners: Vec<_> = corners.iter().map(|&(x, y)| (fine(x), fine(y))).collect();
        let _ = self.area.draw(&Polygon::new(corners, colour.filled()));
    }

    pub fn dot(&self, centre: (f64, f64), radius: f64, colour: RGBColor) {
        let centre = (fine(centre.0), fine(centre.1));
        let _ = self.area.draw(&Circle::new(centre, fine(radius), colour.filled()));
    }

    /// One line of text on a baseline.
    pub fn text(&self, x: f64, baseline: f64, text: &str, set: Type) {
        if text.is_empty() {
            return;
        }
        let horizontal = match set.align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let weight = if set.bold { FontStyle::Bold } else { FontStyle::Normal };
        let style = (FAMILY, fine(set.size * PLOTTERS_FONT_SIZE), weight)
            .into_text_style(&self.area)
            .color(&set.colour)
            .pos(Pos::new(horizontal, VPos::Top));
        let top = baseline - PLOTTERS_TOP * set.size;
        let _ = self.area.draw(&Text::new(text, (fine(x), fine(top)), style));
    }

    /// Lines of text whose block is centred on y.
    pub fn text_block(&self, x: f64, centre: f64, lines: &[(String, Type)]) {
        let height: f64 = lines.iter().map(|(_, set)| set.leading()).sum();
        let mut top = centre - height / 2.0;
        for (line, set) in lines {
            let baseline = top + set.leading() / 2.0 + CAP_HEIGHT * set.size / 2.0;
            self.text(x, baseline, line, *set);
            top += set.leading();
        }
    }

    /// A plane of data coordinates within a rectangle.
    pub fn plane(&self, frame: Rect, x: (f64, f64), y: (f64, f64)) -> Plane<'a> {
        let across = fine(frame.left)..fine(frame.right);
        let up = fine(frame.bottom)..fine(frame.top);
        let coordinates = Cartesian2d::new(x.0..x.1, y.0..y.1, (across, up));
        Plane { area: self.area.clone().apply_coord_spec(coordinates), frame, x, y }
    }
}

/// A rectangle of the picture with data coordinates.
pub(super) struct Plane<'a> {
    area: DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    /// The rectangle, in units of the picture.
    pub frame: Rect,
    /// First and last x.
    pub x: (f64, f64),
    /// Lowest and highest y.
    pub y: (f64, f64),
}

impl Plane<'_> {
    /// Where a point of the data lies in the picture.
    pub fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (x, y) = self.area.map_coordinate(&(x, y));
        (f64::from(x) / FINENESS, f64::from(y) / FINENESS)
    }

    /// Where a series lies in the picture.
    pub fn path(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        points.iter().map(|&point| self.at(point)).collect()
    }

    /// A series; a single point becomes a dot.
    pub fn series(&self, points: &[(f64, f64)], stroke: Stroke) {
        if let [point] = points {
            let radius = fine(stroke.width * 1.3);
            let _ = self.area.draw(&Circle::new(*point, radius, stroke.colour.filled()));
            return;
        }
        let points = points.iter().copied();
        match stroke.dash {
            None => {
                for shape in LineSeries::new(points, stroke.style()) {
                    let _ = self.area.draw(&shape);
                }
            }
            Some((dash, gap)) => {
                let (dash, gap) = (fine(dash), fine(gap));
                for shape in DashedLineSeries::new(points, dash, gap, stroke.style()) {
                    let _ = self.area.draw(&shape);
                }
            }
        }
    }

    pub fn polygon(&self, corners: Vec<(f64, f64)>, colour: RGBColor) {
        let _ = self.area.draw(&Polygon::new(corners, colour.filled()));
    }

    pub fn bar(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) {
        let _ = self.area.draw(&Rectangle::new([from, to], colour.filled()));
    }
}

/// Baseline that centres digits and capitals on y.
pub(super) fn centred_baseline(y: f64, size: f64) -> f64 {
    y + CAP_HEIGHT * size / 2.0
}

fn fine(units: f64) -> i32 {
    (units * FINENESS).round() as i32
}
