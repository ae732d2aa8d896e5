//! A parameter for a password, a token or a key has no default.
//!
//! Everybody can read the addon, so everybody knows the secret of each installation whose owner did not think of setting one.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     // +usage=The password of the administrator
//!     adminPassword: *"kubevela" | string
//! }
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     // +usage=The password of the administrator
//!     adminPassword: string
//! }
//! ```

use crate::input::Input;
use crate::parameters::declarations;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::text;
use cue_syntax::ast::{BinaryOp, Expr, UnaryOp};
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "PAR07",
    title: "a secret has no default",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par07_secret_default.rs",
    source: include_str!("par07_secret_default.rs"),
    found: &[Found::InAddon(check)],
};

/// Ends of the names of secrets, in lower case and without dashes.
const SECRETS: [&str; 10] = [
    "password",
    "passwd",
    "pwd",
    "token",
    "secretkey",
    "secretaccesskey",
    "accesskeysecret",
    "apikey",
    "privatekey",
    "credential",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for declared in declarations(input) {
        let Some(name) = declared.path.last() else {
            continue;
        };
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        if !SECRETS.iter().any(|end| plain.ends_with(end)) {
            continue;
        }
        let Some(span) = default_text(&declared.field.value) else {
            continue;
        };
        let message = format!(
            "the default of `{}` is a secret that everybody knows",
            declared.name()
        );
        let found = RULE.finding(message, span);
        findings.push(found.help("require it, or make a random one where it is missing"));
    }
}

/// Where the text is that a value has when no argument is given; none when it is empty.
fn default_text(value: &Expr) -> Option<Span> {
    match value.unparen() {
        Expr::Binary(binary) if binary.op == BinaryOp::Or => {
            default_text(&binary.left).or_else(|| default_text(&binary.right))
        }
        Expr::Unary(unary) if unary.op == UnaryOp::Default => {
            let text = text(&unary.operand)?;
            (!text.trim().is_empty()).then(|| unary.operand.span())
        }
        _ => None,
    }
}
