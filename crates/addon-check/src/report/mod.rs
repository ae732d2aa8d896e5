//! Findings in the forms of other programs, which know rules and their pages. (The forms for people, and JSON that
//! mirrors a finding one to one, are those of every command.)

mod github;
mod gitlab;
mod junit;
mod sarif;

pub use github::github;
pub use gitlab::gitlab;
pub use junit::junit;
pub use sarif::{Tool, sarif};

use crate::inspect::Ignored;
use source_vocab::{Diagnostic, LineColumn, Place, SourceMap, World};

/// What was found in one addon, archive or folder.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The findings.
    pub findings: &'a [Diagnostic],
    /// What the author took back.
    pub ignored: &'a [Ignored],
    /// The texts that they point into.
    pub sources: &'a SourceMap,
    /// What their paths are in.
    pub world: &'a dyn World,
}

/// A place as programs want it: a file, and where in it, with columns in characters.
struct Region {
    file: String,
    /// Start and end; `None` for the file as a whole.
    range: Option<(LineColumn, LineColumn)>,
}

fn region(place: &Place, sources: &SourceMap, world: &dyn World) -> Option<Region> {
    match place {
        Place::Text(span) => {
            let (file, range) = sources.locate(*span)?;
            let at = |offset: usize| {
                let bytes = file.line_column(offset);
                let start = offset + 1 - bytes.column;
                let before = file.text().get(start..offset).unwrap_or_default();
                LineColumn {
                    line: bytes.line,
                    column: before.chars().count() + 1,
                }
            };
            Some(Region {
                file: file.name().to_owned(),
                range: Some((at(range.start), at(range.end))),
            })
        }
        Place::Path(path) => Some(Region {
            file: world.display(path),
            range: None,
        }),
        Place::Nowhere => None,
    }
}

/// The file that a place is in, as people know it.
pub(crate) fn place_name(place: &Place, sources: &SourceMap, world: &dyn World) -> Option<String> {
    region(place, sources, world).map(|region| region.file)
}

/// Message, notes and remedy of a finding, a line each.
fn text(found: &Diagnostic) -> String {
    let mut lines = vec![found.message.clone()];
    lines.extend(found.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(found.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}
