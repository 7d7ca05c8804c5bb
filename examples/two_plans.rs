//! Two scenarios of one city side by side: what each costs, and how many pupil-years in oversized classes each leaves.

/// Prints cost and effect of both, and whether one is no better than the other in anything.
pub fn main() -> Result<(), xuewei::Error> {
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/small");
    let load = |name: &str| xuewei::load(format!("{small}/{name}.toml"));
    let both = [load("plan")?, load("no-build")?];
    let (done, comparison) = xuewei::compare(&both)?;
    for (idx, (loaded, done)) in both.iter().zip(&done).enumerate() {
        for stage in done.summary.stages.iter().filter(|stage| stage.stage == "all") {
            let (cost, left) = (stage.investment_total / 1e8, stage.oversized_pupil_years);
            println!(
                "{}: {cost:.2} hundred million yuan, {left:.0} pupil-years",
                loaded.scenario.key
            );
        }
        if comparison.dominated_by[idx].is_empty() {
            println!("  no other is at least as good in everything");
        }
        for &better in &comparison.dominated_by[idx] {
            println!("  {} is at least as good in everything", both[better].scenario.key);
        }
    }
    Ok(())
}
