//! The URLs of a component of type `ref-objects` always give the same objects.
//!
//! KubeVela downloads them while the addon is enabled. What lies on a branch changes under the addon's version, and what
//! comes over plain HTTP may be changed by anybody on the way; both end up in the cluster.
//!
//! Bad:
//! ```yaml
//! components:
//! - name: operator
//!   type: ref-objects
//!   properties:
//!     urls: [https://raw.githubusercontent.com/example/operator/master/deploy/bundle.yaml]
//! ```
//! Good:
//! ```yaml
//! components:
//! - name: operator
//!   type: ref-objects
//!   properties:
//!     urls: [https://raw.githubusercontent.com/example/operator/v1.4.2/deploy/bundle.yaml]
//! ```

use crate::definitions::bare;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use addon_render::definition::Kind;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF10",
    title: "the URLs of `ref-objects` do not change what they give",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref10_objects_url.rs",
    source: include_str!("ref10_objects_url.rs"),
    found: &[Found::InProof(check)],
};

/// Hosts on which a part of the path is a branch, a tag or a commit.
const HOSTS: [&str; 6] = [
    "raw.githubusercontent.com",
    "github.com",
    "gitlab.com",
    "gitee.com",
    "bitbucket.org",
    "cdn.jsdelivr.net",
];

/// The names of branches that move.
const BRANCHES: [&str; 8] = [
    "master", "main", "HEAD", "develop", "dev", "trunk", "heads", "latest",
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for seen in proof.uses() {
        let used = &seen.used;
        if used.kind != Kind::Component || bare(&used.name) != "ref-objects" {
            continue;
        }
        let urls = used
            .properties
            .and_then(|properties| properties.get("urls"));
        for url in urls.map(Tree::items).unwrap_or_default() {
            let Some(text) = url.as_str() else { continue };
            let Some((message, help)) = wrong(text) else {
                continue;
            };
            let found = RULE.finding(message, seen.place(url.span)).help(help);
            findings.push(seen.told(proof, found));
        }
    }
}

/// What is wrong with a URL, and what to do.
fn wrong(url: &str) -> Option<(String, &'static str)> {
    if url.starts_with("http://") {
        let message = format!("`{url}` is fetched without encryption");
        return Some((message, "write `https://`"));
    }
    let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
    let mut parts = path.split(['/', '@']);
    let branch = parts.find(|part| BRANCHES.contains(part))?;
    if !HOSTS.contains(&host) {
        return None;
    }
    let message = format!("`{url}` is on `{branch}`, which changes under the addon's version");
    Some((
        message,
        "name a tag or a commit, or bring the objects in `resources/`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_told_from_a_tag() {
        let is_wrong = |url| wrong(url).is_some();
        assert!(is_wrong(
            "https://raw.githubusercontent.com/a/b/master/c.yaml"
        ));
        assert!(is_wrong(
            "https://github.com/a/b/releases/latest/download/c.yaml"
        ));
        assert!(is_wrong("https://cdn.jsdelivr.net/gh/a/b@main/c.yaml"));
        assert!(is_wrong("http://example.org/c.yaml"));
        assert!(!is_wrong(
            "https://raw.githubusercontent.com/a/b/v1.0.0/c.yaml"
        ));
        assert!(!is_wrong("https://example.org/main/c.yaml"));
    }
}
