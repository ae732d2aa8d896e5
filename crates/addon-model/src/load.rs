//! A scanned directory to a typed [`Addon`]: every file that KubeVela reads, as text with places
//! and, where it is YAML, parsed.
//!
//! Nothing is judged here beyond what keeps a file from being read at all: `META01` for
//! `metadata.yaml` (absent, not YAML, not a mapping, a field of the wrong type, a key that stands
//! twice, a second document) and `LAY12` for bytes that are no text. YAML files of resources,
//! definitions, views and the template keep their syntax error in [`YamlFile::stream`]; what
//! follows from it is a rule's business.
//!
//! Where several files fill one place the last one read wins, as in KubeVela (`template.yaml.bak`
//! after `template.yaml`); the effective one is given, and the tree names the others.

use crate::grammar::{Format, Role};
use crate::meta::{CaseVariant, Meta, UnknownKey};
use crate::meta_decode::{Findings, decode};
use crate::tree::{AddonTree, TreeEntry};
use goyaml::{Duplicate, Encoding, Stream, Tree};
use source_vocab::{Diagnostic, EntryKind, Outcome, SourceFile, SourceMap, VPath, World};

/// A file as text.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Its path relative to the addon's directory.
    pub path: VPath,
    /// Its text and place in the source map. A byte order mark is not part of it.
    pub source: SourceFile,
    /// How it is encoded on disk.
    pub encoding: Encoding,
}

impl TextFile {
    /// The text.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The name KubeVela gives the element: the last component of the path.
    pub fn name(&self) -> &str {
        self.path.file_name()
    }
}

/// A YAML file, parsed.
#[derive(Clone, Debug)]
pub struct YamlFile {
    /// The text.
    pub file: TextFile,
    /// Its documents, and the syntax error that ends them if there is one. KubeVela reads the
    /// first document only.
    pub stream: Stream,
    /// The first document as Kubernetes reads it, or why it cannot; `None` when there is none.
    pub first: Option<Result<goyaml::ResolvedTree, goyaml::ValueError>>,
}

impl YamlFile {
    /// Parses a file.
    pub fn parse(file: TextFile) -> Self {
        let stream = goyaml::parse_file(&file.source);
        let first = stream
            .documents
            .first()
            .map(|document| goyaml::resolve(&document.root));
        Self {
            file,
            stream,
            first,
        }
    }

    /// The value of the first document, when it has one.
    pub fn tree(&self) -> Option<&Tree> {
        Some(&self.first.as_ref()?.as_ref().ok()?.tree)
    }

    /// The keys that stand twice in the first document.
    pub fn duplicates(&self) -> &[Duplicate] {
        match &self.first {
            Some(Ok(found)) => &found.duplicates,
            Some(Err(_)) | None => &[],
        }
    }

    /// Why KubeVela cannot read the file, if it cannot.
    pub fn failure(&self) -> Option<Diagnostic> {
        match (&self.first, &self.stream.error) {
            (Some(Err(error)), _) => Some(error.clone().into()),
            (None, Some(error)) => Some(error.clone().into()),
            (Some(Ok(_)), _) | (None, None) => None,
        }
    }
}

/// A file in one of two languages.
#[derive(Clone, Debug)]
pub enum Element {
    /// A `.cue` file.
    Cue(TextFile),
    /// A `.yaml` or `.yml` file.
    Yaml(YamlFile),
}

impl Element {
    /// The file, whatever its language.
    pub fn file(&self) -> &TextFile {
        match self {
            Self::Cue(file) => file,
            Self::Yaml(yaml) => &yaml.file,
        }
    }

    /// The CUE file, when it is one.
    pub fn as_cue(&self) -> Option<&TextFile> {
        match self {
            Self::Cue(file) => Some(file),
            Self::Yaml(_) => None,
        }
    }

    /// The YAML file, when it is one.
    pub fn as_yaml(&self) -> Option<&YamlFile> {
        match self {
            Self::Cue(_) => None,
            Self::Yaml(yaml) => Some(yaml),
        }
    }
}

