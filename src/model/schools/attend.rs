//! Attendance of the cohorts in school: the shares of new entrants, and what spilling and moving schools do to them.

use crate::demand::attendance::{Attendance, base_shares, flows_change, most_of};
use crate::demand::catchment::Catchment;
use crate::demand::pairs::{Pair, Pairs};
use crate::scenario::{AttendanceFlow, Scenario};
use crate::units::Year;
use crate::width::{Lane, splat};

/// Who goes where in a stage: shares by position of the pairs that any lane of any grade uses.
#[derive(Debug, Clone, Default)]
pub struct Flows<const W: usize> {
    /// Pairs of area and column.
    pub pairs: Pairs,
    /// Attendance by ring.
    pub shares: Vec<Vec<Lane<W>>>,
    /// Shares of this year's entrants; made anew when places change.
    pub entry: Vec<Lane<W>>,
    /// The city's base shares; a relocated school takes its part of them along.
    base_shares: Vec<Lane<W>>,
    /// What relocations have moved of them, in order.
    relocations: Vec<Relocation>,
    /// Entry places in the base year by pool, with the same corrections.
    base_places: Vec<Lane<W>>,
    /// Whether some flow of the stage has another share in some year than in others.
    is_dated: bool,
    /// Grades of all stages: pupils by residence lie `[area · grades + grade]`.
    n_grades: usize,
}

/// A part of the base flow to a pool that a relocated school has taken to another one, in one lane.
#[derive(Debug, Clone, Copy)]
struct Relocation {
    l: usize,
    from: usize,
    to: usize,
    share: f64,
}

/// Share of a pool from which on all of it moves.
const ALL: f64 = 1.0 - 1e-12;

impl<const W: usize> Flows<W> {
    /// The base year.
    pub fn begin(
        &mut self,
        catchment: &Catchment,
        attendance: &Attendance<W>,
        base_places: Vec<Lane<W>>,
        scenarios: &[&Scenario],
    ) {
        let of_stage = |flow: &&AttendanceFlow| flow.stage == catchment.stage;
        let mut flows = scenarios.iter().flat_map(|s| s.attendance.iter().filter(of_stage));
        self.is_dated = flows.any(|flow| flow.share.anchors().len() > 1);
        self.pairs.copy_from(&catchment.base_pairs);
        self.n_grades = catchment.stage.stages().n_grades();
        self.shares.resize(catchment.stage.n_grades(), Vec::new());
        for (shares, of_grade) in self.shares.iter_mut().zip(&attendance.by_grade) {
            shares.clone_from(of_grade);
        }
        self.base_shares.clone_from(&attendance.base_shares);
        self.relocations.clear();
        self.base_places = base_places;
        self.entry.clear();
        self.entry.resize(self.pairs.len(), splat(0.0));
    }

    /// Base share of a pair in a lane.
    pub fn base_share(&self, at: usize, l: usize) -> f64 {
        self.base_shares[at][l]
    }

    /// Position of the shares of an area in a column: 0 in every grade and lane where there were none.
    pub fn use_pair(&mut self, area: usize, column: usize) -> usize {
        let pair = Pair::of(area, column);
        self.pairs.find(pair).unwrap_or_else(|| {
            for shares in self.shares.iter_mut().chain([&mut self.entry, &mut self.base_shares]) {
                shares.push(splat(0.0));
            }
            self.pairs.add(pair)
        })
    }

    /// Pupils of every pool in a grade, `Σ_a A[a → pool]·N[a]`.
    #[inline(always)]
    pub fn pupils_of_pools(
        &self,
        ring: usize,
        residents: &[Lane<W>],
        grade: usize,
        pools: &mut [Lane<W>],
    ) {
        let (shares, pairs) = (&self.shares[ring], &self.pairs);
        for (column, pool) in pools.iter_mut().enumerate() {
            let mut sum: Lane<W> = splat(0.0);
            for &at in pairs.of_column(column) {
                let share = shares[at as usize];
                let pupils = residents[pairs.at(at as usize).area() * self.n_grades + grade];
                for l in 0..W {
                    sum[l] += share[l] * pupils[l];
                }
            }
            *pool = sum;
        }
    }

    /// Pupils of one column in a grade and lane.
    pub fn pupils_of(
        &self,
        (ring, l): (usize, usize),
        residents: &[Lane<W>],
        grade: usize,
        column: usize,
    ) -> f64 {
        let (shares, pairs) = (&self.shares[ring], &self.pairs);
        let pupils =
            |at: usize| shares[at][l] * residents[pairs.at(at).area() * self.n_grades + grade][l];
        crate::numeric::sum(pairs.of_column(column).iter().map(|&at| pupils(at as usize)))
    }

    /// Moves `share` of a pool's pupils of a grade to another column (a pool, or *left*) in one lane.
    pub fn shift(&mut self, (ring, l): (usize, usize), from: usize, to: usize, share: f64) {
        if from == to {
            return;
        }
        let share = share.clamp(0.0, 1.0);
        for k in 0..self.pairs.of_column(from).len() {
            let pair = self.pairs.of_column(from)[k] as usize;
            let there = self.shares[ring][pair][l];
            let moved = if share >= ALL { there } else { there * share };
            if moved != 0.0 {
                let target = self.use_pair(self.pairs.at(pair).area(), to);
                self.shares[ring][pair][l] -= moved;
                self.shares[ring][target][l] += moved;
            }
        }
    }

