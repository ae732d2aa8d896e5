//! The version has the form `MAJOR.MINOR.PATCH`, with `-PRERELEASE` where wanted, as Masterminds semver reads it.
//!
//! Helm refuses an archive with another version, and an index drops it: nobody finds the release. KubeVela writes the
//! version into a label of the Application, so it has at most 63 characters and no build metadata: a cluster refuses
//! the label `1.0.0+build.5`.
//!
//! Bad:
//! ```yaml
//! version: v1beta2-1.3.8-3.1.1
//! ```
//! Good:
//! ```yaml
//! version: 1.3.8-v1beta2.3.1.1
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META04",
    title: "`version` is a version",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta04_version.rs",
    source: include_str!("meta04_version.rs"),
    found: &[
        Found::InAddon(check),
        Found::WhileReading("addon_archive::plan"),
    ],
};

/// The most characters of a label.
const LONGEST: usize = 63;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let version = &input.addon.meta().version;
    if gosemver::Version::parse(version).is_err() {
        return;
    }
    let (message, help) = if version.contains('+') {
        let message = format!(
            "`{}` has build metadata, which the label with the version cannot hold",
            version.value
        );
        (
            message,
            "leave out what begins with `+`, or write it after a `-`",
        )
    } else if version.len() > LONGEST {
        let message = format!(
            "the version has {} characters, expected at most {LONGEST}",
            version.len()
        );
        (message, "use a shorter version: it becomes a label")
    } else {
        return;
    };
    let place = input.metadata_place(version.span);
    findings.push(RULE.finding(message, place).help(help));
}
