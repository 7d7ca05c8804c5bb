//! The charts of a run and of several, from tables to drawings.

pub mod kind;
mod several;
mod stocks;
pub mod sweep;
mod targets;
mod works;

use std::borrow::Cow;

use crate::axes::Stage;
use crate::city::{City, Name};
use crate::indicators::{Stocks, Table};
use crate::model::Run;
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::scorecard::Score;

use super::chart::map::Regions;
use super::chart::{
    Caption, Definition, Figure, Lang, Size, entrants, gaps, heatmap, oversized, places,
};
use super::compare::Comparison;
use kind::{Kind, Source};

/// Scenarios that a chart of lines can hold.
pub const MOST_LINES: usize = 8;

/// A run with its tables, as charts need it.
pub struct Drawn<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its run.
    pub run: &'a Run,
    /// Its stocks.
    pub table: &'a Table,
    /// Stocks of the same scenario with nothing built.
    pub no_build: &'a Table,
    /// Its targets.
    pub scores: &'a [Score],
}

/// A chart with the name of its file.
pub struct Named {
    /// File name without ending.
    pub name: Cow<'static, str>,
    /// The drawing.
    pub figure: Figure,
}

/// How charts are to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Language of the words.
    pub lang: Lang,
    /// Width and type.
    pub size: Size,
    /// A title instead of the one that the chart makes from its numbers.
    pub title: Option<String>,
}

impl Look {
    /// The ordinary look in a language.
    pub fn of(lang: Lang) -> Look {
        Look { lang, size: Size::default(), title: None }
    }
}

/// The charts of one run, and its scorecard if it has targets; beside it, where it builds anything, the same scenario with nothing built.
pub fn of_run(drawn: &Drawn, look: &Look) -> Vec<Named> {
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.source() == Source::Run);
    kinds.flat_map(|kind| of_kind(drawn, kind, None, look)).collect()
}

