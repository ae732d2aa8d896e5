//! The cases that an addon is rendered with: its defaults, and the arguments that its author gives in `examples/`.
//!
//! A case is a file of arguments below `examples/`, YAML or JSON. Files there that are objects of Kubernetes (an example of an
//! Application, say) are none. An addon whose parameters are all optional must render without arguments. One that has
//! required parameters needs a case that gives them; without any, nobody knows whether it renders, which is a warning. It is
//! then rendered with the plainest values that its parameters take, so that the rest of it is looked at all the same.

use super::codes::{self, While};
use super::matrix::{self, Change, Sense};
use super::object::Collection;
use addon_model::Addon;
use addon_render::definition::schema;
use addon_render::{Arguments, Failure, Rendered, Renderer, Request};
use cue_engine::Session;
use goyaml::Value;
use rustc_hash::FxHashSet;
use source_vocab::{Diagnostic, Outcome, Severity, VPath, World};
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
    /// Where the values come from.
    sense: Sense,
}

/// Which argument sets an addon is rendered with beside its defaults and its examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sets {
    /// None.
    None,
    /// Those that its parameters suggest.
    All,
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
    pub(super) fn run(name: CaseName, arguments: Arguments, renderer: &Renderer<'_>) -> Self {
        let request = request(arguments);
        let outcome = renderer.render(&request);
        Self::of(name, request, outcome, Sense::Meant)
    }

    fn of(name: CaseName, request: Request, outcome: Outcome<Rendered>, sense: Sense) -> Self {
        let mut rendered = outcome.value.unwrap_or_default();
        Self {
            name,
            arguments: request.arguments,
            failure: rendered.failure.clone(),
            notes: rendered.notes.take(),
            rendered,
            found: outcome.diagnostics,
            sense,
        }
    }

    /// Whether KubeVela would render it.
    pub fn renders(&self) -> bool {
        self.failure.is_none()
    }

    /// Whether it gives objects with values that stand in for those that somebody has to fill in.
    pub(super) fn is_sampled(&self) -> bool {
        self.sense == Sense::Sampled && self.rendered.application.is_some()
    }

    /// Whether its values are as sure as that.
    pub(super) fn is_up_to(&self, sense: Sense) -> bool {
        self.sense <= sense
    }
}

fn request(arguments: Arguments) -> Request {
    Request {
        arguments,
        ..Request::default()
    }
}

/// Renders an addon with its defaults and with each of its cases. What is wrong with a file of arguments is added to `found`.
pub(crate) fn run(
    world: &dyn World,
    addon: &Addon,
    sets: Sets,
    session: &mut Session,
    found: &mut Vec<Diagnostic>,
) -> Vec<Case> {
    let given = examples(world, addon, session, found);
    let renderer = Renderer::new(addon, session);
    let mut cases = Vec::with_capacity(given.len() + 1);
    let defaults = Arguments::default();
    cases.push(Case::run(CaseName::Defaults, defaults, &renderer));
    for (path, arguments) in given {
        cases.push(Case::run(CaseName::Example(path), arguments, &renderer));
    }
    if sets == Sets::All {
        let more = argument_sets(addon, session, &renderer, &cases);
        cases.extend(more);
    }
    cases
}

/// Renders the argument sets. Of those that render, the ones that give nothing new lose what was rendered.
fn argument_sets(
    addon: &Addon,
    session: &Session,
    renderer: &Renderer<'_>,
    cases: &[Case],
) -> Vec<Case> {
    let file = addon.effective_parameter();
    let Some(schema) = file.and_then(|file| schema::of_file(session, &file.source).value) else {
        return Vec::new();
    };
    let rendering = cases.iter().find(|case| case.renders());
    let sampled = match rendering {
        Some(_) => None,
        None => sampled_base(&schema, renderer, cases),
    };
    let Some(base) = rendering.or(sampled.as_ref()) else {
        return Vec::new();
    };
    let mut sets = Vec::new();
    let changes = if base.renders() {
        matrix::changes(&schema, base.arguments.tree())
    } else {
        Vec::new()
    };
    let mut seen = FxHashSet::default();
    let again = request(base.arguments.clone());
    let outcome = renderer.render_dependent(&again);
    let again = Case::of(base.name.clone(), again, outcome, base.sense);
    again.is_new(addon, &mut seen);
    for change in changes {
        let mut arguments = Arguments::default();
        for entry in matrix::changed(base.arguments.tree(), &change).entries() {
            arguments.set(&entry.key, entry.value.clone());
        }
        let request = request(arguments);
        if !renderer.admits(&request) {
            continue;
        }
        let outcome = renderer.render_dependent(&request);
        let name = CaseName::Arguments(words(&base.name, &change));
        let mut case = Case::of(name, request, outcome, change.sense.max(base.sense));
        let is_shown = case.is_up_to(Sense::Sampled) && case.renders();
        if !is_shown || !case.is_new(addon, &mut seen) {
            case.rendered = Rendered::default();
        }
        sets.push(case);
    }
    sampled.into_iter().chain(sets).collect()
}

