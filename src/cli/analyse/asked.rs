//! What is asked of a sweep: the arguments against its columns.

use std::collections::BTreeSet;

use crate::analysis::case::Condition;
use crate::analysis::draws::yearly;
use crate::analysis::run_analysis::{Asked, default_bounds};
use crate::analysis::study::Settings;
use crate::analysis::{cart, prim};
use crate::input::problem::suggest;

use super::AnalyseArguments;
use super::read::Source;

/// Probability of all intervals.
const LEVEL: f64 = 0.95;
/// Slices of PAWN: Pianosi and Wagener 2018 take 10.
const PAWN_SLICES: usize = 10;
/// PRIM's smallest box and share of a paste: the defaults of the EMA workbench.
const PRIM_SHARE: f64 = 0.05;
/// Trees of at most eight rules, so that they can be read.
const CART: cart::Options = cart::Options { depth: 3, smallest_leaf: 0.05, complexity: 0.01 };

/// Checks the arguments against the sweep.
///
/// # Errors
/// A name that the sweep does not have, or a number out of its range, with what would do.
pub(super) fn asked(arguments: &AnalyseArguments, source: &Source) -> Result<Asked, String> {
    let columns = &source.store.manifest().outcomes;
    let outcomes = outcomes(&arguments.outcomes, columns)?;
    let conditions = |texts: &[String], option: &str| -> Result<Vec<Condition>, String> {
        texts.iter().map(|text| condition(text, option, columns)).collect()
    };
    let cases = conditions(&arguments.cases, "--case")?;
    let mut bounds = conditions(&arguments.conditions, "--meet")?;
    if bounds.is_empty() {
        bounds = default_bounds(&outcomes, source.draws.horizon.map(|year| year + 1));
    }
    // A condition on an outcome that is not among those asked for is studied as well.
    let mut outcomes = outcomes;
    for case in &cases {
        if !outcomes.contains(&case.outcome) {
            outcomes.push(case.outcome.clone());
        }
    }
    let share = |value: f64, option: &str, most: f64| {
        let fits = value > 0.0 && value <= most;
        fits.then_some(value).ok_or_else(|| {
            format!("{option}: expected a share above 0 and up to {most}, found {value}")
        })
    };
    let peel = share(arguments.peel, "--peel", 0.5)?;
    let cleared_at = arguments.cleared_at.map(|v| share(v, "--cleared-at", 1.0)).transpose()?;
    for name in &arguments.high {
        let known = columns.iter().any(|c| c == name || yearly(c).is_some_and(|y| y.0 == name));
        if !known {
            return Err(unknown("--high", "outcome", name, columns));
        }
    }
    Ok(Asked {
        yearly: bands(&arguments.outcomes, columns),
        outcomes,
        columns: columns.clone(),
        scenarios: scenarios(&arguments.scenarios, &source.draws.scenarios)?,
        cases,
        plan_end: source.labels.plan.map(|(_, last)| last),
        bounds,
        high: arguments.high.clone(),
        cleared_at,
        settings: Settings {
            n_resamples: usize::from(arguments.resamples),
            seed: arguments.seed,
            level: LEVEL,
            delta_draws: arguments.delta_draws,
            n_slices: PAWN_SLICES,
            prim: prim::Options { peel, paste: PRIM_SHARE, smallest_mass: PRIM_SHARE },
            n_boxes: arguments.boxes,
            cart: CART,
        },
    })
}

fn unknown<'a>(
    option: &str,
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a String>,
) -> String {
    // Of a yearly outcome the name without its years is enough to choose from.
    let base = |name: &'a String| yearly(name).map_or(name.as_str(), |(base, _)| base);
    let known: BTreeSet<&str> = known.into_iter().map(base).collect();
    format!("{option}: the sweep has no {what} {name:?}\n      {}", suggest(name, known))
}

/// The columns named; a yearly outcome without a year is all its years. None named: those that have no year, or all if all have.
fn outcomes(names: &[String], columns: &[String]) -> Result<Vec<String>, String> {
    if names.is_empty() {
        let once: Vec<String> = columns.iter().filter(|c| yearly(c).is_none()).cloned().collect();
        return Ok(if once.is_empty() { columns.to_vec() } else { once });
    }
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let is_named = |column: &&String| {
            *column == name || yearly(column).is_some_and(|(base, _)| base == name)
        };
        let of_name: Vec<&String> = columns.iter().filter(is_named).collect();
        if of_name.is_empty() {
            return Err(unknown("--outcome", "outcome", name, columns));
        }
        let new: Vec<&String> = of_name.into_iter().filter(|c| !found.contains(c)).collect();
        found.extend(new.into_iter().cloned());
    }
    Ok(found)
}

/// Yearly outcomes for bands: all, or those named.
fn bands(names: &[String], columns: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (base, _) in columns.iter().filter_map(|column| yearly(column)) {
        let is_named = |name: &String| name == base || yearly(name).is_some_and(|y| y.0 == base);
        let is_asked = names.is_empty() || names.iter().any(is_named);
        if is_asked && !found.iter().any(|known| known == base) {
            found.push(base.to_string());
        }
    }
    found
}

fn scenarios(names: &[String], known: &[String]) -> Result<Vec<usize>, String> {
    if names.is_empty() {
        return Ok((0..known.len()).collect());
    }
    let mut found = Vec::new();
    for name in names {
        match known.iter().position(|key| key == name) {
            Some(position) if !found.contains(&position) => found.push(position),
            Some(_) => {}
            None => return Err(unknown("--scenario", "scenario", name, known)),
        }
    }
    Ok(found)
}

fn condition(text: &str, option: &str, columns: &[String]) -> Result<Condition, String> {
    let condition = Condition::parse(text).map_err(|error| format!("{option}: {error}"))?;
    if columns.contains(&condition.outcome) {
        return Ok(condition);
    }
    let name = &condition.outcome;
    let is_yearly = columns.iter().any(|c| yearly(c).is_some_and(|(base, _)| base == name));
    if is_yearly {
        return Err(format!(
            "{option}: {name} has a value for every year\n      name one, e.g. {name}[2030]"
        ));
    }
    Err(unknown(option, "outcome", name, columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<String> {
        ["primary.clearing_year", "all.total", "primary.share[2029]", "primary.share[2030]"]
            .map(String::from)
            .to_vec()
    }

    #[test]
    fn outcomes_are_found_by_name_with_and_without_a_year() {
        let found = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|n| n.to_string()).collect();
            outcomes(&names, &columns())
        };
        assert_eq!(found(&[]), Ok(columns()[..2].to_vec()));
        assert_eq!(found(&["primary.share"]), Ok(columns()[2..].to_vec()));
        assert_eq!(found(&["all.total", "all.total"]).map(|f| f.len()), Ok(1));
        assert!(found(&["primary.shar"]).is_err_and(|e| e.contains("primary.share")));
        assert_eq!(bands(&[], &columns()), vec!["primary.share"]);
        assert!(bands(&["all.total".into()], &columns()).is_empty());
    }

    #[test]
    fn conditions_name_columns() {
        let found = |text: &str| condition(text, "--case", &columns());
        assert!(found("primary.clearing_year > 2030").is_ok());
        assert!(found("primary.share > 0.1").is_err_and(|e| e.contains("primary.share[2030]")));
        assert!(found("nothing > 0.1").is_err_and(|e| e.contains("no outcome")));
        let known = ["plan".to_string(), "none".to_string()];
        assert_eq!(scenarios(&["none".into()], &known), Ok(vec![1]));
        assert!(scenarios(&["x".into()], &known).is_err());
    }
}
