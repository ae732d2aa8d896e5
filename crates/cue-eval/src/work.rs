//! Work (interface; the content follows).

use crate::term::id;

id!(
    /// The work of a node.
    WorkId
);

impl WorkId {
    /// No work.
    pub(crate) const NONE: Self = Self(0);
}
