//! Applications of the corpus through their definitions, against what KubeVela's dry run prints.
//!
//! ```text
//! cargo test --profile conformance -p addon-render --test deep -- [--filter TEXT] [--show N] [--bless [--allow-grow]] [GROUP...]
//! ```
//!
//! Groups: `workloads` and `examples` (the documents, or failing where KubeVela fails), and the same with `-text` (byte for
//! byte). See [`testkit::ratchet`] for the lists of known failures.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::exit,
    clippy::print_stdout,
    reason = "a test program reads the real disk and clock, and prints"
)]

mod cases;

fn main() {
    let ratchet = testkit::ratchet::Ratchet::from_arguments("deep");
    let Some(corpus) = testkit::conformance_or_skip("deep", "addons") else {
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
