//! A fault of an object: what the server complains about, at which field.

use source_vocab::Span;

/// What is wrong, in the words of the server's causes (`metav1.CauseType` and `field.ErrorType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A value of another JSON type than the field has. One whose type is right and that still cannot be decoded (a quantity
    /// `1GB`, an integer that does not fit) is [`Self::Invalid`].
    Type,
    /// A field that the kind does not have.
    Unknown,
    /// A key that stands twice in a mapping.
    DuplicateKey,
    /// A field that has to be there.
    Required,
    /// A value that is none of those allowed.
    NotSupported,
    /// A value that breaks a rule of the field.
    Invalid,
    /// A field that may not be set here.
    Forbidden,
    /// An element of a list that stands there already.
    DuplicateValue,
    /// The name of something that is not there.
    NotFound,
    /// A text or list that is too long.
    TooLong,
    /// A list with too many elements.
    TooMany,
}

impl FaultKind {
    /// Whether only strict decoding complains: without it the field is dropped and the object is accepted.
    pub fn is_strict(self) -> bool {
        matches!(self, Self::Unknown | Self::DuplicateKey)
    }
}

/// Something that the server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field as the server names it: `spec.template.spec.containers[0].image`, `metadata.labels[app]`; empty for the
    /// object as a whole.
    pub field: String,
    /// What is wrong.
    pub kind: FaultKind,
    /// A lower-case sentence without the field's name.
    pub message: String,
    /// What to do, where that is known: `did you mean ...`.
    pub help: Option<String>,
    /// Where the value stands; the key for an unknown field, the mapping for a missing one.
    pub span: Span,
}
