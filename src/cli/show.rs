//! `xuewei show`: the resolved figures of a scenario, and what two scenarios set differently.

use std::collections::BTreeMap;
use std::io::stdout;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::input::Loaded;
use crate::input::problem::nearest;
use crate::parallel;
use crate::report::chart::Lang;
use crate::report::compare::Compared;
use crate::report::resolved::{self, Shown};
use crate::report::rows::Format;
use crate::report::tables::Style;

use super::results::{headline_year, rounded, stage_summary, table, to_stdout};
use super::several::{language_of, load_all};
use super::{Common, Language, REFUSED};

/// Arguments of `show`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  xuewei show scenarios/jiaozuo/plan.toml --assumptions\n  xuewei show --diff scenarios/jiaozuo/plan.toml scenarios/jiaozuo/delayed.toml"
)]
pub(super) struct ShowArguments {
    /// A scenario file or a city folder.
    #[arg(required_unless_present = "diff", conflicts_with = "diff")]
    scenario: Option<PathBuf>,
    /// What two scenarios set differently, and how their outcomes differ.
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    diff: Option<Vec<PathBuf>>,
    /// Only what is assumed.
    #[arg(long, conflicts_with = "diff")]
    assumptions: bool,
    /// Only paths that begin so, e.g. programmes.k12-89.
    #[arg(long, value_name = "PATH")]
    under: Option<String>,
    /// Language; default: the city's.
    #[arg(long)]
    lang: Option<Language>,
    /// A table for people, or CSV or JSON.
    #[arg(long, default_value = "text")]
    format: ShowFormat,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Text,
    Csv,
    Json,
}

/// Prints figures or differences to stdout.
pub(super) fn show(arguments: &ShowArguments) -> u8 {
    let paths: Vec<PathBuf> = match (&arguments.diff, &arguments.scenario) {
        (Some(two), _) => two.clone(),
        (None, scenario) => scenario.iter().cloned().collect(),
    };
    let loaded = match load_all(&paths, &arguments.common) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    if let Err(message) = check_under(arguments, &loaded) {
        eprintln!("error: {message}");
        return REFUSED;
    }
    match loaded.as_slice() {
        [one, other] => diff(arguments, one, other),
        [one] => figures(arguments, one),
        _ => 0,
    }
}

/// What is asked for must be there: a mistyped path would look like one that holds nothing.
fn check_under(arguments: &ShowArguments, loaded: &[Loaded]) -> Result<(), String> {
    let Some(prefix) = &arguments.under else { return Ok(()) };
    let paths: Vec<String> = loaded
        .iter()
        .flat_map(resolved::settings)
        .flat_map(|(path, _, _)| prefixes(&path))
        .collect();
    let wanted = prefix.trim_end_matches('.');
    if paths.iter().any(|path| path == wanted) {
        return Ok(());
    }
    let help = match nearest(wanted, paths.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`xuewei show` without --under lists every path".to_string(),
    };
    Err(format!("--under: no path {wanted:?}\n      {help}"))
}

/// A path and the groups that it is in.
fn prefixes(path: &str) -> Vec<String> {
    let dots = path.match_indices('.').map(|(at, _)| path[..at].to_string());
    dots.chain([path.to_string()]).collect()
}

/// Whether a path is asked for.
fn is_under(arguments: &ShowArguments, path: &str) -> bool {
    match &arguments.under {
        Some(prefix) => {
            path == prefix || path.starts_with(&format!("{}.", prefix.trim_end_matches('.')))
        }
        None => true,
    }
}

fn style(format: ShowFormat) -> Option<Style> {
    let format = match format {
        ShowFormat::Text => return None,
        ShowFormat::Csv => Format::Csv,
        ShowFormat::Json => Format::Json,
    };
    Some(Style { format, with_bom: false })
}

/// Every figure with unit, source, basis, file and line.
fn figures(arguments: &ShowArguments, loaded: &Loaded) -> u8 {
    let mut shown = resolved::shown(loaded);
    shown.retain(|figure| is_under(arguments, &figure.path));
    if arguments.assumptions {
        shown.retain(|figure| figure.basis == "assumption");
    }
    if let Some(style) = style(arguments.format) {
        return to_stdout(&resolved::figures_table(&shown, style));
    }
    let zh = language_of(arguments.lang, &loaded.language) == Lang::Zh;
    let header = if zh {
        ["路径", "数值", "单位", "来源", "依据", "位置", "说明"]
    } else {
        ["path", "value", "unit", "source", "basis", "place", "note"]
    };
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    let mut text = table(&header.map(String::from), &rows, &[], &stdout());
    let assumed = shown.iter().filter(|figure| figure.basis == "assumption").count();
    text.push_str(&match (zh, arguments.assumptions) {
        (true, true) => format!("\n{assumed}项假设\n"),
        (true, false) => format!("\n{}项数值，其中假设{assumed}项\n", shown.len()),
        (false, true) => format!("\n{assumed} assumptions\n"),
        (false, false) => format!("\n{} figures, {assumed} of them assumed\n", shown.len()),
    });
    to_stdout(text.as_bytes())
}

