//! What an Application says to definitions: whether they exist, and whether they take what they are given.
//!
//! ```text
//! Application ── uses ──► type, properties ── known ──► own | dependency | built-in ──► parameters ──► faults
//! ```
//! - `uses.rs`: the types that an Application names, with their properties;
//! - `known.rs`: the definitions that the addon may use;
//! - `builtin.rs`, `catalogue.rs`: data about KubeVela's own definitions and about the public catalogue;
//! - `template.rs`, `schema.rs`: properties against the parameters of a template, or against a schema; `fault.rs`: what is wrong.
//!
//! All Applications of a proof are looked at. A use that two of them have in common (same place, same properties) is
//! judged once.

mod builtin;
mod catalogue;
mod fault;
mod known;
mod schema;
mod template;
mod uses;

pub(crate) use catalogue::addons_with;
pub(crate) use fault::{Cursor, Fault, FaultKind};
pub(crate) use known::{Definition, Elsewhere, Known, bare, elsewhere};
pub(crate) use template::Template;
pub(crate) use uses::Use;

use crate::proof::{Proof, ProvenObject, Role};
use addon_render::definition::Kind;
use goyaml::Tree;
use source_vocab::{Diagnostic, Place, Span};
use std::collections::BTreeMap;

/// A use in one of the Applications of a proof.
#[derive(Clone, Debug)]
pub(crate) struct Seen<'p> {
    pub(crate) used: Use<'p>,
    /// The first case that has it.
    case: usize,
    /// The place of the Application as a whole.
    around: Place,
}

impl Seen<'_> {
    /// The place of a span of the use.
    pub(crate) fn place(&self, span: Span) -> Place {
        let own = [span, self.used.span];
        let own = own.into_iter().find(|span| !span.is_detached());
        own.map_or_else(|| self.around.clone(), Place::Text)
    }

    /// Whether two uses stand in one Application, and not at one place.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.case == other.case && self.used.span != other.used.span
    }

    /// A finding, with the case that shows it.
    pub(crate) fn told(&self, proof: &Proof<'_>, finding: Diagnostic) -> Diagnostic {
        proof.in_case(finding, self.case)
    }

    /// What the use is of, with its type: "component type `webservice`".
    pub(crate) fn subject(&self) -> String {
        format!("{} `{}`", noun(self.used.kind), self.used.name)
    }
}

/// All distinct uses in the Applications among objects, in the order in which they are met.
pub(crate) fn seen<'a>(objects: &[ProvenObject<'a>]) -> Vec<Seen<'a>> {
    let mut all: Vec<Seen<'a>> = Vec::new();
    let mut known: BTreeMap<(Span, String), Vec<usize>> = BTreeMap::new();
    let is_application = |object: &&ProvenObject<'_>| object.role == Role::Application;
    for application in objects.iter().filter(is_application) {
        for used in uses::uses(application.tree) {
            if used.name.is_empty() {
                continue;
            }
            let same = known.entry((used.span, used.name.clone())).or_default();
            let is_known = |at: &usize| {
                all.get(*at).is_some_and(|other| {
                    other.used.properties == used.properties && other.used.given == used.given
                })
            };
            if same.iter().any(is_known) {
                continue;
            }
            same.push(all.len());
            all.push(Seen {
                used,
                case: application.case,
                around: application.place.clone(),
            });
        }
    }
    all
}

/// How a kind of definition is called.
pub(crate) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Component => "component type",
        Kind::Trait => "trait",
        Kind::Policy => "policy type",
        Kind::WorkflowStep => "workflow step type",
        Kind::Workload => "workload type",
    }
}

/// What is wrong with a value by a schema as KubeVela makes it.
pub(crate) fn check_schema(schema: &serde_json::Value, value: &Tree, at: &Cursor) -> Vec<Fault> {
    schema::check(schema, value, at, schema::Reader::Template)
}

/// Whether a definition comes with KubeVela.
pub(crate) fn is_built_in(kind: Kind, name: &str) -> bool {
    builtin::find(kind, name).is_some_and(|definition| definition.is_installed)
}

/// The release with which a definition of KubeVela came, where it was not always there.
pub(crate) fn since(name: &str) -> Option<&'static str> {
    builtin::since(name)
}

#[cfg(test)]
mod tests {
    //! What KubeVela itself makes of applications (`conformance/addons/workloads`), against what is said of them here.

    use super::schema::Reader;
    use super::template::Template;
    use super::uses::uses;
    use super::*;
    use addon_render::definition::providers::{self, Importer};
    use addon_render::definition::upgrade::upgrade;
    use cue_engine::Session;
    use goyaml::{Data, Strictness};
    use std::path::Path;

    /// The faults of all uses in an application: those of the definition at hand, and of KubeVela's own.
    #[expect(clippy::disallowed_methods, reason = "a test reads the corpus")]
    fn faults(case: &Path) -> Vec<(Kind, String, Fault)> {
        let mut session = providers::session(&Session::new(), Importer::Workflow);
        let text = std::fs::read(case.join("app.yaml")).unwrap();
        let app = goyaml::read_tree(&text, 0, Strictness::Lenient).unwrap();
        let own = std::fs::read(case.join("definition.cue")).unwrap_or_default();
        let files = vec![("definition.cue".to_owned(), own)];
        let own = addon_render::definition::find(&mut session, files, None);
        let own = own.value.unwrap().into_iter().next();
        let nothing = Tree {
            span: Span::DETACHED,
            data: Data::Map(Vec::new()),
        };
        let mut found = Vec::new();
        for used in uses(&app) {
            let properties = used.properties.unwrap_or(&nothing);
            let at = Cursor::root(Span::DETACHED);
            let is_own = |own: &&addon_render::definition::FoundDefinition| {
                own.kind == used.kind && own.name == used.name
            };
            let faults = match own.as_ref().filter(is_own) {
                Some(own) => {
                    let mut file = own.template.clone().unwrap();
                    upgrade(&mut file);
                    let template = Template::of(&file, &session);
                    template.map(|template| template.check(properties, &at))
                }
                None => builtin::find(used.kind, &used.name)
                    .and_then(|found| found.parameter.as_ref())
                    .map(|schema| schema::check(schema, properties, &at, Reader::Template)),
            };
            let faults = faults.unwrap_or_default().into_iter();
            found.extend(faults.map(|fault| (used.kind, used.name.clone(), fault)));
        }
        found
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads the corpus")]
    fn what_kubevela_renders_has_no_faults() {
        let test = "what_kubevela_renders_has_no_faults";
        let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
            return;
        };
        testkit::on_big_stack(cue_engine::Budget::STACK, move || {
            let list = |folder: &Path| {
                let mut all: Vec<_> = std::fs::read_dir(folder)
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                    .collect();
                all.sort();
                all
            };
            let mut count = 0;
            let mut wrong = Vec::new();
            for group in list(&corpus.join("workloads")) {
                for case in list(&group) {
                    // what KubeVela refuses may be right in its properties and wrong in something else
                    if !case.join("output.yaml").exists() {
                        continue;
                    }
                    count += 1;
                    let name = case.strip_prefix(&corpus).unwrap().display().to_string();
                    let told = faults(&case).into_iter().map(|(kind, definition, fault)| {
                        let kind = kind.word();
                        format!(
                            "{name}: {kind} {definition} {:?} {}",
                            fault.kind, fault.path
                        )
                    });
                    wrong.extend(told);
                }
            }
            assert!(count > 300, "{count}");
            let known = include_str!("what_is_lost.txt").lines();
            let known: Vec<&str> = known.filter(|line| !line.starts_with('#')).collect();
            assert_eq!(wrong, known);
        });
    }
}
