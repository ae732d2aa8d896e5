//! The JSON Schemas of `schemas/`, compiled when first asked for, and their errors at the places
//! of the YAML they are about.
//!
//! Compiling takes most of a millisecond each, so whoever only packages never comes here.
//! Schemas are validated on the value as Kubernetes reads it (`yes` is a boolean), before any
//! coercion to strings: that is how an unquoted version number is found.

use crate::load::Metadata;
use goyaml::{Data, Step, Tree};
use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use serde_json::Value;
use source_vocab::{Diagnostic, Edit, Fix, Span};
use std::borrow::Cow;
use std::sync::OnceLock;

/// One of the project's file formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// `metadata.yaml`.
    Metadata,
    /// `index.yaml` of a registry.
    Index,
    /// `addon-pack.yaml`.
    Workspace,
    /// The outer shape of an Application.
    Application,
}

impl FileFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [
        Self::Metadata,
        Self::Index,
        Self::Workspace,
        Self::Application,
    ];

    /// The text of the schema.
    pub const fn schema_text(self) -> &'static str {
        match self {
            Self::Metadata => include_str!("../../../schemas/metadata.schema.json"),
            Self::Index => include_str!("../../../schemas/index.schema.json"),
            Self::Workspace => include_str!("../../../schemas/addon-pack.schema.json"),
            Self::Application => include_str!("../../../schemas/application.schema.json"),
        }
    }

    /// The compiled schema; `None` only if the embedded text were broken, which a test excludes.
    fn validator(self) -> Option<&'static Validator> {
        static COMPILED: [OnceLock<Option<Validator>>; 4] = [const { OnceLock::new() }; 4];
        let at = Self::ALL.iter().position(|format| *format == self)?;
        COMPILED
            .get(at)?
            .get_or_init(|| {
                let schema: Value = serde_json::from_str(self.schema_text()).ok()?;
                jsonschema::options()
                    .with_pattern_options(jsonschema::PatternOptions::regex())
                    .build(&schema)
                    .ok()
            })
            .as_ref()
    }
}

/// A place where a file does not fit its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFinding {
    /// The keyword of the schema: `type`, `required`, `additionalProperties`, `enum`, …
    pub keyword: String,
    /// The path in the file, such as `spec.components[2].name`; empty for the root.
    pub path: String,
    /// Where it stands. For an unknown key the key, else the value.
    pub span: Span,
    /// What is wrong: a lower-case sentence.
    pub message: String,
    /// The value's coerced text, when a string is wanted and a number or boolean stands there.
    pub coerced: Option<String>,
}

/// Validates a tree; findings come in the order of their places.
pub fn validate(format: FileFormat, tree: &Tree) -> Vec<SchemaFinding> {
    let Some(validator) = format.validator() else {
        return Vec::new();
    };
    let value = Value::from(&tree.to_value());
    let mut findings = Vec::new();
    for error in validator.iter_errors(&value) {
        let segments: Vec<LocationSegment<'_>> = error.instance_path().iter().collect();
        let (at, path) = follow(tree, &segments);
        describe(error.kind(), at, &path, &mut findings);
    }
    findings.sort_by(|a, b| (a.span, &a.keyword).cmp(&(b.span, &b.keyword)));
    findings
}

/// The tree at a path and the path as people write it.
fn follow<'t>(tree: &'t Tree, segments: &[LocationSegment<'_>]) -> (&'t Tree, String) {
    let (mut at, mut path) = (tree, String::new());
    for segment in segments {
        let key: Cow<'_, str> = match segment {
            LocationSegment::Property(key) => Cow::Borrowed(key),
            LocationSegment::Index(index) => Cow::Owned(index.to_string()),
        };
        let next = match (&at.data, key.parse()) {
            (Data::List(_), Ok(index)) => {
                path.extend(["[", &key, "]"]);
                at.at(&[Step::Index(index)])
            }
            _ => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&key);
                at.get(&key)
            }
        };
        let Some(next) = next else { break };
        at = next;
    }
    (at, path)
}

fn named(path: &str) -> String {
    if path.is_empty() {
        "the file".to_owned()
    } else {
        format!("`{path}`")
    }
}

