//! People of a base year that lies between two censuses: cohorts interpolated at a constant rate of change.
//!
//! In: the census before and the census after, each as residents in households and people in group quarters by single age. Out: the
//! same on the census day of the base year. With `N₀` people of a cohort in year `t₀` and `N₁` in `t₁`, the number at `t` is
//!
//! `N(t) = N₀ · (N₁ / N₀)^((t − t₀)/(t₁ − t₀))`,
//!
//! growth at a constant rate (Preston, Heuveline & Guillot 2001, *Demography*, ch. 1); half-way it is the geometric mean of
//! the two. Deaths and migrants are in the rate. Four kinds of ages need another rule:
//!
//! - **Under 5 at the earlier census, or not born yet:** the later census's number over survival since, without
//!   migration. Small children were under-counted in 2010: Henan's 7.11 million aged 0-4 are 8.41 million ten years later,
//!   although the province loses people to others.
//! - **Under 18, and of an age to study away at the later census** (15 and over there): at home they did as smaller
//!   children did. `N(t) = N₀ · (C₁·(1 − u) / C₀)^((t − t₀)/(t₁ − t₀))` with `C` the cohort aged 0-4 at the earlier census,
//!   the one that lives at home at both, and `u` the share of it that the earlier census missed. From 15 on this is
//!   multiplied by the share that [`without_group_quarters`](super::ages::without_group_quarters) gives to those ages.
//! - **85 and over at the later census:** the open group has no cohorts; the same ages of both censuses are taken.
//! - **In group quarters:** students come and go; the same ages of both censuses are taken, with the weights of a straight line.
//!
//! Districts whose borders changed between the censuses are interpolated as their sum and share it by the later
//! census's people of the same cohort: of the same age in group quarters and in the open group, of ages 10-14 for those who may study away
//! there. What it leaves out: changes of pace between
//! the censuses, and different change inside a group of districts.

use std::ops::Range;

use crate::axes::{N_AGES, Sex};
use crate::input::{CityKeys, Observation};
use crate::numeric::{exp, ln, sum};
use crate::units::Year;

use super::census::{self, Counted, Splitting};

/// Below this age the earlier census is not believed.
const UNDERCOUNTED_UNDER: usize = 5;
/// From this age people may be counted where they study.
const STUDENTS_FROM: usize = 15;
/// Below this age they live at home all the same.
const AT_HOME_UNDER: usize = 18;
/// First age of the open group of the census tables.
const OPEN_FROM: usize = 85;
/// The figure of the children missed.
const MISSED: &str = "calibration.missed_under_5";
/// A census further away than this is not used.
const MOST_YEARS: Year = 10;

/// Years from the earlier census to the base year, and from there to the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Year of the base.
    pub base: Year,
    /// Years since the earlier census.
    pub since: usize,
    /// Years to the later census.
    pub until: usize,
}

/// What is known of children who live at home.
#[derive(Debug, Clone, Copy)]
struct AtHome {
    /// Residents 15-17 in households per resident 12-14.
    share_15_17: f64,
    /// Share of the children under 5 whom the earlier census missed.
    missed: f64,
}

impl Span {
    /// Part of the time between the censuses that has passed.
    fn passed(&self) -> f64 {
        self.since as f64 / (self.since + self.until) as f64
    }
}

/// The nearest censuses before and after the base year; none where it has one of its own.
pub(super) fn nearest_censuses(keys: &CityKeys) -> (Option<Year>, Option<Year>) {
    let base = keys.scenario.city.base_year;
    let years =
        || keys.observations.iter().filter(|o| census::is_group(&o.quantity)).map(|o| o.year);
    if years().any(|year| year == base) {
        return (None, None);
    }
    let earlier = years().filter(|year| (base - MOST_YEARS..base).contains(year)).max();
    let later = years().filter(|year| (base + 1..=base + MOST_YEARS).contains(year)).min();
    (earlier, later)
}

/// The span between two censuses where the base year lies between them.
pub(super) fn span(keys: &CityKeys) -> Option<Span> {
    let base = keys.scenario.city.base_year;
    let (Some(earlier), Some(later)) = nearest_censuses(keys) else { return None };
    Some(Span { base, since: (base - earlier) as usize, until: (later - base) as usize })
}

