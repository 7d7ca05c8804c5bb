//! Population pyramid from age 0 to that of the highest grade: boys to the left, girls to the right, one small panel a year.
//!
//! All panels share one scale. Bars have the colour of the stage that children of the age attend; the stages
//! stand at the left beside their ages. The largest single age of every panel is framed.

mod finding;

use self::finding::{description, title};
use super::axes::{YEARS_HEIGHT, draw_labels_below, draw_upright_grid, labels_width, value_labels};
use super::canvas::{Align, Canvas, Plane, Rect, Stroke, Type, centred_baseline};
use super::font::width;
use super::frame::{Frame, place_and_period};
use super::numbers::{Scale, Ticks, at, count};
use super::text::{capitalised, fit};
use super::theme::{AXIS, FAINT, INK, PANEL, SMALL, SOFT_INK, stage, tint};
use super::{Caption, Figure, Lang, Stage, stage_name};
use plotters::style::{RGBColor, WHITE};
use xuewei_model::axes::Stages;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// Two to four years, ascending. Of more than four the first, the last and two between are drawn; in a
    /// column of more than three one between.
    pub panels: Vec<Panel>,
    /// The stages of the city; the ages that are drawn end with those of their grades.
    pub stages: &'static Stages,
}

/// The children of one year; people on 1 September by completed age from 0 on, so that the index is the age.
/// NaN where unknown; who is older than the pupils is left out.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The year.
    pub year: i32,
    /// Boys by age.
    pub male: Vec<f64>,
    /// Girls by age.
    pub female: Vec<f64>,
}

/// Most panels.
const MOST: usize = 4;
/// Height of the bar of an age, with the gap.
const ROW: f64 = 17.0;
/// Least height of it, so that the words of [`WORDY`] ages stand beside them.
const LEAST_ROW: f64 = 13.5;
/// Fewest ages of a stage beside which its name and its ages stand.
const WORDY: usize = 3;
/// Most panels of a picture narrower than [`NARROW`].
const MOST_NARROW: usize = 3;
const NARROW: f64 = 600.0;
/// White space between ages, in ages.
const SEAM: f64 = 0.07;
/// Height of the lines above a plot.
const HEAD: f64 = 72.0;
/// Gap between panels.
const GUTTER: f64 = 16.0;
/// Width of the strip of colour beside the ages of a stage.
const STRIP: f64 = 8.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let input = &input.chosen();
    let years: Vec<i32> = input.panels.iter().map(|panel| panel.year).collect();
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, &years, lang),
        keys: Vec::new(),
        remarks: remarks(input, lang),
        description: description(input, lang),
    };
    if input.panels.iter().all(|panel| panel.largest().is_none()) {
        return frame.paint_empty();
    }
    // Ages are as high as their labels at least.
    let row = input.caption.size.plot_height(ROW).max(LEAST_ROW);
    let height = input.ages() as f64 * row;
    frame.paint(HEAD + height + YEARS_HEIGHT, |canvas, area| {
        let highest = input.panels.iter().map(Panel::longest_bar).fold(0.0, f64::max);
        let scale = Scale::for_numbers_up_to(highest, lang);
        let ticks = Ticks::close_above(highest.max(1.0), 3.0);
        let unit = match scale.divisor > 1.0 {
            true => scale.unit(lang, "人", ""),
            false => lang.pick("人", "children").to_owned(),
        };
        let unit = match lang {
            Lang::Zh => format!("（{unit}）"),
            Lang::En => format!("({})", unit.trim()),
        };
        let top = area.top + HEAD;
        let side = side_width(input, &unit, lang);
        let plots = Rect { left: area.left + side, top, right: area.right, bottom: top + height };
        let beside = Rect { left: area.left, right: plots.left, ..plots };
        draw_side(canvas, beside, input, &unit, lang);
        let gutters = GUTTER * (input.panels.len() - 1) as f64;
        let wide = (plots.width() - gutters) / input.panels.len() as f64;
        let largest = largest_in_words(input, wide, lang);
        for (i, (panel, largest)) in input.panels.iter().zip(&largest).enumerate() {
            let left = plots.left + i as f64 * (wide + GUTTER);
            let plot = Rect { left, right: left + wide, ..plots };
            let plane =
                canvas.plane(plot, (-ticks.high(), ticks.high()), (0.0, input.ages() as f64));
            draw_head(canvas, panel, largest, plot, lang);
            draw_panel(canvas, &plane, (input, panel), &ticks, &scale);
        }
    })
}

