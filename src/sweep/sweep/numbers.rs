//! Every number of a scenario in one fixed order, each with the part of the scenario that it belongs to, so that two scenarios of the
//! same shape can be compared and changed number by number.
//!
//! Every struct is taken apart field by field: a field that is added does not compile before it is said whether it is a number, and
//! what is none is named and left alone.

use crate::event::{
    ClosingRule, Concerned, Part as RoomPart, PlannedEvent, PlannedKind, Programme, Reuse, UnitType,
};
use crate::input::figures::Part;
use crate::level::{Bound, Condition, Level};
use crate::scenario::{
    Additions, Admission, AttendanceFlow, Enrolment, Levers, MigrationRule, MoveRule, Scenario,
    SchoolRules, StandingRelief, Vital,
};
use crate::units::Path;

use super::split::{OfPeople, OfSchools, split};

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

/// Shows every number of a scenario to `see`, with its position and its part. The tables of a city (people, schools) are not among
/// them.
pub(super) fn visit(scenario: &mut Scenario, mut see: impl FnMut(usize, Part, Number)) {
    let mut next = 0;
    let mut each = |part: Part, number: Number| {
        see(next, part, number);
        next += 1;
    };
    let (people, schools) = split(scenario);
    of_people(people, &mut each);
    of_schools(schools, &mut each);
}

/// How many numbers people and pupils by residence depend on: the first ones of [`visit`].
pub(super) fn count_of_people(scenario: &Scenario) -> usize {
    let mut n = 0;
    of_people(split(&mut scenario.clone()).0, &mut |_: Part, _: Number| n += 1);
    n
}

fn of_people(people: OfPeople, each: &mut impl FnMut(Part, Number)) {
    let OfPeople { vital, enrolment, attendance, standard } = people;
    of_vital(vital, each);
    of_enrolment(enrolment, each);
    for (idx, AttendanceFlow { stage: _, routes: _, share }) in attendance.iter_mut().enumerate() {
        path(Part::Flow(idx), share, each);
    }
    paths(Part::Standard, standard, each);
}

/// The numbers of thresholds, levels, levers and rules, of buildings and of teachers.
fn of_schools(schools: OfSchools, each: &mut impl FnMut(Part, Number)) {
    let OfSchools {
        open_at,
        relief_limit,
        ceiling,
        oversized,
        super_oversized,
        levels,
        levers,
        rules,
        unit_types,
        programmes,
        pupils_per_teacher,
    } = schools;
    paths(Part::ReliefLimit, relief_limit, each);
    paths(Part::Ceiling, ceiling, each);
    paths(Part::Oversized, oversized, each);
    paths(Part::SuperOversized, super_oversized, each);
    paths(Part::OpenAt, open_at, each);
    for (idx, Level { key: _, name: _, conditions }) in levels.iter_mut().enumerate() {
        for Condition { threshold: _, bound } in conditions {
            match bound {
                Bound::Share(value) | Bound::Classes(value) => {
                    each(Part::Level(idx), Number::Real(value));
                }
            }
        }
    }
    let Levers { entry_cap, split_from, rebalance, merge_below, relief } = levers;
    paths(Part::EntryCap, entry_cap.iter_mut().flatten(), each);
    paths(Part::Rebalance, rebalance.iter_mut().flatten(), each);
    paths(Part::MergeBelow, merge_below.iter_mut().flatten(), each);
    paths(Part::Relief, relief.iter_mut().flatten(), each);
    split_from.iter_mut().flatten().for_each(|year| each(Part::SplitFrom, Number::Whole(year)));
    of_rules(rules, each);
    for (idx, unit) in unit_types.iter_mut().enumerate() {
        of_unit_type(unit, &mut |number: Number| each(Part::UnitType(idx), number));
    }
    for (idx, programme) in programmes.iter_mut().enumerate() {
        of_programme(Part::Programme(idx), programme, each);
    }
    paths(Part::PupilsPerTeacher, pupils_per_teacher.iter_mut().flatten(), each);
}

fn path(part: Part, path: &mut Path, each: &mut impl FnMut(Part, Number)) {
    path.values_mut().for_each(|value| each(part, Number::Real(value)));
}

fn paths<'a>(
    part: Part,
    paths: impl IntoIterator<Item = &'a mut Path>,
    each: &mut impl FnMut(Part, Number),
) {
    paths.into_iter().for_each(|of_one| path(part, of_one, each));
}

