//! No component has the type `raw`.
//!
//! The type is deprecated: it takes one object, and newer releases of KubeVela keep it for old Applications only. (The namespaces
//! of `needNamespace` are such components all the same; KubeVela makes them.)
//!
//! Bad:
//! ```yaml
//! - name: namespace
//!   type: raw
//!   properties: {apiVersion: v1, kind: Namespace, metadata: {name: a}}
//! ```
//! Good:
//! ```yaml
//! - name: namespace
//!   type: k8s-objects
//!   properties:
//!     objects: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]
//! ```

use crate::input::{CueFile, Input};
use crate::rule::{Found, Holds, Rule};
use crate::syntax;
use cue_syntax::ast::{self, Decl, Expr, Node};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Edit, Fix, Severity, SourceFile, Span};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "APP11",
    title: "components use `k8s-objects`",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: true,
    file: "app/app11_raw.rs",
    source: include_str!("app11_raw.rs"),
    found: &[Found::InAddon(check)],
};

const MESSAGE: &str = "the type `raw` is deprecated";
const HELP: &str = "use `k8s-objects` and put the object into `properties.objects`";

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue().iter().filter(|file| file.makes_application()) {
        ast::walk(Node::File(&file.parsed.file), &mut |node| {
            let body = match node {
                Node::Expr(Expr::Struct(body)) => &body.elts,
                Node::Struct(body) => &body.elts,
                _ => return ControlFlow::Continue(()),
            };
            findings.extend(of_struct(file, body));
            ControlFlow::Continue(())
        });
    }
    let template = input.addon.template_yaml.as_ref();
    for component in input.components() {
        let Some(kind) = component
            .get("type")
            .filter(|kind| kind.as_str() == Some("raw"))
        else {
            continue;
        };
        let found = RULE.finding(MESSAGE, kind.span).help(HELP);
        let edits = template.and_then(|yaml| yaml_edits(&yaml.file.source, kind, component));
        findings.push(mended(found, edits));
    }
}

fn mended(found: Diagnostic, edits: Option<Vec<Edit>>) -> Diagnostic {
    match edits {
        Some(edits) => found.fix(Fix {
            title: "make it a component of type `k8s-objects`".to_owned(),
            edits,
        }),
        None => found,
    }
}

/// A component in CUE: a struct with this type and properties.
fn of_struct(file: &CueFile, body: &[Decl]) -> Option<Diagnostic> {
    let field = |name: &str| {
        body.iter().find_map(|decl| match decl {
            Decl::Field(field) if syntax::name_of(field).as_deref() == Some(name) => Some(&**field),
            _ => None,
        })
    };
    let kind = field("type")?;
    let properties = field("properties")?;
    if syntax::text(&kind.value)? != "raw" {
        return None;
    }
    let insert = |at: u32, text: &str| Edit {
        span: Span::new(at, at),
        text: text.to_owned(),
    };
    let span = properties.value.span();
    let edits = (file.text(span).starts_with('{')).then(|| {
        vec![
            Edit {
                span: kind.value.span(),
                text: "\"k8s-objects\"".to_owned(),
            },
            insert(span.lo, "objects: ["),
            insert(span.hi, "]"),
        ]
    });
    let found = RULE.finding(MESSAGE, kind.value.span()).help(HELP);
    Some(mended(found, edits))
}

/// The object moved into a list, one level deeper; a flow mapping stays in its line.
fn yaml_edits(source: &SourceFile, kind: &Tree, component: &Tree) -> Option<Vec<Edit>> {
    let properties = component.entry("properties")?;
    if !matches!(properties.value.data, Data::Map(_)) {
        return None;
    }
    let offset = |at: u32| usize::try_from(at.checked_sub(source.base())?).ok();
    let (from, to) = (
        offset(properties.value.span.lo)?,
        offset(properties.value.span.hi)?,
    );
    let text = source.text();
    let insert = |at: usize, text: String| Edit {
        span: source.span_of(at, at),
        text,
    };
    let mut edits = vec![Edit {
        span: kind.span,
        text: "k8s-objects".to_owned(),
    }];
    if text.get(from..)?.starts_with('{') {
        edits.push(insert(from, "{objects: [".to_owned()));
        edits.push(insert(to, "]}".to_owned()));
        return Some(edits);
    }
    // a block: its first key begins a line, and every line of it has at least the same indentation
    let start = text.get(..from)?.rfind('\n')? + 1;
    let indent = text.get(start..from)?;
    if !indent.bytes().all(|byte| byte == b' ') {
        return None;
    }
    edits.push(Edit {
        span: source.span_of(start, from),
        text: format!("{indent}objects:\n{indent}- "),
    });
    let mut at = start;
    for line in text.get(start..to)?.split_inclusive('\n') {
        if at > start && !line.trim().is_empty() {
            edits.push(insert(at, "  ".to_owned()));
        }
        at += line.len();
    }
    Some(edits)
}
