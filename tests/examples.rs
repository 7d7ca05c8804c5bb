//! The examples run: each is a program of its own, here called as a function.

#[path = "../examples/clearing_year.rs"]
mod clearing_year;
#[path = "../examples/sweep_in_memory.rs"]
mod sweep_in_memory;
#[path = "../examples/two_plans.rs"]
mod two_plans;

/// Every file of the folder is among them, and ends without an error.
#[test]
fn every_example_runs() {
    let all = [
        ("clearing_year.rs", clearing_year::main as fn() -> Result<(), xuewei::Error>),
        ("sweep_in_memory.rs", sweep_in_memory::main),
        ("two_plans.rs", two_plans::main),
    ];
    let folder = std::fs::read_dir(crate::support::root().join("examples")).expect("a folder");
    let names = folder.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> = names.filter(|name| name.ends_with(".rs")).collect();
    files.sort();
    assert_eq!(files, all.map(|(name, _)| name));
    for (name, main) in all {
        main().unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

fn small(file: &str) -> std::path::PathBuf {
    crate::support::root().join("tests/small").join(file)
}

/// What the functions say is what the rooms say of the same files.
#[test]
fn the_functions_and_the_rooms_agree() {
    let plan = xuewei::load(small("plan.toml")).expect("the small plan");
    let done = xuewei::run(&plan);
    let alone = xuewei::model::run(&plan.scenario);
    let table = xuewei::indicators::table(&plan.scenario, &alone);
    assert_eq!(done.table.city_years(None), table.city_years(None));
    let nothing_built = plan.scenario.without_programmes();
    let without = xuewei::indicators::table(&nothing_built, &xuewei::model::run(&nothing_built));
    assert_eq!(done.no_build.city_years(None), without.city_years(None));
}

/// More draws than a thread takes at a time: each has the value of a run of its own, in its place.
#[test]
fn a_sweep_in_memory_has_its_draws_in_order() {
    let draws = xuewei::sweep(small("sweeps/small-futures.toml"), Some(96)).expect("a sweep");
    let loaded = xuewei::input::sweep::load_sweep(
        &small("sweeps/small-futures.toml"),
        &[],
        &xuewei::sweep::outcome::known,
    );
    let loaded = loaded.unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")));
    assert!(draws.failed.is_empty() && draws.of("no-such-scenario", "senior.pupils").is_none());
    for d in [0, 63, 64, 95] {
        for file in &loaded.scenarios {
            let factors = loaded.sweep.factors.iter().zip(&draws.factors);
            let values: Vec<_> = factors.map(|(factor, (_, column))| (factor, column[d])).collect();
            let scenario = xuewei::sweep::moved::moved_all(file, &values).expect("a scenario");
            let table = xuewei::indicators::table(&scenario, &xuewei::model::run(&scenario));
            let senior = table.city_years(Some(crate::support::stage("senior")));
            let year_idx = (2030 - scenario.city.base_year) as usize;
            let (own, key) = (senior[year_idx].pupils, &scenario.key);
            let found = draws.of(key, "senior.pupils[2030]").expect("an outcome")[d];
            assert!((found - own).abs() <= 1e-5 * own, "{key}, draw {d}: {found} and {own}");
        }
    }
}

/// What is wrong has its place, and says itself whole.
#[test]
fn errors_have_their_place() {
    let plan = small("plan.toml");
    let error =
        xuewei::load_with(&plan, &["enrolment.primary.coverage=twelve"]).expect_err("no number");
    assert!(error.file().is_some_and(|file| file.starts_with("--set")), "{error}");
    assert_eq!(format!("{error:?}"), error.to_string());
    let load = |path: std::path::PathBuf| xuewei::load(path).expect("a scenario");
    let refused =
        |all: &[xuewei::input::Loaded]| xuewei::compare(all).err().expect("refused").to_string();
    let jiaozuo = crate::support::root().join("scenarios/jiaozuo/plan.toml");
    assert_eq!(
        refused(&[load(small("no-build.toml")), load(jiaozuo)]),
        "expected scenarios of one city with the same places, schools and years\n      run them one by one, or give them the same base"
    );
    let twice = refused(&[load(plan.clone()), load(plan)]);
    assert!(twice.starts_with("two of the scenarios have the key "), "{twice}");
}

/// The lines that the README shows.
fn readme() -> Result<(), xuewei::Error> {
    // From here
    let plan = xuewei::load("scenarios/jiaozuo/plan.toml")?;
    for stage in xuewei::summary(&plan).stages {
        println!("{}: {:?}", stage.stage, stage.cleared());
    }
    // to here.
    Ok(())
}

/// They are those, and they run.
#[test]
fn the_lines_of_the_readme_run() {
    let text =
        |path: &str| std::fs::read_to_string(crate::support::root().join(path)).expect("a text");
    let between = |text: &str, first: &str, last: &str| -> Vec<String> {
        let inside = text.split_once(first).and_then(|(_, rest)| rest.split_once(last));
        inside.expect("the lines").0.lines().map(|line| line.trim().to_string()).collect()
    };
    let shown = between(&text("README.md"), "```rust", "```");
    let own = between(&text("tests/examples.rs"), "// From here", "// to here.");
    let written =
        |lines: Vec<String>| lines.into_iter().filter(|l| !l.is_empty()).collect::<Vec<_>>();
    assert_eq!(written(shown), written(own));
    readme().expect("they run");
}
