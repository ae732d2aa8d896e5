//! Keywords of objects: properties, patterns of their names, and what they depend on.

use super::Reader;
use super::state::{Openness, STRUCT, Schema};
use cue_eval::{Data, Kind};
use cue_syntax::ast::{self, BinaryOp, Constraint, Decl, Expr, Label, LabelName, UnaryOp};
use cue_syntax::literal::is_valid_ident;
use std::fmt::Write as _;

/// A pattern of names that leaves out the fields that are there: `!~"^(a|b)$"`.
fn excluding(fields: &[Decl]) -> Option<Expr> {
    if fields.is_empty() {
        return None;
    }
    let mut pattern = String::from("^(");
    let mut first = true;
    for decl in fields {
        let Decl::Field(field) = decl else { continue };
        let (LabelName::Ident(name) | LabelName::Quoted(name)) = field.label.name() else {
            continue;
        };
        if !first {
            pattern.push('|');
        }
        first = false;
        let _ = write!(pattern, "{}", goregexp::quote_meta(&name));
    }
    pattern.push_str(")$");
    Some(Expr::unary(UnaryOp::NotMatch, Expr::string(&pattern)))
}

/// `{[pattern]: value}`
fn patterned(pattern: Expr, value: Expr) -> Expr {
    let label = Label::List(Box::new(ast::ListLit::new(vec![pattern])));
    Expr::structure(vec![Decl::field(label, value)])
}

fn must_be_there(name: &str) -> Decl {
    let field = ast::Field::new(Label::regular(name), Expr::ident("_"));
    Decl::Field(Box::new(field.with_constraint(Some(Constraint::Required))))
}

