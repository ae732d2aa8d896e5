//! One publishing process at a time for a directory, however many threads it has.
//!
//! The lock is the operating system's (`flock` on Unix), so it is gone when its holder dies, whatever the
//! holder died of. Threads of one process share it: the first to come takes it, the last to go gives it
//! back. A process under constant load would keep it for ever that way, so after [`TERM`] newcomers wait
//! until it has been given back once; whoever waits in another process gets its turn in that gap. A thread
//! that holds the lock and asks for it again is no newcomer: it would wait for itself. And no newcomer
//! waits longer than [`PATIENCE`]: fairness is worth a delay, not a deadlock.
//!
//! On Unix the directory itself is locked, so that a published directory holds nothing but the registry.
//! Where a directory cannot be locked (Windows, NFS), a file `.lock` in it is.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// How long threads of one process may pass the lock among themselves.
const TERM: Duration = Duration::from_millis(100);
/// How long a newcomer waits for a term to end. With holders that are done in time it never comes to that.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the lock stays free between two terms; a waiter in the kernel needs microseconds.
const GAP: Duration = Duration::from_millis(1);

/// A lock that the threads of this process share and that excludes all other processes.
#[derive(Debug)]
pub(super) struct SharedLock {
    root: PathBuf,
    state: Mutex<State>,
    given_back: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The thread of each hold.
    holders: Vec<ThreadId>,
    file: Option<File>,
    term_ends: Option<Instant>,
    last_release: Option<Instant>,
}

impl SharedLock {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            state: Mutex::default(),
            given_back: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the lock. The directory must exist.
    pub(super) fn hold(self: &Arc<Self>) -> io::Result<Hold> {
        let me = std::thread::current().id();
        let newcomer_must_wait = |state: &mut State| {
            !state.holders.is_empty()
                && !state.holders.contains(&me)
                && state.term_ends.is_some_and(|end| now() >= end)
        };
        let (mut state, _) = self
            .given_back
            .wait_timeout_while(self.state(), PATIENCE, newcomer_must_wait)
            .unwrap_or_else(PoisonError::into_inner);
        if state.holders.is_empty() {
            // The mutex stays taken while the kernel lets us wait: other threads would wait as well.
            if let Some(released) = state.last_release.take()
                && state.term_ends.is_some_and(|end| released >= end)
            {
                std::thread::sleep(GAP.saturating_sub(released.elapsed()));
            }
            state.file = Some(lock_directory(&self.root)?);
            state.term_ends = Some(now() + TERM);
        }
        state.holders.push(me);
        Ok(Hold {
            lock: Arc::clone(self),
            thread: me,
        })
    }

    /// Takes the lock if nobody else has it, in this process or another.
    pub(super) fn try_hold_alone(self: &Arc<Self>) -> io::Result<Option<Hold>> {
        let mut state = self.state();
        if !state.holders.is_empty() {
            return Ok(None);
        }
        let Some(file) = try_lock_directory(&self.root)? else {
            return Ok(None);
        };
        state.file = Some(file);
        // A term that is over at once: nobody joins the holder.
        state.term_ends = Some(now());
        let me = std::thread::current().id();
        state.holders.push(me);
        Ok(Some(Hold {
            lock: Arc::clone(self),
            thread: me,
        }))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "fairness between waiting processes, no result depends on it"
)]
fn now() -> Instant {
    Instant::now()
}

/// The right to publish; given back when dropped.
#[derive(Debug)]
pub(super) struct Hold {
    lock: Arc<SharedLock>,
    thread: ThreadId,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut state = self.lock.state();
        if let Some(place) = state
            .holders
            .iter()
            .position(|&thread| thread == self.thread)
        {
            state.holders.swap_remove(place);
        }
        if state.holders.is_empty() {
            // Closing the file releases the lock of the operating system.
            state.file = None;
            state.last_release = Some(now());
            drop(state);
            self.lock.given_back.notify_all();
        }
    }
}

fn lock_directory(root: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        let directory = open(root)?;
        if directory.lock().is_ok() {
            return Ok(directory);
        }
    }
    let file = lock_file(root)?;
    file.lock()?;
    Ok(file)
}

fn try_lock_directory(root: &Path) -> io::Result<Option<File>> {
    use std::fs::TryLockError;
    #[cfg(unix)]
    {
        let directory = open(root)?;
        match directory.try_lock() {
            Ok(()) => return Ok(Some(directory)),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(_)) => {}
        }
    }
    let file = lock_file(root)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
#[expect(
    clippy::disallowed_methods,
    reason = "the directory store reads and writes files"
)]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

fn lock_file(root: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(root.join(".lock"))
}