fn describe(kind: &ValidationErrorKind, at: &Tree, path: &str, findings: &mut Vec<SchemaFinding>) {
    let name = named(path);
    let mut coerced = None;
    let message = match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                let span = at.entry(key).map_or(at.span, |entry| entry.key_span);
                let below = if path.is_empty() {
                    String::new()
                } else {
                    format!(" in {name}")
                };
                findings.push(SchemaFinding {
                    keyword: kind.keyword().to_owned(),
                    path: path.to_owned(),
                    span,
                    message: format!("the key `{key}` is unknown{below}"),
                    coerced: None,
                });
            }
            return;
        }
        ValidationErrorKind::Type { kind: wanted } => {
            let wanted = wanted_types(wanted);
            if wanted == "string" {
                coerced = at.coerced().map(Cow::into_owned);
            }
            format!("{name} must be of type {wanted}, found {}", at.kind())
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            format!("{name} must have the key `{key}`")
        }
        ValidationErrorKind::Enum { options } => format!("{name} must be one of {options}"),
        ValidationErrorKind::Constant { expected_value } => {
            format!("{name} must be {expected_value}")
        }
        ValidationErrorKind::Pattern { pattern } => format!("{name} must match `{pattern}`"),
        ValidationErrorKind::MinLength { .. } => format!("{name} must not be empty"),
        ValidationErrorKind::MinItems { limit } => {
            format!("{name} must have at least {limit} elements")
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("{name} must have at most {limit} characters")
        }
        ValidationErrorKind::PropertyNames { error } => {
            let key = error.instance().as_str().unwrap_or_default();
            let span = at.entry(key).map_or(at.span, |entry| entry.key_span);
            findings.push(SchemaFinding {
                keyword: kind.keyword().to_owned(),
                path: path.to_owned(),
                span,
                message: format!("`{key}` cannot be a key of {name}"),
                coerced: None,
            });
            return;
        }
        other => format!("{name} does not fit the schema's `{}`", other.keyword()),
    };
    findings.push(SchemaFinding {
        keyword: kind.keyword().to_owned(),
        path: path.to_owned(),
        span: at.span,
        message,
        coerced,
    });
}

fn wanted_types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(single) => single.to_string(),
        TypeKind::Multiple(set) => {
            let names: Vec<String> = set.iter().map(|single| single.to_string()).collect();
            names.join(" or ")
        }
    }
}

