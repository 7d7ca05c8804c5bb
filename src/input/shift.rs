//! The same scenario with some figures moved inside their ranges, without reading a file again.
//!
//! In: a [`Loaded`] scenario and for some figures a probability. Out: the scenario in which each of these figures stands at that
//! quantile of its own distribution. `low` and `high` of a figure are the 10th and the 90th percentile of a two-piece normal law
//! whose median is the value:
//!
//! `shift(p) = z(p) / z(0.9) · (high − value if p ≥ 0.5, else value − low)`
//!
//! with `z` the standard normal quantile. A figure by year has the value of its last year for `value`; one of several numbers
//! (one a grade) their mean. All its values of years after the base year move by the same amount (if there are none: all values),
//! each kept inside the bounds of its key. What this leaves out: a range that widens with time, and correlation of figures.

use std::sync::Arc;

use crate::numeric::normal_quantile;
use crate::scenario::Scenario;

use super::load::Load;
use super::moved::{Change, change_figure, last_value, node_at};
use super::tree::{Node, Table, Value};
use super::{Loaded, Refused, build, check, refused};

/// A figure with a range, in the unit of its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    /// Path of the figure.
    pub path: String,
    /// Its value: of the last year, the mean of several numbers.
    pub value: f64,
    /// 10th percentile.
    pub low: f64,
    /// 90th percentile.
    pub high: f64,
    /// Unit as written.
    pub unit: String,
}

/// Groups whose figures no run uses.
pub(super) const UNUSED: [&str; 3] = ["calibration", "targets", "sources"];

/// Figures that have both `low` and `high` and that a run uses, in the order of the tree.
pub fn uncertain(loaded: &Loaded) -> Vec<Uncertain> {
    let mut found = Vec::new();
    walk(&loaded.tree, "", &mut found);
    found
}

fn walk(node: &Node, path: &str, found: &mut Vec<Uncertain>) {
    let Some(table) = node.table() else { return };
    if node.is_figure() && !path.is_empty() {
        found.extend(range_of(node, path));
        return;
    }
    for (key, _, inner) in &table.entries {
        if path.is_empty() && (UNUSED.contains(&key.as_str()) || key == "resolved") {
            continue;
        }
        walk(inner, &super::overlay::joined(path, key), found);
    }
}

/// The range of a figure, if it has one and a value in numbers.
pub(super) fn range_of(node: &Node, path: &str) -> Option<Uncertain> {
    let bound = |name: &str| node.at(name)?.number().filter(|number| number.is_finite());
    let value = last_value(node)?;
    let unit = node.at("unit").and_then(Node::text).unwrap_or_default().to_string();
    let (low, high) = (bound("low")?, bound("high")?);
    Some(Uncertain { path: path.to_string(), value, low, high, unit })
}

impl Uncertain {
    /// How far the figure moves at a probability `0 < p < 1`, in its unit.
    pub fn shift(&self, probability: f64) -> f64 {
        let z = normal_quantile(probability) / normal_quantile(0.9);
        let side = if z >= 0.0 { self.high - self.value } else { self.value - self.low };
        z * side.max(0.0)
    }
}

/// The scenario with each named figure at a probability of its distribution.
///
/// # Errors
/// What the rules of the input refuse, e.g. flows of one origin that add up to more than everybody; a path without a range
/// changes nothing.
pub fn shifted(loaded: &Loaded, shifts: &[(&str, f64)]) -> Result<Scenario, Refused> {
    let base_year = loaded.scenario.city.base_year;
    let mut tree = loaded.tree.clone();
    for (path, probability) in shifts {
        let range = loaded.tree.at(path).and_then(|node| range_of(node, path));
        if let (Some(range), Some(node)) = (range, node_at(&mut tree, path)) {
            // The range belongs to the figure as it was.
            let by = Change::Add(range.shift(*probability));
            change_figure(node, path, by, base_year, None);
        }
    }
    rebuilt(loaded, tree)
}

/// The scenario with one setting (no figure) put to a text, made where it is absent.
///
/// # Errors
/// A key or value that the input does not know.
pub fn with_setting(loaded: &Loaded, path: &str, text: &str) -> Result<Scenario, Refused> {
    let mut tree = loaded.tree.clone();
    let keys: Vec<&str> = path.split('.').collect();
    put_text(&mut tree, &keys, text);
    rebuilt(loaded, tree)
}

/// A scenario from a changed tree: the city itself stays as it was read, no file is opened.
pub(super) fn rebuilt(loaded: &Loaded, tree: Node) -> Result<Scenario, Refused> {
    let mut load = Load {
        files: loaded.files.clone(),
        folder: loaded.folder.clone(),
        known_city: Some(Arc::clone(&loaded.scenario.city)),
        ..Load::default()
    };
    let checked = check::check(&mut load, &tree);
    let scenario = build::scenario(&mut load, &checked, &loaded.scenario.key);
    if load.problems.list.is_empty() { Ok(scenario) } else { Err(refused(load)) }
}