/// `metadata.yaml`, read.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The fields.
    pub meta: Meta,
    /// The files they come from, in reading order; more than one when another file's name begins
    /// with `metadata.yaml`.
    pub files: Vec<YamlFile>,
    /// Keys that KubeVela drops.
    pub unknown: Vec<UnknownKey>,
    /// Keys whose case is wrong and that are read all the same.
    pub case_variants: Vec<CaseVariant>,
    /// Whether KubeVela fails to read it: it is absent, not YAML, or of the wrong types. Findings
    /// that KubeVela does not mind (a second document, a key that stands twice) do not count.
    pub refused: bool,
}

/// An addon with all files that KubeVela reads.
#[derive(Clone, Debug, Default)]
pub struct Addon {
    /// All files.
    pub tree: AddonTree,
    /// `metadata.yaml`.
    pub metadata: Metadata,
    /// `README.md`, else `readme.md`.
    pub readme: Option<TextFile>,
    /// `template.yaml`.
    pub template_yaml: Option<YamlFile>,
    /// `template.cue`.
    pub template_cue: Option<TextFile>,
    /// `parameter.cue`.
    pub parameter: Option<TextFile>,
    /// `resources/parameter.cue`.
    pub resource_parameter: Option<TextFile>,
    /// `NOTES.cue`.
    pub notes: Option<TextFile>,
    /// Files of `resources/`, both languages in one reading order.
    pub resources: Vec<Element>,
    /// Files of `definitions/`.
    pub definitions: Vec<Element>,
    /// Files of `views/`.
    pub views: Vec<Element>,
    /// Files of `config-templates/`.
    pub config_templates: Vec<TextFile>,
    /// Files of `schemas/`.
    pub schemas: Vec<TextFile>,
}

impl Addon {
    /// What the addon says of itself.
    pub fn meta(&self) -> &Meta {
        &self.metadata.meta
    }

    /// The parameter file that counts: `parameter.cue` unless it is empty or absent.
    pub fn effective_parameter(&self) -> Option<&TextFile> {
        let full = |file: &&TextFile| !file.text().is_empty();
        self.parameter
            .as_ref()
            .filter(full)
            .or_else(|| self.resource_parameter.as_ref().filter(full))
    }
}

/// Reads one file of a tree as text; `None` with a finding when that cannot be.
pub fn read_text(
    world: &dyn World,
    tree: &AddonTree,
    entry: &TreeEntry,
    sources: &mut SourceMap,
) -> Outcome<TextFile> {
    let path = tree.world_path(entry);
    let code = if entry.role == Role::Metadata {
        "META01"
    } else {
        "LAY12"
    };
    if !entry.name_is_utf8 || matches!(entry.kind, EntryKind::Other | EntryKind::Directory) {
        let message = format!("`{}` is no readable file", entry.path);
        return Outcome::failed(Diagnostic::error(code, message, path));
    }
    let bytes = match world.read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::failed(Diagnostic::error(code, error.to_string(), path)),
    };
    let encoding = Encoding::of(&bytes);
    if encoding == Encoding::Utf16 && entry.path.extension() == Some("cue") {
        let message = format!("`{}` is UTF-16, but CUE is UTF-8", entry.path);
        let found = Diagnostic::error(code, message, path).help("save the file as UTF-8");
        return Outcome::failed(found);
    }
    let text = match goyaml::decode(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("`{}` is no text: {error}", entry.path);
            let found = Diagnostic::error(code, message, path).help("save the file as UTF-8");
            return Outcome::failed(found);
        }
    };
    match sources.add(world.display(&path), text.as_ref()) {
        Ok(source) => Outcome::ok(TextFile {
            path: entry.path.clone(),
            source,
            encoding,
        }),
        Err(error) => Outcome::failed(Diagnostic::error(code, error.to_string(), path)),
    }
}

