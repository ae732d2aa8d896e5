//! A tar stream, entry by entry, read strictly.
//!
//! Understood are the formats that packagers write: ustar, PAX headers for the next entry, GNU long names, and
//! the old format without a magic. Where readers are known to differ the stream is refused instead of
//! interpreted: a PAX `size` other than the header's, sparse files, sizes in base 256, a global header with
//! more than comments, two names for one entry, the `star` format, a wrong check sum, a stream without its
//! end mark or with something behind it.

use std::io::Read;

use super::{Limits, Refused, SMALL, Stamp, shown};

const BLOCK: usize = 512;
/// The most bytes of an extended header.
const EXTENDED: u64 = 16 << 10;

/// An entry: a regular file or a folder.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name, without the slash at the end of a folder's.
    pub(super) path: String,
    /// The bytes of its content.
    pub(super) size: u64,
    /// Whether it is a folder.
    pub(super) folder: bool,
    /// What its header says beside.
    pub(super) stamp: Stamp,
}

/// Reads a tar stream.
#[derive(Debug)]
pub(super) struct TarStream<R> {
    inner: R,
    /// Content of the present entry that is not read yet.
    pending: u64,
    /// What is read so far.
    position: u64,
    entries: usize,
    entries_limit: usize,
    bound: Bound,
}

/// How far a stream may go, and what it is when it goes further.
#[derive(Clone, Copy, Debug)]
struct Bound {
    bytes: u64,
    /// Set where the ratio allows less than the limit of bytes does.
    ratio: Option<u64>,
}

impl Bound {
    /// For an archive of `packed` bytes.
    fn new(limits: &Limits, packed: u64) -> Self {
        let by_ratio = limits.ratio.saturating_mul(packed).max(SMALL);
        if by_ratio < limits.unpacked {
            Self {
                bytes: by_ratio,
                ratio: Some(limits.ratio),
            }
        } else {
            Self {
                bytes: limits.unpacked,
                ratio: None,
            }
        }
    }

    fn check(self, position: u64) -> Result<(), Refused> {
        match self.ratio {
            _ if position <= self.bytes => Ok(()),
            Some(ratio) => Err(Refused::Bomb { ratio }),
            None => Err(Refused::TooMuch {
                what: "bytes when unpacked",
                limit: self.bytes,
            }),
        }
    }
}

impl<R: Read> TarStream<R> {
    /// The stream in `inner`, unpacked from `packed` bytes.
    pub(super) fn new(inner: R, limits: &Limits, packed: u64) -> Self {
        Self {
            inner,
            pending: 0,
            position: 0,
            entries: 0,
            entries_limit: limits.entries,
            bound: Bound::new(limits, packed),
        }
    }

    pub(super) fn into_inner(self) -> R {
        self.inner
    }

