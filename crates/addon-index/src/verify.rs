//! What a client of the registry would trip over.
//!
//! `REG02`: every URL must lead to an archive whose digest the index gives. `REG05`: a URL of another host gets
//! the registry's password from `vela`. (`REG01`, the form of the index, is found by [`crate::read()`].)

use crate::model::{Index, IndexEntry};
use source_vocab::{Diagnostic, Place};

/// Looks at the archives of a registry.
pub trait Archives {
    /// The SHA-256, in hexadecimal, of the archive at a URL relative to the index; `None` when there is none.
    fn digest(&self, url: &str) -> Option<String>;
}

fn place(entry: &IndexEntry) -> Place {
    if entry.span.is_detached() {
        Place::Nowhere
    } else {
        Place::Text(entry.span.start())
    }
}

/// Whether a URL names a host of its own.
fn is_absolute(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty())
}

/// Why a relative URL leads KubeVela (`path.Join`, the query of the registry's own URL kept) to another place than
/// Helm (RFC 3986), or a static host.
fn ambiguous(url: &str) -> Option<&'static str> {
    if url.starts_with('/') {
        Some("begins with a slash, which Helm takes for the root of the host")
    } else if url.split('/').any(|part| part == "..") {
        Some("leads out of the registry")
    } else if url.contains('%') {
        Some("has an escape, which KubeVela escapes once more")
    } else if url.contains(['?', '#']) {
        Some("has a query, which KubeVela takes for a part of the name")
    } else {
        None
    }
}

/// The part of a URL that says whose server it is.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.rsplit('@').next().unwrap_or(authority)
}

/// Checks every entry. `base` is the URL that the index is served under, when that is known.
pub fn verify(index: &Index, archives: &dyn Archives, base: Option<&str>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, versions) in index.addons() {
        for entry in versions {
            let what = format!("`{name}` {}", entry.version());
            check_entry(&what, entry, archives, base, &mut found);
        }
    }
    found
}

fn check_entry(
    what: &str,
    entry: &IndexEntry,
    archives: &dyn Archives,
    base: Option<&str>,
    found: &mut Vec<Diagnostic>,
) {
    let digest = entry.digest();
    if digest.is_empty() {
        let message = format!("{what} has no digest");
        let help = "write the archive's SHA-256 as `digest`: without it nobody can tell a damaged download";
        found.push(Diagnostic::error("REG02", message, place(entry)).help(help));
    }
    if entry.urls().next().is_none() {
        let message = format!("{what} has no URL");
        found.push(Diagnostic::error("REG02", message, place(entry)));
    }
    for url in entry.urls() {
        if is_absolute(url) {
            if base.is_none_or(|base| host(base) != host(url)) {
                let message = format!("the archive of {what} is on another host, `{}`", host(url));
                let help = "use a URL relative to the index: `vela` sends the registry's password to that host";
                found.push(Diagnostic::warning("REG05", message, place(entry)).help(help));
            }
            continue;
        }
        if let Some(why) = ambiguous(url) {
            let message = format!("the URL `{url}` of {what} {why}");
            let help = "write it relative to the index, as in `charts/a-1.0.0.tgz`";
            found.push(Diagnostic::warning("REG02", message, place(entry)).help(help));
        }
        match archives.digest(url) {
            None => {
                let message = format!("the archive of {what} is not at `{url}`");
                let help = "publish the version again, or take the entry out";
                found.push(Diagnostic::error("REG02", message, place(entry)).help(help));
            }
            Some(actual) if !digest.is_empty() && actual != digest => {
                let message =
                    format!("the archive of {what} has not the digest that the index gives");
                let finding = Diagnostic::error("REG02", message, place(entry)).note(format!(
                    "the index says {digest}, the archive at `{url}` has {actual}"
                ));
                found.push(finding.help("restore the archive that was published"));
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::SourceMap;

    struct One;

    impl Archives for One {
        fn digest(&self, url: &str) -> Option<String> {
            (url.trim_start_matches('/') == "charts/a-1.0.0.tgz").then(|| "aa".to_owned())
        }
    }

    fn codes(text: &str) -> Vec<String> {
        let mut sources = SourceMap::new();
        let file = sources.add("index.yaml", text).unwrap();
        let read = crate::read(&file);
        let index = read.value.unwrap();
        read.diagnostics
            .into_iter()
            .chain(verify(&index, &One, Some("https://here/charts")))
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect()
    }

    #[test]
    fn a_sound_index_has_no_findings() {
        let text = "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: aa, urls: [charts/a-1.0.0.tgz]}\n";
        assert_eq!(codes(text), Vec::<String>::new());
        let text = "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: aa, urls: ['https://here/x.tgz']}\n";
        assert_eq!(codes(text), Vec::<String>::new());
    }

    #[test]
    fn each_mistake_is_found() {
        for (text, wanted) in [
            ("entries: {}\n", "REG01: the index has no `apiVersion`"),
            (
                "apiVersion: v1\nmine: 1\n",
                "REG01: `mine` is no field of the index",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - null\n",
                "REG01: an entry of `a` is null",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {name: a, urls: [x]}\n",
                "REG01: an entry of `a` has no `version`",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: ab, urls: [charts/a-1.0.0.tgz]}\n",
                "REG02: the archive of `a` 1.0.0 has not the digest that the index gives",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: aa, urls: [b.tgz]}\n",
                "REG02: the archive of `a` 1.0.0 is not at `b.tgz`",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: aa, urls: [/charts/a-1.0.0.tgz]}\n",
                "REG02: the URL `/charts/a-1.0.0.tgz` of `a` 1.0.0 begins with a slash, which Helm takes for the root of the host",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {version: 1.0.0, digest: aa, urls: [charts/a-1.0.0.tgz]}\n",
                "REG01: an entry of `a` has no `name`",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: aa, urls: ['https://there/x.tgz']}\n",
                "REG05: the archive of `a` 1.0.0 is on another host, `there`",
            ),
            (
                "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, digest: aa, urls: [charts/a-1.0.0.tgz]}\n  - {name: a, version: v1.0.0, digest: aa, urls: [charts/a-1.0.0.tgz]}\n",
                "REG01: `1.0.0` of `a` stands twice",
            ),
        ] {
            assert_eq!(codes(text), [wanted], "{text}");
        }
    }
}
