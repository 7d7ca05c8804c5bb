//! The scorecard as a picture.

use crate::scorecard::{Score, Status};
use crate::target::Target;

use super::super::chart::{Lang, scorecard};
use super::{Drawn, Look, Named, caption, named};

/// The targets of a scenario; `None` where it has none.
pub(super) fn chart(drawn: &Drawn, look: &Look) -> Option<Named> {
    if drawn.scores.is_empty() {
        return None;
    }
    let input = scorecard::Input {
        caption: caption(drawn.scenario, true, look),
        rows: drawn.scores.iter().map(|score| row(drawn, score, look.lang)).collect(),
    };
    Some(named("scorecard", scorecard::draw(&input, look.lang)))
}

fn row(drawn: &Drawn, score: &Score, lang: Lang) -> scorecard::Row {
    let target = &drawn.scenario.targets[score.target];
    let pick = |name: &crate::city::Name| match lang {
        Lang::Zh => name.zh.clone(),
        Lang::En => name.en.clone(),
    };
    let bound = target.bound.as_ref();
    let unit = bound.map_or("", |bound| bound.unit.as_str());
    // A share is shown in per cent.
    let shown = |value: f64| if unit == "share" { 100.0 * value } else { value };
    let tolerance = bound.map(|b| b.tolerance / crate::units::unit_factor(&b.unit));
    scorecard::Row {
        plan: target.plan_title.clone(),
        title: pick(&target.title),
        place: place(drawn, target, lang),
        year: target.year,
        target: score.target_value.map_or(f64::NAN, shown),
        run: score.run_value.map(shown),
        unit: match unit {
            "percent" | "share" => scorecard::Unit::Percent,
            other if lang == Lang::Zh => {
                scorecard::Unit::Count(crate::scorecard::zh_unit(other).to_string())
            }
            other => scorecard::Unit::Count(other.to_string()),
        },
        direction: match bound.is_none_or(|bound| bound.is_floor) {
            true => scorecard::Direction::AtLeast,
            false => scorecard::Direction::AtMost,
        },
        tolerance: tolerance.filter(|t| *t > 0.0).map(shown),
        status: status(score, target),
        first_met: score.first_met.filter(|_| score.status == Status::Missed),
        reason: reason(score, target, lang),
    }
}

fn status(score: &Score, target: &Target) -> scorecard::Status {
    match score.status {
        Status::Met if target.input.is_some() => scorecard::Status::MetByInput,
        Status::Met => scorecard::Status::Met,
        Status::Missed => scorecard::Status::Missed,
        Status::Contradicted => scorecard::Status::Contradicted,
        Status::NotModelled => scorecard::Status::NotModelled,
        Status::OutsideYears => scorecard::Status::OutsideYears,
    }
}

/// What the picture does not show by itself: why a target is contradicted or not modelled, or the input that it follows.
fn reason(score: &Score, target: &Target, lang: Lang) -> Option<String> {
    let name = match score.status {
        Status::Contradicted => &target.contradicted,
        Status::NotModelled | Status::OutsideYears => &score.reason,
        Status::Met | Status::Missed => {
            return target.input.as_ref().map(|input| match lang {
                Lang::Zh => format!("由输入 {input} 决定"),
                Lang::En => format!("follows from the input {input}"),
            });
        }
    };
    Some(if lang == Lang::Zh { name.zh.clone() } else { name.en.clone() })
}

/// Districts and zones by their names; `None` for the whole city.
fn place(drawn: &Drawn, target: &Target, lang: Lang) -> Option<String> {
    if target.place == "all" {
        return None;
    }
    let city = &drawn.scenario.city;
    let mut names: Vec<String> = target
        .areas
        .iter()
        .map(|&area| {
            let district = &city.districts[city.areas[area].district].name;
            if lang == Lang::Zh { district.zh.clone() } else { district.en.clone() }
        })
        .collect();
    names.dedup();
    let all = names.len();
    Some(match (all, lang) {
        (0..=3, Lang::Zh) => names.join("、"),
        (0..=3, Lang::En) => names.join(", "),
        (_, Lang::Zh) => format!("{}等{all}个县区", names[0]),
        (_, Lang::En) => format!("{} and {} more", names[0], all - 1),
    })
}
