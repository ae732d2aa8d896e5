//! The intermediate representation: what lowering makes and evaluation reads.
//!
//! A [`Program`] is flat. Expressions, declarations, struct literals and comprehensions live in
//! arenas and name each other by id; an [`Expr`] is `Copy`. References are resolved: a field
//! reference says how many environments to go up and which label to look up there (De Bruijn
//! style), so that unifying two structs makes a reference of one see the fields of both, with no
//! renaming. Literals are terms already.
//!
//! Environments are counted as in cue v0.14.1 `internal/core/compile`: a struct or list literal,
//! a `for` and a `let` clause open one each; a file's declarations live in environment 0 of the
//! package's node.
//!
//! Example: in `a: {b: 1, c: d: b}` the `b` at the end is `Field { up: 1, label: b }`: up from
//! the struct that holds `d` to the one that holds `c`.

use crate::graph::Elem;
use crate::kind::Kind;
use crate::label::{Interner, Label};
use crate::term::{Op, Pool, Term, id};
use source_vocab::Span;
use std::sync::Arc;

id!(
    /// An expression.
    pub ExprId
);
id!(
    /// A declaration of a struct, or the ellipsis of a list.
    pub DeclId
);
id!(
    /// A struct literal.
    pub StructId
);
id!(
    /// A list literal.
    pub ListId
);
id!(
    /// A comprehension as written.
    pub ComprehensionId
);
id!(
    /// A package that a program imports, or the program's own.
    pub PackageId
);

/// A run of expressions in [`Program::args`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExprRange {
    /// First index.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
}

