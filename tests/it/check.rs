//! `addon-pack check` and `addon-pack explain`.

use crate::run::Scratch;

const METADATA: &str = "name: a\nversion: v1.0.0\ndescription: a\nicon: https://example.org/a.png\nurl: https://example.org\nsystem: {vela: \">=1.9.0-0\"}\n";
const TEMPLATE: &str = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {}\n";
/// Something to apply.
const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n";

/// An addon whose version has a `v`, which is a warning.
fn addon() -> Scratch {
    let here = Scratch::new();
    here.write("a/metadata.yaml", METADATA)
        .write("a/template.yaml", TEMPLATE)
        .write("a/resources/config.yaml", OBJECT)
        .write("a/README.md", "# A\n");
    here
}

#[test]
fn a_warning_is_shown_with_its_place_and_fails_nothing() {
    let here = addon();
    let run = here.run(&["check", "a", "--format", "concise"]).exits(0);
    assert_eq!(
        run.stdout,
        "a/metadata.yaml:2:10: warning[META05]: the version `v1.0.0` begins with `v`\n"
    );
    let run = here.run(&["check", "a"]).exits(0);
    assert!(
        run.stderr.contains("a/metadata.yaml:2:10"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_error_fails_check_and_build_alike() {
    let here = addon();
    here.write("a/resources/b.yaml", "# nothing\n");
    let run = here.run(&["check", "a", "--format", "concise"]).exits(1);
    assert!(
        run.stdout.contains("a/resources/b.yaml:1:1: error[LAY08]"),
        "{}",
        run.stdout
    );
    let run = here.run(&["build", "a"]).exits(1);
    assert!(run.stderr.contains("LAY08"), "{}", run.stderr);
    here.run(&["build", "a", "--no-verify"]).exits(0);
}

#[test]
fn build_and_publish_count_warnings_and_say_who_shows_them() {
    let here = addon();
    for command in ["build", "publish"] {
        let run = here.run(&[command, "a"]).exits(0);
        assert!(run.stderr.contains(": 1 warning\n"), "{}", run.stderr);
        assert!(run.stderr.contains("`addon-pack check`"), "{}", run.stderr);
        assert!(!run.stderr.contains("META05"), "{}", run.stderr);
    }
    here.write("a/metadata.yaml", METADATA.replace("v1", "1"));
    let run = here.run(&["build", "a", "-d", "other"]).exits(0);
    assert!(run.stderr.contains(": no findings\n"), "{}", run.stderr);
    assert!(!run.stderr.contains("help"), "{}", run.stderr);
}

#[test]
fn rules_are_selected_and_ignored() {
    let here = addon();
    let run = here
        .run(&["check", "a", "--format", "concise", "--ignore", "meta05"])
        .exits(0);
    assert_eq!(run.stdout, "");
    let options = [
        "check",
        "a",
        "--format",
        "concise",
        "--select",
        "META14,META13",
    ];
    let run = here.run(&options).exits(0);
    assert_eq!(
        run.stdout,
        "a/metadata.yaml:3:14: info[META14]: the description has only 1 characters\n"
    );
    let run = here.run(&["check", "a", "--select", "META99"]).exits(2);
    assert!(run.stderr.contains("META99"), "{}", run.stderr);
}

#[test]
fn json_has_the_findings_of_each_addon() {
    let run = addon().run(&["check", "a", "--format", "json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["warnings"], 1);
    assert_eq!(report["addons"][0]["findings"][0]["code"], "META05");
}

#[test]
fn what_cannot_be_rendered_is_found_by_check_as_by_build() {
    let here = addon();
    here.write("a/parameter.cue", "parameter: who: strin\n");
    for command in ["check", "build"] {
        let run = here.run(&[command, "a"]).exits(1);
        assert!(
            run.stderr.contains("a/parameter.cue:1:17"),
            "{command}: {}",
            run.stderr
        );
    }
    let run = here.run(&["check", "a", "--select", "META"]).exits(0);
    assert!(!run.stderr.contains("strin"), "{}", run.stderr);
}

#[test]
fn an_addon_without_a_template_is_warned_of_and_not_built() {
    let here = Scratch::new();
    here.write("a/metadata.yaml", METADATA);
    let run = here.run(&["check", "a", "--format", "concise"]).exits(0);
    assert!(run.stdout.contains("warning[LAY02]"), "{}", run.stdout);
    here.run(&["build", "a"]).exits(1);
}

#[test]
fn a_token_is_found_and_never_shown() {
    let here = addon();
    let token = ["ghp", "_Q3ZK7TWB2MXY5LDAbcdefghijklmnopqrstu"].concat();
    here.write("a/resources/s.yaml", format!("kind: Secret\na: {token}\n"));
    for format in ["human", "concise", "json", "github", "sarif"] {
        let run = here.run(&["check", "a", "--format", format]).exits(1);
        let all = run.stdout + &run.stderr;
        assert!(
            all.contains("SEC04") && all.contains("line 2, column 4"),
            "{all}"
        );
        assert!(!all.contains(&token), "{all}");
    }
}

/// An archive of the addon with the annotation for requirements taken out of `Chart.yaml`, as a careless packager makes it.
fn careless_archive(here: &Scratch) -> Vec<u8> {
    here.run(&["build", "a", "-d", "dist"]).exits(0);
    let mut tar = tar::Builder::new(Vec::new());
    let files = [
        (
            "a/Chart.yaml",
            "annotations: {addon.name: a}\napiVersion: v2\nname: a\ntype: library\nversion: v1.0.0\n",
        ),
        ("a/README.md", "# A\n"),
        ("a/metadata.yaml", METADATA),
        ("a/resources/config.yaml", OBJECT),
        ("a/template.yaml", TEMPLATE),
    ];
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_mtime(1_700_000_000);
        header.set_mode(0o644);
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, path, text.as_bytes()).unwrap();
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &tar.into_inner().unwrap()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn an_archive_is_checked_with_the_addon_in_it() {
    let here = addon();
    let archive = careless_archive(&here);
    here.write("a-v1.0.0.tgz", &archive);
    let run = here
        .run(&["check", "a-v1.0.0.tgz", "--format", "concise"])
        .exits(1);
    let expected = [
        "a-v1.0.0.tgz/a/Chart.yaml:1:14: error[PKG02]: `metadata.yaml` asks for `system.vela` `>=1.9.0-0`, which `Chart.yaml` does not have: it is never checked",
        "a-v1.0.0.tgz/a/metadata.yaml:2:10: warning[META05]: the version `v1.0.0` begins with `v`",
    ];
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), expected);
    let release = [
        "check",
        "a-v1.0.0.tgz",
        "--format",
        "concise",
        "--profile",
        "release",
    ];
    let run = here.run(&release).exits(1);
    assert!(
        run.stdout.contains("a-v1.0.0.tgz: info[PKG06]"),
        "{}",
        run.stdout
    );
    // what `build` makes has nothing against it
    let run = here
        .run(&["check", "dist/a-v1.0.0.tgz", "--select", "PKG"])
        .exits(0);
    assert!(run.stderr.contains("no findings"), "{}", run.stderr);
    here.write("broken.tgz", b"no archive");
    let run = here.run(&["check", "broken.tgz"]).exits(1);
    assert!(
        run.stderr.contains("error[PKG04]: the archive is not gzip"),
        "{}",
        run.stderr
    );
    here.run(&["check", "absent.tgz"]).exits(3);
}

#[test]
fn what_an_archive_loses_is_no_secret_to_verify_and_publish() {
    let here = addon();
    let archive = careless_archive(&here);
    here.write("a-v1.0.0.tgz", &archive);
    for command in ["verify", "publish"] {
        let run = here.run(&[command, "a-v1.0.0.tgz"]).exits(1);
        assert!(
            run.stderr.contains("error[PKG02]"),
            "{command}: {}",
            run.stderr
        );
    }
    here.run(&["publish", "a-v1.0.0.tgz", "--no-verify"])
        .exits(0);
    let run = here.run(&["verify", "registry"]).exits(1);
    assert!(
        run.stderr.contains("0 of 1 archive(s) sound"),
        "{}",
        run.stderr
    );
    // and the index must say what the archive says
    here.run(&["publish", "dist/a-v1.0.0.tgz", "--to", "other"])
        .exits(0);
    here.run(&["verify", "other"]).exits(0);
    let index = here.read("other/index.yaml");
    here.write("other/index.yaml", index.replace("1.9.0-0", "1.8.0-0"));
    let run = here.run(&["verify", "other"]).exits(1);
    assert!(run.stderr.contains("other/index.yaml:4:"), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("the index gives `a` v1.0.0 the system.vela"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_folder_of_addons_is_checked_as_a_whole() {
    let here = addon();
    let again = METADATA.replace("url:", "dependencies: [{name: b}]\nurl:");
    here.write("all/a/metadata.yaml", &again)
        .write("all/a/template.yaml", TEMPLATE)
        .write(
            "all/b/metadata.yaml",
            again
                .replace("name: a", "name: b")
                .replace("name: b}", "name: a}"),
        )
        .write("all/b/template.yaml", TEMPLATE)
        .write("all/notes/x.txt", "x");
    let options = [
        "check",
        "all",
        "--format",
        "concise",
        "--select",
        "DEP03,LAY09",
    ];
    let run = here.run(&options).exits(1);
    let expected = [
        "all/a/metadata.yaml:5:23: error[DEP03]: `a`, `b` depend on each other in a circle",
        "all/notes: warning[LAY09]: a git registry takes `notes` for an addon, but it has no `metadata.yaml`",
    ];
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), expected);
    assert!(run.stderr.contains("Checked 3 addons"), "{}", run.stderr);
}

#[test]
fn a_finding_is_taken_back_with_a_reason_and_only_with_one() {
    let here = addon();
    let with = |comment: &str| {
        let text = METADATA.replace(
            "v1.0.0",
            &format!("v1.0.0 # addon-pack:ignore META05{comment}"),
        );
        here.write("a/metadata.yaml", text);
        here.run(&["check", "a", "--format", "concise"]).exits(0)
    };
    let run = with(" every release has a v");
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains("no findings (1 ignored)"),
        "{}",
        run.stderr
    );
    let run = with("");
    assert!(
        run.stdout.contains("META05") && run.stdout.contains("IGN01"),
        "{}",
        run.stdout
    );
    let report: serde_json::Value = {
        with(" every release has a v");
        let run = here.run(&["check", "a", "--format", "json"]).exits(0);
        serde_json::from_str(&run.stdout).unwrap()
    };
    assert_eq!(report["addons"][0]["ignored"][0]["code"], "META05");
    assert_eq!(
        report["addons"][0]["ignored"][0]["reason"],
        "every release has a v"
    );
}

#[test]
fn profiles_change_what_is_an_error() {
    let here = addon();
    here.run(&["check", "a"]).exits(0);
    here.run(&["check", "a", "--profile", "strict"]).exits(1);
    here.run(&["check", "a", "--profile", "strict", "--exit-zero"])
        .exits(0);
    let run = here
        .run(&["check", "a", "--profile", "catalog", "--format", "concise"])
        .exits(1);
    assert!(run.stdout.contains("error[META14]"), "{}", run.stdout);
}

#[test]
fn fix_mends_what_is_marked_and_leaves_the_rest_as_it_is() {
    let here = addon();
    let text = "# the first\nname: a\nversion: v1.0.0   # still\ndescription: a\nurl: https://example.org\nsystem: {vela: \">=1.9.0-0\"}\ntags: [1]\ndeployTo:\n  control_plane: true # gone\n  runtime_cluster: true\n";
    here.write("a/metadata.yaml", text);
    let run = here
        .run(&["check", "a", "--fix", "--format", "concise"])
        .exits(0);
    assert!(run.stderr.contains("Mended 3 findings"), "{}", run.stderr);
    let mended = text
        .replace("v1.0.0", "1.0.0")
        .replace("  control_plane: true # gone\n", "")
        .replace("runtime_cluster", "runtimeCluster");
    assert_eq!(here.read("a/metadata.yaml"), mended);
    // what is only offered stays: the tag that is a number
    assert!(
        run.stdout.contains("META01") && run.stdout.contains("META13"),
        "{}",
        run.stdout
    );
    assert!(
        !run.stdout.contains("META05") && !run.stdout.contains("META09"),
        "{}",
        run.stdout
    );
    let run = here.run(&["check", "a", "--fix"]).exits(0);
    assert!(!run.stderr.contains("Mended"), "{}", run.stderr);
    assert_eq!(here.read("a/metadata.yaml"), mended);
    // a mark at the beginning is not part of the text and would be lost
    here.write("a/metadata.yaml", format!("\u{feff}{text}"));
    let run = here.run(&["check", "a", "--fix"]).exits(0);
    assert!(run.stderr.contains("is not mended"), "{}", run.stderr);
    assert!(here.read("a/metadata.yaml").starts_with('\u{feff}'));
}

#[test]
fn a_baseline_hides_what_was_there_before() {
    let here = addon();
    here.run(&["check", "a", "--baseline", "known.json"])
        .exits(2);
    let options = [
        "check",
        "a",
        "--baseline",
        "known.json",
        "--update-baseline",
    ];
    here.run(&options).exits(0);
    assert!(
        here.read("known.json").contains("\"META05\""),
        "{}",
        here.read("known.json")
    );
    let strict = [
        "check",
        "a",
        "--baseline",
        "known.json",
        "--profile",
        "strict",
        "--format",
        "concise",
    ];
    let run = here.run(&strict).exits(0);
    assert_eq!(run.stdout, "");
    // two lines further down it is the same, another version is not
    here.write("a/metadata.yaml", format!("# one\n# two\n{METADATA}"));
    here.run(&strict).exits(0);
    here.write("a/metadata.yaml", METADATA.replace("v1", "v2"));
    let run = here.run(&strict).exits(1);
    assert!(run.stdout.contains("META05"), "{}", run.stdout);
    here.write("known.json", "{}");
    here.run(&strict).exits(2);
}

#[test]
fn rules_hold_for_releases() {
    let here = addon();
    let run = here.run(&["check", "a", "--vela", "1.9.0,1.10"]).exits(0);
    assert!(run.stderr.contains("META05"), "{}", run.stderr);
    let run = here.run(&["check", "a", "--vela", "1.10"]).exits(0);
    assert!(run.stderr.contains("no findings"), "{}", run.stderr);
    here.run(&["check", "a", "--vela", "newest"]).exits(2);
}

#[test]
fn programs_get_their_forms() {
    let here = addon();
    let run = here.run(&["check", "a", "--format", "github"]).exits(0);
    assert_eq!(
        run.stdout,
        "::warning title=META05,file=a/metadata.yaml,line=2,endLine=2,col=10,endColumn=16::the version `v1.0.0` begins with `v`%0Ahelp: write `1.0.0`\n"
    );
    // in a run of GitHub Actions the annotations come besides
    let output = here
        .command()
        .args(["check", "a"])
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), run.stdout);
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("a/metadata.yaml:2:10")
    );
    let run = here.run(&["check", "a", "--format", "sarif"]).exits(0);
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "META05");
}

#[test]
fn explain_shows_the_page_and_the_list() {
    let here = Scratch::new();
    let page = here.run(&["explain", "meta05"]).exits(0).stdout;
    assert!(
        page.starts_with("META05: ") && page.contains("\nBad:"),
        "{page}"
    );
    let list = here.run(&["explain"]).exits(0).stdout;
    assert!(list.contains("SEC04   error "), "{list}");
    here.run(&["explain", "NOPE01"]).exits(2);
}
