//! Makes up a province and calibrates it once: `cargo bench --bench province [COUNTIES] [FOLDER]`. Reported, never
//! gated.

use std::path::PathBuf;
use std::time::Instant;

use xuewei::report::chart::Lang;
use xuewei::report::folder;
use xuewei::report::made_up::{self, MadeUp};

/// Schools of a county.
const SCHOOLS: usize = 201;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let n_counties = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(160);
    let city = arguments
        .get(1)
        .map_or_else(|| std::env::temp_dir().join("xuewei-province"), PathBuf::from);
    // Up to 2017 the ceiling is 75, so that classes of 66 and more are possible.
    let province = MadeUp {
        name: "Province".to_string(),
        key: "province".to_string(),
        n_counties,
        n_schools: SCHOOLS * n_counties,
        seed: 1,
        base_year: 2017,
        lang: Lang::En,
    };
    std::fs::remove_dir_all(&city).ok();
    folder::write(&city, &made_up::files(&province)).expect("a folder to write in");
    println!("a province of {n_counties} counties: {}", city.display());
    let start = Instant::now();
    let keys = xuewei::input::load_for_calibration(&city, &[]).expect("the province loads");
    let calibrated = xuewei::calibrate::calibrate(&keys).expect("the province calibrates");
    let seconds = start.elapsed().as_secs_f64();
    println!("{} schools calibrated in {seconds:.1} s", calibrated.schools.len());
    for fit in &calibrated.stages {
        let shapes: Vec<&str> = fit.attempts.iter().map(|attempt| attempt.shape.key()).collect();
        println!("{}: {} met by {:?} after {shapes:?}", fit.stage.key(), fit.choice, fit.shape);
    }
}
