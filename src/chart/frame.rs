//! What surrounds every chart: title, subtitle and key above; note and source below.

use super::canvas::{Align, Canvas, Rect, Stroke, Type, centred_baseline, paint};
use super::font::width;
use super::marks::{Mark, REACH};
use super::text::{clean, fit, wrap, wrap_title};
use super::theme::{GRID, INK, LEADING, MARGIN, PANEL, SMALL, SOFT_INK, SUBTITLE, TITLE};
use super::{Caption, Figure, Lang};
use plotters::style::RGBColor;

/// Height of one row of the key.
const KEY_ROW: f64 = 23.0;
/// Width of the sample in a key.
const SAMPLE: f64 = 28.0;
/// Height of the strip with the name of a panel.
pub(super) const PANEL_STRIP: f64 = 31.0;

/// One entry of a key.
pub(super) struct Key {
    sample: Sample,
    label: String,
    colour: RGBColor,
}

enum Sample {
    Line(Stroke),
    Area(RGBColor),
    Mark(Mark, RGBColor),
    Words(String),
}

impl Key {
    pub fn line(stroke: Stroke, label: impl Into<String>) -> Key {
        Key { sample: Sample::Line(stroke), label: label.into(), colour: INK }
    }

    pub fn area(colour: RGBColor, label: impl Into<String>) -> Key {
        Key { sample: Sample::Area(colour), label: label.into(), colour: INK }
    }

    pub fn mark(mark: Mark, colour: RGBColor, label: impl Into<String>) -> Key {
        Key { sample: Sample::Mark(mark, colour), label: label.into(), colour: INK }
    }

    /// A sign such as ① that stands for a longer name.
    pub fn words(sign: impl Into<String>, label: impl Into<String>) -> Key {
        Key { sample: Sample::Words(sign.into()), label: label.into(), colour: INK }
    }

    /// The entry with its words in a colour.
    pub fn coloured(self, colour: RGBColor) -> Key {
        Key { colour, ..self }
    }
}

/// The surroundings of a chart before it is drawn.
pub(super) struct Frame<'a> {
    pub lang: Lang,
    pub caption: &'a Caption,
    /// What the numbers say.
    pub title: String,
    /// What was measured: place, period, quantity, unit, definition.
    pub subtitle: String,
    pub keys: Vec<Key>,
    /// Remarks of the chart itself, below the picture.
    pub remarks: Vec<String>,
    /// The numbers in words.
    pub description: String,
}

impl Frame<'_> {
    /// Draws the chart: `body` draws into the rectangle between head and foot.
    pub fn paint(self, body_height: f64, body: impl FnOnce(&Canvas<'_>, Rect)) -> Figure {
        let (lang, wide, room) = (self.lang, self.caption.size.width(), self.caption.room());
        let own_title = self.caption.title.as_deref().map(|title| clean(title, lang));
        let own_title = own_title.filter(|title| !title.is_empty());
        let title = own_title.unwrap_or_else(|| clean(&self.title, lang));
        let title_lines = wrap_title(&title, lang, TITLE, room);
        let subtitle_lines = wrap(&self.subtitle, lang, SUBTITLE, false, room);
        let keys = key_rows(&self.keys, lang, room);
        let foot_lines = self.foot_lines();
        let title_height = title_lines.len() as f64 * TITLE * LEADING;
        let subtitle_height = subtitle_lines.len() as f64 * SUBTITLE * LEADING;
        let keys_top = MARGIN + title_height + 3.0 + subtitle_height + 8.0;
        let body_top = keys_top + keys.len() as f64 * KEY_ROW + 4.0;
        let foot_top = body_top + body_height + 10.0;
        let foot_height = foot_lines.len() as f64 * SMALL * LEADING;
        let height = (foot_top + 6.0 + foot_height + MARGIN * 0.7).ceil();
        let svg = paint((wide, height), |canvas| {
            let set = Type::new(TITLE, INK).bold();
            draw_lines(canvas, MARGIN, &title_lines, set);
            let set = Type::new(SUBTITLE, SOFT_INK);
            draw_lines(canvas, MARGIN + title_height + 3.0, &subtitle_lines, set);
            draw_keys(canvas, keys_top, &keys);
            let (left, right) = (MARGIN, wide - MARGIN);
            body(canvas, Rect { left, top: body_top, right, bottom: body_top + body_height });
            canvas.line(&[(left, foot_top), (right, foot_top)], Stroke::solid(GRID, 1.0));
            draw_lines(canvas, foot_top + 6.0, &foot_lines, Type::new(SMALL, SOFT_INK));
        });
        let description = clean(&format!("{} {}", self.subtitle, self.description), lang);
        let size = self.caption.size;
        Figure { svg, width: wide as u32, height: height as u32, size, title, description }
    }

    /// Draws the surroundings and the remark that there is nothing to show.
    pub fn paint_empty(self) -> Figure {
        let words = self.lang.pick("无数据", "No data");
        self.paint_words(words)
    }

    /// Draws the surroundings and words in place of the picture.
    pub fn paint_words(self, words: &str) -> Figure {
        let lang = self.lang;
        self.paint(120.0, |canvas, area| {
            let set = Type::new(SUBTITLE, SOFT_INK).align(Align::Centre);
            let middle = (area.left + area.right) / 2.0;
            let words = fit(words, lang, SUBTITLE, false, area.width());
            canvas.text(middle, (area.top + area.bottom) / 2.0, &words, set);
        })
    }

    fn foot_lines(&self) -> Vec<String> {
        let (colon, lang) = (self.lang.pick("：", ": "), self.lang);
        let mut notes: Vec<String> = self.remarks.clone();
        notes.extend(self.caption.note.clone());
        let mut paragraphs = Vec::new();
        if !notes.is_empty() {
            let stop = lang.pick("；", "; ");
            paragraphs.push(format!("{}{colon}{}", lang.pick("注", "Note"), notes.join(stop)));
        }
        if !self.caption.source.trim().is_empty() {
            let source = &self.caption.source;
            paragraphs.push(format!("{}{colon}{source}", lang.pick("资料来源", "Source")));
        }
        let lines = paragraphs.iter();
        let room = self.caption.room();
        lines.flat_map(|text| wrap(text, lang, SMALL, false, room)).collect()
    }
}

