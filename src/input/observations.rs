//! Published figures of a city, for `calibrate` and `hindcast`: one table, as far as it was known at the time.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::check::Checked;
use super::load::Load;
use super::problem::{Position, suggest};
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
/// census rows of places that a district covers are summed. Sums that would count people twice, or not all of them, are noted.
pub(super) fn read(load: &mut Load, checked: &Checked) -> Vec<Observation> {
    let (mut observations, mut rows): (Vec<Observation>, Vec<Position>) =
        read_rows(load, checked).into_iter().unzip();
    let places: BTreeSet<String> = observations.iter().map(|o| o.place.clone()).collect();
    if let Some(last) = checked.whole("calibration.known_until") {
        let path = "calibration.known_until";
        if let Some(base) = checked.whole("city.base_year").filter(|base| *base > last) {
            let message =
                format!("expected a year not before the base year of {base}, found {last}");
            let help = "move it or city.base_year: a start knows the figures of its own year";
            load.problem(checked.position(path), path, message, help);
        }
        let is_known: Vec<bool> = observations.iter().map(|o| i64::from(o.year) <= last).collect();
        let mut kept = is_known.iter();
        rows.retain(|_| kept.next().copied().unwrap_or(true));
        let mut kept = is_known.iter();
        observations.retain(|_| kept.next().copied().unwrap_or(true));
    }
    let mut sums = Vec::new();
    for district in checked.names_of("districts") {
        let key = format!("districts.{district}.covers");
        let Some(covered) = checked.texts(&key) else { continue };
        let covered: Vec<String> = covered.into_iter().map(|(text, _)| text).collect();
        if !places.is_empty() {
            let wrong = faults(&observations, &places, &district, &covered);
            for (row, message, help) in wrong {
                let position = row.and_then(|row| rows.get(row).copied());
                let (position, path) = match position {
                    Some(position) => (position, "place"),
                    None => (checked.position(&key), key.as_str()),
                };
                load.problem(position, path, message, help);
            }
        }
        sums.push((district, covered));
    }
    for (district, covered) in sums {
        observations = summed(observations, &district, &covered);
    }
    observations
}

/// Whether rows of covered places are added up.
fn is_summed(observation: &Observation) -> bool {
    observation.quantity.starts_with("census.") || observation.quantity == "population"
}

/// What is wrong with the rows of a district and of the places that it covers: the row, or none for the list of places; what
/// was expected and found; how to mend it.
fn faults(
    observations: &[Observation],
    places: &BTreeSet<String>,
    district: &str,
    covered: &[String],
) -> Vec<(Option<usize>, String, String)> {
    let mut found = Vec::new();
    for place in covered.iter().filter(|place| !places.contains(*place)) {
        let message = format!("expected a place of the observations, found {place}");
        found.push((None, message, suggest(place, places.iter().map(String::as_str))));
    }
    // Rows of the district itself, and of what it covers, by quantity and year.
    let mut rows: BTreeMap<(&str, i32), [Option<usize>; 2]> = BTreeMap::new();
    let mut years: BTreeMap<i32, BTreeSet<&str>> = BTreeMap::new();
    for (row, o) in observations.iter().enumerate().filter(|(_, o)| is_summed(o)) {
        let is_covered = covered.contains(&o.place);
        if is_covered && o.quantity.starts_with("census.") {
            years.entry(o.year).or_default().insert(&o.place);
        }
        if is_covered || o.place == district {
            let first = rows.entry((&o.quantity, o.year)).or_default();
            first[usize::from(is_covered)].get_or_insert(row);
        }
    }
    for ((quantity, year), first) in rows {
        if let [Some(own), Some(part)] = first {
            let message = format!(
                "expected {quantity} of {year} either of {district} or of the places that it covers, found both"
            );
            let help = "they would be counted twice: keep one of them".to_string();
            found.push((Some(own.max(part)), message, help));
        }
    }
    for (year, present) in years {
        let is_absent =
            |place: &&String| !present.contains(place.as_str()) && places.contains(*place);
        for place in covered.iter().filter(is_absent) {
            let message = format!(
                "expected a census of {year} of every place covered, found none of {place}"
            );
            let help = format!("add its rows, or leave out those of the others of {year}");
            found.push((None, message, help));
        }
    }
    found
}

/// Reads all observations that a city names, as they stand; none where it names no table.
pub(super) fn read_all(load: &mut Load, checked: &Checked) -> Vec<Observation> {
    read_rows(load, checked).into_iter().map(|(observation, _)| observation).collect()
}

/// All observations with the places of their rows.
fn read_rows(load: &mut Load, checked: &Checked) -> Vec<(Observation, Position)> {
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
    let mut seen = HashMap::new();
    for row in 0..table.n_rows() {
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
            let [quantity, place, unit, source] =
                [quantity, place, unit, source].map(str::to_string);
            let observation =
                Observation { quantity, place, year, value, unit, standard_error, source };
            put(load, (observation, table.at(row)), &mut seen, &mut observations);
        }
    }
    observations
}

/// Takes in a row. A figure that another source publishes anew is appended to a table: of two rows of one figure the last one stands.
/// A row of the same source is the same figure twice.
fn put(
    load: &mut Load,
    row: (Observation, Position),
    seen: &mut HashMap<(String, String, i32), usize>,
    observations: &mut Vec<(Observation, Position)>,
) {
    let (quantity, place, year) = (row.0.quantity.clone(), row.0.place.clone(), row.0.year);
    match seen.entry((quantity, place, year)) {
        Entry::Vacant(first) => {
            first.insert(observations.len());
            observations.push(row);
        }
        Entry::Occupied(earlier) => {
            let (quantity, place, year) = earlier.key();
            let Some(slot) = observations.get_mut(*earlier.get()) else { return };
            let line = slot.1.line;
            let what = format!("{quantity} of {place} in {year} stands already in line {line}");
            if slot.0.source == row.0.source {
                let help = "keep one row for every quantity, place and year of a source";
                load.problem(row.1, "quantity", what, help);
            } else {
                let message = format!("{what}, from {}: this row is used", slot.0.source);
                load.warning(row.1, "quantity", message, "keep the row that you believe");
            }
            *slot = row;
        }
    }
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
        let is_covered = covered.contains(&observation.place) && is_summed(&observation);
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

    /// The city has 100 people of its own beside 50 of the east; of 2020 the west is absent, and "esat" is no place.
    #[test]
    fn what_would_be_counted_twice_or_not_at_all_is_told() {
        let rows = vec![
            row("census.male.0", "city", 2010, 100.0),
            row("census.male.0", "east", 2010, 50.0),
            row("census.male.0", "west", 2010, 50.0),
            row("census.male.0", "east", 2020, 60.0),
            row("pupils.primary", "city", 2020, 5.0),
        ];
        let places = rows.iter().map(|o| o.place.clone()).collect();
        let covered = ["east", "west", "esat"].map(str::to_string);
        let found = faults(&rows, &places, "city", &covered);
        let told: Vec<(Option<usize>, &str)> =
            found.iter().map(|(row, message, _)| (*row, message.as_str())).collect();
        let expected = [
            (None, "expected a place of the observations, found esat"),
            (
                Some(1),
                "expected census.male.0 of 2010 either of city or of the places that it covers, found both",
            ),
            (None, "expected a census of 2020 of every place covered, found none of west"),
        ];
        assert_eq!(told, expected);
        let whole =
            [row("census.male.0", "east", 2010, 1.0), row("census.male.0", "west", 2010, 1.0)];
        assert!(faults(&whole, &places, "city", &covered[..2]).is_empty());
    }
}
