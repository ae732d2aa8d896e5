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

    let missing = find("cue/undefined-field");
    assert_eq!(missing["place"]["line"], 6);
    assert!(missing["message"].as_str().unwrap().contains("`z`"));
    assert_eq!(missing["help"], "did you mean `name`?");
}
