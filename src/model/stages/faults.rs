//! What keeps rows from being stages.

use super::{MAX_GRADES, MAX_STAGES, StageRow};

/// A row that cannot stand as it is: which key of which stage, what was expected and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageFault {
    /// Key of the stage; empty for the table.
    pub stage: String,
    /// Key of its row.
    pub field: &'static str,
    /// What was expected and found.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// What keeps rows from being stages: every fault, in the order of the rows.
pub(super) fn faults(rows: &[StageRow]) -> Vec<StageFault> {
    let mut faults = Vec::new();
    if rows.is_empty() || rows.len() > MAX_STAGES {
        faults.push(StageFault {
            stage: String::new(),
            field: "",
            message: format!("expected 1 to {MAX_STAGES} stages, found {}", rows.len()),
            help: "name every stage once under [stages]".to_string(),
        });
    }
    for (idx, row) in rows.iter().enumerate() {
        let mut fault = |field: &'static str, message: String, help: &str| {
            let (stage, help) = (row.key.clone(), help.to_string());
            faults.push(StageFault { stage, field, message, help });
        };
        check_grades(rows, row, &mut fault);
        check_source(rows, row, &mut fault);
        check_sharer(rows, row, &mut fault);
        check_ages(&rows[..idx], row, &mut fault);
    }
    faults
}

/// A stage has grades with names of their own and ages of children; one by rate stands behind no other.
fn check_grades(
    rows: &[StageRow],
    row: &StageRow,
    fault: &mut impl FnMut(&'static str, String, &str),
) {
    let n = row.grades.len();
    if n == 0 || n > MAX_GRADES {
        let message = format!("expected 1 to {MAX_GRADES} grades, found {n}");
        fault("grades", message, "name every grade once");
    }
    let all = || rows.iter().flat_map(|other| &other.grades);
    let is_repeated = |key: &&String| all().filter(|other| other == key).count() > 1;
    if let Some(key) = row.grades.iter().find(is_repeated) {
        let message = format!("expected names of grades that differ, found {key} again");
        fault("grades", message, "name every grade once");
    }
    if n <= MAX_GRADES && row.first_age + n > MAX_AGE {
        let message =
            format!("expected grades of ages below {MAX_AGE}, found {}", row.first_age + n - 1);
        fault("first_age", message, "completed years of age in the entry grade");
    }
    if row.is_by_rate && (row.follows.is_some() || row.shares_source_with.is_some()) {
        let message = "expected no other stage before one whose pupils are a rate each year";
        let help = "leave out follows and shares_source_with, or the entry";
        fault("entry", message.to_string(), help);
    }
}

/// No two stages have an age in common, but those that share a source; what follows what is told elsewhere.
fn check_ages(
    earlier: &[StageRow],
    row: &StageRow,
    fault: &mut impl FnMut(&'static str, String, &str),
) {
    let ages = |row: &StageRow| row.first_age..row.first_age + row.grades.len();
    for other in earlier {
        let (own, others) = (ages(row), ages(other));
        let overlap = own.start < others.end && others.start < own.end;
        let follows = |row: &StageRow, other: &StageRow| row.follows.as_ref() == Some(&other.key);
        let has_one_source = row.follows.is_some() && row.follows == other.follows;
        let is_told =
            share(row, other) || follows(row, other) || follows(other, row) || has_one_source;
        if overlap && !is_told {
            let age = own.start.max(others.start);
            let message =
                format!("expected ages of its own, found {age} that {} has too", other.key);
            fault(
                "first_age",
                message,
                "two stages of one age share their source: shares_source_with",
            );
        }
    }
}

/// Grades end before this age: older people are no children of the model.
const MAX_AGE: usize = 25;

fn share(a: &StageRow, b: &StageRow) -> bool {
    a.shares_source_with.as_ref() == Some(&b.key) || b.shares_source_with.as_ref() == Some(&a.key)
}

/// What a stage follows is another one, which it can follow.
fn check_source(
    rows: &[StageRow],
    row: &StageRow,
    fault: &mut impl FnMut(&'static str, String, &str),
) {
    let Some(source) = &row.follows else { return };
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let Some(before) = rows.iter().find(|other| other.key == *source) else {
        let help = format!("stages are {}", keys.join(", "));
        return fault("follows", format!("expected a stage, found {source:?}"), &help);
    };
    let follows =
        |row: &&StageRow| rows.iter().find(|other| row.follows.as_ref() == Some(&other.key));
    // A circle comes back before as many steps as there are stages.
    let chain = std::iter::successors(Some(before), follows).take(rows.len());
    if chain.map(|row| &row.key).any(|key| *key == row.key) {
        return fault(
            "follows",
            format!("{} and {source} follow one another in a circle", row.key),
            "the first stage follows nothing",
        );
    }
    if before.is_by_rate {
        let message = format!(
            "expected a stage of cohorts, found {source}, whose pupils are a rate each year"
        );
        return fault("follows", message, "leave it out: residents of the first age enter");
    }
    let next = before.first_age + before.grades.len();
    if row.first_age != next {
        let message = format!(
            "expected {next}, the age of those who leave {source}, found {}",
            row.first_age
        );
        fault(
            "first_age",
            message,
            "a stage begins a year after the last grade of the one that it follows",
        );
    }
    let mut earlier = rows.iter().take_while(|other| other.key != row.key);
    let alike = |other: &&StageRow| other.follows.as_ref() == Some(source) && !share(row, other);
    if let Some(other) = earlier.find(alike) {
        let message = format!("expected one stage after {source}, found {} too", other.key);
        fault(
            "follows",
            message,
            "two stages that follow one share their source: shares_source_with",
        );
    }
}

/// Two stages that share a source have it and their ages in common, and there is one such pair.
fn check_sharer(
    rows: &[StageRow],
    row: &StageRow,
    fault: &mut impl FnMut(&'static str, String, &str),
) {
    let Some(first) = &row.shares_source_with else { return };
    let Some(other) = rows.iter().find(|other| other.key == *first && other.key != row.key) else {
        return fault(
            "shares_source_with",
            format!("expected another stage, found {first:?}"),
            "name the stage that takes the academic share",
        );
    };
    if other.shares_source_with.is_some() {
        return fault(
            "shares_source_with",
            format!("{first} itself shares the source of another stage"),
            "only the second of two stages says so",
        );
    }
    if row.follows.is_none() || other.follows != row.follows {
        return fault(
            "shares_source_with",
            format!("expected stages that follow the same one, {} and {first} do not", row.key),
            "give both the same follows",
        );
    }
    if row.grades.len() != other.grades.len() && other.grades.len() <= MAX_GRADES {
        let (n, found) = (other.grades.len(), row.grades.len());
        let message = format!("expected as many grades as {first} has, {n}, found {found}");
        fault("grades", message, "two stages that share a source have the same ages");
    }
    if rows.iter().any(|third| third.shares_source_with.is_some() && third.key != row.key) {
        fault(
            "shares_source_with",
            "expected one pair of stages that share a source, found two".to_string(),
            "the academic share divides one pair",
        );
    }
}
