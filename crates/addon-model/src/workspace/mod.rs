//! `addon-pack.yaml`: a folder of addons as one workspace.
//!
//! The file says which directories are addons, what is checked, and which files of the workspace addons share. It is read
//! strictly: an unknown key, a key that stands twice, a value of another type is an error at its place, since a misspelt
//! setting that does nothing is worse than none. An empty file is a workspace with all defaults.
//!
//! ```yaml
//! members: [addon/*]
//! exclude: [addon/old]
//! vela: ['1.9', '1.10']
//! check:
//!   profile: strict
//!   rules: {META13: off}
//! shared:
//!   proxy: {source: shared/proxy.cue, target: resources/proxy.cue}
//! ```
//!
//! Paths are relative to the workspace and stay inside it. What a setting of the command line or the environment says
//! comes before what stands here; that is the business of the commands.

mod members;

use crate::schema::{self, FileFormat, SchemaFinding};
use crate::spanned::Spanned;
use goyaml::Tree;
use source_vocab::{Diagnostic, Outcome, Severity, SourceFile, VPath};

/// The name of the file.
pub const FILE_NAME: &str = "addon-pack.yaml";

/// The annotation of `metadata.yaml` with which an addon names what it shares: names with commas between them.
pub const SHARED_ANNOTATION: &str = "addon-pack.dev/shared";

/// A workspace as its file describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceFile {
    /// `members`: patterns of directories; `None` when it is not written.
    pub members: Option<Vec<Spanned<String>>>,
    /// `exclude`: patterns of directories that are no members.
    pub exclude: Vec<Spanned<String>>,
    /// `output`: where archives are written.
    pub output: Option<Spanned<String>>,
    /// `registry`: where archives are published.
    pub registry: Option<Spanned<String>>,
    /// `vela`: releases of KubeVela.
    pub vela: Vec<Spanned<String>>,
    /// `kubernetes`: releases of Kubernetes.
    pub kubernetes: Vec<Spanned<String>>,
    /// `check`.
    pub check: CheckSettings,
    /// `shared`, in the order of the names.
    pub shared: Vec<Shared>,
}

/// `check`: what the command does unless it is told otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckSettings {
    /// `profile`: `default`, `strict`, `release` or `catalog`.
    pub profile: Option<Spanned<String>>,
    /// `select`: ids or families of rules.
    pub select: Vec<Spanned<String>>,
    /// `ignore`: ids or families of rules.
    pub ignore: Vec<Spanned<String>>,
    /// `rules`: ids with the severity that they have here, `None` for `off`; in the order of the ids.
    pub rules: Vec<(Spanned<String>, Option<Severity>)>,
}

/// An entry of `shared`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The name by which addons take it.
    pub name: Spanned<String>,
    /// `source`: a file or a folder of the workspace.
    pub source: Spanned<VPath>,
    /// `target`: what it becomes in an addon; the root is the addon itself.
    pub target: Spanned<VPath>,
}

impl WorkspaceFile {
    /// Reads the file; no value where it has an error.
    pub fn read(source: &SourceFile) -> Outcome<Self> {
        let mut stream = goyaml::parse_file(source);
        let mut found: Vec<Diagnostic> = stream.error.take().into_iter().map(Into::into).collect();
        if let Some(second) = stream.documents.get(1) {
            let message = format!("`{FILE_NAME}` has several documents, one is expected");
            found.push(Diagnostic::error(
                "workspace/documents",
                message,
                second.span.start(),
            ));
        }
        let resolved = stream
            .documents
            .first()
            .map(|first| goyaml::resolve(&first.root));
        let tree = match resolved {
            Some(Ok(resolved)) => {
                found.extend(resolved.duplicates.iter().map(Into::into));
                Some(resolved.tree)
            }
            Some(Err(error)) => {
                found.push(error.into());
                None
            }
            None => None,
        };
        let mut file = Self::default();
        if let Some(tree) = tree.filter(|tree| tree.data != goyaml::Data::Null) {
            let wrong = schema::validate(FileFormat::Workspace, &tree);
            found.extend(wrong.into_iter().map(|one| described(one, source)));
            file.fill(&tree, &mut found);
        }
        let is_refused = found.iter().any(|one| one.severity == Severity::Error);
        Outcome {
            value: (!is_refused).then_some(file),
            diagnostics: found,
        }
    }

