//! Where data goes: `-l`, `--list` and `--with-context`.
//!
//! Each `-l` is either an expression, which is evaluated where the fields of the document can be seen and gives one label, or a
//! path of labels that ends in a colon (`"a b": "\(kind)":`). With `--list` documents of one path are collected in a list; with
//! `--with-context` the expressions see `data`, `filename`, `index` and `recordCount` instead of the fields. As cue v0.14.1
//! `cmd/cue/cmd/orphans.go`.

use super::inputs::DataFile;
use crate::cli::cue::Values;
use crate::exit::{Exit, Failure};
use cue_engine::syntax::ast::{self, Decl, Expr, Label};
use cue_engine::{Data, Package, Session, data_file};

/// One label of a path.
#[derive(Clone, Debug)]
enum Step {
    Fixed(Label),
    Computed { expr: Expr, text: String },
}

/// Where documents are put.
#[derive(Clone, Debug, Default)]
pub(super) struct Placement {
    path: Vec<Step>,
    list: bool,
    context: bool,
    /// The package of files that have none.
    package: Option<String>,
}

fn failed(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Findings, message)
}

/// The labels of `a: "b c": "\(d)":`.
fn labels(session: &mut Session, text: &str) -> Result<Vec<Step>, Failure> {
    let wrong = || {
        failed(format!(
            "`--path`: `{text}` is neither an expression nor a path of labels"
        ))
        .help("write an expression (`-l kind`) or labels that end in a colon (`-l 'a: \"b\":'`)")
    };
    let source = session
        .sources_mut()
        .add("--path", format!("{text}_"))
        .map_err(|error| failed(error.to_string()))?;
    let parsed = cue_engine::syntax::parse(&source);
    if !parsed.errors.is_empty() {
        return Err(wrong());
    }
    let [Decl::Field(field)] = parsed.file.decls.as_slice() else {
        return Err(wrong());
    };
    let mut steps = Vec::new();
    let mut at = field;
    loop {
        steps.push(match at.label.unaliased() {
            label @ (Label::Ident(_) | Label::Basic(_)) => Step::Fixed(label.clone()),
            Label::Interpolation(key) => Step::Computed {
                expr: Expr::Interpolation(key.clone()),
                text: text.to_owned(),
            },
            Label::Paren(key) => Step::Computed {
                expr: key.expr.clone(),
                text: text.to_owned(),
            },
            Label::List(_) | Label::Alias(_) => return Err(wrong()),
        });
        let Expr::Struct(inner) = &at.value else {
            return Ok(steps);
        };
        let [Decl::Field(field)] = inner.elts.as_slice() else {
            return Err(wrong());
        };
        at = field;
    }
}

impl Placement {
    /// Reads the flags.
    ///
    /// # Errors
    /// When a path is neither an expression nor labels, or flags contradict each other.
    pub(super) fn new(session: &mut Session, arguments: &Values) -> Result<Self, Failure> {
        let mut path = Vec::new();
        for text in &arguments.path {
            let source = session
                .sources_mut()
                .add("--path", text.as_str())
                .map_err(|error| failed(error.to_string()))?;
            let parsed = cue_engine::syntax::parse_expr(&source);
            if parsed.errors.is_empty() {
                path.push(Step::Computed {
                    expr: parsed.expr,
                    text: text.clone(),
                });
            } else {
                path.extend(labels(session, text)?);
            }
        }
        let placement = Self {
            path,
            list: arguments.list,
            context: arguments.with_context,
            package: arguments.package.clone(),
        };
        if !placement.is_used() && placement.context {
            return Err(failed(
                "the flag `--with-context` needs `--path` or `--list` beside it",
            ));
        }
        if placement.is_used() && arguments.schema.is_some() {
            return Err(failed(
                "`--schema` cannot be combined with `--path` or `--list`",
            ));
        }
        Ok(placement)
    }

    /// Whether documents go anywhere but to the top.
    pub(super) fn is_used(&self) -> bool {
        self.list || !self.path.is_empty()
    }

    /// The documents of a data file where they belong, as files.
    ///
    /// # Errors
    /// When a label cannot be computed, or a document is no struct and has no place.
    pub(super) fn place(
        &self,
        session: &mut Session,
        mut file: DataFile,
    ) -> Result<Vec<ast::File>, Failure> {
        if let Some(schema) = file.schema.take() {
            let placed = self.place_schema(session, &file, &schema)?;
            return Ok(vec![placed]);
        }
        if !self.is_used() {
            return Ok(file.documents.into_iter().map(data_file::file_of).collect());
        }
        let mut root = Tree::default();
        let mut decls = Vec::new();
        for (index, document) in file.documents.iter().enumerate() {
            let labels = self.labels_of(session, &file, index, document)?;
            if self.list {
                root.add(&labels, document.clone());
            } else {
                let mut value = document.clone();
                for label in labels.into_iter().rev() {
                    value = Expr::structure(vec![Decl::field(label, value)]);
                }
                if let Expr::Struct(lit) = value {
                    decls.extend(lit.elts);
                }
            }
        }
        if self.list {
            decls = match root.expr() {
                Expr::Struct(lit) => lit.elts,
                list => vec![Decl::embed(list)],
            };
        }
        Ok(vec![ast::File {
            meta: ast::Meta::default(),
            decls,
        }])
    }

