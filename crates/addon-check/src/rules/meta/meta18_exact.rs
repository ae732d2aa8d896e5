//! `system.vela` and `system.kubernetes` are ranges.
//!
//! A version without an operator admits that release alone, so the addon cannot be enabled after the next patch of KubeVela or
//! the next upgrade of the cluster. Most often `>=` is meant. (A dependency may be pinned; that is no finding.)
//!
//! Bad:
//! ```yaml
//! system:
//!   vela: v1.5.0
//! ```
//! Good:
//! ```yaml
//! system:
//!   vela: ">=v1.5.0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::admits;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META18",
    title: "a constraint says from which release on",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta18_exact.rs",
    source: include_str!("meta18_exact.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(system) = &input.addon.meta().system else {
        return;
    };
    for (what, text) in [
        ("KubeVela", &system.vela),
        ("Kubernetes", &system.kubernetes),
    ] {
        let bare = text.trim().trim_start_matches(['=', 'v', ' ']);
        let Ok(version) = gosemver::Version::parse(bare) else {
            continue;
        };
        let next = format!(
            "{}.{}.{}",
            version.major(),
            version.minor(),
            version.patch() + 1
        );
        if bare.matches('.').count() < 2 || admits(text, &next) != Ok(false) {
            continue;
        }
        let message = format!(
            "`{}` admits this one release of {what} and no other",
            text.value
        );
        let found = RULE.finding(message, input.metadata_place(text.span));
        findings.push(found.help(format!("write `>={bare}`")));
    }
}
