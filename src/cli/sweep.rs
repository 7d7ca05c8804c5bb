//! `xuewei sweep`.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::problem::Problems;
use crate::input::sweep::{LoadedSweep, load_sweep};
use crate::parallel;
use crate::report::chart::Lang;
use crate::sweep::drive::{Engine as _, Progress, Stop, drive};
use crate::sweep::engine::Engine;
use crate::sweep::labels::Labels;
use crate::sweep::outcome::known;
use crate::sweep::slow::Slow;
use crate::sweep::start::start;
use crate::sweep::store::{self, Manifest, Prepared, Shard, StoreError};

use super::several::language_of;
use super::sweeps::tell_slow;
use super::{Common, FAILED, Language, REFUSED, output_folder, refuse, warn};

/// Stopped by Ctrl-C or a request to end: what shells answer for a command that was interrupted.
const INTERRUPTED: u8 = 130;

/// Arguments of `sweep`.
#[derive(Args)]
#[command(after_help = "\
The output folder holds draws/part-NNNNNN.parquet with a checksum beside each, manifest.json, and labels.json: the
words for charts.
  A folder of this sweep that is finished is compared with its checksums and not run again.
  One that is begun, or has fewer draws than are asked for, is gone on with by --resume and refused without it.
  A finished one of the same sweep with another design, input or version is replaced when the new one is finished, but
  refused when it was analysed or drawn, and for a shard. Everything else is refused and left as it is.
Ctrl-C finishes the parts at hand, says how to go on, and exits with 130; a second one drops the parts at hand.

Examples:
  xuewei sweep scenarios/jiaozuo/sweeps/futures.toml
  xuewei sweep scenarios/jiaozuo/sweeps/futures.toml --draws 1000000 --shard 3/8 --resume")]
pub(super) struct SweepArguments {
    /// Sweep file.
    sweep: PathBuf,
    /// Draws instead of those of the file: rows, base points (saltelli) or trajectories (morris).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    draws: Option<u64>,
    /// Seed instead of that of the file.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Run the K-th of N shards: parts whose number leaves K − 1 when divided by N. Shards may share a folder.
    #[arg(long, value_name = "K/N", value_parser = Shard::parse)]
    shard: Option<Shard>,
    /// Go on with a sweep that was begun: parts that are finished and agree with their checksums stay.
    #[arg(long)]
    resume: bool,
    /// Draws in a part; default: so many that there are 64 parts, from 16 to 1024. A sweep that was begun keeps its own.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=65_536))]
    draws_per_part: Option<u64>,
    /// Folder instead of output/CITY; the sweep's folder is made inside it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Language of the title; default: the city's.
    #[arg(long)]
    lang: Option<Language>,
    /// Threads; default: one a core. The files do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    common: Common,
}

/// Runs a sweep, or a shard of it, into its folder.
pub(super) fn sweep(arguments: &SweepArguments) -> u8 {
    parallel::use_threads(arguments.threads.map_or(0, usize::from));
    let loaded = match load(arguments) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let engine = match start(&loaded, arguments.draws_per_part) {
        Ok(engine) => engine,
        Err(problem) => return refuse(&Problems { list: vec![problem] }),
    };
    match run(arguments, &loaded, &engine) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            FAILED
        }
    }
}

/// The sweep with what the command line sets.
fn load(arguments: &SweepArguments) -> Result<LoadedSweep, u8> {
    let sets = &arguments.common.sets;
    let mut loaded =
        load_sweep(&arguments.sweep, sets, &known).map_err(|refused| refuse(&refused.problems))?;
    if arguments.common.strict && !loaded.warnings.list.is_empty() {
        return Err(refuse(&loaded.warnings));
    }
    warn(&loaded.warnings, &arguments.common);
    let design = &mut loaded.sweep.design;
    if let Some(draws) = arguments.draws {
        design.set_draws(draws).map_err(|message| {
            eprintln!("error: --draws: {message}\n      leave it out");
            REFUSED
        })?;
    }
    design.seed = arguments.seed.unwrap_or(design.seed);
    let folder = folder_of(arguments, &loaded);
    if arguments.resume && loaded.sweep.design.has_block() {
        loaded.sweep.design.block = Manifest::block_in(&folder);
    }
    Ok(loaded)
}

/// Key of the city.
fn city_of(loaded: &LoadedSweep) -> &str {
    loaded.scenarios.first().map_or("", |first| first.scenario.city.key.as_str())
}

/// The folder of the sweep.
fn folder_of(arguments: &SweepArguments, loaded: &LoadedSweep) -> PathBuf {
    output_folder(&arguments.out, city_of(loaded)).join(&loaded.sweep.key)
}

/// What is asked for, with what the command line sets.
fn manifest_of(
    arguments: &SweepArguments,
    loaded: &LoadedSweep,
    engine: &Engine,
    slow: &BTreeMap<String, Vec<Slow>>,
) -> Manifest {
    let inputs = loaded.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()));
    // Rows depend on what the command line sets as they do on files.
    let sets = arguments.common.sets.join("\n");
    let inputs = inputs.chain((!sets.is_empty()).then_some(("--set", sets.as_bytes())));
    let mut manifest = Manifest::new(
        (city_of(loaded), &loaded.sweep.key),
        &loaded.sweep.design,
        engine.n_draws(),
        &engine.columns(),
        inputs,
    );
    manifest.not_in_scenario = engine.not_in_scenario();
    let reasons = |slow: &Vec<Slow>| slow.iter().map(|&slow| slow.into()).collect();
    manifest.slow = slow.iter().map(|(key, slow)| (key.clone(), reasons(slow))).collect();
    if let Some(draws) = arguments.draws_per_part {
        manifest.draws_per_part = draws;
    }
    manifest
}

