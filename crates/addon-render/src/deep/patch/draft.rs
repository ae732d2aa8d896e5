//! A value taken out of a graph, to be changed and put back.
//!
//! KubeVela patches by printing both values as CUE, rewriting the patch's syntax, and unifying what is left (workflow
//! v0.6.4 `pkg/cue/model/sets`). A [`Draft`] is what such a print contains and nothing else: regular and optional fields,
//! definitions, no hidden fields, no closedness, defaults still beside their alternatives; and for each field the patch
//! directives in its documentation (`+patchKey=name`). References are gone: a value that still waits for one cannot be
//! printed, and is the error that [`draft`] gives back.
//!
//! Every part keeps its place, so a conflict between a patch and its base shows both lines in the authors' files.

use crate::deep::object::{Numbers, Object, field};
use cue_engine::syntax::ast;
use cue_engine::{ArcKind, Data, Kind, ListEnd, Shape, Value, data_file, export};
use source_vocab::Span;
use std::collections::BTreeMap;

/// The directives in the documentation of a field: what stands behind `+` on a line of its own.
pub(super) type Directives = BTreeMap<String, String>;

/// How deep values nest at most.
const MAX_DEPTH: u32 = 1_000;

/// A value without references.
#[derive(Clone, Debug)]
pub(super) enum Draft {
    Struct(Vec<Member>),
    List {
        items: Vec<Draft>,
        end: End,
    },
    /// A concrete scalar.
    Scalar(Data, Span),
    /// A disjunction; so many of the alternatives, from the first, are defaults.
    Choice {
        alternatives: Vec<Draft>,
        defaults: usize,
    },
    /// A type, a bound, or the like.
    Constraint(ast::Expr),
}

/// Whether a list takes further elements.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// None.
    Closed,
    /// Any: `...`
    Open,
    /// Those of a type: `...T`
    Of(Box<Draft>),
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: Box<str>,
    /// `#name`
    pub(super) definition: bool,
    pub(super) constraint: Option<ast::Constraint>,
    pub(super) directives: Directives,
    pub(super) value: Draft,
    span: Span,
}

