//! The embedded font: its bytes, which characters it has, and how wide they are.
//!
//! Only the tables `cmap` (format 4), `head`, `hhea` and `hmtx` are read. The font has no kerning
//! (see `font/make-font.py`), so the width of a text is the sum of its advances.

use std::sync::OnceLock;

/// Family name of the font, with what a browser may take instead when it is not loaded.
pub(super) const FAMILY: &str =
    "Xuewei Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif";

/// Normal weight.
pub(super) static REGULAR: &[u8] = include_bytes!("font/XueweiSans-Regular.otf");
/// Bold weight, same characters.
pub(super) static BOLD: &[u8] = include_bytes!("font/XueweiSans-Bold.otf");

/// Whether the embedded font can draw the character.
pub fn has_glyph(c: char) -> bool {
    face(false).glyph(c).is_some()
}

/// Width of the text at a font size, in the unit of the size.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let face = face(bold);
    let ems: f64 = text.chars().map(|c| face.advance_em(c)).sum();
    ems * size
}

/// Advance of a character, in units of the font (1000 to an em).
pub(super) fn advance_units(c: char, bold: bool) -> f64 {
    (face(bold).advance_em(c) * 1000.0).round()
}

fn face(bold: bool) -> &'static Face {
    static FACES: OnceLock<[Face; 2]> = OnceLock::new();
    let faces = FACES.get_or_init(|| [Face::read(REGULAR), Face::read(BOLD)]);
    &faces[usize::from(bold)]
}

/// Character map and advances of one weight.
#[derive(Default)]
struct Face {
    /// Code point and glyph, ascending by code point.
    glyphs: Vec<(u32, u16)>,
    /// Advance of each glyph, in units.
    advances: Vec<u16>,
    units_per_em: f64,
}

impl Face {
    fn read(font: &[u8]) -> Face {
        let face = || {
            let head = table(font, b"head")?;
            let metrics = u16_at(font, table(font, b"hhea")? + 34)?;
            let hmtx = table(font, b"hmtx")?;
            Some(Face {
                glyphs: read_cmap(font, table(font, b"cmap")?)?,
                advances: (0..usize::from(metrics))
                    .map(|i| u16_at(font, hmtx + 4 * i))
                    .collect::<Option<_>>()?,
                units_per_em: f64::from(u16_at(font, head + 18)?),
            })
        };
        face().unwrap_or_default()
    }

    fn glyph(&self, c: char) -> Option<u16> {
        let found = self.glyphs.binary_search_by_key(&u32::from(c), |&(code, _)| code);
        found.ok().map(|i| self.glyphs[i].1)
    }

    fn advance_em(&self, c: char) -> f64 {
        let glyph = usize::from(self.glyph(c).unwrap_or(0));
        let advance = self.advances.get(glyph).or(self.advances.last());
        advance.map_or(1.0, |&units| f64::from(units) / self.units_per_em)
    }
}

/// Position of a table of the font file.
fn table(font: &[u8], tag: &[u8; 4]) -> Option<usize> {
    let count = usize::from(u16_at(font, 4)?);
    let mut records = (0..count).map(|i| 12 + 16 * i);
    let record = records.find(|&at| font.get(at..at + 4) == Some(tag.as_slice()))?;
    usize::try_from(u32_at(font, record + 8)?).ok()
}

/// The characters of the first format 4 subtable.
fn read_cmap(font: &[u8], cmap: usize) -> Option<Vec<(u32, u16)>> {
    let count = usize::from(u16_at(font, cmap + 2)?);
    let subtables = (0..count).filter_map(|i| {
        let offset = u32_at(font, cmap + 4 + 8 * i + 4)?;
        Some(cmap + usize::try_from(offset).ok()?)
    });
    let start = { subtables }.find(|&at| u16_at(font, at) == Some(4))?;
    let doubled_segments = usize::from(u16_at(font, start + 6)?);
    let mut glyphs = Vec::new();
    for segment in (0..doubled_segments).step_by(2) {
        let last_at = start + 14 + segment;
        let first_at = last_at + doubled_segments + 2;
        let delta = u16_at(font, first_at + doubled_segments)?;
        let range_at = first_at + 2 * doubled_segments;
        let range = usize::from(u16_at(font, range_at)?);
        let (first, last) = (u16_at(font, first_at)?, u16_at(font, last_at)?);
        for code in first..=last.min(0xFFFE) {
            let listed = match range {
                0 => code,
                _ => u16_at(font, range_at + range + 2 * usize::from(code - first))?,
            };
            let glyph = listed.wrapping_add(delta);
            if listed != 0 && glyph != 0 {
                glyphs.push((u32::from(code), glyph));
            }
        }
    }
    Some(glyphs)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let high = u32::from(u16_at(bytes, at)?);
    Some(high << 16 | u32::from(u16_at(bytes, at + 2)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_are_one_em_wide_and_digits_are_equal() {
        assert_eq!(width("学位", 15.0, false), 30.0);
        assert_eq!(width("01", 10.0, false), width("89", 10.0, false));
        assert!(width("il", 10.0, false) < width("WM", 10.0, false));
        assert!(width("Title", 10.0, true) > width("Title", 10.0, false));
    }

    #[test]
    fn both_levels_of_gb2312_and_signs_are_there() {
        for c in "ABCxyz019%焦作圳濮阳鼉浉≤≥①→■▲●–—‰×·（）：；，。“”".chars()
        {
            assert_eq!(has_glyph(c), c != '鼉', "{c}");
        }
        assert!(!has_glyph('🙂'));
        assert!(!has_glyph('\n'));
    }
}
