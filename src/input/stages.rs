//! Stages of schooling as files have them: `[stages.<key>]` of a base or a city.

use std::sync::LazyLock;

use crate::axes::Stages;
use xuewei_model::stages::{StageFault, StageRow};

use super::keys::is_beside_stages;
use super::load::Load;
use super::tree::{self, Node, Value};

/// The stages of Chinese cities, for a city none of whose files names any: those of `china.toml`.
pub fn china() -> &'static Stages {
    static CHINA: LazyLock<&'static Stages> = LazyLock::new(|| {
        let (tree, _) = tree::parse(include_str!("../../scenarios/china.toml"), 0);
        Stages::new(rows(&tree).unwrap_or_default()).expect("the stages of china.toml are sound")
    });
    *CHINA
}

/// The stages of a tree, those of [`china`] where it names none or where they have faults, and the faults.
pub(super) fn read(tree: &Node) -> (&'static Stages, Vec<StageFault>) {
    let rows = rows(tree);
    let misnamed: Vec<StageFault> = rows.iter().flatten().filter_map(misnamed).collect();
    match rows.map(Stages::new) {
        _ if !misnamed.is_empty() => (china(), misnamed),
        None => (china(), Vec::new()),
        Some(Ok(stages)) => (stages, Vec::new()),
        Some(Err(faults)) => (china(), faults),
    }
}

/// That a stage has the name of totals, or of a key that stands beside those of stages.
fn misnamed(row: &StageRow) -> Option<StageFault> {
    let message = match row.key.as_str() {
        "all" => "expected another name: `all` stands for totals in every table".to_string(),
        key if is_beside_stages(key) => {
            format!("expected another name: `{key}` is a key that stands beside those of stages")
        }
        _ => return None,
    };
    let help = format!("choose another key than `{}`", row.key);
    Some(StageFault { stage: row.key.clone(), field: "", message, help })
}

/// Notes what keeps the rows of a tree from being stages, each at its key.
pub(super) fn note(load: &mut Load, checked: &super::check::Checked, faults: Vec<StageFault>) {
    // A row that could not be read has been noted with what it lacks.
    if load.problems.list.iter().any(|problem| problem.path.starts_with("stages.")) {
        return;
    }
    for StageFault { stage, field, message, help } in faults {
        let parts = ["stages", stage.as_str(), field];
        let path = |n: usize| parts[..n].join(".").trim_end_matches('.').to_string();
        let is_there = |n: &usize| checked.positions.contains_key(&path(*n));
        let at = [3, 2, 1].into_iter().find(is_there).map(path).unwrap_or_default();
        load.problem(checked.position(&at), &path(3), message, help);
    }
}

/// The rows of a tree, as far as they can be read; `None` of a tree without any.
fn rows(tree: &Node) -> Option<Vec<StageRow>> {
    let table = tree.at("stages")?.table()?;
    Some(table.entries.iter().map(|(key, _, node)| row(key, node)).collect())
}

fn row(key: &str, node: &Node) -> StageRow {
    let text = |name: &str| node.at(name).and_then(Node::text).map(str::to_string);
    let texts = |name: &str| match node.at(name).map(|node| &node.value) {
        Some(Value::List(items)) => {
            items.iter().filter_map(|item| item.text().map(str::to_string)).collect()
        }
        _ => Vec::new(),
    };
    let flag =
        |name: &str| matches!(node.at(name).map(|node| &node.value), Some(Value::Flag(true)));
    let zh = text("name").unwrap_or_else(|| key.to_string());
    let together = text("together").map(|zh| {
        let en = text("together_en").unwrap_or_else(|| zh.clone());
        [zh, en]
    });
    StageRow {
        en: text("name_en").unwrap_or_else(|| key.to_string()),
        also: texts("also"),
        schools_en: text("schools_en"),
        grades: texts("grades"),
        first_age: match node.at("first_age").map(|node| &node.value) {
            Some(Value::Whole(age)) => usize::try_from(*age).unwrap_or(0),
            _ => 0,
        },
        follows: text("follows"),
        shares_source_with: text("shares_source_with"),
        together,
        is_by_rate: text("entry").as_deref() == Some("rate"),
        is_compulsory: flag("compulsory"),
        key: key.to_string(),
        zh,
    }
}
