//! The `addon-pack` binary: arguments in, exit code out.

fn main() {}
