//! `xuewei new`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::report::folder;
use crate::report::made_up::{self, LEAST_SCHOOLS, MOST_COUNTIES, MadeUp, USUAL_SCHOOLS};
use crate::report::new_city::{NewCity, files};

use super::{FAILED, Language, REFUSED};

/// Arguments of `new`.
#[derive(Args)]
#[command(
    after_help = "Example:\n  xuewei new my-county --name 某某县 --districts a=甲县,b=乙区 --base-year 2020"
)]
pub(super) struct NewArguments {
    /// Folder to make; it must not exist, or be empty.
    folder: PathBuf,
    /// Name of the city or county.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Key of the city, which names its output folder; default: the name of the folder.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Districts as key=name, separated by commas; default: three examples.
    #[arg(long, value_name = "KEY=NAME,…", value_delimiter = ',')]
    districts: Vec<String>,
    /// Base year: of the census and of the schools.
    #[arg(long, value_name = "YEAR", default_value_t = 2020, value_parser = clap::value_parser!(i32).range(1990..=2100))]
    base_year: i32,
    /// Language of comments and headings.
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
    /// Make up a whole city of so many counties that can be run at once, for trials and timings.
    #[arg(long, value_name = "COUNTIES", conflicts_with = "districts", value_parser = clap::value_parser!(u16).range(1..=MOST_COUNTIES as i64))]
    made_up: Option<u16>,
    /// Schools of a made-up city; default: 176 a county.
    #[arg(long, value_name = "N", requires = "made_up", value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    schools: Option<u32>,
    /// Seed of a made-up city: the same seed, the same bytes.
    #[arg(long, requires = "made_up", default_value_t = 1)]
    seed: u64,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

/// Writes the folder of a new city.
pub(super) fn new(arguments: &NewArguments) -> u8 {
    let city = match city_of(arguments) {
        Ok(city) => city,
        Err(message) => {
            eprintln!("error: {message}");
            return REFUSED;
        }
    };
    let made_up = match made_up_of(arguments, &city) {
        Ok(made_up) => made_up,
        Err(message) => {
            eprintln!("error: {message}");
            return REFUSED;
        }
    };
    let contents = match &made_up {
        Some(made_up) => Ok(made_up::files(made_up)),
        None => files(&city),
    };
    let written = contents.and_then(|files| {
        folder::write(&arguments.folder, &files).map_err(|error| error.to_string()).map(|()| files)
    });
    let files = match written {
        Ok(files) => files,
        Err(error) => {
            eprintln!("error: {error}");
            return FAILED;
        }
    };
    if !arguments.quiet {
        let shown = arguments.folder.display();
        eprintln!("{shown}: {} files", files.len());
        for (name, _) in &files {
            eprintln!("  {name}");
        }
        match arguments.lang {
            _ if made_up.is_some() => eprintln!("xuewei run {shown}/no-build.toml"),
            Language::Zh => {
                eprintln!(
                    "下一步：填 observations.csv（或工作簿），再用 `xuewei check {shown}` 看还缺什么"
                );
            }
            Language::En => eprintln!(
                "next: fill observations.csv (or the workbook); `xuewei check {shown}` says what is missing"
            ),
        }
    }
    0
}

/// The city that the arguments describe, or what is wrong with them.
fn city_of(arguments: &NewArguments) -> Result<NewCity, String> {
    let folder = &arguments.folder;
    let Some(folder_name) = folder.file_name().map(|name| name.to_string_lossy().into_owned())
    else {
        return Err(format!("{}: expected the name of a new folder", folder.display()));
    };
    if is_taken(folder) {
        return Err(format!(
            "{} exists and is not empty: it is left as it is\n      name another folder",
            folder.display()
        ));
    }
    let key = arguments.key.clone().unwrap_or(folder_name);
    if !is_key(&key) {
        return Err(format!(
            "--key: expected ASCII letters, digits, - and _, found {key:?}\n      give one with --key"
        ));
    }
    let lang = arguments.lang.chart();
    let name = match (&arguments.name, arguments.lang) {
        (Some(name), _) if !name.trim().is_empty() && !name.contains(char::is_control) => {
            name.trim().to_string()
        }
        (Some(name), _) => return Err(format!("--name: expected a name, found {name:?}")),
        (None, Language::Zh) => "示例县".to_string(),
        (None, Language::En) => "Example County".to_string(),
    };
    let districts = districts_of(arguments)?;
    Ok(NewCity { name, key, districts, base_year: arguments.base_year, lang })
}

/// The made-up city that is asked for, if one is.
fn made_up_of(arguments: &NewArguments, city: &NewCity) -> Result<Option<MadeUp>, String> {
    let Some(n_counties) = arguments.made_up.map(usize::from) else { return Ok(None) };
    let n_schools = arguments.schools.map_or(USUAL_SCHOOLS * n_counties, |n| n as usize);
    if n_schools < LEAST_SCHOOLS * n_counties {
        return Err(format!(
            "--schools: expected at least {} for {n_counties} counties, found {n_schools}\n      a county has schools of five stages in two zones",
            LEAST_SCHOOLS * n_counties
        ));
    }
    let name = match (&arguments.name, arguments.lang) {
        (Some(_), _) => city.name.clone(),
        (None, Language::Zh) => "虚构市".to_string(),
        (None, Language::En) => "Made-up City".to_string(),
    };
    Ok(Some(MadeUp {
        name,
        key: city.key.clone(),
        n_counties,
        n_schools,
        seed: arguments.seed,
        base_year: arguments.base_year,
        lang: city.lang,
    }))
}

fn is_taken(folder: &Path) -> bool {
    match std::fs::symlink_metadata(folder) {
        Err(_) => false,
        Ok(_) => std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_some()),
    }
}

fn is_key(key: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !key.is_empty() && key.len() <= 60 && key.chars().all(is_plain)
}

fn districts_of(arguments: &NewArguments) -> Result<Vec<(String, String)>, String> {
    let examples = match arguments.lang {
        Language::Zh => ["a=甲区", "b=乙县", "c=丙县"],
        Language::En => ["a=District A", "b=District B", "c=District C"],
    };
    let given: Vec<&str> = if arguments.districts.is_empty() {
        examples.to_vec()
    } else {
        arguments.districts.iter().map(String::as_str).collect()
    };
    let mut districts: Vec<(String, String)> = Vec::new();
    for text in given {
        let (key, name) = text.split_once('=').unwrap_or((text, text));
        let (key, name) = (key.trim().to_string(), name.trim().to_string());
        if !is_key(&key) || name.is_empty() || name.contains(char::is_control) {
            return Err(format!(
                "--districts: expected key=name with a key of ASCII letters, digits, - and _, found {text:?}"
            ));
        }
        if key == "all" {
            return Err("--districts: `all` stands for totals in every table".to_string());
        }
        if districts.iter().any(|(known, _)| *known == key) {
            return Err(format!("--districts: the key {key} stands twice"));
        }
        districts.push((key, name));
    }
    Ok(districts)
}
