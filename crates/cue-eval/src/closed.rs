//! Closedness (interface; the check follows).

use crate::cycle::CycleKind;
use crate::term::id;

id!(
    /// One unification with a struct for which fields are checked.
    DefId
);

/// How a conjunct came in: which definitions it belongs to, and which references led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CloseInfo {
    /// The unification that it counts as evidence for.
    pub(crate) def: Option<DefId>,
    /// The innermost embedding around it.
    pub(crate) embed: Option<DefId>,
    /// The struct literal with embeddings around it.
    pub(crate) outer: Option<DefId>,
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
    pub(crate) refs: Option<crate::cycle::RefId>,
}
