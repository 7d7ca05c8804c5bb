//! The tables of people and schools.

use std::collections::BTreeMap;
use std::path::Path;

use crate::axes::{MAX_GRADES, N_AGES, Sex, Stage, Zone};
use crate::city::{City, Ownership, School, Site};
use crate::units::Year;

use super::load::Load;
use super::places::{Places, district_idx};
use super::problem::{Position, suggest};
use super::table::{Column, TableFile, column, read};

const POPULATION: &[Column] = &[
    column("district", &["县区", "区县"], true),
    column("zone", &["城乡", "区域"], true),
    column("sex", &["性别"], true),
    column("age", &["年龄"], true),
    column("count", &["人数"], true),
];

/// Columns of a register of schools.
pub const REGISTER_HEADINGS: &[Column] = &[
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
    column("pupils_1", &["一年级学生"], true),
    column("pupils_2", &["二年级学生"], true),
    column("pupils_3", &["三年级学生"], true),
    column("pupils_4", &["四年级学生"], false),
    column("pupils_5", &["五年级学生"], false),
    column("pupils_6", &["六年级学生"], false),
    column("classes_1", &["一年级班数"], true),
    column("classes_2", &["二年级班数"], true),
    column("classes_3", &["三年级班数"], true),
    column("classes_4", &["四年级班数"], false),
    column("classes_5", &["五年级班数"], false),
    column("classes_6", &["六年级班数"], false),
    column("limit_1", &["一年级班额上限"], false),
    column("limit_2", &["二年级班额上限"], false),
    column("limit_3", &["三年级班额上限"], false),
    column("limit_4", &["四年级班额上限"], false),
    column("limit_5", &["五年级班额上限"], false),
    column("limit_6", &["六年级班额上限"], false),
];

/// The area of the cells `district` and `zone` of a row.
pub fn area_of(load: &mut Load, places: &Places, table: &TableFile, row: usize) -> Option<usize> {
    let district = table.needed_text(load, row, "district")?;
    let zone = table.needed_text(load, row, "zone")?;
    let Some(district_idx) = district_idx(places, &district) else {
        let known = places.districts.iter().map(|d| d.key.as_str());
        let help = suggest(&district, known);
        load.problem(table.at(row), "district", format!("no district {district:?}"), help);
        return None;
    };
    let zones: Vec<&str> = places
        .areas
        .iter()
        .filter(|area| area.district == district_idx)
        .map(|area| area.zone.key())
        .collect();
    let area = Zone::parse(&zone).and_then(|zone| {
        places.areas.iter().position(|a| a.district == district_idx && a.zone == zone)
    });
    if area.is_none() {
        let message = format!("{district} has no zone {zone:?}");
        load.problem(table.at(row), "zone", message, suggest(&zone, zones));
    }
    area
}

/// People by area, sex and age: `[(area · 2 + sex) · 101 + age]`. A table of residents must have every age of every area.
pub fn read_people(
    load: &mut Load,
    places: &Places,
    path: &Path,
    named_at: (Position, &str),
    complete: bool,
) -> Vec<f64> {
    let before = load.problems.list.len();
    let mut people = vec![f64::NAN; places.areas.len() * 2 * N_AGES];
    let Some(table) = read(load, path, named_at, POPULATION) else {
        return people;
    };
    let mut lines = vec![0_u32; people.len()];
    if complete && table.rows.is_empty() {
        let whole = Position { file: table.file, line: 0, column: 0 };
        let message = "expected residents, found a heading without rows";
        let help = "give every age from 0 to 100, 0 people where there are none";
        load.problem(whole, "", message, help);
        return people;
    }
    for row in 0..table.rows.len() {
        let area = area_of(load, places, &table, row);
        let sex = table.needed_text(load, row, "sex").and_then(|text| {
            let sex = Sex::parse(&text);
            if sex.is_none() {
                let message = format!("expected female or male, found {text:?}");
                load.problem(table.at(row), "sex", message, "");
            }
            sex
        });
        let age = table.whole(load, row, "age", (0, 100), true);
        let count = table.number(load, row, "count", (0.0, 1e9), true);
        let (Some(area), Some(sex), Some(age), Some(count)) = (area, sex, age, count) else {
            continue;
        };
        let cell = City::people_start(area, sex) + age as usize;
        if people[cell].is_nan() {
            people[cell] = count;
            lines[cell] = table.rows[row].0;
        } else {
            let message = format!(
                "{} {} aged {age} stands already in line {}",
                place(places, area),
                sex.key(),
                lines[cell]
            );
            load.problem(table.at(row), "", message, "keep one row for every place, sex and age");
        }
    }
    if complete && load.problems.list.len() == before {
        check_ages(load, places, table.file, &people);
    }
    people
}

