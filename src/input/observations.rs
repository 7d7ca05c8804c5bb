//! Published figures of a city, for `calibrate` and `hindcast`: one table, as far as it was known at the time.

use std::collections::BTreeSet;

use super::check::Checked;
use super::load::Load;
use super::table::{self, Column};

/// A published figure to compare with.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// What it is, e.g. `census.male.5-9` or `pupils.senior`.
    pub quantity: String,
    /// A district key or `all`.
    pub place: String,
    /// Year: that in which the school year starts, of births the calendar year.
    pub year: i32,
    /// Value.
    pub value: f64,
    /// Unit.
    pub unit: String,
    /// Standard error in the same unit, where stated.
    pub standard_error: Option<f64>,
    /// Where it is from.
    pub source: String,
}

const COLUMNS: &[Column] = &[
    table::column("quantity", &["指标"], true),
    table::column("place", &["地区"], true),
    table::column("year", &["年份"], true),
    table::column("value", &["数值"], true),
    table::column("unit", &["单位"], true),
    table::column("standard_error", &["标准误"], false),
    table::column("source", &["来源"], true),
];

/// Reads the observations that a city names, for calibration: later ones than `calibration.known_until` are left out, and the
/// census rows of places that a district covers are summed.
pub(super) fn read(load: &mut Load, checked: &Checked) -> Vec<Observation> {
    let mut observations = read_all(load, checked);
    if let Some(last) = checked.whole("calibration.known_until") {
        observations.retain(|o| i64::from(o.year) <= last);
    }
    for district in checked.names_of("districts") {
        if let Some(covered) = checked.texts(&format!("districts.{district}.covers")) {
            let covered: Vec<String> = covered.into_iter().map(|(text, _)| text).collect();
            observations = summed(observations, &district, &covered);
        }
    }
    observations
}

/// Reads all observations that a city names, as they stand; none where it names no table.
pub(super) fn read_all(load: &mut Load, checked: &Checked) -> Vec<Observation> {
    let Some(node) = checked.settings.get("tables.observations") else {
        return Vec::new();
    };
    let name = node.text().unwrap_or_default();
    let folder = load.files.get(node.position.file).and_then(|f| f.path.parent());
    let path = folder.map(|folder| folder.join(name)).unwrap_or_default();
    let at = (node.position, "tables.observations");
    let Some(table) = table::read(load, &path, at, COLUMNS) else {
        return Vec::new();
    };
    let mut observations = Vec::new();
    let mut seen = BTreeSet::new();
    for row in 0..table.rows.len() {
        // A row whose value is still empty says what is to be filled in.
        if table.text(row, "value").is_none() {
            continue;
        }
        let text = |load: &mut Load, name: &str| table.needed_text(load, row, name);
        let quantity = text(load, "quantity");
        let place = text(load, "place");
        let unit = text(load, "unit");
        let source = text(load, "source");
        let year = table.whole(load, row, "year", (1900, 2200), true);
        let value = table.number(load, row, "value", (-1e12, 1e12), true);
        let standard_error = table.number(load, row, "standard_error", (0.0, 1e12), false);
        if let (Some(quantity), Some(unit)) = (&quantity, &unit) {
            check_unit(load, &table, row, (quantity, unit), value);
        }
        if let (Some(quantity), Some(place), Some(unit), Some(source), Some(year), Some(value)) =
            (quantity, place, unit, source, year, value)
        {
            let year = year as i32;
            if !seen.insert((quantity.clone(), place.clone(), year)) {
                let message = format!(
                    "expected each figure once, found {quantity} of {place} in {year} a second time"
                );
                load.problem(table.at(row), "quantity", message, "keep the row that you believe");
            }
            observations.push(Observation {
                quantity,
                place,
                year,
                value,
                unit,
                standard_error,
                source,
            });
        }
    }
    observations
}

/// Units that a quantity may have, by its first word; quantities that no command reads may have any.
fn units_of(quantity: &str) -> Option<&'static [&'static str]> {
    Some(match quantity.split('.').next().unwrap_or_default() {
        "census" | "population" => &["people"],
        "births" => &["births"],
        "pupils" | "entrants" | "graduates" => &["pupils"],
        "schools" => &["schools"],
        "classes" => &["classes"],
        "mean_class" => &["pupils per class"],
        "gross_rate" | "oversized_share" | "super_oversized_share" | "retention_nine_year" => {
            &["percent", "per mille", "share"]
        }
        _ => return None,
    })
}

/// A known quantity has its own units and is not negative.
fn check_unit(
    load: &mut Load,
    table: &table::TableFile,
    row: usize,
    (quantity, unit): (&str, &str),
    value: Option<f64>,
) {
    let Some(units) = units_of(quantity) else { return };
    if !units.contains(&unit) {
        let message = format!("expected {quantity} in {}, found {unit:?}", units.join(" or "));
        let help = format!("write the number in {}: 1.2万人 are 12000", units[0]);
        load.problem(table.at(row), "unit", message, help);
    }
    if value.is_some_and(|value| value < 0.0) {
        let message =
            format!("expected {quantity} to be 0 or more, found {}", value.unwrap_or_default());
        load.problem(table.at(row), "value", message, "");
    }
}

/// The observations with the census rows of the covered places added up to rows of the district, in the order in which each
/// quantity and year first stands.
fn summed(observations: Vec<Observation>, district: &str, covered: &[String]) -> Vec<Observation> {
    let mut kept: Vec<Observation> = Vec::new();
    for observation in observations {
        let is_covered = covered.contains(&observation.place)
            && (observation.quantity.starts_with("census.")
                || observation.quantity == "population");
        if !is_covered {
            kept.push(observation);
            continue;
        }
        let same = kept.iter_mut().find(|o| {
            o.place == district
                && o.quantity == observation.quantity
                && o.year == observation.year
                && o.unit == observation.unit
        });
        match same {
            Some(sum) => {
                sum.value += observation.value;
                sum.standard_error = match (sum.standard_error, observation.standard_error) {
                    (Some(a), Some(b)) => Some((a * a + b * b).sqrt()),
                    _ => None,
                };
            }
            None => kept.push(Observation { place: district.to_string(), ..observation }),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(quantity: &str, place: &str, year: i32, value: f64) -> Observation {
        Observation {
            quantity: quantity.to_string(),
            place: place.to_string(),
            year,
            value,
            unit: "people".to_string(),
            standard_error: None,
            source: "made-up".to_string(),
        }
    }

    /// 100 and 50 people of two districts are 150 of the city; their pupils are not added, nor a third district.
    #[test]
    fn census_rows_of_covered_places_are_summed() {
        let rows = vec![
            row("census.male.0", "east", 2010, 100.0),
            row("pupils.primary", "east", 2010, 7.0),
            row("census.male.0", "west", 2010, 50.0),
            row("census.male.0", "west", 2020, 60.0),
            row("census.male.0", "far", 2010, 9.0),
        ];
        let covered = ["east".to_string(), "west".to_string()];
        let found: Vec<(String, i32, f64)> = summed(rows, "city", &covered)
            .into_iter()
            .map(|o| (o.place, o.year, o.value))
            .collect();
        let expected =
            [("city", 2010, 150.0), ("east", 2010, 7.0), ("city", 2020, 60.0), ("far", 2010, 9.0)];
        assert_eq!(found, expected.map(|(place, year, value)| (place.to_string(), year, value)));
    }
}
