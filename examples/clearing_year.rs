//! When are the oversized classes of a scenario gone? `cargo run --release --example clearing_year scenarios/jiaozuo/plan.toml`

/// Prints the clearing year of every stage at every level of the city.
pub fn main() -> Result<(), xuewei::Error> {
    let path = std::env::args().nth(1).filter(|path| path.ends_with(".toml"));
    let scenario = xuewei::load(path.as_deref().unwrap_or("tests/small/plan.toml"))?;
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
