//! `deployTo.runtimeCluster` stands only beside a template in YAML, and is written by its present name.
//!
//! KubeVela adds a topology policy for it to `template.yaml`. It adds nothing to `template.cue`, whose author is expected
//! to write the policy. `runtime_cluster` is the old name; `disableControlPlane` is read and used nowhere.
//!
//! Bad: beside a `template.cue`
//! ```yaml
//! deployTo:
//!   runtimeCluster: true
//! ```
//! Good: no `deployTo`, and in `template.cue`
//! ```cue
//! policies: [{type: "topology", name: "everywhere", properties: clusterLabelSelector: {}}]
//! ```

use crate::input::Input;
use crate::rule::{Found, Rule};
use source_vocab::{Diagnostic, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "META09",
    title: "`deployTo` has an effect",
    severity: Severity::Warning,
    holds_for: "all releases of KubeVela",
    file: "meta09_deploy_to.rs",
    source: include_str!("meta09_deploy_to.rs"),
    found: Found::Check(check),
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(deploy_to) = &input.addon.meta().deploy_to else {
        return;
    };
    let has_cue = |file: &addon_model::TextFile| !file.text().is_empty();
    if input.addon.template_cue.as_ref().is_some_and(has_cue) {
        let asks = deploy_to.runtime_cluster.value || deploy_to.legacy_runtime_cluster.value;
        if asks {
            let message = "`deployTo` has no effect on an addon with `template.cue`";
            let found = RULE.finding(message, input.metadata_place(deploy_to.span));
            findings.push(found.help("remove it and write a topology policy into the template"));
        }
        return;
    }
    if deploy_to.disable_control_plane.is_set() {
        let place = input.metadata_place(deploy_to.disable_control_plane.span);
        let message = "`disableControlPlane` has no effect";
        findings.push(RULE.finding(message, place).help("remove it"));
    }
    if deploy_to.legacy_runtime_cluster.is_set() {
        let place = input.metadata_place(deploy_to.legacy_runtime_cluster.span);
        let message = "`runtime_cluster` is the old name of `runtimeCluster`";
        findings.push(RULE.finding(message, place).help("write `runtimeCluster`"));
    }
}
