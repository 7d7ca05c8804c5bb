//! The common look: sizes, line widths and colours.
//!
//! Sizes are in units of the picture, 60 units to the centimetre: 15 units print as 7 pt.
//! Colours derive from the colour-blind-safe palette of Okabe and Ito (2008), moved in lightness so
//! that neighbours differ in grey print as well; the lightness L* (CIELAB) stands beside each.

use super::Stage;
use plotters::style::RGBColor;
use xuewei_model::stages::MAX_STAGES;

/// Width of every picture.
pub(super) const WIDTH: f64 = 720.0;
/// Empty border.
pub(super) const MARGIN: f64 = 12.0;
/// Distance between lines of text, in font sizes.
pub(super) const LEADING: f64 = 1.28;

/// Size of the title, bold.
pub(super) const TITLE: f64 = 23.0;
/// Size of the subtitle.
pub(super) const SUBTITLE: f64 = 16.0;
/// Size of the name of a panel, bold.
pub(super) const PANEL: f64 = 17.0;
/// Size of all other words; the smallest in a picture.
pub(super) const SMALL: f64 = 15.0;

/// Widest name of a factor within a title; a longer one is not spelled out.
pub(super) const FACTOR_NAME: f64 = 250.0;

/// Words.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Words of less weight.
pub(super) const SOFT_INK: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Axis lines.
pub(super) const AXIS: RGBColor = RGBColor(0x66, 0x66, 0x66);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xE2, 0xE2, 0xE2);
/// Reference lines.
pub(super) const REFERENCE: RGBColor = RGBColor(0x44, 0x44, 0x44);
/// A shaded period.
pub(super) const PERIOD: RGBColor = RGBColor(0xEC, 0xEC, 0xE6);
/// A line in the background.
pub(super) const FAINT: RGBColor = RGBColor(0xA8, 0xA8, 0xA8);
/// Cells without a value.
pub(super) const MISSING: RGBColor = RGBColor(0xF1, 0xF1, 0xF1);

/// Pupils (L* 53).
pub(super) const PUPILS: RGBColor = RGBColor(0xD0, 0x5A, 0x08);
/// Seats (L* 27).
pub(super) const SEATS: RGBColor = RGBColor(0x12, 0x3F, 0x73);
/// Fewer seats than pupils (L* 75).
pub(super) const SHORT: RGBColor = RGBColor(0xF0, 0xA8, 0x78);
/// More seats than pupils (L* 91).
pub(super) const SPARE: RGBColor = RGBColor(0xDC, 0xE7, 0xF2);

/// A target met, a scenario worth its money (L* 38).
pub(super) const GOOD: RGBColor = RGBColor(0x0B, 0x60, 0x8C);
/// A target missed, a scenario that turns pupils away (L* 48).
pub(super) const BAD: RGBColor = RGBColor(0xC2, 0x4A, 0x00);
/// What raises an outcome, the high end of a factor (L* 67).
pub(super) const RISES: RGBColor = RGBColor(0xE6, 0x90, 0x42);
/// What lowers an outcome, the low end of a factor (L* 27).
pub(super) const FALLS: RGBColor = RGBColor(0x12, 0x3F, 0x73);
/// A figure that contradicts itself (L* 39).
pub(super) const DOUBTFUL: RGBColor = RGBColor(0x8A, 0x3F, 0x8F);
/// Words that stand back because nothing was computed.
pub(super) const PALE_INK: RGBColor = RGBColor(0x75, 0x75, 0x75);

/// A line colour and a shade of it dark enough for words on white.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    pub line: RGBColor,
    pub words: RGBColor,
}

const fn paint(line: RGBColor, words: RGBColor) -> Paint {
    Paint { line, words }
}

/// Scenario colours in the order of the scenarios.
const SCENARIOS: [Paint; 8] = [
    paint(RGBColor(0x12, 0x3F, 0x73), RGBColor(0x12, 0x3F, 0x73)), // navy, 27
    paint(RGBColor(0xD5, 0x5E, 0x00), RGBColor(0xB0, 0x4C, 0x00)), // vermilion, 54
    paint(RGBColor(0x56, 0xB4, 0xE9), RGBColor(0x1A, 0x72, 0xA8)), // sky blue, 70
    paint(RGBColor(0x8A, 0x3F, 0x8F), RGBColor(0x8A, 0x3F, 0x8F)), // purple, 39
    paint(RGBColor(0x1B, 0x9E, 0x77), RGBColor(0x12, 0x78, 0x59)), // green, 58
    paint(RGBColor(0xE6, 0xA4, 0x10), RGBColor(0x8F, 0x62, 0x00)), // amber, 72
    paint(RGBColor(0x6E, 0x6E, 0x6E), RGBColor(0x60, 0x60, 0x60)), // grey, 46
    paint(RGBColor(0x00, 0x00, 0x00), RGBColor(0x00, 0x00, 0x00)), // black, 0
];

