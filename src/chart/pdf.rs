//! A chart as PDF: shapes as vectors, words as text that can be searched and copied.
//!
//! The page is as large as the picture in print. Each glyph is written once, as a procedure of a Type 3 font
//! (ISO 32000-1, 9.6.5) with its code point, so neither the font of the machine nor a subset of the
//! embedded one is needed. No clock time and no random identifier: the same chart gives the same bytes.

use super::font::advance_units;
use super::outline::{Glyphs, Segments, segments_of};
use super::render::{Error, parse};
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{LineCapStyle, LineJoinStyle, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use resvg::tiny_skia::{PathSegment, Transform};
use resvg::usvg::{Fill, FillRule, Group, LineCap, LineJoin, Node, Paint, Path, Stroke, Text};
use std::collections::BTreeMap;

/// Points in one metre.
const POINTS_PER_METRE: f64 = 72.0 / 0.0254;
/// How hard streams are compressed, of 10.
const EFFORT: u8 = 6;
/// Most glyphs of one font: codes are one byte.
const GLYPHS_OF_A_FONT: usize = 255;
/// Bounds of every glyph, in units of the font.
const BOUNDS: Rect = Rect { x1: -300.0, y1: -400.0, x2: 1_300.0, y2: 1_300.0 };

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFORMATION: Ref = Ref::new(5);
/// The first number of the objects of fonts.
const FIRST_OF_FONTS: i32 = 6;

/// The words that a PDF has beside its picture.
pub(super) struct About<'a> {
    pub title: &'a str,
    pub description: &'a str,
    /// Units of the picture in a metre of print.
    pub units_per_metre: f64,
}

/// The SVG of a chart as PDF of one page.
///
/// # Errors
/// When the SVG cannot be read back, or has what no chart has: clips, masks, filters, gradients, pictures.
pub(super) fn pdf(svg: &str, about: &About<'_>) -> Result<Vec<u8>, Error> {
    let tree = parse(svg)?;
    let mut page =
        Page { content: Content::new(), glyphs: Glyphs::default(), opacities: BTreeMap::new() };
    let size = (f64::from(tree.size().width()), f64::from(tree.size().height()));
    let scale = POINTS_PER_METRE / about.units_per_metre;
    let (wide, high) = ((size.0 * scale) as f32, (size.1 * scale) as f32);
    page.content.transform([scale as f32, 0.0, 0.0, -scale as f32, 0.0, high]);
    page.group(tree.root(), 1.0)?;
    let fonts = Fonts::new(&page.glyphs)?;
    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(PAGES).viewer_preferences().display_doc_title(true);
    pdf.pages(PAGES).kids([PAGE]).count(1);
    let mut written = pdf.page(PAGE);
    written.parent(PAGES).media_box(Rect::new(0.0, 0.0, wide, high)).contents(CONTENT);
    let mut resources = written.resources();
    let mut named = resources.fonts();
    for (i, font) in fonts.0.iter().enumerate() {
        named.pair(Name(font_name(i).as_bytes()), font.id);
    }
    named.finish();
    let mut states = resources.ext_g_states();
    for (key, name) in &page.opacities {
        let part = |thousandths: u16| f32::from(thousandths) / 1_000.0;
        let mut state =
            states.insert(Name(name.as_bytes())).start::<pdf_writer::writers::ExtGraphicsState>();
        state.non_stroking_alpha(part(key.0)).stroking_alpha(part(key.1));
    }
    states.finish();
    resources.finish();
    written.finish();
    stream(&mut pdf, CONTENT, &page.content.finish());
    fonts.write(&mut pdf);
    let mut information = pdf.document_info(INFORMATION);
    information.title(TextStr(about.title)).subject(TextStr(about.description));
    information.creator(TextStr("xuewei"));
    information.finish();
    Ok(pdf.finish())
}

fn stream(pdf: &mut Pdf, id: Ref, content: &[u8]) {
    let compressed = compress_to_vec_zlib(content, EFFORT);
    pdf.stream(id, &compressed).filter(Filter::FlateDecode);
}

fn font_name(i: usize) -> String {
    format!("F{i}")
}

/// The page while it is drawn.
struct Page {
    content: Content,
    /// Glyphs so far, each with its font and its code.
    glyphs: Glyphs,
    /// Opacities of fill and stroke in thousandths, and the name of their state.
    opacities: BTreeMap<(u16, u16), String>,
}

impl Page {
    fn group(&mut self, group: &Group, opacity: f32) -> Result<(), Error> {
        if group.clip_path().is_some() || group.mask().is_some() || !group.filters().is_empty() {
            return Err(Error::new("clips, masks and filters cannot be written as PDF"));
        }
        let opacity = opacity * group.opacity().get();
        for child in group.children() {
            match child {
                Node::Group(inner) => self.group(inner, opacity)?,
                Node::Path(path) => self.path(path, opacity)?,
                Node::Text(text) => self.text(text, opacity)?,
                Node::Image(_) => return Err(Error::new("pictures cannot be written as PDF")),
            }
        }
        Ok(())
    }

