//! The `uiType` of a parameter in a UI schema is an input that VelaUX has.
//!
//! KubeVela stores any word, and VelaUX shows nothing at all where it does not know it, so the parameter cannot be given.
//! Case counts. Without `uiType`, KubeVela chooses an input by the type of the parameter.
//!
//! Bad:
//! ```yaml
//! - jsonKey: password
//!   uiType: password
//! ```
//! Good:
//! ```yaml
//! - jsonKey: password
//!   uiType: Password
//! ```

use super::ui01_list::{parameters, parsed};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    id: "UI09",
    title: "inputs of a UI schema are those of VelaUX",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui09_input.rs",
    source: include_str!("ui09_input.rs"),
    found: &[Found::InAddon(check)],
};

/// The inputs of VelaUX (`components/UISchema`), newer ones too.
const INPUTS: [&str; 29] = [
    "CPUNumber",
    "CertBase64",
    "ComponentPatches",
    "ComponentSelect",
    "DiskNumber",
    "Group",
    "HelmChartSelect",
    "HelmChartVersionSelect",
    "HelmRepoSelect",
    "HelmValues",
    "Ignore",
    "ImageInput",
    "InnerGroup",
    "Input",
    "K8sObjectsCode",
    "KV",
    "MemoryNumber",
    "Number",
    "Numbers",
    "Password",
    "PolicySelect",
    "SecretKeySelect",
    "SecretSelect",
    "Select",
    "Strings",
    "StructMap",
    "Structs",
    "Suggest",
    "Switch",
];

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &input.addon.schemas {
        let yaml = parsed(file);
        for parameter in yaml.tree().map(parameters).unwrap_or_default() {
            let Some(value) = parameter.get("uiType") else {
                continue;
            };
            let name = value.coerced().unwrap_or_default();
            if name.is_empty() || INPUTS.contains(&&*name) {
                continue;
            }
            let message = format!("VelaUX has no input `{name}`");
            let help = match nearest::nearest(&name, INPUTS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "remove it: KubeVela chooses one by the type of the parameter".to_owned(),
            };
            findings.push(RULE.finding(message, value.span).help(help));
        }
    }
}
