//! Dated events of a year: closing, merging, relocating, converting, reserving, extending, opening, upgrading.

use crate::axes::{MAX_GRADES, Stage};
use crate::city::Site;
use crate::event::{Event, EventKind};
use crate::numeric::{PUPIL_EPSILON, ceil_count};

use super::Engine;
use super::history::Closure;
use super::register::Register;

/// Rooms on their way from one stage to another: they are taken as they become free.
#[derive(Debug, Clone)]
pub(super) struct Conversion {
    donor: usize,
    to: Stage,
    rooms: i32,
    /// Rooms handed over, once the receiving school is open.
    handed_over: i32,
    receiver: Option<usize>,
}

impl Engine<'_> {
    /// Applies this year's events in their stated order, then standing rules, then rooms that became free.
    pub(super) fn apply_events(&mut self) {
        let first = self.next_event;
        while self.next_event < self.events.len() && self.events[self.next_event].year <= self.year
        {
            self.next_event += 1;
        }
        for idx in first..self.next_event {
            let event = &self.events[idx];
            if !self.apply(event) {
                self.ignored.push(idx);
            }
        }
        let closed = self.close_small_schools();
        let handed_over = self.hand_over_rooms();
        if self.next_event > first || closed || handed_over {
            for stage in Stage::ALL {
                self.rows[stage.idx()].rebuild(self.scenario, &self.register, stage);
            }
            self.weigh();
        }
    }

    /// The open school of a stage at a site.
    fn row_at(&self, site: usize, stage: Stage) -> Option<usize> {
        (0..self.register.len()).find(|&row| {
            self.register.is_open[row]
                && self.register.site[row] == site
                && self.register.stage[row] == stage
        })
    }

    fn pool_of(&self, stage: Stage, area: usize) -> usize {
        self.scenario.city.pool_of_area[stage.idx()][area]
    }

    /// Applies one event; false if its school is not there (any more).
    fn apply(&mut self, event: &Event) -> bool {
        if let EventKind::Open { rooms, all_grades, quality } = event.kind {
            self.open(event.site, event.stage, rooms, all_grades, quality);
            return true;
        }
        let Some(row) = self.row_at(event.site, event.stage) else { return false };
        match &event.kind {
            EventKind::Close => self.close(row),
            EventKind::Merge(into) => match self.row_at(*into, event.stage) {
                Some(receiver) if receiver != row => self.merge(row, receiver),
                _ => self.close(row),
            },
            EventKind::Relocate { area, rooms_added } => self.relocate(row, *area, *rooms_added),
            EventKind::Convert { to, rooms } => {
                let has = self.register.rooms(row).max(0);
                let rooms = rooms.unwrap_or(has).clamp(0, has);
                self.register.rooms_total[row] -= rooms;
                self.conversions.push(Conversion {
                    donor: row,
                    to: *to,
                    rooms,
                    handed_over: 0,
                    receiver: None,
                });
            }
            EventKind::Reserve(rooms) => {
                let most = self.register.rooms(row).max(0);
                self.register.rooms_reserved[row] += (*rooms).clamp(0, most);
            }
            EventKind::Extend(rooms) => self.register.rooms_total[row] += rooms,
            EventKind::Upgrade { quality, .. } => self.register.quality[row] += quality,
            EventKind::Open { .. } => {}
        }
        true
    }

    /// Ends a school; its pupils are placed with those who move.
    fn close(&mut self, row: usize) {
        let stage = self.register.stage[row];
        let pool = self.pool_of(stage, self.register.area[row]);
        for g in 0..stage.n_grades() {
            let cell = Register::cell(row, g);
            self.displaced[stage.idx()][pool * MAX_GRADES + g] += self.register.pupils[cell];
            self.register.pupils[cell] = 0.0;
            self.register.classes[cell] = 0;
            self.register.limits[cell] = 0.0;
        }
        self.register.is_open[row] = false;
    }

    /// Ends a school; pupils and classes go to another of the same stage, with their attendance.
    fn merge(&mut self, row: usize, receiver: usize) {
        let stage = self.register.stage[row];
        let from = self.pool_of(stage, self.register.area[row]);
        let to = self.pool_of(stage, self.register.area[receiver]);
        for g in 0..stage.n_grades() {
            self.shift_pupils_of(row, g, from, to);
            let (cell, into) = (Register::cell(row, g), Register::cell(receiver, g));
            self.register.pupils[into] += self.register.pupils[cell];
            self.register.classes[into] += self.register.classes[cell];
            self.register.limits[into] = self.register.limits[into].max(self.register.limits[cell]);
            self.register.pupils[cell] = 0.0;
            self.register.classes[cell] = 0;
        }
        self.register.is_open[row] = false;
    }

    /// A school moves with its pupils and its part of the base flow to another area.
    fn relocate(&mut self, row: usize, area: usize, rooms_added: i32) {
        let stage = self.register.stage[row];
        let from = self.pool_of(stage, self.register.area[row]);
        let to = self.pool_of(stage, area);
        for g in 0..stage.n_grades() {
            self.shift_pupils_of(row, g, from, to);
        }
        let rooms_a_grade = f64::from(self.register.rooms(row)) / stage.n_grades() as f64;
        self.attending.relocate(stage, from, to, rooms_a_grade);
        self.register.area[row] = area;
        let rooms = (self.register.rooms_total[row] + rooms_added).max(0);
        self.register.rooms_total[row] = rooms;
        self.register.rooms_reserved[row] = self.register.rooms_reserved[row].min(rooms);
    }

    /// Attendance of the pupils of one grade of a school moves from one pool to another.
    fn shift_pupils_of(&mut self, row: usize, g: usize, from: usize, to: usize) {
        let pupils = self.register.pupils[Register::cell(row, g)];
        if from == to || pupils <= 0.0 {
            return;
        }
        let grade = self.register.stage[row].first_grade() + g;
        let residents = &self.demand.residents[self.year_idx];
        let in_pool = self.attending.pupils_of_pool(grade, from, residents);
        if in_pool > 0.0 {
            self.attending.shift(grade, from, to, pupils / in_pool);
        }
    }

    /// Opens a school, or adds rooms where the site already teaches the stage.
    fn open(
        &mut self,
        site: usize,
        stage: Stage,
        rooms: i32,
        all_grades: bool,
        quality: f64,
    ) -> usize {
        if let Some(row) = self.row_at(site, stage) {
            self.register.rooms_total[row] += rooms;
            return row;
        }
        let area = self.sites[site].area;
        let row = self.register.append(site, stage, area, rooms, quality);
        if all_grades {
            for g in 1..stage.n_grades() {
                self.open_upper_grade(row, g);
            }
        }
        row
    }

    /// Fills an upper grade of a new school from the crowded ones of its pool: pupils above the standard, largest excess
    /// first, until the grade is at standard. A grade that would open with too small a class stays closed.
    fn open_upper_grade(&mut self, row: usize, g: usize) {
        let stage = self.register.stage[row];
        let grade = stage.first_grade() + g;
        let standard = self.thresholds.standard[grade];
        let most_classes = (self.register.rooms(row) / stage.n_grades() as i32).max(1);
        let capacity = standard * f64::from(most_classes);
        let pool = self.pool_of(stage, self.register.area[row]);
        let excess = |register: &Register, other: usize| {
            let cell = Register::cell(other, g);
            register.pupils[cell] - standard * f64::from(register.classes[cell])
        };
        let mut crowded: Vec<usize> = (0..self.register.len())
            .filter(|&other| {
                other != row
                    && self.register.is_open[other]
                    && self.register.stage[other] == stage
                    && self.pool_of(stage, self.register.area[other]) == pool
                    && excess(&self.register, other) > PUPIL_EPSILON
            })
            .collect();
        crowded.sort_by(|&a, &b| {
            excess(&self.register, b).total_cmp(&excess(&self.register, a)).then(a.cmp(&b))
        });
        let available: f64 =
            crate::numeric::sum(crowded.iter().map(|&other| excess(&self.register, other)));
        let pupils = available.min(capacity);
        let open_at = self.thresholds.open_at[stage.idx()];
        let classes = ceil_count(pupils / open_at).clamp(1, most_classes);
        if pupils < self.scenario.rules.smallest_new_class * f64::from(classes) {
            return;
        }
        let mut wanted = pupils;
        for other in crowded {
            let taken = excess(&self.register, other).min(wanted);
            self.register.pupils[Register::cell(other, g)] -= taken;
            wanted -= taken;
        }
        let cell = Register::cell(row, g);
        self.register.pupils[cell] = pupils - wanted;
        self.register.classes[cell] = classes;
        self.register.limits[cell] = self.thresholds.relief_limit[grade];
    }

    /// Closes schools that a standing rule has found small for long enough: private ones first, then the smallest.
    fn close_small_schools(&mut self) -> bool {
        let mut any = false;
        for rule_idx in 0..self.scenario.rules.closing.len() {
            let rule = &self.scenario.rules.closing[rule_idx];
            if self.year < rule.from_year {
                continue;
            }
            for _ in 0..rule.most_per_year.max(0) {
                let candidate = (0..self.n_base_schools)
                    .filter(|&row| {
                        self.register.is_open[row]
                            && self.is_under_rule(row, rule_idx)
                            && self.small_years[rule_idx * self.n_base_schools + row] >= rule.years
                    })
                    .min_by(|&a, &b| {
                        let public = |row: usize| !self.register.is_private[row];
                        public(a)
                            .cmp(&public(b))
                            .then(self.register.pupils_of(a).total_cmp(&self.register.pupils_of(b)))
                            .then(a.cmp(&b))
                    });
                let Some(row) = candidate else { break };
                self.closures.push(Closure {
                    year: self.year,
                    row,
                    rooms: self.register.rooms(row),
                    rule: rule_idx,
                });
                self.close(row);
                any = true;
            }
        }
        any
    }

    fn is_under_rule(&self, row: usize, rule_idx: usize) -> bool {
        let rule = &self.scenario.rules.closing[rule_idx];
        let zone = self.scenario.city.areas[self.register.area[row]].zone;
        self.register.stage[row] == rule.stage && rule.zones.contains(&zone)
    }

    /// Counts for every school how long a closing rule has found it small.
    pub(super) fn count_small_years(&mut self) {
        for rule_idx in 0..self.scenario.rules.closing.len() {
            let under = self.scenario.rules.closing[rule_idx].under_pupils;
            for row in 0..self.n_base_schools {
                if self.register.is_open[row] && self.is_under_rule(row, rule_idx) {
                    let is_small = self.register.pupils_of(row) < under;
                    let years = &mut self.small_years[rule_idx * self.n_base_schools + row];
                    *years = if is_small { *years + 1 } else { 0 };
                }
            }
        }
    }

    /// Hands over converted rooms that have become free: the receiving school opens as one row when it can have a room
    /// for every grade, or all of its rooms.
    fn hand_over_rooms(&mut self) -> bool {
        let mut any = false;
        for idx in 0..self.conversions.len() {
            let conversion = &self.conversions[idx];
            let (donor, to, rooms) = (conversion.donor, conversion.to, conversion.rooms);
            let kept = self.register.rooms(donor).max(0);
            let still_full = (self.register.classes_of(donor) - kept).clamp(0, rooms);
            let free = rooms - still_full;
            let new_rooms = free - conversion.handed_over;
            if new_rooms <= 0 {
                continue;
            }
            match conversion.receiver {
                Some(row) => self.register.rooms_total[row] += new_rooms,
                None if free >= to.n_grades() as i32 || free == rooms => {
                    let site = self.register.site[donor];
                    let row = self.open(site, to, free, false, self.register.quality[donor]);
                    self.conversions[idx].receiver = Some(row);
                }
                None => continue,
            }
            self.conversions[idx].handed_over = free;
            any = true;
            if self.register.rooms(donor) <= 0 && self.register.classes_of(donor) == 0 {
                self.register.is_open[donor] = false;
            }
        }
        any
    }

    /// Rooms promised to another stage, or reserved, that are still full.
    pub(super) fn backlog_rooms(&self) -> i32 {
        let converted: i32 = self.conversions.iter().map(|c| c.rooms - c.handed_over).sum();
        let reserved =
            (0..self.register.len()).filter(|&row| self.register.is_open[row]).map(|row| {
                let over = self.register.classes_of(row) - self.register.rooms(row);
                over.clamp(0, self.register.rooms_reserved[row])
            });
        converted + reserved.sum::<i32>()
    }
}

/// Schools that a list of events can add to the register.
pub(super) fn n_new_schools(events: &[Event], sites: &[Site]) -> usize {
    debug_assert!(events.iter().all(|event| event.site < sites.len()));
    events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Open { .. } | EventKind::Convert { .. }))
        .count()
}