    fn path(&mut self, path: &Path, opacity: f32) -> Result<(), Error> {
        if !path.is_visible() {
            return Ok(());
        }
        let (fill, stroke) = (path.fill(), path.stroke());
        self.content.save_state();
        self.opacity(
            opacity * fill.map_or(1.0, |fill| fill.opacity().get()),
            opacity * stroke.map_or(1.0, |stroke| stroke.opacity().get()),
        );
        if let Some(fill) = fill {
            self.fill_colour(fill)?;
        }
        if let Some(stroke) = stroke {
            self.stroke(stroke, path.abs_transform())?;
        }
        let segments = path.data().segments().map(|segment| moved(segment, path.abs_transform()));
        write_path(&mut self.content, segments, 100.0);
        let is_even_odd = fill.is_some_and(|fill| fill.rule() == FillRule::EvenOdd);
        match (fill.is_some(), stroke.is_some(), is_even_odd) {
            (true, true, false) => self.content.fill_nonzero_and_stroke(),
            (true, true, true) => self.content.fill_even_odd_and_stroke(),
            (true, false, false) => self.content.fill_nonzero(),
            (true, false, true) => self.content.fill_even_odd(),
            (false, true, _) => self.content.stroke(),
            (false, false, _) => self.content.end_path(),
        };
        self.content.restore_state();
        Ok(())
    }

    /// Sets the opacity where it is not whole.
    fn opacity(&mut self, fill: f32, stroke: f32) {
        let thousandths = |part: f32| (part.clamp(0.0, 1.0) * 1_000.0).round() as u16;
        let key = (thousandths(fill), thousandths(stroke));
        if key != (1_000, 1_000) {
            let name = self.opacities.entry(key).or_insert_with(|| format!("G{}-{}", key.0, key.1));
            self.content.set_parameters(Name(name.as_bytes()));
        }
    }

    fn fill_colour(&mut self, fill: &Fill) -> Result<(), Error> {
        let [r, g, b] = colour(fill.paint())?;
        self.content.set_fill_rgb(r, g, b);
        Ok(())
    }

    fn stroke(&mut self, stroke: &Stroke, transform: Transform) -> Result<(), Error> {
        let [r, g, b] = colour(stroke.paint())?;
        let scale = transform.get_scale().0;
        let content = &mut self.content;
        content.set_stroke_rgb(r, g, b);
        content.set_line_width(rounded(stroke.width().get() * scale, 100.0));
        content.set_line_join(match stroke.linejoin() {
            LineJoin::Round => LineJoinStyle::RoundJoin,
            LineJoin::Bevel => LineJoinStyle::BevelJoin,
            LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
        });
        content.set_line_cap(match stroke.linecap() {
            LineCap::Butt => LineCapStyle::ButtCap,
            LineCap::Round => LineCapStyle::RoundCap,
            LineCap::Square => LineCapStyle::ProjectingSquareCap,
        });
        if let Some(dashes) = stroke.dasharray() {
            let dashes = dashes.iter().map(|dash| rounded(dash * scale, 100.0));
            content.set_dash_pattern(dashes, rounded(stroke.dashoffset() * scale, 100.0));
        }
        Ok(())
    }

    /// Writes a text as runs of glyphs, each where the first one stands.
    fn text(&mut self, text: &Text, opacity: f32) -> Result<(), Error> {
        let chunks = text.chunks().iter().flat_map(|chunk| chunk.spans());
        let is_bold = { chunks }.any(|span| span.font().weight() >= 600);
        for span in text.layouted() {
            let (Some(fill), Some(first)) = (&span.fill, span.positioned_glyphs.first()) else {
                continue;
            };
            let words: Vec<char> =
                span.positioned_glyphs.iter().flat_map(|glyph| glyph.text.chars()).collect();
            let at = text.abs_transform().pre_concat(first.outline_transform());
            let em = 1_000.0 * at.get_scale().0;
            self.content.save_state();
            self.opacity(opacity * fill.opacity().get(), 1.0);
            self.fill_colour(fill)?;
            self.content.begin_text();
            let matrix = [1.0, 0.0, 0.0, -1.0, rounded(at.tx, 100.0), rounded(at.ty, 100.0)];
            self.content.set_text_matrix(matrix);
            for run in self.glyphs.runs(is_bold, &words, GLYPHS_OF_A_FONT) {
                self.content.set_font(Name(font_name(run.0).as_bytes()), rounded(em, 100.0));
                self.content.show(Str(&run.1));
            }
            self.content.end_text();
            self.content.restore_state();
        }
        Ok(())
    }
}

fn colour(paint: &Paint) -> Result<[f32; 3], Error> {
    match paint {
        Paint::Color(c) => {
            Ok([c.red, c.green, c.blue].map(|part| rounded(f32::from(part) / 255.0, 1_000.0)))
        }
        _ => Err(Error::new("gradients and patterns cannot be written as PDF")),
    }
}

fn rounded(value: f32, parts: f32) -> f32 {
    (value * parts).round() / parts
}

