//! Every field of `parameter` in `parameter.cue` is used by the template, a resource, another parameter or `NOTES.cue`.
//!
//! Who enables the addon can set one that is not used, and nothing happens. (`clusters` is used by KubeVela itself where
//! `deployTo.runtimeCluster` is true.)
//!
//! Bad:
//! ```cue
//! parameter: {
//!     // +usage=How many pods serve requests
//!     replicas: *1 | int
//! }
//! ```
//! with a template that has `replicas: 1`.
//!
//! Good: `replicas: parameter.replicas` in the template.

use crate::input::Input;
use crate::parameters::{declarations, uses};
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Referent, Scope, walk};
use addon_model::Role;
use cue_syntax::ast::{Expr, Field, Node};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR02",
    title: "each parameter that is declared is used",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par02_unused.rs",
    source: include_str!("par02_unused.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    // what stands in a file that cannot be read is not known
    let mut files = input.cue().iter();
    if files.any(|file| !file.is_idle() && !file.parsed.errors.is_empty()) {
        return;
    }
    let meta = input.addon.meta();
    let deploys = meta
        .deploy_to
        .as_ref()
        .is_some_and(|target| target.runtime_cluster.value || target.legacy_runtime_cluster.value);
    let uses = uses(input);
    let siblings = named_by_siblings(input);
    for declared in declarations(input) {
        let is_clusters = declared.path == ["clusters"] && deploys;
        let is_used = uses.iter().any(|found| {
            // a use of what it stands in uses it as well
            let names = found.path.iter().map(|(name, _)| name);
            names.zip(&declared.path).all(|(used, name)| used == name)
        });
        let is_named = siblings
            .iter()
            .any(|field| std::ptr::eq(*field, declared.field));
        if is_used || is_clusters || is_named {
            continue;
        }
        // of one that is not used itself, what stands inside is not told
        let outer = declared.path.len() - 1;
        let is_inside = outer > 0
            && !uses.iter().any(|found| {
                let names = found.path.iter().map(|(name, _)| name);
                names
                    .zip(declared.path.iter().take(outer))
                    .all(|(used, name)| used == name)
            });
        if is_inside {
            continue;
        }
        let message = format!("the parameter `{}` is used nowhere", declared.name());
        let found = RULE.finding(message, declared.field.label.span());
        findings.push(found.help("use it, or remove it"));
    }
}

/// The fields that the parameter file refers to by their name alone.
fn named_by_siblings<'a>(input: &'a Input<'_>) -> Vec<&'a Field> {
    let mut found = Vec::new();
    let files = input.cue().iter();
    for file in files.filter(|file| matches!(file.role, Role::Parameter | Role::ResourceParameter))
    {
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, _| {
            if let Node::Expr(Expr::Ident(ident)) = node {
                let declared = scope.resolve(&ident.name);
                found.extend(
                    declared
                        .iter()
                        .filter_map(|declared| match declared.referent {
                            Referent::Field(field) => Some(field),
                            _ => None,
                        }),
                );
            }
        });
    }
    found
}