fn run(
    arguments: &SweepArguments,
    loaded: &LoadedSweep,
    engine: &Engine,
) -> Result<u8, StoreError> {
    let sweep = &loaded.sweep;
    let slow = engine.slow();
    let manifest = manifest_of(arguments, loaded, engine, &slow);
    let folder = folder_of(arguments, loaded);
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    let prepared = store::prepare(&folder, manifest, shard, arguments.resume)?;
    prepared.store.write_labels(&Labels::of(loaded).text())?;
    if !arguments.common.quiet {
        let language = loaded.scenarios.first().map_or("", |first| first.language.as_str());
        let language = language_of(arguments.lang, language);
        let title = match language {
            Lang::Zh => &sweep.title.zh,
            Lang::En => &sweep.title.en,
        };
        eprintln!("{title}");
        tell_slow(&slow, language);
        begin(&prepared);
    }
    let stop = Arc::new(Stop::default());
    let bar = bar(arguments, &prepared);
    listen(&stop, &bar);
    let started = Instant::now();
    let told = |progress: &Progress| bar.set_position(progress.n_draws);
    let result = drive(engine, &prepared.store, &prepared.todo, &stop, told);
    bar.finish_and_clear();
    let done = result?;
    if (done.n_parts as usize) < prepared.todo.len() {
        eprintln!(
            "stopped: {} of {} parts are finished\n      go on with: {}",
            prepared.n_finished + done.n_parts,
            prepared.n_finished + prepared.todo.len() as u64,
            command_to_go_on()
        );
        return Ok(INTERRUPTED);
    }
    let sums = prepared.finish()?;
    if !arguments.common.quiet {
        end(&prepared, shard, &done, started.elapsed());
        if let Some(sums) = sums {
            eprintln!("SHA-256 of all parts: {}", sums.total);
        }
    }
    Ok(0)
}

/// Says what lies in the folder already.
fn begin(prepared: &Prepared) {
    for (part, why) in &prepared.again {
        eprintln!("part {part} is run again: {why}");
    }
    if prepared.n_finished > 0 {
        eprintln!("{} parts are finished and agree with their checksums", prepared.n_finished);
    }
}

/// Says what was done and what is left to do.
fn end(prepared: &Prepared, shard: Shard, done: &Progress, took: Duration) {
    let store = &prepared.store;
    eprintln!("{}", store.folder().display());
    let seconds = took.as_secs_f64();
    if done.n_parts > 0 {
        eprintln!(
            "{} draws of {} scenarios in {} parts, {:.1} MB, {seconds:.1} s, {:.0} draws a second",
            done.n_draws,
            store.columns().scenarios.len(),
            done.n_parts,
            done.n_bytes as f64 / 1e6,
            done.n_draws as f64 / seconds.max(1e-9)
        );
    }
    if done.n_failed > 0 {
        let (failed, all) = (done.n_failed, done.n_rows);
        eprintln!("{failed} of {all} rows failed: their column `failed` says why");
    }
    let n_missing = store.missing().len();
    if n_missing > 0 {
        eprintln!(
            "shard {}/{} is finished; {n_missing} of {} parts are not in this folder\n      put shards of folders of their own together with `xuewei merge`",
            shard.number,
            shard.of,
            store.n_parts()
        );
    }
}

/// A bar with rate and time left on a terminal, otherwise nothing.
fn bar(arguments: &SweepArguments, prepared: &Prepared) -> ProgressBar {
    if arguments.common.quiet || !std::io::stderr().is_terminal() || prepared.todo.is_empty() {
        return ProgressBar::hidden();
    }
    let n_draws = |part: &u64| {
        let draws = prepared.store.draws_of(*part);
        draws.end - draws.start
    };
    let all = prepared.todo.iter().map(n_draws).sum();
    let bar = ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::stderr());
    let line = "{bar:30} {human_pos} of {human_len} draws, {per_sec}, {eta} left {msg}";
    if let Ok(style) = ProgressStyle::with_template(line) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// Stops after the parts at hand when asked once, at once when asked twice, and without more ado the third time.
fn listen(stop: &Arc<Stop>, bar: &ProgressBar) {
    let (stop, bar) = (Arc::clone(stop), bar.clone());
    let asked = move || {
        if stop.at_once.load(Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        } else if stop.after_parts.swap(true, Ordering::Relaxed) {
            stop.at_once.store(true, Ordering::Relaxed);
        } else {
            bar.suspend(|| eprintln!("finishing the parts at hand; Ctrl-C again drops them"));
        }
    };
    // Where the system cannot tell, the sweep ends at once and --resume goes on with it.
    let _ = ctrlc::set_handler(asked);
}

/// The command line with `--resume`.
fn command_to_go_on() -> String {
    let mut words: Vec<String> = std::env::args().map(|word| quoted(&word)).collect();
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".to_string());
    }
    words.join(" ")
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=,:+@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("scenarios/焦作/a.toml"), "scenarios/焦作/a.toml");
        assert_eq!(quoted("my sweep.toml"), "'my sweep.toml'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
