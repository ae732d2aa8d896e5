//! Two snapshots side by side.
//!
//! The order of the changes: what the addon says of itself, parameters, definitions, objects, files; in each what was there
//! in the order of the old one, then what is new. Objects are compared case by case, of the cases that both versions render;
//! what is the same in two cases is told once.

use crate::object::COMPONENT;
use crate::{Change, Definition, Held, ObjectKey, Snapshot, Topic, Weight, immutable, parameter};
use goyaml::{Map, Value};
use indexmap::IndexMap;
use source_vocab::Place;

/// What changed between two versions.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The changes.
    pub changes: Vec<Change>,
    /// What could not be compared, each as a sentence.
    pub unknown: Vec<String>,
}

impl Diff {
    /// The heaviest change; `None` when nothing is different.
    pub fn verdict(&self) -> Option<Weight> {
        self.changes.iter().map(|change| change.weight).max()
    }
}

/// What is different in `new`.
pub fn compare(old: &Snapshot, new: &Snapshot) -> Diff {
    let mut found = Comparison::default();
    found.metadata(old, new);
    found.parameters(old, new);
    for (key, before) in &old.definitions {
        found.definition(key, before, new.definitions.get(key));
    }
    for (key, after) in &new.definitions {
        if !old.definitions.contains_key(key) {
            let place = after.place.clone();
            found.add(
                Topic::Definition,
                Weight::Minor,
                &definition(key),
                "",
                "is new",
                place,
            );
        }
    }
    found.cases(old, new);
    found.files(old, new);
    Diff {
        changes: found.changes,
        unknown: found.unknown,
    }
}

#[derive(Default)]
struct Comparison {
    changes: Vec<Change>,
    unknown: Vec<String>,
}

fn definition((kind, name): &(String, String)) -> String {
    format!("the {kind} definition `{name}`")
}

fn object(key: &ObjectKey) -> String {
    let ObjectKey {
        group,
        kind,
        namespace,
        name,
    } = key;
    if group == COMPONENT {
        return format!("the component `{name}` of type `{kind}`");
    }
    if namespace.is_empty() {
        format!("{kind} `{name}`")
    } else {
        format!("{kind} `{namespace}/{name}`")
    }
}

impl Comparison {
    fn add(
        &mut self,
        topic: Topic,
        weight: Weight,
        subject: &str,
        path: &str,
        message: impl Into<String>,
        place: Place,
    ) {
        let (subject, path) = (subject.to_owned(), path.to_owned());
        let change = Change {
            topic,
            weight,
            subject,
            path,
            message: message.into(),
            place,
        };
        let is_known = self.changes.iter().any(|known| {
            known.subject == change.subject
                && known.path == change.path
                && known.message == change.message
        });
        if !is_known {
            self.changes.push(change);
        }
    }

    fn metadata(&mut self, old: &Snapshot, new: &Snapshot) {
        if old.name != new.name {
            let text = format!("is `{}`, it was `{}`", new.name, old.name);
            let place = new.version_place.clone();
            self.add(Topic::Metadata, Weight::Major, "the name", "", text, place);
        }
        for (name, (before, _)) in &old.requirements {
            match new.requirements.get(name) {
                None => {
                    let place = new.version_place.clone();
                    self.add(
                        Topic::Metadata,
                        Weight::Minor,
                        name,
                        "",
                        "is there no more",
                        place,
                    );
                }
                Some((after, place)) if after != before => {
                    let text = format!("is `{after}`, it was `{before}`");
                    self.add(
                        Topic::Metadata,
                        Weight::Minor,
                        name,
                        "",
                        text,
                        place.clone(),
                    );
                }
                Some(_) => {}
            }
        }
        for (name, (_, place)) in &new.requirements {
            if !old.requirements.contains_key(name) {
                self.add(
                    Topic::Metadata,
                    Weight::Minor,
                    name,
                    "",
                    "is new",
                    place.clone(),
                );
            }
        }
    }

