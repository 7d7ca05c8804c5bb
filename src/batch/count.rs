//! What a year of a stage comes to in every lane: stocks of the whole city, as [`indicators`](crate::indicators) counts them from
//! the history of a single run.

use crate::axes::{N_GRADES, N_STAGES};
use crate::event::Event;
use crate::numeric::{apportion, sum};
use crate::programmes;
use crate::scenario::Scenario;
use crate::schools::classes::{classes_from, pupils_from};
use crate::schools::{Layout, Recorder, Schools, StageLayout, State};

use super::{LANES, Lane, People, Plan, splat};

/// Stocks of one stage and year in every lane; units as in [`indicators`](crate::indicators).
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the names are those of the indicators")]
pub struct Count {
    pub population: Lane,
    pub births: Lane,
    pub residents: Lane,
    pub upper_secondary: Lane,
    pub pupils: Lane,
    pub entrants: Lane,
    pub classes: Lane,
    pub classes_without_room: Lane,
    pub rooms: Lane,
    pub seats: Lane,
    pub seat_gap: Lane,
    pub crowding_gap: Lane,
    pub empty_seats: Lane,
    pub oversized: Lane,
    pub super_oversized: Lane,
    pub pupils_in_oversized: Lane,
    pub overflow: Lane,
    pub unplaced: Lane,
    pub unplaced_entrants: Lane,
    pub investment_yuan: Lane,
}

impl Default for Count {
    fn default() -> Self {
        let none = splat(0.0);
        Count {
            population: none,
            births: none,
            residents: none,
            upper_secondary: none,
            pupils: none,
            entrants: none,
            classes: none,
            classes_without_room: none,
            rooms: none,
            seats: none,
            seat_gap: none,
            crowding_gap: none,
            empty_seats: none,
            oversized: none,
            super_oversized: none,
            pupils_in_oversized: none,
            overflow: none,
            unplaced: none,
            unplaced_entrants: none,
            investment_yuan: none,
        }
    }
}

/// What a block of draws comes to.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Stocks of the whole city: `[stage · years + year]`.
    pub counts: Vec<Count>,
}

/// Memory that a block works in, kept from block to block and from scenario to scenario.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    schools: Schools<f32, LANES>,
}

impl Workspace {
    /// Runs the schools of a block on its people.
    #[inline(always)]
    pub(super) fn run(
        &mut self,
        plan: &Plan,
        scenarios: &[&Scenario],
        people: &People,
        run: &mut Run,
    ) {
        let n_years = plan.city().n_years();
        run.counts.clear();
        run.counts.resize(N_STAGES * n_years, Count::default());
        for (scenario, events) in scenarios.iter().zip(&mut self.schools.events) {
            programmes::dated(scenario, events);
        }
        let mut counter = Counter { people, scenarios, n_years, counts: &mut run.counts };
        self.schools.run(&plan.layout, scenarios, &people.demand, &mut counter);
        for l in 0..scenarios.len().min(LANES) {
            let ignored = &self.schools.ignored[l];
            for (idx, event) in self.schools.events[l].iter().enumerate() {
                if event.investment_yuan != 0.0 && !ignored.contains(&idx) {
                    run.book(plan.city().base_year, n_years, event, l);
                }
            }
        }
    }
}

impl Run {
    /// Books the investment of an event of a draw in its years of construction.
    fn book(&mut self, base_year: i32, n_years: usize, event: &Event, l: usize) {
        let part = event.booked_yuan();
        for year in event.booked_years() {
            let year_idx = usize::try_from(year - base_year).ok();
            if let Some(year_idx) = year_idx.filter(|&idx| idx < n_years) {
                self.counts[event.stage.idx() * n_years + year_idx].investment_yuan[l] += part;
            }
        }
    }
}

/// Keeps the stocks of the city.
struct Counter<'a> {
    people: &'a People,
    scenarios: &'a [&'a Scenario],
    n_years: usize,
    counts: &'a mut [Count],
}

