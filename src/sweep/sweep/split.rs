//! A scenario split into what people and pupils by residence depend on and what only schools do.
//!
//! Here alone a sweep takes a scenario apart, field by field: a field that is added does not compile before it is said who depends
//! on it. Both halves can be changed in place.

use crate::event::{Programme, UnitType};
use crate::level::Level;
use crate::scenario::{
    AttendanceFlow, Enrolment, Levers, Scenario, SchoolRules, Thresholds, Vital,
};
use crate::units::Path;

/// What people and pupils by residence depend on besides the city.
#[derive(Debug, PartialEq)]
pub(super) struct OfPeople<'a> {
    pub vital: &'a mut Vital,
    pub enrolment: &'a mut Enrolment,
    pub attendance: &'a mut [AttendanceFlow],
    pub standard: &'a mut [Path],
}

/// What schools depend on besides.
#[derive(Debug)]
pub(super) struct OfSchools<'a> {
    pub open_at: &'a mut [Path],
    pub relief_limit: &'a mut [Path],
    pub ceiling: &'a mut [Path],
    pub oversized: &'a mut [Path],
    pub super_oversized: &'a mut [Path],
    pub levels: &'a mut [Level],
    pub levers: &'a mut Levers,
    pub rules: &'a mut SchoolRules,
    pub unit_types: &'a mut [UnitType],
    pub programmes: &'a mut [Programme],
    pub pupils_per_teacher: &'a mut [Option<Path>],
}

/// Splits a scenario. The city is in neither half: a sweep changes none of its tables.
pub(super) fn split(scenario: &mut Scenario) -> (OfPeople<'_>, OfSchools<'_>) {
    let Scenario {
        vital,
        enrolment,
        attendance,
        thresholds,
        levels,
        levers,
        rules,
        unit_types,
        programmes,
        pupils_per_teacher,
        key: _,
        title: _,
        question: _,
        city: _,
        // What a plan promises changes no run.
        targets: _,
        plan_period: _,
    } = scenario;
    let Thresholds { standard, open_at, relief_limit, ceiling, oversized, super_oversized } =
        thresholds;
    let people = OfPeople { vital, enrolment, attendance, standard };
    let schools = OfSchools {
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
    };
    (people, schools)
}
