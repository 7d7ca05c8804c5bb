//! What was found in a sweep, as files: `analysis/*.csv`, `summary.json`, `dictionary.csv`, `manifest.json`.
//!
//! In: the results of [`xuewei_sweep::analysis::run_analysis`]. Out: names and contents of files; computes nothing new.

mod dictionary;
mod rules;
mod summary;

use serde_json::Value;

use super::rows::{Cell, Format, TableWriter};
use xuewei_sweep::analysis::draws::Draws;
use xuewei_sweep::analysis::prim::Trajectory;
use xuewei_sweep::analysis::run_analysis::{Analysed, Asked};
use xuewei_sweep::analysis::study::{Discovery, Index};

/// An analysis with what it is of.
#[derive(Debug)]
pub struct Report<'a> {
    /// Key of the city.
    pub city: &'a str,
    /// Key of the sweep.
    pub sweep: &'a str,
    /// The design as it stands in the sweep's manifest.
    pub design: &'a Value,
    /// SHA-256 of all parts; none while some are missing.
    pub sha256: Option<String>,
    /// Reasons of failed rows with their numbers, by scenario.
    pub failures: &'a [Vec<(String, usize)>],
    /// The draws.
    pub draws: &'a Draws,
    /// What was asked.
    pub asked: &'a Asked,
    /// What was found.
    pub found: &'a Analysed,
    /// Byte order mark before a CSV, for Excel on Windows.
    pub with_bom: bool,
}

/// All files of the folder `analysis`.
pub fn files(report: &Report) -> Vec<(String, Vec<u8>)> {
    let tables: [(&str, Vec<u8>); 13] = [
        ("sensitivity", report.sensitivity()),
        ("convergence", report.convergence()),
        ("outcomes", report.outcomes()),
        ("bands", report.bands()),
        ("cleared", report.cleared()),
        ("satisficing", report.satisficing()),
        ("regret", report.regret()),
        ("dominance", report.dominance()),
        ("prim", report.prim()),
        ("prim_boxes", report.prim_boxes()),
        ("cart", report.cart()),
        ("cart_limits", report.cart_limits()),
        ("dictionary", dictionary::table(report.with_bom)),
    ];
    let mut files: Vec<(String, Vec<u8>)> =
        tables.into_iter().map(|(name, table)| (format!("{name}.csv"), table)).collect();
    files.push(("summary.json".into(), pretty(&summary::summary(report))));
    files.push(("manifest.json".into(), pretty(&summary::manifest(report))));
    files
}

/// `manifest.json` of the charts of an analysis: what they depend on.
pub fn manifest_of_charts(report: &Report) -> Vec<u8> {
    let mut manifest = summary::manifest(report);
    manifest["kind"] = "charts".into();
    pretty(&manifest)
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

fn number(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Number)
}

fn whole(value: usize) -> Cell<'static> {
    Cell::Whole(value as i64)
}

fn yes(value: bool) -> Cell<'static> {
    Cell::Text(if value { "true" } else { "false" })
}

