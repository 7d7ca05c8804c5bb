//! What the bands show, in words: how large the oversized share is at both ends, and when it is cleared.

use super::super::numbers::{known, percent, threshold};
use super::super::oversized::{Outcome, outcome};
use super::super::text::{capitalised, clauses};
use super::super::{Lang, Stage, stage_name};
use super::{Input, Panel, last_known};

/// The oversized share of a stage in the first and the last year, and when it is cleared.
struct Course {
    stage: Stage,
    first: (i32, f64),
    last: (i32, f64),
    outcome: Outcome,
}

fn course(input: &Input, panel: &Panel) -> Option<Course> {
    let shares = input.oversized(panel);
    let values = known(&input.years, &shares);
    let outcome = outcome(&input.years, &shares, input.definition.cleared_at);
    Some(Course { stage: panel.stage, first: *values.first()?, last: *values.last()?, outcome })
}

/// The stages with values, the one with the largest share at the start first.
fn courses(input: &Input) -> Vec<Course> {
    let mut courses: Vec<Course> =
        input.panels.iter().filter_map(|panel| course(input, panel)).collect();
    courses.sort_by(|a, b| b.first.1.total_cmp(&a.first.1));
    courses
}

/// The finding: the oversized share at both ends and the year of clearing, stage by stage.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let courses = courses(input);
    let limit = threshold(input.definition.cleared_at);
    let is_small = |course: &Course| course.outcome == Outcome::Always;
    let told: Vec<&Course> = courses.iter().filter(|course| !is_small(course)).collect();
    let Some((first, others)) = told.split_first() else {
        return match (courses.is_empty(), lang) {
            (true, _) => lang.pick("各班额段班级比例", "Classes by size").to_owned(),
            (_, Lang::Zh) => format!("大班额占比始终不超过{limit}"),
            (_, Lang::En) => format!("Oversized classes never exceed {limit} of classes"),
        };
    };
    let further = others.iter().map(|course| {
        let (name, ends) =
            (stage_name(course.stage, lang), [course.first.1, course.last.1].map(percent));
        let ending = ending(course, lang);
        match lang {
            Lang::Zh => format!("；{name}{}→{}{ending}", ends[0], ends[1]),
            Lang::En => format!("; {name} from {} to {}{ending}", ends[0], ends[1]),
        }
    });
    capitalised(&clauses(opening(first, lang), further.collect(), input.caption.room(), lang))
}

fn opening(course: &Course, lang: Lang) -> String {
    let (name, ending) = (stage_name(course.stage, lang), ending(course, lang));
    let ((from, first), (to, last)) = (course.first, course.last);
    let [before, after] = [first, last].map(percent);
    if from == to {
        return match lang {
            Lang::Zh => format!("{name}大班额{from}年占{before}"),
            Lang::En => format!("{name} classes are {before} oversized in {from}"),
        };
    }
    match (last > first, lang) {
        (_, Lang::Zh) if before == after => {
            format!("{name}大班额占比{from}年和{to}年都是{before}{ending}")
        }
        (_, Lang::En) if before == after => {
            format!("{name} classes are {before} oversized in {from} as in {to}{ending}")
        }
        (rises, Lang::Zh) => {
            let verb = if rises { "升至" } else { "降至" };
            format!("{name}大班额占比由{from}年{before}{verb}{to}年{after}{ending}")
        }
        (rises, Lang::En) => {
            let verb = if rises { "rise" } else { "fall" };
            format!(
                "{name} oversized classes {verb} from {before} in {from} to {after} in {to}{ending}"
            )
        }
    }
}

fn ending(course: &Course, lang: Lang) -> String {
    match (course.outcome, lang) {
        (Outcome::From(year), Lang::Zh) => format!("，{year}年清零"),
        (Outcome::From(year), Lang::En) => format!(", cleared in {year}"),
        _ => String::new(),
    }
}

/// Behind the name of a panel: the oversized share at both ends, and when it is cleared.
pub(super) fn remark(input: &Input, panel: &Panel, lang: Lang) -> String {
    let Some(course) = course(input, panel) else {
        return String::new();
    };
    let ending = match course.outcome {
        Outcome::Always => match lang {
            Lang::Zh => format!("，始终不超过{}", threshold(input.definition.cleared_at)),
            Lang::En => format!(", never above {}", threshold(input.definition.cleared_at)),
        },
        _ => ending(&course, lang),
    };
    let [first, last] = [course.first.1, course.last.1].map(percent);
    match lang {
        Lang::Zh => format!("大班额{first} → {last}{ending}"),
        Lang::En => format!("oversized {first} → {last}{ending}"),
    }
}

/// The bands of every stage in the first and the last year.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for panel in &input.panels {
        let mut years = input.years.iter().enumerate();
        let first = years.find_map(|(i, &year)| Some((year, input.shares(panel, i)?)));
        let name = capitalised(stage_name(panel.stage, lang));
        let mut told = 0;
        for (year, shares) in [first, last_known(input, panel)].into_iter().flatten() {
            let band =
                |(band, share): (usize, &f64)| format!("{} {}", input.name(band), percent(*share));
            let bands: Vec<String> = shares.iter().enumerate().map(band).collect();
            if told != year {
                words += &match lang {
                    Lang::Zh => format!("{name}{year}年：{}。", bands.join("，")),
                    Lang::En => format!("{name} in {year}: {}. ", bands.join(", ")),
                };
            }
            told = year;
        }
    }
    words
}