/// Puts a text at a path below a node, with the tables on the way.
fn put_text(node: &mut Node, path: &[&str], text: &str) {
    let position = node.position;
    let Some((key, rest)) = path.split_first() else {
        node.value = Value::Text(text.to_string());
        return;
    };
    if let Value::Table(table) = &mut node.value {
        if table.get(key).is_none() {
            table.push(key, position, Node { value: Value::Table(Table::default()), position });
        }
        if let Some(inner) = table.get_mut(key) {
            put_text(inner, rest, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(sets: &[&str]) -> Loaded {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        super::super::load(&root.join("tests/small"), &sets).expect("the small city")
    }

    const RATE: &str = "enrolment.kindergarten.gross_rate";
    const WITH_RANGE: &str = "enrolment.kindergarten.gross_rate={ by_year = { 2020 = 90.0, 2025 = 92.0 }, unit = \"percent\", low = 88.0, high = 94.0, source = \"made-up\" }";

    /// The rate of 2025 is 92, its range 88 to 94: the 90th percentile is 2 above, the 10th 4 below, and the median is the
    /// value. The base year 2020 stays at 90.
    #[test]
    fn a_figure_moves_after_the_base_year() {
        let loaded = small(&[WITH_RANGE]);
        let found = uncertain(&loaded);
        let range = found.iter().find(|u| u.path == RATE).expect("a figure with a range");
        assert_eq!((range.value, range.low, range.high), (92.0, 88.0, 94.0));
        for (probability, expected) in [(0.9, 94.0), (0.1, 88.0), (0.5, 92.0)] {
            let scenario = shifted(&loaded, &[(RATE, probability)]).expect("a scenario");
            let rate = &scenario.enrolment.kindergarten_rate;
            assert!((100.0 * rate.at(2025) - expected).abs() < 1e-9, "{}", rate.at(2025));
            assert!((rate.at(2020) - 0.90).abs() < 1e-12);
        }
    }

    /// Half a normal law to each side: at p = Φ(2·1.2815516) the shift is twice that of the 90th percentile.
    #[test]
    fn a_shift_is_two_piece_normal() {
        let path = String::new();
        let range = Uncertain { path, value: 10.0, low: 7.0, high: 11.0, unit: String::new() };
        let p = crate::numeric::normal_cdf(2.0 * 1.281_551_565_545);
        assert!((range.shift(p) - 2.0).abs() < 1e-6);
        assert!((range.shift(1.0 - p) + 6.0).abs() < 1e-6);
    }

    /// 100 % is the most of a coverage of 2.0 as a ratio, and 0 its least.
    #[test]
    fn a_figure_stays_inside_its_bounds() {
        let set = "enrolment.primary.coverage={ value = 1.0, unit = \"ratio\", low = 0.2, high = 1.9, source = \"made-up\" }";
        let loaded = small(&[set]);
        for (probability, expected) in [(0.9999, 2.0), (0.0001, 0.0)] {
            let scenario =
                shifted(&loaded, &[("enrolment.primary.coverage", probability)]).expect("scenario");
            assert_eq!(scenario.enrolment.coverage.at(2030), expected);
        }
    }

    /// Where no year follows the base year, every value moves.
    #[test]
    fn a_figure_without_later_years_moves_whole() {
        let set = "enrolment.technical.rate={ by_year = { 2018 = 4.0, 2020 = 5.0 }, unit = \"percent\", low = 4.0, high = 6.0, source = \"made-up\" }";
        let scenario =
            shifted(&small(&[set]), &[("enrolment.technical.rate", 0.9)]).expect("a scenario");
        assert!((scenario.enrolment.technical_rate.at(2018) - 0.05).abs() < 1e-9);
        assert!((scenario.enrolment.technical_rate.at(2020) - 0.06).abs() < 1e-9);
    }

    #[test]
    fn nothing_moved_is_the_same_scenario() {
        let loaded = small(&[]);
        let again = shifted(&loaded, &[]).expect("a scenario");
        assert_eq!(format!("{:?}", again.vital), format!("{:?}", loaded.scenario.vital));
        assert_eq!(format!("{:?}", again.enrolment), format!("{:?}", loaded.scenario.enrolment));
        assert_eq!(again.key, loaded.scenario.key);
    }

    #[test]
    fn a_setting_that_nobody_knows_is_refused() {
        assert!(with_setting(&small(&[]), "demand.tempo", "slow").is_err());
        assert!(with_setting(&small(&[]), "population.timing", "end").is_ok());
    }
}
