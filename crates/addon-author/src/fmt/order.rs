//! The order of the keys of `metadata.yaml`: what names the addon, what describes it, what it needs, what else there is.
//!
//! A key takes its lines along, and the comments above it: those between the entry before and the key. A comment that is
//! indented, or that takes out an element of a list (`# - x`), belongs to the entry before. What stands at the head of the
//! file and is followed by an empty line stays there; so does what stands at its end.

use super::lines::Lines;
use addon_model::folds_equal;
use goyaml::{CollectionStyle, Node, NodeKind, Stream};

/// The order; other keys follow in theirs.
const ORDER: [&str; 13] = [
    "name",
    "version",
    "description",
    "icon",
    "url",
    "tags",
    "system",
    "dependencies",
    "deployTo",
    "needNamespace",
    "uxPlugins",
    "invisible",
    "annotations",
];

/// The text with its keys in order; `None` where the form is not understood.
pub(super) fn ordered(text: &str, stream: &Stream) -> Option<String> {
    let [document] = stream.documents.as_slice() else {
        return None;
    };
    let NodeKind::Mapping {
        entries,
        style: CollectionStyle::Block,
    } = &document.root.kind
    else {
        return None;
    };
    let lines = Lines::new(text, stream);
    let keys: Vec<usize> = entries
        .iter()
        .map(|(key, _)| lines.line_of(key.span.lo))
        .collect();
    let is_plain = keys
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one < other))
        && entries
            .iter()
            .all(|(key, _)| lines.column_of(key.span.lo) == 0 && !key.is_merge_key());
    if !is_plain {
        return None;
    }
    let mut at = header(&lines, *keys.first()?);
    let head = at;
    let mut chunks: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
    for (number, (key, value)) in entries.iter().enumerate() {
        let next = keys.get(number + 1).copied().unwrap_or(lines.texts.len());
        let end = end_of(&lines, value, *keys.get(number)?, next);
        chunks.push((rank(key), at..end));
        at = end;
    }
    let foot = at..lines.texts.len();
    let is_sorted = chunks.is_sorted_by_key(|(rank, _)| *rank);
    if is_sorted {
        return Some(text.to_owned());
    }
    chunks.sort_by_key(|(rank, _)| *rank);
    let mut out: Vec<&str> = lines.texts.get(..head)?.to_vec();
    for (_, range) in chunks {
        let mut chunk = lines.texts.get(range)?;
        // no empty line before the first key of the file
        while let [first, rest @ ..] = chunk
            && out.is_empty()
            && first.trim().is_empty()
        {
            chunk = rest;
        }
        out.extend_from_slice(chunk);
    }
    out.extend_from_slice(lines.texts.get(foot)?);
    let mut text = out.join("\n");
    text.push('\n');
    Some(text)
}

fn rank(key: &Node) -> usize {
    let name = key.as_scalar().unwrap_or_default();
    let known = ORDER.iter().position(|known| folds_equal(known, name));
    known.unwrap_or(ORDER.len())
}

/// The first line that belongs to the first key: behind the last empty line above it, and behind what is for the whole
/// file.
fn header(lines: &Lines<'_>, key: usize) -> usize {
    let is_for_the_file = |line: &str| {
        let is_said = [
            "yaml-language-server:",
            "SPDX-License-Identifier",
            "Copyright",
            "$schema",
        ];
        !line.trim_start().starts_with('#') || is_said.iter().any(|word| line.contains(word))
    };
    let mut above = lines.texts.iter().take(key).enumerate();
    let last = above.rfind(|(_, line)| is_for_the_file(line));
    last.map_or(0, |(number, _)| number + 1)
}

/// Behind the last line that belongs to an entry.
fn end_of(lines: &Lines<'_>, value: &Node, key: usize, next: usize) -> usize {
    // the comments and empty lines before the next key
    let mut end = next;
    while end > key + 1 && (lines.is_blank(end - 1) || lines.is_comment(end - 1)) {
        end -= 1;
    }
    let is_list = matches!(value.kind, NodeKind::Sequence { .. });
    let belongs = |line: &str| {
        let is_element = line.trim_start_matches(['#', ' ']).starts_with("- ");
        line.starts_with(' ') || is_list && is_element
    };
    let mut own = end;
    for number in end..next {
        let line = lines.texts.get(number).copied().unwrap_or_default();
        if lines.is_comment(number) && belongs(line) {
            own = number + 1;
        } else if !lines.is_blank(number) {
            break;
        }
    }
    own
}