/// The charts of one kind, of one run; none where the run has nothing of the kind. Only kinds whose source is a run draw anything.
pub fn of_kind(drawn: &Drawn, kind: Kind, outlines: Option<&Regions>, look: &Look) -> Vec<Named> {
    match kind {
        Kind::Oversized => vec![shares(drawn, look)],
        Kind::Bands => vec![stocks::bands(drawn, look)],
        Kind::Heatmap => vec![heat_map(drawn, look)],
        Kind::Map => stocks::maps(drawn, outlines, look),
        Kind::Seats => vec![seats(drawn, look)],
        Kind::Pyramid => vec![stocks::pyramid(drawn, look)],
        Kind::Entrants => vec![wave(drawn, look)],
        Kind::Gaps => vec![short_and_empty(drawn, look)],
        Kind::Investment => works::investment(drawn, look).into_iter().collect(),
        Kind::Timeline => works::timeline(drawn, look).into_iter().collect(),
        Kind::Scorecard => targets::chart(drawn, look).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn shares(drawn: &Drawn, look: &Look) -> Named {
    let builds = !drawn.scenario.programmes.is_empty();
    let acts = drawn.scenario.rules.act();
    let own =
        if acts { framed(drawn.scenario, look.lang) } else { title(drawn.scenario, look.lang) };
    let mut lines = vec![(own, drawn.table)];
    if builds {
        let name = match (look.lang, acts) {
            (Lang::Zh, false) => "不建设",
            (Lang::Zh, true) => "没有规划",
            (Lang::En, false) => "nothing built",
            (Lang::En, true) => "no plan",
        };
        lines.push((name.to_string(), drawn.no_build));
    }
    oversized_chart(drawn.scenario, &lines, builds.then_some(1), look)
}

/// The charts of several scenarios side by side.
pub fn of_several(all: &[Drawn], comparison: &Comparison, look: &Look) -> Vec<Named> {
    let kinds = [Kind::Oversized, Kind::Districts, Kind::CostEffect];
    kinds.into_iter().flat_map(|kind| of_kind_several(all, comparison, kind, look)).collect()
}

/// The charts of one kind, of several scenarios. Only shares and kinds whose source is several runs draw anything.
pub fn of_kind_several(
    all: &[Drawn],
    comparison: &Comparison,
    kind: Kind,
    look: &Look,
) -> Vec<Named> {
    match kind {
        _ if all.is_empty() => Vec::new(),
        Kind::Oversized => vec![several::lines(all, look)],
        Kind::Districts => {
            let stages = all[0].scenario.city.stages.shown().into_iter();
            stages.map(|stage| several::districts(all, stage, look)).collect()
        }
        Kind::CostEffect => vec![several::cost_and_effect(all, comparison, look)],
        _ => Vec::new(),
    }
}

fn title(scenario: &Scenario, lang: Lang) -> String {
    pick(&scenario.title, lang)
}

/// The title of a scenario with its frame.
fn framed(scenario: &Scenario, lang: Lang) -> String {
    let (title, frame) = (title(scenario, lang), pick(&scenario.frame().name(), lang));
    match lang {
        Lang::Zh => format!("{title}（{frame}）"),
        Lang::En => format!("{title} ({frame})"),
    }
}

/// The titles of scenarios that are set side by side; with their frames where these differ.
fn titles<'a>(all: impl Iterator<Item = &'a Scenario> + Clone, lang: Lang) -> Vec<String> {
    let mut frames = all.clone().map(|scenario| scenario.rules.act());
    let first = frames.next();
    let differ = frames.any(|acts| Some(acts) != first);
    all.map(|scenario| if differ { framed(scenario, lang) } else { title(scenario, lang) })
        .collect()
}

fn named(name: impl Into<Cow<'static, str>>, figure: Figure) -> Named {
    Named { name: name.into(), figure }
}

fn pick(name: &Name, lang: Lang) -> String {
    match lang {
        Lang::Zh => name.zh.clone(),
        Lang::En => name.en.clone(),
    }
}

/// City, scenario, and what the figures rest on.
fn caption(scenario: &Scenario, with_scenario: bool, look: &Look) -> Caption {
    let lang = look.lang;
    let city = &*scenario.city;
    let synthetic = city.schools.iter().any(|s| city.sites[s.site].origin == "synthetic");
    let version = env!("CARGO_PKG_VERSION");
    let (name, source, note) = match lang {
        Lang::Zh => (
            city.name.zh.clone(),
            format!("学位模型 xuewei {version}；各数值来源见 provenance.csv"),
            synthetic.then(|| "学校名册为合成，不代表任何真实学校".to_string()),
        ),
        Lang::En => (
            city.name.en.clone(),
            format!("xuewei {version}; the source of every figure is in provenance.csv"),
            synthetic.then(|| {
                "the register of schools is synthetic and shows no real school".to_string()
            }),
        ),
    };
    let scenario = with_scenario.then(|| framed(scenario, lang));
    Caption { city: name, scenario, source, note, title: look.title.clone(), size: look.size }
}

fn definition(scenario: &Scenario) -> Definition {
    let thresholds = scenario.thresholds.at(scenario.city.base_year);
    let grade = scenario.city.stages.example().first_grade();
    Definition {
        oversized_from: thresholds.oversized[grade] as u32,
        super_oversized_from: thresholds.super_oversized[grade] as u32,
        cleared_at: scenario.working_share(),
    }
}

/// The years of the plan, to be shaded.
fn plan(scenario: &Scenario, lang: Lang) -> Option<oversized::Plan> {
    let label = match lang {
        Lang::Zh => "规划期",
        Lang::En => "plan",
    };
    let period = scenario.plan_period;
    period.map(|(first, last)| oversized::Plan { first, last, label: label.to_string() })
}

fn years(city: &City) -> Vec<i32> {
    city.years().collect()
}

fn share(part: f64, stocks: &Stocks) -> f64 {
    if stocks.classes > 0.0 { part / stocks.classes } else { f64::NAN }
}

/// The stages that are always shown, and others whose classes are ever oversized in the base year or later.
fn shown_stages(scenario: &Scenario, tables: &[&Table]) -> Vec<Stage> {
    let always = scenario.city.stages.shown();
    let is_shown = |stage: &Stage| {
        always.contains(stage)
            || tables.iter().any(|table| is_ever_oversized(scenario, table, *stage))
    };
    scenario.city.stages.iter().filter(is_shown).collect()
}

/// Whether the classes of a stage are above the working level in any year.
fn is_ever_oversized(scenario: &Scenario, table: &Table, stage: Stage) -> bool {
    let most = scenario.working_share();
    table.city_years(Some(stage)).iter().any(|s| s.oversized > most * s.classes)
}

fn oversized_chart(
    scenario: &Scenario,
    lines: &[(String, &Table)],
    baseline: Option<usize>,
    look: &Look,
) -> Named {
    let tables: Vec<&Table> = lines.iter().map(|(_, table)| *table).collect();
    let stages = shown_stages(scenario, &tables);
    let panels = stages
        .into_iter()
        .map(|stage| oversized::Panel {
            stage,
            lines: tables
                .iter()
                .map(|table| {
                    let years = table.city_years(Some(stage));
                    oversized::Line {
                        oversized: years.iter().map(|s| share(s.oversized, s)).collect(),
                        super_oversized: years
                            .iter()
                            .map(|s| share(s.super_oversized, s))
                            .collect(),
                    }
                })
                .collect(),
        })
        .collect();
    let input = oversized::Input {
        caption: caption(scenario, false, look),
        years: years(&scenario.city),
        definition: definition(scenario),
        scenarios: lines.iter().map(|(name, _)| name.clone()).collect(),
        baseline,
        plan: plan(scenario, look.lang),
        panels,
    };
    named("oversized", oversized::draw(&input, look.lang))
}

fn heat_map(drawn: &Drawn, look: &Look) -> Named {
    let city = &*drawn.scenario.city;
    let all: Vec<usize> = (0..city.areas.len()).collect();
    let by_year = |areas: &[usize], stage: Stage| -> Vec<f64> {
        (0..city.n_years())
            .map(|year_idx| {
                let stocks = drawn.table.sum(year_idx, areas, stage);
                share(stocks.oversized, &stocks)
            })
            .collect()
    };
    let panels = city
        .stages
        .shown()
        .into_iter()
        .map(|stage| heatmap::Panel {
            stage,
            rows: city
                .districts
                .iter()
                .enumerate()
                .map(|(idx, district)| {
                    let areas: Vec<usize> =
                        all.iter().copied().filter(|&a| city.areas[a].district == idx).collect();
                    let name = pick(&district.name, look.lang);
                    heatmap::Row { district: name, share: by_year(&areas, stage) }
                })
                .collect(),
            total: Some(by_year(&all, stage)),
        })
        .collect();
    let input = heatmap::Input {
        caption: caption(drawn.scenario, true, look),
        years: years(city),
        definition: definition(drawn.scenario),
        panels,
    };
    named("heatmap", heatmap::draw(&input, look.lang))
}

fn seats(drawn: &Drawn, look: &Look) -> Named {
    let stages = drawn.scenario.city.stages;
    let panels = stages
        .iter()
        .map(|stage| {
            let years = drawn.table.city_years(Some(stage));
            places::Panel {
                stage,
                pupils: years.iter().map(|s| s.pupils).collect(),
                seats: years.iter().map(|s| s.seats).collect(),
            }
        })
        .collect();
    let input = places::Input {
        caption: caption(drawn.scenario, true, look),
        years: years(&drawn.scenario.city),
        panels,
    };
    named("seats", places::draw(&input, look.lang))
}

fn wave(drawn: &Drawn, look: &Look) -> Named {
    let stages = drawn.scenario.city.stages;
    let lines = stages
        .iter()
        .map(|stage| {
            let years = drawn.table.city_years(Some(stage));
            entrants::Line { stage, entrants: years.iter().map(|s| s.entrants).collect() }
        })
        .collect();
    let births = drawn.run.outlook.population.births.iter();
    let input = entrants::Input {
        caption: caption(drawn.scenario, true, look),
        years: years(&drawn.scenario.city),
        lines,
        births: Some(births.map(|areas| sum(areas.iter().copied())).collect()),
    };
    named("entrants", entrants::draw(&input, look.lang))
}

fn short_and_empty(drawn: &Drawn, look: &Look) -> Named {
    let city = &*drawn.scenario.city;
    let layers = city
        .stages
        .iter()
        .map(|stage| {
            let years = drawn.table.city_years(Some(stage));
            gaps::Layer {
                stage,
                short: years.iter().map(|s| s.seat_gap).collect(),
                empty: years.iter().map(|s| s.empty_seats).collect(),
            }
        })
        .collect();
    let input =
        gaps::Input { caption: caption(drawn.scenario, true, look), years: years(city), layers };
    named("gaps", gaps::draw(&input, look.lang))
}
