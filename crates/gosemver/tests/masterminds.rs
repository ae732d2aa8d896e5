//! Compares with tables that the Go library wrote (`tests/data`); see the first line of each.

use gosemver::{Constraint, Version};
use proptest::prelude::*;
use std::cmp::Ordering;

const VERSIONS: &str = include_str!("data/versions.tsv");
const COMPARE: &str = include_str!("data/compare.tsv");
const CONSTRAINTS: &str = include_str!("data/constraints.tsv");

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// The text of a string as Go quotes it.
fn unquote(quoted: &str) -> String {
    let mut text = String::new();
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next().unwrap_or('\\') {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'f' => '\u{c}',
                'v' => '\u{b}',
                other => other,
            },
            c => c,
        });
    }
    text
}

#[test]
fn versions_are_read_as_the_library_reads_them() {
    let mut seen = 0;
    for row in rows(VERSIONS) {
        let text = unquote(row[0]);
        match (Version::parse(&text), row[1]) {
            (Err(_), "error") => {}
            (Ok(version), full) => {
                assert_eq!(version.to_string(), full, "{text:?}");
                assert_eq!(version.prerelease(), unquote(row[2]), "{text:?}");
                assert_eq!(version.metadata(), unquote(row[3]), "{text:?}");
            }
            (Err(error), full) => panic!("{text:?}: {error}, expected {full}"),
        }
        seen += 1;
    }
    assert!(seen > 80, "{seen} rows");
}

#[test]
fn versions_compare_as_in_the_library() {
    let table: Vec<(Version, &str)> = rows(COMPARE)
        .map(|row| (Version::parse(row[0]).unwrap(), row[1]))
        .collect();
    for (left, signs) in &table {
        for ((right, _), sign) in table.iter().zip(signs.chars()) {
            let expected = match sign {
                '<' => Ordering::Less,
                '=' => Ordering::Equal,
                _ => Ordering::Greater,
            };
            assert_eq!(left.precedence(right), expected, "{left} and {right}");
        }
    }
}

#[test]
fn constraints_hold_for_the_same_versions_as_in_the_library() {
    let versions: Vec<Version> = rows(COMPARE)
        .map(|row| Version::parse(row[0]).unwrap())
        .collect();
    let (mut good, mut bad) = (0, 0);
    for row in rows(CONSTRAINTS) {
        let text = unquote(row[0]);
        let parsed = Constraint::parse(&text);
        if row[1] == "error" {
            assert!(parsed.is_err(), "{text:?} was read as {parsed:?}");
            bad += 1;
            continue;
        }
        let constraint = parsed.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(constraint.to_string(), unquote(row[1]), "{text:?}");
        for (version, bit) in versions.iter().zip(row[2].chars()) {
            assert_eq!(
                constraint.matches(version),
                bit == '1',
                "{text:?} of {version}"
            );
        }
        good += 1;
    }
    assert!(good > 700 && bad > 1000, "{good} good, {bad} bad rows");
}

proptest! {
    #[test]
    fn no_text_panics_and_errors_lie_inside_it(text in "[0-9vxX*.+<>=~^!|, é-]{0,24}") {
        let _ = Version::parse(&text);
        if let Err(error) = Constraint::parse(&text) {
            prop_assert!(text.get(error.at.clone()).is_some(), "{:?} of {:?}", error.at, text);
        }
    }

    #[test]
    fn precedence_is_an_order(a in "[0-2](\\.[0-2]){0,2}(-[a0-9]{1,2}(\\.[a0-9]{1,2})?)?", b in "[0-2](\\.[0-2]){0,2}(-[a0-9]{1,2})?") {
        if let (Ok(a), Ok(b)) = (Version::parse(&a), Version::parse(&b)) {
            prop_assert_eq!(a.precedence(&b), b.precedence(&a).reverse());
        }
    }
}