/// Colour of the scenario at an index; repeats after eight.
pub(super) fn scenario(index: usize) -> Paint {
    SCENARIOS[index % SCENARIOS.len()]
}

/// Colours for so many limited factors, from none to five and more: L* 80, 69, 57, 45, 32, 15.
const RESTRICTED: [RGBColor; 6] = [
    RGBColor(0xC8, 0xC8, 0xC4),
    RGBColor(0xE2, 0xA0, 0x3C),
    RGBColor(0x3F, 0x97, 0x8F),
    RGBColor(0x2A, 0x6F, 0xA4),
    RGBColor(0x6B, 0x2F, 0x7E),
    RGBColor(0x2A, 0x1A, 0x3C),
];

/// Colour of a box that limits so many factors.
pub(super) fn restricted(factors: usize) -> RGBColor {
    RESTRICTED[factors.min(RESTRICTED.len() - 1)]
}

/// Colours of stages in their order.
const STAGES: [Paint; MAX_STAGES] = [
    paint(RGBColor(0xEF, 0xC0, 0x4F), RGBColor(0x8F, 0x62, 0x00)), // amber, 80
    paint(RGBColor(0x1B, 0x50, 0x89), RGBColor(0x1B, 0x50, 0x89)), // blue, 34
    paint(RGBColor(0x45, 0xB0, 0x8C), RGBColor(0x1B, 0x78, 0x59)), // green, 65
    paint(RGBColor(0xCC, 0x5A, 0x22), RGBColor(0xB0, 0x48, 0x12)), // vermilion, 52
    paint(RGBColor(0x35, 0x18, 0x4D), RGBColor(0x35, 0x18, 0x4D)), // violet, 15
    paint(RGBColor(0x7F, 0xC4, 0xEC), RGBColor(0x1A, 0x72, 0xA8)), // sky blue, 76
    paint(RGBColor(0x9A, 0x52, 0x9E), RGBColor(0x8A, 0x3F, 0x8F)), // purple, 46
    paint(RGBColor(0x8C, 0x8C, 0x8C), RGBColor(0x60, 0x60, 0x60)), // grey, 58
];

/// Colour of a stage.
pub(super) fn stage(stage: Stage) -> Paint {
    STAGES[stage.idx() % STAGES.len()]
}

/// Classes of a share: up to the bound (inclusive), the fill, and the colour of words on it.
/// Lightness falls in steps of 6 to 21 from 98 to 19, so the order survives grey print.
pub(super) const HEAT: [(f64, RGBColor, RGBColor); 7] = [
    (0.01, RGBColor(0xFD, 0xF8, 0xF0), RGBColor(0x77, 0x77, 0x77)),
    (0.02, RGBColor(0xFD, 0xE6, 0xC4), INK),
    (0.05, RGBColor(0xFC, 0xCB, 0x93), INK),
    (0.10, RGBColor(0xF4, 0x9C, 0x62), INK),
    (0.20, RGBColor(0xD0, 0x50, 0x2E), RGBColor(0xFF, 0xFF, 0xFF)),
    (0.40, RGBColor(0xA8, 0x2A, 0x24), RGBColor(0xFF, 0xFF, 0xFF)),
    (f64::INFINITY, RGBColor(0x5E, 0x0A, 0x17), RGBColor(0xFF, 0xFF, 0xFF)),
];

/// First and last colour of the classes below the oversized ones, smallest first (L* 94 to 68).
const QUIET: (RGBColor, RGBColor) = (RGBColor(0xE9, 0xEF, 0xF5), RGBColor(0x8C, 0xA8, 0xC4));
/// First and last colour of the oversized classes, smallest first (L* 53 to 19).
const WARNING: (RGBColor, RGBColor) = (RGBColor(0xD8, 0x5A, 0x28), RGBColor(0x5E, 0x0A, 0x17));

/// Colours of so many quiet bands, then of so many oversized ones. Lightness falls from band to band.
pub(super) fn bands(quiet: usize, oversized: usize) -> Vec<RGBColor> {
    let steps = |(from, to): (RGBColor, RGBColor), count: usize| {
        let part = move |i: usize| i as f64 / count.saturating_sub(1).max(1) as f64;
        (0..count).map(move |i| between(from, to, part(i)))
    };
    steps(QUIET, quiet).chain(steps(WARNING, oversized)).collect()
}

/// The colour between two at a part of the way.
fn between(from: RGBColor, to: RGBColor, part: f64) -> RGBColor {
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// A colour of which a part is left, the rest white.
pub(super) fn tint(RGBColor(r, g, b): RGBColor, part_left: f64) -> RGBColor {
    let light = |part: u8| (255.0 - part_left * (255.0 - f64::from(part))).round() as u8;
    RGBColor(light(r), light(g), light(b))
}
