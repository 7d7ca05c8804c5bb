//! Reads `indicators.csv` of every scenario as somebody would who knows only the column names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cli::{run_into, shipped_scenarios};

/// Year, district, zone, stage, indicator.
type Key = (String, String, String, String, String);

fn read(path: PathBuf) -> BTreeMap<Key, f64> {
    let bytes = std::fs::read(&path).expect("indicators.csv");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings: Vec<String> =
        reader.headers().expect("headings").iter().map(String::from).collect();
    assert_eq!(headings, ["year", "district", "zone", "stage", "indicator", "value", "unit"]);
    let mut table = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("a row");
        let cell = |i: usize| record[i].to_string();
        let value: f64 = record[5].parse().expect("a number");
        assert!(value.is_finite());
        let key = (cell(0), cell(1), cell(2), cell(3), cell(4));
        assert!(table.insert(key.clone(), value).is_none(), "{key:?} stands twice");
    }
    table
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn indicators_of_every_scenario_add_up() {
    let out = tempfile::tempdir().expect("a folder");
    let scenarios = shipped_scenarios();
    assert!(scenarios.len() >= 5, "{scenarios:?}");
    let mut n_scored = 0;
    // Cities have scenarios of the same name: each city writes into its own folder.
    for scenario in &scenarios {
        let city = scenario.parent().and_then(|folder| folder.file_name()).expect("a city");
        let out = out.path().join(city);
        run_into(&out, std::slice::from_ref(scenario), &["--charts", "none"]);
        let key = scenario.file_stem().expect("a name").to_string_lossy().into_owned();
        let table = read(out.join(&key).join("indicators.csv"));
        check(&key, &table);
        n_scored += check_scorecard(&out.join(&key), &table);
    }
    assert!(n_scored > 100, "{n_scored} targets");
}

/// Every target of the whole city that has a value is found again in the table of indicators: stages are added before a rate
/// is taken, and it is met when it keeps to its bound. Gives the number of targets compared.
fn check_scorecard(folder: &std::path::Path, table: &BTreeMap<Key, f64>) -> usize {
    let text = std::fs::read_to_string(folder.join("summary.json")).expect("summary.json");
    let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut n_checked = 0;
    for score in summary["scorecard"].as_array().expect("a list") {
        let text = |key: &str| score[key].as_str().unwrap_or_default();
        let (Some(found), "all") = (score["run_value"].as_f64(), text("place")) else {
            continue;
        };
        let sum = |indicator: &str| -> f64 {
            let stages = if text("stages").is_empty() { "all" } else { text("stages") };
            let values = stages.split('+').map(|stage| {
                let key = [&score["year"].to_string(), "all", "all", stage, indicator];
                let [a, b, c, d, e] = key.map(str::to_string);
                table.get(&(a, b, c, d, e)).copied().unwrap_or(0.0)
            });
            values.sum()
        };
        let value = match text("indicator") {
            "oversized_share" => sum("oversized_classes") / sum("classes"),
            "super_oversized_share" => sum("super_oversized_classes") / sum("classes"),
            other => sum(other),
        };
        let shown = if text("unit") == "percent" { 100.0 * value } else { value };
        let at = format!("{}: {}", folder.display(), text("target"));
        assert!(near(found, shown), "{at}: {found} of {shown}");
        let aim = score["target_value"].as_f64().expect("an aim");
        let slack = score["tolerance"].as_f64().unwrap_or(0.0) + 1e-7 * aim.abs().max(1.0);
        let is_met = match text("direction") {
            "at_least" => shown >= aim - slack,
            _ => shown <= aim + slack,
        };
        match text("status") {
            "contradicted" => {}
            status => assert_eq!(status, if is_met { "met" } else { "missed" }, "{at}"),
        }
        n_checked += 1;
    }
    n_checked
}

fn check(name: &str, table: &BTreeMap<Key, f64>) {
    let districts: Vec<&String> = {
        let mut all: Vec<&String> =
            table.keys().map(|key| &key.1).filter(|d| *d != "all").collect();
        all.sort();
        all.dedup();
        all
    };
    let get = |year: &str, district: &str, zone: &str, stage: &str, indicator: &str| {
        let key = (year, district, zone, stage, indicator);
        let key = (
            key.0.to_string(),
            key.1.to_string(),
            key.2.to_string(),
            key.3.to_string(),
            key.4.to_string(),
        );
        table.get(&key).copied()
    };
    let mut n_checked = 0;
    for (year, district, zone, stage, indicator) in table.keys() {
        let here = |indicator: &str| get(year, district, zone, stage, indicator).unwrap_or(0.0);
        match indicator.as_str() {
            "classes" => {
                let bands: f64 = table
                    .range(
                        (
                            year.clone(),
                            district.clone(),
                            zone.clone(),
                            stage.clone(),
                            "band_".into(),
                        )..,
                    )
                    .take_while(|(key, _)| key.4.starts_with("band_") && &key.3 == stage)
                    .map(|(_, value)| value)
                    .sum();
                assert!(
                    near(bands, here("classes")),
                    "{name}: {year} {district} {zone} {stage}: bands {bands}"
                );
                n_checked += 1;
            }
            "residents" if district == "all" && zone == "all" => {
                let demand = here("residents");
                let met = here("pupils") + here("unplaced");
                assert!(near(met, demand), "{name}: {year} {stage}: {met} of {demand}");
            }
            "pupils" | "seats" | "rooms" | "residents" | "oversized_classes" | "empty_seats"
            | "seat_gap" | "crowding_gap" | "population" | "births" | "investment" | "unplaced"
                if district == "all" && zone == "all" =>
            {
                let sum: f64 =
                    districts.iter().filter_map(|d| get(year, d, "all", stage, indicator)).sum();
                let city = here(indicator);
                assert!(
                    near(sum, city),
                    "{name}: {year} {stage} {indicator}: districts {sum}, city {city}"
                );
            }
            "oversized_share" => {
                let share = here("oversized_classes") / here("classes");
                assert!(near(share, here("oversized_share")));
            }
            _ => {}
        }
    }
    assert!(n_checked > 1000);
}
