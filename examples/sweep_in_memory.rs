//! Draws of a sweep without a file: in how many futures are a stage's oversized classes gone by a year?

/// Prints the share of futures in which primary classes have cleared, scenario by scenario.
pub fn main() -> Result<(), xuewei::Error> {
    let draws = xuewei::sweep("tests/small/sweeps/small-futures.toml", 128)?;
    for scenario in &draws.scenarios {
        let years = draws.of(scenario, "primary.clearing_year");
        let cleared = years.iter().filter(|year| year.is_finite()).count();
        println!("{scenario}: cleared in {cleared} of {} futures", years.len());
    }
    Ok(())
}
