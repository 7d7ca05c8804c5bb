use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::*;
use crate::document::samples::{empty, report};
use crate::document::{Block, Cell, Column, Form, Lang, Table};

/// The parts of a Word file by name.
fn parts(document: &Document) -> BTreeMap<String, Vec<u8>> {
    let bytes = docx(document).expect("a file");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
    let mut parts = BTreeMap::new();
    for idx in 0..archive.len() {
        let mut part = archive.by_index(idx).expect("a part");
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("its bytes");
        let name = part.name().expect("a name").into_owned();
        parts.insert(name, content);
    }
    parts
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).expect("UTF-8")
}

/// The values of an attribute, wherever it stands.
fn values(xml: &str, attribute: &str) -> Vec<String> {
    let marked = format!(" {attribute}=\"");
    let pieces = xml.split(marked.as_str()).skip(1);
    pieces.map(|p| p.split('"').next().unwrap_or("").to_owned()).collect()
}

/// Fails unless tags nest and no character is one that XML 1.0 forbids.
fn assert_well_formed(name: &str, xml: &str) {
    let document = resvg::usvg::roxmltree::Document::parse(xml);
    assert!(document.is_ok(), "{name}: {:?}", document.err());
    assert!(xml.chars().all(xml::is_allowed), "{name} holds a forbidden character");
}

#[test]
fn every_part_is_well_formed_and_has_a_type() {
    for document in [report(Lang::Zh), report(Lang::En), empty(Lang::Zh), empty(Lang::En)] {
        let parts = parts(&document);
        let types = text(&parts, "[Content_Types].xml");
        let named: BTreeSet<String> = values(&types, "PartName").into_iter().collect();
        let endings = values(&types, "Extension");
        for name in parts.keys() {
            let ending = name.rsplit('.').next().unwrap_or("");
            assert!(endings.iter().any(|e| e == ending), "{name} has no type");
            let is_special = ending == "xml" && name != "[Content_Types].xml";
            assert_eq!(named.contains(&format!("/{name}")), is_special, "{name}");
            if ending != "png" {
                assert_well_formed(name, &text(&parts, name));
            }
        }
        for name in &named {
            assert!(parts.contains_key(name.trim_start_matches('/')), "{name} is named, not there");
        }
    }
}

#[test]
fn every_link_leads_to_a_part_and_every_part_is_used() {
    for lang in [Lang::Zh, Lang::En] {
        let parts = parts(&report(lang));
        for target in values(&text(&parts, "_rels/.rels"), "Target") {
            assert!(parts.contains_key(&target), "{target}");
        }
        let links = text(&parts, "word/_rels/document.xml.rels");
        for target in values(&links, "Target") {
            assert!(parts.contains_key(&format!("word/{target}")), "{target}");
        }
        let known = values(&links, "Id");
        let body = text(&parts, "word/document.xml");
        let used: Vec<String> =
            ["r:id", "r:embed"].iter().flat_map(|name| values(&body, name)).collect();
        // Two feet in Chinese and one in English, a PNG and an SVG.
        assert_eq!(used.len(), if lang == Lang::Zh { 4 } else { 3 });
        assert!(used.iter().all(|id| known.contains(id)), "{used:?} {known:?}");
    }
}

#[test]
fn styles_that_the_text_names_are_there_and_headings_are_numbered() {
    for lang in [Lang::Zh, Lang::En] {
        let parts = parts(&report(lang));
        let styles = values(&text(&parts, "word/styles.xml"), "w:styleId");
        let body = text(&parts, "word/document.xml");
        for element in ["w:pStyle w:val=\"", "w:rStyle w:val=\"", "w:tblStyle w:val=\""] {
            for style in body.split(element).skip(1) {
                let style = style.split('"').next().unwrap_or("").to_owned();
                assert!(styles.contains(&style), "{style}");
            }
        }
        let numbering = text(&parts, "word/numbering.xml");
        for level in ["Heading1", "Heading2", "Heading3", "ListBullet"] {
            assert!(numbering.contains(&format!("<w:pStyle w:val=\"{level}\"/>")), "{level}");
            assert!(body.contains(&format!("<w:pStyle w:val=\"{level}\"/>")), "{level}");
        }
        let shown = if lang == Lang::Zh { "（%2）" } else { "%1.%2" };
        assert!(numbering.contains(&format!("w:lvlText w:val=\"{shown}\"")));
    }
}

