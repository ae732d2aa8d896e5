//! The schema of parameters, as far as KubeVela makes one while it reads an addon.

use crate::definition::schema;
use cue_engine::Session;
use cue_engine::syntax::ast;
use source_vocab::Diagnostic;

/// Judges a parameter file as KubeVela does when it makes the schema: alone, with an open `context`.
///
/// # Errors
/// Why there is no schema.
pub(crate) fn check(session: &Session, declaration: &ast::File) -> Result<(), Vec<Diagnostic>> {
    let made = schema::of_template(session, declaration.clone());
    match made.value {
        Some(_) => Ok(()),
        None => Err(made.diagnostics),
    }
}

/// `context: {name: string, config?: [...{name: string, value: string}], ...}` with further texts.
pub(crate) fn base_context(further: &[&str]) -> ast::File {
    let string =
        |name: &str| ast::Decl::field(ast::Label::regular(name), ast::Expr::ident("string"));
    let item = ast::Expr::structure(vec![string("name"), string("value")]);
    let config = ast::Expr::list(vec![ast::Expr::ellipsis(Some(item))]);
    let config = ast::Field::new(ast::Label::regular("config"), config)
        .with_constraint(Some(ast::Constraint::Optional));
    let mut fields = vec![string("name"), ast::Decl::Field(Box::new(config))];
    fields.extend(further.iter().copied().map(string));
    fields.push(ast::Decl::ellipsis());
    let context = ast::Decl::field(ast::Label::regular("context"), ast::Expr::structure(fields));
    ast::File {
        meta: ast::Meta::default(),
        decls: vec![context],
    }
}
