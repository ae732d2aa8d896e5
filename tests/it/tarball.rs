//! Archives made by hand, header by header: good ones, and those that only an attacker makes.
//!
//! Nothing here comes from the code under test, and no tar library either: a library refuses to write
//! most of what has to be refused when read. Only the deflate of the gzip wrapper is flate2's.

use std::io::Write as _;

use flate2::{Compress, Compression, Crc, FlushCompress, write::GzEncoder};

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
        let body: String = records
            .iter()
            .map(|(key, value)| record(key, value))
            .collect();
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

/// A gzip member that holds `head` and then `mebibytes` of zeros.
///
/// The compressed form of one MiB after a full flush does not depend on what came before, so it is made once
/// and repeated; the check sum is put together likewise.
pub(crate) fn gzip_with_zeros(head: &[u8], mebibytes: usize) -> Vec<u8> {
    let zeros = vec![0; 1 << 20];
    let mut deflate = Compress::new(Compression::default(), false);
    let mut compressed = |input: &[u8], flush| {
        let mut output = Vec::with_capacity(input.len() + 4096);
        deflate.compress_vec(input, &mut output, flush).unwrap();
        output
    };
    let mut member = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    member.extend(compressed(head, FlushCompress::Full));
    let unit = compressed(&zeros, FlushCompress::Full);
    for _ in 0..mebibytes {
        member.extend_from_slice(&unit);
    }
    member.extend(compressed(b"", FlushCompress::Finish));
    let mut sum = Crc::new();
    sum.update(head);
    let mut of_zeros = Crc::new();
    of_zeros.update(&zeros);
    for _ in 0..mebibytes {
        sum.combine(&of_zeros);
    }
    member.extend_from_slice(&sum.sum().to_le_bytes());
    let length = head.len() + (mebibytes << 20);
    member.extend_from_slice(&u32::try_from(length % (1 << 32)).unwrap().to_le_bytes());
    member
}

#[test]
fn the_made_gzip_is_gzip() {
    use std::io::Read as _;
    let mut read = Vec::new();
    flate2::read::GzDecoder::new(&gzip_with_zeros(b"head", 3)[..])
        .read_to_end(&mut read)
        .unwrap();
    assert_eq!(read, [b"head".to_vec(), vec![0; 3 << 20]].concat());
}
