//! Each property has a value that the definition takes: of its type, one of its list, within its bounds.
//!
//! KubeVela unifies the properties with the definition's `parameter`, and what does not fit ends with `conflicting values`
//! when the Application is applied. An optional property that is `null` does not fit either, unless the definition says so:
//! `clusters: null` is no list.
//!
//! Bad:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//!   properties: {image: nginx, cpu: 1}
//! ```
//! Good:
//! ```yaml
//! components:
//! - name: web
//!   type: webservice
//!   properties: {image: nginx, cpu: "1"}
//! ```

use crate::definitions::Fault;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Place, Severity};

pub(super) const RULE: Rule = Rule {
    id: "REF05",
    title: "each property has a value that the definition takes",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ref/ref05_wrong_value.rs",
    source: include_str!("ref05_wrong_value.rs"),
    found: &[Found::WhileReading("the check of REF04")],
};

/// A value that does not fit.
pub(super) fn finding(fault: &Fault, subject: &str, place: Place) -> Diagnostic {
    let what = if fault.path.is_empty() {
        "the properties".to_owned()
    } else {
        format!("`{}`", fault.path)
    };
    let message = format!("{what} of the {subject} {}", fault.expected);
    RULE.finding(message, place)
        .help("write a value that the definition takes")
}
