//! `xuewei run`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use crate::input::Loaded;
use crate::parallel;
use crate::report::compare::{self, Compared};
use crate::report::folder::{self, Part};
use crate::report::{self, Done};

use super::requirement::Requirement;
use super::several::{OutputOptions, language_of, load_all};
use super::{Common, FAILED, REFUSED, results};

/// Arguments of `run`.
#[derive(Args)]
#[command(
    after_help = "Example:\n  xuewei run scenarios/jiaozuo/plan.toml scenarios/jiaozuo/no-build.toml"
)]
pub(super) struct RunArguments {
    /// Scenario files.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Fail unless an indicator of the city meets a bound, e.g. 'junior.oversized_share[2030] <= 0.01'.
    #[arg(long, value_name = "REQUIREMENT")]
    require: Vec<String>,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    common: Common,
}

/// Runs scenarios and writes their folders.
pub(super) fn run(arguments: &RunArguments) -> u8 {
    parallel::use_threads(arguments.output.threads.map_or(0, usize::from));
    if let Err(code) = arguments.output.check_formats(false) {
        return code;
    }
    let started = Instant::now();
    let loaded = match load_all(&arguments.scenarios, &arguments.common)
        .and_then(|all| check_folders(arguments, &all).map(|()| all))
    {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let requirements = match requirements(arguments, &loaded) {
        Ok(requirements) => requirements,
        Err(code) => return code,
    };
    let loaded_after = started.elapsed();
    let done: Vec<Done> = parallel::map(&loaded, crate::run);
    let runs: Vec<Compared> =
        loaded.iter().zip(&done).map(|(loaded, done)| Compared { loaded, done }).collect();
    let computed_after = started.elapsed();
    let code = write_all(arguments, &runs);
    if code != 0 {
        return code;
    }
    if arguments.common.verbose {
        eprintln!(
            "read {:.0} ms, computed {:.0} ms, written {:.0} ms",
            loaded_after.as_secs_f64() * 1e3,
            (computed_after - loaded_after).as_secs_f64() * 1e3,
            (started.elapsed() - computed_after).as_secs_f64() * 1e3
        );
    }
    if !arguments.common.quiet {
        eprintln!();
        for run in &runs {
            results::of_run(
                run,
                language_of(arguments.output.lang, &run.loaded.language),
                runs.len() == 1,
            );
        }
    }
    let unmet: Vec<String> = runs
        .iter()
        .flat_map(|r| {
            requirements.iter().filter_map(|q| q.unmet(&r.loaded.scenario, &r.done.table))
        })
        .collect();
    for sentence in &unmet {
        eprintln!("error: {sentence}");
    }
    // The process ends here: what a large city holds is not taken apart first.
    std::mem::forget((done, loaded));
    if unmet.is_empty() { 0 } else { FAILED }
}

/// What the city must meet.
fn requirements(arguments: &RunArguments, loaded: &[Loaded]) -> Result<Vec<Requirement>, u8> {
    let stages = loaded.first().map_or_else(crate::input::china, |l| l.scenario.city.stages);
    let all = arguments.require.iter().map(|text| Requirement::parse(stages, text));
    all.collect::<Result<_, String>>().map_err(|message| {
        eprintln!("error: --require: {message}");
        REFUSED
    })
}

/// No two scenarios may write one folder.
fn check_folders(arguments: &RunArguments, all: &[Loaded]) -> Result<(), u8> {
    let mut folders: Vec<PathBuf> = all.iter().map(|l| folder_of(arguments, l)).collect();
    folders.sort();
    if let Some(pair) = folders.windows(2).find(|pair| pair[0] == pair[1]) {
        eprintln!(
            "error: two of the scenarios would write {}\n      give one of them another [scenario] key",
            pair[0].display()
        );
        return Err(REFUSED);
    }
    Ok(())
}

fn folder_of(arguments: &RunArguments, loaded: &Loaded) -> PathBuf {
    arguments.output.folder(loaded).join(&loaded.scenario.key)
}

/// Makes the files of all scenarios, checks every folder, then writes them.
fn write_all(arguments: &RunArguments, runs: &[Compared]) -> u8 {
    let mut folders: Vec<PathBuf> = runs.iter().map(|r| folder_of(arguments, r.loaded)).collect();
    let compares = crate::facade::are_comparable(runs.iter().map(|run| run.loaded));
    if compares {
        folders.push(arguments.output.folder(runs[0].loaded).join("compare"));
    }
    for folder in &folders {
        if let Err(error) = folder::check_free(folder) {
            eprintln!("error: {error}");
            return FAILED;
        }
    }
    let mut files = parallel::map(runs, |r| {
        report::files(r.loaded, r.done, &arguments.output.wanted(r.loaded))
    });
    if compares {
        let comparison = compare::compare(runs);
        let compared = compare::files(runs, &comparison, &arguments.output.wanted(runs[0].loaded));
        let as_parts = |files: Vec<(String, Vec<u8>)>| {
            files.into_iter().map(|(name, bytes)| (name, Part::Bytes(bytes))).collect()
        };
        files.push(compared.map(as_parts));
    }
    for (folder, files) in folders.iter().zip(files) {
        let result = files
            .map_err(|error| error.to_string())
            .and_then(|files| folder::write(folder, &files).map_err(|error| error.to_string()));
        if let Err(error) = result {
            eprintln!("error: {error}");
            return FAILED;
        }
        if !arguments.common.quiet {
            eprintln!("{}", folder.display());
        }
    }
    0
}
