//! A schema document as a file: from bytes to a tree that has places.
//!
//! What is made of a schema is written as CUE text and read again, so that everything that is said about it later (errors, what
//! `cue def` prints) leads to a text that can be shown.

use super::{Interpretation, Strictness, detect, openapi, schema};
use crate::data_file::{self, Encoding};
use crate::session::Session;
use cue_eval::Data;
use cue_syntax::ast;
use source_vocab::{Diagnostic, Place, Span};

/// Reads a document as the schema that it is, or that it is said to be; none when nothing is said and it is plain data.
///
/// # Errors
/// What is wrong with the text or the schema.
pub fn read_file(
    session: &mut Session,
    name: &str,
    bytes: &[u8],
    encoding: Encoding,
    interpretation: Option<Interpretation>,
    strict: Strictness,
) -> Result<Option<ast::File>, Vec<Diagnostic>> {
    let Some((document, span)) = data(session, name, bytes, encoding)? else {
        return Ok(None);
    };
    let mut file = match interpretation.or_else(|| detect(&document)) {
        None => return Ok(None),
        Some(Interpretation::JsonSchema) => schema(&document, strict, span)?,
        Some(Interpretation::OpenApi) => openapi(&document, strict, span)?,
    };
    // in the text it would become that of whatever comes first
    let comments = file.meta.comments.take();
    let text = cue_syntax::format_made(&file, cue_syntax::format::Options::default());
    let source = session
        .sources
        .add(format!("{name} (as CUE)"), text)
        .map_err(|error| {
            let message = error.to_string();
            vec![Diagnostic::error(
                "cue/source-too-large",
                message,
                Place::Nowhere,
            )]
        })?;
    let mut parsed = cue_syntax::parse(&source);
    parsed.file.meta.comments.set(comments);
    if parsed.errors.is_empty() {
        Ok(Some(parsed.file))
    } else {
        Err(parsed.errors)
    }
}

/// The only document of a text; none when there are several, or the encoding cannot hold a schema.
fn data(
    session: &mut Session,
    name: &str,
    bytes: &[u8],
    encoding: Encoding,
) -> Result<Option<(Data, Span)>, Vec<Diagnostic>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let source =
        data_file::add(&mut session.sources, name, bytes.to_vec()).map_err(|found| vec![*found])?;
    let refuse = |message: String, offset: usize| {
        let place = source.span_of(offset, offset);
        Err(vec![Diagnostic::error("cue/invalid-data", message, place)])
    };
    let found = match encoding {
        Encoding::Json => match cue_std::encoding::json::parse(source.text()) {
            Ok(data) => data,
            Err(error) => return refuse(error.message, error.offset),
        },
        Encoding::Yaml => {
            let stream = goyaml::parse_file(&source);
            if let Some(error) = stream.error {
                return Err(vec![error.into()]);
            }
            let [document] = stream.documents.as_slice() else {
                return Ok(None);
            };
            match cue_std::encoding::yaml::value(&document.root) {
                Ok(data) => data,
                Err(error) => return refuse(error.message, 0),
            }
        }
        Encoding::Toml => match cue_std::encoding::toml::parse(source.text()) {
            Ok(data) => data,
            Err(error) => return refuse(error.message, error.offset),
        },
        Encoding::Cue => {
            let text = source.text().to_string();
            let package = session.package_of_text(name, &text);
            let evaluation = session.evaluate(&package);
            match evaluation.root() {
                Some(root) => crate::export::data(root)?,
                None => return Err(evaluation.diagnostics),
            }
        }
        Encoding::JsonLines | Encoding::Text | Encoding::Binary => return Ok(None),
    };
    Ok(Some((found, source.span())))
}
