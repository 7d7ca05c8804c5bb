//! From `new` to a chart: the commands of `docs/your-own-city.md` and its Chinese twin, run as they are written in a
//! temporary folder, with what they say kept in `tests/cli/walkthrough/` (`UPDATE_GOLDEN=1` rewrites).

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::root;

use super::files_of;

/// Lines of the shell blocks of a page.
fn commands(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).expect("a page");
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && !line.trim().is_empty() {
            commands.push(line.to_string());
        }
    }
    commands
}

/// The words of a command; quotes hold a word together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in command.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `cp FILE… TO`.
fn copy(folder: &Path, words: &[String]) {
    let (to, files) = words.split_last().expect("a target");
    for file in files {
        let from = Path::new(file);
        let to = match to.ends_with('/') {
            true => folder.join(to).join(from.file_name().expect("a name")),
            false => folder.join(to),
        };
        assert!(to.parent().expect("a folder").is_dir(), "{}", to.display());
        fs::copy(folder.join(from), to).expect("a copy");
    }
}

/// A folder with the files that the pages copy.
fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("docs/your-own-city");
    fs::create_dir_all(&files).expect("a folder");
    for (name, content) in files_of(&root().join("docs/your-own-city")) {
        fs::write(files.join(name), content).expect("a file");
    }
    folder
}

/// Runs the commands of a page; returns what they said and their exit codes.
fn walk(page: &str, folder: &Path) -> (String, Vec<(String, Option<i32>)>) {
    let (mut said, mut codes) = (String::new(), Vec::new());
    for command in commands(page) {
        let words = words(&command);
        said.push_str(&format!("$ {command}\n"));
        match words[0].as_str() {
            "cp" => copy(folder, &words[1..]),
            "xuewei" => {
                let mut program = Command::new(env!("CARGO_BIN_EXE_xuewei"));
                let output =
                    program.current_dir(folder).args(&words[1..]).output().expect("it runs");
                said.push_str(&String::from_utf8_lossy(&output.stderr));
                codes.push((words[1].clone(), output.status.code()));
                said.push_str(&format!("exit code {}\n\n", output.status.code().unwrap_or(-1)));
            }
            other => panic!("{page}: a page may say xuewei and cp, found {other}"),
        }
    }
    (said, codes)
}

fn check(page: &str, golden: &str, city: &str) {
    let folder = place();
    let (said, codes) = walk(page, folder.path());
    let golden = root().join("tests/cli/walkthrough").join(golden);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&golden, &said).expect("a file");
    }
    let expected = fs::read_to_string(&golden).expect("UPDATE_GOLDEN=1 writes it");
    assert!(said == expected, "{}: expected\n{expected}\nfound\n{said}", golden.display());
    let of = |name: &str| -> Vec<Option<i32>> {
        codes.iter().filter(|(command, _)| command == name).map(|(_, code)| *code).collect()
    };
    // Empty; filled, but not calibrated; ready.
    assert_eq!(of("check"), [Some(2), Some(2), Some(0)]);
    for name in ["new", "calibrate", "run", "show"] {
        assert_eq!(of(name), [Some(0)], "{name}");
    }
    for scenario in ["plan", "no-build"] {
        let chart = format!("output/{city}/{scenario}/charts/oversized.png");
        assert!(folder.path().join(chart).exists());
    }
}

#[test]
fn the_english_page_works_as_it_is_written() {
    check("docs/your-own-city.md", "en.txt", "willow");
}

#[test]
fn the_chinese_page_works_as_it_is_written() {
    check("docs/your-own-city.zh.md", "zh.txt", "liu");
}

/// Both pages have the same steps.
#[test]
fn the_pages_are_twins() {
    let of = |page: &str| -> Vec<String> {
        let steps = commands(page).into_iter();
        steps.map(|c| words(&c)[..2].join(" ").replace(".zh.toml", ".en.toml")).collect()
    };
    let (en, zh) = (of("docs/your-own-city.md"), of("docs/your-own-city.zh.md"));
    assert_eq!(en, zh);
    let figures = |file: &str| -> Vec<String> {
        let text =
            fs::read_to_string(root().join("docs/your-own-city").join(file)).expect("a city");
        text.lines()
            .filter(|line| line.contains("value") || line.contains("by_year"))
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split("source =").next().unwrap_or_default().to_string())
            .collect()
    };
    assert_eq!(figures("city.en.toml"), figures("city.zh.toml"));
}

/// Every file of the national base is in the folder of a new city.
#[test]
fn a_new_city_has_the_whole_national_base() {
    let known: Vec<&str> =
        xuewei::report::new_city::NATIONAL.iter().map(|(name, _)| *name).collect();
    for name in files_of(&root().join("scenarios/china")).keys() {
        assert!(known.contains(&format!("china/{name}").as_str()), "{name} is not embedded");
    }
}

