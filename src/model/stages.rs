//! Stages of schooling as data: what a city teaches, grade by grade, and which stage follows which.
//!
//! In: the rows of `[stages.<key>]`, checked by [`Stages::new`]. Out: a table of which a [`Stage`] is a row. A rule asks a stage for
//! its properties (by what its entrants are counted, what it follows, whether it is compulsory) and knows no stage by name, so that
//! 5 + 4 years of compulsory schooling, or those of another country, are other rows and no other code. Method: model section 1.

mod faults;

use std::fmt;
use std::ops::Range;
use std::sync::Mutex;

use faults::faults;

pub use faults::StageFault;

/// The most grades that a stage may have.
pub const MAX_GRADES: usize = 12;
/// The most stages that a city may have.
pub const MAX_STAGES: usize = 8;

/// A stage as a file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageRow {
    /// Name in files.
    pub key: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Other names that files may use.
    pub also: Vec<String>,
    /// What its schools are called in English where "schools" does not follow its name.
    pub schools_en: Option<String>,
    /// Names of its grades, entry grade first.
    pub grades: Vec<String>,
    /// Completed years of age on the day of the stocks in the entry grade.
    pub first_age: usize,
    /// Key of the stage whose leavers enter it; `None` where residents of the first age do.
    pub follows: Option<String>,
    /// Key of the stage with which it shares these leavers and their ages.
    pub shares_source_with: Option<String>,
    /// What it is called together with the stage that shares its source, in Chinese and English.
    pub together: Option<[String; 2]>,
    /// Whether its pupils are a rate on the children of each age in every year, and not cohorts.
    pub is_by_rate: bool,
    /// Whether every child must be placed.
    pub is_compulsory: bool,
}

/// The stages of a city in the order of its files.
#[derive(Debug, PartialEq, Eq)]
pub struct Stages {
    rows: Vec<StageRow>,
    first_grade: Vec<usize>,
    follows: Vec<Option<usize>>,
    shares: Vec<Option<usize>>,
    n_grades: usize,
}

/// Tables that have been made, each once: they are few and small, and a [`Stage`] stays as handy as a number.
static MADE: Mutex<Vec<&'static Stages>> = Mutex::new(Vec::new());

impl Stages {
    /// The table of these rows; equal rows give the same table, which lives as long as the program.
    ///
    /// # Errors
    /// The rows that cannot stand: every fault, in the order of the rows.
    pub fn new(rows: Vec<StageRow>) -> Result<&'static Stages, Vec<StageFault>> {
        let faults = faults(&rows);
        if !faults.is_empty() {
            return Err(faults);
        }
        let position = |key: &Option<String>| {
            let key = key.as_ref()?;
            rows.iter().position(|row| row.key == *key)
        };
        let first_grade = rows.iter().scan(0, |next, row| {
            let first = *next;
            *next += row.grades.len();
            Some(first)
        });
        let stages = Stages {
            first_grade: first_grade.collect(),
            follows: rows.iter().map(|row| position(&row.follows)).collect(),
            shares: rows.iter().map(|row| position(&row.shares_source_with)).collect(),
            n_grades: rows.iter().map(|row| row.grades.len()).sum(),
            rows,
        };
        let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(same) = made.iter().find(|other| ***other == stages) {
            return Ok(same);
        }
        let stages: &'static Stages = Box::leak(Box::new(stages));
        made.push(stages);
        Ok(stages)
    }

    /// All stages in their order.
    pub fn iter(
        &'static self,
    ) -> impl ExactSizeIterator<Item = Stage> + DoubleEndedIterator + Clone {
        (0..self.rows.len()).map(|idx| self.at(idx))
    }

    /// A value for every stage, in their order.
    pub fn map<T>(&'static self, of: impl FnMut(Stage) -> T) -> Vec<T> {
        self.iter().map(of).collect()
    }

    /// The stage at a dense index below [`Self::len`].
    pub fn at(&'static self, idx: usize) -> Stage {
        debug_assert!(idx < self.rows.len());
        Stage { of: self, idx: idx as u8 }
    }

    /// Number of stages, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "a table without stages is refused")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Grades of all stages in one dense row.
    pub fn n_grades(&self) -> usize {
        self.n_grades
    }

    /// Fewest grades of a stage.
    pub fn fewest_grades(&self) -> usize {
        self.rows.iter().map(|row| row.grades.len()).min().unwrap_or(0)
    }

    /// Most grades of a stage.
    pub fn most_grades(&self) -> usize {
        self.rows.iter().map(|row| row.grades.len()).max().unwrap_or(0)
    }

    /// The rows as they were given.
    pub fn rows(&self) -> &[StageRow] {
        &self.rows
    }

    /// The stage of a name in a file, in either language.
    pub fn parse(&'static self, name: &str) -> Option<Stage> {
        let is = |row: &StageRow| {
            row.key == name || row.zh == name || row.also.iter().any(|a| a == name)
        };
        self.rows.iter().position(is).map(|idx| self.at(idx))
    }

    /// Keys of all stages.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.key.as_str())
    }

    /// The first stage of the table: where what belongs to a place and to no stage, as births, is kept.
    pub fn first(&'static self) -> Stage {
        self.at(0)
    }

    /// The stages that share what leaves another: the one that takes the academic share, and the one that takes the rest.
    pub fn pair(&'static self) -> Option<[Stage; 2]> {
        let second = self.iter().find(|stage| self.shares[stage.idx()].is_some())?;
        Some([self.at(self.shares[second.idx()]?), second])
    }

    /// Compulsory stages in the order in which a child passes them.
    pub fn compulsory(&'static self) -> Vec<Stage> {
        let mut stages: Vec<Stage> = self.iter().filter(|stage| stage.is_compulsory()).collect();
        stages.sort_by_key(|stage| stage.first_age());
        stages
    }

    /// Stages that a table or a page with few places shows: those of cohorts, without the one that takes what another leaves.
    pub fn shown(&'static self) -> Vec<Stage> {
        self.iter().filter(|stage| !stage.is_by_rate() && !stage.is_sharer()).collect()
    }

    /// A stage to show in an example: the first compulsory one, if there is one.
    pub fn example(&'static self) -> Stage {
        self.compulsory().first().copied().unwrap_or_else(|| self.first())
    }

    /// Age at which the first cohort starts: younger children are counted before school.
    pub fn school_age(&'static self) -> usize {
        let starts = self.iter().filter(|stage| !stage.is_by_rate()).map(Stage::first_age);
        starts.min().unwrap_or(0)
    }

    /// Age in the highest grade of all.
    pub fn last_age(&'static self) -> usize {
        self.iter().map(|stage| stage.ages().end).max().unwrap_or(1) - 1
    }
}

