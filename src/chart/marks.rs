//! Marks that differ in shape as well as in colour, so that they can be told apart in grey.

use super::canvas::{Canvas, Rect, Stroke};
use plotters::style::{RGBColor, WHITE};

/// Distance from the centre of a mark to its edge.
pub(super) const REACH: f64 = 7.0;

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A filled circle.
    Dot,
    /// A hollow circle.
    Ring,
    /// A filled triangle that points down.
    Triangle,
    /// A filled square.
    Square,
    /// A filled square that stands on a corner.
    Diamond,
    /// Two crossed strokes.
    Cross,
    /// A short stroke.
    Dash,
    /// A triangle that points up, with an exclamation mark.
    Warning,
}

impl Mark {
    /// Draws the mark on white.
    pub(super) fn draw(self, canvas: &Canvas<'_>, (x, y): (f64, f64), colour: RGBColor) {
        match self {
            Mark::Dot => canvas.dot((x, y), 5.5, colour),
            Mark::Ring => {
                canvas.dot((x, y), 5.5, colour);
                canvas.dot((x, y), 3.3, WHITE);
            }
            Mark::Triangle => {
                let corners = [(x - 6.2, y - 4.8), (x + 6.2, y - 4.8), (x, y + 6.0)];
                canvas.polygon(&corners, colour);
            }
            Mark::Square => {
                let area = Rect { left: x - 4.9, top: y - 4.9, right: x + 4.9, bottom: y + 4.9 };
                canvas.fill(area, colour);
            }
            Mark::Diamond => {
                canvas.polygon(&[(x, y - 7.0), (x + 7.0, y), (x, y + 7.0), (x - 7.0, y)], colour);
            }
            Mark::Cross => {
                let stroke = Stroke::solid(colour, 2.4);
                canvas.line(&[(x - 4.6, y - 4.6), (x + 4.6, y + 4.6)], stroke);
                canvas.line(&[(x - 4.6, y + 4.6), (x + 4.6, y - 4.6)], stroke);
            }
            Mark::Dash => canvas.line(&[(x - 5.0, y), (x + 5.0, y)], Stroke::solid(colour, 2.0)),
            Mark::Warning => {
                // Nothing beneath it in the same place shows through.
                canvas.dot((x, y), REACH, WHITE);
                let corners = [(x, y - REACH), (x + REACH, y + 5.6), (x - REACH, y + 5.6)];
                canvas.polygon(&corners, colour);
                canvas.line(&[(x, y - 2.6), (x, y + 1.4)], Stroke::solid(WHITE, 1.7));
                canvas.dot((x, y + 3.7), 1.0, WHITE);
            }
        }
    }
}
