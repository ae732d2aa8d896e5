//! What is downloaded is downloaded through TLS: no `http://` address of a chart, a repository or a file, and no `insecureSkipTLS`.
//!
//! Whoever is on the way can put another chart or file in place of it. Addresses inside a cluster (a name without a dot,
//! `….svc`, a number) are not looked at.
//!
//! Bad:
//! ```yaml
//! type: helm
//! properties: {url: "http://charts.example.org", chart: web, version: 1.2.3}
//! ```
//! Good:
//! ```yaml
//! properties: {url: "https://charts.example.org", chart: web, version: 1.2.3}
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, applied, place_of};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "SEC05",
    title: "downloads go through TLS",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "sec/sec05_plain_http.rs",
    source: include_str!("sec05_plain_http.rs"),
    found: &[Found::InProof(check)],
};

/// Fields of addresses from which something is fetched.
const ADDRESSES: [&str; 8] = [
    "url",
    "urls",
    "repo",
    "repoUrl",
    "repository",
    "downloadUrl",
    "remote",
    "registry",
];

/// Fields that turn the check of a certificate off.
const SWITCHES: [&str; 6] = [
    "insecureSkipTLS",
    "insecureSkipTLSVerify",
    "insecureSkipVerify",
    "insecureSkipTLSverify",
    "insecure-skip-tls-verify",
    "passCredentialsToPlainHttp",
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for application in proof.applications() {
        for component in proof.components(application) {
            // their objects are looked at as objects
            if matches!(component.kind, "k8s-objects" | "raw") {
                continue;
            }
            let mut found = Vec::new();
            look(component.tree, 0, &mut found);
            for (message, span) in found {
                let found = RULE.finding(message, application.place_of(span)).help(HELP);
                findings.push(proof.in_case(found, application.case));
            }
        }
    }
    for object in applied(proof).iter().filter(|object| fetches(object)) {
        let mut found = Vec::new();
        look(object.tree, 0, &mut found);
        for (message, span) in found {
            let found = RULE.finding(message, object.place_of(span)).help(HELP);
            findings.push(object.in_case(proof, found));
        }
    }
}

const HELP: &str = "take it from an address with `https://`, and let the certificate be checked";

/// Whether an object is not merely data, a schema or a definition.
fn fetches(object: &Applied<'_>) -> bool {
    !matches!(
        object.kind(),
        "ConfigMap" | "Secret" | "CustomResourceDefinition"
    ) && !object.kind().ends_with("Definition")
}

/// How deep an object is searched.
const MAX_DEPTH: u32 = 64;

fn look(tree: &Tree, depth: u32, found: &mut Vec<(String, Span)>) {
    if depth > MAX_DEPTH {
        return;
    }
    for entry in tree.entries() {
        let key = &*entry.key;
        if SWITCHES.contains(&key) && entry.value.data == Data::Bool(true) {
            found.push((
                format!("`{key}` lets everybody be the other side"),
                place_of(entry),
            ));
        } else if ADDRESSES.contains(&key) {
            let all = std::iter::once(&entry.value).chain(entry.value.items());
            for value in all {
                if let Some(url) = value.as_str().filter(|url| is_open(url)) {
                    found.push((format!("`{url}` is fetched without TLS"), value.span));
                }
            }
        }
        look(&entry.value, depth + 1, found);
    }
    for item in tree.items() {
        look(item, depth + 1, found);
    }
}

/// Whether an address leads through the internet without TLS.
fn is_open(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_inside = matches!(
        last,
        "svc" | "local" | "internal" | "localhost" | "localdomain"
    );
    host.contains('.') && !is_inside && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}
