//! A sub-chart that lies in `charts/` as an archive.
//!
//! Helm unpacks it and packs its files again (helm v3.14.4 `pkg/chart/loader/archive.go`). It is read from the author's
//! own disk, but it may come from anywhere, so what it unpacks to is bounded.

use crate::plan::LARGEST_ADDON;
use flate2::read::MultiGzDecoder;
use std::io::Read as _;

const MOST_ENTRIES: usize = 10_000;

/// The files of the archive with their paths below its folder, a byte order mark at their beginning dropped.
/// `unpacked` counts the bytes of all archives of an addon. An error is a half sentence after the archive's name.
pub(super) fn unpack(bytes: &[u8], unpacked: &mut u64) -> Result<Vec<(String, Vec<u8>)>, String> {
    let broken = |error: std::io::Error| format!("is no gzipped tar: {error}");
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes));
    let mut files = Vec::new();
    for (count, entry) in archive.entries().map_err(broken)?.enumerate() {
        if count >= MOST_ENTRIES {
            return Err(format!("has more than {MOST_ENTRIES} entries"));
        }
        let entry = entry.map_err(broken)?;
        let kind = entry.header().entry_type();
        let path = String::from_utf8(entry.path_bytes().into_owned())
            .map_err(|_| "has a name that is not UTF-8".to_owned())?;
        let skipped = kind.is_pax_global_extensions() || kind.is_pax_local_extensions();
        if kind.is_dir() || path.ends_with('/') || skipped {
            continue;
        }
        let name = inside(&path)?;
        let mut data = Vec::new();
        let rest = LARGEST_ADDON.saturating_sub(*unpacked);
        entry
            .take(rest + 1)
            .read_to_end(&mut data)
            .map_err(broken)?;
        *unpacked += data.len() as u64;
        if *unpacked > LARGEST_ADDON {
            return Err("has more than 100 MiB".to_owned());
        }
        if data.starts_with(crate::write::BOM) {
            data.drain(..crate::write::BOM.len());
        }
        files.push((name, data));
    }
    if files.is_empty() {
        return Err("has no files".to_owned());
    }
    Ok(files)
}

/// The path of an entry below the first folder of its name.
fn inside(path: &str) -> Result<String, String> {
    let refuse = || {
        Err(format!(
            "has an entry {path:?}, which lies in no folder of it"
        ))
    };
    let separator = if path.contains('\\') { '\\' } else { '/' };
    let Some((_, rest)) = path.split_once(separator) else {
        return refuse();
    };
    let rest = rest.replace(separator, "/");
    let drive = matches!(rest.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    if rest.starts_with('/') || drive {
        return refuse();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return refuse(),
            ".." => {}
            part => parts.push(part),
        }
    }
    // Helm refuses all names that begin so, also those of hidden files
    if parts.first().is_none_or(|first| first.starts_with("..")) {
        return refuse();
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_below_the_folder() {
        for (path, wanted) in [
            ("a/b/c", Some("b/c")),
            ("./a/b", Some("a/b")),
            ("a/x/../b", Some("b")),
            ("a\\b\\c", Some("b/c")),
            ("a/.hidden", Some(".hidden")),
            ("a", None),
            ("a//etc/passwd", None),
            ("a/../../b", None),
            ("a/..b", None),
            ("a/c:/b", None),
            ("a/.", None),
        ] {
            assert_eq!(inside(path).ok().as_deref(), wanted, "{path}");
        }
    }
}
