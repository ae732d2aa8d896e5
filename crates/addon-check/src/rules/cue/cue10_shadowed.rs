//! A field is not its own value, and a pattern of a struct is one that names can have.
//!
//! In `name: name` the second word is the field itself, not one of the same name outside: the value stays open, and KubeVela
//! fails with a value that is not concrete. In `[#Labels]: string` the brackets ask which *names* the pattern is about; a
//! struct is no name, so the pattern is about nothing.
//!
//! Bad:
//! ```cue
//! name: "web"
//! component: {
//!     name: name
//! }
//! ```
//! Good:
//! ```cue
//! let title = "web"
//! component: {
//!     name: title
//! }
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Declared, Referent, Scope, walk};
use cue_syntax::ast::{Decl, Expr, Field, Label, LabelName, Node};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CUE10",
    title: "a name refers to something else than the field that it is the value of",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue10_shadowed.rs",
    source: include_str!("cue10_shadowed.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if file.is_idle() || !file.parsed.errors.is_empty() {
            continue;
        }
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, _| {
            let Node::Decl(Decl::Field(field)) = node else {
                return;
            };
            if let Some(name) = own_value(field)
                && scope.resolve(&name).iter().all(is_own_value)
            {
                let message = format!("the value of `{name}` is the field itself");
                let found = RULE.finding(message, field.value.span());
                findings.push(found.help(
                    "give what is meant another name, with a `let` where it stands, and refer to that",
                ));
            }
            if let Some(element) = pattern(field) {
                let mut is_whole = true;
                let values = scope.values(element, &mut is_whole);
                let is_struct = |(value, _): &(&Expr, Scope<'_>)| matches!(value, Expr::Struct(_));
                if is_whole && !values.is_empty() && values.iter().all(is_struct) {
                    let found =
                        RULE.finding("the pattern is a struct, which no name is", element.span());
                    findings.push(
                        found.help(
                            "write what the names are, as in `[string]`, or embed the struct",
                        ),
                    );
                }
            }
        });
    }
}

/// The name of a field whose value is that name.
fn own_value(field: &Field) -> Option<String> {
    let LabelName::Ident(name) = field.label.name() else {
        return None;
    };
    (field.value.unparen().as_ident() == Some(&name)).then_some(name)
}

fn is_own_value(declared: &Declared<'_>) -> bool {
    matches!(declared.referent, Referent::Field(field) if own_value(field).is_some())
}

/// What stands in the brackets of a pattern, without its alias.
fn pattern(field: &Field) -> Option<&Expr> {
    let Label::List(list) = field.label.unaliased() else {
        return None;
    };
    match list.elts.as_slice() {
        [Expr::Alias(alias)] => Some(&alias.expr),
        [element] => Some(element),
        _ => None,
    }
}
