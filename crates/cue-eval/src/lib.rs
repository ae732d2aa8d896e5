//! The CUE evaluator: from syntax trees to a finished graph.
//!
//! ```text
//! cue_syntax::ast::File ──lower──► ir::Program ──eval──► Graph ──► Value<'_> (readers)
//! ```
//!
//! [`lower()`] resolves names and flattens the trees of all packages of a program; [`eval()`] unifies
//! everything. Both are pure and total: what is wrong with a program is a diagnostic of the first
//! or an error value in the result of the second. [`eval()`] keeps to its [`Budget`], the caller's
//! stack included; nothing here starts a thread, reads a file or looks at a clock.
//!
//! Where a language feature lives: names and scopes `lower/`; unification `unify.rs`, `conjunct.rs`, `arc.rs`;
//! scheduling `sched.rs`; references `resolve.rs`, `lookup.rs`; operators `expr.rs`, `binop.rs`; bounds
//! `bounds.rs`; disjunctions and defaults `disjunct/`; definitions and closedness `closed/`;
//! patterns `pattern.rs`; comprehensions `comprehension.rs`; lists `list.rs`; cycles `cycle.rs`;
//! builtins `builtin/`, `core.rs`; errors `bottom.rs`, `explain/`; field order `order.rs`; reading `value.rs`.
//! The tour is docs/cue-engine.md.

mod arc;
mod binop;
pub mod bottom;
mod bounds;
mod budget;
pub mod builtin;
mod call;
mod closed;
mod comprehension;
mod conjunct;
mod core;
mod cycle;
mod data;
mod disjunct;
pub mod dump;
mod elements;
mod equal;
mod eval;
mod explain;
mod expr;
mod graph;
pub mod inspect;
pub mod ir;
mod kind;
pub mod label;
mod list;
mod lookup;
mod lower;
mod meter;
pub mod number;
mod order;
mod pattern;
pub mod provenance;
mod resolve;
mod scalar;
mod sched;
mod share;
pub mod term;
pub mod toposort;
mod unify;
mod validate;
pub mod value;
mod work;

pub use bottom::{Bottom, Code, Reason};
pub use budget::{Budget, Limit};
pub use data::{Data, NoData, Number};
pub use elements::eval_with_elements;
pub use eval::{eval, eval_unshared};
pub use graph::{Graph, Stats};
pub use ir::{ArcKind, Program};
pub use kind::Kind;
pub use label::{Interner, Label};
pub use lower::{FileScope, Import, Instance, SourceFile, lower};
pub use provenance::{Origin, Scope};
pub use source_vocab::nearest::nearest;
pub use term::{Datum, ListEnd, Op, Term};
pub use validate::Finding;
pub use value::{Field, Shape, Value};
