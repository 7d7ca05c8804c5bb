//! Several runs side by side: per run and stage, per year, ranked under each criterion, and which are dominated.

use crate::axes::Stage;
use crate::comparison;
use crate::indicators::INDICATORS;
use crate::input::{Loaded, china};

use super::chart::{self, Lang};
use super::pictures::{self, Drawn, Look};
use super::rows::{Cell, TableWriter};
use super::summary::{StageSummary, Summary};
use super::tables::Style;
use super::{Done, Wanted, chart_files};

/// One of the runs.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// What was read.
    pub loaded: &'a Loaded,
    /// What came of it.
    pub done: &'a Done,
}

impl Compared<'_> {
    /// Key of the scenario.
    pub fn key(&self) -> &str {
        &self.loaded.scenario.key
    }

    /// Title of the scenario.
    pub fn title(&self, lang: Lang) -> &str {
        let title = &self.loaded.scenario.title;
        if lang == Lang::Zh { &title.zh } else { &title.en }
    }
}

/// Something under which runs are ranked; the smallest value is best.
pub struct Criterion {
    /// Name in tables.
    pub key: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Its value; infinite for never, none where it does not exist.
    pub value: fn(&Summary) -> Option<f64>,
    /// Whether it counts when one run dominates another.
    pub is_decisive: bool,
}

/// All criteria. What a cap hides by turning pupils away stands beside what it clears.
#[rustfmt::skip]
pub const CRITERIA: &[Criterion] = &[
    Criterion { key: "cleared", zh: "大班额全部清零年份", en: "last year to clear", unit: "year", value: last_clearing, is_decisive: false },
    Criterion { key: "oversized_pupil_years", zh: "大班额学生年", en: "oversized pupil-years", unit: "pupils", value: |s| Some(all(s)?.oversized_pupil_years), is_decisive: true },
    Criterion { key: "unplaced_pupil_years", zh: "未安置学生年", en: "pupil-years unplaced", unit: "pupils", value: |s| Some(all(s)?.unplaced_pupil_years), is_decisive: true },
    Criterion { key: "overflow_total", zh: "超限安置", en: "placed above the ceiling", unit: "pupils", value: |s| Some(all(s)?.overflow_total), is_decisive: false },
    Criterion { key: "seats_short_peak", zh: "最大学位缺口", en: "most seats short", unit: "seats", value: |s| Some(all(s)?.seats_short_peak.0), is_decisive: false },
    Criterion { key: "empty_seats_horizon", zh: "末年空余学位", en: "seats empty at the end", unit: "seats", value: |s| Some(all(s)?.empty_seats_horizon), is_decisive: true },
    Criterion { key: "investment_total", zh: "投资", en: "investment", unit: "yuan", value: |s| Some(all(s)?.investment_total), is_decisive: true },
    Criterion { key: "cost_per_pupil_year_relieved", zh: "每缓解一学生年投资", en: "cost of a pupil-year relieved", unit: "yuan", value: |s| all(s)?.against_no_build.cost_per_pupil_year_relieved, is_decisive: false },
];

fn all(summary: &Summary) -> Option<&StageSummary> {
    summary.stages.iter().find(|stage| stage.stage == "all")
}

/// The last of the years in which classes of the stages that are always shown clear at the working level; infinite if one never does.
fn last_clearing(summary: &Summary) -> Option<f64> {
    let headline = |stage: &StageSummary| stage.cleared().map_or(f64::INFINITY, f64::from);
    let years = summary.stages.iter().filter(|stage| stage.is_shown);
    years.map(headline).reduce(f64::max)
}

/// Ranks and dominance of several runs.
pub struct Comparison {
    /// For each run the first one with the same people, standards, definition of oversized classes and levels, and whose city acts of itself as its own: only such are set against each other,
    /// since children who are not born and seats that are counted otherwise are no merit of a plan.
    pub groups: Vec<usize>,
    /// Ranks by criterion, then run.
    pub ranks: Vec<Vec<Option<usize>>>,
    /// For each run those that dominate it.
    pub dominated_by: Vec<Vec<usize>>,
}

