//! The charts of a folder, with title and description from inside each SVG.

use std::collections::BTreeMap;
use std::path::Path;

use crate::chart::Lang;

/// A chart that was read.
#[derive(Debug)]
pub struct Plate {
    /// The drawing.
    pub svg: String,
    /// The same in pixels.
    pub png: Vec<u8>,
    /// Title inside the drawing.
    pub title: String,
    /// What it shows, in words.
    pub description: String,
    /// Width in its own units.
    pub width: u32,
    /// Height in its own units.
    pub height: u32,
    /// Language of its words.
    pub lang: Lang,
}

/// Charts by name, and those that are there in part.
#[derive(Debug, Default)]
pub struct Plates {
    /// Charts of which SVG and PNG are there, by file name without ending.
    pub whole: BTreeMap<String, Plate>,
    /// Names of charts that lack their PNG or cannot be read.
    pub broken: Vec<String>,
}

/// Reads `charts/*.svg` with the PNG of each. A folder without charts gives none.
pub(super) fn read(folder: &Path) -> Plates {
    let mut plates = Plates::default();
    let Ok(entries) = std::fs::read_dir(folder.join("charts")) else { return plates };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|e| e == "svg")) {
        let name = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        match plate(path) {
            Some(plate) => drop(plates.whole.insert(name, plate)),
            None => plates.broken.push(name),
        }
    }
    plates
}

fn plate(path: &Path) -> Option<Plate> {
    let svg = std::fs::read_to_string(path).ok()?;
    let png = std::fs::read(path.with_extension("png")).ok()?;
    if !png.starts_with(b"\x89PNG\r\n\x1a\n") {
        return None;
    }
    let head = svg.get(svg.find("<svg")?..)?;
    let head = head.get(..head.find('>')?)?;
    let side = |name: &str| -> Option<u32> {
        let value = head.split_once(&format!(" {name}=\""))?.1;
        let value: f64 = value.split_once('"')?.0.parse().ok()?;
        (1.0..=100_000.0).contains(&value).then_some(value.round() as u32)
    };
    let (width, height) = (side("width")?, side("height")?);
    let (title, description) = (element(&svg, "title"), element(&svg, "desc"));
    let lang = language(&description);
    Some(Plate { png, title, description, width, height, lang, svg })
}

/// The text of the first element of a name; empty where there is none.
fn element(svg: &str, name: &str) -> String {
    let inside = || {
        let start = svg.find(&format!("<{name}"))?;
        let rest = svg.get(start..)?;
        let rest = rest.get(rest.find('>')? + 1..)?;
        rest.get(..rest.find(&format!("</{name}>"))?)
    };
    let text = inside().unwrap_or_default();
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_string(), |text, (entity, sign)| text.replace(entity, sign))
}

/// Chinese if a tenth of the characters are; names of places may be Chinese in an English chart.
fn language(text: &str) -> Lang {
    let is_chinese = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let n_chinese = text.chars().filter(is_chinese).count();
    if 10 * n_chinese > text.chars().count() { Lang::Zh } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_drawing_are_read_back() {
        let svg =
            "<svg width=\"9\"><title id=\"t\">a &lt; b</title><desc id=\"d\">小学 &amp;amp;</desc>";
        assert_eq!(element(svg, "title"), "a < b");
        assert_eq!(element(svg, "desc"), "小学 &amp;");
        assert_eq!(element(svg, "none"), "");
        assert_eq!(language("小学大班额2028年清零"), Lang::Zh);
        assert_eq!(language("oversized classes of 小城 are gone in 2028, primary"), Lang::En);
    }
}
