//! `xuewei chart`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, Parser, ValueEnum};

use crate::input::{self, Loaded};
use crate::parallel;
use crate::report::chart::Size;
use crate::report::chart::map::Regions;
use crate::report::compare::{Compared, compare};
use crate::report::pictures::kind::{Kind, Source};
use crate::report::pictures::{self, Drawn, Look, Named, sweep};
use crate::report::{Done, folder};

use super::analyse::{self, AnalyseArguments};
use super::run::are_comparable;
use super::several::{compute, language_of};
use super::{FAILED, Language, REFUSED, refuse};

/// Arguments of `chart`.
#[derive(Args)]
#[command(after_help = "\
Runs are computed again from the resolved.toml of their folders, so a scenario's own file does as well. Charts are written
beside the first folder, in charts/, unless --out says where.

Examples:
  xuewei chart map output/jiaozuo/plan --stage primary --size column --charts svg,pdf
  xuewei chart oversized output/jiaozuo/plan output/jiaozuo/no-build --lang en --out clearing.png
  xuewei chart cleared output/jiaozuo/futures")]
pub(super) struct ChartArguments {
    /// Kind of chart.
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// Output folders of runs or of one sweep, e.g. output/jiaozuo/plan.
    #[arg(value_name = "OUTPUT", required = true)]
    outputs: Vec<PathBuf>,
    /// File to write (.svg, .png or .pdf), or a folder; default: charts/ beside the first OUTPUT.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Forms of the chart, where --out names no file.
    #[arg(long, value_delimiter = ',', default_value = "svg")]
    charts: Vec<Form>,
    /// Width of the picture and size of its type.
    #[arg(long, value_enum, default_value = "standard")]
    size: Width,
    /// Title instead of the one that the chart makes from its numbers.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Only the chart of this stage: primary, junior or senior.
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,
    /// Outlines of the districts for a map: a GeoJSON file whose features name them.
    #[arg(long, value_name = "GEOJSON")]
    outlines: Option<PathBuf>,
    /// Outcome of a sweep, e.g. 'primary.oversized_share[2030]'; default: every outcome that is one number a draw.
    #[arg(long = "outcome", value_name = "NAME")]
    outcomes: Vec<String>,
    /// Language of the words; default: the city's.
    #[arg(long, value_enum)]
    lang: Option<Language>,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &Kind::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let from = match self.source() {
            Source::Run if *self == Kind::Oversized => "a run, or several",
            Source::Run => "a run",
            Source::Several => "several runs",
            Source::Sweep => "a sweep",
        };
        Some(PossibleValue::new(self.key()).help(format!("{}; of {from}", self.about().1)))
    }
}

/// A form of a chart.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Svg,
    Png,
    Pdf,
}

impl Form {
    const ALL: [Form; 3] = [Form::Svg, Form::Png, Form::Pdf];

    fn ending(self) -> &'static str {
        match self {
            Form::Svg => "svg",
            Form::Png => "png",
            Form::Pdf => "pdf",
        }
    }

    /// The chart in this form.
    fn of(self, chart: &Named) -> Result<Vec<u8>, String> {
        let made = match self {
            Form::Svg => chart.figure.portable_svg().map(String::into_bytes),
            Form::Png => chart.figure.png(),
            Form::Pdf => chart.figure.pdf(),
        };
        made.map_err(|error| error.to_string())
    }
}

/// Width of a picture.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Width {
    /// 12 cm
    Standard,
    /// a column of a report, 8 cm
    Column,
    /// the full width of a page, 16 cm
    Page,
    /// a slide of 16:9
    Slide,
}

impl Width {
    fn size(self) -> Size {
        match self {
            Width::Standard => Size::Standard,
            Width::Column => Size::Column,
            Width::Page => Size::Page,
            Width::Slide => Size::Slide,
        }
    }
}

