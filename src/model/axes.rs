//! Names and dense indices of what everything is counted by: stages, grades, zones, sexes, ages.

/// Single years of age 0..=99 and the open age 100.
pub const N_AGES: usize = 101;
/// Stages of schooling.
pub const N_STAGES: usize = 5;
/// Grades of all stages in one row: K1-K3, G1-G6, G7-G9, S1-S3, V1-V3.
pub const N_GRADES: usize = 18;
/// The most grades that one stage has (primary).
pub const MAX_GRADES: usize = 6;

/// A stage of schooling (学段).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 幼儿园, three grades, ages 3-5.
    Kindergarten,
    /// 小学, six grades, ages 6-11.
    Primary,
    /// 初中, three grades, ages 12-14.
    Junior,
    /// 普通高中, three grades, ages 15-17.
    Senior,
    /// 中等职业学校, three grades, ages 15-17.
    Vocational,
}

impl Stage {
    /// All stages in their dense order.
    pub const ALL: [Stage; N_STAGES] =
        [Stage::Kindergarten, Stage::Primary, Stage::Junior, Stage::Senior, Stage::Vocational];

    /// Dense index, 0..5.
    pub fn idx(self) -> usize {
        self as usize
    }

    /// Grades of the stage.
    pub fn n_grades(self) -> usize {
        if self == Stage::Primary { 6 } else { 3 }
    }

    /// Completed years of age on 1 September in the entry grade.
    pub fn first_age(self) -> usize {
        [3, 6, 12, 15, 15][self.idx()]
    }

    /// Dense index of the entry grade in a row of [`N_GRADES`].
    pub fn first_grade(self) -> usize {
        [0, 3, 9, 12, 15][self.idx()]
    }

    /// Dense grade indices of the stage.
    pub fn grades(self) -> std::ops::Range<usize> {
        self.first_grade()..self.first_grade() + self.n_grades()
    }

    /// Name in files.
    pub fn key(self) -> &'static str {
        ["kindergarten", "primary", "junior", "senior", "vocational"][self.idx()]
    }

    /// Name in Chinese.
    pub fn zh(self) -> &'static str {
        ["幼儿园", "小学", "初中", "普通高中", "中等职业学校"][self.idx()]
    }

    /// The stage of a name in a file, English or Chinese.
    pub fn parse(name: &str) -> Option<Stage> {
        match name {
            "高中" => Some(Stage::Senior),
            "中职" => Some(Stage::Vocational),
            _ => Stage::ALL.into_iter().find(|s| s.key() == name || s.zh() == name),
        }
    }

    /// Whether every child must be placed (nine-year compulsory schooling).
    pub fn is_compulsory(self) -> bool {
        matches!(self, Stage::Primary | Stage::Junior)
    }
}

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

/// Names of the grades in their dense order.
pub const GRADE_KEYS: [&str; N_GRADES] = [
    "K1", "K2", "K3", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "S1", "S2", "S3", "V1",
    "V2", "V3",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_of_all_stages_fill_the_row_once() {
        let mut seen: Vec<usize> = Stage::ALL.into_iter().flat_map(Stage::grades).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..N_GRADES).collect::<Vec<_>>());
    }

    #[test]
    fn names_round_trip() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.key()), Some(stage));
            assert_eq!(Stage::parse(stage.zh()), Some(stage));
        }
        for zone in Zone::ALL {
            assert_eq!(Zone::parse(zone.key()), Some(zone));
        }
    }
}
