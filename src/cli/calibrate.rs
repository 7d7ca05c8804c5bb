//! `xuewei calibrate`.

use std::path::PathBuf;

use clap::Args;

use crate::calibrate as model;
use crate::calibrate::children::Children;
use crate::calibrate::rates::RateFit;
use crate::calibrate::wishes::{Met, Shape, What};
use crate::calibrate::{Calibrated, FittedStage, LARGE, Residual, Role, tables};
use crate::input;
use crate::report::folder;

use super::{Common, FAILED, REFUSED, output_folder, refuse};

/// Arguments of `calibrate`.
#[derive(Args)]
#[command(after_help = "Example:\n  xuewei calibrate scenarios/jiaozuo --write")]
pub(super) struct CalibrateArguments {
    /// A city folder or its city.toml.
    city: PathBuf,
    /// Write the tables into the city folder; without it they go to the output folder.
    #[arg(long)]
    write: bool,
    /// Folder of the tables instead of output/CITY/calibration.
    #[arg(long, value_name = "DIR", conflicts_with = "write")]
    out: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Observations that are far off, shown at most.
const MOST_SHOWN: usize = 15;

/// Calibrates a city and writes its tables.
pub(super) fn calibrate(arguments: &CalibrateArguments) -> u8 {
    let keys = match input::load_for_calibration(&arguments.city, &arguments.common.sets) {
        Ok(keys) => keys,
        Err(refused) => return refuse(&refused.problems),
    };
    let calibrated = match model::calibrate(&keys) {
        Ok(calibrated) => calibrated,
        Err(missing) => {
            eprintln!(
                "error: {} figures are missing in {}",
                missing.len(),
                arguments.city.display()
            );
            for line in missing.iter().take(50) {
                eprintln!("  {line}");
            }
            return REFUSED;
        }
    };
    let city = &*keys.scenario.city;
    let files = vec![
        ("population.csv".to_string(), tables::people(city, &calibrated.people.residents, true)),
        ("group_quarters.csv".to_string(), tables::people(city, &calibrated.people.halls, false)),
        ("schools.csv".to_string(), tables::schools(city, &calibrated)),
        ("calibrated.toml".to_string(), tables::fitted(&calibrated, &keys)),
        ("residuals.csv".to_string(), tables::residuals(&calibrated)),
        ("rates.csv".to_string(), tables::rates(&calibrated)),
    ];
    let result = if arguments.write {
        files.iter().try_for_each(|(name, text)| {
            folder::write_file(&keys.folder.join(name), text.as_bytes())
        })
    } else {
        let manifest =
            "{\n  \"program\": \"xuewei\",\n  \"kind\": \"calibration\"\n}\n".to_string();
        let mut files: Vec<(String, Vec<u8>)> =
            files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        files.push(("manifest.json".to_string(), manifest.into_bytes()));
        let out = output_folder(&arguments.out, &city.key).join("calibration");
        folder::write(&out, &files)
    };
    if let Err(error) = result {
        eprintln!("error: {error}");
        return FAILED;
    }
    if !arguments.common.quiet {
        print_fit(&calibrated);
    }
    0
}

/// The fit by stage, target beside fitted, and the observations that are not met.
fn print_fit(calibrated: &Calibrated) {
    let heading = "mean   (target)   ≥56 % (target)   ≥66 % (target)  shape";
    eprintln!("stage          schools    rooms   pupils  fill      θ   {heading}");
    for fit in &calibrated.stages {
        let schools = calibrated.schools.iter().filter(|s| s.stage == fit.stage).count();
        eprintln!(
            "{:<14} {schools:>7} {:>8} {:>8.0} {:>5.3} {:>6.4} {} {} {}  {}",
            fit.stage.key(),
            fit.rooms,
            fit.pupils,
            fit.fill,
            fit.choice,
            beside(fit, What::MeanClass, fit.mean_class),
            beside(fit, What::Oversized, 100.0 * fit.oversized_share),
            beside(fit, What::SuperOversized, 100.0 * fit.super_share),
            shape_of(fit),
        );
    }
    for fit in &calibrated.stages {
        print_misses(fit);
    }
    if let Some(children) = &calibrated.people.children {
        print_rates(children);
    }
    for flow in &calibrated.people.flows {
        eprintln!(
            "{:<38} {:>7.2} % a year ± {:.2}, censuses of {} and {}",
            flow.path,
            100.0 * flow.rate,
            100.0 * flow.error,
            flow.years.0,
            flow.years.1
        );
    }
    if calibrated.people.flows.is_empty() {
        eprintln!(
            "net migration by age and moves from villages: not determined without two censuses"
        );
    }
    eprintln!("pupils who go to school outside their own area: no observation tells");
    print_residuals(calibrated);
}

/// A fitted value with its target in brackets.
fn beside(fit: &FittedStage, what: What, fitted: f64) -> String {
    let of_city = fit.mets.iter().find(|met| met.wish.what == what && met.wish.zone.is_none());
    let target = of_city.map_or("-".to_string(), |met| met.wish.target.to_string());
    format!("{fitted:>6.2} {:>8}", format!("({target})"))
}

fn shape_of(fit: &FittedStage) -> String {
    match fit.shape {
        Shape::Choice | Shape::Register => fit.shape.key().to_string(),
        shape => format!("{} {:.3}", shape.key(), fit.shape_value),
    }
}

/// Targets of zones beside the fit; and where something is missed, by how much every shape that was tried misses.
fn print_misses(fit: &FittedStage) {
    let stage = fit.stage.key();
    for met in fit.mets.iter().filter(|met| met.wish.zone.is_some()) {
        let zone = met.wish.zone.map_or("", |zone| zone.key());
        let (what, target, fitted) = (met.wish.what.key(), met.wish.target, met.fitted);
        eprintln!("  {stage} {zone}: {what} {target} published, {fitted:.2} here");
    }
    if fit.mets.iter().all(|met| met.is_met()) && fit.attempts.len() < 2 {
        return;
    }
    for attempt in &fit.attempts {
        let miss = |met: &Met| format!("{} {:+.3}", met.wish.what.key(), met.miss());
        let of_city = attempt.mets.iter().filter(|met| met.wish.zone.is_none());
        let misses: Vec<String> = of_city.map(miss).collect();
        let (shape, value) = (attempt.shape.key(), attempt.value);
        let verdict = if attempt.is_met() { "meets all" } else { "misses" };
        eprintln!(
            "  {stage}: {shape} at {value:.3}, θ {:.4} {verdict}: {}",
            attempt.choice,
            misses.join(", ")
        );
    }
}

/// Rates before and after, and which of them the observations do not determine.
fn print_rates(children: &Children) {
    eprintln!("rate, %                prior  (80 %)            fitted  (80 %)            rests on");
    for fit in &children.rates {
        let prior = RateFit { value: fit.prior.value, error: fit.prior.error, ..*fit };
        let shown = |fit: &RateFit| {
            let (low, high) = fit.range();
            format!("{:>7.2}  {:>7.2}-{:<7.2}", 100.0 * fit.value, 100.0 * low, 100.0 * high)
        };
        eprintln!("{:<20} {}  {}  {}", fit.rate.key(), shown(&prior), shown(fit), fit.verdict());
    }
    if !children.has_converged {
        eprintln!("warning: the estimate of the children did not come to rest");
    }
}

/// How many observations were met and how; those that are far off with the reason that the city gives.
fn print_residuals(calibrated: &Calibrated) {
    let of = |role: Role| calibrated.residuals.iter().filter(|r| r.role == role).count();
    let large = calibrated.residuals.iter().filter(|r| r.is_large()).count();
    eprintln!(
        "{} observations met exactly, {} used with their errors ({large} more than {LARGE} standard errors off), {} compared, {} not used",
        of(Role::Exact),
        of(Role::Used),
        of(Role::Compared),
        of(Role::NotUsed),
    );
    let is_off = |r: &&Residual| {
        let far = |value: f64| (value - r.observed).abs() > 0.005 * r.observed.abs().max(1.0);
        r.is_large() || (r.role == Role::Compared && r.in_city.is_some_and(far))
    };
    let mut off: Vec<&Residual> = calibrated.residuals.iter().filter(is_off).collect();
    let distance = |r: &Residual| r.standardised.map_or(f64::MAX, f64::abs);
    off.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    if off.len() > MOST_SHOWN {
        eprintln!("  the {MOST_SHOWN} furthest of {}; all are in residuals.csv", off.len());
    }
    for r in off.into_iter().take(MOST_SHOWN) {
        let by = r.standardised.map_or(String::new(), |z| format!(" ({z:+.1} standard errors)"));
        eprintln!(
            "  {:<28} {:<8} {} published {:>12.2}, here {:>12.2} {}{by}",
            r.quantity,
            r.place,
            r.year,
            r.observed,
            r.fitted.unwrap_or_default(),
            r.unit
        );
        if let Some(doubt) = &r.doubt {
            eprintln!("      {}", doubt.en);
        }
    }
}
