//! The cases that an addon is rendered with: its defaults, and the arguments that its author gives in `examples/`.
//!
//! A case is a file of arguments below `examples/`, YAML or JSON. Files there that are objects of Kubernetes (an example of an
//! Application, say) are none. An addon whose parameters are all optional must render without arguments. One that has
//! required parameters needs a case that gives them; without any, nobody knows whether it renders, which is a warning.

use super::codes::{self, While};
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

/// What the cases show, each thing once with the cases that show it.
pub(crate) fn findings(cases: &[Case]) -> Vec<Diagnostic> {
    let mut all: Vec<(Diagnostic, Vec<usize>)> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        for found in case
            .found
            .iter()
            .filter_map(|found| told(case, found, cases))
        {
            let known = all.iter_mut().find(|(other, _)| is_same(other, &found));
            match known {
                Some((_, shown)) if shown.last() == Some(&at) => {}
                Some((_, shown)) => shown.push(at),
                None => all.push((found, vec![at])),
            }
        }
    }
    let with_cases = |(mut found, shown): (Diagnostic, Vec<usize>)| {
        found.notes.extend(note(cases, &shown));
        found
    };
    all.into_iter().map(with_cases).collect()
}

/// A finding of a case as the rules have it.
fn told(case: &Case, found: &Diagnostic, cases: &[Case]) -> Option<Diagnostic> {
    let mut found = found.clone();
    if found.code == "render/required" && case.name == CaseName::Defaults {
        let others = case
            .found
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let is_only_required = others.clone().all(|one| one.code == "render/required");
        let has_examples = cases.len() > 1;
        if is_only_required && has_examples {
            return None;
        }
        if is_only_required {
            found.severity = Severity::Warning;
            found.notes = vec![
                "the addon has no case that gives it, so it cannot be shown to render".to_owned(),
            ];
            found.help =
                Some("add a file of arguments, such as `examples/minimal.yaml`".to_owned());
        }
    }
    let at = match &case.failure {
        Some(failure) if found.severity == Severity::Error => While::Failing(failure.stage),
        _ => While::Rendering,
    };
    codes::named(found, at)
}

/// In which cases something is seen, when it is not in all that everybody has.
fn note(cases: &[Case], shown: &[usize]) -> Option<String> {
    let name = &cases.get(*shown.first()?)?.name;
    if *name == CaseName::Defaults {
        return None;
    }
    Some(match shown.len() {
        1 => format!("{name}"),
        count => format!("{name} and {} more", count - 1),
    })
}

/// Whether two findings say the same at one place.
pub(super) fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
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
