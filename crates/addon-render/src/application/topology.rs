//! The topology policy that KubeVela adds for addons that say `deployTo.runtimeCluster` and have no `template.cue`.
//!
//! The argument `clusters` names the clusters: blanks are trimmed, what is no text is dropped, each must be joined, and
//! `local` is added at the end when it is missing. Without the argument, or with an empty one, the policy selects all
//! clusters. A policy of type `topology` in the template wins, and `deployTo` has no effect then
//! (kubevela 5a44b5f10 `checkNeedAttachTopologyPolicy`, `attachPolicyForLegacyAddon`, `checkDeployClusters`).

use super::Making;
use crate::failure::{Fault, Stage, Step};
use crate::tree::{self, as_text, text_at};
use addon_model::{DeployTo, Spanned};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Span};

const LOCAL: &str = "local";

/// Adds the policy where it is due.
pub(super) fn attach(making: &mut Making<'_>, object: &mut Tree) -> Step<()> {
    let deploy_to = making.addon.meta().deploy_to.as_ref();
    let Some(target) = deploy_to.filter(|target| to_runtime(target)) else {
        return Ok(());
    };
    let place = runtime_place(target);
    if making.cue_template().is_some() {
        return Ok(());
    }
    let spec = tree::slot(object, "spec");
    let policies = spec.get("policies").map(Tree::items).unwrap_or_default();
    let own = policies
        .iter()
        .find(|policy| text_at(policy, "type") == "topology");
    if let Some(own) = own {
        let message = format!(
            "`deployTo` has no effect: the template has the topology policy `{}`",
            text_at(own, "name")
        );
        let found = Diagnostic::warning("render/no-effect", message, place)
            .label(own.span, "the policy of the template")
            .help("remove `deployTo` from `metadata.yaml`");
        making.warnings.push(found);
        return Ok(());
    }
    let policy = policy(clusters(making)?, place);
    let policies = tree::slot(spec, "policies");
    match &mut policies.data {
        Data::List(items) => items.push(policy),
        data => *data = Data::List(vec![policy]),
    }
    Ok(())
}

fn to_runtime(target: &DeployTo) -> bool {
    target.runtime_cluster.value || target.legacy_runtime_cluster.value
}

fn runtime_place(target: &Spanned<DeployTo>) -> Span {
    if target.runtime_cluster.value {
        target.runtime_cluster.span
    } else {
        target.legacy_runtime_cluster.span
    }
}

/// The clusters that the arguments name.
fn clusters(making: &mut Making<'_>) -> Step<Vec<Tree>> {
    let Some(given) = making.parameters.arguments().get("clusters") else {
        return Ok(Vec::new());
    };
    let mut clusters = Vec::new();
    if !matches!(given.data, Data::List(_) | Data::Null) {
        let message = format!(
            "the argument `clusters` must be a list of names, found {}; KubeVela takes all clusters",
            given.kind()
        );
        let found = Diagnostic::warning("render/argument", message, given.span);
        making.warnings.push(found.help("write `clusters={a,b}`"));
    }
    for item in given.items() {
        let Some(name) = as_text(item).map(str::trim) else {
            let message = format!(
                "an element of `clusters` is {} and no name, KubeVela ignores it",
                item.kind()
            );
            making
                .warnings
                .push(Diagnostic::warning("render/argument", message, item.span));
            continue;
        };
        if name.is_empty() {
            continue;
        }
        if !making.facts.clusters.iter().any(|joined| joined == name) {
            let message = format!("the cluster `{name}` is not joined");
            let known = making.facts.clusters.join("`, `");
            let found = Diagnostic::error("render/unknown-cluster", message, item.span)
                .help(format!("the joined clusters are `{known}`"));
            let said = format!("cluster {name} not exist");
            return Err(Fault::new(Stage::Application, said, vec![found]));
        }
        clusters.push(tree::text(name, item.span));
    }
    Ok(clusters)
}

fn policy(mut clusters: Vec<Tree>, place: Span) -> Tree {
    let (name, properties) = if clusters.is_empty() {
        let all = tree::detached(Data::Map(Vec::new()));
        (
            "deploy-addon-to-all-clusters",
            tree::map([("clusterLabelSelector", all)]),
        )
    } else {
        if !clusters.iter().any(|name| as_text(name) == Some(LOCAL)) {
            clusters.push(tree::text(LOCAL, Span::DETACHED));
        }
        (
            "deploy-addon-to-specified-clusters",
            tree::map([("clusters", tree::list(clusters))]),
        )
    };
    tree::map([
        ("name", tree::text(name, place)),
        ("properties", properties),
        ("type", tree::text("topology", place)),
    ])
}