/// A census of districts that are counted together: those whose borders changed as their sum, the others alone.
pub(super) fn together(
    keys: &CityKeys,
    year: Year,
    splitting: &Splitting,
    missing: &mut Vec<String>,
) -> Vec<(Vec<usize>, Counted)> {
    let districts = &keys.scenario.city.districts;
    let has_rows = |d: usize| {
        let is_here = |o: &&Observation| o.place == districts[d].key && o.year == year;
        keys.observations.iter().filter(is_here).any(|o| census::is_group(&o.quantity))
    };
    let mut together = Vec::new();
    for group in groups(keys) {
        let known: Vec<usize> = group.iter().copied().filter(|&d| has_rows(d)).collect();
        if known.is_empty() {
            let names: Vec<&str> = group.iter().map(|&d| districts[d].key.as_str()).collect();
            missing.push(format!(
                "observations: no census of {} in {year}; give its rows, or name it in calibration.boundaries.NAME.districts together with the districts that it was part of",
                names.join(", ")
            ));
        }
        let read = |d: usize, missing: &mut Vec<String>| {
            census::count(keys, &districts[d].key, year, splitting, missing)
        };
        let counted: Vec<Counted> = known.iter().map(|&d| read(d, missing)).collect();
        together.push((group, total(&counted)));
    }
    together
}

/// People of every district on the census day of the base year; every observation that is missing is named.
pub(super) fn count(
    keys: &CityKeys,
    span: Span,
    splitting: &Splitting,
    missing: &mut Vec<String>,
) -> Vec<Counted> {
    let city = &*keys.scenario.city;
    let (first, last) = (span.base - span.since as Year, span.base + span.until as Year);
    let mut between = vec![Counted::nobody(); city.districts.len()];
    let Some(missed) = keys.checked.figures.get(MISSED) else {
        missing.push(format!("{MISSED}: calibration needs this figure between two censuses"));
        return between;
    };
    let at_home = AtHome { share_15_17: splitting.share_15_17, missed: missed.scalar() };
    for (group, earlier) in together(keys, first, splitting, missing) {
        let read = |d: usize, missing: &mut Vec<String>| {
            census::count(keys, &city.districts[d].key, last, splitting, missing)
        };
        let later: Vec<Counted> = group.iter().map(|&d| read(d, missing)).collect();
        let survival = &keys.scenario.vital.survival;
        let made = interpolate(span, &earlier, &later, survival, &at_home);
        for (&district, counted) in group.iter().zip(made) {
            between[district] = counted;
        }
    }
    between
}

/// Districts that are interpolated together: the groups of changed borders, and every other district alone.
pub(super) fn groups(keys: &CityKeys) -> Vec<Vec<usize>> {
    let districts = &keys.scenario.city.districts;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for name in keys.checked.names_of("calibration.boundaries") {
        let path = format!("calibration.boundaries.{name}.districts");
        let texts = keys.checked.texts(&path).unwrap_or_default();
        let is_named = |key: &str| texts.iter().any(|(text, _)| text == key);
        let member = |&d: &usize| is_named(&districts[d].key) || is_named(&districts[d].name.zh);
        groups.push((0..districts.len()).filter(member).collect());
    }
    let alone = |d: &usize| !groups.iter().any(|group| group.contains(d));
    let others: Vec<Vec<usize>> = (0..districts.len()).filter(alone).map(|d| vec![d]).collect();
    groups.extend(others);
    groups
}

/// The sum of districts.
fn total(districts: &[Counted]) -> Counted {
    let mut total = Counted::nobody();
    for counted in districts {
        for sex in Sex::ALL {
            let sex = sex as usize;
            for age in 0..N_AGES {
                total.all[sex][age] += counted.all[sex][age];
                total.residents[sex][age] += counted.residents[sex][age];
                total.group_quarters[sex][age] += counted.group_quarters[sex][age];
            }
        }
        total.rural += counted.rural;
        total.urban += counted.urban;
    }
    total
}

/// People of a group of districts in the base year: its sum interpolated and shared by the later census.
fn interpolate(
    span: Span,
    earlier: &Counted,
    later: &[Counted],
    survival: &[[f64; N_AGES]; 2],
    at_home: &AtHome,
) -> Vec<Counted> {
    let sum_later = total(later);
    let mut made = vec![Counted::nobody(); later.len()];
    for sex in Sex::ALL {
        let sex = sex as usize;
        let (from, to) = (&earlier.residents[sex], &sum_later.residents[sex]);
        let residents = cohorts(span, from, to, &survival[sex], at_home);
        for age in 0..N_AGES {
            let group_quarters =
                line(span, earlier.group_quarters[sex][age], sum_later.group_quarters[sex][age]);
            let seen = shared_by(span, age);
            let at_these_ages = |people: &[f64; N_AGES]| sum(people[seen.clone()].iter().copied());
            for (one, district) in made.iter_mut().zip(later) {
                let of = |own: f64, all: f64| if all > 0.0 { own / all } else { 0.0 };
                let in_houses = of(at_these_ages(&district.residents[sex]), at_these_ages(to));
                let in_group_quarters = match sum_later.group_quarters[sex][age] {
                    all if all > 0.0 => of(district.group_quarters[sex][age], all),
                    _ => in_houses,
                };
                one.residents[sex][age] = residents[age] * in_houses;
                one.group_quarters[sex][age] = group_quarters * in_group_quarters;
                one.all[sex][age] = one.residents[sex][age] + one.group_quarters[sex][age];
            }
        }
    }
    // Rural shares: the later one less what is left of the group's change. For a district alone that is a straight line
    // between its two shares.
    let change = sum_later.rural_share() - earlier.rural_share();
    for (one, district) in made.iter_mut().zip(later) {
        let share = district.rural_share() - (1.0 - span.passed()) * change;
        one.rural = share.clamp(0.0, 1.0);
        one.urban = 1.0 - one.rural;
    }
    made
}

