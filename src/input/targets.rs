//! Targets of plans: from a checked tree.

use crate::axes::Stage;
use crate::city::Name;
use crate::target::{Bound, Force, MEASURES, Target};
use crate::units::{Year, unit_factor};

use super::build::Reader;
use super::places;
use super::problem::suggest;

/// All targets in file order.
pub(super) fn read(reader: &mut Reader) -> Vec<Target> {
    let names = reader.checked.names_of("targets");
    names.iter().filter_map(|key| target(reader, key)).collect()
}

fn target(reader: &mut Reader, key: &str) -> Option<Target> {
    let prefix = format!("targets.{key}");
    let at = |what: &str| format!("{prefix}.{what}");
    let checked = reader.checked;
    let text = |what: &str| checked.text(&at(what)).map(str::to_string);
    let indicator = text("indicator");
    let bound = bound(reader, &prefix, indicator.as_deref());
    check_words(reader, &prefix);
    let stages = places::stages_of(reader.load, checked, &at("stages"), true);
    let names_stages = checked.positions.contains_key(&at("stages"));
    if indicator.as_deref().is_some_and(needs_stage) && !names_stages {
        let message = "expected the stages that it speaks of, found none";
        let help = format!("add stages = [\"{}\"]", checked.stages.example().key());
        reader.load.problem(checked.position(&prefix), &at("stages"), message, help);
    }
    let areas = places::some_areas_of(reader.load, checked, &reader.places, &prefix, "");
    let (plan, plan_title) = plan(reader, &prefix, bound.as_ref());
    check_input(reader, &at("input"));
    let title = text("title")?;
    let name = |zh: &str, en: &str| {
        let zh = text(zh).unwrap_or_default();
        let en = text(en).unwrap_or_else(|| zh.clone());
        Name { zh, en }
    };
    Some(Target {
        key: key.to_string(),
        title: Name { en: text("title_en").unwrap_or_else(|| title.clone()), zh: title },
        plan,
        plan_title,
        year: checked.whole(&at("year"))? as Year,
        bound,
        indicator,
        not_modelled: name("not_modelled", "not_modelled_en"),
        stages,
        areas,
        place: place(reader, &prefix),
        force: match checked.text(&at("force")) {
            Some("binding") => Some(Force::Binding),
            Some(_) => Some(Force::Expected),
            None => None,
        },
        input: text("input"),
        contradicted: name("contradicted", "contradicted_en"),
    })
}

/// Largest share that a plan may aim at; gross rates and utilisation may be above all.
const MOST_SHARE: f64 = 3.0;

/// Whether a share is one of a whole, at most all of it.
fn is_part(indicator: &str) -> bool {
    ["oversized_share", "super_oversized_share", "inclusive_coverage", "private_share"]
        .contains(&indicator)
}

fn needs_stage(indicator: &str) -> bool {
    !matches!(indicator, "retention_nine_year" | "births")
}

/// A target has an indicator or says why the model cannot compute it; a translation has an original.
fn check_words(reader: &mut Reader, prefix: &str) {
    let checked = reader.checked;
    let is_there = |what: &str| checked.positions.contains_key(&format!("{prefix}.{what}"));
    for word in ["not_modelled", "contradicted"] {
        if is_there(&format!("{word}_en")) && !is_there(word) {
            let path = format!("{prefix}.{word}_en");
            let message = format!("expected `{word}` beside it, found none");
            let help = format!("add {word} = \"…\", the same in Chinese");
            reader.load.problem(checked.position(&path), &path, message, help);
        }
    }
    let found = match (is_there("indicator"), is_there("not_modelled")) {
        (true, true) => "both",
        (false, false) if !is_there("not_modelled_en") => "neither",
        _ => return,
    };
    let message = format!("expected an indicator, or why it is not modelled, found {found}");
    let help = match found {
        "both" => "remove one of the two: a target that is not modelled has no value",
        _ => "add indicator = \"oversized_share\", or not_modelled = \"…\"",
    };
    reader.load.problem(checked.position(prefix), prefix, message, help);
}

