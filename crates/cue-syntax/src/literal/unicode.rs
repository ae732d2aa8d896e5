//! The classes of characters that CUE distinguishes.
//!
//! Names may have letters (general category L) and decimal digits (Nd) of any script, and quoting
//! leaves printable characters as they are (L, M, N, P, S and the blank), all as Go's package
//! `unicode` defines them. Most text is ASCII, so the tables are built when first needed.

use regex_syntax::hir::{Class, HirKind};
use std::sync::OnceLock;

type Ranges = Vec<(char, char)>;

fn ranges(class: &str) -> Ranges {
    let Ok(parsed) = regex_syntax::parse(class) else {
        return Vec::new();
    };
    match parsed.kind() {
        HirKind::Class(Class::Unicode(found)) => found
            .ranges()
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        _ => Vec::new(),
    }
}

fn contains(table: &Ranges, c: char) -> bool {
    let after = table.partition_point(|(start, _)| *start <= c);
    after
        .checked_sub(1)
        .and_then(|index| table.get(index))
        .is_some_and(|(_, end)| c <= *end)
}

/// Whether `c` is a letter.
pub(crate) fn is_letter(c: char) -> bool {
    static TABLE: OnceLock<Ranges> = OnceLock::new();
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    contains(TABLE.get_or_init(|| ranges(r"\p{L}")), c)
}

/// Whether `c` is a decimal digit.
pub(crate) fn is_digit(c: char) -> bool {
    static TABLE: OnceLock<Ranges> = OnceLock::new();
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    contains(TABLE.get_or_init(|| ranges(r"\p{Nd}")), c)
}

/// Whether `c` may stand in a literal as it is; of the spaces only the ASCII blank.
pub(crate) fn is_print(c: char) -> bool {
    static TABLE: OnceLock<Ranges> = OnceLock::new();
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    contains(
        TABLE.get_or_init(|| ranges(r"[\p{L}\p{M}\p{N}\p{P}\p{S}]")),
        c,
    )
}

/// Whether `c` is printable or a space of any script.
pub(crate) fn is_graphic(c: char) -> bool {
    static TABLE: OnceLock<Ranges> = OnceLock::new();
    if is_print(c) {
        return true;
    }
    contains(TABLE.get_or_init(|| ranges(r"\p{Zs}")), c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_general_category() {
        assert!(is_letter('\u{e9}') && is_letter('\u{4e16}') && !is_letter('\u{2160}'));
        assert!(is_digit('\u{663}') && !is_digit('\u{b2}'));
        assert!(is_print('\u{fffd}') && !is_print('\u{a0}') && !is_print('\u{200b}'));
        assert!(is_graphic('\u{a0}') && !is_graphic('\u{200b}'));
    }
}
