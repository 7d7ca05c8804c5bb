//! `xuewei check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::input::problem::{Problem, Problems};
use crate::input::{self, Loaded};
use crate::sweep::slow::Slow;
use crate::sweep::start::start;
use crate::units::Year;

use super::hindcast::can_be_used;
use super::{Common, REFUSED, prepare, refuse, sweeps, warn};

/// Arguments of `check`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  xuewei check scenarios/jiaozuo\n  xuewei check scenarios/jiaozuo/sweeps/futures.toml"
)]
pub(super) struct CheckArguments {
    /// A city folder, a city.toml, a scenario file or a sweep file; a folder is checked with every scenario and sweep in it.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Checks every file named, prints all problems at once.
pub(super) fn check(arguments: &CheckArguments) -> u8 {
    let mut problems = Problems::default();
    let mut warnings = Problems::default();
    let mut n_checked = 0;
    let mut n_unprepared = 0;
    let mut examples = prepare::Examples::default();
    let mut found_sweeps: Vec<FoundSweep> = Vec::new();
    for path in &arguments.paths {
        if let Some(city) = input::unprepared(path, &arguments.common.sets) {
            prepare::tell(&city, path);
            n_unprepared += 1;
            continue;
        }
        for file in files_of(path) {
            n_checked += 1;
            if input::is_sweep(&file) {
                let into = (&mut problems, &mut warnings);
                found_sweeps.extend(of_sweep(&file, &arguments.common.sets, into));
                continue;
            }
            match input::load(&file, &arguments.common.sets) {
                Ok(loaded) => {
                    prepare::note_examples(&loaded, &mut examples);
                    if file.ends_with("city.toml") || !path.is_dir() {
                        problems.list.extend(of_hindcast(&loaded, &mut n_checked));
                    }
                    warnings.list.extend(loaded.warnings.list);
                }
                Err(refused) => {
                    problems.list.extend(refused.problems.list);
                    warnings.list.extend(refused.warnings.list);
                }
            }
        }
    }
    let warnings = unique(warnings);
    let mut problems = unique(problems);
    if arguments.common.strict {
        problems.list.extend(warnings.list.iter().cloned());
    } else {
        warn(&warnings, &arguments.common);
    }
    if !problems.list.is_empty() {
        return refuse(&problems);
    }
    if n_unprepared > 0 {
        return REFUSED;
    }
    if !arguments.common.quiet {
        found_sweeps.iter().for_each(|(loaded, slow)| sweeps::tell(loaded, slow));
        let noun = if n_checked == 1 { "file" } else { "files" };
        eprintln!("no problems in {n_checked} {noun}");
        prepare::tell_examples(&examples);
    }
    0
}

/// A sweep and what keeps its scenarios from full speed, by their keys.
type FoundSweep = (input::LoadedSweep, BTreeMap<String, Vec<Slow>>);

/// A sweep, or its problems; warnings of both.
fn of_sweep(
    file: &Path,
    sets: &[String],
    (problems, warnings): (&mut Problems, &mut Problems),
) -> Option<FoundSweep> {
    match sweeps::load(file, sets) {
        Ok(loaded) => {
            warnings.list.extend(loaded.warnings.list.iter().cloned());
            let slow = match start(&loaded, None) {
                Ok(engine) => engine.slow(),
                Err(problem) => {
                    problems.list.push(problem);
                    BTreeMap::new()
                }
            };
            Some((loaded, slow))
        }
        Err(refused) => {
            problems.list.extend(refused.problems.list);
            warnings.list.extend(refused.warnings.list);
            None
        }
    }
}

/// Problems of what `hindcast` reads beside a scenario: its starts and the accuracy of others.
fn of_hindcast(loaded: &Loaded, n_checked: &mut usize) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Err(refused) = input::hindcast::accuracy(loaded) {
        found.extend(refused.problems.list);
    }
    // A city without observations has nothing that a start could have used.
    let observations = input::hindcast::observations(loaded).unwrap_or_default();
    let known = (loaded.scenario.city.stages, &observations[..]);
    let judge = |quantity: &str, year: Year| can_be_used(known, quantity, year);
    match input::hindcast::starts(loaded, &judge) {
        Err(refused) => found.extend(refused.problems.list),
        Ok(starts) => {
            for start in starts {
                *n_checked += 1;
                if let Err(refused) = input::load(&start.path, &[]) {
                    found.extend(refused.problems.list);
                }
            }
        }
    }
    found
}

/// Problems of files that several scenarios share are told once.
fn unique(problems: Problems) -> Problems {
    let mut list = Vec::new();
    for problem in problems.list {
        if !list.contains(&problem) {
            list.push(problem);
        }
    }
    Problems { list }.sorted()
}

/// A folder's `city.toml`, its scenario files (those that have a base), and its sweeps.
fn files_of(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_path_buf()];
    }
    let mut files = vec![path.join("city.toml")];
    let mut others: Vec<PathBuf> = std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| {
            file.extension().is_some_and(|e| e == "toml") && !file.ends_with("city.toml")
        })
        .filter(|file| file.is_file())
        .filter(|file| {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            text.lines().any(|line| line.trim_start().starts_with("base"))
        })
        .collect();
    others.sort();
    files.extend(others);
    let mut sweeps: Vec<PathBuf> = std::fs::read_dir(path.join("sweeps"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|e| e == "toml"))
        .collect();
    sweeps.sort();
    files.extend(sweeps);
    files
}