impl ExprRange {
    /// The indices.
    pub fn indices(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many expressions.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// An expression.
#[derive(Clone, Copy, Debug)]
pub enum Expr {
    /// A literal, type, builtin or literal error.
    Value(Term),
    /// `{...}`
    Struct(StructId),
    /// `[...]`
    List(ListId),
    /// A field of an enclosing struct.
    Field {
        /// Environments to go up.
        up: u32,
        /// The field.
        label: Label,
    },
    /// A struct that a value alias names: `a: X={...}`.
    ValueAlias {
        /// Environments to go up, one more than to the struct; 0 is the current value.
        up: u32,
    },
    /// The label that a pattern matched: `[X=string]: ...`.
    LabelAlias {
        /// Environments to go up.
        up: u32,
    },
    /// A field whose label is computed: `X=(x): ...`.
    DynamicField {
        /// Environments to go up.
        up: u32,
        /// The label, evaluated in that environment.
        key: ExprId,
    },
    /// The value of a `let`.
    Let {
        /// Environments to go up.
        up: u32,
        /// Its label.
        label: Label,
    },
    /// An imported package.
    Import(PackageId),
    /// `of.label`
    Select {
        /// The struct.
        of: ExprId,
        /// The field.
        label: Label,
        /// Where its name is written.
        at: Span,
    },
    /// `of[index]`
    Index {
        /// The struct or list.
        of: ExprId,
        /// The label or position.
        index: ExprId,
    },
    /// `of[low:high]`
    Slice {
        /// The list or bytes.
        of: ExprId,
        /// The first position.
        low: Option<ExprId>,
        /// One past the last position.
        high: Option<ExprId>,
    },
    /// `"a\(b)c"`: strings and expressions in turn.
    Interpolation {
        /// `STRING` or `BYTES`.
        kind: Kind,
        /// Strings at even positions, expressions at odd ones.
        parts: ExprRange,
    },
    /// `-x`, `+x`, `!x`
    Unary {
        /// The operator.
        op: Op,
        /// The operand.
        operand: ExprId,
    },
    /// `x + y` and the like, `x & y` included.
    Binary {
        /// The operator.
        op: Op,
        /// The left operand.
        left: ExprId,
        /// The right operand.
        right: ExprId,
    },
    /// `<x` and the like.
    Bound {
        /// The comparison.
        op: Op,
        /// The operand.
        operand: ExprId,
    },
    /// `f(x, y)`
    Call {
        /// The function.
        function: ExprId,
        /// The arguments.
        args: ExprRange,
    },
    /// `x | *y`
    Disjunction {
        /// Index into the disjunctions of the program.
        index: u32,
    },
}

/// One alternative of a disjunction expression.
#[derive(Clone, Copy, Debug)]
pub struct Alternative {
    /// Its value.
    pub value: ExprId,
    /// Whether it is marked as a default.
    pub default: bool,
}

/// The alternatives of a disjunction expression.
#[derive(Clone, Debug)]
pub struct Alternatives {
    /// In source order.
    pub items: Box<[Alternative]>,
    /// Whether any is marked.
    pub marked: bool,
}

/// How definitely a field is there. Ordered: unification takes the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArcKind {
    /// `a: 1`
    Member,
    /// `a!: int`
    Required,
    /// `a?: int`
    Optional,
    /// Depends on a comprehension that is not decided.
    Pending,
    /// Turned out not to be there.
    Absent,
}

/// A declaration.
#[derive(Clone, Copy, Debug)]
pub enum Decl {
    /// `label: value`
    Field {
        /// The field.
        label: Label,
        /// Whether it is optional or required.
        arc: ArcKind,
        /// Its value.
        value: ExprId,
    },
    /// `let label = value`
    Let {
        /// Its label.
        label: Label,
        /// Its value.
        value: ExprId,
    },
    /// `[filter]: value`
    Pattern {
        /// Which labels it applies to.
        filter: ExprId,
        /// The constraint.
        value: ExprId,
    },
    /// `(key): value` or `"\(key)": value`
    Dynamic {
        /// The label.
        key: ExprId,
        /// Whether it is optional or required.
        arc: ArcKind,
        /// Its value.
        value: ExprId,
    },
    /// `...` or `...T`
    Ellipsis {
        /// The type of further elements; everything when absent.
        value: Option<ExprId>,
    },
    /// `if x {...}`, `for x in y {...}`
    Comprehension(ComprehensionId),
    /// An embedded expression.
    Embed(ExprId),
}

/// A struct literal, or the body of a file.
#[derive(Clone, Debug)]
pub struct StructLit {
    /// Its declarations in source order.
    pub decls: Box<[DeclId]>,
    /// Its text.
    pub span: Span,
    /// Whether it is the body of a file.
    pub is_file: bool,
    /// Whether it is a part split off the body of a comprehension.
    pub is_comprehension_part: bool,
    /// Whether it has an embedding or comprehension.
    pub embeds: bool,
    /// How it is split when it is, or is inside, the body of a comprehension.
    pub split: Option<Box<Split>>,
}

/// A literal in the body of a comprehension, split for evaluation: the fields with a fixed name are
/// handed to the arcs of these names, so that whoever looks one of them up need not decide the rest.
#[derive(Clone, Debug)]
pub struct Split {
    /// The fields and `let`s that have a fixed name.
    pub fixed: Box<[DeclId]>,
    /// A literal of only these; the whole when there is nothing else, none when there are none.
    pub fixed_part: Option<StructId>,
    /// A literal of everything else; the whole when nothing is fixed, none when all is.
    pub rest: Option<ExprId>,
    /// What the literal must be, judged by its fixed fields: struct, list, or anything.
    pub kind: Kind,
}

/// An element of a list literal.
#[derive(Clone, Copy, Debug)]
pub enum Element {
    /// One value.
    Expr(ExprId),
    /// Any number of values.
    Comprehension(ComprehensionId),
    /// `...T`
    Ellipsis(DeclId),
}

/// A list literal.
#[derive(Clone, Debug)]
pub struct ListLit {
    /// Its elements in source order.
    pub elements: Box<[Element]>,
    /// Its text.
    pub span: Span,
}

/// A clause of a comprehension.
#[derive(Clone, Copy, Debug)]
pub enum Clause {
    /// `for key, value in source`
    For {
        /// Binds the label.
        key: Option<Label>,
        /// Binds the value.
        value: Option<Label>,
        /// What is iterated over.
        source: ExprId,
    },
    /// `if condition`
    If {
        /// The condition.
        condition: ExprId,
    },
    /// `let label = value`
    Let {
        /// Binds the value.
        label: Label,
        /// The value.
        value: ExprId,
    },
}

/// A comprehension.
#[derive(Clone, Debug)]
pub struct Comprehension {
    /// Its clauses.
    pub clauses: Box<[Clause]>,
    /// Its body, a struct literal.
    pub value: ExprId,
    /// Its text.
    pub span: Span,
}

/// A package of the program.
#[derive(Clone, Debug)]
pub struct Package {
    /// The unique path, which scopes hidden names.
    pub path: String,
    /// The bodies of its files.
    pub files: Vec<ExprId>,
    /// Packages that are unified with it.
    pub unified: Vec<PackageId>,
}

/// A lowered program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub(crate) exprs: Vec<Expr>,
    pub(crate) expr_spans: Vec<Span>,
    pub(crate) decls: Vec<Decl>,
    pub(crate) decl_spans: Vec<Span>,
    pub(crate) structs: Vec<StructLit>,
    pub(crate) lists: Vec<ListLit>,
    pub(crate) comprehensions: Vec<Comprehension>,
    pub(crate) disjunctions: Vec<Alternatives>,
    pub(crate) args: Vec<ExprId>,
    pub(crate) packages: Vec<Package>,
    pub(crate) pool: Pool,
    pub(crate) labels: Interner,
    /// The attributes of declarations, sorted by declaration.
    pub(crate) attributes: Vec<(DeclId, Arc<str>)>,
    /// The documentation comments of fields, sorted by declaration.
    pub(crate) docs: Vec<(DeclId, Arc<str>)>,
    /// The files by place, each with the rank of its name among all names.
    pub(crate) files: Vec<(Span, u32)>,
    /// What a host injected.
    pub(crate) injections: Vec<Injection>,
}

