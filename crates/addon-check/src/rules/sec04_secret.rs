//! No packaged file holds a private key, or an access token of a well-known service.
//!
//! Everybody who can read the registry can read it, for ever: removing it from the next version does not help. What was
//! published once must be revoked. Only keys and tokens with an unmistakable form are found, plain or base64 as in a
//! `Secret`; those made of one repeated letter and the examples of AWS are taken for placeholders.
//!
//! The finding for a token names its line but does not point into the text, so that the token is not shown on the screen
//! or in a build log.
//!
//! Bad:
//! ```yaml
//! kind: Secret
//! stringData:
//!   token: ghp_...
//! ```
//! Good: a parameter that the user sets when the addon is enabled.
//! ```cue
//! stringData: token: parameter.token
//! ```

use crate::input::Input;
use crate::rule::{Found, Rule};
use addon_model::TextFile;
use regex::Regex;
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(crate) const RULE: Rule = Rule {
    id: "SEC04",
    title: "no private key or access token lies in the package",
    severity: Severity::Error,
    holds_for: "all releases of KubeVela",
    file: "sec04_secret.rs",
    source: include_str!("sec04_secret.rs"),
    found: Found::Check(check),
};

/// A kind of secret: what people call it and what it looks like. A group `t`, if there is one, is the random part.
const KINDS: [(&str, &str); 9] = [
    (
        "a private key",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)+(?<t>[A-Za-z0-9+/=]{40,})",
    ),
    (
        "a private key in base64",
        r"LS0tLS1CRUdJTiB(?:QUklWQVRFIEtFWS|SU0EgUFJJVkFURSBLRVkt|FQyBQUklWQVRFIEtFWS|PUEVOU1NIIFBSSVZBVEUgS0VZ)(?<t>[A-Za-z0-9+/=]{60,})",
    ),
    (
        "an access key of AWS",
        r"(?-u:\b)(?:AKIA|ASIA)(?<t>[A-Z2-7]{16})(?-u:\b)",
    ),
    (
        "a token of GitHub",
        r"(?-u:\b)gh[pousr]_(?<t>[A-Za-z0-9]{36})(?-u:\b)",
    ),
    (
        "a token of GitHub",
        r"(?-u:\b)github_pat_(?<t>[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?-u:\b)",
    ),
    (
        "a token of GitLab",
        r"(?-u:\b)glpat-(?<t>[A-Za-z0-9_-]{20})(?-u:\b)",
    ),
    (
        "a token of Slack",
        r"(?-u:\b)xox[abprs]-(?<t>[0-9]{8,}-[0-9A-Za-z-]{16,})",
    ),
    (
        "a key of Google Cloud",
        r"(?-u:\b)AIza(?<t>[0-9A-Za-z_-]{35})(?-u:\b)",
    ),
    ("a key of Stripe", r"(?-u:\b)sk_live_(?<t>[0-9a-zA-Z]{24,})"),
];

/// Fewer different letters than this are a placeholder.
const LEAST_LETTERS: usize = 8;

/// What each kind has literally in it: most files have none, and then no pattern is tried.
const LITERALS: [&str; 14] = [
    "PRIVATE KEY",
    "LS0tLS1CRUdJTiB",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "AIza",
    "sk_live_",
];

fn patterns() -> &'static [(&'static str, Regex)] {
    static COMPILED: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
        KINDS
            .iter()
            .filter_map(|(kind, pattern)| Some((*kind, Regex::new(pattern).ok()?)))
            .collect()
    });
    &COMPILED
}

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.texts().chain(&input.others) {
        let text = file.text();
        let is_packaged = !input.ignored.leaves_out(file.path.as_str());
        if !is_packaged || !LITERALS.iter().any(|literal| text.contains(literal)) {
            continue;
        }
        for (kind, pattern) in patterns() {
            for hit in pattern.captures_iter(text) {
                if let (Some(whole), Some(random)) = (hit.get(0), hit.name("t"))
                    && !is_placeholder(random.as_str())
                {
                    findings.push(finding(input, file, kind, whole.start()));
                }
            }
        }
    }
}

fn finding(input: &Input<'_>, file: &TextFile, kind: &str, at: usize) -> Diagnostic {
    let help = "revoke it if it was ever published, and let the user pass it as a parameter";
    // the line that opens a key in PEM shows nothing; all others show the secret itself
    if kind == "a private key" {
        let message = format!("`{}` holds {kind}", file.path);
        let span = file.source.span_of(at, at + "-----BEGIN".len());
        return RULE.finding(message, span).help(help);
    }
    let place = file.source.line_column(at);
    let message = format!(
        "`{}` holds {kind} in line {}, column {}",
        file.path, place.line, place.column
    );
    RULE.finding(message, input.addon.tree.root.join(&file.path))
        .help(help)
}

fn is_placeholder(random: &str) -> bool {
    let letters: BTreeSet<u8> = random.bytes().collect();
    letters.len() < LEAST_LETTERS || random.ends_with("EXAMPLE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(patterns().len(), KINDS.len());
    }

    #[test]
    fn placeholders_are_no_secrets() {
        assert!(is_placeholder("xxxxxxxxxxxxxxxx"));
        assert!(is_placeholder("IOSFODNN7EXAMPLE"));
        assert!(!is_placeholder("Q3ZK7TWB2MXY5LDA"));
    }
}
