//! `addon-pack render --deep`.

use crate::run::{Run, Scratch};

const TEMPLATE: &str = "\
apiVersion: core.oam.dev/v1beta1
kind: Application
spec:
  components:
  - name: web
    type: service
    properties:
      image: nginx
    traits:
    - type: replicas
      properties: {count: 3}
";

const SERVICE: &str = "\
service: {type: \"component\", attributes: {}}
template: {
	output: {
		apiVersion: \"apps/v1\"
		kind:       \"Deployment\"
		spec: {
			replicas: *1 | int
			template: spec: containers: [{name: context.name, image: parameter.image}]
		}
	}
	outputs: port: {apiVersion: \"v1\", kind: \"Service\"}
	parameter: image: string
}
";

const REPLICAS: &str = "\
replicas: {type: \"trait\", attributes: {}}
template: {
	patch: spec: replicas: parameter.count
	parameter: count: int
}
";

/// An addon with a component whose definitions are in the folder `defs`.
fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("a/metadata.yaml", "name: a\nversion: 1.0.0\n")
        .write("a/template.yaml", TEMPLATE)
        .write("defs/service.cue", SERVICE)
        .write("defs/replicas.cue", REPLICAS);
    here
}

fn deep(here: &Scratch, more: &[&str]) -> Run {
    here.run(&[&["render", "a", "--deep"], more].concat())
}

#[test]
fn components_and_traits_become_objects() {
    let here = addon();
    let run = deep(&here, &["--definitions", "defs"]).exits(0);
    assert_eq!(
        run.stdout,
        "\
---
# Application(addon-a) -- Component(web)
---

apiVersion: apps/v1
kind: Deployment
metadata:
  annotations: {}
  labels:
    addons.oam.dev/name: a
    addons.oam.dev/registry: local
    addons.oam.dev/version: 1.0.0
    app.oam.dev/appRevision: \"\"
    app.oam.dev/component: web
    app.oam.dev/name: addon-a
    app.oam.dev/namespace: vela-system
    app.oam.dev/resourceType: WORKLOAD
    workload.oam.dev/type: service
  name: web
  namespace: vela-system
spec:
  replicas: 3
  template:
    spec:
      containers:
      - image: nginx
        name: web

---
## From the auxiliary workload
apiVersion: v1
kind: Service
metadata:
  annotations: {}
  labels:
    addons.oam.dev/name: a
    addons.oam.dev/registry: local
    addons.oam.dev/version: 1.0.0
    app.oam.dev/appRevision: \"\"
    app.oam.dev/component: web
    app.oam.dev/name: addon-a
    app.oam.dev/namespace: vela-system
    app.oam.dev/resourceType: TRAIT
    trait.oam.dev/resource: port
    trait.oam.dev/type: AuxiliaryWorkload
  name: web-auxiliaryworkload-548b6c7fd
  namespace: vela-system

---

"
    );
}

#[test]
fn an_unknown_definition_is_told_at_its_type_with_the_nearest_name() {
    let here = addon();
    here.write(
        "a/template.yaml",
        TEMPLATE.replace("type: service", "type: servce"),
    );
    let run = deep(&here, &["--definitions", "defs"]).exits(1);
    assert!(
        run.stderr.contains("a/template.yaml:6:11"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("no component definition `servce`"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("did you mean `service`?"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, "");
    let run = deep(&here, &[]).exits(1);
    assert!(run.stderr.contains("--definitions"), "{}", run.stderr);
}

#[test]
fn definitions_come_from_the_addon_its_dependencies_and_a_vendored_folder() {
    let here = addon();
    here.write("a/definitions/service.cue", SERVICE)
        .write(
            "a/metadata.yaml",
            "name: a\nversion: 1.0.0\ndependencies:\n- name: b\n",
        )
        .write(
            "b/metadata.yaml",
            "name: b\nversion: 1.0.0\ndependencies:\n- name: c\n",
        )
        .write("c/metadata.yaml", "name: c\nversion: 1.0.0\n")
        .write("c/definitions/replicas.cue", REPLICAS);
    let beside = deep(&here, &[]).exits(0).stdout;
    here.write("a/metadata.yaml", "name: a\nversion: 1.0.0\n");
    here.run(&["vendor", "definitions", "defs", "--into", "v"])
        .exits(0);
    assert_eq!(deep(&here, &["--definitions", "v"]).exits(0).stdout, beside);
    here.write("v/trait/replicas.cue", REPLICAS.replace("int", "string"));
    let run = deep(&here, &["--definitions", "v"]).exits(5);
    assert!(
        run.stderr.contains("not what its lock says"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_dependency_that_is_nowhere_is_named_when_a_definition_is_missing() {
    let here = addon();
    here.write(
        "a/metadata.yaml",
        "name: a\nversion: 1.0.0\ndependencies:\n- name: b\n",
    );
    let run = deep(&here, &[]).exits(1);
    assert!(run.stderr.contains("depends on `b`"), "{}", run.stderr);
    assert!(run.stderr.contains("--dependencies"), "{}", run.stderr);
}

#[test]
fn a_conflict_shows_the_lines_of_both_authors() {
    let here = addon();
    here.write("defs/replicas.cue", REPLICAS.replace("parameter.count", "parameter.count + 0").replace("replicas: parameter", "template: spec: containers: [{name: \"other\"}]\n\tpatch: spec: replicas: parameter"));
    let run = deep(&here, &["--definitions", "defs"]).exits(1);
    assert!(
        run.stderr.contains("cue/conflicting-values"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("defs/replicas.cue:3:"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("a/template.yaml:10:13"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("trait `replicas` of component `web`"),
        "{}",
        run.stderr
    );
}

#[test]
fn each_cluster_gets_a_folder_and_steps_are_listed() {
    let here = addon();
    let policies = "  \
  policies:
  - {name: edge, type: topology, properties: {clusters: [local, c1]}}
  - name: small
    type: override
    properties: {components: [{name: web, traits: [{type: replicas, properties: {count: 1}}]}]}
";
    here.write("a/template.yaml", format!("{TEMPLATE}{policies}"));
    deep(&here, &["--definitions", "defs", "-o", "dir", "-d", "out"]).exits(0);
    assert_eq!(here.list("out"), ["c1", "local"]);
    assert_eq!(
        here.list("out/c1/web"),
        [
            "001-deployment-web.yaml",
            "002-service-web-auxiliaryworkload-548b6c7fd.yaml"
        ]
    );
    assert!(
        here.read("out/c1/web/001-deployment-web.yaml")
            .contains("replicas: 1")
    );
    let run = deep(&here, &["--definitions", "defs", "-o", "json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        json["deployments"][0]["title"],
        "addon-a with topology edge"
    );
    assert_eq!(
        json["deployments"][0]["clusters"],
        serde_json::json!(["local", "c1"])
    );
    assert_eq!(
        json["steps"],
        serde_json::json!([{"name": "deploy-edge", "type": "deploy"}])
    );
}

#[test]
fn options_of_deep_rendering_need_it() {
    let here = addon();
    here.run(&["render", "a", "--definitions", "defs"]).exits(2);
    deep(
        &here,
        &["--definitions", "defs", "--cluster-version", "new"],
    )
    .exits(2);
    deep(&here, &["--definitions", "nowhere"]).exits(3);
}
