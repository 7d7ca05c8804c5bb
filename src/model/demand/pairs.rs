//! Which areas send pupils to which pools: the cells of attendance that are in use.
//!
//! Of areas times pools few are ever in use, so shares are kept by pair of column and area: `shares[position]`, one such list a
//! grade. A pair keeps its position while a block runs. Those of the base year lie column by column; one that is found later (a
//! school moves, pupils spill, a pool opens) comes after them all, so that no share has to be moved.

/// A column of attendance (a pool, or *left*) and an area that sends pupils there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    column: u32,
    area: u32,
}

impl Pair {
    /// The pair of an area and a column.
    pub fn of(area: usize, column: usize) -> Self {
        Pair { column: column as u32, area: area as u32 }
    }

    /// Area of residence.
    pub fn area(self) -> usize {
        self.area as usize
    }

    /// Pool, or *left*.
    pub fn column(self) -> usize {
        self.column as usize
    }
}

/// The pairs in use, in the two orders in which sums run over them.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// By position.
    all: Vec<Pair>,
    /// By area: positions of its pairs, ascending by column.
    of_area: Vec<Vec<u32>>,
    /// By column: positions of its pairs, ascending by area.
    of_column: Vec<Vec<u32>>,
}

impl Pairs {
    /// These pairs, in any order and any number of times.
    pub fn new(n_areas: usize, n_columns: usize, mut all: Vec<Pair>) -> Self {
        all.sort_unstable();
        all.dedup();
        let (mut of_area, mut of_column) = (vec![Vec::new(); n_areas], vec![Vec::new(); n_columns]);
        for (at, pair) in all.iter().enumerate() {
            of_area[pair.area()].push(at as u32);
            of_column[pair.column()].push(at as u32);
        }
        Pairs { all, of_area, of_column }
    }

    /// Becomes a copy of others; memory is reused.
    pub fn copy_from(&mut self, others: &Pairs) {
        self.all.clone_from(&others.all);
        self.of_area.clone_from(&others.of_area);
        self.of_column.clone_from(&others.of_column);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The pair at a position.
    #[inline(always)]
    pub fn at(&self, position: usize) -> Pair {
        self.all[position]
    }

    /// Positions of the pairs of an area, ascending by column.
    #[inline(always)]
    pub fn of_area(&self, area: usize) -> &[u32] {
        &self.of_area[area]
    }

    /// Positions of the pairs of a column, ascending by area.
    #[inline(always)]
    pub fn of_column(&self, column: usize) -> &[u32] {
        &self.of_column[column]
    }

    /// Position of a pair that may not be there.
    pub fn find(&self, pair: Pair) -> Option<usize> {
        let row = &self.of_area[pair.area()];
        let place = row.binary_search_by_key(&pair, |&at| self.all[at as usize]);
        place.ok().map(|place| row[place] as usize)
    }

    /// Adds a pair that is not there, behind the last.
    pub fn add(&mut self, pair: Pair) -> usize {
        let (at, all) = (self.all.len(), &mut self.all);
        all.push(pair);
        for list in [&mut self.of_area[pair.area()], &mut self.of_column[pair.column()]] {
            // In order, so that sums do not depend on which pair came first.
            let place = list.partition_point(|&other| all[other as usize] < pair);
            list.insert(place, at as u32);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(pairs: &Pairs, area: usize) -> Vec<usize> {
        pairs.of_area(area).iter().map(|&at| pairs.at(at as usize).column()).collect()
    }

    fn areas(pairs: &Pairs, column: usize) -> Vec<usize> {
        pairs.of_column(column).iter().map(|&at| pairs.at(at as usize).area()).collect()
    }

    #[test]
    fn pairs_lie_column_by_column() {
        let given = [(2, 1), (0, 0), (1, 1), (2, 0), (0, 0)].map(|(a, c)| Pair::of(a, c));
        let pairs = Pairs::new(3, 3, given.to_vec());
        assert_eq!(pairs.len(), 4);
        assert_eq!(pairs.of_column(0), [0, 1]);
        assert_eq!(pairs.of_column(1), [2, 3]);
        assert!(pairs.of_column(2).is_empty());
        assert_eq!((areas(&pairs, 1), columns(&pairs, 2)), (vec![1, 2], vec![0, 1]));
    }

    /// Whatever comes and in which order: every pair keeps its position, and both orders hold.
    #[test]
    fn a_pair_that_comes_later_leaves_the_others_where_they_are() {
        let given = [(1, 2), (4, 0), (3, 2)].map(|(a, c)| Pair::of(a, c));
        let mut pairs = Pairs::new(5, 4, given.to_vec());
        let before: Vec<Pair> = (0..pairs.len()).map(|at| pairs.at(at)).collect();
        for (n, (area, column)) in [(2, 2), (0, 2), (4, 3), (1, 0), (4, 1)].into_iter().enumerate()
        {
            assert_eq!(pairs.find(Pair::of(area, column)), None);
            assert_eq!(pairs.add(Pair::of(area, column)), 3 + n);
            assert_eq!(pairs.find(Pair::of(area, column)), Some(3 + n));
        }
        for (at, &pair) in before.iter().enumerate() {
            assert_eq!(pairs.find(pair), Some(at));
        }
        assert_eq!(areas(&pairs, 2), [0, 1, 2, 3]);
        assert_eq!(columns(&pairs, 4), [0, 1, 3]);
        let mut copy = Pairs::new(9, 1, vec![Pair::of(8, 0)]);
        copy.copy_from(&pairs);
        assert_eq!((copy.len(), areas(&copy, 0), columns(&copy, 1)), (8, vec![1, 4], vec![0, 2]));
    }
}
