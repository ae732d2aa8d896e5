//! The files stay below the sizes that Helm takes.
//!
//! Helm 3.17 and later refuse an archive with a bigger file, or with more in total: nobody could install the addon.
//! An archive of more than 1 MiB is worth knowing of: every `vela addon enable` loads it.
//!
//! Bad: a disk image in `resources/`.
//!
//! Good: an object that loads it from where it is published.

use crate::archive::ArchiveInput;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PKG03",
    title: "no file has more than 5 MiB, and all together not more than 100 MiB",
    severity: Severity::Error,
    holds: Holds::Helm(">=3.17.0"),
    mended: false,
    file: "pkg/pkg03_size.rs",
    source: include_str!("pkg03_size.rs"),
    found: &[
        Found::InArchive(check),
        Found::WhileReading("addon_archive::plan"),
    ],
};

/// More bytes than this are worth knowing of.
const LARGE: usize = 1 << 20;

fn check(input: &ArchiveInput<'_>, findings: &mut Vec<Diagnostic>) {
    let size = input.archive.bytes.len();
    if size <= LARGE {
        return;
    }
    let largest = input.contents.files.iter().max_by_key(|file| file.size);
    let message = format!("the archive has {size} bytes, which each `vela addon enable` loads");
    let found = RULE.milder(Severity::Info, message, input.place());
    let found = found.help("load what is large from where it is published, or leave it out");
    findings.push(match largest {
        Some(file) => found.note(format!(
            "the largest file is `{}` with {} bytes",
            file.path, file.size
        )),
        None => found,
    });
}
