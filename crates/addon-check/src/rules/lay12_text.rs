//! Files that KubeVela reads are UTF-8 without a byte order mark, with plain line ends, and their paths fit into the header of an archive.
//!
//! Bytes that are no text keep the file from being read, and are an error. A byte order mark is part of the text to
//! KubeVela before a file is packaged and gone after. Line ends of Windows usually come from a checkout that converts
//! them: the same commit then gives another archive, with another digest, than it does elsewhere. A path needs an
//! extension of the archive format, which not every reader knows, unless it has at most 100 bytes or a slash that
//! leaves at most 155 bytes before it and 100 after it.
//!
//! Bad: `metadata.yaml` saved as "UTF-8 with BOM".
//!
//! Good: saved as "UTF-8".

use crate::input::Input;
use crate::rule::{Found, Rule};
use goyaml::Encoding;
use source_vocab::{Diagnostic, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "LAY12",
    title: "files are plain UTF-8, and their paths fit into an archive",
    severity: Severity::Warning,
    holds_for: "all releases of KubeVela",
    file: "lay12_text.rs",
    source: include_str!("lay12_text.rs"),
    found: Found::Check(check),
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
