//! Operands: names, literals, strings with expressions in them, structs, lists, parentheses.

use super::cursor::Cursor;
use crate::Text;
use crate::ast::{
    Alias, BadExpr, BasicLit, BottomLit, Ellipsis, Expr, Ident, Interpolation, InterpolationStep,
    ListLit, LitKind, ParenExpr, StructLit,
};
use crate::scan::Tok;

impl Cursor<'_> {
    /// Reads an identifier; `_` stands for a missing one.
    pub(super) fn ident(&mut self) -> Ident {
        self.comments.open_node();
        let meta = self.token_meta();
        let name = if self.at(Tok::Ident) {
            let name = std::mem::take(&mut self.token.text);
            self.next();
            name
        } else {
            self.expect(Tok::Ident);
            Text::from("_")
        };
        let mut ident = Ident { meta, name };
        self.comments.close_node(&mut ident.meta);
        ident
    }

    /// Reads a keyword as a name.
    pub(super) fn keyword_ident(&mut self) -> Ident {
        self.comments.open_node();
        let meta = self.token_meta();
        let name = std::mem::take(&mut self.token.text);
        self.next();
        let mut ident = Ident { meta, name };
        self.comments.close_node(&mut ident.meta);
        ident
    }

    /// Reads an operand.
    pub(super) fn operand(&mut self) -> Expr {
        match self.tok() {
            Tok::Ident => Expr::Ident(self.ident()),
            Tok::LBrace => Expr::Struct(Box::new(self.structure())),
            Tok::LBrack => Expr::List(Box::new(self.list())),
            Tok::Bottom => {
                self.comments.open_node();
                let mut meta = self.token_meta();
                self.next();
                self.comments.close_node(&mut meta);
                Expr::Bottom(BottomLit { meta })
            }
            Tok::Null => self.literal(LitKind::Null),
            Tok::True => self.literal(LitKind::True),
            Tok::False => self.literal(LitKind::False),
            Tok::Int => self.literal(LitKind::Int),
            Tok::Float => self.literal(LitKind::Float),
            Tok::String => self.literal(LitKind::String),
            Tok::Interpolation => Expr::Interpolation(Box::new(self.interpolation())),
            Tok::LParen => self.parenthesised(),
            tok if tok.is_keyword() => Expr::Ident(self.keyword_ident()),
            _ => {
                self.comments.open_node();
                let meta = self.begin();
                self.expected("an operand");
                self.skip_to_comma();
                let mut meta = self.ended(meta);
                self.comments.close_node(&mut meta);
                Expr::Bad(BadExpr { meta })
            }
        }
    }

    fn literal(&mut self, kind: LitKind) -> Expr {
        self.comments.open_node();
        let mut literal = BasicLit {
            meta: self.token_meta(),
            kind,
            text: std::mem::take(&mut self.token.text),
        };
        self.next();
        self.comments.close_node(&mut literal.meta);
        Expr::Basic(literal)
    }

    fn parenthesised(&mut self) -> Expr {
        self.comments.open_node();
        let meta = self.begin();
        self.next();
        self.deeper();
        self.comments.open_list();
        let expr = self.expr();
        self.comments.close_list();
        self.shallower(1);
        let rparen = self.expect(Tok::RParen);
        let mut meta = self.ended(meta);
        self.comments.close_node(&mut meta);
        Expr::Paren(Box::new(ParenExpr { meta, expr, rparen }))
    }

    fn interpolation(&mut self) -> Interpolation {
        self.comments.open_node();
        let meta = self.begin();
        self.comments.open_list();
        self.comments.open_node();
        let mut first = BasicLit {
            meta: self.token_meta(),
            kind: LitKind::String,
            text: std::mem::take(&mut self.token.text),
        };
        self.next();
        let mut steps: Vec<InterpolationStep> = Vec::new();
        while self.at(Tok::LParen) {
            self.comments.set_outer_position(1);
            self.next();
            let last = steps.last_mut().map_or(&mut first, |step| &mut step.text);
            self.comments.close_node(&mut last.meta);
            self.deeper();
            let expr = self.expr();
            self.shallower(1);
            self.comments.open_node();
            if !self.at(Tok::RParen) {
                self.expected("`)` at the end of the expression in the string");
            }
            let (text, pos, hi) = self.resume_string();
            let mut meta = self.token_meta();
            meta.span.hi = meta.span.lo.max(self.span_end(hi));
            meta.rel = pos.rel;
            self.token.hi = self.token.hi.max(hi);
            self.next();
            let text = BasicLit {
                meta,
                kind: LitKind::String,
                text,
            };
            steps.push(InterpolationStep { expr, text });
        }
        let last = steps.last_mut().map_or(&mut first, |step| &mut step.text);
        self.comments.close_node(&mut last.meta);
        self.comments.close_list();
        let mut meta = self.ended(meta);
        self.comments.close_node(&mut meta);
        Interpolation { meta, first, steps }
    }

    /// Reads a struct with its braces. The caller opens and closes the node.
    pub(super) fn structure(&mut self) -> StructLit {
        let meta = self.begin();
        let from = self.token.lo;
        let lbrace = self.expect(Tok::LBrace);
        self.deeper();
        let mut elts = Vec::new();
        if !self.at(Tok::RBrace) {
            self.declarations(&mut elts);
        }
        self.shallower(1);
        let to = self.token.lo;
        let rbrace = self.expect_closing(Tok::RBrace, "a struct");
        StructLit {
            meta: self.ended(meta),
            lbrace,
            elts,
            rbrace,
            one_line: self.same_line(from, to),
        }
    }

    fn list(&mut self) -> ListLit {
        let meta = self.begin();
        self.expect(Tok::LBrack);
        self.deeper();
        let mut elts = Vec::new();
        self.comments.open_list();
        while !matches!(self.tok(), Tok::RBrack | Tok::Ellipsis | Tok::Eof) {
            let (element, more) = self.list_element();
            elts.push(element);
            if !more {
                break;
            }
        }
        self.comments.close_list();
        if self.at(Tok::Ellipsis) {
            let meta = self.begin();
            self.next();
            let element = (!matches!(self.tok(), Tok::Comma | Tok::RBrack)).then(|| self.expr());
            elts.push(Expr::Ellipsis(Box::new(Ellipsis {
                meta: self.ended(meta),
                element,
            })));
            if self.at_comma("a list", &[Tok::RBrack]) {
                self.next();
            }
        }
        self.shallower(1);
        let rbrack = self.expect_closing(Tok::RBrack, "a list");
        ListLit {
            meta: self.ended(meta),
            elts,
            rbrack,
        }
    }

    /// Reads an element and the comma behind it; says whether another may follow.
    fn list_element(&mut self) -> (Expr, bool) {
        self.comments.open_node();
        let (mut expr, more) = self.list_element_proper();
        self.comments.close_node(expr.meta_mut());
        (expr, more)
    }

    fn list_element_proper(&mut self) -> (Expr, bool) {
        let operand = if matches!(self.tok(), Tok::For | Tok::If) {
            match self.comprehension_or_name() {
                Ok(comprehension) => {
                    if self.at_comma("a list", &[Tok::RBrack]) {
                        self.next();
                    }
                    return (Expr::Comprehension(Box::new(comprehension)), true);
                }
                Err(name) => Expr::Ident(name),
            }
        } else {
            self.unary()
        };
        let expr = self.binary_tail(1, operand);
        let expr = self.alias(expr);
        if self.at(Tok::Comma) && self.token.implied {
            self.next();
            // JSON has no comma after the last element
            if matches!(self.tok(), Tok::RBrack | Tok::For | Tok::If) {
                return (expr, false);
            }
            self.error_here("`,` is missing before the end of the line in a list");
        } else if !self.at_comma("a list", &[Tok::RBrack, Tok::For, Tok::If]) {
            return (expr, false);
        }
        self.next();
        (expr, true)
    }

    /// Reads `= expr` behind an identifier, if it follows.
    pub(super) fn alias(&mut self, name: Expr) -> Expr {
        if !self.at(Tok::Bind) {
            return name;
        }
        let equal = self.pos();
        self.next();
        self.deeper();
        let expr = self.expr();
        self.shallower(1);
        match name {
            Expr::Ident(ident) => Expr::Alias(Box::new(Alias {
                meta: self.begin_at(ident.meta.span),
                ident,
                equal,
                expr,
            })),
            _ => {
                self.error_here("only an identifier can be an alias");
                expr
            }
        }
    }
}
