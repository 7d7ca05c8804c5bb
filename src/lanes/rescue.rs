//! What happens seldom, lane by lane: dated events, and entrants for whom the first pass has no place.

use crate::axes::N_GRADES;
use crate::demand::attendance::Matrix;
use crate::event::EventKind;
use crate::numeric::{PUPIL_EPSILON, exp};
use crate::scenario::Scenario;
use crate::schools::place::Passes;
use crate::units::Year;

use super::events::Dated;
use super::intake::entry_rooms;
use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Rescue, Run, State, Workspace};
use super::{LANES, Lane};

/// What an event of one lane needs to know.
struct At<'a> {
    layout: &'a Layout,
    places: &'a StageLayout,
    scenario: &'a Scenario,
    residents: &'a [Lane],
    year_idx: usize,
    l: usize,
}

impl Workspace {
    /// Applies the events of a year in every lane.
    pub(super) fn apply_events(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
        year_idx: usize,
    ) {
        let n_areas = layout.city.areas.len();
        let residents = &people.residents[year_idx * n_areas * N_GRADES..][..n_areas * N_GRADES];
        let year = layout.city.base_year + year_idx as Year;
        for l in 0..LANES.min(scenarios.len()) {
            let list = &self.lists[l][places.stage.idx()];
            while let Some(&idx) = list.get(self.next_event[l]) {
                let event = &self.events[l][idx];
                if event.year > year {
                    break;
                }
                self.next_event[l] += 1;
                let at = At { layout, places, scenario: scenarios[l], residents, year_idx, l };
                let before = self.state.now_at(event.slot, l);
                self.state.change_rooms(&at, before, -1.0);
                self.state.apply(&at, event);
                let now_at = self.state.now_at(event.slot, l);
                self.state.change_rooms(&at, now_at, 1.0);
                for slot in [event.slot, before, now_at] {
                    self.state.is_untouched[slot] = false;
                }
                self.state.places_changed = true;
            }
        }
    }

    /// Runs all passes of the reference for the lanes in which somebody is left.
    pub(super) fn rescue_lanes(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
        year_idx: usize,
        run: &mut Run,
    ) {
        for l in 0..LANES.min(scenarios.len()) {
            if self.state.left.iter().any(|left| left[l] > PUPIL_EPSILON) {
                let overflow = self.rescue(layout, places, scenarios[l], people, (year_idx, l));
                let at = places.stage.idx() * layout.city.n_years() + year_idx;
                run.counts[at].overflow[l] += overflow;
            }
        }
    }

    /// All passes for one lane; returns the pupils placed above the limit.
    fn rescue(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenario: &Scenario,
        people: &People,
        (year_idx, l): (usize, usize),
    ) -> f64 {
        let (state, rescue) = (&mut self.state, &mut self.rescue);
        let stage = places.stage;
        let (grade, n_grades) = (stage.first_grade(), stage.n_grades());
        let n_areas = layout.city.areas.len();
        let year = f64::from(layout.city.base_year + year_idx as Year);
        let ring = State::ring(0, year_idx, n_grades);
        rescue.take_rooms(state, places, l, year);
        let Some((_, attending)) = rescue.attending.get_mut(rescue.now) else { return 0.0 };
        let scratch = &mut rescue.scratch;
        for pool in 0..places.n_pools {
            scratch.left[pool] = state.entrants[pool][l];
        }
        state.give_attendance((ring, l), &mut attending.by_grade[grade]);
        let now = &people.residents[year_idx * n_areas * N_GRADES..];
        for area in 0..n_areas {
            rescue.residents[area * N_GRADES + grade] = now[area * N_GRADES + grade][l];
        }
        let cap = state.thresholds.is_capped[l].then_some(state.thresholds.limit[l]);
        let ceiling = state.thresholds.ceiling[0][l];
        let residents = rescue.residents.as_slice();
        Passes { scenario, rows: &places.rows, attending, scratch, stage, grade, residents }.run(
            cap,
            ceiling,
            Some(&rescue.free_rooms),
        );
        for j in 0..places.slots.len() {
            state.placed[j][l] = scratch.placed[j];
            state.admitted[j][l] = scratch.limit[j] as f32;
        }
        state.entrants.iter_mut().for_each(|pool| pool[l] = 0.0);
        state.take_attendance((ring, l), &attending.by_grade[grade], |area| {
            residents[area * N_GRADES + grade]
        });
        crate::numeric::sum(scratch.overflow.iter().copied())
    }
}

impl Rescue {
    /// Weights and rooms of the schools in one lane.
    fn take_rooms(&mut self, state: &State, places: &StageLayout, l: usize, year: f64) {
        let n_grades = places.stage.n_grades() as f64;
        self.scratch.reset(&places.rows);
        self.free_rooms.clear();
        for j in 0..places.slots.len() {
            let (rooms, occupied) = (f64::from(state.rooms[j][l]), f64::from(state.occupied[j][l]));
            let row = state.row[j][l];
            let (first, wider, _) = entry_rooms(rooms, occupied, row, year, n_grades);
            self.scratch.weight[j] = state.weight[j][l];
            self.scratch.rooms[j] = first;
            self.free_rooms.push(wider);
        }
    }
}

