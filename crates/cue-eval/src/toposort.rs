//! The order of fields: a topological sort of what the source says.
//!
//! Every struct literal that takes part in a struct contributes a chain: its fields in the order in
//! which they were written. Literals are visited by source position, and a later one goes behind
//! an earlier one of the same file, unless both are operands of one `&` (explicit unification),
//! which says nothing about order. A field that is already known is no new link: neither twice in
//! one literal, nor in another literal of the same file.
//!
//! ```cue
//! a: {z: 1, y: 2}        // z before y
//! a: {x: 3, y: int}      // then x; y is known
//! b: {c: 1, a: 2} & {b: 3}   // c before a; b falls in by name: b, c, a
//! ```
//!
//! The edges make a graph whose strongly connected components are its cycles. Components are
//! taken in topological order, the one with the smallest names first where there is a choice;
//! inside a component fields are sorted by name. No set or map is iterated, and all recursion is
//! on an explicit stack, so thousands of fields are no danger.
//!
//! Rules as in cue v0.14.1 `internal/core/toposort`.

use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::hash::Hash;

/// Where a literal counts: its file and its offset there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The file, in the order in which files are compared.
    pub file: u32,
    /// The byte offset.
    pub offset: u32,
}

/// One declaration of a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declared<L> {
    /// A field.
    Field(L),
    /// A field whose name was computed, by the number of its declaration.
    Dynamic(u32),
}

/// A struct literal that takes part in a struct.
#[derive(Clone, Debug)]
pub struct Literal<L> {
    /// The place it counts at: its own, or that of the reference which led to it.
    pub position: Option<Position>,
    /// Whether it is an operand of `&`.
    pub explicit: bool,
    /// Its declarations in order; what is no field may be left out.
    pub declared: Vec<Declared<L>>,
}

/// Sorts fields.
///
/// `fields` are all fields of the struct; `literals` those that take part, in the order in which
/// the evaluator met them; `dynamic` gives for each dynamic declaration the fields it made, in
/// order. `by_name` is the order of names. Every field comes out exactly once; declared fields that
/// are not among `fields` come out too, and the caller drops them.
pub fn sort<L: Copy + Eq + Hash>(
    fields: &[L],
    literals: Vec<Literal<L>>,
    dynamic: Vec<(u32, Vec<L>)>,
    by_name: impl Fn(L, L) -> Ordering,
) -> Vec<L> {
    let mut builder = Builder::new(dynamic.into_iter().collect());
    for field in fields {
        builder.node(*field);
    }
    let mut literals = literals;
    literals.sort_by(|a, b| {
        a.position
            .cmp(&b.position)
            .then_with(|| builder.has_dynamic(a).cmp(&builder.has_dynamic(b)))
    });
    let mut previous: Vec<usize> = Vec::new();
    let mut previous_file = None;
    let mut number = 0;
    for batch in batches(literals, |literal| builder.has_dynamic(literal)) {
        let explicit = is_explicit(&batch);
        let file = batch.first().and_then(|literal| literal.position);
        let file = file.map(|position| position.file);
        if previous_file.is_some_and(|before| before != file) {
            previous.clear();
        }
        let mut next = Vec::new();
        for literal in &batch {
            number += 1;
            next.extend(builder.chain(&previous, literal, explicit, number));
        }
        previous = next;
        previous_file = Some(file);
    }
    builder.sorted(by_name)
}

fn is_explicit<L>(batch: &[Literal<L>]) -> bool {
    batch.len() > 1 || batch.iter().any(|literal| literal.explicit)
}

/// Groups literals of one place; neighbouring groups that are explicit and of one file are one.
fn batches<L>(
    literals: Vec<Literal<L>>,
    has_dynamic: impl Fn(&Literal<L>) -> bool,
) -> Vec<Vec<Literal<L>>> {
    let mut by_place: Vec<Vec<Literal<L>>> = Vec::new();
    for literal in literals {
        match by_place.last_mut() {
            Some(batch)
                if batch
                    .first()
                    .is_some_and(|first| first.position == literal.position)
                    && !has_dynamic(&literal) =>
            {
                batch.push(literal);
            }
            _ => by_place.push(vec![literal]),
        }
    }
    let file = |batch: &[Literal<L>]| {
        batch
            .first()
            .and_then(|literal| literal.position)
            .map(|position| position.file)
    };
    let mut merged: Vec<Vec<Literal<L>>> = Vec::new();
    for batch in by_place {
        match merged.last_mut() {
            Some(before)
                if is_explicit(before) && is_explicit(&batch) && file(before) == file(&batch) =>
            {
                before.extend(batch);
            }
            _ => merged.push(batch),
        }
    }
    merged
}

