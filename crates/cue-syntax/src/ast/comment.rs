//! Comments and where they hang.
//!
//! A comment belongs to a node, with a *position* among the tokens of that node: 0 is before the
//! node, 1 after its first token or child, and so on. The parser counts tokens and children while it
//! reads a node, the formatter counts them in the same way while it prints it, and so a comment
//! comes out where it was. Invariant: the groups of a node are ordered by position.

use super::{Pos, RelPos};
use crate::Text;

/// One `//` comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Where its first slash is.
    pub pos: Pos,
    /// The text from the slashes up to the end of the line, without the line feed.
    pub text: Text,
}

/// Comments on successive lines.
#[derive(Clone, Debug, Default)]
pub struct CommentGroup {
    /// The group stands directly above the thing that it documents.
    pub doc: bool,
    /// The group stands at the end of the line of the thing that it is about.
    pub line: bool,
    /// The number of tokens and children of its node before the group.
    pub position: i8,
    /// The comments, at least one.
    pub list: Vec<Comment>,
}

impl CommentGroup {
    /// A documentation comment with one line for each line of `text`, made by a program.
    pub fn doc(text: &str) -> Self {
        let list = text
            .lines()
            .map(|line| Comment {
                pos: Pos::relative(RelPos::Newline),
                text: Text::from(if line.is_empty() {
                    "//".to_owned()
                } else {
                    format!("// {line}")
                }),
            })
            .collect();
        Self {
            doc: true,
            line: false,
            position: 0,
            list,
        }
    }

    /// The place of the first comment.
    pub fn pos(&self) -> Pos {
        self.list.first().map_or(Pos::NONE, |first| first.pos)
    }

    /// What the comment says: without slashes, one blank after them, blanks at line ends, and
    /// repeated, leading and trailing empty lines. Ends in a line feed unless it is empty.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut gap = false;
        for comment in &self.list {
            let body = comment.text.strip_prefix("//").unwrap_or(&comment.text);
            let body = body.strip_prefix(' ').unwrap_or(body).trim_end();
            if body.is_empty() {
                gap = !out.is_empty();
                continue;
            }
            if gap {
                out.push('\n');
                gap = false;
            }
            out.push_str(body);
            out.push('\n');
        }
        out
    }
}

#[derive(Clone, Debug, Default)]
struct CommentList {
    groups: Vec<CommentGroup>,
}

/// The comment groups of a node, ordered by position. Most nodes have none, which costs a word.
#[derive(Clone, Debug, Default)]
pub struct Comments {
    list: Option<Box<CommentList>>,
}

impl Comments {
    /// The groups, in the order of their positions.
    pub fn groups(&self) -> &[CommentGroup] {
        self.list.as_ref().map_or(&[], |list| &list.groups)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.groups().is_empty()
    }

    /// Adds a group behind those with the same or a smaller position.
    pub fn add(&mut self, group: CommentGroup) {
        let groups = &mut self.list.get_or_insert_default().groups;
        insert_by_position(groups, group);
    }

    /// Replaces all groups.
    pub fn set(&mut self, groups: Vec<CommentGroup>) {
        self.list = if groups.is_empty() {
            None
        } else {
            Some(Box::new(CommentList { groups }))
        };
    }

    /// Takes all groups away.
    pub fn take(&mut self) -> Vec<CommentGroup> {
        self.list.take().map(|list| list.groups).unwrap_or_default()
    }

    /// The documentation of the node, as [`CommentGroup::text`].
    pub fn doc_text(&self) -> String {
        self.groups()
            .iter()
            .filter(|group| group.doc)
            .map(CommentGroup::text)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Inserts `group` behind the groups with the same or a smaller position.
pub(crate) fn insert_by_position(groups: &mut Vec<CommentGroup>, group: CommentGroup) {
    let mut index = groups.len();
    while index > 0
        && groups
            .get(index - 1)
            .is_some_and(|before| before.position > group.position)
    {
        index -= 1;
    }
    groups.insert(index, group);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(position: i8, text: &str) -> CommentGroup {
        CommentGroup {
            position,
            list: vec![Comment {
                pos: Pos::NONE,
                text: Text::from(text),
            }],
            ..CommentGroup::default()
        }
    }

    #[test]
    fn groups_are_kept_in_the_order_of_their_positions() {
        let mut comments = Comments::default();
        comments.add(group(2, "//a"));
        comments.add(group(0, "//b"));
        comments.add(group(2, "//c"));
        let order: Vec<String> = comments.groups().iter().map(CommentGroup::text).collect();
        assert_eq!(order, ["b\n", "a\n", "c\n"]);
    }

    #[test]
    fn text_drops_slashes_and_outer_blank_lines() {
        let group = CommentGroup {
            list: ["//", "//  one ", "//", "//", "//two", "//"]
                .map(|text| Comment {
                    pos: Pos::NONE,
                    text: Text::from(text),
                })
                .to_vec(),
            ..CommentGroup::default()
        };
        assert_eq!(group.text(), " one\n\ntwo\n");
    }
}