/// Reads `metadata.yaml` alone: all that packaging without checks needs.
pub fn load_metadata(
    world: &dyn World,
    tree: &AddonTree,
    sources: &mut SourceMap,
) -> Outcome<Metadata> {
    let mut diagnostics = Vec::new();
    let mut metadata = Metadata::default();
    let mut findings = Findings::default();
    for entry in tree.with_role(Role::Metadata) {
        let Some(file) = read_text(world, tree, entry, sources).drain_into(&mut diagnostics) else {
            metadata.refused = true;
            continue;
        };
        let yaml = YamlFile::parse(file);
        metadata.refused |= judge(&yaml, &mut diagnostics);
        if let Some(root) = yaml.tree() {
            decode(root, &mut metadata.meta, &mut findings);
        }
        metadata.files.push(yaml);
    }
    if tree.find("metadata.yaml").is_none() {
        metadata.refused = true;
        let place = tree.root.child("metadata.yaml");
        let found = Diagnostic::error("META01", "the addon has no `metadata.yaml`", place)
            .help("write one with at least `name`, `version` and `description`");
        diagnostics.push(found);
    }
    metadata.refused |= !findings.wrong_types.is_empty();
    findings.sort();
    diagnostics.extend(findings.wrong_types);
    metadata.unknown = findings.unknown;
    metadata.case_variants = findings.case_variants;
    Outcome {
        value: Some(metadata),
        diagnostics,
    }
}

/// Adds the findings about a metadata file as a whole; gives whether KubeVela refuses it.
pub(crate) fn judge(yaml: &YamlFile, diagnostics: &mut Vec<Diagnostic>) -> bool {
    if let Some(mut failure) = yaml.failure() {
        failure.code = "META01".into();
        failure.message = format!(
            "`{}` is not valid YAML: {}",
            yaml.file.path, failure.message
        );
        diagnostics.push(failure.help("mend the YAML at this place"));
        return true;
    }
    for duplicate in yaml.duplicates() {
        let mut found = Diagnostic::from(duplicate);
        found.code = "META01".into();
        diagnostics.push(found);
    }
    let count = yaml.stream.documents.len();
    if let Some(second) = yaml.stream.documents.get(1) {
        let message = format!(
            "`{}` has {count} documents; KubeVela reads the first and ignores the rest",
            yaml.file.path
        );
        let found = Diagnostic::error("META01", message, second.span.start());
        diagnostics.push(found.help("keep one document"));
    } else if let Some(error) = &yaml.stream.error {
        // A mistake after the first document: KubeVela never gets there.
        let mut found = Diagnostic::from(error.clone());
        found.code = "META01".into();
        diagnostics.push(found.help("keep what stands before"));
    }
    false
}

/// Reads all files that KubeVela reads.
pub fn load(world: &dyn World, tree: &AddonTree, sources: &mut SourceMap) -> Outcome<Addon> {
    let mut diagnostics = Vec::new();
    let metadata = load_metadata(world, tree, sources)
        .drain_into(&mut diagnostics)
        .unwrap_or_default();
    let mut addon = Addon {
        tree: tree.clone(),
        metadata,
        ..Addon::default()
    };
    for entry in &tree.entries {
        if matches!(
            entry.role,
            Role::Metadata | Role::Ignored | Role::Skipped(_)
        ) {
            continue;
        }
        let Some(file) = read_text(world, tree, entry, sources).drain_into(&mut diagnostics) else {
            continue;
        };
        place(&mut addon, entry.role, file);
    }
    Outcome {
        value: Some(addon),
        diagnostics,
    }
}

fn place(addon: &mut Addon, role: Role, file: TextFile) {
    match role {
        // The first one with a content counts; between the two spellings KubeVela's choice is
        // random, here `README.md` comes first by its name.
        Role::Readme | Role::LegacyReadme => {
            if addon
                .readme
                .as_ref()
                .is_none_or(|readme| readme.text().is_empty())
            {
                addon.readme = Some(file);
            }
        }
        Role::TemplateYaml => addon.template_yaml = Some(YamlFile::parse(file)),
        Role::TemplateCue => addon.template_cue = Some(file),
        Role::Parameter => addon.parameter = Some(file),
        Role::ResourceParameter => addon.resource_parameter = Some(file),
        Role::Notes => addon.notes = Some(file),
        Role::Resource(format) => addon.resources.push(element(format, file)),
        Role::Definition(format) => addon.definitions.push(element(format, file)),
        Role::View(format) => addon.views.push(element(format, file)),
        Role::ConfigTemplate => addon.config_templates.push(file),
        Role::Schema => addon.schemas.push(file),
        Role::Metadata | Role::Skipped(_) | Role::Ignored => {}
    }
}

fn element(format: Format, file: TextFile) -> Element {
    match format {
        Format::Cue => Element::Cue(file),
        Format::Yaml => Element::Yaml(YamlFile::parse(file)),
    }
}