    /// Takes over what the schema has judged; what it refuses is left out here.
    fn fill(&mut self, tree: &Tree, found: &mut Vec<Diagnostic>) {
        self.members = tree.get("members").map(|members| texts(Some(members)));
        self.exclude = texts(tree.get("exclude"));
        self.output = tree.get("output").and_then(text);
        self.registry = tree.get("registry").and_then(text);
        self.vela = texts(tree.get("vela"));
        self.kubernetes = texts(tree.get("kubernetes"));
        if let Some(check) = tree.get("check") {
            self.check.profile = check.get("profile").and_then(text);
            self.check.select = texts(check.get("select"));
            self.check.ignore = texts(check.get("ignore"));
            let rules = check.get("rules").map(Tree::entries).unwrap_or_default();
            self.check.rules = rules.iter().map(level).collect();
            self.check.rules.sort_by(|a, b| a.0.value.cmp(&b.0.value));
        }
        for pattern in self.members.iter().flatten().chain(&self.exclude) {
            found.extend(members::judge(pattern));
        }
        for entry in tree.get("shared").map(Tree::entries).unwrap_or_default() {
            let mut path = |key: &str| {
                let written = entry.value.get(key).and_then(text)?;
                match inside(&written.value) {
                    Some(path) => Some(Spanned::new(path, written.span)),
                    None => {
                        let message = format!("`{}` leaves the workspace", written.value);
                        let help = "write a path with slashes that stays below the workspace";
                        let outside = Diagnostic::error("workspace/path", message, written.span);
                        found.push(outside.help(help));
                        None
                    }
                }
            };
            let (source, target) = (path("source"), path("target"));
            if let (Some(source), Some(target)) = (source, target) {
                self.shared.push(Shared {
                    name: Spanned::new(entry.key.as_ref().to_owned(), entry.key_span),
                    source,
                    target,
                });
            }
        }
        self.shared.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    }
}

/// A path with slashes that stays below the root it is relative to.
pub(crate) fn inside(text: &str) -> Option<VPath> {
    let is_plain = !text.starts_with('/') && !text.contains(['\\', '\0']);
    is_plain.then(|| VPath::parse(text)).flatten()
}

fn text(tree: &Tree) -> Option<Spanned<String>> {
    Some(Spanned::new(tree.as_str()?.to_owned(), tree.span))
}

fn texts(tree: Option<&Tree>) -> Vec<Spanned<String>> {
    tree.map(Tree::items)
        .unwrap_or_default()
        .iter()
        .filter_map(text)
        .collect()
}

fn level(entry: &goyaml::Entry) -> (Spanned<String>, Option<Severity>) {
    let severity = match entry.value.as_str() {
        Some("error") => Some(Severity::Error),
        Some("warning") => Some(Severity::Warning),
        Some("info") => Some(Severity::Info),
        _ => None,
    };
    let id = Spanned::new(entry.key.as_ref().to_owned(), entry.key_span);
    (id, severity)
}

/// The keys of the mapping at a path of the file.
fn keys_of(path: &str) -> &'static [&'static str] {
    match path {
        "" => &[
            "members",
            "exclude",
            "output",
            "registry",
            "vela",
            "kubernetes",
            "check",
            "shared",
        ],
        "check" => &["profile", "select", "ignore", "rules"],
        _ => &["source", "target"],
    }
}