    fn parameters(&mut self, old: &Snapshot, new: &Snapshot) {
        let (Some(before), Some(after)) = (&old.parameters, &new.parameters) else {
            if old.parameters.is_some() != new.parameters.is_some() {
                let text =
                    "the parameters of one version have no schema, so they were not compared";
                self.unknown.push(text.to_owned());
            }
            return;
        };
        for found in parameter::differences(before, after) {
            let path = dotted(&found.path);
            let subject = if path.is_empty() {
                "the parameters as a whole".to_owned()
            } else {
                format!("the parameter `{path}`")
            };
            let place = declared(&new.declared, &found.path, &new.version_place);
            self.add(
                Topic::Parameter,
                found.weight,
                &subject,
                "",
                found.message,
                place,
            );
        }
    }

    fn definition(&mut self, key: &(String, String), old: &Definition, new: Option<&Definition>) {
        let subject = definition(key);
        let Some(new) = new else {
            let text = "is there no more";
            self.add(
                Topic::Definition,
                Weight::Major,
                &subject,
                "",
                text,
                Place::Nowhere,
            );
            return;
        };
        if same(&old.object, &new.object) {
            return;
        }
        let before = self.changes.len();
        if let (Some(before), Some(after)) = (&old.parameters, &new.parameters) {
            for found in parameter::differences(before, after) {
                let path = format!("parameter.{}", dotted(&found.path));
                let path = path.trim_end_matches('.');
                let place = declared(&new.declared, &found.path, &new.place);
                self.add(
                    Topic::Definition,
                    found.weight,
                    &subject,
                    path,
                    found.message,
                    place,
                );
            }
        }
        if !old.version.is_empty() && old.version == new.version {
            let text = format!(
                "has other content under the version `{}` that it had",
                old.version
            );
            self.add(
                Topic::DefinitionVersion,
                Weight::Patch,
                &subject,
                "",
                text,
                new.place.clone(),
            );
        }
        if self.changes.len() == before {
            let text = "is not the same";
            self.add(
                Topic::Definition,
                Weight::Patch,
                &subject,
                "",
                text,
                new.place.clone(),
            );
        }
    }

    fn cases(&mut self, old: &Snapshot, new: &Snapshot) {
        let mut is_any = false;
        for (name, before) in &old.cases {
            if let Some(after) = new.cases.get(name) {
                is_any = true;
                self.objects(before, after);
            }
        }
        if !is_any {
            let text = "no case is rendered by both versions, so their objects were not compared";
            self.unknown.push(text.to_owned());
        }
    }

    fn objects(&mut self, old: &IndexMap<ObjectKey, Held>, new: &IndexMap<ObjectKey, Held>) {
        for (key, before) in old {
            let subject = object(key);
            let Some(after) = new.get(key) else {
                let text = "is there no more, so an upgrade deletes it";
                self.add(
                    Topic::Moved,
                    Weight::Major,
                    &subject,
                    "",
                    text,
                    Place::Nowhere,
                );
                continue;
            };
            if before.component != after.component {
                let name = |held: &Held| match &held.component {
                    Some(name) => format!("the component `{name}`"),
                    None => "no component".to_owned(),
                };
                let text = format!(
                    "belongs to {} now, it was {}, so an upgrade may delete it",
                    name(after),
                    name(before)
                );
                self.add(
                    Topic::Moved,
                    Weight::Major,
                    &subject,
                    "",
                    text,
                    after.place.clone(),
                );
            }
            if same(&before.object, &after.object) {
                continue;
            }
            let place = &after.place;
            let fixed = immutable::changed(&key.group, &key.kind, &before.object, &after.object);
            for path in &fixed {
                let text = "is not the same, and a cluster lets nobody change it";
                self.add(
                    Topic::Immutable,
                    Weight::Major,
                    &subject,
                    path,
                    text,
                    place.clone(),
                );
            }
            if key.kind == "CustomResourceDefinition" {
                self.versions(&subject, before, after);
            }
            let mut differing = Vec::new();
            differences(&before.object, &after.object, "", &mut differing);
            for path in differing {
                let is_told =
                    |fixed: &String| path == *fixed || path.starts_with(&format!("{fixed}."));
                if !fixed.iter().any(is_told) {
                    self.add(
                        Topic::Object,
                        Weight::Patch,
                        &subject,
                        &path,
                        "is not the same",
                        place.clone(),
                    );
                }
            }
        }
        for (key, after) in new {
            if !old.contains_key(key) {
                let place = after.place.clone();
                self.add(
                    Topic::Object,
                    Weight::Minor,
                    &object(key),
                    "",
                    "is new",
                    place,
                );
            }
        }
    }

