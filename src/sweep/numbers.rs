//! Every number of a scenario in one fixed order, so that two scenarios of the same shape can be compared and changed number by
//! number.
//!
//! Every struct is taken apart field by field: a field that is added does not compile before it is said whether it is a number, and
//! what is none is named and left alone.

use crate::event::{
    ClosingRule, Concerned, Part, PlannedEvent, PlannedKind, Programme, Reuse, UnitType,
};
use crate::level::{Bound, Condition, Level};
use crate::scenario::{
    AttendanceFlow, Enrolment, Levers, MigrationRule, MoveRule, Scenario, SchoolRules, Thresholds,
    Vital,
};
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
    let Scenario {
        key: _,
        title: _,
        question: _,
        city: _,
        // Seen by `of_people` and `of_rules`.
        vital: _,
        enrolment: _,
        attendance: _,
        thresholds: _,
        levels: _,
        levers: _,
        rules: _,
        unit_types,
        programmes,
        // What a plan promises changes no run.
        targets: _,
        plan_period: _,
        pupils_per_teacher,
    } = scenario;
    unit_types.iter_mut().for_each(|unit| of_unit_type(unit, &mut each));
    programmes.iter_mut().for_each(|programme| of_programme(programme, &mut each));
    pupils_per_teacher.iter_mut().flatten().for_each(|ratio| path(ratio, &mut each));
}

/// How many numbers people and pupils by residence depend on.
pub(super) fn count_of_people(scenario: &Scenario) -> usize {
    let mut n = 0;
    of_people(&mut scenario.clone(), &mut |_: Number| n += 1);
    n
}

/// The numbers on which people and pupils by residence depend, in the order of [`visit`], which begins with them.
fn of_people(scenario: &mut Scenario, each: &mut impl FnMut(Number)) {
    let Scenario {
        vital,
        enrolment,
        attendance,
        thresholds,
        key: _,
        title: _,
        question: _,
        city: _,
        levels: _,
        levers: _,
        rules: _,
        unit_types: _,
        programmes: _,
        targets: _,
        plan_period: _,
        pupils_per_teacher: _,
    } = scenario;
    of_vital(vital, each);
    of_enrolment(enrolment, each);
    for AttendanceFlow { stage: _, routes: _, share } in attendance {
        path(share, each);
    }
    let Thresholds {
        standard,
        open_at: _,
        relief_limit: _,
        ceiling: _,
        oversized: _,
        super_oversized: _,
    } = thresholds;
    standard.iter_mut().for_each(|standard| path(standard, each));
}

fn path(path: &mut Path, each: &mut impl FnMut(Number)) {
    path.values_mut().for_each(|value| each(Number::Real(value)));
}

fn of_vital(vital: &mut Vital, each: &mut impl FnMut(Number)) {
    let Vital {
        survival,
        fertility_pattern,
        total_fertility,
        births_observed,
        sex_ratio,
        migration,
        timing: _,
        moves,
        preschool_error,
    } = vital;
    survival.iter_mut().flatten().for_each(|ratio| each(Number::Real(ratio)));
    fertility_pattern.iter_mut().for_each(|share| each(Number::Real(share)));
    path(total_fertility, each);
    births_observed.iter_mut().for_each(|(_, births)| each(Number::Real(births)));
    path(sex_ratio, each);
    for MigrationRule { ages: _, areas: _, rate } in migration {
        path(rate, each);
    }
    for MoveRule { ages: _, routes: _, rate } in moves {
        path(rate, each);
    }
    each(Number::Real(preschool_error));
}

fn of_enrolment(enrolment: &mut Enrolment, each: &mut impl FnMut(Number)) {
    let Enrolment {
        mode: _,
        kindergarten_rate,
        kindergarten_weights,
        coverage,
        retention,
        continuation,
        academic_share,
        technical_rate,
        minimum_people,
    } = enrolment;
    path(kindergarten_rate, each);
    kindergarten_weights.iter_mut().for_each(|weight| each(Number::Real(weight)));
    path(coverage, each);
    retention.iter_mut().for_each(|ratio| path(ratio, each));
    path(continuation, each);
    path(academic_share, each);
    path(technical_rate, each);
    each(Number::Real(minimum_people));
}

