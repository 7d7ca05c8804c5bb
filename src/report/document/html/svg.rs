//! A picture within the page: its SVG read, and written again with names of its own.
//!
//! Shapes and their attributes are kept. What could act or fetch is not: scripts, style sheets,
//! foreign content, event attributes, references to anything outside the picture.

use std::collections::BTreeMap;

use resvg::usvg::roxmltree::{Attribute, Document, Node};

use super::super::Picture;
use crate::chart::escape::escape;

/// Elements that are kept; of any other, nothing is, nor of what it holds.
const ELEMENTS: [&str; 27] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
];
/// Elements whose characters are words; between all others they are white space.
const WITH_WORDS: [&str; 5] = ["desc", "text", "textPath", "title", "tspan"];
/// Attributes of the whole picture that the page sets itself.
const OF_ROOT: [&str; 7] = ["width", "height", "viewBox", "style", "id", "x", "y"];

/// The picture as an element of the page; `n` tells the names of its parts from those of others.
///
/// None when its SVG cannot be read.
pub(super) fn inline(picture: &Picture, n: usize) -> Option<String> {
    let document = Document::parse(&picture.svg).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return None;
    }
    let named = root.descendants().filter_map(|node| node.attribute("id"));
    let mut names = BTreeMap::new();
    for name in named {
        let next = names.len() + 1;
        names.entry(name).or_insert_with(|| format!("shape-{n}-{next}"));
    }
    let mut page = opening(picture, root, n, &names);
    write(root, &names, &mut page);
    page.push_str("</svg>");
    Some(page)
}

/// New names of parts of a picture by their old ones.
type Names<'a> = BTreeMap<&'a str, String>;

/// The opening tag with the picture in words.
fn opening(picture: &Picture, root: Node<'_, '_>, n: usize, names: &Names<'_>) -> String {
    let Picture { width, height, caption, description, .. } = picture;
    let box_ = match root.attribute("viewBox") {
        Some(view) => escape(view),
        None => format!("0 0 {width} {height}"),
    };
    let mut tag = format!(
        "<svg role=\"img\" aria-labelledby=\"shape-{n}-title shape-{n}-desc\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"{box_}\""
    );
    for attribute in root.attributes().filter(|a| !OF_ROOT.contains(&a.name())) {
        push_attribute(root, attribute, names, &mut tag);
    }
    tag + &format!(
        "><title id=\"shape-{n}-title\">{}</title><desc id=\"shape-{n}-desc\">{}</desc>",
        escape(caption),
        escape(description)
    )
}

/// A step of writing: a node, or the end of an element.
enum Step<'a, 'input> {
    Node(Node<'a, 'input>),
    End(&'a str),
}

/// Everything within the picture; the depth of a file is not that of the call stack.
fn write(root: Node<'_, '_>, names: &Names<'_>, page: &mut String) {
    let is_words_of_picture =
        |node: &Node<'_, '_>| matches!(node.tag_name().name(), "title" | "desc");
    let inside = root.children().filter(|node| !is_words_of_picture(node));
    let mut steps: Vec<Step<'_, '_>> = inside.map(Step::Node).collect();
    steps.reverse();
    while let Some(step) = steps.pop() {
        let node = match step {
            Step::Node(node) => node,
            Step::End(name) => {
                page.push_str(&format!("</{name}>"));
                continue;
            }
        };
        if node.is_text() {
            let parent = node.parent().map_or("", |parent| parent.tag_name().name());
            if WITH_WORDS.contains(&parent) {
                page.push_str(&escape(node.text().unwrap_or_default()));
            }
            continue;
        }
        let Some(name) = kept_name(node) else {
            continue;
        };
        page.push('<');
        page.push_str(name);
        for attribute in node.attributes() {
            push_attribute(node, attribute, names, page);
        }
        if node.has_children() {
            page.push('>');
            steps.push(Step::End(name));
            steps.extend(node.children().collect::<Vec<_>>().into_iter().rev().map(Step::Node));
        } else {
            page.push_str("/>");
        }
    }
}

/// The name of an element that is kept.
fn kept_name(node: Node<'_, '_>) -> Option<&'static str> {
    if !node.is_element() {
        return None;
    }
    let name = node.tag_name().name();
    ELEMENTS.iter().copied().find(|kept| *kept == name)
}

/// Writes an attribute with its references renamed, or nothing if it is not kept.
fn push_attribute(
    node: Node<'_, '_>,
    attribute: Attribute<'_, '_>,
    names: &Names<'_>,
    page: &mut String,
) {
    let (name, value) = (attribute.name(), attribute.value());
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_reference = name == "href";
    let is_foreign = attribute.namespace().is_some() && !is_reference;
    let acts = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    let of_page =
        matches!(name, "class" | "role" | "tabindex" | "lang") || name.starts_with("aria-");
    if !is_plain || is_foreign || acts || of_page {
        return;
    }
    let value = match name {
        "id" => names.get(value).cloned(),
        "href" if node.tag_name().name() == "image" => embedded(value),
        "href" => value.strip_prefix('#').and_then(|to| names.get(to)).map(|to| format!("#{to}")),
        _ => renamed(value, names),
    };
    if let Some(value) = value {
        page.push_str(&format!(" {name}=\"{}\"", escape(&value)));
    }
}

/// The address of pixels that are part of the file.
fn embedded(address: &str) -> Option<String> {
    ["data:image/png", "data:image/jpeg"]
        .iter()
        .any(|start| address.starts_with(start))
        .then(|| address.to_owned())
}

/// The value with every `url(#name)` renamed; none when it refers to something else.
fn renamed(value: &str, names: &Names<'_>) -> Option<String> {
    let mut parts = value.split("url(");
    let mut renamed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once(')')?;
        let name = reference.trim().trim_matches(['"', '\'']).strip_prefix('#')?;
        renamed.push_str(&format!("url(#{}){rest}", names.get(name)?));
    }
    // Letters of either case and escapes could hide an address from the search above.
    let is_hidden = value.contains('\\') || value.to_ascii_lowercase().contains("url (");
    let n_any = value.to_ascii_lowercase().matches("url(").count();
    let is_known = n_any == value.matches("url(").count();
    (!is_hidden && is_known && !value.contains("@import")).then_some(renamed)
}
