//! The kinds of faults: slips that authors make, as patterns over the files of an addon.

/// Which files a fault is put into.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Files {
    /// `metadata.yaml`.
    Metadata,
    /// `parameter.cue`.
    Parameter,
    /// The CUE that becomes the Application: `template.cue` and `resources/`.
    Templates,
    /// CUE below `resources/`.
    Resources,
    /// YAML below `resources/`.
    Objects,
    /// CUE below `definitions/`.
    Definitions,
    /// UI schemas.
    Schemas,
    /// Views.
    Views,
    /// `NOTES.cue`.
    Notes,
    /// `template.cue` alone.
    Template,
}

impl Files {
    /// Whether a path is that of such a file.
    pub(crate) fn are(self, path: &str) -> bool {
        let is = |folder: &str, end: &str| path.starts_with(folder) && path.ends_with(end);
        match self {
            Self::Metadata => path == "metadata.yaml",
            Self::Parameter => path == "parameter.cue",
            Self::Template => path == "template.cue",
            Self::Templates => path == "template.cue" || is("resources/", ".cue"),
            Self::Resources => is("resources/", ".cue"),
            Self::Objects => is("resources/", ".yaml"),
            Self::Definitions => is("definitions/", ".cue"),
            Self::Schemas => is("schemas/", ".yaml"),
            Self::Views => is("views/", ".cue"),
            Self::Notes => path == "NOTES.cue",
        }
    }
}

/// A kind of fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// What it is called.
    pub(crate) kind: &'static str,
    /// Where it is put.
    pub(crate) files: Files,
    /// What is replaced.
    pub(crate) pattern: &'static str,
    /// What takes its place.
    pub(crate) with: &'static str,
    /// How many lines below the first changed one the fault stands.
    pub(crate) further: usize,
}

const fn fault(
    kind: &'static str,
    files: Files,
    pattern: &'static str,
    with: &'static str,
) -> Fault {
    Fault {
        kind,
        files,
        pattern,
        with,
        further: 0,
    }
}

use Files::{
    Definitions, Metadata, Notes, Objects, Parameter, Resources, Schemas, Template, Templates,
    Views,
};

