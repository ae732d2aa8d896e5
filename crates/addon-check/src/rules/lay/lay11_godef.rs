//! An addon with `godef/` has a Go module there, and the definitions that come of it in `definitions/`.
//!
//! Only `vela addon enable DIRECTORY` compiles them, on a machine with Go. An addon from a registry is enabled without
//! the definitions of `godef/`.
//!
//! Bad: `godef/go.mod` and `godef/trait.go`, and no `definitions/`.
//!
//! Good: besides, `definitions/trait.cue`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY11",
    title: "definitions in Go are shipped compiled",
    severity: Severity::Warning,
    holds: Holds::KubeVela(">=1.11.0"),
    mended: false,
    file: "lay/lay11_godef.rs",
    source: include_str!("lay11_godef.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let tree = &input.addon.tree;
    let mut sources = tree
        .entries
        .iter()
        .filter(|entry| entry.path.as_str().starts_with("godef/"))
        .peekable();
    let Some(first) = sources.peek() else { return };
    let place = input.file_place(first);
    if tree.find("godef/go.mod").is_none()
        || !sources.any(|entry| entry.path.extension() == Some("go"))
    {
        let message = "`godef/` is no Go module with sources";
        findings.push(
            RULE.finding(message, place)
                .help("add `go.mod` and at least one `.go` file"),
        );
    } else if input.addon.definitions.is_empty() {
        let message = "registries ship `godef/` without compiling it, and `definitions/` is empty";
        let help = "add the compiled definitions to `definitions/`";
        findings.push(RULE.finding(message, place).help(help));
    }
}
