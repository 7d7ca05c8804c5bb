//! Draws of a sweep without a file: in how many futures are the oversized primary classes gone before the horizon?

/// Prints it scenario by scenario.
pub fn main() -> Result<(), xuewei::Error> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/sweeps/small-futures.toml");
    let draws = xuewei::sweep(file, Some(128))?;
    for scenario in &draws.scenarios {
        if let Some(years) = draws.of(scenario, "primary.clearing_year") {
            let cleared = years.iter().filter(|year| year.is_finite()).count();
            println!("{scenario}: cleared in {cleared} of {} futures", years.len());
        }
    }
    Ok(())
}
