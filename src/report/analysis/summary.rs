//! `summary.json` and `manifest.json` of an analysis.

use serde_json::{Map, Value, json};

use super::Report;
use super::rules::RULES;
use xuewei_sweep::analysis::run_analysis::Studied;
use xuewei_sweep::analysis::study::{Discovery, Index};

/// The measure by which factors are ranked in the summary: the first of these that there is.
const RANKED_BY: [&str; 3] = ["sobol_total", "morris_mu_star", "delta"];

/// What was found, in short.
pub(super) fn summary(report: &Report) -> Value {
    let draws = report.draws;
    let failed = |scenario: usize| {
        let reasons = report.failures.get(scenario).map_or(&[][..], Vec::as_slice);
        let reason = |(reason, n): &(String, usize)| json!({ "reason": reason, "draws": n });
        let n = draws.has_failed[scenario].iter().filter(|failed| **failed).count();
        json!({ "draws": n, "reasons": reasons.iter().map(reason).collect::<Vec<_>>() })
    };
    let by_scenario = |f: &dyn Fn(usize) -> Value| -> Value {
        let keys = draws.scenarios.iter().enumerate();
        keys.map(|(s, key)| (key.clone(), f(s))).collect::<Map<String, Value>>().into()
    };
    json!({
        "city": report.city,
        "sweep": report.sweep,
        "design": report.design,
        "draws": draws.n_draws(),
        "draws_missing": draws.is_there.iter().filter(|there| !**there).count(),
        "failed": by_scenario(&failed),
        "factors": draws.factors,
        "scenarios": report.asked.scenarios.iter().map(|&s| &draws.scenarios[s]).collect::<Vec<_>>(),
        "settings": settings(report),
        "rules": RULES.iter().map(|[key, zh, en]| json!({ "key": key, "zh": zh, "en": en })).collect::<Vec<_>>(),
        "outcomes": report.found.studied.iter().map(|s| outcome(report, s)).collect::<Vec<_>>(),
        "cleared": cleared(report),
    })
}

/// What the files depend on; no threads, paths or times.
pub(super) fn manifest(report: &Report) -> Value {
    json!({
        "program": "xuewei",
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "analysis",
        "city": report.city,
        "sweep": report.sweep,
        "sha256_of_parts": report.sha256,
        "settings": settings(report),
    })
}

fn settings(report: &Report) -> Value {
    let (asked, own) = (report.asked, &report.asked.settings);
    let texts = |all: &[xuewei_sweep::analysis::case::Condition]| -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    };
    json!({
        "outcomes": asked.outcomes,
        "bands": asked.yearly,
        "cases": texts(&asked.cases),
        "conditions": texts(&asked.bounds),
        "high": asked.high,
        "cleared_at": asked.cleared_at,
        "resamples": own.n_resamples,
        "seed": own.seed,
        "level": own.level,
        "delta_draws": own.delta_draws,
        "pawn_slices": own.n_slices,
        "prim": { "peel": own.prim.peel, "paste": own.prim.paste, "smallest_mass": own.prim.smallest_mass, "boxes": own.n_boxes },
        "cart": { "depth": own.cart.depth, "smallest_leaf": own.cart.smallest_leaf, "complexity": own.cart.complexity },
    })
}

fn outcome(report: &Report, studied: &Studied) -> Value {
    let band = studied.band.as_ref();
    let left_out = studied.left_out;
    json!({
        "outcome": studied.outcome,
        "scenario": report.draws.scenarios[studied.scenario],
        "draws": band.map_or(0, |band| band.n_draws),
        "left_out": { "missing": left_out.missing, "failed": left_out.failed, "empty": left_out.empty, "with_group": left_out.with_group },
        "never_counts_as": studied.never,
        "mean": band.map(|band| band.mean),
        "p5": band.map(|band| band.quantiles[0]),
        "p50": band.map(|band| band.quantiles[3]),
        "p95": band.map(|band| band.quantiles[6]),
        "factors_by_weight": weights(report, studied),
        "last_change_of_sobol_indices": studied.sensitivity.last_change,
        "discovery": studied.discoveries.iter().map(|d| discovery(report, d)).collect::<Vec<_>>(),
    })
}

/// Factors by the measure that the design has, the weightiest first.
fn weights(report: &Report, studied: &Studied) -> Vec<Value> {
    let of = |measure: &'static str| {
        let own = move |index: &&Index| index.measure == measure && index.value.is_some();
        studied.sensitivity.indices.iter().filter(own)
    };
    let Some(measure) = RANKED_BY.into_iter().find(|measure| of(measure).next().is_some()) else {
        return Vec::new();
    };
    let mut ranked: Vec<&Index> = of(measure).collect();
    ranked.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    let row = |index: &&Index| {
        let factor = index.factor.map(|j| &report.draws.factors[j]);
        json!({
            "factor": factor,
            "measure": measure,
            "value": index.value,
            "low": index.interval.map(|i| i.0),
            "high": index.interval.map(|i| i.1),
        })
    };
    ranked.iter().map(row).collect()
}

fn discovery(report: &Report, discovery: &Discovery) -> Value {
    let boxes: Vec<Value> = discovery
        .boxes
        .iter()
        .map(|trajectory| {
            let step = &trajectory.steps[trajectory.chosen];
            let limits: Vec<Value> = super::limits(trajectory)
                .map(|(factor, limits, quasi_p)| {
                    json!({
                        "factor": report.draws.factors[factor],
                        "low": quasi_p[0].map(|_| limits[0]),
                        "high": quasi_p[1].map(|_| limits[1]),
                        "quasi_p_low": quasi_p[0],
                        "quasi_p_high": quasi_p[1],
                    })
                })
                .collect();
            json!({ "coverage": step.coverage, "density": step.density, "mass": step.mass, "limits": limits })
        })
        .collect();
    json!({
        "case": discovery.condition.to_string(),
        "cases": discovery.n_cases,
        "draws": discovery.n_draws,
        "boxes": boxes,
        "tree_r_squared": discovery.tree.as_ref().map(|tree| tree.r_squared),
    })
}

fn cleared(report: &Report) -> Vec<Value> {
    let row = |cleared: &xuewei_sweep::analysis::run_analysis::Cleared| {
        json!({
            "outcome": cleared.outcome,
            "scenario": report.draws.scenarios[cleared.scenario],
            "half_by": cleared.reached(0.5),
            "nine_tenths_by": cleared.reached(0.9),
            "share_at_the_end": cleared.shares.last().map(|share| share.share),
        })
    };
    report.found.cleared.iter().map(row).collect()
}
