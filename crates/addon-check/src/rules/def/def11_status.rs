//! `status.healthPolicy` and `status.customStatus` of a definition are CUE that gives `isHealth`, a boolean, and `message`, a string.
//!
//! KubeVela evaluates each together with `context` (`output`, `outputs`, `appName` and so on) and `parameter`, and with
//! nothing else: the helpers and imports of the template are not seen there. What does not compile leaves the component
//! unhealthy for ever, or without a message. What the cluster will say is not known here, so only what is wrong whatever
//! it says is found.
//!
//! Bad:
//! ```cue
//! web: attributes: status: {
//!     customStatus: "message: \"ready: \" + context.output.status.readyReplicas + unknown"
//!     healthPolicy: "isHealth: \"yes\""
//! }
//! ```
//! Good:
//! ```cue
//! web: attributes: status: {
//!     customStatus: #"message: "ready: \(context.output.status.readyReplicas)""#
//!     healthPolicy: "isHealth: context.output.status.readyReplicas > 0"
//! }
//! ```

use crate::proof::{KnownDefinition, Proof};
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::at;
use crate::syntax::{Fields, text};
use addon_model::{Element, YamlFile};
use addon_render::definition::upgrade::upgrade;
use cue_engine::syntax::ast::{Expr, Ident};
use cue_engine::syntax::parse;
use cue_engine::{Injected, Kind, Package, Session};
use source_vocab::{Diagnostic, Place, Severity, SourceFile, Span};

pub(super) const RULE: Rule = Rule {
    id: "DEF11",
    title: "health and status of a definition can be evaluated",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "def/def11_status.rs",
    source: include_str!("def11_status.rs"),
    found: &[
        Found::InProof(check),
        Found::WhileReading("addon_render::definition::object"),
    ],
};

/// What is evaluated: its name, the field that it must give, of which kind, in words.
const TEXTS: [(&str, &str, Kind, &str); 2] = [
    ("healthPolicy", "isHealth", Kind::BOOL, "a boolean"),
    ("customStatus", "message", Kind::STRING, "a string"),
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for definition in proof.definitions() {
        for (name, field, kind, words) in TEXTS {
            let status = definition
                .object
                .get("spec")
                .and_then(|spec| spec.get("status"));
            let Some(cue) = status.and_then(|status| status.get(name)?.as_str()) else {
                continue;
            };
            if cue.trim().is_empty() || cue.contains("@disableValidation()") {
                continue;
            }
            let mut session = proof.session().clone();
            let Ok(source) = session.sources_mut().add(name, cue) else {
                continue;
            };
            let Some(wrong) = judge(&session, &source, field, kind, words) else {
                continue;
            };
            let place = match wrong.line {
                Some(line) => written(proof, definition, name, cue, line),
                None => written(proof, definition, name, cue, 0),
            };
            let message = format!("`{name}` of `{}`: {}", definition.name, wrong.message);
            let found = RULE.finding(message, place);
            findings.push(found.help(format!(
                "write CUE that gives `{field}` from `context` and `parameter` alone"
            )));
        }
    }
}

struct Wrong {
    message: String,
    /// The line of the text, from 0.
    line: Option<usize>,
}

/// What is wrong with a text whatever the cluster and the user say.
fn judge(
    session: &Session,
    source: &SourceFile,
    field: &str,
    kind: Kind,
    words: &str,
) -> Option<Wrong> {
    let first = |found: &[Diagnostic]| {
        let found = found.iter().find(|one| one.severity == Severity::Error)?;
        let line = match found.primary.place {
            Place::Text(span) => span
                .lo
                .checked_sub(source.base())
                .and_then(|at| usize::try_from(at).ok())
                .and_then(|at| source.text().get(..at))
                .map(|before| before.matches('\n').count()),
            Place::Path(_) | Place::Nowhere => None,
        };
        Some(Wrong {
            message: found.message.clone(),
            line,
        })
    };
    let mut parsed = parse(source);
    if let Some(wrong) = first(&parsed.errors) {
        return Some(wrong);
    }
    upgrade(&mut parsed.file);
    let mut package = Package::default();
    package.extend([parsed.file], session);
    let anything = || Expr::Ident(Ident::new("_"));
    let injected = ["context", "parameter"].map(|name| Injected::field(name, anything()));
    let evaluation = session.evaluate_with(&package, &injected);
    if let Some(wrong) = first(&evaluation.diagnostics) {
        return Some(wrong);
    }
    let root = evaluation.root()?;
    if let Some(bottom) = root
        .error_below()
        .filter(|bottom| !bottom.code.is_incomplete())
    {
        let found = cue_engine::explain::findings(root, cue_engine::Check::Valid);
        return first(&found).or_else(|| {
            Some(Wrong {
                message: format!("{:?}", bottom.code),
                line: None,
            })
        });
    }
    let Some(value) = root.field(field) else {
        // a comprehension may add it once the cluster is known
        let is_open = source.text().contains(field);
        return (!is_open).then(|| Wrong {
            message: format!("it gives no `{field}`"),
            line: None,
        });
    };
    if value.error().is_some() {
        return None;
    }
    let is_possible = value.default_kind().meets(kind);
    (!is_possible).then(|| Wrong {
        message: format!("`{field}` is not {words}"),
        line: None,
    })
}

/// Where a line of the text stands in the author's file.
fn written(
    proof: &Proof<'_>,
    definition: &KnownDefinition,
    name: &str,
    cue: &str,
    line: usize,
) -> Place {
    let otherwise = Place::Text(definition.span);
    let elements = &proof.addon().definitions;
    let Some(element) = elements
        .iter()
        .find(|element| element.file().path == definition.file)
    else {
        return otherwise;
    };
    let span = match element {
        Element::Cue(file) => {
            let mut all = proof.input.cue().iter();
            let Some(parsed) = all.find(|parsed| parsed.path == file.path) else {
                return otherwise;
            };
            let path = [&definition.name, "attributes", "status", name];
            let field = Fields::at(&parsed.parsed.file.decls, &path).first();
            let Some(field) = field else { return otherwise };
            if text(&field.value).is_none() {
                return Place::Text(field.value.span().start());
            }
            field.value.span()
        }
        Element::Yaml(yaml) => {
            let path = ["spec", "status", name];
            match YamlFile::tree(yaml).and_then(|tree| at(tree, &path)) {
                Some(found) => found.span,
                None => return otherwise,
            }
        }
    };
    Place::Text(line_of(&element.file().source, span, cue, line))
}

/// The line of a text inside the literal that it is written as; the beginning of the literal where it is written otherwise.
fn line_of(source: &SourceFile, literal: Span, cue: &str, line: usize) -> Span {
    let offset = |at: u32| usize::try_from(at.saturating_sub(source.base())).unwrap_or_default();
    let (from, to) = (offset(literal.lo), offset(literal.hi));
    let wanted = cue.lines().nth(line).unwrap_or_default().trim();
    let written = source.text().get(from..to).unwrap_or_default();
    let mut at = from;
    // the first line of a literal may be its quotes alone
    let first = cue.lines().next().unwrap_or_default().trim();
    let begins = written.lines().next().unwrap_or_default().contains(first);
    let skipped = usize::from(!begins || first.is_empty());
    for (seen, text) in written.split_inclusive('\n').enumerate() {
        if seen == line + skipped && !wanted.is_empty() && text.contains(wanted) {
            let start = at + (text.len() - text.trim_start().len());
            return source.span_of(start, start + text.trim().len());
        }
        at += text.len();
    }
    literal.start()
}
