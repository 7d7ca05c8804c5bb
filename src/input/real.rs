//! Registers of real schools as cities have them: some columns may be absent. `calibrate` fills what is missing by stated
//! rules and marks it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::axes::{MAX_GRADES, Stage, Stages};
use crate::city::Ownership;

use super::load::Load;
use super::places::Places;
use super::problem::Position;
use super::register::{
    area_of, beyond, headings, inclusive_of, ownership_of, stage_of, without_rooms,
};
use super::table::{Column, TableFile, column, read};

/// One row of a real register; what is `None` is not in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct RealSchool {
    /// Name of the site in files.
    pub site: String,
    /// Name to show.
    pub name: String,
    /// Area in which it stands.
    pub area: usize,
    /// Where the row is from.
    pub origin: Option<String>,
    /// Public or private.
    pub ownership: Option<Ownership>,
    /// Whether a kindergarten counts as inclusive.
    pub is_inclusive: bool,
    /// Classrooms in all.
    pub rooms: Option<i32>,
    /// Classrooms out of use for classes.
    pub reserved: i32,
    /// Attractiveness.
    pub quality: Option<f64>,
    /// Pupils of the whole school, where grades are not told.
    pub pupils: f64,
    /// Pupils by grade.
    pub pupils_by_grade: Option<[f64; MAX_GRADES]>,
    /// Classes of the whole school, where grades are not told.
    pub classes: Option<i32>,
    /// Classes by grade.
    pub classes_by_grade: Option<[i32; MAX_GRADES]>,
    /// Class limits by grade.
    pub limits: [Option<f64>; MAX_GRADES],
}

/// The real schools of a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// Which stage.
    pub stage: Stage,
    /// File that the city names.
    pub path: PathBuf,
    /// Its rows.
    pub schools: Vec<RealSchool>,
}

/// Columns that no real register can do without.
const NEEDED: [&str; 5] = ["site", "name", "district", "zone", "stage"];

