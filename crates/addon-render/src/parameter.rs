//! What every CUE file of an addon is evaluated with: the declaration of the parameters, `context` and the arguments.
//!
//! KubeVela glues the text of `parameter.cue`, `context: {…}` and `parameter: {…}` together and compiles that with each file
//! (kubevela 5a44b5f10 `formatContext`). Here the declaration is a syntax tree of the author's file, and the two others are
//! values that know where they come from. The package clause of the declaration matters for one thing only: which files of
//! a template see it.

use crate::context;
use crate::expression;
use crate::request::Request;
use crate::syntax::Parsed;
use addon_model::Addon;
use cue_engine::Injected;
use cue_engine::syntax::ast;
use goyaml::Tree;
use source_vocab::Diagnostic;

/// The declaration, `context` and `parameter`.
#[derive(Debug)]
pub(crate) struct Parameters {
    /// The syntax of the parameter file that counts.
    pub(crate) declaration: Option<ast::File>,
    context: Tree,
    notes_context: Tree,
    arguments: Tree,
}

impl Parameters {
    /// Parses the declaration.
    ///
    /// # Errors
    /// What is wrong with its text.
    pub(crate) fn new(
        addon: &Addon,
        request: &Request,
        parsed: &Parsed,
    ) -> Result<Self, Vec<Diagnostic>> {
        let file = addon.effective_parameter();
        let arguments = request.arguments.clone().without_installer_option();
        Ok(Self {
            declaration: file.map(|file| parsed.get(file)).transpose()?,
            context: context::of(addon.meta()),
            notes_context: context::for_notes(addon.meta(), request.occasion),
            arguments: arguments.tree().clone(),
        })
    }

    /// The package that the declaration belongs to; `main` unless it says otherwise.
    pub(crate) fn package(&self) -> &str {
        let written = self.declaration.as_ref().and_then(ast::File::package_name);
        written.unwrap_or(MAIN)
    }

    /// The arguments.
    pub(crate) fn arguments(&self) -> &Tree {
        &self.arguments
    }

    /// `context` and the arguments, for files of a template.
    pub(crate) fn values(&self) -> [Injected; 2] {
        self.with_context(&self.context)
    }

    /// `context` and the arguments, for `NOTES.cue`.
    pub(crate) fn values_for_notes(&self) -> [Injected; 2] {
        self.with_context(&self.notes_context)
    }

    fn with_context(&self, context: &Tree) -> [Injected; 2] {
        [
            Injected::field("context", expression::of_tree(context)),
            Injected::field("parameter", expression::of_tree(&self.arguments)),
        ]
    }
}

/// The package of the files that make up a template.
pub(crate) const MAIN: &str = "main";

/// The same file in the package `main`, when it has no package clause.
pub(crate) fn in_main(mut file: ast::File) -> ast::File {
    if file.package().is_none() {
        let clause = ast::Package {
            meta: ast::Meta::default(),
            name: ast::Ident::new(MAIN),
        };
        file.decls.insert(0, ast::Decl::Package(Box::new(clause)));
    }
    file
}

/// The same file without its package clause.
pub(crate) fn without_package(mut file: ast::File) -> ast::File {
    file.decls
        .retain(|decl| !matches!(decl, ast::Decl::Package(_)));
    file
}