impl Input {
    /// The panels that are drawn, by year.
    fn chosen(&self) -> Input {
        let mut panels = self.panels.clone();
        panels.sort_by_key(|panel| panel.year);
        let count = panels.len();
        let most = if self.caption.room() < NARROW { MOST_NARROW } else { MOST };
        if count > most {
            let places = (0..most).map(|i| i * (count - 1) / (most - 1));
            panels = places.filter_map(|i| panels.get(i).cloned()).collect();
        }
        for panel in &mut panels {
            panel.male.truncate(self.ages());
            panel.female.truncate(self.ages());
        }
        Input { panels, caption: self.caption.clone(), stages: self.stages }
    }

    /// How many ages are drawn.
    fn ages(&self) -> usize {
        self.stages.last_age() + 1
    }

    /// The stages beside the ages: of two of the same ages the first.
    fn attended(&self) -> impl Iterator<Item = Stage> + use<> {
        self.stages.iter().filter(|stage| !stage.is_sharer())
    }

    /// The colour of an age.
    fn colour(&self, age: usize) -> RGBColor {
        let attended = self.attended().find(|stage| stage.ages().contains(&age));
        attended.map_or(FAINT, |attended| stage(attended).line)
    }
}

impl Panel {
    /// Boys and girls of an age, where both are known.
    fn of_age(&self, age: usize) -> Option<f64> {
        Some(at(&self.male, age)? + at(&self.female, age)?)
    }

    /// Children of a stage's ages, where all are known.
    fn of_stage(&self, stage: Stage) -> Option<f64> {
        stage.ages().map(|age| self.of_age(age)).sum()
    }

    /// The age with most children, and how many they are; of equal ones the youngest.
    fn largest(&self) -> Option<(usize, f64)> {
        let ages = (0..self.male.len()).filter_map(|age| Some((age, self.of_age(age)?)));
        let largest = ages.reduce(|a, b| if b.1 > a.1 { b } else { a });
        largest.filter(|(_, children)| *children > 0.0)
    }

    fn longest_bar(&self) -> f64 {
        let sexes = [&self.male, &self.female];
        let bars = sexes.iter().flat_map(|sex| (0..sex.len()).filter_map(|age| at(sex, age)));
        bars.fold(0.0, f64::max)
    }

    /// The first year of the school year in which children of an age were born.
    fn born(&self, age: usize) -> i64 {
        i64::from(self.year) - age as i64 - 1
    }
}

/// A school year: 2013/14.
fn school_year(first: i64) -> String {
    format!("{first}/{:02}", (first + 1).rem_euclid(100))
}

fn ages_in_words(stage: Stage, lang: Lang) -> String {
    let (first, last) = (stage.first_age(), stage.ages().end - 1);
    match lang {
        Lang::Zh => format!("{first}–{last}岁"),
        Lang::En => format!("ages {first}–{last}"),
    }
}

/// What stands beside the ages of a stage: its name, and its ages where there is room.
fn words_beside(attended: Stage, lang: Lang) -> Vec<(String, Type)> {
    let name = Type::new(SMALL, stage(attended).words).align(Align::Right).bold();
    let mut lines = vec![(capitalised(stage_name(attended, lang)), name)];
    if attended.n_grades() >= WORDY {
        let set = Type::new(SMALL, SOFT_INK).align(Align::Right);
        lines.push((ages_in_words(attended, lang), set));
    }
    lines
}

/// Width of the stages and ages to the left.
fn side_width(input: &Input, unit: &str, lang: Lang) -> f64 {
    let ages = labels_width(&["15".to_owned()]);
    let lines = input.attended().flat_map(|stage| words_beside(stage, lang));
    let names = lines.map(|(words, set)| width(&words, SMALL, set.bold));
    let header = width(age_header(lang), SMALL, false) - ages;
    let names = names.fold(header.max(0.0), f64::max) + 6.0 + STRIP + 6.0 + ages;
    names.max(width(unit, SMALL, false) + 12.0)
}