/// A finding of the schema as a diagnostic, with the key that was probably meant.
fn described(found: SchemaFinding, source: &SourceFile) -> Diagnostic {
    let is_unknown = found.keyword == "additionalProperties";
    let code = if is_unknown {
        "workspace/unknown-key"
    } else {
        "workspace/value"
    };
    let diagnostic = Diagnostic::error(code, found.message, found.span);
    if !is_unknown {
        let is_release = found.path.starts_with("vela") || found.path.starts_with("kubernetes");
        return match (found.keyword.as_str(), is_release) {
            ("type" | "pattern", true) => {
                diagnostic.help("write releases in quotes, as in `['1.9', '1.10']`")
            }
            _ => diagnostic,
        };
    }
    let known = keys_of(&found.path);
    let written = found.span.lo.checked_sub(source.base()).and_then(|lo| {
        let length = found.span.hi.checked_sub(found.span.lo)?;
        let (lo, length) = (usize::try_from(lo).ok()?, usize::try_from(length).ok()?);
        source.text().get(lo..lo.checked_add(length)?)
    });
    let near = source_vocab::nearest::nearest(written.unwrap_or_default(), known.iter().copied());
    diagnostic.help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", known.join("`, `")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::{Place, SourceMap};

    fn read(text: &str) -> (Option<WorkspaceFile>, Vec<String>) {
        let mut sources = SourceMap::new();
        let source = sources.add(FILE_NAME, text).unwrap();
        let outcome = WorkspaceFile::read(&source);
        let told = outcome.diagnostics.iter().map(|found| {
            let Place::Text(span) = found.primary.place else {
                panic!("{found:?} has no place");
            };
            let (_, at) = sources.line_column(span).unwrap();
            let help = found.help.as_deref().unwrap_or_default();
            format!(
                "{}:{}: {}: {} ({help})",
                at.line, at.column, found.code, found.message
            )
        });
        let told = told.collect();
        (outcome.value, told)
    }

    #[test]
    fn all_keys_are_read() {
        let (file, told) = read(
            "members: [addon/*]\nexclude: [addon/old]\nregistry: https://example.com\nvela: ['1.9']\nkubernetes: ['1.31']\n\
             check:\n  profile: strict\n  select: [META]\n  ignore: [META13]\n  rules: {META05: error, IMG01: off}\n\
             shared:\n  b: {source: shared/b.cue, target: resources/b.cue}\n  a: {source: shared/a, target: .}\n",
        );
        assert_eq!(told, Vec::<String>::new());
        let file = file.unwrap();
        assert_eq!(file.members.unwrap()[0].value, "addon/*");
        assert_eq!(file.kubernetes[0].value, "1.31");
        assert_eq!(file.check.profile.unwrap().value, "strict");
        let rules: Vec<_> = file
            .check
            .rules
            .iter()
            .map(|(id, level)| (id.value.as_str(), *level))
            .collect();
        assert_eq!(rules, [("IMG01", None), ("META05", Some(Severity::Error))]);
        let shared: Vec<_> = file
            .shared
            .iter()
            .map(|one| (one.name.as_str(), one.source.as_str(), one.target.as_str()))
            .collect();
        assert_eq!(
            shared,
            [
                ("a", "shared/a", ""),
                ("b", "shared/b.cue", "resources/b.cue")
            ]
        );
    }

    #[test]
    fn an_empty_file_has_the_defaults() {
        for text in ["", "# nothing\n", "---\n"] {
            assert_eq!(
                read(text),
                (Some(WorkspaceFile::default()), Vec::new()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        for (text, wanted) in [
            (
                "member: [a]\n",
                "1:1: workspace/unknown-key: the key `member` is unknown (did you mean `members`?)",
            ),
            (
                "check:\n  profil: strict\n",
                "2:3: workspace/unknown-key: the key `profil` is unknown in `check` (did you mean `profile`?)",
            ),
            (
                "members: [a]\nmembers: [b]\n",
                "2:1: yaml/duplicate-key: the key `members` stands twice in this mapping, the last one counts (remove one of the two)",
            ),
            (
                "members: x\n",
                "1:10: workspace/value: `members` must be of type array, found string ()",
            ),
            (
                "vela: [1.10]\n",
                "1:8: workspace/value: `vela[0]` must be of type string, found number (write releases in quotes, as in `['1.9', '1.10']`)",
            ),
            (
                "shared:\n  a: {source: ../x, target: z}\n",
                "2:15: workspace/path: `../x` leaves the workspace (write a path with slashes that stays below the workspace)",
            ),
            (
                "shared:\n  a: {source: x, target: /y}\n",
                "2:26: workspace/path: `/y` leaves the workspace (write a path with slashes that stays below the workspace)",
            ),
            (
                "shared:\n  a: {source: x}\n",
                "2:6: workspace/value: `shared.a` must have the key `target` ()",
            ),
            (
                "members: [a/**]\n",
                "1:11: workspace/pattern: `**` stands for no folders here (write a `*` for each folder, as in `addon/*`)",
            ),
            (
                "members: [../a]\n",
                "1:11: workspace/pattern: `../a` leaves the workspace (write a path with slashes that stays below the workspace)",
            ),
            ("a: b: c\n", "1:5: yaml/syntax: "),
            (
                "{}\n---\n{}\n",
                "2:1: workspace/documents: `addon-pack.yaml` has several documents, one is expected ()",
            ),
            (
                "- a\n",
                "1:1: workspace/value: the file must be of type object, found array ()",
            ),
        ] {
            let (file, told) = read(text);
            assert_eq!(file, None, "{text}");
            assert!(
                told.first().is_some_and(|first| first.starts_with(wanted)),
                "{text}: {told:?}"
            );
        }
    }
}
