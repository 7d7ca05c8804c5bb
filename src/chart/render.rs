//! From the SVG of a chart to files: words as outlines, or pixels.
//!
//! Both read the SVG with `usvg` and the embedded font alone: fonts of the machine are not looked at.

use super::font::{BOLD, REGULAR};
use super::outline::outlined;
use crate::escape::escape;
use resvg::tiny_skia::{Color, Pixmap};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Transform, Tree};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Pixels in one unit of a picture, so that 720 units (12 cm) have 300 dots per inch.
pub const PIXELS_PER_UNIT_300_DPI: f32 = 300.0 * 12.0 / 2.54 / 720.0;
/// Units in one metre of print.
const UNITS_PER_METRE: f64 = 720.0 / 0.12;
/// Longest side of a PNG, in pixels.
const LONGEST_SIDE: f32 = 32_000.0;

/// Why a picture could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(super) fn new(reason: impl Into<String>) -> Error {
        Error(reason.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// The SVG of a chart with every word as outlines, so that it looks the same without the font.
/// Title and description are written for screen readers.
///
/// # Errors
/// When `svg` is not an SVG.
pub fn portable_svg(svg: &str, title: &str, description: &str) -> Result<String, Error> {
    // Several pictures may stand in one page: their identifiers must differ.
    let id = format!("c{:08x}", crc32(svg.as_bytes()));
    let (drawing, definitions) = outlined(svg, &id)?;
    let (tag, shapes) =
        drawing.split_once('>').ok_or_else(|| Error::new("the SVG has no content"))?;
    Ok(format!(
        "{tag} xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{}</title>\n\
         <desc id=\"{id}-desc\">{}</desc>\n<defs>{definitions}</defs>{shapes}",
        escape(title),
        escape(description)
    ))
}

/// The SVG as PNG on white, with its resolution for a printed width of 12 cm to 720 units.
///
/// # Errors
/// When `svg` is not an SVG, or `pixels_per_unit` gives no pixels or too many.
pub fn png(svg: &str, pixels_per_unit: f32) -> Result<Vec<u8>, Error> {
    pixels(svg, pixels_per_unit, UNITS_PER_METRE)
}

/// The SVG as PNG on white, so many units being a metre of print.
pub(super) fn pixels(
    svg: &str,
    pixels_per_unit: f32,
    units_per_metre: f64,
) -> Result<Vec<u8>, Error> {
    let tree = parse(svg)?;
    let side = |units: f32| {
        let pixels = (units * pixels_per_unit).round();
        (1.0..=LONGEST_SIDE).contains(&pixels).then_some(pixels as u32)
    };
    let (wide, high) = (side(tree.size().width()), side(tree.size().height()));
    let pixmap = wide.zip(high).and_then(|(wide, high)| Pixmap::new(wide, high));
    let mut pixmap = pixmap
        .ok_or_else(|| Error(format!("{pixels_per_unit} pixels per unit cannot be drawn")))?;
    pixmap.fill(Color::WHITE);
    let scale = Transform::from_scale(pixels_per_unit, pixels_per_unit);
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    let png = pixmap.encode_png().map_err(|error| Error(error.to_string()))?;
    Ok(with_resolution(&png, (f64::from(pixels_per_unit) * units_per_metre).round() as u32))
}

/// Reads an SVG with the embedded font.
pub(super) fn parse(svg: &str) -> Result<Tree, Error> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_font_source(Source::Binary(Arc::new(REGULAR)));
        fonts.load_font_source(Source::Binary(Arc::new(BOLD)));
        Arc::new(fonts)
    });
    let options = Options { fontdb: Arc::clone(fonts), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|error| Error(error.to_string()))
}

/// The PNG with a `pHYs` chunk (PNG specification 11.3.4.3) after its header.
fn with_resolution(png: &[u8], pixels_per_metre: u32) -> Vec<u8> {
    // Signature 8, length 4, name 4, header 13, checksum 4.
    const HEADER_END: usize = 33;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(pixels_per_metre.to_be_bytes());
    chunk.extend(pixels_per_metre.to_be_bytes());
    chunk.push(1);
    let (header, rest) = png.split_at(HEADER_END.min(png.len()));
    let mut resolved = header.to_vec();
    resolved.extend(9_u32.to_be_bytes());
    resolved.extend(&chunk);
    resolved.extend(crc32(&chunk).to_be_bytes());
    resolved.extend(rest);
    resolved
}

/// Checksum of a PNG chunk (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    let register = bytes.iter().fold(u32::MAX, |register, &byte| {
        (0..8).fold(register ^ u32::from(byte), |r, _| match r & 1 {
            1 => 0xEDB8_8320 ^ (r >> 1),
            _ => r >> 1,
        })
    });
    !register
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_specification() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn what_is_no_svg_is_an_error() {
        assert!(parse("<p>").is_err());
        assert!(png("", 1.0).is_err());
        let square = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>";
        assert!(png(square, f32::NAN).is_err());
        assert!(png(square, 0.0).is_err());
        assert!(png(square, 2.0).is_ok());
    }

    #[test]
    fn words_for_screen_readers_are_escaped() {
        let square = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>";
        let portable = portable_svg(square, "a < b & \u{1}c", "\"d\"").unwrap_or_default();
        assert!(portable.contains(">a &lt; b &amp;  c</title>"));
        assert!(portable.contains("&quot;d&quot;"));
    }
}