/// Draws the charts of one kind and writes them.
pub(super) fn chart(arguments: &ChartArguments) -> u8 {
    let drawn = match arguments.kind.source() {
        Source::Sweep => of_sweep(arguments),
        Source::Run | Source::Several => of_runs(arguments),
    };
    let charts = match drawn.map(|charts| arguments.chosen(charts)) {
        Ok(charts) => charts,
        Err(code) => return code,
    };
    let (folder, files) = match arguments.files(&charts) {
        Ok(written) => written,
        Err(message) => return refused(&message),
    };
    let written = fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot write {}: {error}", folder.display()))
        .and_then(|()| folder::replace(&folder, &files).map_err(|error| error.to_string()));
    if let Err(message) = written {
        eprintln!("error: {message}");
        return FAILED;
    }
    if !arguments.quiet {
        files.iter().for_each(|(name, _)| eprintln!("{}", folder.join(name).display()));
    }
    0
}

fn refused(message: &str) -> u8 {
    eprintln!("error: {message}");
    REFUSED
}

impl ChartArguments {
    /// The charts of the stage that was asked for.
    fn chosen(&self, charts: Vec<Named>) -> Vec<Named> {
        let of_stage = |chart: &Named| {
            self.stage.as_ref().is_none_or(|stage| chart.name.split('-').any(|part| part == stage))
        };
        if charts.len() < 2 { charts } else { charts.into_iter().filter(of_stage).collect() }
    }

    /// Folder and files to be written.
    fn files(&self, charts: &[Named]) -> Result<(PathBuf, Vec<(String, Vec<u8>)>), String> {
        let kind = self.kind.key();
        if charts.is_empty() {
            return Err(format!(
                "{}: nothing to draw as {kind}\n      the run has nothing of the kind, or none of the stage that was asked for",
                self.outputs[0].display()
            ));
        }
        let form = self.out.as_deref().and_then(form_of);
        let (Some(form), Some(out)) = (form, &self.out) else {
            let beside = |path: &Path| path.parent().unwrap_or(Path::new("")).join("charts");
            let folder = self.out.clone().unwrap_or_else(|| beside(&self.outputs[0]));
            let both = |chart| self.charts.iter().map(move |&form| (chart, form));
            let each: Vec<(&Named, Form)> = charts.iter().flat_map(both).collect();
            let made = parallel::map(&each, |&(chart, form)| {
                Ok((format!("{}.{}", self.name_of(chart), form.ending()), form.of(chart)?))
            });
            return Ok((folder, made.into_iter().collect::<Result<_, String>>()?));
        };
        let [chart] = charts else {
            let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_ref()).collect();
            return Err(format!(
                "{}: {} charts do not go into one file: {}\n      choose one with --stage or --outcome, or give --out a folder",
                out.display(),
                charts.len(),
                names.join(", ")
            ));
        };
        let folder = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok((folder.to_path_buf(), vec![(name.unwrap_or_default(), form.of(chart)?)]))
    }

    /// Name of a chart's file: its own, and what it was drawn from.
    fn name_of(&self, chart: &Named) -> String {
        let of = |path: &PathBuf| path.file_stem().map(|name| name.to_string_lossy().into_owned());
        let from: Vec<String> = self.outputs.iter().filter_map(of).collect();
        match from.as_slice() {
            [one] => format!("{}-{one}", chart.name),
            _ => chart.name.to_string(),
        }
    }

    fn look(&self, of_city: &str) -> Look {
        Look {
            lang: language_of(self.lang, of_city),
            size: self.size.size(),
            title: self.title.clone(),
        }
    }
}

/// The form that the ending of a file asks for.
fn form_of(path: &Path) -> Option<Form> {
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    Form::ALL.into_iter().find(|form| form.ending() == ending)
}

