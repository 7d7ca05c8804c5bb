//! Tables of the workbook that are too long for the text.

use crate::chart::Lang;
use crate::document::{Cell, Form, SheetChart, SheetChartKind, Table};
use crate::tables::{ADDED, CONSTRUCTION};

use super::achieved::{scorecard, stage_columns};
use super::cite::At;
use super::outputs::Output;
use super::oversized::{MOST_SHORTAGES, all_shortages, place};
use super::sure::bilingual;
use super::teller::{
    Teller, Words, messages, number_cell, number_column, table, word_cell, word_column, words,
};
use super::{assumed, compared, repeat};

messages! {
    YEAR = "年份", "year";
    AGE = "年龄", "age";
    DISTRICT = "地区", "district";
    CITY = "全市", "city";
    STAGE = "学段", "stage";
    PUPILS = "各学段在校生（人）", "Pupils by year and stage";
    PUPILS_AXIS = "人", "pupils";
    ENTRANTS = "各学段招生（人）", "Entrants by year and stage";
    SHARES = "各学段大班额比例", "Share of oversized classes by year and stage";
    SHARES_AXIS = "大班额比例", "share of oversized classes";
    SEATS = "各学段学位（个）", "Seats by year and stage";
    SEATS_AXIS = "个", "seats";
    EMPTY = "各学段空余学位（个）", "Empty seats by year and stage";
    GAPS = "各学段学位缺口（个）", "Seats short by year and stage";
    WIDE = "分年度、分地区、分学段指标", "Indicators by year, district and stage";
    EVENTS = "建设与调整事件", "Events";
    SITE = "校址", "site";
    KIND = "类型", "kind";
    ROOMS = "教室净变化（间）", "rooms, net";
    INVESTMENT = "当年计入投资（元）", "booked in the year (yuan)";
    PROGRAMME = "工程或规则", "programme or rule";
    POPULATION = "分年龄人口（家庭户常住，人）", "People by age and year (residents in households)";
    SCENARIOS = "各情景{stage}大班额比例", "{stage} by scenario: share of oversized classes";
    CLEARED = "大班额已清零的未来所占比例", "Share of futures in which oversized classes are gone";
    SCENARIO = "情景", "scenario";
    SHARE = "比例", "share";
    LOW = "区间下限", "low";
    HIGH = "区间上限", "high";
    DRAWS = "抽样数", "draws";
    WEIGHTS = "各因素对清零年份的影响", "What weighs on the years of clearing";
    FACTOR = "因素", "factor";
    MEASURE = "度量", "measure";
    VALUE = "数值", "value";
}

/// Columns of the wide table: indicator and form.
const WIDE_COLUMNS: [(&str, Form); 12] = [
    ("population", Form::Count),
    ("pupils", Form::Count),
    ("entrants", Form::Count),
    ("schools", Form::Count),
    ("classes", Form::Count),
    ("rooms", Form::Count),
    ("seats", Form::Count),
    ("seat_gap", Form::Count),
    ("empty_seats", Form::Count),
    ("mean_class_size", Form::Decimals(1)),
    ("oversized_classes", Form::Decimals(1)),
    ("oversized_share", Form::Share),
];

/// All tables of the annex.
pub(super) fn tables(t: &Teller) -> Vec<Table> {
    let stages = |key: &str, caption: Words, indicator: &str, kind: SheetChartKind, axis: Words| {
        by_year(t, (key, caption), indicator, kind, axis)
    };
    use SheetChartKind::{Line, StackedColumns};
    let mut all = vec![
        stages("pupils-years", PUPILS, "pupils", Line, PUPILS_AXIS),
        stages("entrants-years", ENTRANTS, "entrants", Line, PUPILS_AXIS),
        stages("oversized-years", SHARES, "oversized_share", Line, SHARES_AXIS),
        stages("seats-years", SEATS, "seats", Line, SEATS_AXIS),
        stages("gaps-years", GAPS, "seat_gap", StackedColumns, SEATS_AXIS),
        stages("empty-years", EMPTY, "empty_seats", StackedColumns, SEATS_AXIS),
    ];
    all.extend(t.told_stages().into_iter().filter_map(|stage| of_scenarios(t, stage)));
    all.push(wide(t));
    all.extend(assumed::all_figures(t));
    all.extend(events(t));
    // What stands whole in the text is in the workbook already.
    let long = [
        (scorecard(t, "targets-all"), super::MOST_ROWS),
        (all_shortages(t, "shortages"), MOST_SHORTAGES),
        (repeat::hashes(t, "inputs-all"), super::MOST_ROWS),
    ];
    all.extend(
        long.into_iter().filter(|(table, most)| table.rows.len() > *most).map(|(table, _)| table),
    );
    all.push(population(t));
    all.extend(cleared(t));
    all.extend(weights(t));
    all
}

