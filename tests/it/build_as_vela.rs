//! `addon-pack build --no-verify` against what `vela addon package` made of the same directories.
//!
//! `tests/data/vela-package.json` has small directories and, for each, the archive of a run of the real program
//! (kubevela 5a44b5f10) on it: its name and its entries in order, or nothing where it was refused. They are about
//! what Helm does besides copying: links, charts in `charts/`, files that are read and written anew.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::run::{Run, Scratch};

const META: &str = "name: demo\nversion: 1.0.0\ndescription: d\n";
const TEMPLATE: &str = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: x}\nspec: {components: []}\n";

/// Text as it stands, or the bytes of `{"hex": …}`.
fn content(value: &Value) -> Vec<u8> {
    if let Some(text) = value.as_str() {
        return text.as_bytes().to_vec();
    }
    let digits = value["hex"].as_str().expect("text or hex");
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex");
    (0..digits.len()).step_by(2).map(byte).collect()
}

#[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
fn link(scratch: &Scratch, name: &str, target: &str) {
    let path = scratch.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, path).unwrap();
}

fn lay_out(scratch: &Scratch, files: &Value) {
    let files = files.as_object().expect("files");
    for (name, text) in [("metadata.yaml", META), ("template.yaml", TEMPLATE)] {
        if !files.contains_key(name) {
            scratch.write(&format!("demo/{name}"), text);
        }
    }
    for (name, value) in files {
        let name = format!("demo/{name}");
        if let Some(target) = value["link"].as_str() {
            link(scratch, &name, target);
        } else if let Some(target) = value["linkToRoot"].as_str() {
            let target = scratch.join("demo").join(target);
            link(scratch, &name, target.to_str().expect("UTF-8"));
        } else {
            scratch.write(&name, content(value));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
fn entries(scratch: &Scratch, archive: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = std::fs::read(scratch.join(archive)).unwrap();
    let mut tar = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
    let read = |entry: std::io::Result<tar::Entry<'_, GzDecoder<&[u8]>>>| {
        let mut entry = entry.unwrap();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), data)
    };
    tar.entries().unwrap().map(read).collect()
}

fn compare(case: &Value) -> Result<(), String> {
    let scratch = Scratch::new();
    lay_out(&scratch, &case["files"]);
    let run = scratch.run(&["build", "--no-verify", "demo", "-d", "dist"]);
    let Some(archive) = case["archive"].as_str() else {
        let is_refused = run.code == 1
            && run.stderr.contains("error[")
            && run.stderr.contains("demo")
            && scratch.list("dist").is_empty();
        return if is_refused {
            Ok(())
        } else {
            Err(format!("not refused: {run:?}"))
        };
    };
    let mut written = [archive.to_owned(), "index.yaml".to_owned()];
    written.sort();
    if scratch.list("dist") != written {
        return Err(format!("{:?} {run:?}", scratch.list("dist")));
    }
    let wanted: Vec<(String, Vec<u8>)> = case["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| {
            (
                entry[0].as_str().expect("a name").to_owned(),
                content(&entry[1]),
            )
        })
        .collect();
    let made = entries(&scratch, &format!("dist/{archive}"));
    let shown = |list: &[(String, Vec<u8>)]| -> Vec<String> {
        list.iter()
            .map(|(name, data)| format!("{name}: {:?}", String::from_utf8_lossy(data)))
            .collect()
    };
    if made == wanted {
        return Ok(());
    }
    Err(format!(
        "made {:#?}, vela made {:#?}",
        shown(&made),
        shown(&wanted)
    ))
}

#[test]
fn the_same_is_packaged_and_the_same_is_refused() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../data/vela-package.json")).expect("JSON");
    assert!(cases.len() > 70, "only {} cases", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case["case"], compare(case).err()?)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_a_link_brings_in_from_outside_is_refused_with_its_place() {
    let scratch = Scratch::new();
    scratch
        .write("secret.txt", "top")
        .write("other/metadata.yaml", META);
    for target in [
        "../../../secret.txt",
        "../../../other",
        "/etc/hostname",
        "/",
        "..",
    ] {
        let folder = format!("work-{}/demo", target.len());
        for (name, text) in [("metadata.yaml", META), ("template.yaml", TEMPLATE)] {
            scratch.write(&format!("{folder}/{name}"), text);
        }
        link(&scratch, &format!("{folder}/sub/link"), target);
        let run = scratch.run(&["build", "--no-verify", &folder]).exits(1);
        assert!(
            run.stderr.contains("error[PKG04]"),
            "{target}: {}",
            run.stderr
        );
        assert!(
            run.stderr.contains(&format!("{folder}/sub/link")),
            "{}",
            run.stderr
        );
        assert_eq!(scratch.list("dist"), [""; 0], "{target}");
    }
}

#[test]
fn with_the_checks_every_link_is_refused_and_charts_are_not() {
    let scratch = Scratch::new();
    for (name, text) in [
        ("metadata.yaml", META),
        ("template.yaml", TEMPLATE),
        ("README.md", "# demo\n"),
        (
            "charts/sub/Chart.yaml",
            "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        ),
        ("charts/sub/values.yaml", "a: 1\n"),
    ] {
        scratch.write(&format!("demo/{name}"), text);
    }
    let run = Run::of(scratch.command().args(["build", "demo", "-d", "dist"])).exits(0);
    assert!(run.stderr.contains("Packaged 1 of 1"), "{}", run.stderr);
    let names: Vec<String> = entries(&scratch, "dist/demo-1.0.0.tgz")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names.last().unwrap(), "demo/charts/sub/values.yaml");
    link(&scratch, "demo/also.md", "README.md");
    let run = scratch.run(&["build", "demo", "-d", "again"]).exits(1);
    assert!(
        run.stderr.contains("`also.md` is a symbolic link"),
        "{}",
        run.stderr
    );
    assert_eq!(scratch.list("again"), [""; 0]);
}
