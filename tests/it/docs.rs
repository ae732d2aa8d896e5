//! `addon-pack docs`.

use crate::run::{Run, Scratch};

const METADATA: &str = "\
name: hello
version: 1.0.0
description: Says hello.
system: {vela: '>=1.9.0'}
dependencies: [{name: fluxcd}]
";
const PARAMETER: &str = "\
parameter: {
	// +usage=Who | what is greeted
	// +short=w
	who: *\"world\" | string
	// +immutable
	// +usage=How often
	count?: >0 & int
	kind: \"a\" | \"b\"
	proxy: {
		// +usage=Whether there is one
		on:   *true | bool
		port: int
	}
}
";
const DEFINITION: &str = "\
note: {
	type: \"trait\"
	description: \"Puts a note.\"
	attributes: {}
}
template: {
	parameter: {
		// +usage=The text
		text: string
	}
	patch: metadata: annotations: note: parameter.text
}
";
const OBJECT: &str = "\
output: {
	type: \"k8s-objects\"
	properties: objects: [{
		apiVersion: \"v1\"
		kind:       \"Pod\"
		metadata: name: \"p\"
		spec: containers: [{name: \"c\", image: \"example.com/app:1\"}]
	}]
}
";
const TABLE: &str = "\
<!-- addon-pack:parameters -->

| name | type | required | default | description |
|---|---|---|---|---|
| `who` | string | no | `\"world\"` | Who \\| what is greeted *Short:* `-w` |
| `count` | integer, more than 0 | no | | How often *Immutable.* |
| `kind` | `a` or `b` | yes | | |
| `proxy` | struct | yes | | |
| `proxy.on` | boolean | no | `true` | Whether there is one |
| `proxy.port` | integer | yes | | |

<!-- /addon-pack:parameters -->
";

fn addon(readme: &str) -> Scratch {
    let here = Scratch::new();
    here.write("hello/metadata.yaml", METADATA)
        .write("hello/parameter.cue", PARAMETER)
        .write("hello/definitions/note.cue", DEFINITION)
        .write("hello/resources/pod.cue", OBJECT)
        .write("hello/examples/a.yaml", "kind: a\nproxy: {port: 1}\n")
        .write("hello/README.md", readme);
    here
}

#[test]
fn only_what_stands_between_the_markers_changes() {
    let before = "# Hello  \n\n|my|table|\n\n<!-- addon-pack:parameters -->\nold\n<!-- /addon-pack:parameters -->\n\ttail without end";
    let here = addon(before);
    let run = here.run(&["docs", "--check", "hello"]).exits(1);
    assert!(run.stderr.contains("error[docs/drift]"), "{}", run.stderr);
    assert!(run.stderr.contains("hello/README.md:6:1"), "{}", run.stderr);
    assert!(
        run.stdout.contains("-old\n")
            && run.stdout.contains("+| `kind` | `a` or `b` | yes | | |\n"),
        "{}",
        run.stdout
    );
    assert_eq!(here.read("hello/README.md"), before);
    here.run(&["docs", "hello"]).exits(0);
    let wanted = format!("# Hello  \n\n|my|table|\n\n{TABLE}\ttail without end");
    assert_eq!(here.read("hello/README.md"), wanted);
    here.run(&["docs", "hello", "--check"]).exits(0);
    let run = here.run(&["docs", "hello"]).exits(0);
    assert!(run.stderr.contains("Unchanged"), "{}", run.stderr);
}

#[test]
fn markers_are_inserted_for_what_the_addon_has() {
    let here = addon("# Hello\n\n## Parameters\n\nmine\n");
    let run = here.run(&["docs", "hello"]).exits(1);
    assert!(
        run.stderr.contains("error[docs/no-markers]") && run.stderr.contains("--insert"),
        "{}",
        run.stderr
    );
    here.run(&["docs", "hello", "--insert"]).exits(0);
    let wanted = format!(
        "# Hello\n\n## Parameters\n\n{TABLE}\nmine\n\n## Requirements\n\n\
         <!-- addon-pack:requirements -->\n\n| needs | version |\n|---|---|\n| KubeVela | `>=1.9.0` |\n| addon `fluxcd` | any |\n\n<!-- /addon-pack:requirements -->\n\n\
         ## Definitions\n\n<!-- addon-pack:definitions -->\n\n### Trait `note`\n\nPuts a note.\n\n\
         | name | type | required | default | description |\n|---|---|---|---|---|\n| `text` | string | yes | | The text |\n\n<!-- /addon-pack:definitions -->\n\n\
         ## Images\n\n<!-- addon-pack:images -->\n\n```text\nexample.com/app:1\n```\n\n<!-- /addon-pack:images -->\n"
    );
    assert_eq!(here.read("hello/README.md"), wanted);
    here.run(&["docs", "hello", "--check"]).exits(0);
    here.run(&["docs", "hello", "--insert"]).exits(0);
    assert_eq!(here.read("hello/README.md"), wanted);
}

#[test]
fn a_readme_is_made_where_there_is_none() {
    let here = Scratch::new();
    here.write(
        "a/metadata.yaml",
        "name: a\nversion: 1.0.0\ndescription: Is | small.\n",
    );
    here.run(&["docs", "a", "--check"]).exits(1);
    assert_eq!(here.list("a"), ["metadata.yaml"]);
    here.run(&["docs", "a", "--insert"]).exits(0);
    let text = here.read("a/README.md");
    assert!(
        text.starts_with("# a\n\nIs \\| small.\n\n## Parameters\n"),
        "{text}"
    );
    here.run(&["docs", "a", "--check"]).exits(0);
}

#[test]
fn what_init_makes_is_documented() {
    let here = Scratch::new();
    here.run(&["init", "fresh"]).exits(0);
    here.run(&["docs", "fresh", "--check"]).exits(0);
}

#[test]
fn ends_of_lines_are_those_of_the_readme_and_the_place_of_the_run_does_not_matter() {
    let here = addon(
        "# Hello\r\n\r\n<!-- addon-pack:parameters -->\r\n<!-- /addon-pack:parameters -->\r\n",
    );
    let mut command = here.command();
    command.current_dir(here.join("hello")).args(["docs", "."]);
    Run::of(&mut command).exits(0);
    let wanted = format!("# Hello\n\n{TABLE}").replace('\n', "\r\n");
    assert_eq!(here.read("hello/README.md"), wanted);
    here.run(&["docs", "hello", "--check"]).exits(0);
}

#[test]
fn hostile_usage_texts_stay_text() {
    let here = addon("<!-- addon-pack:parameters -->\n<!-- /addon-pack:parameters -->\n");
    here.write(
        "hello/parameter.cue",
        "parameter: {\n\t// +usage=<!-- /addon-pack:parameters --> <script>x</script> | `a|b\n\t// more ``` \u{1b}[31m\n\tx: *\"`|`\\n<!--\" | string\n}\n",
    );
    here.run(&["docs", "hello"]).exits(0);
    let text = here.read("hello/README.md");
    assert_eq!(
        text.matches("<!--").count(),
        3,
        "two markers, and one in code: {text}"
    );
    assert!(
        !text.contains("<script>") && !text.contains('\u{1b}'),
        "{text}"
    );
    assert_eq!(text.lines().count(), 7, "{text}");
    here.run(&["docs", "hello", "--check"]).exits(0);
}

#[test]
fn wrong_markers_leave_the_readme_as_it_is() {
    for (readme, told) in [
        ("<!-- addon-pack:parameters -->\nx\n", "README.md:1:1"),
        ("\n<!-- /addon-pack:images -->\n", "README.md:2:1"),
        (
            "<!-- addon-pack:paramters -->\n",
            "did you mean `parameters`?",
        ),
    ] {
        let here = addon(readme);
        for arguments in [
            &["docs", "hello"][..],
            &["docs", "hello", "--check"],
            &["docs", "hello", "--insert"],
        ] {
            let run = here.run(arguments).exits(1);
            assert!(run.stderr.contains(told), "{readme}: {}", run.stderr);
        }
        assert_eq!(here.read("hello/README.md"), readme);
    }
}

#[test]
fn what_cannot_be_evaluated_is_shown_and_nothing_is_written() {
    let readme = "<!-- addon-pack:parameters -->\n<!-- /addon-pack:parameters -->\n";
    let here = addon(readme);
    here.write("other/metadata.yaml", "name: other\nversion: 1.0.0\n")
        .write("other/README.md", readme);
    for text in ["parameter: {\n\ta: int & string\n}\n", "parameter: {\n"] {
        here.write("hello/parameter.cue", text);
        let run = here.run(&["docs", "hello", "other"]).exits(3);
        assert!(
            run.stderr.contains("hello/parameter.cue:"),
            "{}",
            run.stderr
        );
        assert_eq!(here.read("hello/README.md"), readme);
    }
    assert!(
        here.read("other/README.md")
            .contains("The addon has no parameters."),
        "the other addon is written"
    );
    here.run(&["docs", "nowhere"]).exits(3);
    here.write("bad/metadata.yaml", "name: [\n")
        .write("bad/README.md", readme);
    here.run(&["docs", "bad"]).exits(3);
    here.write("hello/parameter.cue", PARAMETER)
        .write("hello/README.md", b"\xff\xfe\x00");
    here.run(&["docs", "hello"]).exits(3);
}

#[cfg(unix)]
#[test]
fn a_readme_behind_a_link_is_not_written() {
    let here = addon("");
    here.write(
        "target.md",
        "<!-- addon-pack:parameters -->\n<!-- /addon-pack:parameters -->\n",
    );
    here.write("linked/metadata.yaml", METADATA);
    std::os::unix::fs::symlink(here.join("target.md"), here.join("linked/README.md")).unwrap();
    let run = here.run(&["docs", "linked"]).exits(1);
    assert!(run.stderr.contains("error[docs/link]"), "{}", run.stderr);
    assert!(!here.read("target.md").contains("who"));
}

/// Every addon of the corpus gets its tables, and they are right from then on.
#[test]
fn addons_of_the_catalogue_are_documented() {
    let test = "docs::addons_of_the_catalogue_are_documented";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let here = Scratch::new();
    let count = here.copy(&corpus.join("inputs/addons"), "addon");
    assert!(count >= 72, "{count} addons");
    here.run(&["docs", "--insert"]).exits(0);
    let run = here.run(&["docs", "--check", "--quiet"]).exits(0);
    assert_eq!(run.stdout, "");
}
