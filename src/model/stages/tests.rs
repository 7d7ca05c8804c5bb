//! Rows that stand, and rows that cannot.

use super::*;

/// A stage without anything before it, named in both languages by its key.
fn row(key: &str, first_age: usize, grades: &[&str]) -> StageRow {
    StageRow {
        key: key.to_string(),
        zh: key.to_string(),
        en: key.to_string(),
        grades: grades.iter().map(|grade| (*grade).to_string()).collect(),
        first_age,
        ..StageRow::default()
    }
}

fn after(source: &str, row: StageRow) -> StageRow {
    StageRow { follows: Some(source.to_string()), ..row }
}

fn compulsory(row: StageRow) -> StageRow {
    StageRow { is_compulsory: true, ..row }
}

fn by_rate(row: StageRow) -> StageRow {
    StageRow { is_by_rate: true, ..row }
}

fn sharing(first: &str, row: StageRow) -> StageRow {
    StageRow { shares_source_with: Some(first.to_string()), ..row }
}

fn named(zh: &str, also: &[&str], row: StageRow) -> StageRow {
    let also = also.iter().map(|name| (*name).to_string()).collect();
    StageRow { zh: zh.to_string(), also, ..row }
}

/// The rows of China: 3 + 6 + 3 + 3 years, the last ones at two kinds of schools.
fn china_rows() -> Vec<StageRow> {
    let kindergarten = StageRow {
        schools_en: Some("kindergartens".to_string()),
        ..by_rate(row("kindergarten", 3, &["K1", "K2", "K3"]))
    };
    let together = ["高中阶段", "upper secondary"].map(str::to_string);
    let senior = StageRow {
        together: Some(together),
        ..after("junior", row("senior", 15, &["S1", "S2", "S3"]))
    };
    let vocational = after("junior", row("vocational", 15, &["V1", "V2", "V3"]));
    vec![
        named("幼儿园", &[], kindergarten),
        named("小学", &[], compulsory(row("primary", 6, &["G1", "G2", "G3", "G4", "G5", "G6"]))),
        named("初中", &[], compulsory(after("primary", row("junior", 12, &["G7", "G8", "G9"])))),
        named("普通高中", &["高中"], senior),
        named("中等职业学校", &["中职"], sharing("senior", vocational)),
    ]
}

/// The stages of China.
pub(crate) fn china() -> &'static Stages {
    Stages::new(china_rows()).expect("sound rows")
}

/// A stage of China by its name.
pub(crate) fn stage(name: &str) -> Stage {
    china().parse(name).expect("a stage of China")
}

#[test]
fn names_round_trip() {
    for stage in china().iter() {
        assert_eq!(china().parse(stage.key()), Some(stage));
        assert_eq!(china().parse(stage.zh()), Some(stage));
    }
    assert_eq!(china().parse("高中"), Some(stage("senior")));
    assert_eq!(china().parse("中职"), Some(stage("vocational")));
    assert_eq!(china().parse("nursery"), None);
    let keys: Vec<&str> = china().keys().collect();
    assert_eq!(keys, ["kindergarten", "primary", "junior", "senior", "vocational"]);
    assert_eq!(format!("{:?}", stage("小学")), "primary");
}

#[test]
fn stages_have_their_words() {
    assert_eq!(stage("kindergarten").schools_en(), "kindergartens");
    assert_eq!(stage("primary").schools_en(), "primary schools");
    assert_eq!(stage("senior").together(), ["高中阶段", "upper secondary"]);
    assert_eq!(stage("vocational").together(), ["中等职业学校", "vocational"]);
    assert_eq!(stage("vocational").grade_keys(), ["V1", "V2", "V3"]);
}

