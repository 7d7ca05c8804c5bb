//! The parts of a Word file put together: what they are, how they refer to each other, and the ZIP.

use std::io::Write;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::look::Look;
use super::picture;
use super::xml::Xml;
use crate::chart::Lang;
use crate::document::{Document, Picture};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD_PART: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Parts beside the text: id, kind and file below `word/`.
fn word_parts(look: &Look) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut parts = vec![
        ("rIdStyles", "styles", "styles.xml"),
        ("rIdNumbering", "numbering", "numbering.xml"),
        ("rIdSettings", "settings", "settings.xml"),
        ("rIdFonts", "fontTable", "fontTable.xml"),
        ("rIdFooter", "footer", "footer1.xml"),
    ];
    if look.lang == Lang::Zh {
        parts.push(("rIdFooterEven", "footer", "footer2.xml"));
    }
    parts
}

/// `[Content_Types].xml`.
pub(super) fn content_types(look: &Look) -> String {
    let mut x = Xml::part();
    x.element(&format!("Types xmlns=\"{PACKAGE}/content-types\""), |x| {
        let by_ending = [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("svg", "image/svg+xml"),
        ];
        for (ending, kind) in by_ending {
            x.empty(&format!("Default Extension=\"{ending}\" ContentType=\"{kind}\""));
        }
        let mut part = |name: &str, kind: &str| {
            x.empty(&format!("Override PartName=\"/{name}\" ContentType=\"{kind}+xml\""));
        };
        part("word/document.xml", &format!("{WORD_PART}.document.main"));
        for (_, kind, file) in word_parts(look) {
            part(&format!("word/{file}"), &format!("{WORD_PART}.{kind}"));
        }
        part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties");
        let office = "application/vnd.openxmlformats-officedocument";
        part("docProps/app.xml", &format!("{office}.extended-properties"));
    });
    x.finished()
}

fn relationships(links: &[(String, String, String)]) -> String {
    let mut x = Xml::part();
    x.element(&format!("Relationships xmlns=\"{PACKAGE}/relationships\""), |x| {
        for (id, kind, target) in links {
            x.empty(&format!("Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\""));
        }
    });
    x.finished()
}

/// `_rels/.rels`.
pub(super) fn package_links() -> String {
    let link = |id: &str, kind: String, target: &str| (id.to_owned(), kind, target.to_owned());
    relationships(&[
        link("rIdDocument", format!("{OFFICE}/officeDocument"), "word/document.xml"),
        link(
            "rIdCore",
            format!("{PACKAGE}/relationships/metadata/core-properties"),
            "docProps/core.xml",
        ),
        link("rIdApp", format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
    ])
}

/// `word/_rels/document.xml.rels`.
pub(super) fn document_links(look: &Look, pictures: &[&Picture]) -> String {
    let mut links: Vec<(String, String, String)> = word_parts(look)
        .into_iter()
        .map(|(id, kind, file)| (id.to_owned(), format!("{OFFICE}/{kind}"), file.to_owned()))
        .collect();
    for (idx, picture) in pictures.iter().enumerate() {
        let number = idx + 1;
        let image = format!("{OFFICE}/image");
        links.push((format!("rIdPng{number}"), image.clone(), format!("media/figure{number}.png")));
        if picture::has_svg(picture) {
            links.push((format!("rIdSvg{number}"), image, format!("media/figure{number}.svg")));
        }
    }
    relationships(&links)
}

/// `docProps/core.xml`: title and language; no clock times.
pub(super) fn core(look: &Look, document: &Document) -> String {
    let mut x = Xml::part();
    let names = "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
        xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";
    x.element(&format!("cp:coreProperties {names}"), |x| {
        x.element("dc:title", |x| x.words(&document.title));
        if let Some(subtitle) = &document.subtitle {
            x.element("dc:subject", |x| x.words(subtitle));
        }
        x.element("dc:language", |x| x.words(look.words("zh-CN", "en-US")));
    });
    x.finished()
}

/// `docProps/app.xml`.
pub(super) fn app() -> String {
    let mut x = Xml::part();
    let names = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    x.element(&format!("Properties xmlns=\"{names}\""), |x| {
        x.element("Application", |x| x.words("xuewei"));
    });
    x.finished()
}

/// The parts in their order, as a ZIP whose bytes depend on nothing else.
///
/// # Errors
///
/// When the ZIP cannot be written, which happens only beyond its limits of size.
pub(super) fn zipped(parts: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, String> {
    let failed = |error: zip::result::ZipError| format!("the Word file cannot be made: {error}");
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // A PNG is compressed already.
        let method = match name.ends_with(".png") {
            true => CompressionMethod::Stored,
            false => CompressionMethod::Deflated,
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default());
        writer.start_file(name, options).map_err(failed)?;
        writer
            .write_all(&bytes)
            .map_err(|error| format!("the Word file cannot be made: {error}"))?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}
