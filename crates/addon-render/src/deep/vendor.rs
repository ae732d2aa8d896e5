//! A set of definitions, kept beside the addon with a lock.
//!
//! Definitions come from clusters and from the network, and both change. [`vendor`] makes of what was read a folder that can
//! be checked in: one file a definition, named by kind and name, and a [`Lock`] that says where they came from and what is
//! in each:
//! ```text
//! definitions.lock              version, source, and for each file its kind, name and SHA-256
//! component/webservice.cue      as it was, when it was written in CUE
//! trait/scaler.yaml             without what a cluster adds (status, managed fields, ...), when it came as an object
//! ```
//! Invariant: the same definitions give the same bytes, whatever the order in which they were read, and a second run over
//! the folder itself changes nothing.

use super::definitions::{Form, form_of};
use crate::definition::{self, Kind};
use cue_engine::{Session, data_file};
use goyaml::{Data, Tree, Value};
use sha2::{Digest as _, Sha256};
use source_vocab::{Diagnostic, Outcome, Place};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The name of the lock in its folder.
pub const LOCK: &str = "definitions.lock";
const VERSION: i64 = 1;

/// A definition as a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendored {
    /// What it defines.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its path in the folder: `trait/scaler.yaml`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Makes a file of each definition in the files given (name and content); needs a stack of
/// [`cue_engine::Budget::STACK`] bytes.
///
/// Of two definitions with the same kind and name the first counts. What looks like a definition and is none is a finding.
pub fn vendor(session: &mut Session, files: Vec<(String, Vec<u8>)>) -> Outcome<Vec<Vendored>> {
    let mut found = Vec::new();
    let mut known: BTreeMap<(Kind, String), Vendored> = BTreeMap::new();
    for (name, bytes) in files {
        let Some(form) = form_of(&name, &bytes) else {
            continue;
        };
        let made = match form {
            Form::Cue => of_cue(session, &name, bytes),
            Form::Yaml => of_yaml(session, &name, bytes),
        };
        for one in made.drain_into(&mut found).unwrap_or_default() {
            if is_file_name(&one.name) {
                known.entry((one.kind, one.name.clone())).or_insert(one);
            } else {
                found.push(Diagnostic::error(
                    "deep/invalid-definition",
                    format!(
                        "`{}` in `{name}` is no name of a definition",
                        one.name.escape_debug()
                    ),
                    Place::Nowhere,
                ));
            }
        }
    }
    Outcome {
        value: Some(known.into_values().collect()),
        diagnostics: found,
    }
}

/// Whether a name can be that of an object and hence of a file everywhere.
fn is_file_name(name: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    !name.is_empty()
        && name.len() <= 253
        && name.bytes().all(allowed)
        && name
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_alphanumeric)
}

fn of_cue(session: &mut Session, name: &str, bytes: Vec<u8>) -> Outcome<Vec<Vendored>> {
    let source = match data_file::add(session.sources_mut(), name, bytes) {
        Ok(source) => source,
        Err(found) => return Outcome::failed(*found),
    };
    definition::object(session, &source).map(|read| {
        vec![Vendored {
            kind: read.kind,
            path: format!("{}/{}.cue", read.kind.word(), read.name),
            name: read.name,
            bytes: source.text().as_bytes().to_vec(),
        }]
    })
}

fn of_yaml(session: &mut Session, name: &str, bytes: Vec<u8>) -> Outcome<Vec<Vendored>> {
    let source = match data_file::add(session.sources_mut(), name, bytes) {
        Ok(source) => source,
        Err(found) => return Outcome::failed(*found),
    };
    let stream = goyaml::parse_file(&source);
    let mut diagnostics: Vec<Diagnostic> = stream.error.map(Diagnostic::from).into_iter().collect();
    let mut made = Vec::new();
    for document in &stream.documents {
        match goyaml::resolve(&document.root) {
            Ok(resolved) => objects(&resolved.tree, &mut made),
            Err(error) => diagnostics.push(error.into()),
        }
    }
    Outcome {
        value: Some(made),
        diagnostics,
    }
}

fn objects(tree: &Tree, made: &mut Vec<Vendored>) {
    let kind = tree.get("kind").and_then(Tree::as_str).unwrap_or_default();
    if kind.ends_with("List")
        && let Some(items) = tree.get("items")
    {
        for item in items.items() {
            objects(item, made);
        }
        return;
    }
    let name = tree
        .get("metadata")
        .and_then(|metadata| metadata.get("name"))
        .and_then(Tree::as_str);
    if let (Some(kind), Some(name)) = (Kind::of_object_kind(kind), name) {
        made.push(Vendored {
            kind,
            name: name.to_owned(),
            path: format!("{}/{name}.yaml", kind.word()),
            bytes: goyaml::to_string(&authored(tree)).into_bytes(),
        });
    }
}