    /// Moves a part of a pool's pupils of a grade where this year's entrants of their areas go; returns area, column and share of
    /// each that was moved.
    pub fn follow_entrants(
        &mut self,
        (ring, l): (usize, usize),
        pool: usize,
        part: f64,
    ) -> Vec<(usize, usize, f64)> {
        let mut sent = Vec::new();
        for &at in self.pairs.of_column(pool) {
            let (share, area) =
                (part * self.shares[ring][at as usize][l], self.pairs.at(at as usize).area());
            for &to in self.pairs.of_area(area) {
                let moved = share * self.entry[to as usize][l];
                if moved > 0.0 {
                    sent.push((area, self.pairs.at(to as usize).column(), moved));
                }
            }
        }
        for k in 0..self.pairs.of_column(pool).len() {
            let at = self.pairs.of_column(pool)[k] as usize;
            let there = self.shares[ring][at][l];
            self.shares[ring][at][l] = if part >= ALL { 0.0 } else { there * (1.0 - part) };
        }
        for &(area, column, moved) in &sent {
            let at = self.use_pair(area, column);
            self.shares[ring][at][l] += moved;
        }
        sent
    }

    /// A school with so many entry places leaves a pool for another and brings its part of the base flow along.
    pub fn relocate(&mut self, l: usize, from: usize, to: usize, places: f64) {
        let there = self.base_places[from][l];
        let moved_places = places.min(there);
        if from == to || moved_places <= 0.0 {
            return;
        }
        let relocation = Relocation { l, from, to, share: moved_places / there };
        self.relocations.push(relocation);
        self.move_base_shares(relocation);
        self.base_places[from][l] -= moved_places;
        self.base_places[to][l] += moved_places;
    }

    fn move_base_shares(&mut self, Relocation { l, from, to, share }: Relocation) {
        for k in 0..self.pairs.of_column(from).len() {
            let pair = self.pairs.of_column(from)[k] as usize;
            let moved = self.base_shares[pair][l] * share;
            if moved > 0.0 {
                let target = self.use_pair(self.pairs.at(pair).area(), to);
                self.base_shares[pair][l] -= moved;
                self.base_shares[target][l] += moved;
            }
        }
    }

    /// Takes the base shares of a year where flows are dated, with what relocations have moved of them; whether any flow changes.
    /// Cohorts in school keep their attendance.
    pub fn redraw(&mut self, catchment: &Catchment, scenarios: &[&Scenario], year: Year) -> bool {
        if !self.is_dated || !flows_change(catchment, scenarios, year) {
            return false;
        }
        base_shares(catchment, scenarios, year, &mut self.base_shares);
        self.base_shares.resize(self.pairs.len(), splat(0.0));
        for idx in 0..self.relocations.len() {
            self.move_base_shares(self.relocations[idx]);
        }
        true
    }

    /// Other pools that some area which sends pupils of a grade to `pool` sends pupils to as well, ascending.
    pub fn reached(&self, (ring, l): (usize, usize), pool: usize, reached: &mut Vec<usize>) {
        let (shares, pairs, left) = (&self.shares[ring], &self.pairs, self.base_places.len());
        reached.clear();
        for &at in pairs.of_column(pool).iter().filter(|&&at| shares[at as usize][l] > 0.0) {
            for &other in pairs.of_area(pairs.at(at as usize).area()) {
                let column = pairs.at(other as usize).column();
                if shares[other as usize][l] > 0.0 && column != pool && column != left {
                    reached.push(column);
                }
            }
        }
        reached.sort_unstable();
        reached.dedup();
    }

    /// Shares of this year's entrants: base shares times entry `places` over base places.
    ///
    /// A pool without base places takes a share in proportion to the places inside its district; a row all of whose pools have
    /// none goes to the pool with most places in the district, then in the city.
    #[inline(always)]
    pub fn share_entrants(&mut self, catchment: &Catchment, places: &[Lane<W>], n_lanes: usize) {
        let n_pools = catchment.n_pools;
        let mut most_of_city = [None; W];
        for (area, &own) in catchment.pool_of_area.iter().enumerate() {
            let near = catchment.near.of(own);
            let mut total: Lane<W> = splat(0.0);
            for &at in self.pairs.of_area(area) {
                let (column, at) = (self.pairs.at(at as usize).column(), at as usize);
                let mut shares: Lane<W> = splat(0.0);
                if column < n_pools {
                    let (base, there) = (&self.base_shares[at], &self.base_places[column]);
                    let now = &places[column];
                    for l in 0..W {
                        let some = base[l] > 0.0 && there[l] > 0.0;
                        shares[l] = if some { base[l] * now[l] / there[l] } else { 0.0 };
                        total[l] += shares[l];
                    }
                }
                self.entry[at] = shares;
            }
            for &at in self.pairs.of_area(area) {
                let shares = &mut self.entry[at as usize];
                for l in 0..W {
                    shares[l] = if total[l] > 0.0 { shares[l] / total[l] } else { shares[l] };
                }
            }
            for l in 0..n_lanes {
                if total[l] <= 0.0 {
                    self.share_empty_row(near, area, l, places, &mut most_of_city[l]);
                }
            }
            self.admit_new_pools(near, area, places);
        }
    }

