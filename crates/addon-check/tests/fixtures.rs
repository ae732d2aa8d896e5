//! Every rule by its fixture: `fixtures/ID.txtar` holds a good subject, a bad one, and what is expected of the bad one.
//!
//! A subject is what its files make it: an addon (the whole pipeline runs: reading, packaging, rules), an archive
//! (files below a folder `NAME.tgz/`, in the order in which they are packed), a folder of addons (folders with a
//! `metadata.yaml`), or a registry (`index.yaml`; with an archive beside it, what the index says of that archive).
//! The good one gives no finding of the id; the bad one exactly those of `expect`, a line each: `path:line:column: ID`,
//! or `path: ID` for a file as a whole, `.` for the subject itself. More bad ones are `bad-WORD/` with `expect-WORD`.
//! Files below `beside/NAME/` are those of another addon, on which the subject may depend.
//! Files below `both/` belong to every subject that has no file of the same path.
//! Of a rule that mends by itself, `fixed/PATH` (`fixed-WORD/PATH`) is each file that mending the bad subject changes, as
//! it is afterwards; mending that again changes nothing.
//!
//! A few things cannot be written down as text: `\r` and `\u{feff}` stand for the characters, `@LARGE@` for 5 MiB and
//! a byte, `@MEDIUM@` for 300 KiB, `@NOISE@` for 1.5 MiB that cannot be compressed, `@DEEP@` for 65 folders. `NAME.tgz.header` sets fields of
//! all headers of an archive: `mtime=1`, `uid=1`, `mode=755`, `gzip=1` (its time), `times=rising`,
//! or what the file is called: `name=b.tgz`.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its fixtures from the disk and fails on a broken one"
)]

use addon_archive::untrusted::Limits;
use addon_check::{Archive, Found, Neighbours, Subject, rules};
use source_vocab::{Diagnostic, SourceMap, VPath, World, render};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use testkit::{MemoryWorld, parse_txtar};

/// The folder of the addons that a subject may depend on.
const BESIDE: &str = "beside";

struct Nothing;

impl addon_index::Archives for Nothing {
    fn digest(&self, url: &str) -> Option<String> {
        (url == "charts/a-1.0.0.tgz").then(|| "a".repeat(64))
    }
}

fn fixture(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/{id}.txtar"))
}

/// Bytes that no compressor makes shorter, the same each time (xorshift).
fn noise() -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut letters = String::new();
    while letters.len() < 3 << 20 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        letters.push(char::from(b'!' + u8::try_from(state % 90).unwrap()));
    }
    letters
}

/// The files of `good` or `bad`, in their order.
fn files(archive: &testkit::Archive, part: &str) -> Vec<(String, String)> {
    let below = |name: &str| {
        let rest = match name.strip_prefix("both/") {
            Some(rest) if archive.file(&format!("{part}/{rest}")).is_none() => rest,
            Some(_) => return None,
            None => name.strip_prefix(part)?.strip_prefix('/')?,
        };
        Some(rest.replace("@DEEP@", &"d/".repeat(65)))
    };
    let text = |data: &str| {
        let text = data
            .replace("\\r\n", "\r\n")
            .replace("\\u{feff}", "\u{feff}")
            .replace("@LARGE@", &"x".repeat((5 << 20) + 1))
            .replace("@MEDIUM@", &"x".repeat(300 << 10));
        if text.contains("@NOISE@") {
            text.replace("@NOISE@", &noise())
        } else {
            text
        }
    };
    let files = archive.files.iter();
    files
        .filter_map(|file| Some((below(&file.name)?, text(&file.data))))
        .collect()
}

/// What a `.header` says of a field.
fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    fields
        .split_whitespace()
        .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
}