fn age_header(lang: Lang) -> &'static str {
    lang.pick("年龄（岁）", "Age")
}

/// Stages with their ages, the ages, and the unit of the scale below.
fn draw_side(canvas: &Canvas<'_>, area: Rect, input: &Input, unit: &str, lang: Lang) {
    let right = area.right - 7.0;
    let set = Type::new(SMALL, SOFT_INK).align(Align::Right);
    let strip = area.right - labels_width(&["15".to_owned()]) - 6.0 - STRIP;
    let row = area.height() / input.ages() as f64;
    let height = |age: f64| area.bottom - age * row;
    for attended in input.attended() {
        let ages = attended.ages();
        let (top, bottom) = (height(ages.end as f64) + 1.0, height(ages.start as f64) - 1.0);
        let colour = stage(attended).line;
        canvas.fill(Rect { left: strip, top, right: strip + STRIP, bottom }, colour);
        let lines = words_beside(attended, lang);
        canvas.text_block(strip - 6.0, (top + bottom) / 2.0, &lines);
    }
    for age in (0..input.ages()).step_by(3) {
        let middle = height(age as f64 + 0.5);
        canvas.text(right, centred_baseline(middle, SMALL), &age.to_string(), set);
    }
    canvas.text(right, area.top - 9.0, age_header(lang), set);
    canvas.text(right, area.bottom + 21.0, unit, set);
}

/// Above a plot: the year, its largest age, and the sides.
fn draw_head(canvas: &Canvas<'_>, panel: &Panel, largest: &str, plot: Rect, lang: Lang) {
    let middle = (plot.left + plot.right) / 2.0;
    let year = match lang {
        Lang::Zh => format!("{}年", panel.year),
        Lang::En => panel.year.to_string(),
    };
    let year = fit(&year, lang, PANEL, true, plot.width());
    let set = Type::new(PANEL, INK).bold().align(Align::Centre);
    canvas.text(middle, plot.top - HEAD + 17.0, &year, set);
    let set = Type::new(SMALL, SOFT_INK);
    let words = fit(largest, lang, SMALL, false, plot.width());
    canvas.text(middle, plot.top - HEAD + 38.0, &words, set.align(Align::Centre));
    let baseline = plot.top - 9.0;
    canvas.text(middle - 8.0, baseline, lang.pick("男", "boys"), set.align(Align::Right));
    canvas.text(middle + 8.0, baseline, lang.pick("女", "girls"), set);
}

/// The largest age of every panel, in as many words as all of them have room for.
fn largest_in_words(input: &Input, wide: f64, lang: Lang) -> Vec<String> {
    let words = |form: usize| -> Vec<String> {
        let panels = input.panels.iter().map(|panel| {
            let Some((age, children)) = panel.largest() else {
                return String::new();
            };
            let (children, born) = (count(children, lang), school_year(panel.born(age)));
            match (form, lang) {
                (0, Lang::Zh) => format!("{age}岁最多：{children}人，{born}年生"),
                (1, Lang::Zh) => format!("{age}岁最多：{children}人"),
                (2, Lang::Zh) => format!("{age}岁：{children}"),
                (_, Lang::Zh) => format!("{age}岁"),
                (0, Lang::En) => format!("most at {age}: {children}, born {born}"),
                (1, Lang::En) => format!("most at {age}: {children}"),
                (2, Lang::En) => format!("age {age}: {children}"),
                (_, Lang::En) => format!("age {age}"),
            }
        });
        panels.collect()
    };
    let fit = |words: &Vec<String>| words.iter().all(|words| width(words, SMALL, false) <= wide);
    [0, 1, 2].map(words).into_iter().find(fit).unwrap_or_else(|| words(3))
}

