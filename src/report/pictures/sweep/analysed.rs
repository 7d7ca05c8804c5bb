//! From the results of an analysis to the charts of a sweep.
//!
//! Sensitivity and boxes are drawn of the first scenario that was asked for, bands and clearing of all of them. Points of
//! Morris's design lie on a few levels and are no futures: of them only the effects are drawn.

use std::collections::BTreeMap;

use super::Picture;
use super::words::{self, Basis, pick};
use crate::analysis::{Report, limits as limits_of};
use crate::axes::Stage;
use crate::chart::oversized::Plan;
use crate::chart::prim::{limits, trajectory};
use crate::chart::{Caption, Definition, Estimate, Lang};
use crate::chart::{cleared, convergence, fan, morris, sobol, tornado};
use crate::sweep::labels::Labels;
use xuewei_sweep::analysis::draws::{Rows, is_clearing_year};
use xuewei_sweep::analysis::prim::Trajectory;
use xuewei_sweep::analysis::run_analysis::{Cleared, Studied};
use xuewei_sweep::analysis::study::{Discovery, Index};

use super::super::MOST_LINES;

/// Outcomes whose sensitivity is drawn, the first ones.
pub const MOST_OUTCOMES: usize = 12;
/// An interval of an index no wider than this is settled.
const SETTLED: f64 = 0.05;
/// Positions of the bands' quantiles in [`xuewei_sweep::analysis::run_analysis::PROBABILITIES`]: 5, 25, 50, 75 and 95 %.
const QUANTILES: [usize; 5] = [0, 2, 3, 4, 6];

/// What all charts of a sweep have in common.
struct Setting<'a> {
    report: &'a Report<'a>,
    labels: &'a Labels,
    version: &'a str,
    lang: Lang,
}

/// The charts of an analysis, each with what it shows. `version` is that of the program that ran the sweep.
pub fn pictures(
    report: &Report,
    labels: &Labels,
    version: &str,
    lang: Lang,
) -> Vec<(String, Picture)> {
    let setting = Setting { report, labels, version, lang };
    let mut all: Vec<(String, Picture)> = Vec::new();
    if report.draws.rows != Rows::Morris {
        all.extend(setting.cleared().map(|input| (String::new(), Picture::Cleared(input))));
        for base in report.asked.yearly.iter().filter(|base| base.ends_with(".oversized_share")) {
            let stage = base.split('.').next().unwrap_or_default().to_string();
            all.extend(setting.fan(base).map(|input| (stage, Picture::Fan(input))));
        }
    }
    let first = report.asked.scenarios.first();
    let own = report.found.studied.iter().filter(|s| Some(&s.scenario) == first);
    let varies = |s: &&Studied| s.sensitivity.indices.iter().any(|i| i.value.is_some());
    let own: Vec<&Studied> = own.filter(varies).take(MOST_OUTCOMES).collect();
    for studied in &own {
        let key = &studied.outcome;
        all.extend(setting.sensitivity(studied).map(|picture| (key.clone(), picture)));
    }
    if report.draws.rows != Rows::Morris {
        let is_told =
            |s: &&&Studied| is_clearing_year(&s.outcome) || !report.asked.cases.is_empty();
        let mut told: Vec<&&Studied> = own.iter().filter(is_told).collect();
        if told.is_empty() {
            told = own.iter().collect();
        }
        for studied in told {
            all.extend(setting.boxes(studied));
        }
    }
    all
}

/// Value and interval of an index.
fn estimate(index: &Index) -> Estimate {
    let (low, high) = index.interval.unwrap_or((f64::NAN, f64::NAN));
    Estimate { value: index.value.unwrap_or(f64::NAN), low, high }
}

/// The indices of a measure by factor; one that has a reason instead of a value is left out.
fn of_measure<'a>(indices: &'a [Index], measure: &str) -> BTreeMap<usize, &'a Index> {
    let own = indices.iter().filter(|i| i.measure == measure && i.value.is_some());
    own.filter_map(|index| Some((index.factor?, index))).collect()
}

