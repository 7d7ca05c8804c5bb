//! What `run`, `compare` and `show` have in common: reading scenarios, computing them, forms of the output.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::input::problem::Problems;
use crate::input::{self, Loaded};
use crate::report::chart::Lang;
use crate::report::rows::Format;
use crate::report::{Form, Wanted};

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
