//! What each kind of dated event does to the schools of one lane.

use std::ops::Range;

use crate::axes::Stage;
use crate::event::EventKind;
use crate::numeric::{PUPIL_EPSILON, ceil_count, exp, in_ties, sum};
use crate::width::Real;

use super::kernel::Schools;
use super::layout::{Layout, StageLayout};
use super::rooms::{Conversion, OutOfUse, taken_until_now};
use super::state::State;
use super::year::Year;

impl<R: Real, const W: usize> Schools<R, W> {
    /// Applies this year's events of some stages in their stated order, then standing rules, then rooms that became free.
    pub fn apply_events(&mut self, layout: &Layout, stages: Range<usize>, at: &Year<'_, W>) {
        for l in 0..at.n_lanes() {
            while let Some(event) = self.events[l].get(self.next_event[l]) {
                if f64::from(event.year) > at.year {
                    break;
                }
                if !stages.contains(&event.stage.idx()) {
                    // The stages before and after run their years on their own, and their schools have their numbers.
                    self.next_row[l] += usize::from(matches!(event.kind, EventKind::Open { .. }));
                    self.next_event[l] += 1;
                    continue;
                }
                let (site, stage, kind) = (event.site, event.stage, event.kind.clone());
                if !self.apply(layout, at, l, (site, stage), &kind) {
                    self.ignored[l].push(self.next_event[l]);
                }
                self.next_event[l] += 1;
            }
        }
        self.close_small_schools(layout, stages, at);
        for l in 0..at.n_lanes() {
            self.hand_over_rooms(layout, at, l);
        }
    }

    /// The slot of the open school of a stage at a site in one lane.
    fn open_at(&self, layout: &Layout, l: usize, site: usize, stage: Stage) -> Option<usize> {
        let state = &self.stages[stage.idx()];
        let slot = state.now_at(layout.home(site, stage)?, l);
        state.is_open[slot][l].then_some(slot)
    }

    /// Applies one event; false if its school is not there (any more).
    fn apply(
        &mut self,
        layout: &Layout,
        at: &Year<'_, W>,
        l: usize,
        (site, stage): (usize, Stage),
        kind: &EventKind,
    ) -> bool {
        let places = &layout.stages[stage.idx()];
        if let EventKind::Open { rooms, all_grades, quality } = *kind {
            return self.open(layout, at, l, (site, stage), (rooms, all_grades, quality));
        }
        let Some(slot) = self.open_at(layout, l, site, stage) else { return false };
        let receiver = match kind {
            EventKind::Merge { into, .. } => self.open_at(layout, l, *into, stage),
            _ => None,
        };
        let state = &mut self.stages[stage.idx()];
        let mut change = state.changing(places, at, l);
        match kind {
            EventKind::Close => change.close(slot),
            EventKind::Merge { .. } => match receiver {
                Some(receiver) if receiver != slot => change.merge(slot, receiver),
                _ => change.close(slot),
            },
            EventKind::Relocate { area, rooms_added } => {
                let (Some(home), Some(to)) =
                    (layout.home(site, stage), layout.in_area(site, stage, *area))
                else {
                    return false;
                };
                change.relocate(home, slot, to, f64::from(*rooms_added));
            }
            EventKind::Convert { to, rooms } => {
                let Some(donor) = layout.home(site, stage) else { return false };
                let rooms = change.give_up(slot, *rooms);
                let promised = Conversion::promised(donor, (site, stage, *to), rooms);
                self.conversions[l].push(promised);
            }
            EventKind::Reserve { rooms, until } => {
                let rooms = change.reserve(slot, f64::from(*rooms));
                let taken = until.map(|until| OutOfUse { site, stage, until, rooms });
                self.out_of_use[l].extend(taken);
            }
            EventKind::Restore(_) => {
                match taken_until_now(&mut self.out_of_use[l], at, site, stage) {
                    Some(rooms) => change.restore(slot, rooms),
                    None => return false,
                }
            }
            EventKind::Extend(rooms) => change.extend(slot, f64::from(*rooms)),
            EventKind::Upgrade { quality, .. } => change.upgrade(slot, *quality),
            EventKind::Open { .. } => {}
        }
        true
    }

