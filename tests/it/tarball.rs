//! Archives made by hand, header by header: good ones, and those that only an attacker makes.
//!
//! Nothing here comes from the code under test, and no tar library either: a library refuses to write
//! most of what has to be refused when read. Only the deflate of the gzip wrapper is flate2's.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

/// A header of a tar entry, every field at its usual value.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// The name, at most 100 bytes.
    pub(crate) name: Vec<u8>,
    /// The type flag: `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` extended header, …
    pub(crate) kind: u8,
    /// The size field; the bytes that follow are the caller's matter.
    pub(crate) size: u64,
    /// The target of a link.
    pub(crate) link: Vec<u8>,
    /// The prefix field.
    pub(crate) prefix: Vec<u8>,
}

impl Header {
    /// The header of a regular file.
    pub(crate) fn file(name: impl AsRef<[u8]>, size: u64) -> Self {
        Self {
            name: name.as_ref().to_vec(),
            kind: b'0',
            size,
            link: Vec::new(),
            prefix: Vec::new(),
        }
    }

    /// A header of this type without content.
    pub(crate) fn special(name: impl AsRef<[u8]>, kind: u8, link: &str) -> Self {
        Self {
            kind,
            link: link.as_bytes().to_vec(),
            ..Self::file(name, 0)
        }
    }

    /// The block of 512 bytes: POSIX ustar, with the checksum that belongs to it.
    pub(crate) fn block(&self) -> [u8; 512] {
        let mut block = [0_u8; 512];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &self.name);
        put(100, b"0000644\0");
        put(108, b"0000000\0");
        put(116, b"0000000\0");
        put(124, format!("{:011o}\0", self.size).as_bytes());
        put(136, b"02264726600\0");
        put(148, b"        ");
        put(156, &[self.kind]);
        put(157, &self.link);
        put(257, b"ustar\x0000");
        put(329, b"0000000\0");
        put(337, b"0000000\0");
        put(345, &self.prefix);
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

/// A tar stream that grows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tar(Vec<u8>);

impl Tar {
    /// An empty stream.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A stream that begins as the archive of a good addon does.
    pub(crate) fn addon(name: &str, version: &str) -> Self {
        Self::new()
            .file(
                &format!("{name}/Chart.yaml"),
                format!(
                    "annotations:\n  addon.name: {name}\napiVersion: v2\nappVersion: {version}\n\
                     description: An addon for tests\nname: {name}\ntype: library\nversion: {version}\n"
                )
                .as_bytes(),
            )
            .file(
                &format!("{name}/metadata.yaml"),
                format!("name: {name}\nversion: {version}\ndescription: An addon for tests\n")
                    .as_bytes(),
            )
    }

    /// Adds a regular file.
    pub(crate) fn file(self, name: &str, content: &[u8]) -> Self {
        self.header(&Header::file(name, content.len() as u64))
            .content(content)
    }

    /// Adds a header and nothing after it.
    pub(crate) fn header(mut self, header: &Header) -> Self {
        self.0.extend_from_slice(&header.block());
        self
    }

    /// Adds bytes, filled up to a whole block.
    pub(crate) fn content(mut self, content: &[u8]) -> Self {
        self.0.extend_from_slice(content);
        let end = self.0.len().next_multiple_of(512);
        self.0.resize(end, 0);
        self
    }

    /// Adds an extended header (PAX) with these records for the next entry.
    pub(crate) fn pax(self, records: &[(&str, &str)]) -> Self {
        let body: String = records.iter().map(|(key, value)| record(key, value)).collect();
        self.header(&Header {
            kind: b'x',
            ..Header::file("PaxHeaders.0/x", body.len() as u64)
        })
        .content(body.as_bytes())
    }

    /// The stream so far, without an end.
    pub(crate) fn unfinished(self) -> Vec<u8> {
        self.0
    }

    /// The stream with the two zero blocks that end it.
    pub(crate) fn finished(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }

    /// The finished stream, compressed.
    pub(crate) fn gz(self) -> Vec<u8> {
        gzip(&self.finished())
    }
}

/// A PAX record: its length, which counts itself, then `key=value` and a line feed.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len() + 1;
    while length.to_string().len() + rest.len() != length {
        length = length.to_string().len() + rest.len();
    }
    format!("{length}{rest}")
}

/// Bytes as a gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A gzip member that holds `head` and then `zeros` zero bytes, made without holding them.
pub(crate) fn gzip_with_zeros(head: &[u8], zeros: u64) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(head).unwrap();
    let block = vec![0_u8; 1 << 20];
    let mut left = zeros;
    while left > 0 {
        let now = left.min(block.len() as u64);
        encoder
            .write_all(&block[..usize::try_from(now).unwrap()])
            .unwrap();
        left -= now;
    }
    encoder.finish().unwrap()
}
