//! The parts that say how a document looks: styles, numbering, fonts, settings, page numbers.

use super::look::{HEADINGS, Look, POINTS, SUBSTITUTES};
use super::paragraphs::{Line, Style};
use super::xml::Xml;
use crate::chart::Lang;
use crate::chart::escape::escape;

/// The namespace of the words of a document.
pub(super) const WORDS: &str =
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// `word/styles.xml`.
pub(super) fn styles(look: &Look) -> String {
    let mut x = Xml::part();
    x.element(&format!("w:styles {WORDS}"), |x| {
        x.element("w:docDefaults", |x| {
            x.element("w:rPrDefault", |x| {
                x.element("w:rPr", |x| {
                    x.raw(&fonts(look.body));
                    x.raw("<w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>");
                    x.raw("<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/>");
                });
            });
            x.empty("w:pPrDefault");
        });
        for style in look.styles() {
            paragraph_style(x, &style);
        }
        x.raw(
            "<w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\">\
             <w:name w:val=\"Default Paragraph Font\"/><w:semiHidden/></w:style>\
             <w:style w:type=\"character\" w:styleId=\"Strong\"><w:name w:val=\"Strong\"/>\
             <w:qFormat/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>",
        );
        x.raw(TABLE_STYLES);
    });
    x.finished()
}

/// Rules above and below a table and below its head; hair lines between rows.
const TABLE_STYLES: &str = "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">\
    <w:name w:val=\"Normal Table\"/><w:semiHidden/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>\
    <w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"80\" w:type=\"dxa\"/>\
    <w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar>\
    </w:tblPr></w:style>\
    <w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"ReportTable\">\
    <w:name w:val=\"Report Table\"/><w:basedOn w:val=\"TableNormal\"/><w:qFormat/><w:tblPr>\
    <w:tblBorders><w:top w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"000000\"/>\
    <w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"000000\"/>\
    <w:insideH w:val=\"single\" w:sz=\"2\" w:space=\"0\" w:color=\"BFBFBF\"/></w:tblBorders>\
    </w:tblPr><w:tblStylePr w:type=\"firstRow\"><w:tblPr/><w:tcPr><w:tcBorders>\
    <w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/></w:tcBorders>\
    </w:tcPr></w:tblStylePr></w:style>";

/// The fonts of a run; Chinese punctuation follows the Chinese font.
fn fonts((latin, chinese): (&str, &str)) -> String {
    format!(
        "<w:rFonts w:ascii=\"{latin}\" w:hAnsi=\"{latin}\" w:eastAsia=\"{chinese}\" w:cs=\"{latin}\"/>"
    )
}

fn paragraph_style(x: &mut Xml, style: &Style) {
    let kind = match style.id {
        "Normal" => " w:default=\"1\"",
        "About" | "Remark" | "Figure" | "TableText" | "TableHead" | "Source" => {
            " w:customStyle=\"1\""
        }
        _ => "",
    };
    x.element(&format!("w:style w:type=\"paragraph\"{kind} w:styleId=\"{}\"", style.id), |x| {
        x.empty(&format!("w:name w:val=\"{}\"", style.name));
        if style.id != "Normal" {
            x.empty("w:basedOn w:val=\"Normal\"");
            x.empty(&format!("w:next w:val=\"{}\"", style.next));
        }
        if style.name.starts_with("toc ") {
            x.empty("w:uiPriority w:val=\"39\"");
        }
        x.empty("w:qFormat");
        x.element("w:pPr", |x| paragraph_properties(x, style));
        x.element("w:rPr", |x| {
            x.raw(&fonts(style.fonts));
            if style.is_bold {
                x.raw("<w:b/><w:bCs/>");
            }
            x.raw(&format!("<w:sz w:val=\"{0}\"/><w:szCs w:val=\"{0}\"/>", style.half_points));
        });
    });
}

fn paragraph_properties(x: &mut Xml, style: &Style) {
    if style.keeps_next {
        x.raw("<w:keepNext/><w:keepLines/>");
    }
    x.raw(&style.more);
    let (line, rule) = match style.line {
        Line::Exact(twips) => (twips, "exact"),
        Line::Of240(parts) => (parts, "auto"),
    };
    let (before, after) = style.space;
    x.empty(&format!(
        "w:spacing w:before=\"{before}\" w:after=\"{after}\" w:line=\"{line}\" w:lineRule=\"{rule}\""
    ));
    if !style.indent.is_empty() {
        x.empty(&format!("w:ind {}", style.indent));
    }
    x.empty(&format!("w:jc w:val=\"{}\"", style.align));
    if let Some(level) = style.outline {
        x.empty(&format!("w:outlineLvl w:val=\"{level}\""));
    }
}

