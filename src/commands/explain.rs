//! `explain`: what a rule asks for, and why; or where a value of a rendered addon comes from.

use super::addon_source::{self, LoadedAddon};
use super::render;
use crate::cli::explain::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_check::{Rule, rules};
use addon_render::{Origin, PathError};
use source_vocab::Severity;
use std::fmt::Write as _;
use std::path::Path;

/// Prints the page of a rule, the list of all, or the origin of values.
///
/// # Errors
/// A failure when there is no such rule, addon or path.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let Some(id) = &arguments.subject else {
        let lines: Vec<String> = rules::all().map(line).collect();
        printer.data(&lines.concat());
        return Ok(Exit::Success);
    };
    let own = super::own_rules::read(&arguments.rules, printer)?;
    if let Some(rule) = own.find(id) {
        let help = rule.help.as_deref().unwrap_or_default();
        let (id, title, severity) = (&rule.id, &rule.title, rule.severity.as_str());
        printer.data(&format!(
            "{id}: {title}\n\nSeverity: {severity}.\n\n{help}\n"
        ));
        return Ok(Exit::Success);
    }
    let is_source = arguments.path.is_some()
        || id.contains('/')
        || system::path_kind(Path::new(id)).or_exit(Exit::Input)? != PathKind::Absent;
    if is_source && rules::find(id).is_none() {
        return values(arguments, Path::new(id), printer);
    }
    let rule = find(id)?;
    printer.data(&format!(
        "{}: {}\n\nSeverity: {}. Holds for {}.\n\n{}",
        rule.id,
        rule.title,
        rule.severity.as_str(),
        rule.holds,
        rule.page()
    ));
    Ok(Exit::Success)
}

/// Shows where the values at a path come from.
fn values(arguments: &Arguments, source: &Path, printer: &Printer) -> CommandResult {
    let mut loaded = addon_source::load(source, &arguments.connection, printer)?;
    // `explain SOURCE key=value` has no path
    let (path, first) = match &arguments.path {
        Some(word) if word.contains('=') && !word.contains('[') => ("", Some(word.clone())),
        Some(path) => (path.as_str(), None),
        None => ("", None),
    };
    let words: Vec<String> = first.into_iter().chain(arguments.words.clone()).collect();
    let request = match render::request(&arguments.inputs, &words, &mut loaded)? {
        Ok(request) => request,
        Err(found) => {
            render::show(&loaded, &[*found], printer);
            return Ok(Exit::Usage);
        }
    };
    let outcome = addon_render::render(&loaded.addon, &request, &loaded.session);
    let rendered = outcome.value.unwrap_or_default();
    let findings = render::all_findings(&loaded, &rendered, outcome.diagnostics);
    let is_failed = findings
        .iter()
        .any(|found| found.severity == Severity::Error);
    if is_failed {
        render::show(&loaded, &findings, printer);
        return Ok(Exit::Findings);
    }
    let explained = addon_render::explain(&rendered, &loaded.addon, &request.arguments, path);
    let explained = explained.map_err(|error| {
        let help = match &error {
            PathError::Absent { known, .. } if !known.is_empty() => {
                Some(format!("there is `{}`", known.join("`, `")))
            }
            _ => None,
        };
        Failure {
            exit: Exit::Usage,
            error: error.into(),
            help,
        }
    })?;
    let mut out = String::new();
    for one in &explained {
        let value = serde_json::Value::from(&one.value.to_value());
        let (place, what) = origin(&loaded, &one.origin);
        let _ = writeln!(out, "{}: {value}\n  {place}{what}", one.path);
    }
    printer.data(&out);
    Ok(Exit::Success)
}

/// The place with a blank behind it, and what stands there.
fn origin(loaded: &LoadedAddon, origin: &Origin) -> (String, String) {
    let place = origin.place().and_then(|span| {
        let (name, at) = loaded.session.sources().line_column(span)?;
        Some(format!("{name}:{}:{}  ", at.line, at.column))
    });
    let what = match origin {
        Origin::File(_) => "written here".to_owned(),
        Origin::Parameter(_) => {
            "from the parameter file, its default or what it is made of".to_owned()
        }
        Origin::Argument(_) => "given as an argument".to_owned(),
        Origin::Metadata(_) => "from metadata.yaml".to_owned(),
        Origin::WholeFile(path) => {
            let shown = loaded.world.display(path);
            return (format!("{shown}  "), "made from this file".to_owned());
        }
        Origin::KubeVela(reason) => format!("set by KubeVela: {reason}"),
    };
    (place.unwrap_or_default(), what)
}

fn line(rule: &Rule) -> String {
    format!(
        "{:<7} {:<8} {}\n",
        rule.id,
        rule.severity.as_str(),
        rule.title
    )
}

/// The rule with an id.
///
/// # Errors
/// A failure when there is none.
fn find(id: &str) -> Result<&'static Rule, Failure> {
    rules::find(id).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no rule `{id}`"))
            .help("`addon-pack explain` lists all rules")
    })
}
