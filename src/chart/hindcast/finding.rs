//! What the panels show, in words: the title and the description.

use super::super::Lang;
use super::super::numbers::{count, fixed, known, percent};
use super::{Finding, Input, Panel};

/// How far forecasts of pupils were off, and how often they beat the last value; or that there are none.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let Finding { n_pupils, error_percent, leads, n_beside_last, n_nearer } = input.finding;
    if n_pupils == 0 {
        let words = lang.pick("没有可计入误差的预测", "No forecast whose error counts");
        let known = input.starts.iter().any(|start| !start.is_forecast);
        let why = lang.pick("：起点用到了后来的数据", ": the start was made with later figures");
        return if known { format!("{words}{why}") } else { words.to_owned() };
    }
    let error = fixed(error_percent, 1);
    let (first, last) = leads;
    let mut words = match lang {
        Lang::Zh if first == last => format!("在校生提前{first}年测算，平均误差{error}%"),
        Lang::Zh => format!("在校生提前{first}至{last}年测算，平均误差{error}%"),
        Lang::En if first == last => {
            format!("Pupils {first} years ahead were {error}% off on average")
        }
        Lang::En => format!("Pupils {first} to {last} years ahead were {error}% off on average"),
    };
    if n_beside_last > 0 {
        words += &match lang {
            Lang::Zh => {
                format!("；{n_beside_last}个预测中{n_nearer}个比沿用上次数值更近")
            }
            Lang::En => {
                format!("; {n_nearer} of {n_beside_last} forecasts are nearer than the last value")
            }
        };
    }
    words
}

/// Published and projected values of every panel.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    input.panels.iter().map(|panel| of_panel(input, panel, lang)).collect()
}

fn of_panel(input: &Input, panel: &Panel, lang: Lang) -> String {
    let value = |value: f64| if panel.is_share { percent(value) } else { count(value, lang) };
    let mut told: Vec<String> = Vec::new();
    for dot in &panel.published {
        let shown = value(dot.value);
        told.push(match lang {
            Lang::Zh => format!("{}年公布{shown}", dot.year),
            Lang::En => format!("published {shown} in {}", dot.year),
        });
    }
    for line in &panel.lines {
        let Some(start) = input.starts.get(line.start) else { continue };
        if let Some(&(year, last)) = known(&input.years, &line.model).last() {
            let (name, shown) = (&start.name, value(last));
            told.push(match lang {
                Lang::Zh => format!("{name}测算{year}年{shown}"),
                Lang::En => format!("{name} projects {shown} in {year}"),
            });
        }
    }
    let words = told.join(lang.pick("；", "; "));
    format!("{}{}{words}{}", panel.name, lang.pick("：", ": "), lang.pick("。", ". "))
}
