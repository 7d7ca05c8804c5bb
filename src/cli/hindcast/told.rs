//! What `hindcast` says on the terminal.

use std::io::stderr;

use crate::city::Name;
use crate::hindcast::errors::{ErrorRow, Group};
use crate::hindcast::expectations::{Expectation, Nearer};
use crate::hindcast::{Pair, Rival, Skipped, Status};
use crate::input::Observation;
use crate::observed::Family;
use crate::report::chart::Lang;
use crate::report::hindcast::{Hindcast, StartDone};
use crate::units::Year;

use super::results::table;

/// Most pairs of a start that are listed.
const MOST_PAIRS: usize = 60;

fn pick(lang: Lang, zh: &str, en: &str) -> String {
    if lang == Lang::Zh { zh.to_string() } else { en.to_string() }
}

fn name(lang: Lang, name: &Name) -> String {
    pick(lang, &name.zh, &name.en)
}

/// A published figure with which nothing is compared.
pub(super) fn single(o: &Observation, reason: Name) -> Skipped {
    Skipped {
        quantity: o.quantity.clone(),
        place: o.place.clone(),
        year: o.year,
        value: Some(o.value),
        unit: o.unit.clone(),
        n: 1,
        reason,
    }
}

/// Figures of districts, of one kind and year.
pub(super) fn of_districts(family: &str, year: Year) -> Skipped {
    Skipped {
        quantity: family.to_string(),
        place: "districts".to_string(),
        year,
        value: None,
        unit: String::new(),
        n: 1,
        reason: Name {
            zh: "只比较全市数字".to_string(),
            en: "only figures of the whole city are compared".to_string(),
        },
    }
}

/// Tells everything: start by start the pairs, then errors, then what plans expected.
pub(super) fn tell(hindcast: &Hindcast, lang: Lang) {
    for start in &hindcast.starts {
        of_start(start, hindcast.draws, lang);
    }
    errors(hindcast, lang);
    expectations(hindcast, lang);
}

fn of_start(start: &StartDone, draws: u32, lang: Lang) {
    let city = &start.loaded.scenario.city;
    let (base, n) = (start.known.base_year, start.pairs.len());
    let n_counted = start.pairs.iter().filter(|p| p.status == Status::Counted).count();
    let n_skipped: usize = start.skipped.iter().map(|row| row.n).sum();
    let (title, n_factors) = (name(lang, &city.name), start.factors.len());
    match lang {
        Lang::Zh => eprintln!(
            "{}：{title}（{base}年起）；可比数字{n}个，其中预测{n_counted}个，未比较{n_skipped}个；{n_factors}项参数抽样{draws}次",
            start.key
        ),
        Lang::En => eprintln!(
            "{}: {title} ({base}); figures compared: {n}, of them forecasts: {n_counted}, not compared: {n_skipped}; figures drawn {draws} times: {n_factors}",
            start.key
        ),
    }
    if start.known.until.is_none() {
        let zh = "  不是预测：起点没有 calibration.known_until，用到了后来的数据";
        let en = "  not a forecast: the city was made with later figures (it has no calibration.known_until)";
        eprintln!("{}", pick(lang, zh, en));
    }
    if let Some(why) = &start.no_progression {
        eprintln!(
            "  {}{why}",
            pick(lang, "没有年级递推作对照：", "no grade progression beside it: ")
        );
    }
    if start.n_refused > 0 {
        let n = start.n_refused;
        let (zh, en) = (
            format!("  {n}次抽样不合规则，未计"),
            format!("  {n} draws are refused by the rules of the input and left out"),
        );
        eprintln!("{}", pick(lang, &zh, &en));
    }
    for file in &start.left_out {
        eprintln!(
            "  {}{file}",
            pick(lang, "目标文件未能使用：", "targets that could not be used: ")
        );
    }
    eprintln!("\n{}", pairs(start, lang));
}