/// Every place and sex needs every age.
fn check_ages(load: &mut Load, places: &Places, file: usize, people: &[f64]) {
    let whole = Position { file, line: 0, column: 0 };
    let help = "give every age from 0 to 100, 0 people where there are none";
    for area in 0..places.areas.len() {
        for sex in Sex::ALL {
            let start = City::people_start(area, sex);
            let absent: Vec<usize> =
                (0..N_AGES).filter(|age| people[start + age].is_nan()).collect();
            if !absent.is_empty() {
                let (place, sex, ages) = (place(places, area), sex.key(), ranges(&absent));
                let message = format!("{place} {sex}: ages missing: {ages}");
                load.problem(whole, "age", message, help);
            }
        }
    }
}

fn place(places: &Places, area: usize) -> String {
    super::places::area_key(places, area)
}

/// Ascending numbers as ranges: `3-5, 9`.
fn ranges(numbers: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for &n in numbers {
        match parts.last_mut() {
            Some(last) if last.1 + 1 == n => last.1 = n,
            _ => parts.push((n, n)),
        }
    }
    let shown: Vec<String> = parts
        .iter()
        .map(|&(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") })
        .collect();
    shown.join(", ")
}

/// Sites and schools of the register. `ceiling(stage, grade)` stands in for a class limit that is not given.
pub fn read_schools(
    load: &mut Load,
    places: &Places,
    path: &Path,
    named_at: (Position, &str),
    ceiling: &dyn Fn(Stage, usize) -> f64,
    base_year: Year,
) -> (Vec<Site>, Vec<School>) {
    let (mut sites, mut schools): (Vec<Site>, Vec<School>) = (Vec::new(), Vec::new());
    let Some(table) = read(load, path, named_at, REGISTER_HEADINGS) else {
        return (sites, schools);
    };
    let mut site_idx: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    let mut lines: BTreeMap<(usize, Stage), u32> = BTreeMap::new();
    for row in 0..table.rows.len() {
        let before = load.problems.list.len();
        let site = read_site(load, places, &table, row, &mut sites, &mut site_idx);
        let school = read_school(load, &table, row, ceiling);
        let (Some(site), Some(mut school)) = (site, school) else {
            continue;
        };
        school.site = site;
        let line = table.rows[row].0;
        if let Some(first) = lines.insert((site, school.stage), line) {
            let message = format!(
                "the site {} has a {} school already, in line {first}",
                sites[site].key,
                school.stage.key()
            );
            load.problem(table.at(row), "site", message, "one row for every site and stage");
        }
        if load.problems.list.len() == before {
            check_rooms(load, &table, row, &school);
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

fn read_site(
    load: &mut Load,
    places: &Places,
    table: &TableFile,
    row: usize,
    sites: &mut Vec<Site>,
    site_idx: &mut BTreeMap<String, (usize, u32)>,
) -> Option<usize> {
    let key = table.needed_text(load, row, "site");
    let name = table.needed_text(load, row, "name");
    let origin = table.needed_text(load, row, "origin");
    let area = area_of(load, places, table, row);
    let (key, name, origin, area) = (key?, name?, origin?, area?);
    if let Some(&(known, line)) = site_idx.get(&key) {
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
    sites.push(Site { key: key.clone(), name, area, origin });
    site_idx.insert(key, (sites.len() - 1, table.rows[row].0));
    Some(sites.len() - 1)
}

/// The stage of a row.
pub(super) fn stage_of(load: &mut Load, table: &TableFile, row: usize) -> Option<Stage> {
    table.needed_text(load, row, "stage").and_then(|text| {
        let stage = Stage::parse(&text);
        if stage.is_none() {
            let help = suggest(&text, Stage::ALL.iter().map(|s| s.key()));
            load.problem(table.at(row), "stage", format!("no stage {text:?}"), help);
        }
        stage
    })
}

/// Who runs the school of a row.
pub(super) fn ownership_of(load: &mut Load, table: &TableFile, row: usize) -> Option<Ownership> {
    table.needed_text(load, row, "ownership").and_then(|text| match text.as_str() {
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
pub(super) fn inclusive_of(load: &mut Load, table: &TableFile, row: usize) -> Option<bool> {
    match table.text(row, "inclusive") {
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
    table: &TableFile,
    row: usize,
    ceiling: &dyn Fn(Stage, usize) -> f64,
) -> Option<School> {
    let stage = stage_of(load, table, row);
    let ownership = ownership_of(load, table, row);
    let is_inclusive = inclusive_of(load, table, row);
    let rooms_total = table.whole(load, row, "rooms", (0, 500), true);
    let rooms_reserved = match table.text(row, "reserved") {
        None => Some(0),
        Some(_) => table.whole(load, row, "reserved", (0, 500), true),
    };
    let quality = match table.text(row, "quality") {
        None => Some(0.0),
        Some(_) => table.number(load, row, "quality", (-10.0, 10.0), true),
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
    read_grades(load, table, row, &mut school, ceiling);
    Some(school)
}

/// Pupils, classes and class limits of the grades that a school has; other cells must be empty.
fn read_grades(
    load: &mut Load,
    table: &TableFile,
    row: usize,
    school: &mut School,
    ceiling: &dyn Fn(Stage, usize) -> f64,
) {
    for g in 0..school.stage.n_grades() {
        let name = |what: &str| format!("{what}_{}", g + 1);
        let pupils = table.number(load, row, &name("pupils"), (0.0, 1e5), true);
        let classes = table.whole(load, row, &name("classes"), (0, 500), true);
        let limit = table.number(load, row, &name("limit"), (1.0, 500.0), false);
        school.pupils[g] = pupils.unwrap_or(0.0);
        school.classes[g] = classes.unwrap_or(0) as i32;
        school.limits[g] = limit.unwrap_or_else(|| ceiling(school.stage, g));
    }
    let n_grades = school.stage.n_grades();
    for what in ["pupils", "classes", "limit"] {
        for g in n_grades..MAX_GRADES {
            let name = format!("{what}_{}", g + 1);
            if let Some(text) = table.text(row, &name).map(str::to_string) {
                let stage = school.stage.key();
                let message = format!("a {stage} school has {n_grades} grades, found {text:?}");
                load.problem(table.at(row), &name, message, "leave the cell empty");
            }
        }
    }
}

/// Pupils need classes, and classes need rooms.
fn check_rooms(load: &mut Load, table: &TableFile, row: usize, school: &School) {
    let at = table.at(row);
    if school.rooms_reserved > school.rooms_total {
        let message = format!(
            "expected at most the {} rooms, found {} reserved",
            school.rooms_total, school.rooms_reserved
        );
        load.problem(at, "reserved", message, "");
    }
    for g in 0..school.stage.n_grades() {
        if school.pupils[g] > 0.0 && school.classes[g] == 0 {
            let message = format!("{} pupils in grade {} have no class", school.pupils[g], g + 1);
            load.problem(at, &format!("classes_{}", g + 1), message, "give the number of classes");
        }
    }
    let rooms = school.rooms_total - school.rooms_reserved;
    let classes: i32 = school.classes.iter().sum();
    if classes > rooms && rooms >= school.stage.n_grades() as i32 {
        let message = format!("{classes} classes in {rooms} rooms");
        load.warning(
            at,
            "rooms",
            message,
            "a class needs a room; its pupils stay, and no room is free",
        );
    }
}
