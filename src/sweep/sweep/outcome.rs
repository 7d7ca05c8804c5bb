//! What is kept of a draw: indicators of the whole city by stage and year, and what a whole run comes to.
//!
//! | name | what it is |
//! |---|---|
//! | `STAGE.INDICATOR` | one column a year after the base year |
//! | `STAGE.INDICATOR[YEAR]` | that year |
//! | `STAGE.clearing_year` | first year from which oversized classes stay at or below the level `working`; empty if never |
//! | `STAGE.clearing_year@LEVEL` | the same at another level of the scenario, all its conditions together |
//! | `STAGE.oversized_pupil_years` | Σ over the years after the base year of pupils in oversized classes |
//! | `STAGE.peak_pupils`, `STAGE.peak_year` | most pupils in a year, and the first such year |
//! | `STAGE.stranded_seats` | seats empty at the horizon above the base year's |
//! | `STAGE.unplaced_pupil_years`, `STAGE.overflow_total` | Σ over years |
//! | `STAGE.investment_total` | booked by the horizon, yuan |
//! | `STAGE.rooms_added_total`, `STAGE.additions_total` | rooms that the city adds of itself by the horizon, and their cost, yuan |
//!
//! STAGE is a stage or `all`. Indicators are those of [`INDICATORS`] whose stocks a block counts.

use crate::axes::{Stage, Stages};
use crate::batch;
use crate::city::City;
use crate::indicators::clearing::clearing_year_at;
use crate::indicators::{INDICATORS, Stocks, Table};
use crate::input::problem::suggest;
use crate::level::{Level, WORKING};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

/// Indicators that a sweep does not keep: blocks do not count what they need.
const NOT_KEPT: [&str; 14] = [
    "schools",
    "multi_grade_schools",
    "band_le_25",
    "band_26_30",
    "band_31_35",
    "band_36_45",
    "band_46_55",
    "band_56_65",
    "band_ge_66",
    "inclusive_coverage",
    "private_share",
    "rooms_under_construction",
    "boarding_places",
    "teachers_needed",
];

/// What a whole run comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum OfRun {
    /// At the level of this key.
    ClearingYear(String),
    OversizedPupilYears,
    PeakPupils,
    PeakYear,
    StrandedSeats,
    UnplacedPupilYears,
    OverflowTotal,
    InvestmentTotal,
    RoomsAddedTotal,
    AdditionsTotal,
}

/// Key of the clearing year, alone or before `@` and the key of a level.
const CLEARING_YEAR: &str = "clearing_year";

const OF_RUN: [(&str, OfRun); 9] = [
    ("oversized_pupil_years", OfRun::OversizedPupilYears),
    ("peak_pupils", OfRun::PeakPupils),
    ("peak_year", OfRun::PeakYear),
    ("stranded_seats", OfRun::StrandedSeats),
    ("unplaced_pupil_years", OfRun::UnplacedPupilYears),
    ("overflow_total", OfRun::OverflowTotal),
    ("investment_total", OfRun::InvestmentTotal),
    ("rooms_added_total", OfRun::RoomsAddedTotal),
    ("additions_total", OfRun::AdditionsTotal),
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Measure {
    Indicator { idx: usize, year_idx: usize },
    OfRun(OfRun),
}

/// One column of the draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Name of the column.
    pub name: String,
    stage: Option<Stage>,
    measure: Measure,
}

/// A name without its year, read.
struct Asked {
    stage: Option<Stage>,
    what: What,
    year: Option<Year>,
}

enum What {
    Indicator(usize),
    OfRun(OfRun),
}

