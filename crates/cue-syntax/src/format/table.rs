//! Columns: cells of successive lines are padded to one width.
//!
//! The printer gives text, cell ends and line ends; here a column is a run of lines that all have a cell in it, as
//! in Go's `text/tabwriter` with padding 1, tabs of 8 for empty leading cells, and empty columns dropped. A line
//! without any cell end, and a [`Piece::Break`], end all columns.
//!
//! Example: `a: 1 // x` and `bcd: 2 // y`, with a cell end before the value and the comment, give
//! ```text
//! a:   1 // x
//! bcd: 2 // y
//! ```

/// What the printer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text, which may have line feeds inside (multi-line strings) and then counts as it is.
    Text(String),
    /// The end of a cell that keeps its width even when it is empty: indentation.
    Tab,
    /// The end of a cell.
    Cell,
    /// The end of a line.
    Line,
    /// The end of a line and of all columns.
    Break,
}

const TAB: usize = 8;
const PADDING: usize = 1;

#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    width: usize,
    keeps_width: bool,
}

/// The lines whose columns are still open; the last one is being filled.
struct Table {
    lines: Vec<Vec<Cell>>,
    cell: Cell,
    out: String,
}

/// Lays the pieces out.
pub(super) fn lay_out(pieces: &[Piece]) -> String {
    let mut table = Table {
        lines: vec![Vec::new()],
        cell: Cell::default(),
        out: String::new(),
    };
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                table.cell.width += text.chars().count();
                table.cell.text.push_str(text);
            }
            Piece::Tab => {
                table.end_cell(true);
            }
            Piece::Cell => {
                table.end_cell(false);
            }
            Piece::Line | Piece::Break => {
                let cells = table.end_cell(false);
                table.lines.push(Vec::new());
                if *piece == Piece::Break || cells == 1 {
                    table.flush();
                }
            }
        }
    }
    table.end_cell(false);
    table.flush();
    table.out
}

impl Table {
    /// Ends the cell; gives how many the line has.
    fn end_cell(&mut self, keeps_width: bool) -> usize {
        let mut cell = std::mem::take(&mut self.cell);
        cell.keeps_width = keeps_width;
        let Some(line) = self.lines.last_mut() else {
            return 0;
        };
        line.push(cell);
        line.len()
    }

    /// Writes all lines and begins anew.
    fn flush(&mut self) {
        let lines = std::mem::replace(&mut self.lines, vec![Vec::new()]);
        self.block(&lines, 0, lines.len(), &mut Vec::new());
    }

    /// Writes the lines `from..to`, whose columns up to `widths` are known.
    fn block(&mut self, lines: &[Vec<Cell>], mut from: usize, to: usize, widths: &mut Vec<usize>) {
        let column = widths.len();
        let has_cell = |index: usize| lines.get(index).is_some_and(|line| column + 1 < line.len());
        let mut at = from;
        while at < to {
            if !has_cell(at) {
                at += 1;
                continue;
            }
            self.rows(lines, from, at, widths);
            from = at;
            let mut width = 0;
            let mut drop = true;
            while at < to && has_cell(at) {
                if let Some(cell) = lines.get(at).and_then(|line| line.get(column)) {
                    width = width.max(cell.width + PADDING);
                    drop &= cell.width == 0 && !cell.keeps_width;
                }
                at += 1;
            }
            widths.push(if drop { 0 } else { width });
            self.block(lines, from, at, widths);
            widths.pop();
            from = at;
        }
        self.rows(lines, from, to, widths);
    }

    fn rows(&mut self, lines: &[Vec<Cell>], from: usize, to: usize, widths: &[usize]) {
        for index in from..to {
            let Some(line) = lines.get(index) else {
                continue;
            };
            let mut leading = true;
            for (column, cell) in line.iter().enumerate() {
                let width = widths.get(column).copied();
                leading &= cell.text.is_empty();
                self.out.push_str(&cell.text);
                if let Some(width) = width {
                    if leading {
                        let tabs = (width.next_multiple_of(TAB) - cell.width).div_ceil(TAB);
                        self.out.extend(std::iter::repeat_n('\t', tabs));
                    } else {
                        let blanks = width.saturating_sub(cell.width);
                        self.out.extend(std::iter::repeat_n(' ', blanks));
                    }
                }
            }
            if index + 1 < lines.len() {
                self.out.push('\n');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn cells_are_padded_to_the_widest_of_their_column() {
        let pieces = [
            text("a:"),
            Piece::Cell,
            text("1"),
            Piece::Cell,
            text("// x"),
            Piece::Line,
            text("bcd:"),
            Piece::Cell,
            text("2"),
            Piece::Line,
            text("e"),
            Piece::Line,
            text("f:"),
            Piece::Cell,
            text("3"),
            Piece::Line,
        ];
        assert_eq!(lay_out(&pieces), "a:   1 // x\nbcd: 2\ne\nf: 3\n");
    }

    #[test]
    fn indentation_is_tabs() {
        let pieces = [
            text("a"),
            Piece::Break,
            Piece::Tab,
            Piece::Tab,
            text("b:"),
            Piece::Cell,
            text("1"),
        ];
        assert_eq!(lay_out(&pieces), "a\n\t\tb: 1");
    }
}
