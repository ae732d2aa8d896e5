//! What the rules look at: a loaded addon, and the texts that KubeVela does not read but that lie
//! in the package all the same.

use crate::rule::Found;
use crate::rules;
use addon_archive::IgnoreRules;
use addon_index::requirement::admits;
use addon_model::{Addon, Element, Format, Role, Spanned, TextFile, TreeEntry, YamlFile};
use cue_syntax::Parsed;
use goyaml::{Entry, Tree};
use source_vocab::{Diagnostic, EntryKind, Place, SourceFile, SourceMap, Span, VPath, World};
use std::cell::OnceCell;
use std::ops::Range;

/// The most bytes of a file that is looked at only because it is packaged.
const LARGEST_OTHER: u64 = 1 << 20;

/// How many minor releases of KubeVela an open constraint is tried with.
const NEXT_MINORS: u32 = 30;

/// Where the files of an addon come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A directory that will be packaged.
    Directory,
    /// An archive: what is in it was packaged, whoever did it.
    Archive,
}

/// An addon to be checked.
#[derive(Debug)]
pub struct Input<'a> {
    /// Where its files come from.
    pub(crate) origin: Origin,
    /// The addon.
    pub addon: &'a Addon,
    /// The name of its directory, where that is known.
    pub directory: Option<&'a str>,
    /// Packaged text files that KubeVela does not read, in the order of the tree.
    pub others: Vec<TextFile>,
    /// What `.helmignore` keeps out of the package.
    pub ignored: IgnoreRules,
    /// The CUE files, parsed when a rule first asks for them.
    cue: OnceCell<Vec<CueFile>>,
}

/// A CUE file as syntax.
#[derive(Debug)]
pub(crate) struct CueFile {
    /// Its path relative to the addon's directory.
    pub(crate) path: VPath,
    /// What KubeVela uses it for.
    pub(crate) role: Role,
    /// Its text.
    pub(crate) source: SourceFile,
    /// Its tree, and what is wrong with it.
    pub(crate) parsed: Parsed,
}

impl CueFile {
    /// The text that a span of this file covers; empty for any other span.
    pub(crate) fn text(&self, span: Span) -> &str {
        let offset = |at: u32| usize::try_from(at.checked_sub(self.source.base())?).ok();
        let range = offset(span.lo).zip(offset(span.hi));
        range
            .and_then(|(from, to)| self.source.text().get(from..to))
            .unwrap_or_default()
    }

    /// Whether KubeVela compiles it while an addon is enabled: the template, the parameters, the resources.
    pub(crate) fn makes_application(&self) -> bool {
        matches!(
            self.role,
            Role::TemplateCue
                | Role::Parameter
                | Role::ResourceParameter
                | Role::Resource(Format::Cue)
        )
    }

    /// Whether nothing reads it.
    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.role, Role::Ignored | Role::Skipped(_))
    }
}

