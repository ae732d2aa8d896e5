//! Frames: what names mean where.
//!
//! A frame is opened by a file, a struct, a list, a clause of a comprehension, and by the aliases of
//! a field. Those that open an environment at run time count 1 (`up`), the others 0; the number of
//! environments between a reference and what it binds to is the sum over the frames between.

use super::Lowering;
use crate::ir::{Expr, ExprId, PackageId};
use crate::label::Label;
use cue_syntax::ast;
use rustc_hash::FxHashMap;
use source_vocab::Span;

/// What a name is bound to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binding {
    /// A field, or a variable of a comprehension.
    Field(Label),
    /// `X=` before a label with a fixed name.
    FieldAlias(Label),
    /// `X=` before a computed label.
    DynamicAlias(ExprId),
    /// `X=[...]`.
    PatternAlias,
    /// `[X=...]`.
    LabelAlias,
    /// `a: X=...`.
    ValueAlias,
    /// `let X = ...`.
    Let(Label),
    /// An import.
    Import(PackageId),
}

/// A name in a frame.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) binding: Binding,
    /// Where it is declared.
    pub(super) span: Span,
    /// Whether something refers to it.
    pub(super) used: bool,
    /// Whether it must be referred to, and what it is called in the message.
    pub(super) must_be_used: bool,
    /// Whether it is out of sight: a `let` inside its own value.
    pub(super) hidden: bool,
    /// The `let`s that its value refers to, by their labels.
    pub(super) refers_to: Vec<Label>,
}

impl Entry {
    pub(super) fn new(binding: Binding, span: Span) -> Self {
        Self {
            binding,
            span,
            used: false,
            must_be_used: false,
            hidden: false,
            refers_to: Vec::new(),
        }
    }

    pub(super) fn alias(binding: Binding, span: Span) -> Self {
        Self {
            must_be_used: true,
            ..Self::new(binding, span)
        }
    }
}

/// A scope.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// How many environments it opens: 0 or 1.
    pub(super) up: u32,
    pub(super) names: FxHashMap<String, Entry>,
    /// Names in the order of their declaration.
    pub(super) order: Vec<String>,
    /// The `let` whose value is being lowered in this frame.
    pub(super) current_let: Option<(String, Label)>,
}

impl Frame {
    pub(super) fn new(up: u32) -> Self {
        Self {
            up,
            ..Self::default()
        }
    }

    /// Binds a name; the first binding of a name stays.
    pub(super) fn insert(&mut self, name: &str, entry: Entry) {
        if name.is_empty() || name == "_" || self.names.contains_key(name) {
            return;
        }
        self.order.push(name.to_owned());
        self.names.insert(name.to_owned(), entry);
    }
}

