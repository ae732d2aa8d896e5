//! Decoding of small objects, as the server answers to them.

use crate::release::{Release, Releases};
use crate::{Fault, FaultKind, inspect, validate};
use goyaml::{Strictness, Tree};

fn object(text: &str) -> Tree {
    goyaml::read_tree(text.as_bytes(), 1, Strictness::Strict).unwrap()
}

/// What decoding by 1.31 finds: `field: message (help)`.
fn faults(text: &str) -> Vec<String> {
    let found = validate(&object(text), Release::new(31).unwrap());
    found.iter().map(said).collect()
}

fn missing(text: &str) -> Vec<String> {
    let found = inspect(&object(text), Release::new(31).unwrap().into());
    let found = found.iter().map(|found| &found.fault);
    let found = found.filter(|fault| fault.kind == FaultKind::Required);
    found.map(|fault| fault.field.clone()).collect()
}

fn said(fault: &Fault) -> String {
    let help = fault.help.as_ref();
    let help = help.map_or_else(String::new, |help| format!(" ({help})"));
    format!("{}: {}{help}", fault.field, fault.message)
}

fn pod(container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  containers:\n  - {container}\n"
    )
}

#[test]
fn null_is_nothing() {
    let nothing: [&str; 0] = [];
    assert_eq!(
        faults(&pod(
            "{name: c, image: null, env: null, args: [null], resources: ~}"
        )),
        nothing
    );
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {a: null}}\ndata: {a: ~}\nimmutable: null\n";
    assert_eq!(faults(text), nothing);
}

#[test]
fn a_value_of_another_type_is_named_with_its_remedy() {
    assert_eq!(
        faults(&pod(
            "{name: c, env: [{name: A, value: 1}, {name: B, value: true}]}"
        )),
        [
            "spec.containers[0].env[0].value: must be a string, not a number (write it in quotes: `\"1\"`)",
            "spec.containers[0].env[1].value: must be a string, not a boolean (write it in quotes: `\"true\"`)",
        ]
    );
    assert_eq!(
        faults(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: \"3\", paused: 'true'}\n"
        ),
        [
            "spec.replicas: must be an integer, not a string (write it without quotes: `3`)",
            "spec.paused: must be a boolean, not a string (write it without quotes: `true`)",
        ]
    );
    assert_eq!(
        faults(&pod("{name: c, command: sh}")),
        ["spec.containers[0].command: must be a list, not a string"]
    );
}

#[test]
fn integers_have_no_point_and_fit() {
    let replicas = |text: &str| {
        faults(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nspec: {{replicas: {text}}}\n"
        ))
    };
    assert_eq!(
        replicas("3.0"),
        ["spec.replicas: must be an integer, not a fraction"]
    );
    assert_eq!(
        replicas("2147483648"),
        ["spec.replicas: must be between -2147483648 and 2147483647"]
    );
    assert!(replicas("-2147483648").is_empty());
}

#[test]
fn quantities_and_ports_take_numbers_and_texts() {
    let nothing: [&str; 0] = [];
    assert_eq!(
        faults(&pod(
            "{name: c, resources: {limits: {cpu: 0.5, memory: 1Gi}}, livenessProbe: {httpGet: {port: http}}}"
        )),
        nothing
    );
    assert_eq!(
        faults(&pod("{name: c, resources: {limits: {memory: 1GB}}}")),
        [
            "spec.containers[0].resources.limits[memory]: is no quantity: expected a number with an optional suffix such as `m`, `k`, `M`, `Mi`, `Gi` (did you mean `1G`?)"
        ]
    );
    assert_eq!(
        faults(&pod("{name: c, livenessProbe: {httpGet: {port: 1.5}}}")),
        [
            "spec.containers[0].livenessProbe.httpGet.port: must be an integer or a string, not a fraction"
        ]
    );
}

#[test]
fn an_unknown_field_comes_with_the_one_that_was_meant() {
    assert_eq!(
        faults(&pod("{name: c, imagePullpolicy: Always}")),
        [
            "spec.containers[0].imagePullpolicy: is no field of `Container` (did you mean `imagePullPolicy`?)"
        ]
    );
    assert_eq!(
        faults(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nmatchLabels: {}\nspec: {matchLabels: {}}\n"
        ),
        [
            "matchLabels: is no field of `Deployment`",
            "spec.matchLabels: is no field of `DeploymentSpec` (it is a field of `selector`)",
        ]
    );
}

#[test]
fn a_field_of_another_release_is_unknown_and_says_so() {
    let text = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c}], resources: {}}\n";
    let found = inspect(&object(text), Releases::ALL);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].releases.to_string(), "1.28 to 1.31");
    assert_eq!(
        said(&found[0].fault),
        "spec.resources: is no field of `PodSpec` (only Kubernetes 1.32 to 1.35 has it)"
    );
}

#[test]
fn what_is_missing_is_named_as_the_server_names_it() {
    assert_eq!(missing(&pod("{image: i}")), ["spec.containers[0].name"]);
    let binding =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\n";
    assert_eq!(missing(binding), ["roleRef.kind", "roleRef.name"]);
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n";
    assert_eq!(
        missing(deployment),
        ["spec.selector", "spec.template.spec.containers"]
    );
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nspec: {selector: {}, template: {spec: {containers: [null]}}}\n";
    assert_eq!(missing(set), ["spec.template.spec.containers[0].name"]);
    let owned = "apiVersion: v1\nkind: ConfigMap\nmetadata: {ownerReferences: [{apiVersion: v1, kind: A, name: b}]}\n";
    assert_eq!(missing(owned), ["metadata.ownerReferences.uid"]);
}

#[test]
fn what_the_server_drops_needs_nothing() {
    let text =
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c}]}\nstatus: {conditions: [{}]}\n";
    assert!(inspect(&object(text), Releases::ALL).is_empty());
    let text = "apiVersion: v1\nkind: PersistentVolumeClaim\nspec: {dataSource: {name: x}}\n";
    assert!(inspect(&object(text), Releases::ALL).is_empty());
    let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  group: a.example.org\n  scope: Cluster\n  names: {plural: as, kind: A}\n  versions:\n  - name: v1\n    schema: {openAPIV3Schema: {typo: 1, properties: {a: {items: {typo: 1}}}}}\n";
    assert_eq!(
        faults(crd),
        [
            "spec.versions[0].schema.openAPIV3Schema.typo: is no field of `JSONSchemaProps` (did you mean `type`?)"
        ]
    );
}
