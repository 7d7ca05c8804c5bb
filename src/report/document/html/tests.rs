use super::super::{Cell, Column, Form, Table};
use super::*;

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "link", "br", "hr", "img", "input"];
/// A text that is markup, script, entity, quote and end of a section of characters at once.
const HOSTILE: &str = "</script></style></title><script>alert('x')</script><img src=x onerror=\"y\"> \
                       &amp; & ' \" ]]> --> \u{0} 表";

fn text(words: &str) -> Vec<Span> {
    vec![Span::Text(words.to_owned())]
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

fn number(text: &str) -> Span {
    let rows = vec![("year".to_owned(), "2030".to_owned()), ("stage".to_owned(), "primary".into())];
    let from = Origin { table: "plan/indicators.csv".into(), rows, column: "value".into() };
    Span::Number(Number { text: text.to_owned(), from })
}

fn small_table(key: &str) -> Table {
    let column = |name: &str, is_number| Column { name: name.to_owned(), is_number };
    Table {
        key: key.to_owned(),
        caption: "分学段".to_owned(),
        columns: vec![column("学段", false), column("在校生（人）", true), column("占比", true)],
        rows: vec![
            vec![
                Cell::Words("小学".to_owned()),
                Cell::Number(12345.6, Form::Count),
                Cell::Number(0.0325, Form::Share),
            ],
            vec![
                Cell::Words("初中".to_owned()),
                Cell::Missing,
                Cell::Number(f64::NAN, Form::Share),
            ],
        ],
        source: Some("来源：测算".to_owned()),
        chart: None,
    }
}

fn picture(key: &str, svg: &str) -> Picture {
    Picture {
        key: key.to_owned(),
        caption: "大班额占比".to_owned(),
        description: "小学2028年清零。".to_owned(),
        svg: svg.to_owned(),
        png: Vec::new(),
        width: 720,
        height: 400,
    }
}

const SVG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <svg width=\"720\" height=\"400\" viewBox=\"0 0 7200 4000\" xmlns=\"http://www.w3.org/2000/svg\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" aria-labelledby=\"t\">\
    <title id=\"t\">A</title><defs><clipPath id=\"c\"><rect id=\"r\" width=\"9\"/></clipPath></defs>\
    <g clip-path=\"url(#c)\" fill=\"none\"> <use xlink:href=\"#r\" x=\"1\"/></g></svg>";

fn document(lang: Lang, blocks: Vec<Block>) -> Document {
    let title = match lang {
        Lang::Zh => "焦作市学位测算报告",
        Lang::En => "Seats in Jiaozuo",
    };
    Document {
        lang,
        title: title.to_owned(),
        subtitle: Some("2020—2040".to_owned()),
        about: vec![("City".to_owned(), "Jiaozuo".to_owned())],
        blocks,
        annex: vec![Table { caption: "In the workbook only".to_owned(), ..small_table("annex") }],
    }
}

fn every_block() -> Vec<Block> {
    vec![
        heading(1, "First"),
        Block::Paragraph(vec![
            Span::Text("In 2030 ".to_owned()),
            number("3.2%"),
            Span::Strong("bold".to_owned()),
        ]),
        heading(2, "Second"),
        Block::List(vec![text("one"), text("two")]),
        Block::Remark(text("look")),
        Block::Table(small_table("stages")),
        Block::Figure(picture("oversized", SVG)),
        heading(3, "Third"),
        Block::Table(small_table("more")),
        Block::Figure(picture("seats", SVG)),
    ]
}

/// Names and attributes of the tags of a page, in order; every tag is closed where it was opened.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n").expect("the document type");
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains('>'), "a bracket in words: {before}");
        let (tag, next) = after.split_once('>').expect("the end of a tag");
        rest = next;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "before {rest:.80}");
            continue;
        }
        let is_closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        found.push((name.to_owned(), attributes_of(attributes)));
        if name == "style" || name == "script" {
            rest = rest.split_once(&format!("</{name}>")).expect("its end").1;
        } else if !is_closed && !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new());
    found
}

fn attributes_of(mut rest: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let (inside, after) = quoted.split_once('"').expect("the end of a value");
            value = inside.to_owned();
            rest = after;
        }
        attributes.push((name, value));
    }
    attributes
}

fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// Tags balance, ids are unique, links of the page lead somewhere, and nothing is fetched.
fn check_page(page: &str) {
    let tags = tags(page);
    let mut ids: Vec<&str> = tags.iter().filter_map(|(_, a)| attribute(a, "id")).collect();
    let n_ids = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_ids, "an id twice");
    for (name, attributes) in &tags {
        if let Some(to) = attribute(attributes, "href") {
            let to = to.strip_prefix('#').unwrap_or_else(|| panic!("{name} leads to {to}"));
            assert!(ids.binary_search(&to).is_ok(), "no element {to}");
        }
        for (name, value) in attributes {
            assert!(!name.to_ascii_lowercase().starts_with("on"), "{name}");
            for part in value.split("url(#").skip(1) {
                let to = part.split(')').next().unwrap_or_default();
                assert!(ids.binary_search(&to).is_ok(), "no element {to}");
            }
        }
        assert!(attribute(attributes, "src").is_none(), "{name} has a source");
        assert!(!["link", "iframe", "object", "base", "form"].contains(&name.as_str()));
    }
    assert_eq!(tags.iter().filter(|(name, _)| name == "script").count(), 1);
    for address in ["http://", "https://", "@import", "//cdn", "url(\""] {
        assert!(!page.contains(address), "the page holds {address}");
    }
}

