//! A value against a struct of a rule: what [`Template::check`] finds, and every field that is not optional and not given.
//!
//! A parameter with a value need not be given, since the value is its default. What a rule asks for has to be written.

use super::super::fault::{Cursor, Fault, FaultKind};
use super::{GIVEN, Template, expr, given, push};
use cue_engine::syntax::ast::{Decl, Expr, Label};
use cue_engine::{ArcKind, Package, Session, Value};
use goyaml::{Data, Tree};

impl Template {
    /// The value at `rule.field` of a package as the parameters.
    pub(crate) fn of_field(package: &Package, rule: &str, field: &str, session: &Session) -> Self {
        let value = Expr::selector(Expr::ident(rule), field);
        let mut files = package.files().to_vec();
        if let Some(first) = files.first_mut() {
            first.decls.push(Decl::field(Label::regular(GIVEN), value));
        }
        let mut package = Package::default();
        package.extend(files, session);
        Self {
            package,
            session: session.clone(),
            is_handed_on: false,
        }
    }

    /// As [`Self::check`], where every field that is not optional has to be given, also one that has a value.
    pub(crate) fn check_all(&self, properties: &Tree, at: &Cursor) -> Vec<Fault> {
        let (mut found, more) = self
            .check(properties, at)
            .into_iter()
            .partition::<Vec<_>, _>(|fault| fault.kind != FaultKind::Missing);
        let evaluation = self.evaluated(expr(properties, None));
        match given(&evaluation) {
            Some(given) => not_given(given, properties, at, &mut found),
            None => found.push(Fault::wrong(at, "could not be judged")),
        }
        if found.is_empty() {
            found = more;
        }
        found
    }
}

/// The fields that are not optional and that nobody gave.
fn not_given(value: Value<'_>, tree: &Tree, at: &Cursor, found: &mut Vec<Fault>) {
    let value = value.default();
    if let Data::List(items) = &tree.data {
        for (index, (item, value)) in items.iter().zip(value.elements()).enumerate() {
            not_given(value, item, &at.element(index, item), found);
        }
    }
    if !matches!(tree.data, Data::Map(_)) {
        return;
    }
    for arc in value.arcs() {
        if !arc.label.is_string() || arc.kind == ArcKind::Optional {
            continue;
        }
        let name = value.graph().labels().text(arc.label).into_owned();
        match tree.entry(&name) {
            Some(entry) => not_given(arc.value, &entry.value, &at.value(entry), found),
            None => push(found, Fault::missing(&at.absent(&name))),
        }
    }
}
