//! Printing declarations.

use super::Formatter;
use super::printer::Space;
use crate::ast::{
    Decl, Expr, Field, Ident, ImportDecl, ImportSpec, Label, LitKind, Pos, RelPos, StructLit,
};
use crate::literal::{self, Form};

/// How many fields are nested in `a: b: c`; 0 when the last one has a struct with several parts.
fn nest_depth(field: &Field) -> usize {
    match &field.value {
        Expr::Struct(body) => match body.elts.as_slice() {
            [Decl::Field(inner)] => 1 + nest_depth(inner),
            [_] => 1,
            _ => 0,
        },
        _ => 1,
    }
}

fn has_comments(decl: &Decl) -> bool {
    !decl.comments().is_empty()
        || match decl {
            Decl::Field(field) => !field.label.meta().comments.is_empty(),
            Decl::Alias(alias) => !alias.ident.meta.comments.is_empty(),
            Decl::Let(clause) => !clause.ident.meta.comments.is_empty(),
            _ => false,
        }
}

/// Whether the declaration only says that more fields are allowed.
fn is_ellipsis(decl: &Decl) -> bool {
    match decl {
        Decl::Ellipsis(_) => true,
        Decl::Field(field) => {
            let pattern = match &field.label {
                Label::List(list) => match list.elts.as_slice() {
                    [Expr::Ident(ident)] => ident.name.as_str(),
                    _ => "",
                },
                _ => "",
            };
            field.value.as_ident() == Some("_") && matches!(pattern, "string" | "_")
        }
        _ => false,
    }
}

fn label_ident(label: &Label) -> Option<&Ident> {
    match label.unaliased() {
        Label::Ident(ident) => Some(ident),
        _ => None,
    }
}

fn is_definition(label: &Label) -> bool {
    label_ident(label)
        .is_some_and(|ident| ident.name.starts_with('#') || ident.name.starts_with("_#"))
}

fn is_regular(field: &Field) -> bool {
    label_ident(&field.label).is_none_or(|ident| !ident.name.starts_with(['#', '_']))
}

/// Whether the declaration begins a line, or nothing says that it does not.
fn begins_line(pos: Pos) -> bool {
    pos.rel == RelPos::None || pos.rel >= RelPos::Newline
}

/// Whether a value of several lines may follow, which ends the columns.
fn may_span_lines(expr: &Expr) -> bool {
    match expr {
        Expr::Struct(_) | Expr::List(_) => true,
        Expr::Basic(literal) => literal.text.contains('\n'),
        Expr::Paren(x) => may_span_lines(&x.expr),
        Expr::Unary(x) => may_span_lines(&x.operand),
        Expr::Binary(x) => may_span_lines(&x.left) || may_span_lines(&x.right),
        Expr::Index(x) => may_span_lines(&x.base),
        Expr::Selector(x) => may_span_lines(&x.base),
        Expr::Call(x) => x.args.iter().any(may_span_lines),
        _ => false,
    }
}

impl<'a> Formatter<'a> {
    pub(super) fn decls(&mut self, list: &'a [Decl]) {
        self.before_list();
        let mut depth = 0;
        let mut ellipsis = None;
        let mut any = false;
        for (index, decl) in list.iter().enumerate() {
            let previous = index.checked_sub(1).and_then(|index| list.get(index));
            if let Some(previous) = previous {
                // unlike cue, no comma in front of all: an ellipsis at the start moves to the end
                if any {
                    self.space(Space::DECL_COMMA);
                }
                self.between(previous, decl, depth);
            }
            if self.options.simplify && is_ellipsis(decl) {
                ellipsis = Some(decl);
                continue;
            }
            self.decl(decl);
            any = true;
            depth = match decl {
                Decl::Field(field) => nest_depth(field),
                _ => 0,
            };
            let ends_columns = match list.get(index + 1) {
                Some(Decl::Field(next)) => match &next.value {
                    Expr::Struct(body) => body.has_braces() || body.elts.len() != 1,
                    Expr::List(_) => true,
                    _ => false,
                },
                _ => false,
            };
            let wish = if ends_columns {
                self.line_break()
            } else {
                self.current.outer_separator
            };
            self.space(wish);
        }
        if let Some(decl) = ellipsis {
            match decl.meta() {
                Some(meta) => self.before(meta),
                None => self.before_list(),
            }
            self.token("...");
            self.after();
            self.space(self.current.outer_separator);
        }
        self.after();
    }

    fn between(&mut self, previous: &Decl, decl: &Decl, depth: usize) {
        let next_depth = match decl {
            Decl::Field(field) => nest_depth(field),
            _ => 0,
        };
        if self.current.outer_separator == Space::LINE && (depth == 0 || next_depth != depth) {
            let wish = self.line_break();
            self.space(wish);
        }
        if has_comments(decl) {
            let apart = match previous {
                Decl::Field(field) => is_definition(&field.label),
                _ => true,
            };
            if apart {
                self.space(Space::SECTION);
            }
        }
    }

