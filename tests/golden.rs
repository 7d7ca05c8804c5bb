//! One expected table for every scenario that ships: shows change, not truth. `UPDATE_GOLDEN=1` rewrites them.

use std::fmt::Write;

use xuewei::{indicators, input, model};

use crate::cli::shipped_scenarios;
use crate::support::root;

/// City totals by year and stage, rounded so that a difference is a difference in results.
fn table(path: &std::path::Path) -> String {
    let loaded =
        input::load(path, &[]).unwrap_or_else(|r| panic!("{}", r.problems.render("error")));
    let run = model::run(&loaded.scenario);
    let table = indicators::table(&loaded.scenario, &run);
    let mut text = String::from(
        "year,stage,pupils,entrants,seats,classes,oversized_classes,empty_seats,unplaced,investment\n",
    );
    for stage in loaded.scenario.city.stages.iter() {
        let years = table.city_years(Some(stage));
        for (year, s) in loaded.scenario.city.years().zip(years) {
            let _ = writeln!(
                text,
                "{year},{},{:.2},{:.2},{:.0},{:.0},{:.3},{:.2},{:.2},{:.0}",
                stage.key(),
                s.pupils,
                s.entrants,
                s.seats,
                s.classes,
                s.oversized,
                s.empty_seats,
                s.unplaced,
                s.investment_yuan
            );
        }
    }
    text
}

#[test]
fn every_scenario_has_its_expected_table() {
    for path in shipped_scenarios() {
        let city = path
            .parent()
            .and_then(|p| p.file_name())
            .expect("a city")
            .to_string_lossy()
            .into_owned();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let golden = root().join("tests/golden").join(format!("{city}-{name}.csv"));
        let found = table(&path);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &found).expect("a writable folder");
            continue;
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_else(|_| {
            panic!("{} is missing: UPDATE_GOLDEN=1 cargo test", golden.display())
        });
        for (line, (a, b)) in expected.lines().zip(found.lines()).enumerate() {
            assert_eq!(a, b, "{}, line {}", golden.display(), line + 1);
        }
        assert_eq!(expected.lines().count(), found.lines().count(), "{}", golden.display());
    }
}
