//! The directory is called as the addon is.
//!
//! KubeVela names everything after `name` in `metadata.yaml`. A git registry, however, lists the directories, and `vela
//! addon enable DIR` shows the directory: with two names people look for the wrong one.
//!
//! Bad: `flux/metadata.yaml` with
//! ```yaml
//! name: fluxcd
//! ```
//! Good: `fluxcd/metadata.yaml` with
//! ```yaml
//! name: fluxcd
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META06",
    title: "the directory has the name of the addon",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta06_directory.rs",
    source: include_str!("meta06_directory.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let name = &input.addon.meta().name;
    let Some(directory) = input.directory else {
        return;
    };
    if name.is_empty() || directory == name.value {
        return;
    }
    let message = format!(
        "the addon `{}` lies in a directory `{directory}`",
        name.value
    );
    let found = RULE.finding(message, input.metadata_place(name.span));
    findings.push(found.help("give both the same name"));
}
