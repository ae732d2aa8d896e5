//! What differs between two texts, for people and for `patch`.

use std::fmt::Write as _;

/// A unified difference with three lines of context.
pub(crate) fn difference(name: &str, old: &str, new: &str) -> String {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.lines().collect(), new.lines().collect());
    let head = old_lines
        .iter()
        .zip(&new_lines)
        .take_while(|(a, b)| a == b)
        .count();
    let tail = old_lines[head..]
        .iter()
        .rev()
        .zip(new_lines[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let start = head.saturating_sub(3);
    let after = tail.min(3);
    let (old_end, new_end) = (old_lines.len() - tail, new_lines.len() - tail);
    let mut out = format!("diff {name}.orig {name}\n--- {name}.orig\n+++ {name}\n");
    let _ = writeln!(
        out,
        "@@ -{},{} +{},{} @@",
        start + 1,
        old_end + after - start,
        start + 1,
        new_end + after - start
    );
    let mut lines = |mark: char, lines: &[&str]| {
        for line in lines {
            let _ = writeln!(out, "{mark}{line}");
        }
    };
    lines(' ', &old_lines[start..head]);
    lines('-', &old_lines[head..old_end]);
    lines('+', &new_lines[head..new_end]);
    lines(' ', &old_lines[old_end..old_end + after]);
    out.push('\n');
    out
}
