//! `addon-pack bump`.

use crate::diff::addon;
use crate::run::Scratch;

#[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
fn metadata(here: &Scratch) -> String {
    std::fs::read_to_string(here.join("new/metadata.yaml")).unwrap()
}

#[test]
fn the_version_alone_is_written() {
    for (step, wanted) in [("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")] {
        let here = Scratch::new();
        addon(&here, "new", "1.2.3");
        let before = metadata(&here);
        here.run(&["bump", step, "new", "--check"]).exits(1);
        assert_eq!(metadata(&here), before);
        here.run(&["bump", step, "new"]).exits(0);
        assert_eq!(metadata(&here), before.replace("1.2.3", wanted));
    }
}

#[test]
fn a_quoted_version_stays_quoted_and_line_ends_stay() {
    let here = Scratch::new();
    here.write("new/metadata.yaml", "name: a\r\nversion: \"1.2.3\"\r\n");
    here.run(&["bump", "patch", "new"]).exits(0);
    assert_eq!(metadata(&here), "name: a\r\nversion: \"1.2.4\"\r\n");
}

#[test]
fn auto_goes_as_far_as_the_changes_ask_for() {
    let here = Scratch::new();
    addon(&here, "old", "1.2.3");
    addon(&here, "new", "1.2.3");
    let auto = ["bump", "auto", "new", "--against", "old"];
    here.run(&auto).exits(0);
    assert!(
        metadata(&here).contains("version: 1.2.3 "),
        "nothing changed"
    );
    here.write("new/parameter.cue", "parameter: {}\n");
    here.run(&["bump", "auto", "new", "--against", "old", "--check"])
        .exits(1);
    here.run(&auto).exits(0);
    assert!(metadata(&here).contains("version: 2.0.0 # the version"));
    here.run(&auto).exits(0);
    assert!(
        metadata(&here).contains("version: 2.0.0 "),
        "far enough already"
    );
    here.run(&["bump", "auto", "new"]).exits(2);
}

#[test]
fn what_is_no_version_has_no_next_one() {
    let here = Scratch::new();
    here.write("new/metadata.yaml", "name: a\nversion: latest\n");
    here.run(&["bump", "patch", "new"]).exits(3);
    here.run(&["bump", "patch", "absent"]).exits(3);
}
