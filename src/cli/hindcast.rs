//! `xuewei hindcast`.

mod draws;
mod told;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::axes::Stages;
use crate::calibrate;
use crate::calibrate::posterior::Posterior;
use crate::hindcast::expectations::expectations;
use crate::hindcast::{Course, Known, Published, Skipped, errors, pairs};
use crate::input::hindcast::StartFile;
use crate::input::problem::{Problems, nearest};
use crate::input::{self, Loaded, Observation, Refused};
use crate::observed::Quantity;
use crate::parallel;
use crate::report::folder;
use crate::report::hindcast::{self as report, Hindcast, StartDone};
use crate::report::rows::Format;
use crate::report::tables::Style;
use crate::units::{Year, unit_factor};

use super::several::{OutputOptions, language_of};
use super::{Common, FAILED, REFUSED, refuse, results, warn};

/// Arguments of `hindcast`.
#[derive(Args)]
#[command(after_help = "Example:\n  xuewei hindcast scenarios/zhengzhou --draws 100")]
pub(super) struct HindcastArguments {
    /// A city folder, its city.toml or a scenario file; it is run from every start named under [hindcast], or from its own
    /// base year.
    city: PathBuf,
    /// Draws of the figures that have a range, for the 80 % interval.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    draws: u32,
    /// Seed of the draws.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print pairs.csv instead of writing the folder.
    #[arg(long)]
    stdout: bool,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    common: Common,
}

/// Runs every start of a city to the last observed year and writes how far it was off.
pub(super) fn hindcast(arguments: &HindcastArguments) -> u8 {
    parallel::use_threads(arguments.output.threads.map_or(0, usize::from));
    if let Err(code) = arguments.output.check_formats(arguments.stdout) {
        return code;
    }
    let (city, published, not_compared, starts) = match read(arguments) {
        Ok(read) => read,
        Err(code) => return code,
    };
    let folder = arguments.output.folder(&city).join("hindcast");
    if !arguments.stdout
        && let Err(error) = folder::check_free(&folder)
    {
        eprintln!("error: {error}");
        return FAILED;
    }
    let (references, references_file) = match input::hindcast::accuracy(&city) {
        Ok(accuracy) => accuracy,
        Err(refused) => return refuse(&refused.problems),
    };
    let starts: Vec<StartDone> = starts
        .into_iter()
        .map(|(file, loaded)| done(arguments, (file, loaded), &city, &published, &not_compared))
        .collect();
    let all: Vec<_> = starts.iter().map(|start| start.pairs.clone()).collect();
    let hindcast = Hindcast {
        errors: errors::errors(&all),
        starts,
        city,
        published,
        references,
        references_file,
        draws: arguments.draws,
        seed: arguments.seed,
    };
    write(arguments, &hindcast, &folder)
}

fn write(arguments: &HindcastArguments, hindcast: &Hindcast, folder: &Path) -> u8 {
    let wanted = arguments.output.wanted(&hindcast.city);
    if arguments.stdout {
        let format = wanted.formats.first().copied().unwrap_or(Format::Csv);
        return results::to_stdout(&report::pairs(hindcast, Style { format, with_bom: false }));
    }
    let result = report::files(hindcast, &wanted)
        .map_err(|error| error.to_string())
        .and_then(|files| folder::write(folder, &files).map_err(|error| error.to_string()));
    if let Err(error) = result {
        eprintln!("error: {error}");
        return FAILED;
    }
    if !arguments.common.quiet {
        eprintln!("{}\n", folder.display());
        told::tell(hindcast, language_of(arguments.output.lang, &hindcast.city.language));
    }
    0
}

type Read = (Loaded, Vec<Published>, Vec<Skipped>, Vec<(StartFile, Loaded)>);

