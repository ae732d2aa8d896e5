//! The file around an exported value: package clause, imports, comments.
//!
//! Comments that stand before or beside the package clauses of the files of a package are gathered: documentation of the package
//! becomes one comment, others come before it in the order of the files. Imports are those that the printed expressions use.
//! As `toFile` of cue v0.14.1 `internal/core/export/export.go` and `cue/ast/astutil/sanitize.go`.

use super::exporter::Exporter;
use cue_eval::{Kind, Value};
use cue_syntax::ast::{self, CommentGroup, Expr, RelPos};

/// The comments of a file: documentation of the package, and the others.
fn file_comments(file: &ast::File) -> (Vec<CommentGroup>, Vec<CommentGroup>) {
    let mut docs: Vec<CommentGroup> = file
        .package()
        .map(|clause| clause.meta.comments.groups().to_vec())
        .unwrap_or_default();
    let (more, mut rest): (Vec<_>, Vec<_>) = file
        .meta
        .comments
        .groups()
        .iter()
        .cloned()
        .partition(|group| group.doc);
    docs.extend(more);
    if file.package().is_none() && docs.is_empty() && !rest.is_empty() {
        // the first comment of a file without package is about the package
        let mut first = rest.remove(0);
        first.doc = true;
        docs.push(first);
    }
    (docs, rest)
}

/// Several comments of documentation as one, in front of the others.
fn merged_docs(groups: Vec<CommentGroup>) -> Vec<CommentGroup> {
    let (docs, mut rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.doc);
    let merged = docs.into_iter().reduce(|mut all, next| {
        all.list.push(ast::Comment {
            pos: ast::Pos::relative(RelPos::Newline),
            text: "//".into(),
        });
        all.list.extend(next.list);
        all
    });
    if let Some(merged) = merged {
        rest.insert(0, merged);
    }
    rest
}

/// Starts a comment on a line of its own.
fn on_new_section(mut group: CommentGroup) -> CommentGroup {
    if let Some(first) = group.list.first_mut() {
        first.pos.rel = RelPos::NewSection;
    }
    group
}

/// Gives a file a package clause; its documentation goes before that.
pub(super) fn set_package(file: &mut ast::File, name: &str) {
    let (docs, rest) = file_comments(file);
    let mut clause = package_clause(name);
    clause.meta.comments.set(docs);
    file.meta.comments.set(rest);
    file.decls.insert(0, ast::Decl::Package(Box::new(clause)));
}

fn package_clause(name: &str) -> ast::Package {
    ast::Package {
        meta: ast::Meta::new(source_vocab::Span::DETACHED, RelPos::NewSection),
        name: ast::Ident::new(name),
    }
}

/// Whether an expression leads through the name of a definition.
fn names_definition(expr: &Expr) -> bool {
    let is_definition = |name: &str| name.starts_with('#') || name.starts_with("_#");
    let mut next = expr;
    loop {
        match next {
            Expr::Ident(ident) => return is_definition(&ident.name),
            Expr::Selector(selector) => {
                if let ast::Selector::Ident(ident) = &selector.selector
                    && is_definition(&ident.name)
                {
                    return true;
                }
                next = &selector.base;
            }
            Expr::Index(index) => next = &index.base,
            _ => return false,
        }
    }
}

/// An embedded expression, which begins a line.
pub(super) fn embedded(mut expr: Expr) -> ast::Decl {
    if let Expr::Struct(lit) = &mut expr {
        lit.lbrace.rel = RelPos::Newline;
    }
    ast::Decl::embed(expr)
}

/// The node that begins with the first token of an expression.
pub(super) fn first_token(expr: &mut Expr) -> &mut ast::Meta {
    match expr {
        Expr::Binary(binary) => first_token(&mut binary.left),
        Expr::Call(call) => first_token(&mut call.function),
        Expr::Selector(selector) => first_token(&mut selector.base),
        Expr::Index(index) => first_token(&mut index.base),
        Expr::Slice(slice) => first_token(&mut slice.base),
        Expr::Interpolation(interpolation) => &mut interpolation.first.meta,
        other => other.meta_mut(),
    }
}

