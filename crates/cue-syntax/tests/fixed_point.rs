//! Formatting keeps the meaning, and formatting twice changes nothing.
//!
//! Over every text of the parse corpus that parses, and over damaged ones that still do: the
//! formatted text parses, has the same tree and the same comments, and is a fixed point.

use cue_syntax::ast::{self, Expr, LitKind, Node};
use cue_syntax::format::Options;
use cue_syntax::literal;
use serde_json::Value;
use source_vocab::SourceMap;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The tree of a correct text.
fn tree(text: &str) -> Option<ast::File> {
    let mut sources = SourceMap::new();
    let file = sources.add("case.cue", text).ok()?;
    let parsed = cue_syntax::parse(&file);
    parsed.errors.is_empty().then_some(parsed.file)
}

fn literal(lit: &ast::BasicLit) -> String {
    match lit.kind {
        LitKind::String => format!("{:?}", literal::unquote(&lit.text)),
        LitKind::Int | LitKind::Float => match literal::parse_number(&lit.text) {
            Ok(number) => {
                let digits = number.digits.replace(".e", ".0e");
                let digits = if digits.ends_with('.') {
                    format!("{digits}0")
                } else {
                    digits
                };
                format!(
                    "{}:{}:{:?}",
                    number.base,
                    digits.to_lowercase(),
                    number.multiplier
                )
            }
            Err(_) => lit.text.to_string(),
        },
        LitKind::Null | LitKind::True | LitKind::False => lit.text.to_string(),
    }
}

/// What a tree says, without its layout: one line a node, in source order.
fn outline(file: &ast::File) -> Vec<String> {
    let mut lines = Vec::new();
    ast::walk(Node::File(file), &mut |node| {
        let line = match node {
            Node::File(_) => "file".to_owned(),
            Node::Decl(ast::Decl::Field(field)) => format!("field {:?}", field.constraint),
            Node::Decl(ast::Decl::Attribute(attribute)) => attribute.text.to_string(),
            Node::Decl(decl) => format!("{:?}", std::mem::discriminant(decl)),
            Node::Label(ast::Label::Ident(ident)) => ident.name.to_string(),
            Node::Label(ast::Label::Basic(lit)) => literal(lit),
            Node::Label(ast::Label::Interpolation(x)) => {
                format!("{:?}", literal::decode_interpolation(x))
            }
            Node::Label(label) => format!("{:?}", std::mem::discriminant(label)),
            // `((x))` is printed as `(x)`
            Node::Expr(Expr::Paren(x)) if matches!(x.expr, Expr::Paren(_)) => {
                return ControlFlow::Continue(());
            }
            Node::Expr(Expr::Ident(ident)) => ident.name.to_string(),
            Node::Expr(Expr::Basic(lit)) => literal(lit),
            Node::Expr(Expr::Interpolation(x)) => format!("{:?}", literal::decode_interpolation(x)),
            Node::Expr(Expr::Unary(x)) => x.op.as_str().to_owned(),
            Node::Expr(Expr::Binary(x)) => x.op.as_str().to_owned(),
            // `..._` is printed as `...`
            Node::Expr(Expr::Ellipsis(x))
                if x.element.as_ref().and_then(Expr::as_ident) == Some("_") =>
            {
                lines.push("...".to_owned());
                return ControlFlow::Break(());
            }
            Node::Expr(Expr::Ellipsis(x)) if x.element.is_none() => "...".to_owned(),
            Node::Expr(expr) => format!("{:?}", std::mem::discriminant(expr)),
            Node::Struct(_) => "body".to_owned(),
            Node::Clause(clause) => format!("{:?}", std::mem::discriminant(clause)),
            Node::Name(ident) => ident.name.to_string(),
            Node::Import(spec) => spec.path.text.to_string(),
            Node::Attribute(attribute) => attribute.text.to_string(),
        };
        lines.push(line);
        ControlFlow::Continue(())
    });
    lines
}

/// All comments, sorted: formatting may move one to a neighbour.
fn comments(file: &ast::File) -> Vec<String> {
    let mut texts = Vec::new();
    let mut note = |meta: &ast::Meta| {
        for group in meta.comments.groups() {
            texts.extend(group.list.iter().map(|comment| comment.text.to_string()));
        }
    };
    ast::walk(Node::File(file), &mut |node| {
        match node {
            Node::File(x) => note(&x.meta),
            Node::Decl(x) => x.meta().into_iter().for_each(&mut note),
            Node::Label(x) => note(x.meta()),
            Node::Expr(x) => {
                note(x.meta());
                match x {
                    Expr::Interpolation(x) => {
                        note(&x.first.meta);
                        x.steps.iter().for_each(|step| note(&step.text.meta));
                    }
                    Expr::Selector(x) => {
                        if let ast::Selector::String(name) = &x.selector {
                            note(&name.meta);
                        }
                    }
                    _ => {}
                }
            }
            Node::Struct(x) => note(&x.meta),
            Node::Clause(x) => note(x.meta()),
            Node::Name(x) => note(&x.meta),
            Node::Import(x) => {
                note(&x.meta);
                note(&x.path.meta);
            }
            Node::Attribute(x) => note(&x.meta),
        }
        ControlFlow::Continue(())
    });
    texts.sort();
    texts
}

/// What is wrong with the formatted form of `text`, when it parses.
fn fault(text: &str) -> Option<&'static str> {
    let before = tree(text)?;
    let plain = cue_syntax::format(&before, Options { simplify: false });
    let Some(after) = tree(&plain) else {
        return Some("reparse");
    };
    if outline(&before) != outline(&after) {
        return Some("tree");
    }
    if comments(&before) != comments(&after) {
        return Some("comments");
    }
    if cue_syntax::format(&after, Options { simplify: false }) != plain {
        return Some("fixed-point");
    }
    let simple = cue_syntax::format(&before, Options { simplify: true });
    let Some(after) = tree(&simple) else {
        return Some("simple-reparse");
    };
    if cue_syntax::format(&after, Options { simplify: true }) != simple {
        return Some("simple-fixed-point");
    }
    None
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "tests read their corpus from the disk"
)]
fn formatting_keeps_the_tree_and_is_a_fixed_point() {
    let Some(dir) = testkit::conformance_or_skip("fixed point", "cue/parse") else {
        return;
    };
    let cases = std::fs::read_to_string(dir.join("cases.jsonl")).expect("the corpus");
    let mut failed = BTreeSet::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let (id, text) = (
            case["id"].as_str().expect("id"),
            case["src"].as_str().expect("src"),
        );
        if let Some(kind) = fault(text) {
            failed.insert(format!("{kind} {id}"));
        }
    }
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/known/fixed_point.txt");
    testkit::ratchet::assert_as_listed(list, &failed);
}
