//! Writes a made-up province and calibrates it once: `cargo bench --bench province [COUNTIES] [FOLDER]`. Reported, never
//! gated.

use std::path::{Path, PathBuf};
use std::time::Instant;

#[path = "../tests/support/province.rs"]
mod province;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let n_counties = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(160);
    let folder = arguments
        .get(1)
        .map_or_else(|| std::env::temp_dir().join("xuewei-province"), PathBuf::from);
    let city = province::write(root, &folder, n_counties).expect("a folder to write in");
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
