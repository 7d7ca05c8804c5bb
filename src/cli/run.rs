//! `xuewei run`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::axes::Stage;
use crate::indicators::{self, Table};
use crate::input::problem::Problems;
use crate::input::{self, Loaded};
use crate::model::{self, Run};
use crate::parallel;
use crate::report::chart::Lang;
use crate::report::folder;
use crate::report::pictures::{self, Drawn};
use crate::report::rows::Format;
use crate::report::summary::{self, Summary};
use crate::report::{self, Wanted};

use super::requirement::Requirement;
use super::{Common, FAILED, Language, REFUSED, output_folder, refuse, warn};

/// Arguments of `run`.
#[derive(Args)]
#[command(
    after_help = "Example:\n  xuewei run scenarios/jiaozuo/plan.toml scenarios/jiaozuo/no-build.toml"
)]
pub(super) struct RunArguments {
    /// Scenario files.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Folder instead of output/CITY; each scenario's folder is made inside it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Language of charts and of the byte order mark of CSV files; default: the city's.
    #[arg(long)]
    lang: Option<Language>,
    /// Threads; default: one a core. The files do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Forms of the tables.
    #[arg(long, value_delimiter = ',', default_value = "csv")]
    format: Vec<TableFormat>,
    /// Forms of the charts; none to skip them.
    #[arg(long, value_delimiter = ',', default_value = "svg,png")]
    charts: Vec<ChartFormat>,
    /// Fail unless an indicator of the city meets a bound, e.g. 'junior.oversized_share[2030] <= 0.01'.
    #[arg(long, value_name = "REQUIREMENT")]
    require: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    Csv,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ChartFormat {
    Svg,
    Png,
    None,
}

/// A scenario that was run.
struct Done {
    loaded: Loaded,
    run: Run,
    table: Table,
    no_build: Table,
    summary: Summary,
}

/// Runs scenarios and writes their folders.
pub(super) fn run(arguments: &RunArguments) -> u8 {
    parallel::use_threads(arguments.threads.map_or(0, usize::from));
    let requirements: Result<Vec<Requirement>, String> =
        arguments.require.iter().map(|text| Requirement::parse(text)).collect();
    let requirements = match requirements {
        Ok(requirements) => requirements,
        Err(message) => {
            eprintln!("error: --require: {message}");
            return REFUSED;
        }
    };
    let started = Instant::now();
    let loaded = match load_all(arguments) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let loaded_after = started.elapsed();
    let done = parallel::map(&loaded, compute);
    let done: Vec<Done> = loaded
        .into_iter()
        .zip(done)
        .map(|(loaded, (run, table, no_build, summary))| Done {
            loaded,
            run,
            table,
            no_build,
            summary,
        })
        .collect();
    let computed_after = started.elapsed();
    let code = write_all(arguments, &done);
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
        print_results(arguments, &done);
    }
    let unmet: Vec<String> = done
        .iter()
        .flat_map(|d| requirements.iter().filter_map(|r| r.unmet(&d.loaded.scenario, &d.table)))
        .collect();
    for sentence in &unmet {
        eprintln!("error: {sentence}");
    }
    if unmet.is_empty() { 0 } else { FAILED }
}

/// Loads every scenario; all problems of all files come at once, and no two scenarios may write one folder.
fn load_all(arguments: &RunArguments) -> Result<Vec<Loaded>, u8> {
    let mut all = Vec::new();
    let mut problems = Problems::default();
    let mut warnings = Problems::default();
    for path in &arguments.scenarios {
        match input::load(path, &arguments.common.sets) {
            Ok(loaded) => {
                warnings.list.extend(loaded.warnings.list.iter().cloned());
                all.push(loaded);
            }
            Err(refused) => problems.list.extend(refused.problems.list),
        }
    }
    warnings.list.dedup();
    if arguments.common.strict {
        problems.list.append(&mut warnings.list);
    }
    if !problems.list.is_empty() {
        return Err(refuse(&problems.sorted()));
    }
    warn(&warnings, &arguments.common);
    let mut folders: Vec<PathBuf> = all.iter().map(|l| folder_of(arguments, l)).collect();
    folders.sort();
    if let Some(pair) = folders.windows(2).find(|pair| pair[0] == pair[1]) {
        eprintln!(
            "error: two of the scenarios would write {}\n      give one of them another [scenario] key",
            pair[0].display()
        );
        return Err(REFUSED);
    }
    Ok(all)
}

fn folder_of(arguments: &RunArguments, loaded: &Loaded) -> PathBuf {
    output_folder(&arguments.out, &loaded.scenario.city.key).join(&loaded.scenario.key)
}

