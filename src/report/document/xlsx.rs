//! A report as an Excel workbook: a sheet of contents, then one sheet a table.
//!
//! In: a finished [`Document`]. Out: the bytes of an .xlsx. Every table of the text and of the annex
//! has a sheet: headings in the first row, frozen and with filters; numbers in full precision, shown
//! in the way of their form; what is missing is an empty cell; the source below; a chart that Excel
//! draws at the right, where the table has one. The same document gives the same bytes.

mod chart;
mod names;
#[cfg(test)]
mod tests;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook,
    Worksheet, XlsxError,
};

use super::shown::{half_ems, shown};
use super::{Block, Cell, Document, Form, Lang, Table};
use names::Names;

/// Rows of a sheet below its heading.
const MOST_ROWS: usize = 1_048_575;
/// Rows that are kept for the lines below a table that is cut.
const BELOW: usize = 3;
/// Characters of a cell, in UTF-16 units.
const MOST_WORDS: usize = 32_767;
/// Widest column, in characters; longer words are broken into lines.
const WIDEST: usize = 60;
/// Width of a heading that is not yet broken into lines, in characters.
const HEADING: usize = 18;
/// Room for the button of a filter, in characters.
const FILTER: usize = 3;
/// Excel shows no more decimals.
const MOST_DECIMALS: u8 = 30;
/// A4.
const PAPER: u8 = 9;

/// The workbook of a report.
///
/// A table with more rows than a sheet holds is cut; the contents and the line below it say so.
///
/// # Errors
///
/// When a table has more columns than a sheet holds (16,384).
pub fn xlsx(document: &Document) -> Result<Vec<u8>, String> {
    made(document, MOST_ROWS).map_err(|error| format!("the workbook cannot be made: {error}"))
}

/// A table, the name of its sheet and how many of its rows are on it.
struct Sheet<'a> {
    table: &'a Table,
    name: String,
    n_rows: usize,
}

fn made(document: &Document, most_rows: usize) -> Result<Vec<u8>, XlsxError> {
    let look = Look::of(document.lang);
    let mut workbook = Workbook::new();
    workbook.set_default_format(&look.plain, look.row_height, look.column_width)?;
    // The file must not depend on the day on which it is made.
    let properties = DocProperties::new()
        .set_title(clean(&document.title))
        .set_subject(clean(document.subtitle.as_deref().unwrap_or("")))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    let in_text = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let mut names = Names::default();
    let first = names.give(look.words("目录", "Contents"), "-");
    let sheets: Vec<Sheet> = in_text
        .chain(&document.annex)
        .map(|table| Sheet {
            table,
            name: names.give(&table.caption, &table.key),
            n_rows: match table.rows.len() {
                n_rows if n_rows <= most_rows => n_rows,
                _ => most_rows.saturating_sub(BELOW),
            },
        })
        .collect();
    contents(workbook.add_worksheet().set_name(first)?, document, &sheets, &look)?;
    for sheet in &sheets {
        write(workbook.add_worksheet().set_name(&sheet.name)?, sheet, &look)?;
    }
    workbook.save_to_buffer()
}

/// How cells look.
struct Look {
    lang: Lang,
    font: &'static str,
    /// Height of a row and width of a column without words, in pixels.
    row_height: u32,
    column_width: u32,
    plain: Format,
    bold: Format,
    title: Format,
    small: Format,
    link: Format,
}

impl Look {
    fn of(lang: Lang) -> Look {
        let (font, row_height, column_width) = match lang {
            Lang::Zh => ("宋体", 18, 72),
            Lang::En => ("Calibri", 20, 64),
        };
        let plain = Format::new().set_font_name(font).set_font_size(11);
        let plain = match lang {
            // The character set of simplified Chinese.
            Lang::Zh => plain.set_font_charset(134),
            Lang::En => plain,
        };
        let underlined = rust_xlsxwriter::FormatUnderline::Single;
        Look {
            lang,
            font,
            row_height,
            column_width,
            bold: plain.clone().set_bold(),
            title: plain.clone().set_bold().set_font_size(16),
            small: plain.clone().set_font_size(9).set_font_color(Color::RGB(0x55_5555)),
            link: plain.clone().set_font_color(Color::RGB(0x0B_5394)).set_underline(underlined),
            plain,
        }
    }