fn row(figure: &Shown) -> Vec<String> {
    let range = match (figure.low.as_str(), figure.high.as_str()) {
        ("", "") => String::new(),
        (low, high) => format!(" ({low} – {high})"),
    };
    vec![
        figure.path.clone(),
        format!("{}{range}", figure.value),
        figure.unit.clone(),
        figure.source.clone(),
        figure.basis.clone(),
        format!("{}:{}", figure.file, figure.line),
        figure.note.clone(),
    ]
}

/// What two scenarios set differently, then how their outcomes differ.
fn diff(arguments: &ShowArguments, one: &Loaded, other: &Loaded) -> u8 {
    let settings = |loaded| -> BTreeMap<String, (String, String)> {
        let all = resolved::settings(loaded).into_iter();
        all.filter(|(path, _, _)| is_under(arguments, path))
            .map(|(path, value, origin)| (path, (value, origin)))
            .collect()
    };
    let (first, second) = (settings(one), settings(other));
    let mut paths: Vec<&String> = first.keys().chain(second.keys()).collect();
    paths.sort_unstable();
    paths.dedup();
    let nothing = (String::new(), String::new());
    let differences: Vec<[String; 5]> = paths
        .into_iter()
        .filter_map(|path| {
            let (a, b) =
                (first.get(path).unwrap_or(&nothing), second.get(path).unwrap_or(&nothing));
            (a.0 != b.0).then(|| [path.clone(), a.0.clone(), b.0.clone(), a.1.clone(), b.1.clone()])
        })
        .collect();
    if let Some(style) = style(arguments.format) {
        return to_stdout(&resolved::differences_table(&differences, style));
    }
    let zh = language_of(arguments.lang, &one.language) == Lang::Zh;
    let (a, b) = (one.scenario.key.clone(), other.scenario.key.clone());
    let origin = |of: &str| if zh { format!("{of} 位置") } else { format!("place in {of}") };
    let header = vec![
        if zh { "路径" } else { "path" }.to_string(),
        a.clone(),
        b.clone(),
        origin(&a),
        origin(&b),
    ];
    let rows: Vec<Vec<String>> = differences.iter().map(|row| row.to_vec()).collect();
    let mut text = table(&header, &rows, &[], &stdout());
    text.push_str(&match zh {
        true => format!("\n{}处不同\n\n", rows.len()),
        false => format!("\n{} differences\n\n", rows.len()),
    });
    text.push_str(&outcomes(one, other, zh));
    to_stdout(text.as_bytes())
}

/// When stages clear and what else comes of two scenarios, with the change from the first to the second.
fn outcomes(one: &Loaded, other: &Loaded, zh: bool) -> String {
    let done = parallel::map(&[one, other], |loaded| crate::run(loaded));
    let runs: Vec<Compared> =
        [one, other].iter().zip(&done).map(|(loaded, done)| Compared { loaded, done }).collect();
    let change = if zh { "变化" } else { "change" };
    let what = if zh { "结果" } else { "outcome" };
    let header = vec![what.to_string(), runs[0].key().into(), runs[1].key().into(), change.into()];
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut put = |name: String, values: [Option<f64>; 2], is_year: bool| {
        let show = |value: f64| if is_year { format!("{value:.0}") } else { rounded(value, 0) };
        let text = |value: Option<f64>| value.map_or("–".to_string(), show);
        let change = match values {
            [Some(a), Some(b)] if (b - a).abs() < 0.5 => "=".to_string(),
            [Some(a), Some(b)] => format!("{}{}", if b > a { "+" } else { "" }, rounded(b - a, 0)),
            [None, None] => "=".to_string(),
            _ => String::new(),
        };
        rows.push(vec![name, text(values[0]), text(values[1]), change]);
    };
    for stage in runs[0].loaded.scenario.city.stages.iter() {
        let of =
            |run: &Compared| stage_summary(run, stage.key()).and_then(headline_year).map(f64::from);
        let name = if zh {
            format!("{}清零年份", stage.zh())
        } else {
            format!("{} clears", stage.en())
        };
        put(name, [of(&runs[0]), of(&runs[1])], true);
    }
    for criterion in &crate::report::compare::CRITERIA[1..] {
        let of = |run: &Compared| (criterion.value)(&run.done.summary);
        let name = match zh {
            true => format!("{}（{}）", criterion.zh, crate::scorecard::zh_unit(criterion.unit)),
            false => format!("{} ({})", criterion.en, criterion.unit),
        };
        put(name, [of(&runs[0]), of(&runs[1])], false);
    }
    table(&header, &rows, &[1, 2, 3], &stdout())
}
