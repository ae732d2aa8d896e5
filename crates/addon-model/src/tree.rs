//! All files of an addon directory, classified, nothing parsed.
//!
//! The order is KubeVela's (`recursiveFetchFiles`): depth first, the entries of each directory
//! in bytewise order of their names, a sub directory expanded where its name stands. Every
//! bucket of an addon keeps this order. Nothing is left out: what KubeVela ignores is in the
//! tree with the role that says so, as are links, devices and names that are not UTF-8.

use crate::grammar::{Fit, Pattern, Role};
use source_vocab::{Diagnostic, EntryKind, Link, Outcome, ReadError, VPath, World};

/// How many files an addon may have, and how many directories.
pub const MAX_ENTRIES: usize = 20_000;
/// How deep its directories may nest.
pub const MAX_DEPTH: usize = 64;

/// A file (or link, or device) of an addon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// Its path relative to the addon's directory.
    pub path: VPath,
    /// What it is on disk. Never a directory. A link is what it is, not what it points to.
    pub kind: EntryKind,
    /// Its size in bytes; 0 for what is no regular file.
    pub size: u64,
    /// Whether `path` is the true name; false when it holds replacement characters.
    pub name_is_utf8: bool,
    /// The pattern that matches it, and how well.
    pub pattern: Option<(Pattern, Fit)>,
    /// What KubeVela uses it for.
    pub role: Role,
}

impl TreeEntry {
    /// Whether a pattern matches by prefix alone, as in `template.yaml.bak`.
    pub fn matches_by_prefix_only(&self) -> bool {
        matches!(self.pattern, Some((_, Fit::PrefixOnly)))
    }
}

/// The classified files of an addon directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddonTree {
    /// The addon's directory in its world.
    pub root: VPath,
    /// The files in reading order.
    pub entries: Vec<TreeEntry>,
    /// Directories without any file in them, in the same order (archives have no place for them).
    pub empty_directories: Vec<VPath>,
}

impl AddonTree {
    /// The entry at a path relative to the addon's directory.
    pub fn find(&self, path: &str) -> Option<&TreeEntry> {
        self.entries
            .iter()
            .find(|entry| entry.path.as_str() == path)
    }

    /// Whether there is a directory at a path relative to the addon's directory.
    pub fn has_directory(&self, path: &str) -> bool {
        let below = |file: &str| {
            file.strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.entries.iter().any(|entry| below(entry.path.as_str()))
            || self
                .empty_directories
                .iter()
                .any(|empty| empty.as_str() == path || below(empty.as_str()))
    }

    /// The entries with a role, in reading order.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &TreeEntry> {
        self.entries.iter().filter(move |entry| entry.role == role)
    }

    /// Where an entry lies in the world.
    pub fn world_path(&self, entry: &TreeEntry) -> VPath {
        self.root.join(&entry.path)
    }

    /// Whether the tree has an entry that cannot be read by its name.
    pub fn all_names_are_utf8(&self) -> bool {
        self.entries.iter().all(|entry| entry.name_is_utf8)
    }
}

/// Lists and classifies the files below `root`. Links are entries of their own kind.
///
/// A directory that cannot be listed, too many entries and too deep nesting are findings
/// (`LAY13`); the tree then holds what was found before.
pub fn scan(world: &dyn World, root: &VPath) -> Outcome<AddonTree> {
    Walk::new(world, root, Links::Keep).run()
}

/// As [`scan`], but in the place of a link stands what it leads to, as `vela addon package` sees a directory (helm
/// v3.14.4 `internal/sympath/walk.go`).
///
/// A link that leads nowhere, back to a directory that it lies in, or out of the addon is a finding (`PKG04`): the
/// last is what would carry a file of the packager's machine into an archive.
pub fn scan_through_links(world: &dyn World, root: &VPath) -> Outcome<AddonTree> {
    Walk::new(world, root, Links::Follow).run()
}

#[derive(Clone, Copy, PartialEq)]
enum Links {
    Keep,
    Follow,
}

enum Stop {
    Read(ReadError),
    TooMany,
    TooDeep(VPath),
}

