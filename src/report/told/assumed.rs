//! Section 3: what is assumed, and what the figures rest on.

use serde_json::Value;

use crate::axes::{Stage, Stages};
use crate::chart::Lang;
use crate::document::{Block, Cell, Span, Table};

use super::printed::{Print, grouped};
use super::teller::{Teller, Words, heading, messages, table, word_cell, word_column, words};

messages! {
    HEADING = "主要假设与数据来源", "What is assumed";
    COUNTS = "测算共用参数{n}项，其中{parts}。", "The run uses {n} figures: {parts}.";
    MEASURED = "统计实测{n}项", "{n} measured";
    OFFICIAL = "官方文件公布{n}项", "{n} from official documents";
    DERIVED = "由公布数据推算{n}项", "{n} derived from published ones";
    ASSUMED = "本项目假设{n}项", "{n} assumed";
    FEW_ASSUMED = "参数均有公布来源或由其推算。", "None of them is assumed.";
    MARKED = "下表列出对结果影响较大的参数，依据一栏标注“▲假设”的没有公布来源，使用前应由当地核实；全部参数见附表。",
        "The table shows the figures that matter most. Those marked “▲ assumed” have no published source and should be checked by those who know the place; all figures stand in the annex.";
    DOCUMENTS = "公布数据主要取自：{titles}。", "Published figures come from {titles}.";
    CAPTION = "主要参数及依据", "Main figures and what they rest on";
    FIGURE = "参数", "figure";
    VALUE = "取值", "value";
    RANGE = "合理范围", "plausible range";
    BASIS = "依据", "basis";
    ALL_CAPTION = "全部参数及来源", "All figures with their sources";
    PATH = "参数路径", "path";
    UNIT = "单位", "unit";
    SOURCE = "来源", "source";
    LOW = "下限", "low";
    HIGH = "上限", "high";
    NOTE = "说明", "note";
    IN_FILE = "文件", "file";
    LINE = "行", "line";
}

/// Most figures in the text.
const MOST_FIGURES: usize = 25;
/// Most documents that are named.
const MOST_DOCUMENTS: usize = 8;
/// Most districts that are named in one figure.
const MOST_DISTRICTS: usize = 3;

/// Beginning and end of paths of people, the weightiest first, and their words. What stands between is a name.
const OF_PEOPLE: &[(&str, &str, Words)] = &[
    ("population.fertility.total", "", Words { zh: "总和生育率", en: "total fertility rate" }),
    ("population.net_migration.", ".rate", Words { zh: "净迁移率", en: "net migration" }),
    ("population.moves.", ".rate", Words { zh: "市内迁移率", en: "moves inside the city" }),
];

/// The same of what follows the rates of enrolment.
const OF_SCHOOLS: &[(&str, &str, Words)] = &[
    ("attendance.", ".share", Words { zh: "跨地就读比例", en: "at school elsewhere" }),
    ("schools.choice.", "", Words { zh: "择校强度", en: "school choice" }),
    (
        "schools.class_spread",
        "",
        Words { zh: "同校同年级班额离散度", en: "spread of class sizes in a grade" },
    ),
    ("unit_types.", ".cost_per_seat", Words { zh: "单位造价", en: "cost per seat" }),
    ("programmes.", ".delay", Words { zh: "工程推迟", en: "delay of the programme" }),
    (
        "programmes.",
        ".delivered",
        Words { zh: "工程完成比例", en: "share of the programme delivered" },
    ),
];

