//! Definitions to begin with: in CUE, which every way of enabling reads, or in Go.
//!
//! A definition in CUE is one file of `definitions/`. With `--godef` each is a Go file below `godef/`, in the folder of its
//! kind, which `vela addon enable DIRECTORY` compiles (kubevela 5a44b5f10 `pkg/addon/init.go`, `pkg/definition/defkit`).

use crate::cli::init::Arguments;

/// What a definition defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Component,
    Trait,
    Policy,
    WorkflowStep,
}

impl Kind {
    /// The folder of `godef/`, which is also the name of its Go package.
    fn folder(self) -> &'static str {
        match self {
            Self::Component => "components",
            Self::Trait => "traits",
            Self::Policy => "policies",
            Self::WorkflowStep => "workflowsteps",
        }
    }

    /// The function of `defkit` that begins one.
    fn constructor(self) -> &'static str {
        match self {
            Self::Component => "NewComponent",
            Self::Trait => "NewTrait",
            Self::Policy => "NewPolicy",
            Self::WorkflowStep => "NewWorkflowStep",
        }
    }
}

/// The names that were asked for, with their kinds.
fn asked(arguments: &Arguments) -> impl Iterator<Item = (Kind, &str)> {
    [
        (Kind::Component, &arguments.components),
        (Kind::Trait, &arguments.traits),
        (Kind::Policy, &arguments.policies),
        (Kind::WorkflowStep, &arguments.workflowsteps),
    ]
    .into_iter()
    .flat_map(|(kind, names)| names.iter().map(move |name| (kind, name.as_str())))
}

/// The first name that no definition can have, or that stands twice: KubeVela keeps all definitions of a kind in one place,
/// and their files lie in one folder here.
pub(super) fn wrong_name(arguments: &Arguments) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    asked(arguments)
        .map(|(_, name)| name)
        .find(|name| !super::is_name(name) || !seen.insert(*name))
        .map(str::to_owned)
}

/// The files with their paths.
pub(super) fn files(arguments: &Arguments) -> Vec<(String, String)> {
    if !arguments.godef {
        return asked(arguments)
            .map(|(kind, name)| (format!("definitions/{name}.cue"), cue(kind, name)))
            .collect();
    }
    let addon = arguments.name.as_str();
    let mut files = vec![
        (
            "godef/go.mod".to_owned(),
            format!(
                "module example.com/{addon}/godef\n\ngo 1.23\n\nrequire github.com/oam-dev/kubevela v1.10.0\n"
            ),
        ),
        (
            "godef/module.yaml".to_owned(),
            format!(
                "apiVersion: defkit.oam.dev/v1\nkind: DefinitionModule\nmetadata:\n  name: {}\nspec:\n  description: The definitions of {addon}.\n",
                super::quoted_if_needed(addon)
            ),
        ),
    ];
    for (kind, name) in asked(arguments) {
        let folder = kind.folder();
        // a name that ends in `_test` or `_linux` would mean something to Go; a name here has no underscore
        files.push((format!("godef/{folder}/{name}.go"), go(kind, name)));
    }
    files
}

fn go(kind: Kind, name: &str) -> String {
    let applies = match kind {
        Kind::Trait => ".\n\t\tAppliesTo(\"deployments.apps\")",
        Kind::Component | Kind::Policy | Kind::WorkflowStep => "",
    };
    format!(
        "package {}\n\nimport \"github.com/oam-dev/kubevela/pkg/definition/defkit\"\n\nfunc init() {{\n\tdefkit.Register(defkit.{}(\"{name}\").\n\t\tDescription(\"What {name} does, in one sentence.\"){applies})\n}}\n",
        kind.folder(),
        kind.constructor()
    )
}

fn cue(kind: Kind, name: &str) -> String {
    let (word, attributes, template) = match kind {
        Kind::Component => (
            "component",
            "attributes: workload: definition: {\n\t\tapiVersion: \"apps/v1\"\n\t\tkind:       \"Deployment\"\n\t}",
            "output: {\n\t\tapiVersion: \"apps/v1\"\n\t\tkind:       \"Deployment\"\n\t\tspec: {\n\t\t\tselector: matchLabels: \"app.oam.dev/component\": context.name\n\t\t\ttemplate: {\n\t\t\t\tmetadata: labels: \"app.oam.dev/component\": context.name\n\t\t\t\tspec: containers: [{\n\t\t\t\t\tname:  context.name\n\t\t\t\t\timage: parameter.image\n\t\t\t\t}]\n\t\t\t}\n\t\t}\n\t}\n\tparameter: {\n\t\t// +usage=The image to run\n\t\timage: string\n\t}",
        ),
        Kind::Trait => (
            "trait",
            "attributes: appliesToWorkloads: [\"deployments.apps\"]",
            "patch: metadata: annotations: \"example.com/note\": parameter.note\n\tparameter: {\n\t\t// +usage=The note\n\t\tnote: string\n\t}",
        ),
        Kind::Policy => (
            "policy",
            "attributes: {}",
            "parameter: {\n\t\t// +usage=Whether the policy is in force\n\t\tenabled: *true | bool\n\t}",
        ),
        Kind::WorkflowStep => (
            "workflow-step",
            "attributes: {}",
            "parameter: {\n\t\t// +usage=What the step is to say\n\t\tmessage: string\n\t}",
        ),
    };
    format!(
        "\"{name}\": {{\n\ttype:        \"{word}\"\n\tdescription: \"What {name} does, in one sentence.\"\n\t{attributes}\n}}\n\ntemplate: {{\n\t{template}\n}}\n"
    )
}
