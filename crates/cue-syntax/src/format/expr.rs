//! Printing expressions and clauses.
//!
//! Blanks around `*` and `+` depend on the whole expression: from which precedence on there are none is decided by [`cutoff`], so that
//! `a*b + c` shows its grouping. The rule is the one of Go's formatter, as in cue v0.14.1 `cue/format/node.go`.

use super::Formatter;
use super::printer::{Last, Space};
use crate::ast::{
    BasicLit, BinaryExpr, BinaryOp, Clause, CommentGroup, Comprehension, Ellipsis, Expr, Ident,
    Interpolation, ListLit, ParenExpr, Selector, SelectorExpr, StructLit, UnaryExpr, UnaryOp,
};

const LOWEST: u8 = 0;
const HIGHEST: u8 = 9;

/// Which precedences occur in a chain, and the highest operator that would run into its operand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Precedences {
    sums: bool,
    products: bool,
    clash: u8,
}

/// A chain longer than this is looked through once and remembered, a shorter one for each operator.
const LONG_CHAIN: usize = 16;

/// Adds what `expr` has, its left operand apart.
fn add_precedences(expr: &BinaryExpr, found: &mut Precedences) {
    let precedence = expr.op.precedence();
    found.sums |= precedence == 6;
    found.products |= precedence == 7;
    match &expr.right {
        Expr::Binary(right) if right.op.precedence() > precedence => {
            for part in chain(right) {
                add_precedences(part, found);
            }
        }
        Expr::Unary(right) => found.clash = found.clash.max(clash(expr.op, right)),
        _ => {}
    }
}

/// `expr` and, as long as no parentheses are due, its left operands, from the outside in.
fn chain(expr: &BinaryExpr) -> Vec<&BinaryExpr> {
    let mut parts = vec![expr];
    let mut next = expr;
    while let Expr::Binary(left) = &next.left {
        if left.op.precedence() < next.op.precedence() {
            break;
        }
        parts.push(left);
        next = left;
    }
    parts
}

fn clash(op: BinaryOp, right: &UnaryExpr) -> u8 {
    match (op, right.op) {
        (BinaryOp::Divide, UnaryOp::Default) => 8,
        (BinaryOp::Add, UnaryOp::Plus) | (BinaryOp::Subtract, UnaryOp::Minus) => 6,
        _ => 0,
    }
}

/// The lowest precedence that gets no blanks.
fn cutoff(found: Precedences, depth: usize) -> u8 {
    match found {
        Precedences { clash: 1.., .. } => found.clash + 1,
        Precedences {
            sums: true,
            products: true,
            ..
        } => {
            if depth == 1 {
                7
            } else {
                6
            }
        }
        _ => {
            if depth == 1 {
                8
            } else {
                6
            }
        }
    }
}

