//! Names and dense indices of what everything is counted by: stages, grades, zones, sexes, ages.

/// Single years of age 0..=99 and the open age 100.
pub const N_AGES: usize = 101;
pub use crate::stages::{MAX_GRADES, Stage, Stages};

/// The classification of the education statistics: urban, town, rural.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// 城区.
    Urban,
    /// 镇区.
    Town,
    /// 乡村.
    Rural,
}

impl Zone {
    /// All zones in their dense order.
    pub const ALL: [Zone; 3] = [Zone::Urban, Zone::Town, Zone::Rural];

    /// Name in files.
    pub fn key(self) -> &'static str {
        ["urban", "town", "rural"][self as usize]
    }

    /// Name in Chinese.
    pub fn zh(self) -> &'static str {
        ["城区", "镇区", "乡村"][self as usize]
    }

    /// The zone of a name in a file, English or Chinese.
    pub fn parse(name: &str) -> Option<Zone> {
        Zone::ALL.into_iter().find(|z| z.key() == name || z.zh() == name)
    }
}

/// Sex as it is counted in the census.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

impl Sex {
    /// Both, in their dense order.
    pub const ALL: [Sex; 2] = [Sex::Female, Sex::Male];

    /// Name in files.
    pub fn key(self) -> &'static str {
        ["female", "male"][self as usize]
    }

    /// The sex of a name in a file, English or Chinese.
    pub fn parse(name: &str) -> Option<Sex> {
        match name {
            "female" | "女" => Some(Sex::Female),
            "male" | "男" => Some(Sex::Male),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for zone in Zone::ALL {
            assert_eq!(Zone::parse(zone.key()), Some(zone));
        }
    }
}
