//! What there is to say about an archive: whether every reader can unpack it, whether what it says of itself agrees,
//! and then all that is said of a directory with the same files.
//!
//! The reader of strangers' archives stops at the first thing that it does not trust, and then that is the one
//! finding; [`refused`] gives it the id of the rule it belongs to. An archive that is sound is a [`World`] of its
//! files, so that every rule for directories holds for it too. Nothing is unpacked to disk.

use crate::input::Origin;
use crate::inspect::{Ignored, Inspection, Subject, inspect_as};
use crate::merge::sort;
use crate::own::OwnRules;
use crate::proof::{Neighbours, Sets};
use crate::rule::Found;
use crate::rules;
use addon_archive::untrusted::{self, Contents, Limits, Refused};
use addon_index::IndexEntry;
use addon_model::{Addon, Meta, YamlFile};
use source_vocab::{
    Diagnostic, DirEntry, EntryKind, Place, ReadError, SourceMap, Span, Timestamp, VPath, World,
};
use std::collections::BTreeMap;

/// An archive to be checked.
#[derive(Clone, Copy, Debug)]
pub struct Archive<'a> {
    /// How people know it: its path as they wrote it.
    pub shown: &'a str,
    /// The name of its file; `None` when it comes from no file.
    pub file_name: Option<&'a str>,
    /// The `.tgz`.
    pub bytes: &'a [u8],
    /// What the index says of it, when it lies in a registry.
    pub entry: Option<&'a IndexEntry>,
}

/// What was found in an archive.
#[derive(Debug)]
pub struct ArchiveInspection {
    /// All findings, in the order of the files; those about the archive as a whole come first.
    pub findings: Vec<Diagnostic>,
    /// What was found and taken back by a comment in the addon.
    pub ignored: Vec<Ignored>,
    /// The addon in it as it was read, by [`inspect_archive`].
    pub addon: Option<Addon>,
    /// What is in it, with the content of every file; `None` when it is not sound.
    pub contents: Option<Contents>,
    /// What the findings' places are in.
    pub world: ArchiveWorld,
}

/// What the rules for archives look at: an archive that is sound, and what is written in it.
#[derive(Debug)]
pub struct ArchiveInput<'a> {
    /// The archive.
    pub archive: &'a Archive<'a>,
    /// What is in it.
    pub contents: &'a Contents,
    /// The fields of its `metadata.yaml`.
    pub meta: &'a Meta,
    /// Its `Chart.yaml`, with places.
    pub chart: Option<&'a YamlFile>,
}

impl ArchiveInput<'_> {
    /// The archive as a whole.
    #[expect(clippy::unused_self, reason = "a place of this archive")]
    pub(crate) fn place(&self) -> Place {
        Place::Path(VPath::root())
    }

    /// The value of a key of `Chart.yaml`, such as `["annotations", "addon.name"]`; the nearest mapping around it
    /// where it is not written.
    pub(crate) fn chart_place(&self, path: &[&str]) -> Place {
        let Some(mut tree) = self.chart.and_then(YamlFile::tree) else {
            return self.place();
        };
        for key in path {
            match tree.get(key) {
                Some(next) => tree = next,
                None => return Place::Text(tree.span.start()),
            }
        }
        Place::Text(tree.span)
    }

    /// The place of a value of `metadata.yaml`; the archive when it is not written.
    pub(crate) fn metadata_place(&self, span: Span) -> Place {
        if span.is_detached() {
            self.place()
        } else {
            Place::Text(span)
        }
    }
}

/// Looks at an archive and at the addon in it. `sources` gets the texts that the findings point into.
pub fn inspect_archive(
    archive: &Archive<'_>,
    limits: &Limits,
    sources: &mut SourceMap,
) -> ArchiveInspection {
    look(archive, limits, sources, Depth::Addon)
}

/// Looks at an archive, and at the addon in it only as far as the archive must agree with it: what a registry has to
/// care for.
pub fn check_archive(
    archive: &Archive<'_>,
    limits: &Limits,
    sources: &mut SourceMap,
) -> ArchiveInspection {
    look(archive, limits, sources, Depth::Archive)
}

/// How far to look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Archive,
    Addon,
}

