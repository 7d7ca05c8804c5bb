//! Inputs for the charts that hold plans and scenarios against each other.

use super::super::scorecard::{self, Direction, Status, Unit};
use super::super::{Caption, Lang, cost_effect, multiples};
use super::{Changeable, caption, stages};

/// A target met exactly, to be changed by [`scorecard`] and the tests.
pub(in super::super) fn target(plan: &str, title: &str, target: f64) -> scorecard::Row {
    scorecard::Row {
        plan: plan.to_owned(),
        title: title.to_owned(),
        place: None,
        year: 2025,
        target,
        run: Some(target),
        unit: Unit::Percent,
        direction: Direction::AtLeast,
        tolerance: None,
        status: Status::Met,
        first_met: None,
        reason: None,
    }
}

/// Targets of a city, then two of a county: title in both languages, target, run, status.
const TARGETS: [(&str, &str, f64, f64, Status); 10] = [
    ("小学大班额基本消除", "Primary oversized classes basically cleared", 0.0, 0.8, Status::Met),
    ("初中大班额基本消除", "Junior oversized classes basically cleared", 0.0, 2.8, Status::Missed),
    ("学前三年毛入园率", "Gross enrolment rate of kindergartens", 96.0, 96.4, Status::MetByInput),
    (
        "普惠性幼儿园覆盖率",
        "Coverage of inclusive kindergartens",
        85.0,
        f64::NAN,
        Status::NotModelled,
    ),
    ("九年义务教育巩固率", "Nine-year retention rate", 98.0, 97.96, Status::Missed),
    (
        "义务教育优质均衡县（市、区）比例",
        "Counties with high-quality balanced compulsory education",
        20.0,
        f64::NAN,
        Status::NotModelled,
    ),
    (
        "普通高中在校生规模",
        "Pupils in general senior schools",
        73_000.0,
        81_950.0,
        Status::Contradicted,
    ),
    ("中等职业教育在校生规模", "Pupils in vocational schools", 45_000.0, 44_120.0, Status::Missed),
    ("普通高中新增学位", "New seats in general senior schools", 5_400.0, 6_000.0, Status::Met),
    (
        "高中阶段毛入学率",
        "Gross enrolment rate of senior stage",
        97.5,
        f64::NAN,
        Status::OutsideYears,
    ),
];

pub(in super::super) fn scorecard(lang: Lang) -> scorecard::Input {
    let city = ("焦作市“十四五”教育事业发展规划", "14th five-year education plan of Jiaozuo");
    let county = ("武陟县高中阶段布局规划", "Senior school plan of Wuzhi");
    let words = |(zh, en): (&str, &str)| lang.pick(zh, en).to_owned();
    let row = |(i, (zh, en, value, run, status)): (usize, (&str, &str, f64, f64, Status))| {
        let plan = words(if i < 8 { city } else { county });
        let run = Some(run).filter(|run| run.is_finite());
        scorecard::Row { run, status, ..target(&plan, &words((zh, en)), value) }
    };
    let mut rows: Vec<scorecard::Row> = TARGETS.into_iter().enumerate().map(row).collect();
    for row in &mut rows[..2] {
        (row.direction, row.tolerance) = (Direction::AtMost, Some(1.0));
    }
    rows[1].first_met = Some(2030);
    for row in &mut rows[6..9] {
        row.unit = Unit::Count(words(("人", "pupils")));
    }
    for row in &mut rows[8..] {
        (row.place, row.year) = (Some(words(("武陟县", "Wuzhi"))), 2030);
    }
    rows[9].year = 2045;
    for (i, zh, en) in [
        (2, "入园率是输入", "the enrolment rate is an input"),
        (
            5,
            "模型不区分县域优质均衡，需要督导评估的指标体系，涉及师资、设施和经费等三十余项指标，名册中没有这些数据",
            "the model has no measure of balance between counties; the inspection uses more than thirty indicators of staff, rooms and money",
        ),
        (
            6,
            "同一规划的毛入学率与人口相乘得81,000人",
            "the plan's own enrolment rate times its population gives 81,000 pupils",
        ),
    ] {
        rows[i].reason = Some(words((zh, en)));
    }
    scorecard::Input { caption: Caption { note: None, ..caption(lang) }, rows }
}

pub(in super::super) fn multiples(lang: Lang) -> multiples::Input {
    let (shares, lines) = (super::heatmap(lang), super::oversized(lang));
    let senior = shares.panels.into_iter().next_back();
    let districts = senior.into_iter().flat_map(|panel| panel.rows);
    // Each scenario keeps a part of the share of the plan, and more of it where less was built.
    let scenarios = |share: &[f64]| -> Vec<Vec<f64>> {
        let scaled = |part: f64| share.iter().map(|s| (s * part).min(0.6)).collect();
        [1.0, 1.45, 1.15].map(scaled).to_vec()
    };
    let panels = districts
        .map(|row| multiples::Panel { lines: scenarios(&row.share), district: row.district });
    multiples::Input {
        years: lines.years,
        stage: stages::senior(),
        measure: multiples::Measure::Oversized(lines.definition),
        scenarios: lines.scenarios,
        plan: lines.plan,
        panels: panels.collect(),
        total: lines
            .panels
            .into_iter()
            .next_back()
            .map(|panel| panel.lines.into_iter().map(|line| line.oversized).collect()),
        caption: lines.caption,
    }
}

/// Scenarios of ordinary size; the cap turns pupils away.
pub(in super::super) fn cost_effect(lang: Lang) -> cost_effect::Input {
    let point = |zh: &str, en: &str, investment: f64, relieved: f64, unplaced: f64| {
        let name = lang.pick(zh, en).to_owned();
        cost_effect::Point { name, investment, relieved, unplaced }
    };
    let caption = Caption { scenario: None, ..caption(lang) };
    let points = vec![
        point("不建设", "Nothing built", 0.0, 0.0, 0.0),
        point("按规划建设", "Plan", 2.31e9, 214_000.0, 0.0),
        point("推迟两年", "Two years late", 2.31e9, 171_000.0, 0.0),
        point("只建高中", "Senior schools only", 0.86e9, 142_000.0, 0.0),
        point("只改划片", "New catchments only", 0.0, 38_000.0, 0.0),
        point("班额上限55人", "Cap of 55 a class", 0.0, 251_000.0, 43_100.0),
        point("只建城区学校", "Urban schools only", 1.42e9, 133_000.0, 0.0),
        point("撤并乡村小学", "Rural schools closed", 0.12e9, -17_000.0, 0.0),
        point("规划加改划片", "Plan and new catchments", 2.35e9, 232_000.0, 0.0),
    ];
    cost_effect::Input { caption, years: super::years(), stage: None, oversized_from: 56, points }
}

impl Changeable for multiples::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let panels = self.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        panels.chain(self.total.iter_mut().flatten()).collect()
    }
}