/// A figure that matters: beginning and end of its path, and its name.
type Figure = (String, &'static str, String);

/// The figures that matter, in the order of weight.
fn figures(t: &Teller) -> Vec<Figure> {
    let with_words = |(beginning, end, name): &(&str, &'static str, Words)| {
        (beginning.to_string(), *end, t.of(*name).to_string())
    };
    let rates = rates(t.stages).into_iter().map(|(path, zh, en)| (path, "", picked(t, zh, en)));
    let people = OF_PEOPLE.iter().map(with_words);
    people.chain(rates).chain(OF_SCHOOLS.iter().map(with_words)).collect()
}

fn picked(t: &Teller, zh: String, en: String) -> String {
    if t.lang == Lang::Zh { zh } else { en }
}

/// Rates of enrolment in the order of weight: path, Chinese and English name.
fn rates(stages: &'static Stages) -> Vec<(String, String, String)> {
    let by_rate = stages.iter().filter(|stage| stage.is_by_rate()).map(|stage| {
        (
            format!("enrolment.{}.gross_rate", stage.key()),
            format!("学前{}年毛入园率", in_chinese(stage.n_grades())),
            format!("gross enrolment rate of {}", stage.schools_en()),
        )
    });
    let entered = stages.iter().filter(|stage| stage.starts_cohorts()).map(|stage| {
        (
            format!("enrolment.{}.coverage", stage.key()),
            format!("{}入学人数与适龄儿童之比", stage.zh()),
            "first-graders per child of the age".to_string(),
        )
    });
    let mut rates: Vec<_> = by_rate.chain(entered).collect();
    if let Some([first, _]) = stages.pair()
        && let Some(before) = first.follows()
    {
        rates.push((
            format!("enrolment.{}.continuation", first.key()),
            format!("{}毕业生升学率（不含技工学校）", before.zh()),
            format!("continuation after {} school (without technical schools)", before.en()),
        ));
        rates.push((
            format!("enrolment.{}.academic_share", first.key()),
            format!("升学者中{}占比", first.zh()),
            format!("share of those who continue that enter {}", first.schools_en()),
        ));
    }
    rates
}

/// A small number in Chinese.
fn in_chinese(n: usize) -> String {
    const NUMBERS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    n.checked_sub(1).and_then(|at| NUMBERS.get(at)).map_or_else(|| n.to_string(), |n| n.to_string())
}

/// Inputs that targets name and the table of main figures leaves out: path and name.
fn other_inputs(t: &Teller) -> Vec<(String, String)> {
    let compulsory = t.stages.compulsory();
    let years: usize = compulsory.iter().map(|stage| stage.n_grades()).sum();
    let first = compulsory.first().filter(|_| years == NINE_YEARS);
    let name = t.pick("九年义务教育巩固率", "nine-year retention rate");
    let input = |stage: &Stage| (format!("enrolment.{}.retention", stage.key()), name.to_string());
    first.map(input).into_iter().collect()
}

/// Years of compulsory schooling over which retention is published.
const NINE_YEARS: usize = 9;

/// Words of units that figures have.
const UNITS: &[(&str, &str)] = &[
    ("ratio", "（比值）"),
    ("children per woman", "个孩子/妇女"),
    ("pupils", "人"),
    ("people", "人"),
    ("pupils per class", "人/班"),
    ("yuan per seat", "元/学位"),
    ("100m yuan", "亿元"),
    ("rooms", "间"),
    ("schools", "所"),
    ("seats", "个学位"),
    ("years", "年"),
    ("year", "年"),
    ("standard deviations", "个标准差"),
    ("share", "（比例）"),
    ("yuan", "元"),
];

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING)), t.paragraph(vec![counts(t), documents(t)])];
    let chosen = key_figures(t);
    if !chosen.rows.is_empty() {
        blocks.push(Block::Paragraph(t.say(MARKED, &[])));
        blocks.push(Block::Table(chosen));
    }
    blocks
}

fn counts(t: &Teller) -> Vec<Span> {
    let kinds = [
        ("measured", MEASURED),
        ("official", OFFICIAL),
        ("derived", DERIVED),
        ("assumption", ASSUMED),
    ];
    let mut parts = Vec::new();
    let mut is_any_assumed = false;
    for (basis, message) in kinds {
        let at = t.at("provenance.csv", &[("basis", basis)], "*");
        if at.value().is_some_and(|n| n > 0.0) {
            is_any_assumed |= basis == "assumption";
            parts.push(t.say(message, &[("n", t.number(&at, Print::Count))]));
        }
    }
    let all = t.number(&t.at("provenance.csv", &[], "*"), Print::Count);
    let parts = t.join(parts, Words { zh: "，", en: ", " });
    let mut sentences = vec![t.say(COUNTS, &[("n", all), ("parts", parts)])];
    if !is_any_assumed {
        sentences.push(t.say(FEW_ASSUMED, &[]));
    }
    t.sentences(sentences)
}

/// Titles of the published sources, in the order of how many figures rest on them.
fn documents(t: &Teller) -> Vec<Span> {
    let Some(grid) = t.main.tables.get("provenance.csv") else { return Vec::new() };
    let mut titles: Vec<(&str, usize)> = Vec::new();
    for row in 0..grid.n_rows() {
        let title = grid.text(row, "title");
        if title.is_empty() || !matches!(grid.text(row, "basis"), "measured" | "official") {
            continue;
        }
        match titles.iter_mut().find(|(known, _)| *known == title) {
            Some((_, n)) => *n += 1,
            None => titles.push((title, 1)),
        }
    }
    titles.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let titles: Vec<&str> = titles.iter().take(MOST_DOCUMENTS).map(|(title, _)| *title).collect();
    if titles.is_empty() {
        return Vec::new();
    }
    t.say(DOCUMENTS, &[("titles", words(titles.join(t.pick("；", "; "))))])
}