/// Every grade of the dense row belongs to one stage, in the order of the stages.
#[test]
fn grades_fill_the_dense_row_once() {
    for stages in [china(), five_and_four(), england()] {
        let grades: Vec<usize> = stages.iter().flat_map(Stage::grades).collect();
        assert_eq!(grades, (0..stages.n_grades()).collect::<Vec<_>>());
        let keys: Vec<&String> = stages.iter().flat_map(Stage::grade_keys).collect();
        assert_eq!(keys.len(), stages.n_grades());
    }
    assert_eq!((china().len(), china().n_grades()), (5, 18));
    assert_eq!((china().fewest_grades(), china().most_grades()), (3, 6));
    assert_eq!(stage("junior").grades(), 9..12);
    assert_eq!((stage("junior").first_grade(), stage("junior").last_grade()), (9, 11));
}

#[test]
fn equal_rows_are_one_table() {
    assert!(std::ptr::eq(china(), china()));
    assert!(!std::ptr::eq(china(), england()));
    assert_ne!(stage("primary"), five_and_four().parse("primary").expect("a stage"));
    assert_eq!(china().map(Stage::idx), [0, 1, 2, 3, 4]);
    assert!(stage("primary") < stage("junior"));
}

/// Pupils of kindergartens are a rate, first graders start a cohort, and two kinds of schools share those who leave junior schools.
#[test]
fn what_chinese_stages_are() {
    let of = |is: fn(Stage) -> bool| -> Vec<&str> {
        china().iter().filter(|stage| is(*stage)).map(Stage::key).collect()
    };
    assert_eq!(of(Stage::is_by_rate), ["kindergarten"]);
    assert_eq!(of(Stage::starts_cohorts), ["primary"]);
    assert_eq!(of(Stage::is_compulsory), ["primary", "junior"]);
    assert_eq!(of(Stage::is_sharer), ["vocational"]);
    assert_eq!(china().pair(), Some([stage("senior"), stage("vocational")]));
    assert_eq!(china().map(Stage::sharer)[3], Some(stage("vocational")));
    assert_eq!(stage("vocational").sharer(), None);
    let next = china().map(|stage| stage.next().map(Stage::key));
    assert_eq!(next, [None, Some("junior"), None, None, None]);
    assert_eq!(china().map(Stage::n_retentions), [2, 6, 2, 2, 2]);
    assert_eq!(china().map(Stage::ages), [3..6, 6..12, 12..15, 15..18, 15..18]);
    assert_eq!((china().school_age(), china().last_age()), (6, 17));
    assert_eq!((china().first(), china().example()), (stage("kindergarten"), stage("primary")));
}

/// Those of China with five years of primary school and four of junior school.
fn five_and_four() -> &'static Stages {
    let mut rows = china_rows();
    let sixth = rows[1].grades.remove(5);
    rows[2].grades.insert(0, sixth);
    rows[2].first_age = 11;
    Stages::new(rows).expect("sound rows")
}

#[test]
fn five_and_four_years_stand() {
    let stages = five_and_four();
    assert_eq!(stages.map(Stage::n_grades), [3, 5, 4, 3, 3]);
    assert_eq!(stages.map(Stage::n_retentions), [2, 5, 3, 2, 2]);
    assert_eq!(stages.map(Stage::ages), [3..6, 6..11, 11..15, 15..18, 15..18]);
    assert_eq!(stages.at(1).next(), Some(stages.at(2)));
    assert_eq!(stages.at(2).next(), None);
    assert_eq!(stages.pair(), Some([stages.at(3), stages.at(4)]));
    assert_eq!((stages.n_grades(), stages.school_age(), stages.last_age()), (18, 6, 17));
    assert_eq!(stages.compulsory(), [stages.at(1), stages.at(2)]);
}

/// A year of nursery by rate, seven compulsory years from 4, five from 11.
fn england() -> &'static Stages {
    let secondary = compulsory(row("secondary", 11, &["7", "8", "9", "10", "11"]));
    let rows = vec![
        by_rate(row("nursery", 3, &["N"])),
        compulsory(row("primary", 4, &["R", "1", "2", "3", "4", "5", "6"])),
        after("primary", secondary),
    ];
    Stages::new(rows).expect("sound rows")
}

