//! `addon-pack diff`.

use crate::run::{Run, Scratch};
use serde_json::Value;

pub(crate) const PARAMETERS: &str = "\
parameter: {
	// +usage=How many
	replicas: *1 | int
	mode:     *\"a\" | \"b\"
	gone?:    string
	free?:    string
	size?:    int
	nested: {
		inner: *\"x\" | string
	}
}
";
pub(crate) const TEMPLATE: &str = "\
package main

output: {
	apiVersion: \"core.oam.dev/v1beta1\"
	kind:       \"Application\"
	spec: components: [{
		name: \"one\"
		type: \"k8s-objects\"
		properties: objects: [{
			apiVersion: \"apps/v1\"
			kind:       \"Deployment\"
			metadata: name: \"web\"
			spec: {
				replicas: parameter.replicas
				selector: matchLabels: app: \"web\"
				template: {
					metadata: labels: app: \"web\"
					spec: containers: [{name: \"c\", image: \"example.com/c:1\"}]
				}
			}
		}, {
			apiVersion: \"v1\"
			kind:       \"Namespace\"
			metadata: name: \"home\"
		}]
	}, {
		name: \"two\"
		type: \"k8s-objects\"
		properties: objects: [{
			apiVersion: \"v1\"
			kind:       \"ConfigMap\"
			metadata: name: \"config\"
			data: a: \"1\"
		}]
	}]
}
";
pub(crate) const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
  versions:
  - {name: v1alpha1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
";
pub(crate) const DEFINITION: &str = "\
deploy: {
	type: \"trait\"
	description: \"d\"
	attributes: podDisruptive: false
}
template: {
	patch: metadata: labels: x: parameter.x
	parameter: x: string
}
";

pub(crate) fn addon(here: &Scratch, name: &str, version: &str) {
    let metadata =
        format!("# what it is\nname: a\nversion: {version} # the version\ndescription: d\n");
    here.write(&format!("{name}/metadata.yaml"), metadata)
        .write(&format!("{name}/parameter.cue"), PARAMETERS)
        .write(&format!("{name}/template.cue"), TEMPLATE)
        .write(&format!("{name}/resources/crd.yaml"), CRD)
        .write(&format!("{name}/definitions/deploy.cue"), DEFINITION);
}

/// Two versions of which the new one has `file` with `from` replaced by `to`.
fn changed(version: &str, file: &str, text: &str, from: &str, to: &str) -> Scratch {
    assert_ne!(text.replace(from, to), text, "`{from}` is not there");
    let here = Scratch::new();
    addon(&here, "old", "1.2.3");
    addon(&here, "new", version);
    here.write(&format!("new/{file}"), text.replace(from, to));
    here
}

fn diff(here: &Scratch) -> Value {
    let run: Run = here.run(&["diff", "-o", "json", "old", "new"]);
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
}

/// The messages of a weight, without the files.
fn of_weight(diff: &Value, weight: &str) -> Vec<String> {
    let all = diff["changes"].as_array().unwrap().iter();
    all.filter(|change| change["weight"] == weight && change["topic"] != "file")
        .map(|change| change["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_version_step_alone_changes_nothing() {
    let here = Scratch::new();
    addon(&here, "old", "1.2.3");
    addon(&here, "new", "1.2.4");
    let run = here.run(&["diff", "old", "new"]).exits(0);
    assert_eq!(run.stdout, "verdict: no change\n");
}

#[test]
fn each_way_to_narrow_a_parameter_is_major() {
    for (from, to, message) in [
        (
            "	gone?:    string\n",
            "",
            "the parameter `gone` is there no more",
        ),
        (
            "free?:    string",
            "free:     string",
            "the parameter `free` needs a value now",
        ),
        (
            "*1 | int",
            "*\"1\" | string",
            "the parameter `replicas` takes string now, and took integer",
        ),
        (
            "size?:    int",
            "size?:    int & <=5",
            "the parameter `size` has the bound `maximum` 5 now",
        ),
        (
            "| \"b\"",
            "| \"c\"",
            "the parameter `mode` does not take `\"b\"` any more",
        ),
        (
            "// +usage=How many",
            "// +immutable",
            "the parameter `replicas` cannot be changed any more (`+immutable`)",
        ),
        (
            "inner: *\"x\" | string",
            "inner: string",
            "the parameter `nested.inner` needs a value now",
        ),
    ] {
        let here = changed("1.3.0", "parameter.cue", PARAMETERS, from, to);
        let found = diff(&here);
        assert_eq!(found["verdict"], "major", "{to}: {found:#}");
        assert_eq!(found["enough"], false);
        let major = of_weight(&found, "major");
        assert!(
            major.iter().any(|one| one == message),
            "{message}: {major:?}"
        );
        here.run(&["diff", "old", "new"]).exits(1);
        here.run(&["diff", "--breaking", "old", "new"]).exits(1);
    }
}

#[test]
fn what_widens_a_parameter_is_minor() {
    for (from, to, message) in [
        (
            "| \"b\"",
            "| \"b\" | \"c\"",
            "the parameter `mode` takes `\"c\"` too",
        ),
        (
            "*1 | int",
            "*2 | int",
            "the parameter `replicas` is `2` by default, it was `1`",
        ),
        (
            "	gone?:",
            "	more?: string\n	gone?:",
            "the parameter `more` is new",
        ),
    ] {
        let here = changed("1.3.0", "parameter.cue", PARAMETERS, from, to);
        let found = diff(&here);
        assert_eq!(found["verdict"], "minor", "{found:#}");
        assert_eq!(of_weight(&found, "minor"), [message]);
        here.run(&["diff", "old", "new"]).exits(0);
        here.run(&["diff", "--breaking", "old", "new"]).exits(0);
    }
}

#[test]
fn objects_that_go_move_or_cannot_be_changed_are_major() {
    let namespace = ", {
			apiVersion: \"v1\"
			kind:       \"Namespace\"
			metadata: name: \"home\"
		}]";
    for (from, to, message) in [
        (
            namespace,
            "]",
            "Namespace `vela-system/home` is there no more, so an upgrade deletes it",
        ),
        (
            "name: \"two\"",
            "name: \"three\"",
            "ConfigMap `vela-system/config` belongs to the component `three` now, it was the component `two`, so an upgrade may delete it",
        ),
        (
            "matchLabels: app: \"web\"",
            "matchLabels: app: \"other\"",
            "Deployment `vela-system/web`: `spec.selector` is not the same, and a cluster lets nobody change it",
        ),
    ] {
        let found = diff(&changed("1.3.0", "template.cue", TEMPLATE, from, to));
        assert_eq!(of_weight(&found, "major"), [message], "{found:#}");
    }
    let found = diff(&changed("1.2.4", "template.cue", TEMPLATE, "c:1", "c:2"));
    assert_eq!(found["verdict"], "patch", "{found:#}");
    assert_eq!(found["enough"], true);
}

#[test]
fn crds_and_definitions_keep_what_they_serve() {
    let found = diff(&changed(
        "1.3.0",
        "resources/crd.yaml",
        CRD,
        "v1alpha1, served: true",
        "v1alpha1, served: false",
    ));
    let major = of_weight(&found, "major");
    assert!(
        major[0].ends_with("does not serve the version `v1alpha1` any more"),
        "{found:#}"
    );
    let found = diff(&changed(
        "1.3.0",
        "definitions/deploy.cue",
        DEFINITION,
        "parameter: x: string",
        "parameter: {x: string, y: int}",
    ));
    assert_eq!(
        of_weight(&found, "major"),
        ["the trait definition `deploy`: `parameter.y` is new and needs a value"],
        "{found:#}"
    );
    let found = diff(&changed(
        "1.3.0",
        "definitions/deploy.cue",
        DEFINITION,
        "deploy:",
        "other:",
    ));
    assert_eq!(
        of_weight(&found, "major"),
        ["the trait definition `deploy` is there no more"]
    );
}

#[test]
fn a_place_is_the_line_of_the_parameter() {
    let here = changed("1.3.0", "parameter.cue", PARAMETERS, "*1 | int", "*2 | int");
    let run = here.run(&["diff", "old", "new"]).exits(0);
    assert!(
        run.stdout.contains("(new/parameter.cue:3:2)"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_no_addon_is_refused() {
    let here = Scratch::new();
    addon(&here, "new", "1.0.0");
    here.write("old/metadata.yaml", "- 1\n");
    here.run(&["diff", "old", "new"]).exits(3);
    here.run(&["diff", "absent", "new"]).exits(3);
}
