//! Declarations: what stands in a struct or file.
//!
//! Whether `a` begins a field or is embedded shows only behind it, so what may be a label is first
//! read as an expression ([`Start::Maybe`]) and turned into a label when a colon follows.

use super::cursor::Cursor;
use crate::ast::{
    Attribute, BadDecl, BadExpr, Constraint, Decl, Ellipsis, EmbedDecl, Expr, Field, Ident, Label,
    LabelAlias, LitKind, Pos, StructLit,
};
use crate::scan::Tok;

/// The beginning of a declaration.
enum Start {
    /// A comprehension or `let`, already complete.
    Decl(Decl),
    /// Something with the form of a label.
    Maybe(Expr),
    /// An expression that is no label.
    Expr(Expr),
    /// Nothing has been read.
    Nothing,
}

/// Which side of a colon is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn can_be_label(expr: &Expr) -> bool {
    match expr {
        Expr::Ident(_) | Expr::Interpolation(_) | Expr::Paren(_) | Expr::List(_) => true,
        Expr::Basic(literal) => matches!(
            literal.kind,
            LitKind::String | LitKind::Null | LitKind::True | LitKind::False
        ),
        Expr::Alias(alias) => match &alias.expr {
            // any literal has the form of a label; which of them name a field is decided later
            Expr::Basic(_) => true,
            expr => can_be_label(expr),
        },
        _ => false,
    }
}

fn into_label(expr: Expr) -> Result<Label, Expr> {
    match expr {
        Expr::Alias(alias) => {
            let alias = *alias;
            let label = into_label(alias.expr)?;
            Ok(Label::Alias(Box::new(LabelAlias {
                meta: alias.meta,
                ident: alias.ident,
                equal: alias.equal,
                label,
            })))
        }
        expr => expr.into_label(),
    }
}