/// Compares runs of one city and the same years.
pub fn compare(runs: &[Compared]) -> Comparison {
    let groups = comparison::groups(runs, |a, b| {
        let yardstick = |run: &Compared| {
            let scenario = &run.loaded.scenario;
            let thresholds = &scenario.thresholds;
            let limits = (thresholds.standard.clone(), thresholds.oversized.clone());
            let rules = &scenario.rules;
            let acts = (rules.relief.clone(), rules.additions.clone(), rules.admission.clone());
            (limits, scenario.levels.clone(), acts)
        };
        let same_yardstick = yardstick(a) == yardstick(b);
        let (a, b) = (&a.done.run.outlook, &b.done.run.outlook);
        same_yardstick
            && a.population.people == b.population.people
            && a.demand.residents == b.demand.residents
    });
    let values = |criterion: &Criterion| -> Vec<Option<f64>> {
        runs.iter().map(|run| (criterion.value)(&run.done.summary)).collect()
    };
    let ranks = CRITERIA.iter().map(|c| comparison::ranks(&values(c), &groups)).collect();
    let decisive: Vec<&Criterion> = CRITERIA.iter().filter(|c| c.is_decisive).collect();
    let criteria: Vec<Vec<f64>> = runs
        .iter()
        .map(|run| {
            let values = decisive.iter().map(|c| (c.value)(&run.done.summary));
            values.map(|value| value.unwrap_or(f64::INFINITY)).collect()
        })
        .collect();
    Comparison { dominated_by: comparison::dominated_by(&criteria, &groups), groups, ranks }
}

/// The files of the comparison's folder with their names.
///
/// # Errors
/// A chart that cannot be drawn.
pub fn files(
    runs: &[Compared],
    comparison: &Comparison,
    wanted: &Wanted,
) -> Result<Vec<(String, Vec<u8>)>, chart::Error> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for &format in &wanted.formats {
        let style = Style { format, with_bom: wanted.lang == Lang::Zh };
        let mut put = |name: &str, content: Vec<u8>| {
            files.push((format!("{name}.{}", format.ending()), content));
        };
        put("comparison", by_stage(runs, style, wanted.lang));
        put("ranking", ranking(runs, comparison, style, wanted.lang));
        put("targets", targets(runs, style, wanted.lang));
        put("years", by_year(runs, style));
        let stages = runs.first().map_or_else(china, |run| run.loaded.scenario.city.stages);
        put("dictionary", super::dictionary::dictionary(stages, style));
    }
    if !wanted.charts.is_empty() {
        let drawn: Vec<Drawn> = runs.iter().map(drawn).collect();
        let charts = pictures::of_several(&drawn, comparison, &Look::of(wanted.lang));
        for chart in crate::parallel::map(&charts, |chart| chart_files(chart, wanted)) {
            files.extend(chart?);
        }
    }
    files.push(("manifest.json".to_string(), manifest(runs)));
    Ok(files)
}

fn drawn<'a>(run: &Compared<'a>) -> Drawn<'a> {
    Drawn {
        scenario: &run.loaded.scenario,
        run: &run.done.run,
        table: &run.done.table,
        no_build: &run.done.no_build,
        scores: &run.done.scores,
    }
}

