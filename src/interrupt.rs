//! Ctrl-C and SIGTERM: the process ends with 130, and leaves nothing half done.
//!
//! A thread of its own waits for the signal, so that a command that hangs in the network or at a lock ends as well. What
//! must not be cut off, a file between its creation and its name, is done while a [`Work`] is held: the signal waits
//! for it, then ends the process, and no new work begins. A second signal does not wait.
//!
//! A command that is a filter does not pay for that thread: until its first [`Work`] a signal ends the process at once,
//! with the same code.
//!
//! ```text
//! signal ──► interrupted() is true ──► every Work is dropped ──► exit 130
//! ```

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Once, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use crate::exit::Exit;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_shutdown;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Read by who works, written by who wants to end the process.
static WORKING: RwLock<()> = RwLock::new(());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// Set while nobody watches yet.
static LATER: OnceLock<Later> = OnceLock::new();

/// A watch that begins with the first work.
#[derive(Debug)]
struct Later {
    /// Whether a signal ends the process at once.
    at_once: Arc<AtomicBool>,
    /// What the watch calls.
    end: fn(),
    /// Done when the watch has begun.
    started: Once,
}

/// Work that a signal waits for, until it is dropped. It must be short, and not begun while one is held.
#[derive(Debug)]
pub(crate) struct Work {
    _guard: RwLockReadGuard<'static, ()>,
}

/// Begins work that a signal waits for. Does not return when the process is about to end.
pub(crate) fn work() -> Work {
    if let Some(later) = LATER.get() {
        later.started.call_once(|| {
            watch(later.end);
            later.at_once.store(false, Ordering::Relaxed);
        });
    }
    let guard = WORKING.read().unwrap_or_else(PoisonError::into_inner);
    Work { _guard: guard }
}

/// Whether a signal has come: long work then ends after the piece it is at.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Does not return when a signal has come. To be called when no [`Work`] is held.
pub(crate) fn end_if_interrupted() {
    while interrupted() {
        std::thread::park();
    }
}

/// As [`watch`], but until the first [`Work`] begins a signal ends the process at once, with [`Exit::Interrupted`], and
/// without a call of `end`.
pub(crate) fn watch_from_first_work(end: fn()) {
    let at_once = Arc::new(AtomicBool::new(true));
    for signal in [SIGINT, SIGTERM] {
        let code = i32::from(Exit::Interrupted.code());
        // a signal that cannot be had does what it does to any process
        let _ = register_conditional_shutdown(signal, code, Arc::clone(&at_once));
    }
    let _ = LATER.set(Later {
        at_once,
        end,
        started: Once::new(),
    });
}

/// From now on SIGINT and SIGTERM make the process call `end`, which does not return. Where signals cannot be had, they do
/// what they do to any process.
pub(crate) fn watch(end: fn()) {
    let (ready, is_ready) = mpsc::channel();
    let thread = std::thread::Builder::new().name("signals".to_owned());
    let spawned = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            let signals = (
                signal(SignalKind::interrupt()),
                signal(SignalKind::terminate()),
            );
            let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
                return;
            };
            let _ = ready.send(());
            either(&mut interrupt, &mut terminate).await;
            INTERRUPTED.store(true, Ordering::Relaxed);
            std::thread::spawn(move || {
                // held for ever: nothing begins any more
                let _alone = WORKING.write().unwrap_or_else(PoisonError::into_inner);
                end();
            });
            either(&mut interrupt, &mut terminate).await;
            end();
        });
    });
    if spawned.is_ok() {
        // fails when there are no signals, which is as good as ready
        let _ = is_ready.recv();
    }
}

async fn either(first: &mut Signal, second: &mut Signal) {
    tokio::select! {
        _ = first.recv() => {}
        _ = second.recv() => {}
    }
}
