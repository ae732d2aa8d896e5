//! Ids, pointers and references, and the names that definitions get.
//!
//! A place in the document is a path of names, written as a JSON pointer. A place that is a definition, or that a reference leads
//! to, gets a path in CUE: `#Name` for members of `$defs` and `definitions` (`#."a-b"` when the name is no identifier), and
//! `_#defs."/pointer"` for anything else.

use cue_eval::Data;
use cue_syntax::literal::is_valid_ident;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The id of a document that says none.
pub(super) const DEFAULT_ID: &str = "https://cue.jsonschema.invalid";

/// A path as a JSON pointer.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().fold(String::new(), |mut all, name| {
        all.push('/');
        all.push_str(&name.replace('~', "~0").replace('/', "~1"));
        all
    })
}

/// A JSON pointer as a path, percent signs decoded; none for an anchor.
pub(super) fn path(fragment: &str) -> Option<Vec<String>> {
    if fragment.is_empty() {
        return Some(Vec::new());
    }
    let rest = fragment.strip_prefix('/')?;
    Some(
        rest.split('/')
            .map(|name| decoded(name).replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, more)) = rest.split_first() {
        let hex = more
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte), Some(after)) = (first, hex, more.get(2..)) {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(first);
            rest = more;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The value at a path.
pub(super) fn lookup<'d>(of: &'d Data, path: &[String]) -> Option<&'d Data> {
    path.iter().try_fold(of, |at, name| match at {
        Data::List(items) => items.get(name.parse::<usize>().ok()?),
        at => super::field(at, name),
    })
}

/// A reference resolved against an id: the document, and the fragment within.
pub(super) fn resolve(base: &str, reference: &str) -> (String, String) {
    let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let is_absolute = address.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    let document = if address.is_empty() {
        base.to_owned()
    } else if is_absolute {
        address.to_owned()
    } else {
        let start = base.find("://").map_or(0, |at| at + 3);
        let root = base
            .get(start..)
            .and_then(|rest| rest.find('/'))
            .map_or(base.len(), |at| start + at);
        if address.starts_with('/') {
            format!("{}{address}", base.get(..root).unwrap_or(base))
        } else {
            let folder = base
                .rfind('/')
                .filter(|at| *at >= root)
                .map_or(root, |at| at);
            format!("{}/{address}", base.get(..folder).unwrap_or(base))
        }
    };
    (encoded(&document), fragment.to_owned())
}

/// A URI with what may not stand in one encoded.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The path in CUE of a place in the document.
pub(super) fn name(path: &[String], openapi: bool) -> Vec<String> {
    let in_definitions = match path {
        [] => return Vec::new(),
        [list, name] if !openapi && (list == "$defs" || list == "definitions") => Some(name),
        [components, schemas, name]
            if openapi && components == "components" && schemas == "schemas" =>
        {
            Some(name)
        }
        _ => None,
    };
    let rest = if openapi { "#SchemaMap" } else { "#" };
    match in_definitions {
        Some(name)
            if is_valid_ident(name)
                && !name.starts_with(['#', '_'])
                && Some(name.as_str()) != rest.get(1..) =>
        {
            vec![format!("#{name}")]
        }
        Some(name) => vec![rest.to_owned(), name.clone()],
        None => vec!["_#defs".to_owned(), pointer(path)],
    }
}

/// The places that are definitions or that something refers to.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    /// Each with whether its schema has been read.
    known: BTreeMap<Vec<String>, bool>,
    /// Those that were referred to and not read in the pass before.
    dangling_before: BTreeSet<Vec<String>>,
    found_late: bool,
    passes: u32,
}

impl Definitions {
    /// Starts a pass over the document.
    pub(super) fn begin(&mut self) {
        self.dangling_before = self.dangling().into_iter().collect();
        self.found_late = false;
        self.passes += 1;
        for read in self.known.values_mut() {
            *read = false;
        }
    }

    /// Makes a place a definition.
    pub(super) fn ensure(&mut self, path: &[String]) {
        if !self.known.contains_key(path) {
            self.known.insert(path.to_vec(), false);
            self.found_late = true;
        }
    }

    /// Notes that a schema has been read; gives whether it is a definition.
    pub(super) fn note(&mut self, path: &[String]) -> bool {
        match self.known.get_mut(path) {
            Some(read) => {
                *read = true;
                true
            }
            None => false,
        }
    }

    /// The definitions that no schema has been read for.
    pub(super) fn dangling(&self) -> Vec<Vec<String>> {
        let unread = self.known.iter().filter(|(_, read)| !**read);
        unread.map(|(path, _)| path.clone()).collect()
    }

    pub(super) fn was_dangling(&self, path: &[String]) -> bool {
        self.passes > 1 && self.dangling_before.contains(path)
    }

    pub(super) fn needs_another_pass(&self) -> bool {
        self.found_late || self.known.values().any(|read| !read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_the_id() {
        let base = "https://a.example/b/c.json";
        for (reference, document, fragment) in [
            ("#/x", "https://a.example/b/c.json", "/x"),
            ("d.json#/y", "https://a.example/b/d.json", "/y"),
            ("/d.json", "https://a.example/d.json", ""),
            ("http://z.example/q", "http://z.example/q", ""),
        ] {
            let found = resolve(base, reference);
            assert_eq!(found, (document.to_owned(), fragment.to_owned()));
        }
        assert_eq!(
            resolve("https://a.example", "x y").0,
            "https://a.example/x%20y"
        );
    }

    #[test]
    fn places_have_names() {
        let names = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
            name(&path, false)
        };
        assert_eq!(names(&["$defs", "foo"]), ["#foo"]);
        assert_eq!(names(&["definitions", "a-b"]), ["#", "a-b"]);
        assert_eq!(
            names(&["properties", "a/b"]),
            ["_#defs", "/properties/a~1b"]
        );
        assert_eq!(
            path("/a~1b/%20"),
            Some(vec!["a/b".to_owned(), " ".to_owned()])
        );
        assert_eq!(path("anchor"), None);
    }
}
