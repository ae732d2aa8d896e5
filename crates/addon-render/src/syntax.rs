//! The files of an addon as syntax, each parsed once however often the addon is rendered.

use crate::evaluate;
use addon_model::TextFile;
use cue_engine::syntax::ast;
use source_vocab::Diagnostic;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The syntax of files by where they begin in the sources, which is one address space.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    files: RefCell<BTreeMap<u32, Result<ast::File, Vec<Diagnostic>>>>,
}

impl Parsed {
    /// A file as syntax.
    ///
    /// # Errors
    /// What is wrong with its text.
    pub(crate) fn get(&self, file: &TextFile) -> Result<ast::File, Vec<Diagnostic>> {
        let base = file.source.base();
        let known = self.files.borrow().get(&base).cloned();
        known.unwrap_or_else(|| {
            let parsed = evaluate::parse(file);
            self.files.borrow_mut().insert(base, parsed.clone());
            parsed
        })
    }
}
