//! The table of people.

use std::path::Path;

use crate::axes::{N_AGES, Sex};
use crate::city::City;
use crate::parallel;

use super::ages;
use super::load::Load;
use super::places::Places;
use super::problem::Position;
use super::register::{AreaColumns, place};
use super::table::{Column, Found, TableFile, column, read};

const POPULATION: &[Column] = &[
    column("district", &["县区", "区县"], true),
    column("zone", &["城乡", "区域"], true),
    column("sex", &["性别"], true),
    column("age", &["年龄"], true),
    column("count", &["人数"], true),
];

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
    if complete && table.n_rows() == 0 {
        let whole = Position { file: table.file, line: 0, column: 0 };
        let message = "expected residents, found a heading without rows";
        let help = "give every age from 0 to 100, 0 people where there are none";
        load.problem(whole, "", message, help);
        return people;
    }
    if let Some(people) = read_at_once(places, &table) {
        if complete && load.problems.list.len() == before {
            check_ages(load, places, table.file, &people);
        }
        return people;
    }
    let mut area_columns = AreaColumns::new(&table);
    let columns = COUNTED.map(|name| table.column(name));
    for row in 0..table.n_rows() {
        let Some((area, sex, age, count)) =
            read_row(load, places, &table, &mut area_columns, columns, row)
        else {
            continue;
        };
        let cell = City::people_start(area, sex) + age as usize;
        if people[cell].is_nan() {
            people[cell] = count;
            lines[cell] = table.line(row);
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

/// Columns beside those that name an area.
const COUNTED: [&str; 3] = ["sex", "age", "count"];

/// Area, sex, age and number of people of a row.
fn read_row(
    load: &mut Load,
    places: &Places,
    table: &TableFile,
    area_columns: &mut AreaColumns,
    [sex, age, count]: [Found; 3],
    row: usize,
) -> Option<(usize, Sex, i64, f64)> {
    let area = area_columns.area(load, places, table, row);
    let sex = table.needed_text(load, row, sex).and_then(|text| {
        let sex = Sex::parse(text);
        if sex.is_none() {
            let message = format!("expected female or male, found {text:?}");
            load.problem(table.at(row), "sex", message, "");
        }
        sex
    });
    let age = ages::single(load, table, row, age);
    let count = table.number(load, row, count, (0.0, 1e9), true);
    Some((area?, sex?, age?, count?))
}

/// The people of all rows, read several at a time; none where a row has a problem or stands twice: rows are read one after the
/// other then, and problems come in their order.
fn read_at_once(places: &Places, table: &TableFile) -> Option<Vec<f64>> {
    let columns = COUNTED.map(|name| table.column(name));
    let pieces = parallel::map(&table.ranges(), |rows| {
        let mut load = Load::default();
        let mut area_columns = AreaColumns::new(table);
        let cell = |row| {
            let read = read_row(&mut load, places, table, &mut area_columns, columns, row);
            read.map(|(area, sex, age, n)| (City::people_start(area, sex) + age as usize, n))
        };
        let cells: Option<Vec<(usize, f64)>> = rows.clone().map(cell).collect();
        cells.filter(|_| load.problems.list.is_empty() && load.warnings.list.is_empty())
    });
    let mut people = vec![f64::NAN; places.areas.len() * 2 * N_AGES];
    for (cell, count) in pieces.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten() {
        if !people[cell].is_nan() {
            return None;
        }
        people[cell] = count;
    }
    Some(people)
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

/// Ascending numbers as ranges: `3-5, 9`.
pub(super) fn ranges(numbers: &[usize]) -> String {
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
