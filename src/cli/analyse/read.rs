//! A sweep's folder as columns: which parts are there, what failed, outcomes by their names.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::analysis::draws::{Draws, Outcome, Rows, yearly};
use crate::experiment::design::{Design, Kind as DesignKind, Spec};
use crate::parallel;
use crate::sweep::labels::Labels;
use crate::sweep::store::{Manifest, Rows as PartRows, Store, StoreError};

/// A sweep that is read column by column.
pub(super) struct Source {
    /// Its folder.
    pub store: Store,
    /// Words for charts.
    pub labels: Labels,
    /// Whether the words come from `labels.json`; else they are keys.
    pub has_labels: bool,
    /// Parts that are there.
    pub parts: Vec<u64>,
    /// Everything but the outcomes.
    pub draws: Draws,
    /// Reasons of failed rows with their numbers, by scenario, the most frequent first.
    pub failures: Vec<Vec<(String, usize)>>,
}

/// Opens a folder and reads its factors.
///
/// # Errors
/// No folder of a sweep, no part in it, or a damaged one; a design that this version does not know.
pub(super) fn open(folder: &Path) -> Result<Source, String> {
    let store = Store::open(folder).map_err(|error| error.to_string())?;
    let missing = store.missing();
    let parts: Vec<u64> = (0..store.n_parts()).filter(|p| !missing.contains(p)).collect();
    if parts.is_empty() {
        return Err(format!(
            "{}: expected finished parts, found none\n      run the sweep first: xuewei sweep",
            folder.display()
        ));
    }
    let manifest = store.manifest();
    let factors = manifest.factors.clone();
    let rows = rows_of(&manifest.design)?;
    let n_draws = usize::try_from(manifest.draws).map_err(|_| "too many draws".to_string())?;
    let n_scenarios = manifest.scenarios.len();
    let labels = store.labels().and_then(|text| Labels::parse(&text));
    let has_labels = labels.is_some();
    let labels = labels.unwrap_or_else(|| Labels::keys(manifest));
    let last = manifest.outcomes.iter().filter_map(|name| Some(yearly(name)?.1)).max();
    let horizon = labels.horizon.or(last);
    let mut draws = Draws {
        rows,
        x: vec![vec![f64::NAN; n_draws]; factors.len()],
        cube: cube(&manifest.design, rows, factors.len(), n_draws)?,
        is_there: vec![false; n_draws],
        has_failed: vec![vec![false; n_draws]; n_scenarios],
        is_lacking: is_lacking(manifest),
        horizon,
        scenarios: manifest.scenarios.clone(),
        factors,
    };
    let mut reasons: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); n_scenarios];
    let names: Vec<&str> = draws.factors.iter().map(String::as_str).collect();
    let read = read_parts(&store, &parts, &names).map_err(|error| error.to_string())?;
    for rows in &read {
        let first = rows.first_draw as usize;
        draws.is_there[first..first + rows.n_draws].fill(true);
        for (j, column) in draws.x.iter_mut().enumerate() {
            column[first..first + rows.n_draws].copy_from_slice(&rows.of_scenario(j, 0));
        }
        for (row, reason) in &rows.failed {
            let (draw, scenario) = (first + row / n_scenarios, row % n_scenarios);
            draws.has_failed[scenario][draw] = true;
            *reasons[scenario].entry(reason.clone()).or_default() += 1;
        }
    }
    let ranked = |reasons: BTreeMap<String, usize>| {
        let mut all: Vec<(String, usize)> = reasons.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    };
    let failures = reasons.into_iter().map(ranked).collect();
    Ok(Source { labels, has_labels, parts, draws, failures, store })
}

impl Source {
    /// Outcomes by the names of their columns.
    ///
    /// # Errors
    /// The disk, or a part that was damaged since.
    pub(super) fn outcomes(&self, names: &[String]) -> Result<Vec<Outcome>, StoreError> {
        let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
        let read = read_parts(&self.store, &self.parts, &wanted)?;
        let (n_draws, n_scenarios) = (self.draws.n_draws(), self.draws.scenarios.len());
        let mut outcomes: Vec<Outcome> = names
            .iter()
            .map(|name| Outcome {
                name: name.clone(),
                values: vec![vec![f64::NAN; n_draws]; n_scenarios],
            })
            .collect();
        for rows in &read {
            let first = rows.first_draw as usize;
            for (column, outcome) in outcomes.iter_mut().enumerate() {
                for (scenario, values) in outcome.values.iter_mut().enumerate() {
                    values[first..first + rows.n_draws]
                        .copy_from_slice(&rows.of_scenario(column, scenario));
                }
            }
        }
        Ok(outcomes)
    }
}

fn read_parts(store: &Store, parts: &[u64], names: &[&str]) -> Result<Vec<PartRows>, StoreError> {
    parallel::map(parts, |part| store.read(*part, names)).into_iter().collect()
}

/// By scenario, by factor.
fn is_lacking(manifest: &Manifest) -> Vec<Vec<bool>> {
    let of_scenario = |scenario: &String| {
        let lacking = manifest.not_in_scenario.get(scenario);
        let is_in = |factor: &String| lacking.is_some_and(|lacking| lacking.contains(factor));
        manifest.factors.iter().map(is_in).collect()
    };
    manifest.scenarios.iter().map(of_scenario).collect()
}

fn rows_of(design: &BTreeMap<String, Value>) -> Result<Rows, String> {
    let kind = design.get("kind").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "saltelli" => {
            let second_order = design.get("second_order").and_then(Value::as_bool);
            Ok(Rows::Saltelli { second_order: second_order.unwrap_or(false) })
        }
        "morris" => Ok(Rows::Morris),
        "monte-carlo" | "latin-hypercube" | "sobol" | "grid" | "table" => Ok(Rows::Points),
        _ => Err(format!("the manifest names a design that this version does not know: {kind:?}")),
    }
}

/// The points of the unit cube of a Morris design, by factor, by draw: they are a function of the design. Empty for others.
fn cube(
    design: &BTreeMap<String, Value>,
    rows: Rows,
    n_factors: usize,
    n_draws: usize,
) -> Result<Vec<Vec<f64>>, String> {
    if rows != Rows::Morris {
        return Ok(Vec::new());
    }
    let number = |key: &str| design.get(key).and_then(Value::as_u64).unwrap_or(0);
    let levels = u32::try_from(number("levels")).unwrap_or(0);
    let kind = DesignKind::Morris { levels, candidates: number("candidates") };
    let spec = Spec { kind, n_factors, draws: number("draws"), seed: number("seed"), block: None };
    let design = Design::new(spec)?;
    if design.n_points() != n_draws as u64 {
        return Err("the manifest's design has not as many points as the sweep has draws".into());
    }
    let mut cube = vec![vec![0.0; n_draws]; n_factors];
    let mut point = vec![0.0; n_factors];
    for draw in 0..n_draws {
        design.point(draw as u64, &mut point);
        cube.iter_mut().zip(&point).for_each(|(column, value)| column[draw] = *value);
    }
    Ok(cube)
}