#[test]
fn every_block_stands_in_the_page_in_both_languages() {
    for (lang, tag, expected) in [
        (
            Lang::Zh,
            "zh-CN",
            [
                "<h2 id=\"section-1\"><span>一、</span>First</h2>",
                "<h3 id=\"section-1-1\"><span>（一）</span>Second</h3>",
                "<h4 id=\"section-1-1-1\"><span>1.</span> Third</h4>",
                "<b>表 1</b>\u{3000}分学段",
                "<b>表 2</b>\u{3000}分学段",
                "<figcaption><b>图 1</b>\u{3000}大班额占比</figcaption>",
                "<figcaption><b>图 2</b>\u{3000}大班额占比</figcaption>",
                "<a href=\"#section-1-1\">（一）Second</a>",
                "<a href=\"#stages\">表 1\u{3000}分学段</a>",
            ],
        ),
        (
            Lang::En,
            "en",
            [
                "<h2 id=\"section-1\"><span>1</span> First</h2>",
                "<h3 id=\"section-1-1\"><span>1.1</span> Second</h3>",
                "<h4 id=\"section-1-1-1\"><span>1.1.1</span> Third</h4>",
                "<b>Table 1</b>. 分学段",
                "<b>Table 2</b>. 分学段",
                "<figcaption><b>Figure 1</b>. 大班额占比</figcaption>",
                "<figcaption><b>Figure 2</b>. 大班额占比</figcaption>",
                "<a href=\"#section-1-1\">1.1 Second</a>",
                "<a href=\"#stages\">Table 1. 分学段</a>",
            ],
        ),
    ] {
        let page = html(&document(lang, every_block()));
        check_page(&page);
        assert!(page.contains(&format!("<html lang=\"{tag}\">")));
        for part in expected {
            assert!(page.contains(part), "no {part}");
        }
        for part in [
            "<li>one</li>\n<li>two</li>",
            "<div class=\"remark\" role=\"note\"><p>look</p></div>",
            "<strong>bold</strong>",
            "<p class=\"source\">来源：测算</p>",
            "<meta name=\"description\" content=\"2020—2040",
        ] {
            assert!(page.contains(part), "no {part}");
        }
        assert!(!page.contains("In the workbook only"));
        assert_eq!(page, html(&document(lang, every_block())));
    }
}

#[test]
fn a_number_says_where_it_was_read() {
    let page = html(&document(Lang::En, vec![Block::Paragraph(vec![number("3.2%")])]));
    let expected = "<span class=\"number\" tabindex=\"0\" \
                    title=\"plan/indicators.csv · year=2030, stage=primary · value\" \
                    data-table=\"plan/indicators.csv\" \
                    data-rows=\"year=2030&amp;stage=primary\" data-column=\"value\">3.2%</span>";
    assert!(page.contains(expected), "{page}");
}

#[test]
fn cells_carry_their_value_in_full() {
    let page = html(&document(Lang::Zh, vec![Block::Table(small_table("stages"))]));
    let expected = "<tr><th scope=\"row\" class=\"s\">小学</th>\
                    <td class=\"n\" data-value=\"12345.6\">12,346</td>\
                    <td class=\"n\" data-value=\"0.0325\">3.2%</td></tr>\n\
                    <tr><th scope=\"row\" class=\"s\">初中</th>\
                    <td class=\"n\" data-missing>—</td><td class=\"n\" data-missing>—</td></tr>";
    assert!(page.contains(expected), "{page}");
    assert!(page.contains("<th scope=\"col\" class=\"n long\">在校生（人）</th>"));
}

#[test]
fn a_table_without_rows_or_cells_is_whole() {
    let mut empty = small_table("empty");
    empty.rows.clear();
    let mut ragged = small_table("ragged");
    ragged.rows.iter_mut().for_each(|row| row.truncate(1));
    let none = Table { columns: Vec::new(), ..small_table("none") };
    let blocks = [empty, ragged, none].map(Block::Table).to_vec();
    let page = html(&document(Lang::Zh, blocks));
    check_page(&page);
    assert!(page.contains("<tr><td colspan=\"3\">无</td></tr>"));
    assert_eq!(page.matches("<td class=\"n\" data-missing>—</td>").count(), 4);
}