    /// Opens a school, or adds rooms where the site already teaches the stage.
    fn open(
        &mut self,
        layout: &Layout,
        at: &Year<'_, W>,
        l: usize,
        (site, stage): (usize, Stage),
        (rooms, all_grades, quality): (i32, bool, f64),
    ) -> bool {
        let places = &layout.stages[stage.idx()];
        let there = self.open_at(layout, l, site, stage);
        let state = &mut self.stages[stage.idx()];
        let Some(home) = layout.home(site, stage) else { return false };
        // A site whose school has moved away and closed there opens where it lies.
        if there.is_none() {
            state.moved[l].retain(|(from, _)| *from != home);
        }
        if there.is_none() {
            // What was out of use went with the school that stood here.
            self.out_of_use[l].retain(|out| (out.site, out.stage) != (site, stage));
        }
        let mut change = state.changing(places, at, l);
        match there {
            Some(slot) => change.extend(slot, f64::from(rooms)),
            None => {
                let row = self.next_row[l];
                self.next_row[l] += 1;
                self.opened[l].push((site, stage));
                change.open(home, row as f64, f64::from(rooms), quality);
                if all_grades {
                    change.open_upper_grades(home);
                }
            }
        }
        true
    }

    /// Hands over converted rooms that have become free: the receiving school opens as one row when it can have a room
    /// for every grade, or all of its rooms.
    fn hand_over_rooms(&mut self, layout: &Layout, at: &Year<'_, W>, l: usize) {
        for idx in 0..self.conversions[l].len() {
            let Conversion { donor, from, site, to, rooms, handed_over, has_opened } =
                self.conversions[l][idx];
            let state = &self.stages[from.idx()];
            let slot = state.now_at(donor, l);
            let (kept, classes) = (state.rooms[slot][l].get(), state.occupied[slot][l].get());
            let quality = state.quality[slot][l];
            let still_full = ((classes - kept) as i32).clamp(0, rooms);
            let free = rooms - still_full;
            let new_rooms = free - handed_over;
            if new_rooms <= 0 {
                continue;
            }
            if has_opened {
                if let Some(receiver) = self.open_at(layout, l, site, to) {
                    let places = &layout.stages[to.idx()];
                    let state = &mut self.stages[to.idx()];
                    state.changing(places, at, l).extend(receiver, f64::from(new_rooms));
                }
            } else if free >= to.n_grades() as i32 || free == rooms {
                self.open(layout, at, l, (site, to), (free, false, quality));
                self.conversions[l][idx].has_opened = true;
            } else {
                continue;
            }
            self.conversions[l][idx].handed_over = free;
            if kept <= 0.0 && classes <= 0.0 {
                self.stages[from.idx()].is_open[slot][l] = false;
            }
        }
    }

    /// Rooms promised to another stage, reserved or taken away that are still full in a lane.
    pub fn backlog_rooms(&self, l: usize) -> i32 {
        let converted: i32 = self.conversions[l].iter().map(|c| c.rooms - c.handed_over).sum();
        let taken = |state: &State<R, W>| -> i32 {
            let of_slot = |slot: usize| {
                let over = state.occupied[slot][l].get() - state.rooms[slot][l].get();
                let taken = state.reserved[slot][l].get() + state.lost[slot][l].get();
                over.clamp(0.0, taken.max(0.0)) as i32
            };
            (0..state.n_slots()).filter(|&slot| state.is_open[slot][l]).map(of_slot).sum()
        };
        converted + self.stages.iter().map(taken).sum::<i32>()
    }
}

/// Schools of a stage in one lane, while an event changes them.
pub(super) struct Changing<'a, R, const W: usize> {
    state: &'a mut State<R, W>,
    places: &'a StageLayout,
    at: &'a Year<'a, W>,
    l: usize,
}