impl Recorder<f32, LANES> for Counter<'_> {
    #[inline(always)]
    fn year(&mut self, layout: &Layout, schools: &Schools<f32, LANES>, year_idx: usize) {
        for (state, places) in schools.stages.iter().zip(&layout.stages) {
            let at = state.stage.idx() * self.n_years + year_idx;
            let count = &mut self.counts[at];
            let whole = &self.people.whole[at];
            count.population = whole.population;
            count.residents = whole.residents;
            count.upper_secondary = whole.upper_secondary;
            count.births = whole.births;
            count_schools(state, count);
            if state.any_overflow {
                for area in &state.area_overflow {
                    for l in 0..LANES {
                        count.overflow[l] += area[l];
                    }
                }
            }
            let residents = self.people.demand.of_year(year_idx);
            count_unplaced(state, places, residents, count);
            for (l, scenario) in self.scenarios.iter().enumerate().take(LANES) {
                if scenario.rules.class_spread <= 0.0 {
                    count_whole(state, places, l, count);
                }
            }
        }
    }
}

/// Stocks of a stage, from what ageing and intake have tallied.
#[inline(always)]
fn count_schools(state: &State<f32, LANES>, count: &mut Count) {
    let room_standard = state.room_standard;
    for (pupils, rooms) in state.area_pupils.iter().zip(&state.area_rooms) {
        for l in 0..LANES {
            let gap = pupils[l] - rooms[l] * room_standard[l];
            count.seat_gap[l] += if gap > 0.0 { gap } else { 0.0 };
            count.pupils[l] += pupils[l];
            count.rooms[l] += rooms[l];
            count.seats[l] += rooms[l] * room_standard[l];
        }
    }
    let sums = &state.sums;
    count.entrants = sums.entrants;
    count.classes = sums.classes;
    count.classes_without_room = sums.classes_without_room;
    count.empty_seats = sums.empty_seats;
    count.crowding_gap = sums.crowding_gap;
    count.oversized = sums.oversized;
    count.super_oversized = sums.super_oversized;
    count.pupils_in_oversized = sums.pupils_in_oversized;
}

/// Pupils by residence without a place.
fn count_unplaced(
    state: &State<f32, LANES>,
    places: &StageLayout,
    residents: &[Lane],
    count: &mut Count,
) {
    let pairs = &state.flows.pairs;
    for (g, grade) in state.stage.grades().enumerate() {
        let shares = &state.flows.shares[state.ring(g)];
        for &at in pairs.of_column(places.catchment.left()) {
            let (share, area) = (&shares[at as usize], pairs.at(at as usize).area());
            let pupils = &residents[area * N_GRADES + grade];
            for l in 0..LANES {
                count.unplaced[l] += share[l] * pupils[l];
                count.unplaced_entrants[l] += if g == 0 { share[l] * pupils[l] } else { 0.0 };
            }
        }
    }
}

/// Classes above thresholds in a lane whose classes have no spread: pupils are whole children, by largest remainder in each pool
/// and grade.
fn count_whole(state: &State<f32, LANES>, places: &StageLayout, l: usize, count: &mut Count) {
    let (mut oversized, mut super_oversized, mut inside) = (0.0, 0.0, 0.0);
    for g in 0..state.stage.n_grades() {
        let (first, limits) = (state.cell(g, 0), &state.thresholds);
        let (large, huge) = (limits.oversized[g][l], limits.super_oversized[g][l]);
        for pool in 0..places.catchment.n_pools {
            let cells = || places.of_pool(pool).map(|slot| first + slot);
            let pupils: Vec<f64> = cells().map(|cell| f64::from(state.pupils[cell][l])).collect();
            let total = sum(pupils.iter().copied()).round() as u64;
            for (cell, n) in cells().zip(apportion(total, &pupils)) {
                let (n, classes) = (n as f64, state.classes[cell][l] as i32);
                oversized += classes_from(n, classes, 0.0, large, true);
                super_oversized += classes_from(n, classes, 0.0, huge, true);
                inside += pupils_from(n, classes, 0.0, large, true);
            }
        }
    }
    count.oversized[l] = oversized;
    count.super_oversized[l] = super_oversized;
    count.pupils_in_oversized[l] = inside;
}
