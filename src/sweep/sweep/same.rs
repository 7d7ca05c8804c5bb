//! Whether two scenarios have the same people and pupils by residence, so that one projection serves both.
//!
//! The city is taken apart field by field: a field that is added does not compile before it is said whether people depend on it.

use std::sync::Arc;

use crate::city::City;
use crate::scenario::Scenario;

use super::split::split;

/// Whether people and pupils by residence are the same: of the same city, by the same figures.
pub(super) fn have_same_people(one: &Scenario, other: &Scenario) -> bool {
    // The city is compared on its own, for it is large and often one and the same.
    split(&mut one.clone()).0 == split(&mut other.clone()).0
        && have_same_places(&one.city, &other.city)
}

/// Whether two cities have the same years, areas, admission areas, people and schools.
fn have_same_places(one: &Arc<City>, other: &Arc<City>) -> bool {
    if Arc::ptr_eq(one, other) {
        return true;
    }
    let City {
        stages,
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
    std::ptr::eq(*stages, other.stages)
        && (base_year, horizon) == (&other.base_year, &other.horizon)
        && (areas, pools, pool_of_area) == (&other.areas, &other.pools, &other.pool_of_area)
        && (population, schools) == (&other.population, &other.schools)
        && (Arc::ptr_eq(sites, &other.sites) || stand_alike())
}