/// The ages at the later census by which districts share people of an age.
fn shared_by(span: Span, age: usize) -> Range<usize> {
    let grown = age + span.until;
    if lives_at_home(span, age) {
        STUDENTS_FROM - UNDERCOUNTED_UNDER..STUDENTS_FROM
    } else if grown < OPEN_FROM {
        grown..grown + 1
    } else {
        age..age + 1
    }
}

/// Whether people of an age live at home at the earlier census and in the base year, but may not at the later one.
fn lives_at_home(span: Span, age: usize) -> bool {
    let was_child = (span.since..span.since + STUDENTS_FROM).contains(&age);
    was_child && age < AT_HOME_UNDER && age + span.until >= STUDENTS_FROM
}

/// Residents of one sex by single age in the base year; the rules stand at the top of this file.
fn cohorts(
    span: Span,
    earlier: &[f64; N_AGES],
    later: &[f64; N_AGES],
    survival: &[f64; N_AGES],
    at_home: &AtHome,
) -> [f64; N_AGES] {
    let between_censuses = span.since + span.until;
    let small = |ages: &[f64; N_AGES], grown: usize| {
        sum(ages.iter().copied().skip(grown).take(UNDERCOUNTED_UNDER))
    };
    let (small_before, small_after) = (small(earlier, 0), small(later, between_censuses));
    let as_children_did = match small_before > 0.0 && small_after > 0.0 {
        true => exp(span.passed() * ln(small_after * (1.0 - at_home.missed) / small_before)),
        false => 1.0,
    };
    let mut people = [0.0; N_AGES];
    for (age, count) in people.iter_mut().enumerate() {
        let grown = age + span.until;
        *count = if grown >= OPEN_FROM {
            constant_rate(span, earlier[age], later[age])
        } else if lives_at_home(span, age) {
            let share = if age < STUDENTS_FROM { 1.0 } else { at_home.share_15_17 };
            earlier[age - span.since] * as_children_did * share
        } else if age < span.since + UNDERCOUNTED_UNDER {
            let years = survival.iter().take(grown + 1).skip(age + 1);
            let lived = years.fold(1.0, |lived, ratio| lived * ratio);
            later[grown] / lived.max(1e-9)
        } else {
            constant_rate(span, earlier[age - span.since], later[grown])
        };
    }
    people
}

/// `N₀ · (N₁/N₀)^passed`; a straight line where one of the two is nobody.
fn constant_rate(span: Span, before: f64, after: f64) -> f64 {
    if before > 0.0 && after > 0.0 {
        before * exp(span.passed() * ln(after / before))
    } else {
        line(span, before, after)
    }
}

