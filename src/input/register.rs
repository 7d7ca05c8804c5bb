//! The table of schools.

use std::collections::HashMap;
use std::path::Path;

use crate::axes::{MAX_GRADES, Stage, Stages, Zone};
use crate::city::{Ownership, School, Site, has_few_rooms};
use crate::parallel;
use crate::units::Year;

use super::load::Load;
use super::places::{Places, district_idx};
use super::problem::{Position, suggest};
use super::table::{Column, Found, Named, TableFile, column, read};

/// Columns of a register of schools.
const REGISTER_HEADINGS: &[Column] = &[
    column("site", &["校址", "学校代码"], true),
    column("name", &["名称", "学校名称"], true),
    column("district", &["县区", "区县"], true),
    column("zone", &["城乡", "区域"], true),
    column("stage", &["学段"], true),
    column("ownership", &["办别", "举办者"], true),
    column("inclusive", &["普惠性"], false),
    column("rooms", &["教室", "普通教室"], true),
    column("reserved", &["预留教室"], false),
    column("quality", &["质量"], false),
    column("origin", &["来源"], true),
    column("pupils_1", &["一年级学生"], false),
    column("pupils_2", &["二年级学生"], false),
    column("pupils_3", &["三年级学生"], false),
    column("pupils_4", &["四年级学生"], false),
    column("pupils_5", &["五年级学生"], false),
    column("pupils_6", &["六年级学生"], false),
    column("pupils_7", &["七年级学生"], false),
    column("pupils_8", &["八年级学生"], false),
    column("pupils_9", &["九年级学生"], false),
    column("pupils_10", &["十年级学生"], false),
    column("pupils_11", &["十一年级学生"], false),
    column("pupils_12", &["十二年级学生"], false),
    column("classes_1", &["一年级班数"], false),
    column("classes_2", &["二年级班数"], false),
    column("classes_3", &["三年级班数"], false),
    column("classes_4", &["四年级班数"], false),
    column("classes_5", &["五年级班数"], false),
    column("classes_6", &["六年级班数"], false),
    column("classes_7", &["七年级班数"], false),
    column("classes_8", &["八年级班数"], false),
    column("classes_9", &["九年级班数"], false),
    column("classes_10", &["十年级班数"], false),
    column("classes_11", &["十一年级班数"], false),
    column("classes_12", &["十二年级班数"], false),
    column("limit_1", &["一年级班额上限"], false),
    column("limit_2", &["二年级班额上限"], false),
    column("limit_3", &["三年级班额上限"], false),
    column("limit_4", &["四年级班额上限"], false),
    column("limit_5", &["五年级班额上限"], false),
    column("limit_6", &["六年级班额上限"], false),
    column("limit_7", &["七年级班额上限"], false),
    column("limit_8", &["八年级班额上限"], false),
    column("limit_9", &["九年级班额上限"], false),
    column("limit_10", &["十年级班额上限"], false),
    column("limit_11", &["十一年级班额上限"], false),
    column("limit_12", &["十二年级班额上限"], false),
];

