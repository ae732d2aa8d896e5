//! What enabling an addon would apply, without a cluster.
//!
//! The input is an [`Addon`] as it was loaded and a [`Request`]: the arguments of the user, and the state of
//! the world that KubeVela would have looked up (joined clusters, installed dependencies). The output is plain data, a
//! [`Rendered`]: the Application, the auxiliary objects in their order, the notes, the Secret of the arguments. Context and
//! arguments enter CUE as values with an origin, so a diagnostic points into the author's own file.
//!
//! ```
//! use addon_render::{Request, render};
//! use cue_engine::Session;
//! use source_vocab::VPath;
//! use testkit::MemoryWorld;
//!
//! let world = MemoryWorld::new()
//!     .file("metadata.yaml", "name: hello\nversion: 1.0.0\n")
//!     .file("parameter.cue", "parameter: who: *\"world\" | string\n")
//!     .file("resources/greeting.cue", r#"output: {type: "raw", properties: text: "hello \(parameter.who)"}"#);
//! let mut session = Session::new();
//! let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
//! let addon = addon_model::load(&world, &tree, session.sources_mut()).value.unwrap();
//! let mut request = Request::default();
//! request.arguments.add_word("who=you", session.sources_mut()).unwrap();
//! let rendered = render(&addon, &request, &session).value.unwrap();
//! assert!(rendered.application_text().contains("text: hello you"));
//! ```
//!
//! The way of an addon:
//!
//! ```text
//! Addon ─ loading ─► parameters ─ application ─► Application, outputs      (kubevela RenderApp)
//!                        │         auxiliary  ─► definitions, config templates, UI schemas, views
//!                        └──────── notes, secret
//! ```
//!
//! - `loading.rs`: what KubeVela refuses before it renders anything;
//! - `arguments/`, `request.rs`, `parameter.rs`, `context.rs`: what goes into the templates;
//! - `application/`, `auxiliary/`, `notes.rs`, `secret.rs`: what comes out;
//! - `failure.rs`, `blame.rs`, `traps.rs`: where it ends instead, who is to blame, and what is lost without a word;
//! - `renderer.rs`: the way as a whole, and what of it is the same for all arguments; `syntax.rs`: files parsed once;
//! - `explain.rs`: where each value of it comes from;
//! - `definition/`: a CUE X-definition as its object, and the OpenAPI schema of its parameters;
//! - `images/`: the images that an object names;
//! - `deep/`: components and traits through their definitions to the objects of Kubernetes.
//!
//! CUE is evaluated recursively: call this on a thread with a large stack ([`cue_engine::Budget::STACK`]).

mod application;
mod arguments;
mod auxiliary;
mod blame;
mod context;
pub mod deep;
pub mod definition;
mod evaluate;
mod explain;
mod expression;
mod facts;
mod failure;
pub mod images;
mod json;
mod loading;
mod missing;
mod notes;
mod object;
mod parameter;
mod parameter_schema;
mod rendered;
mod renderer;
mod request;
mod secret;
mod syntax;
mod traps;
mod tree;

pub use arguments::{Arguments, MAX_DEPTH, MAX_INDEX};
pub use explain::{Explained, Origin, PathError, explain};
pub use failure::{Failure, Stage};
pub use rendered::{Application, Auxiliary, AuxiliaryRole, ComponentSource, Rendered, document};
pub use renderer::Renderer;
pub use request::{Facts, Installed, InstalledAddon, Occasion, Request};

use addon_model::Addon;
use cue_engine::{Budget, Session};
use source_vocab::Outcome;

/// What one rendering may use: far more than an addon needs, and little enough that a template without an end is refused
/// within seconds.
pub const BUDGET: Budget = Budget {
    depth: 20_000,
    disjuncts: 400_000,
    ..Budget::DEFAULT
};

/// The namespace of KubeVela, where everything of an addon is.
const SYSTEM_NAMESPACE: &str = "vela-system";

/// Renders an addon as `vela addon enable DIR --dry-run` does (kubevela 5a44b5f10 `EnableAddonByLocalDir`).
///
/// The addon must have been loaded into the sources of `session`. The value is always there: where something fails it holds
/// what was made before, [`Rendered::failure`] says at which stage KubeVela fails, and the diagnostics say why. Diagnostics
/// that are no errors are the traps: what KubeVela drops, overwrites or does not notice.
pub fn render(addon: &Addon, request: &Request, session: &Session) -> Outcome<Rendered> {
    Renderer::new(addon, session).render(request)
}
