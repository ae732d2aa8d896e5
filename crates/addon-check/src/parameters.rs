//! The parameters of an addon as they are written: what is declared, and what is used where.
//!
//! Declared is what stands in the struct `parameter` of the parameter file and of the files of the template's package. Used
//! is every path that begins with that `parameter`, in the template, the resources, the parameters themselves and
//! `NOTES.cue`: `parameter.aws.bucket` is the path `aws.bucket`, `parameter` alone (handed on as a whole, or asked with a
//! name that evaluation gives) is the empty path, which uses everything.
//!
//! A use is guarded when it is in an `if` that asks whether it is there, is itself compared with `_|_`, or is one side of
//! a disjunction.

use crate::input::{CueFile, Input};
use crate::scope::{Declared, Referent, Scope, fields_named, selected, walk};
use crate::syntax::{name_of, text};
use addon_model::{Format, Role};
use cue_syntax::ast::{self, BinaryOp, Clause, Decl, Expr, Field, Label, Node};
use source_vocab::Span;
use std::ops::ControlFlow;

/// The field that holds the parameters.
const PARAMETER: &str = "parameter";

/// A use of a parameter.
#[derive(Debug)]
pub(crate) struct Use<'a> {
    /// Where it is used.
    pub(crate) file: &'a CueFile,
    /// The names after `parameter`, each with its place.
    pub(crate) path: Vec<(String, Span)>,
    /// Whether it is asked before, or need not be there.
    pub(crate) is_guarded: bool,
    /// The scope of the place.
    pub(crate) scope: Scope<'a>,
}

/// What the text says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is declared.
    Declared,
    /// The name with this number in the path is not, and nothing that the text does not tell can declare it.
    Undeclared(usize),
    /// The text does not tell.
    Unknown,
}

/// Whether the parameters are seen in a file.
fn sees_parameters(file: &CueFile) -> bool {
    file.makes_application() || file.role == Role::Notes
}

/// All uses, in the order of the files; none of those in broken files.
pub(crate) fn uses<'a>(input: &'a Input<'_>) -> Vec<Use<'a>> {
    let mut found = Vec::new();
    for file in input.cue().iter().filter(|file| sees_parameters(file)) {
        if !file.parsed.errors.is_empty() {
            continue;
        }
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, around| {
            if let Node::Expr(Expr::Ident(ident)) = node
                && ident.name.as_str() == PARAMETER
                && is_top(input, scope)
            {
                found.push(use_of(file, scope, around));
            }
        });
    }
    found
}

/// The uses of its own parameters in each definition: what begins with the `parameter` that stands right in `template`.
pub(crate) fn uses_in_definitions<'a>(input: &'a Input<'_>) -> Vec<Use<'a>> {
    let mut found = Vec::new();
    for file in input.cue() {
        if file.role != Role::Definition(Format::Cue) || !file.parsed.errors.is_empty() {
            continue;
        }
        let templates = fields_named(&file.parsed.file.decls, "template");
        let bodies: Vec<&ast::StructLit> = templates
            .filter_map(|template| struct_of(&template.value))
            .collect();
        let declared: Vec<&Field> = bodies
            .iter()
            .flat_map(|body| fields_named(&body.elts, PARAMETER))
            .collect();
        // a condition or something embedded may declare more of them
        let is_open = bodies.iter().any(|body| {
            let fields = all_fields(&body.elts, &mut false);
            let all = fields
                .iter()
                .filter(|field| name_of(field).as_deref() == Some(PARAMETER));
            all.count() > fields_named(&body.elts, PARAMETER).count()
                || body.elts.iter().any(
                    |decl| matches!(decl, Decl::Embed(embed) if struct_of(&embed.expr).is_none()),
                )
        });
        if is_open {
            continue;
        }
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, scope, around| {
            let Node::Expr(Expr::Ident(ident)) = node else {
                return;
            };
            if ident.name.as_str() != PARAMETER {
                return;
            }
            let resolved = scope.resolve(PARAMETER);
            let is_own = |one: &Declared<'_>| matches!(one.referent, Referent::Field(field) if declared.iter().any(|own| std::ptr::eq(*own, field)));
            if !resolved.is_empty() && resolved.iter().all(is_own) {
                found.push(use_of(file, scope, around));
            }
        });
    }
    found
}

/// Whether `parameter` here means the parameters of the addon, and not a field of a struct around.
fn is_top(input: &Input<'_>, scope: &Scope<'_>) -> bool {
    let tops = || {
        let files = input.cue().iter().filter(|file| sees_parameters(file));
        files.flat_map(|file| fields_named(&file.parsed.file.decls, PARAMETER))
    };
    scope.resolve(PARAMETER).iter().all(|declared| {
        matches!(declared.referent, Referent::Field(field) if tops().any(|top| std::ptr::eq(top, field)))
    })
}

