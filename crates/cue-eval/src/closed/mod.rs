//! Closedness: which fields a definition admits, decided from evidence at the end.
//!
//! Fields are never rejected while conjuncts come in. Instead every conjunct carries, in its
//! [`CloseInfo`], the id of the unification it came by: each reference to a definition, each
//! embedding and each struct literal with embeddings gets an id of its own, and ids that contain
//! others are recorded as [`Replacement`]s. When a node is complete, `check_closed`
//! asks for every field and every closed struct that takes part ([`Requirement`]): is there a
//! conjunct of the field whose id lies within the requirement? If not, the field is not allowed.
//!
//! Example: in `x: #A & {a: 1, b: 2}` with `#A: {a: int}` the reference to `#A` gets id 7. Field
//! `a` has a conjunct marked 7 and is allowed; `b` has none, and `x.b` becomes the error.
//!
//! - Embedding a definition is not a requirement of its own, but evidence for what it is embedded
//!   in, and it closes the literal around it (`outer`).
//! - An embedding group (`embed`) separates `#A & #B` inside a struct, where both must admit each
//!   other's fields, from the fields beside them, which they need not.
//! - `_`, `...` and validators of schemas end the check below them.
//!
//! - `enter.rs`: giving out ids, collecting evidence;
//! - `check.rs`: the question itself, and who is to blame.
//!
//! Rules of cue v0.14.1 `internal/core/adt/typocheck.go`.

mod check;
mod enter;

use crate::cycle::{CycleKind, RefId};
use crate::label::Label;
use crate::term::NodeId;
use source_vocab::Span;

/// One unification whose fields may be checked. Zero is none. Ids grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DefId(pub(crate) u32);

impl DefId {
    /// No unification.
    pub(crate) const NONE: Self = Self(0);

    /// Whether it is one.
    pub(crate) fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// How a conjunct came in: which definitions it belongs to, and which references led to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one conjunct, each asked for by name"
)]
pub(crate) struct CloseInfo {
    /// The unification that it is evidence for.
    pub(crate) def: DefId,
    /// The innermost embedding around it.
    pub(crate) embed: DefId,
    /// The struct literal with embeddings around it.
    pub(crate) outer: DefId,
    /// Whether it comes from a definition.
    pub(crate) from_def: bool,
    /// Whether it is embedded.
    pub(crate) from_embed: bool,
    /// Whether it is to be treated as a definition although no reference says so.
    pub(crate) top_def: bool,
    /// Which cycle it is on.
    pub(crate) cycle: CycleKind,
    /// Whether it or what it came from refers to itself.
    pub(crate) is_cyclic: bool,
    /// The references that led here, the last one first.
    pub(crate) refs: Option<RefId>,
}

impl CloseInfo {
    /// The same for a field of the struct.
    #[must_use]
    pub(crate) fn of_field(mut self) -> Self {
        self.from_embed = false;
        self
    }

    /// The same for something that need not be there.
    #[must_use]
    pub(crate) fn optional(mut self) -> Self {
        if self.cycle == CycleKind::None {
            self.cycle = CycleKind::Optional;
        }
        self
    }

    /// The same without taking part in closedness.
    #[must_use]
    pub(crate) fn without_closedness(mut self) -> Self {
        self.def = DefId::NONE;
        self.embed = DefId::NONE;
        self.outer = DefId::NONE;
        self
    }
}

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefKind {
    /// An embedding.
    Embedding,
    /// A reference.
    Reference,
    /// A struct literal with embeddings.
    Struct,
}

/// An id that was given out at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DefInfo {
    /// What the reference led to.
    pub(crate) target: Option<NodeId>,
    /// The id.
    pub(crate) id: DefId,
    /// The enclosing literal, for references; the enclosing id, for the others.
    pub(crate) parent: DefId,
    /// The embedding around it.
    pub(crate) embed: DefId,
    /// Whether fields are not checked against it.
    pub(crate) ignore: bool,
    /// What it stands for.
    pub(crate) kind: DefKind,
    /// Whether it closes all levels below.
    pub(crate) recursive: bool,
    /// Where the reference is written.
    pub(crate) at: Span,
}

/// `from` counts as evidence for whatever `to` is evidence for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The containing id.
    pub(crate) from: DefId,
    /// The contained one.
    pub(crate) to: DefId,
}

/// Facts about the conjuncts of one id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits(u8);

impl Traits {
    /// Nothing special.
    pub(crate) const NONE: Self = Self(0);
    /// Has `...`.
    pub(crate) const ELLIPSIS: Self = Self(1);
    /// Has `_` or a type.
    pub(crate) const TOP: Self = Self(2);
    /// Has a struct literal.
    pub(crate) const STRUCT: Self = Self(4);
    /// Has a validator that decides itself which fields are fine.
    pub(crate) const OPEN_VALIDATOR: Self = Self(8);

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The evidence of one id at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    /// The id.
    pub(crate) id: DefId,
    /// The embedding around it.
    pub(crate) embed: DefId,
    /// Facts.
    pub(crate) traits: Traits,
}

/// A closed struct that the fields of a node are checked against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requirement {
    id: DefId,
    parent: DefId,
    embed: DefId,
    kind: DefKind,
    /// Whether it closes only one level.
    once: bool,
    /// Whether it is only kept to know a scope.
    ignored: bool,
    /// Whether something opened it for good.
    removed: bool,
}

/// Whether a field of this label is allowed in every closed struct.
pub(crate) fn is_allowed_in_closed(label: Label) -> bool {
    label.is_hidden() || label.is_definition() || label.is_let()
}
