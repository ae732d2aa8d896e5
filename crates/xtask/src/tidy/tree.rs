//! The text files of the work tree, as version control sees them: no build output, no scratch.

use anyhow::Context as _;
use std::path::Path;
use walkdir::{DirEntry, WalkDir};

/// A text file.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Its path relative to the top, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// Folders that hold no sources of ours.
const SKIPPED: &[&str] = &["target", "dist", ".git"];

/// All files that are UTF-8 text, sorted by path.
///
/// # Errors
/// When the tree cannot be read.
#[expect(clippy::disallowed_methods, reason = "tidy looks at the real tree")]
pub(crate) fn text_files(root: &Path) -> anyhow::Result<Vec<TextFile>> {
    let mut files = Vec::new();
    let wanted = |entry: &DirEntry| {
        !(entry.file_type().is_dir()
            && entry.depth() > 0
            && entry
                .file_name()
                .to_str()
                .is_some_and(|name| SKIPPED.contains(&name)))
    };
    for entry in WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(wanted)
    {
        let entry = entry?;
        // `.git` is a file in a linked work tree
        if !entry.file_type().is_file() || entry.file_name() == ".git" {
            continue;
        }
        let data = std::fs::read(entry.path())
            .with_context(|| format!("cannot read `{}`", entry.path().display()))?;
        let Ok(text) = String::from_utf8(data) else {
            continue;
        };
        let path = entry.path().strip_prefix(root)?;
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        files.push(TextFile {
            path: parts.join("/"),
            text,
        });
    }
    Ok(files)
}
