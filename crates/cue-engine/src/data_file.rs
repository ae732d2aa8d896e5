//! JSON and YAML as syntax trees that know where they came from.
//!
//! A value that is read from a data file takes part in unification like one that is written in
//! CUE; when it conflicts, the error shows the line of the data file. JSON is a subset of CUE and
//! goes through the CUE parser; YAML nodes become literals with the spans of the nodes.

use cue_eval::Data;
use cue_syntax::ast;
use source_vocab::{Diagnostic, SourceFile, SourceMap, Span, VPath};

/// A file as far as it could be read.
#[derive(Clone, Debug)]
pub struct ParsedFile {
    /// The tree.
    pub file: ast::File,
    /// What is wrong with the text.
    pub errors: Vec<Diagnostic>,
}

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// CUE.
    Cue,
    /// JSON.
    Json,
    /// One or several YAML documents.
    Yaml,
    /// One JSON value a line.
    JsonLines,
    /// Plain text: a string.
    Text,
    /// Anything: bytes.
    Binary,
    /// TOML.
    Toml,
}

impl Encoding {
    /// The encoding that the extension of a file name stands for.
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "cue" => Some(Self::Cue),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "jsonl" | "ldjson" | "ndjson" => Some(Self::JsonLines),
            "txt" => Some(Self::Text),
            "toml" => Some(Self::Toml),
            "wasm" => Some(Self::Binary),
            _ => None,
        }
    }
}

/// Parses a file by its extension; what has no known one is CUE.
///
/// # Errors
/// A diagnostic when the file is not UTF-8 or does not fit the source map.
pub fn parse(
    sources: &mut SourceMap,
    name: &str,
    path: &VPath,
    bytes: Vec<u8>,
) -> Result<ParsedFile, Box<Diagnostic>> {
    let encoding = Encoding::of_name(path.file_name()).unwrap_or(Encoding::Cue);
    let source = add(sources, name, bytes)?;
    if encoding == Encoding::Cue {
        let parsed = cue_syntax::parse(&source);
        return Ok(ParsedFile {
            file: parsed.file,
            errors: parsed.errors,
        });
    }
    match values(&source, encoding) {
        Ok(mut values) => {
            let value = if values.len() == 1 {
                values.swap_remove(0)
            } else {
                ast::Expr::list(values)
            };
            Ok(ParsedFile {
                file: file_of(value),
                errors: Vec::new(),
            })
        }
        Err(found) => Ok(ParsedFile {
            file: ast::File::default(),
            errors: vec![*found],
        }),
    }
}

/// Takes the text of a file into the source map.
///
/// # Errors
/// A diagnostic when the bytes are not UTF-8 or do not fit.
pub fn add(
    sources: &mut SourceMap,
    name: &str,
    bytes: Vec<u8>,
) -> Result<SourceFile, Box<Diagnostic>> {
    let text = String::from_utf8(bytes).map_err(|error| {
        Box::new(Diagnostic::error(
            "cue/not-utf8",
            format!(
                "`{name}` is not UTF-8: byte {} is wrong",
                error.utf8_error().valid_up_to()
            ),
            source_vocab::Place::Nowhere,
        ))
    })?;
    sources.add(name, text).map_err(|error| {
        Box::new(Diagnostic::error(
            "cue/source-too-large",
            error.to_string(),
            source_vocab::Place::Nowhere,
        ))
    })
}

