//! JSON Schema and OpenAPI documents as CUE.
//!
//! A schema is read keyword by keyword, in phases because some keywords need others (`required` needs `properties`). What applies
//! to one type is collected for that type, the rest for all; at the end the types that are left become a disjunction:
//!
//! ```text
//! {"type": "object",                              name!: strings.MinRunes(1)
//!  "required": ["name"],                ──►       size?: int
//!  "properties": {                                ...
//!    "name": {"type": "string", "minLength": 1},
//!    "size": {"type": "integer"}}}
//! ```
//!
//! Definitions (`$defs`, `definitions`, `components/schemas`) become `#Name`; other places that a `$ref` leads to become
//! `_#defs."/pointer"`. A reference may come before what it refers to, so the document is read until nothing new is referred to.
//! Only references into the same document are followed. As cue v0.14.1 `encoding/jsonschema` and `encoding/openapi`.
//!
//! - `document.rs`: from bytes to a file with places; `version.rs`: drafts, and which keyword belongs to which; `state.rs`: one schema, from keywords to an expression;
//! - `keywords.rs`, `objects.rs`: what each keyword adds; `references.rs`: ids and references; `build.rs`: the file.

mod build;
mod document;
mod keywords;
mod objects;
mod references;
mod state;
mod version;

use build::Builder;
use cue_eval::Data;
use cue_syntax::ast::{self, BinaryOp, Decl, Expr, UnaryOp};
use references::Definitions;
use source_vocab::{Diagnostic, Place, Span};
use state::{Outer, Schema};
use version::Version;

pub use document::read_file;

/// How strictly a document is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// Unknown keywords are errors.
    pub keywords: bool,
    /// Keywords that are known and not supported are errors.
    pub features: bool,
}

/// What a document is, judged by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpretation {
    /// It has a `$schema` of json-schema.org.
    JsonSchema,
    /// It has `openapi: "3.…"` and `info`.
    OpenApi,
}

/// What a document says that it is; none for plain data.
pub fn detect(document: &Data) -> Option<Interpretation> {
    let text = |of: &Data, name: &str| match field(of, name) {
        Some(Data::String(text)) => Some(text.to_string()),
        _ => None,
    };
    if text(document, "openapi").is_some_and(|version| version.starts_with("3."))
        && let Some(info) = field(document, "info")
        && text(info, "title").is_some()
        && text(info, "version").is_some()
    {
        return Some(Interpretation::OpenApi);
    }
    let schema = text(document, "$schema")?;
    let rest = schema.split_once("://")?.1;
    let rest = rest.split(['#', '?']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/')?;
    (host == "json-schema.org" && path.rsplit('/').next() == Some("schema"))
        .then_some(Interpretation::JsonSchema)
}

/// The field of a struct.
fn field<'d>(of: &'d Data, name: &str) -> Option<&'d Data> {
    match of {
        Data::Struct(fields) => fields
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| value),
        _ => None,
    }
}

/// Reads a whole document.
struct Reader<'d> {
    root: &'d Data,
    strict: Strictness,
    definitions: Definitions,
    builder: Builder,
    imports: Vec<&'static str>,
    openapi: bool,
    errors: Vec<String>,
    depth: u32,
}

/// How deep schemas may be nested.
const MAX_DEPTH: u32 = 64;

