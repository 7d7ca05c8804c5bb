//! The table: its columns, its header and one row a target.

use super::super::Lang;
use super::super::canvas::{Align, Canvas, Rect, Stroke, Type, centred_baseline};
use super::super::font::width;
use super::super::marks::{Mark, REACH};
use super::super::numbers::fixed;
use super::super::text::{fit, wrap_at_most};
use super::super::theme::{
    AXIS, BAD, DOUBTFUL, FAINT, GOOD, GRID, INK, LEADING, MARGIN, PALE_INK, SMALL, SOFT_INK, SPARE,
};
use super::finding::full_title;
use super::{Direction, Row, Status, Unit};
use plotters::style::RGBColor;

/// Height of the header with the scale of the strip.
const HEADER: f64 = 2.0 * LINE + 4.0;
/// Height of a line of words.
const LINE: f64 = SMALL * LEADING;
/// Empty space above and below the words of a row, together.
const PADDING: f64 = 9.0;
/// Gap between columns.
const GAP: f64 = 13.0;
/// Width of the strip with the distance from the target.
const STRIP: f64 = 132.0;
/// Width of a picture from which there is room for the strip.
pub(super) const LEAST_WITH_STRIP: f64 = 640.0;
/// Room of the mark before the word of a status.
const MARK: f64 = 2.0 * REACH + 6.0;
/// Widest number.
const NUMBER: f64 = 92.0;
/// Most lines of a title, and of a reason.
const MOST_LINES: (usize, usize) = (4, 2);
/// Largest number written.
const LARGEST: f64 = 1e12;

/// Where the columns lie and what the strip spans.
pub(super) struct Columns {
    title_width: f64,
    year_right: f64,
    target_right: f64,
    run_left: f64,
    run_right: f64,
    strip: (f64, f64),
    status_left: f64,
    right: f64,
    /// Whether there is room for the strip.
    pub has_strip: bool,
    /// Distance from the target at the ends of the strip.
    scale: f64,
    /// Whether any row has a distance from its target.
    pub has_values: bool,
}

impl Columns {
    pub fn for_rows(rows: &[Row], wide: f64, lang: Lang) -> Columns {
        let widest = |words: &mut dyn Iterator<Item = String>| {
            words.map(|word| width(&word, SMALL, false)).fold(0.0, f64::max)
        };
        let (year, target, run) = column_names(lang);
        let years = rows.iter().map(|row| row.year.to_string());
        let year_width = widest(&mut years.chain([year.to_owned()]));
        let targets = rows.iter().map(|row| numbers(row, lang).0);
        let target_width = widest(&mut targets.chain([target.to_owned()]));
        let runs = rows.iter().filter(|row| row.status.is_computed());
        let runs = runs.map(|row| numbers(row, lang).1);
        let run_width = runs.map(|run| width(&run, SMALL, true)).fold(0.0, f64::max);
        let run_width = run_width.max(width(run, SMALL, false));
        let computed = rows.iter().filter(|row| row.status.is_computed());
        let mut statuses = computed.flat_map(|row| status_lines(row, lang));
        let status_width = MARK + widest(&mut statuses).max(60.0);
        let right = wide - MARGIN;
        let status_left = right - status_width;
        let has_strip = wide >= LEAST_WITH_STRIP;
        let strip_width = if has_strip { STRIP + GAP } else { 0.0 };
        let strip = (status_left - strip_width, status_left - GAP);
        let run_right = strip.0 - GAP;
        let target_right = run_right - run_width - GAP;
        let year_right = target_right - target_width - GAP;
        Columns {
            title_width: year_right - year_width - GAP - MARGIN,
            year_right,
            target_right,
            run_left: run_right - run_width,
            run_right,
            strip,
            status_left,
            right,
            has_strip,
            scale: scale(rows),
            has_values: rows.iter().any(|row| deviation(row).is_some()),
        }
    }

    /// Height of the names of the columns, and of the scale if there is a strip.
    pub fn header(&self) -> f64 {
        if self.has_strip { HEADER } else { HEADER - LINE }
    }

