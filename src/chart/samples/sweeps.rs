//! Inputs for the charts of sweeps: invented numbers of an invented city.

use super::super::prim::{limits, trajectory};
use super::super::{Caption, Estimate, Lang, Quantity};
use super::super::{cleared, convergence, fan, morris, sobol, tornado};
use super::{Changeable, definition, stages, through, years};

pub(in super::super) fn caption(lang: Lang) -> Caption {
    Caption {
        scenario: None,
        note: Some(
            lang.pick(
                "图中数字均为合成示例，不代表任何城市",
                "all numbers are synthetic and stand for no city",
            )
            .into(),
        ),
        ..super::caption(lang)
    }
}

pub(in super::super) const SCENARIOS: [(&str, &str); 8] = [
    ("按规划建设", "Plan"),
    ("不建设", "No building"),
    ("推迟两年", "Two years late"),
    ("完成一半", "Half of the plan"),
    ("全在中心城区", "All in the centre"),
    ("只扩建", "Extensions only"),
    ("只限起始年级班额", "Cap on first grades"),
    ("规划加限额", "Plan and cap"),
];

/// Fifteen factors, some with long names.
const FACTORS: [(&str, &str); 15] = [
    ("生育水平", "fertility level"),
    ("净迁移", "net migration"),
    ("乡村学生流向城镇的比例", "flow of rural pupils to town schools"),
    ("幼儿园毛入园率", "gross enrolment rate of kindergartens"),
    ("普通高中与中等职业教育招生分流比例", "split between academic and vocational senior schools"),
    ("九年义务教育巩固率", "nine-year retention"),
    ("规划项目推迟年数", "delay of the programme"),
    ("规划项目实际完成的比例", "delivered share of the programme"),
    ("每个教学班的学位数", "seats per unit"),
    ("择校敏感度θ", "school choice θ"),
    ("校际班额离散程度σ", "spread of class sizes σ"),
    ("基年人口误差", "error of the base-year population"),
    ("随迁子女在公办学校就读的比例", "migrants' children in public schools"),
    ("小规模学校撤并的速度", "pace of closing small schools"),
    ("起始年级班额上限执行的严格程度", "strictness of the cap on first grades"),
];

pub(in super::super) fn factor(i: usize, lang: Lang) -> String {
    let (zh, en) = FACTORS[i % FACTORS.len()];
    lang.pick(zh, en).to_owned()
}

/// A share of futures that rises from nothing to `top`, half of it in a year.
fn rising(half: f64, pace: f64, top: f64) -> Vec<f64> {
    let share = |year: &i32| top / (1.0 + (-(f64::from(*year) - half) / pace).exp());
    years().iter().map(share).map(|s| if s < 0.002 { 0.0 } else { s }).collect()
}

/// The first so many scenarios; the second is never cleared at the senior stage.
pub(in super::super) fn cleared_of(count: usize, lang: Lang) -> cleared::Input {
    let lines = |half: f64, pace: f64, top: f64| -> Vec<Vec<f64>> {
        let later = [0.0, 3.0, 1.4, 2.0, 2.6, -1.0, -2.0, 0.0];
        (0..count).map(|i| rising(half + later[i % 8], pace, top - 0.01 * i as f64)).collect()
    };
    let panel = |stage, lines| cleared::Panel { stage: Some(stage), lines };
    let mut senior = lines(2037.0, 1.6, 0.82);
    if let Some(line) = senior.get_mut(1) {
        line.fill(0.0);
    }
    let input = super::oversized(lang);
    let scenarios = SCENARIOS.iter().take(count);
    cleared::Input {
        caption: caption(lang),
        years: years(),
        definition: definition(),
        futures: 16_384,
        scenarios: scenarios.map(|(zh, en)| lang.pick(zh, en).to_owned()).collect(),
        baseline: (count > 1).then_some(1),
        plan: input.plan,
        panels: vec![
            panel(stages::primary(), lines(2026.3, 0.8, 1.0)),
            panel(stages::junior(), lines(2031.0, 1.1, 0.99)),
            panel(stages::senior(), senior),
        ],
    }
}

