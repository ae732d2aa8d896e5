//! What `check` looks at and wants to hear of: the options, else the environment, else the workspace of the path, else the
//! default. A word of the workspace file that names no rule is shown at its place.

use super::workspace::{Workspace, paths_or_workspace, variable_list};
use crate::cli::check::{Arguments, Profile};
use crate::exit::{Exit, Failure};
use crate::printer::Printer;
use crate::system;
use addon_check::{OwnRules, Selection, UnknownRule};
use addon_model::Spanned;
use clap::ValueEnum as _;
use source_vocab::Diagnostic;
use std::path::{Path, PathBuf};

/// What is checked: the paths that are named, else the workspace of the current directory, else `addon`.
///
/// # Errors
/// When the workspace file is wrong.
pub(super) fn paths(arguments: &Arguments, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    paths_or_workspace(&arguments.paths, printer)
}

/// Which findings are wanted of what is at `path`.
///
/// # Errors
/// [`Exit::Usage`] when a word names no rule, profile or release.
pub(super) fn selection(
    arguments: &Arguments,
    path: &Path,
    own: &OwnRules,
    printer: &Printer,
) -> Result<Selection, Failure> {
    let workspace = Workspace::above(path, printer)?;
    let settings = workspace.as_ref().map(|workspace| &workspace.file);
    let of_file = |texts: Option<&Vec<Spanned<String>>>| -> Vec<String> {
        texts
            .into_iter()
            .flatten()
            .map(|text| text.value.clone())
            .collect()
    };
    let list = |given: &[String], variable: &str, written: Option<&Vec<Spanned<String>>>| {
        if given.is_empty() {
            variable_list(variable).unwrap_or_else(|| of_file(written))
        } else {
            given.to_vec()
        }
    };
    let check = settings.map(|file| &file.check);
    let select = list(
        &arguments.select,
        "ADDON_PACK_SELECT",
        check.map(|check| &check.select),
    );
    let ignore = list(
        &arguments.ignore,
        "ADDON_PACK_IGNORE",
        check.map(|check| &check.ignore),
    );
    let vela = list(
        &arguments.vela,
        "ADDON_PACK_VELA_VERSION",
        settings.map(|file| &file.vela),
    );
    let usage = |message: String, help: &str| Failure::new(Exit::Usage, message).help(help);
    let unknown = |error: UnknownRule| {
        if let Some(workspace) = &workspace
            && let Some(found) = at_its_place(workspace, &error)
            && let Err(failure) = workspace.accept(&[found], printer)
        {
            return failure;
        }
        usage(error.to_string(), "`addon-pack explain` lists all rules")
    };
    let rules: Vec<_> = check
        .into_iter()
        .flat_map(|check| &check.rules)
        .map(|(id, level)| (id.value.as_str(), *level))
        .collect();
    let profile = profile(arguments, workspace.as_ref())?;
    Selection::among(own, profile, &select, &ignore)
        .map_err(unknown)?
        .with_levels(&rules)
        .map_err(unknown)?
        .for_vela(&vela)
        .map_err(|error| usage(error.to_string(), "write releases as in `--vela 1.9,1.10`"))
}

fn profile(
    arguments: &Arguments,
    workspace: Option<&Workspace>,
) -> Result<addon_check::Profile, Failure> {
    let named = match arguments.profile {
        Some(profile) => profile,
        None => {
            let written = workspace.and_then(|found| found.file.check.profile.as_ref());
            match system::variable("ADDON_PACK_PROFILE").filter(|text| !text.is_empty()) {
                Some(text) => Profile::from_str(&text, false).map_err(|_| {
                    let message = format!("`ADDON_PACK_PROFILE` is `{text}`, which is no profile");
                    Failure::new(Exit::Usage, message)
                        .help("there are `default`, `strict`, `release` and `catalog`")
                })?,
                // the schema of the file has judged the word
                None => written
                    .and_then(|word| Profile::from_str(&word.value, false).ok())
                    .unwrap_or(Profile::Default),
            }
        }
    };
    Ok(match named {
        Profile::Default => addon_check::Profile::Default,
        Profile::Strict => addon_check::Profile::Strict,
        Profile::Release => addon_check::Profile::Release,
        Profile::Catalog => addon_check::Profile::Catalog,
    })
}

/// The finding about a word of the workspace file that names no rule; none when the word does not stand there.
fn at_its_place(workspace: &Workspace, error: &UnknownRule) -> Option<Diagnostic> {
    let check = &workspace.file.check;
    let words = check.select.iter().chain(&check.ignore);
    let word = words
        .chain(check.rules.iter().map(|(id, _)| id))
        .find(|word| word.value == error.0)?;
    let found = Diagnostic::error("workspace/unknown-rule", error.to_string(), word.span);
    Some(found.help("`addon-pack explain` lists all rules"))
}