/// An indicator of the city: a row a year, a column a stage.
fn by_year(
    t: &Teller,
    (key, caption): (&str, Words),
    indicator: &str,
    kind: SheetChartKind,
    axis: Words,
) -> Table {
    let form = if indicator.ends_with("share") { Form::Share } else { Form::Count };
    let row =
        |year: i32| {
            let mut row = vec![Cell::Number(f64::from(year), Form::Year)];
            row.extend(t.stage_keys().into_iter().map(|stage| {
                number_cell(&t.indicator(t.main, (year, "all", stage), indicator), form)
            }));
            row
        };
    let rows: Vec<Vec<Cell>> = (t.base..=t.horizon).map(row).collect();
    let mut made = table(key, t.of(caption), stage_columns(t, YEAR), rows);
    made.source = Some(t.source_of("indicators.csv"));
    let series = (1..made.columns.len()).collect();
    made.chart = Some(SheetChart { kind, categories: 0, series, values: t.of(axis).to_string() });
    made
}

/// The share of oversized classes of a stage: a row a year, a column a scenario.
fn of_scenarios(t: &Teller, stage: &str) -> Option<Table> {
    let scenarios = compared::scenarios(t);
    if scenarios.len() < 2 {
        return None;
    }
    let share = |key: &str, year: i32| {
        if let Some(compare) = &t.outputs.compare {
            let year = year.to_string();
            let rows = [
                ("year", year.as_str()),
                ("stage", stage),
                ("scenario", key),
                ("indicator", "oversized_share"),
            ];
            return number_cell(&At::new(compare, "years.csv", &rows, "value"), Form::Share);
        }
        let run = t.outputs.runs.iter().find(|run| run.key() == key);
        run.map_or(Cell::Missing, |run| {
            number_cell(&t.indicator(run, (year, "all", stage), "oversized_share"), Form::Share)
        })
    };
    let row = |year: i32| {
        let mut row = vec![Cell::Number(f64::from(year), Form::Year)];
        row.extend(scenarios.iter().map(|(key, _)| share(key, year)));
        row
    };
    let mut columns = vec![word_column(t.of(YEAR))];
    columns.extend(scenarios.iter().map(|(_, title)| number_column(title)));
    let caption = super::teller::plain(&t.say(SCENARIOS, &[("stage", words(t.stage(stage)))]));
    let rows = (t.base..=t.horizon).map(row).collect();
    let mut made = table(&format!("scenarios-{stage}"), &caption, columns, rows);
    made.source = Some(match &t.outputs.compare {
        Some(compare) => t.source(&[format!("{}/years.csv", compare.name)]),
        None => t.source_of("indicators.csv"),
    });
    made.chart = Some(SheetChart {
        kind: SheetChartKind::Line,
        categories: 0,
        series: (1..=scenarios.len()).collect(),
        values: t.of(SHARES_AXIS).to_string(),
    });
    Some(made)
}

/// Name of an indicator with its unit, as the run's dictionary has it.
fn indicator_name(t: &Teller, key: &str) -> String {
    let grid = t.main.tables.get("dictionary.csv");
    let found = grid.and_then(|grid| {
        let row = *grid.rows(&[("table", "indicators"), ("name", key)])?.first()?;
        Some(match t.lang {
            crate::chart::Lang::Zh => grid.text(row, "name_zh").to_string(),
            crate::chart::Lang::En => key.replace('_', " "),
        })
    });
    found.unwrap_or_else(|| key.replace('_', " "))
}

/// Indicators in wide form: a row a year, district and stage.
fn wide(t: &Teller) -> Table {
    let mut columns =
        vec![number_column(t.of(YEAR)), word_column(t.of(DISTRICT)), word_column(t.of(STAGE))];
    columns.extend(WIDE_COLUMNS.iter().map(|(key, _)| number_column(indicator_name(t, key))));
    let mut districts = vec![("all".to_string(), t.of(CITY).to_string())];
    let named = t.districts();
    if named.len() > 1 {
        districts.extend_from_slice(named);
    }
    let mut rows = Vec::new();
    for year in t.base..=t.horizon {
        for (district, name) in &districts {
            for stage in t.stage_keys() {
                let mut row = vec![
                    Cell::Number(f64::from(year), Form::Year),
                    word_cell(name),
                    word_cell(t.stage(stage)),
                ];
                row.extend(WIDE_COLUMNS.iter().map(|(indicator, form)| {
                    number_cell(&t.indicator(t.main, (year, district, stage), indicator), *form)
                }));
                rows.push(row);
            }
        }
    }
    let mut made = table("indicators", t.of(WIDE), columns, rows);
    made.source = Some(t.source_of("indicators.csv"));
    made
}

