//! Which node a comment belongs to.
//!
//! Every node opens a state before its first token and closes it after its last; while it is open,
//! tokens and closed children move its position, and comments that come by are noted with it. A list
//! (of elements, arguments, declarations) counts as one position of its node and hands the comments
//! between its elements to the element before them. When a node closes, its comments go into a table
//! under the node's slot; [`super::attach`] moves them into the tree at the end, so that no node has to
//! be borrowed while its siblings are being read. The bookkeeping mirrors cue v0.14.1
//! `cue/parser/parser.go` (`commentState`), because the formatter counts in the same way.

use crate::ast::{CommentGroup, Meta, insert_by_position};
use rustc_hash::FxHashMap;

/// The comments of each slot.
pub(super) type Table = FxHashMap<u32, Vec<CommentGroup>>;

#[derive(Debug, Default)]
struct State {
    position: i8,
    groups: Vec<CommentGroup>,
    /// How many lists are open in this state; 0 for the state of a node.
    lists: u32,
    last_child: u32,
    last_position: i8,
}

/// The open nodes, and the comments of the closed ones.
#[derive(Debug)]
pub(super) struct CommentStates {
    /// The text may have comments; without any there is nothing to keep book of.
    active: bool,
    open: Vec<State>,
    pub(super) table: Table,
    slots: u32,
    /// A comment directly above the token to come.
    pub(super) lead: Option<CommentGroup>,
}

impl CommentStates {
    /// The book of a file with the text `text`.
    pub(super) fn new(text: &str) -> Self {
        let file = State {
            position: -1,
            ..State::default()
        };
        Self {
            active: text.contains("//"),
            open: vec![file],
            table: Table::default(),
            slots: 0,
            lead: None,
        }
    }

    /// A token has been read.
    pub(super) fn token(&mut self) {
        if let Some(top) = self.open.last_mut() {
            top.position = top.position.wrapping_add(1);
        }
    }

    /// A comment that nothing has claimed yet.
    pub(super) fn add(&mut self, mut group: CommentGroup) {
        if let Some(top) = self.open.last_mut() {
            group.position = top.position;
            top.groups.push(group);
        }
    }

    /// Opens a node, which takes the comment above it.
    pub(super) fn open_node(&mut self) {
        if !self.active {
            return;
        }
        let mut child = State::default();
        if let Some(top) = self.open.last_mut().filter(|top| top.lists > 0) {
            let mut groups = std::mem::take(&mut top.groups);
            if top.last_child != 0 {
                if !groups.is_empty() {
                    let (mut all, mut after): (Vec<_>, Vec<_>) =
                        groups.into_iter().partition(|group| group.position == 0);
                    for group in &mut after {
                        group.position = top.last_position;
                    }
                    let own = self.table.entry(top.last_child).or_default();
                    all.append(own);
                    all.append(&mut after);
                    *own = all;
                }
            } else {
                for group in &mut groups {
                    group.position = 0;
                }
                child.groups = groups;
            }
        }
        child.groups.extend(self.lead.take());
        self.open.push(child);
    }

    /// Sets how many tokens and children of the open node have been read.
    pub(super) fn set_position(&mut self, position: i8) {
        if let Some(top) = self.open.last_mut() {
            top.position = position;
        }
    }

    /// Sets the position of the node that encloses the open list and the open node in it.
    pub(super) fn set_outer_position(&mut self, position: i8) {
        let index = self.open.len().checked_sub(3);
        if let Some(outer) = index.and_then(|index| self.open.get_mut(index)) {
            outer.position = position;
        }
    }

    /// Closes the open node, whose place and comments are `meta`.
    pub(super) fn close_node(&mut self, meta: &mut Meta) {
        if !self.active {
            return;
        }
        if meta.slot == 0 {
            self.slots += 1;
            meta.slot = self.slots;
        }
        let slot = meta.slot;
        let Some(child) = self.pop() else { return };
        if let Some(parent) = self.open.last_mut() {
            parent.last_child = slot;
            parent.last_position = child.position;
            parent.position = parent.position.wrapping_add(1);
        }
        self.hand_over(slot, child.groups);
    }

    /// Closes the open node when nothing came of it.
    pub(super) fn close_nothing(&mut self) {
        if !self.active {
            return;
        }
        if self.pop().is_some()
            && let Some(parent) = self.open.last_mut()
        {
            parent.last_child = 0;
            parent.position = parent.position.wrapping_add(1);
        }
    }

    fn pop(&mut self) -> Option<State> {
        debug_assert!(self.open.len() > 1, "a node that was opened");
        if self.open.len() > 1 {
            self.open.pop()
        } else {
            None
        }
    }

    fn hand_over(&mut self, slot: u32, groups: Vec<CommentGroup>) {
        if groups.is_empty() {
            return;
        }
        let own = self.table.entry(slot).or_default();
        for group in groups {
            insert_by_position(own, group);
        }
    }

    /// Opens a list of children that counts as one position.
    pub(super) fn open_list(&mut self) {
        if !self.active {
            return;
        }
        if let Some(top) = self.open.last_mut().filter(|top| top.lists > 0) {
            top.lists += 1;
            return;
        }
        self.open.push(State {
            lists: 1,
            ..State::default()
        });
    }

    /// Closes a list.
    pub(super) fn close_list(&mut self) {
        if !self.active {
            return;
        }
        let Some(top) = self.open.last_mut() else {
            return;
        };
        debug_assert!(top.lists > 0, "a list that was opened");
        if top.last_child != 0 {
            let mut groups = std::mem::take(&mut top.groups);
            for group in &mut groups {
                group.position = top.last_position;
            }
            let slot = top.last_child;
            top.lists -= 1;
            self.hand_over(slot, groups);
        } else {
            top.lists = top.lists.saturating_sub(1);
        }
        if self.open.last().is_some_and(|top| top.lists == 0) {
            let Some(list) = self.pop() else { return };
            if let Some(parent) = self.open.last_mut() {
                parent.groups.extend(list.groups);
                parent.position = parent.position.wrapping_add(1);
            }
        }
    }

    /// Takes the comments of the file itself, at the very end.
    pub(super) fn close_file(&mut self, meta: &mut Meta) {
        self.slots += 1;
        meta.slot = self.slots;
        let rest: Vec<CommentGroup> = self.open.drain(..).flat_map(|state| state.groups).collect();
        self.hand_over(meta.slot, rest);
    }
}
