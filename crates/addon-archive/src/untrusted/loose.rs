//! Archives of files that are no addon: a folder of definitions, a snapshot of a repository.
//!
//! Gzip and tar are read as strictly as for an addon (no links, no second meaning of a header, limits), but nothing is asked of
//! the files: they need no common folder and no manifests.

use super::stream::{Entry, TarStream};
use super::{Limits, Refused, Versions, names};
use flate2::bufread::GzDecoder;

/// The limits of an archive that is no addon: a snapshot of a large repository fits.
pub const LOOSE: Limits = Limits {
    unpacked: 512 << 20,
    file: 20 << 20,
    entries: 100_000,
    ratio: 100,
    versions: Versions::Agree,
};

/// The paths and contents of the files whose path `wanted` says yes to, in the order of the archive.
///
/// # Errors
/// [`Refused`] says why the archive is not taken.
pub fn read_loose(
    bytes: &[u8],
    limits: &Limits,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<u8>)>, Refused> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(Refused::NotGzip);
    }
    let mut unread = bytes;
    let mut tar = TarStream::new(GzDecoder::new(&mut unread), limits, bytes.len() as u64);
    let mut files = Vec::new();
    while let Some(Entry {
        path, size, folder, ..
    }) = tar.next()?
    {
        let path = path.strip_prefix("./").unwrap_or(&path);
        if folder || !wanted(path) {
            tar.skip()?;
            continue;
        }
        names::check(path)?;
        if size > limits.file {
            return Err(Refused::TooMuch {
                what: "bytes in one file",
                limit: limits.file,
            });
        }
        files.push((path.to_owned(), tar.content()?));
    }
    drop(tar);
    if !unread.is_empty() {
        return Err(Refused::TrailingData);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    fn archive(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, kind, content) in entries {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(*kind);
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&builder.into_inner().unwrap()).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn files_need_no_common_folder_and_no_manifest() {
        let file = tar::EntryType::Regular;
        let bytes = archive(&[
            ("./a.cue", file, b"a: 1"),
            ("b/c.yaml", file, b"c"),
            ("d.txt", file, b"d"),
        ]);
        let found = read_loose(&bytes, &LOOSE, |path| !path.contains(".txt")).unwrap();
        assert_eq!(
            found,
            [
                ("a.cue".to_owned(), b"a: 1".to_vec()),
                ("b/c.yaml".to_owned(), b"c".to_vec())
            ]
        );
    }

    #[test]
    fn what_leaves_the_folder_or_is_no_file_is_refused() {
        let file = tar::EntryType::Regular;
        for entries in [
            [("../a.cue", file, &b"x"[..])],
            [("/a.cue", file, b"x")],
            [("a.cue", tar::EntryType::Symlink, b"")],
        ] {
            assert!(read_loose(&archive(&entries), &LOOSE, |_| true).is_err());
        }
        assert!(matches!(
            read_loose(b"PK", &LOOSE, |_| true),
            Err(Refused::NotGzip)
        ));
        let small = Limits { file: 1, ..LOOSE };
        assert!(matches!(
            read_loose(&archive(&[("a", file, b"xx")]), &small, |_| true),
            Err(Refused::TooMuch { .. })
        ));
    }
}
