//! The two forms of a report in Word: that of Chinese official documents, and a plain English one.
//!
//! Chinese: GB/T 9704-2012 (Layout key for official document of Party and government organs) as far
//! as it fits a report with tables and pictures: sections 5.2.1 (margins), 5.2.2 (type and lines),
//! 7.3.1 (title), 7.3.3 (headings) and 7.5 (page numbers). The styles of paragraphs stand in
//! `paragraphs`. Fonts it names that are not on every
//! computer have a substitute in the table of fonts.

use crate::chart::Lang;

/// Twips to the millimetre: 1,440 to the inch of 25.4 mm.
const TWIPS_PER_MM: f64 = 1440.0 / 25.4;

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
}

/// Font of Latin letters and figures in text.
pub(super) const TIMES: &str = "Times New Roman";
/// Font of English headings and tables.
pub(super) const ARIAL: &str = "Arial";
/// 仿宋 as the standard's readers have it.
const FANGSONG: &str = "仿宋_GB2312";
/// 楷体 as the standard's readers have it.
pub(super) const KAITI: &str = "楷体_GB2312";

/// Fonts that are not on every computer, and what stands in for them.
pub(super) const SUBSTITUTES: [(&str, &str); 3] =
    [(FANGSONG, "仿宋"), (KAITI, "楷体"), ("方正小标宋简体", "宋体")];

/// Number of the list that headings are counted by.
pub(super) const HEADINGS: u8 = 1;
/// Number of the list of points.
pub(super) const POINTS: u8 = 2;

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
