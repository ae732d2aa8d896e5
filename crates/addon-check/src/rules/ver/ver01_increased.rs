//! A changed addon has a higher version.
//!
//! The content of the addon is compared with what `check --against` names. Whoever has the version already never gets what changed, since nothing tells KubeVela that there is something new.
//! A version that is lower than the one it is compared with is found too.
//!
//! It is looked for when `addon-pack check --against` says what to compare with; `addon-pack diff` shows all that changed.
//!
//! Bad:
//! ```yaml
//! # the template changed since 1.2.3
//! version: 1.2.3
//! ```
//! Good:
//! ```yaml
//! version: 1.2.4
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "VER01",
    title: "a changed addon has a higher version",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ver/ver01_increased.rs",
    source: include_str!("ver01_increased.rs"),
    found: &[Found::WhileReading("addon_diff::compare")],
};
