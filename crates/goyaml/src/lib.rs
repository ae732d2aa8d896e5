//! YAML as Go programs read and write it, with a place on every node.
//!
//! Kubernetes, Helm and KubeVela read YAML through sigs.k8s.io/yaml (goyaml.v2, YAML 1.1 with
//! JSON on top), CUE through yaml.v3. What an author's file *means* is what these two make of it,
//! so this crate follows them, not the YAML specification.
//!
//! The way of a text:
//! ```text
//! bytes ─ decode ─► text ─ parse ─► Stream of Documents of Nodes   (syntax: spans, styles, tags)
//!                                     │ kubernetes::resolve         (Dialect::Kubernetes)
//!                                     ▼
//!                                   Tree                            (values with spans)
//!                                     │ to_value / from_tree
//!                                     ▼
//!                                   Value, or any serde type        (values)
//!                                     │ to_string
//!                                     ▼
//!                                   text, byte-equal to Go's
//! ```
//! CUE's decoder works on the syntax itself and resolves scalars with [`resolve_plain`] and
//! [`resolve_tagged`] in [`Dialect::Cue`]; its encoder is [`emit::cue`].
//!
//! Nothing here panics, recurses deeper than [`MAX_DEPTH`] twice over, or lets aliases multiply
//! memory; a text that is too deep or too self-referential is a finding like any other.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice))]

pub mod base64;
mod de;
mod emit;
mod encoding;
pub mod kubernetes;
mod node;
mod number;
mod order;
mod parse;
mod scalar;
mod timestamp;
mod value;

pub use de::{DecodeError, from_tree};
pub use emit::{cue as emit_cue, kubernetes::to_string};
pub use encoding::{Encoding, EncodingError, decode};
pub use kubernetes::{
    Data, Duplicate, Entry, Resolved as ResolvedTree, Step, Tree, ValueError, resolve,
};
pub use node::{CollectionStyle, Document, Node, NodeKind, ScalarStyle};
pub use number::{Magnitude, Number, Precision, format_g, json_float};
pub use parse::{MAX_DEPTH, Stream, SyntaxError, parse, parse_file};
pub use scalar::{Dialect, Resolved, resolve_plain, resolve_tagged};
pub use timestamp::is_timestamp;
pub use value::{Map, Value};

/// Whether keys that stand twice and fields that a type does not have are errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// As `yaml.Unmarshal`: the last value of a key counts, unknown fields are dropped.
    Lenient,
    /// As `yaml.UnmarshalStrict`: both are errors.
    Strict,
}

/// Why a text gives no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes are no text.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// The text is no YAML.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// A node has no value in JSON.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A key stands twice and reading is strict.
    #[error("the key `{}` stands twice", .0.key)]
    Duplicate(Duplicate),
    /// The value is not of the wanted type.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

impl ReadError {
    /// Where in the text, when the mistake has a place.
    pub fn span(&self) -> Option<source_vocab::Span> {
        match self {
            Self::Encoding(_) => None,
            Self::Syntax(error) => Some(error.span),
            Self::Value(error) => Some(error.span),
            Self::Duplicate(found) => Some(found.second),
            Self::Decode(error) => Some(error.span),
        }
    }
}

/// The first document of a text in the Kubernetes dialect, as `yaml.Unmarshal` reads it: an empty
/// text is null, and what follows the first document is not looked at. Spans begin at `base`.
///
/// # Errors
/// [`ReadError`] where Go's library fails.
pub fn read_tree(bytes: &[u8], base: u32, strictness: Strictness) -> Result<Tree, ReadError> {
    let text = decode(bytes)?;
    let mut stream = parse(&text, base);
    let Some(first) = stream.documents.first_mut() else {
        return match stream.error {
            Some(error) => Err(error.into()),
            None => Ok(Tree {
                span: source_vocab::Span::new(base, base),
                data: Data::Null,
            }),
        };
    };
    let mut found = resolve(&first.root)?;
    if strictness == Strictness::Strict {
        found.duplicates.append(&mut found.overrides);
        if !found.duplicates.is_empty() {
            return Err(ReadError::Duplicate(found.duplicates.swap_remove(0)));
        }
    }
    Ok(found.tree)
}

/// The first document of a text as a plain value; see [`read_tree`].
///
/// # Errors
/// [`ReadError`] where Go's library fails.
pub fn from_slice(bytes: &[u8]) -> Result<Value, ReadError> {
    read_tree(bytes, 1, Strictness::Lenient).map(|tree| tree.to_value())
}

/// The first document of a text as a serde type; see [`read_tree`] and [`from_tree`].
///
/// # Errors
/// [`ReadError`] where Go's library fails.
pub fn from_slice_as<T: serde::de::DeserializeOwned>(
    bytes: &[u8],
    strictness: Strictness,
) -> Result<T, ReadError> {
    Ok(from_tree(&read_tree(bytes, 1, strictness)?, strictness)?)
}
