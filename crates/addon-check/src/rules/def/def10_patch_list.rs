//! A list in the `patch` of a trait says how it is joined with the list that is there: `+patchKey`, `+patchStrategy`, or an open end.
//!
//! Without it KubeVela unifies the two lists element by element: lists of different lengths conflict, and the first
//! container of the patch becomes one with the first container of the workload, whatever its name is. `+patchKey` is for
//! lists; on anything else it does nothing.
//!
//! Bad:
//! ```cue
//! template: patch: spec: template: spec: containers: [{name: "sidecar", image: "a:1"}]
//! ```
//! Good:
//! ```cue
//! template: patch: spec: template: spec: {
//!     // +patchKey=name
//!     containers: [{name: "sidecar", image: "a:1"}]
//! }
//! ```

use super::{Shape, definitions};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{Fields, bare, name_of};
use cue_syntax::ast::{Decl, Expr, Field};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "DEF10",
    title: "a list in a patch says how it is joined",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "def/def10_patch_list.rs",
    source: include_str!("def10_patch_list.rs"),
    found: &[Found::InAddon(check)],
};

/// How deep a patch is looked into.
const MAX_DEPTH: u32 = 32;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in definitions(input) {
        let decls = &file.parsed.file.decls;
        if Shape::of(decls).kind().as_deref() != Some("trait") {
            continue;
        }
        for patch in Fields::at(decls, &["template", "patch"]).all {
            look(patch, Marks::of(patch), 0, findings);
        }
    }
}

/// What the comments of a field say of joining.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Marks {
    has_key: bool,
    has_strategy: bool,
}

impl Marks {
    pub(in crate::rules) fn of(field: &Field) -> Self {
        let has = |mark: &str| {
            let groups = field.meta.comments.groups().iter();
            let mut comments = groups.flat_map(|group| &group.list);
            comments.any(|comment| {
                comment
                    .text
                    .trim_start_matches('/')
                    .trim()
                    .starts_with(mark)
            })
        };
        Self {
            has_key: has("+patchKey"),
            has_strategy: has("+patchStrategy"),
        }
    }

    /// Whether a list below is joined in another way than element by element.
    pub(in crate::rules) fn joins(self) -> bool {
        self.has_key || self.has_strategy
    }
}

fn look(field: &Field, marks: Marks, depth: u32, findings: &mut Vec<Diagnostic>) {
    if depth > MAX_DEPTH {
        return;
    }
    let name = name_of(field).unwrap_or_default();
    match bare(&field.value) {
        Expr::List(list) => {
            let is_open = matches!(list.elts.last(), Some(Expr::Ellipsis(_)));
            if !marks.has_key && !marks.has_strategy && !is_open && !list.elts.is_empty() {
                let message = format!("the list `{name}` is joined element by element");
                let found = RULE.finding(message, field.label.span());
                findings.push(found.help("write `// +patchKey=name` in the line before"));
            }
        }
        Expr::Struct(body) => {
            if marks.has_key && body.has_braces() {
                let message = format!("`{name}` is no list, and `+patchKey` does nothing");
                let found = RULE.finding(message, field.label.span());
                findings.push(found.help("write it before the list that it is meant for"));
            }
            // a strategy such as `jsonPatch` is about everything below
            if marks.has_strategy {
                return;
            }
            for decl in &body.elts {
                let inner: &[Decl] = match decl {
                    Decl::Comprehension(comprehension) => &comprehension.value.elts,
                    other => std::slice::from_ref(other),
                };
                for decl in inner {
                    let Decl::Field(inner) = decl else { continue };
                    // the comment of `a: b: c` belongs to each of the three
                    let marks = match Marks::of(inner) {
                        own if body.has_braces() => own,
                        own => Marks {
                            has_key: own.has_key || marks.has_key,
                            has_strategy: own.has_strategy || marks.has_strategy,
                        },
                    };
                    look(inner, marks, depth + 1, findings);
                }
            }
        }
        _ => {}
    }
}
