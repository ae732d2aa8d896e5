//! How the program is linked.
//!
//! On Linux with the GNU C library it is linked at a fixed address: the tens of thousands of addresses in its tables would
//! otherwise be written at each start, which is a third of the time of a short command (docs/adr/0006-fixed-address.md).

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script about the target by the environment"
)]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
    {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
