//! Inputs for the tests of the hindcast chart: an invented city from two earlier years.

use super::super::Lang;
use super::super::hindcast::{Dot, Finding, Input, Line, Panel, Start};
use super::{Changeable, caption, through, years};

/// Two starts, six quantities; the second start knew the first published value.
pub(in super::super) fn hindcast(lang: Lang) -> Input {
    let start =
        |zh: &str, en: &str, is_forecast| Start { name: lang.pick(zh, en).to_owned(), is_forecast };
    Input {
        caption: caption(lang),
        years: years(),
        starts: vec![start("自2020年", "from 2020", true), start("自2023年", "from 2023", false)],
        panels: vec![
            panel(lang.pick("小学在校生", "primary pupils"), false, 310_000.0, 360_000.0),
            panel(lang.pick("初中在校生", "junior pupils"), false, 150_000.0, 110_000.0),
            panel(lang.pick("幼儿园数", "kindergartens"), false, 803.0, 853.0),
            panel(lang.pick("普通高中平均班额", "senior mean class size"), false, 55.9, 48.0),
            panel(lang.pick("初中大班额比例", "junior oversized classes"), true, 0.29, 0.04),
            panel(lang.pick("高中阶段毛入学（园）率", "senior-stage gross rate"), true, 0.92, 0.94),
        ],
        finding: Finding {
            n_pupils: 12,
            error_percent: 3.2,
            leads: (1, 9),
            n_beside_last: 20,
            n_nearer: 14,
        },
    }
}

fn panel(name: &str, is_share: bool, from: f64, to: f64) -> Panel {
    let line = |start: usize, factor: f64| {
        let model: Vec<f64> =
            through(&[(2020, from), (2040, to)]).iter().map(|value| value * factor).collect();
        let times = |factor: f64| model.iter().map(|value| value * factor).collect();
        let (low, high) = (times(0.95), times(1.1));
        Line { start, model, low, high, last_value: Some((2020, from)) }
    };
    let dot = |year, value, is_open| Dot { year, value, is_open };
    Panel {
        name: name.to_owned(),
        is_share,
        published: vec![dot(2020, from, true), dot(2024, from, false), dot(2040, to, true)],
        lines: vec![line(0, 1.0), line(1, 1.03)],
    }
}

impl Changeable for Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        let lines = self.panels.iter_mut().flat_map(|panel| &mut panel.lines);
        lines.flat_map(|line| [&mut line.model, &mut line.low, &mut line.high]).collect()
    }
}
