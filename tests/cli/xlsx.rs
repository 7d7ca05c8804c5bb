//! Tables in XLSX workbooks: the same scenario as from CSV, and clear words about what cannot be read.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use crate::support::root;

use super::files_of;

/// A copy of the small city and of the national base.
fn small() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["tests/small", "scenarios/china"] {
        let to = folder.path().join(part);
        fs::create_dir_all(&to).expect("a folder");
        for (name, content) in files_of(&root().join(part)) {
            let file = to.join(name);
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(file, content).expect("a file");
        }
    }
    let national = "scenarios/china.toml";
    fs::copy(root().join(national), folder.path().join(national)).expect("a file");
    let city = folder.path().join("tests/small");
    (folder, city)
}

/// The cells of a CSV table.
fn cells(file: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("a table");
    reader.records().map(|r| r.expect("a row").iter().map(str::to_string).collect()).collect()
}

/// Puts cells into a sheet, numbers as numbers, from a row on.
fn add_sheet(workbook: &mut Workbook, name: &str, first: u32, cells: &[Vec<String>]) {
    let sheet = workbook.add_worksheet().set_name(name).expect("a name");
    for (row, line) in cells.iter().enumerate() {
        for (column, text) in line.iter().enumerate() {
            let (row, column) = (first + row as u32, column as u16);
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).expect("a number"),
                Err(_) => sheet.write_string(row, column, text).expect("a text"),
            };
        }
    }
}

/// Replaces texts in a file; each must be there.
fn replace(file: &Path, pairs: &[(&str, &str)]) {
    let mut text = fs::read_to_string(file).expect("a text");
    for (from, to) in pairs {
        assert!(text.contains(from), "{from} is not in {}", file.display());
        text = text.replace(from, to);
    }
    fs::write(file, text).expect("a file");
}

/// What a scenario is, to the last bit of every number.
fn scenario(file: &Path) -> String {
    let loaded = xuewei::input::load(file, &[]).unwrap_or_else(|refused| {
        panic!("{}: {}", file.display(), refused.problems.render("error"));
    });
    format!("{:?}", loaded.scenario)
}

/// The problems of a city, without the temporary folder.
fn problems(folder: &TempDir, file: &Path) -> String {
    let refused = xuewei::input::load(file, &[]).expect_err("it is broken");
    let shown = format!("{}/", folder.path().display());
    refused.problems.render("error").replace(&shown, "")
}

#[test]
fn workbooks_give_the_same_scenario_as_csv() {
    let (_folder, city) = small();
    let from_csv = scenario(&city.join("plan.toml"));
    let keys = |city: &Path| {
        let keys = xuewei::input::load_for_calibration(city, &[]).expect("it can be read");
        format!("{:?}", keys.observations)
    };
    let observed = keys(&city);
    for table in ["population", "schools", "group_quarters", "observations"] {
        let mut workbook = Workbook::new();
        add_sheet(&mut workbook, "first", 0, &cells(&city.join(format!("{table}.csv"))));
        add_sheet(&mut workbook, "second", 0, &[vec!["other".to_string()]]);
        workbook.save(city.join(format!("{table}.xlsx"))).expect("a workbook");
        let names = (format!("{table}.csv"), format!("{table}.xlsx"));
        replace(&city.join("city.toml"), &[(&names.0, &names.1)]);
        fs::remove_file(city.join(names.0)).expect("it was there");
    }
    assert!(from_csv == scenario(&city.join("plan.toml")), "another scenario");
    assert!(observed == keys(&city), "other observations");
}

/// One workbook with two sheets, Chinese headings and places, tables that begin in the third row, and a resolved file that
/// names the copy.
#[test]
fn sheets_are_found_by_name_and_chinese_headings_are_known() {
    let (folder, city) = small();
    let from_csv = scenario(&city.join("plan.toml"));
    let mut people = cells(&city.join("population.csv"));
    people[0] = ["县区", "城乡", "性别", "年龄", "人数"].map(str::to_string).to_vec();
    for row in &mut people[1..] {
        for (from, to) in [("north", "北区"), ("female", "女"), ("male", "男"), ("rural", "乡村")]
        {
            row.iter_mut().filter(|cell| *cell == from).for_each(|cell| *cell = to.to_string());
        }
    }
    let mut schools = cells(&city.join("schools.csv"));
    schools[0][..4].clone_from_slice(&["校址", "名称", "县区", "城乡"].map(str::to_string));
    let mut workbook = Workbook::new();
    add_sheet(&mut workbook, "说明", 0, &[vec!["没有表格".to_string()]]);
    add_sheet(&mut workbook, "人口", 2, &people);
    add_sheet(&mut workbook, "学校", 2, &schools);
    workbook.save(city.join("数据.xlsx")).expect("a workbook");
    let pairs =
        [("\"population.csv\"", "\"数据.xlsx#人口\""), ("\"schools.csv\"", "\"数据.xlsx#学校\"")];
    replace(&city.join("city.toml"), &pairs);
    assert!(from_csv == scenario(&city.join("plan.toml")), "another scenario");

    let loaded = xuewei::input::load(&city.join("plan.toml"), &[]).expect("it loads");
    let out = folder.path().join("out");
    for (name, content) in xuewei::report::resolved::resolved(&loaded) {
        let file = out.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        xuewei::report::folder::Content::write_to(&content, &file).expect("a file");
    }
    assert!(out.join("tables/数据.xlsx").exists());
    let again = xuewei::input::load(&out.join("resolved.toml"), &[]).expect("it loads");
    let cities = [again, loaded].map(|loaded| format!("{:?}", loaded.scenario.city));
    assert!(cities[0] == cities[1], "resolved differs");
}

