//! Which names a stranger's archive may have.
//!
//! A name is `<folder>/<part>/…/<part>`, the folder the same for all entries. It must mean one file on every
//! system: no `.` or `..`, no backslash or drive, no control character, at most [`LONGEST`] bytes; and no two
//! names may be equal once they are folded (NFC, lower case). The sum of all names is bounded too, so
//! that headers alone cannot fill the memory.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use super::{Refused, shown};

/// The most bytes of a name.
const LONGEST: usize = 512;
/// The most bytes of all names.
const ALL: usize = 2 << 20;

/// The names so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    folder: Option<String>,
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
    bytes: usize,
}

impl Names {
    /// Checks the name of an entry and gives its path below the addon's folder.
    pub(super) fn accept<'a>(&mut self, name: &'a str, folder: bool) -> Result<&'a str, Refused> {
        let refused = |problem| Refused::Name {
            path: shown(name),
            problem,
        };
        if name.len() > LONGEST {
            return Err(refused("it is longer than 512 bytes"));
        }
        self.bytes += name.len();
        if self.bytes > ALL {
            return Err(Refused::TooMuch {
                what: "bytes of file names",
                limit: ALL as u64,
            });
        }
        if let Some(problem) = problem(name) {
            return Err(refused(problem));
        }
        let (top, path) = name.split_once('/').unwrap_or((name, ""));
        if path.is_empty() && !folder {
            return Err(refused("it is not inside the addon's folder"));
        }
        match &self.folder {
            None => self.folder = Some(top.to_owned()),
            Some(first) if first == top => {}
            Some(_) => return Err(refused("it is outside the addon's folder")),
        }
        let folded: String = path.nfc().collect::<String>().to_lowercase();
        if folder {
            self.folders.insert(folded);
        } else if !self.files.insert(folded) {
            return Err(Refused::Collision { path: shown(name) });
        }
        Ok(path)
    }

    /// Checks that no file is a folder as well.
    pub(super) fn finish(&self) -> Result<(), Refused> {
        for path in self.files.iter().chain(&self.folders) {
            let above = path.match_indices('/').map(|(at, _)| &path[..at]);
            if above.into_iter().any(|above| self.files.contains(above)) {
                return Err(Refused::BelowFile { path: shown(path) });
            }
        }
        match self.folders.intersection(&self.files).next() {
            Some(path) => Err(Refused::Collision { path: shown(path) }),
            None => Ok(()),
        }
    }

    /// The folder that all entries are in.
    pub(super) fn folder(&self) -> &str {
        self.folder.as_deref().unwrap_or_default()
    }
}

/// Checks a name on its own, that need not be inside any folder.
pub(super) fn check(name: &str) -> Result<(), Refused> {
    let problem = if name.len() > LONGEST {
        Some("it is longer than 512 bytes")
    } else {
        problem(name)
    };
    match problem {
        None => Ok(()),
        Some(problem) => Err(Refused::Name {
            path: shown(name),
            problem,
        }),
    }
}

fn problem(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty")
    } else if name.starts_with('/') {
        Some("it is absolute")
    } else if name.contains('\\') {
        Some("it has a backslash")
    } else if name.as_bytes().get(1) == Some(&b':') {
        Some("it begins with a drive letter")
    } else if name.chars().any(char::is_control) {
        Some("it has a control character")
    } else if name.split('/').any(|part| part == "..") {
        Some("it has a part `..`")
    } else if name.split('/').any(|part| part == "." || part.is_empty()) {
        Some("it has an empty part or a part `.`")
    } else {
        None
    }
}
