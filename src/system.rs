//! The only place of the binary that touches the disk, the environment and the clock.
//!
//! The crates below see files through [`World`], read-only and below one root; [`DiskWorld`] is the
//! real one. Whatever a command writes goes through [`write_atomic`] or [`write_new_directory`]:
//! a reader sees the old state or the whole new one, never a part, whenever the process dies.
#![expect(
    clippy::disallowed_methods,
    reason = "this file is the door to the disk, the environment and the clock"
)]

use crate::exit::{Exit, Failure, OrExit as _};
use crate::interrupt;
use anyhow::Context as _;
use source_vocab::{DirEntry, EntryKind, Link, ReadError, Timestamp, VPath, World};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The whole disk as seen from the current directory: `..` and absolute paths work, and paths are
/// shown as the user would write them.
#[derive(Debug)]
pub(crate) struct WorkingWorld {
    disk: DiskWorld,
    current: VPath,
}

impl WorkingWorld {
    /// The disk, from the current directory.
    pub(crate) fn new() -> Result<Self, Failure> {
        let current = std::env::current_dir()
            .context("cannot tell the current directory")
            .or_exit(Exit::Input)?;
        Ok(Self {
            disk: DiskWorld::new("/"),
            current: VPath::parse(&current.to_string_lossy()).unwrap_or_default(),
        })
    }

    /// The current directory.
    pub(crate) fn current(&self) -> &VPath {
        &self.current
    }

    /// The path that a text on the command line stands for.
    pub(crate) fn resolve(&self, text: &str) -> VPath {
        let whole = if text.starts_with('/') {
            text.to_owned()
        } else {
            format!("{}/{text}", self.current.as_str())
        };
        VPath::parse(&whole).unwrap_or_default()
    }

    /// Where the file really is.
    pub(crate) fn real_path(&self, path: &VPath) -> PathBuf {
        self.disk.real_path(path)
    }
}

impl World for WorkingWorld {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        self.disk.read(path)
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        self.disk.list(path)
    }

    fn now(&self) -> Timestamp {
        self.disk.now()
    }

    fn display(&self, path: &VPath) -> String {
        match path.strip_prefix(&self.current) {
            Some(inside) if !inside.is_root() => format!("./{inside}"),
            Some(_) => ".".to_owned(),
            None => format!("/{path}"),
        }
    }
}

/// All of standard input, up to the size of the largest file.
pub(crate) fn read_standard_input() -> Result<Vec<u8>, Failure> {
    let mut data = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST_FILE)
        .read_to_end(&mut data)
        .context("cannot read standard input")
        .or_exit(Exit::Findings)?;
    Ok(data)
}

/// The largest file that is read into memory, in bytes.
pub(crate) const LARGEST_FILE: u64 = 1 << 30;

/// The files below a directory of the real disk.
#[derive(Debug)]
pub(crate) struct DiskWorld {
    root: PathBuf,
    shown: String,
}

impl DiskWorld {
    /// The files below `root`; people see their paths with `root` as it is written here.
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let shown = root.to_string_lossy().into_owned();
        Self { root, shown }
    }

    /// Where the file really is.
    pub(crate) fn real_path(&self, path: &VPath) -> PathBuf {
        let mut real = self.root.clone();
        real.extend(path.components());
        real
    }
}

impl World for DiskWorld {
    fn read(&self, path: &VPath) -> Result<Vec<u8>, ReadError> {
        let failed = |source| read_error(path, source);
        let file = fs::File::open(self.real_path(path)).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        if length > LARGEST_FILE {
            return Err(ReadError::TooLarge {
                path: path.clone(),
                limit: LARGEST_FILE,
            });
        }
        // one byte more than the file says it has: a file that grows (or a device) is noticed
        let mut data = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
        file.take(LARGEST_FILE + 1)
            .read_to_end(&mut data)
            .map_err(failed)?;
        if data.len() as u64 > LARGEST_FILE {
            return Err(ReadError::TooLarge {
                path: path.clone(),
                limit: LARGEST_FILE,
            });
        }
        Ok(data)
    }