#[test]
fn what_is_wrong_in_a_sheet_has_its_row() {
    let (folder, city) = small();
    let mut people = cells(&city.join("population.csv"));
    people[2][4] = "about 90".to_string();
    people[3][3] = "2.5".to_string();
    people[4].push("a remark".to_string());
    let mut workbook = Workbook::new();
    add_sheet(&mut workbook, "people", 0, &people);
    let path = city.join("population.xlsx");
    workbook.save(&path).expect("a workbook");
    replace(&city.join("city.toml"), &[("\"population.csv\"", "\"population.xlsx\"")]);
    let said = problems(&folder, &city.join("city.toml"));
    let lines = [
        "tests/small/population.xlsx:3: count: expected a number from 0 to 1000000000, found \"about 90\"",
        "tests/small/population.xlsx:4: age: expected a whole number, found 2.5",
        "tests/small/population.xlsx:5: column F: expected no cell outside the table, found \"a remark\"",
    ];
    for line in lines {
        assert!(said.contains(line), "{said}");
    }
    replace(&city.join("city.toml"), &[("population.xlsx", "population.xlsx#poeple")]);
    let said = problems(&folder, &city.join("city.toml"));
    assert!(said.contains("population.xlsx#poeple: no sheet \"poeple\""), "{said}");
    assert!(said.contains("did you mean `people`?"), "{said}");
}

#[test]
fn what_is_no_workbook_is_refused_in_words() {
    let (folder, city) = small();
    replace(&city.join("city.toml"), &[("\"population.csv\"", "\"population.xlsx\"")]);
    let path = city.join("population.xlsx");
    let mut workbook = Workbook::new();
    workbook.add_worksheet();
    let empty = workbook.save_to_buffer().expect("a workbook");
    let cases: [(&[u8], &str); 5] = [
        (b"district,zone,sex,age,count\n", "found something else"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "an old XLS one or one with a password"),
        (b"", "found something else"),
        (&empty[..empty.len() / 2], "found something else"),
        (&empty, "expected a table, found an empty sheet"),
    ];
    for (bytes, words) in cases {
        fs::write(&path, bytes).expect("a file");
        let said = problems(&folder, &city.join("city.toml"));
        assert!(said.contains("population.xlsx") && said.contains(words), "{words}: {said}");
    }
    fs::remove_file(&path).expect("it was there");
    let said = problems(&folder, &city.join("city.toml"));
    assert!(said.contains("population.xlsx does not exist"), "{said}");
}

/// Parts of a workbook by name.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..archive.len())
        .map(|idx| {
            let mut part = archive.by_index(idx).expect("a part");
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("its content");
            (part.name().expect("a name").to_string(), content)
        })
        .collect()
}

/// A workbook of such parts.
fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name.as_str(), options).expect("a part");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("a zip").into_inner()
}

/// Every part of a workbook with a piece cut out, doubled or overwritten: read or refused, never a panic or a hang.
#[test]
fn damaged_parts_are_read_or_refused() {
    let (_folder, city) = small();
    replace(&city.join("city.toml"), &[("\"population.csv\"", "\"population.xlsx\"")]);
    let mut workbook = Workbook::new();
    add_sheet(&mut workbook, "people", 0, &cells(&city.join("population.csv"))[..20]);
    let whole = parts(&workbook.save_to_buffer().expect("a workbook"));
    let mut n_refused = 0;
    for part in 0..whole.len() {
        let len = whole[part].1.len();
        for cut in 0..24 {
            let at = len * cut / 24;
            let to = (at + 7 + cut).min(len);
            let mut damaged = whole.clone();
            match cut % 3 {
                0 => drop(damaged[part].1.drain(at..to)),
                1 => damaged[part].1[at..to].fill(b'9'),
                _ => {
                    let piece = damaged[part].1[at..to].to_vec();
                    damaged[part].1.splice(at..at, piece);
                }
            }
            fs::write(city.join("population.xlsx"), packed(&damaged)).expect("a file");
            n_refused += usize::from(xuewei::input::load(&city, &[]).is_err());
        }
    }
    assert!(n_refused > 50, "{n_refused}");
    let mut many = whole;
    for (_, content) in &mut many {
        let text = String::from_utf8_lossy(content).into_owned();
        *content = text.replace("uniqueCount=\"", "uniqueCount=\"99999999999").into_bytes();
    }
    fs::write(city.join("population.xlsx"), packed(&many)).expect("a file");
    let refused = xuewei::input::load(&city, &[]).expect_err("it lies");
    let said = refused.problems.render("error");
    assert!(said.contains("announces more texts than it has"), "{said}");
}
