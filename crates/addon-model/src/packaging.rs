//! What packaging without checks needs of an addon: the fields of `metadata.yaml` and whether
//! `vela addon package` would take the directory at all.
//!
//! KubeVela decides that in `IsAddonDir` (kubevela 5a44b5f10 `pkg/addon/utils.go`), which differs
//! from reading the addon: only the files with exactly the right names count, `template.cue` must
//! contain the word `output`, and `template.yaml` must decode into the typed Application. The
//! checks here come in its order, so the first refusal is the one that KubeVela names. Whether the
//! version is one for Helm is decided where archives are made.

use crate::load::{Metadata, YamlFile, judge, read_text};
use crate::meta::Meta;
use crate::meta_decode::{Findings, decode, folds_equal};
use crate::tree::AddonTree;
use goyaml::{Data, Magnitude, Tree};
use source_vocab::{Diagnostic, SourceMap, World};

/// An addon as a package sees it.
#[derive(Clone, Debug, Default)]
pub struct Packaging {
    /// The fields of `metadata.yaml`, of that file alone.
    pub meta: Meta,
    /// Why `vela addon package` refuses the directory, if it does.
    pub refusal: Option<Diagnostic>,
}

/// Reads what a package needs.
pub fn load_packaging(world: &dyn World, tree: &AddonTree, sources: &mut SourceMap) -> Packaging {
    let mut packaging = Packaging::default();
    packaging.refusal = refuse(world, tree, sources, &mut packaging.meta)
        .err()
        .map(|found| *found);
    packaging
}

impl Metadata {
    /// The fields of the file called exactly `metadata.yaml`: what a package is made from, also
    /// where another file of that prefix changes what KubeVela enables.
    pub fn package_meta(&self) -> Meta {
        let mut meta = Meta::default();
        let exact = self
            .files
            .iter()
            .find(|yaml| yaml.file.path.as_str() == "metadata.yaml");
        if let Some(root) = exact.and_then(YamlFile::tree) {
            decode(root, &mut meta, &mut Findings::default());
        }
        meta
    }
}

fn refuse(
    world: &dyn World,
    tree: &AddonTree,
    sources: &mut SourceMap,
    meta: &mut Meta,
) -> Result<(), Box<Diagnostic>> {
    let at = |name: &str| tree.root.child(name);
    let Some(entry) = tree.find("metadata.yaml") else {
        let message = "the addon has no `metadata.yaml`";
        return Err(Box::new(Diagnostic::error(
            "META01",
            message,
            at("metadata.yaml"),
        )));
    };
    let file = first(read_text(world, tree, entry, sources), "META01")?;
    let yaml = YamlFile::parse(file);
    let start = yaml.file.source.span().start();
    let place = yaml.tree().map_or(start, |root| root.span.start());
    let mut diagnostics = Vec::new();
    if judge(&yaml, &mut diagnostics) {
        return Err(Box::new(diagnostics.swap_remove(0)));
    }
    let mut findings = Findings::default();
    if let Some(root) = yaml.tree() {
        decode(root, meta, &mut findings);
    }
    findings.sort();
    if !findings.wrong_types.is_empty() {
        return Err(Box::new(findings.wrong_types.swap_remove(0)));
    }
    if meta.name.is_empty() {
        let message = "`metadata.yaml` must define the `name` of the addon";
        let found = Diagnostic::error("META02", message, set_or(meta.name.span, place));
        return Err(Box::new(found.help(
            "write lower-case words joined by dashes, as in `name: my-addon`",
        )));
    }
    if meta.version.is_empty() {
        let message = "`metadata.yaml` must define the `version` of the addon";
        let found = Diagnostic::error("META04", message, set_or(meta.version.span, place));
        return Err(Box::new(
            found.help("write a version, as in `version: 1.0.0`"),
        ));
    }
    if let Some(entry) = tree.find("template.cue") {
        let file = first(read_text(world, tree, entry, sources), "LAY02")?;
        if !file.text().contains("output") {
            let message = "`template.cue` must have a field `output`, the Application";
            return Err(Box::new(Diagnostic::error(
                "LAY02",
                message,
                file.source.span().start(),
            )));
        }
        return Ok(());
    }
    if tree.has_directory("template.cue") {
        let message = "`template.cue` is a directory, a file is expected";
        return Err(Box::new(Diagnostic::error(
            "LAY02",
            message,
            at("template.cue"),
        )));
    }
    let Some(entry) = tree.find("template.yaml") else {
        let message = "the addon has neither `template.cue` nor `template.yaml`";
        let found = Diagnostic::error("LAY02", message, tree.root.clone())
            .note("`vela addon package` and `vela addon push` refuse such an addon")
            .help("add a `template.yaml` with an Application, even one without components");
        return Err(Box::new(found));
    };
    let file = first(read_text(world, tree, entry, sources), "LAY02")?;
    template_yaml(&YamlFile::parse(file))
}

