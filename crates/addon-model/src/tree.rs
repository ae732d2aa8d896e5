//! All files of an addon directory, classified, nothing parsed.
//!
//! The order is KubeVela's (`recursiveFetchFiles`): depth first, the entries of each directory
//! in bytewise order of their names, a sub directory expanded where its name stands. Every
//! bucket of an addon keeps this order. Nothing is left out: what KubeVela ignores is in the
//! tree with the role that says so, as are links, devices and names that are not UTF-8.

use crate::grammar::{Fit, Pattern, Role};
use source_vocab::{Diagnostic, EntryKind, Outcome, ReadError, VPath, World};

/// How many entries an addon may have.
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

/// Lists and classifies the files below `root`.
///
/// A directory that cannot be listed, too many entries and too deep nesting are findings
/// (`LAY13`); the tree then holds what was found before.
pub fn scan(world: &dyn World, root: &VPath) -> Outcome<AddonTree> {
    let mut tree = AddonTree {
        root: root.clone(),
        ..AddonTree::default()
    };
    let mut diagnostics = Vec::new();
    match walk(world, &mut tree, &VPath::root(), 0) {
        Ok(_) => {}
        Err(Stop::Read(ReadError::NotFound { .. })) if tree.entries.is_empty() => {
            let message = format!("the directory `{}` does not exist", world.display(root));
            return Outcome::failed(Diagnostic::error("LAY13", message, root.clone()));
        }
        Err(Stop::Read(error)) => {
            diagnostics.push(Diagnostic::error("LAY13", error.to_string(), root.clone()));
        }
        Err(Stop::TooMany) => diagnostics.push(Diagnostic::error(
            "LAY13",
            format!("the addon has more than {MAX_ENTRIES} files"),
            root.clone(),
        )),
        Err(Stop::TooDeep(path)) => diagnostics.push(Diagnostic::error(
            "LAY13",
            format!("`{path}` lies more than {MAX_DEPTH} directories deep"),
            root.join(&path),
        )),
    }
    Outcome {
        value: Some(tree),
        diagnostics,
    }
}

enum Stop {
    Read(ReadError),
    TooMany,
    TooDeep(VPath),
}

/// Adds what lies in `directory` (relative to the root); gives how many files that is.
fn walk(
    world: &dyn World,
    tree: &mut AddonTree,
    directory: &VPath,
    depth: usize,
) -> Result<usize, Stop> {
    if depth > MAX_DEPTH {
        return Err(Stop::TooDeep(directory.clone()));
    }
    let before = tree.entries.len();
    let mut listed = world.list(&tree.root.join(directory)).map_err(Stop::Read)?;
    listed.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    for found in listed {
        if tree.entries.len() >= MAX_ENTRIES {
            return Err(Stop::TooMany);
        }
        let path = directory.child(&found.name);
        if found.kind == EntryKind::Directory && found.name_is_utf8 {
            let count = walk(world, tree, &path, depth + 1)?;
            if count == 0 {
                tree.empty_directories.push(path);
            }
            continue;
        }
        tree.entries.push(TreeEntry {
            pattern: Pattern::of(path.as_str()),
            role: Role::of(path.as_str()),
            path,
            kind: found.kind,
            size: found.size,
            name_is_utf8: found.name_is_utf8,
        });
    }
    Ok(tree.entries.len() - before)
}

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
