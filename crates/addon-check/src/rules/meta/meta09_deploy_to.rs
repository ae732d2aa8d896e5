//! `deployTo` has the one key `runtimeCluster`, and stands only beside a template in YAML.
//!
//! For `runtimeCluster: true` KubeVela adds a topology policy to `template.yaml` that deploys to all clusters. It adds
//! nothing to `template.cue`, whose author is expected to write the policy. `runtime_cluster` is the old name.
//! `disableControlPlane` is read and used nowhere; `control_plane` and `controlPlane` are not even read.
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

use crate::input::{Input, line_of};
use crate::rule::{Found, Holds, Rule};
use addon_model::YamlFile;
use goyaml::{Data, Entry};
use source_vocab::{Diagnostic, Edit, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "META09",
    title: "`deployTo` has an effect",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: true,
    file: "meta/meta09_deploy_to.rs",
    source: include_str!("meta09_deploy_to.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(deploy_to) = &input.addon.meta().deploy_to else {
        return;
    };
    let has_cue = |file: &addon_model::TextFile| !file.text().is_empty();
    let is_cue = input.addon.template_cue.as_ref().is_some_and(has_cue);
    if is_cue && (deploy_to.runtime_cluster.value || deploy_to.legacy_runtime_cluster.value) {
        let message = "`deployTo` has no effect on an addon with `template.cue`";
        let found = RULE.finding(message, input.metadata_place(deploy_to.span));
        findings.push(found.help("remove it and write a topology policy into the template"));
        return;
    }
    let files = input.addon.metadata.files.iter();
    let written = files
        .filter_map(YamlFile::tree)
        .filter_map(|root| root.entry("deployTo"));
    for key in written.flat_map(|entry| entry.value.entries()) {
        findings.extend(told(input, key));
    }
}

/// What is wrong with a key of `deployTo`.
fn told(input: &Input<'_>, key: &Entry) -> Option<Diagnostic> {
    let files = input.addon.metadata.files.iter();
    let written = files
        .map(|yaml| line_of(&yaml.file.source, key))
        .find_map(|line| line);
    let is_on = key.value.data == Data::Bool(true);
    match &*key.key {
        "runtimeCluster" => None,
        "runtime_cluster" => {
            let fix = Fix {
                title: "use the present name".to_owned(),
                edits: vec![Edit {
                    span: key.key_span,
                    text: "runtimeCluster".to_owned(),
                }],
            };
            let message = "`runtime_cluster` is the old name of `runtimeCluster`";
            let found = RULE.finding(message, key.key_span);
            Some(found.help("write `runtimeCluster`").fix(fix))
        }
        other => {
            let message = format!("`{other}` of `deployTo` has no effect");
            let found = RULE.finding(message, key.key_span);
            // what is switched off has the effect that is asked for
            let help = match (other, is_on) {
                ("disableControlPlane", true) => {
                    "remove it; a topology policy says where an addon goes"
                }
                (_, true) => "remove it; an addon is always deployed to the control plane",
                (_, false) => "remove it",
            };
            let found = found.help(help);
            Some(match written {
                Some(span) => found.fix(Fix {
                    title: "remove the line".to_owned(),
                    edits: vec![Edit {
                        span,
                        text: String::new(),
                    }],
                }),
                None => found,
            })
        }
    }
}