fn set_or(span: source_vocab::Span, otherwise: source_vocab::Span) -> source_vocab::Span {
    if span.is_detached() { otherwise } else { span }
}

fn first<T>(outcome: source_vocab::Outcome<T>, code: &'static str) -> Result<T, Box<Diagnostic>> {
    let mut diagnostics = Vec::new();
    outcome.drain_into(&mut diagnostics).ok_or_else(|| {
        let unknown =
            || Diagnostic::error(code, "a file cannot be read", source_vocab::Place::Nowhere);
        Box::new(diagnostics.into_iter().next().unwrap_or_else(unknown))
    })
}

fn template_yaml(yaml: &YamlFile) -> Result<(), Box<Diagnostic>> {
    if let Some(mut failure) = yaml.failure() {
        failure.code = "APP02".into();
        failure.message = format!("`template.yaml` is not valid YAML: {}", failure.message);
        return Err(Box::new(failure.help("mend the YAML at this place")));
    }
    match yaml.tree() {
        Some(root) if root.data != Data::Null => {
            mismatch(root, &APPLICATION, "").map_or(Ok(()), |found| Err(Box::new(found)))
        }
        Some(_) | None => {
            let place = yaml.file.source.span().start();
            let message = "`template.yaml` is empty, an Application is expected";
            Err(Box::new(Diagnostic::error("APP02", message, place)))
        }
    }
}

/// The Go type that a value is decoded into. `null` fits each.
enum Shape {
    /// Anything (`RawExtension`, and parts that a template does not set).
    Any,
    /// `string`: numbers and booleans are converted.
    Text,
    /// `int64`.
    Integer,
    /// `[]T`.
    List(&'static Shape),
    /// `map[string]T`.
    Map(&'static Shape),
    /// A struct; keys match in any case, unknown ones are dropped.
    Struct(&'static [(&'static str, Shape)]),
}

const TEXTS: Shape = Shape::List(&Shape::Text);
const INPUTS: Shape = Shape::List(&Shape::Struct(&[
    ("from", Shape::Text),
    ("parameterKey", Shape::Text),
]));
const OUTPUTS: Shape = Shape::List(&Shape::Struct(&[
    ("name", Shape::Text),
    ("valueFrom", Shape::Text),
]));
const STEP_META: Shape = Shape::Struct(&[("alias", Shape::Text)]);

