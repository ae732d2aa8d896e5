//! Expressions: operators, and what may follow an operand.
//!
//! Binary operators are read by precedence climbing; chains of one precedence are a loop and so is
//! `a.b[c](d)`, but both make trees that are deep on the left, so their length is in the budget.

use super::cursor::Cursor;
use crate::ast::{
    BasicLit, BinaryExpr, CallExpr, Expr, Ident, IndexExpr, LitKind, Selector, SelectorExpr,
    SliceExpr, UnaryExpr,
};
use crate::scan::Tok;

impl Cursor<'_> {
    /// Reads an expression.
    pub(super) fn expr(&mut self) -> Expr {
        self.comments.open_node();
        let mut expr = self.binary(1);
        self.comments.close_node(expr.meta_mut());
        expr
    }

    fn binary(&mut self, precedence: u8) -> Expr {
        self.comments.open_list();
        let operand = self.unary();
        let expr = self.binary_tail(precedence, operand);
        self.comments.close_list();
        expr
    }

    /// Reads the operators of at least `precedence` that follow the operand `left`.
    pub(super) fn binary_tail(&mut self, precedence: u8, mut left: Expr) -> Expr {
        let mut count = 0;
        loop {
            let Some(op) = self.tok().binary(&self.token.text) else {
                return left;
            };
            if op.precedence() < precedence {
                return left;
            }
            count += 1;
            self.chained(count);
            self.comments.open_node();
            self.comments.set_position(1);
            let op_pos = self.pos();
            self.next();
            self.deeper();
            let right = self.binary(op.precedence() + 1);
            self.shallower(1);
            let mut meta = self.begin_at(left.span());
            self.comments.close_node(&mut meta);
            left = Expr::Binary(Box::new(BinaryExpr {
                meta,
                left,
                op_pos,
                op,
                right,
            }));
        }
    }

    /// Reads an operand with the operators before it.
    pub(super) fn unary(&mut self) -> Expr {
        let op = self
            .tok()
            .unary()
            .filter(|_| !self.at(Tok::Equal) || self.struct_compare);
        let Some(op) = op else {
            return self.primary();
        };
        self.comments.open_node();
        let meta = self.begin();
        self.next();
        self.deeper();
        let operand = self.unary();
        self.shallower(1);
        let mut meta = self.ended(meta);
        self.comments.close_node(&mut meta);
        Expr::Unary(Box::new(UnaryExpr { meta, op, operand }))
    }

    fn primary(&mut self) -> Expr {
        let mut expr = self.operand();
        let mut levels = 0;
        loop {
            expr = match self.tok() {
                Tok::Period => self.selector(expr),
                Tok::LBrack => self.index_or_slice(expr),
                Tok::LParen => self.call(expr),
                _ => break,
            };
            levels += 1;
            self.deeper();
        }
        self.shallower(levels);
        expr
    }

    fn selector(&mut self, base: Expr) -> Expr {
        self.comments.open_node();
        self.comments.set_position(1);
        self.next();
        let plain_string = self.at(Tok::String)
            && self.token.text.starts_with('"')
            && !self.token.text.starts_with("\"\"");
        let selector = if self.at(Tok::Ident) {
            Selector::Ident(self.ident())
        } else if plain_string {
            let meta = self.token_meta();
            let text = std::mem::take(&mut self.token.text);
            self.next();
            Selector::String(BasicLit {
                meta,
                kind: LitKind::String,
                text,
            })
        } else if self.tok().is_keyword() {
            Selector::Ident(self.keyword_ident())
        } else {
            let meta = self.token_meta();
            self.expected("a selector");
            self.next();
            let mut ident = Ident::new("_");
            ident.meta = meta;
            Selector::Ident(ident)
        };
        let mut meta = self.begin_at(base.span());
        self.comments.close_node(&mut meta);
        Expr::Selector(Box::new(SelectorExpr {
            meta,
            base,
            selector,
        }))
    }

    fn index_or_slice(&mut self, base: Expr) -> Expr {
        self.comments.open_node();
        self.comments.set_position(1);
        let lbrack = self.expect(Tok::LBrack);
        self.deeper();
        let low = (!self.at(Tok::Colon)).then(|| self.expr());
        let mut high = None;
        let is_slice = self.at(Tok::Colon);
        if is_slice {
            self.next();
            if !matches!(self.tok(), Tok::Colon | Tok::RBrack | Tok::Eof) {
                high = Some(self.expr());
            }
        }
        self.shallower(1);
        let rbrack = self.expect(Tok::RBrack);
        let mut meta = self.begin_at(base.span());
        self.comments.close_node(&mut meta);
        match (is_slice, low) {
            (false, Some(index)) => Expr::Index(Box::new(IndexExpr {
                meta,
                base,
                lbrack,
                index,
                rbrack,
            })),
            (_, low) => Expr::Slice(Box::new(SliceExpr {
                meta,
                base,
                lbrack,
                low,
                high,
                rbrack,
            })),
        }
    }

    fn call(&mut self, function: Expr) -> Expr {
        self.comments.open_node();
        self.comments.open_list();
        let lparen = self.expect(Tok::LParen);
        self.deeper();
        let mut args = Vec::new();
        while !matches!(self.tok(), Tok::RParen | Tok::Eof) {
            args.push(self.expr());
            if !self.at_comma("the arguments", &[Tok::RParen]) {
                break;
            }
            self.next();
        }
        self.shallower(1);
        let rparen = self.expect_closing(Tok::RParen, "the arguments");
        self.comments.close_list();
        let mut meta = self.begin_at(function.span());
        self.comments.close_node(&mut meta);
        Expr::Call(Box::new(CallExpr {
            meta,
            function,
            lparen,
            args,
            rparen,
        }))
    }
}