fn pairs(start: &StartDone, lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => {
            ["指标", "年份", "公布", "测算", "80%区间", "误差", "沿用上值", "年级递推", "说明"]
        }
        Lang::En => [
            "quantity",
            "year",
            "published",
            "model",
            "80 % interval",
            "error",
            "last value",
            "progression",
            "remark",
        ],
    };
    let rows: Vec<Vec<String>> =
        start.pairs.iter().take(MOST_PAIRS).map(|pair| pair_row(pair, lang)).collect();
    let mut text = table(&header.map(String::from), &rows, &[1, 2, 3, 4, 5, 6, 7], &stderr());
    if start.pairs.len() > MOST_PAIRS {
        let n = start.pairs.len() - MOST_PAIRS;
        text +=
            &pick(lang, &format!("其余{n}个见 pairs.csv\n"), &format!("{n} more in pairs.csv\n"));
    }
    text
}

fn pair_row(pair: &Pair, lang: Lang) -> Vec<String> {
    let published = &pair.published;
    let is_share = published.quantity.family.is_share();
    let value = |value: f64| shown(pair.shown(value), published.quantity.family);
    let error = |error: Option<f64>| error.map_or("–".to_string(), |e| signed(e, is_share, lang));
    let interval =
        pair.interval.map_or("–".to_string(), |(a, b)| format!("{}–{}", value(a), value(b)));
    let mut remarks: Vec<String> = Vec::new();
    for rival in pair.beaten_by() {
        remarks.push(worse_than(rival, lang));
    }
    match pair.status {
        Status::Counted => {}
        Status::Used => {
            remarks.push(format!("{}{}", pick(lang, "已用：", "used: "), name(lang, &pair.reason)))
        }
        Status::NotForecast => remarks.push(pick(lang, "不是预测", "not a forecast")),
        Status::Incomparable => {
            remarks.push(pick(lang, "口径不同，不计入", "counts something else, left out"))
        }
    }
    vec![
        name(lang, &published.quantity.name()),
        published.year.to_string(),
        value(published.value),
        value(pair.model),
        interval,
        error(pair.model_error()),
        error(pair.rival_error(Rival::LastValue)),
        error(pair.rival_error(Rival::Progression)),
        remarks.join(pick(lang, "；", "; ").as_str()),
    ]
}

fn worse_than(rival: Rival, lang: Lang) -> String {
    match rival {
        Rival::LastValue => pick(lang, "不如沿用上值", "worse than the last value"),
        Rival::Progression => pick(lang, "不如年级递推", "worse than grade progression"),
    }
}