impl State {
    /// Adds the rooms of a school to those of its area and pool, or takes them away.
    fn change_rooms(&mut self, at: &At, j: usize, times: f64) {
        let area = at.places.slots[j].area;
        let pool = at.layout.city.pool_of_area[at.places.stage.idx()][area];
        let rooms = times * f64::from(self.rooms[j][at.l]);
        self.area_rooms[area][at.l] += rooms;
        self.pool_rooms[pool][at.l] += rooms;
    }

    /// Shares of one lane as the passes of the reference want them.
    fn give_attendance(&self, (ring, l): (usize, usize), matrix: &mut Matrix) {
        matrix.clear();
        for area in 0..matrix.n_areas() {
            for &at in self.pairs.of_area(area) {
                let share = self.shares[ring][at as usize][l];
                if share != 0.0 {
                    matrix.set(area, self.pairs.at(at as usize).column(), share);
                }
            }
        }
    }

    /// Takes the shares of entrants back, and their pupils by pool.
    fn take_attendance(
        &mut self,
        (ring, l): (usize, usize),
        matrix: &Matrix,
        residents: impl Fn(usize) -> f64,
    ) {
        for area in 0..matrix.n_areas() {
            for (column, share) in matrix.row(area) {
                let at = self.use_pair(area, column);
                self.shares[ring][at][l] = share;
                if share == 0.0 {
                    continue;
                }
                if column < matrix.left() {
                    self.entrants[column][l] += share * residents(area);
                } else {
                    self.any_left = true;
                }
            }
        }
    }

    /// Applies one event in one lane.
    fn apply(&mut self, at: &At, event: &Dated) {
        let (l, n_grades) = (at.l, at.places.stage.n_grades());
        let choice = at.scenario.rules.choice[at.places.stage.idx()];
        let j = self.now_at(event.slot, l);
        match event.kind {
            EventKind::Open { rooms, quality, .. } => {
                self.rooms[j][l] = rooms as f32;
                self.quality[j][l] = quality;
                self.row[j][l] = event.row as f64;
            }
            EventKind::Extend(rooms) => {
                let all = self.rooms[j][l] + self.reserved[j][l] + rooms as f32;
                self.rooms[j][l] = (all - self.reserved[j][l]).max(0.0);
            }
            EventKind::Reserve(rooms) => {
                let taken = (rooms as f32).clamp(0.0, self.rooms[j][l]);
                self.rooms[j][l] -= taken;
                self.reserved[j][l] += taken;
            }
            EventKind::Upgrade { quality, .. } => self.quality[j][l] += quality,
            EventKind::Relocate { rooms_added, .. } => {
                if let Some(target) = event.target {
                    self.relocate(at, j, target, rooms_added as f32);
                    self.attraction[target][l] = exp(choice * self.quality[target][l]);
                    self.weigh(target, n_grades);
                    self.moved[l].push((j, target));
                }
            }
            EventKind::Close | EventKind::Merge(_) | EventKind::Convert { .. } => {}
        }
        self.attraction[j][l] = exp(choice * self.quality[j][l]);
        self.weigh(j, n_grades);
    }

    /// A school moves with its pupils and its part of the base flow to another slot. Its entrants come only after the move.
    fn relocate(&mut self, at: &At, from: usize, to: usize, rooms_added: f32) {
        let (l, places) = (at.l, at.places);
        let pool_of =
            |slot: usize| at.layout.city.pool_of_area[places.stage.idx()][places.slots[slot].area];
        let (from_pool, to_pool) = (pool_of(from), pool_of(to));
        let (n_grades, n_slots) = (places.stage.n_grades(), places.slots.len());
        self.has_moved = true;
        for g in 1..n_grades {
            let ring = Self::ring(g, at.year_idx, n_grades);
            let (cell, target) = (ring * n_slots + from, ring * n_slots + to);
            if from_pool != to_pool && self.pupils[cell][l] > 0.0 {
                self.shift(at, g, (from_pool, to_pool), f64::from(self.pupils[cell][l]));
            }
            for cells in [&mut self.pupils, &mut self.limits, &mut self.classes] {
                cells[target][l] = cells[cell][l];
                cells[cell][l] = 0.0;
            }
        }
        self.upper[to][l] = self.upper[from][l];
        self.upper[from][l] = 0.0;
        if from_pool != to_pool {
            let rooms_a_grade = f64::from(self.rooms[from][l]) / n_grades as f64;
            self.relocate_base(at, from_pool, to_pool, rooms_a_grade);
        }
        let all = (self.rooms[from][l] + self.reserved[from][l] + rooms_added).max(0.0);
        self.reserved[to][l] = self.reserved[from][l].min(all);
        self.rooms[to][l] = all - self.reserved[to][l];
        self.occupied[to][l] = self.occupied[from][l];
        self.row[to][l] = self.row[from][l];
        self.quality[to][l] = self.quality[from][l];
        self.rooms[from][l] = 0.0;
        self.reserved[from][l] = 0.0;
        self.occupied[from][l] = 0.0;
    }