/// What a cluster writes into an object, and no author.
const OF_THE_CLUSTER: [&str; 7] = [
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "ownerReferences",
    "resourceVersion",
    "uid",
];
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The object without what a cluster wrote into it.
fn authored(tree: &Tree) -> Value {
    let mut tree = tree.clone();
    if let Data::Map(entries) = &mut tree.data {
        entries.retain(|entry| &*entry.key != "status");
        for entry in entries {
            if &*entry.key != "metadata" {
                continue;
            }
            if let Data::Map(metadata) = &mut entry.value.data {
                metadata.retain(|entry| !OF_THE_CLUSTER.contains(&&*entry.key));
                for entry in metadata {
                    if &*entry.key == "annotations"
                        && let Data::Map(annotations) = &mut entry.value.data
                    {
                        annotations.retain(|entry| &*entry.key != LAST_APPLIED);
                    }
                }
            }
        }
    }
    tree.to_value()
}

/// What a folder of definitions holds, and where that came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// What was named when the folder was made.
    pub source: String,
    /// The files in order of their paths.
    pub files: Vec<LockedFile>,
}

/// A file of a locked folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedFile {
    /// The kind of the object.
    pub kind: Kind,
    /// The name of the definition.
    pub name: String,
    /// The path in the folder.
    pub path: String,
    /// The SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
}

/// How a folder differs from its lock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// A file that is locked is not there.
    #[error("`{0}` is in the lock, but not in the folder")]
    Missing(String),
    /// A file has other bytes.
    #[error("`{0}` is not what the lock says")]
    Changed(String),
    /// A file is there that the lock does not have.
    #[error("`{0}` is in the folder, but not in the lock")]
    Unlocked(String),
}

/// Why a text is no lock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// It is no YAML of the right form.
    #[error("the lock is damaged: {0}")]
    Damaged(String),
    /// It was written by a later version.
    #[error("the lock has version {0}, and version {VERSION} is expected")]
    Version(i64),
}

impl Lock {
    /// The lock of these definitions.
    pub fn new(source: &str, definitions: &[Vendored]) -> Self {
        let mut files: Vec<LockedFile> = definitions
            .iter()
            .map(|one| LockedFile {
                kind: one.kind,
                name: one.name.clone(),
                path: one.path.clone(),
                sha256: sha256(&one.bytes),
            })
            .collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Self {
            source: source.to_owned(),
            files,
        }
    }

    /// The text of the lock.
    pub fn to_text(&self) -> String {
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|file| {
                [
                    ("kind", file.kind.object_kind()),
                    ("name", file.name.as_str()),
                    ("path", file.path.as_str()),
                    ("sha256", file.sha256.as_str()),
                ]
                .into_iter()
                .collect()
            })
            .collect();
        let value: Value = [
            ("version", Value::from(VERSION)),
            ("source", Value::from(self.source.as_str())),
            ("files", Value::from(files)),
        ]
        .into_iter()
        .collect();
        format!(
            "# written by `addon-pack vendor definitions`, which also updates it\n{}",
            goyaml::to_string(&value)
        )
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// [`LockError`] when it is none, or one of a later version.
    pub fn read(bytes: &[u8]) -> Result<Self, LockError> {
        let damaged = |why: &str| LockError::Damaged(why.to_owned());
        let value =
            goyaml::from_slice(bytes).map_err(|error| LockError::Damaged(error.to_string()))?;
        let text = |value: &Value, field: &str| {
            value
                .get(field)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| LockError::Damaged(format!("`{field}` is missing")))
        };
        match value.get("version") {
            Some(Value::Number(number)) if number.as_i64() == Some(VERSION) => {}
            Some(Value::Number(number)) => {
                return Err(LockError::Version(number.as_i64().unwrap_or_default()));
            }
            _ => return Err(damaged("`version` is missing")),
        }
        let files = value
            .get("files")
            .and_then(Value::as_list)
            .ok_or_else(|| damaged("`files` is missing"))?;
        Ok(Self {
            source: text(&value, "source")?,
            files: files
                .iter()
                .map(|file| {
                    let kind = text(file, "kind")?;
                    Ok(LockedFile {
                        kind: Kind::of_object_kind(&kind).ok_or_else(|| {
                            LockError::Damaged(format!("`{kind}` is no kind of definition"))
                        })?,
                        name: text(file, "name")?,
                        path: text(file, "path")?,
                        sha256: text(file, "sha256")?,
                    })
                })
                .collect::<Result<_, LockError>>()?,
        })
    }

    /// How a folder with these files (path and content, the lock itself left out) differs from the lock.
    pub fn differences(&self, files: &[(String, Vec<u8>)]) -> Vec<Difference> {
        let present: BTreeMap<&str, &[u8]> = files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
            .collect();
        let mut found: Vec<Difference> = self
            .files
            .iter()
            .filter_map(|locked| match present.get(locked.path.as_str()) {
                None => Some(Difference::Missing(locked.path.clone())),
                Some(bytes) if sha256(bytes) != locked.sha256 => {
                    Some(Difference::Changed(locked.path.clone()))
                }
                Some(_) => None,
            })
            .collect();
        let locked = |path: &str| self.files.iter().any(|file| file.path == path);
        found.extend(
            present
                .keys()
                .filter(|path| !locked(path))
                .map(|path| Difference::Unlocked((*path).to_owned())),
        );
        found
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cue_engine::Budget;

    const DUMP: &str = "\
apiVersion: v1
kind: List
items:
- apiVersion: core.oam.dev/v1beta1
  kind: TraitDefinition
  metadata:
    name: scaler
    uid: 1-2
    managedFields: [{}]
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: '{}'
      note: kept
  spec: {schematic: {cue: {template: 'patch: {}'}}}
  status: {x: 1}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: other}}
