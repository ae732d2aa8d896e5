//! Errors for people: from a [`Bottom`] to a [`Diagnostic`].
//!
//! Text is only made here, when somebody looks. A conflict shows both values with their places and
//! says how each came in: by which references, from which definition, or from a value that the host
//! injected. The first place is where a person has to look first: the value that was given from
//! outside, else the one that is written there, else the one that came by a reference. A missing
//! field proposes the nearest name that exists. An error that stands for others (no alternative
//! fits) lists them as notes, and one cause gives one diagnostic however many values it ruined.
//!
//! - `sentence.rs`: the sentence and the code of each error;
//! - `origin.rs`: where the values of a conflict came from.

mod origin;
mod sentence;

use crate::bottom::{Bottom, Closer, Code, Reason};
use crate::budget::Limit;
use crate::builtin::Check;
use crate::graph::Graph;
use crate::label::Label;
use crate::term::{BottomId, Datum, NodeId, Term};
use crate::value::Value;
use origin::{Origins, Trace};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use source_vocab::{Diagnostic, Place, Span};

/// How many causes a diagnostic lists.
const MOST_CAUSES: usize = 8;

/// How many references a diagnostic shows.
const MOST_REFERENCES: usize = 6;

/// Whether an error only holds several others together.
fn combines(bottom: &Bottom) -> bool {
    bottom.causes.len() == 2
        && !matches!(
            bottom.reason,
            Reason::NoAlternative | Reason::Rejected { .. }
        )
}

/// Whether a diagnostic shows a place.
fn is_at(found: &Diagnostic, place: &Place) -> bool {
    found.primary.place == *place || found.labels.iter().any(|label| label.place == *place)
}

/// Whether a diagnostic shows a piece of text.
fn shows(found: &Diagnostic, span: Span) -> bool {
    is_at(found, &Place::Text(span))
}

impl Graph {
    /// The errors that an error stands for, those that only combine others resolved.
    fn leaves(&self, bottom: &Bottom) -> Vec<BottomId> {
        let mut out = Vec::new();
        let mut seen: FxHashSet<BottomId> = FxHashSet::default();
        let mut pending: Vec<BottomId> = bottom.causes.iter().rev().copied().collect();
        while let Some(id) = pending.pop() {
            if out.len() >= 64 || !seen.insert(id) {
                continue;
            }
            let cause = self.bottom(id);
            if combines(cause) || matches!(cause.reason, Reason::Below) {
                pending.extend(cause.causes.iter().rev());
            } else {
                out.push(id);
            }
        }
        out
    }

    /// An error as a diagnostic. `at` is the path of the value that has it.
    pub fn explain(&self, bottom: &Bottom, at: &[Label]) -> Diagnostic {
        Explainer::new(self).explain(bottom, at)
    }
}

/// Makes diagnostics of the errors of one graph.
struct Explainer<'g> {
    graph: &'g Graph,
    origins: Origins<'g>,
}

