//! `addon-pack images`.

use crate::run::Scratch;
use serde_json::Value;

const TEMPLATE: &str = "\
package main

output: {
	apiVersion: \"core.oam.dev/v1beta1\"
	kind:       \"Application\"
	spec: components: [{
		name: \"web\"
		type: \"webservice\"
		properties: image: \"\\(parameter.registry)/web:1\"
	}, {
		name: \"chart\"
		type: \"helm\"
		properties: values: image: {repository: \"example.com/chart\", tag: \"2\"}
	}]
}
";
const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  template:
    spec:
      initContainers: [{name: i, image: 'example.com/init:1'}]
      containers:
      - name: c
        image: example.com/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
";

fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("a/metadata.yaml", "name: a\nversion: 1.0.0\n")
        .write(
            "a/parameter.cue",
            "parameter: {\n\tregistry: *\"docker.io\" | string\n}\n",
        )
        .write("a/template.cue", TEMPLATE)
        .write("a/resources/d.yaml", DEPLOYMENT)
        .write("a/examples/private.yaml", "registry: private.io\n");
    here
}

#[test]
fn every_image_of_every_case_is_listed_once_with_its_places() {
    let here = addon();
    let run = here.run(&["images", "-o", "names", "a"]).exits(0);
    assert_eq!(
        run.stdout,
        "docker.io/web:1\n\
         example.com/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n\
         example.com/chart:2\nexample.com/init:1\nprivate.io/web:1\n"
    );
    let run = here.run(&["images", "a"]).exits(0);
    let places: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| line.starts_with(' '))
        .collect();
    assert_eq!(
        places,
        [
            "  a/template.cue:9:22  Application addon-a, spec.components[0].properties.image",
            "  a/resources/d.yaml:10:16  Deployment d, spec.template.spec.containers[0].image, written out",
            "  a/template.cue:13:43  Application addon-a, spec.components[1].properties.values.image",
            "  a/resources/d.yaml:7:41  Deployment d, spec.template.spec.initContainers[0].image, written out",
            "  a/template.cue:9:22  Application addon-a, spec.components[0].properties.image",
        ],
        "{}",
        run.stdout
    );
}

#[test]
fn arguments_make_one_case_of_it() {
    let here = addon();
    let run = here
        .run(&["images", "-o", "names", "a", "registry=my.io"])
        .exits(0);
    assert!(
        run.stdout.contains("my.io/web:1\n") && !run.stdout.contains("docker.io"),
        "{}",
        run.stdout
    );
    let run = here
        .run(&[
            "images",
            "-o",
            "names",
            "a",
            "registry=my.io",
            "--all-cases",
        ])
        .exits(0);
    assert!(
        run.stdout.contains("my.io/web:1\n") && run.stdout.contains("private.io/web:1\n"),
        "{}",
        run.stdout
    );
    here.run(&["images", "registry=my.io"]).exits(2);
    here.run(&["images", "a", "registry.x=1"]).exits(1);
}

#[test]
fn programs_get_the_parts_and_the_places() {
    let here = addon();
    let run = here.run(&["images", "-o", "json", "a"]).exits(0);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    let first = &value["images"][0];
    assert_eq!(first["image"], "docker.io/web:1");
    assert_eq!(first["registry"], "docker.io");
    assert_eq!(first["tag"], "1");
    assert_eq!(first["uses"][0]["addon"], "a");
    assert_eq!(first["uses"][0]["file"], "a/template.cue");
    assert_eq!(first["uses"][0]["line"], 9);
    assert_eq!(first["uses"][0]["writtenOut"], false);
    assert_eq!(first["uses"][0]["case"], "with the defaults");
    let run = here.run(&["images", "-o", "yaml", "a"]).exits(0);
    assert_eq!(
        goyaml::from_slice(run.stdout.as_bytes())
            .map(|read| Value::from(&read))
            .unwrap(),
        value
    );
}

#[test]
fn an_archive_has_the_images_of_its_addon() {
    let here = addon();
    here.run(&["build", "--no-verify", "a"]).exits(0);
    let names = |source: &str| here.run(&["images", "-o", "names", source]).exits(0).stdout;
    assert_eq!(names("dist/a-1.0.0.tgz"), names("a"));
}

#[test]
fn an_addon_that_does_not_render_is_told() {
    let here = addon();
    here.write("a/parameter.cue", "parameter: {\n\tregistry: string\n}\n")
        .write("a/examples/private.yaml", "registry: 1\n");
    let run = here.run(&["images", "a"]).exits(1);
    assert!(run.stderr.contains("cannot be rendered"), "{}", run.stderr);
    here.write("a/metadata.yaml", "name: [\n");
    let run = here.run(&["images", "a"]).exits(3);
    assert!(run.stderr.contains("a/metadata.yaml:"), "{}", run.stderr);
    here.run(&["images", "nowhere"]).exits(3);
}

/// No addon of the corpus ends it, and what is listed is found in what is rendered.
#[test]
fn addons_of_the_catalogue_are_listed() {
    let test = "images::addons_of_the_catalogue_are_listed";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let addons = corpus.join("inputs/addons");
    let here = Scratch::new();
    // some need arguments and have no example
    let run = here.run(&["images", "-o", "json", addons.to_str().unwrap()]);
    assert!(matches!(run.code, 0 | 1), "{}", run.stderr);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    let images = value["images"].as_array().unwrap();
    assert!(images.len() >= 41, "{}", images.len());
    let run = here
        .run(&["render", addons.join("fluxcd").to_str().unwrap()])
        .exits(0);
    let of_fluxcd = images.iter().filter(|image| {
        image["uses"]
            .as_array()
            .unwrap()
            .iter()
            .any(|used| used["addon"] == "fluxcd")
    });
    let mut count = 0;
    for image in of_fluxcd {
        assert!(
            run.stdout.contains(image["image"].as_str().unwrap()),
            "{image}"
        );
        count += 1;
    }
    assert_eq!(
        count,
        run.stdout
            .lines()
            .filter(|line| line.trim().starts_with("image: "))
            .count(),
        "{}",
        run.stdout
    );
}