#[test]
fn english_stages_stand() {
    let stages = england();
    let [nursery, primary, secondary] = [0, 1, 2].map(|idx| stages.at(idx));
    assert_eq!(stages.map(Stage::next), [None, Some(secondary), None]);
    assert_eq!(stages.map(Stage::n_retentions), [0, 7, 4]);
    assert_eq!((stages.pair(), secondary.sharer(), secondary.is_sharer()), (None, None, false));
    assert_eq!((stages.school_age(), stages.last_age()), (4, 15));
    assert_eq!(stages.compulsory(), [primary, secondary]);
    assert_eq!((stages.first(), stages.example()), (nursery, primary));
    assert_eq!((stages.fewest_grades(), stages.most_grades(), stages.n_grades()), (1, 7, 13));
    assert_eq!(secondary.together(), ["secondary", "secondary"]);
    assert!(primary.starts_cohorts() && !nursery.starts_cohorts() && !secondary.starts_cohorts());
}

/// Nothing compulsory and nothing but cohorts: what is asked of a table still has an answer.
#[test]
fn a_table_of_one_stage_stands() {
    let stages = Stages::new(vec![row("college", 0, &["1"])]).expect("a sound row");
    assert_eq!((stages.example(), stages.compulsory()), (stages.first(), Vec::new()));
    assert_eq!((stages.school_age(), stages.last_age()), (0, 0));
    assert_eq!((stages.pair(), stages.first().n_retentions()), (None, 0));
}

/// Where the faults of these rows stand, and all that is said of them.
fn found(rows: Vec<StageRow>) -> (Vec<(String, &'static str)>, String) {
    let faults = Stages::new(rows).expect_err("rows with a fault");
    let told = faults.iter().map(|fault| format!("{} ({})\n", fault.message, fault.help));
    let told = told.collect();
    (faults.into_iter().map(|fault| (fault.stage, fault.field)).collect(), told)
}

/// The rows of China, one of them changed, have this fault alone.
fn chinese(idx: usize, change: impl Fn(&mut StageRow), field: &str, word: &str) {
    let mut rows = china_rows();
    change(&mut rows[idx]);
    let key = rows[idx].key.clone();
    let (at, told) = found(rows);
    assert_eq!(at, [(key, field)], "{told}");
    assert!(told.contains(word), "{told}");
}

#[test]
fn what_follows_is_known() {
    let unknown = |row: &mut StageRow| row.follows = Some("lower".to_string());
    chinese(2, unknown, "follows", "expected a stage, found \"lower\"");
    let by_rate = |row: &mut StageRow| row.follows = Some("kindergarten".to_string());
    chinese(1, by_rate, "follows", "expected a stage of cohorts, found kindergarten");
    chinese(3, |row| row.is_by_rate = true, "entry", "expected no other stage before");
}

#[test]
fn circles_are_found() {
    let of = |keys: &[&str]| {
        let next = keys.iter().cycle().skip(1);
        let rows = keys.iter().zip(next).enumerate();
        rows.map(|(n, (key, next))| after(next, row(key, 6 + n, &[key]))).collect::<Vec<_>>()
    };
    for keys in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
        let (at, told) = found(of(keys));
        let expected: Vec<_> = keys.iter().map(|key| (key.to_string(), "follows")).collect();
        assert_eq!(at, expected, "{told}");
        assert_eq!(told.matches("in a circle").count(), keys.len(), "{told}");
    }
}

#[test]
fn ages_go_on() {
    for age in [7, 9] {
        let follower = after("a", row("b", age, &["3"]));
        let (at, told) = found(vec![row("a", 6, &["1", "2"]), follower]);
        assert!(at.iter().all(|at| *at == ("b".to_string(), "first_age")), "{told}");
        let expected = format!("expected 8, the age of those who leave a, found {age}");
        assert!(told.contains(&expected), "{told}");
    }
    let (at, told) = found(vec![row("a", 6, &["1", "2"]), row("b", 7, &["3"])]);
    assert_eq!(at, [("b".to_string(), "first_age")]);
    assert!(told.contains("found 7 that a has too"), "{told}");
    let (at, told) = found(vec![row("old", 24, &["1", "2"])]);
    assert_eq!(at, [("old".to_string(), "first_age")]);
    assert!(told.contains("found 25"), "{told}");
}

