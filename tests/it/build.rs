//! `addon-pack build`: what is in `dist/` afterwards, and that nothing but the files decides it.

use crate::run::{Run, Scratch};
use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;

const TEMPLATE: &str = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: x}\nspec: {components: []}\n";

const COMPONENT: &str = "output: {type: \"k8s-objects\", properties: objects: []}\n";

/// Files of an addon; their names differ in case, hyphen and folder, where sorting goes wrong.
const FILES: [(&str, &str); 6] = [
    ("README.md", "# A test\n"),
    ("template.yaml", TEMPLATE),
    ("resources/a/x.cue", COMPONENT),
    ("resources/a-b.cue", COMPONENT),
    ("resources/B.cue", COMPONENT),
    ("views/z.cue", "status: 1\n"),
];

/// Writes an addon, its files in this order or in the opposite one.
fn addon<'a>(
    scratch: &Scratch,
    folder: &str,
    name: &str,
    version: &str,
    files: impl Iterator<Item = &'a (&'a str, &'a str)>,
) {
    for (path, text) in files {
        scratch.write(&format!("{folder}/{name}/{path}"), text);
    }
    scratch.write(
        &format!("{folder}/{name}/metadata.yaml"),
        format!(
            "name: {name}\nversion: {version}\ndescription: An addon for the tests of build.\n"
        ),
    );
}

#[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
fn bytes(scratch: &Scratch, path: &str) -> Vec<u8> {
    std::fs::read(scratch.join(path)).unwrap()
}

fn sha256(data: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(data)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Path, mode and time of each entry of an archive.
fn entries(archive: &[u8]) -> Vec<(String, u32, u64)> {
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    tar.entries()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let header = entry.header();
            let path = entry.path().unwrap().to_string_lossy().into_owned();
            (path, header.mode().unwrap(), header.mtime().unwrap())
        })
        .collect()
}

#[test]
fn an_archive_has_the_order_modes_and_time_that_are_promised() {
    let here = Scratch::new();
    addon(&here, "addon", "demo", "1.2.3", FILES.iter());
    here.run(&["build"]).exits(0);
    assert_eq!(here.list("dist"), ["demo-1.2.3.tgz", "index.yaml"]);
    let archive = bytes(&here, "dist/demo-1.2.3.tgz");
    let paths = [
        "demo/Chart.yaml",
        "demo/README.md",
        "demo/metadata.yaml",
        "demo/resources/B.cue",
        "demo/resources/a/x.cue",
        "demo/resources/a-b.cue",
        "demo/template.yaml",
        "demo/views/z.cue",
    ];
    let expected: Vec<(String, u32, u64)> = paths
        .into_iter()
        .map(|path| (path.to_owned(), 0o644, 315_532_800))
        .collect();
    // `a` sorts before `a-b.cue` by name, so what lies in it comes first
    assert_eq!(entries(&archive), expected);
    // no name, no comment, no time, an unknown system
    assert_eq!(archive[..4], [0x1f, 0x8b, 8, 0]);
    assert_eq!(archive[4..8], [0; 4]);
    assert_eq!(archive[9], 255);
    let index = here.read("dist/index.yaml");
    assert!(index.contains(&sha256(&archive)), "{index}");
    assert_eq!(
        here.list("addon/demo"),
        [
            "README.md",
            "metadata.yaml",
            "resources",
            "template.yaml",
            "views"
        ],
        "the addon's folder is left alone"
    );
}

/// The names and digests of what a build of six addons leaves in `dist`.
fn built(setting: &Setting) -> Vec<(String, String)> {
    let here = Scratch::new();
    for name in ["one", "two", "three", "four", "five", "six"] {
        let mut files = FILES;
        files.rotate_left(setting.order);
        if setting.order % 2 == 1 {
            files.reverse();
        }
        addon(&here, "work/addon", name, "1.0.0", files.iter());
    }
    here.write("elsewhere/deep/x", "");
    let (directory, paths, dist): (_, &[_], _) = match setting.directory {
        "work" => (here.join("work"), &["addon"], "../dist".to_owned()),
        // one after the other, from inside the last of them
        "addon" => (
            here.join("work/addon/two"),
            &["../one", "../three", "../four", "../five", "../six", "."],
            "../../../dist".to_owned(),
        ),
        _ => (
            here.join("elsewhere/deep"),
            &["../../work/addon/"],
            here.join("dist").display().to_string(),
        ),
    };
    let mut shell = std::process::Command::new("sh");
    shell
        .env_clear()
        .envs(setting.environment.iter().copied())
        .current_dir(directory)
        .arg("-c")
        .arg(format!("umask {}; exec \"$0\" \"$@\"", setting.umask))
        .arg(env!("CARGO_BIN_EXE_addon-pack"))
        .args(["build", "--jobs", setting.jobs, "-d", &dist])
        .args(paths);
    Run::of(&mut shell).exits(0);
    let files = here.list("dist");
    assert_eq!(files.len(), 7, "{setting:?}");
    files
        .into_iter()
        .map(|file| (sha256(&bytes(&here, &format!("dist/{file}"))), file))
        .collect()
}

/// What must not matter.
#[derive(Clone, Debug, Default)]
struct Setting {
    environment: Vec<(&'static str, &'static str)>,
    umask: &'static str,
    directory: &'static str,
    /// The order in which the files are made.
    order: usize,
    jobs: &'static str,
}

