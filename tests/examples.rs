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
    let mut files: Vec<String> =
        folder.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    assert_eq!(files, all.map(|(name, _)| name));
    for (name, main) in all {
        main().unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// What the functions say is what the commands' rooms say of the same files, and what is wrong has its place.
#[test]
fn the_functions_and_the_rooms_agree() {
    let path = crate::support::root().join("tests/small/plan.toml");
    let plan = xuewei::load(&path).expect("the small plan");
    let done = xuewei::run(&plan);
    let alone = xuewei::model::run(&plan.scenario);
    assert_eq!(done.run.events.len(), alone.events.len());
    let table = xuewei::indicators::table(&plan.scenario, &alone);
    assert_eq!(done.table.city_years(None), table.city_years(None));
    assert_eq!(xuewei::score(&plan).len(), done.scores.len());
    let draws =
        xuewei::sweep(crate::support::root().join("tests/small/sweeps/small-futures.toml"), 40)
            .expect("a sweep");
    for (name, column) in &draws.factors {
        assert_eq!(column.len(), 40, "{name}");
    }
    for (name, column) in &draws.outcomes {
        assert_eq!(column.len(), 40 * draws.scenarios.len(), "{name}");
    }
    let error =
        xuewei::load_with(&path, &["enrolment.primary.coverage=twelve"]).expect_err("no number");
    assert!(error.file().is_some_and(|file| file.starts_with("--set")), "{error}");
    assert!(std::error::Error::source(&error).is_none());
    let (small, other) =
        (plan, xuewei::load(crate::support::root().join("scenarios/jiaozuo/plan.toml")));
    let error = xuewei::compare(&[small, other.expect("Jiaozuo")]).err().expect("two cities");
    assert!(error.help().is_some_and(|help| help.contains("same base")), "{error}");
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
