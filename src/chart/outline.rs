//! Words as outlines: every `<text>` of a drawing becomes references to the shapes of its glyphs.
//!
//! Each glyph is written once, in the units of the font, however often it is used; written out at
//! every place, the words would make up nine tenths of a picture.

use super::font::{FAMILY, advance_units};
use super::render::{Error, parse};
use resvg::tiny_skia::{PathSegment, Point};
use resvg::usvg::roxmltree::{Document, Node};
use resvg::usvg::{Group, Node as Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Units of the font in one em.
const UNITS_PER_EM: f64 = 1000.0;

/// The drawing with its texts as outlines, and the definitions of the glyphs that it refers to.
/// `prefix` begins the name of every definition.
///
/// Understood are the attributes that the charts write: `x`, `y`, `dy` in em, `text-anchor`,
/// `font-size`, `font-weight`, `fill`. What is not text is left as it is.
pub(super) fn outlined(svg: &str, prefix: &str) -> Result<(String, String), Error> {
    let document = Document::parse(svg).map_err(|error| Error::new(error.to_string()))?;
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let mut drawing = String::with_capacity(svg.len());
    let mut glyphs = BTreeSet::new();
    let mut copied = 0;
    for node in texts {
        let range = node.range();
        drawing.push_str(svg.get(copied..range.start).unwrap_or_default());
        drawing.push_str(&run(&Text::read(node), prefix, &mut glyphs));
        copied = range.end;
    }
    drawing.push_str(svg.get(copied..).unwrap_or_default());
    let mut definitions = String::new();
    for ((is_bold, c), shape) in shapes(&glyphs)? {
        let name = name(prefix, is_bold, c);
        definitions += &format!("<path id=\"{name}\" d=\"{shape}\"/>");
    }
    Ok((drawing, definitions))
}

/// One text of a drawing.
struct Text {
    words: String,
    x: f64,
    baseline: f64,
    size: f64,
    is_bold: bool,
    anchor: String,
    fill: String,
}

impl Text {
    fn read(node: Node<'_, '_>) -> Text {
        let attribute = |name| node.attribute(name).unwrap_or_default();
        let number = |name| attribute(name).parse::<f64>().unwrap_or(0.0);
        let size = number("font-size");
        let down = attribute("dy").trim_end_matches("em").parse().unwrap_or(0.0);
        Text {
            words: node.text().unwrap_or_default().trim().to_owned(),
            x: number("x"),
            baseline: number("y") + size * down,
            size,
            is_bold: attribute("font-weight") == "bold",
            anchor: attribute("text-anchor").to_owned(),
            fill: attribute("fill").to_owned(),
        }
    }
}

/// A text as references to its glyphs, side by side.
fn run(text: &Text, prefix: &str, glyphs: &mut BTreeSet<(bool, char)>) -> String {
    let advances = text.words.chars().map(|c| advance_units(c, text.is_bold));
    let length: f64 = advances.sum();
    let mut x = match text.anchor.as_str() {
        "middle" => -length / 2.0,
        "end" => -length,
        _ => 0.0,
    };
    let (at, baseline) = (text.x, text.baseline);
    let (scale, fill) = (text.size / UNITS_PER_EM, &text.fill);
    let mut run = format!(
        "<g fill=\"{fill}\" transform=\"translate({at} {baseline:.1}) scale({scale:.4})\">"
    );
    for c in text.words.chars() {
        if c != ' ' {
            glyphs.insert((text.is_bold, c));
            let name = name(prefix, text.is_bold, c);
            run += &format!("<use xlink:href=\"#{name}\" x=\"{x}\"/>");
        }
        x += advance_units(c, text.is_bold);
    }
    run + "</g>"
}

fn name(prefix: &str, is_bold: bool, c: char) -> String {
    let weight = if is_bold { 'b' } else { 'r' };
    format!("{prefix}{weight}{:x}", u32::from(c))
}

/// The shapes of glyphs in units of the font, as data of an SVG path.
fn shapes(glyphs: &BTreeSet<(bool, char)>) -> Result<BTreeMap<(bool, char), String>, Error> {
    let glyphs: Vec<(bool, char)> = glyphs.iter().copied().collect();
    let shapes = segments_of(&glyphs)?.into_iter();
    Ok(shapes.map(|(glyph, segments)| (glyph, path_data(&segments))).collect())
}

/// The outline of a glyph, in units of the font; y grows downwards from the baseline.
pub(super) type Segments = Vec<PathSegment>;

/// The outlines of glyphs (is it bold, character), from a drawing that has each of them once.
pub(super) fn segments_of(
    glyphs: &[(bool, char)],
) -> Result<BTreeMap<(bool, char), Segments>, Error> {
    let mut sheet = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\" \
         font-family=\"{FAMILY}\" font-size=\"{UNITS_PER_EM}\">"
    );
    for &(is_bold, c) in glyphs {
        let (id, code) = (name("", is_bold, c), u32::from(c));
        let weight = if is_bold { "bold" } else { "normal" };
        sheet += &format!("<text id=\"{id}\" font-weight=\"{weight}\">&#{code};</text>");
    }
    let tree = parse(&(sheet + "</svg>"))?;
    let mut shapes = BTreeMap::new();
    for &(is_bold, c) in glyphs {
        if let Some(Shape::Text(text)) = tree.node_by_id(&name("", is_bold, c)) {
            let mut segments = Segments::new();
            collect(text.flattened(), &mut segments);
            shapes.insert((is_bold, c), segments);
        }
    }
    Ok(shapes)
}

