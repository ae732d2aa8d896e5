//! The files in `resources/`, `definitions/`, `views/` and `config-templates/` are of a kind that is read there.
//!
//! In the first three KubeVela reads `.cue`, `.yaml` and `.yml`, in `config-templates/` only `.cue`. It ignores all
//! others without a word: a definition in JSON is simply not there. Texts for people (`.md`, `.txt`, a licence) and
//! files whose name begins with a dot may lie anywhere.
//!
//! Bad: `resources/crd.json`.
//!
//! Good: `resources/crd.yaml`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::pkg::pkg05_junk;
use addon_model::{Fit, Pattern, Role, Skip};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY06",
    title: "files in known folders have an extension that is read",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay06_extension.rs",
    source: include_str!("lay06_extension.rs"),
    found: &[Found::InAddon(check)],
};

/// Extensions of what nobody expects to be read.
const TEXTS: [&str; 3] = ["md", "txt", "adoc"];
/// Names of the same kind.
const NAMES: [&str; 4] = ["LICENSE", "NOTICE", "README", "OWNERS"];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for entry in &input.addon.tree.entries {
        let (Role::Skipped(Skip::Extension), Some((pattern, Fit::Exact))) =
            (entry.role, entry.pattern)
        else {
            continue;
        };
        let extension = entry.path.extension().unwrap_or_default();
        let name = entry.path.file_name();
        let is_text = TEXTS.contains(&extension.to_ascii_lowercase().as_str());
        // scripts and the like are PKG05's
        if is_text || NAMES.contains(&name) || name.starts_with('.') || pkg05_junk::is_junk(entry) {
            continue;
        }
        let message = format!("KubeVela ignores `{}`", entry.path);
        let help = if pattern == Pattern::ConfigTemplates {
            "write a config template in CUE, in a file `.cue`"
        } else {
            "write it as `.yaml` or `.cue`, in lower case"
        };
        findings.push(RULE.finding(message, input.file_place(entry)).help(help));
    }
}