pub(in super::super) fn cleared(lang: Lang) -> cleared::Input {
    cleared_of(3, lang)
}

pub(in super::super) fn fan_of(count: usize, lang: Lang) -> fan::Input {
    let panel = |i: usize| {
        let late = f64::from(i as u32) * 0.13;
        let path = |part: f64| -> Vec<f64> {
            let line = through(&[(2020, 0.062), (2026, 0.05), (2032, 0.012), (2040, 0.002)]);
            let spread = |(t, share): (usize, f64)| {
                let wide = 1.0 + part * (t as f64 / 10.0).min(1.4) + late * (t as f64 / 8.0);
                (share * wide).max(0.0)
            };
            line.into_iter().enumerate().map(spread).collect()
        };
        let (zh, en) = SCENARIOS[i % SCENARIOS.len()];
        fan::Panel {
            scenario: lang.pick(zh, en).to_owned(),
            p5: path(-0.8),
            p25: path(-0.35),
            median: path(0.0),
            p75: path(0.5),
            p95: path(1.7),
        }
    };
    fan::Input {
        caption: caption(lang),
        years: years(),
        definition: definition(),
        stage: Some(stages::junior()),
        futures: 16_384,
        plan: super::oversized(lang).plan,
        panels: (0..count).map(panel).collect(),
        baseline: (count > 1).then_some(1),
    }
}

pub(in super::super) fn fan(lang: Lang) -> fan::Input {
    fan_of(2, lang)
}

pub(in super::super) fn outcome(lang: Lang) -> String {
    lang.pick("2030年初中大班额占比", "the junior oversized share of 2030").to_owned()
}

pub(in super::super) fn estimate(value: f64, half: f64) -> Estimate {
    Estimate { value, low: value - half, high: value + half }
}

/// Values of so many factors that fall in size and change their sign.
fn falling(i: usize) -> f64 {
    0.82 * 0.78_f64.powi(i as i32) * if i % 3 == 1 { -1.0 } else { 1.0 }
}

pub(in super::super) fn tornado_of(count: usize, lang: Lang) -> tornado::Input {
    let rows = (0..count).map(|i| tornado::Coefficient {
        factor: factor(i * 7, lang),
        estimate: estimate(falling(i), 0.02 + 0.002 * i as f64),
    });
    let bars =
        tornado::Bars::Coefficients { name: "PRCC".to_owned(), level: 0.95, rows: rows.collect() };
    tornado::Input { caption: caption(lang), outcome: outcome(lang), bars }
}

pub(in super::super) fn swings(
    quantity: Quantity,
    unit: f64,
    base: f64,
    lang: Lang,
) -> tornado::Input {
    let rows = (0..12).map(|i| {
        let size = falling(i) * unit;
        // The tenth factor moves the outcome to the same side at both ends.
        let at_low = if i == 9 { base + 0.6 * size } else { base - 0.7 * size };
        tornado::Swing { factor: factor(i * 7, lang), at_low, at_high: base + size }
    });
    let bars = tornado::Bars::Swings { quantity, base, rows: rows.collect() };
    tornado::Input { caption: caption(lang), outcome: outcome(lang), bars }
}

pub(in super::super) fn sobol_of(count: usize, lang: Lang) -> sobol::Input {
    let rows = (0..count).map(|i| {
        let first = 0.34 * 0.6_f64.powi(i as i32);
        sobol::Row {
            factor: factor(i * 7, lang),
            first: estimate(first, 0.03),
            total: estimate(first * 1.2 + 0.01, 0.02 + 0.05 * first),
        }
    });
    sobol::Input {
        caption: caption(lang),
        outcome: outcome(lang),
        base_points: 16_384,
        level: 0.95,
        rows: rows.collect(),
    }
}

