//! What a template sees as `context`.
//!
//! The fields that KubeVela fills (`NewContext` of kubevela `pkg/cue/process/handle.go`), with the values of a dry run: no
//! revision, no cluster, no workflow run. They enter the template's package as values, properties with the places where the
//! author wrote them.

use super::application::Application;
use super::object::{Fields, Numbers, Object, expr_of_tree, field};
use cue_engine::syntax::ast;
use goyaml::Tree;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

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

/// Which fields of `context` a template reads. What it does not read is not made: an application of many components would
/// otherwise be shown as a whole to each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Used {
    /// Perhaps all: the template uses `context` in another way than `context.name`.
    All,
    /// These.
    These(BTreeSet<String>),
}

impl Used {
    /// What a template reads, by its syntax.
    pub(super) fn of(file: &ast::File) -> Self {
        let mut names = BTreeSet::new();
        let mut all = false;
        ast::walk(ast::Node::File(file), &mut |node| {
            match node {
                ast::Node::Expr(ast::Expr::Selector(selector)) if is_context(&selector.base) => {
                    match &selector.selector {
                        ast::Selector::Ident(name) => names.insert(name.name.to_string()),
                        ast::Selector::String(_) => {
                            all = true;
                            false
                        }
                    };
                    return ControlFlow::Break(());
                }
                ast::Node::Expr(expr) => all |= is_context(expr),
                ast::Node::Label(label) => {
                    all |= matches!(label.unaliased().name(), ast::LabelName::Ident(name) | ast::LabelName::Quoted(name) if name == "context");
                }
                _ => {}
            }
            ControlFlow::Continue(())
        });
        if all { Self::All } else { Self::These(names) }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(names) => names.contains(name),
        }
    }
}

fn is_context(expr: &ast::Expr) -> bool {
    matches!(expr, ast::Expr::Ident(ident) if ident.name == *"context")
}

/// What a template that is run for a component, a trait or a policy sees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) world: World<'a>,
    /// The name of the component or policy.
    pub(super) name: &'a str,
    /// The properties of the component.
    pub(super) properties: Option<&'a Tree>,
    pub(super) above: Option<&'a Above<'a>>,
    pub(super) artifacts: Option<&'a Artifacts>,
}

impl Seen<'_> {
    /// The value of `context`, as far as it is used.
    pub(super) fn context(&self, used: &Used) -> ast::Expr {
        let app = self.world.application;
        let annotation =
            |key: &str| ast::Expr::string(app.annotations.get(key).map_or("", String::as_str));
        let shown = |object: &Object| object.to_expr(Numbers::ThroughFloat);
        let mut fields = Vec::new();
        let mut add = |name: &str, value: &dyn Fn() -> Option<ast::Expr>| {
            if used.has(name) {
                fields.extend(value().map(|value| field(name, value)));
            }
        };
        add("appAnnotations", &|| Some(strings(&app.annotations)));
        add("appLabels", &|| Some(strings(&app.labels)));
        add("appName", &|| Some(ast::Expr::string(&app.name)));
        add("appRevision", &|| Some(ast::Expr::string("")));
        add("appRevisionNum", &|| Some(ast::Expr::int("0")));
        add("artifacts", &|| self.artifacts.map(shown));
        add("cluster", &|| Some(ast::Expr::string("")));
        add("clusterVersion", &|| {
            Some(self.world.cluster_version.expr())
        });
        add("componentType", &|| {
            self.above
                .map(|above| ast::Expr::string(above.component_type))
        });
        add("components", &|| {
            let components = app.components.iter();
            let components = components.map(|component| expr_of_tree(&component.to_tree()));
            Some(ast::Expr::list(components.collect()))
        });
        add("name", &|| Some(ast::Expr::string(self.name)));
        add("namespace", &|| Some(ast::Expr::string(&app.namespace)));
        add("output", &|| self.above.map(|above| shown(&above.output)));
        add("outputs", &|| {
            let outputs = self.above.map(|above| &above.outputs)?;
            let decls = outputs
                .iter()
                .map(|(name, object)| field(name, shown(object)));
            (!outputs.is_empty()).then(|| ast::Expr::structure(decls.collect()))
        });
        add("parameter", &|| self.properties.map(expr_of_tree));
        add("publishVersion", &|| Some(annotation(PUBLISH_VERSION)));
        add("replicaKey", &|| Some(ast::Expr::string("")));
        add("revision", &|| Some(ast::Expr::string("")));
        add("workflowName", &|| Some(annotation(WORKFLOW_NAME)));
        ast::Expr::structure(fields)
    }
}

impl ClusterVersion {
    fn expr(&self) -> ast::Expr {
        ast::Expr::structure(vec![
            field("gitVersion", ast::Expr::string(&self.git_version)),
            field("major", ast::Expr::string(&self.major)),
            field("minor", Object::Int(self.minor).to_expr(Numbers::Kept)),
            field("platform", ast::Expr::string(&self.platform)),
        ])
    }
}

fn strings(map: &BTreeMap<String, String>) -> ast::Expr {
    ast::Expr::structure(
        map.iter()
            .map(|(name, value)| field(name, ast::Expr::string(value)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_sees_what_it_reads() {
        let used = |text: &str| {
            let mut sources = source_vocab::SourceMap::new();
            let source = sources.add("in.cue", text).unwrap();
            Used::of(&cue_engine::syntax::parse(&source).file)
        };
        let these =
            |names: &[&str]| Used::These(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(
            used("a: context.name\nb: \"x-\\(context.output.spec)\"\nc: d.context"),
            these(&["name", "output"])
        );
        assert_eq!(used("a: 1"), these(&[]));
        for text in [
            "a: context",
            "a: context[\"name\"]",
            "context: {name: string}",
            "let c = context\na: c.name",
        ] {
            assert_eq!(used(text), Used::All, "{text}");
        }
    }
}