pub(super) fn columns(stages: &'static Stages) -> Vec<Column<'static>> {
    let mut columns: Vec<Column> = headings(stages)
        .into_iter()
        .map(|c| Column { required: NEEDED.contains(&c.name), ..c })
        .collect();
    columns.push(column("pupils", &["学生数", "在校生"], false));
    columns.push(column("classes", &["班数", "班级数"], false));
    columns
}

/// The rows of one stage; rows of other stages are left to those who name the file for them.
pub fn read_real(
    load: &mut Load,
    places: &Places,
    path: &Path,
    named_at: (Position, &str),
    stage: Stage,
) -> Vec<RealSchool> {
    let mut schools = Vec::new();
    let before = load.problems.list.len();
    let Some(table) = read(load, path, named_at, &columns(places.stages)) else {
        return schools;
    };
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    for row in 0..table.n_rows() {
        if stage_of(load, places.stages, &table, row, "stage") != Some(stage) {
            continue;
        }
        let Some(school) = read_row(load, places, &table, row, stage) else {
            continue;
        };
        let line = table.line(row);
        if let Some(first) = lines.insert(school.site.clone(), line) {
            let (site, stage) = (&school.site, stage.key());
            let message = format!("the site {site} has a {stage} school already, in line {first}");
            load.problem(table.at(row), "site", message, "one row for every site and stage");
        }
        schools.push(school);
    }
    if schools.is_empty() && load.problems.list.len() == before {
        let message = format!("expected {} schools, found none", stage.key());
        let whole = Position { file: table.file, line: 0, column: 0 };
        load.problem(whole, "", message, "the column `stage` says which rows they are");
    }
    schools
}

fn read_row(
    load: &mut Load,
    places: &Places,
    table: &TableFile,
    row: usize,
    stage: Stage,
) -> Option<RealSchool> {
    let before = load.problems.list.len();
    let site = table.needed_text(load, row, "site");
    let name = table.needed_text(load, row, "name");
    let area = area_of(load, places, table, row);
    let ownership = table
        .text(row, "ownership")
        .is_some()
        .then(|| ownership_of(load, table, row, "ownership"))
        .flatten();
    let is_inclusive = inclusive_of(load, table, row, "inclusive");
    let rooms = table.whole(load, row, "rooms", (0, 500), false);
    let reserved = table.whole(load, row, "reserved", (0, 500), false);
    let quality = table.number(load, row, "quality", (-10.0, 10.0), false);
    let pupils = counted(load, table, row, stage, "pupils", 1e5);
    let classes = counted(load, table, row, stage, "classes", 500.0);
    let limits = counted(load, table, row, stage, "limit", 500.0).by_grade;
    if !pupils.is_told() && pupils.all.is_none() {
        let message = "expected the pupils of the school, found none";
        let help = "give pupils_1 and so on by grade, or pupils for the whole school";
        load.problem(table.at(row), "pupils", message, help);
    }
    if load.problems.list.len() > before {
        return None;
    }
    if let Some(rooms) = rooms {
        let held = (classes.told() as i32, pupils.told());
        let reserved = reserved.unwrap_or(0) as i32;
        if let Some((column, message, help)) = without_rooms((rooms as i32, reserved), held) {
            let unknown = "leave `rooms` empty where they are not known: calibrate fills them";
            let help = if column == "rooms" { unknown } else { help };
            load.problem(table.at(row), column, message, help);
            return None;
        }
    }
    let whole = |cell: Option<f64>| cell.unwrap_or(0.0) as i32;
    Some(RealSchool {
        site: site?.to_string(),
        name: name?.to_string(),
        area: area?,
        origin: table.text(row, "origin").map(str::to_string),
        ownership,
        is_inclusive: is_inclusive?,
        rooms: rooms.map(|n| n as i32),
        reserved: reserved.unwrap_or(0) as i32,
        quality,
        pupils: pupils.told(),
        pupils_by_grade: pupils.is_told().then(|| pupils.by_grade.map(|cell| cell.unwrap_or(0.0))),
        classes: classes.all.map(|n| n as i32),
        classes_by_grade: classes.is_told().then(|| classes.by_grade.map(whole)),
        limits: limits.map(|limit| limit.filter(|l| *l >= 1.0)),
    })
}

/// Pupils or classes of a school as its row tells them.
struct Counted {
    by_grade: [Option<f64>; MAX_GRADES],
    all: Option<f64>,
}

impl Counted {
    fn is_told(&self) -> bool {
        self.by_grade.iter().any(Option::is_some)
    }

    fn sum(&self) -> f64 {
        crate::numeric::sum(self.by_grade.iter().map(|cell| cell.unwrap_or(0.0)))
    }

    /// Of the whole school: told so, or the sum of its grades.
    fn told(&self) -> f64 {
        self.all.unwrap_or_else(|| self.sum())
    }
}

/// Reads the cells of the grades and the one of the school, which must be their sum; whole numbers but for limits.
fn counted(
    load: &mut Load,
    table: &TableFile,
    row: usize,
    stage: Stage,
    what: &str,
    most: f64,
) -> Counted {
    let mut counted = Counted { by_grade: [None; MAX_GRADES], all: None };
    let is_limit = what == "limit";
    for g in 0..stage.n_grades() {
        let name = format!("{what}_{}", g + 1);
        counted.by_grade[g] = match is_limit {
            true => table.number(load, row, name.as_str(), (0.0, most), false),
            false => {
                table.whole(load, row, name.as_str(), (0, most as i64), false).map(|n| n as f64)
            }
        };
    }
    for g in stage.n_grades()..stage.stages().most_grades() {
        let name = format!("{what}_{}", g + 1);
        if let Some(text) = table.text(row, name.as_str()) {
            let message = beyond(stage, text);
            load.problem(table.at(row), &name, message, "leave the cell empty");
        }
    }
    if !is_limit {
        counted.all = table.whole(load, row, what, (0, 1_000_000), false).map(|n| n as f64);
    }
    if let (true, Some(all)) = (counted.is_told(), counted.all)
        && counted.sum() != all
    {
        let message = format!("{all} {what}, but the grades add up to {}", counted.sum());
        load.problem(table.at(row), what, message, "leave the total or the grades away");
    }
    counted
}
