//! Each property that a definition needs is given.
//!
//! A parameter without `?` and without a default has to come from somewhere: from `properties`, from a policy `override`, or
//! from an input of the component or of a workflow step. Otherwise the template has no value for it, and KubeVela
//! refuses the Application.
//!
//! Bad:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//!   properties: {port: 80}
//! ```
//! Good:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//!   properties: {image: nginx, port: 80}
//! ```

use crate::definitions::{Fault, Use};
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Place, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF06",
    title: "each property that a definition needs is given",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref06_missing_property.rs",
    source: include_str!("ref06_missing_property.rs"),
    found: &[Found::WhileReading("the check of REF04")],
};

/// A property that nobody gives; none when somebody else may.
pub(super) fn finding(
    fault: &Fault,
    used: &Use<'_>,
    subject: &str,
    place: Place,
) -> Option<Diagnostic> {
    let first = fault.path.split(['.', '[']).next().unwrap_or_default();
    if used.is_partial || used.given.contains(first) {
        return None;
    }
    let message = format!("the {subject} needs the property `{}`", fault.path);
    Some(RULE.finding(message, place).help("give it a value"))
}
