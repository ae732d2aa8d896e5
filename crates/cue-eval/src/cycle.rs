//! Cycles (interface; the detection follows).

use crate::graph::Graph;
use crate::ir::ExprId;
use crate::term::{NodeId, id};

id!(
    /// A reference on the way to a conjunct.
    RefId
);

/// Which cycle a conjunct is on. Ordered: it only grows on the way down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CycleKind {
    /// None.
    #[default]
    None,
    /// None, and it stands below something optional.
    Optional,
    /// One that something optional may still end.
    Maybe,
    /// A cycle.
    Cyclic,
}

/// A reference that was followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    /// The expression.
    pub(crate) expr: ExprId,
    /// What it referred to.
    pub(crate) target: NodeId,
    /// The node in which it was evaluated.
    pub(crate) node: NodeId,
    /// The one before.
    pub(crate) next: Option<RefId>,
    /// How deep the node lies.
    pub(crate) depth: u32,
}

impl Graph {
    /// A reference by its id.
    pub(crate) fn reference(&self, id: RefId) -> &Reference {
        &self.references[id.index()]
    }
}
