//! `xuewei new`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::report::folder;
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
    let written = files(&city).and_then(|files| {
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