fn events(t: &Teller) -> Option<Table> {
    let grid = t.main.tables.get("events.csv").filter(|grid| grid.n_rows() > 0)?;
    let number = |row: usize, column: &str, form: Form| {
        let value = grid.text(row, column).parse::<f64>();
        value.map_or(Cell::Missing, |value| Cell::Number(value, form))
    };
    let row = |row: usize| {
        let text = |column: &str| grid.text(row, column);
        vec![
            number(row, "year", Form::Year),
            word_cell(text("site")),
            word_cell(place(t, text("district"), text("zone"))),
            word_cell(t.stage(text("stage"))),
            word_cell(kind(t, text("kind"))),
            number(row, "rooms", Form::Count),
            number(row, "investment", Form::Count),
            word_cell(text("programme")),
        ]
    };
    let columns = vec![
        number_column(t.of(YEAR)),
        word_column(t.of(SITE)),
        word_column(t.of(DISTRICT)),
        word_column(t.of(STAGE)),
        word_column(t.of(KIND)),
        number_column(t.of(ROOMS)),
        number_column(t.of(INVESTMENT)),
        word_column(t.of(PROGRAMME)),
    ];
    let rows = (0..grid.n_rows()).map(row).collect();
    let mut made = table("events", t.of(EVENTS), columns, rows);
    made.source = Some(t.source_of("events.csv"));
    Some(made)
}

fn kind(t: &Teller, key: &str) -> String {
    match key {
        "open" => t.pick("新建", "new"),
        "extend" => t.pick("扩建", "extended"),
        "relocate" => t.pick("迁建", "relocated"),
        "upgrade" => t.pick("提升", "brought to standard"),
        "convert" => t.pick("转用", "converted"),
        "reserve" => t.pick("预留", "rooms reserved"),
        "restore" => t.pick("恢复使用", "rooms back in use"),
        "reduce" => t.pick("撤除教室", "rooms taken away"),
        "merge" => t.pick("撤并", "merged"),
        "close" => t.pick("关闭", "closed"),
        CONSTRUCTION => t.pick("建设", "under construction"),
        ADDED => t.pick("自行增建", "added by the city"),
        other => other,
    }
    .to_string()
}

/// People by age and year up to the age of the highest grade, all places and both sexes.
fn population(t: &Teller) -> Table {
    let years: Vec<i32> = (t.base..=t.horizon).collect();
    let mut columns = vec![number_column(t.of(AGE))];
    columns.extend(years.iter().map(|year| number_column(year.to_string())));
    let row = |age: i32| {
        let mut row = vec![Cell::Number(f64::from(age), Form::Count)];
        row.extend(years.iter().map(|year| {
            let (year, age) = (year.to_string(), age.to_string());
            let at = t.at("population.csv", &[("year", &year), ("age", &age)], "population");
            number_cell(&at, Form::Count)
        }));
        row
    };
    let rows = (0..=t.stages.last_age() as i32).map(row).collect();
    let mut made = table("population", t.of(POPULATION), columns, rows);
    made.source = Some(t.source_of("population.csv"));
    made
}

/// `primary.clearing_year` as the name of its stage, with that of a level behind `@`.
fn stage_of(t: &Teller, outcome: &str) -> String {
    let stage = match outcome.split_once('.') {
        Some(("all", _)) => t.pick("合计", "all").to_string(),
        Some((stage, _)) => t.stage(stage),
        None => outcome.to_string(),
    };
    let Some((_, level)) = outcome.split_once('@') else { return stage };
    let sweep = t.outputs.sweep.as_ref();
    let title = sweep.map(|s| bilingual(t, s.at("labels.json", &["levels", level])));
    let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| level.to_string());
    match t.lang {
        Lang::Zh => format!("{stage}（{title}）"),
        Lang::En => format!("{stage} ({title})"),
    }
}

/// Title of a scenario of a sweep, its key where it has none.
fn scenario_of(t: &Teller, sweep: &Output, key: &str) -> String {
    let title = bilingual(t, sweep.at("labels.json", &["scenarios", key, "title"]));
    if title.is_empty() { key.to_string() } else { title }
}