impl Lowering<'_> {
    pub(super) fn push_frame(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    /// Ends a scope and reports what nothing refers to.
    pub(super) fn pop_frame(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        for name in &frame.order {
            let Some(entry) = frame.names.get(name) else {
                continue;
            };
            if entry.used || !entry.must_be_used {
                continue;
            }
            if let Binding::Import(_) = entry.binding {
                self.error(
                    "cue/unused-import",
                    format!("`{name}` is imported and not used"),
                    entry.span,
                )
                .help = Some("remove the import".to_owned());
            } else {
                self.error(
                    "cue/unused-alias",
                    format!("nothing refers to the alias or let clause `{name}`"),
                    entry.span,
                )
                .help = Some("remove it, or use it".to_owned());
            }
        }
        self.report_let_cycles(&frame);
    }

    /// `let`s of one scope may not refer to each other in a circle.
    fn report_let_cycles(&mut self, frame: &Frame) {
        let lets: FxHashMap<Label, &Entry> = frame
            .order
            .iter()
            .filter_map(|name| {
                let entry = frame.names.get(name)?;
                match entry.binding {
                    Binding::Let(label) => Some((label, entry)),
                    _ => None,
                }
            })
            .collect();
        for name in &frame.order {
            let Some(Binding::Let(start)) = frame.names.get(name).map(|entry| entry.binding) else {
                continue;
            };
            let mut pending: Vec<Label> = Vec::new();
            let mut seen: Vec<Label> = Vec::new();
            if let Some(entry) = lets.get(&start) {
                pending.extend(&entry.refers_to);
            }
            while let Some(next) = pending.pop() {
                if next == start {
                    let span = lets[&start].span;
                    self.error(
                        "cue/cyclic-let",
                        format!("the let clause `{name}` refers to itself"),
                        span,
                    );
                    return;
                }
                if seen.contains(&next) {
                    continue;
                }
                seen.push(next);
                if let Some(entry) = lets.get(&next) {
                    pending.extend(&entry.refers_to);
                }
            }
        }
    }

    /// The expression that an identifier stands for.
    pub(super) fn resolve(&mut self, ident: &ast::Ident) -> ExprId {
        let name = ident.name.as_str();
        let span = ident.meta.span;
        if name == "_" {
            return self.add_value(crate::term::Term::TOP.datum, span);
        }
        let mut up = 0;
        for at in (0..self.frames.len()).rev() {
            let frame = &mut self.frames[at];
            if let Some(entry) = frame.names.get_mut(name).filter(|entry| !entry.hidden) {
                entry.used = true;
                let binding = entry.binding;
                if let Binding::Let(label) = binding {
                    self.note_let_reference(label);
                }
                return self.bound(binding, up, span);
            }
            up += frame.up;
        }
        if self.package_scope.contains(name) {
            let label = self.identifier(name, span);
            return self.add_expr(Expr::Field { up, label }, span);
        }
        if let Some(id) = self.predeclared(name, span) {
            return id;
        }
        let nearest = self.nearest(name);
        let id = self.bad(
            "cue/unresolved-reference",
            format!("the reference `{name}` is not found"),
            span,
        );
        if let (Some(nearest), Some(last)) = (nearest, self.diagnostics.last_mut()) {
            last.help = Some(format!("did you mean `{nearest}`?"));
        }
        id
    }

    fn bound(&mut self, binding: Binding, up: u32, span: Span) -> ExprId {
        let expr = match binding {
            Binding::Field(label) | Binding::FieldAlias(label) => Expr::Field { up, label },
            Binding::DynamicAlias(key) => Expr::DynamicField { up, key },
            Binding::PatternAlias => {
                let key = self.add_expr(Expr::LabelAlias { up: 0 }, span);
                Expr::DynamicField { up, key }
            }
            Binding::LabelAlias => Expr::LabelAlias { up },
            Binding::ValueAlias => Expr::ValueAlias { up },
            Binding::Let(label) => Expr::Let { up, label },
            Binding::Import(package) => Expr::Import(package),
        };
        self.add_expr(expr, span)
    }

    /// Notes that the value of every `let` being lowered refers to another.
    fn note_let_reference(&mut self, label: Label) {
        for frame in &mut self.frames {
            if let Some((name, _)) = &frame.current_let
                && let Some(entry) = frame.names.get_mut(name)
            {
                entry.refers_to.push(label);
            }
        }
    }

    /// The name in sight that is most like a misspelt one.
    fn nearest(&self, name: &str) -> Option<String> {
        let mut best: Option<(usize, String)> = None;
        let in_frames = self
            .frames
            .iter()
            .rev()
            .flat_map(|frame| frame.order.iter());
        let mut shared: Vec<&String> = self.package_scope.iter().collect();
        shared.sort();
        for candidate in in_frames.chain(shared) {
            let distance = source_vocab::nearest::distance(name, candidate);
            if best.as_ref().is_none_or(|(known, _)| distance < *known) {
                best = Some((distance, candidate.clone()));
            }
        }
        let (distance, name_found) = best?;
        (distance <= source_vocab::nearest::limit(name)).then_some(name_found)
    }
}
