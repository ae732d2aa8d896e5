//! The order of the fields of a merged struct: that of every literal, as far as these orders agree.
//!
//! Not the order of values (`cue_eval::toposort`): definitions are sorted by an older rule, a variant of Kahn's algorithm. Literals
//! are queues; the first queue whose head no other queue still has behind its own head gives it away. Where the orders contradict
//! each other, the head of the first queue goes.
//!
//! Example: `{a, c}` and `{b, c}` give `a`, `b`, `c`. As `sortArcs` of cue v0.14.1 `internal/core/export/toposort.go`, which
//! defines the outcome of contradictions.

use cue_eval::Label;
use cue_eval::ir::{Decl, Program, StructId};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Sorts the labels of a struct that was merged from these literals; labels of none of them come last.
pub(super) fn sort(program: &Program, literals: &[StructId], labels: &mut [Label]) {
    let mut queues: Vec<VecDeque<Label>> = literals
        .iter()
        .map(|lit| {
            program
                .struct_lit(*lit)
                .decls
                .iter()
                .filter_map(|&decl| match program.decl(decl) {
                    Decl::Field { label, .. } => Some(label),
                    _ => None,
                })
                .collect::<VecDeque<Label>>()
        })
        .filter(|labels| !labels.is_empty())
        .collect();
    // how many queues have the label behind their head
    let mut waits: FxHashMap<Label, u32> = FxHashMap::default();
    for queue in &queues {
        for label in queue.iter().skip(1) {
            *waits.entry(*label).or_default() += 1;
        }
    }
    let mut rank: FxHashMap<Label, usize> = FxHashMap::default();
    loop {
        let ready = queues.iter_mut().find(|queue| {
            queue
                .front()
                .is_some_and(|head| waits.get(head).is_none_or(|count| *count == 0))
        });
        if let Some(queue) = ready {
            let Some(head) = queue.pop_front() else { break };
            let next = rank.len();
            rank.entry(head).or_insert(next);
            if queue.len() > 1
                && let Some(count) = queue.front().and_then(|head| waits.get_mut(head))
            {
                *count = count.saturating_sub(1);
            }
        } else if let Some(head) = queues.iter().find_map(VecDeque::front) {
            waits.insert(*head, 0);
        } else {
            break;
        }
    }
    labels.sort_by_key(|label| rank.get(label).copied().unwrap_or(usize::MAX));
}
