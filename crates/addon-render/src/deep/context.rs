//! What a template sees as `context`.
//!
//! The fields that KubeVela fills (`NewContext` of kubevela `pkg/cue/process/handle.go`), with the values of a dry run: no
//! revision, no cluster, no workflow run. They enter the template's package as values, properties with the places where the
//! author wrote them.

use super::application::Application;
use super::object::{Fields, Numbers, Object, expr_of_tree, field};
use cue_engine::syntax::ast;
use goyaml::Tree;
use std::collections::BTreeMap;

/// The version of the cluster that templates may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterVersion {
    /// `1`
    pub major: String,
    /// `29`; 0 when nothing is known, as KubeVela shows it offline.
    pub minor: i64,
    /// `v1.29.3`
    pub git_version: String,
    /// `linux/amd64`
    pub platform: String,
}

/// What all contexts of an application share.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    pub(super) application: &'a Application,
    pub(super) cluster_version: &'a ClusterVersion,
}

/// What a trait sees besides.
#[derive(Clone, Debug)]
pub(super) struct Above<'a> {
    pub(super) component_type: &'a str,
    /// The workload as patched so far.
    pub(super) output: Object,
    /// All auxiliary objects by name; of two with the same name the later.
    pub(super) outputs: Fields,
}

/// What a policy sees besides: the rendered components.
pub(super) type Artifacts = Object;

const WORKFLOW_NAME: &str = "app.oam.dev/workflowName";
const PUBLISH_VERSION: &str = "app.oam.dev/publishVersion";

/// The value of `context` for a component (or policy) of this name.
pub(super) fn context(
    world: World<'_>,
    name: &str,
    properties: Option<&Tree>,
    above: Option<&Above<'_>>,
    artifacts: Option<&Artifacts>,
) -> ast::Expr {
    let app = world.application;
    let version = world.cluster_version;
    let annotation = |key: &str| app.annotations.get(key).map_or("", String::as_str);
    let components = app
        .components
        .iter()
        .map(|component| expr_of_tree(&component.to_tree()))
        .collect();
    let mut fields: BTreeMap<&str, ast::Expr> = BTreeMap::from([
        ("appAnnotations", strings(&app.annotations)),
        ("appLabels", strings(&app.labels)),
        ("appName", ast::Expr::string(&app.name)),
        ("appRevision", ast::Expr::string("")),
        ("appRevisionNum", ast::Expr::int("0")),
        ("cluster", ast::Expr::string("")),
        (
            "clusterVersion",
            ast::Expr::structure(vec![
                field("gitVersion", ast::Expr::string(&version.git_version)),
                field("major", ast::Expr::string(&version.major)),
                field("minor", Object::Int(version.minor).to_expr(Numbers::Kept)),
                field("platform", ast::Expr::string(&version.platform)),
            ]),
        ),
        ("components", ast::Expr::list(components)),
        ("name", ast::Expr::string(name)),
        ("namespace", ast::Expr::string(&app.namespace)),
        (
            "publishVersion",
            ast::Expr::string(annotation(PUBLISH_VERSION)),
        ),
        ("replicaKey", ast::Expr::string("")),
        ("revision", ast::Expr::string("")),
        ("workflowName", ast::Expr::string(annotation(WORKFLOW_NAME))),
    ]);
    if let Some(properties) = properties {
        fields.insert("parameter", expr_of_tree(properties));
    }
    if let Some(above) = above {
        let shown = |object: &Object| object.to_expr(Numbers::ThroughFloat);
        fields.insert("componentType", ast::Expr::string(above.component_type));
        fields.insert("output", shown(&above.output));
        if !above.outputs.is_empty() {
            let outputs = above
                .outputs
                .iter()
                .map(|(name, object)| field(name, shown(object)));
            fields.insert("outputs", ast::Expr::structure(outputs.collect()));
        }
    }
    if let Some(artifacts) = artifacts {
        fields.insert("artifacts", artifacts.to_expr(Numbers::ThroughFloat));
    }
    ast::Expr::structure(
        fields
            .into_iter()
            .map(|(name, value)| field(name, value))
            .collect(),
    )
}

fn strings(map: &BTreeMap<String, String>) -> ast::Expr {
    ast::Expr::structure(
        map.iter()
            .map(|(name, value)| field(name, ast::Expr::string(value)))
            .collect(),
    )
}