impl Setting<'_> {
    fn scenario(&self, position: usize) -> String {
        let key = &self.report.draws.scenarios[position];
        let label = self.labels.scenarios.get(key);
        label.map_or_else(|| key.clone(), |label| pick(&label.title, self.lang))
    }

    fn factor(&self, position: usize) -> String {
        let key = &self.report.draws.factors[position];
        let label = self.labels.factors.get(key);
        label.map_or_else(|| key.clone(), |label| pick(&label.name, self.lang))
    }

    fn unit(&self, position: usize) -> String {
        let label = self.labels.factors.get(&self.report.draws.factors[position]);
        label.map(|label| words::unit(&label.unit, self.lang)).unwrap_or_default()
    }

    /// City, scenario, draws, register.
    fn caption(&self, scenario: Option<usize>, used: usize) -> Caption {
        let draws = self.report.draws;
        let size = draws.rows.group_size(draws.factors.len());
        let basis = Basis {
            used,
            all: draws.n_draws(),
            kind: self.report.design["kind"].as_str().unwrap_or_default(),
            groups: (draws.rows != Rows::Points).then(|| used / size.max(1)),
            version: self.version,
        };
        let scenario = scenario.map(|position| self.scenario(position));
        words::caption(self.labels, self.report.sweep, scenario, &basis, self.lang)
    }

    fn caption_of(&self, studied: &Studied) -> Caption {
        let used = studied.band.as_ref().map_or(0, |band| band.n_draws);
        self.caption(Some(studied.scenario), used)
    }

    /// What counts as oversized; nought where it is not known.
    fn definition(&self) -> Definition {
        let own = self.labels.limits;
        Definition {
            oversized_from: own.map_or(0, |limits| limits.oversized_from),
            super_oversized_from: own.map_or(0, |limits| limits.super_oversized_from),
            cleared_at: own.map_or(0.0, |limits| limits.cleared_at),
        }
    }

    fn plan(&self) -> Option<Plan> {
        let label = match self.lang {
            Lang::Zh => "规划期",
            Lang::En => "plan",
        };
        let (first, last) = self.labels.plan?;
        Some(Plan { first, last, label: label.to_string() })
    }

    /// The scenarios that charts of lines show.
    fn shown(&self) -> &[usize] {
        let all = &self.report.asked.scenarios;
        &all[..all.len().min(MOST_LINES)]
    }

    /// The scenario that builds nothing, unless it is the first.
    fn baseline(&self) -> Option<usize> {
        let builds = |position: &usize| {
            let label = self.labels.scenarios.get(&self.report.draws.scenarios[*position]);
            label.is_none_or(|label| label.builds)
        };
        self.shown().iter().position(|position| !builds(position)).filter(|place| *place > 0)
    }

    /// Clearing of a stage by scenario shown: by its clearing years, or where these are not kept by its yearly shares.
    fn clearing(&self, stage: &str) -> Option<Vec<&Cleared>> {
        let of = |outcome: &str| -> Option<Vec<&Cleared>> {
            let name = format!("{stage}.{outcome}");
            let all = &self.report.found.cleared;
            let find = |s: &usize| all.iter().find(|c| c.outcome == name && c.scenario == *s);
            self.shown().iter().map(find).collect()
        };
        of("clearing_year").or_else(|| of("oversized_share"))
    }

    fn cleared(&self) -> Option<cleared::Input> {
        let shown = self.labels.stages().shown().into_iter();
        let of_stages = shown.filter_map(|s| Some((Some(s), self.clearing(s.key())?)));
        let mut found: Vec<(Option<Stage>, Vec<&Cleared>)> = of_stages.collect();
        if found.is_empty() {
            found.push((None, self.clearing("all")?));
        }
        let all = || found.iter().flat_map(|(_, lines)| lines.iter());
        let years: std::collections::BTreeSet<i32> =
            all().flat_map(|line| line.years.iter().copied()).collect();
        let years: Vec<i32> = years.into_iter().collect();
        let futures = all().flat_map(|line| &line.shares).map(|share| share.n_draws).max()?;
        let line = |cleared: &&Cleared| -> Vec<f64> {
            let at = |year| cleared.years.iter().position(|own| own == year);
            let share = |year| at(year).map_or(f64::NAN, |place| cleared.shares[place].share);
            years.iter().map(share).collect()
        };
        let panels = found.iter().map(|(stage, lines)| cleared::Panel {
            stage: *stage,
            lines: lines.iter().map(line).collect(),
        });
        Some(cleared::Input {
            caption: self.caption(None, futures),
            definition: self.definition(),
            futures: futures as u64,
            scenarios: self.shown().iter().map(|s| self.scenario(*s)).collect(),
            baseline: self.baseline(),
            plan: self.plan(),
            panels: panels.collect(),
            years,
        })
    }

    fn fan(&self, base: &str) -> Option<fan::Input> {
        let own: Vec<_> = self.report.found.bands.iter().filter(|b| b.outcome == base).collect();
        let years: std::collections::BTreeSet<i32> = own.iter().map(|band| band.year).collect();
        let years: Vec<i32> = years.into_iter().collect();
        // Single years are no band over time.
        if years.windows(2).any(|pair| pair[1] != pair[0] + 1) || years.len() < 3 {
            return None;
        }
        let path = |scenario: usize, quantile: usize| -> Vec<f64> {
            let at = |year: &i32| own.iter().find(|b| b.scenario == scenario && b.year == *year);
            let value = |year| at(year).map_or(f64::NAN, |band| band.band.quantiles[quantile]);
            years.iter().map(value).collect()
        };
        let panel = |&s: &usize| {
            let [p5, p25, median, p75, p95] = QUANTILES.map(|quantile| path(s, quantile));
            fan::Panel { scenario: self.scenario(s), p5, p25, median, p75, p95 }
        };
        let panels: Vec<fan::Panel> = self.shown().iter().map(panel).collect();
        let futures = own.iter().map(|band| band.band.n_draws).max()?;
        let stage = self.labels.stages().parse(base.split('.').next()?);
        Some(fan::Input {
            caption: self.caption(None, futures),
            definition: self.definition(),
            stage,
            futures: futures as u64,
            plan: self.plan(),
            baseline: self.baseline(),
            panels,
            years,
        })
    }

    /// The charts of one outcome that the design allows.
    fn sensitivity(&self, studied: &Studied) -> impl Iterator<Item = Picture> {
        let all = match self.report.draws.rows {
            Rows::Saltelli { .. } => vec![self.sobol(studied), self.convergence(studied)],
            Rows::Morris => vec![self.morris(studied)],
            Rows::Points => vec![self.tornado(studied)],
        };
        all.into_iter().flatten()
    }

    fn outcome(&self, studied: &Studied) -> String {
        words::outcome(&studied.outcome, self.labels, self.lang)
    }

    fn sobol(&self, studied: &Studied) -> Option<Picture> {
        let first = of_measure(&studied.sensitivity.indices, "sobol_first");
        let total = of_measure(&studied.sensitivity.indices, "sobol_total");
        let row = |(factor, first): (&usize, &&Index)| {
            let total = estimate(total.get(factor)?);
            Some(sobol::Row { factor: self.factor(*factor), first: estimate(first), total })
        };
        let rows: Vec<sobol::Row> = first.iter().filter_map(row).collect();
        let draws = self.report.draws;
        let size = draws.rows.group_size(draws.factors.len()).max(1);
        let used = studied.band.as_ref().map_or(0, |band| band.n_draws);
        Some(Picture::Sobol(sobol::Input {
            caption: self.caption_of(studied),
            outcome: self.outcome(studied),
            base_points: (used / size) as u64,
            level: self.report.asked.settings.level,
            rows,
        }))
    }

    fn convergence(&self, studied: &Studied) -> Option<Picture> {
        let stages = &studied.sensitivity.convergence;
        let of_stage = |(n, indices): &(usize, Vec<Index>)| {
            let total = of_measure(indices, "sobol_total");
            (*n as u64, total.iter().map(|(j, i)| (*j, estimate(i))).collect::<BTreeMap<_, _>>())
        };
        let stages: Vec<(u64, BTreeMap<usize, Estimate>)> = stages.iter().map(of_stage).collect();
        if stages.len() < 2 {
            return None;
        }
        let unknown = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
        let is_there = |factor: &usize| stages.iter().any(|(_, all)| all.contains_key(factor));
        let line = |factor: usize| {
            let at = |(_, all): &(u64, BTreeMap<usize, Estimate>)| {
                all.get(&factor).copied().unwrap_or(unknown)
            };
            let estimates = stages.iter().map(at).collect();
            convergence::Line { factor: self.factor(factor), estimates }
        };
        let index = match self.lang {
            Lang::Zh => "总阶指数",
            Lang::En => "total order",
        };
        Some(Picture::Convergence(convergence::Input {
            caption: self.caption_of(studied),
            outcome: self.outcome(studied),
            index: index.to_string(),
            points: stages.iter().map(|(n, _)| *n).collect(),
            settled_within: SETTLED,
            level: self.report.asked.settings.level,
            lines: (0..self.report.draws.factors.len()).filter(is_there).map(line).collect(),
        }))
    }

    fn morris(&self, studied: &Studied) -> Option<Picture> {
        let mu_star = of_measure(&studied.sensitivity.indices, "morris_mu_star");
        let sigma = of_measure(&studied.sensitivity.indices, "morris_sigma");
        let value = |index: &&Index| index.value.unwrap_or(f64::NAN);
        let point = |(factor, index): (&usize, &&Index)| morris::Point {
            factor: self.factor(*factor),
            mu_star: value(index),
            sigma: sigma.get(factor).map_or(f64::NAN, value),
        };
        let draws = self.report.draws;
        let size = draws.rows.group_size(draws.factors.len()).max(1);
        let used = studied.band.as_ref().map_or(0, |band| band.n_draws);
        Some(Picture::Morris(morris::Input {
            caption: self.caption_of(studied),
            outcome: self.outcome(studied),
            quantity: words::quantity(&studied.outcome, self.lang),
            trajectories: (used / size) as u64,
            points: mu_star.iter().map(point).collect(),
        }))
    }

    fn tornado(&self, studied: &Studied) -> Option<Picture> {
        let prcc = of_measure(&studied.sensitivity.indices, "prcc");
        let row = |(factor, index): (&usize, &&Index)| tornado::Coefficient {
            factor: self.factor(*factor),
            estimate: estimate(index),
        };
        let rows: Vec<tornado::Coefficient> = prcc.iter().map(row).collect();
        let level = self.report.asked.settings.level;
        let bars = tornado::Bars::Coefficients { name: "PRCC".to_string(), level, rows };
        let (caption, outcome) = (self.caption_of(studied), self.outcome(studied));
        Some(Picture::Tornado(tornado::Input { caption, outcome, bars }))
    }

    /// Trajectory and limits of the first box of every condition; none where no box was found.
    fn boxes(&self, studied: &Studied) -> Vec<(String, Picture)> {
        let mut all = Vec::new();
        for discovery in &studied.discoveries {
            let Some(first) = discovery.boxes.first() else { continue };
            let is_default = self.report.asked.cases.is_empty();
            let shown = match is_default {
                true => studied.outcome.clone(),
                false => discovery.condition.to_string(),
            };
            let interest = words::condition(&discovery.condition, self.labels, self.lang);
            let caption = self.caption_of(studied);
            let limits = self.limits(&caption, &interest, discovery, first);
            let trajectory = trajectory::Input {
                caption,
                interest,
                base_rate: discovery.n_cases as f64 / discovery.n_draws.max(1) as f64,
                boxes: first.steps.iter().map(peeled).collect(),
                chosen: Some(first.chosen),
            };
            all.push((shown.clone(), Picture::PrimTrajectory(trajectory)));
            all.extend(limits.map(|limits| (shown, Picture::PrimLimits(limits))));
        }
        all
    }

    fn limits(
        &self,
        caption: &Caption,
        interest: &str,
        discovery: &Discovery,
        found: &Trajectory,
    ) -> Option<limits::Input> {
        let step = found.steps.get(found.chosen)?;
        let limit =
            |(factor, [low, high], [p_low, p_high]): (usize, [f64; 2], [Option<f64>; 2])| {
                limits::Limit {
                    factor: self.factor(factor),
                    unit: self.unit(factor),
                    whole: (discovery.ranges[factor][0], discovery.ranges[factor][1]),
                    from: p_low.map(|p| (low, p)),
                    to: p_high.map(|p| (high, p)),
                }
            };
        let limits: Vec<limits::Limit> = limits_of(found).map(limit).collect();
        (!limits.is_empty()).then(|| limits::Input {
            caption: caption.clone(),
            interest: interest.to_string(),
            coverage: step.coverage,
            density: step.density,
            limits,
        })
    }
}

fn peeled(step: &xuewei_sweep::analysis::prim::Step) -> trajectory::Peeled {
    let (coverage, density) = (step.coverage, step.density);
    trajectory::Peeled { coverage, density, restricted: step.n_restricted }
}