struct Node<L> {
    label: L,
    /// The literal that declared it last, and its file.
    declared: Option<(u32, Option<u32>)>,
    outgoing: Vec<usize>,
}

struct Builder<L> {
    nodes: Vec<Node<L>>,
    by_label: FxHashMap<L, usize>,
    edges: FxHashSet<(usize, usize)>,
    dynamic: FxHashMap<u32, Vec<L>>,
    /// How many fields of a dynamic declaration have been placed.
    taken: FxHashMap<u32, usize>,
}

impl<L: Copy + Eq + Hash> Builder<L> {
    fn new(dynamic: FxHashMap<u32, Vec<L>>) -> Self {
        Self {
            nodes: Vec::new(),
            by_label: FxHashMap::default(),
            edges: FxHashSet::default(),
            dynamic,
            taken: FxHashMap::default(),
        }
    }

    fn node(&mut self, label: L) -> usize {
        if let Some(&at) = self.by_label.get(&label) {
            return at;
        }
        let at = self.nodes.len();
        self.nodes.push(Node {
            label,
            declared: None,
            outgoing: Vec::new(),
        });
        self.by_label.insert(label, at);
        at
    }

    fn has_dynamic(&self, literal: &Literal<L>) -> bool {
        literal.declared.iter().any(|declared| match declared {
            Declared::Dynamic(id) => self.dynamic.contains_key(id),
            Declared::Field(_) => false,
        })
    }

    /// Adds the fields of a literal behind `previous`; gives what the next has to go behind.
    fn chain(
        &mut self,
        previous: &[usize],
        literal: &Literal<L>,
        explicit: bool,
        number: u32,
    ) -> Vec<usize> {
        let mut previous = previous.to_vec();
        let file = literal.position.map(|position| position.file);
        for declared in &literal.declared {
            let label = match declared {
                Declared::Field(label) => *label,
                Declared::Dynamic(id) => {
                    let taken = self.taken.entry(*id).or_default();
                    let Some(label) = self.dynamic.get(id).and_then(|made| made.get(*taken)) else {
                        continue;
                    };
                    *taken += 1;
                    *label
                }
            };
            let at = self.node(label);
            let Some(node) = self.nodes.get_mut(at) else {
                continue;
            };
            if let Some((by, in_file)) = node.declared
                && (by == number || (!explicit && file.is_some() && in_file == file))
            {
                continue;
            }
            node.declared = Some((number, file));
            for &before in &previous {
                if self.edges.insert((before, at))
                    && let Some(from) = self.nodes.get_mut(before)
                {
                    from.outgoing.push(at);
                }
            }
            previous.clear();
            previous.push(at);
        }
        previous
    }

    fn sorted(self, by_name: impl Fn(L, L) -> Ordering) -> Vec<L> {
        let (component_of, mut components) = components(&self.nodes);
        let by_label = |a: &usize, b: &usize| match (self.nodes.get(*a), self.nodes.get(*b)) {
            (Some(a), Some(b)) => by_name(a.label, b.label),
            _ => Ordering::Equal,
        };
        for members in &mut components {
            members.sort_by(by_label);
        }
        // the components' own edges and how many of them still lead to each
        let mut outgoing: Vec<Vec<usize>> = vec![Vec::new(); components.len()];
        let mut waiting: Vec<usize> = vec![0; components.len()];
        for (from, members) in components.iter().enumerate() {
            let mut seen = FxHashSet::default();
            let targets = members
                .iter()
                .filter_map(|&member| self.nodes.get(member))
                .flat_map(|node| node.outgoing.iter())
                .filter_map(|&to| component_of.get(to).copied());
            for to in targets {
                if to != from && seen.insert(to) {
                    if let Some(list) = outgoing.get_mut(from) {
                        list.push(to);
                    }
                    if let Some(count) = waiting.get_mut(to) {
                        *count += 1;
                    }
                }
            }
        }
        // rank by smallest names, so that a heap of numbers finds the next component
        let mut by_rank: Vec<usize> = (0..components.len()).collect();
        let members = |at: usize| components.get(at).map(Vec::as_slice).unwrap_or_default();
        by_rank.sort_by(|&a, &b| {
            let (a, b) = (members(a), members(b));
            a.iter()
                .zip(b)
                .map(|(a, b)| by_label(a, b))
                .find(|order| order.is_ne())
                .unwrap_or_else(|| a.len().cmp(&b.len()))
        });
        let mut rank = vec![0; components.len()];
        for (position, &component) in by_rank.iter().enumerate() {
            if let Some(slot) = rank.get_mut(component) {
                *slot = position;
            }
        }
        let rank_of = |component: usize| rank.get(component).copied().unwrap_or_default();
        let mut ready: std::collections::BinaryHeap<std::cmp::Reverse<usize>> = waiting
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count == 0)
            .map(|(component, _)| std::cmp::Reverse(rank_of(component)))
            .collect();
        let mut out = Vec::with_capacity(self.nodes.len());
        while let Some(std::cmp::Reverse(position)) = ready.pop() {
            let Some(&component) = by_rank.get(position) else {
                continue;
            };
            out.extend(
                members(component)
                    .iter()
                    .filter_map(|&member| self.nodes.get(member))
                    .map(|node| node.label),
            );
            for &to in outgoing.get(component).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(to) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(std::cmp::Reverse(rank_of(to)));
                    }
                }
            }
        }
        out
    }
}

