//! An addon rendered: with its defaults and with the cases of its author, and all that comes out of it, each thing once.
//!
//! The rules on what an addon applies look at a [`Proof`]. It is made once for each addon, and every rule that is found
//! [`Found::InProof`] gets the same one:
//!
//! ```text
//! Input ─► cases (defaults, examples/)  ─ render ─►  objects, each distinct one once, with the case that shows it
//!       ─► definitions of the addon itself
//! Neighbours ─► definitions, objects and CRDs of the addons that it depends on
//! ```
//!
//! How a rule uses it:
//!
//! ```text
//! fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
//!     for object in proof.objects() {
//!         let Some(replicas) = object.tree.at(&[Step::Key("spec"), Step::Key("replicas")]) else { continue };
//!         // a span of the object is a place in the author's file; where a value stands nowhere, the place of the object
//!         let found = RULE.finding("…", object.place_of(replicas.span));
//!         findings.push(proof.in_case(found, object.case));
//!     }
//! }
//! ```
//!
//! Invariants: everything comes in the order of the cases, then of the rendering; what is the same in two cases is there
//! once, under the earlier case. A finding that several rules or cases make at one place with one message is shown once,
//! so rules need not look for repetitions. All spans lie in [`Proof::sources`], those of neighbours too.

mod application;
mod case;
mod codes;
mod definition;
mod matrix;
mod neighbour;
mod object;

pub use application::{Component, Policy, TraitUse, WorkflowStep};
pub(crate) use case::Sets;
pub use case::{Case, CaseName};
pub use definition::KnownDefinition;
pub use neighbour::{Neighbour, Neighbours};
pub use object::{ProvenObject, Role};

use crate::definitions::{self, Seen};
use crate::input::Input;
use crate::rule::Found;
use crate::rules;
use addon_model::Addon;
use addon_render::definition::Kind;
use codes::While;
use cue_engine::Session;
use goyaml::Tree;
use matrix::Sense;
use object::Collection;
use source_vocab::{Diagnostic, Severity, SourceMap, World};

/// What rendering gives: what a proof is made of.
#[derive(Debug)]
pub(crate) struct Rendered {
    cases: Vec<Case>,
    definitions: Vec<KnownDefinition>,
    /// What is wrong with the cases.
    pub(crate) found: Vec<Diagnostic>,
}

impl Rendered {
    /// Renders an addon that was loaded into the sources of `session`.
    pub(crate) fn new(
        world: &dyn World,
        input: &Input<'_>,
        sets: Sets,
        session: &mut Session,
    ) -> Self {
        let mut found = Vec::new();
        let cases = case::run(world, input.addon, sets, session, &mut found);
        let mut found: Vec<Diagnostic> = found
            .into_iter()
            .filter_map(|found| codes::named(found, While::Rendering))
            .collect();
        found.extend(case::findings(input.addon, &cases));
        let read = definition::of_addon(input.addon, session);
        for more in read.found {
            // rendering ends at the first definition that cannot be read
            if !found.iter().any(|known| case::is_same(known, &more)) {
                found.push(more);
            }
        }
        let definitions = read.definitions;
        Self {
            cases,
            definitions,
            found,
        }
    }
}

/// An addon that was rendered.
#[derive(Debug)]
pub struct Proof<'a> {
    /// The addon's files, as the rules on addons see them.
    pub input: &'a Input<'a>,
    session: &'a Session,
    rendered: &'a Rendered,
    collection: Collection<'a>,
    neighbours: Vec<&'a Neighbour>,
    missing: Vec<&'a str>,
    uses: Vec<Seen<'a>>,
}

impl<'a> Proof<'a> {
    /// Gathers what the cases gave.
    pub(crate) fn new(
        input: &'a Input<'a>,
        session: &'a Session,
        rendered: &'a Rendered,
        neighbours: &'a Neighbours,
    ) -> Self {
        let (neighbours, missing) = neighbours.of(input.addon);
        let collection = Collection::of(input.addon, &rendered.cases, Sense::Meant);
        let uses = definitions::seen(&collection.objects);
        Self {
            input,
            session,
            rendered,
            collection,
            neighbours,
            missing,
            uses,
        }
    }

