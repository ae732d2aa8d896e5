//! A component's name has at most 63 lower-case letters, digits and dashes, and begins with a letter.
//!
//! KubeVela writes it into a label of everything that the component makes, and most types of components call their workload
//! and its Service by it: the cluster refuses `My_App`. A name that is a label but not that of a Service (it begins with a
//! digit) is a warning, and so is one that the workload of a type which is not built in may take. A CUE file of `resources/`
//! that gives no name is a component with the name of the file.
//!
//! Bad: `resources/1_web.cue` with
//! ```cue
//! output: type: "webservice"
//! ```
//! Good: `resources/web.cue`.

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use goyaml::Step;
use source_vocab::{Diagnostic, Place, Severity};

pub(super) const RULE: Rule = Rule {
    id: "APP05",
    title: "the name of a component can be that of an object",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app05_component_name.rs",
    source: include_str!("app05_component_name.rs"),
    found: &[Found::InProof(check)],
};

/// The most characters of a label.
const LONGEST: usize = 63;
/// Built-in types that call an object as the component.
const NAMESAKES: [&str; 8] = [
    "webservice",
    "worker",
    "daemon",
    "task",
    "cron-task",
    "statefulset",
    "helm",
    "kustomize",
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for application in proof.written_applications() {
        for component in proof.components(&application) {
            let name = component.name;
            let Some(problem) = problem(name, component.kind) else {
                continue;
            };
            let path = [
                Step::Key("spec"),
                Step::Key("components"),
                Step::Index(component.index),
                Step::Key("name"),
            ];
            // the business of META08 and of META03
            let meta = proof.addon().meta();
            let place = application.place_at(&path);
            let is_of_metadata = meta
                .need_namespace
                .iter()
                .map(|entry| entry.span)
                .chain([meta.name.span])
                .any(|span| place == Place::Text(span));
            if is_of_metadata {
                continue;
            }
            let (severity, what) = problem;
            let message = format!("the component name `{name}` {what}");
            let found = RULE
                .milder(severity, message, place)
                .help("use lower-case letters, digits and dashes, and begin with a letter");
            findings.push(proof.in_case(found, application.case));
        }
    }
}

/// How bad a name is for a component of a type, and why.
fn problem(name: &str, kind: &str) -> Option<(Severity, &'static str)> {
    if name.is_empty() {
        return None;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric();
    let ends =
        name.bytes().next().is_some_and(is_plain) && name.bytes().last().is_some_and(is_plain);
    let is_label = ends
        && name.len() <= LONGEST
        && name
            .bytes()
            .all(|byte| is_plain(byte) || matches!(byte, b'-' | b'_' | b'.'));
    let is_name = is_label
        && name
            .bytes()
            .all(|byte| !byte.is_ascii_uppercase() && byte != b'_')
        && name
            .split('.')
            .all(|part| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-'));
    if !is_label {
        Some((Severity::Error, "is no value of a label"))
    } else if !is_name && NAMESAKES.contains(&kind) {
        Some((Severity::Error, "is no name of an object"))
    } else if !is_name {
        Some((Severity::Warning, "is no name of an object"))
    } else if name.contains('.') || name.starts_with(|c: char| c.is_ascii_digit()) {
        Some((Severity::Warning, "is no name of a Service"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::problem;
    use source_vocab::Severity;

    #[test]
    fn names_are_judged_by_what_is_made_of_them() {
        let severity = |name: &str, kind: &str| problem(name, kind).map(|(severity, _)| severity);
        assert_eq!(severity("web-1", "webservice"), None);
        assert_eq!(severity("My_App", "webservice"), Some(Severity::Error));
        assert_eq!(severity("My_App", "k8s-objects"), Some(Severity::Warning));
        assert_eq!(severity("-web", "k8s-objects"), Some(Severity::Error));
        assert_eq!(severity("web a", "k8s-objects"), Some(Severity::Error));
        assert_eq!(
            severity(&"a".repeat(64), "k8s-objects"),
            Some(Severity::Error)
        );
        assert_eq!(severity("1-web", "webservice"), Some(Severity::Warning));
    }
}
