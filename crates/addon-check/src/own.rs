//! Rules of an organisation, written in CUE.
//!
//! A file of rules has a field for each, called by its id:
//!
//! ```cue
//! ORG01: {
//!     title:    "every Deployment says who owns it"
//!     severity: "error"
//!     on:       "object"
//!     when: kind: "Deployment"
//!     must: metadata: labels: owner: =~"^team-"
//! }
//! ```
//!
//! What the rule is `on` is unified with `when`, and where both fit, with `must`. In both, a field that is not optional has to
//! be there: `when: kind: "Deployment"` does not mean an object without a kind, and a `must` whose field has a value asks for
//! that value to be written. What is unified are values of the author's files with their places, so a finding stands at the
//! line of the value that does not fit, or of the mapping that lacks a field.
//!
//! Invariant: the rules of an [`OwnRules`] have been judged, so that checking an addon finds nothing about the rules
//! themselves.

use crate::definitions::{Cursor, Fault, FaultKind, Template};
use crate::proof::Proof;
use crate::rules;
use cue_engine::{Budget, Check, Package, Session, Shape, Value, explain};
use goyaml::Tree;
use source_vocab::{Diagnostic, Place, Severity, SourceMap, Span};

/// What unifying one subject with one rule may cost.
const BUDGET: Budget = Budget {
    steps: 200_000,
    ..Budget::DEFAULT
};

/// The most findings of a rule in one addon.
const MOST_FINDINGS: usize = 200;

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    Metadata,
    Application,
    Component,
    Trait,
    Object,
    Definition,
}

const SUBJECTS: [(&str, On); 6] = [
    ("metadata", On::Metadata),
    ("application", On::Application),
    ("component", On::Component),
    ("trait", On::Trait),
    ("object", On::Object),
    ("definition", On::Definition),
];

/// What a rule may say.
const KEYS: [&str; 6] = ["title", "severity", "help", "on", "when", "must"];

/// A rule of an organisation.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// Its id, as `ORG01`.
    pub id: String,
    /// What it asks for, in a sentence.
    pub title: String,
    /// How bad it is when that does not hold.
    pub severity: Severity,
    /// How to mend it.
    pub help: Option<String>,
    on: On,
    has_when: bool,
    /// The file it is in, by number.
    file: usize,
}

/// The rules of an organisation, in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct OwnRules {
    rules: Vec<OwnRule>,
    /// The files with their names.
    files: Vec<(String, String)>,
}

impl OwnRules {
    /// Reads files of rules, as pairs of a name and a text. `sources` gets the texts.
    ///
    /// # Errors
    /// What is wrong with the rules, each at its place.
    pub fn read(
        files: Vec<(String, String)>,
        sources: &mut SourceMap,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut session = Session::new().with_budget(BUDGET);
        std::mem::swap(session.sources_mut(), sources);
        let mut own = Self::default();
        let mut wrong = Vec::new();
        for (name, text) in files {
            let package = session.package_of_text(&name, &text);
            wrong.extend(package.diagnostics.clone());
            if wrong.is_empty() {
                own.read_file(&package, &session, &mut wrong);
            }
            own.files.push((name, text));
        }
        std::mem::swap(session.sources_mut(), sources);
        if wrong.is_empty() {
            Ok(own)
        } else {
            Err(wrong)
        }
    }

    fn read_file(&mut self, package: &Package, session: &Session, wrong: &mut Vec<Diagnostic>) {
        let evaluation = session.evaluate(package);
        wrong.extend(evaluation.diagnostics.iter().cloned());
        let Some(root) = evaluation.root() else {
            return;
        };
        wrong.extend(explain::findings(root, Check::Valid));
        if !wrong.is_empty() {
            return;
        }
        for (id, value) in root.fields() {
            match rule(&id, value, self.files.len()) {
                Ok(rule) if self.find(&id).is_none() => self.rules.push(rule),
                Ok(_) => wrong.push(broken(format!("rule `{id}` is there twice"), value)),
                Err(found) => wrong.push(*found),
            }
        }
    }

