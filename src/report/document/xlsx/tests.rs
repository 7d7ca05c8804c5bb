use std::collections::BTreeSet;
use std::io::Read;

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::document::samples::{clearing, empty, report};

fn opened(bytes: Vec<u8>) -> Xlsx<std::io::Cursor<Vec<u8>>> {
    Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook")
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn cells_are_those_of_the_document_in_full_precision() {
    for lang in [Lang::Zh, Lang::En] {
        let mut book = opened(xlsx(&report(lang)).expect("bytes"));
        let table = clearing(lang);
        let names = book.sheet_names();
        let range = book.worksheet_range(&names[1]).expect("a sheet");
        for (column, head) in table.columns.iter().enumerate() {
            assert_eq!(range.get((0, column)), Some(&Data::String(head.name.clone())));
        }
        for (line, row) in table.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let read = range.get((line + 1, column)).unwrap_or(&Data::Empty);
                match cell {
                    Cell::Words(words) => assert_eq!(read, &Data::String(words.clone())),
                    Cell::Number(value, _) => assert_eq!(read, &Data::Float(*value)),
                    Cell::Missing => assert_eq!(read, &Data::Empty),
                }
            }
        }
        let below = range.get((table.rows.len() + 2, 0));
        assert_eq!(below, table.source.map(Data::String).as_ref());
    }
}

#[test]
fn sheets_of_equal_captions_have_names_of_their_own() {
    let book = opened(xlsx(&report(Lang::Zh)).expect("bytes"));
    let names = book.sheet_names();
    // The contents, two tables of the text and one of the annex, all with the same caption.
    assert_eq!(names.len(), 4);
    assert_eq!(names[0], "目录");
    assert_eq!(names[1], "大班额清零年份：各学段(全市)");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn headings_are_frozen_with_filters_and_charts_are_drawn() {
    let bytes = xlsx(&report(Lang::En)).expect("bytes");
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(sheet.contains("<pane ySplit=\"1\" topLeftCell=\"A2\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:E4\"/>"), "{sheet}");
    assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""));
    let chart = part(&bytes, "xl/charts/chart1.xml");
    assert!(chart.contains("<c:barChart>"));
    // The series takes its name from the heading, its values from the rows.
    assert!(chart.contains("$C$1</c:f>") && chart.contains("$C$2:$C$4</c:f>"), "{chart}");
    for title in ["Clearing year by stage: whole city [all]", "Stage", "share"] {
        assert!(chart.contains(&format!("<a:t>{title}</a:t>")), "{title}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for lang in [Lang::Zh, Lang::En] {
        assert!(xlsx(&report(lang)) == xlsx(&report(lang)));
        let bytes = xlsx(&report(lang)).expect("bytes");
        assert!(part(&bytes, "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
    }
}

#[test]
fn nothing_is_a_workbook_too() {
    let mut document = empty(Lang::En);
    let nothing = Table { columns: Vec::new(), rows: Vec::new(), ..clearing(Lang::En) };
    let no_rows = Table { rows: Vec::new(), ..clearing(Lang::En) };
    document.blocks = vec![Block::Table(nothing), Block::Table(no_rows)];
    let book = opened(xlsx(&document).expect("bytes"));
    assert_eq!(book.sheet_names().len(), 3);
}

#[test]
fn numbers_that_are_none_are_empty_cells() {
    let mut table = clearing(Lang::En);
    table.rows[0][2] = Cell::Number(f64::NAN, Form::Share);
    table.rows[0][0] = Cell::Words("a\u{0}\u{1b}b\u{ffff}".into());
    let document = Document { annex: vec![table], ..empty(Lang::En) };
    let mut book = opened(xlsx(&document).expect("bytes"));
    let range = book.worksheet_range_at(1).expect("a sheet").expect("cells");
    assert_eq!(range.get((1, 2)).unwrap_or(&Data::Empty), &Data::Empty);
    assert_eq!(range.get((1, 0)), Some(&Data::String("ab".into())));
}

#[test]
fn a_table_that_is_too_long_is_cut_and_says_so() {
    let row = |n: u32| vec![Cell::Number(f64::from(n), Form::Count)];
    let columns = vec![super::super::Column { name: "n".into(), is_number: true }];
    let rows = (0..20).map(row).collect();
    let table = Table { columns, rows, source: None, chart: None, ..clearing(Lang::En) };
    let document = Document { annex: vec![table], ..empty(Lang::En) };
    let mut book = opened(made(&document, 10).expect("bytes"));
    let range = book.worksheet_range_at(1).expect("a sheet").expect("cells");
    // Ten rows less three for what stands below.
    assert_eq!(range.get((7, 0)), Some(&Data::Float(6.0)));
    assert_eq!(range.get((8, 0)).unwrap_or(&Data::Empty), &Data::Empty);
    let said = "the first 7 of 20 rows: a sheet holds no more";
    assert_eq!(range.get((9, 0)), Some(&Data::String(said.into())));
}
