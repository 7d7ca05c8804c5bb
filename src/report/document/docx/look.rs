//! The two forms of a report in Word: that of Chinese official documents, and a plain English one.
//!
//! Chinese: GB/T 9704-2012 (Layout key for official document of Party and government organs) as far
//! as it fits a report with tables and pictures: sections 5.2.1 (margins), 5.2.2 (type and lines),
//! 7.3.1 (title), 7.3.3 (headings) and 7.5 (page numbers). Fonts it names that are not on every
//! computer have a substitute in the table of fonts.

use crate::report::chart::Lang;

/// Twips to the millimetre: 1,440 to the inch of 25.4 mm.
const TWIPS_PER_MM: f64 = 1440.0 / 25.4;

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

/// A form.
#[derive(Debug)]
pub(super) struct Look {
    /// Language of the report.
    pub lang: Lang,
    /// Margins in mm: top, right, bottom, left.
    pub margins_mm: [f64; 4],
    /// Distance of the foot of the page number from the edge of the page, in mm.
    pub foot_mm: f64,
    /// Fonts of the body.
    pub body: (&'static str, &'static str),
    /// Fonts and half points of the page number.
    pub page_number: ((&'static str, &'static str), u32),
    /// Fonts of Latin letters and of Chinese characters in tables.
    pub cells: (&'static str, &'static str),
    /// Fonts of the head of a table.
    pub heads: (&'static str, &'static str),
}

/// A4 in mm.
const PAGE_MM: (f64, f64) = (210.0, 297.0);

impl Look {
    /// The form of a language.
    pub fn of(lang: Lang) -> Look {
        match lang {
            Lang::Zh => Look {
                lang,
                margins_mm: [37.0, 26.0, 35.0, 28.0],
                // The number stands 7 mm below the text: 35 less 7 less the height of 14 pt.
                foot_mm: 23.0,
                body: (TIMES, FANGSONG),
                page_number: (("宋体", "宋体"), 28),
                cells: (TIMES, "宋体"),
                heads: (TIMES, "黑体"),
            },
            Lang::En => Look {
                lang,
                margins_mm: [25.0; 4],
                foot_mm: 12.5,
                body: (TIMES, "宋体"),
                page_number: ((ARIAL, "黑体"), 18),
                cells: (ARIAL, "黑体"),
                heads: (ARIAL, "黑体"),
            },
        }
    }

    /// Words of the language.
    pub fn words<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Width between the margins in mm.
    pub fn text_width_mm(&self, is_landscape: bool) -> f64 {
        let [top, right, bottom, left] = self.margins_mm;
        // A page on its side is a page turned to the left: its top is the right margin.
        if is_landscape { PAGE_MM.1 - top - bottom } else { PAGE_MM.0 - left - right }
    }

    /// Height between the margins of an upright page in mm.
    pub fn text_height_mm(&self) -> f64 {
        PAGE_MM.1 - self.margins_mm[0] - self.margins_mm[2]
    }

    /// Size and margins of a page, as the children of `w:sectPr`.
    pub fn page(&self, is_landscape: bool) -> String {
        let [top, right, bottom, left] = self.margins_mm.map(twips);
        let (width, height) = (twips(PAGE_MM.0), twips(PAGE_MM.1));
        let foot = twips(self.foot_mm);
        let (size, margins) = if is_landscape {
            let size = format!("w:w=\"{height}\" w:h=\"{width}\" w:orient=\"landscape\"");
            (size, [left, top, right, bottom])
        } else {
            (format!("w:w=\"{width}\" w:h=\"{height}\""), [top, right, bottom, left])
        };
        let [top, right, bottom, left] = margins;
        // The page number may not run into the text where the lower margin is narrow.
        let foot = foot.min(bottom * 2 / 3);
        format!(
            "<w:pgSz {size}/><w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" \
             w:left=\"{left}\" w:header=\"{foot}\" w:footer=\"{foot}\" w:gutter=\"0\"/>"
        )
    }

    /// Paragraph styles in the order of the file.
    pub fn styles(&self) -> Vec<Style> {
        match self.lang {
            Lang::Zh => self.chinese_styles(),
            Lang::En => self.english_styles(),
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
    fn chinese_styles(&self) -> Vec<Style> {
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
        let width = twips(self.text_width_mm(false));
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
                ..self.plain("Subtitle", "Subtitle", 32, body)
            },
            heading("Heading1", "heading 1", 0, (TIMES, "黑体"), false),
            heading("Heading2", "heading 2", 1, (TIMES, KAITI), false),
            heading("Heading3", "heading 3", 2, self.body, true),
            Style {
                indent: HANGING_NAME.into(),
                ..self.plain("About", "About", 28, Line::Exact(460))
            },
            Style {
                align: "both",
                more: bullets(),
                ..self.plain("ListBullet", "List Bullet", 32, body)
            },
            Style {
                align: "both",
                space: (120, 120),
                indent: "w:left=\"200\" w:right=\"120\"".into(),
                more: REMARK_FRAME.into(),
                ..self.plain("Remark", "Remark", 28, Line::Exact(480))
            },
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
            contents(self.plain("TOC1", "toc 1", 28, Line::Exact(480)), 0, width),
            contents(self.plain("TOC2", "toc 2", 28, Line::Exact(480)), 560, width),
            contents(self.plain("TOC3", "toc 3", 28, Line::Exact(480)), 1120, width),
            self.footer(),
        ]
    }

    fn english_styles(&self) -> Vec<Style> {
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
        let width = twips(self.text_width_mm(false));
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

/// Font of Latin letters and figures in text.
const TIMES: &str = "Times New Roman";
/// Font of English headings and tables.
const ARIAL: &str = "Arial";
/// 仿宋 as the standard's readers have it.
const FANGSONG: &str = "仿宋_GB2312";
/// 楷体 as the standard's readers have it.
const KAITI: &str = "楷体_GB2312";

/// Fonts that are not on every computer, and what stands in for them.
pub(super) const SUBSTITUTES: [(&str, &str); 3] =
    [(FANGSONG, "仿宋"), (KAITI, "楷体"), ("方正小标宋简体", "宋体")];

/// Lines after the first of what a report was made from.
const HANGING_NAME: &str = "w:left=\"420\" w:hanging=\"420\"";

/// A bar at the left and a light ground.
const REMARK_FRAME: &str = "<w:pBdr><w:left w:val=\"single\" w:sz=\"24\" w:space=\"8\" \
    w:color=\"7F7F7F\"/></w:pBdr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F0F0F0\"/>";

/// Number of the list that headings are counted by.
pub(super) const HEADINGS: u8 = 1;
/// Number of the list of points.
pub(super) const POINTS: u8 = 2;

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

/// Millimetres in twips.
pub(super) fn twips(mm: f64) -> u32 {
    (mm * TWIPS_PER_MM).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 156 by 225 mm is the text area that GB/T 9704-2012, 5.2.1 names.
    #[test]
    fn the_text_area_is_that_of_the_standard() {
        let look = Look::of(Lang::Zh);
        assert_eq!(look.text_width_mm(false), 156.0);
        assert_eq!(look.text_height_mm(), 225.0);
        // 210 mm are 8.2677 inches of 1,440 twips.
        let page = look.page(false);
        assert!(page.contains("w:w=\"11906\" w:h=\"16838\""), "{page}");
        assert!(
            page.contains("w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1587\""),
            "{page}"
        );
    }
}