/// The documents in the bytes of a data file.
///
/// # Errors
/// A diagnostic at the first mistake.
pub fn documents(
    sources: &mut SourceMap,
    name: &str,
    bytes: Vec<u8>,
    encoding: Encoding,
) -> Result<Vec<ast::Expr>, Box<Diagnostic>> {
    if encoding == Encoding::Binary {
        return Ok(vec![ast::Expr::Basic(ast::BasicLit::bytes(&bytes))]);
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    let source = add(sources, name, bytes)?;
    values(&source, encoding)
}

/// The values of a data file, one for each document.
///
/// # Errors
/// A diagnostic at the first mistake.
pub fn values(source: &SourceFile, encoding: Encoding) -> Result<Vec<ast::Expr>, Box<Diagnostic>> {
    match encoding {
        Encoding::Cue => {
            let parsed = cue_syntax::parse(source);
            match parsed.errors.into_iter().next() {
                Some(found) => Err(Box::new(found)),
                None => Ok(vec![expr_of(parsed.file)]),
            }
        }
        Encoding::Json => {
            // checked as JSON first: CUE allows more
            let found = cue_std::encoding::json::parse(source.text()).map_err(|error| {
                let at = source.span_of(error.offset, error.offset);
                Box::new(Diagnostic::error("cue/invalid-json", error.message, at))
            })?;
            let parsed = cue_syntax::parse_expr(source);
            Ok(vec![if parsed.errors.is_empty() {
                parsed.expr
            } else {
                expr_of_data(&found, source.span())
            }])
        }
        Encoding::JsonLines => cue_std::encoding::json::parse_stream(source.text())
            .map(|values| {
                let span = source.span();
                values.iter().map(|data| expr_of_data(data, span)).collect()
            })
            .map_err(|error| {
                let at = source.span_of(error.offset, error.offset);
                Box::new(Diagnostic::error("cue/invalid-json", error.message, at))
            }),
        Encoding::Yaml => {
            let stream = goyaml::parse_file(source);
            if let Some(error) = stream.error {
                return Err(Box::new(error.into()));
            }
            let mut out = Vec::new();
            for document in &stream.documents {
                out.push(yaml_expr(&document.root)?);
            }
            Ok(out)
        }
        Encoding::Text => Ok(vec![ast::Expr::string(source.text())]),
        Encoding::Binary => Ok(vec![ast::Expr::Basic(ast::BasicLit::bytes(
            source.text().as_bytes(),
        ))]),
        Encoding::Toml => cue_std::encoding::toml::parse(source.text())
            .map(|data| vec![expr_of_data(&data, source.span())])
            .map_err(|error| {
                let at = source.span_of(error.offset, error.offset);
                Box::new(Diagnostic::error("cue/invalid-toml", error.message, at))
            }),
    }
}

/// A file that is this value.
pub fn file_of(value: ast::Expr) -> ast::File {
    match value {
        ast::Expr::Struct(fields) => ast::File {
            meta: fields.meta,
            decls: fields.elts,
        },
        value => ast::File {
            meta: ast::Meta::default(),
            decls: vec![ast::Decl::embed(value)],
        },
    }
}

fn expr_of(file: ast::File) -> ast::Expr {
    ast::Expr::structure(
        file.decls
            .into_iter()
            .filter(|decl| !matches!(decl, ast::Decl::Package(_)))
            .collect(),
    )
}

fn placed(mut expr: ast::Expr, span: Span) -> ast::Expr {
    expr.meta_mut().span = span;
    expr
}

fn yaml_expr(node: &goyaml::Node) -> Result<ast::Expr, Box<Diagnostic>> {
    let refuse = |error: cue_std::encoding::yaml::YamlError| {
        Box::new(Diagnostic::error(
            "cue/invalid-yaml",
            error.message,
            error.span,
        ))
    };
    let expr = match &node.kind {
        goyaml::NodeKind::Sequence { items, .. } => {
            ast::Expr::list(items.iter().map(yaml_expr).collect::<Result<_, _>>()?)
        }
        goyaml::NodeKind::Mapping { entries, .. }
            if entries
                .iter()
                .all(|(key, _)| key.as_scalar().is_some() && !key.is_merge_key()) =>
        {
            let mut fields = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let name = key.as_scalar().unwrap_or_default();
                let mut field = ast::Field::new(ast::Label::regular(name), yaml_expr(value)?);
                field.meta.span = key.span.to(value.span);
                fields.push(ast::Decl::Field(Box::new(field)));
            }
            ast::Expr::structure(fields)
        }
        goyaml::NodeKind::Mapping { .. } | goyaml::NodeKind::Scalar { .. } => {
            let data = cue_std::encoding::yaml::value(node).map_err(refuse)?;
            expr_of_data(&data, node.span)
        }
    };
    Ok(placed(expr, node.span))
}

/// A concrete value as a tree, all of it at one place.
pub fn expr_of_data(data: &Data, span: Span) -> ast::Expr {
    let expr = match data {
        Data::Null => ast::Expr::Basic(ast::BasicLit::null()),
        Data::Bool(value) => ast::Expr::Basic(ast::BasicLit::boolean(*value)),
        Data::Number(number) => {
            let text = number.decimal.to_string();
            let digits = text.strip_prefix('-').unwrap_or(&text);
            let literal = match number.kind {
                cue_eval::number::NumberKind::Int => ast::Expr::int(
                    number
                        .decimal
                        .abs()
                        .integer_text()
                        .unwrap_or_else(|| digits.to_owned()),
                ),
                cue_eval::number::NumberKind::Float => ast::Expr::float(as_float(digits)),
            };
            if digits.len() == text.len() {
                literal
            } else {
                ast::Expr::unary(ast::UnaryOp::Minus, placed(literal, span))
            }
        }
        Data::String(text) => ast::Expr::string(text),
        Data::Bytes(bytes) => ast::Expr::Basic(ast::BasicLit::bytes(bytes)),
        Data::List(items) => {
            ast::Expr::list(items.iter().map(|item| expr_of_data(item, span)).collect())
        }
        Data::Struct(fields) => ast::Expr::structure(
            fields
                .iter()
                .map(|(name, value)| {
                    let mut field =
                        ast::Field::new(ast::Label::regular(name), expr_of_data(value, span));
                    field.meta.span = span;
                    ast::Decl::Field(Box::new(field))
                })
                .collect(),
        ),
    };
    placed(expr, span)
}

/// The text of a float that reads back as a float.
pub(crate) fn as_float(digits: &str) -> String {
    if digits.contains(['.', 'e', 'E']) {
        digits.to_owned()
    } else {
        format!("{digits}.0")
    }
}
