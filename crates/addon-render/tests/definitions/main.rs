//! X-definitions and parameter schemas of the corpus against what KubeVela makes of them.
//!
//! ```text
//! cargo test --profile conformance -p addon-render --test definitions -- [--filter TEXT] [--show N] [--bless [--allow-grow]] [GROUP...]
//! ```
//!
//! Groups: `definitions` (the object, as a document), `definitions-text` (its YAML, byte for byte) and `schemas` (the
//! parameter schema). Every case passes or is named in `tests/conformance/known/addon-GROUP.txt`; the run fails when a
//! case outside the list fails, and when a listed one passes.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::exit,
    reason = "a test program reads the real disk"
)]

mod cases;

fn main() {
    let ratchet = testkit::ratchet::Ratchet::from_arguments("addon");
    let Some(corpus) = testkit::conformance_or_skip("definitions", "addons") else {
        return;
    };
    let run = std::thread::Builder::new()
        .stack_size(cue_engine::Budget::STACK)
        .spawn(move || cases::run(&corpus))
        .expect("a thread with a big stack");
    let groups = run.join().expect("no case panics");
    if ratchet.differs(&groups) {
        std::process::exit(1);
    }
}
