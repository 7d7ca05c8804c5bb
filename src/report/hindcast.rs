//! Tables, summary and chart of a hindcast.

mod chart;
mod summary;
mod tables;

use crate::input::Loaded;
use crate::input::hindcast::Reference;
use crate::input::load::SourceFile;
use crate::input::ranges::Uncertain;
use xuewei_model::hindcast::errors::ErrorRow;
use xuewei_model::hindcast::expectations::Expectation;
use xuewei_model::hindcast::{Course, Known, Pair, Published, Skipped};

use super::chart::Lang;
use super::tables::Style;
use super::{Wanted, chart_files};

pub use tables::pairs;

/// A start that was run, with everything that is told of it.
#[derive(Debug)]
pub struct StartDone {
    /// Name of the start.
    pub key: String,
    /// What was read.
    pub loaded: Loaded,
    /// What it knew.
    pub known: Known,
    /// Every published quantity by year.
    pub courses: Vec<Course>,
    /// Published figures after the base year.
    pub pairs: Vec<Pair>,
    /// Published figures with which nothing is compared.
    pub skipped: Vec<Skipped>,
    /// What plans expected.
    pub expectations: Vec<Expectation>,
    /// Figures that were drawn.
    pub factors: Vec<Uncertain>,
    /// Draws that the rules of the input refuse.
    pub n_refused: usize,
    /// Why there is no grade progression.
    pub no_progression: Option<String>,
    /// Files of targets that could not be used.
    pub left_out: Vec<String>,
}

/// All starts of a city.
#[derive(Debug)]
pub struct Hindcast {
    /// The city whose observations are compared with.
    pub city: Loaded,
    /// Published figures of the whole city that the model has.
    pub published: Vec<Published>,
    /// Its starts.
    pub starts: Vec<StartDone>,
    /// Errors by kind and lead time.
    pub errors: Vec<ErrorRow>,
    /// How good others' forecasts are.
    pub references: Vec<Reference>,
    /// The file that says so.
    pub references_file: Option<SourceFile>,
    /// Draws of each start.
    pub draws: u32,
    /// Their seed.
    pub seed: u64,
}

impl Hindcast {
    /// Name of a start, or of all.
    pub fn start_key(&self, start: Option<usize>) -> &str {
        start.and_then(|idx| self.starts.get(idx)).map_or("all", |start| start.key.as_str())
    }

    /// References at the lead time nearest to one, of each series.
    pub fn references_near(&self, lead: f64) -> Vec<&Reference> {
        let mut nearest: Vec<&Reference> = Vec::new();
        let distance = |reference: &Reference| (f64::from(reference.lead_years) - lead).abs();
        for reference in &self.references {
            let same =
                |r: &&Reference| r.publisher == reference.publisher && r.series == reference.series;
            match nearest.iter().position(same) {
                Some(at) if distance(reference) < distance(nearest[at]) => nearest[at] = reference,
                Some(_) => {}
                None => nearest.push(reference),
            }
        }
        nearest
    }

    /// Mean lead time of the counted pairs of a kind.
    pub fn mean_lead(&self, row: &ErrorRow) -> f64 {
        if let Some(lead) = row.lead {
            return f64::from(lead);
        }
        let leads: Vec<f64> = self
            .starts
            .iter()
            .enumerate()
            .filter(|(idx, _)| row.start.is_none_or(|start| start == *idx))
            .flat_map(|(_, start)| &start.pairs)
            .filter(|pair| pair.status == xuewei_model::hindcast::Status::Counted)
            .filter(|pair| pair.published.quantity.family == row.family)
            .map(|pair| f64::from(pair.lead))
            .collect();
        crate::numeric::sum(leads.iter().copied()) / leads.len().max(1) as f64
    }
}

/// The files of the hindcast's folder with their names.
///
/// # Errors
/// A chart that cannot be drawn.
pub fn files(
    hindcast: &Hindcast,
    wanted: &Wanted,
) -> Result<Vec<(String, Vec<u8>)>, super::chart::Error> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for &format in &wanted.formats {
        let style = Style { format, with_bom: wanted.lang == Lang::Zh };
        let mut put = |name: &str, content: Vec<u8>| {
            files.push((format!("{name}.{}", format.ending()), content));
        };
        put("pairs", tables::pairs(hindcast, style));
        put("errors", tables::errors(hindcast, style));
        put("expectations", tables::expectations(hindcast, style, wanted.lang));
        put("not_compared", tables::not_compared(hindcast, style, wanted.lang));
        let stages = hindcast.city.scenario.city.stages;
        put("dictionary", super::dictionary::dictionary(stages, style));
    }
    files.push(("summary.json".to_string(), summary::summary(hindcast)));
    files.push(("manifest.json".to_string(), summary::manifest(hindcast)));
    if !wanted.charts.is_empty() {
        files.extend(chart_files(&chart::chart(hindcast, wanted.lang), wanted)?);
    }
    Ok(files)
}
