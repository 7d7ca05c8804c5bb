//! The tables that calibration writes: residents, people in group quarters, the register, fitted figures, residuals.

use crate::axes::{N_AGES, Sex, Stage};
use crate::city::{City, Ownership};
use crate::input::tree::{number_to_toml, quote};
use crate::units::Path;

use crate::input::CityKeys;
use crate::numeric::normal_quantile;

use super::calibrated::Calibrated;
use super::children::Children;
use super::migration::Flow;
use super::rates::RateFit;
use super::targets::{FittedStage, Shape};

/// `population.csv` or `group_quarters.csv`: `district,zone,sex,age,count`.
pub fn people(city: &City, people: &[f64], with_zeros: bool) -> String {
    let mut text = String::from("district,zone,sex,age,count\n");
    for (area_idx, area) in city.areas.iter().enumerate() {
        for sex in Sex::ALL {
            let start = City::people_start(area_idx, sex);
            for age in 0..N_AGES {
                let count = people[start + age];
                if with_zeros || count != 0.0 {
                    let district = &city.districts[area.district].key;
                    text.push_str(&format!(
                        "{district},{},{},{age},{count}\n",
                        area.zone.key(),
                        sex.key()
                    ));
                }
            }
        }
    }
    text
}

/// `schools.csv`: one row for every school.
pub fn schools(city: &City, calibrated: &Calibrated) -> String {
    let mut text = String::from(
        "site,name,district,zone,stage,ownership,inclusive,rooms,reserved,quality,origin",
    );
    let columns = city.stages.most_grades();
    for what in ["pupils", "classes", "limit"] {
        for g in 1..=columns {
            text.push_str(&format!(",{what}_{g}"));
        }
    }
    text.push('\n');
    for school in &calibrated.schools {
        let site = &calibrated.sites[school.site];
        let area = city.areas[site.area];
        let ownership = if school.ownership == Ownership::Private { "private" } else { "public" };
        text.push_str(&format!(
            "{},{},{},{},{},{ownership},{},{},{},{},{}",
            cell_of(&site.key),
            cell_of(&site.name),
            city.districts[area.district].key,
            area.zone.key(),
            school.stage.key(),
            if school.is_inclusive { "yes" } else { "no" },
            school.rooms_total,
            school.rooms_reserved,
            school.quality,
            cell_of(&site.origin),
        ));
        let n_grades = school.stage.n_grades();
        let cell = |g: usize, value: String| if g < n_grades { value } else { String::new() };
        for g in 0..columns {
            text.push_str(&format!(",{}", cell(g, school.pupils[g].to_string())));
        }
        for g in 0..columns {
            text.push_str(&format!(",{}", cell(g, school.classes[g].to_string())));
        }
        for g in 0..columns {
            let limit =
                if school.limits[g] > 0.0 { school.limits[g].to_string() } else { String::new() };
            text.push_str(&format!(",{}", cell(g, limit)));
        }
        text.push('\n');
    }
    text
}