    /// Most lines of a title and of a reason: where the columns are narrow, more.
    fn most_lines(&self) -> (usize, usize) {
        let more = if self.has_strip { 0 } else { 2 };
        (MOST_LINES.0 + more, MOST_LINES.1 + more)
    }

    /// Where a distance from the target lies on the strip.
    fn at(&self, deviation: f64) -> f64 {
        let (left, right) = (self.strip.0 + REACH + 4.0, self.strip.1 - REACH - 4.0);
        let part = (deviation / self.scale).clamp(-1.0, 1.0);
        (left + right) / 2.0 + part * (right - left) / 2.0
    }
}

fn column_names(lang: Lang) -> (&'static str, &'static str, &'static str) {
    (lang.pick("年份", "Year"), lang.pick("目标", "Target"), lang.pick("测算", "Run"))
}

/// The smallest round distance within which three quarters of the misses lie, or of all rows
/// where nothing is missed.
fn scale(rows: &[Row]) -> f64 {
    let missed = |row: &&Row| row.status == Status::Missed && deviation(row).is_some();
    let any_missed = rows.iter().any(|row| missed(&row));
    let told = rows.iter().filter(|row| !any_missed || missed(row));
    let mut sizes: Vec<f64> = told.filter_map(deviation).map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    let enough = sizes.get((sizes.len() * 3).div_ceil(4).max(1) - 1).copied().unwrap_or(0.0);
    [2.0, 5.0, 10.0, 20.0].into_iter().find(|scale| enough <= *scale).unwrap_or(50.0)
}

/// How far the run is beyond the target: points for rates, per cent of the target for counts;
/// negative where it falls behind.
pub(super) fn deviation(row: &Row) -> Option<f64> {
    let run = row.run.filter(|run| run.is_finite() && row.status.is_computed())?;
    let distance = Some(run - row.target).filter(|distance| distance.is_finite())?;
    let distance = in_strip_units(row, distance);
    let sign = if row.direction == Direction::AtLeast { 1.0 } else { -1.0 };
    Some(distance * sign)
}

/// A distance from the target of a row in units of the strip; never NaN.
fn in_strip_units(row: &Row, distance: f64) -> f64 {
    match row.unit {
        _ if distance == 0.0 => 0.0,
        Unit::Percent => distance,
        Unit::Count(_) => (distance / row.target.abs() * 100.0).clamp(-1e9, 1e9),
    }
}

/// Target and run as they stand in the table.
pub(super) fn numbers(row: &Row, lang: Lang) -> (String, String) {
    let sign = if row.direction == Direction::AtLeast { "≥" } else { "≤" };
    let (target, run) = match row.unit {
        Unit::Percent => {
            let target = percent(row.target, if is_round(row.target) { 0 } else { 1 });
            let run = row.run.unwrap_or(f64::NAN);
            let short = percent(run, 1);
            let looks_equal = short == percent(row.target, 1) && run != row.target;
            (target, if looks_equal { percent(run, 2) } else { short })
        }
        Unit::Count(_) => (amount(row.target, lang), amount(row.run.unwrap_or(f64::NAN), lang)),
    };
    let target = if row.target.is_finite() { format!("{sign}{target}") } else { target };
    (fit(&target, lang, SMALL, false, NUMBER), fit(&run, lang, SMALL, true, NUMBER))
}

fn is_round(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9
}

fn percent(value: f64, decimals: usize) -> String {
    match value.is_finite() {
        true => format!("{}%", fixed(value.clamp(-1e6, 1e6), decimals)),
        false => "–".to_owned(),
    }
}

