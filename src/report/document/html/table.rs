//! A table of the page.

use super::super::shown::shown;
use super::super::{Cell, Column, Table};
use super::Lang;
use super::escape::escape;
use super::places::Place;
use super::words::words;

/// Tables of at most so many rows are not split between two sheets of paper.
const ROWS_KEPT_TOGETHER: usize = 15;
/// From so many columns on a table is printed smaller.
const COLUMNS_OF_WIDE: usize = 9;
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
    let mut frame = vec!["table"];
    if table.rows.len() <= ROWS_KEPT_TOGETHER {
        frame.push("short");
    }
    if table.columns.len() >= COLUMNS_OF_WIDE {
        frame.push("wide");
    }
    let frame = frame.join(" ");
    let mut page = format!(
        "<div class=\"{frame}\" id=\"{anchor}\">\n\
         <div class=\"scroll\" role=\"region\" aria-label=\"{number}\" tabindex=\"0\">\n<table>\n\
         <caption><span><b>{number}</b>{}{}</span></caption>\n<thead>\n<tr>",
        words(lang).after_number,
        escape(&table.caption)
    );
    for (column, class) in table.columns.iter().zip(&classes) {
        page.push_str(&format!("<th scope=\"col\"{class}>{}</th>", escape(&column.name)));
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

/// The `class` attribute of the cells of a column: numbers, short words or words that wrap.
fn class<'a>(column: &Column, cells: impl Iterator<Item = &'a Cell>) -> &'static str {
    if column.is_number {
        return " class=\"n\"";
    }
    let ems = |cell: &Cell| match cell {
        Cell::Words(words) => words.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum(),
        Cell::Number(..) | Cell::Missing => 1.0,
    };
    let longest = cells.map(ems).fold(0.0, f64::max);
    if longest <= EMS_OF_ONE_LINE { " class=\"s\"" } else { " class=\"w\"" }
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
    page.push_str(&format!("<{tag}{scope}{class}{value}>{words}</{tag}>"));
}
