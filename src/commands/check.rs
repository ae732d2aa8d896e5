//! `check`: what the rules find in addons.
//!
//! Findings with their lines go to stderr, as with every command; the forms for programs go to stdout. Rules of severity info are silent
//! unless they are selected. An addon without a template (`LAY02`) is refused by `build`, but a
//! registry in git takes it, so here that is a warning.

use super::explain;
use super::findings::{Findings, count, counted};
use super::packaging::addons_at;
use crate::cli::check::{Arguments, Format};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use serde_json::{Value, json};
use source_vocab::{Diagnostic, Severity, SourceMap, VPath, World as _, render};
use std::path::Path;

/// Checks and reports.
///
/// # Errors
/// A failure when a path cannot be read, or an id names no rule.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let selection = Selection {
        select: ids(&arguments.select)?,
        ignore: ids(&arguments.ignore)?,
    };
    let (mut errors, mut warnings) = (0, 0);
    let mut addons: Vec<Value> = Vec::new();
    for path in &arguments.paths {
        if system::path_kind(path).or_exit(Exit::Input)? != PathKind::Directory {
            let message = format!("`{}` is no directory", path.display());
            let help = "name an addon or a folder of addons";
            return Err(Failure::new(Exit::Input, message).help(help));
        }
        for addon in addons_at(path)? {
            let list = one(&addon, &selection, arguments.format, printer, &mut addons);
            errors += count(&list, Severity::Error);
            warnings += count(&list, Severity::Warning);
        }
    }
    if arguments.format == Format::Json {
        printer.json(&json!({ "addons": addons, "errors": errors, "warnings": warnings }));
    }
    printer.status("Checked", &counted(errors, warnings));
    Ok(if errors == 0 {
        Exit::Success
    } else {
        Exit::Findings
    })
}

/// Checks one addon and shows what is found.
fn one(
    path: &Path,
    selection: &Selection,
    format: Format,
    printer: &Printer,
    addons: &mut Vec<Value>,
) -> Vec<Diagnostic> {
    let world = DiskWorld::new(path);
    let directory = path.file_name().map(|name| name.to_string_lossy());
    let mut sources = SourceMap::new();
    let inspection =
        addon_check::inspect(&world, &VPath::root(), directory.as_deref(), &mut sources);
    let mut list = inspection.findings;
    for found in list.iter_mut().filter(|found| found.code == "LAY02") {
        found.severity = Severity::Warning;
    }
    list.retain(|found| selection.shows(found));
    let show = |path: &VPath| world.display(path);
    match format {
        Format::Human => {
            for found in &list {
                let text = render::human(found, &sources, &show, printer.stderr_color());
                printer.finding(&text);
            }
        }
        Format::Concise => {
            for found in &list {
                printer.data(&render::concise(found, &sources, &show));
            }
        }
        Format::Json => {
            let findings = Findings {
                list: &list,
                sources: &sources,
                world: &world,
            };
            addons.push(json!({ "path": path.display().to_string(), "findings": findings.json() }));
        }
    }
    list
}

/// The rules that the user wants to hear of.
struct Selection {
    select: Vec<&'static str>,
    ignore: Vec<&'static str>,
}

impl Selection {
    fn shows(&self, found: &Diagnostic) -> bool {
        let names = |ids: &[&str]| ids.contains(&found.code.as_ref());
        let is_wanted = if self.select.is_empty() {
            found.severity != Severity::Info
        } else {
            names(&self.select)
        };
        is_wanted && !names(&self.ignore)
    }
}

fn ids(given: &[String]) -> Result<Vec<&'static str>, Failure> {
    given
        .iter()
        .map(|id| explain::find(id).map(|rule| rule.id))
        .collect()
}