/// Tarjan's strongly connected components: of each node its component, and their members.
fn components<L>(nodes: &[Node<L>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    const UNSEEN: usize = usize::MAX;
    let mut index = vec![UNSEEN; nodes.len()];
    let mut low = vec![0; nodes.len()];
    let mut component_of = vec![UNSEEN; nodes.len()];
    let mut components: Vec<Vec<usize>> = Vec::new();
    let mut stack: Vec<usize> = Vec::new();
    let mut counter = 0;
    for start in 0..nodes.len() {
        if index[start] != UNSEEN {
            continue;
        }
        // (node, next of its edges to look at)
        let mut calls: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((at, edge)) = calls.pop() {
            if edge == 0 {
                index[at] = counter;
                low[at] = counter;
                counter += 1;
                stack.push(at);
            }
            let next = nodes[at].outgoing.get(edge).copied();
            if let Some(next) = next {
                calls.push((at, edge + 1));
                if index[next] == UNSEEN {
                    calls.push((next, 0));
                } else if component_of[next] == UNSEEN {
                    low[at] = low[at].min(index[next]);
                }
                continue;
            }
            if low[at] == index[at] {
                let mut members = Vec::new();
                while let Some(member) = stack.pop() {
                    component_of[member] = components.len();
                    members.push(member);
                    if member == at {
                        break;
                    }
                }
                components.push(members);
            }
            if let Some(&(caller, _)) = calls.last() {
                low[caller] = low[caller].min(low[at]);
            }
        }
    }
    (component_of, components)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(offset: u32) -> Position {
        Position { file: 0, offset }
    }

    fn literal(position: Position, explicit: bool, names: &str) -> Literal<char> {
        Literal {
            position: Some(position),
            explicit,
            declared: names.chars().map(Declared::Field).collect(),
        }
    }

    fn order(fields: &str, literals: Vec<Literal<char>>) -> String {
        let fields: Vec<char> = fields.chars().collect();
        sort(&fields, literals, Vec::new(), |a, b| a.cmp(&b))
            .into_iter()
            .collect()
    }

    #[test]
    fn one_literal_keeps_its_order() {
        assert_eq!(order("zya", vec![literal(at(0), false, "zyaz")]), "zya");
    }

    #[test]
    fn later_literals_of_a_file_go_behind() {
        let literals = vec![literal(at(9), false, "xy"), literal(at(0), false, "zy")];
        assert_eq!(order("zyx", literals), "zyx");
    }

    #[test]
    fn operands_of_a_unification_merge_by_name() {
        let literals = vec![literal(at(0), true, "ca"), literal(at(5), true, "b")];
        assert_eq!(order("cab", literals), "bca");
    }

    #[test]
    fn a_cycle_is_sorted_by_name() {
        let literals = vec![literal(at(0), true, "zy"), literal(at(5), true, "ywz")];
        assert_eq!(order("zyw", literals), "wyz");
    }

    #[test]
    fn files_do_not_order_each_other() {
        let other = Position { file: 1, offset: 0 };
        let literals = vec![literal(at(0), false, "c"), literal(other, false, "a")];
        assert_eq!(order("ca", literals), "ac");
    }

    #[test]
    fn long_chains_need_no_stack() {
        let names: Vec<u32> = (0..200_000).rev().collect();
        let literal = Literal {
            position: Some(at(0)),
            explicit: false,
            declared: names.iter().copied().map(Declared::Field).collect(),
        };
        let sorted = sort(&names, vec![literal], Vec::new(), |a, b| a.cmp(&b));
        assert_eq!(sorted, names);
    }
}