fn draw_panel(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    (input, panel): (&Input, &Panel),
    ticks: &Ticks,
    scale: &Scale,
) {
    for attended in input.attended() {
        let shade = tint(stage(attended).line, 0.13);
        let (low, high) = (attended.first_age() as f64, attended.ages().end as f64);
        plane.bar((plane.x.0, low), (plane.x.1, high), shade);
    }
    let right = ticks.values.iter().skip(1).copied();
    let positions: Vec<f64> =
        right.clone().rev().map(|value| -value).chain([0.0]).chain(right).collect();
    draw_upright_grid(canvas, plane, &positions);
    for age in 0..input.ages() {
        let (low, high) = (age as f64 + SEAM, age as f64 + 1.0 - SEAM);
        for (sex, side) in [(&panel.male, -1.0), (&panel.female, 1.0)] {
            if let Some(children) = at(sex, age).filter(|children| *children > 0.0) {
                plane.bar((0.0, low), (side * children, high), input.colour(age));
            }
        }
    }
    let (middle, _) = plane.at((0.0, 0.0));
    canvas.line(
        &[(middle, plane.frame.top), (middle, plane.frame.bottom)],
        Stroke::solid(WHITE, 1.6),
    );
    let base = [(plane.frame.left, plane.frame.bottom), (plane.frame.right, plane.frame.bottom)];
    canvas.line(&base, Stroke::solid(AXIS, 1.2));
    if let Some((age, _)) = panel.largest() {
        let (low, high) = (age as f64, age as f64 + 1.0);
        let ends = [at(&panel.male, age).unwrap_or(0.0), at(&panel.female, age).unwrap_or(0.0)];
        let corners =
            [(-ends[0], low), (ends[1], low), (ends[1], high), (-ends[0], high), (-ends[0], low)];
        let corners = plane.path(&corners);
        // A white edge, so that the frame is seen on dark bars as well.
        canvas.line(&corners, Stroke::solid(WHITE, 4.4));
        canvas.line(&corners, Stroke::solid(INK, 2.0));
    }
    draw_scale(canvas, plane, ticks, &positions, scale);
}

/// Labels of both sides; where they are crowded only those of zero and of the ends.
fn draw_scale(
    canvas: &Canvas<'_>,
    plane: &Plane<'_>,
    ticks: &Ticks,
    positions: &[f64],
    scale: &Scale,
) {
    let labels = value_labels(ticks, scale.divisor, "");
    let labels: Vec<String> = labels.iter().skip(1).rev().chain(&labels).cloned().collect();
    let pitch = plane.frame.width() / (labels.len() - 1).max(1) as f64;
    let (last, zero) = (labels.len() - 1, labels.len() / 2);
    let is_crowded = labels.iter().any(|label| width(label, SMALL, false) + 5.0 > pitch);
    let kept = positions.iter().copied().zip(labels).enumerate();
    let kept = kept.filter(|(i, _)| !is_crowded || [0, zero, last].contains(i));
    let (positions, labels): (Vec<f64>, Vec<String>) = kept.map(|(_, label)| label).unzip();
    let bounds = (plane.frame.left, plane.frame.right);
    draw_labels_below(canvas, plane, &positions, &labels, bounds, 0.0);
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let is_gap = |panel: &Panel| (0..input.ages()).any(|age| panel.of_age(age).is_none());
    let frame = lang.pick("黑框为人数最多的年龄", "the frame marks the age with most children");
    let first = input.panels.iter().find_map(|panel| Some(panel.born(panel.largest()?.0)));
    let born = first.map(|first| {
        let (born, next) = (school_year(first), first + 1);
        match lang {
            Lang::Zh => format!("{born}年生指{first}年9月至{next}年8月出生"),
            Lang::En => format!("born {born} means from September {first} to August {next}"),
        }
    });
    let gaps = lang.pick("空白年龄数据不全", "ages left blank are not known");
    let gaps = input.panels.iter().any(is_gap).then(|| gaps.to_owned());
    [Some(frame.to_owned()), born, gaps].into_iter().flatten().collect()
}

fn subtitle(input: &Input, years: &[i32], lang: Lang) -> String {
    let place = place_and_period(&input.caption, years, lang);
    let last = input.stages.last_age();
    match lang {
        Lang::Zh => format!("{place}，0–{last}岁各年龄人数，9月1日周岁"),
        Lang::En => format!("{place}: children by age on 1 September, 0 to {last}"),
    }
}
