//! `xuewei chart`: every kind from output folders, into files and folders, and what it refuses.

use std::path::{Path, PathBuf};

use crate::support::root;

use super::xuewei;

/// Output folders of the small city: two runs.
fn runs(folder: &Path) -> [PathBuf; 2] {
    let small = root().join("tests/small");
    let output = xuewei()
        .arg("run")
        .args([small.join("plan.toml"), small.join("no-build.toml")])
        .args(["--charts", "none", "--quiet", "--out"])
        .arg(folder)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    ["plan", "no-build"].map(|key| folder.join(key))
}

fn chart(words: &[&str], outputs: &[PathBuf]) -> (i32, String) {
    let output = xuewei()
        .args(["chart", words[0]])
        .args(outputs)
        .args(&words[1..])
        .output()
        .expect("the binary runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn every_kind_of_a_run_is_drawn_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = runs(folder.path());
    for kind in [
        "oversized",
        "bands",
        "heatmap",
        "seats",
        "pyramid",
        "entrants",
        "gaps",
        "investment",
        "timeline",
    ] {
        let (code, told) = chart(&[kind], &runs[..1]);
        assert_eq!(code, 0, "{kind}: {told}");
        let written = folder.path().join(format!("charts/{kind}-plan.svg"));
        let svg = std::fs::read_to_string(&written).expect("a picture");
        assert!(svg.starts_with("<svg") && svg.contains("<title"), "{kind}");
        assert!(!svg.contains("<text"), "{kind}: words are outlines");
    }
    for kind in ["oversized", "districts", "cost-effect"] {
        let (code, told) = chart(&[kind], &runs);
        assert_eq!(code, 0, "{kind}: {told}");
    }
}

#[test]
fn a_file_says_its_form_and_the_same_call_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = runs(folder.path());
    for (ending, start) in [("svg", "<svg".as_bytes()), ("png", b"\x89PNG"), ("pdf", b"%PDF")] {
        let file = folder.path().join(format!("own.{ending}"));
        let path = file.to_string_lossy().into_owned();
        let words = ["seats", "--size", "column", "--lang", "en", "--out", &path];
        let mut all = Vec::new();
        for _ in 0..2 {
            let (code, told) = chart(&words, &runs[..1]);
            assert_eq!(code, 0, "{ending}: {told}");
            all.push(std::fs::read(&file).expect("a picture"));
        }
        assert!(all[0].starts_with(start), "{ending}");
        assert_eq!(all[0], all[1], "{ending}");
    }
}

#[test]
fn a_title_of_ones_own_replaces_the_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = runs(folder.path());
    let file = folder.path().join("own.svg").to_string_lossy().into_owned();
    let (code, told) = chart(&["gaps", "--title", "缺口一览", "--out", &file], &runs[..1]);
    assert_eq!(code, 0, "{told}");
    let svg = std::fs::read_to_string(&file).expect("a picture");
    assert!(svg.contains("缺口一览</title>"), "{}", &svg[..400]);
}

#[test]
fn outlines_are_read_and_refused_with_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = runs(folder.path());
    let outlines = folder.path().join("outlines.json");
    let path = outlines.to_string_lossy().into_owned();
    let square = |name: &str, west: f64| {
        let (east, south, north) = (west + 1.0, 35.0, 36.0);
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
        )
    };
    let both = [square("north", 113.0), square("south", 114.0)].join(",");
    let text = format!(r#"{{"type":"FeatureCollection","features":[{both}]}}"#);
    std::fs::write(&outlines, text).expect("a file");
    let (code, told) = chart(&["map", "--outlines", &path], &runs[..1]);
    assert_eq!(code, 0, "{told}");
    std::fs::write(&outlines, r#"{"type":"Feature"}"#).expect("a file");
    let (code, told) = chart(&["map", "--outlines", &path], &runs[..1]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("FeatureCollection"), "{told}");
}

#[test]
fn what_cannot_be_drawn_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = runs(folder.path());
    let cases: [(&[&str], &[PathBuf], &str); 5] = [
        (&["districts"], &runs[..1], "more than one"),
        (&["seats"], &runs, "one output folder"),
        (&["scorecard"], &runs[1..], "nothing to draw"),
        (&["cleared"], &runs[..1], "error: "),
        (&["seats"], &[folder.path().join("none")], "error: "),
    ];
    for (words, outputs, expected) in cases {
        let (code, told) = chart(words, outputs);
        assert_eq!(code, 2, "{words:?}: {told}");
        assert!(told.contains(expected), "{words:?}: {told}");
    }
    assert!(!folder.path().join("charts").exists());
}

#[test]
fn the_gallery_has_a_picture_and_a_command_of_each_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = runs(folder.path());
    let (code, told) = chart(&["gallery", "--lang", "en"], &runs);
    assert_eq!(code, 0, "{told}");
    let page = std::fs::read_to_string(folder.path().join("charts/gallery.md")).expect("a page");
    let pictures: Vec<&str> = page
        .lines()
        .filter_map(|line| line.rsplit_once("]("))
        .map(|(_, name)| name.trim_end_matches(')'))
        .collect();
    assert!(pictures.len() >= 11, "{page}");
    for picture in pictures {
        assert!(folder.path().join("charts").join(picture).is_file(), "{picture}");
    }
    // Each command of the page runs as it stands there.
    for command in page.lines().filter_map(|line| line.strip_prefix("xuewei ")) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let out = folder.path().join("again").to_string_lossy().into_owned();
        let output = xuewei().args(&words).args(["--out", &out]).output().expect("the binary runs");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_run_writes_its_charts_as_pdf_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = xuewei()
        .arg("run")
        .arg(root().join("tests/small/plan.toml"))
        .args(["--charts", "pdf", "--quiet", "--out"])
        .arg(folder.path())
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let charts = folder.path().join("plan/charts");
    assert!(std::fs::read(charts.join("seats.pdf")).expect("a chart").starts_with(b"%PDF"));
    assert!(!charts.join("seats.svg").exists());
}
