//! Charts of a run, as pictures fit for print: SVG and PNG, in Chinese or English.
//!
//! In: plain numbers and words that have already been computed ([`oversized::Input`] and its
//! siblings). Out: a [`Figure`]: an SVG that still holds its words as text, and from it
//! [`Figure::portable_svg`] (words as outlines, looks the same everywhere) and [`Figure::png`].
//!
//! | file | chart |
//! |---|---|
//! | `oversized` | share of oversized classes by stage over the years, one line a scenario |
//! | `heatmap` | the same share by district and year |
//! | `places` | pupils against seats by stage |
//! | `entrants` | the wave of entrants by stage |
//! | `gaps` | seats short above, seats empty below one axis |
//! | `scorecard` | targets of plans against a run, one row a target |
//! | `multiples` | a rate by district over the years, one small panel a district, one line a scenario |
//! | `hindcast` | quantities projected from earlier years beside what was published, one panel a quantity |
//! | `cost_effect` | investment against oversized pupil-years relieved, one point a scenario |
//!
//! The title of a chart says what its numbers show; the subtitle says what was measured. Shapes are
//! drawn with `plotters` on its SVG backend; words are measured with the embedded font, so that no
//! label meets another. No chart reads a file, a clock or the environment: the same input gives
//! the same bytes. Missing values are NaN and leave a gap. No input makes a chart panic.

mod axes;
mod canvas;
pub mod cost_effect;
pub mod entrants;
mod font;
mod frame;
pub mod gaps;
pub mod heatmap;
pub mod hindcast;
mod labels;
mod marks;
pub mod multiples;
mod numbers;
mod outline;
pub mod oversized;
pub mod places;
mod render;
#[cfg(test)]
mod samples;
pub mod scorecard;
mod series;
#[cfg(test)]
mod tests;
mod text;
mod theme;

pub use font::has_glyph;
pub use render::{Error, PIXELS_PER_UNIT_300_DPI, png, portable_svg};

/// Language of the words in a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese; large numbers in 万 and 亿.
    Zh,
    /// English; large numbers in thousands.
    En,
}

impl Lang {
    /// The wording that belongs to the language.
    fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// Stage of schooling, with a fixed name and colour in every chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// 幼儿园
    Kindergarten,
    /// 小学
    Primary,
    /// 初中
    Junior,
    /// 普通高中
    Senior,
    /// 中等职业
    Vocational,
}

impl Stage {
    /// The name of the stage; lower case in English.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Stage::Kindergarten => lang.pick("幼儿园", "kindergarten"),
            Stage::Primary => lang.pick("小学", "primary"),
            Stage::Junior => lang.pick("初中", "junior"),
            Stage::Senior => lang.pick("普通高中", "senior"),
            Stage::Vocational => lang.pick("中等职业", "vocational"),
        }
    }
}

/// The words around a chart that do not come from its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// The city, in the language of the chart.
    pub city: String,
    /// The scenario shown, where the chart shows only one.
    pub scenario: Option<String>,
    /// Where the figures come from, without the word "source". May be long; it is wrapped.
    pub source: String,
    /// What the reader must know, e.g. that the school register is synthetic.
    pub note: Option<String>,
    /// Replaces the title that the chart makes from its numbers.
    pub title: Option<String>,
}

/// What counts as oversized and as cleared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Definition {
    /// Pupils from which a class is oversized (大班额), e.g. 56.
    pub oversized_from: u32,
    /// Pupils from which a class is super-oversized (超大班额), e.g. 66.
    pub super_oversized_from: u32,
    /// Share of classes (0 to 1) up to which oversized classes count as cleared, e.g. 0.01.
    pub cleared_at: f64,
}

/// A drawn chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The picture, its words still text in the family `Xuewei Sans`.
    pub svg: String,
    /// Width in units of the SVG; 720 units are 12 cm in print.
    pub width: u32,
    /// Height in units of the SVG.
    pub height: u32,
    /// The title in the picture, on one line.
    pub title: String,
    /// The picture in words, for readers who cannot see it.
    pub description: String,
}

impl Figure {
    /// The picture with words as outlines and with title and description for screen readers.
    ///
    /// # Errors
    /// When the SVG cannot be read back.
    pub fn portable_svg(&self) -> Result<String, Error> {
        portable_svg(&self.svg, &self.title, &self.description)
    }

    /// The picture as PNG at 300 dpi for a width of 12 cm.
    ///
    /// # Errors
    /// When the SVG cannot be read back or the pixels cannot be held.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        png(&self.svg, PIXELS_PER_UNIT_300_DPI)
    }
}
