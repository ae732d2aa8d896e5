//! The rules over the addons of the KubeVela catalog: what is an error there was looked at by hand.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads the corpus from the disk"
)]

use addon_check::{Neighbours, Subject};
use source_vocab::{Severity, SourceMap, VPath};
use std::path::Path;
use testkit::MemoryWorld;

/// A directory in memory; the catalog has no links.
fn world(directory: &Path, prefix: &str, mut world: MemoryWorld) -> MemoryWorld {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        world = if entry.file_type().unwrap().is_dir() {
            self::world(&entry.path(), &format!("{path}/"), world)
        } else {
            world.file(&path, std::fs::read(entry.path()).unwrap())
        };
    }
    world
}

#[test]
fn errors_in_the_catalog_are_true() {
    let test = "errors_in_the_catalog_are_true";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut errors = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(corpus.join("inputs/addons")).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() {
            continue;
        }
        count += 1;
        let name = entry.file_name().into_string().unwrap();
        let world = world(&entry.path(), "", MemoryWorld::new());
        let mut sources = SourceMap::new();
        let subject = Subject {
            world: &world,
            root: &VPath::root(),
            directory: Some(&name),
            neighbours: &Neighbours::none(),
        };
        let inspection = addon_check::inspect(&subject, &mut sources);
        errors.extend(
            inspection
                .findings
                .iter()
                .filter(|found| found.severity == Severity::Error)
                .map(|found| format!("{name} {}", found.code)),
        );
    }
    errors.sort();
    assert_eq!(count, 72);
    assert_eq!(
        errors,
        [
            // fields of `attributes` that vela refuses
            "chaosblade-operator definition/invalid-spec",
            "elasticsearch-operator definition/invalid-spec",
            // four without a template, which `vela addon package` refuses
            "envoy-gateway LAY02",
            // `controllerArgs + [...]` in a resource of package `main`
            "example-cue CUE07",
            // lists of components, policies and steps, each joined with `+`
            "grafana CUE07",
            "grafana CUE07",
            "grafana CUE07",
            "o11y-definitions LAY02",
            // `commonPolicies + [...]` and `[...] + postDeploySteps`
            "prometheus-server CUE07",
            "prometheus-server CUE07",
            // two comprehensions of privileges joined with `+`
            "sae-apiserver-proxy CUE07",
            // `version: v1beta2-1.3.8-3.1.1`
            "spark-kubernetes-operator META04",
            "vector-config LAY02",
            "vegeta LAY02",
            // `dependencies` stands twice
            "victoria-metric META01",
            // `schemas/schema.yaml`, a name that VelaUX never asks for
            "victoria-metric UI02",
        ]
    );
}
