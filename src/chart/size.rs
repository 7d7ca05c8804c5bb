//! How large a picture is: in a column of a report, on a full page, on a slide.
//!
//! Type has one size in units of the picture; a size of print is a width in units. On a slide, which is read from
//! afar, the same units are larger.

use super::theme::{MARGIN, WIDTH};
use super::{Caption, Figure, Lang};

/// How large a picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Size {
    /// 12 cm wide: 720 units, 60 to the centimetre. The smallest words print as 7 pt.
    #[default]
    Standard,
    /// A column of a report, 8 cm wide: 480 units of the same size.
    Column,
    /// The full width of a page, 16 cm: 960 units of the same size.
    Page,
    /// A slide of 33.87 cm by 19.05 cm (16:9). The picture has as many units as it needs to
    /// find room, at least 720, and flatter plots: the smallest words are 20 pt there, 15 pt at 960 and 9 pt
    /// at 1,600. Few panels and rows make large type.
    Slide,
    /// Any other size.
    Units {
        /// Width in units, 60 to the centimetre; fewer than 480 are taken as 480, more than 3,200 as 3,200.
        wide: u16,
        /// Height of the plots, in per cent of the ordinary height, from 60 to 150. Tables and maps have their own.
        plot_percent: u8,
    },
}

/// Units of a centimetre in print.
const UNITS_PER_CM: f64 = 60.0;
/// Width of a slide in centimetres: 13⅓ inches.
const SLIDE_CM: f64 = 40.0 / 3.0 * 2.54;
/// Widths in units that are tried for a slide, the least first, and heights of plots in per cent.
const SLIDES: [u16; 9] = [720, 800, 880, 960, 1_040, 1_120, 1_280, 1_440, 1_600];
const FLATTER: [u8; 3] = [100, 85, 70];

impl Size {
    /// Width of the drawing in units.
    pub(super) fn width(self) -> f64 {
        match self {
            Size::Standard => WIDTH,
            Size::Column => 480.0,
            Size::Page | Size::Slide => 960.0,
            Size::Units { wide, .. } => f64::from(wide.clamp(480, 3_200)),
        }
    }

    /// The height of a plot that has an ordinary height.
    pub(super) fn plot_height(self, ordinary: f64) -> f64 {
        match self {
            Size::Units { plot_percent, .. } => {
                ordinary * f64::from(plot_percent.clamp(60, 150)) / 100.0
            }
            _ => ordinary,
        }
    }

    /// Centimetres of print for a picture of a width in units.
    fn centimetres(self, units: u32) -> f64 {
        match self {
            Size::Slide => SLIDE_CM,
            _ => f64::from(units) / UNITS_PER_CM,
        }
    }

    /// Dots per inch of pixels: 300 in print, 150 on a slide, which then has 2,000 across.
    fn dots_per_inch(self) -> f64 {
        if self == Size::Slide { 150.0 } else { 300.0 }
    }
}

impl Caption {
    /// Width for words and drawing, without the empty border.
    pub(super) fn room(&self) -> f64 {
        self.size.width() - 2.0 * MARGIN
    }

    /// A width that was chosen for the standard size, in proportion to this one.
    pub(super) fn in_proportion(&self, wide: f64) -> f64 {
        in_proportion(self.room(), wide)
    }
}

/// A width that was chosen for the standard size, in proportion to the room.
pub(super) fn in_proportion(room: f64, wide: f64) -> f64 {
    wide * room / (WIDTH - 2.0 * MARGIN)
}

impl Figure {
    /// Width and height in print, in centimetres.
    pub fn centimetres(&self) -> (f64, f64) {
        let wide = self.size.centimetres(self.width);
        (wide, wide * f64::from(self.height) / f64::from(self.width.max(1)))
    }

    /// Units of the picture in a metre of print.
    pub(super) fn units_per_metre(&self) -> f64 {
        f64::from(self.width) / self.size.centimetres(self.width) * 100.0
    }

    /// Pixels of a unit.
    pub(super) fn pixels_per_unit(&self) -> f64 {
        self.size.dots_per_inch() / 0.0254 / self.units_per_metre()
    }
}

/// Draws a chart at the size that its caption asks for. On a slide it is drawn as narrow, and so as
/// large, as its height allows.
pub(super) fn drawn<I: Clone>(
    input: &I,
    lang: Lang,
    caption: fn(&mut I) -> &mut Caption,
    draw: fn(&I, Lang) -> Figure,
) -> Figure {
    let mut input = input.clone();
    if caption(&mut input).size != Size::Slide {
        return draw(&input, lang);
    }
    let mut flattest: Option<Figure> = None;
    let sizes = SLIDES.iter().flat_map(|&wide| FLATTER.map(|percent| (wide, percent)));
    let mut sizes: Vec<(u16, u8)> = sizes.collect();
    // Plots flatter by a part are worth type that is larger by half of that part.
    sizes.sort_by_key(|&(wide, percent)| u32::from(wide) * (300 - u32::from(percent)));
    for (wide, plot_percent) in sizes {
        caption(&mut input).size = Size::Units { wide, plot_percent };
        let figure = draw(&input, lang);
        if figure.height * 16 <= figure.width * 9 {
            return on_slide(figure);
        }
        let flatter = |other: &Figure| {
            u64::from(figure.height) * u64::from(other.width)
                < u64::from(other.height) * u64::from(figure.width)
        };
        if flattest.as_ref().is_none_or(flatter) {
            flattest = Some(figure);
        }
    }
    flattest.map_or_else(|| draw(&input, lang), on_slide)
}

/// The picture in the middle of a white slide.
fn on_slide(figure: Figure) -> Figure {
    let sixteenths = figure.width.div_ceil(16).max(figure.height.div_ceil(9));
    let (width, height) = (16 * sixteenths, 9 * sixteenths);
    let (left, top) = ((width - figure.width) * 5, (height - figure.height) * 5);
    let (w, h) = (width * 10, height * 10);
    // The picture begins with its size, and its viewBox in tenths of a unit.
    let rest = figure.svg.split_once("viewBox=\"").and_then(|(_, rest)| rest.split_once('"'));
    let svg = rest.and_then(|(_, rest)| rest.split_once('>')).map(|(attributes, shapes)| {
        format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"-{left} -{top} {w} {h}\"{attributes}>\n\
             <rect x=\"-{left}\" y=\"-{top}\" width=\"{w}\" height=\"{h}\" fill=\"#FFFFFF\"/>{shapes}"
        )
    });
    match svg {
        Some(svg) => Figure { svg, width, height, size: Size::Slide, ..figure },
        None => figure,
    }
}
