//! The rules of an organisation, as `--rules` names them: CUE files, or folders whose CUE files are taken in the order of
//! their names.

use crate::exit::{Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_check::OwnRules;
use source_vocab::{EntryKind, SourceMap, VPath, World as _};
use std::path::PathBuf;

/// The most bytes of a file of rules.
const LIMIT: u64 = 1 << 20;

/// Reads the rules.
///
/// # Errors
/// [`Exit::Usage`] when there is nothing at a path, or rules are wrong; what is wrong has been shown.
pub(crate) fn read(paths: &[PathBuf], printer: &Printer) -> Result<OwnRules, Failure> {
    let mut names = Vec::new();
    for path in paths {
        match system::path_kind(path).or_exit(Exit::Usage)? {
            PathKind::Absent => {
                let message = format!("there are no rules at `{}`", path.display());
                return Err(Failure::new(Exit::Usage, message));
            }
            PathKind::File => names.push(path.clone()),
            PathKind::Directory => {
                let entries = DiskWorld::new(path).list(&VPath::root());
                let entries = entries.or_exit(Exit::Usage)?;
                let files = entries
                    .into_iter()
                    .filter(|entry| entry.kind == EntryKind::File);
                let mut files: Vec<PathBuf> = files.map(|entry| path.join(entry.name)).collect();
                files.retain(|file| file.extension().is_some_and(|end| end == "cue"));
                files.sort();
                names.extend(files);
            }
        }
    }
    let mut files = Vec::new();
    for name in names {
        let text = system::read_text_file(&name, LIMIT)?;
        files.push((name.display().to_string(), text));
    }
    let mut sources = SourceMap::new();
    OwnRules::read(files, &mut sources).map_err(|found| {
        for one in &found {
            let show = |path: &VPath| path.to_string();
            let color = printer.stderr_color();
            printer.finding(&source_vocab::render::human(one, &sources, &show, color));
        }
        Failure::new(Exit::Usage, "the rules of `--rules` are wrong")
    })
}