    fn list(&self, path: &VPath) -> Result<Vec<DirEntry>, ReadError> {
        let failed = |source| read_error(path, source);
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.real_path(path)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let raw = entry.file_name();
            let kind = kind(entry.file_type().map_err(failed)?);
            let size = match kind {
                EntryKind::File => entry.metadata().map_err(failed)?.len(),
                EntryKind::Directory | EntryKind::Symlink | EntryKind::Other => 0,
            };
            let found = DirEntry {
                name: raw.to_string_lossy().into_owned(),
                name_is_utf8: raw.to_str().is_some(),
                kind,
                size,
            };
            entries.push((raw, found));
        }
        entries.sort_by(|(a, _), (b, _)| a.as_encoded_bytes().cmp(b.as_encoded_bytes()));
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    fn follow(&self, path: &VPath) -> Result<Link, ReadError> {
        let failed = |source| read_error(path, source);
        let root = fs::canonicalize(&self.root).map_err(failed)?;
        let real = match fs::canonicalize(self.real_path(path)) {
            Ok(real) => real,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Link::Nowhere),
            Err(error) => return Err(failed(error)),
        };
        let inside = real.strip_prefix(&root).ok().and_then(Path::to_str);
        let Some(inside) = inside.and_then(VPath::parse) else {
            return Ok(Link::Outside);
        };
        let found = fs::symlink_metadata(&real).map_err(failed)?;
        Ok(Link::To {
            path: inside,
            kind: kind(found.file_type()),
            size: if found.is_file() { found.len() } else { 0 },
        })
    }

    fn now(&self) -> Timestamp {
        now()
    }

    fn display(&self, path: &VPath) -> String {
        let root = self.shown.trim_end_matches('/');
        match (self.shown.as_str(), path.is_root()) {
            ("" | ".", _) => path.to_string(),
            (_, true) if root.is_empty() => "/".to_owned(),
            (_, true) => root.to_owned(),
            (_, false) => format!("{root}/{path}"),
        }
    }
}

fn kind(found: fs::FileType) -> EntryKind {
    if found.is_symlink() {
        EntryKind::Symlink
    } else if found.is_dir() {
        EntryKind::Directory
    } else if found.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    }
}

fn read_error(path: &VPath, source: std::io::Error) -> ReadError {
    if source.kind() == std::io::ErrorKind::NotFound {
        ReadError::NotFound { path: path.clone() }
    } else {
        ReadError::Io {
            path: path.clone(),
            source,
        }
    }
}

/// What a path given on the command line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathKind {
    /// Nothing is there.
    Absent,
    /// A directory, or a link to one.
    Directory,
    /// Anything else.
    File,
}

/// What `path` is, links followed.
///
/// # Errors
/// When the operating system refuses to say.
pub(crate) fn path_kind(path: &Path) -> anyhow::Result<PathKind> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(PathKind::Directory),
        Ok(_) => Ok(PathKind::File),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(PathKind::Absent),
        Err(error) => Err(error).with_context(|| format!("cannot look at `{}`", path.display())),
    }
}

/// The environment variable `name`, when it is set and is UTF-8.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The bytes of a file, at most `limit` of them.
///
/// # Errors
/// When it cannot be read, or is larger.
pub(crate) fn read_file(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?
        .take(limit + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(std::io::Error::new(
            std::io::ErrorKind::FileTooLarge,
            format!("it has more than {limit} bytes"),
        ));
    }
    Ok(bytes)
}

/// The text of a file that the user names, at most `limit` bytes.
///
/// # Errors
/// [`Exit::Input`] when it cannot be read, is larger or no text.
pub(crate) fn read_text_file(path: &Path, limit: u64) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = read_file(path, limit)
        .with_context(|| format!("cannot read `{shown}`"))
        .or_exit(Exit::Input)?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::new(Exit::Input, format!("`{shown}` is not UTF-8")))
}

