//! What a pod takes from a `ConfigMap` of the addon is in it; the ConfigMaps, Secrets, claims and service accounts that it
//! names are among the objects; and a Service selects pods that are there.
//!
//! A pod with a missing object waits for it and does not start. The addon may rely on somebody to make it, so that is a
//! warning, and nothing is said where a chart or another object that mentions the name may make it. A key that a
//! ConfigMap of the addon does not have is an error: its pod cannot start.
//!
//! Bad:
//! ```yaml
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {level: info}
//! # and in a container:
//! env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: logLevel}}}]
//! ```
//! Good:
//! ```yaml
//! env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: level}}}]
//! ```

use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::{Applied, at, is_fixed, items, pod_spec, text};
use crate::rules::object_set::{Set, sets};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "K8S05",
    title: "what pods and Services refer to is there",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s05_dangling.rs",
    source: include_str!("k8s05_dangling.rs"),
    found: &[Found::InProof(check)],
};

/// What every namespace has, or a part of Kubernetes makes.
const GIVEN: [(&str, &str); 3] = [
    ("ServiceAccount", "default"),
    ("ConfigMap", "kube-root-ca.crt"),
    ("ConfigMap", "extension-apiserver-authentication"),
];

/// What a pod refers to.
struct Reference<'t> {
    kind: &'static str,
    name: &'t Tree,
    /// The key of the object that is taken, where one is named.
    key: Option<&'t Tree>,
}

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for set in sets(proof) {
        let mut mentions = Mentions::default();
        let mut pods = Vec::new();
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for object in &set.objects {
            let Some(spec) = pod_spec(object) else {
                continue;
            };
            let references = references(spec);
            for reference in &references {
                let name = reference.name.as_str().unwrap_or_default();
                *counts.entry((reference.kind, name)).or_default() += 1;
            }
            pods.push((object, references));
        }
        for (object, references) in &pods {
            for reference in references {
                missing_object(
                    proof,
                    &set,
                    object,
                    reference,
                    &counts,
                    &mut mentions,
                    findings,
                );
                missing_key(proof, &set, object, reference, findings);
            }
        }
        for object in &set.objects {
            selects_nothing(proof, &set, object, findings);
        }
    }
}

/// How often names are mentioned. All texts are read for each new name, so only so many are asked for.
#[derive(Default)]
struct Mentions {
    known: BTreeMap<String, usize>,
}

impl Mentions {
    const MOST: usize = 200;

    fn of(&mut self, set: &Set<'_>, name: &str) -> usize {
        match self.known.get(name) {
            Some(count) => *count,
            None if self.known.len() >= Self::MOST => usize::MAX,
            None => {
                let count = set.mentions(name);
                self.known.insert(name.to_owned(), count);
                count
            }
        }
    }
}

fn missing_object(
    proof: &Proof<'_>,
    set: &Set<'_>,
    object: &Applied<'_>,
    reference: &Reference<'_>,
    counts: &BTreeMap<(&str, &str), usize>,
    mentions: &mut Mentions,
    findings: &mut Vec<Diagnostic>,
) {
    let (kind, name) = (reference.kind, reference.name.as_str().unwrap_or_default());
    let is_there = name.is_empty()
        || set.has(kind, name)
        || GIVEN.contains(&(kind, name))
        || !set.is_whole
        || !is_fixed(proof, reference.name.span);
    if is_there {
        return;
    }
    let referring = counts.get(&(kind, name)).copied().unwrap_or_default();
    if kind != "ServiceAccount" && mentions.of(set, name) > referring {
        return;
    }
    let message = format!("nothing here makes the {kind} `{name}`, which the pod needs");
    let found = RULE.milder(
        Severity::Warning,
        message,
        object.place_of(reference.name.span),
    );
    let found = found.help("add it to the addon, or say in an ignore who makes it");
    findings.push(object.in_case(proof, found));
}

