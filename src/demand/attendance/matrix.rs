//! A sparse matrix of shares: by area the few columns that take its pupils, and by column the areas that have a cell there.

/// Rows areas, columns pools and a last one, *left*. Cells that were never touched are 0 and are not kept; sums run over the
/// cells in the order of columns (or areas), so they have the bits that sums over all cells have.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    n_columns: usize,
    /// By area: column and share, ascending by column.
    rows: Vec<Vec<(u32, f64)>>,
    /// By column: areas with a cell, ascending.
    senders: Vec<Vec<u32>>,
}

impl Matrix {
    /// A matrix without cells.
    pub fn new(n_areas: usize, n_columns: usize) -> Self {
        Matrix { n_columns, rows: vec![Vec::new(); n_areas], senders: vec![Vec::new(); n_columns] }
    }

    /// Rows.
    pub fn n_areas(&self) -> usize {
        self.rows.len()
    }

    /// Columns, *left* included.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Column of those who were not placed.
    pub fn left(&self) -> usize {
        self.n_columns - 1
    }

    /// One cell.
    pub fn share(&self, area: usize, column: usize) -> f64 {
        let row = &self.rows[area];
        place(row, column).map_or(0.0, |at| row[at].1)
    }

    /// The cells of an area: column and share, ascending by column.
    pub fn row(&self, area: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.rows[area].iter().map(|&(column, share)| (column as usize, share))
    }

    /// The same, to be changed.
    pub fn row_mut(&mut self, area: usize) -> impl Iterator<Item = (usize, &mut f64)> + '_ {
        self.rows[area].iter_mut().map(|(column, share)| (*column as usize, share))
    }

    /// Areas that have a cell in a column, ascending.
    pub fn senders(&self, column: usize) -> impl Iterator<Item = usize> + '_ {
        self.senders[column].iter().map(|&area| area as usize)
    }

    /// Adds to a cell.
    pub fn add(&mut self, area: usize, column: usize, share: f64) {
        *self.cell(area, column) += share;
    }

    /// Sets a cell.
    pub fn set(&mut self, area: usize, column: usize, share: f64) {
        *self.cell(area, column) = share;
    }

    /// Moves a part of a column's shares to another: what `moved` says of each share.
    pub fn shift(&mut self, from: usize, to: usize, moved: impl Fn(f64) -> f64) {
        if from == to {
            return;
        }
        let senders = std::mem::take(&mut self.senders[from]);
        for area in senders.iter().map(|&area| area as usize) {
            let part = moved(self.share(area, from));
            if part != 0.0 {
                self.add(area, from, -part);
                self.add(area, to, part);
            }
        }
        self.senders[from] = senders;
    }

    /// Takes all cells away and keeps the memory.
    pub fn clear(&mut self) {
        self.rows.iter_mut().for_each(Vec::clear);
        self.senders.iter_mut().for_each(Vec::clear);
    }

    /// A cell, made where there is none.
    fn cell(&mut self, area: usize, column: usize) -> &mut f64 {
        let row = &mut self.rows[area];
        let at = place(row, column).unwrap_or_else(|at| {
            row.insert(at, (column as u32, 0.0));
            let senders = &mut self.senders[column];
            let area = area as u32;
            let place = match senders.last() {
                Some(&last) if last > area => senders.partition_point(|&other| other < area),
                _ => senders.len(),
            };
            senders.insert(place, area);
            at
        });
        &mut row[at].1
    }
}

/// Where a column stands in a row, or where it would.
fn place(row: &[(u32, f64)], column: usize) -> Result<usize, usize> {
    let column = column as u32;
    if row.len() > 16 {
        return row.binary_search_by_key(&column, |cell| cell.0);
    }
    let at = row.iter().take_while(|cell| cell.0 < column).count();
    if row.get(at).is_some_and(|cell| cell.0 == column) { Ok(at) } else { Err(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_in_order_however_they_came() {
        let mut matrix = Matrix::new(3, 4);
        matrix.add(2, 3, 0.25);
        matrix.add(2, 0, 0.5);
        matrix.add(0, 3, 1.0);
        matrix.add(2, 0, 0.25);
        assert_eq!(matrix.row(2).collect::<Vec<_>>(), [(0, 0.75), (3, 0.25)]);
        assert_eq!(matrix.senders(3).collect::<Vec<_>>(), [0, 2]);
        assert_eq!((matrix.share(0, 3), matrix.share(1, 1)), (1.0, 0.0));
    }

    /// Half of column 0 goes to column 2: 0.5 of area 0, 0.125 of area 1; the rest stays.
    #[test]
    fn a_shift_moves_shares_and_keeps_rows_whole() {
        let mut matrix = Matrix::new(2, 3);
        matrix.set(0, 0, 1.0);
        matrix.set(1, 0, 0.25);
        matrix.set(1, 1, 0.75);
        matrix.shift(0, 2, |share| 0.5 * share);
        assert_eq!(matrix.row(0).collect::<Vec<_>>(), [(0, 0.5), (2, 0.5)]);
        assert_eq!(matrix.row(1).collect::<Vec<_>>(), [(0, 0.125), (1, 0.75), (2, 0.125)]);
    }
}
