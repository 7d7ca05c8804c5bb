//! `xuewei schema`: a JSON Schema of the input files, made from the table of keys.

use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::input::keys::{KEYS, Kind, Shape, names_of};

/// Arguments of `schema`.
#[derive(Args)]
#[command(after_help = "Example:\n  xuewei schema --of sweep")]
pub(super) struct SchemaArguments {
    /// Which files it describes.
    #[arg(long, value_enum, default_value = "scenario")]
    of: Files,
}

/// Kinds of input files.
#[derive(Clone, Copy, ValueEnum)]
enum Files {
    /// Cities and scenarios.
    Scenario,
    /// Sweeps.
    Sweep,
}

/// Prints the schema to standard output.
pub(super) fn schema(arguments: &SchemaArguments) -> u8 {
    let schema = match arguments.of {
        Files::Scenario => of_scenarios(),
        Files::Sweep => {
            let mut schema = super::sweeps::schema();
            schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            schema
        }
    };
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => 0,
        Err(_) => super::FAILED,
    }
}

fn of_scenarios() -> Value {
    let mut root = Map::new();
    for key in KEYS {
        let parts: Vec<&'static str> = key.pattern.split('.').collect();
        insert(&mut root, &parts, schema_of(key.kind, key.meaning));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xuewei city or scenario, format 1",
        "type": "object",
        "required": ["format"],
        "properties": properties(root, &[
            ("format", json!({ "const": 1 })),
            ("base", json!({ "type": "string", "description": "file that this one is laid over" })),
            ("overlays", json!({ "type": "array", "items": { "type": "string" } })),
            ("set", json!({ "type": "object", "description": "changes what exists" })),
            ("add", json!({ "type": "object", "description": "makes new" })),
            ("remove", json!({ "type": "object", "description": "deletes: name = true" })),
        ]),
    })
}

fn properties(root: Map<String, Value>, first: &[(&str, Value)]) -> Value {
    let mut all = Map::new();
    for (name, value) in first {
        all.insert((*name).to_string(), value.clone());
    }
    all.extend(root);
    Value::Object(all)
}

fn insert(properties: &mut Map<String, Value>, parts: &[&'static str], leaf: Value) {
    let names: Vec<&str> = match parts[0] {
        "<name>" => vec!["<name>"],
        part => names_of(crate::input::china(), part),
    };
    for name in names {
        if name == "<name>" {
            continue;
        }
        if parts.len() == 1 {
            properties.insert(name.to_string(), leaf.clone());
            continue;
        }
        let group =
            properties.entry(name).or_insert_with(|| json!({ "type": "object", "properties": {} }));
        if parts[1] == "<name>" {
            if group.get("additionalProperties").is_none() {
                group["additionalProperties"] = json!({ "type": "object", "properties": {} });
            }
            if parts.len() == 2 {
                group["additionalProperties"] = leaf.clone();
            } else if let Some(inner) = group["additionalProperties"]["properties"].as_object_mut()
            {
                insert(inner, &parts[2..], leaf.clone());
            }
        } else if let Some(inner) = group["properties"].as_object_mut() {
            insert(inner, &parts[1..], leaf.clone());
        }
    }
}

fn schema_of(kind: Kind, meaning: &str) -> Value {
    let mut schema = match kind {
        Kind::Text | Kind::File => json!({ "type": "string" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Span(least, most) | Kind::Pair(least, most) => json!({
            "type": "array", "minItems": 2, "maxItems": 2,
            "items": { "type": "integer", "minimum": least, "maximum": most }
        }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Stage => json!({ "type": "string" }),
        Kind::Figure { units, shape, .. } => figure_schema(units, shape),
    };
    schema["description"] = json!(meaning);
    schema
}

fn figure_schema(units: &[&str], shape: Shape) -> Value {
    let number = json!({ "type": "number" });
    let list = json!({ "type": "array", "items": { "type": "number" } });
    let value = match shape {
        Shape::Scalar | Shape::Path => number,
        Shape::Grades(_) | Shape::Retentions => json!({ "anyOf": [number, list] }),
        Shape::List(_) | Shape::Weights => list,
        Shape::Table => json!(false),
    };
    let mut properties = json!({
        "unit": { "enum": units },
        "source": { "type": "string" },
        "low": { "type": "number" },
        "high": { "type": "number" },
        "note": { "type": "string" },
        "origin": { "type": "string" }
    });
    match shape {
        Shape::Table => properties["table"] = json!({ "type": "string" }),
        Shape::Path | Shape::Grades(_) | Shape::Retentions => {
            properties["value"] = value.clone();
            properties["by_year"] = json!({ "type": "object", "additionalProperties": value });
        }
        _ => properties["value"] = value,
    }
    json!({
        "type": "object",
        "required": ["unit", "source"],
        "properties": properties,
        "additionalProperties": false
    })
}
