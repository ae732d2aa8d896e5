//! The bytes of a tar archive.
//!
//! Headers are written by hand because every byte is part of the contract: with equal times, the uncompressed
//! archive equals the one that Go's `archive/tar` makes for `vela addon package`. USTAR, mode 0644, no owner, no
//! directories; a PAX header stands only before names that USTAR cannot hold (longer than it can split, or not
//! ASCII). Two zero blocks end it, without further padding.

use std::io::{self, Write};

const BLOCK: usize = 512;

/// A field of a header: offset and length.
type Field = (usize, usize);
const NAME: Field = (0, 100);
const MODE: Field = (100, 8);
const UID: Field = (108, 8);
const GID: Field = (116, 8);
const SIZE: Field = (124, 12);
const MTIME: Field = (136, 12);
const CHECKSUM: Field = (148, 8);
const KIND: usize = 156;
const MAGIC: Field = (257, 8);
const MAJOR: Field = (329, 8);
const MINOR: Field = (337, 8);
const PREFIX: Field = (345, 155);

struct Header([u8; BLOCK]);

impl Header {
    fn text(&mut self, (at, length): Field, text: &str) {
        if let Some(field) = self.0.get_mut(at..at + length) {
            for (place, byte) in field.iter_mut().zip(text.bytes()) {
                *place = byte;
            }
        }
    }

    /// Octal digits that fill the field but for a NUL at its end.
    fn octal(&mut self, field: Field, value: u64) {
        let width = field.1 - 1;
        self.text(field, &format!("{value:0width$o}"));
    }

    fn seal(&mut self) {
        self.text(MAGIC, "ustar\x0000");
        let (at, length) = CHECKSUM;
        for index in at..at + length {
            if let Some(byte) = self.0.get_mut(index) {
                *byte = b' ';
            }
        }
        let sum: u64 = self.0.iter().map(|byte| u64::from(*byte)).sum();
        self.text(CHECKSUM, &format!("{sum:06o}\0 "));
    }
}

/// The name split so that USTAR holds it: prefix and name.
fn split(name: &str) -> Option<(&str, &str)> {
    if !name.is_ascii() {
        return None;
    }
    if name.len() <= NAME.1 {
        return Some(("", name));
    }
    // the last slash that leaves a prefix short enough
    let at = name.get(..=PREFIX.1.min(name.len() - 1))?.rfind('/')?;
    let (prefix, rest) = (name.get(..at)?, name.get(at + 1..)?);
    (!prefix.is_empty() && !rest.is_empty() && rest.len() <= NAME.1).then_some((prefix, rest))
}

/// A record `<length> <key>=<value>\n`, whose length counts itself.
fn pax_record(key: &str, value: &str) -> String {
    let bare = key.len() + value.len() + 3;
    let mut length = bare + bare.to_string().len();
    if bare + length.to_string().len() != length {
        length = bare + length.to_string().len();
    }
    format!("{length} {key}={value}\n")
}

fn ascii(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii() && *c != '\0')
        .collect()
}

fn pad(sink: &mut impl Write, length: usize) -> io::Result<()> {
    let rest = length % BLOCK;
    if rest == 0 {
        return Ok(());
    }
    sink.write_all(vec![0; BLOCK - rest].as_slice())
}

fn header(prefix: &str, name: &str, kind: u8, mode: u64, size: usize, mtime: u64) -> Header {
    let mut header = Header([0; BLOCK]);
    header.text(NAME, name);
    header.octal(MODE, mode);
    header.octal(UID, 0);
    header.octal(GID, 0);
    header.octal(SIZE, size as u64);
    header.octal(MTIME, mtime);
    if let Some(byte) = header.0.get_mut(KIND) {
        *byte = kind;
    }
    if kind == b'0' {
        header.octal(MAJOR, 0);
        header.octal(MINOR, 0);
    }
    header.text(PREFIX, prefix);
    header.seal();
    header
}

/// Writes one file; `mtime` is in seconds since 1970.
pub(crate) fn file(sink: &mut impl Write, name: &str, data: &[u8], mtime: u64) -> io::Result<()> {
    let plain;
    let (prefix, short) = match split(name) {
        Some(parts) => parts,
        None => {
            let record = pax_record("path", name);
            let (folder, base) = name.rsplit_once('/').unwrap_or(("", name));
            let pax_name = ascii(&format!("{folder}/PaxHeaders.0/{base}"));
            sink.write_all(&header("", &pax_name, b'x', 0, record.len(), 0).0)?;
            sink.write_all(record.as_bytes())?;
            pad(sink, record.len())?;
            plain = ascii(name);
            ("", plain.as_str())
        }
    };
    sink.write_all(&header(prefix, short, b'0', 0o644, data.len(), mtime).0)?;
    sink.write_all(data)?;
    pad(sink, data.len())
}

/// Writes the end of the archive.
pub(crate) fn end(sink: &mut impl Write) -> io::Result<()> {
    sink.write_all(&[0; 2 * BLOCK])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_a_slash() {
        let short = "a".repeat(100);
        assert_eq!(split(&short), Some(("", short.as_str())));
        let long = format!("{}/{}", "d".repeat(120), "f".repeat(90));
        assert_eq!(
            split(&long).map(|(prefix, name)| (prefix.len(), name.len())),
            Some((120, 90))
        );
        assert_eq!(split(&"x".repeat(101)), None);
        assert_eq!(split("\u{e9}"), None);
    }

    #[test]
    fn pax_records_count_themselves() {
        assert_eq!(pax_record("path", "a"), "9 path=a\n");
        let record = pax_record("path", &"x".repeat(90));
        assert_eq!(record.len().to_string(), record.split(' ').next().unwrap());
    }

    #[test]
    fn the_tar_crate_reads_what_is_written() {
        let mut bytes = Vec::new();
        let names = [
            "a/b".to_owned(),
            format!("a/{}", "\u{e9}".repeat(80)),
            format!("{}/f", "d".repeat(150)),
        ];
        for name in &names {
            file(&mut bytes, name, name.as_bytes(), 315_532_800).unwrap();
        }
        end(&mut bytes).unwrap();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let read: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert_eq!(read, names);
    }
}
