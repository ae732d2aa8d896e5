//! Each parameter of a UI schema is one that the definition has.
//!
//! VelaUX makes a form of the definition's parameters and looks into the UI schema for what is said of each of them. What is
//! said of a parameter that does not exist is never shown, and a condition on one never holds. This goes for `jsonKey`
//! on every level, for the keys in `subParameterGroupOption`, and for the `jsonKey` of conditions, which may also name a
//! parameter beside or around the one that has the condition.
//!
//! What only hides a parameter that does not exist (`disable: true`) is a warning.
//!
//! A definition that is not at hand, and one whose parameters KubeVela itself cannot tell, is not looked at.
//!
//! Bad: `schemas/trait-uischema-scaler.yaml`
//! ```yaml
//! - jsonKey: replica
//!   label: Replicas
//! ```
//! Good:
//! ```yaml
//! - jsonKey: replicas
//!   label: Replicas
//! ```

use super::ui01_list::parsed;
use crate::definitions::Known;
use crate::proof::{Proof, Role};
use crate::rule::{Found, Holds, Rule};
use addon_model::TextFile;
use addon_render::AuxiliaryRole;
use addon_render::definition::{Kind, schema};
use goyaml::{Data, Map, Tree, Value};
use source_vocab::{Diagnostic, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    id: "UI03",
    title: "each parameter of a UI schema is one that the definition has",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui03_parameters.rs",
    source: include_str!("ui03_parameters.rs"),
    found: &[Found::InProof(check)],
};

/// How deep parameters are nested.
const DEEPEST: usize = 32;

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    for file in &proof.addon().schemas {
        let yaml = parsed(file);
        let (Some(tree), Some(schema)) = (yaml.tree(), schema_of(file, proof, &known)) else {
            continue;
        };
        let name = file.name().split('.').next().unwrap_or_default();
        let definition = name.split_once("-uischema-").map_or(name, |(_, name)| name);
        let mut walk = Walk {
            definition,
            around: Vec::new(),
            findings,
        };
        walk.level(tree, &schema);
    }
}

/// The schema of the parameters that a UI schema is for.
pub(super) fn schema_of(file: &TextFile, proof: &Proof<'_>, known: &Known<'_>) -> Option<Value> {
    let name = file.name().split('.').next()?;
    let (kind, name) = name.split_once("-uischema-")?;
    match kind {
        "component" => known.schema(Kind::Component, name),
        "trait" => known.schema(Kind::Trait, name),
        "policy" => known.schema(Kind::Policy, name),
        "workflowstep" => known.schema(Kind::WorkflowStep, name),
        "addon" => {
            let addon = proof.addon();
            let file = addon
                .effective_parameter()
                .filter(|_| addon.meta().name.value == name)?;
            schema::of_file(proof.session(), &file.source).value
        }
        "config" => {
            let is_template = |role: &Role<'_>| matches!(role, Role::Auxiliary { role, .. } if *role == AuxiliaryRole::ConfigTemplate);
            let own = format!("config-template-{name}");
            let object = proof
                .objects()
                .iter()
                .find(|object| is_template(&object.role) && object.name() == own)?;
            let text = object.tree.get("data")?.get("schema")?.as_str()?;
            goyaml::from_slice(text.as_bytes()).ok()
        }
        _ => None,
    }
}

/// The parameters on one level of a schema: those of an object, of the elements of a list, of the values of a map. None
/// where the schema does not list any.
pub(super) fn level(schema: &Value) -> Option<Map> {
    let mut found = Map::new();
    let mut add = |schema: &Value| {
        if let Some(properties) = schema.get("properties").and_then(Value::as_map) {
            found.extend(
                properties
                    .iter()
                    .map(|(name, one)| (name.clone(), one.clone())),
            );
        }
    };
    let inner = schema.get("items").or_else(|| {
        let is_object = schema.get("properties").is_some();
        schema.get("additionalProperties").filter(|_| !is_object)
    });
    let schema = inner.unwrap_or(schema);
    add(schema);
    for key in ["oneOf", "anyOf", "allOf"] {
        let all = schema.get(key).and_then(Value::as_list);
        all.unwrap_or_default().iter().for_each(&mut add);
    }
    (!found.is_empty()).then_some(found)
}

struct Walk<'w, 'f> {
    definition: &'w str,
    /// The names on the levels around, the outermost first.
    around: Vec<Map>,
    findings: &'f mut Vec<Diagnostic>,
}

impl Walk<'_, '_> {
    fn level(&mut self, list: &Tree, schema: &Value) {
        let Some(known) = level(schema).filter(|_| self.around.len() < DEEPEST) else {
            return;
        };
        for parameter in list.items() {
            let Some(key) = parameter.get("jsonKey") else {
                continue;
            };
            let name = key.coerced().unwrap_or_default().into_owned();
            match known.get(&name) {
                Some(own) => {
                    self.around.push(known.clone());
                    if let Some(inner) = parameter.get("subParameters") {
                        self.level(inner, own);
                    }
                    self.groups(parameter, own);
                    self.conditions(parameter);
                    self.around.pop();
                }
                None if name.is_empty() => {}
                None => {
                    let is_hidden =
                        parameter.get("disable").map(|tree| &tree.data) == Some(&Data::Bool(true));
                    let severity = if is_hidden {
                        Severity::Warning
                    } else {
                        Severity::Error
                    };
                    self.unknown(key, &name, &known, severity);
                }
            }
        }
    }

    /// The keys that are shown together.
    fn groups(&mut self, parameter: &Tree, schema: &Value) {
        let Some(known) = level(schema) else { return };
        let groups = parameter.get("subParameterGroupOption");
        for group in groups.map(Tree::items).unwrap_or_default() {
            let keys = group.get("keys").map(Tree::items);
            for key in keys.unwrap_or_default() {
                let name = key.coerced().unwrap_or_default().into_owned();
                if !known.contains_key(&name) {
                    self.unknown(key, &name, &known, Severity::Error);
                }
            }
        }
    }

    /// A condition names a parameter by its path from the top, or one beside or around its own.
    fn conditions(&mut self, parameter: &Tree) {
        let conditions = parameter.get("conditions");
        for condition in conditions.map(Tree::items).unwrap_or_default() {
            let Some(key) = condition.get("jsonKey") else {
                continue;
            };
            let path = key.coerced().unwrap_or_default().into_owned();
            let is_known = self.around.iter().any(|level| leads(level, &path));
            if let Some(own) = self.around.last().cloned().filter(|_| !is_known) {
                self.unknown(key, &path, &own, Severity::Error);
            }
        }
    }

    fn unknown(&mut self, key: &Tree, name: &str, known: &Map, severity: Severity) {
        let message = format!("`{}` has no parameter `{name}`", self.definition);
        let names = known.keys().map(String::as_str);
        let help = match nearest::nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove it: VelaUX never shows it".to_owned(),
        };
        self.findings
            .push(RULE.milder(severity, message, key.span).help(help));
    }
}

/// Whether a path like `a.b` leads to a parameter, as far as the schema tells.
fn leads(names: &Map, path: &str) -> bool {
    let mut names = names.clone();
    for name in path.split('.') {
        let Some(schema) = names.get(name) else {
            return false;
        };
        match level(schema) {
            Some(inner) => names = inner,
            None => return true,
        }
    }
    true
}
