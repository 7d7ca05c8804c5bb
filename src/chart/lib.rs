//! Charts of a run, as pictures fit for print: SVG and PNG, in Chinese or English.
//!
//! In: plain numbers and words that have already been computed ([`oversized::Input`] and its
//! siblings). Out: a [`Figure`]: an SVG that still holds its words as text, and from it
//! [`Figure::portable_svg`] (words as outlines, looks the same everywhere), [`Figure::png`] and [`Figure::pdf`].
//!
//! | file | chart |
//! |---|---|
//! | `oversized` | share of oversized classes by stage over the years, one line a scenario |
//! | `heatmap` | the same share by district and year |
//! | `bands` | classes by size band, stacked over the years, one panel a stage |
//! | `places` | pupils against seats by stage |
//! | `entrants` | the wave of entrants by stage |
//! | `pyramid` | ages 0 to 17, boys and girls, in chosen years side by side |
//! | `gaps` | seats short above, seats empty below one axis |
//! | `scorecard` | targets of plans against a run, one row a target |
//! | `map` | the share of oversized classes by district on a map of tiles or outlines, one panel a year |
//! | `multiples` | a rate by district over the years, one small panel a district, one line a scenario |
//! | `hindcast` | quantities projected from earlier years beside what was published, one panel a quantity |
//! | `investment` | investment by year, stacked by programme or stage |
//! | `timeline` | when the units of programmes open, one row a unit or a group of them |
//! | `cost_effect` | investment against oversized pupil-years relieved, one point a scenario |
//! | `cleared` | share of futures in which oversized classes are gone, by year, one line a scenario |
//! | `fan` | bands of quantiles of the share of oversized classes, one panel a scenario |
//! | `tornado` | coefficients of factors, or the outcome at both ends of each, one bar a factor |
//! | `sobol` | first and total order of variance shares with their intervals, one row a factor |
//! | `morris` | mean size of elementary effects against their spread, one point a factor |
//! | `convergence` | an index against the number of draws, one small panel a factor |
//! | `prim` | a box of scenario discovery: how it was reached, and its limits |
//!
//! The title of a chart says what its numbers show; the subtitle says what was measured. Shapes are
//! drawn with `plotters` on its SVG backend; words are measured with the embedded font, so that no
//! label meets another. How wide a picture is, a [`Size`] in its [`Caption`] says: a column, a page, a slide. No chart reads a file, a clock or the environment: the same input gives
//! the same bytes. Missing values are NaN and leave a gap. No input makes a chart panic.

mod axes;
pub mod bands;
mod canvas;
pub mod cleared;
pub mod convergence;
pub mod cost_effect;
pub mod entrants;
pub mod escape;
pub mod fan;
mod font;
mod frame;
pub mod gaps;
pub mod heatmap;
pub mod hindcast;
pub mod investment;
mod labels;
pub mod map;
mod marks;
pub mod morris;
pub mod multiples;
mod numbers;
mod outline;
pub mod oversized;
mod pdf;
pub mod places;
mod points;
pub mod prim;
pub mod pyramid;
mod render;
mod rows;
#[cfg(test)]
mod samples;
pub mod scorecard;
mod series;
mod size;
pub mod sobol;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod tiles;
pub mod timeline;
pub mod tornado;

pub use font::has_glyph;
pub use render::{Error, PIXELS_PER_UNIT_300_DPI, png, portable_svg};
pub use size::Size;
pub use xuewei_model::axes::Stage;

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
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// The name of a stage within a sentence; lower case in English. The Chinese one is of the stage, not of its schools.
pub fn stage_name(stage: Stage, lang: Lang) -> &'static str {
    let zh = stage.zh();
    lang.pick(zh.strip_suffix("学校").filter(|short| !short.is_empty()).unwrap_or(zh), stage.en())
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
    /// How large the picture is.
    pub size: Size,
}