impl<'g> Explainer<'g> {
    fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            origins: Origins::new(graph),
        }
    }

    fn explain(&self, bottom: &Bottom, at: &[Label]) -> Diagnostic {
        let graph = self.graph;
        let (code, message) = graph.sentence(bottom);
        let message = if at.is_empty() {
            message
        } else {
            format!("`{}`: {message}", graph.path_text(at))
        };
        let mut spans = bottom.spans.clone();
        if spans.is_empty()
            && let Some(node) = bottom.node
        {
            let span = graph.view(Term::detached(Datum::Node(node))).span();
            if !span.is_detached() {
                spans.push(span);
            }
        }
        let sides = self.sides(bottom);
        if matches!(
            bottom.reason,
            Reason::Conflict { .. }
                | Reason::Mismatch { .. }
                | Reason::EmptyRange { .. }
                | Reason::ListLength { .. }
        ) && let Some(first) = sides.iter().min_by_key(|side| side.trace.rank())
            && let Some(at) = spans.iter().position(|span| *span == first.span)
        {
            spans[..=at].rotate_right(1);
        }
        let place: Place = spans.first().map_or(Place::Nowhere, |&span| span.into());
        let mut found = Diagnostic::error(code, message, place);
        for side in &sides {
            found = self.show_side(found, side);
        }
        found = self.remedy(found, bottom);
        for &span in spans.iter().skip(1) {
            if !shows(&found, span) {
                found = found.label(span, "");
            }
        }
        if let Reason::NotAllowed {
            closed_by: Some(closer),
            ..
        } = bottom.reason
        {
            found = self.show_closer(found, closer);
        }
        found = self.provenance(found, bottom, &sides);
        if matches!(bottom.reason, Reason::NoAlternative | Reason::Text(_)) {
            let causes = graph.leaves(bottom);
            for &id in causes.iter().take(MOST_CAUSES) {
                let cause = graph.bottom(id);
                let (_, sentence) = graph.sentence(cause);
                let path = cause
                    .node
                    .map(|node| graph.node_path(node))
                    .unwrap_or_default();
                found = found.note(if path.is_empty() {
                    sentence
                } else {
                    format!("`{path}`: {sentence}")
                });
            }
            if causes.len() > MOST_CAUSES {
                found = found.note(format!("and {} more", causes.len() - MOST_CAUSES));
            }
        }
        found
    }

    /// How to mend it.
    fn remedy(&self, found: Diagnostic, bottom: &Bottom) -> Diagnostic {
        let near = match &bottom.reason {
            Reason::UndefinedField { label, within } => self.graph.near(*within, *label),
            Reason::NotAllowed { label, .. } => bottom
                .node
                .and_then(|node| self.graph.node(node).parent)
                .and_then(|parent| self.graph.near(parent, *label)),
            Reason::RequiredField { .. } => return found.help("give the field a value"),
            Reason::NonConcrete {
                value: Some(value), ..
            } => return self.show_incomplete(found, bottom, *value),
            _ => None,
        };
        match near {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found,
        }
    }

    /// Says which field a value would complete.
    fn show_incomplete(&self, mut found: Diagnostic, bottom: &Bottom, value: Term) -> Diagnostic {
        let graph = self.graph;
        let span = graph.view(value).span();
        if !span.is_detached() && !shows(&found, span) {
            found = found.label(span, format!("`{}`", graph.short(value)));
        }
        match value.node() {
            Some(node) if bottom.node != Some(node) => match graph.node_path(node) {
                path if path.is_empty() => found,
                path => found.help(format!("give `{path}` a concrete value")),
            },
            _ => found,
        }
    }

    /// The values that have part in an error, each with its origin.
    fn sides(&self, bottom: &Bottom) -> SmallVec<[Side; 2]> {
        let terms: SmallVec<[Term; 2]> = match &bottom.reason {
            Reason::Conflict { left, right } | Reason::EmptyRange { left, right } => {
                [*left, *right].into_iter().collect()
            }
            Reason::Mismatch { left, right, .. } => left.iter().chain(right).copied().collect(),
            Reason::OutOfBound { value, bound } => [*value, *bound].into_iter().collect(),
            Reason::Rejected {
                value, validator, ..
            } => [*value, *validator].into_iter().collect(),
            Reason::ListLength { left, right } => {
                return [left, right]
                    .into_iter()
                    .map(|&(length, span)| {
                        let list = Term::new(Datum::Kind(crate::kind::Kind::LIST), span);
                        self.side(bottom, list, format!("{length} elements"))
                    })
                    .collect();
            }
            _ => SmallVec::new(),
        };
        terms
            .into_iter()
            .map(|term| {
                let text = format!("`{}`", self.graph.short(term));
                self.side(bottom, term, text)
            })
            .collect()
    }

    fn side(&self, bottom: &Bottom, term: Term, text: String) -> Side {
        let mut span = term.span;
        if let Some(node) = term.node()
            && span.is_detached()
        {
            span = self.graph.view(term).span();
            if bottom.node != Some(node) {
                let trace = Trace::default();
                return Side { span, text, trace };
            }
        }
        // a node that is checked stands for the scalar it holds
        let written = match term.node() {
            Some(node) => self.graph.node(self.graph.deref_value(node)).base,
            None => Some(term),
        };
        let trace = bottom
            .node
            .zip(written)
            .and_then(|(node, term)| self.origins.trace(node, term))
            .unwrap_or_default();
        Side { span, text, trace }
    }

    fn show_side(&self, found: Diagnostic, side: &Side) -> Diagnostic {
        let mut text = side.text.clone();
        if let Some(node) = side.trace.injected {
            let path = self.graph.node_path(node);
            if side.span.is_detached() {
                return found.note(format!("{text} is from the injected parameter `{path}`"));
            }
            text = format!("{text}, from the injected parameter `{path}`");
        }
        if side.span.is_detached() {
            found
        } else if found.primary.place == Place::Text(side.span) && found.primary.text.is_empty() {
            found.at(text)
        } else {
            found.label(side.span, text)
        }
    }

    /// Names the definition that closed a struct, and where that came in.
    fn show_closer(&self, mut found: Diagnostic, closer: Closer) -> Diagnostic {
        let graph = self.graph;
        let path = graph.node_path(closer.definition);
        if !closer.at.is_detached() && !shows(&found, closer.at) {
            found = found.label(
                closer.at,
                if path.is_empty() {
                    "closed by this".to_owned()
                } else {
                    format!("closed by this reference to `{path}`")
                },
            );
        }
        let written = graph
            .node(closer.definition)
            .conjuncts
            .first()
            .map(|conjunct| graph.elem_span(conjunct.elem));
        if let Some(span) = written
            && !path.is_empty()
            && !span.is_detached()
            && !shows(&found, span)
        {
            found = found.label(span, format!("`{path}` is defined here"));
        }
        found
    }

    /// Says by which references the values of an error, and the conjuncts of its node, came in.
    fn provenance(&self, mut found: Diagnostic, bottom: &Bottom, sides: &[Side]) -> Diagnostic {
        let mut ways: Vec<(Span, NodeId)> = Vec::new();
        for side in sides {
            ways.extend(&side.trace.references);
        }
        if let Some(node) = bottom.node {
            for conjunct in &self.graph.node(node).conjuncts {
                ways.extend(self.origins.handed_down(conjunct.info.refs));
            }
        }
        let mut shown = 0;
        for (span, target) in ways {
            if shown >= MOST_REFERENCES || span.is_detached() || shows(&found, span) {
                continue;
            }
            shown += 1;
            let path = self.graph.node_path(target);
            found = found.label(
                span,
                if path.is_empty() {
                    "came in by this reference".to_owned()
                } else {
                    format!("came in by this reference to `{path}`")
                },
            );
        }
        found
    }

    /// Values that depend on each other in a circle, as one error.
    fn circle(&self, leaves: &[BottomId], path: &[Label]) -> Diagnostic {
        let graph = self.graph;
        let mut spans: Vec<Span> = leaves
            .iter()
            .flat_map(|&id| graph.bottom(id).spans.iter().copied())
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let place: Place = spans.first().map_or(Place::Nowhere, |&span| span.into());
        let message = format!(
            "`{}`: the value depends on itself by way of other values",
            graph.path_text(path)
        );
        let mut found = Diagnostic::error("cue/reference-cycle", message, place);
        for &span in spans.iter().skip(1) {
            found = found.label(span, "on the same circle");
        }
        found
    }
}

