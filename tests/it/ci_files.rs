//! What authors take for their CI: the action's scripts, the hooks, the workflow. They are run or read as they are.
#![expect(
    clippy::disallowed_methods,
    reason = "tests use the real disk and environment"
)]

use crate::run::Scratch;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

/// Whether the programs that a runner has are here; says what is skipped otherwise.
fn has(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| {
        let found = Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .output();
        !found.is_ok_and(|output| output.status.success())
    });
    if let Some(program) = missing {
        println!("skipped: `{program}` is not on the PATH");
    }
    missing.is_none()
}

fn script(name: &str) -> Command {
    Command::new(repository().join(".github/actions/addon-pack").join(name))
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A release as the workflow makes it, whose program says `addon-pack 9.9.9`.
fn release(scratch: &Scratch) -> String {
    let program = b"#!/bin/sh\necho addon-pack 9.9.9\n";
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::fast(),
    ));
    let mut header = tar::Header::new_gnu();
    header.set_size(program.len() as u64);
    header.set_mode(0o755);
    header.set_cksum();
    archive
        .append_data(&mut header, "addon-pack", &program[..])
        .unwrap();
    let bytes = archive.into_inner().unwrap().finish().unwrap();
    let arch = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "amd64"
    };
    let name = format!("addon-pack-linux-{arch}.tar.gz");
    let folder = "releases/o/r/releases/download/v9.9.9";
    scratch
        .write(
            &format!("{folder}/SHA256SUMS"),
            format!("{}  other.tar.gz\n{}  {name}\n", hex(b"other"), hex(&bytes)),
        )
        .write(&format!("{folder}/{name}"), bytes);
    format!("{folder}/{name}")
}

fn install(scratch: &Scratch, version: &str) -> Output {
    script("install.sh")
        .env("VERSION", version)
        .env("REPOSITORY", "o/r")
        .env(
            "SERVER",
            format!("file://{}", scratch.join("releases").display()),
        )
        .env("RUNNER_TEMP", scratch.path())
        .env("GITHUB_PATH", scratch.join("github-path"))
        .env("GITHUB_OUTPUT", scratch.join("github-output"))
        .output()
        .unwrap()
}

#[test]
fn the_action_installs_a_release_that_its_checksums_know() {
    if !cfg!(target_os = "linux") || !has(&["bash", "curl", "tar", "sha256sum"]) {
        return;
    }
    let scratch = Scratch::new();
    let archive = release(&scratch);
    let done = install(&scratch, "v9.9.9");
    assert!(done.status.success(), "{}", told(&done));
    assert!(told(&done).contains("addon-pack 9.9.9"));
    let folder = scratch.read("github-path");
    assert!(
        Path::new(folder.trim()).join("addon-pack").is_file(),
        "{folder}"
    );
    assert_eq!(scratch.read("github-output"), format!("path={folder}"));

    for version in ["latest", "v9.9.9; rm -rf /", "../v9.9.9"] {
        let refused = install(&scratch, version);
        assert_eq!(
            refused.status.code(),
            Some(2),
            "{version}: {}",
            told(&refused)
        );
    }
    let absent = install(&scratch, "v9.9.8");
    assert!(!absent.status.success(), "{}", told(&absent));

    scratch.write(&archive, b"other bytes");
    let refused = install(&scratch, "v9.9.9");
    assert!(
        !refused.status.success(),
        "an archive that was changed: {}",
        told(&refused)
    );
}

#[test]
fn the_action_checks_and_writes_a_report() {
    if !has(&["bash"]) {
        return;
    }
    let scratch = Scratch::new();
    scratch
        .write(
            "addons/good/metadata.yaml",
            "name: good\nversion: 1.0.0\ndescription: An addon that is good enough.\n",
        )
        .write(
            "addons/good/template.yaml",
            "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {components: []}\n",
        )
        .write("addons/good/README.md", "# good\n")
        .write(
            "addons/bad/metadata.yaml",
            "name: bad\nversion: vx\ndescription: An addon whose version is none.\n",
        )
        .write(
            "addons/bad/template.yaml",
            "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {components: []}\n",
        )
        .write("addons/bad/README.md", "# bad\n");
    let program = Path::new(env!("CARGO_BIN_EXE_addon-pack"))
        .parent()
        .unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let run = |paths: &str, sarif: &str| {
        script("check.sh")
            .current_dir(scratch.path())
            .env("PATH", format!("{}:{path}", program.display()))
            .env("GITHUB_ACTIONS", "true")
            .env("PATHS", paths)
            .env("PROFILE", "default")
            .env("ARGUMENTS", "")
            .env("SARIF", sarif)
            .output()
            .unwrap()
    };
    let found = run("addons/good addons/bad", "report.sarif");
    assert_eq!(found.status.code(), Some(1), "{}", told(&found));
    let annotations = String::from_utf8_lossy(&found.stdout);
    assert!(
        annotations.contains("::error title=META04,file=addons/bad/metadata.yaml,line=2"),
        "{annotations}"
    );
    let report: serde_json::Value = serde_json::from_str(&scratch.read("report.sarif")).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    assert!(
        results.iter().any(|result| result["ruleId"] == "META04"),
        "{results:?}"
    );

    let fine = run("addons/good", "");
    assert_eq!(fine.status.code(), Some(0), "{}", told(&fine));
}

#[test]
fn the_hooks_call_commands_that_exist() {
    let hooks = goyaml::from_slice(text(".pre-commit-hooks.yaml").as_bytes()).unwrap();
    let hooks = hooks.as_list().unwrap();
    assert!(hooks.len() >= 3);
    for hook in hooks {
        let entry = hook.get("entry").unwrap().as_str().unwrap();
        let words: Vec<&str> = entry.split(' ').collect();
        assert_eq!(words[0], "addon-pack");
        let scratch = Scratch::new();
        let run = scratch.run(&[words[1], "--help"]);
        assert_eq!(run.code, 0, "{entry}: {}", run.stderr);
    }
}

#[test]
fn the_workflow_names_files_that_exist() {
    let workflow = text(".github/workflows/release.yml");
    goyaml::from_slice(workflow.as_bytes()).unwrap();
    let dockerfile = ".github/Dockerfile";
    assert!(workflow.contains(&format!("file: {dockerfile}")));
    let docker = text(dockerfile);
    // the image's default command is one that the program takes
    let serve = docker
        .lines()
        .find_map(|line| line.strip_prefix("CMD "))
        .unwrap();
    let words: Vec<String> = serde_json::from_str(serve).unwrap();
    let scratch = Scratch::new();
    let help = scratch.run(&[words[0].as_str(), "--help"]).stdout;
    for word in words.iter().filter(|word| word.starts_with("--")) {
        assert!(help.contains(word.as_str()), "{word}: {help}");
    }
}
