//! `explain`: what a rule asks for, and why.

use crate::cli::explain::Arguments;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use addon_check::{Rule, rules};

/// Prints the page of a rule, or the list of all.
///
/// # Errors
/// A failure when there is no such rule.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let Some(id) = &arguments.rule else {
        let lines: Vec<String> = rules::all().map(line).collect();
        printer.data(&lines.concat());
        return Ok(Exit::Success);
    };
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
