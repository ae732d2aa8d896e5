//! The files behind an entry of `shared`: one file, or all CUE and YAML files of a folder.

use super::copy;
use addon_model::workspace::Shared;
use source_vocab::{Diagnostic, EntryKind, Span, VPath, World};
use std::collections::BTreeMap;

/// The most bytes of a shared file: as much as a file of an archive may have.
const LARGEST: usize = 5 << 20;
/// The most files of a shared folder, and how deep they may lie.
const MOST: usize = 10_000;
const DEEPEST: usize = 32;

/// A file that is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Where it is in the workspace.
    pub(super) path: VPath,
    /// Its text.
    pub(super) text: String,
}

/// The files of an entry by what they become relative to an addon.
pub(super) fn files(
    world: &dyn World,
    root: &VPath,
    shared: &Shared,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<VPath, Source> {
    let span = shared.source.span;
    let mut reader = Reader {
        world,
        root,
        span,
        found,
        files: BTreeMap::new(),
    };
    let source = &shared.source.value;
    match reader.kind(source) {
        Some(EntryKind::Directory) => reader.folder(source, &shared.target.value, 0),
        Some(EntryKind::File) => {
            let is_alike = source.extension() == shared.target.value.extension();
            if shared.target.value.is_root() || !is_alike {
                let message = format!(
                    "`{source}` is a file, so its target must name a file of the same kind"
                );
                reader.found.push(
                    Diagnostic::error("assemble/target", message, shared.target.span).help(
                        format!("write a path such as `resources/{}`", source.file_name()),
                    ),
                );
            } else if copy::comment(source).is_none() {
                let message = format!(
                    "`{source}` cannot be shared: a copy says in a comment where it is from, and only CUE and YAML have comments"
                );
                reader.fail(message, "share a file that ends in .cue, .yaml or .yml");
            } else {
                reader.file(source, shared.target.value.clone());
            }
        }
        Some(EntryKind::Symlink | EntryKind::Other) => {
            let message = format!("`{source}` is no plain file or folder");
            reader.fail(
                message,
                "links are not followed: name what the link leads to",
            );
        }
        None => {
            let message = format!("the workspace has no `{source}`");
            reader.fail(
                message,
                "write the path of a file or folder, from the workspace",
            );
        }
    }
    reader.files
}

struct Reader<'a> {
    world: &'a dyn World,
    root: &'a VPath,
    /// Where the entry names its source.
    span: Span,
    found: &'a mut Vec<Diagnostic>,
    files: BTreeMap<VPath, Source>,
}

impl Reader<'_> {
    fn fail(&mut self, message: String, help: &str) {
        self.found
            .push(Diagnostic::error("assemble/source", message, self.span).help(help));
    }

    /// What is at a path, links not followed anywhere on the way.
    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        let mut at = VPath::root();
        let mut kind = EntryKind::Directory;
        for name in path.components() {
            if kind != EntryKind::Directory {
                return if kind == EntryKind::File {
                    None
                } else {
                    Some(kind)
                };
            }
            let listed = self.world.list(&self.root.join(&at)).ok()?;
            kind = listed.iter().find(|entry| entry.name == name)?.kind;
            at = at.child(name);
        }
        Some(kind)
    }

    fn folder(&mut self, from: &VPath, to: &VPath, depth: usize) {
        if depth > DEEPEST {
            let message = format!("`{from}` lies more than {DEEPEST} folders deep");
            return self.fail(message, "share a smaller folder");
        }
        let listed = match self.world.list(&self.root.join(from)) {
            Ok(listed) => listed,
            Err(error) => {
                return self.fail(error.to_string(), "give yourself the right to read it");
            }
        };
        for entry in listed {
            if entry.name.starts_with('.') || !entry.name_is_utf8 {
                continue;
            }
            let (path, target) = (from.child(&entry.name), to.child(&entry.name));
            match entry.kind {
                EntryKind::Directory => self.folder(&path, &target, depth + 1),
                EntryKind::File if copy::comment(&path).is_some() => self.file(&path, target),
                // what has no comments stays where it is: a README of the folder, say
                EntryKind::File | EntryKind::Other => {}
                EntryKind::Symlink => {
                    let message = format!("`{path}` is a link");
                    self.fail(message, "links are not followed: put the file there");
                }
            }
        }
    }

    fn file(&mut self, path: &VPath, target: VPath) {
        if self.files.len() >= MOST {
            if self.files.len() == MOST {
                let message = format!("more than {MOST} files are shared by one entry");
                self.fail(message, "share a smaller folder");
            }
            return;
        }
        if path.as_str().chars().any(char::is_control) {
            let message = format!("the name of `{path}` has a control character");
            return self.fail(message, "give it another name");
        }
        let bytes = match self.world.read(&self.root.join(path)) {
            Ok(bytes) if bytes.len() > LARGEST => {
                let message = format!("`{path}` has more than {LARGEST} bytes");
                return self.fail(message, "share smaller files");
            }
            Ok(bytes) => bytes,
            Err(error) => {
                return self.fail(error.to_string(), "give yourself the right to read it");
            }
        };
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!("`{path}` is not UTF-8");
            return self.fail(message, "save the file as UTF-8");
        };
        if copy::is_copy(&text) {
            let message = format!("`{path}` is itself a copy that `assemble` has written");
            return self.fail(message, "share the file that it was made from");
        }
        self.files.insert(
            target,
            Source {
                path: path.clone(),
                text,
            },
        );
    }
}