/// The numbers of thresholds, levels, levers and rules.
fn of_rules(scenario: &mut Scenario, each: &mut impl FnMut(Number)) {
    let Scenario {
        thresholds,
        levels,
        levers,
        rules,
        key: _,
        title: _,
        question: _,
        city: _,
        vital: _,
        enrolment: _,
        attendance: _,
        unit_types: _,
        programmes: _,
        targets: _,
        plan_period: _,
        pupils_per_teacher: _,
    } = scenario;
    // The standard is among the numbers of people.
    let Thresholds { standard: _, open_at, relief_limit, ceiling, oversized, super_oversized } =
        thresholds;
    for paths in [relief_limit, ceiling, oversized, super_oversized] {
        paths.iter_mut().for_each(|p| path(p, each));
    }
    open_at.iter_mut().for_each(|p| path(p, each));
    for Level { key: _, name: _, conditions } in levels {
        for Condition { threshold: _, bound } in conditions {
            match bound {
                Bound::Share(value) | Bound::Classes(value) => each(Number::Real(value)),
            }
        }
    }
    let Levers { entry_cap, split_from, rebalance, merge_below } = levers;
    for paths in [entry_cap, rebalance, merge_below] {
        paths.iter_mut().flatten().for_each(|p| path(p, each));
    }
    split_from.iter_mut().flatten().for_each(|year| each(Number::Whole(year)));
    let SchoolRules { choice, class_spread, smallest_new_class, closing } = rules;
    choice.iter_mut().for_each(|choice| each(Number::Real(choice)));
    each(Number::Real(class_spread));
    each(Number::Real(smallest_new_class));
    for rule in closing {
        let ClosingRule {
            key: _,
            stage: _,
            zones: _,
            under_pupils,
            years,
            from_year,
            most_per_year,
        } = rule;
        each(Number::Real(under_pupils));
        each(Number::Whole(years));
        each(Number::Whole(from_year));
        each(Number::Whole(most_per_year));
    }
}

fn of_unit_type(unit: &mut UnitType, each: &mut impl FnMut(Number)) {
    let UnitType {
        key: _,
        rooms,
        is_extension: _,
        opens_all_grades: _,
        cost_yuan,
        quality,
        boarding_places,
    } = unit;
    rooms.iter_mut().for_each(|(_, rooms)| each(Number::Whole(rooms)));
    each(Number::Real(cost_yuan));
    each(Number::Real(quality));
    each(Number::Whole(boarding_places));
}

fn of_programme(programme: &mut Programme, each: &mut impl FnMut(Number)) {
    let Programme {
        key: _,
        title: _,
        mix,
        years,
        profile,
        investment_yuan,
        // Units keep their places over the draws of a sweep, or are placed anew in each.
        placement: _,
        areas: _,
        skips_ample: _,
        delay_years,
        lag_years,
        delivered_share,
        cost_ratio,
        events,
    } = programme;
    mix.iter_mut().for_each(|(_, count)| each(Number::Whole(count)));
    each(Number::Whole(&mut years.0));
    each(Number::Whole(&mut years.1));
    profile.iter_mut().for_each(|share| each(Number::Real(share)));
    if let Some(investment) = investment_yuan {
        each(Number::Real(investment));
    }
    each(Number::Whole(delay_years));
    each(Number::Whole(lag_years));
    each(Number::Real(delivered_share));
    each(Number::Real(cost_ratio));
    events.iter_mut().for_each(|planned| of_event(planned, each));
}

fn of_event(planned: &mut PlannedEvent, each: &mut impl FnMut(Number)) {
    let PlannedEvent { key: _, kind, stage: _, schools, year, origin: _ } = planned;
    each(Number::Whole(year));
    for Concerned { row: _, rooms, reserved, area: _ } in schools {
        each(Number::Whole(rooms));
        each(Number::Whole(reserved));
    }
    match kind {
        PlannedKind::Open { area: _, rooms, all_grades: _, name: _ } => {
            rooms.iter_mut().for_each(|(_, rooms)| each(Number::Whole(rooms)));
        }
        PlannedKind::Extend { rooms } => each(Number::Whole(rooms)),
        PlannedKind::Convert { to: _, rooms } => {
            if let Some(rooms) = rooms {
                each(Number::Whole(rooms));
            }
        }
        PlannedKind::Relocate { area: _, rooms_added, reuse } => {
            each(Number::Whole(rooms_added));
            if let Some(Reuse { stage: _, rooms, years_later }) = reuse {
                each(Number::Whole(rooms));
                each(Number::Whole(years_later));
            }
        }
        PlannedKind::Upgrade { quality, boarding } => {
            each(Number::Real(quality));
            each(Number::Whole(boarding));
        }
        PlannedKind::Reserve { part, until } => {
            match part {
                Part::Share(share) => each(Number::Real(share)),
                Part::Rooms(rooms) => each(Number::Whole(rooms)),
            }
            if let Some(until) = until {
                each(Number::Whole(until));
            }
        }
        PlannedKind::Close | PlannedKind::Merge { into: _ } => {}
    }
}
