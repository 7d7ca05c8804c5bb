//! The report as a page: one file that asks nothing of any network.
//!
//! In: a finished [`Document`]. Out: its HTML with style sheet, script and pictures within it. Without
//! the script the page is complete; the script sorts tables, changes colours, enlarges and saves
//! pictures. Whatever comes from a file passes `escape`, pictures pass `svg`, and a policy in
//! the page forbids the browser to fetch anything. The same document gives the same bytes.

mod contents;
mod places;
mod query;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod words;

use super::{Block, Document, Number, Origin, Picture, Span};
use crate::chart::Lang;
use crate::chart::escape::escape;
use contents::contents;
use places::{Place, places};
use query::query_part;
use words::words;

/// Look of the page, on a screen and on paper.
const STYLE: &str = include_str!("html/page.css");
/// What the page can do beyond being read.
const SCRIPT: &str = include_str!("html/page.js");
/// What the browser is allowed to load: only what stands in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:; base-uri 'none'; form-action 'none'";

/// The document as one HTML file.
///
/// Headings, figures and tables are numbered here. Every number in a sentence is an element of the
/// class `number` that says where it was read: in `title` for people, and as `data-table`,
/// `data-rows` (conditions as a query, `year=2030&stage=primary`) and `data-column` for programs.
/// Tables of the annex are left to the workbook. A figure whose SVG cannot be read shows its
/// description instead.
pub fn html(document: &Document) -> String {
    let lang = document.lang;
    let words = words(lang);
    let places = places(&document.blocks, lang);
    let mut page = head(document);
    page.push_str(&format!(
        "<body data-dark=\"{}\" data-light=\"{}\" data-enlarge=\"{}\" data-reduce=\"{}\" \
         data-save=\"{}\">\n<a class=\"skip\" href=\"#text\">{}</a>\n",
        words.dark, words.light, words.enlarge, words.reduce, words.save, words.skip
    ));
    page.push_str(&header(document));
    page.push_str("<div class=\"columns\">\n");
    page.push_str(&contents(&document.blocks, &places, lang));
    page.push_str("<main id=\"text\">\n");
    let mut n_figures = 0;
    for (block, place) in document.blocks.iter().zip(&places) {
        n_figures += usize::from(matches!(block, Block::Figure(_)));
        page.push_str(&written(block, place.as_ref(), n_figures, lang));
    }
    page.push_str("</main>\n</div>\n<script>\n");
    page.push_str(SCRIPT);
    page + "</script>\n</body>\n</html>\n"
}

/// The title, or what stands for it.
fn title(document: &Document) -> &str {
    match document.title.trim() {
        "" => words(document.lang).report,
        title => title,
    }
}

/// Everything before the body.
fn head(document: &Document) -> String {
    let words = words(document.lang);
    let pairs = document.about.iter().map(|(name, text)| format!("{name}{}{text}", words.colon));
    let description: Vec<String> = document.subtitle.iter().cloned().chain(pairs).collect();
    let description = match description.is_empty() {
        true => title(document).to_owned(),
        false => description.join(words.between),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<meta name=\"description\" content=\"{}\">\n\
         <style>\n{STYLE}</style>\n</head>\n",
        words.tag,
        escape(title(document)),
        escape(&description)
    )
}

/// Title, subtitle and what the report was made from.
fn header(document: &Document) -> String {
    let dark = words(document.lang).dark;
    let mut page = format!(
        "<header>\n<button id=\"theme\" type=\"button\" hidden>{dark}</button>\n<h1>{}</h1>\n",
        escape(title(document))
    );
    if let Some(subtitle) = &document.subtitle {
        page.push_str(&format!("<p class=\"subtitle\">{}</p>\n", escape(subtitle)));
    }
    if !document.about.is_empty() {
        page.push_str("<dl>\n");
        for (name, text) in &document.about {
            let (name, text) = (escape(name), escape(text));
            page.push_str(&format!("<div><dt>{name}</dt><dd>{text}</dd></div>\n"));
        }
        page.push_str("</dl>\n");
    }
    page + "</header>\n"
}

/// A block; `n_figures` are the figures up to it.
fn written(block: &Block, place: Option<&Place>, n_figures: usize, lang: Lang) -> String {
    match (block, place) {
        (Block::Heading { text, .. }, Some(place)) => {
            let Place { number, anchor, level } = place;
            let tag = format!("h{}", level + 1);
            let between = if number.is_ascii() { " " } else { "" };
            let text = escape(text);
            format!("<{tag} id=\"{anchor}\"><span>{number}</span>{between}{text}</{tag}>\n")
        }
        (Block::Paragraph(spans), _) => format!("<p>{}</p>\n", sentence(spans)),
        (Block::List(points), _) => {
            let points: String =
                points.iter().map(|spans| format!("<li>{}</li>\n", sentence(spans))).collect();
            format!("<ul>\n{points}</ul>\n")
        }
        (Block::Remark(spans), _) => {
            format!("<div class=\"remark\" role=\"note\"><p>{}</p></div>\n", sentence(spans))
        }
        (Block::Table(table), Some(place)) => table::table(table, place, lang),
        (Block::Figure(picture), Some(place)) => figure(picture, place, n_figures, lang),
        (Block::Heading { .. } | Block::Table(_) | Block::Figure(_), None) => String::new(),
    }
}

/// A picture with its caption.
fn figure(picture: &Picture, place: &Place, n: usize, lang: Lang) -> String {
    let Place { number, anchor, .. } = place;
    let drawing = svg::inline(picture, n)
        .unwrap_or_else(|| format!("<p>{}</p>", escape(&picture.description)));
    format!(
        "<figure id=\"{anchor}\" style=\"--units:{}\">\n<div class=\"card\">{drawing}</div>\n\
         <figcaption><b>{number}</b>{}{}</figcaption>\n</figure>\n",
        picture.width,
        words(lang).after_number,
        escape(&picture.caption)
    )
}

/// The pieces of a sentence one after the other.
fn sentence(spans: &[Span]) -> String {
    let piece = |span: &Span| match span {
        Span::Text(text) => escape(text),
        Span::Strong(text) => format!("<strong>{}</strong>", escape(text)),
        Span::Number(number) => read_number(number),
    };
    spans.iter().map(piece).collect()
}

/// A number with where it was read.
fn read_number(number: &Number) -> String {
    let Origin { table, rows, column } = &number.from;
    let conditions: Vec<String> =
        rows.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let parts = [table.clone(), conditions.join(", "), column.clone()];
    let title: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let query: Vec<String> = rows
        .iter()
        .map(|(name, value)| format!("{}={}", query_part(name), query_part(value)))
        .collect();
    format!(
        "<span class=\"number\" tabindex=\"0\" title=\"{}\" data-table=\"{}\" data-rows=\"{}\" \
         data-column=\"{}\">{}</span>",
        escape(&title.join(" · ")),
        escape(table),
        escape(&query.join("&")),
        escape(column),
        escape(&number.text)
    )
}
