//! Each entry of `needNamespace` is the name of a namespace: at most 63 lower-case letters, digits and dashes, with a
//! letter or digit at both ends.
//!
//! KubeVela makes a component `NAMESPACE-namespace` of each entry, and the cluster refuses any other name. The entry
//! `vela-system` is only a warning: that namespace exists before any addon, and KubeVela leaves the entry out (the first
//! releases with `needNamespace` deleted the namespace with the addon).
//!
//! Bad:
//! ```yaml
//! needNamespace: [Flux_System]
//! ```
//! Good:
//! ```yaml
//! needNamespace: [flux-system]
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META08",
    title: "`needNamespace` names namespaces to be created",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta08_need_namespace.rs",
    source: include_str!("meta08_need_namespace.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for namespace in &input.addon.meta().need_namespace.value {
        let place = input.metadata_place(namespace.span);
        if namespace.value == "vela-system" {
            let message = "`vela-system` exists already, the entry has no effect";
            let found = RULE.milder(Severity::Warning, message, place);
            findings.push(found.help("remove the entry"));
        } else if !is_label(namespace) {
            let message = format!("`{}` is no name of a namespace", namespace.value);
            let help = "use at most 63 lower-case letters, digits and dashes between them";
            findings.push(RULE.finding(message, place).help(help));
        }
    }
}

/// A DNS label of RFC 1123.
fn is_label(text: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty()
        && text.len() <= 63
        && text.bytes().all(is_inside)
        && !text.starts_with('-')
        && !text.ends_with('-')
}
