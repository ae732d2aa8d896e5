//! `bump`: the next version, written into `metadata.yaml` and nowhere else.

use super::diff;
use crate::cli::bump::{Arguments, Step};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_diff::{Weight, Written, compare, enough, next};
use anyhow::Context as _;
use source_vocab::Place;

/// The most bytes of a `metadata.yaml`.
const LIMIT: u64 = 4 << 20;

/// Writes the version.
///
/// # Errors
/// [`Exit::Input`] when the addon cannot be read, or its version is not one that a step can be made from.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let path = &arguments.path;
    if system::path_kind(path).or_exit(Exit::Input)? != PathKind::Directory {
        let message = format!("`{}` is no directory of an addon", path.display());
        return Err(Failure::new(Exit::Input, message));
    }
    let new = diff::take(path, &arguments.connection, printer)?;
    let old = match &arguments.against {
        Some(old) => Some(diff::take(old, &arguments.connection, printer)?),
        None => None,
    };
    let current = new.snapshot.version.as_str();
    let base = old
        .as_ref()
        .map_or(current, |old| old.snapshot.version.as_str());
    let weight = match (arguments.step, &old) {
        (Step::Patch, _) => Some(Weight::Patch),
        (Step::Minor, _) => Some(Weight::Minor),
        (Step::Major, _) => Some(Weight::Major),
        (Step::Auto, None) => None,
        (Step::Auto, Some(old)) => {
            let compared = compare(&old.snapshot, &new.snapshot);
            for text in &compared.unknown {
                printer.warning(text);
            }
            compared.verdict()
        }
    };
    let Some(weight) = weight else {
        printer.status(
            "Kept",
            &format!("`{current}`: nothing changed since `{base}`"),
        );
        return Ok(Exit::Success);
    };
    let (is_enough, written) = if arguments.step == Step::Auto {
        (enough(base, current, weight), Written::Automatic)
    } else {
        (Some(false), Written::Named)
    };
    if is_enough == Some(true) {
        let text = format!("`{current}`: far enough from `{base}` for a {weight} change");
        printer.status("Kept", &text);
        return Ok(Exit::Success);
    }
    let Some(wanted) = next(base, weight, written) else {
        let message =
            format!("the version `{base}` is no semantic version, so there is no next one");
        return Err(Failure::new(Exit::Input, message).help("write one such as `1.0.0`"));
    };
    if wanted == current {
        printer.status("Kept", &format!("`{current}`"));
        return Ok(Exit::Success);
    }
    if arguments.check {
        printer.warning(&format!(
            "the version of `{}` is `{current}`, and has to be `{wanted}` or higher",
            new.snapshot.name
        ));
        return Ok(Exit::Findings);
    }
    write(arguments, &new, &wanted)?;
    printer.status(
        "Bumped",
        &format!("{} from `{current}` to `{wanted}`", new.snapshot.name),
    );
    Ok(Exit::Success)
}

/// Puts another version where the old one stands.
fn write(arguments: &Arguments, new: &diff::Taken, wanted: &str) -> Result<(), Failure> {
    let current = new.snapshot.version.as_str();
    let refused = || {
        let file = arguments.path.join("metadata.yaml");
        let message = format!("the version in `{}` is not written plainly", file.display());
        Failure::new(Exit::Input, message).help(format!("write `version: {wanted}`"))
    };
    let Place::Text(span) = new.snapshot.version_place else {
        return Err(refused());
    };
    let (file, range) = new.sources.locate(span).ok_or_else(refused)?;
    let place = arguments.path.join("metadata.yaml");
    let bytes = system::read_file(&place, LIMIT)
        .with_context(|| format!("cannot read `{}`", place.display()))
        .or_exit(Exit::Input)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refused())?;
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    // the text has to be the one that was read, or the place is that of something else
    if text.get(mark..) != Some(&**file.text()) {
        return Err(refused());
    }
    let written = text
        .get(mark + range.start..mark + range.end)
        .ok_or_else(refused)?;
    if written.matches(current).count() != 1 || current.is_empty() {
        return Err(refused());
    }
    let changed = [
        text.get(..mark + range.start).unwrap_or_default(),
        &written.replacen(current, wanted, 1),
        text.get(mark + range.end..).unwrap_or_default(),
    ];
    system::write_atomic(&place, changed.concat().as_bytes())
}