impl Reader<'_> {
    fn error(&mut self, at: &[String], message: impl AsRef<str>) {
        let place = if at.is_empty() {
            "the schema".to_owned()
        } else {
            format!("`{}`", references::pointer(at))
        };
        let text = format!("{place}: {}", message.as_ref());
        if !self.errors.contains(&text) {
            self.errors.push(text);
        }
    }

    fn import(&mut self, package: &'static str) -> Expr {
        if !self.imports.contains(&package) {
            self.imports.push(package);
        }
        Expr::ident(package)
    }

    fn enter(&mut self) -> bool {
        self.depth += 1;
        self.depth <= MAX_DEPTH
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// A JSON Schema as a CUE file.
///
/// # Errors
/// What is wrong with it, each with the place in the document.
pub fn schema(
    document: &Data,
    strict: Strictness,
    span: Span,
) -> Result<ast::File, Vec<Diagnostic>> {
    let (mut reader, info) = read(document, None, Version::Draft2020, strict, span)?;
    let (mut file, comment) = reader.builder.file();
    let mut head = Vec::new();
    if let Some(text) = info.and_then(|info| info.declared) {
        head.push(attribute(&format!(
            "@jsonschema(schema={})",
            cue_eval::label::quote(&text)
        )));
    }
    head.append(&mut file.decls);
    file.decls = head;
    if let Some(text) = comment {
        let mut group = ast::CommentGroup::doc(&text);
        group.doc = false;
        file.meta.comments.add(group);
    }
    add_imports(&mut file, &reader.imports);
    Ok(file)
}

/// The schemas of an OpenAPI document as a CUE file.
///
/// # Errors
/// What is wrong with it, each with the place in the document.
pub fn openapi(
    document: &Data,
    strict: Strictness,
    span: Span,
) -> Result<ast::File, Vec<Diagnostic>> {
    let refuse = |message: &str| {
        let found = Diagnostic::error("cue/invalid-openapi", message, Place::Text(span));
        Err(vec![found])
    };
    let version = match field(document, "openapi") {
        Some(Data::String(text)) if text.starts_with("3.0.") => Version::OpenApi,
        Some(Data::String(text)) if text.starts_with("3.1.") => Version::Draft2020,
        Some(_) => return refuse("the field `openapi` is not 3.0 or 3.1"),
        None => return refuse("the field `openapi` is missing"),
    };
    let strict = Strictness {
        keywords: strict.keywords || version == Version::OpenApi,
        ..strict
    };
    let root = ["components".to_owned(), "schemas".to_owned()];
    let (mut reader, _) = read(document, Some(&root), version, strict, span)?;
    let (mut file, _) = reader.builder.file();
    let info = field(document, "info");
    if let Some(Data::Struct(fields)) = info {
        let decls = fields.iter().map(|(name, value)| {
            let literal = crate::data_file::expr_of_data(value, Span::DETACHED);
            let value = match (&**name, value) {
                ("title" | "version", Data::String(_)) => Expr::binary(
                    BinaryOp::Or,
                    Expr::unary(UnaryOp::Default, literal),
                    Expr::ident("string"),
                ),
                _ => literal,
            };
            Decl::field(ast::Label::regular(name), value)
        });
        let info = Expr::structure(decls.collect());
        file.decls
            .insert(0, Decl::field(ast::Label::regular("info"), info));
    }
    let mut doc = Vec::new();
    for name in ["title", "description"] {
        if let Some(Data::String(text)) = info.and_then(|info| field(info, name)) {
            doc.push(text.to_string());
        }
    }
    if !doc.is_empty() {
        file.meta
            .comments
            .add(ast::CommentGroup::doc(doc.join("\n\n").trim()));
    }
    add_imports(&mut file, &reader.imports);
    Ok(file)
}

fn attribute(text: &str) -> Decl {
    Decl::Attribute(Box::new(ast::Attribute {
        meta: ast::Meta::default(),
        text: text.into(),
    }))
}

fn add_imports(file: &mut ast::File, imports: &[&'static str]) {
    for path in imports.iter().rev() {
        file.decls.insert(
            0,
            Decl::Import(Box::new(ast::ImportDecl {
                meta: ast::Meta::default(),
                lparen: ast::Pos::NONE,
                specs: vec![ast::ImportSpec::new(None, path)],
                rparen: ast::Pos::NONE,
            })),
        );
    }
}

/// Reads the schema at the root, or all schemas of the struct at a path, until all references are known.
fn read<'d>(
    document: &'d Data,
    below: Option<&[String]>,
    version: Version,
    strict: Strictness,
    span: Span,
) -> Result<(Reader<'d>, Option<state::Info>), Vec<Diagnostic>> {
    let mut reader = Reader {
        root: document,
        strict,
        definitions: Definitions::default(),
        builder: Builder::default(),
        imports: Vec::new(),
        openapi: below.is_some(),
        errors: Vec::new(),
        depth: 0,
    };
    let outer = Outer::root(version);
    let mut info = None;
    let mut further: Vec<Vec<String>> = Vec::new();
    for _ in 0..10 {
        reader.builder = Builder::default();
        reader.errors.clear();
        reader.definitions.begin();
        match below {
            Some(path) => {
                if let Some(schemas) = references::lookup(document, path) {
                    let mut all = Schema::new(&outer, path, state::all_types());
                    all.definitions(&mut reader, schemas);
                }
            }
            None => {
                let (expr, found) = state::read(&mut reader, document, &[], &outer, None);
                if found.allowed.is_bottom() {
                    reader.error(&[], "no value satisfies all constraints");
                }
                let comment = found.comment();
                reader.builder.put(&[], expr, comment);
                info = Some(found);
            }
        }
        for path in &further {
            if let Some(schema) = references::lookup(document, path) {
                state::read(&mut reader, schema, path, &outer, None);
            }
        }
        if !reader.definitions.needs_another_pass() {
            break;
        }
        for path in reader.definitions.dangling() {
            if !further.contains(&path) && reader.definitions.was_dangling(&path) {
                further.push(path);
            }
        }
    }
    if reader.errors.is_empty() {
        return Ok((reader, info));
    }
    let errors = reader.errors.into_iter();
    Err(errors
        .map(|text| Diagnostic::error("cue/invalid-schema", text, Place::Text(span)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_file::Encoding;

    fn cue(text: &str, strict: Strictness) -> Result<String, Vec<String>> {
        let mut session = crate::Session::new();
        let bytes = text.as_bytes();
        let interpretation = Some(Interpretation::JsonSchema);
        read_file(
            &mut session,
            "s.json",
            bytes,
            Encoding::Json,
            interpretation,
            strict,
        )
        .map(|file| {
            let options = cue_syntax::format::Options { simplify: true };
            cue_syntax::format(&file.unwrap(), options)
        })
        .map_err(|found| found.into_iter().map(|found| found.message).collect())
    }

    #[test]
    fn properties_are_optional_until_they_are_required() {
        let text = r#"{"type": "object", "required": ["name"], "additionalProperties": false,
            "properties": {"name": {"type": "string", "minLength": 1}, "size": {"type": "integer"}}}"#;
        assert_eq!(
            cue(text, Strictness::default()).unwrap(),
            "import \"strings\"\n\nclose({\n\tname!: strings.MinRunes(1)\n\tsize?: int\n})\n"
        );
    }

    #[test]
    fn references_lead_to_definitions_even_before_these() {
        let text = r##"{"properties": {"a": {"$ref": "#/$defs/x"}}, "type": "object",
            "$defs": {"x": {"enum": [1, "b"]}}}"##;
        assert_eq!(
            cue(text, Strictness::default()).unwrap(),
            "a?: #x\n\n#x: 1 | \"b\"\n...\n"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let strict = Strictness {
            keywords: true,
            features: true,
        };
        let text = r##"{"properties": {"a": {"foo": 1}, "b": {"$ref": "#/nowhere"}}}"##;
        assert_eq!(
            cue(text, strict).unwrap_err(),
            [
                "`/properties/a/foo`: unknown keyword `foo`",
                "`/properties/b`: `#/nowhere` leads to no schema"
            ]
        );
        assert!(cue(text, Strictness::default()).is_err());
        let deep = format!("{}{{}}{}", "{\"not\": ".repeat(200), "}".repeat(200));
        assert!(cue(&deep, Strictness::default()).is_err());
    }

    #[test]
    fn a_document_says_what_it_is() {
        let data = |text| cue_std::encoding::json::parse(text).unwrap();
        let schema = data(r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#);
        assert_eq!(detect(&schema), Some(Interpretation::JsonSchema));
        let api = data(r#"{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}}"#);
        assert_eq!(detect(&api), Some(Interpretation::OpenApi));
        assert_eq!(detect(&data(r#"{"openapi": "3.0.0"}"#)), None);
        assert_eq!(detect(&data(r#"{"$schema": "mine"}"#)), None);
    }
}
