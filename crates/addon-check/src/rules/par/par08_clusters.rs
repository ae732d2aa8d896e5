//! A parameter `clusters` is optional and takes a list of names.
//!
//! KubeVela passes the clusters to an addon under that name, and `null` when it is installed as the dependency of another;
//! an addon that wants something else there fails then.
//!
//! Bad:
//! ```cue
//! parameter: clusters: [...string]
//! ```
//! Good:
//! ```cue
//! parameter: {
//!     // +usage=The clusters to install to, all if it is left out
//!     clusters?: [...string]
//! }
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::par::par03_usage::{fields_of, name_of};
use addon_model::Role;
use cue_syntax::ast::Expr;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PAR08",
    title: "the parameter `clusters` may be left out, null, or a list",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "par/par08_clusters.rs",
    source: include_str!("par08_clusters.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if !matches!(file.role, Role::Parameter | Role::ResourceParameter) {
            continue;
        }
        for field in fields_of("parameter", &file.parsed.file.decls) {
            let is_clusters = name_of(field).as_deref() == Some("clusters");
            let has_default = matches!(&field.value, Expr::Binary(_));
            if is_clusters && field.constraint.is_none() && !has_default {
                let message = "the parameter `clusters` must be given, and may not be null";
                let found = RULE.finding(message, field.label.span());
                findings.push(found.help("write `clusters?: [...string]`"));
            }
        }
    }
}