    /// The versions that a CRD serves.
    fn versions(&mut self, subject: &str, old: &Held, new: &Held) {
        let served = |held: &Held| -> Vec<String> {
            let list = immutable::at(&held.object, "spec.versions").and_then(Value::as_list);
            let is_served =
                |version: &&Value| version.get("served").and_then(Value::as_bool) == Some(true);
            let names = list.unwrap_or_default().iter().filter(is_served);
            names
                .filter_map(|version| Some(version.get("name")?.as_str()?.to_owned()))
                .collect()
        };
        let (before, after) = (served(old), served(new));
        for name in before.iter().filter(|name| !after.contains(name)) {
            let text = format!("does not serve the version `{name}` any more");
            self.add(
                Topic::Crd,
                Weight::Major,
                subject,
                "",
                text,
                new.place.clone(),
            );
        }
        for name in after.iter().filter(|name| !before.contains(name)) {
            let text = format!("serves the version `{name}` too");
            self.add(
                Topic::Crd,
                Weight::Minor,
                subject,
                "",
                text,
                new.place.clone(),
            );
        }
    }

    fn files(&mut self, old: &Snapshot, new: &Snapshot) {
        let mut add = |path: &source_vocab::VPath, text: &str, place: Place| {
            self.add(
                Topic::File,
                Weight::Patch,
                &format!("the file `{path}`"),
                "",
                text,
                place,
            );
        };
        for (path, before) in &old.files {
            match new.files.get(path) {
                None => add(path, "is there no more", Place::Nowhere),
                Some(after) if after != before => {
                    add(path, "is not the same", Place::Path(path.clone()));
                }
                Some(_) => {}
            }
        }
        for path in new
            .files
            .keys()
            .filter(|path| !old.files.contains_key(*path))
        {
            add(path, "is new", Place::Path(path.clone()));
        }
    }
}

/// The path of a parameter as text: `list[].name`.
fn dotted(path: &[String]) -> String {
    path.join(".").replace(".[]", "[]")
}

/// Where a parameter is declared, else the nearest one around it, else `otherwise`.
fn declared(all: &IndexMap<Vec<String>, Place>, path: &[String], otherwise: &Place) -> Place {
    let names: Vec<String> = path
        .iter()
        .filter(|part| !matches!(part.as_str(), "[]" | "*"))
        .cloned()
        .collect();
    let nearest = (0..=names.len())
        .rev()
        .find_map(|length| all.get(names.get(..length)?));
    nearest.unwrap_or(otherwise).clone()
}

/// Whether two values are the same; the order of keys does not count, and null is no value.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Map(one), Value::Map(other)) => {
            let has = |map: &Map, key: &str, value: &Value| {
                same(map.get(key).unwrap_or(&Value::Null), value)
            };
            one.iter().all(|(key, value)| has(other, key, value))
                && other.iter().all(|(key, value)| has(one, key, value))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (one, other) => one == other,
    }
}

/// The smallest places in which two values differ, as paths; a list of another length is one place.
fn differences(old: &Value, new: &Value, path: &str, into: &mut Vec<String>) {
    if same(old, new) {
        return;
    }
    let join = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match (old, new) {
        (Value::Map(before), Value::Map(after)) => {
            for (key, value) in before {
                differences(
                    value,
                    after.get(key).unwrap_or(&Value::Null),
                    &join(key),
                    into,
                );
            }
            for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
                differences(&Value::Null, value, &join(key), into);
            }
        }
        (Value::List(before), Value::List(after)) if before.len() == after.len() => {
            for (at, (before, after)) in before.iter().zip(after).enumerate() {
                differences(before, after, &format!("{path}[{at}]"), into);
            }
        }
        _ => into.push(path.to_owned()),
    }
}
