//! `text/...`: templates and columns.

pub(crate) mod tabwriter;
pub(crate) mod template;
