//! `summary.json`: what one run comes to, stage by stage, and against the same scenario with nothing built.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::axes::Stage;
use crate::indicators::clearing::{SHARES, clearing_year, clearing_year_at, shares};
use crate::indicators::{Stocks, Table};
use crate::level::{Bound, Condition, Level, Threshold, WORKING};
use crate::model::Run;
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::scorecard::Score;

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Program and version.
    pub program: String,
    /// City key.
    pub city: String,
    /// Scenario key.
    pub scenario: String,
    /// Title in Chinese.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// The question that the scenario answers, in Chinese.
    pub question: String,
    /// The same in English.
    pub question_en: String,
    /// Frame: what the city is taken to do (`what-stands`, `plan-alone`, `likely`).
    pub frame: &'static str,
    /// First and last year.
    pub years: [i32; 2],
    /// Schools whose row says `synthetic`, over all schools of the base year.
    pub synthetic_schools: [usize; 2],
    /// Stage by stage, then all.
    pub stages: Vec<StageSummary>,
    /// Levels at which oversized classes count as gone.
    pub levels: Vec<LevelSummary>,
    /// Observed births over what the fertility path gives: 1 if the path is in local terms.
    pub fertility_level: f64,
    /// School year, observed births, births of the path at level 1.
    pub births_check: Vec<(i32, f64, f64)>,
    /// Every target of every plan.
    pub scorecard: Vec<ScoreSummary>,
    /// Sentences that a reader must know, in Chinese.
    pub notes: Vec<String>,
    /// The same in English.
    pub notes_en: Vec<String>,
    /// Warnings of the input.
    pub warnings: Vec<String>,
}

/// A level with its conditions; those that it has not are absent.
#[derive(Debug, Clone, Serialize)]
pub struct LevelSummary {
    /// Key of the level.
    pub key: String,
    /// Title in Chinese.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// By key of a condition: most classes as a share, or fewer than so many.
    pub conditions: BTreeMap<&'static str, f64>,
}

fn level_summary(level: &Level) -> LevelSummary {
    let condition = |condition: &Condition| match condition.bound {
        Bound::Share(value) | Bound::Classes(value) => (condition.key(), value),
    };
    LevelSummary {
        key: level.key.clone(),
        title: level.name.zh.clone(),
        title_en: level.name.en.clone(),
        conditions: level.conditions.iter().map(condition).collect(),
    }
}