#[test]
fn hostile_text_stays_text_wherever_it_stands() {
    let words = || HOSTILE.to_owned();
    let column = |is_number| Column { name: words(), is_number };
    let from = Origin { table: words(), rows: vec![(words(), words())], column: words() };
    let table = Table {
        key: words(),
        caption: words(),
        columns: vec![column(false), column(true)],
        rows: vec![vec![Cell::Words(words()), Cell::Words(words())]],
        source: Some(words()),
        chart: None,
    };
    let figure = |svg: &str| {
        let (key, caption, description) = (words(), words(), words());
        Block::Figure(Picture { key, caption, description, ..picture("", svg) })
    };
    let spans = || {
        let number = Number { text: words(), from: from.clone() };
        vec![Span::Text(words()), Span::Strong(words()), Span::Number(number)]
    };
    let blocks = vec![
        heading(1, HOSTILE),
        Block::Paragraph(spans()),
        Block::List(vec![spans()]),
        Block::Remark(spans()),
        Block::Table(table),
        figure(SVG),
        figure(HOSTILE),
    ];
    let document = Document {
        lang: Lang::Zh,
        title: words(),
        subtitle: Some(words()),
        about: vec![(words(), words())],
        blocks,
        annex: Vec::new(),
    };
    let page = html(&document);
    check_page(&page);
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains('\u{0}'));
    // Title twice; description and list of about; heading and contents; and so on.
    assert!(page.matches("&lt;script&gt;alert('x')").count() > 30);
}

#[test]
fn the_shapes_of_two_figures_have_different_names() {
    let figures = ["a", "b"].map(|key| Block::Figure(picture(key, SVG))).to_vec();
    let page = html(&document(Lang::Zh, figures));
    check_page(&page);
    for part in [
        "<svg role=\"img\" aria-labelledby=\"shape-1-title shape-1-desc\" width=\"720\" \
         height=\"400\" viewBox=\"0 0 7200 4000\">\
         <title id=\"shape-1-title\">大班额占比</title>\
         <desc id=\"shape-1-desc\">小学2028年清零。</desc>",
        "<defs><clipPath id=\"shape-2-2\"><rect id=\"shape-2-3\" width=\"9\"/></clipPath></defs>\
         <g clip-path=\"url(#shape-2-2)\" fill=\"none\"><use href=\"#shape-2-3\" x=\"1\"/></g></svg>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(!page.contains("<?xml"));
}

#[test]
fn what_acts_or_fetches_is_not_taken_from_a_picture() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" \
        xmlns:xlink=\"http://www.w3.org/1999/xlink\" onload=\"alert(1)\">\
        <script>alert(1)</script><style>@import 'http://a.example/x.css';</style>\
        <foreignObject><p>x</p></foreignObject>\
        <a xlink:href=\"javascript:alert(1)\"><rect/></a>\
        <image href=\"http://a.example/x.png\" width=\"1\"/>\
        <image href=\"data:image/png;base64,AA==\" width=\"2\"/>\
        <image href=\"data:image/svg+xml,x\" width=\"3\"/>\
        <use href=\"other.svg#x\"/><g ONCLICK=\"x()\" fill=\"url(http://a.example/#x)\" \
        stroke=\"URL(http://a.example/#x)\" style=\"mask:\\75rl(//a)\" opacity=\"1\"/>\
        <text>1 &lt; 2 &amp; 3</text></svg>";
    let inside = svg::inline(&picture("a", svg), 1).expect("a picture");
    let (_, shapes) = inside.split_once("</desc>").expect("a description");
    let expected = "<image width=\"1\"/>\
        <image href=\"data:image/png;base64,AA==\" width=\"2\"/><image width=\"3\"/>\
        <use/><g opacity=\"1\"/><text>1 &lt; 2 &amp; 3</text></svg>";
    assert_eq!(shapes, expected);
    assert!(inside.starts_with("<svg role=\"img\"") && !inside.contains("alert"));
}

#[test]
fn a_picture_that_cannot_be_read_is_told_in_words() {
    for svg in ["", "<svg", "<html/>", "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"] {
        let page = html(&document(Lang::Zh, vec![Block::Figure(picture("a", svg))]));
        check_page(&page);
        assert!(page.contains("<div class=\"card\"><p>小学2028年清零。</p></div>"));
    }
}

#[test]
fn a_picture_of_many_levels_is_no_danger() {
    let deep = 500;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\">{}{}</svg>",
        "<g>".repeat(deep),
        "</g>".repeat(deep)
    );
    let page = svg::inline(&picture("a", &svg), 1).expect("a picture");
    // The innermost is empty and closes itself.
    assert_eq!(page.matches("</g>").count(), deep - 1);
}

#[test]
fn the_empty_document_is_a_page() {
    for (lang, title) in [(Lang::Zh, "报告"), (Lang::En, "Report")] {
        let document = Document {
            lang,
            title: String::new(),
            subtitle: None,
            about: Vec::new(),
            blocks: Vec::new(),
            annex: Vec::new(),
        };
        let page = html(&document);
        check_page(&page);
        assert!(page.contains(&format!("<title>{title}</title>")));
        assert!(page.contains(&format!("<h1>{title}</h1>")));
        assert!(page.contains("<main id=\"text\">\n</main>"));
        assert!(!page.contains("<nav"));
    }
}

#[test]
fn the_policy_allows_nothing_from_outside() {
    let page = html(&document(Lang::Zh, Vec::new()));
    assert!(page.contains(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:;"
    ));
    // What would end the elements that hold them.
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
}
