//! A table of the page.

use super::super::shown::shown;
use super::super::{Cell, Column, Table};
use super::Lang;
use super::places::Place;
use super::words::words;
use crate::chart::escape::escape;

/// Tables of at most so many rows are not split between two sheets of paper.
const ROWS_KEPT_TOGETHER: usize = 10;
/// From so many columns on a table is printed smaller.
const COLUMNS_OF_WIDE: usize = 9;
/// From so many columns on a table is printed as small as can be read.
const COLUMNS_OF_CROWDED: usize = 15;
/// Width in ems from which the heading of a column is long enough to need room of its own.
const EMS_OF_LONG_HEADING: f64 = 5.0;
/// Width in ems up to which words stay on one line.
const EMS_OF_ONE_LINE: f64 = 9.0;

/// The table with its caption and what stands below it.
///
/// Numbers carry their value in full as `data-value`, by which the page sorts them.
pub(super) fn table(table: &Table, place: &Place, lang: Lang) -> String {
    let Place { anchor, number, .. } = place;
    let classes: Vec<&str> = table
        .columns
        .iter()
        .enumerate()
        .map(|(idx, column)| class(column, table.rows.iter().filter_map(|row| row.get(idx))))
        .collect();
    let frame = frame_class(table);
    let mut page = format!(
        "<div class=\"{frame}\" id=\"{anchor}\">\n\
         <div class=\"scroll\" role=\"region\" aria-label=\"{number}\" tabindex=\"0\">\n<table>\n\
         <caption><span><b>{number}</b>{}{}</span></caption>\n<thead>\n<tr>",
        words(lang).after_number,
        escape(&table.caption)
    );
    for (column, class) in table.columns.iter().zip(&classes) {
        let long = if ems(&column.name) >= EMS_OF_LONG_HEADING { " long" } else { "" };
        let name = escape(&column.name);
        page.push_str(&format!("<th scope=\"col\" class=\"{class}{long}\">{name}</th>"));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for (idx, class) in classes.iter().enumerate() {
            push_cell(row.get(idx).unwrap_or(&Cell::Missing), idx == 0, class, lang, &mut page);
        }
        page.push_str("</tr>\n");
    }
    if table.rows.is_empty() {
        let n_columns = table.columns.len().max(1);
        let none = words(lang).no_rows;
        page.push_str(&format!("<tr><td colspan=\"{n_columns}\">{none}</td></tr>\n"));
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
    if let Some(source) = &table.source {
        page.push_str(&format!("<p class=\"source\">{}</p>\n", escape(source)));
    }
    page + "</div>\n"
}

/// The classes of the whole, which say how it is printed.
fn frame_class(table: &Table) -> String {
    let (n_rows, n_columns) = (table.rows.len(), table.columns.len());
    let classes = [
        (true, "table"),
        (n_rows <= ROWS_KEPT_TOGETHER, "short"),
        (n_columns >= COLUMNS_OF_WIDE, "wide"),
        (n_columns >= COLUMNS_OF_CROWDED, "crowded"),
    ];
    let classes: Vec<&str> =
        classes.iter().filter(|(holds, _)| *holds).map(|(_, class)| *class).collect();
    classes.join(" ")
}

/// The class of the cells of a column: numbers, short words or words that wrap.
fn class<'a>(column: &Column, cells: impl Iterator<Item = &'a Cell>) -> &'static str {
    if column.is_number {
        return "n";
    }
    let width = |cell: &Cell| match cell {
        Cell::Words(words) => ems(words),
        Cell::Number(..) | Cell::Missing => 1.0,
    };
    let longest = cells.map(width).fold(0.0, f64::max);
    if longest <= EMS_OF_ONE_LINE { "s" } else { "w" }
}

/// About the width of words, in ems: letters take half of what a Chinese character takes.
fn ems(words: &str) -> f64 {
    words.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum()
}

/// A cell; those of the first column are headings of their rows.
fn push_cell(cell: &Cell, is_heading: bool, class: &str, lang: Lang, page: &mut String) {
    let (tag, scope) = if is_heading { ("th", " scope=\"row\"") } else { ("td", "") };
    let value = match cell {
        Cell::Number(value, _) if value.is_finite() => format!(" data-value=\"{value}\""),
        Cell::Number(..) | Cell::Missing => " data-missing".to_owned(),
        Cell::Words(_) => String::new(),
    };
    let words = escape(&shown(cell, lang));
    page.push_str(&format!("<{tag}{scope} class=\"{class}\"{value}>{words}</{tag}>"));
}
