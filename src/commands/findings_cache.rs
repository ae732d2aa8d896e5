//! What a check found, kept for the next run.
//!
//! An entry is called after a hash of everything that its findings depend on: the program (`ADDON_PACK_SOURCES`), the rules of an organisation, how the
//! addon is called, and the names, kinds and bytes of all files of the addon and of the addons beside it that it depends on. So an
//! entry is never out of date; it is only not asked for any more. Nothing is concluded from the times of files.
//!
//! Findings are kept as the rules make them, before profiles and selections, with places as bytes of files. Texts of the addon
//! are read again when they are shown; texts that are no files (the template inside a definition in YAML) are kept beside them.
//!
//! An entry begins with a hash of the rest. One that is damaged, or that another program wrote, is no entry. The folder keeps at
//! most [`MOST_ENTRIES`]; then the older half goes. Where nothing can be written there is no cache, without a word.

use super::packaging::{dependencies, folder_of};
use crate::system::{self, DiskWorld};
use addon_check::Ignored;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use source_vocab::{Diagnostic, Edit, Fix, Label, Place, Severity, SourceMap, Span, VPath, World};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The most entries.
const MOST_ENTRIES: usize = 4096;
/// The most bytes of an entry.
const MOST_BYTES: u64 = 16 << 20;
/// What the program is made of.
const PROGRAM: &str = env!("ADDON_PACK_SOURCES");

/// What was found in an addon, with the texts that it points into.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) ignored: Vec<Ignored>,
    pub(crate) sources: SourceMap,
}

/// The folder of the entries.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: Option<PathBuf>,
    /// The hashes of addons that are known in this run; those that others depend on are asked for often.
    known: Mutex<BTreeMap<PathBuf, Option<[u8; 32]>>>,
}

impl Cache {
    /// The cache of this user: in `ADDON_PACK_CACHE_DIR`, else where caches are kept.
    pub(crate) fn of_user() -> Self {
        let given = |name: &str| system::variable(name).filter(|value| !value.is_empty());
        let own = given("ADDON_PACK_CACHE_DIR").map(PathBuf::from);
        let xdg = || given("XDG_CACHE_HOME").map(|home| Path::new(&home).join("addon-pack"));
        let home = || given("HOME").map(|home| Path::new(&home).join(".cache/addon-pack"));
        let folder = own.or_else(xdg).or_else(home);
        Self {
            folder: folder.map(|folder| folder.join("check")),
            known: Mutex::default(),
        }
    }

    /// No cache.
    pub(crate) fn none() -> Self {
        Self {
            folder: None,
            known: Mutex::default(),
        }
    }