impl Report<'_> {
    fn writer(&self, columns: &[&'static str]) -> TableWriter {
        TableWriter::new(Format::Csv, columns, self.with_bom)
    }

    fn scenario(&self, position: usize) -> Cell<'_> {
        Cell::Text(&self.draws.scenarios[position])
    }

    /// A scenario by its position among those asked for.
    fn asked_scenario(&self, place: usize) -> Cell<'_> {
        self.scenario(self.asked.scenarios[place])
    }

    fn factor(&self, position: Option<usize>) -> Cell<'_> {
        position.map_or(Cell::Empty, |j| Cell::Text(&self.draws.factors[j]))
    }

    fn sensitivity(&self) -> Vec<u8> {
        let columns =
            ["outcome", "scenario", "measure", "factor", "other", "value", "low", "high", "reason"];
        let mut writer = self.writer(&columns);
        for studied in &self.found.studied {
            for index in &studied.sensitivity.indices {
                writer.row(&[
                    Cell::Text(&studied.outcome),
                    self.scenario(studied.scenario),
                    Cell::Text(index.measure),
                    self.factor(index.factor),
                    self.factor(index.other),
                    number(index.value),
                    number(index.interval.map(|i| i.0)),
                    number(index.interval.map(|i| i.1)),
                    index.reason.as_deref().map_or(Cell::Empty, Cell::Text),
                ]);
            }
        }
        writer.finish()
    }

    fn convergence(&self) -> Vec<u8> {
        let columns =
            ["outcome", "scenario", "base_points", "measure", "factor", "value", "low", "high"];
        let mut writer = self.writer(&columns);
        for studied in &self.found.studied {
            for (n_base, indices) in &studied.sensitivity.convergence {
                let mut put = |index: &Index| {
                    writer.row(&[
                        Cell::Text(&studied.outcome),
                        self.scenario(studied.scenario),
                        whole(*n_base),
                        Cell::Text(index.measure),
                        self.factor(index.factor),
                        number(index.value),
                        number(index.interval.map(|i| i.0)),
                        number(index.interval.map(|i| i.1)),
                    ]);
                };
                indices.iter().for_each(&mut put);
            }
        }
        writer.finish()
    }

    fn outcomes(&self) -> Vec<u8> {
        let columns = [
            "outcome",
            "scenario",
            "draws",
            "missing",
            "failed",
            "empty",
            "with_group",
            "mean",
            "p5",
            "p10",
            "p25",
            "p50",
            "p75",
            "p90",
            "p95",
        ];
        let mut writer = self.writer(&columns);
        for studied in &self.found.studied {
            let left_out = studied.left_out;
            let mut cells = vec![
                Cell::Text(&studied.outcome),
                self.scenario(studied.scenario),
                whole(studied.band.as_ref().map_or(0, |band| band.n_draws)),
                whole(left_out.missing),
                whole(left_out.failed),
                whole(left_out.empty),
                whole(left_out.with_group),
                number(studied.band.as_ref().map(|band| band.mean)),
            ];
            let quantile = |i: usize| studied.band.as_ref().map(|band| band.quantiles[i]);
            cells.extend((0..7).map(|i| number(quantile(i))));
            writer.row(&cells);
        }
        writer.finish()
    }

    fn bands(&self) -> Vec<u8> {
        let columns = [
            "outcome", "scenario", "year", "draws", "mean", "p5", "p10", "p25", "p50", "p75",
            "p90", "p95",
        ];
        let mut writer = self.writer(&columns);
        for row in &self.found.bands {
            let mut cells = vec![
                Cell::Text(&row.outcome),
                self.scenario(row.scenario),
                Cell::Whole(i64::from(row.year)),
                whole(row.band.n_draws),
                Cell::Number(row.band.mean),
            ];
            cells.extend(row.band.quantiles.iter().map(|q| Cell::Number(*q)));
            writer.row(&cells);
        }
        writer.finish()
    }

    fn cleared(&self) -> Vec<u8> {
        let columns = ["outcome", "scenario", "year", "cleared", "draws", "share", "low", "high"];
        let mut writer = self.writer(&columns);
        for row in &self.found.cleared {
            for (year, share) in row.years.iter().zip(&row.shares) {
                writer.row(&[
                    Cell::Text(&row.outcome),
                    self.scenario(row.scenario),
                    Cell::Whole(i64::from(*year)),
                    whole(share.n),
                    whole(share.n_draws),
                    Cell::Number(share.share),
                    Cell::Number(share.low),
                    Cell::Number(share.high),
                ]);
            }
        }
        writer.finish()
    }

    fn satisficing(&self) -> Vec<u8> {
        let columns = ["condition", "scenario", "met", "draws", "share", "low", "high"];
        let mut writer = self.writer(&columns);
        for satisfied in &self.found.satisfied {
            let condition = satisfied.condition.to_string();
            for (place, share) in satisfied.shares.iter().enumerate() {
                writer.row(&[
                    Cell::Text(&condition),
                    self.asked_scenario(place),
                    whole(share.map_or(0, |s| s.n)),
                    whole(share.map_or(0, |s| s.n_draws)),
                    number(share.map(|s| s.share)),
                    number(share.map(|s| s.low)),
                    number(share.map(|s| s.high)),
                ]);
            }
        }
        writer.finish()
    }

    fn regret(&self) -> Vec<u8> {
        let columns = ["outcome", "scenario", "draws", "mean", "p90", "largest", "best_share"];
        let mut writer = self.writer(&columns);
        for compared in &self.found.compared {
            for (place, regret) in compared.regrets.iter().enumerate() {
                writer.row(&[
                    Cell::Text(&compared.outcome),
                    self.asked_scenario(place),
                    whole(compared.n_draws),
                    Cell::Number(regret.mean),
                    Cell::Number(regret.p90),
                    Cell::Number(regret.largest),
                    Cell::Number(regret.best_share),
                ]);
            }
        }
        writer.finish()
    }

    fn dominance(&self) -> Vec<u8> {
        let columns = [
            "outcome",
            "scenario",
            "rival",
            "draws",
            "better_share",
            "equal_share",
            "in_every_draw",
            "first_order",
            "second_order",
        ];
        let mut writer = self.writer(&columns);
        for compared in &self.found.compared {
            for pair in &compared.pairs {
                writer.row(&[
                    Cell::Text(&compared.outcome),
                    self.asked_scenario(pair.scenario),
                    self.asked_scenario(pair.rival),
                    whole(compared.n_draws),
                    Cell::Number(pair.better_share),
                    Cell::Number(pair.equal_share),
                    yes(pair.in_every_draw),
                    yes(pair.first_order),
                    yes(pair.second_order),
                ]);
            }
        }
        writer.finish()
    }

    /// Every discovery with its scenario and condition.
    fn discoveries(&self) -> impl Iterator<Item = (usize, String, &Discovery)> {
        self.found.studied.iter().flat_map(|studied| {
            studied.discoveries.iter().map(|d| (studied.scenario, d.condition.to_string(), d))
        })
    }

    fn prim(&self) -> Vec<u8> {
        let columns = [
            "case",
            "scenario",
            "box",
            "step",
            "draws",
            "cases",
            "coverage",
            "density",
            "mass",
            "restricted",
            "chosen",
        ];
        let mut writer = self.writer(&columns);
        for (scenario, case, discovery) in self.discoveries() {
            for (number, trajectory) in discovery.boxes.iter().enumerate() {
                for (position, step) in trajectory.steps.iter().enumerate() {
                    writer.row(&[
                        Cell::Text(&case),
                        self.scenario(scenario),
                        whole(number + 1),
                        whole(position),
                        whole(step.n),
                        whole(step.n_cases),
                        Cell::Number(step.coverage),
                        Cell::Number(step.density),
                        Cell::Number(step.mass),
                        whole(step.n_restricted),
                        yes(position == trajectory.chosen),
                    ]);
                }
            }
        }
        writer.finish()
    }

    fn prim_boxes(&self) -> Vec<u8> {
        let columns = [
            "case",
            "scenario",
            "box",
            "factor",
            "low",
            "high",
            "quasi_p_low",
            "quasi_p_high",
            "minimum",
            "maximum",
        ];
        let mut writer = self.writer(&columns);
        for (scenario, case, discovery) in self.discoveries() {
            for (number, trajectory) in discovery.boxes.iter().enumerate() {
                for (factor, limits, quasi_p) in limits(trajectory) {
                    let range = discovery.ranges[factor];
                    let cell = |side: usize| quasi_p[side].map(|_| limits[side]);
                    writer.row(&[
                        Cell::Text(&case),
                        self.scenario(scenario),
                        whole(number + 1),
                        self.factor(Some(factor)),
                        self::number(cell(0)),
                        self::number(cell(1)),
                        self::number(quasi_p[0]),
                        self::number(quasi_p[1]),
                        Cell::Number(range[0]),
                        Cell::Number(range[1]),
                    ]);
                }
            }
        }
        writer.finish()
    }

    fn cart(&self) -> Vec<u8> {
        let columns = ["case", "scenario", "rule", "draws", "mass", "density", "coverage"];
        let mut writer = self.writer(&columns);
        for (scenario, case, discovery) in self.discoveries() {
            let rules = discovery.tree.iter().flat_map(|tree| tree.rules());
            for (position, rule) in rules.enumerate() {
                writer.row(&[
                    Cell::Text(&case),
                    self.scenario(scenario),
                    whole(position + 1),
                    whole(rule.n),
                    Cell::Number(rule.mass),
                    Cell::Number(rule.mean),
                    Cell::Number(rule.coverage),
                ]);
            }
        }
        writer.finish()
    }

    fn cart_limits(&self) -> Vec<u8> {
        let columns = ["case", "scenario", "rule", "factor", "above", "at_most"];
        let mut writer = self.writer(&columns);
        for (scenario, case, discovery) in self.discoveries() {
            let rules = discovery.tree.iter().flat_map(|tree| tree.rules());
            for (position, rule) in rules.enumerate() {
                for (factor, above, at_most) in rule.limits {
                    writer.row(&[
                        Cell::Text(&case),
                        self.scenario(scenario),
                        whole(position + 1),
                        self.factor(Some(factor)),
                        number(above),
                        number(at_most),
                    ]);
                }
            }
        }
        writer.finish()
    }
}

pub(super) type Limits = (usize, [f64; 2], [Option<f64>; 2]);

/// The limits of the chosen box: factor, values, quasi-p-values.
pub(super) fn limits(trajectory: &Trajectory) -> impl Iterator<Item = Limits> {
    let step = &trajectory.steps[trajectory.chosen];
    let all = step.limits.iter().zip(&trajectory.quasi_p).enumerate();
    all.filter(|(_, (_, quasi_p))| quasi_p.iter().any(Option::is_some))
        .map(|(factor, (limits, quasi_p))| (factor, *limits, *quasi_p))
}
