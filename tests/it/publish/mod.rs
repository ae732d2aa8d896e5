//! `addon-pack publish` and `pull`: what is in the directory afterwards, and what the user is told.

mod crash;
mod many;
mod options;
mod over_http;
mod registry;
mod tls;

use crate::run::Scratch;
use registry::{archive, check_index, versions};

#[test]
fn a_directory_gets_the_archive_its_entry_and_the_index() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "one", &[]));
    let run = scratch.run(&["publish", "demo.tgz"]).exits(0);
    assert_eq!(
        run.stdout,
        "\nServe it, here or on any static web host:\n  addon-pack serve registry\n\n\
         Install from it with vela:\n  \
         vela addon registry add local --type=helm --endpoint=http://127.0.0.1:8080\n  \
         vela addon enable demo --version 1.0.0\n"
    );
    assert!(
        run.stderr.contains("Published demo 1.0.0"),
        "{}",
        run.stderr
    );
    assert_eq!(
        scratch.list("registry"),
        ["charts", "entries", "index.yaml"]
    );
    assert_eq!(scratch.list("registry/charts"), ["demo-1.0.0.tgz"]);
    assert_eq!(scratch.list("registry/entries/demo"), ["1.0.0.json"]);
    check_index(&scratch.join("registry"));
    assert_eq!(versions(&scratch.join("registry")), ["demo 1.0.0"]);
}

#[test]
fn addons_are_packaged_on_the_way_and_their_folders_are_left_alone() {
    let scratch = Scratch::new();
    let metadata = |name| format!("name: {name}\nversion: 1.0.0\ndescription: A test.\n");
    let template = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: x}\nspec: {components: []}\n";
    for name in ["one", "two"] {
        scratch
            .write(&format!("addon/{name}/metadata.yaml"), metadata(name))
            .write(&format!("addon/{name}/README.md"), "# A test\n")
            .write(&format!("addon/{name}/template.yaml"), template);
    }
    scratch
        .write("addon/broken/metadata.yaml", "name: broken\nversion: [\n")
        .write("addon/notes.txt", "no addon")
        .write("addon/drafts/todo.txt", "no addon");
    let run = scratch.run(&["publish"]).exits(1);
    assert!(run.stderr.contains("META01"), "{}", run.stderr);
    assert!(
        run.stderr.contains("`addon/broken` is not published"),
        "{}",
        run.stderr
    );
    let registry = scratch.join("registry");
    check_index(&registry);
    assert_eq!(versions(&registry), ["one 1.0.0", "two 1.0.0"]);
    assert_eq!(
        scratch.list("addon/one"),
        ["README.md", "metadata.yaml", "template.yaml"]
    );

    scratch
        .run(&["publish", "addon/one", "--to", "other"])
        .exits(0);
    assert_eq!(versions(&scratch.join("other")), ["one 1.0.0"]);
    let entry = |registry: &str| scratch.read(&format!("{registry}/entries/one/1.0.0.json"));
    assert_eq!(entry("other"), entry("registry"));
    scratch.run(&["publish", "addon/drafts"]).exits(1);
}

#[test]
fn the_same_again_changes_nothing() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "one", &[]));
    let tree = |run: &str| {
        scratch.run(&["publish", "demo.tgz", "--to", run]).exits(0);
        let entry = scratch.read(&format!("{run}/entries/demo/1.0.0.json"));
        (scratch.read(&format!("{run}/index.yaml")), entry)
    };
    let first = tree("registry");
    assert_eq!(tree("registry"), first);
    assert_eq!(tree("another"), first);
    let run = scratch.run(&["publish", "demo.tgz"]).exits(0);
    assert!(
        run.stderr.contains("Unchanged demo 1.0.0"),
        "{}",
        run.stderr
    );
}

#[test]
fn created_is_source_date_epoch() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "one", &[]));
    scratch.run(&["publish", "demo.tgz"]).exits(0);
    assert!(
        scratch
            .read("registry/index.yaml")
            .contains("created: \"1980-01-01T00:00:00Z\"")
    );
    let mut command = scratch.command();
    command
        .env("SOURCE_DATE_EPOCH", "1000000000")
        .args(["publish", "demo.tgz", "--to", "r"]);
    crate::run::Run::of(&mut command).exits(0);
    assert!(
        scratch
            .read("r/index.yaml")
            .contains("created: \"2001-09-09T01:46:40Z\"")
    );
    command.env("SOURCE_DATE_EPOCH", "yesterday");
    crate::run::Run::of(&mut command).exits(2);
}

