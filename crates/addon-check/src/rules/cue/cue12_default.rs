//! The default of a disjunction is of the kind of another alternative, and what goes into the Application is decided.
//!
//! `*"80" | int` is a text unless somebody gives a number: the types of the parameter and of what is made of it then differ.
//! And where two literals stand side by side in `output`, as in `policy: "Always" | "Never"`, neither is chosen, and rendering
//! ends with a value that is not concrete.
//!
//! Bad:
//! ```cue
//! parameter: port: *"80" | int
//! ```
//! Good:
//! ```cue
//! parameter: port: *80 | int
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::scope::{Scope, walk};
use crate::syntax::name_of;
use addon_model::Role;
use cue_syntax::ast::{BinaryOp, Decl, Expr, LitKind, Node, UnaryOp};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CUE12",
    title: "a choice has a default of its own kind",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue12_default.rs",
    source: include_str!("cue12_default.rs"),
    found: &[Found::InAddon(check)],
};

/// What a value is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bool,
    Null,
    List,
    Struct,
    Unknown,
}

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        if file.is_idle() || !file.parsed.errors.is_empty() {
            continue;
        }
        let makes = matches!(file.role, Role::TemplateCue | Role::Resource(_));
        let scope = Scope::of(input, file);
        walk(&scope, &file.parsed.file, &mut |node, _, around| {
            let Node::Decl(Decl::Field(field)) = node else {
                return;
            };
            let alternatives = alternatives(&field.value);
            if alternatives.len() < 2 {
                return;
            }
            let name = name_of(field).unwrap_or_default();
            let (defaults, others): (Vec<_>, Vec<_>) =
                alternatives.iter().partition(|(_, is_default)| *is_default);
            if let [(default, _)] = defaults.as_slice() {
                let kind = kind_of(default);
                let kinds: Vec<Kind> = others.iter().map(|(other, _)| kind_of(other)).collect();
                let fits = |other: &Kind| *other == kind || *other == Kind::Unknown;
                if !matches!(kind, Kind::Unknown | Kind::Null) && !kinds.iter().any(fits) {
                    let message = format!(
                        "the default of `{name}` is {}, none of the alternatives is",
                        kind.word()
                    );
                    let found = RULE.finding(message, default.span());
                    findings.push(found.help("write a default of the type of the others"));
                }
            }
            let is_literal = |(value, _): &(&Expr, bool)| matches!(value.unparen(), Expr::Basic(_));
            let top = around.first().and_then(|node| match node {
                Node::Decl(Decl::Field(field)) => name_of(field),
                _ => None,
            });
            let is_put_out = makes
                && matches!(top.as_deref(), Some("output" | "outputs"))
                && field.constraint.is_none()
                && !around.iter().any(is_pattern);
            if defaults.is_empty() && is_put_out && alternatives.iter().all(is_literal) {
                let message = format!(
                    "`{name}` is one of {} values, and nothing chooses",
                    alternatives.len()
                );
                let found = RULE.finding(message, field.value.span());
                findings.push(found.help("mark one with `*`, or take it from a parameter"));
            }
        });
    }
}

/// Whether what is inside of a node is a type and no value: a definition, or a field that others refine.
fn is_pattern(node: &Node<'_>) -> bool {
    match node {
        Node::Decl(Decl::Field(field)) => {
            let name = name_of(field);
            name.is_none_or(|name| name.starts_with(['#', '_']) || name == "parameter")
        }
        Node::Decl(Decl::Let(_)) => true,
        _ => false,
    }
}

fn split(expr: &Expr) -> (&Expr, bool) {
    match expr {
        Expr::Unary(unary) if unary.op == UnaryOp::Default => (&unary.operand, true),
        other => (other, false),
    }
}

/// The alternatives of a disjunction, each with whether it is a default.
fn alternatives(value: &Expr) -> Vec<(&Expr, bool)> {
    let mut found = Vec::new();
    let mut rest = value.unparen();
    while let Expr::Binary(binary) = rest {
        if binary.op != BinaryOp::Or {
            break;
        }
        found.push(split(&binary.right));
        rest = &binary.left;
    }
    found.push(split(rest));
    found.reverse();
    found
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::List => "a list",
            Self::Struct => "a struct",
            Self::Null | Self::Unknown => "something else",
        }
    }
}

fn kind_of(value: &Expr) -> Kind {
    match value.unparen() {
        Expr::Basic(basic) => match basic.kind {
            LitKind::Int | LitKind::Float => Kind::Number,
            LitKind::String if basic.text.as_str().starts_with('\'') => Kind::Unknown,
            LitKind::String => Kind::Text,
            LitKind::Null => Kind::Null,
            LitKind::True | LitKind::False => Kind::Bool,
        },
        Expr::Ident(ident) => match ident.name.as_str() {
            "string" => Kind::Text,
            "int" | "float" | "number" | "uint" | "int32" | "int64" | "uint16" | "uint32" => {
                Kind::Number
            }
            "bool" => Kind::Bool,
            _ => Kind::Unknown,
        },
        Expr::List(_) => Kind::List,
        Expr::Struct(_) => Kind::Struct,
        Expr::Interpolation(_) => Kind::Text,
        Expr::Unary(unary) => match unary.op {
            UnaryOp::Match | UnaryOp::NotMatch => Kind::Text,
            UnaryOp::Plus | UnaryOp::Minus => Kind::Number,
            _ => Kind::Unknown,
        },
        // one side of a conjunction tells the kind of both
        Expr::Binary(binary) if binary.op == BinaryOp::And => match kind_of(&binary.left) {
            Kind::Unknown => kind_of(&binary.right),
            kind => kind,
        },
        _ => Kind::Unknown,
    }
}
