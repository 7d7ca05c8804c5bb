//! `xuewei report`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::parallel;
use crate::report::document::{Document, docx, html};
use crate::report::folder;
use crate::report::told::{self, outputs};

use super::{FAILED, Language, REFUSED, refuse};

/// Arguments of `report`.
#[derive(Args)]
#[command(after_help = "\
The first run among the folders is told in full; other runs, the comparison and the analysed sweep are set beside it.
Charts are taken from the folders: run, compare and analyse with the same --lang as the report.
The folder `report` is written beside the first OUTPUT, whole or not at all: report.html (one file, prints to A4),
report.docx, report.xlsx (every table, and long ones that the text leaves out), manifest.json.

Examples:
  xuewei report output/jiaozuo/plan
  xuewei report output/jiaozuo/plan output/jiaozuo/no-build output/jiaozuo/compare output/jiaozuo/futures")]
pub(super) struct ReportArguments {
    /// Output folders of run, compare and an analysed sweep, of one city; at least one of run.
    #[arg(required = true, value_name = "OUTPUT")]
    outputs: Vec<PathBuf>,
    /// Language of the report; default: the city's.
    #[arg(long)]
    lang: Option<Language>,
    /// Forms of the report; default: all.
    #[arg(long, value_delimiter = ',')]
    format: Vec<ReportFormat>,
    /// Folder instead of the one that the first OUTPUT stands in; `report` is made inside it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

/// A form of the report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// A page for the browser, in one file.
    Html,
    /// A Word file.
    Docx,
    /// A workbook.
    #[cfg(feature = "xlsx")]
    Xlsx,
}

/// Composes a report and writes its folder.
pub(super) fn report(arguments: &ReportArguments) -> u8 {
    let outputs = match outputs::read(&arguments.outputs) {
        Ok(outputs) => outputs,
        Err(problems) => return refuse(&problems),
    };
    let folder = target(arguments);
    if let Err(message) = check_target(&folder) {
        eprintln!("error: {message}");
        return REFUSED;
    }
    let document = match told::tell(&outputs, arguments.lang.map(Language::chart)) {
        Ok(document) => document,
        Err(problems) => return refuse(&problems),
    };
    let forms = forms(&arguments.format);
    let written: Result<Vec<_>, String> =
        parallel::map(&forms, |form| file(&document, *form)).into_iter().collect();
    let result = written.and_then(|mut files| {
        files.push(("manifest.json".to_string(), told::manifest(&outputs, &document)));
        folder::write(&folder, &files).map_err(|error| error.to_string())
    });
    if let Err(error) = result {
        eprintln!("error: {error}");
        return FAILED;
    }
    if !arguments.quiet {
        for form in forms {
            eprintln!("{}", folder.join(name(form)).display());
        }
    }
    0
}

/// The forms asked for, each once; all of them by default.
fn forms(asked: &[ReportFormat]) -> Vec<ReportFormat> {
    let all = ReportFormat::value_variants().iter().copied();
    all.filter(|form| asked.is_empty() || asked.contains(form)).collect()
}

fn name(form: ReportFormat) -> &'static str {
    match form {
        ReportFormat::Html => "report.html",
        ReportFormat::Docx => "report.docx",
        #[cfg(feature = "xlsx")]
        ReportFormat::Xlsx => "report.xlsx",
    }
}

fn file(document: &Document, form: ReportFormat) -> Result<(String, Vec<u8>), String> {
    let content = match form {
        ReportFormat::Html => html::html(document).into_bytes(),
        ReportFormat::Docx => docx::docx(document)?,
        #[cfg(feature = "xlsx")]
        ReportFormat::Xlsx => crate::report::document::xlsx::xlsx(document)?,
    };
    Ok((name(form).to_string(), content))
}

/// The folder of the report: beside the first output, or in the folder asked for.
fn target(arguments: &ReportArguments) -> PathBuf {
    let first = arguments.outputs.first().map_or(Path::new("."), PathBuf::as_path);
    let beside = || match (first.file_name(), first.parent()) {
        (Some(_), Some(parent)) => parent.to_path_buf(),
        // `.` and `..` have no name of their own.
        _ => first.join(".."),
    };
    arguments.out.clone().unwrap_or_else(beside).join("report")
}

/// A report takes the place of an earlier report, not of other outputs of this program.
fn check_target(folder: &Path) -> Result<(), String> {
    folder::check_free(folder).map_err(|error| error.to_string())?;
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
    match manifest["kind"].as_str() {
        Some("report") | None => Ok(()),
        Some(other) => Err(format!(
            "{} holds the output of {other}: it is left as it is\n      name another folder with --out",
            folder.display()
        )),
    }
}
