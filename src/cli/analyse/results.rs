//! What an analysis says, in short, on the terminal.

use std::io::stderr;
use std::path::Path;

use crate::analysis::run_analysis::Studied;
use crate::report::analysis::Report;
use crate::report::chart::Lang;

use super::super::results::table;
use super::read::Source;

/// Prints where the files are, what was left out, when classes are cleared and which factors weigh most.
pub(super) fn print(report: &Report, into: &Path, lang: Lang) {
    let zh = lang == Lang::Zh;
    let draws = report.draws;
    eprintln!("{}", into.display());
    let n_missing = draws.is_there.iter().filter(|there| !**there).count();
    let n = draws.n_draws();
    if n_missing > 0 {
        let english = format!("{n_missing} of {n} draws are missing: parts that are not finished");
        eprintln!(
            "{}",
            if zh {
                format!("{n}个抽样中缺{n_missing}个：分片未完成")
            } else {
                english
            }
        );
    }
    for (scenario, failed) in draws.scenarios.iter().zip(&draws.has_failed) {
        let n_failed = failed.iter().filter(|failed| **failed).count();
        if n_failed > 0 {
            let english = format!(
                "{scenario}: {n_failed} of {n} draws failed and are left out; summary.json has the reasons"
            );
            let chinese =
                format!("{scenario}：{n}个抽样中{n_failed}个失败，不参与分析，原因见 summary.json");
            eprintln!("{}", if zh { chinese } else { english });
        }
    }
    cleared(report, zh);
    weights(report, zh);
}

/// Says that the words of charts are keys where there are no others.
pub(super) fn of_labels(source: &Source, lang: Lang) {
    if !source.has_labels {
        eprintln!(
            "{}",
            match lang {
                Lang::Zh =>
                    "\n没有可读的 labels.json：图中用代码代替名称；重新运行 xuewei sweep 即可补上",
                Lang::En =>
                    "\nno labels.json that can be read: charts have keys for names; `xuewei sweep` writes it",
            }
        );
    }
}

fn heading(zh: bool, columns: &[(&str, &str)]) -> Vec<String> {
    columns
        .iter()
        .map(|(chinese, english)| if zh { chinese } else { english }.to_string())
        .collect()
}

/// Futures in which oversized classes are gone: by when half and nine tenths, and how many at the end.
fn cleared(report: &Report, zh: bool) {
    let year = |year: Option<i32>| year.map_or("–".to_string(), |year| year.to_string());
    let rows: Vec<Vec<String>> = report
        .found
        .cleared
        .iter()
        .map(|row| {
            let last = row.shares.last().map_or(0.0, |share| share.share);
            vec![
                row.outcome.clone(),
                report.draws.scenarios[row.scenario].clone(),
                year(row.reached(0.5)),
                year(row.reached(0.9)),
                format!("{:.1} %", 100.0 * last),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let header = heading(
        zh,
        &[
            ("清零", "gone"),
            ("情景", "scenario"),
            ("一半未来", "half by"),
            ("九成未来", "nine tenths by"),
            ("末年比例", "at the end"),
        ],
    );
    eprint!("\n{}", table(&header, &rows, &[2, 3, 4], &stderr()));
}

/// The three weightiest factors of every outcome.
fn weights(report: &Report, zh: bool) {
    let measures = ["sobol_total", "morris_mu_star", "delta"];
    let row = |studied: &Studied| -> Option<Vec<String>> {
        let all = &studied.sensitivity.indices;
        let measure = measures.into_iter().find(|measure| {
            all.iter().any(|index| index.measure == *measure && index.value.is_some())
        })?;
        let mut ranked: Vec<(f64, usize)> = all
            .iter()
            .filter(|index| index.measure == measure)
            .filter_map(|index| Some((index.value?, index.factor?)))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let named = |(value, factor): &(f64, usize)| {
            let value = match measure {
                "morris_mu_star" => format!("{value:.3e}"),
                _ => format!("{value:.2}"),
            };
            format!("{} {value}", report.draws.factors[*factor])
        };
        let most: Vec<String> = ranked.iter().take(3).map(named).collect();
        let scenario = report.draws.scenarios[studied.scenario].clone();
        Some(vec![studied.outcome.clone(), scenario, measure.to_string(), most.join(", ")])
    };
    let rows: Vec<Vec<String>> = report.found.studied.iter().filter_map(row).collect();
    if rows.is_empty() {
        return;
    }
    let header = heading(
        zh,
        &[
            ("结果", "outcome"),
            ("情景", "scenario"),
            ("指标", "measure"),
            ("主要因素", "factors that weigh most"),
        ],
    );
    eprint!("\n{}", table(&header, &rows, &[], &stderr()));
}
