//! Comprehensions and `let`.
//!
//! `for`, `if` and `let` are also names of fields, so each is read one token further before it is
//! decided which it is.

use super::cursor::Cursor;
use crate::Text;
use crate::ast::{Clause, Comprehension, ForClause, Ident, IfClause, LetClause, Meta, Pos};
use crate::scan::Tok;

/// What a word at the beginning of a declaration turned out to be.
type OrName<T> = Result<T, Ident>;

fn named(meta: Meta, name: &'static str) -> Ident {
    Ident {
        meta,
        name: Text::from(name),
    }
}

impl Cursor<'_> {
    /// Reads clauses and the struct behind them; or the word that begins them as a name.
    ///
    /// The caller opens and closes the comprehension's node.
    pub(super) fn comprehension_or_name(&mut self) -> OrName<Comprehension> {
        let meta = self.begin();
        let clauses = self.clauses()?;
        self.comments.open_node();
        let mut value = self.structure();
        self.comments.close_node(&mut value.meta);
        Ok(Comprehension {
            meta: self.ended(meta),
            clauses,
            value,
        })
    }

    fn clauses(&mut self) -> OrName<Vec<Clause>> {
        let mut clauses = Vec::new();
        loop {
            let first = clauses.is_empty();
            let clause = match self.tok() {
                Tok::For => Clause::For(Box::new(self.for_clause(first)?)),
                Tok::If => Clause::If(Box::new(self.if_clause(first)?)),
                Tok::Let => Clause::Let(Box::new(self.let_in_clauses())),
                _ => return Ok(clauses),
            };
            clauses.push(clause);
            if self.at(Tok::Comma) {
                self.next();
            }
        }
    }

    fn for_clause(&mut self, first: bool) -> OrName<ForClause> {
        self.comments.open_node();
        let word = self.token_meta();
        self.next();
        let is_name = matches!(
            self.tok(),
            Tok::Colon | Tok::Bind | Tok::Option | Tok::Not | Tok::Comma | Tok::Eof
        );
        if first && is_name {
            let mut name = named(word, "for");
            self.comments.close_node(&mut name.meta);
            return Err(name);
        }
        let mut value = self.ident();
        let mut key = None;
        let mut comma = Pos::NONE;
        if self.at(Tok::Comma) {
            comma = self.pos();
            self.next();
            key = Some(value);
            value = self.ident();
        }
        self.comments.set_position(4);
        let in_pos = self.expect(Tok::In);
        let source = self.expr();
        let mut meta = self.ended(word);
        self.comments.close_node(&mut meta);
        Ok(ForClause {
            meta,
            key,
            comma,
            value,
            in_pos,
            source,
        })
    }

    fn if_clause(&mut self, first: bool) -> OrName<IfClause> {
        self.comments.open_node();
        let word = self.token_meta();
        self.next();
        let is_name = match self.tok() {
            Tok::Colon | Tok::Bind | Tok::Option | Tok::Comma | Tok::Eof => true,
            Tok::Not => first && self.peek() == Tok::Colon,
            _ => false,
        };
        if first && is_name {
            let mut name = named(word, "if");
            self.comments.close_node(&mut name.meta);
            return Err(name);
        }
        let condition = self.expr();
        let mut meta = self.ended(word);
        self.comments.close_node(&mut meta);
        Ok(IfClause { meta, condition })
    }

    fn let_in_clauses(&mut self) -> LetClause {
        self.comments.open_node();
        let word = self.token_meta();
        self.next();
        let mut clause = self.let_body(word);
        self.comments.close_node(&mut clause.meta);
        clause
    }

    fn let_body(&mut self, word: Meta) -> LetClause {
        let ident = self.ident();
        let equal = self.expect(Tok::Bind);
        let expr = self.expr();
        LetClause {
            meta: self.ended(word),
            ident,
            equal,
            expr,
        }
    }

    /// Reads a `let` declaration, or the word as a name.
    pub(super) fn let_or_name(&mut self) -> OrName<LetClause> {
        self.comments.open_node();
        let word = self.token_meta();
        self.next();
        if !self.at(Tok::Ident) {
            self.comments.close_nothing();
            return Err(named(word, "let"));
        }
        let mut clause = self.let_body(word);
        self.declaration_comma();
        self.comments.close_node(&mut clause.meta);
        Ok(clause)
    }
}