/// The columns of a register of a city with these stages: those of the grades that every stage has are
/// required, but for limits; those beyond the grades of all are none.
pub fn headings(stages: &'static Stages) -> Vec<Column<'static>> {
    let is_of_all = |name: &str| {
        let grade = name.strip_prefix("pupils_").or_else(|| name.strip_prefix("classes_"));
        grade.and_then(|g| g.parse().ok()).is_some_and(|g: usize| g <= stages.fewest_grades())
    };
    let is_beyond = |name: &str| {
        let grade = name.rsplit_once('_').and_then(|(_, grade)| grade.parse().ok());
        grade.is_some_and(|grade: usize| grade > stages.most_grades())
    };
    REGISTER_HEADINGS
        .iter()
        .filter(|column| !is_beyond(column.name))
        .map(|column| Column { required: column.required || is_of_all(column.name), ..*column })
        .collect()
}

/// The area of the cells `district` and `zone` of a row.
pub fn area_of(load: &mut Load, places: &Places, table: &TableFile, row: usize) -> Option<usize> {
    AreaColumns::new(table).area(load, places, table, row)
}

/// The columns that name an area, with the last area that was found: rows of one area often follow each other.
pub(super) struct AreaColumns {
    district: Found,
    zone: Found,
    last: Option<(usize, usize)>,
}

impl AreaColumns {
    pub(super) fn new(table: &TableFile) -> Self {
        AreaColumns { district: table.column("district"), zone: table.column("zone"), last: None }
    }

    pub(super) fn area(
        &mut self,
        load: &mut Load,
        places: &Places,
        table: &TableFile,
        row: usize,
    ) -> Option<usize> {
        let district = table.needed_text(load, row, self.district)?;
        let zone = table.needed_text(load, row, self.zone)?;
        if let Some((before, area)) = self.last
            && table.text(before, self.district) == Some(district)
            && table.text(before, self.zone) == Some(zone)
        {
            return Some(area);
        }
        let Some(district_idx) = district_idx(places, district) else {
            let known = places.districts.iter().map(|d| d.key.as_str());
            let help = suggest(district, known);
            load.problem(table.at(row), "district", format!("no district {district:?}"), help);
            return None;
        };
        let zones = || places.areas.iter().enumerate().filter(|(_, a)| a.district == district_idx);
        let wanted = Zone::parse(zone);
        let area = zones().find(|(_, a)| Some(a.zone) == wanted).map(|(idx, _)| idx);
        match area {
            Some(area) => self.last = Some((row, area)),
            None => {
                let message = format!("{district} has no zone {zone:?}");
                let known: Vec<&str> = zones().map(|(_, a)| a.zone.key()).collect();
                load.problem(table.at(row), "zone", message, suggest(zone, known));
            }
        }
        area
    }
}

pub(super) fn place(places: &Places, area: usize) -> String {
    super::places::area_key(places, area)
}

/// Sites and schools of the register. `ceiling(stage, grade)` stands in for a class limit that is not given.
pub fn read_schools(
    load: &mut Load,
    places: &Places,
    path: &Path,
    named_at: (Position, &str),
    ceiling: &(dyn Fn(Stage, usize) -> f64 + Sync),
    base_year: Year,
) -> (Vec<Site>, Vec<School>) {
    let (mut sites, mut schools): (Vec<Site>, Vec<School>) = (Vec::new(), Vec::new());
    let Some(table) = read(load, path, named_at, &headings(places.stages)) else {
        return (sites, schools);
    };
    let columns = SchoolColumns::new(&table, places.stages.most_grades());
    let mut known = KnownSites {
        area: AreaColumns::new(&table),
        by_key: HashMap::with_capacity(table.n_rows()),
    };
    let mut lines: Vec<Vec<u32>> = Vec::new();
    let mut at_once = read_at_once(places.stages, &table, &columns, ceiling);
    schools.reserve(table.n_rows());
    for row in 0..table.n_rows() {
        let before = load.problems.list.len();
        let site = read_site(load, places, (&table, &columns), row, &mut sites, &mut known);
        let school = match &mut at_once {
            Some(schools) => schools.next(),
            None => read_school(load, places.stages, &table, (&columns, row), ceiling),
        };
        let (Some(site), Some(mut school)) = (site, school) else {
            continue;
        };
        school.site = site;
        lines.resize_with(sites.len(), || vec![0; places.stages.len()]);
        let line = &mut lines[site][school.stage.idx()];
        if *line > 0 {
            let message = format!(
                "the site {} has a {} school already, in line {line}",
                sites[site].key,
                school.stage.key()
            );
            load.problem(table.at(row), "site", message, "one row for every site and stage");
        }
        *line = table.line(row);
        if load.problems.list.len() == before {
            check_rooms(load, &table, row, &mut school);
            schools.push(school);
        }
    }
    if schools.is_empty() && load.problems.list.is_empty() {
        let whole = Position { file: table.file, line: 0, column: 0 };
        let message = format!("expected the schools of {base_year}, found none");
        load.problem(whole, "", message, "one row for every site and stage");
    }
    (sites, schools)
}

/// The schools of all rows, read several at a time; none where a row has a problem: they are read one after the other then,
/// and problems come in the order of the rows.
fn read_at_once(
    stages: &'static Stages,
    table: &TableFile,
    columns: &SchoolColumns,
    ceiling: &(dyn Fn(Stage, usize) -> f64 + Sync),
) -> Option<impl Iterator<Item = School> + use<>> {
    let pieces = parallel::map(&table.ranges(), |rows| {
        let mut load = Load::default();
        let school = |row| read_school(&mut load, stages, table, (columns, row), ceiling);
        let schools: Option<Vec<School>> = rows.clone().map(school).collect();
        schools.filter(|_| load.problems.list.is_empty() && load.warnings.list.is_empty())
    });
    let pieces: Option<Vec<Vec<School>>> = pieces.into_iter().collect();
    pieces.map(|pieces| pieces.into_iter().flatten())
}

/// Columns of a register, looked up once.
struct SchoolColumns {
    site: Found,
    name: Found,
    origin: Found,
    stage: Found,
    ownership: Found,
    inclusive: Found,
    rooms: Found,
    reserved: Found,
    quality: Found,
    /// By grade, as many as a stage of the city has at most.
    pupils: Vec<Found>,
    classes: Vec<Found>,
    limits: Vec<Found>,
}

impl SchoolColumns {
    fn new(table: &TableFile, n_grades: usize) -> Self {
        let by_grade = |what: &str| {
            (1..=n_grades).map(|grade| table.column(&format!("{what}_{grade}"))).collect()
        };
        SchoolColumns {
            site: table.column("site"),
            name: table.column("name"),
            origin: table.column("origin"),
            stage: table.column("stage"),
            ownership: table.column("ownership"),
            inclusive: table.column("inclusive"),
            rooms: table.column("rooms"),
            reserved: table.column("reserved"),
            quality: table.column("quality"),
            pupils: by_grade("pupils"),
            classes: by_grade("classes"),
            limits: by_grade("limit"),
        }
    }
}

/// Sites that were read, by their key in the table, with the line that named them first.
struct KnownSites<'t> {
    area: AreaColumns,
    by_key: HashMap<&'t str, (usize, u32)>,
}