    /// The findings of all rules that look at what is rendered, by rule; what a rule finds at one place in several cases once.
    /// What only shows with values that stand in for others is a warning at most.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        let mut findings = self.of_rules();
        if self.rendered.cases.iter().any(Case::is_sampled) {
            let meant = findings.len();
            for mut found in self.with_sampled().of_rules() {
                let mut known = findings.iter().take(meant);
                if !known.any(|known| case::is_same(known, &found)) {
                    found.severity = found.severity.min(Severity::Warning);
                    findings.push(found);
                }
            }
        }
        findings
    }

    /// The same with the objects of the cases that give values in place of those that somebody has to fill in.
    fn with_sampled(&self) -> Self {
        let collection = Collection::of(self.input.addon, &self.rendered.cases, Sense::Sampled);
        Self {
            uses: definitions::seen(&collection.objects),
            collection,
            input: self.input,
            session: self.session,
            rendered: self.rendered,
            neighbours: self.neighbours.clone(),
            missing: self.missing.clone(),
        }
    }

    fn of_rules(&self) -> Vec<Diagnostic> {
        let mut findings: Vec<Diagnostic> = Vec::new();
        for found in rules::all().flat_map(|rule| rule.found) {
            if let Found::InProof(check) = found {
                let mut more = Vec::new();
                check(self, &mut more);
                let first = findings.len();
                for found in more {
                    let mut of_rule = findings.iter().skip(first);
                    if !of_rule.any(|known| case::is_same(known, &found)) {
                        findings.push(found);
                    }
                }
            }
        }
        findings
    }

    /// The addon.
    pub fn addon(&self) -> &'a Addon {
        self.input.addon
    }

    /// The session that everything was evaluated in, to evaluate more: properties against the parameters of a definition.
    pub fn session(&self) -> &'a Session {
        self.session
    }

    /// The texts that all spans point into: `sources().snippet(span)` is what is written there.
    pub fn sources(&self) -> &'a SourceMap {
        self.session.sources()
    }

    /// The cases, the defaults first, then the files of `examples/` in the order of their names, then argument sets.
    pub fn cases(&self) -> &'a [Case] {
        &self.rendered.cases
    }

    /// Every distinct object that a case gave: the Application first, then what its components hold, then the auxiliary
    /// objects in the order in which they are applied.
    pub fn objects(&self) -> &[ProvenObject<'a>] {
        &self.collection.objects
    }

    /// The objects of one case, together: for what two of them have to do with each other.
    pub fn objects_of(&self, case: usize) -> impl Iterator<Item = &ProvenObject<'a>> {
        let of_case = self.collection.of_case.get(case);
        let indices = of_case.into_iter().flatten();
        indices.filter_map(|at| self.collection.objects.get(*at))
    }

    /// The distinct Applications.
    pub fn applications(&self) -> impl Iterator<Item = &ProvenObject<'a>> {
        let is_application = |object: &&ProvenObject<'_>| object.role == Role::Application;
        self.objects().iter().filter(is_application)
    }

    /// The distinct Applications; when none could be rendered, what stands in `template.yaml`, so that a mistake elsewhere
    /// does not hide those in it.
    pub fn written_applications(&self) -> Vec<ProvenObject<'a>> {
        let rendered: Vec<ProvenObject<'a>> = self.applications().cloned().collect();
        let template = self.addon().template_yaml.as_ref();
        let Some((yaml, tree)) = template.and_then(|yaml| Some((yaml, yaml.tree()?))) else {
            return rendered;
        };
        if !rendered.is_empty() {
            return rendered;
        }
        vec![ProvenObject {
            tree,
            role: Role::Application,
            case: 0,
            namespace: None,
            place: yaml.file.source.span().start().into(),
        }]
    }

    /// The distinct uses of definitions in all Applications.
    pub(crate) fn uses(&self) -> &[Seen<'a>] {
        &self.uses
    }

    /// The components of an Application.
    pub fn components(&self, application: &ProvenObject<'a>) -> Vec<Component<'a>> {
        application::components(application)
    }

    /// The policies of an Application.
    pub fn policies(&self, application: &ProvenObject<'a>) -> Vec<Policy<'a>> {
        application::policies(application)
    }

    /// The steps of an Application's workflow; those inside a group come behind it.
    pub fn workflow_steps(&self, application: &ProvenObject<'a>) -> Vec<WorkflowStep<'a>> {
        application::workflow_steps(application)
    }

    /// The definitions that the addon itself brings, as far as they can be read.
    pub fn definitions(&self) -> &'a [KnownDefinition] {
        &self.rendered.definitions
    }

    /// The addons that this one depends on, directly or through others, as far as they are known; each once, the nearer
    /// first.
    pub fn dependencies(&self) -> &[&'a Neighbour] {
        &self.neighbours
    }

    /// The names in `dependencies`, of this addon or of one it depends on, that are not known here. While there is one, a
    /// type that nobody defines may be defined by it.
    pub fn missing_dependencies(&self) -> &[&'a str] {
        &self.missing
    }

    /// The definition that a type names: the addon's own, else that of a dependency. A revision behind an `@` is not told
    /// apart.
    pub fn definition(&self, kind: Kind, name: &str) -> Option<&'a KnownDefinition> {
        let bare = name.split('@').next().unwrap_or(name);
        let near = self
            .neighbours
            .iter()
            .flat_map(|neighbour| neighbour.definitions());
        let mut all = self.definitions().iter().chain(near);
        all.find(|known| known.kind == kind && known.name == bare)
    }

    /// The CRDs that the addon and its dependencies apply with their defaults; of the addon itself those of all cases.
    pub fn crds(&self) -> Vec<&'a Tree> {
        let is_crd = |tree: &&'a Tree| {
            let kind = tree.get("kind").and_then(Tree::as_str);
            kind == Some("CustomResourceDefinition")
        };
        let own = self.objects().iter().map(|object| object.tree);
        let near = self
            .neighbours
            .iter()
            .flat_map(|neighbour| neighbour.objects());
        own.chain(near).filter(is_crd).collect()
    }

    /// A finding with a note that says with which arguments it is seen, where the defaults do not show it.
    pub fn in_case(&self, finding: Diagnostic, case: usize) -> Diagnostic {
        match self.rendered.cases.get(case).map(|case| &case.name) {
            None | Some(CaseName::Defaults) => finding,
            Some(name) => finding.note(format!("seen {name}")),
        }
    }
}
