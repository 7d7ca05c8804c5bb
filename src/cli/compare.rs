//! `xuewei compare`.

use std::path::PathBuf;

use clap::Args;

use crate::input::Loaded;
use crate::parallel;
use crate::report::compare::{self, Compared};
use crate::report::folder;

use super::several::{OutputOptions, language_of, load_all};
use super::{Common, FAILED, REFUSED, results};

/// Arguments of `compare`.
#[derive(Args)]
#[command(
    after_help = "Example:\n  xuewei compare scenarios/jiaozuo/plan.toml scenarios/jiaozuo/no-build.toml scenarios/jiaozuo/entry-cap.toml"
)]
pub(super) struct CompareArguments {
    /// Scenario files of one city.
    #[arg(required = true, num_args = 2..)]
    scenarios: Vec<PathBuf>,
    /// Key of the scenario that the others are measured against; default: the first that decides nothing.
    #[arg(long, value_name = "KEY")]
    against: Option<String>,
    /// Print comparison.csv instead of writing the folder.
    #[arg(long)]
    stdout: bool,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    common: Common,
}

/// Runs scenarios and writes what sets them side by side.
pub(super) fn compare(arguments: &CompareArguments) -> u8 {
    parallel::use_threads(arguments.output.threads.map_or(0, usize::from));
    if let Err(code) = arguments.output.check_formats(arguments.stdout) {
        return code;
    }
    let loaded = match load_all(&arguments.scenarios, &arguments.common) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let references = match references(arguments, &loaded) {
        Ok(references) => references,
        Err(message) => {
            eprintln!("error: {message}");
            return REFUSED;
        }
    };
    let (done, comparison) = match crate::facade::compare_with(&loaded, &references) {
        Ok(compared) => compared,
        Err(error) => {
            eprintln!("error: {error}");
            return REFUSED;
        }
    };
    let runs: Vec<Compared> =
        loaded.iter().zip(&done).map(|(loaded, done)| Compared { loaded, done }).collect();
    let wanted = arguments.output.wanted(runs[0].loaded);
    if arguments.stdout {
        return results::to_stdout(&compare::table(&runs, &wanted));
    }
    let folder = arguments.output.folder(runs[0].loaded).join("compare");
    let result = compare::files(&runs, &comparison, &wanted)
        .map_err(|error| error.to_string())
        .and_then(|files| folder::write(&folder, &files).map_err(|error| error.to_string()));
    if let Err(error) = result {
        eprintln!("error: {error}");
        return FAILED;
    }
    if !arguments.common.quiet {
        eprintln!("{}\n", folder.display());
        let lang = language_of(arguments.output.lang, &runs[0].loaded.language);
        results::of_comparison(&runs, &comparison, &references, lang);
    }
    0
}

/// The scenarios that each is measured against: the one named, or the first of its frame that decides nothing.
fn references(
    arguments: &CompareArguments,
    loaded: &[Loaded],
) -> Result<Vec<Option<usize>>, String> {
    let keys = || loaded.iter().map(|l| l.scenario.key.as_str());
    let Some(key) = &arguments.against else { return Ok(crate::facade::twins(loaded)) };
    match keys().position(|known| known == key) {
        Some(idx) => Ok(vec![Some(idx); loaded.len()]),
        None => {
            let help = crate::input::problem::suggest(key, keys());
            Err(format!("--against: no scenario {key:?} among those compared\n      {help}"))
        }
    }
}
