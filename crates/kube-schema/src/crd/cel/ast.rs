//! The tree of an expression.
//!
//! Macros are taken apart while parsing: `has(a.b)` is a presence test, `list.all(x, p)` and its like a [`Walk`] over a range.

/// An expression, and where in the rule it begins, in bytes.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What an expression is.
#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Box<str>),
    Bytes(Box<[u8]>),
    /// A variable, or the beginning of a longer name.
    Ident(Box<str>),
    /// `of.field`; `of.?field` gives an optional.
    Select {
        of: Box<Expr>,
        field: Box<str>,
        is_optional: bool,
    },
    /// `has(of.field)`.
    Has {
        of: Box<Expr>,
        field: Box<str>,
    },
    /// `of[index]`; `of[?index]` gives an optional.
    Index {
        of: Box<Expr>,
        index: Box<Expr>,
        is_optional: bool,
    },
    /// `f(args)`, or `target.f(args)`.
    Call {
        target: Option<Box<Expr>>,
        name: Box<str>,
        args: Vec<Expr>,
    },
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary {
        op: Op,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Conditional {
        test: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    /// A macro that walks over a list or the keys of a map.
    Walk(Box<Walk>),
}

/// A walk over a range.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) over: Expr,
    pub(super) how: How,
    /// One variable, or two: index or key, and value.
    pub(super) vars: Vec<Box<str>>,
    /// What an element must satisfy, where the walk asks that.
    pub(super) filter: Option<Expr>,
    /// What an element gives, or must satisfy.
    pub(super) body: Expr,
}

/// What a walk makes of the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Op {
    /// As it is written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl Expr {
    /// Calls `see` with this expression and all below it.
    pub(super) fn visit(&self, see: &mut dyn FnMut(&Self)) {
        see(self);
        let mut all = |exprs: &[&Self]| {
            for expr in exprs {
                expr.visit(see);
            }
        };
        match &self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Uint(_)
            | Kind::Double(_)
            | Kind::String(_)
            | Kind::Bytes(_)
            | Kind::Ident(_) => {}
            Kind::Select { of, .. } | Kind::Has { of, .. } | Kind::Not(of) | Kind::Negate(of) => {
                all(&[of]);
            }
            Kind::Index { of, index, .. } => all(&[of, index]),
            Kind::Call { target, args, .. } => {
                if let Some(target) = target {
                    all(&[target]);
                }
                for arg in args {
                    all(&[arg]);
                }
            }
            Kind::Binary { left, right, .. } => all(&[left, right]),
            Kind::Conditional {
                test,
                then,
                otherwise,
            } => all(&[test, then, otherwise]),
            Kind::List(items) => {
                for item in items {
                    all(&[item]);
                }
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    all(&[key, value]);
                }
            }
            Kind::Walk(walk) => {
                all(&[&walk.over, &walk.body]);
                if let Some(filter) = &walk.filter {
                    all(&[filter]);
                }
            }
        }
    }
}
