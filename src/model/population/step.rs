//! One step of the cohort-component method for one area: a pure function.
//!
//! Method: the single-year step of the UN Population Division's `ccmppWPP`, which is box 6.2 of Preston, Heuveline
//! & Guillot, *Demography* (2001), ch. 6. The width of the step is an argument, so that the textbook's
//! five-year example runs through the same code.

use crate::scenario::MigrationTiming;

/// What one step needs. All slices run over the same ages, the last one open; index 0 of a survival slice
/// is survival from birth.
pub struct StepInput<'a> {
    /// Women at the start, by age.
    pub women: &'a [f64],
    /// Men at the start, by age.
    pub men: &'a [f64],
    /// Survival ratios of women.
    pub survival_women: &'a [f64],
    /// Survival ratios of men.
    pub survival_men: &'a [f64],
    /// Net female migrants over the step, by age when they join.
    pub migrants_women: &'a [f64],
    /// Net male migrants over the step.
    pub migrants_men: &'a [f64],
    /// Births per woman and year, by age.
    pub fertility: &'a [f64],
    /// Males per female at birth.
    pub sex_ratio: f64,
    /// Width of the step and of the age groups, years.
    pub width_years: f64,
    /// When migrants join.
    pub timing: MigrationTiming,
}

/// What one step gives.
#[derive(Debug, Clone, PartialEq)]
pub struct StepOutput {
    /// Women at the end, by age.
    pub women: Vec<f64>,
    /// Men at the end, by age.
    pub men: Vec<f64>,
    /// Girls and boys born alive during the step.
    pub births: [f64; 2],
    /// Deaths during the step, newborns included.
    pub deaths: f64,
}

/// One step: half or none of the migrants join, cohorts survive, the other migrants join, births follow.
pub fn step(input: &StepInput) -> StepOutput {
    let n_ages = input.women.len();
    let mut women = vec![0.0; n_ages];
    let mut men = vec![0.0; n_ages];
    let timing = input.timing;
    let died_women =
        survive(input.women, input.survival_women, input.migrants_women, timing, &mut women);
    let died_men = survive(input.men, input.survival_men, input.migrants_men, timing, &mut men);
    let births = expected_births(
        input.women,
        &women,
        input.migrants_women,
        input.fertility,
        timing,
        input.width_years,
    );
    let girls = births / (1.0 + input.sex_ratio);
    let boys = births - girls;
    let born = [girls * input.survival_women[0], boys * input.survival_men[0]];
    women[0] += born[0];
    men[0] += born[1];
    let deaths = died_women + died_men + births - born[0] - born[1];
    StepOutput { women, men, births: [girls, boys], deaths }
}

/// Survivors of one sex, with the migrants, into `end`; age 0 holds only its migrants until births are added.
/// Returns the deaths.
pub fn survive(
    start: &[f64],
    survival: &[f64],
    migrants: &[f64],
    timing: MigrationTiming,
    end: &mut [f64],
) -> f64 {
    let (first, second) = shares(timing);
    let open = start.len() - 1;
    let mut deaths = 0.0;
    end[0] = second * migrants[0];
    for age in 1..=open {
        let mut exposed = start[age - 1] + first * migrants[age - 1];
        if age == open {
            exposed += start[open] + first * migrants[open];
        }
        let survivors = exposed * survival[age];
        deaths += exposed - survivors;
        end[age] = survivors + second * migrants[age];
    }
    deaths
}

/// Births over a step of `width_years`: rates times the mean of the women at the start and at the end. For `Even` the
/// start counts the first half of the migrants and the end the second half; for `End` neither counts migrants. Where more
/// would leave than are there, nobody is there: births are never below zero.
pub fn expected_births(
    start: &[f64],
    end: &[f64],
    migrants: &[f64],
    fertility: &[f64],
    timing: MigrationTiming,
    width_years: f64,
) -> f64 {
    let (first, not_yet) = match timing {
        MigrationTiming::Even => (0.5, 0.0),
        MigrationTiming::End => (0.0, 1.0),
    };
    let mut births = 0.0;
    for age in 0..start.len() {
        if fertility[age] > 0.0 {
            let at_start = (start[age] + first * migrants[age]).max(0.0);
            let at_end = (end[age] - not_yet * migrants[age]).max(0.0);
            births += fertility[age] * 0.5 * (at_start + at_end);
        }
    }
    births * width_years
}

/// Shares of the migrants who join at the start and at the end.
fn shares(timing: MigrationTiming) -> (f64, f64) {
    match timing {
        MigrationTiming::Even => (0.5, 0.5),
        MigrationTiming::End => (0.0, 1.0),
    }
}
