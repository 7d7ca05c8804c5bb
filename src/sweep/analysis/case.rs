//! Which futures are of interest: a condition on an outcome, such as `primary.clearing_year > 2030`.

use super::regret::Better;
use crate::numeric::quantile;

/// How an outcome is compared with the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Above it.
    Above,
    /// At or above it.
    AtLeast,
    /// Below it.
    Below,
    /// At or below it.
    AtMost,
}

impl Relation {
    /// Its sign in files and on the command line.
    pub fn sign(self) -> &'static str {
        match self {
            Relation::Above => ">",
            Relation::AtLeast => ">=",
            Relation::Below => "<",
            Relation::AtMost => "<=",
        }
    }
}

/// A condition on an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Name of the outcome's column.
    pub outcome: String,
    /// How it is compared.
    pub relation: Relation,
    /// With what, in the outcome's unit.
    pub bound: f64,
}

impl Condition {
    /// Reads `OUTCOME > NUMBER` (or `>=`, `<`, `<=`).
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let shape = || {
            format!(
                "expected OUTCOME > NUMBER (or >=, <, <=), as STAGE.clearing_year > 2030, found {text:?}"
            )
        };
        let all = [Relation::AtLeast, Relation::AtMost, Relation::Above, Relation::Below];
        let split = |relation: Relation| Some((relation, text.split_once(relation.sign())?));
        let (relation, (outcome, bound)) = all.into_iter().find_map(split).ok_or_else(shape)?;
        let bound: f64 = bound.trim().parse().map_err(|_| shape())?;
        let outcome = outcome.trim().to_string();
        if outcome.is_empty() || !bound.is_finite() {
            return Err(shape());
        }
        Ok(Condition { outcome, relation, bound })
    }

    /// Whether a value meets it.
    pub fn holds(&self, value: f64) -> bool {
        match self.relation {
            Relation::Above => value > self.bound,
            Relation::AtLeast => value >= self.bound,
            Relation::Below => value < self.bound,
            Relation::AtMost => value <= self.bound,
        }
    }

    /// The worse half of some values: beyond their median; where that is none of them, as when half of them are the worst
    /// possible, at it or beyond. None where all values are equal.
    pub fn worse_half(outcome: &str, values: &[f64], better: Better) -> Option<Condition> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let bound = quantile(&sorted, 0.5)?;
        let relations = match better {
            Better::Low => [Relation::Above, Relation::AtLeast],
            Better::High => [Relation::Below, Relation::AtMost],
        };
        relations
            .map(|relation| Condition { outcome: outcome.to_string(), relation, bound })
            .into_iter()
            .find(|condition| {
                let n = values.iter().filter(|v| condition.holds(**v)).count();
                n > 0 && n < values.len()
            })
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.outcome, self.relation.sign(), self.bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_and_written() {
        let read = |text: &str| Condition::parse(text).map(|c| c.to_string());
        assert_eq!(read("primary.clearing_year>2030"), Ok("primary.clearing_year > 2030".into()));
        assert_eq!(read(" a[2030] <= 0.01 "), Ok("a[2030] <= 0.01".into()));
        assert!(read("a = 3").is_err() && read("> 3").is_err() && read("a > x").is_err());
        assert!(read("a > inf").is_err());
    }

    /// 1, 2, 3, 9, 9, 9, 9: the median is the worst value, so it counts.
    #[test]
    fn the_worse_half() {
        let text = |values: &[f64], better| {
            Condition::worse_half("a", values, better).map(|c| c.to_string())
        };
        assert_eq!(text(&[1.0, 2.0, 3.0], Better::Low), Some("a > 2".into()));
        assert_eq!(text(&[1.0, 2.0, 3.0], Better::High), Some("a < 2".into()));
        assert_eq!(text(&[1., 2., 3., 9., 9., 9., 9.], Better::Low), Some("a >= 9".into()));
        assert_eq!(text(&[4.0, 4.0], Better::Low), None);
        assert_eq!(text(&[], Better::Low), None);
    }
}