fn read_site<'t>(
    load: &mut Load,
    places: &Places,
    (table, columns): (&'t TableFile, &SchoolColumns),
    row: usize,
    sites: &mut Vec<Site>,
    known_sites: &mut KnownSites<'t>,
) -> Option<usize> {
    let key = table.needed_text(load, row, columns.site);
    let name = table.needed_text(load, row, columns.name);
    let origin = table.needed_text(load, row, columns.origin);
    let area = known_sites.area.area(load, places, table, row);
    let (key, name, origin, area) = (key?, name?, origin?, area?);
    if let Some(&(known, line)) = known_sites.by_key.get(key) {
        let problem = if sites[known].area != area {
            let (there, here) = (sites[known].area, area);
            Some((self::place(places, there), self::place(places, here)))
        } else if sites[known].name != name {
            Some((format!("the name {:?}", sites[known].name), format!("{name:?}")))
        } else {
            None
        };
        if let Some((there, here)) = problem {
            let message =
                format!("the site {key} stands in line {line} in {there}, here in {here}")
                    .replace("in the name", "with the name")
                    .replace("here in \"", "here with \"");
            load.problem(table.at(row), "site", message, "two places need two sites");
        }
        return Some(known);
    }
    sites.push(Site {
        key: key.to_string(),
        name: name.to_string(),
        area,
        origin: origin.to_string(),
    });
    known_sites.by_key.insert(key, (sites.len() - 1, table.line(row)));
    Some(sites.len() - 1)
}

/// The stage of a row.
pub(super) fn stage_of(
    load: &mut Load,
    stages: &'static Stages,
    table: &TableFile,
    row: usize,
    column: impl Named,
) -> Option<Stage> {
    table.needed_text(load, row, column).and_then(|text| {
        let stage = stages.parse(text);
        if stage.is_none() {
            let help = suggest(text, stages.keys());
            load.problem(table.at(row), "stage", format!("no stage {text:?}"), help);
        }
        stage
    })
}

/// Who runs the school of a row.
pub(super) fn ownership_of(
    load: &mut Load,
    table: &TableFile,
    row: usize,
    column: impl Named,
) -> Option<Ownership> {
    table.needed_text(load, row, column).and_then(|text| match text {
        "public" | "公办" => Some(Ownership::Public),
        "private" | "民办" => Some(Ownership::Private),
        _ => {
            let message = format!("expected public or private, found {text:?}");
            load.problem(table.at(row), "ownership", message, "");
            None
        }
    })
}

/// Whether the school of a row is inclusive; an empty cell says no.
pub(super) fn inclusive_of(
    load: &mut Load,
    table: &TableFile,
    row: usize,
    column: impl Named,
) -> Option<bool> {
    match table.text(row, column) {
        None | Some("no" | "否" | "0" | "false") => Some(false),
        Some("yes" | "是" | "1" | "true") => Some(true),
        Some(other) => {
            let message = format!("expected yes or no, found {other:?}");
            load.problem(table.at(row), "inclusive", message, "");
            None
        }
    }
}

fn read_school(
    load: &mut Load,
    stages: &'static Stages,
    table: &TableFile,
    (columns, row): (&SchoolColumns, usize),
    ceiling: &dyn Fn(Stage, usize) -> f64,
) -> Option<School> {
    let stage = stage_of(load, stages, table, row, columns.stage);
    let ownership = ownership_of(load, table, row, columns.ownership);
    let is_inclusive = inclusive_of(load, table, row, columns.inclusive);
    let rooms_total = table.whole(load, row, columns.rooms, (0, 500), true);
    let rooms_reserved = match table.text(row, columns.reserved) {
        None => Some(0),
        Some(_) => table.whole(load, row, columns.reserved, (0, 500), true),
    };
    let quality = match table.text(row, columns.quality) {
        None => Some(0.0),
        Some(_) => table.number(load, row, columns.quality, (-10.0, 10.0), true),
    };
    let mut school = School {
        site: 0,
        stage: stage?,
        ownership: ownership?,
        is_inclusive: is_inclusive?,
        rooms_total: rooms_total? as i32,
        rooms_reserved: rooms_reserved? as i32,
        quality: quality?,
        pupils: [0.0; MAX_GRADES],
        classes: [0; MAX_GRADES],
        limits: [0.0; MAX_GRADES],
    };
    read_grades(load, table, columns, row, &mut school, ceiling);
    Some(school)
}

