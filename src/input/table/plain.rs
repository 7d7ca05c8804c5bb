//! CSV without quotes and with the same number of cells in every row, as programs write it: read in pieces, several at a time.

use crate::parallel;

/// Bytes of a piece, or a few more.
const PIECE: usize = 1 << 20;

/// Some rows of a table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Piece {
    /// Their cells one after another.
    pub(super) text: String,
    /// Where each cell ends.
    pub(super) ends: Vec<u32>,
    /// Line of each row.
    pub(super) lines: Vec<u32>,
}

/// The rows below the heading in the order of the text. None where a row needs a closer look: quotes, single carriage returns, or a
/// row with more or fewer cells than the heading.
pub(super) fn rows(text: &str, n_cells: usize) -> Option<Vec<Piece>> {
    let (heading, body) = text.split_once('\n').unwrap_or((text, ""));
    let heading = heading.strip_suffix('\r').unwrap_or(heading);
    // The heading stands in the first line that is not empty.
    if heading.is_empty() || heading.contains(['"', '\r']) {
        return None;
    }
    let mut pieces: Vec<&str> = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let from = (0..=PIECE.min(rest.len())).rev().find(|&at| rest.is_char_boundary(at))?;
        let end = rest[from..].find('\n').map_or(rest.len(), |at| from + at + 1);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    let counted = parallel::map(&pieces, |piece| piece.bytes().filter(|b| *b == b'\n').count());
    let mut line = 2;
    let numbered: Vec<(u32, &str)> = pieces
        .into_iter()
        .zip(counted)
        .map(|(piece, n_lines)| {
            line += n_lines as u32;
            (line - n_lines as u32, piece)
        })
        .collect();
    parallel::map(&numbered, |&(line, piece)| read(piece, line, n_cells)).into_iter().collect()
}

fn read(text: &str, first_line: u32, n_cells: usize) -> Option<Piece> {
    if text.contains('"') {
        return None;
    }
    let mut piece = Piece { text: String::with_capacity(text.len()), ..Piece::default() };
    for (number, line) in (first_line..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.contains('\r') {
            return None;
        }
        let (text_before, cells_before) = (piece.text.len(), piece.ends.len());
        for cell in line.split(',') {
            piece.text.push_str(cell.trim());
            piece.ends.push(piece.text.len() as u32);
        }
        if piece.text.len() == text_before {
            // A row without a word is none.
            piece.ends.truncate(cells_before);
        } else if piece.ends.len() - cells_before == n_cells {
            piece.lines.push(number);
        } else {
            return None;
        }
    }
    Some(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_lines() {
        let pieces = rows("a,b\r\n1, x \r\n\n,\n3,é", 2).expect("rows");
        let whole = &pieces[0];
        assert_eq!((whole.text.as_str(), whole.lines.as_slice()), ("1x3é", &[2, 5][..]));
        assert_eq!(whole.ends, [1, 2, 3, 5]);
    }

    /// Pieces of a large text: every row once, with its line.
    #[test]
    fn pieces_follow_one_another() {
        let text: String = std::iter::once("n,word\n".to_string())
            .chain((0..200_000).map(|n| format!("{n},学位{n}\n")))
            .collect();
        let pieces = rows(&text, 2).expect("rows");
        assert!(pieces.len() > 2);
        let lines: Vec<u32> = pieces.iter().flat_map(|piece| piece.lines.clone()).collect();
        assert_eq!(lines, (2..200_002).collect::<Vec<_>>());
        let n_bytes: usize = pieces.iter().map(|piece| piece.text.len()).sum();
        assert_eq!(n_bytes, text.len() - 7 - 2 * 200_000);
    }

    #[test]
    fn rows_that_need_a_closer_look_are_left_to_the_reader() {
        for text in
            ["a,b\n\"1\",2\n", "a,b\n1\n", "a,b\n1,2,3\n", "a,b\n1,2\r3,4\n", "\na,b\n1,2\n"]
        {
            assert_eq!(rows(text, 2), None, "{text:?}");
        }
        assert_eq!(rows("\"a\",b\n1,2\n", 2), None);
        assert_eq!(rows("a,b", 2), Some(Vec::new()));
    }
}
