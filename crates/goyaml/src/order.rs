//! The order in which goyaml.v2 writes the keys of a map.
//!
//! Keys are compared character by character; at the first difference letters come after
//! everything else, letters among themselves by code point, and runs of digits by their number:
//! `a2`, `a10`, `ab`. Source: sigs.k8s.io/yaml v1.4.0 `goyaml.v2/sorter.go`.
//!
//! That comparison is no total order for every set of strings (leading zeros, runs of digits too
//! long for 64 bits), and the standard library's sort may panic on such; hence a merge sort of
//! our own, which cannot.

use std::cmp::Ordering;

/// Whether `a` comes before `b`.
pub(crate) fn is_less(a: &str, b: &str) -> bool {
    let (a_chars, b_chars): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut pairs = a_chars.iter().zip(&b_chars).enumerate();
    let Some((at, (&x, &y))) = pairs.find(|(_, (x, y))| x != y) else {
        return a_chars.len() < b_chars.len();
    };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x < y,
        (true, false) | (false, true) => return y.is_alphabetic(),
        (false, false) => {}
    }
    // After a digit other than zero, a zero is a digit like any other and not a leading one.
    let after_number = (x == '0' || y == '0')
        && a_chars
            .iter()
            .take(at)
            .rev()
            .take_while(|c| c.is_ascii_digit())
            .any(|&c| c != '0');
    let start = i64::from(after_number);
    let (a_number, a_end) = number(&a_chars, at, start);
    let (b_number, b_end) = number(&b_chars, at, start);
    match a_number.cmp(&b_number).then(a_end.cmp(&b_end)) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal => x < y,
    }
}

/// The number at `at` (continuing `start`) and where it ends.
fn number(chars: &[char], at: usize, start: i64) -> (i64, usize) {
    let mut value = start;
    let mut end = at;
    while let Some(digit) = chars.get(end).and_then(|c| c.to_digit(10)) {
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        end += 1;
    }
    (value, end)
}

/// Sorts stably by a comparison that may contradict itself.
pub(crate) fn sort_by<T: Copy>(items: &mut Vec<T>, is_less: impl Fn(&T, &T) -> bool) {
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((l, left_rest)), Some((r, right_rest))) =
                (left.split_first(), right.split_first())
            {
                if is_less(r, l) {
                    merged.push(*r);
                    right = right_rest;
                } else {
                    merged.push(*l);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        *items = merged;
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut keys: Vec<&str>) -> Vec<&str> {
        sort_by(&mut keys, |a, b| is_less(a, b));
        keys
    }

    #[test]
    fn digits_count_as_numbers_and_letters_come_last() {
        assert_eq!(
            sorted(vec![
                "b", "a10", "a2", "a_b", "aB", "ab", "a", "A", "a.b", "1", "10", "2", "a02"
            ]),
            vec![
                "1", "2", "10", "A", "a", "a.b", "a_b", "a2", "a02", "a10", "aB", "ab", "b"
            ]
        );
    }
}
