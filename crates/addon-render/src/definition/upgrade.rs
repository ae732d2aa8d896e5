//! Templates of older definitions, rewritten for the CUE of today.
//!
//! CUE 0.11 gave up arithmetic on lists and 0.14 made `error` a builtin. KubeVela mends definitions (and only
//! definitions) before it renders them, by their syntax alone (commit 5a44b5f10, `pkg/cue/upgrade`):
//!
//! ```text
//! mounts: pvc + secrets + [for m in more {m}]     mounts: list.Concat([pvc, secrets, [for m in more {m}]])
//! zeros:  [0] * n                           ──►   zeros:  list.Repeat([0], n)
//! error:  "none"                                  "error": "none"
//! ```
//!
//! What is a list is guessed from names: a field whose value looks like a list anywhere in the file makes its name one,
//! and `parent.name` where its parent is a struct literal. Invariant: a place that is not understood is left alone, and
//! every node that stays keeps its place in the author's file.

use cue_engine::syntax::ast::{
    BasicLit, BinaryExpr, BinaryOp, Clause, Decl, Expr, File, ImportDecl, ImportSpec, Label,
    LitKind, Meta, Node, Pos, RelPos, Selector, walk,
};
use source_vocab::Span;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Something that was rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// What it was.
    pub what: Outdated,
    /// Where it stands.
    pub span: Span,
}

/// What CUE of today does not take any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outdated {
    /// `a + b` of lists, now `list.Concat`.
    Concatenation,
    /// `a * n` of a list, now `list.Repeat`.
    Repetition,
    /// A field that is named `error` without quotes.
    ErrorLabel,
}

/// Rewrites a template; gives what was changed, in the order of the text within each kind.
pub fn upgrade(file: &mut File) -> Vec<Rewrite> {
    let lists = Lists::of(file);
    let mut rewriter = Rewriter {
        lists,
        done: Vec::new(),
    };
    rewriter.decls(&mut file.decls);
    if rewriter
        .done
        .iter()
        .any(|rewrite| rewrite.what != Outdated::ErrorLabel)
    {
        import_list(file);
    }
    rewriter.done
}

/// Adds `import "list"` unless it is there.
fn import_list(file: &mut File) {
    if file
        .imports()
        .any(|spec| spec.path.text.as_str() == "\"list\"")
    {
        return;
    }
    let head = file
        .decls
        .iter()
        .rposition(|decl| matches!(decl, Decl::Package(_)))
        .map_or(0, |at| at + 1);
    let import = ImportDecl {
        meta: Meta::default(),
        lparen: Pos::NONE,
        specs: vec![ImportSpec::new(None, "list")],
        rparen: Pos::NONE,
    };
    file.decls.insert(head, Decl::Import(Box::new(import)));
}

/// The names that stand for lists: `name` and `parent.name`.
#[derive(Debug, Default)]
struct Lists {
    names: BTreeSet<String>,
}

impl Lists {
    fn of(file: &File) -> Self {
        let mut lists = Self::default();
        // names whose value is an operation, to be looked at until nothing new is learnt
        let mut pending: Vec<(String, &Expr)> = Vec::new();
        walk(Node::File(file), &mut |node| {
            if let Node::Decl(Decl::Field(field)) = node
                && let Label::Ident(ident) = &field.label
            {
                let name = ident.name.as_str();
                lists.learn(name.to_owned(), &field.value, &mut pending);
                if let Expr::Struct(body) = &field.value {
                    for child in &body.elts {
                        if let Decl::Field(child) = child
                            && let Label::Ident(label) = &child.label
                        {
                            let qualified = format!("{name}.{}", label.name.as_str());
                            lists.learn(qualified, &child.value, &mut pending);
                        }
                    }
                }
            }
            ControlFlow::Continue(())
        });
        loop {
            let before = pending.len();
            pending.retain(|(name, value)| {
                let is_list = lists.is_operation(value);
                if is_list {
                    lists.names.insert(name.clone());
                }
                !is_list
            });
            if pending.len() == before {
                return lists;
            }
        }
    }

    fn learn<'f>(&mut self, name: String, value: &'f Expr, pending: &mut Vec<(String, &'f Expr)>) {
        if looks_like_list(value) {
            self.names.insert(name);
        } else if matches!(value, Expr::Binary(_)) {
            pending.push((name, value));
        }
    }