/// All kinds.
pub(crate) const FAULTS: &[Fault] = &[
    fault(
        "metadata: misspelt `version`",
        Metadata,
        r"(?m)^version:",
        "versoin:",
    ),
    fault(
        "metadata: misspelt `description`",
        Metadata,
        r"(?m)^description:",
        "descripton:",
    ),
    fault(
        "metadata: no SemVer",
        Metadata,
        r"(?m)^version: .*$",
        "version: v1beta2-1",
    ),
    fault(
        "metadata: name in capitals",
        Metadata,
        r"(?m)^name: (\w)",
        "name: X$1",
    ),
    fault("metadata: no name", Metadata, r"(?m)^name: .*\n", ""),
    fault(
        "metadata: constraint",
        Metadata,
        r"(?m)^(\s+vela: ).*$",
        r#"${1}">=v1.x.y || dev""#,
    ),
    fault(
        "metadata: dependency without a name",
        Metadata,
        r"(?m)^(\s*- name: )\S+",
        r#"${1}"""#,
    ),
    fault(
        "metadata: no YAML",
        Metadata,
        r"(?m)^description: .*$",
        "description: a: b: c",
    ),
    fault(
        "metadata: type of a list",
        Metadata,
        r"(?m)^tags:\n(?:\s*- .*\n)+",
        "tags: {a: b}\n",
    ),
    fault(
        "metadata: `needNamespace` of KubeVela",
        Metadata,
        r"\z",
        "\nneedNamespace: [vela-system]\n",
    ),
    fault("parameter: brace left open", Parameter, r"\}\s*\z", ""),
    fault(
        "parameter: unknown type",
        Parameter,
        r#": \*("[^"\n]*"|true|false|\d+) \| (string|bool|int)\b"#,
        ": *$1 | ${2}q",
    ),
    fault(
        "parameter: default of another type",
        Parameter,
        r#"\*"[^"\n]*" \| string\b"#,
        r#"*"x" & int"#,
    ),
    fault(
        "parameter: null for a text",
        Parameter,
        r#"\*"[^"\n]*" \| string\b"#,
        "*null | null",
    ),
    fault(
        "reference: misspelt parameter",
        Templates,
        r"parameter\.(\w+)\b",
        "parameter.${1}q",
    ),
    fault(
        "reference: misspelt `parameter`",
        Templates,
        r"\bparameter\.(\w+)",
        "paramter.$1",
    ),
    fault(
        "reference: misspelt `context`",
        Templates,
        r"\bcontext\.",
        "contxt.",
    ),
    fault(
        "component: unknown type",
        Templates,
        r#"(?m)^(\s*type:\s+)"(helm|webservice|k8s-objects|kustomize|worker)""#,
        r#"$1"${2}q""#,
    ),
    fault(
        "policy: unknown type",
        Templates,
        r#"(?m)^(\s*type:\s+)"(topology|override|shared-resource|garbage-collect|apply-once)""#,
        r#"$1"${2}q""#,
    ),
    fault(
        "component: misspelt property",
        Templates,
        r#"(?m)^(\s*)(repoType|chart):(\s+")"#,
        "$1${2}q:$3",
    ),
    fault(
        "component: property of another type",
        Templates,
        r#"(?m)^(\s*chart:\s+)"[^"\n]*""#,
        "${1}42",
    ),
    fault(
        "component: required property missing",
        Templates,
        r#"(?m)^\s*chart:\s+.*\n"#,
        "",
    ),
    fault(
        "application: misspelt `properties`",
        Templates,
        r"(?m)^(\s*)properties:",
        "${1}propeties:",
    ),
    fault(
        "template: no `output`",
        Template,
        r"(?m)^output:",
        "outputt:",
    ),
    fault(
        "template: duplicate component",
        Template,
        r#"(?m)^(\s*)components: \["#,
        "${1}components: [{name: \"twin\", type: \"k8s-objects\", properties: objects: []}, {name: \"twin\", type: \"k8s-objects\", properties: objects: []},",
    ),
    fault(
        "template: component without a name",
        Template,
        r#"(?m)^\s*name:\s+"[^"]+"\s*\n(\s*type:)"#,
        "$1",
    ),
    fault(
        "object: misspelt field",
        Templates,
        r"(?m)^(\s*)(containers|serviceAccountName|subjects|roleRef):",
        "$1${2}q:",
    ),
    fault(
        "object: number as struct",
        Templates,
        r"(?m)^(\s*(?:containerPort|port|targetPort):\s+)\d+",
        "$1{}",
    ),
    fault(
        "object: API removed",
        Templates,
        // an object, and not one of the rules on topologies, which name kinds
        r#"apiVersion:(\s+)"(apps|rbac\.authorization\.k8s\.io)/v1"(\s+kind:\s+"\w+"\s+metadata\b)"#,
        r#"apiVersion:$1"$2/v1beta1"$3"#,
    ),
    fault(
        "object: kind that is not there",
        Templates,
        r#"kind:(\s+)"(Deployment|Service|ServiceAccount|ClusterRole|ConfigMap|Namespace)""#,
        r#"kind:$1"${2}q""#,
    ),
    fault(
        "object: name that is none",
        Templates,
        r#"(metadata: name: |metadata: \{\s*name: )"([a-z-]+)""#,
        // no name of any kind: some kinds take everything else
        r#"$1"${2}/X""#,
    ),
    fault(
        "resource: colon forgotten",
        Resources,
        r"(?m)^(\s*)(name|type|kind):",
        "$1$2",
    ),
    fault("resource: brace left open", Resources, r"\}\s*\z", ""),
    Fault {
        further: 1,
        ..fault(
            "resource: unknown import",
            Resources,
            r"(?m)^package main\s*$",
            "package main\n\nimport \"strngs\"\n",
        )
    },
    fault(
        "resource: other package",
        Resources,
        r"(?m)^package main",
        "package mian",
    ),
    fault("yaml: broken", Objects, r"(?m)^(\s+)name: ", "${1}name: : "),
    fault("yaml: no kind", Objects, r"(?m)^kind: .*\n", ""),
    fault(
        "yaml: misspelt field",
        Objects,
        r"(?m)^(\s*)(containers|rules|subjects|roleRef|ports|template|names|scope):",
        "$1${2}q:",
    ),
    fault(
        "yaml: text for a number",
        Objects,
        r"(?m)^(\s*(?:containerPort|replicas|port): )\d+",
        "${1}many",
    ),
    fault(
        "yaml: second document",
        Objects,
        r"\z",
        "\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
    ),
    fault(
        "crd: none is stored",
        Objects,
        r"(?m)^(\s*storage: )true",
        "${1}false",
    ),
    fault(
        "crd: misspelt schema",
        Objects,
        r"openAPIV3Schema:",
        "openAPIV3Schem:",
    ),
    fault(
        "crd: unknown type",
        Objects,
        r"(?m)^(\s+type: )(object|string|integer)$",
        "${1}objct",
    ),
    fault(
        "crd: API removed",
        Objects,
        r"(?m)apiextensions\.k8s\.io/v1$",
        "apiextensions.k8s.io/v1beta1",
    ),
    fault(
        "crd: plural and name differ",
        Objects,
        r"(?m)^(\s+plural: )(\w+)",
        "$1${2}q",
    ),
    fault(
        "definition: unknown type",
        Definitions,
        r#"(?m)^(\s*type:\s+)"(component|trait|policy|workflow-step)""#,
        r#"$1"${2}q""#,
    ),
    fault(
        "definition: misspelt attribute",
        Definitions,
        r"(?m)^(\s*)(podDisruptive|appliesToWorkloads|workload):",
        "$1${2}q:",
    ),
    fault(
        "definition: no template",
        Definitions,
        r"(?m)^template:",
        "templat:",
    ),
    fault(
        "definition: misspelt `parameter`",
        Definitions,
        r"\bparameter\.(\w+)",
        "paramter.$1",
    ),
    fault(
        "definition: parameter that is not declared",
        Definitions,
        r"\bparameter\.(\w+)",
        "parameter.${1}q",
    ),
    fault(
        "definition: no `isHealth`",
        Definitions,
        r"isHealth:",
        "isHealthy:",
    ),
    fault("definition: brace left open", Definitions, r"\}\s*\z", ""),
    fault(
        "schema: misspelt key",
        Schemas,
        r"(?m)^(\s*-? ?)jsonKey:",
        "${1}jsonKeyy:",
    ),
    fault(
        "schema: unknown parameter",
        Schemas,
        // one that is shown: a parameter that does not exist can be hidden without harm
        r"(?m)^(\s*-? ?jsonKey: )(\w+)(\n\s+(?:label|uiType|sort):)",
        "$1${2}q$3",
    ),
    fault(
        "schema: unknown input",
        Schemas,
        r"(?m)^(\s*uiType: )(\w+)",
        "$1${2}q",
    ),
    fault(
        "schema: no YAML",
        Schemas,
        r"(?m)^(\s*-? ?)jsonKey:",
        "${1}jsonKey: :",
    ),
    fault("view: brace left open", Views, r"\}\s*\z", ""),
    fault(
        "view: misspelt `parameter`",
        Views,
        r"\bparameter\.(\w+)",
        "paramter.$1",
    ),
    fault("notes: misspelt `notes`", Notes, r"\bnotes:", "note:"),
    fault("notes: a package", Notes, r"\A", "package main\n"),
];
