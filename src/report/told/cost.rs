//! Section 6: what it costs.

use crate::document::{Block, Cell, Form, SheetChart, SheetChartKind, Span, Table};
use crate::event::EventKind;
use crate::scenario::Frame;
use crate::tables::CONSTRUCTION;

use super::MOST_ROWS;
use super::compared::money_cell;
use super::printed::Print;
use super::teller::{
    Teller, Words, heading, messages, number_column, plain, table, word_cell, word_column, words,
};

messages! {
    HEADING = "投资", "Cost";
    NO_PROGRAMME = "该情景不含建设工程，没有新增投资。学校运转、教师等经常性支出不在测算之内。", "The scenario has no building programme and costs nothing. Running costs and teachers are not counted.";
    NO_INVESTMENT = "该情景的建设工程没有公布投资，也没有可用的单位造价，本报告不评价其成本。", "Neither the investment of the scenario's programmes nor a cost per seat is known; their cost is not judged.";
    TOTAL = "至{horizon}年计入投资{yuan}元（按资料来源的价格，不含运转经费和教师支出），其中{parts}。", "Up to {horizon}, {yuan} yuan is booked (prices of the sources; without running costs and teachers): {parts}.";
    TOTAL_ONE = "至{horizon}年计入投资{yuan}元（按资料来源的价格，不含运转经费和教师支出），全部用于{stage}。", "Up to {horizon}, {yuan} yuan is booked, all for {stage} (prices of the sources; without running costs and teachers).";
    PART = "{stage}{yuan}元", "{stage} {yuan}";
    EFFECT = "分学段看投入与大班额减少的关系：{parts}。", "Pupil-years in oversized classes that this avoids: {parts}.";
    STAGE_EFFECT = "{stage}减少{n}个学生年，每个{yuan}元", "{stage} {n}, at {yuan} yuan each";
    STAGE_NO_EFFECT = "{stage}没有因此减少大班额", "in {stage} none is avoided";
    BY_PROGRAMME = "各工程项目数、教室与投资", "Projects, rooms and investment by programme";
    PROGRAMME = "工程", "programme";
    PROJECTS = "项目（个，按学段计）", "projects, by stage";
    ROOMS = "净增教室（间）", "rooms, net";
    PLANNED = "规划投资（亿元）", "planned (million yuan)";
    BOOKED = "测算计入投资（亿元）", "booked (million yuan)";
    ALL = "合计", "all";
    BY_YEAR = "分年度投资（亿元）", "Investment by year (million yuan)";
    YEAR = "年份", "year";
    MONEY_AXIS = "亿元", "million yuan";
    BY_YEAR_FIGURE = "分年度投资", "Investment by year";
    FIGURE = "投资与大班额减少，各情景", "Investment and pupil-years relieved, all scenarios";
}

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING))];
    let total = t.summary(t.main, "all", "investment_total");
    if !t.builds(t.main) {
        blocks.push(Block::Paragraph(t.say(NO_PROGRAMME, &[])));
    } else if total.value().is_none_or(|yuan| yuan < 0.5) {
        blocks.push(Block::Paragraph(t.say(NO_INVESTMENT, &[])));
    } else {
        blocks.push(t.paragraph(vec![total_told(t), effects(t)]));
        blocks.push(Block::Table(by_programme(t)));
        blocks.extend(by_year(t).map(Block::Table));
        blocks.extend(t.figure(t.main, "investment", BY_YEAR_FIGURE));
    }
    if let Some(compare) = &t.outputs.compare {
        blocks.extend(t.figure(compare, "cost-effect", FIGURE));
    }
    blocks
}

/// Stages in which something is invested.
fn stages(t: &Teller) -> Vec<&'static str> {
    let invests = |key: &&str| {
        t.summary(t.main, key, "investment_total").value().is_some_and(|yuan| yuan >= 0.5)
    };
    t.stage_keys().into_iter().filter(invests).collect()
}

fn total_told(t: &Teller) -> Vec<Span> {
    let money = |stage: &str| t.number(&t.summary(t.main, stage, "investment_total"), Print::Money);
    let stages = stages(t);
    let mut gaps = vec![("horizon", t.city_year("horizon")), ("yuan", money("all"))];
    if let [only] = stages.as_slice() {
        gaps.push(("stage", words(t.stage(only))));
        return t.say(TOTAL_ONE, &gaps);
    }
    let part =
        |stage: &&str| t.say(PART, &[("stage", words(t.stage(stage))), ("yuan", money(stage))]);
    let parts = stages.iter().map(part).collect();
    gaps.push(("parts", t.join(parts, Words { zh: "、", en: ", " })));
    t.say(TOTAL, &gaps)
}