    /// Whether an expression is a list as far as can be seen.
    fn is_list(&self, expr: &Expr) -> bool {
        match expr {
            Expr::List(_) => true,
            Expr::Call(call) => is_list_function(&call.function, None),
            Expr::Ident(ident) => self.names.contains(ident.name.as_str()),
            Expr::Selector(selector) => match (&selector.base, &selector.selector) {
                (Expr::Ident(base), Selector::Ident(name)) => {
                    let qualified = format!("{}.{}", base.name.as_str(), name.name.as_str());
                    self.names.contains(&qualified)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_number(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Basic(basic) => matches!(basic.kind, LitKind::Int | LitKind::Float),
            Expr::Ident(ident) => !self.names.contains(ident.name.as_str()),
            Expr::Unary(unary) => self.is_number(&unary.operand),
            _ => false,
        }
    }

    /// Whether `a + b` or `a * n` gives a list.
    fn is_operation(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Binary(binary) => match binary.op {
                BinaryOp::Add => self.is_list(&binary.left) && self.is_list(&binary.right),
                BinaryOp::Multiply => self.repetition(binary).is_some(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a product repeats a list, and on which side the list is.
    fn repetition(&self, product: &BinaryExpr) -> Option<Side> {
        if self.is_list(&product.left) && self.is_number(&product.right) {
            Some(Side::Left)
        } else if self.is_number(&product.left) && self.is_list(&product.right) {
            Some(Side::Right)
        } else {
            None
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Left,
    Right,
}

/// Whether the value of a field makes its name that of a list: a literal, a call of the package `list`, or a choice in
/// which one alternative is such.
fn looks_like_list(expr: &Expr) -> bool {
    let mut next = expr;
    loop {
        match next {
            Expr::List(_) | Expr::Comprehension(_) | Expr::Ellipsis(_) => return true,
            Expr::Call(call) => return is_list_function(&call.function, None),
            Expr::Unary(unary) => next = &unary.operand,
            Expr::Binary(binary) if binary.op == BinaryOp::Or => {
                if looks_like_list(&binary.right) {
                    return true;
                }
                next = &binary.left;
            }
            _ => return false,
        }
    }
}

/// Whether an expression is `list.name`; any name when none is given.
fn is_list_function(function: &Expr, name: Option<&str>) -> bool {
    let Expr::Selector(selector) = function else {
        return false;
    };
    let is_package = selector.base.as_ident() == Some("list");
    is_package
        && match (name, &selector.selector) {
            (None, _) => true,
            (Some(name), Selector::Ident(ident)) => ident.name.as_str() == name,
            (Some(_), Selector::String(_)) => false,
        }
}

/// `list.name(args…)` in the place of another expression.
fn call(name: &str, args: Vec<Expr>, span: Span) -> Expr {
    let function = Expr::selector(Expr::ident("list"), name);
    let mut made = Expr::call(function, args);
    made.meta_mut().span = span;
    made
}

struct Rewriter {
    lists: Lists,
    done: Vec<Rewrite>,
}

impl Rewriter {
    fn decls(&mut self, decls: &mut [Decl]) {
        for decl in decls {
            match decl {
                Decl::Field(field) => {
                    self.label(&mut field.label);
                    self.expr(&mut field.value);
                }
                Decl::Let(clause) => self.expr(&mut clause.expr),
                Decl::Embed(embed) => self.expr(&mut embed.expr),
                Decl::Comprehension(comprehension) => {
                    self.clauses(&mut comprehension.clauses);
                    self.decls(&mut comprehension.value.elts);
                }
                Decl::Ellipsis(ellipsis) => {
                    if let Some(element) = &mut ellipsis.element {
                        self.expr(element);
                    }
                }
                Decl::Alias(alias) => self.expr(&mut alias.expr),
                Decl::Attribute(_)
                | Decl::Package(_)
                | Decl::Import(_)
                | Decl::Comment(_)
                | Decl::Bad(_) => {}
            }
        }
    }

    fn clauses(&mut self, clauses: &mut [Clause]) {
        for clause in clauses {
            match clause {
                Clause::For(x) => self.expr(&mut x.source),
                Clause::If(x) => self.expr(&mut x.condition),
                Clause::Let(x) => self.expr(&mut x.expr),
            }
        }
    }

    fn label(&mut self, label: &mut Label) {
        match label {
            Label::Ident(ident) if ident.name.as_str() == "error" => {
                self.note(Outdated::ErrorLabel, ident.meta.span);
                let quoted = BasicLit {
                    meta: std::mem::take(&mut ident.meta),
                    ..BasicLit::string("error")
                };
                *label = Label::Basic(quoted);
            }
            Label::Ident(_) | Label::Basic(_) => {}
            Label::Interpolation(x) => {
                for step in &mut x.steps {
                    self.expr(&mut step.expr);
                }
            }
            Label::Paren(x) => self.expr(&mut x.expr),
            Label::List(x) => self.exprs(&mut x.elts),
            // the label behind an alias keeps its name, as in KubeVela
            Label::Alias(x) => match &mut x.label {
                Label::Paren(inner) => self.expr(&mut inner.expr),
                Label::List(inner) => self.exprs(&mut inner.elts),
                _ => {}
            },
        }
    }

    fn note(&mut self, what: Outdated, span: Span) {
        self.done.push(Rewrite { what, span });
    }

    fn exprs(&mut self, exprs: &mut [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Binary(binary) if binary.op == BinaryOp::Add => return self.sum(expr),
            Expr::Binary(binary) => {
                if binary.op == BinaryOp::Multiply
                    && let Some(side) = self.lists.repetition(binary)
                {
                    let span = binary.meta.span;
                    let mut list = std::mem::replace(&mut binary.left, Expr::bottom());
                    let mut count = std::mem::replace(&mut binary.right, Expr::bottom());
                    if matches!(side, Side::Right) {
                        std::mem::swap(&mut list, &mut count);
                    }
                    list.meta_mut().rel = RelPos::None;
                    count.meta_mut().rel = RelPos::None;
                    self.note(Outdated::Repetition, span);
                    *expr = call("Repeat", vec![list, count], span);
                    return self.expr(expr);
                }
                return self.chain(expr);
            }
            _ => {}
        }
        match expr {
            Expr::Interpolation(x) => {
                for step in &mut x.steps {
                    self.expr(&mut step.expr);
                }
            }
            Expr::Struct(x) => self.decls(&mut x.elts),
            Expr::List(x) => self.exprs(&mut x.elts),
            Expr::Paren(x) => self.expr(&mut x.expr),
            Expr::Selector(x) => self.expr(&mut x.base),
            Expr::Index(x) => {
                self.expr(&mut x.base);
                self.expr(&mut x.index);
            }
            Expr::Slice(x) => {
                self.expr(&mut x.base);
                for bound in [&mut x.low, &mut x.high].into_iter().flatten() {
                    self.expr(bound);
                }
            }
            Expr::Call(x) => {
                self.expr(&mut x.function);
                self.exprs(&mut x.args);
            }
            Expr::Unary(x) => self.expr(&mut x.operand),
            Expr::Alias(x) => self.expr(&mut x.expr),
            Expr::Ellipsis(x) => {
                if let Some(element) = &mut x.element {
                    self.expr(element);
                }
            }
            Expr::Comprehension(x) => {
                self.clauses(&mut x.clauses);
                self.decls(&mut x.value.elts);
            }
            Expr::Bad(_) | Expr::Bottom(_) | Expr::Ident(_) | Expr::Basic(_) | Expr::Binary(_) => {}
        }
    }

    /// The operands of a chain of other operators; the chain leans left and may be long.
    fn chain(&mut self, mut expr: &mut Expr) {
        while self.is_other_operation(expr) {
            let Expr::Binary(binary) = expr else { return };
            self.expr(&mut binary.right);
            expr = &mut binary.left;
        }
        self.expr(expr);
    }

    /// Whether an expression is a binary one that nothing is done about.
    fn is_other_operation(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Binary(binary) => match binary.op {
                BinaryOp::Add => false,
                BinaryOp::Multiply => self.lists.repetition(binary).is_none(),
                _ => true,
            },
            _ => false,
        }
    }

    /// A chain of additions: the operands from the left that are all lists become one `list.Concat`.
    fn sum(&mut self, expr: &mut Expr) {
        // taken apart from the right, put together from the left
        let mut levels: Vec<(Meta, Pos, Expr)> = Vec::new();
        let mut first = std::mem::replace(expr, Expr::bottom());
        loop {
            match first {
                Expr::Binary(mut binary) if binary.op == BinaryOp::Add => {
                    levels.push((
                        std::mem::take(&mut binary.meta),
                        binary.op_pos,
                        std::mem::replace(&mut binary.right, Expr::bottom()),
                    ));
                    first = std::mem::replace(&mut binary.left, Expr::bottom());
                }
                other => {
                    first = other;
                    break;
                }
            }
        }
        levels.reverse();
        let lists = if self.lists.is_list(&first) {
            levels
                .iter()
                .take_while(|(_, _, operand)| self.lists.is_list(operand))
                .count()
        } else {
            0
        };
        let mut rest = levels.into_iter();
        if lists > 0 {
            let mut span = first.span();
            let mut operands = concatenated(first);
            for (meta, _, operand) in rest.by_ref().take(lists) {
                span = meta.span;
                operands.extend(concatenated(operand));
            }
            self.note(Outdated::Concatenation, span);
            first = call("Concat", vec![Expr::list(operands)], span);
        }
        self.expr(&mut first);
        for (meta, op_pos, mut right) in rest {
            self.expr(&mut right);
            first = Expr::Binary(Box::new(BinaryExpr {
                meta,
                left: first,
                op_pos,
                op: BinaryOp::Add,
                right,
            }));
        }
        *expr = first;
    }
}

/// The lists that an operand brings: those of a `list.Concat([…])`, else itself.
fn concatenated(operand: Expr) -> Vec<Expr> {
    match operand {
        Expr::Call(mut call)
            if is_list_function(&call.function, Some("Concat"))
                && matches!(call.args.as_slice(), [Expr::List(_)]) =>
        {
            match call.args.pop() {
                Some(Expr::List(list)) => list.elts,
                _ => Vec::new(),
            }
        }
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cue_engine::syntax::format::{Options, format};
    use source_vocab::SourceMap;

    fn upgraded(text: &str) -> (String, Vec<Outdated>) {
        let mut sources = SourceMap::new();
        let source = sources.add("t.cue", text).unwrap();
        let mut file = cue_engine::syntax::parse(&source).file;
        let done = upgrade(&mut file);
        let printed = format(&file, Options::default());
        (
            printed,
            done.into_iter().map(|rewrite| rewrite.what).collect(),
        )
    }

    #[test]
    fn chains_of_lists_become_one_concatenation() {
        let (text, done) =
            upgraded("a: [1]\nb: *[] | [...int]\nc: a + b + [2] + list.Concat([a, b])\n");
        assert_eq!(
            text,
            "import \"list\"\n\na: [1]\nb: *[] | [...int]\nc: list.Concat([a, b, [2], a, b])\n"
        );
        assert_eq!(done, [Outdated::Concatenation]);
    }

    #[test]
    fn names_are_learnt_through_operations_and_parents() {
        let (text, _) = upgraded("c: x.l + [1]\nx: l: y + [2]\ny: [0] * 3\nz: c + y\n");
        assert_eq!(
            text,
            "import \"list\"\n\nc: list.Concat([x.l, [1]])\nx: l: list.Concat([y, [2]])\n\
             y: list.Repeat([0], 3)\nz: list.Concat([c, y])\n"
        );
    }

    #[test]
    fn only_the_known_prefix_of_a_chain_is_rewritten() {
        let (text, done) =
            upgraded("import \"list\"\n\na: [1] + [2] + unknown\nb: 1 + 2\nc: \"x\" + d\n");
        assert_eq!(
            text,
            "import \"list\"\n\na: list.Concat([[1], [2]]) + unknown\nb: 1 + 2\nc: \"x\" + d\n"
        );
        assert_eq!(done, [Outdated::Concatenation]);
    }

    #[test]
    fn the_label_error_is_quoted_and_nothing_else_of_that_name() {
        let (text, done) = upgraded("error?: string\na: error: 1\nerrors: 2\nb: a.error\n");
        assert_eq!(
            text,
            "\"error\"?: string\na: \"error\": 1\nerrors: 2\nb:      a.error\n"
        );
        assert_eq!(done, [Outdated::ErrorLabel, Outdated::ErrorLabel]);
    }

    #[test]
    fn a_template_of_today_stays_as_it_is() {
        let text = "a: 1 + 2\nb: a * 3\nc: \"a\" + \"b\"\n";
        assert_eq!(upgraded(text), (text.to_owned(), Vec::new()));
    }
}
