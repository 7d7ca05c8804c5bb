//! Inputs for the charts that hold plans and scenarios against each other.

use super::super::scorecard::{self, Direction, Status, Unit};
use super::super::{Caption, Lang, multiples};
use super::{Changeable, caption};

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

pub(in super::super) fn scorecard(lang: Lang) -> scorecard::Input {
    let city =
        lang.pick("焦作市“十四五”教育事业发展规划", "14th five-year education plan of Jiaozuo");
    let county = lang.pick("武陟县高中阶段布局规划", "Senior school plan of Wuzhi");
    let row = |plan: &str, zh: &str, en: &str, value: f64, run: f64, status: Status| {
        let run = Some(run).filter(|run| run.is_finite());
        scorecard::Row { run, status, ..target(plan, lang.pick(zh, en), value) }
    };
    let pupils = || Unit::Count(lang.pick("人", "pupils").to_owned());
    let reason = |zh: &str, en: &str| Some(lang.pick(zh, en).to_owned());
    let rows = vec![
        scorecard::Row {
            tolerance: Some(1.0),
            direction: Direction::AtMost,
            ..row(
                city,
                "小学大班额基本消除",
                "Primary oversized classes basically cleared",
                0.0,
                0.8,
                Status::Met,
            )
        },
        scorecard::Row {
            tolerance: Some(1.0),
            direction: Direction::AtMost,
            first_met: Some(2030),
            ..row(
                city,
                "初中大班额基本消除",
                "Junior oversized classes basically cleared",
                0.0,
                2.8,
                Status::Missed,
            )
        },
        scorecard::Row {
            reason: reason("入园率是输入", "the enrolment rate is an input"),
            ..row(
                city,
                "学前三年毛入园率",
                "Gross enrolment rate of kindergartens",
                96.0,
                96.4,
                Status::MetByInput,
            )
        },
        row(
            city,
            "普惠性幼儿园覆盖率",
            "Coverage of inclusive kindergartens",
            85.0,
            f64::NAN,
            Status::NotModelled,
        ),
        row(city, "九年义务教育巩固率", "Nine-year retention rate", 98.0, 97.96, Status::Missed),
        scorecard::Row {
            reason: reason(
                "模型不区分县域优质均衡，需要督导评估的指标体系，涉及师资、设施和经费等三十余项指标，名册中没有这些数据",
                "the model has no measure of balance between counties; the inspection uses more than thirty indicators of staff, rooms and money",
            ),
            ..row(
                city,
                "义务教育优质均衡县（市、区）比例",
                "Counties with high-quality balanced compulsory education",
                20.0,
                f64::NAN,
                Status::NotModelled,
            )
        },
        scorecard::Row {
            unit: pupils(),
            reason: reason(
                "同一规划的毛入学率与人口相乘得81,000人",
                "the plan's own enrolment rate times its population gives 81,000 pupils",
            ),
            ..row(
                city,
                "普通高中在校生规模",
                "Pupils in general senior schools",
                73_000.0,
                81_950.0,
                Status::Contradicted,
            )
        },
        scorecard::Row {
            unit: pupils(),
            ..row(
                city,
                "中等职业教育在校生规模",
                "Pupils in vocational schools",
                45_000.0,
                44_120.0,
                Status::Missed,
            )
        },
        scorecard::Row {
            place: reason("武陟县", "Wuzhi"),
            unit: pupils(),
            year: 2030,
            ..row(
                county,
                "普通高中新增学位",
                "New seats in general senior schools",
                5_400.0,
                6_000.0,
                Status::Met,
            )
        },
        scorecard::Row {
            place: reason("武陟县", "Wuzhi"),
            year: 2045,
            ..row(
                county,
                "高中阶段毛入学率",
                "Gross enrolment rate of senior stage",
                97.5,
                f64::NAN,
                Status::OutsideYears,
            )
        },
    ];
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
        stage: super::Stage::Senior,
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

impl Changeable for multiples::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let panels = self.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        panels.chain(self.total.iter_mut().flatten()).collect()
    }
}
