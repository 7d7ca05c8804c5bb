//! When are the oversized classes of a scenario gone? `cargo run --release --example clearing_year scenarios/jiaozuo/plan.toml`

/// Prints the clearing year of every stage at every level of the city; without a file, of the small city of the tests.
pub fn main() -> Result<(), xuewei::Error> {
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small/plan.toml");
    let path = std::env::args().nth(1);
    told(path.as_deref().unwrap_or(small))
}

/// The same of a file.
pub fn told(path: &str) -> Result<(), xuewei::Error> {
    let scenario = xuewei::load(path)?;
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