fn collect(group: &Group, segments: &mut Segments) {
    for child in group.children() {
        match child {
            Shape::Group(inner) => collect(inner, segments),
            Shape::Path(path) => segments.extend(path.data().segments()),
            _ => {}
        }
    }
}

/// The path in whole units.
fn path_data(segments: &[PathSegment]) -> String {
    let mut shape = String::new();
    let mut write = |command: char, points: &[Point]| {
        shape.push(command);
        for (i, point) in points.iter().enumerate() {
            let gap = if i > 0 { " " } else { "" };
            shape += &format!("{gap}{} {}", whole(point.x), whole(point.y));
        }
    };
    for segment in segments {
        match *segment {
            PathSegment::MoveTo(to) => write('M', &[to]),
            PathSegment::LineTo(to) => write('L', &[to]),
            PathSegment::QuadTo(by, to) => write('Q', &[by, to]),
            PathSegment::CubicTo(by, then, to) => write('C', &[by, then, to]),
            PathSegment::Close => write('Z', &[]),
        }
    }
    shape
}

/// Glyphs in the order in which they are first used.
#[derive(Default)]
pub(super) struct Glyphs {
    order: Vec<(bool, char)>,
    numbers: BTreeMap<(bool, char), usize>,
}

impl Glyphs {
    /// Every glyph: is it bold, and its character.
    pub fn all(&self) -> &[(bool, char)] {
        &self.order
    }

    /// The words as stretches of one font each, a font having so many glyphs (at most 255): the
    /// number of the font and the codes in it.
    pub fn runs(
        &mut self,
        is_bold: bool,
        words: &[char],
        per_font: usize,
    ) -> Vec<(usize, Vec<u8>)> {
        let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
        for &c in words {
            let next = self.order.len();
            let number = *self.numbers.entry((is_bold, c)).or_insert(next);
            if number == next {
                self.order.push((is_bold, c));
            }
            let (font, code) = (number / per_font, (number % per_font) as u8);
            match runs.last_mut() {
                Some((last, codes)) if *last == font => codes.push(code),
                _ => runs.push((font, vec![code])),
            }
        }
        runs
    }
}

fn whole(coordinate: f32) -> i32 {
    coordinate.round() as i32
}
