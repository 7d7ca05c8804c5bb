//! What another program needs of `xuewei`: from files to what the commands write, over plain data.
//!
//! The rooms below stay open for whoever wants more; these few functions are what the commands themselves call.
//!
//! ```
//! let plan = xuewei::load("tests/small/plan.toml")?;
//! let done = xuewei::run(&plan);
//! let junior = done.summary.stages.iter().find(|stage| stage.stage == "junior");
//! let cleared: Option<i32> = junior.and_then(|stage| stage.cleared());
//! assert!(cleared.is_some_and(|year| year >= plan.scenario.city.base_year));
//! # Ok::<(), xuewei::Error>(())
//! ```

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::input::problem::{Problem, Problems};
use crate::input::sweep::load_sweep;
use crate::input::{self, Loaded, Refused};
use crate::model::{self, Outlook, Run};
use crate::report::compare::{Compared, Comparison};
use crate::report::summary::Summary;
use crate::report::{self, Done};
use crate::scenario::Scenario;
use crate::schools::KeptYear;
use crate::scorecard::{self, Score};
use crate::sweep::drive::Engine as _;
use crate::sweep::{outcome, start};
use crate::{indicators, parallel};

/// Why something cannot be: every problem of the input with its file, line and how to mend it.
#[derive(Debug)]
pub struct Error(Kind);

#[derive(Debug)]
enum Kind {
    /// The input was refused.
    Input(Problems),
    /// Scenarios that cannot be set side by side.
    Unlike(Box<Problem>),
    /// A sweep that cannot begin.
    Sweep(Box<Problem>),
}

impl Error {
    fn first(&self) -> Option<&Problem> {
        match &self.0 {
            Kind::Input(problems) => problems.list.first(),
            Kind::Unlike(problem) | Kind::Sweep(problem) => Some(problem),
        }
    }

    /// File of the first problem, if it lies in a file.
    pub fn file(&self) -> Option<&str> {
        self.first().map(|problem| problem.file.as_str()).filter(|file| !file.is_empty())
    }

    /// Line of the first problem, from 1.
    pub fn line(&self) -> Option<u32> {
        self.first().map(|problem| problem.line).filter(|&line| line > 0)
    }

    /// How to mend the first problem.
    pub fn help(&self) -> Option<&str> {
        self.first().map(|problem| problem.help.as_str()).filter(|help| !help.is_empty())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Input(problems) => f.write_str(problems.render("error").trim_end()),
            Kind::Unlike(problem) | Kind::Sweep(problem) => {
                f.write_str(problem.to_string().trim_start())
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Error(Kind::Input(refused.problems))
    }
}

/// A problem that lies in no file.
fn placeless(message: &str, help: &str) -> Box<Problem> {
    Box::new(Problem {
        file: String::new(),
        line: 0,
        column: 0,
        path: String::new(),
        message: message.to_string(),
        help: help.to_string(),
    })
}

/// Loads a scenario file, a `city.toml`, or the `city.toml` of a folder.
///
/// # Errors
/// Every problem of every file that was read.
///
/// ```
/// let error = xuewei::load("tests/small/no-such-scenario.toml").expect_err("there is no such file");
/// assert!(error.file().is_some_and(|file| file.ends_with("no-such-scenario.toml")));
/// ```
pub fn load(path: impl AsRef<Path>) -> Result<Loaded, Error> {
    load_with(path, &[])
}

/// The same with figures and settings put to other values, `path=value` as after `--set`.
///
/// # Errors
/// As of [`load`]; a path or value that the input does not know.
pub fn load_with(path: impl AsRef<Path>, sets: &[&str]) -> Result<Loaded, Error> {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    Ok(input::load(path.as_ref(), &sets)?)
}

/// Runs a scenario and the same with nothing built, and tells what `xuewei run` writes of it: every school and year, the stocks of
/// every area, the targets of its plans, and a summary.
pub fn run(loaded: &Loaded) -> Done {
    run_against(loaded, None)
}

/// The same beside another scenario of the same city instead of nothing built.
pub fn run_against(loaded: &Loaded, against: Option<&Scenario>) -> Done {
    let scenario = &loaded.scenario;
    let outlook = Arc::new(model::project(scenario));
    let without = match against {
        Some(reference) => scenario.deciding_as(reference),
        None => scenario.without_programmes(),
    };
    let is_itself = match against {
        Some(reference) => reference.key == scenario.key,
        None => scenario.programmes.is_empty(),
    };
    // Of the other run only the stocks are kept; it goes first, so that the years of one run are in memory at a time.
    let other = (!is_itself).then(|| run_counting(&without, &outlook).1.without_schools());
    let (run, table) = run_counting(scenario, &outlook);
    let no_build = other.unwrap_or_else(|| table.clone());
    let warnings =
        loaded.warnings.list.iter().map(|w| format!("{}: {}", w.path, w.message)).collect();
    let scores = scorecard::scores(scenario, &run, &table);
    let summary = report::summary::summary(scenario, (&run, &table, &no_build), &scores, warnings);
    Done { run, table, no_build, scores, summary }
}

/// A run and its stocks: a year is counted while the next ones are computed.
fn run_counting(scenario: &Scenario, outlook: &Arc<Outlook>) -> (Run, indicators::Table) {
    let (run, years) = parallel::beside(
        |tell| {
            let mut told = |year_idx, year: &Arc<KeptYear>| tell((year_idx, Arc::clone(year)));
            model::run_telling(scenario, Arc::clone(outlook), &mut told)
        },
        |(year_idx, year)| indicators::year(scenario, outlook, &year, year_idx),
    );
    let table = indicators::of_years(scenario, &run, years);
    (run, table)
}

/// Every target of the plans of a scenario against its run.
pub fn score(loaded: &Loaded) -> Vec<Score> {
    run(loaded).scores
}

/// What a scenario comes to, stage by stage, and against the same with nothing built.
pub fn summary(loaded: &Loaded) -> Summary {
    run(loaded).summary
}

/// Whether there are several scenarios, all of one city with the same places and years.
pub fn are_comparable<'a>(all: impl IntoIterator<Item = &'a Loaded>) -> bool {
    let all: Vec<&Loaded> = all.into_iter().collect();
    if all.len() < 2 {
        return false;
    }
    let places: Vec<_> = all
        .into_iter()
        .map(|loaded| {
            let city = &loaded.scenario.city;
            let areas: Vec<_> = city
                .areas
                .iter()
                .map(|area| (city.districts[area.district].key.as_str(), area.zone))
                .collect();
            let sites: Vec<&str> = city.sites.iter().map(|site| site.key.as_str()).collect();
            (city.key.as_str(), city.base_year, city.horizon, areas, sites)
        })
        .collect();
    places.iter().all(|place| *place == places[0])
}