/// Reads a name; `levels` are the keys that a clearing year may name, `None` where they are not known.
fn read(stages: &'static Stages, name: &str, levels: Option<&[&str]>) -> Result<Asked, String> {
    let (left, year) = match name.strip_suffix(']').and_then(|inner| inner.split_once('[')) {
        Some((left, year)) => {
            let year = year.trim().parse::<Year>();
            (left, Some(year.map_err(|_| format!("expected a year in brackets: {name}"))?))
        }
        None => (name, None),
    };
    let (stage, key) = left.split_once('.').ok_or_else(|| {
        format!("expected STAGE.INDICATOR or STAGE.INDICATOR[YEAR], found {name:?}")
    })?;
    let stage = match stage {
        "all" => None,
        _ => Some(stages.parse(stage).ok_or_else(|| {
            let known = stages.keys().chain(["all"]);
            format!("no stage {stage:?}; {}", suggest(stage, known))
        })?),
    };
    if let Some(of_run) = of_run(key, levels)? {
        return match year {
            None => Ok(Asked { stage, what: What::OfRun(of_run), year }),
            Some(_) => Err(format!("{key} is of a whole run: leave out the year")),
        };
    }
    if NOT_KEPT.contains(&key) {
        return Err(format!("{key} is not kept by a sweep; `run` has it"));
    }
    let idx = INDICATORS.iter().position(|i| i.key == key).ok_or_else(|| {
        let kept = INDICATORS.iter().map(|i| i.key).filter(|key| !NOT_KEPT.contains(key));
        let of_runs = OF_RUN.iter().map(|(key, _)| *key);
        let known: Vec<&str> = kept.chain([CLEARING_YEAR]).chain(of_runs).collect();
        format!("no outcome {key:?}; {}", suggest(key, known.into_iter()))
    })?;
    Ok(Asked { stage, what: What::Indicator(idx), year })
}

/// What a key says of a whole run; `None` where it is none of these.
fn of_run(key: &str, levels: Option<&[&str]>) -> Result<Option<OfRun>, String> {
    let level = match key.split_once('@') {
        None if key == CLEARING_YEAR => WORKING,
        Some((CLEARING_YEAR, level)) => level,
        _ => return Ok(OF_RUN.iter().find(|(known, _)| *known == key).map(|(_, of)| of.clone())),
    };
    match levels.filter(|levels| !levels.contains(&level)) {
        None => Ok(Some(OfRun::ClearingYear(level.to_string()))),
        Some(levels) => {
            let help = suggest(level, levels.iter().copied());
            Err(format!("no level {level:?} in every scenario; {help}"))
        }
    }
}

/// Whether a sweep can keep an outcome of this name; `levels` are the keys of the levels that all its scenarios have, `None`
/// where they are not known.
///
/// # Errors
/// Why not, and what is near.
pub fn known(stages: &'static Stages, name: &str, levels: Option<&[&str]>) -> Result<(), String> {
    read(stages, name, levels).map(|_| ())
}

/// The columns of outcomes for a run from `base_year` to `horizon`; an indicator without a year is one column a year. Each name
/// once, in the order of the list.
///
/// # Errors
/// A name that is not [`known`], or a year that is none of the run.
pub fn columns(
    stages: &'static Stages,
    names: &[String],
    (base_year, horizon): (Year, Year),
) -> Result<Vec<Outcome>, String> {
    let mut found: Vec<Outcome> = Vec::new();
    for name in names {
        let asked = read(stages, name, None)?;
        let stage_key = asked.stage.map_or("all", Stage::key);
        let mut push = |outcome: Outcome| {
            if !found.contains(&outcome) {
                found.push(outcome);
            }
        };
        let idx = match asked.what {
            What::OfRun(of_run) => {
                let measure = Measure::OfRun(of_run);
                push(Outcome { name: name.clone(), stage: asked.stage, measure });
                continue;
            }
            What::Indicator(idx) => idx,
        };
        let years = match asked.year {
            Some(year) if (base_year..=horizon).contains(&year) => year..=year,
            Some(year) => {
                return Err(format!("{name}: {year} is not from {base_year} to {horizon}"));
            }
            None => base_year + 1..=horizon,
        };
        for year in years {
            let name = format!("{stage_key}.{}[{year}]", INDICATORS[idx].key);
            let measure = Measure::Indicator { idx, year_idx: (year - base_year) as usize };
            push(Outcome { name, stage: asked.stage, measure });
        }
    }
    Ok(found)
}

