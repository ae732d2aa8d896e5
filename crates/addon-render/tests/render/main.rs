//! Addons of the corpus, rendered, against what KubeVela makes of them.
//!
//! ```text
//! cargo test --profile conformance -p addon-render --test render -- [--filter TEXT] [--show N] [--bless [--allow-grow]] [GROUP...]
//! ```
//!
//! Groups: `documents` (parsed, or a failure at the same stage), `text` (the dry run byte for byte), `notes` and `secret`. See [`testkit::ratchet`] for the lists of known failures.
#![expect(clippy::expect_used, clippy::exit, reason = "a test program")]

mod cases;

use testkit::ratchet::Ratchet;

fn main() {
    let ratchet = Ratchet::from_arguments("render");
    let Some(corpus) = testkit::conformance_or_skip("render", "addons") else {
        return;
    };
    let run = std::thread::Builder::new()
        .stack_size(cue_engine::Budget::STACK)
        .spawn(move || cases::run(&corpus))
        .expect("a thread with a big stack");
    if ratchet.differs(&run.join().expect("no case panics")) {
        std::process::exit(1);
    }
}
