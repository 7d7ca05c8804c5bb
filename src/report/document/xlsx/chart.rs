//! Charts that Excel draws from a table.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartRange, ChartSolidFill, ChartType, Color,
};

use super::format_of;
use crate::document::{Cell, Form, SheetChart, SheetChartKind, Table};

/// Colours of series: those of scenarios in the pictures of this program.
const COLOURS: [u32; 8] =
    [0x123F73, 0xD55E00, 0x56B4E9, 0x8A3F8F, 0x1B9E77, 0xE6A410, 0x6E6E6E, 0x000000];
/// Width and height in pixels.
const SIZE: (u32, u32) = (760, 420);
/// More labels than this on an axis are thinned out.
const MOST_LABELS: usize = 12;
/// Ink of words and grid lines.
const INK: u32 = 0x222222;
const GRID: u32 = 0xE2E2E2;

/// The chart of a table with so many rows on the sheet; none where it has nothing to draw.
pub(super) fn chart(table: &Table, sheet: &str, n_rows: u32, font: &str) -> Option<Chart> {
    let plan = table.chart.as_ref()?;
    let series: Vec<usize> =
        plan.series.iter().copied().filter(|s| *s < table.columns.len()).collect();
    if n_rows == 0 || series.is_empty() || plan.categories >= table.columns.len() {
        return None;
    }
    let kind = match plan.kind {
        SheetChartKind::Line => ChartType::Line,
        SheetChartKind::Columns => ChartType::Column,
        SheetChartKind::StackedColumns => ChartType::ColumnStacked,
        SheetChartKind::Bars => ChartType::Bar,
    };
    let mut chart = Chart::new(kind);
    for (idx, column) in series.iter().enumerate() {
        let colour = Color::RGB(COLOURS[idx % COLOURS.len()]);
        let range = |first, last, column: usize| {
            ChartRange::new_from_range(sheet, first, column as u16, last, column as u16)
        };
        let added = chart.add_series();
        added
            .set_name(&range(0, 0, *column))
            .set_categories(&range(1, n_rows, plan.categories))
            .set_values(&range(1, n_rows, *column));
        match plan.kind {
            SheetChartKind::Line => {
                let line = ChartLine::new().set_color(colour).set_width(2.25).clone();
                added.set_format(ChartFormat::new().set_line(&line));
            }
            _ => {
                let fill = ChartSolidFill::new().set_color(colour).clone();
                added.set_format(ChartFormat::new().set_solid_fill(&fill)).set_gap(60);
            }
        }
        if plan.kind == SheetChartKind::StackedColumns {
            added.set_overlap(100);
        }
    }
    words(&mut chart, table, plan, font, series.len());
    axes(&mut chart, table, plan, n_rows as usize, series[0]);
    chart.set_width(SIZE.0).set_height(SIZE.1).set_alt_text(&table.caption);
    Some(chart)
}

/// Titles and legend.
fn words(chart: &mut Chart, table: &Table, plan: &SheetChart, font: &str, n_series: usize) {
    let font = |size: f64| {
        let mut made = ChartFont::new();
        made.set_name(font).set_size(size).set_color(Color::RGB(INK)).unset_bold();
        made
    };
    chart.title().set_name(&table.caption).set_font(font(13.0).set_bold());
    let categories = table.columns.get(plan.categories).map_or("", |c| c.name.as_str());
    category_axis(chart, plan).set_name(categories).set_name_font(&font(10.0)).set_font(&font(9.0));
    value_axis(chart, plan).set_name(&plan.values).set_name_font(&font(10.0)).set_font(&font(9.0));
    if n_series == 1 {
        chart.legend().set_hidden();
    } else {
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9.0));
    }
}

/// The axis of the categories; in lying bars it is the upright one.
fn category_axis<'a>(chart: &'a mut Chart, plan: &SheetChart) -> &'a mut ChartAxis {
    if plan.kind == SheetChartKind::Bars { chart.y_axis() } else { chart.x_axis() }
}

/// The axis of the values.
fn value_axis<'a>(chart: &'a mut Chart, plan: &SheetChart) -> &'a mut ChartAxis {
    if plan.kind == SheetChartKind::Bars { chart.x_axis() } else { chart.y_axis() }
}

fn axes(chart: &mut Chart, table: &Table, plan: &SheetChart, n_rows: usize, series: usize) {
    let forms = table.rows.iter().filter_map(|row| row.get(series)).find_map(|cell| match cell {
        Cell::Number(_, form) => Some(*form),
        _ => None,
    });
    let format = match forms {
        Some(Form::Share) => "0%".to_owned(),
        Some(form) => format_of(form),
        None => "General".to_owned(),
    };
    let grid = ChartLine::new().set_color(Color::RGB(GRID)).set_width(0.75).clone();
    let values = value_axis(chart, plan);
    values.set_major_gridlines(true).set_major_gridlines_line(&grid).set_num_format(format);
    let is_lying = plan.kind == SheetChartKind::Bars;
    if is_lying {
        // The axis of the categories is reversed below, which moves this one to the top.
        values.set_label_position(ChartAxisLabelPosition::High);
    }
    let categories = category_axis(chart, plan);
    categories.set_major_gridlines(false).set_label_position(ChartAxisLabelPosition::Low);
    if is_lying {
        // The first row of the table stands at the top.
        categories.set_reverse();
    } else if n_rows > MOST_LABELS {
        let interval = n_rows.div_ceil(MOST_LABELS).min(usize::from(u16::MAX)) as u16;
        categories.set_label_interval(interval).set_tick_interval(interval);
    }
}
