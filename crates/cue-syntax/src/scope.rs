//! The checks of names that the parser of cue makes.
//!
//! Compiling resolves references; here only clashes are found that make a file wrong by itself: an
//! alias or `let` declared twice, a name that is both alias and field, and a pattern that refers to an
//! alias of the field that it matches. As cue v0.14.1 `cue/ast/astutil/resolve.go`.

use crate::ast::{
    Clause, Comprehension, Decl, Expr, Field, File, ImportSpec, Label, LabelName, LetClause, Node,
    walk,
};
use crate::literal::{Unquoted, unquote};
use rustc_hash::FxHashMap;
use source_vocab::{Diagnostic, Span};
use std::ops::ControlFlow;

/// What a name stands for, as far as clashes are concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Field,
    Let,
    Import,
    /// The variable of a clause.
    Variable,
}

#[derive(Clone, Copy)]
struct Entry {
    kind: Kind,
}

#[derive(Default)]
struct Scope<'a> {
    /// Names here belong to one field: its value alias or its pattern's alias.
    of_field: bool,
    /// The walk is inside the value of this field.
    in_field: bool,
    names: FxHashMap<&'a str, Entry>,
}

struct Check<'a> {
    scopes: Vec<Scope<'a>>,
    errors: Vec<Diagnostic>,
}

/// The clashes in a file.
pub(crate) fn check(file: &File) -> Vec<Diagnostic> {
    let mut check = Check {
        scopes: Vec::new(),
        errors: Vec::new(),
    };
    check.declarations(&file.decls);
    check.errors
}

/// The clashes in an expression.
pub(crate) fn check_expr(expr: &Expr) -> Vec<Diagnostic> {
    let mut check = Check {
        scopes: vec![Scope::default()],
        errors: Vec::new(),
    };
    check.expr(expr);
    check.errors
}

/// The name under which an import is known in its file.
fn import_name(spec: &ImportSpec) -> Option<&str> {
    if let Some(name) = &spec.name {
        return Some(&name.name);
    }
    let path = spec.path.text.as_str();
    let Ok(Unquoted::String(_)) = unquote(path) else {
        return None;
    };
    // paths have no escapes, so the text inside the quotes is the path
    let path = path.trim_matches('"');
    let name = path.rsplit_once(':').map(|(_, name)| name);
    Some(name.unwrap_or_else(|| path.rsplit('/').next().unwrap_or(path)))
}

impl<'a> Check<'a> {
    fn error(&mut self, span: Span, message: String) {
        self.errors
            .push(Diagnostic::error("cue/syntax", message, span));
    }

    fn find(&self, name: &str) -> Option<(usize, Entry)> {
        if name == "_" {
            return None;
        }
        self.scopes
            .iter()
            .enumerate()
            .rev()
            .find_map(|(depth, scope)| scope.names.get(name).map(|entry| (depth, *entry)))
    }

    /// Declares `name` in the innermost scope.
    fn insert(&mut self, name: &'a str, kind: Kind, span: Span) {
        if name.is_empty() {
            return;
        }
        let depth = self.scopes.len().saturating_sub(1);
        let here_of_field = self.scopes.last().is_some_and(|scope| scope.of_field);
        if let Some((found, existing)) = self.find(name) {
            let there_of_field = self.scopes.get(found).is_some_and(|scope| scope.of_field);
            let is_let = |kind, of_field| of_field || kind == Kind::Let;
            let unique = |kind, of_field| of_field || matches!(kind, Kind::Let | Kind::Import);
            if is_let(kind, here_of_field) != is_let(existing.kind, there_of_field) {
                self.error(
                    span,
                    format!("`{name}` is both an alias and a field in one scope"),
                );
                return;
            }
            if found == depth
                && (unique(kind, here_of_field) || unique(existing.kind, there_of_field))
            {
                if existing.kind != Kind::Import {
                    self.error(
                        span,
                        format!("the alias `{name}` is declared twice in one scope"),
                    );
                }
                return;
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name, Entry { kind });
        }
    }

    fn within(&mut self, of_field: bool, visit: impl FnOnce(&mut Self)) {
        self.scopes.push(Scope {
            of_field,
            ..Scope::default()
        });
        visit(self);
        self.scopes.pop();
    }

    fn declarations(&mut self, decls: &'a [Decl]) {
        self.within(false, |check| {
            for decl in decls {
                check.declare(decl);
            }
            for decl in decls {
                check.decl(decl);
            }
        });
    }

    fn declare(&mut self, decl: &'a Decl) {
        match decl {
            Decl::Field(field) => {
                let span = field.value.span();
                if let Label::Alias(alias) = &field.label
                    && !matches!(alias.label, Label::List(_))
                {
                    self.insert(&alias.ident.name, Kind::Let, field.label.span());
                }
                if let Label::Ident(ident) = field.label.unaliased()
                    && matches!(field.label.name(), LabelName::Ident(_))
                {
                    self.insert(&ident.name, Kind::Field, span);
                }
            }
            Decl::Let(clause) => self.insert(&clause.ident.name, Kind::Let, clause.meta.span),
            Decl::Alias(alias) => self.insert(&alias.ident.name, Kind::Let, alias.meta.span),
            Decl::Import(import) => {
                for spec in &import.specs {
                    if let Some(name) = import_name(spec) {
                        self.insert(name, Kind::Import, spec.meta.span);
                    }
                }
            }
            _ => {}
        }
    }

