//! When are the oversized classes of a scenario gone? Put the path of one of your own in its place.

/// Prints the clearing year of every stage at every level of the city.
pub fn main() -> Result<(), xuewei::Error> {
    let scenario = xuewei::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/plan.toml"))?;
    for stage in xuewei::summary(&scenario).stages {
        for (level, year) in &stage.clearing_year_at_level {
            match year {
                Some(year) => println!("{}, {level}: {year}", stage.stage),
                None => println!("{}, {level}: not before the horizon", stage.stage),
            }
        }
    }
    Ok(())
}