    /// Where the findings of an addon are kept; `None` without a cache, or when not all of the addon can be read.
    pub(crate) fn entry(&self, addon: &Path, rules: &[(String, String)]) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?;
        let mut hasher = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        add(PROGRAM.as_bytes());
        for (name, text) in rules {
            add(name.as_bytes());
            add(text.as_bytes());
        }
        add(addon.as_os_str().as_encoded_bytes());
        add(&self.content(addon)?);
        let beside = folder_of(addon);
        let mut pending: BTreeSet<String> = dependencies(addon).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = pending.pop_first() {
            if !seen.insert(name.clone()) {
                continue;
            }
            add(name.as_bytes());
            let other = beside.join(&name);
            match self.content(&other) {
                Some(content) => {
                    add(&content);
                    pending.extend(dependencies(&other));
                }
                None => add(b"absent"),
            }
        }
        let key = hex(&hasher.finalize());
        let (start, rest) = key.split_at(2);
        Some(folder.join(start).join(rest))
    }

    /// The hash of all that an addon's directory holds.
    fn content(&self, addon: &Path) -> Option<[u8; 32]> {
        let known = self.known.lock().ok()?.get(addon).copied();
        known.unwrap_or_else(|| {
            let made = content(addon);
            if let Ok(mut known) = self.known.lock() {
                known.insert(addon.to_owned(), made);
            }
            made
        })
    }

    /// What an entry says.
    pub(crate) fn read(entry: &Path, world: &dyn World) -> Option<Found> {
        let bytes = system::read_file(entry, MOST_BYTES).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        let (sum, body) = text.split_once('\n')?;
        if sum != hex(&Sha256::digest(body.as_bytes())) {
            return None;
        }
        decode(&serde_json::from_str(body).ok()?, world)
    }

    /// Keeps what was found.
    pub(crate) fn write(entry: &Path, body: &Value) {
        let body = body.to_string();
        let text = format!("{}\n{body}", hex(&Sha256::digest(body.as_bytes())));
        if text.len() as u64 <= MOST_BYTES {
            system::write_replaceable(entry, text.as_bytes());
        }
    }

    /// Makes room, where there are too many entries.
    pub(crate) fn bound(&self) {
        if let Some(folder) = &self.folder {
            system::keep_newest(folder, MOST_ENTRIES);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of the names, kinds and bytes of all that is below a directory; `None` when it cannot be listed.
fn content(addon: &Path) -> Option<[u8; 32]> {
    let world = DiskWorld::new(addon);
    let scanned = addon_model::scan(&world, &VPath::root());
    let tree = scanned.value.filter(|_| scanned.diagnostics.is_empty())?;
    if !tree.all_names_are_utf8() {
        return None;
    }
    let mut hasher = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    for entry in &tree.entries {
        add(entry.path.as_str().as_bytes());
        add(format!("{:?} {}", entry.kind, entry.size).as_bytes());
        match world.read(&tree.world_path(entry)) {
            Ok(bytes) => add(&bytes),
            Err(_) => add(b"unreadable"),
        }
    }
    for empty in &tree.empty_directories {
        add(empty.as_str().as_bytes());
    }
    Some(hasher.finalize().into())
}

/// The files that findings point into, by their number in the sources.
struct Files<'a> {
    sources: &'a SourceMap,
    /// The paths of the addon's files by the names that they have in the sources.
    paths: BTreeMap<String, String>,
    numbers: BTreeMap<String, usize>,
    list: Vec<Value>,
}

/// Findings as an entry holds them. `paths` are those of the addon's files.
pub(crate) fn encode(found: &Found, paths: &[&VPath], world: &dyn World) -> Value {
    let mut files = Files {
        sources: &found.sources,
        paths: paths
            .iter()
            .map(|path| (world.display(path), path.to_string()))
            .collect(),
        numbers: BTreeMap::new(),
        list: Vec::new(),
    };
    let findings: Vec<Value> = found
        .findings
        .iter()
        .map(|one| files.finding(one))
        .collect();
    let ignored = found.ignored.iter();
    let ignored: Vec<Value> = ignored
        .map(|one| json!([files.finding(&one.finding), one.reason]))
        .collect();
    json!({"files": files.list, "findings": findings, "ignored": ignored})
}

impl Files<'_> {
    fn span(&mut self, span: Span) -> Value {
        let Some((file, range)) = self.sources.locate(span) else {
            return Value::Null;
        };
        let next = self.list.len();
        // a file that was read twice has one text
        let number = *self.numbers.entry(file.name().to_owned()).or_insert(next);
        if number == next {
            self.list.push(match self.paths.get(file.name()) {
                Some(path) => json!([path]),
                None => json!([file.name(), &**file.text()]),
            });
        }
        json!([number, range.start, range.end])
    }

    fn label(&mut self, label: &Label) -> Value {
        let place = match &label.place {
            Place::Text(span) => self.span(*span),
            Place::Path(path) => json!(path.as_str()),
            Place::Nowhere => Value::Null,
        };
        json!([place, label.text])
    }

    fn finding(&mut self, found: &Diagnostic) -> Value {
        let primary = self.label(&found.primary);
        let labels: Vec<Value> = found.labels.iter().map(|label| self.label(label)).collect();
        let fix = found.fix.as_ref().map(|fix| {
            let edits = fix.edits.iter();
            let edits: Vec<Value> = edits
                .map(|edit| json!([self.span(edit.span), edit.text]))
                .collect();
            json!([fix.title, edits])
        });
        json!({
            "code": found.code,
            "severity": match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            },
            "message": found.message,
            "primary": primary,
            "labels": labels,
            "notes": found.notes,
            "help": found.help,
            "fix": fix,
        })
    }
}

/// Reads what an entry holds, with the texts that its findings point into.
pub(crate) fn decode(body: &Value, world: &dyn World) -> Option<Found> {
    let mut sources = SourceMap::new();
    let mut bases = Vec::new();
    for file in body.get("files")?.as_array()? {
        let name = file.get(0)?.as_str()?;
        let source = match file.get(1) {
            Some(text) => sources.add(name, text.as_str()?),
            None => {
                let path = VPath::parse(name)?;
                let bytes = world.read(&path).ok()?;
                let text = goyaml::decode(&bytes).ok()?;
                sources.add(world.display(&path), text.as_ref())
            }
        };
        bases.push(source.ok()?);
    }
    let span = |value: &Value| -> Option<Span> {
        if value.is_null() {
            return Some(Span::DETACHED);
        }
        let number = |at: usize| usize::try_from(value.get(at)?.as_u64()?).ok();
        Some(bases.get(number(0)?)?.span_of(number(1)?, number(2)?))
    };
    let label = |value: &Value| -> Option<Label> {
        let place = match value.get(0)? {
            Value::Null => Place::Nowhere,
            Value::String(path) => Place::Path(VPath::parse(path)?),
            at => Place::Text(span(at)?),
        };
        Some(Label {
            place,
            text: value.get(1)?.as_str()?.to_owned(),
        })
    };
    let finding =
        |value: &Value| -> Option<Diagnostic> { read_finding(value.as_object()?, &label, &span) };
    let findings = body.get("findings")?.as_array()?.iter().map(finding);
    let findings = findings.collect::<Option<_>>()?;
    let ignored = body.get("ignored")?.as_array()?.iter().map(|pair| {
        Some(Ignored {
            finding: finding(pair.get(0)?)?,
            reason: pair.get(1)?.as_str()?.to_owned(),
        })
    });
    let ignored = ignored.collect::<Option<_>>()?;
    Some(Found {
        findings,
        ignored,
        sources,
    })
}

