//! A made-up province: the small city of the tests with as many counties as wanted, for tests and timings of `calibrate`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const GROUPS: [&str; 19] = [
    "0", "1-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49",
    "50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85+",
];
/// Of 1,000 people of one sex, how many are in each group.
const PER_MILLE: [f64; 19] = [
    10.0, 48.0, 70.0, 72.0, 62.0, 55.0, 60.0, 75.0, 70.0, 62.0, 70.0, 78.0, 70.0, 55.0, 50.0, 40.0,
    28.0, 15.0, 10.0,
];

/// Schools of a county by stage: what is wanted of each of them, and the targets of its classes.
const STAGES: [(&str, usize, &str); 5] = [
    ("kindergarten", 75, "fill = { value = 0.85, unit = \"ratio\", source = \"made-up\" }"),
    (
        "primary",
        88,
        "mean_class = { value = 43.3, unit = \"pupils per class\", source = \"made-up\" }\n\
         oversized_share = { value = 13.61, unit = \"percent\", source = \"made-up\" }\n\
         super_oversized_share = { value = 4.75, unit = \"percent\", source = \"made-up\" }",
    ),
    (
        "junior",
        28,
        "mean_class = { value = 52.3, unit = \"pupils per class\", source = \"made-up\" }\n\
         oversized_share = { value = 29.56, unit = \"percent\", source = \"made-up\" }\n\
         super_oversized_share = { value = 10.49, unit = \"percent\", source = \"made-up\" }",
    ),
    (
        "senior",
        6,
        "mean_class = { value = 55.9, unit = \"pupils per class\", source = \"made-up\" }\n\
         oversized_share = { value = 50.0, unit = \"percent\", source = \"made-up\" }",
    ),
    ("vocational", 4, "fill = { value = 0.7, unit = \"ratio\", source = \"made-up\" }"),
];

/// Writes `china.toml`, its tables and the folder `province` into a folder; the path of the province's folder.
///
/// Base year 2017 with a census of that year, so that classes of 66 and more are possible (the ceiling is 75 until 2017).
pub fn write(root: &Path, folder: &Path, n_counties: usize) -> std::io::Result<PathBuf> {
    let city = folder.join("province");
    std::fs::create_dir_all(folder.join("china"))?;
    std::fs::create_dir_all(&city)?;
    for file in ["china.toml", "china/mortality.csv", "china/fertility.csv"] {
        std::fs::copy(root.join("scenarios").join(file), folder.join(file))?;
    }
    let small = std::fs::read_to_string(root.join("tests/small/city.toml"))?;
    std::fs::write(city.join("city.toml"), city_text(&small, n_counties))?;
    std::fs::write(city.join("observations.csv"), observations(n_counties))?;
    Ok(city)
}

fn city_text(small: &str, n_counties: usize) -> String {
    let part = |from: &str, to: &str| {
        let start = small.find(from).unwrap_or(0);
        let end = small[start..].find(to).map_or(small.len(), |at| start + at);
        small[start..end].to_string()
    };
    let mut text = part("format = 1", "[districts.north]")
        .replace("../../scenarios/china.toml", "../china.toml")
        .replace("overlays = [\"calibrated.toml\"]\n", "")
        .replace("base_year = 2020", "base_year = 2017")
        .replace("key = \"small\"", "key = \"province\"");
    for county in 0..n_counties {
        let next = (county + 1) % n_counties;
        let _ = writeln!(
            text,
            "[districts.c{county:03}]\nname = \"县{county:03}\"\nname_en = \"County {county}\"\n\
             zones = [\"urban\", \"town\", \"rural\"]\nneighbours = [\"c{next:03}\"]"
        );
    }
    text.push('\n');
    text.push_str(&part("[population]", "[calibration.kindergarten]"));
    for (stage, per_county, targets) in STAGES {
        let n_schools = per_county * n_counties;
        let rural = if matches!(stage, "senior" | "vocational") { 0.0 } else { 0.5 };
        let _ = writeln!(
            text,
            "[calibration.{stage}]\nschools = {{ value = {n_schools}, unit = \"schools\", source = \"made-up\" }}\n\
             rural_ratio = {{ value = {rural:.1}, unit = \"ratio\", source = \"made-up\" }}\n{targets}"
        );
    }
    // Two thirds of a cohort in senior and vocational schools.
    for (stage, pupils) in [("senior", 12_000), ("vocational", 8_000)] {
        let n = pupils * n_counties;
        let heading = format!("[calibration.{stage}]\n");
        let pupils = format!(
            "{heading}pupils = {{ value = {n}, unit = \"pupils\", source = \"made-up\" }}\n"
        );
        text = text.replace(&heading, &pupils);
    }
    text
}

/// Counties of 300,000 to 900,000 people, 40 to 70 % of them rural.
fn observations(n_counties: usize) -> String {
    let mut text = String::from("quantity,place,year,value,unit,standard_error,source\n");
    for county in 0..n_counties {
        let people = 300_000.0 + 6_000.0 * (county * 37 % 101) as f64;
        let rural = 0.4 + 0.003 * (county * 53 % 101) as f64;
        let mut row = |quantity: &str, value: f64| {
            let _ =
                writeln!(text, "{quantity},c{county:03},2017,{:.0},people,,made-up", value.round());
        };
        row("census.urban", people * (1.0 - rural));
        row("census.rural", people * rural);
        for (sex, share) in [("female", 0.48), ("male", 0.52)] {
            for (group, per_mille) in GROUPS.iter().zip(PER_MILLE) {
                row(&format!("census.{sex}.{group}"), people * share * per_mille / 1000.0);
            }
        }
    }
    text
}
