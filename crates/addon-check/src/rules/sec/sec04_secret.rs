//! No packaged file holds a private key, or an access token of a well-known service.
//!
//! Everybody who can read the registry can read it, for ever: removing it from the next version does not help. What was
//! published once must be revoked. Found are keys and tokens with an unmistakable form, plain or base64 as in a
//! `Secret`, and random texts of 20 and more characters under a name such as `password` or `apiKey`. What is made of
//! few letters, and the examples of AWS, are taken for placeholders.
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
use crate::rule::{Found, Holds, Rule};
use addon_model::TextFile;
use regex::Regex;
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    id: "SEC04",
    title: "no private key or access token lies in the package",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec04_secret.rs",
    source: include_str!("sec04_secret.rs"),
    found: &[Found::InAddon(check)],
};

/// A kind of secret: what people call it and what it looks like. A group `t`, if there is one, is the random part.
const KINDS: [(&str, &str); 18] = [
    (
        "a private key",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)+(?:[A-Z][A-Za-z-]+: [^\n\\]*(?:\\n|\s)+)*(?<t>[A-Za-z0-9+/=]{24,})",
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
        "an access key of Alibaba Cloud",
        r"(?-u:\b)LTAI(?<t>[A-Za-z0-9]{16,20})(?-u:\b)",
    ),
    (
        "a secret id of Tencent Cloud",
        r"(?-u:\b)AKID(?<t>[A-Za-z0-9]{32})(?-u:\b)",
    ),
    (
        "a key of Azure Storage",
        r"AccountKey=(?<t>[A-Za-z0-9+/]{86}==)",
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
        "an address of a Slack channel",
        r"hooks\.slack\.com/services/(?<t>T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{24})",
    ),
    (
        "a key of Google Cloud",
        r"(?-u:\b)AIza(?<t>[0-9A-Za-z_-]{35})(?-u:\b)",
    ),
    ("a key of Stripe", r"(?-u:\b)sk_live_(?<t>[0-9a-zA-Z]{24,})"),
    (
        "a token of npm",
        r"(?-u:\b)npm_(?<t>[A-Za-z0-9]{36})(?-u:\b)",
    ),
    (
        "a key of SendGrid",
        r"(?-u:\b)SG\.(?<t>[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?-u:\b)",
    ),
    (
        "a token of DigitalOcean",
        r"(?-u:\b)do[opr]_v1_(?<t>[a-f0-9]{64})(?-u:\b)",
    ),
    (
        "a signed token (JWT)",
        r"(?-u:\b)eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.(?<t>[A-Za-z0-9_-]{20,})",
    ),
    (
        GENERIC,
        r#"(?i-u:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)[A-Za-z0-9_.-]{0,40}["']?[ \t]*[:=][ \t]*["']?(?<t>[A-Za-z0-9+/=_!@%^&*-]{20,})(?:["'\s,]|$)"#,
    ),
];

/// What has no form of its own: a random text under a name that says it is secret.
const GENERIC: &str = "a random text under a secret's name";

/// Fewer different letters than this are a placeholder.
const LEAST_LETTERS: usize = 8;

/// What each kind has literally in it, but the last: most files have none, and then no pattern is tried.
const LITERALS: [&str; 21] = [
    "PRIVATE KEY",
    "LS0tLS1CRUdJTiB",
    "AKIA",
    "ASIA",
    "LTAI",
    "AKID",
    "AccountKey=",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "hooks.slack.com",
    "AIza",
    "sk_live_",
    "_v1_",
    "SG.",
    "npm_",
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
        if input.ignored.leaves_out(file.path.as_str()) {
            continue;
        }
        let is_likely = LITERALS.iter().any(|literal| text.contains(literal));
        let mut told: Vec<usize> = Vec::new();
        for (kind, pattern) in patterns() {
            // a signed token and a random text have no literal worth looking for
            if !is_likely && *kind != GENERIC && !text.contains("eyJ") {
                continue;
            }
            for hit in pattern.captures_iter(text) {
                let (Some(whole), Some(random)) = (hit.get(0), hit.name("t")) else {
                    continue;
                };
                let is_secret = !is_placeholder(random.as_str())
                    && (*kind != GENERIC || is_random(random.as_str()));
                let line = file.source.line_column(random.start()).line;
                if is_secret && !told.contains(&line) {
                    told.push(line);
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

/// Whether a text looks thrown by dice: digits, small and capital letters mixed with nothing that repeats, or a long
/// hexadecimal number. Words joined by dashes, paths and names of objects do not.
fn is_random(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_mixed =
        has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    // in a random text every second letter or more is of another class than the one before; words are not like that
    let class = |byte: u8| {
        [
            byte.is_ascii_digit(),
            byte.is_ascii_lowercase(),
            byte.is_ascii_uppercase(),
        ]
    };
    let neighbours = text.bytes().zip(text.bytes().skip(1));
    let changes = neighbours.filter(|(a, b)| class(*a) != class(*b)).count();
    (is_hex && text.len() >= 32 && has(u8::is_ascii_digit) && entropy(text) >= 3.0)
        || (is_mixed && changes * 2 >= text.len() && entropy(text) >= 3.8)
}

/// Bits of information in each byte, by how often the bytes stand in the text (Shannon).
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_texts_are_told_from_names() {
        for secret in [
            "wJalrXUtnFEMI7K7MDENGbPxRfiCY3KEYq9z2",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
            "Zx81kQ7pL0vT3mB9sW2eR5y",
        ] {
            assert!(is_random(secret), "{secret}");
        }
        for name in [
            "cert-manager-webhook-ca-2",
            "kubernetes.io/service-account-token",
            "sh.helm.release.v1.traefik.v2",
            "vela-core-v1beta1-Application",
            "00000000000000000000000000000000",
            "accessKeyIdOfTheSecondAccount2",
            "secret-reader-clusterrolebinding",
        ] {
            assert!(!is_random(name), "{name}");
        }
    }

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