/// Reads the city, what was published of it, and its starts; all problems come at once.
fn read(arguments: &HindcastArguments) -> Result<Read, u8> {
    let common = &arguments.common;
    let refused = |refused: Refused| refuse(&refused.problems);
    let city = input::load(&arguments.city, &[]).map_err(refused)?;
    let observations = input::hindcast::observations(&city).map_err(refused)?;
    let judge = |quantity: &str, year: Year| {
        can_be_used((city.scenario.city.stages, &observations), quantity, year)
    };
    let mut files = input::hindcast::starts(&city, &judge).map_err(refused)?;
    if files.is_empty() {
        files.push(StartFile {
            name: city.scenario.key.clone(),
            path: arguments.city.clone(),
            used: Vec::new(),
            used_note: String::new(),
            targets: Vec::new(),
        });
    }
    let (published, not_compared) = sorted_out(city.scenario.city.stages, &observations);
    let last = published.iter().map(|figure| figure.year).max();
    let (mut problems, mut warnings) = (Problems::default(), Problems::default());
    let mut starts = Vec::new();
    for file in files {
        match load_start(&file.path, &common.sets, last) {
            Ok(loaded) => {
                warnings.list.extend(loaded.warnings.list.iter().cloned());
                starts.push((file, loaded));
            }
            Err(refused) => problems.list.extend(refused.problems.list),
        }
    }
    if common.strict {
        problems.list.append(&mut warnings.list);
    }
    if !problems.list.is_empty() {
        return Err(refuse(&problems.sorted()));
    }
    warn(&warnings.sorted(), common);
    check_years(&starts, last)?;
    Ok((city, published, not_compared, starts))
}