fn missing_key(
    proof: &Proof<'_>,
    set: &Set<'_>,
    object: &Applied<'_>,
    reference: &Reference<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    let (Some(key), "ConfigMap") = (reference.key, reference.kind) else {
        return;
    };
    let name = reference.name.as_str();
    let mut all = set.objects.iter().filter(|other| {
        other.kind() == "ConfigMap" && other.group().is_empty() && Some(other.name()) == name
    });
    let (Some(holder), None) = (all.next(), all.next()) else {
        return;
    };
    let is_near = object.namespace() == holder.namespace();
    let keys = ["data", "binaryData"].map(|part| at(holder.tree, &[part]));
    let has_some = keys.iter().flatten().any(|part| !part.entries().is_empty());
    let Some(wanted) = key.as_str().filter(|_| is_near && has_some) else {
        return;
    };
    let annotations = at(holder.tree, &["metadata", "annotations"]);
    let is_filled = annotations.is_some_and(|annotations| {
        let mut entries = annotations.entries().iter();
        entries.any(|entry| entry.key.contains("inject"))
    });
    let is_there = keys.iter().flatten().any(|part| part.get(wanted).is_some());
    if is_there || is_filled {
        return;
    }
    let message = format!(
        "the ConfigMap `{}` has no key `{wanted}`, so the pod cannot start",
        holder.name()
    );
    let found = RULE
        .finding(message, object.place_of(key.span))
        .label(holder.place_of_name(), "the ConfigMap");
    let found = found.help("name a key of its `data`");
    findings.push(object.in_case(proof, found));
}

fn selects_nothing(
    proof: &Proof<'_>,
    set: &Set<'_>,
    object: &Applied<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    if object.kind() != "Service" || !object.group().is_empty() {
        return;
    }
    let Some(selector) = at(object.tree, &["spec", "selector"]) else {
        return;
    };
    let is_named = selector.entries().iter().all(|entry| {
        matches!(entry.value.data, Data::String(_)) && is_fixed(proof, entry.value.span)
    });
    if !is_named || !set.misses(object, selector) {
        return;
    }
    let place = selector
        .entries()
        .first()
        .map_or(selector.span, |entry| entry.value.span);
    let message = format!(
        "the Service `{}` selects no pod of the addon",
        object.name()
    );
    let found = RULE.milder(Severity::Warning, message, object.place_of(place));
    let found = found.help("select by the labels of the pod template");
    findings.push(object.in_case(proof, found));
}

/// All that a pod refers to and cannot start without.
fn references(spec: &Tree) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    if let Some(name) = at(spec, &["serviceAccountName"]) {
        found.push(Reference {
            kind: "ServiceAccount",
            name,
            key: None,
        });
    }
    for volume in items(spec, &["volumes"]) {
        add(volume, "configMap", "ConfigMap", "name", &mut found);
        add(volume, "secret", "Secret", "secretName", &mut found);
        let claim = at(volume, &["persistentVolumeClaim", "claimName"]);
        found.extend(claim.map(|name| Reference {
            kind: "PersistentVolumeClaim",
            name,
            key: None,
        }));
        for source in items(volume, &["projected", "sources"]) {
            add(source, "configMap", "ConfigMap", "name", &mut found);
            add(source, "secret", "Secret", "name", &mut found);
        }
    }
    for container in ["initContainers", "containers"]
        .into_iter()
        .flat_map(|list| items(spec, &[list]))
    {
        for source in items(container, &["envFrom"]) {
            add(source, "configMapRef", "ConfigMap", "name", &mut found);
            add(source, "secretRef", "Secret", "name", &mut found);
        }
        for variable in items(container, &["env"]) {
            if let Some(from) = at(variable, &["valueFrom"]) {
                add(from, "configMapKeyRef", "ConfigMap", "name", &mut found);
                add(from, "secretKeyRef", "Secret", "name", &mut found);
            }
        }
    }
    found
}

fn add<'t>(
    holder: &'t Tree,
    field: &str,
    kind: &'static str,
    name: &str,
    found: &mut Vec<Reference<'t>>,
) {
    let Some(source) = holder.get(field) else {
        return;
    };
    let is_optional = source
        .get("optional")
        .is_some_and(|optional| optional.data == Data::Bool(true));
    let Some(name) = source.get(name).filter(|_| !is_optional) else {
        return;
    };
    let keys = items(source, &["items"])
        .iter()
        .filter(|item| !text(item, "key").is_empty())
        .filter_map(|item| item.get("key"));
    let mut keys: Vec<Option<&Tree>> = source
        .get("key")
        .into_iter()
        .chain(keys)
        .map(Some)
        .collect();
    if keys.is_empty() {
        keys.push(None);
    }
    found.extend(keys.into_iter().map(|key| Reference { kind, name, key }));
}