fn read_finding(
    value: &Map<String, Value>,
    label: &dyn Fn(&Value) -> Option<Label>,
    span: &dyn Fn(&Value) -> Option<Span>,
) -> Option<Diagnostic> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let labels = value.get("labels")?.as_array()?.iter().map(label);
    let notes = value.get("notes")?.as_array()?.iter().map(text);
    let fix = match value.get("fix")? {
        Value::Null => None,
        fix => {
            let edits = fix.get(1)?.as_array()?.iter().map(|edit| {
                Some(Edit {
                    span: span(edit.get(0)?)?,
                    text: text(edit.get(1)?)?,
                })
            });
            Some(Fix {
                title: text(fix.get(0)?)?,
                edits: edits.collect::<Option<_>>()?,
            })
        }
    };
    Some(Diagnostic {
        code: text(value.get("code")?)?.into(),
        severity: match value.get("severity")?.as_str()? {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => Severity::Info,
        },
        message: text(value.get("message")?)?,
        primary: label(value.get("primary")?)?,
        labels: labels.collect::<Option<_>>()?,
        notes: notes.collect::<Option<_>>()?,
        help: match value.get("help")? {
            Value::Null => None,
            help => Some(text(help)?),
        },
        fix,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::MemoryWorld;

    fn found(sources: &mut SourceMap) -> Found {
        let file = sources.add("a.yaml", "name: a\n").unwrap();
        let inner = sources.add("a.yaml (template)", "x: 1\n").unwrap();
        let mut one = Diagnostic::warning("META02", "a message", file.span_of(6, 7))
            .label(inner.span_of(0, 1), "here")
            .note("a note")
            .help("a remedy");
        one.fix = Some(Fix {
            title: "rename it".to_owned(),
            edits: vec![Edit {
                span: file.span_of(6, 7),
                text: "b".to_owned(),
            }],
        });
        let other = Diagnostic::error("LAY03", "no file", VPath::root().child("README.md"));
        Found {
            findings: vec![one],
            ignored: vec![Ignored {
                finding: other,
                reason: "because".to_owned(),
            }],
            sources: sources.clone(),
        }
    }

    #[test]
    fn what_is_kept_is_what_was_found() {
        let world = MemoryWorld::new().file("a.yaml", "name: a\n");
        let found = found(&mut SourceMap::new());
        let path = VPath::root().child("a.yaml");
        let body = encode(&found, &[&path], &world);
        let again = decode(&body, &world).unwrap();
        assert_eq!(again.findings, found.findings);
        assert_eq!(again.ignored[0].finding, found.ignored[0].finding);
        assert_eq!(again.sources.snippet(Span::new(7, 8)), "a");
        // the text of a file is not kept
        assert!(!body.to_string().contains("name: a"));
    }

    #[test]
    fn a_damaged_entry_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let world = MemoryWorld::new().file("a.yaml", "name: a\n");
        let path = VPath::root().child("a.yaml");
        let body = encode(&found(&mut SourceMap::new()), &[&path], &world);
        let entry = folder.path().join("ab/cdef");
        Cache::write(&entry, &body);
        assert!(Cache::read(&entry, &world).is_some());
        let mut bytes = system::read_file(&entry, MOST_BYTES).unwrap();
        let at = bytes.len() - 20;
        bytes[at] ^= 1;
        system::write_atomic(&entry, &bytes).unwrap();
        assert!(Cache::read(&entry, &world).is_none());
        system::write_atomic(&entry, &bytes[..40]).unwrap();
        assert!(Cache::read(&entry, &world).is_none());
        assert!(Cache::read(&folder.path().join("nothing"), &world).is_none());
    }

    #[test]
    fn every_byte_of_an_addon_counts() {
        let folder = tempfile::tempdir().unwrap();
        let cache = || Cache {
            folder: Some(folder.path().to_owned()),
            known: Mutex::default(),
        };
        let addon = folder.path().join("addons/a");
        let other = folder.path().join("addons/b/metadata.yaml");
        let metadata = addon.join("metadata.yaml");
        let write = |path: &Path, text: &str| system::write_atomic(path, text.as_bytes()).unwrap();
        write(&metadata, "name: a\ndependencies: [{name: b}]\n");
        let first = cache().entry(&addon, &[]).unwrap();
        assert_eq!(cache().entry(&addon, &[]).unwrap(), first);
        write(&other, "name: b\n");
        let second = cache().entry(&addon, &[]).unwrap();
        assert_ne!(second, first);
        write(&other, "name: c\n");
        let third = cache().entry(&addon, &[]).unwrap();
        assert!(third != second && third != first);
        write(&metadata, "name: z\ndependencies: [{name: b}]\n");
        assert_ne!(cache().entry(&addon, &[]).unwrap(), third);
    }
}