/// A stage of schooling (学段): a row of the [`Stages`] of a city.
#[derive(Clone, Copy)]
pub struct Stage {
    of: &'static Stages,
    idx: u8,
}

impl Stage {
    fn row(self) -> &'static StageRow {
        &self.of.rows[self.idx()]
    }

    /// The table of which it is a row.
    pub fn stages(self) -> &'static Stages {
        self.of
    }

    /// Dense index in its table.
    #[inline(always)]
    pub fn idx(self) -> usize {
        usize::from(self.idx)
    }

    /// Grades of the stage.
    #[inline(always)]
    pub fn n_grades(self) -> usize {
        self.row().grades.len()
    }

    /// Completed years of age on the day of the stocks in the entry grade.
    pub fn first_age(self) -> usize {
        self.row().first_age
    }

    /// Ages of its grades.
    pub fn ages(self) -> Range<usize> {
        self.first_age()..self.first_age() + self.n_grades()
    }

    /// Dense index of the entry grade in the row of all grades.
    #[inline(always)]
    pub fn first_grade(self) -> usize {
        self.of.first_grade[self.idx()]
    }

    /// Dense grade indices of the stage.
    #[inline(always)]
    pub fn grades(self) -> Range<usize> {
        self.first_grade()..self.first_grade() + self.n_grades()
    }

    /// Dense index of the highest grade.
    pub fn last_grade(self) -> usize {
        self.grades().end - 1
    }

    /// Names of its grades, entry grade first.
    pub fn grade_keys(self) -> &'static [String] {
        &self.row().grades
    }

    /// Name in files.
    pub fn key(self) -> &'static str {
        &self.row().key
    }

    /// Name in Chinese.
    pub fn zh(self) -> &'static str {
        &self.row().zh
    }

    /// Name in English.
    pub fn en(self) -> &'static str {
        &self.row().en
    }

    /// Its schools in English: "kindergartens", "primary schools".
    pub fn schools_en(self) -> String {
        self.row().schools_en.clone().unwrap_or_else(|| format!("{} schools", self.en()))
    }

    /// Whether every child must be placed.
    pub fn is_compulsory(self) -> bool {
        self.row().is_compulsory
    }

    /// Whether its pupils are a rate on the children of each age in every year, and not cohorts.
    #[inline(always)]
    pub fn is_by_rate(self) -> bool {
        self.row().is_by_rate
    }

    /// The stage whose leavers enter it; `None` where residents of the first age do.
    pub fn follows(self) -> Option<Stage> {
        self.of.follows[self.idx()].map(|idx| self.of.at(idx))
    }

    /// Whether residents of its first age start a cohort in it.
    pub fn starts_cohorts(self) -> bool {
        !self.is_by_rate() && self.follows().is_none()
    }

    /// The only stage that its leavers enter: those who stay in school go there.
    pub fn next(self) -> Option<Stage> {
        let mut followers = self.of.iter().filter(|other| other.follows() == Some(self));
        followers.next().filter(|_| followers.next().is_none())
    }

    /// Of two stages that share a source: the second one, if it is the first.
    pub fn sharer(self) -> Option<Stage> {
        self.of.pair().and_then(|[first, second]| (first == self).then_some(second))
    }

    /// Whether it takes what another stage leaves of their source.
    pub fn is_sharer(self) -> bool {
        self.of.shares[self.idx()].is_some()
    }

    /// Whether retention from its highest grade leads somewhere: what leaves it goes to one stage.
    pub fn n_retentions(self) -> usize {
        self.n_grades() - usize::from(self.next().is_none())
    }

    /// Name of a stage together with the one that shares its source, Chinese and English; its own where none does.
    pub fn together(self) -> [&'static str; 2] {
        let own = [self.zh(), self.en()];
        self.row().together.as_ref().map_or(own, |[zh, en]| [zh, en])
    }
}

impl PartialEq for Stage {
    fn eq(&self, other: &Stage) -> bool {
        self.idx == other.idx && std::ptr::eq(self.of, other.of)
    }
}

impl Eq for Stage {}

impl PartialOrd for Stage {
    fn partial_cmp(&self, other: &Stage) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Stage {
    fn cmp(&self, other: &Stage) -> std::cmp::Ordering {
        let table = |stage: &Stage| std::ptr::from_ref(stage.of);
        self.idx
            .cmp(&other.idx)
            .then_with(|| self.key().cmp(other.key()))
            .then(table(self).cmp(&table(other)))
    }
}

impl std::hash::Hash for Stage {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.idx.hash(state);
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
pub(crate) mod tests;