/// Charts of one run or of several.
fn of_runs(arguments: &ChartArguments) -> Result<Vec<Named>, u8> {
    let n = arguments.outputs.len();
    let kind = arguments.kind;
    if !kind.takes(n) {
        let wanted = if kind.source() == Source::Several { "more than one" } else { "one" };
        return Err(refused(&format!(
            "{} is drawn from {wanted} output folder of a run, found {n}\n      xuewei chart --help lists what each kind is drawn from",
            kind.key()
        )));
    }
    let all = loaded(arguments)?;
    let outlines = outlines(arguments, &all[0])?;
    let look = arguments.look(&all[0].language);
    if n > 1 && !are_comparable(&all) {
        return Err(refused(
            "the runs are not of one city with the same places and years\n      give folders of scenarios of one city",
        ));
    }
    let done: Vec<Done> = parallel::map(&all, |loaded| compute(loaded, None));
    let drawn: Vec<Drawn> =
        all.iter().zip(&done).map(|(loaded, done)| drawn(loaded, done)).collect();
    if n == 1 {
        return Ok(pictures::of_kind(&drawn[0], kind, outlines.as_ref(), &look));
    }
    let pairs = all.iter().zip(&done);
    let compared: Vec<Compared> = pairs.map(|(loaded, done)| Compared { loaded, done }).collect();
    Ok(pictures::of_kind_several(&drawn, &compare(&compared), kind, &look))
}

fn drawn<'a>(loaded: &'a Loaded, done: &'a Done) -> Drawn<'a> {
    Drawn {
        scenario: &loaded.scenario,
        run: &done.run,
        table: &done.table,
        no_build: &done.no_build,
        scores: &done.scores,
    }
}

/// The scenarios of the output folders, from what they keep of their input.
fn loaded(arguments: &ChartArguments) -> Result<Vec<Loaded>, u8> {
    let mut all = Vec::new();
    for output in &arguments.outputs {
        let resolved = output.join("resolved.toml");
        let path = if output.is_dir() { &resolved } else { output };
        if output.is_dir() && !resolved.is_file() {
            return Err(refused(&format!(
                "{} is no output folder of a run: it has no resolved.toml\n      give a folder that xuewei run wrote",
                output.display()
            )));
        }
        all.push(input::load(path, &[]).map_err(|failed| refuse(&failed.problems))?);
    }
    Ok(all)
}

/// The outlines of a city's districts from a file.
fn outlines(arguments: &ChartArguments, loaded: &Loaded) -> Result<Option<Regions>, u8> {
    let Some(path) = &arguments.outlines else { return Ok(None) };
    let at = |message: String| refused(&format!("{}: {message}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| at(error.to_string()))?;
    let of = |district: &crate::city::District| {
        vec![district.key.clone(), district.name.zh.clone(), district.name.en.clone()]
    };
    let names: Vec<Vec<String>> = loaded.scenario.city.districts.iter().map(of).collect();
    let regions = Regions::read(&text, &names).map_err(|error| at(error.to_string()))?;
    let missing = regions.without_outline();
    if !missing.is_empty() && !arguments.quiet {
        let names: Vec<&str> = missing.iter().map(|&idx| names[idx][1].as_str()).collect();
        eprintln!("warning: {} has no outline of {}", path.display(), names.join(", "));
    }
    Ok(Some(regions))
}

/// Charts of a sweep: its analysis, of which one kind is drawn.
fn of_sweep(arguments: &ChartArguments) -> Result<Vec<Named>, u8> {
    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        analyse: AnalyseArguments,
    }
    let [folder] = arguments.outputs.as_slice() else {
        return Err(refused(&format!(
            "{} is drawn from one output folder of a sweep, found {}",
            arguments.kind.key(),
            arguments.outputs.len()
        )));
    };
    let mut words: Vec<std::ffi::OsString> = vec!["analyse".into(), folder.into()];
    for outcome in &arguments.outcomes {
        words.extend(["--outcome".into(), outcome.into()]);
    }
    if let Some(language) = arguments.lang.and_then(|language| language.to_possible_value()) {
        words.extend(["--lang".into(), language.get_name().into()]);
    }
    let asked = Defaults::try_parse_from(words).map_err(|error| refused(&error.to_string()))?;
    let (mut all, lang) = analyse::pictures(&asked.analyse).map_err(|message| refused(&message))?;
    all.retain(|(_, picture)| picture.name() == arguments.kind.key());
    for (_, picture) in &mut all {
        let caption = picture.caption_mut();
        caption.size = arguments.size.size();
        caption.title = arguments.title.clone().or(caption.title.take());
    }
    Ok(parallel::map(&all, |picture| sweep::named(picture, lang)))
}
