//! The name that somebody meant: the nearest of those that there are.
//!
//! Names are compared without their case and their dashes. Two letters may be wrong, in names of at most four letters one,
//! but never all of them; of two names that are equally near the first wins. What a wrong letter is, [`distance`] says.

use source_vocab::nearest::distance;

/// The nearest of some names, if one is near enough.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = plain(written);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let known = plain(name);
        let longer = wanted.len().max(known.len());
        let allowed = if longer > 4 { 2 } else { 1 }.min(longer.saturating_sub(1));
        let far = distance(&wanted, &known);
        if far <= allowed && best.is_none_or(|(other, _)| far < other) {
            best = Some((far, name));
        }
    }
    best.map(|(_, name)| name)
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found_and_no_other() {
        assert_eq!(nearest("replica", ["image", "replicas"]), Some("replicas"));
        assert_eq!(
            nearest("serviceTyp", ["serviceAccount", "service-type"]),
            Some("service-type")
        );
        assert_eq!(nearest("port", ["host", "ports"]), Some("ports"));
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("image", ["replicas", ""]), None);
    }
}
