//! `addon-pack cue fmt`: CUE files in their canonical layout.

use super::report;
use crate::cli::cue::{Fmt, Format};
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::{WorkingWorld, read_standard_input, write_atomic};
use cue_engine::Session;
use cue_engine::data_file;
use cue_engine::syntax::format::Options;
use source_vocab::{EntryKind, VPath, World};
use std::fmt::Write as _;

/// A file to be formatted; `None` for standard input.
type Target = Option<VPath>;

/// Runs the command.
pub(super) fn run(arguments: &Fmt, printer: &Printer) -> CommandResult {
    let world = WorkingWorld::new()?;
    let mut session = Session::new();
    let inputs = if arguments.inputs.is_empty() {
        vec![".".to_owned()]
    } else {
        arguments.inputs.clone()
    };
    let mut targets: Vec<(Target, String)> = Vec::new();
    for input in &inputs {
        collect(&world, input, arguments.files, &mut targets)?;
    }
    targets.sort_by(|left, right| left.1.cmp(&right.1));
    let mut exit = Exit::Success;
    for (target, name) in targets {
        let bytes = match &target {
            Some(path) => world
                .read(path)
                .map_err(|error| Failure::new(Exit::Findings, error.to_string()))?,
            None => read_standard_input()?,
        };
        let source = data_file::add(session.sources_mut(), &name, bytes)
            .map_err(|found| Failure::new(Exit::Findings, found.message))?;
        let parsed = cue_engine::syntax::parse(&source);
        if !parsed.errors.is_empty() {
            exit = report(&session, &parsed.errors, Format::Human, printer);
            continue;
        }
        let options = Options {
            simplify: arguments.simplify,
        };
        let formatted = cue_engine::syntax::format(&parsed.file, options);
        let differs = formatted != **source.text();
        if arguments.check && differs {
            exit = Exit::Findings;
        }
        if arguments.diff {
            if differs {
                printer.data(&difference(&name, source.text(), &formatted));
            }
        } else if arguments.check {
            if differs {
                printer.data(&format!("{name}\n"));
            }
        } else if let Some(path) = &target {
            if differs {
                write_atomic(&world.real_path(path), formatted.as_bytes())?;
            }
        } else {
            printer.data(&formatted);
        }
    }
    Ok(exit)
}

fn collect(
    world: &WorkingWorld,
    input: &str,
    all: bool,
    targets: &mut Vec<(Target, String)>,
) -> Result<(), Failure> {
    if input == "-" {
        targets.push((None, "-".to_owned()));
        return Ok(());
    }
    let (base, recursive) = match input.strip_suffix("...") {
        Some(base) => (base.trim_end_matches('/'), true),
        None => (input, all),
    };
    let path = world.resolve(if base.is_empty() { "." } else { base });
    let shown = |path: &VPath| {
        let text = world.display(path);
        text.strip_prefix("./").unwrap_or(&text).to_owned()
    };
    match world.list(&path) {
        Ok(_) => {
            let mut found = Vec::new();
            below(world, &path, recursive, &mut found);
            targets.extend(found.into_iter().map(|path| {
                let name = shown(&path);
                (Some(path), name)
            }));
            Ok(())
        }
        Err(_) if base.strip_suffix(".cue").is_some() => {
            let name = shown(&path);
            targets.push((Some(path), name));
            Ok(())
        }
        Err(error) => Err(Failure::new(Exit::Findings, error.to_string())),
    }
}

fn below(world: &WorkingWorld, directory: &VPath, recursive: bool, found: &mut Vec<VPath>) {
    for entry in world.list(directory).unwrap_or_default() {
        if !entry.name_is_utf8 {
            continue;
        }
        let path = directory.child(&entry.name);
        match entry.kind {
            EntryKind::File if entry.name.strip_suffix(".cue").is_some() => found.push(path),
            EntryKind::Directory
                if recursive && !entry.name.starts_with(['.', '_']) && entry.name != "cue.mod" =>
            {
                below(world, &path, recursive, found);
            }
            EntryKind::File | EntryKind::Directory | EntryKind::Symlink | EntryKind::Other => {}
        }
    }
}

/// A unified difference with three lines of context.
fn difference(name: &str, old: &str, new: &str) -> String {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.lines().collect(), new.lines().collect());
    let head = old_lines
        .iter()
        .zip(&new_lines)
        .take_while(|(a, b)| a == b)
        .count();
    let tail = old_lines[head..]
        .iter()
        .rev()
        .zip(new_lines[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let start = head.saturating_sub(3);
    let after = tail.min(3);
    let (old_end, new_end) = (old_lines.len() - tail, new_lines.len() - tail);
    let mut out = format!("diff {name}.orig {name}\n--- {name}.orig\n+++ {name}\n");
    let _ = writeln!(
        out,
        "@@ -{},{} +{},{} @@",
        start + 1,
        old_end + after - start,
        start + 1,
        new_end + after - start
    );
    let mut lines = |mark: char, lines: &[&str]| {
        for line in lines {
            let _ = writeln!(out, "{mark}{line}");
        }
    };
    lines(' ', &old_lines[start..head]);
    lines('-', &old_lines[head..old_end]);
    lines('+', &new_lines[head..new_end]);
    lines(' ', &old_lines[old_end..old_end + after]);
    out.push('\n');
    out
}
