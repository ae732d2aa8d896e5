//! The syntax tree: what stands in a YAML file, before any scalar means anything.
//!
//! Invariant: a [`Node`] keeps the text of a scalar as YAML reads it (escapes and folding done,
//! nothing resolved), its style and its tag, because the two dialects read the same scalar
//! differently: `yes` is `true` for Kubernetes and a string for CUE. Aliases are expanded while
//! parsing, under a budget, so a tree is finite and small and may be walked without care. Merge keys (`<<`) stay
//! as they are; resolving them belongs to a dialect.

use source_vocab::Span;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// A block after `|`.
    Literal,
    /// A block after `>`.
    Folded,
}

/// How a list or mapping is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectionStyle {
    /// By indentation.
    Block,
    /// In brackets.
    Flow,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A single value.
    Scalar {
        /// The content, unescaped.
        text: Box<str>,
        /// How it is written.
        style: ScalarStyle,
    },
    /// A list.
    Sequence {
        /// The elements.
        items: Vec<Node>,
        /// How it is written.
        style: CollectionStyle,
    },
    /// Keys and values, as written: duplicates and merge keys included.
    Mapping {
        /// The entries in order.
        entries: Vec<(Node, Node)>,
        /// How it is written.
        style: CollectionStyle,
    },
}

/// A node with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands. For an alias the place of `*name`; what it stands for keeps the places of
    /// the anchored text.
    pub span: Span,
    /// The explicit tag, with the core prefix shortened (`!!int`, `!local`).
    pub tag: Option<Box<str>>,
    /// What it is.
    pub kind: NodeKind,
}

impl Node {
    /// The scalar's text, when it is a scalar.
    pub fn as_scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            NodeKind::Sequence { .. } | NodeKind::Mapping { .. } => None,
        }
    }

    /// The entries, when it is a mapping.
    pub fn as_mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            NodeKind::Mapping { entries, .. } => Some(entries),
            NodeKind::Scalar { .. } | NodeKind::Sequence { .. } => None,
        }
    }

    /// The elements, when it is a list.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Sequence { items, .. } => Some(items),
            NodeKind::Scalar { .. } | NodeKind::Mapping { .. } => None,
        }
    }

    /// Whether it is a scalar without quotes, or one whose tag is the non-specific `!`: what
    /// libyaml calls plain-implicit.
    pub fn is_implicit(&self) -> bool {
        match (&self.kind, self.tag.as_deref()) {
            (NodeKind::Scalar { .. }, Some("!")) => true,
            (NodeKind::Scalar { style, .. }, None) => *style == ScalarStyle::Plain,
            _ => false,
        }
    }

    /// Whether this is the merge key `<<`, as both Go libraries decide it.
    pub fn is_merge_key(&self) -> bool {
        self.as_scalar() == Some("<<")
            && (self.is_implicit() || self.tag.as_deref() == Some("!!merge"))
    }
}

/// One document of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// From its first to its last node; the place of its `---` when it is empty.
    pub span: Span,
    /// Whether it begins with `---`.
    pub explicit_start: bool,
    /// Its content. An empty document has an empty plain scalar.
    pub root: Node,
}

impl Document {
    /// Whether nothing stands in it (comments apart).
    pub fn is_empty(&self) -> bool {
        self.root.as_scalar() == Some("")
            && self.root.is_implicit()
            && self.root.span.lo == self.root.span.hi
    }
}