impl Cursor<'_> {
    /// Reads declarations up to the end of the struct or file.
    pub(super) fn declarations(&mut self, decls: &mut Vec<Decl>) {
        self.comments.open_list();
        while !matches!(self.tok(), Tok::RBrace | Tok::Eof) {
            let before = self.token.lo;
            match self.tok() {
                Tok::Attribute => {
                    let attribute = self.attribute();
                    decls.push(Decl::Attribute(Box::new(attribute)));
                    self.declaration_comma();
                }
                Tok::Ellipsis => {
                    self.comments.open_node();
                    let mut meta = self.token_meta();
                    self.next();
                    self.comments.close_node(&mut meta);
                    decls.push(Decl::Ellipsis(Box::new(Ellipsis {
                        meta,
                        element: None,
                    })));
                    self.declaration_comma();
                }
                _ => {
                    self.comments.open_node();
                    let mut decl = self.field();
                    match decl.meta_mut() {
                        Some(meta) => self.comments.close_node(meta),
                        None => self.comments.close_nothing(),
                    }
                    decls.push(decl);
                }
            }
            if self.token.lo == before && !matches!(self.tok(), Tok::RBrace | Tok::Eof) {
                self.next();
            }
        }
        self.comments.close_list();
    }

    /// Reads the comma after a declaration, or reports that it is missing.
    pub(super) fn declaration_comma(&mut self) {
        if self.at_comma("a struct", &[Tok::RBrace, Tok::Eof]) {
            self.next();
        }
    }

    pub(super) fn attribute(&mut self) -> Attribute {
        self.comments.open_node();
        let mut attribute = Attribute {
            meta: self.token_meta(),
            text: std::mem::take(&mut self.token.text),
        };
        self.next();
        self.comments.close_node(&mut attribute.meta);
        attribute
    }

    fn start(&mut self, side: Side) -> Start {
        let expr = match self.tok() {
            Tok::For | Tok::If if side == Side::Right => self.expr(),
            Tok::For | Tok::If => {
                self.comments.open_node();
                match self.comprehension_or_name() {
                    Ok(mut comprehension) => {
                        if self.at_comma("a struct", &[Tok::RBrace]) {
                            self.next();
                        }
                        self.comments.close_node(&mut comprehension.meta);
                        return Start::Decl(Decl::Comprehension(Box::new(comprehension)));
                    }
                    Err(name) => {
                        self.comments.close_nothing();
                        Expr::Ident(name)
                    }
                }
            }
            Tok::Let => match self.let_or_name() {
                Ok(clause) => return Start::Decl(Decl::Let(Box::new(clause))),
                Err(name) => Expr::Ident(name),
            },
            Tok::Ident
            | Tok::String
            | Tok::Interpolation
            | Tok::LParen
            | Tok::Null
            | Tok::True
            | Tok::False
            | Tok::In
            | Tok::Func
            | Tok::LBrack => self.expr(),
            _ => return Start::Nothing,
        };
        let expr = match expr {
            Expr::Ident(ident) => {
                self.check_reserved(&ident, side);
                self.alias(Expr::Ident(ident))
            }
            expr => expr,
        };
        if can_be_label(&expr) {
            Start::Maybe(expr)
        } else {
            Start::Expr(expr)
        }
    }

    fn check_reserved(&mut self, ident: &Ident, side: Side) {
        if side == Side::Left && ident.name.starts_with("__") {
            let at = self.offset_of(ident.meta.span.lo);
            self.error(at, "identifiers that begin with `__` are reserved");
        }
    }

    /// Reads a field, an embedding, a comprehension or a `let`.
    fn field(&mut self) -> Decl {
        let meta = self.begin();
        let first = self.tok();
        let label = match self.start(Side::Left) {
            Start::Decl(decl) => return decl,
            Start::Maybe(expr) => expr,
            Start::Expr(expr) => return self.embedding(expr),
            Start::Nothing => {
                let expr = self.expr();
                return self.embedding(expr);
            }
        };
        let (constraint, constraint_pos) = self.constraint();
        match self.tok() {
            Tok::Colon => {}
            Tok::Comma | Tok::RBrace | Tok::Eof => {
                if self.at(Tok::Comma) {
                    self.next();
                }
                return self.label_alone(label, first);
            }
            _ => {
                self.expected("a label or `:`");
                return Decl::Bad(Box::new(BadDecl {
                    meta: self.ended(meta),
                }));
            }
        }
        let label = match into_label(label) {
            Ok(label) => label,
            Err(expr) => return self.embedding(expr),
        };
        let mut field = self.field_from(label, constraint, constraint_pos);
        field.meta.rel = meta.rel;
        Decl::Field(Box::new(field))
    }

    /// What had the form of a label and is followed by no colon.
    fn label_alone(&mut self, expr: Expr, first: Tok) -> Decl {
        if let Expr::Alias(alias) = expr {
            let at = self.offset_of(alias.ident.meta.span.lo);
            self.error(at, "an alias is written `let X = expr`");
            return Decl::Alias(alias);
        }
        let embeds = matches!(
            first,
            Tok::Ident
                | Tok::LBrack
                | Tok::LParen
                | Tok::String
                | Tok::Interpolation
                | Tok::Null
                | Tok::True
                | Tok::False
                | Tok::For
                | Tok::If
                | Tok::Let
                | Tok::In
        );
        let meta = self.begin_at(expr.span());
        if embeds {
            return Decl::Embed(Box::new(EmbedDecl { meta, expr }));
        }
        self.expected("a label or `:`");
        Decl::Bad(Box::new(BadDecl { meta }))
    }

    fn embedding(&mut self, expr: Expr) -> Decl {
        if let Expr::Alias(alias) = expr {
            let at = self.offset_of(alias.ident.meta.span.lo);
            self.error(at, "an alias is written `let X = expr`");
            self.declaration_comma();
            return Decl::Alias(alias);
        }
        let meta = self.begin_at(expr.span());
        self.declaration_comma();
        Decl::Embed(Box::new(EmbedDecl { meta, expr }))
    }

    fn constraint(&mut self) -> (Option<Constraint>, Pos) {
        let constraint = match self.tok() {
            Tok::Option => Constraint::Optional,
            Tok::Not => Constraint::Required,
            _ => return (None, Pos::NONE),
        };
        let pos = self.pos();
        self.next();
        (Some(constraint), pos)
    }

    /// Reads a field from its colon on, with the fields that `a: b: c` nests in it.
    fn field_from(
        &mut self,
        label: Label,
        constraint: Option<Constraint>,
        constraint_pos: Pos,
    ) -> Field {
        let mut outer: Vec<Field> = Vec::new();
        let mut innermost = self.field_head(label, constraint, constraint_pos);
        loop {
            if let Label::List(list) = &innermost.label
                && list.elts.len() != 1
            {
                let at = self.offset_of(list.meta.span.lo);
                self.error(at, "a pattern in brackets has exactly one element");
            }
            let expr = match self.start(Side::Right) {
                Start::Maybe(expr) if matches!(self.tok(), Tok::Colon | Tok::Option | Tok::Not) => {
                    expr
                }
                Start::Maybe(expr) | Start::Expr(expr) => {
                    innermost.value = expr;
                    break;
                }
                Start::Nothing | Start::Decl(_) => {
                    innermost.value = self.expr();
                    break;
                }
            };
            let label = match into_label(expr) {
                Ok(label) => label,
                Err(expr) => {
                    innermost.value = expr;
                    break;
                }
            };
            let (constraint, constraint_pos) = self.constraint();
            if !self.at(Tok::Colon) {
                self.expected("`:`");
                let field = self.field_without_value(label, constraint, constraint_pos);
                outer.push(std::mem::replace(&mut innermost, field));
                break;
            }
            self.deeper();
            let field = self.field_head(label, constraint, constraint_pos);
            outer.push(std::mem::replace(&mut innermost, field));
        }
        innermost.attrs = self.attributes();
        innermost.meta = self.begin_at(innermost.label.span());
        self.shallower(u32::try_from(outer.len()).unwrap_or(u32::MAX));
        let mut field = innermost;
        while let Some(mut enclosing) = outer.pop() {
            enclosing.meta = self.begin_at(enclosing.label.span());
            let meta = field.meta.clone();
            let (from, to) = (self.offset_of(meta.span.lo), self.offset_of(meta.span.hi));
            enclosing.value = Expr::Struct(Box::new(StructLit {
                meta,
                elts: vec![Decl::Field(Box::new(field))],
                one_line: self.same_line(from, to),
                ..StructLit::default()
            }));
            field = enclosing;
        }
        self.declaration_comma();
        field
    }

    fn field_without_value(
        &self,
        label: Label,
        constraint: Option<Constraint>,
        constraint_pos: Pos,
    ) -> Field {
        Field {
            meta: self.begin(),
            label,
            constraint,
            constraint_pos,
            colon: self.pos(),
            value: Expr::Bad(BadExpr { meta: self.begin() }),
            attrs: Vec::new(),
        }
    }

    fn field_head(
        &mut self,
        label: Label,
        constraint: Option<Constraint>,
        constraint_pos: Pos,
    ) -> Field {
        let field = self.field_without_value(label, constraint, constraint_pos);
        self.next();
        field
    }

    fn attributes(&mut self) -> Vec<Attribute> {
        self.comments.open_list();
        let mut attributes = Vec::new();
        while self.at(Tok::Attribute) {
            attributes.push(self.attribute());
        }
        self.comments.close_list();
        attributes
    }
}