/// What the schema says of `metadata.yaml` beyond what reading it found already: values of the
/// wrong type that KubeVela converts without a word. Unknown keys, names and required fields have
/// rules of their own.
pub fn check_metadata(metadata: &Metadata) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for tree in metadata
        .files
        .iter()
        .filter_map(crate::load::YamlFile::tree)
    {
        for found in validate(FileFormat::Metadata, tree) {
            let Some(text) = found.coerced.filter(|_| found.keyword == "type") else {
                continue;
            };
            let message = format!(
                "`{}` is not a string in YAML and is read as `{text}`",
                found.path
            );
            let fix = Fix {
                title: "quote the value that is read".to_owned(),
                edits: vec![Edit {
                    span: found.span,
                    text: format!("\"{text}\""),
                }],
            };
            let diagnostic = Diagnostic::warning("META01", message, found.span)
                .help("write it in quotes")
                .fix(fix);
            diagnostics.push(diagnostic);
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(format: FileFormat, text: &str) -> Vec<String> {
        let tree = goyaml::read_tree(text.as_bytes(), 1, goyaml::Strictness::Lenient).unwrap();
        validate(format, &tree)
            .into_iter()
            .map(|found| {
                let place = text
                    .get(found.span.lo as usize - 1..found.span.hi as usize - 1)
                    .unwrap();
                format!(
                    "{}: {} @ {}",
                    found.keyword,
                    found.message,
                    place.trim_end()
                )
            })
            .collect()
    }

    #[test]
    fn every_schema_compiles() {
        for format in FileFormat::ALL {
            assert!(format.validator().is_some(), "{format:?}");
        }
    }

    #[test]
    fn metadata() {
        let good = "name: a-b\nversion: 1.2.3\ndescription: x\ntags: [a]\ndependencies:\n- name: fluxcd\n  version: '>=1.0.0'\nsystem: {vela: '>=1.9.0'}\nannotations: {a: b}\nneedNamespace: [x]\ndeployTo: {runtimeCluster: true}\n";
        assert_eq!(findings(FileFormat::Metadata, good), Vec::<String>::new());
        let bad = "name: A_b\nversion: 1.10\ntags: [a, 1]\nappVersion: 2\ninvisible: 'no'\ndependencies: [{version: x}]\nsystem: {velas: y}\n";
        assert_eq!(
            findings(FileFormat::Metadata, bad),
            [
                format!(
                    "required: the file must have the key `description` @ {}",
                    bad.trim_end()
                ),
                "pattern: `name` must match `^[a-z0-9]+(-[a-z0-9]+)*$` @ A_b".into(),
                "type: `version` must be of type string, found number @ 1.10".into(),
                "type: `tags[1]` must be of type string, found number @ 1".into(),
                "additionalProperties: the key `appVersion` is unknown @ appVersion".into(),
                "type: `invisible` must be of type boolean, found string @ 'no'".into(),
                "required: `dependencies[0]` must have the key `name` @ {version: x}".into(),
                "additionalProperties: the key `velas` is unknown in `system` @ velas".into(),
            ]
        );
    }

    #[test]
    fn index() {
        let good = "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    urls: [charts/a-1.0.0.tgz]\n    digest: 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\ngenerated: \"2024-01-01T00:00:00Z\"\n";
        assert_eq!(findings(FileFormat::Index, good), Vec::<String>::new());
        let bad = "apiVersion: v3\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    urls: []\n    digest: xyz\n    sha: 1\n  b: [null]\n";
        assert_eq!(
            findings(FileFormat::Index, bad),
            [
                "const: `apiVersion` must be \"v1\" @ v3",
                "minItems: `entries.a[0].urls` must have at least 1 elements @ []",
                "pattern: `entries.a[0].digest` must match `^(sha256:)?[0-9a-f]{64}$` @ xyz",
                "additionalProperties: the key `sha` is unknown in `entries.a[0]` @ sha",
                "type: `entries.b[0]` must be of type object, found null @ null",
            ]
        );
    }

    #[test]
    fn workspace() {
        let good = "members: ['addon/*']\nexclude: [addon/old]\ncheck: {profile: strict, rules: {META13: off}}\nvela: ['1.10']\nshared: {a-b: {source: x, target: z}}\n";
        assert_eq!(findings(FileFormat::Workspace, good), Vec::<String>::new());
        let bad = "members: addon\ncheck: {rules: {META13: warn, icon: error}}\nprofil: strict\nshared: {A: {source: x, target: z}}\n";
        assert_eq!(
            findings(FileFormat::Workspace, bad),
            [
                "type: `members` must be of type array, found string @ addon",
                "enum: `check.rules.META13` must be one of [\"error\",\"warning\",\"info\",\"off\",false] @ warn",
                "propertyNames: `icon` cannot be a key of `check.rules` @ icon",
                "additionalProperties: the key `profil` is unknown @ profil",
                "propertyNames: `A` cannot be a key of `shared` @ A",
            ]
        );
    }

    #[test]
    fn application() {
        let good = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: x}\nspec:\n  components:\n  - name: a\n    type: webservice\n    properties: {image: x}\n    traits: [{type: scaler, properties: {replicas: 1}}]\n  policies: [{type: topology, name: t, properties: {clusters: [local]}}]\n  workflow:\n    mode: {steps: DAG}\n    steps: [{type: deploy, name: d, subSteps: [{type: suspend}]}]\n";
        assert_eq!(
            findings(FileFormat::Application, good),
            Vec::<String>::new()
        );
        let bad = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec:\n  components:\n  - name: a\n    typ: webservice\n  - type: raw\n    name: 5\n    propeties: {}\n  policy: []\n";
        assert_eq!(
            findings(FileFormat::Application, bad),
            [
                "required: `spec.components[0]` must have the key `type` @ name: a\n    typ: webservice",
                "additionalProperties: the key `typ` is unknown in `spec.components[0]` @ typ",
                "type: `spec.components[1].name` must be of type string, found number @ 5",
                "additionalProperties: the key `propeties` is unknown in `spec.components[1]` @ propeties",
                "additionalProperties: the key `policy` is unknown in `spec` @ policy",
            ]
        );
    }
}