    /// The next entry; `None` at the end, which is then checked.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Refused> {
        let mut name: Option<String> = None;
        let mut size: Option<u64> = None;
        loop {
            let block = self.block()?;
            if block.iter().all(|byte| *byte == 0) {
                if name.is_some() || size.is_some() {
                    return Err(Refused::Header("an extended header has no entry"));
                }
                self.end()?;
                return Ok(None);
            }
            self.entries += 1;
            if self.entries > self.entries_limit {
                return Err(Refused::TooMuch {
                    what: "entries",
                    limit: self.entries_limit as u64,
                });
            }
            let header = Header::read(&block)?;
            self.pending = header.size;
            match header.kind {
                b'x' => {
                    for (key, value) in records(&self.extended()?)? {
                        match key.as_str() {
                            "path" if name.is_some() => {
                                return Err(Refused::Header("an entry has two long names"));
                            }
                            "path" => name = Some(value),
                            "size" if size.is_some() => {
                                return Err(Refused::Header("an entry has two sizes"));
                            }
                            "size" => {
                                size = Some(value.parse().map_err(|_| {
                                    Refused::Header("an extended size is not a number")
                                })?);
                            }
                            "linkpath" => {
                                return Err(Refused::Header("an entry is a link"));
                            }
                            "hdrcharset" => {
                                return Err(Refused::Header("an entry has its own character set"));
                            }
                            sparse if sparse.starts_with("GNU.sparse") => {
                                return Err(Refused::Header("an entry is sparse"));
                            }
                            _ => {} // times, owners and the like: not looked at
                        }
                    }
                }
                b'g' => {
                    if records(&self.extended()?)?
                        .iter()
                        .any(|(key, _)| key != "comment")
                    {
                        return Err(Refused::Header("a global header has more than comments"));
                    }
                }
                b'L' => {
                    let mut body = self.extended()?;
                    if body.last() == Some(&0) {
                        body.pop();
                    }
                    let text = utf8(&body)?;
                    if name.replace(text).is_some() {
                        return Err(Refused::Header("an entry has two long names"));
                    }
                }
                kind => {
                    if size.is_some_and(|size| size != header.size) {
                        return Err(Refused::Header("an entry has two sizes"));
                    }
                    return entry(kind, name, &header).map(Some);
                }
            }
        }
    }

    /// The content of the entry that [`Self::next`] gave last.
    pub(super) fn content(&mut self) -> Result<Vec<u8>, Refused> {
        // grows with what really comes, not with what the header promises
        let mut content = Vec::new();
        self.drain(|piece| content.extend_from_slice(piece))?;
        Ok(content)
    }

    /// Passes over the content of the entry that [`Self::next`] gave last.
    pub(super) fn skip(&mut self) -> Result<(), Refused> {
        self.drain(|_| {})
    }

    fn extended(&mut self) -> Result<Vec<u8>, Refused> {
        if self.pending > EXTENDED {
            return Err(Refused::Header("an extended header is too long"));
        }
        self.content()
    }

    fn drain(&mut self, mut take: impl FnMut(&[u8])) -> Result<(), Refused> {
        let mut buffer = [0_u8; 16 * BLOCK];
        while self.pending > 0 {
            let padded = self.pending.next_multiple_of(BLOCK as u64);
            let count = usize::try_from(padded).map_or(buffer.len(), |p| p.min(buffer.len()));
            let piece = buffer.get_mut(..count).unwrap_or_default();
            fill(&mut self.inner, &mut self.position, self.bound, piece)?;
            let content = usize::try_from(self.pending).map_or(count, |p| p.min(count));
            let (content, padding) = piece.split_at(content);
            take(content);
            if padding.iter().any(|byte| *byte != 0) {
                return Err(Refused::Header("the filling after a file is not zero"));
            }
            self.pending -= content.len() as u64;
        }
        Ok(())
    }

    fn block(&mut self) -> Result<[u8; BLOCK], Refused> {
        let mut block = [0; BLOCK];
        fill(&mut self.inner, &mut self.position, self.bound, &mut block)?;
        Ok(block)
    }

    /// After the first zero block: a second one, then zeros up to the end of the gzip member.
    fn end(&mut self) -> Result<(), Refused> {
        let mut block = self.block()?;
        loop {
            if block.iter().any(|byte| *byte != 0) {
                return Err(Refused::TrailingData);
            }
            let count = loop {
                match self.inner.read(&mut block) {
                    Ok(count) => break count,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Refused::Damaged(error)),
                }
            };
            if count == 0 {
                return Ok(());
            }
            self.position += count as u64;
            self.bound.check(self.position)?;
            block.get_mut(count..).unwrap_or_default().fill(0);
        }
    }
}

/// The entry that a header is about.
fn entry(kind: u8, long_name: Option<String>, header: &Header) -> Result<Entry, Refused> {
    let path = match long_name {
        Some(name) => name,
        None => header.name()?,
    };
    let of_kind = |kind| {
        Err(Refused::Kind {
            path: shown(&path),
            kind,
        })
    };
    match kind {
        b'0' | 0 => Ok(Entry {
            path,
            size: header.size,
            folder: false,
            stamp: header.stamp,
        }),
        b'5' if header.size == 0 => Ok(Entry {
            path: path.strip_suffix('/').unwrap_or(&path).to_owned(),
            size: 0,
            folder: true,
            stamp: header.stamp,
        }),
        b'5' => Err(Refused::Header("a folder has content")),
        b'1' => of_kind("a hard link"),
        b'2' => of_kind("a symbolic link"),
        b'3' | b'4' => of_kind("a device"),
        b'6' => of_kind("a pipe"),
        _ => of_kind("of an unknown type"),
    }
}