    /// A row all of whose pools have no places goes to the pool with most places `near` it, then in the city; the latter is
    /// looked for once.
    fn share_empty_row(
        &mut self,
        near: &[usize],
        area: usize,
        l: usize,
        places: &[Lane<W>],
        most_of_city: &mut Option<usize>,
    ) {
        let n_pools = places.len();
        let places_of = |pool: usize| places[pool][l];
        let column = most_of(near.iter().copied(), places_of).unwrap_or_else(|| {
            *most_of_city.get_or_insert_with(|| most_of(0..n_pools, places_of).unwrap_or(n_pools))
        });
        for &at in self.pairs.of_area(area) {
            self.entry[at as usize][l] = 0.0;
        }
        let at = self.use_pair(area, column);
        self.entry[at][l] = 1.0;
    }

    /// Pools without base places take a share in proportion to the places `near` the area, in its own district.
    #[inline(always)]
    fn admit_new_pools(&mut self, near: &[usize], area: usize, places: &[Lane<W>]) {
        let (mut new_places, mut all_places): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for &pool in near {
            let (now, base) = (&places[pool], &self.base_places[pool]);
            for l in 0..W {
                all_places[l] += now[l];
                new_places[l] += if base[l] <= 0.0 { now[l] } else { 0.0 };
            }
        }
        if new_places.iter().all(|&places| places <= 0.0) {
            return;
        }
        for &at in self.pairs.of_area(area) {
            let is_pool = self.pairs.at(at as usize).column() < places.len();
            let shares = &mut self.entry[at as usize];
            for l in 0..W {
                let old = if is_pool && new_places[l] > 0.0 {
                    1.0 - new_places[l] / all_places[l]
                } else {
                    1.0
                };
                shares[l] *= old;
            }
        }
        for &pool in near {
            let (now, base) = (places[pool], self.base_places[pool]);
            let is_new = |l: usize| base[l] <= 0.0 && now[l] > 0.0;
            if (0..W).any(is_new) {
                let at = self.use_pair(area, pool);
                for l in (0..W).filter(|&l| is_new(l)) {
                    self.entry[at][l] += now[l] / all_places[l];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three areas, three columns; each share tells grade, area and column in its digits, so that one in the wrong place shows.
    #[test]
    fn a_new_pair_leaves_every_share_where_it_is() {
        let given = [(0, 0), (1, 1), (2, 0), (2, 1)];
        let told =
            |list: usize, area: usize, column: usize| (100 * list + 10 * area + column) as f64;
        let pairs = given.map(|(area, column)| Pair::of(area, column));
        let mut flows =
            Flows::<3> { pairs: Pairs::new(3, 3, pairs.to_vec()), n_grades: 2, ..Flows::default() };
        let shares = |list: usize| -> Vec<Lane<3>> {
            let of_pair = |at: usize| {
                let pair = flows.pairs.at(at);
                splat(told(list, pair.area(), pair.column()))
            };
            (0..flows.pairs.len()).map(of_pair).collect()
        };
        let [first, second, entry, base] = [1, 2, 3, 4].map(shares);
        flows.shares = vec![first, second];
        flows.entry = entry;
        flows.base_shares = base;
        for (area, column) in [(0, 1), (1, 0), (2, 2)] {
            let at = flows.use_pair(area, column);
            assert_eq!(flows.use_pair(area, column), at);
            assert_eq!(flows.shares[1][at], splat(0.0));
            for list in [&flows.shares[0], &flows.shares[1], &flows.entry, &flows.base_shares] {
                assert_eq!(list.len(), flows.pairs.len());
            }
        }
        for (area, column) in given {
            let at = flows.use_pair(area, column);
            let lists = [&flows.shares[0], &flows.shares[1], &flows.entry, &flows.base_shares];
            for (list, shares) in lists.into_iter().enumerate() {
                assert_eq!(shares[at], splat(told(list + 1, area, column)));
            }
        }
        let mut residents: Vec<Lane<3>> = vec![splat(0.0); 3 * 2];
        for area in 0..3 {
            residents[area * 2] = splat(10.0_f64.powi(area as i32));
        }
        let mut pools: Vec<Lane<3>> = vec![splat(0.0); 2];
        flows.pupils_of_pools(0, &residents, 0, &mut pools);
        // Shares of the first list: 100 and 120 in column 0, 111 and 121 in column 1; areas count 1, 10 and 100.
        assert_eq!(pools[0], splat(100.0 + 12_000.0));
        assert_eq!(pools[1], splat(1_110.0 + 12_100.0));
        assert_eq!(flows.pupils_of((0, 1), &residents, 0, 1), 1_110.0 + 12_100.0);
    }
}