/// Stocks of the whole city: `[stage · years + year]`, the stages and then all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct CityYears {
    stocks: Vec<Stocks>,
    n_years: usize,
}

impl CityYears {
    /// Of one draw of a block.
    pub fn take_lane(&mut self, city: &City, run: &batch::Run, l: usize) {
        let n_years = city.n_years();
        self.n_years = n_years;
        self.stocks.clear();
        self.stocks.extend(run.counts.iter().map(|count| of_lane(count, l)));
        for year_idx in 0..n_years {
            let all = city.stages.iter().map(|s| (s, self.stocks[s.idx() * n_years + year_idx]));
            let all = Table::sum_of_stages(all);
            self.stocks.push(all);
        }
    }

    /// Of a single run.
    pub fn take_table(&mut self, scenario: &Scenario, table: &Table) {
        let stages = scenario.city.stages;
        self.n_years = scenario.city.n_years();
        self.stocks.clear();
        for stage in stages.iter().map(Some).chain([None]) {
            self.stocks.extend(table.city_years(stage));
        }
    }

    fn years(&self, stage: Option<Stage>) -> &[Stocks] {
        let n_stages = self.stocks.len() / self.n_years - 1;
        let stage = stage.map_or(n_stages, Stage::idx);
        &self.stocks[stage * self.n_years..(stage + 1) * self.n_years]
    }

    /// The value of an outcome of a scenario; NaN where there is none.
    pub fn value(&self, outcome: &Outcome, scenario: &Scenario) -> f64 {
        let years = self.years(outcome.stage);
        match &outcome.measure {
            Measure::Indicator { idx, year_idx } => {
                (INDICATORS[*idx].value)(&years[*year_idx]).unwrap_or(f64::NAN)
            }
            Measure::OfRun(of_run) => {
                of_run_value(of_run, years, (&scenario.levels, scenario.city.base_year))
            }
        }
    }
}

fn of_run_value(of_run: &OfRun, years: &[Stocks], (levels, base_year): (&[Level], Year)) -> f64 {
    let peak =
        || (0..years.len()).fold(0, |p, y| if years[y].pupils > years[p].pupils { y } else { p });
    match of_run {
        OfRun::ClearingYear(key) => {
            let level = levels.iter().find(|level| level.key == *key);
            let year = level.and_then(|level| clearing_year_at(level, years, base_year));
            year.map_or(f64::NAN, f64::from)
        }
        OfRun::OversizedPupilYears => sum(years[1..].iter().map(|s| s.pupils_in_oversized)),
        OfRun::PeakPupils => years[peak()].pupils,
        OfRun::PeakYear => f64::from(base_year) + peak() as f64,
        OfRun::StrandedSeats => {
            (years[years.len() - 1].empty_seats - years[0].empty_seats).max(0.0)
        }
        OfRun::UnplacedPupilYears => sum(years.iter().map(|s| s.unplaced)),
        OfRun::OverflowTotal => sum(years.iter().map(|s| s.overflow)),
        OfRun::InvestmentTotal => sum(years.iter().map(|s| s.investment_yuan)),
        OfRun::RoomsAddedTotal => sum(years.iter().map(|s| s.rooms_added)),
        OfRun::AdditionsTotal => match years.iter().any(|s| s.rooms_added_without_cost > 0.0) {
            true => f64::NAN,
            false => sum(years.iter().map(|s| s.additions_yuan)),
        },
    }
}

