//! The version begins with its number.
//!
//! An addon that depends on this one asks for `0.3.0`. KubeVela before 1.9.7 compares that text with the version as it
//! is written, does not find `v0.3.0` and gives up.
//!
//! Bad:
//! ```yaml
//! version: v0.3.0
//! ```
//! Good:
//! ```yaml
//! version: 0.3.0
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Edit, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META05",
    title: "`version` has no leading `v`",
    severity: Severity::Warning,
    holds: Holds::KubeVela("<1.9.7"),
    mended: true,
    file: "meta/meta05_leading_v.rs",
    source: include_str!("meta05_leading_v.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let version = &input.addon.meta().version;
    let Some(bare) = version.strip_prefix('v') else {
        return;
    };
    if gosemver::Version::parse(bare).is_err() {
        return;
    }
    let fix = Fix {
        title: "write the version without the `v`".to_owned(),
        edits: vec![Edit {
            span: version.span,
            text: bare.to_owned(),
        }],
    };
    let message = format!("the version `{}` begins with `v`", version.value);
    let found = RULE.finding(message, input.metadata_place(version.span));
    findings.push(found.help(format!("write `{bare}`")).fix(fix));
}
