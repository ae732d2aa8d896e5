//! A constraint that admits a release of Kubernetes also admits what vendors call it, as in `1.24.8-eks-ffeb93d`.
//!
//! To semver such a version is a pre-release, which a bound without a pre-release part never admits. KubeVela helps by
//! leaving the suffix away, but only when the whole constraint has no dash in it: `>=1.19.0-0 <1.30.0` has one, and then
//! `<1.30.0` refuses every cluster of a vendor.
//!
//! Bad:
//! ```yaml
//! system:
//!   kubernetes: ">=1.19.0-0 <1.30.0"
//! ```
//! Good:
//! ```yaml
//! system:
//!   kubernetes: ">=1.19.0-0 <1.30.0-0"
//! ```

use crate::constraint;
use crate::input::Input;
use crate::rule::{Found, Rule};
use source_vocab::{Diagnostic, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "META12",
    title: "`system.kubernetes` admits the versions of vendors",
    severity: Severity::Warning,
    holds_for: "all releases of KubeVela",
    file: "meta12_vendor_versions.rs",
    source: include_str!("meta12_vendor_versions.rs"),
    found: Found::Check(check),
};

/// Minor releases that are tried.
const MINORS: std::ops::Range<u32> = 16..45;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(system) = &input.addon.meta().system else {
        return;
    };
    let text = &system.kubernetes;
    // a patch that no bound names: `>=1.19.0` may well leave out 1.19.0 itself with a suffix
    let refused = MINORS.map(|minor| format!("v1.{minor}.97")).find(|plain| {
        constraint::admits(text, plain) == Ok(true)
            && constraint::admits(text, &format!("{plain}-eks-1")) == Ok(false)
    });
    if let Some(plain) = refused {
        let message = format!(
            "`{}` admits `{plain}` but no version of a vendor such as `{plain}-eks-1`",
            text.value
        );
        let found = RULE.finding(message, input.metadata_place(text.span));
        findings.push(found.help("end each bound in `-0`, or none of them"));
    }
}
