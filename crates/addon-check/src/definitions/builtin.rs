//! The definitions that come with KubeVela, as data: which there are, since when, and the schemas of their parameters.
//!
//! `builtin.json` is written by `cargo xtask gen-definitions` from facts about kubevela 5a44b5f10, a line for
//! each; a line is read when somebody first asks for it. Definitions of the set `registry` are in it as names: they exist, but nobody has them without installing them.
//! What KubeVela does without any definition (the policies and steps of its own code) is a list here.

use addon_render::definition::Kind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// A definition that comes with KubeVela.
#[derive(Clone, Debug)]
pub(crate) struct BuiltIn {
    /// It is there as soon as KubeVela is installed.
    pub(crate) is_installed: bool,
    /// KubeVela keeps it for old applications.
    pub(crate) is_deprecated: bool,
    /// The schema of its parameters; none where KubeVela itself cannot tell.
    pub(crate) parameter: Option<Value>,
    /// The kinds of workloads that a trait is for: `deployments.apps`; empty for all.
    pub(crate) applies_to: Vec<String>,
    /// The kind of workload that a component is: `deployments.apps`.
    pub(crate) workload: Option<String>,
}

/// A line of the data, which is read when somebody asks for its definition.
#[derive(Debug)]
struct Line {
    text: &'static str,
    definition: OnceLock<Option<BuiltIn>>,
}

static DATA: LazyLock<BTreeMap<(Kind, String), Line>> = LazyLock::new(|| {
    let lines = include_str!("builtin.json").lines();
    lines.filter_map(line).collect()
});

/// A line under what it defines, by its text alone: `{…"kind":"TraitDefinition","name":"scaler",…},`.
fn line(text: &'static str) -> Option<((Kind, String), Line)> {
    let (_, after) = text.split_once("\"kind\":\"")?;
    let (kind, after) = after.split_once("\",\"name\":\"")?;
    let (name, _) = after.split_once('"')?;
    let line = Line {
        text: text.trim_end_matches(','),
        definition: OnceLock::new(),
    };
    Some(((Kind::of_object_kind(kind)?, name.to_owned()), line))
}

impl Line {
    fn definition(&self, name: &str) -> Option<&BuiltIn> {
        let read = || {
            let value = serde_json::from_str(self.text).ok()?;
            Some(read(&value, name))
        };
        self.definition.get_or_init(read).as_ref()
    }
}

fn read(value: &Value, name: &str) -> BuiltIn {
    let applies_to = value.get("appliesToWorkloads").and_then(Value::as_array);
    let applies_to = applies_to.into_iter().flatten().filter_map(Value::as_str);
    let workload = value.get("workload");
    BuiltIn {
        is_installed: value.get("installed") != Some(&Value::Bool(false)),
        // `pure-ingress` stands among the others, with the annotation that says so
        is_deprecated: value.get("deprecated").is_some() || name == "pure-ingress",
        parameter: value.get("parameter").cloned(),
        applies_to: applies_to.map(str::to_owned).collect(),
        workload: workload
            .and_then(|workload| workload.get("type")?.as_str())
            .map(str::to_owned),
    }
}

/// The policies that KubeVela's own code knows by another name than that of a definition, or without one
/// (kubevela `pkg/appfile/parser.go`).
const POLICIES: [(&str, Option<&str>); 2] = [("debug", None), ("env-binding", Some("envbinding"))];

/// The policies whose properties KubeVela's code reads itself; their definitions are for people.
const IN_CODE: [&str; 11] = [
    "apply-once",
    "debug",
    "env-binding",
    "garbage-collect",
    "override",
    "read-only",
    "replication",
    "resource-update",
    "shared-resource",
    "take-over",
    "topology",
];

/// The steps that KubeVela runs without a definition (kubevela/workflow `pkg/types`, `pkg/workflow/step`).
const STEPS: [&str; 4] = [
    "suspend",
    "step-group",
    "apply-component",
    "builtin-apply-component",
];

/// The definition of a type that comes with KubeVela, installed or not.
pub(crate) fn find(kind: Kind, name: &str) -> Option<&'static BuiltIn> {
    let name = match POLICIES.iter().find(|(policy, _)| *policy == name) {
        Some((_, definition)) if kind == Kind::Policy => (*definition)?,
        _ => name,
    };
    DATA.get(&(kind, name.to_owned()))?.definition(name)
}

/// Whether KubeVela knows a type without a definition.
pub(crate) fn needs_no_definition(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Policy => POLICIES.iter().any(|(policy, _)| *policy == name),
        Kind::WorkflowStep => STEPS.contains(&name),
        Kind::Component | Kind::Trait | Kind::Workload => false,
    }
}

/// Whether the properties of a policy are read by KubeVela's code, and not by a template.
pub(crate) fn is_code(policy: &str) -> bool {
    IN_CODE.contains(&policy)
}

/// The names of a kind that everybody has.
pub(crate) fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    let of_kind = DATA.iter().filter(move |((own, _), _)| *own == kind);
    let installed = of_kind.filter(|((_, name), line)| {
        let definition = line.definition(name);
        definition.is_some_and(|definition| definition.is_installed)
    });
    installed.map(|((_, name), _)| name.as_str())
}

