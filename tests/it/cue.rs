//! `addon-pack cue vet`: findings as a script reads them.

use crate::run::Scratch;

#[test]
fn vet_tells_a_script_code_places_path_and_remedy_and_exits_with_1() {
    let here = Scratch::new();
    here.write(
        "a.cue",
        "#D: {replicas: <=3}\nx: #D & {\n\treplicas: 5\n}\ny: {name: 1}\nz: y.nmae\n",
    );
    let run = here
        .run(&["cue", "vet", "--format", "json", "a.cue"])
        .exits(1);
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = findings.as_array().unwrap();
    assert_eq!(findings.len(), 2, "{}", run.stdout);
    let find = |code: &str| findings.iter().find(|found| found["code"] == code).unwrap();

    let bound = find("cue/out-of-bound");
    assert_eq!(bound["severity"], "error");
    assert!(bound["message"].as_str().unwrap().contains("`x.replicas`"));
    assert_eq!(bound["place"]["line"], 3);
    assert_eq!(bound["place"]["column"], 12);
    assert!(bound["place"]["file"].as_str().unwrap().ends_with("a.cue"));
    assert_eq!(bound["labels"][0]["place"]["line"], 1);
    assert_eq!(bound["labels"][0]["place"]["column"], 16);
    assert_eq!(bound["labels"][0]["text"], "`<=3`");
    assert_eq!(bound["labels"][1]["place"]["line"], 2);
    assert_eq!(
        bound["labels"][1]["text"],
        "came in by this reference to `#D`"
    );

    let missing = find("cue/undefined-field");
    assert_eq!(missing["place"]["line"], 6);
    assert!(missing["message"].as_str().unwrap().contains("`z`"));
    assert_eq!(missing["help"], "did you mean `name`?");
}

/// What cue v0.14.1 prints for the same file.
#[test]
fn def_prints_what_a_file_says_and_not_its_values() {
    let here = Scratch::new();
    here.write(
        "a.cue",
        "// about the package\npackage shop\n\nimport \"strings\"\n\n// #Item is for sale.\n#Item: {\n\tname: string\n\t// in cents\n\tprice: int & >0 // not free\n\t\"tag\"?: {a: string}\n}\nitem: #Item & {name: strings.ToUpper(\"x\")}\n",
    );
    let run = here.run(&["cue", "def", "a.cue"]).exits(0);
    assert_eq!(
        run.stdout,
        "// about the package\npackage shop\n\nimport \"strings\"\n\n// #Item is for sale.\n#Item: {\n\tname: string\n\t// in cents\n\tprice: int & >0\n\ttag?: a: string\n}\nitem: #Item & {\n\tname: strings.ToUpper(\"x\")\n}\n"
    );
}

#[test]
fn data_files_are_checked_against_a_schema_and_any_failure_is_1() {
    let here = Scratch::new();
    here.write("schema.cue", "#P: {name: string, age: int & >=0}\n");
    here.write("good.yaml", "name: a\nage: 3\n");
    here.write("bad.yaml", "name: a\nage: -3\n");
    here.run(&["cue", "vet", "schema.cue", "good.yaml", "-d", "#P"])
        .exits(0);
    let bad = here
        .run(&["cue", "vet", "schema.cue", "bad.yaml", "-d", "#P"])
        .exits(1);
    assert!(bad.stderr.contains("bad.yaml:2:"), "{}", bad.stderr);
    here.run(&["cue", "export", "nothing.cue"]).exits(1);
}
