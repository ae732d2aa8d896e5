//! Texts of an author inside the Markdown that is generated.
//!
//! A cell of a table ends at a `|` and at the end of the line, wherever these stand, so both are written otherwise, also in
//! code. Descriptions may use Markdown; HTML is shown and not meant, since a `<name>` in a usage text would vanish, and
//! since a comment in it could be taken for a marker.

use std::fmt::Write as _;

/// The longest code in a cell, in characters.
const LONGEST_CODE: usize = 120;

/// A text of several lines as the content of a cell.
pub(super) fn cell(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(str::trim).map(line).collect();
    lines
        .join("<br>")
        .trim_matches(' ')
        .replace("<br><br>", "<br>")
}

/// One line, outside of code spans without HTML.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            if let Some(length) = code_span(rest, ticks) {
                let (span, after) = rest.split_at(length);
                out.push_str(&span.replace('|', "\\|"));
                rest = after;
                continue;
            }
            out.push_str(rest.get(..ticks).unwrap_or_default());
            rest = rest.get(ticks..).unwrap_or_default();
            continue;
        }
        match c {
            '|' => out.push_str("\\|"),
            '<' => out.push_str("&lt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The length of the code span that `text` begins with, which opens with so many backticks.
fn code_span(text: &str, ticks: usize) -> Option<usize> {
    let mut at = ticks;
    loop {
        let rest = text.get(at..)?;
        let next = rest.find('`')?;
        let run = rest.get(next..)?;
        let length = run.len() - run.trim_start_matches('`').len();
        at += next + length;
        if length == ticks {
            return Some(at);
        }
    }
}

/// A text as code in a cell, shortened when it is long.
pub(super) fn code(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(LONGEST_CODE)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if shown.starts_with('`') || shown.ends_with('`') || shown.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{}{space}{fence}", shown.replace('|', "\\|"))
}

/// A table; nothing when it has no rows.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", header.join(" | "));
    let _ = writeln!(out, "|{}", "---|".repeat(header.len()));
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                if cell.is_empty() {
                    " ".to_owned()
                } else {
                    format!(" {cell} ")
                }
            })
            .collect();
        let _ = writeln!(out, "|{}|", cells.join("|"));
    }
    out
}

/// Texts as a list in a sentence: `a`, `b` or `c`.
pub(super) fn or(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_one_line_of_one_cell() {
        assert_eq!(
            cell("a | b\n\nsecond <name> line "),
            "a \\| b<br>second &lt;name> line"
        );
        assert_eq!(
            cell("run `a | b <c>` or ``x`|`` now"),
            "run `a \\| b <c>` or ``x`\\|`` now"
        );
        assert_eq!(cell("one ` tick | <"), "one ` tick \\| &lt;");
        assert_eq!(
            cell("<!-- /addon-pack:parameters -->"),
            "&lt;!-- /addon-pack:parameters -->"
        );
        assert_eq!(cell("a\u{1b}[31mb"), "a [31mb");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(code(&"x".repeat(121)).chars().count(), 123);
    }
}
