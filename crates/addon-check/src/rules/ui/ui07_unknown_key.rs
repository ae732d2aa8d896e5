//! The keys of a parameter in a UI schema are those that VelaUX has.
//!
//! KubeVela stores any other without a word, and VelaUX shows the parameter as if the line were not there.
//!
//! Bad:
//! ```yaml
//! - jsonKey: image
//!   lable: Image
//! ```
//! Good:
//! ```yaml
//! - jsonKey: image
//!   label: Image
//! ```

use super::ui01_list::{parameters, parsed};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    id: "UI07",
    title: "the keys of a UI schema are known",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui07_unknown_key.rs",
    source: include_str!("ui07_unknown_key.rs"),
    found: &[Found::InAddon(check)],
};

/// The fields of a parameter (kubevela `pkg/utils/schema`, `UIParameter`). `disabled` is UI05.
const KEYS: [&str; 14] = [
    "sort",
    "label",
    "description",
    "validate",
    "jsonKey",
    "uiType",
    "style",
    "disable",
    "disabled",
    "conditions",
    "subParameterGroupOption",
    "subParameters",
    "additionalParameter",
    "additional",
];

/// The fields of `validate`.
const CHECKS: [&str; 9] = [
    "required",
    "max",
    "maxLength",
    "min",
    "minLength",
    "pattern",
    "options",
    "defaultValue",
    "immutable",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &input.addon.schemas {
        let yaml = parsed(file);
        for parameter in yaml.tree().map(parameters).unwrap_or_default() {
            look(parameter, &KEYS, findings);
            if let Some(validate) = parameter.get("validate") {
                look(validate, &CHECKS, findings);
            }
        }
    }
}

fn look(mapping: &Tree, known: &[&str], findings: &mut Vec<Diagnostic>) {
    for entry in mapping.entries() {
        // Go's decoder does not mind the case of a key
        if known.iter().any(|key| key.eq_ignore_ascii_case(&entry.key)) {
            continue;
        }
        let message = format!("VelaUX does not know the key `{}`", entry.key);
        let found = RULE.finding(message, entry.key_span);
        findings.push(
            found.help(match nearest::nearest(&entry.key, known.iter().copied()) {
                Some(near) => format!("write `{near}`"),
                None => "remove it".to_owned(),
            }),
        );
    }
}