/// A `.tgz` of files, with the fields that a `.header` sets.
fn packed(files: &[(&str, &str)], fields: &str) -> Vec<u8> {
    let number = |name: &str, radix: u32| {
        field(fields, name).map(|text| u64::from_str_radix(text, radix).unwrap())
    };
    let mut tar = tar::Builder::new(Vec::new());
    for (at, (path, text)) in files.iter().enumerate() {
        let mut header = tar::Header::new_ustar();
        let rising = if field(fields, "times").is_some() {
            at
        } else {
            0
        };
        header.set_mtime(number("mtime", 10).unwrap_or(315_532_800) + rising as u64);
        header.set_uid(number("uid", 10).unwrap_or_default());
        header.set_gid(0);
        header.set_mode(u32::try_from(number("mode", 8).unwrap_or(0o644)).unwrap());
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, path, text.as_bytes()).unwrap();
    }
    let time = u32::try_from(number("gzip", 10).unwrap_or_default()).unwrap();
    let mut gzip = flate2::GzBuilder::new()
        .mtime(time)
        .write(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar.into_inner().unwrap()).unwrap();
    gzip.finish().unwrap()
}

/// All findings about a subject, with a world that shows their places.
fn look(files: &[(String, String)], sources: &mut SourceMap) -> (Vec<Diagnostic>, Box<dyn World>) {
    let world = files
        .iter()
        .fold(MemoryWorld::new(), |world, (path, text)| {
            world.file(path, text.as_str())
        });
    let root = VPath::root();
    let mut findings = Vec::new();
    let index = world.read(&root.child("index.yaml")).ok().map(|text| {
        let text = String::from_utf8(text).unwrap();
        let file = sources.add("index.yaml", text.as_str()).unwrap();
        addon_index::read(&file).drain_into(&mut findings).unwrap()
    });
    if let Some(name) = files.iter().find_map(|(path, _)| {
        let (name, _) = path.split_once('/')?;
        let extension = Path::new(name).extension()?;
        (extension == "tgz").then_some(name)
    }) {
        let entries: Vec<(&str, &str)> = files
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(name)?.strip_prefix('/')?, &**text)))
            .collect();
        let fields = files
            .iter()
            .find(|(path, _)| *path == format!("{name}.header"))
            .map_or("", |(_, text)| text);
        let archive = Archive {
            shown: name,
            file_name: field(fields, "name").or(Some(name)),
            bytes: &packed(&entries, fields),
            entry: index.as_ref().and_then(|index| index.find("a", "1.0.0")),
        };
        let inspection = addon_check::inspect_archive(&archive, &Limits::default(), sources);
        findings.extend(inspection.findings);
        return (findings, Box::new(inspection.world));
    }
    if let Some(index) = index {
        findings.extend(addon_index::verify(&index, &Nothing, None));
        return (findings, Box::new(world));
    }
    let is_workspace = files
        .iter()
        .any(|(path, _)| path.matches('/').count() == 1 && path.ends_with("/metadata.yaml"))
        && !files.iter().any(|(path, _)| path == "metadata.yaml");
    let findings = if is_workspace {
        addon_check::check_workspace(&world, &root, sources)
    } else {
        let beside = VPath::parse(BESIDE).unwrap();
        let names = world.list(&beside).unwrap_or_default();
        let names = names.into_iter().map(|entry| entry.name);
        let neighbours = Neighbours::read(&world, &beside, names);
        let own = files.iter().filter(|(path, _)| !path.starts_with(BESIDE));
        let own = own.fold(MemoryWorld::new(), |world, (path, text)| {
            world.file(path, text.as_str())
        });
        let subject = Subject {
            world: &own,
            root: &root,
            directory: Some("sample"),
            neighbours: &neighbours,
        };
        let findings = addon_check::inspect(&subject, sources).findings;
        return (findings, Box::new(own));
    };
    (findings, Box::new(world))
}

/// The findings with the id, as a fixture writes them.
fn found(archive: &testkit::Archive, part: &str, id: &str) -> Vec<String> {
    let files = files(archive, part);
    assert!(!files.is_empty(), "{id} has no {part}");
    let mut sources = SourceMap::new();
    let (findings, world) = look(&files, &mut sources);
    let show = |path: &VPath| match world.display(path) {
        path if path.is_empty() => ".".to_owned(),
        path => path,
    };
    findings
        .iter()
        .filter(|found| found.code == id)
        .map(|found| {
            let remedy = found.help.as_deref().unwrap_or_default();
            assert!(!remedy.is_empty(), "{id} has no remedy: {}", found.message);
            let line = render::concise(found, &sources, &show)
                .replace("error[", "")
                .replace("warning[", "")
                .replace("info[", "");
            let at = line.find(id).unwrap();
            let place = line[..at].trim_end();
            format!("{place} {id}")
        })
        .collect()
}

