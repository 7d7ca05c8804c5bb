//! Whether two scenarios have the same people and pupils by residence, so that one projection serves both.
//!
//! Scenario and city are taken apart field by field: a field that is added does not compile before it is said whether people depend
//! on it.

use std::sync::Arc;

use crate::axes::N_GRADES;
use crate::city::City;
use crate::scenario::{AttendanceFlow, Enrolment, Scenario, Thresholds, Vital};
use crate::units::Path;

/// Whether people and pupils by residence are the same: of the same city, by the same figures.
pub(super) fn have_same_people(one: &Scenario, other: &Scenario) -> bool {
    OfPeople::of(one) == OfPeople::of(other) && have_same_places(&one.city, &other.city)
}

/// What people and pupils by residence depend on besides the city.
#[derive(PartialEq)]
struct OfPeople<'a> {
    vital: &'a Vital,
    enrolment: &'a Enrolment,
    attendance: &'a [AttendanceFlow],
    standard: &'a [Path; N_GRADES],
}

impl<'a> OfPeople<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        let Scenario {
            vital,
            enrolment,
            attendance,
            thresholds,
            key: _,
            title: _,
            question: _,
            // Compared on its own, for it is large and often one and the same.
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
        let Thresholds {
            standard,
            open_at: _,
            relief_limit: _,
            ceiling: _,
            oversized: _,
            super_oversized: _,
        } = thresholds;
        OfPeople { vital, enrolment, attendance, standard }
    }
}

/// Whether two cities have the same years, areas, admission areas, people and schools.
fn have_same_places(one: &Arc<City>, other: &Arc<City>) -> bool {
    if Arc::ptr_eq(one, other) {
        return true;
    }
    let City {
        base_year,
        horizon,
        areas,
        pools,
        pool_of_area,
        population,
        sites,
        schools,
        key: _,
        name: _,
        // People know a district by its areas; who takes whose overflow concerns schools.
        districts: _,
        neighbours: _,
    } = &**one;
    let stand_alike =
        || sites.iter().map(|site| site.area).eq(other.sites.iter().map(|site| site.area));
    (base_year, horizon) == (&other.base_year, &other.horizon)
        && (areas, pools, pool_of_area) == (&other.areas, &other.pools, &other.pool_of_area)
        && (population, schools) == (&other.population, &other.schools)
        && (Arc::ptr_eq(sites, &other.sites) || stand_alike())
}