fn use_of<'a>(file: &'a CueFile, scope: &Scope<'a>, around: &[Node<'a>]) -> Use<'a> {
    let mut path = Vec::new();
    let mut rest = around.len();
    // the selectors around the name, from the innermost out
    while let Some(Node::Expr(outer)) = rest.checked_sub(1).and_then(|at| around.get(at)) {
        let (name, span) = match outer {
            Expr::Selector(x) => (selected(&x.selector), x.selector.meta().span),
            Expr::Index(x) => (text(&x.index), x.index.span()),
            _ => break,
        };
        let Some(name) = name else { break };
        path.push((name, span));
        rest -= 1;
    }
    let before = around.get(..rest).unwrap_or_default();
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    Use {
        file,
        is_guarded: is_optional_here(before) || before.iter().any(|node| asks_for(node, &names)),
        path,
        scope: scope.clone(),
    }
}

/// Whether what is right inside these nodes is compared with bottom, or an alternative of several.
fn is_optional_here(around: &[Node<'_>]) -> bool {
    for node in around.iter().rev() {
        match node {
            Node::Expr(Expr::Binary(binary)) => match binary.op {
                BinaryOp::Or => return true,
                BinaryOp::Equal | BinaryOp::NotEqual => {
                    return [&binary.left, &binary.right]
                        .into_iter()
                        .any(|side| matches!(side, Expr::Bottom(_)));
                }
                _ => {}
            },
            Node::Expr(
                Expr::Unary(_)
                | Expr::Paren(_)
                | Expr::Interpolation(_)
                | Expr::Call(_)
                | Expr::Selector(_)
                | Expr::Index(_),
            ) => {}
            _ => return false,
        }
    }
    false
}

/// Whether a clause asks for the beginning of a path.
fn asks_for(node: &Node<'_>, path: &[&str]) -> bool {
    let Node::Clause(Clause::If(clause)) = node else {
        return false;
    };
    let mut asks = false;
    ast::walk(Node::Expr(&clause.condition), &mut |node| {
        if let Node::Expr(Expr::Binary(binary)) = node
            && matches!(binary.op, BinaryOp::NotEqual | BinaryOp::Equal)
            && let (asked, Expr::Bottom(_)) | (Expr::Bottom(_), asked) =
                (&binary.left, &binary.right)
            && let Some(asked) = path_of(asked)
        {
            asks |= !asked.is_empty()
                && path.iter().zip(&asked).filter(|(a, b)| a == b).count() == asked.len();
        }
        ControlFlow::Continue(())
    });
    asks
}

/// The path of `parameter.a.b`.
fn path_of(expr: &Expr) -> Option<Vec<String>> {
    match expr.unparen() {
        Expr::Ident(ident) => (ident.name.as_str() == PARAMETER).then(Vec::new),
        Expr::Selector(x) => {
            let mut path = path_of(&x.base)?;
            path.push(selected(&x.selector)?);
            Some(path)
        }
        Expr::Index(x) => {
            let mut path = path_of(&x.base)?;
            path.push(text(&x.index)?);
            Some(path)
        }
        _ => None,
    }
}

/// How a use stands to what is declared.
pub(crate) fn standing(found: &Use<'_>) -> Standing {
    let names: Vec<&str> = found.path.iter().map(|(name, _)| name.as_str()).collect();
    standing_in(&found.scope, &names)
}

/// How the path of an argument stands to what is declared.
pub(crate) fn declared_path(input: &Input<'_>, path: &[&str]) -> Standing {
    let files = input.cue();
    let of = |role: Role| files.iter().find(|file| file.role == role);
    let Some(file) = of(Role::Parameter).or_else(|| of(Role::ResourceParameter)) else {
        // without a parameter file nothing is declared, and nothing is checked
        return Standing::Unknown;
    };
    if !file.parsed.errors.is_empty() {
        return Standing::Unknown;
    }
    standing_in(&Scope::of(input, file), path)
}

fn standing_in(scope: &Scope<'_>, path: &[&str]) -> Standing {
    let Some(mut level) = Level::top(scope) else {
        return Standing::Unknown;
    };
    for (at, name) in path.iter().enumerate() {
        match level.below(name) {
            Ok(inner) => level = inner,
            Err(Missing::Surely) => return Standing::Undeclared(at),
            Err(Missing::Perhaps) => return Standing::Unknown,
        }
    }
    Standing::Declared
}

/// The names that are declared beside the one with this number in the path of a use.
pub(crate) fn names_beside(found: &Use<'_>, at: usize) -> Vec<String> {
    let mut level = Level::top(&found.scope);
    for (name, _) in found.path.iter().take(at) {
        level = level.and_then(|level| level.below(name).ok());
    }
    level.map(|level| level.names()).unwrap_or_default()
}

/// What is declared at some depth of the parameters.
struct Level<'a> {
    bodies: Vec<(&'a Expr, Scope<'a>)>,
    /// Whether that is all.
    is_whole: bool,
}