/// Pupils, classes and class limits of the grades that a school has; other cells must be empty.
fn read_grades(
    load: &mut Load,
    table: &TableFile,
    columns: &SchoolColumns,
    row: usize,
    school: &mut School,
    ceiling: &dyn Fn(Stage, usize) -> f64,
) {
    for g in 0..school.stage.n_grades() {
        let pupils = table.number(load, row, columns.pupils[g], (0.0, 1e5), true);
        let classes = table.whole(load, row, columns.classes[g], (0, 500), true);
        let limit = table.number(load, row, columns.limits[g], (1.0, 500.0), false);
        school.pupils[g] = pupils.unwrap_or(0.0);
        school.classes[g] = classes.unwrap_or(0) as i32;
        school.limits[g] = limit.unwrap_or_else(|| ceiling(school.stage, g));
    }
    let n_grades = school.stage.n_grades();
    for cells in [&columns.pupils, &columns.classes, &columns.limits] {
        for &column in &cells[n_grades..] {
            if let Some(text) = table.text(row, column) {
                let message = beyond(school.stage, text);
                load.problem(table.at(row), column.name(table), message, "leave the cell empty");
            }
        }
    }
}

/// What is wrong with a cell of a grade that a school of a stage does not have.
pub(super) fn beyond(stage: Stage, text: &str) -> String {
    format!("a {} school has {} grades, found {text:?}", stage.key(), stage.n_grades())
}

/// Pupils need classes, and classes need rooms. A school with fewer rooms than grades has mixed-age classes, each told in one of its
/// grades; it is kept with one class in each grade that has pupils.
fn check_rooms(load: &mut Load, table: &TableFile, row: usize, school: &mut School) {
    let at = table.at(row);
    let usable = school.usable_rooms();
    let is_multi_grade = has_few_rooms(f64::from(usable), school.stage.n_grades() as f64);
    let has_classes = school.classes.iter().any(|&classes| classes > 0);
    for g in 0..school.stage.n_grades() {
        if school.pupils[g] > 0.0 && school.classes[g] == 0 && !(is_multi_grade && has_classes) {
            let message = format!("{} pupils in grade {} have no class", school.pupils[g], g + 1);
            load.problem(at, &format!("classes_{}", g + 1), message, "give the number of classes");
        }
    }
    let (total, reserved) = (school.rooms_total, school.rooms_reserved);
    let classes: i32 = school.classes.iter().sum();
    let held = (classes, crate::numeric::sum(school.pupils.iter().copied()));
    if let Some((column, message, help)) = without_rooms((total, reserved), held) {
        load.problem(at, column, message, help);
    } else if classes > total - reserved {
        let noun = if total - reserved == 1 { "room" } else { "rooms" };
        let message = format!("{classes} classes in {} {noun}", total - reserved);
        load.warning(
            at,
            "rooms",
            message,
            "a class needs a room; its pupils stay, and no room is free",
        );
    }
    if is_multi_grade {
        school.classes = school.pupils.map(|pupils| i32::from(pupils > 0.0));
    }
}

/// Why a school of so many rooms and reserved rooms cannot hold its classes and pupils: column, message and help. A school
/// without a room for classes would admit nobody, and its places would be missing without a word.
pub(super) fn without_rooms(
    (total, reserved): (i32, i32),
    (classes, pupils): (i32, f64),
) -> Option<(&'static str, String, &'static str)> {
    if reserved > total {
        let message = format!("expected at most the {total} rooms, found {reserved} reserved");
        return Some(("reserved", message, ""));
    }
    if total > reserved || (classes == 0 && pupils == 0.0) {
        return None;
    }
    let pupils = (pupils * 1e6).round() / 1e6;
    let held = match classes {
        0 => format!("{pupils} pupils"),
        _ => format!("{pupils} pupils in {classes} classes"),
    };
    Some(match total {
        0 => (
            "rooms",
            format!("expected rooms for {held}, found 0"),
            "give the classrooms in use: a school without one admits nobody",
        ),
        _ => (
            "reserved",
            format!("expected rooms for {held}, found all {total} reserved"),
            "leave out of `reserved` the classrooms in use: a school without one admits nobody",
        ),
    })
}
