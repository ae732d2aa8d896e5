//! Whether an addon can be rendered at all: with its defaults, and with the cases that its author gives.
//!
//! A case is a file of arguments below `examples/`, YAML or JSON. Files there that are objects of Kubernetes (an example of an
//! Application, say) are none. An addon whose parameters are all optional must render without arguments. One that has
//! required parameters needs a case that gives them; without any, nobody knows whether it renders, which is a warning.

use crate::arguments::Arguments;
use crate::render;
use crate::request::Request;
use addon_model::Addon;
use cue_engine::Session;
use source_vocab::{Diagnostic, Severity, VPath, World};

/// The folder of the cases.
const EXAMPLES: &str = "examples/";

/// Renders an addon with its defaults and with each of its cases; gives the errors, and a warning where required parameters
/// have no case. The addon must have been loaded from `world` into the sources of `session`.
pub fn verify(world: &dyn World, addon: &Addon, session: &mut Session) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let cases = cases(world, addon, session, &mut found);
    let mut is_any_good = false;
    for (path, arguments) in &cases {
        let errors = errors(addon, arguments.clone(), session);
        is_any_good |= errors.is_empty();
        let case = |error: Diagnostic| error.note(format!("in the case `{path}`"));
        found.extend(errors.into_iter().map(case));
    }
    let mut of_defaults = errors(addon, Arguments::default(), session);
    let is_only_required = of_defaults.iter().all(|one| one.code == "render/required");
    if is_only_required {
        if is_any_good || !cases.is_empty() {
            of_defaults.clear();
        }
        for one in &mut of_defaults {
            one.severity = Severity::Warning;
            one.notes = vec![
                "the addon has no case that gives it, so it cannot be shown to render".to_owned(),
            ];
            one.help = Some("add a file of arguments, such as `examples/minimal.yaml`".to_owned());
        }
    }
    // what fails with the defaults fails in the cases too, and is told once
    found.retain(|one| !of_defaults.iter().any(|other| is_same(one, other)));
    of_defaults.append(&mut found);
    of_defaults
}

fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code && one.message == other.message && one.primary == other.primary
}

/// The files of arguments below `examples/`.
fn cases(
    world: &dyn World,
    addon: &Addon,
    session: &mut Session,
    found: &mut Vec<Diagnostic>,
) -> Vec<(VPath, Arguments)> {
    let mut cases = Vec::new();
    let entries = addon.tree.entries.iter();
    let files = entries.filter(|entry| {
        entry.path.as_str().starts_with(EXAMPLES)
            && matches!(entry.path.extension(), Some("yaml" | "yml" | "json"))
    });
    for entry in files {
        let path = addon.tree.world_path(entry);
        let Ok(bytes) = world.read(&path) else {
            continue;
        };
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!("`{}` is not UTF-8", entry.path);
            found.push(Diagnostic::error("render/argument", message, path));
            continue;
        };
        if is_object(&text) {
            continue;
        }
        let mut arguments = Arguments::default();
        match arguments.add_file(&world.display(&path), &text, session.sources_mut()) {
            Ok(()) => cases.push((entry.path.clone(), arguments)),
            Err(wrong) => found.push(*wrong),
        }
    }
    cases
}

/// Whether a text is an object of Kubernetes.
fn is_object(text: &str) -> bool {
    goyaml::from_slice(text.as_bytes())
        .is_ok_and(|value| value.get("apiVersion").is_some() && value.get("kind").is_some())
}

fn errors(addon: &Addon, arguments: Arguments, session: &Session) -> Vec<Diagnostic> {
    let request = Request {
        arguments,
        ..Request::default()
    };
    let outcome = render(addon, &request, session);
    let found = outcome.diagnostics.into_iter();
    found
        .filter(|one| one.severity == Severity::Error)
        .collect()
}