/// A count with all its digits up to a million, in 万 or millions beyond.
pub(super) fn amount(value: f64, lang: Lang) -> String {
    let value = if value.is_finite() { value.clamp(-LARGEST, LARGEST) } else { value };
    match (lang, value.abs()) {
        (_, size) if !size.is_finite() => "–".to_owned(),
        (_, size) if size < 999_999.5 => fixed(value, 0),
        (Lang::Zh, size) if size < 1e8 => format!("{}万", fixed(value / 1e4, 1)),
        (Lang::Zh, _) => format!("{}亿", fixed(value / 1e8, 2)),
        (Lang::En, _) => format!("{}m", fixed(value / 1e6, 2)),
    }
}

/// The word for a status and what belongs to it.
pub(super) fn status_lines(row: &Row, lang: Lang) -> Vec<String> {
    let word = match row.status {
        Status::Met => lang.pick("达成", "met"),
        Status::MetByInput => lang.pick("由输入达成", "met by input"),
        Status::Missed => lang.pick("未达成", "missed"),
        Status::Contradicted => lang.pick("规划矛盾", "contradicted"),
        Status::NotModelled => lang.pick("未建模", "not modelled"),
        Status::OutsideYears => lang.pick("不在测算年份内", "outside the years of the run"),
    };
    let mut lines = vec![word.to_owned()];
    if row.status == Status::Missed {
        lines.push(match (row.first_met, lang) {
            (Some(year), Lang::Zh) => format!("{year}年达成"),
            (Some(year), Lang::En) => format!("met in {year}"),
            (None, _) => lang.pick("各年均未达", "met in no year").to_owned(),
        });
    }
    lines
}

fn look(status: Status) -> (Mark, RGBColor) {
    match status {
        Status::Met => (Mark::Dot, GOOD),
        Status::MetByInput => (Mark::Ring, GOOD),
        Status::Missed => (Mark::Triangle, BAD),
        Status::Contradicted => (Mark::Cross, DOUBTFUL),
        Status::NotModelled | Status::OutsideYears => (Mark::Dash, FAINT),
    }
}

/// The words of a row that decide its height: title, and the reason with the width it may take.
fn words(row: &Row, columns: &Columns, lang: Lang) -> (Vec<String>, Vec<String>) {
    let title = wrap_at_most(
        &full_title(row, lang),
        lang,
        SMALL,
        columns.title_width,
        columns.most_lines().0,
    );
    let reason = row.reason.as_deref().unwrap_or_default();
    let reason = match row.status.is_computed() {
        true => wrap_at_most(reason, lang, SMALL, columns.right - MARGIN, columns.most_lines().1),
        false => {
            let colon = if reason.trim().is_empty() { "" } else { lang.pick("：", ": ") };
            let status = status_lines(row, lang).concat();
            let room = columns.right - columns.run_left;
            wrap_at_most(
                &format!("{status}{colon}{reason}"),
                lang,
                SMALL,
                room,
                columns.most_lines().1,
            )
        }
    };
    (title, reason)
}

/// Height of a row with its words.
pub(super) fn row_height(row: &Row, columns: &Columns, lang: Lang) -> f64 {
    let (title, reason) = words(row, columns, lang);
    let lines = match row.status.is_computed() {
        true => title.len().max(status_lines(row, lang).len()).max(1) + reason.len(),
        false => title.len().max(reason.len()).max(1),
    };
    lines as f64 * LINE + PADDING
}

/// Draws the names of the columns and the scale of the strip.
pub(super) fn draw_header(canvas: &Canvas<'_>, top: f64, columns: &Columns, lang: Lang) {
    let set = Type::new(SMALL, SOFT_INK);
    let above = if columns.has_strip { 0.0 } else { 1.0 };
    let baseline = |line: f64| centred_baseline(top + (line - above + 0.5) * LINE, SMALL);
    let (year, target, run) = column_names(lang);
    let right = set.align(Align::Right);
    canvas.text(columns.year_right, baseline(1.0), year, right);
    canvas.text(columns.target_right, baseline(1.0), target, right);
    canvas.text(columns.run_right, baseline(1.0), run, right);
    canvas.text(columns.status_left, baseline(1.0), lang.pick("结果", "Result"), set);
    if !columns.has_strip {
        return;
    }
    let centre = set.align(Align::Centre);
    let words = lang.pick("← 差于 优于 →", "← worse better →");
    canvas.text(columns.at(0.0), baseline(0.0), words, centre);
    let ends = [-1.0, 0.0, 1.0].map(|part| part * columns.scale);
    for (end, sign) in ends.into_iter().zip(["", "", "+"]) {
        let label = format!("{sign}{}", fixed(end, 0));
        canvas.text(columns.at(end), baseline(1.0), &label, centre);
    }
}