/// What a directory is called, also where it is named `.` or `..`; empty for the root.
pub(crate) fn directory_name(path: &Path) -> String {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Where `path` really is: absolute, links followed.
///
/// # Errors
/// When nothing is there.
pub(crate) fn real_path(path: &Path) -> std::io::Result<PathBuf> {
    fs::canonicalize(path)
}

/// The directory that `path` is or lies in and all above it, the nearest first, as people write them from the current
/// directory. What is not there lies in the current directory.
///
/// # Errors
/// When the current directory is not known.
pub(crate) fn directories_above(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let current = std::env::current_dir().context("cannot tell the current directory")?;
    let current = fs::canonicalize(&current).unwrap_or(current);
    let real = fs::canonicalize(path).unwrap_or_else(|_| current.clone());
    let mut above = Vec::new();
    for directory in real.ancestors().filter(|place| place.is_dir()) {
        above.push(if directory == real {
            if directory == current {
                PathBuf::from(".")
            } else {
                path.to_owned()
            }
        } else if directory == current {
            PathBuf::from(".")
        } else if let Ok(inside) = directory.strip_prefix(&current) {
            inside.to_owned()
        } else if let Ok(steps) = current.strip_prefix(directory) {
            steps.components().map(|_| "..").collect()
        } else {
            directory.to_owned()
        });
    }
    Ok(above)
}

/// Removes a file; one that is gone already is fine.
///
/// # Errors
/// [`Exit::Input`] when the disk refuses.
pub(crate) fn remove_file(path: &Path) -> Result<(), Failure> {
    let _work = interrupt::work();
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)
            .with_context(|| format!("cannot remove `{}`", path.display()))
            .or_exit(Exit::Input),
        _ => Ok(()),
    }
}

/// The bytes of stdin, at most `limit` of them.
///
/// # Errors
/// When it cannot be read, or is longer.
pub(crate) fn read_stdin(limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(std::io::Error::new(
            std::io::ErrorKind::FileTooLarge,
            format!("it has more than {limit} bytes"),
        ));
    }
    Ok(bytes)
}

/// The first line of stdin, without its end: a password that is neither in the arguments, where others
/// can see it, nor on the screen.
///
/// # Errors
/// [`Exit::Usage`] when there is none.
pub(crate) fn read_secret_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::BufRead::read_line(&mut std::io::stdin().lock().take(1 << 16), &mut line);
    let line = line.trim_end_matches(['\r', '\n']);
    if read.is_err() || line.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "there is no password on stdin, expected one line",
        ));
    }
    Ok(line.to_owned())
}

/// Stops this process at a step of the directory store, for tests that kill it there. Not in release builds.
///
/// `ADDON_PACK_CRASH_TEST=N` stops at the N-th step, counted from 1, after writing the step to stderr.
#[cfg(debug_assertions)]
pub(crate) fn crash_test() -> Option<addon_publish::store::StepObserver> {
    let stop_at: u64 = variable("ADDON_PACK_CRASH_TEST")?.parse().ok()?;
    let steps = std::sync::atomic::AtomicU64::new(0);
    Some(addon_publish::store::StepObserver::new(move |step, _| {
        let count = steps.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        if count == stop_at {
            let _ = writeln!(std::io::stderr(), "stopped at {step:?}");
            loop {
                std::thread::park();
            }
        }
    }))
}

/// The present in seconds.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(
        since
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or(0),
    )
}

