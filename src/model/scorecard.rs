//! The scorecard: every target of every plan against a run.
//!
//! In: a scenario with its targets, its run and table of stocks. Out: for each target the run's value for its year and
//! place, whether it is met or by how much it is missed, and from when it is met; or why the model cannot say.

use crate::city::Name;
use crate::indicators::clearing::lasting_from;
use crate::indicators::{INDICATORS, Stocks, Table};
use crate::model::Run;
use crate::scenario::Scenario;
use crate::target::{Bound, Target};
use crate::units::{Year, unit_factor};

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The run meets it.
    Met,
    /// The run misses it.
    Missed,
    /// The plan's own figures contradict it.
    Contradicted,
    /// The model cannot say.
    NotModelled,
    /// Its year is not one of the run.
    OutsideYears,
}

impl Status {
    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Missed => "missed",
            Status::Contradicted => "contradicted",
            Status::NotModelled => "not_modelled",
            Status::OutsideYears => "outside_years",
        }
    }

    /// Name in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Status::Met => "达成",
            Status::Missed => "未达成",
            Status::Contradicted => "规划自相矛盾",
            Status::NotModelled => "未建模",
            Status::OutsideYears => "超出年份",
        }
    }

    /// Name in English.
    pub fn en(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Missed => "missed",
            Status::Contradicted => "contradicted",
            Status::NotModelled => "not modelled",
            Status::OutsideYears => "outside the years",
        }
    }
}

/// One target against one run. Values are in the unit of the target's figure.
#[derive(Debug, Clone)]
pub struct Score {
    /// Index into the scenario's targets.
    pub target: usize,
    /// The published value.
    pub target_value: Option<f64>,
    /// The run's value for the year and place.
    pub run_value: Option<f64>,
    /// What became of it.
    pub status: Status,
    /// Whether the value is inside the bound, whatever the status.
    pub is_met: Option<bool>,
    /// By how much a missed target is missed, at least 0.
    pub missed_by: Option<f64>,
    /// For a ceiling the first year from which it is kept to the horizon; for a floor the first year that reaches it.
    pub first_met: Option<Year>,
    /// What a reader must know.
    pub reason: Name,
}

/// Scores every target of a scenario, in file order.
pub fn scores(scenario: &Scenario, run: &Run, table: &Table) -> Vec<Score> {
    let targets = scenario.targets.iter().enumerate();
    targets.map(|(idx, target)| score(scenario, run, table, (idx, target))).collect()
}

fn score(scenario: &Scenario, run: &Run, table: &Table, (idx, target): (usize, &Target)) -> Score {
    let mut score = Score {
        target: idx,
        target_value: target.bound.as_ref().map(|b| b.value / unit_factor(&b.unit)),
        run_value: None,
        status: Status::NotModelled,
        is_met: None,
        missed_by: None,
        first_met: None,
        reason: target.not_modelled.clone(),
    };
    let (Some(indicator), Some(bound)) = (&target.indicator, &target.bound) else {
        return score;
    };
    let years: Vec<Option<f64>> =
        (0..scenario.city.n_years()).map(|y| measure(run, table, target, indicator, y)).collect();
    let base_year = scenario.city.base_year;
    score.first_met = first_met(&years, bound, base_year);
    let at = usize::try_from(target.year - base_year).ok().and_then(|y| years.get(y));
    let Some(value) = at else {
        score.status = Status::OutsideYears;
        score.reason = Name {
            zh: format!("测算年份为{base_year}至{}年", scenario.city.horizon),
            en: format!("the run covers {base_year} to {}", scenario.city.horizon),
        };
        return score;
    };
    let Some(value) = *value else {
        score.reason = Name {
            zh: "该指标在该年该地没有数值".to_string(),
            en: "the indicator has no value for this place and year".to_string(),
        };
        return score;
    };
    let factor = unit_factor(&bound.unit);
    let met = is_met(value, bound);
    score.run_value = Some(value / factor);
    score.is_met = Some(met);
    score.missed_by = (!met).then(|| (value - bound.value).abs() / factor);
    score.status = match (target.contradicted.en.is_empty(), met) {
        (false, _) => Status::Contradicted,
        (true, true) => Status::Met,
        (true, false) => Status::Missed,
    };
    score.reason = reason(target, bound, &score, scenario.city.horizon);
    score
}

/// Whether a value keeps to a bound, its tolerance included; a thousandth of a millionth is no miss.
fn is_met(value: f64, bound: &Bound) -> bool {
    let slack = bound.tolerance + 1e-9 * bound.value.abs().max(1.0);
    if bound.is_floor { value >= bound.value - slack } else { value <= bound.value + slack }
}

/// The value of a target's indicator in a year of the run: stocks of its areas and stages are added first.
fn measure(
    run: &Run,
    table: &Table,
    target: &Target,
    indicator: &str,
    year_idx: usize,
) -> Option<f64> {
    if indicator == "retention_nine_year" {
        return run.outlook.demand.retention_nine_year.get(year_idx).copied();
    }
    if indicator == "births" {
        return Some(table.sum_stages(year_idx, &target.areas).births);
    }
    let mut stocks = Stocks::default();
    for &stage in &target.stages {
        stocks.add(&table.sum(year_idx, &target.areas, stage));
    }
    let indicator = INDICATORS.iter().find(|i| i.key == indicator)?;
    (indicator.value)(&stocks)
}