    /// All rules.
    pub fn all(&self) -> &[OwnRule] {
        &self.rules
    }

    /// The files, each a name and a text.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// The rule with an id, in any case.
    pub fn find(&self, id: &str) -> Option<&OwnRule> {
        self.rules
            .iter()
            .find(|rule| rule.id.eq_ignore_ascii_case(id))
    }

    /// What the rules find in an addon that was rendered; `sources` gets the texts of the rules.
    pub(crate) fn check(&self, proof: &Proof<'_>, sources: &mut SourceMap) -> Vec<Diagnostic> {
        let mut session = Session::new().with_budget(BUDGET);
        std::mem::swap(session.sources_mut(), sources);
        let packages = self.files.iter();
        let packages: Vec<Package> = packages
            .map(|(name, text)| session.package_of_text(name, text))
            .collect();
        let mut found = Vec::new();
        for rule in &self.rules {
            if let Some(package) = packages.get(rule.file) {
                rule.check(package, proof, &session, &mut found);
            }
        }
        std::mem::swap(session.sources_mut(), sources);
        found
    }
}

/// Reads a rule.
fn rule(id: &str, value: Value<'_>, file: usize) -> Result<OwnRule, Box<Diagnostic>> {
    let wrong = |message: String, at: Value<'_>| Box::new(broken(message, at));
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_id = id.len() == stem.len().max(id.len().saturating_sub(2)) + 2
        && id.starts_with(|c: char| c.is_ascii_uppercase())
        && id
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_id {
        let message = format!("`{id}` is no id of a rule: capital letters and two digits");
        return Err(wrong(message, value));
    }
    let family = id.get(..id.len() - 2).unwrap_or_default();
    let is_family = |rule: &crate::Rule| rule.id.get(..rule.id.len() - 2) == Some(family);
    if rules::all().any(is_family) {
        let message = format!("`{id}`: the family `{family}` is that of built-in rules");
        return Err(wrong(message, value));
    }
    for (key, own) in value.fields() {
        if !KEYS.contains(&&*key) {
            let message = format!("a rule has no `{key}`");
            let known = format!("there is `{}`", KEYS.join("`, `"));
            return Err(Box::new(broken(message, own).help(known)));
        }
    }
    let text = |key: &str| match value.field(key).map(|own| (own, own.default().shape())) {
        None => Ok(None),
        Some((_, Shape::String(text))) => Ok(Some(text.to_string())),
        Some((own, _)) => Err(wrong(
            format!("`{id}.{key}` is expected to be a string"),
            own,
        )),
    };
    let needed = |key: &str| wrong(format!("rule `{id}` has no `{key}`"), value);
    let is_struct = |key: &str| match value.field(key) {
        None => Ok(false),
        Some(own) if matches!(own.shape(), Shape::Struct) || own.alternatives().is_some() => {
            Ok(true)
        }
        Some(own) => Err(wrong(
            format!("`{id}.{key}` is expected to be a struct"),
            own,
        )),
    };
    let severity = match text("severity")?.as_deref() {
        Some("error") => Severity::Error,
        None | Some("warning") => Severity::Warning,
        Some("info") => Severity::Info,
        Some(_) => {
            let message = format!("`{id}.severity` is expected to be error, warning or info");
            return Err(wrong(message, value.field("severity").unwrap_or(value)));
        }
    };
    let on = text("on")?.ok_or_else(|| needed("on"))?;
    let on = SUBJECTS
        .iter()
        .find(|(name, _)| *name == on)
        .ok_or_else(|| {
            let names = SUBJECTS.map(|(name, _)| name).join(", ");
            let message = format!("`{id}.on` is expected to be one of {names}");
            wrong(message, value.field("on").unwrap_or(value))
        })?;
    let title = text("title")?.ok_or_else(|| needed("title"))?;
    if !is_struct("must")? {
        return Err(needed("must"));
    }
    Ok(OwnRule {
        id: id.to_owned(),
        title,
        severity,
        help: text("help")?,
        on: on.1,
        has_when: is_struct("when")?,
        file,
    })
}

