//! Targets of plans against a run: one row a target, grouped by plan.
//!
//! A strip shows how far the run is from each target: rates in percentage points, counts in per cent of the target, with
//! what is better than the target always to the right. What cannot be computed stands last in its group, in grey.

mod finding;
mod row;

use self::finding::{description, groups, title};
use self::row::{Columns, draw_header, draw_row, row_height};
use super::frame::{Frame, Key, PANEL_STRIP, draw_panel_name, place_and_period};
use super::theme::SPARE;
use super::{Caption, Figure, Lang};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// The targets; those of a plan stand together in the order given.
    pub rows: Vec<Row>,
}

/// One target.
#[derive(Clone, Debug)]
pub struct Row {
    /// The plan, in the language of the chart.
    pub plan: String,
    /// The target, in the language of the chart.
    pub title: String,
    /// The place, if not the whole city.
    pub place: Option<String>,
    /// The year of the target.
    pub year: i32,
    /// The value aimed at, in the unit shown (94.5 for 94.5 %); NaN where the plan gives none.
    pub target: f64,
    /// The value of the run in that year, in the same unit.
    pub run: Option<f64>,
    /// The unit of both values.
    pub unit: Unit,
    /// Which side of the target meets it.
    pub direction: Direction,
    /// How far the run may stay behind the target and still meet it, in the same unit.
    pub tolerance: Option<f64>,
    /// What the comparison says.
    pub status: Status,
    /// For a missed target: the first year in which the run meets it, if there is one.
    pub first_met: Option<i32>,
    /// Why the target is not modelled, is contradicted, or follows from an input.
    pub reason: Option<String>,
}

/// The unit of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Per cent; differences are percentage points.
    Percent,
    /// A number of things, with their name in the language of the chart: 人, pupils.
    Count(String),
}

/// Which side of a target meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The target or more.
    AtLeast,
    /// The target or less.
    AtMost,
}

/// What the comparison of a target with the run says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The run meets the target.
    Met,
    /// The run meets it, but its value follows from an input and is no result.
    MetByInput,
    /// The run misses it.
    Missed,
    /// The plan's own figures contradict the target.
    Contradicted,
    /// The model cannot say.
    NotModelled,
    /// The year of the target lies outside the run.
    OutsideYears,
}

impl Status {
    /// Whether a value of the run can be held against the target.
    fn is_computed(self) -> bool {
        !matches!(self, Status::NotModelled | Status::OutsideYears)
    }
}

/// Gap below the rows of a plan.
const GROUP_GAP: f64 = 8.0;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, lang),
        remarks: remarks(input, lang),
        description: description(input, lang),
    };
    if input.rows.is_empty() {
        return frame.paint_empty();
    }
    let columns = Columns::for_rows(&input.rows, input.caption.size.width(), lang);
    let groups = groups(&input.rows);
    let rows = groups.iter().flat_map(|(_, rows)| rows);
    let rows_height: f64 = rows.map(|row| row_height(row, &columns, lang)).sum();
    let header = if columns.has_values { columns.header() } else { 0.0 };
    let total = header + groups.len() as f64 * (PANEL_STRIP + GROUP_GAP) + rows_height;
    frame.paint(total, |canvas, area| {
        if columns.has_values {
            draw_header(canvas, area.top, &columns, lang);
        }
        let mut top = area.top + header;
        for (plan, rows) in &groups {
            let strip = super::canvas::Rect { top: top + 4.0, ..area };
            let remark = finding::group_remark(rows, lang);
            draw_panel_name(canvas, strip, plan, &remark, lang);
            top += PANEL_STRIP;
            for row in rows {
                let height = row_height(row, &columns, lang);
                draw_row(canvas, (top, height), row, &columns, lang);
                top += height;
            }
            top += GROUP_GAP;
        }
    })
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let years: Vec<i32> = input.rows.iter().map(|row| row.year).collect();
    let place = place_and_period(&input.caption, &years, lang);
    match lang {
        Lang::Zh => format!("{place}，规划目标与测算值对照"),
        Lang::En => format!("{place}: targets of plans against the run"),
    }
}

fn has_value(row: &Row) -> bool {
    row::deviation(row).is_some()
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let tolerated = |row: &Row| has_value(row) && row.tolerance.is_some_and(|t| t > 0.0);
    let label = lang.pick("容差范围内仍算达成", "within the tolerance, still met");
    let keys = input.rows.iter().any(tolerated).then(|| Key::area(SPARE, label));
    keys.into_iter().collect()
}

fn remarks(input: &Input, lang: Lang) -> Vec<String> {
    let mut remarks = Vec::new();
    let has_strip = input.caption.size.width() >= row::LEAST_WITH_STRIP;
    if has_strip && input.rows.iter().any(has_value) {
        remarks.push(lang.pick(
            "横条为测算值与目标的差距，比率按百分点、数量按目标的百分比，右侧优于目标，箭头表示超出刻度",
            "the strip shows how far the run is from the target, rates in percentage points, counts in % of the target; an arrow points beyond the scale",
        ));
    }
    if input.rows.iter().any(|row| row.status == Status::MetByInput) {
        remarks.push(lang.pick(
            "“由输入达成”指测算值直接来自输入，不是测算结果",
            "\"by input\" means that the value of the run follows from an input and is no result",
        ));
    }
    if input.rows.iter().any(|row| row.status == Status::Contradicted) {
        remarks.push(lang.pick(
            "“规划矛盾”指规划自身的数据与该目标不符",
            "\"contradicted\" means that the plan's own figures contradict the target",
        ));
    }
    remarks.into_iter().map(str::to_owned).collect()
}
