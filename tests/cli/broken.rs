//! Broken cities and scenarios, one folder a case under `tests/cli/broken/`: `check` names every problem and how to
//! mend it, `run` refuses the same and writes nothing.
//!
//! A case is laid over a copy of `tests/small` and the national base. Its folder holds
//!
//! - `case.txt`: the file to load, relative to the city's folder; a sentence that says what is broken; a third line, if
//!   any, with further arguments, separated by spaces;
//! - `expected.txt`: standard error of `check`, run at the root of the copy. `UPDATE_GOLDEN=1` rewrites it; a missing
//!   one fails;
//! - `NAME`: a file that replaces or joins those of the city; `NAME.delete`: that file is deleted;
//!   `NAME.patch-lines`: each line `s/FROM/TO/` replaces the first FROM of that file by TO, literally; the character
//!   after `s` separates, and `\n` stands for a line end.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Fewer cases mean that the folder was not found whole.
const FEWEST_CASES: usize = 120;
/// A check of the small city takes milliseconds; one that takes so long hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// Files of a case that are not of the city.
const ABOUT_THE_CASE: [&str; 2] = ["case.txt", "expected.txt"];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders below a folder of cases, in order of name.
fn cases_in(folder: &Path) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of cases can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

/// Every file below a folder, relative to it, in order of name.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(folder).expect("it lies below the folder");
                files.push(relative.to_path_buf());
            }
        }
    }
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    let parent = to.parent().expect("a file has a folder");
    fs::create_dir_all(parent).expect("a folder can be made");
    fs::copy(from, to).expect("a file can be copied");
}

/// The national base and the small city in a new folder, laid out as in the project.
fn copy_of_small() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder can be made");
    let (base, small) = (project().join("scenarios"), project().join("tests/small"));
    copy(&base.join("china.toml"), &root.path().join("scenarios/china.toml"));
    for file in files_below(&base.join("china")) {
        copy(&base.join("china").join(&file), &root.path().join("scenarios/china").join(&file));
    }
    for file in files_below(&small) {
        copy(&small.join(&file), &city_of(&root).join(&file));
    }
    root
}

fn city_of(root: &TempDir) -> PathBuf {
    root.path().join("tests/small")
}

/// Lays the files of a case over the city.
fn lay_over(case: &Path, city: &Path) {
    for file in files_below(case) {
        let name = file.to_str().expect("names of cases are text");
        if ABOUT_THE_CASE.contains(&name) {
            continue;
        }
        if let Some(deleted) = name.strip_suffix(".delete") {
            fs::remove_file(city.join(deleted)).expect("the file to delete is there");
        } else if let Some(patched) = name.strip_suffix(".patch-lines") {
            patch(&case.join(&file), &city.join(patched));
        } else {
            copy(&case.join(&file), &city.join(&file));
        }
    }
}

fn patch(patch: &Path, file: &Path) {
    let lines = fs::read_to_string(patch).expect("a patch is text");
    let mut text = fs::read_to_string(file).expect("the patched file is text");
    for line in lines.lines() {
        let separator = line.chars().nth(1).expect("a patch line is s/FROM/TO/");
        let parts: Vec<&str> = line.split(separator).collect();
        let ["s", from, to, ""] = parts.as_slice() else {
            panic!("{}: not s/FROM/TO/: {line}", patch.display());
        };
        let (from, to) = (from.replace("\\n", "\n"), to.replace("\\n", "\n"));
        assert!(text.contains(&from), "{}: {from:?} is not in {}", patch.display(), file.display());
        text = text.replacen(&from, &to, 1);
    }
    fs::write(file, text).expect("the patched file can be written");
}

/// Runs the program at the root of the copy; a hang fails.
fn xuewei(root: &Path, arguments: &[&str]) -> Output {
    let (out, err) = (root.join("stdout.txt"), root.join("stderr.txt"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_xuewei"))
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).expect("a file can be made"))
        .stderr(fs::File::create(&err).expect("a file can be made"))
        .spawn()
        .expect("the program starts");
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().expect("the program can be stopped");
            child.wait().expect("the program ends");
            panic!("xuewei {} hangs", arguments.join(" "));
        }
        sleep(Duration::from_millis(2));
    };
    let output = Output {
        status,
        stdout: fs::read(&out).expect("its output can be read"),
        stderr: fs::read(&err).expect("its messages can be read"),
    };
    fs::remove_file(&out).expect("a file can be removed");
    fs::remove_file(&err).expect("a file can be removed");
    output
}