impl<R: Real, const W: usize> State<R, W> {
    pub(super) fn changing<'a>(
        &'a mut self,
        places: &'a StageLayout,
        at: &'a Year<'a, W>,
        l: usize,
    ) -> Changing<'a, R, W> {
        self.places_changed = true;
        Changing { state: self, places, at, l }
    }
}

impl<R: Real, const W: usize> Changing<'_, R, W> {
    fn n_grades(&self) -> usize {
        self.state.stage.n_grades()
    }

    fn pool_of(&self, slot: usize) -> usize {
        self.places.catchment.pool_of_area[self.places.slots[slot].area]
    }

    fn rooms(&self, slot: usize) -> f64 {
        self.state.rooms[slot][self.l].get()
    }

    /// Gives a school so many rooms that classes may use; area, pool and weight follow.
    fn set_rooms(&mut self, slot: usize, rooms: f64) {
        let (l, before) = (self.l, self.rooms(slot));
        let (area, pool) = (self.places.slots[slot].area, self.pool_of(slot));
        let state = &mut *self.state;
        state.rooms[slot][l] = R::of(rooms);
        state.area_rooms[area][l] += rooms - before;
        state.pool_rooms[pool][l] += rooms - before;
        state.is_untouched[slot] = false;
        if state.is_multi_grade(slot, l) && !state.few_rooms.contains(&slot) {
            state.few_rooms.push(slot);
        }
        self.weigh(slot);
    }

    /// Attraction and weight in admission, after rooms or quality changed; a closed school has none.
    fn weigh(&mut self, slot: usize) {
        let (l, n_grades) = (self.l, self.n_grades());
        let rules = &self.at.scenario(l).rules;
        let choice = rules.choice_after(self.state.stage, self.at.since_base());
        let state = &mut *self.state;
        state.attraction[slot][l] = exp(choice * state.quality[slot][l]);
        let rooms = if state.is_open[slot][l] { state.rooms[slot][l].get() } else { 0.0 };
        state.weight[slot][l] = rooms / n_grades as f64 * state.attraction[slot][l];
    }

    /// Adds rooms, or takes them away: classes in those that are gone stay until their pupils leave.
    pub(super) fn extend(&mut self, slot: usize, rooms: f64) {
        let reserved = self.state.reserved[slot][self.l].get();
        let all = self.rooms(slot) + reserved + rooms;
        let lost = &mut self.state.lost[slot][self.l];
        *lost = R::of((lost.get() - rooms).max(0.0));
        self.set_rooms(slot, (all - reserved).max(0.0));
    }

    /// Takes rooms out of use; how many there were to take.
    fn reserve(&mut self, slot: usize, rooms: f64) -> f64 {
        let has = self.rooms(slot);
        let taken = rooms.clamp(0.0, has);
        self.state.reserved[slot][self.l] += R::of(taken);
        self.set_rooms(slot, has - taken);
        taken
    }

    /// Gives rooms that were taken out of use back to classes.
    fn restore(&mut self, slot: usize, rooms: f64) {
        let reserved = self.state.reserved[slot][self.l].get();
        let back = rooms.min(reserved);
        self.state.reserved[slot][self.l] = R::of(reserved - back);
        let has = self.rooms(slot);
        self.set_rooms(slot, has + back);
    }

    /// Takes rooms for another stage, all or so many; how many there were to take.
    fn give_up(&mut self, slot: usize, rooms: Option<i32>) -> i32 {
        let has = self.rooms(slot);
        let rooms = rooms.map_or(has, f64::from).clamp(0.0, has);
        self.set_rooms(slot, has - rooms);
        rooms as i32
    }

    fn upgrade(&mut self, slot: usize, quality: f64) {
        self.state.quality[slot][self.l] += quality;
        self.state.is_untouched[slot] = false;
        self.weigh(slot);
    }

    /// A new school, in a slot that is empty.
    fn open(&mut self, slot: usize, row: f64, rooms: f64, quality: f64) {
        let l = self.l;
        for g in 1..self.n_grades() {
            let cell = self.state.cell(g, slot);
            self.state.limits[cell][l] = R::ZERO;
        }
        self.state.is_open[slot][l] = true;
        self.state.row[slot][l] = row;
        self.state.quality[slot][l] = quality;
        self.state.reserved[slot][l] = R::ZERO;
        self.state.lost[slot][l] = R::ZERO;
        self.set_rooms(slot, rooms);
    }

    /// Takes classes and pupils above the entry grade away; this year's entrants have not come.
    fn empty(&mut self, slot: usize) {
        let l = self.l;
        for g in 1..self.n_grades() {
            let cell = self.state.cell(g, slot);
            for cells in [&mut self.state.pupils, &mut self.state.classes, &mut self.state.limits] {
                cells[cell][l] = R::ZERO;
            }
        }
        self.state.upper[slot][l] = R::ZERO;
        self.state.memory.last_pupils[slot][l] = R::ZERO;
        self.state.occupied[slot][l] = R::ZERO;
        self.state.is_stale = true;
    }

    fn shut(&mut self, slot: usize) {
        self.empty(slot);
        self.state.received[slot][self.l] = false;
        self.state.is_open[slot][self.l] = false;
        self.state.reserved[slot][self.l] = R::ZERO;
        self.state.lost[slot][self.l] = R::ZERO;
        self.set_rooms(slot, 0.0);
    }

    /// Ends a school; its pupils are placed with those who move.
    pub(super) fn close(&mut self, slot: usize) {
        let (l, pool) = (self.l, self.pool_of(slot));
        let n_pools = self.places.catchment.n_pools;
        for g in 1..self.n_grades() {
            let pupils = self.state.pupils[self.state.cell(g, slot)][l].get();
            self.state.displaced[g * n_pools + pool][l] += pupils;
        }
        self.state.any_displaced = true;
        self.shut(slot);
    }

    /// Ends a school; its pupils go to another of the same stage, with their attendance. That school re-forms its classes when all
    /// have arrived.
    fn merge(&mut self, slot: usize, receiver: usize) {
        let l = self.l;
        self.shift_pupils(slot, self.pool_of(slot), self.pool_of(receiver));
        for g in 1..self.n_grades() {
            let (cell, into) = (self.state.cell(g, slot), self.state.cell(g, receiver));
            let state = &mut *self.state;
            let pupils = state.pupils[cell][l];
            state.pupils[into][l] += pupils;
            state.upper[receiver][l] += pupils;
        }
        self.state.any_displaced = true;
        let before = self.state.memory.last_pupils[slot][l];
        self.state.memory.last_pupils[receiver][l] += before;
        self.shut(slot);
        self.state.received[receiver][l] = true;
    }

    /// A school moves with its pupils and its part of the base flow to another slot.
    fn relocate(&mut self, home: usize, from: usize, to: usize, rooms_added: f64) {
        let (l, n_grades) = (self.l, self.n_grades());
        let (from_pool, to_pool) = (self.pool_of(from), self.pool_of(to));
        self.shift_pupils(from, from_pool, to_pool);
        let rooms = self.rooms(from);
        let base_year = self.at.city.base_year;
        let standard = &self.at.scenario(l).thresholds.standard[self.state.stage.first_grade()];
        let places = rooms / n_grades as f64 * standard.at(base_year);
        self.state.flows.relocate(l, from_pool, to_pool, places);
        let reserved = self.state.reserved[from][l].get();
        let all = (rooms + reserved + rooms_added).max(0.0);
        let reserved = reserved.min(all);
        if to != from {
            self.take_over(from, to);
            self.state.moved[l].retain(|(start, _)| *start != home);
            if to != home {
                self.state.moved[l].push((home, to));
            }
        }
        self.state.reserved[to][l] = R::of(reserved);
        self.set_rooms(to, all - reserved);
    }

    /// The school of a slot stands in another one from now on.
    fn take_over(&mut self, from: usize, to: usize) {
        let l = self.l;
        for g in 1..self.n_grades() {
            let (cell, target) = (self.state.cell(g, from), self.state.cell(g, to));
            let state = &mut *self.state;
            for cells in [&mut state.pupils, &mut state.limits, &mut state.classes] {
                cells[target][l] = cells[cell][l];
            }
        }
        let state = &mut *self.state;
        let last_pupils = &mut state.memory.last_pupils;
        for slots in [&mut state.upper, &mut state.occupied, &mut state.lost, last_pupils] {
            slots[to][l] = slots[from][l];
        }
        for slots in [&mut state.row, &mut state.quality] {
            slots[to][l] = slots[from][l];
        }
        let n_slots = state.n_slots();
        for of_rule in state.memory.small_years.chunks_mut(n_slots) {
            of_rule[to][l] = of_rule[from][l];
        }
        state.is_open[to][l] = true;
        let receives = self.state.received[from][l];
        self.shut(from);
        self.state.received[to][l] |= receives;
    }

    /// Attendance of the pupils of a school moves from one pool to another.
    fn shift_pupils(&mut self, slot: usize, from: usize, to: usize) {
        if from == to {
            return;
        }
        let (l, first) = (self.l, self.state.stage.first_grade());
        for g in 1..self.n_grades() {
            let pupils = self.state.pupils[self.state.cell(g, slot)][l].get();
            if pupils <= 0.0 {
                continue;
            }
            let ring = self.state.ring(g);
            let in_pool = self.state.flows.pupils_of((ring, l), self.at.residents, first + g, from);
            if in_pool > 0.0 {
                self.state.flows.shift((ring, l), from, to, pupils / in_pool);
                self.state.recount_pools(self.at, (g, l));
            }
        }
    }

    /// Fills the upper grades of a new school from the crowded ones of its pool.
    fn open_upper_grades(&mut self, slot: usize) {
        for g in 1..self.n_grades() {
            self.open_upper_grade(slot, g);
        }
        self.state.is_stale = true;
    }

    /// Pupils above the standard, largest excess first, until the grade is at standard. A grade that would open with too small a
    /// class stays closed.
    fn open_upper_grade(&mut self, slot: usize, g: usize) {
        let (l, n_grades) = (self.l, self.n_grades());
        let standard = self.state.thresholds.standard[g][l];
        let most_classes = (self.rooms(slot) as i32 / n_grades as i32).max(1);
        let capacity = standard * f64::from(most_classes);
        let excess = |state: &State<R, W>, other: usize| {
            let cell = state.cell(g, other);
            state.pupils[cell][l].get() - standard * state.classes[cell][l].get()
        };
        let mut crowded: Vec<(f64, usize, usize)> = self
            .places
            .of_pool(self.pool_of(slot))
            .filter(|&other| other != slot && self.state.is_open[other][l])
            .map(|other| (excess(self.state, other), self.state.row[other][l] as usize, other))
            .filter(|(excess, ..)| *excess > PUPIL_EPSILON)
            .collect();
        crowded.sort_by(|a, b| in_ties(b.0).cmp(&in_ties(a.0)).then(a.1.cmp(&b.1)));
        let pupils = sum(crowded.iter().map(|(excess, ..)| *excess)).min(capacity);
        let open_at = self.state.thresholds.open_at_uncapped[l];
        let classes = ceil_count(pupils / open_at).clamp(1, most_classes);
        let smallest = self.at.scenario(l).rules.smallest_new_class;
        if pupils < smallest * f64::from(classes) {
            return;
        }
        let mut wanted = pupils;
        for (excess, _, other) in crowded {
            let taken = excess.min(wanted);
            let cell = self.state.cell(g, other);
            self.state.pupils[cell][l] -= R::of(taken);
            self.state.upper[other][l] -= R::of(taken);
            wanted -= taken;
        }
        let cell = self.state.cell(g, slot);
        let relief = self.state.thresholds.relief[g][l];
        let (pupils, classes) = (R::of(pupils - wanted), R::of(f64::from(classes)));
        let state = &mut *self.state;
        state.pupils[cell][l] = pupils;
        state.upper[slot][l] += pupils;
        state.classes[cell][l] = classes;
        state.occupied[slot][l] += classes;
        state.limits[cell][l] = R::of(relief);
    }
}