fn fill(
    inner: &mut impl Read,
    position: &mut u64,
    bound: Bound,
    piece: &mut [u8],
) -> Result<(), Refused> {
    *position += piece.len() as u64;
    bound.check(*position)?;
    inner.read_exact(piece).map_err(Refused::Damaged)
}

/// The fields of a header block that matter.
#[derive(Debug)]
struct Header {
    name: Vec<u8>,
    prefix: Vec<u8>,
    kind: u8,
    size: u64,
    stamp: Stamp,
}

impl Header {
    fn read(block: &[u8; BLOCK]) -> Result<Self, Refused> {
        let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
        let sum: u64 = block
            .iter()
            .enumerate()
            .map(|(at, byte)| {
                u64::from(if (148..156).contains(&at) {
                    b' '
                } else {
                    *byte
                })
            })
            .sum();
        if octal(field(148, 156)) != Some(sum) {
            return Err(Refused::Header("the check sum is wrong"));
        }
        if field(508, 512) == b"tar\0" {
            return Err(Refused::Header("the star format is not supported"));
        }
        // only POSIX has a prefix; GNU keeps times there
        let prefix = if field(257, 263) == b"ustar\0" {
            until_zero(field(345, 500))
        } else {
            &[]
        };
        Ok(Self {
            name: until_zero(field(0, 100)).to_vec(),
            prefix: prefix.to_vec(),
            kind: field(156, 157).first().copied().unwrap_or_default(),
            size: octal(field(124, 136)).ok_or(Refused::Header("a size is not octal"))?,
            stamp: Stamp {
                mode: octal(field(100, 108)).unwrap_or_default(),
                mtime: octal(field(136, 148)).unwrap_or_default(),
                has_owner: octal(field(108, 116)).is_some_and(|id| id != 0)
                    || octal(field(116, 124)).is_some_and(|id| id != 0)
                    || !until_zero(field(265, 297)).is_empty()
                    || !until_zero(field(297, 329)).is_empty(),
            },
        })
    }

    fn name(&self) -> Result<String, Refused> {
        let mut name = self.prefix.clone();
        if !name.is_empty() {
            name.push(b'/');
        }
        name.extend_from_slice(&self.name);
        utf8(&name)
    }
}

fn until_zero(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|byte| *byte == 0);
    field.get(..end.unwrap_or(field.len())).unwrap_or_default()
}

fn utf8(bytes: &[u8]) -> Result<String, Refused> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Refused::Header("a name is not UTF-8"))
}

/// Octal digits between spaces and zero bytes; at least one.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    let text = text.trim_matches(['\0', ' ']);
    let digits = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    digits.then(|| u64::from_str_radix(text, 8).ok()).flatten()
}

/// PAX records: `<length> <key>=<value>\n`, the length counting the whole record.
fn records(body: &[u8]) -> Result<Vec<(String, String)>, Refused> {
    const BAD: Refused = Refused::Header("an extended header has a malformed record");
    let mut records = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ').ok_or(BAD)?;
        let digits = rest.get(..space).unwrap_or_default();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BAD);
        }
        let length: usize = utf8(digits)?.parse().map_err(|_| BAD)?;
        if length <= space + 1 || length > rest.len() {
            return Err(BAD);
        }
        let (record, after) = rest.split_at(length);
        let record = record.get(space + 1..).unwrap_or_default();
        let record = record.strip_suffix(b"\n").ok_or(BAD)?;
        let equals = record.iter().position(|byte| *byte == b'=').ok_or(BAD)?;
        let (key, value) = record.split_at(equals);
        records.push((
            utf8(key)?,
            // values that are not text belong to attributes that are not looked at
            String::from_utf8_lossy(value.get(1..).unwrap_or_default()).into_owned(),
        ));
        rest = after;
    }
    Ok(records)
}
