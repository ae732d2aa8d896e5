//! Enabling the addon applies something besides an empty Application.
//!
//! Without a component, a definition, a view, a config template and an object of `outputs` enabling it does nothing, with
//! whatever arguments. Most often the components are made in files that KubeVela does not read.
//!
//! Bad: `template.yaml` alone, with
//! ```yaml
//! apiVersion: core.oam.dev/v1beta1
//! kind: Application
//! spec: {}
//! ```
//! Good: besides, `resources/deployment.yaml`, or a `definitions/` with definitions.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Place, Severity};

pub(super) const RULE: Rule = Rule {
    id: "LAY18",
    title: "the addon brings something",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "lay/lay18_nothing.rs",
    source: include_str!("lay18_nothing.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    // what a case that fails would bring is not known
    let mut cases = proof.cases().iter();
    let brings = |case: usize| {
        proof.objects_of(case).any(|object| {
            object.role != crate::proof::Role::Application || !proof.components(object).is_empty()
        })
    };
    let addon = proof.addon();
    let is_known = cases.all(crate::proof::Case::renders) && !addon.metadata.refused;
    if !is_known || (0..proof.cases().len()).any(brings) || !addon.definitions.is_empty() {
        return;
    }
    let place = match (&addon.template_cue, &addon.template_yaml) {
        (Some(cue), _) => cue.source.span().start().into(),
        (None, Some(yaml)) => yaml.file.source.span().start().into(),
        (None, None) => Place::Path(addon.tree.root.clone()),
    };
    let found = RULE.finding("enabling the addon applies nothing", place);
    findings.push(
        found.help("add components, resources or definitions, or check the names of their folders"),
    );
}