fn broken(message: String, value: Value<'_>) -> Diagnostic {
    let span = value.declared();
    let span = if span.is_detached() {
        value.span()
    } else {
        span
    };
    let place = place(span, &Place::Nowhere);
    Diagnostic::error("check/own-rule", message, place)
}

fn place(span: Span, around: &Place) -> Place {
    if span.is_detached() {
        around.clone()
    } else {
        Place::Text(span)
    }
}

/// Something a rule looks at.
#[derive(Debug)]
struct Subject<'t> {
    tree: &'t Tree,
    around: Place,
    case: usize,
}

impl OwnRule {
    fn check(
        &self,
        package: &Package,
        proof: &Proof<'_>,
        session: &Session,
        found: &mut Vec<Diagnostic>,
    ) {
        let must = Template::of_field(package, &self.id, "must", session);
        let when = self
            .has_when
            .then(|| Template::of_field(package, &self.id, "when", session));
        let first = found.len();
        for subject in self.subjects(proof) {
            let at = Cursor::root(subject.tree.span);
            let is_meant = |when: &Template| when.check_all(subject.tree, &at).is_empty();
            if !when.as_ref().is_none_or(is_meant) {
                continue;
            }
            for fault in must.check_all(subject.tree, &at) {
                if found.len() - first < MOST_FINDINGS {
                    found.push(proof.in_case(self.finding(fault, &subject), subject.case));
                }
            }
        }
    }

    fn finding(&self, fault: Fault, subject: &Subject<'_>) -> Diagnostic {
        let path = match fault.path.as_str() {
            "" => String::new(),
            path => format!("`{path}` "),
        };
        let what = match fault.kind {
            FaultKind::Unknown => format!("{path}is not allowed"),
            FaultKind::Missing => format!("{path}is missing"),
            FaultKind::Wrong => format!("{path}{}", fault.expected),
        };
        let message = format!("{}: {what}", self.title);
        let place = place(fault.span, &subject.around);
        let mut found = Diagnostic::new(self.severity, self.id.clone(), message, place);
        found.labels = fault.labels;
        found.notes = fault.notes;
        found.help.clone_from(&self.help);
        found
    }

    fn subjects<'p>(&self, proof: &'p Proof<'_>) -> Vec<Subject<'p>> {
        if self.on == On::Metadata {
            let file = proof.addon().metadata.files.first();
            let tree = file.and_then(|file| Some((file, file.tree()?)));
            let subject = tree.map(|(file, tree)| Subject {
                tree,
                around: file.file.source.span().start().into(),
                case: 0,
            });
            return subject.into_iter().collect();
        }
        let mut all = Vec::new();
        for object in proof.objects() {
            let mut add = |tree| {
                all.push(Subject {
                    tree,
                    around: object.place.clone(),
                    case: object.case,
                });
            };
            let text = |key: &str| {
                object
                    .tree
                    .get(key)
                    .and_then(Tree::as_str)
                    .unwrap_or_default()
            };
            let is_application = object.role == crate::proof::Role::Application;
            match self.on {
                On::Application if is_application => add(object.tree),
                On::Component if is_application => {
                    let components = proof.components(object);
                    for component in components {
                        add(component.tree);
                    }
                }
                On::Trait if is_application => {
                    let components = proof.components(object);
                    let traits = components.iter().flat_map(|component| &component.traits);
                    for one in traits {
                        add(one.tree);
                    }
                }
                On::Object if !is_application => add(object.tree),
                On::Definition
                    if text("apiVersion").starts_with("core.oam.dev/")
                        && text("kind").ends_with("Definition") =>
                {
                    add(object.tree);
                }
                _ => {}
            }
        }
        all
    }
}
