//! What another program needs of `xuewei`: from files to what the commands write, over plain data.
//!
//! The commands compute their runs and comparisons with these functions; an example stands at the head of the crate.

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
pub struct Error(Kind);

enum Kind {
    /// The input was refused: at least one problem.
    Input(Problems),
    /// What is asked for does not fit the files: what is wrong, and how to mend it.
    Unfit(String, String),
    /// A sweep that cannot begin.
    Sweep(Box<Problem>),
}

impl Error {
    /// Every problem that lies in a file.
    pub fn problems(&self) -> &[Problem] {
        match &self.0 {
            Kind::Input(problems) => &problems.list,
            Kind::Sweep(problem) => std::slice::from_ref(problem),
            Kind::Unfit(..) => &[],
        }
    }

    /// File of the first problem, if it lies in a file.
    pub fn file(&self) -> Option<&str> {
        self.problems().first().map(|problem| problem.file.as_str())
    }

    /// Line of the first problem, from 1; none for a whole file.
    pub fn line(&self) -> Option<u32> {
        self.problems().first().map(|problem| problem.line).filter(|&line| line > 0)
    }

    /// How to mend the first problem, if there is more to say than what is wrong.
    pub fn help(&self) -> Option<&str> {
        let help = match &self.0 {
            Kind::Unfit(_, help) => Some(help.as_str()),
            _ => self.problems().first().map(|problem| problem.help.as_str()),
        };
        help.filter(|help| !help.is_empty())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Input(problems) => f.write_str(problems.render("error").trim_end()),
            Kind::Sweep(problem) => f.write_str(problem.to_string().trim_start()),
            Kind::Unfit(message, help) => write!(f, "{message}\n      {help}"),
        }
    }
}

/// As it is told to people: a program whose `main` returns it prints this.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Error(Kind::Input(refused.problems))
    }
}

/// Loads a scenario file, a `city.toml`, or the `city.toml` of a folder; the path is one of the current folder.
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
/// every area ([`Table::city_years`](crate::indicators::Table::city_years) adds them up), the targets of its plans, and a summary.
pub fn run(loaded: &Loaded) -> Done {
    run_against(loaded, None)
}

/// The same beside another scenario of the same city instead of nothing built.
pub(crate) fn run_against(loaded: &Loaded, against: Option<&Scenario>) -> Done {
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

/// Every target of the plans of a scenario against its run; [`run`] has them with all else.
pub fn score(loaded: &Loaded) -> Vec<Score> {
    run(loaded).scores
}

/// What a scenario comes to, stage by stage, and against the same with nothing built; [`run`] has it with all else.
pub fn summary(loaded: &Loaded) -> Summary {
    run(loaded).summary
}

/// Whether there are several scenarios, all of one city with the same stages, places and years.
pub(crate) fn are_comparable<'a>(all: impl IntoIterator<Item = &'a Loaded>) -> bool {
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
            (city.key.as_str(), (city.base_year, city.horizon), city.stages.rows(), areas, sites)
        })
        .collect();
    places.iter().all(|place| *place == places[0])
}

/// Runs scenarios of one city, each beside the first of its frame that decides nothing, and ranks them.
///
/// # Errors
/// Scenarios of different cities, places or years, or two with one key.
pub fn compare(all: &[Loaded]) -> Result<(Vec<Done>, Comparison), Error> {
    compare_with(all, &twins(all))
}

/// For each scenario the position of the first that decides nothing and takes the city to do of itself what it does.
pub(crate) fn twins(all: &[Loaded]) -> Vec<Option<usize>> {
    let is_twin = |loaded: &Loaded, other: &Loaded| {
        other.scenario.decides_nothing()
            && other.scenario.rules.relief == loaded.scenario.rules.relief
            && other.scenario.rules.additions == loaded.scenario.rules.additions
    };
    all.iter().map(|loaded| all.iter().position(|other| is_twin(loaded, other))).collect()
}

/// The same, each beside the scenario at a position, or beside itself with nothing built.
pub(crate) fn compare_with(
    all: &[Loaded],
    references: &[Option<usize>],
) -> Result<(Vec<Done>, Comparison), Error> {
    let mut keys: Vec<&str> = all.iter().map(|loaded| loaded.scenario.key.as_str()).collect();
    keys.sort_unstable();
    if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("two of the scenarios have the key {}", pair[0]);
        return Err(unfit(message, "give one of them another [scenario] key"));
    }
    // Before anything is computed: one city's decisions mean nothing in another.
    if !are_comparable(all) {
        let message = "expected scenarios of one city with the same places, schools and years";
        return Err(unfit(message.to_string(), "run them one by one, or give them the same base"));
    }
    let pairs: Vec<(&Loaded, Option<&Scenario>)> = all
        .iter()
        .zip(references)
        .map(|(loaded, twin)| (loaded, twin.map(|idx| &all[idx].scenario)))
        .collect();
    let done: Vec<Done> = parallel::map(&pairs, |(loaded, against)| run_against(loaded, *against));
    let runs: Vec<Compared> =
        all.iter().zip(&done).map(|(loaded, done)| Compared { loaded, done }).collect();
    let comparison = report::compare::compare(&runs);
    Ok((done, comparison))
}

fn unfit(message: String, help: &str) -> Error {
    Error(Kind::Unfit(message, help.to_string()))
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
    /// Oddities of the files that do not refuse them.
    pub warnings: Vec<Problem>,
}

impl Draws {
    /// An outcome of one scenario in every draw, by the name that the sweep file gives it; none where there is no such outcome or
    /// scenario. NaN: a draw in which it has no value (a clearing year that does not come before the horizon) or that cannot be.
    pub fn of(&self, scenario: &str, outcome: &str) -> Option<Vec<f64>> {
        let first = self.scenarios.iter().position(|key| key == scenario)?;
        let (_, rows) = self.outcomes.iter().find(|(name, _)| name == outcome)?;
        Some(rows.iter().skip(first).step_by(self.scenarios.len()).copied().collect())
    }
}

/// Runs a sweep file with so many draws, as `xuewei sweep --draws` does, or with those of the file, and keeps them in memory.
///
/// # Errors
/// Every problem of the sweep and its scenarios, a design or a factor that cannot be.
pub fn sweep(path: impl AsRef<Path>, n_draws: Option<u64>) -> Result<Draws, Error> {
    /// Draws that a thread computes before it takes the next.
    const AT_A_TIME: u64 = 64;
    let mut loaded = load_sweep(path.as_ref(), &[], &outcome::known)?;
    if let Some(draws) = n_draws {
        let set = loaded.sweep.design.set_draws(draws);
        set.map_err(|message| unfit(message, "ask for no number of draws"))?;
    }
    let engine =
        start::start(&loaded, None).map_err(|problem| Error(Kind::Sweep(Box::new(problem))))?;
    let n_draws = engine.n_draws();
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
        warnings: loaded.warnings.list.clone(),
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
