//! Two traits of a component do not patch one list by position.
//!
//! A list in `patch` without `+patchKey` and without `+patchStrategy` is unified with that of the workload element by element.
//! A second trait meets the list that the first one left, and two elements that differ end with `conflicting values`, or two
//! lengths with `incompatible list lengths`. With a key each trait changes or adds its own elements.
//!
//! Bad: two traits on one component, both with
//! ```cue
//! patch: spec: template: spec: volumes: [{name: parameter.name, emptyDir: {}}]
//! ```
//! Good:
//! ```cue
//! // +patchKey=name
//! patch: spec: template: spec: volumes: [{name: parameter.name, emptyDir: {}}]
//! ```

use super::super::def::def10_patch_list::Marks;
use crate::definitions::{Definition, Known, Seen};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{Fields, bare, name_of};
use addon_render::definition::Kind;
use cue_syntax::ast::{Decl, Expr, Field, File};
use source_vocab::{Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULE: Rule = Rule {
    id: "REF08",
    title: "no two traits patch one list by position",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref08_same_list.rs",
    source: include_str!("ref08_same_list.rs"),
    found: &[Found::InProof(check)],
};

/// How deep a patch is looked into.
const DEEPEST: usize = 32;

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    let mut seen_before: BTreeMap<String, Vec<(&Seen<'_>, BTreeSet<String>)>> = BTreeMap::new();
    for seen in proof.uses() {
        let Some(Definition::Addon(definition)) = known.find(seen.used.kind, &seen.used.name)
        else {
            continue;
        };
        let template = definition.template.as_ref();
        let lists = template.filter(|_| seen.used.kind == Kind::Trait);
        let lists = lists.map(joined_by_position).unwrap_or_default();
        if lists.is_empty() {
            continue;
        }
        // the owner names the component; in two Applications it is the same one
        let before = seen_before.entry(seen.used.owner.clone()).or_default();
        let other = before.iter().find_map(|(other, theirs)| {
            let list = lists.intersection(theirs).next()?;
            (other.is_beside(seen)).then_some((other, list))
        });
        if let Some((other, list)) = other {
            let message = format!(
                "the traits `{}` and `{}` both patch `{list}` by position",
                other.used.name, seen.used.name
            );
            let found = RULE
                .finding(message, seen.place(seen.used.span))
                .label(other.place(other.used.span), "the first one")
                .help("write `// +patchKey=name` before the list in both definitions");
            findings.push(seen.told(proof, found));
        }
        before.push((seen, lists));
    }
}

/// The lists in the patch of a template that are joined element by element, by their paths.
fn joined_by_position(template: &File) -> BTreeSet<String> {
    let mut lists = BTreeSet::new();
    for patch in Fields::at(&template.decls, &["patch"]).all {
        collect(patch, Marks::of(patch), &mut Vec::new(), &mut lists);
    }
    lists
}

fn collect(field: &Field, marks: Marks, path: &mut Vec<String>, lists: &mut BTreeSet<String>) {
    if marks.joins() || path.len() > DEEPEST {
        return;
    }
    match bare(&field.value) {
        Expr::List(list) => {
            let is_open = matches!(list.elts.last(), Some(Expr::Ellipsis(_)));
            if !is_open && !list.elts.is_empty() {
                lists.insert(path.join("."));
            }
        }
        Expr::Struct(body) => {
            for decl in &body.elts {
                let inner: &[Decl] = match decl {
                    Decl::Comprehension(comprehension) => &comprehension.value.elts,
                    other => std::slice::from_ref(other),
                };
                for decl in inner {
                    let Decl::Field(inner) = decl else { continue };
                    let Some(name) = name_of(inner) else { continue };
                    path.push(name);
                    collect(inner, Marks::of(inner), path, lists);
                    path.pop();
                }
            }
        }
        _ => {}
    }
}