/// City, scenario and period at the head of a subtitle.
pub(super) fn place_and_period(caption: &Caption, years: &[i32], lang: Lang) -> String {
    let mut parts = vec![caption.city.clone()];
    parts.extend(caption.scenario.clone());
    parts.push(super::numbers::period(years, lang));
    parts.retain(|part| !part.trim().is_empty());
    parts.join(lang.pick("，", ", "))
}

/// Writes the name of a panel, bold, and a remark behind it if there is room.
pub(super) fn draw_panel_name(
    canvas: &Canvas<'_>,
    area: Rect,
    name: &str,
    remark: &str,
    lang: Lang,
) {
    let baseline = area.top + 17.0;
    let name = fit(name, lang, PANEL, true, area.width());
    canvas.text(area.left, baseline, &name, Type::new(PANEL, INK).bold());
    let taken = width(&name, PANEL, true) + 8.0;
    let remark = clean(remark, lang);
    if taken + width(&remark, SMALL, false) <= area.width() {
        let set = Type::new(SMALL, SOFT_INK);
        canvas.text(area.left + taken, baseline, &remark, set);
    }
}

fn draw_lines(canvas: &Canvas<'_>, top: f64, lines: &[String], set: Type) {
    for (i, line) in lines.iter().enumerate() {
        let middle = top + (i as f64 + 0.5) * set.leading();
        canvas.text(MARGIN, centred_baseline(middle, set.size), line, set);
    }
}

/// A row of the key: x, entry, fitted label.
type KeyRow<'a> = Vec<(f64, &'a Key, String)>;

/// The entries of a key in rows that fit the width.
fn key_rows(keys: &[Key], lang: Lang, room: f64) -> Vec<KeyRow<'_>> {
    let mut rows: Vec<KeyRow<'_>> = Vec::new();
    let mut x = f64::INFINITY;
    for key in keys {
        let label = fit(&key.label, lang, SMALL, false, room - SAMPLE - 6.0);
        let wide = key.sample.width() + 6.0 + width(&label, SMALL, false);
        let is_sign = |key: &Key| matches!(key.sample, Sample::Words(_));
        let before = rows.last().and_then(|row| row.last());
        let signs_begin = before.is_some_and(|(_, before, _)| is_sign(before) != is_sign(key));
        if x + wide > MARGIN + room || signs_begin {
            rows.push(Vec::new());
            x = MARGIN;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, key, label));
        }
        x += wide + 20.0;
    }
    rows
}

impl Sample {
    fn width(&self) -> f64 {
        match self {
            Sample::Line(_) => SAMPLE,
            Sample::Area(_) => SAMPLE * 0.7,
            Sample::Mark(..) => 2.0 * REACH,
            Sample::Words(sign) => width(sign, SMALL, true),
        }
    }
}

fn draw_keys(canvas: &Canvas<'_>, top: f64, rows: &[KeyRow<'_>]) {
    for (i, row) in rows.iter().enumerate() {
        let middle = top + (i as f64 + 0.5) * KEY_ROW;
        let baseline = centred_baseline(middle, SMALL);
        for (x, key, label) in row {
            let end = x + key.sample.width();
            let set = Type::new(SMALL, key.colour);
            match &key.sample {
                Sample::Line(stroke) => canvas.line(&[(*x, middle), (end, middle)], *stroke),
                Sample::Area(colour) => {
                    let area =
                        Rect { left: *x, top: middle - 6.5, right: end, bottom: middle + 6.5 };
                    canvas.fill(area, *colour);
                }
                Sample::Mark(mark, colour) => mark.draw(canvas, (x + REACH, middle), *colour),
                Sample::Words(sign) => canvas.text(*x, baseline, sign, set.bold()),
            }
            canvas.text(end + 6.0, baseline, label, set);
        }
    }
}