/// A value that has part in an error.
struct Side {
    span: Span,
    text: String,
    trace: Trace,
}

/// Diagnostics as they are found, each cause once.
#[derive(Default)]
struct Report {
    found: Vec<Diagnostic>,
    /// The sentence of each one without its path, which a value that only refers to it shares.
    sentences: Vec<String>,
    /// Which of them have this code and first place.
    by_place: FxHashMap<(String, Option<Span>), Vec<usize>>,
    /// The limits that were reported.
    limits: Vec<Limit>,
}

impl Report {
    fn key(found: &Diagnostic) -> (String, Option<Span>) {
        let span = match found.primary.place {
            Place::Text(span) => Some(span),
            _ => None,
        };
        (found.code.to_string(), span)
    }

    fn push(&mut self, found: Diagnostic, sentence: String) {
        let known = self.by_place.entry(Self::key(&found)).or_default();
        known.push(self.found.len());
        self.found.push(found);
        self.sentences.push(sentence);
    }

    /// Adds values that depend on each other, unless the circle is known.
    fn add_circle(&mut self, found: Diagnostic) {
        let is_known = self.found.iter().any(|known| {
            known.code == found.code
                && std::iter::once(&found.primary)
                    .chain(&found.labels)
                    .all(|label| is_at(known, &label.place))
        });
        if !is_known {
            self.push(found, String::new());
        }
    }

    /// Adds an error unless its cause is known.
    fn add(&mut self, graph: &Graph, bottom: &Bottom, found: Diagnostic) {
        if let Reason::Limit(limit) = bottom.reason {
            if self.limits.contains(&limit) {
                return;
            }
            self.limits.push(limit);
        }
        let (_, sentence) = graph.sentence(bottom);
        let key = Self::key(&found);
        let is_known = self.by_place.get(&key).is_some_and(|known| {
            known.iter().any(|&at| {
                let (other, said) = (&self.found[at], &self.sentences[at]);
                let is_same_cause = *said == sentence && other.labels == found.labels;
                *other == found
                    || key.1.is_some() && (bottom.code >= Code::Incomplete || is_same_cause)
            })
        });
        if !is_known {
            self.push(found, sentence);
        }
    }
}

impl Value<'_> {
    /// What a check finds wrong with the value, one diagnostic a cause.
    pub fn diagnostics(self, check: Check) -> Vec<Diagnostic> {
        let graph = self.graph();
        let explainer = Explainer::new(graph);
        let mut report = Report::default();
        for (bottom, at) in self.findings(check) {
            let is_below = matches!(bottom.reason, Reason::Below);
            if !combines(&bottom) && !is_below {
                let found = explainer.explain(&bottom, &at.path());
                report.add(graph, &bottom, found);
                continue;
            }
            let causes = graph.leaves(&bottom);
            let is_circle = causes.len() > 1
                && causes
                    .iter()
                    .all(|&id| matches!(graph.bottom(id).reason, Reason::ReferenceCycle));
            if is_circle {
                report.add_circle(explainer.circle(&causes, &at.path()));
                continue;
            }
            for id in causes {
                let cause = graph.bottom(id);
                // what is wrong with a field that was only used here is said of that field
                let path = match cause.node {
                    Some(node) if is_below => graph.view(Term::detached(Datum::Node(node))).path(),
                    _ => at.path(),
                };
                report.add(graph, cause, explainer.explain(cause, &path));
            }
        }
        report.found
    }
}
