//! Inputs for the tests of the charts: an invented city, and the odd cases.

pub(super) mod hindcasts;
pub(super) mod maps;
pub(super) mod plans;
pub(crate) mod stages;
pub(super) mod stocks;
pub(super) mod sweeps;
pub(super) mod timelines;

use super::{Caption, Definition, Lang, Size, entrants, gaps, heatmap, oversized, places};

const DISTRICTS: [(&str, &str); 11] = [
    ("解放区", "Jiefang"),
    ("中站区", "Zhongzhan"),
    ("马村区", "Macun"),
    ("山阳区", "Shanyang"),
    ("示范区", "Shifan"),
    ("修武县", "Xiuwu"),
    ("博爱县", "Bo'ai"),
    ("武陟县", "Wuzhi"),
    ("温县", "Wen"),
    ("沁阳市", "Qinyang"),
    ("孟州市", "Mengzhou"),
];

pub(super) fn years() -> Vec<i32> {
    (2020..=2040).collect()
}

/// Straight lines through the points, flat beyond them.
pub(super) fn through(points: &[(i32, f64)]) -> Vec<f64> {
    let value = |year: i32| {
        let after = points.iter().position(|&(y, _)| y >= year);
        match after {
            None => points.last().map_or(0.0, |p| p.1),
            Some(0) => points[0].1,
            Some(i) => {
                let (a, b) = (points[i - 1], points[i]);
                a.1 + (b.1 - a.1) * f64::from(year - a.0) / f64::from(b.0 - a.0)
            }
        }
    };
    years().into_iter().map(value).collect()
}

pub(super) fn caption(lang: Lang) -> Caption {
    Caption {
        city: lang.pick("焦作市", "Jiaozuo").into(),
        scenario: Some(lang.pick("十四五规划如期建成", "Plan built on time").into()),
        source: lang
            .pick(
                "焦作市教育事业统计公报（2016—2024年）、第七次全国人口普查、焦作市“十四五”教育规划；学位 0.1 推算",
                "Jiaozuo education statistics 2016–2024; seventh national census; Jiaozuo's 14th five-year education plan; own projection with xuewei 0.1",
            )
            .into(),
        note: Some(lang.pick("学校名册为合成数据", "the school register is synthetic").into()),
        title: None,
        size: Size::Standard,
    }
}

pub(super) fn definition() -> Definition {
    Definition { oversized_from: 56, super_oversized_from: 66, cleared_at: 0.01 }
}

pub(super) fn oversized(lang: Lang) -> oversized::Input {
    let line = |points: &[(i32, f64)], part: f64| {
        let oversized = through(points);
        let super_oversized = oversized.iter().map(|share| share * part).collect();
        oversized::Line { oversized, super_oversized }
    };
    let panel = |stage, lines| oversized::Panel { stage, lines };
    let primary = vec![
        line(&[(2020, 0.034), (2024, 0.018), (2029, 0.0)], 0.2),
        line(&[(2020, 0.034), (2024, 0.025), (2030, 0.009), (2034, 0.0)], 0.25),
        line(&[(2020, 0.034), (2024, 0.021), (2031, 0.004), (2034, 0.0)], 0.2),
    ];
    let junior = vec![
        line(&[(2020, 0.062), (2024, 0.031), (2028, 0.014), (2032, 0.002)], 0.15),
        line(&[(2020, 0.062), (2027, 0.071), (2033, 0.024), (2038, 0.006)], 0.3),
        line(&[(2020, 0.062), (2026, 0.048), (2033, 0.01), (2036, 0.002)], 0.2),
    ];
    let senior = vec![
        line(&[(2020, 0.24), (2026, 0.15), (2036, 0.013), (2040, 0.012)], 0.3),
        line(&[(2020, 0.24), (2026, 0.21), (2031, 0.19), (2040, 0.051)], 0.4),
        line(&[(2020, 0.24), (2027, 0.19), (2037, 0.025), (2040, 0.021)], 0.3),
    ];
    oversized::Input {
        caption: Caption { scenario: None, ..caption(lang) },
        years: years(),
        definition: definition(),
        scenarios: [
            ("按规划建设", "Plan"),
            ("不建设", "No building"),
            ("推迟两年", "Two years late"),
        ]
        .map(|(zh, en)| lang.pick(zh, en).to_owned())
        .to_vec(),
        baseline: Some(1),
        plan: Some(oversized::Plan {
            first: 2022,
            last: 2025,
            label: lang.pick("规划建设期", "planned building").into(),
        }),
        panels: vec![
            panel(stages::primary(), primary),
            panel(stages::junior(), junior),
            panel(stages::senior(), senior),
        ],
    }
}