fn line(span: Span, before: f64, after: f64) -> f64 {
    before + span.passed() * (after - before)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { base: 2015, since: 5, until: 5 };
    const ALL_AT_HOME: AtHome = AtHome { share_15_17: 1.0, missed: 0.0 };
    const NOBODY_DIES: [f64; N_AGES] = [1.0; N_AGES];

    /// 100 at every age in 2010 and 400 in 2020: half-way √(100·400) = 200 at 18 and over; 400 under 10, from the later census;
    /// at 10-14 the 100 of 2010 times √(2000·(1 − 0.19)/500) = 1.8; at 15-17 nine tenths of that.
    #[test]
    fn every_kind_of_age_by_hand() {
        let at_home = AtHome { share_15_17: 0.9, missed: 0.19 };
        let people = cohorts(SPAN, &[100.0; N_AGES], &[400.0; N_AGES], &NOBODY_DIES, &at_home);
        for (age, &found) in people.iter().enumerate() {
            let expected = match age {
                0..10 => 400.0,
                10..15 => 180.0,
                15..18 => 162.0,
                _ => 200.0,
            };
            assert!((found - expected).abs() < 1e-9, "age {age}: {found}");
        }
    }

    /// The cohort of 30 in 2010 is 35 in 2015 and 40 in 2020: √(900·400) = 600. At 79 it is 74 and 84; at 80 and over the same
    /// age counts: √(90·40) = 60.
    #[test]
    fn cohorts_are_followed_and_the_open_group_is_not() {
        let (mut earlier, mut later) = ([0.0; N_AGES], [0.0; N_AGES]);
        (earlier[30], later[40]) = (900.0, 400.0);
        (earlier[74], later[84]) = (90.0, 40.0);
        (earlier[80], later[80]) = (90.0, 40.0);
        let people = cohorts(SPAN, &earlier, &later, &NOBODY_DIES, &ALL_AT_HOME);
        let found = [people[35], people[79], people[80]];
        for (found, expected) in found.into_iter().zip([600.0, 60.0, 60.0]) {
            assert!((found - expected).abs() < 1e-9, "{found} against {expected}");
        }
    }

    /// Three in a hundred die each year: 1000 of the 6-year-olds of 2020 were 1000/0.97⁵ = 1164.505 one-year-olds in 2015.
    #[test]
    fn small_children_are_the_later_census_survived_back() {
        let mut later = [0.0; N_AGES];
        later[6] = 1000.0;
        let people = cohorts(SPAN, &[50.0; N_AGES], &later, &[0.97; N_AGES], &ALL_AT_HOME);
        assert!((people[1] - 1_164.505).abs() < 0.001, "{}", people[1]);
        assert!(people[0] == 0.0 && people[2] == 0.0);
    }

    /// Those who may study away in 2020 are shared by the children of that year: 80 boys aged 5 in 2010 stay 80
    /// (√(400/400) = 1), and 100 and 300 boys aged 12 make it 20 and 60, wherever the 15-year-olds are counted.
    #[test]
    fn children_are_shared_by_children() {
        let boy = Sex::Male as usize;
        let mut earlier = Counted::nobody();
        (earlier.residents[boy][2], earlier.residents[boy][5]) = (400.0, 80.0);
        let mut later = [Counted::nobody(), Counted::nobody()];
        (later[0].residents[boy][12], later[0].residents[boy][15]) = (100.0, 500.0);
        later[1].residents[boy][12] = 300.0;
        let made = interpolate(SPAN, &earlier, &later, &[NOBODY_DIES; 2], &ALL_AT_HOME);
        for (one, expected) in made.iter().zip([20.0, 60.0]) {
            assert!((one.residents[boy][10] - expected).abs() < 1e-9);
        }
    }

    /// Away from the middle: two of ten years after the earlier census, 100·16^(2/10) = 174.11.
    #[test]
    fn the_rate_is_constant() {
        let span = Span { base: 2012, since: 2, until: 8 };
        assert!((constant_rate(span, 100.0, 1600.0) - 174.110_112_7).abs() < 1e-6);
        assert!((constant_rate(span, 0.0, 100.0) - 20.0).abs() < 1e-9);
    }

    /// Two districts of 300 and 100 women aged 40 in 2020 were one of 900 aged 30 in 2010: √(900·400) = 600, three quarters and
    /// one quarter of it. Group quarters at age 20: 90 then and 30 + 10 now, 65 half-way, shared 3 to 1. Rural were 540 of 900 and are 90 of
    /// 300 and 70 of 100, together 160 of 400: a fall of 20 points, half of which is added to 30 and to 70 %.
    #[test]
    fn changed_borders_share_the_sum() {
        let woman = Sex::Female as usize;
        let district = |age: usize, n: f64, rural: f64| {
            let mut counted = Counted { rural, urban: n - rural, ..Counted::nobody() };
            counted.residents[woman][age] = n;
            counted.group_quarters[woman][20] = n / 10.0;
            counted
        };
        let later = [district(40, 300.0, 90.0), district(40, 100.0, 70.0)];
        let earlier = district(30, 900.0, 540.0);
        let survival = [NOBODY_DIES; 2];
        let made = interpolate(SPAN, &earlier, &later, &survival, &ALL_AT_HOME);
        for (one, n, group_quarters, rural) in
            [(&made[0], 450.0, 48.75, 0.4), (&made[1], 150.0, 16.25, 0.8)]
        {
            assert!((one.residents[woman][35] - n).abs() < 1e-9);
            assert!((one.group_quarters[woman][20] - group_quarters).abs() < 1e-9);
            assert!((one.rural_share() - rural).abs() < 1e-9);
        }
    }
}
