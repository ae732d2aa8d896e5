//! The order in which fields are shown.

use crate::graph::Graph;
use crate::ir::ArcKind;
use crate::label::Label;
use crate::term::NodeId;

/// The arcs of a node but for `let`s and absent ones, in output order.
pub(crate) fn arcs(graph: &Graph, id: NodeId) -> Vec<(Label, NodeId)> {
    graph
        .node(id)
        .arcs
        .iter()
        .filter(|&(label, arc)| !label.is_let() && graph.node(arc).arc <= ArcKind::Optional)
        .collect()
}
