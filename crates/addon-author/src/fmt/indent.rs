//! The indentation of `metadata.yaml`: two blanks a level, a list at the column of its key.
//!
//! ```yaml
//! tags:              tags:
//!     - a            - a
//! system:        ►   system:
//!       vela: x        vela: x
//! ```
//! The syntax tree says which line begins a key or an element, and so which column it gets. Every other line (the rest of
//! a scalar or of a bracket, a comment) moves as far as the line it belongs to. A form that is not understood (a list
//! directly in a list, a tab) leaves the text as it is.

use super::lines::{Lines, indent};
use goyaml::{CollectionStyle, Node, NodeKind, Stream};

/// Where a line that begins something is, and where it goes.
#[derive(Clone, Copy)]
struct Place {
    /// The column of what stands in the line now, a dash and its blanks left out, and then.
    old: usize,
    new: usize,
    /// Whether the line begins with a dash.
    has_dash: bool,
}

/// The text with canonical indentation; `None` where the form is not understood.
pub(super) fn indented(text: &str, stream: &Stream) -> Option<String> {
    let lines = Lines::new(text, stream);
    let mut places: Vec<Option<Place>> = vec![None; lines.texts.len()];
    for document in &stream.documents {
        put(&document.root, 0, &lines, &mut places)?;
    }
    let mut out = String::with_capacity(text.len());
    let mut moved: Option<Place> = None;
    for (number, line) in lines.texts.iter().enumerate() {
        let here = places.get(number).copied().flatten();
        if let Some(place) = here {
            moved = Some(place);
            let content = line.get(place.old..)?;
            let blanks = if place.has_dash {
                place.new.checked_sub(2)?
            } else {
                place.new
            };
            out.extend(std::iter::repeat_n(' ', blanks));
            out.push_str(if place.has_dash { "- " } else { "" });
            out.push_str(content);
        } else if line.trim().is_empty() {
            out.push_str(line);
        } else {
            let next = || places.iter().skip(number).find_map(|place| *place);
            let at = indent(line);
            let from = match next() {
                // a comment goes with the line below it when it stands where that does
                Some(next) if lines.is_comment(number) && at == first_column(next) => Some(next),
                _ => moved,
            };
            let column = match from {
                Some(place) if place.new >= place.old => at + (place.new - place.old),
                Some(place) => at.checked_sub(place.old - place.new)?,
                None => at,
            };
            out.extend(std::iter::repeat_n(' ', column));
            out.push_str(line.trim_start_matches(' '));
        }
        out.push('\n');
    }
    Some(out)
}

/// The column in which a line begins now.
fn first_column(place: Place) -> usize {
    if place.has_dash {
        place.old.saturating_sub(2)
    } else {
        place.old
    }
}

/// Notes the places of all that begins a line in a block.
fn put(node: &Node, column: usize, lines: &Lines<'_>, places: &mut [Option<Place>]) -> Option<()> {
    match &node.kind {
        NodeKind::Mapping {
            entries,
            style: CollectionStyle::Block,
        } => {
            for (key, value) in entries {
                let (line, old) = (lines.line_of(key.span.lo), lines.column_of(key.span.lo));
                let before = lines.texts.get(line)?.get(..old)?;
                if before.trim_matches(' ').is_empty() {
                    set(
                        places,
                        line,
                        Place {
                            old,
                            new: column,
                            has_dash: false,
                        },
                    )?;
                } else if !is_dash(before) {
                    return None;
                }
                let inner = match &value.kind {
                    // an alias has the places of what it stands for
                    _ if value.span.lo < key.span.lo => return None,
                    NodeKind::Mapping {
                        style: CollectionStyle::Block,
                        ..
                    } => column + 2,
                    _ => column,
                };
                put(value, inner, lines, places)?;
            }
        }
        NodeKind::Sequence {
            items,
            style: CollectionStyle::Block,
        } => {
            for item in items {
                let (line, old) = lines.start_of(item);
                let before = lines.texts.get(line)?.get(..old)?;
                let is_list = matches!(
                    item.kind,
                    NodeKind::Sequence {
                        style: CollectionStyle::Block,
                        ..
                    }
                );
                if !is_dash(before) || is_list {
                    return None;
                }
                set(
                    places,
                    line,
                    Place {
                        old,
                        new: column + 2,
                        has_dash: true,
                    },
                )?;
                put(item, column + 2, lines, places)?;
            }
        }
        NodeKind::Mapping { .. } | NodeKind::Sequence { .. } | NodeKind::Scalar { .. } => {}
    }
    Some(())
}

fn is_dash(before: &str) -> bool {
    let trimmed = before.trim_matches(' ');
    trimmed == "-" && before.ends_with(' ')
}

/// Notes a place; a line that has another one already is not understood.
fn set(places: &mut [Option<Place>], line: usize, place: Place) -> Option<()> {
    let slot = places.get_mut(line)?;
    if slot.is_some() {
        return None;
    }
    *slot = Some(place);
    Some(())
}
