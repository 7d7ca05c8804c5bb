//! What `check` says of sweep files: their problems and a table of their factors; and their part of `schema`.

use std::collections::BTreeMap;
use std::io::stderr;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::experiment::distribution::LAWS;
use crate::experiment::{Factor, Kind};
use crate::input::sweep::keys::{Holds, SWEEP_KEYS, SweepKey};
use crate::input::{LoadedSweep, Refused, load_sweep};
use crate::report::chart::Lang;
use crate::sweep::slow::Slow;

use super::results::table;

/// Loads a sweep for `check`.
pub(super) fn load(path: &Path, sets: &[String]) -> Result<LoadedSweep, Refused> {
    load_sweep(path, sets, &crate::sweep::outcome::known)
}

/// Prints the factors of a sweep, the size of its design, and which scenarios are slow to run.
pub(super) fn tell(loaded: &LoadedSweep, slow: &BTreeMap<String, Vec<Slow>>) {
    let sweep = &loaded.sweep;
    eprintln!("{}: {} factors, {}", sweep.key, sweep.factors.len(), size(loaded));
    let heading = ["factor", "figure", "how", "law", "10 %", "median", "90 %", "unit", "source"];
    let heading: Vec<String> = heading.iter().map(|text| text.to_string()).collect();
    let rows: Vec<Vec<String>> = sweep.factors.iter().flat_map(rows_of).collect();
    eprint!("{}", table(&heading, &rows, &[4, 5, 6], &stderr()));
    tell_slow(slow, Lang::En);
}

/// Says which scenarios do not run at full speed, why, and how much slower they are.
pub(super) fn tell_slow(slow: &BTreeMap<String, Vec<Slow>>, lang: Lang) {
    for (key, reasons) in slow {
        for reason in reasons {
            match (lang, reason.sentence()) {
                (Lang::Zh, (zh, _)) => eprintln!("{key}：{zh}"),
                (Lang::En, (_, en)) => eprintln!("{key}: {en}"),
            }
        }
    }
}

/// A row for the factor and one for every further figure that it moves.
fn rows_of(factor: &Factor) -> Vec<Vec<String>> {
    let law = &factor.distribution;
    let at = |u: f64| format!("{}", (law.quantile(u) * 1e4).round() / 1e4);
    let how = match factor.from_year {
        Some(year) => format!("{} from {year}", factor.how.key()),
        None => factor.how.key().to_string(),
    };
    let mut rows = Vec::new();
    for (idx, path) in factor.paths.iter().enumerate() {
        let first = [
            factor.key.clone(),
            path.clone(),
            how.clone(),
            law.kind().to_string(),
            at(0.1),
            at(0.5),
            at(0.9),
            factor.unit.clone(),
            factor.source.clone(),
        ];
        let further = |(column, text): (usize, String)| match column {
            1 => text,
            _ if idx > 0 => String::new(),
            _ => text,
        };
        rows.push(first.into_iter().enumerate().map(further).collect());
    }
    rows
}

/// What a design runs, in words.
fn size(loaded: &LoadedSweep) -> String {
    let (design, n) = (&loaded.sweep.design, loaded.sweep.factors.len() as u64);
    let rows = match design.kind {
        Kind::MonteCarlo | Kind::LatinHypercube | Kind::Sobol => design.draws,
        Kind::Saltelli if design.second_order => design.draws.saturating_mul(2 * n + 2),
        Kind::Saltelli => design.draws.saturating_mul(n + 2),
        Kind::Morris => design.draws.saturating_mul(n + 1),
        Kind::Grid => design.levels_by_factor.iter().product(),
        Kind::Table => design.rows.len() as u64,
    };
    let scenarios = loaded.scenarios.len();
    format!("{} design of {rows} draws in {scenarios} scenarios", design.kind.key())
}