    /// A schema where it belongs: its imports and comments stay at the file.
    fn place_schema(
        &self,
        session: &mut Session,
        file: &DataFile,
        schema: &ast::File,
    ) -> Result<ast::File, Failure> {
        let (mut head, body): (Vec<Decl>, Vec<Decl>) = schema
            .decls
            .iter()
            .cloned()
            .partition(|decl| matches!(decl, Decl::Import(_)));
        let mut meta = schema.meta.clone();
        let comments = meta.comments.take().into_iter();
        // documentation is that of the package
        let (docs, others) = comments.partition(|group| group.doc);
        meta.comments.set(others);
        if let Some(name) = &self.package {
            let mut clause = ast::Package {
                meta: ast::Meta::default(),
                name: ast::Ident::new(name.as_str()),
            };
            clause.meta.comments.set(docs);
            head.insert(0, Decl::Package(Box::new(clause)));
        }
        let mut lit = ast::StructLit::new(body);
        // a place that only this struct has: the file has that of its text
        lit.meta.span = schema.meta.span;
        lit.meta.span.hi = lit.meta.span.hi.saturating_sub(1);
        let body = if self.is_used() {
            let plain = DataFile {
                schema: None,
                documents: vec![Expr::Struct(Box::new(lit))],
                ..file.clone()
            };
            let placed = self.place(session, plain)?;
            placed.into_iter().flat_map(|file| file.decls).collect()
        } else {
            lit.elts
        };
        head.extend(body);
        Ok(ast::File { meta, decls: head })
    }

    fn labels_of(
        &self,
        session: &mut Session,
        file: &DataFile,
        index: usize,
        document: &Expr,
    ) -> Result<Vec<Label>, Failure> {
        let is_fixed = |step: &Step| matches!(step, Step::Fixed(_));
        if self.path.iter().all(is_fixed) {
            let fixed = self.path.iter().filter_map(|step| match step {
                Step::Fixed(label) => Some(label.clone()),
                Step::Computed { .. } => None,
            });
            return Ok(fixed.collect());
        }
        let seen = if self.context {
            let count = file.documents.len();
            Expr::structure(vec![
                Decl::field(Label::regular("data"), document.clone()),
                Decl::field(Label::regular("filename"), Expr::string(&file.path)),
                Decl::field(Label::regular("index"), Expr::int(index.to_string())),
                Decl::field(Label::regular("recordCount"), Expr::int(count.to_string())),
            ])
        } else {
            document.clone()
        };
        let mut package = Package::default();
        package.extend([data_file::file_of(seen)], session);
        for step in &self.path {
            if let Step::Computed { expr, text } = step {
                package.add_expression(expr.clone(), text);
            }
        }
        let evaluation = session.evaluate(&package);
        if let Some(found) = evaluation.diagnostics.first() {
            return Err(failed(format!("`--path`: {}", found.message)));
        }
        let mut computed = 0;
        let mut labels = Vec::new();
        for step in &self.path {
            match step {
                Step::Fixed(label) => labels.push(label.clone()),
                Step::Computed { text, .. } => {
                    let value = evaluation.expression(computed);
                    computed += 1;
                    match value.and_then(cue_engine::Value::data) {
                        Some(Data::String(name)) => labels.push(Label::regular(&name)),
                        Some(data @ Data::Number(_)) => {
                            let literal =
                                data_file::expr_of_data(&data, source_vocab::Span::DETACHED);
                            match literal {
                                Expr::Basic(basic) => labels.push(Label::Basic(basic)),
                                _ => return Err(failed(format!("`--path`: `{text}` is no label"))),
                            }
                        }
                        _ => {
                            return Err(failed(format!(
                                "`--path`: `{text}` gives no string for document {} of `{}`",
                                index + 1,
                                file.name
                            )));
                        }
                    }
                }
            }
        }
        Ok(labels)
    }
}

/// Documents by their paths, those of one path in a list.
#[derive(Debug, Default)]
struct Tree {
    fields: Vec<(String, Label, Self)>,
    items: Vec<Expr>,
}

impl Tree {
    fn add(&mut self, path: &[Label], document: Expr) {
        let Some((first, rest)) = path.split_first() else {
            self.items.push(document);
            return;
        };
        let key = match first {
            Label::Ident(ident) => ident.name.as_str().to_owned(),
            Label::Basic(basic) => basic.text.as_str().to_owned(),
            _ => String::new(),
        };
        let known = self.fields.iter().position(|(known, _, _)| *known == key);
        let at = known.unwrap_or_else(|| {
            self.fields.push((key, first.clone(), Self::default()));
            self.fields.len() - 1
        });
        if let Some((_, _, inner)) = self.fields.get_mut(at) {
            inner.add(rest, document);
        }
    }

    fn expr(self) -> Expr {
        if self.fields.is_empty() {
            return Expr::list(self.items);
        }
        Expr::structure(
            self.fields
                .into_iter()
                .map(|(_, label, inner)| Decl::field(label, inner.expr()))
                .collect(),
        )
    }
}
