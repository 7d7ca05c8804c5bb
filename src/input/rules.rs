//! Rules of a city's schools and levers of a scenario.

use crate::axes::Stage;
use crate::event::ClosingRule;
use crate::scenario::{Additions, Admission, Levers, SchoolRules, StandingRelief};
use crate::units::Year;

use super::build::Reader;
use super::figures::Part;
use super::places;

pub(super) fn school_rules(reader: &mut Reader) -> SchoolRules {
    SchoolRules {
        choice: reader.part(Part::Choice, |reader| {
            reader.checked.stages.map(|s| reader.scalar(&format!("schools.choice.{}", s.key())))
        }),
        class_spread: reader.part(Part::ClassSpread, |r| r.scalar("schools.class_spread")),
        smallest_new_class: reader
            .part(Part::SmallestNewClass, |reader| reader.scalar("schools.smallest_new_class")),
        closing: closing(reader),
        relief: standing_relief(reader),
        additions: additions(reader),
        admission: admission(reader),
    }
}

fn closing(reader: &mut Reader) -> Vec<ClosingRule> {
    let mut rules = Vec::new();
    for key in reader.checked.names_of("rules.close") {
        let prefix = format!("rules.close.{key}");
        let zones = places::zones_of(reader.load, reader.checked, &format!("{prefix}.zones"));
        if !reader.checked.flag(&format!("{prefix}.active")) {
            continue;
        }
        let stage = reader.checked.stage(&format!("{prefix}.stage"));
        let Some(stage) = stage else { continue };
        let rule = reader.part(Part::Closing(rules.len()), |reader| ClosingRule {
            stage,
            zones: zones.unwrap_or_else(|| crate::axes::Zone::ALL.to_vec()),
            under_pupils: reader.scalar(&format!("{prefix}.under")),
            years: reader.scalar(&format!("{prefix}.years")) as i32,
            from_year: reader.scalar(&format!("{prefix}.from")) as Year,
            most_per_year: reader.scalar(&format!("{prefix}.most_per_year")) as i32,
            key,
        });
        rules.push(rule);
    }
    rules
}

/// A rule that a scenario switches on as a whole and that acts on the stages whose figures there are: `lead` is the one without which
/// it is not in force, `others` those that need it, and of them the first `n_needed` it needs too.
fn by_stage<T>(
    reader: &mut Reader,
    (part, rule): (Part, &str),
    (lead, others, n_needed): (&str, &[&str], usize),
    make: impl Fn(&Reader, &dyn Fn(&str) -> String) -> T,
) -> Vec<Option<T>> {
    let stages = reader.checked.stages;
    let (group, switch) = (format!("rules.{rule}"), format!("rules.{rule}.active"));
    if !reader.checked.flag(&switch) {
        return stages.map(|_| None);
    }
    let mut made = Vec::new();
    for stage in stages.iter() {
        let path = |what: &str| format!("{group}.{}.{what}", stage.key());
        // One that could not be read has been noted and is not missing.
        let has = |what: &str| reader.checked.positions.contains_key(&path(what));
        let (has_lead, told) = (has(lead), others.iter().find(|other| has(other)).copied());
        let missing = match (has_lead, told) {
            (true, _) => others[..n_needed].iter().find(|other| !has(other)).copied(),
            (false, Some(_)) => Some(lead),
            (false, None) => None,
        };
        if let Some(missing) = missing {
            let at = reader.checked.position(&path(told.filter(|_| !has_lead).unwrap_or(lead)));
            let message = format!("is missing: the rule of {} needs it", stage.key());
            let help = format!("add it, or set {switch} = false");
            reader.load.problem(at, &path(missing), message, help);
        }
        made.push(has_lead.then(|| reader.part(part, |reader| make(reader, &path))));
    }
    if made.iter().all(Option::is_none) {
        let message = format!("expected {group}.STAGE.{lead} of a stage: the rule has no figures");
        let help = "add them with their sources, or set it to false";
        reader.load.problem(reader.checked.position(&switch), &switch, message, help);
    }
    made
}

fn standing_relief(reader: &mut Reader) -> Vec<Option<StandingRelief>> {
    // A deadline alone is what an authority has announced: a figure of the national base.
    let figures = ("hazard", &["choice_decay"][..], 0);
    by_stage(reader, (Part::StandingRelief, "relief"), figures, |reader, path| StandingRelief {
        hazard: reader.scalar(&path("hazard")),
        deadline: reader.optional_scalar(&path("deadline")).map(|year| year as Year),
        choice_decay: reader.scalar(&path("choice_decay")),
    })
}

fn admission(reader: &mut Reader) -> Option<Admission> {
    let switch = "rules.admission.active";
    if !reader.checked.flag(switch) {
        return None;
    }
    let at = reader.checked.position(switch);
    if reader.checked.stages.pair().is_none() {
        let message = "expected two stages that share a source: there is no share to plan";
        let help = "set it to false, or `shares_source_with` of a stage";
        reader.load.problem(at, switch, message, help);
        return None;
    }
    let figures =
        ["elasticity", "share_min", "share_max"].map(|what| format!("rules.admission.{what}"));
    for path in figures.iter().filter(|path| !reader.checked.positions.contains_key(*path)) {
        let help = format!("add it with unit = \"ratio\" and its source, or set {switch} = false");
        reader.load.problem(at, path, "is missing: the rule needs it", help);
    }
    reader.part(Part::Admission, |reader| {
        let [elasticity, share_min, share_max] = figures.map(|path| reader.scalar(&path));
        let planned_class = reader.optional_path("rules.admission.planned_class");
        Some(Admission { elasticity, share_min, share_max, planned_class })
    })
}

fn additions(reader: &mut Reader) -> Vec<Option<Additions>> {
    let figures = ("rate", &["target_class", "most_per_year", "cost_per_seat"][..], 1);
    by_stage(reader, (Part::Additions, "additions"), figures, |reader, path| Additions {
        rate: reader.scalar(&path("rate")),
        target_class: reader.scalar(&path("target_class")),
        most_per_year: reader.optional_scalar(&path("most_per_year")).map(|rooms| rooms as i32),
        seat_yuan: reader.optional_scalar(&path("cost_per_seat")),
    })
}

pub(super) fn levers(reader: &mut Reader) -> Levers {
    let stages = reader.checked.stages;
    let mut path = |part: Part, what: &str| {
        reader.part(part, |reader| {
            stages.map(|s| reader.optional_path(&format!("levers.{what}.{}", s.key())))
        })
    };
    Levers {
        entry_cap: path(Part::EntryCap, "entry_cap"),
        rebalance: path(Part::Rebalance, "rebalance"),
        merge_below: path(Part::MergeBelow, "merge_below"),
        relief: path(Part::Relief, "relief"),
        split_from: reader.part(Part::SplitFrom, |reader| {
            let year = |s: Stage| reader.optional_scalar(&format!("levers.split_from.{}", s.key()));
            stages.map(|stage| year(stage).map(|year| year as Year))
        }),
    }
}