/// Runs `new` with these arguments and returns the exit code and what it said.
fn new(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_xuewei"));
    let output = program.current_dir(folder).arg("new").args(arguments).output().expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn new_refuses_what_it_cannot_make() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::create_dir_all(at.join("taken")).expect("a folder");
    fs::write(at.join("taken/notes.txt"), "mine").expect("a file");
    let cases: [(&[&str], &str); 7] = [
        (&["taken"], "taken exists and is not empty"),
        (&["taken/notes.txt"], "exists and is not empty"),
        (&["x y"], "--key: expected ASCII letters"),
        (&["x", "--districts", "a=甲,a=乙"], "the key a stands twice"),
        (&["x", "--districts", "all=甲"], "`all` stands for totals"),
        (&["x", "--districts", "a.b=甲"], "expected key=name"),
        (&["x", "--name", " "], "--name: expected a name"),
    ];
    for (arguments, words) in cases {
        let (code, said) = new(at, arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    let left = files_of(at);
    assert_eq!(left.len(), 1, "{:?}", left.keys());
    fs::create_dir(at.join("empty")).expect("a folder");
    assert_eq!(new(at, &["empty"]).0, Some(0));
    assert!(at.join("empty/city.toml").exists());
}

/// Words of the observations that mean nothing are told: they would be passed over in silence.
#[test]
fn check_names_what_it_does_not_know() {
    let folder = place();
    let at = folder.path();
    assert_eq!(new(at, &["willow", "--lang", "en", "--districts", "east,west,hills"]).0, Some(0));
    let table = at.join("willow/observations.csv");
    let text = fs::read_to_string(at.join("docs/your-own-city/observations.csv")).expect("rows");
    let text = text
        .replace("census.male.5-9,east", "census.mal.5-9,east")
        .replace("pupils.senior,all", "pupils.senior,al");
    fs::write(&table, text).expect("rows");
    let check = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_xuewei"));
        let output = program.current_dir(at).args(["check", "willow"]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = check();
    let lines = [
        "census.male.5-9 of east in 2020: 1 row missing",
        "pupils.senior of all in 2020: 1 row missing",
        "note: unknown quantities in observations.csv: census.mal.5-9\n",
        "note: unknown places in observations.csv: al\n",
        "note: unknown sources in observations.csv: made-up\n",
    ];
    for line in lines {
        assert!(said.contains(line), "{line}: {said}");
    }
    // Who runs it at once is told what makes the tables.
    let mut program = Command::new(env!("CARGO_BIN_EXE_xuewei"));
    let output = program.current_dir(at).args(["run", "willow/plan.toml"]).output();
    let ran = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    assert!(ran.contains("population.csv does not exist"), "{ran}");
    assert!(ran.contains("`xuewei calibrate --write` makes it"), "{ran}");
    // Other mistakes of the files are told first, in their own words.
    let city = at.join("willow/city.toml");
    let text = fs::read_to_string(&city).expect("a city");
    fs::write(&city, text.replace("base_year = 2020", "base_year = \"2020\"")).expect("a city");
    let said = check();
    assert!(said.starts_with("error: 1 problem in willow/city.toml"), "{said}");
    assert!(said.contains("city.base_year: expected a whole number"), "{said}");
}

/// The workbook filled as a user would, and named in `city.toml`, says the same as the filled CSV; so does its register.
#[test]
fn the_workbook_of_a_new_city_can_be_filled() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let folder = place();
    walk("docs/your-own-city.zh.md", folder.path());
    let city = folder.path().join("liu");
    let mut template: Xlsx<_> = open_workbook(city.join("观测数据.xlsx")).expect("a workbook");
    assert_eq!(template.sheet_names(), ["观测数据", "学校", "说明"]);
    let cells = |file: &str| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).from_path(city.join(file)).expect("a table");
        reader.records().map(|r| r.expect("a row").iter().map(str::to_string).collect()).collect()
    };
    let observed = cells("observations.csv");
    let mut filled = rust_xlsxwriter::Workbook::new();
    let sheet = filled.add_worksheet().set_name("观测数据").expect("a name");
    let rows = template.worksheet_range("观测数据").expect("a sheet");
    for (line, row) in rows.rows().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let (line, column) = (line as u32, column as u16);
            match cell {
                Data::Float(number) => sheet.write_number(line, column, *number).expect("a number"),
                cell => sheet.write_string(line, column, cell.to_string()).expect("a text"),
            };
        }
        let is_same = |o: &&Vec<String>| (0..3).all(|c| o[c] == row[c].to_string());
        if let Some(o) = observed.iter().skip(1).find(is_same) {
            let value: f64 = o[3].parse().expect("a number");
            sheet.write_number(line as u32, 3, value).expect("a number");
            sheet.write_string(line as u32, 6, "made-up").expect("a text");
        }
    }
    let sheet = filled.add_worksheet().set_name("学校").expect("a name");
    let headings = template.worksheet_range("学校").expect("a sheet");
    for (column, heading) in headings.rows().next().expect("headings").iter().enumerate() {
        sheet.write_string(0, column as u16, heading.to_string()).expect("a text");
    }
    for (line, row) in cells("schools.csv").iter().enumerate().skip(1) {
        for (column, text) in row.iter().enumerate() {
            let at = (line as u32, column as u16);
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(at.0, at.1, number).expect("a number"),
                Err(_) => sheet.write_string(at.0, at.1, text).expect("a text"),
            };
        }
    }
    let file = city.join("city.toml");
    let values = || {
        let keys = xuewei::input::load_for_calibration(&city, &[]).expect("it loads");
        let mut rows: Vec<String> = keys
            .observations
            .iter()
            .map(|o| format!("{} {} {} {}", o.quantity, o.place, o.year, o.value))
            .collect();
        rows.sort();
        let loaded = xuewei::input::load(&city.join("plan.toml"), &[]).expect("it loads");
        (rows, format!("{:?}", loaded.scenario.city))
    };
    let from_csv = values();
    filled.save(city.join("填好.xlsx")).expect("a workbook");
    let text = fs::read_to_string(&file).expect("a city");
    let text = text
        .replace("\"observations.csv\"", "\"填好.xlsx#观测数据\"")
        .replace("\"schools.csv\"", "\"填好.xlsx#学校\"");
    fs::write(&file, text).expect("a city");
    let from_workbook = values();
    assert_eq!(from_csv.0, from_workbook.0);
    assert!(from_csv.1 == from_workbook.1, "another city");
}
