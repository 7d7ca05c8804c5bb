//! Which scenarios are not outdone and what a pupil-year costs, in words.

use super::super::Lang;
use super::super::font::width;
use super::super::numbers::{count, fixed};
use super::super::text::quoted;
use super::super::theme::SMALL;
use super::{Input, Point};

/// Widest name within a title, and widest names together; beyond that they are counted.
const NAME_WIDTH: f64 = 160.0;
const NAMES_WIDTH: f64 = 300.0;

/// How the scenarios compare.
pub(super) struct Findings {
    /// By scenario: whether it is compared and not outdone.
    efficient: Vec<bool>,
}

impl Findings {
    pub fn of(points: &[Point]) -> Findings {
        let compared = |point: &Point| point.position().filter(|_| !point.is_warned());
        let others: Vec<(f64, f64)> =
            points.iter().filter_map(compared).chain([(0.0, 0.0)]).collect();
        let is_efficient = |point: &Point| {
            compared(point).is_some_and(|(cost, relief)| {
                !others.iter().any(|&(c, r)| c <= cost && r >= relief && (c < cost || r > relief))
            })
        };
        Findings { efficient: points.iter().map(is_efficient).collect() }
    }

    pub fn is_efficient(&self, i: usize) -> bool {
        self.efficient.get(i).copied().unwrap_or(false)
    }

    /// Positions of what is not outdone, the cheapest first.
    pub fn front(&self, points: &[Point]) -> Vec<(f64, f64)> {
        let efficient = points.iter().enumerate().filter(|(i, _)| self.is_efficient(*i));
        let mut positions: Vec<_> = efficient.filter_map(|(_, point)| point.position()).collect();
        positions.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        positions
    }
}

/// Yuan for a pupil-year relieved; none where nothing is relieved.
fn unit_cost(point: &Point) -> Option<f64> {
    let (cost, relief) = point.position()?;
    (relief > 0.0).then(|| cost / relief)
}

/// What is not outdone, what is cheapest, and how many scenarios turn pupils away.
pub(super) fn title(input: &Input, findings: &Findings, lang: Lang) -> String {
    let drawn = || input.points.iter().filter(|point| point.position().is_some());
    if drawn().next().is_none() {
        return lang
            .pick("投资与大班额减少", "Investment and relief of oversized classes")
            .to_owned();
    }
    let indexed = input.points.iter().enumerate();
    let mut good: Vec<&Point> = indexed
        .filter(|(i, point)| findings.is_efficient(*i) && unit_cost(point).is_some())
        .map(|(_, point)| point)
        .collect();
    good.sort_by(|a, b| a.investment.total_cmp(&b.investment));
    let warned = drawn().filter(|point| point.is_warned()).count();
    let mut clauses = vec![match good.is_empty() {
        true => nothing_relieves(warned, lang),
        false => efficient(&good, drawn().count(), lang),
    }];
    clauses.extend(cheapest(&good, lang));
    clauses.extend((warned > 0).then(|| match lang {
        Lang::Zh => format!("{warned}个方案让更多学生无学位"),
        Lang::En if warned == 1 => "1 leaves more pupils without a place".to_owned(),
        Lang::En => format!("{warned} leave more pupils without a place"),
    }));
    clauses.join(lang.pick("；", "; "))
}

fn nothing_relieves(warned: usize, lang: Lang) -> String {
    let words = match warned {
        0 => ("没有方案减少大班额", "No scenario relieves oversized classes"),
        _ => (
            "不减少就学机会的方案都没有减少大班额",
            "No scenario that keeps places for pupils relieves oversized classes",
        ),
    };
    lang.pick(words.0, words.1).to_owned()
}

