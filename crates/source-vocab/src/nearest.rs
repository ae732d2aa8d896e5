//! The name that was probably meant: edit distance.
//!
//! Insertions, deletions, replacements and swaps of neighbours count one each. A name is proposed
//! only when it is close for its length.

/// How many edits lead from one name to the other.
pub fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, &one) in left.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, &other) in right.iter().enumerate() {
            let replace = last[column] + usize::from(one != other);
            let mut best = replace.min(last[column + 1] + 1).min(now[column] + 1);
            if row > 0 && column > 0 && one == right[column - 1] && left[row - 1] == other {
                best = best.min(before[column - 1] + 1);
            }
            now.push(best);
        }
        before = std::mem::replace(&mut last, now);
    }
    last[right.len()]
}

/// The largest distance at which a name is proposed for `name`.
pub fn limit(name: &str) -> usize {
    (name.chars().count() / 3).max(1)
}

/// The one of `names` that was probably meant by `name`: the closest, the first of several, none when all are far.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let most = limit(name);
    names
        .into_iter()
        .map(|known| (distance(name, known), known))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_of_neighbours_is_one_edit() {
        assert_eq!(distance("replicsa", "replicas"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn the_closest_name_is_proposed_when_it_is_close() {
        assert_eq!(
            nearest("webservce", ["worker", "webservice"]),
            Some("webservice")
        );
        assert_eq!(nearest("helm", ["worker", "webservice"]), None);
    }
}