/// The part of a program that a host injected as one file.
#[derive(Clone, Debug)]
pub(crate) struct Injection {
    pub(crate) decls: std::ops::Range<usize>,
    pub(crate) exprs: std::ops::Range<usize>,
}

impl Program {
    /// An expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    /// The text of an expression.
    pub fn expr_span(&self, id: ExprId) -> Span {
        self.expr_spans[id.index()]
    }

    /// A declaration.
    pub fn decl(&self, id: DeclId) -> Decl {
        self.decls[id.index()]
    }

    /// The text of a declaration.
    pub fn decl_span(&self, id: DeclId) -> Span {
        self.decl_spans[id.index()]
    }

    /// All declarations with their places.
    pub fn declarations(&self) -> impl Iterator<Item = (Decl, Span)> + '_ {
        self.decls
            .iter()
            .copied()
            .zip(self.decl_spans.iter().copied())
    }

    /// The position of a package among [`Self::packages`].
    pub fn package_index(&self, id: PackageId) -> usize {
        id.index()
    }

    /// A struct literal.
    pub fn struct_lit(&self, id: StructId) -> &StructLit {
        &self.structs[id.index()]
    }

    /// A list literal.
    pub fn list_lit(&self, id: ListId) -> &ListLit {
        &self.lists[id.index()]
    }

    /// A comprehension.
    pub fn comprehension(&self, id: ComprehensionId) -> &Comprehension {
        &self.comprehensions[id.index()]
    }

    /// The alternatives of a disjunction.
    pub fn alternatives(&self, index: u32) -> &Alternatives {
        &self.disjunctions[index as usize]
    }

    /// The expressions of a range.
    pub fn args(&self, range: ExprRange) -> &[ExprId] {
        &self.args[range.indices()]
    }

    /// The packages; the first is the program's own.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The names of the program.
    pub fn labels(&self) -> &Interner {
        &self.labels
    }

    /// Whether a conjunct was injected by a host.
    pub(crate) fn is_injected(&self, elem: Elem) -> bool {
        self.injections.iter().any(|part| match elem {
            Elem::Decl(id) => part.decls.contains(&id.index()),
            Elem::Expr(id) => part.exprs.contains(&id.index()),
            Elem::Term(_) | Elem::Partial(_) => false,
        })
    }

    /// The rank of the file that a place lies in.
    pub(crate) fn file_rank(&self, span: Span) -> u32 {
        let at = self.files.partition_point(|(file, _)| file.lo <= span.lo);
        at.checked_sub(1)
            .and_then(|at| self.files.get(at))
            .map_or(0, |(_, rank)| *rank)
    }

    /// The attributes written at a declaration.
    pub fn attributes(&self, decl: DeclId) -> impl Iterator<Item = &Arc<str>> {
        written_at(&self.attributes, decl)
    }

    /// The documentation comments above a field, each as [`cue_syntax::ast::CommentGroup::text`]. In `a: b: 1` the
    /// comment above belongs to `b`, as in cue v0.14.1 `internal/core/export/extract.go`.
    pub fn docs(&self, decl: DeclId) -> impl Iterator<Item = &Arc<str>> {
        written_at(&self.docs, decl)
    }
}

/// The texts of a declaration in a list that is sorted by declarations.
fn written_at(texts: &[(DeclId, Arc<str>)], decl: DeclId) -> impl Iterator<Item = &Arc<str>> {
    let start = texts.partition_point(|(at, _)| *at < decl);
    texts[start..]
        .iter()
        .take_while(move |(at, _)| *at == decl)
        .map(|(_, text)| text)
}