fn efficient(good: &[&Point], all: usize, lang: Lang) -> String {
    let names: Option<Vec<String>> = good.iter().map(|point| short_name(point, lang)).collect();
    let fits = |names: &Vec<String>| width(&names.concat(), SMALL, false) <= NAMES_WIDTH;
    match (names.filter(fits), lang) {
        (Some(names), Lang::Zh) => format!("有效方案为{}", names.concat()),
        (Some(names), Lang::En) => format!("Not outdone: {}", names.join(", ")),
        (None, Lang::Zh) => format!("{all}个方案中{}个有所缓解且不被超过", good.len()),
        (None, Lang::En) if good.len() == 1 => {
            format!("1 of {all} scenarios relieves classes and is not outdone")
        }
        (None, Lang::En) => {
            format!("{} of {all} scenarios relieve classes and are not outdone", good.len())
        }
    }
}

/// The name in quotation marks, unless it is too long.
fn short_name(point: &Point, lang: Lang) -> Option<String> {
    quoted(&point.name, lang, NAME_WIDTH)
}

/// The lowest cost per pupil-year among the scenarios that cost money; it always lies on the front.
fn cheapest(good: &[&Point], lang: Lang) -> Option<String> {
    let costs = good.iter().filter_map(|point| Some((*point, unit_cost(point)?)));
    let paid = costs.filter(|(_, cost)| *cost > 0.0);
    let lowest = paid.reduce(|a, b| if b.1 < a.1 { b } else { a });
    let any_free = good.iter().any(|point| unit_cost(point) == Some(0.0));
    let Some((point, cost)) = lowest else {
        return any_free.then(|| lang.pick("不需投资", "it takes no investment").to_owned());
    };
    let name = short_name(point, lang).filter(|_| good.len() > 1);
    let cost = money(cost, lang);
    let among =
        if any_free { lang.pick("需投资的方案中", " of those that cost money") } else { "" };
    Some(match (name, lang) {
        (Some(name), Lang::Zh) => format!("{among}{name}最省，每减少1人年{cost}"),
        (Some(name), Lang::En) => format!("{name} is cheapest{among}, at {cost} per pupil-year"),
        (None, Lang::Zh) => format!("{among}最省的每减少1人年{cost}"),
        (None, Lang::En) => format!("the cheapest{among} takes {cost} per pupil-year"),
    })
}

/// A cost per pupil-year; what is there never reads as nothing.
fn money(cost: f64, lang: Lang) -> String {
    let number = match cost {
        c if c > 0.0 && c < 0.5 => lang.pick("不到1", "less than 1").to_owned(),
        c => count(c, lang),
    };
    format!("{number}{}", lang.pick("元", " yuan"))
}

/// Every scenario in a sentence.
pub(super) fn description(input: &Input, findings: &Findings, lang: Lang) -> String {
    let mut words = String::new();
    for (i, point) in input.points.iter().enumerate() {
        let Some((cost, relief)) = point.position() else {
            continue;
        };
        let (name, relief) = (&point.name, count(relief, lang));
        let rank = match (point.is_warned(), findings.is_efficient(i)) {
            (true, _) => unplaced_in_words(point, lang),
            (_, true) => lang.pick("有效", "not outdone").to_owned(),
            _ => lang.pick("被他案超过", "outdone").to_owned(),
        };
        words += &match lang {
            Lang::Zh => {
                format!("{name}：投资{}亿元，减少{relief}人年，{rank}", fixed(cost / 1e8, 2))
            }
            Lang::En => format!(
                "{name}: {} million yuan, {relief} pupil-years relieved, {rank}",
                fixed(cost / 1e6, 1)
            ),
        };
        if let Some(cost) = unit_cost(point) {
            let cost = money(cost, lang);
            words += &match lang {
                Lang::Zh => format!("，每人年{cost}"),
                Lang::En => format!(", {cost} per pupil-year"),
            };
        }
        words += lang.pick("。", ". ");
    }
    words
}

/// How many pupils a scenario leaves without a place.
pub(super) fn unplaced_in_words(point: &Point, lang: Lang) -> String {
    if !point.unplaced.is_finite() {
        return lang.pick("无学位人数不明", "unplaced pupils unknown").to_owned();
    }
    let number = count(point.unplaced.min(super::LARGEST), lang);
    match lang {
        Lang::Zh => format!("多{number}人年无学位"),
        Lang::En => format!("{number} more pupil-years unplaced"),
    }
}
