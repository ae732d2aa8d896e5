//! What a CUE file says as far as it is written out: fields by their path, literals, references.
//!
//! Rules that look at files which KubeVela only stores (definitions, config templates) or at lines that no rendering
//! reaches read the syntax. It says less than an evaluation: what is computed or embedded is not known, and a rule must
//! not take it for missing ([`Fields::is_whole`]).
//!
//! ```text
//! metadata: name: "a"           at(["metadata", "name"])  ─►  the field `name`, whose text is "a"
//! metadata: {#Base, scope: x}   at(["metadata"])          ─►  is_whole() is false: #Base may hold more
//! ```

use cue_syntax::ast::{self, Decl, Expr, Field, LabelName, LitKind, Node, Selector, UnaryOp};
use cue_syntax::literal::{Unquoted, unquote};
use std::ops::ControlFlow;

/// Fields of one path.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    /// The fields themselves, in the order of the file: the same field may be written several times.
    pub(crate) all: Vec<&'a Field>,
    /// Whether nothing but these fields can give a value to the path.
    is_whole: bool,
}

impl<'a> Fields<'a> {
    /// The fields at a path from the top of a file, through struct literals.
    pub(crate) fn at(decls: &'a [Decl], path: &[&str]) -> Self {
        let mut found = Self {
            all: Vec::new(),
            is_whole: true,
        };
        found.collect(decls, path);
        found
    }

    fn collect(&mut self, decls: &'a [Decl], path: &[&str]) {
        let Some((name, rest)) = path.split_first() else {
            return;
        };
        for decl in decls {
            match decl {
                Decl::Field(field) => match name_of(field) {
                    Some(found) if found == *name => {
                        if rest.is_empty() {
                            self.all.push(field);
                        } else {
                            self.inside(&field.value, rest);
                        }
                    }
                    Some(_) => {}
                    None => self.is_whole = false,
                },
                Decl::Embed(embed) => self.inside(&embed.expr, path),
                Decl::Comprehension(_) | Decl::Bad(_) | Decl::Alias(_) => self.is_whole = false,
                Decl::Let(_)
                | Decl::Ellipsis(_)
                | Decl::Attribute(_)
                | Decl::Package(_)
                | Decl::Import(_)
                | Decl::Comment(_) => {}
            }
        }
    }

    fn inside(&mut self, value: &'a Expr, path: &[&str]) {
        match value {
            Expr::Struct(body) => self.collect(&body.elts, path),
            Expr::Paren(paren) => self.inside(&paren.expr, path),
            Expr::Alias(alias) => self.inside(&alias.expr, path),
            Expr::Binary(binary) if binary.op == ast::BinaryOp::And => {
                self.inside(&binary.left, path);
                self.inside(&binary.right, path);
            }
            // `*{…} | {…}` may be either
            _ => self.is_whole = false,
        }
    }

    /// The first field.
    pub(crate) fn first(&self) -> Option<&'a Field> {
        self.all.first().copied()
    }

    /// Whether the path has no value: no field is written, and nothing else could give one.
    pub(crate) fn is_missing(&self) -> bool {
        self.all.is_empty() && self.is_whole
    }

    /// The text, when it is written as one literal.
    pub(crate) fn text(&self) -> Option<String> {
        match self.all.as_slice() {
            [field] => text(&field.value),
            _ => None,
        }
    }
}

/// The name of a field with a plain label.
pub(crate) fn name_of(field: &Field) -> Option<String> {
    match field.label.name() {
        LabelName::Ident(name) | LabelName::Quoted(name) => Some(name),
        LabelName::Dynamic | LabelName::Invalid => None,
    }
}

/// The value of a string literal without interpolation.
pub(crate) fn text(expr: &Expr) -> Option<String> {
    let Expr::Basic(basic) = bare(expr) else {
        return None;
    };
    if basic.kind != LitKind::String {
        return None;
    }
    match unquote(&basic.text) {
        Ok(Unquoted::String(text)) => Some(text),
        Ok(Unquoted::Bytes(_)) | Err(_) => None,
    }
}

/// An expression without parentheses, alias and the mark of a default.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        Expr::Alias(alias) => bare(&alias.expr),
        Expr::Unary(unary) if unary.op == UnaryOp::Default => bare(&unary.operand),
        other => other,
    }
}

/// The fields of all struct literals at a path, one level deep.
pub(crate) fn fields_in<'a>(decls: &'a [Decl], path: &[&str]) -> Vec<&'a Field> {
    let mut inner = Vec::new();
    for field in Fields::at(decls, path).all {
        collect_fields(&field.value, &mut inner);
    }
    inner
}

