//! `assemble`: files of a workspace, copied into each addon that names them.
//!
//! KubeVela knows no imports between addons, so what two addons have in common is in each of them. The workspace says what
//! can be shared, an addon says what it takes:
//!
//! ```yaml
//! # addon-pack.yaml
//! shared:
//!   proxy: {source: shared/proxy.cue, target: resources/proxy.cue}
//! # metadata.yaml of an addon
//! annotations:
//!   addon-pack.dev/shared: proxy
//! ```
//!
//! [`plan`] compares what should be in the members with what is there. A copy is *missing*, *stale* (the source has changed),
//! *edited* (somebody changed the copy) or an *orphan* (nobody asks for it any more). Missing and stale ones are written and
//! orphans removed; an edited one, and a file that no copy ever was, are left alone and told, unless edits may be discarded.
//! Nothing is written through a link, so nothing outside the workspace is touched.

mod copy;
mod sources;

pub use copy::is_copy;

use addon_model::workspace::{SHARED_ANNOTATION, Shared, WorkspaceFile};
use addon_model::{AddonTree, Spanned};
use source_vocab::{Diagnostic, EntryKind, Severity, SourceFile, SourceMap, Span, VPath, World};
use sources::Source;
use std::collections::{BTreeMap, BTreeSet};

/// What is done with copies that somebody has edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// They are left alone, and are an error.
    Keep,
    /// They are written anew, or removed.
    Discard,
}

/// Why a file is written or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not there.
    Missing,
    /// Its source is another now.
    Stale,
    /// Somebody changed it.
    Edited,
    /// No addon asks for it.
    Orphan,
}

/// A file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is in the workspace.
    pub path: VPath,
    /// What its bytes should be; `None` when it should not be there.
    pub text: Option<String>,
    /// What is wrong with it.
    pub reason: Reason,
    /// The same as a finding, with its place.
    pub finding: Diagnostic,
}

/// What has to be done.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The files that differ, in the order of their paths.
    pub changes: Vec<Change>,
    /// What is wrong with the files that cannot be dealt with; with an error nothing should be written.
    pub findings: Vec<Diagnostic>,
    /// How many copies are as they should be.
    pub unchanged: usize,
}

impl Plan {
    /// Whether the plan cannot be carried out.
    pub fn is_refused(&self) -> bool {
        self.findings
            .iter()
            .any(|found| found.severity == Severity::Error)
    }
}

/// Compares `members` (directories below `root`, the workspace in `world`) with what they ask for. `sources` are those that
/// the workspace file was read into; they get the texts that findings point into.
pub fn plan(
    world: &dyn World,
    root: &VPath,
    file: &WorkspaceFile,
    members: &[VPath],
    edits: Edits,
    sources: &mut SourceMap,
) -> Plan {
    let mut plan = Plan::default();
    let shared: Vec<BTreeMap<VPath, Source>> = file
        .shared
        .iter()
        .map(|shared| sources::files(world, root, shared, &mut plan.findings))
        .collect();
    let mut work = Work {
        world,
        root,
        file,
        shared,
        edits,
        sources,
        plan,
    };
    for member in members {
        work.member(member);
    }
    let Work { mut plan, .. } = work;
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    plan
}

struct Work<'a> {
    world: &'a dyn World,
    root: &'a VPath,
    file: &'a WorkspaceFile,
    /// The files of each entry of `shared`, by what they become.
    shared: Vec<BTreeMap<VPath, Source>>,
    edits: Edits,
    sources: &'a mut SourceMap,
    plan: Plan,
}

