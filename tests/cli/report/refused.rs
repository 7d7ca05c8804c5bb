//! What a report refuses, and what its command writes.

use super::*;

#[test]
fn broken_folders_are_refused_with_the_way_to_mend_them() {
    let names = ["small-plan", "small-no-build", "compare"];
    let copy = Copy::of(&names);
    let says = |told: &str, sentences: &[&str]| {
        for sentence in sentences {
            assert!(told.contains(sentence), "{sentence}: {told}");
        }
    };
    says(
        &copy.refused(&["nowhere"]),
        &["nowhere: there is no such folder", "xuewei run, compare or sweep"],
    );
    says(&copy.refused(&["compare"]), &["is no run of a scenario", "name the folder of a run too"]);
    says(&copy.refused(&["small-plan/manifest.json"]), &["expected a folder, found a file"]);
    says(&copy.refused(&["small-plan/charts"]), &["is no output folder: it has no manifest.json"]);
    says(
        &copy.refused(&["small-plan", "small-plan"]),
        &["is the scenario small-plan, as is", "name one of the two"],
    );
    // All problems of all folders at once.
    fs::remove_file(copy.path("small-plan/events.csv")).expect("a file");
    fs::write(copy.path("small-plan/events.json"), "[]").expect("a file");
    fs::remove_file(copy.path("small-plan/shortages.csv")).expect("a file");
    fs::write(copy.path("small-plan/population.csv"), "year,district\n2020,a,b\n").expect("a file");
    fs::write(copy.path("small-plan/summary.json"), "{").expect("a file");
    copy.replace(
        "small-no-build/indicators.csv",
        "2020,all,all,kindergarten,pupils,",
        "2020,all,all,kindergarten,pupils,x",
    );
    let told = copy.refused(&names);
    says(
        &told,
        &[
            "error: 5 problems in 5 files",
            "events.csv: is missing; the table is there as JSON only\n      a report reads CSV: leave out --format json",
            "shortages.csv: is missing\n      run the scenario again: xuewei run SCENARIO",
            "population.csv: is damaged: line 2: expected 2 cells, found 3",
            "summary.json: is damaged: EOF",
            "indicators.csv: is damaged: row 2, column value: expected a number, found \"x",
        ],
    );
}

#[test]
fn folders_that_do_not_belong_together_are_refused() {
    let names = ["small-plan", "small-no-build", "compare"];
    let copy = Copy::of(&names);
    copy.replace("small-no-build/manifest.json", "\"city\": \"small\"", "\"city\": \"other\"");
    let told = copy.refused(&names);
    assert!(told.contains("is of the city other, but") && told.contains("is of small"), "{told}");
    let copy = Copy::of(&names);
    copy.json("small-plan/manifest.json", |manifest| manifest["inputs"][0]["sha256"] = "0".into());
    assert!(
        copy.refused(&names).contains("was made from other files than the comparison in compare")
    );
    let copy = Copy::of(&names);
    copy.stage("all", |stage| stage["oversized_pupil_years"] = 1.0.into());
    let told = copy.refused(&names);
    assert!(told.contains("has other results than the comparison in compare says"), "{told}");
    let copy = Copy::of(&names);
    copy.json("small-plan/manifest.json", |manifest| manifest["scenario"] = "third".into());
    assert!(copy.refused(&names).contains("the comparison in compare does not hold it"));
    copy.replace("small-no-build/resolved.toml", "horizon = 2035", "horizon = 2034");
    let told = copy.refused(&["small-plan", "small-no-build"]);
    assert!(told.contains("covers 2020 to 2034, but") && told.contains("2020 to 2035"), "{told}");
    copy.json("small-plan/manifest.json", |manifest| manifest["kind"] = "calibrate".into());
    assert!(copy.refused(&["small-plan"]).contains("found one of calibrate"));
    #[cfg(feature = "parquet")]
    {
        let names = ["small-plan", "small-futures"];
        let copy = Copy::of(&names);
        fs::remove_dir_all(copy.path("small-futures/analysis")).expect("a folder");
        let told = copy.refused(&names);
        assert!(
            told.contains("is a sweep that was not analysed\n      run: xuewei analyse"),
            "{told}"
        );
    }
}

/// A number that the text needs and the summary lacks: the file and the place are named, nothing is told.
#[test]
fn a_number_that_is_not_there_is_no_report() {
    let copy = Copy::of(&["small-plan"]);
    copy.stage("junior", |stage| stage["peak_pupils"] = "many".into());
    copy.replace("small-plan/indicators.csv", "2035,all,all,all,seats,", "2035,all,all,all,saets,");
    let outputs = outputs::read(&copy.paths(&["small-plan"])).expect("whole folders");
    let problems = tell(&outputs, None).expect_err("no report").render("error");
    assert!(
        problems.contains("small-plan/indicators.csv: no number in value where year = 2035"),
        "{problems}"
    );
}

#[cfg(feature = "xlsx")]
#[test]
fn the_command_writes_three_forms_whole_or_not_at_all() {
    let copy = Copy::of(&["small-plan", "small-no-build", "compare"]);
    let report = |arguments: &[&str]| {
        let output = xuewei().current_dir(copy.path(".")).arg("report").args(arguments).output();
        let output = output.expect("the binary runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let all = ["small-plan", "small-no-build", "compare"];
    let (code, said) = report(&all);
    assert_eq!(code, Some(0), "{said}");
    let first = files_of(&copy.path("report"));
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, ["manifest.json", "report.docx", "report.html", "report.xlsx"]);
    assert!(said.contains("report.html") && said.contains("report.xlsx"), "{said}");
    // The same again, over the first; then another form alone.
    assert_eq!(report(&all).0, Some(0));
    assert_eq!(files_of(&copy.path("report")), first);
    assert_eq!(
        report(&["small-plan", "--lang", "en", "--format", "html", "--out", "en", "--quiet"]).0,
        Some(0)
    );
    assert_eq!(files_of(&copy.path("en/report")).len(), 2);
    // Nothing is written where something is wrong, or in place of something else.
    let (code, said) = report(&["small-plan", "nowhere", "--out", "bad"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(!copy.path("bad").exists());
    fs::create_dir_all(copy.path("run")).expect("a folder");
    fs::rename(copy.path("small-no-build"), copy.path("run/report")).expect("a folder");
    let (code, said) = report(&["small-plan", "--out", "run"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("holds the output of run: it is left as it is"), "{said}");
    assert!(copy.path("run/report/summary.json").exists());
}
