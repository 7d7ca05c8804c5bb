//! Schools, pupils and class sizes given as observations instead of figures of the city file: the same register.

use std::fs;
use std::path::Path;

use super::{small, xuewei};

/// The register that calibration makes of a city, and what it says.
fn register(city: &Path) -> (String, String) {
    let out = city.join("out");
    let output = xuewei().arg("calibrate").arg(city).arg("--out").arg(&out).output();
    let said = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    let schools = fs::read_to_string(out.join("calibration/schools.csv")).unwrap_or_default();
    let _ = fs::remove_dir_all(&out);
    (schools, said)
}

#[test]
fn counts_may_be_observations_of_the_base_year() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = small(folder.path());
    let (from_figures, said) = register(&city);
    assert!(from_figures.lines().count() > 70, "{said}");
    let file = city.join("city.toml");
    let mut text = fs::read_to_string(&file).expect("a city");
    // Pupils are left out: as an observation they also tell of children. Each line is taken out of its stage and stands in the observations instead; a share is in percent in both.
    let moved = [
        ("schools = { value = 24, unit = \"schools\"", "schools.primary,all,2020,24,schools"),
        ("mean_class = { value = 41.0,", "mean_class.primary,all,2020,41,pupils per class"),
        ("oversized_share = { value = 8.0,", "oversized_share.primary,all,2020,8,percent"),
    ];
    let table = city.join("observations.csv");
    let mut rows = fs::read_to_string(&table).expect("observations");
    for (figure, row) in moved {
        let line = text.lines().find(|line| line.starts_with(figure)).expect("a figure");
        text = text.replace(&format!("{line}\n"), "");
        rows.push_str(&format!("{row},,made-up\n"));
    }
    fs::write(&file, &text).expect("a city");
    let (without, said) = register(&city);
    assert!(without.is_empty() && said.contains("calibration.primary.schools"), "{said}");
    fs::write(&table, &rows).expect("observations");
    let (from_observations, said) = register(&city);
    assert!(from_observations == from_figures, "another register: {said}");
    // Those of another year, of a district, or without a value do not stand for a figure.
    for other in ["all,2019,24", "north,2020,24", "all,2020,"] {
        fs::write(&table, rows.replace("all,2020,24", other)).expect("observations");
        let (none, said) = register(&city);
        assert!(none.is_empty() && said.contains("calibration.primary.schools"), "{other}: {said}");
    }
}