";
    const CUE: &str = "web: {type: \"component\", attributes: {}}\ntemplate: {output: {}}\n";

    fn vendored(files: &[(&str, &str)]) -> (Vec<Vendored>, Vec<String>) {
        let files: Vec<(String, Vec<u8>)> = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        std::thread::Builder::new()
            .stack_size(Budget::STACK)
            .spawn(move || {
                let outcome = vendor(&mut Session::new(), files);
                let codes = outcome
                    .diagnostics
                    .iter()
                    .map(|found| found.code.to_string());
                (outcome.value.unwrap(), codes.collect())
            })
            .unwrap()
            .join()
            .unwrap()
    }

    #[test]
    fn each_definition_becomes_a_file_whatever_it_was_in() {
        let (files, found) = vendored(&[
            ("dump.yaml", DUMP),
            ("x/web.cue", CUE),
            ("README.yaml", "a: 1"),
        ]);
        assert_eq!(found, Vec::<String>::new());
        let shown: Vec<(&str, &str)> = files
            .iter()
            .map(|file| {
                (
                    file.path.as_str(),
                    std::str::from_utf8(&file.bytes).unwrap(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("component/web.cue", CUE),
                (
                    "trait/scaler.yaml",
                    "apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata:\n  annotations:\n    note: kept\n  \
                     name: scaler\nspec:\n  schematic:\n    cue:\n      template: 'patch: {}'\n"
                )
            ]
        );
    }

    #[test]
    fn vendoring_what_was_vendored_changes_nothing() {
        let (first, _) = vendored(&[("dump.yaml", DUMP), ("x/web.cue", CUE)]);
        let again: Vec<(&str, &str)> = first
            .iter()
            .map(|file| {
                (
                    file.path.as_str(),
                    std::str::from_utf8(&file.bytes).unwrap(),
                )
            })
            .collect();
        assert_eq!(vendored(&again).0, first);
    }

    #[test]
    fn a_name_that_leaves_the_folder_is_refused() {
        let (files, found) = vendored(&[(
            "a.yaml",
            "apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata: {name: ../../x}\n",
        )]);
        assert!(files.is_empty());
        assert_eq!(found, ["deep/invalid-definition"]);
    }

    #[test]
    fn a_lock_reads_back_and_sees_every_change() {
        let (files, _) = vendored(&[("dump.yaml", DUMP), ("x/web.cue", CUE)]);
        let lock = Lock::new("dump.yaml", &files);
        assert_eq!(Lock::read(lock.to_text().as_bytes()), Ok(lock.clone()));
        let mut present: Vec<(String, Vec<u8>)> = files
            .into_iter()
            .map(|file| (file.path, file.bytes))
            .collect();
        assert_eq!(lock.differences(&present), []);
        present[0].1.push(b'\n');
        present[1].0 = "trait/other.yaml".to_owned();
        assert_eq!(
            lock.differences(&present),
            [
                Difference::Changed("component/web.cue".to_owned()),
                Difference::Missing("trait/scaler.yaml".to_owned()),
                Difference::Unlocked("trait/other.yaml".to_owned()),
            ]
        );
        assert_eq!(Lock::read(b"version: 2\n"), Err(LockError::Version(2)));
        assert!(matches!(Lock::read(b"- a\n"), Err(LockError::Damaged(_))));
    }
}
