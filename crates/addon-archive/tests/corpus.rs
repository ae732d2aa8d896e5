//! Packaging every addon of the corpus as `vela addon package` does.
#![expect(clippy::expect_used, reason = "a test may fail")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read their corpus from the disk"
)]

use addon_archive::{EPOCH, Mode, plan, write};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use source_vocab::{DirEntry, EntryKind, ReadError, SourceMap, Timestamp, VPath, World};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(Debug)]
struct Disk(PathBuf);

impl World for Disk {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path.as_str())).map_err(|source| ReadError::Io {
            path: path.clone(),
            source,
        })
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        let mut entries: Vec<DirEntry> = std::fs::read_dir(self.0.join(path.as_str()))
            .map_err(|source| ReadError::Io {
                path: path.clone(),
                source,
            })?
            .map(|entry| {
                let entry = entry.expect("an entry");
                let meta = entry.metadata().expect("its metadata");
                let kind = if meta.is_dir() {
                    EntryKind::Directory
                } else if meta.is_file() {
                    EntryKind::File
                } else {
                    EntryKind::Symlink
                };
                DirEntry {
                    name: entry.file_name().into_string().expect("UTF-8"),
                    name_is_utf8: true,
                    kind,
                    size: if meta.is_file() { meta.len() } else { 0 },
                }
            })
            .collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

/// The archive of the addon in `dir`, or why it is refused.
fn package(dir: &Path) -> Result<(String, Vec<u8>), Vec<String>> {
    let world = Disk(dir.to_owned());
    let mut sources = SourceMap::new();
    let root = VPath::root();
    let tree = addon_model::scan(&world, &root).value.expect("a tree");
    let packaging = addon_model::load_packaging(&world, &tree, &mut sources);
    let planned = plan(&world, &tree, &packaging, &mut sources, Mode::AsVela);
    let Some(plan) = planned.value else {
        return Err(planned
            .diagnostics
            .into_iter()
            .map(|found| found.message)
            .collect());
    };
    let mut bytes = Vec::new();
    write(&plan, &world, EPOCH, &mut bytes).expect("an archive");
    Ok((plan.file_name(), bytes))
}

fn compare(golden: &Value, dir: &Path) -> Result<(), String> {
    let packaged = package(dir);
    if let Some(error) = golden.get("error") {
        return match packaged {
            Ok(_) => Err(format!("vela refuses it: {error}")),
            Err(reasons) if reasons.is_empty() => Err("refused without a reason".to_owned()),
            Err(_) => Ok(()),
        };
    }
    let (name, bytes) = packaged.map_err(|reasons| format!("refused: {reasons:?}"))?;
    if golden["archive"] != name.as_str() {
        return Err(format!("called {name}, not {}", golden["archive"]));
    }
    let mut files = Vec::new();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    for entry in archive.entries().expect("a tar") {
        let mut entry = entry.expect("an entry");
        let mut data = Vec::new();
        entry.read_to_end(&mut data).expect("its content");
        let path = entry
            .path()
            .expect("its path")
            .to_string_lossy()
            .into_owned();
        if path.ends_with("/Chart.yaml")
            && golden["chartYamlInArchive"].as_str().map(str::as_bytes) != Some(data.as_slice())
        {
            return Err(format!("Chart.yaml:\n{}", String::from_utf8_lossy(&data)));
        }
        let digest = Sha256::digest(&data)
            .iter()
            .fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").expect("a string grows");
                hex
            });
        files.push((path, data.len() as u64, digest));
    }
    let wanted: Vec<_> = golden["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| {
            (
                file["name"].as_str().expect("name").to_owned(),
                file["size"].as_u64().expect("size"),
                file["sha256"].as_str().expect("digest").to_owned(),
            )
        })
        .collect();
    if files == wanted {
        return Ok(());
    }
    let first = files.iter().zip(&wanted).find(|(got, want)| got != want);
    Err(format!(
        "{} files, wanted {}; first difference {first:?}",
        files.len(),
        wanted.len()
    ))
}

#[test]
fn archives_are_those_of_vela() {
    let Some(dir) = testkit::conformance_or_skip("archives", "addons") else {
        return;
    };
    let mut failures = Vec::new();
    let mut total = 0;
    for (group, inputs) in [
        ("addons", "inputs/addons/NAME"),
        ("synthetic", "synthetic/NAME/src"),
    ] {
        let mut names: Vec<String> = std::fs::read_dir(dir.join(group))
            .expect("the corpus")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("UTF-8")
            })
            .collect();
        names.sort();
        for name in names {
            let golden = dir.join(group).join(&name).join("package.json");
            let Ok(golden) = std::fs::read(&golden) else {
                continue;
            };
            let golden: Value = serde_json::from_slice(&golden).expect("JSON");
            total += 1;
            let addon = dir.join(inputs.replace("NAME", &name));
            if let Err(difference) = compare(&golden, &addon) {
                failures.push(format!("{group}/{name}: {difference}"));
            }
        }
    }
    assert!(total > 70, "only {total} cases");
    assert!(
        failures.is_empty(),
        "{} of {total} differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
