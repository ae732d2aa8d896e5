//! The parameters as a single resource file sees them: evaluated, printed, and read again.
//!
//! KubeVela evaluates the parameter file with `context` and the arguments, prints the value (`cue.Final`) and puts that text
//! before each resource (kubevela/pkg v1.10.0 `cue/util.ToString`). That is visible in what resources see:
//!
//! - a default is taken for good: where `*true | bool` stood, `true` stands, and a resource cannot unify it with `false`;
//! - a list of any length (`[...string]`) is the list of its known elements;
//! - pattern constraints and `...` are gone, definitions, hidden and optional fields remain;
//! - what is not known is its type, or the expression that was written;
//! - when the arguments contradict the declaration, nothing is left, and every reference to `parameter` is unresolved. A
//!   resource that refers to nothing does not notice.
//!
//! Here the value becomes a syntax tree, and its parts get back the places at which they were written, so that a conflict in
//! a resource shows the line of the parameter file or the argument.

use crate::evaluate;
use crate::parameter::{Parameters, without_package};
use cue_engine::export::cue::{self, Profile};
use cue_engine::syntax::ast;
use cue_engine::{Package, Session, Value};
use source_vocab::Diagnostic;
use std::collections::BTreeMap;

/// The frozen parameters.
#[derive(Debug)]
pub(crate) struct Frozen {
    declarations: Vec<ast::Decl>,
    /// Why there are none: the arguments contradict the declaration.
    contradiction: Vec<Diagnostic>,
}

/// `cue.Final()` with everything that is there.
const PRINTED: Profile = Profile {
    show_optional: true,
    show_definitions: true,
    show_hidden: true,
    ..Profile::EVAL
};

impl Frozen {
    /// Evaluates the parameters.
    pub(crate) fn new(parameters: &Parameters, session: &Session) -> Self {
        let mut package = Package::default();
        let declaration = parameters.declaration.clone().map(without_package);
        package.extend(declaration, session);
        let evaluation = session.evaluate_with(&package, &parameters.values());
        let root = match evaluate::root(&evaluation) {
            Ok(root) => root,
            Err(contradiction) => {
                return Self {
                    declarations: Vec::new(),
                    contradiction,
                };
            }
        };
        let mut file = cue::file(session, &package, &evaluation, root, PRINTED);
        file.decls.retain(|decl| {
            !matches!(
                decl,
                ast::Decl::Package(_) | ast::Decl::Ellipsis(_) | ast::Decl::Attribute(_)
            )
        });
        place_fields(&mut file.decls, root);
        Self {
            declarations: file.decls,
            contradiction: Vec::new(),
        }
    }

    /// The declarations that stand around a resource.
    pub(crate) fn declarations(&self) -> Vec<ast::Decl> {
        self.declarations.clone()
    }

    /// Why the arguments contradict the declaration, if they do.
    pub(crate) fn contradiction(&self) -> &[Diagnostic] {
        &self.contradiction
    }

    /// The cause of what was found in a resource: that the arguments contradict the declaration, if they do.
    pub(crate) fn explain(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.contradiction.is_empty() {
            found
        } else {
            self.contradiction.clone()
        }
    }
}

/// Gives the values of fields their places.
fn place_fields(decls: &mut [ast::Decl], of: Value<'_>) {
    let labels = of.graph().labels();
    let arcs: BTreeMap<_, _> = of
        .arcs()
        .into_iter()
        .map(|arc| (labels.text(arc.label), arc.value))
        .collect();
    for decl in decls {
        let ast::Decl::Field(field) = decl else {
            continue;
        };
        let (ast::LabelName::Ident(name) | ast::LabelName::Quoted(name)) = field.label.name()
        else {
            continue;
        };
        if let Some(value) = arcs.get(name.as_str()) {
            field.meta.span = value.span();
            place(&mut field.value, *value);
        }
    }
}

/// Gives an expression and its parts the places of the value that it was made from.
fn place(expr: &mut ast::Expr, value: Value<'_>) {
    let value = value.default();
    match expr {
        ast::Expr::Struct(body) => place_fields(&mut body.elts, value),
        ast::Expr::List(list) => {
            for (item, value) in list.elts.iter_mut().zip(value.elements()) {
                place(item, value);
            }
        }
        _ => {}
    }
    if expr.meta().span.is_detached() {
        expr.meta_mut().span = value.span();
    }
}