    fn decl(&mut self, decl: &'a Decl) {
        match decl {
            Decl::Field(field) => self.field(field),
            Decl::Let(clause) => self.hidden_from(&clause.ident.name, &clause.expr),
            Decl::Alias(alias) => self.hidden_from(&alias.ident.name, &alias.expr),
            Decl::Embed(embed) => self.expr(&embed.expr),
            Decl::Comprehension(comprehension) => self.comprehension(comprehension),
            Decl::Ellipsis(_)
            | Decl::Attribute(_)
            | Decl::Package(_)
            | Decl::Import(_)
            | Decl::Comment(_)
            | Decl::Bad(_) => {}
        }
    }

    /// Walks the value of a `let`, which does not see its own name.
    fn hidden_from(&mut self, name: &'a str, expr: &'a Expr) {
        let saved = self
            .scopes
            .last_mut()
            .and_then(|scope| scope.names.remove(name));
        self.expr(expr);
        if let Some(scope) = self.scopes.last_mut()
            && let Some(entry) = saved
        {
            scope.names.insert(name, entry);
        }
    }

    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        let depth = self.scopes.len();
        for clause in &comprehension.clauses {
            match clause {
                Clause::For(x) => {
                    self.expr(&x.source);
                    self.scopes.push(Scope::default());
                    if let Some(key) = &x.key {
                        self.insert(&key.name, Kind::Variable, key.meta.span);
                    }
                    self.insert(&x.value.name, Kind::Variable, x.value.meta.span);
                }
                Clause::Let(x) => self.let_clause(x),
                Clause::If(x) => self.expr(&x.condition),
            }
        }
        self.declarations(&comprehension.value.elts);
        self.scopes.truncate(depth);
    }

    fn let_clause(&mut self, clause: &'a LetClause) {
        self.expr(&clause.expr);
        self.scopes.push(Scope::default());
        self.insert(&clause.ident.name, Kind::Variable, clause.ident.meta.span);
    }

    fn field(&mut self, field: &'a Field) {
        let depth = self.scopes.len();
        match field.label.unaliased() {
            Label::Paren(paren) => self.expr(&paren.expr),
            Label::Interpolation(interpolation) => {
                for step in &interpolation.steps {
                    self.expr(&step.expr);
                }
            }
            Label::List(list) if list.elts.len() == 1 => {
                self.scopes.push(Scope {
                    of_field: true,
                    ..Scope::default()
                });
                if let Some(alias) = field.label.alias() {
                    self.insert(&alias.name, Kind::Let, field.label.span());
                }
                let mut pattern = list.elts.first();
                if let Some(Expr::Alias(alias)) = pattern {
                    self.insert(&alias.ident.name, Kind::Field, alias.expr.span());
                    pattern = Some(&alias.expr);
                }
                if let Some(pattern) = pattern {
                    self.pattern(pattern);
                    self.expr(pattern);
                }
            }
            _ => {}
        }
        let mut value = &field.value;
        if let Expr::Alias(alias) = value {
            self.scopes.push(Scope {
                of_field: true,
                ..Scope::default()
            });
            self.insert(&alias.ident.name, Kind::Let, alias.meta.span);
            value = &alias.expr;
        }
        let was = self
            .scopes
            .last_mut()
            .map(|scope| std::mem::replace(&mut scope.in_field, true));
        self.expr(value);
        if let (Some(scope), Some(_)) = (self.scopes.last_mut(), was) {
            scope.in_field = false;
        }
        self.scopes.truncate(depth);
    }

    /// Reports names in a pattern that refer to the field against which it is matched.
    fn pattern(&mut self, pattern: &'a Expr) {
        let mut found = Vec::new();
        walk(Node::Expr(pattern), &mut |node| {
            match node {
                Node::Expr(Expr::Ident(ident)) => {
                    found.push((ident.name.as_str(), ident.meta.span));
                }
                Node::Label(Label::Ident(ident)) | Node::Name(ident) => {
                    found.push((ident.name.as_str(), ident.meta.span));
                }
                _ => {}
            }
            ControlFlow::Continue(())
        });
        for (name, span) in found {
            let hits = self
                .scopes
                .iter()
                .rev()
                .take_while(|scope| !scope.in_field)
                .filter(|scope| scope.names.contains_key(name))
                .count();
            if hits > 0 {
                self.error(
                    span,
                    format!(
                        "`{name}` in the pattern refers to the field that it is matched against"
                    ),
                );
            }
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        let mut next = expr;
        // chains are deep on the left: down in a loop, right sides on the way
        loop {
            match next {
                Expr::Binary(x) => {
                    self.expr(&x.right);
                    next = &x.left;
                }
                Expr::Selector(x) => next = &x.base,
                Expr::Index(x) => {
                    self.expr(&x.index);
                    next = &x.base;
                }
                Expr::Slice(x) => {
                    for bound in x.low.iter().chain(&x.high) {
                        self.expr(bound);
                    }
                    next = &x.base;
                }
                Expr::Call(x) => {
                    for arg in &x.args {
                        self.expr(arg);
                    }
                    next = &x.function;
                }
                Expr::Unary(x) => next = &x.operand,
                Expr::Paren(x) => next = &x.expr,
                Expr::Alias(x) => return self.hidden_from(&x.ident.name, &x.expr),
                Expr::Struct(x) => return self.declarations(&x.elts),
                Expr::List(x) => {
                    for element in &x.elts {
                        self.expr(element);
                    }
                    return;
                }
                Expr::Interpolation(x) => {
                    for step in &x.steps {
                        self.expr(&step.expr);
                    }
                    return;
                }
                Expr::Ellipsis(x) => match &x.element {
                    Some(element) => next = element,
                    None => return,
                },
                Expr::Comprehension(x) => return self.comprehension(x),
                Expr::Bad(_) | Expr::Bottom(_) | Expr::Ident(_) | Expr::Basic(_) => return,
            }
        }
    }
}
