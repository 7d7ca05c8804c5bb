//! The levels at which oversized classes count as gone: the file that names them, summaries and outcomes of sweeps agree.

use xuewei::input::load;
use xuewei::level::{CONDITIONS, WORKING};
use xuewei::sweep::outcome::known;

use crate::support::root;

/// Keys of the levels of `scenarios/china.toml` with their conditions as shares and numbers, read without the program.
fn written() -> Vec<(String, Vec<(String, f64)>)> {
    let text = std::fs::read_to_string(root().join("scenarios/china.toml")).expect("a file");
    let tree: toml::Value = toml::from_str(&text).expect("TOML");
    let levels = tree["levels"].as_table().expect("levels");
    let of_level = |level: &toml::Value| -> Vec<(String, f64)> {
        let conditions = CONDITIONS.into_iter().filter_map(|key| {
            let figure = level.get(key)?;
            let value = &figure["value"];
            let value = value.as_float().or(value.as_integer().map(|whole| whole as f64));
            let factor = if figure["unit"].as_str() == Some("percent") { 0.01 } else { 1.0 };
            Some((key.to_string(), value.expect("a number") * factor))
        });
        conditions.collect()
    };
    levels.iter().map(|(key, level)| (key.clone(), of_level(level))).collect()
}

/// The Ministry's aims, 5 % of 56 pupils or more and 2 % of 66 or more; half a class; 1 %.
#[test]
fn the_national_levels_are_those_of_the_model() {
    let share = |key: &str, value: f64| (key.to_string(), value);
    let mut found = written();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let aims = vec![share("oversized_share", 0.05), share("super_oversized_share", 0.02)];
    let expected = [
        ("basically-cleared".to_string(), aims),
        ("cleared".to_string(), vec![share("oversized_classes", 0.5)]),
        (WORKING.to_string(), vec![share("oversized_share", 0.01)]),
    ];
    assert_eq!(found, expected);
}

/// What the file writes is what a scenario has, what its summary tells, and what a sweep may keep.
#[test]
fn the_file_the_summary_and_the_outcomes_agree() {
    let loaded = load(&root().join("tests/small/small-plan.toml"), &[]).expect("a scenario");
    let scenario = &loaded.scenario;
    let written = written();
    let keys: Vec<&str> = loaded.scenario.levels.iter().map(|level| level.key.as_str()).collect();
    assert_eq!(keys.len(), written.len());
    for (key, conditions) in &written {
        let level = loaded.scenario.level(key).expect("a level");
        let found = level.conditions.iter().map(|c| c.key().to_string());
        assert_eq!(
            found.collect::<Vec<_>>(),
            conditions.iter().map(|c| c.0.clone()).collect::<Vec<_>>()
        );
        for stage in ["primary", "all"] {
            let name = format!("{stage}.clearing_year@{key}");
            assert_eq!(known(scenario.city.stages, &name, Some(&keys)), Ok(()), "{name}");
        }
    }
    let of = |name| known(scenario.city.stages, name, Some(&keys));
    assert_eq!(of("primary.clearing_year"), Ok(()));
    let refused = of("primary.clearing_year@basicaly-cleared").expect_err("a typo");
    assert!(refused.contains("basically-cleared"), "{refused}");
    let run = xuewei::model::run(scenario);
    let table = xuewei::indicators::table(scenario, &run);
    let summary =
        xuewei::report::summary::summary(scenario, (&run, &table, &table), &[], Vec::new());
    for stage in &summary.stages {
        let told: Vec<&str> =
            stage.clearing_year_at_level.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(told, keys, "{}", stage.stage);
        let shares: Vec<&str> = stage.clearing_year.iter().map(|(name, _)| *name).collect();
        assert_eq!(shares, ["10%", "5%", "2%", "1%", "0.5%"]);
        // The working level is the share of 1 %, and 5 % of oversized classes is a part of basically cleared.
        assert_eq!(stage.cleared(), stage.clearing_year[3].1, "{}", stage.stage);
        let basically = stage.clearing_year_at_level.iter().find(|l| l.0 == "basically-cleared");
        let never = i32::MAX;
        let (basically, five) = (basically.expect("it").1, stage.clearing_year[1].1);
        assert!(basically.unwrap_or(never) >= five.unwrap_or(never), "{}", stage.stage);
    }
    let told: Vec<&str> = summary.levels.iter().map(|level| level.key.as_str()).collect();
    assert_eq!(told, keys);
}