impl Work<'_> {
    fn member(&mut self, member: &VPath) {
        let scanned = addon_model::scan(self.world, &self.root.join(member));
        self.plan.findings.extend(scanned.diagnostics);
        let Some(tree) = scanned.value else {
            return;
        };
        // what is wrong with the metadata otherwise is the business of `check`
        let metadata = addon_model::load_metadata(self.world, &tree, self.sources)
            .value
            .unwrap_or_default();
        if metadata.refused {
            let place = tree.root.child("metadata.yaml");
            let message =
                format!("`{place}` cannot be read, so it is not known what the addon shares");
            self.plan.findings.push(
                Diagnostic::error("assemble/metadata", message, place)
                    .help("`addon-pack check` shows what is wrong with it"),
            );
            return;
        }
        let mut wanted: BTreeMap<VPath, (usize, Source)> = BTreeMap::new();
        let annotations = &metadata.meta.annotations.value;
        let named = annotations
            .iter()
            .find(|pair| pair.key.value == SHARED_ANNOTATION);
        for name in named
            .map(|pair| self.names(&pair.value))
            .unwrap_or_default()
        {
            let Some(at) = self.find(&name) else {
                continue;
            };
            for (target, source) in self.shared.get(at).cloned().unwrap_or_default() {
                match wanted.get(&target) {
                    Some((other, _)) if *other != at => self.conflict(&name, &target, at, *other),
                    _ => {
                        wanted.insert(target, (at, source));
                    }
                }
            }
        }
        for (target, (_, source)) in &wanted {
            self.copy(&tree, member, target, source);
        }
        self.orphans(&tree, member, &wanted.into_keys().collect());
    }

    /// The names in an annotation, each with its place.
    fn names(&self, value: &Spanned<String>) -> Vec<Spanned<String>> {
        let written = self.sources.snippet(value.span);
        let mut from = 0;
        let mut names = Vec::new();
        for part in value.value.split(',') {
            let name = part.trim();
            // quotes and escapes may stand between the text and the value; then the whole is the place
            let span = written
                .get(from..)
                .and_then(|rest| rest.find(name))
                .and_then(|at| {
                    let lo = u32::try_from(from + at).ok()?;
                    from += at + name.len();
                    let lo = value.span.lo.checked_add(lo)?;
                    Some(Span::new(
                        lo,
                        lo.checked_add(u32::try_from(name.len()).ok()?)?,
                    ))
                });
            if !name.is_empty() {
                names.push(Spanned::new(name.to_owned(), span.unwrap_or(value.span)));
            }
        }
        names
    }

    /// The entry of `shared` that an addon names.
    fn find(&mut self, name: &Spanned<String>) -> Option<usize> {
        let position = self
            .file
            .shared
            .iter()
            .position(|shared| shared.name.value == name.value);
        if position.is_none() {
            let known = self.file.shared.iter().map(|shared| shared.name.as_str());
            let help = match source_vocab::nearest::nearest(&name.value, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an entry of `shared` in `addon-pack.yaml`".to_owned(),
            };
            let message = format!("the workspace shares nothing by the name `{}`", name.value);
            self.plan
                .findings
                .push(Diagnostic::error("assemble/unknown", message, name.span).help(help));
        }
        position
    }

    fn conflict(&mut self, name: &Spanned<String>, target: &VPath, at: usize, other: usize) {
        let (Some(here), Some(there)) = (self.entry(at), self.entry(other)) else {
            return;
        };
        let message = format!(
            "`{}` and `{}` both become `{target}`",
            there.name.value, here.name.value
        );
        let found = Diagnostic::error("assemble/conflict", message, name.span)
            .label(there.target.span, "one of them")
            .label(here.target.span, "the other")
            .help("give them different targets, or share one of them");
        self.plan.findings.push(found);
    }

    fn entry(&self, at: usize) -> Option<Shared> {
        self.file.shared.get(at).cloned()
    }

    /// Compares one copy with its source.
    fn copy(&mut self, tree: &AddonTree, member: &VPath, target: &VPath, source: &Source) {
        let path = member.join(target);
        let shown = self.root.join(&path);
        if let Some(in_the_way) = in_the_way(tree, target) {
            let message = format!("`{shown}` cannot be written: `{in_the_way}` is in the way");
            let found = Diagnostic::error("assemble/in-the-way", message, shown);
            self.plan
                .findings
                .push(found.help("remove it, or give the shared files another target"));
            return;
        }
        let Some(comment) = copy::comment(target) else {
            return;
        };
        let text = copy::write(&source.path, &source.text, comment);
        let Some(entry) = tree.find(target.as_str()) else {
            let message = format!("the copy of `{}` is missing", source.path);
            return self.change(
                path,
                Some(text),
                Reason::Missing,
                Diagnostic::error("assemble/missing", message, shown),
            );
        };
        let Some(present) = self.read(tree, entry) else {
            return;
        };
        let found = copy::read(present.text());
        let Some(found) = found else {
            let message = format!("`{shown}` was not written by `assemble` and is not overwritten");
            let refused = Diagnostic::error("assemble/foreign", message, present.span().start());
            self.plan
                .findings
                .push(refused.help(format!("move it away, or do not share `{}`", source.path)));
            return;
        };
        if copy::is_same(present.text(), &text) {
            self.plan.unchanged += 1;
            return;
        }
        let place = first_difference(&present, &text);
        if found.is_as_written {
            let message = format!("the copy of `{}` is older than its source", source.path);
            self.change(
                path,
                Some(text),
                Reason::Stale,
                Diagnostic::error("assemble/stale", message, place),
            );
        } else {
            let message = format!("the copy of `{}` has been edited", source.path);
            self.edited(
                path,
                Some(text),
                Diagnostic::error("assemble/edited", message, place),
                &source.path,
            );
        }
    }

    /// Copies that nobody asks for.
    fn orphans(&mut self, tree: &AddonTree, member: &VPath, wanted: &BTreeSet<VPath>) {
        let entries = tree.entries.iter().filter(|entry| {
            entry.kind == EntryKind::File
                && copy::comment(&entry.path).is_some()
                && !wanted.contains(&entry.path)
        });
        for entry in entries {
            // whatever else is wrong with the file is not our business
            let Some(text) = self
                .world
                .read(&tree.world_path(entry))
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
            else {
                continue;
            };
            let Some(found) = copy::read(&text) else {
                continue;
            };
            let path = member.join(&entry.path);
            let message = format!(
                "the addon does not share `{}`, of which this is a copy",
                found.source
            );
            let Some(present) = self.read(tree, entry) else {
                continue;
            };
            let finding = Diagnostic::error("assemble/orphan", message, present.span().start());
            if found.is_as_written {
                self.change(path, None, Reason::Orphan, finding);
            } else {
                let finding = finding.note("it has been edited");
                let source = VPath::parse(&found.source).unwrap_or_default();
                self.edited(path, None, finding, &source);
            }
        }
    }

    fn read(&mut self, tree: &AddonTree, entry: &addon_model::TreeEntry) -> Option<SourceFile> {
        let outcome = addon_model::read_text(self.world, tree, entry, self.sources);
        self.plan.findings.extend(outcome.diagnostics);
        outcome.value.map(|file| file.source)
    }

    fn change(&mut self, path: VPath, text: Option<String>, reason: Reason, finding: Diagnostic) {
        let finding = finding.help("run `addon-pack assemble`");
        self.plan.changes.push(Change {
            path,
            text,
            reason,
            finding,
        });
    }

    fn edited(&mut self, path: VPath, text: Option<String>, finding: Diagnostic, source: &VPath) {
        let finding = finding.help(format!(
            "make the change in `{source}`, then run `addon-pack assemble --discard-edits`"
        ));
        match self.edits {
            Edits::Keep => self.plan.findings.push(finding),
            Edits::Discard => self.plan.changes.push(Change {
                path,
                text,
                reason: Reason::Edited,
                finding,
            }),
        }
    }
}

/// What keeps a file from being written at `target`: a link or a file where a folder should be, or something that is no
/// file at the place itself.
fn in_the_way(tree: &AddonTree, target: &VPath) -> Option<VPath> {
    if tree.has_directory(target.as_str()) {
        return Some(target.clone());
    }
    let at_target = tree
        .find(target.as_str())
        .filter(|entry| entry.kind != EntryKind::File);
    let mut above = target.parent();
    let mut found = at_target.map(|entry| entry.path.clone());
    while let Some(path) = above.filter(|path| !path.is_root()) {
        if tree.find(path.as_str()).is_some() {
            found = Some(path.clone());
        }
        above = path.parent();
    }
    found
}

/// The first line of a file that is not as it should be.
fn first_difference(file: &SourceFile, wanted: &str) -> Span {
    let mut wanted = wanted.split_inclusive('\n');
    let mut from = 0;
    // the digest differs whenever anything does
    for (number, line) in file.text().split_inclusive('\n').enumerate() {
        let is_same = wanted
            .next()
            .is_some_and(|other| copy::is_same(line, other));
        if !is_same && number != 1 {
            return file.span_of(from, from + line.trim_end().len());
        }
        from += line.len();
    }
    file.span_of(from, from)
}