    pub(super) fn decl(&mut self, decl: &'a Decl) {
        match decl.meta() {
            Some(meta) => self.before(meta),
            None => self.before_list(),
        }
        match decl {
            Decl::Field(field) => self.field(field),
            Decl::Bad(bad) => {
                self.word(bad.meta.pos(), "*bad decl*");
                self.space(Space::DECL_COMMA);
            }
            Decl::Package(package) => {
                self.word(package.meta.pos(), "package");
                self.space(Space::BLANK);
                self.printer.text(package.name.name.as_str());
                self.space(Space::SECTION | Space::FIXED);
            }
            Decl::Import(import) => self.import(import),
            Decl::Let(clause) => {
                if begins_line(clause.meta.pos()) {
                    self.space(Space::BREAK);
                }
                self.token_at(clause.meta.pos(), "let");
                self.space(Space::BLANK | Space::FIXED);
                self.ident(&clause.ident);
                self.space(Space::BLANK | Space::FIXED);
                self.token_at(clause.equal, "=");
                self.space(Space::BLANK);
                self.expr(&clause.expr);
                self.space(Space::DECL_COMMA);
            }
            Decl::Embed(embed) => {
                if begins_line(decl.pos()) {
                    self.space(Space::BREAK);
                }
                self.expr(&embed.expr);
                self.space(Space::LINE);
            }
            Decl::Attribute(attribute) => {
                self.printer.at(attribute.meta.pos());
                self.printer.text(attribute.text.as_str());
            }
            Decl::Comment(group) => {
                self.comment(group);
                self.space(Space::SECTION);
            }
            Decl::Comprehension(comprehension) => {
                if begins_line(comprehension.pos()) {
                    self.space(Space::BREAK);
                }
                self.comprehension(comprehension);
            }
            Decl::Ellipsis(ellipsis) => self.ellipsis(ellipsis),
            Decl::Alias(alias) => {
                if begins_line(decl.pos()) {
                    self.space(Space::BREAK);
                }
                self.ident(&alias.ident);
                self.space(Space::BLANK);
                self.token_at(alias.equal, "=");
                self.space(Space::BLANK);
                self.expr(&alias.expr);
                self.space(Space::DECL_COMMA);
            }
        }
        self.after();
    }

    fn field(&mut self, field: &'a Field) {
        self.label(
            &field.label,
            field.constraint.map(crate::ast::Constraint::as_str),
        );
        self.space(Space::NO_BLANK | Space::FIXED);
        self.token_at(field.colon, ":");
        self.comments_here();
        if let Some(inner) = self.inline_field(field) {
            let on_new_line = matches!(inner, Decl::Field(inner) if inner.label.pos().is_newline());
            if on_new_line && !self.options.simplify {
                self.space(Space::INDENT | Space::BREAK);
                self.decl(inner);
                self.printer.indent = self.printer.indent.saturating_sub(1);
            } else {
                self.space(Space::BLANK | Space::FIXED);
                self.decl(inner);
            }
            return;
        }
        let spans_lines = may_span_lines(&field.value);
        let mut gap = if spans_lines || self.printer.brace_on_line {
            Space::BLANK
        } else {
            Space::CELL
        };
        self.space(gap);
        if matches!(field.value, Expr::List(_) | Expr::Struct(_)) {
            self.expr(&field.value);
        } else {
            self.space(Space::INDENT);
            self.expr(&field.value);
            self.printer.leave_level();
        }
        for attribute in &field.attrs {
            self.before(&attribute.meta);
            self.space(gap);
            self.printer.at(attribute.meta.pos());
            self.printer.text(attribute.text.as_str());
            self.after();
            gap = Space::BLANK;
        }
        if spans_lines {
            self.space(Space::BREAK);
        }
    }

