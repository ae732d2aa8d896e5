//! Comments with a meaning for KubeVela begin with `+` and a word that it knows: `// +usage=`, `+short=`, `+ignore`,
//! `+immutable`, `+patchKey=`, `+patchStrategy=`, `+alias=`.
//!
//! Any other comment is just a comment: of `// usage=...` and `// +Usage=...` no form and no documentation knows.
//!
//! Bad:
//! ```cue
//! parameter: {
//!     // usage=How many pods serve requests
//!     replicas: *1 | int
//! }
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     // +usage=How many pods serve requests
//!     replicas: *1 | int
//! }
//! ```

use crate::input::Input;
use crate::parameters::declarations;
use crate::rule::{Found, Holds, Rule};
use crate::spelling;
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "PAR14",
    title: "marks of parameters are spelled right",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par14_marker.rs",
    source: include_str!("par14_marker.rs"),
    found: &[Found::InAddon(check)],
};

/// The words that KubeVela knows.
const KNOWN: [&str; 7] = [
    "usage",
    "short",
    "ignore",
    "immutable",
    "patchKey",
    "patchStrategy",
    "alias",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for declared in declarations(input) {
        for comment in declared
            .field
            .meta
            .comments
            .groups()
            .iter()
            .flat_map(|group| &group.list)
        {
            let text = comment.text.as_str();
            let Some((word, meant)) = misspelled(text.trim_start_matches('/')) else {
                continue;
            };
            let start = comment.pos.offset;
            let length = u32::try_from(text.len()).unwrap_or_default();
            let message = format!("KubeVela does not know the mark `{word}`");
            let found = RULE.finding(message, Span::new(start, start + length));
            findings.push(found.help(format!("write `+{meant}`")));
        }
    }
}

/// The mark of a comment that is none, and what is meant.
fn misspelled(text: &str) -> Option<(String, &'static str)> {
    let text = text.trim();
    let end = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        end.unwrap_or(text.len())
    };
    if let Some(rest) = text.strip_prefix('+') {
        let word = rest.trim_start();
        let (name, after) = word.split_at_checked(end(word))?;
        let is_mark = !name.is_empty() && (after.is_empty() || after.starts_with(['=', ':', ' ']));
        if !is_mark || KNOWN.contains(&name) && word.len() == rest.len() && !after.starts_with(':')
        {
            return None;
        }
        // other tools have marks of their own
        return Some((format!("+{name}"), spelling::nearest(name, KNOWN)?));
    }
    // a mark without its sign has the form of one
    let (name, after) = text.split_at_checked(end(text))?;
    let known = KNOWN
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))?;
    after.starts_with('=').then(|| (name.to_owned(), *known))
}
