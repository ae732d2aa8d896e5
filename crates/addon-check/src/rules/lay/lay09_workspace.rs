//! A folder of addons holds folders with one addon each and nothing else, and no two addons are the same.
//!
//! A registry of type git takes every folder in its path for an addon: one without `metadata.yaml` is listed as an
//! addon without a name, and older releases of KubeVela stumble over files (`resource name may not be empty`). In
//! other registries nothing happens, so this is a warning. Two addons with one name and version are an error: only
//! one of them can be published. With different versions they are two releases of one addon, which a registry
//! of type git knows by their folders only.
//!
//! Bad: `addons/README.md`, `addons/scripts/`, or the same `name` and `version` in `addons/a/metadata.yaml` and
//! `addons/b/metadata.yaml`.
//!
//! Good: `addons/a/metadata.yaml` and `addons/b/metadata.yaml` with a name each, and the scripts elsewhere.

use crate::rule::{Found, Holds, Rule};
use crate::workspace::{Member, Workspace};
use source_vocab::{Diagnostic, EntryKind, Severity};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "LAY09",
    title: "a folder of addons holds addons only, each once",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay09_workspace.rs",
    source: include_str!("lay09_workspace.rs"),
    found: &[Found::InWorkspace(check)],
};

fn check(workspace: &Workspace, findings: &mut Vec<Diagnostic>) {
    if workspace.members.is_empty() {
        return;
    }
    for other in &workspace.others {
        let name = other.path.file_name();
        let (message, help) = if other.kind == EntryKind::Directory {
            (
                format!(
                    "a git registry takes `{name}` for an addon, but it has no `metadata.yaml`"
                ),
                "move it out of the folder of addons",
            )
        } else {
            (
                format!(
                    "`{name}` lies among the addons, where older releases of KubeVela stumble over it"
                ),
                "move it out of the folder if it is served as a git registry",
            )
        };
        let found = RULE.milder(Severity::Warning, message, other.path.clone());
        findings.push(found.help(help));
    }
    let mut names: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
    for member in &workspace.members {
        let name = &member.meta().name;
        if name.is_empty() {
            continue;
        }
        let before = names.entry(name.as_str()).or_default();
        findings.extend(doubled(member, before));
        before.push(member);
    }
}

/// What is wrong with an addon whose name others have already.
fn doubled(member: &Member, before: &[&Member]) -> Option<Diagnostic> {
    let meta = member.meta();
    let bare = |member: &Member| {
        let version = &member.meta().version;
        version.strip_prefix('v').unwrap_or(version).to_owned()
    };
    let same = before.iter().find(|other| bare(other) == bare(member));
    let first = same.or_else(|| before.first())?;
    let found = if same.is_some() {
        let message = format!("`{}` {} stands twice", meta.name.value, meta.version.value);
        RULE.finding(message, member.place(meta.name.span))
            .help("give one of them another name or version: only one can be published")
    } else {
        let message = format!("two addons are called `{}`", meta.name.value);
        RULE.milder(Severity::Warning, message, member.place(meta.name.span))
            .help("keep one folder for each addon, and its older versions in the history")
    };
    Some(found.label(first.place(first.meta().name.span), "the first one"))
}
