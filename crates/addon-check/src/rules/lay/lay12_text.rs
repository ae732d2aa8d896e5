//! Files that KubeVela reads are UTF-8 without a byte order mark, with plain line ends, and their paths fit into the header of an archive.
//!
//! Bytes that are no text keep the file from being read, and are an error. A byte order mark is part of the text to
//! KubeVela before a file is packaged and gone after. Line ends of Windows usually come from a checkout that converts
//! them: the same commit then gives another archive, with another digest, than it does elsewhere. A path needs an
//! extension of the archive format, which not every reader knows, unless it has at most 100 bytes or a slash that
//! leaves at most 155 bytes before it and 100 after it; so does one with characters other than those of ASCII. Spaces
//! and `<>:"|?*` cannot stand in a name everywhere, nor can a dot at its end. (Symbolic links are PKG04.)
//!
//! Bad: `metadata.yaml` saved as "UTF-8 with BOM".
//!
//! Good: saved as "UTF-8".

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Encoding;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY12",
    title: "files are plain UTF-8, and their paths fit into an archive",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay12_text.rs",
    source: include_str!("lay12_text.rs"),
    found: &[Found::InAddon(check)],
};

/// The room for a name in the header of an archive, and for the folders before it.
const NAME: usize = 100;
const FOLDERS: usize = 155;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.texts() {
        if file.encoding != Encoding::Utf8 {
            let message = format!("`{}` is not plain UTF-8", file.path);
            let found = RULE.finding(message, file.source.span().start());
            findings.push(found.help("save it as UTF-8 without a byte order mark"));
        }
        if let Some(at) = file.text().find("\r\n") {
            let message = format!("`{}` has line ends of Windows", file.path);
            let found = RULE.finding(message, file.source.span_of(at, at + 1));
            findings.push(
                found.help(
                    "save it with line feeds alone, and write `* -text` into `.gitattributes`",
                ),
            );
        }
    }
    for entry in input.packaged() {
        if let Some(problem) = odd(entry.path.as_str()) {
            let message = format!("the name of `{}` {problem}", entry.path);
            let found = RULE.finding(message, input.file_place(entry));
            findings.push(found.help("use letters, digits, `-`, `_` and `.`"));
        }
        let path = format!("{}/{}", *input.addon.meta().name, entry.path);
        if !fits(&path) {
            let message = format!(
                "the path of `{}` is too long for the header of an archive",
                entry.path
            );
            let found = RULE.finding(message, input.file_place(entry));
            findings.push(found.help(format!("use a name of at most {NAME} bytes")));
        }
    }
}

/// What some systems mind in a path that archives may have.
fn odd(path: &str) -> Option<&'static str> {
    let ends_oddly = |part: &str| part.ends_with(['.', ' ']);
    if !path.is_ascii() {
        Some("has other characters than those of ASCII")
    } else if path.contains(['<', '>', ':', '"', '|', '?', '*']) {
        Some("has a character that cannot stand in a name on Windows")
    } else if path.contains(' ') {
        Some("has a space")
    } else if path.split('/').any(ends_oddly) {
        Some("ends in a dot, which is lost on Windows")
    } else {
        None
    }
}

/// Whether the classic header holds a path: as a name, or cut at a slash into folders and a name.
fn fits(path: &str) -> bool {
    path.len() <= NAME
        || path
            .match_indices('/')
            .any(|(at, _)| at <= FOLDERS && path.len() - at - 1 <= NAME)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_path_is_cut_at_a_slash() {
        assert!(fits(&"a".repeat(100)));
        assert!(!fits(&"a".repeat(101)));
        assert!(fits(&format!("{}/{}", "a".repeat(155), "b".repeat(100))));
        assert!(!fits(&format!("{}/{}", "a".repeat(156), "b".repeat(100))));
    }
}
