//! What a year of a stage comes to in every lane: stocks of the whole city, as the indicators of a run counts them from
//! the history of a single run.

use crate::axes::{MAX_GRADES, Stage, Stages};
use crate::event::Event;
use crate::programmes;
use crate::scenario::Scenario;
use crate::schools::classes::{classes_from, pupils_from, spread};
use crate::schools::{Added, Layout, Recorder, Schools, StageLayout, State, WholeChildren};
use crate::width::kept;

use super::{LANES, Lane, People, Plan, splat};

/// Stocks of one stage and year in every lane; units as in `Indicators`.
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
    pub rooms_added: Lane,
    pub additions_yuan: Lane,
    pub rooms_added_without_cost: Lane,
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
            rooms_added: none,
            additions_yuan: none,
            rooms_added_without_cost: none,
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
        run.counts.resize(plan.city().stages.len() * n_years, Count::default());
        for (scenario, events) in scenarios.iter().zip(&mut self.schools.events) {
            programmes::dated(scenario, events);
        }
        let mut counter = Counter { people, n_years, counts: &mut run.counts };
        self.schools.run(&plan.layout, scenarios, &people.pupils.demand, (&mut counter, false));
        run.count_enrolled(plan.city().stages, n_years, people);
        for l in 0..scenarios.len().min(LANES) {
            let ignored = &self.schools.ignored[l];
            for (idx, event) in self.schools.events[l].iter().enumerate() {
                if event.investment_yuan != 0.0 && !ignored.contains(&idx) {
                    run.book(plan.city().base_year, n_years, event, l);
                }
            }
            for added in &self.schools.added[l] {
                run.add_rooms(plan.city().base_year, n_years, added, l);
            }
        }
    }
}

impl Run {
    /// Books rooms that the city of a draw added of itself.
    fn add_rooms(&mut self, base_year: i32, n_years: usize, added: &Added, l: usize) {
        let opened = (added.year - base_year) as usize;
        let (at, rooms) = (added.stage.idx() * n_years + opened, f64::from(added.rooms));
        self.counts[at].rooms_added[l] += rooms;
        // None is added in the base year.
        match added.investment_yuan {
            Some(yuan) => self.counts[at - 1].additions_yuan[l] += yuan,
            None => self.counts[at - 1].rooms_added_without_cost[l] += rooms,
        }
    }

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
    n_years: usize,
    counts: &'a mut [Count],
}

impl Recorder<f32, LANES> for Counter<'_> {
    #[inline(always)]
    fn stage(&mut self, state: &State<f32, LANES>, places: &StageLayout) {
        let at = state.stage.idx() * self.n_years + state.year_idx;
        let count = &mut self.counts[at];
        let whole = &self.people.pupils.whole[at];
        count.population = whole.population;
        count.residents = whole.residents;
        count.upper_secondary = whole.upper_secondary;
        count.births = whole.births;
        for (n, pupils) in state.memory.residents.iter().enumerate() {
            for l in (0..LANES).filter(|&l| state.memory.is_planned[l]) {
                let before = if n == 0 { 0.0 } else { count.residents[l] };
                count.residents[l] = before + pupils[l];
            }
        }
        let residents = self.people.pupils.demand.of_year(state.year_idx);
        let unplaced = count_unplaced(state, places, residents, count);
        count_schools(state, &unplaced, count);
        if state.any_overflow {
            for area in &state.area_overflow {
                for l in 0..LANES {
                    count.overflow[l] += area[l];
                }
            }
        }
        let mut is_whole = [false; LANES];
        for l in 0..LANES {
            is_whole[l] = state.sigma[l] <= 0.0;
        }
        let children = match is_whole.contains(&true) {
            true => count_whole(state, places, &is_whole, count),
            false => Vec::new(),
        };
        count_mixed(state, (&is_whole, &children), count);
    }

    fn year(&mut self, _: &Layout, _: &Schools<f32, LANES>, _: usize) {}
}

impl Run {
    /// Who finds no place is not enrolled; who is admitted by plan changes between two stages.
    fn count_enrolled(&mut self, stages: &'static Stages, n_years: usize, people: &People) {
        let Some(pair) = stages.pair() else { return };
        for year_idx in 0..n_years {
            let without = |stage: Stage| self.counts[stage.idx() * n_years + year_idx].unplaced;
            let [first, second] = pair.map(without);
            let moved = pair.map(|stage| {
                let at = stage.idx() * n_years + year_idx;
                let (now, demand) = (self.counts[at].residents, people.pupils.whole[at].residents);
                let mut moved = splat(0.0);
                for l in 0..LANES {
                    moved[l] = now[l] - demand[l];
                }
                moved
            });
            let count = &mut self.counts[pair[0].idx() * n_years + year_idx];
            for l in 0..LANES {
                count.upper_secondary[l] += moved[0][l] + moved[1][l] - first[l] - second[l];
            }
        }
    }
}

