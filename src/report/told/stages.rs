//! The stages of the city whose run is told, from its folder.

use serde_json::Value;
use xuewei_model::stages::StageRow;

use crate::axes::Stages;
use crate::input::china;

use super::outputs::Output;

/// The stages of a run in their order; those of China where its scenario names none.
pub(super) fn of_run(run: &Output) -> &'static Stages {
    let table = run.at("resolved.toml", &["stages"]);
    // The tree has lost the order of the file, which is also that of the summary.
    let stages = run.at("summary.json", &["stages"]).as_array();
    let keys = stages.into_iter().flatten().filter_map(|stage| stage["stage"].as_str());
    let rows: Vec<StageRow> =
        keys.filter_map(|key| table.get(key).map(|value| row(key, value))).collect();
    Stages::new(rows).unwrap_or_else(|_| china())
}

fn row(key: &str, value: &Value) -> StageRow {
    let text = |name: &str| value[name].as_str().map(str::to_string);
    let texts = |name: &str| -> Vec<String> {
        let all = value[name].as_array().into_iter().flatten();
        all.filter_map(|item| item.as_str().map(str::to_string)).collect()
    };
    let together = text("together").map(|zh| {
        let en = text("together_en").unwrap_or_else(|| zh.clone());
        [zh, en]
    });
    let age = value["first_age"].as_u64().and_then(|age| usize::try_from(age).ok());
    StageRow {
        key: key.to_string(),
        zh: text("name").unwrap_or_else(|| key.to_string()),
        en: text("name_en").unwrap_or_else(|| key.to_string()),
        also: texts("also"),
        schools_en: text("schools_en"),
        grades: texts("grades"),
        first_age: age.unwrap_or_default(),
        follows: text("follows"),
        shares_source_with: text("shares_source_with"),
        together,
        is_by_rate: text("entry").as_deref() == Some("rate"),
        is_compulsory: value["compulsory"].as_bool() == Some(true),
    }
}
