//! Published counts of schools, pupils and classes of a stage: a figure of the city file or, where it gives none, the
//! observation of the base year for the whole city.

use crate::axes::Stage;
use crate::input::CityKeys;

/// Quantities that an observation may give, as `WHAT.STAGE`.
const OBSERVED: [&str; 5] =
    ["schools", "pupils", "mean_class", "oversized_share", "super_oversized_share"];

/// `calibration.STAGE.WHAT`, else the observation `WHAT.STAGE` at place `all` in the base year. Shares are parts of 1.
pub(super) fn published(keys: &CityKeys, stage: Stage, what: &str) -> Option<f64> {
    let path = format!("calibration.{}.{what}", stage.key());
    let figure = keys.checked.figures.get(&path).map(|figure| figure.scalar());
    figure.or_else(|| observed(keys, stage, what))
}

fn observed(keys: &CityKeys, stage: Stage, what: &str) -> Option<f64> {
    if !OBSERVED.contains(&what) {
        return None;
    }
    let quantity = format!("{what}.{}", stage.key());
    let base = keys.scenario.city.base_year;
    let found = keys
        .observations
        .iter()
        .find(|o| o.quantity == quantity && o.place == "all" && o.year == base)?;
    Some(if found.unit == "percent" { found.value / 100.0 } else { found.value })
}
