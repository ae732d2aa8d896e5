//! Labels without quotes, as `cue fmt -s` leaves them.
//!
//! `"a": 1` may become `a: 1` only if nothing refers to a field or variable called `a` through this struct: the new
//! name would catch the reference. So names are gathered struct by struct, references cross out the innermost
//! struct that has their name, and what is left loses its quotes. As cue v0.14.1 `cue/format/simplify.go`.

use crate::Text;
use crate::ast::{Clause, Comprehension, Decl, Expr, File, Ident, Label, LitKind, Meta};
use crate::literal::{Unquoted, is_valid_ident, needs_quotes, unquote};
use rustc_hash::FxHashMap;

/// The names of the open structs, and whether quotes around them may go.
#[derive(Default)]
struct Simplifier {
    scopes: Vec<FxHashMap<String, bool>>,
}

/// The file with simpler labels.
pub(super) fn file(file: &File) -> File {
    let mut copy = file.clone();
    Simplifier::default().decls(&mut copy.decls);
    copy
}

/// The expression with simpler labels.
pub(super) fn expr(expr: &Expr) -> Expr {
    let mut copy = expr.clone();
    Simplifier::default().expr(&mut copy);
    copy
}

fn plain_string(label: &Label) -> Option<String> {
    let Label::Basic(literal) = label else {
        return None;
    };
    let text = literal.text.as_str();
    if literal.kind != LitKind::String || !text.starts_with('"') || text.starts_with("\"\"\"") {
        return None;
    }
    match unquote(text) {
        Ok(Unquoted::String(name)) => Some(name),
        Ok(Unquoted::Bytes(_)) | Err(_) => None,
    }
}

impl Simplifier {
    fn decls(&mut self, decls: &mut [Decl]) {
        self.scopes.push(FxHashMap::default());
        for decl in decls.iter() {
            if let Decl::Field(field) = decl {
                self.declare(&field.label);
            }
        }
        for decl in decls.iter_mut() {
            match decl {
                Decl::Field(field) => self.expr(&mut field.value),
                decl => self.decl(decl),
            }
        }
        let scope = self.scopes.pop().unwrap_or_default();
        for decl in decls {
            let Decl::Field(field) = decl else { continue };
            let Some(name) = plain_string(&field.label) else {
                continue;
            };
            if scope.get(&name) == Some(&true) && !needs_quotes(&name) {
                // a new name has no place: cue lays out anew what begins with it
                let meta = Meta {
                    comments: field.label.meta().comments.clone(),
                    ..Meta::default()
                };
                field.label = Label::Ident(Ident {
                    meta,
                    name: Text::from(name),
                });
            }
        }
    }

    fn declare(&mut self, label: &Label) {
        let name = match label {
            Label::Ident(ident) => Some(ident.name.as_str().to_owned()),
            Label::Basic(_) => {
                plain_string(label).filter(|name| is_valid_ident(name) && !needs_quotes(name))
            }
            Label::Alias(alias) => {
                self.declare(&alias.label);
                Some(alias.ident.name.as_str().to_owned())
            }
            Label::Paren(paren) => paren.expr.as_ident().map(str::to_owned),
            Label::Interpolation(_) | Label::List(_) => None,
        };
        if let (Some(name), Some(scope)) = (name, self.scopes.last_mut()) {
            scope.insert(name, true);
        }
    }

    fn refer(&mut self, name: &str) {
        if let Some(may_go) = self
            .scopes
            .iter_mut()
            .rev()
            .find_map(|scope| scope.get_mut(name))
        {
            *may_go = false;
        }
    }

    fn decl(&mut self, decl: &mut Decl) {
        match decl {
            Decl::Let(clause) => {
                self.refer(&clause.ident.name.clone());
                self.expr(&mut clause.expr);
            }
            Decl::Alias(alias) => {
                self.refer(&alias.ident.name.clone());
                self.expr(&mut alias.expr);
            }
            Decl::Embed(embed) => self.expr(&mut embed.expr),
            Decl::Comprehension(comprehension) => self.comprehension(comprehension),
            Decl::Ellipsis(ellipsis) => {
                if let Some(element) = &mut ellipsis.element {
                    self.expr(element);
                }
            }
            Decl::Field(field) => self.expr(&mut field.value),
            Decl::Attribute(_)
            | Decl::Package(_)
            | Decl::Import(_)
            | Decl::Comment(_)
            | Decl::Bad(_) => {}
        }
    }

    fn comprehension(&mut self, comprehension: &mut Comprehension) {
        for clause in &mut comprehension.clauses {
            match clause {
                Clause::For(x) => {
                    if let Some(key) = &x.key {
                        self.refer(&key.name.clone());
                    }
                    self.refer(&x.value.name.clone());
                    self.expr(&mut x.source);
                }
                Clause::If(x) => self.expr(&mut x.condition),
                Clause::Let(x) => {
                    self.refer(&x.ident.name.clone());
                    self.expr(&mut x.expr);
                }
            }
        }
        self.decls(&mut comprehension.value.elts);
    }

    fn expr(&mut self, expr: &mut Expr) {
        let mut next = expr;
        loop {
            match next {
                Expr::Ident(ident) => return self.refer(&ident.name.clone()),
                Expr::Struct(x) => return self.decls(&mut x.elts),
                Expr::Binary(x) => {
                    self.expr(&mut x.right);
                    next = &mut x.left;
                }
                Expr::Selector(x) => next = &mut x.base,
                Expr::Index(x) => {
                    self.expr(&mut x.index);
                    next = &mut x.base;
                }
                Expr::Slice(x) => {
                    for bound in x.low.iter_mut().chain(&mut x.high) {
                        self.expr(bound);
                    }
                    next = &mut x.base;
                }
                Expr::Call(x) => {
                    for arg in &mut x.args {
                        self.expr(arg);
                    }
                    next = &mut x.function;
                }
                Expr::Unary(x) => next = &mut x.operand,
                Expr::Paren(x) => next = &mut x.expr,
                Expr::List(x) => {
                    for element in &mut x.elts {
                        self.expr(element);
                    }
                    return;
                }
                Expr::Interpolation(x) => {
                    for step in &mut x.steps {
                        self.expr(&mut step.expr);
                    }
                    return;
                }
                Expr::Alias(x) => {
                    self.refer(&x.ident.name.clone());
                    next = &mut x.expr;
                }
                Expr::Ellipsis(x) => match &mut x.element {
                    Some(element) => next = element,
                    None => return,
                },
                Expr::Comprehension(x) => return self.comprehension(x),
                Expr::Bad(_) | Expr::Bottom(_) | Expr::Basic(_) => return,
            }
        }
    }
}