fn look(
    archive: &Archive<'_>,
    limits: &Limits,
    sources: &mut SourceMap,
    depth: Depth,
) -> ArchiveInspection {
    let wanted = |_: &str| depth == Depth::Addon;
    let contents = match untrusted::read(archive.bytes, limits, wanted) {
        Ok(contents) => contents,
        Err(reason) => {
            return ArchiveInspection {
                findings: vec![refused(&reason)],
                ignored: Vec::new(),
                addon: None,
                contents: None,
                world: ArchiveWorld::new(archive.shown, None),
            };
        }
    };
    let world = ArchiveWorld::new(archive.shown, Some(&contents));
    let root = VPath::root().child(&contents.name);
    let (mut findings, ignored, addon) = match depth {
        Depth::Addon => {
            let subject = Subject {
                world: &world,
                root: &root,
                directory: Some(contents.name.as_str()),
                neighbours: &Neighbours::none(),
            };
            let Inspection {
                findings,
                ignored,
                addon,
                ..
            } = inspect_as(
                Origin::Archive,
                &subject,
                Sets::All,
                &OwnRules::default(),
                sources,
            );
            (findings, ignored, addon)
        }
        Depth::Archive => (Vec::new(), Vec::new(), metadata_of(&world, &root, sources)),
    };
    if let Some(addon) = &addon {
        let meta = addon.metadata.package_meta();
        let chart = addon.tree.find("Chart.yaml").and_then(|entry| {
            let file = addon_model::read_text(&world, &addon.tree, entry, sources).value?;
            Some(YamlFile::parse(file))
        });
        let input = ArchiveInput {
            archive,
            contents: &contents,
            meta: &meta,
            chart: chart.as_ref(),
        };
        for found in rules::all().flat_map(|rule| rule.found) {
            if let Found::InArchive(check) = found {
                check(&input, &mut findings);
            }
        }
    }
    sort(&mut findings, sources);
    ArchiveInspection {
        findings,
        ignored,
        addon,
        contents: Some(contents),
        world,
    }
}

/// An addon of which only `metadata.yaml` is read.
fn metadata_of(world: &ArchiveWorld, root: &VPath, sources: &mut SourceMap) -> Option<Addon> {
    let tree = addon_model::scan(world, root).value?;
    let metadata = addon_model::load_metadata(world, &tree, sources).value?;
    Some(Addon {
        tree,
        metadata,
        ..Addon::default()
    })
}

/// Why an archive is not taken, as a finding of the rule that says so.
fn refused(reason: &Refused) -> Diagnostic {
    let (code, help) = match reason {
        Refused::TooMuch { .. } => (
            "PKG03",
            "leave out what is not needed: Helm 3.17 and later refuse such an archive",
        ),
        Refused::Missing(_) | Refused::Folder { .. } => (
            "PKG01",
            "package the addon's directory with `addon-pack build`",
        ),
        Refused::Manifest {
            file: "Chart.yaml", ..
        } => (
            "PKG01",
            "package the addon's directory with `addon-pack build`, which makes `Chart.yaml`",
        ),
        Refused::Manifest { .. } => ("META01", "mend the file and package the addon again"),
        Refused::Mismatch { .. } => (
            "PKG02",
            "package the addon again: `addon-pack build` makes `Chart.yaml` from `metadata.yaml`",
        ),
        Refused::NotGzip
        | Refused::Bomb { .. }
        | Refused::Damaged(_)
        | Refused::TrailingData
        | Refused::Header(_)
        | Refused::Kind { .. }
        | Refused::Name { .. }
        | Refused::Collision { .. }
        | Refused::BelowFile { .. } => (
            "PKG04",
            "package the addon's directory with `addon-pack build`, and do not unpack this archive",
        ),
    };
    Diagnostic::error(code, reason.to_string(), VPath::root()).help(help)
}

/// The files of an archive, below the folder that they have in it.
#[derive(Clone, Debug, Default)]
pub struct ArchiveWorld {
    shown: String,
    files: BTreeMap<String, (u64, Option<Vec<u8>>)>,
}

impl ArchiveWorld {
    fn new(shown: &str, contents: Option<&Contents>) -> Self {
        let mut files = BTreeMap::new();
        if let Some(contents) = contents {
            for file in &contents.files {
                let path = format!("{}/{}", contents.name, file.path);
                files.insert(path, (file.size, file.content.clone()));
            }
        }
        Self {
            shown: shown.to_owned(),
            files,
        }
    }
}

impl World for ArchiveWorld {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        self.files
            .get(path.as_str())
            .and_then(|(_, content)| content.clone())
            .ok_or_else(|| ReadError::NotFound { path: path.clone() })
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        let before = if path.is_root() {
            String::new()
        } else {
            format!("{path}/")
        };
        let mut entries: BTreeMap<&str, DirEntry> = BTreeMap::new();
        // what lies below a folder stands in one row
        for (file, (size, _)) in self.files.range(before.clone()..) {
            let Some(rest) = file.strip_prefix(before.as_str()) else {
                break;
            };
            let name = rest.split('/').next().unwrap_or(rest);
            let is_file = name == rest;
            entries.entry(name).or_insert_with(|| DirEntry {
                name: name.to_owned(),
                name_is_utf8: true,
                kind: if is_file {
                    EntryKind::File
                } else {
                    EntryKind::Directory
                },
                size: if is_file { *size } else { 0 },
            });
        }
        if entries.is_empty() {
            return Err(ReadError::NotFound { path: path.clone() });
        }
        Ok(entries.into_values().collect())
    }

    fn now(&self) -> Timestamp {
        addon_archive::EPOCH
    }

    fn display(&self, path: &VPath) -> String {
        if path.is_root() {
            self.shown.clone()
        } else {
            format!("{}/{path}", self.shown)
        }
    }
}
