//! Files, structs, fields and comprehensions.

use super::scope::{Binding, Entry, Frame};
use super::{Import, Lowering};
use crate::ir::{
    ArcKind, Clause, Comprehension, ComprehensionId, Decl, DeclId, Expr, ExprId, PackageId, Split,
    StructId, StructLit,
};
use crate::kind::Kind;
use crate::label::Label;
use cue_syntax::ast;
use source_vocab::Span;
use std::sync::Arc;

impl Lowering<'_> {
    /// The body of a file.
    pub(super) fn file(&mut self, file: &ast::File, imports: &[(String, Import)]) -> ExprId {
        self.push_frame(Frame::new(0));
        for spec in file.imports() {
            self.import(spec, imports);
        }
        let id = self.body(&file.decls, file.meta.span, true);
        self.pop_frame();
        self.add_expr(Expr::Struct(id), file.meta.span)
    }

    fn import(&mut self, spec: &ast::ImportSpec, imports: &[(String, Import)]) {
        let span = spec.meta.span;
        let Some(path) = super::expr::string_of(&spec.path) else {
            self.error(
                "cue/invalid-import",
                format!("`{}` is no import path", spec.path.text),
                span,
            );
            return;
        };
        let found = imports
            .iter()
            .find(|(known, _)| *known == path)
            .map(|(_, import)| *import);
        let (package, name) = match found {
            Some(Import::Instance(index)) => (PackageId::at(index), None),
            Some(Import::Builtin) | None => match self.builtin_package(&path) {
                Some(package) => (package, None::<String>),
                None => {
                    self.error(
                        "cue/package-not-found",
                        format!("the package `{path}` is not found"),
                        span,
                    );
                    return;
                }
            },
        };
        let name = match (&spec.name, name) {
            (Some(ident), _) => ident.name.to_string(),
            (None, Some(name)) => name,
            (None, None) => default_name(&path).to_owned(),
        };
        let entry = Entry::alias(Binding::Import(package), span);
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(&name, entry);
        }
    }

    /// Binds the names that a list of declarations declares, in the innermost frame.
    fn bind_names(&mut self, decls: &[ast::Decl]) {
        for decl in decls {
            match decl {
                ast::Decl::Field(field) => {
                    let inner = field.label.unaliased();
                    if let ast::Label::Ident(ident) = inner {
                        let label = self.identifier(&ident.name, ident.meta.span);
                        let entry = Entry::new(Binding::Field(label), ident.meta.span);
                        self.bind(&ident.name, entry);
                    }
                    if let Some(alias) = field.label.alias() {
                        let span = field.label.span();
                        let binding = match inner {
                            ast::Label::List(_) => continue,
                            ast::Label::Interpolation(_) | ast::Label::Paren(_) => {
                                // the key is lowered when all names are bound
                                Binding::PatternAlias
                            }
                            _ => match self.fixed_label(inner) {
                                Some(label) => Binding::FieldAlias(label),
                                None => continue,
                            },
                        };
                        self.bind_alias(alias, Entry::alias(binding, span));
                    }
                }
                ast::Decl::Let(clause) => {
                    let span = clause.meta.span;
                    match self.program.labels.let_binding(&clause.ident.name) {
                        Ok(label) => {
                            self.bind_alias(&clause.ident, Entry::alias(Binding::Let(label), span));
                        }
                        Err(error) => {
                            self.too_many(error, span);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn bind(&mut self, name: &str, entry: Entry) {
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(name, entry);
        }
    }

    fn bind_alias(&mut self, ident: &ast::Ident, entry: Entry) {
        if ident.name == *"_" {
            self.error(
                "cue/invalid-alias",
                "`_` cannot name an alias or let clause".to_owned(),
                ident.meta.span,
            );
            return;
        }
        self.bind(&ident.name, entry);
    }

    /// The label of a field with a fixed name.
    fn fixed_label(&mut self, label: &ast::Label) -> Option<Label> {
        match label {
            ast::Label::Ident(ident) => {
                if ident.name == *"_" {
                    self.error(
                        "cue/invalid-label",
                        "`_` cannot name a field".to_owned(),
                        ident.meta.span,
                    );
                    return None;
                }
                Some(self.identifier(&ident.name, ident.meta.span))
            }
            ast::Label::Basic(basic) => match basic.kind {
                ast::LitKind::String => match super::expr::string_of(basic) {
                    Some(name) => Some(self.string_label(&name, basic.meta.span)),
                    None => {
                        self.error(
                            "cue/invalid-label",
                            format!("`{}` is no label", basic.text),
                            basic.meta.span,
                        );
                        None
                    }
                },
                ast::LitKind::Null | ast::LitKind::True | ast::LitKind::False => {
                    Some(self.string_label(&basic.text, basic.meta.span))
                }
                ast::LitKind::Int | ast::LitKind::Float => {
                    self.error(
                        "cue/invalid-label",
                        format!("the number `{}` cannot be a label", basic.text),
                        basic.meta.span,
                    );
                    None
                }
            },
            _ => None,
        }
    }

    /// A struct literal, in the frame that has been opened for it.
    fn body(&mut self, decls: &[ast::Decl], span: Span, is_file: bool) -> StructId {
        self.bind_names(decls);
        self.lower_keys(decls);
        let mut lowered: Vec<DeclId> = Vec::with_capacity(decls.len());
        let mut embeds = false;
        for decl in decls {
            if let Some((id, is_embedding)) = self.decl(decl) {
                lowered.push(id);
                embeds |= is_embedding;
            }
        }
        let span = self.span(span);
        let split = (self.in_comprehension > 0).then(|| self.split(&lowered, span));
        let id = self.add_struct(StructLit {
            decls: lowered.into(),
            span,
            is_file,
            is_comprehension_part: false,
            embeds,
            split: None,
        });
        if let Some(mut split) = split {
            if split.fixed.len() == self.program.structs[id.index()].decls.len() {
                split.fixed_part = (!split.fixed.is_empty()).then_some(id);
            }
            if split.fixed.is_empty() {
                split.rest = Some(self.add_expr(Expr::Struct(id), span));
            }
            self.program.structs[id.index()].split = Some(Box::new(split));
        }
        id
    }

    /// Lowers the keys of computed labels that have an alias.
    fn lower_keys(&mut self, decls: &[ast::Decl]) {
        for decl in decls {
            let ast::Decl::Field(field) = decl else {
                continue;
            };
            let Some(alias) = field.label.alias() else {
                continue;
            };
            let key = match field.label.unaliased() {
                ast::Label::Paren(paren) => self.expr(&paren.expr),
                ast::Label::Interpolation(interpolation) => self.interpolation(interpolation),
                _ => continue,
            };
            if let Some(entry) = self
                .frames
                .last_mut()
                .and_then(|frame| frame.names.get_mut(alias.name.as_str()))
            {
                entry.binding = Binding::DynamicAlias(key);
            }
        }
    }

    fn split(&mut self, decls: &[DeclId], span: Span) -> Split {
        let mut kind = Kind::TOP;
        let mut fixed: Vec<DeclId> = Vec::new();
        let mut others: Vec<DeclId> = Vec::new();
        for &id in decls {
            match self.program.decls[id.index()] {
                Decl::Field { label, .. } => {
                    if label.is_string() {
                        kind &= Kind::STRUCT;
                    } else if label.is_int() {
                        kind &= Kind::LIST;
                    }
                    fixed.push(id);
                }
                Decl::Let { .. } => fixed.push(id),
                _ => others.push(id),
            }
        }
        if fixed.len() == decls.len() && !fixed.is_empty() && kind == Kind::TOP {
            kind = Kind::STRUCT;
        }
        let part = |decls: &[DeclId], embeds: bool| StructLit {
            decls: decls.into(),
            span,
            is_file: false,
            is_comprehension_part: true,
            embeds,
            split: None,
        };
        let is_mixed = !fixed.is_empty() && !others.is_empty();
        let fixed_part = is_mixed.then(|| self.add_struct(part(&fixed, false)));
        let rest = is_mixed.then(|| {
            let embeds = others.iter().any(|id| {
                matches!(
                    self.program.decls[id.index()],
                    Decl::Embed(_) | Decl::Comprehension(_)
                )
            });
            let id = self.add_struct(part(&others, embeds));
            self.add_expr(Expr::Struct(id), span)
        });
        Split {
            fixed: fixed.into(),
            fixed_part,
            rest,
            kind,
        }
    }

    /// A struct literal as an expression.
    pub(super) fn struct_lit(&mut self, lit: &ast::StructLit) -> ExprId {
        self.push_frame(Frame::new(1));
        let id = self.body(&lit.elts, lit.meta.span, false);
        self.pop_frame();
        self.add_expr(Expr::Struct(id), lit.meta.span)
    }

    /// A declaration, and whether it is an embedding; none for what does not count.
    fn decl(&mut self, decl: &ast::Decl) -> Option<(DeclId, bool)> {
        match decl {
            ast::Decl::Field(field) => Some((self.field(field)?, false)),
            ast::Decl::Let(clause) => Some((self.let_clause(clause)?, false)),
            ast::Decl::Embed(embed) => {
                let expr = self.expr(&embed.expr);
                let id = self.add_decl(Decl::Embed(expr), embed.meta.span);
                Some((id, true))
            }
            ast::Decl::Comprehension(comprehension) => {
                let source = self.comprehension(comprehension)?;
                let id = self.add_decl(Decl::Comprehension(source), comprehension.meta.span);
                Some((id, true))
            }
            ast::Decl::Ellipsis(ellipsis) => {
                let value = ellipsis.element.as_ref().map(|element| self.expr(element));
                let id = self.add_decl(Decl::Ellipsis { value }, ellipsis.meta.span);
                Some((id, false))
            }
            ast::Decl::Alias(alias) => {
                self.error(
                    "cue/old-alias",
                    "aliases of this form are no longer supported".to_owned(),
                    alias.meta.span,
                )
                .help = Some("use a let clause".to_owned());
                None
            }
            ast::Decl::Attribute(_)
            | ast::Decl::Package(_)
            | ast::Decl::Import(_)
            | ast::Decl::Comment(_)
            | ast::Decl::Bad(_) => None,
        }
    }

    fn let_clause(&mut self, clause: &ast::LetClause) -> Option<DeclId> {
        let name = clause.ident.name.to_string();
        let entry = self.frames.last_mut()?.names.get_mut(&name)?;
        let Binding::Let(label) = entry.binding else {
            return None;
        };
        entry.hidden = true;
        let frame = self.frames.last_mut()?;
        let saved = frame.current_let.replace((name.clone(), label));
        let value = self.expr(&clause.expr);
        if let Some(frame) = self.frames.last_mut() {
            frame.current_let = saved;
            if let Some(entry) = frame.names.get_mut(&name) {
                entry.hidden = false;
            }
        }
        Some(self.add_decl(Decl::Let { label, value }, clause.meta.span))
    }

    fn field(&mut self, field: &ast::Field) -> Option<DeclId> {
        let span = field.meta.span;
        let mut docs = std::mem::take(&mut self.docs_above);
        let groups = field.meta.comments.groups().iter();
        docs.extend(
            groups
                .filter(|group| group.doc)
                .map(|group| Arc::from(group.text())),
        );
        if is_shorthand(field) {
            self.docs_above = std::mem::take(&mut docs);
        }
        let arc = match field.constraint {
            None => ArcKind::Member,
            Some(ast::Constraint::Optional) => ArcKind::Optional,
            Some(ast::Constraint::Required) => ArcKind::Required,
        };
        let label = field.label.unaliased();
        let decl = match label {
            ast::Label::List(list) => self.pattern(field, list)?,
            ast::Label::Paren(paren) => {
                let value = self.field_value(&field.value);
                let key = self.expr(&paren.expr);
                Decl::Dynamic { key, arc, value }
            }
            ast::Label::Interpolation(interpolation) => {
                let value = self.field_value(&field.value);
                let key = self.interpolation(interpolation);
                Decl::Dynamic { key, arc, value }
            }
            _ => {
                let label = self.fixed_label(label);
                let value = self.field_value(&field.value);
                Decl::Field {
                    label: label?,
                    arc,
                    value,
                }
            }
        };
        let id = self.add_decl(decl, span);
        for attribute in &field.attrs {
            let text: Arc<str> = attribute.text.as_str().into();
            self.program.attributes.push((id, text));
        }
        self.program
            .docs
            .extend(docs.into_iter().map(|text| (id, text)));
        Some(id)
    }

    fn pattern(&mut self, field: &ast::Field, list: &ast::ListLit) -> Option<Decl> {
        let [element] = list.elts.as_slice() else {
            self.error(
                "cue/invalid-label",
                "a pattern has exactly one element".to_owned(),
                list.meta.span,
            );
            return None;
        };
        let mut frame = Frame::new(0);
        if let Some(alias) = field.label.alias() {
            let entry = Entry::alias(Binding::PatternAlias, field.label.span());
            frame.insert(&alias.name, entry);
        }
        let filter = match element {
            ast::Expr::Alias(alias) => {
                let entry = Entry::new(Binding::LabelAlias, alias.meta.span);
                frame.insert(&alias.ident.name, entry);
                &alias.expr
            }
            other => other,
        };
        self.push_frame(frame);
        let value = self.field_value(&field.value);
        let filter = self.expr(filter);
        self.pop_frame();
        Some(Decl::Pattern { filter, value })
    }

    fn field_value(&mut self, value: &ast::Expr) -> ExprId {
        let ast::Expr::Alias(alias) = value else {
            return self.expr(value);
        };
        self.push_frame(Frame::new(0));
        self.bind_alias(
            &alias.ident,
            Entry::alias(Binding::ValueAlias, alias.meta.span),
        );
        let value = self.expr(&alias.expr);
        self.pop_frame();
        value
    }

    /// A comprehension; none, with an error, for one without a first `for` or `if`.
    pub(super) fn comprehension(
        &mut self,
        comprehension: &ast::Comprehension,
    ) -> Option<ComprehensionId> {
        let span = comprehension.meta.span;
        let mut clauses: Vec<Clause> = Vec::with_capacity(comprehension.clauses.len());
        let mut frames = 0;
        for clause in &comprehension.clauses {
            match clause {
                ast::Clause::For(clause) => {
                    let source = self.expr(&clause.source);
                    let mut frame = Frame::new(1);
                    let mut variable = |this: &mut Self, ident: &ast::Ident| {
                        if ident.name == *"_" {
                            return None;
                        }
                        let label = this.identifier(&ident.name, ident.meta.span);
                        frame.insert(
                            &ident.name,
                            Entry::new(Binding::Field(label), ident.meta.span),
                        );
                        Some(label)
                    };
                    let key = clause.key.as_ref().and_then(|ident| variable(self, ident));
                    let value = variable(self, &clause.value);
                    self.push_frame(frame);
                    frames += 1;
                    clauses.push(Clause::For { key, value, source });
                }
                ast::Clause::If(clause) => {
                    let condition = self.expr(&clause.condition);
                    clauses.push(Clause::If { condition });
                }
                ast::Clause::Let(clause) => {
                    let value = self.expr(&clause.expr);
                    let label = self.identifier(&clause.ident.name, clause.ident.meta.span);
                    let mut frame = Frame::new(1);
                    frame.insert(
                        &clause.ident.name,
                        Entry::new(Binding::Field(label), clause.ident.meta.span),
                    );
                    self.push_frame(frame);
                    frames += 1;
                    clauses.push(Clause::Let { label, value });
                }
            }
        }
        let starts_well = !matches!(clauses.first(), None | Some(Clause::Let { .. }));
        if !starts_well {
            self.error(
                "cue/invalid-comprehension",
                "a comprehension must begin with `if` or `for`".to_owned(),
                span,
            );
        }
        self.in_comprehension += 1;
        let value = self.struct_lit(&comprehension.value);
        self.in_comprehension -= 1;
        for _ in 0..frames {
            self.pop_frame();
        }
        if !starts_well {
            return None;
        }
        let span = self.span(span);
        Some(self.add_comprehension(Comprehension {
            clauses: clauses.into(),
            value,
            span,
        }))
    }
}

/// Whether a field is written `a: b: 1`, with a name for `b`.
fn is_shorthand(field: &ast::Field) -> bool {
    let ast::Expr::Struct(body) = &field.value else {
        return false;
    };
    let [ast::Decl::Field(inner)] = body.elts.as_slice() else {
        return false;
    };
    let named = matches!(
        inner.label.unaliased().name(),
        ast::LabelName::Ident(_) | ast::LabelName::Quoted(_)
    );
    !body.has_braces() && named
}

/// The name by which a package is referred to when the import gives none.
fn default_name(path: &str) -> &str {
    let (path, qualifier) = match path.rsplit_once(':') {
        Some((path, qualifier)) => (path, Some(qualifier)),
        None => (path, None),
    };
    if let Some(qualifier) = qualifier {
        return qualifier;
    }
    let path = path.split('@').next().unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}
