//! `xuewei chart`.

mod gallery;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, Parser, ValueEnum};

use crate::input::{self, Loaded};
use crate::parallel;
use crate::report::chart::map::Regions;
use crate::report::chart::{Lang, Size};
use crate::report::compare::{Compared, compare};
use crate::report::pictures::kind::{Kind, Source};
use crate::report::pictures::sweep::Picture;
use crate::report::pictures::{self, Drawn, Look, Named, sweep};
use crate::report::{Done, Form, folder};

use super::analyse::{self, AnalyseArguments};
use super::several::{ChartFormat, forms, language_of};
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
    /// Kind of chart; gallery: one of each kind that the folders allow, on a page with the commands that draw them.
    #[arg(value_name = "KIND")]
    kind: Asked,
    /// Output folders of runs or of one sweep, e.g. output/jiaozuo/plan.
    #[arg(value_name = "OUTPUT", required = true)]
    outputs: Vec<PathBuf>,
    /// File to write (.svg, .png or .pdf), or a folder; default: charts/ beside the first OUTPUT.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Forms of the chart, where --out names no file.
    #[arg(long, value_delimiter = ',', default_value = "svg")]
    charts: Vec<ChartFormat>,
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

/// What is to be drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    One(Kind),
    Gallery,
}

/// A page with all kinds, then each kind.
static ASKED: LazyLock<Vec<Asked>> = LazyLock::new(|| {
    [Asked::Gallery].into_iter().chain(Kind::ALL.into_iter().map(Asked::One)).collect()
});