/// For a ceiling the first year from which it is kept to the horizon; for a floor the first year that reaches it.
fn first_met(years: &[Option<f64>], bound: &Bound, base_year: Year) -> Option<Year> {
    let met = |value: &Option<f64>| value.is_some_and(|value| is_met(value, bound));
    let first = if bound.is_floor {
        years.iter().position(met)?
    } else {
        lasting_from(years.iter().map(met))?
    };
    Some(base_year + first as Year)
}

fn reason(target: &Target, bound: &Bound, score: &Score, horizon: Year) -> Name {
    let mut zh: Vec<String> = Vec::new();
    let mut en: Vec<String> = Vec::new();
    if let Some(by) = score.missed_by {
        // Things are counted whole, rates shown to a hundredth of a percentage point.
        let (by, unit) = match bound.unit.as_str() {
            "percent" => (by, "percentage points"),
            "share" => (100.0 * by, "percentage points"),
            unit => (by, unit),
        };
        let is_rate = unit == "percentage points" || unit == "pupils per class";
        let by = if is_rate { (by * 100.0).round() / 100.0 } else { by.round() };
        let unit_zh = zh_unit(&bound.unit);
        zh.push(format!("相差{by}{unit_zh}"));
        en.push(format!("missed by {by} {unit}"));
        match score.first_met {
            Some(year) if bound.is_floor => {
                zh.push(format!("{year}年首次达成"));
                en.push(format!("first met in {year}"));
            }
            Some(year) => {
                zh.push(format!("{year}年起达成"));
                en.push(format!("met from {year}"));
            }
            None => {
                zh.push(format!("到{horizon}年未达成"));
                en.push(format!("not met by {horizon}"));
            }
        }
    }
    if score.is_met == Some(true) && bound.tolerance > 0.0 && !is_met_exactly(score, bound) {
        let tolerance = bound.tolerance / unit_factor(&bound.unit);
        zh.push(format!("按容差{tolerance}{}计", zh_unit(&bound.unit)));
        en.push(format!("within the tolerance of {tolerance} {}", bound.unit));
    }
    if let Some(input) = &target.input {
        zh.push(format!("数值由输入 {input} 决定，不是测算结果"));
        en.push(format!("the value follows from the input {input} and is no result"));
    }
    if !target.contradicted.en.is_empty() {
        zh.push(target.contradicted.zh.clone());
        en.push(target.contradicted.en.clone());
    }
    Name { zh: zh.join("；"), en: en.join("; ") }
}

fn is_met_exactly(score: &Score, bound: &Bound) -> bool {
    let exact = Bound { tolerance: 0.0, ..bound.clone() };
    score.run_value.is_some_and(|value| is_met(value * unit_factor(&bound.unit), &exact))
}

/// A unit in Chinese.
pub fn zh_unit(unit: &str) -> &str {
    match unit {
        "percent" | "share" | "percentage points" => "个百分点",
        "pupils per class" => "人/班",
        "children" => "名儿童",
        "yuan" => "元",
        "year" | "years" => "年",
        "pupils" => "人",
        "schools" => "所",
        "seats" => "个学位",
        "classes" => "个班",
        "rooms" => "间教室",
        "places" => "个床位",
        "births" => "人",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::MEASURES;

    fn bound(value: f64, tolerance: f64, is_floor: bool) -> Bound {
        Bound { value, tolerance, is_floor, unit: "percent".to_string() }
    }

    #[test]
    fn every_measure_can_be_measured() {
        for (key, units) in MEASURES {
            let special = ["retention_nine_year", "births"].contains(key);
            let indicator = INDICATORS.iter().find(|i| i.key == *key);
            assert!(special || indicator.is_some(), "{key}");
            if let Some(indicator) = indicator {
                let is_share = indicator.unit == "share";
                assert_eq!(units.contains(&"percent"), is_share, "{key}");
                assert!(is_share || units == &[indicator.unit], "{key}");
            }
        }
    }

    #[test]
    fn a_floor_and_a_ceiling_with_their_tolerance() {
        assert!(is_met(0.96, &bound(0.96, 0.0, true)) && !is_met(0.959, &bound(0.96, 0.0, true)));
        assert!(is_met(0.01, &bound(0.0, 0.01, false)) && !is_met(0.011, &bound(0.0, 0.01, false)));
    }

    /// Shares 3, 0.5, 2, 0.9, 0.2 %: a ceiling of 1 % is kept for good from the fourth year; a floor of 2 % is first
    /// reached in the first.
    #[test]
    fn a_ceiling_is_met_when_it_is_kept_and_a_floor_when_it_is_reached() {
        let years = [0.03, 0.005, 0.02, 0.009, 0.002].map(Some);
        assert_eq!(first_met(&years, &bound(0.01, 0.0, false), 2020), Some(2023));
        assert_eq!(first_met(&years, &bound(0.02, 0.0, true), 2020), Some(2020));
        assert_eq!(first_met(&years, &bound(0.001, 0.0, false), 2020), None);
        assert_eq!(first_met(&years, &bound(0.5, 0.0, true), 2020), None);
    }
}