struct Walk<'a> {
    world: &'a dyn World,
    links: Links,
    tree: AddonTree,
    /// Directories that were listed; links can make many of few.
    listed: usize,
    /// Where the directories from the root to the present one really are.
    above: Vec<VPath>,
    found: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn new(world: &'a dyn World, root: &VPath, links: Links) -> Self {
        let tree = AddonTree {
            root: root.clone(),
            ..AddonTree::default()
        };
        Self {
            world,
            links,
            tree,
            listed: 0,
            above: vec![root.clone()],
            found: Vec::new(),
        }
    }

    fn run(mut self) -> Outcome<AddonTree> {
        let root = self.tree.root.clone();
        match self.directory(&VPath::root()) {
            Ok(_) => {}
            Err(Stop::Read(ReadError::NotFound { .. })) if self.tree.entries.is_empty() => {
                let shown = self.world.display(&root);
                let message = format!("the directory `{shown}` does not exist");
                let found = Diagnostic::error("LAY13", message, root);
                return Outcome::failed(found.help("name the directory of an addon"));
            }
            Err(Stop::Read(error)) => {
                let found = Diagnostic::error("LAY13", error.to_string(), root);
                self.found
                    .push(found.help("give yourself the right to read it"));
            }
            Err(Stop::TooMany) => {
                let message =
                    format!("the addon has more than {MAX_ENTRIES} files and directories");
                let found = Diagnostic::error("LAY13", message, root);
                self.found
                    .push(found.help("move out what does not belong to it"));
            }
            Err(Stop::TooDeep(path)) => {
                let message = format!("`{path}` lies more than {MAX_DEPTH} directories deep");
                let found = Diagnostic::error("LAY13", message, root.join(&path));
                self.found
                    .push(found.help("remove the folder: a build gone wrong leaves such ones"));
            }
        }
        Outcome {
            value: Some(self.tree),
            diagnostics: self.found,
        }
    }

    /// Adds what lies in `directory` (relative to the root); gives how many files that is.
    fn directory(&mut self, directory: &VPath) -> Result<usize, Stop> {
        if self.above.len() > MAX_DEPTH + 1 {
            return Err(Stop::TooDeep(directory.clone()));
        }
        self.listed += 1;
        let before = self.tree.entries.len();
        let place = self.tree.root.join(directory);
        let mut listed = self.world.list(&place).map_err(Stop::Read)?;
        listed.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        for mut found in listed {
            if self.tree.entries.len() >= MAX_ENTRIES || self.listed >= MAX_ENTRIES {
                return Err(Stop::TooMany);
            }
            let path = directory.child(&found.name);
            let mut real = self
                .above
                .last()
                .map_or_else(VPath::root, |above| above.child(&found.name));
            if found.kind == EntryKind::Symlink && found.name_is_utf8 && self.links == Links::Follow
            {
                let Some((target, kind, size)) = self.follow(&path) else {
                    continue;
                };
                (real, found.kind, found.size) = (target, kind, size);
            }
            if found.kind == EntryKind::Directory && found.name_is_utf8 {
                self.above.push(real);
                let count = self.directory(&path)?;
                self.above.pop();
                if count == 0 {
                    self.tree.empty_directories.push(path);
                }
                continue;
            }
            self.tree.entries.push(TreeEntry {
                pattern: Pattern::of(path.as_str()),
                role: Role::of(path.as_str()),
                path,
                kind: found.kind,
                size: found.size,
                name_is_utf8: found.name_is_utf8,
            });
        }
        Ok(self.tree.entries.len() - before)
    }

    /// What the link at `path` (relative to the root) leads to: where it is, what it is and its size.
    fn follow(&mut self, path: &VPath) -> Option<(VPath, EntryKind, u64)> {
        let place = self.tree.root.join(path);
        let mut refuse = |problem: &str, help: &str| {
            let message = format!("`{path}` is a symbolic link {problem}");
            self.found
                .push(Diagnostic::error("PKG04", message, place.clone()).help(help));
            None
        };
        match self.world.follow(&place) {
            Ok(Link::To { path: real, .. }) if real.strip_prefix(&self.tree.root).is_none() => {
                refuse("out of the addon", COPY)
            }
            Ok(Link::To {
                path: real, kind, ..
            }) if kind == EntryKind::Directory && self.above.contains(&real) => {
                refuse("to a directory that it lies in", "remove the link")
            }
            Ok(Link::To { path, kind, size }) => Some((path, kind, size)),
            Ok(Link::Outside) => refuse("out of the addon", COPY),
            Ok(Link::Nowhere) => refuse("to nothing", "remove the link"),
            Err(error) => refuse(
                &format!("that cannot be followed: {error}"),
                "remove the link",
            ),
        }
    }
}

const COPY: &str = "copy the file: a link could carry files of this machine into the archive";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{Format, Skip};
    use testkit::MemoryWorld;

    #[test]
    fn files_are_in_reading_order() {
        let world = MemoryWorld::new()
            .file("x/resources/b.yaml", "")
            .file("x/resources/a/z.yaml", "")
            .file("x/resources/a.cue", "")
            .file("x/resources/A.yaml", "")
            .file("x/resources/.hidden.yaml", "")
            .file("x/notes.txt", "12");
        let tree = scan(&world, &VPath::parse("x").unwrap()).value.unwrap();
        let paths: Vec<_> = tree
            .entries
            .iter()
            .map(|entry| entry.path.as_str())
            .collect();
        assert_eq!(
            paths,
            [
                "notes.txt",
                "resources/.hidden.yaml",
                "resources/A.yaml",
                "resources/a/z.yaml",
                "resources/a.cue",
                "resources/b.yaml",
            ]
        );
        assert_eq!(tree.find("notes.txt").unwrap().role, Role::Ignored);
        assert_eq!(tree.with_role(Role::Resource(Format::Yaml)).count(), 4);
        assert_eq!(tree.with_role(Role::Skipped(Skip::Extension)).count(), 0);
    }

    #[test]
    fn an_absent_directory_is_a_finding() {
        let outcome = scan(
            &MemoryWorld::new().file("a", ""),
            &VPath::parse("nope").unwrap(),
        );
        assert!(outcome.value.is_none());
        assert_eq!(outcome.diagnostics[0].code, "LAY13");
    }
}