impl ValueEnum for Asked {
    fn value_variants<'a>() -> &'a [Self] {
        &ASKED
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let Asked::One(kind) = self else {
            return Some(PossibleValue::new("gallery").help("one of each kind, on a page"));
        };
        let from = match kind.source() {
            Source::Run if *kind == Kind::Oversized => "a run, or several",
            Source::Run => "a run",
            Source::Several => "several runs",
            Source::Sweep => "a sweep",
        };
        Some(PossibleValue::new(kind.key()).help(format!("{}; of {from}", kind.about().1)))
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
    let made = match arguments.kind {
        Asked::Gallery => gallery::files(arguments),
        Asked::One(kind) => one_kind(arguments, kind),
    };
    let (folder, files) = match made {
        Ok(made) => made,
        Err(code) => return code,
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

/// Folder and files of one kind.
fn one_kind(arguments: &ChartArguments, kind: Kind) -> Result<Files, u8> {
    let drawn = match kind.source() {
        Source::Sweep => of_sweep(arguments, kind)?,
        Source::Run | Source::Several => of_runs(arguments, kind)?,
    };
    arguments.files(kind, &arguments.chosen(drawn)).map_err(|message| refused(&message))
}

fn refused(message: &str) -> u8 {
    eprintln!("error: {message}");
    REFUSED
}

/// A folder and the files to be written into it.
type Files = (PathBuf, Vec<(String, Vec<u8>)>);

impl ChartArguments {
    /// The folder that charts go to, where no file is named.
    fn folder(&self) -> PathBuf {
        let beside = |path: &Path| path.parent().unwrap_or(Path::new("")).join("charts");
        self.out.clone().unwrap_or_else(|| beside(&self.outputs[0]))
    }

    /// The charts of the stage that was asked for.
    fn chosen(&self, charts: Vec<Named>) -> Vec<Named> {
        let of_stage = |chart: &Named| {
            self.stage.as_ref().is_none_or(|stage| chart.name.split('-').any(|part| part == stage))
        };
        if charts.len() < 2 { charts } else { charts.into_iter().filter(of_stage).collect() }
    }

    /// Folder and files to be written.
    fn files(&self, kind: Kind, charts: &[Named]) -> Result<Files, String> {
        let kind = kind.key();
        if charts.is_empty() {
            return Err(format!(
                "{}: nothing to draw as {kind}\n      the run has nothing of the kind, or none of the stage that was asked for",
                self.outputs[0].display()
            ));
        }
        let form = self.out.as_deref().and_then(form_of);
        let (Some(form), Some(out)) = (form, &self.out) else {
            let asked = forms(&self.charts);
            if asked.is_empty() {
                return Err(
                    "--charts none leaves nothing to write\n      name svg, png or pdf".to_string()
                );
            }
            let both = |chart| asked.iter().map(move |&form| (chart, form));
            let each: Vec<(&Named, Form)> = charts.iter().flat_map(both).collect();
            let made = parallel::map(&each, |&(chart, form)| {
                Ok((format!("{}.{}", self.name_of(chart), form.ending()), of(form, chart)?))
            });
            return Ok((self.folder(), made.into_iter().collect::<Result<_, String>>()?));
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
        Ok((folder.to_path_buf(), vec![(name.unwrap_or_default(), of(form, chart)?)]))
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

/// A chart in a form.
fn of(form: Form, chart: &Named) -> Result<Vec<u8>, String> {
    form.of(chart).map_err(|error| error.to_string())
}

/// The form that the ending of a file asks for.
fn form_of(path: &Path) -> Option<Form> {
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    Form::ALL.into_iter().find(|form| form.ending() == ending)
}

/// Charts of one run or of several.
fn of_runs(arguments: &ChartArguments, kind: Kind) -> Result<Vec<Named>, u8> {
    let n = arguments.outputs.len();
    if !kind.takes(n) {
        let wanted = if kind.source() == Source::Several { "more than one" } else { "one" };
        return Err(refused(&format!(
            "{} is drawn from {wanted} output folder of a run, found {n}\n      xuewei chart --help lists what each kind is drawn from",
            kind.key()
        )));
    }
    let all = loaded(&arguments.outputs)?;
    let outlines = outlines(arguments, &all[0])?;
    let look = arguments.look(&all[0].language);
    if n > 1 && !crate::facade::are_comparable(&all) {
        return Err(refused(
            "the runs are not of one city with the same places and years\n      give folders of scenarios of one city",
        ));
    }
    let computed = Computed::of(&all);
    Ok(computed.charts(kind, outlines.as_ref(), &look))
}

/// Runs, computed.
struct Computed<'a> {
    all: &'a [Loaded],
    done: Vec<Done>,
}

impl<'a> Computed<'a> {
    fn of(all: &'a [Loaded]) -> Self {
        Computed { all, done: parallel::map(all, crate::run) }
    }

    /// The charts of a kind: of the one run that there is, or of all.
    fn charts(&self, kind: Kind, outlines: Option<&Regions>, look: &Look) -> Vec<Named> {
        let pairs = || self.all.iter().zip(&self.done);
        let drawn: Vec<Drawn> = pairs().map(|(loaded, done)| drawn(loaded, done)).collect();
        if let ([one], true) = (drawn.as_slice(), kind.takes(1)) {
            return pictures::of_kind(one, kind, outlines, look);
        }
        let compared: Vec<Compared> =
            pairs().map(|(loaded, done)| Compared { loaded, done }).collect();
        pictures::of_kind_several(&drawn, &compare(&compared), kind, look)
    }
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
fn loaded(outputs: &[PathBuf]) -> Result<Vec<Loaded>, u8> {
    let mut all = Vec::new();
    for output in outputs {
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

/// Charts of one kind of a sweep.
fn of_sweep(arguments: &ChartArguments, kind: Kind) -> Result<Vec<Named>, u8> {
    let [folder] = arguments.outputs.as_slice() else {
        return Err(refused(&format!(
            "{} is drawn from one output folder of a sweep, found {}",
            kind.key(),
            arguments.outputs.len()
        )));
    };
    let (mut all, lang) = analysed(arguments, folder)?;
    all.retain(|(_, picture)| picture.name() == kind.key());
    for (_, picture) in &mut all {
        let caption = picture.caption_mut();
        caption.size = arguments.size.size();
        caption.title = arguments.title.clone().or(caption.title.take());
    }
    Ok(parallel::map(&all, |picture| sweep::named(picture, lang)))
}

/// The charts of a sweep before they are drawn, each with what it shows, and their language.
fn analysed(
    arguments: &ChartArguments,
    folder: &Path,
) -> Result<(Vec<(String, Picture)>, Lang), u8> {
    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        analyse: AnalyseArguments,
    }
    let mut words: Vec<OsString> = vec!["analyse".into(), folder.into()];
    for outcome in &arguments.outcomes {
        words.extend(["--outcome".into(), outcome.into()]);
    }
    if let Some(language) = arguments.lang.and_then(|language| language.to_possible_value()) {
        words.extend(["--lang".into(), language.get_name().into()]);
    }
    let asked = Defaults::try_parse_from(words).map_err(|error| refused(&error.to_string()))?;
    analyse::pictures(&asked.analyse).map_err(|message| refused(&message))
}
