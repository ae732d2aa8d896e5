//! The CUE engine behind one door.
//!
//! A [`Session`] holds what evaluations share: the sources (so that every error can show its
//! text), the builtin packages and the limits. It loads packages through a
//! [`World`](source_vocab::World), takes values that a host injects, evaluates, and hands out
//! [`Value`]s to look at, decode and export.
//!
//! ```
//! use cue_engine::Session;
//!
//! let mut session = Session::new();
//! let package = session.package_of_text("web.cue", r#"
//!     #Service: {name: string, port: *80 | int}
//!     web: #Service & {name: "web"}
//! "#);
//! let evaluation = session.evaluate(&package);
//! let port = evaluation.root().and_then(|root| root.field("web")?.field("port"));
//! assert_eq!(port.and_then(|port| port.default().data()), Some(80i64.into()));
//! assert_eq!(
//!     cue_engine::export::json(evaluation.root().unwrap()).unwrap(),
//!     "{\n    \"web\": {\n        \"name\": \"web\",\n        \"port\": 80\n    }\n}\n",
//! );
//! ```
//!
//! No input overflows the stack of the thread at hand: evaluation keeps to a part of it, and what needs
//! more is evaluated on a thread of its own (`stack.rs`).
//!
//! - `session.rs`: sessions, packages, injected values, evaluations;
//! - `load/`: files and modules to packages; build attributes;
//! - `data_file.rs`: JSON and YAML files as syntax trees that keep their places;
//! - `explain.rs`: errors of the evaluator as diagnostics;
//! - `export/`: JSON, YAML and CUE text; `decode.rs`: serde; `dump.rs`: the form of goldens.

pub mod data_file;
pub mod decode;
pub mod dump;
pub mod explain;
pub mod export;
mod load;
mod session;
mod stack;

pub use cue_eval::builtin::{Builtins, Check, Package as BuiltinPackage};
pub use cue_eval::{ArcKind, Budget, Data, Kind, ListEnd, Number, Shape, Value};
pub use cue_eval::{nearest, regex};
pub use cue_std::{Builder, Standard};
pub use cue_syntax as syntax;
pub use load::{BuildTags, LoadRequest, load, parents_first};
pub use session::{Evaluation, Injected, Package, Session};