/// Counts whole, means to a tenth, shares (in percent) to a hundredth.
fn shown(value: f64, family: Family) -> String {
    match family {
        Family::MeanClass => format!("{value:.1}"),
        family if family.is_share() => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}

fn signed(error: f64, is_share: bool, lang: Lang) -> String {
    match is_share {
        true => format!("{error:+.2} {}", pick(lang, "点", "pts")),
        false => format!("{error:+.1} %"),
    }
}

fn errors(hindcast: &Hindcast, lang: Lang) {
    let totals: Vec<&ErrorRow> = hindcast.errors.iter().filter(|row| row.lead.is_none()).collect();
    if totals.is_empty() {
        eprintln!("{}\n", pick(lang, "没有预测可计误差", "no forecasts, so no errors are counted"));
        return;
    }
    let header = match lang {
        Lang::Zh => [
            "起点",
            "指标",
            "学段",
            "个数",
            "平均绝对误差",
            "偏差",
            "沿用上值",
            "年级递推",
            "80%区间覆盖",
            "说明",
        ],
        Lang::En => [
            "start",
            "quantity",
            "stages",
            "n",
            "mean error",
            "bias",
            "last value",
            "progression",
            "80 % coverage",
            "remark",
        ],
    };
    let rows: Vec<Vec<String>> = totals.iter().map(|row| error_row(hindcast, row, lang)).collect();
    eprintln!("{}", table(&header.map(String::from), &rows, &[3, 4, 5, 6, 7], &stderr()));
    if let Some(row) = totals.iter().find(|row| row.family == Family::Pupils) {
        for reference in hindcast.references_near(hindcast.mean_lead(row)) {
            let (publisher, series) = (&reference.publisher, &reference.series);
            let (mape, lead) = (reference.mape_percent, reference.lead_years);
            let zh = format!("对照：{publisher}，{series}，提前{lead}年，平均绝对误差{mape} %");
            let en = format!("for comparison: {publisher}, {series}, {lead} years ahead: {mape} %");
            eprintln!("{}", pick(lang, &zh, &en));
        }
        eprintln!();
    }
}

fn error_row(hindcast: &Hindcast, row: &ErrorRow, lang: Lang) -> Vec<String> {
    let is_share = row.family.is_share();
    let size = |value: f64| match is_share {
        true => format!("{value:.2} {}", pick(lang, "点", "pts")),
        false => format!("{value:.1} %"),
    };
    let rival = |rival: Rival| {
        let found = row.rivals.iter().find(|r| r.rival == rival);
        found.map_or("–".to_string(), |r| match r.n == row.n {
            true => size(r.mean_absolute),
            false => format!("{} (n = {})", size(r.mean_absolute), r.n),
        })
    };
    let coverage = match row.coverage() {
        Some(share) => format!("{:.0} %", 100.0 * share),
        None => {
            let n = row.n_interval;
            pick(lang, &format!("n = {n}：太少"), &format!("n = {n}: too few"))
        }
    };
    let remarks: Vec<String> = row.beaten_by().into_iter().map(|r| worse_than(r, lang)).collect();
    let start = hindcast.start_key(row.start);
    vec![
        if row.start.is_none() { pick(lang, "全部", "all") } else { start.to_string() },
        name(lang, &row.family.name()),
        row.group.map_or(pick(lang, "合计", "all"), |group: Group| name(lang, &group.name())),
        row.n.to_string(),
        size(row.mean_absolute),
        signed(row.bias, is_share, lang),
        rival(Rival::LastValue),
        rival(Rival::Progression),
        coverage,
        remarks.join(pick(lang, "；", "; ").as_str()),
    ]
}

fn expectations(hindcast: &Hindcast, lang: Lang) {
    let header = match lang {
        Lang::Zh => ["起点", "指标", "年份", "起点值", "规划预期", "公布", "测算", "谁更近"],
        Lang::En => {
            ["start", "quantity", "year", "at the start", "plan", "published", "model", "nearer"]
        }
    };
    let rows: Vec<Vec<String>> = hindcast
        .starts
        .iter()
        .flat_map(|start| {
            let all = &start.expectations;
            let told = all.iter().filter(|e| e.expected.is_some() || is_last(e, all));
            told.map(|e| expectation_row(&start.key, e, lang))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    eprintln!("{}", pick(lang, "规划预期与实际：", "What plans expected and what came:"));
    eprintln!("{}", table(&header.map(String::from), &rows, &[2, 3, 4, 5, 6], &stderr()));
}

/// Whether no plan speaks of the quantity, and nothing later was published: the row that stands for it here.
fn is_last(one: &Expectation, all: &[Expectation]) -> bool {
    let mut same = all.iter().filter(|e| e.quantity == one.quantity);
    same.all(|e| e.expected.is_none() && e.year <= one.year)
}

fn expectation_row(start: &str, e: &Expectation, lang: Lang) -> Vec<String> {
    let value = |value: f64| shown(e.shown(value), e.quantity.family);
    let dash = || "–".to_string();
    let nearer = e.nearer.map_or(String::new(), |nearer| match nearer {
        Nearer::Plan => pick(lang, "规划", "plan"),
        Nearer::Model => pick(lang, "测算", "model"),
        Nearer::Both => pick(lang, "相同", "both"),
    });
    let follows = e.expected.as_ref().is_some_and(|x| x.input.is_some());
    let remark = match (e.nearer.is_some(), e.status == Status::Counted, follows) {
        (false, ..) => "",
        (_, false, _) => &pick(lang, "（不是预测）", " (not a forecast)"),
        (_, _, true) => &pick(lang, "（由输入决定）", " (follows from an input)"),
        _ => "",
    };
    let bound = |x: &crate::hindcast::expectations::Expected| {
        format!("{}{}", if x.is_floor { "≥" } else { "≤" }, value(x.value))
    };
    vec![
        start.to_string(),
        name(lang, &e.quantity.name()),
        e.year.to_string(),
        e.at_start.map_or_else(dash, |(year, start)| format!("{} ({year})", value(start))),
        e.expected.as_ref().map_or_else(dash, bound),
        value(e.published),
        e.model.map_or_else(dash, value),
        format!("{nearer}{remark}"),
    ]
}