/// `word/numbering.xml`: the numbers of headings, and points.
pub(super) fn numbering(look: &Look) -> String {
    let mut x = Xml::part();
    x.element(&format!("w:numbering {WORDS}"), |x| {
        x.element(&format!("w:abstractNum w:abstractNumId=\"{HEADINGS}\""), |x| {
            x.empty("w:multiLevelType w:val=\"multilevel\"");
            for level in 0..3 {
                heading_level(x, look, level);
            }
        });
        x.element(&format!("w:abstractNum w:abstractNumId=\"{POINTS}\""), |x| {
            x.empty("w:multiLevelType w:val=\"hybridMultilevel\"");
            let indent =
                look.words("w:left=\"960\" w:hanging=\"320\"", "w:left=\"400\" w:hanging=\"260\"");
            x.raw(&format!(
                "<w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/>\
                 <w:pStyle w:val=\"ListBullet\"/><w:lvlText w:val=\"•\"/><w:lvlJc w:val=\"left\"/>\
                 <w:pPr><w:ind {indent}/></w:pPr><w:rPr><w:rFonts w:ascii=\"Times New Roman\" \
                 w:hAnsi=\"Times New Roman\" w:hint=\"default\"/></w:rPr></w:lvl>"
            ));
        });
        for list in [HEADINGS, POINTS] {
            x.raw(&format!(
                "<w:num w:numId=\"{list}\"><w:abstractNumId w:val=\"{list}\"/></w:num>"
            ));
        }
    });
    x.finished()
}

fn heading_level(x: &mut Xml, look: &Look, level: usize) {
    let chinese = [
        ("chineseCountingThousand", "%1、", "nothing"),
        ("chineseCountingThousand", "（%2）", "nothing"),
        ("decimal", "%3.", "space"),
    ];
    let english =
        [("decimal", "%1", "tab"), ("decimal", "%1.%2", "tab"), ("decimal", "%1.%2.%3", "tab")];
    let (levels, indent) = match look.lang {
        Lang::Zh => {
            (chinese, "w:left=\"0\" w:firstLineChars=\"200\" w:firstLine=\"640\"".to_owned())
        }
        Lang::En => {
            let left = [620, 640, 800][level];
            (english, format!("w:left=\"{left}\" w:hanging=\"{left}\""))
        }
    };
    let (format, text, suffix) = levels[level];
    x.raw(&format!(
        "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
         <w:pStyle w:val=\"Heading{}\"/><w:suff w:val=\"{suffix}\"/><w:lvlText w:val=\"{text}\"/>\
         <w:lvlJc w:val=\"left\"/><w:pPr><w:ind {indent}/></w:pPr></w:lvl>",
        level + 1
    ));
}

/// `word/fontTable.xml`: what stands in for fonts that are not on every computer.
pub(super) fn font_table() -> String {
    let mut x = Xml::part();
    x.element(&format!("w:fonts {WORDS}"), |x| {
        for (font, substitute) in SUBSTITUTES {
            x.element(&format!("w:font w:name=\"{font}\""), |x| {
                x.empty(&format!("w:altName w:val=\"{substitute}\""));
                x.empty("w:charset w:val=\"86\"");
            });
        }
    });
    x.finished()
}

/// `word/settings.xml`. Word computes the pages of the contents when the file is opened.
pub(super) fn settings(look: &Look) -> String {
    let sides = look.words("<w:evenAndOddHeaders/>", "");
    let mut x = Xml::part();
    x.element(&format!("w:settings {WORDS}"), |x| {
        x.raw(&format!(
            "<w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"420\"/>{sides}\
             <w:characterSpacingControl w:val=\"compressPunctuation\"/>\
             <w:updateFields w:val=\"true\"/><w:compat><w:compatSetting \
             w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
             w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>"
        ));
    });
    x.finished()
}

/// A foot with the number of the page: in Chinese "— 1 —", on the outer side with one character
/// free (GB/T 9704-2012, 7.5).
pub(super) fn footer(look: &Look, is_even: bool) -> String {
    let (side, dash) = match (look.lang, is_even) {
        (Lang::En, _) => ("", ""),
        (Lang::Zh, false) => {
            ("<w:ind w:rightChars=\"100\" w:right=\"280\"/><w:jc w:val=\"right\"/>", "—")
        }
        (Lang::Zh, true) => {
            ("<w:ind w:leftChars=\"100\" w:left=\"280\"/><w:jc w:val=\"left\"/>", "—")
        }
    };
    let mut x = Xml::part();
    x.element(&format!("w:ftr {WORDS}"), |x| {
        x.element("w:p", |x| {
            x.raw(&format!("<w:pPr><w:pStyle w:val=\"Footer\"/>{side}</w:pPr>"));
            if !dash.is_empty() {
                run(x, &format!("{dash} "), "");
            }
            field(x, "PAGE", "1");
            if !dash.is_empty() {
                run(x, &format!(" {dash}"), "");
            }
        });
    });
    x.finished()
}

/// Words of one look; a line break in them is one in the paragraph.
pub(super) fn run(x: &mut Xml, words: &str, properties: &str) {
    x.element("w:r", |x| {
        if !properties.is_empty() {
            x.raw(&format!("<w:rPr>{properties}</w:rPr>"));
        }
        for (idx, line) in words.lines().enumerate() {
            if idx > 0 {
                x.empty("w:br");
            }
            let line = line.replace(['\t', '\r'], " ");
            x.raw(&format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(&line)));
        }
    });
}

/// A field that Word computes, with what it shows until then.
pub(super) fn field(x: &mut Xml, instruction: &str, result: &str) {
    field_begins(x, instruction);
    run(x, result, "");
    field_ends(x);
}

/// The first half of a field: what follows is its result.
pub(super) fn field_begins(x: &mut Xml, instruction: &str) {
    x.raw("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>");
    x.raw(&format!(
        "<w:r><w:instrText xml:space=\"preserve\"> {} </w:instrText></w:r>",
        escape(instruction)
    ));
    x.raw("<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>");
}

/// The end of a field.
pub(super) fn field_ends(x: &mut Xml) {
    x.raw("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
}