/// Keys of measures of sensitivity and their words.
const MEASURES: &[(&str, Words)] = &[
    ("sobol_first", Words { zh: "Sobol'一阶指数", en: "first-order Sobol' index" }),
    ("sobol_total", Words { zh: "Sobol'总效应指数", en: "total Sobol' index" }),
    ("sobol_second", Words { zh: "Sobol'二阶指数", en: "second-order Sobol' index" }),
    (
        "morris_mu_star",
        Words {
            zh: "基本效应绝对值的均值µ*", en: "mean size of elementary effects µ*"
        },
    ),
    ("morris_mu", Words { zh: "基本效应均值µ", en: "mean elementary effect µ" }),
    ("morris_sigma", Words { zh: "基本效应标准差σ", en: "spread of elementary effects σ" }),
    ("src", Words { zh: "标准化回归系数", en: "standardised regression coefficient" }),
    ("srrc", Words { zh: "秩标准化回归系数", en: "standardised rank regression coefficient" }),
    ("src_r_squared", Words { zh: "回归的R²", en: "R² of the regression" }),
    ("srrc_r_squared", Words { zh: "秩回归的R²", en: "R² of the regression on ranks" }),
    ("prcc", Words { zh: "偏秩相关系数", en: "partial rank correlation" }),
    ("delta", Words { zh: "Borgonovo δ", en: "Borgonovo δ" }),
    ("first_order", Words { zh: "一阶指数（给定数据）", en: "first-order index (given data)" }),
    ("pawn_median", Words { zh: "PAWN中位数", en: "PAWN, median" }),
    ("pawn_mean", Words { zh: "PAWN均值", en: "PAWN, mean" }),
    ("pawn_minimum", Words { zh: "PAWN最小值", en: "PAWN, smallest" }),
    ("pawn_maximum", Words { zh: "PAWN最大值", en: "PAWN, largest" }),
    ("pawn_variation", Words { zh: "PAWN变异系数", en: "PAWN, variation" }),
    ("pawn_threshold_median", Words { zh: "PAWN阈值：中位数", en: "PAWN threshold, median" }),
    ("pawn_threshold_mean", Words { zh: "PAWN阈值：均值", en: "PAWN threshold, mean" }),
    ("pawn_threshold_maximum", Words { zh: "PAWN阈值：最大值", en: "PAWN threshold, largest" }),
];

/// Words of a measure, its key where none are known.
fn measure<'a>(t: &Teller, key: &'a str) -> &'a str {
    MEASURES.iter().find(|(known, _)| *known == key).map_or(key, |(_, words)| t.of(*words))
}

fn cleared(t: &Teller) -> Option<Table> {
    let sweep = t.outputs.sweep.as_ref()?;
    let grid = sweep.tables.get("analysis/cleared.csv").filter(|grid| grid.n_rows() > 0)?;
    let number = |row: usize, column: &str, form: Form| {
        let value = grid.text(row, column).parse::<f64>();
        value.map_or(Cell::Missing, |value| Cell::Number(value, form))
    };
    let row = |row: usize| {
        vec![
            word_cell(stage_of(t, grid.text(row, "outcome"))),
            word_cell(scenario_of(t, sweep, grid.text(row, "scenario"))),
            number(row, "year", Form::Year),
            number(row, "share", Form::Share),
            number(row, "low", Form::Share),
            number(row, "high", Form::Share),
            number(row, "draws", Form::Count),
        ]
    };
    let mut columns = vec![word_column(t.of(STAGE)), word_column(t.of(SCENARIO))];
    columns.extend([YEAR, SHARE, LOW, HIGH, DRAWS].map(|name| number_column(t.of(name))));
    let mut made =
        table("futures-years", t.of(CLEARED), columns, (0..grid.n_rows()).map(row).collect());
    made.source = Some(t.source(&[format!("{}/analysis/cleared.csv", sweep.name)]));
    Some(made)
}

/// Every measure of every factor on clearing years.
fn weights(t: &Teller) -> Option<Table> {
    let sweep = t.outputs.sweep.as_ref()?;
    let grid = sweep.tables.get("analysis/sensitivity.csv")?;
    let number = |row: usize, column: &str| {
        let value = grid.text(row, column).parse::<f64>();
        value.map_or(Cell::Missing, |value| Cell::Number(value, Form::Decimals(3)))
    };
    let is_clearing = |row: &usize| grid.text(*row, "outcome").ends_with(".clearing_year");
    let row = |row: usize| {
        let factor = grid.text(row, "factor");
        let name = &sweep.at("labels.json", &["factors", factor, "name"])[t.pick("zh", "en")];
        vec![
            word_cell(stage_of(t, grid.text(row, "outcome"))),
            word_cell(scenario_of(t, sweep, grid.text(row, "scenario"))),
            word_cell(measure(t, grid.text(row, "measure"))),
            word_cell(name.as_str().unwrap_or(factor)),
            number(row, "value"),
            number(row, "low"),
            number(row, "high"),
        ]
    };
    let rows: Vec<Vec<Cell>> = (0..grid.n_rows()).filter(is_clearing).map(row).collect();
    let mut columns: Vec<_> =
        [STAGE, SCENARIO, MEASURE, FACTOR].map(|name| word_column(t.of(name))).to_vec();
    columns.extend([VALUE, LOW, HIGH].map(|name| number_column(t.of(name))));
    if rows.is_empty() {
        return None;
    }
    let mut made = table("weights", t.of(WEIGHTS), columns, rows);
    made.source = Some(t.source(&[format!("{}/analysis/sensitivity.csv", sweep.name)]));
    Some(made)
}