/// How sure it is that a name is not declared.
enum Missing {
    Surely,
    Perhaps,
}

impl<'a> Level<'a> {
    fn top(scope: &Scope<'a>) -> Option<Self> {
        let mut level = Self {
            bodies: Vec::new(),
            is_whole: true,
        };
        for declared in scope.resolve(PARAMETER) {
            let Referent::Field(field) = declared.referent else {
                return None;
            };
            let values = declared.scope.values(&field.value, &mut level.is_whole);
            level.bodies.extend(values);
        }
        Some(level)
    }

    fn below(&self, name: &str) -> Result<Self, Missing> {
        let mut next = Self {
            bodies: Vec::new(),
            is_whole: self.is_whole,
        };
        let (mut is_open, mut any) = (!self.is_whole, false);
        for (body, scope) in &self.bodies {
            let Some(body) = struct_of(body) else {
                is_open = true;
                continue;
            };
            let inner = scope.inside(&body.elts);
            for field in all_fields(&body.elts, &mut is_open) {
                if name_of(field).as_deref() == Some(name) {
                    any = true;
                    let values = inner.values(&field.value, &mut next.is_whole);
                    next.bodies.extend(values);
                }
            }
        }
        match (any, is_open) {
            (true, _) => Ok(next),
            (false, true) => Err(Missing::Perhaps),
            (false, false) => Err(Missing::Surely),
        }
    }

    fn names(&self) -> Vec<String> {
        let bodies = self.bodies.iter().filter_map(|(body, _)| struct_of(body));
        let fields = bodies.flat_map(|body| all_fields(&body.elts, &mut false));
        fields.filter_map(name_of).collect()
    }
}

/// A struct, also inside of `close`.
fn struct_of(expr: &Expr) -> Option<&ast::StructLit> {
    match expr.unparen() {
        Expr::Struct(body) => Some(body),
        Expr::Call(call) if call.function.as_ident() == Some("close") => {
            call.args.first().and_then(struct_of)
        }
        _ => None,
    }
}

/// The fields of a struct, those of its conditions too; `is_open` becomes true where there may be others.
fn all_fields<'a>(decls: &'a [Decl], is_open: &mut bool) -> Vec<&'a Field> {
    let mut found = Vec::new();
    for decl in decls {
        match decl {
            Decl::Field(field) => match field.label.unaliased() {
                Label::Ident(_) | Label::Basic(_) => found.push(&**field),
                _ => *is_open = true,
            },
            Decl::Comprehension(inner) => found.extend(all_fields(&inner.value.elts, is_open)),
            Decl::Embed(embed) => match struct_of(&embed.expr) {
                Some(body) => found.extend(all_fields(&body.elts, is_open)),
                None => *is_open = true,
            },
            Decl::Ellipsis(_) => *is_open = true,
            _ => {}
        }
    }
    found
}

/// A parameter as it is declared.
#[derive(Debug)]
pub(crate) struct Declaration<'a> {
    /// Its names below `parameter`.
    pub(crate) path: Vec<String>,
    /// The field.
    pub(crate) field: &'a Field,
}

impl Declaration<'_> {
    /// The name with dots.
    pub(crate) fn name(&self) -> String {
        self.path.join(".")
    }
}

/// The parameters in the parameter file that counts, those inside of others after them.
pub(crate) fn declarations<'a>(input: &'a Input<'_>) -> Vec<Declaration<'a>> {
    let files = input.cue();
    let of = |role: Role| files.iter().find(|file| file.role == role);
    let Some(file) = of(Role::Parameter).or_else(|| of(Role::ResourceParameter)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for top in fields_named(&file.parsed.file.decls, PARAMETER) {
        below(&top.value, &[], &mut found);
    }
    found
}

fn below<'a>(value: &'a Expr, path: &[String], found: &mut Vec<Declaration<'a>>) {
    let Some(body) = struct_of(value) else { return };
    let mut ignored = false;
    for field in all_fields(&body.elts, &mut ignored) {
        let Some(name) = name_of(field) else {
            continue;
        };
        let mut path = path.to_vec();
        path.push(name);
        let inner = path.clone();
        found.push(Declaration { path, field });
        below(&field.value, &inner, found);
    }
}