/// The instant that `SOURCE_DATE_EPOCH` asks for, when it is set.
///
/// # Errors
/// A [`Exit::Usage`] failure when it is not a non-negative whole number of seconds: a build whose
/// time was mistyped must not silently get another.
pub(crate) fn source_date_epoch() -> Result<Option<Timestamp>, Failure> {
    let Some(text) = variable("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(seconds) = text.parse::<i64>()
    {
        return Ok(Some(Timestamp(seconds)));
    }
    Err(Failure::new(
        Exit::Usage,
        format!("`SOURCE_DATE_EPOCH` is `{text}`, expected a non-negative number of seconds"),
    ))
}

/// Writes a file so that its path holds the old bytes or all of the new ones at any moment.
///
/// Missing directories above it are made.
///
/// # Errors
/// When the disk refuses; then the old file, if any, is untouched.
pub(crate) fn write_atomic(path: &Path, data: &[u8]) -> Result<(), Failure> {
    write_beside(path, data)
        .with_context(|| format!("cannot write `{}`", path.display()))
        .or_exit(Exit::Input)
}

fn write_beside(path: &Path, data: &[u8]) -> std::io::Result<()> {
    let directory = directory_of(path);
    let _work = interrupt::work();
    fs::create_dir_all(directory)?;
    let mut file = temporary_file(directory)?;
    file.write_all(data)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_directory(directory)
}

/// Writes a file that can be done without: its path holds the old bytes or all of the new ones, as far as the system does not
/// break down; nothing is told when it cannot be written.
pub(crate) fn write_replaceable(path: &Path, data: &[u8]) {
    let directory = directory_of(path);
    let _work = interrupt::work();
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(directory)?;
        let mut file = temporary_file(directory)?;
        file.write_all(data)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    // the next run does the work again
    let _ = write();
}

/// Where the folders in `folder` hold more than `most` files, removes the half that was written first. What cannot be removed
/// stays.
pub(crate) fn keep_newest(folder: &Path, most: usize) {
    let below = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let mut files = Vec::new();
    for inner in below(folder) {
        for file in below(&inner.path()) {
            let written = file.metadata().and_then(|metadata| metadata.modified());
            files.push((written.ok(), file.path()));
        }
    }
    if files.len() > most {
        files.sort();
        for (_, path) in files.iter().take(files.len() - most / 2) {
            let _ = fs::remove_file(path);
        }
    }
}

const TEMPORARY_PREFIX: &str = ".addon-pack-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// A file in `directory` that goes when it is dropped. It is locked as long as this process lives.
fn temporary_file(directory: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // as any program creates a file; the umask takes away what the user wants
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    loop {
        let file = builder.tempfile_in(directory)?;
        // where files cannot be locked, leftovers are not removed either
        let _ = file.as_file().lock();
        // somebody may have taken it for a leftover before it was locked
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes what writers that were killed have left in `directory`: temporary files that nobody holds the lock of.
///
/// Nothing depends on it, so what cannot be removed stays.
pub(crate) fn remove_leftovers(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_temporary = name.to_str().is_some_and(|name| {
            name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX)
        });
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_temporary || !is_file {
            continue;
        }
        if let Ok(file) = fs::File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// Makes a rename inside `directory` last; where directories cannot be opened there is no need.
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    fs::File::open(directory)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = directory;
    Ok(())
}

/// What is done with a directory that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It stays as it is, and the call fails unless it is empty.
    Keep,
    /// The new one takes its place as a whole.
    Replace,
}

/// Makes the directory `path` with `files` (paths relative to it) appear at once.
///
/// The files are written into a directory beside it, which is then renamed. With
/// [`Existing::Replace`] the old directory is moved aside first and comes back when that fails.
///
/// # Errors
/// [`Exit::Refused`] when `path` is taken, [`Exit::Input`] when the disk refuses; in both cases
/// what was there is untouched.
pub(crate) fn write_new_directory(
    path: &Path,
    files: &[(VPath, String)],
    existing: Existing,
) -> Result<(), Failure> {
    let shown = path.display();
    let taken = match path_kind(path).or_exit(Exit::Input)? {
        PathKind::Absent => false,
        PathKind::File => {
            return Err(Failure::new(
                Exit::Refused,
                format!("`{shown}` is a file, expected a directory or nothing"),
            ));
        }
        PathKind::Directory => {
            let empty = fs::read_dir(path)
                .with_context(|| format!("cannot read `{shown}`"))
                .or_exit(Exit::Input)?
                .next()
                .is_none();
            if !empty && existing == Existing::Keep {
                return Err(
                    Failure::new(Exit::Refused, format!("`{shown}` is not empty"))
                        .help("choose another place with `--path`, or replace it with `--force`"),
                );
            }
            true
        }
    };
    replace_directory(path, files, taken)
        .with_context(|| format!("cannot make `{shown}`"))
        .or_exit(Exit::Input)
}

fn replace_directory(path: &Path, files: &[(VPath, String)], taken: bool) -> anyhow::Result<()> {
    let parent = directory_of(path);
    let _work = interrupt::work();
    fs::create_dir_all(parent)?;
    let scratch = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .tempdir_in(parent)?;
    let fresh = scratch.path().join("new");
    fs::create_dir(&fresh)?;
    for (name, text) in files {
        let mut file = fresh.clone();
        file.extend(name.components());
        fs::create_dir_all(directory_of(&file))?;
        fs::write(&file, text)?;
    }
    let old = scratch.path().join("old");
    if taken {
        fs::rename(path, &old)?;
    }
    if let Err(error) = fs::rename(&fresh, path) {
        if taken {
            fs::rename(&old, path).context("the old directory could not be put back")?;
        }
        return Err(error.into());
    }
    sync_directory(parent)?;
    Ok(())
}

/// What `cue -T` knows of the system: `os`, `arch`, `cwd`, `username` and `hostname`, as far as they can be known.
pub(crate) fn tag_variables() -> Vec<(String, String)> {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    let cwd = std::env::current_dir()
        .ok()
        .map(|path| path.display().to_string());
    let hostname = variable("HOSTNAME").or_else(|| {
        let text = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
        Some(text.trim().to_owned())
    });
    let username = variable("USER").or_else(|| variable("USERNAME"));
    [
        ("os", Some(os.to_owned())),
        ("arch", Some(arch.to_owned())),
        ("cwd", cwd),
        ("username", username),
        ("hostname", hostname),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

/// What git prints when it is run in a directory; none when it fails. Names that are no UTF-8 are shown with replacements.
///
/// # Errors
/// [`Exit::Input`] when there is no git.
pub(crate) fn git(directory: &Path, arguments: &[&str]) -> Result<Option<String>, Failure> {
    let mut command = std::process::Command::new("git");
    command.arg("-C").arg(directory).args(arguments);
    command.stdin(std::process::Stdio::null());
    match command.output() {
        Ok(output) if output.status.success() => {
            Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
        }
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let message = "`git` is not there, and without it nobody knows what changed";
            Err(Failure::new(Exit::Input, message).help("install git, or put it on the PATH"))
        }
        Err(error) => Err(Failure::new(
            Exit::Input,
            format!("`git` cannot be run: {error}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.txt");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 1);
        let is_a_directory = dir.path().join("a");
        assert!(write_atomic(&is_a_directory, b"x").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn leftovers_go_and_files_in_use_stay() {
        let dir = tempfile::tempdir().unwrap();
        for name in [".addon-pack-1.tmp", ".addon-pack-2.tar", "addon-pack-3.tmp"] {
            fs::write(dir.path().join(name), name).unwrap();
        }
        fs::create_dir(dir.path().join(".addon-pack-4.tmp")).unwrap();
        let used = temporary_file(dir.path()).unwrap();
        remove_leftovers(dir.path());
        assert!(used.path().exists());
        drop(used);
        let mut names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [".addon-pack-2.tar", ".addon-pack-4.tmp", "addon-pack-3.tmp"]
        );
    }

    #[test]
    fn listing_is_sorted_bytewise_and_does_not_follow_links() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b", "a.cue", "A"] {
            fs::write(dir.path().join(name), name).unwrap();
        }
        fs::create_dir(dir.path().join("a")).unwrap();
        let world = DiskWorld::new(dir.path());
        let names: Vec<String> = world
            .list(&VPath::root())
            .unwrap()
            .into_iter()
            .map(|entry| entry.name)
            .collect();
        assert_eq!(names, ["A", "a", "a.cue", "b"]);
    }

    #[test]
    fn a_taken_directory_is_kept_or_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("addon");
        let files = |text: &str| vec![(VPath::parse("sub/file").unwrap(), text.to_owned())];
        write_new_directory(&path, &files("1"), Existing::Keep).unwrap();
        fs::write(path.join("mine"), "").unwrap();
        let refused = write_new_directory(&path, &files("2"), Existing::Keep).unwrap_err();
        assert_eq!(refused.exit, Exit::Refused);
        assert_eq!(fs::read_to_string(path.join("sub/file")).unwrap(), "1");
        write_new_directory(&path, &files("3"), Existing::Replace).unwrap();
        assert_eq!(fs::read_to_string(path.join("sub/file")).unwrap(), "3");
        assert!(!path.join("mine").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no leftovers");
    }
}