impl Schema<'_> {
    fn object(&mut self) -> &mut Vec<Decl> {
        self.fields.get_or_insert_default()
    }

    pub(super) fn properties(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::Struct(properties) = value else {
            self.refuse(reader, "properties", "an object");
            return;
        };
        self.object();
        for (name, schema) in properties {
            let path = self.at(&["properties", name]);
            let (made, info) = self.sub(reader, schema, &path, None);
            let is_struct = matches!(made, Expr::Struct(_));
            let mut field = ast::Field::new(Label::regular(name), made)
                .with_constraint(Some(Constraint::Optional));
            if let Some(text) = info.comment() {
                let mut group = ast::CommentGroup::doc(&text);
                if !self.object().is_empty()
                    && let Some(first) = group.list.first_mut()
                {
                    first.pos.rel = ast::RelPos::NewSection;
                }
                field.meta.comments.add(group);
            }
            if info.deprecated {
                let deprecated = ast::Attribute {
                    meta: ast::Meta::default(),
                    text: "@deprecated()".into(),
                };
                if is_struct {
                    let mut marked = ast::Field::new(Label::regular(name), Expr::ident("_"));
                    marked.attrs.push(deprecated);
                    self.object().push(Decl::Field(Box::new(marked)));
                } else {
                    field.attrs.push(deprecated);
                }
            }
            self.object().push(Decl::Field(Box::new(field)));
        }
    }

    pub(super) fn required(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::List(names) = value else {
            self.refuse(reader, "required", "a list of strings");
            return;
        };
        self.object();
        for name in names {
            let Data::String(name) = name else {
                self.refuse(reader, "required", "a list of strings");
                continue;
            };
            let known = self.object().iter_mut().find_map(|decl| match decl {
                Decl::Field(field) => match field.label.name() {
                    LabelName::Ident(known) | LabelName::Quoted(known) if known == **name => {
                        Some(field)
                    }
                    _ => None,
                },
                _ => None,
            });
            match known {
                Some(field) if field.constraint == Some(Constraint::Required) => {
                    let at = self.at(&["required"]);
                    reader.error(&at, format!("`{name}` is required twice"));
                }
                Some(field) => field.constraint = Some(Constraint::Required),
                None => self.object().push(must_be_there(name)),
            }
        }
    }

    pub(super) fn pattern_properties(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::Struct(patterns) = value else {
            self.refuse(reader, "patternProperties", "an object");
            return;
        };
        let existing = excluding(self.object());
        for (pattern, schema) in patterns {
            if !self.is_pattern(reader, pattern) {
                continue;
            }
            let not = Expr::unary(UnaryOp::NotMatch, Expr::string(pattern));
            self.patterns.push(not);
            let path = self.at(&["patternProperties", pattern]);
            let (made, _) = self.sub(reader, schema, &path, None);
            let own = Expr::unary(UnaryOp::Match, Expr::string(pattern));
            let both = std::iter::once(own).chain(existing.clone());
            if let Some(filter) = Expr::joined(BinaryOp::And, both) {
                let mut embed = patterned(filter, made);
                embed.meta_mut().rel = ast::RelPos::NewSection;
                self.object().push(Decl::embed(embed));
            }
        }
    }

    pub(super) fn additional_properties(&mut self, reader: &mut Reader<'_>, value: &Data) {
        match value {
            Data::Bool(true) => {
                self.object();
            }
            Data::Bool(false) => {
                self.object();
                self.openness = Openness::Closed;
            }
            Data::Struct(_) => {
                let path = self.at(&["additionalProperties"]);
                let (made, _) = self.sub(reader, value, &path, None);
                self.openness = Openness::Covered;
                if self.object().is_empty() {
                    let label =
                        Label::List(Box::new(ast::ListLit::new(vec![Expr::ident("string")])));
                    self.object().push(Decl::field(label, made));
                    return;
                }
                let existing = excluding(self.object());
                let filters = self.patterns.iter().cloned().chain(existing);
                if let Some(filter) = Expr::joined(BinaryOp::And, filters) {
                    self.object().push(Decl::embed(patterned(filter, made)));
                }
            }
            _ => self.refuse(reader, "additionalProperties", "an object or boolean"),
        }
    }

    pub(super) fn property_names(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let path = self.at(&["propertyNames"]);
        let (made, _) = self.sub(reader, value, &path, Some(Kind::STRING));
        if made.as_ident() != Some("_") {
            self.add(STRUCT, patterned(made, Expr::ident("_")));
        }
    }

    /// Fields that are needed, or schemas that apply, once a field is there.
    pub(super) fn dependencies(&mut self, reader: &mut Reader<'_>, name: &str, value: &Data) {
        let Data::Struct(dependencies) = value else {
            self.refuse(reader, name, "an object");
            return;
        };
        self.object();
        for (at, (key, needs)) in dependencies.iter().enumerate() {
            let alias = if is_valid_ident(key) {
                None
            } else {
                Some(ast::Ident::new(format!("_t{at}")))
            };
            let ident = alias
                .as_ref()
                .map_or_else(|| Expr::ident(&**key), |alias| Expr::Ident(alias.clone()));
            let label = match alias {
                Some(ident) => Label::Alias(Box::new(ast::LabelAlias {
                    meta: ast::Meta::default(),
                    ident,
                    equal: ast::Pos::NONE,
                    label: Label::regular(key),
                })),
                None => Label::regular(key),
            };
            let field = ast::Field::new(label, Expr::ident("_"))
                .with_constraint(Some(Constraint::Optional));
            self.object().push(Decl::Field(Box::new(field)));
            let body = match needs {
                Data::List(names) if name != "dependentSchemas" => names
                    .iter()
                    .filter_map(|name| match name {
                        Data::String(name) => Some(must_be_there(name)),
                        _ => None,
                    })
                    .collect(),
                Data::Struct(_) | Data::Bool(_) if name != "dependentRequired" => {
                    let path = self.at(&[name, key]);
                    match self.sub(reader, needs, &path, None).0 {
                        Expr::Struct(lit) => lit.elts,
                        other => vec![Decl::embed(other)],
                    }
                }
                _ => {
                    self.refuse(reader, name, "lists of names or schemas");
                    continue;
                }
            };
            let condition = Expr::binary(BinaryOp::NotEqual, ident, Expr::bottom());
            self.object()
                .push(Decl::Comprehension(Box::new(ast::Comprehension {
                    meta: ast::Meta::default(),
                    clauses: vec![ast::Clause::If(Box::new(ast::IfClause {
                        meta: ast::Meta::default(),
                        condition,
                    }))],
                    value: ast::StructLit::new(body),
                })));
        }
        // without it the comprehensions would admit other values than structs
        self.object().push(Decl::embed(Expr::structure(Vec::new())));
    }
}