fn key_figures(t: &Teller) -> Table {
    let mut rows = Vec::new();
    if let Some(grid) = t.main.tables.get("provenance.csv") {
        for (beginning, end, name) in &figures(t) {
            for row in 0..grid.n_rows() {
                let cell = |column: &str| grid.text(row, column);
                let rest = cell("path")
                    .strip_prefix(beginning.as_str())
                    .and_then(|rest| rest.strip_suffix(end));
                let is_group = beginning.ends_with('.');
                let Some(rest) = rest.filter(|rest| is_group != rest.is_empty()) else { continue };
                if is_usual(beginning, end, cell("value")) {
                    continue;
                }
                let name = match rest {
                    "" => name.clone(),
                    rest => format!("{name}{}{}", t.pick("：", ": "), detail(t, beginning, rest)),
                };
                let range = match (cell("low"), cell("high")) {
                    ("", "") => Cell::Missing,
                    (low, high) => {
                        let sign = if cell("unit") == "percent" { "%" } else { "" };
                        let [low, high] = [low, high].map(|end| match end {
                            "" => String::new(),
                            end => format!("{end}{sign}"),
                        });
                        word_cell(grouped(&format!("{low}{}{high}", t.pick("～", " to "))))
                    }
                };
                let value = valued(t, cell("value"), cell("unit"));
                let basis = basis(t, cell("basis"));
                rows.push(vec![word_cell(name), word_cell(value), range, word_cell(basis)]);
            }
        }
    }
    rows.truncate(MOST_FIGURES);
    let columns = [FIGURE, VALUE, RANGE, BASIS].map(|name| word_column(t.of(name))).to_vec();
    let mut made = table("main-figures", t.of(CAPTION), columns, rows);
    made.source = Some(t.source_of("provenance.csv"));
    made
}

/// Whether a figure says that nothing is out of the ordinary: no school choice, no delay, all delivered.
fn is_usual(beginning: &str, end: &str, value: &str) -> bool {
    let value = value.parse::<f64>().ok();
    match (beginning, end) {
        ("schools.choice.", _) | (_, ".delay") => value == Some(0.0),
        (_, ".delivered") => value == Some(100.0),
        _ => false,
    }
}

/// What a figure is about, from its group in the resolved scenario: ages, stages, from where to where; else its name.
fn detail(t: &Teller, beginning: &str, name: &str) -> String {
    let keys: Vec<&str> =
        beginning.split('.').filter(|key| !key.is_empty()).chain([name]).collect();
    let group = t.main.at("resolved.toml", &keys);
    let list = |key: &str| -> Vec<&str> {
        group[key].as_array().into_iter().flatten().filter_map(|item| item.as_str()).collect()
    };
    let place = |side: &str| {
        let zones: Vec<String> =
            list(&format!("{side}_zones")).iter().map(|key| zone(t, key)).collect();
        let districts: Vec<String> =
            list(&format!("{side}_districts")).iter().map(|key| t.district(key)).collect();
        let zones = zones.join(t.pick("、", ", "));
        match (districts.as_slice(), zones.is_empty()) {
            ([], _) => zones,
            (all, true) => shortened(t, all),
            (all, false) => format!("{}{}{zones}", shortened(t, all), t.pick("", ", ")),
        }
    };
    let mut parts: Vec<String> = list("stages").iter().map(|key| t.stage(key)).collect();
    if let (Some(first), Some(last)) = (group["ages"][0].as_i64(), group["ages"][1].as_i64()) {
        parts.push(format!("{}{first}–{last}{}", t.pick("", "ages "), t.pick("岁", "")));
    }
    let (from, to) = (place("from"), place("to"));
    if !from.is_empty() || !to.is_empty() {
        parts.push(format!("{from}{}{to}", t.pick("→", " → ")));
    }
    parts.extend(building(t, group));
    let title = group[t.pick("title", "title_en")].as_str();
    match (title, parts.is_empty()) {
        (Some(title), _) => title.to_string(),
        (None, true) => t.stage(name),
        (None, false) => parts.join(t.pick("，", ", ")),
    }
}

/// The first of many districts and how many there are.
fn shortened(t: &Teller, districts: &[String]) -> String {
    match districts {
        [first, .., _] if districts.len() > MOST_DISTRICTS => match t.lang {
            Lang::Zh => format!("{first}等{}个县（市、区）", districts.len()),
            Lang::En => format!("{first} and {} others", districts.len() - 1),
        },
        few => few.join(t.pick("、", ", ")),
    }
}

/// A unit of building in words: new or extension, of which stages, with how many rooms.
fn building(t: &Teller, group: &Value) -> Option<String> {
    let kind = match group["kind"].as_str()? {
        "new" => t.pick("新建", "new "),
        "extension" => t.pick("扩建", "extension of "),
        _ => return None,
    };
    let stages = group["rooms"].as_object()?.iter().map(|(stage, rooms)| {
        let rooms = rooms["value"].as_i64().map(|n| match t.lang {
            Lang::Zh => format!("（{n}间）"),
            Lang::En => format!(" ({n} rooms)"),
        });
        format!("{}{}", t.stage(stage), rooms.unwrap_or_default())
    });
    Some(format!("{kind}{}", stages.collect::<Vec<_>>().join(t.pick("、", ", "))))
}