    fn words<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn heading(&self, is_number: bool) -> Format {
        let align = if is_number { FormatAlign::Right } else { FormatAlign::Left };
        let bold = self.bold.clone().set_background_color(Color::RGB(0xE8_EEF4));
        bold.set_border_bottom(FormatBorder::Thin)
            .set_align(align)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap()
    }

    /// What a table of more rows than a sheet holds says.
    fn cut(&self, sheet: &Sheet) -> Option<String> {
        let (written, all) = (sheet.n_rows, sheet.table.rows.len());
        (written < all).then(|| match self.lang {
            Lang::Zh => format!("共{all}行，工作表只容得下前{written}行"),
            Lang::En => format!("the first {written} of {all} rows: a sheet holds no more"),
        })
    }
}

/// The number format of a form.
fn format_of(form: Form) -> String {
    match form {
        Form::Count => "#,##0".to_owned(),
        Form::Year => "0".to_owned(),
        Form::Share => "0.0%".to_owned(),
        Form::Decimals(0) => "#,##0".to_owned(),
        Form::Decimals(decimals) => {
            format!("#,##0.{}", "0".repeat(usize::from(decimals.min(MOST_DECIMALS))))
        }
    }
}

/// Title, what the report was made from, and the sheets with links.
fn contents(
    sheet: &mut Worksheet,
    document: &Document,
    sheets: &[Sheet],
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, clean(&document.title), &look.title)?;
    sheet.set_row_height(0, 26)?;
    let mut line = 1;
    if let Some(subtitle) = &document.subtitle {
        sheet.write_string_with_format(line, 0, clean(subtitle), &look.plain)?;
        line += 1;
    }
    for (name, words) in &document.about {
        line += 1;
        sheet.write_string_with_format(line, 0, clean(name), &look.bold)?;
        sheet.write_string_with_format(line, 1, clean(words), &look.plain)?;
    }
    line += 2;
    let headings =
        [("序号", "No."), ("表", "Table"), ("行数", "Rows"), ("来源与说明", "Source and remarks")];
    for (column, (zh, en)) in (0..).zip(headings) {
        let format = look.heading(column == 2);
        sheet.write_string_with_format(line, column, look.words(zh, en), &format)?;
    }
    for (number, listed) in (1_u32..).zip(sheets) {
        let row = line + number;
        let at = format!("internal:'{}'!A1", listed.name.replace('\'', "''"));
        let url = Url::new(at).set_text(clean(&listed.table.caption));
        sheet.write_number_with_format(
            row,
            0,
            number,
            &look.plain.clone().set_align(FormatAlign::Left),
        )?;
        sheet.write_url_with_format(row, 1, &url, &look.link)?;
        let count = look.plain.clone().set_num_format("#,##0");
        sheet.write_number_with_format(row, 2, listed.table.rows.len() as f64, &count)?;
        let said = [listed.table.source.clone(), look.cut(listed)];
        let said: Vec<String> = said.into_iter().flatten().collect();
        sheet.write_string_with_format(row, 3, clean(&said.join("; ")), &look.small)?;
    }
    let longest = |words: Vec<&str>| words.into_iter().map(half_ems).max().unwrap_or(0);
    let names = longest(document.about.iter().map(|(name, _)| name.as_str()).collect());
    let captions = longest(sheets.iter().map(|s| s.table.caption.as_str()).collect());
    sheet.set_column_width(0, (names + 3).clamp(8, 30) as f64)?;
    sheet.set_column_width(1, (captions + 2).clamp(20, WIDEST) as f64)?;
    sheet.set_column_width(2, 10)?.set_column_width(3, 50)?;
    printed(sheet);
    Ok(())
}

/// A4 across, as many pages as the rows need.
fn printed(sheet: &mut Worksheet) {
    sheet
        .set_paper_size(PAPER)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_footer("&C&P / &N");
}