fn of_lane(count: &batch::Count, l: usize) -> Stocks {
    Stocks {
        population: count.population[l],
        births: count.births[l],
        pupils: count.pupils[l],
        residents: count.residents[l],
        entrants: count.entrants[l],
        classes: count.classes[l],
        classes_without_room: count.classes_without_room[l],
        rooms: count.rooms[l],
        seats: count.seats[l],
        seat_gap: count.seat_gap[l],
        crowding_gap: count.crowding_gap[l],
        empty_seats: count.empty_seats[l],
        oversized: count.oversized[l],
        super_oversized: count.super_oversized[l],
        pupils_in_oversized: count.pupils_in_oversized[l],
        overflow: count.overflow[l],
        unplaced: count.unplaced[l],
        unplaced_entrants: count.unplaced_entrants[l],
        upper_secondary: count.upper_secondary[l],
        investment_yuan: count.investment_yuan[l],
        rooms_added: count.rooms_added[l],
        additions_yuan: count.additions_yuan[l],
        rooms_added_without_cost: count.rooms_added_without_cost[l],
        // What blocks do not count, and a sweep does not keep.
        schools: 0.0,
        multi_grade_schools: 0.0,
        bands: [0.0; 7],
        inclusive_pupils: 0.0,
        teachers: 0.0,
        unstaffed_pupils: 0.0,
        pupils_by_rate: 0.0,
        private_pupils: 0.0,
        rooms_under_construction: 0.0,
        boarding_places: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Condition;

    #[test]
    fn names_become_columns() {
        let names = ["junior.oversized_share", "all.clearing_year", "junior.oversized_share[2022]"];
        let names: Vec<String> = names.map(str::to_string).to_vec();
        let found = columns(crate::input::china(), &names, (2020, 2022)).expect("columns");
        let names: Vec<&str> = found.iter().map(|outcome| outcome.name.as_str()).collect();
        let expected =
            ["junior.oversized_share[2021]", "junior.oversized_share[2022]", "all.clearing_year"];
        assert_eq!(names, expected);
    }

    #[test]
    fn what_a_sweep_does_not_keep_is_told() {
        for (name, word) in [
            ("junior.oversized_shar", "oversized_share"),
            ("junir.pupils", "junior"),
            ("pupils", "STAGE.INDICATOR"),
            ("junior.band_46_55", "`run` has it"),
            ("all.clearing_year[2030]", "leave out the year"),
            ("junior.pupils[soon]", "a year in brackets"),
        ] {
            let message = known(crate::input::china(), name, None).expect_err(name);
            assert!(message.contains(word), "{name}: {message}");
        }
        let late = ["junior.pupils[2050]".to_string()];
        assert!(columns(crate::input::china(), &late, (2020, 2040)).is_err());
    }

    /// 2 % and 1 % of 100 classes, then 3, 0: the share stays at or below 1 % from the fourth year, 2023.
    #[test]
    fn a_run_comes_to_what_it_comes_to() {
        let year = |oversized: f64, pupils: f64| Stocks {
            classes: 100.0,
            oversized,
            pupils,
            pupils_in_oversized: 60.0 * oversized,
            ..Stocks::default()
        };
        let years = [year(2.0, 10.0), year(1.0, 30.0), year(3.0, 30.0), year(0.0, 20.0)];
        let level = |key: &str, condition: (&str, f64)| Level {
            key: key.into(),
            name: crate::city::Name::default(),
            conditions: Condition::of(condition.0, condition.1).into_iter().collect(),
        };
        let levels = [
            level("working", ("oversized_share", 0.01)),
            level("loose", ("oversized_share", 0.02)),
            level("strict", ("oversized_classes", 0.5)),
        ];
        let of_years = |of_run, years: &[Stocks]| of_run_value(&of_run, years, (&levels, 2020));
        let of = |of_run| of_years(of_run, &years);
        let cleared = |level: &str| OfRun::ClearingYear(level.into());
        assert_eq!((of(cleared("working")), of(cleared("loose"))), (2023.0, 2023.0));
        assert_eq!(of_years(cleared("loose"), &years[..2]), 2020.0);
        assert_eq!(of(cleared("strict")), 2023.0);
        assert_eq!(of(OfRun::OversizedPupilYears), 240.0);
        assert_eq!((of(OfRun::PeakPupils), of(OfRun::PeakYear)), (30.0, 2021.0));
        assert!(of_years(cleared("working"), &years[..3]).is_nan());
        assert!(of(cleared("none")).is_nan());
    }
}