#[test]
fn captions_count_themselves_and_the_contents_are_filled() {
    let body = text(&parts(&report(Lang::Zh)), "word/document.xml");
    let result = |field: &str, number: u32| {
        format!(
            " {field} </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
             <w:r><w:t xml:space=\"preserve\">{number}</w:t></w:r>"
        )
    };
    assert!(body.contains(&result("SEQ 表 \\* ARABIC", 1)));
    assert!(body.contains(&result("SEQ 表 \\* ARABIC", 2)));
    assert!(body.contains(&result("SEQ 图 \\* ARABIC", 1)));
    assert!(body.contains(" TOC \\o &quot;1-3&quot;"));
    for entry in ["一、结论", "（一）各学段", "1. 小学"] {
        assert!(body.contains(&format!(">{entry}<")), "{entry}");
    }
    for anchor in values(&body, "w:anchor") {
        assert!(values(&body, "w:name").contains(&anchor), "{anchor} leads nowhere");
    }
    let begins = body.matches("\"begin\"").count();
    assert_eq!(begins, 4);
    assert_eq!(begins, body.matches("\"end\"").count());
    let settings = text(&parts(&report(Lang::Zh)), "word/settings.xml");
    assert!(settings.contains("<w:updateFields w:val=\"true\"/>"));
}

#[test]
fn numbers_of_a_table_stand_right_and_its_head_is_repeated() {
    let body = text(&parts(&report(Lang::En)), "word/document.xml");
    for number in ["2028", "3.0%", "&lt;0.1%", "265,433", "\u{2212}1,235", "0.33"] {
        let cell =
            format!("<w:jc w:val=\"right\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{number}<");
        assert!(body.contains(&cell), "{number}");
    }
    assert_eq!(body.matches("<w:tblHeader/>").count(), 2);
    // Three rows and a head; a head alone and the row that says that there are none.
    assert_eq!(body.matches("<w:tr>").count(), 6);
    assert_eq!(body.matches("<w:cantSplit/>").count(), 5);
    assert!(body.contains("(none)"));
}

#[test]
fn a_picture_is_svg_with_a_png_behind_and_has_words() {
    let parts = parts(&report(Lang::En));
    let body = text(&parts, "word/document.xml");
    assert!(body.contains("r:embed=\"rIdPng1\""));
    assert!(body.contains("uri=\"{96DAC541-7B7A-43D3-8B79-37D633B846F1}\"><asvg:svgBlip"));
    assert!(body.contains("descr=\"A line falls from 3% to &quot;0&quot;. \""));
    assert!(parts.contains_key("word/media/figure1.png"));
    assert!(parts.contains_key("word/media/figure1.svg"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for lang in [Lang::Zh, Lang::En] {
        assert!(docx(&report(lang)) == docx(&report(lang)));
    }
}

#[test]
fn tables_and_pictures_of_nothing_do_not_stop_it() {
    let mut document = report(Lang::Zh);
    for block in &mut document.blocks {
        match block {
            Block::Table(table) => table.columns.clear(),
            Block::Figure(picture) => (picture.png, picture.width) = (Vec::new(), 0),
            Block::List(points) => points.clear(),
            Block::Paragraph(spans) | Block::Remark(spans) => spans.clear(),
            Block::Heading { level, text } => (*level, *text) = (9, String::new()),
        }
    }
    let body = text(&parts(&document), "word/document.xml");
    assert_well_formed("word/document.xml", &body);
    assert!(!body.contains("<w:tbl>") && !body.contains("<w:drawing>"));
}

#[test]
fn a_table_of_many_columns_is_split_on_a_page_on_its_side() {
    let columns = (2020..2090).map(|y| Column { name: y.to_string(), is_number: true }).collect();
    let rows = vec![(0..70).map(|i| Cell::Number(f64::from(i) * 1e5, Form::Count)).collect()];
    let (key, caption) = ("wide".to_owned(), "x".to_owned());
    let table = Table { key, caption, columns, rows, source: None, chart: None };
    let document = Document { blocks: vec![Block::Table(table)], ..empty(Lang::Zh) };
    let body = text(&parts(&document), "word/document.xml");
    assert_well_formed("word/document.xml", &body);
    assert!(body.contains("w:orient=\"landscape\"") && body.contains("续表 1"));
    // Upright before, on its side, upright again.
    assert_eq!(body.matches("<w:sectPr>").count(), 3);
    // No column is lost.
    assert!((0..70).all(|i| body.contains(&format!(">{}<", 2020 + i))));
}
