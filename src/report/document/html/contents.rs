//! The contents: links to headings, and to figures and tables.

use super::super::Block;
use super::Lang;
use super::places::Place;
use super::words::words;
use crate::chart::escape::escape;

/// The contents of the page; nothing when there is nothing to list.
pub(super) fn contents(blocks: &[Block], places: &[Option<Place>], lang: Lang) -> String {
    let words = words(lang);
    let (mut headings, mut lists) = (String::new(), String::new());
    for (block, place) in blocks.iter().zip(places) {
        let Some(place) = place else {
            continue;
        };
        match block {
            Block::Heading { text, .. } => {
                let between = if place.number.is_ascii() { " " } else { "" };
                headings.push_str(&link(place, between, text));
            }
            Block::Table(table) => {
                lists.push_str(&link(place, words.after_number, &table.caption));
            }
            Block::Figure(picture) => {
                lists.push_str(&link(place, words.after_number, &picture.caption));
            }
            Block::Paragraph(_) | Block::List(_) | Block::Remark(_) => {}
        }
    }
    if headings.is_empty() && lists.is_empty() {
        return String::new();
    }
    let mut page = format!("<nav id=\"contents\" aria-label=\"{}\">\n", words.contents);
    for (name, class, open, links) in
        [(words.contents, "headings", " open", headings), (words.lists, "lists", "", lists)]
    {
        if !links.is_empty() {
            page.push_str(&format!(
                "<details class=\"{class}\"{open}>\n<summary>{name}</summary>\n\
                 <ul>\n{links}</ul>\n</details>\n"
            ));
        }
    }
    page + "</nav>\n"
}

/// A line of the contents.
fn link(place: &Place, between: &str, text: &str) -> String {
    let Place { number, anchor, level } = place;
    let text = escape(text);
    format!("<li class=\"level-{level}\"><a href=\"#{anchor}\">{number}{between}{text}</a></li>\n")
}