fn of_vital(vital: &mut Vital, each: &mut impl FnMut(Part, Number)) {
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
        children_per_migrant,
    } = vital;
    let mut all = |part: Part, number: &mut f64| each(part, Number::Real(number));
    survival.iter_mut().flatten().for_each(|ratio| all(Part::Survival, ratio));
    fertility_pattern.iter_mut().for_each(|share| all(Part::FertilityPattern, share));
    births_observed.iter_mut().for_each(|(_, births)| all(Part::Births, births));
    all(Part::PreschoolError, preschool_error);
    children_per_migrant.iter_mut().for_each(|children| all(Part::ChildrenPerMigrant, children));
    path(Part::TotalFertility, total_fertility, each);
    path(Part::SexRatio, sex_ratio, each);
    for (idx, MigrationRule { ages: _, areas: _, rate }) in migration.iter_mut().enumerate() {
        path(Part::Migration(idx), rate, each);
    }
    for (idx, MoveRule { ages: _, routes: _, rate }) in moves.iter_mut().enumerate() {
        path(Part::Move(idx), rate, each);
    }
}

fn of_enrolment(enrolment: &mut Enrolment, each: &mut impl FnMut(Part, Number)) {
    let Enrolment {
        mode: _,
        gross_rate,
        weights,
        coverage,
        retention,
        continuation,
        academic_share,
        technical_rate,
        minimum_people,
    } = enrolment;
    paths(Part::GrossRate, gross_rate, each);
    for weight in weights {
        each(Part::Weights, Number::Real(weight));
    }
    paths(Part::Coverage, coverage, each);
    paths(Part::Retention, retention, each);
    path(Part::Continuation, continuation, each);
    path(Part::AcademicShare, academic_share, each);
    path(Part::TechnicalRate, technical_rate, each);
    each(Part::MinimumPeople, Number::Real(minimum_people));
}

fn of_rules(rules: &mut SchoolRules, each: &mut impl FnMut(Part, Number)) {
    let SchoolRules {
        choice,
        class_spread,
        smallest_new_class,
        closing,
        relief,
        additions,
        admission,
    } = rules;
    choice.iter_mut().for_each(|choice| each(Part::Choice, Number::Real(choice)));
    each(Part::ClassSpread, Number::Real(class_spread));
    each(Part::SmallestNewClass, Number::Real(smallest_new_class));
    for (idx, rule) in closing.iter_mut().enumerate() {
        let ClosingRule {
            key: _,
            stage: _,
            zones: _,
            under_pupils,
            years,
            from_year,
            most_per_year,
        } = rule;
        each(Part::Closing(idx), Number::Real(under_pupils));
        for whole in [years, from_year, most_per_year] {
            each(Part::Closing(idx), Number::Whole(whole));
        }
    }
    for StandingRelief { hazard, deadline, choice_decay } in relief.iter_mut().flatten() {
        each(Part::StandingRelief, Number::Real(hazard));
        each(Part::StandingRelief, Number::Real(choice_decay));
        deadline.iter_mut().for_each(|year| each(Part::StandingRelief, Number::Whole(year)));
    }
    for rule in additions.iter_mut().flatten() {
        let Additions { rate, target_class, most_per_year, seat_yuan } = rule;
        each(Part::Additions, Number::Real(rate));
        each(Part::Additions, Number::Real(target_class));
        most_per_year.iter_mut().for_each(|rooms| each(Part::Additions, Number::Whole(rooms)));
        seat_yuan.iter_mut().for_each(|yuan| each(Part::Additions, Number::Real(yuan)));
    }
    if let Some(Admission { elasticity, share_min, share_max, planned_class }) = admission {
        for number in [elasticity, share_min, share_max] {
            each(Part::Admission, Number::Real(number));
        }
        paths(Part::Admission, planned_class, each);
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

fn of_programme(own: Part, programme: &mut Programme, each: &mut impl FnMut(Part, Number)) {
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
    mix.iter_mut().for_each(|(_, count)| each(own, Number::Whole(count)));
    each(own, Number::Whole(&mut years.0));
    each(own, Number::Whole(&mut years.1));
    profile.iter_mut().chain(investment_yuan).for_each(|number| each(own, Number::Real(number)));
    each(Part::Timeline, Number::Whole(delay_years));
    each(Part::Timeline, Number::Whole(lag_years));
    each(own, Number::Real(delivered_share));
    each(own, Number::Real(cost_ratio));
    for planned in events {
        of_event(planned, &mut |number: Number| each(Part::Timeline, number));
    }
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
                RoomPart::Share(share) => each(Number::Real(share)),
                RoomPart::Rooms(rooms) => each(Number::Whole(rooms)),
            }
            if let Some(until) = until {
                each(Number::Whole(until));
            }
        }
        PlannedKind::Close | PlannedKind::Merge { into: _ } => {}
    }
}

#[cfg(test)]
mod tests;
