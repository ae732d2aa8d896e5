//! Where the conformance corpora are.
//!
//! `ADDON_PACK_CONFORMANCE` names the folder; without it, `../shared/conformance` beside the
//! checkout is taken. Tests that need it call [`conformance_or_skip`] and return when it is absent;
//! with `ADDON_PACK_CONFORMANCE_REQUIRED=1` (as CI sets it) absence is a failure.

use std::path::{Path, PathBuf};

/// The corpora's folder, when there is one.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at the real disk and environment"
)]
pub fn conformance_dir() -> Option<PathBuf> {
    let dir = std::env::var_os("ADDON_PACK_CONFORMANCE").map_or_else(
        || {
            let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
            crates.join("../../../shared/conformance")
        },
        PathBuf::from,
    );
    dir.is_dir().then_some(dir)
}

/// The folder `part` of the corpora; says on stderr that `test` is skipped when it is absent.
#[expect(
    clippy::disallowed_methods,
    reason = "tests look at the real disk and environment"
)]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn conformance_or_skip(test: &str, part: &str) -> Option<PathBuf> {
    let found = conformance_dir()
        .map(|dir| dir.join(part))
        .filter(|dir| dir.is_dir());
    if found.is_none() {
        let required = std::env::var_os("ADDON_PACK_CONFORMANCE_REQUIRED").is_some();
        assert!(
            !required,
            "{test}: the conformance corpus `{part}` is required and absent"
        );
        eprintln!("{test}: skipped, no conformance corpus `{part}` (set ADDON_PACK_CONFORMANCE)");
    }
    found
}
