//! `text/tabwriter`: columns out of tab-separated text.
//!
//! A tab ends a cell; the text after the last tab of a line belongs to no column. A column is as
//! wide as its widest cell plus one blank, over the lines that follow each other and all have it:
//! in `a\tb\n`, `aaa\tb\n`, `x\n`, `a\tb` the first two lines make one column, the last another.
//! A form feed ends all columns. Rules as in Go's package `text/tabwriter` with the settings of cue
//! v0.14.1 `pkg/text/tabwriter/manual.go` (padding of one blank, no flags).

use crate::go_text::{char_count, into_text};
use crate::package::{Builder, Outcome};
use cue_eval::builtin::{Call, Failure};
use cue_eval::{Data, Kind};

/// Text between two of these is one piece: tabs in it end no cell.
const ESCAPE: u8 = 0xff;

#[derive(Debug, Default)]
struct Cell {
    text: Vec<u8>,
    width: usize,
}

#[derive(Debug, Default)]
struct Line {
    /// Cells ended by a tab.
    cells: Vec<Cell>,
    /// The text after the last tab.
    rest: Vec<u8>,
    /// Ended by a form feed: the columns end with it.
    is_last_of_section: bool,
}

fn lines(text: &[u8]) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut cell = Cell::default();
    let mut escaped = false;
    for &byte in text {
        let Some(line) = lines.last_mut() else { break };
        match byte {
            ESCAPE => {
                escaped = !escaped;
                cell.text.push(byte);
            }
            b'\t' | 0x0b if !escaped => {
                cell.width = width(&cell.text);
                line.cells.push(std::mem::take(&mut cell));
            }
            b'\n' | 0x0c if !escaped => {
                line.rest = std::mem::take(&mut cell.text);
                line.is_last_of_section = byte == 0x0c;
                lines.push(Line::default());
            }
            byte => cell.text.push(byte),
        }
    }
    if let Some(line) = lines.last_mut() {
        // what nothing ends is no column, even after a tab
        line.rest = if cell.text.is_empty() {
            line.cells.pop().map(|cell| cell.text).unwrap_or_default()
        } else {
            cell.text
        };
    }
    lines
}

/// Characters that show; escapes do not.
fn width(text: &[u8]) -> usize {
    text.split(|byte| *byte == ESCAPE).map(char_count).sum()
}

fn align(text: &[u8]) -> Vec<u8> {
    let lines = lines(text);
    let mut out = Vec::with_capacity(text.len());
    // the width of each column of the current line, and the line at which it ends
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        columns.truncate(line.cells.len());
        for column in 0..line.cells.len() {
            if columns.get(column).is_none_or(|(_, end)| *end <= at) {
                columns.truncate(column);
                columns.push(measure(&lines, at, column));
            }
        }
        for (cell, (width, _)) in line.cells.iter().zip(&columns) {
            out.extend_from_slice(&cell.text);
            out.extend(std::iter::repeat_n(b' ', width.saturating_sub(cell.width)));
        }
        out.extend_from_slice(&line.rest);
        if at + 1 < lines.len() {
            out.push(b'\n');
        }
    }
    out
}

/// The width of a column that starts at a line, and the line that has it no more.
fn measure(lines: &[Line], from: usize, column: usize) -> (usize, usize) {
    let mut widest = 0;
    let mut end = from;
    for line in lines.iter().skip(from) {
        let Some(cell) = line.cells.get(column) else {
            break;
        };
        widest = widest.max(cell.width);
        end += 1;
        if line.is_last_of_section {
            break;
        }
    }
    (widest + 1, end)
}

fn write(c: &mut Call<'_>) -> Outcome {
    let text = match c.data(0)? {
        Data::String(text) => align(text.as_bytes()),
        Data::Bytes(bytes) => align(&bytes),
        Data::List(items) => {
            let mut text = Vec::new();
            for item in items {
                match item {
                    Data::String(item) => text.extend_from_slice(item.as_bytes()),
                    Data::Bytes(item) => text.extend_from_slice(&item),
                    _ => return Err(Failure::eval("expected a list of strings")),
                }
                text.push(b'\n');
            }
            align(&text)
        }
        _ => return Err(Failure::eval("expected a string, bytes, or a list of them")),
    };
    c.charge(text.len())?;
    Ok(into_text(text).into())
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.function("Write", &[Kind::TOP], Kind::STRING, write);
}

#[cfg(test)]
mod tests {
    use super::*;

    // expected texts are those of cue v0.14.1
    #[test]
    fn columns() {
        let aligned = |text: &str| into_text(align(text.as_bytes()));
        assert_eq!(aligned("a\tb\tc\naaa\tbb\tvv"), "a   b  c\naaa bb vv");
        assert_eq!(aligned("a\tb\naaa\tb\nx\na\tb\n"), "a   b\naaa b\nx\na b\n");
    }
}
