//! Values as OpenAPI 3.0 schemas.
//!
//! As `encoding/openapi` of cue v0.14.1 with the option `ExpandReferences`: every reference is replaced by what it
//! refers to, and the schema is *structural*, which means that `properties`, `items` and `type` stand outside of
//! `oneOf`, `allOf` and `not`.
//!
//! ```text
//! parameter: {                         {"type": "object",
//!     // how many                       "required": ["replicas"],
//!     replicas: *1 | int          ──►   "properties": {
//!     kind?:    "a" | "b"                   "replicas": {"description": "how many", "type": "integer", "default": 1},
//! }                                         "kind": {"type": "string", "enum": ["a", "b"]}}}
//! ```
//!
//! The work is done twice over the value. First the *core* is collected ([`core`]): the properties of all alternatives
//! and conjuncts together, with their types. Then each value is described ([`build`]), what belongs to the core at the
//! core, what restricts it (`required`, `enum`, bounds) where it stands. Strings, numbers, lists and structs have their
//! own rules ([`kinds`]); [`format`](mod@format) knows the named formats.

mod build;
mod core;
mod format;
mod kinds;
mod map;

use crate::session::Evaluation;
use build::Generator;
use cue_eval::inspect::{Inspector, Parts};
use cue_eval::{Budget, Data, Graph, Term, Value};
use source_vocab::Diagnostic;

/// The schema of the value at a path of regular fields (`template.parameter`); `None` when there is none, or only an
/// error.
///
/// # Errors
/// What the value has in it that OpenAPI cannot say, or a value that contains itself.
pub fn schema_of_field(
    evaluation: Evaluation,
    path: &str,
    budget: Budget,
) -> Result<Option<Data>, Vec<Diagnostic>> {
    let found = evaluation.lookup(path).map(Value::term);
    let (Some(graph), Some(term)) = (evaluation.graph, found) else {
        return Ok(None);
    };
    of_term(graph, path, term, budget)
}

fn of_term(
    graph: Graph,
    name: &str,
    term: Term,
    budget: Budget,
) -> Result<Option<Data>, Vec<Diagnostic>> {
    let parts = Parts::of(&graph);
    let mut inspector = Inspector::new(&parts, graph, budget);
    if inspector.kind(term).is_bottom() {
        return Ok(None);
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let definition = inspector.as_definition(last, term);
    Generator::new(inspector).root(name, definition).map(Some)
}
