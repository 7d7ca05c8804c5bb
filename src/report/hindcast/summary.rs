//! `summary.json` and `manifest.json` of a hindcast.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::resolved::input_hashes;
use xuewei_model::hindcast::errors::{ErrorRow, Group};
use xuewei_model::hindcast::expectations::Nearer;
use xuewei_model::hindcast::{Status, error_unit};

use super::{Hindcast, StartDone};

fn text(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// `summary.json`: starts, totals of errors, others' accuracy.
pub(super) fn summary(hindcast: &Hindcast) -> Vec<u8> {
    let totals = hindcast.errors.iter().filter(|row| row.lead.is_none());
    text(&json!({
        "program": format!("xuewei {}", env!("CARGO_PKG_VERSION")),
        "city": hindcast.city.scenario.city.key,
        "draws": hindcast.draws,
        "seed": hindcast.seed,
        "starts": hindcast.starts.iter().map(start).collect::<Vec<_>>(),
        "errors": totals.map(|row| error(hindcast, row)).collect::<Vec<_>>(),
        "references": hindcast.references.iter().map(|r| json!({
            "publisher": r.publisher,
            "series": r.series,
            "lead_years": r.lead_years,
            "mape_percent": r.mape_percent,
            "source": r.source,
        })).collect::<Vec<_>>(),
    }))
}

fn start(start: &StartDone) -> Value {
    let n = |status: Status| start.pairs.iter().filter(|pair| pair.status == status).count();
    let nearer = |who: Nearer| start.expectations.iter().filter(|e| e.nearer == Some(who)).count();
    let compared = start.expectations.iter().filter(|e| e.nearer.is_some()).count();
    json!({
        "start": start.key,
        "city": start.loaded.scenario.city.key,
        "scenario": start.loaded.scenario.key,
        "base_year": start.known.base_year,
        "horizon": start.loaded.scenario.city.horizon,
        "known_until": start.known.until,
        "pairs": start.pairs.len(),
        "counted": n(Status::Counted),
        "used": n(Status::Used),
        "not_a_forecast": n(Status::NotForecast),
        "incomparable": n(Status::Incomparable),
        "not_compared": start.skipped.iter().map(|row| row.n).sum::<usize>(),
        "expectations": compared,
        "plan_nearer": nearer(Nearer::Plan),
        "model_nearer": nearer(Nearer::Model),
        "drawn_figures": start.factors.iter().map(|factor| factor.path.as_str()).collect::<Vec<_>>(),
        "refused_draws": start.n_refused,
        "no_grade_progression": start.no_progression,
        "targets_left_out": start.left_out,
    })
}

fn error(hindcast: &Hindcast, row: &ErrorRow) -> Value {
    let rivals: serde_json::Map<String, Value> = row
        .rivals
        .iter()
        .map(|r| {
            let value = json!({
                "n": r.n,
                "mean_absolute_error": r.mean_absolute,
                "model_on_the_same": r.model_mean_absolute,
                "is_better": r.is_better(),
            });
            (r.rival.key().to_string(), value)
        })
        .collect();
    json!({
        "start": hindcast.start_key(row.start),
        "family": row.family.key(),
        "stages": row.group.map_or("all", Group::key),
        "n": row.n,
        "mean_absolute_error": row.mean_absolute,
        "bias": row.bias,
        "unit": error_unit(row.family.is_share()),
        "n_interval": row.n_interval,
        "coverage_80": row.coverage(),
        "rivals": rivals,
    })
}

/// `manifest.json`: program version, hashes of the input files, draws and their seed.
pub(super) fn manifest(hindcast: &Hindcast) -> Vec<u8> {
    let starts: Vec<Value> = hindcast
        .starts
        .iter()
        .map(|start| json!({ "start": start.key, "inputs": input_hashes(&start.loaded) }))
        .collect();
    let references = hindcast.references_file.as_ref().map(|file| {
        let hash = Sha256::digest(&file.bytes);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({ "name": file.name, "sha256": hex })
    });
    text(&json!({
        "program": "xuewei",
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "hindcast",
        "city": hindcast.city.scenario.city.key,
        "draws": hindcast.draws,
        "seed": hindcast.seed,
        "inputs": input_hashes(&hindcast.city),
        "starts": starts,
        "accuracy": references,
    }))
}