    /// The field that is printed behind the colon of another, without braces.
    fn inline_field(&self, field: &'a Field) -> Option<&'a Decl> {
        let simplify = self.options.simplify;
        let has_place = field.label.pos().is_valid();
        if !(has_place || simplify && is_regular(field)) {
            return None;
        }
        let Expr::Struct(body) = &field.value else {
            return None;
        };
        let [only] = body.elts.as_slice() else {
            return None;
        };
        let commented = !field.meta.comments.is_empty() || !field.label.meta().comments.is_empty();
        if body.has_braces() && (!simplify || commented) || !field.attrs.is_empty() {
            return None;
        }
        let Decl::Field(inner) = only else {
            return None;
        };
        (inner.attrs.is_empty() && !has_comments(only)).then_some(only)
    }

    fn import(&mut self, import: &'a ImportDecl) {
        self.word(import.meta.pos(), "import");
        if import.specs.is_empty() {
            self.space(Space::BLANK);
            self.token_at(import.lparen, "(");
            self.token_at(import.rparen, ")");
            self.space(Space::LINE);
        } else {
            let single = matches!(import.specs.as_slice(), [only] if only.meta.comments.is_empty());
            if single && !import.lparen.is_valid() {
                self.space(Space::BLANK);
                self.import_specs(&import.specs);
            } else {
                self.space(Space::BLANK);
                self.token_at(import.lparen, "(");
                self.space(Space::LINE | Space::INDENT);
                self.import_specs(&import.specs);
                self.space(Space::UNINDENT | Space::LINE);
                self.token_at(import.rparen, ")");
                self.space(Space::LINE);
            }
        }
        self.space(Space::SECTION | Space::FIXED);
    }

    fn import_specs(&mut self, specs: &'a [ImportSpec]) {
        self.before_list();
        for (index, spec) in specs.iter().enumerate() {
            if index > 0 {
                // unlike cue, which joins imports on one line to what does not parse
                self.space(Space::DECL_COMMA);
            }
            self.before(&spec.meta);
            match &spec.name {
                Some(name) => {
                    self.label_name(name);
                    self.space(Space::BLANK);
                }
                None => self.absent(),
            }
            self.before(&spec.path.meta);
            self.printer.at(spec.path.meta.pos());
            self.printer.literal(&spec.path);
            self.after();
            self.space(Space::LINE);
            self.after();
        }
        self.after();
    }

    /// Prints a name as a label, with quotes where it is no identifier.
    pub(super) fn label_name(&mut self, ident: &'a Ident) {
        self.before(&ident.meta);
        self.name_text(ident);
        self.after();
    }

    fn name_text(&mut self, ident: &Ident) {
        let name = ident.name.as_str();
        let text = if literal::is_valid_ident(name) {
            name.to_owned()
        } else {
            literal::quote(name, Form::STRING)
        };
        self.word(ident.meta.pos(), text);
    }

    fn label(&mut self, label: &'a Label, constraint: Option<&'static str>) {
        self.before(label.meta());
        match label {
            Label::Ident(ident) => self.name_text(ident),
            Label::Basic(basic) => {
                let mut text = basic.text.as_str().to_owned();
                if basic.kind == LitKind::String
                    && (text.starts_with("\"\"\"") || text.starts_with('#'))
                    && let Ok(literal::Unquoted::String(value)) = literal::unquote(&text)
                {
                    text = literal::quote(&value, Form::STRING);
                }
                self.word(basic.meta.pos(), text);
            }
            Label::List(list) => {
                self.before(&list.meta);
                self.list(list);
                self.after();
            }
            Label::Paren(paren) => {
                self.before(&paren.meta);
                self.paren(paren, 1);
                self.after();
            }
            Label::Interpolation(interpolation) => {
                self.before(&interpolation.meta);
                self.interpolation(interpolation, 1);
                self.after();
            }
            Label::Alias(alias) => {
                self.before(&alias.meta);
                self.label_name(&alias.ident);
                self.token_at(alias.equal, "=");
                self.label_in_alias(&alias.label);
                self.after();
            }
        }
        if let Some(constraint) = constraint {
            self.token(constraint);
        }
        self.after();
    }

    /// The label behind `X=` is printed as the expression that it looks like.
    fn label_in_alias(&mut self, label: &'a Label) {
        self.before(label.meta());
        match label {
            Label::Ident(ident) => {
                self.printer.at(ident.meta.pos());
                self.printer.text(ident.name.as_str());
            }
            Label::Basic(basic) => {
                self.printer.at(basic.meta.pos());
                self.printer.literal(basic);
            }
            Label::List(list) => self.list(list),
            Label::Paren(paren) => self.paren(paren, 1),
            Label::Interpolation(interpolation) => self.interpolation(interpolation, 1),
            Label::Alias(alias) => {
                self.label_name(&alias.ident);
                self.token_at(alias.equal, "=");
                self.label_in_alias(&alias.label);
            }
        }
        self.after();
    }

    /// Opens a struct's node: with at most one part on one line it stays on one line.
    pub(super) fn before_struct(&mut self, body: &'a StructLit) {
        let one_line = body.elts.len() <= 1
            && self.current.separator != Space::BLANK
            && body.one_line
            && body.pos().is_valid();
        let separator = if one_line {
            Space::BLANK
        } else {
            self.current.separator
        };
        self.open(separator, body.meta.comments.groups().iter().collect());
    }
}
