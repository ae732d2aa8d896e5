//! `notes` in `NOTES.cue` is a text with the defaults and in every case, and uses only `parameter`, `context.metadata` and
//! `context.installer`.
//!
//! KubeVela evaluates it behind the parameters once the addon is enabled. Whatever is wrong only goes to the log, and the user
//! reads no notes.
//!
//! Bad:
//! ```cue
//! notes: "the addon is in the namespace \(context.namespace)"
//! ```
//! Good:
//! ```cue
//! notes: "\(context.metadata.name) is enabled"
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "NOTE02",
    title: "the notes are a text",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "note/note02_renders.rs",
    source: include_str!("note02_renders.rs"),
    found: &[Found::WhileReading("addon_render::render")],
};