/// Stocks of a stage, from what ageing and intake have tallied; `unplaced` by area of residence, empty where there is nobody.
#[inline(always)]
fn count_schools(state: &State<f32, LANES>, unplaced: &[Lane], count: &mut Count) {
    let (room_standard, nobody) = (state.room_standard, splat(0.0));
    for (area, (pupils, rooms)) in state.area_pupils.iter().zip(&state.area_rooms).enumerate() {
        let without = unplaced.get(area).unwrap_or(&nobody);
        for l in 0..LANES {
            let gap = pupils[l] + without[l] - rooms[l] * room_standard[l];
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

/// Pupils by residence without a place; by area, or nothing where everybody has one.
fn count_unplaced(
    state: &State<f32, LANES>,
    places: &StageLayout,
    residents: &[Lane],
    count: &mut Count,
) -> Vec<Lane> {
    let pairs = &state.flows.pairs;
    if pairs.of_column(places.catchment.left()).is_empty() {
        return Vec::new();
    }
    let n_grades = state.stage.stages().n_grades();
    let mut unplaced = vec![splat(0.0); places.catchment.pool_of_area.len()];
    for (g, grade) in state.stage.grades().enumerate() {
        let shares = &state.flows.shares[state.ring(g)];
        for &at in pairs.of_column(places.catchment.left()) {
            let (share, area) = (&shares[at as usize], pairs.at(at as usize).area());
            let admitted = state.memory.residents.get(area * state.stage.n_grades() + g);
            let pupils = admitted.unwrap_or_else(|| &residents[area * n_grades + grade]);
            for l in 0..LANES {
                unplaced[area][l] += share[l] * pupils[l];
                count.unplaced[l] += share[l] * pupils[l];
                count.unplaced_entrants[l] += if g == 0 { share[l] * pupils[l] } else { 0.0 };
            }
        }
    }
    unplaced
}

/// Whole numbers of every draw of a block.
type Whole = crate::schools::Whole<LANES>;

/// Classes above thresholds in the lanes whose classes have no spread: pupils are whole children. Returns the children of the schools
/// with few rooms, by grade.
#[inline(always)]
fn count_whole(
    state: &State<f32, LANES>,
    places: &StageLayout,
    is_whole: &[bool; LANES],
    count: &mut Count,
) -> Vec<[Whole; MAX_GRADES]> {
    let mut of_few = vec![[[0.0; LANES]; MAX_GRADES]; state.few_rooms.len()];
    let (mut oversized, mut super_oversized, mut inside) = (splat(0.0), splat(0.0), splat(0.0));
    let mut children = WholeChildren::default();
    for g in 0..state.stage.n_grades() {
        let first = state.cell(g, 0);
        let large: Whole = kept(&state.thresholds.oversized[g]);
        let huge: Whole = kept(&state.thresholds.super_oversized[g]);
        for pool in 0..places.catchment.n_pools {
            let slots = places.of_pool(pool);
            let cells = first + slots.start..first + slots.end;
            let children = children.of(&state.pupils[cells.clone()]);
            let mut found = WholeClasses::default();
            for (children, classes) in children.iter().zip(&state.classes[cells]) {
                found.add(children, classes, (&large, &huge));
            }
            for l in 0..LANES {
                oversized[l] += f64::from(found.oversized[l]);
                super_oversized[l] += f64::from(found.super_oversized[l]);
                inside[l] += f64::from(found.inside[l]);
            }
            for (of_few, slot) in of_few.iter_mut().zip(&state.few_rooms) {
                if slots.contains(slot) {
                    of_few[g] = children[slot - slots.start];
                }
            }
        }
    }
    for l in 0..LANES {
        if is_whole[l] {
            count.oversized[l] = oversized[l];
            count.super_oversized[l] = super_oversized[l];
            count.pupils_in_oversized[l] = inside[l];
        }
    }
    of_few
}

/// Classes of whole children above thresholds: `n mod c` classes of one more than the others.
#[derive(Default)]
struct WholeClasses {
    oversized: Whole,
    super_oversized: Whole,
    inside: Whole,
}

impl WholeClasses {
    /// Adds the classes of a grade of a school.
    #[inline(always)]
    fn add(&mut self, children: &Whole, classes: &Whole, (large, huge): (&Whole, &Whole)) {
        for l in 0..LANES {
            let (n, c) = (children[l], classes[l]);
            // Of whole numbers below a million the quotient is no whole number unless it is one.
            let small = if c > 0.0 { (n / c).floor() } else { 0.0 };
            let n_large = if c > 0.0 { n - small * c } else { 0.0 };
            let others = c - n_large;
            let with = |threshold: f32| {
                let of_large = if small + 1.0 >= threshold { n_large } else { 0.0 };
                (of_large, if small >= threshold { others } else { 0.0 })
            };
            let (a, b) = with(large[l]);
            self.oversized[l] += a + b;
            self.inside[l] += a * (small + 1.0) + b * small;
            let (a, b) = with(huge[l]);
            self.super_oversized[l] += a + b;
        }
    }
}

/// Large classes and what else depends on how pupils are divided into classes.
#[derive(Default)]
struct Large {
    oversized: f64,
    super_oversized: f64,
    inside: f64,
    crowding_gap: f64,
    classes: f64,
}

impl Large {
    /// Adds the classes of a grade: its pupils as they are counted into classes, and as expected.
    fn add(
        &mut self,
        state: &State<f32, LANES>,
        (g, l): (usize, usize),
        (children, pupils): (f64, f64),
        (classes, spread): (i32, f64),
        whole: bool,
    ) {
        let limits = &state.thresholds;
        let (large, huge) = (limits.oversized[g][l], limits.super_oversized[g][l]);
        self.oversized += classes_from(children, classes, spread, large, whole);
        self.super_oversized += classes_from(children, classes, spread, huge, whole);
        self.inside += pupils_from(children, classes, spread, large, whole);
        let seats = limits.standard[g][l] * f64::from(classes);
        self.crowding_gap += if classes > 0 { (pupils - seats).max(0.0) } else { 0.0 };
        self.classes += f64::from(classes);
    }
}

/// Counts the mixed-age classes of schools with fewer rooms than grades in place of the one class a grade as which they are kept.
fn count_mixed(
    state: &State<f32, LANES>,
    (is_whole, children): (&[bool; LANES], &[[Whole; MAX_GRADES]]),
    count: &mut Count,
) {
    let n_grades = state.stage.n_grades();
    for (few, &slot) in state.few_rooms.iter().enumerate() {
        let rooms = &state.rooms[slot];
        for l in (0..LANES).filter(|&l| state.is_multi_grade(slot, l)) {
            let (mut kept, mut formed) = (Large::default(), Large::default());
            let mixed = state.mixed_classes(slot, l);
            // Whole children of the classes that begin in each grade.
            let (mut in_class, mut head) = ([0.0; MAX_GRADES], 0);
            for g in 0..n_grades {
                let cell = state.cell(g, slot);
                let pupils = f64::from(state.pupils[cell][l]);
                let (classes, limit) = (state.classes[cell][l] as i32, state.limits[cell][l]);
                let n = if is_whole[l] { f64::from(children[few][g][l]) } else { pupils };
                head = if mixed[g] > 0.0 { g } else { head };
                in_class[head] += n;
                // A school that lost rooms still has grades of several classes, which were counted with their spread.
                let mean = pupils / f64::from(classes.max(1));
                let width = match is_whole[l] {
                    true => 0.0,
                    false => {
                        spread(classes.max(1), mean, f64::from(limit), f64::from(state.sigma[l]))
                    }
                };
                kept.add(state, (g, l), (n, pupils), (classes, width), is_whole[l]);
            }
            for g in 0..n_grades {
                let classes = i32::from(mixed[g] > 0.0);
                formed.add(state, (g, l), (in_class[g], mixed[g]), (classes, 0.0), is_whole[l]);
            }
            count.oversized[l] += formed.oversized - kept.oversized;
            count.super_oversized[l] += formed.super_oversized - kept.super_oversized;
            count.pupils_in_oversized[l] += formed.inside - kept.inside;
            count.crowding_gap[l] += formed.crowding_gap - kept.crowding_gap;
            count.classes[l] += formed.classes - kept.classes;
            let without_room = (kept.classes - f64::from(rooms[l])).max(0.0);
            count.classes_without_room[l] -= without_room;
        }
    }
}
