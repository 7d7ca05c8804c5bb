use super::*;
use crate::experiment::distribution::LAWS;
use crate::experiment::{Distribution, How, Kind};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Outcomes of the tests: any with a dot.
fn any(_: &'static Stages, name: &str, _levels: Option<&[&str]>) -> Result<(), String> {
    if name.contains('.') { Ok(()) } else { Err(format!("expected a dot, found {name:?}")) }
}

/// Loads a sweep of the small city from its text; `SMALL` in it is the city's folder.
fn load_text(text: &str, more: &[(&str, &str)]) -> Result<LoadedSweep, Refused> {
    let folder = tempfile::tempdir().expect("a folder");
    let small = root().join("tests/small").display().to_string();
    let file = folder.path().join("some-sweep.toml");
    std::fs::write(&file, text.replace("SMALL", &small)).expect("a file");
    for (name, content) in more {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    load_sweep(&file, &[], &any)
}

/// Problems as `line:column path: message`, without the folder.
fn problems(text: &str, more: &[(&str, &str)]) -> Vec<String> {
    let refused = load_text(text, more).err().map(|refused| refused.problems.list);
    let told = |p: &crate::problem::Problem| {
        let name = Path::new(&p.file).file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.filter(|name| name != "some-sweep.toml").unwrap_or_default();
        format!("{name}{}:{} {}: {} | {}", p.line, p.column, p.path, p.message, p.help)
    };
    refused.unwrap_or_default().iter().map(told).collect()
}

const GOOD: &str = r#"format = 1
title = "试"
question = "问"
scenarios = ["SMALL/plan.toml", "SMALL/no-build.toml"]
[design]
kind = "sobol"
draws = 64
seed = 1
[factors.rate]
name = "率"
path = "enrolment.kindergarten.gross_rate"
how = "set"
distribution = { kind = "uniform", low = 90, high = 95.0 }
unit = "percent"
source = "made-up"
[factors.delay]
name = "迟"
path = "programmes.schools-4.delay"
how = "set"
distribution = { kind = "integer", low = 0, high = 2 }
unit = "years"
source = "assumption"
note = "for the test"
optional = true
[[correlations]]
factors = ["rate", "delay"]
value = 0.5
source = "made-up"
[outcomes]
list = ["primary.pupils[2030]", "all.clearing_year"]
"#;

#[test]
fn a_sweep_is_read_whole() {
    let loaded = load_text(GOOD, &[]).expect("a sweep");
    let sweep = &loaded.sweep;
    assert_eq!((sweep.key.as_str(), sweep.title.zh.as_str()), ("some-sweep", "试"));
    assert_eq!(sweep.factors.len(), 2);
    assert_eq!(sweep.factors[0].distribution, Distribution::uniform(90.0, 95.0).expect("a law"));
    assert_eq!((sweep.factors[1].how, sweep.factors[1].optional), (How::Set, true));
    assert_eq!((sweep.design.kind, sweep.design.draws, sweep.design.seed), (Kind::Sobol, 64, 1));
    assert!(sweep.design.scramble && sweep.correlation.is_some() && !sweep.replan);
    assert_eq!(sweep.outcomes.len(), 2);
    assert_eq!(loaded.scenarios.len(), 2);
    // Files are named from the folder of the first scenario, each once.
    let names: Vec<&str> = loaded.files.iter().map(|file| file.name.as_str()).collect();
    assert!(names.contains(&"plan.toml") && names.contains(&"schools.csv"), "{names:?}");
    assert_eq!(names.iter().filter(|name| **name == "city.toml").count(), 1);
}

/// A sweep with every kind of problem.
const BROKEN: &str = r#"format = 1
title = "试"
scenarios = ["SMALL/plan.toml", "SMALL/no-build.toml", "SMALL/nowhere.toml"]
color = "red"
[design]
kind = "sobol"
draws = 64
levels = 4
[factors.a]
name = "甲"
path = "enrolment.kindergarten.gross_rat"
how = "set"
distribution = { kind = "triangle", low = 1 }
unit = "percent"
source = "made-down"
[factors.b]
name = "乙"
path = "programmes.schools-4.delay"
how = "set"
distribution = { kind = "uniform", low = 0, high = 2 }
unit = "year"
source = "assumption"
[factors.c]
name = "丙"
path = "enrolment.senior.academic_share"
how = "set"
distribution = { kind = "uniform", low = 90.0, high = 110.0, mode = 1 }
unit = "percent"
source = "made-up"
[factors.d]
name = "丁"
path = "enrolment.senior.academic_share"
how = "add"
distribution = { kind = "normal", mean = 0.0, sd = 20.0 }
unit = "percent"
source = "made-up"
[factors.draw]
name = "戊"
path = ["enrolment", "city.base_year", "population.mortality", "calibration.seed"]
how = "multiply"
distribution = { kind = "pert", low = 2.0, mode = 1.0, high = 3.0 }
unit = "percent"
[[correlations]]
factors = ["a", "z"]
value = 1.5
source = "made-up"
[outcomes]
list = ["primary", "primary.pupils[1999]", "primary.pupils", "primary.pupils"]
"#;

/// What is told of it.
const TOLD: &[&str] = &[
    "question: is missing",
    "scenarios: expected a scenario file, found no",
    "4:1 color: no such key",
    "8:1 design.levels: a design of the kind sobol takes no `levels` | it takes: draws, seed, scramble",
    "5:1 design.seed: is missing: a design of the kind sobol needs it",
    "11:8 factors.a.path: no figure \"enrolment.kindergarten.gross_rat\" in the scenarios | did you mean `enrolment.kindergarten.gross_rate`?",
    "13:25 factors.a.distribution.kind: no such kind of law, \"triangle\" | did you mean `triangular`?",
    "15:10 factors.a.source: expected a source named under [sources], found \"made-down\" | known: assumption, ",
    "18:8 factors.b.path: the scenario no-build has no programmes.schools-4.delay | add optional = true",
    "22:10 factors.b: expected a note beside an assumption",
    "27:62 factors.c.distribution.mode: a law of the kind uniform takes no `mode` | it takes: low, high",
    "32:8 factors.d.path: the factor c moves enrolment.senior.academic_share too",
    "factors.d.distribution: expected enrolment.senior.academic_share from 0 to 100 percent, found 126.804646",
    "37:1 factors.draw: expected another name",
    "factors.draw.source: is missing",
    "39:9 factors.draw.path: enrolment is a group and not a figure",
    "factors.draw.path: city.base_year is a setting and no figure: 2020",
    "factors.draw.path: expected a figure of numbers, found population.mortality, a table in a file",
    "factors.draw.path: no run uses calibration.seed",
    "factors.draw.distribution: expected the middle between low 2 and high 3, found 1",
    "correlations[1].factors: no factor \"z\"",
    "correlations[1].value: expected a number from -1 to 1, found 1.5",
    "outcomes.list: expected a dot, found \"primary\"",
    "outcomes.list: expected a year from 2020 to 2035, found 1999",
    "outcomes.list: primary.pupils stands twice",
];

/// Every kind of problem at once, each at its line.
#[test]
fn every_problem_comes_at_once() {
    let found = problems(BROKEN, &[]);
    for wanted in TOLD {
        assert!(
            found.iter().any(|p| p.contains(*wanted)),
            "no {wanted:?} in\n{}",
            found.join("\n")
        );
    }
    let lines: Vec<u32> = found.iter().filter_map(|p| p.split(':').next()?.parse().ok()).collect();
    assert!(lines.is_sorted(), "in the order of the file: {lines:?}");
}

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

#[track_caller]
fn refuses(text: &str, wanted: &str) {
    let found = problems(text, &[]);
    assert!(found.len() == 1 && found[0].contains(wanted), "no {wanted:?} in {found:?}");
}

#[test]
fn laws_stay_inside_the_bounds_of_their_figures() {
    refuses(
        &with("low = 90, high = 95.0", "low = 90, high = 140.0"),
        "13:1 factors.rate.distribution: expected enrolment.kindergarten.gross_rate from 0 to 130 percent, found 140 where the factor is 140 in the scenario plan",
    );
    refuses(
        &with("kind = \"integer\", low = 0, high = 2", "kind = \"uniform\", low = 0, high = 2"),
        "expected whole numbers for programmes.schools-4.delay, found uniform",
    );
    refuses(
        &with("kind = \"uniform\", low = 90, high = 95.0", "kind = \"figure\""),
        "enrolment.kindergarten.gross_rate has no low and high in the scenario plan",
    );
    refuses(
        &with("unit = \"percent\"", "unit = \"ratio\""),
        "expected the unit \"percent\" or \"share\", found \"ratio\"",
    );
    // A share is another unit of the same figure: 90 is then far too much.
    refuses(&with("unit = \"percent\"", "unit = \"share\""), "found 9000 where the factor is 90");
    refuses(
        &with("how = \"set\"\n", "how = \"set\"\nfrom = 2020\n"),
        "expected a year of the run from 2021 to 2035, found 2020",
    );
}

#[test]
fn correlations_must_be_a_matrix_of_independent_designs() {
    refuses(
        &with("value = 0.5", "value = 1.0"),
        "expected a correlation between -1 and 1, found 1",
    );
    refuses(
        &with("[\"rate\", \"delay\"]", "[\"rate\", \"rate\"]"),
        "expected two factors, found rate twice",
    );
    let third = "[factors.third]\nname = \"三\"\npath = \"schools.class_spread\"\nhow = \"set\"\ndistribution = { kind = \"uniform\", low = 1, high = 2 }\nunit = \"pupils\"\nsource = \"made-up\"\n[[correlations]]\nfactors = [\"rate\", \"third\"]\nvalue = 0.9\nsource = \"made-up\"\n[[correlations]]\nfactors = [\"delay\", \"third\"]\nvalue = -0.9\nsource = \"made-up\"\n";
    // The determinant is 1 + 2·0.5·0.9·(−0.9) − 0.25 − 0.81 − 0.81 = −1.68: one eigenvalue is below 0.
    let text = with("[[correlations]]\n", &format!("{third}[[correlations]]\n"));
    refuses(&text, "whose smallest eigenvalue is -0.");
    let saltelli = with("kind = \"sobol\"", "kind = \"saltelli\"");
    refuses(&saltelli, "expected independent factors: the analysis of saltelli takes them so");
}

#[test]
fn designs_take_their_own_keys() {
    let morris = |more: &str| {
        let text = with("kind = \"sobol\"", &format!("kind = \"morris\"\n{more}"));
        text[..text.find("[[correlations]]").unwrap_or(0)].to_string()
            + "[outcomes]\nlist = [\"a.b\"]\n"
    };
    assert!(load_text(&morris("levels = 4"), &[]).is_ok());
    refuses(&morris("levels = 5"), "design.levels: expected an even number, found 5");
    refuses(
        &morris("levels = 4\ncandidates = 9"),
        "expected at least the 64 trajectories of draws, found 9",
    );
    let grid = with("kind = \"sobol\"\ndraws = 64\nseed = 1", "kind = \"grid\"\nlevels = 5");
    let grid = load_text(&grid, &[]).expect("a sweep");
    // The delay has three equally likely values.
    assert_eq!(grid.sweep.design.levels_by_factor, [5, 3]);
    let odd = load_text(&with("draws = 64", "draws = 100"), &[]).expect("a sweep");
    assert!(odd.warnings.list.iter().any(|w| w.message == "100 is no power of two"));
}

#[test]
fn a_table_of_points_is_read_and_checked() {
    let text =
        with("kind = \"sobol\"\ndraws = 64\nseed = 1", "kind = \"table\"\ntable = \"points.csv\"");
    let good = load_text(&text, &[("points.csv", "delay,rate\n0,92\n2,94.5\n")]).expect("a sweep");
    assert_eq!(good.sweep.design.rows, [[92.0, 0.0], [94.5, 2.0]]);
    assert!(good.files.iter().any(|file| file.name.ends_with("points.csv")));
    let found = problems(&text, &[("points.csv", "delay,rate\n0,192\n2,\n")]);
    assert!(
        found[0].contains(
            "points.csv2:0 rate: expected enrolment.kindergarten.gross_rate from 0 to 130"
        ),
        "{found:?}"
    );
    assert!(
        found[1].contains("points.csv3:0 rate: expected a number, found an empty cell"),
        "{found:?}"
    );
    // Two rates outside the law of 90 to 95 are run and told once; 95 is its end.
    let beyond = "delay,rate\n0,89\n2,95\n1,96.5\n";
    let told = load_text(&text, &[("points.csv", beyond)]).expect("a sweep");
    assert_eq!(told.sweep.design.rows.len(), 3);
    let told: Vec<(u32, &str, &str)> = told
        .warnings
        .list
        .iter()
        .filter(|w| w.file.ends_with("points.csv"))
        .map(|w| (w.line, w.path.as_str(), w.message.as_str()))
        .collect();
    let expected = "expected a number of its law, from 90 to 95, found 89; 2 rows lie outside";
    assert_eq!(told, [(2, "rate", expected)]);
    let found = problems(&text, &[("points.csv", "delay\n0\n")]);
    assert!(found[0].contains("rate: the column is missing"), "{found:?}");
}

#[test]
fn scenarios_that_do_not_load_tell_their_own_problems() {
    let text = with("\"SMALL/no-build.toml\"", "\"other.toml\"");
    let other = ("other.toml", "format = 1\nbase = \"nothing.toml\"\n");
    let found = problems(&text, &[other]);
    assert!(found.iter().any(|p| p.contains("other.toml2:8 base")), "{found:?}");
    let same = with("\"SMALL/no-build.toml\"", "\"SMALL/plan.toml\"");
    refuses(&same, "two scenarios have the key \"plan\"");
}

/// What is written down twice: names of designs, keys that they take, laws of a draw.
#[test]
fn the_table_of_keys_agrees_with_the_types() {
    assert_eq!(keys::DESIGNS.to_vec(), Kind::ALL.map(Kind::key).to_vec());
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.key()), Some(kind));
        let (taken, needed) = keys::taken_by(kind);
        assert!(needed.iter().all(|key| taken.contains(key)));
        assert!(taken.iter().all(|key| keys::key_of(&format!("design.{key}")).is_some()));
    }
    let of_designs = keys::below("design").into_iter().filter(|key| *key != "kind");
    for key in of_designs {
        assert!(Kind::ALL.iter().any(|kind| keys::taken_by(*kind).0.contains(&key)), "{key}");
    }
    for how in How::ALL {
        assert_eq!(How::parse(how.key()), Some(how));
    }
    assert!(LAWS.iter().filter(|law| law.has_values).all(|law| law.numbers.is_empty()));
    // Sources of a sweep have the keys of sources of a city.
    for key in keys::below("sources.<name>") {
        assert!(crate::keys::key_of(crate::china(), &["sources", "x", key]).is_some(), "{key}");
    }
}
