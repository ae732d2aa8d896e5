//! The packages under `vela/` that definitions and config templates may import.
//!
//! They describe actions: a definition of CUE for each, with the kinds of its arguments and of its result. Nothing here
//! runs an action. A template that waits for the result of one is simply incomplete, as it is in KubeVela before the
//! workflow runs. Names, fields and kinds are those of kubevela (commit 5a44b5f10, `pkg/workflow/providers`,
//! `pkg/cue/cuex/providers`) and kubevela/workflow v0.6.4; whatever an action computes on the way is left out.
//!
//! Which packages there are depends on who compiles: the workflow engine for definitions and views, a smaller set for
//! config templates, none at all for the template of an addon.

use cue_engine::{BuiltinPackage, Builtins, Session, Standard};
use std::sync::Arc;

/// Whose packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importer {
    /// Definitions and views: `providers.DefaultCompiler` of kubevela.
    Workflow,
    /// Config templates: `cuex.ConfigCompiler` of kubevela.
    ConfigTemplate,
}

const WORKFLOW: [(&str, &str); 15] = [
    ("builtin", include_str!("builtin.cue")),
    ("config", include_str!("config.cue")),
    ("email", include_str!("email.cue")),
    ("helm", include_str!("helm.cue")),
    ("http", include_str!("http.cue")),
    ("kube", include_str!("kube.cue")),
    ("metrics", include_str!("metrics.cue")),
    ("multicluster", include_str!("multicluster.cue")),
    ("oam", include_str!("oam.cue")),
    ("op", include_str!("op.cue")),
    ("ql", include_str!("ql.cue")),
    ("query", include_str!("query.cue")),
    ("terraform", include_str!("terraform.cue")),
    ("time", include_str!("time.cue")),
    ("util", include_str!("util.cue")),
];
const CONFIG_TEMPLATE: [(&str, &str); 1] = [("config", include_str!("config_check.cue"))];

/// The standard packages of CUE and those under `vela/`.
#[derive(Debug)]
pub struct Providers {
    standard: Standard,
    importer: Importer,
}

impl Providers {
    /// The packages of an importer.
    pub fn new(importer: Importer) -> Self {
        Self {
            standard: Standard::new(),
            importer,
        }
    }

    fn text(&self, name: &str) -> Option<&'static str> {
        let known: &[(&str, &'static str)] = match self.importer {
            Importer::Workflow => &WORKFLOW,
            Importer::ConfigTemplate => &CONFIG_TEMPLATE,
        };
        let found = known.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| *text)
    }
}

impl Builtins for Providers {
    fn package(&self, path: &str) -> Option<Arc<BuiltinPackage>> {
        let Some(name) = path.strip_prefix("vela/") else {
            return self.standard.package(path);
        };
        self.text(name).map(|text| {
            Arc::new(BuiltinPackage {
                path: path.to_owned(),
                members: Vec::new(),
                cue: text.to_owned(),
            })
        })
    }
}

/// The session with the packages of an importer in the place of its own; sources and limits stay.
pub fn session(session: &Session, importer: Importer) -> Session {
    session.clone().with_builtins(Providers::new(importer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cue_engine::{Check, explain};

    /// A definition of each package.
    const EXAMPLES: [(Importer, &str, &str); 16] = [
        (Importer::Workflow, "builtin", "Fail"),
        (Importer::Workflow, "config", "ReadConfig"),
        (Importer::Workflow, "email", "SendEmail"),
        (Importer::Workflow, "helm", "Render"),
        (Importer::Workflow, "http", "HTTPGet"),
        (Importer::Workflow, "kube", "Apply"),
        (Importer::Workflow, "metrics", "PromCheck"),
        (Importer::Workflow, "multicluster", "Deploy"),
        (Importer::Workflow, "oam", "ApplyComponent"),
        (Importer::Workflow, "op", "Fail"),
        (Importer::Workflow, "ql", "CollectPods"),
        (Importer::Workflow, "query", "CollectPods"),
        (Importer::Workflow, "terraform", "GetConnectionStatus"),
        (Importer::Workflow, "time", "TimestampToDate"),
        (Importer::Workflow, "util", "ConvertString"),
        (Importer::ConfigTemplate, "config", "ImageRegistry"),
    ];

    #[test]
    fn every_package_can_be_imported() {
        assert_eq!(EXAMPLES.len(), WORKFLOW.len() + CONFIG_TEMPLATE.len());
        for (importer, name, definition) in EXAMPLES {
            let mut session = session(&Session::new(), importer);
            let text =
                format!("import \"vela/{name}\"\n\nstep: {name}.#{definition}\ndo: step.#do\n");
            let package = session.package_of_text("t.cue", &text);
            let evaluation = session.evaluate(&package);
            let root = evaluation
                .root()
                .unwrap_or_else(|| panic!("vela/{name} does not compile"));
            assert_eq!(explain::findings(root, Check::Valid), [], "vela/{name}");
            let action = root.field("do").and_then(cue_engine::Value::data);
            assert!(action.is_some(), "vela/{name} has no #{definition}");
        }
    }

    #[test]
    fn an_unknown_package_is_not_there() {
        let providers = Providers::new(Importer::ConfigTemplate);
        assert!(providers.package("vela/op").is_none());
        assert!(providers.package("vela/nothing").is_none());
        assert!(providers.package("strings").is_some());
    }
}
