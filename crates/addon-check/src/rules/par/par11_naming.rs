//! Parameters have names such as `serviceType`: words without dashes and underscores, each but the first with a capital.
//!
//! It is the style of KubeVela and of Kubernetes, so who sets a parameter need not look up how it is written. Besides, in CUE
//! `parameter.service-type` is a subtraction.
//!
//! Bad:
//! ```cue
//! parameter: service_type: *"ClusterIP" | string
//! ```
//! Good:
//! ```cue
//! parameter: serviceType: *"ClusterIP" | string
//! ```

use crate::input::Input;
use crate::parameters::declarations;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR11",
    title: "parameters are named as elsewhere",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "par/par11_naming.rs",
    source: include_str!("par11_naming.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for declared in declarations(input) {
        let Some(name) = declared.path.last() else {
            continue;
        };
        let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
        if name.starts_with('_') || starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            continue;
        }
        let better = camel_case(name);
        if better.is_empty() || better == *name {
            continue;
        }
        let message = format!("the parameter `{name}` is not named as others are");
        let found = RULE.finding(message, declared.field.label.span());
        findings.push(found.help(format!("call it `{better}`")));
    }
}

/// `service_type` as `serviceType`.
fn camel_case(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut made = String::new();
    for word in words {
        let mut letters = word.chars();
        let Some(first) = letters.next() else {
            continue;
        };
        if made.is_empty() {
            made.push(first.to_ascii_lowercase());
        } else {
            made.push(first.to_ascii_uppercase());
        }
        made.push_str(letters.as_str());
    }
    made
}