/// A column of `comparison.csv` and how it is read from a stage of a summary.
type Measure = (&'static str, fn(&StageSummary) -> Option<f64>);

/// Columns of `comparison.csv` after scenario, title, stage and frame: name and value.
#[rustfmt::skip]
const MEASURES: &[Measure] = &[
    ("cleared_working", |s| s.cleared().map(f64::from)),
    ("cleared_10_percent", |s| clearing(&s.clearing_year, 0)),
    ("cleared_5_percent", |s| clearing(&s.clearing_year, 1)),
    ("cleared_2_percent", |s| clearing(&s.clearing_year, 2)),
    ("cleared_1_percent", |s| clearing(&s.clearing_year, 3)),
    ("cleared_0_5_percent", |s| clearing(&s.clearing_year, 4)),
    ("super_cleared_1_percent", |s| clearing(&s.super_clearing_year, 3)),
    ("oversized_share_base", |s| s.oversized_share[0]),
    ("oversized_share_peak", |s| Some(s.oversized_share_peak?.0)),
    ("oversized_share_peak_year", |s| Some(f64::from(s.oversized_share_peak?.1))),
    ("oversized_share_horizon", |s| s.oversized_share[1]),
    ("oversized_pupil_years", |s| Some(s.oversized_pupil_years)),
    ("peak_pupils", |s| Some(s.peak_pupils)),
    ("peak_year", |s| Some(f64::from(s.peak_year))),
    ("seats_short_peak", |s| Some(s.seats_short_peak.0)),
    ("seats_short_peak_year", |s| Some(f64::from(s.seats_short_peak.1))),
    ("empty_seats_horizon", |s| Some(s.empty_seats_horizon)),
    ("stranded_seats_horizon", |s| s.stranded_seats.last().map(|(_, seats)| *seats)),
    ("unplaced_entrants", |s| Some(s.unplaced_entrants_total)),
    ("unplaced_pupil_years", |s| Some(s.unplaced_pupil_years)),
    ("overflow_total", |s| Some(s.overflow_total)),
    ("investment_total", |s| Some(s.investment_total)),
    ("rooms_added_total", |s| Some(s.rooms_added_total)),
    ("additions_total", |s| s.additions_total),
    ("pupil_years_relieved", |s| Some(s.against_no_build.pupil_years_relieved)),
    ("cost_per_pupil_year_relieved", |s| s.against_no_build.cost_per_pupil_year_relieved),
];

fn clearing(years: &[(&'static str, Option<i32>)], level: usize) -> Option<f64> {
    years.get(level)?.1.map(f64::from)
}

/// `comparison.csv` in the first form asked for.
pub fn table(runs: &[Compared], wanted: &Wanted) -> Vec<u8> {
    let format = wanted.formats.first().copied().unwrap_or(super::rows::Format::Csv);
    by_stage(runs, Style { format, with_bom: false }, wanted.lang)
}

/// `comparison.csv`: one row for every run and stage.
fn by_stage(runs: &[Compared], style: Style, lang: Lang) -> Vec<u8> {
    let mut columns = vec!["scenario", "title", "stage", "frame"];
    columns.extend(MEASURES.iter().map(|(name, _)| *name));
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for run in runs {
        for stage in &run.done.summary.stages {
            let scenario = [run.key(), run.title(lang), &stage.stage, run.done.summary.frame];
            let mut cells: Vec<Cell> = scenario.map(Cell::Text).to_vec();
            let values = MEASURES.iter().map(|(_, value)| value(stage));
            cells.extend(values.map(|value| value.map_or(Cell::Empty, Cell::Number)));
            writer.row(&cells);
        }
    }
    writer.finish()
}

/// `ranking.csv`: every criterion and run, with its rank among comparable runs, and the runs that dominate it.
fn ranking(runs: &[Compared], comparison: &Comparison, style: Style, lang: Lang) -> Vec<u8> {
    let columns = [
        "criterion",
        "scenario",
        "title",
        "value",
        "unit",
        "rank",
        "comparable_with",
        "dominated_by",
    ];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for (criterion, ranks) in CRITERIA.iter().zip(&comparison.ranks) {
        for (idx, run) in runs.iter().enumerate() {
            let value = (criterion.value)(&run.done.summary).filter(|value| value.is_finite());
            let dominating: Vec<&str> =
                comparison.dominated_by[idx].iter().map(|&other| runs[other].key()).collect();
            writer.row(&[
                Cell::Text(criterion.key),
                Cell::Text(run.key()),
                Cell::Text(run.title(lang)),
                value.map_or(Cell::Empty, Cell::Number),
                Cell::Text(criterion.unit),
                ranks[idx].map_or(Cell::Empty, |rank| Cell::Whole(rank as i64)),
                Cell::Text(runs[comparison.groups[idx]].key()),
                Cell::Text(&dominating.join(";")),
            ]);
        }
    }
    writer.finish()
}

/// `targets.csv`: every target of a plan in every run, target by target.
fn targets(runs: &[Compared], style: Style, lang: Lang) -> Vec<u8> {
    let columns = [
        "plan",
        "target",
        "title",
        "year",
        "target_value",
        "unit",
        "scenario",
        "run_value",
        "status",
        "first_met",
    ];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let number = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Number);
    let mut seen: Vec<&str> = Vec::new();
    for run in runs {
        for target in &run.loaded.scenario.targets {
            if seen.contains(&target.key.as_str()) {
                continue;
            }
            seen.push(&target.key);
            for run in runs {
                let all = &run.loaded.scenario.targets;
                let scores = run.done.scores.iter().filter(|s| all[s.target].key == target.key);
                for score in scores {
                    let target = &all[score.target];
                    writer.row(&[
                        Cell::Text(&target.plan),
                        Cell::Text(&target.key),
                        Cell::Text(if lang == Lang::Zh {
                            &target.title.zh
                        } else {
                            &target.title.en
                        }),
                        Cell::Whole(i64::from(target.year)),
                        number(score.target_value),
                        Cell::Text(target.bound.as_ref().map_or("", |bound| &bound.unit)),
                        Cell::Text(run.key()),
                        number(score.run_value),
                        Cell::Text(score.status.key()),
                        score.first_met.map_or(Cell::Empty, |year| Cell::Whole(i64::from(year))),
                    ]);
                }
            }
        }
    }
    writer.finish()
}

/// `years.csv`: every indicator of the city by year, stage and run.
fn by_year(runs: &[Compared], style: Style) -> Vec<u8> {
    let columns = ["year", "stage", "scenario", "indicator", "value", "unit"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let Some(first) = runs.first() else { return writer.finish() };
    let city = &*first.loaded.scenario.city;
    let stages: Vec<Option<Stage>> = city.stages.iter().map(Some).chain([None]).collect();
    let tables: Vec<Vec<_>> = runs
        .iter()
        .map(|run| {
            let of = |stage: &Option<Stage>| run.done.table.city_years(*stage);
            stages.iter().map(of).collect()
        })
        .collect();
    for (year_idx, year) in city.years().enumerate() {
        for (stage_idx, stage) in stages.iter().enumerate() {
            for (run, table) in runs.iter().zip(&tables) {
                for indicator in INDICATORS {
                    if stage.is_none() && indicator.key == "gross_enrolment_rate" {
                        continue;
                    }
                    let value = (indicator.value)(&table[stage_idx][year_idx]);
                    let Some(value) = value else { continue };
                    writer.row(&[
                        Cell::Whole(i64::from(year)),
                        Cell::Text(stage.map_or("all", Stage::key)),
                        Cell::Text(run.key()),
                        Cell::Text(indicator.key),
                        Cell::Number(value),
                        Cell::Text(indicator.unit),
                    ]);
                }
            }
        }
    }
    writer.finish()
}

/// `manifest.json`: program version, the scenarios, hashes of everything that they were read from.
fn manifest(runs: &[Compared]) -> Vec<u8> {
    let scenarios: Vec<serde_json::Value> = runs
        .iter()
        .map(|run| {
            serde_json::json!({
                "scenario": run.key(),
                "inputs": super::resolved::input_hashes(run.loaded),
            })
        })
        .collect();
    let manifest = serde_json::json!({
        "program": "xuewei",
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "compare",
        "city": runs.first().map(|run| run.loaded.scenario.city.key.clone()),
        "scenarios": scenarios,
    });
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}
