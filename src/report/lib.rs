//! Outputs: tables, summary, charts, and where every figure comes from. Computes no new quantity.

pub mod analysis;
pub mod blocks;
pub mod compare;
pub mod dictionary;
pub mod document;
pub mod folder;
pub mod hindcast;
pub mod made_up;
pub mod new_city;
pub mod pictures;
pub mod resolved;
pub mod rows;
#[cfg(test)]
mod samples;
pub mod summary;
pub mod tables;
pub mod told;

use xuewei_calibrate as calibrate;
pub use xuewei_chart as chart;
use xuewei_experiment::{parallel, random};
use xuewei_input as input;
use xuewei_model::{
    axes, city, comparison, event, indicators, level, model, numeric, observed, scenario, schools,
    scorecard, target, units,
};
use xuewei_sweep::sweep;

use crate::indicators::Table;
use crate::input::Loaded;
use crate::model::Run;
use crate::scenario::Scenario;
use crate::scorecard::Score;

use blocks::LongTable;
use chart::Lang;
use folder::Part;
use pictures::{Drawn, Look, Named};
use rows::Format;
use summary::Summary;
use tables::Style;

/// What is to be written.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Language of charts, and of the byte order mark.
    pub lang: Lang,
    /// Forms of the tables.
    pub formats: Vec<Format>,
    /// Forms of the charts; none to skip them.
    pub charts: Vec<Form>,
}

/// A form of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With words as outlines.
    Svg,
    /// At 300 dpi.
    Png,
    /// With its fonts inside.
    Pdf,
}

impl Form {
    /// All of them.
    pub const ALL: [Form; 3] = [Form::Svg, Form::Png, Form::Pdf];

    /// Ending of the file name.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Svg => "svg",
            Form::Png => "png",
            Form::Pdf => "pdf",
        }
    }

    /// A chart in this form.
    ///
    /// # Errors
    /// A chart that cannot be drawn.
    pub fn of(self, chart: &Named) -> Result<Vec<u8>, chart::Error> {
        match self {
            Form::Svg => chart.figure.portable_svg().map(String::into_bytes),
            Form::Png => chart.figure.png(),
            Form::Pdf => chart.figure.pdf(),
        }
    }
}

/// A scenario that was run, with everything that is told of it.
#[derive(Debug, Clone)]
pub struct Done {
    /// The run.
    pub run: Run,
    /// Its stocks.
    pub table: Table,
    /// Stocks of the scenario that it is compared with: the same with nothing built, or the reference of a comparison.
    pub no_build: Table,
    /// Its targets.
    pub scores: Vec<Score>,
    /// Its summary.
    pub summary: Summary,
}

/// The files of one run's folder with their names, in order; the long tables are made while they are written.
///
/// # Errors
/// A chart that cannot be drawn.
pub fn files<'a>(
    loaded: &'a Loaded,
    done: &'a Done,
    wanted: &Wanted,
) -> Result<Vec<(String, Part<'a>)>, chart::Error> {
    let Done { run, table, no_build, scores, summary } = done;
    let scenario = &loaded.scenario;
    let mut files: Vec<(String, Part)> = Vec::new();
    for &format in &wanted.formats {
        let style = Style { format, with_bom: wanted.lang == Lang::Zh };
        for (name, table) in long_tables(scenario, run, table) {
            files.push((format!("{name}.{}", format.ending()), Part::Table(style, table)));
        }
        let mut put = |name: &str, content: Vec<u8>| {
            files.push((format!("{name}.{}", format.ending()), Part::Bytes(content)));
        };
        put("events", tables::events(scenario, run, style));
        put("scorecard", tables::scorecard(scenario, scores, style, wanted.lang));
        put("shortages", tables::shortages(scenario, table, style));
        put("dictionary", dictionary::dictionary(scenario.city.stages, style));
        put("changes", resolved::changes(&loaded.changes, style));
        put("provenance", resolved::provenance(loaded, style));
    }
    let mut json = serde_json::to_string_pretty(summary).unwrap_or_default();
    json.push('\n');
    files.push(("summary.json".to_string(), Part::Bytes(json.into_bytes())));
    files.push(("manifest.json".to_string(), Part::Bytes(resolved::manifest(loaded))));
    files.extend(resolved::resolved(loaded));
    if !wanted.charts.is_empty() {
        let drawn = Drawn { scenario, run, table, no_build, scores };
        let charts = pictures::of_run(&drawn, &Look::of(wanted.lang));
        for drawn in parallel::map(&charts, |chart| chart_files(chart, wanted)) {
            files.extend(drawn?.into_iter().map(|(name, bytes)| (name, Part::Bytes(bytes))));
        }
    }
    Ok(files)
}

/// The tables that grow with years and places or schools, with their names.
fn long_tables<'a>(
    scenario: &'a Scenario,
    run: &'a Run,
    table: &'a Table,
) -> [(&'static str, LongTable<'a>); 3] {
    [
        ("indicators", tables::indicators(scenario, run, table)),
        ("population", tables::population(scenario, run)),
        ("schools", tables::schools(scenario, run, table)),
    ]
}

/// The files of one chart.
///
/// # Errors
/// A chart that cannot be drawn.
pub fn chart_files(chart: &Named, wanted: &Wanted) -> Result<Vec<(String, Vec<u8>)>, chart::Error> {
    let file =
        |form: &Form| Ok((format!("charts/{}.{}", chart.name, form.ending()), form.of(chart)?));
    wanted.charts.iter().map(file).collect()
}
