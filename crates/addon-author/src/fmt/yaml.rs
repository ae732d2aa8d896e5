//! YAML in its canonical layout, without a change of what it means or says.
//!
//! Nothing is printed anew: the lines of the author stay, so do comments, quotes, anchors and the style of every value.
//! Outside of scalars blanks at the end of lines go, several empty lines become one, none stand at the beginning or the
//! end of the file, lines end in a line feed. `metadata.yaml` is indented and ordered too ([`super::indent`],
//! [`super::order`]).
//!
//! Invariant: each step is taken only when the text after it reads as the same values, in both of the dialects that read
//! an addon's files, and has the same letters; so a mistake here can never change an addon.

use super::indent::indented;
use super::lines::{BASE, Lines};
use super::order::ordered;
use goyaml::{Node, NodeKind, Stream, Value};
use std::fmt::Write as _;

/// Which layout a file gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Blanks and empty lines only.
    Plain,
    /// Indentation and the order of keys too.
    Metadata,
}

/// The text in its layout, or a step that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Formatted {
    pub(super) text: String,
    /// What was left as it is.
    pub(super) left: Option<&'static str>,
}

/// Formats a text that parses. `stream` is what it was parsed to, at any base.
pub(super) fn formatted(text: &str, layout: Layout) -> Formatted {
    let mut formatted = Formatted {
        text: text.to_owned(),
        left: None,
    };
    step(
        &mut formatted,
        "its blanks and empty lines",
        |text, stream| Some(tidy(text, stream)),
    );
    if layout == Layout::Metadata {
        step(&mut formatted, "its indentation", indented);
        step(&mut formatted, "the order of its keys", ordered);
        // what was moved may have left an empty line at the end
        step(&mut formatted, "its empty lines", |text, stream| {
            Some(tidy(text, stream))
        });
    }
    formatted
}

/// Takes a step where it keeps what the text means and says.
fn step(
    formatted: &mut Formatted,
    what: &'static str,
    change: impl Fn(&str, &Stream) -> Option<String>,
) {
    let before = goyaml::parse(&formatted.text, BASE);
    let changed = change(&formatted.text, &before);
    let is_kept = |after: &str| {
        is_same_text(&formatted.text, after) && is_same(&before, &goyaml::parse(after, BASE))
    };
    match changed {
        Some(text) if text == formatted.text => {}
        Some(text) if is_kept(&text) => formatted.text = text,
        _ => formatted.left = formatted.left.or(Some(what)),
    }
}

fn tidy(text: &str, stream: &Stream) -> String {
    let lines = Lines::new(text, stream);
    let mut out = String::with_capacity(text.len());
    let mut is_gap = true;
    for (number, line) in lines.texts.iter().enumerate() {
        if lines.is_blank(number) {
            // the first of several, and none at the beginning
            if !is_gap {
                out.push('\n');
            }
            is_gap = true;
            continue;
        }
        is_gap = false;
        out.push_str(if lines.ends_inside(number) {
            line
        } else {
            line.trim_end_matches([' ', '\t', '\r'])
        });
        out.push('\n');
    }
    let last = lines.texts.len().saturating_sub(1);
    if lines.begins_inside(last) && !text.ends_with('\n') {
        // a block that ends the file without a line feed has none in its value
        out.pop();
        return out;
    }
    if is_gap && !lines.begins_inside(last) {
        let length = out.trim_end_matches('\n').len();
        out.truncate(length);
        if !out.is_empty() {
            out.push('\n');
        }
    }
    out
}

/// Whether two texts have the same letters in the same lines, whatever the order of the lines and the blanks.
fn is_same_text(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        let mut lines: Vec<String> = text
            .lines()
            .map(|line| {
                line.chars()
                    .filter(|c| !c.is_whitespace())
                    .collect::<String>()
            })
            .filter(|line| !line.is_empty())
            .collect();
        lines.sort();
        lines
    };
    letters(one) == letters(other)
}

/// Whether two texts were parsed to the same values: as Kubernetes reads them, and the same scalars with the same tags and
/// styles.
fn is_same(one: &Stream, other: &Stream) -> bool {
    let values = |stream: &Stream| -> Vec<Option<Value>> {
        let documents = stream.documents.iter();
        documents
            .map(|document| Some(goyaml::resolve(&document.root).ok()?.tree.to_value()))
            .collect()
    };
    one.error.is_none() == other.error.is_none()
        && values(one) == values(other)
        && written(one) == written(other)
}

/// What stands in the documents of a text, the entries of mappings sorted.
fn written(stream: &Stream) -> Vec<String> {
    let documents = stream.documents.iter();
    documents
        .map(|document| canonical(&document.root))
        .collect()
}

/// A node as a text that is the same for the same content: every part with its length before it, so that no content can
/// look like structure. A key that stands twice is there twice.
fn canonical(node: &Node) -> String {
    let (what, parts): (String, Vec<String>) = match &node.kind {
        NodeKind::Scalar { text, style } => (format!("{style:?}"), vec![text.to_string()]),
        NodeKind::Sequence { items, style } => (
            format!("list {style:?}"),
            items.iter().map(canonical).collect(),
        ),
        NodeKind::Mapping { entries, style } => {
            let entry = |(key, value): &(Node, Node)| {
                let key = canonical(key);
                format!("{}:{key}{}", key.len(), canonical(value))
            };
            let mut parts: Vec<String> = entries.iter().map(entry).collect();
            parts.sort();
            (format!("map {style:?}"), parts)
        }
    };
    let mut text = format!("{what} {:?}", node.tag);
    for part in parts {
        let _ = write!(text, " {}:{part}", part.len());
    }
    text
}
