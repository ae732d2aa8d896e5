//! `spec.names`: what the resource is called in paths, in manifests and on the command line.

use super::super::metadata::is_label_1035;
use super::super::path::Path;
use super::super::schema::{member, text};
use crate::fault::{Fault, FaultKind};
use goyaml::Tree;

/// A name of DNS: labels of lower-case letters, digits and dashes with dots between them.
pub(super) fn is_subdomain(text: &str) -> bool {
    let is_alnum = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_label = |label: &str| {
        label.starts_with(is_alnum)
            && label.ends_with(is_alnum)
            && label.chars().all(|c| is_alnum(c) || c == '-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

const LABEL: &str =
    "is no name of at most 63 lower-case letters, digits and dashes that begins with a letter";

/// The names of a definition.
pub(super) fn check(spec: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let here = path.field("names");
    let names = member(spec, "names");
    let span = names.map_or(spec.span, |names| names.span);
    let get = |key: &str| names.and_then(|names| text(names, key));
    for key in ["plural", "kind"] {
        if get(key).is_none() {
            faults.push(
                here.field(key)
                    .fault(FaultKind::Required, "is required", span),
            );
        }
    }
    let Some(names) = names else {
        return;
    };
    for key in ["plural", "singular", "kind", "listKind"] {
        let (Some(written), Some(found)) = (text(names, key), names.get(key)) else {
            continue;
        };
        let lowered = written.to_lowercase();
        let is_mixed = matches!(key, "kind" | "listKind");
        let is_name = is_label_1035(if is_mixed { &lowered } else { written });
        if !is_name {
            let message = if is_mixed {
                format!(
                    "`{written}` is no kind: at most 63 letters, digits and dashes, a letter first"
                )
            } else {
                format!("`{written}` {LABEL}")
            };
            faults.push(
                here.field(key)
                    .fault(FaultKind::Invalid, message, found.span),
            );
        }
    }
    // a singular is made of the kind when there is none
    if let (None, Some(kind)) = (get("singular"), get("kind"))
        && !is_label_1035(&kind.to_lowercase())
    {
        let message = format!("`{}`, made from the kind, {LABEL}", kind.to_lowercase());
        faults.push(
            here.field("singular")
                .fault(FaultKind::Invalid, message, span),
        );
    }
    if let (Some(kind), Some(list)) = (get("kind"), get("listKind"))
        && kind == list
    {
        let span = names.get("listKind").map_or(span, |found| found.span);
        let message = "is the same as the kind, such as `KINDList` is expected";
        faults.push(
            here.field("listKind")
                .fault(FaultKind::Invalid, message, span),
        );
    }
    for key in ["shortNames", "categories"] {
        let of_all = here.field(key);
        let items = names.get(key).map(Tree::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            let written = item.as_str().unwrap_or_default();
            if !is_label_1035(written) {
                let message = format!("`{written}` {LABEL}");
                faults.push(
                    of_all
                        .index(at)
                        .fault(FaultKind::Invalid, message, item.span),
                );
            }
        }
    }
}
