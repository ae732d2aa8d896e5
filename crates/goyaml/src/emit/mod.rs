//! YAML out, byte for byte as Go writes it.
//!
//! Both Go libraries share the emitter of libyaml and differ in how they set it up:
//!
//! | | [`kubernetes`] (goyaml.v2) | [`cue`] (yaml.v3) |
//! |---|---|---|
//! | lists in a mapping | on the mapping's own column | two blanks further in |
//! | long plain and quoted text | folded at the first blank after column 80 | never |
//! | text with tabs and line breaks | double quoted | a literal block |
//! | a block that begins with a line break | an empty first line | (that break is lost, as in yaml.v3) |
//!
//! A value is first given a presentation ([`Styled`]: plain, quoted, block), which is the
//! business of each dialect; then the [`Writer`] lays it out. Where libyaml's state machine
//! says "indention", "whitespace" and "column", so does the writer, since the odd corners
//! (compact `- - a`, `? ` before long keys, folding after a key) all follow from these three.

pub mod cue;
pub(crate) mod kubernetes;
mod scalar;
mod writer;

pub(crate) use writer::{Profile, Writer};

use std::borrow::Cow;

/// How a scalar wants to be written; the writer falls back where that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes, else single, else double quoted.
    Plain,
    /// In double quotes.
    DoubleQuoted,
    /// As a `|` block, else double quoted.
    Literal,
}

/// A value ready to be laid out.
#[derive(Clone, Debug)]
pub(crate) enum Styled<'a> {
    Scalar {
        text: Cow<'a, str>,
        style: Style,
        /// Written before the text, such as `!!binary`.
        tag: Option<&'static str>,
    },
    List(Vec<Styled<'a>>),
    Map(Vec<(Styled<'a>, Styled<'a>)>),
}

impl<'a> Styled<'a> {
    pub(crate) fn scalar(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self::Scalar {
            text: text.into(),
            style,
            tag: None,
        }
    }
}