/// A segment under a transform.
fn moved(segment: PathSegment, transform: Transform) -> PathSegment {
    let at = |mut point| {
        transform.map_point(&mut point);
        point
    };
    match segment {
        PathSegment::MoveTo(a) => PathSegment::MoveTo(at(a)),
        PathSegment::LineTo(a) => PathSegment::LineTo(at(a)),
        PathSegment::QuadTo(a, b) => PathSegment::QuadTo(at(a), at(b)),
        PathSegment::CubicTo(a, b, c) => PathSegment::CubicTo(at(a), at(b), at(c)),
        PathSegment::Close => PathSegment::Close,
    }
}

/// Writes a path, its coordinates in so many parts of a unit.
fn write_path(content: &mut Content, segments: impl Iterator<Item = PathSegment>, parts: f32) {
    let r = |value: f32| rounded(value, parts);
    let mut last = (0.0, 0.0);
    for segment in segments {
        match segment {
            PathSegment::MoveTo(a) => {
                content.move_to(r(a.x), r(a.y));
                last = (a.x, a.y);
            }
            PathSegment::LineTo(a) => {
                content.line_to(r(a.x), r(a.y));
                last = (a.x, a.y);
            }
            PathSegment::QuadTo(a, b) => {
                // The same curve as one of the third degree.
                let third = |from: f32, by: f32| from + 2.0 / 3.0 * (by - from);
                let (x1, y1) = (third(last.0, a.x), third(last.1, a.y));
                let (x2, y2) = (third(b.x, a.x), third(b.y, a.y));
                content.cubic_to(r(x1), r(y1), r(x2), r(y2), r(b.x), r(b.y));
                last = (b.x, b.y);
            }
            PathSegment::CubicTo(a, b, c) => {
                content.cubic_to(r(a.x), r(a.y), r(b.x), r(b.y), r(c.x), r(c.y));
                last = (c.x, c.y);
            }
            PathSegment::Close => {
                content.close_path();
            }
        }
    }
}

/// The fonts of a PDF, in order.
struct Fonts(Vec<Font>);

struct Font {
    id: Ref,
    unicode: Ref,
    /// Character, width and outline of every code from 0.
    glyphs: Vec<(char, f32, Segments, Ref)>,
}

impl Fonts {
    fn new(glyphs: &Glyphs) -> Result<Fonts, Error> {
        let mut outlines = segments_of(glyphs.all())?;
        let mut next = FIRST_OF_FONTS;
        let mut number = || {
            next += 1;
            Ref::new(next - 1)
        };
        let fonts = glyphs.all().chunks(GLYPHS_OF_A_FONT).map(|part| {
            let (id, unicode) = (number(), number());
            let glyph = |&(is_bold, c): &(bool, char)| {
                let outline = outlines.remove(&(is_bold, c)).unwrap_or_default();
                (c, advance_units(c, is_bold) as f32, outline, number())
            };
            Font { id, unicode, glyphs: part.iter().map(glyph).collect() }
        });
        Ok(Fonts(fonts.collect()))
    }

    fn write(&self, pdf: &mut Pdf) {
        for font in &self.0 {
            font.write(pdf);
        }
    }
}

impl Font {
    fn write(&self, pdf: &mut Pdf) {
        let names: Vec<String> = (0..self.glyphs.len()).map(|code| format!("g{code}")).collect();
        let last = self.glyphs.len().saturating_sub(1) as u8;
        let mut font = pdf.type3_font(self.id);
        font.bbox(BOUNDS).matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
        let mut procedures = font.char_procs();
        for (name, (.., id)) in names.iter().zip(&self.glyphs) {
            procedures.pair(Name(name.as_bytes()), *id);
        }
        procedures.finish();
        font.encoding_custom()
            .differences()
            .consecutive(0, names.iter().map(|name| Name(name.as_bytes())));
        font.first_char(0).last_char(last).widths(self.glyphs.iter().map(|glyph| glyph.1));
        font.resources();
        font.to_unicode(self.unicode);
        font.finish();
        let information = pdf_writer::types::SystemInfo {
            registry: Str(b"Adobe"),
            ordering: Str(b"UCS"),
            supplement: 0,
        };
        let mut map = UnicodeCmap::<u8>::new(Name(b"Unicode"), information);
        for (code, (c, width, outline, id)) in self.glyphs.iter().enumerate() {
            map.pair(code as u8, *c);
            let mut content = Content::new();
            content.start_shape_glyph(*width, BOUNDS.x1, BOUNDS.y1, BOUNDS.x2, BOUNDS.y2);
            if !outline.is_empty() {
                // Outlines grow downwards, fonts upwards.
                let up = Transform::from_scale(1.0, -1.0);
                let segments = outline.iter().map(|segment| moved(*segment, up));
                write_path(&mut content, segments, 1.0);
                content.fill_nonzero();
            }
            stream(pdf, *id, &content.finish());
        }
        stream(pdf, self.unicode, &map.finish());
    }
}
