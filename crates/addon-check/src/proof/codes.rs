//! Which rule a finding of the rendering belongs to.
//!
//! Rendering speaks of causes in the words of its parts (`cue/…`, `render/…`, `definition/…`), which other commands show as
//! they are. Here they get the ids under which they can be selected, ignored and looked up; a code without an id keeps itself.

use source_vocab::Diagnostic;

/// The rule of a code.
fn rule_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "cue/unused-import" => "CUE05",
        _ => return None,
    })
}

/// The finding under the id of its rule.
pub(super) fn named(mut found: Diagnostic) -> Diagnostic {
    if let Some(id) = rule_of(&found.code) {
        found.code = id.into();
    }
    found
}
