//! `vendor`: what rendering needs and an addon does not have, kept in a folder with a lock.

use super::definition_source;
use super::findings::Findings;
use crate::cli::vendor::{Command, Definitions};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, Existing, PathKind, WorkingWorld};
use addon_render::deep::vendor::{LOCK, Lock, vendor};
use anyhow::Context as _;
use cue_engine::Session;
use source_vocab::{Severity, VPath};
use std::path::Path;

/// The most bytes of a lock.
const LOCK_LIMIT: u64 = 16 << 20;

/// Runs the sub command.
///
/// # Errors
/// See [`definition_source::read`]; [`Exit::Refused`] for a folder that holds something else.
pub(crate) fn run(command: &Command, printer: &Printer) -> CommandResult {
    match command {
        Command::Definitions(arguments) => definitions(arguments, printer),
    }
}

fn definitions(arguments: &Definitions, printer: &Printer) -> CommandResult {
    let into = &arguments.into;
    let source = shown(&arguments.source);
    let old = lock_of(into)?;
    if !arguments.update
        && let Some(old) = &old
    {
        if old.source != source {
            return Err(Failure::new(
                Exit::Refused,
                format!("`{}` was made from `{}`", into.display(), old.source),
            )
            .help("give --update to make it from another source"));
        }
        // compares with the lock
        definition_source::read(into, &arguments.connection, printer)?;
        let text = format!("`{}` is what its lock says", into.display());
        printer.status("Unchanged", &text);
        return Ok(Exit::Success);
    }
    if old.is_none() && !is_free(into)? {
        return Err(Failure::new(
            Exit::Refused,
            format!("`{}` has files and no {LOCK}", into.display()),
        )
        .help("name a folder that is empty, or not there yet"));
    }
    let files = definition_source::read(&arguments.source, &arguments.connection, printer)?;
    let mut session = Session::new().with_budget(addon_render::BUDGET);
    let outcome = vendor(&mut session, files);
    let world = WorkingWorld::new()?;
    let findings = Findings {
        list: &outcome.diagnostics,
        sources: session.sources(),
        world: &world,
    };
    findings.show(Severity::Warning, printer);
    if outcome.has_errors() {
        return Ok(Exit::Findings);
    }
    let made = outcome.value.unwrap_or_default();
    if made.is_empty() {
        return Err(Failure::new(
            Exit::Input,
            format!("`{source}` has no definitions"),
        ));
    }
    let mut written: Vec<(VPath, String)> = Vec::with_capacity(made.len() + 1);
    let lock = Lock::new(&source, &made).to_text();
    for one in made {
        let path = VPath::parse(&one.path)
            .with_context(|| format!("`{}` is no path", one.path))
            .or_exit(Exit::Bug)?;
        written.push((path, String::from_utf8(one.bytes).or_exit(Exit::Input)?));
    }
    let count = written.len();
    written.push((VPath::parse(LOCK).unwrap_or_default(), lock));
    system::write_new_directory(into, &written, Existing::Replace)?;
    let text = format!("{count} definitions in `{}`", into.display());
    printer.status("Vendored", &text);
    Ok(Exit::Success)
}

/// The source as the lock names it: a URL without credentials and query.
fn shown(source: &Path) -> String {
    let text = source.display().to_string();
    let Some((scheme, rest)) = text.split_once("://") else {
        return text;
    };
    let (rest, fragment) = match rest.split_once('#') {
        Some((rest, fragment)) => (rest, format!("#{fragment}")),
        None => (rest, String::new()),
    };
    let rest = rest.split('?').next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}/{path}{fragment}")
}

/// The lock of a folder, when it has one.
fn lock_of(folder: &Path) -> Result<Option<Lock>, Failure> {
    let path = folder.join(LOCK);
    if system::path_kind(&path).or_exit(Exit::Input)? != PathKind::File {
        return Ok(None);
    }
    let bytes = system::read_file(&path, LOCK_LIMIT)
        .with_context(|| format!("cannot read `{}`", path.display()))
        .or_exit(Exit::Input)?;
    let lock = Lock::read(&bytes)
        .with_context(|| format!("`{}`", path.display()))
        .or_exit(Exit::Input)?;
    Ok(Some(lock))
}

/// Whether a folder may be written: it is not there, or empty.
fn is_free(folder: &Path) -> Result<bool, Failure> {
    Ok(match system::path_kind(folder).or_exit(Exit::Input)? {
        PathKind::Absent => true,
        PathKind::File => false,
        PathKind::Directory => {
            let world = system::DiskWorld::new(folder);
            let entries = source_vocab::World::list(&world, &VPath::root());
            entries.or_exit(Exit::Input)?.is_empty()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_never_names_credentials() {
        for (given, wanted) in [
            ("a/b.yaml", "a/b.yaml"),
            ("https://u:p@h/x.tgz?token=t", "https://h/x.tgz"),
            ("https://h/index.yaml?t=1#a@2", "https://h/index.yaml#a@2"),
        ] {
            assert_eq!(shown(Path::new(given)), wanted);
        }
    }
}
