//! A constraint that admits a release also admits what vendors call it, as in `1.24.8-eks-ffeb93d`, and its
//! pre-releases.
//!
//! To semver such a version is a pre-release, which a bound without a pre-release part never admits. KubeVela helps by
//! leaving the suffix away, with two exceptions. `>=1.19.0` does not admit `1.19.0-eks-1`: of the release that the
//! bound itself names, no suffix counts (nor does `>=1.5.0` of KubeVela admit `1.5.0-beta.1`). And when the
//! constraint has a dash anywhere, nothing is left away: `>=1.19.0-0 <1.30.0` refuses every cluster of a vendor.
//!
//! Bad:
//! ```yaml
//! system:
//!   kubernetes: ">=1.19.0"
//! ```
//! Good:
//! ```yaml
//! system:
//!   kubernetes: ">=1.19.0-0"
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_index::requirement::Requirement;
use addon_model::Spanned;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META12",
    title: "`system` admits vendors' names of a release, and its pre-releases",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "meta/meta12_vendor_versions.rs",
    source: include_str!("meta12_vendor_versions.rs"),
    found: &[Found::InAddon(check)],
};

/// Minor releases that are tried.
const MINORS: std::ops::Range<u32> = 0..60;

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(system) = &input.addon.meta().system else {
        return;
    };
    for (text, suffix, what) in [
        (&system.kubernetes, "-eks-1", "a vendor's version"),
        (&system.vela, "-beta.1", "a pre-release"),
    ] {
        let Some(plain) = refused(text, suffix) else {
            continue;
        };
        let message = format!(
            "`{}` admits `{plain}`, but not {what} such as `{plain}{suffix}`",
            text.value
        );
        let found = RULE.finding(message, input.metadata_place(text.span));
        findings.push(found.help(remedy(text)));
    }
}

/// A release that is admitted, though it is not with a suffix.
fn refused(text: &Spanned<String>, suffix: &str) -> Option<String> {
    let requirement = Requirement::parse(text).ok()?;
    let is_refused = |plain: &String| {
        requirement.admits(plain) == Ok(true)
            && requirement.admits(&format!("{plain}{suffix}")) == Ok(false)
    };
    // an upper bound that ends a minor release refuses the suffixes of the next one, and is meant to
    bounds(text)
        .map(|bound| format!("v{bound}"))
        .chain(MINORS.map(|minor| format!("v1.{minor}.97")))
        .find(is_refused)
}

/// The full versions that stand as lower bounds, `1.19.0` of `>=1.19.0`. One with a suffix is meant as it is.
fn bounds(text: &str) -> impl Iterator<Item = &str> {
    text.split(">=").skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches([' ', 'v']);
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (bound, after) = rest.split_at(end.unwrap_or(rest.len()));
        (bound.matches('.').count() == 2 && !after.starts_with('-')).then_some(bound)
    })
}

fn remedy(text: &str) -> String {
    let is_plain = text.strip_prefix(">=").is_some_and(|rest| {
        rest.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    if is_plain {
        format!("write `{text}-0`")
    } else {
        "end each bound in `-0`".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::Span;

    fn first(text: &str, suffix: &str) -> Option<String> {
        refused(&Spanned::new(text.to_owned(), Span::DETACHED), suffix)
    }

    #[test]
    fn only_what_a_suffix_changes_is_found() {
        assert_eq!(first(">=1.19.0", "-eks-1").as_deref(), Some("v1.19.0"));
        assert_eq!(
            first(">=1.19.0-0 <1.30.0", "-eks-1").as_deref(),
            Some("v1.19.97")
        );
        for fine in [
            "",
            ">=1.19",
            ">=v1.19.0",
            ">=1.19.0-0",
            ">=1.19.0-0 <1.30.0-0",
            ">=1.16 <1.30",
            "~1.24",
            ">=1.5.0-beta.3",
        ] {
            assert_eq!(first(fine, "-eks-1"), None, "{fine}");
        }
    }
}