/// The release with which a definition came, for those that came after 1.5 (the charts of kubevela's tags).
const SINCE: [(&str, &[&str]); 7] = [
    ("1.5.2", &["shared-resource"]),
    (
        "1.6.0",
        &[
            "collect-service-endpoints",
            "create-config",
            "delete-config",
            "export-data",
            "export-service",
            "list-config",
            "print-message-in-status",
            "read-config",
            "replication",
        ],
    ),
    (
        "1.7.0",
        &[
            "apply-deployment",
            "apply-terraform-config",
            "apply-terraform-provider",
            "build-push-image",
            "clean-jobs",
            "hpa",
            "k8s-update-strategy",
            "read-only",
            "request",
            "startup-probe",
            "take-over",
            "topologyspreadconstraints",
            "vela-cli",
        ],
    ),
    ("1.8.0", &["check-metrics"]),
    ("1.9.0", &["resource-update"]),
    ("1.9.4", &["container-ports"]),
    ("1.10.0", &["podsecuritycontext", "securitycontext"]),
];

/// The first release with a definition; none for what was always there, or is newer than the last release that is known.
pub(crate) fn since(name: &str) -> Option<&'static str> {
    let found = SINCE.iter().find(|(_, names)| names.contains(&name));
    found.map(|(release, _)| *release)
}

#[cfg(test)]
mod tests {
    use super::super::fault::{Cursor, Fault};
    use super::super::schema::{self, Reader};
    use super::super::template::Template;
    use super::*;
    use addon_render::definition;
    use addon_render::definition::providers::{self, Importer};
    use addon_render::definition::upgrade::upgrade;
    use cue_engine::Session;
    use source_vocab::Span;

    #[test]
    fn the_data_is_complete() {
        // 101 definitions, of which `expose` and `hpa` stand twice
        assert_eq!(DATA.len(), 99);
        let is_read = |((_, name), line): (&(Kind, String), &Line)| line.definition(name).is_some();
        assert!(DATA.iter().all(is_read));
        let webservice = find(Kind::Component, "webservice").unwrap();
        assert_eq!(webservice.workload.as_deref(), Some("deployments.apps"));
        let parameter = webservice.parameter.as_ref().unwrap();
        assert_eq!(parameter["required"], serde_json::json!(["image"]));
        assert_eq!(parameter["properties"]["image"]["type"], "string");
        assert!(find(Kind::Trait, "pure-ingress").unwrap().is_deprecated);
        assert!(!find(Kind::Component, "kustomize").unwrap().is_installed);
        assert!(find(Kind::Policy, "env-binding").is_some());
        assert!(find(Kind::Policy, "debug").is_none());
        assert!(needs_no_definition(Kind::Policy, "debug"));
    }

    /// What is missing when nothing is given, by the schemas and by the templates that they were made of.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads the corpus")]
    fn the_schemas_need_what_the_templates_need() {
        let test = "the_schemas_need_what_the_templates_need";
        let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
            return;
        };
        testkit::on_big_stack(cue_engine::Budget::STACK, move || {
            let mut session = providers::session(&Session::new(), Importer::Workflow);
            let mut files = Vec::new();
            for set in [
                "internal/component",
                "internal/trait",
                "internal/policy",
                "internal/workflowstep",
                "deprecated",
            ] {
                let folder = corpus.join("inputs/vela-templates").join(set);
                for file in std::fs::read_dir(folder).unwrap() {
                    let path = file.unwrap().path();
                    files.push((path.display().to_string(), std::fs::read(path).unwrap()));
                }
            }
            files.sort();
            let found = definition::find(&mut session, files, None).value.unwrap();
            let nothing = goyaml::read_tree(b"{}", 0, goyaml::Strictness::Strict).unwrap();
            let at = Cursor::root(Span::DETACHED);
            let paths = |faults: Vec<Fault>| -> Vec<String> {
                let mut paths: Vec<String> = faults.into_iter().map(|fault| fault.path).collect();
                paths.sort();
                paths
            };
            let mut count = 0;
            let mut wrong = Vec::new();
            for definition in found {
                let mut file = definition.template.unwrap();
                upgrade(&mut file);
                let name = &definition.name;
                let Some(template) = Template::of(&file, &session) else {
                    continue;
                };
                let Some(parameter) = &find(definition.kind, name).unwrap().parameter else {
                    continue;
                };
                count += 1;
                let schema = paths(schema::check(parameter, &nothing, &at, Reader::Template));
                let template = paths(template.check(&nothing, &at));
                if schema != template {
                    wrong.push(format!("{name}: {schema:?} {template:?}"));
                }
            }
            assert!(count > 70, "{count}");
            assert_eq!(wrong, Vec::<String>::new());
        });
    }

    #[test]
    fn a_release_is_known_only_for_definitions_that_exist() {
        for name in SINCE.iter().flat_map(|(_, names)| *names) {
            assert!(DATA.keys().any(|(_, known)| known == name), "{name}");
        }
    }
}