#[test]
fn grades_are_counted() {
    let none: &[&str] = &[];
    let thirteen = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
    for (grades, word) in [(none, "found 0"), (&thirteen[..], "found 13")] {
        let (at, told) = found(vec![row("a", 6, grades)]);
        assert_eq!(at, [("a".to_string(), "grades")], "{told}");
        assert!(told.contains(word), "{told}");
    }
    assert!(Stages::new(vec![row("a", 6, &thirteen[..12])]).is_ok());
}

#[test]
fn names_of_grades_differ() {
    let (at, told) = found(vec![row("a", 6, &["1", "1"])]);
    assert_eq!(at, [("a".to_string(), "grades")]);
    assert!(told.contains("found 1 again"), "{told}");
    let (at, _) = found(vec![row("a", 6, &["1", "2"]), row("b", 8, &["2", "3"])]);
    assert_eq!(at, [("a".to_string(), "grades"), ("b".to_string(), "grades")]);
}

#[test]
fn a_table_has_some_stages_and_not_many() {
    let (at, told) = found(Vec::new());
    assert_eq!(at, [(String::new(), "")]);
    assert!(told.contains("found 0"), "{told}");
    let names: Vec<String> = (0..=MAX_STAGES).map(|n| n.to_string()).collect();
    let rows: Vec<StageRow> =
        names.iter().enumerate().map(|(n, name)| row(name, n, &[name])).collect();
    assert!(Stages::new(rows[1..].to_vec()).is_ok());
    let (at, told) = found(rows);
    assert_eq!(at, [(String::new(), "")]);
    assert!(told.contains("found 9"), "{told}");
}

/// Of two stages that follow one, the second shares its source: else nobody says who goes where.
#[test]
fn who_follows_with_another_shares() {
    let mut rows = china_rows();
    rows[4].shares_source_with = None;
    let (at, told) = found(rows);
    let at: Vec<(&str, &str)> = at.iter().map(|(key, field)| (key.as_str(), *field)).collect();
    let expected = [("vocational", "follows")];
    assert_eq!(at, expected, "{told}");
    assert!(told.contains("found senior too"), "{told}");
}

#[test]
fn a_source_is_shared_by_two_that_have_it() {
    let pair = |name: &str| {
        let second = sharing(name, after("primary", row("b", 7, &["2"])));
        found(vec![row("primary", 6, &["1"]), second])
    };
    for name in ["lower", "b"] {
        let (at, told) = pair(name);
        assert_eq!(at, [("b".to_string(), "shares_source_with")], "{told}");
        assert!(told.contains(&format!("expected another stage, found {name:?}")), "{told}");
    }

    // One that follows another stage.
    let mut rows = china_rows();
    rows[4] = StageRow { first_age: 12, follows: Some("primary".to_string()), ..rows[4].clone() };
    let (at, told) = found(rows);
    assert!(at.contains(&("vocational".to_string(), "shares_source_with")), "{told}");
    assert!(told.contains("vocational and senior do not"), "{told}");

    // A second pair, and a chain of sharers.
    let mut rows = china_rows();
    rows.push(after("senior", row("college", 18, &["C1"])));
    rows.push(sharing("college", after("senior", row("academy", 18, &["A1"]))));
    let (at, told) = found(rows);
    let both = ["vocational", "academy"].map(|key| (key.to_string(), "shares_source_with"));
    assert_eq!(at, both, "{told}");
    assert!(told.contains("found two"), "{told}");
    let mut rows = china_rows();
    rows.push(sharing("vocational", after("junior", row("technical", 15, &["T1"]))));
    let (at, told) = found(rows);
    assert!(at.contains(&("technical".to_string(), "shares_source_with")), "{told}");
    assert!(told.contains("vocational itself shares the source"), "{told}");
}
