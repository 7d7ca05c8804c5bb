//! The text of a report: its blocks as paragraphs, tables and pictures.

use super::contents::{Heading, bookmark, contents, headings};
use super::look::Look;
use super::styles::{WORDS, field, run};
use super::xml::Xml;
use super::{picture, table};
use crate::chart::Lang;
use crate::document::{Block, Document, Picture, Span, Table};

/// `word/document.xml` and the pictures that it names, in the order of their numbers.
pub(super) fn body<'a>(look: &Look, document: &'a Document) -> (String, Vec<&'a Picture>) {
    let headings = headings(&document.blocks, look.lang);
    let mut writer = Writer {
        look,
        x: Xml::piece(),
        n_tables: 0,
        n_figures: 0,
        n_headings: 0,
        pictures: Vec::new(),
        breaks_page: false,
    };
    writer.front(document, &headings);
    writer.breaks_page = !headings.is_empty();
    for block in &document.blocks {
        writer.block(block);
    }
    let sections = section(look, false);
    let Writer { x: inside, pictures, .. } = writer;
    let mut x = Xml::part();
    x.element(&format!("w:document {WORDS} {DRAWINGS}"), |x| {
        x.element("w:body", |x| {
            x.raw(&inside.finished());
            x.raw(&sections);
        });
    });
    (x.finished(), pictures)
}

/// The namespaces of pictures and of relationships.
const DRAWINGS: &str = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
     xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// The pages of a section and their feet.
fn section(look: &Look, is_landscape: bool) -> String {
    let even = look.words("<w:footerReference w:type=\"even\" r:id=\"rIdFooterEven\"/>", "");
    format!(
        "<w:sectPr>{even}<w:footerReference w:type=\"default\" r:id=\"rIdFooter\"/>{}\
         <w:cols w:space=\"420\"/></w:sectPr>",
        look.page(is_landscape)
    )
}

/// Writes blocks one after the other.
struct Writer<'l, 'a> {
    look: &'l Look,
    x: Xml,
    n_tables: usize,
    n_figures: usize,
    n_headings: usize,
    pictures: Vec<&'a Picture>,
    /// Whether the next paragraph begins a page.
    breaks_page: bool,
}

impl<'a> Writer<'_, 'a> {
    /// Title, what the report was made from, and the contents.
    fn front(&mut self, document: &Document, headings: &[Heading]) {
        self.paragraph("Title", "", |x| run(x, &document.title, ""));
        if let Some(subtitle) = &document.subtitle {
            self.paragraph("Subtitle", "", |x| run(x, subtitle, ""));
        }
        let colon = self.look.words("：", ": ");
        for (name, words) in &document.about {
            self.paragraph("About", "", |x| {
                run(x, &format!("{name}{colon}"), STRONG);
                run(x, words, "");
            });
        }
        contents(&mut self.x, self.look, headings);
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(spans) => self.paragraph("BodyText", "", |x| sentence(x, spans)),
            Block::Remark(spans) => self.paragraph("Remark", "", |x| sentence(x, spans)),
            Block::List(points) => {
                for spans in points {
                    self.paragraph("ListBullet", "", |x| sentence(x, spans));
                }
            }
            Block::Table(table) => self.table(table),
            Block::Figure(picture) => self.figure(picture),
        }
    }

    fn paragraph(&mut self, style: &str, more: &str, inside: impl FnOnce(&mut Xml)) {
        let (keep, rest) = match more {
            KEEP_NEXT => (KEEP_NEXT, ""),
            _ => ("", more),
        };
        let page = if self.breaks_page { "<w:pageBreakBefore/>" } else { "" };
        self.breaks_page = false;
        self.x.element("w:p", |x| {
            x.raw(&format!("<w:pPr><w:pStyle w:val=\"{style}\"/>{keep}{page}{rest}</w:pPr>"));
            inside(x);
        });
    }

    fn heading(&mut self, level: u8, text: &str) {
        let (id, name) = (self.n_headings, bookmark(self.n_headings));
        self.n_headings += 1;
        self.paragraph(&format!("Heading{}", level.clamp(1, 3)), "", |x| {
            x.empty(&format!("w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\""));
            run(x, text, "");
            x.empty(&format!("w:bookmarkEnd w:id=\"{id}\""));
        });
    }

    /// Table 1 or 表 1: the number is a field, so that it is right after a table was taken out.
    fn caption(&mut self, label: &str, number: usize, more: &str, caption: &str) {
        let gap = self.look.words("\u{3000}", ". ");
        self.paragraph("Caption", more, |x| {
            run(x, &format!("{label} "), "");
            field(x, &format!("SEQ {label} \\* ARABIC"), &number.to_string());
            run(x, &format!("{gap}{caption}"), "");
        });
    }

    fn table(&mut self, table: &Table) {
        self.n_tables += 1;
        let (look, number) = (self.look, self.n_tables);
        let label = look.words("表", "Table");
        if table.columns.is_empty() {
            self.caption(label, number, KEEP_NEXT, &table.caption);
            self.paragraph("Source", "", |x| run(x, look.words("（无）", "(none)"), ""));
            return;
        }
        let setting = table::setting(look, table);
        if setting.is_landscape {
            self.section_ends(false);
        }
        self.caption(label, number, KEEP_NEXT, &table.caption);
        for (idx, part) in setting.parts.iter().enumerate() {
            if idx > 0 {
                let words = match look.lang {
                    Lang::Zh => format!("续表 {number}"),
                    Lang::En => format!("Table {number}, continued"),
                };
                self.paragraph("Caption", KEEP_NEXT, |x| run(x, &words, ""));
            }
            table::table(&mut self.x, look, table, &setting, part);
        }
        // Two tables without a paragraph between them would become one.
        let source = table.source.as_deref().unwrap_or("");
        self.paragraph("Source", "", |x| run(x, source, ""));
        if setting.is_landscape {
            self.section_ends(true);
        }
    }

    /// The end of the pages up to here: what follows stands on pages turned the other way.
    fn section_ends(&mut self, is_landscape: bool) {
        let section = section(self.look, is_landscape);
        let line = "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>";
        self.paragraph("Normal", &format!("{line}{section}"), |_| ());
    }

    fn figure(&mut self, picture: &'a Picture) {
        self.n_figures += 1;
        if picture::is_possible(picture) {
            self.pictures.push(picture);
            let (look, number) = (self.look, self.pictures.len());
            self.paragraph("Figure", "", |x| picture::drawing(x, look, picture, number));
        } else {
            self.paragraph("Figure", "", |x| run(x, &picture.description, ""));
        }
        self.caption(self.look.words("图", "Figure"), self.n_figures, "", &picture.caption);
    }
}

const KEEP_NEXT: &str = "<w:keepNext/>";
const STRONG: &str = "<w:rStyle w:val=\"Strong\"/>";

fn sentence(x: &mut Xml, spans: &[Span]) {
    for span in spans {
        match span {
            Span::Text(words) => run(x, words, ""),
            Span::Strong(words) => run(x, words, STRONG),
            Span::Number(number) => run(x, &number.text, ""),
        }
    }
}