/// A table on its sheet.
fn write(sheet: &mut Worksheet, made: &Sheet, look: &Look) -> Result<(), XlsxError> {
    let Sheet { table, name, n_rows } = made;
    let n_columns = table.columns.len();
    let formats = Formats::of(look);
    for (column, head) in (0_u16..).zip(&table.columns) {
        let format = look.heading(head.is_number);
        sheet.write_string_with_format(0, column, clean(&head.name), &format)?;
    }
    for (line, row) in (1_u32..).zip(table.rows.iter().take(*n_rows)) {
        for (column, cell) in (0_u16..).zip(row.iter().take(n_columns)) {
            match cell {
                Cell::Words(words) if words.is_empty() => {}
                Cell::Words(words) => {
                    let format = formats.words(half_ems(words) > WIDEST);
                    sheet.write_string_with_format(line, column, clean(words), format)?;
                }
                Cell::Number(value, form) if value.is_finite() => {
                    let format = formats.number(*form);
                    sheet.write_number_with_format(line, column, *value, format)?;
                }
                Cell::Number(..) | Cell::Missing => {}
            }
        }
    }
    let last = *n_rows as u32;
    let below = [table.source.clone(), look.cut(made)];
    for (line, words) in (last + 2..=MOST_ROWS as u32).zip(below.into_iter().flatten()) {
        sheet.write_string_with_format(line, 0, clean(&words), &look.small)?;
    }
    if n_columns > 0 {
        sheet.autofilter(0, 0, last, (n_columns - 1) as u16)?;
        sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    }
    widths(sheet, table, look)?;
    if let Some(chart) = chart::chart(table, name, last, look.font) {
        sheet.insert_chart(1, n_columns as u16 + 1, &chart)?;
    }
    printed(sheet);
    // A header has at most 255 characters, and an ampersand begins a code.
    let caption: String = clean(&table.caption).chars().take(100).collect();
    sheet.set_header(format!("&C{}", caption.replace('&', "&&")));
    Ok(())
}

/// Formats of cells, made once.
struct Formats {
    plain: Format,
    wrapped: Format,
    count: Format,
    year: Format,
    share: Format,
    decimals: Vec<Format>,
}

impl Formats {
    fn of(look: &Look) -> Formats {
        let number = |form| {
            let format = look.plain.clone().set_num_format(format_of(form));
            format.set_align(FormatAlign::Top)
        };
        let plain = look.plain.clone().set_align(FormatAlign::Top);
        Formats {
            wrapped: plain.clone().set_text_wrap(),
            plain,
            count: number(Form::Count),
            year: number(Form::Year),
            share: number(Form::Share),
            decimals: (0..=MOST_DECIMALS).map(|d| number(Form::Decimals(d))).collect(),
        }
    }

    fn words(&self, is_long: bool) -> &Format {
        if is_long { &self.wrapped } else { &self.plain }
    }

    fn number(&self, form: Form) -> &Format {
        match form {
            Form::Count => &self.count,
            Form::Year => &self.year,
            Form::Share => &self.share,
            Form::Decimals(decimals) => {
                let idx = usize::from(decimals).min(self.decimals.len() - 1);
                &self.decimals[idx]
            }
        }
    }
}

/// Columns as wide as their words; a heading may take two lines and has room for its filter.
fn widths(sheet: &mut Worksheet, table: &Table, look: &Look) -> Result<(), XlsxError> {
    let mut head_lines = 1;
    for (idx, (column, head)) in (0_u16..).zip(&table.columns).enumerate() {
        let cells = table.rows.iter().filter_map(|row| row.get(idx));
        let widest = cells.map(|cell| match cell {
            Cell::Words(words) => half_ems(words),
            Cell::Number(..) => half_ems(&shown(cell, look.lang)),
            Cell::Missing => 0,
        });
        let widest = widest.max().unwrap_or(0);
        let heading = half_ems(&head.name) + FILTER;
        let width = (widest + 2).max(heading.min(HEADING)).clamp(8, WIDEST);
        head_lines = head_lines.max(heading.div_ceil(width));
        sheet.set_column_width(column, width as f64)?;
    }
    let height = look.row_height as f64 * 0.8 * head_lines.min(4) as f64 + 4.0;
    sheet.set_row_height(0, height)?;
    Ok(())
}

/// Words as a cell holds them: without control characters, cut to the longest that Excel reads.
fn clean(words: &str) -> String {
    let mut used = 0;
    let allowed = |c: &char| match c {
        '\n' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => !c.is_control(),
    };
    let fits = words.chars().filter(allowed).take_while(|c| {
        used += c.len_utf16();
        used <= MOST_WORDS
    });
    fits.collect()
}
