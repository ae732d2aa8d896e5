//! A parameter has a type, and one that takes a few words only names them.
//!
//! VelaUX and `vela show` make a form of the parameters. `_`, `{...}` or a list without a type of its elements gives none, and
//! a mistake in the arguments is found by the cluster only, if at all. For the policy of pulling images, the type of a Service
//! and the restart policy Kubernetes takes a few words; a port (for information) is a number up to 65535.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     // +usage=When images are pulled
//!     imagePullPolicy: *"IfNotPresent" | string
//!     // +usage=Further arguments
//!     args: [...]
//! }
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     // +usage=When images are pulled
//!     imagePullPolicy: *"IfNotPresent" | "Always" | "Never"
//!     // +usage=Further arguments
//!     args: [...string]
//! }
//! ```

use crate::input::Input;
use crate::parameters::declarations;
use crate::rule::{Found, Holds, Rule};
use cue_syntax::ast::{BinaryOp, Decl, Expr};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR05",
    title: "a parameter says what it takes",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par05_loose.rs",
    source: include_str!("par05_loose.rs"),
    found: &[Found::InAddon(check)],
};

/// Ends of names, in lower case, and the words that Kubernetes takes.
const WORDS: [(&str, &str); 3] = [
    ("pullpolicy", r#"*"IfNotPresent" | "Always" | "Never""#),
    (
        "servicetype",
        r#"*"ClusterIP" | "NodePort" | "LoadBalancer""#,
    ),
    ("restartpolicy", r#"*"Always" | "OnFailure" | "Never""#),
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for declared in declarations(input) {
        let Some(name) = declared.path.last() else {
            continue;
        };
        let lower = name.to_ascii_lowercase();
        let value = &declared.field.value;
        let place = declared.field.label.span();
        if let Some(what) = anything(value) {
            let message = format!("the parameter `{}` takes {what}", declared.name());
            let found = RULE.finding(message, place);
            findings.push(found.help("write its type, as in `string` or `[...string]`"));
        } else if let Some((_, words)) = WORDS.iter().find(|(end, _)| lower.ends_with(end))
            && is_open(value, "string")
        {
            let message = format!(
                "the parameter `{}` takes any text, Kubernetes a few words",
                declared.name()
            );
            let found = RULE.finding(message, place);
            findings.push(found.help(format!("write `{words}`, in the order of your default")));
        } else if (lower == "port" || name.ends_with("Port")) && is_open(value, "int") {
            let message = format!(
                "the parameter `{}` takes any number, a port is at most 65535",
                declared.name()
            );
            let found = RULE.milder(Severity::Info, message, place);
            findings.push(found.help("write `int & >0 & <65536`"));
        }
    }
}

/// What a value takes that takes everything.
fn anything(value: &Expr) -> Option<&'static str> {
    match value.unparen() {
        Expr::Ident(ident) if ident.name.as_str() == "_" => Some("anything"),
        Expr::Struct(body) => match body.elts.as_slice() {
            [Decl::Ellipsis(_)] | [] => Some("any struct"),
            _ => None,
        },
        Expr::List(list) => match list.elts.as_slice() {
            [Expr::Ellipsis(rest)] => match &rest.element {
                None => Some("a list of anything"),
                Some(element) => anything(element).map(|_| "a list of anything"),
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether one of the alternatives of a value is a whole type.
fn is_open(value: &Expr, kind: &str) -> bool {
    match value.unparen() {
        Expr::Ident(ident) => ident.name.as_str() == kind,
        Expr::Binary(binary) if binary.op == BinaryOp::Or => {
            is_open(&binary.left, kind) || is_open(&binary.right, kind)
        }
        _ => false,
    }
}
