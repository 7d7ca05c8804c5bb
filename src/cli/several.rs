//! What `run`, `compare` and `show` have in common: reading scenarios, computing them, forms of the output.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::indicators;
use crate::input::problem::Problems;
use crate::input::{self, Loaded};
use crate::model::{self, Outlook, Run};
use crate::parallel;
use crate::report::chart::Lang;
use crate::report::rows::Format;
use crate::report::{Done, Form, Wanted, summary};
use crate::scenario::Scenario;
use crate::schools::KeptYear;
use crate::scorecard;

use super::{Common, Language, REFUSED, output_folder, refuse, warn};

/// Options of commands that write tables and charts.
#[derive(Args)]
pub(super) struct OutputOptions {
    /// Folder instead of output/CITY; each scenario's folder is made inside it.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Language of charts and of the byte order mark of CSV files; default: the city's.
    #[arg(long)]
    pub(super) lang: Option<Language>,
    /// Threads; default: one a core. The files do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Forms of the tables; Parquet is the quickest and smallest for a large city.
    #[arg(long, value_delimiter = ',', default_value = "csv")]
    format: Vec<TableFormat>,
    /// Forms of the charts; none to skip them.
    #[arg(long, value_delimiter = ',', default_value = "svg,png")]
    charts: Vec<ChartFormat>,
}

/// The forms of tables.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    Csv,
    Parquet,
    Json,
}

/// A form of the charts.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ChartFormat {
    Svg,
    Png,
    Pdf,
    None,
}

/// The forms that charts are wanted in, each once; none if any of them is none.
pub(super) fn forms(charts: &[ChartFormat]) -> Vec<Form> {
    let is_wanted = |form: &Form| {
        charts.iter().any(|asked| match asked {
            ChartFormat::Svg => *form == Form::Svg,
            ChartFormat::Png => *form == Form::Png,
            ChartFormat::Pdf => *form == Form::Pdf,
            ChartFormat::None => false,
        })
    };
    let all = Form::ALL.into_iter().filter(is_wanted);
    if charts.contains(&ChartFormat::None) { Vec::new() } else { all.collect() }
}

impl OutputOptions {
    /// What is to be written for a scenario.
    pub(super) fn wanted(&self, loaded: &Loaded) -> Wanted {
        let mut formats: Vec<Format> = Vec::new();
        for format in &self.format {
            let format = match format {
                TableFormat::Csv => Format::Csv,
                TableFormat::Parquet => Format::Parquet,
                TableFormat::Json => Format::Json,
            };
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        Wanted {
            lang: language_of(self.lang, &loaded.language),
            formats,
            charts: forms(&self.charts),
        }
    }

    /// Says so and refuses where a form of the tables cannot be had: by this build, or on stdout.
    pub(super) fn check_formats(&self, to_stdout: bool) -> Result<(), u8> {
        if !self.format.contains(&TableFormat::Parquet) {
            return Ok(());
        }
        if cfg!(not(feature = "parquet")) {
            eprintln!(
                "error: --format: this build of xuewei has no Parquet\n      build it with the feature `parquet`, which is on unless it was taken out"
            );
            return Err(REFUSED);
        }
        if to_stdout {
            eprintln!(
                "error: --format: expected csv or json with --stdout, found parquet\n      leave out --stdout to have Parquet files"
            );
            return Err(REFUSED);
        }
        Ok(())
    }

    /// The folder of a city's outputs.
    pub(super) fn folder(&self, loaded: &Loaded) -> PathBuf {
        output_folder(&self.out, &loaded.scenario.city.key)
    }
}

/// The language asked for, or that of the city (`zh` or `en`).
pub(super) fn language_of(asked: Option<Language>, of_city: &str) -> Lang {
    match asked {
        Some(language) => language.chart(),
        None if of_city == "en" => Lang::En,
        None => Lang::Zh,
    }
}

/// Loads every scenario; all problems of all files come at once.
pub(super) fn load_all(paths: &[PathBuf], common: &Common) -> Result<Vec<Loaded>, u8> {
    let mut all = Vec::new();
    let mut problems = Problems::default();
    let mut warnings = Problems::default();
    for path in paths {
        match input::load(path, &common.sets) {
            Ok(loaded) => {
                for warning in &loaded.warnings.list {
                    if !warnings.list.contains(warning) {
                        warnings.list.push(warning.clone());
                    }
                }
                all.push(loaded);
            }
            Err(refused) => problems.list.extend(refused.problems.list),
        }
    }
    if common.strict {
        problems.list.append(&mut warnings.list);
    }
    if !problems.list.is_empty() {
        return Err(refuse(&problems.sorted()));
    }
    warn(&warnings, common);
    Ok(all)
}

/// Runs one scenario, and what it is compared with: by default the same with nothing built.
pub(super) fn compute(loaded: &Loaded, against: Option<&Scenario>) -> Done {
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
    let summary = summary::summary(scenario, (&run, &table, &no_build), &scores, warnings);
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
