//! What was probably meant by a field or a quantity that is none.

use super::data::{Definition, Type};
use super::scalar::is_quantity;
use crate::release::Releases;
use goyaml::Tree;
use source_vocab::nearest::nearest;

/// The field that was probably meant: the nearest one that is not set yet, or the same name one level down.
pub(super) fn field_meant(
    name: &str,
    value: &Tree,
    definition: Definition,
    releases: Releases,
) -> Option<String> {
    let known = || {
        definition
            .properties()
            .filter(|property| !property.releases.and(releases).is_empty())
    };
    let free = known()
        .map(|property| property.name)
        .filter(|name| value.get(name).is_none());
    if let Some(nearest) = nearest(name, free) {
        return Some(format!("did you mean `{nearest}`?"));
    }
    let mut holders = known().filter(|property| match property.of.get() {
        Type::Struct(inner) => inner.forms(name).next().is_some(),
        _ => false,
    });
    let holder = holders.next()?;
    holders
        .next()
        .is_none()
        .then(|| format!("it is a field of `{}`", holder.name))
}

/// A quantity with a suffix that people write for another: `1GB`, `64mb`.
pub(super) fn quantity_meant(text: &str) -> Option<String> {
    let digits = text
        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
        .trim_end();
    let suffix = text
        .get(digits.len()..)
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let right = match suffix.as_str() {
        "kb" => "k",
        "mb" => "M",
        "gb" => "G",
        "tb" => "T",
        "ki" | "kib" => "Ki",
        "mi" | "mib" => "Mi",
        "gi" | "gib" => "Gi",
        "ti" | "tib" => "Ti",
        "g" => "G",
        "t" => "T",
        _ => return None,
    };
    let meant = format!("{digits}{right}");
    is_quantity(&meant).then(|| format!("did you mean `{meant}`?"))
}

/// The name of a definition without its package.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
