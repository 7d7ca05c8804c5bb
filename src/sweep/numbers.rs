//! Every number of a scenario in one fixed order, so that two scenarios of the same shape can be compared and changed number by
//! number.

use crate::event::{PlannedKind, Programme};
use crate::scenario::{Enrolment, Scenario, Vital};
use crate::units::Path;

/// One number of a scenario.
pub(super) enum Number<'a> {
    /// A real number.
    Real(&'a mut f64),
    /// A whole one.
    Whole(&'a mut i32),
}

impl Number<'_> {
    /// Its value.
    pub fn get(&self) -> f64 {
        match self {
            Number::Real(value) => **value,
            Number::Whole(value) => f64::from(**value),
        }
    }

    /// Puts a value, rounded where it is whole.
    pub fn set(&mut self, value: f64) {
        match self {
            Number::Real(number) => **number = value,
            Number::Whole(number) => **number = value.round() as i32,
        }
    }
}

/// Shows every number of a scenario to `see`, with its position. The tables of a city (people, schools) are not among them.
pub(super) fn visit(scenario: &mut Scenario, mut see: impl FnMut(usize, Number)) {
    let mut next = 0;
    let mut each = |number: Number| {
        see(next, number);
        next += 1;
    };
    of_people(scenario, &mut each);
    of_rules(scenario, &mut each);
    for unit in &mut scenario.unit_types {
        unit.rooms.iter_mut().for_each(|(_, rooms)| each(Number::Whole(rooms)));
        each(Number::Real(&mut unit.cost_yuan));
        each(Number::Real(&mut unit.quality));
        each(Number::Whole(&mut unit.boarding_places));
    }
    for programme in &mut scenario.programmes {
        of_programme(programme, &mut each);
    }
    for ratio in scenario.pupils_per_teacher.iter_mut().flatten() {
        path(ratio, &mut each);
    }
}

/// The numbers on which people and pupils by residence depend, in the order of [`visit`], which begins with them.
pub(super) fn of_people(scenario: &mut Scenario, each: &mut impl FnMut(Number)) {
    vital(&mut scenario.vital, each);
    enrolment(&mut scenario.enrolment, each);
    for flow in &mut scenario.attendance {
        each(Number::Real(&mut flow.share));
    }
    for standard in &mut scenario.thresholds.standard {
        path(standard, each);
    }
}

fn path(path: &mut Path, each: &mut impl FnMut(Number)) {
    path.values_mut().for_each(|value| each(Number::Real(value)));
}

fn vital(vital: &mut Vital, each: &mut impl FnMut(Number)) {
    vital.survival.iter_mut().flatten().for_each(|ratio| each(Number::Real(ratio)));
    vital.fertility_pattern.iter_mut().for_each(|share| each(Number::Real(share)));
    path(&mut vital.total_fertility, each);
    vital.births_observed.iter_mut().for_each(|(_, births)| each(Number::Real(births)));
    path(&mut vital.sex_ratio, each);
    vital.migration.iter_mut().for_each(|rule| path(&mut rule.rate, each));
    vital.moves.iter_mut().for_each(|rule| path(&mut rule.rate, each));
    each(Number::Real(&mut vital.preschool_error));
}

fn enrolment(enrolment: &mut Enrolment, each: &mut impl FnMut(Number)) {
    path(&mut enrolment.kindergarten_rate, each);
    enrolment.kindergarten_weights.iter_mut().for_each(|weight| each(Number::Real(weight)));
    path(&mut enrolment.coverage, each);
    enrolment.retention.iter_mut().for_each(|ratio| path(ratio, each));
    path(&mut enrolment.continuation, each);
    path(&mut enrolment.academic_share, each);
    path(&mut enrolment.technical_rate, each);
    each(Number::Real(&mut enrolment.minimum_people));
}

fn of_rules(scenario: &mut Scenario, each: &mut impl FnMut(Number)) {
    let thresholds = &mut scenario.thresholds;
    for paths in [
        &mut thresholds.relief_limit,
        &mut thresholds.ceiling,
        &mut thresholds.oversized,
        &mut thresholds.super_oversized,
    ] {
        paths.iter_mut().for_each(|p| path(p, each));
    }
    thresholds.open_at.iter_mut().for_each(|p| path(p, each));
    let levers = &mut scenario.levers;
    for paths in [&mut levers.entry_cap, &mut levers.rebalance, &mut levers.merge_below] {
        paths.iter_mut().flatten().for_each(|p| path(p, each));
    }
    levers.split_from.iter_mut().flatten().for_each(|year| each(Number::Whole(year)));
    let rules = &mut scenario.rules;
    rules.choice.iter_mut().for_each(|choice| each(Number::Real(choice)));
    each(Number::Real(&mut rules.class_spread));
    each(Number::Real(&mut rules.smallest_new_class));
    for rule in &mut rules.closing {
        each(Number::Real(&mut rule.under_pupils));
        each(Number::Whole(&mut rule.years));
        each(Number::Whole(&mut rule.from_year));
        each(Number::Whole(&mut rule.most_per_year));
    }
}

fn of_programme(programme: &mut Programme, each: &mut impl FnMut(Number)) {
    programme.mix.iter_mut().for_each(|(_, count)| each(Number::Whole(count)));
    each(Number::Whole(&mut programme.years.0));
    each(Number::Whole(&mut programme.years.1));
    programme.profile.iter_mut().for_each(|share| each(Number::Real(share)));
    if let Some(investment) = &mut programme.investment_yuan {
        each(Number::Real(investment));
    }
    each(Number::Whole(&mut programme.delay_years));
    each(Number::Whole(&mut programme.lag_years));
    each(Number::Real(&mut programme.delivered_share));
    each(Number::Real(&mut programme.cost_ratio));
    for planned in &mut programme.events {
        each(Number::Whole(&mut planned.year));
        for concerned in &mut planned.schools {
            each(Number::Whole(&mut concerned.rooms));
            each(Number::Whole(&mut concerned.reserved));
        }
        match &mut planned.kind {
            PlannedKind::Open { rooms, .. } => {
                rooms.iter_mut().for_each(|(_, rooms)| each(Number::Whole(rooms)));
            }
            PlannedKind::Extend { rooms } | PlannedKind::Convert { rooms: Some(rooms), .. } => {
                each(Number::Whole(rooms));
            }
            PlannedKind::Relocate { rooms_added, reuse, .. } => {
                each(Number::Whole(rooms_added));
                if let Some(reuse) = reuse {
                    each(Number::Whole(&mut reuse.rooms));
                    each(Number::Whole(&mut reuse.years_later));
                }
            }
            PlannedKind::Upgrade { quality, boarding } => {
                each(Number::Real(quality));
                each(Number::Whole(boarding));
            }
            PlannedKind::Reserve { share } => each(Number::Real(share)),
            PlannedKind::Convert { rooms: None, .. }
            | PlannedKind::Close
            | PlannedKind::Merge { .. } => {}
        }
    }
}