/// The value of a target: a floor or a ceiling, in a unit of its indicator.
fn bound(reader: &mut Reader, prefix: &str, indicator: Option<&str>) -> Option<Bound> {
    let at = |what: &str| format!("{prefix}.{what}");
    let is_there = |what: &str| reader.checked.positions.contains_key(&at(what));
    let (floor, ceiling) = (is_there("at_least"), is_there("at_most"));
    if (floor && ceiling) || (!floor && !ceiling && indicator.is_some()) {
        let found = if floor { "both" } else { "neither" };
        let message = format!("expected either `at_least` or `at_most`, found {found}");
        let help = "a target is a floor or a ceiling";
        reader.load.problem(reader.checked.position(prefix), prefix, message, help);
        return None;
    }
    if !floor && !ceiling && is_there("tolerance") {
        let message = "expected `at_least` or `at_most` beside it, found neither";
        let help = "a tolerance belongs to a floor or a ceiling: add one, or remove it";
        let path = at("tolerance");
        reader.load.problem(reader.checked.position(&path), &path, message, help);
        return None;
    }
    let path = at(if floor { "at_least" } else { "at_most" });
    let figure = reader.checked.figures.get(&path)?;
    if let Some((_, units)) = MEASURES.iter().find(|(key, _)| Some(*key) == indicator)
        && !units.contains(&figure.unit.as_str())
    {
        let message = format!("expected a figure in {}, found {}", units.join(" or "), figure.unit);
        let help = format!("the unit of {}", indicator.unwrap_or_default());
        reader.load.problem(figure.position, &path, message, help);
        return None;
    }
    let most = if indicator.is_some_and(is_part) { 1.0 } else { MOST_SHARE };
    if ["percent", "share"].contains(&figure.unit.as_str()) && figure.scalar() > most {
        let factor = unit_factor(&figure.unit);
        let tidy = |share: f64| (share / factor * 1e9).round() / 1e9;
        let (most, found) = (tidy(most), tidy(figure.scalar()));
        let message = format!("expected {} up to {most}, found {found}", figure.unit);
        let help = if factor == 1.0 && found <= 100.0 * most {
            "write unit = \"percent\"".to_string()
        } else {
            String::new()
        };
        reader.load.problem(figure.position, &path, message, help);
        return None;
    }
    let tolerance = reader.checked.figures.get(&at("tolerance"));
    if let Some(tolerance) = tolerance.filter(|tolerance| tolerance.unit != figure.unit) {
        let message = format!("expected a figure in {}, found {}", figure.unit, tolerance.unit);
        let help = "a tolerance has the unit of its target";
        reader.load.problem(tolerance.position, &at("tolerance"), message, help);
        return None;
    }
    Some(Bound {
        value: figure.scalar(),
        tolerance: tolerance.map_or(0.0, |tolerance| tolerance.scalar()),
        is_floor: floor,
        unit: figure.unit.clone(),
    })
}

/// The plan: the source of the figure, or the one named by `plan`.
fn plan(reader: &mut Reader, prefix: &str, bound: Option<&Bound>) -> (String, String) {
    let checked = reader.checked;
    let of_figure = bound.and_then(|bound| {
        let name = if bound.is_floor { "at_least" } else { "at_most" };
        checked.figures.get(&format!("{prefix}.{name}")).map(|figure| figure.source.clone())
    });
    let path = format!("{prefix}.plan");
    let named = checked.text(&path).map(str::to_string);
    let is_there = |what: &str| checked.positions.contains_key(&format!("{prefix}.{what}"));
    let has_figure = is_there("at_least") || is_there("at_most");
    if named.is_none() && of_figure.is_none() && !has_figure && !is_there("indicator") {
        let message = "expected the plan that it belongs to: it has no figure with a source";
        let help = "add plan = \"…\", the key of a source";
        reader.load.problem(checked.position(prefix), &path, message, help);
    }
    if let Some(name) = &named
        && checked.text(&format!("sources.{name}.title")).is_none()
    {
        let known = checked.names_of("sources");
        let help = suggest(name, known.iter().map(String::as_str));
        let message = format!("no source {name:?}");
        reader.load.problem(checked.value_position(&path), &path, message, help);
    }
    let key = named.or(of_figure).unwrap_or_default();
    let title = checked.text(&format!("sources.{key}.title")).unwrap_or(&key).to_string();
    (key, title)
}

/// The input that a value follows from must exist.
fn check_input(reader: &mut Reader, path: &str) {
    let Some(input) = reader.checked.text(path) else { return };
    if !reader.checked.figures.contains_key(input) {
        let known = || reader.checked.figures.keys().map(String::as_str);
        let below = format!("{input}.");
        let inside: Vec<&str> = known().filter(|path| path.starts_with(&below)).collect();
        let help = match super::problem::nearest(input, known()) {
            _ if !inside.is_empty() => format!("it is a group, of {}", inside.join(", ")),
            Some(near) => format!("did you mean `{near}`?"),
            None => "name the path of a figure, as `xuewei show` lists them".to_string(),
        };
        let message = format!("no figure {input:?}");
        reader.load.problem(reader.checked.value_position(path), path, message, help);
    }
}

/// The name of a place in tables: districts joined by `+`, a dot, zones joined by `+`.
fn place(reader: &Reader, prefix: &str) -> String {
    let texts = |what: &str| {
        let texts = reader.checked.texts(&format!("{prefix}.{what}")).unwrap_or_default();
        texts.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join("+")
    };
    match (texts("districts"), texts("zones")) {
        (districts, zones) if districts.is_empty() && zones.is_empty() => "all".to_string(),
        (districts, zones) if zones.is_empty() => districts,
        (districts, zones) if districts.is_empty() => format!("all.{zones}"),
        (districts, zones) => format!("{districts}.{zones}"),
    }
}

/// Stages as a word for tables: their keys joined by `+`.
pub fn stages_key(stages: &[Stage]) -> String {
    stages.iter().map(|stage| stage.key()).collect::<Vec<_>>().join("+")
}
