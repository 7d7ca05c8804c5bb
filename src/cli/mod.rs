//! The command line: arguments → one call below → files, progress, exit code. Only here is anything printed.

mod analyse;
mod calibrate;
mod chart;
mod check;
mod compare;
mod hindcast;
mod merge;
mod new;
mod prepare;
mod report;
mod requirement;
mod results;
mod run;
mod schema;
mod several;
mod show;
mod spark;
mod sweep;
mod sweeps;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::input::problem::Problems;
use crate::report::chart::Lang;

/// It ran, but failed: writing, a requirement not met.
const FAILED: u8 = 1;
/// The command line or an input file is wrong; nothing was written.
const REFUSED: u8 = 2;

/// Projects the school-age population of a city, its demand for seats, and the class sizes that building programmes
/// leave, year by year.
#[derive(Parser)]
#[command(name = "xuewei", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the folder of a new city to be filled with its figures.
    New(new::NewArguments),
    /// Run scenarios and write their tables and charts.
    Run(run::RunArguments),
    /// Set scenarios of one city side by side: tables, ranks, charts.
    Compare(compare::CompareArguments),
    /// Print the figures of a scenario with their sources, or what two scenarios set differently.
    Show(show::ShowArguments),
    /// Find every problem of a city, a scenario, a sweep or a folder of them, without running.
    Check(check::CheckArguments),
    /// Make a city's population and register from published totals.
    Calibrate(calibrate::CalibrateArguments),
    /// Run earlier years of a city to later ones and say how far they were off.
    Hindcast(hindcast::HindcastArguments),
    /// Run scenarios over many draws of uncertain figures; can be stopped and gone on with, in one piece or in shards.
    Sweep(sweep::SweepArguments),
    /// Put the shards of a sweep into one folder.
    Merge(merge::MergeArguments),
    /// Say what the draws of a sweep mean: sensitivity, the futures of interest, regret, bands over the years.
    Analyse(analyse::AnalyseArguments),
    /// Draw any one chart from output folders.
    Chart(chart::ChartArguments),
    /// Make a report from output folders: a page, a Word file and a workbook.
    Report(report::ReportArguments),
    /// Print a JSON Schema of the input files.
    Schema(schema::SchemaArguments),
}

/// Language of charts and short texts.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

impl Language {
    fn chart(self) -> Lang {
        match self {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

/// Options that several commands have.
#[derive(Args)]
struct Common {
    /// Change a figure for this run: path=value, e.g. programmes.k12-89.delay=2.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// Treat warnings as errors.
    #[arg(long)]
    strict: bool,
    /// Print nothing but errors.
    #[arg(long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print warnings in full and the time that each part took.
    #[arg(long)]
    verbose: bool,
}

/// Parses the arguments and runs the command.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS };
        }
    };
    let code = match &arguments.command {
        Command::New(arguments) => new::new(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Compare(arguments) => compare::compare(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(arguments),
        Command::Hindcast(arguments) => hindcast::hindcast(arguments),
        Command::Sweep(arguments) => sweep::sweep(arguments),
        Command::Merge(arguments) => merge::merge(arguments),
        Command::Analyse(arguments) => analyse::analyse(arguments),
        Command::Chart(arguments) => chart::chart(arguments),
        Command::Report(arguments) => report::report(arguments),
        Command::Schema(arguments) => schema::schema(arguments),
    };
    ExitCode::from(code)
}

/// Prints problems and returns the exit code of refused input.
fn refuse(problems: &Problems) -> u8 {
    eprint!("{}", problems.render("error"));
    REFUSED
}

/// Prints warnings: in full or as one line.
fn warn(warnings: &Problems, common: &Common) {
    if warnings.list.is_empty() || common.quiet {
        return;
    }
    if common.verbose {
        eprint!("{}", warnings.render("warning"));
    } else {
        let n = warnings.list.len();
        let noun = if n == 1 { "warning" } else { "warnings" };
        eprintln!("{n} {noun}; --verbose lists them, --strict refuses them");
    }
}

/// Folder of a city's outputs: the one asked for, or `output/CITY`.
fn output_folder(out: &Option<PathBuf>, city: &str) -> PathBuf {
    out.clone().unwrap_or_else(|| PathBuf::from("output").join(city))
}
