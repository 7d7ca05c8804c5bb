//! One chart of each kind that some output folders allow, on a page with the commands that draw them.

use std::path::{Path, PathBuf};

use crate::axes::Stage;
use crate::input::Loaded;
use crate::parallel;
use crate::report::chart::Lang;
use crate::report::pictures::kind::{Kind, Source};
use crate::report::pictures::sweep::{self, Picture};
use crate::report::pictures::{Look, Named};

use super::{ChartArguments, Computed, Files, analysed, loaded, outlines, refused};

/// A chart with the command that draws it.
struct Shown {
    kind: Kind,
    chart: Named,
    command: String,
}

/// The pictures and `gallery.md`.
pub(super) fn files(arguments: &ChartArguments) -> Result<Files, u8> {
    let (sweeps, runs): (Vec<PathBuf>, Vec<PathBuf>) =
        arguments.outputs.iter().cloned().partition(|output| output.join("draws").is_dir());
    let all = loaded(&runs)?;
    if all.len() > 1 && !crate::facade::are_comparable(&all) {
        return Err(refused("the runs are not of one city with the same places and years"));
    }
    let of_city = all.first().map_or("zh", |loaded| loaded.language.as_str());
    let look = arguments.look(of_city);
    let mut shown = of_runs(arguments, &runs, &all, &look)?;
    let stages = all.first().map_or_else(crate::input::china, |l| l.scenario.city.stages).shown();
    let stage = chosen(&stages).map_or("", Stage::key);
    for folder in &sweeps {
        let (pictures, lang) = analysed(arguments, folder)?;
        shown.extend(of_sweep(folder, pictures, (&shown, stage), &Look { lang, ..look.clone() }));
    }
    if shown.is_empty() {
        return Err(refused("nothing to draw: no output folder of a run or of a sweep was given"));
    }
    shown.sort_by_key(|shown| Kind::ALL.iter().position(|kind| *kind == shown.kind));
    let page = page(&shown, &all, look.lang);
    let draw = |shown: &Shown| {
        let svg = shown.chart.figure.portable_svg().map_err(|error| refused(&error.to_string()))?;
        Ok((file_name(shown), svg.into_bytes()))
    };
    let drawn: Result<Vec<_>, u8> = parallel::map(&shown, draw).into_iter().collect();
    let mut files = drawn?;
    files.push(("gallery.md".to_string(), page.into_bytes()));
    Ok((arguments.folder(), files))
}

fn file_name(shown: &Shown) -> String {
    format!("{}.svg", shown.kind.key())
}

/// Of charts that are one a stage, the stage whose chart is shown: the first that follows another, else the first.
fn chosen(stages: &[Stage]) -> Option<Stage> {
    let later = stages.iter().find(|stage| stage.follows().is_some());
    later.or(stages.first()).copied()
}

/// Charts of the first run, and of all where there are several.
fn of_runs(
    arguments: &ChartArguments,
    runs: &[PathBuf],
    all: &[Loaded],
    look: &Look,
) -> Result<Vec<Shown>, u8> {
    let Some(first) = all.first() else { return Ok(Vec::new()) };
    let outlines = outlines(arguments, first)?;
    let computed = Computed::of(all);
    let alone = Computed { all: &all[..1], done: computed.done[..1].to_vec() };
    let stages = first.scenario.city.stages.shown();
    let mut shown = Vec::new();
    for kind in Kind::ALL {
        let n = if kind.takes(all.len()) { all.len() } else { 1 };
        if !kind.takes(n) {
            continue;
        }
        let of = if n > 1 { &computed } else { &alone };
        let mut charts = of.charts(kind, outlines.as_ref(), look);
        let of_stage = |chart: &Named| {
            chosen(&stages).is_some_and(|s| chart.name.ends_with(&format!("-{}", s.key())))
        };
        let at = charts.iter().position(of_stage).unwrap_or(0);
        if at < charts.len() {
            let chart = charts.swap_remove(at);
            let command = command(kind, &runs[..n], &chart, &stages);
            shown.push(Shown { kind, chart, command });
        }
    }
    Ok(shown)
}

/// The first chart of every kind of a sweep that is not there yet.
fn of_sweep(
    folder: &Path,
    mut pictures: Vec<(String, Picture)>,
    (there, stage): (&[Shown], &str),
    look: &Look,
) -> Vec<Shown> {
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.source() == Source::Sweep);
    let mut shown = Vec::new();
    for kind in kinds.filter(|kind| there.iter().all(|shown| shown.kind != *kind)) {
        let is_of_kind = |(_, picture): &(String, Picture)| picture.name() == kind.key();
        let of_stage =
            |picture: &(String, Picture)| is_of_kind(picture) && picture.0.starts_with(stage);
        let at = pictures.iter().position(of_stage);
        let Some(at) = at.or_else(|| pictures.iter().position(is_of_kind)) else { continue };
        let picture = &mut pictures[at];
        picture.1.caption_mut().size = look.size;
        let chart = sweep::named(picture, look.lang);
        let mut command = command(kind, &[folder.to_path_buf()], &chart, &[]);
        if picture.0.contains('.') {
            command = format!("{command} --outcome '{}'", picture.0);
        }
        shown.push(Shown { kind, chart, command });
    }
    shown
}

/// The command that draws a chart.
fn command(kind: Kind, outputs: &[PathBuf], chart: &Named, stages: &[Stage]) -> String {
    let outputs: Vec<String> = outputs.iter().map(|path| path.display().to_string()).collect();
    let stage = stages
        .iter()
        .map(|stage| stage.key())
        .find(|stage| chart.name.split('-').skip(1).any(|part| part == *stage));
    let stage = match (stage, kind.source()) {
        (Some(stage), Source::Run | Source::Several) => format!(" --stage {stage}"),
        _ => String::new(),
    };
    format!("xuewei chart {} {}{stage}", kind.key(), outputs.join(" "))
}

/// The page: every chart with what it shows and its command.
fn page(shown: &[Shown], all: &[Loaded], lang: Lang) -> String {
    let city = all.first().map(|loaded| &loaded.scenario.city.name);
    let (title, remark) = match lang {
        Lang::Zh => (
            format!("图集：{}", city.map_or("", |name| name.zh.as_str())),
            "每幅图都由其下的命令生成；各命令的选项见 `xuewei chart --help`。",
        ),
        Lang::En => (
            format!("Gallery: {}", city.map_or("", |name| name.en.as_str())),
            "Each chart is drawn by the command below it; `xuewei chart --help` has the options.",
        ),
    };
    let mut page = format!("# {title}\n\n{remark}\n");
    for shown in shown {
        let (zh, en) = shown.kind.about();
        let about = if lang == Lang::Zh { zh } else { en };
        let (name, command) = (file_name(shown), &shown.command);
        let described = shown.chart.figure.title.replace(['[', ']', '\n'], " ");
        page.push_str(&format!("\n## {about}\n\n![{described}]({name})\n\n```\n{command}\n```\n"));
    }
    page
}