impl Input<'_> {
    /// The place of a value of `metadata.yaml`; where it is not written, the first line of the mapping in which it
    /// is missed.
    pub(crate) fn metadata_place(&self, span: Span) -> Place {
        if !span.is_detached() {
            return Place::Text(span);
        }
        let files = &self.addon.metadata.files;
        match files.iter().find_map(YamlFile::tree) {
            Some(root) => Place::Text(root.span.start()),
            None => Place::Path(self.addon.tree.root.child("metadata.yaml")),
        }
    }

    /// The place of a part of a text in `metadata.yaml`, by bytes of its value; all of it where the value is written
    /// in another way, with escapes or folded.
    pub(crate) fn metadata_part(&self, text: &Spanned<String>, part: Range<usize>) -> Place {
        let files = &self.addon.metadata.files;
        let narrow = files.iter().find_map(|yaml| {
            let source = &yaml.file.source;
            let start = usize::try_from(text.span.lo.checked_sub(source.span().lo)?).ok()?;
            let end = usize::try_from(text.span.hi.checked_sub(source.span().lo)?).ok()?;
            let written = source.text().get(start..end)?;
            let from = start + written.find(text.as_str())?;
            Some(source.span_of(from + part.start, from + part.end))
        });
        match narrow {
            Some(span) if !part.is_empty() => Place::Text(span),
            _ => self.metadata_place(text.span),
        }
    }

    /// The place of a file as a whole.
    pub(crate) fn file_place(&self, entry: &TreeEntry) -> Place {
        Place::Path(self.addon.tree.world_path(entry))
    }

    /// The YAML files of `resources/`, `definitions/` and `views/`: an object each.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &YamlFile> {
        let addon = self.addon;
        [&addon.resources, &addon.definitions, &addon.views]
            .into_iter()
            .flatten()
            .filter_map(Element::as_yaml)
    }

    /// All CUE files, also those that KubeVela does not read, in the order in which it reads them.
    pub(crate) fn cue(&self) -> &[CueFile] {
        self.cue.get_or_init(|| {
            let files = self.texts().chain(&self.others);
            files
                .filter(|file| file.path.extension() == Some("cue"))
                .map(|file| CueFile {
                    path: file.path.clone(),
                    role: Role::of(file.path.as_str()),
                    source: file.source.clone(),
                    parsed: cue_syntax::parse(&file.source),
                })
                .collect()
        })
    }

    /// Whether `system.vela` admits one of the releases from a minor release of KubeVela 1 on. A constraint that cannot be
    /// read admits all: it is the business of META11.
    pub(crate) fn admits_kubevela_from(&self, minor: u32) -> bool {
        let system = self.addon.meta().system.as_ref();
        let text = system.map_or("", |system| system.value.vela.as_str());
        let admitted = |minor: u32| admits(text, &format!("v1.{minor}.9")).unwrap_or(true);
        (minor..minor + NEXT_MINORS).any(admitted) || admits(text, "v2.0.0").unwrap_or(true)
    }

    /// `spec` of the Application in `template.yaml`.
    pub(crate) fn application(&self) -> Option<&Tree> {
        self.addon.template_yaml.as_ref()?.tree()?.get("spec")
    }

    /// The components of the Application in `template.yaml`.
    pub(crate) fn components(&self) -> impl Iterator<Item = &Tree> {
        let components = self.application().and_then(|spec| spec.get("components"));
        components.into_iter().flat_map(Tree::items)
    }

    /// The objects in the YAML files of `resources/`, with their files.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&YamlFile, &Tree)> {
        let files = self.addon.resources.iter().filter_map(Element::as_yaml);
        files.filter_map(|yaml| {
            let tree = yaml.tree().filter(|tree| tree.get("kind").is_some())?;
            Some((yaml, tree))
        })
    }

    /// The files that KubeVela reads as text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &TextFile> {
        let addon = self.addon;
        let yaml = addon.metadata.files.iter().chain(&addon.template_yaml);
        let cue = [
            &addon.readme,
            &addon.template_cue,
            &addon.parameter,
            &addon.resource_parameter,
            &addon.notes,
        ];
        yaml.map(|yaml| &yaml.file)
            .chain(cue.into_iter().flatten())
            .chain(
                [&addon.resources, &addon.definitions, &addon.views]
                    .into_iter()
                    .flatten()
                    .map(Element::file),
            )
            .chain(&addon.config_templates)
            .chain(&addon.schemas)
    }

    /// The files that go into the package.
    pub(crate) fn packaged(&self) -> impl Iterator<Item = &TreeEntry> {
        self.addon
            .tree
            .entries
            .iter()
            .filter(|entry| !self.ignored.leaves_out(entry.path.as_str()))
    }
}

/// The line that a key and its value have for themselves, a comment behind them included.
pub(crate) fn line_of(source: &SourceFile, key: &Entry) -> Option<Span> {
    let base = source.span();
    if key.key_span.lo < base.lo || key.value.span.hi > base.hi {
        return None;
    }
    let offset = |at: u32| usize::try_from(at - base.lo).ok();
    let (from, to) = (offset(key.key_span.lo)?, offset(key.value.span.hi)?);
    let (before, after) = (source.text().get(..from)?, source.text().get(to..)?);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(after.len(), |at| at + 1);
    let rest = after.get(..end)?.trim();
    let is_alone =
        before.get(start..)?.trim().is_empty() && (rest.is_empty() || rest.starts_with('#'));
    is_alone.then(|| source.span_of(start, to + end))
}

impl<'a> Input<'a> {
    /// Reads what a loaded addon does not have: the other texts, and what keeps files out of the package.
    pub(crate) fn read(
        origin: Origin,
        world: &dyn World,
        addon: &'a Addon,
        directory: Option<&'a str>,
        sources: &mut SourceMap,
    ) -> Self {
        Self {
            origin,
            addon,
            directory,
            ignored: ignored(world, addon, sources),
            others: others(world, addon, sources),
            cue: OnceCell::new(),
        }
    }

    /// Checks the addon against all rules that look at a loaded addon; the findings of reading it are not repeated. They come
    /// by rule, in the order of [`rules::all`].
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for found in rules::all().flat_map(|rule| rule.found) {
            if let Found::InAddon(check) = found {
                check(self, &mut findings);
            }
        }
        findings
    }
}

/// The rules of `.helmignore`; none when it is absent or broken, which packaging tells.
fn ignored(world: &dyn World, addon: &Addon, sources: &mut SourceMap) -> IgnoreRules {
    addon
        .tree
        .find(".helmignore")
        .and_then(|entry| addon_model::read_text(world, &addon.tree, entry, sources).value)
        .and_then(|file| IgnoreRules::parse(file.text()).ok())
        .unwrap_or_default()
}

fn others(world: &dyn World, addon: &Addon, sources: &mut SourceMap) -> Vec<TextFile> {
    let wanted = |entry: &&TreeEntry| {
        matches!(entry.role, Role::Ignored | Role::Skipped(_))
            && entry.kind == EntryKind::File
            && entry.size <= LARGEST_OTHER
            && !addon_archive::is_junk(entry.path.as_str())
    };
    addon
        .tree
        .entries
        .iter()
        .filter(wanted)
        .filter_map(|entry| addon_model::read_text(world, &addon.tree, entry, sources).value)
        .collect()
}