/// The fields of a struct literal and of those that it is joined with.
pub(crate) fn collect_fields<'a>(value: &'a Expr, fields: &mut Vec<&'a Field>) {
    match value {
        Expr::Struct(body) => {
            for decl in &body.elts {
                match decl {
                    Decl::Field(field) => fields.push(field),
                    Decl::Embed(embed) => collect_fields(&embed.expr, fields),
                    Decl::Comprehension(inner) => {
                        fields.extend(inner.value.elts.iter().filter_map(|decl| match decl {
                            Decl::Field(field) => Some(&**field),
                            _ => None,
                        }));
                    }
                    _ => {}
                }
            }
        }
        Expr::Paren(paren) => collect_fields(&paren.expr, fields),
        Expr::Alias(alias) => collect_fields(&alias.expr, fields),
        Expr::Binary(binary) if binary.op == ast::BinaryOp::And => {
            collect_fields(&binary.left, fields);
            collect_fields(&binary.right, fields);
        }
        _ => {}
    }
}

/// The first reference to the variable `name` in a part of a file.
pub(crate) fn reference<'a>(node: Node<'a>, name: &str) -> Option<&'a ast::Ident> {
    let mut found = None;
    ast::walk(node, &mut |node| {
        if found.is_some() {
            return ControlFlow::Break(());
        }
        if let Node::Expr(Expr::Ident(ident)) = node
            && ident.name.as_str() == name
        {
            found = Some(ident);
        }
        ControlFlow::Continue(())
    });
    found
}

/// The name after `base.` in a selector, as in `parameter.name` and `parameter["name"]`.
pub(crate) fn selected(expr: &Expr, base: &str) -> Option<String> {
    let is_base = |expr: &Expr| matches!(expr, Expr::Ident(ident) if ident.name.as_str() == base);
    match expr {
        Expr::Selector(selector) if is_base(&selector.base) => match &selector.selector {
            Selector::Ident(ident) => Some(ident.name.as_str().to_owned()),
            Selector::String(basic) => match unquote(&basic.text) {
                Ok(Unquoted::String(text)) => Some(text),
                Ok(Unquoted::Bytes(_)) | Err(_) => None,
            },
        },
        Expr::Index(index) if is_base(&index.base) => text(&index.index),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::SourceMap;

    fn file(text: &str) -> ast::File {
        let mut sources = SourceMap::new();
        let source = sources.add("a.cue", text).unwrap();
        let parsed = cue_syntax::parse(&source);
        assert!(parsed.errors.is_empty());
        parsed.file
    }

    #[test]
    fn a_path_goes_through_what_is_written_out() {
        let file = file("a: b: \"x\"\na: {c: 1} & {d: *(\"y\") | string, e: (*\"z\")}\n");
        let at = |path: &[&str]| Fields::at(&file.decls, path);
        assert_eq!(at(&["a", "b"]).text().as_deref(), Some("x"));
        assert!(at(&["a", "c"]).first().is_some());
        assert_eq!(at(&["a", "d"]).text(), None);
        assert_eq!(at(&["a", "e"]).text().as_deref(), Some("z"));
        assert!(at(&["a", "f"]).is_missing() && at(&["b"]).is_missing());
        assert_eq!(fields_in(&file.decls, &["a"]).len(), 4);
    }

    #[test]
    fn what_is_computed_may_hold_everything() {
        for text in [
            "a: #B\n#B: {}\n",
            "a: {if true {x: 1}}\n",
            "a: {(\"x\"): 1}\n",
            "a: {#B}\n#B: {}\n",
        ] {
            let file = file(text);
            assert!(!Fields::at(&file.decls, &["a", "x"]).is_missing(), "{text}");
        }
    }

    #[test]
    fn a_reference_is_an_identifier_and_no_label() {
        let file =
            file("parameter: {x: 1}\ny: {parameter: 2}\nz: [parameter.x, parameter[\"x\"]]\n");
        let of = |at: usize| reference(Node::Decl(&file.decls[at]), "parameter").is_some();
        assert!(!of(0) && !of(1) && of(2));
        let Decl::Field(z) = &file.decls[2] else {
            panic!("it is a field")
        };
        let Expr::List(list) = &z.value else {
            panic!("it is a list")
        };
        for element in &list.elts {
            assert_eq!(selected(element, "parameter").as_deref(), Some("x"));
        }
    }
}
