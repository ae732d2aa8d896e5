//! `addon-pack schema`.

use crate::run::Scratch;
use serde_json::{Value, json};

const PARAMETER: &str = "\
parameter: {
	// +usage=Who is greeted
	// +short=w
	who: *\"world\" | string
	// +immutable
	// +usage=How often
	count?: >0 & int
	need: string
	kind:  \"a\" | \"b\"
}
";
const DEFINITION: &str = "\
web: {
	type: \"component\"
	attributes: workload: type: \"autodetects.core.oam.dev\"
}
template: {
	output: {apiVersion: \"v1\", kind: \"Pod\"}
	parameter: image: string
}
";

fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("hello/metadata.yaml", "name: hello\nversion: 1.0.0\n")
        .write("hello/parameter.cue", PARAMETER)
        .write("hello/definitions/web.cue", DEFINITION);
    here
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_schema_is_that_of_kubevela() {
    let run = addon().run(&["schema", "hello"]).exits(0);
    assert_eq!(
        parsed(&run.stdout),
        json!({
            "type": "object",
            "required": ["who", "need", "kind"],
            "properties": {
                "who": {"title": "who", "type": "string", "default": "world", "description": "Who is greeted"},
                "count": {
                    "title": "count", "type": "integer", "description": "How often",
                    "minimum": 0, "exclusiveMinimum": true, "x-immutable": true,
                },
                "need": {"title": "need", "type": "string"},
                "kind": {"title": "kind", "type": "string", "enum": ["a", "b"]},
            },
        })
    );
}

#[test]
fn the_json_schema_fits_its_meta_schema_and_judges_arguments() {
    let run = addon().run(&["schema", "hello", "--format", "jsonschema"]);
    let schema = parsed(&run.exits(0).stdout);
    assert!(jsonschema::meta::is_valid(&schema), "{schema}");
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (arguments, is_valid) in [
        (json!({"need": "x", "kind": "a"}), true),
        (json!({"need": "x", "kind": "a", "count": 1}), true),
        (json!({"need": "x", "kind": "a", "count": 0}), false),
        (json!({"need": "x", "kind": "c"}), false),
        (json!({"kind": "a"}), false),
    ] {
        assert_eq!(validator.is_valid(&arguments), is_valid, "{arguments}");
    }
}

#[test]
fn a_definition_is_named_or_the_only_one_of_a_file() {
    let here = addon();
    let wanted = json!({
        "type": "object",
        "required": ["image"],
        "properties": {"image": {"title": "image", "type": "string"}},
    });
    for arguments in [
        &["schema", "hello", "--definition", "web"][..],
        &["schema", "hello/definitions/web.cue"],
    ] {
        let run = here.run(arguments).exits(0);
        assert_eq!(parsed(&run.stdout), wanted, "{arguments:?}");
    }
    let run = here.run(&["schema", "hello", "--definition", "worker"]);
    let run = run.exits(3);
    assert!(run.stderr.contains("`worker`"), "{}", run.stderr);
}

#[test]
fn an_addon_without_parameters_has_no_schema() {
    let here = Scratch::new();
    here.write("bare/metadata.yaml", "name: bare\nversion: 1.0.0\n");
    let run = here.run(&["schema", "bare"]).exits(0);
    assert_eq!(run.stdout, "null\n");
    let run = here.run(&["schema", "bare", "--format", "jsonschema"]);
    let schema = parsed(&run.exits(0).stdout);
    assert!(jsonschema::meta::is_valid(&schema), "{schema}");
}

#[test]
fn what_kubevela_makes_no_schema_of_is_shown_at_its_line() {
    let here = Scratch::new();
    here.write("bad/metadata.yaml", "name: bad\nversion: 1.0.0\n");
    for (text, said) in [
        ("parameter: {\n\ta: int & string\n}\n", "parameter.cue:2:"),
        ("parameter: {\n\ta: !=\"\"\n}\n", "parameter.cue:2:"),
        ("import \"strings\"\n\nparameter: {}\n", "parameter.cue:1:"),
        (
            "parameter: #T\n#T: {children: [...#T]}\n",
            "parameter.cue:2:",
        ),
        ("parameter: {\n", "parameter.cue:"),
    ] {
        here.write("bad/parameter.cue", text);
        let run = here.run(&["schema", "bad"]).exits(1);
        assert_eq!(run.stdout, "", "{text}");
        assert!(run.stderr.contains(said), "{text}: {}", run.stderr);
    }
}
