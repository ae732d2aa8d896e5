//! Lists whose elements are told apart by a key.
//!
//! Unification matches lists by position. Where the patch says `+patchKey=name`, its list is first laid over the base: an
//! element with the name of a base element moves to that position, positions without a partner get `{}`, and what is new
//! follows at the end:
//! ```text
//! base   [{name: "a", x: 1}, {name: "b"}]          unified
//! patch  [{name: "c"}, {name: "a", y: 2}]   ──►   [{name: "a", x: 1, y: 2}, {name: "b"}, {name: "c"}]
//!   as   [{name: "a", y: 2}, {}, {name: "c"}]
//! ```
//! A key may be a path (`metadata.name`), and several keys may be given (`name,port`). As `listMergeProcess` of workflow
//! v0.6.4 `pkg/cue/model/sets/operation.go`, in which a patch element whose key stands twice loses to the later one and an
//! element without a key is dropped as soon as another one has it.

use super::draft::{Draft, End};
use cue_engine::Data;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a matched element is merged into that of the base or takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matched {
    Merge,
    Replace,
}

/// Lays the patch's list over the base's. Whatever cannot be matched by key is left as it is, to be unified by position.
pub(super) fn align(
    keys: &str,
    matched: Matched,
    base: &mut [Draft],
    patch: &mut Vec<Draft>,
    end: &mut End,
) {
    if let Some(aligned) = aligned(keys, matched, base, patch) {
        *patch = aligned;
        *end = End::Open;
    }
}

fn aligned(
    keys: &str,
    matched: Matched,
    base: &mut [Draft],
    patch: &[Draft],
) -> Option<Vec<Draft>> {
    // (key, its value) → the element of the patch
    let mut waiting: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut out = Vec::new();
    for key in keys.split(',') {
        let path: Vec<&str> = key.split('.').collect();
        let mut found = false;
        for (at, element) in patch.iter().enumerate() {
            let Some(value) = element.at(&path) else {
                continue;
            };
            found = true;
            waiting.insert((key, scalar(value)?), at);
        }
        if !found {
            if patch.is_empty() {
                continue;
            }
            return None;
        }
        for element in base.iter_mut() {
            let Some(value) = element.at(&path) else {
                continue;
            };
            match waiting.remove(&(key, scalar(value)?)) {
                Some(at) => {
                    if matched == Matched::Replace {
                        *element = Draft::Struct(Vec::new());
                    }
                    out.extend(patch.get(at).cloned());
                }
                None => out.push(Draft::Struct(Vec::new())),
            }
        }
    }
    let rest: BTreeSet<usize> = waiting.into_values().collect();
    out.extend(rest.into_iter().filter_map(|at| patch.get(at).cloned()));
    Some(out)
}

/// A scalar as text that tells kinds apart: `1` is not `"1"`.
fn scalar(draft: &Draft) -> Option<String> {
    match draft {
        Draft::Scalar(Data::String(text), _) => Some(format!("\"{text}")),
        Draft::Scalar(data, _) => Some(cue_engine::export::json_text(data)),
        _ => None,
    }
}
