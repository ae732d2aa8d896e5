//! `template.nacos.endpoint` of a config template refers to no parameter.
//!
//! KubeVela reads the endpoint when it stores the template, and there are no arguments then: the name is that of a
//! config which is already there, made from the template `nacos-server`. The other fields of `nacos` may refer to parameters.
//!
//! Bad:
//! ```cue
//! template: nacos: endpoint: name: parameter.server
//! ```
//! Good:
//! ```cue
//! template: nacos: {
//!     endpoint: name: "nacos"
//!     metadata: {dataId: parameter.dataId, group: parameter.group}
//!     content: parameter.content
//! }
//! ```

use super::templates;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{Fields, reference};
use cue_syntax::ast::Node;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CFG03",
    title: "the endpoint of Nacos is fixed",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cfg/cfg03_nacos.rs",
    source: include_str!("cfg03_nacos.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in templates(input) {
        for field in Fields::at(&file.parsed.file.decls, &["template", "nacos", "endpoint"]).all {
            let Some(parameter) = reference(Node::Expr(&field.value), "parameter") else {
                continue;
            };
            let message =
                "the endpoint refers to a parameter, and is read before there are arguments";
            let found = RULE.finding(message, parameter.meta.span);
            findings
                .push(found.help("write the name of a config that was made from `nacos-server`"));
        }
    }
}
