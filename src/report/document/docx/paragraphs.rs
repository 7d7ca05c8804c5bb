//! The paragraph styles of both forms.

use super::look::{ARIAL, HEADINGS, KAITI, Look, POINTS, TIMES, twips};
use crate::chart::Lang;

/// Lines of a paragraph and the space around it, in twips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The distance of lines, whatever stands in them.
    Exact(u32),
    /// So many 240ths of the height of the type.
    Of240(u32),
}

/// A paragraph style.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// Its id, by which paragraphs name it.
    pub id: &'static str,
    /// The name that Word knows it by.
    pub name: &'static str,
    /// The style of the paragraph that an author writes after it.
    pub next: &'static str,
    /// Fonts of Latin letters and of Chinese characters.
    pub fonts: (&'static str, &'static str),
    /// Size of type in half points.
    pub half_points: u32,
    /// Whether it is bold.
    pub is_bold: bool,
    /// `left`, `right`, `center` or `both`.
    pub align: &'static str,
    /// Lines.
    pub line: Line,
    /// Space before and after, in twips.
    pub space: (u32, u32),
    /// The attributes of `w:ind`, empty for none.
    pub indent: String,
    /// Whether it stays on the page of the next paragraph.
    pub keeps_next: bool,
    /// Level of the heading, from zero.
    pub outline: Option<u8>,
    /// What else its paragraph properties hold before the spacing: borders, shading, tabs, numbering.
    pub more: String,
}

impl Look {
    /// Paragraph styles in the order of the file.
    pub fn styles(&self) -> Vec<Style> {
        match self.lang {
            Lang::Zh => [self.chinese_text(), self.chinese_tables_and_contents()].concat(),
            Lang::En => [self.english_text(), self.english_tables_and_contents()].concat(),
        }
    }

    fn plain(&self, id: &'static str, name: &'static str, half_points: u32, line: Line) -> Style {
        Style {
            id,
            name,
            next: id,
            fonts: self.body,
            half_points,
            is_bold: false,
            align: "left",
            line,
            space: (0, 0),
            indent: String::new(),
            keeps_next: false,
            outline: None,
            more: String::new(),
        }
    }

    /// Sizes: 二号 22 pt, 三号 16 pt, 四号 14 pt, 小四 12 pt, 五号 10.5 pt, 小五 9 pt.
    fn chinese_text(&self) -> Vec<Style> {
        let body = Line::Exact(560);
        let indent = "w:firstLineChars=\"200\" w:firstLine=\"640\"".to_owned();
        let heading = |id, name, level, fonts, is_bold| Style {
            next: "BodyText",
            fonts,
            is_bold,
            indent: indent.clone(),
            keeps_next: true,
            outline: Some(level),
            more: numbered(level),
            ..self.plain(id, name, 32, body)
        };
        vec![
            Style { align: "both", ..self.plain("Normal", "Normal", 32, body) },
            Style {
                align: "both",
                indent: indent.clone(),
                ..self.plain("BodyText", "Body Text", 32, body)
            },
            Style {
                next: "BodyText",
                fonts: (TIMES, "方正小标宋简体"),
                align: "center",
                space: (560, 280),
                keeps_next: true,
                ..self.plain("Title", "Title", 44, Line::Exact(700))
            },
            Style {
                next: "BodyText",
                fonts: (TIMES, KAITI),
                align: "center",
                space: (0, 280),
                ..self.plain("Subtitle", "Subtitle", 28, Line::Exact(480))
            },
            heading("Heading1", "heading 1", 0, (TIMES, "黑体"), false),
            heading("Heading2", "heading 2", 1, (TIMES, KAITI), false),
            heading("Heading3", "heading 3", 2, self.body, true),
            Style {
                indent: HANGING_NAME.into(),
                ..self.plain("About", "About", 28, Line::Exact(460))
            },
            // Not `both`: commands and names in Latin letters would be drawn apart.
            Style { more: bullets(), ..self.plain("ListBullet", "List Bullet", 32, body) },
            Style {
                align: "both",
                space: (120, 120),
                indent: "w:left=\"200\" w:right=\"120\"".into(),
                more: REMARK_FRAME.into(),
                ..self.plain("Remark", "Remark", 28, Line::Exact(480))
            },
        ]
    }

    fn chinese_tables_and_contents(&self) -> Vec<Style> {
        let body = Line::Exact(560);
        let width = twips(self.text_width_mm(false));
        vec![
            self.caption(24, 100),
            self.figure(),
            self.cell(self.cells, "TableText", "Table Text", 21),
            Style { keeps_next: true, ..self.cell(self.heads, "TableHead", "Table Head", 21) },
            Style {
                fonts: self.cells,
                space: (60, 240),
                ..self.plain("Source", "Source", 18, Line::Of240(240))
            },
            Style {
                fonts: (TIMES, "黑体"),
                align: "center",
                space: (280, 140),
                keeps_next: true,
                ..self.plain("TOCHeading", "TOC Heading", 32, body)
            },
            contents(self.plain("TOC1", "toc 1", 28, Line::Exact(400)), 0, width),
            contents(self.plain("TOC2", "toc 2", 28, Line::Exact(400)), 560, width),
            contents(self.plain("TOC3", "toc 3", 28, Line::Exact(400)), 1120, width),
            self.footer(),
        ]
    }