/// Runs scenarios of one city beside the first of them that decides nothing, and ranks them.
///
/// # Errors
/// Scenarios of different cities, places or years.
pub fn compare(all: &[Loaded]) -> Result<(Vec<Done>, Comparison), Error> {
    if !are_comparable(all) {
        let message = "expected scenarios of one city with the same places, schools and years";
        let help = "run them one by one, or give them the same base";
        return Err(Error(Kind::Unlike(placeless(message, help))));
    }
    let reference = all.iter().find(|loaded| loaded.scenario.decides_nothing());
    let against = reference.map(|loaded| &loaded.scenario);
    let done: Vec<Done> = parallel::map(all, |loaded| run_against(loaded, against));
    let runs: Vec<Compared> =
        all.iter().zip(&done).map(|(loaded, done)| Compared { loaded, done }).collect();
    let comparison = report::compare::compare(&runs);
    Ok((done, comparison))
}

/// Draws of a sweep in memory, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Keys of the scenarios.
    pub scenarios: Vec<String>,
    /// Every factor with its value in each draw.
    pub factors: Vec<(String, Vec<f64>)>,
    /// Every outcome with its value in each row, draw by draw and in each all scenarios; NaN where there is none.
    pub outcomes: Vec<(String, Vec<f64>)>,
    /// Rows whose draw cannot be, with the reason.
    pub failed: Vec<(usize, String)>,
}

impl Draws {
    /// An outcome of one scenario in every draw; nothing where there is no such outcome or scenario.
    pub fn of(&self, scenario: &str, outcome: &str) -> Vec<f64> {
        let first = self.scenarios.iter().position(|key| key == scenario);
        let column = self.outcomes.iter().find(|(name, _)| name == outcome);
        match (first, column) {
            (Some(first), Some((_, rows))) => {
                rows.iter().skip(first).step_by(self.scenarios.len()).copied().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Runs the first draws of a sweep file, so many or all that its design has, and keeps them in memory.
///
/// # Errors
/// Every problem of the sweep and its scenarios, a design or a factor that cannot be.
pub fn sweep(path: impl AsRef<Path>, n_draws: u64) -> Result<Draws, Error> {
    /// Draws that a thread computes before it takes the next.
    const AT_A_TIME: u64 = 64;
    let loaded = load_sweep(path.as_ref(), &[], &outcome::known)?;
    let engine =
        start::start(&loaded, None).map_err(|problem| Error(Kind::Sweep(Box::new(problem))))?;
    let n_draws = n_draws.min(engine.n_draws());
    let first: Vec<u64> = (0..n_draws).step_by(AT_A_TIME as usize).collect();
    let never = AtomicBool::new(false);
    let parts = parallel::map(&first, |&first| {
        engine.run_part(first..(first + AT_A_TIME).min(n_draws), &never)
    });
    let columns = engine.columns();
    let n_scenarios = columns.scenarios.len();
    let named = |names: Vec<String>| -> Vec<(String, Vec<f64>)> {
        names.into_iter().map(|name| (name, Vec::new())).collect()
    };
    let mut draws = Draws {
        scenarios: columns.scenarios,
        factors: named(columns.factors),
        outcomes: named(columns.outcomes),
        failed: Vec::new(),
    };
    for part in parts {
        let first_row = part.first_draw as usize * n_scenarios;
        let failed = part.failed.into_iter().map(|(row, reason)| (first_row + row, reason));
        draws.failed.extend(failed);
        for (to, values) in
            [(&mut draws.factors, part.factors), (&mut draws.outcomes, part.outcomes)]
        {
            to.iter_mut().zip(values).for_each(|((_, column), values)| column.extend(values));
        }
    }
    Ok(draws)
}
