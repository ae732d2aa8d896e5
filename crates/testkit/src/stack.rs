//! Threads with big stacks, for what recurses.

/// Runs something on a thread with a stack of so many bytes and gives its result.
///
/// # Panics
/// When it panics, or there is no such thread.
#[expect(
    clippy::expect_used,
    reason = "a test that cannot have its thread has failed"
)]
pub fn on_big_stack<T: Send + 'static>(
    bytes: usize,
    run: impl FnOnce() -> T + Send + 'static,
) -> T {
    std::thread::Builder::new()
        .stack_size(bytes)
        .spawn(run)
        .expect("a thread with a big stack")
        .join()
        .expect("no panic on that thread")
}
