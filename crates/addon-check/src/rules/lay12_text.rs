//! Files that KubeVela reads are UTF-8 without a byte order mark, with plain line ends, and their paths have at most 100 bytes.
//!
//! Bytes that are no text keep the file from being read, and are an error. A byte order mark is part of the text to
//! KubeVela before a file is packaged and gone after. Line ends of Windows end up in every multi-line string. A longer
//! path needs an extension of the archive format that not every reader knows.
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
    title: "files are plain UTF-8 with short names",
    severity: Severity::Warning,
    holds_for: "all releases of KubeVela",
    file: "lay12_text.rs",
    source: include_str!("lay12_text.rs"),
    found: Found::Check(check),
};

/// The room for a name in the oldest header of an archive.
const LONGEST: usize = 100;

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
            findings.push(found.help("save it with line feeds alone"));
        }
    }
    let name = input.addon.meta().name.len();
    for entry in input.packaged() {
        let length = name + 1 + entry.path.as_str().len();
        if length > LONGEST {
            let message = format!(
                "the path of `{}` has {length} bytes in the archive",
                entry.path
            );
            let found = RULE.finding(message, input.file_place(entry));
            findings.push(found.help(format!("use at most {LONGEST}")));
        }
    }
}