    /// Attendance of some pupils of a grade moves from one pool to another.
    fn shift(&mut self, at: &At, g: usize, (from, to): (usize, usize), pupils: f64) {
        let l = at.l;
        let ring = Self::ring(g, at.year_idx, at.places.stage.n_grades());
        let grade = at.places.stage.first_grade() + g;
        let mut in_pool = 0.0;
        for &pair in self.pairs.of_column(from) {
            let (share, area) =
                (self.shares[ring][pair as usize][l], self.pairs.at(pair as usize).area());
            in_pool += share * at.residents[area * N_GRADES + grade][l];
        }
        if in_pool <= 0.0 {
            return;
        }
        let part = (pupils / in_pool).clamp(0.0, 1.0);
        for k in 0..self.pairs.of_column(from).len() {
            let pair = self.pairs.of_column(from)[k] as usize;
            let share = self.shares[ring][pair][l];
            let moved = if part >= 1.0 - 1e-12 { share } else { share * part };
            if moved > 0.0 {
                let target = self.use_pair(self.pairs.at(pair).area(), to);
                self.shares[ring][pair][l] -= moved;
                self.shares[ring][target][l] += moved;
            }
        }
        let n_pools = at.places.n_pools;
        let moved = part * in_pool;
        self.pool_pupils[ring * n_pools + from][l] -= moved;
        self.pool_pupils[ring * n_pools + to][l] += moved;
    }

    /// The part of the base flow that a school of so many rooms a grade brings along.
    fn relocate_base(&mut self, at: &At, from: usize, to: usize, rooms_a_grade: f64) {
        let (l, stage) = (at.l, at.places.stage);
        let base_year = at.layout.city.base_year;
        let standard = at.scenario.thresholds.standard[stage.first_grade()].at(base_year);
        let there = self.base_places[from][l];
        let moved_places = (rooms_a_grade * standard).min(there);
        if moved_places <= 0.0 {
            return;
        }
        let share = moved_places / there;
        for k in 0..self.pairs.of_column(from).len() {
            let pair = self.pairs.of_column(from)[k] as usize;
            let moved = self.base_shares[pair][l] * share;
            if moved > 0.0 {
                let target = self.use_pair(self.pairs.at(pair).area(), to);
                self.base_shares[pair][l] -= moved;
                self.base_shares[target][l] += moved;
            }
        }
        self.base_places[from][l] -= moved_places;
        self.base_places[to][l] += moved_places;
    }
}

#[cfg(test)]
mod tests {
    use super::super::pairs::{Pair, Pairs};
    use super::super::splat;
    use super::*;

    /// Three areas, three columns; each share tells grade, area and column in its digits, so that one in the wrong place shows.
    #[test]
    fn a_new_pair_leaves_every_share_where_it_is() {
        let given = [(0, 0), (1, 1), (2, 0), (2, 1)];
        let told =
            |list: usize, area: usize, column: usize| (100 * list + 10 * area + column) as f64;
        let pairs = given.map(|(area, column)| Pair::of(area, column));
        let mut state = State { pairs: Pairs::new(3, 3, pairs.to_vec()), ..State::default() };
        let shares = |list: usize| -> Vec<Lane> {
            let of_pair = |at: usize| {
                let pair = state.pairs.at(at);
                splat(told(list, pair.area(), pair.column()))
            };
            (0..state.pairs.len()).map(of_pair).collect()
        };
        let all = [1, 2, 3, 4].map(shares);
        let [first, second, entry, base] = all;
        state.shares = vec![first, second];
        state.entry = entry;
        state.base_shares = base;
        for (area, column) in [(0, 1), (1, 0), (2, 2)] {
            let at = state.use_pair(area, column);
            assert_eq!(state.use_pair(area, column), at);
            assert_eq!(state.shares[1][at], splat(0.0));
            for list in [&state.shares[0], &state.shares[1], &state.entry, &state.base_shares] {
                assert_eq!(list.len(), state.pairs.len());
            }
        }
        for (area, column) in given {
            let at = state.use_pair(area, column);
            let lists = [&state.shares[0], &state.shares[1], &state.entry, &state.base_shares];
            for (list, shares) in lists.into_iter().enumerate() {
                assert_eq!(shares[at], splat(told(list + 1, area, column)));
            }
        }
        let mut residents = vec![splat(0.0); 3 * N_GRADES];
        for area in 0..3 {
            residents[area * N_GRADES] = splat(10.0_f64.powi(area as i32));
        }
        state.entrants = vec![splat(0.0); 2];
        state.pupils_of_pools(0, &residents, 0, 2);
        // Shares of the first list: 100 and 120 in column 0, 111 and 121 in column 1; areas count 1, 10 and 100.
        assert_eq!(state.entrants[0], splat(100.0 + 12_000.0));
        assert_eq!(state.entrants[1], splat(1_110.0 + 12_100.0));
    }
}