/// The draft of a value.
///
/// # Errors
/// The part that is an error or still depends on something else.
pub(super) fn draft(value: Value<'_>) -> Result<Draft, Value<'_>> {
    build(value, 0)
}

fn build(value: Value<'_>, depth: u32) -> Result<Draft, Value<'_>> {
    if depth > MAX_DEPTH {
        return Err(value);
    }
    let scalar = |data: Data| Ok(Draft::Scalar(data, value.span()));
    match value.shape() {
        Shape::Null => scalar(Data::Null),
        Shape::Bool(flag) => scalar(Data::Bool(flag)),
        Shape::Number(number) => scalar(Data::Number(number.clone())),
        Shape::String(text) => scalar(Data::String(text.clone())),
        Shape::Bytes(bytes) => scalar(Data::Bytes(bytes.clone())),
        Shape::Struct => members(value, depth).map(Draft::Struct),
        Shape::List(end) => Ok(Draft::List {
            items: value
                .elements()
                .into_iter()
                .map(|item| build(item, depth + 1))
                .collect::<Result<_, _>>()?,
            end: match (end, value.element_type()) {
                (ListEnd::Closed, _) => End::Closed,
                (ListEnd::Open, Some(element)) => match build(element, depth + 1) {
                    Ok(element) => End::Of(Box::new(element)),
                    // a type that depends on other fields of the element cannot be taken along
                    Err(_) => End::Open,
                },
                (ListEnd::Open, None) => End::Open,
            },
        }),
        Shape::Incomplete(kind) => match value.alternatives() {
            Some((alternatives, defaults)) => Ok(Draft::Choice {
                alternatives: alternatives
                    .into_iter()
                    .map(|alternative| build(alternative, depth + 1))
                    .collect::<Result<_, _>>()?,
                defaults,
            }),
            None => Ok(Draft::Constraint(constraint(value, kind))),
        },
        Shape::Error(_) => Err(value),
    }
}

/// What is left of a value that is not concrete. A validator of a builtin package would need an import; its kinds stand
/// for it.
fn constraint(value: Value<'_>, kind: Kind) -> ast::Expr {
    let mut expr = export::cue::remainder(value);
    if uses_packages(&expr) {
        expr = export::cue::kinds(kind);
    }
    expr.meta_mut().span = value.span();
    expr
}

fn uses_packages(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Binary(binary) => uses_packages(&binary.left) || uses_packages(&binary.right),
        ast::Expr::Unary(unary) => uses_packages(&unary.operand),
        ast::Expr::Paren(paren) => uses_packages(&paren.expr),
        ast::Expr::Basic(_) | ast::Expr::Ident(_) | ast::Expr::Struct(_) | ast::Expr::List(_) => {
            false
        }
        _ => true,
    }
}

fn members(value: Value<'_>, depth: u32) -> Result<Vec<Member>, Value<'_>> {
    let labels = value.graph().labels();
    let mut found = Vec::new();
    for arc in value.arcs() {
        if arc.label.is_int() || arc.label.is_let() || arc.label.is_hidden() {
            continue;
        }
        let constraint = match arc.kind {
            ArcKind::Optional => Some(ast::Constraint::Optional),
            ArcKind::Required => Some(ast::Constraint::Required),
            _ => None,
        };
        let built = match build(arc.value, depth + 1) {
            Ok(built) => built,
            // an optional field that nobody gave constrains nothing as long as it is undecided
            Err(_) if constraint == Some(ast::Constraint::Optional) => continue,
            Err(part) => return Err(part),
        };
        found.push(Member {
            name: labels.text(arc.label).as_ref().into(),
            definition: arc.label.is_definition(),
            constraint,
            directives: directives(arc.value),
            value: built,
            span: arc.value.span(),
        });
    }
    Ok(found)
}

/// The directives in the documentation of a value.
pub(super) fn directives(value: Value<'_>) -> Directives {
    let mut found = Directives::new();
    for text in value.docs() {
        for line in text.lines() {
            let Some((key, value)) = line
                .trim()
                .strip_prefix('+')
                .and_then(|line| line.split_once('='))
            else {
                continue;
            };
            let value = value.trim();
            if value.split_whitespace().nth(1).is_none() {
                found.insert(key.trim().to_owned(), value.to_owned());
            }
        }
    }
    found
}

impl Member {
    /// The label as it is written, by which fields are matched.
    pub(super) fn is(&self, name: &str) -> bool {
        &*self.name == name
    }
}

impl Draft {
    /// The draft as the body of a file.
    pub(super) fn into_file(self) -> ast::File {
        data_file::file_of(self.into_expr())
    }

    fn into_expr(self) -> ast::Expr {
        match self {
            Self::Struct(members) => {
                ast::Expr::structure(members.into_iter().map(Member::into_decl).collect())
            }
            Self::List { items, end } => {
                let mut exprs: Vec<ast::Expr> = items.into_iter().map(Self::into_expr).collect();
                match end {
                    End::Closed => {}
                    End::Open => exprs.push(ast::Expr::ellipsis(None)),
                    End::Of(element) => {
                        exprs.push(ast::Expr::ellipsis(Some(element.into_expr())));
                    }
                }
                ast::Expr::list(exprs)
            }
            Self::Scalar(data, span) => data_file::expr_of_data(&data, span),
            Self::Choice {
                alternatives,
                defaults,
            } => {
                let exprs = alternatives
                    .into_iter()
                    .enumerate()
                    .map(|(at, alternative)| {
                        let expr = alternative.into_expr();
                        if at < defaults {
                            ast::Expr::unary(ast::UnaryOp::Default, expr)
                        } else {
                            expr
                        }
                    });
                ast::Expr::joined(ast::BinaryOp::Or, exprs).unwrap_or_else(ast::Expr::bottom)
            }
            Self::Constraint(expr) => expr,
        }
    }

    /// Lets every list that is the value of a field take more elements.
    pub(super) fn open_lists(&mut self) {
        match self {
            Self::Struct(members) => {
                for member in members {
                    if let Self::List { end, .. } = &mut member.value
                        && matches!(end, End::Closed)
                    {
                        *end = End::Open;
                    }
                    member.value.open_lists();
                }
            }
            Self::List { items, end } => {
                items.iter_mut().for_each(Self::open_lists);
                if let End::Of(element) = end {
                    element.open_lists();
                }
            }
            Self::Choice { alternatives, .. } => {
                alternatives.iter_mut().for_each(Self::open_lists);
            }
            Self::Scalar(..) | Self::Constraint(_) => {}
        }
    }

    /// The value of a field, or the element of a list.
    fn step(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Struct(members) => members
                .iter()
                .find(|member| member.is(name))
                .map(|member| &member.value),
            Self::List { items, .. } => items.get(name.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The value at the end of a path.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |draft, name| draft.step(name))
    }

    /// The value at the end of a path, to change it.
    pub(super) fn at_mut(&mut self, path: &[String]) -> Option<&mut Self> {
        path.iter().try_fold(self, |draft, name| match draft {
            Self::Struct(members) => members
                .iter_mut()
                .find(|member| member.is(name))
                .map(|member| &mut member.value),
            Self::List { items, .. } => items.get_mut(name.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

/// An object as the body of a file in which lists can grow.
pub(super) fn opened(object: &Object) -> ast::File {
    let mut expr = object.to_expr(Numbers::Kept);
    open_lists(&mut expr);
    data_file::file_of(expr)
}

impl Member {
    fn into_decl(self) -> ast::Decl {
        let value = self.value.into_expr();
        let mut decl = if self.definition {
            ast::Decl::field(ast::Label::Ident(ast::Ident::new(&*self.name)), value)
        } else {
            field(&self.name, value)
        };
        if let ast::Decl::Field(made) = &mut decl {
            made.constraint = self.constraint;
            made.meta.span = self.span;
        }
        decl
    }
}

fn open_lists(expr: &mut ast::Expr) {
    match expr {
        ast::Expr::Struct(body) => {
            for decl in &mut body.elts {
                if let ast::Decl::Field(field) = decl {
                    if let ast::Expr::List(list) = &mut field.value {
                        list.elts.push(ast::Expr::ellipsis(None));
                    }
                    open_lists(&mut field.value);
                }
            }
        }
        ast::Expr::List(list) => list.elts.iter_mut().for_each(open_lists),
        _ => {}
    }
}
