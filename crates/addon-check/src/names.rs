//! The names that components of an addon can have, in any case.
//!
//! What the cases render, and besides what is written: each text literal that a field `name` has in the template and the
//! resources, and what the files of `resources/` are called. A component that a condition adds is so known without the
//! arguments that add it. Where a name is computed, any name is possible, and nobody should be sure that one is missing.

use crate::proof::Proof;
use crate::scope::{Scope, walk};
use crate::spelling;
use crate::syntax::{name_of, text};
use cue_syntax::ast::{Decl, Expr, Node};
use regex::Regex;
use source_vocab::Severity;
use std::collections::BTreeSet;

/// Whether names inside a node are those of something else: an object, a policy, a step.
fn holds_no_components(node: &Node<'_>) -> bool {
    let Node::Decl(Decl::Field(field)) = node else {
        return false;
    };
    let name = name_of(field);
    matches!(
        name.as_deref(),
        Some("properties" | "policies" | "workflow")
    )
}

/// The names of components.
#[derive(Debug, Default)]
pub(crate) struct ComponentNames {
    names: BTreeSet<String>,
    /// Whether some are computed.
    is_open: bool,
}

impl ComponentNames {
    /// Those of an addon.
    pub(crate) fn of(proof: &Proof<'_>) -> Self {
        let mut all = Self::default();
        for application in proof.written_applications() {
            let components = proof.components(&application);
            let names = components.iter().map(|component| component.name.to_owned());
            all.names.extend(names.filter(|name| !name.is_empty()));
        }
        for file in proof
            .input
            .cue()
            .iter()
            .filter(|file| file.makes_application())
        {
            let name = file
                .path
                .file_name()
                .trim_end_matches(".cue")
                .replace('.', "-");
            all.names.insert(name);
            let scope = Scope::of(proof.input, file);
            walk(&scope, &file.parsed.file, &mut |node, scope, around| {
                if let Node::Decl(Decl::Field(field)) = node
                    && name_of(field).as_deref() == Some("name")
                    && !around.iter().any(holds_no_components)
                {
                    all.value(scope, &field.value);
                }
            });
        }
        all
    }

    fn value<'a>(&mut self, scope: &Scope<'a>, value: &'a Expr) {
        let mut is_whole = true;
        for (value, _) in scope.values(value, &mut is_whole) {
            match (text(value), value) {
                (Some(name), _) => {
                    self.names.insert(name);
                }
                // a type is no name
                (None, Expr::Ident(_)) => {}
                (None, _) => self.is_open = true,
            }
        }
        self.is_open |= !is_whole;
    }

    /// Whether a component can have this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether a component can have a name of this pattern, in which `*` stands for anything; as KubeVela matches it,
    /// anywhere in the name.
    pub(crate) fn matches(&self, pattern: &str) -> bool {
        let pattern = Regex::new(&pattern.replace('*', ".*"));
        pattern.is_ok_and(|pattern| self.names.iter().any(|name| pattern.is_match(name)))
    }

    /// How bad it is that a name is missing: no more than a warning where some are computed.
    pub(crate) fn severity(&self, severity: Severity) -> Severity {
        if self.is_open {
            severity.min(Severity::Warning)
        } else {
            severity
        }
    }

    /// What to do about a name that no component has.
    pub(crate) fn near(&self, name: &str) -> String {
        match spelling::nearest(name, self.names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the name of a component".to_owned(),
        }
    }
}
