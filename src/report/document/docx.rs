//! A report as a Word file (Office Open XML, ISO/IEC 29500), in the form of Chinese official
//! documents or as a plain English report.
//!
//! In: a finished [`Document`]. Out: the bytes of a .docx with real styles, numbered headings, a
//! table of contents, captions that count themselves, tables that can be edited and pictures as SVG
//! with a PNG behind. The same document gives the same bytes.
//!
//! The XML is written here: what is asked for (SVG behind a picture, fields with their results,
//! numbers tied to heading styles, fonts by script) is a dozen short parts, and a general writer of
//! Word files would have to be mended afterwards in most of them.
//!
//! | file | what |
//! |---|---|
//! | `look` | page, fonts, sizes and paragraph styles of both languages |
//! | `styles` | the parts that hold them: styles, numbering, fonts, settings, feet; runs and fields |
//! | `body` | the blocks in their order |
//! | `contents` | the table of contents and the numbers of headings |
//! | `table`, `picture` | tables and pictures |
//! | `package` | types of the parts, links between them, properties, ZIP |
//! | `xml` | a writer that escapes |

mod body;
mod contents;
mod look;
mod package;
mod picture;
mod styles;
mod table;
#[cfg(test)]
mod tests;
mod xml;

use super::Document;
use look::Look;

/// The Word file of a report.
///
/// Tables of the annex are not in it. A table that is too wide for a page on its side is split into
/// parts, one below the other; a picture without a PNG is replaced by its description.
///
/// # Errors
///
/// When the report is larger than a ZIP file can be.
pub fn docx(document: &Document) -> Result<Vec<u8>, String> {
    let look = Look::of(document.lang);
    let (body, pictures) = body::body(&look, document);
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut put = |name: &str, bytes: Vec<u8>| parts.push((name.to_owned(), bytes));
    put("[Content_Types].xml", package::content_types(&look).into_bytes());
    put("_rels/.rels", package::package_links().into_bytes());
    put("docProps/core.xml", package::core(&look, document).into_bytes());
    put("docProps/app.xml", package::app().into_bytes());
    put("word/document.xml", body.into_bytes());
    put("word/_rels/document.xml.rels", package::document_links(&look, &pictures).into_bytes());
    put("word/styles.xml", styles::styles(&look).into_bytes());
    put("word/numbering.xml", styles::numbering(&look).into_bytes());
    put("word/settings.xml", styles::settings(&look).into_bytes());
    put("word/fontTable.xml", styles::font_table().into_bytes());
    put("word/footer1.xml", styles::footer(&look, false).into_bytes());
    if look.lang == super::Lang::Zh {
        put("word/footer2.xml", styles::footer(&look, true).into_bytes());
    }
    for (idx, picture) in pictures.iter().enumerate() {
        let number = idx + 1;
        put(&format!("word/media/figure{number}.png"), picture.png.clone());
        if picture::has_svg(picture) {
            put(&format!("word/media/figure{number}.svg"), picture::svg(picture));
        }
    }
    package::zipped(parts)
}