    fn english_text(&self) -> Vec<Style> {
        let body = Line::Of240(288);
        let heading = |id, name, level, half_points, space| Style {
            next: "BodyText",
            fonts: (ARIAL, "黑体"),
            is_bold: true,
            space,
            keeps_next: true,
            outline: Some(level),
            more: numbered(level),
            ..self.plain(id, name, half_points, Line::Of240(252))
        };
        vec![
            self.plain("Normal", "Normal", 22, body),
            Style { space: (0, 140), ..self.plain("BodyText", "Body Text", 22, body) },
            Style {
                next: "BodyText",
                fonts: (ARIAL, "黑体"),
                is_bold: true,
                space: (360, 120),
                keeps_next: true,
                ..self.plain("Title", "Title", 48, Line::Of240(252))
            },
            Style {
                next: "BodyText",
                fonts: (ARIAL, "黑体"),
                space: (0, 240),
                ..self.plain("Subtitle", "Subtitle", 28, Line::Of240(264))
            },
            heading("Heading1", "heading 1", 0, 32, (400, 140)),
            heading("Heading2", "heading 2", 1, 26, (280, 100)),
            heading("Heading3", "heading 3", 2, 22, (220, 80)),
            Style {
                space: (0, 40),
                indent: HANGING_NAME.into(),
                ..self.plain("About", "About", 20, Line::Of240(260))
            },
            Style {
                space: (0, 60),
                more: bullets(),
                ..self.plain("ListBullet", "List Bullet", 22, body)
            },
            Style {
                space: (160, 200),
                indent: "w:left=\"200\" w:right=\"120\"".into(),
                more: REMARK_FRAME.into(),
                ..self.plain("Remark", "Remark", 21, Line::Of240(276))
            },
        ]
    }

    fn english_tables_and_contents(&self) -> Vec<Style> {
        let body = Line::Of240(288);
        let width = twips(self.text_width_mm(false));
        vec![
            Style { is_bold: true, align: "left", ..self.caption(20, 100) },
            self.figure(),
            self.cell(self.cells, "TableText", "Table Text", 19),
            Style {
                is_bold: true,
                keeps_next: true,
                ..self.cell(self.heads, "TableHead", "Table Head", 19)
            },
            Style {
                fonts: self.cells,
                space: (60, 240),
                ..self.plain("Source", "Source", 17, Line::Of240(252))
            },
            Style {
                fonts: (ARIAL, "黑体"),
                is_bold: true,
                space: (360, 120),
                keeps_next: true,
                ..self.plain("TOCHeading", "TOC Heading", 26, body)
            },
            contents(self.plain("TOC1", "toc 1", 22, body), 0, width),
            contents(self.plain("TOC2", "toc 2", 22, body), 340, width),
            contents(self.plain("TOC3", "toc 3", 22, body), 680, width),
            self.footer(),
        ]
    }

    fn caption(&self, half_points: u32, after: u32) -> Style {
        Style {
            next: "BodyText",
            fonts: self.heads,
            align: "center",
            space: (160, after),
            ..self.plain("Caption", "caption", half_points, Line::Of240(264))
        }
    }

    fn figure(&self) -> Style {
        Style {
            next: "Caption",
            align: "center",
            space: (200, 0),
            keeps_next: true,
            ..self.plain("Figure", "Figure", 22, Line::Of240(240))
        }
    }

    fn cell(
        &self,
        fonts: (&'static str, &'static str),
        id: &'static str,
        name: &'static str,
        half_points: u32,
    ) -> Style {
        Style { fonts, space: (30, 30), ..self.plain(id, name, half_points, Line::Of240(240)) }
    }

    fn footer(&self) -> Style {
        let (fonts, half_points) = self.page_number;
        let align = self.words("right", "center");
        Style { fonts, align, ..self.plain("Footer", "footer", half_points, Line::Of240(240)) }
    }
}

/// Lines after the first of what a report was made from.
const HANGING_NAME: &str = "w:left=\"420\" w:hanging=\"420\"";

/// A bar at the left and a light ground.
const REMARK_FRAME: &str = "<w:pBdr><w:left w:val=\"single\" w:sz=\"24\" w:space=\"8\" \
    w:color=\"7F7F7F\"/></w:pBdr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F0F0F0\"/>";

fn numbered(level: u8) -> String {
    format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{HEADINGS}\"/></w:numPr>")
}

fn bullets() -> String {
    format!("<w:numPr><w:numId w:val=\"{POINTS}\"/></w:numPr>")
}

/// A line of the table of contents: dots lead to the page.
fn contents(style: Style, left: u32, width: u32) -> Style {
    let tabs =
        format!("<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"{width}\"/></w:tabs>");
    Style { next: "Normal", indent: format!("w:left=\"{left}\""), more: tabs, ..style }
}