pub(in super::super) fn morris_of(count: usize, lang: Lang) -> morris::Input {
    let points = (0..count).map(|i| {
        let mu_star = falling(i).abs() * 0.03;
        let sigma = mu_star * [0.06, 0.4, 0.7, 1.3, 0.2][i % 5];
        morris::Point { factor: factor(i * 7, lang), mu_star, sigma }
    });
    morris::Input {
        caption: caption(lang),
        outcome: outcome(lang),
        quantity: Quantity::Share,
        trajectories: 100,
        points: points.collect(),
    }
}

pub(in super::super) fn convergence_of(count: usize, lang: Lang) -> convergence::Input {
    let numbers: Vec<u64> = (6..=14).map(|power| 1 << power).collect();
    let line = |i: usize| {
        let value = 0.55 * 0.6_f64.powi(i as i32);
        let at = |n: &u64| {
            let error = (0.6 + 2.0 * value) / (*n as f64).sqrt();
            let side = if (n.trailing_zeros() as usize + i).is_multiple_of(2) { 0.6 } else { -0.5 };
            estimate(value + side * error, 1.4 * error)
        };
        let estimates = numbers.iter().map(at).collect();
        convergence::Line { factor: factor(i * 7, lang), estimates }
    };
    convergence::Input {
        caption: caption(lang),
        outcome: outcome(lang),
        index: lang.pick("总阶指数", "total order").to_owned(),
        settled_within: 0.03,
        level: 0.95,
        lines: (0..count).map(line).collect(),
        points: numbers,
    }
}

fn interest(lang: Lang) -> String {
    let words = ("到2035年初中大班额仍未清零", "junior oversized classes not gone by 2035");
    lang.pick(words.0, words.1).to_owned()
}

pub(in super::super) fn trajectory(lang: Lang) -> trajectory::Input {
    let boxes = (0..60).map(|i| {
        let part = f64::from(i) / 59.0;
        trajectory::Peeled {
            coverage: 1.0 - 0.93 * part.powf(1.3),
            density: 0.18 + 0.8 * part.powf(0.75),
            restricted: (f64::from(i) / 9.5).ceil() as usize,
        }
    });
    trajectory::Input {
        caption: caption(lang),
        interest: interest(lang),
        base_rate: 0.18,
        boxes: boxes.collect(),
        chosen: Some(27),
    }
}

pub(in super::super) fn limits_of(count: usize, lang: Lang) -> limits::Input {
    let unit = |i: usize| match i % 3 {
        0 => lang.pick("每名妇女孩子数", "children per woman").to_owned(),
        1 => "%".to_owned(),
        _ => String::new(),
    };
    let limit = |i: usize| {
        let whole = [(0.95, 1.35), (-12.5, 4.0), (0.0, 30_000.0), (0.0, 0.02)][i % 4];
        let at = |part: f64| whole.0 + (whole.1 - whole.0) * part;
        let (from, to) = match i % 3 {
            0 => (Some((at(0.55), 2e-9)), None),
            1 => (None, Some((at(0.4), 0.0042))),
            _ => (Some((at(0.2), 0.031)), Some((at(0.9), 0.21))),
        };
        limits::Limit { factor: factor(i * 7, lang), unit: unit(i), whole, from, to }
    };
    limits::Input {
        caption: caption(lang),
        interest: interest(lang),
        coverage: 0.62,
        density: 0.74,
        limits: (0..count).map(limit).collect(),
    }
}

impl Changeable for cleared::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        self.panels.iter_mut().flat_map(|panel| &mut panel.lines).collect()
    }
}

impl Changeable for fan::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let panels = self.panels.iter_mut();
        panels
            .flat_map(|p| [&mut p.p5, &mut p.p25, &mut p.median, &mut p.p75, &mut p.p95])
            .collect()
    }
}
