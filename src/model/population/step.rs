//! One step of the cohort-component method for one area: a pure function.
//!
//! Method: the single-year step of the UN Population Division's `ccmppWPP`, which is box 6.2 of Preston, Heuveline
//! & Guillot, *Demography* (2001), ch. 6. The width of the step is an argument, so that the textbook's
//! five-year example runs through the same code.

use std::ops::Range;

use crate::scenario::MigrationTiming;
use crate::width::{Lane, splat};

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
    let lanes = |numbers: &[f64]| -> Vec<Lane<1>> { numbers.iter().map(|&n| [n]).collect() };
    let mut counted = Counted::default();
    let mut one_sex = |people: &[f64], survival: &[f64], migrants: &[f64]| {
        let rate = |(&n, &people): (&f64, &f64)| if people > 0.0 { [n / people] } else { [0.0] };
        let rates: Vec<Lane<1>> = migrants.iter().zip(people).map(rate).collect();
        let (start, mut end) = (lanes(people), lanes(people));
        let timing = (input.timing, true);
        survive(&start, &rates, &lanes(survival), timing, &mut end, Some(&mut counted));
        (start, rates, end)
    };
    let (start, rates, mut women) =
        one_sex(input.women, input.survival_women, input.migrants_women);
    let (_, _, mut men) = one_sex(input.men, input.survival_men, input.migrants_men);
    let fertility = lanes(input.fertility);
    let [births] =
        expected_births((&start, &women), &rates, (&fertility, 0..start.len()), input.timing);
    let births = births * input.width_years;
    let girls = births / (1.0 + input.sex_ratio);
    let boys = births - girls;
    let born = [girls * input.survival_women[0], boys * input.survival_men[0]];
    women[0][0] += born[0];
    men[0][0] += born[1];
    let deaths = counted.deaths[0] + births - born[0] - born[1];
    StepOutput { women: women.concat(), men: men.concat(), births: [girls, boys], deaths }
}

/// What a step counts over ages, sexes and areas.
#[derive(Debug, Clone)]
pub struct Counted<const W: usize> {
    /// Deaths, but for those of newborn.
    pub deaths: Lane<W>,
    /// Net migrants.
    pub migrants: Lane<W>,
}

impl<const W: usize> Default for Counted<W> {
    fn default() -> Self {
        Counted { deaths: splat(0.0), migrants: splat(0.0) }
    }
}

/// Survivors of one sex, with the migrants, into `end`; age 0 holds only its migrants until births are added. `rates` are net
/// migrants over the people at the start; the last age may be open. Returns whether more leave than are there at some age.
#[inline(always)]
pub fn survive<const W: usize>(
    start: &[Lane<W>],
    rates: &[Lane<W>],
    survival: &[Lane<W>],
    (timing, is_open): (MigrationTiming, bool),
    end: &mut [Lane<W>],
    mut counted: Option<&mut Counted<W>>,
) -> bool {
    let (early, late) = match timing {
        MigrationTiming::Even => (0.5, 0.5),
        MigrationTiming::End => (0.0, 1.0),
    };
    let mut least: Lane<W> = splat(0.0);
    for age in 0..start.len() {
        let (own, rate) = (start[age], rates[age]);
        let mut next: Lane<W> = splat(0.0);
        for l in 0..W {
            next[l] = late * (rate[l] * own[l]);
        }
        if let Some(counted) = counted.as_deref_mut() {
            for l in 0..W {
                counted.migrants[l] += rate[l] * own[l];
            }
        }
        if age > 0 {
            let (younger, rate_before) = (start[age - 1], rates[age - 1]);
            let ratio = survival[age];
            let mut exposed: Lane<W> = splat(0.0);
            for l in 0..W {
                exposed[l] = younger[l] + early * (rate_before[l] * younger[l]);
            }
            if is_open && age + 1 == start.len() {
                for l in 0..W {
                    exposed[l] += own[l] + early * (rate[l] * own[l]);
                }
            }
            for l in 0..W {
                next[l] += exposed[l] * ratio[l];
                least[l] = if next[l] < least[l] { next[l] } else { least[l] };
            }
            if let Some(counted) = counted.as_deref_mut() {
                for l in 0..W {
                    counted.deaths[l] += exposed[l] - exposed[l] * ratio[l];
                }
            }
        }
        end[age] = next;
    }
    least.iter().any(|&people| people < 0.0)
}

/// Births of a year: rates of some ages times the mean of the women at the start and at the end. For `Even` the start counts the
/// first half of the migrants and the end the second half; for `End` neither counts migrants. Where more would leave than are
/// there, nobody is there: births are never below zero.
#[inline(always)]
pub fn expected_births<const W: usize>(
    (start, end): (&[Lane<W>], &[Lane<W>]),
    rates: &[Lane<W>],
    (fertility, ages): (&[Lane<W>], Range<usize>),
    timing: MigrationTiming,
) -> Lane<W> {
    let (early, not_yet) = match timing {
        MigrationTiming::Even => (0.5, 0.0),
        MigrationTiming::End => (0.0, 1.0),
    };
    let mut births: Lane<W> = splat(0.0);
    for age in ages {
        let (fertility, rate) = (fertility[age], rates[age]);
        let (own, later) = (start[age], end[age]);
        for l in 0..W {
            let migrants = rate[l] * own[l];
            let at_start = own[l] + early * migrants;
            let at_end = later[l] - not_yet * migrants;
            let at_start = if at_start > 0.0 { at_start } else { 0.0 };
            let at_end = if at_end > 0.0 { at_end } else { 0.0 };
            births[l] += fertility[l] * 0.5 * (at_start + at_end);
        }
    }
    births
}