/// A text as a cell; quoted where it has a comma, a quote or a line end.
fn cell_of(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

/// `calibrated.toml`: θ by stage with what was fitted, `open_at` where it was fitted too, and the rates and flows that the city
/// does not give itself.
pub fn fitted(calibrated: &Calibrated, keys: &CityKeys) -> String {
    let (estimated, scenario) = (&keys.estimated, &keys.scenario);
    let mut text = String::from(
        "# Written by `xuewei calibrate --write`; change [calibration] in city.toml instead.\nformat = 1\n\n[schools.choice]\n",
    );
    for fit in &calibrated.stages {
        text.push_str(&format!(
            "{} = {{ value = {}, unit = \"ratio\", source = \"calibration\", note = {} }}\n",
            fit.stage.key(),
            number_to_toml(fit.choice),
            quote(&note_of(fit)),
        ));
    }
    let is_empty = |stage: &Stage| calibrated.stages.iter().all(|fit| fit.stage != *stage);
    for stage in scenario.city.stages.iter().filter(is_empty) {
        text.push_str(&no_schools(stage));
    }
    for fit in calibrated.stages.iter().filter(|fit| fit.open_at_factor != 1.0) {
        let national = &scenario.thresholds.open_at[fit.stage.idx()];
        let note = format!(
            "one class for every so many entrants, fitted with θ: {:.4} times the national figure",
            fit.open_at_factor
        );
        text.push_str(&format!(
            "\n[set.thresholds.{}]\nopen_at = {{ {}, unit = \"pupils per class\", source = \"calibration\", note = {} }}\n",
            fit.stage.key(),
            values_of(&national.scaled(fit.open_at_factor)),
            quote(&note),
        ));
    }
    if let Some(children) = calibrated.people.children.as_ref() {
        text.push_str(&enrolment(children, estimated));
    }
    for flow in calibrated.people.flows.iter().filter(|flow| gives_none(keys, flow)) {
        text.push_str(&moved(flow));
    }
    text
}

/// θ of a stage without schools: the city needs one to run.
fn no_schools(stage: Stage) -> String {
    format!(
        "{} = {{ value = 0, unit = \"ratio\", source = \"calibration\", note = \"no schools of this stage\" }}\n",
        stage.key()
    )
}

/// Whether a city has no net migration, or no moves, of its own.
fn gives_none(keys: &CityKeys, flow: &Flow) -> bool {
    let Some((group, _)) = flow.path.rsplit_once('.') else { return false };
    let source = |name: &String| {
        keys.checked.figures.get(&format!("{group}.{name}.rate")).map(|f| f.source.as_str())
    };
    keys.checked.names_of(group).iter().all(|name| source(name) == Some("calibration"))
}

/// A rate of migration or moves as the city's figure.
fn moved(flow: &Flow) -> String {
    let percent = |share: f64| number_to_toml((share * 1e5).round() / 1e3);
    let reach = normal_quantile(0.9) * flow.error;
    let is_move = flow.path.starts_with("population.moves");
    let zones = match is_move {
        true => "from_zones = [\"rural\"]\nto_zones = [\"urban\", \"town\"]\n",
        false => "",
    };
    let floor = if is_move { 0.0 } else { -1.0 };
    format!(
        "\n[{}]\nages = [{}, {}]\n{zones}rate = {{ value = {}, unit = \"percent\", low = {}, high = {}, source = \"calibration\", note = \"censuses of {} and {}\" }}\n",
        flow.path,
        flow.ages.0,
        flow.ages.1,
        percent(flow.rate),
        percent((flow.rate - reach).max(floor)),
        percent(flow.rate + reach),
        flow.years.0,
        flow.years.1,
    )
}

/// The estimated rates as figures: `low` and `high` are the 10th and 90th percentiles.
fn enrolment(children: &Children, estimated: &[String]) -> String {
    let mut text = String::new();
    let mut group = "";
    for path in estimated {
        let Some((section, name)) = path.rsplit_once('.') else { continue };
        let Some((values, low, high)) = children.figure(path) else { continue };
        if section != group {
            text.push_str(&format!("\n[{section}]\n"));
            group = section;
        }
        let percent = |share: f64| number_to_toml((share * 1e5).round() / 1e3);
        let value = match values.as_slice() {
            [one] => percent(*one),
            list => {
                format!(
                    "[{}]",
                    list.iter().map(|v| percent(*v)).collect::<Vec<String>>().join(", ")
                )
            }
        };
        let bounds = format!("low = {}, high = {}, ", percent(low), percent(high));
        text.push_str(&format!(
            "{name} = {{ value = {value}, unit = \"percent\", {bounds}source = \"calibration\" }}\n"
        ));
    }
    text
}

/// What was fitted, what it gives, and what it misses.
fn note_of(fit: &FittedStage) -> String {
    let what = match fit.shape {
        Shape::Register => "not fitted, the register is a real one".to_string(),
        Shape::Choice => "fitted".to_string(),
        shape => format!("fitted, {} {:.4}", shape.key(), fit.shape_value),
    };
    let mut note = format!(
        "{what}: mean class {:.2}, oversized {:.2} %, super-oversized {:.2} %, pupils over seats {:.3}",
        fit.mean_class,
        100.0 * fit.oversized_share,
        100.0 * fit.super_share,
        fit.fill,
    );
    for met in fit.mets.iter().filter(|met| !met.is_met()) {
        let zone = met.target.zone.map_or(String::new(), |zone| format!(" ({})", zone.key()));
        let (what, target, miss) = (met.target.what.key(), met.target.published, met.miss());
        note.push_str(&format!("; {what}{zone} {target} missed by {miss:+.2}"));
    }
    note
}

/// A path as the value of a figure, in hundredths.
fn values_of(path: &Path) -> String {
    let number = |value: f64| number_to_toml((100.0 * value).round() / 100.0);
    match path.anchors() {
        [(_, value)] => format!("value = {}", number(*value)),
        anchors => {
            let years: Vec<String> = anchors
                .iter()
                .map(|(year, value)| format!("{year} = {}", number(*value)))
                .collect();
            format!("by_year = {{ {} }}", years.join(", "))
        }
    }
}

/// `residuals.csv`: every observation beside the fitted value.
pub fn residuals(calibrated: &Calibrated) -> String {
    let mut text = String::from(
        "quantity,place,year,observed,fitted,difference,in_city,unit,standard_error,standardised,leverage,role,source\n",
    );
    let cell = |value: Option<f64>| value.map_or(String::new(), |v| format!("{v:.3}"));
    for r in &calibrated.residuals {
        text.push_str(&format!(
            "{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
            cell_of(&r.quantity),
            cell_of(&r.place),
            r.year,
            r.observed,
            cell(r.fitted),
            cell(r.fitted.map(|fitted| fitted - r.observed)),
            cell(r.in_city),
            cell_of(&r.unit),
            cell(r.standard_error),
            cell(r.standardised),
            cell(r.leverage),
            r.role.key(),
            cell_of(&r.source),
        ));
    }
    text
}

/// `rates.csv`: every rate before and after, in percent.
pub fn rates(calibrated: &Calibrated) -> String {
    let mut text = String::from(
        "rate,prior,prior_low,prior_high,fitted,low,high,unit,variance_explained,verdict\n",
    );
    for fit in calibrated.people.children.iter().flat_map(|children| &children.rates) {
        let prior = RateFit { value: fit.prior.value, error: fit.prior.error, ..*fit };
        let ((prior_low, prior_high), (low, high)) = (prior.range(), fit.range());
        let percent = |share: f64| format!("{:.3}", 100.0 * share);
        text.push_str(&format!(
            "{},{},{},{},{},{},{},percent,{:.3},{}\n",
            fit.rate.key(),
            percent(fit.prior.value),
            percent(prior_low),
            percent(prior_high),
            percent(fit.value),
            percent(low),
            percent(high),
            fit.learnt(),
            fit.verdict().key(),
        ));
    }
    for flow in &calibrated.people.flows {
        let reach = normal_quantile(0.9) * flow.error;
        text.push_str(&format!(
            "{} {}-{},,,,{:.3},{:.3},{:.3},percent a year,,{}-{}\n",
            cell_of(flow.path.trim_start_matches("population.")),
            flow.ages.0,
            flow.ages.1,
            100.0 * flow.rate,
            100.0 * (flow.rate - reach),
            100.0 * (flow.rate + reach),
            flow.years.0,
            flow.years.1,
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        assert_eq!(cell_of("census-2020"), "census-2020");
        assert_eq!(cell_of("a, \"b\""), "\"a, \"\"b\"\"\"");
    }

    #[test]
    fn a_stage_without_schools_has_no_pull_of_quality() {
        let text = no_schools(crate::input::china().parse("vocational").expect("a stage"));
        assert!(text.starts_with("vocational = { value = 0, unit = \"ratio\""), "{text}");
    }
}