fn zone(t: &Teller, key: &str) -> String {
    match key {
        "urban" => t.pick("城区", "urban areas"),
        "town" => t.pick("镇区", "towns"),
        "rural" => t.pick("乡村", "countryside"),
        other => other,
    }
    .to_string()
}

/// What a figure rests on; an assumption is marked.
fn basis(t: &Teller, key: &str) -> String {
    match key {
        "measured" => t.pick("统计实测", "measured"),
        "official" => t.pick("官方公布", "official"),
        "derived" => t.pick("推算", "derived"),
        "assumption" => t.pick("▲假设", "▲ assumed"),
        other => other,
    }
    .to_string()
}

/// A value with its unit; a percent sign stands at every number.
fn valued(t: &Teller, value: &str, unit_of: &str) -> String {
    match unit_of {
        "percent" => short(value, "%", t),
        _ => grouped(&format!("{}{}", short(value, "", t), unit(t, unit_of))),
    }
}

/// The words of a unit after a value.
fn unit(t: &Teller, unit: &str) -> String {
    if t.lang == Lang::En {
        return format!(" {}", if unit == "ratio" { "(ratio)" } else { unit });
    }
    let found = UNITS.iter().find(|(known, _)| *known == unit);
    found.map_or(format!(" {unit}"), |(_, zh)| zh.to_string())
}

/// A value as written, years and lists shortened to their first and last: `1.33 (2020) … 1.22 (2024)`.
fn short(value: &str, sign: &str, t: &Teller) -> String {
    let inside = |open: char, close: char| {
        let inner = value.trim().strip_prefix(open)?.strip_suffix(close)?;
        let parts: Vec<&str> = inner.split(',').map(str::trim).collect();
        Some((*parts.first()?, *parts.last()?, parts.len()))
    };
    let dated = |part: &str| match part.split_once('=') {
        Some((year, value)) => match t.lang {
            Lang::Zh => format!("{}{sign}（{}年）", value.trim(), year.trim()),
            Lang::En => format!("{}{sign} ({})", value.trim(), year.trim()),
        },
        None => format!("{part}{sign}"),
    };
    match inside('{', '}').or_else(|| inside('[', ']')) {
        Some((only, _, 1)) => dated(only),
        Some((first, last, _)) => format!("{} … {}", dated(first), dated(last)),
        None => format!("{value}{sign}"),
    }
}

/// Words in which the paths of inputs are replaced by the names that the report has for them.
pub(super) fn with_names(t: &Teller, words: &str) -> String {
    let inputs = figures(t).into_iter().filter(|(path, _, _)| !path.ends_with('.'));
    let inputs = inputs.map(|(path, _, name)| (path, name)).chain(other_inputs(t));
    inputs.fold(words.to_string(), |text, (path, name)| match t.lang {
        Lang::Zh => text.replace(&format!(" {path} "), &format!("“{name}”")),
        Lang::En => text.replace(&path, &format!("“{name}”")),
    })
}

/// Every figure with its source.
pub(super) fn all_figures(t: &Teller) -> Option<Table> {
    let grid = t.main.tables.get("provenance.csv")?;
    let names = [PATH, VALUE, UNIT, LOW, HIGH, BASIS, SOURCE, NOTE, IN_FILE, LINE];
    let keys = ["path", "value", "unit", "low", "high", "basis", "title", "note", "file", "line"];
    let row = |row: usize| {
        let cell = |key: &str| {
            let text = grid.text(row, key);
            if text.is_empty() {
                Cell::Missing
            } else if key == "basis" {
                word_cell(basis(t, text))
            } else {
                word_cell(text)
            }
        };
        keys.map(cell).to_vec()
    };
    let columns = names.map(|name| word_column(t.of(name))).to_vec();
    let rows = (0..grid.n_rows()).map(row).collect();
    let mut made = table("figures", t.of(ALL_CAPTION), columns, rows);
    made.source = Some(t.source_of("provenance.csv"));
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::china;
    use crate::samples::english;

    #[test]
    fn rates_are_named_after_their_stages() {
        let chinese: Vec<String> = rates(china()).into_iter().map(|(_, zh, _)| zh).collect();
        let names = [
            "学前三年毛入园率",
            "小学入学人数与适龄儿童之比",
            "初中毕业生升学率（不含技工学校）",
            "升学者中普通高中占比",
        ];
        assert_eq!(chinese, names);
        let all: Vec<String> = rates(english()).into_iter().map(|(path, ..)| path).collect();
        assert_eq!(all, ["enrolment.nursery.gross_rate", "enrolment.first.coverage"]);
    }
}