/// Runs one scenario, and the same with nothing built.
fn compute(loaded: &Loaded) -> (Run, Table, Table, Summary) {
    let scenario = &loaded.scenario;
    let outlook = Arc::new(model::project(scenario));
    let run = model::run_on(scenario, Arc::clone(&outlook));
    let table = indicators::table(scenario, &run);
    let no_build = if scenario.programmes.is_empty() {
        table.clone()
    } else {
        let without = scenario.without_programmes();
        indicators::table(&without, &model::run_on(&without, outlook))
    };
    let warnings =
        loaded.warnings.list.iter().map(|w| format!("{}: {}", w.path, w.message)).collect();
    let summary = summary::summary(scenario, &run, &table, &no_build, warnings);
    (run, table, no_build, summary)
}

/// Makes the files of all scenarios, checks every folder, then writes them.
fn write_all(arguments: &RunArguments, done: &[Done]) -> u8 {
    let mut formats: Vec<Format> = Vec::new();
    for format in &arguments.format {
        let format = match format {
            TableFormat::Csv => Format::Csv,
            TableFormat::Json => Format::Json,
        };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    let none = arguments.charts.contains(&ChartFormat::None);
    let wanted = |d: &Done| Wanted {
        lang: language_of(arguments, d),
        formats: formats.clone(),
        svg: !none && arguments.charts.contains(&ChartFormat::Svg),
        png: !none && arguments.charts.contains(&ChartFormat::Png),
    };
    let mut folders: Vec<PathBuf> = done.iter().map(|d| folder_of(arguments, &d.loaded)).collect();
    let compares = are_comparable(done) && (wanted(&done[0]).svg || wanted(&done[0]).png);
    if compares {
        folders
            .push(output_folder(&arguments.out, &done[0].loaded.scenario.city.key).join("compare"));
    }
    for folder in &folders {
        if let Err(error) = folder::check_free(folder) {
            eprintln!("error: {error}");
            return FAILED;
        }
    }
    let mut files = parallel::map(done, |d| {
        report::files(&d.loaded, &d.run, &d.table, &d.no_build, &d.summary, &wanted(d))
    });
    if compares {
        files.push(comparison(done, &wanted(&done[0])));
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

/// The language asked for, or that of the city.
fn language_of(arguments: &RunArguments, done: &Done) -> Lang {
    match arguments.lang {
        Some(language) => language.chart(),
        None if done.loaded.language == "en" => Lang::En,
        None => Lang::Zh,
    }
}

/// Whether there are several scenarios, all of one city and the same years.
fn are_comparable(done: &[Done]) -> bool {
    let of = |d: &Done| {
        let city = &d.loaded.scenario.city;
        (city.key.clone(), city.base_year, city.horizon)
    };
    done.len() > 1 && done.iter().all(|d| of(d) == of(&done[0]))
}

/// The chart of all scenarios together.
fn comparison(
    done: &[Done],
    wanted: &Wanted,
) -> Result<Vec<(String, Vec<u8>)>, crate::report::chart::Error> {
    let drawn: Vec<Drawn> = done
        .iter()
        .map(|d| Drawn {
            scenario: &d.loaded.scenario,
            run: &d.run,
            table: &d.table,
            no_build: &d.no_build,
        })
        .collect();
    let mut files = report::chart_files(&pictures::of_several(&drawn, wanted.lang), wanted)?;
    let keys: Vec<&str> = done.iter().map(|d| d.loaded.scenario.key.as_str()).collect();
    let manifest = serde_json::json!({
        "program": "xuewei",
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "compare",
        "scenarios": keys,
    });
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    files.push(("manifest.json".to_string(), format!("{text}\n").into_bytes()));
    Ok(files)
}

/// A short table: when oversized classes are gone, and what it costs.
fn print_results(arguments: &RunArguments, done: &[Done]) {
    eprintln!();
    for d in done {
        let zh = language_of(arguments, d) == Lang::Zh;
        let title = if zh { &d.loaded.scenario.title.zh } else { &d.loaded.scenario.title.en };
        eprintln!("{} ({title})", d.loaded.scenario.key);
        for stage in Stage::ALL {
            let Some(s) = d.summary.stages.iter().find(|s| s.stage == stage.key()) else {
                continue;
            };
            let cleared =
                s.clearing_year.iter().find(|(name, _)| *name == "1%").and_then(|(_, y)| *y);
            let percent = |share: Option<f64>| {
                share.map_or("–".to_string(), |v| format!("{:.1} %", 100.0 * v))
            };
            let [first, last] = d.summary.years;
            let cleared = match (cleared, zh) {
                (Some(year), true) => format!("{year}年清零"),
                (None, true) => format!("到{last}年未清零"),
                (Some(year), false) => format!("cleared {year}"),
                (None, false) => format!("not cleared by {last}"),
            };
            let name = if zh { stage.zh() } else { stage.key() };
            eprintln!(
                "  {name}: ≥56 {} ({first}) → {} ({last}), {cleared}",
                percent(s.oversized_share[0]),
                percent(s.oversized_share[1]),
            );
        }
        for note in &d.summary.notes {
            eprintln!("  note: {note}");
        }
    }
}