#[test]
fn other_bytes_are_refused_and_hide_no_others() {
    let scratch = Scratch::new();
    scratch
        .write("one.tgz", archive("demo", "1.0.0", "one", &[]))
        .write("two.tgz", archive("demo", "v1.0.0", "two", &[]))
        .write("more.tgz", archive("more", "1.0.0", "more", &[]))
        .write("broken.tgz", "not an archive");
    scratch.run(&["publish", "one.tgz"]).exits(0);
    let before = scratch.read("registry/entries/demo/1.0.0.json");

    let run = scratch.run(&["publish", "two.tgz", "more.tgz", "broken.tgz", "absent.tgz"]);
    // `broken.tgz` is met first.
    let run = run.exits(1);
    assert!(
        run.stderr
            .contains("demo v1.0.0 is not published: demo 1.0.0 is published with other bytes"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("help: raise the version in metadata.yaml"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("`broken.tgz` is not published: the archive is not gzip"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("`absent.tgz` is not published: there is nothing at this path"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("1 of 4"), "{}", run.stderr);
    assert_eq!(
        versions(&scratch.join("registry")),
        ["demo 1.0.0", "more 1.0.0"]
    );
    assert_eq!(scratch.read("registry/entries/demo/1.0.0.json"), before);
    scratch.run(&["publish", "two.tgz"]).exits(5);

    let run = scratch
        .run(&["publish", "two.tgz", "--skip-existing"])
        .exits(0);
    assert!(
        run.stderr
            .contains("warning: demo v1.0.0 is skipped: registry has it with other bytes (sha256 "),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("1 of them skipped"), "{}", run.stderr);
    assert_eq!(scratch.read("registry/entries/demo/1.0.0.json"), before);

    scratch
        .run(&["publish", "two.tgz", "--skip-existing", "--force"])
        .exits(2);
    scratch.run(&["publish", "two.tgz", "--force"]).exits(0);
    check_index(&scratch.join("registry"));
    assert_eq!(
        versions(&scratch.join("registry")),
        ["demo v1.0.0", "more 1.0.0"]
    );
    assert_eq!(
        scratch.list("registry/charts"),
        ["demo-v1.0.0.tgz", "more-1.0.0.tgz"]
    );
}

#[test]
fn a_rehearsal_writes_nothing() {
    let scratch = Scratch::new();
    scratch
        .write("one.tgz", archive("demo", "1.0.0", "one", &[]))
        .write("two.tgz", archive("demo", "1.0.0", "two", &[]));
    let run = scratch.run(&["publish", "one.tgz", "--dry-run"]).exits(0);
    assert!(
        run.stderr.contains("Would publish demo 1.0.0"),
        "{}",
        run.stderr
    );
    assert!(scratch.list("registry").is_empty());
    scratch.run(&["publish", "one.tgz"]).exits(0);
    let run = scratch.run(&["publish", "two.tgz", "-n"]).exits(5);
    assert!(
        run.stderr.contains("published with other bytes"),
        "{}",
        run.stderr
    );
    let run = scratch
        .run(&["publish", "two.tgz", "-n", "--force"])
        .exits(0);
    assert!(
        run.stderr.contains("Would replace demo 1.0.0"),
        "{}",
        run.stderr
    );
}

#[test]
fn addons_go_in_the_order_of_their_dependencies() {
    let scratch = Scratch::new();
    scratch
        .write("a.tgz", archive("app", "1.0.0", "", &["web", "elsewhere"]))
        .write("b.tgz", archive("web", "1.0.0", "", &["net"]))
        .write("c.tgz", archive("net", "1.0.0", "", &[]));
    let run = scratch
        .run(&["publish", "a.tgz", "b.tgz", "c.tgz", "--format", "json"])
        .exits(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let names: Vec<_> = report["addons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|addon| addon["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["net", "web", "app"]);
    assert_eq!(report["addons"][0]["result"], "published");
    assert_eq!(report["addons"][0]["file"], "net-1.0.0.tgz");
    assert_eq!(report["schemaVersion"], 1);
}

#[test]
fn an_index_of_another_tool_is_not_replaced() {
    let scratch = Scratch::new();
    let foreign =
        "apiVersion: v1\nentries:\n  other:\n  - {name: other, version: 1.0.0, urls: [x.tgz]}\n";
    scratch
        .write("demo.tgz", archive("demo", "1.0.0", "one", &[]))
        .write("registry/index.yaml", foreign);
    let run = scratch.run(&["publish", "demo.tgz"]).exits(5);
    assert!(
        run.stderr.contains("the first is other 1.0.0"),
        "{}",
        run.stderr
    );
    assert_eq!(scratch.read("registry/index.yaml"), foreign);
    assert_eq!(scratch.list("registry"), ["index.yaml"]);
}

#[test]
fn a_lost_index_is_made_again() {
    let scratch = Scratch::new();
    scratch
        .write("a.tgz", archive("a", "1.0.0", "one", &[]))
        .write("b.tgz", archive("b", "1.0.0", "one", &[]));
    scratch.run(&["publish", "a.tgz"]).exits(0);
    scratch.write("registry/index.yaml", "apiVersion: v1\nentries: {}\n");
    scratch.run(&["publish", "b.tgz"]).exits(0);
    assert_eq!(versions(&scratch.join("registry")), ["a 1.0.0", "b 1.0.0"]);
}

#[test]
fn a_pull_keeps_only_the_right_bytes() {
    let scratch = Scratch::new();
    for (version, content) in [("1.0.0", "one"), ("v1.10.0", "ten"), ("2.0.0-rc.1", "rc")] {
        scratch.write(
            &format!("{version}.tgz"),
            archive("demo", version, content, &[]),
        );
        scratch
            .run(&["publish", &format!("{version}.tgz")])
            .exits(0);
    }
    scratch.run(&["pull", "demo", "-d", "out"]).exits(0);
    scratch.run(&["pull", "demo@1.0.0", "-d", "out"]).exits(0);
    assert_eq!(scratch.list("out"), ["demo-1.0.0.tgz", "demo-v1.10.0.tgz"]);
    let run = scratch.run(&["pull", "demo@3.0.0"]).exits(4);
    assert!(
        run.stderr.contains("it has 2.0.0-rc.1, v1.10.0, 1.0.0"),
        "{}",
        run.stderr
    );
    scratch.run(&["pull", "other"]).exits(4);
    scratch.run(&["pull", "demo", "--from", "nowhere"]).exits(3);

    scratch.write(
        "registry/charts/demo-1.0.0.tgz",
        archive("demo", "1.0.0", "evil", &[]),
    );
    let run = scratch.run(&["pull", "demo@1.0.0", "-d", "other"]).exits(5);
    assert!(run.stderr.contains("has the digest"), "{}", run.stderr);
    assert!(scratch.list("other").is_empty());
    let digest = "0".repeat(64);
    scratch
        .run(&["pull", "demo", "-d", "other", "--digest", &digest])
        .exits(5);
    assert!(scratch.list("other").is_empty());
}

#[test]
fn secrets_are_not_shown() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "one", &[]));
    let mut command = scratch.command();
    // A port of the reserved range that nobody listens on; the connection is refused at once.
    command
        .env("HELM_REPO_USERNAME", "me")
        .env("HELM_REPO_PASSWORD", "sesame-env")
        .env("HELM_REPO_ACCESS_TOKEN", "sesame-token")
        .args(["-vv", "publish", "demo.tgz", "--to"])
        .arg("http://me:sesame-url@127.0.0.1:1/?token=sesame-query");
    let run = crate::run::Run::of(&mut command).exits(4);
    assert!(
        run.stderr
            .contains("no answer from http://127.0.0.1:1/api/charts"),
        "{}",
        run.stderr
    );
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains("sesame"), "{text}");
    }
    for target in ["oci://host/x", "ftp://me:sesame@host"] {
        let run = scratch
            .run(&["publish", "demo.tgz", "--to", target])
            .exits(2);
        assert!(!run.stderr.contains("sesame"), "{}", run.stderr);
    }
    let mut help = scratch.command();
    help.env("HELM_REPO_PASSWORD", "sesame")
        .args(["publish", "--help"]);
    assert!(
        !crate::run::Run::of(&mut help)
            .exits(0)
            .stdout
            .contains("sesame")
    );
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "one", &[]));
    let url = "https://127.0.0.1:1";
    for (options, code) in [
        (&["--cert-file", "x"][..], 2),
        (&["--ca-file", "absent.pem"], 3),
        (&["--ca-file", "demo.tgz"], 2),
        (&["--password-stdin"], 2),
        (&["--password-stdin", "--password", "x"], 2),
        (&["--timeout", "0"], 2),
    ] {
        let arguments = [&["publish", "demo.tgz", "--to", url], options].concat();
        scratch.run(&arguments).exits(code);
    }
    scratch
        .run(&["publish", "demo.tgz", "--to", "demo.tgz"])
        .exits(2);
}