impl<'a> Exporter<'a> {
    /// A value as a file.
    pub(super) fn file(&mut self, value: Value<'a>) -> ast::File {
        self.prepare_pivot(value);
        let expr = if self.profile.definition {
            self.definition(value)
        } else {
            self.vertex(value)
        };
        let mut file = ast::File::default();
        if self.profile.definition {
            self.head(&mut file, value);
        }
        match expr {
            Expr::Struct(lit) => file.decls.extend(lit.elts),
            other => file.decls.push(ast::Decl::embed(other)),
        }
        let more = self.pivoted_decls();
        file.decls.extend(more);
        self.add_imports(&mut file);
        if let [ast::Decl::Embed(embed)] = file.decls.as_mut_slice() {
            first_token(&mut embed.expr).rel = RelPos::NoSpace;
        }
        file
    }

    fn definition(&mut self, value: Value<'a>) -> Expr {
        let is_closed = value.is_closed_recursively();
        if is_closed {
            self.in_definition += 1;
        }
        let made = self.origin_expr_of(value.followed());
        if !is_closed {
            return made;
        }
        self.in_definition -= 1;
        if let Expr::Struct(lit) = &made
            && lit.elts.iter().any(
                |decl| matches!(decl, ast::Decl::Embed(embed) if names_definition(&embed.expr)),
            )
        {
            return made;
        }
        if value.kind() != Kind::STRUCT {
            return made;
        }
        let name = || ast::Ident::new("_#def");
        Expr::structure(vec![
            ast::Decl::embed(Expr::Ident(name())),
            ast::Decl::field(ast::Label::Ident(name()), made),
        ])
    }

    /// The package clause and the comments of the files that make the value.
    fn head(&self, file: &mut ast::File, value: Value<'a>) {
        let mut clause = package_clause("");
        let mut name = None;
        for origin in value.followed().origins() {
            let cue_eval::Origin::Expr(id) = origin else {
                continue;
            };
            let Some(tree) = self.trees.file(self.program.expr_span(id)) else {
                continue;
            };
            if let Some(given) = tree.package_name() {
                name = Some(given.to_owned());
            }
            if self.profile.show_docs {
                let (docs, rest) = file_comments(tree);
                for group in docs {
                    clause.meta.comments.add(on_new_section(group));
                }
                for group in rest {
                    file.meta.comments.add(group);
                }
            }
        }
        match name {
            Some(name) => {
                clause.name = ast::Ident::new(name);
                let groups = merged_docs(clause.meta.comments.take());
                clause.meta.comments.set(groups);
                file.decls.push(ast::Decl::Package(Box::new(clause)));
            }
            None => {
                for group in file.meta.comments.take() {
                    clause.meta.comments.add(group);
                }
                file.meta
                    .comments
                    .set(merged_docs(clause.meta.comments.take()));
            }
        }
    }

    fn add_imports(&mut self, file: &mut ast::File) {
        let specs: Vec<ast::ImportSpec> = std::mem::take(&mut self.imports)
            .into_iter()
            .map(|(path, name)| ast::ImportSpec::new(name.as_deref(), &path))
            .collect();
        if specs.is_empty() {
            return;
        }
        let several = specs.len() > 1;
        let paren = |rel| {
            if several {
                ast::Pos::relative(rel)
            } else {
                ast::Pos::NONE
            }
        };
        let import = ast::ImportDecl {
            meta: ast::Meta::new(source_vocab::Span::DETACHED, RelPos::NewSection),
            lparen: paren(RelPos::Blank),
            specs,
            rparen: paren(RelPos::Newline),
        };
        let at = file
            .decls
            .iter()
            .position(|decl| !matches!(decl, ast::Decl::Package(_)))
            .unwrap_or(file.decls.len());
        file.decls.insert(at, ast::Decl::Import(Box::new(import)));
    }
}
