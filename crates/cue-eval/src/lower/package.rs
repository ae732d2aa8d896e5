//! Packages of builtins as packages of the program.
//!
//! A member that is a function or constant becomes a field; members given as CUE text are lowered
//! like any file, but without places, since they stand in no file of the user.

use super::Lowering;
use crate::builtin::Member;
use crate::data::Data;
use crate::ir::{
    ArcKind, Decl, DeclId, Element, Expr, ExprId, ListLit, Package, PackageId, StructLit,
};
use crate::term::Datum;
use source_vocab::{SourceMap, Span};
use std::sync::Arc;

impl Lowering<'_> {
    /// The package of builtins with this path, made on first use.
    pub(super) fn builtin_package(&mut self, path: &str) -> Option<PackageId> {
        if let Some(known) = self.builtin_packages.get(path) {
            return Some(*known);
        }
        let package = self.builtins.package(path)?;
        let id = PackageId::at(self.program.packages.len());
        self.builtin_packages.insert(path.to_owned(), id);
        self.program.packages.push(Package {
            path: path.to_owned(),
            files: Vec::new(),
            unified: Vec::new(),
        });
        let mut decls: Vec<DeclId> = Vec::with_capacity(package.members.len());
        for (name, member) in &package.members {
            let value = match member {
                Member::Function(function) => {
                    let datum = self.program.pool.add_function(Arc::clone(function));
                    self.add_value(datum, Span::DETACHED)
                }
                Member::Constant(data) => self.constant(data),
            };
            let label = self.string_label(name, Span::DETACHED);
            decls.push(self.add_decl(
                Decl::Field {
                    label,
                    arc: ArcKind::Member,
                    value,
                },
                Span::DETACHED,
            ));
        }
        let mut files = vec![self.detached_struct(decls)];
        if !package.cue.is_empty() {
            files.extend(self.detached_file(path, &package.cue));
        }
        if let Some(slot) = self.program.packages.get_mut(id.index()) {
            slot.files = files;
        }
        Some(id)
    }

    fn detached_struct(&mut self, decls: Vec<DeclId>) -> ExprId {
        let id = self.add_struct(StructLit {
            decls: decls.into(),
            span: Span::DETACHED,
            is_file: true,
            is_comprehension_part: false,
            embeds: false,
            split: None,
        });
        self.add_expr(Expr::Struct(id), Span::DETACHED)
    }

    fn detached_file(&mut self, path: &str, text: &str) -> Option<ExprId> {
        let mut sources = SourceMap::new();
        let source = sources.add(path, text).ok()?;
        let parsed = cue_syntax::parse(&source);
        let package = std::mem::replace(&mut self.package, path.to_owned());
        let scope = std::mem::take(&mut self.package_scope);
        let frames = std::mem::take(&mut self.frames);
        let nesting = std::mem::take(&mut self.in_comprehension);
        let detached = std::mem::replace(&mut self.detached, true);
        let file = self.file(&parsed.file, &[]);
        self.detached = detached;
        self.in_comprehension = nesting;
        self.frames = frames;
        self.package_scope = scope;
        self.package = package;
        Some(file)
    }

    fn constant(&mut self, data: &Data) -> ExprId {
        let datum = match data {
            Data::Null => Datum::Null,
            Data::Bool(value) => Datum::Bool(*value),
            Data::Number(number) => self.program.pool.add_number(number.clone()),
            Data::String(text) => self.program.pool.add_text(Arc::clone(text)),
            Data::Bytes(bytes) => self.program.pool.add_blob(Arc::clone(bytes)),
            Data::List(items) => {
                let elements = items
                    .iter()
                    .map(|item| Element::Expr(self.constant(item)))
                    .collect();
                let id = self.add_list(ListLit {
                    elements,
                    span: Span::DETACHED,
                });
                return self.add_expr(Expr::List(id), Span::DETACHED);
            }
            Data::Struct(fields) => {
                let decls = fields
                    .iter()
                    .map(|(name, value)| {
                        let value = self.constant(value);
                        let label = self.string_label(name, Span::DETACHED);
                        let decl = Decl::Field {
                            label,
                            arc: ArcKind::Member,
                            value,
                        };
                        self.add_decl(decl, Span::DETACHED)
                    })
                    .collect();
                let id = self.add_struct(StructLit {
                    decls,
                    span: Span::DETACHED,
                    is_file: false,
                    is_comprehension_part: false,
                    embeds: false,
                    split: None,
                });
                return self.add_expr(Expr::Struct(id), Span::DETACHED);
            }
        };
        self.add_value(datum, Span::DETACHED)
    }
}
