//! Levels at which oversized classes count as gone: named, each with one or more conditions, as plain data.

use crate::city::Name;

/// Key of the level that charts, tables and sweeps mean where they name none: a single share of oversized classes.
pub const WORKING: &str = "working";

/// From which size on classes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// Oversized ones.
    Oversized,
    /// Super-oversized ones.
    SuperOversized,
}

/// How many of them there may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// At most this share of all classes.
    Share(f64),
    /// Fewer expected classes than this.
    Classes(f64),
}

/// What a level asks of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// Which classes.
    pub threshold: Threshold,
    /// How many.
    pub bound: Bound,
}

/// A named level: a year meets it that meets all its conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Name in files.
    pub key: String,
    /// Name to show.
    pub name: Name,
    /// What it asks; at least one.
    pub conditions: Vec<Condition>,
}

/// The keys of conditions in files, which are those of the indicators that they bound, in the order of [`Level::conditions`].
pub const CONDITIONS: [&str; 4] =
    ["oversized_share", "super_oversized_share", "oversized_classes", "super_oversized_classes"];

impl Condition {
    /// The condition of a key of [`CONDITIONS`]; `None` of another.
    pub fn of(key: &str, value: f64) -> Option<Condition> {
        let [oversized, super_oversized] = [Threshold::Oversized, Threshold::SuperOversized];
        let (threshold, bound) = match key {
            "oversized_share" => (oversized, Bound::Share(value)),
            "super_oversized_share" => (super_oversized, Bound::Share(value)),
            "oversized_classes" => (oversized, Bound::Classes(value)),
            "super_oversized_classes" => (super_oversized, Bound::Classes(value)),
            _ => return None,
        };
        Some(Condition { threshold, bound })
    }

    /// Its key.
    pub fn key(&self) -> &'static str {
        match (self.threshold, self.bound) {
            (Threshold::Oversized, Bound::Share(_)) => CONDITIONS[0],
            (Threshold::SuperOversized, Bound::Share(_)) => CONDITIONS[1],
            (Threshold::Oversized, Bound::Classes(_)) => CONDITIONS[2],
            (Threshold::SuperOversized, Bound::Classes(_)) => CONDITIONS[3],
        }
    }
}

impl Level {
    /// The share of a level that is a single share of oversized classes.
    pub fn share(&self) -> Option<f64> {
        match self.conditions[..] {
            [Condition { threshold: Threshold::Oversized, bound: Bound::Share(share) }] => {
                Some(share)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_have_their_keys() {
        for key in CONDITIONS {
            assert_eq!(Condition::of(key, 0.5).map(|condition| condition.key()), Some(key));
        }
        assert_eq!(Condition::of("oversized", 0.5), None);
    }
}