pub(super) fn heatmap(lang: Lang) -> heatmap::Input {
    let panel = |stage, from: f64, to: f64, clears: i32| {
        let rows = DISTRICTS.iter().enumerate().map(|(i, (zh, en))| {
            let weight = 0.25 + 1.7 * ((i * 7 % 11) as f64 / 10.0);
            let last = clears + (i as i32 * 5 % 11) - 5;
            let mut share =
                through(&[(2020, from * weight), (2024, from * weight * 0.8), (last, to * weight)]);
            if i == 4 {
                share[..3].fill(f64::NAN);
            }
            heatmap::Row { district: lang.pick(zh, en).to_owned(), share }
        });
        heatmap::Panel {
            stage,
            rows: rows.collect(),
            total: Some(through(&[(2020, from), (clears, to)])),
        }
    };
    heatmap::Input {
        caption: caption(lang),
        years: years(),
        definition: definition(),
        panels: vec![
            panel(stages::primary(), 0.034, 0.0, 2029),
            panel(stages::senior(), 0.24, 0.012, 2034),
        ],
    }
}

pub(super) fn places(lang: Lang) -> places::Input {
    let panel = |stage, pupils: &[(i32, f64)], seats: &[(i32, f64)]| places::Panel {
        stage,
        pupils: through(pupils),
        seats: through(seats),
    };
    places::Input {
        caption: caption(lang),
        years: years(),
        panels: vec![
            panel(
                stages::kindergarten(),
                &[(2020, 130_400.0), (2024, 102_000.0), (2030, 78_000.0), (2040, 80_200.0)],
                &[(2020, 141_000.0), (2023, 146_500.0), (2040, 146_500.0)],
            ),
            panel(
                stages::primary(),
                &[(2020, 283_000.0), (2023, 288_500.0), (2032, 190_000.0), (2040, 170_300.0)],
                &[(2020, 276_000.0), (2026, 301_000.0), (2040, 298_000.0)],
            ),
            panel(
                stages::junior(),
                &[(2020, 128_000.0), (2027, 145_300.0), (2036, 99_000.0), (2040, 92_500.0)],
                &[(2020, 131_000.0), (2026, 138_600.0), (2040, 138_600.0)],
            ),
            panel(
                stages::senior(),
                &[(2020, 73_200.0), (2030, 84_100.0), (2038, 62_000.0), (2040, 58_400.0)],
                &[(2020, 66_000.0), (2026, 76_400.0), (2040, 76_400.0)],
            ),
        ],
    }
}

pub(super) fn entrants(lang: Lang) -> entrants::Input {
    let line = |stage, points: &[(i32, f64)]| entrants::Line { stage, entrants: through(points) };
    entrants::Input {
        caption: caption(lang),
        years: years(),
        lines: vec![
            line(
                stages::kindergarten(),
                &[
                    (2020, 44_000.0),
                    (2024, 31_000.0),
                    (2028, 24_500.0),
                    (2033, 26_500.0),
                    (2040, 27_300.0),
                ],
            ),
            line(
                stages::primary(),
                &[
                    (2020, 48_000.0),
                    (2022, 50_300.0),
                    (2024, 46_000.0),
                    (2030, 28_000.0),
                    (2040, 27_200.0),
                ],
            ),
            line(
                stages::junior(),
                &[
                    (2020, 42_500.0),
                    (2028, 49_600.0),
                    (2030, 46_000.0),
                    (2036, 28_100.0),
                    (2040, 26_400.0),
                ],
            ),
            line(
                stages::senior(),
                &[
                    (2020, 24_300.0),
                    (2031, 29_800.0),
                    (2033, 28_000.0),
                    (2039, 16_900.0),
                    (2040, 16_700.0),
                ],
            ),
        ],
        births: Some(through(&[
            (2020, 31_000.0),
            (2023, 25_500.0),
            (2028, 27_000.0),
            (2040, 26_100.0),
        ])),
    }
}

pub(super) fn gaps(lang: Lang) -> gaps::Input {
    let layers = places(lang).panels.into_iter().map(|panel| {
        let gap = |side: f64| {
            let both = panel.pupils.iter().zip(&panel.seats);
            both.map(|(pupils, seats)| (side * (pupils - seats)).max(0.0)).collect()
        };
        gaps::Layer { stage: panel.stage, short: gap(1.0), empty: gap(-1.0) }
    });
    gaps::Input { caption: caption(lang), years: years(), layers: layers.collect() }
}

/// What the tests change in every input alike.
pub(super) trait Changeable {
    fn years(&mut self) -> &mut Vec<i32>;
    fn values(&mut self) -> Vec<&mut Vec<f64>>;
}

impl Changeable for oversized::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let lines = self.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        lines.flat_map(|line| [&mut line.oversized, &mut line.super_oversized]).collect()
    }
}

impl Changeable for heatmap::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let panels = self.panels.iter_mut();
        panels
            .flat_map(|panel| {
                let rows = panel.rows.iter_mut().map(|row| &mut row.share);
                rows.chain(&mut panel.total)
            })
            .collect()
    }
}

impl Changeable for places::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let panels = self.panels.iter_mut();
        panels.flat_map(|panel| [&mut panel.pupils, &mut panel.seats]).collect()
    }
}

impl Changeable for entrants::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let lines = self.lines.iter_mut().map(|line| &mut line.entrants);
        lines.chain(&mut self.births).collect()
    }
}

impl Changeable for gaps::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let layers = self.layers.iter_mut();
        layers.flat_map(|layer| [&mut layer.short, &mut layer.empty]).collect()
    }
}