/// Whether a figure can be one that went into a start: the model has it, and it was published of the whole city. `Err` is what
/// is wrong and how to mend it.
pub(super) fn can_be_used(
    (stages, observations): (&'static Stages, &[Observation]),
    quantity: &str,
    year: Year,
) -> Result<(), (String, String)> {
    if let Err(reason) = Quantity::parse(stages, quantity) {
        let message = format!("expected a quantity of the model, found {quantity}: {}", reason.en);
        return Err((
            message,
            "only forecasts of the model are compared: leave it out".to_string(),
        ));
    }
    let of_city = || observations.iter().filter(|o| o.place == "all");
    if of_city().any(|o| o.quantity == quantity && o.year == year) {
        return Ok(());
    }
    let known: Vec<String> = of_city()
        .filter(|o| Quantity::parse(stages, &o.quantity).is_ok())
        .map(|o| format!("{} {}", o.quantity, o.year))
        .collect();
    let found = format!("{quantity} {year}");
    let help = match nearest(&found, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "name a row of the observations at place all".to_string(),
    };
    Err((format!("expected an observation of the whole city, found none of {found}"), help))
}

/// Every start needs something published after it.
fn check_years(starts: &[(StartFile, Loaded)], last: Option<Year>) -> Result<(), u8> {
    let mut code = Ok(());
    for (file, loaded) in starts {
        let base_year = loaded.scenario.city.base_year;
        if last.is_none_or(|last| last <= base_year) {
            let found = match last {
                Some(last) => format!("the last one is of {last}"),
                None => "there is none".to_string(),
            };
            eprintln!(
                "error: nothing to compare with: {} starts in {base_year}, and of the figures of the whole city {found}\n      add observations of later years, or start earlier",
                file.name
            );
            code = Err(REFUSED);
        }
    }
    code
}

/// Loads a start; its run is made to reach the last observed year where the figures allow it.
fn load_start(path: &Path, sets: &[String], last: Option<Year>) -> Result<Loaded, Refused> {
    const MOST_YEARS: Year = 100;
    let loaded = input::load(path, sets)?;
    let city = &loaded.scenario.city;
    let needed = last.unwrap_or(city.horizon).min(city.base_year + MOST_YEARS);
    if needed <= city.horizon {
        return Ok(loaded);
    }
    let mut longer = sets.to_vec();
    longer.push(format!("city.horizon={needed}"));
    Ok(input::load(path, &longer).unwrap_or(loaded))
}

/// Figures of the whole city that the model has, and those it has not with the reason; of districts one row a kind and year.
fn sorted_out(
    stages: &'static Stages,
    observations: &[Observation],
) -> (Vec<Published>, Vec<Skipped>) {
    let mut published: Vec<Published> = Vec::new();
    let mut skipped: Vec<Skipped> = Vec::new();
    for o in observations {
        if o.place != "all" {
            let family = o.quantity.split('.').next().unwrap_or_default();
            let same = |s: &&mut Skipped| {
                s.place == "districts" && s.quantity == family && s.year == o.year
            };
            match skipped.iter_mut().find(same) {
                Some(row) => row.n += 1,
                None => skipped.push(told::of_districts(family, o.year)),
            }
            continue;
        }
        let quantity = Quantity::parse(stages, &o.quantity);
        match quantity {
            Ok(quantity) => {
                let value = o.value * unit_factor(&o.unit);
                let (unit, source) = (o.unit.clone(), o.source.clone());
                published.push(Published { quantity, year: o.year, value, unit, source });
            }
            Err(reason) => skipped.push(told::single(o, reason)),
        }
    }
    (published, skipped)
}

/// Runs one start with its draws and its rival, and compares.
fn done(
    arguments: &HindcastArguments,
    (file, loaded): (StartFile, Loaded),
    city: &Loaded,
    published: &[Published],
    not_compared: &[Skipped],
) -> StartDone {
    let mut quantities: Vec<Quantity> = published.iter().map(|figure| figure.quantity).collect();
    quantities.sort_unstable();
    quantities.dedup();
    let (progression, no_progression) =
        match input::rebuilt::with_setting(&loaded, "demand.mode", "grade-progression") {
            Ok(scenario) => (Some(draws::values(&scenario, &quantities)), None),
            Err(refused) => {
                let first = refused.problems.list.first();
                (None, Some(first.map(|p| p.message.clone()).unwrap_or_default()))
            }
        };
    let model = draws::values(&loaded.scenario, &quantities);
    let shows = !arguments.common.quiet;
    let wanted =
        draws::Wanted { n: arguments.draws, seed: arguments.seed, quantities: &quantities };
    let posterior = posterior(&file.path, &arguments.common.sets);
    let drawn = draws::run(
        &loaded,
        &wanted,
        posterior.as_ref(),
        draws::progress(&file.name, arguments.draws, shows),
    );
    let intervals = drawn.intervals(quantities.len(), loaded.scenario.city.n_years());
    let courses: Vec<Course> = quantities
        .iter()
        .zip(model.into_iter().zip(intervals))
        .enumerate()
        .map(|(idx, (&quantity, (model, (low, high))))| {
            let is_rival = quantity.family.is_of_pupils();
            let progression =
                progression.as_ref().filter(|_| is_rival).and_then(|all| all.get(idx).cloned());
            Course { quantity, model, low, high, progression }
        })
        .collect();
    let known = known(&file, &loaded, city);
    let (pairs, mut skipped) = pairs(&known, published, &courses);
    let later = not_compared.iter().filter(|s| s.year > known.base_year).cloned();
    skipped.splice(0..0, later);
    let (targets, left_out) = input::hindcast::targets(&loaded, city, &file.targets);
    StartDone {
        key: file.name,
        expectations: expectations(&known, &targets, published, &courses),
        known,
        courses,
        pairs,
        skipped,
        factors: drawn.factors,
        n_refused: drawn.n_refused,
        no_progression,
        left_out,
        loaded,
    }
}

/// What calibration leaves open of a start; nothing for one that cannot be calibrated (its tables are real).
fn posterior(path: &Path, sets: &[String]) -> Option<Posterior> {
    let keys = input::load_for_calibration(path, sets).ok()?;
    calibrate::posterior::posterior(&keys).ok()
}

/// What a start knew.
fn known(file: &StartFile, loaded: &Loaded, city: &Loaded) -> Known {
    Known {
        base_year: loaded.scenario.city.base_year,
        until: input::hindcast::known_until(loaded),
        used: file.used.clone(),
        used_note: file.used_note.clone(),
        incomparable: input::hindcast::incomparable(city),
        births: loaded.scenario.vital.births_observed.iter().map(|(year, _)| *year).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row of the whole city and one of a district, both of 2020.
    #[test]
    fn only_a_published_figure_of_the_model_can_have_been_used() {
        let row = |quantity: &str, place: &str| Observation {
            quantity: quantity.to_string(),
            place: place.to_string(),
            year: 2020,
            value: 1.0,
            unit: "pupils".to_string(),
            standard_error: None,
            source: "made-up".to_string(),
        };
        let rows = [row("pupils.primary", "all"), row("pupils.junior", "north")];
        assert_eq!(can_be_used((crate::input::china(), &rows), "pupils.primary", 2020), Ok(()));
        for (quantity, year, word) in [
            ("graduates.senior", 2020, "the model has no graduates"),
            ("pupils.primary", 2021, "did you mean \"pupils.primary 2020\"?"),
            ("pupils.junior", 2020, "of the whole city"),
            ("births", 2020, "place all"),
        ] {
            let (message, help) =
                can_be_used((crate::input::china(), &rows), quantity, year).expect_err(quantity);
            assert!(format!("{message} {help}").contains(word), "{message} {help}");
        }
    }
}
