//! Patching one value with another.
//!
//! Without a directive a patch is *unified* with its base: fields are added, and a value that differs is a conflict, not an
//! override. Directives in the documentation of the patch's fields change that:
//!
//! | directive | on | effect |
//! |---|---|---|
//! | `+patchKey=name` | a list, or anything around it | elements are matched by the key instead of by position: see [`keyed`] |
//! | `+patchStrategy=replace` | a list | the patch's list takes the place of the base's |
//! | `+patchStrategy=retainKeys` | a field | its value takes the place of the base's |
//! | | a list with a key | a matched element takes the place of the base's |
//! | `+patchStrategy=jsonMergePatch` | the patch itself | RFC 7396: see [`json`] |
//! | `+patchStrategy=jsonPatch` | the patch itself | RFC 6902, the list `operations` of the patch |
//!
//! Lists of the base that are values of fields can always grow. As `sets.StrategyUnify` of workflow v0.6.4
//! `pkg/cue/model/sets/operation.go`; what it rewrites in syntax trees is here a [`Draft`].

mod draft;
mod json;
mod keyed;

use super::object::Object;
use cue_engine::syntax::ast;
use cue_engine::{Check, Evaluation, Package, Session, Value, explain};
use draft::{Directives, Draft, directives, draft, opened};
use keyed::Matched;
use source_vocab::{Diagnostic, Place};

/// How a patch is applied as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// By unification.
    Unify,
    /// As a JSON merge patch.
    JsonMergePatch,
    /// As a list of JSON patch operations.
    JsonPatch,
}

const KEY: &str = "patchKey";
const STRATEGY: &str = "patchStrategy";

impl Strategy {
    /// What the documentation of the patch asks for.
    pub(super) fn of(patch: Value<'_>) -> Self {
        match directives(patch).get(STRATEGY).map(String::as_str) {
            Some("jsonMergePatch") => Self::JsonMergePatch,
            Some("jsonPatch") => Self::JsonPatch,
            _ => Self::Unify,
        }
    }
}

/// The base with the patch applied, as a package of its own.
///
/// # Errors
/// What is in conflict, incomplete or wrong, with its places in the files of the base's and the patch's authors.
pub(super) fn patch(
    session: &Session,
    base: Value<'_>,
    patch: Value<'_>,
    strategy: Strategy,
) -> Result<Evaluation, Vec<Diagnostic>> {
    let files = match strategy {
        Strategy::Unify => unified(base, patch)?,
        Strategy::JsonMergePatch => {
            let merged = json::merge(&object(base)?, &object(patch)?);
            vec![opened(&merged)]
        }
        Strategy::JsonPatch => {
            let operations = match patch.field("operations") {
                Some(operations) => object(operations)?,
                None => {
                    return Err(vec![Diagnostic::error(
                        "deep/invalid-patch",
                        "a patch of the strategy `jsonPatch` must have the field `operations`",
                        Place::Text(patch.span()),
                    )]);
                }
            };
            let patched = json::apply(&object(base)?, &operations).map_err(|why| {
                vec![Diagnostic::error(
                    "deep/invalid-patch",
                    why,
                    Place::Text(patch.span()),
                )]
            })?;
            vec![opened(&patched)]
        }
    };
    let mut package = Package::default();
    package.extend(files, session);
    let evaluation = session.evaluate_with_elements(&package, &[], &[]);
    let Some(root) = evaluation.root() else {
        return Err(evaluation.diagnostics);
    };
    let found = explain::findings(root, Check::Valid);
    if found.is_empty() {
        Ok(evaluation)
    } else {
        Err(found)
    }
}

fn object(value: Value<'_>) -> Result<Object, Vec<Diagnostic>> {
    cue_engine::export::data(value).map(|data| Object::of_data(&data))
}

fn unified(base: Value<'_>, patch: Value<'_>) -> Result<Vec<ast::File>, Vec<Diagnostic>> {
    let mut base = draft(base).map_err(undecided)?;
    base.open_lists();
    let mut patch = draft(patch).map_err(undecided)?;
    walk(&mut patch, &mut Vec::new(), "", &mut base);
    Ok(vec![base.into_file(), patch.into_file()])
}

/// Why a value cannot be taken out of its graph.
fn undecided(part: Value<'_>) -> Vec<Diagnostic> {
    let found = explain::findings(part, Check::Final);
    if found.is_empty() {
        vec![explain::not_concrete(part)]
    } else {
        found
    }
}

/// Follows the directives of a patch: `path` leads from the root to `patch`, `key` is the key that a field around it gave.
fn walk(patch: &mut Draft, path: &mut Vec<String>, key: &str, base: &mut Draft) {
    match patch {
        Draft::Struct(members) => {
            for member in members {
                path.push(member.name.to_string());
                direct(&member.directives, &mut member.value, path, key, base);
                if !member.definition {
                    let key = member.directives.get(KEY).map_or(key, String::as_str);
                    walk(&mut member.value, path, key, base);
                }
                path.pop();
            }
        }
        Draft::List { items, .. } => {
            for (at, item) in items.iter_mut().enumerate() {
                path.push(at.to_string());
                walk(item, path, key, base);
                path.pop();
            }
        }
        Draft::Choice { alternatives, .. } => {
            for alternative in alternatives {
                walk(alternative, path, key, base);
            }
        }
        Draft::Scalar(..) | Draft::Constraint(_) => {}
    }
}

/// Applies the directives of one field to its value and to what the base has at the same path.
fn direct(
    directives: &Directives,
    value: &mut Draft,
    path: &[String],
    inherited: &str,
    base: &mut Draft,
) {
    let strategy = directives.get(STRATEGY).map_or("", String::as_str);
    if let Draft::List { items, end } = value {
        let key = directives.get(KEY).map_or(inherited, String::as_str);
        let Some(Draft::List {
            items: base_items,
            end: base_end,
        }) = base.at_mut(path)
        else {
            return;
        };
        if strategy == "replace" {
            base_items.clone_from(items);
            base_end.clone_from(end);
        } else if !key.is_empty() {
            let matched = if strategy == "retainKeys" {
                Matched::Replace
            } else {
                Matched::Merge
            };
            keyed::align(key, matched, base_items, items, end);
        }
    } else if strategy == "retainKeys"
        && let Some(target) = base.at_mut(path)
    {
        target.clone_from(value);
    }
}

#[cfg(test)]
mod tests;