/// `v1beta1.Application` of kubevela 5a44b5f10 `apis/core.oam.dev/v1beta1/application_types.go`.
static APPLICATION: Shape = Shape::Struct(&[
    ("apiVersion", Shape::Text),
    ("kind", Shape::Text),
    (
        "metadata",
        Shape::Struct(&[
            ("name", Shape::Text),
            ("generateName", Shape::Text),
            ("namespace", Shape::Text),
            ("resourceVersion", Shape::Text),
            ("uid", Shape::Text),
            ("generation", Shape::Integer),
            ("labels", Shape::Map(&Shape::Text)),
            ("annotations", Shape::Map(&Shape::Text)),
            ("finalizers", TEXTS),
        ]),
    ),
    (
        "spec",
        Shape::Struct(&[
            (
                "components",
                Shape::List(&Shape::Struct(&[
                    ("name", Shape::Text),
                    ("type", Shape::Text),
                    ("externalRevision", Shape::Text),
                    ("properties", Shape::Any),
                    ("dependsOn", TEXTS),
                    ("inputs", INPUTS),
                    ("outputs", OUTPUTS),
                    (
                        "traits",
                        Shape::List(&Shape::Struct(&[
                            ("type", Shape::Text),
                            ("properties", Shape::Any),
                        ])),
                    ),
                    ("scopes", Shape::Map(&Shape::Text)),
                ])),
            ),
            (
                "policies",
                Shape::List(&Shape::Struct(&[
                    ("name", Shape::Text),
                    ("type", Shape::Text),
                    ("properties", Shape::Any),
                ])),
            ),
            (
                "workflow",
                Shape::Struct(&[
                    ("ref", Shape::Text),
                    (
                        "mode",
                        Shape::Struct(&[("steps", Shape::Text), ("subSteps", Shape::Text)]),
                    ),
                    (
                        "steps",
                        Shape::List(&Shape::Struct(&[
                            ("name", Shape::Text),
                            ("type", Shape::Text),
                            ("meta", STEP_META),
                            ("if", Shape::Text),
                            ("timeout", Shape::Text),
                            ("dependsOn", TEXTS),
                            ("inputs", INPUTS),
                            ("outputs", OUTPUTS),
                            ("properties", Shape::Any),
                            ("mode", Shape::Text),
                            (
                                "subSteps",
                                Shape::List(&Shape::Struct(&[
                                    ("name", Shape::Text),
                                    ("type", Shape::Text),
                                    ("meta", STEP_META),
                                    ("if", Shape::Text),
                                    ("timeout", Shape::Text),
                                    ("dependsOn", TEXTS),
                                    ("inputs", INPUTS),
                                    ("outputs", OUTPUTS),
                                    ("properties", Shape::Any),
                                ])),
                            ),
                        ])),
                    ),
                ]),
            ),
        ]),
    ),
    ("status", Shape::Any),
]);