#[test]
fn every_rule_finds_what_its_fixture_says() {
    let mut wrong = Vec::new();
    // what two versions of an addon show is tested with the command that compares them
    let of_one = |rule: &&addon_check::Rule| {
        let is_of_two = |found: &Found| matches!(found, Found::WhileReading("addon_diff::compare"));
        !rule.found.iter().any(is_of_two)
    };
    for rule in rules::all().filter(of_one) {
        let id = rule.id;
        let text =
            std::fs::read_to_string(fixture(id)).unwrap_or_else(|_| panic!("{id} has no fixture"));
        let archive = parse_txtar(&text);
        let good = found(&archive, "good", id);
        if !good.is_empty() {
            wrong.push(format!("{id}, good: {good:?}"));
        }
        let expectations = archive.files.iter().filter_map(|file| {
            let word = file.name.strip_prefix("expect")?;
            Some((format!("bad{word}"), file.data.lines().collect::<Vec<_>>()))
        });
        let expectations: Vec<_> = expectations.collect();
        assert!(!expectations.is_empty(), "{id} has no expectation");
        for (part, expected) in expectations {
            assert!(!expected.is_empty(), "{id} expects nothing of {part}");
            let bad = found(&archive, &part, id);
            if bad != expected {
                wrong.push(format!("{id}, {part}: {bad:#?}, expected {expected:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files after mending the findings of one rule: those that were changed.
fn mended(files: &[(String, String)], id: &str) -> Vec<(String, String)> {
    let mut sources = SourceMap::new();
    let (findings, _) = look(files, &mut sources);
    let findings: Vec<Diagnostic> = findings
        .into_iter()
        .filter(|found| found.code == id)
        .collect();
    let texts = addon_check::fixed(&findings, &sources).into_iter();
    texts.map(|(path, mended)| (path, mended.text)).collect()
}

#[test]
fn what_mends_itself_is_mended_once() {
    let mut wrong = Vec::new();
    for rule in rules::all().filter(|rule| rule.mended) {
        let id = rule.id;
        let archive = parse_txtar(&std::fs::read_to_string(fixture(id)).unwrap());
        let parts = archive.files.iter().filter_map(|file| {
            let word = file.name.strip_prefix("expect")?;
            Some((format!("bad{word}"), format!("fixed{word}")))
        });
        let mut any = false;
        for (bad, fixed) in parts {
            let before = files(&archive, &bad);
            let changed = mended(&before, id);
            let prefix = format!("{fixed}/");
            let expected: Vec<(String, String)> = archive
                .files
                .iter()
                .filter_map(|file| Some((file.name.strip_prefix(&prefix)?.to_owned(), &file.data)))
                .map(|(path, text)| (path, text.clone()))
                .collect();
            any |= !expected.is_empty();
            for (path, text) in &changed {
                match expected.iter().find(|(other, _)| other == path) {
                    Some((_, right)) if right == text => {}
                    Some((_, right)) => {
                        wrong.push(format!("{id}, {bad}: {path} is\n{text}\nexpected\n{right}"));
                    }
                    None => wrong.push(format!("{id}, {bad}: {path} was changed to\n{text}")),
                }
            }
            if changed.len() < expected.len() {
                wrong.push(format!("{id}, {bad}: only {} files change", changed.len()));
            }
            let mut after = before;
            for (path, text) in changed {
                if let Some(file) = after.iter_mut().find(|(other, _)| *other == path) {
                    file.1 = text;
                }
            }
            let again = mended(&after, id);
            if !again.is_empty() {
                wrong.push(format!("{id}, {bad}: mending again changes {again:#?}"));
            }
        }
        if !any {
            wrong.push(format!("{id} does not show what mending changes"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fixture_is_of_a_rule() {
    for entry in std::fs::read_dir(fixture("META01").parent().unwrap()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            rules::find(name.trim_end_matches(".txtar")).is_some(),
            "{name}"
        );
    }
}
