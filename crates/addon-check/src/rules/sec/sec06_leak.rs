//! A parameter that is a secret goes into a `Secret`, not into a `ConfigMap`, an annotation or the arguments of a container.
//!
//! Those three are read by everybody who may look at the application, and arguments by every process of the node.
//! KubeVela itself keeps the arguments of an addon in a `Secret`.
//!
//! Bad:
//! ```cue
//! output: {kind: "ConfigMap", data: password: parameter.adminPassword}
//! ```
//! Good:
//! ```cue
//! output: {kind: "Secret", stringData: password: parameter.adminPassword}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::secret_name::is_secret;
use crate::syntax::{Fields, name_of, selected};
use addon_model::{Format, Role};
use cue_syntax::ast::{self, Decl, Expr, Node, StructLit};
use source_vocab::{Diagnostic, Severity};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "SEC06",
    title: "a secret parameter goes into a secret",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec06_leak.rs",
    source: include_str!("sec06_leak.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        let is_template = matches!(
            file.role,
            Role::TemplateCue | Role::Resource(Format::Cue) | Role::Definition(Format::Cue)
        );
        if is_template && file.parsed.errors.is_empty() {
            look(Node::File(&file.parsed.file), findings);
        }
    }
}

/// Finds the fields that show their values.
fn look(node: Node<'_>, findings: &mut Vec<Diagnostic>) {
    ast::walk(node, &mut |node| {
        let (decls, is_config) = match node {
            Node::File(file) => (&file.decls, is_config_map(&file.decls)),
            Node::Expr(Expr::Struct(body)) => (&body.elts, is_config_map(&body.elts)),
            Node::Struct(StructLit { elts, .. }) => (elts, is_config_map(elts)),
            _ => return ControlFlow::Continue(()),
        };
        for decl in decls {
            let Decl::Field(field) = decl else { continue };
            let place = match name_of(field).as_deref() {
                Some("args" | "command") => "an argument of a container",
                Some("annotations") => "an annotation",
                Some("data" | "binaryData") if is_config => "a `ConfigMap`",
                _ => continue,
            };
            tell(&field.value, place, findings);
        }
        ControlFlow::Continue(())
    });
}

fn is_config_map(decls: &[Decl]) -> bool {
    Fields::at(decls, &["kind"]).text().as_deref() == Some("ConfigMap")
}

/// Every secret parameter that gets into a value. In a condition it does not.
fn tell(value: &Expr, place: &str, findings: &mut Vec<Diagnostic>) {
    ast::walk(Node::Expr(value), &mut |node| {
        match node {
            Node::Clause(_) => return ControlFlow::Break(()),
            Node::Expr(expr) => {
                if let Some(name) = selected(expr, "parameter").filter(|name| is_secret(name)) {
                    let message = format!("the secret parameter `{name}` is put into {place}");
                    let found = RULE.finding(message, expr.span());
                    findings.push(found.help("put it into a `Secret`, and refer to that"));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
}