impl<'a> Formatter<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        self.expr_within(expr, LOWEST, 1);
    }

    /// Prints an identifier with its comments.
    pub(super) fn ident(&mut self, ident: &'a Ident) {
        self.before(&ident.meta);
        self.ident_text(ident);
        self.after();
    }

    fn ident_text(&mut self, ident: &Ident) {
        self.printer.at(ident.meta.pos());
        self.printer.text(ident.name.as_str());
    }

    fn basic(&mut self, literal: &'a BasicLit) {
        self.before(&literal.meta);
        self.printer.at(literal.meta.pos());
        self.printer.literal(literal);
        self.after();
    }

    fn expr_within(&mut self, expr: &'a Expr, precedence: u8, depth: usize) {
        match expr {
            Expr::Struct(body) => self.before_struct(body),
            expr => self.before(expr.meta()),
        }
        self.bare(expr, precedence, depth);
        self.after();
    }

    /// Prints an expression whose node is open.
    fn bare(&mut self, expr: &'a Expr, precedence: u8, depth: usize) {
        match expr {
            Expr::Bad(x) => self.word(x.meta.pos(), "_|_"),
            Expr::Bottom(x) => self.token_at(x.meta.pos(), "_|_"),
            Expr::Alias(x) => {
                self.label_name(&x.ident);
                self.token_at(x.equal, "=");
                self.expr(&x.expr);
            }
            Expr::Ident(x) => self.ident_text(x),
            Expr::Basic(x) => {
                self.printer.at(x.meta.pos());
                self.printer.literal(x);
            }
            Expr::Binary(x) => {
                let cutoff = cutoff(self.precedences(x), depth);
                self.binary(x, precedence, cutoff, depth);
            }
            Expr::Unary(x) => self.unary(expr, x, precedence, depth),
            Expr::Interpolation(x) => self.interpolation(x, depth),
            Expr::Paren(x) => self.paren(x, depth),
            Expr::Selector(x) => {
                self.selector(x, depth);
            }
            Expr::Index(x) => {
                self.expr_within(&x.base, HIGHEST, 1);
                self.token_at(x.lbrack, "[");
                self.expr_within(&x.index, LOWEST, depth + 1);
                self.token_at(x.rbrack, "]");
            }
            Expr::Slice(x) => {
                self.expr_within(&x.base, HIGHEST, 1);
                self.token_at(x.lbrack, "[");
                if let Some(low) = &x.low {
                    self.expr_within(low, LOWEST, depth + 1);
                }
                let is_binary = |expr: &Option<Expr>| matches!(expr, Some(Expr::Binary(_)));
                let apart = depth <= 1
                    && x.low.is_some()
                    && x.high.is_some()
                    && (is_binary(&x.low) || is_binary(&x.high));
                let gap = if apart { Space::BLANK } else { Space::NONE };
                self.space(gap);
                self.token(":");
                self.space(gap);
                if let Some(high) = &x.high {
                    self.expr_within(high, LOWEST, depth + 1);
                }
                self.token_at(x.rbrack, "]");
            }
            Expr::Call(x) => {
                let depth = if x.args.len() > 1 { depth + 1 } else { depth };
                let broken = match &x.function {
                    Expr::Selector(selector) => self.selector(selector, depth),
                    function => {
                        self.expr_within(function, HIGHEST, depth);
                        false
                    }
                };
                self.token_at(x.lparen, "(");
                self.arguments(&x.args, depth);
                self.space(Space::TRAILING_COMMA | Space::NO_BLANK);
                self.token_at(x.rparen, ")");
                if broken {
                    self.space(Space::UNINDENT);
                }
            }
            Expr::Struct(x) => self.structure(x),
            Expr::List(x) => self.list(x),
            Expr::Ellipsis(x) => self.ellipsis(x),
            Expr::Comprehension(x) => self.comprehension(x),
        }
    }

    fn unary(&mut self, expr: &'a Expr, unary: &'a UnaryExpr, precedence: u8, depth: usize) {
        if UnaryOp::PRECEDENCE < precedence {
            self.token("(");
            self.space(Space::FIXED);
            self.expr(expr);
            self.token(")");
            return;
        }
        self.token_at(unary.meta.pos(), unary.op.as_str());
        self.space(Space::FIXED);
        self.expr_within(&unary.operand, UnaryOp::PRECEDENCE, depth);
    }

    /// Prints a chain: down its left side, then operator after operator.
    /// What the chain of `expr` has.
    fn precedences(&mut self, expr: &BinaryExpr) -> Precedences {
        let key = |part: &BinaryExpr| std::ptr::from_ref(part).addr();
        if let Some(found) = self.chains.get(&key(expr)) {
            return *found;
        }
        let parts = chain(expr);
        let mut found = Precedences::default();
        for part in parts.iter().rev() {
            add_precedences(part, &mut found);
            if parts.len() > LONG_CHAIN {
                self.chains.insert(key(part), found);
            }
        }
        found
    }

    fn binary(&mut self, binary: &'a BinaryExpr, outer: u8, cutoff: u8, depth: usize) {
        let precedence = binary.op.precedence();
        if precedence < outer {
            self.token("(");
            self.space(Space::FIXED);
            self.before(&binary.meta);
            let depth = depth.saturating_sub(1).max(1);
            let cutoff = self::cutoff(self.precedences(binary), depth);
            self.binary(binary, LOWEST, cutoff, depth);
            self.after();
            self.token(")");
            return;
        }
        let mut blank = precedence < cutoff;
        let same = matches!(&binary.left, Expr::Binary(left) if left.op.precedence() == precedence);
        let left_depth = if same { depth } else { depth + 1 };
        // a line may not end before the operator: comments behind a chain that is the left operand wait for it
        let mut waiting: Vec<&CommentGroup> = Vec::new();
        if let Expr::Binary(left) = &binary.left {
            let (before, behind) = left
                .meta
                .comments
                .groups()
                .iter()
                .partition(|group| group.position <= 0);
            waiting = behind;
            self.open(self.current.separator, before);
            self.bare(&binary.left, precedence, left_depth);
            self.after();
        } else {
            self.expr_within(&binary.left, precedence, left_depth);
        }
        self.space(Space::FIXED);
        if blank {
            self.space(Space::BLANK);
        }
        self.token_at(binary.op_pos, binary.op.as_str());
        for group in waiting {
            self.comment(group);
        }
        if binary.right.pos().is_newline() {
            self.space(Space::BREAK);
            blank = false;
        } else {
            self.space(Space::FIXED);
        }
        if blank {
            self.space(Space::BLANK);
        }
        self.expr_within(&binary.right, precedence + 1, depth + 1);
    }

    pub(super) fn interpolation(&mut self, interpolation: &'a Interpolation, depth: usize) {
        self.before_list();
        self.basic(&interpolation.first);
        for step in &interpolation.steps {
            self.expr_within(&step.expr, LOWEST, depth + 1);
            self.basic(&step.text);
        }
        self.after();
    }

    pub(super) fn paren(&mut self, paren: &'a ParenExpr, depth: usize) {
        if matches!(paren.expr, Expr::Paren(_)) {
            self.expr_within(&paren.expr, LOWEST, depth);
            return;
        }
        self.token_at(paren.meta.pos(), "(");
        self.expr_within(&paren.expr, LOWEST, depth.saturating_sub(1).max(1));
        self.token_at(paren.rparen, ")");
    }

    /// Prints a selector; says whether it goes over two lines.
    fn selector(&mut self, selector: &'a SelectorExpr, depth: usize) -> bool {
        self.expr_within(&selector.base, HIGHEST, depth);
        self.token(".");
        let broken = selector.selector.pos().is_newline();
        self.space(if broken {
            Space::INDENT | Space::BREAK
        } else {
            Space::NO_BLANK
        });
        match &selector.selector {
            Selector::Ident(ident) => self.ident(ident),
            Selector::String(literal) => self.basic(literal),
        }
        if broken {
            self.space(Space::UNINDENT);
        }
        broken
    }

    fn arguments(&mut self, args: &'a [Expr], depth: usize) {
        self.before_list();
        for arg in args {
            match arg {
                Expr::Struct(body) => self.before_struct(body),
                arg => self.before(arg.meta()),
            }
            self.bare(arg, LOWEST, depth);
            self.space(Space::COMMA | Space::BLANK);
            self.after();
        }
        self.after();
    }

    pub(super) fn structure(&mut self, body: &'a StructLit) {
        let mut wish = Space::NO_BLANK;
        let mut line_break = self.line_break();
        let begins = body.elts.first().map(crate::ast::Decl::pos);
        let unplaced = |pos: crate::ast::Pos| pos.rel == crate::ast::RelPos::None;
        match begins {
            None => {
                let inside = body
                    .meta
                    .comments
                    .groups()
                    .iter()
                    .any(|group| group.position == 1);
                if !inside {
                    line_break = Space::BLANK | Space::FIXED;
                }
            }
            Some(first) if unplaced(body.rbrace) || unplaced(first) => {
                wish |= Space::LINE | Space::FIXED;
            }
            Some(_) => {}
        }
        self.token_at(body.lbrace, "{");
        let line = self.printer.lines;
        self.space(wish | line_break | Space::INDENT);
        self.printer.brace_on_line = true;
        self.decls(&body.elts);
        self.space(Space::UNINDENT);
        let mut wish = Space::NO_BLANK;
        if self.printer.lines != line {
            wish |= Space::LINE;
            if self.printer.last != Last::ClosingBracket {
                wish |= Space::FIXED;
            }
        }
        self.space(wish);
        self.token_at(body.rbrace, "}");
    }

    pub(super) fn list(&mut self, list: &'a ListLit) {
        let mut wish = Space::NO_BLANK | Space::INDENT;
        if list.elts.is_empty() {
            let inside = list
                .meta
                .comments
                .groups()
                .iter()
                .any(|group| group.position == 1);
            if !inside {
                wish |= Space::BLANK | Space::FIXED;
            }
        }
        self.token_at(list.meta.pos(), "[");
        self.space(wish);
        self.elements(&list.elts);
        self.space(Space::TRAILING_COMMA | Space::NO_BLANK);
        self.comments_here();
        self.space(Space::UNINDENT);
        self.space(Space::NO_BLANK);
        self.token_at(list.rbrack, "]");
    }

    fn elements(&mut self, elements: &'a [Expr]) {
        self.before_list();
        for element in elements {
            match element {
                Expr::Struct(body) => self.before_struct(body),
                element => self.before(element.meta()),
            }
            // a comma cannot stand behind a comment: those that follow the element wait for it
            let pos = element.pos();
            if pos.is_valid() {
                let groups = element.meta().comments.groups();
                self.current.comments = groups
                    .iter()
                    .filter(|group| pos.offset < group.pos().offset)
                    .collect();
                self.current.printed = self.current.comments.len();
            }
            match element {
                Expr::Alias(alias) => {
                    self.ident(&alias.ident);
                    self.token_at(alias.equal, "=");
                    self.expr(&alias.expr);
                }
                element => self.bare(element, LOWEST, 1),
            }
            self.space(Space::COMMA | Space::BLANK);
            if pos.is_valid() {
                self.current.printed = 0;
            }
            self.after();
        }
        self.after();
    }

    pub(super) fn ellipsis(&mut self, ellipsis: &'a Ellipsis) {
        self.token_at(ellipsis.meta.pos(), "...");
        if let Some(element) = &ellipsis.element
            && element.as_ident() != Some("_")
        {
            self.expr(element);
        }
    }

    pub(super) fn comprehension(&mut self, comprehension: &'a Comprehension) {
        self.before_list();
        for (index, clause) in comprehension.clauses.iter().enumerate() {
            self.before(clause.meta());
            if index > 0 {
                self.space(Space::BLANK);
            }
            self.clause(clause);
            self.after();
        }
        self.after();
        self.space(Space::BLANK | Space::FIXED);
        self.before_struct(&comprehension.value);
        self.structure(&comprehension.value);
        self.after();
    }

    fn clause(&mut self, clause: &'a Clause) {
        match clause {
            Clause::For(x) => {
                self.word(x.meta.pos(), "for");
                self.space(Space::BLANK | Space::INDENT);
                match &x.key {
                    Some(key) => {
                        self.label_name(key);
                        self.token_at(x.comma, ",");
                        self.space(Space::BLANK);
                    }
                    None => self.absent(),
                }
                self.label_name(&x.value);
                self.space(Space::BLANK);
                self.word(x.in_pos, "in");
                self.space(Space::BLANK);
                self.expr(&x.source);
            }
            Clause::If(x) => {
                self.word(x.meta.pos(), "if");
                self.space(Space::BLANK | Space::INDENT);
                self.expr(&x.condition);
            }
            Clause::Let(x) => {
                self.token_at(x.meta.pos(), "let");
                self.space(Space::BLANK | Space::FIXED | Space::INDENT);
                self.ident(&x.ident);
                self.space(Space::BLANK | Space::FIXED);
                self.token_at(x.equal, "=");
                self.space(Space::BLANK);
                self.expr(&x.expr);
            }
        }
        self.printer.leave_level();
    }
}
