//! Requirements on a run: `junior.oversized_share[2030] <= 0.01`.

use crate::axes::{Stage, Stages};
use crate::indicators::{INDICATORS, Table};
use crate::scenario::Scenario;

/// A requirement on an indicator of the whole city.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Requirement {
    text: String,
    stage: Option<Stage>,
    indicator: usize,
    year: i32,
    at_most: bool,
    bound: f64,
}

impl Requirement {
    /// Reads `STAGE.INDICATOR[YEAR] <= NUMBER` (or `>=`); the stage may be `all`.
    pub(super) fn parse(stages: &'static Stages, text: &str) -> Result<Self, String> {
        let shape =
            "expected STAGE.INDICATOR[YEAR] <= NUMBER, as all.oversized_share[2030] <= 0.01";
        let (left, at_most, right) = match (text.split_once("<="), text.split_once(">=")) {
            (Some((left, right)), None) => (left, true, right),
            (None, Some((left, right))) => (left, false, right),
            _ => return Err(shape.to_string()),
        };
        let (name, year) =
            left.trim().strip_suffix(']').and_then(|l| l.split_once('[')).ok_or(shape)?;
        let (stage, key) = name.split_once('.').ok_or(shape)?;
        let stage = match stage {
            "all" => None,
            name => Some(stages.parse(name).ok_or_else(|| format!("no stage {name:?}"))?),
        };
        let indicator = INDICATORS.iter().position(|i| i.key == key).ok_or_else(|| {
            let known = INDICATORS.iter().map(|i| i.key);
            format!("no indicator {key:?}; {}", crate::input::problem::suggest(key, known))
        })?;
        let year = year.trim().parse().map_err(|_| shape)?;
        let bound = right.trim().parse().map_err(|_| shape)?;
        Ok(Requirement { text: text.to_string(), stage, indicator, year, at_most, bound })
    }

    /// `None` if it is met, else a sentence.
    pub(super) fn unmet(&self, scenario: &Scenario, table: &Table) -> Option<String> {
        let year_idx = self.year - scenario.city.base_year;
        if !(0..scenario.city.n_years() as i32).contains(&year_idx) {
            return Some(format!("{}: {} is not a year of the run", self.text, self.year));
        }
        let stocks = &table.city_years(self.stage)[year_idx as usize];
        let value = (INDICATORS[self.indicator].value)(stocks);
        let met =
            value.is_some_and(|v| if self.at_most { v <= self.bound } else { v >= self.bound });
        if met {
            return None;
        }
        let found = value.map_or("undefined".to_string(), |v| v.to_string());
        Some(format!("{}: requirement {} is not met: it is {found}", scenario.key, self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read() {
        let requirement =
            Requirement::parse(crate::input::china(), "junior.oversized_share[2030] <= 0.01");
        assert!(requirement.is_ok_and(|r| r.year == 2030 && r.at_most && r.bound == 0.01));
        assert!(
            Requirement::parse(crate::input::china(), "junior.oversized[2030] <= 0.01").is_err()
        );
        assert!(Requirement::parse(crate::input::china(), "nonsense").is_err());
    }
}
