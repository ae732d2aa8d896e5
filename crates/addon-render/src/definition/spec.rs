//! The fields that the spec of a definition may have, and of which type.
//!
//! KubeVela decodes a spec strictly into its Go type (`validateSpec`): an unknown field or a wrong type refuses the
//! definition. Here each type is a table. What Go's decoder does not mind is not minded here either: `null` fits
//! everything, the case of a key does not matter, and a required field may be missing.

use super::Kind;
use goyaml::{Magnitude, Map, Value};

/// What a field holds.
#[derive(Debug)]
enum Shape {
    Text,
    Flag,
    Int32,
    Texts,
    TextMap,
    /// Anything.
    Free,
    Object(&'static Table),
    Objects(&'static Table),
}

/// The fields of one type.
type Table = [(&'static str, Shape)];

const WORKLOAD_REFERENCE: &Table = &[("apiVersion", Shape::Text), ("kind", Shape::Text)];
const WORKLOAD: &Table = &[
    ("type", Shape::Text),
    ("definition", Shape::Object(WORKLOAD_REFERENCE)),
];
const DEFINITION_REFERENCE: &Table = &[("name", Shape::Text), ("version", Shape::Text)];
const CHILD_RESOURCE: &Table = &[
    ("apiVersion", Shape::Text),
    ("kind", Shape::Text),
    ("selector", Shape::TextMap),
];
const STATUS: &Table = &[
    ("customStatus", Shape::Text),
    ("healthPolicy", Shape::Text),
    ("details", Shape::Text),
];
const CUE: &Table = &[("template", Shape::Text)];
const NAMED: &Table = &[("name", Shape::Text), ("namespace", Shape::Text)];
const TERRAFORM: &Table = &[
    ("configuration", Shape::Text),
    ("type", Shape::Text),
    ("path", Shape::Text),
    ("writeConnectionSecretToRef", Shape::Object(NAMED)),
    ("providerRef", Shape::Object(NAMED)),
    ("deleteResource", Shape::Flag),
    ("customRegion", Shape::Text),
    ("gitCredentialsSecretReference", Shape::Object(NAMED)),
];
const SCHEMATIC: &Table = &[
    ("cue", Shape::Object(CUE)),
    ("terraform", Shape::Object(TERRAFORM)),
];

const COMPONENT: &Table = &[
    ("version", Shape::Text),
    ("workload", Shape::Object(WORKLOAD)),
    ("childResourceKinds", Shape::Objects(CHILD_RESOURCE)),
    ("revisionLabel", Shape::Text),
    ("podSpecPath", Shape::Text),
    ("status", Shape::Object(STATUS)),
    ("schematic", Shape::Object(SCHEMATIC)),
    ("extension", Shape::Free),
];
const TRAIT: &Table = &[
    ("definitionRef", Shape::Object(DEFINITION_REFERENCE)),
    ("revisionEnabled", Shape::Flag),
    ("workloadRefPath", Shape::Text),
    ("podDisruptive", Shape::Flag),
    ("appliesToWorkloads", Shape::Texts),
    ("conflictsWith", Shape::Texts),
    ("schematic", Shape::Object(SCHEMATIC)),
    ("status", Shape::Object(STATUS)),
    ("extension", Shape::Free),
    ("manageWorkload", Shape::Flag),
    ("controlPlaneOnly", Shape::Flag),
    ("stage", Shape::Text),
    ("version", Shape::Text),
];
const POLICY: &Table = &[
    ("definitionRef", Shape::Object(DEFINITION_REFERENCE)),
    ("schematic", Shape::Object(SCHEMATIC)),
    ("manageHealthCheck", Shape::Flag),
    ("version", Shape::Text),
    ("scope", Shape::Text),
    ("global", Shape::Flag),
    ("priority", Shape::Int32),
];
const WORKFLOW_STEP: &Table = &[
    ("definitionRef", Shape::Object(DEFINITION_REFERENCE)),
    ("schematic", Shape::Object(SCHEMATIC)),
    ("version", Shape::Text),
];

/// What does not fit, and where below the spec.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) path: Vec<String>,
    pub(super) message: String,
}

/// Everything in a spec that KubeVela's types do not take. The spec of a workload definition is not looked at, as in
/// KubeVela.
pub(super) fn check(kind: Kind, spec: &Map) -> Vec<Finding> {
    let table = match kind {
        Kind::Component => COMPONENT,
        Kind::Trait => TRAIT,
        Kind::Policy => POLICY,
        Kind::WorkflowStep => WORKFLOW_STEP,
        Kind::Workload => return Vec::new(),
    };
    let mut walk = Walk {
        kind,
        path: Vec::new(),
        found: Vec::new(),
    };
    walk.table(table, spec);
    walk.found
}

struct Walk {
    kind: Kind,
    path: Vec<String>,
    found: Vec<Finding>,
}

impl Walk {
    fn report(&mut self, message: String) {
        self.found.push(Finding {
            path: self.path.clone(),
            message,
        });
    }

    /// The path as people write it.
    fn here(&self) -> String {
        format!("attributes.{}", self.path.join("."))
    }

    fn table(&mut self, table: &'static Table, map: &Map) {
        for (key, value) in map {
            self.path.push(key.clone());
            match table
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(key))
            {
                Some((_, shape)) => self.shape(shape, value),
                None => {
                    let message = format!(
                        "`{}` is no field of a {}",
                        self.here(),
                        self.kind.object_kind()
                    );
                    self.report(message);
                }
            }
            self.path.pop();
        }
    }

    fn shape(&mut self, shape: &Shape, value: &Value) {
        let wanted = match (shape, value) {
            (Shape::Free, _) | (_, Value::Null) => return,
            (Shape::Text, Value::String(_)) | (Shape::Flag, Value::Bool(_)) => return,
            (Shape::Int32, Value::Number(number)) if matches!(number.read(), Magnitude::Int(int) if i32::try_from(int).is_ok()) =>
            {
                return;
            }
            (Shape::Texts, Value::List(items)) => {
                return self.each(items, |walk, item| walk.shape(&Shape::Text, item));
            }
            (Shape::TextMap, Value::Map(map)) => {
                for (key, item) in map {
                    self.path.push(key.clone());
                    self.shape(&Shape::Text, item);
                    self.path.pop();
                }
                return;
            }
            (Shape::Object(table), Value::Map(map)) => return self.table(table, map),
            (Shape::Objects(table), Value::List(items)) => {
                return self.each(items, |walk, item| walk.shape(&Shape::Object(table), item));
            }
            (Shape::Text, _) => "a string",
            (Shape::Flag, _) => "a boolean",
            (Shape::Int32, _) => "an integer of 32 bits",
            (Shape::Texts, _) => "a list of strings",
            (Shape::TextMap, _) => "a struct of strings",
            (Shape::Object(_), _) => "a struct",
            (Shape::Objects(_), _) => "a list of structs",
        };
        let message = format!(
            "`{}` of a {} must be {wanted}, not {}",
            self.here(),
            self.kind.object_kind(),
            kind_of(value)
        );
        self.report(message);
    }

    fn each(&mut self, items: &[Value], check: impl Fn(&mut Self, &Value)) {
        for (at, item) in items.iter().enumerate() {
            self.path.push(at.to_string());
            check(self, item);
            self.path.pop();
        }
    }
}

/// The value's kind as a CUE author calls it.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a struct",
    }
}