fn messages(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// What is wrong with an answer that should refuse its input.
fn faults_of_refusal(command: &str, output: &Output) -> Vec<String> {
    let mut faults = Vec::new();
    if output.status.code() != Some(2) {
        faults.push(format!("{command}: exit code 2 expected, found {}", output.status));
    }
    if !output.stdout.is_empty() {
        faults.push(format!("{command}: something was written to standard output"));
    }
    if messages(output).contains("panicked") {
        faults.push(format!("{command}: a panic\n{}", messages(output)));
    }
    faults
}

/// What is wrong with the answers to a case.
fn faults_of(case: &Path) -> Vec<String> {
    let about = fs::read_to_string(case.join("case.txt")).expect("case.txt is there");
    let mut lines = about.lines();
    let file = format!("tests/small/{}", lines.next().expect("the first line names a file"));
    assert!(lines.next().is_some_and(|line| line.ends_with('.')), "the second line is a sentence");
    let further: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    let root = copy_of_small();
    lay_over(case, &city_of(&root));
    let before: BTreeSet<PathBuf> = files_below(root.path()).into_iter().collect();

    let checked = xuewei(root.path(), &[&["check", &file], further.as_slice()].concat());
    let mut faults = faults_of_refusal("check", &checked);
    let found = messages(&checked);
    let golden = case.join("expected.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") && faults.is_empty() {
        fs::write(&golden, &found).expect("expected.txt can be written");
    }
    match fs::read_to_string(&golden) {
        Err(_) => faults.push("expected.txt is missing: UPDATE_GOLDEN=1 writes it".to_string()),
        Ok(expected) if expected != found => {
            faults.push(format!("check: expected\n{expected}found\n{found}"));
        }
        Ok(_) => {}
    }

    let run = ["run", &file, "--out", "OUT", "--quiet"];
    let ran = xuewei(root.path(), &[run.as_slice(), further.as_slice()].concat());
    faults.extend(faults_of_refusal("run", &ran));
    if messages(&ran) != found {
        faults.push(format!("run: other problems than check\n{}", messages(&ran)));
    }
    let after: BTreeSet<PathBuf> = files_below(root.path()).into_iter().collect();
    if root.path().join("OUT").exists() || before != after {
        faults.push("run: files were made, or taken away".to_string());
    }
    faults
}

#[test]
fn every_broken_input_is_refused_with_its_problems() {
    let cases = cases_in(&project().join("tests/cli/broken"));
    assert!(cases.len() >= FEWEST_CASES, "only {} cases were found", cases.len());
    let mut report = String::new();
    for case in &cases {
        let name = case.file_name().expect("a case has a name").to_string_lossy();
        for fault in faults_of(case) {
            report.push_str(&format!("{name}: {fault}\n"));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Checks a file of a copy that is good, however it is written.
fn assert_accepted(root: &TempDir, file: &str) {
    let output = xuewei(root.path(), &["check", file]);
    assert_eq!(messages(&output), "no problems in 1 file\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn byte_order_marks_and_windows_line_ends_are_accepted() {
    for (before, line_end) in [("\u{feff}", "\n"), ("", "\r\n"), ("\u{feff}", "\r\n")] {
        let root = copy_of_small();
        for file in ["plan.toml", "city.toml", "schools.csv", "population.csv"] {
            let path = city_of(&root).join(file);
            let text = fs::read_to_string(&path).expect("files of the small city are UTF-8");
            fs::write(&path, format!("{before}{}", text.replace('\n', line_end)))
                .expect("a file of the copy can be written");
        }
        assert_accepted(&root, "tests/small/plan.toml");
    }
}

#[test]
fn chinese_headings_in_gb18030_are_accepted() {
    let root = copy_of_small();
    lay_over(&project().join("tests/cli/accepted/gb18030"), &city_of(&root));
    let bytes = fs::read(city_of(&root).join("schools.csv")).expect("the register can be read");
    assert!(String::from_utf8(bytes).is_err(), "the register of this case is not UTF-8");
    assert_accepted(&root, "tests/small/no-build.toml");
}

/// Rewrites a file of the small city line by line.
fn rewrite(root: &TempDir, file: &str, line: impl Fn(&str) -> String) {
    let path = city_of(root).join(file);
    let text = fs::read_to_string(&path).expect("files of the small city are UTF-8");
    let lines: Vec<String> = text.lines().map(line).collect();
    fs::write(&path, lines.join("\n") + "\n").expect("a file of the copy can be written");
}

#[test]
fn the_last_age_of_people_may_be_written_as_open() {
    for open in ["100+", "100岁及以上"] {
        let root = copy_of_small();
        rewrite(&root, "population.csv", |line| line.replace(",100,", &format!(",{open},")));
        let text = fs::read_to_string(city_of(&root).join("population.csv")).expect("a table");
        assert!(text.contains(open));
        assert_accepted(&root, "tests/small/no-build.toml");
    }
}

#[test]
fn tables_in_utf_16_with_its_mark_are_accepted() {
    let root = copy_of_small();
    let path = city_of(&root).join("schools.csv");
    let text = fs::read_to_string(&path).expect("files of the small city are UTF-8");
    let bytes: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&path, bytes).expect("a file of the copy can be written");
    assert_accepted(&root, "tests/small/no-build.toml");
}

/// Births of 2020 and 2021 are 1500 and 1400: of the school year 2020, 1500/3 + 1400·2/3 = 1433.3. Mothers are 15 to 49 years old. Without
/// a woman of 14 to 49 nobody can bear them; one girl of 14 is 15 a year later.
#[test]
fn births_without_mothers_are_told() {
    let without = |first: u32| {
        let root = copy_of_small();
        rewrite(&root, "population.csv", |line| match line.split(',').collect::<Vec<_>>()[..] {
            [district, zone, sex @ "female", age, _]
                if age.parse().is_ok_and(|age| (first..=49).contains(&age)) =>
            {
                format!("{district},{zone},{sex},{age},0")
            }
            _ => line.to_string(),
        });
        xuewei(root.path(), &["check", "tests/small/no-build.toml", "--strict"])
    };
    let told = messages(&without(14));
    let place = "tests/small/city.toml:44:1: population.births: ";
    let message = "expected mothers of the observed births, found none in the school year 2020: 1433.3 births are lost";
    assert!(told.contains(&format!("{place}{message}\n")), "{told}");
    assert_eq!(without(14).status.code(), Some(2));
    assert_eq!(without(15).status.code(), Some(0), "{}", messages(&without(15)));
}

/// Of a table that `check` reads beside a scenario.
#[test]
fn an_accuracy_that_stands_twice_is_refused() {
    let root = copy_of_small();
    let heading = "publisher,series,lead_years,mape_percent,source\n";
    let rows = "A,pupils,1,0.3,x\nA,pupils,2,0.6,x\nA,pupils,1,0.4,x\n";
    fs::write(city_of(&root).join("accuracy.csv"), format!("{heading}{rows}"))
        .expect("a file of the copy can be written");
    rewrite(&root, "city.toml", |line| match line {
        "[tables]" => "[set.tables]\naccuracy = \"accuracy.csv\"\n[tables]".to_string(),
        _ => line.to_string(),
    });
    let output = xuewei(root.path(), &["check", "tests/small/city.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let wanted =
        "tests/small/accuracy.csv:4: series: pupils of A, 1 years ahead, stands already in line 2";
    assert!(messages(&output).contains(wanted), "{}", messages(&output));
}

/// A pipe that nobody writes to would make a reader wait for ever.
#[cfg(unix)]
#[test]
fn pipes_are_refused_and_not_waited_for() {
    let root = copy_of_small();
    let pipe = city_of(&root).join("pipe.toml");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    fs::write(city_of(&root).join("broken.toml"), "format = 1\nbase = \"pipe.toml\"\n")
        .expect("a file of the copy can be written");
    for file in ["tests/small/pipe.toml", "tests/small/broken.toml", "tests/small"] {
        let output = xuewei(root.path(), &["check", file]);
        assert_eq!(faults_of_refusal("check", &output), Vec::<String>::new(), "{file}");
        assert!(messages(&output).contains("tests/small/pipe.toml"), "{}", messages(&output));
        assert!(messages(&output).contains("is not a file"), "{}", messages(&output));
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_are_refused() {
    let root = copy_of_small();
    let city = city_of(&root);
    std::os::unix::fs::symlink("loop.toml", city.join("loop.toml")).expect("a link can be made");
    std::os::unix::fs::symlink("broken.toml", city.join("again.toml")).expect("a link can be made");
    for base in ["loop.toml", "again.toml"] {
        fs::write(city.join("broken.toml"), format!("format = 1\nbase = \"{base}\"\n"))
            .expect("a file of the copy can be written");
        let output = xuewei(root.path(), &["check", "tests/small/broken.toml"]);
        assert_eq!(faults_of_refusal("check", &output), Vec::<String>::new(), "{base}");
        assert!(messages(&output).starts_with("error: 1 problem in tests/small/broken.toml\n"));
        assert!(messages(&output).contains(":2:8: base: "), "{}", messages(&output));
    }
}