/// The first place that does not fit.
fn mismatch(tree: &Tree, shape: &Shape, path: &str) -> Option<Diagnostic> {
    if tree.data == Data::Null {
        return None;
    }
    let wrong = |expected: &str| {
        let name = if path.is_empty() {
            "template.yaml"
        } else {
            path
        };
        let message = format!("`{name}` must be {expected}, found {}", tree.kind());
        let found = Diagnostic::error("APP02", message, tree.span);
        Some(found.help(format!(
            "write {expected} here: KubeVela reads the file as an Application"
        )))
    };
    match (shape, &tree.data) {
        (Shape::Any, _) => None,
        (Shape::Text, _) if tree.coerced().is_some() => None,
        (Shape::Text, _) => wrong("a string"),
        (Shape::Integer, Data::Number(Magnitude::Int(_))) => None,
        (Shape::Integer, _) => wrong("a whole number"),
        (Shape::List(of), Data::List(items)) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| mismatch(item, of, &format!("{path}[{index}]"))),
        (Shape::List(_), _) => wrong("a list"),
        (Shape::Map(of), Data::Map(entries)) => entries
            .iter()
            .find_map(|entry| mismatch(&entry.value, of, &below(path, &entry.key))),
        (Shape::Struct(fields), Data::Map(entries)) => entries.iter().find_map(|entry| {
            let exact = fields.iter().find(|(name, _)| **name == *entry.key);
            let field = exact.or_else(|| {
                fields
                    .iter()
                    .find(|(name, _)| folds_equal(name, &entry.key))
            });
            field.and_then(|(name, shape)| mismatch(&entry.value, shape, &below(path, name)))
        }),
        (Shape::Map(_) | Shape::Struct(_), _) => wrong("a mapping"),
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::VPath;
    use testkit::MemoryWorld;

    fn refusal(files: &[(&str, &str)]) -> Option<String> {
        let world = files
            .iter()
            .fold(MemoryWorld::new(), |world, (path, text)| {
                world.file(path, *text)
            });
        let tree = crate::scan(&world, &VPath::root()).value.unwrap();
        let packaging = load_packaging(&world, &tree, &mut SourceMap::new());
        packaging
            .refusal
            .map(|found| format!("{}: {}", found.code, found.message))
    }

    const META: (&str, &str) = ("metadata.yaml", "name: a\nversion: 1.0.0\n");
    const APP: &str =
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {components: []}\n";

    #[test]
    fn what_kubevela_packages_is_not_refused() {
        for template in [
            ("template.yaml", APP),
            ("template.yaml", "{}"),
            (
                "template.yaml",
                "metadata: {name: n, labels: {a: 1}}\nspec: {Components: [{name: 1, type: y}]}",
            ),
            ("template.cue", "output: {}"),
            ("template.cue", "// no output"),
        ] {
            assert_eq!(refusal(&[META, template]), None, "{template:?}");
        }
        // a second document and a key that stands twice are findings, but no refusals
        let odd = ("metadata.yaml", "name: a\nversion: 1\nversion: 2\n---\nx\n");
        assert_eq!(refusal(&[odd, ("template.yaml", APP)]), None);
        // a broken file of that prefix does not matter to a package
        let backup = ("metadata.yaml.bak", "[");
        assert_eq!(refusal(&[META, backup, ("template.yaml", APP)]), None);
    }

    #[test]
    fn what_kubevela_refuses_is_refused_with_the_cause() {
        let template = ("template.yaml", APP);
        for (files, cause) in [
            (vec![template], "META01: the addon has no `metadata.yaml`"),
            (
                vec![("metadata.yaml", "name: a: b"), template],
                "META01: `metadata.yaml` is not valid YAML: mapping values are not allowed in this context",
            ),
            (
                vec![("metadata.yaml", "tags: a"), template],
                "META01: `tags` must be a list of strings, found a string",
            ),
            (
                vec![("metadata.yaml", "version: 1"), template],
                "META02: `metadata.yaml` must define the `name` of the addon",
            ),
            (
                vec![("metadata.yaml", "name: a\nversion: ''"), template],
                "META04: `metadata.yaml` must define the `version` of the addon",
            ),
            (
                vec![META, ("template.yaml.bak", APP)],
                "LAY02: the addon has neither `template.cue` nor `template.yaml`",
            ),
            (
                vec![META, template, ("template.cue", "package main")],
                "LAY02: `template.cue` must have a field `output`, the Application",
            ),
            (
                vec![META, template, ("template.cue/x", "")],
                "LAY02: `template.cue` is a directory, a file is expected",
            ),
            (
                vec![META, ("template.yaml", "# nothing")],
                "APP02: `template.yaml` is empty, an Application is expected",
            ),
            (
                vec![META, ("template.yaml", "spec: {components: [{name: [a]}]}")],
                "APP02: `spec.components[0].name` must be a string, found array",
            ),
            (
                vec![META, ("template.yaml", "spec: {components: {a: b}}")],
                "APP02: `spec.components` must be a list, found object",
            ),
            (
                vec![META, ("template.yaml", "metadata: {generation: x}")],
                "APP02: `metadata.generation` must be a whole number, found string",
            ),
            (
                vec![META, ("template.yaml", "- a")],
                "APP02: `template.yaml` must be a mapping, found array",
            ),
        ] {
            assert_eq!(refusal(&files).as_deref(), Some(cause), "{files:?}");
        }
    }
}
