//! Each component of `template.yaml` has a `name` and a `type`.
//!
//! Without a name KubeVela fails with `resource name may not be empty`; without a type it finds no definition.
//!
//! Bad:
//! ```yaml
//! spec:
//!   components:
//!   - properties: {image: nginx}
//! ```
//! Good:
//! ```yaml
//! spec:
//!   components:
//!   - name: web
//!     type: webservice
//!     properties: {image: nginx}
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP03",
    title: "each component has a name and a type",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app03_component.rs",
    source: include_str!("app03_component.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, component) in input.components().enumerate() {
        for key in ["name", "type"] {
            let value = component.get(key);
            if value
                .and_then(Tree::coerced)
                .is_some_and(|text| !text.is_empty())
            {
                continue;
            }
            let place = value.map_or(component.span.start(), |value| value.span);
            let message = format!("`spec.components[{at}]` has no `{key}`");
            let found = RULE.finding(message, place);
            findings.push(found.help(format!("write the component's `{key}`")));
        }
    }
}
