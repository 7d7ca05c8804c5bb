//! Figures with a range: `low` and `high` beside the value.
//!
//! `low` and `high` of a figure are the 10th and the 90th percentile of a two-piece normal law whose median is the value:
//!
//! `shift(p) = z(p) / z(0.9) · (high − value if p ≥ 0.5, else value − low)`
//!
//! with `z` the standard normal quantile. A figure by year has the value of its last year for `value`; one of several numbers
//! (one a grade) their mean. What this leaves out: a range that widens with time, and correlation of figures.

use crate::numeric::normal_quantile;

use super::figure_change::last_value;
use super::loaded::Loaded;
use super::tree::Node;

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
pub fn range_of(node: &Node, path: &str) -> Option<Uncertain> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a normal law to each side: at p = Φ(2·1.2815516) the shift is twice that of the 90th percentile.
    #[test]
    fn a_shift_is_two_piece_normal() {
        let path = String::new();
        let range = Uncertain { path, value: 10.0, low: 7.0, high: 11.0, unit: String::new() };
        let p = crate::numeric::normal_cdf(2.0 * 1.281_551_565_545);
        assert!((range.shift(p) - 2.0).abs() < 1e-6);
        assert!((range.shift(1.0 - p) + 6.0).abs() < 1e-6);
    }
}