/// What counts as oversized and as cleared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Definition {
    /// Pupils from which a class is oversized (大班额), e.g. 56; 0 where it is not known.
    pub oversized_from: u32,
    /// Pupils from which a class is super-oversized (超大班额), e.g. 66.
    pub super_oversized_from: u32,
    /// Share of classes (0 to 1) up to which oversized classes count as cleared, e.g. 0.01.
    pub cleared_at: f64,
}

/// A value with the interval of its bootstrap; NaN where unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// The value, if it is there.
    fn known(&self) -> Option<f64> {
        numbers::bounded(self.value)
    }

    /// Both ends, the lower one first, if they are there.
    fn interval(&self) -> Option<(f64, f64)> {
        let (a, b) = (numbers::bounded(self.low)?, numbers::bounded(self.high)?);
        Some((a.min(b), a.max(b)))
    }
}

/// How the values of an outcome are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A share from 0 to 1, shown in per cent.
    Share,
    /// A number with its unit, in the language of the chart.
    Number(String),
    /// A year.
    Year,
}

impl Quantity {
    /// A value of the outcome, without a unit other than %.
    pub fn level(&self, value: f64, lang: Lang) -> String {
        match self {
            Quantity::Share => format!("{}%", numbers::fixed(value * 100.0, 1)),
            Quantity::Year => numbers::fixed(value, 1).replace(',', ""),
            Quantity::Number(_) => numbers::brief(value, lang),
        }
    }

    /// The unit of a value.
    fn unit(&self, lang: Lang) -> &str {
        match self {
            Quantity::Share => "%",
            Quantity::Number(unit) => unit,
            Quantity::Year => lang.pick("年份", "year"),
        }
    }

    /// The unit of a difference, and by what values are divided to get it.
    fn of_difference(&self, largest: f64, lang: Lang) -> (String, f64) {
        match self {
            Quantity::Share => (lang.pick("个百分点", "percentage points").to_owned(), 0.01),
            Quantity::Number(unit) => {
                let scale = numbers::Scale::for_numbers_up_to(largest, lang);
                (scale.unit(lang, unit, unit), scale.divisor)
            }
            Quantity::Year => (lang.pick("年", "years").to_owned(), 1.0),
        }
    }

    /// The labels of a scale of values.
    fn labels(&self, ticks: &numbers::Ticks, lang: Lang) -> Vec<String> {
        match self {
            Quantity::Share => axes::value_labels(ticks, 0.01, "%"),
            Quantity::Number(_) if lang == Lang::Zh => {
                let scale = numbers::Scale::for_numbers_up_to(ticks.high(), lang);
                axes::value_labels(ticks, scale.divisor, scale.zh)
            }
            Quantity::Number(_) => axes::value_labels(ticks, 1.0, ""),
            Quantity::Year => {
                let labels = axes::value_labels(ticks, 1.0, "").into_iter();
                labels.map(|label| label.replace(',', "")).collect()
            }
        }
    }
}

/// A drawn chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The picture, its words still text in the family `Xuewei Sans`.
    pub svg: String,
    /// Width in units of the SVG; see [`Figure::centimetres`] for the size in print.
    pub width: u32,
    /// Height in units of the SVG.
    pub height: u32,
    /// The size that was asked for.
    pub size: Size,
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

    /// The picture as PNG at 300 dpi of its size in print, at 150 dpi on a slide.
    ///
    /// # Errors
    /// When the SVG cannot be read back or the pixels cannot be held.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        render::pixels(&self.svg, self.pixels_per_unit() as f32, self.units_per_metre())
    }

    /// The picture as PDF of one page, as large as the picture in print; its words can be searched. The same
    /// figure gives the same bytes.
    ///
    /// # Errors
    /// When the SVG cannot be read back.
    pub fn pdf(&self) -> Result<Vec<u8>, Error> {
        let (title, description) = (self.title.as_str(), self.description.as_str());
        let units_per_metre = self.units_per_metre();
        pdf::pdf(&self.svg, &pdf::About { title, description, units_per_metre })
    }
}