/// An addon that nothing shows to render, because nobody gives what it requires, with values that stand in for it.
fn sampled_base(schema: &Value, renderer: &Renderer<'_>, cases: &[Case]) -> Option<Case> {
    let [defaults] = cases else { return None };
    let mut errors = defaults
        .found
        .iter()
        .filter(|found| found.severity == Severity::Error);
    if !errors.all(|found| found.code == "render/required") {
        return None;
    }
    let change = matrix::required(schema)?;
    let mut arguments = Arguments::default();
    for entry in change.value.entries() {
        arguments.set(&entry.key, entry.value.clone());
    }
    let request = request(arguments);
    if !renderer.admits(&request) {
        return None;
    }
    let outcome = renderer.render(&request);
    let name = CaseName::Arguments(words(&CaseName::Defaults, &change));
    Some(Case::of(name, request, outcome, change.sense))
}

/// How somebody gives a set.
fn words(base: &CaseName, change: &Change) -> Vec<String> {
    let word = matrix::word(change).unwrap_or_else(|| {
        let value = goyaml::to_string(&change.value.to_value());
        format!(
            "{}: {}",
            change.path.join("."),
            value.trim_end().replace('\n', " ")
        )
    });
    match base {
        CaseName::Defaults => vec![word],
        CaseName::Example(path) => vec![path.to_string(), word],
        CaseName::Arguments(words) => vec![format!("{} {word}", words.join(" "))],
    }
}

impl Case {
    /// Whether it gives an object that is not among those seen, which it is afterwards.
    fn is_new(&self, addon: &Addon, seen: &mut FxHashSet<u64>) -> bool {
        let all = Collection::of(addon, std::slice::from_ref(self), Sense::Invented);
        let before = seen.len();
        seen.extend(all.hashes());
        seen.len() > before
    }
}

/// What the cases show, each thing once with the cases that show it.
pub(crate) fn findings(addon: &Addon, cases: &[Case]) -> Vec<Diagnostic> {
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
        found
            .notes
            .extend(note(addon.meta().name.as_str(), cases, &shown));
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
        let is_example = |case: &Case| matches!(case.name, CaseName::Example(_));
        let has_examples = cases.iter().any(is_example);
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
    if matches!(case.name, CaseName::Arguments(_)) {
        // what is missing or refused is no failure of the templates
        let is_set = matches!(
            &*found.code,
            "render/required"
                | "render/argument"
                | "render/undeclared"
                | "render/unknown-cluster"
                | "cue/limit"
        );
        let is_lost = found.code == "render/unknown-field" && case.is_up_to(Sense::Sampled);
        let is_trap = found.severity != Severity::Error && found.code != "render/notes" && !is_lost;
        if is_set || is_trap {
            return None;
        }
    }
    let at = match &case.failure {
        Some(failure) if found.severity == Severity::Error => While::Failing(failure.stage),
        _ => While::Rendering,
    };
    let mut found = codes::named(found, at)?;
    if case.sense != Sense::Meant {
        found.severity = found.severity.min(Severity::Warning);
    }
    Some(found)
}

/// In which cases something is seen, when it is not in all that everybody has.
fn note(name: &str, cases: &[Case], shown: &[usize]) -> Option<String> {
    let first = &cases.get(*shown.first()?)?.name;
    let is_set = |case: &&Case| matches!(case.name, CaseName::Arguments(_));
    match first {
        CaseName::Defaults => None,
        CaseName::Example(path) => Some(match shown.len() {
            1 => format!("in the case `{path}`"),
            count => format!("in the case `{path}` and {} more", count - 1),
        }),
        CaseName::Arguments(words) => {
            let all = cases.iter().filter(is_set).count();
            let count = shown.len();
            let how = match words.as_slice() {
                [example, word] => format!("with the arguments of `{example}` and `{word}`"),
                words => format!("with `vela addon enable {name} {}`", words.join(" ")),
            };
            Some(format!("{how}, in {count} of {all} argument sets"))
        }
    }
}

/// Whether two findings say the same at one place. The number of an element in a path depends on what the case leaves out
/// before it, so numbers in brackets do not count.
pub(super) fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code
        && one.primary == other.primary
        && without_indices(&one.message).eq(without_indices(&other.message))
}

/// The characters of a text, without digits behind a bracket.
fn without_indices(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut is_index = false;
    text.chars().filter(move |c| {
        is_index = *c == '[' || is_index && c.is_ascii_digit();
        *c == '[' || !is_index
    })
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
