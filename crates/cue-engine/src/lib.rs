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
//! # Looking at values
//!
//! [`Evaluation::lookup`] follows a path; [`Value::fields`] and [`Value::elements`] iterate; [`Value::kind`] says what a value is
//! or may be, [`Value::default`] takes defaults.
//!
//! ```
//! use cue_engine::{Kind, Session};
//!
//! let mut session = Session::new();
//! let package = session.package_of_text("pod.cue", r#"
//!     replicas: *1 | int
//!     image:    string
//!     ports: [80, 443]
//!     labels: {app: "web", tier: "front"}
//! "#);
//! let evaluation = session.evaluate(&package);
//!
//! let image = evaluation.lookup("image").unwrap();
//! assert_eq!(image.kind(), Kind::STRING);
//! assert_eq!(image.data(), None); // not concrete
//!
//! let replicas = evaluation.lookup("replicas").unwrap();
//! assert_eq!(replicas.kind(), Kind::INT);
//! assert_eq!(replicas.default().data(), Some(1i64.into()));
//!
//! assert_eq!(evaluation.lookup("ports.1").unwrap().data(), Some(443i64.into()));
//! let labels = evaluation.lookup("labels").unwrap();
//! let names: Vec<String> = labels.fields().iter().map(|(name, _)| name.to_string()).collect();
//! assert_eq!(names, ["app", "tier"]);
//! ```
//!
//! # Injected values
//!
//! A host gives values beside the text: [`Injected::field`] becomes a top-level field, with the places of the text it was read
//! from. So a conflict names both sides, the template and the arguments.
//!
//! ```
//! use cue_engine::data_file::{self, Encoding};
//! use cue_engine::{Check, Injected, Session, explain};
//!
//! let mut session = Session::new();
//! let template = session.package_of_text("template.cue", r#"
//!     parameter: {image: string, replicas: int & <=10}
//!     output: spec: replicas: parameter.replicas
//! "#);
//! let arguments = b"image: nginx\nreplicas: 99\n".to_vec();
//! let values =
//!     data_file::documents(session.sources_mut(), "args.yaml", arguments, Encoding::Yaml).unwrap();
//! let parameter = Injected::field("parameter", values[0].clone());
//!
//! let evaluation = session.evaluate_with(&template, &[parameter]);
//! let found = explain::findings(evaluation.root().unwrap(), Check::Valid);
//! let source_vocab::Place::Text(span) = found[0].primary.place else { panic!() };
//! let (file, at) = session.sources().line_column(span).unwrap();
//! assert_eq!((file, at.line), ("args.yaml", 2));
//! ```
//!
//! # Decoding and exporting
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Pod { name: String, ports: Vec<u16> }
//!
//! let mut session = cue_engine::Session::new();
//! let package = session.package_of_text("pod.cue", r#"name: "web", ports: [80, 443]"#);
//! let evaluation = session.evaluate(&package);
//! let root = evaluation.root().unwrap();
//!
//! let pod: Pod = cue_engine::decode::decode(root).unwrap();
//! assert_eq!((pod.name.as_str(), pod.ports.len()), ("web", 2));
//! assert_eq!(cue_engine::export::yaml(root).unwrap(), "name: web\nports:\n  - 80\n  - 443\n");
//! ```
//!
//! # Packages and modules
//!
//! [`load()`] reads packages through a [`World`](source_vocab::World): a directory, files, or an import path. With a `cue.mod`
//! directory at the module root, packages of the module import each other; packages of other modules are found in
//! `cue.mod/gen`, `cue.mod/usr` and `cue.mod/pkg`. There is no registry.
//!
//! ```
//! use cue_engine::{LoadRequest, Session, load};
//! use source_vocab::VPath;
//! use testkit::MemoryWorld; // a world in memory, as tests have it
//!
//! let world = MemoryWorld::new()
//!     .file("cue.mod/module.cue", r#"module: "example.com/shop", language: version: "v0.9.0""#)
//!     .file("schema/schema.cue", "package schema\n\n#Item: {name: string, price: *1 | int}")
//!     .file("items.cue", r#"
//!         package shop
//!
//!         import "example.com/shop/schema"
//!
//!         apple: schema.#Item & {name: "apple"}
//!     "#);
//! let mut session = Session::new();
//! let request = LoadRequest {
//!     module_root: Some(VPath::root()),
//!     ..LoadRequest::default()
//! };
//! let package = load(&mut session, &world, &request);
//! let evaluation = session.evaluate(&package);
//! assert_eq!(evaluation.lookup("apple.price").unwrap().default().data(), Some(1i64.into()));
//! ```
//!
//! # The rest
//!
//! No input overflows the stack of the thread at hand: evaluation keeps to a part of it, and what needs
//! more is evaluated on a thread of its own (`stack.rs`).
//!
//! - `session.rs`: sessions, packages, injected values, evaluations;
//! - `load/`: files and modules to packages; build attributes;
//! - `data_file.rs`: JSON and YAML files as syntax trees that keep their places;
//! - `json_schema/`: JSON Schema and OpenAPI documents as CUE;
//! - `explain.rs`: errors of the evaluator as diagnostics;
//! - `export/`: JSON, YAML and CUE text; `decode.rs`: serde; `dump.rs`: the form of goldens.

pub mod data_file;
pub mod decode;
pub mod dump;
pub mod explain;
pub mod export;
pub mod json_schema;
mod load;
mod session;
mod stack;

pub use cue_eval::builtin::{Builtins, Check, Package as BuiltinPackage};
pub use cue_eval::nearest;
pub use cue_eval::{
    ArcKind, Bottom, Budget, Data, Kind, Label, ListEnd, Number, Reason, Shape, Value,
};
pub use cue_std::{Builder, Standard};
pub use cue_syntax as syntax;
pub use goregexp as regex;
pub use load::{BuildTags, LoadRequest, load, parents_first};
pub use session::{Evaluation, Injected, Package, Session};
