//! `xuewei calibrate`.

mod told;
mod unmet;

use std::path::PathBuf;

use clap::Args;

use crate::calibrate as model;
use crate::calibrate::{Calibrated, tables};
use crate::input::{self, CityKeys, overwrite};
use crate::report::folder;

use super::several::language_of;
use super::{Common, FAILED, Language, REFUSED, output_folder, refuse};

/// Arguments of `calibrate`.
#[derive(Args)]
#[command(after_help = "Example:\n  xuewei calibrate scenarios/jiaozuo --write")]
pub(super) struct CalibrateArguments {
    /// A city folder or its city.toml.
    city: PathBuf,
    /// Write the tables into the city folder; without it they go to the output folder. A schools.csv with real schools
    /// is not overwritten.
    #[arg(long)]
    write: bool,
    /// Folder of the tables instead of output/CITY/calibration.
    #[arg(long, value_name = "DIR", conflicts_with = "write")]
    out: Option<PathBuf>,
    /// Language of what is printed; default: the city's.
    #[arg(long)]
    lang: Option<Language>,
    #[command(flatten)]
    common: Common,
}

/// Calibrates a city and writes its tables.
pub(super) fn calibrate(arguments: &CalibrateArguments) -> u8 {
    let keys = match input::load_for_calibration(&arguments.city, &arguments.common.sets) {
        Ok(keys) => keys,
        Err(refused) => return refuse(&refused.problems),
    };
    let lang = language_of(arguments.lang, &keys.language);
    if arguments.write {
        let register = keys.folder.join("schools.csv");
        match overwrite::real_rows(&keys, &register) {
            Ok(None) => {}
            Ok(Some(rows)) => {
                told::not_overwritten(&register, &rows, lang);
                return REFUSED;
            }
            Err(refused) => {
                told::not_known(&register, lang);
                return refuse(&refused.problems);
            }
        }
    }
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
    let has_converged = calibrated.people.children.as_ref().is_none_or(|c| c.has_converged);
    if arguments.common.strict && !has_converged {
        eprintln!("error: the estimate of the children did not come to rest; nothing was written");
        eprintln!(
            "      look at the observations that are furthest off: without --strict they are listed"
        );
        return REFUSED;
    }
    if let Err(error) = write(arguments, &keys, &calibrated) {
        eprintln!("error: {error}");
        return FAILED;
    }
    if !arguments.common.quiet {
        told::tell(&calibrated, &keys.scenario, lang);
    }
    0
}

/// Writes the tables into the city folder or into a folder of their own.
fn write(
    arguments: &CalibrateArguments,
    keys: &CityKeys,
    calibrated: &Calibrated,
) -> Result<(), folder::FolderError> {
    let city = &*keys.scenario.city;
    let files = vec![
        ("population.csv".to_string(), tables::people(city, &calibrated.people.residents, true)),
        (
            "group_quarters.csv".to_string(),
            tables::people(city, &calibrated.people.group_quarters, false),
        ),
        ("schools.csv".to_string(), tables::schools(city, calibrated)),
        ("calibrated.toml".to_string(), tables::fitted(calibrated, keys)),
        ("residuals.csv".to_string(), tables::residuals(calibrated)),
        ("rates.csv".to_string(), tables::rates(calibrated)),
    ];
    let mut files: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    if arguments.write {
        return folder::replace(&keys.folder, &files);
    }
    let manifest = "{\n  \"program\": \"xuewei\",\n  \"kind\": \"calibration\"\n}\n".to_string();
    files.push(("manifest.json".to_string(), manifest.into_bytes()));
    let out = output_folder(&arguments.out, &city.key).join("calibration");
    folder::write(&out, &files)
}
