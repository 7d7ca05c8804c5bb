//! `xuewei analyse`.

mod asked;
mod read;
mod results;

use std::path::PathBuf;

use clap::Args;

use crate::analysis::run_analysis;
use crate::parallel;
use crate::report::analysis::{Report, files, manifest_of_charts};
use crate::report::chart::Lang;
use crate::report::pictures::sweep::{self, Picture, analysed};
use crate::report::{Wanted, folder};

use self::read::Source;
use super::several::{ChartFormat, forms, language_of};
use super::{FAILED, Language, REFUSED};

/// Arguments of `analyse`.
#[derive(Args)]
#[command(after_help = "\
A Saltelli design has Sobol' indices, a Morris design elementary effects; all others SRC, PRCC, Borgonovo's delta and
PAWN. Every sweep has bands over the years, the share of futures in which oversized classes are gone, regret,
dominance, boxes (PRIM) and rules (CART). analysis/dictionary.csv explains every table, summary.json how draws that
failed are treated. charts/ has the share of futures in which oversized classes are gone, bands of yearly shares, and for
the first scenario and up to twelve outcomes what weighs most and the boxes; names come from labels.json.

Example:
  xuewei analyse output/jiaozuo/futures --outcome primary.clearing_year --case 'primary.clearing_year > 2030'")]
pub(super) struct AnalyseArguments {
    /// Output folder of a sweep, e.g. output/jiaozuo/futures. Parts that are missing are left out.
    #[arg(value_name = "SWEEP_OUTPUT")]
    folder: PathBuf,
    /// Outcome to study, e.g. primary.clearing_year or primary.oversized_share[2030]; without a year: all years of it.
    /// Default: every outcome that is one number a draw.
    #[arg(long = "outcome", value_name = "NAME")]
    outcomes: Vec<String>,
    /// Scenario to study; default: all.
    #[arg(long = "scenario", value_name = "KEY")]
    scenarios: Vec<String>,
    /// Futures of interest for PRIM and CART, e.g. 'primary.clearing_year > 2030'; default: those not cleared by the end of the
    /// plan, if these are 5 to 95 % of the draws, else the worse half.
    #[arg(long = "case", value_name = "CONDITION")]
    cases: Vec<String>,
    /// Condition whose share of draws is told, e.g. 'all.investment_total <= 3e9'; default: that clearing years come at all.
    #[arg(long = "meet", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Outcome of which high values are better; of all others low ones are.
    #[arg(long, value_name = "NAME")]
    high: Vec<String>,
    /// Count yearly oversized shares as gone from the year from which they stay at or below this, besides the clearing years.
    #[arg(long, value_name = "SHARE")]
    cleared_at: Option<f64>,
    /// Resamples of every bootstrap.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    resamples: u16,
    /// Seed of the resamples.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Estimate delta on the first so many draws.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    delta_draws: usize,
    /// Share of a box that PRIM peels off at a time.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    peel: f64,
    /// Boxes sought one after the other.
    #[arg(long, value_name = "N", default_value_t = 2)]
    boxes: usize,
    /// Threads; default: one a core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Forms of the charts; none to skip them and remove those of an earlier analysis.
    #[arg(long, value_delimiter = ',', default_value = "svg,png")]
    charts: Vec<ChartFormat>,
    /// Language of charts and of what is printed; default: the city's. With zh the tables open rightly in Excel on a Chinese Windows.
    #[arg(long, value_enum)]
    lang: Option<Language>,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

/// Reads a sweep's folder, analyses it and writes `analysis` and `charts` into it.
pub(super) fn analyse(arguments: &AnalyseArguments) -> u8 {
    let (into, charts) = (arguments.folder.join("analysis"), arguments.folder.join("charts"));
    // Before anything is computed.
    if let Err(error) = folder::check_free(&into).and_then(|()| folder::check_free(&charts)) {
        eprintln!("error: {error}");
        return REFUSED;
    }
    let code = analysed(arguments, |source, report, lang| {
        let written = drawn(arguments, source, report, lang).and_then(|pictures| {
            let tables = folder::write(&into, &files(report));
            let pictures = tables.and_then(|()| match pictures.is_empty() {
                true => folder::remove(&charts),
                false => folder::write(&charts, &pictures),
            });
            pictures.map_err(|error| error.to_string())
        });
        if let Err(message) = written {
            eprintln!("error: {message}");
            return FAILED;
        }
        if !arguments.quiet {
            results::print(report, &into, lang);
            results::of_labels(source, lang);
        }
        0
    });
    code.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        REFUSED
    })
}

/// The charts of a sweep before they are drawn, each with what it shows.
pub(super) fn pictures(
    arguments: &AnalyseArguments,
) -> Result<(Vec<(String, Picture)>, Lang), String> {
    analysed(arguments, |source, report, lang| {
        let version = &source.store.manifest().version;
        (analysed::pictures(report, &source.labels, version, lang), lang)
    })
}

/// Reads a sweep's folder and analyses it.
fn analysed<T>(
    arguments: &AnalyseArguments,
    told: impl FnOnce(&Source, &Report, Lang) -> T,
) -> Result<T, String> {
    parallel::use_threads(arguments.threads.map_or(0, usize::from));
    let source = read::open(&arguments.folder)?;
    let asked = asked::asked(arguments, &source)?;
    let found =
        run_analysis::analyse(&source.draws, &asked, |names| source.outcomes(names), |_, _| ())
            .map_err(|error| error.to_string())?;
    let lang = language_of(arguments.lang, &source.labels.language);
    let Source { store, draws, failures, .. } = &source;
    let manifest = store.manifest();
    let design = manifest.design.clone().into_iter().collect::<serde_json::Map<_, _>>().into();
    let report = Report {
        city: &manifest.city,
        sweep: &manifest.sweep,
        design: &design,
        sha256: store.sums().map(|sums| sums.total),
        failures,
        draws,
        asked: &asked,
        found: &found,
        with_bom: lang == Lang::Zh,
    };
    Ok(told(&source, &report, lang))
}

/// The files of the folder `charts`; none where no charts are wanted.
fn drawn(
    arguments: &AnalyseArguments,
    source: &Source,
    report: &Report,
    lang: Lang,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    let charts = forms(&arguments.charts);
    if charts.is_empty() {
        return Ok(Vec::new());
    }
    let version = &source.store.manifest().version;
    let pictures = analysed::pictures(report, &source.labels, version, lang);
    let wanted = Wanted { lang, formats: Vec::new(), charts };
    let drawn = sweep::files(&pictures, &wanted).map_err(|error| error.to_string())?;
    let inside = |(name, content): (String, Vec<u8>)| {
        (name.strip_prefix("charts/").unwrap_or(&name).to_string(), content)
    };
    let mut files: Vec<(String, Vec<u8>)> = drawn.into_iter().map(inside).collect();
    files.push(("manifest.json".to_string(), manifest_of_charts(report)));
    Ok(files)
}