/// Draws a row.
pub(super) fn draw_row(
    canvas: &Canvas<'_>,
    (top, height): (f64, f64),
    row: &Row,
    columns: &Columns,
    lang: Lang,
) {
    canvas.line(&[(MARGIN, top), (columns.right, top)], Stroke::solid(GRID, 1.0));
    let ink = if row.status.is_computed() { INK } else { PALE_INK };
    let set = Type::new(SMALL, ink);
    let middle = |line: usize| top + PADDING / 2.0 + (line as f64 + 0.5) * LINE;
    let write = |x: f64, line: usize, words: &str, set: Type| {
        canvas.text(x, centred_baseline(middle(line), SMALL), words, set);
    };
    let (title, reason) = words(row, columns, lang);
    for (i, line) in title.iter().enumerate() {
        write(MARGIN, i, line, set);
    }
    let (target, run) = numbers(row, lang);
    write(columns.year_right, 0, &row.year.to_string(), set.align(Align::Right));
    write(columns.target_right, 0, &target, set.align(Align::Right));
    if !row.status.is_computed() {
        for (i, line) in reason.iter().enumerate() {
            write(columns.run_left, i, line, set);
        }
        return;
    }
    write(columns.run_right, 0, &run, set.bold().align(Align::Right));
    let (mark, colour) = look(row.status);
    mark.draw(canvas, (columns.status_left + REACH, middle(0)), colour);
    let statuses = status_lines(row, lang);
    for (i, line) in statuses.iter().enumerate() {
        write(columns.status_left + MARK, i, line, if i == 0 { set } else { soft() });
    }
    let above = title.len().max(statuses.len()).max(1);
    for (i, line) in reason.iter().enumerate() {
        write(MARGIN, above + i, line, soft());
    }
    let reasons = reason.len() as f64 * LINE;
    if columns.has_strip {
        draw_strip(canvas, (top, top + height - reasons), middle(0), row, columns);
    }
}

fn soft() -> Type {
    Type::new(SMALL, SOFT_INK)
}

/// Draws how far the run is from the target.
fn draw_strip(
    canvas: &Canvas<'_>,
    (top, bottom): (f64, f64),
    middle: f64,
    row: &Row,
    columns: &Columns,
) {
    let zero = columns.at(0.0);
    let Some(deviation) = deviation(row) else {
        return;
    };
    if let Some(tolerance) = row.tolerance.filter(|t| t.is_finite() && *t > 0.0) {
        let behind = columns.at(-in_strip_units(row, tolerance));
        let area = Rect { left: behind, top: top + 2.0, right: zero, bottom: bottom - 2.0 };
        canvas.fill(area, SPARE);
    }
    let ends = [(columns.at(-columns.scale), middle), (columns.at(columns.scale), middle)];
    canvas.line(&ends, Stroke::solid(GRID, 1.0));
    canvas.line(&[(zero, top), (zero, bottom)], Stroke::solid(AXIS, 1.2));
    let (mark, colour) = look(row.status);
    let x = columns.at(deviation);
    canvas.line(&[(zero, middle), (x, middle)], Stroke::solid(colour, 2.4));
    if deviation.abs() <= columns.scale {
        mark.draw(canvas, (x, middle), colour);
        return;
    }
    let side = deviation.signum();
    let tip = x + side * (REACH + 3.0);
    let head =
        [(tip, middle), (tip - side * 11.0, middle - 6.0), (tip - side * 11.0, middle + 6.0)];
    canvas.polygon(&head, colour);
}
