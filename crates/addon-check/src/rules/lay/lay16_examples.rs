//! The addon has a folder `examples/`.
//!
//! It holds the arguments of typical installations, and Applications that use what the addon brings. `check` renders the addon
//! with each file of arguments there, so an example that no longer works is found. The catalog of KubeVela prefers addons with
//! examples; the profile `catalog` makes this a warning.
//!
//! Bad: `metadata.yaml`, `template.cue`, `parameter.cue`.
//!
//! Good: besides, `examples/high-availability.yaml`:
//! ```yaml
//! replicas: 3
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY16",
    title: "there are examples",
    severity: Severity::Info,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay16_examples.rs",
    source: include_str!("lay16_examples.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let entries = &input.addon.tree.entries;
    let is_example = |path: &str| {
        let folder = path.split('/').next().unwrap_or_default();
        matches!(folder, "examples" | "example") && path.contains('/')
    };
    if entries.iter().any(|entry| is_example(entry.path.as_str())) {
        return;
    }
    let place = input.addon.tree.root.child("examples");
    let found = RULE.finding("the addon has no `examples/`", place);
    findings.push(found.help("add a file of arguments, or an Application that uses the addon"));
}
