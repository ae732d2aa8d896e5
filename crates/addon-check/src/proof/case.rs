//! The cases that an addon is rendered with: its defaults, and the arguments that its author gives in `examples/`.
//!
//! A case is a file of arguments below `examples/`, YAML or JSON. Files there that are objects of Kubernetes (an example of an
//! Application, say) are none. An addon whose parameters are all optional must render without arguments. One that has
//! required parameters needs a case that gives them; without any, nobody knows whether it renders, which is a warning.

use addon_model::Addon;
use addon_render::{Arguments, Failure, Rendered, Request, render};
use cue_engine::Session;
use source_vocab::{Diagnostic, Severity, VPath, World};
use std::fmt;

/// The folder of the cases.
const EXAMPLES: &str = "examples/";

/// What an addon is rendered with, and what became of it.
#[derive(Debug)]
pub struct Case {
    /// Which arguments they are.
    pub name: CaseName,
    /// The arguments, each with its place.
    pub arguments: Arguments,
    /// Where the rendering failed, if it did; what was rendered before is there all the same.
    pub failure: Option<Failure>,
    /// The text of `NOTES.cue`.
    pub notes: Option<String>,
    /// What was rendered.
    pub(crate) rendered: Rendered,
    /// What rendering says, errors and warnings.
    pub(crate) found: Vec<Diagnostic>,
}

/// Which arguments those of a case are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseName {
    /// None at all.
    Defaults,
    /// A file of the author's, relative to the addon's directory.
    Example(VPath),
    /// These words, as `vela addon enable` takes them.
    Arguments(Vec<String>),
}

impl fmt::Display for CaseName {
    /// The end of a sentence: `with the arguments of examples/a.yaml`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults => f.write_str("with the defaults"),
            Self::Example(path) => write!(f, "in the case `{path}`"),
            Self::Arguments(words) => write!(f, "with `{}`", words.join(" ")),
        }
    }
}

impl Case {
    /// Renders an addon.
    pub(super) fn run(
        name: CaseName,
        arguments: Arguments,
        addon: &Addon,
        session: &Session,
    ) -> Self {
        let request = Request {
            arguments,
            ..Request::default()
        };
        let outcome = render(addon, &request, session);
        let mut rendered = outcome.value.unwrap_or_default();
        Self {
            name,
            arguments: request.arguments,
            failure: rendered.failure.clone(),
            notes: rendered.notes.take(),
            rendered,
            found: outcome.diagnostics,
        }
    }

    /// Whether KubeVela would render it.
    pub fn renders(&self) -> bool {
        self.failure.is_none()
    }

    fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let is_error = |one: &&Diagnostic| one.severity == Severity::Error;
        self.found.iter().filter(is_error)
    }
}

/// Renders an addon with its defaults and with each of its cases. What is wrong with a file of arguments is added to `found`.
pub(crate) fn run(
    world: &dyn World,
    addon: &Addon,
    session: &mut Session,
    found: &mut Vec<Diagnostic>,
) -> Vec<Case> {
    let given = examples(world, addon, session, found);
    let mut cases = Vec::with_capacity(given.len() + 1);
    let defaults = Arguments::default();
    cases.push(Case::run(CaseName::Defaults, defaults, addon, session));
    for (path, arguments) in given {
        cases.push(Case::run(
            CaseName::Example(path),
            arguments,
            addon,
            session,
        ));
    }
    cases
}

/// What keeps the addon from being rendered: the errors of the cases, and a warning where required parameters have no case.
pub(crate) fn findings(cases: &[Case]) -> Vec<Diagnostic> {
    let [defaults, examples @ ..] = cases else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for case in examples {
        let note = |error: &Diagnostic| error.clone().note(format!("{}", case.name));
        found.extend(case.errors().map(note));
    }
    let mut of_defaults: Vec<Diagnostic> = defaults.errors().cloned().collect();
    let is_only_required = of_defaults.iter().all(|one| one.code == "render/required");
    if is_only_required {
        if !examples.is_empty() {
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
fn examples(
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