/// JSON Schema of sweep files, made from the table of their keys.
pub(super) fn schema() -> Value {
    let mut root = json!({ "type": "object", "properties": {} });
    for key in SWEEP_KEYS {
        let parts: Vec<&str> = key.pattern.split('.').collect();
        insert(&mut root, &parts, key);
    }
    if let Some(properties) = root["properties"].as_object_mut() {
        properties.insert("format".to_string(), json!({ "const": 1 }));
    }
    root["title"] = json!("xuewei sweep, format 1");
    root["additionalProperties"] = json!(false);
    let mut required = vec![json!("format"), json!("design"), json!("factors"), json!("outcomes")];
    required.extend(root["required"].as_array().cloned().unwrap_or_default());
    root["required"] = json!(required);
    root
}

/// Puts a key below an object, with the groups on the way.
fn insert(object: &mut Value, parts: &[&str], key: &SweepKey) {
    let Some((part, rest)) = parts.split_first() else { return };
    let group = || json!({ "type": "object", "properties": {}, "additionalProperties": false });
    let inner = match *part {
        "<name>" => &mut object["additionalProperties"],
        "[]" => {
            object["type"] = json!("array");
            if let Some(map) = object.as_object_mut() {
                map.remove("properties");
                map.remove("additionalProperties");
            }
            &mut object["items"]
        }
        name => &mut object["properties"][name],
    };
    if rest.is_empty() {
        *inner = schema_of(key);
        if key.required {
            let mut required = object["required"].as_array().cloned().unwrap_or_default();
            required.push(json!(part));
            object["required"] = json!(required);
        }
        return;
    }
    if !inner.is_object() {
        *inner = group();
    }
    insert(inner, rest, key);
}

fn schema_of(key: &SweepKey) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    let mut schema = match key.holds {
        Holds::Text => json!({ "type": "string" }),
        Holds::Texts => texts,
        Holds::TextOrTexts => json!({ "anyOf": [{ "type": "string" }, texts] }),
        Holds::Flag => json!({ "type": "boolean" }),
        Holds::Whole(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Holds::Number(least, most) => {
            json!({ "type": "number", "exclusiveMinimum": least, "exclusiveMaximum": most })
        }
        Holds::Choice(words) => json!({ "enum": words }),
        Holds::Law => laws(),
    };
    schema["description"] = json!(key.meaning);
    schema
}

/// One alternative for every kind of law.
fn laws() -> Value {
    let alternatives: Vec<Value> = LAWS
        .iter()
        .map(|law| {
            let mut properties = Map::new();
            properties.insert("kind".to_string(), json!({ "const": law.key }));
            for number in law.numbers.iter().chain(law.optional) {
                properties.insert(number.to_string(), json!({ "type": "number" }));
            }
            let mut required = vec!["kind"];
            required.extend(law.numbers);
            if law.has_values {
                let list = json!({ "type": "array", "items": { "type": "number" } });
                properties.insert("values".to_string(), list.clone());
                properties.insert("weights".to_string(), list);
                required.push("values");
            }
            json!({
                "type": "object",
                "description": law.meaning,
                "properties": properties,
                "required": required,
                "additionalProperties": false
            })
        })
        .collect();
    json!({ "anyOf": alternatives })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key of the table stands in the schema, and every required one among the required of its group.
    #[test]
    fn the_schema_has_every_key() {
        let schema = schema();
        for key in SWEEP_KEYS {
            let mut object = &schema;
            let (groups, last) = key.pattern.rsplit_once('.').unwrap_or(("", key.pattern));
            for part in groups.split('.').filter(|part| !part.is_empty()) {
                object = match part {
                    "<name>" => &object["additionalProperties"],
                    "[]" => &object["items"],
                    name => &object["properties"][name],
                };
            }
            assert_eq!(object["properties"][last]["description"], key.meaning, "{}", key.pattern);
            let required = object["required"].as_array().cloned().unwrap_or_default();
            assert_eq!(required.contains(&json!(last)), key.required, "{}", key.pattern);
        }
        let laws = &schema["properties"]["factors"]["additionalProperties"]["properties"];
        let laws = laws["distribution"]["anyOf"].as_array().map(Vec::len);
        assert_eq!(laws, Some(LAWS.len()));
    }
}