#[test]
fn nothing_but_the_files_decides_the_bytes() {
    let zones = ["UTC", "Pacific/Chatham", "America/St_Johns"];
    let locales = ["C", "tr_TR.UTF-8", "ja_JP.SJIS"];
    let umasks = ["022", "077", "000"];
    let directories = ["work", "addon", "elsewhere"];
    let setting = |index: usize| Setting {
        environment: vec![
            ("TZ", zones[index % 3]),
            ("LANG", locales[index / 3 % 3]),
            ("LC_ALL", locales[index / 3 % 3]),
        ],
        umask: umasks[(index + index / 3) % 3],
        directory: directories[(index + 2 * (index / 3)) % 3],
        order: index % FILES.len(),
        jobs: if index.is_multiple_of(2) { "1" } else { "8" },
    };
    let plain = built(&setting(0));
    // nine settings hold every pair of a zone, a locale, an umask and a directory; two rounds also both of --jobs
    for index in 1_usize..18 {
        let round = Setting {
            jobs: if index.is_multiple_of(2) { "1" } else { "8" },
            ..setting(index % 9)
        };
        assert_eq!(built(&round), plain, "{round:?}");
    }
    let dated = |index: usize| {
        let mut setting = setting(index);
        setting
            .environment
            .push(("SOURCE_DATE_EPOCH", "1700000000"));
        built(&setting)
    };
    assert_ne!(dated(0), plain);
    assert_eq!(dated(7), dated(0));
}

#[test]
fn a_wrong_epoch_is_an_error_and_writes_nothing() {
    let here = Scratch::new();
    addon(&here, "addon", "demo", "1.2.3", FILES.iter());
    for epoch in ["-1", "1.5", "now", "99999999999999999999"] {
        let run = Run::of(here.command().arg("build").env("SOURCE_DATE_EPOCH", epoch)).exits(2);
        assert!(run.stderr.contains("SOURCE_DATE_EPOCH"), "{}", run.stderr);
    }
    assert_eq!(here.list("dist"), [""; 0]);
}

#[test]
fn one_refusal_does_not_hide_the_others() {
    let here = Scratch::new();
    addon(&here, "addon", "good", "1.0.0", FILES.iter());
    addon(&here, "addon", "bad", "v1beta2-1.3.8-3.1.1", FILES.iter());
    let untemplated = FILES.iter().filter(|(path, _)| *path != "template.yaml");
    addon(&here, "addon", "bare", "1.0.0", untemplated);
    for arguments in [&["build"][..], &["build", "--no-verify"]] {
        let run = here.run(arguments).exits(1);
        assert!(
            run.stderr.contains("addon/bad/metadata.yaml:2:10"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("addon/bare"), "{}", run.stderr);
        assert_eq!(here.list("dist"), ["good-1.0.0.tgz", "index.yaml"]);
    }
}

#[test]
fn a_published_version_never_changes() {
    let here = Scratch::new();
    addon(&here, "addon", "demo", "1.0.0", FILES.iter());
    here.run(&["build"]).exits(0);
    let (archive, index) = (
        bytes(&here, "dist/demo-1.0.0.tgz"),
        here.read("dist/index.yaml"),
    );
    here.run(&["build"]).exits(0);
    here.write("addon/demo/README.md", "# Another text\n");
    let run = here.run(&["build"]).exits(5);
    assert!(run.stderr.contains("1.0.0"), "{}", run.stderr);
    assert_eq!(bytes(&here, "dist/demo-1.0.0.tgz"), archive);
    assert_eq!(here.read("dist/index.yaml"), index);
    addon(&here, "addon", "demo", "1.1.0", FILES.iter());
    here.run(&["build"]).exits(0);
    assert_eq!(
        here.list("dist"),
        ["demo-1.0.0.tgz", "demo-1.1.0.tgz", "index.yaml"]
    );
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_their_targets_stay_outside() {
    let here = Scratch::new();
    addon(&here, "addon", "demo", "1.0.0", FILES.iter());
    here.write("secret", "do not pack me");
    std::os::unix::fs::symlink(here.join("secret"), here.join("addon/demo/resources/s.cue"))
        .unwrap();
    for arguments in [&["build"][..], &["build", "--no-verify"]] {
        let run = here.run(arguments).exits(1);
        assert!(run.stderr.contains("PKG04"), "{}", run.stderr);
        assert!(run.stderr.contains("resources/s.cue"), "{}", run.stderr);
        assert_eq!(here.list("dist"), [""; 0]);
    }
}

#[test]
fn a_list_shows_the_files_and_writes_nothing() {
    let here = Scratch::new();
    addon(&here, "addon", "demo", "1.0.0", FILES.iter());
    let run = here.run(&["build", "--list"]).exits(0);
    assert!(
        run.stdout
            .starts_with("demo-1.0.0.tgz\n  demo/Chart.yaml  (generated)\n  demo/README.md\n"),
        "{}",
        run.stdout
    );
    assert_eq!(here.list("."), ["addon"]);
}

#[test]
fn the_digest_of_the_tar_is_that_of_the_unpacked_bytes() {
    let here = Scratch::new();
    addon(&here, "addon", "demo", "1.0.0", FILES.iter());
    let run = here.run(&["build", "--format", "json"]).exits(0);
    let archive = bytes(&here, "dist/demo-1.0.0.tgz");
    let mut tar = Vec::new();
    GzDecoder::new(archive.as_slice())
        .read_to_end(&mut tar)
        .unwrap();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let packed = &report["addons"][0]["archive"];
    assert_eq!(packed["sha256"], sha256(&archive));
    assert_eq!(packed["contentSha256"], sha256(&tar));
    assert_eq!(packed["size"], archive.len());
}
