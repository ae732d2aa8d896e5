//! What all parts of an Application are made from.

use super::frozen::Frozen;
use crate::parameter::Parameters;
use crate::renderer::Extent;
use crate::request::Facts;
use crate::syntax::Parsed;
use addon_model::{Addon, TextFile};
use cue_engine::Session;
use source_vocab::Diagnostic;
use std::cell::OnceCell;

/// The addon, what it is rendered with, and what is found on the way.
pub(crate) struct Making<'a> {
    pub(crate) addon: &'a Addon,
    pub(crate) parameters: &'a Parameters,
    pub(crate) facts: &'a Facts,
    pub(crate) session: &'a Session,
    pub(crate) parsed: &'a Parsed,
    pub(crate) warnings: &'a mut Vec<Diagnostic>,
    /// How much is made.
    pub(crate) extent: Extent,
    frozen: &'a OnceCell<Frozen>,
}

impl<'a> Making<'a> {
    /// Begins; `frozen` is an empty place for what the resources share.
    pub(crate) fn new(
        addon: &'a Addon,
        parameters: &'a Parameters,
        facts: &'a Facts,
        session: &'a Session,
        parsed: &'a Parsed,
        frozen: &'a OnceCell<Frozen>,
        warnings: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            addon,
            parameters,
            facts,
            session,
            parsed,
            warnings,
            extent: Extent::Whole,
            frozen,
        }
    }

    /// `template.cue`, when it is there and not empty.
    pub(super) fn cue_template(&self) -> Option<&'a TextFile> {
        let template = self.addon.template_cue.as_ref();
        template.filter(|file| !file.text().is_empty())
    }

    /// The parameters as a resource sees them, evaluated when they are first asked for.
    pub(super) fn frozen(&self) -> &'a Frozen {
        let (parameters, session) = (self.parameters, self.session);
        self.frozen.get_or_init(|| Frozen::new(parameters, session))
    }
}