/// What the investment of each stage relieves there; those that are not always told have other aims. Where the city acts of itself, what
/// a plan relieves is not its own.
fn effects(t: &Teller) -> Vec<Span> {
    if t.frame(t.main) == Some(Frame::Likely) {
        return Vec::new();
    }
    let effect = |stage: &'static str| {
        let each = t.summary(t.main, stage, "against_no_build.cost_per_pupil_year_relieved");
        let n = t.summary(t.main, stage, "against_no_build.pupil_years_relieved");
        let name = ("stage", words(t.stage(stage)));
        match each.value().zip(n.value().filter(|n| *n >= 0.5)) {
            Some(_) => {
                let gaps = [
                    name,
                    ("n", t.number(&n, Print::Count)),
                    ("yuan", t.number(&each, Print::Money)),
                ];
                t.say(STAGE_EFFECT, &gaps)
            }
            None => t.say(STAGE_NO_EFFECT, &[name]),
        }
    };
    let told = t.told_stages();
    let told = stages(t).into_iter().filter(|stage| told.contains(stage));
    let parts: Vec<Vec<Span>> = told.map(effect).collect();
    if parts.is_empty() {
        return Vec::new();
    }
    t.say(EFFECT, &[("parts", t.join(parts, Words { zh: "；", en: "; " }))])
}

/// Programmes that come to events, with their titles.
fn programmes(t: &Teller) -> Vec<(String, String)> {
    let titles = t.main.at("resolved.toml", &["programmes"]);
    let keys = t.main.tables.get("events.csv").map(|grid| grid.distinct("programme"));
    let known = keys.into_iter().flatten().filter(|key| titles.get(*key).is_some());
    known
        .map(|key| {
            let title = titles[key][t.pick("title", "title_en")].as_str();
            let title = title.or(titles[key]["title"].as_str()).unwrap_or(key);
            (key.to_string(), title.to_string())
        })
        .collect()
}

fn by_programme(t: &Teller) -> Table {
    let names = [PROJECTS, ROOMS, PLANNED, BOOKED];
    let mut columns = vec![word_column(t.of(PROGRAMME))];
    columns.extend(names.map(|name| number_column(t.of(name))));
    let row = |(key, title): &(String, String)| {
        let of = |column: &str| t.at("events.csv", &[("programme", key)], column);
        let n = |conditions: &[(&str, &str)]| t.at("events.csv", conditions, "*").value();
        let of_kind = |kind: &str| n(&[("programme", key), ("kind", kind)]).unwrap_or(0.0);
        // Neither a year of construction nor the end of a reserve is a project.
        let others = of_kind(CONSTRUCTION) + of_kind(EventKind::Restore(0).key());
        let projects = n(&[("programme", key)]).map(|all| all - others);
        vec![
            word_cell(title),
            projects.map_or(Cell::Missing, |n| Cell::Number(n, Form::Count)),
            of("rooms").value().map_or(Cell::Missing, |n| Cell::Number(n, Form::Count)),
            planned(t, key),
            money_cell(t, &of("investment")),
        ]
    };
    let rows: Vec<Vec<Cell>> = programmes(t).iter().map(row).collect();
    let mut made = table("programmes", t.of(BY_PROGRAMME), columns, rows);
    let files = ["events.csv", "provenance.csv"].map(|file| format!("{}/{file}", t.main.name));
    made.source = Some(t.source(&files));
    made
}

/// What the plan names for a programme.
fn planned(t: &Teller, key: &str) -> Cell {
    let path = format!("programmes.{key}.investment");
    let value = t.at("provenance.csv", &[("path", &path)], "value").value();
    let grid = t.main.tables.get("provenance.csv");
    let row = grid.and_then(|grid| grid.rows(&[("path", &path)])?.first().copied());
    let unit = grid.zip(row).map_or("", |(grid, row)| grid.text(row, "unit"));
    let yuan = match unit {
        "100m yuan" => value.map(|value| value * 1e8),
        "10k yuan" => value.map(|value| value * 1e4),
        "yuan" => value,
        _ => None,
    };
    let (divisor, form) = match t.lang {
        crate::chart::Lang::Zh => (1e8, Form::Decimals(2)),
        crate::chart::Lang::En => (1e6, Form::Decimals(1)),
    };
    yuan.map_or(Cell::Missing, |yuan| Cell::Number(yuan / divisor, form))
}

/// Investment by year and stage; `None` where there are too many years for the text.
fn by_year(t: &Teller) -> Option<Table> {
    let at = |year: i32, stage: &str| t.indicator(t.main, (year, "all", stage), "investment");
    let invests = |year: &i32| at(*year, "all").value().is_some_and(|yuan| yuan >= 0.5);
    let years: Vec<i32> = (t.base..=t.horizon).filter(invests).collect();
    let stages = stages(t);
    let mut columns = vec![word_column(t.of(YEAR))];
    columns.extend(stages.iter().map(|stage| number_column(t.stage(stage))));
    columns.push(number_column(t.of(ALL)));
    let row = |year: &i32| {
        let mut row = vec![Cell::Number(f64::from(*year), Form::Year)];
        row.extend(stages.iter().chain(&["all"]).map(|stage| money_cell(t, &at(*year, stage))));
        row
    };
    let rows: Vec<Vec<Cell>> = years.iter().map(row).collect();
    let mut made = table("investment", t.of(BY_YEAR), columns, rows);
    made.source = Some(t.source_of("indicators.csv"));
    made.chart = Some(SheetChart {
        kind: SheetChartKind::StackedColumns,
        categories: 0,
        series: (1..=stages.len()).collect(),
        values: plain(&t.say(MONEY_AXIS, &[])),
    });
    (made.rows.len() <= MOST_ROWS && !made.rows.is_empty()).then_some(made)
}