/// One stage of one run, or all stages.
#[derive(Debug, Clone, Serialize)]
pub struct StageSummary {
    /// Stage key or `all`.
    pub stage: String,
    /// Whether it is one of the few that are always shown.
    #[serde(skip)]
    pub is_shown: bool,
    /// By key of a level of the scenario: the first year from which every year meets it; null for never.
    pub clearing_year_at_level: Vec<(String, Option<i32>)>,
    /// First year from which the oversized share stays at or below a share; null for never.
    pub clearing_year: Vec<(&'static str, Option<i32>)>,
    /// The same for super-oversized classes.
    pub super_clearing_year: Vec<(&'static str, Option<i32>)>,
    /// Oversized share in the base year and at the horizon.
    pub oversized_share: [Option<f64>; 2],
    /// Σ over years after the base year of pupils in oversized classes.
    pub oversized_pupil_years: f64,
    /// Pupils in the peak year.
    pub peak_pupils: f64,
    /// The peak year.
    pub peak_year: i32,
    /// Largest share of oversized classes after the base year, and its year.
    pub oversized_share_peak: Option<(f64, i32)>,
    /// Most seats short in a year, and the year.
    pub seats_short_peak: (f64, i32),
    /// Seats empty at the horizon.
    pub empty_seats_horizon: f64,
    /// Σ over years of entrants and movers placed above the ceiling.
    pub overflow_total: f64,
    /// Σ over years of entrants without a place.
    pub unplaced_entrants_total: f64,
    /// Pupil-years without a place.
    pub unplaced_pupil_years: f64,
    /// Investment booked by the horizon, yuan.
    pub investment_total: f64,
    /// Rooms that the city adds of itself by the horizon.
    pub rooms_added_total: f64,
    /// Their cost, yuan: money that nobody promised; null where it is not known.
    pub additions_total: Option<f64>,
    /// Seats empty above the base year's, ten years after the plan and at the horizon.
    pub stranded_seats: Vec<(i32, f64)>,
    /// Against the same scenario with nothing built.
    pub against_no_build: AgainstNoBuild,
}

impl StageSummary {
    /// Clearing year at the working level; none for never.
    pub fn cleared(&self) -> Option<i32> {
        self.clearing_year_at_level.iter().find(|(key, _)| key == WORKING)?.1
    }
}

/// The difference that the programmes make.
#[derive(Debug, Clone, Serialize)]
pub struct AgainstNoBuild {
    /// Clearing year at the working level without building.
    pub clearing_year_no_build: Option<i32>,
    /// Pupil-years in oversized classes that are avoided.
    pub pupil_years_relieved: f64,
    /// Investment over them, told of *the plan alone*; absent when nothing is relieved.
    pub cost_per_pupil_year_relieved: Option<f64>,
    /// Rooms that the city then need not add of itself, and what they would cost, yuan; null where that is not known.
    pub rooms_added_less: f64,
    /// See `rooms_added_less`.
    pub additions_less: Option<f64>,
    /// Seats empty above those without building.
    pub stranded_seats: Vec<(i32, f64)>,
}

/// One target against the run; values in the unit of the plan.
#[derive(Debug, Clone, Serialize)]
pub struct ScoreSummary {
    /// Title of the plan.
    pub plan: String,
    /// Key of the target.
    pub target: String,
    /// Title in Chinese.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// What it speaks of; absent where the model cannot say.
    pub indicator: Option<String>,
    /// Stages, joined by `+`.
    pub stages: String,
    /// `all`, or districts and zones.
    pub place: String,
    /// The year for which it is set.
    pub year: i32,
    /// `at_least` or `at_most`.
    pub direction: Option<&'static str>,
    /// The published value.
    pub target_value: Option<f64>,
    /// What the run may differ from it.
    pub tolerance: Option<f64>,
    /// The run's value.
    pub run_value: Option<f64>,
    /// Unit of all values.
    pub unit: String,
    /// What became of it.
    pub status: &'static str,
    /// By how much it is missed.
    pub missed_by: Option<f64>,
    /// From when it is met.
    pub first_met: Option<i32>,
    /// The input that the value follows from.
    pub input: Option<String>,
    /// What a reader must know, in Chinese.
    pub reason: String,
    /// The same in English.
    pub reason_en: String,
}

fn score_summary(scenario: &Scenario, score: &Score) -> ScoreSummary {
    let target = &scenario.targets[score.target];
    let bound = target.bound.as_ref();
    ScoreSummary {
        plan: target.plan_title.clone(),
        target: target.key.clone(),
        title: target.title.zh.clone(),
        title_en: target.title.en.clone(),
        indicator: target.indicator.clone(),
        stages: crate::input::stages_key(&target.stages),
        place: target.place.clone(),
        year: target.year,
        direction: bound.map(|b| if b.is_floor { "at_least" } else { "at_most" }),
        target_value: score.target_value,
        tolerance: bound.map(|b| b.tolerance / crate::units::unit_factor(&b.unit)),
        run_value: score.run_value,
        unit: bound.map_or(String::new(), |b| b.unit.clone()),
        status: score.status.key(),
        missed_by: score.missed_by,
        first_met: score.first_met,
        input: target.input.clone(),
        reason: score.reason.zh.clone(),
        reason_en: score.reason.en.clone(),
    }
}

/// The summary of a run; `no_build` is the table of the same scenario without programmes.
pub fn summary(
    scenario: &Scenario,
    (run, table, no_build): (&Run, &Table, &Table),
    scores: &[Score],
    warnings: Vec<String>,
) -> Summary {
    let city = &*scenario.city;
    let stages = city.stages.iter().map(Some).chain([None]);
    let synthetic =
        city.schools.iter().filter(|s| city.sites[s.site].origin == "synthetic").count();
    Summary {
        program: format!("xuewei {}", env!("CARGO_PKG_VERSION")),
        city: city.key.clone(),
        scenario: scenario.key.clone(),
        title: scenario.title.zh.clone(),
        title_en: scenario.title.en.clone(),
        question: scenario.question.zh.clone(),
        question_en: scenario.question.en.clone(),
        frame: scenario.frame().key(),
        years: [city.base_year, city.horizon],
        synthetic_schools: [synthetic, city.schools.len()],
        stages: stages.map(|stage| stage_summary(scenario, table, no_build, stage)).collect(),
        levels: scenario.levels.iter().map(level_summary).collect(),
        fertility_level: run.outlook.population.fertility_level,
        births_check: run.outlook.population.births_check.clone(),
        scorecard: scores.iter().map(|score| score_summary(scenario, score)).collect(),
        notes: run.notes.iter().map(|note| note.zh.clone()).collect(),
        notes_en: run.notes.iter().map(|note| note.en.clone()).collect(),
        warnings,
    }
}

fn stage_summary(
    scenario: &Scenario,
    table: &Table,
    no_build: &Table,
    stage: Option<Stage>,
) -> StageSummary {
    let base_year = scenario.city.base_year;
    let years = table.city_years(stage);
    let without = no_build.city_years(stage);
    let oversized = shares(&years, Threshold::Oversized);
    let supers = shares(&years, Threshold::SuperOversized);
    let clearing = |shares: &[Option<f64>]| -> Vec<(&'static str, Option<i32>)> {
        SHARES.map(|(name, share)| (name, clearing_year(shares, share, base_year))).to_vec()
    };
    let at_levels = |years: &[Stocks]| -> Vec<(String, Option<i32>)> {
        let at = |level: &Level| (level.key.clone(), clearing_year_at(level, years, base_year));
        scenario.levels.iter().map(at).collect()
    };
    let peak =
        (0..years.len()).fold(0, |p, y| if years[y].pupils > years[p].pupils { y } else { p });
    StageSummary {
        stage: stage.map_or("all", Stage::key).to_string(),
        is_shown: stage.is_some_and(|stage| scenario.city.stages.shown().contains(&stage)),
        clearing_year_at_level: at_levels(&years),
        clearing_year: clearing(&oversized),
        super_clearing_year: clearing(&supers),
        oversized_share: [oversized[0], oversized[oversized.len() - 1]],
        oversized_pupil_years: pupil_years(&years),
        peak_pupils: years[peak].pupils,
        peak_year: base_year + peak as i32,
        oversized_share_peak: largest(oversized[1..].iter().copied(), base_year + 1),
        seats_short_peak: largest(years.iter().map(|s| Some(s.seat_gap)), base_year)
            .unwrap_or((0.0, base_year)),
        empty_seats_horizon: years[years.len() - 1].empty_seats,
        overflow_total: sum(years.iter().map(|s| s.overflow)),
        unplaced_entrants_total: sum(years.iter().map(|s| s.unplaced_entrants)),
        unplaced_pupil_years: sum(years.iter().map(|s| s.unplaced)),
        investment_total: investment(&years),
        rooms_added_total: rooms_added(&years),
        additions_total: cost_of_additions(&years),
        stranded_seats: empty_above(scenario, &years, |_| years[0].empty_seats),
        against_no_build: against_no_build(scenario, &years, &without),
    }
}

/// The difference that the programmes make, from the stocks with and without them.
fn against_no_build(scenario: &Scenario, years: &[Stocks], without: &[Stocks]) -> AgainstNoBuild {
    let relieved = pupil_years(without) - pupil_years(years);
    let investment = investment(years);
    // Where the city acts of itself a plan mostly replaces what it would have added: its cost relieves nothing alone.
    let is_alone = !scenario.rules.act();
    let additions = cost_of_additions(without).zip(cost_of_additions(years));
    AgainstNoBuild {
        clearing_year_no_build: scenario
            .level(WORKING)
            .and_then(|level| clearing_year_at(level, without, scenario.city.base_year)),
        pupil_years_relieved: relieved,
        cost_per_pupil_year_relieved: (relieved > 0.5 && investment > 0.0 && is_alone)
            .then(|| investment / relieved),
        rooms_added_less: rooms_added(without) - rooms_added(years),
        additions_less: additions.map(|(without, with)| without - with),
        stranded_seats: empty_above(scenario, years, |y| without[y].empty_seats),
    }
}

/// Seats empty above others, at the years at which they are told.
fn empty_above(
    scenario: &Scenario,
    years: &[Stocks],
    others: impl Fn(usize) -> f64,
) -> Vec<(i32, f64)> {
    let above = |y: usize| (years[y].empty_seats - others(y)).max(0.0);
    let base_year = scenario.city.base_year;
    marks(scenario).into_iter().map(|y| (base_year + y as i32, above(y))).collect()
}

/// Σ over the years after the base year of pupils in oversized classes.
fn pupil_years(years: &[Stocks]) -> f64 {
    sum(years[1..].iter().map(|s| s.pupils_in_oversized))
}

fn investment(years: &[Stocks]) -> f64 {
    sum(years.iter().map(|s| s.investment_yuan))
}

fn rooms_added(years: &[Stocks]) -> f64 {
    sum(years.iter().map(|s| s.rooms_added))
}

/// What rooms cost that the city adds of itself; none where that is not known of all.
fn cost_of_additions(years: &[Stocks]) -> Option<f64> {
    let is_known = years.iter().all(|s| s.rooms_added_without_cost <= 0.0);
    is_known.then(|| sum(years.iter().map(|s| s.additions_yuan)))
}

/// Years at which stranded seats are told: ten years after the plan, and the horizon.
fn marks(scenario: &Scenario) -> Vec<usize> {
    let city = &scenario.city;
    let last = city.n_years() - 1;
    let after = scenario.plan_period.map(|(_, end)| (end + 10 - city.base_year).max(0) as usize);
    let mut marks: Vec<usize> = after.into_iter().filter(|&mark| mark < last).collect();
    marks.push(last);
    marks
}

/// The largest value and its year, the first of several.
fn largest(values: impl Iterator<Item = Option<f64>>, first_year: i32) -> Option<(f64, i32)> {
    let mut best: Option<(f64, i32)> = None;
    for (idx, value) in values.enumerate() {
        if let Some(value) = value
            && best.is_none_or(|(most, _)| value > most)
        {
            best = Some((value, first_year + idx as i32));
        }
    }
    best
}
