//! A folder of addons, as far as they concern each other: their names, versions and dependencies.
//!
//! Only `metadata.yaml` is read of each. A folder in it that is no addon is remembered, since some registries take
//! every folder for an addon. Names that begin with a dot are never looked at.

use crate::rule::Found;
use crate::rules;
use addon_model::{Meta, Metadata};
use source_vocab::{Diagnostic, EntryKind, Place, SourceMap, Span, VPath, World};

/// A folder of addons.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The addons, in the order of their folders.
    pub members: Vec<Member>,
    /// Files and folders beside them, in the order of their names.
    pub others: Vec<Other>,
}

/// An addon of a workspace.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its folder.
    pub directory: VPath,
    /// What its `metadata.yaml` says.
    pub metadata: Metadata,
}

/// What lies in a workspace and is no addon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its path.
    pub path: VPath,
    /// What it is.
    pub kind: EntryKind,
}

impl Member {
    /// The fields of `metadata.yaml`.
    pub fn meta(&self) -> &Meta {
        &self.metadata.meta
    }

    /// The place of a value of `metadata.yaml`; the whole file when it is not written.
    pub(crate) fn place(&self, span: Span) -> Place {
        if span.is_detached() {
            Place::Path(self.directory.child("metadata.yaml"))
        } else {
            Place::Text(span)
        }
    }
}

impl Workspace {
    /// Lists a folder of addons and reads what they say of themselves. A folder that cannot be listed has no members:
    /// whoever goes through the addons meets the same failure.
    pub fn read(world: &dyn World, root: &VPath, sources: &mut SourceMap) -> Self {
        let mut workspace = Self::default();
        for entry in world.list(root).unwrap_or_default() {
            if entry.name.starts_with('.') || !entry.name_is_utf8 {
                continue;
            }
            let path = root.child(&entry.name);
            match (entry.kind, member(world, &path, sources)) {
                (EntryKind::Directory, Some(member)) => workspace.members.push(member),
                (kind, _) => workspace.others.push(Other { path, kind }),
            }
        }
        workspace
    }
}

fn member(world: &dyn World, directory: &VPath, sources: &mut SourceMap) -> Option<Member> {
    let listed = world.list(directory).ok()?;
    listed.iter().find(|entry| entry.name == "metadata.yaml")?;
    let tree = addon_model::scan(world, directory).value?;
    let metadata = addon_model::load_metadata(world, &tree, sources).value?;
    Some(Member {
        directory: directory.clone(),
        metadata,
    })
}

/// Checks a folder of addons against the rules on what they have to do with each other. What is wrong with one of them
/// alone is not said here.
pub fn check_workspace(
    world: &dyn World,
    root: &VPath,
    sources: &mut SourceMap,
) -> Vec<Diagnostic> {
    let workspace = Workspace::read(world, root, sources);
    let mut findings = Vec::new();
    for found in rules::all().flat_map(|rule| rule.found) {
        if let Found::InWorkspace(check) = found {
            check(&workspace, &mut findings);
        }
    }
    crate::merge::sort(&mut findings, sources);
    findings
}
